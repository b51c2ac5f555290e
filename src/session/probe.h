/* SPDX-License-Identifier: MIT */
/* Questions to the peer, at its own address, in a connected session: is it
 * there, and how large a datagram does the path take?
 *
 * Both are path challenges (RFC 9853), which the peer answers at once.  Where
 * they are not agreed on, DTLS 1.2 has no record that a peer must answer: then
 * nothing is asked, and a session with keepalive only sends empty records of
 * data, which hold a NAT's mapping and prove nothing.
 *
 * Keepalive (config.keepalive): a challenge when no authentic record of the
 * peer has come for that time, and again each time; after
 * config.keepalive_questions of them without any record, the peer counts as
 * gone.  A record shows that the peer was there when it made it; only the
 * response to a challenge shows that this was after the challenge.
 *
 * Search (config.path_search; RFC 8899): challenges that the padding of
 * connection ids makes as large as a size in question.  So it needs a
 * connection id of the peer, in what we send. */
#ifndef DTLS_SESSION_PROBE_H
#define DTLS_SESSION_PROBE_H

#include "record/layer.h"

#include "session/route.h"

/* RFC 8899, 5.1.2. */
#define DTLS_PROBE_BASE 1200
#define DTLS_PROBES_MAX 3
#define DTLS_PROBE_TIMER_MS 16000

/* A search ends when it is as exact as this. */
#define DTLS_PROBE_STEP 16

struct dtls_probe {
    bool ask_due;        /* a question of keepalive waits to be written */
    bool was_asked;      /* `question` has been written */
    bool probe_due;      /* a probe of the search waits to be written */
    bool probe_is_out;   /* `probe` has been written */
    bool probe_was_last; /* datagram that was written */
    bool verifying;      /* the probe is of the size that was found before */
    uint8_t tries;       /* probes of `size` */
    uint16_t size;       /* in question; 0: the search rests */
    uint16_t len;        /* of the probe: `size`, or what a cipher of blocks
                          * can make of that */
    uint16_t low;        /* the path takes this, as far as is known ...   */
    uint16_t high;       /* ... and perhaps this, but no more              */
    uint16_t told;       /* what the IP layer says that it takes; 0 */
    uint32_t data_sent;  /* counters.data_sent at the end of the search */
    uint8_t question[DTLS_ROUTE_COOKIE_LEN];
    uint8_t probe[DTLS_ROUTE_COOKIE_LEN];
    uint64_t probe_until; /* the end of the wait, or of the rest; DTLS_NEVER */
};

struct dtls_session; /* session/session.h */

/* dtls_probe_init makes a session ask nothing.  dtls_probe_begin begins the
 * search, if there is to be one: when the session is connected, and when the
 * peer has another address. */
void dtls_probe_init(struct dtls_probe *probe);
void dtls_probe_begin(struct dtls_session *s, uint64_t now);

/* dtls_probe_has_output returns true if a question waits.  dtls_probe_write
 * seals it as one record into the empty `out`, which stays empty if it has no
 * room for a probe. */
bool dtls_probe_has_output(const struct dtls_session *s);
DTLS_MUST_USE enum dtls_status dtls_probe_write(struct dtls_session *s,
                                                struct dtls_buf *out);

/* dtls_probe_take returns true if `cookie`, of a path_response, is that of a
 * question that waits for it. */
DTLS_MUST_USE bool dtls_probe_take(struct dtls_session *s,
                                   struct dtls_bytes cookie, uint64_t now);

/* dtls_probe_too_big returns true if the last datagram was a probe, which the
 * network has refused, with the size that it is said to take, or 0.  The
 * search then goes on below. */
DTLS_MUST_USE bool dtls_probe_too_big(struct dtls_session *s, size_t told);

/* dtls_probe_deadline returns the time at which dtls_probe_expire is to be
 * called, or DTLS_NEVER.  dtls_probe_expire returns false if the peer counts
 * as gone. */
uint64_t dtls_probe_deadline(const struct dtls_session *s);
DTLS_MUST_USE bool dtls_probe_expire(struct dtls_session *s, uint64_t now);

#endif
