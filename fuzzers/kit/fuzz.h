/* SPDX-License-Identifier: MIT */
/* What all fuzz targets share: their entry point, simple oracles, and numbers
 * off the front of an input.
 *
 * A target is one file fuzz_x.c with an LLVMFuzzerTestOneInput.  Its head says
 * what it calls, what the input is and what must hold.  libFuzzer, AFL++ or
 * replay.c brings main().  A target keeps nothing from one input to the next,
 * so that every input fails alone or not at all. */
#ifndef FUZZERS_KIT_FUZZ_H
#define FUZZERS_KIT_FUZZ_H

#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* FUZZ_CHECK is an oracle: unless `fact` holds it names the fact on stderr and
 * aborts. */
#define FUZZ_CHECK(fact)                                                      \
    ((fact) ? (void)0 : fuzz_fail(#fact, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *fact, const char *file, int line);

/* fuzz_inside demands that `part` lies inside `whole`, or is empty. */
void fuzz_inside(struct dtls_bytes part, struct dtls_bytes whole);

/* fuzz_mark fills an output before a call; fuzz_untouched demands that the
 * call has not changed it. */
void fuzz_mark(void *out, size_t len);
void fuzz_untouched(const void *out, size_t len);

/* fuzz_zero demands that all bytes are 0. */
void fuzz_zero(const void *out, size_t len);

/* fuzz_same demands equal bytes. */
void fuzz_same(struct dtls_bytes a, struct dtls_bytes b);

/* fuzz_exact copies bytes to a heap block of exactly their size; the caller
 * frees it. */
uint8_t *fuzz_exact(struct dtls_bytes bytes);

/* fuzz_u8 and fuzz_u16 take a number off the front of an input; 0 once it is
 * used up. */
uint8_t fuzz_u8(struct dtls_bytes *in);
uint16_t fuzz_u16(struct dtls_bytes *in);

/* fuzz_some takes `len` bytes, or as many as are left. */
struct dtls_bytes fuzz_some(struct dtls_bytes *in, size_t len);

/* fuzz_digest is FNV-1a, to compare what two runs did. */
#define FUZZ_DIGEST 0xcbf29ce484222325u
uint64_t fuzz_digest(uint64_t digest, struct dtls_bytes bytes);

#endif
