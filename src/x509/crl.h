/* SPDX-License-Identifier: MIT */
/* A certificate revocation list, read in place (RFC 5280, 5 and 6.3). */
#ifndef DTLS_X509_CRL_H
#define DTLS_X509_CRL_H

#include "x509/cert.h"

struct dtls_crl {
    struct dtls_bytes tbs;       /* TBSCertList with its tag and length */
    struct dtls_bytes issuer;    /* Name with its tag and length        */
    struct dtls_bytes signature; /* contents of the BIT STRING          */
    uint16_t sigalg;     /* SignatureAndHashAlgorithm, 0: not ours      */
    int64_t this_update; /* seconds since 1970-01-01 UTC                */
    int64_t next_update;
    struct dtls_bytes revoked; /* contents of revokedCertificates       */
    struct dtls_bytes authority_key_id; /* contents of the SEQUENCE     */
    /* The list or an entry has a critical extension that this code does not
     * understand; or, critical or not, one by which the list is not its
     * issuer's complete one: issuingDistributionPoint, deltaCRLIndicator, an
     * entry's certificateIssuer. */
    bool has_unhandled_critical;
};

/* dtls_crl_parse reads one CRL that fills `der`.
 *
 * On DTLS_OK `out` is complete and borrows from `der`.  Otherwise `out` is
 * untouched and the status is DTLS_BAD_CERTIFICATE: not strict DER, a field
 * missing or out of order (nextUpdate is mandatory: RFC 5280, 5.1.2.5), an
 * extension twice, the content of an extension that is used or critical not of
 * its type, extensions in version 1, bytes left over. */
DTLS_MUST_USE enum dtls_status dtls_crl_parse(struct dtls_crl *out,
                                              struct dtls_bytes der);

/* struct dtls_crl_check holds what dtls_crl_check needs beside the CRL and the
 * certificate. */
struct dtls_crl_check {
    const struct dtls_crypto *crypto;
    const struct dtls_cert *issuer; /* of the certificate; itself verified */
    bool check_time;
    int64_t unix_time; /* seconds, if check_time */
};

/* dtls_crl_check checks whether `crl` leaves `cert` good, which
 * `check->issuer` has issued.
 *
 *   DTLS_OK                         the CRL is good and does not list it
 *   DTLS_CERTIFICATE_REVOKED        the CRL is good and lists it, for any
 *                                   reason, a hold included
 *   DTLS_UNKNOWN_CA                 the CRL is another issuer's
 *   DTLS_CERTIFICATE_SIGNATURE      the issuer did not sign the CRL
 *   DTLS_BAD_CERTIFICATE            keyUsage: the issuer may not sign CRLs
 *   DTLS_UNSUPPORTED_CERTIFICATE    extension, pair or key that is not ours
 *   DTLS_CERTIFICATE_EXPIRED        now is past nextUpdate
 *   DTLS_CERTIFICATE_NOT_YET_VALID  now is before thisUpdate
 *   DTLS_INTERNAL_ERROR             libcrypto failed
 *
 * The first two statuses are about the certificate, all others about the
 * CRL. */
DTLS_MUST_USE enum dtls_status dtls_crl_check(
    const struct dtls_crl_check *check, const struct dtls_crl *crl,
    const struct dtls_cert *cert);

#endif
