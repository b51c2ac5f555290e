/* SPDX-License-Identifier: MIT */
/* AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280, 4.1.1.2, 4.1.2.7;
 * RFC 3279, RFC 4055, RFC 5480, RFC 8410). */
#ifndef DTLS_X509_ALGORITHM_H
#define DTLS_X509_ALGORITHM_H

#include "crypto/crypto.h"
#include "base/der.h"

/* dtls_algorithm_get takes an AlgorithmIdentifier off the front of `in`.
 *
 * `id` becomes the SignatureAndHashAlgorithm it means, 0 if it is not one of
 * ours: RSA PKCS#1 v1.5 (parameters NULL or absent) and ECDSA (absent), both
 * with SHA-1, too, which is for others to refuse; Ed25519 (absent); RSASSA-PSS
 * with SHA-256, -384 or -512; PSS only with MGF1 over the same
 * hash and a salt of its length, as TLS has it.  `element` is the whole
 * encoding.  It returns false, and changes nothing, on bad DER. */
DTLS_MUST_USE bool dtls_algorithm_get(struct dtls_bytes *in,
                                      struct dtls_bytes *element,
                                      uint16_t *id);

/* dtls_algorithm_get_key takes a SubjectPublicKeyInfo.
 *
 * Ours are rsaEncryption with an odd modulus of at most 4096 bits and an odd
 * exponent of 17 to 64 bits, and id-ecPublicKey on P-256, P-384 or P-521 by
 * name with an uncompressed point of the right length, and Ed25519.  `key` has
 * type DTLS_KEY_NONE for any other.  Whether a point is on its curve is for
 * whoever uses it.  It returns false, and changes nothing, on bad DER. */
DTLS_MUST_USE bool dtls_algorithm_get_key(struct dtls_bytes *in,
                                          struct dtls_public_key *key);

#endif
