/* SPDX-License-Identifier: MIT */
/* ECJPAKEKeyKP, a public key with the proof that its sender knows the private
 * one: what EC-JPAKE's messages are made of (draft-cragie-tls-ecjpake-01). */
#ifndef DTLS_CRYPTO_KEY_KP_H
#define DTLS_CRYPTO_KEY_KP_H

#include "base/bytes.h"

#define DTLS_KEY_KP_SCALAR                                                    \
    32                       /* bytes of a number modulo the group's order    \
                              */
#define DTLS_KEY_KP_POINT 65 /* bytes of a point: 04 || X || Y */
#define DTLS_KEY_KP_MAX (3 + 2 * DTLS_KEY_KP_POINT + DTLS_KEY_KP_SCALAR)

/* struct dtls_key_kp borrows its parts. */
struct dtls_key_kp {
    struct dtls_bytes x; /* the public key: a point  */
    struct dtls_bytes v; /* the proof: a point ...   */
    struct dtls_bytes r; /* ... and a number         */
};

/* dtls_key_kp_get takes a KeyKP off the front of `in`.  It returns false, and
 * changes neither, if it is cut off or a part is empty.  It does not judge the
 * parts: that is for cryptography.
 *
 * dtls_key_kp_pair_parse reads the two of a hello.  It returns
 * DTLS_DECODE_ERROR, and leaves `out` as it is, unless `in` is exactly that.
 */
DTLS_MUST_USE bool dtls_key_kp_get(struct dtls_bytes *in,
                                   struct dtls_key_kp *out);
DTLS_MUST_USE enum dtls_status dtls_key_kp_pair_parse(
    struct dtls_key_kp out[2], struct dtls_bytes in);

#endif
