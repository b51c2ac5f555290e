/* SPDX-License-Identifier: MIT */
/* Target: a server's whole first flight, beside OpenSSL's: the cookie exchange
 *         and what comes after it.
 * Input:  u8, which credentials and suites both servers have; a ClientHello's
 *         body, whose cookie is replaced by the one that each server has asked
 *         for.
 * Oracle: both servers continue with a ServerHello of the same suite, or
 *         neither does; every exception has a row in differences.tsv.
 *
 * How a server refuses, with which alert or with silence, is not compared: we
 * say nothing to a peer that has not shown a cookie. */
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/server_answers.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

enum {
    THEIR_COOKIE = 32,
    USE_SRTP = 14, /* extensions */
    CLIENT_CERTIFICATE_TYPE = 19,
    RECORD_SIZE_LIMIT = 28,
    CONNECTION_ID = 54,
    RRC = 61,
    RSA_PKCS1_SHA256 = 0x0401 /* what signed the RSA certificate */
};

static const struct {
    uint8_t kind;
    enum fuzz_credential credential;
    const char *suites; /* those of fuzzed_end.c, in its order */
} kinds[] = {
    {FUZZ_PSK, FUZZ_CREDENTIALS,
     "PSK-AES128-CCM8:PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA256"},
    {FUZZ_ECDSA, FUZZ_SERVER_EC,
     "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
     "ECDHE-ECDSA-AES128-SHA256"},
    {FUZZ_RSA, FUZZ_SERVER_RSA,
     "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:"
     "AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:AES128-SHA256:AES256-SHA256:"
     "AES128-SHA:PSK-AES128-CCM8"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Tells a server the hello and, if it asks for a cookie, the hello with its
 * cookie. */
static void greet(struct fuzz_answer *answer, struct dtls_bytes body,
                  void (*tell)(void *self, struct dtls_bytes datagram),
                  void *self)
{
    uint8_t bytes[FUZZ_FLIGHT_BODY + 512];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    fuzz_flight_put(&out, body, (struct dtls_bytes){0}, 0);
    tell(self, dtls_buf_bytes(&out));
    FUZZ_CHECK(!answer->accepts); /* no server goes on without a cookie */
    if (answer->asks) {
        out.len = 0;
        fuzz_flight_put(&out, body,
                        dtls_bytes_of(answer->cookie, answer->cookie_len), 1);
        tell(self, dtls_buf_bytes(&out));
    }
}

static void tell_us(void *self, struct dtls_bytes datagram)
{
    fuzz_association_receive(self, datagram);
}

static void ask_us(struct fuzz_answer *answer, uint8_t kind,
                   struct dtls_bytes body)
{
    static struct fuzz_association a;
    struct fuzz_setup setup = {.role = DTLS_SERVER,
                               .kind = FUZZ_KIND(kinds[kind].kind, 0)};

    fuzz_association_init(&a, &setup);
    a.output = fuzz_flight_hear;
    a.self = answer;
    greet(answer, body, tell_us, &a);
    (void)fuzz_association_free(&a);
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *len)
{
    (void)ssl;
    memset(cookie, 0x23, THEIR_COOKIE);
    *len = THEIR_COOKIE;
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie,
                        unsigned int len)
{
    (void)ssl;
    return len == THEIR_COOKIE && cookie[0] == 0x23;
}

static unsigned int no_psk(SSL *ssl, const char *identity, unsigned char *psk,
                           unsigned int max_len)
{
    (void)ssl;
    (void)identity;
    (void)psk;
    (void)max_len;
    return 0; /* that comes after the first flight */
}

static void set_credential(SSL_CTX *ctx, enum fuzz_credential which)
{
    struct dtls_bytes cert = fuzz_credential(which, false)->cert.der;
    struct dtls_bytes key = fuzz_credential_key(which);
    int type = which == FUZZ_SERVER_RSA ? EVP_PKEY_RSA : EVP_PKEY_EC;

    FUZZ_CHECK(
        SSL_CTX_use_certificate_ASN1(ctx, (int)cert.len, cert.data) == 1 &&
        SSL_CTX_use_PrivateKey_ASN1(type, ctx, key.data, (long)key.len) == 1);
}

/* Set up as fuzzed_end.c sets up ours.  OpenSSL's macros want pointers that
 * are not const. */
static SSL_CTX *context(uint8_t kind)
{
    static char groups[] = "X25519:P-256:P-384";
    static char sigalgs[] =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:rsa_pss_rsae_sha256:"
        "rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:"
        "RSA+SHA512:ed25519";
    static SSL_CTX *made[KINDS];
    SSL_CTX *ctx = made[kind];

    if (ctx != NULL) {
        return ctx;
    }
    ctx = made[kind] = SSL_CTX_new(DTLS_server_method());
    FUZZ_CHECK(ctx != NULL);
    SSL_CTX_set_security_level(ctx, 0); /* CCM_8 is below 1 */
    FUZZ_CHECK(SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
               SSL_CTX_set_cipher_list(ctx, kinds[kind].suites) == 1 &&
               SSL_CTX_set1_groups_list(ctx, groups) == 1 &&
               SSL_CTX_set1_sigalgs_list(ctx, sigalgs) == 1);
    (void)SSL_CTX_set_options(ctx, SSL_OP_COOKIE_EXCHANGE |
                                       SSL_OP_CIPHER_SERVER_PREFERENCE |
                                       SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
    SSL_CTX_set_cookie_generate_cb(ctx, make_cookie);
    SSL_CTX_set_cookie_verify_cb(ctx, check_cookie);
    SSL_CTX_set_psk_server_callback(ctx, no_psk);
    if (kinds[kind].credential != FUZZ_CREDENTIALS) {
        set_credential(ctx, kinds[kind].credential);
    }
    return ctx;
}

struct theirs {
    SSL *ssl;
    struct fuzz_answer *answer;
};

static void tell_them(void *self, struct dtls_bytes datagram)
{
    struct theirs *theirs = self;
    BIO *out = SSL_get_wbio(theirs->ssl);
    char *said;
    long len;

    FUZZ_CHECK(BIO_write(SSL_get_rbio(theirs->ssl), datagram.data,
                         (int)datagram.len) == (int)datagram.len);
    (void)SSL_accept(theirs->ssl);
    len = BIO_get_mem_data(out, &said);
    fuzz_flight_hear(theirs->answer, dtls_bytes_of(said, (size_t)len));
    (void)BIO_reset(out);
}

static void ask_them(struct fuzz_answer *answer, uint8_t kind,
                     struct dtls_bytes body)
{
    struct theirs theirs = {SSL_new(context(kind)), answer};

    FUZZ_CHECK(theirs.ssl != NULL);
    SSL_set_bio(theirs.ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    (void)DTLS_set_link_mtu(theirs.ssl, 1400);
    greet(answer, body, tell_them, &theirs);
    SSL_free(theirs.ssl);
    ERR_clear_error();
}

static bool has_no_uncompressed_points(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes formats;

    return fuzz_flight_extension(body, TLSEXT_TYPE_ec_point_formats, &value) &&
           (!dtls_get_vec8(&value, &formats) || value.len != 0 ||
            formats.len == 0 || memchr(formats.data, 0, formats.len) == NULL);
}

/* Bytes after renegotiated_connection. */
static bool has_long_renegotiation_info(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes inner;

    return fuzz_flight_extension(body, TLSEXT_TYPE_renegotiate, &value) &&
           dtls_get_vec8(&value, &inner) && value.len != 0;
}

/* OpenSSL notices this only in extensions that it knows. */
static bool has_repeated_extension(struct dtls_bytes body)
{
    uint8_t seen[0x10000 / 8] = {0};
    struct dtls_client_hello m;
    struct dtls_bytes value;
    uint16_t type;

    if (dtls_client_hello_parse(&m, body) != DTLS_OK) {
        return false;
    }
    while (dtls_get_u16(&m.extensions, &type) &&
           dtls_get_vec16(&m.extensions, &value)) {
        if ((seen[type / 8] >> type % 8 & 1) != 0) {
            return true;
        }
        seen[type / 8] |= (uint8_t)(1u << type % 8);
    }
    return false;
}

/* An extension whose presence says everything, with contents. */
static bool has_filled_flag(struct dtls_bytes body)
{
    struct dtls_bytes value;

    return (fuzz_flight_extension(body, TLSEXT_TYPE_encrypt_then_mac,
                                  &value) &&
            value.len != 0) ||
           (fuzz_flight_extension(body, TLSEXT_TYPE_extended_master_secret,
                                  &value) &&
            value.len != 0);
}

/* An extension that OpenSSL 3.0 does not know, or has no use for here, and
 * that we read, is malformed. */
static bool has_unread_extension(struct dtls_bytes body)
{
    static const uint16_t unread[] = {USE_SRTP,
                                      CLIENT_CERTIFICATE_TYPE,
                                      FUZZ_SERVER_CERTIFICATE_TYPE,
                                      RECORD_SIZE_LIMIT,
                                      CONNECTION_ID,
                                      RRC};
    uint8_t bytes[FUZZ_FLIGHT_BODY];
    struct dtls_extensions ext;
    struct dtls_bytes value;

    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
        struct dtls_buf block = {bytes, 0, sizeof bytes};

        if (fuzz_flight_extension(body, unread[i], &value) &&
            (!dtls_put_u16(&block, unread[i]) ||
             !dtls_put_vec16(&block, value) ||
             dtls_extensions_parse_client(&ext, dtls_buf_bytes(&block)) !=
                 DTLS_OK)) {
            return true;
        }
    }
    return false;
}

static bool has_no_groups(struct dtls_bytes body)
{
    struct dtls_bytes value;

    return !fuzz_flight_extension(body, TLSEXT_TYPE_supported_groups, &value);
}

/* The client accepts no signature that the RSA certificate's key can make.
 * Without the extension it accepts SHA-1 alone, which neither server signs
 * with. */
static bool has_no_rsa_signature(struct dtls_bytes body)
{
    static const uint16_t ours[] = {RSA_PKCS1_SHA256, 0x0501, 0x0601,
                                    0x0804,           0x0805, 0x0806};
    struct dtls_bytes value;
    struct dtls_bytes list = {0};

    if (fuzz_flight_extension(body, TLSEXT_TYPE_signature_algorithms,
                              &value) &&
        !dtls_get_vec16(&value, &list)) {
        return false;
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (dtls_u16_list_has(list, ours[i])) {
            return false;
        }
    }
    return true;
}

/* The client does not offer the pair that signed the RSA certificate.  Then we
 * choose a suite without certificates, if there is one. */
static bool has_other_certificate(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes list;

    return fuzz_flight_extension(body, TLSEXT_TYPE_signature_algorithms,
                                 &value) &&
           dtls_get_vec16(&value, &list) &&
           !dtls_u16_list_has(list, RSA_PKCS1_SHA256);
}

/* Anything but one host_name of at most 255 bytes without a zero byte. */
static bool has_odd_server_name(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes list;
    struct dtls_bytes name;
    uint8_t type;

    return fuzz_flight_extension(body, TLSEXT_TYPE_server_name, &value) &&
           (!dtls_get_vec16(&value, &list) || !dtls_get_u8(&list, &type) ||
            !dtls_get_vec16(&list, &name) || list.len != 0 || type != 0 ||
            name.len > TLSEXT_MAXLEN_host_name ||
            memchr(name.data, 0, name.len) != NULL);
}

/* The known differences (differences.tsv). */
static const struct fuzz_difference we_refuse[] = {
    {"version-major", fuzz_flight_of_no_dtls},
    {"point-formats", has_no_uncompressed_points},
    {"filled-flag", has_filled_flag},
    {"repeated-extension", has_repeated_extension},
    {"renegotiation-info", has_long_renegotiation_info},
    {"unread-extension", has_unread_extension},
    {"without-x509", fuzz_flight_without_x509},
    {NULL, NULL},
};

static const struct fuzz_difference they_refuse[] = {
    {"no-groups", has_no_groups},
    {"no-signatures", has_no_rsa_signature},
    {"other-certificate", has_other_certificate},
    {"server-name", has_odd_server_name},
    {"unknown-extension", fuzz_flight_ignored},
    {NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    uint8_t kind = fuzz_u8(&body) % KINDS;
    struct fuzz_answer ours = {0};
    struct fuzz_answer theirs = {0};

    if (body.len == 0 || body.len > FUZZ_FLIGHT_BODY) {
        return 0;
    }
    ask_us(&ours, kind, body);
    ask_them(&theirs, kind, body);
    if (ours.accepts && theirs.accepts) {
        FUZZ_CHECK(ours.suite == theirs.suite ||
                   fuzz_is_known(they_refuse, body));
    } else if (ours.accepts) {
        FUZZ_CHECK(fuzz_is_known(they_refuse, body));
    } else if (theirs.accepts) {
        FUZZ_CHECK(fuzz_is_known(we_refuse, body));
    }
    return 0;
}
