/* SPDX-License-Identifier: MIT */
/* Searches over pairs of states (learn/search.h). */
#include "learn/search.h"

#include <assert.h>
#include <stdlib.h>

void search_begin(struct search *s, size_t num_a, size_t num_b, uint16_t a,
                  uint16_t b)
{
    *s = (struct search){
        .places = malloc(num_a * num_b * sizeof *s->places),
        .seen = calloc(num_a * num_b, sizeof *s->seen),
        .num_b = num_b,
        .num = 1,
    };
    assert(s->places != NULL && s->seen != NULL);
    s->places[0] = (struct search_place){a, b, 0, 0};
    s->seen[a * num_b + b] = true;
}

void search_end(struct search *s)
{
    free(s->places);
    free(s->seen);
}

bool search_come(struct search *s, uint32_t at, uint8_t letter, uint16_t a,
                 uint16_t b)
{
    bool *seen = &s->seen[a * s->num_b + b];

    if (*seen) {
        return false;
    }
    *seen = true;
    s->places[s->num++] = (struct search_place){a, b, at, letter};
    return true;
}

void search_word(const struct search *s, uint32_t at, struct word *out)
{
    uint8_t reversed[WORD_MAX];
    size_t len = 0;

    for (; at != 0 && len < WORD_MAX; at = s->places[at].parent) {
        reversed[len++] = s->places[at].letter;
    }
    out->len = 0;
    while (len != 0) {
        word_add(out, reversed[--len]);
    }
}
