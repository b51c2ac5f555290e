/* SPDX-License-Identifier: MIT */
/* Words that may refute a hypothesis (learn/doubt.h). */
#include "learn/doubt.h"

#include "kit/kit.h"

#include <assert.h>

#define SEPARATORS_MAX (2 * MACHINE_STATES)
#define MEAN_LEN 8 /* of the letters behind a state, geometric */

/* Words that tell states apart: each pair of states is told apart by one of
 * them, and `of` names those that tell one state from all others. */
struct separators {
    struct word words[SEPARATORS_MAX];
    size_t num;
    uint16_t of[MACHINE_STATES][SEPARATORS_MAX];
    size_t num_of[MACHINE_STATES];
};

struct doubting {
    const struct doubt *doubt;
    struct ask *ask;
    const struct machine *machine;
    struct separators separators;
    struct word *found;
    uint64_t random;
};

/* ---- words that tell states apart ---- */

static bool tells(const struct machine *m, const struct word *word, uint16_t a,
                  uint16_t b)
{
    uint16_t x[WORD_MAX];
    uint16_t y[WORD_MAX];

    (void)machine_run(m, a, word, x);
    (void)machine_run(m, b, word, y);
    return memcmp(x, y, word->len * sizeof *x) != 0;
}

/* The place of a word that tells two states apart, made if there is none. */
static size_t separator_of(struct separators *s, const struct machine *m,
                           uint16_t a, uint16_t b)
{
    size_t i = 0;
    bool found;

    while (i < s->num && !tells(m, &s->words[i], a, b)) {
        i++;
    }
    if (i == s->num) {
        assert(s->num < SEPARATORS_MAX);
        found = machine_distinguish(m, a, b, &s->words[s->num++]);
        assert(found);
    }
    return i;
}

static void list_separators(struct separators *s, const struct machine *m)
{
    s->num = 0;
    for (uint16_t a = 0; a < m->num_states; a++) {
        for (uint16_t b = 0; b < a; b++) {
            (void)separator_of(s, m, a, b);
        }
    }
    for (uint16_t a = 0; a < m->num_states; a++) {
        s->num_of[a] = 0;
        for (uint16_t b = 0; b < m->num_states; b++) {
            bool told = a == b;

            for (size_t i = 0; i < s->num_of[a] && !told; i++) {
                told = tells(m, &s->words[s->of[a][i]], a, b);
            }
            if (!told) {
                s->of[a][s->num_of[a]++] = (uint16_t)separator_of(s, m, a, b);
            }
        }
    }
}

/* ---- one word ---- */

/* Returns true if the search is over: the machine is refuted, or there is a
 * problem. */
static bool refutes(struct doubting *d, const struct word *word)
{
    const struct tree *t = &d->ask->tree;
    uint16_t expected[WORD_MAX];
    uint32_t node = TREE_ROOT;

    (void)machine_run(d->machine, 0, word, expected);
    if (ask_knows(d->ask, word, expected) == TREE_NONE) {
        return true;
    }
    for (size_t i = 0; i < word->len; i++) {
        node = tree_child(t, node, word->letters[i]);
        if (tree_is_unsteady(t, node)) {
            return expected[i] != OUTPUT_UNSTEADY;
        }
        if (t->nodes[node].output != expected[i]) {
            *d->found = *word;
            d->found->len = i;
            return true;
        }
    }
    return false;
}

/* ---- the Wp-method ---- */

/* Behind a word that leads to `state`: those that tell it from all others.  A
 * state that says nothing any more is confirmed by one. */
static bool identify(struct doubting *d, const struct word *word,
                     uint16_t state)
{
    const struct separators *s = &d->separators;
    const size_t num =
        machine_is_sink(d->machine, state) ? 1 : s->num_of[state];

    for (size_t i = 0; i < num && i < s->num_of[state]; i++) {
        struct word whole = *word;

        word_join(&whole, &s->words[s->of[state][i]]);
        if (refutes(d, &whole)) {
            return true;
        }
    }
    return s->num_of[state] == 0 && refutes(d, word);
}

/* Every word of `depth` letters more, but not behind a sink. */
static bool spread(struct doubting *d, const struct word *word, uint16_t state,
                   unsigned depth)
{
    const struct machine *m = d->machine;

    if (depth == 0) {
        return identify(d, word, state);
    }
    if (machine_is_sink(m, state)) {
        return false;
    }
    for (size_t i = 0; i < m->num_letters; i++) {
        struct word more = *word;

        word_add(&more, (uint8_t)i);
        if (spread(d, &more, m->steps[state][i].next, depth - 1)) {
            return true;
        }
    }
    return false;
}

static bool wp_refutes(struct doubting *d)
{
    for (unsigned depth = 1; depth <= d->doubt->extra + 1; depth++) {
        for (uint16_t s = 0; s < d->machine->num_states; s++) {
            if (spread(d, &d->machine->access[s], s, depth)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- random words ---- */

static uint8_t random_letter(struct doubting *d)
{
    return (uint8_t)kit_below(&d->random, d->machine->num_letters);
}

static void random_word(struct doubting *d, struct word *out)
{
    const struct machine *m = d->machine;

    *out = m->access[kit_below(&d->random, m->num_states)];
    do {
        word_add(out, random_letter(d));
    } while (kit_below(&d->random, MEAN_LEN) != 0);
}

/* Leaves out, repeats, swaps, inserts a letter. */
static void edit(struct doubting *d, struct word *word)
{
    const size_t at = kit_below(&d->random, word->len);
    const struct word old = *word;
    const size_t kind = kit_below(&d->random, 4);
    uint8_t *letters = word->letters;

    word->len = at;
    if (kind == 0) { /* left out */
        for (size_t i = at + 1; i < old.len; i++) {
            word_add(word, old.letters[i]);
        }
        return;
    }
    if (kind == 1) { /* swapped with the next one */
        *word = old;
        if (at + 1 < old.len) {
            letters[at] = old.letters[at + 1];
            letters[at + 1] = old.letters[at];
        }
        return;
    }
    word_add(word, kind == 2 ? old.letters[at] : random_letter(d));
    for (size_t i = at; i < old.len; i++) {
        word_add(word, old.letters[i]);
    }
}

static void edited_word(struct doubting *d, struct word *out)
{
    *out = d->doubt->handshake;
    if (kit_below(&d->random, 4) == 0) {
        word_join(out, &d->doubt->handshake); /* and another one */
    }
    edit(d, out);
    if (out->len != 0 && kit_below(&d->random, 2) == 0) {
        edit(d, out);
    }
}

static bool random_refutes(struct doubting *d)
{
    struct word word;

    for (unsigned i = 0; i < d->doubt->num_words; i++) {
        if (i % 2 == 0) {
            random_word(d, &word);
        } else {
            edited_word(d, &word);
        }
        if (refutes(d, &word)) {
            return true;
        }
    }
    return false;
}

bool doubt_finds(const struct doubt *doubt, struct ask *ask,
                 const struct machine *machine, struct word *out)
{
    static struct doubting d; /* large */

    d.doubt = doubt;
    d.ask = ask;
    d.machine = machine;
    d.found = out;
    d.random = doubt->seed * 2 + 1;
    out->len = 0;
    list_separators(&d.separators, machine);
    return random_refutes(&d) || wp_refutes(&d);
}
