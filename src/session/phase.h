/* SPDX-License-Identifier: MIT */
/* The phases of an association, what holds in each, and which may follow.
 *
 *     idle -> half open -> handshaking -> connected <-> renegotiating
 *         \                    ^           |    |
 *          +---- client -------+           |    v
 *                                          |  closing
 *                                          v    |
 *                                        ended <+
 *
 * From half open to closing, each may also end as failed.  An association that
 * is taken over (session/handover.h) begins as connected, and the session that
 * it has left is ended.
 *
 * phase.c has one row per phase, and dtls_session_enter alone changes it. */
#ifndef DTLS_SESSION_PHASE_H
#define DTLS_SESSION_PHASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

struct dtls_session;

enum dtls_phase {
    DTLS_PHASE_IDLE,          /* no association                            */
    DTLS_PHASE_HALF_OPEN,     /* server: the ClientHello is not whole yet  */
    DTLS_PHASE_HANDSHAKING,   /* until both Finished                       */
    DTLS_PHASE_CONNECTED,     /* data goes both ways                       */
    DTLS_PHASE_RENEGOTIATING, /* the same, and another handshake runs or has
                               * been asked for                            */
    DTLS_PHASE_CLOSING,       /* our close_notify is out                   */
    DTLS_PHASE_ENDED,         /* the peer has closed or begun anew, or does
                               * not answer our close_notify               */
    DTLS_PHASE_FAILED         /* an alert, a timeout, an error of ours     */
};
enum { DTLS_PHASES = DTLS_PHASE_FAILED + 1 };

/* enum dtls_cause says who makes a session change its phase. */
enum dtls_cause {
    DTLS_BY_PEER,   /* a record of the peer, or our failure to serve it */
    DTLS_BY_CALLER, /* a call that asks for it                          */
    DTLS_BY_TIME,   /* a deadline                                       */
    DTLS_BY_ERROR   /* an error of our own in something we began        */
};
enum { DTLS_CAUSES = DTLS_BY_ERROR + 1 };

/* dtls_phase_name returns the phase's name in lower case. */
const char *dtls_phase_name(enum dtls_phase phase);

/* dtls_phase_may_follow returns true if `by` may lead from phase `from` to
 * phase `to`.  dtls_session_free is no such step: from every phase, it leaves
 * an idle session. */
bool dtls_phase_may_follow(enum dtls_phase from, enum dtls_phase to,
                           enum dtls_cause by);

/* dtls_session_enter makes `phase` the session's phase.  A build that defines
 * DTLS_CHECKED asserts that it may follow. */
void dtls_session_enter(struct dtls_session *s, enum dtls_phase phase,
                        enum dtls_cause by);

/* dtls_session_is_opening returns true until the first handshake is complete
 * or has failed: the session is half open or handshaking. */
bool dtls_session_is_opening(const struct dtls_session *s);

/* dtls_session_is_in_handshake returns true in the first handshake and in any
 * later one: the session is half open, handshaking or renegotiating. */
bool dtls_session_is_in_handshake(const struct dtls_session *s);

/* dtls_session_is_open returns true if data may go both ways: the session is
 * connected or renegotiating. */
bool dtls_session_is_open(const struct dtls_session *s);

/* dtls_session_is_connected returns true if a handshake is complete and the
 * peer has not closed: the session is connected, renegotiating or closing. */
bool dtls_session_is_connected(const struct dtls_session *s);

/* dtls_session_is_alive returns true if the session can still change by what
 * the peer sends: it is opening or connected. */
bool dtls_session_is_alive(const struct dtls_session *s);

/* dtls_session_check returns NULL if every invariant of the session's phase
 * holds, and else the one that does not, as a sentence. */
const char *dtls_session_check(const struct dtls_session *s);

/* dtls_session_assert asserts that, in a build that defines DTLS_CHECKED: one
 * for debugging, with sanitizers or for a fuzzer (src/CMakeLists.txt). */
static inline void dtls_session_assert(const struct dtls_session *s)
{
#ifdef DTLS_CHECKED
    assert(dtls_session_check(s) == NULL);
#else
    (void)s;
#endif
}

#endif
