/* SPDX-License-Identifier: MIT */
/* Results of checks: lines as they come, JSON lines, a table by clause. */
#ifndef CHECK_RESULTS_H
#define CHECK_RESULTS_H

#include "check/baseline.h"
#include "check/cases.h"

#define CLAUSE_MAX 48
#define RUN_NAME_MAX 160

struct clause {
    char name[CLAUSE_MAX]; /* RFC 6347, 4.1.2.6 */
    unsigned counts[NUM_VERDICTS];
};

struct results {
    const struct target *target;
    const char *replay; /* the command line that names the target */
    uint64_t seed;
    char run[RUN_NAME_MAX]; /* of resume_run_name */
    bool verbose;
    FILE *json;                /* NULL: none */
    const char *evidence;      /* the folder of it; NULL: none */
    struct baseline *baseline; /* NULL: none; borrowed */
    const char *baseline_path;
    size_t done;
    size_t total;
    bool live; /* a terminal: a line that counts */
    unsigned counts[NUM_VERDICTS];
    unsigned stale; /* entries of the baseline that no longer fail */
    struct clause *clauses;
    size_t num_clauses;
};

/* results_add tells a verdict: a fail that the baseline names is accepted.
 * `evidence` has a line for each datagram. */
void results_add(struct results *results, const struct check_case *item,
                 const struct case_result *result, const char *evidence);

/* results_keep does the same with a result that stands in a file of results,
 * in this `line`, which goes into the new file. */
void results_keep(struct results *results, const struct check_case *item,
                  const struct case_result *result, const char *line);

/* results_save_greeting saves the evidence of the handshake without which
 * nothing is played. */
void results_save_greeting(const struct results *results,
                           const char *evidence);

/* results_finish tells the entries of the baseline that no longer fail, which
 * are failures too, and prints the table and the sums. */
void results_finish(struct results *results, double seconds);

/* results_status is the program's exit status. */
int results_status(const struct results *results);

void results_free(struct results *results);

#endif
