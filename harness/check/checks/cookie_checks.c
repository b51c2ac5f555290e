/* SPDX-License-Identifier: MIT */
/* The cookie exchange (RFC 6347, 4.2.1). */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"

#include <string.h>

/* ---- servers ---- */

static void say_first_hello(struct scene *s)
{
    scene_say(s, scene_come_to(s, DTLS_CLIENT_HELLO));
}

/* The ClientHello that returns a cookie. */
static struct peer_message *come_to_cookie(struct scene *s)
{
    say_first_hello(s);
    (void)scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1);
    return scene_come_to(s, DTLS_CLIENT_HELLO);
}

/* ---- P-CK-1: HelloVerifyRequest and nothing else ---- */

static void ask_without_cookie(struct scene *s)
{
    say_first_hello(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello without a cookie");
    scene_expect(s, heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) == 1,
                 "no HelloVerifyRequest");
}

static void ask_for_no_cookie(struct wrong *w)
{
    w->door.without_cookies = true;
}

/* ---- P-CK-3: a changed cookie ---- */

static void return_changed_cookie(struct scene *s)
{
    struct peer_message *m = come_to_cookie(s);
    struct hello hello;
    uint8_t cookie[DTLS_COOKIE_MAX];

    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    memcpy(cookie, hello.client.cookie.data, hello.client.cookie.len);
    cookie[hello.client.cookie.len - 1] ^= 1;
    hello.client.cookie.data = cookie;
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello for a changed cookie");
    if (heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) > 1) {
        heard_note(&s->heard, "HelloVerifyRequest");
    }
}

static bool let_any_cookie_in(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    struct dtls_client_hello hello;

    if (wrong_fragment(r, &f) && f.type == DTLS_CLIENT_HELLO &&
        dtls_client_hello_parse(&hello, f.body) == DTLS_OK &&
        hello.cookie.len != 0) {
        w->at_the_door = false;
    }
    return false;
}

static void believe_cookies(struct wrong *w)
{
    w->hears = let_any_cookie_in;
}

/* ---- P-CK-13: the cookie of a secret that is gone ---- */

/* After the first change the old secret may still count. */
static void return_old_cookie(struct scene *s)
{
    struct peer_message *m = come_to_cookie(s);

    scene_trigger(s, ICS_rotate);
    scene_trigger(s, ICS_rotate);
    scene_say(s, m);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello for a cookie of a secret that is gone");
}

/* ---- P-CK-4: the cookie of another address ---- */

static void return_from(struct scene *s, enum sut_address address)
{
    struct peer_message *m = come_to_cookie(s);

    s->line.address = address;
    scene_say(s, m);
    if (s->setup->driver->real_time && s->line.sut->state == SUT_FAILED) {
        scene_stop(s, "%s", s->line.sut->why);
    }
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello for the cookie of another address");
}

static void return_from_elsewhere(struct scene *s)
{
    return_from(s, SUT_OTHER_HOST);
}

static void return_from_other_port(struct scene *s)
{
    return_from(s, SUT_OTHER_PORT);
}

/* ---- P-CK-6: record numbers of the answers ---- */

/* Records of the flight that begins with this number have the next ones. */
static void expect_numbers_from(struct scene *s, uint64_t first)
{
    uint64_t next = first;

    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        if (r->epoch == 0 && r->seq >= first) {
            scene_expect(s, r->seq == next, "number %llu behind %llu",
                         (unsigned long long)r->seq,
                         (unsigned long long)next - 1);
            next = r->seq + 1;
        }
    }
}

static void begin_at_5(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_HELLO);
    const struct heard_record *answer;

    *scene_number(s, 0) = 5;
    scene_say(s, m);
    (void)scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1);
    answer = heard_first(&s->heard, DTLS_HELLO_VERIFY_REQUEST);
    scene_expect(s, answer->seq == 5, "HelloVerifyRequest has number %llu",
                 (unsigned long long)answer->seq);
    m = scene_come_to(s, DTLS_CLIENT_HELLO);
    *scene_number(s, 0) = 70000;
    scene_say(s, m);
    (void)scene_hear(s, DTLS_SERVER_HELLO, 1);
    answer = heard_first(&s->heard, DTLS_SERVER_HELLO);
    scene_expect(s, answer->seq == 70000, "ServerHello has number %llu",
                 (unsigned long long)answer->seq);
    (void)scene_hear(s, DTLS_SERVER_HELLO_DONE, 1);
    expect_numbers_from(s, 70000);
}

static void change_number(struct wrong *w, struct dtls_span datagram)
{
    (void)w;
    if (datagram.data[DTLS_RECORD_HEADER_LEN] == DTLS_HELLO_VERIFY_REQUEST) {
        datagram.data[10] = 0; /* the last byte of the record's number */
    }
}

static void begin_with_own_number(struct wrong *w)
{
    w->sends = change_number;
}

/* ---- P-CK-10: no more out than in ---- */

static void weigh_answer(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_HELLO);
    size_t len = DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN + m->len;

    scene_say(s, m);
    scene_listen(s);
    scene_expect(s, s->heard.num_bytes <= len,
                 "more bytes than the ClientHello has, before a cookie");
}

/* ---- P-CK-2: one answer, and no timer ---- */

static void go_away(struct scene *s)
{
    const struct heard_message *m;

    say_first_hello(s);
    m = scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1);
    scene_wait(s, 130000);
    scene_expect(s, m->times == 1, "HelloVerifyRequest comes %u times",
                 m->times);
}

static bool is_verify(struct dtls_span datagram)
{
    return datagram.len > DTLS_RECORD_HEADER_LEN &&
           datagram.data[0] == DTLS_HANDSHAKE && datagram.data[4] == 0 &&
           datagram.data[DTLS_RECORD_HEADER_LEN] == DTLS_HELLO_VERIFY_REQUEST;
}

static void send_verify_twice(struct wrong *w, struct dtls_span datagram)
{
    const struct sut_host *host = &w->sut.setup.host;

    if (is_verify(datagram)) {
        host->send(host->self, dtls_span_bytes(datagram));
    }
}

static void ask_twice(struct wrong *w)
{
    w->sends = send_verify_twice;
}

/* ---- P-CK-5: what a cookie binds ---- */

/* Returns the cookie in a ClientHello that is otherwise another. */
static void return_with(struct scene *s, void (*change)(struct hello *hello))
{
    struct peer_message *m = come_to_cookie(s);
    struct hello hello;

    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    change(&hello);
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
    scene_listen(s);
    heard_note(&s->heard, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0
                              ? "no ServerHello"
                              : "accepted");
}

static void change_version(struct hello *hello)
{
    hello->client.version = 0xfefc;
}

static void change_first_random(struct hello *hello)
{
    hello->copy[2 + 5] ^= 1;
}

static void change_session_id(struct hello *hello)
{
    static const uint8_t id[32] = "\x67\x89\xab another session id";

    hello->client.session_id = dtls_bytes_of(id, sizeof id);
}

static void change_suites(struct hello *hello)
{
    static uint8_t list[256];
    struct dtls_buf out = {list, 0, sizeof list};

    if (dtls_put_bytes(&out, hello->client.suites) &&
        dtls_put_u16(&out, 0x2a2a)) {
        hello->client.suites = dtls_buf_bytes(&out);
    }
}

static void change_compression(struct hello *hello)
{
    static const uint8_t list[2] = {0, 64};

    hello->client.compression = dtls_bytes_of(list, sizeof list);
}

static void return_with_version(struct scene *s)
{
    return_with(s, change_version);
}

static void return_with_random(struct scene *s)
{
    return_with(s, change_first_random);
}

static void return_with_session_id(struct scene *s)
{
    return_with(s, change_session_id);
}

static void return_with_suites(struct scene *s)
{
    return_with(s, change_suites);
}

static void return_with_compression(struct scene *s)
{
    return_with(s, change_compression);
}

static uint64_t mix(uint64_t sum, struct dtls_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        sum = (sum ^ bytes.data[i]) * 0x100000001b3u;
    }
    return sum * 31 + bytes.len;
}

/* A number for the fields that a cookie should bind; not 0. */
static uint64_t sum_of(const struct dtls_client_hello *hello)
{
    uint64_t sum = hello->version;

    sum = mix(sum, hello->random);
    sum = mix(sum, hello->session_id);
    sum = mix(sum, hello->suites);
    return mix(sum, hello->compression) | 1;
}

static bool refuse_changed_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    struct dtls_client_hello hello;

    if (!w->at_the_door || !wrong_message(r, DTLS_CLIENT_HELLO, &f) ||
        dtls_client_hello_parse(&hello, f.body) != DTLS_OK) {
        return false;
    }
    if (hello.cookie.len == 0) {
        w->num = sum_of(&hello);
        return false;
    }
    return w->num != 0 && w->num != sum_of(&hello) && wrong_alert(w, 47);
}

static void die_of_changed_hello(struct wrong *w)
{
    w->hears = refuse_changed_hello;
}

/* ---- P-CK-7 to P-CK-9: numbers and versions of the answers ---- */

static void read_numbers(struct scene *s)
{
    unsigned verify;
    unsigned hello;

    (void)flight_say_hellos(s);
    verify = scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1)->seq;
    hello = scene_hear(s, DTLS_SERVER_HELLO, 1)->seq;
    scene_expect(s, verify == 0, "HelloVerifyRequest has message_seq %u",
                 verify);
    scene_expect(s, hello == 1, "ServerHello has message_seq %u", hello);
}

/* The honest handshake before the check has another suite. */
static bool say_hello_of_first(struct wrong *w, struct peer_message *m)
{
    if (w->sut.setup.suite->kx == DTLS_KX_ECDH &&
        m->record_type == DTLS_HANDSHAKE && m->type == DTLS_SERVER_HELLO) {
        m->seq = 0;
    }
    return true;
}

static void begin_at_0_again(struct wrong *w)
{
    w->says = say_hello_of_first;
}

/* Returns a cookie that is not good, and then the good one.  A server that
 * holds no state may make the same one for both; the peer would not return
 * that again. */
static void return_two_cookies(struct scene *s)
{
    struct peer_message *good = come_to_cookie(s);
    struct dtls_handshake *h = &s->peer.session.hs;
    static struct peer_message bad;
    const struct heard_record *last;
    const struct heard_message *answer;

    bad = *good;
    bad.body[2 + DTLS_RANDOM_LEN + 1 + 1] ^=
        1; /* behind an empty session id */
    peer_put_message(&s->peer, &s->out, &bad);
    scene_send(s);
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    if (s->heard.fatal) {
        return;
    }
    last = &s->heard.records[s->heard.num_records - 1];
    scene_expect(s,
                 last->body.len > 5 &&
                     last->body.data[0] == DTLS_HELLO_VERIFY_REQUEST,
                 "no HelloVerifyRequest");
    if (last->body.data[5] != 1) {
        heard_note(&s->heard, "message_seq %u", last->body.data[5]);
    }
    good->seq = 2;
    h->hello_seq = 2;
    h->send_seq = 3;
    scene_rehash(s);
    scene_say(s, good);
    answer = scene_hear(s, DTLS_SERVER_HELLO, 1);
    scene_expect(s, answer->seq == 2, "ServerHello has message_seq %u",
                 answer->seq);
}

static bool count_from_1(struct wrong *w, struct peer_message *m)
{
    (void)w;
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_SERVER_HELLO &&
        m->seq == 2) {
        m->seq = 1;
    }
    return true;
}

static void answer_by_own_count(struct wrong *w)
{
    w->says = count_from_1;
}

static void read_versions(struct scene *s)
{
    const struct heard_message *verify;
    const struct heard_message *hello;

    (void)flight_say_hellos(s);
    verify = scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1);
    hello = scene_hear(s, DTLS_SERVER_HELLO, 1);
    scene_expect(
        s,
        verify->body.len > 2 && verify->body.data[0] == 0xfe &&
            (verify->body.data[1] == 0xff || verify->body.data[1] == 0xfd),
        "HelloVerifyRequest has version fe%02x", verify->body.data[1]);
    scene_expect(s, hello->body.data[1] == 0xfd,
                 "ServerHello has version fe%02x", hello->body.data[1]);
}

static void change_verify_version(struct wrong *w, struct dtls_span datagram)
{
    if (w->sut.setup.suite->kx == DTLS_KX_ECDH && is_verify(datagram)) {
        datagram.data[DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN + 1] =
            0xfe;
    }
}

static void ask_as_version_1_1(struct wrong *w)
{
    w->sends = change_verify_version;
}

/* ---- P-CK-11: the hello with the cookie in fragments ---- */

static void return_cookie_in_two(struct scene *s)
{
    struct peer_message *m = come_to_cookie(s);
    struct hello hello;

    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    s->pieces = (size_t)(hello.client.suites.data - hello.copy);
    scene_say(s, m);
    s->pieces = 0;
}

static void return_cookie_in_pieces(struct scene *s, size_t num, bool reversed)
{
    struct peer_message *m = come_to_cookie(s);

    s->pieces = m->len / num + 1;
    s->reversed = reversed;
    scene_say(s, m);
    s->pieces = 0;
}

static void return_cookie_in_20(struct scene *s)
{
    return_cookie_in_pieces(s, 20, false);
}

static void return_cookie_reversed(struct scene *s)
{
    return_cookie_in_pieces(s, 5, true);
}

static bool lose_piece_of_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->at_the_door && wrong_piece(r, &f);
}

static void let_whole_hello_in(struct wrong *w)
{
    w->hears = lose_piece_of_hello;
}

static bool refuse_piece_of_hello(struct wrong *w, struct wrong_record *r)
{
    return lose_piece_of_hello(w, r) && wrong_alert(w, 80);
}

static void die_of_pieces(struct wrong *w)
{
    w->hears = refuse_piece_of_hello;
}

/* ---- P-CK-12: an old hello in a connection ---- */

static void replay_hello(struct scene *s)
{
    static uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + PEER_BODY_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct peer_message *m = come_to_cookie(s);
    const struct dtls_fragment f = {.type = m->type,
                                    .message_len = (uint32_t)m->len,
                                    .seq = m->seq,
                                    .body = {m->body, m->len}};

    if (!dtls_fragment_put_header(&out, &f) || !dtls_put_bytes(&out, f.body)) {
        scene_stop(s, "the hello is too long");
    }
    scene_connect(s);
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

static bool forget_association(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (w->sut.state == SUT_CONNECTED && r->wire.epoch == 0 &&
        wrong_message(r, DTLS_CLIENT_HELLO, &f)) {
        w->deaf = true;
    }
    return false;
}

static void forget_for_hello(struct wrong *w)
{
    w->hears = forget_association;
}

/* ---- P-CK-25: what is hashed ---- */

/* The peer's transcript begins with the first ClientHello and its answer.
 * Without the extended master secret, only Finished shows that. */
static void hash_everything(struct scene *s)
{
    static struct peer_message first;
    struct dtls_transcript *t;
    const struct heard_message *verify;
    struct dtls_bytes bodies[3];
    struct peer_message *m;
    struct hello hello;

    first = *scene_come_to(s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(first.body, first.len));
    hello_drop(&hello, 23);
    hello_write(&first, &hello);
    scene_say(s, &first);
    scene_skip(s, s->peer.messages);
    verify = scene_hear(s, DTLS_HELLO_VERIFY_REQUEST, 1);
    m = scene_come_to(s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, 23);
    hello_write(m, &hello);
    bodies[0] = dtls_bytes_of(first.body, first.len);
    bodies[1] = dtls_span_bytes(verify->body);
    bodies[2] = dtls_bytes_of(m->body, m->len);
    t = &s->peer.session.hs.area->transcript;
    if (dtls_transcript_start(t, &s->peer.crypto, 0) != DTLS_OK) {
        scene_stop(s, "no transcript");
    }
    dtls_transcript_add(t, DTLS_CLIENT_HELLO, 0, &bodies[0], 1);
    dtls_transcript_add(t, DTLS_HELLO_VERIFY_REQUEST, verify->seq, &bodies[1],
                        1);
    dtls_transcript_add(t, DTLS_CLIENT_HELLO, m->seq, &bodies[2], 1);
    scene_say(s, m);
}

/* ---- clients ---- */

static void say_hello_verify(struct scene *s, uint16_t version, uint16_t seq,
                             struct dtls_bytes cookie)
{
    uint8_t bytes[300];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = DTLS_HELLO_VERIFY_REQUEST,
                                     .message_len = (uint32_t)(3 + cookie.len),
                                     .seq = seq};

    fragment.body.len = fragment.message_len;
    if (!dtls_fragment_put_header(&out, &fragment) ||
        !dtls_put_u16(&out, version) || !dtls_put_vec8(&out, cookie)) {
        scene_stop(s, "the cookie is too long");
    }
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

static struct dtls_client_hello hello_of(struct scene *s, unsigned number)
{
    struct dtls_client_hello hello;
    const struct heard_message *m = scene_hear(s, DTLS_CLIENT_HELLO, number);

    if (dtls_client_hello_parse(&hello, dtls_span_bytes(m->body)) != DTLS_OK) {
        scene_stop(s, "a ClientHello that cannot be read");
    }
    return hello;
}

static bool is_same(struct dtls_bytes a, struct dtls_bytes b)
{
    return a.len == b.len &&
           (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ---- P-CK-15: ClientHello again, with the cookie ---- */

static void ask_for_cookie(struct scene *s)
{
    static const uint8_t bytes[16] = "\x12\x34\x56\x78\x9a and so on";
    const struct dtls_bytes cookie = dtls_bytes_of(bytes, sizeof bytes);
    struct dtls_client_hello first;
    struct dtls_client_hello second;

    s->deaf = true;
    first = hello_of(s, 1);
    s->deaf = false;
    say_hello_verify(s, DTLS_VERSION_1_0, 0, cookie);
    second = hello_of(s, 2);
    scene_expect(s, is_same(second.cookie, cookie), "another cookie");
    scene_expect(s, is_same(second.random, first.random), "another random");
    scene_expect(s,
                 second.version == first.version &&
                     is_same(second.session_id, first.session_id) &&
                     is_same(second.suites, first.suites) &&
                     is_same(second.compression, first.compression),
                 "another field in the second ClientHello");
    scene_expect(s, is_same(second.extensions, first.extensions),
                 "other extensions");
    scene_expect(s, heard_message(&s->heard, DTLS_CLIENT_HELLO)->seq == 1,
                 "another message_seq than 1");
}

static bool change_random(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO &&
        m->seq == 1) {
        m->body[2 + 3] ^= 1;
        peer_rehash(&w->peer, (struct dtls_bytes){0}, 0);
    }
    return true;
}

static void say_another_random(struct wrong *w)
{
    w->says = change_random;
}

/* ---- P-CK-16: the first ClientHello ---- */

static void read_first_hello(struct scene *s)
{
    const struct heard_message *first;

    scene_connect(s);
    first = &s->heard.messages[0];
    scene_expect(s, first->type == DTLS_CLIENT_HELLO,
                 "the first message has type %u", first->type);
    scene_expect(s, first->seq == 0 && first->epoch == 0,
                 "ClientHello has message_seq %u and epoch %u", first->seq,
                 first->epoch);
    scene_expect(s, hello_of(s, 1).cookie.len == 0,
                 "a cookie that nobody gave");
}

static bool put_cookie(struct wrong *w, struct peer_message *m)
{
    static const uint8_t cookie[4] = "cake";
    struct hello hello;

    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO) {
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        hello.client.cookie = dtls_bytes_of(cookie, sizeof cookie);
        hello_write(m, &hello);
        peer_rehash(&w->peer, (struct dtls_bytes){0}, 0);
    }
    return true;
}

static void bring_a_cookie(struct wrong *w)
{
    w->says = put_cookie;
}

/* ---- P-CK-17: versions in HelloVerifyRequest ---- */

static void ask_as_version_1_2(struct scene *s)
{
    static const uint8_t cookie[20] = "\x23\x45\x67 twenty bytes";

    s->deaf = true;
    (void)hello_of(s, 1);
    s->deaf = false;
    say_hello_verify(s, DTLS_VERSION_1_2, 0,
                     dtls_bytes_of(cookie, sizeof cookie));
}

static bool refuse_version_1_2(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_fragment(r, &f) && f.type == DTLS_HELLO_VERIFY_REQUEST &&
           f.body.data[1] == 0xfd && wrong_alert(w, 70);
}

static void insist_on_version_1_0(struct wrong *w)
{
    w->hears = refuse_version_1_2;
}

/* ---- P-CK-19: a second cookie ---- */

static void ask_for_two_cookies(struct scene *s)
{
    static const uint8_t cookies[2][8] = {"\x31\x41\x59 one",
                                          "\x27\x18\x28 two"};

    s->deaf = true;
    (void)hello_of(s, 1);
    say_hello_verify(s, DTLS_VERSION_1_0, 0, dtls_bytes_of(cookies[0], 8));
    (void)hello_of(s, 2);
    s->deaf = false;
    say_hello_verify(s, DTLS_VERSION_1_0, 1, dtls_bytes_of(cookies[1], 8));
    if (!scene_await(s, DTLS_CLIENT_HELLO, 3)) {
        scene_expect(s, false, "no ClientHello with the second cookie");
        return;
    }
    scene_expect(s,
                 is_same(hello_of(s, 3).cookie, dtls_bytes_of(cookies[1], 8)),
                 "a third ClientHello without the second cookie");
}

static bool take_one_cookie(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_fragment(r, &f) && f.type == DTLS_HELLO_VERIFY_REQUEST &&
           w->num++ != 0;
}

static void ignore_second_cookie(struct wrong *w)
{
    w->hears = take_one_cookie;
}

/* ---- P-CK-18: a server without cookies ---- */

static void ask_for_none(struct scene *s)
{
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
}

/* It waits for HelloVerifyRequest, but not with the suite of the honest
 * handshake before the check. */
static bool lose_hello_without_verify(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->sut.setup.suite->kx == DTLS_KX_ECDH && wrong_fragment(r, &f) &&
           f.type == DTLS_SERVER_HELLO && f.seq == 0;
}

static void insist_on_cookie(struct wrong *w)
{
    w->hears = lose_hello_without_verify;
}

/* ---- P-CK-20, P-CK-21: no end of cookies, and none at all ---- */

static void ask_without_end(struct scene *s)
{
    unsigned num = s->setup->driver->real_time ? 100 : 1000;
    uint8_t cookie[20] = "\x13\x57\x9b\xdf cookie";
    unsigned heard = 0;

    s->deaf = true;
    (void)hello_of(s, 1);
    for (unsigned i = 0; i < num && !s->heard.fatal; i++) {
        cookie[18] = (uint8_t)(i >> 8);
        cookie[19] = (uint8_t)i;
        heard = s->heard.num_datagrams;
        say_hello_verify(s, DTLS_VERSION_1_0, (uint16_t)i,
                         dtls_bytes_of(cookie, sizeof cookie));
        scene_wait(s, s->setup->driver->real_time ? 20 : 0);
        scene_expect(s, s->heard.num_datagrams <= heard + 1,
                     "%u datagrams for one HelloVerifyRequest",
                     s->heard.num_datagrams - heard);
    }
    if (s->heard.num_datagrams > heard) {
        heard_note(&s->heard, "it goes on");
    }
}

static bool say_hello_thrice(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO &&
        m->seq != 0) {
        for (int i = 0; i < 2; i++) {
            (void)wrong_say_message(w, 0, m->type, m->seq,
                                    dtls_bytes_of(m->body, m->len));
        }
    }
    return true;
}

static void shout_at_cookies(struct wrong *w)
{
    w->says = say_hello_thrice;
}

static void ask_with_no_cookie(struct scene *s)
{
    s->deaf = true;
    (void)hello_of(s, 1);
    s->deaf = false;
    say_hello_verify(s, DTLS_VERSION_1_0, 0, (struct dtls_bytes){0});
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    scene_expect(s, s->heard.num_datagrams <= 2,
                 "%u datagrams for one HelloVerifyRequest",
                 s->heard.num_datagrams - 1);
}

/* ---- P-CK-22: a HelloVerifyRequest that does not parse ---- */

/* Then a good one follows. */
static void ask_badly(struct scene *s, const void *body, size_t len)
{
    static const uint8_t cookie[8] = "\x24\x68\xac good";
    uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + 40];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_fragment f = {.type = DTLS_HELLO_VERIFY_REQUEST,
                                    .message_len = (uint32_t)len,
                                    .body = {body, len}};

    s->deaf = true;
    (void)hello_of(s, 1);
    if (!dtls_fragment_put_header(&out, &f) || !dtls_put_bytes(&out, f.body)) {
        scene_stop(s, "the message is too long");
    }
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 1,
                 "ClientHello for a HelloVerifyRequest that does not parse");
    s->deaf = false;
    say_hello_verify(s, DTLS_VERSION_1_0, 0,
                     dtls_bytes_of(cookie, sizeof cookie));
}

static void ask_beyond_end(struct scene *s)
{
    ask_badly(s, "\xfe\xff\x09short", 8);
}

static void ask_with_more_behind(struct scene *s)
{
    ask_badly(s, "\xfe\xff\x03yesno", 8);
}

static void ask_without_length(struct scene *s)
{
    ask_badly(s, "\xfe\xff", 2);
}

static bool take_bad_verify(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t good[] = {0xfe, 0xff, 3, 0x12, 0x23, 0x34};
    struct dtls_fragment f;

    return wrong_message(r, DTLS_HELLO_VERIFY_REQUEST, &f) &&
           (f.body.len < 3 || f.body.data[2] != f.body.len - 3) &&
           wrong_reads_message(w, r, DTLS_HELLO_VERIFY_REQUEST,
                               dtls_bytes_of(good, sizeof good));
}

static void take_any_verify(struct wrong *w)
{
    w->hears = take_bad_verify;
}

/* ---- P-CK-23: HelloVerifyRequest, too late ---- */

static void ask_behind_hello(struct scene *s, uint16_t seq)
{
    static const uint8_t cookie[16] = "\x35\x79\xbd too late";

    scene_say(s, scene_come_to(s, DTLS_SERVER_HELLO));
    say_hello_verify(s, DTLS_VERSION_1_0, seq,
                     dtls_bytes_of(cookie, sizeof cookie));
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 1,
                 "another ClientHello");
}

static void ask_behind_with_old_number(struct scene *s)
{
    ask_behind_hello(s, 0);
}

static void ask_behind_with_next_number(struct scene *s)
{
    ask_behind_hello(s, 1);
}

static bool begin_anew(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t body[40] = {0xfe, 0xfd};
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == DTLS_SERVER_HELLO) {
        w->num = 1;
    }
    return w->num != 0 && w->sut.state == SUT_HANDSHAKING &&
           wrong_fragment(r, &f) && f.type == DTLS_HELLO_VERIFY_REQUEST &&
           wrong_say_message(w, 0, DTLS_CLIENT_HELLO, 1,
                             dtls_bytes_of(body, sizeof body));
}

static void obey_late_verify(struct wrong *w)
{
    w->hears = begin_anew;
}

static const struct check checks[] = {
    {.id = "P-CK-1",
     .rows = "D6347-4.2.1-1 D6347-4.2.1-3",
     .play = ask_without_cookie,
     .strict = "data",
     .wrong = ask_for_no_cookie,
     .shows = "ServerHello without a cookie"},
    {.id = "P-CK-3",
     .rows = "D6347-4.2.1-29",
     .play = return_changed_cookie,
     .strict = "HelloVerifyRequest*",
     .tolerated = "alert 40 | alert 47 | silence",
     .wrong = believe_cookies,
     .shows = "ServerHello for a changed cookie"},
    {.id = "P-CK-13",
     .rows = "D6347-4.2.1-21 D6347-4.2.1-22",
     .when = "rotate",
     .play = return_old_cookie,
     .strict = "data | silence",
     .tolerated = "alert 40 | alert 47",
     .wrong = believe_cookies,
     .shows = "ServerHello for a cookie of a secret that is gone"},
    {.id = "P-CK-4",
     .rows = "D6347-4.2.1-13",
     .play = return_from_elsewhere,
     .strict = "data | silence",
     .wrong = believe_cookies,
     .shows = "ServerHello for the cookie of another address"},
    {.id = "P-CK-4.port",
     .rows = "D6347-4.2.1-13",
     .play = return_from_other_port,
     .strict = "data | silence",
     .wrong = believe_cookies,
     .shows = "ServerHello for the cookie of another address"},
    {.id = "P-CK-6",
     .rows = "D6347-4.2.1-16 D6347-4.2.1-19 D6347-4.2.1-20",
     .play = begin_at_5,
     .strict = "data",
     .wrong = begin_with_own_number,
     .shows = "HelloVerifyRequest has number 0"},
    {.id = "P-CK-10.cookie",
     .rows = "D6347-4.2.1-31",
     .play = weigh_answer,
     .strict = "data",
     .wrong = ask_for_no_cookie,
     .shows = "more bytes than the ClientHello has, before a cookie"},
    {.id = "P-CK-15",
     .rows = "D6347-4.2.1-2 D6347-4.2.1-5 D6347-4.2.1-11",
     .play = ask_for_cookie,
     .strict = "data",
     .wrong = say_another_random,
     .shows = "another random"},
    {.id = "P-CK-16",
     .rows = "D6347-4.2.1-4",
     .play = read_first_hello,
     .strict = "data",
     .wrong = bring_a_cookie,
     .shows = "a cookie that nobody gave"},
    {.id = "P-CK-17",
     .rows = "D6347-4.2.1-9 D6347-4.2.1-10",
     .play = ask_as_version_1_2,
     .strict = "data",
     .wrong = insist_on_version_1_0,
     .shows = "alert 70"},
    {.id = "P-CK-19",
     .rows = "D6347-4.2.1-30",
     .play = ask_for_two_cookies,
     .strict = "data",
     .wrong = ignore_second_cookie,
     .shows = "no ClientHello with the second cookie"},
    {.id = "P-CK-2",
     .rows = "D6347-3.2.1-1 D6347-4.2.1-17",
     .is_slow = true,
     .play = go_away,
     .strict = "data | silence",
     .wrong = ask_twice,
     .shows = "HelloVerifyRequest comes 2 times"},
    {.id = "P-CK-5.version",
     .rows = "D6347-4.2.1-12",
     .play = return_with_version,
     .strict = "no ServerHello*",
     .tolerated = "accepted*",
     .wrong = die_of_changed_hello,
     .shows = "alert 47*"},
    {.id = "P-CK-5.random",
     .rows = "D6347-4.2.1-12",
     .play = return_with_random,
     .strict = "no ServerHello*",
     .tolerated = "accepted*",
     .wrong = die_of_changed_hello,
     .shows = "alert 47*"},
    {.id = "P-CK-5.session_id",
     .rows = "D6347-4.2.1-12",
     .play = return_with_session_id,
     .strict = "no ServerHello*",
     .tolerated = "accepted*",
     .wrong = die_of_changed_hello,
     .shows = "alert 47*"},
    {.id = "P-CK-5.suites",
     .rows = "D6347-4.2.1-12",
     .play = return_with_suites,
     .strict = "no ServerHello*",
     .tolerated = "accepted*",
     .wrong = die_of_changed_hello,
     .shows = "alert 47*"},
    {.id = "P-CK-5.compression",
     .rows = "D6347-4.2.1-12",
     .play = return_with_compression,
     .strict = "no ServerHello*",
     .tolerated = "accepted*",
     .wrong = die_of_changed_hello,
     .shows = "alert 47*"},
    {.id = "P-CK-7",
     .rows = "D6347-4.2.2-2 D6347-4.2.2-4",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = read_numbers,
     .strict = "data",
     .wrong = begin_at_0_again,
     .shows = "ServerHello has message_seq 0"},
    {.id = "P-CK-8",
     .rows = "D6347-4.2.1-90 D6347-4.2.1-33",
     .play = return_two_cookies,
     .strict = "data",
     .tolerated = "message_seq 0 then data | alert 40 | alert 47",
     .wrong = answer_by_own_count,
     .shows = "ServerHello has message_seq 1"},
    {.id = "P-CK-9",
     .rows = "D6347-4.2.1-8 D6347-4.2.1-14",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = read_versions,
     .strict = "data",
     .wrong = ask_as_version_1_1,
     .shows = "HelloVerifyRequest has version fefe"},
    {.id = "P-CK-11.two",
     .when = "frag_first_hello",
     .rows = "D6347-4.2.1-32",
     .play = return_cookie_in_two,
     .strict = "data",
     .wrong = let_whole_hello_in,
     .shows = "silence"},
    {.id = "P-CK-11.many",
     .rows = "D6347-4.2.1-32",
     .play = return_cookie_in_20,
     .strict = "data | silence",
     .wrong = die_of_pieces,
     .shows = "alert 80"},
    {.id = "P-CK-11.reversed",
     .rows = "D6347-4.2.1-32",
     .play = return_cookie_reversed,
     .strict = "data | silence",
     .wrong = die_of_pieces,
     .shows = "alert 80"},
    {.id = "P-CK-12",
     .rows = "D6347-4.2.1-23 D6347-4.2.8-2",
     .play = replay_hello,
     .strict = "data",
     .wrong = forget_for_hello,
     .shows = "silence"},
    {.id = "P-CK-18",
     .rows = "D6347-4.2.1-24",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = ask_for_none,
     .strict = "data",
     .wrong = insist_on_cookie,
     .shows = "dead"},
    {.id = "P-CK-20",
     .rows = "D6347-4.2.1-92 D6347-4.2.1-6",
     .play = ask_without_end,
     .strict = "silence | alert *",
     .tolerated = "it goes on*",
     .wrong = shout_at_cookies,
     .shows = "3 datagrams for one HelloVerifyRequest"},
    {.id = "P-CK-21",
     .rows = "D6347-4.2.1-6",
     .play = ask_with_no_cookie,
     .strict = "data | silence | alert 50 | alert 47",
     .wrong = shout_at_cookies,
     .shows = "3 datagrams for one HelloVerifyRequest"},
    {.id = "P-CK-22.beyond",
     .rows = "D6347-4.2.1-7",
     .play = ask_beyond_end,
     .strict = "data | alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = take_any_verify,
     .shows = "ClientHello for a HelloVerifyRequest that does not parse"},
    {.id = "P-CK-22.trailing",
     .rows = "D6347-4.2.1-7",
     .play = ask_with_more_behind,
     .strict = "data | alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = take_any_verify,
     .shows = "ClientHello for a HelloVerifyRequest that does not parse"},
    {.id = "P-CK-22.short",
     .rows = "D6347-4.2.1-7",
     .play = ask_without_length,
     .strict = "data | alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = take_any_verify,
     .shows = "ClientHello for a HelloVerifyRequest that does not parse"},
    {.id = "P-CK-23.old",
     .rows = "D6347-4.2.1-91 D6347-4.2.2-8",
     .play = ask_behind_with_old_number,
     .strict = "data | alert 10",
     .wrong = obey_late_verify,
     .shows = "another ClientHello"},
    {.id = "P-CK-23.next",
     .rows = "D6347-4.2.1-91 D6347-4.2.2-8",
     .play = ask_behind_with_next_number,
     .strict = "data | alert 10",
     .wrong = obey_late_verify,
     .shows = "another ClientHello"},
    {.id = "P-CK-25",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.1-28 D6347-4.2.6-3",
     .play = hash_everything,
     .strict = "alert 51",
     .tolerated = "silence",
     .wrong = wrong_believes_finished,
     .shows = "refused 51*"},
};

CHECK_FILE(cookie)
