/* SPDX-License-Identifier: MIT */
/* The deadlines of many sessions (session/deadlines.h). */
#include "session/deadlines.h"

#include <stddef.h>

static uint32_t rank_of(const struct dtls_place *place)
{
    return place == NULL ? 0 : place->rank;
}

/* Puts the children of `place` in order.  Returns true if its rank has
 * changed. */
static bool settle(struct dtls_place *place)
{
    uint32_t before = place->rank;

    if (rank_of(place->left) < rank_of(place->right)) {
        struct dtls_place *right = place->right;

        place->right = place->left;
        place->left = right;
    }
    place->rank = rank_of(place->right) + 1;
    return place->rank != before;
}

/* Makes one heap of two.  The recursion goes down along `right`, so it is no
 * deeper than the sum of both ranks: 2 x 17 for 100,000 deadlines. */
static struct dtls_place *meld(struct dtls_place *a, struct dtls_place *b)
{
    struct dtls_place *top;

    if (a == NULL || b == NULL) {
        return a == NULL ? b : a;
    }
    top = b->deadline < a->deadline ? b : a;
    top->right = meld(top->right, top == a ? b : a);
    top->right->parent = top;
    (void)settle(top);
    return top;
}

static void take_out(struct dtls_deadlines *heap, struct dtls_place *place)
{
    struct dtls_place *parent = place->parent;
    struct dtls_place *rest = meld(place->left, place->right);

    if (rest != NULL) {
        rest->parent = parent;
    }
    if (parent == NULL) {
        heap->first = rest;
    } else if (parent->left == place) {
        parent->left = rest;
    } else {
        parent->right = rest;
    }
    while (parent != NULL && settle(parent)) {
        parent = parent->parent;
    }
    *place = (struct dtls_place){0};
}

void dtls_deadlines_set(struct dtls_deadlines *heap, struct dtls_place *place,
                        uint64_t deadline)
{
    if (dtls_deadlines_of(place) == deadline) {
        return;
    }
    if (place->rank != 0) {
        take_out(heap, place);
    }
    if (deadline != DTLS_NEVER) {
        *place = (struct dtls_place){.deadline = deadline, .rank = 1};
        heap->first = meld(heap->first, place);
    }
}

uint64_t dtls_deadlines_of(const struct dtls_place *place)
{
    return place->rank == 0 ? DTLS_NEVER : place->deadline;
}

uint64_t dtls_deadlines_next(const struct dtls_deadlines *heap)
{
    return heap->first == NULL ? DTLS_NEVER : heap->first->deadline;
}
