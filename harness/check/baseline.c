/* SPDX-License-Identifier: MIT */
/* The baseline (check/baseline.h). */
#include "check/baseline.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "check\tparameters\tclause\treason";

#define COLUMNS 4

static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((text[i] < ' ' || text[i] > '~') && text[i] != '\t' &&
            text[i] != '\n') {
            return false;
        }
    }
    return true;
}

/* Makes an entry of a line, which it cuts up, or says why it is none. */
static const char *take_entry(struct baseline *b, unsigned number, char *line)
{
    char *columns[COLUMNS];
    size_t num = 0;
    char *column;

    while ((column = strsep(&line, "\t")) != NULL) {
        if (num == COLUMNS || *column == '\0') {
            return num == COLUMNS ? "more than four columns"
                                  : "an empty column";
        }
        columns[num++] = column;
    }
    if (num != COLUMNS) {
        return "not four columns: check, parameters, clause, reason";
    }
    b->entries = realloc(b->entries, (b->num + 1) * sizeof *b->entries);
    assert(b->entries != NULL);
    b->entries[b->num++] = (struct baseline_entry){.line = number,
                                                   .check = columns[0],
                                                   .parameters = columns[1],
                                                   .clause = columns[2],
                                                   .reason = columns[3]};
    return NULL;
}

static const char *take_line(struct baseline *b, unsigned number, char *line,
                             size_t len)
{
    if (!is_plain(line, len)) {
        return "a byte that is no printable ASCII";
    }
    if (number == 1) {
        return strcmp(line, first_line) == 0
                   ? NULL
                   : "the first line is not check, parameters, clause, "
                     "reason, with tabs between them";
    }
    return *line == '\0' || *line == '#' ? NULL : take_entry(b, number, line);
}

bool baseline_read(struct baseline *out, const char *name,
                   struct dtls_bytes text, char *problem, size_t problem_size)
{
    struct baseline b = {.text = malloc(text.len + 1)};
    const char *wrong = NULL;
    unsigned number = 0;
    char *rest = b.text;
    char *end;

    assert(b.text != NULL);
    if (text.len != 0) {
        memcpy(b.text, text.data, text.len);
    }
    end = b.text + text.len;
    *end = '\0';
    do {
        char *line = rest;
        char *stop = memchr(rest, '\n', (size_t)(end - rest));

        stop = stop == NULL ? end : stop;
        *stop = '\0';
        wrong = take_line(&b, ++number, line, (size_t)(stop - line));
        rest = stop + 1;
    } while (wrong == NULL && rest < end);
    if (wrong != NULL) {
        (void)snprintf(problem, problem_size, "%s:%u: %s", name, number,
                       wrong);
        baseline_free(&b);
        return false;
    }
    *out = b;
    return true;
}

void baseline_free(struct baseline *baseline)
{
    free(baseline->entries);
    free(baseline->text);
    *baseline = (struct baseline){0};
}

/* What follows the role in a case's id; "": nothing. */
static const char *parameters_of(const char *item)
{
    const char *role = strchr(item, '/');
    const char *suite = role == NULL ? NULL : strchr(role + 1, '/');

    return suite == NULL ? "" : suite + 1;
}

bool baseline_names(const struct baseline_entry *entry, const char *check,
                    const char *item)
{
    return (fnmatch(entry->check, check, 0) == 0 ||
            fnmatch(entry->check, item, 0) == 0) &&
           fnmatch(entry->parameters, parameters_of(item), 0) == 0;
}

const struct baseline_entry *baseline_judge(struct baseline *baseline,
                                            const char *check,
                                            const char *item, bool failed)
{
    const struct baseline_entry *first = NULL;

    for (size_t i = 0; i < baseline->num; i++) {
        struct baseline_entry *entry = &baseline->entries[i];

        if (baseline_names(entry, check, item)) {
            entry->judged++;
            entry->failed += failed;
            first = failed && first == NULL ? entry : first;
        }
    }
    return first;
}

bool baseline_is_stale(const struct baseline_entry *entry)
{
    return entry->judged != 0 && entry->judged == entry->cases &&
           entry->failed == 0;
}
