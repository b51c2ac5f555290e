/* SPDX-License-Identifier: MIT */
/* The answers of a target in a file, so that an interrupted run goes on where
 * it was: a head that says whose they are, and the observation tree
 * (learn/tree.h), each node behind its parent as "DEPTH LETTER OUTPUT". */
#ifndef LEARN_ANSWERS_H
#define LEARN_ANSWERS_H

#include "learn/asking.h"

#define ANSWERS_FILE_BYTES (64 << 20) /* some ten times what a run has */

/* Whose answers they are; the letters are those of the ask. */
struct answers_owner {
    const char *target; /* struct machine */
    const char *tags;   /* the same */
    uint64_t seed;
};

/* answers_read enters a file's answers in `ask`, which knows none, and returns
 * their number.  It returns -1 and a reason, without a full stop, if they are
 * another target's or another alphabet's, or not what answers_save has
 * written; what `ask` knows is then of no use. */
long answers_read(struct ask *ask, const struct answers_owner *owner, FILE *in,
                  const char **why);

/* answers_save puts the answers in the place of a file as a whole: until it
 * has returned true, the old file stands.  It returns false, with errno, if it
 * cannot be written. */
bool answers_save(const struct ask *ask, const struct answers_owner *owner,
                  const char *path);

#endif
