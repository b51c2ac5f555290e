/* SPDX-License-Identifier: MIT */
/* Schnorr's proof that one knows a private key, as EC-JPAKE sends it with each
 * public key (RFC 8235; draft-cragie-tls-ecjpake-01).  Private to this
 * folder. */
#ifndef DTLS_CRYPTO_SCHNORR_H
#define DTLS_CRYPTO_SCHNORR_H

#include "crypto/key_kp.h"

#include <openssl/bn.h>
#include <openssl/ec.h>

/* struct dtls_schnorr is what proofs are made with, borrowed.  The curve is
 * secp256r1. */
struct dtls_schnorr {
    const EC_GROUP *curve;
    BN_CTX *bn;
};

/* dtls_schnorr_mul computes `scalar` times `base`, or the curve's generator if
 * `base` is NULL.  The time does not depend on the scalar's value. */
DTLS_MUST_USE bool dtls_schnorr_mul(const struct dtls_schnorr *s,
                                    EC_POINT *out, const EC_POINT *base,
                                    const BIGNUM *scalar);

/* dtls_schnorr_encode writes a point as it stands on the wire.  It returns
 * false also for the point at infinity. */
DTLS_MUST_USE bool dtls_schnorr_encode(const struct dtls_schnorr *s,
                                       uint8_t out[DTLS_KEY_KP_POINT],
                                       const EC_POINT *point);

/* dtls_schnorr_make sets `public_key` to x times `base` (NULL: the curve's
 * generator) and appends both the key and a proof that is bound to our role.
 * It returns false if the base is at infinity, libcrypto fails or there is no
 * room. */
DTLS_MUST_USE bool dtls_schnorr_make(const struct dtls_schnorr *s,
                                     struct dtls_buf *out,
                                     EC_POINT *public_key,
                                     const EC_POINT *base, const BIGNUM *x,
                                     bool server);

/* dtls_schnorr_check reads a peer's key and verifies its proof, which must be
 * that of a server if `server` is true.
 *
 * It returns false, and leaves `public_key` undefined, if the base is at
 * infinity, a point is not uncompressed or not on the curve, r is longer than
 * 32 bytes or not below the group's order, the proof does not verify, or
 * libcrypto fails. */
DTLS_MUST_USE bool dtls_schnorr_check(const struct dtls_schnorr *s,
                                      EC_POINT *public_key,
                                      const EC_POINT *base,
                                      const struct dtls_key_kp *kp,
                                      bool server);

#endif
