/* SPDX-License-Identifier: MIT */
/* Keys as numbers, and RSA's paddings: for a caller that has the arithmetic of
 * a key done elsewhere (nx_crypto/adapter_keys.c).  Numbers are big-endian. */
#ifndef DTLS_CRYPTO_RAW_KEY_H
#define DTLS_CRYPTO_RAW_KEY_H

#include "crypto/crypto.h"

#define DTLS_RSA_MAX 512 /* bytes of the longest modulus */

/* struct dtls_raw_key is the numbers of a private key.  Wipe it where its life
 * ends. */
struct dtls_raw_key {
    enum dtls_key_type type;
    uint16_t group;               /* EC: NamedGroup                      */
    uint8_t public[DTLS_RSA_MAX]; /* RSA: modulus; EC: 04 || X || Y      */
    uint8_t secret[DTLS_RSA_MAX]; /* RSA: d; EC: the scalar              */
    uint8_t p[DTLS_RSA_MAX / 2];  /* RSA: a prime, if there are two      */
    uint8_t q[DTLS_RSA_MAX / 2];  /* RSA: the other prime                */
    uint8_t e[8];                 /* RSA: public exponent                */
    size_t public_len;
    size_t secret_len; /* of the modulus or a coordinate: zeros are kept   */
    size_t p_len;      /* 0 if there are no two primes                     */
    size_t q_len;
    size_t e_len;
};

/* dtls_raw_key_export writes the numbers of a key that dtls_libcrypto has read
 * or made.  If it cannot, it wipes `out` and returns DTLS_INTERNAL_ERROR.
 *
 * dtls_raw_key_import makes a key of a group's private number, for
 * dtls_libcrypto's sign and, as a share, for its share_agree.
 * dtls_libcrypto's private_key_free ends it.  The number for x25519 is the 32
 * bytes as they are.  It returns DTLS_INTERNAL_ERROR if the number is not one
 * of the group. */
DTLS_MUST_USE enum dtls_status dtls_raw_key_export(
    struct dtls_raw_key *out, const struct dtls_private_key *key);
DTLS_MUST_USE enum dtls_status dtls_raw_key_import(
    struct dtls_private_key *out, uint16_t group, struct dtls_bytes secret);

/* dtls_rsa_power writes number ^ exponent mod n, in constant time for a given
 * length of the exponent; number and result have n.len bytes.  It returns
 * DTLS_INTERNAL_ERROR if n is even or longer than DTLS_RSA_MAX. */
DTLS_MUST_USE enum dtls_status dtls_rsa_power(uint8_t *out,
                                              struct dtls_bytes n,
                                              struct dtls_bytes exponent,
                                              const uint8_t *number);

/* dtls_raw_key_is_usable returns true if these numbers are within the bounds
 * that dtls_libcrypto keeps, and the point is on its curve.  Unlike check_key
 * it accepts every group of key exchange. */
bool dtls_raw_key_is_usable(const struct dtls_public_key *key);

/* The following functions work on `em`, the key->n.len bytes that the RSA
 * arithmetic takes or gives (RFC 8017).
 *
 * dtls_rsa_pad_digest puts a digest into EMSA-PKCS1-v1_5 or EMSA-PSS, as the
 * pair says.  It returns DTLS_INTERNAL_ERROR if the key is unusable or too
 * short.
 *
 * dtls_rsa_check_digest returns DTLS_DECRYPT_ERROR if `em` is not such a
 * padding of this digest. */
DTLS_MUST_USE enum dtls_status dtls_rsa_pad_digest(
    uint8_t *em, const struct dtls_public_key *key,
    const struct dtls_sigalg *alg, struct dtls_bytes digest);
DTLS_MUST_USE enum dtls_status dtls_rsa_check_digest(
    const uint8_t *em, const struct dtls_public_key *key,
    const struct dtls_sigalg *alg, struct dtls_bytes digest);

/* dtls_rsa_pad_premaster pads with PKCS#1 v1.5, type 2.  It returns
 * DTLS_BAD_CERTIFICATE if the key is unusable.
 *
 * dtls_rsa_unpad_premaster is the inverse (RFC 5246, 7.4.7.1).  If `em` is not
 * a padded premaster secret of this version, `out` keeps the random bytes that
 * the caller has put there; its time does not tell. */
DTLS_MUST_USE enum dtls_status dtls_rsa_pad_premaster(
    uint8_t *em, const struct dtls_public_key *key,
    const uint8_t premaster[DTLS_MASTER_LEN]);
void dtls_rsa_unpad_premaster(uint8_t out[DTLS_MASTER_LEN], const uint8_t *em,
                              size_t em_len, uint16_t version);

#endif
