/* SPDX-License-Identifier: MIT */
/* libcrypto's hash functions one block at a time (FIPS 180-4).  Private to
 * this folder.
 *
 * EVP keeps every hash on the heap and hides the chaining value, which HMAC
 * saves per key and the constant-time record check (cbc_ct.c) needs after each
 * block.  The low-level calls need no heap and show the chaining value.
 * libcrypto 3 marks them deprecated; this header, which three files use, asks
 * for them all the same. */
#ifndef DTLS_CRYPTO_BLOCK_HASH_H
#define DTLS_CRYPTO_BLOCK_HASH_H

#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/crypto.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

#define DTLS_BLOCK_MAX 128 /* bytes of the longest block                   */

union dtls_block_hash {
    SHA_CTX sha1;
    MD5_CTX md5;
    SHA256_CTX sha256; /* and SHA-224                                      */
    SHA512_CTX sha512; /* and SHA-384                                      */
};

/* dtls_block_hash_shift returns the binary logarithm of the block's length, 6
 * or 7, so that a secret length can be divided by the block's in constant
 * time. */
static inline unsigned dtls_block_hash_shift(enum dtls_hash_alg alg)
{
    return alg == DTLS_HASH_SHA384 || alg == DTLS_HASH_SHA512 ? 7 : 6;
}

/* dtls_block_hash_start fails for DTLS_HASH_NONE only.  After it the other
 * functions cannot fail. */
DTLS_MUST_USE enum dtls_status dtls_block_hash_start(
    union dtls_block_hash *hash, enum dtls_hash_alg alg);
void dtls_block_hash_update(union dtls_block_hash *hash,
                            enum dtls_hash_alg alg, struct dtls_bytes data);

/* dtls_block_hash_finish writes the digest and wipes the hash. */
void dtls_block_hash_finish(union dtls_block_hash *hash,
                            enum dtls_hash_alg alg, uint8_t *out);

/* dtls_block_hash_transform runs the compression function over one block. */
void dtls_block_hash_transform(union dtls_block_hash *hash,
                               enum dtls_hash_alg alg, const uint8_t *block);

/* dtls_block_hash_save copies the chaining value out, without the bytes that
 * libcrypto still has in its buffer.  dtls_block_hash_restore goes on from a
 * chaining value that was saved after one block. */
void dtls_block_hash_save(const union dtls_block_hash *hash,
                          enum dtls_hash_alg alg, uint64_t chain[8]);
void dtls_block_hash_restore(union dtls_block_hash *hash,
                             enum dtls_hash_alg alg, const uint64_t chain[8]);

/* dtls_block_hash_digest writes the chaining value after the last block as the
 * digest, for a hash whose words are big-endian: not for MD5. */
void dtls_block_hash_digest(uint8_t *out, enum dtls_hash_alg alg,
                            const uint64_t chain[8]);

#endif
