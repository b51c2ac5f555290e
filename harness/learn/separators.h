/* SPDX-License-Identifier: MIT */
/* Words that tell the states of a machine apart.
 *
 * Each state has words of its own to which no other state answers as it does
 * to all of them.  A word is made as long as it tells more states apart: often
 * one is enough (a "unique input output sequence"), so that a state can be
 * identified by one question. */
#ifndef LEARN_SEPARATORS_H
#define LEARN_SEPARATORS_H

#include "learn/machine.h"

/* Letters of a word that tells more than one pair apart, at most. */
#define SEPARATORS_LEN 12

struct separators {
    struct word *words; /* on the heap: those of state 0, of 1, and so on */
    size_t num;
    size_t cap;
    size_t first[MACHINE_STATES + 1]; /* those of s: first[s]..first[s + 1] */
};

/* separators_make fills `s`, which is zero or was filled before, for a machine
 * in which every two states can be told apart. */
void separators_make(struct separators *s, const struct machine *m);
void separators_free(struct separators *s);

#endif
