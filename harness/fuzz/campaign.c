/* SPDX-License-Identifier: MIT */
/* A run of nxdtls fuzz (fuzz/campaign.h).
 *
 * Its folder has the file `progress`, of a few lines, written anew behind each
 * batch; `known`, a line for each kind of fault that was found; and a folder
 * for each find. */
#include "fuzz/campaign.h"

#include "sut/sut_socket.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 1024
#define LINE_BYTES 1200
#define BATCH_HERE 256   /* trials, in virtual time */
#define BATCH_OUTSIDE 16 /* and in real time */

__attribute__((format(printf, 2, 3))) static bool stop(struct campaign *c,
                                                       const char *format, ...)
{
    va_list more;

    va_start(more, format);
    (void)vsnprintf(c->problem, sizeof c->problem, format, more);
    va_end(more);
    return false;
}

static double now(void)
{
    return (double)sut_real_now() / 1000;
}

static void path_of(const struct campaign *c, char out[PATH_BYTES],
                    const char *name)
{
    (void)snprintf(out, PATH_BYTES, "%.900s/%s", c->folder, name);
}

static bool cannot_write(struct campaign *c, const char *name)
{
    return stop(c, "--folder %.150s: %s: %s", c->folder, name,
                strerror(errno));
}

/* ---- what stays ---- */

/* `progress` is whole or the old one. */
static bool save_progress(struct campaign *c)
{
    char path[PATH_BYTES];
    char new[PATH_BYTES];
    FILE *out;
    bool ok;

    path_of(c, path, "progress");
    path_of(c, new, "progress.new");
    out = fopen(new, "w");
    if (out == NULL) {
        return cannot_write(c, "progress");
    }
    (void)fprintf(out, "%s\nnext %" PRIu64 "\nspent %.1f\n", c->target,
                  c->next, c->spent);
    ok = ferror(out) == 0;
    ok = fclose(out) == 0 && ok;
    return (ok && rename(new, path) == 0) || cannot_write(c, "progress");
}

static bool read_progress(struct campaign *c)
{
    char path[PATH_BYTES];
    char target[LINE_BYTES];
    FILE *in;
    bool ok = true;

    path_of(c, path, "progress");
    in = fopen(path, "r");
    if (in == NULL) {
        return errno == ENOENT || cannot_write(c, "progress");
    }
    if (fgets(target, sizeof target, in) == NULL ||
        fscanf(in, "next %" SCNu64 "\nspent %lf\n", &c->next, &c->spent) !=
            2) {
        ok = stop(c,
                  "--folder %.150s: progress is not readable; --anew "
                  "begins anew",
                  c->folder);
    } else if (strncmp(target, c->target, strcspn(target, "\n")) != 0) {
        ok = stop(c, "--folder %.150s: it belongs to another target or seed",
                  c->folder);
    }
    (void)fclose(in);
    return ok;
}

static bool save_known(struct campaign *c, size_t from)
{
    char path[PATH_BYTES];
    FILE *out;

    path_of(c, path, "known");
    out = fopen(path, "a");
    if (out == NULL) {
        return cannot_write(c, "known");
    }
    for (size_t i = from; i < c->known.num; i++) {
        (void)fprintf(out, "%s\t%s\n", fault_name(c->known.items[i].fault),
                      c->known.items[i].kind);
    }
    return fclose(out) == 0 || cannot_write(c, "known");
}

static void read_known(struct campaign *c)
{
    char path[PATH_BYTES];
    char line[LINE_BYTES];
    FILE *in;

    path_of(c, path, "known");
    in = fopen(path, "r");
    while (in != NULL && fgets(line, sizeof line, in) != NULL) {
        char *tab = strchr(line, '\t');
        struct stunt_result known = {.fault = FAULT_NONE};

        if (tab == NULL) {
            continue;
        }
        *tab++ = '\0';
        tab[strcspn(tab, "\n")] = '\0';
        for (int f = FAULT_NONE + 1; f < NUM_FAULTS; f++) {
            if (strcmp(fault_name((enum fault)f), line) == 0) {
                known.fault = (enum fault)f;
            }
        }
        (void)snprintf(known.kind, sizeof known.kind, "%.*s",
                       (int)sizeof known.kind - 1, tab);
        known_add(&c->known, &known);
    }
    if (in != NULL) {
        (void)fclose(in);
    }
}

bool campaign_opens(struct campaign *c, bool anew)
{
    if (mkdir(c->folder, 0777) != 0 && errno != EEXIST) {
        return stop(c, "--folder %.150s: %s", c->folder, strerror(errno));
    }
    c->hunt.known = &c->known;
    c->hunt.folder = c->folder;
    read_known(c);
    return (anew || read_progress(c)) && save_progress(c);
}

/* ---- running ---- */

static struct batch_result result;           /* large, like this: */
static struct trial trials[FIND_TRIALS_MAX]; /* of a batch with a fault */

static bool take_find(struct campaign *c)
{
    const struct batch *b = &c->hunt.batch;
    const size_t from = c->known.num;

    (void)fprintf(c->hunt.notes, "SEEN %s: %s\n",
                  fault_name(result.result.fault), result.result.detail);
    for (uint64_t i = 0; i < result.played; i++) {
        trial_draw(&trials[i], b->stunt->ground, b->seed, b->first + i);
    }
    if (!find_takes(&c->hunt, &result, trials, result.played)) {
        return cannot_write(c, "a find");
    }
    return save_known(c, from);
}

/* Behind a find, a target that outlives it has to live again. */
static bool bring_back(struct campaign *c)
{
    char heard[VOICE_HEARD_MAX];
    const struct batch *b = &c->hunt.batch;

    if (!c->hunt.needs_ward) {
        return true;
    }
    if (!ward_starts(&c->hunt.ward, c->problem, sizeof c->problem)) {
        return false;
    }
    c->is_gone = !stunt_greets(b->stunt, b->handshake, heard);
    return true;
}

static bool run_batch(struct campaign *c)
{
    struct batch *b = &c->hunt.batch;
    const uint64_t left = c->most - c->trials;
    const uint64_t most =
        b->stunt->dialogue->driver->real_time ? BATCH_OUTSIDE : BATCH_HERE;
    const double began = now();
    double seconds;
    bool ok = true;

    b->first = c->next;
    b->num = left < most ? left : most;
    batch_plays(&result, b);
    if (result.stopped) {
        return true;
    }
    ward_looks(&c->hunt.ward, &result);
    seconds = now() - began;
    if (result.result.fault != FAULT_NONE) {
        ok = take_find(c) && bring_back(c);
    }
    c->fuzzed += seconds;
    c->spent += seconds;
    c->next += result.played;
    c->trials += result.played;
    c->datagrams += result.datagrams;
    return ok && save_progress(c);
}

bool campaign_runs(struct campaign *c)
{
    c->hunt.batch.known = &c->known;
    while (c->spent < c->seconds && c->trials < c->most &&
           *c->hunt.batch.stop == 0 && !c->is_gone) {
        if (!run_batch(c)) {
            return false;
        }
    }
    if (*c->hunt.batch.stop != 0) {
        return true;
    }
    c->spent = 0; /* the next run is a whole one, of other trials */
    return save_progress(c);
}
