/* SPDX-License-Identifier: MIT */
/* What the tests of src/crypto share: hex in, numbers out of a seed, and a
 * look at libcrypto's error queue.  cmocka.h comes first. */
#ifndef UNIT_CRYPTO_TEST_H
#define UNIT_CRYPTO_TEST_H

#include "crypto/crypto.h"

#include <string.h>

#include <openssl/err.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* unhex reads `text` into `out` and returns the number of bytes. */
static inline size_t unhex(uint8_t *out, size_t cap, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = strlen(text) / 2;

    assert_true(len <= cap && strlen(text) % 2 == 0);
    for (size_t i = 0; i < len; i++) {
        const char *high = strchr(digits, text[2 * i]);
        const char *low = strchr(digits, text[2 * i + 1]);

        assert_true(high != NULL && low != NULL);
        out[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return len;
}

/* A byte string that owns its bytes. */
struct hex {
    uint8_t data[512];
    size_t len;
};

static inline struct hex hex(const char *text)
{
    struct hex h;

    h.len = unhex(h.data, sizeof h.data, text);
    return h;
}

static inline struct dtls_bytes hex_bytes(const struct hex *h)
{
    return dtls_bytes_of(h->data, h->len);
}

/* next_random is xorshift64*: numbers for a test, the same in every run. */
static inline uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1d;
}

static inline void fill_random(uint64_t *seed, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(next_random(seed) >> 33);
    }
}

/* Nothing piles up in libcrypto. */
static inline void assert_no_errors_left(void)
{
    assert_int_equal(ERR_peek_error(), 0);
}

#endif
