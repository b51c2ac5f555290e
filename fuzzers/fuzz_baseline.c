/* SPDX-License-Identifier: MIT */
/* Target: baseline_read, which reads the fails that a user of nxdtls check has
 * accepted.
 * Input:  the file.
 * Oracle: a complaint is one printable line that begins with the file and a
 *         line of it.  What was read can be written and read again, and is
 *         then the same; no column is empty; an entry without a pattern names
 *         the case that it spells. */
#include "fuzzers/kit/fuzz.h"

#include "check/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_complaint(const char *problem, struct dtls_bytes text)
{
    unsigned line = 0;
    unsigned lines = 1;
    int used = 0;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }
    FUZZ_CHECK(sscanf(problem, "f.tsv:%u: %n", &line, &used) == 1);
    FUZZ_CHECK(line >= 1 && line <= lines);
    FUZZ_CHECK(used > 0 && problem[used] != '\0');
    for (; *problem != '\0'; problem++) {
        FUZZ_CHECK(*problem >= ' ' && *problem <= '~');
    }
}

static void check_entry(struct baseline *b, const struct baseline_entry *e)
{
    FUZZ_CHECK(*e->check != '\0' && *e->parameters != '\0' &&
               *e->clause != '\0' && *e->reason != '\0');
    if (strpbrk(e->check, "*?[\\/") == NULL &&
        strpbrk(e->parameters, "*?[\\") == NULL) {
        char *item;

        FUZZ_CHECK(asprintf(&item, "%s/server/%s", e->check, e->parameters) >
                   0);
        FUZZ_CHECK(baseline_names(e, e->check, item));
        FUZZ_CHECK(baseline_judge(b, e->check, item, true) <= e);
        free(item);
    }
}

static void check_again(const struct baseline *first)
{
    struct baseline second;
    char *text = NULL;
    size_t len = 0;
    char problem[256];
    FILE *out = open_memstream(&text, &len);

    FUZZ_CHECK(out != NULL);
    (void)fputs("check\tparameters\tclause\treason\n", out);
    for (size_t i = 0; i < first->num; i++) {
        const struct baseline_entry *e = &first->entries[i];

        (void)fprintf(out, "%s\t%s\t%s\t%s\n", e->check, e->parameters,
                      e->clause, e->reason);
    }
    FUZZ_CHECK(fclose(out) == 0);
    FUZZ_CHECK(baseline_read(&second, "again",
                             dtls_bytes_of((const uint8_t *)text, len),
                             problem, sizeof problem));
    FUZZ_CHECK(second.num == first->num);
    for (size_t i = 0; i < first->num; i++) {
        FUZZ_CHECK(strcmp(first->entries[i].check, second.entries[i].check) ==
                   0);
        FUZZ_CHECK(
            strcmp(first->entries[i].reason, second.entries[i].reason) == 0);
    }
    baseline_free(&second);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes text = {data, size};
    struct baseline b;
    char problem[256];

    if (!baseline_read(&b, "f.tsv", text, problem, sizeof problem)) {
        check_complaint(problem, text);
        return 0;
    }
    for (size_t i = 0; i < b.num; i++) {
        check_entry(&b, &b.entries[i]);
    }
    check_again(&b);
    baseline_free(&b);
    return 0;
}
