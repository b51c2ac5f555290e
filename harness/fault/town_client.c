/* SPDX-License-Identifier: MIT */
/* The town's clients and their whims (fault/town.h). */
#include "fault/town.h"

#include <stdio.h>

/* Until a client that waited so long for its data takes its session for
 * dead. */
#define PATIENCE_MS 3000

/* So long after rough times the last of their datagrams has come.  Before that
 * a ServerHello of the client's last attempt may come into this one, which is
 * then lost: nothing in the clear tells them apart. */
#define LATE_MS 2000

void town_client_init(struct town *t, unsigned number)
{
    struct town_client *c = &t->clients[number];
    int len = snprintf((char *)c->identity, sizeof c->identity, "%u", number);

    memset(c->key, 0x21 + (int)number, sizeof c->key);
    t->psks[number] = (struct dtls_psk){
        .identity = {c->identity, (size_t)len},
        .key = {c->key, sizeof c->key},
    };
    c->number = number;
    c->address = 1 + number;
    c->acts_at = town_below(t, 2000);
    c->end.role = DTLS_CLIENT;
    c->end.name = "a client";
    c->end.kind = number % TOWN_KINDS;
    c->end.psks = &t->psks[number];
    c->end.num_psks = 1;
}

static struct town_place *newest_at(struct town *t, unsigned address)
{
    struct town_place *newest = NULL;

    for (size_t i = 0; i < TOWN_PLACES; i++) {
        struct town_place *p = &t->places[i];

        if (p->slot.taken && p->address == address &&
            (newest == NULL || p->order > newest->order)) {
            newest = p;
        }
    }
    return newest;
}

/* Begins an attempt.  If a call fails, nothing has begun. */
static void begin(struct town *t, struct town_client *c)
{
    struct town_attempt *attempt = &t->attempts[t->num_attempts];
    const struct town_place *owned = newest_at(t, c->address);

    assert_true(t->num_attempts < TOWN_ATTEMPTS);
    town_end_begin(t, &c->end);
    if (dtls_session_connect(&c->end.session, &c->end.room, t->net.now) !=
        DTLS_OK) {
        town_end_free(t, &c->end);
        return;
    }
    *attempt = (struct town_attempt){
        .client = c->number,
        .since = t->net.now,
        .is_owner = t->is_calm && t->net.now >= t->calm_since + LATE_MS &&
                    owned != NULL &&
                    dtls_session_is_connected(&owned->end.session),
    };
    memcpy(attempt->random, c->end.session.hs.client_random, DTLS_RANDOM_LEN);
    c->end.attempt = attempt;
    c->asked = false;
    t->num_attempts++;
    t->counts.attempts++;
    town_flush(t, &c->end, c->address);
}

/* Forgets everything and begins anew. */
static void restart(struct town *t, struct town_client *c)
{
    t->counts.restarts++;
    town_end_free(t, &c->end);
    begin(t, c);
}

static bool is_inhabited(const struct town *t, unsigned address)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        if (t->clients[i].address == address) {
            return true;
        }
    }
    return false;
}

/* Its datagrams come from another address from now on, and it does not
 * know. */
static void move(struct town *t, struct town_client *c)
{
    unsigned address;

    do {
        address = 1 + (unsigned)town_below(t, TOWN_ADDRESSES);
    } while (is_inhabited(t, address));
    c->address = address;
    t->counts.moves++;
}

static void fall_silent(struct town *t, struct town_client *c)
{
    c->silent_until = t->net.now + 1000 + town_below(t, 100000);
    t->counts.silences++;
}

static void close_session(struct town *t, struct town_client *c)
{
    if (dtls_session_close(&c->end.session, t->net.now) == DTLS_OK) {
        c->end.attempt->closed[DTLS_CLIENT] = true;
        t->counts.closes++;
    }
}

static void speak(struct town *t, struct town_client *c)
{
    struct town_attempt *attempt = c->end.attempt;

    if (attempt->said < TOWN_WORDS &&
        town_say(t, &c->end, c->address, attempt, attempt->said)) {
        attempt->said++;
    }
}

/* In rough times. */
static void follow_whim(struct town *t, struct town_client *c)
{
    uint64_t whim = town_below(t, 100);

    if (whim < 7) {
        restart(t, c);
    } else if (whim < 12) {
        move(t, c);
    } else if (whim < 15) {
        fall_silent(t, c);
    } else if (!dtls_session_is_open(&c->end.session)) {
        return;
    } else if (whim < 35) {
        close_session(t, c);
    } else if (whim < 50) {
        /* It may be refused. */
        (void)!dtls_session_renegotiate(&c->end.session, t->net.now);
    } else {
        speak(t, c);
    }
}

/* In calm it says one thing, hears it again, restarts, and leaves. */
static void get_served(struct town *t, struct town_client *c)
{
    if (!dtls_session_is_open(&c->end.session)) {
        return;
    }
    if (c->served && !c->rebooted) {
        c->rebooted = true;
        restart(t, c);
    } else if (c->served) {
        close_session(t, c);
    } else if (c->asked) {
        restart(t, c); /* The server does not know this session any more. */
    } else {
        speak(t, c);
        c->asked = true;
    }
}

static void act(struct town *t, struct town_client *c)
{
    const struct dtls_session *s = &c->end.session;

    if (dtls_session_is_alive(s)) {
        (t->is_calm ? get_served : follow_whim)(t, c);
    } else if (s->phase != DTLS_PHASE_IDLE) {
        town_end_free(t, &c->end);
    } else if (!c->served) {
        begin(t, c);
    }
    town_flush(t, &c->end, c->address);
    c->acts_at = t->net.now + (t->is_calm && c->asked && !c->served
                                   ? PATIENCE_MS
                                   : 100 + town_below(t, 1900));
}

/* Data has come back. */
static void be_served(struct town *t, struct town_client *c)
{
    t->counts.words++;
    if (t->is_calm && c->asked && !c->served) {
        c->served = true;
        c->served_at = t->net.now;
        c->acts_at = t->net.now + town_below(t, 2000);
    }
}

static void take_event(struct town *t, struct town_client *c,
                       enum dtls_event event, struct dtls_span data)
{
    switch (event) {
    case DTLS_EVENT_CONNECTED:
        t->counts.connected++;
        town_judge_complete(t, &c->end);
        break;
    case DTLS_EVENT_RENEGOTIATED:
        t->counts.renegotiated++;
        town_judge_complete(t, &c->end);
        break;
    case DTLS_EVENT_DATA:
        (void)town_judge_word(&c->end, dtls_span_bytes(data));
        be_served(t, c);
        break;
    case DTLS_EVENT_NONE:
    case DTLS_EVENT_ENDED:
    case DTLS_EVENT_FAILED:
        break; /* act() sees that. */
    }
}

static bool is_silent(const struct town *t, const struct town_client *c)
{
    return t->net.now < c->silent_until;
}

void town_client_take(struct town *t, struct town_client *c,
                      struct dtls_span datagram)
{
    while (datagram.len != 0 && !is_silent(t, c)) {
        struct dtls_span data = {0};
        enum dtls_event event =
            dtls_session_read(&c->end.session, &datagram, &data, t->net.now);

        take_event(t, c, event, data);
    }
    town_flush(t, &c->end, c->address);
}

uint64_t town_client_due(const struct town *t, const struct town_client *c)
{
    uint64_t due = dtls_session_deadline(&c->end.session);

    if (c->served && c->end.session.phase == DTLS_PHASE_IDLE) {
        return DTLS_NEVER;
    }
    due = due < c->acts_at ? due : c->acts_at;
    return due < c->silent_until && is_silent(t, c) ? c->silent_until : due;
}

void town_client_expire(struct town *t, struct town_client *c)
{
    if (town_client_due(t, c) > t->net.now) {
        return;
    }
    take_event(t, c, dtls_session_expire(&c->end.session, t->net.now),
               (struct dtls_span){0});
    town_flush(t, &c->end, c->address);
    if (c->acts_at <= t->net.now) {
        act(t, c);
    }
}
