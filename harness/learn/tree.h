/* SPDX-License-Identifier: MIT */
/* The observation tree: every answer of the target that is known.  A node
 * stands for the word that leads to it; the root, TREE_ROOT, for the empty
 * one. */
#ifndef LEARN_TREE_H
#define LEARN_TREE_H

#include "learn/words.h"

#define TREE_ROOT 0
#define TREE_NONE UINT32_MAX

struct tree_node {
    uint32_t parent;
    uint32_t children; /* place of the first of num_letters; TREE_NONE: none */
    uint16_t output;   /* of the letter that leads here */
    uint8_t letter;
};

struct tree {
    size_t num_letters;
    struct tree_node *nodes;
    size_t num_nodes;
    size_t cap_nodes;
    uint32_t *children; /* nodes, or TREE_NONE */
    size_t num_children;
    size_t cap_children;
};

void tree_init(struct tree *tree, size_t num_letters);
void tree_free(struct tree *tree);

/* tree_child returns the node behind a letter, or TREE_NONE.  Behind an
 * unsteady answer, each letter leads back to the same node. */
uint32_t tree_child(const struct tree *tree, uint32_t node, uint8_t letter);

/* tree_is_unsteady: the target has given two answers here. */
bool tree_is_unsteady(const struct tree *tree, uint32_t node);

/* tree_walk follows a word and returns its node, or TREE_NONE.  tree_word
 * writes the word of a node. */
uint32_t tree_walk(const struct tree *tree, uint32_t from,
                   const struct word *word);
void tree_word(const struct tree *tree, uint32_t node, struct word *out);

/* tree_add enters the first letters of a word with their outputs.  It returns
 * how many of them do not contradict the tree; nothing is entered behind. */
size_t tree_add(struct tree *tree, const struct word *word,
                const uint16_t *outputs);

/* tree_cut makes the answer to the last letter of a word, which is known,
 * unsteady, and forgets what is behind it. */
void tree_cut(struct tree *tree, const struct word *word);

/* tree_apart: is a word known to which the two nodes answer differently?  It
 * is then written to `witness`. */
bool tree_apart(const struct tree *tree, uint32_t a, uint32_t b,
                struct word *witness);

#endif
