/* SPDX-License-Identifier: MIT */
/* Stand-ins for what an application gives the engine: cryptography with
 * chosen random bytes, a store that says no (kit/kit.h). */
#include "kit/kit.h"

static enum dtls_status kit_random(void *self, uint8_t *out, size_t len)
{
    struct kit_crypto *k = self;

    k->calls++;
    if (k->fail_at != 0 && k->calls >= k->fail_at) {
        return DTLS_INTERNAL_ERROR;
    }
    if (k->seed != 0) {
        kit_fill(&k->seed, out, len);
        return DTLS_OK;
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = k->next++;
    }
    return DTLS_OK;
}

void kit_crypto_count(struct kit_crypto *k, uint8_t first)
{
    *k = (struct kit_crypto){.crypto = dtls_libcrypto, .next = first};
    k->crypto.self = k; /* libcrypto's functions do not look at theirs. */
    k->crypto.random = kit_random;
}

void kit_crypto_seed(struct kit_crypto *k, uint64_t seed)
{
    assert_true(seed != 0);
    kit_crypto_count(k, 0);
    k->seed = seed;
}

static void *store_take(void *self, size_t *size)
{
    struct kit_store *s = self;

    s->takes++;
    if (s->out >= s->limit) {
        return NULL;
    }
    for (size_t i = 0; i < KIT_STORE_MAX; i++) {
        if (s->blocks[i] == NULL) {
            s->blocks[i] = malloc(s->block_size);
            assert_non_null(s->blocks[i]);
            memset(s->blocks[i], 0xdb, s->block_size);
            s->out++;
            *size = s->block_size;
            return s->blocks[i];
        }
    }
    return NULL;
}

static void store_give(void *self, void *block)
{
    struct kit_store *s = self;

    for (size_t i = 0; i < KIT_STORE_MAX; i++) {
        if (s->blocks[i] == block) {
            free(block);
            s->blocks[i] = NULL;
            s->out--;
            return;
        }
    }
    fail_msg("a block came back that was not out");
}

void kit_store_init(struct kit_store *s, size_t block_size, size_t limit)
{
    assert_true(limit <= KIT_STORE_MAX);
    *s = (struct kit_store){.block_size = block_size, .limit = limit};
    s->store = (struct dtls_store){s, store_take, store_give};
}

void kit_store_end(const struct kit_store *s)
{
    assert_int_equal(s->out, 0);
}
