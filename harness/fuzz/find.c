/* SPDX-License-Identifier: MIT */
/* Finds (fuzz/find.h). */
#include "fuzz/find.h"

#include "check/evidence.h"
#include "fuzzers/kit/fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MAX 400         /* of one reduction, in virtual time */
#define TRIES_MAX_OUTSIDE 150 /* and in real time */
#define REPLAYS 3
#define SECONDS_EACH 10 /* for a list, beside those of the batch */
#define PATH_BYTES 1024

/* A find that becomes smaller. */
struct reduction {
    struct hunt *hunt;
    enum fault fault;
    struct trial trials[FIND_TRIALS_MAX];
    size_t num;
    unsigned tries_left;
    struct batch_result last; /* the last time that it happened */
};

static struct reduction reduction; /* large, like these */
static struct trial candidate[FIND_TRIALS_MAX];
static struct batch_result result;

bool find_replays(struct batch_result *out, struct hunt *hunt,
                  const struct trial *trials, size_t num)
{
    struct batch batch = hunt->batch;

    memset(out, 0, sizeof *out);
    if (!ward_starts(&hunt->ward, out->result.detail,
                     sizeof out->result.detail)) {
        return false;
    }
    batch.list = trials;
    batch.num = num;
    batch.known = NULL;
    batch.seconds = SECONDS_EACH + (unsigned)num;
    batch.stunt->dialogue = &hunt->patient;
    batch_plays(out, &batch);
    batch.stunt->dialogue = hunt->usual;
    ward_looks(&hunt->ward, out);
    return true;
}

/* ---- smaller and smaller ---- */

/* If the candidate shows the fault, it is the find from now on. */
static bool happens(struct reduction *r, size_t num)
{
    if (r->tries_left == 0 || num == 0) {
        return false;
    }
    r->tries_left--;
    if (!find_replays(&result, r->hunt, candidate, num) ||
        result.result.fault != r->fault) {
        return false;
    }
    r->num = result.played;
    memmove(r->trials, candidate, r->num * sizeof candidate[0]);
    r->last = result;
    return true;
}

/* The last trials, twice as many each time, until they show the fault. */
static bool find_suffix(struct reduction *r, const struct trial *trials,
                        size_t num)
{
    size_t len = 0;

    do {
        len = len == 0 ? 1 : 2 * len;
        len = len < num ? len : num;
        memcpy(candidate, &trials[num - len], len * sizeof *trials);
        if (happens(r, len)) {
            return true;
        }
    } while (len < num && r->tries_left != 0);
    return false;
}

/* Leaves trials out, as many at a time as `step`. */
static void leave_trials_out(struct reduction *r, size_t step)
{
    for (size_t at = 0; at + step <= r->num && r->num > step;) {
        memcpy(candidate, r->trials, at * sizeof candidate[0]);
        memcpy(&candidate[at], &r->trials[at + step],
               (r->num - at - step) * sizeof candidate[0]);
        if (!happens(r, r->num - step)) {
            at += step;
        }
    }
}

static void reduce_list(struct reduction *r)
{
    for (size_t step = r->num / 2; step != 0; step /= 2) {
        leave_trials_out(r, step);
    }
}

/* A candidate like the find; returns its trial to be changed. */
static struct trial *copy_all(const struct reduction *r, size_t trial)
{
    memcpy(candidate, r->trials, r->num * sizeof candidate[0]);
    return &candidate[trial];
}

static void leave_moves_out(struct reduction *r, size_t trial)
{
    for (size_t at = r->trials[trial].num; at-- > 0;) {
        struct trial *t;

        if (trial >= r->num || at >= r->trials[trial].num) {
            continue;
        }
        t = copy_all(r, trial);
        t->num--;
        memmove(&t->moves[at], &t->moves[at + 1],
                (t->num - at) * sizeof t->moves[0]);
        (void)happens(r, r->num);
    }
}

/* A move with fewer mutations, or none, and with fewer letters. */
static void reduce_move(struct reduction *r, size_t trial, size_t at)
{
    for (uint8_t rounds = 0; rounds < r->trials[trial].moves[at].rounds;
         rounds++) {
        copy_all(r, trial)->moves[at].rounds = rounds;
        if (happens(r, r->num)) {
            break;
        }
    }
    for (size_t i = r->trials[trial].moves[at].num; i-- > 0;) {
        struct move *m = &copy_all(r, trial)->moves[at];

        if (m->num > 1) {
            m->num--;
            memmove(&m->letters[i], &m->letters[i + 1], m->num - i);
            (void)happens(r, r->num);
        }
    }
}

static void reduce_moves(struct reduction *r)
{
    for (size_t trial = 0; trial < r->num; trial++) {
        leave_moves_out(r, trial);
        for (size_t at = 0; trial < r->num && at < r->trials[trial].num;
             at++) {
            reduce_move(r, trial, at);
        }
    }
}

/* ---- what is kept ---- */

static FILE *create(const char *folder, const char *name)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof path, "%.900s/%s", folder, name);
    return fopen(path, "w");
}

static bool close_all(FILE *out)
{
    const bool ok = ferror(out) == 0;

    return fclose(out) == 0 && ok;
}

static bool save_trials(const struct reduction *r, const char *folder)
{
    FILE *out = create(folder, "trials");

    if (out == NULL) {
        return false;
    }
    (void)fprintf(out, "# %s\n", r->last.result.detail);
    for (size_t i = 0; i < r->num; i++) {
        trial_write(out, &r->hunt->batch.stunt->ground->alphabet,
                    &r->trials[i]);
    }
    return close_all(out);
}

static bool save_text(const struct reduction *r, const char *folder,
                      unsigned replayed)
{
    FILE *out = create(folder, "report");

    if (out == NULL) {
        return false;
    }
    (void)fprintf(out,
                  "%s: %s\nreplayed %u times of %d\n%s --replay %s/trials\n",
                  fault_name(r->fault), r->last.result.detail, replayed,
                  REPLAYS, r->hunt->command, folder);
    if (r->last.said[0] != '\0') {
        (void)fprintf(out, "\nits process wrote:\n%s\n", r->last.said);
    }
    return close_all(out);
}

/* Reads a file of evidence from its begin; the caller frees it. */
static char *read_evidence(FILE *in)
{
    const long len = ftell(in);
    char *text = calloc(1, len < 0 ? 1 : (size_t)len + 1);
    size_t got;

    if (text != NULL && len > 0) {
        rewind(in);
        got = fread(text, 1, (size_t)len, in);
        text[got] = '\0';
    }
    return text;
}

/* Replays with evidence; returns how often the fault came. */
static unsigned replay(struct reduction *r, char **evidence)
{
    struct stunt *stunt = r->hunt->batch.stunt;
    unsigned replayed = 0;

    for (int i = 0; i < REPLAYS; i++) {
        stunt->evidence = batch_evidence();
        if (find_replays(&result, r->hunt, r->trials, r->num) &&
            result.result.fault == r->fault) {
            replayed++;
            r->last = result;
            free(*evidence);
            (void)fseek(stunt->evidence, 0, SEEK_END);
            *evidence = read_evidence(stunt->evidence);
        }
        (void)fclose(stunt->evidence);
        stunt->evidence = NULL;
    }
    return replayed;
}

/* A process that has died in silence is known by what is left. */
static void name_death(struct reduction *r)
{
    struct stunt_result *out = &r->last.result;
    const struct trial *t = &r->trials[r->num - 1];
    size_t at = t->num;
    char name[STUNT_PLACE_MAX];

    while (at > 0 && t->moves[at - 1].rounds == 0) {
        at--;
    }
    if (out->fault != FAULT_DIES || r->last.has_summary || at == 0) {
        return;
    }
    stunt_names(r->hunt->batch.stunt, &t->moves[at - 1], name);
    (void)snprintf(out->kind, sizeof out->kind, "%s: %s", r->last.death, name);
    (void)snprintf(out->detail, sizeof out->detail, "%s after a mutated %s",
                   r->last.death, name);
}

static bool save(struct reduction *r, unsigned replayed, const char *evidence)
{
    const char *kind = r->last.result.kind;
    char folder[PATH_BYTES];

    (void)snprintf(
        folder, sizeof folder, "%.900s/%s-%08" PRIx32, r->hunt->folder,
        fault_name(r->fault),
        (uint32_t)fuzz_digest(FUZZ_DIGEST, dtls_bytes_of(kind, strlen(kind))));
    if (!evidence_save(folder, evidence == NULL ? "" : evidence) ||
        !save_trials(r, folder) || !save_text(r, folder, replayed)) {
        return false;
    }
    r->hunt->num++;
    (void)fprintf(r->hunt->notes,
                  "FOUND %s: %s\n  %zu trial%s, replayed %u times of %d: %s\n",
                  fault_name(r->fault), r->last.result.detail, r->num,
                  r->num == 1 ? "" : "s", replayed, REPLAYS, folder);
    return true;
}

/* Growth needs its time; a target that nothing restarts stays as it is. */
static bool can_reduce(const struct reduction *r)
{
    return r->fault != FAULT_GROWS &&
           (!r->hunt->needs_ward || ward_can_restart(&r->hunt->ward));
}

/* Over a network an answer may come late, or get lost. */
static bool is_fleeting(const struct reduction *r)
{
    return r->hunt->patient.driver->real_time &&
           (r->fault == FAULT_ANSWER || r->fault == FAULT_AMPLIFIES);
}

bool find_takes(struct hunt *hunt, const struct batch_result *seen,
                const struct trial *trials, size_t num)
{
    struct reduction *r = &reduction;
    const bool real = hunt->batch.stunt->dialogue->driver->real_time;
    char *evidence = NULL;
    unsigned replayed = 0;
    bool ok = true;

    r->hunt = hunt;
    r->fault = seen->result.fault;
    r->tries_left = real ? TRIES_MAX_OUTSIDE : TRIES_MAX;
    r->last = *seen;
    r->num = num;
    memcpy(r->trials, trials, num * sizeof *trials);
    if (can_reduce(r) && find_suffix(r, trials, num)) {
        reduce_list(r);
        reduce_moves(r);
        replayed = replay(r, &evidence);
        name_death(r);
    }
    if (replayed == 0 && is_fleeting(r)) {
        hunt->lost++;
        (void)fprintf(hunt->notes, "NOT REPEATED %s: %s\n",
                      fault_name(r->fault), r->last.result.detail);
    } else if (*hunt->batch.stop == 0 &&
               !known_has(hunt->known, &r->last.result)) {
        ok = save(r, replayed, evidence);
    }
    known_add(hunt->known, &seen->result);
    known_add(hunt->known, &r->last.result);
    free(evidence);
    return ok;
}
