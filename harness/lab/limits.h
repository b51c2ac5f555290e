/* SPDX-License-Identifier: MIT */
/* Known limits of other libraries: a table (limits.c). */
#ifndef LAB_LIMITS_H
#define LAB_LIMITS_H

#include "lab/play.h"

#define LAB_NO_LIMIT (-1)
#define LAB_ALL_LOST                                                          \
    (-2) /* of one flight: the cell says nothing of its ends */

/* lab_limit_of returns the number of the limit that explains why the cell did
 * not hold, with all that was seen of it; LAB_ALL_LOST if it did not connect
 * because each copy of a flight, or each answer, was lost; else LAB_NO_LIMIT.
 */
int lab_limit_of(const struct lab_cell *cell, const struct lab_result *result);

/* The limit's words; of LAB_ALL_LOST, too. */
const char *lab_limit_why(int limit);

/* lab_limit_is_idle: has no cell of a whole matrix shown this limit, although
 * every whole matrix with this version of the peer should?  Then the row is
 * out of date.  `met` is how many cells have. */
bool lab_limit_is_idle(int limit, unsigned met);

/* Limits are numbered from 0.  The last one is not a row of the table: it says
 * that neither end is ours. */
extern const int lab_num_limits;

#endif
