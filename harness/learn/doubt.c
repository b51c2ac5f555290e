/* SPDX-License-Identifier: MIT */
/* Words that may refute a hypothesis (learn/doubt.h). */
#include "learn/doubt.h"

#include "kit/kit.h"
#include "learn/ahead.h"
#include "learn/separators.h"

#define MEAN_LEN 8 /* of the letters behind a state, geometric */
/* Makes seeds that lie side by side differ in all their bits. */
#define SCATTER UINT64_C(0x9e3779b97f4a7c15)

struct doubting {
    const struct doubt *doubt;
    struct ask *ask;
    const struct machine *machine;
    struct separators separators;
    struct ahead ahead;
    struct word *found;
    uint64_t random;
};

/* ---- one word ---- */

/* Returns true if the search is over: the machine is refuted, or there is a
 * problem. */
static bool refutes(struct doubting *d, const struct word *word)
{
    const struct tree *t = &d->ask->tree;
    uint16_t expected[WORD_MAX];
    uint32_t node = TREE_ROOT;

    (void)machine_run(d->machine, 0, word, expected);
    if (d->ahead.worker != 0) {
        return !ahead_asks(&d->ahead, d->ask, word, expected);
    }
    ahead_knows(&d->ahead, d->ask, word, expected);
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

/* Behind a word that leads to `state`: its words, which tell it from all
 * others.  A state that says nothing any more is confirmed by one. */
static bool identify(struct doubting *d, const struct word *word,
                     uint16_t state)
{
    const struct separators *s = &d->separators;
    const size_t end = machine_is_sink(d->machine, state)
                           ? s->first[state] + 1
                           : s->first[state + 1];

    for (size_t i = s->first[state]; i < end && i < s->num; i++) {
        struct word whole = *word;

        word_join(&whole, &s->words[i]);
        if (refutes(d, &whole)) {
            return true;
        }
    }
    return s->num == 0 && refutes(d, word);
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

static bool spread_from_all(struct doubting *d, unsigned depth)
{
    for (uint16_t s = 0; s < d->machine->num_states; s++) {
        if (spread(d, &d->machine->access[s], s, depth)) {
            return true;
        }
    }
    return false;
}

static bool letters_refute(struct doubting *d)
{
    return spread_from_all(d, 1);
}

/* Each state answers to the words of the others as the machine says: then they
 * tell the target's states apart, not only the machine's. */
static bool states_refute(struct doubting *d)
{
    const struct separators *s = &d->separators;

    for (uint16_t state = 0; state < d->machine->num_states; state++) {
        for (size_t i = 0; i < s->num; i++) {
            struct word whole = d->machine->access[state];

            word_join(&whole, &s->words[i]);
            if (refutes(d, &whole)) {
                return true;
            }
        }
    }
    return false;
}

static bool extra_states_refute(struct doubting *d)
{
    for (unsigned depth = 2; depth <= d->doubt->extra + 1; depth++) {
        if (spread_from_all(d, depth)) {
            return true;
        }
    }
    return false;
}

/* ---- random words ---- */

static uint8_t random_letter(struct doubting *d)
{
    return (uint8_t)kit_below(&d->random, d->machine->num_letters);
}

/* A number below that of the states.  If there are more states the next time,
 * it is mostly the same one: then most words are known already. */
static uint16_t random_state(struct doubting *d)
{
    size_t state;

    do {
        state = kit_below(&d->random, MACHINE_STATES);
    } while (state >= d->machine->num_states);
    return (uint16_t)state;
}

/* Appends one of the words that tell where this one leads. */
static void add_separator(struct doubting *d, struct word *word)
{
    const struct separators *s = &d->separators;
    const uint16_t state = machine_run(d->machine, 0, word, NULL);
    const size_t num = s->first[state + 1] - s->first[state];

    if (num != 0) {
        word_join(word,
                  &s->words[s->first[state] + kit_below(&d->random, num)]);
    }
}

/* Some letters behind a state. */
static void random_word(struct doubting *d, struct word *out)
{
    *out = d->machine->access[random_state(d)];
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

/* Is nothing more to come of the honest handshake from here? */
static bool is_end(const struct doubting *d, uint16_t state)
{
    const struct machine *m = d->machine;
    const struct word *word = &d->doubt->handshake;
    uint16_t outputs[WORD_MAX];
    bool is_silent = true;

    (void)machine_run(m, state, word, outputs);
    for (size_t i = 0; i < word->len; i++) {
        is_silent = is_silent && outputs[i] == OUTPUT_SILENCE;
    }
    return is_silent;
}

/* Appends a handshake again, of which letters are left out that would end the
 * association: in a renegotiation there is no cookie. */
static void add_renegotiation(struct doubting *d, struct word *word)
{
    const struct machine *m = d->machine;
    const struct word *again = &d->doubt->handshake;
    uint16_t state = machine_run(m, 0, word, NULL);

    for (size_t i = 0; i < again->len; i++) {
        const uint16_t next = m->steps[state][again->letters[i]].next;

        if (!is_end(d, next)) {
            word_add(word, again->letters[i]);
            state = next;
        }
    }
}

static void edited_word(struct doubting *d, struct word *out)
{
    *out = d->doubt->handshake;
    if (kit_below(&d->random, 2) == 0) {
        add_renegotiation(d, out);
    }
    edit(d, out);
    if (out->len != 0 && kit_below(&d->random, 2) == 0) {
        edit(d, out);
    }
    if (kit_below(&d->random, 2) == 0) {
        out->len = kit_below(&d->random, out->len + 1);
    }
}

static bool random_refutes(struct doubting *d)
{
    struct word word;

    for (unsigned i = 0; i < d->doubt->num_words; i++) {
        d->random = ((d->doubt->seed << 32) + i + 1) * SCATTER;
        if (i % 2 == 0) {
            random_word(d, &word);
        } else {
            edited_word(d, &word);
        }
        add_separator(d, &word);
        if (refutes(d, &word)) {
            return true;
        }
    }
    return false;
}

/* ---- stages ---- */

static bool stage_refutes(struct doubting *d, bool (*stage)(struct doubting *))
{
    bool found;

    if (ahead_begin(&d->ahead)) {
        (void)stage(d);
        ahead_leave();
    }
    ahead_wait(&d->ahead, d->ask);
    found = stage(d);
    ahead_end(&d->ahead);
    return found;
}

bool doubt_finds(const struct doubt *doubt, struct ask *ask,
                 const struct machine *machine, struct word *out)
{
    static struct doubting d; /* large */
    bool found;

    d.doubt = doubt;
    d.ask = ask;
    d.machine = machine;
    d.found = out;
    d.ahead.num_workers =
        ask->setup->dialogue.driver->real_time ? 0 : doubt->jobs;
    out->len = 0;
    separators_make(&d.separators, machine);
    found = stage_refutes(&d, letters_refute) ||
            stage_refutes(&d, states_refute) ||
            stage_refutes(&d, random_refutes) ||
            stage_refutes(&d, extra_states_refute);
    separators_free(&d.separators);
    return found;
}
