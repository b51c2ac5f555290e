/* SPDX-License-Identifier: MIT */
/* The deadlines of many sessions, the earliest first: an intrusive heap.  Each
 * session holds its own place in it, so the heap needs no other memory, and it
 * does not matter where the sessions are.
 *
 * It is a leftist heap.  To set a deadline takes steps in proportion to the
 * logarithm of the number of deadlines; to see the first takes one. */
#ifndef DTLS_SESSION_DEADLINES_H
#define DTLS_SESSION_DEADLINES_H

#include "flight/timer.h"

/* struct dtls_place is a session's place in the heap.  All zero: it has
 * none. */
struct dtls_place {
    uint64_t deadline;
    struct dtls_place *parent;
    struct dtls_place *left;
    struct dtls_place *right; /* its way down is not longer than left's */
    uint32_t rank;            /* places on the way down along `right` */
};

/* An all-zero heap is empty. */
struct dtls_deadlines {
    struct dtls_place *first; /* the earliest deadline; NULL: there is none */
};

/* dtls_deadlines_set gives `place` this deadline, whether it had one before or
 * not.  DTLS_NEVER takes it out of the heap.  `place` is borrowed until then,
 * and must be of this heap or of none. */
void dtls_deadlines_set(struct dtls_deadlines *heap, struct dtls_place *place,
                        uint64_t deadline);

/* dtls_deadlines_of returns the deadline of `place`, or DTLS_NEVER if it is in
 * no heap. */
uint64_t dtls_deadlines_of(const struct dtls_place *place);

/* dtls_deadlines_next returns the earliest deadline, or DTLS_NEVER. */
uint64_t dtls_deadlines_next(const struct dtls_deadlines *heap);

#endif
