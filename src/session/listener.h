/* SPDX-License-Identifier: MIT */
/* The gate before a server: nothing is kept for an address until it has
 * returned a valid cookie (RFC 6347, 4.2.1). */
#ifndef DTLS_SESSION_LISTENER_H
#define DTLS_SESSION_LISTENER_H

#include "session/cookie.h"
#include "session/session.h"
#include "session/table.h"

/* Our records go on from the ClientHello's record number: one above this is
 * not answered, so that a handshake fits behind it. */
#define DTLS_LISTENER_SEQ_MAX (DTLS_SEQ_MAX - 0xffff)

struct dtls_listener {
    struct dtls_cookie_jar jar;
    uint8_t instance[8];  /* tells this server from every other */
    bool without_cookies; /* on a trusted network */
    struct dtls_counters *counters;
};

enum dtls_gate {
    DTLS_GATE_DISCARD, /* not a ClientHello that can be answered           */
    DTLS_GATE_REPLY,   /* send `reply` and forget                          */
    DTLS_GATE_ACCEPT   /* accept a session with `pass`, then read this     */
};

/* What dtls_session_accept needs. */
struct dtls_gate_pass {
    uint16_t message_seq;
    uint64_t record_seq;
};

/* dtls_listener_init makes the first secrets and the instance number.  The
 * listener counts in `counters`, which is borrowed. */
DTLS_MUST_USE enum dtls_status dtls_listener_init(
    struct dtls_listener *listener, const struct dtls_crypto *crypto,
    struct dtls_counters *counters, uint64_t now);
void dtls_listener_free(struct dtls_listener *listener);

/* dtls_listener_gate judges a datagram from an address without a session.
 * Only its first record counts, and only a ClientHello, or a first fragment
 * of one that holds everything up to the compression methods.  The reply is a
 * HelloVerifyRequest and is shorter than what it answers. */
DTLS_MUST_USE enum dtls_gate dtls_listener_gate(
    struct dtls_listener *listener, struct dtls_buf *reply,
    struct dtls_gate_pass *pass, const struct dtls_address *peer,
    struct dtls_span datagram, uint64_t now);

/* dtls_listener_begins_anew: does a client whose handshake in `live` is over,
 * be that session connected or ended since, say hello again, with another
 * random?  Its ClientHello then belongs to the gate (RFC 6347, 4.2.8); a late
 * copy of the first one does not. */
DTLS_MUST_USE bool dtls_listener_begins_anew(const struct dtls_session *live,
                                             struct dtls_span datagram);

#endif
