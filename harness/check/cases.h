/* SPDX-License-Identifier: MIT */
/* The runner: which checks a target gets, with which parameters, and the
 * verdict of each. */
#ifndef CHECK_CASES_H
#define CHECK_CASES_H

#include "check/check.h"
#include "check/ics.h"
#include "check/purposes.h"

#define CASE_ID_MAX (64 + COMBINATION_MAX)
#define CASE_REASON_MAX (HEARD_PHRASE + 80 + COMBINATION_MAX)

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
    enum sut_role role;             /* of the target */
    const struct dtls_suite *suite; /* NULL: none that suits */
    struct combination with;        /* that suite, too */
    char id[CASE_ID_MAX];           /* P-CCS-4/server/c02b/fragment=50 */
    char why[160];                  /* not applicable; empty: it is */
};

struct check_cases {
    struct check_case *items;
    size_t num;
    size_t cap;
};

/* Which cases are to be played. */
struct case_selection {
    const char *only; /* a pattern of fnmatch for ids of cases or checks, or
                       * CHECK/ROLE; NULL: every case */
    /* Each choice of values of so many parameters that matter to a check
     * stands in one of its cases.  0: one case for each check, with the last
     * suite for an honest play, else the first. */
    unsigned strength;
    /* Only this combination; NULL: as `strength` says. */
    const struct combination *with;
    bool proves; /* the target also claims what each check says it does */
};

/* cases_select lists the cases of a target.  cases_free frees them. */
void cases_select(struct check_cases *out, const struct target *target,
                  const struct case_selection *selection);
void cases_free(struct check_cases *cases);

/* case_claims is what a target claims that is to prove a check: `ics` and the
 * claims of the check.  The next call writes over it. */
const struct ics *case_claims(const struct check *check,
                              const struct ics *ics);

/* case_matches: does the pattern `only` of a selection take the case? */
bool case_matches(const char *only, const struct check_case *item);

/* case_name writes the id of a case, from all else. */
void case_name(struct check_case *item);

/* case_setup is what the target is to be for a check; NULL: in an honest
 * handshake for none in particular. */
struct sut_setup case_setup(const struct target *target,
                            const struct check *check, enum sut_role role,
                            const struct dtls_suite *suite);

/* case_suites lists the claimed suites with which the check can be played. */
size_t case_suites(const struct check *check, const struct target *target,
                   const struct dtls_suite *out[ICS_SUITES_MAX]);

struct case_result {
    enum verdict verdict;
    bool no_control; /* inconclusive, because no honest handshake works */
    char seen[HEARD_PHRASE];
    /* Of what is not a pass, and of a pass that was a fail before. */
    char reason[CASE_REASON_MAX];
    /* Of a fail: the part of the case's combination that is needed for it. */
    bool is_reduced;
    struct combination reduced;
    double seconds;
    bool is_unplayed; /* the target was lost before it: `reason` says how */
};

/* case_seed is the seed of a case in a run with this one: the same case has
 * the same random bytes in every run. */
uint64_t case_seed(uint64_t seed, const char *id);

/* case_replay writes the options that select a case, or what its combination
 * was reduced to, and no other. */
void case_replay(char *out, size_t size, const struct check_case *item,
                 const struct case_result *result);

/* case_play plays a case: positive control, check, liveness.  What went over
 * the line goes to `evidence`, a line for each datagram.  A fail of a target
 * whose time is real counts unless the case passes when it is played again;
 * `reason` then says so.  Of a case that fails, it then plays less and less,
 * to see what is needed for the fail.  The target's driver may need a kernel:
 * then the call comes from there.  `seed` is the run's. */
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
