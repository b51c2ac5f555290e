/* SPDX-License-Identifier: MIT */
/* The times that are settings: what follows a loss, how long a handshake may
 * take, how long a session may be idle and may live. */
#include "kit/kit.h"

#include "sim/pair.h"

#define HOUR UINT64_C(3600000)

static struct sim_pair pair; /* large: not on the stack */

static struct dtls_session *session(int which)
{
    return &pair.ends[which].session;
}

/* When an end has sent something; and which of these datagrams are lost. */
static struct {
    uint64_t at[64];
    unsigned num;
    int of;
    uint64_t lost; /* a bit for each, from the lowest on */
} tape;

static void lose_some(void *self, const struct sim_sent *sent,
                      struct sim_fate *fate)
{
    (void)self;
    if (sent->from != tape.of) {
        return;
    }
    assert_true(tape.num < LEN(tape.at));
    fate->lost |= (tape.lost >> tape.num & 1) != 0;
    tape.at[tape.num++] = sent->at;
}

static void begin(uint64_t seed, int of, uint64_t lost)
{
    memset(&tape, 0, sizeof tape);
    tape.of = of;
    tape.lost = lost;
    sim_pair_init(&pair, seed);
    pair.net.conditions.decide = lose_some;
}

/* A client's first ClientHello is lost, and its last flight: how long that one
 * waits is the setting. */
static void after_a_loss_the_timeout_is_kept_or_not(void **state)
{
    (void)state;
    for (int anew = 0; anew <= 1; anew++) {
        kit_row("%s", anew ? "anew" : "kept");
        begin(1, SIM_CLIENT, 0x9); /* 0, 1: hellos; 2: with cookie; 3 */
        pair.ends[SIM_CLIENT].config.timer.begins_anew = anew;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, 20000));
        assert_int_equal(tape.num, 5);
        assert_int_equal(tape.at[1] - tape.at[0], 1000);
        /* The flight with the cookie got through at once, and ends the memory
         * of the loss. */
        assert_int_equal(tape.at[4] - tape.at[3], 1000);
        sim_pair_free(&pair);

        begin(2, SIM_CLIENT, 0x5); /* the one with the cookie, too */
        pair.ends[SIM_CLIENT].config.timer.begins_anew = anew;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, 20000));
        assert_int_equal(tape.num, 5);
        assert_int_equal(tape.at[3] - tape.at[2], anew ? 1000 : 2000);
        sim_pair_free(&pair);
    }
}

/* ---- the limit of a handshake ---- */

/* A server whose cookies are never right when they come back: its secret is
 * another one each time.  It answers only the last repeat of a flight. */
static void answer_the_last_repeat(void *self, const struct sim_sent *sent,
                                   struct sim_fate *fate)
{
    unsigned *hellos = self;
    enum dtls_status status;

    if (sent->from == SIM_CLIENT) {
        (*hellos)++;
        fate->lost |= *hellos % 11 != 0;
        dtls_listener_free(&pair.listener);
        status = dtls_listener_init(&pair.listener, &pair.crypto,
                                    &pair.ends[SIM_SERVER].counters, sent->at);
        assert_int_equal(status, DTLS_OK);
    }
}

static void begin_at_refuser(unsigned *hellos, uint64_t limit)
{
    *hellos = 0;
    sim_pair_init(&pair, 3);
    pair.net.conditions.decide = answer_the_last_repeat;
    pair.net.conditions.self = hellos;
    pair.ends[SIM_CLIENT].config.handshake_limit = limit;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, 24 * HOUR);
    assert_int_equal(session(SIM_CLIENT)->phase, DTLS_PHASE_FAILED);
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_TOO_LATE);
    assert_false(pair.accepted);
}

/* The first HelloVerifyRequest begins a new flight; the second one comes after
 * the eleventh ClientHello with a cookie, and allows one more. */
static void further_verify_requests_renew_no_retransmission(void **state)
{
    unsigned hellos;

    (void)state;
    proves("D6347-4.2.4.1-6");
    begin_at_refuser(&hellos, 24 * HOUR);
    assert_int_equal(hellos, 11 + 11 + 1);
    sim_pair_free(&pair);
}

/* Eleven times the longest timeout. */
static void a_client_at_a_server_that_never_accepts_gives_up(void **state)
{
    unsigned hellos;

    (void)state;
    begin_at_refuser(&hellos, 0);
    assert_int_equal(pair.net.now, 660000);
    sim_pair_free(&pair);
}

/* Each flight gets through at its fourth attempt: the time is that of all. */
static void a_handshake_has_one_limit_for_all_flights(void **state)
{
    (void)state;
    begin(4, SIM_CLIENT, 0x77777777);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(tape.num, 12);
    assert_true(tape.at[8] > 30000); /* the third flight */
    sim_pair_free(&pair);

    begin(4, SIM_CLIENT, 0x77777777);
    pair.ends[SIM_CLIENT].config.handshake_limit = 30000;
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_TOO_LATE);
    assert_int_equal(pair.net.now, 30000);
    sim_pair_free(&pair);
}

static void lose_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)self;
    (void)sent;
    fate->lost = true;
}

/* Both ends have a limit of 5 s, and the network is cut: the client in its
 * first flight, the server in its own, both in a renegotiation, which is
 * called off. */
static void both_roles_obey_the_limit(void **state)
{
    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        uint64_t began;

        kit_row("the %s", kit_role(role));
        begin(5, SIM_CLIENT, role == SIM_CLIENT ? ~UINT64_C(0) : 0x3c);
        pair.ends[role].config.handshake_limit = 5000;
        sim_pair_start(&pair);
        while (session(role)->phase != DTLS_PHASE_FAILED) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        assert_int_equal(session(role)->failure, DTLS_TOO_LATE);
        /* The server admits its client after 30 ms. */
        assert_int_equal(pair.net.now, role == SIM_CLIENT ? 5000 : 5030);
        sim_pair_free(&pair);

        begin(6, SIM_CLIENT, 0);
        pair.ends[role].config.handshake_limit = 5000;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        sim_pair_drain(&pair, pair.net.now + 1000);
        pair.net.conditions.decide = lose_all;
        began = pair.net.now;
        assert_int_equal(dtls_session_renegotiate(session(role), began),
                         DTLS_OK);
        sim_pair_drain(&pair, began + 4999);
        assert_int_equal(session(role)->phase, DTLS_PHASE_RENEGOTIATING);
        sim_pair_drain(&pair, began + 5000);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        assert_int_equal(session(role)->renegotiated, DTLS_TOO_LATE);
        sim_pair_free(&pair);
    }
}

/* ---- the limits of a session ---- */

#define IDLE 40000
#define LIFE 100000

/* Connects a pair of which the one end has these limits.  Returns when. */
static uint64_t connect_limited(int role, uint64_t idle, uint64_t life)
{
    sim_pair_init(&pair, 7);
    pair.ends[role].config.idle_limit = idle;
    pair.ends[role].config.life_limit = life;
    sim_pair_start(&pair);
    while (!pair.ends[role].connected) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    return pair.net.now;
}

static void say(int from)
{
    assert_int_equal(sim_pair_say(&pair, from, dtls_bytes_of("x", 1)),
                     DTLS_OK);
}

/* The end of `role` is over by itself, and its close_notify ends the other,
 * whose answer changes nothing. */
static void expect_end(int role, enum dtls_status why)
{
    assert_int_equal(session(role)->phase, DTLS_PHASE_ENDED);
    assert_int_equal(session(role)->failure, why);
    assert_true(pair.ends[role].ended);
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_true(pair.ends[!role].ended);
    assert_int_equal(session(!role)->failure, DTLS_OK);
    assert_int_equal(session(role)->failure, why);
    assert_int_equal(session(role)->counters->alerts_sent, 1);
    assert_int_equal(dtls_session_deadline(session(role)), DTLS_NEVER);
    assert_int_equal(pair.ends[role].store.taken, 0);
}

static void an_idle_session_ends_at_its_limit(void **state)
{
    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        uint64_t active = connect_limited(role, IDLE, 0);

        kit_row("the %s", kit_role(role));
        /* What it sends and what it gets keeps it, until the last time. */
        for (int i = 0; i < 6; i++) {
            int from = i % 2 == 0 ? role : !role;

            kit_row("record %d", i);
            sim_pair_drain(&pair, active + IDLE - 1);
            pair.net.now = active + IDLE - 20;
            say(from);
            active = from == role ? pair.net.now : pair.net.now + 10;
            sim_pair_drain(&pair, pair.net.now + 10);
        }
        sim_pair_drain(&pair, active + IDLE - 1);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        sim_pair_drain(&pair, active + IDLE);
        assert_int_equal(pair.net.now, active + IDLE);
        expect_end(role, DTLS_IDLE_TOO_LONG);
        sim_pair_free(&pair);
    }
}

/* Records that are not authentic are no activity. */
static void junk_keeps_no_session(void **state)
{
    static const uint8_t junk[] = {23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 9, 9, 9,
                                   0,  18,   1,    2, 3, 4, 5, 6, 7, 8, 9,
                                   10, 1,    2,    3, 4, 5, 6, 7, 8};

    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        uint64_t active = connect_limited(role, IDLE, 0);

        kit_row("the %s", kit_role(role));
        sim_pair_drain(&pair, active + 30);
        sim_inject(&pair.net, !role, role, dtls_bytes_of(junk, sizeof junk),
                   IDLE / 2);
        sim_pair_drain(&pair, active + IDLE - 1);
        assert_int_equal(session(role)->counters->discarded_mac, 1);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        sim_pair_drain(&pair, active + IDLE);
        expect_end(role, DTLS_IDLE_TOO_LONG);
        sim_pair_free(&pair);
    }
}

/* Data and a renegotiation do not lengthen a life. */
static void a_life_ends_at_its_limit(void **state)
{
    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        uint64_t born = connect_limited(role, IDLE, LIFE);

        kit_row("the %s", kit_role(role));
        for (int i = 1; i <= 3; i++) {
            kit_row("step %d", i);
            sim_pair_drain(&pair, born + (uint64_t)i * 30000);
            pair.net.now = born + (uint64_t)i * 30000;
            if (i == 2) {
                assert_int_equal(dtls_session_renegotiate(session(SIM_CLIENT),
                                                          pair.net.now),
                                 DTLS_OK);
            } else {
                say(SIM_CLIENT);
            }
            sim_pair_drain(&pair, pair.net.now + 1000);
        }
        assert_int_equal(pair.ends[role].renegotiations, 1);
        sim_pair_drain(&pair, born + LIFE - 1);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        sim_pair_drain(&pair, born + LIFE);
        expect_end(role, DTLS_TOO_OLD);
        sim_pair_free(&pair);
    }
}

/* A renegotiation that is running does not hold the end up, whether keys have
 * changed or not. */
static void a_limit_ends_a_session_in_a_renegotiation(void **state)
{
    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        for (unsigned lost = 0; lost < 4; lost++) {
            uint64_t born = connect_limited(role, 0, LIFE);

            kit_row("the %s, lost from datagram %u on", kit_role(role), lost);
            sim_pair_drain(&pair, born + LIFE - 2000);
            pair.net.now = born + LIFE - 2000;
            assert_int_equal(
                dtls_session_renegotiate(session(role), pair.net.now),
                DTLS_OK);
            memset(&tape, 0, sizeof tape);
            tape.of = !role;
            tape.lost = ~UINT64_C(0) << lost;
            pair.net.conditions.decide = lose_some;
            sim_pair_drain(&pair, born + LIFE - 1);
            sim_pair_drain(&pair, born + LIFE);
            pair.net.conditions.decide = NULL;
            expect_end(role, DTLS_TOO_OLD);
            sim_pair_free(&pair);
        }
    }
}

/* Without limits a session lives on. */
static void there_is_no_limit_by_default(void **state)
{
    (void)state;
    for (int role = SIM_CLIENT; role <= SIM_SERVER; role++) {
        kit_row("the %s", kit_role(role));
        (void)connect_limited(role, 0, 0);
        sim_pair_drain(&pair, 24 * HOUR);
        assert_int_equal(dtls_session_deadline(session(role)), DTLS_NEVER);
        pair.net.now = 1000 * 24 * HOUR;
        say(SIM_CLIENT);
        say(SIM_SERVER);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(pair.ends[SIM_CLIENT].num_data, 1);
        assert_int_equal(pair.ends[SIM_SERVER].num_data, 1);
        sim_pair_free(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_loss_the_timeout_is_kept_or_not),
        cmocka_unit_test(further_verify_requests_renew_no_retransmission),
        cmocka_unit_test(a_client_at_a_server_that_never_accepts_gives_up),
        cmocka_unit_test(a_handshake_has_one_limit_for_all_flights),
        cmocka_unit_test(both_roles_obey_the_limit),
        cmocka_unit_test(an_idle_session_ends_at_its_limit),
        cmocka_unit_test(junk_keeps_no_session),
        cmocka_unit_test(a_life_ends_at_its_limit),
        cmocka_unit_test(a_limit_ends_a_session_in_a_renegotiation),
        cmocka_unit_test(there_is_no_limit_by_default),
    };

    return kit_run(tests);
}
