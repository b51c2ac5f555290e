/* SPDX-License-Identifier: MIT */
/* The functions that the files behind dtls_libcrypto share.  Private to this
 * folder.
 *
 * From dtls_random_fill on they are the entries of struct dtls_crypto, whose
 * comments are their contract; `self` is unused throughout.
 *
 * A function in which libcrypto fails empties libcrypto's error queue, so that
 * nothing piles up there. */
#ifndef DTLS_CRYPTO_LIBCRYPTO_INTERNAL_H
#define DTLS_CRYPTO_LIBCRYPTO_INTERNAL_H

#include "crypto/crypto.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

/* dtls_fetch_cipher returns libcrypto's implementation of the suite's cipher,
 * or NULL if there is none.
 *
 * dtls_fetch_curve returns the curve of a group, or NULL if the group is none
 * of ours or bare.  dtls_fetch_bare returns a key that holds the parameters of
 * a bare group, or NULL; the key must not be changed.
 *
 * The first call, in any thread, fetches everything; it lives as long as the
 * process. */
const EVP_CIPHER *dtls_fetch_cipher(const struct dtls_suite *suite);
const EC_GROUP *dtls_fetch_curve(uint16_t group);
EVP_PKEY *dtls_fetch_bare(uint16_t group);

/* dtls_fetch_group_name returns libcrypto's short name of the group, or NULL
 * if the group is not ours. */
const char *dtls_fetch_group_name(uint16_t group);

/* The keys below are EVP_PKEYs around libcrypto's older EC_KEY or RSA, which
 * sign, verify and agree without the generic layer: EVP would look up and make
 * an object of its own for each operation.
 *
 * dtls_public_point makes a key of a public value as it stands on the wire.
 * It returns NULL unless the value is uncompressed or bare, as the group
 * demands, and on the curve. */
EVP_PKEY *dtls_public_point(uint16_t group, struct dtls_bytes point);

/* dtls_wrap_ec puts an EC key, which it takes over, into an EVP_PKEY.  It
 * returns NULL, and frees the key, if libcrypto fails or the key is NULL. */
EVP_PKEY *dtls_wrap_ec(EC_KEY *key);

/* dtls_public_ed25519 makes a key of its 32 bytes.  It returns NULL if
 * libcrypto fails. */
EVP_PKEY *dtls_public_ed25519(struct dtls_bytes key);

/* dtls_public_rsa makes a key of modulus and exponent.  It returns NULL if
 * they are out of the bounds in public_key.c. */
EVP_PKEY *dtls_public_rsa(struct dtls_bytes n, struct dtls_bytes e);

/* dtls_private_ec makes a key of a private number and, unless it is empty, its
 * point.  It returns NULL if libcrypto refuses one of them, or the number is
 * 0. */
EVP_PKEY *dtls_private_ec(uint16_t group, struct dtls_bytes secret,
                          struct dtls_bytes point);

/* DTLS_RSA_BITS_MIN and DTLS_RSA_BITS_MAX bound the RSA moduli that we use. */
#define DTLS_RSA_BITS_MIN 2048
#define DTLS_RSA_BITS_MAX 4096

DTLS_MUST_USE enum dtls_status dtls_random_fill(void *self, uint8_t *out,
                                                size_t len);

DTLS_MUST_USE enum dtls_status dtls_hash_all(void *self, uint8_t *out,
                                             enum dtls_hash_alg alg,
                                             const struct dtls_bytes *parts,
                                             size_t num_parts);
DTLS_MUST_USE enum dtls_status dtls_hash_start(void *self,
                                               struct dtls_hash *hash,
                                               enum dtls_hash_alg alg);
void dtls_hash_update(void *self, struct dtls_hash *hash,
                      struct dtls_bytes data);
void dtls_hash_digest(void *self, const struct dtls_hash *hash, uint8_t *out);

DTLS_MUST_USE enum dtls_status dtls_hmac_prepare(void *self,
                                                 struct dtls_hmac_key *key,
                                                 enum dtls_hash_alg alg,
                                                 struct dtls_bytes secret);
void dtls_hmac_parts(void *self, const struct dtls_hmac_key *key, uint8_t *out,
                     const struct dtls_bytes *parts, size_t num_parts);
DTLS_MUST_USE enum dtls_status dtls_prf_expand(
    void *self, uint8_t *out, size_t out_len, enum dtls_hash_alg alg,
    struct dtls_bytes secret, const char *label, struct dtls_bytes seed1,
    struct dtls_bytes seed2);

DTLS_MUST_USE enum dtls_status dtls_cipher_set_key(
    void *self, struct dtls_cipher *cipher, const struct dtls_suite *suite,
    const struct dtls_cipher_keys *keys, bool seal);
void dtls_cipher_free(void *self, struct dtls_cipher *cipher);
DTLS_MUST_USE enum dtls_status dtls_cipher_mac(void *self,
                                               struct dtls_cipher *cipher,
                                               uint8_t *out,
                                               const struct dtls_bytes *parts,
                                               size_t num_parts);
DTLS_MUST_USE enum dtls_status dtls_cipher_aead_seal(
    void *self, struct dtls_cipher *cipher, const uint8_t *aad,
    struct dtls_span body);
DTLS_MUST_USE enum dtls_status dtls_cipher_aead_open(
    void *self, struct dtls_cipher *cipher, const uint8_t *aad,
    struct dtls_span body);
DTLS_MUST_USE enum dtls_status dtls_cipher_cbc_encrypt(
    void *self, struct dtls_cipher *cipher, const uint8_t iv[DTLS_CBC_BLOCK],
    struct dtls_span data);
DTLS_MUST_USE enum dtls_status dtls_cipher_cbc_decrypt(
    void *self, struct dtls_cipher *cipher, const uint8_t iv[DTLS_CBC_BLOCK],
    struct dtls_span data);
DTLS_MUST_USE enum dtls_status dtls_cbc_ct_check(void *self,
                                                 struct dtls_cipher *cipher,
                                                 const uint8_t *header,
                                                 struct dtls_bytes data,
                                                 size_t *plain_len);

DTLS_MUST_USE enum dtls_status dtls_share_make(void *self,
                                               struct dtls_share *share,
                                               uint16_t group, uint8_t *out);
DTLS_MUST_USE enum dtls_status dtls_share_agree(void *self,
                                                struct dtls_share *share,
                                                uint8_t *out, size_t *out_len,
                                                struct dtls_bytes peer);
void dtls_share_free(void *self, struct dtls_share *share);

DTLS_MUST_USE enum dtls_status dtls_jpake_make(void *self,
                                               struct dtls_jpake *jpake,
                                               bool server,
                                               struct dtls_bytes password);
struct dtls_bytes dtls_jpake_hello(void *self, const struct dtls_jpake *jpake);
DTLS_MUST_USE enum dtls_status dtls_jpake_take_hello(
    void *self, struct dtls_jpake *jpake, const struct dtls_key_kp pair[2]);
DTLS_MUST_USE enum dtls_status dtls_jpake_key(void *self,
                                              struct dtls_jpake *jpake,
                                              struct dtls_buf *out);
DTLS_MUST_USE enum dtls_status dtls_jpake_take_key(
    void *self, struct dtls_jpake *jpake, const struct dtls_key_kp *kp);
DTLS_MUST_USE enum dtls_status dtls_jpake_agree(
    void *self, const struct dtls_jpake *jpake,
    uint8_t out[DTLS_JPAKE_SECRET_LEN]);
void dtls_jpake_free(void *self, struct dtls_jpake *jpake);

DTLS_MUST_USE enum dtls_status dtls_private_key_read(
    void *self, struct dtls_private_key *key, struct dtls_bytes der);
void dtls_private_key_free(void *self, struct dtls_private_key *key);
DTLS_MUST_USE enum dtls_status dtls_signature_sign(
    void *self, const struct dtls_private_key *key,
    const struct dtls_sigalg *alg, uint8_t *out, size_t *out_len,
    struct dtls_bytes input);
DTLS_MUST_USE enum dtls_status dtls_signature_verify(
    void *self, const struct dtls_public_key *key,
    const struct dtls_sigalg *alg, struct dtls_bytes input,
    struct dtls_bytes signature);
DTLS_MUST_USE enum dtls_status dtls_signature_check_key(
    void *self, const struct dtls_public_key *key);
DTLS_MUST_USE enum dtls_status dtls_premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN]);
DTLS_MUST_USE enum dtls_status dtls_premaster_open(
    void *self, const struct dtls_private_key *key, uint16_t version,
    uint8_t out[DTLS_MASTER_LEN], struct dtls_bytes encrypted);

#endif
