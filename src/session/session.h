/* SPDX-License-Identifier: MIT */
/* One association, sans IO: datagrams and the time come in, datagrams, events
 * and the next deadline go out (RFC 6347).
 *
 *     connect or accept
 *     loop:  read every datagram that comes, until it is used up
 *            expire when `deadline` has come
 *            write until nothing is written, and send what was
 *     send, close, renegotiate
 *
 * Times are milliseconds of any clock that does not go back.  A session that
 * has failed stays failed. */
#ifndef DTLS_SESSION_SESSION_H
#define DTLS_SESSION_SESSION_H

#include "handshake/handshake.h"

/* How long a server keeps its last flight: 2 x MSL (RFC 6347, 4.2.4). */
#define DTLS_KEEP_FLIGHT_MS 240000 /* at least: see pump.c */

/* How long a server waits for the rest of a ClientHello: nothing of its own is
 * out that a timer would send again, yet a half-open session must end. */
#define DTLS_HELLO_MS 30000

enum dtls_state {
    DTLS_IDLE,
    DTLS_HANDSHAKING,
    DTLS_CONNECTED,
    DTLS_ENDED, /* closed by the peer, or by us and answered */
    DTLS_FAILED
};

enum dtls_event {
    DTLS_EVENT_NONE,
    DTLS_EVENT_CONNECTED,    /* the handshake is complete                  */
    DTLS_EVENT_RENEGOTIATED, /* another one is, in a connected session     */
    DTLS_EVENT_DATA,         /* a record of application data               */
    DTLS_EVENT_ENDED,        /* the peer's close_notify                    */
    DTLS_EVENT_FAILED        /* see `failure`                              */
};

struct dtls_session {
    const struct dtls_config *config;
    struct dtls_record_layer records;
    struct dtls_handshake hs;
    enum dtls_state state;
    enum dtls_status failure; /* why it is DTLS_FAILED */
    struct dtls_timer timer;
    uint64_t keep_flight_until; /* DTLS_NEVER: none is kept */
    uint64_t answer_from;       /* when a repeat is answered again */
    uint64_t hello_until;       /* a server's: DTLS_HELLO_MS; or DTLS_NEVER */
    bool path_is_small;         /* see dtls_session_too_big */
    uint16_t answered;          /* message_seq after what our flight answers */
    uint64_t flight_from;       /* its first record's number               */
    bool renegotiating;         /* connected, and in another handshake */
    bool never_again;           /* one was called off: see renegotiation.c */
    enum dtls_status renegotiated;         /* how the last one ended */
    uint8_t first_random[DTLS_RANDOM_LEN]; /* the first ClientHello's */
    bool alert_pending;
    bool close_sent;
    uint8_t alert[2];      /* to be sent: level, description */
    uint8_t peer_alert[2]; /* the last one received */
    struct dtls_counters *counters;
};

/* What a session is given for its life; all of it borrowed.  `arena` bounds
 * the longest handshake message, `peer_certs` the longest chain.  The session
 * counts in `counters`, which only its owner zeroes. */
struct dtls_session_room {
    const struct dtls_config *config;
    const struct dtls_store *store;
    struct dtls_counters *counters;
    struct dtls_span arena;
    struct dtls_span peer_certs;
};

/* dtls_session_connect begins as client; the first flight waits to be
 * written.  dtls_session_accept begins as server, for a ClientHello that the
 * listener let through (session/listener.h), which is then to be read.
 *
 * Either takes an all-zero or freed session.  On a failure it needs no
 * dtls_session_free, which is harmless, though. */
DTLS_MUST_USE enum dtls_status dtls_session_connect(
    struct dtls_session *s, const struct dtls_session_room *room,
    uint64_t now);
void dtls_session_accept(struct dtls_session *s,
                         const struct dtls_session_room *room,
                         uint16_t message_seq, uint64_t record_seq);

/* dtls_session_free ends every secret and gives every block back; the session
 * is then all zero. */
void dtls_session_free(struct dtls_session *s);

/* dtls_session_read works through `datagram` up to the next event, or to its
 * end: call it until datagram->len is 0.  Records are opened in place; on
 * DTLS_EVENT_DATA `data` is the plaintext inside the datagram. */
DTLS_MUST_USE enum dtls_event dtls_session_read(struct dtls_session *s,
                                                struct dtls_span *datagram,
                                                struct dtls_span *data,
                                                uint64_t now);

/* dtls_session_has_output: is there a datagram for dtls_session_write? */
bool dtls_session_has_output(const struct dtls_session *s);

/* dtls_session_write fills the empty `out` with the next datagram to send; it
 * stays empty if there is none.  DTLS_NO_ROOM if `out` is too small for
 * anything; the session goes on.  DTLS_INTERNAL_ERROR if cryptography fails;
 * a flight that cannot be sealed ends the session. */
DTLS_MUST_USE enum dtls_status dtls_session_write(struct dtls_session *s,
                                                  struct dtls_buf *out);

/* dtls_session_too_big: the network said that a datagram which
 * dtls_session_write has given was too big.  The flight is then to be written
 * again, in datagrams that go anywhere (D6347-4.1.1.1-5); nothing happens if
 * they were that small already. */
void dtls_session_too_big(struct dtls_session *s);

/* dtls_session_mtu is the largest datagram of a handshake now. */
size_t dtls_session_mtu(const struct dtls_session *s);

/* dtls_session_send seals `data` as one record into the empty `out`; `data`
 * may stand in `out` where dtls_session_body puts it.
 *
 * DTLS_NOT_NOW if the session is not connected, is closing or is changing
 * keys (dtls_session_is_changing_keys), DTLS_NO_ROOM if
 * it does not fit or is longer than 2^14 bytes, DTLS_TOO_LATE if the sequence
 * numbers are used up. */
DTLS_MUST_USE enum dtls_status dtls_session_send(struct dtls_session *s,
                                                 struct dtls_buf *out,
                                                 struct dtls_bytes data);

/* dtls_session_body: see dtls_record_layer_body. */
struct dtls_buf dtls_session_body(const struct dtls_session *s,
                                  const struct dtls_buf *out);

/* dtls_session_deadline is when dtls_session_expire is to be called;
 * DTLS_NEVER if nothing is waited for. */
uint64_t dtls_session_deadline(const struct dtls_session *s);

/* dtls_session_expire does what is due: a retransmission to be written, or
 * DTLS_EVENT_FAILED with DTLS_TOO_LATE.  Calling it early does nothing. */
DTLS_MUST_USE enum dtls_event dtls_session_expire(struct dtls_session *s,
                                                  uint64_t now);

/* dtls_session_close queues close_notify; DTLS_NOT_NOW if there is nothing to
 * close.  The peer's answer is DTLS_EVENT_ENDED. */
DTLS_MUST_USE enum dtls_status dtls_session_close(struct dtls_session *s);

/* dtls_session_renegotiate begins another handshake in a connected session:
 * a client's ClientHello, or a server's HelloRequest, waits to be written.
 * Data goes on both ways.  Nothing changes if one is running already.
 *
 * DTLS_EVENT_RENEGOTIATED tells that it is complete.  If the peer refuses, or
 * does not answer before keys have changed, the session goes on as it was:
 * `renegotiating` is then false and `renegotiated` is DTLS_REFUSED or
 * DTLS_TOO_LATE.  Any other failure ends the session.
 *
 * DTLS_NOT_NOW if the session is not connected or is closing; DTLS_REFUSED if
 * the first handshake was not bound by RFC 5746, or an earlier one was called
 * off; DTLS_TOO_LATE if there is no next epoch; DTLS_STORE_EMPTY. */
DTLS_MUST_USE enum dtls_status dtls_session_renegotiate(struct dtls_session *s,
                                                        uint64_t now);

/* dtls_session_is_changing_keys: is our Finished of a renegotiation out and
 * the peer's not here?  Then no data may be sent (RFC 5246, 7.4.9). */
bool dtls_session_is_changing_keys(const struct dtls_session *s);

/* dtls_session_export: see dtls_keys_export; DTLS_NOT_NOW unless the session
 * is connected and has the extended master secret (RFC 7627, 5.4). */
DTLS_MUST_USE enum dtls_status dtls_session_export(
    const struct dtls_session *s, uint8_t *out, size_t out_len,
    const char *label, const struct dtls_bytes *context);

/* dtls_session_abandon ends a connected session without a word: its peer has
 * begun anew and knows it no more. */
void dtls_session_abandon(struct dtls_session *s);

/* For pump.c and renegotiation.c. */

/* dtls_session_fail ends the session; a fatal `status` queues its alert. */
enum dtls_event dtls_session_fail(struct dtls_session *s,
                                  enum dtls_status status);

/* dtls_session_resend has the whole flight written once more. */
void dtls_session_resend(struct dtls_session *s);

/* dtls_session_warn queues a warning alert. */
void dtls_session_warn(struct dtls_session *s, uint8_t description);

/* dtls_session_drop_flight gives the last flight back, and with it the epoch
 * that it would have been resent in. */
void dtls_session_drop_flight(struct dtls_session *s);

/* dtls_renegotiation_take: is this fragment, of a connected session's current
 * epoch, a wish to renegotiate?  If so it is granted, and a server is then to
 * read the fragment as the new handshake's first, or refused with a warning,
 * no_renegotiation. */
DTLS_MUST_USE bool dtls_renegotiation_take(
    struct dtls_session *s, const struct dtls_fragment *fragment,
    uint64_t now);

/* dtls_renegotiation_is_asked: is a peer that has not answered yet free to
 * refuse? */
bool dtls_renegotiation_is_asked(const struct dtls_session *s);

/* dtls_renegotiation_call_off returns to the session as it was. */
void dtls_renegotiation_call_off(struct dtls_session *s, enum dtls_status why);

#endif
