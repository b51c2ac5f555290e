/* SPDX-License-Identifier: MIT */
/* Words that tell the states of a machine apart (learn/separators.h). */
#include "learn/separators.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NO_LETTER UINT8_MAX

/* For each pair of states: the first letter of a shortest word that tells them
 * apart, and how long that word is. */
struct pairs {
    const struct machine *machine;
    uint8_t letter[MACHINE_STATES][MACHINE_STATES];
    uint8_t len[MACHINE_STATES][MACHINE_STATES];
};

/* The states that a word is to tell from one state, `self`. */
struct crowd {
    uint16_t self;               /* where the word leads it */
    uint16_t at[MACHINE_STATES]; /* where the word leads state i */
    bool told[MACHINE_STATES];   /* i needs no word any more */
};

/* ---- pairs ---- */

/* Is there a letter behind which the pair is told apart by a word of `len - 1`
 * letters? */
static uint8_t letter_for(const struct pairs *p, size_t a, size_t b,
                          unsigned len)
{
    const struct machine *m = p->machine;

    for (size_t i = 0; i < m->num_letters; i++) {
        const struct machine_step x = m->steps[a][i];
        const struct machine_step y = m->steps[b][i];

        if (len == 1 ? x.output != y.output
                     : p->len[x.next][y.next] == len - 1) {
            return (uint8_t)i;
        }
    }
    return NO_LETTER;
}

static size_t find_pairs_of_len(struct pairs *p, unsigned len)
{
    const size_t n = p->machine->num_states;
    size_t num = 0;

    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < a; b++) {
            const uint8_t letter =
                p->len[a][b] == 0 ? letter_for(p, a, b, len) : NO_LETTER;

            if (letter != NO_LETTER) {
                p->letter[a][b] = p->letter[b][a] = letter;
                p->len[a][b] = p->len[b][a] = (uint8_t)len;
                num++;
            }
        }
    }
    return num;
}

static void find_pairs(struct pairs *p, const struct machine *m)
{
    p->machine = m;
    memset(p->len, 0, sizeof p->len);
    for (unsigned len = 1; len < WORD_MAX && find_pairs_of_len(p, len) != 0;) {
        len++;
    }
}

static void pair_word(const struct pairs *p, uint16_t a, uint16_t b,
                      struct word *out)
{
    out->len = 0;
    while (p->len[a][b] != 0) {
        const uint8_t letter = p->letter[a][b];
        const bool is_last = p->len[a][b] == 1;

        word_add(out, letter);
        if (is_last) {
            return;
        }
        a = p->machine->steps[a][letter].next;
        b = p->machine->steps[b][letter].next;
    }
}

/* ---- the words of one state ---- */

static bool tells(const struct machine *m, const struct word *word, uint16_t a,
                  uint16_t b)
{
    for (size_t i = 0; i < word->len && a != b; i++) {
        const struct machine_step x = m->steps[a][word->letters[i]];
        const struct machine_step y = m->steps[b][word->letters[i]];

        if (x.output != y.output) {
            return true;
        }
        a = x.next;
        b = y.next;
    }
    return false;
}

/* How many of the crowd the word tells from `self`. */
static size_t gain_of(const struct machine *m, const struct crowd *c,
                      const struct word *word)
{
    size_t gain = 0;

    for (size_t i = 0; i < m->num_states; i++) {
        if (!c->told[i] && c->at[i] != c->self) {
            gain += tells(m, word, c->self, c->at[i]) ? 1 : 0;
        }
    }
    return gain;
}

/* The word for one of the pairs that gains most for each of its letters.
 * Returns false if all that are left have come to the same state as `self`. */
static bool best_word(const struct pairs *p, const struct crowd *c,
                      struct word *out)
{
    const struct machine *m = p->machine;
    size_t best = 0;

    out->len = 1; /* for the comparison */
    for (size_t i = 0; i < m->num_states; i++) {
        struct word word;
        size_t gain;

        if (c->told[i] || c->at[i] == c->self) {
            continue;
        }
        pair_word(p, c->self, c->at[i], &word);
        gain = gain_of(m, c, &word);
        if (gain * out->len > best * word.len) {
            best = gain;
            *out = word;
        }
    }
    return best != 0;
}

static void go_along(const struct machine *m, struct crowd *c,
                     const struct word *word)
{
    for (size_t i = 0; i < m->num_states; i++) {
        if (!c->told[i] && c->at[i] != c->self) {
            c->told[i] = tells(m, word, c->self, c->at[i]);
        }
        c->at[i] = machine_run(m, c->at[i], word, NULL);
    }
    c->self = machine_run(m, c->self, word, NULL);
}

/* Makes one word that tells as many of the crowd from `state` as it can. */
static void make_word(const struct pairs *p, uint16_t state, struct crowd *c,
                      struct word *out)
{
    struct word more;

    out->len = 0;
    c->self = state;
    for (size_t i = 0; i < p->machine->num_states; i++) {
        c->at[i] = (uint16_t)i;
    }
    while (best_word(p, c, &more) &&
           (out->len == 0 || out->len + more.len <= SEPARATORS_LEN)) {
        word_join(out, &more);
        go_along(p->machine, c, &more);
    }
}

static void add_word(struct separators *s, const struct word *word)
{
    if (s->num == s->cap) {
        s->cap = s->cap * 2 + 64;
        s->words = realloc(s->words, s->cap * sizeof *s->words);
        assert(s->words != NULL);
    }
    s->words[s->num++] = *word;
}

static void add_words_of(struct separators *s, const struct pairs *p,
                         uint16_t state)
{
    struct crowd c = {.told = {[0] = false}};
    struct word word;

    c.told[state] = true;
    for (;;) {
        make_word(p, state, &c, &word);
        if (word.len == 0) {
            return;
        }
        add_word(s, &word);
    }
}

void separators_make(struct separators *s, const struct machine *m)
{
    static struct pairs pairs; /* large */

    find_pairs(&pairs, m);
    s->num = 0;
    for (uint16_t state = 0; state < m->num_states; state++) {
        s->first[state] = s->num;
        add_words_of(s, &pairs, state);
    }
    s->first[m->num_states] = s->num;
}

void separators_free(struct separators *s)
{
    free(s->words);
    *s = (struct separators){.words = NULL};
}
