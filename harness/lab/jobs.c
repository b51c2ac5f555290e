/* SPDX-License-Identifier: MIT */
/* Plays every cell in a process of its own (lab/jobs.h). */
#include "lab/jobs.h"

#include "lab/limits.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CELL_SECONDS 120 /* a cell needs no real time: after this it hangs */

/* What a child writes before its JSON line. */
struct head {
    uint64_t trace;
    bool passed;
    int limit;
};

struct child {
    pid_t pid; /* 0: free */
    int fd;
    size_t job;
    char *said;
    size_t len;
};

struct state {
    const struct lab_jobs *jobs;
    struct child children[LAB_PROCESSES_MAX];
    size_t next; /* the next job to begin */
    size_t total;
    unsigned running;
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

_Noreturn static void be_child(const struct lab_jobs *jobs,
                               const struct lab_cell *cell, size_t order,
                               int fd)
{
    static struct task task; /* large, and another thread reads it */
    FILE *out = fdopen(fd, "w");
    double start = now_seconds();
    struct head head;

    assert(out != NULL);
    (void)signal(SIGINT, SIG_IGN); /* the parent decides */
    (void)alarm(CELL_SECONDS);
    task.run = jobs->run;
    task.cell = cell;
    lab_in_kernel(cell, play, &task);
    head = (struct head){task.result.trace, task.result.passed,
                         lab_limit_of(cell, &task.result)};
    (void)fwrite(&head, sizeof head, 1, out);
    lab_report_result(out, jobs->run, cell, order, &task.result,
                      now_seconds() - start);
    lab_result_free(&task.result);
    (void)fclose(out);
    exit(0); /* not _exit: sanitizers and profilers act at exit */
}

/* ---- the parent ---- */

static const struct lab_cell *cell_of(const struct state *s, size_t job)
{
    return &s->jobs->cells->cells[job / s->jobs->repeat];
}

static void begin(struct state *s, struct child *child)
{
    int ends[2];
    size_t job = s->next++;

    *child = (struct child){.job = job};
    (void)fflush(NULL); /* else the child would write it again */
    if (pipe(ends) != 0 || (child->pid = fork()) < 0) {
        perror("nxdtls interop");
        exit(1);
    }
    if (child->pid == 0) {
        (void)close(ends[0]);
        be_child(s->jobs, cell_of(s, job), job / s->jobs->repeat, ends[1]);
    }
    (void)close(ends[1]);
    child->fd = ends[0];
    s->running++;
}

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

static void note_death(struct state *s, size_t cell, int status)
{
    const struct lab_cell *c = &s->jobs->cells->cells[cell];
    char reason[128];

    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        (void)snprintf(reason, sizeof reason, "it ran for %u s: an end spins",
                       CELL_SECONDS);
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(reason, sizeof reason, "its process died: %s",
                       strsignal(WTERMSIG(status)));
    } else {
        (void)snprintf(reason, sizeof reason, "its process ended with %d",
                       WEXITSTATUS(status));
    }
    tell_reason(s, cell,
                lab_verdict(false, lab_limit_of(c, &(struct lab_result){0})),
                reason);
}

static void judge(struct state *s, const struct child *child, int status)
{
    size_t cell = child->job / s->jobs->repeat;
    struct head head;
    struct head *first = &s->first[cell];

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
        child->len <= sizeof head) {
        note_death(s, cell, status);
        return;
    }
    memcpy(&head, child->said, sizeof head);
    if (first->trace == 0) {
        *first = head;
        if (!head.passed && head.limit != LAB_NO_LIMIT) {
            s->jobs->limits[head.limit]++;
        }
        tell(s, cell, lab_verdict(head.passed, head.limit),
             child->said + sizeof head);
    } else if (head.trace != first->trace && !s->failed[cell]) {
        s->failed[cell] = true;
        tell_reason(s, cell, "fail",
                    "a flake: the same seed gave another trace");
    }
}

static void end(struct state *s, struct child *child)
{
    int status = 0;

    (void)close(child->fd);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (*s->jobs->stop == 0) {
        judge(s, child, status);
    }
    free(child->said);
    *child = (struct child){0};
    s->running--;
}

static void listen_to(struct state *s, struct child *child)
{
    char bytes[8192];
    ssize_t len = read(child->fd, bytes, sizeof bytes);

    if (len < 0 && errno == EINTR) {
        return;
    }
    if (len <= 0) {
        end(s, child);
        return;
    }
    child->said = realloc(child->said, child->len + (size_t)len + 1);
    assert(child->said != NULL);
    memcpy(child->said + child->len, bytes, (size_t)len);
    child->len += (size_t)len;
    child->said[child->len] = '\0';
}

static void wait_for_children(struct state *s)
{
    struct pollfd fds[LAB_PROCESSES_MAX];

    for (unsigned i = 0; i < s->jobs->processes; i++) {
        const struct child *child = &s->children[i];

        fds[i].fd = child->pid == 0 ? -1 : child->fd;
        fds[i].events = POLLIN;
        fds[i].revents = 0;
    }
    if (poll(fds, s->jobs->processes, -1) <= 0) {
        return;
    }
    for (unsigned i = 0; i < s->jobs->processes; i++) {
        if (fds[i].revents != 0) {
            listen_to(s, &s->children[i]);
        }
    }
}

/* True, after a result with the reason, if the cell cannot be played. */
static bool is_not_played(struct state *s, const struct lab_cell *cell)
{
    size_t number = s->next / s->jobs->repeat;

    if (cell->refused != NULL) {
        tell_reason(s, number, "unsupported", cell->refused);
        return true;
    }
    if (cell->client->driver == NULL || cell->server->driver == NULL) {
        tell_reason(s, number, "missing",
                    cell->client->driver == NULL ? cell->client->missing
                                                 : cell->server->missing);
        return true;
    }
    return false;
}

static void begin_more(struct state *s)
{
    for (unsigned i = 0; i < s->jobs->processes && s->next < s->total; i++) {
        const struct lab_cell *cell = cell_of(s, s->next);

        if (s->children[i].pid != 0) {
            continue;
        }
        if (is_not_played(s, cell)) {
            s->next += s->jobs->repeat - s->next % s->jobs->repeat;
            continue;
        }
        begin(s, &s->children[i]);
    }
}

static void end_children(struct state *s)
{
    for (unsigned i = 0; i < LAB_PROCESSES_MAX; i++) {
        if (s->children[i].pid != 0) {
            (void)kill(s->children[i].pid, SIGKILL);
            end(s, &s->children[i]);
        }
    }
}

bool lab_jobs_run(const struct lab_jobs *jobs)
{
    size_t num = jobs->cells->num;
    struct state s = {
        .jobs = jobs,
        .total = num * jobs->repeat,
        .first = calloc(num + 1, sizeof *s.first),
        .told = calloc(num + 1, sizeof *s.told),
        .failed = calloc(num + 1, sizeof *s.failed),
    };

    assert(s.first != NULL && s.told != NULL && s.failed != NULL);
    assert(jobs->processes <= LAB_PROCESSES_MAX);
    while (*jobs->stop == 0 && (s.next < s.total || s.running != 0)) {
        begin_more(&s);
        if (s.running != 0) {
            wait_for_children(&s);
        }
    }
    end_children(&s);
    free(s.first);
    free(s.told);
    free(s.failed);
    return *jobs->stop == 0;
}
