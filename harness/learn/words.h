/* SPDX-License-Identifier: MIT */
/* What the parts of the learner share: words, and the numbers of outputs. */
#ifndef LEARN_WORDS_H
#define LEARN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_MAX 64
#define LETTERS_MAX 40  /* of an alphabet */
#define OUTPUTS_MAX 512 /* different ones of a target */

/* A word: numbers of letters. */
struct word {
    uint8_t letters[WORD_MAX];
    size_t len;
};

/* word_add appends a letter, word_join a word; what is beyond WORD_MAX is cut
 * off. */
void word_add(struct word *word, uint8_t letter);
void word_join(struct word *word, const struct word *more);

/* The texts of outputs, each with a number: that of silence is 0. */
#define OUTPUT_SILENCE 0
#define SILENCE "-"
/* The target has answered the same word in two ways: nothing behind it
 * counts. */
#define OUTPUT_UNSTEADY 1
#define UNSTEADY "unsteady"

struct outputs {
    char *texts[OUTPUTS_MAX]; /* on the heap */
    size_t num;
};

void outputs_init(struct outputs *outputs);
void outputs_free(struct outputs *outputs);

/* outputs_number returns the number of a text, new if need be. */
uint16_t outputs_number(struct outputs *outputs, const char *text);

#endif
