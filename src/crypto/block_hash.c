/* SPDX-License-Identifier: MIT */
/* libcrypto's hash functions one block at a time (crypto/block_hash.h). */
#include "crypto/block_hash.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

enum dtls_status dtls_block_hash_start(union dtls_block_hash *hash,
                                       enum dtls_hash_alg alg)
{
    int started = 0;

    switch (alg) {
    case DTLS_HASH_SHA1:
        started = SHA1_Init(&hash->sha1);
        break;
    case DTLS_HASH_SHA256:
        started = SHA256_Init(&hash->sha256);
        break;
    case DTLS_HASH_SHA224:
        started = SHA224_Init(&hash->sha256);
        break;
    case DTLS_HASH_MD5:
        started = MD5_Init(&hash->md5);
        break;
    case DTLS_HASH_SHA384:
        started = SHA384_Init(&hash->sha512);
        break;
    case DTLS_HASH_SHA512:
        started = SHA512_Init(&hash->sha512);
        break;
    case DTLS_HASH_NONE:
        break;
    }
    return started == 1 ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

void dtls_block_hash_update(union dtls_block_hash *hash,
                            enum dtls_hash_alg alg, struct dtls_bytes data)
{
    int done = 0;

    if (data.len == 0) {
        return;
    }
    switch (alg) {
    case DTLS_HASH_SHA1:
        done = SHA1_Update(&hash->sha1, data.data, data.len);
        break;
    case DTLS_HASH_SHA224:
    case DTLS_HASH_SHA256:
        done = SHA256_Update(&hash->sha256, data.data, data.len);
        break;
    case DTLS_HASH_MD5:
        done = MD5_Update(&hash->md5, data.data, data.len);
        break;
    case DTLS_HASH_SHA384:
    case DTLS_HASH_SHA512:
        done = SHA512_Update(&hash->sha512, data.data, data.len);
        break;
    case DTLS_HASH_NONE:
        break;
    }
    /* libcrypto's cannot fail.  Without an algorithm nothing would be
     * hashed. */
    assert(done == 1);
    (void)done;
}

void dtls_block_hash_finish(union dtls_block_hash *hash,
                            enum dtls_hash_alg alg, uint8_t *out)
{
    int done = 0;

    switch (alg) {
    case DTLS_HASH_SHA1:
        done = SHA1_Final(out, &hash->sha1);
        break;
    case DTLS_HASH_SHA224: /* SHA224_Init has set the length */
    case DTLS_HASH_SHA256:
        done = SHA256_Final(out, &hash->sha256);
        break;
    case DTLS_HASH_MD5:
        done = MD5_Final(out, &hash->md5);
        break;
    case DTLS_HASH_SHA384: /* SHA384_Init has set the length */
    case DTLS_HASH_SHA512:
        done = SHA512_Final(out, &hash->sha512);
        break;
    case DTLS_HASH_NONE:
        break;
    }
    /* libcrypto's fail only for a length that none of its own hashes has.
     * Without an algorithm the output would stay as it was. */
    assert(done == 1);
    (void)done;
    dtls_wipe(hash, sizeof *hash);
}

void dtls_block_hash_transform(union dtls_block_hash *hash,
                               enum dtls_hash_alg alg, const uint8_t *block)
{
    switch (alg) {
    case DTLS_HASH_SHA1:
        SHA1_Transform(&hash->sha1, block);
        break;
    case DTLS_HASH_SHA224:
    case DTLS_HASH_SHA256:
        SHA256_Transform(&hash->sha256, block);
        break;
    case DTLS_HASH_MD5:
        MD5_Transform(&hash->md5, block);
        break;
    case DTLS_HASH_SHA384:
    case DTLS_HASH_SHA512:
        SHA512_Transform(&hash->sha512, block);
        break;
    case DTLS_HASH_NONE:
        assert(false); /* Without a hash the output would not change. */
    }
}

void dtls_block_hash_save(const union dtls_block_hash *hash,
                          enum dtls_hash_alg alg, uint64_t chain[8])
{
    SHA_LONG five[5];

    switch (alg) {
    case DTLS_HASH_SHA1:
        five[0] = hash->sha1.h0;
        five[1] = hash->sha1.h1;
        five[2] = hash->sha1.h2;
        five[3] = hash->sha1.h3;
        five[4] = hash->sha1.h4;
        memcpy(chain, five, sizeof five);
        dtls_wipe(five, sizeof five);
        break;
    case DTLS_HASH_SHA224:
    case DTLS_HASH_SHA256:
        memcpy(chain, hash->sha256.h, sizeof hash->sha256.h);
        break;
    case DTLS_HASH_MD5:
        memcpy(chain, &hash->md5.A, 4 * sizeof hash->md5.A);
        break;
    case DTLS_HASH_SHA384:
    case DTLS_HASH_SHA512:
        memcpy(chain, hash->sha512.h, sizeof hash->sha512.h);
        break;
    case DTLS_HASH_NONE:
        assert(false); /* Without a hash the output would not change. */
    }
}

void dtls_block_hash_restore(union dtls_block_hash *hash,
                             enum dtls_hash_alg alg, const uint64_t chain[8])
{
    SHA_LONG five[5];
    enum dtls_status status = dtls_block_hash_start(hash, alg);

    assert(status == DTLS_OK); /* The start only sets initial values. */
    (void)status;
    /* Nl counts bits. */
    switch (alg) {
    case DTLS_HASH_SHA1:
        memcpy(five, chain, sizeof five);
        hash->sha1.h0 = five[0];
        hash->sha1.h1 = five[1];
        hash->sha1.h2 = five[2];
        hash->sha1.h3 = five[3];
        hash->sha1.h4 = five[4];
        hash->sha1.Nl = 8 * SHA_CBLOCK;
        dtls_wipe(five, sizeof five);
        break;
    case DTLS_HASH_SHA224:
    case DTLS_HASH_SHA256:
        memcpy(hash->sha256.h, chain, sizeof hash->sha256.h);
        hash->sha256.Nl = 8u * SHA256_CBLOCK;
        break;
    case DTLS_HASH_MD5:
        memcpy(&hash->md5.A, chain, 4 * sizeof hash->md5.A);
        hash->md5.Nl = 8u * MD5_CBLOCK;
        break;
    case DTLS_HASH_SHA384:
    case DTLS_HASH_SHA512:
        memcpy(hash->sha512.h, chain, sizeof hash->sha512.h);
        hash->sha512.Nl = (SHA_LONG64)8 * SHA512_CBLOCK;
        break;
    case DTLS_HASH_NONE:
        assert(false); /* Without a hash the output would not change. */
    }
}

void dtls_block_hash_digest(uint8_t *out, enum dtls_hash_alg alg,
                            const uint64_t chain[8])
{
    size_t word_len = dtls_block_hash_shift(alg) == 7 ? 8 : 4;

    for (size_t i = 0; i < dtls_hash_len(alg); i += word_len) {
        uint64_t word;

        if (word_len == 8) {
            word = chain[i / 8];
        } else {
            SHA_LONG half;

            memcpy(&half, (const uint8_t *)chain + i, sizeof half);
            word = half;
        }
        for (size_t j = 0; j < word_len; j++) {
            out[i + j] = (uint8_t)(word >> (8 * (word_len - 1 - j)));
        }
    }
}
