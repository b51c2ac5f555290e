/* SPDX-License-Identifier: MIT */
/* Renegotiation, and its signal (RFC 5746). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <assert.h>
#include <string.h>

/* ---- P-REN-2, P-REN-3: a signal that is not empty ---- */

static void signal_with_data(struct hello *hello)
{
    static const uint8_t data[13] = "\x0ctwelve bytes";

    hello_drop(hello, 0xff01);
    hello_add(hello, 0xff01, data, sizeof data);
}

static void offer_signal_with_data(struct scene *s)
{
    scene_change_hellos(s, signal_with_data);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello");
}

static void answer_signal_with_data(struct scene *s)
{
    scene_change_server_hello(s, signal_with_data);
    hello_is_refused(s);
}

/* The length is that of five bytes which are not there. */
static void answer_signal_past_its_end(struct scene *s)
{
    hello_is_refused_with(s, 0xff01, "\5", 1);
}

static bool read_over_cut_signal(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, 0xff01, &data) && data.len == 1 &&
           data.data[0] != 0 && wrong_reads_without(w, r, 0xff01);
}

static void read_over_cut_signals(struct wrong *w)
{
    w->hears = read_over_cut_signal;
}

/* It reads a hello with such a signal as if it had none. */
static bool read_over_signal(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, 0xff01, &data) && data.len > 1 &&
           wrong_reads_without(w, r, 0xff01);
}

static void read_over_signals(struct wrong *w)
{
    w->hears = read_over_signal;
}

/* ---- P-REN-5, P-REN-6: a target that does not renegotiate ---- */

static void expect_nothing_new(struct scene *s, uint8_t type, const char *name)
{
    const struct heard_message *m;

    scene_listen(s);
    m = heard_message(&s->heard, type);
    scene_expect(s, m == NULL || m->epoch == 0, "%s in epoch 1", name);
}

static void ask_server_again(struct scene *s)
{
    scene_connect(s);
    scene_renegotiate(s);
    scene_say_rest(s);
    expect_nothing_new(s, DTLS_SERVER_HELLO, "ServerHello");
}

static void ask_client_again(struct scene *s)
{
    static const uint8_t hello_request[DTLS_FRAGMENT_HEADER_LEN] = {0};

    scene_connect(s);
    scene_say_record(s, scene_epoch(s), DTLS_HANDSHAKE,
                     dtls_bytes_of(hello_request, sizeof hello_request));
    expect_nothing_new(s, DTLS_CLIENT_HELLO, "ClientHello");
}

static void renegotiate(struct wrong *w)
{
    w->peer.config.renegotiate = NULL;
}

/* ---- P-REN-1: the signal of a first handshake ---- */

#define SCSV 0x00ff
#define SIGNAL 0xff01

static void add_scsv(struct hello *hello)
{
    static uint8_t list[256];
    struct dtls_buf out = {list, 0, sizeof list};

    if (dtls_put_bytes(&out, hello->client.suites) &&
        dtls_put_u16(&out, SCSV)) {
        hello->client.suites = dtls_buf_bytes(&out);
    }
}

static bool has_scsv(const struct hello *hello)
{
    struct dtls_bytes suites = hello->client.suites;
    uint16_t suite;

    while (dtls_get_u16(&suites, &suite)) {
        if (suite == SCSV) {
            return true;
        }
    }
    return false;
}

static void drop_scsv(struct hello *hello)
{
    static uint8_t list[256];
    struct dtls_buf out = {list, 0, sizeof list};
    struct dtls_bytes suites = hello->client.suites;
    uint16_t suite;
    bool fits = true;

    while (dtls_get_u16(&suites, &suite)) {
        fits = fits && (suite == SCSV || dtls_put_u16(&out, suite));
    }
    assert(fits);
    hello->client.suites = dtls_buf_bytes(&out);
}

static void signal_nothing(struct hello *hello)
{
    hello_drop(hello, SIGNAL);
    drop_scsv(hello);
}

static void signal_nothing_back(struct hello *hello)
{
    hello_drop(hello, SIGNAL);
}

static void signal_by_scsv(struct hello *hello)
{
    signal_nothing(hello);
    add_scsv(hello);
}

static void signal_by_extension(struct hello *hello)
{
    signal_nothing(hello);
    hello_add(hello, SIGNAL, "", 1);
}

static void signal_by_both(struct hello *hello)
{
    signal_by_scsv(hello);
    hello_add(hello, SIGNAL, "", 1);
}

/* The target's hello has the empty extension, or has not. */
static void expect_signal(struct scene *s, bool wanted)
{
    struct dtls_bytes data = {0};
    struct hello hello;
    bool has;

    if (!scene_await(s,
                     s->peer.role == DTLS_CLIENT ? DTLS_SERVER_HELLO
                                                 : DTLS_CLIENT_HELLO,
                     1)) {
        return;
    }
    hello_hear(s, &hello);
    has = hello_has(&hello, SIGNAL, &data);
    scene_expect(s, has == wanted, "%s renegotiation_info",
                 has ? "there is" : "there is no");
    scene_expect(s, !has || (data.len == 1 && data.data[0] == 0),
                 "renegotiation_info has %zu bytes, or is not empty",
                 data.len);
}

static void offer_scsv(struct scene *s)
{
    hello_say(s, signal_by_scsv);
    expect_signal(s, true);
}

static void offer_extension(struct scene *s)
{
    hello_say(s, signal_by_extension);
    expect_signal(s, true);
}

static void offer_both(struct scene *s)
{
    hello_say(s, signal_by_both);
    expect_signal(s, true);
}

static void offer_no_signal(struct scene *s)
{
    hello_say(s, signal_nothing);
    expect_signal(s, false);
}

static void read_signal(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    if (hello_has(&hello, SIGNAL, &data)) {
        expect_signal(s, true);
        return;
    }
    scene_expect(s, has_scsv(&hello), "ClientHello without a signal");
}

static void drop_signal(struct hello *hello)
{
    hello_drop(hello, SIGNAL);
}

static void set_empty_signal(struct hello *hello)
{
    hello_drop(hello, SIGNAL);
    hello_add(hello, SIGNAL, "", 1);
}

static bool is_first_hello(const struct peer_message *m)
{
    return m->record_type == DTLS_HANDSHAKE && m->epoch == 0 &&
           (m->type == DTLS_CLIENT_HELLO || m->type == DTLS_SERVER_HELLO);
}

static bool say_no_signal(struct wrong *w, struct peer_message *m)
{
    return !is_first_hello(m) ||
           wrong_says_hello(w, m,
                            m->type == DTLS_CLIENT_HELLO ? signal_nothing
                                                         : drop_signal);
}

static void give_no_signal(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_no_signal;
}

static bool say_signal(struct wrong *w, struct peer_message *m)
{
    return !is_first_hello(m) || wrong_says_hello(w, m, set_empty_signal);
}

static void give_signal_always(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_signal;
}

/* ---- P-REN-7, P-REN-13: renegotiations, as they should be ---- */

static bool is_second(const struct heard_message *m, uint8_t type)
{
    return m->epoch == 1 && m->type == type && m->have == m->body.len;
}

/* The data of renegotiation_info in the target's second hello. */
static struct dtls_bytes second_signal(struct scene *s, struct hello *hello)
{
    bool is_client = s->peer.role == DTLS_SERVER;
    struct dtls_bytes data = {0};

    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        if (is_second(m, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO)) {
            (is_client ? hello_read_client
                       : hello_read_server)(hello, dtls_span_bytes(m->body));
            (void)hello_has(hello, SIGNAL, &data);
        }
    }
    return data;
}

static void renegotiate_with_data(struct scene *s)
{
    static struct hello hello;
    uint8_t expected[1 + 2 * DTLS_VERIFY_DATA_LEN] = {DTLS_VERIFY_DATA_LEN};
    size_t len = 1 + DTLS_VERIFY_DATA_LEN;
    const struct dtls_agreed *agreed = &s->peer.session.hs.agreed;
    struct dtls_bytes data;

    scene_connect(s);
    memcpy(expected + 1, agreed->client_verify_data, DTLS_VERIFY_DATA_LEN);
    if (s->peer.role == DTLS_CLIENT) {
        memcpy(expected + len, agreed->server_verify_data,
               DTLS_VERIFY_DATA_LEN);
        len += DTLS_VERIFY_DATA_LEN;
        expected[0] = 2 * DTLS_VERIFY_DATA_LEN;
    }
    scene_renegotiate(s);
    scene_say_rest(s);
    (void)scene_await(
        s, s->peer.role == DTLS_CLIENT ? DTLS_SERVER_HELLO : DTLS_CLIENT_HELLO,
        2);
    data = second_signal(s, &hello);
    scene_expect(s, data.len == len && memcmp(data.data, expected, len) == 0,
                 "renegotiation_info has %zu bytes, or others", data.len);
    scene_expect(s, scene_connects(s) && scene_epoch(s) == 2,
                 "the renegotiation is not complete");
}

static bool is_second_hello(const struct peer_message *m)
{
    return m->record_type == DTLS_HANDSHAKE && m->epoch == 1 &&
           (m->type == DTLS_CLIENT_HELLO || m->type == DTLS_SERVER_HELLO);
}

static bool forget_data(struct wrong *w, struct peer_message *m)
{
    struct hello hello;
    struct dtls_bytes body = dtls_bytes_of(m->body, m->len);

    (void)w;
    if (is_second_hello(m)) {
        (m->type == DTLS_CLIENT_HELLO ? hello_read_client
                                      : hello_read_server)(&hello, body);
        set_empty_signal(&hello);
        hello_write(m, &hello);
    }
    return true;
}

static void begin_as_the_first_time(struct wrong *w)
{
    w->says = forget_data;
}

static void read_second_numbers(struct scene *s)
{
    bool is_client = s->peer.role == DTLS_SERVER;
    const struct heard_message *finished;
    const struct heard_message *hello = NULL;

    scene_connect(s);
    scene_renegotiate(s);
    (void)scene_connects(s);
    for (size_t i = 0; i < s->heard.num_messages && hello == NULL; i++) {
        if (s->heard.messages[i].epoch == 1 &&
            s->heard.messages[i].type != DTLS_FINISHED) {
            hello = &s->heard.messages[i];
        }
    }
    scene_expect(s,
                 hello != NULL &&
                     is_second(hello, is_client ? DTLS_CLIENT_HELLO
                                                : DTLS_SERVER_HELLO) &&
                     hello->seq == 0,
                 "its first message in epoch 1 has message_seq %u",
                 hello == NULL ? 0 : hello->seq);
    finished = heard_message(&s->heard, DTLS_FINISHED);
    scene_expect(s, finished != NULL && finished->epoch == 2,
                 "no Finished in epoch 2");
}

/* It goes on with the numbers of the first handshake. */
static bool number_on(struct wrong *w, struct peer_message *m)
{
    (void)w;
    if (is_second_hello(m)) {
        m->seq = 5;
    }
    return true;
}

static void number_handshakes_on(struct wrong *w)
{
    w->says = number_on;
}

/* ---- P-REN-8, P-REN-9: data that is not that of the first handshake ---- */

static void spoil_client_half(struct hello *hello)
{
    static uint8_t bytes[64];
    struct dtls_bytes data = {0};

    (void)hello_has(hello, SIGNAL, &data);
    memcpy(bytes, data.data, data.len);
    bytes[1] ^= 1;
    hello_drop(hello, SIGNAL);
    hello_add(hello, SIGNAL, bytes, data.len);
}

static void spoil_server_half(struct hello *hello)
{
    static uint8_t bytes[64];
    struct dtls_bytes data = {0};

    (void)hello_has(hello, SIGNAL, &data);
    memcpy(bytes, data.data, data.len);
    bytes[data.len - 1] ^= 1;
    hello_drop(hello, SIGNAL);
    hello_add(hello, SIGNAL, bytes, data.len);
}

/* Says the peer's hello of a renegotiation after `change`. */
static void say_second_hello(struct scene *s,
                             void (*change)(struct hello *hello))
{
    bool is_client = s->peer.role == DTLS_CLIENT;
    static struct hello hello;
    struct peer_message *m;

    scene_connect(s);
    scene_renegotiate(s);
    m = scene_come_to(s, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO);
    (is_client ? hello_read_client
               : hello_read_server)(&hello, dtls_bytes_of(m->body, m->len));
    change(&hello);
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
}

/* The target must not go on behind it. */
static void say_bad_second_hello(struct scene *s,
                                 void (*change)(struct hello *hello))
{
    uint8_t type = s->peer.role == DTLS_CLIENT ? DTLS_SERVER_HELLO
                                               : DTLS_CLIENT_KEY_EXCHANGE;

    say_second_hello(s, change);
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, type) < 2, "message %u", type);
}

static void renegotiate_without_data(struct scene *s)
{
    say_bad_second_hello(s, drop_signal);
}

static void renegotiate_with_client_half(struct scene *s)
{
    say_bad_second_hello(s, spoil_client_half);
}

/* A cookie makes it no better. */
static void spoil_and_add_cookie(struct hello *hello)
{
    spoil_client_half(hello);
    hello->client.cookie = dtls_bytes_of("any cookie", 10);
}

static void renegotiate_with_cookie(struct scene *s)
{
    say_bad_second_hello(s, spoil_and_add_cookie);
}

static void renegotiate_with_server_half(struct scene *s)
{
    say_bad_second_hello(s, spoil_server_half);
}

static void renegotiate_with_scsv(struct scene *s)
{
    say_bad_second_hello(s, add_scsv);
}

/* A hello in epoch 1. */
static bool is_heard_again(const struct wrong *w, const struct wrong_record *r,
                           struct dtls_fragment *f)
{
    return r->wire.epoch == 1 &&
           wrong_message(r,
                         w->peer.role == DTLS_SERVER ? DTLS_CLIENT_HELLO
                                                     : DTLS_SERVER_HELLO,
                         f);
}

/* It answers every hello of a renegotiation as if it were good. */
static bool take_second_hello(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t body[40] = {0xfe, 0xfd};
    struct dtls_fragment f;

    return is_heard_again(w, r, &f) &&
           wrong_say_message(w, 1,
                             w->peer.role == DTLS_SERVER
                                 ? DTLS_SERVER_HELLO
                                 : DTLS_CLIENT_KEY_EXCHANGE,
                             9, dtls_bytes_of(body, sizeof body));
}

static void take_any_second_hello(struct wrong *w)
{
    w->hears = take_second_hello;
}

/* ---- P-REN-10: no signal in the first handshake ---- */

static void connect_without_signal(struct scene *s)
{
    hello_say(s, s->peer.role == DTLS_CLIENT ? signal_nothing : drop_signal);
    if (!scene_connects(s)) {
        return; /* it refuses even the first handshake */
    }
    s->peer.session.hs.agreed.secure_renegotiation = true; /* it tries */
    scene_renegotiate(s);
    scene_say_rest(s);
    expect_nothing_new(
        s, s->peer.role == DTLS_CLIENT ? DTLS_SERVER_HELLO : DTLS_CLIENT_HELLO,
        "a hello");
}

static bool trust_nobody_less(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (r->wire.epoch == 1 && wrong_fragment(r, &f) &&
        f.type != DTLS_FINISHED) {
        w->peer.session.hs.agreed.secure_renegotiation = true;
    }
    return false;
}

static void need_no_signal(struct wrong *w)
{
    w->hears = trust_nobody_less;
}

/* ---- P-REN-11: data between the messages ---- */

#define DATA_MAX 16
#define DATA_LEN 20

/* Says data in epoch 1 behind each message, up to ChangeCipherSpec, with which
 * the old keys end; it returns how many records. */
static unsigned say_data_between(struct scene *s,
                                 uint8_t content[DATA_MAX][DATA_LEN])
{
    unsigned num = 0;

    for (int flight = 0; flight < 2; flight++) {
        while (s->next < s->peer.num_messages) {
            const struct peer_message *m = &s->peer.messages[s->next];

            if (m->record_type == DTLS_CHANGE_CIPHER_SPEC || num == DATA_MAX) {
                return num;
            }
            scene_say(s, m);
            peer_put_record(&s->peer, &s->out, 1, DTLS_APPLICATION_DATA,
                            scene_make_data(s, content[num++], DATA_LEN));
            scene_send(s);
        }
        if (flight == 0 && s->peer.role == DTLS_CLIENT &&
            !scene_await(s, DTLS_SERVER_HELLO_DONE, 2)) {
            scene_expect(s, false, "it does not answer the second hello");
            return 0;
        }
        if (flight == 0) {
            (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                                       ? DTLS_CLIENT_KEY_EXCHANGE
                                       : DTLS_SERVER_HELLO);
        }
    }
    return num;
}

/* A target that cannot send while its keys change, answers then. */
static void say_data_in_renegotiation(struct scene *s)
{
    uint8_t content[DATA_MAX][DATA_LEN];
    unsigned num;

    scene_connect(s);
    scene_renegotiate(s);
    num = say_data_between(s, content);
    (void)scene_connects(s);
    for (unsigned i = 0; i < num; i++) {
        scene_expect(s, scene_hears(s, dtls_bytes_of(content[i], DATA_LEN), 1),
                     "data in a renegotiation does not come back");
    }
}

static bool lose_data_between(struct wrong *w, struct wrong_record *r)
{
    return r->wire.type == DTLS_APPLICATION_DATA &&
           peer_is_renegotiating(&w->peer);
}

static void lose_data_of_renegotiation(struct wrong *w)
{
    w->hears = lose_data_between;
}

/* ---- P-REN-12: another offer ---- */

static void drop_ems(struct hello *hello)
{
    hello_drop(hello, 23);
}

static void offer_session(struct hello *hello)
{
    static const uint8_t id[32] = "\x45\x67\x89 a session of before";

    hello->client.session_id = dtls_bytes_of(id, sizeof id);
}

/* What its first handshake had, our peer would else insist on. */
static void renegotiate_without_ems(struct scene *s)
{
    scene_connect(s);
    s->peer.session.hs.agreed.extended_master_secret = false;
    say_second_hello(s, drop_ems);
}

static void renegotiate_with_session(struct scene *s)
{
    say_second_hello(s, offer_session);
}

static bool hang_without_ems(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    struct dtls_bytes data;
    struct hello hello;

    if (is_heard_again(w, r, &f)) {
        hello_read_client(&hello, f.body);
        w->deaf =
            !hello_has(&hello, 23, &data) || hello.client.session_id.len != 0;
    }
    return w->deaf;
}

static void hang_after_change(struct wrong *w)
{
    w->hears = hang_without_ems;
}

/* ---- P-REN-16: another version ---- */

static void answer_1_3(struct hello *hello)
{
    hello->server.version = 0xfefc;
}

static void answer_second_with_1_3(struct scene *s)
{
    say_bad_second_hello(s, answer_1_3);
}

/* ---- P-REN-17: no HelloRequest without a reason ---- */

static void wait_for_request(struct scene *s)
{
    scene_connect(s);
    scene_wait(s, 10000);
    scene_expect(s, heard_count(&s->heard, DTLS_HELLO_REQUEST) == 0,
                 "HelloRequest");
}

static bool ask_after_data(struct wrong *w, struct wrong_record *r)
{
    if (!sut_refuses(&w->sut.setup) && r->opened &&
        r->wire.type == DTLS_APPLICATION_DATA && w->num++ == 0) {
        (void)wrong_say_message(w, wrong_epoch(w), DTLS_HELLO_REQUEST, 0,
                                (struct dtls_bytes){0});
    }
    return false;
}

static void ask_at_once(struct wrong *w)
{
    w->hears = ask_after_data;
}

/* ---- P-REN-4: a policy that asks for the signal ---- */

static void answer_without_signal(struct scene *s)
{
    scene_change_server_hello(s, signal_nothing_back);
    hello_is_refused(s);
}

/* Our engine asks for no signal. */
static void want_no_signal(struct wrong *w)
{
    (void)w;
}

static const struct check checks[] = {
    {.id = "P-REN-1.client",
     .roles = CHECK_CLIENT,
     .rows = "D5746-3.4-1 D5746-3.2-1",
     .play = read_signal,
     .strict = "data",
     .wrong = give_no_signal,
     .shows = "ClientHello without a signal"},
    {.id = "P-REN-1.scsv",
     .roles = CHECK_SERVER,
     .rows = "D5746-3.6-1 D5746-3.6-2",
     .play = offer_scsv,
     .strict = "data",
     .wrong = give_no_signal,
     .shows = "there is no renegotiation_info"},
    {.id = "P-REN-1.extension",
     .roles = CHECK_SERVER,
     .rows = "D5746-3.6-1 D5746-3.6-4",
     .play = offer_extension,
     .strict = "data",
     .wrong = give_no_signal,
     .shows = "there is no renegotiation_info"},
    {.id = "P-REN-1.both",
     .roles = CHECK_SERVER,
     .rows = "D5746-3.6-1 D5746-3.4-2",
     .play = offer_both,
     .strict = "data",
     .wrong = give_no_signal,
     .shows = "there is no renegotiation_info"},
    {.id = "P-REN-1.none",
     .roles = CHECK_SERVER,
     .rows = "D5746-3.6-6",
     .play = offer_no_signal,
     .strict = "data",
     .wrong = give_signal_always,
     .shows = "there is renegotiation_info"},
    {.id = "P-REN-2",
     .rows = "D5746-3.6-3",
     .play = offer_signal_with_data,
     .strict = "alert 40",
     .tolerated = "alert 50 | alert 47",
     .wrong = read_over_signals,
     .shows = "ServerHello"},
    {.id = "P-REN-3",
     .rows = "D5746-3.4-4",
     .play = answer_signal_with_data,
     .strict = "alert 40",
     .tolerated = "alert 50 | alert 47",
     .wrong = read_over_signals,
     .shows = "ClientKeyExchange"},
    {.id = "P-REN-3.length",
     .rows = "D5746-3.4-5",
     .play = answer_signal_past_its_end,
     .strict = "alert 40 | alert 50",
     .tolerated = "alert 47",
     .wrong = read_over_cut_signals,
     .shows = "ClientKeyExchange"},
    {.id = "P-REN-5",
     .rows = "D5746-4.3-1 D5246-7.2.2-16 T02102-3.3.4.1-1",
     .play = ask_server_again,
     .strict = "warning 100 then data | data | alert 40",
     .wrong = renegotiate,
     .shows = "ServerHello in epoch 1"},
    {.id = "P-REN-6",
     .rows = "D5246-7.4.1.1-3",
     .play = ask_client_again,
     .strict = "warning 100 then data | data",
     .wrong = renegotiate,
     .shows = "ClientHello in epoch 1"},
    {.id = "P-PRF-5.renegotiation",
     .roles = CHECK_SERVER,
     .rows = "D7925-17-1",
     .play = ask_server_again,
     .strict = "warning 100 then data | data | alert 40",
     .claims = "[ics]\nprofile = iot\n",
     .wrong = renegotiate,
     .shows = "ServerHello in epoch 1"},
    {.id = "P-PRF-5.hello_request",
     .roles = CHECK_CLIENT,
     .rows = "D7925-17-1",
     .play = ask_client_again,
     .strict = "warning 100 then data | data",
     .claims = "[ics]\nprofile = iot\n",
     .wrong = renegotiate,
     .shows = "ClientHello in epoch 1"},
    {.id = "P-REN-7",
     .rows = "D5746-3.2-2 D5746-3.2-3 D5746-3.5-1 D5746-3.7-4 D6347-4.2.4-13",
     .matters = CHECK_EACH_KX,
     .renegotiates = true,
     .play = renegotiate_with_data,
     .strict = "data",
     .wrong = begin_as_the_first_time,
     .shows = "renegotiation_info has 1 bytes, or others"},
    {.id = "P-REN-8.none",
     .rows = "D5746-3.7-2",
     .renegotiates = true,
     .play = renegotiate_without_data,
     .strict = "alert 40",
     .wrong = take_any_second_hello,
     .shows = "message 2"},
    {.id = "P-REN-8.wrong",
     .rows = "D5746-3.7-3",
     .renegotiates = true,
     .play = renegotiate_with_client_half,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = take_any_second_hello,
     .shows = "message 2"},
    {.id = "P-REN-8.cookie",
     .rows = "D5746-3.7-90",
     .renegotiates = true,
     .play = renegotiate_with_cookie,
     .strict = "alert 40",
     .tolerated = "alert 47 | silence",
     .wrong = take_any_second_hello,
     .shows = "message 2"},
    {.id = "P-REN-8.scsv",
     .rows = "D5746-3.7-1",
     .renegotiates = true,
     .play = renegotiate_with_scsv,
     .strict = "alert 40",
     .wrong = take_any_second_hello,
     .shows = "message 2"},
    {.id = "P-REN-9.none",
     .rows = "D5746-3.5-3",
     .renegotiates = true,
     .play = renegotiate_without_data,
     .strict = "alert 40",
     .wrong = take_any_second_hello,
     .shows = "message 16"},
    {.id = "P-REN-9.client",
     .rows = "D5746-3.5-4",
     .renegotiates = true,
     .play = renegotiate_with_client_half,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = take_any_second_hello,
     .shows = "message 16"},
    {.id = "P-REN-9.server",
     .rows = "D5746-3.5-4",
     .renegotiates = true,
     .play = renegotiate_with_server_half,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = take_any_second_hello,
     .shows = "message 16"},
    {.id = "P-REN-10",
     .rows = "D5746-4.2-1 D5746-4.4-1",
     .renegotiates = true,
     .play = connect_without_signal,
     .strict = "warning 100 then data | data | alert 40",
     .wrong = need_no_signal,
     .shows = "a hello in epoch 1"},
    {.id = "P-REN-11",
     .rows = "D5246-6.2.1-4 D6347-4.1-12",
     .needs_echo = true,
     .renegotiates = true,
     .play = say_data_in_renegotiation,
     .strict = "data",
     .wrong = lose_data_of_renegotiation,
     .shows = "data in a renegotiation does not come back"},
    {.id = "P-REN-12.ems",
     .rows = "D5746-3.6-5",
     .renegotiates = true,
     .play = renegotiate_without_ems,
     .strict = "data | alert 40 | alert 47 | warning 100 then data",
     .wrong = hang_after_change,
     .shows = "silence"},
    {.id = "P-REN-12.session",
     .rows = "D5746-3.6-5",
     .renegotiates = true,
     .play = renegotiate_with_session,
     .strict = "data | alert 40 | alert 47 | warning 100 then data",
     .wrong = hang_after_change,
     .shows = "silence"},
    {.id = "P-REN-13",
     .rows = "D6347-4.2.2-2 D6347-4.2.2-5",
     .renegotiates = true,
     .play = read_second_numbers,
     .strict = "data",
     .wrong = number_handshakes_on,
     .shows = "*message_seq 5"},
    {.id = "P-REN-16",
     .rows = "D8446-4.1.3-6",
     .renegotiates = true,
     .play = answer_second_with_1_3,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_any_second_hello,
     .shows = "message 16"},
    {.id = "P-REN-17",
     .rows = "D5246-7.4.1.1-1",
     .renegotiates = true,
     .is_slow = true,
     .play = wait_for_request,
     .strict = "data",
     .wrong = ask_at_once,
     .shows = "HelloRequest"},
    {.id = "P-REN-4",
     .rows = "D5746-4.1-1 D9325-3.5-3",
     .play = answer_without_signal,
     .strict = "alert 40",
     .claims = "[ics]\nreneg_info = require\n",
     .wrong = want_no_signal,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(renegotiation)
