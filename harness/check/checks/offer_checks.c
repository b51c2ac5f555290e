/* SPDX-License-Identifier: MIT */
/* What stands in a ClientHello whatever the server is, row by row.  A client
 * says it twice, because the peer asks for a cookie: what is looked at is the
 * second one. */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/checks/key_words.h"

#include <string.h>

enum {
    EXT_FORMATS = 11,
    EXT_ALPN = 16,
    EXT_SIZE_LIMIT = 28,
    EXT_CONNECTION_ID = 54,
    EXT_RRC = 61
};

#define LEAST_LIMIT 64
#define MOST_LIMIT 16384

static void hear_second_hello(struct scene *s, struct hello *out)
{
    s->cookies = 1;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 2);
    hello_hear(s, out);
}

/* The counterexamples change that hello alone. */
static bool change_second_hello(struct wrong *w, struct peer_message *m,
                                void (*change)(struct hello *hello))
{
    return w->peer.role != DTLS_CLIENT || m->type != DTLS_CLIENT_HELLO ||
           m->seq == 0 || wrong_says_hello(w, m, change);
}

/* ---- compression methods ---- */

static bool has_zero(struct dtls_bytes list)
{
    return list.len != 0 && memchr(list.data, 0, list.len) != NULL;
}

static void look_for_null(struct scene *s)
{
    struct hello hello;

    hear_second_hello(s, &hello);
    scene_expect(s, has_zero(hello.client.compression),
                 "compression methods without null");
}

static void list_deflate(struct hello *hello)
{
    hello->client.compression = dtls_bytes_of("\1", 1);
}

static bool say_deflate(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, list_deflate);
}

static void compress(struct wrong *w)
{
    w->says = say_deflate;
}

/* ---- point formats ---- */

static void look_for_uncompressed(struct scene *s)
{
    struct dtls_bytes data;
    struct dtls_bytes formats;
    struct hello hello;

    hear_second_hello(s, &hello);
    scene_expect(s,
                 !hello_has(&hello, EXT_FORMATS, &data) ||
                     (dtls_get_vec8(&data, &formats) && data.len == 0 &&
                      has_zero(formats)),
                 "point formats without uncompressed");
}

static void list_compressed(struct hello *hello)
{
    hello_drop(hello, EXT_FORMATS);
    hello_add(hello, EXT_FORMATS, "\1\1", 2);
}

static bool say_compressed(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, list_compressed);
}

static void compress_points(struct wrong *w)
{
    w->says = say_compressed;
}

/* ---- the signal of RFC 7507 ---- */

static void look_for_fallback(struct scene *s)
{
    struct hello hello;

    hear_second_hello(s, &hello);
    scene_expect(s,
                 !dtls_client_hello_offers(&hello.client, DTLS_SCSV_FALLBACK),
                 "TLS_FALLBACK_SCSV at the client's highest version");
}

static bool say_fallback(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, hello_signal_fallback);
}

static void fall_back(struct wrong *w)
{
    w->says = say_fallback;
}

/* ---- names of ALPN ---- */

static bool are_names(struct dtls_bytes data)
{
    struct dtls_bytes list;
    struct dtls_bytes name;

    if (!dtls_get_vec16(&data, &list) || data.len != 0 || list.len == 0) {
        return false;
    }
    while (list.len != 0) {
        if (!dtls_get_vec8(&list, &name) || name.len == 0) {
            return false;
        }
    }
    return true;
}

static void look_at_names(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hear_second_hello(s, &hello);
    scene_expect(s, !hello_has(&hello, EXT_ALPN, &data) || are_names(data),
                 "a list of protocols with an empty or cut name");
}

static void list_empty_name(struct hello *hello)
{
    hello_drop(hello, EXT_ALPN);
    hello_add(hello, EXT_ALPN, "\0\4\2h2\0", 6);
}

static bool say_empty_name(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, list_empty_name);
}

static void name_nothing(struct wrong *w)
{
    w->says = say_empty_name;
}

/* ---- record_size_limit ---- */

static void look_at_limit(struct scene *s)
{
    struct dtls_bytes data;
    uint16_t limit = 0;
    struct hello hello;

    hear_second_hello(s, &hello);
    if (hello_has(&hello, EXT_SIZE_LIMIT, &data)) {
        scene_expect(s, dtls_get_u16(&data, &limit) && data.len == 0,
                     "a record_size_limit of %zu bytes", data.len);
        scene_expect(s, limit >= LEAST_LIMIT && limit <= MOST_LIMIT,
                     "a record_size_limit of %u", limit);
    }
}

static void limit_to_63(struct hello *hello)
{
    hello_drop(hello, EXT_SIZE_LIMIT);
    hello_add(hello, EXT_SIZE_LIMIT, "\0\77", 2);
}

static bool say_63(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, limit_to_63);
}

static void limit_too_much(struct wrong *w)
{
    w->says = say_63;
}

/* ---- rrc ---- */

static void look_at_rrc(struct scene *s)
{
    struct dtls_bytes data = {0};
    struct dtls_bytes id;
    struct hello hello;
    bool has_rrc;

    hear_second_hello(s, &hello);
    has_rrc = hello_has(&hello, EXT_RRC, &data);
    scene_expect(s, data.len == 0, "rrc with %zu bytes", data.len);
    scene_expect(s, !has_rrc || hello_has(&hello, EXT_CONNECTION_ID, &id),
                 "rrc without connection_id");
}

static void drop_id(struct hello *hello)
{
    struct dtls_bytes data;

    hello_drop(hello, EXT_CONNECTION_ID);
    if (!hello_has(hello, EXT_RRC, &data)) {
        hello_add(hello, EXT_RRC, "", 0);
    }
}

static bool say_rrc_alone(struct wrong *w, struct peer_message *m)
{
    return change_second_hello(w, m, drop_id);
}

static void offer_rrc_alone(struct wrong *w)
{
    w->says = say_rrc_alone;
}

static const struct check checks[] = {
    {.id = "P-GEN-2.null",
     .rows = "D5246-7.4.1.2-9",
     .play = look_for_null,
     .strict = "data",
     .wrong = compress,
     .shows = "compression methods without null"},
    {.id = "P-GRP-1.formats",
     .rows = "D8422-5.1-1",
     .suits = suite_is_ecdhe,
     .play = look_for_uncompressed,
     .strict = "data",
     .wrong = compress_points,
     .shows = "point formats without uncompressed"},
    {.id = "P-VER-9.absent",
     .roles = CHECK_CLIENT,
     .rows = "D7507-4-2",
     .when = "role=client",
     .play = look_for_fallback,
     .strict = "data",
     .wrong = fall_back,
     .shows = "TLS_FALLBACK_SCSV at the client's highest version"},
    {.id = "P-GEN-2.names",
     .rows = "D7301-3.1-1",
     .play = look_at_names,
     .strict = "data",
     .wrong = name_nothing,
     .shows = "a list of protocols with an empty or cut name"},
    {.id = "P-GEN-2.limit",
     .rows = "D8449-4-4 D8449-4-10",
     .play = look_at_limit,
     .strict = "data",
     .wrong = limit_too_much,
     .shows = "a record_size_limit of 63"},
    {.id = "P-CID-1.rrc",
     .roles = CHECK_CLIENT,
     .rows = "D9853-3-1 D9853-3-2",
     .cids = true,
     .play = look_at_rrc,
     .strict = "data",
     .wrong = offer_rrc_alone,
     .shows = "rrc without connection_id"},
};

CHECK_FILE(offer)
