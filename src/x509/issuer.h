/* SPDX-License-Identifier: MIT */
/* What an issuer and what it has signed, a certificate or a CRL, have to do
 * with each other (RFC 5280, 6.1.3 and 6.3.3). */
#ifndef DTLS_X509_ISSUER_H
#define DTLS_X509_ISSUER_H

#include "x509/cert.h"

/* dtls_issuer_is_named: could something with this issuer name and this
 * authorityKeyIdentifier (contents of its SEQUENCE; empty: none) be signed by
 * `issuer`?
 *
 * Names are compared byte by byte, which RFC 5280, 7.1, allows if CAs copy
 * their subject into what they issue, as 4.1.2.6 asks of them: no folding of
 * case or space, no change of string type. */
bool dtls_issuer_is_named(const struct dtls_cert *issuer,
                          struct dtls_bytes name,
                          struct dtls_bytes authority_key_id);

/* dtls_issuer_is_strong: does a key of ours have 112 bits of security? */
bool dtls_issuer_is_strong(const struct dtls_public_key *key);

/* dtls_issuer_check_signature: has `key` signed `tbs`?
 *
 *   DTLS_OK
 *   DTLS_CERTIFICATE_SIGNATURE    no
 *   DTLS_UNSUPPORTED_CERTIFICATE  `alg` is NULL, or not the key's, which may
 * be too weak DTLS_INTERNAL_ERROR           libcrypto failed */
DTLS_MUST_USE enum dtls_status dtls_issuer_check_signature(
    const struct dtls_crypto *crypto, const struct dtls_public_key *key,
    const struct dtls_sigalg *alg, struct dtls_bytes tbs,
    struct dtls_bytes signature);

#endif
