/* SPDX-License-Identifier: MIT */
/* The observation tree (learn/tree.h). */
#include "learn/tree.h"

#include <assert.h>
#include <stdlib.h>

static void *grow(void *items, size_t *cap, size_t num, size_t size)
{
    if (num > *cap) {
        *cap = 2 * num + 1024;
        items = realloc(items, *cap * size);
        assert(items != NULL);
    }
    return items;
}

static uint32_t new_node(struct tree *t, uint32_t parent, uint8_t letter,
                         uint16_t output)
{
    const uint32_t node = (uint32_t)t->num_nodes++;

    t->nodes = grow(t->nodes, &t->cap_nodes, t->num_nodes, sizeof *t->nodes);
    t->nodes[node] = (struct tree_node){parent, TREE_NONE, output, letter};
    return node;
}

void tree_init(struct tree *t, size_t num_letters)
{
    *t = (struct tree){.num_letters = num_letters};
    (void)new_node(t, TREE_NONE, 0, OUTPUT_SILENCE);
}

void tree_free(struct tree *t)
{
    free(t->nodes);
    free(t->children);
    *t = (struct tree){0};
}

bool tree_is_unsteady(const struct tree *t, uint32_t node)
{
    return node != TREE_ROOT && t->nodes[node].output == OUTPUT_UNSTEADY;
}

uint32_t tree_child(const struct tree *t, uint32_t node, uint8_t letter)
{
    const struct tree_node *n = &t->nodes[node];

    if (tree_is_unsteady(t, node)) {
        return node;
    }
    return n->children == TREE_NONE ? TREE_NONE
                                    : t->children[n->children + letter];
}

uint32_t tree_walk(const struct tree *t, uint32_t from,
                   const struct word *word)
{
    for (size_t i = 0; i < word->len && from != TREE_NONE; i++) {
        from = tree_child(t, from, word->letters[i]);
    }
    return from;
}

void tree_word(const struct tree *t, uint32_t node, struct word *out)
{
    size_t at = 0;

    for (uint32_t n = node; n != TREE_ROOT; n = t->nodes[n].parent) {
        at++;
    }
    assert(at <= WORD_MAX);
    out->len = at;
    for (uint32_t n = node; n != TREE_ROOT; n = t->nodes[n].parent) {
        out->letters[--at] = t->nodes[n].letter;
    }
}

static void make_children(struct tree *t, uint32_t node)
{
    const size_t first = t->num_children;

    t->num_children += t->num_letters;
    t->children = grow(t->children, &t->cap_children, t->num_children,
                       sizeof *t->children);
    for (size_t i = first; i < t->num_children; i++) {
        t->children[i] = TREE_NONE;
    }
    t->nodes[node].children = (uint32_t)first;
}

size_t tree_add(struct tree *t, const struct word *word,
                const uint16_t *outputs)
{
    uint32_t node = TREE_ROOT;

    for (size_t i = 0; i < word->len; i++) {
        const uint8_t letter = word->letters[i];
        uint32_t next = tree_child(t, node, letter);

        if (next == TREE_NONE) {
            next = new_node(t, node, letter, outputs[i]);
            if (t->nodes[node].children == TREE_NONE) {
                make_children(t, node);
            }
            t->children[t->nodes[node].children + letter] = next;
        }
        if (tree_is_unsteady(t, next)) {
            return word->len;
        }
        if (t->nodes[next].output != outputs[i]) {
            return i;
        }
        node = next;
    }
    return word->len;
}

void tree_cut(struct tree *t, const struct word *word)
{
    const uint32_t node = tree_walk(t, TREE_ROOT, word);

    assert(node != TREE_NONE && node != TREE_ROOT);
    t->nodes[node].output = OUTPUT_UNSTEADY;
    t->nodes[node].children = TREE_NONE;
}

/* Nodes behind an unsteady answer are their own children: there is nothing to
 * be found out. */
static bool is_open(const struct tree *t, uint32_t node)
{
    return t->nodes[node].children != TREE_NONE && !tree_is_unsteady(t, node);
}

static bool differ(const struct tree *t, uint32_t a, uint32_t b,
                   struct word *witness, size_t depth)
{
    if (!is_open(t, a) || !is_open(t, b) || depth == WORD_MAX) {
        return false;
    }
    for (size_t i = 0; i < t->num_letters; i++) {
        const uint32_t x = tree_child(t, a, (uint8_t)i);
        const uint32_t y = tree_child(t, b, (uint8_t)i);

        if (x == TREE_NONE || y == TREE_NONE) {
            continue;
        }
        witness->letters[depth] = (uint8_t)i;
        if (t->nodes[x].output != t->nodes[y].output) {
            witness->len = depth + 1;
            return true;
        }
        if (differ(t, x, y, witness, depth + 1)) {
            return true;
        }
    }
    return false;
}

bool tree_apart(const struct tree *t, uint32_t a, uint32_t b,
                struct word *witness)
{
    return a != b && differ(t, a, b, witness, 0);
}
