/* SPDX-License-Identifier: MIT */
/* One association: its life, its time and its output (session/session.h).  Its
 * input is in pump.c. */
#include "session/session.h"

#include "base/secret.h"

#include <assert.h>

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Returns the time that comes `ms` after `now`, or DTLS_NEVER. */
static uint64_t after(uint64_t now, uint64_t ms)
{
    return now + earlier(ms, DTLS_NEVER - now);
}

void dtls_session_limit_handshake(struct dtls_session *s, uint64_t now)
{
    uint64_t limit = s->config->handshake_limit;

    s->handshake_until = after(
        now, limit != 0 ? limit : dtls_timer_patience(&s->config->timer));
}

void dtls_session_init(struct dtls_session *s, enum dtls_role role,
                       const struct dtls_session_room *room, uint16_t seq,
                       uint64_t now)
{
    struct dtls_handshake_room hs_room = {
        .config = room->config,
        .store = room->store,
        .records = &s->records,
        .areas = room->areas,
        .arena = room->arena,
        .peer_certs = room->peer_certs,
        .chain = room->chain,
    };

    *s = (struct dtls_session){
        .config = room->config,
        .counters = room->counters,
        .keep_flight_until = DTLS_NEVER,
        .wait_until = DTLS_NEVER,
        .resent_at = DTLS_NEVER,
        .mtu = {.certain = room->config->mtu_is_certain},
    };
    dtls_route_init(&s->route);
    dtls_probe_init(&s->probe);
    dtls_record_layer_init(&s->records, room->config->crypto, room->counters);
    assert(room->records != NULL || !room->config->connection_ids);
    dtls_record_layer_lend(&s->records, room->records);
    dtls_record_layer_set_window(&s->records, room->config->replay_window);
    dtls_timer_init(&s->timer, &room->config->timer);
    dtls_session_limit_handshake(s, now);
    dtls_handshake_init(&s->hs, role, &hs_room, seq);
}

enum dtls_status dtls_session_connect(struct dtls_session *s,
                                      const struct dtls_session_room *room,
                                      uint64_t now)
{
    enum dtls_status status;

    dtls_session_init(s, DTLS_CLIENT, room, 0, now);
    dtls_session_enter(s, DTLS_PHASE_HANDSHAKING, DTLS_BY_CALLER);
    status =
        s->hs.area == NULL ? DTLS_NO_ROOM : dtls_handshake_start(&s->hs, now);
    if (status != DTLS_OK) {
        dtls_session_free(s);
        return status;
    }
    dtls_flight_rewind(&s->hs.flight);
    dtls_timer_start(&s->timer, &s->config->timer, now);
    return DTLS_OK;
}

void dtls_session_accept(struct dtls_session *s,
                         const struct dtls_session_room *room,
                         const struct dtls_gate_pass *pass, uint64_t now)
{
    if (dtls_areas_are_in_use(room->areas)) {
        return;
    }
    dtls_session_init(s, DTLS_SERVER, room, pass->message_seq, now);
    dtls_session_enter(s, DTLS_PHASE_HALF_OPEN, DTLS_BY_CALLER);
    s->bond = pass->bond;
    s->first_hello = pass->hello;
    s->wait_until = now + DTLS_HELLO_MS;
    /* The first ServerHello record takes the number of the ClientHello that it
     * answers, as if the server had kept state (RFC 6347, 4.2.1). */
    dtls_record_layer_raise_seq(&s->records, pass->record_seq);
    dtls_session_assert(s);
}

void dtls_session_free(struct dtls_session *s)
{
    if (s->phase != DTLS_PHASE_IDLE) {
        dtls_handshake_free(&s->hs);
        dtls_record_layer_free(&s->records);
    }
    dtls_wipe(s, sizeof *s);
}

/* Tells whether the peer may still read only the epoch before ours: in a
 * renegotiation, after our Finished, until something shows that it came. */
static bool peer_may_lack_keys(const struct dtls_session *s)
{
    uint16_t old = (uint16_t)(s->records.write_epoch - 1);

    return s->records.write_epoch > 1 && s->hs.flight.num_messages != 0 &&
           dtls_record_layer_writing(&s->records, old) != NULL;
}

static void queue_alert(struct dtls_session *s, uint8_t level,
                        uint8_t description)
{
    s->alert[0] = level;
    s->alert[1] = description;
    s->alert_pending = true;
    s->alert_is_out = false;
    s->alert_in_both = peer_may_lack_keys(s);
}

/* Tells whether a fatal alert, the peer's or ours, ends the session for a
 * reason that no stranger can give (D5246-7.2.2-91).  Once our read keys are
 * on, the only failure that a stranger can cause is DTLS_BAD_RECORD_MAC, by
 * many forged records. */
static bool is_authentic(const struct dtls_session *s, enum dtls_status status)
{
    return s->records.read_epoch != 0 && status != DTLS_BAD_RECORD_MAC &&
           (dtls_status_is_fatal(status) || status == DTLS_ALERTED);
}

enum dtls_event dtls_session_fail(struct dtls_session *s, enum dtls_cause by,
                                  enum dtls_status status)
{
    if (dtls_status_is_fatal(status)) {
        queue_alert(s, DTLS_ALERT_FATAL, dtls_status_alert(status));
    }
    if (is_authentic(s, status)) {
        dtls_resumption_forget(&s->hs);
    }
    dtls_session_enter(s, DTLS_PHASE_FAILED, by);
    s->failure = status;
    s->timer.deadline = DTLS_NEVER;
    s->keep_flight_until = DTLS_NEVER;
    s->wait_until = DTLS_NEVER;
    dtls_route_init(&s->route);
    dtls_flight_clear(&s->hs.flight);
    dtls_handshake_end(&s->hs);
    dtls_record_layer_forget_next_read(&s->records);
    dtls_record_layer_forget_next_write(&s->records);
    dtls_wipe(s->hs.agreed.master, sizeof s->hs.agreed.master);
    return DTLS_EVENT_FAILED;
}

void dtls_session_warn(struct dtls_session *s, uint8_t description)
{
    queue_alert(s, DTLS_ALERT_WARNING, description);
}

void dtls_session_drop_flight(struct dtls_session *s)
{
    if (s->keep_flight_until != DTLS_NEVER) {
        s->keep_flight_until = DTLS_NEVER;
        dtls_flight_clear(&s->hs.flight);
        dtls_record_layer_retire_write(&s->records);
    }
}

size_t dtls_session_mtu(const struct dtls_session *s)
{
    return dtls_path_mtu_size(&s->mtu, s->config->mtu);
}

void dtls_session_too_big(struct dtls_session *s, size_t told, uint64_t now)
{
    if (dtls_probe_too_big(s, told)) {
        return;
    }
    if (dtls_path_mtu_too_big(&s->mtu, s->config->mtu, told, now)) {
        dtls_flight_rewind(&s->hs.flight);
    }
}

bool dtls_session_has_output(const struct dtls_session *s)
{
    return s->phase != DTLS_PHASE_IDLE &&
           (!dtls_flight_is_sent(&s->hs.flight) || s->alert_pending ||
            dtls_route_has_output(&s->route) || dtls_probe_has_output(s));
}

/* Writes the alert in the current epoch, and then, in a datagram of its own,
 * in the old one if the peer may not have the new keys: there are peers that
 * drop a whole datagram for one record that they cannot open. */
static enum dtls_status write_alert(struct dtls_session *s,
                                    struct dtls_buf *out)
{
    uint16_t epoch = s->records.write_epoch;
    enum dtls_status status;

    if (s->alert_is_out) {
        epoch--;
    }
    if (dtls_record_layer_writing(&s->records, epoch) == NULL) {
        s->alert_pending = false; /* The old epoch has ended meanwhile. */
        return DTLS_OK;
    }
    status = dtls_record_layer_seal(&s->records, out, epoch, DTLS_ALERT,
                                    dtls_bytes_of(s->alert, sizeof s->alert));
    if (status == DTLS_NO_ROOM) {
        return status;
    }
    s->counters->alerts_sent += status == DTLS_OK && !s->alert_is_out;
    s->alert_pending = s->alert_in_both && !s->alert_is_out;
    s->alert_is_out = s->alert_pending;
    if (dtls_status_is_fatal(status) && dtls_session_is_connected(s)) {
        /* The peer has not been told, so it will not answer either. */
        (void)dtls_session_fail(s, DTLS_BY_ERROR, status);
    }
    return status;
}

enum dtls_status dtls_session_write(struct dtls_session *s,
                                    struct dtls_buf *out)
{
    enum dtls_status status = DTLS_OK;

    if (s->phase == DTLS_PHASE_IDLE) {
        return DTLS_OK;
    }
    s->probe.probe_was_last = false;
    if (dtls_probe_has_output(s)) {
        status = dtls_probe_write(s, out);
        if (out->len != 0 || status != DTLS_OK) {
            return status;
        }
    }
    if (out->cap > dtls_session_mtu(s)) {
        out->cap = dtls_session_mtu(s);
    }
    if (dtls_route_has_output(&s->route)) {
        status = dtls_route_write(s, out);
        if (out->len != 0 || status != DTLS_OK) {
            return status;
        }
    }
    if (!dtls_flight_is_sent(&s->hs.flight)) {
        status = dtls_flight_write(&s->hs.flight, &s->records, out);
        dtls_path_mtu_wrote(&s->mtu, s->config->mtu, out->len);
        if (dtls_status_is_fatal(status)) {
            /* A retransmission would fail in the same way. */
            (void)dtls_session_fail(s, DTLS_BY_ERROR, status);
        }
        return status;
    }
    return s->alert_pending ? write_alert(s, out) : status;
}

struct dtls_buf dtls_session_body(const struct dtls_session *s,
                                  const struct dtls_buf *out)
{
    return dtls_record_layer_body(&s->records, out, s->records.write_epoch);
}

enum dtls_status dtls_session_send(struct dtls_session *s,
                                   struct dtls_buf *out,
                                   struct dtls_bytes data, uint64_t now)
{
    enum dtls_status status;

    if (!dtls_session_is_open(s) || dtls_session_is_changing_keys(s)) {
        return DTLS_NOT_NOW;
    }
    status = dtls_record_layer_seal(&s->records, out, s->records.write_epoch,
                                    DTLS_APPLICATION_DATA, data);
    if (status == DTLS_OK) {
        s->counters->data_sent++;
        s->active_at = now;
        s->sent_at = now;
    }
    return status;
}

/* Returns when a handshake is given up, whatever its flights do. */
static uint64_t give_up_at(const struct dtls_session *s)
{
    return earlier(s->wait_until, s->handshake_until);
}

static uint64_t live_until(const struct dtls_session *s)
{
    uint64_t limit = s->config->life_limit;

    return limit == 0
               ? DTLS_NEVER
               : after(s->connected_at, limit - earlier(limit, s->aged));
}

/* Returns when an open session ends, because it is idle or too old. */
static uint64_t open_until(const struct dtls_session *s)
{
    uint64_t limit = s->config->idle_limit;

    return earlier(live_until(s),
                   limit == 0 ? DTLS_NEVER : after(s->active_at, limit));
}

uint64_t dtls_session_deadline(const struct dtls_session *s)
{
    switch (s->phase) {
    case DTLS_PHASE_HALF_OPEN:
    case DTLS_PHASE_HANDSHAKING:
        return earlier(s->timer.deadline, give_up_at(s));
    case DTLS_PHASE_RENEGOTIATING:
        return earlier(
            earlier(earlier(s->timer.deadline, give_up_at(s)), open_until(s)),
            dtls_route_deadline(&s->route));
    case DTLS_PHASE_CONNECTED:
        return earlier(
            earlier(s->keep_flight_until, open_until(s)),
            earlier(dtls_route_deadline(&s->route), dtls_probe_deadline(s)));
    case DTLS_PHASE_CLOSING:
        return earlier(earlier(s->keep_flight_until, s->wait_until),
                       dtls_route_deadline(&s->route));
    case DTLS_PHASE_IDLE:
    case DTLS_PHASE_ENDED:
    case DTLS_PHASE_FAILED:
        break;
    }
    return DTLS_NEVER;
}

/* The peer does not answer.  While both ends still use the old keys, the
 * session goes on without the renegotiation. */
static enum dtls_event give_up(struct dtls_session *s, enum dtls_status status)
{
    if (s->phase == DTLS_PHASE_RENEGOTIATING &&
        s->records.write_epoch == s->hs.epoch &&
        s->records.read_epoch == s->hs.epoch) {
        dtls_renegotiation_call_off(s, DTLS_BY_TIME, status);
        return DTLS_EVENT_NONE;
    }
    return dtls_session_fail(s, DTLS_BY_TIME, status);
}

/* Does what is due outside a handshake. */
static enum dtls_event expire_connected(struct dtls_session *s, uint64_t now)
{
    if (now >= s->keep_flight_until) {
        dtls_session_drop_flight(s);
    }
    if (now < s->wait_until) {
        return DTLS_EVENT_NONE;
    }
    s->failure = DTLS_TOO_LATE; /* No close_notify answers ours. */
    dtls_session_end(s, DTLS_BY_TIME);
    return DTLS_EVENT_ENDED;
}

/* Ends an open session whose time is over. */
static enum dtls_event end_in_time(struct dtls_session *s,
                                   enum dtls_status why)
{
    dtls_session_warn(s, DTLS_CLOSE_NOTIFY);
    s->failure = why;
    dtls_session_end(s, DTLS_BY_TIME);
    return DTLS_EVENT_ENDED;
}

static enum dtls_event expire(struct dtls_session *s, uint64_t now)
{
    enum dtls_status status;

    if (dtls_session_is_connected(s)) {
        dtls_route_expire(s, now);
    }
    if (now < dtls_session_deadline(s)) {
        return DTLS_EVENT_NONE;
    }
    if (dtls_session_is_open(s) && now >= open_until(s)) {
        return end_in_time(s, now >= live_until(s) ? DTLS_TOO_OLD
                                                   : DTLS_IDLE_TOO_LONG);
    }
    if (now >= dtls_probe_deadline(s) && !dtls_probe_expire(s, now)) {
        return end_in_time(s, DTLS_PEER_GONE);
    }
    if (!dtls_session_is_in_handshake(s)) {
        return expire_connected(s, now);
    }
    if (now >= give_up_at(s)) {
        return give_up(s, DTLS_TOO_LATE);
    }
    status = dtls_timer_expire(&s->timer, &s->config->timer, now);
    if (status != DTLS_OK) {
        return give_up(s, status);
    }
    s->answer_from = 0;
    dtls_session_resend(s, now);
    return DTLS_EVENT_NONE;
}

enum dtls_event dtls_session_expire(struct dtls_session *s, uint64_t now)
{
    enum dtls_event event = expire(s, now);

    dtls_session_assert(s);
    return event;
}

void dtls_session_resend(struct dtls_session *s, uint64_t now)
{
    if (s->resent_at == now) {
        return; /* The timer fired as a repeat was answered, or so. */
    }
    s->resent_at = now;
    s->counters->retransmissions++;
    dtls_path_mtu_unanswered(&s->mtu);
    dtls_flight_rewind(&s->hs.flight);
}

static void call_off(struct dtls_session *s, enum dtls_cause by)
{
    if (s->phase == DTLS_PHASE_RENEGOTIATING) {
        dtls_renegotiation_call_off(s, by, DTLS_CLOSED);
    }
}

enum dtls_status dtls_session_close(struct dtls_session *s, uint64_t now)
{
    if (!dtls_session_is_open(s)) {
        return DTLS_NOT_NOW;
    }
    dtls_session_warn(s, DTLS_CLOSE_NOTIFY);
    call_off(s, DTLS_BY_CALLER);
    s->wait_until = now + DTLS_CLOSE_MS;
    dtls_session_enter(s, DTLS_PHASE_CLOSING, DTLS_BY_CALLER);
    dtls_session_assert(s);
    return DTLS_OK;
}

void dtls_session_end(struct dtls_session *s, enum dtls_cause by)
{
    call_off(s, by);
    dtls_session_drop_flight(s);
    s->wait_until = DTLS_NEVER;
    dtls_route_init(&s->route);
    dtls_session_enter(s, DTLS_PHASE_ENDED, by);
}

void dtls_session_abandon(struct dtls_session *s)
{
    if (dtls_session_is_connected(s)) {
        dtls_session_end(s, DTLS_BY_CALLER);
    }
}

/* D7627-5.4-1, D7627-5.4-2 */
static bool may_export(const struct dtls_session *s)
{
    return dtls_session_is_connected(s) && s->hs.agreed.extended_master_secret;
}

enum dtls_status dtls_session_export(const struct dtls_session *s,
                                     uint8_t *out, size_t out_len,
                                     const char *label,
                                     const struct dtls_bytes *context)
{
    return may_export(s)
               ? dtls_keys_export(&s->hs, out, out_len, label, context)
               : DTLS_NOT_NOW;
}

enum dtls_status dtls_session_srtp_keys(const struct dtls_session *s,
                                        struct dtls_srtp_keys *out)
{
    return may_export(s) ? dtls_srtp_keys(&s->hs, out) : DTLS_NOT_NOW;
}
