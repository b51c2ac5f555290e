/* SPDX-License-Identifier: MIT */
/* What peers are known to fail at: a table (limits.c). */
#ifndef LAB_LIMITS_H
#define LAB_LIMITS_H

#include "lab/play.h"

#define LAB_NO_LIMIT (-1)

/* lab_limit_of is the row that explains why the cell did not hold, with all
 * that was seen of it; LAB_NO_LIMIT: none does. */
int lab_limit_of(const struct lab_cell *cell, const struct lab_result *result);

const char *lab_limit_why(int limit);

/* lab_limit_is_idle: has no row of the whole matrix's results, counted in
 * `met`, shown it though each whole matrix does?  Then it is out of date. */
bool lab_limit_is_idle(int limit, unsigned met);

extern const int lab_num_limits;
#define LAB_LIMITS_MAX 64

#endif
