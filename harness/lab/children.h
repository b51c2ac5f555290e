/* SPDX-License-Identifier: MIT */
/* Does each piece of work in a process of its own, several at a time: a piece
 * that dies or hangs spoils no other. */
#ifndef LAB_CHILDREN_H
#define LAB_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CHILDREN_MAX 64

struct children {
    size_t num;       /* pieces of work */
    unsigned jobs;    /* at a time, at most CHILDREN_MAX */
    unsigned seconds; /* a piece that takes longer is killed */
    void *self;
    /* begin, in the parent: false if the piece is not to be done.  NULL: all
     * are done. */
    bool (*begin)(void *self, size_t piece);
    /* work, in the child: what it writes to `out`, done gets. */
    void (*work)(void *self, size_t piece, FILE *out);
    /* done, in the parent: `death` says how the child died, NULL if it ended
     * well. */
    void (*done)(void *self, size_t piece, const char *said, size_t len,
                 const char *death);
    const volatile int *stop; /* not 0: begin nothing, kill what runs */
};

/* children_run does all pieces; it returns false if it was stopped. */
bool children_run(const struct children *work);

#endif
