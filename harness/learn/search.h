/* SPDX-License-Identifier: MIT */
/* A search over pairs of states, nearest first: of two machines, or of a
 * machine and an automaton. */
#ifndef LEARN_SEARCH_H
#define LEARN_SEARCH_H

#include "learn/words.h"

/* A pair, and how the search came to it. */
struct search_place {
    uint16_t a;
    uint16_t b;
    uint32_t parent;
    uint8_t letter;
};

struct search {
    struct search_place *places; /* `num` of them, in the order of coming */
    bool *seen;
    size_t num_b;
    uint32_t num;
};

/* search_begin starts at a pair, with `num_a` times `num_b` of them in all;
 * search_end frees what it holds. */
void search_begin(struct search *s, size_t num_a, size_t num_b, uint16_t a,
                  uint16_t b);
void search_end(struct search *s);

/* search_come adds the pair to which a letter leads from place `at`.  It
 * returns false if the search has been there. */
bool search_come(struct search *s, uint32_t at, uint8_t letter, uint16_t a,
                 uint16_t b);

/* search_word writes the letters that lead to place `at`. */
void search_word(const struct search *s, uint32_t at, struct word *out);

#endif
