/* SPDX-License-Identifier: MIT */
/* The runner: which checks a target gets, with which parameters, and the
 * verdict of each. */
#ifndef CHECK_CASES_H
#define CHECK_CASES_H

#include "check/check.h"
#include "check/ics.h"
#include "check/purposes.h"

#define CASE_ID_MAX 64

/* What is under test. */
struct target {
    const char *name; /* in results */
    const struct sut_driver *driver;
    const struct ics *ics;
    const char *where; /* of struct sut_setup */
    const char *pki;
    bool is_client; /* it can be played as client ... */
    bool is_server; /* ... and as server */
};

enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_ACCEPTED, /* a fail that the baseline names */
    VERDICT_WARNING,
    VERDICT_INCONCLUSIVE,
    VERDICT_NOT_APPLICABLE,
    NUM_VERDICTS
};
const char *verdict_name(enum verdict verdict);

/* One check, with its role and its parameters. */
struct check_case {
    const struct check *check;
    const struct purpose *purpose;
    enum sut_role role; /* of the target */
    const struct dtls_suite *suite;
    char id[CASE_ID_MAX]; /* P-CCS-4/server/c02b */
    char why[160];        /* why it is not applicable; empty: it is */
};

struct check_cases {
    struct check_case *items;
    size_t num;
    size_t cap;
};

/* cases_select lists every case of the target whose id, or check's id, matches
 * the pattern of fnmatch; NULL: every case.  `one_each`: every check with one
 * value of its parameters only, the last for an honest play, else the first.
 * cases_free frees them. */
void cases_select(struct check_cases *out, const struct target *target,
                  const char *only, bool one_each);
void cases_free(struct check_cases *cases);

struct case_result {
    enum verdict verdict;
    bool no_control; /* inconclusive, because no honest handshake works */
    char seen[HEARD_PHRASE];
    char reason[HEARD_PHRASE + 80]; /* of what is not a pass */
    double seconds;
};

/* case_play plays a case: positive control, check, liveness.  What went over
 * the line goes to `evidence`, a line for each datagram.  The target's driver
 * may need a kernel: then the call comes from there. */
void case_play(struct case_result *out, const struct target *target,
               const struct check_case *item, uint64_t seed, FILE *evidence);

/* target_greets makes one honest handshake with the first suitable suite; it
 * returns false, and writes why, if that does not work.  `evidence` is that of
 * case_play. */
bool target_greets(const struct target *target, uint64_t seed, char *why,
                   size_t why_size, FILE *evidence);

/* phrase_is_in: does the phrase match one of the patterns between " | "? */
bool phrase_is_in(const char *patterns, const char *phrase);

/* checks_are_whole: has every check a purpose, a counterexample and all else
 * that it needs, and its id for itself; and has every purpose either a check
 * or a reason for having none?  If not, `why` names the first that has not. */
bool checks_are_whole(char *why, size_t why_size);

#endif
