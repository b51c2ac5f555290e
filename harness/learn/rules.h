/* SPDX-License-Identifier: MIT */
/* Automata over what went over the line: each input, a letter, with the output
 * that it got.  They are written in files of learn/rules/ that a person can
 * read, one after the other:
 *
 *   S7 the handshake completes with a Finished before ChangeCipherSpec
 *   clause RFC 5246, 7.4.9
 *   for server
 *   start: ChangeCipherSpec / * -> GOOD
 *   start: Finished / *Finished* -> BAD
 *   wrong ClientHello / ServerHello+ServerHelloDone
 *   wrong Finished / ChangeCipherSpec+Finished
 *
 * `for` names tags that a machine must have (struct machine).  The automaton
 * begins in the state of its first rule.  The first rule of its state that
 * fits an input and its output is taken; where none fits, it stays.  Inputs
 * and outputs are patterns of fnmatch, several between " | ".  In BAD the
 * automaton has found what it looks for, in GOOD it never will.  A line that
 * begins with '#' is for people.
 *
 * The lines `wrong` are the counterexample, the word of a machine that the
 * automaton must flag. */
#ifndef LEARN_RULES_H
#define LEARN_RULES_H

#include "learn/machine.h"

#include <stdio.h>

#define RULES_MAX 80    /* of one automaton */
#define RULES_STATES 40 /* of one automaton */
enum { RULES_BAD, RULES_GOOD, RULES_FIRST };

struct rule {
    uint8_t from;
    uint8_t to;
    const char *inputs;
    const char *outputs;
};

/* The texts of learn/rules/, NULL behind the last one; embed.py makes them. */
extern const char *const all_rules[];

/* One automaton; the texts are parts of the file. */
struct rules {
    const char *name; /* "S7" */
    const char *title;
    const char *clause;
    const char *tags;
    const char *states[RULES_STATES]; /* BAD, GOOD, the first one, ... */
    size_t num_states;
    struct rule rules[RULES_MAX];
    size_t num;
    /* The counterexample's word, as texts. */
    const char *inputs[WORD_MAX];
    const char *outputs[WORD_MAX];
    size_t num_wrong;
};

/* rules_read takes the next automaton off the front of a text, in which it
 * writes.  It returns false at the end, and if something is wrong; `problem`
 * then has a sentence, which is empty at the end. */
bool rules_read(struct rules *out, char **text, char *problem,
                size_t problem_size);

/* rules_apply: does a machine with these tags have all of the automaton's? */
bool rules_apply(const struct rules *rules, const char *tags);

/* rules_step returns the state behind an input and its output. */
uint8_t rules_step(const struct rules *rules, uint8_t state, const char *input,
                   const char *output);

/* rules_find searches the machine for the shortest word that leads the
 * automaton to BAD, and returns false if there is none. */
bool rules_find(const struct rules *rules, const struct machine *m,
                struct word *out);

/* rules_counterexample makes the machine of the lines `wrong`, which borrows
 * their texts: it answers that word so, and everything else by silence. */
void rules_counterexample(const struct rules *rules, struct machine *out,
                          struct outputs *outputs);

#endif
