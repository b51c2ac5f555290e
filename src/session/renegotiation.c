/* SPDX-License-Identifier: MIT */
/* Another handshake inside a connected session (RFC 5246, 7.4.1.1; RFC 5746).
 *
 * It runs in the current epoch, with message_seq from 0 on, and data goes on
 * beside it.  The side that asks must accept a refusal: up to the first new
 * key the session can go on as it was.
 *
 * A renegotiation that is called off because the peer does not answer is the
 * last one.  Its messages may still come, and in the same epoch they look like
 * those of another. */
#include "session/session.h"

/* Checks whether a renegotiation is possible at all, whichever side asks. */
static enum dtls_status is_possible(const struct dtls_session *s)
{
    if (!dtls_session_is_open(s)) {
        return DTLS_NOT_NOW;
    }
    if (!s->hs.agreed.secure_renegotiation || s->never_again) {
        return DTLS_REFUSED; /* D5746-4.2-1, D5746-4.4-1 */
    }
    if (s->hs.agreed.suite->kx == DTLS_KX_ECJPAKE) {
        return DTLS_REFUSED; /* decision 30 */
    }
    if (dtls_areas_are_in_use(s->hs.areas)) {
        return DTLS_NO_ROOM;
    }
    /* D6347-4.1-21 */
    return s->records.write_epoch == UINT16_MAX ||
                   s->records.read_epoch == UINT16_MAX
               ? DTLS_TOO_LATE
               : DTLS_OK;
}

/* Begins the handshake.  A server whose client asked for it starts no timer
 * until it has something to send. */
static void begin(struct dtls_session *s, enum dtls_cause by, uint64_t now)
{
    dtls_handshake_again(&s->hs);
    dtls_session_limit_handshake(s, now);
    dtls_path_mtu_begin(&s->mtu, now);
    dtls_session_enter(s, DTLS_PHASE_RENEGOTIATING, by);
    s->answered = 0;
    s->answer_from = 0;
    s->last_piece.known = false;
}

/* Sends ClientHello.  A last flight that is kept stays in front of it, as
 * in begin_server.  If ClientHello cannot be made, nothing has begun: the
 * server may still repeat its Finished, with its number in the handshake
 * before. */
static enum dtls_status begin_client(struct dtls_session *s,
                                     enum dtls_cause by, uint64_t now)
{
    uint16_t next_seq = s->hs.in.next_seq;
    enum dtls_status status;

    if (by == DTLS_BY_PEER) {
        dtls_session_drop_flight(s); /* The server has our Finished. */
    }
    begin(s, by, now);
    status = dtls_handshake_start(&s->hs, now);
    if (status != DTLS_OK) {
        dtls_renegotiation_call_off(s, DTLS_BY_ERROR, status);
        dtls_reassembly_seek(&s->hs.in, next_seq);
        return status;
    }
    dtls_flight_rewind(&s->hs.flight);
    dtls_timer_start(&s->timer, &s->config->timer, now);
    return DTLS_OK;
}

/* Sends HelloRequest.  The last flight stays in front of it until the client
 * has shown that the flight came. */
static enum dtls_status begin_server(struct dtls_session *s, uint64_t now)
{
    enum dtls_status status;

    begin(s, DTLS_BY_CALLER, now);
    status = dtls_handshake_ask(&s->hs);
    if (status != DTLS_OK) {
        dtls_renegotiation_call_off(s, DTLS_BY_ERROR, status);
        return status;
    }
    dtls_timer_start(&s->timer, &s->config->timer, now);
    return DTLS_OK;
}

enum dtls_status dtls_session_renegotiate(struct dtls_session *s, uint64_t now)
{
    enum dtls_status status;

    if (s->phase == DTLS_PHASE_RENEGOTIATING) {
        return DTLS_OK;
    }
    status = is_possible(s);
    if (status != DTLS_OK) {
        return status;
    }
    return s->hs.role == DTLS_CLIENT ? begin_client(s, DTLS_BY_CALLER, now)
                                     : begin_server(s, now);
}

bool dtls_session_is_changing_keys(const struct dtls_session *s)
{
    return s->phase == DTLS_PHASE_RENEGOTIATING &&
           s->records.write_epoch != s->hs.epoch;
}

/* Tells whether `fragment` is the other side's first message, which has number
 * 0 in every handshake (D6347-4.2.2-2). */
static bool is_wish(const struct dtls_session *s,
                    const struct dtls_fragment *fragment)
{
    uint8_t wish = s->hs.role == DTLS_CLIENT ? (uint8_t)DTLS_HELLO_REQUEST
                                             : (uint8_t)DTLS_CLIENT_HELLO;

    return fragment->type == wish && fragment->seq == 0 &&
           s->phase != DTLS_PHASE_CLOSING &&
           (wish == DTLS_CLIENT_HELLO || fragment->message_len == 0);
}

static bool is_granted(const struct dtls_session *s)
{
    return is_possible(s) == DTLS_OK &&
           (s->config->renegotiate == NULL ||
            s->config->renegotiate(s->config->self)) &&
           !dtls_areas_are_in_use(s->hs.areas); /* nor meanwhile */
}

bool dtls_renegotiation_take(struct dtls_session *s,
                             const struct dtls_fragment *fragment,
                             uint64_t now)
{
    if (!is_wish(s, fragment)) {
        return false;
    }
    if (!is_granted(s)) {
        dtls_session_warn(s, DTLS_NO_RENEGOTIATION);
        return true;
    }
    if (s->hs.role == DTLS_SERVER) {
        dtls_session_drop_flight(s);
        begin(s, DTLS_BY_PEER, now);
        return true;
    }
    if (begin_client(s, DTLS_BY_PEER, now) != DTLS_OK) {
        dtls_session_warn(s, DTLS_NO_RENEGOTIATION);
        return true;
    }
    /* HelloRequest had number 0. */
    s->hs.in.next_seq = 1;
    s->answered = 1;
    return true;
}

bool dtls_renegotiation_is_asked(const struct dtls_session *s)
{
    uint8_t answered = s->hs.role == DTLS_CLIENT
                           ? (uint8_t)DTLS_CLIENT_SERVER_HELLO
                           : (uint8_t)DTLS_SERVER_CLIENT_HELLO;

    return s->phase == DTLS_PHASE_RENEGOTIATING && s->hs.step <= answered;
}

void dtls_renegotiation_call_off(struct dtls_session *s, enum dtls_cause by,
                                 enum dtls_status why)
{
    /* An unanswered HelloRequest has begun no handshake at the client. */
    s->never_again |=
        why == DTLS_TOO_LATE &&
        (s->hs.role == DTLS_CLIENT || s->hs.step != DTLS_SERVER_CLIENT_HELLO);
    dtls_session_enter(s, DTLS_PHASE_CONNECTED, by);
    s->renegotiated = why;
    s->timer.deadline = DTLS_NEVER;
    s->wait_until = DTLS_NEVER;
    dtls_flight_clear(&s->hs.flight);
    dtls_handshake_end(&s->hs);
    dtls_record_layer_forget_next_read(&s->records);
    dtls_record_layer_forget_next_write(&s->records);
    /* What never began has shown nothing about a kept last flight: without its
     * blocks it is made again when the peer asks. */
    if (by != DTLS_BY_ERROR && s->keep_flight_until != DTLS_NEVER) {
        s->keep_flight_until = DTLS_NEVER;
        dtls_record_layer_retire_write(&s->records);
    }
}
