/* SPDX-License-Identifier: MIT */
/* Stapled OCSP responses (RFC 6066, 8). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "sut/virtual_clock.h"

#include <string.h>

#define STATUS_REQUEST 5
#define RESPONDERS 20

/* ---- P-OCS-1: a server's response ---- */

/* The first certificate of the target's list. */
static struct dtls_bytes leaf_of(struct scene *s)
{
    struct dtls_bytes body =
        dtls_span_bytes(scene_hear(s, DTLS_CERTIFICATE, 1)->body);
    struct dtls_bytes list;
    struct dtls_bytes leaf;

    if (!dtls_get_vec24(&body, &list) || !dtls_get_vec24(&list, &leaf)) {
        scene_stop(s, "its Certificate is malformed");
    }
    return leaf;
}

static void ask_for_status(struct scene *s)
{
    const struct heard_message *status;
    struct dtls_bytes response;
    struct dtls_bytes leaf;

    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    leaf = leaf_of(s);
    status = heard_message(&s->heard, DTLS_CERTIFICATE_STATUS);
    if (status == NULL) {
        scene_expect(s, false, "no CertificateStatus");
        return;
    }
    scene_expect(
        s, status->seq == heard_message(&s->heard, DTLS_CERTIFICATE)->seq + 1,
        "CertificateStatus does not follow Certificate");
    scene_expect(s,
                 dtls_certificate_status_parse(
                     &response, dtls_span_bytes(status->body)) == DTLS_OK &&
                     sim_ocsp_is_good(response, s->setup->target.pki, leaf,
                                      scene_now(s)),
                 "a response that is not good");
}

static void staple_old(struct wrong *w)
{
    struct dtls_credential *shown = &w->identity.credential;

    if (w->peer.role == DTLS_SERVER && shown->staple.len != 0) {
        w->staple.len =
            sim_ocsp_make(w->staple.bytes, w->sut.setup.pki, shown->cert.der,
                          SIM_OCSP_OLD, SUT_EPOCH);
        shown->staple = dtls_bytes_of(w->staple.bytes, w->staple.len);
    }
}

/* ---- P-OCS-3: responses that a client must refuse ---- */

static void staple_revoked(struct scene *s)
{
    scene_staple(s, SIM_OCSP_REVOKED);
}

static void staple_foreign(struct scene *s)
{
    scene_staple(s, SIM_OCSP_FOREIGN);
}

static void staple_expired(struct scene *s)
{
    scene_staple(s, SIM_OCSP_OLD);
}

/* The last byte of the signature is another. */
static void staple_forged(struct scene *s)
{
    scene_staple(s, SIM_OCSP_GOOD);
    s->staple.bytes[s->staple.len - 1] ^= 1;
}

/* The outer SEQUENCE is longer than what there is. */
static void staple_broken(struct scene *s)
{
    scene_staple(s, SIM_OCSP_GOOD);
    s->identities[0].credential.staple.len -= 7;
}

static enum dtls_status believe_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    (void)response;
    return DTLS_OK;
}

static void believe_staples(struct wrong *w)
{
    if (w->peer.config.judge_staple != NULL) {
        w->peer.config.judge_staple = believe_staple;
    }
}

/* ---- P-OCS-4: announced, and not sent ---- */

static void announce_only(struct scene *s)
{
    s->identities[0].credential.staple.len = 0;
    hello_say_with(s, STATUS_REQUEST, "", 0);
}

static bool miss_status(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT &&
           w->peer.session.hs.staple_announced &&
           !w->peer.session.hs.staple_came &&
           wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) &&
           wrong_alert(w, 10);
}

static void need_status(struct wrong *w)
{
    w->hears = miss_status;
}

/* ---- P-OCS-6: odd questions ---- */

static void ask_of_unknown_type(struct scene *s)
{
    hello_say_with(s, STATUS_REQUEST, "\143\0\0\0\0", 5);
}

/* Names this many responders, each by the hash of its key: a ResponderID of
 * RFC 6960 behind its length. */
static void ask_many_responders(struct scene *s)
{
    static const uint8_t responder[26] = {0, 24, 0xa2, 22, 4, 20};
    static uint8_t data[5 + RESPONDERS * sizeof responder];
    struct dtls_buf out = {data, 0, sizeof data};
    bool fits = dtls_put_u8(&out, 1) &&
                dtls_put_u16(&out, RESPONDERS * sizeof responder);

    for (int i = 0; i < RESPONDERS; i++) {
        fits = fits && dtls_put_bytes(
                           &out, dtls_bytes_of(responder, sizeof responder));
    }
    if (!fits || !dtls_put_u16(&out, 0)) {
        scene_stop(s, "the list does not fit");
    }
    hello_say_with(s, STATUS_REQUEST, data, out.len);
}

static void ask_past_end(struct scene *s)
{
    hello_is_refused_with(s, STATUS_REQUEST, "\1\0\5\0\0", 5);
}

static void ask_without_lists(struct scene *s)
{
    hello_is_refused_with(s, STATUS_REQUEST, "\1", 1);
}

static bool is_odd(struct dtls_bytes data)
{
    return data.len != 5 || data.data[0] != 1 || data.data[2] != 0;
}

/* It knows the one form that most clients say. */
static bool refuse_odd(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return w->peer.role == DTLS_SERVER &&
           wrong_hello_has(r, STATUS_REQUEST, &data) && is_odd(data) &&
           wrong_alert(w, 47);
}

static void know_one_form(struct wrong *w)
{
    w->hears = refuse_odd;
}

static bool overlook_odd(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return w->peer.role == DTLS_SERVER &&
           wrong_hello_has(r, STATUS_REQUEST, &data) && is_odd(data) &&
           wrong_reads_without(w, r, STATUS_REQUEST);
}

static void overlook_lengths(struct wrong *w)
{
    w->hears = overlook_odd;
}

#define STAPLES .suits = dtls_suite_has_certificate, .staples = true

static const struct check checks[] = {
    {.id = "P-OCS-1",
     .rows = "D6066-8-1 D6066-1.1-1",
     STAPLES,
     .play = ask_for_status,
     .strict = "data",
     .wrong = staple_old,
     .shows = "a response that is not good"},
    {.id = "P-OCS-3.revoked",
     .rows = "D6066-8-2",
     STAPLES,
     .play = staple_revoked,
     .strict = "alert 113",
     .tolerated = "alert 44 | alert 42",
     .wrong = believe_staples,
     .shows = "data"},
    {.id = "P-OCS-3.foreign",
     .rows = "D6066-8-2",
     STAPLES,
     .play = staple_foreign,
     .strict = "alert 113",
     .tolerated = "alert 42",
     .wrong = believe_staples,
     .shows = "data"},
    {.id = "P-OCS-3.old",
     .rows = "D6066-8-2",
     STAPLES,
     .play = staple_expired,
     .strict = "alert 113",
     .tolerated = "alert 42",
     .wrong = believe_staples,
     .shows = "data"},
    {.id = "P-OCS-3.forged",
     .rows = "D6066-8-2",
     STAPLES,
     .play = staple_forged,
     .strict = "alert 113",
     .tolerated = "alert 42",
     .wrong = believe_staples,
     .shows = "data"},
    {.id = "P-OCS-3.broken",
     .rows = "D6066-8-2",
     STAPLES,
     .play = staple_broken,
     .strict = "alert 113",
     .tolerated = "alert 42",
     .wrong = believe_staples,
     .shows = "data"},
    {.id = "P-OCS-4",
     .rows = "D6066-8-90 D6066-8-91 D6066-8-5",
     .when = "!ocsp=must_staple",
     STAPLES,
     .play = announce_only,
     .strict = "data",
     .wrong = need_status,
     .shows = "alert 10"},
    {.id = "P-OCS-6",
     .rows = "D6066-8-4 D5246-7.4.1.4-7",
     .play = ask_of_unknown_type,
     .strict = "data",
     .wrong = know_one_form,
     .shows = "alert 47"},
    {.id = "P-OCS-6.many",
     .rows = "D5246-7.4.1.4-7",
     .play = ask_many_responders,
     .strict = "data",
     .wrong = know_one_form,
     .shows = "alert 47"},
    {.id = "P-OCS-6.past_end",
     .rows = "D5246-7.4.1.4-7",
     .when = "ocsp",
     STAPLES,
     .play = ask_past_end,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_lengths,
     .shows = "ServerHello"},
    {.id = "P-OCS-6.short",
     .rows = "D5246-7.4.1.4-7",
     .when = "ocsp",
     STAPLES,
     .play = ask_without_lists,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_lengths,
     .shows = "ServerHello"},
};

CHECK_FILE(staple)
