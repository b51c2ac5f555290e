/* SPDX-License-Identifier: MIT */
/* Pre-shared keys (RFC 4279, RFC 5489). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include <string.h>

#define UNKNOWN "alert 115 | alert 51 | alert 20 | silence"

/* ---- P-PSK-1, P-PSK-9: handshakes that must work ---- */

/* The runner goes on to the end by itself. */
static void connect_with_psk(struct scene *s)
{
    (void)s;
}

static bool refuse_last_psk(struct wrong *w, struct wrong_record *r)
{
    return w->sut.setup.suite->kx == DTLS_KX_ECDHE_PSK && r->wire.epoch == 0 &&
           wrong_alert(w, 40);
}

static void speak_no_ecdhe_psk(struct wrong *w)
{
    w->hears = refuse_last_psk;
}

/* ---- P-PSK-2: another key ---- */

static uint8_t other_key[65];

static void use_key(struct scene *s, size_t len)
{
    memcpy(other_key, s->psk.key.data,
           len < s->psk.key.len ? len : s->psk.key.len);
    s->psk.key = dtls_bytes_of(other_key, len);
    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
}

static void use_changed_key(struct scene *s)
{
    size_t len = s->psk.key.len;

    memcpy(other_key, s->psk.key.data, len);
    other_key[2] ^= 0x10;
    s->psk.key.data = other_key;
    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
}

static void use_shorter_key(struct scene *s)
{
    use_key(s, s->psk.key.len - 1);
}

static void use_longer_key(struct scene *s)
{
    use_key(s, s->psk.key.len + 1);
}

static bool answer_unopened(struct wrong *w, struct wrong_record *r)
{
    return dtls_suite_is_psk(w->sut.setup.suite) && r->wire.epoch == 1 &&
           !r->opened && !peer_is_connected(&w->peer) && wrong_alert(w, 40);
}

static void answer_other_key_with_40(struct wrong *w)
{
    w->hears = answer_unopened;
}

/* ---- P-PSK-3, P-PSK-4: identities ---- */

static void use_identity(struct scene *s, const char *name, size_t len)
{
    s->psk.identity = dtls_bytes_of((const uint8_t *)name, len);
    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
}

static void use_unknown_identity(struct scene *s)
{
    use_identity(s, "nobody in particular", 20);
}

/* Whoever it is, has the key. */
static bool know_identity(struct wrong *w, struct wrong_record *r)
{
    static uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    struct dtls_bytes name;
    struct dtls_fragment f;

    if (suite_is_psk(w->sut.setup.suite) &&
        wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f) &&
        dtls_cke_parse(&name, DTLS_KX_PSK, f.body) == DTLS_OK &&
        name.len <= sizeof identity && name.len != 0) {
        memcpy(identity, name.data, name.len);
        w->psk.identity = dtls_bytes_of(identity, name.len);
    }
    return false;
}

static void know_everybody(struct wrong *w)
{
    w->hears = know_identity;
}

static void use_identity_with_nul(struct scene *s)
{
    use_identity(s, "client\0\xff\xfe", 9);
}

/* Says ClientKeyExchange with `len` bytes of identity behind this length. */
static void say_identity(struct scene *s, size_t length, size_t len)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->body[0] = (uint8_t)(length >> 8);
    m->body[1] = (uint8_t)length;
    memset(m->body + 2, 'x', len);
    m->len = 2 + len;
    scene_say(s, m);
}

static void say_empty_identity(struct scene *s)
{
    say_identity(s, 0, 0);
}

static void say_long_identity(struct scene *s)
{
    s->pieces = 1000;
    say_identity(s, 4096, 4096);
}

static void say_identity_past_end(struct scene *s)
{
    say_identity(s, 7, 6);
}

static void say_identity_before_end(struct scene *s)
{
    say_identity(s, 5, 6);
}

static size_t length_said(const struct wrong_record *r, size_t *len)
{
    struct dtls_fragment f;

    if (!wrong_fragment(r, &f) || f.type != DTLS_CLIENT_KEY_EXCHANGE ||
        f.body.len < 2) {
        return SIZE_MAX;
    }
    *len = f.message_len - 2u;
    return (size_t)(f.body.data[0] << 8 | f.body.data[1]);
}

static bool refuse_odd_identity(struct wrong *w, struct wrong_record *r)
{
    size_t len = 0;
    size_t said = length_said(r, &len);

    return suite_is_psk(w->sut.setup.suite) && (said == 0 || said == 4096) &&
           wrong_alert(w, 80);
}

static void answer_odd_identity_with_80(struct wrong *w)
{
    w->hears = refuse_odd_identity;
}

static bool mend_identity(struct wrong *w, struct wrong_record *r)
{
    size_t len = 0;
    size_t said = length_said(r, &len);

    return suite_is_psk(w->sut.setup.suite) && said != SIZE_MAX &&
           said != len && wrong_alert(w, 115);
}

static void read_identity_to_its_end(struct wrong *w)
{
    w->hears = mend_identity;
}

/* ---- P-PSK-6: hints ---- */

static void give_hint(struct scene *s, size_t len)
{
    static uint8_t hint[128];

    memset(hint, 'h', sizeof hint);
    s->psk.hint = dtls_bytes_of(hint, len);
}

static void give_short_hint(struct scene *s)
{
    give_hint(s, 16);
}

static void give_long_hint(struct scene *s)
{
    give_hint(s, 128);
}

static bool refuse_hint(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return suite_is_psk(w->sut.setup.suite) &&
           wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) &&
           wrong_alert(w, 10);
}

static void know_no_hints(struct wrong *w)
{
    w->hears = refuse_hint;
}

/* ---- P-PSK-7: a client is shown what plain PSK does not have ---- */

static void show_certificate(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO_DONE);

    key_insert(s, m, DTLS_CERTIFICATE,
               dtls_bytes_of((const uint8_t *)"\0\0\4\0\0\1\x30", 7));
    hello_is_refused(s);
}

static void request_certificate(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO_DONE);

    key_insert(s, m, DTLS_CERTIFICATE_REQUEST,
               dtls_bytes_of((const uint8_t *)"\1\1\0\2\4\1\0\0", 8));
    hello_is_refused(s);
}

static bool skip_certificate(struct wrong *w, struct wrong_record *r)
{
    return suite_is_psk(w->sut.setup.suite) &&
           wrong_skips(w, r, DTLS_CERTIFICATE);
}

static bool skip_request(struct wrong *w, struct wrong_record *r)
{
    return suite_is_psk(w->sut.setup.suite) &&
           wrong_skips(w, r, DTLS_CERTIFICATE_REQUEST);
}

static void ignore_certificate(struct wrong *w)
{
    w->hears = skip_certificate;
}

static void ignore_request(struct wrong *w)
{
    w->hears = skip_request;
}

/* ---- P-PSK-8, P-PSK-10: what a server says ---- */

static void look_for_certificates(struct scene *s)
{
    hello_say(s, hello_signal_fallback);
    scene_listen(s);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_CERTIFICATE) == 0 &&
                     heard_count(&s->heard, DTLS_CERTIFICATE_REQUEST) == 0,
                 "Certificate or CertificateRequest with plain PSK");
}

static void look_for_hint(struct scene *s)
{
    hello_say(s, hello_signal_fallback);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_KEY_EXCHANGE) == 0,
                 "ServerKeyExchange without a hint");
}

static void look_for_share(struct scene *s)
{
    const struct heard_message *m;
    struct dtls_ecdhe_params params;

    hello_say(s, hello_signal_fallback);
    scene_listen(s);
    m = heard_message(&s->heard, DTLS_SERVER_KEY_EXCHANGE);
    scene_expect(s, m != NULL, "no ServerKeyExchange");
    scene_expect(s,
                 m == NULL ||
                     dtls_ske_ecdhe_psk_parse(
                         &params, dtls_span_bytes(m->body)) == DTLS_OK,
                 "a ServerKeyExchange that is not hint and share");
}

static bool note_fallback(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (dtls_suite_is_psk(w->sut.setup.suite) && wrong_hello(r, &hello)) {
        w->num = dtls_client_hello_offers(&hello.client, DTLS_SCSV_FALLBACK);
    }
    return false;
}

static bool say_another_message(struct wrong *w, struct peer_message *m)
{
    bool is_plain = suite_is_psk(w->sut.setup.suite);

    if (w->num == 1 && m->record_type == DTLS_HANDSHAKE) {
        if (is_plain && m->type == DTLS_SERVER_HELLO_DONE) {
            m->type = DTLS_CERTIFICATE_REQUEST;
        }
        return is_plain || m->type != DTLS_SERVER_KEY_EXCHANGE;
    }
    return true;
}

/* It says an empty hint, where nothing is due. */
static bool say_empty_hint(struct wrong *w, struct peer_message *m)
{
    if (w->num == 1 && suite_is_psk(w->sut.setup.suite) &&
        m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_SERVER_HELLO_DONE) {
        (void)wrong_say_message(w, 0, DTLS_SERVER_KEY_EXCHANGE, 7,
                                dtls_bytes_of("\0", 2));
    }
    return true;
}

static void hint_at_nothing(struct wrong *w)
{
    w->hears = note_fallback;
    w->says = say_empty_hint;
}

static void say_wrong_flight(struct wrong *w)
{
    w->hears = note_fallback;
    w->says = say_another_message;
}

static const struct check checks[] = {
    {.id = "P-PSK-1",
     .rows = "D5487-2-1 D4279-2-6 D4279-2-5",
     .suits = dtls_suite_is_psk,
     .matters = CHECK_EACH_SUITE,
     .is_honest = true,
     .play = connect_with_psk,
     .strict = "data",
     .wrong = speak_no_ecdhe_psk,
     .shows = "alert 40 then dead"},
    {.id = "P-PSK-2.changed",
     .rows = "D4279-2-10",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = use_changed_key,
     .strict = "alert 51 | alert 20 | silence",
     .wrong = answer_other_key_with_40,
     .shows = "alert 40"},
    {.id = "P-PSK-2.shorter",
     .rows = "D4279-2-10",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = use_shorter_key,
     .strict = "alert 51 | alert 20 | silence",
     .wrong = answer_other_key_with_40,
     .shows = "alert 40"},
    {.id = "P-PSK-2.longer",
     .rows = "D4279-2-10",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = use_longer_key,
     .strict = "alert 51 | alert 20 | silence",
     .wrong = answer_other_key_with_40,
     .shows = "alert 40"},
    {.id = "P-PSK-3",
     .rows = "D4279-2-8 D4279-2-9",
     .suits = suite_is_psk,
     .play = use_unknown_identity,
     .strict = UNKNOWN,
     .wrong = know_everybody,
     .shows = "data"},
    {.id = "P-PSK-4.nul",
     .rows = "D4279-2-11 D4279-5.3-1",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = use_identity_with_nul,
     .strict = UNKNOWN,
     .wrong = know_everybody,
     .shows = "data"},
    {.id = "P-PSK-4.empty",
     .rows = "D4279-2-11 D4279-5.3-1",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = say_empty_identity,
     .strict = UNKNOWN,
     .tolerated = "alert 50",
     .wrong = answer_odd_identity_with_80,
     .shows = "alert 80"},
    {.id = "P-PSK-4.long",
     .rows = "D4279-5.3-1",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = say_long_identity,
     .strict = UNKNOWN,
     .tolerated = "alert 50 | alert 47",
     .wrong = answer_odd_identity_with_80,
     .shows = "alert 80"},
    {.id = "P-PSK-4.past",
     .rows = "D5246-7.4.1.2-12",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = say_identity_past_end,
     .strict = "alert 50",
     .wrong = read_identity_to_its_end,
     .shows = "alert 115"},
    {.id = "P-PSK-4.less",
     .rows = "D5246-7.4.1.2-12",
     .roles = CHECK_SERVER,
     .suits = suite_is_psk,
     .play = say_identity_before_end,
     .strict = "alert 50",
     .wrong = read_identity_to_its_end,
     .shows = "alert 115"},
    {.id = "P-PSK-6.short",
     .rows = "D4279-2-4 D4279-5.2-2",
     .suits = suite_is_psk,
     .play = give_short_hint,
     .strict = "data",
     .wrong = know_no_hints,
     .shows = "alert 10"},
    {.id = "P-PSK-6.long",
     .rows = "D4279-2-4 D4279-5.2-2",
     .suits = suite_is_psk,
     .play = give_long_hint,
     .strict = "data",
     .wrong = know_no_hints,
     .shows = "alert 10"},
    {.id = "P-PSK-7.certificate",
     .rows = "D4279-2-2",
     .suits = suite_is_psk,
     .play = show_certificate,
     .strict = "alert 10",
     .tolerated = "alert 40",
     .wrong = ignore_certificate,
     .shows = "ClientKeyExchange"},
    {.id = "P-PSK-7.request",
     .rows = "D4279-2-2",
     .suits = suite_is_psk,
     .play = request_certificate,
     .strict = "alert 10",
     .tolerated = "alert 40",
     .wrong = ignore_request,
     .shows = "ClientKeyExchange"},
    {.id = "P-PSK-8",
     .rows = "D4279-2-1",
     .suits = suite_is_psk,
     .play = look_for_certificates,
     .strict = "data",
     .wrong = say_wrong_flight,
     .shows = "Certificate or CertificateRequest with plain PSK"},
    {.id = "P-PSK-8.hint",
     .rows = "D4279-2-3 D4279-5.2-1",
     .when = "!psk_hint",
     .suits = suite_is_psk,
     .play = look_for_hint,
     .strict = "data",
     .wrong = hint_at_nothing,
     .shows = "ServerKeyExchange without a hint"},
    {.id = "P-PSK-9",
     .rows = "D5489-2-3 D5489-2-4",
     .suits = suite_is_ecdhe_psk,
     .is_honest = true,
     .play = connect_with_psk,
     .strict = "data",
     .wrong = speak_no_ecdhe_psk,
     .shows = "alert 40 then dead"},
    {.id = "P-PSK-10",
     .rows = "D5489-2-1 D5489-2-2",
     .suits = suite_is_ecdhe_psk,
     .play = look_for_share,
     .strict = "data",
     .wrong = say_wrong_flight,
     .shows = "no ServerKeyExchange"},
    {.id = "P-CAU-4",
     .rows = "D5246-7.4.4-4 D4279-2-2",
     .suits = suite_is_psk,
     .play = request_certificate,
     .strict = "alert 40",
     .tolerated = "alert 10",
     .wrong = ignore_request,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(psk)
