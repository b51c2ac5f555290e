/* SPDX-License-Identifier: MIT */
/* The order of handshake messages (RFC 5246, 7.3 and 7.4): one that is left
 * out, has changed places, comes twice, or was not asked for. */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"
#include "handshake/server_steps.h"

#include <string.h>

#define CCS_IN_THE_CLEAR(r)                                                   \
    ((r)->wire.type == DTLS_CHANGE_CIPHER_SPEC && (r)->wire.epoch == 0)

static bool has_share(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA || suite->kx == DTLS_KX_ECDHE_RSA;
}

/* The rest of the flight goes out; a client must not go on behind it. */
static void expect_no_answer(struct scene *s)
{
    scene_say_rest(s);
    scene_pause(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

static struct peer_message *come_to_hello(struct scene *s)
{
    return scene_come_to(s, DTLS_SERVER_HELLO);
}

/* The message in the flight that scene_come_to has come to; it must be
 * there. */
static struct peer_message *find(struct scene *s, uint8_t type)
{
    for (size_t i = s->next; i < s->peer.num_messages; i++) {
        struct peer_message *m = &s->peer.messages[i];

        if (m->record_type == DTLS_HANDSHAKE && m->type == type) {
            return m;
        }
    }
    scene_stop(s, "the peer has no message %u to say", type);
}

static struct peer_message *find_ccs(struct scene *s)
{
    for (size_t i = s->next; i < s->peer.num_messages; i++) {
        if (s->peer.messages[i].record_type == DTLS_CHANGE_CIPHER_SPEC) {
            return &s->peer.messages[i];
        }
    }
    scene_stop(s, "the peer has no ChangeCipherSpec to say");
}

/* ---- P-SM-1: something else comes first ---- */

/* Whatever it is, it must not begin a handshake. */
static void expect_no_handshake(struct scene *s)
{
    scene_pause(s);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) == 0 &&
                     heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "an answer to what is no ClientHello");
}

static void begin_with_messages(struct scene *s)
{
    static const uint8_t types[] = {DTLS_CLIENT_KEY_EXCHANGE, DTLS_CERTIFICATE,
                                    DTLS_CERTIFICATE_VERIFY, DTLS_FINISHED};
    uint8_t message[DTLS_FRAGMENT_HEADER_LEN + 12] = {0};

    for (size_t i = 0; i < sizeof types; i++) {
        message[0] = types[i];
        message[3] = message[11] = 12; /* length and fragment_length */
        scene_say_record(s, 0, DTLS_HANDSHAKE,
                         dtls_bytes_of(message, sizeof message));
    }
    expect_no_handshake(s);
}

static void begin_with_ccs(struct scene *s)
{
    static const uint8_t one = 1;

    scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
    expect_no_handshake(s);
}

static void begin_with_alert(struct scene *s)
{
    static const uint8_t alert[2] = {DTLS_ALERT_FATAL, 40};

    scene_say_record(s, 0, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
    expect_no_handshake(s);
}

static void begin_with_data(struct scene *s)
{
    static const uint8_t text[] = "not protected";

    scene_say_record(s, 0, DTLS_APPLICATION_DATA,
                     dtls_bytes_of(text, sizeof text));
    expect_no_handshake(s);
}

static bool greet_all(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t body[] = {0xfe, 0xff, 1, 0x23};
    struct dtls_fragment f;

    return w->at_the_door &&
           !(wrong_fragment(r, &f) && f.type == DTLS_CLIENT_HELLO) &&
           wrong_say_message(w, 0, DTLS_HELLO_VERIFY_REQUEST, 0,
                             dtls_bytes_of(body, sizeof body));
}

static void greet_everything(struct wrong *w)
{
    w->hears = greet_all;
}

/* ---- P-SM-2: a client's message is missing ---- */

static void leave_out_client_key(struct scene *s)
{
    flight_drop(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE));
    scene_say_rest(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        scene_expect(s, s->heard.records[i].type != DTLS_CHANGE_CIPHER_SPEC,
                     "ChangeCipherSpec");
    }
}

static bool answer_ccs(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t one = 1;
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == DTLS_CLIENT_KEY_EXCHANGE) {
        w->num = 1;
    }
    return CCS_IN_THE_CLEAR(r) && w->num == 0 && !w->at_the_door &&
           wrong_say(w, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
}

static void need_no_client_key(struct wrong *w)
{
    w->hears = answer_ccs;
}

/* ---- P-SM-3, P-SM-5: a server's message is missing, or in its place is
 * another ---- */

static void leave_out(struct scene *s, uint8_t type)
{
    (void)come_to_hello(s);
    flight_drop(s, find(s, type));
    expect_no_answer(s);
}

static void leave_out_certificate(struct scene *s)
{
    leave_out(s, DTLS_CERTIFICATE);
}

static void leave_out_server_key(struct scene *s)
{
    leave_out(s, DTLS_SERVER_KEY_EXCHANGE);
}

static void leave_out_done(struct scene *s)
{
    static const uint8_t one = 1;

    (void)come_to_hello(s);
    flight_drop(s, find(s, DTLS_SERVER_HELLO_DONE));
    scene_say_rest(s);
    scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
    expect_no_answer(s);
}

static void swap(struct scene *s, uint8_t type)
{
    (void)come_to_hello(s);
    flight_swap(s, find(s, type));
    expect_no_answer(s);
}

static void swap_hello(struct scene *s)
{
    swap(s, DTLS_SERVER_HELLO);
}

static void swap_certificate(struct scene *s)
{
    swap(s, DTLS_CERTIFICATE);
}

static void swap_server_key(struct scene *s)
{
    swap(s, DTLS_SERVER_KEY_EXCHANGE);
}

static void swap_server_key_and_request(struct scene *s)
{
    s->peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    swap(s, DTLS_SERVER_KEY_EXCHANGE);
}

/* Says ServerHelloDone and, under the next number, another message that is in
 * no transcript of the peer. */
static void say_behind_done(struct scene *s, const struct peer_message *m)
{
    static struct peer_message behind;
    const struct peer_message *done = scene_come_to(s, DTLS_SERVER_HELLO_DONE);

    behind = *m;
    behind.seq = (uint16_t)(done->seq + 1);
    s->peer.session.hs.send_seq++;
    scene_say(s, done);
    scene_say(s, &behind);
}

/* A client may answer ServerHelloDone before it sees the request behind it. */
static void say_late_request(struct scene *s)
{
    static const struct peer_message request = {
        .record_type = DTLS_HANDSHAKE,
        .type = DTLS_CERTIFICATE_REQUEST,
        .len = 11,
        .body = {2, 1, 64, 0, 4, 4, 3, 4, 1, 0, 0}};

    say_behind_done(s, &request);
}

/* A client that answers the first message that is not the one that is due: it
 * knows of each which one comes before it. */
static bool answer_misplaced(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t before[] = {
        [DTLS_CERTIFICATE] = DTLS_SERVER_HELLO,
        [DTLS_SERVER_KEY_EXCHANGE] = DTLS_CERTIFICATE,
        [DTLS_CERTIFICATE_REQUEST] = DTLS_SERVER_KEY_EXCHANGE,
        [DTLS_SERVER_HELLO_DONE] = DTLS_SERVER_KEY_EXCHANGE,
    };
    struct dtls_fragment f;
    bool is_misplaced;

    if (w->peer.role == DTLS_SERVER || !has_share(w->sut.setup.suite)) {
        return false;
    }
    if (CCS_IN_THE_CLEAR(r) && (w->num & 1u << DTLS_SERVER_HELLO_DONE) == 0) {
        return wrong_say_message(w, 0, DTLS_CLIENT_KEY_EXCHANGE, 7,
                                 (struct dtls_bytes){0});
    }
    if (!wrong_fragment(r, &f) || f.type >= sizeof before || f.offset != 0) {
        return false;
    }
    is_misplaced = before[f.type] != 0 && (w->num & 1u << before[f.type]) == 0;
    w->num |= 1u << f.type;
    return is_misplaced && wrong_say_message(w, 0, DTLS_CLIENT_KEY_EXCHANGE, 7,
                                             (struct dtls_bytes){0});
}

static void answer_any_order(struct wrong *w)
{
    w->hears = answer_misplaced;
}

/* Such a client does not notice what comes behind ServerHelloDone. */
static bool lose_behind_done(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (w->peer.role == DTLS_SERVER || !wrong_fragment(r, &f) ||
        r->wire.epoch != 0) {
        return false;
    }
    if (f.type == DTLS_SERVER_HELLO_DONE && w->num == 0) {
        w->num = f.seq + 1u;
        return false;
    }
    return w->num != 0 && f.seq == w->num && wrong_forgets(w, f.seq);
}

static void end_with_done(struct wrong *w)
{
    w->hears = lose_behind_done;
}

/* ---- P-SM-6: a message comes twice ---- */

static void double_message(struct scene *s, uint8_t type)
{
    if (s->peer.role == DTLS_SERVER) {
        (void)come_to_hello(s);
        (void)flight_double(s, find(s, type));
    } else {
        (void)flight_double(s, scene_come_to(s, type));
    }
}

static void double_server_hello(struct scene *s)
{
    double_message(s, DTLS_SERVER_HELLO);
}

static void double_certificate(struct scene *s)
{
    double_message(s, DTLS_CERTIFICATE);
}

static void double_server_key(struct scene *s)
{
    double_message(s, DTLS_SERVER_KEY_EXCHANGE);
}

static void double_request(struct scene *s)
{
    s->peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    double_message(s, DTLS_CERTIFICATE_REQUEST);
}

static void double_done(struct scene *s)
{
    say_behind_done(s, scene_come_to(s, DTLS_SERVER_HELLO_DONE));
}

static void double_client_key(struct scene *s)
{
    double_message(s, DTLS_CLIENT_KEY_EXCHANGE);
}

/* w->num has type and number of the last message. */
static bool forget_second(struct wrong *w, struct wrong_record *r)
{
    uint64_t last = w->num;
    struct dtls_fragment f;

    if (!wrong_fragment(r, &f) || f.type == DTLS_CLIENT_HELLO ||
        r->wire.epoch != 0) {
        return false;
    }
    w->num = (uint64_t)f.type << 16 | f.seq;
    return last + 1 == w->num && last >> 16 == f.type && f.offset == 0 &&
           wrong_forgets(w, f.seq);
}

static void take_second_copies(struct wrong *w)
{
    w->hears = forget_second;
}

/* ---- P-SM-7, P-SM-9: a hello in a handshake ---- */

/* An extended master secret would be another one for a target that takes the
 * second hello for nothing, and so hide that it does. */
static void drop_extended_master_secret(struct hello *hello)
{
    hello_drop(hello, 23);
}

static void say_hello_before_key(struct scene *s)
{
    static struct peer_message hello;

    scene_change_hellos(s, drop_extended_master_secret);
    hello = s->peer.messages[0];
    (void)flight_insert(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE), &hello);
}

static void say_hello_behind_key(struct scene *s)
{
    const struct peer_message *hello = flight_say_hellos(s);
    struct peer_message *key = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    (void)flight_insert(s, key + 1, hello);
}

static void say_second_server_hello(struct scene *s)
{
    static struct peer_message hello;

    hello = *come_to_hello(s);
    hello.body[5] ^= 0x55; /* of its random */
    (void)flight_insert(s, scene_come_to_ccs(s), &hello);
}

/* A hello that is not the first message is taken for nothing. */
static bool forget_later_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (w->at_the_door || !wrong_fragment(r, &f) || r->wire.epoch != 0) {
        return false;
    }
    if (f.type == DTLS_SERVER_HELLO && w->num == 0) {
        w->num = 1;
        return false;
    }
    return (f.type == DTLS_CLIENT_HELLO || f.type == DTLS_SERVER_HELLO) &&
           f.seq == w->peer.session.hs.in.next_seq && wrong_forgets(w, f.seq);
}

static void take_later_hellos(struct wrong *w)
{
    w->hears = forget_later_hello;
}

/* ---- P-SM-8: another ClientHello from the same address ---- */

static void say_fresh_hello(struct scene *s)
{
    static struct peer_message hello;

    hello = *flight_say_hellos(s);
    hello.seq = 0;
    hello.body[5] ^= 0x55; /* of its random */
    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    scene_say(s, &hello);
}

static bool refuse_fresh_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return !w->at_the_door && w->peer.role == DTLS_SERVER &&
           wrong_fragment(r, &f) && f.type == DTLS_CLIENT_HELLO &&
           f.seq == 0 && wrong_alert(w, 10);
}

static void fail_by_fresh_hello(struct wrong *w)
{
    w->hears = refuse_fresh_hello;
}

/* ---- P-SM-10: a changed copy of ServerHello ---- */

static void say_changed_copy(struct scene *s)
{
    static struct peer_message hello;
    struct peer_message *m = come_to_hello(s);

    hello = *m;
    hello.body[5] ^= 0x55;                        /* of its random */
    hello.body[2 + 32 + 1 + hello.body[34]] ^= 1; /* and of its suite */
    scene_say(s, m);
    scene_say(s, &hello);
}

static bool refuse_copy(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_message(r, DTLS_SERVER_HELLO, &f) || r->wire.epoch != 0) {
        return false;
    }
    if (w->num == 0) {
        w->num = 1u + f.body.data[5];
        return false;
    }
    return w->num != 1u + f.body.data[5] && wrong_alert(w, 47);
}

static void read_copies(struct wrong *w)
{
    w->hears = refuse_copy;
}

/* ---- P-SM-4, P-SM-16 to P-SM-18: client authentication ---- */

static void swap_client_certificate(struct scene *s)
{
    flight_swap(s, scene_come_to(s, DTLS_CERTIFICATE));
}

static void swap_client_key(struct scene *s)
{
    flight_swap(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE));
}

static void come_without_certificate(struct scene *s)
{
    flight_drop(s, scene_come_to(s, DTLS_CERTIFICATE));
    flight_drop(s, find(s, DTLS_CERTIFICATE_VERIFY));
}

static void leave_out_verify(struct scene *s)
{
    (void)scene_come_to(s, DTLS_CERTIFICATE);
    flight_drop(s, find(s, DTLS_CERTIFICATE_VERIFY));
}

static void say_verify_in_epoch_1(struct scene *s)
{
    (void)scene_come_to(s, DTLS_CERTIFICATE);
    flight_swap(s, find(s, DTLS_CERTIFICATE_VERIFY));
    find_ccs(s)[1].epoch = 1;
}

/* A server that asks for a certificate and needs none. */
static bool need_no_certificate(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == DTLS_CERTIFICATE) {
        w->num = 1;
    }
    if (wrong_fragment(r, &f) && f.type == DTLS_CLIENT_KEY_EXCHANGE &&
        w->num == 0) {
        w->peer.session.hs.step = DTLS_SERVER_CLIENT_KEY_EXCHANGE;
    }
    return false;
}

static void let_anybody_in(struct wrong *w)
{
    w->hears = need_no_certificate;
}

/* A server that needs no CertificateVerify once ChangeCipherSpec has come. */
static bool need_no_verify(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_message(r, DTLS_FINISHED, &f) &&
        f.body.len == DTLS_VERIFY_DATA_LEN) {
        memcpy(w->verify_data, f.body.data, f.body.len);
    }
    if (wrong_fragment(r, &f) && f.type == DTLS_CERTIFICATE_VERIFY) {
        w->num++;
        return w->num > 1 && wrong_forgets(w, f.seq);
    }
    if (CCS_IN_THE_CLEAR(r) && w->num == 0 && w->peer.role == DTLS_SERVER) {
        wrong_believes_finished(w);
        w->hears = need_no_verify;
        w->peer.session.hs.step = DTLS_SERVER_FINISHED;
        w->num = 1;
    }
    return false;
}

static void believe_certificates(struct wrong *w)
{
    w->hears = need_no_verify;
}

/* A server that takes the client's messages in any order: it has read none of
 * those that come too early. */
static bool refuse_order(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_fragment(r, &f) || w->peer.role == DTLS_CLIENT ||
        r->wire.epoch != 0) {
        return false;
    }
    if (f.type == DTLS_CLIENT_KEY_EXCHANGE && w->num == 0 &&
        w->peer.session.hs.certificate_requested) {
        return wrong_alert(w, 80);
    }
    if (f.type == DTLS_CERTIFICATE_VERIFY && w->num < 2) {
        return wrong_alert(w, 80);
    }
    w->num += f.type == DTLS_CERTIFICATE || f.type == DTLS_CLIENT_KEY_EXCHANGE;
    return false;
}

static void answer_order_with_80(struct wrong *w)
{
    w->hears = refuse_order;
}

/* ---- P-SM-19: a certificate that was not asked for ---- */

static void say_unasked_certificate(struct scene *s)
{
    static const struct peer_message empty = {
        .record_type = DTLS_HANDSHAKE, .type = DTLS_CERTIFICATE, .len = 3};

    (void)flight_insert(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE), &empty);
}

static void say_unasked_verify(struct scene *s)
{
    static const struct peer_message verify = {.record_type = DTLS_HANDSHAKE,
                                               .type = DTLS_CERTIFICATE_VERIFY,
                                               .len = 8,
                                               .body = "\4\3\0\4abcd"};

    struct peer_message *key = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    (void)flight_insert(s, key + 1, &verify);
}

static bool forget_unasked(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->peer.role == DTLS_SERVER &&
           !w->peer.session.hs.certificate_requested &&
           wrong_fragment(r, &f) &&
           (f.type == DTLS_CERTIFICATE || f.type == DTLS_CERTIFICATE_VERIFY) &&
           wrong_forgets(w, f.seq);
}

static void take_unasked(struct wrong *w)
{
    w->hears = forget_unasked;
}

/* ---- P-CAU-11: a proof without a certificate ---- */

static void prove_no_certificate(struct scene *s)
{
    s->peer.config.credentials = NULL;
    say_unasked_verify(s);
}

static bool forget_proof(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    return h->certificate_requested && h->peer_key.type == DTLS_KEY_NONE &&
           wrong_message(r, DTLS_CERTIFICATE_VERIFY, &f) &&
           wrong_forgets(w, f.seq);
}

static void need_no_proof(struct wrong *w)
{
    w->hears = forget_proof;
}

/* ---- P-SM-20: no certificate unless it is asked for ---- */

static void ask_for_no_certificate(struct scene *s)
{
    (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
    scene_say_rest(s);
    (void)scene_hear(s, DTLS_CLIENT_KEY_EXCHANGE, 1);
    scene_expect(s, heard_count(&s->heard, DTLS_CERTIFICATE) == 0,
                 "Certificate");
}

/* Only with static ECDH: the honest handshake before the check is another. */
static bool show_certificate(struct wrong *w, struct peer_message *m)
{
    static const uint8_t empty[3];

    if (w->sut.setup.suite->kx == DTLS_KX_ECDH &&
        m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_CLIENT_KEY_EXCHANGE) {
        wrong_say_message(w, 0, DTLS_CERTIFICATE, m->seq,
                          dtls_bytes_of(empty, sizeof empty));
    }
    return true;
}

static void show_certificate_always(struct wrong *w)
{
    w->says = show_certificate;
}

static const struct check checks[] = {
    {.id = "P-SM-1.message",
     .rows = "D6347-3.2.1-1 D5246-7.4-1 D5246-7.4.1.2-1",
     .play = begin_with_messages,
     .strict = "data | silence | alert 10",
     .wrong = greet_everything,
     .shows = "an answer to what is no ClientHello"},
    {.id = "P-SM-1.ccs",
     .rows = "D6347-3.2.1-1 D5246-7.4-1",
     .play = begin_with_ccs,
     .strict = "data | silence | alert 10",
     .wrong = greet_everything,
     .shows = "an answer to what is no ClientHello"},
    {.id = "P-SM-1.alert",
     .rows = "D6347-3.2.1-1 D5246-7.4-1",
     .play = begin_with_alert,
     .strict = "data | silence | alert 10",
     .wrong = greet_everything,
     .shows = "an answer to what is no ClientHello"},
    {.id = "P-SM-1.data",
     .rows = "D6347-3.2.1-1 D5246-7.4-1",
     .play = begin_with_data,
     .strict = "data | silence | alert 10",
     .wrong = greet_everything,
     .shows = "an answer to what is no ClientHello"},
    {.id = "P-SM-2",
     .rows = "D5246-7.4-2 D5246-7.4.9-4",
     .matters = CHECK_EACH_KX,
     .play = leave_out_client_key,
     .strict = "silence | alert 10",
     .wrong = need_no_client_key,
     .shows = "ChangeCipherSpec"},
    {.id = "P-SM-3.certificate",
     .rows = "D5246-7.4-2 D5246-7.4.2-1",
     .suits = has_share,
     .play = leave_out_certificate,
     .strict = "silence | alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-3.key_exchange",
     .rows = "D5246-7.4-2 D5246-7.4.3-1",
     .suits = has_share,
     .play = leave_out_server_key,
     .strict = "silence | alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-3.done",
     .rows = "D5246-7.4-2",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = leave_out_done,
     .strict = "silence | alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-4.certificate",
     .mutual = true,
     .rows = "D5246-7.4-1 D5246-7.4.7-1",
     .suits = dtls_suite_has_certificate,
     .play = swap_client_certificate,
     .strict = "alert 10",
     .wrong = answer_order_with_80,
     .shows = "alert 80"},
    {.id = "P-SM-4.key_exchange",
     .mutual = true,
     .rows = "D5246-7.4-1 D5246-7.4.8-1",
     .suits = dtls_suite_has_certificate,
     .play = swap_client_key,
     .strict = "alert 10",
     .wrong = answer_order_with_80,
     .shows = "alert 80"},
    {.id = "P-SM-5.hello",
     .rows = "D5246-7.4-1 D5246-7.4.1.2-13",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = swap_hello,
     .strict = "alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-5.certificate",
     .rows = "D5246-7.4-1",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = swap_certificate,
     .strict = "alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-5.key_exchange",
     .rows = "D5246-7.4-1",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = swap_server_key,
     .strict = "alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-5.early_request",
     .rows = "D5246-7.4-1 D5246-7.4.4-1",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = swap_server_key_and_request,
     .strict = "alert 10",
     .wrong = answer_any_order,
     .shows = "ClientKeyExchange"},
    {.id = "P-SM-5.late_request",
     .rows = "D5246-7.4-1 D5246-7.4.4-1",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = say_late_request,
     .strict = "alert 10",
     .wrong = end_with_done,
     .shows = "data"},
    {.id = "P-SM-6.server_hello",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4-3",
     .matters = CHECK_EACH_KX,
     .play = double_server_hello,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "silence"},
    {.id = "P-SM-6.certificate",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4-3",
     .suits = dtls_suite_has_certificate,
     .matters = CHECK_EACH_KX,
     .play = double_certificate,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "silence"},
    {.id = "P-SM-6.server_key_exchange",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4-3",
     .suits = has_share,
     .matters = CHECK_EACH_KX,
     .play = double_server_key,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "silence"},
    {.id = "P-SM-6.request",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4-3",
     .suits = dtls_suite_has_certificate,
     .matters = CHECK_EACH_KX,
     .play = double_request,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "silence"},
    {.id = "P-SM-6.done",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4-3",
     .matters = CHECK_EACH_KX,
     .play = double_done,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "data"},
    {.id = "P-SM-6.client_key_exchange",
     .roles = CHECK_SERVER,
     .rows = "D5246-7.4-3",
     .matters = CHECK_EACH_KX,
     .play = double_client_key,
     .strict = "alert 10",
     .wrong = take_second_copies,
     .shows = "refused 51*"},
    {.id = "P-SM-7",
     .rows = "D5246-7.4-3 D6347-4.2.8-91",
     .matters = CHECK_EACH_KX,
     .play = say_hello_before_key,
     .strict = "silence | alert 10",
     .wrong = take_later_hellos,
     .shows = "alert 51"},
    {.id = "P-SM-7.behind_key_exchange",
     .rows = "D5246-7.4-3 D6347-4.2.8-91",
     .matters = CHECK_EACH_KX,
     .play = say_hello_behind_key,
     .strict = "silence | alert 10",
     .wrong = take_later_hellos,
     .shows = "refused 51*"},
    {.id = "P-SM-8",
     .rows = "D6347-4.2.2-8 D6347-4.2.8-91",
     .matters = CHECK_EACH_KX,
     .play = say_fresh_hello,
     .strict = "data | silence",
     .wrong = fail_by_fresh_hello,
     .shows = "alert 10"},
    {.id = "P-SM-9",
     .rows = "D5246-7.4-3",
     .matters = CHECK_EACH_KX,
     .play = say_second_server_hello,
     .strict = "silence | alert 10",
     .wrong = take_later_hellos,
     .shows = "data"},
    {.id = "P-SM-10",
     .rows = "D6347-4.2.2-8",
     .matters = CHECK_EACH_KX,
     .play = say_changed_copy,
     .strict = "data",
     .wrong = read_copies,
     .shows = "alert 47"},
    {.id = "P-SM-16",
     .mutual = true,
     .rows = "D5246-7.4-2 D5246-7.4.6-2",
     .suits = dtls_suite_has_certificate,
     .play = come_without_certificate,
     .strict = "alert 10 | alert 40 | alert 42",
     .wrong = let_anybody_in,
     .shows = "silence"},
    {.id = "P-SM-17",
     .mutual = true,
     .rows = "D5246-7.4.8-2",
     .suits = dtls_suite_has_certificate,
     .play = leave_out_verify,
     .strict = "alert 10",
     .tolerated = "silence",
     .wrong = believe_certificates,
     .shows = "*data"},
    {.id = "P-SM-18",
     .mutual = true,
     .rows = "D5246-7.4.8-1 D6347-4.2.5-2 D6347-4.1-92",
     .suits = dtls_suite_has_certificate,
     .play = say_verify_in_epoch_1,
     .strict = "silence | alert 10",
     .wrong = believe_certificates,
     .shows = "*data"},
    {.id = "P-SM-19.certificate",
     .rows = "D5246-7.4.6-6",
     .matters = CHECK_EACH_KX,
     .play = say_unasked_certificate,
     .strict = "alert 10",
     .wrong = take_unasked,
     .shows = "silence"},
    {.id = "P-SM-19.verify",
     .rows = "D5246-7.4.8-3",
     .matters = CHECK_EACH_KX,
     .play = say_unasked_verify,
     .strict = "alert 10",
     .wrong = take_unasked,
     .shows = "refused 51*"},
    {.id = "P-CAU-11",
     .rows = "D5246-7.4.8-3",
     .when = "clientauth=optional",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .needs_no_client = true,
     .play = prove_no_certificate,
     .strict = "alert 10",
     .wrong = need_no_proof,
     .shows = "refused 51*"},
    {.id = "P-SM-20",
     .rows = "D5246-7.4.6-5",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = ask_for_no_certificate,
     .strict = "data",
     .wrong = show_certificate_always,
     .shows = "Certificate"},
};

CHECK_FILE(order)
