/* SPDX-License-Identifier: MIT */
/* The server that a campaign keeps running: who starts it, and how it fares.
 *
 * A command starts a server that is ours, and it is looked at from outside:
 * does it live, what has it written, do its memory and descriptors grow?  A
 * server that another has started can at most be restarted, by a command of
 * the IXIT.  A target that is made anew for each association needs no ward. */
#ifndef FUZZ_WARD_H
#define FUZZ_WARD_H

#include "fuzz/batch.h"

#define WARD_SAID_MAX 16384

struct ward {
    const char *command; /* starts a server; NULL: it is not ours */
    const char *trigger; /* restarts it; NULL: nothing does */
    unsigned live_ms;    /* it is there again in this time */
    struct sut *server;  /* of `command`, or NULL */
    char where[64];      /* of `command`: its HOST:PORT */
    char said[WARD_SAID_MAX];
    size_t said_len;
    unsigned looks; /* since it was started */
    /* The most that the first few looks have seen. */
    unsigned long usual_kb;
    unsigned usual_files;
};

/* ward_starts makes the server anew.  It returns false if it cannot; `problem`
 * then has a sentence.  ward_ends ends a server that is ours. */
bool ward_starts(struct ward *ward, char *problem, size_t problem_size);
void ward_ends(struct ward *ward);

/* ward_can_restart: does ward_starts give a server that has forgotten all? */
bool ward_can_restart(const struct ward *ward);

/* ward_looks is called behind a batch: what the server's process has done is a
 * graver fault than what was seen over the line. */
void ward_looks(struct ward *ward, struct batch_result *result);

#endif
