/* SPDX-License-Identifier: MIT */
/* Plays every cell in a process of its own (lab/jobs.h). */
#include "lab/jobs.h"

#include "lab/children.h"
#include "lab/limits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CELL_SECONDS 120 /* a cell needs no real time: after this it hangs */

/* What a child writes before its JSON line. */
struct head {
    uint64_t trace;
    bool passed;
    int limit;
};

struct state {
    const struct lab_jobs *jobs;
    struct head *first; /* of each cell's first play; .trace 0: none yet */
    bool *told;
    bool *failed; /* a repetition of the cell has failed */
};

static double now_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the child ---- */

struct task {
    const struct lab_run *run;
    const struct lab_cell *cell;
    struct lab_result result;
};

static void play(void *self)
{
    struct task *t = self;

    lab_play(&t->result, t->cell, t->run->pki, lab_cell_seed(t->run, t->cell));
}

void lab_in_kernel(const struct lab_cell *cell, void (*run)(void *self),
                   void *self)
{
    const struct sut_driver *drivers[2] = {cell->client->driver,
                                           cell->server->driver};

    for (int i = 0; i < 2; i++) {
        if (drivers[i]->in_kernel != NULL) {
            drivers[i]->in_kernel(run, self);
            return;
        }
    }
    run(self);
}

static void work(void *self, size_t job, FILE *out)
{
    static struct task task; /* large, and another thread reads it */
    const struct state *s = self;
    const struct lab_jobs *jobs = s->jobs;
    size_t number = job / jobs->repeat;
    double start = now_seconds();
    struct head head;

    task.run = jobs->run;
    task.cell = &jobs->cells->cells[number];
    lab_in_kernel(task.cell, play, &task);
    head = (struct head){task.result.trace, task.result.passed,
                         lab_limit_of(task.cell, &task.result)};
    (void)fwrite(&head, sizeof head, 1, out);
    lab_report_result(out, jobs->run, task.cell, number, &task.result,
                      now_seconds() - start);
    lab_result_free(&task.result);
}

/* ---- the parent ---- */

static void tell(struct state *s, size_t cell, const char *verdict,
                 const char *line)
{
    if (!s->told[cell] || strcmp(verdict, "pass") != 0) {
        s->jobs->report(s->jobs->self, &s->jobs->cells->cells[cell], verdict,
                        line);
    }
    s->told[cell] = true;
}

static void tell_reason(struct state *s, size_t cell, const char *verdict,
                        const char *reason)
{
    char *line = NULL;
    size_t len;
    FILE *out = open_memstream(&line, &len);

    assert(out != NULL);
    lab_report_reason(out, s->jobs->run, &s->jobs->cells->cells[cell], cell,
                      verdict, reason);
    (void)fclose(out);
    tell(s, cell, verdict, line);
    free(line);
}

static void note_death(struct state *s, size_t cell, const char *death)
{
    const struct lab_cell *c = &s->jobs->cells->cells[cell];

    tell_reason(s, cell,
                lab_verdict(false, lab_limit_of(c, &(struct lab_result){0})),
                death);
}

static void done(void *self, size_t job, const char *said, size_t len,
                 const char *death)
{
    struct state *s = self;
    size_t cell = job / s->jobs->repeat;
    struct head head;
    struct head *first = &s->first[cell];

    if (death != NULL || len <= sizeof head) {
        note_death(s, cell,
                   death == NULL ? "its process said nothing" : death);
        return;
    }
    memcpy(&head, said, sizeof head);
    if (first->trace == 0) {
        *first = head;
        if (!head.passed && head.limit >= 0) {
            s->jobs->limits[head.limit]++;
        }
        tell(s, cell, lab_verdict(head.passed, head.limit),
             said + sizeof head);
    } else if (head.trace != first->trace && !s->failed[cell]) {
        s->failed[cell] = true;
        tell_reason(s, cell, "fail",
                    "a flake: the same seed gave another trace");
    }
}

/* False, after a result with the reason, if the cell cannot be played. */
static bool begin(void *self, size_t job)
{
    struct state *s = self;
    size_t number = job / s->jobs->repeat;
    const struct lab_cell *cell = &s->jobs->cells->cells[number];
    bool is_first = job % s->jobs->repeat == 0;

    if (cell->refused != NULL) {
        if (is_first) {
            tell_reason(s, number, "not-applicable", cell->refused);
        }
        return false;
    }
    if (cell->client->driver == NULL || cell->server->driver == NULL) {
        if (is_first) {
            tell_reason(s, number, "fail",
                        cell->client->driver == NULL ? cell->client->missing
                                                     : cell->server->missing);
        }
        return false;
    }
    return true;
}

bool lab_jobs_run(const struct lab_jobs *jobs)
{
    size_t num = jobs->cells->num;
    struct state s = {
        .jobs = jobs,
        .first = calloc(num + 1, sizeof *s.first),
        .told = calloc(num + 1, sizeof *s.told),
        .failed = calloc(num + 1, sizeof *s.failed),
    };
    bool finished;

    assert(s.first != NULL && s.told != NULL && s.failed != NULL);
    finished = children_run(&(struct children){.num = num * jobs->repeat,
                                               .jobs = jobs->processes,
                                               .seconds = CELL_SECONDS,
                                               .self = &s,
                                               .begin = begin,
                                               .work = work,
                                               .done = done,
                                               .stop = jobs->stop});
    free(s.first);
    free(s.told);
    free(s.failed);
    return finished;
}
