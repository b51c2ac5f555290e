/* SPDX-License-Identifier: MIT */
/* A datagram's way in: records, then messages in order, then events (RFC 6347,
 * 4).  This file alone decides what is junk and what ends a session:
 *
 *   not a fresh, authentic record of a live epoch     dropped by the record
 *                                                     layer, counted
 *   without connection id, not from the peer's        dropped, counted
 *   address
 *   in the clear after our read keys are on           dropped, counted
 *   authentic, and longer than agreed                 alert, session failed
 *   under keys with too many forged records           the same
 *   not the next message in order                     kept, dropped, or
 *                                                     answered as a repeat
 *   the next message, malformed or illegal            alert, session failed
 *   the same outside a handshake, but for a wish      alert, session failed
 *   to renegotiate
 *   an alert whose level is neither 1 nor 2           dropped, counted
 *   a fatal alert, close_notify                       obeyed */
#include "session/session.h"

#include "base/secret.h"
#include "base/siphash.h"

#include <string.h>

/* A fragment in the clear was of use.  Records of other types may come twice
 * without harm, and a spoofed one must not use up a number. */
static void accept(struct dtls_session *s, const struct dtls_record *record)
{
    dtls_record_layer_accept(&s->records, record);
}

static enum dtls_event drop(struct dtls_session *s)
{
    s->counters->discarded_state++;
    return DTLS_EVENT_NONE;
}

static enum dtls_event fail(struct dtls_session *s, enum dtls_status status)
{
    return dtls_session_fail(s, DTLS_BY_PEER, status);
}

/* Returns how long a peer with our timer would go on asking for the last
 * flight, but no less than the RFC says (D6347-4.2.4-8).  In 2 x MSL alone, a
 * peer whose timeout has grown to 60 s tries four times, and a bad path can
 * lose all four. */
static uint64_t keep_flight_for(const struct dtls_session *s)
{
    uint64_t tries = dtls_timer_patience(&s->config->timer);

    return tries > DTLS_KEEP_FLIGHT_MS ? tries : DTLS_KEEP_FLIGHT_MS;
}

/* Ends what only the handshake needed, and the epoch that it began in
 * (D6347-4.1-10). */
static enum dtls_event complete(struct dtls_session *s, uint64_t now)
{
    enum dtls_event event = DTLS_EVENT_RENEGOTIATED;

    if (dtls_session_is_opening(s)) {
        s->connected_at = now;
        s->first_hello.known = true;
        memcpy(s->first_hello.random, s->hs.client_random, DTLS_RANDOM_LEN);
        event = DTLS_EVENT_CONNECTED;
    }
    dtls_session_enter(s, DTLS_PHASE_CONNECTED, DTLS_BY_PEER);
    s->renegotiated = DTLS_OK;
    s->counters->handshakes++;
    dtls_handshake_complete(&s->hs);
    dtls_record_layer_retire_read(&s->records);
    s->keep_flight_until = now + keep_flight_for(s);
    if (!dtls_handshake_ends_with_us(&s->hs)) {
        /* The peer's Finished answers our last flight. */
        dtls_session_drop_flight(s);
    }
    s->sent_at = now;
    dtls_probe_begin(s, now);
    return event;
}

/* Checks whether a whole ClientHello has the suites and compression methods
 * that were seen when its cookie was made (D6347-4.2.1-12).  The gate may have
 * let in a first fragment without them.  A ClientHello that cannot be read is
 * left to the handshake. */
static enum dtls_status check_bond(struct dtls_session *s,
                                   const struct dtls_message *message)
{
    struct dtls_client_hello hello;
    enum dtls_status status = DTLS_OK;

    if (message->type == DTLS_CLIENT_HELLO &&
        dtls_client_hello_parse(&hello, message->body) == DTLS_OK) {
        status = dtls_cookie_holds(s->config->crypto, &s->bond, &hello);
    }
    dtls_wipe(&s->bond, sizeof s->bond);
    return status;
}

/* Tells whether a message is a HelloVerifyRequest after the first one: the
 * exchange does not get further by it. */
static bool is_further_verify(const struct dtls_session *s,
                              const struct dtls_message *message)
{
    return message->type == DTLS_HELLO_VERIFY_REQUEST && s->hs.send_seq > 2;
}

/* Stops the timer, as the peer's flight is here; and starts it for ours, if we
 * have one.  A server that asks for cookies again and again does not renew the
 * retransmissions. */
static void set_timer(struct dtls_session *s,
                      const struct dtls_message *message, uint64_t now)
{
    bool is_done = dtls_handshake_is_done(&s->hs);

    if (!s->hs.flight_is_new && !is_done) {
        return;
    }
    s->answer_from = 0;
    dtls_path_mtu_answered(&s->mtu, s->config->mtu, now);
    if (is_further_verify(s, message)) {
        dtls_timer_restart(&s->timer, now);
        return;
    }
    dtls_timer_stop(&s->timer, &s->config->timer, now);
    if (!is_done) {
        dtls_timer_start(&s->timer, &s->config->timer, now);
    }
}

/* Takes a whole message in order. */
static enum dtls_event take_message(struct dtls_session *s,
                                    const struct dtls_message *message,
                                    uint64_t now)
{
    enum dtls_status status = s->bond.seen ? check_bond(s, message) : DTLS_OK;

    if (status == DTLS_OK) {
        status = dtls_handshake_take(&s->hs, message, now);
    }
    if (s->hs.key_awaited) {
        return DTLS_EVENT_NONE; /* It stays the next message. */
    }
    dtls_reassembly_done(&s->hs.in);
    if (status == DTLS_STORE_EMPTY && s->hs.role == DTLS_SERVER &&
        dtls_renegotiation_is_asked(s)) {
        /* The store has no room for a renegotiation now; the session goes
         * on. */
        dtls_renegotiation_call_off(s, DTLS_BY_PEER, status);
        dtls_session_warn(s, DTLS_NO_RENEGOTIATION);
        return DTLS_EVENT_NONE;
    }
    if (status != DTLS_OK) {
        return fail(s, status);
    }
    if (s->phase == DTLS_PHASE_HALF_OPEN) {
        dtls_session_enter(s, DTLS_PHASE_HANDSHAKING, DTLS_BY_PEER);
    }
    s->wait_until = DTLS_NEVER;
    set_timer(s, message, now);
    if (s->hs.flight_is_new) {
        /* The peer's answer in a renegotiation shows that the last flight
         * came. */
        s->keep_flight_until = DTLS_NEVER;
        s->answered = s->hs.in.next_seq;
        s->flight_from = dtls_record_layer_next_seq(&s->records);
        dtls_flight_rewind(&s->hs.flight);
    }
    return dtls_handshake_is_done(&s->hs) ? complete(s, now) : DTLS_EVENT_NONE;
}

/* A hash of 64 bits, with a key that is no secret, is enough: what knows the
 * content can repeat it, and what does not cannot compute its hash. */
static struct dtls_last_piece piece_of(const struct dtls_fragment *fragment)
{
    static const uint8_t key[DTLS_SIPHASH_KEY_LEN] = "the last piece";

    return (struct dtls_last_piece){
        .known = true,
        .type = fragment->type,
        .seq = fragment->seq,
        .message_len = fragment->message_len,
        .offset = fragment->offset,
        .hash = dtls_siphash(key, fragment->body),
    };
}

static bool is_end(const struct dtls_fragment *fragment)
{
    return fragment->offset + fragment->body.len == fragment->message_len;
}

/* Tells whether a message of this type can be the last of a flight (RFC 6347,
 * 4.2.4): only that one is ever compared. */
static bool can_end_flight(uint8_t type)
{
    return type == DTLS_CLIENT_HELLO || type == DTLS_HELLO_VERIFY_REQUEST ||
           type == DTLS_SERVER_HELLO_DONE || type == DTLS_FINISHED ||
           type == DTLS_HELLO_REQUEST;
}

/* Notes the fragment that ends the last flight so far. */
static void note_piece(struct dtls_session *s,
                       const struct dtls_fragment *fragment)
{
    if (is_end(fragment) && can_end_flight(fragment->type) &&
        (!s->last_piece.known || fragment->seq >= s->last_piece.seq)) {
        s->last_piece = piece_of(fragment);
    }
}

static bool is_last_piece(const struct dtls_session *s,
                          const struct dtls_fragment *fragment)
{
    const struct dtls_last_piece *last = &s->last_piece;
    struct dtls_last_piece piece;

    if (!last->known || !is_end(fragment)) {
        return false;
    }
    piece = piece_of(fragment);
    return piece.type == last->type && piece.seq == last->seq &&
           piece.message_len == last->message_len &&
           piece.offset == last->offset && piece.hash == last->hash;
}

/* The peer repeats the last fragment of the flight that ours answers, so ours
 * was lost.  It is resent at most once per initial timeout, or anyone could
 * use us as an amplifier.  Only the first answer restarts the timer, or
 * repeats could keep us waiting forever.  A repeated fragment of a flight that
 * we have not answered yet says nothing (D6347-4.2.4-5).  In the clear anyone
 * can guess type and number, so the content must be the same, too. */
static void answer_repeat(struct dtls_session *s,
                          const struct dtls_fragment *fragment,
                          const struct dtls_record *record, uint64_t now)
{
    bool is_answered = (uint16_t)(fragment->seq + 1) == s->hs.in.next_seq &&
                       s->hs.in.next_seq == s->answered;

    if (!is_answered || now < s->answer_from ||
        s->timer.deadline == DTLS_NEVER || !is_last_piece(s, fragment)) {
        (void)drop(s);
        return;
    }
    accept(s, record);
    if (s->answer_from == 0) {
        dtls_timer_restart(&s->timer, now);
    }
    s->answer_from = now + s->config->timer.initial;
    dtls_session_resend(s, now);
}

/* Before ServerHello a client cannot know the server's message_seq: servers
 * number HelloVerifyRequest and the first ServerHello in several ways (RFC
 * 6347, 4.2.2, and servers in use). */
static void follow_server_numbering(struct dtls_session *s,
                                    const struct dtls_fragment *fragment)
{
    struct dtls_handshake *h = &s->hs;
    /* A part of one that was answered must not begin the exchange anew. */
    bool verify = fragment->type == DTLS_HELLO_VERIFY_REQUEST &&
                  (h->cookie_len == 0 || dtls_fragment_is_whole(fragment));
    bool known =
        verify || (fragment->type == DTLS_SERVER_HELLO &&
                   (fragment->seq <= 1 || fragment->seq == h->hello_seq));

    if (h->role == DTLS_CLIENT && h->step <= DTLS_CLIENT_SERVER_HELLO &&
        known) {
        dtls_reassembly_seek(&h->in, fragment->seq);
    }
}

/* Tells whether a HelloVerifyRequest answers an older ClientHello than our
 * last.  It copies the record number of the ClientHello that it answers (RFC
 * 6347, 4.2.1), and each repeat of the first ClientHello causes another one.
 * If we answered a late one with its cookie, the server might already have let
 * in the ClientHello before. */
static bool is_late_verify(const struct dtls_session *s,
                           const struct dtls_fragment *fragment,
                           const struct dtls_record *record)
{
    return fragment->type == DTLS_HELLO_VERIFY_REQUEST &&
           s->hs.role == DTLS_CLIENT &&
           ((record->epoch == 0 && record->seq < s->flight_from) ||
            dtls_client_has_returned(&s->hs, fragment->body));
}

/* Tells whether this is the Finished of the handshake before: it stands in the
 * epoch in which a renegotiation begins.  No other message of that handshake
 * can still come. */
static bool is_of_last_handshake(const struct dtls_session *s,
                                 const struct dtls_fragment *fragment,
                                 uint16_t epoch)
{
    return s->phase == DTLS_PHASE_RENEGOTIATING &&
           fragment->type == DTLS_FINISHED && epoch == s->hs.epoch;
}

/* The sender of the whole Finished misses our last flight: resends it while it
 * is kept, or makes it again, at most once per initial timeout. */
static void answer_late_finished(struct dtls_session *s,
                                 const struct dtls_fragment *fragment,
                                 uint64_t now)
{
    if (s->keep_flight_until == DTLS_NEVER || now < s->answer_from ||
        !dtls_fragment_is_whole(fragment) ||
        !dtls_handshake_is_last_finished(&s->hs, fragment->body) ||
        (s->hs.flight.num_messages == 0 &&
         dtls_handshake_end_again(&s->hs) != DTLS_OK)) {
        (void)drop(s);
        return;
    }
    s->answer_from = now + s->config->timer.initial;
    dtls_session_resend(s, now);
}

/* A message is longer than our room for it.  That is our limit only where it
 * may be so long: of all but Certificate, CertificateRequest has the longest
 * vectors (RFC 5246, 7.4.4), and a longer message does not parse. */
static enum dtls_status too_long(const struct dtls_fragment *fragment)
{
    const uint32_t longest = 1 + 255 + 2 + 65535 + 2 + 65535;

    return fragment->type != DTLS_CERTIFICATE &&
                   fragment->message_len > longest
               ? DTLS_DECODE_ERROR
               : DTLS_MESSAGE_TOO_LONG;
}

/* A part of a ClientHello has come: limits the wait for the rest. */
static void await_hello(struct dtls_session *s, uint64_t now)
{
    if (s->hs.role == DTLS_SERVER && s->hs.step == DTLS_SERVER_CLIENT_HELLO &&
        s->timer.deadline == DTLS_NEVER && s->wait_until == DTLS_NEVER) {
        s->wait_until = now + DTLS_HELLO_MS;
    }
}

/* Keeps a fragment of a message that is not whole, or not next, or that must
 * wait. */
static enum dtls_event keep_fragment(struct dtls_session *s,
                                     const struct dtls_fragment *fragment,
                                     const struct dtls_record *record,
                                     uint64_t now)
{
    enum dtls_status status =
        dtls_reassembly_add(&s->hs.in, fragment, record->epoch);

    if (status == DTLS_NO_ROOM) {
        return fail(s, too_long(fragment));
    }
    if (status != DTLS_OK) {
        return drop(s);
    }
    accept(s, record);
    note_piece(s, fragment);
    await_hello(s, now);
    return DTLS_EVENT_NONE;
}

/* Takes the messages in order that are kept and whole. */
static enum dtls_event take_kept(struct dtls_session *s, uint64_t now)
{
    enum dtls_event event = DTLS_EVENT_NONE;
    struct dtls_message message;

    while (dtls_session_is_in_handshake(s) && event == DTLS_EVENT_NONE &&
           !s->hs.key_awaited && dtls_reassembly_next(&s->hs.in, &message)) {
        event = take_message(s, &message, now);
    }
    return event;
}

/* Takes one fragment in the epoch of the handshake's next message. */
static enum dtls_event take_fragment(struct dtls_session *s,
                                     const struct dtls_fragment *fragment,
                                     const struct dtls_record *record,
                                     uint64_t now)
{
    struct dtls_message message = {
        .type = fragment->type,
        .seq = fragment->seq,
        .epoch = record->epoch,
        .body = fragment->body,
    };
    enum dtls_event event;

    if (is_late_verify(s, fragment, record)) {
        return drop(s);
    }
    if (is_of_last_handshake(s, fragment, record->epoch)) {
        answer_late_finished(s, fragment, now);
        return DTLS_EVENT_NONE;
    }
    follow_server_numbering(s, fragment);
    if (fragment->seq < s->hs.in.next_seq) {
        answer_repeat(s, fragment, record, now);
        return DTLS_EVENT_NONE;
    }
    if (fragment->seq == s->hs.in.next_seq && s->hs.key_awaited) {
        return drop(s); /* The message whose key is awaited is kept. */
    }
    if (fragment->seq == s->hs.in.next_seq &&
        dtls_fragment_is_whole(fragment)) {
        accept(s, record);
        note_piece(s, fragment);
        event = take_message(s, &message, now);
        if (s->hs.key_awaited &&
            dtls_reassembly_add(&s->hs.in, fragment, record->epoch) !=
                DTLS_OK) {
            return fail(s, DTLS_MESSAGE_TOO_LONG);
        }
    } else {
        event = keep_fragment(s, fragment, record, now);
    }
    return event == DTLS_EVENT_NONE ? take_kept(s, now) : event;
}

/* Tells whether no handshake has room for this message, although it is next in
 * order.  After a renegotiation that was called off nothing is next in order:
 * a late message of it looks the same.  After our close_notify we do not speak
 * any more.  A client may ignore every HelloRequest (RFC 5246, 7.4.1.1). */
static bool is_misplaced(const struct dtls_session *s,
                         const struct dtls_fragment *fragment)
{
    bool is_wish =
        s->hs.role == DTLS_CLIENT && fragment->type == DTLS_HELLO_REQUEST;

    return fragment->seq == s->hs.in.next_seq && !is_wish &&
           s->renegotiated == DTLS_OK && s->phase != DTLS_PHASE_CLOSING;
}

/* Takes a handshake message outside a handshake: the peer's repeated Finished,
 * or its request to renegotiate.  Any other is fatal if it is next in order,
 * and dropped if not, whatever its type. */
static enum dtls_event take_late_fragment(struct dtls_session *s,
                                          const struct dtls_fragment *fragment,
                                          const struct dtls_record *record,
                                          uint64_t now)
{
    if (fragment->type == DTLS_FINISHED &&
        (uint16_t)(fragment->seq + 1) == s->hs.in.next_seq) {
        answer_late_finished(s, fragment, now);
        return DTLS_EVENT_NONE;
    }
    if (!dtls_renegotiation_take(s, fragment, now)) {
        return is_misplaced(s, fragment)
                   ? fail(s, dtls_handshake_misplaced(fragment->type))
                   : drop(s);
    }
    if (s->phase != DTLS_PHASE_RENEGOTIATING) {
        return DTLS_EVENT_NONE; /* It was refused. */
    }
    if (s->hs.role == DTLS_SERVER) {
        return take_fragment(s, fragment, record, now);
    }
    note_piece(s, fragment); /* the HelloRequest */
    return DTLS_EVENT_NONE;
}

static enum dtls_event take_handshake(struct dtls_session *s,
                                      const struct dtls_record *record,
                                      uint64_t now)
{
    struct dtls_bytes payload = dtls_span_bytes(record->body);
    struct dtls_fragment fragment;
    enum dtls_event event = DTLS_EVENT_NONE;

    /* A session that has ended stays ended. */
    if (!dtls_session_is_alive(s)) {
        return drop(s);
    }
    while (event == DTLS_EVENT_NONE && payload.len != 0) {
        if (dtls_fragment_next(&payload, &fragment) != DTLS_OK) {
            return record->epoch == 0 ? drop(s) : fail(s, DTLS_DECODE_ERROR);
        }
        if (record->epoch != s->records.read_epoch &&
            fragment.seq >= s->hs.in.next_seq) {
            return drop(s);
        }
        event = dtls_session_is_in_handshake(s)
                    ? take_fragment(s, &fragment, record, now)
                    : take_late_fragment(s, &fragment, record, now);
    }
    return event;
}

static enum dtls_event take_ccs(struct dtls_session *s,
                                const struct dtls_record *record)
{
    /* enum { change_cipher_spec(1), (255) } type; */
    if (!dtls_session_is_in_handshake(s) || record->epoch != s->hs.epoch ||
        record->body.len != 1 || record->body.data[0] != 1) {
        return drop(s);
    }
    dtls_handshake_take_ccs(&s->hs);
    return DTLS_EVENT_NONE;
}

static enum dtls_event take_close_notify(struct dtls_session *s)
{
    if (dtls_session_is_opening(s)) {
        return fail(s, DTLS_ALERTED);
    }
    if (s->phase != DTLS_PHASE_CLOSING) {
        dtls_session_warn(s, DTLS_CLOSE_NOTIFY);
    }
    dtls_session_end(s, DTLS_BY_PEER);
    return DTLS_EVENT_ENDED;
}

/* Tells whether `epoch` is the newest one or, in a renegotiation, the one
 * before it, which was authentic as well. */
static bool is_current(const struct dtls_session *s, uint16_t epoch)
{
    return epoch == s->records.read_epoch ||
           (s->phase == DTLS_PHASE_RENEGOTIATING && epoch == s->hs.epoch);
}

static enum dtls_event take_alert(struct dtls_session *s,
                                  const struct dtls_record *record)
{
    struct dtls_bytes in = dtls_span_bytes(record->body);
    uint8_t level;
    uint8_t description;

    if (!is_current(s, record->epoch) || !dtls_session_is_alive(s) ||
        !dtls_get_u8(&in, &level) || !dtls_get_u8(&in, &description) ||
        in.len != 0 ||
        (level != DTLS_ALERT_WARNING && level != DTLS_ALERT_FATAL)) {
        return drop(s);
    }
    s->counters->alerts_received++;
    s->peer_alert[0] = level;
    s->peer_alert[1] = description;
    if (description == DTLS_CLOSE_NOTIFY) {
        return take_close_notify(s);
    }
    if (description == DTLS_NO_RENEGOTIATION && level == DTLS_ALERT_WARNING &&
        dtls_renegotiation_is_asked(s)) {
        dtls_renegotiation_call_off(s, DTLS_BY_PEER, DTLS_REFUSED);
        return DTLS_EVENT_NONE;
    }
    return level == DTLS_ALERT_FATAL ? fail(s, DTLS_ALERTED) : DTLS_EVENT_NONE;
}

static enum dtls_event take_data(struct dtls_session *s,
                                 const struct dtls_record *record,
                                 struct dtls_span *data)
{
    /* In a renegotiation, data is of the old epoch up to Finished
     * (D6347-4.1-12, D6347-4.1-18). */
    bool renegotiating = s->phase == DTLS_PHASE_RENEGOTIATING;
    uint16_t epoch = renegotiating ? s->hs.epoch : s->records.read_epoch;

    if (!dtls_session_is_open(s) || record->epoch == 0 ||
        record->epoch != epoch) {
        return drop(s);
    }
    /* Data under the new keys shows that the peer has our Finished, unless it
     * does not wait for it (false start): the blocks go back, but a repeated
     * Finished is still answered. */
    if (!renegotiating && dtls_flight_is_sent(&s->hs.flight) &&
        dtls_handshake_can_end_again(&s->hs)) {
        dtls_flight_clear(&s->hs.flight);
    }
    if (record->body.len == 0) {
        return DTLS_EVENT_NONE;
    }
    s->counters->data_received++;
    *data = record->body;
    return DTLS_EVENT_DATA;
}

/* An authentic record is longer than what we said that we accept.  This is the
 * only record error that gets an alert (D6066-4-8, D6066-4-9, D8449-4-8). */
static enum dtls_event take_too_long(struct dtls_session *s)
{
    if (!dtls_session_is_alive(s)) {
        return drop(s);
    }
    return fail(s, DTLS_RECORD_OVERFLOW);
}

static enum dtls_event take_record(struct dtls_session *s,
                                   const struct dtls_record *record,
                                   struct dtls_span *data, uint64_t now)
{
    if (dtls_record_layer_is_too_long(&s->records, record)) {
        return take_too_long(s);
    }
    switch (record->type) {
    case DTLS_HANDSHAKE:
        return take_handshake(s, record, now);
    case DTLS_CHANGE_CIPHER_SPEC:
        return take_ccs(s, record);
    case DTLS_ALERT:
        return take_alert(s, record);
    case DTLS_ROUTABILITY_CHECK:
        return is_current(s, record->epoch) &&
                       dtls_route_take(s, dtls_span_bytes(record->body), now)
                   ? DTLS_EVENT_NONE
                   : drop(s);
    default: /* DTLS_APPLICATION_DATA: the record layer passes no other. */
        return take_data(s, record, data);
    }
}

/* The record layer has dropped a record.  An attacker who forges long enough
 * may succeed, so the keys, and the session with them, end before that
 * (D9325-4.4-2). */
static enum dtls_event check_forgeries(struct dtls_session *s, uint16_t epoch)
{
    if (!dtls_session_is_alive(s) ||
        !dtls_record_layer_is_forged_at(&s->records, epoch)) {
        return DTLS_EVENT_NONE;
    }
    return fail(s, DTLS_BAD_RECORD_MAC);
}

/* Tells whether this is what a server without the session's state may answer:
 * an alert, or the HelloVerifyRequest of a gate that takes any record for a
 * ClientHello. */
static bool is_clear_answer(const struct dtls_record *record)
{
    struct dtls_bytes body = dtls_span_bytes(record->body);
    struct dtls_fragment fragment;

    if (record->type == DTLS_ALERT) {
        return body.len == 2 && (body.data[0] == DTLS_ALERT_WARNING ||
                                 body.data[0] == DTLS_ALERT_FATAL);
    }
    return record->type == DTLS_HANDSHAKE &&
           dtls_fragment_next(&body, &fragment) == DTLS_OK &&
           fragment.type == DTLS_HELLO_VERIFY_REQUEST;
}

/* Counts a record that the record layer has dropped, if it is a hint that the
 * server has lost the session's state. */
DTLS_OWN_FRAME static void note_clear_answer(struct dtls_session *s,
                                             const struct dtls_record *record)
{
    if (s->hs.role == DTLS_CLIENT && s->phase == DTLS_PHASE_CONNECTED &&
        record->epoch == 0 && s->sent_at > s->heard_at &&
        s->clear_answers < UINT8_MAX && is_clear_answer(record)) {
        s->clear_answers++;
    }
}

/* Keeps a record of the next epoch that overtook the ChangeCipherSpec: the one
 * that can be a Finished.  Another one takes its place, since either may be
 * forged. */
static void keep_early(struct dtls_session *s,
                       const struct dtls_record *record,
                       struct dtls_bytes whole)
{
    struct dtls_early *early;

    if (dtls_session_is_in_handshake(s) &&
        (record->type == DTLS_HANDSHAKE || record->type == DTLS_TLS12_CID) &&
        record->epoch == (uint16_t)(s->records.read_epoch + 1) &&
        record->epoch == (uint16_t)(s->hs.epoch + 1) &&
        whole.len <= DTLS_EARLY_MAX) {
        early = &s->hs.area->early;
        memcpy(early->bytes, whole.data, whole.len);
        early->len = (uint16_t)whole.len;
        early->epoch = record->epoch;
    }
}

/* Reads the kept record once its epoch is there.  The record may end the
 * handshake, which gives its place back: that is an event, behind which
 * nothing more is read from the record. */
static enum dtls_event take_early(struct dtls_session *s,
                                  struct dtls_span *data, uint64_t now)
{
    struct dtls_area *area = s->hs.area;
    struct dtls_record record;
    struct dtls_span kept;

    if (area == NULL || area->early.len == 0 ||
        area->early.epoch != s->records.read_epoch) {
        return DTLS_EVENT_NONE;
    }
    kept = (struct dtls_span){area->early.bytes, area->early.len};
    area->early.len = 0;
    if (dtls_record_layer_next(&s->records, &kept, &record) != DTLS_OK ||
        dtls_record_layer_open(&s->records, &record) != DTLS_OK) {
        return DTLS_EVENT_NONE;
    }
    return take_record(s, &record, data, now);
}

static enum dtls_event read_record(struct dtls_session *s,
                                   struct dtls_record *record,
                                   struct dtls_bytes whole,
                                   struct dtls_span *data, uint64_t now)
{
    bool elsewhere = s->route.from != DTLS_AT_PEER;
    bool newest =
        elsewhere && dtls_record_layer_is_newest(&s->records, record);

    if (dtls_route_is_wrong(&s->route, record)) {
        return drop(s);
    }
    keep_early(s, record, whole);
    if (dtls_record_layer_open(&s->records, record) != DTLS_OK) {
        note_clear_answer(s, record);
        return check_forgeries(s, record->epoch);
    }
    s->active_at = now;
    s->heard_at = now;
    s->asked = 0;
    s->clear_answers = 0;
    if (elsewhere) {
        dtls_route_hear(s, newest, whole.len, now);
    }
    return take_record(s, record, data, now);
}

/* Reads the next record of the datagram, if there is one. */
static enum dtls_event read_next(struct dtls_session *s,
                                 struct dtls_span *datagram,
                                 struct dtls_span *data, uint64_t now)
{
    const uint8_t *at = datagram->data;
    struct dtls_record record;

    if (datagram->len == 0) {
        return DTLS_EVENT_NONE;
    }
    if (dtls_record_layer_next(&s->records, datagram, &record) != DTLS_OK) {
        s->counters->discarded_header++;
        datagram->len = 0;
        return DTLS_EVENT_NONE;
    }
    return read_record(s, &record,
                       dtls_bytes_of(at, (size_t)(datagram->data - at)), data,
                       now);
}

enum dtls_event dtls_session_read(struct dtls_session *s,
                                  struct dtls_span *datagram,
                                  struct dtls_span *data, uint64_t now)
{
    enum dtls_event event;

    if (s->phase == DTLS_PHASE_IDLE) {
        datagram->len = 0;
    }
    do {
        event = read_next(s, datagram, data, now);
        if (event == DTLS_EVENT_NONE) {
            event = take_early(s, data, now);
        }
    } while (datagram->len != 0 && event == DTLS_EVENT_NONE);
    dtls_session_assert(s);
    return event;
}

enum dtls_event dtls_session_go_on(struct dtls_session *s, uint64_t now)
{
    struct dtls_span nothing = {NULL, 0};
    struct dtls_span data; /* There is none before the handshake is over. */
    enum dtls_event event;

    if (!s->hs.key_awaited) {
        return DTLS_EVENT_NONE;
    }
    s->hs.key_awaited = false;
    event = take_kept(s, now);
    /* A record of the next epoch may be kept. */
    return event == DTLS_EVENT_NONE
               ? dtls_session_read(s, &nothing, &data, now)
               : event;
}
