/* SPDX-License-Identifier: MIT */
/* Writes a result as a JSON line (reports/schema/result.json). */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

#include "lab/play.h"

/* The settings of the run that a result mentions. */
struct lab_run {
    const char *pki;
    const char *area;
    const char *captures; /* NULL: none are written */
    uint64_t seed;
    bool verbose; /* also logs and datagrams of cells that pass */
};

/* lab_cell_seed returns the seed of one cell in a run.  It does not depend on
 * which other cells are played. */
uint64_t lab_cell_seed(const struct lab_run *run, const struct lab_cell *cell);

/* lab_verdict returns `info` for a failure that a limit explains, and
 * `inconclusive` for one that the network explains. */
const char *lab_verdict(bool passed, int limit);

/* lab_report_result writes the line of a cell that was played.
 * lab_report_reason writes the line of a cell that was not, or whose process
 * died. */
void lab_report_result(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const struct lab_result *result, double seconds);
void lab_report_reason(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const char *verdict, const char *reason);

/* lab_put_json writes a string, quoted. */
void lab_put_json(FILE *out, const char *text);

#endif
