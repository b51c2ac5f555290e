/* SPDX-License-Identifier: MIT */
/* The hashes of struct dtls_crypto.  libcrypto's context of a running hash
 * lies inside struct dtls_hash, which assignment can therefore copy. */
#include "crypto/block_hash.h"
#include "crypto/libcrypto_internal.h"

#include <string.h>

_Static_assert(sizeof(union dtls_block_hash) <=
                   sizeof(((struct dtls_hash *)0)->state),
               "struct dtls_hash has room for every hash");
_Static_assert(_Alignof(union dtls_block_hash) <= _Alignof(uint64_t),
               "struct dtls_hash is aligned for every hash");

enum dtls_status dtls_hash_all(void *self, uint8_t *out,
                               enum dtls_hash_alg alg,
                               const struct dtls_bytes *parts,
                               size_t num_parts)
{
    union dtls_block_hash context;

    (void)self;
    if (dtls_block_hash_start(&context, alg) != DTLS_OK) {
        return DTLS_INTERNAL_ERROR;
    }
    for (size_t i = 0; i < num_parts; i++) {
        dtls_block_hash_update(&context, alg, parts[i]);
    }
    dtls_block_hash_finish(&context, alg, out);
    return DTLS_OK;
}

enum dtls_status dtls_hash_start(void *self, struct dtls_hash *hash,
                                 enum dtls_hash_alg alg)
{
    union dtls_block_hash context;

    (void)self;
    memset(hash, 0, sizeof *hash);
    if (dtls_block_hash_start(&context, alg) != DTLS_OK) {
        return DTLS_INTERNAL_ERROR;
    }
    hash->alg = alg;
    memcpy(hash->state, &context, sizeof context);
    return DTLS_OK;
}

void dtls_hash_update(void *self, struct dtls_hash *hash,
                      struct dtls_bytes data)
{
    (void)self;
    /* The cast goes through void: only libcrypto looks behind this pointer. */
    dtls_block_hash_update((void *)hash->state, hash->alg, data);
}

void dtls_hash_digest(void *self, const struct dtls_hash *hash, uint8_t *out)
{
    union dtls_block_hash context;

    (void)self;
    memcpy(&context, hash->state, sizeof context);
    dtls_block_hash_finish(&context, hash->alg, out);
}
