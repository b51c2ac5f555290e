/* SPDX-License-Identifier: MIT */
/* Covering arrays (check/covering.h). */
#include "check/covering.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FREE 0xff /* of a row: the parameter has no value yet */
/* For each row, of which the best is taken; fewer where each takes longer. */
#define CANDIDATES 30
#define CANDIDATES_OF_3 5

/* A point is a value of a parameter; all points have numbers, those of a
 * parameter in a row.  A choice has its points in rising order. */
struct making {
    const struct covering *covering;
    size_t strength;
    size_t first[COVERING_PARAMETERS_MAX + 1]; /* point of each parameter */
    size_t points;
    uint8_t *owner; /* the parameter of each point */
    bool *fit;      /* of two points */
    bool *done;     /* of a choice: it stands in a row, or it is none */
    size_t *left;   /* of a point: choices with it that are not done */
    size_t choices;
    uint32_t dice; /* the same ones in every making */
    size_t next;   /* the first choice that may not be done */
};

static bool points_fit(const struct making *m, size_t a, size_t b)
{
    return m->fit[a * m->points + b];
}

static void number_points(struct making *m)
{
    const struct covering *c = m->covering;

    for (size_t p = 0; p < c->num; p++) {
        assert(c->sizes[p] >= 1 && c->sizes[p] < FREE);
        m->first[p + 1] = m->first[p] + c->sizes[p];
    }
    m->points = m->first[c->num];
    m->owner = calloc(m->points + 1, sizeof *m->owner);
    assert(m->owner != NULL);
    for (size_t p = 0; p < c->num; p++) {
        memset(m->owner + m->first[p], (int)p, c->sizes[p]);
    }
}

static void ask_what_fits(struct making *m)
{
    const struct covering *c = m->covering;

    m->fit = calloc(m->points * m->points + 1, sizeof *m->fit);
    assert(m->fit != NULL);
    for (size_t a = 0; a < m->points; a++) {
        for (size_t b = 0; b < m->points; b++) {
            size_t p = m->owner[a];
            size_t q = m->owner[b];

            m->fit[a * m->points + b] =
                p == q ? a == b
                       : c->fits == NULL ||
                             c->fits(c->self, p, (uint8_t)(a - m->first[p]), q,
                                     (uint8_t)(b - m->first[q]));
        }
    }
}

/* ---- choices ---- */

static bool goes_with(const struct making *m, const struct covering_row *row,
                      size_t point)
{
    for (size_t p = 0; p < m->covering->num; p++) {
        if (row->values[p] != FREE &&
            !points_fit(m, m->first[p] + row->values[p], point)) {
            return false;
        }
    }
    return true;
}

/* Can the free parameters from `p` on get values, so that all pairs fit? */
static bool can_be_filled(const struct making *m, struct covering_row *row,
                          size_t p)
{
    while (p < m->covering->num && row->values[p] != FREE) {
        p++;
    }
    if (p == m->covering->num) {
        return true;
    }
    for (uint8_t v = 0; v < m->covering->sizes[p]; v++) {
        bool can = goes_with(m, row, m->first[p] + v);

        if (can) {
            row->values[p] = v;
            can = can_be_filled(m, row, p + 1);
            row->values[p] = FREE;
        }
        if (can) {
            return true;
        }
    }
    return false;
}

/* Reads the points of a choice into an empty row; false if the number is none
 * of a choice, or two of its points do not fit. */
static bool read_choice(const struct making *m, struct covering_row *row,
                        size_t choice)
{
    size_t above = m->points;

    memset(row->values, FREE, sizeof row->values);
    for (size_t i = 0; i < m->strength; i++) {
        size_t point = choice % m->points;
        size_t p = m->owner[point];

        if (point >= above || row->values[p] != FREE ||
            !goes_with(m, row, point)) {
            return false;
        }
        row->values[p] = (uint8_t)(point - m->first[p]);
        above = point;
        choice /= m->points;
    }
    return true;
}

/* What is no choice, or is not allowed, is done from the beginning. */
static void list_choices(struct making *m)
{
    struct covering_row row;

    for (unsigned i = 0; i < m->strength; i++) {
        m->choices *= m->points;
    }
    m->done = calloc(m->choices, sizeof *m->done);
    m->left = calloc(m->points, sizeof *m->left);
    assert(m->done != NULL && m->left != NULL);
    for (size_t i = 0; i < m->choices; i++) {
        m->done[i] = !read_choice(m, &row, i) || !can_be_filled(m, &row, 0);
        for (size_t p = 0; p < m->covering->num && !m->done[i]; p++) {
            if (row.values[p] != FREE) {
                m->left[m->first[p] + row.values[p]]++;
            }
        }
    }
}

static void begin(struct making *m, const struct covering *c, size_t strength)
{
    *m = (struct making){
        .covering = c, .strength = strength, .choices = 1, .dice = 1};
    number_points(m);
    ask_what_fits(m);
    list_choices(m);
}

static void end(struct making *m)
{
    free(m->owner);
    free(m->fit);
    free(m->done);
    free(m->left);
}

/* ---- rows ---- */

/* The number of the choice of `num` points; they need not be in order. */
static size_t choice_of(const struct making *m, const size_t *points,
                        size_t num)
{
    size_t sorted[COVERING_STRENGTH_MAX];
    size_t choice = 0;

    for (size_t i = 0; i < num; i++) {
        size_t at = i;

        while (at > 0 && sorted[at - 1] > points[i]) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = points[i];
    }
    for (size_t i = 0; i < num; i++) {
        choice = choice * m->points + sorted[i];
    }
    return choice;
}

static void mark_done(struct making *m, size_t choice, const size_t *points)
{
    m->done[choice] = true;
    for (size_t i = 0; i < m->strength; i++) {
        m->left[points[i]]--;
    }
}

/* Goes through the choices in the row that have the points so far and further
 * ones of parameters from `p` on: counts those that are not done, and marks
 * them if that is to be. */
static size_t count_choices(struct making *m, const struct covering_row *row,
                            size_t *points, size_t num, size_t p, bool mark)
{
    size_t count = 0;

    if (num == m->strength) {
        size_t choice = choice_of(m, points, num);

        count = !m->done[choice];
        if (mark && count != 0) {
            mark_done(m, choice, points);
        }
        return count;
    }
    for (; p < m->covering->num; p++) {
        if (row->values[p] != FREE) {
            points[num] = m->first[p] + row->values[p];
            count += count_choices(m, row, points, num + 1, p + 1, mark);
        }
    }
    return count;
}

/* How many choices does the value add to the row? */
static size_t gain_of(struct making *m, const struct covering_row *row,
                      size_t point)
{
    size_t points[COVERING_STRENGTH_MAX] = {point};

    return count_choices(m, row, points, 1, 0, false);
}

/* Gives a free parameter the value with the highest gain of those with which
 * the row can be filled; of several, the one that most choices are left of,
 * and of these the first. */
static void fill_one(struct making *m, struct covering_row *row, size_t p)
{
    size_t best_gain = 0;
    size_t best_left = 0;
    uint8_t best = FREE;

    for (uint8_t v = 0; v < m->covering->sizes[p]; v++) {
        size_t point = m->first[p] + v;
        size_t gain;

        if (!goes_with(m, row, point)) {
            continue;
        }
        gain = gain_of(m, row, point);
        if (best == FREE || gain > best_gain ||
            (gain == best_gain && m->left[point] > best_left)) {
            struct covering_row with = *row;

            with.values[p] = v;
            if (can_be_filled(m, &with, 0)) {
                best = v;
                best_gain = gain;
                best_left = m->left[point];
            }
        }
    }
    assert(best != FREE); /* the row can be filled */
    row->values[p] = best;
}

static void shuffle(struct making *m, size_t order[COVERING_PARAMETERS_MAX])
{
    for (size_t i = m->covering->num; i > 1; i--) {
        size_t k;
        size_t other;

        m->dice = m->dice * 1664525 + 1013904223;
        k = (m->dice >> 16) % i;
        other = order[k];
        order[k] = order[i - 1];
        order[i - 1] = other;
    }
}

/* Makes one row of several candidates, which differ in the order in which the
 * parameters get their values. */
static bool make_row(struct making *m, struct covering_row *out)
{
    size_t order[COVERING_PARAMETERS_MAX];
    size_t points[COVERING_STRENGTH_MAX];
    struct covering_row row;
    size_t best = 0;
    int tries = m->strength < 3 ? CANDIDATES : CANDIDATES_OF_3;

    while (m->next < m->choices && m->done[m->next]) {
        m->next++;
    }
    if (m->next == m->choices) {
        return false;
    }
    for (size_t p = 0; p < m->covering->num; p++) {
        order[p] = p;
    }
    for (int i = 0; i < tries; i++) {
        size_t gain;

        (void)read_choice(m, &row, m->next);
        for (size_t k = 0; k < m->covering->num; k++) {
            if (row.values[order[k]] == FREE) {
                fill_one(m, &row, order[k]);
            }
        }
        gain = count_choices(m, &row, points, 0, 0, false);
        if (gain > best) {
            best = gain;
            *out = row;
        }
        shuffle(m, order);
    }
    (void)count_choices(m, out, points, 0, 0, true);
    return true;
}

static void add(struct covering_rows *rows, const struct covering_row *row)
{
    if (rows->num == rows->cap) {
        rows->cap = rows->cap * 2 + 16;
        rows->items = realloc(rows->items, rows->cap * sizeof *rows->items);
        assert(rows->items != NULL);
    }
    rows->items[rows->num++] = *row;
}

void covering_make(struct covering_rows *out, const struct covering *c,
                   unsigned strength)
{
    struct making m;
    struct covering_row row;

    assert(c->num >= 1 && c->num <= COVERING_PARAMETERS_MAX);
    assert(strength >= 1 && strength <= COVERING_STRENGTH_MAX);
    *out = (struct covering_rows){0};
    begin(&m, c, strength < c->num ? strength : c->num);
    while (make_row(&m, &row)) {
        add(out, &row);
    }
    end(&m);
}

void covering_free(struct covering_rows *rows)
{
    free(rows->items);
    *rows = (struct covering_rows){0};
}
