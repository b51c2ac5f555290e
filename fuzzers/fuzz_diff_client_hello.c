/* SPDX-License-Identifier: MIT */
/* Target: dtls_client_hello_parse and dtls_extensions_parse_client, beside
 *         OpenSSL's parsers.
 * Input:  a ClientHello's body.
 * Oracle: OpenSSL accepts what we accept, with the same random, session id,
 *         suites, compression methods and values of the extensions; whatever
 *         only one side accepts has a row in differences.tsv. */
#include "flight/fragment.h"
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "messages/hello_extensions.h"
#include "messages/messages.h"
#include "record/header.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

enum { BODY_MAX = 4096 };

/* OpenSSL's view of the hello, from its ClientHello callback. */
struct theirs {
    const struct dtls_client_hello *ours; /* NULL: we have refused the hello */
    bool accepted;
};

static void same(const unsigned char *bytes, size_t len, struct dtls_bytes own)
{
    fuzz_same(dtls_bytes_of(bytes, len), own);
}

static void check_extensions(SSL *ssl, struct dtls_bytes block)
{
    while (block.len != 0) {
        const unsigned char *bytes;
        struct dtls_bytes value;
        uint16_t type;
        size_t len;

        FUZZ_CHECK(dtls_get_u16(&block, &type) &&
                   dtls_get_vec16(&block, &value));
        /* OpenSSL keeps only the types that it knows. */
        if (SSL_client_hello_get0_ext(ssl, type, &bytes, &len) == 1) {
            same(bytes, len, value);
        }
    }
}

static int look(SSL *ssl, int *alert, void *self)
{
    struct theirs *theirs = self;
    const struct dtls_client_hello *m = theirs->ours;
    const unsigned char *bytes;
    size_t len;

    (void)alert;
    theirs->accepted = true;
    if (m != NULL) {
        FUZZ_CHECK(SSL_client_hello_get0_legacy_version(ssl) == m->version);
        len = SSL_client_hello_get0_random(ssl, &bytes);
        same(bytes, len, m->random);
        len = SSL_client_hello_get0_session_id(ssl, &bytes);
        same(bytes, len, m->session_id);
        len = SSL_client_hello_get0_ciphers(ssl, &bytes);
        same(bytes, len, m->suites);
        len = SSL_client_hello_get0_compression_methods(ssl, &bytes);
        same(bytes, len, m->compression);
        check_extensions(ssl, m->extensions);
    }
    return SSL_CLIENT_HELLO_ERROR; /* enough */
}

static SSL_CTX *context(void)
{
    static SSL_CTX *made;

    if (made == NULL) {
        made = SSL_CTX_new(DTLS_server_method());
        FUZZ_CHECK(made != NULL);
        SSL_CTX_set_security_level(made, 0);
    }
    return made;
}

static bool they_accept(struct theirs *theirs, struct dtls_bytes body)
{
    uint8_t
        bytes[BODY_MAX + DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment f = {.type = DTLS_CLIENT_HELLO,
                              .message_len = (uint32_t)body.len,
                              .body = body};
    SSL *ssl = SSL_new(context());
    BIO *in = BIO_new(BIO_s_mem());

    FUZZ_CHECK(ssl != NULL && in != NULL);
    FUZZ_CHECK(
        dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_0, 0, 0,
                               DTLS_FRAGMENT_HEADER_LEN + body.len) &&
        dtls_fragment_put_header(&out, &f) && dtls_put_bytes(&out, body));
    FUZZ_CHECK(BIO_write(in, out.data, (int)out.len) == (int)out.len);
    SSL_set_bio(ssl, in, BIO_new(BIO_s_null()));
    SSL_CTX_set_client_hello_cb(context(), look, theirs);
    theirs->accepted = false;
    (void)SSL_accept(ssl);
    SSL_free(ssl);
    ERR_clear_error();
    return theirs->accepted;
}

/* Finds the suites and compression methods of a body, whatever they are. */
static bool get_lists(struct dtls_bytes body, struct dtls_bytes *suites,
                      struct dtls_bytes *methods)
{
    struct dtls_bytes skipped;

    return dtls_get_bytes(&body, 2 + DTLS_RANDOM_LEN, &skipped) &&
           dtls_get_vec8(&body, &skipped) && dtls_get_vec8(&body, &skipped) &&
           dtls_get_vec16(&body, suites) && dtls_get_vec8(&body, methods);
}

static bool has_odd_suites(struct dtls_bytes body)
{
    struct dtls_bytes suites;
    struct dtls_bytes methods;

    return get_lists(body, &suites, &methods) &&
           (suites.len == 0 || suites.len % 2 != 0);
}

static bool has_no_method(struct dtls_bytes body)
{
    struct dtls_bytes suites;
    struct dtls_bytes methods;

    return get_lists(body, &suites, &methods) && methods.len == 0;
}

static bool has_psk_not_last(struct dtls_bytes block)
{
    struct dtls_bytes value;
    uint16_t type;

    while (dtls_get_u16(&block, &type) && dtls_get_vec16(&block, &value)) {
        if (type == TLSEXT_TYPE_psk && block.len != 0) {
            return true;
        }
    }
    return false;
}

/* The known differences (differences.tsv). */
static const struct fuzz_difference we_refuse[] = {
    {"suites-late", has_odd_suites},
    {"compression-late", has_no_method},
    {NULL, NULL},
};

/* The differences that extensions show. */
static const struct fuzz_difference they_refuse[] = {
    {"psk-not-last", has_psk_not_last},
    {NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_client_hello m;
    struct dtls_extensions ext;
    struct theirs theirs = {0};

    if (size == 0 || size > BODY_MAX) {
        return 0;
    }
    if (dtls_client_hello_parse(&m, body) != DTLS_OK) {
        FUZZ_CHECK(!they_accept(&theirs, body) ||
                   fuzz_is_known(we_refuse, body));
        return 0;
    }
    theirs.ours = &m;
    if (dtls_extensions_parse_client(&ext, m.extensions) == DTLS_OK) {
        FUZZ_CHECK(they_accept(&theirs, body) ||
                   fuzz_is_known(they_refuse, m.extensions));
    }
    return 0;
}
