/* SPDX-License-Identifier: MIT */
/* nxdtls check --prove: does each check notice its counterexample? */
#include "check/run.h"

#include "check/children.h"
#include "check/play_child.h"

#include <assert.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OTHERS_PERCENT 90

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
    struct proof *proofs; /* one for each case */
    size_t *wanted;       /* the cases that are to be proved */
    size_t num_wanted;
    size_t pieces_done;
};

static bool is_wanted(const struct check_options *o,
                      const struct check_case *item)
{
    return item->why[0] == '\0' &&
           (o->only == NULL || fnmatch(o->only, item->id, 0) == 0 ||
            fnmatch(o->only, item->check->id, 0) == 0);
}

/* Piece n: wanted case n / cases, as wrong target, before case n % cases. */
static const struct check_case *wrong_case(const struct prove *p, size_t piece)
{
    return &p->cases.items[p->wanted[piece / p->cases.num]];
}

static const struct check_case *played_case(const struct prove *p,
                                            size_t piece)
{
    return &p->cases.items[piece % p->cases.num];
}

static bool begin(void *self, size_t piece)
{
    const struct prove *p = self;
    const struct check_case *played = played_case(p, piece);

    return played->why[0] == '\0' &&
           played->role == wrong_case(p, piece)->role;
}

static void work(void *self, size_t piece, FILE *out)
{
    const struct prove *p = self;
    struct target target = p->target;

    target.driver = wrong_driver(wrong_case(p, piece)->check->wrong);
    play_child(&target, played_case(p, piece), p->options->seed, out);
}

static void done(void *self, size_t piece, const char *said, size_t len,
                 const char *death)
{
    struct prove *p = self;
    const struct check_case *wrong = wrong_case(p, piece);
    const struct check_case *played = played_case(p, piece);
    struct proof *proof = &p->proofs[wrong - p->cases.items];
    struct case_result result;
    const char *evidence = play_child_result(&result, said, len, death);

    if (played == wrong) {
        proof->own = result;
        if (p->options->verbose) {
            (void)printf("%s: %s: %s\n%s", played->id,
                         verdict_name(result.verdict), result.seen, evidence);
        }
        return;
    }
    proof->others++;
    if (result.verdict == VERDICT_PASS || result.verdict == VERDICT_WARNING) {
        proof->others_well++;
    } else {
        (void)snprintf(proof->worst, sizeof proof->worst, "%s", played->id);
        if (p->options->verbose) {
            (void)printf("%s also fails %s: %s\n", wrong->id, played->id,
                         result.reason);
        }
    }
}

/* What is wrong with the proof; NULL: nothing. */
static const char *judge(const struct check_case *item,
                         const struct proof *proof, char *text, size_t size)
{
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
    if (proof->others_well * 100 < proof->others * OTHERS_PERCENT) {
        (void)snprintf(text, size, "it passes %u of the %u others, not %s",
                       proof->others_well, proof->others, proof->worst);
        return text;
    }
    return NULL;
}

static void finish(const struct prove *p, struct results *results)
{
    char text[HEARD_PHRASE * 2];

    for (size_t i = 0; i < p->num_wanted; i++) {
        const struct check_case *item = &p->cases.items[p->wanted[i]];
        struct proof *proof = &p->proofs[p->wanted[i]];
        struct case_result result = {.verdict = VERDICT_PASS};
        const char *wrong = judge(item, proof, text, sizeof text);

        (void)snprintf(result.seen, sizeof result.seen, "%s", proof->own.seen);
        if (wrong != NULL) {
            result.verdict = VERDICT_FAIL;
            (void)snprintf(result.reason, sizeof result.reason, "%.310s",
                           wrong);
        }
        results_add(results, item, &result, "");
    }
}

static void want(struct prove *p)
{
    p->proofs = calloc(p->cases.num + 1, sizeof *p->proofs);
    p->wanted = calloc(p->cases.num + 1, sizeof *p->wanted);
    assert(p->proofs != NULL && p->wanted != NULL);
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
    struct results results = {.replay = "--prove",
                              .seed = options->seed,
                              .verbose = options->verbose};
    bool finished;
    int status = 130;

    p = (struct prove){.options = options,
                       .target = {.name = "prove",
                                  .driver = wrong_driver(NULL),
                                  .ics = ics,
                                  .pki = pki,
                                  .is_client = true,
                                  .is_server = true}};
    results.target = &p.target;
    cases_select(&p.cases, &p.target, NULL, true);
    want(&p);
    if (options->json != NULL &&
        (results.json = fopen(options->json, "w")) == NULL) {
        check_bad_input("--json %s: %s", options->json, strerror(errno));
    }
    results.total = p.num_wanted;
    finished =
        children_run(&(struct children){.num = p.num_wanted * p.cases.num,
                                        .jobs = options->jobs,
                                        .seconds = CASE_SECONDS,
                                        .self = &p,
                                        .begin = begin,
                                        .work = work,
                                        .done = done,
                                        .stop = stop});
    if (finished) {
        finish(&p, &results);
        results_finish(&results, play_child_now() - start);
        status = results_status(&results);
    }
    results_free(&results);
    cases_free(&p.cases);
    free(p.proofs);
    free(p.wanted);
    return status;
}
