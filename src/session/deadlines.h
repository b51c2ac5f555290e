/* SPDX-License-Identifier: MIT */
/* The deadlines of many sessions, the earliest first: a heap in the caller's
 * array, apart from the sessions, so that a deadline moves past others without
 * a look at their sessions.
 *
 * To set a deadline takes steps in proportion to the logarithm of the number
 * of deadlines; to see the first takes one. */
#ifndef DTLS_SESSION_DEADLINES_H
#define DTLS_SESSION_DEADLINES_H

#include "flight/timer.h"

/* struct dtls_deadline is one place of the heap; and apart from that, it holds
 * where in the heap the session with its own number is. */
struct dtls_deadline {
    uint64_t at;
    uint32_t whose; /* number of the session */
    uint32_t place; /* in the heap, plus 1; 0: it has no deadline */
};

struct dtls_deadlines {
    struct dtls_deadline *places;
    uint32_t num; /* of places in use */
};

/* dtls_deadlines_init makes an empty heap for sessions with numbers below
 * `count`, in as many places, which it borrows. */
void dtls_deadlines_init(struct dtls_deadlines *heap,
                         struct dtls_deadline *places, uint32_t count);

/* dtls_deadlines_set gives session number `whose` this deadline, whether it
 * had one before or not; DTLS_NEVER: none. */
void dtls_deadlines_set(struct dtls_deadlines *heap, uint32_t whose,
                        uint64_t deadline);

/* dtls_deadlines_of returns the deadline of a session, or DTLS_NEVER. */
uint64_t dtls_deadlines_of(const struct dtls_deadlines *heap, uint32_t whose);

/* dtls_deadlines_next returns the earliest deadline, or DTLS_NEVER;
 * dtls_deadlines_first the number of a session that has it.  There must be
 * one. */
uint64_t dtls_deadlines_next(const struct dtls_deadlines *heap);
uint32_t dtls_deadlines_first(const struct dtls_deadlines *heap);

#endif
