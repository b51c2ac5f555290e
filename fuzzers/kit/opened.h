/* SPDX-License-Identifier: MIT */
/* A protected record with its plaintext in sight: what the body of a record
 * looks like in an input, whatever its suite is.
 *
 *     8 bytes, not used || plaintext || 16 FUZZ_NULL_BYTEs
 *
 * So the mutator finds the plaintext without any key, and who gets the input
 * seals it with the keys of the association (seal.h). */
#ifndef FUZZERS_KIT_OPENED_H
#define FUZZERS_KIT_OPENED_H

#include "base/bytes.h"

enum { FUZZ_NONCE_LEN = 8, FUZZ_TAG_LEN = 16 };

struct fuzz_opened {
    struct dtls_bytes nonce;
    struct dtls_bytes plain;
};

/* fuzz_opened_get is false if the body is nothing of that kind. */
DTLS_MUST_USE bool fuzz_opened_get(struct fuzz_opened *out,
                                   struct dtls_bytes body);

/* fuzz_opened_put appends the body. */
DTLS_MUST_USE bool fuzz_opened_put(struct dtls_buf *out,
                                   const struct fuzz_opened *opened);

#endif
