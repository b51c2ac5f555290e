/* SPDX-License-Identifier: MIT */
/* Known differences between us and another library, each with a function that
 * finds it in an input.  Each has a row in fuzzers/tests/differences.tsv,
 * which says who refuses what the other one accepts, and by which clause.  An
 * input of the corpus must show it (fuzzers/tests/check_differences). */
#ifndef FUZZERS_KIT_DIFFERENCES_H
#define FUZZERS_KIT_DIFFERENCES_H

#include "base/bytes.h"

struct fuzz_difference {
    const char *id;
    bool (*shows)(struct dtls_bytes input);
};

/* fuzz_is_known says whether the input shows a difference of `list`, which
 * ends with a NULL id.  If the environment has FUZZ_DIFFERENCES, it prints the
 * id. */
bool fuzz_is_known(const struct fuzz_difference *list,
                   struct dtls_bytes input);

#endif
