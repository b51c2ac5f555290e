/* SPDX-License-Identifier: MIT */
/* Renegotiation, and its signal (RFC 5746). */
#include "check/checks/all_checks.h"

/* ---- P-REN-2, P-REN-3: a signal that is not empty ---- */

static void signal_with_data(struct hello *hello)
{
    static const uint8_t data[13] = "\x0ctwelve bytes";

    hello_drop(hello, 0xff01);
    hello_add(hello, 0xff01, data, sizeof data);
}

static void offer_signal_with_data(struct scene *s)
{
    scene_change_hellos(s, signal_with_data);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                 "ServerHello");
}

static void answer_signal_with_data(struct scene *s)
{
    scene_change_server_hello(s, signal_with_data);
}

/* The last bytes of a hello with that signal. */
static bool refuse_signal(struct wrong *w, struct wrong_record *r)
{
    uint8_t hello =
        w->peer.role == DTLS_SERVER ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO;
    struct dtls_fragment f;

    return wrong_message(r, hello, &f) && f.body.len > 13 &&
           f.body.data[f.body.len - 13] == 12 &&
           f.body.data[f.body.len - 12] == 't' && wrong_alert(w, 10);
}

static void answer_with_10(struct wrong *w)
{
    w->hears = refuse_signal;
}

/* ---- P-REN-5, P-REN-6: a target that does not renegotiate ---- */

static void expect_nothing_new(struct scene *s, uint8_t type, const char *name)
{
    const struct heard_message *m;

    scene_listen(s);
    m = heard_message(&s->heard, type);
    scene_expect(s, m == NULL || m->epoch == 0, "%s in epoch 1", name);
}

static void ask_server_again(struct scene *s)
{
    scene_connect(s);
    if (dtls_session_renegotiate(&s->peer.session, s->peer.now) != DTLS_OK) {
        scene_stop(s, "the server did not signal RFC 5746");
    }
    scene_ask(s);
    expect_nothing_new(s, DTLS_SERVER_HELLO, "ServerHello");
}

static void ask_client_again(struct scene *s)
{
    static const uint8_t hello_request[DTLS_FRAGMENT_HEADER_LEN] = {0};

    scene_connect(s);
    scene_say_record(s, scene_epoch(s), DTLS_HANDSHAKE,
                     dtls_bytes_of(hello_request, sizeof hello_request));
    expect_nothing_new(s, DTLS_CLIENT_HELLO, "ClientHello");
}

static void renegotiate(struct wrong *w)
{
    w->peer.config.renegotiate = NULL;
}

static const struct check checks[] = {
    {.id = "P-REN-2",
     .rows = "D5746-3.6-3",
     .play = offer_signal_with_data,
     .strict = "alert 40",
     .tolerated = "alert 50 | alert 47",
     .wrong = answer_with_10,
     .shows = "alert 10"},
    {.id = "P-REN-3",
     .rows = "D5746-3.4-4",
     .play = answer_signal_with_data,
     .strict = "alert 40",
     .tolerated = "alert 50 | alert 47",
     .wrong = answer_with_10,
     .shows = "alert 10"},
    {.id = "P-REN-5",
     .rows = "D5746-4.3-1 D5246-7.2.2-16",
     .play = ask_server_again,
     .strict = "warning 100 then data | data | alert 40",
     .wrong = renegotiate,
     .shows = "ServerHello in epoch 1"},
    {.id = "P-REN-6",
     .rows = "D5246-7.4.1.1-3",
     .play = ask_client_again,
     .strict = "warning 100 then data | data",
     .wrong = renegotiate,
     .shows = "ClientHello in epoch 1"},
};

CHECK_FILE(renegotiation)
