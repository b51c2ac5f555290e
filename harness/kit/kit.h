/* SPDX-License-Identifier: MIT */
/* What every test shares: which requirement it proves, which row it is in,
 * hex, parsers tried at every truncation, cryptography that repeats itself, a
 * store that says no.
 *
 * It brings cmocka with it.  A test program ends in
 *
 *     int main(void)
 *     {
 *         const struct CMUnitTest tests[] = {...};
 *
 *         return kit_run(tests);
 *     }
 */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include "base/store.h"
#include "crypto/crypto.h"
#include "kit/proves.h"

#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* kit_run is kit_run_named for a whole array. */
#define kit_run(tests) kit_run_named(__FILE__, tests, LEN(tests))

/* kit_skip is cmocka's skip, known to kit_run. */
#define kit_skip() kit_skip_at(__FILE__, __LINE__)
void kit_skip_at(const char *file, int line);

/* kit_exact copies bytes to a heap block of exactly their size, so that a
 * sanitizer sees the byte that is read too much.  The caller frees it. */
uint8_t *kit_exact(struct dtls_bytes bytes);

/* kit_each_prefix calls `check` with every truncation of `whole`, from 0 to
 * whole.len - 1 bytes, each in a block of exactly its size, as a row.  `check`
 * calls the parser and judges what it did. */
void kit_each_prefix(struct dtls_bytes whole,
                     void (*check)(void *context, struct dtls_bytes prefix),
                     void *context);

/* A byte string made from hex, owning its bytes. */
struct kit_hex {
    uint8_t data[1024];
    size_t len;
};

/* kit_hex reads hex digits; blanks between them are passed over.  Anything
 * else fails the test. */
struct kit_hex kit_hex(const char *text);
struct dtls_bytes kit_hex_bytes(const struct kit_hex *hex);
struct dtls_span kit_hex_span(struct kit_hex *hex);

/* kit_assert_hex fails the test, and shows both, unless `bytes` are those
 * that `text` says. */
#define kit_assert_hex(bytes, text)                                           \
    kit_assert_hex_at(bytes, text, __FILE__, __LINE__)
void kit_assert_hex_at(struct dtls_bytes bytes, const char *text,
                       const char *file, int line);

/* kit_aborts returns true if `call` ends its program as a failed assert does.
 * It is tried in a child process. */
bool kit_aborts(void (*call)(void *context), void *context);

/* kit_next is xorshift64*: numbers for a test, the same in every run.  The
 * seed must not be 0.  kit_below gives one below `bound`, kit_fill bytes. */
uint64_t kit_next(uint64_t *seed);
size_t kit_below(uint64_t *seed, size_t bound);
void kit_fill(uint64_t *seed, uint8_t *out, size_t len);

/* libcrypto, but for `random`: bytes that count up from `next`, or that
 * follow from `seed` if it is not 0; a failure from call number `fail_at` on
 * (the first is 1; 0: never).  Ephemeral keys and signatures still come from
 * libcrypto's own generator. */
struct kit_crypto {
    struct dtls_crypto crypto;
    uint8_t next;
    uint64_t seed;
    uint32_t calls;
    uint32_t fail_at;
};

/* crypto.self points to `k`, which therefore must not move. */
void kit_crypto_count(struct kit_crypto *k, uint8_t first);
void kit_crypto_seed(struct kit_crypto *k, uint64_t seed);

#define KIT_STORE_MAX 256

/* A dtls_store over an array of at most KIT_STORE_MAX blocks, each with a
 * heap block of exactly its size while it is out. */
struct kit_store {
    struct dtls_store store;
    size_t block_size;
    size_t limit; /* blocks that may be out at a time; then it says no */
    size_t out;   /* blocks that are out now                           */
    size_t takes; /* calls of take, also those that were refused       */
    void *blocks[KIT_STORE_MAX];
};

/* kit_store_init: store.self points to `s`, which therefore must not move.
 * kit_store_end fails the test if a block has not come back. */
void kit_store_init(struct kit_store *s, size_t block_size, size_t limit);
void kit_store_end(const struct kit_store *s);

#endif
