/* SPDX-License-Identifier: MIT */
/* The cookie exchange (RFC 6347, 4.2.1). */
#include "check/checks/all_checks.h"

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

/* ---- P-CK-6: record numbers of the answers ---- */

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
    {.id = "P-CK-6",
     .rows = "D6347-4.2.1-16 D6347-4.2.1-19",
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
     .rows = "D6347-4.2.1-2 D6347-4.2.1-5",
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
};

CHECK_FILE(cookie)
