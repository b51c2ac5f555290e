/* SPDX-License-Identifier: MIT */
/* Certificates, and what is signed with their keys. */
#include "check/checks/all_checks.h"

static bool has_rsa(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_RSA;
}

static bool is_signed(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_ECDHE_ECDSA;
}

/* ---- P-CRT-1: a changed bit in the signature ---- */

static void spoil_certificate(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO) + 1;

    m->body[m->len - 5] ^= 1; /* the only certificate's signature is last */
    scene_rehash(s);
}

/* ---- P-CRT-2: dates ---- */

static void show_expired(struct scene *s)
{
    scene_show(s, "expired", NULL);
}

static void show_future(struct scene *s)
{
    scene_show(s, "future", NULL);
}

static void know_no_time(struct wrong *w)
{
    w->peer.config.unix_time = NULL;
}

/* ---- P-CRT-4: an unknown root ---- */

static void show_untrusted(struct scene *s)
{
    scene_show(s, "other", NULL);
}

/* ---- P-CRT-7: an empty list ---- */

static void show_nothing(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CERTIFICATE);

    m->len = 3;
    m->body[0] = m->body[1] = m->body[2] = 0;
    scene_say(s, m);
}

static bool refuse_nothing(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_CERTIFICATE, &f) && f.body.len == 3 &&
           wrong_alert(w, 40);
}

static void answer_with_40(struct wrong *w)
{
    w->hears = refuse_nothing;
}

/* ---- P-SKE-1: ServerKeyExchange, changed after signing ---- */

static void spoil_key_exchange(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);

    m->body[m->len - 3] ^= 1; /* of the signature */
    scene_say(s, m);
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

static const struct check checks[] = {
    {.id = "P-CRT-1",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.2-15",
     .suits = dtls_suite_has_certificate,
     .play = spoil_certificate,
     .strict = "alert 42",
     .tolerated = "alert 48 | alert 51 | alert 46",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CRT-2.expired",
     .rows = "D5246-7.4.2-13",
     .suits = has_rsa,
     .play = show_expired,
     .strict = "alert 45",
     .tolerated = "alert 42 | alert 46",
     .wrong = know_no_time,
     .shows = "data"},
    {.id = "P-CRT-2.future",
     .rows = "D5246-7.4.2-13",
     .suits = has_rsa,
     .play = show_future,
     .strict = "alert 45",
     .tolerated = "alert 42 | alert 46",
     .wrong = know_no_time,
     .shows = "data"},
    {.id = "P-CRT-4",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.2-14",
     .suits = has_rsa,
     .play = show_untrusted,
     .strict = "alert 48",
     .tolerated = "alert 42 | alert 46",
     .wrong = wrong_believes_chains,
     .shows = "data"},
    {.id = "P-CRT-7.empty",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.2-17",
     .suits = dtls_suite_has_certificate,
     .play = show_nothing,
     .strict = "alert 50 | alert 42 | alert 47",
     .wrong = answer_with_40,
     .shows = "alert 40"},
    {.id = "P-SKE-1",
     .rows = "D5246-7.4.3-10",
     .suits = is_signed,
     .play = spoil_key_exchange,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = wrong_believes_signatures,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(certificate)
