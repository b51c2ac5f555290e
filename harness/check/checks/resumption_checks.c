/* SPDX-License-Identifier: MIT */
/* Sessions that are resumed (RFC 5246, 7.3, 7.4.1.2, 7.4.1.3, F.1.4). */
#include "check/checks/all_checks.h"
#include "check/checks/session_words.h"
#include "check/flight_changes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t made_up[DTLS_SESSION_ID_MAX] =
    "an id that no server ever gave.";

/* ---- P-RES-1: an id is resumed ---- */

static uint8_t first_random[DTLS_RANDOM_LEN];

static void note_random(struct scene *s)
{
    struct hello hello;

    hello_hear(s, &hello);
    memcpy(first_random, hello.server.random.data, sizeof first_random);
    scene_expect(s, hello.server.session_id.len != 0, "no session id");
}

static bool begins_at_0(const struct scene *s)
{
    for (size_t i = 0; i < s->heard.num_records; i++) {
        if (s->heard.records[i].epoch == 1) {
            return s->heard.records[i].seq == 0;
        }
    }
    return true;
}

static void expect_short_flight(struct scene *s)
{
    struct hello hello;

    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s,
                 memcmp(hello.server.random.data, first_random,
                        sizeof first_random) != 0,
                 "the same random again");
    scene_connect(s);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_CERTIFICATE) == 0 &&
                     heard_count(&s->heard, DTLS_SERVER_KEY_EXCHANGE) == 0 &&
                     heard_count(&s->heard, DTLS_CERTIFICATE_REQUEST) == 0 &&
                     heard_count(&s->heard, DTLS_SERVER_HELLO_DONE) == 0,
                 "more than ServerHello and Finished");
    scene_expect(s, begins_at_0(s), "epoch 1 does not begin with number 0");
}

/* Twice, so that each has keys of its own. */
static void resume_by_id(struct scene *s)
{
    session_connect(s, SESSION_BY_ID);
    note_random(s);
    for (int i = 0; i < 2; i++) {
        session_again(s, SESSION_BY_ID);
        session_offer(s, NULL);
        expect_short_flight(s);
        note_random(s);
    }
}

#define EXT_EMS 23 /* extended_master_secret */
#define MANY 20

static void make_many_sessions(struct scene *s)
{
    static uint8_t ids[MANY][DTLS_SESSION_ID_MAX];
    struct hello hello;

    for (size_t i = 0; i < MANY; i++) {
        s->memory.session = (struct dtls_client_session){0};
        session_connect(s, SESSION_BY_ID);
        hello_hear(s, &hello);
        memset(ids[i], 0, sizeof ids[i]);
        memcpy(ids[i], hello.server.session_id.data,
               hello.server.session_id.len);
        for (size_t j = 0; j < i; j++) {
            scene_expect(s, memcmp(ids[i], ids[j], sizeof ids[i]) != 0,
                         "an id twice");
        }
        session_again(s, SESSION_BY_ID);
    }
    session_offer(s, NULL);
    session_is_resumed(s);
}

static void give_same_id(struct hello *hello)
{
    hello->server.session_id = dtls_bytes_of(made_up, sizeof made_up);
}

static bool say_same_id(struct wrong *w, struct peer_message *m)
{
    return wrong_resumes(w) || wrong_says_hello(w, m, give_same_id);
}

static void give_same_ids(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER && w->sut.setup.resumes) {
        w->hears = wrong_keeps_hello;
        w->says = say_same_id;
    }
}

/* ---- P-RES-2: an id that is not known ---- */

static const size_t *made_up_len;

static void offer_made_up(struct hello *hello)
{
    hello->client.session_id = dtls_bytes_of(made_up, *made_up_len);
}

static void offer_unknown_ids(struct scene *s)
{
    static const size_t lens[] = {1, 16, DTLS_SESSION_ID_MAX};

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        made_up_len = &lens[i];
        session_offer(s, offer_made_up);
        session_is_new(s);
        scene_connect(s);
        scene_again(s);
    }
    session_offer(s, NULL);
}

static void change_id(struct hello *hello)
{
    static uint8_t id[DTLS_SESSION_ID_MAX];
    struct dtls_bytes own = hello->client.session_id;

    memcpy(id, own.data, own.len);
    id[own.len - 1] ^= 1;
    hello->client.session_id.data = id;
}

static void offer_changed_id(struct scene *s)
{
    session_make(s, SESSION_BY_ID);
    session_offer(s, change_id);
    session_is_new(s);
}

/* Its ServerHello repeats the id that was offered, whatever comes behind. */
static void repeat_any_id(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER) {
        w->hears = wrong_keeps_offer;
        w->says = wrong_says_offered_id;
    }
}

static void offer_after_restart(struct scene *s)
{
    session_connect(s, SESSION_BY_ID);
    scene_trigger(s, ICS_trigger_restart);
    session_again(s, SESSION_BY_ID);
    session_offer(s, NULL);
    session_is_new(s);
}

static struct dtls_saved survivor; /* of a restart */

static bool save_session(struct wrong *w, struct wrong_record *r)
{
    (void)r;
    if (w->memory.entries[0].saved.suite != 0) {
        survivor = w->memory.entries[0].saved;
    }
    return false;
}

static void remember_over_restarts(struct wrong *w)
{
    w->hears = save_session;
    if (survivor.suite != 0 && w->memory.cache.entries != NULL) {
        dtls_cache_put(&w->memory.cache, &survivor);
    }
}

static void offer_old_id(struct scene *s)
{
    session_connect(s, SESSION_BY_ID);
    session_wait(s);
    session_again(s, SESSION_BY_ID);
    session_offer(s, NULL);
    session_is_new(s);
}

static void keep_for_ever(struct wrong *w)
{
    for (size_t i = 0; i < SUT_OWN_SESSIONS; i++) {
        w->memory.entries[i].saved.until = DTLS_NEVER;
    }
}

/* ---- P-RES-3: a server that resumes nothing ---- */

static void ask_for_ticket(struct hello *hello)
{
    hello_drop(hello, SESSION_TICKET);
    hello_add(hello, SESSION_TICKET, NULL, 0);
}

static uint8_t given[DTLS_SESSION_ID_MAX];
static size_t given_len;

static void offer_given(struct hello *hello)
{
    hello->client.session_id = dtls_bytes_of(given, given_len);
}

static void try_to_resume(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    scene_change_hellos(s, ask_for_ticket);
    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, SESSION_TICKET, &data),
                 "session_ticket in ServerHello");
    given_len = hello.server.session_id.len;
    memcpy(given, hello.server.session_id.data, given_len);
    scene_connect(s);
    scene_again(s);
    session_offer(s, offer_given);
    session_is_new(s);
}

static bool announce_ticket(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 || wrong_says_hello(w, m, ask_for_ticket);
}

static bool note_asking(struct wrong *w, struct wrong_record *r)
{
    if (wrong_hello_has(r, SESSION_TICKET, NULL)) {
        w->num = 1;
    }
    return wrong_keeps_hello(w, r);
}

static void announce_tickets(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER) {
        w->hears = note_asking;
        w->says = announce_ticket;
    }
}

/* ---- P-RES-4: a client offers what it has stored ---- */

/* What has a place of its own, and what each hello has by chance, apart. */
static uint32_t set_of_types(const struct hello *hello)
{
    uint16_t types[HELLO_TYPES_MAX];
    size_t num = hello_types(hello, types);
    uint32_t set = 0;

    for (size_t i = 0; i < num; i++) {
        set |= types[i] == SESSION_TICKET ? 0 : 1u << (types[i] * 7u % 31);
    }
    return set;
}

static void let_it_resume(struct scene *s)
{
    struct hello hello;
    uint32_t first;

    session_connect(s, SESSION_BY_ID);
    hello_hear(s, &hello);
    first = set_of_types(&hello);
    session_again(s, SESSION_BY_ID);
    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s, hello.client.version == DTLS_VERSION_1_2,
                 "version %04x offered", hello.client.version);
    scene_expect(s, set_of_types(&hello) == first,
                 "other extensions than at first");
    scene_connect(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

static void drop_etm(struct hello *hello)
{
    hello_drop(hello, 22);
}

static bool offer_without_etm(struct wrong *w, struct peer_message *m)
{
    return w->peer.role != DTLS_CLIENT || w->round == 0 ||
           wrong_says_hello(w, m, drop_etm);
}

static void forget_etm(struct wrong *w)
{
    w->says = offer_without_etm;
}

/* ---- P-RES-5: a server that declines ---- */

static void decline_with_other_id(struct scene *s)
{
    session_make(s, SESSION_BY_ID);
    dtls_cache_init(&s->memory.cache, s->memory.entries, SUT_OWN_SESSIONS);
    session_is_resumed(s);
}

static void decline_with_no_id(struct scene *s)
{
    session_make(s, SESSION_BY_ID);
    s->peer.config.cache = NULL;
    session_is_resumed(s);
}

static bool insist(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    struct hello hello;

    return w->peer.role == DTLS_CLIENT && h->session_id_len != 0 &&
           wrong_hello(r, &hello) &&
           !dtls_bytes_equal(
               hello.server.session_id,
               dtls_bytes_of(h->session_id, h->session_id_len)) &&
           wrong_alert(w, 40);
}

static void insist_on_session(struct wrong *w)
{
    w->hears = insist;
}

/* ---- P-RES-6: what belongs to the offer ---- */

static void look_at_offer(struct scene *s)
{
    struct hello hello;
    uint16_t suite;

    session_make(s, SESSION_BY_ID);
    suite = s->memory.entries[0].saved.suite;
    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s, dtls_client_hello_offers(&hello.client, suite),
                 "the session's suite %04x not offered", suite);
    scene_expect(s,
                 memchr(hello.client.compression.data, 0,
                        hello.client.compression.len) != NULL,
                 "null compression not offered");
}

static void look_for_ems_in_offer(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    session_make(s, SESSION_BY_ID);
    session_is_resumed(s);
    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, EXT_EMS, &data),
                 "extended_master_secret not offered with the session");
}

static void drop_ems(struct hello *hello)
{
    hello_drop(hello, EXT_EMS);
}

static bool offer_no_ems(struct wrong *w, struct peer_message *m)
{
    return w->peer.session.hs.session_id_len == 0 || m->epoch != 0 ||
           wrong_says_hello(w, m, drop_ems);
}

static void offer_without_ems(struct wrong *w)
{
    if (w->peer.role == DTLS_CLIENT) {
        w->says = offer_no_ems;
    }
}

static void change_suites(struct hello *hello)
{
    static uint8_t suites[64];
    struct dtls_bytes own = hello->client.suites;

    assert(own.len <= sizeof suites);
    memcpy(suites, own.data, own.len);
    suites[0] = 0x56; /* no suite of anybody's */
    hello->client.suites.data = suites;
}

static bool offer_other_suite(struct wrong *w, struct peer_message *m)
{
    return w->peer.session.hs.session_id_len == 0 || m->epoch != 0 ||
           wrong_says_hello(w, m, change_suites);
}

static void offer_without_suite(struct wrong *w)
{
    if (w->peer.role == DTLS_CLIENT) {
        w->says = offer_other_suite;
    }
}

/* ---- P-RES-7: another suite, another version ---- */

/* Says the peer's ServerHello after `change`.  A target that does not look at
 * what is changed goes by what stood there, and so does the peer. */
static void resume_otherwise(struct scene *s,
                             void (*change)(struct hello *hello))
{
    struct peer_message *m;
    struct hello hello;

    session_make(s, SESSION_BY_ID);
    session_is_resumed(s);
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    change(&hello);
    hello_write(m, &hello);
    scene_say(s, m);
}

static void choose_other_suite(struct hello *hello)
{
    hello->server.suite = hello->server.suite == 0xc02b ? 0xc02f : 0xc02b;
}

static void choose_other_version(struct hello *hello)
{
    hello->server.version = DTLS_VERSION_1_0;
}

static void resume_with_other_suite(struct scene *s)
{
    resume_otherwise(s, choose_other_suite);
}

static void resume_with_other_version(struct scene *s)
{
    resume_otherwise(s, choose_other_version);
}

/* It goes by the session, whatever ServerHello says. */
static bool read_session_hello(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    uint16_t suite = w->memory.session.saved.suite;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || suite == 0 || !wrong_hello(r, &hello) ||
        !dtls_bytes_equal(hello.server.session_id,
                          dtls_bytes_of(h->session_id, h->session_id_len)) ||
        (hello.server.suite == suite &&
         hello.server.version == DTLS_VERSION_1_2)) {
        return false;
    }
    hello.server.suite = suite;
    hello.server.version = DTLS_VERSION_1_2;
    return wrong_reads_hello(w, r, &hello);
}

static void go_by_session(struct wrong *w)
{
    w->hears = read_session_hello;
}

/* ---- P-RES-7: an echoed id, and then a full handshake; the reverse ---- */

static void echo_and_say_more(struct scene *s)
{
    static const uint8_t empty[3] = {0};
    struct peer_message certificate = {.record_type = DTLS_HANDSHAKE,
                                       .type = DTLS_CERTIFICATE,
                                       .len = sizeof empty};
    struct peer_message *m;

    session_make(s, SESSION_BY_ID);
    session_is_resumed(s);
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    certificate.seq = (uint16_t)(m->seq + 1);
    scene_say(s, m);
    (void)flight_insert(s, m + 1, &certificate);
}

/* It does not care about a certificate. */
static bool pass_over_certificate(struct wrong *w, struct wrong_record *r)
{
    struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    if (!wrong_resumes(w) || !wrong_message(r, DTLS_CERTIFICATE, &f)) {
        return false;
    }
    dtls_transcript_add(&h->area->transcript, f.type, f.seq, &f.body, 1);
    return wrong_forgets(w, f.seq);
}

static void pass_over_certificates(struct wrong *w)
{
    w->hears = pass_over_certificate;
}

static void give_other_id(struct hello *hello)
{
    hello->server.session_id = dtls_bytes_of(made_up, sizeof made_up);
}

static void resume_another(struct scene *s)
{
    resume_otherwise(s, give_other_id);
}

/* It goes by what comes behind ServerHello, or would. */
static bool read_offered_id(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    struct hello hello;

    if (w->peer.role != DTLS_CLIENT || h->session_id_len == 0 ||
        !wrong_hello(r, &hello) ||
        hello.server.session_id.len != sizeof made_up ||
        memcmp(hello.server.session_id.data, made_up, sizeof made_up) != 0) {
        return false;
    }
    hello.server.session_id = dtls_bytes_of(h->session_id, h->session_id_len);
    return wrong_reads_hello(w, r, &hello);
}

static void take_any_id(struct wrong *w)
{
    w->hears = read_offered_id;
}

/* ---- P-RES-8: the suite is not offered any more ---- */

static void offer_no_suite_of_it(struct hello *hello)
{
    static uint8_t suites[64];
    struct dtls_buf out = {suites, 0, sizeof suites};
    struct dtls_bytes own = hello->client.suites;
    uint16_t suite;

    while (dtls_get_u16(&own, &suite)) {
        if (suite == DTLS_SCSV_RENEGOTIATION) {
            assert(dtls_put_u16(&out, suite));
        }
    }
    for (size_t i = 0; dtls_suite_at(i) != NULL && out.len < 60; i++) {
        suite = dtls_suite_at(i)->id;
        if (!dtls_client_hello_offers(&hello->client, suite)) {
            assert(dtls_put_u16(&out, suite));
        }
    }
    hello->client.suites = dtls_buf_bytes(&out);
}

static void offer_without_its_suite(struct scene *s)
{
    session_make(s, session_way(s));
    s->hopes = false;
    session_offer(s, offer_no_suite_of_it);
    scene_expect(s, !session_is_accepted(s), "the session resumed");
}

/* It reads a hello as if it offered the suite that it has. */
static bool read_own_suite(struct wrong *w, struct wrong_record *r)
{
    static uint8_t suites[66];
    struct dtls_buf out = {suites, 0, sizeof suites};
    const uint16_t suite = w->sut.setup.suite->id;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || !wrong_hello(r, &hello) ||
        hello.client.session_id.len == 0 ||
        dtls_client_hello_offers(&hello.client, suite) ||
        hello.client.suites.len > 64 || !dtls_put_u16(&out, suite) ||
        !dtls_put_bytes(&out, hello.client.suites)) {
        return false;
    }
    hello.client.suites = dtls_buf_bytes(&out);
    return wrong_reads_hello(w, r, &hello);
}

static void resume_unoffered_suite(struct wrong *w)
{
    w->hears = read_own_suite;
}

/* ---- P-RES-9: a fatal alert has ended the association ---- */

static void end_by_alert(struct scene *s)
{
    session_connect(s, SESSION_BY_ID);
    scene_say_alert(s, DTLS_ALERT_FATAL, 40);
    s->vanishes = true;
    scene_pause(s);
    session_again(s, SESSION_BY_ID);
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    session_is_new(s);
}

static bool is_alert(const struct wrong_record *r)
{
    return r->opened && r->wire.type == DTLS_ALERT && r->plain.len == 2 &&
           r->plain.data[0] == DTLS_ALERT_FATAL;
}

static bool end_without_forgetting(struct wrong *w, struct wrong_record *r)
{
    if (r->wire.epoch == 0 || !is_alert(r)) {
        return false;
    }
    w->deaf = true;
    return true;
}

static void keep_after_alert(struct wrong *w)
{
    w->hears = end_without_forgetting;
}

/* Wrong Finished in the association that resumes; then the id once more. */
static void end_by_finished(struct scene *s)
{
    struct peer_message *m;

    session_make(s, SESSION_BY_ID);
    session_offer(s, NULL);
    session_is_resumed(s);
    m = scene_come_to(s, DTLS_FINISHED);
    m->body[5] ^= 0x20;
    scene_say(s, m);
    scene_listen(s);
    session_again(s, SESSION_BY_ID);
    session_offer(s, NULL);
    session_is_new(s);
}

static struct dtls_saved before; /* the wrong target's newest session */

static bool restore_session(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_resumes(w) && wrong_message(r, DTLS_FINISHED, &f)) {
        before = w->memory.entries[0].saved;
    }
    return false;
}

static void keep_after_failure(struct wrong *w)
{
    w->hears = restore_session;
    if (w->round != 0 && before.suite != 0 &&
        w->memory.cache.entries != NULL &&
        dtls_cache_find(&w->memory.cache,
                        dtls_bytes_of(before.id, before.id_len)) == NULL) {
        dtls_cache_put(&w->memory.cache, &before);
    }
}

/* An alert that nobody vouches for ends nothing. */
static void forge_alert(struct scene *s)
{
    static const uint8_t alert[2] = {DTLS_ALERT_FATAL, 40};

    session_connect(s, session_way(s));
    scene_say_record(s, 0, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
    scene_pause(s);
    session_again(s, session_way(s));
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    session_is_resumed(s);
}

static bool forget_on_any_alert(struct wrong *w, struct wrong_record *r)
{
    if (r->wire.epoch == 0 && is_alert(r) && peer_is_connected(&w->peer)) {
        wrong_forgets_sessions(w);
    }
    return false;
}

static void believe_any_alert(struct wrong *w)
{
    w->hears = forget_on_any_alert;
}

/* ---- P-RES-10: no close_notify ---- */

static void vanish_and_resume(struct scene *s)
{
    session_connect(s, session_way(s));
    s->vanishes = true;
    session_again(s, session_way(s));
    session_offer(s, NULL);
}

static bool refuse_offer(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->peer.role == DTLS_SERVER && w->num == 1 &&
           wrong_hello(r, &hello) && hello.client.session_id.len != 0 &&
           wrong_alert(w, 40);
}

static bool note_end(struct wrong *w, struct wrong_record *r)
{
    if (r->opened && r->wire.epoch != 0) {
        w->num = r->wire.type != DTLS_ALERT; /* it is not closed */
    }
    return refuse_offer(w, r);
}

static void need_close_notify(struct wrong *w)
{
    w->hears = note_end;
}

/* ---- P-RES-11: extensions of no use ---- */

static void offer_other_lists(struct hello *hello)
{
    static const uint8_t groups[] = {0, 2, 0, 25};
    static const uint8_t formats[] = {1, 0};
    static const uint8_t pairs[] = {0, 2, 6, 3};

    hello_drop(hello, 10);
    hello_add(hello, 10, groups, sizeof groups);
    hello_drop(hello, 11);
    hello_add(hello, 11, formats, sizeof formats);
    hello_drop(hello, 13);
    hello_add(hello, 13, pairs, sizeof pairs);
}

static void resume_with_other_lists(struct scene *s)
{
    static const uint16_t useless[] = {0, 10, 11, 13};
    struct dtls_bytes data;
    struct hello hello;

    session_make(s, session_way(s));
    session_offer(s, offer_other_lists);
    session_is_resumed(s);
    hello_hear(s, &hello);
    for (size_t i = 0; i < sizeof useless / sizeof *useless; i++) {
        scene_expect(s, !hello_has(&hello, useless[i], &data),
                     "extension %u in ServerHello", useless[i]);
    }
}

static void add_formats(struct hello *hello)
{
    static const uint8_t formats[] = {1, 0};

    hello_add(hello, 11, formats, sizeof formats);
}

static bool say_formats(struct wrong *w, struct peer_message *m)
{
    return !wrong_resumes(w) || wrong_says_hello(w, m, add_formats);
}

static void answer_formats(struct wrong *w)
{
    if (w->peer.role == DTLS_SERVER) {
        w->hears = wrong_keeps_hello;
        w->says = say_formats;
    }
}

/* ---- P-RES-12: another name ---- */

static void offer_other_name(struct hello *hello)
{
    static const uint8_t name[] = "\0\x10\0\0\x0dother.example";

    hello_drop(hello, 0);
    hello_add(hello, 0, name, sizeof name - 1);
}

static void offer_no_name(struct hello *hello)
{
    hello_drop(hello, 0);
}

static const uint8_t usual_name[] = "localhost";

static void call_by_name(struct scene *s)
{
    s->peer.config.server_name =
        dtls_bytes_of(usual_name, sizeof usual_name - 1);
}

static void resume_under(struct scene *s, void (*change)(struct hello *))
{
    enum session_way way = session_way(s);

    call_by_name(s);
    session_connect(s, way);
    session_again(s, way);
    call_by_name(s);
    session_offer(s, change);
    session_is_new(s);
}

static void resume_under_other_name(struct scene *s)
{
    resume_under(s, offer_other_name);
}

static void resume_under_no_name(struct scene *s)
{
    resume_under(s, offer_no_name);
}

/* It reads a hello with a session as if it had the usual name. */
static bool read_usual_name(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t name[] = "\0\x0c\0\0\x09localhost";
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || w->round == 0 ||
        !wrong_hello(r, &hello) || hello.client.session_id.len == 0) {
        return false;
    }
    hello_drop(&hello, 0);
    hello_add(&hello, 0, name, sizeof name - 1);
    return wrong_reads_hello(w, r, &hello);
}

static void ignore_names(struct wrong *w)
{
    w->hears = read_usual_name;
}

/* ---- P-RES-13: the last flight of an abbreviated handshake ---- */

static void come_to_last_flight(struct scene *s)
{
    session_make(s, session_way(s));
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    session_is_resumed(s);
}

static void resume_with_wrong_finished(struct scene *s)
{
    struct peer_message *m;

    come_to_last_flight(s);
    m = scene_come_to(s, DTLS_FINISHED);
    m->body[7] ^= 0x10;
    scene_say(s, m);
    scene_listen(s);
    scene_expect(s,
                 s->peer.role == DTLS_CLIENT ||
                     heard_count(&s->heard, DTLS_FINISHED) == 0,
                 "Finished");
}

static void resume_with_key_exchange(struct scene *s)
{
    static const uint8_t body[1] = {0};
    struct peer_message key_exchange = {.record_type = DTLS_HANDSHAKE,
                                        .type = DTLS_CLIENT_KEY_EXCHANGE,
                                        .len = sizeof body};

    come_to_last_flight(s);
    (void)flight_insert(s, scene_come_to_ccs(s), &key_exchange);
}

static bool pass_over_key_exchange(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_resumes(w) &&
           wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f) &&
           wrong_forgets(w, f.seq);
}

static void pass_over_key_exchanges(struct wrong *w)
{
    w->hears = pass_over_key_exchange;
}

/* The peer has only seen the id or the ticket.  Afterwards its owner can still
 * resume the session. */
static void resume_without_secret(struct scene *s)
{
    session_connect(s, session_way(s));
    session_again(s, session_way(s));
    memset(s->memory.session.saved.master, 0x5c, DTLS_MASTER_LEN);
    session_offer(s, NULL);
    session_is_resumed(s);
    scene_listen(s);
    scene_expect(
        s, !dtls_session_has_output(&s->peer.session) || !scene_connects(s),
        "connected without the secret");
    session_again(s, session_way(s));
    session_offer(s, NULL);
    session_is_resumed(s);
}

static void have_no_secret(struct wrong *w)
{
    for (size_t i = 0; i < SUT_OWN_SESSIONS; i++) {
        memset(w->memory.entries[i].saved.master, 0x5c, DTLS_MASTER_LEN);
    }
}

static void send_data_early(struct scene *s)
{
    uint8_t bytes[20];
    struct dtls_bytes data;

    come_to_last_flight(s);
    (void)scene_come_to(s, DTLS_FINISHED);
    data = scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    scene_pause(s);
    scene_expect(s, heard_data(&s->heard, data) == 0,
                 "data before the client's Finished");
}

/* ---- P-RES-14: the claimed life is over ---- */

static void outlive(struct scene *s)
{
    const unsigned long limit =
        strtoul(s->setup->ics->values[ICS_lifetime], NULL, 10);

    for (unsigned long i = 0; i < limit && scene_probe(s); i += 5) {
        scene_wait(s, 5000);
    }
    s->hopes = false;
}

static void wait_for_its_end(struct scene *s)
{
    scene_connect(s);
    outlive(s);
    scene_wait(s, 5000);
}

static void live_on(struct wrong *w)
{
    (void)w; /* as it does */
}

static const struct check checks[] = {
    {.id = "P-RES-1",
     .rows = "D5246-7.3-3 D5246-7.3-4 D5246-7.3-5 D5246-7.4.1.3-3 "
             "D5246-F.1.4-2 D5246-F.1.4-4",
     .resumes = true,
     .play = resume_by_id,
     .strict = "data",
     .wrong = wrong_forgets_sessions,
     .shows = "no session resumed"},
    {.id = "P-RES-1.many",
     .rows = "D5246-7.4.1.3-96 D5246-7.4.1.3-99",
     .resumes = true,
     .play = make_many_sessions,
     .strict = "data",
     .wrong = give_same_ids,
     .shows = "an id twice"},
    {.id = "P-RES-2",
     .rows = "D5246-7.4.1.2-91 D5246-7.4.1.3-3 D5246-F.1.4-1",
     .resumes = true,
     .play = offer_unknown_ids,
     .strict = "data",
     .wrong = repeat_any_id,
     .shows = "the session resumed"},
    {.id = "P-RES-2.changed",
     .rows = "D5246-7.4.1.2-91 D5246-7.4.1.3-3",
     .resumes = true,
     .play = offer_changed_id,
     .strict = "data",
     .wrong = repeat_any_id,
     .shows = "the session resumed"},
    {.id = "P-RES-2.restarted",
     .rows = "D5246-7.4.1.2-91",
     .when = "trigger_restart",
     .resumes = true,
     .play = offer_after_restart,
     .strict = "data",
     .wrong = remember_over_restarts,
     .shows = "the session resumed"},
    {.id = "P-RES-2.expired",
     .rows = "D5246-F.1.4-1 D5246-F.1.4-3",
     .when = "resume_s",
     .resumes = true,
     .is_slow = true,
     .play = offer_old_id,
     .strict = "data",
     .wrong = keep_for_ever,
     .shows = "the session resumed"},
    {.id = "P-RES-3",
     .rows = "D5246-7.4.1.3-3 D5077-3.2-4",
     .play = try_to_resume,
     .strict = "data",
     .claims = "[ics]\nresume = none\nticket = no\n",
     .wrong = announce_tickets,
     .shows = "session_ticket in ServerHello"},
    {.id = "P-RES-4",
     .rows = "D5246-7.3-3 D5246-7.4.1.2-7 D5246-7.4.1.4-5 D6066-1.1-3 "
             "D5246-E.1-4 D5246-7.3-6",
     .resumes = true,
     .play = let_it_resume,
     .strict = "data",
     .wrong = wrong_forgets_sessions,
     .shows = "no session offered"},
    {.id = "P-RES-4.cbc",
     .rows = "D7366-2-92 D6066-1.1-3",
     .when = "etm",
     .suits = suite_is_cbc,
     .resumes = true,
     .play = let_it_resume,
     .strict = "data",
     .wrong = forget_etm,
     .shows = "other extensions *"},
    {.id = "P-RES-5.other",
     .rows = "D5246-7.4.1.3-6",
     .resumes = true,
     .play = decline_with_other_id,
     .strict = "data",
     .wrong = insist_on_session,
     .shows = "alert 40"},
    {.id = "P-RES-5.none",
     .rows = "D5246-7.4.1.3-6",
     .resumes = true,
     .play = decline_with_no_id,
     .strict = "data",
     .wrong = insist_on_session,
     .shows = "alert 40"},
    {.id = "P-RES-6",
     .rows = "D5246-7.4.1.2-7 D5246-7.4.1.2-8",
     .resumes = true,
     .play = look_at_offer,
     .strict = "data",
     .wrong = offer_without_suite,
     .shows = "the session's suite * not offered"},
    {.id = "P-RES-6.ems",
     .rows = "D7627-5.3-2",
     .when = "ems",
     .resumes = true,
     .play = look_for_ems_in_offer,
     .strict = "data",
     .wrong = offer_without_ems,
     .shows = "extended_master_secret not offered with the session"},
    {.id = "P-RES-7.suite",
     .rows = "D5246-7.4.1.3-11 D5246-7.4.1.3-91",
     .resumes = true,
     .play = resume_with_other_suite,
     .strict = "alert 47",
     .wrong = go_by_session,
     .shows = "data"},
    {.id = "P-RES-7.version",
     .rows = "D5246-7.4.1.3-11 D5246-7.4.1.3-92",
     .resumes = true,
     .play = resume_with_other_version,
     .strict = "alert 47 | alert 70",
     .wrong = go_by_session,
     .shows = "data"},
    {.id = "P-RES-7.full",
     .rows = "D5246-7.4.1.3-93",
     .resumes = true,
     .play = echo_and_say_more,
     .strict = "alert 10",
     .wrong = pass_over_certificates,
     .shows = "data"},
    {.id = "P-RES-7.id",
     .rows = "D5246-7.4.1.3-94",
     .resumes = true,
     .play = resume_another,
     .strict = "alert 10 | silence",
     .wrong = take_any_id,
     .shows = "data"},
    {.id = "P-RES-8",
     .rows = "D5246-7.4.1.3-5 D5246-7.4.1.3-4",
     .resumes = true,
     .play = offer_without_its_suite,
     .strict = "alert 47 | alert 40 | refused 47 | data",
     .tolerated = "silence",
     .wrong = resume_unoffered_suite,
     .shows = "the session resumed"},
    {.id = "P-RES-9",
     .rows = "D5246-7.2-1 D5246-7.2.2-3",
     .resumes = true,
     .play = end_by_alert,
     .strict = "data",
     .wrong = keep_after_alert,
     .shows = "the session *"},
    {.id = "P-RES-9.failed",
     .roles = CHECK_SERVER,
     .rows = "D5246-7.2.2-2 D5246-7.2.2-3",
     .resumes = true,
     .play = end_by_finished,
     .strict = "data",
     .wrong = keep_after_failure,
     .shows = "the session resumed"},
    {.id = "P-RES-9.forged",
     .rows = "D5246-7.2.2-91",
     .resumes = true,
     .play = forge_alert,
     .strict = "data",
     .wrong = believe_any_alert,
     .shows = "no session *"},
    {.id = "P-RES-10",
     .rows = "D5246-7.2.1-4",
     .resumes = true,
     .play = vanish_and_resume,
     .strict = "data",
     .wrong = need_close_notify,
     .shows = "alert 40"},
    {.id = "P-RES-11",
     .rows = "D5246-7.4.1.4.1-9 D8422-4-5 D6066-1.1-2 D6066-3-11",
     .resumes = true,
     .play = resume_with_other_lists,
     .strict = "data",
     .wrong = answer_formats,
     .shows = "extension 11 in ServerHello"},
    {.id = "P-RES-12.other",
     .rows = "D6066-3-10",
     .resumes = true,
     .play = resume_under_other_name,
     .strict = "data | alert 112",
     .wrong = ignore_names,
     .shows = "the session resumed"},
    {.id = "P-RES-12.none",
     .rows = "D6066-3-10",
     .resumes = true,
     .play = resume_under_no_name,
     .strict = "data",
     .wrong = ignore_names,
     .shows = "the session resumed"},
    {.id = "P-RES-13",
     .rows = "D5246-7.4.9-2 D5246-7.2.2-3",
     .resumes = true,
     .play = resume_with_wrong_finished,
     .strict = "alert 51",
     .tolerated = "silence",
     .wrong = wrong_believes_finished,
     .shows = "*data"},
    {.id = "P-RES-13.client",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.3-8",
     .resumes = true,
     .play = resume_with_wrong_finished,
     .strict = "alert 51",
     .tolerated = "silence",
     .wrong = wrong_believes_finished,
     .shows = "Finished"},
    {.id = "P-RES-13.more",
     .rows = "D5246-7.3-7",
     .resumes = true,
     .play = resume_with_key_exchange,
     .strict = "alert 10 | silence",
     .wrong = pass_over_key_exchanges,
     .shows = "data"},
    {.id = "P-RES-13.secret",
     .rows = "D5246-7.4.1.2-93",
     .resumes = true,
     .play = resume_without_secret,
     .strict = "data",
     .wrong = have_no_secret,
     .shows = "connected without the secret"},
    {.id = "P-RES-13.early",
     .rows = "D5246-7.3-9",
     .resumes = true,
     .needs_echo = true,
     .play = send_data_early,
     .strict = "data",
     .wrong = wrong_takes_early_data,
     .shows = "data before *"},
    {.id = "P-RES-14",
     .rows = "D5246-F.1.4-1 T031164-3-1",
     .needs_echo = true,
     .is_slow = true,
     .play = wait_for_its_end,
     .strict = "close* | alert *",
     .claims = "[ics]\nlifetime = 20\n",
     .wrong = live_on,
     .shows = "data"},
};

CHECK_FILE(resumption)
