/* SPDX-License-Identifier: MIT */
/* The scenarios (lab/scenario.h). */
#include "lab/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define DELAY 10

/* A handshake with cookies and certificates is six to eight datagrams, so the
 * sweeps reach past its end even with retransmissions. */
#define SWEPT_DATAGRAMS 10
#define SWEPT_FLIGHTS 6

const struct lab_scenario lab_scenarios[] = {
    {.name = "clean",
     .letter = 'c',
     .what = "10 ms each way",
     .both = {.delay = DELAY},
     .mtu = LAB_MTU},
    {.name = "instant", .letter = 'i', .what = "no delay", .mtu = LAB_MTU},
    {.name = "slow",
     .letter = 's',
     .what = "600 ms each way: every first timeout is too early",
     .both = {.delay = 600},
     .mtu = LAB_MTU,
     .idle_repeats = 2},
    {.name = "jitter",
     .letter = 'j',
     .what = "0 to 300 ms more for each; 30 when connected",
     .both = {.delay = DELAY, .jitter = 300},
     .data = {.delay = DELAY, .jitter = 30}, /* within a replay window */
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "loss-10",
     .letter = 'l',
     .what = "10 % lost",
     .both = {.delay = DELAY, .loss = 10},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "loss-20",
     .letter = 'L',
     .what = "20 % lost",
     .both = {.delay = DELAY, .loss = 20},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "loss-up",
     .letter = 'u',
     .what = "30 % of the client's lost",
     .from_client = {.delay = DELAY, .loss = 30},
     .from_server = {.delay = DELAY},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "loss-down",
     .letter = 'd',
     .what = "30 % of the server's lost",
     .from_client = {.delay = DELAY},
     .from_server = {.delay = DELAY, .loss = 30},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "bursts",
     .letter = 'b',
     .what = "one in 14 begins a burst of two lost",
     .both = {.delay = DELAY, .burst = 7, .burst_ends = 50},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "doubles",
     .letter = '2',
     .what = "40 % arrive twice",
     .both = {.delay = DELAY, .duplication = 40, .jitter = 5},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "reorder",
     .letter = 'r',
     .what = "25 % held back for 50 ms",
     .both = {.delay = DELAY, .reordering = 25, .hold = 50},
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "corrupt",
     .letter = 'x',
     .what = "a bit of 10 % changes",
     .both = {.delay = DELAY, .corruption = 10},
     .mtu = LAB_MTU,
     .outcome = LAB_MAY_FAIL},
    {.name = "corrupt-data",
     .letter = 'X',
     .what = "a bit of 20 % changes once connected",
     .both = {.delay = DELAY},
     .data = {.delay = DELAY, .corruption = 20},
     .mtu = LAB_MTU},
    {.name = "cut-data",
     .letter = 'T',
     .what = "20 % lose their end once connected",
     .both = {.delay = DELAY},
     .data = {.delay = DELAY, .truncation = 20},
     .mtu = LAB_MTU},
    {.name = "mtu-300",
     .letter = 'm',
     .what = "both ends send no more than 300 bytes",
     .both = {.delay = DELAY},
     .mtu = 300},
    {.name = "black-hole",
     .letter = 'h',
     .what = "what is larger than 600 bytes vanishes, and nobody is told",
     .both = {.delay = DELAY, .mtu = 600},
     .data = {.delay = DELAY},
     .mtu = LAB_MTU,
     .idle_repeats = 1,
     .path_mtu = true},
    {.name = "singles",
     .letter = '1',
     .what = "each single datagram is lost",
     .both = {.delay = DELAY},
     .sweep = LAB_SINGLES,
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "pairs",
     .letter = 'p',
     .what = "each pair of datagrams is lost",
     .both = {.delay = DELAY},
     .sweep = LAB_PAIRS,
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "orders",
     .letter = 'o',
     .what = "each order of each flight, cut to 300 bytes",
     .both = {.delay = DELAY},
     .sweep = LAB_PERMUTATIONS,
     .mtu = 300,
     .idle_repeats = 1},
    {.name = "lates",
     .letter = 'e',
     .what = "each single datagram arrives when all is over",
     .both = {.delay = DELAY},
     .sweep = LAB_LATES,
     .mtu = LAB_MTU,
     .idle_repeats = 1},
    {.name = "replay",
     .letter = 'y',
     .what = "once connected, the whole handshake arrives again",
     .both = {.delay = DELAY},
     .mtu = LAB_MTU,
     .replay = true},
    {.name = "move-cookie",
     .letter = 'A',
     .what = "the ClientHello with the cookie comes from another address",
     .both = {.delay = DELAY},
     .script = {.kind = SIM_SCRIPT_MOVE, .a = 2, .b = 2},
     .mtu = LAB_MTU,
     .moves = true},
    {.name = "move-data",
     .letter = 'D',
     .what = "from the eleventh on, twenty come from another address",
     .both = {.delay = DELAY},
     .script = {.kind = SIM_SCRIPT_MOVE, .a = 20, .b = 39},
     .mtu = LAB_MTU,
     .moves = true},
    {.name = "silence",
     .letter = '0',
     .what = "the server's datagrams are lost",
     .from_client = {.delay = DELAY},
     .from_server = {.delay = DELAY, .loss = 100},
     .mtu = LAB_MTU,
     .outcome = LAB_MUST_FAIL},
};
const size_t lab_num_scenarios = LEN(lab_scenarios);

const struct lab_scenario *lab_scenario_find(const char *name)
{
    for (size_t i = 0; i < lab_num_scenarios; i++) {
        if (strcmp(lab_scenarios[i].name, name) == 0) {
            return &lab_scenarios[i];
        }
    }
    return NULL;
}

const struct lab_scenario *lab_scenario_of(const char *text, unsigned *play)
{
    const struct lab_scenario *scenario = lab_scenario_find(text);
    const char *dash = strrchr(text, '-');
    char name[32];
    char *end;

    *play = 0;
    if (scenario != NULL || dash == NULL ||
        (size_t)(dash - text) >= sizeof name) {
        return scenario;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(dash - text), text);
    scenario = lab_scenario_find(name);
    *play = (unsigned)strtoul(dash + 1, &end, 10);
    return scenario != NULL && end != dash + 1 && *end == '\0' &&
                   *play < lab_sweep_size(scenario)
               ? scenario
               : NULL;
}

unsigned lab_sweep_size(const struct lab_scenario *scenario)
{
    switch (scenario->sweep) {
    case LAB_ONCE:
        break;
    case LAB_SINGLES:
    case LAB_LATES:
        return SWEPT_DATAGRAMS;
    case LAB_PAIRS:
        return SWEPT_DATAGRAMS * (SWEPT_DATAGRAMS - 1) / 2;
    case LAB_PERMUTATIONS:
        return SWEPT_FLIGHTS * (SIM_PERMUTATIONS - 1);
    }
    return 1;
}

/* Pair `number` of b < a: 0 is (1, 0), then (2, 0), (2, 1), (3, 0) ... */
static struct sim_script pair(unsigned number)
{
    struct sim_script script = {.kind = SIM_SCRIPT_DROP, .a = 1};

    while (number >= script.a) {
        number -= script.a++;
    }
    script.b = number;
    return script;
}

struct sim_script lab_sweep_script(const struct lab_scenario *scenario,
                                   unsigned number)
{
    struct sim_script script = scenario->script;

    switch (scenario->sweep) {
    case LAB_ONCE:
        break;
    case LAB_SINGLES:
        script.kind = SIM_SCRIPT_DROP;
        script.a = number;
        script.b = number;
        break;
    case LAB_LATES:
        script.kind = SIM_SCRIPT_LATE;
        script.a = number;
        break;
    case LAB_PAIRS:
        return pair(number);
    case LAB_PERMUTATIONS:
        script.kind = SIM_SCRIPT_PERMUTE;
        script.a = number / (SIM_PERMUTATIONS - 1);
        script.b = number % (SIM_PERMUTATIONS - 1) + 1; /* 0: as sent */
        break;
    }
    return script;
}

void lab_scenario_conditions(struct sim_conditions out[2],
                             const struct lab_scenario *scenario,
                             struct sim_script *script)
{
    const struct sim_conditions *one_way[2] = {&scenario->from_client,
                                               &scenario->from_server};

    for (int i = 0; i < 2; i++) {
        out[i] = one_way[i]->delay != 0 ? *one_way[i] : scenario->both;
        out[i].decide = sim_script_decide;
        out[i].self = script;
    }
}

const struct sim_conditions *lab_scenario_connected(
    const struct lab_scenario *scenario, struct sim_script *script)
{
    static const struct sim_conditions clean = {.delay = DELAY};

    if (scenario->data.delay != 0) {
        return &scenario->data;
    }
    if (scenario->sweep == LAB_ONCE) {
        return NULL;
    }
    script->kind = SIM_SCRIPT_NONE;
    return &clean;
}

static bool keeps(const struct sim_conditions *c)
{
    return c->loss == 0 && c->burst == 0 && c->corruption == 0 &&
           c->truncation == 0 && c->mtu == 0;
}

bool lab_scenario_keeps_data(const struct lab_scenario *scenario)
{
    if (scenario->moves) {
        return false;
    }
    if (scenario->data.delay != 0) {
        return keeps(&scenario->data);
    }
    return keeps(&scenario->both) && keeps(&scenario->from_client) &&
           keeps(&scenario->from_server);
}
