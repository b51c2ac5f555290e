/* SPDX-License-Identifier: MIT */
/* Fewer cells that still bring every pair of values together (lab/cell.h). */
#include "lab/cell.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAIR, SUITE, AUTH, COOKIE, SCENARIO, VARIANT, NUM_AXES };

#define VALUES 128 /* more than any axis has */

/* Which values of two axes have been seen together. */
static bool seen[NUM_AXES][NUM_AXES][VALUES][VALUES];

static void values_of(unsigned out[NUM_AXES], const struct lab_cell *cell)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    out[PAIR] = (unsigned)((size_t)(cell->client - entries) * num +
                           (size_t)(cell->server - entries));
    out[SUITE] = lab_suite_index(cell->suite);
    out[AUTH] = cell->auth;
    out[COOKIE] = cell->cookies;
    out[SCENARIO] = (unsigned)(cell->scenario - lab_scenarios);
    out[VARIANT] = (unsigned)(cell->variant - lab_variants);
}

/* For LAB_COVER_EACH: every pair of ends under every scenario, in every
 * variant and with every way to authenticate, and every suite with cookies and
 * without. */
static bool matters(int a, int b)
{
    return (a == PAIR && b != SUITE) || (a == SUITE && b == COOKIE);
}

/* Marks what the cell brings together; true if any of it is new. */
static bool brings_something(const struct lab_cell *cell, enum lab_cover cover)
{
    unsigned v[NUM_AXES];
    bool is_new = false;

    values_of(v, cell);
    for (int a = 0; a < NUM_AXES; a++) {
        for (int b = a + 1; b < NUM_AXES; b++) {
            bool *was = &seen[a][b][v[a]][v[b]];

            assert(v[a] < VALUES && v[b] < VALUES);
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
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < 2 * cells->num; i++) {
        const struct lab_cell *cell = order[i % cells->num];
        bool playable = i < cells->num;

        if ((cell->refused == NULL) == playable &&
            brings_something(cell, cover)) {
            keep[kept++] = cell;
        }
    }
    qsort(keep, kept, sizeof *keep, by_place);
    for (size_t i = 0; i < kept; i++) {
        cells->cells[i] = *keep[i]; /* never overtakes what it reads */
    }
    cells->num = kept;
    free(order);
    free(keep);
}
