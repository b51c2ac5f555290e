/* SPDX-License-Identifier: MIT */
/* Secrets: compare without telling where, wipe where the life ends. */
#ifndef DTLS_BASE_SECRET_H
#define DTLS_BASE_SECRET_H

#include "base/bytes.h"

/* dtls_wipe overwrites `len` bytes; the compiler cannot leave it out. */
void dtls_wipe(void *secret, size_t len);

/* dtls_ct_equal compares `len` bytes; its time depends on `len` alone. */
DTLS_MUST_USE bool dtls_ct_equal(const uint8_t *a, const uint8_t *b,
                                 size_t len);

#endif
