/* SPDX-License-Identifier: MIT */
/* What a script does to chosen datagrams: the `decide` of sim/network.h. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "sim/network.h"

enum sim_script_kind {
    SIM_SCRIPT_NONE,
    SIM_SCRIPT_DROP, /* datagram a, and b unless it is the same            */
    SIM_SCRIPT_LATE, /* datagram a arrives SIM_LATE_MS later               */
    SIM_SCRIPT_PERMUTE, /* the datagrams of flight a arrive in permutation b */
    SIM_SCRIPT_MOVE     /* from datagram a on, up to b, the client's have
                           another address                                    */
};

#define SIM_LATE_MS 20000
#define SIM_PERMUTATIONS                                                      \
    24 /* of the first four of a flight; the rest follow */

/* Numbers count from 0.  A flight is what one end sends before the other end
 * sends anything. */
struct sim_script {
    enum sim_script_kind kind;
    unsigned a;
    unsigned b;
    int client; /* MOVE: whose address changes */
    /* Its own. */
    bool begun;
    int from;        /* of the flight at hand */
    unsigned flight; /* its number */
    unsigned place;  /* of the next datagram in it */
};

/* sim_script_decide: `self` is a struct sim_script. */
void sim_script_decide(void *self, const struct sim_sent *sent,
                       struct sim_fate *fate);

#endif
