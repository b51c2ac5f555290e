/* SPDX-License-Identifier: MIT */
/* A result as a JSON line (reports/schema/result.json). */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

#include "lab/play.h"

/* How the run was started, as far as a result tells it. */
struct lab_run {
    const char *pki;
    const char *area;
    const char *captures; /* NULL: none are written */
    uint64_t seed;
    bool verbose; /* logs and the wire of what passed, too */
};

/* lab_cell_seed is the seed of one cell in a run: it does not depend on what
 * else is played. */
uint64_t lab_cell_seed(const struct lab_run *run, const struct lab_cell *cell);

/* lab_verdict: a failure that a limit explains is `info`. */
const char *lab_verdict(bool passed, int limit);

/* lab_report_result writes the line of a cell that was played;
 * lab_report_reason that of one that was not, or that ended badly. */
void lab_report_result(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const struct lab_result *result, double seconds);
void lab_report_reason(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const char *verdict, const char *reason);

/* lab_put_json writes a string, quoted. */
void lab_put_json(FILE *out, const char *text);

#endif
