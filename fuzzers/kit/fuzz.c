/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share (fuzz.h). */
#include "fuzzers/kit/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK 0xa5

_Noreturn void fuzz_fail(const char *fact, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, fact);
    abort();
}

void fuzz_inside(struct dtls_bytes part, struct dtls_bytes whole)
{
    uintptr_t start = (uintptr_t)whole.data;
    uintptr_t at = (uintptr_t)part.data;

    FUZZ_CHECK(part.len == 0 || (at >= start && part.len <= whole.len &&
                                 at - start <= whole.len - part.len));
}

void fuzz_mark(void *out, size_t len)
{
    memset(out, MARK, len);
}

static void check_all(const uint8_t *bytes, size_t len, uint8_t value)
{
    for (size_t i = 0; i < len; i++) {
        FUZZ_CHECK(bytes[i] == value);
    }
}

void fuzz_untouched(const void *out, size_t len)
{
    check_all(out, len, MARK);
}

void fuzz_zero(const void *out, size_t len)
{
    check_all(out, len, 0);
}

void fuzz_same(struct dtls_bytes a, struct dtls_bytes b)
{
    FUZZ_CHECK(a.len == b.len);
    FUZZ_CHECK(a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

uint8_t *fuzz_exact(struct dtls_bytes bytes)
{
    uint8_t *copy = malloc(bytes.len != 0 ? bytes.len : 1);

    FUZZ_CHECK(copy != NULL);
    if (bytes.len != 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    return copy;
}

uint8_t fuzz_u8(struct dtls_bytes *in)
{
    uint8_t value = 0;

    return dtls_get_u8(in, &value) ? value : 0;
}

uint16_t fuzz_u16(struct dtls_bytes *in)
{
    uint8_t high = fuzz_u8(in);

    return (uint16_t)(high << 8 | fuzz_u8(in));
}

struct dtls_bytes fuzz_some(struct dtls_bytes *in, size_t len)
{
    struct dtls_bytes out = {0};

    return dtls_get_bytes(in, len < in->len ? len : in->len, &out)
               ? out
               : (struct dtls_bytes){0};
}

uint64_t fuzz_digest(uint64_t digest, struct dtls_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        digest = (digest ^ bytes.data[i]) * 0x100000001b3u;
    }
    return digest;
}
