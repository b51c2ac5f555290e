/* SPDX-License-Identifier: MIT */
/* The relation of an issuer to a certificate or CRL that it has signed
 * (RFC 5280, 6.1.3 and 6.3.3). */
#ifndef DTLS_X509_ISSUER_H
#define DTLS_X509_ISSUER_H

#include "x509/cert.h"

/* dtls_issuer_is_named returns true if `issuer` could have signed an object
 * with this issuer name and this authorityKeyIdentifier (contents of its
 * SEQUENCE; empty: none).
 *
 * It compares names byte by byte: no folding of case or space, no change of
 * string type.  RFC 5280, 7.1, allows that if CAs copy their subject into what
 * they issue, as 4.1.2.6 asks of them. */
bool dtls_issuer_is_named(const struct dtls_cert *issuer,
                          struct dtls_bytes name,
                          struct dtls_bytes authority_key_id);

/* dtls_issuer_is_strong returns true if a key of ours has 112 bits of
 * security. */
bool dtls_issuer_is_strong(const struct dtls_public_key *key);

/* dtls_issuer_check_signature checks whether `key` has signed `tbs`.
 *
 *   DTLS_OK                       it has
 *   DTLS_CERTIFICATE_SIGNATURE    it has not
 *   DTLS_UNSUPPORTED_CERTIFICATE  `alg` is NULL or not the key's, or the key
 *                                 is too weak
 *   DTLS_INTERNAL_ERROR           libcrypto failed */
DTLS_MUST_USE enum dtls_status dtls_issuer_check_signature(
    const struct dtls_crypto *crypto, const struct dtls_public_key *key,
    const struct dtls_sigalg *alg, struct dtls_bytes tbs,
    struct dtls_bytes signature);

#endif
