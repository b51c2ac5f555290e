/* SPDX-License-Identifier: MIT */
/* wolfSSL under measurement (bench/bench.h). */
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#define NAME "wolfssl"

struct pair {
    WOLFSSL *ssl[2];
};

static WOLFSSL_CTX *contexts[2];
static bool has_certificates;

/* A session's transport is the side whose queue it reads. */
static int sides[2] = {BENCH_CLIENT, BENCH_SERVER};

static const struct {
    uint16_t suite;
    const char *name;
} names[] = {
    {0x00a8, "PSK-AES128-GCM-SHA256"},
    {0x00a9, "PSK-AES256-GCM-SHA384"},
    {0x00ae, "PSK-AES128-CBC-SHA256"},
    {0xc0a8, "PSK-AES128-CCM-8"},
    {0xccab, "PSK-CHACHA20-POLY1305"},
    {0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {0xc02f, "ECDHE-RSA-AES128-GCM-SHA256"},
    {0x003c, "AES128-SHA256"},
};

static int send_datagram(WOLFSSL *ssl, char *data, int len, void *side)
{
    (void)ssl;
    return bench_push(!*(const int *)side, data, (size_t)len);
}

static int receive_datagram(WOLFSSL *ssl, char *out, int size, void *side)
{
    int len = bench_pop(*(const int *)side, out, (size_t)size);

    (void)ssl;
    return len < 0 ? WOLFSSL_CBIO_ERR_WANT_READ : len;
}

/* The cookie of the only client; an HMAC would be the application's. */
static int make_cookie(WOLFSSL *ssl, unsigned char *cookie, int size,
                       void *self)
{
    int len = size < BENCH_COOKIE_KEY_LEN ? size : BENCH_COOKIE_KEY_LEN;

    (void)ssl;
    (void)self;
    memcpy(cookie, BENCH_COOKIE_KEY, (size_t)len);
    return len;
}

static unsigned client_psk(WOLFSSL *ssl, const char *hint, char *identity,
                           unsigned identity_size, unsigned char *key,
                           unsigned key_size)
{
    (void)ssl;
    (void)hint;
    return bench_client_psk(identity, identity_size, key, key_size);
}

static unsigned server_psk(WOLFSSL *ssl, const char *identity,
                           unsigned char *key, unsigned key_size)
{
    (void)ssl;
    return bench_server_psk(identity, key, key_size);
}

static const char *name_of(uint16_t suite)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].suite == suite) {
            return names[i].name;
        }
    }
    return "";
}

static WOLFSSL_CTX *make_context(int side, uint16_t suite)
{
    WOLFSSL_CTX *c =
        wolfSSL_CTX_new(side == BENCH_CLIENT ? wolfDTLSv1_2_client_method()
                                             : wolfDTLSv1_2_server_method());

    if (c == NULL ||
        wolfSSL_CTX_set_cipher_list(c, name_of(suite)) != WOLFSSL_SUCCESS) {
        wolfSSL_CTX_free(c);
        return NULL;
    }
    wolfSSL_CTX_SetIORecv(c, receive_datagram);
    wolfSSL_CTX_SetIOSend(c, send_datagram);
    wolfSSL_CTX_SetGenCookie(c, make_cookie);
    (void)wolfSSL_CTX_set_session_cache_mode(c, WOLFSSL_SESS_CACHE_OFF);
    wolfSSL_CTX_set_verify(c, WOLFSSL_VERIFY_NONE, NULL);
    wolfSSL_CTX_set_psk_client_callback(c, client_psk);
    wolfSSL_CTX_set_psk_server_callback(c, server_psk);
    if (side == BENCH_CLIENT && has_certificates) {
        (void)wolfSSL_CTX_UseSupportedCurve(c, WOLFSSL_ECC_SECP256R1);
    }
    return c;
}

static bool load(WOLFSSL_CTX *c, const char *pki, const char *identity,
                 const char *root)
{
    if (identity != NULL &&
        (wolfSSL_CTX_use_certificate_file(c, bench_path(pki, identity, ".pem"),
                                          WOLFSSL_FILETYPE_PEM) !=
             WOLFSSL_SUCCESS ||
         wolfSSL_CTX_use_PrivateKey_file(c, bench_path(pki, identity, ".key"),
                                         WOLFSSL_FILETYPE_PEM) !=
             WOLFSSL_SUCCESS)) {
        return false;
    }
    if (root == NULL) {
        return true;
    }
    wolfSSL_CTX_set_verify(
        c, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return wolfSSL_CTX_load_verify_locations(c, bench_path(pki, root, ".pem"),
                                             NULL) == WOLFSSL_SUCCESS;
}

/* Debian's wolfSSL cannot raise its MTU, which bounds its records. */
static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    if (wolfSSL_Init() != WOLFSSL_SUCCESS || longest > 1300) {
        return false;
    }
    has_certificates = kind->root != NULL;
    contexts[BENCH_CLIENT] = make_context(BENCH_CLIENT, kind->suite);
    contexts[BENCH_SERVER] = make_context(BENCH_SERVER, kind->suite);
    return contexts[0] != NULL && contexts[1] != NULL &&
           load(contexts[BENCH_CLIENT], pki, kind->client, kind->root) &&
           load(contexts[BENCH_SERVER], pki, kind->server,
                kind->client != NULL ? kind->root : NULL);
}

static void finish(void)
{
    for (int i = 0; i < 2; i++) {
        wolfSSL_CTX_free(contexts[i]);
        contexts[i] = NULL;
    }
}

static int shake(void *pair, int side)
{
    struct pair *p = pair;
    int result = side == BENCH_CLIENT ? wolfSSL_connect(p->ssl[side])
                                      : wolfSSL_accept(p->ssl[side]);

    if (result == WOLFSSL_SUCCESS) {
        return 1;
    }
    return wolfSSL_get_error(p->ssl[side], result) == WOLFSSL_ERROR_WANT_READ
               ? 0
               : -1;
}

static void *connect_pair(void)
{
    struct pair *p = calloc(1, sizeof *p);

    for (int i = 0; i < 2 && p != NULL; i++) {
        p->ssl[i] = wolfSSL_new(contexts[i]);
        if (p->ssl[i] == NULL) {
            bench_die(NAME, "making a session");
        }
        wolfSSL_SetIOReadCtx(p->ssl[i], &sides[i]);
        wolfSSL_SetIOWriteCtx(p->ssl[i], &sides[i]);
        wolfSSL_dtls_set_using_nonblock(p->ssl[i], 1);
        if (i == BENCH_CLIENT && has_certificates) {
            (void)wolfSSL_check_domain_name(p->ssl[i], BENCH_HOST);
        }
    }
    bench_shake(NAME, shake, p);
    return p;
}

/* What is sealed, and what was opened. */
static uint8_t bytes[DTLS_PLAINTEXT_MAX];

static void say(void *pair, size_t len)
{
    struct pair *p = pair;

    if (wolfSSL_write(p->ssl[BENCH_CLIENT], bytes, (int)len) != (int)len) {
        bench_die(NAME, "sealing a record");
    }
}

static void hear(void *pair, size_t len)
{
    struct pair *p = pair;

    if (wolfSSL_read(p->ssl[BENCH_SERVER], bytes, sizeof bytes) != (int)len) {
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

    wolfSSL_free(p->ssl[0]);
    wolfSSL_free(p->ssl[1]);
    free(p);
}

const struct bench_lib bench_wolfssl = {NAME, begin, connect_pair, record,
                                        say,  hear,  end,          finish};
