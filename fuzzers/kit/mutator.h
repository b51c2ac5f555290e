/* SPDX-License-Identifier: MIT */
/* Mutations that know the structure of an input for a whole association: steps
 * of a delay and a datagram, records in a datagram, fragments in a record.
 *
 * Lengths are corrected after every change, except the change that is meant to
 * make one wrong.  In a protected record the plaintext changes; inputs show
 * it, whatever the suite (opened.h).  The same code serves libFuzzer
 * (LLVMFuzzerCustomMutator) and AFL++ (afl_mutator.c). */
#ifndef FUZZERS_KIT_MUTATOR_H
#define FUZZERS_KIT_MUTATOR_H

#include "base/bytes.h"

/* How many bytes stand in front of the steps, and whether a step names an
 * address: {delay u16, address u8, length u16, datagram}. */
struct fuzz_format {
    size_t head_len;
    bool has_address;
};
extern const struct fuzz_format fuzz_steps;         /* kind, knobs */
extern const struct fuzz_format fuzz_steps_to_many; /* knobs       */

/* fuzz_mutate changes an input in place and returns its new length, at most
 * `max_len`; the same seed gives the same result.  fuzz_cross writes steps of
 * two inputs into `out`, as many as fit. */
size_t fuzz_mutate(const struct fuzz_format *format, uint8_t *data, size_t len,
                   size_t max_len, uint64_t seed);
void fuzz_cross(const struct fuzz_format *format, struct dtls_buf *out,
                struct dtls_bytes a, struct dtls_bytes b, uint64_t seed);

/* FUZZ_MUTATE(format) gives a target these mutations under libFuzzer. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                 const uint8_t *data2, size_t size2,
                                 uint8_t *out, size_t max_out, unsigned seed);
#define FUZZ_MUTATE(format)                                                   \
    size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,                \
                                   size_t max_size, unsigned seed)            \
    {                                                                         \
        return fuzz_mutate(&(format), data, size, max_size, seed);            \
    }                                                                         \
    size_t LLVMFuzzerCustomCrossOver(                                         \
        const uint8_t *data1, size_t size1, const uint8_t *data2,             \
        size_t size2, uint8_t *out, size_t max_out, unsigned seed)            \
    {                                                                         \
        struct dtls_buf buf = {out, 0, max_out};                              \
                                                                              \
        fuzz_cross(&(format), &buf, dtls_bytes_of(data1, size1),              \
                   dtls_bytes_of(data2, size2), seed);                        \
        return buf.len;                                                       \
    }

#endif
