/* SPDX-License-Identifier: MIT */
/* Copies of this process ask ahead, one on each core.
 *
 * A stage of questions is a fixed order of words, each with an expected
 * answer. Each worker goes through all of it and asks every num_workers-th
 * word that is not known; it notes which of them were answered as expected.
 * Then the learner goes through the same stage: it takes what was noted for an
 * answer, and asks for the rest itself.  So what is learned, and in which
 * order, does not depend on the number of workers. */
#ifndef LEARN_AHEAD_H
#define LEARN_AHEAD_H

#include "learn/asking.h"

#include <sys/types.h>

#define AHEAD_WORKERS 64

struct ahead {
    unsigned num_workers; /* 0 or 1: nobody asks ahead */
    unsigned worker;      /* of this process, from 1; 0: it is the learner */
    uint32_t turn;        /* number of the next word in the stage */
    struct ahead_notes *notes; /* shared by all; NULL: nobody has asked */
    pid_t workers[AHEAD_WORKERS];
    int left[2]; /* a pipe: its end is read when the last worker has left */
};

/* ahead_begin begins a stage: it starts the workers, in which it returns true.
 * A worker goes through the stage and calls ahead_leave. */
bool ahead_begin(struct ahead *ahead);
void ahead_leave(void);

/* ahead_wait waits in the learner until the workers have left, or ends them if
 * `ask` is not to go on.  ahead_end forgets the stage and its notes. */
void ahead_wait(struct ahead *ahead, struct ask *ask);
void ahead_end(struct ahead *ahead);

/* ahead_asks, in a worker, asks for the next word if it is this worker's turn.
 * It returns false if the worker need not go on. */
bool ahead_asks(struct ahead *ahead, struct ask *ask, const struct word *word,
                const uint16_t *expected);

/* ahead_knows, in the learner, makes the tree know the next word if a worker
 * has noted that it was answered as expected. */
void ahead_knows(struct ahead *ahead, struct ask *ask, const struct word *word,
                 const uint16_t *expected);

#endif
