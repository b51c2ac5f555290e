/* SPDX-License-Identifier: MIT */
/* Keys for SRTP (RFC 5764): use_srtp, and media on the same port. */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <string.h>

#define USE_SRTP 14
#define PROFILES_MAX 8
#define UNKNOWN_PROFILE 0xfff0

/* ---- extensions ---- */

/* What a use_srtp says. */
struct use_srtp {
    uint16_t profiles[PROFILES_MAX];
    size_t num;
    struct dtls_bytes mki;
};

static bool read_srtp(struct use_srtp *out, struct dtls_bytes data)
{
    struct dtls_bytes list;

    *out = (struct use_srtp){0};
    if (!dtls_get_vec16(&data, &list) || !dtls_get_vec8(&data, &out->mki) ||
        data.len != 0) {
        return false;
    }
    while (out->num < PROFILES_MAX &&
           dtls_get_u16(&list, &out->profiles[out->num])) {
        out->num++;
    }
    return list.len == 0;
}

static bool has_profile(const struct use_srtp *srtp, uint16_t profile)
{
    for (size_t i = 0; i < srtp->num; i++) {
        if (srtp->profiles[i] == profile) {
            return true;
        }
    }
    return false;
}

static size_t put_srtp(uint8_t out[300], const uint16_t *profiles, size_t num,
                       size_t mki_len)
{
    size_t len = 0;

    out[len++] = 0;
    out[len++] = (uint8_t)(2 * num);
    for (size_t i = 0; i < num; i++) {
        out[len++] = (uint8_t)(profiles[i] >> 8);
        out[len++] = (uint8_t)profiles[i];
    }
    out[len++] = (uint8_t)mki_len;
    memset(out + len, 0x6d, mki_len);
    return len + mki_len;
}

/* Waits for the target's hello, and reads what it says; false: nothing. */
static bool hear_srtp(struct scene *s, struct use_srtp *out)
{
    static struct hello hello; /* `out` borrows from it */
    struct dtls_bytes data;

    hello_hear(s, &hello);
    if (!hello_has(&hello, USE_SRTP, &data)) {
        return false;
    }
    scene_expect(s, read_srtp(out, data), "a use_srtp that cannot be read");
    return true;
}

/* ---- P-SRT-1: one common profile ---- */

static const uint16_t all_profiles[] = {
    UNKNOWN_PROFILE,
    DTLS_SRTP_AES128_CM_HMAC_SHA1_32,
    DTLS_SRTP_AES128_CM_HMAC_SHA1_80,
    DTLS_SRTP_AEAD_AES_128_GCM,
    DTLS_SRTP_AEAD_AES_256_GCM,
};
#define NUM_PROFILES (sizeof all_profiles / sizeof *all_profiles)

/* Offers these profiles, of which the target must choose one. */
static void offer_profiles(struct scene *s, const uint16_t *profiles,
                           size_t num)
{
    uint8_t data[300];
    size_t len = put_srtp(data, profiles, num, 0);
    struct use_srtp offered;
    struct use_srtp answer = {0};
    bool answered;

    hello_say_with(s, USE_SRTP, data, len);
    answered = hear_srtp(s, &answer);
    scene_expect(s, answered, "no use_srtp in ServerHello");
    scene_expect(s, !answered || answer.num == 1,
                 "%zu profiles in ServerHello", answer.num);
    (void)read_srtp(&offered, dtls_bytes_of(data, len));
    scene_expect(s,
                 answer.num == 0 ||
                     (has_profile(&offered, answer.profiles[0]) &&
                      answer.profiles[0] != UNKNOWN_PROFILE),
                 "profile %04x chosen", answer.profiles[0]);
}

static void offer_profiles_to_server(struct scene *s)
{
    uint16_t reversed[NUM_PROFILES];

    for (size_t i = 0; i < NUM_PROFILES; i++) {
        reversed[i] = all_profiles[NUM_PROFILES - 1 - i];
    }
    offer_profiles(s, all_profiles, NUM_PROFILES);
    scene_connect(s);
    scene_again(s);
    offer_profiles(s, reversed, NUM_PROFILES);
}

/* Opens another association, in which the peer has these profiles. */
static void connect_with(struct scene *s, const uint16_t *profiles, size_t num)
{
    scene_again(s);
    s->peer.config.srtp_profiles = profiles;
    s->peer.config.num_srtp_profiles = num;
    scene_expect(s, scene_connects(s), "no connection with%s profile",
                 num == 0 ? "out a" : " its own");
}

/* A client offers some, and goes on with each of them that the lab knows, and
 * without any. */
static void take_each_profile(struct scene *s)
{
    static struct use_srtp offer;

    scene_expect(s, hear_srtp(s, &offer), "no use_srtp in ClientHello");
    scene_expect(s, offer.num != 0, "no profile in ClientHello");
    for (size_t i = 0; i < offer.num; i++) {
        if (dtls_srtp_find(offer.profiles[i]) != NULL) {
            connect_with(s, &offer.profiles[i], 1);
        }
    }
    connect_with(s, NULL, 0);
}

static void choose_profile(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        offer_profiles_to_server(s);
    } else {
        take_each_profile(s);
    }
}

static void offer_unknown(struct scene *s)
{
    static const uint16_t unknown[] = {UNKNOWN_PROFILE, UNKNOWN_PROFILE + 1};
    uint8_t data[300];
    struct use_srtp answer;

    hello_say_with(
        s, USE_SRTP, data,
        put_srtp(data, unknown, sizeof unknown / sizeof *unknown, 0));
    scene_expect(s, !hear_srtp(s, &answer),
                 "use_srtp in ServerHello without a common profile");
}

/* Has the ClientHello that comes, or came, an unknown profile? */
static bool has_unknown(struct dtls_bytes data, bool only)
{
    struct use_srtp srtp;

    return read_srtp(&srtp, data) && has_profile(&srtp, UNKNOWN_PROFILE) &&
           has_profile(&srtp, SUT_SRTP_PROFILE) != only;
}

static void answer_two(struct hello *hello)
{
    uint8_t data[300];
    size_t len = put_srtp(data, all_profiles + 1, 2, 0);

    hello_drop(hello, USE_SRTP);
    hello_add(hello, USE_SRTP, data, len);
}

static void answer_unknown(struct hello *hello)
{
    uint8_t data[300];
    size_t len = put_srtp(data, all_profiles, 1, 0);

    hello_drop(hello, USE_SRTP);
    hello_add(hello, USE_SRTP, data, len);
}

static bool say_two(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, answer_two);
}

static bool say_unknown(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, answer_unknown);
}

/* Of a server: it says all that it has in common.  Of a client: it goes on
 * only if a profile was agreed on. */
static bool note_profiles(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_CLIENT) {
        struct hello hello;

        return w->sut.setup.srtp && wrong_hello(r, &hello) &&
               !hello_has(&hello, USE_SRTP, &data) && wrong_alert(w, 40);
    }
    if (wrong_hello_has(r, USE_SRTP, &data) && has_unknown(data, false)) {
        w->says = say_two;
    }
    return false;
}

static void know_no_choice(struct wrong *w)
{
    w->hears = note_profiles;
}

static bool note_unknown(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER && wrong_hello_has(r, USE_SRTP, &data) &&
        has_unknown(data, true)) {
        w->says = say_unknown;
    }
    return false;
}

static void choose_unknown(struct wrong *w)
{
    w->hears = note_unknown;
}

/* ---- P-SRT-1: malformed ---- */

static void say_odd_list(struct scene *s)
{
    hello_is_refused_with(s, USE_SRTP, "\0\3\0\1\0\0", 6);
}

static void say_empty_list(struct scene *s)
{
    hello_is_refused_with(s, USE_SRTP, "\0\0\0", 3);
}

static void say_no_mki(struct scene *s)
{
    hello_is_refused_with(s, USE_SRTP, "\0\2\0\1", 4);
}

static void say_cut_mki(struct scene *s)
{
    hello_is_refused_with(s, USE_SRTP, "\0\2\0\1\3ab", 7);
}

static bool overlook_bad_srtp(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct use_srtp srtp;

    return wrong_hello_has(r, USE_SRTP, &data) &&
           (!read_srtp(&srtp, data) || srtp.num == 0) &&
           wrong_reads_without(w, r, USE_SRTP);
}

static void overlook_bad(struct wrong *w)
{
    w->hears = overlook_bad_srtp;
}

/* ---- P-SRT-2: MKI ---- */

static void offer_mki(struct scene *s, size_t mki_len)
{
    uint8_t data[300];
    size_t len = put_srtp(data, all_profiles, NUM_PROFILES, mki_len);
    struct use_srtp answer = {0};

    hello_say_with(s, USE_SRTP, data, len);
    scene_expect(s, hear_srtp(s, &answer), "no use_srtp in ServerHello");
    scene_expect(
        s,
        answer.mki.len == 0 ||
            dtls_bytes_equal(answer.mki,
                             dtls_bytes_of(data + len - mki_len, mki_len)),
        "another MKI of %zu bytes", answer.mki.len);
}

/* The peer's engine offers none itself, so it does not like one in the answer:
 * what counts is the ServerHello. */
static void offer_mkis(struct scene *s)
{
    static const size_t lengths[] = {1, 32, 255, 0};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (i != 0) {
            scene_again(s);
        }
        offer_mki(s, lengths[i]);
    }
}

static void answer_other_mki(struct hello *hello)
{
    struct dtls_bytes data;
    struct use_srtp srtp;
    uint8_t other[300];
    size_t len;

    if (hello_has(hello, USE_SRTP, &data) && read_srtp(&srtp, data)) {
        len = put_srtp(other, srtp.profiles, 1, 5);
        hello_drop(hello, USE_SRTP);
        hello_add(hello, USE_SRTP, other, len);
    }
}

static void say_other_mki(struct scene *s)
{
    scene_change_server_hello(s, answer_other_mki);
    hello_is_refused(s);
}

static bool say_changed_mki(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, answer_other_mki);
}

static bool note_mki(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct use_srtp srtp;

    (void)wrong_keeps_hello(w, r);
    if (wrong_hello_has(r, USE_SRTP, &data) && read_srtp(&srtp, data) &&
        srtp.mki.len != 0) {
        w->says = say_changed_mki;
    }
    return false;
}

static void answer_any_mki(struct wrong *w)
{
    w->hears = note_mki;
}

/* A client that goes on whatever the answer is. */
static bool overlook_answer(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct use_srtp srtp;

    return w->peer.role == DTLS_CLIENT &&
           wrong_hello_has(r, USE_SRTP, &data) && read_srtp(&srtp, data) &&
           (srtp.num != 1 || srtp.profiles[0] != SUT_SRTP_PROFILE ||
            srtp.mki.len != 0) &&
           wrong_reads_without(w, r, USE_SRTP);
}

static void overlook_answers(struct wrong *w)
{
    w->hears = overlook_answer;
}

/* ---- P-SRT-3: bad answers ---- */

static void say_not_offered(struct scene *s)
{
    scene_change_server_hello(s, answer_unknown);
    hello_is_refused(s);
}

static void say_two_profiles(struct scene *s)
{
    scene_change_server_hello(s, answer_two);
    hello_is_refused(s);
}

/* ---- P-SRT-4: media on the same port ---- */

/* Datagrams that belong to other protocols, by their first byte (RFC 7983),
 * and 20 to 63 that are no records. */
static void say_media(struct scene *s)
{
    static const uint8_t firsts[] = {0,  1,  2,  3,   16,  17,  18, 19,
                                     20, 24, 63, 128, 144, 191, 192};
    uint8_t datagram[60];
    unsigned before;

    scene_connect(s);
    before = s->heard.num_datagrams;
    for (size_t i = 0; i < sizeof firsts; i++) {
        memset(datagram, 0x5a, sizeof datagram);
        datagram[0] = firsts[i];
        scene_say_bytes(s, dtls_bytes_of(datagram, sizeof datagram));
    }
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams == before,
                 "an answer to what is not DTLS");
}

static bool answer_media(struct wrong *w, struct dtls_span datagram)
{
    return datagram.len != 0 && datagram.data[0] >= 128 &&
           datagram.data[0] < 192 && wrong_alert(w, 10);
}

static void take_media_for_records(struct wrong *w)
{
    w->gets = answer_media;
}

static const struct check checks[] = {
    {.id = "P-SRT-1",
     .rows = "D5764-4.1-1 D5764-4.1.1-1 D5764-4.1.1-2 D5764-4.1.1-6",
     .srtp = true,
     .play = choose_profile,
     .strict = "data",
     .wrong = know_no_choice,
     .shows = "2 profiles in ServerHello | no connection without a profile"},
    {.id = "P-SRT-1.none",
     .roles = CHECK_SERVER,
     .rows = "D5764-4.1.1-2 D5764-4.1.1-3",
     .srtp = true,
     .play = offer_unknown,
     .strict = "data",
     .wrong = choose_unknown,
     .shows = "use_srtp in ServerHello without a common profile"},
    {.id = "P-SRT-1.odd",
     .roles = CHECK_SERVER,
     .rows = "D5764-4.1.1-5",
     .srtp = true,
     .play = say_odd_list,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad,
     .shows = "ServerHello"},
    {.id = "P-SRT-1.empty",
     .roles = CHECK_SERVER,
     .rows = "D5764-4.1.1-5",
     .srtp = true,
     .play = say_empty_list,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad,
     .shows = "ServerHello"},
    {.id = "P-SRT-1.missing",
     .rows = "D5764-4.1.1-5",
     .srtp = true,
     .play = say_no_mki,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad,
     .shows = "ServerHello | ClientKeyExchange"},
    {.id = "P-SRT-1.cut",
     .rows = "D5764-4.1.1-5",
     .srtp = true,
     .play = say_cut_mki,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad,
     .shows = "ServerHello | ClientKeyExchange"},
    {.id = "P-SRT-2",
     .roles = CHECK_SERVER,
     .rows = "D5764-4.1.3-1",
     .srtp = true,
     .play = offer_mkis,
     .strict = "data",
     .wrong = answer_any_mki,
     .shows = "another MKI of 5 bytes"},
    {.id = "P-SRT-2.other",
     .roles = CHECK_CLIENT,
     .rows = "D5764-4.1.3-2",
     .srtp = true,
     .play = say_other_mki,
     .strict = "alert 47",
     .tolerated = "alert 50",
     .wrong = overlook_answers,
     .shows = "ClientKeyExchange"},
    {.id = "P-SRT-3.unknown",
     .rows = "D5764-4.1.1-4",
     .srtp = true,
     .play = say_not_offered,
     .strict = "alert 47",
     .wrong = overlook_answers,
     .shows = "ClientKeyExchange"},
    {.id = "P-SRT-3.two",
     .rows = "D5764-4.1.1-4",
     .srtp = true,
     .play = say_two_profiles,
     .strict = "alert 47",
     .tolerated = "alert 50",
     .wrong = overlook_answers,
     .shows = "ClientKeyExchange"},
    {.id = "P-SRT-4",
     .rows = "D5764-5.1.2-1 D5764-4.1-3",
     .srtp = true,
     .play = say_media,
     .strict = "data",
     .wrong = take_media_for_records,
     .shows = "an answer to what is not DTLS"},
};

CHECK_FILE(srtp)
