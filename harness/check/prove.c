/* SPDX-License-Identifier: MIT */
/* nxdtls check --prove: does each check notice its counterexample? */
#include "check/run.h"

#include "lab/children.h"
#include "check/play_child.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of all others a wrong target must pass so many, and of a part of them, which
 * may be an unlucky one, so many. */
#define OTHERS_PERCENT 90
#define SOME_OTHERS_PERCENT 75

/* A counterexample: that of one case, before all cases of its role. */
struct proof {
    struct case_result own;
    unsigned others;         /* applicable cases of other checks */
    unsigned others_well;    /* of these passed, or warned */
    char worst[CASE_ID_MAX]; /* one that did not */
};

struct prove {
    const struct check_options *options;
    struct target target;
    struct check_cases cases;
    size_t *wanted; /* the cases that are to be proved */
    size_t num_wanted;
    struct results results;
};

static bool is_wanted(const struct check_options *o,
                      const struct check_case *item)
{
    return item->why[0] == '\0' && case_matches(o->only, item);
}

/* ---- the child: one wrong target before every case of its role ---- */

static void count_other(struct proof *proof, const struct check_case *played,
                        const struct case_result *result)
{
    proof->others++;
    if (result->verdict == VERDICT_PASS ||
        result->verdict == VERDICT_WARNING) {
        proof->others_well++;
    } else {
        (void)snprintf(proof->worst, sizeof proof->worst, "%s", played->id);
    }
}

/* Plays all other cases, or about as many as --others says: every so many,
 * from a place that differs from one wrong target to the next. */
static void play_others(struct proof *proof, const struct prove *p,
                        struct target *target, const struct check_case *wrong,
                        FILE *evidence)
{
    const size_t most = p->options->others;
    const size_t step = most == 0 ? 1 : p->cases.num / most + 1;

    for (size_t i = (size_t)(wrong - p->cases.items) % step; i < p->cases.num;
         i += step) {
        const struct check_case *played = &p->cases.items[i];
        struct case_result result;

        if (played == wrong || played->check->claims != NULL ||
            played->why[0] != '\0' || played->role != wrong->role) {
            continue;
        }
        target->driver = wrong_driver(wrong->check->wrong); /* alive again */
        play_here(&result, target, played, p->options->seed, NULL);
        count_other(proof, played, &result);
        if (result.verdict == VERDICT_FAIL) {
            (void)fprintf(evidence, "it also fails %s: %s\n", played->id,
                          result.reason);
        }
    }
}

static void work(void *self, size_t piece, FILE *out)
{
    static struct proof proof;
    const struct prove *p = self;
    const struct check_case *wrong = &p->cases.items[p->wanted[piece]];
    struct target target = p->target;
    char *text = NULL;
    size_t len = 0;
    FILE *evidence = open_memstream(&text, &len);

    target.driver = wrong_driver(wrong->check->wrong);
    target.ics = case_claims(wrong->check, p->target.ics);
    play_here(&proof.own, &target, wrong, p->options->seed, evidence);
    target.ics = p->target.ics;
    play_others(&proof, p, &target, wrong, evidence);
    (void)fclose(evidence);
    (void)fwrite(&proof, sizeof proof, 1, out);
    (void)fwrite(text, len, 1, out);
}

/* ---- the parent ---- */

/* What is wrong with the proof; NULL: nothing. */
static const char *judge(const struct check_case *item,
                         const struct proof *proof, bool by_some, char *text,
                         size_t size)
{
    const unsigned percent = by_some ? SOME_OTHERS_PERCENT : OTHERS_PERCENT;

    if (proof->own.verdict != VERDICT_FAIL) {
        (void)snprintf(text, size, "the verdict is %s: %s",
                       verdict_name(proof->own.verdict),
                       proof->own.verdict == VERDICT_INCONCLUSIVE
                           ? proof->own.reason
                           : proof->own.seen);
        return text;
    }
    if (!phrase_is_in(item->check->shows, proof->own.seen)) {
        (void)snprintf(text, size, "what it shows is not %s: %s",
                       item->check->shows, proof->own.seen);
        return text;
    }
    if (proof->others_well * 100 < proof->others * percent) {
        (void)snprintf(text, size, "it passes %u of the %u others, not %s",
                       proof->others_well, proof->others, proof->worst);
        return text;
    }
    return NULL;
}

static void done(void *self, size_t piece, const char *said, size_t len,
                 const char *death)
{
    struct prove *p = self;
    const struct check_case *item = &p->cases.items[p->wanted[piece]];
    struct case_result result = {.verdict = VERDICT_PASS};
    struct proof proof = {.own = {.verdict = VERDICT_INCONCLUSIVE}};
    char text[CASE_ID_MAX + CASE_REASON_MAX];
    const char *wrong = death == NULL ? "its process said nothing" : death;
    const char *evidence = "";

    if (death == NULL && len >= sizeof proof) {
        memcpy(&proof, said, sizeof proof);
        evidence = said + sizeof proof; /* a 0 stands behind it */
        wrong =
            judge(item, &proof, p->options->others != 0, text, sizeof text);
    }
    (void)snprintf(result.seen, sizeof result.seen, "%s", proof.own.seen);
    if (wrong != NULL) {
        result.verdict = VERDICT_FAIL;
        (void)snprintf(result.reason, sizeof result.reason, "%.310s", wrong);
    }
    results_add(&p->results, item, &result, evidence);
}

static void want(struct prove *p)
{
    p->wanted = calloc(p->cases.num + 1, sizeof *p->wanted);
    assert(p->wanted != NULL);
    for (size_t i = 0; i < p->cases.num; i++) {
        if (is_wanted(p->options, &p->cases.items[i])) {
            p->wanted[p->num_wanted++] = i;
        }
    }
    if (p->num_wanted == 0) {
        check_bad_input("--only %s: no such check", p->options->only);
    }
}

int run_prove(const struct check_options *options, const struct ics *ics,
              const char *pki, const volatile int *stop)
{
    static struct prove p;
    double start = play_child_now();
    bool finished;
    int status;

    p = (struct prove){.options = options,
                       .target = {.name = "prove",
                                  .driver = wrong_driver(NULL),
                                  .ics = ics,
                                  .pki = pki,
                                  .is_client = true,
                                  .is_server = true},
                       .results = {.target = &p.target,
                                   .replay = "--prove",
                                   .seed = options->seed,
                                   .verbose = options->verbose}};
    cases_select(&p.cases, &p.target,
                 &(struct case_selection){.proves = true});
    want(&p);
    if (options->json != NULL &&
        (p.results.json = fopen(options->json, "w")) == NULL) {
        check_bad_input("--json %s: %s", options->json, strerror(errno));
    }
    p.results.total = p.num_wanted;
    finished = children_run(&(struct children){.num = p.num_wanted,
                                               .jobs = options->jobs,
                                               .seconds = CASE_SECONDS,
                                               .self = &p,
                                               .work = work,
                                               .done = done,
                                               .stop = stop});
    results_finish(&p.results, play_child_now() - start);
    status = finished ? results_status(&p.results) : 130;
    results_free(&p.results);
    cases_free(&p.cases);
    free(p.wanted);
    return status;
}
