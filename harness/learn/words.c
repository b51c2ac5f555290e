/* SPDX-License-Identifier: MIT */
/* Words and outputs (learn/words.h). */
#include "learn/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void word_add(struct word *word, uint8_t letter)
{
    if (word->len < WORD_MAX) {
        word->letters[word->len++] = letter;
    }
}

void word_join(struct word *word, const struct word *more)
{
    for (size_t i = 0; i < more->len; i++) {
        word_add(word, more->letters[i]);
    }
}

void outputs_init(struct outputs *o)
{
    uint16_t silence;
    uint16_t unsteady;

    o->num = 0;
    silence = outputs_number(o, SILENCE);
    unsteady = outputs_number(o, UNSTEADY);
    assert(silence == OUTPUT_SILENCE && unsteady == OUTPUT_UNSTEADY);
}

void outputs_free(struct outputs *o)
{
    while (o->num != 0) {
        free(o->texts[--o->num]);
    }
}

uint16_t outputs_number(struct outputs *o, const char *text)
{
    size_t i = 0;

    while (i < o->num && strcmp(o->texts[i], text) != 0) {
        i++;
    }
    if (i == o->num) {
        assert(o->num < OUTPUTS_MAX);
        o->texts[o->num] = strdup(text);
        assert(o->texts[o->num] != NULL);
        o->num++;
    }
    return (uint16_t)i;
}
