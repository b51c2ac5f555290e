/* SPDX-License-Identifier: MIT */
/* The run against one target (check/run.h). */
#include "check/run.h"

#include "lab/children.h"
#include "lab/command_line.h"
#include "check/play_child.h"
#include "check/resume.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOST_AFTER 3 /* cases in a row whose honest handshake failed */

struct run {
    const struct check_options *options;
    const struct target *target;
    struct check_cases cases;
    struct baseline baseline;
    struct kept *kept; /* an entry for each case; NULL: nothing */
    struct results results;
    char lost[HEARD_PHRASE]; /* why no more is tried; empty: all is well */
    unsigned no_control;     /* cases in a row */
    unsigned unplayed;       /* cases, since it was lost */
};

static void tell(struct run *r, size_t number, enum verdict verdict,
                 const char *reason)
{
    struct case_result result = {
        .verdict = verdict, .is_unplayed = verdict == VERDICT_INCONCLUSIVE};

    (void)snprintf(result.reason, sizeof result.reason, "%s", reason);
    r->unplayed += result.is_unplayed;
    results_add(&r->results, &r->cases.items[number], &result, "");
}

static bool begin(void *self, size_t number)
{
    struct run *r = self;
    const struct check_case *item = &r->cases.items[number];

    if (r->kept != NULL && r->kept[number].line != NULL) {
        return false;
    }
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
        if (r->target->driver->knows_addresses) {
            (void)printf("    hint      --server-command starts a server anew "
                         "for each handshake, if it does not survive them\n");
        }
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
static void read_baseline(struct run *r, const char *path,
                          struct dtls_bytes text)
{
    struct check_cases all;
    char problem[512];

    if (!baseline_read(&r->baseline, path, text, problem, sizeof problem)) {
        check_bad_input("%s", problem);
    }
    cases_select(&all, r->target,
                 &(struct case_selection){.strength = r->options->strength});
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

static FILE *open_json(const char *path)
{
    FILE *out = fopen(path, "w");

    if (out == NULL) {
        check_bad_input("--json %s: %s", path, strerror(errno));
    }
    return out;
}

/* The file is replaced only when everything that is kept stands in the new
 * one. */
static void resume(struct run *r, const char *path)
{
    char part[4096];
    size_t num = 0;

    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) {
        check_bad_input("--json %s: the path is too long", path);
    }
    r->kept = resume_read(path, r->results.run, r->target, &r->cases);
    r->results.json = open_json(part);
    for (size_t i = 0; i < r->cases.num; i++) {
        if (r->kept[i].line != NULL) {
            results_keep(&r->results, &r->cases.items[i], &r->kept[i].result,
                         r->kept[i].line);
            num++;
        }
    }
    if (fflush(r->results.json) != 0 || rename(part, path) != 0) {
        check_bad_input("--json %s: %s", path, strerror(errno));
    }
    (void)printf("kept %zu results of %s\n", num, path);
}

static void open_results(struct run *r)
{
    const struct check_options *o = r->options;
    struct dtls_span file = {NULL, 0};
    struct dtls_bytes baseline;

    if (o->evidence != NULL && mkdir(o->evidence, 0777) != 0 &&
        errno != EEXIST) {
        check_bad_input("--evidence %s: %s", o->evidence, strerror(errno));
    }
    r->results.evidence = o->evidence;
    if (o->baseline != NULL) {
        file = check_read_file("--baseline", o->baseline, COMMAND_FILE_BYTES);
    }
    baseline = dtls_bytes_of(file.data, file.len);
    if (o->baseline != NULL) {
        read_baseline(r, o->baseline, baseline);
    }
    if (o->json != NULL) {
        resume_run_name(r->results.run, r->target, o->seed, baseline);
    }
    free(file.data);
    r->results.total = r->cases.num;
    r->results.live = isatty(STDOUT_FILENO) != 0;
    if (o->resume) {
        resume(r, o->json);
    } else if (o->json != NULL) {
        r->results.json = open_json(o->json);
    }
}

/* Only a target outside can be unreachable. */
static void greet(struct run *r)
{
    char why[HEARD_PHRASE - 40];
    char *text = NULL;
    size_t len = 0;
    FILE *evidence;

    if (!r->target->driver->real_time) {
        return;
    }
    evidence = open_memstream(&text, &len);
    assert(evidence != NULL);
    if (!target_greets(r->target, r->options->seed, why, sizeof why,
                       evidence)) {
        (void)snprintf(r->lost, sizeof r->lost,
                       "no honest handshake works: %s", why);
        (void)printf("%s: %s\n", r->target->name, r->lost);
        (void)fflush(evidence);
        results_save_greeting(&r->results, text);
    }
    (void)fclose(evidence);
    free(text);
}

/* Where time is not real, no check is slow. */
static void leave_out_slow(struct run *r)
{
    for (size_t i = 0; i < r->cases.num; i++) {
        struct check_case *item = &r->cases.items[i];

        if (item->check->is_slow && item->why[0] == '\0' &&
            r->target->driver->real_time && !r->options->slow) {
            (void)snprintf(item->why, sizeof item->why,
                           "slow: play it with --slow");
        }
    }
}

/* A target with one end, or a server of one client, gets one case at a
 * time. */
static unsigned jobs_for(const struct target *t, unsigned jobs)
{
    const bool is_server = t->where != NULL && t->driver->knows_addresses;

    return t->driver->one_end ||
                   (is_server && ics_claims(t->ics, ICS_one_client))
               ? 1
               : jobs;
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
    cases_select(&r.cases, target,
                 &(struct case_selection){.only = options->only,
                                          .strength = options->strength,
                                          .with = options->with});
    if (r.cases.num == 0) {
        check_bad_input("--only %s: no such check for %s",
                        options->only == NULL ? "" : options->only,
                        target->name);
    }
    leave_out_slow(&r);
    if (options->list) {
        list(&r.cases, options->only);
        cases_free(&r.cases);
        return 0;
    }
    open_results(&r);
    greet(&r);
    finished = children_run(&(struct children){
        .num = r.cases.num,
        .jobs = jobs_for(target, options->jobs),
        .seconds =
            target->driver->real_time ? REAL_CASE_SECONDS : CASE_SECONDS,
        .self = &r,
        .begin = begin,
        .work = work,
        .done = done,
        .stop = stop});
    if (r.unplayed != 0) {
        (void)printf("inconclusive   %u cases that were not played: %s\n",
                     r.unplayed, r.lost);
    }
    results_finish(&r.results, play_child_now() - start);
    status = finished ? results_status(&r.results) : 130;
    results_free(&r.results);
    if (r.kept != NULL) {
        resume_free(r.kept, r.cases.num);
    }
    cases_free(&r.cases);
    baseline_free(&r.baseline);
    return status;
}
