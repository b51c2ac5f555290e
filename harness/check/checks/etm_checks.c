/* SPDX-License-Identifier: MIT */
/* encrypt_then_mac (RFC 7366). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/ics.h"

#define EXT_ETM 22

/* ---- P-ETM-1 to P-ETM-5: encrypt_then_mac ---- */

static void offer_etm(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data = {0};

    if (s->peer.role == DTLS_CLIENT) {
        hello_say_with(s, EXT_ETM, "", 0);
    }
    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, EXT_ETM, &data) && data.len == 0,
                 "no encrypt_then_mac");
}

static void say_etm_with_data(struct scene *s)
{
    static const uint8_t data[1] = {0};

    hello_is_refused_with(s, EXT_ETM, data, sizeof data);
}

static bool read_etm_without_data(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (!wrong_hello(r, &hello) || !hello_has(&hello, EXT_ETM, &data) ||
        data.len == 0) {
        return false;
    }
    hello_drop(&hello, EXT_ETM);
    hello_add(&hello, EXT_ETM, NULL, 0);
    return wrong_reads_hello(w, r, &hello);
}

static void read_over_data(struct wrong *w)
{
    w->hears = read_etm_without_data;
}

static void drop_etm(struct hello *hello)
{
    hello_drop(hello, EXT_ETM);
}

static bool say_no_etm(struct wrong *w, struct peer_message *m)
{
    if (m->type == DTLS_SERVER_HELLO) {
        w->peer.session.hs.encrypt_then_mac = false;
    }
    return wrong_says_hello(w, m, drop_etm);
}

static void know_no_etm(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_no_etm;
}

static void offer_etm_in_vain(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data;

    hello_say_with(s, EXT_ETM, "", 0);
    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, EXT_ETM, &data),
                 "encrypt_then_mac with an AEAD suite");
}

static bool note_etm(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (suite_is_aead(w->sut.setup.suite) && wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_ETM, NULL);
    }
    return false;
}

static void add_etm(struct hello *hello)
{
    hello_drop(hello, EXT_ETM);
    hello_add(hello, EXT_ETM, "", 0);
}

static bool say_etm_back(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, add_etm);
}

static void echo_etm(struct wrong *w)
{
    w->hears = note_etm;
    w->says = say_etm_back;
}

static void answer_etm(struct scene *s)
{
    hello_is_refused_with(s, EXT_ETM, "", 0);
}

static void say_without_etm(struct scene *s)
{
    hello_say_without(s, EXT_ETM);
    s->peer.session.hs.encrypt_then_mac = false;
}

static bool refuse_without_etm(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return suite_is_cbc(w->sut.setup.suite) && wrong_hello(r, &hello) &&
           !wrong_hello_has(r, EXT_ETM, NULL) && wrong_alert(w, 47);
}

static void need_etm(struct wrong *w)
{
    w->hears = refuse_without_etm;
}

static bool forget_etm(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_HELLO, &f) &&
           wrong_hello_has(r, EXT_ETM, NULL) &&
           wrong_reads_without(w, r, EXT_ETM);
}

static void read_over_etm(struct wrong *w)
{
    w->hears = forget_etm;
}

/* ---- P-ETM-6: right MAC, wrong padding ---- */

static enum dtls_status encrypt_bad_padding(void *self,
                                            struct dtls_cipher *cipher,
                                            const uint8_t iv[DTLS_CBC_BLOCK],
                                            struct dtls_span data)
{
    data.data[data.len - 1] ^= 0x40;
    return dtls_libcrypto.cbc_encrypt(self, cipher, iv, data);
}

static bool has_etm(const struct scene *s)
{
    return s->peer.session.hs.agreed.encrypt_then_mac;
}

/* Sends a record that must not be taken, and then looks for life. */
static void expect_drop(struct scene *s, struct dtls_bytes data)
{
    scene_send(s);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1), "the record is taken");
    s->hopes = true;
}

static void send_bad_padding(struct scene *s)
{
    uint8_t bytes[20];
    struct dtls_bytes data;

    scene_connect(s);
    if (!has_etm(s)) {
        scene_stop(s, "no encrypt_then_mac");
    }
    s->peer.crypto.cbc_encrypt = encrypt_bad_padding;
    data = scene_put_data(s, bytes, sizeof bytes);
    s->peer.crypto.cbc_encrypt = dtls_libcrypto.cbc_encrypt;
    expect_drop(s, data);
}

static void send_bad_mac(struct scene *s)
{
    uint8_t bytes[20];
    struct dtls_bytes data;

    scene_connect(s);
    if (!has_etm(s)) {
        scene_stop(s, "no encrypt_then_mac");
    }
    data = scene_put_data(s, bytes, sizeof bytes);
    s->out.data[s->out.len - 1] ^= 1;
    expect_drop(s, data);
}

static bool answer_unopened(struct wrong *w, struct wrong_record *r)
{
    return suite_is_cbc(w->sut.setup.suite) && peer_is_connected(&w->peer) &&
           !r->opened && wrong_alert(w, 21);
}

static void answer_bad_cbc_with_21(struct wrong *w)
{
    w->hears = answer_unopened;
}

/* ---- P-ETM-8: records without content ---- */

static void send_nothing(struct scene *s)
{
    scene_connect(s);
    scene_say_record(s, scene_epoch(s), DTLS_APPLICATION_DATA,
                     (struct dtls_bytes){0});
}

static void send_nothing_without_etm(struct scene *s)
{
    say_without_etm(s);
    send_nothing(s);
}

static bool refuse_nothing(struct wrong *w, struct wrong_record *r)
{
    return suite_is_cbc(w->sut.setup.suite) && r->opened &&
           r->plain.len == 0 && r->wire.type == DTLS_APPLICATION_DATA &&
           wrong_alert(w, 50);
}

static void insist_on_content(struct wrong *w)
{
    w->hears = refuse_nothing;
}

static const struct check checks[] = {
    {.id = "P-ETM-1",
     .rows = "D7366-2-1 D9325-4.2-2",
     .suits = suite_is_cbc,
     .play = offer_etm,
     .strict = "data",
     .wrong = know_no_etm,
     .shows = "no encrypt_then_mac"},
    {.id = "P-ETM-2",
     .rows = "D7366-2-2 D7366-3-1",
     .suits = suite_is_cbc,
     .matters = CHECK_EACH_SUITE,
     .play = offer_etm,
     .strict = "data",
     .wrong = know_no_etm,
     .shows = "no encrypt_then_mac"},
    {.id = "P-ETM-3",
     .rows = "D7366-3-2",
     .suits = suite_is_aead,
     .play = offer_etm_in_vain,
     .strict = "data",
     .wrong = echo_etm,
     .shows = "encrypt_then_mac with an AEAD suite"},
    {.id = "P-ETM-4",
     .rows = "D7366-3-3",
     .suits = suite_is_aead,
     .play = answer_etm,
     .strict = "alert 47 | alert 110",
     .wrong = read_over_etm,
     .shows = "ClientKeyExchange"},
    {.id = "P-ETM-5",
     .rows = "D7366-2-2",
     .suits = suite_is_cbc,
     .play = say_without_etm,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = need_etm,
     .shows = "alert 47"},
    {.id = "P-ETM-6.padding",
     .rows = "D7366-3-8",
     .suits = suite_is_cbc,
     .needs_echo = true,
     .play = send_bad_padding,
     .strict = "data",
     .tolerated = "alert 20",
     .wrong = answer_bad_cbc_with_21,
     .shows = "alert 21*"},
    {.id = "P-ETM-6.mac",
     .rows = "D7366-3-5 D7366-3-6 D7366-3-7",
     .suits = suite_is_cbc,
     .needs_echo = true,
     .play = send_bad_mac,
     .strict = "data",
     .tolerated = "alert 20",
     .wrong = answer_bad_cbc_with_21,
     .shows = "alert 21*"},
    {.id = "P-ETM-8.with",
     .rows = "D5246-6.2.1-3",
     .suits = suite_is_cbc,
     .play = send_nothing,
     .strict = "data",
     .wrong = insist_on_content,
     .shows = "alert 50"},
    {.id = "P-HSH-9.etm",
     .rows = "D7366-2-3",
     .when = "etm",
     .suits = suite_is_cbc,
     .play = say_etm_with_data,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_data,
     .shows = "ServerHello | ClientKeyExchange"},
    {.id = "P-ETM-8.without",
     .rows = "D5246-6.2.1-3",
     .suits = suite_is_cbc,
     .play = send_nothing_without_etm,
     .strict = "data",
     .wrong = insist_on_content,
     .shows = "alert 50"},
};

CHECK_FILE(etm)
