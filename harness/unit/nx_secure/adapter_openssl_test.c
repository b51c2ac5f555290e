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

static struct file root_der, ec_der, ec_key, rsa_der, rsa_key;
static struct file client_der, client_key;
static NX_SECURE_X509_CERT ec_cert, rsa_cert, root;
static ALIGN_TYPE metadata[METADATA / 8];
static UCHAR reassembly[4000];
static ALIGN_TYPE certificates[CERTS * CERT_SLOT / 8];

#define PSK_HEX "102132435465"
static UCHAR psk[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};
static UCHAR identity[] = "client";

static int load_pki(void **state)
{
    (void)state;
    load(&root_der, "root.der");
    load(&ec_der, "ec.der");
    load(&ec_key, "ec.key.der");
    load(&rsa_der, "rsa.der");
    load(&rsa_key, "rsa.key.der");
    load(&client_der, "client-ec.der");
    load(&client_key, "client-ec.key.der");
    return 0;
}

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

static NX_SECURE_DTLS_SESSION session;

static void add_client_credentials(void)
{
    if (sample->psk) {
        expect_eq(nx_secure_dtls_psk_add(&session, psk, sizeof psk, identity,
                                         6, NX_NULL, 0),
                  NX_SUCCESS);
        return;
    }
    cert_init(&ec_cert, &client_der, &client_key,
              NX_SECURE_X509_KEY_TYPE_EC_DER);
    cert_init(&root, &root_der, NULL, NX_SECURE_X509_KEY_TYPE_NONE);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&session, &ec_cert, 1),
        NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_add(&session, &root, 2),
        NX_SUCCESS);
}

/* "to you" goes out, "to us" comes in. */
static void talk(NX_SECURE_DTLS_SESSION *s, struct net_host *host)
{
    static CHAR line[] = "to you\n";
    NX_PACKET *packet = NX_NULL;

    expect_eq(
        nx_secure_dtls_packet_allocate(s, &host->pool, &packet, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, line, 7, &host->pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(s, packet), NX_SUCCESS);
    expect(waits_for("to you"));
    tell_program("to us\n");
    packet = NX_NULL;
    expect_eq(nx_secure_dtls_session_receive(s, &packet, PATIENCE * 100),
              NX_SUCCESS);
    if (packet != NX_NULL) {
        expect_eq(packet->nx_packet_length, 6);
        expect(memcmp(packet->nx_packet_prepend_ptr, "to us\n", 6) == 0);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static void start(struct net_host *host)
{
    net_start(host, _nxdtls_udp_network_driver, LOCALHOST, net_v6(0, 1), 20);
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    foreign_reset(0);
}

static void finish(struct net_host *host)
{
    net_finish(host);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    expect_convention();
    nxdtls_port_stop();
}

static VOID client_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(LOCALHOST);
    UINT status;

    (void)input;
    start(&net_a);
    expect_eq(nx_secure_dtls_session_create(
                  &session, &table, metadata, sizeof metadata, reassembly,
                  sizeof reassembly, CERTS, (UCHAR *)certificates,
                  sizeof certificates),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(&session, groups, 2, curves),
              NX_SUCCESS);
    add_client_credentials();
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    status = nx_secure_dtls_client_session_start(&session, &net_a.socket, &to,
                                                 server_port, PATIENCE * 100);
    expect_eq(status, NX_SUCCESS);
    if (status == NX_SUCCESS) {
        talk(&session, &net_a);
        expect_eq(nx_secure_dtls_session_end(&session, NX_NO_WAIT) & ~1u,
                  NX_SUCCESS); /* 1: its close_notify may be on its way */
    }
    expect_eq(nx_secure_dtls_session_delete(&session), NX_SUCCESS);
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
        sample = &samples[i];
        table = foreign_table(&row, sample->suite);
        begin_openssl_server();
        kit_run(NXDTLS_PORT_REAL, client_body);
        end_program();
        expect_called();
    }
}

static NX_SECURE_DTLS_SERVER server;
static TX_SEMAPHORE connected;

static UINT on_connect(NX_SECURE_DTLS_SESSION *s, NXD_ADDRESS *ip, UINT port)
{
    (void)s;
    (void)ip;
    (void)port;
    expect_eq(tx_semaphore_put(&connected), TX_SUCCESS);
    return NX_SUCCESS;
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *s)
{
    (void)s;
    return NX_SUCCESS;
}

static void add_server_credentials(void)
{
    if (sample->psk) {
        expect_eq(nx_secure_dtls_server_psk_add(&server, psk, sizeof psk,
                                                identity, 6, NX_NULL, 0),
                  NX_SUCCESS);
        return;
    }
    cert_init(&ec_cert, &ec_der, &ec_key, NX_SECURE_X509_KEY_TYPE_EC_DER);
    cert_init(&rsa_cert, &rsa_der, &rsa_key,
              NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    cert_init(&root, &root_der, NULL, NX_SECURE_X509_KEY_TYPE_NONE);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &ec_cert, 1),
        NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &rsa_cert, 2),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(&server, &root, 3),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  &server, CERTS, (UCHAR *)certificates, sizeof certificates),
              NX_SUCCESS);
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
    static CHAR name[] = "connected";
    UINT port = 0;
    UINT status;

    (void)input;
    start(&net_b);
    expect_eq(tx_semaphore_create(&connected, name, 0), TX_SUCCESS);
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, NX_ANY_PORT, 100, &session,
                  sizeof session, &table, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, on_connect, on_receive),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_ecc_initialize(&server, groups, 2, curves),
              NX_SUCCESS);
    add_server_credentials();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(&server.nx_dtls_server_udp_socket, &port),
              NX_SUCCESS);
    begin_openssl_client(port);
    expect_eq(tx_semaphore_get(&connected, PATIENCE * 100), TX_SUCCESS);
    status = nx_secure_dtls_server_session_start(&session, PATIENCE * 100);
    expect_eq(status, NX_SUCCESS);
    if (status == NX_SUCCESS) {
        talk(&session, &net_b);
    }
    end_program();
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    finish(&net_b);
}

static void s_client_talks_to_a_server_with_foreign_methods(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SAMPLES; i++) {
        sample = &samples[i];
        table = foreign_table(&row, sample->suite);
        kit_run(NXDTLS_PORT_REAL, server_body);
        expect_called();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_with_foreign_methods_talks_to_s_server),
        cmocka_unit_test(s_client_talks_to_a_server_with_foreign_methods),
    };

    return cmocka_run_group_tests(tests, load_pki, NULL);
}
