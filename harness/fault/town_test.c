/* SPDX-License-Identifier: MIT */
/* The life of sessions in a town (fault/town.h): a server with few slots, a
 * bad network, clients that restart, move, close, renegotiate and fall silent,
 * and calls that fail.  `fault.town [COUNT [SEED]]` plays until COUNT
 * handshakes are complete, 1000 without an argument.  Each play has a seed,
 * from 1 on or from SEED on, so `fault.town 1 SEED` plays one.  A play follows
 * from its seed and from the build's test PKI, whose signatures differ in
 * length. */
#include "fault/town.h"

#define DEFAULT_COUNT 1000
#define COUNT_MAX 100000000

static struct town town; /* large: not on the stack */
static unsigned long count = DEFAULT_COUNT;
static unsigned long first_seed = 1;

static uint64_t complete(void)
{
    return town.counts.connected + town.counts.renegotiated;
}

static void print_counts(unsigned long plays)
{
#define TOWN_COUNT(name)                                                      \
    print_message("%s %llu, ", #name, (unsigned long long)town.counts.name);
    TOWN_COUNTS(TOWN_COUNT)
#undef TOWN_COUNT
    print_message("in %lu plays, %llu hours; in calm, a client was served "
                  "after %llu ms at most, an owner connected after %llu ms\n",
                  plays, (unsigned long long)town.counts.virtual_ms / 3600000,
                  (unsigned long long)town.counts.longest_calm,
                  (unsigned long long)town.counts.longest_owner);
}

/* Each kind of trouble was there, and not too seldom to be met. */
static void check_trouble(void)
{
    const struct town_counts *c = &town.counts;

    if (count >= DEFAULT_COUNT) {
        assert_true(c->renegotiated > 0 && c->restarts > 0 && c->moves > 0 &&
                    c->silences > 0 && c->closes > 0 && c->idle > 0 &&
                    c->old > 0);
        assert_true(c->renewed > 0 && c->begun_anew > 0 && c->yielded > 0 &&
                    c->refused > 0 && c->refused_all > 0 &&
                    c->failed_calls > 0 && c->secrets > 0 &&
                    c->longest_owner > 0);
    }
}

static void nobody_is_locked_out_and_nothing_hangs(void **state)
{
    unsigned long plays = 0;

    (void)state;
    while (complete() < count) {
        kit_row("seed %lu", first_seed + plays);
        town_play(&town, first_seed + plays);
        plays++;
    }
    print_counts(plays);
    check_trouble();
}

static void a_play_repeats_itself(void **state)
{
    uint64_t trace;

    (void)state;
    town_play(&town, first_seed);
    trace = town.trace;
    town_play(&town, first_seed + 1);
    assert_true(town.trace != trace);
    town_play(&town, first_seed);
    assert_true(town.trace == trace);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_locked_out_and_nothing_hangs),
        cmocka_unit_test(a_play_repeats_itself),
    };
    int failed;

    if (argc > 1) {
        count = strtoul(argv[1], NULL, 10);
    }
    if (argc > 2) {
        first_seed = strtoul(argv[2], NULL, 10);
    }
    if (argc > 3 || count == 0 || count > COUNT_MAX || first_seed == 0) {
        print_error("usage: fault.town [COUNT [SEED]], COUNT 1 to %d\n",
                    COUNT_MAX);
        return 2;
    }
    town_prepare();
    failed = kit_run(tests);
    town_finish();
    return failed;
}
