/* SPDX-License-Identifier: MIT */
/* Chooses fewer cells that still cover every pair of values (lab/cell.h). */
#include "lab/cell.h"

#include <assert.h>
#include <stdlib.h>

enum { PAIR, SUITE, AUTH, COOKIE, SCENARIO, VARIANT, NUM_AXES };

/* How many values each axis has. */
static void sizes_of(size_t out[NUM_AXES])
{
    size_t num;

    (void)sut_drivers(&num);
    out[PAIR] = num * num;
    out[SUITE] = lab_num_suites();
    out[AUTH] = SUT_NUM_AUTH;
    out[COOKIE] = 2;
    out[SCENARIO] = lab_num_scenarios;
    out[VARIANT] = lab_num_variants;
}

/* Which two values have been seen in one cell.  The values of all axes are
 * numbered in one row. */
struct seen {
    size_t first[NUM_AXES]; /* place of an axis's first value */
    size_t num;             /* of all values                  */
    bool *pairs;            /* num * num                      */
};

static void seen_init(struct seen *seen)
{
    size_t sizes[NUM_AXES];

    sizes_of(sizes);
    seen->num = 0;
    for (int axis = 0; axis < NUM_AXES; axis++) {
        seen->first[axis] = seen->num;
        seen->num += sizes[axis];
    }
    seen->pairs = calloc(seen->num * seen->num, sizeof *seen->pairs);
    assert(seen->pairs != NULL);
}

/* The place of each of the cell's values. */
static void places_of(size_t out[NUM_AXES], const struct seen *seen,
                      const struct lab_cell *cell)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    size_t sizes[NUM_AXES];

    sizes_of(sizes);
    out[PAIR] = (size_t)(cell->client - entries) * num +
                (size_t)(cell->server - entries);
    out[SUITE] = lab_suite_index(cell->suite);
    out[AUTH] = cell->auth;
    out[COOKIE] = cell->cookies;
    out[SCENARIO] = (size_t)(cell->scenario - lab_scenarios);
    out[VARIANT] = (size_t)(cell->variant - lab_variants);
    for (int axis = 0; axis < NUM_AXES; axis++) {
        assert(out[axis] < sizes[axis]);
        out[axis] += seen->first[axis];
    }
}

/* For LAB_COVER_EACH: every pair of ends with every scenario, every variant
 * and every way to authenticate; every suite with cookies and without. */
static bool matters(int a, int b)
{
    return (a == PAIR && b != SUITE) || (a == SUITE && b == COOKIE);
}

/* Marks every two values that the cell brings together; true if any two of
 * them are new. */
static bool brings_something(struct seen *seen, const struct lab_cell *cell,
                             enum lab_cover cover)
{
    size_t places[NUM_AXES];
    bool is_new = false;

    places_of(places, seen, cell);
    for (int a = 0; a < NUM_AXES; a++) {
        for (int b = a + 1; b < NUM_AXES; b++) {
            bool *was = &seen->pairs[places[a] * seen->num + places[b]];

            if (cover == LAB_COVER_PAIRS || matters(a, b)) {
                is_new |= !*was;
            }
            *was = true;
        }
    }
    return is_new;
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int by_place(const void *a, const void *b)
{
    const struct lab_cell *const *x = a;
    const struct lab_cell *const *y = b;

    return (*x > *y) - (*x < *y);
}

void lab_cells_thin(struct lab_cells *cells, enum lab_cover cover)
{
    const struct lab_cell **order;
    const struct lab_cell **keep;
    struct seen seen;
    uint64_t state = 0x2545f4914f6cdd1d;
    size_t kept = 0;

    if (cover == LAB_COVER_ALL || cells->num == 0) {
        return;
    }
    order = calloc(cells->num, sizeof *order);
    keep = calloc(cells->num, sizeof *keep);
    assert(order != NULL && keep != NULL);
    for (size_t i = 0; i < cells->num; i++) {
        size_t j = next(&state) % (i + 1);

        order[i] = order[j];
        order[j] = &cells->cells[i];
    }
    seen_init(&seen);
    for (size_t i = 0; i < 2 * cells->num; i++) {
        const struct lab_cell *cell = order[i % cells->num];
        bool playable = i < cells->num;

        if ((cell->refused == NULL) == playable &&
            brings_something(&seen, cell, cover)) {
            keep[kept++] = cell;
        }
    }
    qsort(keep, kept, sizeof *keep, by_place);
    for (size_t i = 0; i < kept; i++) {
        cells->cells[i] = *keep[i]; /* keep[i] is never before cells[i] */
    }
    cells->num = kept;
    free(order);
    free(keep);
    free(seen.pairs);
}
