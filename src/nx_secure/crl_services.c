/* SPDX-License-Identifier: MIT */
/* Revocation: CRLs that the application supplies (RFC 5280, 6.3). */
#include "nx_secure/internal.h"

#include "x509/crl.h"
#include "x509/name.h"

#if !defined(NX_SECURE_DISABLE_X509) && !defined(NX_SECURE_X509_DISABLE_CRL)

static UINT crl_status(const struct dtls_crl *crl, enum dtls_status status)
{
    switch ((UINT)status) {
    case DTLS_UNKNOWN_CA:
        return NX_SECURE_X509_CRL_ISSUER_MISMATCH;
    case DTLS_CERTIFICATE_SIGNATURE:
        return NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED;
    case DTLS_BAD_CERTIFICATE:
        return NX_SECURE_X509_KEY_USAGE_ERROR;
    case DTLS_UNSUPPORTED_CERTIFICATE:
        return crl->has_unhandled_critical
                   ? NX_SECURE_X509_INVALID_EXTENSIONS
                   : NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM;
    default:
        return dtls_nx_status(status);
    }
}

/* Finds the issuer of `cert` on a good path to a trusted certificate.  It is
 * one of those that dtls_nx_gather gives, or of the trusted ones. */
static UINT find_issuer(const NX_SECURE_X509_CERTIFICATE_STORE *store,
                        const struct dtls_cert *cert,
                        struct dtls_crl_check *check)
{
    struct dtls_verify verify = {
        .crypto = check->crypto,
        .anchors = dtls_nx_anchors(store),
        .purpose = DTLS_PURPOSE_ANY,
        .check_time = check->check_time,
        .unix_time = check->unix_time,
    };
    enum dtls_status status;
    size_t num;
    const struct dtls_cert *list = dtls_nx_gather(store, cert, &num);

    status = dtls_chain_find_issuer(&verify, &check->issuer, list, num);
    /* The path is one certificate, which is trusted.  It is its own issuer if
     * it is self-issued. */
    if (status == DTLS_OK && check->issuer == NULL &&
        dtls_cert_is_self_issued(cert)) {
        check->issuer = &list[0];
    }
    if (status == DTLS_UNKNOWN_CA || status == DTLS_MESSAGE_TOO_LONG ||
        (status == DTLS_OK && check->issuer == NULL)) {
        return NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND;
    }
    return dtls_nx_status(status);
}

static UINT check_crl(const struct dtls_crl *crl,
                      const NX_SECURE_X509_CERTIFICATE_STORE *store,
                      const struct dtls_cert *cert,
                      struct dtls_crl_check *check)
{
    UINT status;

    if (!dtls_name_equal(crl->issuer, cert->issuer)) {
        return NX_SECURE_X509_CRL_ISSUER_MISMATCH;
    }
    status = find_issuer(store, cert, check);
    return status == NX_SUCCESS
               ? crl_status(crl, dtls_crl_check(check, crl, cert))
               : status;
}

UINT _nx_secure_x509_crl_revocation_check(
    const UCHAR *crl_data, UINT crl_length,
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate)
{
    ULONG (*now)(VOID) = store->nx_secure_x509_time_function;
    struct dtls_crl_check check = {
        .crypto = dtls_nx_crypto,
        .check_time = now != NX_NULL,
        .unix_time = now != NX_NULL ? (int64_t)now() : 0,
    };
    struct dtls_crl crl;
    UINT status;

    if (dtls_crl_parse(&crl, dtls_bytes_of(crl_data, crl_length)) != DTLS_OK) {
        return NX_SECURE_X509_INVALID_CERTIFICATE_DATA;
    }
    dtls_nx_lock(); /* the lists must not change */
    status = check_crl(&crl, store,
                       &dtls_nx_cert(certificate)->credential.cert, &check);
    dtls_nx_unlock();
    return status;
}

UINT _nxe_secure_x509_crl_revocation_check(
    const UCHAR *crl_data, UINT crl_length,
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate)
{
    if (crl_data == NX_NULL || store == NX_NULL || certificate == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_crl_revocation_check(crl_data, crl_length, store,
                                                certificate);
}

#endif
