/* SPDX-License-Identifier: MIT */
/* Names of application protocols (RFC 7301). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include <string.h>

#define EXT_ALPN 16

/* The first name that the target claims. */
static struct dtls_bytes own_name(const struct scene *s)
{
    const char *names = s->setup->ics->values[ICS_alpn];

    return dtls_bytes_of((const uint8_t *)names, strcspn(names, " "));
}

/* Is it a list of names as RFC 7301, 3.1, has it?  `num` is how many. */
static bool is_list(struct dtls_bytes data, unsigned *num)
{
    struct dtls_bytes list;
    struct dtls_bytes name;

    *num = 0;
    if (!dtls_get_vec16(&data, &list) || data.len != 0) {
        return false;
    }
    while (dtls_get_vec8(&list, &name) && name.len != 0) {
        ++*num;
    }
    return list.len == 0 && *num != 0;
}

/* ---- P-ALP-1: one name, or none ---- */

static void offer_with_others(struct scene *s)
{
    static const uint8_t grease[2] = {0x0a, 0x0a};
    static const uint8_t unknown[7] = "unknown";
    const struct dtls_bytes own = own_name(s);
    struct dtls_buf out = {s->protocols, 0, sizeof s->protocols};
    struct dtls_bytes data = {0};
    struct hello answer;
    bool fits = dtls_put_vec8(&out, dtls_bytes_of(grease, 2)) &&
                dtls_put_vec8(&out, own) &&
                dtls_put_vec8(&out, dtls_bytes_of(unknown, 7));

    if (!fits) {
        scene_stop(s, "the name is too long");
    }
    s->peer.config.protocols = dtls_buf_bytes(&out);
    hello_say_without(s, 65000); /* as it is */
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    hello_hear(s, &answer);
    (void)hello_has(&answer, EXT_ALPN, &data);
    scene_expect(s,
                 data.len == own.len + 3 && data.data[2] == own.len &&
                     memcmp(data.data + 3, own.data, own.len) == 0,
                 "the answer is not the one name that is known");
}

static bool note_others(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;
    unsigned num;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_ALPN, &data) && is_list(data, &num) &&
                 num == 3;
    }
    return false;
}

static void answer_last(struct hello *hello)
{
    hello_drop(hello, EXT_ALPN);
    hello_add(hello, EXT_ALPN, "\0\x08\x07unknown", 10);
}

static bool say_last(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, answer_last);
}

static void take_last_name(struct wrong *w)
{
    w->hears = note_others;
    w->says = say_last;
}

static void offer(struct scene *s, const char *data, size_t len)
{
    hello_is_refused_with(s, EXT_ALPN, data, len);
}

static void offer_unknown(struct scene *s)
{
    offer(s, "\0\x08\x07unknown", 10);
}

/* Reads no names where there are none of its own. */
static bool forget_names(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    unsigned num;

    return wrong_hello_has(r, EXT_ALPN, &data) &&
           (w->peer.role == DTLS_CLIENT || !is_list(data, &num) ||
            (data.len == 10 && memcmp(data.data + 3, "unknown", 7) == 0)) &&
           wrong_reads_without(w, r, EXT_ALPN);
}

static void read_over_names(struct wrong *w)
{
    w->hears = forget_names;
}

/* ---- P-ALP-2, P-ALP-3: lists that are none ---- */

static void say_nothing(struct scene *s)
{
    offer(s, "", 0);
}

static void say_no_name(struct scene *s)
{
    offer(s, "\0\0", 2);
}

static void say_empty_name(struct scene *s)
{
    offer(s, "\0\1\0", 3);
}

static void say_longer_list(struct scene *s)
{
    offer(s, "\0\5\3abc", 6);
}

static void say_shorter_list(struct scene *s)
{
    offer(s, "\0\3\3abc", 6);
}

static void say_name_past_end(struct scene *s)
{
    offer(s, "\0\4\4abc", 6);
}

static void say_trailing_byte(struct scene *s)
{
    offer(s, "\0\4\3abc\0", 7);
}

static void answer_two_names(struct scene *s)
{
    offer(s, "\0\x08\3abc\3def", 10);
}

#define MALFORMED(word, function)                                             \
    {                                                                         \
        .id = "P-ALP-2." word, .rows = "D7301-3.1-2", .play = function,       \
        .strict = "alert 50", .tolerated = "alert 47",                        \
        .wrong = read_over_names, .shows = "ServerHello"                      \
    }

#define BAD_ANSWER(word, row, function)                                       \
    {                                                                         \
        .id = "P-ALP-3." word, .rows = row, .play = function,                 \
        .strict = "alert 47 | alert 50", .wrong = read_over_names,            \
        .shows = "ClientKeyExchange"                                          \
    }

static const struct check checks[] = {
    {.id = "P-ALP-1",
     .rows = "D7301-3.1-3 D9325-3.8-1",
     .play = offer_with_others,
     .strict = "data",
     .wrong = take_last_name,
     .shows = "the answer is not the one name that is known"},
    {.id = "P-ALP-1.none",
     .rows = "D7301-3.2-2 D9325-3.8-2",
     .play = offer_unknown,
     .strict = "alert 120",
     .wrong = read_over_names,
     .shows = "ServerHello"},
    MALFORMED("nothing", say_nothing),
    MALFORMED("no_name", say_no_name),
    MALFORMED("empty_name", say_empty_name),
    MALFORMED("longer", say_longer_list),
    MALFORMED("shorter", say_shorter_list),
    MALFORMED("past_end", say_name_past_end),
    MALFORMED("trailing", say_trailing_byte),
    BAD_ANSWER("no_name", "D7301-3.1-4", say_no_name),
    BAD_ANSWER("two", "D7301-3.1-4", answer_two_names),
    BAD_ANSWER("empty_name", "D7301-3.1-4", say_empty_name),
    BAD_ANSWER("unoffered", "D7301-3.1-5 D9325-3.8-3", offer_unknown),
};

CHECK_FILE(protocol)
