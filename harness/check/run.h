/* SPDX-License-Identifier: MIT */
/* Runs of many cases: against one target, and --prove. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "check/check_options.h"
#include "check/results.h"

/* run_target plays the cases and returns the exit status. */
int run_target(const struct check_options *options,
               const struct target *target, const char *replay,
               const volatile int *stop);

/* run_prove gives each check its counterexample, and each counterexample to
 * the other checks: the check must fail it, with the phrase that it `shows`,
 * and at least 90 % of the others must pass or warn.  It returns the exit
 * status. */
int run_prove(const struct check_options *options, const struct ics *ics,
              const char *pki, const volatile int *stop);

#endif
