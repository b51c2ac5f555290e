/* SPDX-License-Identifier: MIT */
/* Session tickets (RFC 5077). */
#include "check/checks/all_checks.h"
#include "check/checks/session_words.h"
#include "check/flight_changes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a hello has ---- */

static struct dtls_bytes ticket_of(const struct hello *hello)
{
    struct dtls_bytes ticket;

    return hello_has(hello, SESSION_TICKET, &ticket) ? ticket
                                                     : (struct dtls_bytes){0};
}

static void put_ticket(struct hello *hello, struct dtls_bytes ticket)
{
    hello_drop(hello, SESSION_TICKET);
    hello_add(hello, SESSION_TICKET, ticket.data, ticket.len);
}

/* NewSessionTicket comes just when ServerHello has announced it. */
static void expect_ticket_as_announced(struct scene *s)
{
    const struct heard_message *m =
        heard_message(&s->heard, DTLS_NEW_SESSION_TICKET);
    struct dtls_bytes data;
    struct hello hello;
    bool announced;

    hello_hear(s, &hello);
    announced = hello_has(&hello, SESSION_TICKET, &data);
    scene_expect(s, !announced || data.len == 0,
                 "session_ticket of %zu bytes in ServerHello", data.len);
    if (m != NULL && ics_claims(s->setup->ics, ICS_resume_s)) {
        struct dtls_bytes body = dtls_span_bytes(m->body);
        uint32_t hint = 0;

        scene_expect(
            s,
            dtls_get_u32(&body, &hint) &&
                hint <= strtoul(s->setup->ics->values[ICS_resume_s], NULL, 10),
            "a lifetime hint of %u s", (unsigned)hint);
    }
    scene_expect(s, announced == (m != NULL),
                 announced ? "no NewSessionTicket"
                           : "NewSessionTicket that is not announced");
    scene_expect(s, m == NULL || m->epoch == 0, "NewSessionTicket in epoch %u",
                 m == NULL ? 0 : m->epoch);
}

/* ---- P-TKT-1: a ticket is given and resumes ---- */

static void resume_by_ticket(struct scene *s)
{
    session_connect(s, SESSION_BY_TICKET);
    expect_ticket_as_announced(s);
    for (int i = 0; i < 2; i++) {
        session_again(s, SESSION_BY_TICKET);
        session_offer(s, NULL);
        session_is_resumed(s);
        scene_connect(s);
        expect_ticket_as_announced(s);
    }
}

static void ask_and_fail(struct scene *s)
{
    struct peer_message *m;

    session_go(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    m = scene_come_to(s, DTLS_FINISHED);
    m->body[3] ^= 4;
    scene_say(s, m);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_NEW_SESSION_TICKET) == 0,
                 "NewSessionTicket");
}

/* ---- P-TKT-2: nobody has asked ---- */

static void ask_for_none(struct scene *s)
{
    session_connect(s, SESSION_BY_ID);
    scene_expect(s, heard_count(&s->heard, DTLS_NEW_SESSION_TICKET) == 0,
                 "NewSessionTicket");
}

static void announce(struct hello *hello)
{
    put_ticket(hello, (struct dtls_bytes){0});
}

static bool announce_to_all(struct wrong *w, struct peer_message *m)
{
    return wrong_resumes(w) || wrong_says_hello(w, m, announce);
}

static void give_to_all(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER && w->sut.setup.resumes) {
        w->hears = wrong_keeps_hello;
        w->says = announce_to_all;
    }
}

/* It gives a ticket behind a ServerHello that announces none. */
static bool add_ticket(struct wrong *w, struct peer_message *m)
{
    static const uint8_t body[8] = {0, 0, 1, 0, 0, 2, 'n', 'o'};

    if (m->record_type == DTLS_CHANGE_CIPHER_SPEC && w->num == 0 &&
        w->peer.role == DTLS_SERVER && w->sut.setup.resumes) {
        return wrong_say_message(w, 0, DTLS_NEW_SESSION_TICKET, 9,
                                 dtls_bytes_of(body, sizeof body));
    }
    return true;
}

static void say_ticket_anyway(struct wrong *w)
{
    w->says = add_ticket;
}

static void look_for_answer(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_say_without(s, SESSION_TICKET);
    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, SESSION_TICKET, &data),
                 "session_ticket in ServerHello");
}

/* ---- P-TKT-3: tickets that are none ---- */

#define PLACES 16

static struct {
    void (*change)(uint8_t *ticket, size_t *len, unsigned number);
    unsigned number;
} spoil;

static void spoil_ticket(struct hello *hello)
{
    static uint8_t ticket[DTLS_TICKET_MAX + 1];
    struct dtls_bytes own = ticket_of(hello);
    size_t len = own.len;

    assert(len <= DTLS_TICKET_MAX);
    memcpy(ticket, own.data, len);
    spoil.change(ticket, &len, spoil.number);
    put_ticket(hello, dtls_bytes_of(ticket, len));
}

/* Offers the session `num` times, with a ticket that is changed. */
static void spoil_tickets(struct scene *s, unsigned num,
                          void (*change)(uint8_t *ticket, size_t *len,
                                         unsigned number))
{
    session_connect(s, SESSION_BY_TICKET);
    spoil.change = change;
    for (spoil.number = 0; spoil.number < num; spoil.number++) {
        session_again(s, SESSION_BY_TICKET);
        session_offer(s, spoil_ticket);
        session_is_new(s);
        scene_connect(s);
    }
}

/* At places from the first byte to the last. */
static void flip_bit(uint8_t *ticket, size_t *len, unsigned number)
{
    ticket[number * (*len - 1) / (PLACES - 1)] ^=
        (uint8_t)(1u << (number % 8));
}

static void flip_bits(struct scene *s)
{
    spoil_tickets(s, PLACES, flip_bit);
}

static void change_length(uint8_t *ticket, size_t *len, unsigned number)
{
    const size_t lens[] = {*len - 1, *len + 1, 1, *len / 2};

    ticket[*len] = 0;
    *len = lens[number];
}

static void change_lengths(struct scene *s)
{
    spoil_tickets(s, 4, change_length);
}

static void make_up(uint8_t *ticket, size_t *len, unsigned number)
{
    for (size_t i = 0; i < *len; i++) {
        ticket[i] = (uint8_t)(i * 7 + number);
    }
}

static void make_tickets_up(struct scene *s)
{
    spoil_tickets(s, 2, make_up);
}

/* As RFC 4507 had an empty one. */
static void write_old_form(uint8_t *ticket, size_t *len, unsigned number)
{
    (void)number;
    memset(ticket, 0, 2);
    *len = 2;
}

static void offer_old_form(struct scene *s)
{
    spoil_tickets(s, 1, write_old_form);
}

static void offer_old_ticket(struct scene *s)
{
    session_connect(s, SESSION_BY_TICKET);
    session_wait(s);
    session_again(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    session_is_new(s);
}

/* The ticket is renewed, because the key has grown too old, but the session
 * keeps its age. */
static void offer_renewed_ticket(struct scene *s)
{
    const uint64_t life =
        1000ull * strtoul(s->setup->ics->values[ICS_resume_s], NULL, 10);

    scene_wait(s, life * 9 / 10);
    session_connect(s, SESSION_BY_TICKET);
    scene_wait(s, life / 5);
    session_again(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    session_is_resumed(s);
    scene_connect(s);
    session_keep(s);
    scene_wait(s, life * 9 / 10);
    session_again(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    session_is_new(s);
}

static uint8_t good[DTLS_TICKET_MAX]; /* the wrong target's newest ticket */
static size_t good_len;

static bool note_ticket(struct wrong *w, struct peer_message *m)
{
    struct dtls_new_session_ticket t;

    if (w->peer.role == DTLS_SERVER && m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_NEW_SESSION_TICKET &&
        dtls_new_session_ticket_parse(&t, dtls_bytes_of(m->body, m->len)) ==
            DTLS_OK &&
        t.ticket.len <= sizeof good) {
        memcpy(good, t.ticket.data, t.ticket.len);
        good_len = t.ticket.len;
    }
    return true;
}

/* It reads a hello with any ticket as if it had the newest one. */
static bool read_good_ticket(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;
    struct dtls_bytes own;

    if (w->peer.role != DTLS_SERVER || w->round == 0 || good_len == 0 ||
        !wrong_hello(r, &hello)) {
        return false;
    }
    own = ticket_of(&hello);
    if (own.len == 0 || dtls_bytes_equal(own, dtls_bytes_of(good, good_len))) {
        return false;
    }
    put_ticket(&hello, dtls_bytes_of(good, good_len));
    return wrong_reads_hello(w, r, &hello);
}

static void take_any_ticket(struct wrong *w)
{
    w->says = note_ticket;
    w->hears = read_good_ticket;
}

static void live_for_ever(struct wrong *w)
{
    w->memory.tickets.period = 1000ull * 1000 * 86400;
}

/* ---- P-TKT-4: the id beside a ticket ---- */

static const uint8_t other_id[20] = "a client's own short";

static void give_other_id(struct hello *hello)
{
    hello->client.session_id = dtls_bytes_of(other_id, sizeof other_id);
}

static void offer_with_other_ids(struct scene *s)
{
    struct dtls_handshake *h = &s->peer.session.hs;

    session_connect(s, SESSION_BY_TICKET);
    session_again(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    session_is_resumed(s);
    scene_connect(s);
    session_again(s, SESSION_BY_TICKET);
    (void)scene_come_to(s, DTLS_CLIENT_HELLO);
    memcpy(h->session_id, other_id, sizeof other_id);
    h->session_id_len = sizeof other_id;
    session_offer(s, give_other_id);
    session_is_resumed(s);
}

static void give_no_id(struct hello *hello)
{
    hello->client.session_id.len = 0;
}

static bool has_record_of_epoch_1(const struct scene *s)
{
    for (size_t i = 0; i < s->heard.num_records; i++) {
        if (s->heard.records[i].epoch == 1) {
            return true;
        }
    }
    return false;
}

static void offer_without_id(struct scene *s)
{
    session_make(s, SESSION_BY_TICKET);
    s->hopes = false; /* the peer knows tickets only beside an id */
    session_offer(s, give_no_id);
    (void)scene_hear(s, DTLS_SERVER_HELLO, 1);
    scene_pause(s);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_SERVER_HELLO_DONE) == 0 &&
                     has_record_of_epoch_1(s),
                 "a full handshake");
    session_again(s, SESSION_BY_TICKET);
    s->hopes = true;
    session_offer(s, NULL);
    session_is_resumed(s);
}

static bool need_id(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->at_the_door &&
           wrong_hello(r, &hello) && ticket_of(&hello).len != 0 &&
           hello.client.session_id.len == 0 &&
           wrong_reads_without(w, r, SESSION_TICKET);
}

static void need_an_id(struct wrong *w)
{
    w->hears = need_id;
}

static bool need_long_id(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->at_the_door &&
           wrong_hello(r, &hello) && ticket_of(&hello).len != 0 &&
           hello.client.session_id.len != DTLS_SESSION_ID_MAX &&
           wrong_reads_without(w, r, SESSION_TICKET);
}

static void need_a_long_id(struct wrong *w)
{
    w->hears = need_long_id;
}

/* The id of a session that the server has; the ticket is none. */
static void spoil_beside_id(struct hello *hello)
{
    static const uint8_t ticket[40] = "a ticket that this server never made";

    put_ticket(hello, dtls_bytes_of(ticket, sizeof ticket));
}

static void offer_id_and_bad_ticket(struct scene *s)
{
    session_make(s, SESSION_BY_ID);
    session_offer(s, spoil_beside_id);
    session_is_new(s);
}

/* It looks the id up when the ticket does not open. */
static bool prefer_id(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->round != 0 &&
           wrong_hello(r, &hello) && ticket_of(&hello).len != 0 &&
           dtls_cache_find(&w->memory.cache, hello.client.session_id) !=
               NULL &&
           wrong_reads_without(w, r, SESSION_TICKET);
}

static void prefer_ids(struct wrong *w)
{
    w->hears = prefer_id;
}

/* ---- P-TKT-5: what a client does with a ticket ---- */

/* Each of its hellos must have this session_ticket. */
static void expect_tickets(struct scene *s, struct dtls_bytes ticket)
{
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];
        struct dtls_bytes data = {0};
        struct hello hello;

        if (m->type == DTLS_CLIENT_HELLO && m->have == m->body.len) {
            hello_read_client(&hello, dtls_span_bytes(m->body));
            scene_expect(s,
                         hello_has(&hello, SESSION_TICKET, &data) &&
                             dtls_bytes_equal(data, ticket),
                         "another session_ticket, of %zu bytes", data.len);
        }
    }
}

/* The ticket that the peer has given in its last flight. */
static struct dtls_bytes given_ticket(struct scene *s)
{
    static uint8_t ticket[DTLS_TICKET_MAX];
    const struct peer_message *m = scene_come_to(s, DTLS_NEW_SESSION_TICKET);
    struct dtls_new_session_ticket t;

    if (dtls_new_session_ticket_parse(&t, dtls_bytes_of(m->body, m->len)) !=
        DTLS_OK) {
        scene_stop(s, "the peer's ticket cannot be read");
    }
    memcpy(ticket, t.ticket.data, t.ticket.len);
    return dtls_bytes_of(ticket, t.ticket.len);
}

static void give_and_look(struct scene *s)
{
    struct dtls_bytes ticket;

    s->cookies = 1;
    ticket = given_ticket(s);
    expect_tickets(s, (struct dtls_bytes){0});
    scene_connect(s);
    session_again(s, SESSION_BY_TICKET);
    s->cookies = 1;
    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    expect_tickets(s, ticket);
    scene_connect(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "a full handshake");
}

static void change_ticket(struct hello *hello)
{
    static uint8_t ticket[DTLS_TICKET_MAX];
    struct dtls_bytes own = ticket_of(hello);

    memcpy(ticket, own.data, own.len);
    ticket[0] ^= 1;
    put_ticket(hello, dtls_bytes_of(ticket, own.len));
}

static bool say_changed_ticket(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_CLIENT || !w->peer.session.hs.offers_ticket ||
           wrong_says_hello(w, m, change_ticket);
}

static void touch_tickets(struct wrong *w)
{
    w->says = say_changed_ticket;
}

/* The server fails in the handshake that gives the ticket, or in the one that
 * takes it. */
static void fail_with_ticket(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->body[9] ^= 0x40;
    scene_say(s, m);
    scene_listen(s);
    session_again(s, SESSION_BY_TICKET);
    session_is_new(s);
}

static void give_and_fail(struct scene *s)
{
    (void)given_ticket(s);
    fail_with_ticket(s);
}

static void accept_and_fail(struct scene *s)
{
    session_make(s, SESSION_BY_TICKET);
    fail_with_ticket(s);
}

static struct dtls_client_session lasting; /* of the wrong target */

/* It keeps what it has, or is just given, before Finished has been read. */
static bool keep_early(struct wrong *w, struct wrong_record *r)
{
    struct dtls_client_session *own = &w->memory.session;
    struct dtls_handshake *h = &w->peer.session.hs;
    const struct dtls_client_session before = *own;

    if (w->peer.role == DTLS_CLIENT && w->sut.setup.resumes &&
        r->wire.epoch == 1 && w->sut.state == SUT_HANDSHAKING) {
        if (!h->resumed && h->ticket_len != 0) {
            dtls_resumption_keep(h);
            h->is_kept = false;
        }
        lasting = *own;
        *own = before;
    }
    return false;
}

static void keep_tickets_early(struct wrong *w)
{
    w->hears = keep_early;
    if (w->round != 0 && lasting.saved.suite != 0) {
        w->memory.session = lasting;
    }
}

/* ServerHello has an id, too, which then means nothing. */
static const uint8_t useless_id[DTLS_SESSION_ID_MAX] =
    "an id that has a ticket besides";

static void add_useless_id(struct hello *hello)
{
    hello->server.session_id = dtls_bytes_of(useless_id, sizeof useless_id);
}

static void give_ticket_and_id(struct scene *s)
{
    struct hello hello;

    scene_change_server_hello(s, add_useless_id);
    scene_connect(s);
    session_again(s, SESSION_BY_TICKET);
    hello_hear(s, &hello);
    scene_expect(
        s,
        !dtls_bytes_equal(hello.client.session_id,
                          dtls_bytes_of(useless_id, sizeof useless_id)),
        "the id of a session with a ticket");
}

static void use_useless_id(struct hello *hello)
{
    hello->client.session_id = dtls_bytes_of(useless_id, sizeof useless_id);
}

static bool say_useless_id(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_CLIENT || !w->peer.session.hs.offers_ticket ||
           wrong_says_hello(w, m, use_useless_id);
}

static void keep_id_and_ticket(struct wrong *w)
{
    w->says = say_useless_id;
}

/* ---- P-TKT-6: odd tickets, in the renewal of one ---- */

/* Lets the peer's keys be so old that it renews the ticket, and comes to the
 * NewSessionTicket of that flight. */
static struct peer_message *come_to_renewal(struct scene *s)
{
    struct peer_message *m;

    session_connect(s, SESSION_BY_TICKET);
    s->memory.tickets.made -= s->memory.tickets.period;
    session_again(s, SESSION_BY_TICKET);
    m = scene_come_to(s, DTLS_SERVER_HELLO) + 1;
    if (m->type != DTLS_NEW_SESSION_TICKET) {
        scene_stop(s, "it offers no ticket");
    }
    return m;
}

/* The body of a NewSessionTicket. */
static void write_ticket(struct peer_message *m, uint32_t hint, size_t len)
{
    static uint8_t ticket[16000];
    struct dtls_buf body = {m->body, 0, sizeof m->body};
    const struct dtls_new_session_ticket t = {
        .lifetime_hint = hint, .ticket = dtls_bytes_of(ticket, len)};

    memset(ticket, 0xa7, sizeof ticket);
    assert(dtls_new_session_ticket_put(&body, &t));
    m->len = body.len;
}

/* Renews with a ticket of so many bytes, and lets the client come again: it
 * offers no ticket, or just this one, or the one that it had. */
static void renew_with(struct scene *s, size_t len)
{
    struct dtls_bytes ticket = {0};
    struct hello hello;

    write_ticket(come_to_renewal(s), 3600, len);
    scene_rehash(s);
    s->pieces = 1000;
    if (!scene_connects(s)) {
        return;
    }
    session_again(s, SESSION_BY_TICKET);
    if (len < 1000) { /* a longer hello cannot be read here */
        hello_hear(s, &hello);
        ticket = ticket_of(&hello);
        scene_expect(s,
                     ticket.len != len || len == 0 || ticket.data[0] == 0xa7,
                     "another ticket of %zu bytes", len);
    }
}

static void renew_with_none(struct scene *s)
{
    renew_with(s, 0);
}

static void renew_with_a_byte(struct scene *s)
{
    renew_with(s, 1);
}

/* The client's next hello does not fit into one datagram. */
static void renew_with_two_datagrams(struct scene *s)
{
    renew_with(s, 1800);
}

static void renew_with_a_long_one(struct scene *s)
{
    renew_with(s, 16000);
}

/* It finds a ticket of these lengths malformed. */
static bool refuse_ticket(struct wrong *w, struct wrong_record *r,
                          size_t least, size_t most)
{
    struct dtls_new_session_ticket t;
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT && wrong_fragment(r, &f) &&
           f.type == DTLS_NEW_SESSION_TICKET && f.message_len >= 6 + least &&
           f.message_len <= 6 + most &&
           (f.offset != 0 || f.body.len != f.message_len ||
            dtls_new_session_ticket_parse(&t, f.body) == DTLS_OK) &&
           wrong_alert(w, 50);
}

static bool refuse_empty(struct wrong *w, struct wrong_record *r)
{
    return refuse_ticket(w, r, 0, 0);
}

static bool refuse_short(struct wrong *w, struct wrong_record *r)
{
    return refuse_ticket(w, r, 1, 1);
}

static bool refuse_long(struct wrong *w, struct wrong_record *r)
{
    return refuse_ticket(w, r, 2000, 16000);
}

static void need_ticket(struct wrong *w)
{
    w->hears = refuse_empty;
}

static void need_two_bytes(struct wrong *w)
{
    w->hears = refuse_short;
}

static void need_short_ticket(struct wrong *w)
{
    w->hears = refuse_long;
}

static bool refuse_parts(struct wrong *w, struct wrong_record *r)
{
    return refuse_ticket(w, r, 1500, 2000);
}

static void need_one_datagram(struct wrong *w)
{
    w->hears = refuse_parts;
}

static void renew_for_a_second(struct scene *s)
{
    write_ticket(come_to_renewal(s), 1, 40);
    scene_rehash(s);
    scene_connect(s);
    scene_wait(s, 3000);
    session_again(s, SESSION_BY_TICKET);
    session_is_new(s);
}

static void renew_without_a_hint(struct scene *s)
{
    struct hello hello;

    write_ticket(come_to_renewal(s), 0, 40);
    scene_rehash(s);
    scene_connect(s);
    scene_wait(s, 3000);
    session_again(s, SESSION_BY_TICKET);
    hello_hear(s, &hello);
    scene_expect(s, ticket_of(&hello).len == 40, "the ticket not offered");
}

static void have_no_clock(struct wrong *w)
{
    w->memory.session.ticket_until = DTLS_NEVER;
}

static void take_0_for_no_time(struct wrong *w)
{
    if (w->round > 1) {
        w->memory.session = (struct dtls_client_session){0};
    }
}

/* The target reads a byte more than there is. */
static void say_longer_ticket(struct scene *s)
{
    struct peer_message *m = come_to_renewal(s);

    m->body[m->len++] = 0;
}

static bool cut_ticket(struct wrong *w, struct wrong_record *r)
{
    struct dtls_new_session_ticket t;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_NEW_SESSION_TICKET, &f) && f.body.len > 0 &&
           dtls_new_session_ticket_parse(&t, f.body) != DTLS_OK &&
           wrong_reads_message(w, r, f.type,
                               dtls_bytes_of(f.body.data, f.body.len - 1));
}

static void read_any_length(struct wrong *w)
{
    w->hears = cut_ticket;
}

/* ---- P-TKT-8: announced, and not said ---- */

static void drop_ticket(struct hello *hello)
{
    hello_drop(hello, SESSION_TICKET);
}

/* The peer's own transcript has neither. */
static void announce_and_say_none(struct scene *s)
{
    struct peer_message *nst = come_to_renewal(s);
    struct peer_message *m = nst - 1;
    static struct peer_message announcing;
    struct hello hello;

    announcing = *m;
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    drop_ticket(&hello);
    hello_write(m, &hello);
    flight_drop(s, nst);
    scene_say(s, &announcing);
    scene_skip(s, m);
}

static bool forget_announcement(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_CLIENT && w->round != 0 &&
           wrong_hello(r, &hello) &&
           hello_has(&hello, SESSION_TICKET, &(struct dtls_bytes){0}) &&
           wrong_reads_without(w, r, SESSION_TICKET);
}

static void wait_for_no_ticket(struct wrong *w)
{
    w->hears = forget_announcement;
}

/* ---- P-TKT-7: at another place ---- */

static const struct peer_message a_ticket = {
    .record_type = DTLS_HANDSHAKE,
    .type = DTLS_NEW_SESSION_TICKET,
    .len = 14,
    .body = {0, 0, 1, 0, 0, 8, 't', 'i', 'c', 'k', 'e', 't', 's', '!'}};

static void say_ticket_early(struct scene *s)
{
    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    (void)flight_insert(s, peer_find(&s->peer, DTLS_SERVER_HELLO_DONE),
                        &a_ticket);
}

static void say_ticket_twice(struct scene *s)
{
    (void)flight_double(s, come_to_renewal(s));
}

static bool take_every_ticket(struct wrong *w, struct wrong_record *r)
{
    struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    if (w->peer.role != DTLS_CLIENT || h->in.next_seq == 0 ||
        !wrong_message(r, DTLS_NEW_SESSION_TICKET, &f) ||
        (wrong_resumes(w) ? w->num++ == 0 : wrong_epoch(w) != 0)) {
        return false; /* it is in its place */
    }
    dtls_transcript_add(&h->area->transcript, f.type, f.seq, &f.body, 1);
    return wrong_forgets(w, f.seq);
}

static void take_tickets_anywhere(struct wrong *w)
{
    w->hears = take_every_ticket;
}

static void announce_with_data(struct scene *s)
{
    static const uint8_t data[1] = {0};

    hello_is_refused_with(s, SESSION_TICKET, data, sizeof data);
}

static bool read_empty_announcement(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || !wrong_hello(r, &hello) ||
        !hello_has(&hello, SESSION_TICKET, &data) || data.len == 0) {
        return false;
    }
    put_ticket(&hello, (struct dtls_bytes){0});
    return wrong_reads_hello(w, r, &hello);
}

static void read_no_data(struct wrong *w)
{
    w->hears = read_empty_announcement;
}

/* ---- P-TKT-9: resumed or not ---- */

static void accept_and_decline(struct scene *s)
{
    session_make(s, SESSION_BY_TICKET);
    session_is_resumed(s);
    scene_connect(s);
    session_again(s, SESSION_BY_TICKET);
    s->peer.config.tickets = NULL;
    s->peer.config.cache = NULL;
    session_is_resumed(s);
}

static bool insist(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    struct hello hello;

    return w->peer.role == DTLS_CLIENT && h->offers_ticket &&
           wrong_hello(r, &hello) && hello.server.session_id.len == 0 &&
           wrong_alert(w, 40);
}

static void insist_on_ticket(struct wrong *w)
{
    w->hears = insist;
}

/* The whole flight, last message first, and then as it should be. */
static void accept_in_reverse(struct scene *s)
{
    struct peer_message *m;

    session_make(s, SESSION_BY_TICKET);
    session_is_resumed(s);
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    for (size_t i = s->peer.num_messages; i-- > 0;) {
        scene_say(s, &m[i]);
    }
    s->next = 0;
}

static bool hurry(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;

    return w->peer.role == DTLS_CLIENT && h->offers_ticket && !h->resumed &&
           h->suite == NULL && r->wire.epoch == 1 && wrong_alert(w, 10);
}

static void decide_by_datagram(struct wrong *w)
{
    w->hears = hurry;
}

/* ---- P-TKT-10: NewSessionTicket is hashed ---- */

/* Twice, and then the peer has forgotten the first one. */
static void connect_twice(struct scene *s)
{
    session_connect(s, SESSION_BY_TICKET);
    sut_own_forget(&s->memory);
    scene_again(s);
    session_go(s, SESSION_BY_TICKET);
}

/* As if its transcript lacked the ticket. */
static enum dtls_status prf_without_ticket(
    void *self, uint8_t *out, size_t out_len, enum dtls_hash_alg alg,
    struct dtls_bytes secret, const char *label, struct dtls_bytes seed1,
    struct dtls_bytes seed2)
{
    const struct peer *peer = self;
    enum dtls_status status = dtls_libcrypto.prf(NULL, out, out_len, alg,
                                                 secret, label, seed1, seed2);

    if (strcmp(label, "server finished") == 0 &&
        peer->session.hs.ticket_announced) {
        out[0] ^= 1;
    }
    return status;
}

static void hash_no_ticket(struct wrong *w)
{
    if (w->round != 0) { /* not when the control is played */
        w->peer.crypto.prf = prf_without_ticket;
    }
}

/* ---- P-RTX-16: the ticket is lost ---- */

static void lose_ticket(struct scene *s)
{
    session_go(s, SESSION_BY_TICKET);
    session_offer(s, NULL);
    (void)scene_come_to(s, DTLS_FINISHED);
    s->deaf = true;
    scene_say_rest(s);
    (void)scene_hear(s, DTLS_NEW_SESSION_TICKET, 1);
    s->deaf = false;
    flight_repeat(s);
}

static bool say_another_ticket(struct wrong *w, struct peer_message *m)
{
    if (w->peer.role == DTLS_SERVER && m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_NEW_SESSION_TICKET && w->num++ != 0) {
        m->body[m->len - 1] ^= 1;
    }
    return true;
}

static void make_it_anew(struct wrong *w)
{
    w->says = say_another_ticket;
}

static const struct check checks[] = {
    {.id = "P-TKT-1",
     .rows = "D5077-3.2-3 D5077-3.3-1 D5077-3.3-7 D5077-3.3-12 D5077-3.3-17 "
             "D5077-3.2-7",
     .resumes = true,
     .play = resume_by_ticket,
     .strict = "data",
     .wrong = wrong_forgets_sessions,
     .shows = "no session resumed"},
    {.id = "P-TKT-1.finished",
     .rows = "D5077-3.3-4",
     .resumes = true,
     .play = ask_and_fail,
     .strict = "alert 51",
     .tolerated = "silence",
     .wrong = wrong_believes_finished,
     .shows = "NewSessionTicket"},
    {.id = "P-TKT-2",
     .rows = "D5077-3.2-4 D5077-3.3-2",
     .resumes = true,
     .play = look_for_answer,
     .strict = "data",
     .wrong = give_to_all,
     .shows = "session_ticket in ServerHello"},
    {.id = "P-TKT-2.id",
     .rows = "D5077-3.3-2",
     .when = "resume_id",
     .resumes = true,
     .play = ask_for_none,
     .strict = "data",
     .wrong = say_ticket_anyway,
     .shows = "NewSessionTicket"},
    {.id = "P-TKT-3.changed",
     .rows = "D5077-3.2-5 D5077-5.2-1 D9325-3.4-1 D5077-4-2 D5077-3.4-6",
     .resumes = true,
     .play = flip_bits,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = take_any_ticket,
     .shows = "the session resumed"},
    {.id = "P-TKT-3.length",
     .rows = "D5077-3.2-5 D5077-3.4-6",
     .resumes = true,
     .play = change_lengths,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = take_any_ticket,
     .shows = "the session resumed"},
    {.id = "P-TKT-3.foreign",
     .rows = "D5077-3.2-5 D9325-3.4-1",
     .resumes = true,
     .play = make_tickets_up,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = take_any_ticket,
     .shows = "the session resumed"},
    {.id = "P-TKT-3.old_form",
     .rows = "D5077-3.2-7",
     .resumes = true,
     .play = offer_old_form,
     .strict = "data",
     .wrong = take_any_ticket,
     .shows = "the session resumed"},
    {.id = "P-TKT-3.expired",
     .rows = "D9325-3.4-4 D5077-5.6-1",
     .when = "resume_s",
     .resumes = true,
     .is_slow = true,
     .play = offer_old_ticket,
     .strict = "data",
     .wrong = live_for_ever,
     .shows = "the session resumed"},
    {.id = "P-TKT-3.renewed",
     .rows = "D5077-3.3-15",
     .when = "resume_s",
     .resumes = true,
     .is_slow = true,
     .play = offer_renewed_ticket,
     .strict = "data",
     .wrong = live_for_ever,
     .shows = "the session resumed"},
    {.id = "P-TKT-4.id",
     .rows = "D5077-3.4-2 D5077-3.4-3",
     .resumes = true,
     .play = offer_with_other_ids,
     .strict = "data",
     .wrong = need_a_long_id,
     .shows = "no session resumed"},
    {.id = "P-TKT-4.none",
     .rows = "D5077-3.4-2 D5077-3.4-3",
     .resumes = true,
     .play = offer_without_id,
     .strict = "data",
     .wrong = need_an_id,
     .shows = "a full handshake"},
    {.id = "P-TKT-4.both",
     .rows = "D5077-3.4-4 D5077-3.4-6",
     .when = "resume_id",
     .resumes = true,
     .play = offer_id_and_bad_ticket,
     .strict = "data",
     .wrong = prefer_ids,
     .shows = "the session resumed"},
    {.id = "P-TKT-5",
     .rows = "D5077-3.2-1 D5077-3.2-2 D5077-3.2-8 D5077-4-1 "
             "D5246-7.4.1.2-92",
     .resumes = true,
     .play = give_and_look,
     .strict = "data",
     .wrong = touch_tickets,
     .shows = "another session_ticket*"},
    {.id = "P-TKT-5.early",
     .rows = "D5077-3.3-5",
     .resumes = true,
     .play = give_and_fail,
     .strict = "data",
     .wrong = keep_tickets_early,
     .shows = "the session offered"},
    {.id = "P-TKT-5.failed",
     .rows = "D5077-3.2-6",
     .resumes = true,
     .play = accept_and_fail,
     .strict = "data",
     .wrong = keep_tickets_early,
     .shows = "the session offered"},
    {.id = "P-TKT-5.id",
     .rows = "D5077-3.3-16",
     .resumes = true,
     .play = give_ticket_and_id,
     .strict = "data",
     .wrong = keep_id_and_ticket,
     .shows = "the id of *"},
    {.id = "P-TKT-6.empty",
     .rows = "D5077-3.3-6",
     .resumes = true,
     .play = renew_with_none,
     .strict = "data",
     .wrong = need_ticket,
     .shows = "alert 50"},
    {.id = "P-TKT-6.short",
     .rows = "D5077-4-1",
     .resumes = true,
     .play = renew_with_a_byte,
     .strict = "data",
     .wrong = need_two_bytes,
     .shows = "alert 50"},
    {.id = "P-TKT-6.long",
     .rows = "D5077-4-1 D6347-4.2.4-96",
     .when = "large",
     .resumes = true,
     .play = renew_with_a_long_one,
     .strict = "data",
     .wrong = need_short_ticket,
     .shows = "alert 50"},
    {.id = "P-TKT-6.parts",
     .rows = "D6347-4.2.4-96 D5077-4-1",
     .resumes = true,
     .play = renew_with_two_datagrams,
     .strict = "data",
     .wrong = need_one_datagram,
     .shows = "alert 50"},
    {.id = "P-TKT-6.second",
     .rows = "D5077-3.3-9",
     .resumes = true,
     .play = renew_for_a_second,
     .strict = "data",
     .wrong = have_no_clock,
     .shows = "the session offered"},
    {.id = "P-TKT-6.no_hint",
     .rows = "D5077-3.3-9",
     .resumes = true,
     .play = renew_without_a_hint,
     .strict = "data",
     .wrong = take_0_for_no_time,
     .shows = "the ticket not offered"},
    {.id = "P-TKT-6.malformed",
     .rows = "D5077-3.3-11",
     .resumes = true,
     .play = say_longer_ticket,
     .strict = "alert 50",
     .wrong = read_any_length,
     .shows = "data"},
    {.id = "P-TKT-7.early",
     .rows = "D5077-3.3-14",
     .when = "ticket",
     .resumes = true,
     .play = say_ticket_early,
     .strict = "alert 10",
     .wrong = take_tickets_anywhere,
     .shows = "data"},
    {.id = "P-TKT-7.twice",
     .rows = "D5077-3.3-14",
     .when = "ticket",
     .resumes = true,
     .play = say_ticket_twice,
     .strict = "alert 10",
     .wrong = take_tickets_anywhere,
     .shows = "data"},
    {.id = "P-TKT-8",
     .rows = "D5246-7.4-2 D5077-3.3-13",
     .resumes = true,
     .play = announce_and_say_none,
     .strict = "alert 10 | silence",
     .wrong = wait_for_no_ticket,
     .shows = "data"},
    {.id = "P-TKT-8.data",
     .rows = "D5077-3.2-9",
     .resumes = true,
     .play = announce_with_data,
     .strict = "alert 50 | alert 47",
     .wrong = read_no_data,
     .shows = "*"},
    {.id = "P-TKT-9",
     .rows = "D5077-3.4-5",
     .resumes = true,
     .play = accept_and_decline,
     .strict = "data",
     .wrong = insist_on_ticket,
     .shows = "alert 40"},
    {.id = "P-TKT-9.reversed",
     .rows = "D5077-3.4-7",
     .resumes = true,
     .play = accept_in_reverse,
     .strict = "data",
     .wrong = decide_by_datagram,
     .shows = "alert 10"},
    {.id = "P-TKT-10",
     .rows = "D5077-3.3-3 D5246-7.3-5 D5246-7.3-6",
     .resumes = true,
     .play = connect_twice,
     .strict = "data",
     .wrong = hash_no_ticket,
     .shows = "*51*"},
    {.id = "P-RTX-16",
     .rows = "D5077-3.3-90 D6347-4.2.4-92",
     .resumes = true,
     .play = lose_ticket,
     .strict = "data",
     .wrong = make_it_anew,
     .shows = "refused 51*"},
};

CHECK_FILE(ticket)
