/* SPDX-License-Identifier: MIT */
/* The times that are settings: what follows a loss, how long a handshake may
 * take, how long a session may be idle and may live. */
#include "kit/kit.h"

#include "sim/pair.h"

static struct sim_pair pair; /* large: not on the stack */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_loss_the_timeout_is_kept_or_not),
    };

    return kit_run(tests);
}
