/* SPDX-License-Identifier: MIT */
/* Time and randomness of libraries that ask the system for them.
 *
 * clock.c defines gettimeofday, clock_gettime, time, getrandom, getentropy and
 * open, which take the place of libc's in every library of the program that is
 * linked with it: the lab's and the tests of the simulation, nothing else.
 * They are the real ones except between lab_clock_enter and lab_clock_leave in
 * the same thread; a call to a peer stands between those two. */
#ifndef LAB_CLOCK_H
#define LAB_CLOCK_H

#include "base/bytes.h"

/* What the wall clock shows at 0 ms of virtual time: 2026-01-01, when the test
 * PKI is valid. */
#define LAB_EPOCH 1767225600

/* lab_clock_enter: in this thread it is `now` ms, and what the system gives
 * as random bytes comes from lab_random, until lab_clock_leave. */
void lab_clock_enter(uint64_t now);
void lab_clock_leave(void);

/* lab_seed starts the one generator of random bytes of this process anew, and
 * makes it libcrypto's; lab_random takes bytes from it.  They are repeatable,
 * and no secret. */
void lab_seed(uint64_t seed);
void lab_random(uint8_t *out, size_t len);

#endif
