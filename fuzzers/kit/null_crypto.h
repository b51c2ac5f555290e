/* SPDX-License-Identifier: MIT */
/* No cryptography at all, so that inputs reach past Finished.
 *
 * Ciphers copy; tags and digests are constant; every key agrees with every
 * other; a signature is wrong only if it begins with ff.  The library must
 * not contain it: tests/check_library looks. */
#ifndef FUZZERS_KIT_NULL_CRYPTO_H
#define FUZZERS_KIT_NULL_CRYPTO_H

#include "fuzzers/kit/repeatable_crypto.h"

#define FUZZ_NULL_BYTE 0x4e /* what tags and digests consist of */

/* fuzz_null_crypto_init: `seed` takes the place of randomness, as in
 * fuzz_crypto_init. */
void fuzz_null_crypto_init(struct fuzz_crypto *c, uint64_t seed);

#endif
