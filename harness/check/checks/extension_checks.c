/* SPDX-License-Identifier: MIT */
/* Extensions of the hellos in general (RFC 5246, 7.4.1.4), and padding
 * (RFC 7685). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/ics.h"

#include <string.h>

#define EXT_EMS 23
#define EXT_ETM 22
#define EXT_PADDING 21
#define EXT_TRUNCATED_HMAC 4
#define EXT_GROUPS 10
#define EXT_PAIRS 13
#define EXT_SIGNAL 0xff01

static bool needs_no_extension(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_PSK || suite->kx == DTLS_KX_RSA;
}

/* ---- P-EXT-1: only what was offered ---- */

static uint16_t only_type;

static void keep_one_extension(struct hello *hello)
{
    uint16_t types[HELLO_TYPES_MAX];
    size_t num = hello_types(hello, types);

    for (size_t i = 0; i < num; i++) {
        if (types[i] != only_type) {
            hello_drop(hello, types[i]);
        }
    }
}

/* A type that stands in the answer although it was not offered, or twice; -1:
 * none.  The suite list has asked for the signal of RFC 5746. */
static int unasked_type(const struct hello *answer)
{
    uint16_t types[HELLO_TYPES_MAX];
    size_t num = hello_types(answer, types);

    for (size_t i = 0; i < num; i++) {
        bool is_asked = types[i] == only_type || types[i] == EXT_SIGNAL;

        for (size_t k = 0; k < i; k++) {
            is_asked = is_asked && types[k] != types[i];
        }
        if (!is_asked) {
            return types[i];
        }
    }
    return -1;
}

static void offer_one_extension_each(struct scene *s)
{
    static const uint16_t types[] = {0xffff,     EXT_EMS, EXT_ETM,
                                     EXT_GROUPS, 11,      EXT_PAIRS};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct hello answer;
        int unasked;

        if (i != 0) {
            scene_again(s);
        }
        only_type = types[i];
        hello_say(s, keep_one_extension);
        if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
            return;
        }
        hello_hear(s, &answer);
        unasked = unasked_type(&answer);
        scene_expect(s, unasked < 0, "extension %d comes unasked, or twice",
                     unasked);
    }
}

static bool note_short_offer(struct wrong *w, struct wrong_record *r)
{
    uint16_t types[HELLO_TYPES_MAX];
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = hello_types(&hello, types) < 2;
    }
    return false;
}

static void add_padding(struct hello *hello)
{
    hello_add(hello, EXT_PADDING, "", 0);
}

static bool say_padding_back(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, add_padding);
}

static void answer_padding_unasked(struct wrong *w)
{
    w->hears = note_short_offer;
    w->says = say_padding_back;
}

/* ---- P-EXT-3: values that nobody knows, in every list ---- */

static uint16_t grease;

/* Puts the value in front of a list with a length of two bytes. */
static void grease_list(struct hello *hello, uint16_t type)
{
    uint8_t bytes[600];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes list;

    if (!hello_has(hello, type, &list) || list.len < 2 || list.len > 500) {
        return;
    }
    if (dtls_put_u16(&out, (uint16_t)list.len) && dtls_put_u16(&out, grease) &&
        dtls_put_bytes(&out, dtls_bytes_of(list.data + 2, list.len - 2))) {
        hello_drop(hello, type);
        hello_add(hello, type, bytes, out.len);
    }
}

static void grease_everything(struct hello *hello)
{
    static uint8_t suites[200];
    struct dtls_buf out = {suites, 0, sizeof suites};

    if (dtls_put_u16(&out, grease) &&
        dtls_put_bytes(&out, hello->client.suites)) {
        hello->client.suites = dtls_buf_bytes(&out);
    }
    grease_list(hello, EXT_GROUPS);
    grease_list(hello, EXT_PAIRS);
    hello_add(hello, grease, "\0", 1);
}

static void offer_grease(struct scene *s)
{
    for (unsigned i = 0; i < 16; i++) {
        if (i != 0) {
            scene_again(s);
        }
        grease = (uint16_t)(0x0a0a + i * 0x1010);
        hello_say(s, grease_everything);
        scene_expect(s, scene_connects(s), "no handshake with %04x in lists",
                     grease);
    }
}

static bool refuse_grease_group(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_GROUPS, &list) && list.len > 3 &&
           list.data[2] == 0x7a && wrong_alert(w, 47);
}

static void know_every_group(struct wrong *w)
{
    w->hears = refuse_grease_group;
}

/* ---- P-EXT-4: an extension that comes twice ---- */

static void groups_twice(struct hello *hello)
{
    struct dtls_bytes list;
    uint8_t copy[64];

    if (hello_has(hello, EXT_GROUPS, &list) && list.len <= sizeof copy) {
        memcpy(copy, list.data, list.len);
        hello_add(hello, EXT_GROUPS, copy, list.len);
    }
}

static void unknown_twice(struct hello *hello)
{
    hello_add(hello, 65000, "", 0);
    hello_add(hello, 65000, "", 0);
}

static void offer_groups_twice(struct scene *s)
{
    hello_say(s, groups_twice);
    hello_is_refused(s);
}

static void offer_unknown_twice(struct scene *s)
{
    hello_say(s, unknown_twice);
}

static bool is_doubled(const struct wrong_record *r, uint16_t type)
{
    uint16_t types[HELLO_TYPES_MAX];
    struct hello hello;
    size_t num = wrong_hello(r, &hello) ? hello_types(&hello, types) : 0;
    unsigned times = 0;

    for (size_t i = 0; i < num; i++) {
        times += types[i] == type;
    }
    return times > 1;
}

static bool forget_second_groups(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;
    struct dtls_bytes list;
    uint8_t copy[64];
    size_t len;

    if (!is_doubled(r, EXT_GROUPS) || !wrong_hello(r, &hello) ||
        !hello_has(&hello, EXT_GROUPS, &list) || list.len > sizeof copy) {
        return false;
    }
    len = list.len;
    memcpy(copy, list.data, len);
    hello_drop(&hello, EXT_GROUPS);
    hello_add(&hello, EXT_GROUPS, copy, len);
    return wrong_reads_hello(w, r, &hello);
}

static void take_first_groups(struct wrong *w)
{
    w->hears = forget_second_groups;
}

static bool refuse_twice_with_40(struct wrong *w, struct wrong_record *r)
{
    return is_doubled(r, 65000) && wrong_alert(w, 40);
}

static void answer_twice_with_40(struct wrong *w)
{
    w->hears = refuse_twice_with_40;
}

/* ---- P-EXT-5: extensions that the client did not offer ---- */

static void answer_unasked(struct scene *s, uint16_t type, const void *data,
                           size_t len)
{
    struct hello offer;
    struct dtls_bytes value;

    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    hello_hear(s, &offer);
    if (hello_has(&offer, type, &value)) {
        scene_stop(s, "the target offers extension %u", type);
    }
    hello_is_refused_with(s, type, data, len);
}

static void answer_with_grease(struct scene *s)
{
    answer_unasked(s, 0x0a0a, "", 0);
}

static void answer_with_truncated_hmac(struct scene *s)
{
    answer_unasked(s, EXT_TRUNCATED_HMAC, "", 0);
}

static void answer_with_heartbeat(struct scene *s)
{
    answer_unasked(s, 15, "\1", 1);
}

static void answer_with_srtp(struct scene *s)
{
    answer_unasked(s, 14, "\0\2\0\1\0", 5);
}

static void answer_with_pairs(struct scene *s)
{
    hello_is_refused_with(s, EXT_PAIRS, "\0\2\4\3", 4);
}

static void answer_with_padding(struct scene *s)
{
    answer_unasked(s, EXT_PADDING, "\0\0\0", 3);
}

/* Wrong clients that read over an extension of ServerHello. */
static bool forget_in_answer(struct wrong *w, struct wrong_record *r,
                             uint16_t type)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_HELLO, &f) &&
           wrong_hello_has(r, type, NULL) && wrong_reads_without(w, r, type);
}

#define FORGETS(name, type)                                                   \
    static bool forget_##name(struct wrong *w, struct wrong_record *r)        \
    {                                                                         \
        return forget_in_answer(w, r, type);                                  \
    }                                                                         \
                                                                              \
    static void read_over_##name(struct wrong *w)                             \
    {                                                                         \
        w->hears = forget_##name;                                             \
    }

FORGETS(grease, 0x0a0a)
FORGETS(truncated_hmac, EXT_TRUNCATED_HMAC)
FORGETS(heartbeat, 15)
FORGETS(srtp, 14)
FORGETS(pairs, EXT_PAIRS)
FORGETS(padding, EXT_PADDING)

/* ---- P-EXT-7: lengths that do not add up ---- */

static void change_block_length(struct peer_message *m, int by)
{
    size_t at = hello_block(m);
    unsigned len = (unsigned)(m->body[at] << 8 | m->body[at + 1]);

    len = (unsigned)((int)len + by);
    m->body[at] = (uint8_t)(len >> 8);
    m->body[at + 1] = (uint8_t)len;
}

static void lengthen_block(struct peer_message *m)
{
    change_block_length(m, 1);
}

static void shorten_block(struct peer_message *m)
{
    change_block_length(m, -1);
}

/* The first extension's length, past the end of the block. */
static void lengthen_entry(struct peer_message *m)
{
    m->body[hello_block(m) + 4] = 1;
}

static void trail_two_bytes(struct peer_message *m)
{
    m->body[m->len++] = 0;
    m->body[m->len++] = 0;
}

static void answer_badly(struct scene *s,
                         void (*change)(struct peer_message *m))
{
    hello_say_body(s, change);
    hello_is_refused(s);
}

static void say_longer_block(struct scene *s)
{
    answer_badly(s, lengthen_block);
}

static void say_shorter_block(struct scene *s)
{
    answer_badly(s, shorten_block);
}

static void say_longer_entry(struct scene *s)
{
    answer_badly(s, lengthen_entry);
}

static void say_two_bytes_more(struct scene *s)
{
    answer_badly(s, trail_two_bytes);
}

/* Is it a ServerHello whose block of extensions cannot be read? */
static bool read_no_bad_block(struct wrong *w, struct wrong_record *r)
{
    struct dtls_extensions ext;
    struct dtls_server_hello hello;
    bool offered[DTLS_EXT_COUNT];
    struct dtls_fragment f;

    memset(offered, true, sizeof offered);
    if (!wrong_message(r, DTLS_SERVER_HELLO, &f) ||
        (dtls_server_hello_parse(&hello, f.body) == DTLS_OK &&
         dtls_extensions_parse_server(&ext, offered, hello.extensions) !=
             DTLS_DECODE_ERROR)) {
        return false;
    }
    return wrong_reads_no_block(w, r);
}

static void read_no_lengths(struct wrong *w)
{
    w->hears = read_no_bad_block;
}

/* ---- P-EXT-8, P-HEL-3: hellos without extensions ---- */

/* The peer does without what it has answered. */
static void do_without_extensions(struct scene *s)
{
    s->peer.session.hs.extended_master_secret = false;
    s->peer.session.hs.encrypt_then_mac = false;
    s->peer.session.hs.secure_renegotiation = false;
}

static void cut_block(struct peer_message *m)
{
    m->len = hello_block(m);
}

static void empty_block(struct peer_message *m)
{
    cut_block(m);
    m->body[m->len++] = 0;
    m->body[m->len++] = 0;
}

static void say_no_block(struct scene *s)
{
    hello_say_body(s, cut_block);
    do_without_extensions(s);
}

static void say_empty_block(struct scene *s)
{
    hello_say_body(s, empty_block);
    do_without_extensions(s);
}

static bool refuse_no_block(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return wrong_hello(r, &hello) && hello.block.len == 0 &&
           wrong_alert(w, 50);
}

static void insist_on_extensions(struct wrong *w)
{
    w->hears = refuse_no_block;
}

static void turn_extensions(struct hello *hello)
{
    uint16_t types[HELLO_TYPES_MAX];
    size_t num = hello_types(hello, types);
    uint8_t copy[256];
    struct dtls_bytes data;

    for (size_t i = num; i-- > 0;) {
        if (hello_has(hello, types[i], &data) && data.len <= sizeof copy) {
            size_t len = data.len;

            memcpy(copy, data.data, len);
            hello_drop(hello, types[i]);
            hello_add(hello, types[i], copy, len);
        }
    }
}

static void offer_in_other_order(struct scene *s)
{
    hello_say(s, turn_extensions);
}

static bool refuse_late_groups(struct wrong *w, struct wrong_record *r)
{
    uint16_t types[HELLO_TYPES_MAX];
    struct hello hello;
    struct dtls_bytes data;

    return wrong_hello(r, &hello) && hello_types(&hello, types) > 1 &&
           types[0] == EXT_PAIRS && hello_has(&hello, EXT_GROUPS, &data) &&
           wrong_alert(w, 50);
}

static void insist_on_order_of_extensions(struct wrong *w)
{
    w->hears = refuse_late_groups;
}

/* ---- P-EXT-9, P-EXT-10: padding ---- */

static void offer_padding_of(struct scene *s, size_t len, uint8_t value)
{
    static uint8_t bytes[1000];
    struct hello answer;
    struct dtls_bytes data;

    memset(bytes, value, sizeof bytes);
    hello_say_with(s, EXT_PADDING, bytes, len);
    if (scene_await(s, DTLS_SERVER_HELLO, 1)) {
        hello_hear(s, &answer);
        scene_expect(s, !hello_has(&answer, EXT_PADDING, &data),
                     "padding comes back");
    }
}

static void offer_padding(struct scene *s)
{
    static const size_t lengths[] = {0, 1, 255, 1000};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (i != 0) {
            scene_again(s);
        }
        offer_padding_of(s, lengths[i], 0);
        scene_expect(s, scene_connects(s),
                     "no handshake with %zu bytes of padding", lengths[i]);
    }
}

static void offer_padding_of_ones(struct scene *s)
{
    offer_padding_of(s, 200, 0xff);
}

static bool refuse_to_speak(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_PADDING, &data) && data.len != 0 &&
           data.data[0] == 0xff && wrong_dies(w);
}

static void die_of_other_padding(struct wrong *w)
{
    w->hears = refuse_to_speak;
}

static bool note_padding(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_PADDING, NULL);
    }
    return false;
}

static void echo_padding(struct wrong *w)
{
    w->hears = note_padding;
    w->says = say_padding_back;
}

static void read_padding(struct scene *s)
{
    struct hello offer;
    struct dtls_bytes data = {0};
    bool is_zero = true;

    hello_hear(s, &offer);
    if (hello_has(&offer, EXT_PADDING, &data)) {
        for (size_t i = 0; i < data.len; i++) {
            is_zero = is_zero && data.data[i] == 0;
        }
    }
    scene_expect(s, is_zero, "padding that is not zero");
}

static void add_dirty_padding(struct hello *hello)
{
    hello_add(hello, EXT_PADDING, "\0\0\7", 3);
}

static bool say_dirty_padding(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, add_dirty_padding);
}

static void pad_with_sevens(struct wrong *w)
{
    w->says = say_dirty_padding;
}

/* ---- P-EXT-11: truncated_hmac ---- */

static void look_for_truncated_hmac(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data;

    if (s->peer.role == DTLS_CLIENT) {
        hello_say_with(s, EXT_TRUNCATED_HMAC, "", 0);
    }
    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, EXT_TRUNCATED_HMAC, &data),
                 "truncated_hmac");
}

static void add_truncated_hmac(struct hello *hello)
{
    hello_add(hello, EXT_TRUNCATED_HMAC, "", 0);
}

static bool say_truncated_hmac(struct wrong *w, struct peer_message *m)
{
    return (w->peer.role == DTLS_SERVER && w->num != 1) ||
           wrong_says_hello(w, m, add_truncated_hmac);
}

static bool note_truncated_hmac(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_TRUNCATED_HMAC, NULL);
    }
    return false;
}

static void like_truncated_hmac(struct wrong *w)
{
    w->hears = note_truncated_hmac;
    w->says = say_truncated_hmac;
}

static const struct check checks[] = {
    {.id = "P-EXT-1",
     .rows = "D5246-7.4.1.4-1 D5246-7.4.1.4-4",
     .suits = needs_no_extension,
     .play = offer_one_extension_each,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = answer_padding_unasked,
     .shows = "extension 21 comes unasked, or twice"},
    {.id = "P-EXT-3",
     .rows = "D8446-9.3-2",
     .play = offer_grease,
     .strict = "data",
     .wrong = know_every_group,
     .shows = "no handshake with 7a7a in lists"},
    {.id = "P-EXT-4.known",
     .rows = "D5246-7.4.1.4-4",
     .play = offer_groups_twice,
     .strict = "alert 50 | alert 47",
     .wrong = take_first_groups,
     .shows = "ServerHello"},
    {.id = "P-EXT-4.unknown",
     .rows = "D5246-7.4.1.4-4",
     .play = offer_unknown_twice,
     .strict = "alert 50 | alert 47",
     .tolerated = "data",
     .wrong = answer_twice_with_40,
     .shows = "alert 40"},
    {.id = "P-EXT-5.grease",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17 D8701-3.1-3",
     .play = answer_with_grease,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_grease,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5.truncated_hmac",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17",
     .play = answer_with_truncated_hmac,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_truncated_hmac,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5.heartbeat",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17",
     .play = answer_with_heartbeat,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_heartbeat,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5.srtp",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17 D5764-4.1.1-7",
     .play = answer_with_srtp,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_srtp,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5.pairs",
     .rows = "D5246-7.4.1.4.1-7",
     .play = answer_with_pairs,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_pairs,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-5.padding",
     .rows = "D5246-7.4.1.4-2 D5246-7.2.2-17",
     .play = answer_with_padding,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = read_over_padding,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-7.long",
     .rows = "D5246-7.4.1.2-12",
     .play = say_longer_block,
     .strict = "alert 50",
     .wrong = read_no_lengths,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-7.short",
     .rows = "D5246-7.4.1.2-12",
     .play = say_shorter_block,
     .strict = "alert 50",
     .wrong = read_no_lengths,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-7.entry",
     .rows = "D5246-7.4.1.4-7",
     .play = say_longer_entry,
     .strict = "alert 50",
     .wrong = read_no_lengths,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-7.trailing",
     .rows = "D5246-7.4.1.2-12",
     .play = say_two_bytes_more,
     .strict = "alert 50",
     .wrong = read_no_lengths,
     .shows = "ClientKeyExchange"},
    {.id = "P-EXT-8.none",
     .rows = "D7627-5.2-6 D5746-3.4-3",
     .play = say_no_block,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = insist_on_extensions,
     .shows = "alert 50"},
    {.id = "P-EXT-8.empty",
     .rows = "D7627-5.2-6 D5746-3.4-3",
     .play = say_empty_block,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = insist_on_extensions,
     .shows = "alert 50"},
    {.id = "P-HEL-3.none",
     .rows = "D5246-7.4.1.2-11",
     .suits = needs_no_extension,
     .play = say_no_block,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = insist_on_extensions,
     .shows = "alert 50"},
    {.id = "P-HEL-3.empty",
     .rows = "D5246-7.4.1.2-11",
     .suits = needs_no_extension,
     .play = say_empty_block,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = insist_on_extensions,
     .shows = "alert 50"},
    {.id = "P-HEL-3.order",
     .rows = "D5246-7.4.1.4-3",
     .play = offer_in_other_order,
     .strict = "data",
     .wrong = insist_on_order_of_extensions,
     .shows = "alert 50"},
    {.id = "P-EXT-9",
     .rows = "D5246-7.4.1.4-1 D5246-7.4.1.4-6 D7685-3-1 D7685-3-3",
     .play = offer_padding,
     .strict = "data",
     .wrong = echo_padding,
     .shows = "padding comes back"},
    {.id = "P-EXT-9.of_ones",
     .rows = "D7685-3-3",
     .play = offer_padding_of_ones,
     .strict = "data | alert 47",
     .wrong = die_of_other_padding,
     .shows = "dead"},
    {.id = "P-EXT-10",
     .rows = "D5246-7.4.1.4-3 D7685-3-2",
     .play = read_padding,
     .strict = "data",
     .wrong = pad_with_sevens,
     .shows = "padding that is not zero"},
    {.id = "P-EXT-11",
     .rows = "D9325-4.6-1 D7925-13-2",
     .suits = suite_is_cbc,
     .play = look_for_truncated_hmac,
     .strict = "data",
     .wrong = like_truncated_hmac,
     .shows = "truncated_hmac"},
};

CHECK_FILE(extension)
