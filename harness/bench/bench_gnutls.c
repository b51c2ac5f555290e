/* SPDX-License-Identifier: MIT */
/* GnuTLS under measurement (bench/bench.h). */
#include "bench/bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

#define NAME "gnutls"

struct pair {
    gnutls_session_t sessions[2];
};

static gnutls_priority_t priority;
static gnutls_certificate_credentials_t certificates[2];
static gnutls_psk_client_credentials_t client_psk;
static gnutls_psk_server_credentials_t server_psk;
static bool has_certificates;
static bool asks_client;
static unsigned mtu;

/* A session's transport is the side whose queue it reads. */
static int sides[2] = {BENCH_CLIENT, BENCH_SERVER};

#define PSK "+PSK:+GROUP-SECP256R1:+SIGN-ECDSA-SHA256:"
#define EC "+GROUP-SECP256R1:+SIGN-ECDSA-SHA256:"
static const struct {
    uint16_t suite;
    const char *words;
} names[] = {
    {0x00a8, PSK "+AES-128-GCM:+AEAD"},
    {0x00a9, PSK "+AES-256-GCM:+AEAD"},
    {0x00ae, PSK "+AES-128-CBC:+SHA256"},
    {0xc0a8, PSK "+AES-128-CCM-8:+AEAD"},
    {0xccab, PSK "+CHACHA20-POLY1305:+AEAD"},
    {0xc02b, EC "+ECDHE-ECDSA:+AES-128-GCM:+AEAD"},
    {0xc02f, "+GROUP-SECP256R1:+SIGN-RSA-SHA256:+ECDHE-RSA:"
             "+AES-128-GCM:+AEAD"},
    {0x003c, "+SIGN-RSA-SHA256:+RSA:+AES-128-CBC:+SHA256"},
};

static ssize_t push(gnutls_transport_ptr_t at, const void *data, size_t len)
{
    return bench_push(!*(const int *)at, data, len);
}

static ssize_t pull(gnutls_transport_ptr_t at, void *out, size_t size)
{
    int len = bench_pop(*(const int *)at, out, size);

    if (len < 0) {
        errno = EAGAIN;
    }
    return len;
}

static int wait_for(gnutls_transport_ptr_t at, unsigned ms)
{
    (void)ms;
    return bench_waiting(*(const int *)at) > 0;
}

static int find_psk(gnutls_session_t session, const char *identity,
                    gnutls_datum_t *key)
{
    (void)session;
    if (strcmp(identity, BENCH_PSK_IDENTITY) != 0) {
        return -1;
    }
    key->data = gnutls_malloc(BENCH_PSK_LEN);
    if (key->data == NULL) {
        return -1;
    }
    key->size = BENCH_PSK_LEN;
    memcpy(key->data, BENCH_PSK, BENCH_PSK_LEN);
    return 0;
}

static bool choose(uint16_t suite)
{
    char words[256] = "NONE:+VERS-DTLS1.2:+COMP-NULL:+CTYPE-X509:";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].suite == suite) {
            (void)strcat(words, names[i].words);
        }
    }
    return gnutls_priority_init(&priority, words, NULL) == 0;
}

static bool load(int side, const char *pki, const char *identity,
                 const char *root)
{
    return gnutls_certificate_allocate_credentials(&certificates[side]) == 0 &&
           (identity == NULL ||
            gnutls_certificate_set_x509_key_file(
                certificates[side], bench_path(pki, identity, ".pem"),
                bench_path(pki, identity, ".key"),
                GNUTLS_X509_FMT_PEM) == 0) &&
           (root == NULL ||
            gnutls_certificate_set_x509_trust_file(
                certificates[side], bench_path(pki, root, ".pem"),
                GNUTLS_X509_FMT_PEM) == 1);
}

/* Its MTU is at most 16384 bytes, which bounds its records. */
#define LONGEST 16000

static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    static unsigned char psk[] = BENCH_PSK;
    gnutls_datum_t key = {psk, BENCH_PSK_LEN};

    has_certificates = kind->root != NULL;
    asks_client = kind->client != NULL;
    mtu = longest + 200 > BENCH_MTU ? BENCH_MTU_MAX : BENCH_MTU;
    if (longest > LONGEST || !choose(kind->suite) ||
        gnutls_psk_allocate_client_credentials(&client_psk) != 0 ||
        gnutls_psk_allocate_server_credentials(&server_psk) != 0 ||
        gnutls_psk_set_client_credentials(client_psk, BENCH_PSK_IDENTITY, &key,
                                          GNUTLS_PSK_KEY_RAW) != 0) {
        return false;
    }
    gnutls_psk_set_server_credentials_function(server_psk, find_psk);
    return load(BENCH_CLIENT, pki, kind->client, kind->root) &&
           load(BENCH_SERVER, pki, kind->server,
                asks_client ? kind->root : NULL);
}

static void finish(void)
{
    if (priority != NULL) {
        gnutls_priority_deinit(priority);
        priority = NULL;
    }
    for (int i = 0; i < 2; i++) {
        if (certificates[i] != NULL) {
            gnutls_certificate_free_credentials(certificates[i]);
            certificates[i] = NULL;
        }
    }
    if (client_psk != NULL) {
        gnutls_psk_free_client_credentials(client_psk);
        client_psk = NULL;
    }
    if (server_psk != NULL) {
        gnutls_psk_free_server_credentials(server_psk);
        server_psk = NULL;
    }
}

static void verify(gnutls_session_t s, int side)
{
    if (side == BENCH_CLIENT) {
        gnutls_session_set_verify_cert(s, BENCH_HOST, 0);
    } else if (asks_client) {
        gnutls_certificate_server_set_request(s, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_cert(s, NULL, 0);
    }
}

static gnutls_session_t make_session(int side)
{
    gnutls_session_t s;

    if (gnutls_init(&s,
                    (side == BENCH_CLIENT ? GNUTLS_CLIENT : GNUTLS_SERVER) |
                        GNUTLS_DATAGRAM | GNUTLS_NONBLOCK |
                        GNUTLS_NO_TICKETS) != 0 ||
        gnutls_priority_set(s, priority) != 0) {
        bench_die(NAME, "making a session");
    }
    if (has_certificates) {
        (void)gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE,
                                     certificates[side]);
        verify(s, side);
    } else {
        (void)gnutls_credentials_set(
            s, GNUTLS_CRD_PSK,
            side == BENCH_CLIENT ? (void *)client_psk : (void *)server_psk);
    }
    gnutls_transport_set_ptr(s, &sides[side]);
    gnutls_transport_set_push_function(s, push);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, wait_for);
    gnutls_dtls_set_mtu(s, mtu);
    gnutls_dtls_set_timeouts(s, 60000, 300000);
    return s;
}

/* Answers ClientHellos until one brings its cookie.  Returns NULL if none has
 * yet. */
static gnutls_session_t pass_the_gate(void)
{
    static char cookie_key[] = BENCH_COOKIE_KEY;
    static char address[] = BENCH_ADDRESS;
    gnutls_datum_t key = {(unsigned char *)cookie_key, BENCH_COOKIE_KEY_LEN};
    uint8_t hello[BENCH_MTU_MAX];
    int len;

    while ((len = bench_pop(BENCH_SERVER, hello, sizeof hello)) > 0) {
        gnutls_dtls_prestate_st state = {0};
        gnutls_session_t s;

        if (gnutls_dtls_cookie_verify(&key, address, BENCH_ADDRESS_LEN, hello,
                                      (size_t)len, &state) < 0) {
            (void)gnutls_dtls_cookie_send(&key, address, BENCH_ADDRESS_LEN,
                                          &state, &sides[BENCH_SERVER], push);
            continue;
        }
        s = make_session(BENCH_SERVER);
        gnutls_dtls_prestate_set(s, &state);
        (void)bench_push(BENCH_SERVER, hello, (size_t)len);
        return s;
    }
    return NULL;
}

static int shake(void *pair, int side)
{
    struct pair *p = pair;
    int result;

    if (p->sessions[side] == NULL) {
        p->sessions[side] = pass_the_gate();
        if (p->sessions[side] == NULL) {
            return 0;
        }
    }
    result = gnutls_handshake(p->sessions[side]);
    if (result == 0) {
        return 1;
    }
    return gnutls_error_is_fatal(result) ? -1 : 0;
}

static void *connect_pair(void)
{
    struct pair *p = calloc(1, sizeof *p);

    if (p == NULL) {
        bench_die(NAME, "making a pair");
    }
    p->sessions[BENCH_CLIENT] = make_session(BENCH_CLIENT);
    bench_shake(NAME, shake, p);
    return p;
}

/* What is sealed, and what was opened. */
static uint8_t bytes[DTLS_PLAINTEXT_MAX];

static void say(void *pair, size_t len)
{
    struct pair *p = pair;

    if (gnutls_record_send(p->sessions[BENCH_CLIENT], bytes, len) !=
        (ssize_t)len) {
        bench_die(NAME, "sealing a record");
    }
}

static void hear(void *pair, size_t len)
{
    struct pair *p = pair;

    if (gnutls_record_recv(p->sessions[BENCH_SERVER], bytes, sizeof bytes) !=
        (ssize_t)len) {
        bench_die(NAME, "opening a record");
    }
}

static void record(void *pair, size_t len)
{
    say(pair, len);
    hear(pair, len);
}

static void end(void *pair)
{
    struct pair *p = pair;

    gnutls_deinit(p->sessions[0]);
    gnutls_deinit(p->sessions[1]);
    free(p);
}

const struct bench_lib bench_gnutls = {NAME, begin, connect_pair, record,
                                       say,  hear,  end,          finish};
