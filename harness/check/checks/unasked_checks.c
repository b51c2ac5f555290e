/* SPDX-License-Identifier: MIT */
/* What comes when the target does not expect it: HelloRequest,
 * ChangeCipherSpec, alerts, data and messages of a handshake. */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"

#include <string.h>

static const uint8_t one = 1;

/* ---- the places to which a play comes ---- */

/* Before the message that ends the peer's first flight behind the hellos. */
static void come_to_middle(struct scene *s)
{
    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_KEY_EXCHANGE
                               : DTLS_SERVER_HELLO_DONE);
}

static void come_to_finished(struct scene *s)
{
    (void)scene_come_to(s, DTLS_FINISHED);
}

/* ---- the stimuli ---- */

static void say_empty_message(struct scene *s, uint16_t epoch, uint8_t type,
                              uint16_t seq)
{
    const uint8_t message[DTLS_FRAGMENT_HEADER_LEN] = {
        type, [4] = (uint8_t)(seq >> 8), [5] = (uint8_t)seq};

    scene_say_record(s, epoch, DTLS_HANDSHAKE,
                     dtls_bytes_of(message, sizeof message));
}

static void say_ccs(struct scene *s, uint16_t epoch)
{
    scene_say_record(s, epoch, DTLS_CHANGE_CIPHER_SPEC,
                     dtls_bytes_of(&one, 1));
}

static void say_clear_alert(struct scene *s, uint8_t level,
                            uint8_t description)
{
    const uint8_t alert[2] = {level, description};

    scene_say_record(s, 0, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
}

/* ---- what wrong targets look at ---- */

static bool is_alert(const struct wrong_record *r)
{
    return r->opened && r->wire.type == DTLS_ALERT && r->plain.len == 2;
}

static bool is_in_handshake(const struct wrong *w)
{
    return !w->at_the_door && !peer_is_idle(&w->peer) &&
           !peer_is_connected(&w->peer);
}

static bool is_hello_request(const struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_fragment(r, &f) && f.type == DTLS_HELLO_REQUEST;
}

/* ---- P-SM-11: the first answer to a ClientHello ---- */

static void expect_one_hello(struct scene *s)
{
    scene_pause(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 1,
                 "another ClientHello");
}

static void answer_with_ccs(struct scene *s)
{
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    say_ccs(s, 0);
    expect_one_hello(s);
}

static void answer_with_warning(struct scene *s)
{
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    say_clear_alert(s, DTLS_ALERT_WARNING, 90);
    expect_one_hello(s);
}

static void answer_with_certificate(struct scene *s)
{
    static const uint8_t message[DTLS_FRAGMENT_HEADER_LEN + 3] = {
        DTLS_CERTIFICATE, [3] = 3, [11] = 3};

    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    scene_say_record(s, 0, DTLS_HANDSHAKE,
                     dtls_bytes_of(message, sizeof message));
    expect_one_hello(s);
}

static void answer_with_request(struct scene *s)
{
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
    expect_one_hello(s);
}

/* A client that says its ClientHello again whatever comes. */
static bool hello_again(struct wrong *w, struct wrong_record *r)
{
    const struct peer_message *hello = &w->peer.messages[0];
    struct dtls_fragment f;
    bool is_due =
        wrong_fragment(r, &f) &&
        (f.type == DTLS_HELLO_VERIFY_REQUEST || f.type == DTLS_SERVER_HELLO);

    if (w->peer.role == DTLS_SERVER || w->num != 0) {
        return false;
    }
    w->num = 1;
    return !is_due &&
           wrong_say_message(w, 0, DTLS_CLIENT_HELLO, 1,
                             dtls_bytes_of(hello->body, hello->len));
}

static void greet_again(struct wrong *w)
{
    w->hears = hello_again;
}

/* ---- P-SM-12: HelloRequest in a handshake ---- */

static void expect_no_new_hello(struct scene *s, unsigned before)
{
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == before,
                 "another ClientHello");
}

static void request_in_handshake(struct scene *s)
{
    unsigned before;

    (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
    before = heard_count(&s->heard, DTLS_CLIENT_HELLO);
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
    scene_say_rest(s);
    (void)scene_await(s, DTLS_CLIENT_KEY_EXCHANGE, 1);
    expect_no_new_hello(s, before);
}

static void request_before_ccs(struct scene *s)
{
    (void)scene_come_to_ccs(s);
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
}

static void request_under_new_keys(struct scene *s)
{
    come_to_finished(s);
    say_empty_message(s, 1, DTLS_HELLO_REQUEST, 0);
}

static bool refuse_request(struct wrong *w, struct wrong_record *r)
{
    return is_hello_request(r) && is_in_handshake(w) && wrong_alert(w, 10);
}

static void fail_by_request(struct wrong *w)
{
    w->hears = refuse_request;
}

/* ---- P-SM-13: HelloRequest from a client ---- */

static void request_first(struct scene *s)
{
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
    scene_pause(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello");
}

static void request_in_middle(struct scene *s)
{
    come_to_middle(s);
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
}

static void request_of_server(struct scene *s)
{
    scene_connect(s);
    say_empty_message(s, scene_epoch(s), DTLS_HELLO_REQUEST, 0);
    scene_pause(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 1,
                 "another ServerHello");
}

static bool answer_request(struct wrong *w, struct wrong_record *r)
{
    return w->peer.role == DTLS_SERVER && is_hello_request(r) &&
           wrong_alert(w, 100);
}

static void answer_clients_request(struct wrong *w)
{
    w->hears = answer_request;
}

/* ---- P-SM-14, P-SM-15: HelloRequest in a connection ---- */

static void request_in_the_clear(struct scene *s)
{
    unsigned before;

    scene_connect(s);
    before = heard_count(&s->heard, DTLS_CLIENT_HELLO);
    say_empty_message(s, 0, DTLS_HELLO_REQUEST, 0);
    scene_pause(s);
    expect_no_new_hello(s, before);
}

static void request_under_number(struct scene *s)
{
    uint16_t numbers[] = {1, 7, 0};
    unsigned before;

    scene_connect(s);
    numbers[2] = s->peer.session.hs.send_seq;
    before = heard_count(&s->heard, DTLS_CLIENT_HELLO);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        say_empty_message(s, scene_epoch(s), DTLS_HELLO_REQUEST, numbers[i]);
    }
    scene_pause(s);
    expect_no_new_hello(s, before);
}

static bool hello_for_request(struct wrong *w, struct wrong_record *r)
{
    const struct peer_message *hello = &w->peer.messages[0];
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT && peer_is_connected(&w->peer) &&
           wrong_fragment(r, &f) && f.type == DTLS_HELLO_REQUEST &&
           (r->wire.epoch == 0 || f.seq != 0) &&
           wrong_say_message(w, wrong_epoch(w), DTLS_CLIENT_HELLO, 7,
                             dtls_bytes_of(hello->body, hello->len));
}

static void obey_any_request(struct wrong *w)
{
    w->hears = hello_for_request;
}

/* ---- P-SM-21: data in place of a message ---- */

static void say_clear_data(struct scene *s)
{
    static const uint8_t text[] = "not protected";

    scene_say_record(s, 0, DTLS_APPLICATION_DATA,
                     dtls_bytes_of(text, sizeof text));
}

static void say_data_in_middle(struct scene *s)
{
    come_to_middle(s);
    say_clear_data(s);
}

static void say_data_before_ccs(struct scene *s)
{
    (void)scene_come_to_ccs(s);
    say_clear_data(s);
}

static bool refuse_data(struct wrong *w, struct wrong_record *r)
{
    return is_in_handshake(w) && r->wire.type == DTLS_APPLICATION_DATA &&
           r->wire.epoch == 0 && wrong_alert(w, 80);
}

static void stumble_over_data(struct wrong *w)
{
    w->hears = refuse_data;
}

/* ---- P-SM-21, P-REC-21: data before Finished ---- */

static void say_data_early(struct scene *s)
{
    uint8_t bytes[24];
    struct dtls_bytes data;

    come_to_finished(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    scene_pause(s);
    scene_expect(s, heard_data(&s->heard, data) == 0,
                 "data comes back before Finished");
}

/* The data comes back, and nothing more. */
static bool echo_and_leave(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch != 0 && is_in_handshake(w) && wrong_echo(w, r) &&
           (w->deaf = true);
}

static void echo_early_and_leave(struct wrong *w)
{
    w->hears = echo_and_leave;
}

/* ---- P-SM-22: messages in a connection ---- */

static void say_messages_late(struct scene *s)
{
    static const uint8_t types[] = {DTLS_CERTIFICATE, DTLS_SERVER_KEY_EXCHANGE,
                                    DTLS_CLIENT_KEY_EXCHANGE, DTLS_FINISHED,
                                    DTLS_SERVER_HELLO_DONE};

    scene_connect(s);
    for (size_t i = 0; i < sizeof types; i++) {
        say_empty_message(s, scene_epoch(s), types[i],
                          s->peer.session.hs.send_seq);
    }
}

static bool refuse_late(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return peer_is_connected(&w->peer) && r->wire.epoch == 1 &&
           wrong_fragment(r, &f) && f.type == DTLS_CERTIFICATE &&
           wrong_alert(w, 80);
}

static void stumble_over_late(struct wrong *w)
{
    w->hears = refuse_late;
}

/* ---- P-SM-23 to P-SM-27: alerts in a handshake ---- */

static void close_in_handshake(struct scene *s)
{
    come_to_middle(s);
    say_clear_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
}

static bool warn_for_close(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t warning[2] = {DTLS_ALERT_WARNING, 90};

    return is_alert(r) && is_in_handshake(w) &&
           r->plain.data[1] == DTLS_CLOSE_NOTIFY &&
           wrong_say(w, wrong_epoch(w), DTLS_ALERT, dtls_bytes_of(warning, 2));
}

static void answer_close_with_warning(struct wrong *w)
{
    w->hears = warn_for_close;
}

static void fail_in_handshake(struct scene *s)
{
    come_to_middle(s);
    say_clear_alert(s, DTLS_ALERT_FATAL, 40);
}

static bool answer_fatal(struct wrong *w, struct wrong_record *r)
{
    return is_alert(r) && is_in_handshake(w) &&
           r->plain.data[0] == DTLS_ALERT_FATAL && r->wire.epoch == 0 &&
           wrong_alert(w, 10);
}

static void answer_alert_with_alert(struct wrong *w)
{
    w->hears = answer_fatal;
}

static void fail_before_finished(struct scene *s)
{
    come_to_finished(s);
    scene_say_alert(s, DTLS_ALERT_FATAL, 80);
    scene_say_rest(s);
    scene_pause(s);
    if (s->peer.role == DTLS_CLIENT) {
        scene_expect(s, heard_count(&s->heard, DTLS_FINISHED) == 0,
                     "Finished");
    }
    s->hopes = false;
    scene_expect(s, !scene_probe(s), "data comes back");
}

static bool lose_sealed_alert(struct wrong *w, struct wrong_record *r)
{
    return is_alert(r) && is_in_handshake(w) && r->wire.epoch != 0;
}

static void ignore_sealed_alert(struct wrong *w)
{
    w->hears = lose_sealed_alert;
}

static void warn(struct scene *s, uint8_t description)
{
    come_to_middle(s);
    say_clear_alert(s, DTLS_ALERT_WARNING, description);
}

static void warn_of_cancel(struct scene *s)
{
    warn(s, 90);
}

static void warn_of_renegotiation(struct scene *s)
{
    warn(s, 100);
}

static void warn_of_unknown(struct scene *s)
{
    warn(s, 201);
}

static bool fail_by_warning(struct wrong *w, struct wrong_record *r)
{
    return is_alert(r) && is_in_handshake(w) &&
           r->plain.data[0] == DTLS_ALERT_WARNING &&
           r->plain.data[1] != DTLS_CLOSE_NOTIFY && wrong_alert(w, 80);
}

static void bear_no_warning(struct wrong *w)
{
    w->hears = fail_by_warning;
}

/* More might not fit into the queue of a socket, and drown other plays. */
#define FLOOD 100

static void flood_with_warnings(struct scene *s)
{
    unsigned before;

    come_to_middle(s);
    before = s->heard.num_datagrams;
    for (int i = 0; i < FLOOD; i++) {
        say_clear_alert(s, DTLS_ALERT_WARNING, 90);
    }
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams - before < 10,
                 "an answer to each warning");
}

static bool echo_warning(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t warning[2] = {DTLS_ALERT_WARNING, 90};

    return is_alert(r) && is_in_handshake(w) &&
           r->plain.data[0] == DTLS_ALERT_WARNING && w->num++ % 8 == 7 &&
           wrong_say(w, wrong_epoch(w), DTLS_ALERT, dtls_bytes_of(warning, 2));
}

static void echo_warnings(struct wrong *w)
{
    w->hears = echo_warning;
}

/* ---- P-SM-29, P-SM-30: ChangeCipherSpec ---- */

static void begin_with_ccs(struct scene *s)
{
    if (s->peer.role == DTLS_SERVER) {
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    }
    say_ccs(s, 0);
}

static void say_early_ccs(struct scene *s)
{
    come_to_middle(s);
    say_ccs(s, 0);
}

static void say_ccs_behind_hello(struct scene *s)
{
    scene_say(s, scene_come_to(s, DTLS_SERVER_HELLO));
    say_ccs(s, 0);
}

static void say_ccs_twice(struct scene *s)
{
    come_to_finished(s);
    say_ccs(s, 0);
}

static void say_late_ccs(struct scene *s)
{
    scene_connect(s);
    say_ccs(s, 0);
    say_ccs(s, scene_epoch(s));
}

/* Is ChangeCipherSpec due?  Only the first one, and only when the other side's
 * keys are ready. */
static bool refuse_ccs(struct wrong *w, struct wrong_record *r)
{
    uint64_t handshake = wrong_handshake(w, r->wire.epoch);
    bool is_due = is_in_handshake(w) && w->peer.session.hs.keys_ready &&
                  w->num != handshake;

    if (!r->opened || r->wire.type != DTLS_CHANGE_CIPHER_SPEC) {
        return false;
    }
    if (is_due && r->plain.len == 1 && r->plain.data[0] == 1) {
        w->num = handshake;
        return false;
    }
    return wrong_alert(w, 80);
}

static void stumble_over_ccs(struct wrong *w)
{
    w->hears = refuse_ccs;
}

/* ---- P-SM-33, P-SM-34: hellos in the clear, in a connection ---- */

static void say_in_the_clear(struct scene *s, const struct peer_message *m)
{
    uint8_t bytes[2048];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_fragment message = {.type = m->type,
                                          .message_len = (uint32_t)m->len,
                                          .seq = m->seq,
                                          .body =
                                              dtls_bytes_of(m->body, m->len)};

    if (!dtls_fragment_put_header(&out, &message) ||
        !dtls_put_bytes(&out, message.body)) {
        scene_stop(s, "the message is too long");
    }
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

static void spoof_hello(struct scene *s)
{
    static struct peer_message hello;

    hello = *scene_come_to(s, DTLS_CLIENT_HELLO);
    hello.body[5] ^= 0x55; /* of its random */
    scene_connect(s);
    say_in_the_clear(s, &hello);
}

static void say_hellos_in_the_clear(struct scene *s)
{
    static struct peer_message hello;

    hello = *scene_come_to(s, DTLS_SERVER_HELLO);
    scene_connect(s);
    say_in_the_clear(s, &hello);
    hello.type = DTLS_CLIENT_HELLO;
    hello.seq = 0;
    say_in_the_clear(s, &hello);
}

static bool die_of_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    w->deaf = peer_is_connected(&w->peer) && r->wire.epoch == 0 &&
              wrong_fragment(r, &f) &&
              (f.type == DTLS_CLIENT_HELLO || f.type == DTLS_SERVER_HELLO);
    return false;
}

static void fall_for_hello(struct wrong *w)
{
    w->hears = die_of_hello;
}

static const struct check checks[] = {
    {.id = "P-SM-11.ccs",
     .rows = "D6347-4.2.2-3",
     .play = answer_with_ccs,
     .strict = "data | silence | alert * | warning *",
     .wrong = greet_again,
     .shows = "another ClientHello"},
    {.id = "P-SM-11.warning",
     .rows = "D6347-4.2.2-3",
     .play = answer_with_warning,
     .strict = "data | silence | alert * | warning *",
     .wrong = greet_again,
     .shows = "another ClientHello"},
    {.id = "P-SM-11.certificate",
     .rows = "D6347-4.2.2-3",
     .play = answer_with_certificate,
     .strict = "data | silence | alert * | warning *",
     .wrong = greet_again,
     .shows = "another ClientHello"},
    {.id = "P-SM-11.request",
     .rows = "D6347-4.2.2-3",
     .play = answer_with_request,
     .strict = "data | silence | alert * | warning *",
     .wrong = greet_again,
     .shows = "another ClientHello"},
    {.id = "P-SM-12",
     .rows = "D5246-7.4-4",
     .matters = CHECK_EACH_KX,
     .play = request_in_handshake,
     .strict = "data",
     .wrong = fail_by_request,
     .shows = "alert 10"},
    {.id = "P-SM-12.before_ccs",
     .rows = "D5246-7.4-4",
     .matters = CHECK_EACH_KX,
     .play = request_before_ccs,
     .strict = "data",
     .wrong = fail_by_request,
     .shows = "alert 10"},
    {.id = "P-SM-12.sealed",
     .rows = "D5246-7.4-4",
     .matters = CHECK_EACH_KX,
     .play = request_under_new_keys,
     .strict = "data",
     .wrong = fail_by_request,
     .shows = "alert 10"},
    {.id = "P-SM-13.first",
     .rows = "D6347-3.2.1-1 D5246-7.4-1 D5246-7.4.1.1-90",
     .matters = CHECK_EACH_KX,
     .play = request_first,
     .strict = "data | silence | alert 10",
     .wrong = answer_clients_request,
     .shows = "alert 100"},
    {.id = "P-SM-13.handshake",
     .rows = "D5246-7.4-1 D5246-7.4.1.1-90",
     .matters = CHECK_EACH_KX,
     .play = request_in_middle,
     .strict = "data | alert 10",
     .wrong = answer_clients_request,
     .shows = "alert 100"},
    {.id = "P-SM-13.connected",
     .rows = "D5246-7.4-1 D5246-7.4.1.1-90",
     .matters = CHECK_EACH_KX,
     .play = request_of_server,
     .strict = "data | alert 10",
     .wrong = answer_clients_request,
     .shows = "alert 100"},
    {.id = "P-SM-14",
     .rows = "D6347-4.1-10 D5246-7.4.1.1-91",
     .matters = CHECK_EACH_KX,
     .play = request_in_the_clear,
     .strict = "data",
     .wrong = obey_any_request,
     .shows = "another ClientHello"},
    {.id = "P-SM-15",
     .rows = "D6347-4.2.2-2 D6347-4.2.2-90",
     .matters = CHECK_EACH_KX,
     .play = request_under_number,
     .strict = "data | alert 10",
     .wrong = obey_any_request,
     .shows = "another ClientHello"},
    {.id = "P-SM-21",
     .rows = "D6347-4.1-17",
     .matters = CHECK_EACH_KX,
     .play = say_data_in_middle,
     .strict = "data | alert 10",
     .wrong = stumble_over_data,
     .shows = "alert 80"},
    {.id = "P-SM-21.before_ccs",
     .rows = "D6347-4.1-17",
     .matters = CHECK_EACH_KX,
     .play = say_data_before_ccs,
     .strict = "data | alert 10",
     .wrong = stumble_over_data,
     .shows = "alert 80"},
    {.id = "P-SM-21.sealed",
     .rows = "D6347-4.2.4-11",
     .matters = CHECK_EACH_KX,
     .play = say_data_early,
     .needs_echo = true,
     .strict = "data | alert 10",
     .wrong = echo_early_and_leave,
     .shows = "data comes back before Finished"},
    {.id = "P-REC-21",
     .rows = "D6347-4.1-14 D6347-4.2.4-11",
     .matters = CHECK_EACH_CIPHER,
     .play = say_data_early,
     .needs_echo = true,
     .strict = "data",
     .tolerated = "alert 10",
     .wrong = echo_early_and_leave,
     .shows = "data comes back before Finished"},
    {.id = "P-SM-22",
     .rows = "D5246-7.4-1 D6347-4.2.2-8",
     .matters = CHECK_EACH_KX,
     .play = say_messages_late,
     .strict = "data | alert 10",
     .wrong = stumble_over_late,
     .shows = "alert 80"},
    {.id = "P-SM-23",
     .rows = "D5246-7.2.1-2",
     .matters = CHECK_EACH_KX,
     .play = close_in_handshake,
     .strict = "data | silence | close | alert *",
     .wrong = answer_close_with_warning,
     .shows = "warning 90*"},
    {.id = "P-SM-24",
     .rows = "D5246-7.2.2-1",
     .matters = CHECK_EACH_KX,
     .play = fail_in_handshake,
     .strict = "data | silence",
     .wrong = answer_alert_with_alert,
     .shows = "alert 10"},
    {.id = "P-SM-25",
     .rows = "D5246-7.2.2-1 D5246-7.2-2",
     .matters = CHECK_EACH_CIPHER,
     .play = fail_before_finished,
     .needs_echo = true,
     .strict = "silence",
     .wrong = ignore_sealed_alert,
     .shows = "*"},
    {.id = "P-SM-26.canceled",
     .rows = "D5246-7.2.2-18 D5246-7.2.2-6",
     .matters = CHECK_EACH_KX,
     .play = warn_of_cancel,
     .strict = "data",
     .tolerated = "alert 10 | alert 40",
     .wrong = bear_no_warning,
     .shows = "alert 80"},
    {.id = "P-SM-26.renegotiation",
     .rows = "D5246-7.2.2-18 D5246-7.2.2-6",
     .matters = CHECK_EACH_KX,
     .play = warn_of_renegotiation,
     .strict = "data",
     .tolerated = "alert 10 | alert 40",
     .wrong = bear_no_warning,
     .shows = "alert 80"},
    {.id = "P-SM-26.unknown",
     .rows = "D5246-7.2-4 D5246-7.2.2-18",
     .matters = CHECK_EACH_KX,
     .play = warn_of_unknown,
     .strict = "data",
     .tolerated = "alert 10 | alert 40",
     .wrong = bear_no_warning,
     .shows = "alert 80"},
    {.id = "P-SM-27",
     .rows = "D5246-7.2.2-18",
     .matters = CHECK_EACH_KX,
     .play = flood_with_warnings,
     .strict = "data | silence | close | alert *",
     .wrong = echo_warnings,
     .shows = "an answer to each warning"},
    {.id = "P-SM-29.first",
     .rows = "D6347-4.2.5-5 D5246-6.1-2",
     .matters = CHECK_EACH_KX,
     .play = begin_with_ccs,
     .strict = "data | silence | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-29.early",
     .rows = "D6347-4.2.5-5 D5246-6.1-2",
     .matters = CHECK_EACH_KX,
     .play = say_early_ccs,
     .strict = "data | silence | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-29.twice",
     .rows = "D6347-4.2.5-4",
     .matters = CHECK_EACH_KX,
     .play = say_ccs_twice,
     .strict = "data | silence | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-29.connected",
     .rows = "D6347-4.2.5-4",
     .matters = CHECK_EACH_KX,
     .play = say_late_ccs,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-30.first",
     .rows = "D6347-4.2.5-5",
     .matters = CHECK_EACH_KX,
     .play = begin_with_ccs,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-30.behind_hello",
     .rows = "D6347-4.2.5-5",
     .matters = CHECK_EACH_KX,
     .play = say_ccs_behind_hello,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-30.early",
     .rows = "D6347-4.2.5-5",
     .matters = CHECK_EACH_KX,
     .play = say_early_ccs,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-30.twice",
     .rows = "D6347-4.2.5-4",
     .matters = CHECK_EACH_KX,
     .play = say_ccs_twice,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-30.connected",
     .rows = "D6347-4.2.5-4",
     .matters = CHECK_EACH_KX,
     .play = say_late_ccs,
     .strict = "data | alert 10",
     .wrong = stumble_over_ccs,
     .shows = "alert 80"},
    {.id = "P-SM-33",
     .rows = "D6347-4.2.8-2",
     .matters = CHECK_EACH_KX,
     .play = spoof_hello,
     .strict = "data",
     .wrong = fall_for_hello,
     .shows = "silence"},
    {.id = "P-SM-34",
     .rows = "D6347-4.2.8-5",
     .matters = CHECK_EACH_KX,
     .play = say_hellos_in_the_clear,
     .strict = "data",
     .wrong = fall_for_hello,
     .shows = "silence"},
};

CHECK_FILE(unasked)
