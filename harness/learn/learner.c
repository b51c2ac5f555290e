/* SPDX-License-Identifier: MIT */
/* L# (learn/learner.h). */
#include "learn/learner.h"

#include <assert.h>
#include <string.h>

enum outcome { GOES_ON, CHANGED, FAILED };

static struct tree *tree_of(const struct learner *l)
{
    return &l->ask->tree;
}

/* Asks what comes of a node and a word behind it. */
static uint32_t ask_behind(struct learner *l, uint32_t node,
                           const struct word *word)
{
    struct word whole;

    tree_word(tree_of(l), node, &whole);
    word_join(&whole, word);
    return ask_knows(l->ask, &whole, NULL);
}

static int place_in_basis(const struct learner *l, uint32_t node)
{
    for (size_t i = 0; i < l->num_basis; i++) {
        if (l->basis[i] == node) {
            return (int)i;
        }
    }
    return -1;
}

/* An answer turned out unsteady: what the basis stood on may be gone. */
static bool basis_stands(const struct learner *l, unsigned num_unsteady)
{
    return l->ask->num_unsteady == num_unsteady;
}

static void begin_anew(struct learner *l)
{
    l->basis[0] = TREE_ROOT;
    l->num_basis = 1;
}

/* The states that a node may be: those from which it is not apart.  Returns
 * their number and the first two. */
static size_t candidates(const struct learner *l, uint32_t node, size_t out[2])
{
    struct word witness;
    size_t num = 0;

    for (size_t i = 0; i < l->num_basis; i++) {
        if (!tree_apart(tree_of(l), node, l->basis[i], &witness)) {
            if (num < 2) {
                out[num] = i;
            }
            num++;
        }
    }
    return num;
}

/* ---- the rules ---- */

/* Every state has an answer to every letter. */
static enum outcome complete(struct learner *l, uint32_t node)
{
    enum outcome outcome = GOES_ON;

    for (size_t i = 0; i < tree_of(l)->num_letters; i++) {
        if (tree_child(tree_of(l), node, (uint8_t)i) == TREE_NONE) {
            const struct word letter = {{(uint8_t)i}, 1};

            if (ask_behind(l, node, &letter) == TREE_NONE) {
                return FAILED;
            }
            outcome = CHANGED;
        }
    }
    return outcome;
}

static enum outcome promote(struct learner *l, uint32_t node)
{
    if (l->num_basis == MACHINE_STATES) {
        (void)snprintf(l->ask->problem, sizeof l->ask->problem,
                       "the target has more than %d states", MACHINE_STATES);
        return FAILED;
    }
    l->basis[l->num_basis++] = node;
    return CHANGED;
}

/* A node of the frontier becomes a state, or is asked which of two it is. */
static enum outcome identify(struct learner *l, uint32_t node)
{
    size_t first[2];
    const size_t num = candidates(l, node, first);
    struct word witness;
    bool apart;

    if (num == 0) {
        return promote(l, node);
    }
    if (num == 1) {
        return GOES_ON;
    }
    apart = tree_apart(tree_of(l), l->basis[first[0]], l->basis[first[1]],
                       &witness);
    assert(apart);
    return ask_behind(l, node, &witness) == TREE_NONE ? FAILED : CHANGED;
}

/* Applies the rules once to a state and what is behind it. */
static enum outcome visit(struct learner *l, size_t state)
{
    const uint32_t node = l->basis[state];
    const unsigned unsteady = l->ask->num_unsteady;
    enum outcome outcome = complete(l, node);

    for (size_t i = 0; i < tree_of(l)->num_letters && outcome != FAILED &&
                       basis_stands(l, unsteady);
         i++) {
        const uint32_t child = tree_child(tree_of(l), node, (uint8_t)i);

        if (place_in_basis(l, child) >= 0 ||
            tree_is_unsteady(tree_of(l), child)) {
            continue;
        }
        switch (identify(l, child)) {
        case GOES_ON:
            break;
        case CHANGED:
            outcome = CHANGED;
            break;
        case FAILED:
            return FAILED;
        }
    }
    if (!basis_stands(l, unsteady)) {
        begin_anew(l);
        return outcome == FAILED ? FAILED : CHANGED;
    }
    return outcome;
}

static bool saturate(struct learner *l)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < l->num_basis; i++) {
            switch (visit(l, i)) {
            case GOES_ON:
                break;
            case CHANGED:
                changed = true;
                break;
            case FAILED:
                return false;
            }
        }
    }
    return true;
}

/* ---- hypotheses ---- */

/* The state behind a letter; behind an unsteady answer it is the same one. */
static uint16_t state_of(const struct learner *l, size_t from, uint32_t child)
{
    const int place = place_in_basis(l, child);
    size_t first[2] = {from, 0};

    if (place < 0 && !tree_is_unsteady(tree_of(l), child)) {
        (void)candidates(l, child, first);
    }
    return (uint16_t)(place < 0 ? first[0] : (size_t)place);
}

static void fold(const struct learner *l, struct machine *out)
{
    const struct tree *t = tree_of(l);

    out->num_letters = t->num_letters;
    out->num_states = l->num_basis;
    out->outputs = &l->ask->outputs;
    for (size_t i = 0; i < t->num_letters; i++) {
        out->letters[i] = l->ask->setup->letters[i]->name;
    }
    for (size_t s = 0; s < l->num_basis; s++) {
        tree_word(t, l->basis[s], &out->access[s]);
        for (size_t i = 0; i < t->num_letters; i++) {
            const uint32_t child = tree_child(t, l->basis[s], (uint8_t)i);

            out->steps[s][i] = (struct machine_step){t->nodes[child].output,
                                                     state_of(l, s, child)};
        }
    }
}

/* Does a node of the tree contradict the machine?  Then the word that shows it
 * is the node's, and `witness` behind it. */
static bool contradicts(const struct learner *l, const struct machine *m,
                        uint32_t node, uint16_t state, struct word *found)
{
    const struct tree *t = tree_of(l);
    struct word witness;

    if (tree_apart(t, node, l->basis[state], &witness)) {
        tree_word(t, node, found);
        return true;
    }
    for (size_t i = 0; i < t->num_letters; i++) {
        const uint32_t child = tree_child(t, node, (uint8_t)i);

        if (child != TREE_NONE && child != node &&
            contradicts(l, m, child, m->steps[state][i].next, found)) {
            return true;
        }
    }
    return false;
}

/* Cuts a word on which tree and machine differ, by bisection, until a node of
 * the frontier is apart from the state that it was taken for. */
static bool cut(struct learner *l, const struct machine *m, struct word word)
{
    struct tree *t = tree_of(l);

    for (;;) {
        const uint16_t state = machine_run(m, 0, &word, NULL);
        const uint32_t node = tree_walk(t, TREE_ROOT, &word);
        struct word front = {.len = 0};
        struct word back = {.len = 0};
        struct word witness;
        uint32_t at = TREE_ROOT;
        size_t inside = 0;
        size_t half;
        uint32_t shorter;
        uint16_t middle;

        if (node == TREE_NONE ||
            !tree_apart(t, node, l->basis[state], &witness)) {
            return l->ask->problem[0] == '\0';
        }
        while (inside < word.len && place_in_basis(l, at) >= 0) {
            at = tree_child(t, at, word.letters[inside++]);
        }
        if (inside == word.len) {
            return true; /* it is one of the frontier, and apart */
        }
        half = inside + (word.len - inside) / 2;
        for (size_t i = 0; i < word.len; i++) {
            word_add(i < half ? &front : &back, word.letters[i]);
        }
        middle = machine_run(m, 0, &front, NULL);
        word = m->access[middle];
        word_join(&word, &back);
        shorter = ask_behind(l, l->basis[middle], &back);
        if (shorter == TREE_NONE ||
            ask_behind(l, shorter, &witness) == TREE_NONE) {
            return false;
        }
        /* Either the state of `front` is not the node's, or the rest still
         * differs behind the state's own word. */
        if (tree_apart(t, tree_walk(t, TREE_ROOT, &front), l->basis[middle],
                       &witness)) {
            word = front;
        }
    }
}

/* A contradiction makes the basis larger, or a node of the frontier apart from
 * what it was. */
static bool refine(struct learner *l, const struct machine *m,
                   const struct word *word)
{
    const unsigned unsteady = l->ask->num_unsteady;
    bool ok = cut(l, m, *word);

    if (!basis_stands(l, unsteady)) {
        begin_anew(l);
    }
    return ok;
}

bool learner_run(struct learner *l, struct machine *out,
                 const struct doubt *doubt)
{
    struct word word;
    bool more = true;

    begin_anew(l);
    while (more) {
        const unsigned unsteady = l->ask->num_unsteady;

        if (!saturate(l)) {
            return false;
        }
        fold(l, out);
        l->num_hypotheses++;
        if (l->progress != NULL) {
            l->progress(l);
        }
        more = contradicts(l, out, TREE_ROOT, 0, &word) ||
               doubt_finds(doubt, l->ask, out, &word);
        if (l->ask->problem[0] != '\0' || (more && !refine(l, out, &word))) {
            return false;
        }
        if (!basis_stands(l, unsteady)) {
            begin_anew(l);
            more = true;
        }
    }
    return true;
}
