/* SPDX-License-Identifier: MIT */
/* OpenSSL's libssl under measurement (bench/bench.h). */
#include "bench/bench.h"

#include "crypto/suites.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>

#define NAME "openssl"

struct pair {
    SSL *ssl[2];
};

static SSL_CTX *contexts[2];
static bool has_certificates;
static unsigned mtu;

static const struct {
    uint16_t suite;
    const char *name;
} names[] = {
    {0x00a8, "PSK-AES128-GCM-SHA256"},
    {0x00a9, "PSK-AES256-GCM-SHA384"},
    {0x00ae, "PSK-AES128-CBC-SHA256"},
    {0xc0a8, "PSK-AES128-CCM8"},
    {0xccab, "PSK-CHACHA20-POLY1305"},
    {0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {0xc02f, "ECDHE-RSA-AES128-GCM-SHA256"},
    {0x003c, "AES128-SHA256"},
};

/* A BIO's data is the side whose queue it reads, so that nothing is
 * allocated. */
static int sides[2] = {BENCH_CLIENT, BENCH_SERVER};

static int queue_write(BIO *bio, const char *data, int len)
{
    const int *side = BIO_get_data(bio);

    return bench_push(!*side, data, (size_t)len);
}

static int queue_read(BIO *bio, char *out, int size)
{
    const int *side = BIO_get_data(bio);
    int len = bench_pop(*side, out, (size_t)size);

    BIO_clear_retry_flags(bio);
    if (len < 0) {
        BIO_set_retry_read(bio);
    }
    return len;
}

static long queue_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return (long)mtu;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
        return 28;
    default:
        return 0;
    }
}

static int queue_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static const BIO_METHOD *queue_method(void)
{
    static BIO_METHOD *method;

    if (method == NULL) {
        method =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "queue");
        (void)BIO_meth_set_write(method, queue_write);
        (void)BIO_meth_set_read(method, queue_read);
        (void)BIO_meth_set_ctrl(method, queue_ctrl);
        (void)BIO_meth_set_create(method, queue_create);
    }
    return method;
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned *len)
{
    (void)ssl;
    return HMAC(EVP_sha256(), BENCH_COOKIE_KEY, BENCH_COOKIE_KEY_LEN,
                (const unsigned char *)BENCH_ADDRESS, BENCH_ADDRESS_LEN,
                cookie, len) != NULL;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned len)
{
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned expected_len;

    return make_cookie(ssl, expected, &expected_len) && len == expected_len &&
           CRYPTO_memcmp(cookie, expected, len) == 0;
}

static unsigned client_psk(SSL *ssl, const char *hint, char *identity,
                           unsigned identity_size, unsigned char *key,
                           unsigned key_size)
{
    (void)ssl;
    (void)hint;
    return bench_client_psk(identity, identity_size, key, key_size);
}

static unsigned server_psk(SSL *ssl, const char *identity, unsigned char *key,
                           unsigned key_size)
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

static bool load(SSL_CTX *context, const char *pki, const char *identity,
                 const char *root)
{
    if (identity != NULL &&
        (SSL_CTX_use_certificate_file(context,
                                      bench_path(pki, identity, ".pem"),
                                      SSL_FILETYPE_PEM) != 1 ||
         SSL_CTX_use_PrivateKey_file(context,
                                     bench_path(pki, identity, ".key"),
                                     SSL_FILETYPE_PEM) != 1)) {
        return false;
    }
    if (root == NULL) {
        return true;
    }
    SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return SSL_CTX_load_verify_locations(
               context, bench_path(pki, root, ".pem"), NULL) == 1;
}

static SSL_CTX *make_context(int side, uint16_t suite)
{
    static char groups[] = "P-256"; /* what it casts to is writable */
    SSL_CTX *context = SSL_CTX_new(
        side == BENCH_CLIENT ? DTLS_client_method() : DTLS_server_method());

    if (context == NULL ||
        SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) != 1 ||
        SSL_CTX_set1_groups_list(context, groups) != 1 ||
        SSL_CTX_set_cipher_list(context, name_of(suite)) != 1) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_security_level(context, 0); /* level 1 forbids CCM_8 */
    (void)SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET |
                                           SSL_OP_COOKIE_EXCHANGE |
                                           SSL_OP_NO_RENEGOTIATION);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* It sends its certificate alone, as the others do. */
    (void)SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_cookie_generate_cb(context, make_cookie);
    SSL_CTX_set_cookie_verify_cb(context, check_cookie);
    SSL_CTX_set_psk_client_callback(context, client_psk);
    SSL_CTX_set_psk_server_callback(context, server_psk);
    return context;
}

static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    has_certificates = kind->root != NULL;
    mtu = longest + 200 > BENCH_MTU ? BENCH_MTU_MAX : BENCH_MTU;
    contexts[BENCH_CLIENT] = make_context(BENCH_CLIENT, kind->suite);
    contexts[BENCH_SERVER] = make_context(BENCH_SERVER, kind->suite);
    return contexts[0] != NULL && contexts[1] != NULL &&
           load(contexts[BENCH_CLIENT], pki, kind->client, kind->root) &&
           load(contexts[BENCH_SERVER], pki, kind->server,
                kind->client != NULL ? kind->root : NULL);
}

static void finish(void)
{
    SSL_CTX_free(contexts[0]);
    SSL_CTX_free(contexts[1]);
    contexts[0] = contexts[1] = NULL;
    ERR_clear_error();
}

static int shake(void *pair, int side)
{
    struct pair *p = pair;
    int result = SSL_do_handshake(p->ssl[side]);

    if (result == 1) {
        return 1;
    }
    return SSL_get_error(p->ssl[side], result) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static void *connect_pair(void)
{
    struct pair *p = calloc(1, sizeof *p);

    for (int i = 0; i < 2 && p != NULL; i++) {
        BIO *bio = BIO_new(queue_method());

        p->ssl[i] = SSL_new(contexts[i]);
        if (bio == NULL || p->ssl[i] == NULL) {
            bench_die(NAME, "making a session");
        }
        BIO_set_data(bio, &sides[i]);
        SSL_set_bio(p->ssl[i], bio, bio);
        (void)SSL_set_mtu(p->ssl[i], (long)mtu);
        if (i == BENCH_SERVER) {
            SSL_set_accept_state(p->ssl[i]);
            continue;
        }
        SSL_set_connect_state(p->ssl[i]);
        if (has_certificates) {
            (void)SSL_set1_host(p->ssl[i], BENCH_HOST);
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

    if (SSL_write(p->ssl[BENCH_CLIENT], bytes, (int)len) != (int)len) {
        bench_die(NAME, "sealing a record");
    }
}

static void hear(void *pair, size_t len)
{
    struct pair *p = pair;

    if (SSL_read(p->ssl[BENCH_SERVER], bytes, sizeof bytes) != (int)len) {
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

    SSL_free(p->ssl[0]);
    SSL_free(p->ssl[1]);
    free(p);
}

const struct bench_lib bench_openssl = {NAME, begin, connect_pair, record,
                                        say,  hear,  end,          finish};
