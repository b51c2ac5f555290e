/* SPDX-License-Identifier: MIT */
/* `nxdtls client` and `nxdtls server` are refused a service or memory, at each
 * place that asks for it until the first datagram: they say so in a line, and
 * end with their exit status.
 *
 * After that they ask for no other service.  Each time is a process of its
 * own. The service that would send or receive the first datagram is always
 * refused, so that nothing goes over a network. */
#include "programs/refusing.h"

#include "kit/kit.h"
#include "programs/find_host.h"
#include "programs/program.h"
#include "programs/signals_stdin.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 64 /* with the name of the command, and NULL */

struct command {
    const char *name;
    bool is_server;
    int exit_status; /* if a service is refused to it */
    const char *arguments[ARGUMENTS_MAX - 1];
};

/* Places, as FILE:LINE: NAME. */
#define PLACES_MAX 256
#define PLACE_LEN 128
static char places[PLACES_MAX][PLACE_LEN];
static size_t num_places;

static const char *refused = ""; /* the place; "": none */
static int was_refused[2];       /* a pipe that gets a byte ... */
static int seen[2];              /* ... and one that gets each place */

static UINT refuse(void)
{
    return REFUSED;
}

static void *refuse_memory(void)
{
    return NULL;
}

static bool is_first_datagram(const char *name)
{
    return strcmp(name, "_nxe_secure_dtls_client_session_start") == 0 ||
           strcmp(name, "_nxe_secure_dtls_server_start") == 0;
}

#define GOES_ON 99   /* exit status: another service ... */
static bool is_over; /* ... is asked for after the refusal */

/* Tells the parent of the place; true if it is the one that is refused. */
static bool come_to(const char *file, int line, const char *name)
{
    char place[PLACE_LEN] = "";
    const char *base = strrchr(file, '/');
    ssize_t wrote = 0;

    (void)snprintf(place, sizeof place, "%s:%d: %s",
                   base != NULL ? base + 1 : file, line, name);
    if (strcmp(place, refused) == 0) {
        wrote = write(was_refused[1], "", 1);
        assert_int_equal(wrote, 1);
        is_over = true;
        return true;
    }
    wrote = write(seen[1], place, sizeof place);
    assert_int_equal(wrote, sizeof place);
    return false;
}

refusable *refusing_service(const char *file, int line, const char *name,
                            refusable *service)
{
    if (is_over) {
        _exit(GOES_ON);
    }
    return come_to(file, line, name) || is_first_datagram(name)
               ? (refusable *)refuse
               : service;
}

refusable *refusing_memory(const char *file, int line, const char *name,
                           refusable *allocator)
{
    return come_to(file, line, name) ? (refusable *)refuse_memory : allocator;
}

/* What nxdtls_main.c does for both commands. */

static struct options options;
static struct credentials credentials;

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    if (options.is_server) {
        server_define(&options, &credentials);
    } else {
        client_define(&options, &credentials);
    }
}

static int play(const struct command *command)
{
    char *argv[ARGUMENTS_MAX];
    int argc = 1;

    argv[0] = strdup(command->is_server ? "server" : "client");
    for (; command->arguments[argc - 1] != NULL; argc++) {
        argv[argc] = strdup(command->arguments[argc - 1]);
    }
    argv[argc] = NULL;
    options_parse(&options, command->is_server, argc, argv);
    find_host(&options);
    credentials_load(&credentials, &options);
    host_signals_block();
    tx_kernel_enter();
    host_stop();
    credentials_free(&credentials);
    return command->is_server ? server_status() : client_status();
}

static bool is_known(const char *place)
{
    for (size_t i = 0; i < num_places; i++) {
        if (strcmp(places[i], place) == 0) {
            return true;
        }
    }
    return false;
}

static void note_places(void)
{
    char place[PLACE_LEN];

    while (read(seen[0], place, sizeof place) == (ssize_t)sizeof place) {
        if (!is_known(place)) {
            assert_true(num_places < PLACES_MAX);
            memcpy(places[num_places++], place, sizeof place);
        }
    }
}

/* Plays the command in a child and returns its exit status; `text` gets what
 * it has printed. */
static int run(const struct command *command, char *text, size_t size)
{
    int output[2];
    int status;
    size_t len = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(output) | pipe(seen) | pipe(was_refused), 0);
    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(output[1], STDOUT_FILENO);
        (void)dup2(output[1], STDERR_FILENO);
        (void)alarm(60);
        exit(play(command));
    }
    (void)close(output[1]);
    (void)close(seen[1]);
    (void)close(was_refused[1]);
    note_places();
    while ((got = read(output[0], text + len, size - 1 - len)) > 0) {
        len += (size_t)got;
    }
    text[len] = '\0';
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(output[0]);
    (void)close(seen[0]);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* The last line says what is wrong, and nothing was begun. */
static void check_told(const char *text)
{
    assert_non_null(strchr(text, '\n'));
    assert_null(strstr(text, "listening on"));
    assert_null(strstr(text, "connected "));
    assert_true(strstr(text, "status=0x") != NULL ||
                strstr(text, ": ") != NULL);
}

static void walk(const struct command *command)
{
    static char text[8192];
    size_t i = num_places;
    char byte;
    int status;

    kit_row("%s", command->name);
    refused = "";
    status = run(command, text, sizeof text);
    (void)close(was_refused[0]);
    kit_row("%s", text);
    assert_int_equal(status, command->exit_status);
    assert_non_null(strstr(text, nxdtls_status_text(REFUSED)));
    check_told(text);
    for (; i < num_places; i++) {
        refused = places[i];
        kit_row("%s", refused);
        status = run(command, text, sizeof text);
        kit_row("%s", text);
        assert_int_equal(read(was_refused[0], &byte, 1), 1);
        (void)close(was_refused[0]);
        assert_true(status == command->exit_status || status == 2);
        check_told(text);
    }
}

#define PKI(name) (NXDTLS_PKI_DIR "/" name)
#define SETTINGS                                                              \
    "--psk", "a:0011223344556677889900112233445566", "--psk",                 \
        "b:1022334455667788990011223344556677", "--cert", PKI("ec.pem"),      \
        "--key", PKI("ec.key"), "--mtu", "1300", "--idle-limit", "40",        \
        "--life-limit", "50", "--keepalive", "20", "--fresh-timeout",         \
        "--alpn", "coap,h2", "--record-limit", "1000", "--cid", "4",          \
        "--padding", "16", "--no-renegotiation", "--srtp",                    \
        "SRTP_AEAD_AES_128_GCM", "--verbose"
#define SHA256                                                                \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void a_server_that_is_refused_a_service_says_so(void **state)
{
    static const struct command commands[] = {
        {"certificates",
         true,
         2,
         {SETTINGS, "--ca", PKI("root.pem"), "--client-auth", "--crl",
          PKI("root.crl"), "--require-name", "--tickets", "--cache", "7",
          "127.0.0.1:0"}},
        {"fingerprints",
         true,
         2,
         {"--rpk", "--key", PKI("ec.key"), "--fingerprint", SHA256,
          "--client-auth", "--sessions", "2000", "127.0.0.1:0"}},
        {"IPv6", true, 2, {SETTINGS, "[::1]:0"}},
    };

    (void)state;
    num_places = 0;
    for (size_t i = 0; i < LEN(commands); i++) {
        walk(&commands[i]);
    }
    assert_true(num_places > 40);
}

static void a_client_that_is_refused_a_service_says_so(void **state)
{
    static const struct command commands[] = {
        {"certificates",
         false,
         1,
         {SETTINGS, "--ca", PKI("root.pem"), "--crl", PKI("root.crl"),
          "--name", "localhost", "--max-fragment", "1024", "--path-search",
          "1400", "--ask-staple", "--no-old-cookie", "--resume",
          "/nonexistent/session", "--send", "text", "127.0.0.1:4433"}},
        {"fingerprints",
         false,
         1,
         {"--rpk", "--key", PKI("ec.key"), "--fingerprint", SHA256,
          "127.0.0.1:4433"}},
    };

    (void)state;
    num_places = 0;
    for (size_t i = 0; i < LEN(commands); i++) {
        walk(&commands[i]);
    }
    assert_true(num_places > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_is_refused_a_service_says_so),
        cmocka_unit_test(a_client_that_is_refused_a_service_says_so),
    };

    return kit_run(tests);
}
