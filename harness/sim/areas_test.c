/* SPDX-License-Identifier: MIT */
/* A handshake borrows an area (handshake/area.h): what has it, what gives it
 * back, and what becomes of a handshake for which there is none. */
#include "sim/renegotiation_kit.h"

#include <string.h>

static const struct dtls_area nothing;

/* Takes an end's area for something else, and gives it back. */
static struct dtls_area *lend(int end)
{
    struct dtls_area *area = dtls_areas_take(&pair.ends[end].areas);

    assert_non_null(area);
    return area;
}

static void give_back(int end, struct dtls_area *area)
{
    dtls_areas_give(&pair.ends[end].areas, area);
}

static void say_something(void)
{
    for (int i = 0; i < 2; i++) {
        unsigned before = pair.ends[!i].num_data;

        kit_row("the %s speaks", kit_role(i));
        assert_int_equal(sim_pair_say(&pair, i, dtls_bytes_of("ping", 4)),
                         DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 1000);
        assert_int_equal(pair.ends[!i].num_data, before + 1);
    }
}

static void an_area_is_borrowed_while_a_handshake_runs(void **state)
{
    (void)state;
    sim_pair_init(&pair, 18);
    sim_pair_start(&pair);
    assert_ptr_equal(session(SIM_CLIENT)->hs.area,
                     &pair.ends[SIM_CLIENT].area);
    while (!pair.accepted) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_ptr_equal(session(SIM_SERVER)->hs.area,
                     &pair.ends[SIM_SERVER].area);
    assert_true(sim_pair_run(&pair, HOUR));
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_null(session(i)->hs.area);
        assert_memory_equal(&pair.ends[i].area, &nothing, sizeof nothing);
        assert_false(dtls_areas_are_in_use(&pair.ends[i].areas));
    }
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    assert_non_null(session(SIM_CLIENT)->hs.area);
    sim_pair_drain(&pair, pair.net.now + 5000);
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    assert_null(session(SIM_CLIENT)->hs.area);
    assert_null(session(SIM_SERVER)->hs.area);
    sim_pair_free(&pair);
}

static void a_handshake_that_fails_gives_its_area_back(void **state)
{
    static const struct dtls_psk other = {
        .identity = {(const uint8_t *)"nobody", 6},
        .key = {(const uint8_t *)"0123456789abcdef", 16}};

    (void)state;
    sim_pair_init(&pair, 18);
    pair.ends[SIM_CLIENT].config.psks = &other;
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, HOUR);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(session(i)->phase, DTLS_PHASE_FAILED);
        assert_memory_equal(&pair.ends[i].area, &nothing, sizeof nothing);
        assert_false(dtls_areas_are_in_use(&pair.ends[i].areas));
    }
    sim_pair_free(&pair);

    sim_pair_init(&pair, 18);
    sim_pair_start(&pair);
    dtls_session_free(session(SIM_CLIENT));
    assert_memory_equal(&pair.ends[SIM_CLIENT].area, &nothing, sizeof nothing);
    assert_false(dtls_areas_are_in_use(&pair.ends[SIM_CLIENT].areas));
    sim_pair_free(&pair);
}

static void a_client_without_an_area_does_not_begin(void **state)
{
    static const struct dtls_session idle;
    struct sim_end *client = &pair.ends[SIM_CLIENT];
    struct dtls_area *area;

    (void)state;
    sim_pair_init(&pair, 18);
    area = lend(SIM_CLIENT);
    assert_int_equal(dtls_session_connect(&client->session, &client->room, 0),
                     DTLS_NO_ROOM);
    assert_memory_equal(&client->session, &idle, sizeof idle);
    give_back(SIM_CLIENT, area);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_free(&pair);
}

/* The first hello with a cookie finds no area, its retransmission does. */
static void a_hello_waits_for_an_area(void **state)
{
    struct dtls_area *area;

    (void)state;
    sim_pair_init(&pair, 18);
    area = lend(SIM_SERVER);
    sim_pair_start(&pair);
    while (pair.sessions_taken == 0) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_false(pair.accepted);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_IDLE);
    give_back(SIM_SERVER, area);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_in_range(pair.net.now, 1000, 3000);
    say_something();
    sim_pair_free(&pair);
}

static void connect_with(enum dtls_role lender, struct dtls_area **area)
{
    sim_pair_init(&pair, 18);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    *area = lend((int)lender);
}

static void who_asks_without_an_area_goes_on_as_before(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct dtls_area *area;

        kit_row("the %s", kit_role(i));
        connect_with((enum dtls_role)i, &area);
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_NO_ROOM);
        assert_int_equal(session(i)->phase, DTLS_PHASE_CONNECTED);
        say_something();
        give_back(i, area);
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 5000);
        assert_int_equal(pair.ends[i].renegotiations, 1);
        sim_pair_free(&pair);
    }
}

/* The side that is asked has none: it answers no_renegotiation. */
static void who_is_asked_without_an_area_refuses(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct dtls_area *area;

        kit_row("the %s asks", kit_role(i));
        connect_with((enum dtls_role) !i, &area);
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 1000);
        assert_int_equal(session(i)->phase, DTLS_PHASE_CONNECTED);
        assert_int_equal(session(i)->renegotiated, DTLS_REFUSED);
        say_something();
        give_back(!i, area);
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 5000);
        assert_int_equal(pair.ends[i].renegotiations, 1);
        sim_pair_free(&pair);
    }
}

/* The application says yes, and begins another handshake meanwhile. */
static struct dtls_area *lent;

static bool say_yes_and_lend(void *at)
{
    (void)at;
    lent = lend(SIM_SERVER);
    return true;
}

static void the_last_area_may_go_while_the_application_is_asked(void **state)
{
    (void)state;
    sim_pair_init(&pair, 18);
    pair.ends[SIM_SERVER].config.renegotiate = say_yes_and_lend;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    assert_int_equal(session(SIM_CLIENT)->renegotiated, DTLS_REFUSED);
    say_something();
    give_back(SIM_SERVER, lent);
    sim_pair_free(&pair);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_is_borrowed_while_a_handshake_runs),
        cmocka_unit_test(a_handshake_that_fails_gives_its_area_back),
        cmocka_unit_test(a_client_without_an_area_does_not_begin),
        cmocka_unit_test(a_hello_waits_for_an_area),
        cmocka_unit_test(who_asks_without_an_area_goes_on_as_before),
        cmocka_unit_test(who_is_asked_without_an_area_refuses),
        cmocka_unit_test(the_last_area_may_go_while_the_application_is_asked),
    };

    return kit_run(tests);
}
