/* SPDX-License-Identifier: MIT */
/* Virtual time and repeatable randomness for libraries that ask the system.
 *
 * virtual_clock.c defines gettimeofday, clock_gettime, time, getrandom,
 * getentropy and open.  In a program that is linked with it, they replace
 * libc's for every library.  Such are nxdtls-lab, nxdtls-check,
 * nxdtls-probe, nxdtls-relay, nxdtls-learn, nxdtls-fuzz and no others (a
 * fuzzer that has them, and measures its own time with them, never ends).
 *
 * They do what libc's do, except between sut_clock_enter and sut_clock_leave
 * in the same thread.  Each call to a foreign library stands between these
 * two. */
#ifndef SUT_VIRTUAL_CLOCK_H
#define SUT_VIRTUAL_CLOCK_H

#include "base/bytes.h"

/* The wall clock at 0 ms of virtual time: 2026-01-01, when the test PKI is
 * valid. */
#define SUT_EPOCH 1767225600

/* sut_clock_enter: until sut_clock_leave, in this thread, the time is `now` ms
 * and the system's random bytes come from sut_random. */
void sut_clock_enter(uint64_t now);
void sut_clock_leave(void);

/* sut_seed starts this process's only generator of random bytes again and
 * makes it libcrypto's.  sut_random takes bytes from it.  They repeat with the
 * seed, and are not secret. */
void sut_seed(uint64_t seed);
void sut_random(uint8_t *out, size_t len);

#endif
