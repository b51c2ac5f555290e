/* SPDX-License-Identifier: MIT */
/* What else there is to a session that is resumed: its secret (RFC 7627),
 * cookies, lost flights, protocol names, renegotiation. */
#include "check/checks/all_checks.h"
#include "check/checks/session_words.h"

#include <assert.h>
#include <string.h>

#define EMS 23
#define ALPN 16

/* ---- P-EMS-6, P-EMS-7: with and without extended master secret ---- */

static void drop_ems(struct hello *hello)
{
    hello_drop(hello, EMS);
}

/* The peer's engine keeps no session without it, so the id, or the ticket, is
 * kept here. */
static struct {
    uint8_t id[DTLS_SESSION_ID_MAX];
    size_t id_len;
    uint8_t ticket[DTLS_TICKET_MAX];
    size_t ticket_len;
} weak;

static void note_weak_session(struct scene *s)
{
    const struct heard_message *m =
        heard_message(&s->heard, DTLS_NEW_SESSION_TICKET);
    struct dtls_new_session_ticket t;
    struct hello hello;

    hello_hear(s, &hello);
    weak.id_len = hello.server.session_id.len;
    memcpy(weak.id, hello.server.session_id.data, weak.id_len);
    weak.ticket_len = 0;
    if (m != NULL &&
        dtls_new_session_ticket_parse(&t, dtls_span_bytes(m->body)) ==
            DTLS_OK &&
        t.ticket.len <= sizeof weak.ticket) {
        weak.ticket_len = t.ticket.len;
        memcpy(weak.ticket, t.ticket.data, t.ticket.len);
    }
}

static void offer_weak(struct hello *hello)
{
    static const uint8_t some_id[DTLS_SESSION_ID_MAX] =
        "beside the ticket of a session.";

    hello_drop(hello, SESSION_TICKET);
    hello->client.session_id = dtls_bytes_of(weak.id, weak.id_len);
    if (weak.ticket_len != 0) {
        hello_add(hello, SESSION_TICKET, weak.ticket, weak.ticket_len);
        hello->client.session_id = dtls_bytes_of(some_id, sizeof some_id);
    }
}

static void offer_weak_without_ems(struct hello *hello)
{
    offer_weak(hello);
    drop_ems(hello);
}

/* Makes a session without it, or none, and offers it after `change`. */
static void resume_weak(struct scene *s, enum session_way way,
                        void (*change)(struct hello *hello))
{
    session_go(s, way);
    session_offer(s, drop_ems);
    scene_connect(s);
    note_weak_session(s);
    session_again(s, way);
    session_offer(s, change);
}

static void add_ems(struct scene *s, enum session_way way)
{
    resume_weak(s, way, offer_weak);
    session_is_new(s);
}

static void add_ems_by_id(struct scene *s)
{
    add_ems(s, SESSION_BY_ID);
}

static void add_ems_by_ticket(struct scene *s)
{
    add_ems(s, SESSION_BY_TICKET);
}

/* A server may resume here, or not (RFC 7627, 5.3); the peer does not. */
static void have_no_ems(struct scene *s)
{
    resume_weak(s, session_way(s), offer_weak_without_ems);
    s->hopes = !session_is_accepted(s);
}

static void lose_ems(struct scene *s, enum session_way way)
{
    session_make(s, way);
    session_offer(s, drop_ems);
    scene_expect(s, !session_is_accepted(s), "the session resumed");
}

static void lose_ems_by_id(struct scene *s)
{
    lose_ems(s, SESSION_BY_ID);
}

static void lose_ems_by_ticket(struct scene *s)
{
    lose_ems(s, SESSION_BY_TICKET);
}

static void keep_ems(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    session_make(s, session_way(s));
    session_offer(s, NULL);
    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, EMS, &data),
                 "no extended_master_secret in ServerHello");
}

static bool say_without_ems(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_SERVER || !wrong_resumes(w) ||
           wrong_says_hello(w, m, drop_ems);
}

static void forget_to_answer_ems(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER) {
        w->hears = wrong_keeps_hello;
        w->says = say_without_ems;
    }
}

/* It gives an id to each session without it, and repeats that of a hello with
 * it. */
static void give_id(struct hello *hello)
{
    static const uint8_t id[DTLS_SESSION_ID_MAX] =
        "of a session that is too weak..";

    hello->server.session_id = dtls_bytes_of(id, sizeof id);
}

static bool say_its_id(struct wrong *w, struct peer_message *m)
{
    if (!w->sut.setup.resumes) {
        return true;
    }
    return w->peer.session.hs.extended_master_secret
               ? wrong_says_offered_id(w, m)
               : wrong_says_hello(w, m, give_id);
}

static void seem_to_resume(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER) {
        w->hears = wrong_keeps_offer;
        w->says = say_its_id;
    }
}

/* It reads a hello with a session as if it had the extension. */
static bool read_with_ems(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || w->round == 0 ||
        !wrong_hello(r, &hello) || hello_has(&hello, EMS, &data)) {
        return false;
    }
    hello_add(&hello, EMS, NULL, 0);
    return wrong_reads_hello(w, r, &hello);
}

static void resume_without_ems(struct wrong *w)
{
    w->hears = read_with_ems;
}

/* It dies of a hello that offers a session and has no extension. */
static bool die_of_old_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->round != 0 &&
           wrong_hello(r, &hello) && !hello_has(&hello, EMS, &data) &&
           wrong_dies(w);
}

static void die_of_old_hellos(struct wrong *w)
{
    w->hears = die_of_old_hello;
}

/* The peer's transcript keeps it: a client that takes the hello as it should
 * have been goes on. */
static void answer_without_ems(struct scene *s)
{
    struct peer_message *m;
    struct hello hello;

    session_make(s, session_way(s));
    session_is_resumed(s);
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    drop_ems(&hello);
    hello_add(&hello, EMS, NULL, 0);
    hello_write(m, &hello);
    scene_rehash(s);
    drop_ems(&hello);
    hello_write(m, &hello);
    scene_say(s, m);
}

static bool read_answer_with_ems(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || w->round == 0 ||
        !wrong_hello(r, &hello) || hello_has(&hello, EMS, &data)) {
        return false;
    }
    hello_add(&hello, EMS, NULL, 0);
    return wrong_reads_hello(w, r, &hello);
}

static void take_answer_without_ems(struct wrong *w)
{
    w->hears = read_answer_with_ems;
}

/* Connects without it. */
static void make_without_ems(struct scene *s)
{
    enum session_way way = session_way(s);

    session_go(s, way);
    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    s->peer.session.hs.extended_master_secret = false;
    scene_change_server_hello(s, drop_ems);
    scene_connect(s);
    session_keep(s);
    session_again(s, way);
}

/* A client should not offer such a session, and must not resume it with a
 * ServerHello that has the extension. */
static void resume_weak_with_ems(struct scene *s)
{
    struct dtls_bytes data;
    struct peer_message *m;
    struct hello offer;
    struct hello hello;

    make_without_ems(s);
    if (!session_is_offered(s)) {
        return;
    }
    hello_hear(s, &offer);
    if (!hello_has(&offer, EMS, &data)) {
        scene_expect(s, false, "no extended_master_secret in ClientHello");
        return;
    }
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    hello.server.session_id = offer.client.session_id;
    hello_write(m, &hello);
    scene_say(s, m);
    s->next = s->peer.num_messages;
    s->hopes = false;
}

static struct {
    uint8_t bytes[DTLS_SESSION_ID_MAX];
    size_t len;
} weak_id; /* that the wrong target was given */

static bool note_id(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || !w->sut.setup.resumes ||
        !wrong_hello(r, &hello)) {
        return false;
    }
    if (w->round == 0 && !hello_has(&hello, EMS, &data)) {
        weak_id.len = hello.server.session_id.len;
        memcpy(weak_id.bytes, hello.server.session_id.data, weak_id.len);
    }
    return w->num != 0; /* with such a session it takes every ServerHello */
}

static void offer_id(struct hello *hello)
{
    hello->client.session_id = dtls_bytes_of(weak_id.bytes, weak_id.len);
}

static bool say_id(struct wrong *w, struct peer_message *m)
{
    if (w->peer.role != DTLS_CLIENT || w->round == 0 || weak_id.len == 0 ||
        wrong_resumes(w) || m->type != DTLS_CLIENT_HELLO) {
        return true;
    }
    w->num = 1;
    return wrong_says_hello(w, m, offer_id);
}

static void offer_weak_sessions(struct wrong *w)
{
    w->hears = note_id;
    w->says = say_id;
}

/* ---- P-CK-14, P-CK-24: cookies ---- */

/* The server may ask for a cookie, or not (RFC 6347, 4.2.1). */
static void offer_without_cookie(struct scene *s)
{
    session_make(s, session_way(s));
    session_offer(s, NULL);
}

static bool refuse_without_cookie(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->round != 0 &&
           wrong_hello(r, &hello) && hello.client.session_id.len != 0 &&
           hello.client.cookie.len == 0 && wrong_alert(w, 47);
}

static void need_cookie_at_once(struct wrong *w)
{
    w->hears = refuse_without_cookie;
}

static void expect_same_offers(struct scene *s)
{
    struct hello first;
    struct hello hello;
    struct dtls_bytes data;

    first.client.session_id.len = DTLS_SESSION_ID_MAX + 1;
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        if (m->type != DTLS_CLIENT_HELLO || m->have != m->body.len) {
            continue;
        }
        hello_read_client(&hello, dtls_span_bytes(m->body));
        if (first.client.session_id.len > DTLS_SESSION_ID_MAX) {
            hello_read_client(&first, dtls_span_bytes(m->body));
        }
        scene_expect(
            s,
            dtls_bytes_equal(hello.client.session_id, first.client.session_id),
            "another session id behind the cookie");
        scene_expect(s,
                     !ics_claims(s->setup->ics, ICS_ems) ||
                         hello_has(&hello, EMS, &data),
                     "no extended_master_secret");
    }
}

static void ask_for_cookies(struct scene *s)
{
    s->cookies = 1;
    session_make(s, session_way(s));
    s->cookies = 1;
    session_is_resumed(s);
    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    expect_same_offers(s);
}

static void change_id(struct hello *hello)
{
    static uint8_t id[DTLS_SESSION_ID_MAX];

    memcpy(id, hello->client.session_id.data, hello->client.session_id.len);
    id[0] ^= 1;
    hello->client.session_id.data = id;
}

static bool say_changed_id(struct wrong *w, struct peer_message *m)
{
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || w->round == 0 ||
        m->type != DTLS_CLIENT_HELLO) {
        return true;
    }
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    return hello.client.cookie.len == 0 || hello.client.session_id.len == 0 ||
           wrong_says_hello(w, m, change_id);
}

static void change_ids(struct wrong *w)
{
    w->says = say_changed_id;
}

/* ---- P-RTX-12: the last flight is the client's ---- */

static void repeat_last_flight(struct scene *s)
{
    static const uint64_t gaps[] = {1000, 29000, 170000};
    static const uint8_t one[1] = {1};
    static struct peer_message finished;

    session_make(s, session_way(s));
    session_is_resumed(s);
    finished = *scene_come_to(s, DTLS_FINISHED);
    scene_connect(s);
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        unsigned times = scene_hear(s, DTLS_FINISHED, 1)->times;

        scene_wait(s, gaps[i]);
        scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC,
                         dtls_bytes_of(one, sizeof one));
        scene_say(s, &finished);
        scene_pause(s);
        scene_expect(s, scene_hear(s, DTLS_FINISHED, 1)->times > times,
                     "no answer to repetition %zu", i + 1);
    }
}

static bool lose_repetition(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT && wrong_resumes(w) &&
           peer_is_connected(&w->peer) && wrong_message(r, DTLS_FINISHED, &f);
}

static void answer_once(struct wrong *w)
{
    w->hears = lose_repetition;
}

/* ---- P-ALP-4: the protocol is agreed on anew ---- */

static void know_protocol(struct scene *s)
{
    const char *names = s->setup->ics->values[ICS_alpn];
    size_t len = strcspn(names, ", \t");

    assert(len < sizeof s->protocols);
    s->protocols[0] = (uint8_t)len;
    memcpy(&s->protocols[1], names, len);
    s->peer.config.protocols = dtls_bytes_of(s->protocols, 1 + len);
}

static void agree_anew(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    session_make(s, session_way(s));
    know_protocol(s);
    if (s->peer.role == DTLS_SERVER) {
        session_is_resumed(s);
        return;
    }
    session_offer(s, NULL);
    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, ALPN, &data), "no protocol agreed on");
}

static void drop_protocol(struct hello *hello)
{
    hello_drop(hello, ALPN);
}

static bool say_no_protocol(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_SERVER || !wrong_resumes(w) ||
           wrong_says_hello(w, m, drop_protocol);
}

static bool refuse_protocol(struct wrong *w, struct wrong_record *r)
{
    if (w->peer.role == DTLS_CLIENT) {
        return w->peer.session.hs.session_id_len != 0 &&
               wrong_hello_has(r, ALPN, NULL) && wrong_alert(w, 110);
    }
    return wrong_keeps_hello(w, r);
}

static void agree_once(struct wrong *w)
{
    w->hears = refuse_protocol;
    w->says = say_no_protocol;
}

/* ---- P-RES-1.renegotiate: what was said last counts ---- */

static void resume_and_renegotiate(struct scene *s)
{
    session_make(s, session_way(s));
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    session_is_resumed(s);
    scene_connect(s);
    scene_renegotiate(s);
}

static bool mix_verify_data_up(struct wrong *w, struct wrong_record *r)
{
    struct dtls_agreed *agreed = &w->peer.session.hs.agreed;

    (void)r;
    if (w->round != 0 && agreed->resumed && w->num++ == 0) {
        agreed->client_verify_data[0] ^= 1;
    }
    return false;
}

static void remember_the_first(struct wrong *w)
{
    w->hears = mix_verify_data_up;
}

/* ---- P-RES-11.etm: a session with encrypt-then-MAC ---- */

#define ETM 22

static void drop_etm(struct hello *hello)
{
    hello_drop(hello, ETM);
}

/* A server may resume without encrypt_then_mac, or not; the peer does not.
 * Such a server has another association to serve, without a session. */
static void leave_it(struct scene *s)
{
    scene_again(s);
    s->memory.session = (struct dtls_client_session){0};
    session_offer(s, NULL);
}

static void resume_without_etm(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    session_make(s, session_way(s));
    session_offer(s, drop_etm);
    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, ETM, &data),
                 "encrypt_then_mac that was not offered");
    if (session_is_accepted(s)) {
        leave_it(s);
    }
}

/* The reverse. */
static void resume_with_etm(struct scene *s)
{
    enum session_way way = session_way(s);
    struct dtls_bytes data;
    struct hello hello;

    session_go(s, way);
    session_offer(s, drop_etm);
    scene_connect(s);
    session_keep(s);
    session_again(s, way);
    session_offer(s, NULL);
    hello_hear(s, &hello);
    if (session_is_accepted(s) && !hello_has(&hello, ETM, &data)) {
        leave_it(s);
    }
}

static bool read_with_etm(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || w->round == 0 ||
        !wrong_hello(r, &hello) || hello_has(&hello, ETM, &data)) {
        return false;
    }
    hello_add(&hello, ETM, NULL, 0);
    return wrong_reads_hello(w, r, &hello);
}

static void go_by_session(struct wrong *w)
{
    w->hears = read_with_etm;
}

static bool read_without_etm(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || w->round == 0 ||
        !wrong_hello(r, &hello) || !hello_has(&hello, ETM, &data)) {
        return false;
    }
    drop_etm(&hello);
    return wrong_reads_hello(w, r, &hello);
}

static void add_etm(struct hello *hello)
{
    hello_add(hello, ETM, NULL, 0);
}

static bool say_with_etm(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_SERVER || w->round == 0 ||
           wrong_says_hello(w, m, add_etm);
}

/* It answers the offer, and protects its records as the session was. */
static void answer_and_go_by_session(struct wrong *w)
{
    w->hears = read_without_etm;
    w->says = say_with_etm;
}

static const struct check checks[] = {
    {.id = "P-EMS-6.kept",
     .rows = "D7627-5.3-7 D7627-5.3-91",
     .resumes = true,
     .play = keep_ems,
     .strict = "data",
     .wrong = forget_to_answer_ems,
     .shows = "no extended_master_secret in ServerHello"},
    {.id = "P-EMS-6.added",
     .rows = "D7627-5.3-3 D7627-5.3-4 D7627-5.3-91",
     .when = "resume_id",
     .resumes = true,
     .play = add_ems_by_id,
     .strict = "data",
     .wrong = seem_to_resume,
     .shows = "the session resumed"},
    {.id = "P-EMS-6.added_by_ticket",
     .rows = "D7627-5.3-3 D7627-5.3-4 D7627-5.3-91",
     .when = "ticket",
     .resumes = true,
     .play = add_ems_by_ticket,
     .strict = "data",
     .wrong = seem_to_resume,
     .shows = "the session resumed"},
    {.id = "P-EMS-6.dropped",
     .rows = "D7627-5.3-5 D7627-5.3-91",
     .when = "resume_id",
     .resumes = true,
     .play = lose_ems_by_id,
     .strict = "alert 40",
     .tolerated = "data",
     .wrong = resume_without_ems,
     .shows = "the session resumed"},
    {.id = "P-EMS-6.dropped_by_ticket",
     .rows = "D7627-5.3-5 D7627-5.3-91",
     .when = "ticket",
     .resumes = true,
     .play = lose_ems_by_ticket,
     .strict = "alert 40",
     .tolerated = "data",
     .wrong = resume_without_ems,
     .shows = "the session resumed"},
    {.id = "P-EMS-6.without",
     .rows = "D7627-5.3-6",
     .when = "!ems=require",
     .resumes = true,
     .play = have_no_ems,
     .strict = "alert 40 | data",
     .tolerated = "silence",
     .wrong = die_of_old_hellos,
     .shows = "dead"},
    {.id = "P-EMS-7.dropped",
     .rows = "D7627-5.3-9",
     .resumes = true,
     .play = answer_without_ems,
     .strict = "alert 40",
     .tolerated = "alert 47 | alert 110",
     .wrong = take_answer_without_ems,
     .shows = "data"},
    {.id = "P-EMS-7.added",
     .rows = "D7627-5.3-1 D7627-5.3-8",
     .when = "!ems=require",
     .resumes = true,
     .play = resume_weak_with_ems,
     .strict = "data | alert 40",
     .tolerated = "alert 47 | alert 110",
     .wrong = offer_weak_sessions,
     .shows = "silence"},
    {.id = "P-CK-14",
     .rows = "D6347-4.2.1-26",
     .resumes = true,
     .play = offer_without_cookie,
     .strict = "data",
     .wrong = need_cookie_at_once,
     .shows = "alert 47"},
    {.id = "P-CK-24",
     .rows = "D6347-4.2.1-27 D6347-5-2 D5246-7.4.1.2-92 D7627-5.3-90",
     .resumes = true,
     .play = ask_for_cookies,
     .strict = "data",
     .wrong = change_ids,
     .shows = "another session id *"},
    {.id = "P-RTX-12",
     .roles = CHECK_CLIENT,
     .rows = "D6347-4.2.4-9 D6347-4.2.4-93",
     .resumes = true,
     .is_slow = true,
     .play = repeat_last_flight,
     .strict = "data",
     .wrong = answer_once,
     .shows = "no answer to repetition 1"},
    {.id = "P-ALP-4",
     .rows = "D7301-3.1-6",
     .resumes = true,
     .play = agree_anew,
     .strict = "data",
     .wrong = agree_once,
     .shows = "no protocol agreed on | alert 110"},
    {.id = "P-RES-1.renegotiate",
     .roles = CHECK_CLIENT | CHECK_SERVER,
     .rows = "D5746-3.4-90",
     .when = "reneg",
     .resumes = true,
     .renegotiates = true,
     .play = resume_and_renegotiate,
     .strict = "data",
     .wrong = remember_the_first,
     .shows = "*40*"},
    {.id = "P-RES-11.etm",
     .rows = "D7366-2-90",
     .when = "etm",
     .suits = suite_is_cbc,
     .resumes = true,
     .play = resume_without_etm,
     .strict = "data",
     .wrong = go_by_session,
     .shows = "encrypt_then_mac *"},
    {.id = "P-RES-11.etm_added",
     .rows = "D7366-2-90",
     .when = "etm",
     .suits = suite_is_cbc,
     .resumes = true,
     .play = resume_with_etm,
     .strict = "data",
     .wrong = answer_and_go_by_session,
     .shows = "silence"},
};

CHECK_FILE(resumed)
