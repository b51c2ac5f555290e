/* SPDX-License-Identifier: MIT */
/* Versions and their signals (RFC 6347, RFC 8996, RFC 7507, RFC 8446). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <string.h>

#define EXT_VERSIONS 43

static uint16_t version; /* that set_version puts in */

static void set_version(struct hello *hello)
{
    hello->client.version = version;
}

static void set_server_version(struct hello *hello)
{
    hello->server.version = version;
}

static void offer_version(struct scene *s, uint16_t value)
{
    version = value;
    hello_say(s, set_version);
}

static void offer_refused_version(struct scene *s, uint16_t value)
{
    offer_version(s, value);
    hello_is_refused(s);
}

static void choose_version(struct scene *s, uint16_t value)
{
    version = value;
    hello_say(s, set_server_version);
    hello_is_refused(s);
}

/* ---- P-VER-1: 1.2 and newer ---- */

static void offer_1_3(struct scene *s)
{
    offer_version(s, 0xfefc);
}

static void offer_fe00(struct scene *s)
{
    offer_version(s, 0xfe00);
}

static void offer_fdff(struct scene *s)
{
    offer_version(s, 0xfdff);
}

static void offer_0000(struct scene *s)
{
    offer_version(s, 0x0000);
}

static bool refuse_new_version(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || !wrong_hello(r, &hello)) {
        return false;
    }
    switch (hello.client.version) {
    case 0xfefc:
    case 0xfe00:
        return wrong_alert(w, 70);
    case 0xfdff:
    case 0x0000:
        return wrong_alert(w, 40);
    default:
        return false;
    }
}

static void know_no_newer_version(struct wrong *w)
{
    w->hears = refuse_new_version;
}

/* ---- P-VER-2: older ones, and those that are none ---- */

static void offer_1_0(struct scene *s)
{
    offer_refused_version(s, 0xfeff);
}

static void offer_tls_1_0(struct scene *s)
{
    offer_refused_version(s, 0x0301);
}

static void offer_ssl_3(struct scene *s)
{
    offer_refused_version(s, 0x0300);
}

static void offer_ssl_2(struct scene *s)
{
    offer_refused_version(s, 0x0200);
}

static void offer_ffff(struct scene *s)
{
    offer_refused_version(s, 0xffff);
}

/* Reads 1.2 in place of any other version in a hello. */
static bool read_as_1_2(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (r->wire.epoch == 0 && wrong_fragment(r, &f) && f.offset == 0 &&
        f.body.len > 2 &&
        f.type == (w->peer.role == DTLS_SERVER ? DTLS_CLIENT_HELLO
                                               : DTLS_SERVER_HELLO)) {
        *wrong_at(r, f.body.data) = 0xfe;
        *wrong_at(r, f.body.data + 1) = 0xfd;
    }
    return false;
}

static void take_every_version(struct wrong *w)
{
    w->hears = read_as_1_2;
}

/* ---- P-VER-3: what a client offers ---- */

static void read_version(struct scene *s)
{
    struct hello offer;

    hello_hear(s, &offer);
    scene_expect(s, offer.client.version == DTLS_VERSION_1_2,
                 "client_version %04x", offer.client.version);
}

/* What failed with one version is not tried with a lower one. */
static void refuse_and_read_again(struct scene *s)
{
    struct hello offer;

    s->deaf = true;
    hello_hear(s, &offer);
    scene_say_record(s, 0, DTLS_ALERT,
                     (struct dtls_bytes){(const uint8_t *)"\2\x46", 2});
    scene_pause(s);
    scene_again(s);
    read_version(s);
}

static bool is_refused; /* the wrong client's last association, by alert 70 */

static void offer_1_0_now(struct hello *hello)
{
    hello->client.version = DTLS_VERSION_1_0;
}

static bool say_lower(struct wrong *w, struct peer_message *m)
{
    return w->peer.role == DTLS_SERVER || w->num == 0 ||
           wrong_says_hello(w, m, offer_1_0_now);
}

static bool note_refusal(struct wrong *w, struct wrong_record *r)
{
    if (w->peer.role == DTLS_CLIENT && r->wire.type == DTLS_ALERT &&
        r->plain.len == 2 && r->plain.data[1] == 70) {
        is_refused = true;
    }
    return false;
}

static void try_lower(struct wrong *w)
{
    w->hears = note_refusal;
    w->says = say_lower;
    w->num = is_refused;
    is_refused = false;
}

static void offer_newer(struct hello *hello)
{
    hello->client.version = 0xfefc;
}

static bool say_newer(struct wrong *w, struct peer_message *m)
{
    w->peer.session.hs.client_version = 0xfefc;
    return wrong_says_hello(w, m, offer_newer);
}

static void offer_too_much(struct wrong *w)
{
    w->says = say_newer;
}

/* ---- P-VER-4, P-VER-5: what a client refuses ---- */

static void choose_1_0(struct scene *s)
{
    choose_version(s, 0xfeff);
}

static void choose_1_3(struct scene *s)
{
    choose_version(s, 0xfefc);
}

static void choose_0000(struct scene *s)
{
    choose_version(s, 0x0000);
}

static void choose_ffff(struct scene *s)
{
    choose_version(s, 0xffff);
}

static void choose_0a0a(struct scene *s)
{
    choose_version(s, 0x0a0a);
}

static void choose_7a7a(struct scene *s)
{
    choose_version(s, 0x7a7a);
}

static void choose_fafa(struct scene *s)
{
    choose_version(s, 0xfafa);
}

/* ---- P-VER-6: supported_versions ---- */

static void offer_list_of_versions(struct scene *s)
{
    struct hello answer;
    struct dtls_bytes data;

    hello_say_with(s, EXT_VERSIONS, "\6\xfe\xfc\x0a\x0a\xfe\xfd", 7);
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    hello_hear(s, &answer);
    scene_expect(s, !hello_has(&answer, EXT_VERSIONS, &data),
                 "supported_versions comes back");
}

static bool refuse_list_of_versions(struct wrong *w, struct wrong_record *r)
{
    return wrong_hello_has(r, EXT_VERSIONS, NULL) && wrong_alert(w, 70);
}

static void believe_first_version(struct wrong *w)
{
    w->hears = refuse_list_of_versions;
}

/* ---- P-VER-8: the mark of a downgrade, for a client of 1.2 ---- */

static const uint8_t mark[8] = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 1};

static enum dtls_status random_with_mark(void *self, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(0x23 + 7 * i);
    }
    if (len == DTLS_RANDOM_LEN) {
        memcpy(out + len - sizeof mark, mark, sizeof mark);
    }
    (void)self;
    return DTLS_OK;
}

static void mark_downgrade(struct scene *s)
{
    s->peer.crypto.random = random_with_mark;
}

static bool refuse_mark(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_CLIENT && wrong_hello(r, &hello) &&
           memcmp(hello.server.random.data + DTLS_RANDOM_LEN - sizeof mark,
                  mark, sizeof mark) == 0 &&
           wrong_alert(w, 47);
}

static void obey_mark(struct wrong *w)
{
    w->hears = refuse_mark;
}

/* ---- P-VER-9: the signal of a fallback ---- */

static void signal_with_1_0(struct hello *hello)
{
    hello->client.version = 0xfeff;
    hello_signal_fallback(hello);
}

static void offer_signal(struct scene *s)
{
    hello_say(s, hello_signal_fallback);
}

static void offer_signal_with_1_0(struct scene *s)
{
    hello_say(s, signal_with_1_0);
    hello_is_refused(s);
}

static bool refuse_signal(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return wrong_hello(r, &hello) && w->peer.role == DTLS_SERVER &&
           hello.client.version == DTLS_VERSION_1_2 &&
           dtls_client_hello_offers(&hello.client, DTLS_SCSV_FALLBACK) &&
           wrong_alert(w, 86);
}

static void refuse_every_signal(struct wrong *w)
{
    w->hears = refuse_signal;
}

static const struct check checks[] = {
    {.id = "P-VER-1.1_3",
     .rows = "D5246-7.4.1.3-1 D5246-E.1-2",
     .play = offer_1_3,
     .strict = "data",
     .wrong = know_no_newer_version,
     .shows = "alert 70"},
    {.id = "P-VER-1.fe00",
     .rows = "D5246-7.4.1.3-1 D5246-E.1-2",
     .play = offer_fe00,
     .strict = "data",
     .wrong = know_no_newer_version,
     .shows = "alert 70"},
    {.id = "P-VER-1.fdff",
     .rows = "D5246-7.4.1.3-1 D5246-E.1-2",
     .play = offer_fdff,
     .strict = "data",
     .tolerated = "alert 70",
     .wrong = know_no_newer_version,
     .shows = "alert 40"},
    {.id = "P-VER-1.0000",
     .rows = "D5246-7.4.1.3-1 D5246-E.1-2",
     .play = offer_0000,
     .strict = "data",
     .tolerated = "alert 70",
     .wrong = know_no_newer_version,
     .shows = "alert 40"},
    {.id = "P-VER-2.1_0",
     .rows = "D8996-6-1 D8996-5-1 D9325-3.1.2-1 D5246-7.2.2-14 "
             "D7925-18-3",
     .play = offer_1_0,
     .strict = "alert 70 | silence",
     .wrong = take_every_version,
     .shows = "ServerHello"},
    {.id = "P-VER-2.tls_1_0",
     .rows = "D5246-E.1-3 D5246-7.2.2-14",
     .play = offer_tls_1_0,
     .strict = "alert 70 | silence",
     .wrong = take_every_version,
     .shows = "ServerHello"},
    {.id = "P-VER-2.ssl_3",
     .rows = "D5246-E.1-3 D5246-7.2.2-14",
     .play = offer_ssl_3,
     .strict = "alert 70 | silence",
     .wrong = take_every_version,
     .shows = "ServerHello"},
    {.id = "P-VER-2.ssl_2",
     .rows = "D5246-E.1-3 D5246-7.2.2-14",
     .play = offer_ssl_2,
     .strict = "alert 70 | silence",
     .wrong = take_every_version,
     .shows = "ServerHello"},
    {.id = "P-VER-2.ffff",
     .rows = "D5246-E.1-3 D5246-7.2.2-14",
     .play = offer_ffff,
     .strict = "alert 70 | silence",
     .wrong = take_every_version,
     .shows = "ServerHello"},
    {.id = "P-VER-3",
     .rows = "D8996-5-2 D7925-18-1",
     .play = read_version,
     .strict = "data",
     .wrong = offer_too_much,
     .shows = "client_version fefc"},
    {.id = "P-VER-3.again",
     .rows = "D7925-18-2 D9325-3.1.3-1",
     .play = refuse_and_read_again,
     .strict = "data",
     .wrong = try_lower,
     .shows = "client_version feff"},
    {.id = "P-VER-4.1_0",
     .rows = "D5246-7.4.1.3-9 D5246-E.1-1",
     .play = choose_1_0,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-4.1_3",
     .rows = "D5246-7.4.1.3-9 D5246-E.1-1",
     .play = choose_1_3,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-4.0000",
     .rows = "D5246-7.4.1.3-9 D5246-E.1-1",
     .play = choose_0000,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-4.ffff",
     .rows = "D5246-7.4.1.3-9 D5246-E.1-1",
     .play = choose_ffff,
     .strict = "alert 70",
     .tolerated = "alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-5.0a0a",
     .rows = "D5246-7.4.1.3-9 D8701-3.1-1",
     .play = choose_0a0a,
     .strict = "alert 70 | alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-5.7a7a",
     .rows = "D5246-7.4.1.3-9 D8701-3.1-1",
     .play = choose_7a7a,
     .strict = "alert 70 | alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-5.fafa",
     .rows = "D5246-7.4.1.3-9 D8701-3.1-1",
     .play = choose_fafa,
     .strict = "alert 70 | alert 47",
     .wrong = take_every_version,
     .shows = "ClientKeyExchange"},
    {.id = "P-VER-6",
     .rows = "D9147-5.3-1",
     .play = offer_list_of_versions,
     .strict = "data",
     .wrong = believe_first_version,
     .shows = "alert 70"},
    {.id = "P-VER-8",
     .rows = "D8446-4.1.3-5",
     .play = mark_downgrade,
     .strict = "data",
     .wrong = obey_mark,
     .shows = "alert 47"},
    {.id = "P-VER-9.current",
     .rows = "D7507-3-2 D7507-3-3",
     .play = offer_signal,
     .strict = "data",
     .wrong = refuse_every_signal,
     .shows = "alert 86"},
    {.id = "P-VER-9.lower",
     .rows = "D7507-3-1",
     .play = offer_signal_with_1_0,
     .strict = "alert 86 | alert 70",
     .wrong = take_every_version,
     .shows = "ServerHello"},
};

CHECK_FILE(version)
