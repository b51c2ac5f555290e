/* SPDX-License-Identifier: MIT */
/* Where the peer is: checks of an address from which its records come, before
 * the peer's address changes to it (RFC 9146, 6; RFC 9853).
 *
 * The engine knows no addresses.  Its caller tells where each datagram comes
 * from, and keeps two addresses: the peer's, and a candidate's.
 *
 *   authentic, with our connection id,      the sender becomes the candidate,
 *   newer than all before, from elsewhere,  and is sent a path_challenge
 *   and no check runs
 *   its path_response, from the candidate   the candidate is the peer's
 *                                           address from then on
 *   none in DTLS_ROUTE_CHECK_MS             the peer's address stays
 *
 * What comes from elsewhere and is authentic is taken all the same.  Until the
 * check is over, what is sent goes to the peer's address and, as far as
 * DTLS_ROUTE_FACTOR times the bytes of the candidate's authentic records
 * allow, to the candidate as well: a client whose address has changed gets its
 * answer at once, and nobody can direct more to a victim.
 *
 * Without RFC 9853 at both ends an address never changes. */
#ifndef DTLS_SESSION_ROUTE_H
#define DTLS_SESSION_ROUTE_H

#include "record/header.h"

/* RFC 9853, 5.5, without a measured round trip: one second, in which a
 * challenge is sent three times. */
#define DTLS_ROUTE_CHECK_MS 1000
#define DTLS_ROUTE_CHALLENGES 3
#define DTLS_ROUTE_COOKIE_LEN 8
#define DTLS_ROUTE_FACTOR 3

/* Where a datagram comes from, and where one is to go. */
enum dtls_where {
    DTLS_AT_PEER,      /* the peer's address                                 */
    DTLS_AT_CANDIDATE, /* the one that is checked                            */
    DTLS_AT_OTHER,     /* from: any other; to: where the last datagram came
                        * from                                               */
    DTLS_AT_BOTH       /* to: the peer's address, and the candidate          */
};

struct dtls_route {
    bool checking;      /* there is a candidate */
    bool new_candidate; /* see dtls_session_takes_candidate */
    bool moved;         /* see dtls_session_moves */
    bool challenge_due;
    bool response_due;
    uint8_t from;            /* enum dtls_where: of what is read now */
    uint8_t response_to;     /* the same, of the challenge */
    uint8_t written_to;      /* the same, of the last datagram written */
    uint8_t num_challenges;  /* sent in this check */
    uint32_t credit;         /* bytes that may still go to the candidate */
    uint64_t next_challenge; /* when it is due; DTLS_NEVER: none is */
    uint64_t until;          /* the end of the check; DTLS_NEVER */
    uint8_t response[DTLS_ROUTE_COOKIE_LEN];
    uint8_t cookies[DTLS_ROUTE_CHALLENGES][DTLS_ROUTE_COOKIE_LEN];
};

struct dtls_session; /* session/session.h */

/* dtls_route_init prepares a session's route: the peer's address is the one
 * that its caller knows. */
void dtls_route_init(struct dtls_route *route);

/* dtls_session_hear_from tells where the datagrams come from that
 * dtls_session_read gets from now on. */
void dtls_session_hear_from(struct dtls_session *s, enum dtls_where from);

/* dtls_session_takes_candidate returns true, once, if the sender of the last
 * datagram is now the candidate.  dtls_session_moves returns true, once, if
 * the candidate is now the peer's address.  The caller asks for both after a
 * datagram from elsewhere, and obeys. */
bool dtls_session_takes_candidate(struct dtls_session *s);
bool dtls_session_moves(struct dtls_session *s);

/* dtls_session_goes_to returns where the datagram of `len` bytes is to go that
 * dtls_session_write or dtls_session_send has just made.  It is called once
 * for each.  DTLS_AT_OTHER is the answer to a challenge, which has come in the
 * last datagram. */
enum dtls_where dtls_session_goes_to(struct dtls_session *s, size_t len);

/* What follows is for session.c and pump.c. */

/* dtls_route_is_wrong returns true if a record that is not from the peer's
 * address cannot be the peer's: it has no connection id. */
static inline bool dtls_route_is_wrong(const struct dtls_route *route,
                                       const struct dtls_record *record)
{
    return route->from != DTLS_AT_PEER && !record->cid_is_ours;
}

/* dtls_route_hear takes note of an authentic record from elsewhere, whose
 * datagram part has `len` bytes.  `newest` says that it is newer than all
 * before. */
void dtls_route_hear(struct dtls_session *s, bool newest, size_t len,
                     uint64_t now);

/* dtls_route_take takes the content of a record of type
 * DTLS_ROUTABILITY_CHECK.  It returns false if it is of no use. */
DTLS_MUST_USE bool dtls_route_take(struct dtls_session *s,
                                   struct dtls_bytes content, uint64_t now);

/* dtls_route_challenge seals a path_challenge with a fresh cookie, which it
 * writes to `cookie`, into the empty `out`: as one record, padded to `size`
 * bytes or, with 0, not at all. */
DTLS_MUST_USE enum dtls_status dtls_route_challenge(struct dtls_session *s,
                                                    struct dtls_buf *out,
                                                    uint8_t *cookie,
                                                    size_t size);

/* dtls_route_has_output returns true if a challenge or an answer waits.
 * dtls_route_write seals it as one record into the empty `out`, which stays
 * empty if the candidate may not be sent that much. */
static inline bool dtls_route_has_output(const struct dtls_route *route)
{
    return route->response_due || route->challenge_due;
}
DTLS_MUST_USE enum dtls_status dtls_route_write(struct dtls_session *s,
                                                struct dtls_buf *out);

/* dtls_route_deadline returns the time at which dtls_route_expire is to be
 * called, or DTLS_NEVER.  dtls_route_end ends a check without a result. */
uint64_t dtls_route_deadline(const struct dtls_route *route);
void dtls_route_expire(struct dtls_session *s, uint64_t now);
void dtls_route_end(struct dtls_route *route);

#endif
