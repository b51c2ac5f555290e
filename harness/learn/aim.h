/* SPDX-License-Identifier: MIT */
/* What the options of a target mean: its driver, the voice that talks to it,
 * and the letters for it. */
#ifndef LEARN_AIM_H
#define LEARN_AIM_H

#include "learn/aim_options.h"
#include "learn/asking.h"

/* It must not move: the voice borrows from it. */
struct aim {
    struct ask_setup ask;
    struct word handshake; /* an honest one, with data behind it */
    struct sim_identity own;
    struct sim_identity other;
    const char *name; /* of the target, for people */
    char tags[80];    /* of struct machine */
};

/* aim_take ends the program with status 2 if there is no such target, or if
 * it cannot do the key exchange. */
void aim_take(struct aim *aim, const struct aim_options *options);

#endif
