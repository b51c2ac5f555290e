/* SPDX-License-Identifier: MIT */
/* Trials are drawn from a machine: honest letters lead to one of its states,
 * and what is mutated there, and behind it, follows its ways. */
#ifndef FUZZ_DRAW_H
#define FUZZ_DRAW_H

#include "fuzz/trial.h"
#include "learn/machine.h"

/* The letter that begins another association from the same port. */
#define DRAW_NEW "ClientHello(new)"

/* What a letter is for in a state. */
enum way {
    WAY_NONE,    /* nothing happens, or nothing ever happens behind it */
    WAY_LIVE,    /* it is answered, or leads to a state that answers */
    WAY_FORWARD, /* and that state is farther from the beginning */
    WAY_KINDS
};

struct ground {
    struct alphabet alphabet;
    struct machine machine;          /* its letters are the alphabet's */
    uint16_t states[MACHINE_STATES]; /* in which something can happen */
    size_t num;
    /* The letters of each kind in each state. */
    uint8_t ways[MACHINE_STATES][WAY_KINDS][LETTERS_MAX];
    uint8_t num_ways[MACHINE_STATES][WAY_KINDS];
};

/* ground_lay prepares `from`, whose letters may be others, or in another
 * order; of a letter that it lacks nothing is known, and silence is
 * expected. */
void ground_lay(struct ground *out, const struct machine *from,
                const struct alphabet *alphabet);

/* trial_draw makes number `index` of the trials of `seed`. */
void trial_draw(struct trial *out, const struct ground *ground, uint64_t seed,
                uint64_t index);

#endif
