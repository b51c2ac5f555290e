/* SPDX-License-Identifier: MIT */
/* The deadlines of many sessions (session/deadlines.h). */
#include "session/deadlines.h"

#include <assert.h>
#include <string.h>

/* A place has four children, which fill one line of the processor's cache. */
#define CHILDREN 4

void dtls_deadlines_init(struct dtls_deadlines *heap,
                         struct dtls_deadline *places, uint32_t count)
{
    memset(places, 0, count * sizeof *places);
    *heap = (struct dtls_deadlines){.places = places};
}

static void put(struct dtls_deadlines *heap, uint32_t i, uint64_t at,
                uint32_t whose)
{
    heap->places[i].at = at;
    heap->places[i].whose = whose;
    heap->places[whose].place = i + 1;
}

static void copy(struct dtls_deadlines *heap, uint32_t to, uint32_t from)
{
    put(heap, to, heap->places[from].at, heap->places[from].whose);
}

/* Makes the place a hole and moves it towards the first place, until `at` may
 * stand in it. */
static uint32_t rise(struct dtls_deadlines *heap, uint32_t hole, uint64_t at)
{
    while (hole != 0) {
        uint32_t parent = (hole - 1) / CHILDREN;

        if (heap->places[parent].at <= at) {
            break;
        }
        copy(heap, hole, parent);
        hole = parent;
    }
    return hole;
}

/* Returns the earliest child of a place, or heap->num if it has none.  The
 * numbers of children are below 4 x 2^30, as there are no more places. */
static uint32_t earliest_child(const struct dtls_deadlines *heap,
                               uint32_t parent)
{
    uint32_t first = CHILDREN * parent + 1;
    uint32_t best = first;

    if (first >= heap->num) {
        return heap->num;
    }
    for (uint32_t i = first + 1; i < heap->num && i < first + CHILDREN; i++) {
        if (heap->places[i].at < heap->places[best].at) {
            best = i;
        }
    }
    return best;
}

/* Does the same away from the first place. */
static uint32_t sink(struct dtls_deadlines *heap, uint32_t hole, uint64_t at)
{
    uint32_t child = earliest_child(heap, hole);

    while (child != heap->num && heap->places[child].at < at) {
        copy(heap, hole, child);
        hole = child;
        child = earliest_child(heap, hole);
    }
    return hole;
}

static void place(struct dtls_deadlines *heap, uint32_t hole, uint64_t at,
                  uint32_t whose)
{
    put(heap, sink(heap, rise(heap, hole, at), at), at, whose);
}

/* The last place fills the one that becomes free. */
static void take_out(struct dtls_deadlines *heap, uint32_t whose)
{
    uint32_t hole = heap->places[whose].place - 1;
    const struct dtls_deadline *last = &heap->places[--heap->num];

    heap->places[whose].place = 0;
    if (hole != heap->num) {
        place(heap, hole, last->at, last->whose);
    }
}

void dtls_deadlines_set(struct dtls_deadlines *heap, uint32_t whose,
                        uint64_t deadline)
{
    bool has_one = heap->places[whose].place != 0;

    if (deadline == DTLS_NEVER) {
        if (has_one) {
            take_out(heap, whose);
        }
        return;
    }
    place(heap, has_one ? heap->places[whose].place - 1 : heap->num++,
          deadline, whose);
}

uint64_t dtls_deadlines_of(const struct dtls_deadlines *heap, uint32_t whose)
{
    uint32_t at = heap->places[whose].place;

    return at == 0 ? DTLS_NEVER : heap->places[at - 1].at;
}

uint64_t dtls_deadlines_next(const struct dtls_deadlines *heap)
{
    return heap->num == 0 ? DTLS_NEVER : heap->places[0].at;
}

uint32_t dtls_deadlines_first(const struct dtls_deadlines *heap)
{
    assert(heap->num != 0);
    return heap->places[0].whose;
}
