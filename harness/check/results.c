/* SPDX-License-Identifier: MIT */
/* Results (check/results.h). */
#include "check/results.h"

#include "check/evidence.h"
#include "lab/report.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER_MAX 4000 /* bytes of the name of a folder of evidence */

/* ---- clauses ---- */

static struct clause *clause_of(struct results *r, const char *name)
{
    for (size_t i = 0; i < r->num_clauses; i++) {
        if (strcmp(r->clauses[i].name, name) == 0) {
            return &r->clauses[i];
        }
    }
    r->clauses =
        realloc(r->clauses, (r->num_clauses + 1) * sizeof *r->clauses);
    assert(r->clauses != NULL);
    r->clauses[r->num_clauses] = (struct clause){0};
    (void)snprintf(r->clauses[r->num_clauses].name, sizeof r->clauses->name,
                   "%.*s", CLAUSE_MAX - 1, name);
    return &r->clauses[r->num_clauses++];
}

/* Takes the next row off `rows` and writes its clause: D6347-4.1.2.6-3 is of
 * RFC 6347, 4.1.2.6.  Returns false at the end. */
static bool next_clause(const char **rows, char out[CLAUSE_MAX])
{
    char rfc[8];
    char section[24];
    int used = 0;

    *rows += strspn(*rows, " ");
    if (sscanf(*rows, "D%7[0-9]-%23[^-]-%*s%n", rfc, section, &used) != 2) {
        return false;
    }
    *rows += used;
    (void)snprintf(out, CLAUSE_MAX, "RFC %s, %s", rfc, section);
    return true;
}

static void count(struct results *r, const struct check_case *item,
                  enum verdict verdict)
{
    const char *rows = item->check->rows;
    char seen[8][CLAUSE_MAX];
    size_t num = 0;

    r->counts[verdict]++;
    while (num < 8 && next_clause(&rows, seen[num])) {
        bool is_new = true;

        for (size_t i = 0; i < num; i++) {
            is_new = is_new && strcmp(seen[i], seen[num]) != 0;
        }
        if (is_new) {
            clause_of(r, seen[num])->counts[verdict]++;
        }
        num++;
    }
}

static int compare(const void *a, const void *b)
{
    return strverscmp(((const struct clause *)a)->name,
                      ((const struct clause *)b)->name);
}

/* ---- JSON ---- */

static void put_field(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, ", \"%s\": ", name);
    lab_put_json(out, text);
}

static void put_item(FILE *out, const char *text, int len, bool is_first)
{
    char one[512];

    (void)snprintf(one, sizeof one, "%.*s", len, text);
    (void)fputs(is_first ? "" : ", ", out);
    lab_put_json(out, one);
}

static void put_words(FILE *out, const char *text)
{
    bool is_first = true;

    (void)putc('[', out);
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");

        put_item(out, text, (int)len, is_first);
        is_first = false;
        text += len;
    }
    (void)putc(']', out);
}

static void put_wire(FILE *out, const char *evidence)
{
    bool is_first = true;
    const char *line;
    int len;

    (void)putc('[', out);
    while ((len = evidence_next(&evidence, &line)) >= 0) {
        put_item(out, line, len, is_first);
        is_first = false;
    }
    (void)putc(']', out);
}

static void replay_of(const struct results *r, const struct check_case *item,
                      const struct case_result *result, char *out, size_t size)
{
    char which[CASE_ID_MAX + 32];

    case_replay(which, sizeof which, item, result);
    (void)snprintf(out, size, "nxdtls check %s --seed %llu --verbose%s %s",
                   r->replay, (unsigned long long)r->seed,
                   item->check->is_slow ? " --slow" : "", which);
}

static void put_settings(FILE *out, const struct results *r,
                         const struct check_case *item)
{
    char value[32];

    (void)fprintf(out, ", \"settings\": {\"role\": \"%s\"",
                  item->role == SUT_CLIENT ? "client" : "server");
    put_field(out, "library", r->target->driver->library);
    if (item->suite != NULL) {
        put_field(out, "suite", item->suite->name);
    }
    for (int i = 0; i < NUM_PARAMETERS; i++) {
        enum parameter p = (enum parameter)i;

        if (p != WITH_suite &&
            combination_value(value, sizeof value, &item->with, p)) {
            put_field(out, combination_name(p), value);
        }
    }
    (void)putc('}', out);
}

static void expected_of(const struct check_case *item, char *out, size_t size)
{
    (void)snprintf(out, size, "%s%s%s", item->check->strict,
                   item->check->tolerated == NULL ? "" : "; tolerated: ",
                   item->check->tolerated == NULL ? ""
                                                  : item->check->tolerated);
}

/* `folder` has the evidence; NULL: none has. */
static void put_json(FILE *out, const struct results *r,
                     const struct check_case *item,
                     const struct case_result *result,
                     const struct baseline_entry *accepted,
                     const char *evidence, const char *folder)
{
    char text[FOLDER_MAX + 32];

    (void)fputs("{\"area\": \"check\"", out);
    (void)snprintf(text, sizeof text, "%s/%s", r->target->name, item->id);
    /* resume.c reads so far. */
    put_field(out, "id", text);
    put_field(out, "run", r->run);
    put_field(out, "verdict", verdict_name(result->verdict));
    put_field(out, "reason", result->reason);
    put_field(out, "group", item->check->id);
    put_field(out, "column", r->target->name);
    put_field(out, "title", item->purpose->purpose);
    if (accepted != NULL) {
        put_field(out, "accepted", accepted->reason);
    }
    expected_of(item, text, sizeof text);
    put_field(out, "expected", text);
    put_field(out, "observed", result->seen);
    (void)fputs(", \"requirements\": ", out);
    put_words(out, item->check->rows);
    replay_of(r, item, result, text, sizeof text);
    put_field(out, "replay", text);
    if (folder != NULL) {
        put_field(out, "evidence", folder);
        (void)snprintf(text, sizeof text, "%s/capture.pcapng", folder);
        put_field(out, "capture", text);
    }
    put_settings(out, r, item);
    (void)fputs(", \"details\": {\"wire\": ", out);
    put_wire(out, evidence);
    (void)fprintf(out, "}, \"seconds\": %.3f}\n", result->seconds);
    (void)fflush(out); /* an interrupted run leaves its results */
}

/* ---- lines ---- */

static void print_fail(const struct results *r, const struct check_case *item,
                       const struct case_result *result)
{
    char text[4096];

    (void)printf("    rows      %s\n    purpose   %s\n", item->check->rows,
                 item->purpose->purpose);
    expected_of(item, text, sizeof text);
    (void)printf("    expected  %s\n", text);
    replay_of(r, item, result, text, sizeof text);
    (void)printf("    replay    %s\n", text);
}

static void print_evidence(const char *evidence)
{
    const char *line;
    int len;

    while ((len = evidence_next(&evidence, &line)) >= 0) {
        (void)printf("    %.*s\n", len, line);
    }
}

static void print(const struct results *r, const struct check_case *item,
                  const struct case_result *result,
                  const struct baseline_entry *accepted, const char *evidence)
{
    bool is_news = result->verdict != VERDICT_NOT_APPLICABLE &&
                   result->reason[0] != '\0' && !result->is_unplayed;

    if (is_news || r->verbose) {
        (void)printf("%s%-14s %s%s%s\n", r->live ? "\r\033[K" : "",
                     verdict_name(result->verdict), item->id,
                     result->reason[0] == '\0' ? "" : ": ", result->reason);
    }
    if (accepted != NULL) {
        (void)printf("    accepted  %s (%s)\n", accepted->reason,
                     accepted->clause);
    }
    if (result->verdict == VERDICT_FAIL) {
        print_fail(r, item, result);
    }
    if (r->verbose) {
        print_evidence(evidence);
    }
    if (r->live) {
        (void)printf("\r%zu/%zu, %u failed", r->done, r->total,
                     r->counts[VERDICT_FAIL]);
        (void)fflush(stdout);
    }
}

/* NULL: no fail, or one that the baseline does not name. */
static const struct baseline_entry *judge(struct results *r,
                                          const struct check_case *item,
                                          enum verdict verdict)
{
    if (r->baseline == NULL || verdict == VERDICT_INCONCLUSIVE ||
        verdict == VERDICT_NOT_APPLICABLE) {
        return NULL;
    }
    return baseline_judge(r->baseline, item->check->id, item->id,
                          verdict == VERDICT_FAIL);
}

/* Names the folder of a case: a file name has room for 255 bytes. */
static void name_folder(char out[FOLDER_MAX], const char *parent,
                        const char *id)
{
    uint32_t sum = 0x811c9dc5;
    char name[201];

    for (const char *at = id; *at != '\0'; at++) {
        sum = (sum ^ (uint8_t)*at) * 0x01000193;
    }
    (void)snprintf(name, sizeof name, "%s", id);
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '/' ? '.' : *at;
    }
    if (strlen(id) < sizeof name) {
        (void)snprintf(out, FOLDER_MAX, "%s/%s", parent, name);
    } else {
        (void)snprintf(out, FOLDER_MAX, "%s/%s-%08x", parent, name,
                       (unsigned)sum);
    }
}

static bool save_in(const char *folder, const char *evidence)
{
    if (!evidence_save(folder, evidence)) {
        (void)fprintf(stderr, "nxdtls check: --evidence %s: %s\n", folder,
                      strerror(errno));
        return false;
    }
    (void)printf("    evidence  %s\n", folder);
    return true;
}

void results_save_greeting(const struct results *r, const char *evidence)
{
    char folder[FOLDER_MAX];

    if (r->evidence != NULL) {
        name_folder(folder, r->evidence, "greeting");
        (void)save_in(folder, evidence);
    }
}

/* Saves the evidence of what went wrong; returns whether it did. */
static bool save(const struct results *r, const struct check_case *item,
                 const struct case_result *result,
                 const struct baseline_entry *accepted, const char *evidence,
                 char folder[FOLDER_MAX])
{
    char path[FOLDER_MAX + 32];
    FILE *out;
    bool is_wanted = result->verdict == VERDICT_FAIL ||
                     result->verdict == VERDICT_ACCEPTED ||
                     result->verdict == VERDICT_INCONCLUSIVE;

    if (r->evidence == NULL || !is_wanted || *evidence == '\0') {
        return false;
    }
    name_folder(folder, r->evidence, item->id);
    (void)snprintf(path, sizeof path, "%s/result.json", folder);
    if (!save_in(folder, evidence)) {
        return false;
    }
    out = fopen(path, "w");
    if (out == NULL) {
        (void)fprintf(stderr, "nxdtls check: --evidence %s: %s\n", path,
                      strerror(errno));
        return false;
    }
    put_json(out, r, item, result, accepted, evidence, folder);
    (void)fclose(out);
    return true;
}

/* `line` is the result's line of JSON; NULL: it has none yet. */
static void tell(struct results *r, const struct check_case *item,
                 const struct case_result *result, const char *evidence,
                 const char *line)
{
    struct case_result told = *result;
    const struct baseline_entry *accepted = judge(r, item, result->verdict);
    char folder[FOLDER_MAX];
    bool is_saved;

    if (accepted != NULL) {
        told.verdict = VERDICT_ACCEPTED;
    }
    r->done++;
    count(r, item, told.verdict);
    print(r, item, &told, accepted, evidence);
    is_saved = save(r, item, &told, accepted, evidence, folder);
    if (r->json != NULL && line != NULL) {
        (void)fprintf(r->json, "%s\n", line);
    } else if (r->json != NULL) {
        put_json(r->json, r, item, &told, accepted, evidence,
                 is_saved ? folder : NULL);
    }
}

void results_add(struct results *r, const struct check_case *item,
                 const struct case_result *result, const char *evidence)
{
    tell(r, item, result, evidence, NULL);
}

void results_keep(struct results *r, const struct check_case *item,
                  const struct case_result *result, const char *line)
{
    tell(r, item, result, "", line);
}

/* ---- the end ---- */

static void tell_stale(struct results *r, const struct baseline_entry *entry)
{
    char text[512];

    (void)snprintf(text, sizeof text,
                   "%.200s %.100s no longer fails: take it out of the "
                   "baseline",
                   entry->check, entry->parameters);
    (void)printf("%-14s %s:%u: %s\n", verdict_name(VERDICT_FAIL),
                 r->baseline_path, entry->line, text);
    if (r->json != NULL) {
        (void)fprintf(r->json,
                      "{\"area\": \"check\", \"id\": \"%s/baseline/%u\"",
                      r->target->name, entry->line);
        put_field(r->json, "run", r->run);
        put_field(r->json, "verdict", verdict_name(VERDICT_FAIL));
        put_field(r->json, "reason", text);
        put_field(r->json, "group", "baseline");
        put_field(r->json, "column", r->target->name);
        (void)fputs(", \"seconds\": 0}\n", r->json);
    }
}

static void tell_all_stale(struct results *r)
{
    for (size_t i = 0; r->baseline != NULL && i < r->baseline->num; i++) {
        if (baseline_is_stale(&r->baseline->entries[i])) {
            r->stale++;
            tell_stale(r, &r->baseline->entries[i]);
        }
    }
}

/* The width of a verdict's column. */
static int column_of(int verdict)
{
    int len = (int)strlen(verdict_name((enum verdict)verdict));

    return len < 6 ? 6 : len;
}

static void print_table(struct results *r)
{
    if (r->num_clauses == 0) {
        return;
    }
    qsort(r->clauses, r->num_clauses, sizeof *r->clauses, compare);
    (void)printf("%-24s", "clause");
    for (int v = 0; v < NUM_VERDICTS; v++) {
        (void)printf(" %*s", column_of(v), verdict_name((enum verdict)v));
    }
    (void)putchar('\n');
    for (size_t i = 0; i < r->num_clauses; i++) {
        const struct clause *c = &r->clauses[i];

        (void)printf("%-24s", c->name);
        for (int v = 0; v < NUM_VERDICTS; v++) {
            (void)printf(" %*u", column_of(v), c->counts[v]);
        }
        (void)putchar('\n');
    }
}

void results_finish(struct results *r, double seconds)
{
    (void)printf("%s", r->live ? "\r\033[K" : "");
    tell_all_stale(r);
    print_table(r);
    (void)printf("\n%s: ", r->target->name);
    for (int v = 0; v < NUM_VERDICTS; v++) {
        (void)printf("%u %s, ", r->counts[v], verdict_name((enum verdict)v));
    }
    if (r->stale != 0) {
        (void)printf("%u of the baseline no longer fail, ", r->stale);
    }
    (void)printf("seed %llu, %.1f s\n", (unsigned long long)r->seed, seconds);
}

int results_status(const struct results *r)
{
    if (r->counts[VERDICT_FAIL] != 0 || r->stale != 0) {
        return 1;
    }
    return r->counts[VERDICT_INCONCLUSIVE] != 0 ||
                   r->counts[VERDICT_PASS] + r->counts[VERDICT_WARNING] == 0
               ? 3
               : 0;
}

void results_free(struct results *r)
{
    free(r->clauses);
    if (r->json != NULL) {
        (void)fclose(r->json);
    }
}
