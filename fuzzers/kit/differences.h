/* SPDX-License-Identifier: MIT */
/* Where we and another library are known to differ, and by what an input shows
 * it.  Each has a row in differences.tsv that says who refuses what the other
 * one takes, and by which clause; an input of the corpus must show it
 * (fuzzers/check_differences). */
#ifndef FUZZERS_KIT_DIFFERENCES_H
#define FUZZERS_KIT_DIFFERENCES_H

#include "base/bytes.h"

struct fuzz_difference {
    const char *id;
    bool (*shows)(struct dtls_bytes input);
};

/* fuzz_is_known: does the input show one of these, up to a NULL id?  Its id is
 * printed if FUZZ_DIFFERENCES is in the environment. */
bool fuzz_is_known(const struct fuzz_difference *list,
                   struct dtls_bytes input);

#endif
