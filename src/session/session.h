/* SPDX-License-Identifier: MIT */
/* One association, sans IO: datagrams and the time come in; datagrams, events
 * and the next deadline go out (RFC 6347).
 *
 *     connect or accept
 *     loop:  read every datagram that comes, until nothing of it is left
 *            expire when the deadline has come
 *            write until nothing is written, and send each datagram
 *     send, close, renegotiate
 *
 * Times are milliseconds of any clock that does not go back.
 *
 * A session that has failed stays failed. */
#ifndef DTLS_SESSION_SESSION_H
#define DTLS_SESSION_SESSION_H

#include "flight/path_mtu.h"
#include "handshake/handshake.h"
#include "session/cookie.h"
#include "session/phase.h"
#include "session/probe.h"
#include "session/route.h"

/* DTLS_KEEP_FLIGHT_MS is the shortest time for which a server keeps its last
 * flight: 2 x MSL (RFC 6347, 4.2.4).  pump.c may keep it longer. */
#define DTLS_KEEP_FLIGHT_MS 240000

/* DTLS_HELLO_MS is the time for which a server waits for a whole
 * ClientHello.  No flight of its own is out that a timer would send again, yet
 * a half-open session must end. */
#define DTLS_HELLO_MS 30000

/* DTLS_CLOSE_MS is the time for which a session waits for the peer's
 * close_notify after its own (RFC 5246, 7.2.1: it need not wait at all). */
#define DTLS_CLOSE_MS 30000

enum dtls_event {
    DTLS_EVENT_NONE,
    DTLS_EVENT_CONNECTED,    /* the handshake is complete                  */
    DTLS_EVENT_RENEGOTIATED, /* a later handshake is complete              */
    DTLS_EVENT_DATA,         /* a record of application data               */
    DTLS_EVENT_ENDED,        /* the peer has sent close_notify, or none for
                              * DTLS_CLOSE_MS after ours; or the session
                              * has come to a limit: see `failure`         */
    DTLS_EVENT_FAILED        /* see `failure`                              */
};

/* struct dtls_last_piece is the fragment that ended the peer's last flight,
 * as it came: what a repeat of that flight must equal. */
struct dtls_last_piece {
    bool known;
    uint8_t type;
    uint16_t seq;
    uint32_t message_len;
    uint32_t offset;
    uint64_t hash; /* of its body */
};

/* The random of the ClientHello with which an association began.  It is not
 * known while a fragment without it is all that has come. */
struct dtls_first_hello {
    bool known;
    uint8_t random[DTLS_RANDOM_LEN];
};

/* What a record of data needs stands in front, in few lines of the
 * processor's cache: at each record a server has another session. */
struct dtls_session {
    const struct dtls_config *config;
    struct dtls_counters *counters;
    enum dtls_phase phase;    /* session/phase.h */
    enum dtls_status failure; /* why it has failed, or has ended without the
                               * peer's close_notify: DTLS_TOO_LATE if that
                               * did not answer ours, DTLS_IDLE_TOO_LONG,
                               * DTLS_TOO_OLD, DTLS_PEER_GONE,
                               * DTLS_HANDED_OVER */
    uint64_t active_at;       /* see dtls_session_expire */
    uint64_t heard_at;        /* the peer's last authentic record */
    uint64_t sent_at;         /* our last data */
    uint8_t asked;            /* questions since `heard_at`: probe.h */
    /* Client: answers in the clear to what it has sent since `heard_at`, up to
     * 255.  A server that has lost its state may give such answers, and so may
     * anybody else: nothing follows from them. */
    uint8_t clear_answers;
    struct dtls_route route;
    struct dtls_record_layer records;
    struct dtls_handshake hs;
    struct dtls_timer timer;
    struct dtls_path_mtu mtu;
    struct dtls_probe probe;
    uint64_t keep_flight_until; /* DTLS_NEVER: no flight is kept */
    uint64_t answer_from;       /* no repeat is answered before this */
    uint64_t handshake_until;   /* the limit of the handshake that runs */
    uint64_t connected_at;      /* when the first handshake was complete */
    uint64_t aged;              /* how long it had lived before its import */
    uint64_t wait_until;        /* the end of DTLS_HELLO_MS or DTLS_CLOSE_MS;
                                 * DTLS_NEVER */
    uint64_t resent_at;         /* when the flight was resent; DTLS_NEVER */
    struct dtls_last_piece last_piece;
    uint16_t answered;    /* message_seq after the flight ours answers */
    uint64_t flight_from; /* number of our flight's first record */
    bool never_again;     /* a peer did not answer: renegotiation.c */
    uint32_t handovers;   /* how often it was exported: handover.h */
    enum dtls_status renegotiated; /* how the last attempt ended */
    struct dtls_first_hello first_hello;
    bool alert_pending;
    bool alert_is_out;     /* in the current epoch; the old one follows */
    bool alert_in_both;    /* it goes out in the old epoch, too */
    uint8_t alert[2];      /* to be sent: level, description */
    uint8_t peer_alert[2]; /* the last alert received */
    /* Server: to the ClientHello that is not whole yet. */
    struct dtls_cookie_bond bond;
};

/* struct dtls_gate_pass is what dtls_session_accept needs to know of a
 * ClientHello, or of its first fragment, that the gate has let through
 * (session/listener.h). */
struct dtls_gate_pass {
    uint16_t message_seq;
    uint64_t record_seq;
    uint16_t record_version;
    struct dtls_first_hello hello;
    struct dtls_cookie_bond bond;
};

/* struct dtls_session_room is what a session borrows for its life.  `areas` is
 * the pool from which it takes an area for as long as a handshake runs.
 * `arena` bounds the longest handshake message, `peer_certs` the longest
 * chain.  The session counts in `counters`; only their owner zeroes them.
 *
 * `chain` is DTLS_CHAIN_MAX certificates.  Nothing stays in it beyond one
 * call, and nothing is read from it after verify_peer of the configuration, so
 * sessions that are never called at once may share it.
 *
 * `records` may be NULL if the configuration has no suite with a MAC of its
 * own and no connection ids. */
struct dtls_session_room {
    const struct dtls_config *config;
    const struct dtls_store *store;
    struct dtls_counters *counters;
    struct dtls_areas *areas;
    struct dtls_record_room *records;
    struct dtls_span arena;
    struct dtls_span peer_certs;
    struct dtls_cert *chain;
};

/* dtls_session_connect begins a session as client; the first flight then waits
 * to be written.  If there is no area, it returns DTLS_NO_ROOM; if
 * dtls_handshake_start fails, that status.  The session is then all zero
 * again.
 *
 * A handshake that is not complete within config.handshake_limit fails with
 * DTLS_TOO_LATE: a first one, a renegotiation, in both roles, whatever has
 * come.  A server's first one begins with dtls_session_accept.
 *
 * dtls_session_accept begins a session as server.  `now` is the time at which
 * the gate set `pass`.  The caller then gives the datagram that the gate let
 * through to dtls_session_read.  The session fails with DTLS_TOO_LATE if the
 * ClientHello is not whole DTLS_HELLO_MS after `now`.  If there is no area,
 * the session stays idle, and the client's next hello may find one.
 *
 * Both take an all-zero or freed session. */
DTLS_MUST_USE enum dtls_status dtls_session_connect(
    struct dtls_session *s, const struct dtls_session_room *room,
    uint64_t now);
void dtls_session_accept(struct dtls_session *s,
                         const struct dtls_session_room *room,
                         const struct dtls_gate_pass *pass, uint64_t now);

/* dtls_session_free wipes every secret and gives every block back.  The
 * session is then all zero, and freeing it again is harmless. */
void dtls_session_free(struct dtls_session *s);

/* dtls_session_read works through `datagram` up to the next event or to its
 * end: call it until datagram->len is 0.
 *
 * It opens records in place.  On DTLS_EVENT_DATA `data` is the plaintext
 * inside the datagram. */
DTLS_MUST_USE enum dtls_event dtls_session_read(struct dtls_session *s,
                                                struct dtls_span *datagram,
                                                struct dtls_span *data,
                                                uint64_t now);

/* dtls_session_go_on goes on with a handshake for which config.look_up_psk had
 * no key yet: it asks again, and takes what has come meanwhile.  While the
 * handshake waits, its deadline does, too.  In any other state it does
 * nothing. */
enum dtls_event dtls_session_go_on(struct dtls_session *s, uint64_t now);

/* dtls_session_has_output returns true if a datagram waits for
 * dtls_session_write. */
bool dtls_session_has_output(const struct dtls_session *s);

/* dtls_session_write fills the empty `out` with the next datagram to send, and
 * lowers its cap to dtls_session_mtu.  `out` stays empty if there is none.
 *
 * It returns DTLS_NO_ROOM if `out` is too small for anything, and
 * DTLS_TOO_LATE if the sequence numbers are used up; the session goes on.  It
 * returns DTLS_INTERNAL_ERROR if cryptography fails; if a flight cannot be
 * sealed, or an alert of a connected session, the session has failed.
 *
 * dtls_session_goes_to tells where the datagram is to go. */
DTLS_MUST_USE enum dtls_status dtls_session_write(struct dtls_session *s,
                                                  struct dtls_buf *out);

/* dtls_session_too_big tells the session that the network refused a datagram
 * of dtls_session_write as too big, and which size it is said to take; 0: that
 * is not known.  The flight then waits to be written again, in smaller
 * datagrams (D6347-4.1.1.1-5).  Nothing happens if they are as small as they
 * can be (flight/path_mtu.h). */
void dtls_session_too_big(struct dtls_session *s, size_t told, uint64_t now);

/* dtls_session_mtu returns the size of the largest datagram of a handshake, as
 * it is now. */
size_t dtls_session_mtu(const struct dtls_session *s);

/* dtls_session_send seals `data` as one record into the empty `out`.  `data`
 * may stand in `out` where dtls_session_body puts it.
 *
 * It returns DTLS_NOT_NOW if the session is not connected, is closing or is
 * changing keys (dtls_session_is_changing_keys); DTLS_NO_ROOM if the record
 * does not fit or `data` is longer than 2^14 bytes; DTLS_TOO_LATE if the
 * sequence numbers are used up. */
DTLS_MUST_USE enum dtls_status dtls_session_send(struct dtls_session *s,
                                                 struct dtls_buf *out,
                                                 struct dtls_bytes data,
                                                 uint64_t now);

/* dtls_session_body returns the best place for the next record's plaintext:
 * see dtls_record_layer_body. */
struct dtls_buf dtls_session_body(const struct dtls_session *s,
                                  const struct dtls_buf *out);

/* dtls_session_deadline returns the time at which dtls_session_expire is to be
 * called, or DTLS_NEVER. */
uint64_t dtls_session_deadline(const struct dtls_session *s);

/* dtls_session_expire does what is due at `now`; before the deadline it does
 * nothing.  A flight may then wait to be written again, or the session is
 * over, with DTLS_TOO_LATE as `failure`: DTLS_EVENT_ENDED if it was closing,
 * else DTLS_EVENT_FAILED.
 *
 * An open session ends with DTLS_EVENT_ENDED when a limit has come, or when
 * the peer counts as gone.  Our close_notify then goes out, and nothing waits
 * for its answer.
 *   DTLS_IDLE_TOO_LONG  config.idle_limit after the last activity, which is an
 *                       authentic record of the peer or data that was sent
 *   DTLS_TOO_OLD        config.life_limit after the first handshake was
 *                       complete; a renegotiation does not renew it
 *   DTLS_PEER_GONE      see session/probe.h */
DTLS_MUST_USE enum dtls_event dtls_session_expire(struct dtls_session *s,
                                                  uint64_t now);

/* dtls_session_close queues close_notify.  The peer's answer is
 * DTLS_EVENT_ENDED; if none has come DTLS_CLOSE_MS after `now`,
 * dtls_session_expire ends the session.  It returns DTLS_NOT_NOW if the
 * session is not connected or is closing already. */
DTLS_MUST_USE enum dtls_status dtls_session_close(struct dtls_session *s,
                                                  uint64_t now);

/* dtls_session_renegotiate begins another handshake in a connected session: a
 * client's ClientHello, or a server's HelloRequest, then waits to be written.
 * Data goes on both ways.  If a handshake is running already, nothing changes.
 *
 * DTLS_EVENT_RENEGOTIATED tells that the handshake is complete.  If the peer
 * refuses, or does not answer before keys have changed, the session goes on as
 * it was: its phase is then connected, and `renegotiated` is DTLS_REFUSED or
 * DTLS_TOO_LATE.  Any other failure ends the session.
 *
 * It returns DTLS_NOT_NOW if the session is not connected or is closing;
 * DTLS_REFUSED if RFC 5746 did not protect the first handshake, or an earlier
 * renegotiation was called off for want of an answer; DTLS_TOO_LATE if there
 * is no next epoch; DTLS_NO_ROOM if there is no area, DTLS_STORE_EMPTY if the
 * store has no block. */
DTLS_MUST_USE enum dtls_status dtls_session_renegotiate(struct dtls_session *s,
                                                        uint64_t now);

/* dtls_session_is_changing_keys returns true while our Finished of a
 * renegotiation is out and the peer's has not come.  No data may be sent then
 * (RFC 5246, 7.4.9). */
bool dtls_session_is_changing_keys(const struct dtls_session *s);

/* dtls_session_export exports keying material: see dtls_keys_export.  It
 * returns DTLS_NOT_NOW unless the session is connected and has the extended
 * master secret (RFC 7627, 5.4). */
DTLS_MUST_USE enum dtls_status dtls_session_export(
    const struct dtls_session *s, uint8_t *out, size_t out_len,
    const char *label, const struct dtls_bytes *context);

/* dtls_session_srtp_keys makes the keys for SRTP (RFC 5764, 4.2).  It returns
 * DTLS_NOT_NOW as dtls_session_export does, and if no profile is agreed; `out`
 * is then untouched.  The caller wipes it. */
DTLS_MUST_USE enum dtls_status dtls_session_srtp_keys(
    const struct dtls_session *s, struct dtls_srtp_keys *out);

/* dtls_session_abandon ends a connected session and sends nothing, because its
 * peer has begun anew and no longer knows the session.  If the session is not
 * connected, nothing happens. */
void dtls_session_abandon(struct dtls_session *s);

/* What follows is for session.c, pump.c, renegotiation.c and handover.c. */

/* The levels of an alert, and the two descriptions that no status stands for
 * (RFC 5246, 7.2). */
enum { DTLS_ALERT_WARNING = 1, DTLS_ALERT_FATAL = 2 };
enum { DTLS_CLOSE_NOTIFY = 0, DTLS_NO_RENEGOTIATION = 100 };

/* dtls_session_fail ends the session with `status` as its failure, and returns
 * DTLS_EVENT_FAILED.  A fatal `status` queues its alert. */
enum dtls_event dtls_session_fail(struct dtls_session *s, enum dtls_cause by,
                                  enum dtls_status status);

/* dtls_session_end ends a connected session, and a renegotiation with it. */
void dtls_session_end(struct dtls_session *s, enum dtls_cause by);

/* dtls_session_init makes everything of an all-zero session ready but its
 * phase, which is still idle. */
void dtls_session_init(struct dtls_session *s, enum dtls_role role,
                       const struct dtls_session_room *room, uint16_t seq,
                       uint64_t now);

/* dtls_session_limit_handshake starts the time of a handshake that begins. */
void dtls_session_limit_handshake(struct dtls_session *s, uint64_t now);

/* dtls_session_resend makes the whole flight wait to be written once more.
 * Whatever asks for it, it happens once in an instant. */
void dtls_session_resend(struct dtls_session *s, uint64_t now);

/* dtls_session_warn queues a warning alert. */
void dtls_session_warn(struct dtls_session *s, uint8_t description);

/* dtls_session_drop_flight gives the blocks of the last flight back, and ends
 * the epoch in which that flight would have been resent. */
void dtls_session_drop_flight(struct dtls_session *s);

/* dtls_renegotiation_take returns true if `fragment`, of a connected session's
 * current epoch, asks for a renegotiation.  Either it has then granted it, and
 * a server reads the fragment as the first of the new handshake; or it has
 * refused it with the warning no_renegotiation. */
DTLS_MUST_USE bool dtls_renegotiation_take(
    struct dtls_session *s, const struct dtls_fragment *fragment,
    uint64_t now);

/* dtls_renegotiation_is_asked returns true while a renegotiation waits for the
 * peer's first message, so that the peer may still refuse. */
bool dtls_renegotiation_is_asked(const struct dtls_session *s);

/* dtls_renegotiation_call_off ends a renegotiation with `why` as its result.
 * The session goes on as it was. */
void dtls_renegotiation_call_off(struct dtls_session *s, enum dtls_cause by,
                                 enum dtls_status why);

#endif
