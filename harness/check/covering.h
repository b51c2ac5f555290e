/* SPDX-License-Identifier: MIT */
/* Covering arrays: rows of values, one for each parameter, such that every
 * allowed choice of values of any `strength` parameters stands in a row.
 *
 * The rows are made greedily, one after the other, each from the first choice
 * that no row has yet.  The same input makes the same rows, and the first row
 * is all zeros if that is allowed. */
#ifndef CHECK_COVERING_H
#define CHECK_COVERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COVERING_PARAMETERS_MAX 32
#define COVERING_STRENGTH_MAX 3

struct covering {
    size_t num;                             /* parameters */
    uint8_t sizes[COVERING_PARAMETERS_MAX]; /* values of each, at least one */
    /* fits: may value `v` of parameter `p` stand in a row with `w` of `q`?
     * NULL: always.  A choice is allowed if a row can hold it all of whose
     * pairs fit. */
    bool (*fits)(const void *self, size_t p, uint8_t v, size_t q, uint8_t w);
    const void *self;
};

struct covering_row {
    uint8_t values[COVERING_PARAMETERS_MAX];
};

struct covering_rows {
    struct covering_row *items; /* on the heap */
    size_t num;
    size_t cap;
};

/* covering_make makes the rows; `strength` is 1 to COVERING_STRENGTH_MAX, and
 * one above the number of parameters means all of them.  covering_free frees
 * them. */
void covering_make(struct covering_rows *out, const struct covering *covering,
                   unsigned strength);
void covering_free(struct covering_rows *rows);

#endif
