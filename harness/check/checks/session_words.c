/* SPDX-License-Identifier: MIT */
/* Words for sessions that are resumed (check/checks/session_words.h). */
#include "check/checks/session_words.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_MS 1000 /* clocks differ */

/* ---- of scripts ---- */

/* What session_offer says. */
static struct {
    enum session_way way;
    void (*change)(struct hello *hello); /* NULL: nothing more */
    /* That of the last ClientHello, or, of a peer that is a server, of its
     * session. */
    uint8_t id[DTLS_SESSION_ID_MAX];
    size_t id_len;
} offer;

/* What a client that is the peer offers, whatever its engine would rather
 * forget. */
static struct dtls_client_session kept;

enum session_way session_way(const struct scene *s)
{
    const struct ics *ics = s->setup->ics;

    return ics_has(ics, ICS_resume, "ticket") ? SESSION_BY_TICKET
                                              : SESSION_BY_ID;
}

void session_go(struct scene *s, enum session_way way)
{
    offer.way = way;
    if (s->peer.role == DTLS_SERVER && way == SESSION_BY_ID) {
        s->peer.config.tickets = NULL;
    }
}

static void change_offer(struct hello *hello)
{
    struct dtls_bytes id;

    if (offer.way == SESSION_BY_ID) {
        hello_drop(hello, SESSION_TICKET);
    }
    if (offer.change != NULL) {
        offer.change(hello);
    }
    id = hello->client.session_id;
    offer.id_len = id.len;
    memcpy(offer.id, id.data, id.len);
}

void session_offer(struct scene *s, void (*change)(struct hello *hello))
{
    offer.change = change;
    scene_change_hellos(s, change_offer);
}

static bool has_session(const struct scene *s)
{
    const struct dtls_client_session *own = &s->memory.session;

    if (s->peer.role == DTLS_CLIENT) {
        return own->saved.suite != 0 &&
               (own->ticket_len != 0) == (offer.way == SESSION_BY_TICKET);
    }
    return offer.way == SESSION_BY_TICKET
               ? s->memory.tickets.current.sealed != 0
               : s->memory.entries[0].saved.suite != 0;
}

void session_keep(const struct scene *s)
{
    const struct dtls_agreed *agreed = &s->peer.session.hs.agreed;

    kept = s->memory.session;
    kept.saved.until = DTLS_NEVER;
    kept.ticket_until = DTLS_NEVER;
    if (s->peer.role == DTLS_SERVER) {
        offer.id_len = agreed->session_id_len;
        memcpy(offer.id, agreed->session_id, offer.id_len);
    }
}

void session_connect(struct scene *s, enum session_way way)
{
    session_go(s, way);
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    scene_connect(s);
    if (!has_session(s)) {
        scene_stop(s, "it makes no session that can be resumed by %s",
                   way == SESSION_BY_ID ? "an id" : "a ticket");
    }
    session_keep(s);
}

void session_again(struct scene *s, enum session_way way)
{
    scene_again(s);
    session_go(s, way);
    if (s->peer.role == DTLS_CLIENT) {
        s->memory.session = kept;
    }
}

void session_make(struct scene *s, enum session_way way)
{
    session_connect(s, way);
    session_again(s, way);
}

static bool is_id(struct dtls_bytes id)
{
    return id.len != 0 && id.len == offer.id_len &&
           memcmp(id.data, offer.id, id.len) == 0;
}

bool session_is_accepted(struct scene *s)
{
    struct hello hello;

    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return false;
    }
    hello_hear(s, &hello);
    return is_id(hello.server.session_id);
}

bool session_is_offered(struct scene *s)
{
    struct hello hello;
    struct dtls_bytes ticket;

    hello_hear(s, &hello);
    return is_id(hello.client.session_id) ||
           (hello_has(&hello, SESSION_TICKET, &ticket) && ticket.len != 0);
}

void session_wait(struct scene *s)
{
    const char *seconds = s->setup->ics->values[ICS_resume_s];

    scene_wait(s, 1000ull * strtoul(seconds, NULL, 10) + SETTLE_MS);
}

void session_is_resumed(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        scene_expect(s, session_is_accepted(s), "no session resumed");
    } else {
        scene_expect(s, session_is_offered(s), "no session offered");
    }
}

void session_is_new(struct scene *s)
{
    if (s->peer.role == DTLS_SERVER) {
        scene_expect(s, !session_is_offered(s), "the session offered");
    } else if (scene_await(s, DTLS_SERVER_HELLO, 1)) {
        scene_expect(s, !session_is_accepted(s), "the session resumed");
        scene_expect(s, scene_await(s, DTLS_SERVER_HELLO_DONE, 1),
                     "no full handshake");
    }
}

/* ---- of wrong targets ---- */

void wrong_forgets_sessions(struct wrong *w)
{
    if (w->sut.setup.resumes) {
        sut_own_forget(&w->memory);
        sut_own_remember(&w->memory, &w->peer.config,
                         w->peer.role == DTLS_CLIENT, w->peer.now);
    }
}

bool wrong_resumes(const struct wrong *w)
{
    return w->peer.session.hs.resumed;
}

static uint8_t offered[DTLS_SESSION_ID_MAX]; /* to the wrong target */
static size_t offered_len;

bool wrong_keeps_offer(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (w->peer.role == DTLS_SERVER && wrong_hello(r, &hello)) {
        offered_len = hello.client.session_id.len;
        memcpy(offered, hello.client.session_id.data, offered_len);
    }
    return wrong_keeps_hello(w, r);
}

static void repeat_offered_id(struct hello *hello)
{
    hello->server.session_id = dtls_bytes_of(offered, offered_len);
}

bool wrong_says_offered_id(struct wrong *w, struct peer_message *m)
{
    return offered_len == 0 || wrong_resumes(w) ||
           wrong_says_hello(w, m, repeat_offered_id);
}
