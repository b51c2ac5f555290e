/* SPDX-License-Identifier: MIT */
/* The machine from whose states trials begin, found in a process of its
 * own. */
#ifndef FUZZ_SURVEY_H
#define FUZZ_SURVEY_H

#include "learn/aim.h"
#include "learn/machine_read.h"

enum survey_kind {
    SURVEY_LEARNS, /* the target's machine, quickly */
    SURVEY_WALKS   /* the honest handshake and, if the target renegotiates,
                    * another one behind it, and nothing else */
};

/* survey_machine returns false and a sentence in `problem` if the honest
 * handshake does not work, or if learning fails; `stop` not 0 ends it. */
bool survey_machine(struct saved_machine *out, const struct aim *aim,
                    enum survey_kind kind, char *problem, size_t problem_size,
                    const volatile int *stop);

#endif
