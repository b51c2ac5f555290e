/* SPDX-License-Identifier: MIT */
/* The results of a run that was interrupted, taken up by the next one. */
#ifndef CHECK_RESUME_H
#define CHECK_RESUME_H

#include "check/results.h"

/* The verdict that stands in a file of results. */
struct kept {
    char *line; /* without its newline, on the heap; NULL: none */
    struct case_result result; /* verdict and reason */
};

/* resume_run_name writes what two runs must have in common for the results of
 * one to be those of the other: the seed, what the target claims and how it is
 * reached, the baseline, and the program, with all its checks. */
void resume_run_name(char out[RUN_NAME_MAX], const struct target *target,
                     uint64_t seed, struct dtls_bytes baseline);

/* resume_read returns an entry for each case, on the heap; resume_free frees
 * them.  It leaves out a last line without its end, cases that were not
 * applicable or inconclusive, and what is said of the baseline.  If `path` is
 * not there, it keeps nothing.  A line of another run, or of a case that is
 * not among `cases`, or that stands there before, ends the program as
 * check_bad_input does. */
struct kept *resume_read(const char *path, const char *run,
                         const struct target *target,
                         const struct check_cases *cases);
void resume_free(struct kept *kept, size_t num);

#endif
