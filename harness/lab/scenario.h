/* SPDX-License-Identifier: MIT */
/* What the network does to a cell: a table (scenario.c). */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include "sim/script.h"

#define LAB_MTU 1400 /* unless a scenario has another */

/* A sweep plays a cell once for each of its scripts. */
enum lab_sweep {
    LAB_ONCE,
    LAB_SINGLES,      /* each single datagram is lost      */
    LAB_PAIRS,        /* each pair of them                 */
    LAB_LATES,        /* each arrives when all is over     */
    LAB_PERMUTATIONS, /* each order of each flight         */
};

enum lab_outcome {
    LAB_MUST_CONNECT,
    LAB_MUST_FAIL,
    LAB_MAY_FAIL /* messages change in the clear: it may fail */
};

struct lab_scenario {
    const char *name;
    char letter; /* in the matrix */
    const char *what;
    struct sim_conditions both;        /* of the handshake                   */
    struct sim_conditions from_client; /* if not zero, for one way instead   */
    struct sim_conditions from_server;
    struct sim_conditions data; /* when connected; delay 0: as before       */
    struct sim_script script;
    enum lab_sweep sweep;
    enum lab_outcome outcome;
    uint16_t mtu;          /* of both ends                               */
    unsigned idle_repeats; /* of a flight (lab_wire_idle_repeats)        */
    bool replay;   /* everything of the handshake arrives again later        */
    bool moves;    /* the client's address changes                           */
    bool path_mtu; /* an end has to find the path's MTU                     */
};

extern const struct lab_scenario lab_scenarios[];
extern const size_t lab_num_scenarios;

const struct lab_scenario *lab_scenario_find(const char *name);

/* lab_scenario_of finds the scenario of NAME or, of a sweep, of NAME-PLAY;
 * `play` is 0 without -PLAY.  It returns NULL if there is no such scenario or
 * the sweep has no such play. */
const struct lab_scenario *lab_scenario_of(const char *text, unsigned *play);

/* lab_sweep_size returns how often a cell is played, lab_sweep_script the
 * script of play `number`. */
unsigned lab_sweep_size(const struct lab_scenario *scenario);
struct sim_script lab_sweep_script(const struct lab_scenario *scenario,
                                   unsigned number);

/* lab_scenario_conditions makes the conditions of a handshake, for the
 * client's datagrams and for the server's.  They refer to `script`. */
void lab_scenario_conditions(struct sim_conditions out[2],
                             const struct lab_scenario *scenario,
                             struct sim_script *script);

/* lab_scenario_connected returns the conditions both ways once an association
 * is connected; NULL: they do not change.  A sweep is about the handshake, so
 * its `script` then ends. */
const struct sim_conditions *lab_scenario_connected(
    const struct lab_scenario *scenario, struct sim_script *script);

/* Does every datagram of a connected association arrive unchanged? */
bool lab_scenario_keeps_data(const struct lab_scenario *scenario);

#endif
