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
    LAB_MAY_FAIL /* spoiled in the clear: it connects well or not at all */
};

struct lab_scenario {
    const char *name;
    char letter; /* in the matrix */
    const char *what;
    struct sim_conditions both;        /* of the handshake                   */
    struct sim_conditions from_client; /* if not zero, instead, one way      */
    struct sim_conditions from_server;
    struct sim_conditions data; /* when connected; delay 0: as before       */
    struct sim_script script;
    enum lab_sweep sweep;
    enum lab_outcome outcome;
    uint16_t mtu;             /* of both ends                               */
    unsigned retransmissions; /* no more of a flight than this              */
    bool replay;   /* everything of the handshake arrives again later        */
    bool moves;    /* the client's address changes                           */
    bool path_mtu; /* an end has to find the path's MTU                     */
};

extern const struct lab_scenario lab_scenarios[];
extern const size_t lab_num_scenarios;

const struct lab_scenario *lab_scenario_find(const char *name);

/* lab_sweep_size is how often a cell is played; lab_sweep_script the script
 * of play `number`. */
unsigned lab_sweep_size(const struct lab_scenario *scenario);
struct sim_script lab_sweep_script(const struct lab_scenario *scenario,
                                   unsigned number);

/* lab_scenario_conditions: what happens during a handshake to the datagrams
 * of the client and of the server, `script` included, which is borrowed. */
void lab_scenario_conditions(struct sim_conditions out[2],
                             const struct lab_scenario *scenario,
                             struct sim_script *script);

/* Is every datagram delivered once and as it was, when connected? */
bool lab_scenario_keeps_data(const struct lab_scenario *scenario);

#endif
