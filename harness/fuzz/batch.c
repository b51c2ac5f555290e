/* SPDX-License-Identifier: MIT */
/* Trials in a process of their own (fuzz/batch.h). */
#include "fuzz/batch.h"

#include "lab/children.h"
#include "sut/virtual_clock.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HANG "it took more than"

bool known_has(const struct known *k, const struct stunt_result *result)
{
    for (size_t i = 0; i < k->num; i++) {
        if (k->items[i].fault == result->fault &&
            strcmp(k->items[i].kind, result->kind) == 0) {
            return true;
        }
    }
    return false;
}

void known_add(struct known *k, const struct stunt_result *result)
{
    if (k->num < KNOWN_MAX && !known_has(k, result)) {
        k->items[k->num].fault = result->fault;
        (void)snprintf(k->items[k->num++].kind, STUNT_DETAIL_MAX, "%s",
                       result->kind);
    }
}

FILE *batch_evidence(void)
{
    FILE *out = tmpfile();

    assert(out != NULL);
    (void)setvbuf(out, NULL, _IOLBF, 0);
    return out;
}

/* What both processes see. */
struct shared {
    struct batch_result result;
};

struct running {
    const struct batch *batch;
    struct shared *shared;
    int said; /* a file in memory */
};

/* ---- in the process of the batch ---- */

static void play_one(const struct running *r, uint64_t i)
{
    const struct batch *b = r->batch;
    struct batch_result *out = &r->shared->result;
    struct trial trial;

    if (b->list == NULL) {
        trial_draw(&trial, b->stunt->ground, b->seed, b->first + i);
    }
    stunt_plays(b->stunt, b->list == NULL ? &trial : &b->list[i],
                &out->result);
    out->datagrams = b->stunt->num_datagrams;
    if (out->result.fault != FAULT_NONE && b->known != NULL &&
        known_has(b->known, &out->result)) {
        out->result.fault = FAULT_NONE;
        out->known++;
    }
}

static void greet(const struct running *r)
{
    struct stunt_result *out = &r->shared->result.result;
    char heard[VOICE_HEARD_MAX];

    (void)snprintf(r->shared->result.place, sizeof r->shared->result.place,
                   "an honest handshake");
    if (!stunt_greets(r->batch->stunt, r->batch->handshake, heard)) {
        out->fault = FAULT_SILENT;
        (void)snprintf(out->detail, sizeof out->detail,
                       "an honest handshake ends with %s", heard);
        (void)snprintf(out->kind, sizeof out->kind, "an honest handshake");
    }
}

static void play_all(void *self)
{
    const struct running *r = self;
    const struct batch *b = r->batch;
    struct batch_result *out = &r->shared->result;

    b->stunt->place = r->shared->result.place;
    b->stunt->num_datagrams = 0;
    for (uint64_t i = 0; i < b->num && out->result.fault == FAULT_NONE; i++) {
        out->played = i + 1;
        play_one(r, i);
    }
    if (out->result.fault == FAULT_NONE) {
        greet(r);
    }
}

static void work(void *self, size_t piece, FILE *out)
{
    const struct running *r = self;
    const struct sut_driver *driver = r->batch->stunt->dialogue->driver;

    (void)piece;
    (void)out;
    (void)dup2(r->said, STDERR_FILENO);
    sut_seed(r->batch->seed);
    if (driver->in_kernel != NULL) {
        driver->in_kernel(play_all, self);
    } else {
        play_all(self);
    }
}

/* ---- in ours ---- */

/* The line of a sanitizer or of assert that names the place; "": none. */
static void find_summary(char *out, size_t size, const char *said)
{
    static const char *const marks[] = {
        "SUMMARY: ", "runtime error: ", "Assertion "};
    const char *at = NULL;

    for (size_t i = 0; i < sizeof marks / sizeof *marks && at == NULL; i++) {
        at = strstr(said, marks[i]);
    }
    (void)snprintf(out, size, "%.*s", at == NULL ? 0 : (int)strcspn(at, "\n"),
                   at == NULL ? "" : at);
}

void batch_note_death(struct batch_result *result, const char *death)
{
    struct stunt_result *out = &result->result;
    char summary[200];

    find_summary(summary, sizeof summary, result->said);
    result->has_summary = summary[0] != '\0';
    (void)snprintf(result->death, sizeof result->death, "%s", death);
    out->fault =
        strncmp(death, HANG, strlen(HANG)) == 0 ? FAULT_HANGS : FAULT_DIES;
    (void)snprintf(out->detail, sizeof out->detail, "%s at %s%s%.190s", death,
                   result->place, summary[0] == '\0' ? "" : ": ", summary);
    (void)snprintf(out->kind, sizeof out->kind, "%s: %s", death,
                   summary[0] == '\0' ? result->place : summary);
}

static void done(void *self, size_t piece, const char *said, size_t len,
                 const char *death)
{
    const struct running *r = self;
    struct batch_result *result = &r->shared->result;
    const ssize_t got =
        pread(r->said, result->said, sizeof result->said - 1, 0);

    (void)piece;
    (void)said;
    (void)len;
    result->said[got > 0 ? got : 0] = '\0';
    if (death != NULL) {
        batch_note_death(result, death);
    }
}

void batch_plays(struct batch_result *out, const struct batch *batch)
{
    struct running r = {batch, NULL, memfd_create("said", MFD_CLOEXEC)};
    const struct children children = {.num = 1,
                                      .jobs = 1,
                                      .seconds = batch->seconds,
                                      .self = &r,
                                      .work = work,
                                      .done = done,
                                      .stop = batch->stop};

    r.shared = mmap(NULL, sizeof *r.shared, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(r.shared != MAP_FAILED && r.said >= 0);
    r.shared->result.stopped = !children_run(&children);
    *out = r.shared->result;
    (void)munmap(r.shared, sizeof *r.shared);
    (void)close(r.said);
}
