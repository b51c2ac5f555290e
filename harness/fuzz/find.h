/* SPDX-License-Identifier: MIT */
/* A find: the shortest trials that still show a fault, replayed and saved. */
#ifndef FUZZ_FIND_H
#define FUZZ_FIND_H

#include "fuzz/ward.h"

#define FIND_TRIALS_MAX 512

struct hunt {
    struct batch batch; /* how trials are played; its list is not used */
    struct ward ward;
    bool needs_ward; /* the target outlives an association */
    const struct dialogue_setup *usual;
    /* Outside of this process a replay waits longer for an answer. */
    struct dialogue_setup patient;
    struct known *known;
    const char *folder;  /* where finds go, each to a folder of its own */
    const char *command; /* that replays one, before the name of its file */
    FILE *notes;         /* gets a line for each find */
    unsigned num;        /* finds that were saved */
    unsigned lost;       /* faults that did not come again */
};

/* find_replays plays trials as a batch of their own, before a target that has
 * been made anew.  If that cannot be, it returns false, with the reason in
 * `out`. */
bool find_replays(struct batch_result *out, struct hunt *hunt,
                  const struct trial *trials, size_t num);

/* find_takes is called with a fault, and the trials up to the one that has
 * shown it.  It reduces them and replays what is left three times.  A wrong
 * answer that does not come again is told and counted.  A fault
 * that was not known is saved in a folder: `trials`, of which the line in
 * `report` makes a replay, and a capture with its secrets.  It returns false
 * if something cannot be written; errno tells. */
bool find_takes(struct hunt *hunt, const struct batch_result *seen,
                const struct trial *trials, size_t num);

#endif
