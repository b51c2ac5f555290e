/* SPDX-License-Identifier: MIT */
/* The shim's association (bogo/connection.h). */
#include "bogo/connection.h"

#include "bogo/shim_config.h"
#include "bogo/expect.h"
#include "bogo/tokens.h"

#include <stdio.h>
#include <string.h>

#define NS_PER_MS 1000000u
/* A timer that is due within this time counts as due: the runner's own clock
 * comes no closer to a deadline. */
#define FUDGE_MS 15u
/* decompression_failure: the engine never sends it by itself. */
#define SENT_ALERT ((enum dtls_status)(DTLS_FATAL | 30))

static uint64_t now_ms(const struct bogo_connection *c)
{
    return c->now_ns / NS_PER_MS;
}

/* Returns when the retransmission timer fires.  The runner does not count the
 * session's other deadlines as timers. */
static uint64_t deadline(const struct bogo_connection *c)
{
    return dtls_session_is_opening(&c->session)
               ? dtls_session_deadline(&c->session)
               : DTLS_NEVER;
}

static int fail(const char *what)
{
    (void)fprintf(stderr, "%s\n", what);
    return BOGO_FAILURE;
}

static void flush(struct bogo_connection *c)
{
    uint8_t bytes[BOGO_DATAGRAM_MAX];
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        if (dtls_session_write(&c->session, &out) != DTLS_OK) {
            break;
        }
        if (out.len != 0) {
            (void)bogo_wire_write(&c->wire, dtls_buf_bytes(&out));
        }
    } while (out.len != 0);
}

static bool say(struct bogo_connection *c, struct dtls_bytes data)
{
    uint8_t bytes[DTLS_PLAINTEXT_MAX + 512];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    return dtls_session_send(&c->session, &out, data, now_ms(c)) == DTLS_OK &&
           bogo_wire_write(&c->wire, dtls_buf_bytes(&out));
}

/* What a server does before it has a session.  It returns true if the session
 * is to read the datagram. */
static bool at_the_door(struct bogo_connection *c, struct dtls_span datagram)
{
    static const struct dtls_address runner = {.len = 1, .bytes = {1}};
    uint8_t bytes[128];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;

    if (!c->flags->server || c->accepted) {
        return true;
    }
    switch (dtls_listener_gate(&c->listener, &reply, &pass, &runner, datagram,
                               now_ms(c))) {
    case DTLS_GATE_DISCARD:
        return false;
    case DTLS_GATE_REPLY:
        (void)bogo_wire_write(&c->wire, dtls_buf_bytes(&reply));
        return false;
    case DTLS_GATE_ACCEPT:
        break;
    }
    c->accepted = true;
    dtls_session_accept(&c->session, &c->room, &pass, now_ms(c));
    return true;
}

static void echo(struct bogo_connection *c, struct dtls_span data)
{
    for (size_t i = 0; i < data.len; i++) {
        data.data[i] ^= 0xff;
    }
    (void)say(c, dtls_span_bytes(data));
}

/* Sends what the flags ask for before anything else. */
static int greet(struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;
    static uint8_t bytes[DTLS_EXPORT_MAX];
    struct dtls_bytes context = dtls_bytes_of(
        (const uint8_t *)f->export_context, strlen(f->export_context));

    if (f->export_len > sizeof bytes) {
        return BOGO_UNIMPLEMENTED;
    }
    if (f->export_len != 0 &&
        (dtls_session_export(
             &c->session, bytes, f->export_len, f->export_label,
             f->use_export_context ? &context : NULL) != DTLS_OK ||
         !say(c, dtls_bytes_of(bytes, f->export_len)))) {
        return fail("the exporter refused");
    }
    if (f->tls_unique &&
        !say(c, dtls_bytes_of(c->session.hs.agreed.client_verify_data,
                              DTLS_VERIFY_DATA_LEN))) {
        return fail("tls-unique was not sent");
    }
    if (f->send_alert) {
        (void)dtls_session_fail(&c->session, DTLS_BY_ERROR, SENT_ALERT);
        return fail(":SHIM_SENT_ALERT:");
    }
    if (f->shim_writes_first &&
        !say(c, dtls_bytes_of((const uint8_t *)"hello", 5))) {
        return fail("hello was not sent");
    }
    return BOGO_SUCCESS;
}

static int connected(struct bogo_connection *c)
{
    int result;

    flush(c);
    result = bogo_expect(c);
    return result == BOGO_SUCCESS ? greet(c) : result;
}

static int failed(const struct bogo_connection *c)
{
    const struct dtls_session *s = &c->session;

    if (s->failure != DTLS_ALERTED) {
        return fail(bogo_token(s->failure));
    }
    /* The runner has another name for an alert that answers ClientHello. */
    if (s->peer_alert[1] == 40 && s->hs.role == DTLS_CLIENT &&
        s->hs.suite == NULL) {
        return fail(":HANDSHAKE_FAILURE_ON_CLIENT_HELLO:");
    }
    return fail(bogo_alert_token(s->peer_alert[1]));
}

static int take_datagram(struct bogo_connection *c, struct dtls_span datagram)
{
    struct dtls_span data;
    int result = BOGO_SUCCESS;

    if (!at_the_door(c, datagram)) {
        return BOGO_SUCCESS;
    }
    while (datagram.len != 0 && result == BOGO_SUCCESS) {
        switch (dtls_session_read(&c->session, &datagram, &data, now_ms(c))) {
        case DTLS_EVENT_DATA:
            echo(c, data);
            break;
        case DTLS_EVENT_CONNECTED:
            result = connected(c);
            break;
        case DTLS_EVENT_FAILED:
            result = failed(c);
            break;
        case DTLS_EVENT_NONE:
        case DTLS_EVENT_RENEGOTIATED:
        case DTLS_EVENT_ENDED:
            break;
        }
    }
    return result;
}

static int pass_time(struct bogo_connection *c, uint64_t ns)
{
    if (!bogo_wire_ack(&c->wire)) {
        return fail("the runner is gone");
    }
    c->now_ns += ns;
    if (deadline(c) == DTLS_NEVER || deadline(c) > now_ms(c) + FUDGE_MS) {
        return BOGO_SUCCESS;
    }
    if (now_ms(c) < deadline(c)) {
        c->now_ns = deadline(c) * NS_PER_MS;
    }
    return dtls_session_expire(&c->session, now_ms(c)) == DTLS_EVENT_FAILED
               ? failed(c)
               : BOGO_SUCCESS;
}

/* Compares our timer with the runner's expectation of it. */
static int check_timer(const struct bogo_connection *c, uint64_t expected)
{
    uint64_t left = deadline(c) == DTLS_NEVER
                        ? BOGO_NO_TIMER
                        : deadline(c) * NS_PER_MS - c->now_ns;

    if (left == expected || left / 1000 == expected / 1000) {
        return BOGO_SUCCESS;
    }
    (void)fprintf(stderr, "the timer has %llu ns to run, not %llu\n",
                  (unsigned long long)left, (unsigned long long)expected);
    return BOGO_FAILURE;
}

/* Goes on as if the initial timeout had always been the new one.  An armed
 * deadline moves by the difference. */
static void rescale(struct dtls_timer *timer, uint32_t before,
                    const struct dtls_timer_config *after)
{
    uint64_t scaled = (uint64_t)timer->timeout * after->initial / before;
    uint32_t timeout =
        scaled < after->maximum ? (uint32_t)scaled : after->maximum;

    if (timer->deadline != DTLS_NEVER) {
        timer->deadline = timer->deadline - timer->timeout + timeout;
    }
    timer->timeout = timeout;
}

/* A server that has received nothing has no timer yet. */
static void set_timeout(struct bogo_connection *c, uint64_t ms)
{
    uint32_t before = c->config.timer.initial;

    c->config.timer.initial = (uint32_t)ms;
    if (dtls_session_is_opening(&c->session)) {
        rescale(&c->session.timer, before, &c->config.timer);
    }
}

static int take_frame(struct bogo_connection *c, const struct bogo_frame *f)
{
    switch (f->op) {
    case BOGO_DATAGRAM:
        return take_datagram(c, f->datagram);
    case BOGO_TIME:
        return pass_time(c, f->value);
    case BOGO_EXPECT:
        return check_timer(c, f->value);
    case BOGO_MTU:
        return bogo_config_set_mtu(&c->config, f->value);
    case BOGO_TIMEOUT:
        set_timeout(c, f->value);
        return BOGO_SUCCESS;
    case BOGO_END:
        break;
    }
    c->runner_left = true;
    return BOGO_SUCCESS;
}

static bool is_over(const struct bogo_connection *c)
{
    return c->runner_left || c->session.phase == DTLS_PHASE_ENDED ||
           (dtls_session_is_connected(&c->session) &&
            c->flags->shim_shuts_down);
}

static int converse(struct bogo_connection *c)
{
    struct bogo_frame frame;
    int result = BOGO_SUCCESS;

    flush(c);
    while (result == BOGO_SUCCESS && !is_over(c)) {
        if (!bogo_wire_read(&c->wire, &frame)) {
            return fail("not a frame");
        }
        result = take_frame(c, &frame);
        if (c->session.phase != DTLS_PHASE_ENDED ||
            c->flags->check_close_notify) {
            flush(c);
        }
    }
    if (result == BOGO_SUCCESS && !dtls_session_is_connected(&c->session) &&
        c->session.phase != DTLS_PHASE_ENDED) {
        return fail(":HANDSHAKE_NOT_COMPLETE:");
    }
    if (c->flags->check_close_notify &&
        dtls_session_close(&c->session, now_ms(c)) == DTLS_OK) {
        flush(c);
    }
    return result;
}

static int begin(struct bogo_connection *c)
{
    enum dtls_status status;

    if (c->flags->server) {
        status = dtls_listener_init(&c->listener, c->config.crypto,
                                    &c->counters, now_ms(c));
        c->listener.without_cookies = !c->flags->cookie;
    } else {
        status = dtls_session_connect(&c->session, &c->room, now_ms(c));
    }
    return status == DTLS_OK ? BOGO_SUCCESS : fail(bogo_token(status));
}

int bogo_connection_run(struct bogo_connection *c,
                        const struct bogo_flags *flags)
{
    int result;

    c->flags = flags;
    result = bogo_config_make(c);
    if (result == BOGO_SUCCESS) {
        if (!bogo_wire_open(&c->wire, (uint16_t)flags->port, flags->ipv6,
                            flags->shim_id)) {
            perror("the runner");
            return BOGO_FAILURE;
        }
        result = begin(c);
        result = result == BOGO_SUCCESS ? converse(c) : result;
        bogo_wire_close(&c->wire);
    }
    dtls_session_free(&c->session);
    dtls_listener_free(&c->listener);
    bogo_config_free(c);
    return result;
}
