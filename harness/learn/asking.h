/* SPDX-License-Identifier: MIT */
/* Questions to a target: a word goes out, letter by letter, to a new
 * association; the outputs come back.  Every answer is kept in a tree and
 * never asked for again.
 *
 * An answer that contradicts the tree is asked for again, in real time with
 * more patience; if it stays, both traces are told, and the learner goes on as
 * if nothing were behind that letter. */
#ifndef LEARN_ASKING_H
#define LEARN_ASKING_H

#include "learn/dialogue.h"
#include "learn/letters.h"
#include "learn/tree.h"

#include <stdio.h>

struct ask_setup {
    struct dialogue_setup dialogue;
    const struct letter *letters[LETTERS_MAX];
    size_t num_letters;
    FILE *notes; /* gets what is unsteady, for people */
};

struct ask {
    const struct ask_setup *setup;
    struct outputs outputs;
    struct tree tree;
    unsigned quiet_ms;    /* grows if the target is unsteady in real time */
    uint64_t now;         /* when the last association ended */
    uint64_t num_words;   /* that went out */
    uint64_t num_letters; /* in them */
    uint64_t num_again;   /* words that went out to confirm an answer */
    unsigned num_unsteady;
    struct word asked; /* the last one that went out */
    FILE *evidence;    /* of the word that is asked; NULL: none */
    /* Called before each word with `self`; false ends the run.  NULL: it goes
     * on. */
    bool (*goes_on)(void *self);
    void *self;
    /* Learning cannot go on; the reason. */
    char problem[DIALOGUE_PROBLEM_MAX];
};

void ask_init(struct ask *ask, const struct ask_setup *setup);
void ask_free(struct ask *ask);

/* ask_plays sends a word, whatever is known, and writes its outputs, one for
 * each letter.  It returns false, with `problem`, if it cannot. */
bool ask_plays(struct ask *ask, const struct word *word, uint16_t *outputs);

/* ask_knows makes the tree know a word, and returns its node.  `expected`, if
 * not NULL, is what the caller believes: an answer that agrees is not asked
 * for twice.  TREE_NONE: there is a problem. */
uint32_t ask_knows(struct ask *ask, const struct word *word,
                   const uint16_t *expected);

/* ask_print writes a word with its outputs, "letter / output", one in each
 * line after `indent`. */
void ask_print(FILE *out, const struct ask *ask, const struct word *word,
               const uint16_t *outputs, const char *indent);

#endif
