/* SPDX-License-Identifier: MIT */
/* What the hellos did not agree on: certificate status, tickets, abbreviated
 * handshakes and heartbeats (RFC 6066, 8; RFC 5077; RFC 5246, 7.4; RFC
 * 6520). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"
#include "check/flight_changes.h"

#include <string.h>

#define EXT_STATUS 5
#define EXT_HEARTBEAT 15
#define EXT_STATUS_V2 17
#define EXT_SCT 18

#define NEW_SESSION_TICKET 4
#define CERTIFICATE_STATUS 22
#define HEARTBEAT 24

/* An OCSP response of which the target needs no more than the frame. */
static const uint8_t status[] = {1, 0, 0, 5, 0x30, 3, 0x0a, 1, 6};

/* ---- P-OCS-2: no status was asked for ---- */

static void ask_for_sct_alone(struct hello *hello)
{
    hello_drop(hello, EXT_STATUS);
    hello_drop(hello, EXT_STATUS_V2);
    hello_add(hello, EXT_SCT, "", 0);
}

static void ask_for_no_status(struct scene *s)
{
    struct dtls_bytes data;
    struct hello answer;

    hello_say(s, ask_for_sct_alone);
    hello_hear(s, &answer);
    scene_expect(s,
                 !hello_has(&answer, EXT_STATUS, &data) &&
                     !hello_has(&answer, EXT_STATUS_V2, &data),
                 "status_request in ServerHello");
    (void)scene_await(s, DTLS_SERVER_HELLO_DONE, 1);
    scene_expect(s, heard_count(&s->heard, CERTIFICATE_STATUS) == 0,
                 "CertificateStatus");
}

/* It takes the question for timestamps for one for the status. */
static bool note_question(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_SCT, NULL);
    }
    return false;
}

static bool say_status(struct wrong *w, struct peer_message *m)
{
    const bool is_behind = m->epoch == 0 && m->record_type == DTLS_HANDSHAKE &&
                           (m->type == DTLS_SERVER_KEY_EXCHANGE ||
                            m->type == DTLS_SERVER_HELLO_DONE);

    if (w->num == 1 && is_behind) {
        (void)wrong_say_message(w, 0, CERTIFICATE_STATUS, m->seq,
                                dtls_bytes_of(status, sizeof status));
        w->num = 2;
    }
    if (w->num == 2 && is_behind) {
        m->seq++;
    }
    return true;
}

static void staple_unasked(struct wrong *w)
{
    w->hears = note_question;
    w->says = say_status;
}

/* ---- P-OCS-5: a status that was not agreed on ---- */

static void show_status(struct scene *s)
{
    struct peer_message *certificate = scene_come_to(s, DTLS_CERTIFICATE);
    static struct peer_message message;

    message = (struct peer_message){.record_type = DTLS_HANDSHAKE,
                                    .type = CERTIFICATE_STATUS,
                                    .len = sizeof status};
    memcpy(message.body, status, sizeof status);
    (void)flight_insert(s, certificate + 1, &message);
    hello_is_refused(s);
}

static bool skip_status(struct wrong *w, struct wrong_record *r)
{
    return wrong_skips(w, r, CERTIFICATE_STATUS);
}

static void skip_every_status(struct wrong *w)
{
    w->hears = skip_status;
}

/* ---- P-TKT-7: a ticket that was not announced ---- */

static void give_ticket(struct scene *s)
{
    static const struct peer_message ticket = {
        .record_type = DTLS_HANDSHAKE,
        .type = NEW_SESSION_TICKET,
        .len = 14,
        .body = {0, 0, 1, 0, 0, 8, 't', 'i', 'c', 'k', 'e', 't', 's', '!'}};

    (void)flight_insert(s, scene_come_to_ccs(s), &ticket);
}

static bool forget_ticket(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return r->wire.epoch == 0 && wrong_fragment(r, &f) &&
           f.type == NEW_SESSION_TICKET && wrong_forgets(w, f.seq);
}

static void ignore_ticket(struct wrong *w)
{
    w->hears = forget_ticket;
}

/* ---- P-RES-15: an abbreviated handshake out of nothing ---- */

static void name_session(struct hello *hello)
{
    static const uint8_t id[32] = "a session that the client has no";

    hello->server.session_id = dtls_bytes_of(id, sizeof id);
}

/* The client has no secret for the Finished, which no key seals either. */
static void resume_nothing(struct scene *s)
{
    static const uint8_t finished[DTLS_FRAGMENT_HEADER_LEN + 12] = {
        DTLS_FINISHED, [3] = 12, [5] = 1, [11] = 12};
    static const uint8_t one = 1;

    scene_change_server_hello(s, name_session);
    scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
    scene_say_record(s, 0, DTLS_HANDSHAKE,
                     dtls_bytes_of(finished, sizeof finished));
    scene_skip(s, peer_find(&s->peer, DTLS_SERVER_HELLO_DONE));
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        scene_expect(
            s, s->heard.records[i].type != DTLS_CHANGE_CIPHER_SPEC,
            "ChangeCipherSpec for a session that the client does not have");
    }
}

static bool resume_too(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t one = 1;
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT && r->wire.epoch == 0 &&
           wrong_message(r, DTLS_FINISHED, &f) && f.seq == 1 &&
           wrong_say(w, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
}

static void resume_anything(struct wrong *w)
{
    w->hears = resume_too;
}

/* ---- P-HBT-1: heartbeats ---- */

/* Mode 2 says that no request is welcome. */
static bool may_stand(const struct hello *hello)
{
    struct dtls_bytes data;

    return !hello_has(hello, EXT_HEARTBEAT, &data) ||
           (data.len == 1 && data.data[0] == 2);
}

static void offer_heartbeat(struct scene *s)
{
    struct hello answer;

    hello_say_with(s, EXT_HEARTBEAT, "\1", 1);
    hello_hear(s, &answer);
    scene_expect(s, may_stand(&answer), "heartbeat of mode 1 in ServerHello");
}

static void look_for_heartbeat(struct scene *s)
{
    struct hello offer;

    hello_hear(s, &offer);
    scene_expect(s, may_stand(&offer), "heartbeat of mode 1 in ClientHello");
}

static void add_heartbeat(struct hello *hello)
{
    hello_drop(hello, EXT_HEARTBEAT);
    hello_add(hello, EXT_HEARTBEAT, "\1", 1);
}

static bool note_heartbeat(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_HEARTBEAT, NULL);
    }
    return false;
}

static bool say_heartbeat(struct wrong *w, struct peer_message *m)
{
    return (m->type == DTLS_SERVER_HELLO && w->num != 1) ||
           wrong_says_hello(w, m, add_heartbeat);
}

static void agree_to_heartbeats(struct wrong *w)
{
    w->hears = note_heartbeat;
    w->says = say_heartbeat;
}

/* Requests with 18 bytes of payload, of which the second claims more. */
static const uint8_t request[1 + 2 + 18 + 16] = {1, 0, 18, 'b', 'e', 'a', 't'};
static const uint8_t long_request[1 + 2 + 18 + 16] = {1,   0xff, 0xff, 'b',
                                                      'e', 'a',  't'};

static void expect_no_beat(struct scene *s)
{
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        scene_expect(s, s->heard.records[i].type != HEARTBEAT,
                     "an answer to a heartbeat");
    }
}

static void beat_in_handshake(struct scene *s)
{
    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_KEY_EXCHANGE
                               : DTLS_SERVER_HELLO_DONE);
    scene_say_record(s, 0, HEARTBEAT, dtls_bytes_of(request, sizeof request));
    expect_no_beat(s);
}

static void beat(struct scene *s)
{
    scene_connect(s);
    scene_say_record(s, scene_epoch(s), HEARTBEAT,
                     dtls_bytes_of(request, sizeof request));
    expect_no_beat(s);
}

static void beat_too_long(struct scene *s)
{
    scene_connect(s);
    scene_say_record(s, scene_epoch(s), HEARTBEAT,
                     dtls_bytes_of(long_request, sizeof long_request));
    expect_no_beat(s);
}

static bool beat_back(struct wrong *w, struct wrong_record *r)
{
    uint8_t response[sizeof request];

    if (!r->opened || r->wire.type != HEARTBEAT ||
        r->plain.len != sizeof response) {
        return false;
    }
    memcpy(response, r->plain.data, sizeof response);
    response[0] = 2;
    return wrong_say(w, r->wire.epoch, HEARTBEAT,
                     dtls_bytes_of(response, sizeof response));
}

static void answer_heartbeats(struct wrong *w)
{
    w->hears = beat_back;
}

static const struct check checks[] = {
    {.id = "P-OCS-2",
     .rows = "D6066-8-1",
     .suits = dtls_suite_has_certificate,
     .play = ask_for_no_status,
     .strict = "data",
     .wrong = staple_unasked,
     .shows = "CertificateStatus"},
    {.id = "P-OCS-5",
     .rows = "D6066-8-3",
     .suits = dtls_suite_has_certificate,
     .play = show_status,
     .strict = "alert 10",
     .wrong = skip_every_status,
     .shows = "ClientKeyExchange"},
    {.id = "P-TKT-7",
     .rows = "D5077-3.3-10",
     .matters = CHECK_EACH_KX,
     .play = give_ticket,
     .strict = "alert 10",
     .wrong = ignore_ticket,
     .shows = "*"},
    {.id = "P-RES-15",
     .rows = "D5246-7.4-2 D5246-7.4.1.3-95",
     .matters = CHECK_EACH_KX,
     .play = resume_nothing,
     .strict = "silence | alert 10",
     .wrong = resume_anything,
     .shows = "ChangeCipherSpec for a session that *"},
    {.id = "P-HBT-1.offered",
     .roles = CHECK_SERVER,
     .rows = "D6520-2-90 T02102-3.3.4.6-1",
     .play = offer_heartbeat,
     .strict = "data",
     .wrong = agree_to_heartbeats,
     .shows = "heartbeat of mode 1 in ServerHello"},
    {.id = "P-HBT-1.offers",
     .roles = CHECK_CLIENT,
     .rows = "D6520-2-90 T02102-3.3.4.6-1",
     .play = look_for_heartbeat,
     .strict = "data",
     .wrong = agree_to_heartbeats,
     .shows = "heartbeat of mode 1 in ClientHello"},
    {.id = "P-HBT-1.handshake",
     .rows = "D6520-3-2 T02102-3.3.4.6-1",
     .play = beat_in_handshake,
     .strict = "data",
     .tolerated = "alert 10",
     .wrong = answer_heartbeats,
     .shows = "an answer to a heartbeat"},
    {.id = "P-HBT-1.connected",
     .rows = "D6520-2-90 T02102-3.3.4.6-1",
     .play = beat,
     .strict = "data | alert 10",
     .wrong = answer_heartbeats,
     .shows = "an answer to a heartbeat"},
    {.id = "P-HBT-1.too_long",
     .rows = "D6520-2-90 D6520-4-1",
     .play = beat_too_long,
     .strict = "data | alert 10",
     .wrong = answer_heartbeats,
     .shows = "an answer to a heartbeat"},
};

CHECK_FILE(unwanted)
