/* SPDX-License-Identifier: MIT */
/* What the lab counts on the wire: repeats of a flight, those without need,
 * and flights of which every copy was lost (lab/wire.h). */
#include "kit/kit.h"
#include "lab/limits.h"
#include "lab/wire.h"

enum { CLIENT, SERVER };

static struct lab_wire wire;
static uint64_t now;

/* A ClientHello of the client, or a ServerHelloDone of the server, without a
 * body, in a record of epoch 0. */
static void say(int from, struct sim_fate fate)
{
    uint8_t bytes[] = {22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12,
                       1,  0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct sim_sent sent = {
        .at = now, .from = from, .bytes = {bytes, sizeof bytes}};

    bytes[13] = from == CLIENT ? 1 : 14;
    fate.copies = fate.copies != 0 ? fate.copies : 1;
    fate.len = fate.len != 0 ? fate.len : sizeof bytes;
    lab_wire_watch(&wire, &sent, &fate);
    now += 1000;
}

#define ARRIVES ((struct sim_fate){.delay = 10})
#define LOST ((struct sim_fate){.lost = true})

static int begin(void **state)
{
    (void)state;
    lab_wire_free(&wire);
    now = 0;
    return 0;
}

static void expect(unsigned repeats, unsigned idle, bool lost_all)
{
    assert_int_equal(lab_wire_repeats(&wire, CLIENT), repeats);
    assert_int_equal(lab_wire_idle_repeats(&wire, CLIENT), idle);
    assert_int_equal(lab_wire_lost_all(&wire, CLIENT), lost_all);
    (void)begin(NULL);
}

static void repeats_without_a_cause_are_idle(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        say(CLIENT, ARRIVES);
        say(SERVER, ARRIVES);
    }
    expect(4, 4, false);
}

static void a_second_of_silence_is_a_cause(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        say(CLIENT, ARRIVES);
    }
    expect(4, 0, false);
    for (unsigned i = 0; i < 5; i++) {
        say(CLIENT, ARRIVES);
        now -= 1; /* too early */
    }
    expect(4, 4, false);
    /* The answer is on its way until the third. */
    say(CLIENT, ARRIVES);
    now -= 1000;
    say(SERVER, (struct sim_fate){.delay = 1500});
    for (unsigned i = 0; i < 3; i++) {
        say(CLIENT, ARRIVES);
    }
    expect(3, 1, false);
}

static void a_loss_makes_two_repeats_needed(void **state)
{
    static const struct sim_fate troubles[] = {
        {.lost = true}, {.flip = 1}, {.len = 3}, {.copies = 2}};

    (void)state;
    for (size_t i = 0; i < LEN(troubles); i++) {
        for (int from = CLIENT; from <= SERVER; from++) {
            kit_row("trouble %zu of end %d", i, from);
            say(CLIENT, from == CLIENT ? troubles[i] : ARRIVES);
            say(SERVER, from == SERVER ? troubles[i] : ARRIVES);
            for (unsigned j = 0; j < 3; j++) {
                say(CLIENT, ARRIVES);
                say(SERVER, ARRIVES);
            }
            expect(3, 1, false);
        }
    }
}

static void what_was_overtaken_is_trouble(void **state)
{
    (void)state;
    say(CLIENT, ARRIVES);
    say(SERVER, (struct sim_fate){.delay = 5000});
    say(SERVER, ARRIVES);
    say(CLIENT, ARRIVES);
    expect(1, 0, false);
    say(CLIENT, ARRIVES);
    say(SERVER, (struct sim_fate){.delay = 500});
    say(SERVER, ARRIVES);
    say(CLIENT, ARRIVES);
    expect(1, 1, false);
}

static void a_flight_that_never_got_through(void **state)
{
    (void)state;
    for (unsigned copies = 1; copies < 12; copies++) {
        for (unsigned got = 0; got <= copies; got++) {
            kit_row("%u copies, all but number %u lost", copies, got);
            for (unsigned i = 0; i < copies; i++) {
                say(CLIENT, i + 1 == got ? ARRIVES : LOST);
            }
            expect(copies - 1, 0, copies >= LAB_COPIES && got == 0);
        }
    }
}

static void an_answer_that_never_got_through(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LAB_COPIES; i++) {
        say(CLIENT, ARRIVES);
        say(SERVER, LOST);
    }
    expect(LAB_COPIES - 1, 0, true);
}

/* Only chance makes a cell inconclusive. */
static void a_script_excuses_nobody(void **state)
{
    static const char *const never[] = {"corrupt", "black-hole", "silence",
                                        "singles", "pairs",      "orders",
                                        "lates"};
    size_t num;
    const struct sut_entry *ours = sut_drivers(&num);
    struct lab_cell cell = {.client = ours,
                            .server = ours,
                            .suite = dtls_suite_at(0),
                            .variant = lab_variants};
    struct lab_result result = {0};

    (void)state;
    for (size_t i = 0; i < lab_num_scenarios; i++) {
        bool is_excused = true;

        kit_row("%s", lab_scenarios[i].name);
        for (size_t j = 0; j < LEN(never); j++) {
            is_excused &= strcmp(never[j], lab_scenarios[i].name) != 0;
        }
        cell.scenario = &lab_scenarios[i];
        for (unsigned j = 0; j < LAB_COPIES; j++) {
            say(CLIENT, LOST);
        }
        result.wire = wire;
        result.connected_at = 0;
        assert_int_equal(lab_limit_of(&cell, &result) == LAB_ALL_LOST,
                         is_excused);
        result.connected_at = 1;
        assert_int_equal(lab_limit_of(&cell, &result), LAB_NO_LIMIT);
        (void)begin(NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(repeats_without_a_cause_are_idle, begin),
        cmocka_unit_test_setup(a_second_of_silence_is_a_cause, begin),
        cmocka_unit_test_setup(a_loss_makes_two_repeats_needed, begin),
        cmocka_unit_test_setup(what_was_overtaken_is_trouble, begin),
        cmocka_unit_test_setup(a_flight_that_never_got_through, begin),
        cmocka_unit_test_setup(an_answer_that_never_got_through, begin),
        cmocka_unit_test_setup(a_script_excuses_nobody, begin),
    };

    return kit_run(tests);
}
