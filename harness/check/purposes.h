/* SPDX-License-Identifier: MIT */
/* The test purposes.  purposes.py makes the table of purposes.tsv
 * and without_check.tsv. */
#ifndef CHECK_PURPOSES_H
#define CHECK_PURPOSES_H

#include <stdbool.h>
#include <stddef.h>

struct purpose {
    const char *id;
    bool of_client; /* the role of the target */
    bool of_server;
    const char *purpose;
    const char *expected;
    const char *condition; /* over the ICS: check/ics.h */
    const char *without;   /* why no check carries it; NULL: one does */
};

extern const struct purpose purposes[];
extern const size_t num_purposes;

/* purpose_of is the purpose of a check's id, which may have a word behind a
 * dot; NULL: there is none. */
const struct purpose *purpose_of(const char *id);

#endif
