/* SPDX-License-Identifier: MIT */
/* A datagram's way in: records, then messages in order, then events
 * (RFC 6347, 4).  What is junk, and what ends a session, is decided here and
 * nowhere else:
 *
 *   not a fresh, authentic record of a live epoch     dropped by the record
 *                                                     layer, counted
 *   in the clear after our read keys are on           dropped, counted
 *   not the next message in order                     kept, dropped, or an
 *                                                     answer to a repeat
 *   the next message, malformed or illegal            alert, session failed
 *   a fatal alert, close_notify                       obeyed */
#include "session/session.h"

enum { CLOSE_NOTIFY = 0, NO_RENEGOTIATION = 100 };

static enum dtls_event drop(struct dtls_session *s)
{
    (void)dtls_record_layer_drop(&s->records, DTLS_DISCARD_STATE);
    return DTLS_EVENT_NONE;
}

/* The handshake is complete: what only it needed ends. */
static enum dtls_event complete(struct dtls_session *s, uint64_t now)
{
    s->state = DTLS_CONNECTED;
    dtls_handshake_end(&s->hs);
    dtls_record_layer_retire_read(&s->records);
    s->keep_flight_until = now + DTLS_KEEP_FLIGHT_MS;
    if (s->hs.role == DTLS_CLIENT) {
        /* The server's Finished is the answer to our last flight. */
        dtls_session_drop_flight(s);
    }
    return DTLS_EVENT_CONNECTED;
}

/* A whole message in order. */
static enum dtls_event take_message(struct dtls_session *s,
                                    const struct dtls_message *message,
                                    uint64_t now)
{
    enum dtls_status status = dtls_handshake_take(&s->hs, message);

    dtls_reassembly_done(&s->hs.in);
    if (status != DTLS_OK) {
        return dtls_session_fail(s, status);
    }
    if (s->hs.flight_is_new || dtls_handshake_is_done(&s->hs)) {
        dtls_timer_stop(&s->timer, &s->config->timer);
        s->resent = false;
    }
    if (s->hs.flight_is_new) {
        dtls_flight_rewind(&s->hs.flight);
    }
    if (dtls_handshake_is_done(&s->hs)) {
        return complete(s, now);
    }
    if (s->hs.flight_is_new) {
        dtls_timer_start(&s->timer, now);
    }
    return DTLS_EVENT_NONE;
}

/* The end of the peer's last flight again: our answer was lost.  Once for
 * each time the timer is armed, so that nobody can make us shout. */
static void answer_repeat(struct dtls_session *s,
                          const struct dtls_fragment *fragment, uint64_t now)
{
    bool is_last =
        (uint16_t)(fragment->seq + 1) == s->hs.in.next_seq &&
        fragment->offset + fragment->body.len == fragment->message_len;

    if (!is_last || s->resent || s->timer.deadline == DTLS_NEVER) {
        (void)drop(s);
        return;
    }
    s->resent = true;
    s->retransmissions++;
    dtls_timer_restart(&s->timer, now);
    dtls_flight_rewind(&s->hs.flight);
}

/* Until ServerHello a client cannot know the server's message_seq: servers
 * number HelloVerifyRequest and the first ServerHello in several ways
 * (RFC 6347, 4.2.2, and what is in use). */
static void follow_server_numbering(struct dtls_session *s,
                                    const struct dtls_fragment *fragment)
{
    struct dtls_handshake *h = &s->hs;
    bool known = fragment->type == DTLS_HELLO_VERIFY_REQUEST ||
                 (fragment->type == DTLS_SERVER_HELLO &&
                  (fragment->seq <= 1 || fragment->seq == h->hello_seq));

    if (h->role == DTLS_CLIENT && h->step <= DTLS_CLIENT_SERVER_HELLO &&
        known) {
        dtls_reassembly_seek(&h->in, fragment->seq);
    }
}

/* One fragment in the epoch of the handshake's next message. */
static enum dtls_event take_fragment(struct dtls_session *s,
                                     const struct dtls_fragment *fragment,
                                     uint16_t epoch, uint64_t now)
{
    struct dtls_message message = {
        .type = fragment->type,
        .seq = fragment->seq,
        .epoch = epoch,
        .body = fragment->body,
    };
    enum dtls_event event = DTLS_EVENT_NONE;
    enum dtls_status status;

    if (s->hs.role == DTLS_CLIENT &&
        dtls_client_has_returned(&s->hs, &message)) {
        return drop(s);
    }
    follow_server_numbering(s, fragment);
    if (fragment->seq < s->hs.in.next_seq) {
        answer_repeat(s, fragment, now);
        return DTLS_EVENT_NONE;
    }
    if (fragment->seq == s->hs.in.next_seq &&
        dtls_fragment_is_whole(fragment)) {
        event = take_message(s, &message, now);
    } else {
        status = dtls_reassembly_add(&s->hs.in, fragment, epoch);
        if (status == DTLS_NO_ROOM) {
            return dtls_session_fail(s, DTLS_MESSAGE_TOO_LONG);
        }
        if (status != DTLS_OK) {
            return drop(s);
        }
    }
    while (s->state == DTLS_HANDSHAKING && event == DTLS_EVENT_NONE &&
           dtls_reassembly_next(&s->hs.in, &message)) {
        event = take_message(s, &message, now);
    }
    return event;
}

/* Handshake messages inside a live session: the peer's repeated Finished asks
 * for our last flight; a wish to renegotiate is refused (RFC 5746, 4.4). */
static void take_late_fragment(struct dtls_session *s,
                               const struct dtls_fragment *fragment)
{
    uint8_t wish = s->hs.role == DTLS_CLIENT ? (uint8_t)DTLS_HELLO_REQUEST
                                             : (uint8_t)DTLS_CLIENT_HELLO;

    if (fragment->type == DTLS_FINISHED &&
        s->keep_flight_until != DTLS_NEVER &&
        (uint16_t)(fragment->seq + 1) == s->hs.in.next_seq) {
        s->retransmissions++;
        dtls_flight_rewind(&s->hs.flight);
    } else if (fragment->type == wish && !s->close_sent) {
        dtls_session_warn(s, NO_RENEGOTIATION);
    } else {
        (void)drop(s);
    }
}

static enum dtls_event take_handshake(struct dtls_session *s,
                                      const struct dtls_record *record,
                                      uint64_t now)
{
    struct dtls_bytes payload = dtls_span_bytes(record->body);
    struct dtls_fragment fragment;
    enum dtls_event event = DTLS_EVENT_NONE;

    /* What has ended stays so, whatever comes. */
    if (s->state != DTLS_HANDSHAKING && s->state != DTLS_CONNECTED) {
        return drop(s);
    }
    while (event == DTLS_EVENT_NONE && payload.len != 0) {
        if (dtls_fragment_next(&payload, &fragment) != DTLS_OK) {
            return record->epoch == 0
                       ? drop(s)
                       : dtls_session_fail(s, DTLS_DECODE_ERROR);
        }
        if (record->epoch != s->records.read_epoch &&
            fragment.seq >= s->hs.in.next_seq) {
            return drop(s);
        }
        if (s->state == DTLS_HANDSHAKING) {
            event = take_fragment(s, &fragment, record->epoch, now);
        } else {
            take_late_fragment(s, &fragment);
        }
    }
    return event;
}

static enum dtls_event take_ccs(struct dtls_session *s,
                                const struct dtls_record *record)
{
    /* enum { change_cipher_spec(1), (255) } type; */
    if (s->state != DTLS_HANDSHAKING || record->epoch != s->hs.epoch ||
        record->body.len != 1 || record->body.data[0] != 1) {
        return drop(s);
    }
    dtls_handshake_take_ccs(&s->hs);
    return DTLS_EVENT_NONE;
}

static enum dtls_event take_close_notify(struct dtls_session *s)
{
    if (s->state == DTLS_HANDSHAKING) {
        return dtls_session_fail(s, DTLS_ALERTED);
    }
    if (!s->close_sent) {
        s->close_sent = true;
        dtls_session_warn(s, CLOSE_NOTIFY);
    }
    s->state = DTLS_ENDED;
    dtls_session_drop_flight(s);
    return DTLS_EVENT_ENDED;
}

static enum dtls_event take_alert(struct dtls_session *s,
                                  const struct dtls_record *record)
{
    struct dtls_bytes in = dtls_span_bytes(record->body);
    uint8_t level;
    uint8_t description;

    if (record->epoch != s->records.read_epoch ||
        (s->state != DTLS_HANDSHAKING && s->state != DTLS_CONNECTED) ||
        !dtls_get_u8(&in, &level) || !dtls_get_u8(&in, &description) ||
        in.len != 0) {
        return drop(s);
    }
    s->peer_alert[0] = level;
    s->peer_alert[1] = description;
    if (description == CLOSE_NOTIFY) {
        return take_close_notify(s);
    }
    return level == 2 ? dtls_session_fail(s, DTLS_ALERTED) : DTLS_EVENT_NONE;
}

static enum dtls_event take_data(struct dtls_session *s,
                                 const struct dtls_record *record,
                                 struct dtls_span *data)
{
    if (s->state != DTLS_CONNECTED || record->epoch == 0 ||
        record->epoch != s->records.read_epoch || s->close_sent) {
        return drop(s);
    }
    /* The peer speaks under the new keys: it has our Finished. */
    dtls_session_drop_flight(s);
    if (record->body.len == 0) {
        return DTLS_EVENT_NONE;
    }
    *data = record->body;
    return DTLS_EVENT_DATA;
}

static enum dtls_event take_record(struct dtls_session *s,
                                   const struct dtls_record *record,
                                   struct dtls_span *data, uint64_t now)
{
    switch (record->type) {
    case DTLS_HANDSHAKE:
        return take_handshake(s, record, now);
    case DTLS_CHANGE_CIPHER_SPEC:
        return take_ccs(s, record);
    case DTLS_ALERT:
        return take_alert(s, record);
    default: /* DTLS_APPLICATION_DATA: the record layer knows no other. */
        return take_data(s, record, data);
    }
}

enum dtls_event dtls_session_read(struct dtls_session *s,
                                  struct dtls_span *datagram,
                                  struct dtls_span *data, uint64_t now)
{
    enum dtls_event event = DTLS_EVENT_NONE;
    struct dtls_record record;

    if (s->state == DTLS_IDLE) {
        datagram->len = 0;
    }
    while (datagram->len != 0 && event == DTLS_EVENT_NONE) {
        if (dtls_record_next(datagram, &record) != DTLS_OK) {
            (void)dtls_record_layer_drop(&s->records, DTLS_DISCARD_HEADER);
            datagram->len = 0;
        } else if (dtls_record_layer_open(&s->records, &record) == DTLS_OK) {
            event = take_record(s, &record, data, now);
        }
    }
    return event;
}
