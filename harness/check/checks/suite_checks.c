/* SPDX-License-Identifier: MIT */
/* Which suites are offered and chosen, and what every hello and flight must
 * be like. */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include <string.h>

#define EXT_GROUPS 10
#define EXT_PAIRS 13

/* ---- lists of suites ---- */

/* What the target claims: a target in this process has been given only one
 * suite. */
static size_t claimed_suites(const struct scene *s,
                             uint16_t out[HELLO_TYPES_MAX])
{
    if (s->setup->driver->real_time) {
        return key_list(s, ICS_suites, 16, out);
    }
    out[0] = s->setup->target.suite->id;
    return 1;
}

static bool is_signal(uint16_t suite)
{
    return suite == DTLS_SCSV_RENEGOTIATION || suite == DTLS_SCSV_FALLBACK;
}

static uint8_t list_bytes[1800];
static struct dtls_buf list;

static void list_begin(void)
{
    list = (struct dtls_buf){list_bytes, 0, sizeof list_bytes};
}

static void list_add(struct scene *s, uint16_t suite)
{
    if (!dtls_put_u16(&list, suite)) {
        scene_stop(s, "the list of suites is too long");
    }
}

static void put_list(struct hello *hello)
{
    hello->client.suites = dtls_buf_bytes(&list);
}

/* Suites that nobody should use any more: NULL, anonymous, export, RC4, RC2,
 * DES, IDEA, 3DES. */
static const struct {
    uint16_t from;
    uint16_t to;
} weak[] = {{0x0000, 0x002e}, {0x0034, 0x0034}, {0x003a, 0x003b},
            {0x0046, 0x0046}, {0x0062, 0x0065}, {0x006c, 0x006d},
            {0x0089, 0x008b}, {0x008e, 0x008f}, {0x0092, 0x0093},
            {0x009b, 0x009b}, {0x00a6, 0x00a7}, {0x00b0, 0x00b1},
            {0x00b4, 0x00b5}, {0x00b8, 0x00b9}, {0xc001, 0xc003},
            {0xc006, 0xc008}, {0xc00b, 0xc00d}, {0xc010, 0xc012},
            {0xc015, 0xc01c}, {0xc033, 0xc034}, {0xc039, 0xc03b}};

static bool is_weak(uint16_t suite)
{
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        if (suite >= weak[i].from && suite <= weak[i].to) {
            return true;
        }
    }
    return false;
}

/* ---- P-GEN-2, P-HEL-8: what a client offers ---- */

static size_t read_offer(struct scene *s, uint16_t out[HELLO_TYPES_MAX])
{
    struct hello offer;
    struct dtls_bytes suites;
    size_t num = 0;

    hello_hear(s, &offer);
    suites = offer.client.suites;
    while (num < HELLO_TYPES_MAX && dtls_get_u16(&suites, &out[num])) {
        num += !is_signal(out[num]);
    }
    return num;
}

static void compare_offer(struct scene *s)
{
    uint16_t claimed[HELLO_TYPES_MAX];
    uint16_t offered[HELLO_TYPES_MAX];
    size_t num_claimed = claimed_suites(s, claimed);
    size_t num = read_offer(s, offered);

    for (size_t i = 0; i < num; i++) {
        scene_expect(s, i < num_claimed && offered[i] == claimed[i],
                     "suite %04x at place %zu is not that of the ICS",
                     offered[i], i);
    }
    scene_expect(s, num == num_claimed, "%zu suites, not %zu", num,
                 num_claimed);
}

static void look_for_weak(struct scene *s)
{
    uint16_t offered[HELLO_TYPES_MAX];
    size_t num = read_offer(s, offered);

    for (size_t i = 0; i < num; i++) {
        scene_expect(s, !is_weak(offered[i]), "weak suite %04x", offered[i]);
    }
}

static void add_suite_3des(struct hello *hello)
{
    static uint8_t bytes[260];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (dtls_put_bytes(&out, hello->client.suites) &&
        dtls_put_u16(&out, 0x000a)) {
        hello->client.suites = dtls_buf_bytes(&out);
    }
}

static bool say_3des_too(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, add_suite_3des);
}

static void offer_3des(struct wrong *w)
{
    w->says = say_3des_too;
}

/* ---- P-HEL-7, P-HEL-8: suites that a server must not choose ---- */

static uint16_t chosen;

static void choose(struct hello *hello)
{
    hello->server.suite = chosen;
}

static void choose_suite(struct scene *s, uint16_t suite)
{
    uint16_t offered[HELLO_TYPES_MAX];

    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    if (key_has(offered, read_offer(s, offered), suite)) {
        scene_stop(s, "the target offers suite %04x", suite);
    }
    chosen = suite;
    hello_say(s, choose);
    hello_is_refused(s);
}

static void choose_real(struct scene *s)
{
    static const uint16_t suites[] = {0xc009, 0xc00a, 0xc013, 0xc014, 0x0035};
    uint16_t offered[HELLO_TYPES_MAX];
    size_t num;
    size_t i = 0;

    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    num = read_offer(s, offered);
    while (i + 1 < sizeof suites / sizeof *suites &&
           key_has(offered, num, suites[i])) {
        i++;
    }
    choose_suite(s, suites[i]);
}

static void choose_fallback(struct scene *s)
{
    choose_suite(s, DTLS_SCSV_FALLBACK);
}

static void choose_tls_1_3(struct scene *s)
{
    choose_suite(s, 0x1301);
}

static void choose_rc4(struct scene *s)
{
    choose_suite(s, 0x0005);
}

static void choose_3des(struct scene *s)
{
    choose_suite(s, 0x000a);
}

static void choose_anonymous(struct scene *s)
{
    choose_suite(s, 0xc018);
}

static bool read_own_suite(struct wrong *w, struct wrong_record *r)
{
    uint16_t own = w->sut.setup.suite->id;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || !wrong_hello(r, &hello) ||
        hello.server.suite == own) {
        return false;
    }
    hello.server.suite = own;
    return wrong_reads_hello(w, r, &hello);
}

static void take_any_suite(struct wrong *w)
{
    w->hears = read_own_suite;
}

/* ---- P-HEL-9, P-GEN-3: suites that a server must not take ---- */

static void list_weak(struct scene *s)
{
    list_begin();
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        for (unsigned suite = weak[i].from; suite <= weak[i].to; suite++) {
            list_add(s, (uint16_t)suite);
        }
    }
}

static void offer_only_weak(struct scene *s)
{
    list_weak(s);
    list_add(s, DTLS_SCSV_RENEGOTIATION);
    hello_say(s, put_list);
    hello_is_refused(s);
}

static void offer_weak_first(struct scene *s)
{
    list_weak(s);
    list_add(s, s->setup->target.suite->id);
    list_add(s, DTLS_SCSV_RENEGOTIATION);
    hello_say(s, put_list);
}

static void offer_unclaimed(struct scene *s)
{
    static const struct {
        uint16_t from;
        uint16_t to;
    } registered[] = {{0x0001, 0x00c7},
                      {0xc001, 0xc0b5},
                      {0xcca8, 0xccae},
                      {0xd001, 0xd005},
                      {0x1301, 0x1305}};
    uint16_t claimed[HELLO_TYPES_MAX];
    size_t num = claimed_suites(s, claimed);

    list_begin();
    for (size_t i = 0; i < sizeof registered / sizeof *registered; i++) {
        for (unsigned suite = registered[i].from; suite <= registered[i].to;
             suite++) {
            if (!key_has(claimed, num, (uint16_t)suite)) {
                list_add(s, (uint16_t)suite);
            }
        }
    }
    list_add(s, DTLS_SCSV_RENEGOTIATION);
    hello_say(s, put_list);
    hello_is_refused(s);
}

/* Reads its own suite in place of a list that does not have it. */
static bool read_own_list(struct wrong *w, struct wrong_record *r)
{
    uint16_t own = w->sut.setup.suite->id;
    uint8_t bytes[4] = {(uint8_t)(own >> 8), (uint8_t)own, 0, 0xff};
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || !wrong_hello(r, &hello) ||
        dtls_client_hello_offers(&hello.client, own)) {
        return false;
    }
    hello.client.suites = dtls_bytes_of(bytes, sizeof bytes);
    return wrong_reads_hello(w, r, &hello);
}

static void need_no_offer(struct wrong *w)
{
    w->hears = read_own_list;
}

static bool refuse_weak_first(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && wrong_hello(r, &hello) &&
           hello.client.suites.len > 40 && hello.client.suites.data[0] == 0 &&
           hello.client.suites.data[1] == 0 && wrong_alert(w, 40);
}

static void look_at_first_suite(struct wrong *w)
{
    w->hears = refuse_weak_first;
}

/* ---- P-GEN-4, P-VER-10: what a server chooses ---- */

static void expect_suite(struct scene *s, uint16_t suite)
{
    struct hello answer;

    if (scene_await(s, DTLS_SERVER_HELLO, 1)) {
        hello_hear(s, &answer);
        scene_expect(s, answer.server.suite == suite, "suite %04x, not %04x",
                     answer.server.suite, suite);
    }
}

static void offer_backwards(struct scene *s)
{
    static uint16_t suites[HELLO_TYPES_MAX];
    uint16_t claimed[HELLO_TYPES_MAX];
    uint16_t ours[HELLO_TYPES_MAX];
    size_t num_all = key_list(s, ICS_suites, 16, claimed);

    (void)claimed_suites(s, ours);
    for (size_t i = 0; i < num_all; i++) {
        suites[i] = claimed[num_all - 1 - i];
    }
    s->peer.config.suites = suites;
    s->peer.config.num_suites = num_all;
    hello_say_without(s, 65000); /* as it is */
    expect_suite(s, ours[0]);
}

static void offer_signals(struct scene *s)
{
    static const uint16_t suites[] = {DTLS_SCSV_RENEGOTIATION,
                                      DTLS_SCSV_FALLBACK, 0x4a4a, 0x1301};

    list_begin();
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        list_add(s, suites[i]);
    }
    list_add(s, s->setup->target.suite->id);
    hello_say(s, put_list);
    expect_suite(s, s->setup->target.suite->id);
}

static void choose_signal(struct hello *hello)
{
    hello->server.suite = DTLS_SCSV_FALLBACK;
}

static void choose_last(struct hello *hello)
{
    hello->server.suite = 0xc02d;
}

/* What the list is: 1 begins with a signal, 2 has many suites, the first of
 * which is not the target's. */
static bool note_list(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER && wrong_hello(r, &hello)) {
        const uint8_t *at = hello.client.suites.data;
        size_t len = hello.client.suites.len;

        w->num = len == 10 && at[1] == 0xff ? 1 : len > 24 && len < 60 ? 2 : 0;
    }
    return false;
}

static bool say_wrong_suite(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 ||
           wrong_says_hello(w, m, w->num == 1 ? choose_signal : choose_last);
}

static void choose_wrongly(struct wrong *w)
{
    w->hears = note_list;
    w->says = say_wrong_suite;
}

/* ---- P-HEL-14: a suite that everybody has ---- */

static void offer_common(struct scene *s)
{
    static const uint16_t suites[] = {0xc02f, 0xc02b, 0xc013, 0xc009, 0x002f};

    s->peer.config.suites = suites;
    s->peer.config.num_suites = sizeof suites / sizeof *suites;
}

static bool refuse_common(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && wrong_hello(r, &hello) &&
           dtls_client_hello_offers(&hello.client, 0xc009) &&
           hello.client.suites.len < 14 && wrong_alert(w, 71);
}

static void have_no_common(struct wrong *w)
{
    w->hears = refuse_common;
}

/* ---- P-HEL-10, P-HEL-11: session ids ---- */

static size_t id_len;

/* Puts an id of id_len bytes in place of none. */
static void insert_id(struct peer_message *m)
{
    if (m->body[34] != 0) {
        memmove(m->body + 35, m->body + 35 + m->body[34],
                m->len - 35 - m->body[34]);
        m->len -= m->body[34];
    }
    memmove(m->body + 35 + id_len, m->body + 35, m->len - 35);
    memset(m->body + 35, 0x5a, id_len);
    m->body[34] = (uint8_t)id_len;
    m->len += id_len;
}

static void say_id(struct scene *s, size_t len)
{
    id_len = len;
    hello_say_body(s, insert_id);
}

static void say_id_of_1(struct scene *s)
{
    say_id(s, 1);
}

static void say_id_of_31(struct scene *s)
{
    say_id(s, 31);
}

static void say_id_of_33(struct scene *s)
{
    say_id(s, 33);
    hello_is_refused(s);
}

static void say_id_of_255(struct scene *s)
{
    say_id(s, 255);
    hello_is_refused(s);
}

static bool refuse_id(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && wrong_hello(r, &hello) &&
           hello.client.session_id.len != 0 &&
           hello.client.session_id.len < 32 && wrong_alert(w, 47);
}

static void know_every_id(struct wrong *w)
{
    w->hears = refuse_id;
}

/* Reads a hello without the id that is too long. */
static bool forget_long_id(struct wrong *w, struct wrong_record *r)
{
    static uint8_t body[2048];
    struct dtls_fragment f;
    size_t len;

    if (r->wire.epoch != 0 || !wrong_fragment(r, &f) ||
        (f.type != DTLS_CLIENT_HELLO && f.type != DTLS_SERVER_HELLO) ||
        f.body.len < 80 || f.body.len > sizeof body || f.body.data[34] <= 32 ||
        f.body.len < 35u + f.body.data[34]) {
        return false;
    }
    len = 35u + f.body.data[34];
    memcpy(body, f.body.data, 35);
    body[34] = 0;
    memcpy(body + 35, f.body.data + len, f.body.len - len);
    return wrong_reads_message(w, r, f.type,
                               dtls_bytes_of(body, f.body.len - len + 35));
}

static void take_long_ids(struct wrong *w)
{
    w->hears = forget_long_id;
}

/* ---- P-HEL-12: lists that are malformed ---- */

/* Where ClientHello has the length of its suites. */
static size_t suites_at(const struct peer_message *m)
{
    size_t at = 35u + m->body[34];

    return at + 1 + m->body[at];
}

static void odd_suites(struct peer_message *m)
{
    m->body[suites_at(m) + 1]--;
}

static void suites_past_end(struct peer_message *m)
{
    m->body[suites_at(m)] = 0xf0;
}

static void offer_odd_suites(struct scene *s)
{
    hello_say_body(s, odd_suites);
    hello_is_refused(s);
}

static void offer_suites_past_end(struct scene *s)
{
    hello_say_body(s, suites_past_end);
    hello_is_refused(s);
}

static bool refuse_unreadable(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;
    struct dtls_fragment f;

    return r->wire.epoch == 0 && wrong_message(r, DTLS_CLIENT_HELLO, &f) &&
           dtls_client_hello_parse(&hello, f.body) != DTLS_OK &&
           f.body.data[34] == 0 && wrong_alert(w, 40);
}

static void answer_unreadable_with_40(struct wrong *w)
{
    w->hears = refuse_unreadable;
}

static void offer_odd_groups(struct scene *s)
{
    hello_is_refused_with(s, EXT_GROUPS, "\0\3\0\x17\0", 5);
}

static void offer_empty_groups(struct scene *s)
{
    hello_is_refused_with(s, EXT_GROUPS, "\0\0", 2);
}

static void offer_groups_past_end(struct scene *s)
{
    hello_is_refused_with(s, EXT_GROUPS, "\0\6\0\x17\0\x1d", 6);
}

static void offer_odd_pairs(struct scene *s)
{
    hello_is_refused_with(s, EXT_PAIRS, "\0\3\4\3\4", 5);
}

static void offer_empty_pairs(struct scene *s)
{
    hello_is_refused_with(s, EXT_PAIRS, "\0\0", 2);
}

static void offer_pairs_past_end(struct scene *s)
{
    hello_is_refused_with(s, EXT_PAIRS, "\0\6\4\3\4\1", 6);
}

static bool is_bad_list(const struct hello *hello, uint16_t type)
{
    struct dtls_bytes data;

    return hello_has(hello, type, &data) &&
           (data.len < 4 || data.len % 2 != 0 ||
            (size_t)(data.data[0] << 8 | data.data[1]) != data.len - 2);
}

static bool mend_lists(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;
    bool bad_groups;
    bool bad_pairs;

    if (w->peer.role != DTLS_SERVER || !wrong_hello(r, &hello)) {
        return false;
    }
    bad_groups = is_bad_list(&hello, EXT_GROUPS);
    bad_pairs = is_bad_list(&hello, EXT_PAIRS);
    if (bad_groups) {
        hello_drop(&hello, EXT_GROUPS);
    }
    if (bad_pairs) {
        hello_drop(&hello, EXT_PAIRS);
        hello_add(&hello, EXT_PAIRS, "\0\4\4\1\4\3", 6);
    }
    return (bad_groups || bad_pairs) && wrong_reads_hello(w, r, &hello);
}

static void read_over_bad_lists(struct wrong *w)
{
    w->hears = mend_lists;
}

static const struct check checks[] = {
    {.id = "P-GEN-2",
     .rows = "D5246-7.4.1.2-6",
     .play = compare_offer,
     .strict = "data",
     .wrong = offer_3des,
     .shows = "suite 000a at place 1 is not that of the ICS"},
    {.id = "P-HEL-8.offer",
     .rows = "D9325-4.1-1 D9325-4.1-3 D7465-2-1 D6347-4.1.2.2-2 "
             "D9325-4.1-2 D9325-4.1-4",
     .play = look_for_weak,
     .strict = "data",
     .wrong = offer_3des,
     .shows = "weak suite 000a"},
    {.id = "P-HEL-7.real",
     .rows = "D5246-7.4.1.3-7 D5246-7.2.2-13",
     .play = choose_real,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-7.fallback",
     .rows = "D5246-7.4.1.3-7",
     .play = choose_fallback,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-7.tls_1_3",
     .rows = "D5246-7.4.1.3-7 D8447-8-2",
     .play = choose_tls_1_3,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-8.rc4",
     .rows = "D7465-2-1 D5246-7.4.1.3-7 D6347-4.1.2.2-1 D9325-4.1-2",
     .play = choose_rc4,
     .strict = "alert 47 | alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-8.3des",
     .rows = "D9325-4.1-1 D5246-7.4.1.3-7 D9325-4.1-4",
     .play = choose_3des,
     .strict = "alert 47 | alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-8.anonymous",
     .rows = "D9325-4.1-1 D5246-7.4.1.3-7 D5246-A.5-2",
     .play = choose_anonymous,
     .strict = "alert 47 | alert 40",
     .wrong = take_any_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-9.alone",
     .rows = "D9325-4.1-1 D9325-4.1-3 D7465-2-2 D7465-2-3 D6347-7-1 "
             "D6347-4.1.2.2-1 D9325-4.1-2 D9325-4.1-4 D5246-A.5-1 "
             "D5246-A.5-2 D5487-3.1-2",
     .play = offer_only_weak,
     .strict = "alert 40",
     .tolerated = "alert 71",
     .wrong = need_no_offer,
     .shows = "ServerHello"},
    {.id = "P-HEL-9.first",
     .rows = "D9325-4.1-1 D7465-2-2",
     .play = offer_weak_first,
     .strict = "data",
     .wrong = look_at_first_suite,
     .shows = "alert 40"},
    {.id = "P-GEN-3",
     .rows = "D5246-7.4.1.2-5 D5246-7.2.2-15",
     .play = offer_unclaimed,
     .strict = "alert 40",
     .tolerated = "silence",
     .wrong = need_no_offer,
     .shows = "ServerHello"},
    {.id = "P-GEN-4",
     .rows = "D9325-4.2.1-2",
     .play = offer_backwards,
     .strict = "data",
     .wrong = choose_wrongly,
     .shows = "suite c02d, not *"},
    {.id = "P-VER-10",
     .rows = "D5746-3.3-1 D7507-2-1",
     .play = offer_signals,
     .strict = "data",
     .wrong = choose_wrongly,
     .shows = "suite 5600, not *"},
    {.id = "P-HEL-14",
     .rows = "D8422-6-2 D5246-9-1",
     .roles = CHECK_SERVER,
     .suits = suite_is_ecdhe,
     .play = offer_common,
     .strict = "data",
     .tolerated = "alert 40",
     .claims = "[ics]\nprofile = none\n",
     .wrong = have_no_common,
     .shows = "alert 71"},
    {.id = "P-HEL-10.of_1",
     .rows = "D5246-7.4.1.2-3 D5246-7.4.1.3-3",
     .play = say_id_of_1,
     .strict = "data",
     .wrong = know_every_id,
     .shows = "alert 47"},
    {.id = "P-HEL-10.of_31",
     .rows = "D5246-7.4.1.2-3 D5246-7.4.1.3-3",
     .play = say_id_of_31,
     .strict = "data",
     .wrong = know_every_id,
     .shows = "alert 47"},
    {.id = "P-HEL-10.of_33",
     .rows = "D5246-4.3-1",
     .play = say_id_of_33,
     .strict = "alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = take_long_ids,
     .shows = "ServerHello"},
    {.id = "P-HEL-10.of_255",
     .rows = "D5246-4.3-1",
     .play = say_id_of_255,
     .strict = "alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = take_long_ids,
     .shows = "ServerHello"},
    {.id = "P-HEL-11.of_33",
     .rows = "D5246-7.4.1.3-10",
     .play = say_id_of_33,
     .strict = "alert 50 | alert 47",
     .wrong = take_long_ids,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-11.of_255",
     .rows = "D5246-7.4.1.3-10",
     .play = say_id_of_255,
     .strict = "alert 50 | alert 47",
     .wrong = take_long_ids,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-12.odd_suites",
     .rows = "D5246-4.3-1",
     .play = offer_odd_suites,
     .strict = "alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = answer_unreadable_with_40,
     .shows = "alert 40"},
    {.id = "P-HEL-12.suites_past_end",
     .rows = "D5246-4.3-1",
     .play = offer_suites_past_end,
     .strict = "alert 50 | alert 47",
     .tolerated = "silence",
     .wrong = answer_unreadable_with_40,
     .shows = "alert 40"},
    {.id = "P-HEL-12.odd_groups",
     .rows = "D5246-4.3-1 D8422-5.1.1-3",
     .suits = suite_is_ecdhe,
     .play = offer_odd_groups,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
    {.id = "P-HEL-12.empty_groups",
     .rows = "D5246-4.3-1 D8422-5.1.1-3",
     .suits = suite_is_ecdhe,
     .play = offer_empty_groups,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
    {.id = "P-HEL-12.groups_past_end",
     .rows = "D5246-4.3-1 D8422-5.1.1-3",
     .suits = suite_is_ecdhe,
     .play = offer_groups_past_end,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
    {.id = "P-HEL-12.odd_pairs",
     .rows = "D5246-7.4.1.4.1-8",
     .suits = suite_is_ecdhe,
     .play = offer_odd_pairs,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
    {.id = "P-HEL-12.empty_pairs",
     .rows = "D5246-7.4.1.4.1-8",
     .suits = suite_is_ecdhe,
     .play = offer_empty_pairs,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
    {.id = "P-HEL-12.pairs_past_end",
     .rows = "D5246-7.4.1.4.1-8",
     .suits = suite_is_ecdhe,
     .play = offer_pairs_past_end,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_bad_lists,
     .shows = "ServerHello"},
};

CHECK_FILE(suite)
