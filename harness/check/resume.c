/* SPDX-License-Identifier: MIT */
/* Resuming a run (check/resume.h). */
#include "check/resume.h"

#include "check/check_options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID_MAX (CASE_ID_MAX + 64)     /* of a target and its case */
#define RESULTS_MAX ((size_t)1 << 30) /* bytes of a file of results */

/* ---- the run's name ---- */

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t sum, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++) {
        sum = (sum ^ at[i]) * 0x100000001b3u;
    }
    return sum;
}

static uint64_t hash_text(uint64_t sum, const char *text)
{
    return hash(sum, text, text == NULL ? 0 : strlen(text) + 1);
}

static uint64_t hash_program(uint64_t sum)
{
    FILE *in = fopen("/proc/self/exe", "r");
    uint8_t bytes[65536];
    size_t len;

    if (in == NULL) {
        check_bad_input("--json: the program cannot read itself");
    }
    while ((len = fread(bytes, 1, sizeof bytes, in)) != 0) {
        sum = hash(sum, bytes, len);
    }
    (void)fclose(in);
    return sum;
}

void resume_run_name(char out[RUN_NAME_MAX], const struct target *target,
                     uint64_t seed, struct dtls_bytes baseline)
{
    const uint64_t start = 0xcbf29ce484222325u;
    uint64_t claims = start;

    for (int key = 0; key < ICS_NUM_KEYS; key++) {
        claims = hash_text(claims, target->ics->values[key]);
    }
    claims = hash_text(claims, target->driver->library);
    claims = hash_text(claims, target->where);
    claims = hash_text(claims, target->pki);
    claims = hash(claims, baseline.data, baseline.len);
    (void)snprintf(out, RUN_NAME_MAX,
                   "seed %llu, claims %016llx, program "
                   "%016llx",
                   (unsigned long long)seed, (unsigned long long)claims,
                   (unsigned long long)hash_program(start));
}

/* ---- a line ---- */

static bool take(const char **at, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(*at, word, len) != 0) {
        return false;
    }
    *at += len;
    return true;
}

/* Takes a string as lab_put_json writes it; false: it is none, or too long. */
static bool take_string(const char **at, char *out, size_t size)
{
    size_t len = 0;

    if (!take(at, "\"")) {
        return false;
    }
    while (**at != '\0' && **at != '"' && len < size - 1) {
        char c = *(*at)++;

        if (c == '\\') {
            c = *(*at)++;
            if (c != 'n' && c != '"' && c != '\\') {
                return false;
            }
            c = c == 'n' ? '\n' : c;
        }
        out[len++] = c;
    }
    out[len] = '\0';
    return take(at, "\"");
}

static bool take_verdict(const char **at, enum verdict *out)
{
    char name[16];

    if (!take_string(at, name, sizeof name)) {
        return false;
    }
    for (int v = 0; v < NUM_VERDICTS; v++) {
        if (strcmp(name, verdict_name((enum verdict)v)) == 0) {
            *out = (enum verdict)v;
            return true;
        }
    }
    return false;
}

/* Reads the beginning of a line that results.c has written; false: it is
 * another one, or not whole. */
static bool take_line(const char *line, size_t len, char id[ID_MAX],
                      char run[RUN_NAME_MAX], struct case_result *out)
{
    struct case_result result = {.verdict = VERDICT_PASS};

    if (strlen(line) != len || len == 0 || line[len - 1] != '}' ||
        !take(&line, "{\"area\": \"check\", \"id\": ") ||
        !take_string(&line, id, ID_MAX) || !take(&line, ", \"run\": ") ||
        !take_string(&line, run, RUN_NAME_MAX) ||
        !take(&line, ", \"verdict\": ") ||
        !take_verdict(&line, &result.verdict) ||
        !take(&line, ", \"reason\": ") ||
        !take_string(&line, result.reason, sizeof result.reason)) {
        return false;
    }
    *out = result;
    return true;
}

/* ---- the file ---- */

struct reading {
    const char *path;
    const char *run;
    const struct target *target;
    const struct check_cases *cases;
    struct kept *kept;
    size_t next; /* a case's line mostly follows that of the case before */
};

/* Returns the case of this id, or the number of cases. */
static size_t find(struct reading *r, const char *id)
{
    size_t num = r->cases->num;

    for (size_t i = 0; i < num; i++) {
        size_t at = (r->next + i) % num;

        if (strcmp(r->cases->items[at].id, id) == 0) {
            r->next = at + 1;
            return at;
        }
    }
    return num;
}

/* The line has a 0 in place of its newline. */
static void keep(struct reading *r, unsigned number, const char *line,
                 size_t len)
{
    const char *name = r->target->name;
    char id[ID_MAX];
    char run[RUN_NAME_MAX];
    struct case_result result;
    const char *item = id;
    size_t at;

    if (!take_line(line, len, id, run, &result)) {
        check_bad_input("--resume: %s:%u: not a result that this program has "
                        "written",
                        r->path, number);
    }
    if (strcmp(run, r->run) != 0 || !take(&item, name) || !take(&item, "/")) {
        check_bad_input("--resume: %s:%u: of another run: %s (%s); this one "
                        "is %s (%s)",
                        r->path, number, id, run, name, r->run);
    }
    if (strncmp(item, "baseline/", 9) == 0 ||
        result.verdict == VERDICT_NOT_APPLICABLE ||
        result.verdict == VERDICT_INCONCLUSIVE) {
        return;
    }
    at = find(r, item);
    if (at == r->cases->num || r->kept[at].line != NULL) {
        check_bad_input("--resume: %s:%u: %s %s", r->path, number, item,
                        at == r->cases->num ? "is no case of this run"
                                            : "stands twice");
    }
    /* The baseline is asked again. */
    if (result.verdict == VERDICT_ACCEPTED) {
        result.verdict = VERDICT_FAIL;
    }
    r->kept[at] = (struct kept){strdup(line), result};
    assert(r->kept[at].line != NULL);
}

struct kept *resume_read(const char *path, const char *run,
                         const struct target *target,
                         const struct check_cases *cases)
{
    struct reading r = {path, run, target, cases, NULL, 0};
    struct dtls_span text;
    unsigned number = 0;
    char *start;
    char *end;

    r.kept = calloc(cases->num + 1, sizeof *r.kept);
    assert(r.kept != NULL);
    if (access(path, F_OK) != 0) {
        return r.kept;
    }
    text = check_read_file("--resume", path, RESULTS_MAX);
    start = (char *)text.data;
    while ((end = memchr(start, '\n',
                         text.len - (size_t)(start - (char *)text.data))) !=
           NULL) {
        *end = '\0';
        keep(&r, ++number, start, (size_t)(end - start));
        start = end + 1;
    }
    free(text.data);
    return r.kept;
}

void resume_free(struct kept *kept, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        free(kept[i].line);
    }
    free(kept);
}
