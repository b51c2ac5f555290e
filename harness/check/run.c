/* SPDX-License-Identifier: MIT */
/* The run against one target (check/run.h). */
#include "check/run.h"

#include "check/children.h"
#include "check/play_child.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOST_AFTER 3 /* cases in a row whose honest handshake failed */

struct run {
    const struct check_options *options;
    const struct target *target;
    struct check_cases cases;
    struct baseline baseline;
    struct results results;
    char lost[HEARD_PHRASE]; /* why no more is tried; empty: all is well */
    unsigned no_control;     /* cases in a row */
};

static void tell(struct run *r, size_t number, enum verdict verdict,
                 const char *reason)
{
    struct case_result result = {.verdict = verdict};

    (void)snprintf(result.reason, sizeof result.reason, "%s", reason);
    results_add(&r->results, &r->cases.items[number], &result, "");
}

static bool begin(void *self, size_t number)
{
    struct run *r = self;
    const struct check_case *item = &r->cases.items[number];

    if (item->why[0] != '\0') {
        tell(r, number, VERDICT_NOT_APPLICABLE, item->why);
        return false;
    }
    if (r->lost[0] != '\0') {
        tell(r, number, VERDICT_INCONCLUSIVE, r->lost);
        return false;
    }
    return true;
}

static void work(void *self, size_t number, FILE *out)
{
    const struct run *r = self;

    play_child(r->target, &r->cases.items[number], r->options->seed, out);
}

/* A target that is gone fails every control, each after a long wait. */
static void count_controls(struct run *r, const struct case_result *result)
{
    r->no_control = result->no_control ? r->no_control + 1 : 0;
    if (r->no_control == LOST_AFTER && r->target->driver->real_time) {
        (void)snprintf(r->lost, sizeof r->lost, "the target is lost: %.200s",
                       result->seen);
        (void)printf("%s\n", r->lost);
    }
}

static void done(void *self, size_t number, const char *said, size_t len,
                 const char *death)
{
    struct run *r = self;
    struct case_result result;
    const char *evidence = play_child_result(&result, said, len, death);

    count_controls(r, &result);
    results_add(&r->results, &r->cases.items[number], &result, evidence);
}

static void list(const struct check_cases *cases, const char *only)
{
    for (size_t i = 0; i < cases->num; i++) {
        const struct check_case *item = &cases->items[i];

        (void)printf("%-14s %s%s%s\n", item->why[0] == '\0' ? "runs" : "not",
                     item->id, item->why[0] == '\0' ? "" : ": ", item->why);
    }
    for (size_t i = 0; i < num_purposes && only == NULL; i++) {
        if (purposes[i].without != NULL) {
            (void)printf("%-14s %s: %s\n", "no check", purposes[i].id,
                         purposes[i].without);
        }
    }
}

/* An entry that names no case of the target is a mistake. */
static void read_baseline(struct run *r, const char *path)
{
    struct dtls_span text = check_read_file("--baseline", path);
    struct check_cases all;
    char problem[512];

    if (!baseline_read(&r->baseline, path, dtls_bytes_of(text.data, text.len),
                       problem, sizeof problem)) {
        check_bad_input("%s", problem);
    }
    free(text.data);
    cases_select(&all, r->target, NULL, false);
    for (size_t i = 0; i < r->baseline.num; i++) {
        struct baseline_entry *entry = &r->baseline.entries[i];
        bool names = false;

        for (size_t k = 0; k < all.num; k++) {
            if (baseline_names(entry, all.items[k].check->id,
                               all.items[k].id)) {
                names = true;
                entry->cases += all.items[k].why[0] == '\0';
            }
        }
        if (!names) {
            check_bad_input("%s:%u: %s %s names no case of %s", path,
                            entry->line, entry->check, entry->parameters,
                            r->target->name);
        }
    }
    cases_free(&all);
    r->results.baseline = &r->baseline;
    r->results.baseline_path = path;
}

/* Only a target outside can be unreachable. */
static void greet(struct run *r)
{
    char why[HEARD_PHRASE - 40];

    if (r->target->driver->real_time &&
        !target_greets(r->target, r->options->seed, why, sizeof why)) {
        (void)snprintf(r->lost, sizeof r->lost,
                       "no honest handshake works: %s", why);
        (void)printf("%s: %s\n", r->target->name, r->lost);
    }
}

int run_target(const struct check_options *options,
               const struct target *target, const char *replay,
               const volatile int *stop)
{
    static struct run r;
    double start = play_child_now();
    bool finished;
    int status;

    r = (struct run){.options = options,
                     .target = target,
                     .results = {.target = target,
                                 .replay = replay,
                                 .seed = options->seed,
                                 .verbose = options->verbose}};
    cases_select(&r.cases, target, options->only, false);
    if (r.cases.num == 0) {
        check_bad_input("--only %s: no such check for %s",
                        options->only == NULL ? "" : options->only,
                        target->name);
    }
    if (options->list) {
        list(&r.cases, options->only);
        cases_free(&r.cases);
        return 0;
    }
    if (options->baseline != NULL) {
        read_baseline(&r, options->baseline);
    }
    if (options->json != NULL &&
        (r.results.json = fopen(options->json, "w")) == NULL) {
        check_bad_input("--json %s: %s", options->json, strerror(errno));
    }
    r.results.total = r.cases.num;
    r.results.live = isatty(STDOUT_FILENO) != 0;
    greet(&r);
    finished = children_run(&(struct children){.num = r.cases.num,
                                               .jobs = options->jobs,
                                               .seconds = CASE_SECONDS,
                                               .self = &r,
                                               .begin = begin,
                                               .work = work,
                                               .done = done,
                                               .stop = stop});
    results_finish(&r.results, play_child_now() - start);
    status = finished ? results_status(&r.results) : 130;
    results_free(&r.results);
    cases_free(&r.cases);
    baseline_free(&r.baseline);
    return status;
}
