/* SPDX-License-Identifier: MIT */
/* The baseline: fails that somebody has reviewed and accepts.  It is a table
 * with a tab between two columns; the first line names them:
 *
 *     check  parameters  clause  reason
 *
 * `check` is the id of a check or a pattern for ids of cases, `parameters` a
 * pattern for what follows the role in such an id: the suite, or * for every
 * case of the check.  Clause and reason are for readers, and must be there.
 * Empty lines and those that begin with # do not count. */
#ifndef CHECK_BASELINE_H
#define CHECK_BASELINE_H

#include "base/bytes.h"

struct baseline_entry {
    unsigned line; /* of the file, from 1 */
    const char *check;
    const char *parameters;
    const char *clause;
    const char *reason;
    unsigned cases;  /* that it names and that are to be played, ... */
    unsigned judged; /* ... that have passed, warned or failed, ... */
    unsigned failed; /* ... and that have failed */
};

struct baseline {
    char *text; /* the strings of the entries stand in it */
    struct baseline_entry *entries;
    size_t num;
};

/* baseline_read makes the entries of the file's `text`; the caller frees them
 * with baseline_free.  If it returns false, `problem`, of problem_size bytes,
 * is one line that begins with `name` and the number of the line, and nothing
 * is left to be freed: another first line, a line without four columns or with
 * an empty one, a byte that is no printable ASCII. */
bool baseline_read(struct baseline *out, const char *name,
                   struct dtls_bytes text, char *problem, size_t problem_size);
void baseline_free(struct baseline *baseline);

/* baseline_names: is the case, P-CCS-4/server/c02b of the check P-CCS-4, one
 * of the entry's? */
bool baseline_names(const struct baseline_entry *entry, const char *check,
                    const char *item);

/* baseline_judge counts a case that has been judged.  If it has failed, it
 * returns the first entry that names it; else, or if there is none, NULL. */
const struct baseline_entry *baseline_judge(struct baseline *baseline,
                                            const char *check,
                                            const char *item, bool failed);

/* baseline_is_stale: were all cases of the entry judged, and none failed? */
bool baseline_is_stale(const struct baseline_entry *entry);

#endif
