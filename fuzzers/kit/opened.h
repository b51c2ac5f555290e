/* SPDX-License-Identifier: MIT */
/* An opened record: a protected record whose body shows its plaintext, in one
 * form for every suite:
 *
 *     8 bytes, not used || plaintext || 16 FUZZ_NULL_BYTEs
 *
 * So the mutator finds the plaintext without a key.  The end that receives the
 * input seals the record with the association's keys (seal.h). */
#ifndef FUZZERS_KIT_OPENED_H
#define FUZZERS_KIT_OPENED_H

#include "base/bytes.h"

enum { FUZZ_NONCE_LEN = 8, FUZZ_TAG_LEN = 16 };

struct fuzz_opened {
    struct dtls_bytes nonce;
    struct dtls_bytes plain;
};

/* fuzz_opened_get returns false, and leaves `out`, if the body does not have
 * this form. */
DTLS_MUST_USE bool fuzz_opened_get(struct fuzz_opened *out,
                                   struct dtls_bytes body);

/* fuzz_opened_put appends the body; false if it does not fit. */
DTLS_MUST_USE bool fuzz_opened_put(struct dtls_buf *out,
                                   const struct fuzz_opened *opened);

#endif
