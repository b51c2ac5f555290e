/* SPDX-License-Identifier: MIT */
/* What is wrong with a learned machine: the automata of learn/rules/ over it,
 * and the words that show it, played again. */
#ifndef LEARN_JUDGE_H
#define LEARN_JUDGE_H

#include "learn/asking.h"
#include "learn/rules.h"

/* What the automata have found. */
struct verdicts {
    unsigned tried;
    unsigned hits;   /* the target has shown them again */
    unsigned errors; /* that it has not: the machine is wrong there */
};

/* judge_machine applies every automaton that is for the machine.  It plays the
 * shortest word of each hit before the target, and writes name, clause and the
 * word's trace to `out`.  `evidence` is a folder that is there, for a folder
 * with a capture of each hit; NULL: none is wanted.
 *
 * A word that the target answers otherwise than the machine is known to the
 * tree from then on, and refutes the machine.
 *
 * It returns false, with ask->problem, if a word cannot be played or the
 * evidence cannot be written. */
bool judge_machine(struct ask *ask, const struct machine *machine, FILE *out,
                   const char *evidence, struct verdicts *verdicts);

#endif
