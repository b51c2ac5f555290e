/* SPDX-License-Identifier: MIT */
/* Claims that cannot all be meant: the run goes by them, and says so. */
#ifndef CHECK_DOUBTS_H
#define CHECK_DOUBTS_H

#include "check/ics.h"

/* doubts_tell prints a line for each part of the ICS that contradicts another,
 * or that the lab can make nothing of. */
void doubts_tell(FILE *out, const struct ics *ics);

#endif
