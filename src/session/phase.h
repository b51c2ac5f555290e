/* SPDX-License-Identifier: MIT */
/* The phases of an association, and what holds in each.
 *
 *     idle -> half open -> handshaking -> connected <-> renegotiating
 *                   \            \          |    \           |
 *                    \            \      closing  \          |
 *                     +-> failed <-+         \     +-> ended <
 *
 * A client has no half-open phase.  Every phase can end as failed;
 * dtls_session_free returns to idle from every phase. */
#ifndef DTLS_SESSION_PHASE_H
#define DTLS_SESSION_PHASE_H

#include "session/session.h"

#include <assert.h>

enum dtls_phase {
    DTLS_PHASE_IDLE,          /* no association                            */
    DTLS_PHASE_HALF_OPEN,     /* server: the ClientHello is not whole yet  */
    DTLS_PHASE_HANDSHAKING,   /* until both Finished                       */
    DTLS_PHASE_CONNECTED,     /* data goes both ways                       */
    DTLS_PHASE_RENEGOTIATING, /* the same, and another handshake           */
    DTLS_PHASE_CLOSING,       /* our close_notify is out                   */
    DTLS_PHASE_ENDED,         /* the peer has closed, or began anew        */
    DTLS_PHASE_FAILED,        /* an alert, a timeout, an error of ours     */
    DTLS_PHASES
};

/* dtls_session_phase returns the phase of a session. */
enum dtls_phase dtls_session_phase(const struct dtls_session *s);

/* dtls_phase_name returns the phase's name in lower case. */
const char *dtls_phase_name(enum dtls_phase phase);

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
