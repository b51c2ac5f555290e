/* SPDX-License-Identifier: MIT */
/* Target: dtls_chain_verify, and dtls_cert_parse before it.
 * Input:  u8, bit 0: the leaf is a client's; then at most five vec16
 *         TBSCertificate: the anchor's, the leaf's, its issuers'.  Each is
 *         signed before use, all with one key (signed.h).
 * Oracle: libcrypto accepts a chain that we accept, with all of the issuers or
 *         with some of them, as it tries only one issuer of a name
 *         (harness/unit/x509/differences.tsv); or else there is a row in
 *         differences.tsv.
 *
 * We may be the stricter side: a chain that we refuse is not compared. */
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/signed.h"
#include "x509/chain.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

enum { ANCHOR, FIRST, CERTS_MAX = 5 };

struct certificate {
    struct dtls_span der;
    struct dtls_cert cert;
    X509 *x509;
};

static bool verify(const struct certificate *certs, size_t num,
                   enum dtls_purpose purpose, unsigned selection)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *others = sk_X509_new_null();
    X509_VERIFY_PARAM *param;
    bool good;

    FUZZ_CHECK(X509_STORE_add_cert(store, certs[ANCHOR].x509) == 1);
    for (size_t i = FIRST + 1; i < num; i++) {
        if (selection >> (i - FIRST - 1) & 1) {
            FUZZ_CHECK(sk_X509_push(others, certs[i].x509) > 0);
        }
    }
    FUZZ_CHECK(X509_STORE_CTX_init(ctx, store, certs[FIRST].x509, others) ==
               1);
    X509_STORE_CTX_set_purpose(ctx, purpose == DTLS_PURPOSE_SERVER
                                        ? X509_PURPOSE_SSL_SERVER
                                        : X509_PURPOSE_SSL_CLIENT);
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(param, (time_t)FUZZ_NOW);
    good = X509_verify_cert(ctx) == 1;
    sk_X509_free(others);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    ERR_clear_error();
    return good;
}

/* Tries every selection of the issuers, a bit for each; all of them come
 * first. */
static bool libcrypto_accepts(struct certificate *certs, size_t num,
                              enum dtls_purpose purpose)
{
    for (size_t i = 0; i < num; i++) {
        const unsigned char *at = certs[i].der.data;

        certs[i].x509 = d2i_X509(NULL, &at, (long)certs[i].der.len);
        FUZZ_CHECK(certs[i].x509 != NULL &&
                   at == certs[i].der.data + certs[i].der.len);
    }
    for (unsigned selection = 1u << (CERTS_MAX - 2); selection-- > 0;) {
        if (verify(certs, num, purpose, selection)) {
            return true;
        }
    }
    return false;
}

static bool we_accept(const struct certificate *certs, size_t num,
                      enum dtls_purpose purpose)
{
    struct dtls_cert_item anchor = {&certs[ANCHOR].cert, NULL};
    struct dtls_cert peer[CERTS_MAX];
    struct dtls_verify verify_with = {
        .crypto = &dtls_libcrypto,
        .anchors = &anchor,
        .purpose = purpose,
        .check_time = true,
        .unix_time = FUZZ_NOW,
    };

    for (size_t i = FIRST; i < num; i++) {
        peer[i - FIRST] = certs[i].cert;
    }
    return dtls_chain_verify(&verify_with, peer, num - FIRST) == DTLS_OK;
}

/* One of the certificates that the peer sent, not the anchor. */
static bool has_self_issued(struct dtls_bytes input)
{
    bool found = false;

    (void)fuzz_u8(&input);
    (void)fuzz_some(&input, fuzz_u16(&input));
    while (input.len > 0 && !found) {
        found = fuzz_is_self_issued(fuzz_some(&input, fuzz_u16(&input)));
    }
    return found;
}

static bool has_last_second(struct dtls_bytes input)
{
    bool found = false;

    (void)fuzz_u8(&input);
    while (input.len > 0 && !found) {
        found = fuzz_ends_now(fuzz_some(&input, fuzz_u16(&input)));
    }
    return found;
}

static const struct fuzz_difference they_refuse[] = {
    {"self-issued", has_self_issued},
    {"last-second", has_last_second},
    {NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    enum dtls_purpose purpose =
        fuzz_u8(&in) & 1 ? DTLS_PURPOSE_CLIENT : DTLS_PURPOSE_SERVER;
    struct certificate certs[CERTS_MAX] = {0};
    size_t num = 0;
    bool parsed = true;

    while (in.len > 0 && num < CERTS_MAX && parsed) {
        struct certificate *c = &certs[num++];

        c->der = fuzz_sign(fuzz_some(&in, fuzz_u16(&in)));
        parsed = dtls_cert_parse(&c->cert, dtls_span_bytes(c->der)) == DTLS_OK;
    }
    if (parsed && num > FIRST && we_accept(certs, num, purpose)) {
        FUZZ_CHECK(libcrypto_accepts(certs, num, purpose) ||
                   fuzz_is_known(they_refuse, dtls_bytes_of(data, size)));
    }
    for (size_t i = 0; i < num; i++) {
        X509_free(certs[i].x509);
        free(certs[i].der.data);
    }
    return 0;
}
