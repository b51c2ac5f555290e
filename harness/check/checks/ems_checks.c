/* SPDX-License-Identifier: MIT */
/* extended_master_secret (RFC 7627). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <string.h>

#define EXT_EMS 23

/* ---- P-EMS-1 to P-EMS-5: extended_master_secret ---- */

static void expect_ems(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data = {0};

    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, EXT_EMS, &data),
                 "no extended_master_secret");
    scene_expect(s, data.len == 0, "extended_master_secret has %zu bytes",
                 data.len);
}

static void offer_ems(struct scene *s)
{
    hello_say_with(s, EXT_EMS, "", 0);
    expect_ems(s);
}

static void drop_ems(struct hello *hello)
{
    hello_drop(hello, EXT_EMS);
}

static bool say_no_ems(struct wrong *w, struct peer_message *m)
{
    if (m->type == DTLS_SERVER_HELLO) {
        w->peer.session.hs.extended_master_secret = false;
    }
    return wrong_says_hello(w, m, drop_ems);
}

static void know_no_ems(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_no_ems;
}

static void offer_no_ems(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data;

    hello_say_without(s, EXT_EMS);
    if (scene_await(s, DTLS_SERVER_HELLO, 1)) {
        hello_hear(s, &hello);
        scene_expect(s, !hello_has(&hello, EXT_EMS, &data),
                     "extended_master_secret that was not asked for");
    }
}

static void answer_no_ems(struct scene *s)
{
    hello_say_without(s, EXT_EMS);
    s->peer.session.hs.extended_master_secret = false;
}

static bool refuse_without_ems(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return wrong_hello(r, &hello) && hello.block.len != 0 &&
           !wrong_hello_has(r, EXT_EMS, NULL) && wrong_alert(w, 47);
}

static void need_ems(struct wrong *w)
{
    w->hears = refuse_without_ems;
}

static void say_ems_with_data(struct scene *s)
{
    hello_is_refused_with(s, EXT_EMS, "\0", 1);
}

static bool forget_ems_with_data(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_EMS, &data) && data.len != 0 &&
           wrong_reads_without(w, r, EXT_EMS);
}

static void read_over_ems_with_data(struct wrong *w)
{
    w->hears = forget_ems_with_data;
}

/* P-EMS-3: the hash is that of the messages up to ClientKeyExchange. */
static void agree_on_ems(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes data;

    if (!scene_connects(s)) {
        return;
    }
    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, EXT_EMS, &data),
                 "no extended_master_secret");
}

static enum dtls_status other_session_hash(
    void *self, uint8_t *out, size_t out_len, enum dtls_hash_alg alg,
    struct dtls_bytes secret, const char *label, struct dtls_bytes seed1,
    struct dtls_bytes seed2)
{
    if (strcmp(label, "extended master secret") == 0) {
        seed2 = (struct dtls_bytes){0};
        seed1.len = seed1.len == 0 ? 0 : seed1.len - 1;
    }
    return dtls_libcrypto.prf(self, out, out_len, alg, secret, label, seed1,
                              seed2);
}

static void hash_less_for_psk(struct wrong *w)
{
    if (dtls_suite_is_psk(w->sut.setup.suite)) {
        w->peer.crypto.prf = other_session_hash;
    }
}

static void add_ems(struct hello *hello)
{
    hello_drop(hello, EXT_EMS);
    hello_add(hello, EXT_EMS, "", 0);
}

static bool say_ems(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, add_ems);
}

static bool note_hello_without_ems(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = !wrong_hello_has(r, EXT_EMS, NULL);
    }
    return false;
}

static void answer_ems_unasked(struct wrong *w)
{
    w->hears = note_hello_without_ems;
    w->says = say_ems;
}

static const struct check checks[] = {
    {.id = "P-EMS-1",
     .rows = "D7627-5.2-1 D7627-5.1-1",
     .play = expect_ems,
     .strict = "data",
     .wrong = know_no_ems,
     .shows = "no extended_master_secret"},
    {.id = "P-EMS-2.with",
     .rows = "D7627-5.2-2 D7627-5.1-3",
     .play = offer_ems,
     .strict = "data",
     .wrong = know_no_ems,
     .shows = "no extended_master_secret"},
    {.id = "P-EMS-2.without",
     .rows = "D7627-5.2-3 D7627-5.2-4",
     .play = offer_no_ems,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = answer_ems_unasked,
     .shows = "extended_master_secret that was not asked for"},
    {.id = "P-EMS-3",
     .rows = "D7627-3-1 D7627-3-2 D7627-4-1",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .suits = dtls_suite_is_psk,
     .play = agree_on_ems,
     .strict = "data",
     .wrong = hash_less_for_psk,
     .shows = "dead"},
    {.id = "P-EMS-4",
     .rows = "D7627-5.1-2",
     .play = say_ems_with_data,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_ems_with_data,
     .shows = "ServerHello | ClientKeyExchange"},
    {.id = "P-EMS-5",
     .rows = "D7627-5.2-5 D7627-5.2-6",
     .play = answer_no_ems,
     .strict = "data | alert 40",
     .wrong = need_ems,
     .shows = "alert 47"},
};

CHECK_FILE(ems)
