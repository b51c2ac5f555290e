/* SPDX-License-Identifier: MIT */
/* The admission policy of a server: who gets a slot when slots are short.
 *
 * A server serves `count` peers, the number of slots that its caller gave, and
 * has one slot in reserve.  A peer's first association is its main one.  A
 * peer that begins anew beside an established association has a second one,
 * until the main one has left.
 *
 *   - A peer without an association gets a slot if there are fewer than
 *     `count` main ones; so a peer that owns a slot finds the reserve free, or
 *     in use by another such peer.
 *   - Half-open associations, those whose handshake is not complete, cannot
 *     shut the door: one of them yields to a newcomer that has returned a
 *     cookie.  It is the oldest one of the source that holds most of them, the
 *     newcomer counted with its own source.  A source that holds its cap or
 *     more yields itself.
 *   - Among sources that hold equally many, only one that is
 *     DTLS_YIELD_AGE_MS old yields.  So slow handshakes do not push each other
 *     out.
 *   - An established association never yields.
 *
 * An association that replaces a half-open one of its own peer keeps that
 * one's age, so nobody grows young by beginning anew. */
#ifndef DTLS_SESSION_ADMISSION_H
#define DTLS_SESSION_ADMISSION_H

#include "session/table.h"

#define DTLS_YIELD_AGE_MS 1000

struct dtls_admission {
    struct dtls_table *table;
    uint32_t cap;      /* of one source, while slots are short; at least 1 */
    bool never_yields; /* nobody yields */
    uint32_t num_second;
    uint32_t num_half_open;   /* main ones */
    struct dtls_crowd second; /* half-open ones; `size` is their number */
    uint32_t largest;         /* size of the largest crowd */
    uint32_t unused;          /* first crowd that is not in use, index + 1 */
};

enum dtls_verdict {
    DTLS_ADMIT,         /* a slot is free for it                            */
    DTLS_ADMIT_ANEW,    /* *loser leaves: its peer begins anew              */
    DTLS_ADMIT_INSTEAD, /* *loser leaves: it yields                         */
    DTLS_REFUSE,        /* silently: it gets in when it asks again          */
    DTLS_REFUSE_ALL     /* every peer that is served is established         */
};

/* struct dtls_newcomer is who asks for a slot, with a valid cookie. */
struct dtls_newcomer {
    struct dtls_address peer;
    struct dtls_source source;
};

/* dtls_admission_init begins with an empty table, which it borrows.
 * dtls_admission_set sets whether half-open associations yield (the default),
 * and the cap; 0, the default, stands for a quarter of `count`, at least 1. */
void dtls_admission_init(struct dtls_admission *admission,
                         struct dtls_table *table);
void dtls_admission_set(struct dtls_admission *admission, bool yields,
                        uint32_t cap);

/* dtls_admission_judge decides about a newcomer.  If it admits it, it may have
 * set *loser, else NULL: an association that then leaves.  If the table is
 * full (dtls_table_is_full), that one leaves before dtls_admission_enter, else
 * rather behind it, so that the newcomer gets another slot. */
DTLS_MUST_USE enum dtls_verdict dtls_admission_judge(
    const struct dtls_admission *admission, struct dtls_slot **loser,
    const struct dtls_newcomer *newcomer, uint64_t now);

/* dtls_admission_enter takes a slot for a newcomer that was admitted.  `anew`
 * is the half-open association that it replaces, or NULL; its slot may be free
 * again by now.  The new association is half open. */
struct dtls_slot *dtls_admission_enter(struct dtls_admission *admission,
                                       const struct dtls_newcomer *newcomer,
                                       const struct dtls_slot *anew,
                                       uint64_t now);

/* dtls_admission_establish notes that the handshake of an association is
 * complete.  Doing so again is harmless. */
void dtls_admission_establish(struct dtls_admission *admission,
                              struct dtls_slot *slot);

/* dtls_admission_leave gives a taken slot back. */
void dtls_admission_leave(struct dtls_admission *admission,
                          struct dtls_slot *slot);

#endif
