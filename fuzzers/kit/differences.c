/* SPDX-License-Identifier: MIT */
/* Known differences (differences.h). */
#include "fuzzers/kit/differences.h"

#include <stdio.h>
#include <stdlib.h>

bool fuzz_is_known(const struct fuzz_difference *list, struct dtls_bytes input)
{
    while (list->id != NULL && !list->shows(input)) {
        list++;
    }
    if (list->id != NULL && getenv("FUZZ_DIFFERENCES") != NULL) {
        (void)printf("difference: %s\n", list->id);
    }
    return list->id != NULL;
}
