/* SPDX-License-Identifier: MIT */
/* Secrets: comparison in constant time, and wiping at the end of their
 * life. */
#ifndef DTLS_BASE_SECRET_H
#define DTLS_BASE_SECRET_H

#include "base/bytes.h"

/* dtls_wipe overwrites `len` bytes with zero; the compiler cannot leave it
 * out. */
void dtls_wipe(void *secret, size_t len);

/* dtls_ct_equal returns true if the `len` bytes at `a` and `b` are equal.  Its
 * time depends on `len` alone. */
DTLS_MUST_USE bool dtls_ct_equal(const uint8_t *a, const uint8_t *b,
                                 size_t len);

#endif
