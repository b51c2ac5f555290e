/* SPDX-License-Identifier: MIT */
/* AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280, 4.1.1.2, 4.1.2.7;
 * RFC 3279, RFC 4055, RFC 5480, RFC 8410). */
#ifndef DTLS_X509_ALGORITHM_H
#define DTLS_X509_ALGORITHM_H

#include "crypto/crypto.h"
#include "base/der.h"

/* dtls_algorithm_get takes an AlgorithmIdentifier off the front of `in`;
 * `element` is its whole encoding.  It returns false, and changes nothing, on
 * bad DER.
 *
 * `id` becomes the SignatureAndHashAlgorithm that it means, or 0 if that is
 * not one of ours.  Ours are RSA PKCS#1 v1.5 (parameters NULL or absent) and
 * ECDSA (absent), both also with SHA-1, which is for the caller to refuse;
 * Ed25519 (absent); and RSASSA-PSS with SHA-256, -384 or -512, only with MGF1
 * over the same hash and a salt of the hash's length, as TLS demands. */
DTLS_MUST_USE bool dtls_algorithm_get(struct dtls_bytes *in,
                                      struct dtls_bytes *element,
                                      uint16_t *id);

/* dtls_algorithm_get_key takes a SubjectPublicKeyInfo off the front of `in`.
 * It returns false, and changes nothing, on bad DER.
 *
 * Ours are rsaEncryption with an odd modulus of at most 4096 bits and an odd
 * exponent of 17 to 64 bits; id-ecPublicKey on P-256, P-384 or P-521 by name,
 * with an uncompressed point of the right length; and Ed25519.  `key` has type
 * DTLS_KEY_NONE for any other.
 *
 * It does not check whether a point is on its curve. */
DTLS_MUST_USE bool dtls_algorithm_get_key(struct dtls_bytes *in,
                                          struct dtls_public_key *key);

#endif
