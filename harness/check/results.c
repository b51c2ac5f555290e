/* SPDX-License-Identifier: MIT */
/* Results (check/results.h). */
#include "check/results.h"

#include "lab/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

static void put_list(FILE *out, const char *text, char between)
{
    const char *comma = "";
    char one[512];

    (void)putc('[', out);
    while (*text != '\0') {
        size_t len = strcspn(text, (char[]){between, '\0'});

        if (len != 0) {
            (void)snprintf(one, sizeof one, "%.*s", (int)len, text);
            (void)fputs(comma, out);
            lab_put_json(out, one);
            comma = ", ";
        }
        text += len + (text[len] == between);
    }
    (void)putc(']', out);
}

static void replay_of(const struct results *r, const struct check_case *item,
                      char *out, size_t size)
{
    (void)snprintf(out, size,
                   "nxdtls check %s --seed %llu --verbose --only "
                   "'%s'",
                   r->replay, (unsigned long long)r->seed, item->id);
}

static void expected_of(const struct check_case *item, char *out, size_t size)
{
    (void)snprintf(out, size, "%s%s%s", item->check->strict,
                   item->check->tolerated == NULL ? "" : "; tolerated: ",
                   item->check->tolerated == NULL ? ""
                                                  : item->check->tolerated);
}

static void put_json(const struct results *r, const struct check_case *item,
                     const struct case_result *result, const char *evidence)
{
    char text[1024];
    FILE *out = r->json;

    (void)fputs("{\"area\": \"check\"", out);
    (void)snprintf(text, sizeof text, "%s/%s", r->target->name, item->id);
    put_field(out, "id", text);
    put_field(out, "group", item->check->id);
    put_field(out, "column", r->target->name);
    put_field(out, "title", item->purpose->purpose);
    put_field(out, "verdict", verdict_name(result->verdict));
    put_field(out, "reason", result->reason);
    expected_of(item, text, sizeof text);
    put_field(out, "expected", text);
    put_field(out, "observed", result->seen);
    (void)fputs(", \"requirements\": ", out);
    put_list(out, item->check->rows, ' ');
    replay_of(r, item, text, sizeof text);
    put_field(out, "replay", text);
    (void)fprintf(out, ", \"settings\": {\"role\": \"%s\"",
                  item->role == SUT_CLIENT ? "client" : "server");
    if (item->suite != NULL) {
        put_field(out, "suite", item->suite->name);
    }
    (void)fputs("}, \"details\": {\"wire\": ", out);
    put_list(out, evidence, '\n');
    (void)fprintf(out, "}, \"seconds\": %.3f}\n", result->seconds);
    (void)fflush(out); /* an interrupted run leaves its results */
}

/* ---- lines ---- */

static void print_fail(const struct results *r, const struct check_case *item)
{
    char text[1024];

    (void)printf("    rows      %s\n    purpose   %s\n", item->check->rows,
                 item->purpose->purpose);
    expected_of(item, text, sizeof text);
    (void)printf("    expected  %s\n", text);
    replay_of(r, item, text, sizeof text);
    (void)printf("    replay    %s\n", text);
}

static void print_evidence(const char *evidence)
{
    while (*evidence != '\0') {
        size_t len = strcspn(evidence, "\n");

        (void)printf("    %.*s\n", (int)len, evidence);
        evidence += len + (evidence[len] == '\n');
    }
}

static void print(const struct results *r, const struct check_case *item,
                  const struct case_result *result, const char *evidence)
{
    bool is_news = result->verdict != VERDICT_PASS &&
                   result->verdict != VERDICT_NOT_APPLICABLE;

    if (is_news || r->verbose) {
        (void)printf("%s%-14s %s%s%s\n", r->live ? "\r\033[K" : "",
                     verdict_name(result->verdict), item->id,
                     result->reason[0] == '\0' ? "" : ": ", result->reason);
    }
    if (result->verdict == VERDICT_FAIL) {
        print_fail(r, item);
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

void results_add(struct results *r, const struct check_case *item,
                 const struct case_result *result, const char *evidence)
{
    r->done++;
    count(r, item, result->verdict);
    if (r->json != NULL) {
        put_json(r, item, result, evidence);
    }
    print(r, item, result, evidence);
}

static void print_table(struct results *r)
{
    if (r->num_clauses == 0) {
        return;
    }
    qsort(r->clauses, r->num_clauses, sizeof *r->clauses, compare);
    (void)printf("%-24s %6s %6s %8s %13s %15s\n", "clause", "pass", "fail",
                 "warning", "inconclusive", "not-applicable");
    for (size_t i = 0; i < r->num_clauses; i++) {
        const struct clause *c = &r->clauses[i];

        (void)printf("%-24s %6u %6u %8u %13u %15u\n", c->name, c->counts[0],
                     c->counts[1], c->counts[2], c->counts[3], c->counts[4]);
    }
}

void results_finish(struct results *r, double seconds)
{
    (void)printf("%s", r->live ? "\r\033[K" : "");
    print_table(r);
    (void)printf("\n%s: ", r->target->name);
    for (int v = 0; v < NUM_VERDICTS; v++) {
        (void)printf("%u %s, ", r->counts[v], verdict_name((enum verdict)v));
    }
    (void)printf("seed %llu, %.1f s\n", (unsigned long long)r->seed, seconds);
}

int results_status(const struct results *r)
{
    if (r->counts[VERDICT_FAIL] != 0) {
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
