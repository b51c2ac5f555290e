/* SPDX-License-Identifier: MIT */
/* A Mealy machine: state 0 is where an association begins. */
#ifndef LEARN_MACHINE_H
#define LEARN_MACHINE_H

#include "learn/words.h"

#define MACHINE_STATES 400

struct machine_step {
    uint16_t output; /* number in `outputs` */
    uint16_t next;
};

struct machine {
    size_t num_letters;
    const char *letters[LETTERS_MAX];
    const struct outputs *outputs;
    size_t num_states;
    struct machine_step steps[MACHINE_STATES][LETTERS_MAX];
    struct word access[MACHINE_STATES]; /* how to come to a state */
    const char *tags; /* words between spaces: "server psk" and the like */
    const char *target;
};

/* machine_run follows a word from a state, writes the outputs unless that is
 * NULL, and returns the state behind it. */
uint16_t machine_run(const struct machine *m, uint16_t state,
                     const struct word *word, uint16_t *outputs);

/* machine_letter returns the number of the letter of this name, or
 * num_letters.
 */
size_t machine_letter(const struct machine *m, const char *name);

/* machine_is_sink: everything is answered by silence, forever. */
bool machine_is_sink(const struct machine *m, uint16_t state);

#endif
