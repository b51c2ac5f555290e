/* SPDX-License-Identifier: MIT */
/* The answers of a target in a file (learn/answers.h). */
#include "learn/answers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT "nxdtls learn, answers, 1"
#define LINE_BYTES 512
#define LAST "end"

/* ---- writing ---- */

static void put_behind(FILE *out, const struct tree *t, uint32_t node,
                       unsigned depth)
{
    if (tree_is_unsteady(t, node)) {
        return;
    }
    for (size_t i = 0; i < t->num_letters; i++) {
        const uint32_t child = tree_child(t, node, (uint8_t)i);

        if (child != TREE_NONE) {
            (void)fprintf(out, "%u %zu %u\n", depth, i,
                          t->nodes[child].output);
            put_behind(out, t, child, depth + 1);
        }
    }
}

static void put_all(FILE *out, const struct ask *a,
                    const struct answers_owner *owner)
{
    (void)fprintf(out, FORMAT "\ntarget %s\ntags %s\nseed %llu\n",
                  owner->target, owner->tags, (unsigned long long)owner->seed);
    for (size_t i = 0; i < a->setup->num_letters; i++) {
        (void)fprintf(out, "letter %s\n", a->setup->letters[i]->name);
    }
    for (size_t i = 0; i < a->outputs.num; i++) {
        (void)fprintf(out, "output %s\n", a->outputs.texts[i]);
    }
    (void)fputs("answers\n", out);
    put_behind(out, &a->tree, TREE_ROOT, 1);
    (void)fputs(LAST "\n", out);
}

bool answers_save(const struct ask *a, const struct answers_owner *owner,
                  const char *path)
{
    char part[4096];
    FILE *out;
    bool ok;

    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    out = fopen(part, "w");
    if (out == NULL) {
        return false;
    }
    put_all(out, a, owner);
    ok = fflush(out) == 0 && ferror(out) == 0 && fsync(fileno(out)) == 0;
    ok = fclose(out) == 0 && ok;
    return ok && rename(part, path) == 0;
}

/* ---- reading ---- */

struct answers_reading {
    struct ask *ask;
    FILE *in;
    const char **why;
    char line[LINE_BYTES];
};

/* The next line, without its end. */
static bool next_line(struct answers_reading *r)
{
    char *end;

    if (fgets(r->line, sizeof r->line, r->in) == NULL ||
        (end = strchr(r->line, '\n')) == NULL) {
        return false;
    }
    *end = '\0';
    return true;
}

/* The next line must be this one; if it is not, that is the reason. */
static bool has_line(struct answers_reading *r, const char *key,
                     const char *value, const char *why)
{
    char wanted[LINE_BYTES];

    *r->why = why;
    (void)snprintf(wanted, sizeof wanted, "%s%s", key, value);
    return next_line(r) && strcmp(r->line, wanted) == 0;
}

static bool is_owned(struct answers_reading *r,
                     const struct answers_owner *owner)
{
    const struct ask_setup *setup = r->ask->setup;
    char seed[24];

    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)owner->seed);
    if (!has_line(r, FORMAT, "", "not what nxdtls learn has written") ||
        !has_line(r, "target ", owner->target, "of another target") ||
        !has_line(r, "tags ", owner->tags, "of another role or setup") ||
        !has_line(r, "seed ", seed, "of another --seed")) {
        return false;
    }
    for (size_t i = 0; i < setup->num_letters; i++) {
        if (!has_line(r, "letter ", setup->letters[i]->name,
                      "of another alphabet")) {
            return false;
        }
    }
    return true;
}

/* The outputs get the numbers that they had. */
static bool read_outputs(struct answers_reading *r)
{
    struct outputs *outputs = &r->ask->outputs;
    uint16_t num = 0;

    while (next_line(r) && strncmp(r->line, "output ", 7) == 0) {
        if (num == OUTPUTS_MAX ||
            outputs_number(outputs, r->line + 7) != num++) {
            return false;
        }
    }
    return num >= 2 && strcmp(r->line, "answers") == 0;
}

/* Each line is a word whose front has been read. */
static long read_nodes(struct answers_reading *r)
{
    struct tree *t = &r->ask->tree;
    struct word word = {.len = 0};
    uint16_t outputs[WORD_MAX];
    long num = 0;

    while (next_line(r) && strcmp(r->line, LAST) != 0) {
        unsigned depth;
        unsigned letter;
        unsigned output;
        int used = 0;

        if (sscanf(r->line, "%u %u %u%n", &depth, &letter, &output, &used) !=
                3 ||
            r->line[used] != '\0' || depth == 0 || depth > word.len + 1 ||
            depth > WORD_MAX || letter >= t->num_letters ||
            output >= r->ask->outputs.num) {
            return -1;
        }
        word.letters[depth - 1] = (uint8_t)letter;
        outputs[depth - 1] = (uint16_t)output;
        word.len = depth;
        if (tree_add(t, &word, outputs) != depth) {
            return -1;
        }
        num++;
    }
    return strcmp(r->line, LAST) == 0 && fgetc(r->in) == EOF ? num : -1;
}

long answers_read(struct ask *ask, const struct answers_owner *owner, FILE *in,
                  const char **why)
{
    struct answers_reading r = {.ask = ask, .in = in, .why = why};
    long num = -1;

    if (!is_owned(&r, owner)) {
        return -1;
    }
    *why = "damaged";
    if (read_outputs(&r)) {
        num = read_nodes(&r);
    }
    return num;
}
