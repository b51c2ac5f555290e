/* SPDX-License-Identifier: MIT */
/* The gate before a server: the server keeps nothing for an address until the
 * address has returned a valid cookie (RFC 6347, 4.2.1). */
#ifndef DTLS_SESSION_LISTENER_H
#define DTLS_SESSION_LISTENER_H

#include "session/cookie.h"
#include "session/session.h"
#include "session/table.h"

/* DTLS_LISTENER_SEQ_MAX is the highest record number of a ClientHello that the
 * gate answers.  The server's first record takes the ClientHello's number;
 * above this limit the handshake might run out of numbers. */
#define DTLS_LISTENER_SEQ_MAX (DTLS_SEQ_MAX - 0xffff)

/* DTLS_LISTENER_MESSAGE_SEQ_MAX is the highest message_seq of a ClientHello
 * that the gate answers.  Both ends count on from it. */
#define DTLS_LISTENER_MESSAGE_SEQ_MAX (UINT16_MAX - 0xff)

/* DTLS_REFUSALS bounds the alerts of dtls_listener_refuse in a second. */
#define DTLS_REFUSALS 10

struct dtls_listener {
    struct dtls_cookie_jar jar;
    uint8_t instance[8];  /* tells this server from every other */
    bool without_cookies; /* accept any ClientHello: for trusted networks */
    uint32_t refusals;    /* in the second that began at refusals_from */
    uint64_t refusals_from;
    struct dtls_counters *counters;
};

enum dtls_gate {
    DTLS_GATE_DISCARD, /* drop it: no ClientHello that we answer           */
    DTLS_GATE_REPLY,   /* send `reply` and forget                          */
    DTLS_GATE_ACCEPT   /* accept a session with `pass`; it reads this      */
};

/* dtls_listener_init makes the first secrets and the instance number.  It
 * borrows `counters`, in which the listener counts.  If `crypto` fails, it
 * returns that status and leaves the listener as it was. */
DTLS_MUST_USE enum dtls_status dtls_listener_init(
    struct dtls_listener *listener, const struct dtls_crypto *crypto,
    struct dtls_counters *counters, uint64_t now);
void dtls_listener_free(struct dtls_listener *listener);

/* dtls_listener_gate judges a datagram from an address without a session.  It
 * looks at the first record alone.  A session that is accepted with `pass`
 * reads every record that the gate lets through.
 *
 * With cookies the first record must hold the front of a ClientHello: the
 * whole message, or its first fragment with everything up to the cookie.  If
 * it has the suites and compression methods, too, the gate checks them;
 * otherwise the session does, once the ClientHello is whole.
 *
 * Without cookies a ClientHello has message_seq 0.  Its first record may hold
 * any fragment.
 *
 * On DTLS_GATE_REPLY it has appended to `reply` a HelloVerifyRequest, which is
 * shorter than the ClientHello's record.  On DTLS_GATE_ACCEPT it has set
 * `pass`. */
DTLS_MUST_USE enum dtls_gate dtls_listener_gate(
    struct dtls_listener *listener, struct dtls_buf *reply,
    struct dtls_gate_pass *pass, const struct dtls_address *peer,
    struct dtls_span datagram, uint64_t now);

/* dtls_listener_begins_anew returns true if a client whose association began
 * with the hello `first` says hello again, with another random.  Such a
 * ClientHello belongs to the gate, whatever the phase of the association
 * (RFC 6347, 4.2.8).  A copy of the first ClientHello does not. */
DTLS_MUST_USE bool dtls_listener_begins_anew(
    const struct dtls_first_hello *first, struct dtls_span datagram);

/* dtls_listener_refuse appends a fatal internal_error to `reply`, in the
 * clear, for a client that has returned a valid cookie and finds that every
 * association is established.  It appends nothing to a client without a
 * cookie, nor more than DTLS_REFUSALS alerts in a second. */
void dtls_listener_refuse(struct dtls_listener *listener,
                          struct dtls_buf *reply,
                          const struct dtls_gate_pass *pass, uint64_t now);

#endif
