/* SPDX-License-Identifier: MIT */
/* What a server does in a handshake and after it, and what it says to
 * faults. */
#include "probe/plays.h"

#include <stdio.h>
#include <string.h>

#define ECHO_MS 5000 /* a server that sends data back does so in this time */

/* ---- an honest handshake ---- */

/* Facts that need one. */
static const enum fact_key after_handshake[] = {
    FACT_echo,          FACT_close,         FACT_renegotiation,
    FACT_replay,        FACT_replay_window, FACT_largest_record,
    FACT_badrec,        FACT_fault_order,   FACT_fault_share,
    FACT_fault_finished};

static void cannot_go_on(const struct probe *p, const char *why)
{
    facts_cannot(p->facts, FACT_handshake, "%s", why);
    for (size_t i = 0; i < sizeof after_handshake / sizeof *after_handshake;
         i++) {
        facts_cannot(p->facts, after_handshake[i], "%s", why);
    }
}

static bool has_echo; /* of the last meet_honestly */

static void meet_honestly(struct scene *s)
{
    has_echo = scene_connects(s);
    scene_stop(s, "this is all");
}

/* Was the handshake complete, whatever came then? */
static bool was_complete(const struct scene *s)
{
    return heard_message(&s->heard, DTLS_FINISHED) != NULL &&
           !peer_has_failed(&s->peer) && !s->heard.fatal;
}

static void tell_client_auth(const struct probe *p, const struct scene *s,
                             bool is_connected)
{
    bool asks = heard_count(&s->heard, DTLS_CERTIFICATE_REQUEST) != 0;

    if (dtls_suite_is_psk(s->setup->target.suite)) {
        facts_cannot(p->facts, FACT_client_auth,
                     "the handshake had no certificates");
    } else {
        facts_tell(p->facts, FACT_client_auth,
                   !asks          ? "none"
                   : is_connected ? "optional"
                                  : "require");
    }
}

/* Without the user's certificate: does the server need one? */
static bool meet(const struct probe *p, const struct dtls_suite *suite,
                 bool with_certificate)
{
    static struct scene_setup setup;
    struct probe own = *p;
    const struct scene *s;

    own.credentials = with_certificate ? p->credentials : NULL;
    play_setup(&setup, &own, suite);
    setup.echo = true;
    setup.live_ms = p->one_client ? setup.live_ms : ECHO_MS;
    s = play_with(&own, &setup, meet_honestly, true);
    if (!with_certificate) {
        tell_client_auth(p, s, was_complete(s));
    }
    return was_complete(s);
}

static void tell_close(const struct probe *p, const struct dtls_suite *suite)
{
    static struct scene_setup setup;
    const struct scene *s;

    play_setup(&setup, p, suite);
    setup.echo = false; /* then the answer to close_notify is asked for */
    s = play_with(p, &setup, NULL, false);
    facts_tell(p->facts, FACT_close,
               strcmp(s->heard.phrase, "data") == 0 ? "yes" : "no");
}

void question_handshake(const struct probe *p)
{
    const char *why;
    const struct dtls_suite *suite = plays_suite(p, NULL, &why);

    if (suite == NULL) {
        cannot_go_on(p, why);
        return;
    }
    if (!meet(p, suite, false) &&
        (p->credentials == NULL || !meet(p, suite, true))) {
        cannot_go_on(p, !facts_are(p->facts, FACT_client_auth, "require")
                            ? "no honest handshake works"
                        : p->credentials == NULL
                            ? "it needs a certificate of the client (--cert)"
                            : "it refuses the certificate of --cert");
        return;
    }
    facts_tell(p->facts, FACT_handshake, "works with %s", suite->name);
    facts_tell(p->facts, FACT_echo, has_echo ? "yes" : "no");
    tell_close(p, suite);
}

/* ---- faults ---- */

/* Tells what was seen, or why the play never came to its place. */
static void tell_phrase(const struct probe *p, enum fact_key key,
                        const struct scene *s)
{
    unsigned alert;

    if (s->stopped) {
        facts_cannot(p->facts, key, "%s", s->why);
    } else if (sscanf(s->heard.phrase, "alert %u", &alert) == 1) {
        char words[ALERT_WORDS];

        facts_tell(p->facts, key, "%s", alert_words(alert, words));
    } else {
        facts_tell(p->facts, key, "%s",
                   s->heard.phrase[0] == '\0' ? "silence" : s->heard.phrase);
    }
}

static void say_wrong_finished(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->body[0] ^= 1;
    scene_say(s, m);
}

static void say_another_message(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->type = DTLS_SERVER_HELLO_DONE;
    m->len = 0;
    scene_say(s, m);
}

static void say_no_point(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    memset(m->body + 1, 0, m->len - 1);
    scene_say(s, m);
}

static void change_record(struct scene *s)
{
    uint8_t bytes[20];

    scene_connect(s);
    (void)scene_put_data(s, bytes, sizeof bytes);
    s->out.data[s->out.len - 1] ^= 1;
    scene_send(s);
}

static bool is_ecdhe_with_certificate(const struct dtls_suite *suite)
{
    return dtls_suite_is_ecdhe(suite) && dtls_suite_has_certificate(suite);
}

static void tell_fault(const struct probe *p, enum fact_key key,
                       bool (*is)(const struct dtls_suite *suite),
                       void (*script)(struct scene *s))
{
    const char *why;
    const struct dtls_suite *suite = plays_suite(p, is, &why);

    if (suite == NULL) {
        facts_cannot(p->facts, key, "%s", why);
    } else {
        tell_phrase(p, key, play(p, suite, script, false));
    }
}

/* A server either drops such a record and goes on, or ends the association. */
static void tell_changed_record(const struct probe *p)
{
    const char *why;
    const struct dtls_suite *suite = plays_suite(p, NULL, &why);
    const struct scene *s = play(p, suite, change_record, false);

    if (s->stopped) {
        facts_cannot(p->facts, FACT_badrec, "%s", s->why);
    } else {
        facts_tell(p->facts, FACT_badrec, "%s",
                   strcmp(s->heard.phrase, "data") == 0 ? "silent" : "close");
    }
}

void question_faults(const struct probe *p)
{
    if (!p->facts->items[FACT_handshake].told) {
        return;
    }
    tell_changed_record(p);
    tell_fault(p, FACT_fault_finished, NULL, say_wrong_finished);
    tell_fault(p, FACT_fault_order, NULL, say_another_message);
    tell_fault(p, FACT_fault_share, is_ecdhe_with_certificate, say_no_point);
}

/* ---- renegotiation ---- */

static void begin_again(struct scene *s)
{
    scene_connect(s);
    scene_renegotiate(s); /* it stops if RFC 5746 was not signalled */
    scene_say_rest(s);
    scene_listen(s);
}

static const char *answer_to_renegotiation(const struct scene *s)
{
    const struct heard_message *hello =
        heard_message(&s->heard, DTLS_SERVER_HELLO);

    if (hello != NULL && hello->epoch != 0) {
        return "client";
    }
    return s->heard.phrase[0] == '\0' || strcmp(s->heard.phrase, "data") == 0
               ? "ignore"
               : "refuse";
}

void question_renegotiation(const struct probe *p)
{
    const struct dtls_suite *suite;
    const struct scene *s;
    const char *why;

    if (!p->facts->items[FACT_handshake].told) {
        return;
    }
    suite = plays_suite(p, NULL, &why);
    s = play(p, suite, begin_again, false);
    if (s->stopped) {
        facts_cannot(p->facts, FACT_renegotiation, "%s", s->why);
    } else {
        facts_tell(p->facts, FACT_renegotiation, "%s",
                   answer_to_renegotiation(s));
    }
}

/* ---- pre-shared keys ---- */

static bool is_psk(const struct dtls_suite *suite)
{
    return dtls_suite_is_psk(suite);
}

static void ask_for_hint(const struct probe *p)
{
    static struct ask_hello h;
    struct exchange exchange;
    struct ask *a;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, "PSK");
    a = ask_new(p, &h);
    ask_exchange(a, &exchange);
    facts_tell(p->facts, FACT_psk_hint, "%.*s",
               exchange.hint.len == 0 ? 4 : (int)exchange.hint.len,
               exchange.hint.len == 0 ? "none"
                                      : (const char *)exchange.hint.data);
    ask_close(a);
}

void question_psk(const struct probe *p)
{
    static const char identity[] = "nxdtls-probe-unknown";
    static struct scene_setup setup;
    const struct dtls_suite *suite;
    struct probe own = *p;
    const struct scene *s;
    const char *why;
    unsigned alert;

    own.psk_identity = dtls_bytes_of(identity, sizeof identity - 1);
    own.psk_key = own.psk_identity; /* any will do */
    suite = plays_suite(&own, is_psk, &why);
    if (suite == NULL) {
        facts_cannot(p->facts, FACT_psk_unknown, "%s", why);
        facts_cannot(p->facts, FACT_psk_hint, "%s", why);
        return;
    }
    ask_for_hint(p);
    play_setup(&setup, &own, suite);
    setup.live_ms = p->one_client ? setup.live_ms : ECHO_MS;
    s = play_with(&own, &setup, NULL, false);
    if (sscanf(s->heard.phrase, "alert %u", &alert) == 1) {
        facts_tell(p->facts, FACT_psk_unknown, "%u", alert);
    } else {
        facts_tell(p->facts, FACT_psk_unknown, "%s",
                   s->heard.phrase[0] == '\0' ? "silent" : s->heard.phrase);
    }
}
