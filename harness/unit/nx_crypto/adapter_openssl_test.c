/* SPDX-License-Identifier: MIT */
/* Crypto methods of the application against the programs of OpenSSL, over the
 * loopback interface and in real time. */
#include "adapter_kit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCALHOST IP_ADDRESS(127, 0, 0, 1)
#define PATIENCE                                                              \
    30 /* seconds until a test gives up; it takes a few tenths                \
        */

/* One suite, under the name that OpenSSL has for it. */
struct sample {
    USHORT suite;
    const char *name;
    bool psk;
    bool no_etm; /* MAC-then-encrypt (RFC 5246, 6.2.3.2) */
};

static const struct sample samples[] = {
    {0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", false, false},
    {0xC02F, "ECDHE-RSA-AES128-GCM-SHA256", false, false},
    {0xC0AE, "ECDHE-ECDSA-AES128-CCM8", false, false},
    {0xC023, "ECDHE-ECDSA-AES128-SHA256", false, false},
    {0xC024, "ECDHE-ECDSA-AES256-SHA384", false, true},
    {0x009C, "AES128-GCM-SHA256", false, false},
    {0x003C, "AES128-SHA256", false, true},
    {0x00AE, "PSK-AES128-CBC-SHA256", true, true},
    {0xC0A8, "PSK-AES128-CCM8", true, false},
};
#define NUM_SAMPLES (sizeof samples / sizeof *samples)

static const struct sample *sample;
static NX_SECURE_TLS_CIPHERSUITE_INFO row;
static NX_SECURE_TLS_CRYPTO table;

static NX_SECURE_X509_CERT rsa_cert;

#define PSK_HEX "102132435465"
/* A program of OpenSSL: what it has said, and a pipe to its input. */
static struct {
    pid_t pid;
    int in;
    int out;
    char said[16384];
    size_t len;
} program;

static void begin_program(char *const argv[])
{
    posix_spawn_file_actions_t actions;
    int in[2];
    int out[2];

    memset(&program, 0, sizeof program);
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    (void)posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    (void)posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    (void)posix_spawn_file_actions_adddup2(&actions, out[1], 2);
    assert_int_equal(
        posix_spawnp(&program.pid, argv[0], &actions, NULL, argv, environ), 0);
    (void)posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    program.in = in[1];
    program.out = out[0];
}

static void end_program(void)
{
    (void)kill(program.pid, SIGKILL);
    (void)waitpid(program.pid, NULL, 0);
    close(program.in);
    close(program.out);
}

static void tell_program(const char *line)
{
    expect(write(program.in, line, strlen(line)) == (ssize_t)strlen(line));
}

/* Takes in what there is; true if `text` is in it. */
static bool has_said(const char *text)
{
    ssize_t n = read(program.out, program.said + program.len,
                     sizeof program.said - 1 - program.len);

    if (n > 0) {
        program.len += (size_t)n;
    }
    return strstr(program.said, text) != NULL;
}

/* For a thread of the kernel, which lets others run meanwhile. */
static bool waits_for(const char *text)
{
    for (UINT i = 0; i < PATIENCE * 10; i++) {
        if (has_said(text)) {
            return true;
        }
        tx_thread_sleep(10);
    }
    return false;
}

/* The arguments that both programs have; NULL ends them. */
static size_t put_arguments(const char **argv, const char *command,
                            const char *cert, const char *key_file)
{
    static char cipher[96];
    static char paths[3][512];
    size_t n = 0;

    (void)snprintf(cipher, sizeof cipher, "%s:@SECLEVEL=0", sample->name);
    (void)snprintf(paths[0], sizeof *paths, "%s/%s", NXDTLS_PKI_DIR, cert);
    (void)snprintf(paths[1], sizeof *paths, "%s/%s", NXDTLS_PKI_DIR, key_file);
    (void)snprintf(paths[2], sizeof *paths, "%s/root.pem", NXDTLS_PKI_DIR);
    argv[n++] = "openssl";
    argv[n++] = command;
    argv[n++] = "-dtls1_2";
    argv[n++] = "-cipher";
    argv[n++] = cipher;
    if (sample->no_etm) {
        argv[n++] = "-no_etm";
    }
    if (sample->psk) {
        argv[n++] = "-psk";
        argv[n++] = PSK_HEX;
        return n;
    }
    argv[n++] = "-cert";
    argv[n++] = paths[0];
    argv[n++] = "-key";
    argv[n++] = paths[1];
    argv[n++] = "-CAfile";
    argv[n++] = paths[2];
    return n;
}

static bool is_rsa(void)
{
    return strstr(sample->name, "ECDSA") == NULL;
}

static UINT server_port;

static void begin_openssl_server(void)
{
    const char *argv[24] = {0};
    size_t n = put_arguments(argv, "s_server", is_rsa() ? "rsa.pem" : "ec.pem",
                             is_rsa() ? "rsa.key" : "ec.key");
    struct pollfd ready = {.events = POLLIN};
    const char *at = NULL;

    argv[n++] = "-accept";
    argv[n++] = "127.0.0.1:0";
    if (sample->psk) {
        argv[n++] = "-nocert";
        argv[n++] = "-psk_identity";
        argv[n++] = "client";
    } else {
        argv[n++] = "-Verify";
        argv[n++] = "2";
    }
    begin_program((char *const *)(ALIGN_TYPE)argv);
    ready.fd = program.out;
    while (at == NULL && poll(&ready, 1, PATIENCE * 1000) == 1) {
        at = has_said("ACCEPT 127.0.0.1:") ? strstr(program.said, "ACCEPT ")
                                           : NULL;
    }
    assert_non_null(at);
    assert_int_equal(sscanf(at, "ACCEPT 127.0.0.1:%u", &server_port), 1);
}

static void add_client_credentials(void)
{
    if (sample->psk) {
        add_client_psk(psk);
        return;
    }
    add_client_identity("client-ec.der", "client-ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    trust("root.der");
}

/* "to you" goes out, "to us" comes in. */
static void talk(NX_SECURE_DTLS_SESSION *s, struct net_host *host)
{
    static CHAR line[] = "to you\n";

    expect_eq(nx_secure_dtls_client_session_send(
                  s, packet_of(s, &host->pool, line, 7)),
              NX_SUCCESS);
    expect(waits_for("to you"));
    tell_program("to us\n");
    expect_data(s, PATIENCE * 100, "to us\n", 6);
}

static void start(struct net_host *host)
{
    net_start(host, _nxdtls_udp_network_driver, LOCALHOST, net_v6(0, 1), 20);
    start_module();
    foreign_reset(0);
}

static void finish(struct net_host *host)
{
    net_finish(host);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static VOID client_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(LOCALHOST);
    UINT status;

    (void)input;
    start(&net_a);
    expect_eq(create_client(&table), NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, groups, 2, curves),
              NX_SUCCESS);
    add_client_credentials();
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    status = nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 server_port, PATIENCE * 100);
    expect_eq(status, NX_SUCCESS);
    if (status == NX_SUCCESS) {
        talk(&client, &net_a);
        expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT) & ~1u,
                  NX_SUCCESS); /* 1: its close_notify may be on its way */
    }
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    finish(&net_a);
}

static void expect_called(void)
{
    UINT kinds = 0;

    for (UINT k = 0; k < FOREIGN_KINDS; k++) {
        kinds += foreign.operations[k] != 0;
    }
    assert_true(foreign.operations[FOREIGN_PRF] != 0);
    assert_true(foreign.operations[FOREIGN_HASH] != 0);
    assert_true(kinds >= (sample->psk ? 3u : 4u));
}

static void a_client_with_foreign_methods_talks_to_s_server(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SAMPLES; i++) {
        kit_row("%s", samples[i].name);
        sample = &samples[i];
        table = foreign_table(&row, sample->suite);
        begin_openssl_server();
        run(NXDTLS_PORT_REAL, client_body);
        end_program();
        expect_called();
    }
}

static void add_server_credentials(void)
{
    if (sample->psk) {
        add_server_psk();
        return;
    }
    add_server_identity("ec.der", "ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    cert_init(&rsa_cert, "rsa.der", "rsa.key.der",
              NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &rsa_cert, 3),
        NX_SUCCESS);
    demand_client_identity();
}

static void begin_openssl_client(UINT port)
{
    static char to[32];
    const char *argv[24] = {0};
    size_t n =
        put_arguments(argv, "s_client", "client-ec.pem", "client-ec.key");

    (void)snprintf(to, sizeof to, "127.0.0.1:%u", port);
    argv[n++] = "-connect";
    argv[n++] = to;
    argv[n++] = "-quiet";
    if (sample->psk) {
        argv[n++] = "-psk_identity";
        argv[n++] = "client";
    }
    begin_program((char *const *)(ALIGN_TYPE)argv);
}

static VOID server_body(ULONG input)
{
    UINT port = 0;
    UINT status;

    (void)input;
    start(&net_b);
    expect_eq(create_server(&table, ignore_data), NX_SUCCESS);
    server.nx_dtls_server_listen_port = NX_ANY_PORT;
    expect_eq(nx_secure_dtls_server_ecc_initialize(&server, groups, 2, curves),
              NX_SUCCESS);
    add_server_credentials();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(&server.nx_dtls_server_udp_socket, &port),
              NX_SUCCESS);
    begin_openssl_client(port);
    status = nx_secure_dtls_server_session_start(next_connect(PATIENCE * 100),
                                                 PATIENCE * 100);
    expect_eq(status, NX_SUCCESS);
    if (status == NX_SUCCESS) {
        talk(&sessions[0], &net_b);
    }
    end_program();
    delete_server();
    finish(&net_b);
}

static void s_client_talks_to_a_server_with_foreign_methods(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SAMPLES; i++) {
        kit_row("%s", samples[i].name);
        sample = &samples[i];
        table = foreign_table(&row, sample->suite);
        run(NXDTLS_PORT_REAL, server_body);
        expect_called();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_with_foreign_methods_talks_to_s_server),
        cmocka_unit_test(s_client_talks_to_a_server_with_foreign_methods),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
