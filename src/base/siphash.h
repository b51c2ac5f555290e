/* SPDX-License-Identifier: MIT */
/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for tables. Without
 * the key nobody can choose inputs of one bucket, and a short input takes some
 * ten nanoseconds.  It is no hash for signatures. */
#ifndef DTLS_BASE_SIPHASH_H
#define DTLS_BASE_SIPHASH_H

#include "base/bytes.h"

#define DTLS_SIPHASH_KEY_LEN 16

uint64_t dtls_siphash(const uint8_t key[DTLS_SIPHASH_KEY_LEN],
                      struct dtls_bytes in);

#endif
