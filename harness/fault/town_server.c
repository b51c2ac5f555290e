/* SPDX-License-Identifier: MIT */
/* The town's server (fault/town.h).  It goes the way of
 * nx_secure/server_receive.c, without its threads and packets. */
#include "fault/town.h"

#include <stddef.h>

static struct town_place *place_of(struct dtls_slot *slot)
{
    return (struct town_place *)(void *)((uint8_t *)slot -
                                         offsetof(struct town_place, slot));
}

static struct dtls_newcomer newcomer_at(unsigned address)
{
    uint8_t source = (uint8_t)(address % TOWN_SOURCES);

    return (struct dtls_newcomer){
        .peer = {7, {4, 10, 0, 0, source, 0x12, (uint8_t)address}},
        .source = {{4, 10, 0, 0, source}},
    };
}

static bool is_over(const struct town_place *p)
{
    return p->end.session.phase == DTLS_PHASE_ENDED ||
           p->end.session.phase == DTLS_PHASE_FAILED;
}

uint64_t town_server_due(const struct town_place *p)
{
    uint64_t due = dtls_session_deadline(&p->end.session);

    if (!p->slot.taken) {
        return DTLS_NEVER;
    }
    return p->leave_at < due ? p->leave_at : due;
}

/* A session may have ended just now: then the application will give its slot
 * back. */
static void watch(struct town *t, struct town_place *p)
{
    if (p->slot.taken && is_over(p) && p->leave_at == DTLS_NEVER) {
        p->leave_at = t->net.now + 1 + town_below(t, TOWN_LAZY_MS);
    }
    dtls_deadlines_set(&t->deadlines, (uint32_t)(p - t->places),
                       town_server_due(p));
}

/* A client at this address does not own a session any more. */
static void end_ownership(struct town *t, unsigned address)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        const struct town_client *c = &t->clients[i];

        if (c->address == address && c->end.attempt != NULL) {
            c->end.attempt->is_owner = false;
        }
    }
}

static void reset(struct town *t, struct town_place *p)
{
    if (p->established && !p->end.replaced) {
        end_ownership(t, p->address);
    }
    dtls_admission_leave(&t->admission, &p->slot);
    town_end_free(t, &p->end);
    p->established = false;
    p->leave_at = DTLS_NEVER;
    watch(t, p);
}

/* Takes a slot for a newcomer, if it gets one. */
static struct dtls_slot *take_slot(struct town *t,
                                   const struct dtls_newcomer *newcomer,
                                   enum dtls_verdict *verdict)
{
    const bool full = dtls_table_is_full(&t->table);
    struct dtls_slot *loser;
    struct dtls_slot *slot;
    bool anew;

    *verdict =
        dtls_admission_judge(&t->admission, &loser, newcomer, t->net.now);
    anew = *verdict == DTLS_ADMIT_ANEW;
    if (*verdict == DTLS_REFUSE || *verdict == DTLS_REFUSE_ALL) {
        return NULL;
    }
    if (loser != NULL) {
        assert_false(place_of(loser)->established);
        t->counts.begun_anew += anew;
        t->counts.yielded += !anew;
    }
    if (loser != NULL && full) {
        reset(t, place_of(loser));
    }
    slot = dtls_admission_enter(&t->admission, newcomer, anew ? loser : NULL,
                                t->net.now);
    if (loser != NULL && !full) {
        reset(t, place_of(loser));
    }
    return slot;
}

static void send_to(struct town *t, unsigned address,
                    const struct dtls_buf *out)
{
    if (out->len != 0) {
        assert_false(failing_shows(dtls_buf_bytes(out)));
        sim_send(&t->net, TOWN_SERVER, (int)address, dtls_buf_bytes(out));
    }
}

/* Turns a newcomer away.  One that owns a session is never told to give up. */
static void refuse(struct town *t, unsigned address,
                   const struct dtls_gate_pass *pass, bool tell)
{
    const struct dtls_address peer = newcomer_at(address).peer;
    uint8_t bytes[32];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};

    assert_false(tell && dtls_table_find(&t->table, &peer) != NULL);
    t->counts.refused += !tell;
    t->counts.refused_all += tell;
    if (tell) {
        dtls_listener_refuse(&t->listener, &reply, pass, t->net.now);
    }
    send_to(t, address, &reply);
}

/* Returns the place whose session is to read the ClientHello, or NULL. */
static struct town_place *admit(struct town *t, unsigned address,
                                const struct dtls_gate_pass *pass)
{
    const struct dtls_newcomer newcomer = newcomer_at(address);
    enum dtls_verdict verdict;
    struct dtls_slot *slot = take_slot(t, &newcomer, &verdict);
    struct town_place *p;

    if (slot == NULL) {
        refuse(t, address, pass, verdict == DTLS_REFUSE_ALL);
        return NULL;
    }
    p = place_of(slot);
    p->address = address;
    p->order = ++t->order;
    town_end_begin(t, &p->end);
    dtls_session_accept(&p->end.session, &p->end.room, pass, t->net.now);
    t->counts.accepted++;
    return p;
}

/* What the server's application does when it hears something. */
static void answer(struct town *t, struct town_place *p, unsigned word)
{
    uint64_t whim = t->is_calm ? 100 : town_below(t, 100);
    enum dtls_status status = DTLS_OK;

    (void)town_say(t, &p->end, p->address, p->end.attempt, word);
    if (whim < 6) {
        status = dtls_session_renegotiate(&p->end.session, t->net.now);
    } else if (whim < 8) {
        status = dtls_session_close(&p->end.session, t->net.now);
        p->end.attempt->closed[DTLS_SERVER] |= status == DTLS_OK;
    }
    (void)status; /* Another handshake may be refused. */
}

static void take_event(struct town *t, struct town_place *p,
                       enum dtls_event event, struct dtls_span data)
{
    switch (event) {
    case DTLS_EVENT_CONNECTED:
        dtls_admission_establish(&t->admission, &p->slot);
        p->established = true;
        t->counts.established++;
        town_judge_complete(t, &p->end);
        break;
    case DTLS_EVENT_RENEGOTIATED:
        town_judge_complete(t, &p->end);
        break;
    case DTLS_EVENT_DATA:
        answer(t, p, town_judge_word(&p->end, dtls_span_bytes(data)));
        break;
    case DTLS_EVENT_NONE:
    case DTLS_EVENT_ENDED:
    case DTLS_EVENT_FAILED:
        break; /* watch() sees that. */
    }
}

/* Returns true if the session's first handshake is complete now. */
static bool feed(struct town *t, struct town_place *p,
                 struct dtls_span datagram)
{
    bool before = p->established;

    while (datagram.len != 0) {
        struct dtls_span data = {0};
        enum dtls_event event =
            dtls_session_read(&p->end.session, &datagram, &data, t->net.now);

        take_event(t, p, event, data);
    }
    town_flush(t, &p->end, p->address);
    watch(t, p);
    return p->established && !before;
}

static void at_the_gate(struct town *t, unsigned address,
                        struct dtls_span datagram)
{
    const struct dtls_newcomer newcomer = newcomer_at(address);
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    struct town_place *p;

    switch (dtls_listener_gate(&t->listener, &reply, &pass, &newcomer.peer,
                               datagram, t->net.now)) {
    case DTLS_GATE_ACCEPT:
        p = admit(t, address, &pass);
        if (p != NULL) {
            (void)feed(t, p, datagram);
        }
        return;
    case DTLS_GATE_REPLY:
        send_to(t, address, &reply);
        return;
    case DTLS_GATE_DISCARD:
        return;
    }
}

static bool is_in_the_clear(struct dtls_span datagram)
{
    struct dtls_record record;

    return dtls_record_next(&datagram, &record) != DTLS_OK ||
           record.epoch == 0;
}

/* The client has begun anew beside its live session: both look at what is
 * protected (RFC 6347, 4.2.8). */
static void to_both(struct town *t, struct town_place *newer,
                    struct town_place *older, struct dtls_span datagram)
{
    bool protected = !is_in_the_clear(datagram);
    uint8_t *copy =
        kit_exact(dtls_span_bytes(datagram)); /* Records open in place. */

    if (feed(t, newer, datagram)) {
        dtls_session_abandon(&older->end.session);
        assert_int_equal(older->end.session.phase, DTLS_PHASE_ENDED);
        older->end.replaced = true;
        t->counts.renewed++;
        watch(t, older);
    } else if (protected) {
        (void)feed(t, older, (struct dtls_span){copy, datagram.len});
    }
    free(copy);
}

void town_server_take(struct town *t, unsigned address,
                      struct dtls_span datagram)
{
    const struct dtls_newcomer newcomer = newcomer_at(address);
    struct dtls_slot *newest = dtls_table_find(&t->table, &newcomer.peer);
    struct dtls_slot *older =
        newest == NULL ? NULL : dtls_table_find_older(&t->table, newest);

    if (newest == NULL ||
        dtls_listener_begins_anew(&place_of(newest)->end.session.first_hello,
                                  datagram)) {
        at_the_gate(t, address, datagram);
    } else if (older != NULL &&
               dtls_session_is_connected(&place_of(older)->end.session)) {
        to_both(t, place_of(newest), place_of(older), datagram);
    } else {
        (void)feed(t, place_of(newest), datagram);
    }
}

/* Does what is due in a session. */
static void see_to(struct town *t, struct town_place *p)
{
    if (p->leave_at <= t->net.now) {
        reset(t, p);
        return;
    }
    take_event(t, p, dtls_session_expire(&p->end.session, t->net.now),
               (struct dtls_span){0});
    town_flush(t, &p->end, p->address);
    watch(t, p);
    assert_true(town_server_due(p) > t->net.now);
}

void town_server_expire(struct town *t)
{
    while (dtls_deadlines_next(&t->deadlines) <= t->net.now) {
        see_to(t, &t->places[dtls_deadlines_first(&t->deadlines)]);
    }
}

void town_server_open(struct town *t, uint32_t slots)
{
    failing_init(&t->gate_calls, &t->crypto, NULL);
    assert_int_equal(dtls_listener_init(&t->listener, &t->gate_calls.crypto,
                                        &t->counters, 0),
                     DTLS_OK);
    dtls_deadlines_init(&t->deadlines, t->due, TOWN_PLACES);
    assert_int_equal(dtls_table_init(&t->table, &t->crypto, &t->places[0].slot,
                                     sizeof t->places[0], slots,
                                     &t->places[slots].slot, t->index),
                     DTLS_OK);
    dtls_admission_init(&t->admission, &t->table);
    for (size_t i = 0; i < TOWN_PLACES; i++) {
        t->places[i].end.role = DTLS_SERVER;
        t->places[i].end.name = "the server";
        t->places[i].end.psks = t->psks;
        t->places[i].end.num_psks = TOWN_CLIENTS;
        t->places[i].leave_at = DTLS_NEVER;
    }
}

/* Everybody has left: nothing is kept. */
void town_server_close(struct town *t)
{
    assert_int_equal(t->table.taken, 0);
    assert_int_equal(t->admission.num_second, 0);
    assert_int_equal(t->admission.num_half_open, 0);
    assert_int_equal(t->admission.second.size, 0);
    assert_int_equal(t->admission.largest, 0);
    assert_int_equal(dtls_deadlines_next(&t->deadlines), DTLS_NEVER);
    assert_int_equal(t->gate_calls.live, 0);
    dtls_listener_free(&t->listener);
    dtls_table_free(&t->table);
}
