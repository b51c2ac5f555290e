/* SPDX-License-Identifier: MIT */
/* Our engine under measurement (bench/bench.h). */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include "bench/bench.h"
#include "crypto/crypto.h"

/* bench_ours_begin is bench_lib.begin with this cryptography, which is copied,
 * and bench_ours the library, which uses dtls_libcrypto. */
bool bench_ours_begin(const struct bench_kind *kind, const char *pki,
                      const struct dtls_crypto *crypto);
extern const struct bench_lib bench_ours;

/* bench_wired is the same, but each datagram goes by sendto and recvfrom over
 * 127.0.0.1, and end exchanges close_notify. */
extern const struct bench_lib bench_wired;

#endif
