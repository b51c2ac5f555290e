/* SPDX-License-Identifier: MIT */
/* ClientHello and ServerHello: lists, versions, extensions. */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <assert.h>
#include <string.h>

/* ---- servers ---- */

static void expect_no_server_hello(struct scene *s)
{
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello");
}

/* A ClientHello that came, and the record's bytes at the same place. */
static bool read_hello(const struct wrong_record *r,
                       struct dtls_client_hello *out)
{
    struct dtls_fragment f;

    return r->wire.epoch == 0 && wrong_message(r, DTLS_CLIENT_HELLO, &f) &&
           dtls_client_hello_parse(out, f.body) == DTLS_OK;
}

/* ---- P-HEL-1: unknown suites around a known one ---- */

static void add_unknown_suites(struct hello *hello)
{
    static uint8_t list[2 * 101];
    struct dtls_buf out = {list, 0, sizeof list};
    bool fits = true;

    for (unsigned i = 0; i < 100; i++) {
        fits = fits && dtls_put_u16(&out, (uint16_t)(0xe000 + i));
    }
    fits = fits &&
           dtls_put_bytes(&out, dtls_bytes_of(hello->client.suites.data, 2));
    assert(fits);
    hello->client.suites = dtls_buf_bytes(&out);
}

static void offer_unknown_suites(struct scene *s)
{
    scene_change_hellos(s, add_unknown_suites);
}

static bool refuse_unknown_suite(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;

    return read_hello(r, &hello) && hello.suites.data[0] == 0xe0 &&
           wrong_alert(w, 40);
}

static void know_every_suite(struct wrong *w)
{
    w->hears = refuse_unknown_suite;
}

/* ---- P-HEL-4, P-HEL-5: compression ---- */

static void set_compression(struct hello *hello, const char *list, size_t len)
{
    hello->client.compression = dtls_bytes_of((const uint8_t *)list, len);
}

static void only_deflate(struct hello *hello)
{
    set_compression(hello, "\1", 1);
}

static void offer_only_deflate(struct scene *s)
{
    scene_change_hellos(s, only_deflate);
    expect_no_server_hello(s);
}

static bool read_deflate_as_null(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;

    (void)w;
    if (read_hello(r, &hello)) {
        *wrong_at(r, hello.compression.data) = 0;
    }
    return false;
}

static void need_no_null_compression(struct wrong *w)
{
    w->hears = read_deflate_as_null;
}

static void null_in_the_middle(struct hello *hello)
{
    set_compression(hello, "\x40\0\1", 3);
}

static void offer_more_compression(struct scene *s)
{
    struct dtls_server_hello hello;
    const struct heard_message *m;

    scene_change_hellos(s, null_in_the_middle);
    m = scene_hear(s, DTLS_SERVER_HELLO, 1);
    if (dtls_server_hello_parse(&hello, dtls_span_bytes(m->body)) != DTLS_OK) {
        scene_stop(s, "a ServerHello that cannot be read");
    }
    scene_expect(s, hello.compression == 0, "compression method %u",
                 hello.compression);
}

static bool note_longer_list(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;

    if (read_hello(r, &hello) && hello.compression.len > 1) {
        w->num = hello.compression.data[0];
    }
    return false;
}

static bool choose_noted(struct wrong *w, struct peer_message *m)
{
    struct hello hello;

    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_SERVER_HELLO) {
        hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
        hello.server.compression = (uint8_t)w->num;
        hello_write(m, &hello);
    }
    return true;
}

static void choose_first_compression(struct wrong *w)
{
    w->hears = note_longer_list;
    w->says = choose_noted;
}

/* ---- P-HEL-10: session ids ---- */

static void long_session_id(struct hello *hello)
{
    static const uint8_t id[32] = "thirty-two bytes that nobody had";

    hello->client.session_id = dtls_bytes_of(id, sizeof id);
}

static void offer_unknown_session(struct scene *s)
{
    scene_change_hellos(s, long_session_id);
}

static bool refuse_session(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;

    return read_hello(r, &hello) && hello.session_id.len != 0 &&
           wrong_alert(w, 47);
}

static void know_every_session(struct wrong *w)
{
    w->hears = refuse_session;
}

/* ---- P-EXT-2: unknown extensions ---- */

static void unknown_extensions(struct hello *hello)
{
    static uint8_t junk[600];

    memset(junk, 0x5a, sizeof junk);
    hello_add(hello, 65000, junk, 0);
    hello_add(hello, 0x0a0a, junk, 1);
    hello_add(hello, 65001, junk, sizeof junk);
}

static void offer_unknown_extensions(struct scene *s)
{
    const struct heard_message *m;
    struct hello hello;
    struct dtls_bytes data;

    scene_change_hellos(s, unknown_extensions);
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    m = scene_hear(s, DTLS_SERVER_HELLO, 1);
    hello_read_server(&hello, dtls_span_bytes(m->body));
    scene_expect(s,
                 !hello_has(&hello, 65000, &data) &&
                     !hello_has(&hello, 0x0a0a, &data),
                 "an unknown extension comes back");
}

static bool refuse_unknown_extension(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_hello hello;

    return read_hello(r, &hello) && hello.extensions.len > 600 &&
           wrong_alert(w, 47);
}

static void know_every_extension(struct wrong *w)
{
    w->hears = refuse_unknown_extension;
}

/* ---- P-VER-2: versions that are none ---- */

static void version_of_tls(struct hello *hello)
{
    hello->client.version = 0x0303;
}

static void offer_version_of_tls(struct scene *s)
{
    scene_change_hellos(s, version_of_tls);
    expect_no_server_hello(s);
}

static bool read_as_version_1_2(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    if (r->wire.epoch == 0 && wrong_message(r, DTLS_CLIENT_HELLO, &f)) {
        *wrong_at(r, f.body.data) = 0xfe;
        *wrong_at(r, f.body.data + 1) = 0xfd;
    }
    return false;
}

static void take_any_version(struct wrong *w)
{
    w->hears = read_as_version_1_2;
}

/* ---- clients ---- */

static void expect_no_answer(struct scene *s)
{
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

/* Makes the bytes at `at` of a ServerHello's body what they should be. */
static bool mend_server_hello(const struct wrong_record *r, size_t at,
                              uint8_t high, uint8_t low)
{
    struct dtls_fragment f;

    if (wrong_message(r, DTLS_SERVER_HELLO, &f) && f.body.len > at + 1) {
        *wrong_at(r, f.body.data + at) = high;
        *wrong_at(r, f.body.data + at + 1) = low;
    }
    return false;
}

/* The place of the suite: behind version, random and the session id. */
static size_t suite_at(const struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_HELLO, &f) && f.body.len > 38
               ? 35u + f.body.data[34]
               : 0;
}

/* ---- P-HEL-6: a compression method ---- */

static void deflate(struct hello *hello)
{
    hello->server.compression = 1;
}

static void choose_deflate(struct scene *s)
{
    scene_change_server_hello(s, deflate);
    expect_no_answer(s);
}

static bool read_null(struct wrong *w, struct wrong_record *r)
{
    return mend_server_hello(r, suite_at(r) + 1,
                             (uint8_t)w->sut.setup.suite->id, 0);
}

static void take_any_compression(struct wrong *w)
{
    w->hears = read_null;
}

/* ---- P-HEL-7: a suite that was not offered ---- */

static void null_suite(struct hello *hello)
{
    hello->server.suite = 0x0000;
}

static void choose_null_suite(struct scene *s)
{
    scene_change_server_hello(s, null_suite);
    expect_no_answer(s);
}

static void grease_suite(struct hello *hello)
{
    hello->server.suite = 0x5a5a;
}

static void choose_grease_suite(struct scene *s)
{
    scene_change_server_hello(s, grease_suite);
    expect_no_answer(s);
}

static void signal_suite(struct hello *hello)
{
    hello->server.suite = DTLS_SCSV_RENEGOTIATION;
}

static void choose_signal(struct scene *s)
{
    scene_change_server_hello(s, signal_suite);
    expect_no_answer(s);
}

/* Takes this suite for the one that it has offered. */
static bool read_as_own(struct wrong *w, struct wrong_record *r,
                        uint16_t suite)
{
    uint16_t own = w->sut.setup.suite->id;
    size_t at = suite_at(r);
    const uint8_t *chosen = r->plain.data + DTLS_FRAGMENT_HEADER_LEN + at;

    return at != 0 && (chosen[0] << 8 | chosen[1]) == suite &&
           mend_server_hello(r, at, (uint8_t)(own >> 8), (uint8_t)own);
}

static bool read_null_suite(struct wrong *w, struct wrong_record *r)
{
    return read_as_own(w, r, 0x0000);
}

static void take_null_suite(struct wrong *w)
{
    w->hears = read_null_suite;
}

static bool read_grease(struct wrong *w, struct wrong_record *r)
{
    return read_as_own(w, r, 0x5a5a);
}

static void take_grease(struct wrong *w)
{
    w->hears = read_grease;
}

static bool read_signal(struct wrong *w, struct wrong_record *r)
{
    return read_as_own(w, r, DTLS_SCSV_RENEGOTIATION);
}

static void take_signal(struct wrong *w)
{
    w->hears = read_signal;
}

/* ---- P-VER-4: a version that was not offered ---- */

static void version_of_tls_chosen(struct hello *hello)
{
    hello->server.version = 0x0303;
}

static void choose_version_of_tls(struct scene *s)
{
    scene_change_server_hello(s, version_of_tls_chosen);
    expect_no_answer(s);
}

static bool read_own_version(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return mend_server_hello(r, 0, 0xfe, 0xfd);
}

static void take_any_chosen_version(struct wrong *w)
{
    w->hears = read_own_version;
}

/* ---- P-EXT-5, P-EXT-6: extensions that must not be there ---- */

static void unasked_extension(struct hello *hello)
{
    hello_add(hello, 65000, "", 0);
}

static void answer_unasked(struct scene *s)
{
    scene_change_server_hello(s, unasked_extension);
    expect_no_answer(s);
}

static void doubled_extension(struct hello *hello)
{
    hello_drop(hello, 0xff01);
    hello_add(hello, 0xff01, "", 1); /* the 0 at its end */
    hello_add(hello, 0xff01, "", 1);
}

static void answer_twice(struct scene *s)
{
    scene_change_server_hello(s, doubled_extension);
    expect_no_answer(s);
}

static bool read_over_65000(struct wrong *w, struct wrong_record *r)
{
    return wrong_hello_has(r, 65000, NULL) && wrong_reads_without(w, r, 65000);
}

static void read_over_unasked(struct wrong *w)
{
    w->hears = read_over_65000;
}

/* It reads an extension once that comes twice. */
static bool read_one_of_two(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    struct hello hello;

    if (!wrong_message(r, DTLS_SERVER_HELLO, &f) || f.body.len <= 10 ||
        memcmp(f.body.data + f.body.len - 10, "\xff\1\0\1\0\xff\1\0\1", 10) !=
            0 ||
        !wrong_hello(r, &hello)) {
        return false;
    }
    hello_drop(&hello, 0xff01);
    hello_add(&hello, 0xff01, "", 1); /* the 0 at its end */
    return wrong_reads_hello(w, r, &hello);
}

static void read_each_once(struct wrong *w)
{
    w->hears = read_one_of_two;
}

/* ---- P-HEL-2: large ClientHellos ---- */

static size_t more; /* bytes by which a hello grows */

/* Adds an extension that nobody knows, of so many bytes in all. */
static void add_unknown(struct peer_message *m, size_t bytes)
{
    size_t at = hello_block(m);
    size_t len = bytes + (size_t)(m->body[at] << 8 | m->body[at + 1]);
    uint8_t *out = m->body + m->len;

    m->body[at] = (uint8_t)(len >> 8);
    m->body[at + 1] = (uint8_t)len;
    out[0] = (uint8_t)(0x80 | m->len >> 8); /* each has a type of its own */
    out[1] = (uint8_t)m->len;
    out[2] = (uint8_t)((bytes - 4) >> 8);
    out[3] = (uint8_t)(bytes - 4);
    memset(out + 4, 0, bytes - 4);
    m->len += bytes;
}

static void grow_at_once(struct peer_message *m)
{
    add_unknown(m, more);
}

static void grow_by_many(struct peer_message *m)
{
    for (unsigned i = 0; i < 300; i++) {
        add_unknown(m, 5);
    }
}

/* In fragments, of which the first holds the cookie. */
static void say_large_hello(struct scene *s, size_t bytes)
{
    more = bytes;
    s->pieces = 1000;
    hello_say_body(s, grow_at_once);
}

static void say_hello_of_2000(struct scene *s)
{
    say_large_hello(s, 2000);
}

static void say_hello_of_8000(struct scene *s)
{
    say_large_hello(s, 7900);
}

static void say_hello_of_many(struct scene *s)
{
    s->pieces = 1000;
    hello_say_body(s, grow_by_many);
}

static bool lose_large_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    return wrong_fragment(r, &f) && f.type == DTLS_CLIENT_HELLO &&
           f.message_len > 1000;
}

static void hear_no_large_hello(struct wrong *w)
{
    w->hears = lose_large_hello;
}

static const struct check checks[] = {
    {.id = "P-HEL-2.of_2000",
     .rows = "D5246-D.4-1 D5246-7.4.1.2-90",
     .when = "frag_first_hello",
     .play = say_hello_of_2000,
     .strict = "data",
     .tolerated = "alert *",
     .wrong = hear_no_large_hello,
     .shows = "silence"},
    {.id = "P-HEL-2.of_8000",
     .rows = "D5246-D.4-1 D5246-7.4.1.2-90",
     .when = "frag_first_hello",
     .play = say_hello_of_8000,
     .strict = "data",
     .tolerated = "alert *",
     .wrong = hear_no_large_hello,
     .shows = "silence"},
    {.id = "P-HEL-2.of_many",
     .rows = "D5246-D.4-1 D5246-7.4.1.2-90",
     .when = "frag_first_hello",
     .play = say_hello_of_many,
     .strict = "data",
     .tolerated = "alert *",
     .wrong = hear_no_large_hello,
     .shows = "silence"},
    {.id = "P-HEL-1",
     .rows = "D5246-7.4.1.2-4",
     .play = offer_unknown_suites,
     .strict = "data",
     .wrong = know_every_suite,
     .shows = "alert 40"},
    {.id = "P-HEL-4",
     .rows = "D5246-7.4.1.2-10",
     .play = offer_only_deflate,
     .strict = "alert 47 | alert 40 | alert 50",
     .wrong = need_no_null_compression,
     .shows = "ServerHello"},
    {.id = "P-HEL-5",
     .rows = "D9325-3.3-1",
     .play = offer_more_compression,
     .strict = "data",
     .wrong = choose_first_compression,
     .shows = "compression method 64"},
    {.id = "P-HEL-10.unknown",
     .rows = "D5246-7.4.1.2-3 D5246-7.4.1.3-3",
     .play = offer_unknown_session,
     .strict = "data",
     .wrong = know_every_session,
     .shows = "alert 47"},
    {.id = "P-EXT-2",
     .rows = "D5246-7.4.1.4-6",
     .play = offer_unknown_extensions,
     .strict = "data",
     .wrong = know_every_extension,
     .shows = "alert 47"},
    {.id = "P-VER-2.tls",
     .rows = "D5246-E.1-3",
     .play = offer_version_of_tls,
     .strict = "alert 70 | silence",
     .wrong = take_any_version,
     .shows = "ServerHello"},
    {.id = "P-HEL-6",
     .rows = "D5246-7.4.1.3-8 D9325-3.3-1",
     .play = choose_deflate,
     .strict = "alert 47",
     .wrong = take_any_compression,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-7.null",
     .rows = "D5246-7.4.1.3-7 D5246-A.5-1",
     .play = choose_null_suite,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_null_suite,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-7.grease",
     .rows = "D5246-7.4.1.3-7 D8701-3.1-2",
     .play = choose_grease_suite,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_grease,
     .shows = "ClientKeyExchange"},
    {.id = "P-HEL-7.signal",
     .rows = "D5246-7.4.1.3-7 D5746-3.3-2",
     .play = choose_signal,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = take_signal,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-4",
     .rows = "D5246-7.4.1.3-9",
     .play = choose_version_of_tls,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_any_chosen_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17",
     .play = answer_unasked,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_unasked,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-6",
     .rows = "D5246-7.4.1.4-4",
     .play = answer_twice,
     .strict = "alert 50 | alert 47",
     .wrong = read_each_once,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(hello)
