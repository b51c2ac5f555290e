/* SPDX-License-Identifier: MIT */
/* Target: dtls_crl_parse, dtls_crl_check.
 * Input:  vec16 TBSCertificate of the issuer, vec16 TBSCertificate of the
 *         certificate in question, TBSCertList; all are signed before use,
 *         with one key (signed.h).
 * Oracle: slices lie inside the CRL.  libcrypto reads every CRL that we read,
 *         all of it, with the same issuer.  If the CRL is good and does not
 *         list the certificate for us, the same holds for libcrypto, except
 *         for the rows in differences.tsv.  A failure changes nothing.
 *
 * We may be the stricter side: a CRL that we refuse is not compared. */
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/signed.h"
#include "x509/chain.h"
#include "x509/crl.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

struct input {
    struct dtls_span issuer;
    struct dtls_span cert;
    struct dtls_span crl;
};

static X509 *x509_of(struct dtls_span der)
{
    const unsigned char *at = der.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.len);

    FUZZ_CHECK(x509 != NULL && at == der.data + der.len);
    return x509;
}

static X509_CRL *crl_of(struct dtls_span der)
{
    const unsigned char *at = der.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);

    FUZZ_CHECK(crl != NULL && at == der.data + der.len);
    return crl;
}

static bool libcrypto_minds(X509 *issuer, X509 *cert, X509_CRL *crl)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *param;
    bool minds;

    FUZZ_CHECK(X509_STORE_add_cert(store, issuer) == 1 &&
               X509_STORE_add_crl(store, crl) == 1 &&
               X509_STORE_CTX_init(ctx, store, cert, NULL) == 1);
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN |
                                           X509_V_FLAG_CRL_CHECK);
    X509_VERIFY_PARAM_set_time(param, (time_t)FUZZ_NOW);
    minds = X509_verify_cert(ctx) != 1;
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return minds;
}

static void check_slices(const struct dtls_crl *crl, struct dtls_span der)
{
    const struct dtls_bytes parts[] = {crl->tbs, crl->issuer, crl->signature,
                                       crl->revoked, crl->authority_key_id};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        fuzz_inside(parts[i], dtls_span_bytes(der));
    }
}

static void check_issuer(const X509_CRL *theirs, const struct dtls_crl *crl)
{
    const unsigned char *name;
    size_t len;

    FUZZ_CHECK(X509_NAME_get0_der(X509_CRL_get_issuer(theirs), &name, &len) ==
               1);
    fuzz_same(dtls_bytes_of(name, len), crl->issuer);
}

/* Our verdict on a certificate whose chain is good. */
static bool is_not_revoked(const struct input *in, const struct dtls_crl *crl)
{
    struct dtls_cert issuer;
    struct dtls_cert cert;
    struct dtls_cert_item anchor = {&issuer, NULL};
    struct dtls_verify verify = {
        .crypto = &dtls_libcrypto,
        .anchors = &anchor,
        .purpose = DTLS_PURPOSE_ANY,
        .check_time = true,
        .unix_time = FUZZ_NOW,
    };
    struct dtls_crl_check check = {
        .crypto = &dtls_libcrypto,
        .check_time = true,
        .unix_time = FUZZ_NOW,
    };

    return dtls_cert_parse(&issuer, dtls_span_bytes(in->issuer)) == DTLS_OK &&
           dtls_cert_parse(&cert, dtls_span_bytes(in->cert)) == DTLS_OK &&
           dtls_chain_find_issuer(&verify, &check.issuer, &cert, 1) ==
               DTLS_OK &&
           check.issuer != NULL &&
           dtls_crl_check(&check, crl, &cert) == DTLS_OK;
}

static bool has_self_issued(struct dtls_bytes input)
{
    (void)fuzz_some(&input, fuzz_u16(&input)); /* the issuer */
    return fuzz_is_self_issued(fuzz_some(&input, fuzz_u16(&input)));
}

static bool has_last_second(struct dtls_bytes input)
{
    return fuzz_ends_now(fuzz_some(&input, fuzz_u16(&input))) ||
           fuzz_ends_now(fuzz_some(&input, fuzz_u16(&input))) ||
           fuzz_ends_now(input);
}

static const struct fuzz_difference they_refuse[] = {
    {"self-issued", has_self_issued},
    {"last-second", has_last_second},
    {NULL, NULL},
};

static void check_verdict(const struct input *in, const struct dtls_crl *crl,
                          X509_CRL *theirs, struct dtls_bytes input)
{
    X509 *issuer;
    X509 *cert;

    if (!is_not_revoked(in, crl)) {
        return;
    }
    issuer = x509_of(in->issuer);
    cert = x509_of(in->cert);
    FUZZ_CHECK(!libcrypto_minds(issuer, cert, theirs) ||
               fuzz_is_known(they_refuse, input));
    X509_free(issuer);
    X509_free(cert);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes rest = {data, size};
    struct input in = {
        .issuer = fuzz_sign(fuzz_some(&rest, fuzz_u16(&rest))),
        .cert = fuzz_sign(fuzz_some(&rest, fuzz_u16(&rest))),
        .crl = fuzz_sign(rest),
    };
    struct dtls_crl crl;

    fuzz_mark(&crl, sizeof crl);
    if (dtls_crl_parse(&crl, dtls_span_bytes(in.crl)) == DTLS_OK) {
        X509_CRL *theirs = crl_of(in.crl);

        check_slices(&crl, in.crl);
        check_issuer(theirs, &crl);
        check_verdict(&in, &crl, theirs, dtls_bytes_of(data, size));
        X509_CRL_free(theirs);
    } else {
        fuzz_untouched(&crl, sizeof crl);
    }
    ERR_clear_error();
    free(in.issuer.data);
    free(in.cert.data);
    free(in.crl.data);
    return 0;
}
