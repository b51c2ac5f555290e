/* SPDX-License-Identifier: MIT */
/* max_fragment_length and server_name of a server (RFC 6066, 3 and 4), and
 * record_size_limit (RFC 8449). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include <string.h>

#define EXT_NAME 0
#define EXT_LENGTH 1
#define EXT_SIZE_LIMIT 28

/* ---- P-LIM-1, P-LIM-2: max_fragment_length ---- */

static void offer_lengths(struct scene *s)
{
    for (unsigned code = 1; code <= 4; code++) {
        struct hello answer;
        struct dtls_bytes data = {0};

        if (code != 1) {
            scene_again(s);
        }
        s->peer.config.max_fragment_length = (uint16_t)(256u << code);
        hello_say_without(s, 65000); /* as it is */
        if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
            return;
        }
        hello_hear(s, &answer);
        scene_expect(s,
                     !hello_has(&answer, EXT_LENGTH, &data) ||
                         (data.len == 1 && data.data[0] == code),
                     "max_fragment_length %u is not echoed as it is", code);
    }
}

static bool note_length(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_LENGTH, &data) && data.len == 1 &&
                 data.data[0] == 2;
    }
    return false;
}

static void answer_length_4(struct hello *hello)
{
    hello_drop(hello, EXT_LENGTH);
    hello_add(hello, EXT_LENGTH, "\4", 1);
}

static bool say_length_4(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, answer_length_4);
}

static void know_better(struct wrong *w)
{
    w->hears = note_length;
    w->says = say_length_4;
}

static void offer_length_0(struct scene *s)
{
    hello_is_refused_with(s, EXT_LENGTH, "\0", 1);
}

static void offer_length_5(struct scene *s)
{
    hello_is_refused_with(s, EXT_LENGTH, "\5", 1);
}

static void offer_length_255(struct scene *s)
{
    hello_is_refused_with(s, EXT_LENGTH, "\xff", 1);
}

static void offer_two_lengths(struct scene *s)
{
    hello_is_refused_with(s, EXT_LENGTH, "\1\2", 2);
}

static void answer_with_length(struct scene *s)
{
    hello_is_refused_with(s, EXT_LENGTH, "\1", 1);
}

static bool forget_bad_length(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_LENGTH, &data) &&
           (w->peer.role == DTLS_CLIENT || data.len != 1 ||
            data.data[0] == 0 || data.data[0] > 4) &&
           wrong_reads_without(w, r, EXT_LENGTH);
}

static void read_over_lengths(struct wrong *w)
{
    w->hears = forget_bad_length;
}

/* ---- P-SNI-2 to P-SNI-4: server_name ---- */

static void offer_name(struct scene *s, const char *name)
{
    uint8_t bytes[300];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    size_t len = strlen(name);
    bool fits =
        dtls_put_u16(&out, (uint16_t)(len + 3)) && dtls_put_u8(&out, 0) &&
        dtls_put_vec16(&out, dtls_bytes_of((const uint8_t *)name, len));

    if (!fits) {
        scene_stop(s, "the name is too long");
    }
    hello_say_with(s, EXT_NAME, bytes, out.len);
}

static void offer_known_name(struct scene *s)
{
    struct dtls_bytes data = {0};
    struct hello answer;
    const char *name = s->setup->ics->values[ICS_sni];

    s->peer.config.server_name =
        dtls_bytes_of((const uint8_t *)name, strcspn(name, " "));
    hello_say_without(s, 65000); /* as it is */
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    hello_hear(s, &answer);
    (void)hello_has(&answer, EXT_NAME, &data);
    scene_expect(s, data.len == 0, "server_name with %zu bytes", data.len);
}

static void offer_unknown_name(struct scene *s)
{
    offer_name(s, "nobody.example");
}

static bool note_name(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_NAME, NULL);
    }
    return false;
}

static void answer_name(struct hello *hello)
{
    hello_drop(hello, EXT_NAME);
    hello_add(hello, EXT_NAME, "\0\3\0\0\0", 5);
}

static bool say_name(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, answer_name);
}

static void echo_name(struct wrong *w)
{
    w->hears = note_name;
    w->says = say_name;
}

static bool refuse_unknown_name(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_NAME, &data) && data.len == 19 &&
           wrong_alert(w, 40);
}

static void answer_unknown_name_with_40(struct wrong *w)
{
    w->hears = refuse_unknown_name;
}

static void offer_bad_name(struct scene *s, const char *data, size_t len)
{
    hello_is_refused_with(s, EXT_NAME, data, len);
}

static void offer_empty_name(struct scene *s)
{
    offer_bad_name(s, "\0\3\0\0\0", 5);
}

static void offer_no_name(struct scene *s)
{
    offer_bad_name(s, "\0\0", 2);
}

static void offer_name_past_end(struct scene *s)
{
    offer_bad_name(s, "\0\6\0\0\7loc", 8);
}

static bool forget_bad_name(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_NAME, &data) && data.len <= 8 &&
           wrong_reads_without(w, r, EXT_NAME);
}

static void read_over_names(struct wrong *w)
{
    w->hears = forget_bad_name;
}

/* ---- P-LIM-3: all that is sent stays within the length ---- */

#define SHORTEST 512

static void agree_on_shortest(struct scene *s)
{
    struct dtls_bytes data;
    struct hello answer;

    s->peer.config.max_fragment_length = SHORTEST;
    scene_connect(s);
    hello_hear(s, &answer);
    if (!hello_has(&answer, EXT_LENGTH, &data)) {
        scene_stop(s, "the target does not agree to max_fragment_length");
    }
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, !r->opened || r->body.len <= SHORTEST,
                     "a record of %zu bytes", r->body.len);
    }
}

static bool note_shortest(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = w->peer.role == DTLS_SERVER &&
                 wrong_hello_has(r, EXT_LENGTH, &data) && data.len == 1 &&
                 data.data[0] == 1;
    }
    return false;
}

/* Says Certificate whole, in a record that its own engine would not make. */
static bool say_whole(struct wrong *w, struct peer_message *m)
{
    const struct sut_host *host = &w->sut.setup.host;
    struct dtls_record_layer *records = &w->peer.session.records;
    const uint64_t number = dtls_record_layer_next_seq(records);
    const struct dtls_fragment f = {.type = m->type,
                                    .message_len = (uint32_t)m->len,
                                    .seq = m->seq,
                                    .body = dtls_bytes_of(m->body, m->len)};
    uint8_t bytes[2048] = {DTLS_HANDSHAKE, 0xfe, 0xfd, [9] = 0,
                           (uint8_t)number};
    struct dtls_buf out = {bytes, DTLS_RECORD_HEADER_LEN, sizeof bytes};

    if (w->num != 1 || m->record_type != DTLS_HANDSHAKE ||
        m->type != DTLS_CERTIFICATE || !dtls_fragment_put_header(&out, &f) ||
        !dtls_put_bytes(&out, f.body)) {
        return true;
    }
    bytes[11] = (uint8_t)((out.len - DTLS_RECORD_HEADER_LEN) >> 8);
    bytes[12] = (uint8_t)(out.len - DTLS_RECORD_HEADER_LEN);
    dtls_record_layer_raise_seq(records, number + 1);
    host->send(host->self, dtls_buf_bytes(&out));
    return false;
}

static void forget_shortest(struct wrong *w)
{
    w->hears = note_shortest;
    w->says = say_whole;
}

/* ---- P-LIM-5 to P-LIM-7: record_size_limit ---- */

static void offer_size_limit(struct scene *s, const void *data, size_t len)
{
    s->peer.config.record_size_limit = DTLS_PLAINTEXT_MAX;
    hello_say_with(s, EXT_SIZE_LIMIT, data, len);
}

#define ABOVE_SMALLEST 100 /* bytes of data, more than the smallest limit */

static void expect_no_longer(struct scene *s, unsigned limit)
{
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, r->epoch == 0 || !r->opened || r->body.len <= limit,
                     "a record of %zu bytes at a limit of %u", r->body.len,
                     limit);
    }
}

static void obey_each_size_limit(struct scene *s)
{
    static const uint16_t limits[] = {64, 65, 512, 16384, 16385, 65535};
    uint8_t content[ABOVE_SMALLEST];
    struct dtls_bytes answered;
    struct hello answer;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const uint8_t data[2] = {(uint8_t)(limits[i] >> 8),
                                 (uint8_t)limits[i]};

        if (i != 0) {
            scene_again(s);
        }
        offer_size_limit(s, data, sizeof data);
        if (!scene_connects(s)) {
            scene_expect(s, false, "no association with a limit of %u",
                         limits[i]);
            return;
        }
        hello_hear(s, &answer);
        scene_expect(s, hello_has(&answer, EXT_SIZE_LIMIT, &answered),
                     "a limit of %u is not answered", limits[i]);
        (void)scene_put_data(s, content, sizeof content);
        scene_send(s);
        scene_pause(s);
        expect_no_longer(s, limits[i]);
    }
}

static bool echo_above_limit(struct wrong *w, struct wrong_record *r)
{
    if (!peer_is_connected(&w->peer) || r->wire.epoch == 0) {
        return false;
    }
    w->peer.session.records.write[r->wire.epoch & 1].protection.limit = 0;
    return wrong_echo(w, r);
}

static void forget_size_limit(struct wrong *w)
{
    w->peer.config.record_size_limit = DTLS_PLAINTEXT_MAX;
    w->hears = echo_above_limit;
}

static void offer_size_limit_63(struct scene *s)
{
    offer_size_limit(s, "\0\x3f", 2);
    hello_is_refused(s);
}

static void offer_size_limit_0(struct scene *s)
{
    offer_size_limit(s, "\0\0", 2);
    hello_is_refused(s);
}

static void offer_short_size_limit(struct scene *s)
{
    offer_size_limit(s, "\x40", 1);
    hello_is_refused(s);
}

static void offer_long_size_limit(struct scene *s)
{
    offer_size_limit(s, "\0\x40\0", 3);
    hello_is_refused(s);
}

static bool forget_bad_limit(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_SIZE_LIMIT, &data) &&
           (data.len != 2 || (data.data[0] == 0 && data.data[1] < 64)) &&
           wrong_reads_without(w, r, EXT_SIZE_LIMIT);
}

static void read_over_size_limits(struct wrong *w)
{
    w->hears = forget_bad_limit;
}

static void offer_both_limits(struct scene *s)
{
    struct dtls_bytes data;
    struct hello answer;

    s->peer.config.max_fragment_length = SHORTEST;
    offer_size_limit(s, "\x40\0", 2);
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    hello_hear(s, &answer);
    scene_expect(s, hello_has(&answer, EXT_SIZE_LIMIT, &data),
                 "record_size_limit is not answered");
    scene_expect(s, !hello_has(&answer, EXT_LENGTH, &data),
                 "both limits are answered");
}

static bool note_both(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_SIZE_LIMIT, NULL) &&
                 wrong_hello_has(r, EXT_LENGTH, NULL);
    }
    return wrong_keeps_hello(w, r);
}

static void answer_both_limits(struct hello *hello)
{
    hello_drop(hello, EXT_LENGTH);
    hello_add(hello, EXT_LENGTH, "\1", 1);
}

static bool say_both_limits(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, answer_both_limits);
}

static void answer_both(struct wrong *w)
{
    w->peer.config.record_size_limit = DTLS_PLAINTEXT_MAX;
    w->hears = note_both;
    w->says = say_both_limits;
}

/* ---- P-LIM-8: both in a ServerHello ---- */

static void say_both_back(struct hello *hello)
{
    hello_drop(hello, EXT_LENGTH);
    hello_drop(hello, EXT_SIZE_LIMIT);
    hello_add(hello, EXT_LENGTH, "\3", 1);
    hello_add(hello, EXT_SIZE_LIMIT, "\x40\0", 2);
}

static void answer_with_both(struct scene *s)
{
    scene_change_server_hello(s, say_both_back);
    hello_is_refused(s);
}

/* It reads such a hello as if it had neither. */
static bool read_over_both_limits(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (!wrong_hello_has(r, EXT_LENGTH, NULL) ||
        !wrong_hello_has(r, EXT_SIZE_LIMIT, NULL) || !wrong_hello(r, &hello)) {
        return false;
    }
    hello_drop(&hello, EXT_LENGTH);
    hello_drop(&hello, EXT_SIZE_LIMIT);
    return wrong_reads_hello(w, r, &hello);
}

static void read_over_two_limits(struct wrong *w)
{
    w->hears = read_over_both_limits;
}

static const struct check checks[] = {
    {.id = "P-LIM-5",
     .roles = CHECK_SERVER,
     .rows = "D8449-4-2 D8449-4-5 D8449-4-7",
     .needs_echo = true,
     .play = obey_each_size_limit,
     .strict = "data",
     .wrong = forget_size_limit,
     .shows = "a record of 100 bytes at a limit of 64"},
    {.id = "P-LIM-6.of_63",
     .roles = CHECK_SERVER,
     .rows = "D8449-4-11",
     .play = offer_size_limit_63,
     .strict = "alert 47",
     .wrong = read_over_size_limits,
     .shows = "ServerHello"},
    {.id = "P-LIM-6.of_0",
     .roles = CHECK_SERVER,
     .rows = "D8449-4-11",
     .play = offer_size_limit_0,
     .strict = "alert 47",
     .wrong = read_over_size_limits,
     .shows = "ServerHello"},
    {.id = "P-LIM-6.short",
     .roles = CHECK_SERVER,
     .rows = "D8449-4-1",
     .play = offer_short_size_limit,
     .strict = "alert 50",
     .wrong = read_over_size_limits,
     .shows = "ServerHello"},
    {.id = "P-LIM-6.long",
     .roles = CHECK_SERVER,
     .rows = "D8449-4-1",
     .play = offer_long_size_limit,
     .strict = "alert 50",
     .wrong = read_over_size_limits,
     .shows = "ServerHello"},
    {.id = "P-LIM-7",
     .rows = "D8449-5-1",
     .play = offer_both_limits,
     .strict = "data",
     .wrong = answer_both,
     .shows = "both limits are answered"},
    {.id = "P-LIM-3",
     .roles = CHECK_SERVER,
     .rows = "D6066-4-5",
     .suits = dtls_suite_has_certificate,
     .play = agree_on_shortest,
     .strict = "data",
     .wrong = forget_shortest,
     .shows = "a record of * bytes"},
    {.id = "P-LIM-1",
     .rows = "D6066-4-1",
     .suits = suite_is_psk, /* messages that no length cuts */
     .play = offer_lengths,
     .strict = "data",
     .wrong = know_better,
     .shows = "max_fragment_length 2 is not echoed as it is"},
    {.id = "P-LIM-1.of_0",
     .rows = "D6066-4-2 D6066-4-3",
     .play = offer_length_0,
     .strict = "alert 47",
     .wrong = read_over_lengths,
     .shows = "ServerHello"},
    {.id = "P-LIM-1.of_5",
     .rows = "D6066-4-2 D6066-4-3",
     .play = offer_length_5,
     .strict = "alert 47",
     .wrong = read_over_lengths,
     .shows = "ServerHello"},
    {.id = "P-LIM-1.of_255",
     .rows = "D6066-4-2 D6066-4-3",
     .play = offer_length_255,
     .strict = "alert 47",
     .wrong = read_over_lengths,
     .shows = "ServerHello"},
    {.id = "P-LIM-1.two",
     .rows = "D6066-4-2",
     .play = offer_two_lengths,
     .strict = "alert 50",
     .wrong = read_over_lengths,
     .shows = "ServerHello"},
    {.id = "P-LIM-2",
     .rows = "D6066-4-4",
     .play = answer_with_length,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_lengths,
     .shows = "ClientKeyExchange"},
    {.id = "P-SNI-2",
     .rows = "D6066-3-7",
     .play = offer_known_name,
     .strict = "data",
     .wrong = echo_name,
     .shows = "server_name with 5 bytes"},
    {.id = "P-SNI-3",
     .rows = "D6066-3-3 D6066-3-4",
     .play = offer_unknown_name,
     .strict = "data | alert 112",
     .wrong = answer_unknown_name_with_40,
     .shows = "alert 40"},
    {.id = "P-SNI-4.empty",
     .rows = "D5246-7.4.1.4-7",
     .play = offer_empty_name,
     .strict = "alert 50 | alert 47 | alert 112",
     .wrong = read_over_names,
     .shows = "ServerHello"},
    {.id = "P-SNI-4.none",
     .rows = "D5246-7.4.1.4-7",
     .play = offer_no_name,
     .strict = "alert 50 | alert 47 | alert 112",
     .wrong = read_over_names,
     .shows = "ServerHello"},
    {.id = "P-SNI-4.past",
     .rows = "D5246-7.4.1.4-7",
     .play = offer_name_past_end,
     .strict = "alert 50 | alert 47 | alert 112",
     .wrong = read_over_names,
     .shows = "ServerHello"},
    {.id = "P-LIM-8",
     .rows = "D8449-5-2",
     .play = answer_with_both,
     .strict = "alert 47",
     .tolerated = "alert 110",
     .wrong = read_over_two_limits,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(limit)
