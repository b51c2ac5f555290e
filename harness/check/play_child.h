/* SPDX-License-Identifier: MIT */
/* A case in a process of its own, and what comes out of it. */
#ifndef CHECK_PLAY_CHILD_H
#define CHECK_PLAY_CHILD_H

#include "check/cases.h"

#define CASE_SECONDS 300       /* no case needs as long, ... */
#define REAL_CASE_SECONDS 3600 /* ... nor, where time is real, as this */

/* play_here plays the case in this process, in a kernel if the target needs
 * one; `evidence` may be NULL. */
void play_here(struct case_result *out, const struct target *target,
               const struct check_case *item, uint64_t seed, FILE *evidence);

/* play_child does so and writes result and evidence. */
void play_child(const struct target *target, const struct check_case *item,
                uint64_t seed, FILE *out);

/* play_child_result reads what play_child has written, or makes a result of
 * the child's death, and returns the evidence. */
const char *play_child_result(struct case_result *out, const char *said,
                              size_t len, const char *death);

/* play_child_now returns seconds of a clock that does not go back. */
double play_child_now(void);

#endif
