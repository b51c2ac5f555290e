/* SPDX-License-Identifier: MIT */
/* Profiles that a target may claim, row by row: RFC 7925 (IoT) and RFC 9325
 * (BCP 195).  What needs a whole server, suite by suite, is for
 * probe/profiles.h. */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"
#include "check/flight_changes.h"

#include <assert.h>
#include <string.h>

enum {
    EXT_NAME = 0,
    EXT_FRAGMENTS = 1,
    EXT_GROUPS = 10,
    EXT_PAIRS = 13,
    EXT_ETM = 22,
    EXT_EMS = 23,
    EXT_TICKET = 35,
    EXT_RENEGOTIATION = 0xff01
};

/* ---- an extension that must be there ---- */

static bool offers_signal(const struct hello *hello)
{
    return dtls_client_hello_offers(&hello->client, DTLS_SCSV_RENEGOTIATION);
}

static void expect_extension(struct scene *s, uint16_t type)
{
    struct hello hello;
    struct dtls_bytes data;

    if (s->peer.role == DTLS_CLIENT) {
        (void)flight_say_hellos(s);
    }
    hello_hear(s, &hello);
    scene_expect(s,
                 hello_has(&hello, type, &data) ||
                     (type == EXT_RENEGOTIATION &&
                      s->peer.role == DTLS_SERVER && offers_signal(&hello)),
                 "no extension %u", type);
}

static void expect_signal(struct scene *s)
{
    expect_extension(s, EXT_RENEGOTIATION);
}

static void expect_ems(struct scene *s)
{
    expect_extension(s, EXT_EMS);
}

static void expect_name(struct scene *s)
{
    expect_extension(s, EXT_NAME);
}

static void expect_fragments(struct scene *s)
{
    expect_extension(s, EXT_FRAGMENTS);
}

static void expect_ticket(struct scene *s)
{
    expect_extension(s, EXT_TICKET);
}

static void drop_signal(struct hello *hello)
{
    hello_drop(hello, EXT_RENEGOTIATION);
}

static void drop_both_signals(struct hello *hello)
{
    static uint8_t suites[64];
    struct dtls_buf out = {suites, 0, sizeof suites};
    struct dtls_bytes own = hello->client.suites;
    uint16_t suite;

    drop_signal(hello);
    while (dtls_get_u16(&own, &suite)) {
        assert(suite == DTLS_SCSV_RENEGOTIATION || dtls_put_u16(&out, suite));
    }
    hello->client.suites = dtls_buf_bytes(&out);
}

static void drop_ems(struct hello *hello)
{
    hello_drop(hello, EXT_EMS);
}

static bool say_no_signal(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(
        w, m, w->peer.role == DTLS_CLIENT ? drop_both_signals : drop_signal);
}

static bool say_no_ems(struct wrong *w, struct peer_message *m)
{
    if (m->type == DTLS_SERVER_HELLO) {
        w->peer.session.hs.extended_master_secret = false;
    }
    return wrong_says_hello(w, m, drop_ems);
}

static void know_no_signal(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_no_signal;
}

static void know_no_ems(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_no_ems;
}

static void drop_name(struct hello *hello)
{
    hello_drop(hello, EXT_NAME);
}

static bool say_no_name(struct wrong *w, struct peer_message *m)
{
    return w->peer.role == DTLS_SERVER || wrong_says_hello(w, m, drop_name);
}

static void say_no_names(struct wrong *w)
{
    w->says = say_no_name;
}

static void ask_for_no_ticket(struct wrong *w)
{
    w->peer.config.resume = NULL;
}

static void offer_nothing(struct wrong *w)
{
    (void)w; /* as it does */
}

/* ---- suites that must not be spoken ---- */

/* Static RSA, static (EC)DH, DHE, CBC; each list ends with 0. */
static const uint16_t static_rsa[] = {0x009c, 0x002f, 0x0035, 0x003c, 0x003d,
                                      0x009d, 0xc09c, 0xc0a0, 0};
static const uint16_t static_dh[] = {0xc02d, 0xc004, 0xc005, 0xc025, 0xc02e,
                                     0x0031, 0x0037, 0x003f, 0};
static const uint16_t dhe[] = {0x009e, 0x009f, 0x0033, 0x0039,
                               0x0067, 0x006b, 0xccaa, 0};
static const uint16_t cbc[] = {0xc023, 0xc024, 0xc027, 0xc009, 0xc00a,
                               0xc013, 0xc014, 0x003c, 0x002f, 0x00ae,
                               0xc037, 0x008c, 0};

static void put_suites(struct hello *hello, const uint16_t *list)
{
    static uint8_t suites[64];
    struct dtls_buf out = {suites, 0, sizeof suites};

    for (const uint16_t *at = list; *at != 0; at++) {
        assert(dtls_put_u16(&out, *at));
    }
    hello->client.suites = dtls_buf_bytes(&out);
}

static const uint16_t *listed; /* what the peer's hello offers */

static void offer_list(struct hello *hello)
{
    put_suites(hello, listed);
}

static void expect_none_of(struct scene *s, const uint16_t *list)
{
    struct hello hello;

    listed = list;
    if (s->peer.role == DTLS_CLIENT) {
        s->hopes = false;
        scene_change_hellos(s, offer_list);
        scene_expect(s, !scene_await(s, DTLS_SERVER_HELLO, 1), "ServerHello");
        return;
    }
    hello_hear(s, &hello);
    for (const uint16_t *at = list; *at != 0; at++) {
        scene_expect(s, !dtls_client_hello_offers(&hello.client, *at),
                     "suite %04x offered", *at);
    }
}

static void expect_no_static_rsa(struct scene *s)
{
    expect_none_of(s, static_rsa);
}

static void expect_no_static_dh(struct scene *s)
{
    expect_none_of(s, static_dh);
}

static void expect_no_dhe(struct scene *s)
{
    expect_none_of(s, dhe);
}

static void expect_no_cbc(struct scene *s)
{
    expect_none_of(s, cbc);
}

static const uint16_t *beside; /* a suite that a wrong client offers, too */

static void add_suite(struct hello *hello)
{
    static uint8_t suites[66];
    struct dtls_buf out = {suites, 0, sizeof suites};

    assert(dtls_put_bytes(&out, hello->client.suites) &&
           dtls_put_u16(&out, *beside));
    hello->client.suites = dtls_buf_bytes(&out);
}

static bool say_suite_beside(struct wrong *w, struct peer_message *m)
{
    return w->peer.role == DTLS_SERVER || m->type != DTLS_CLIENT_HELLO ||
           wrong_says_hello(w, m, add_suite);
}

/* A server takes a hello for one that offers its own suite. */
static bool read_own_suite(struct wrong *w, struct wrong_record *r)
{
    const uint16_t own[2] = {w->sut.setup.suite->id, 0};
    struct hello hello;

    if (w->peer.role == DTLS_CLIENT || !wrong_hello(r, &hello) ||
        !dtls_client_hello_offers(&hello.client, *beside) ||
        dtls_client_hello_offers(&hello.client, own[0])) {
        return false;
    }
    put_suites(&hello, own);
    return wrong_reads_hello(w, r, &hello);
}

static void speak(struct wrong *w, const uint16_t *suite)
{
    beside = suite;
    w->hears = read_own_suite;
    w->says = say_suite_beside;
}

static void speak_static_rsa(struct wrong *w)
{
    speak(w, static_rsa);
}

static void speak_static_dh(struct wrong *w)
{
    speak(w, static_dh);
}

static void speak_dhe(struct wrong *w)
{
    speak(w, dhe);
}

static void speak_cbc(struct wrong *w)
{
    speak(w, cbc);
}

/* ---- the order of suites ---- */

static bool has_secrecy(uint16_t id)
{
    const struct dtls_suite *suite = dtls_suite_find(id);

    return (suite != NULL && (suite->kx == DTLS_KX_ECDHE_ECDSA ||
                              suite->kx == DTLS_KX_ECDHE_RSA ||
                              suite->kx == DTLS_KX_ECDHE_PSK)) ||
           key_has(dhe, sizeof dhe / sizeof *dhe - 1, id);
}

static void put_static_first(struct hello *hello)
{
    static uint8_t suites[66];
    struct dtls_buf out = {suites, 0, sizeof suites};

    assert(dtls_put_u16(&out, 0x009c) &&
           dtls_put_bytes(&out, hello->client.suites));
    hello->client.suites = dtls_buf_bytes(&out);
}

static void expect_secrecy_first(struct scene *s)
{
    struct dtls_bytes suites;
    struct hello hello;
    uint16_t first = 0;

    if (s->peer.role == DTLS_CLIENT) {
        scene_change_hellos(s, put_static_first);
        hello_hear(s, &hello);
        first = hello.server.suite;
    } else {
        hello_hear(s, &hello);
        suites = hello.client.suites;
        (void)!dtls_get_u16(&suites, &first);
    }
    scene_expect(s, has_secrecy(first), "suite %04x first", first);
}

static void choose_static(struct hello *hello)
{
    hello->server.suite = 0x009c;
}

static bool prefer_static_suite(struct wrong *w, struct peer_message *m)
{
    if (w->peer.role == DTLS_CLIENT) {
        return m->type != DTLS_CLIENT_HELLO ||
               wrong_says_hello(w, m, put_static_first);
    }
    return w->num == 0 || wrong_says_hello(w, m, choose_static);
}

static bool note_static_suite(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (w->peer.role == DTLS_SERVER && wrong_hello(r, &hello)) {
        w->num = dtls_client_hello_offers(&hello.client, 0x009c);
    }
    return wrong_keeps_hello(w, r);
}

static void prefer_static(struct wrong *w)
{
    w->hears = note_static_suite;
    w->says = prefer_static_suite;
}

static void expect_recommended(struct scene *s)
{
    static const uint16_t recommended[] = {0xc02b, 0xc02c, 0xc02f, 0xc030};
    struct hello hello;

    hello_hear(s, &hello);
    for (size_t i = 0; i < sizeof recommended / sizeof *recommended; i++) {
        scene_expect(s,
                     dtls_client_hello_offers(&hello.client, recommended[i]),
                     "suite %04x not offered", recommended[i]);
    }
}

/* ---- groups and pairs ---- */

static bool suite_is_rsa_ecdhe(const struct dtls_suite *suite)
{
    return suite_is_ecdhe(suite) && suite_signs_rsa(suite);
}

static void expect_groups(struct scene *s)
{
    static const uint16_t wanted[] = {23, 29};
    uint16_t own[HELLO_TYPES_MAX];
    struct dtls_bytes data = {0};
    struct hello hello;
    size_t num = 0;

    if (s->peer.role == DTLS_SERVER) {
        hello_hear(s, &hello);
        num = hello_has(&hello, EXT_GROUPS, &data) ? hello_numbers(data, own)
                                                   : 0;
    }
    for (size_t i = 0; i < 2; i++) {
        if (s->peer.role == DTLS_CLIENT) {
            scene_again(s);
            s->peer.config.groups = &wanted[i];
            s->peer.config.num_groups = 1;
            scene_expect(s, scene_connects(s), "no handshake with group %u",
                         wanted[i]);
        } else {
            scene_expect(s, key_has(own, num, wanted[i]),
                         "group %u not offered", wanted[i]);
        }
    }
}

static void know_one_group(struct wrong *w)
{
    static const uint16_t groups[] = {23};

    w->peer.config.groups = groups;
    w->peer.config.num_groups = 1;
}

/* The second byte of a pair that is one of TLS 1.2 is its key's, the first its
 * hash's: 2 is SHA-1, 4 SHA-256; 8 begins others. */
static size_t offered_pairs(struct scene *s, uint16_t out[HELLO_TYPES_MAX])
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    return hello_has(&hello, EXT_PAIRS, &data) ? hello_numbers(data, out) : 0;
}

static void expect_no_sha1(struct scene *s)
{
    uint16_t pairs[HELLO_TYPES_MAX];
    size_t num = offered_pairs(s, pairs);

    for (size_t i = 0; i < num; i++) {
        scene_expect(s, pairs[i] >> 8 != 1 && pairs[i] >> 8 != 2,
                     "pair %04x offered", pairs[i]);
    }
}

static void expect_sha256(struct scene *s)
{
    uint16_t pairs[HELLO_TYPES_MAX];
    size_t num = offered_pairs(s, pairs);
    bool has = false;

    for (size_t i = 0; i < num; i++) {
        has |= pairs[i] >> 8 == 4 || pairs[i] == 0x0804 || pairs[i] == 0x0809;
    }
    scene_expect(s, has, "no pair with SHA-256");
}

static void expect_ecdsa_sha256(struct scene *s)
{
    uint16_t pairs[HELLO_TYPES_MAX];

    scene_expect(s, key_has(pairs, offered_pairs(s, pairs), 0x0403),
                 "pair 0403 not offered");
}

static void offer_no_sha256(struct hello *hello)
{
    static const uint8_t pairs[] = {0, 12, 2, 1, 5, 3, 6, 3, 5, 1, 6, 1, 8, 5};

    hello_drop(hello, EXT_PAIRS);
    hello_add(hello, EXT_PAIRS, pairs, sizeof pairs);
}

static bool say_no_sha256(struct wrong *w, struct peer_message *m)
{
    return w->peer.role == DTLS_SERVER || m->type != DTLS_CLIENT_HELLO ||
           wrong_says_hello(w, m, offer_no_sha256);
}

static void know_no_sha256(struct wrong *w)
{
    w->says = say_no_sha256;
}

/* ---- CBC without encrypt-then-MAC ---- */

static void offer_no_etm(struct scene *s)
{
    hello_say_without(s, EXT_ETM);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello");
}

/* ---- pre-shared keys ---- */

/* The peer has another key. */
static void use_other_key(struct scene *s)
{
    static const uint8_t key[16] = "another key here";

    s->psk.key = dtls_bytes_of(key, sizeof key);
    s->hopes = false;
    (void)scene_connects(s);
}

static bool blame_certificate(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch == 1 && !r->opened &&
           w->sut.state == SUT_HANDSHAKING && wrong_alert(w, 42);
}

static void blame_certificates(struct wrong *w)
{
    w->hears = blame_certificate;
}

static void ask_for_cookie(struct scene *s)
{
    s->cookies = 1;
}

static bool refuse_cookie(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_HELLO_VERIFY_REQUEST, &f) &&
           wrong_alert(w, 10);
}

static void refuse_cookies(struct wrong *w)
{
    w->hears = refuse_cookie;
}

/* ---- compression ---- */

static void expect_no_compression(struct scene *s)
{
    struct hello hello;

    hello_hear(s, &hello);
    scene_expect(s,
                 hello.client.compression.len == 1 &&
                     hello.client.compression.data[0] == 0,
                 "compression offered");
}

static void compress(struct hello *hello)
{
    static const uint8_t methods[] = {0, 1};

    hello->client.compression = dtls_bytes_of(methods, sizeof methods);
}

static bool say_compression(struct wrong *w, struct peer_message *m)
{
    return w->peer.role == DTLS_SERVER || wrong_says_hello(w, m, compress);
}

static void offer_compression(struct wrong *w)
{
    w->says = say_compression;
}

#define CLAIMS_BCP195 "[ics]\nprofile = bcp195\n"
#define CLAIMS_IOT "[ics]\nprofile = iot\n"

static const struct check checks[] = {
    {.id = "P-PRF-6.signal",
     .rows = "D9325-3.5-1 D9325-3.5-2",
     .play = expect_signal,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = know_no_signal,
     .shows = "no extension 65281"},
    {.id = "P-PRF-6.ems",
     .rows = "D9325-3.5-4",
     .play = expect_ems,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = know_no_ems,
     .shows = "no extension 23"},
    {.id = "P-PRF-6.suites",
     .roles = CHECK_CLIENT,
     .rows = "D9325-4.2-1",
     .play = expect_recommended,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = offer_nothing,
     .shows = "suite * not offered"},
    {.id = "P-PRF-6.static_rsa",
     .rows = "D9325-4.1-5",
     .play = expect_no_static_rsa,
     .strict = "data | alert 40 | alert 71",
     .claims = CLAIMS_BCP195,
     .wrong = speak_static_rsa,
     .shows = "suite 009c offered | ServerHello"},
    {.id = "P-PRF-6.static_dh",
     .rows = "D9325-4.1-6",
     .play = expect_no_static_dh,
     .strict = "data | alert 40 | alert 71",
     .claims = CLAIMS_BCP195,
     .wrong = speak_static_dh,
     .shows = "suite c02d offered | ServerHello"},
    {.id = "P-PRF-6.dhe",
     .rows = "D9325-4.1-8",
     .play = expect_no_dhe,
     .strict = "data | alert 40 | alert 71",
     .claims = CLAIMS_BCP195,
     .wrong = speak_dhe,
     .shows = "suite 009e offered | ServerHello"},
    {.id = "P-PRF-6.secrecy",
     .rows = "D9325-4.1-7",
     .suits = suite_is_ecdhe,
     .play = expect_secrecy_first,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = prefer_static,
     .shows = "suite 009c first"},
    {.id = "P-PRF-6.groups",
     .rows = "D9325-4.2.1-4",
     .suits = suite_is_rsa_ecdhe,
     .play = expect_groups,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = know_one_group,
     .shows = "*group 29*"},
    {.id = "P-PRF-6.sha1",
     .roles = CHECK_CLIENT,
     .rows = "D9325-4.5-4",
     .suits = suite_is_ecdhe,
     .play = expect_no_sha1,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = know_no_sha256,
     .shows = "pair 0201 offered"},
    {.id = "P-PRF-6.sha256",
     .roles = CHECK_CLIENT,
     .rows = "D9325-4.5-5",
     .suits = suite_is_ecdhe,
     .play = expect_sha256,
     .strict = "data",
     .claims = CLAIMS_BCP195,
     .wrong = know_no_sha256,
     .shows = "no pair with SHA-256"},
    {.id = "P-PRF-6.cbc",
     .roles = CHECK_SERVER,
     .rows = "D9325-4.2-2",
     .suits = suite_is_cbc,
     .play = offer_no_etm,
     .strict = "alert 40 | alert 71",
     .claims = CLAIMS_BCP195,
     .wrong = offer_nothing,
     .shows = "ServerHello"},
    {.id = "P-PRF-5.aead",
     .rows = "D7925-13-1",
     .suits = suite_is_aead,
     .play = expect_no_cbc,
     .strict = "data | alert 40 | alert 71",
     .claims = CLAIMS_IOT,
     .wrong = speak_cbc,
     .shows = "suite c023 offered | ServerHello"},
    {.id = "P-PRF-5.fragments",
     .roles = CHECK_CLIENT,
     .rows = "D7925-15-1",
     .play = expect_fragments,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = offer_nothing,
     .shows = "no extension 1"},
    {.id = "P-PRF-5.ems",
     .rows = "D7925-16-1",
     .play = expect_ems,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = know_no_ems,
     .shows = "no extension 23"},
    {.id = "P-PRF-5.name",
     .roles = CHECK_CLIENT,
     .rows = "D7925-14-1",
     .suits = suite_is_ecdhe,
     .play = expect_name,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = say_no_names,
     .shows = "no extension 0"},
    {.id = "P-PRF-5.tickets",
     .roles = CHECK_CLIENT,
     .rows = "D7925-7-2",
     .when = "resume",
     .resumes = true,
     .play = expect_ticket,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = ask_for_no_ticket,
     .shows = "no extension 35"},
    {.id = "P-PRF-5.sha256",
     .roles = CHECK_CLIENT,
     .rows = "D7925-5-1",
     .suits = suite_is_ecdhe,
     .play = expect_ecdsa_sha256,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = know_no_sha256,
     .shows = "pair 0403 not offered"},
    {.id = "P-PRF-5.compression",
     .roles = CHECK_CLIENT,
     .rows = "D7925-8-1",
     .play = expect_no_compression,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = offer_compression,
     .shows = "compression offered"},
    {.id = "P-PRF-5.cookie",
     .roles = CHECK_CLIENT,
     .rows = "D7925-4.2-4",
     .suits = suite_is_psk,
     .play = ask_for_cookie,
     .strict = "data",
     .claims = CLAIMS_IOT,
     .wrong = refuse_cookies,
     .shows = "alert 10"},
    {.id = "P-PRF-5.alerts",
     .roles = CHECK_SERVER,
     .rows = "D7925-6-2",
     .suits = suite_is_psk,
     .play = use_other_key,
     .strict = "silence | alert 20 | alert 40 | alert 47 | alert 51",
     .claims = CLAIMS_IOT,
     .wrong = blame_certificates,
     .shows = "alert 42*"},
};

CHECK_FILE(profile)
