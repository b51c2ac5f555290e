/* SPDX-License-Identifier: MIT */
/* HMAC (RFC 2104) over two saved chaining values: the one after the block of
 * key XOR ipad, and the one after the block of key XOR opad. */
#include "crypto/block_hash.h"
#include "crypto/libcrypto_internal.h"
#include "crypto/stream.h"

#include "base/secret.h"

#include <string.h>

_Static_assert(sizeof(((SHA512_CTX *)0)->h) <=
                   sizeof(((struct dtls_hmac_key *)0)->inner),
               "struct dtls_hmac_key has room for every chaining value");

/* Saves the chaining value after the block of key XOR `pad`. */
static enum dtls_status save_pad(uint64_t chain[8], enum dtls_hash_alg alg,
                                 const uint8_t *block, uint8_t pad)
{
    union dtls_block_hash hash;
    uint8_t padded[DTLS_BLOCK_MAX];

    if (dtls_block_hash_start(&hash, alg) != DTLS_OK) {
        return DTLS_INTERNAL_ERROR;
    }
    for (size_t i = 0; i < sizeof padded; i++) {
        padded[i] = block[i] ^ pad;
    }
    dtls_block_hash_transform(&hash, alg, padded);
    dtls_block_hash_save(&hash, alg, chain);
    dtls_wipe(padded, sizeof padded);
    dtls_wipe(&hash, sizeof hash);
    return DTLS_OK;
}

enum dtls_status dtls_hmac_prepare(void *self, struct dtls_hmac_key *key,
                                   enum dtls_hash_alg alg,
                                   struct dtls_bytes secret)
{
    uint8_t block[DTLS_BLOCK_MAX] = {0};
    enum dtls_status status;

    (void)self;
    memset(key, 0, sizeof *key);
    if (secret.len > (size_t)1 << dtls_block_hash_shift(alg)) {
        union dtls_block_hash hash;

        if (dtls_block_hash_start(&hash, alg) != DTLS_OK) {
            return DTLS_INTERNAL_ERROR;
        }
        dtls_block_hash_update(&hash, alg, secret);
        dtls_block_hash_finish(&hash, alg, block);
    } else if (secret.len != 0) {
        memcpy(block, secret.data, secret.len);
    }

    key->alg = alg;
    status = save_pad(key->inner, alg, block, 0x36);
    if (status == DTLS_OK) {
        status = save_pad(key->outer, alg, block, 0x5c);
    }
    dtls_wipe(block, sizeof block);
    return status;
}

/* A running inner hash stands in struct dtls_hash like any other. */
void dtls_hmac_begin(struct dtls_hash *hash, const struct dtls_hmac_key *key)
{
    union dtls_block_hash inner;

    dtls_block_hash_restore(&inner, key->alg, key->inner);
    memset(hash, 0, sizeof *hash);
    hash->alg = key->alg;
    memcpy(hash->state, &inner, sizeof inner);
    dtls_wipe(&inner, sizeof inner);
}

void dtls_hmac_end(struct dtls_hash *hash, const struct dtls_hmac_key *key,
                   uint8_t *out)
{
    union dtls_block_hash outer;
    uint8_t digest[DTLS_HASH_MAX];

    dtls_hash_digest(NULL, hash, digest);
    dtls_block_hash_restore(&outer, key->alg, key->outer);
    dtls_block_hash_update(&outer, key->alg,
                           dtls_bytes_of(digest, dtls_hash_len(key->alg)));
    dtls_block_hash_finish(&outer, key->alg, out);
    dtls_wipe(digest, sizeof digest);
    dtls_wipe(hash, sizeof *hash);
}

void dtls_hmac_parts(void *self, const struct dtls_hmac_key *key, uint8_t *out,
                     const struct dtls_bytes *parts, size_t num_parts)
{
    union dtls_block_hash hash;
    uint8_t digest[DTLS_HASH_MAX];

    (void)self;
    dtls_block_hash_restore(&hash, key->alg, key->inner);
    for (size_t i = 0; i < num_parts; i++) {
        dtls_block_hash_update(&hash, key->alg, parts[i]);
    }
    dtls_block_hash_finish(&hash, key->alg, digest);

    dtls_block_hash_restore(&hash, key->alg, key->outer);
    dtls_block_hash_update(&hash, key->alg,
                           dtls_bytes_of(digest, dtls_hash_len(key->alg)));
    dtls_block_hash_finish(&hash, key->alg, out);
    dtls_wipe(digest, sizeof digest);
}
