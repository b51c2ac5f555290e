/* SPDX-License-Identifier: MIT */
/* Completion time under loss (lab/curves.h): each library with itself, with
 * PSK and ECDHE, with 0 to 50 % loss both ways, and many handshakes, each with
 * another seed.
 *
 * All ends begin with 1 s and double it up to 60 s.  Ours keep a raised
 * timeout until a flight got through; the others do not.  So our pairs and
 * OpenSSL's are measured a second time, with the other kind of timer. */
#include "lab/curves.h"

#include "lab/jobs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANDSHAKES 400
#define LOSS_MAX 50
#define LOSS_STEP 10
#define DELAY 10

struct point {
    unsigned loss;
    unsigned connected;
    uint64_t p50;
    uint64_t p95;
};

struct curve {
    const struct lab_options *options;
    const struct lab_cell *cell;
    struct point points[LOSS_MAX / LOSS_STEP + 1];
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* A handshake that did not connect counts as longer than any other. */
static uint64_t percentile(const uint64_t *sorted, size_t percent)
{
    return sorted[(HANDSHAKES - 1) * percent / 100];
}

static void measure(struct curve *curve, struct point *point)
{
    const struct sim_conditions c = {.delay = DELAY, .loss = point->loss};
    static uint64_t took[HANDSHAKES];

    for (size_t i = 0; i < HANDSHAKES; i++) {
        static struct lab_result result;

        lab_play_handshake(&result, curve->cell, &c, curve->options->run.pki,
                           curve->options->run.seed + i);
        took[i] = result.connected_at != 0 ? result.connected_at : UINT64_MAX;
        point->connected += result.connected_at != 0;
        lab_result_free(&result);
    }
    qsort(took, HANDSHAKES, sizeof *took, by_value);
    point->p50 = percentile(took, 50);
    point->p95 = percentile(took, 95);
}

static void draw(void *self)
{
    struct curve *curve = self;

    for (unsigned i = 0; i <= LOSS_MAX / LOSS_STEP; i++) {
        curve->points[i].loss = i * LOSS_STEP;
        measure(curve, &curve->points[i]);
    }
}

/* Measures in a new process, as a cell is played; a pipe has the result. */
static pid_t begin(struct curve *curve, int *fd)
{
    int ends[2];
    pid_t pid;

    (void)fflush(NULL);
    if (pipe(ends) != 0 || (pid = fork()) < 0) {
        lab_bad_input("%s", strerror(errno));
    }
    if (pid == 0) {
        lab_in_kernel(curve->cell, draw, curve);
        if (write(ends[1], curve->points, sizeof curve->points) !=
            sizeof curve->points) {
            _exit(1);
        }
        exit(0);
    }
    (void)close(ends[1]);
    *fd = ends[0];
    return pid;
}

static void put_time(FILE *out, const char *name, uint64_t ms)
{
    if (ms != UINT64_MAX) { /* else it did not connect */
        (void)fprintf(out, ", \"%s\": %llu", name, (unsigned long long)ms);
    }
}

static const char *name_of(const struct lab_cell *cell)
{
    return cell->other_timeout ? cell->client->driver->other
                               : cell->client->name;
}

static void report(FILE *out, const struct curve *curve)
{
    const struct lab_cell *cell = curve->cell;

    for (unsigned i = 0; i <= LOSS_MAX / LOSS_STEP; i++) {
        const struct point *p = &curve->points[i];

        (void)printf("%-15s %04x %3u %%  %3u of %u", name_of(cell),
                     cell->suite->id, p->loss, p->connected, HANDSHAKES);
        if (p->p95 != UINT64_MAX) {
            (void)printf("  p50 %6llu ms  p95 %6llu ms",
                         (unsigned long long)p->p50,
                         (unsigned long long)p->p95);
        }
        (void)printf("\n");
        if (out == NULL) {
            continue;
        }
        (void)fprintf(out,
                      "{\"area\": \"loss\", \"id\": \"%s/%04x/%u\", "
                      "\"verdict\": \"%s\", \"library\": \"%s\", "
                      "\"kx\": \"%s\", \"loss\": %u, \"handshakes\": %u, "
                      "\"connected\": %u",
                      name_of(cell), cell->suite->id, p->loss,
                      p->connected == 0 ? "inconclusive" : "pass",
                      name_of(cell), lab_kx_name(cell->suite->kx), p->loss,
                      HANDSHAKES, p->connected);
        put_time(out, "p50_ms", p->p50);
        put_time(out, "p95_ms", p->p95);
        (void)fputs(", \"seconds\": 0}\n", out);
    }
}

static bool finish(struct curve *curve, pid_t pid, int fd)
{
    size_t len = 0;
    ssize_t got;
    int status = 0;

    while (len < sizeof curve->points &&
           (got = read(fd, (uint8_t *)curve->points + len,
                       sizeof curve->points - len)) > 0) {
        len += (size_t)got;
    }
    (void)close(fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return len == sizeof curve->points;
}

/* Chooses the first suite of the key exchange that both ends have. */
static const struct dtls_suite *choose(struct lab_cell *cell, const char *pki)
{
    static const uint16_t psk[] = {0xc0a8, 0xccab, 0xc037};
    static const uint16_t ecdhe[] = {0xc02b};
    bool is_psk = cell->auth == SUT_PSK;
    const uint16_t *suites = is_psk ? psk : ecdhe;
    size_t num =
        is_psk ? sizeof psk / sizeof *psk : sizeof ecdhe / sizeof *ecdhe;

    for (size_t i = 0; i < num; i++) {
        cell->suite = dtls_suite_find(suites[i]);
        assert(cell->suite != NULL);
        if (lab_cell_refused(cell, pki) == NULL) {
            return cell->suite;
        }
    }
    return NULL;
}

/* Measures one pair, if there is such a pair; false if its process died. */
static bool add(const struct lab_options *options, struct lab_cell *cell,
                FILE *json)
{
    struct curve curve = {.options = options, .cell = cell};
    int fd;
    pid_t pid;

    if (cell->client->driver == NULL ||
        (cell->other_timeout && cell->client->driver->other == NULL) ||
        choose(cell, options->run.pki) == NULL) {
        return true;
    }
    pid = begin(&curve, &fd);
    if (!finish(&curve, pid, fd)) {
        (void)printf("%s: its process died\n", name_of(cell));
        return false;
    }
    report(json, &curve);
    return true;
}

/* Measures one library with itself, with both key exchanges. */
static bool add_both(const struct lab_options *options,
                     const struct sut_entry *entry, bool other_timeout,
                     FILE *json)
{
    static const enum sut_auth auths[] = {SUT_PSK, SUT_SERVER_CERT};
    bool good = true;

    for (size_t i = 0; i < 2; i++) {
        struct lab_cell cell = {
            .client = entry,
            .server = entry,
            .auth = auths[i],
            .cookies = true,
            .scenario = lab_scenario_find("clean"),
            .variant = lab_variants,
            .other_timeout = other_timeout,
        };

        good &= add(options, &cell, json);
    }
    return good;
}

int lab_curves(const struct lab_options *options, const volatile int *stop)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    FILE *json = options->json == NULL ? NULL : fopen(options->json, "w");
    bool good = true;

    if (options->json != NULL && json == NULL) {
        lab_bad_input("--json %s: %s", options->json, strerror(errno));
    }
    for (size_t i = 0; i < 2 * num && *stop == 0; i++) {
        good &= add_both(options, &entries[i / 2], i % 2 != 0, json);
    }
    if (json != NULL) {
        (void)fclose(json);
    }
    return *stop != 0 ? 130 : good ? 0 : 1;
}
