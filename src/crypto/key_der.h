/* SPDX-License-Identifier: MIT */
/* A private key in the form of a file: PKCS#1 (RFC 8017, A.1.2), SEC1
 * (RFC 5915) or PKCS#8 (RFC 5958), read in place. */
#ifndef DTLS_CRYPTO_KEY_DER_H
#define DTLS_CRYPTO_KEY_DER_H

#include "base/der.h"
#include "crypto/crypto.h"

/* The algorithms of private and public keys: rsaEncryption, id-ecPublicKey,
 * id-Ed25519. */
extern const struct der_oid dtls_oid_rsa;
extern const struct der_oid dtls_oid_ec;
extern const struct der_oid dtls_oid_ed25519;

/* dtls_curve_find returns the group of a namedCurve, or 0 if it is not
 * ours. */
uint16_t dtls_curve_find(struct dtls_bytes oid);

/* The numbers of an RSA key, in the order of PKCS#1. */
enum {
    DTLS_RSA_N,
    DTLS_RSA_E,
    DTLS_RSA_D,
    DTLS_RSA_P,
    DTLS_RSA_Q,
    DTLS_RSA_DP,
    DTLS_RSA_DQ,
    DTLS_RSA_QINV,
    DTLS_RSA_NUMBERS
};

/* struct dtls_key_der is the content of a key; all of it is borrowed. */
struct dtls_key_der {
    enum dtls_key_type type;
    uint16_t group;                              /* EC                     */
    struct dtls_bytes numbers[DTLS_RSA_NUMBERS]; /* RSA, no leading zeros  */
    struct dtls_bytes secret;                    /* EC, Ed25519            */
    struct dtls_bytes point;                     /* EC; empty: none given  */
};

/* dtls_key_der_parse reads a key that fills `der`.  The key itself tells which
 * form it has.
 *
 * It returns false, and changes nothing, if the key is not strict DER, has a
 * field too many or too few, another version or more than two primes, or is of
 * a type or on a curve that is not ours.  It does not check whether the
 * numbers belong together. */
DTLS_MUST_USE bool dtls_key_der_parse(struct dtls_key_der *out,
                                      struct dtls_bytes der);

#endif
