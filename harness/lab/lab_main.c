/* SPDX-License-Identifier: MIT */
/* nxdtls-lab: plays the matrix of libraries, in process, on a simulated
 * network and in virtual time.  `nxdtls interop` starts it; started as
 * `check`, it is `nxdtls check`. */
#include "lab/command_line.h"
#include "lab/curves.h"
#include "lab/fates.h"
#include "lab/jobs.h"
#include "lab/limits.h"
#include "lab/selection.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define INTERRUPTED 130

struct counts {
    unsigned passed;
    unsigned failed;
    unsigned accepted;
    unsigned inconclusive;
    unsigned not_applicable;
};

struct output {
    const struct lab_options *options;
    FILE *json;   /* NULL: none */
    FILE *matrix; /* NULL: none */
    size_t done;
    size_t total;
    bool live; /* a progress bar, on a terminal */
    struct counts all;
    struct counts *by_pair; /* a row for each client, a column for each
                             * server */
};

static void count(struct counts *c, const char *verdict)
{
    c->passed += strcmp(verdict, "pass") == 0;
    c->failed += strcmp(verdict, "fail") == 0;
    c->accepted += strcmp(verdict, "accepted") == 0;
    c->inconclusive += strcmp(verdict, "inconclusive") == 0;
    c->not_applicable += strcmp(verdict, "not-applicable") == 0;
}

static void print_progress(const struct output *o)
{
    char bar[31];
    size_t filled = o->total == 0 ? 30 : o->done * 30 / o->total;

    memset(bar, '.', 30);
    memset(bar, '#', filled);
    bar[30] = '\0';
    (void)printf("\r%s %zu/%zu, %u failed", bar, o->done, o->total,
                 o->all.failed);
    (void)fflush(stdout);
}

/* Prints one string member of a JSON line that this program has made. */
static void print_member(const char *line, const char *name)
{
    char key[32];
    const char *at;

    (void)snprintf(key, sizeof key, "\"%s\": \"", name);
    at = strstr(line, key);
    if (at == NULL) {
        return;
    }
    (void)printf("    ");
    for (at += strlen(key); *at != '\0' && *at != '"'; at++) {
        at += *at == '\\' && at[1] != '\0';
        (void)putchar(*at);
    }
    (void)printf("\n");
}

/* Prints the strings of one array member, each on a line. */
static void print_array(const char *line, const char *name)
{
    char key[32];
    const char *at;
    bool inside = false;

    (void)snprintf(key, sizeof key, "\"%s\": [", name);
    at = strstr(line, key);
    if (at == NULL) {
        return;
    }
    for (at += strlen(key); *at != '\0' && (inside || *at != ']'); at++) {
        if (*at == '"') {
            inside = !inside;
            (void)printf(inside ? "    %s " : "\n", name);
        } else if (inside) {
            at += *at == '\\' && at[1] != '\0';
            (void)putchar(*at);
        }
    }
}

static bool is_news(const char *verdict)
{
    return strcmp(verdict, "pass") != 0 &&
           strcmp(verdict, "not-applicable") != 0;
}

static struct counts *counts_of(const struct output *o,
                                const struct sut_entry *client,
                                const struct sut_entry *server)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    return &o->by_pair[(size_t)(client - entries) * num +
                       (size_t)(server - entries)];
}

static void report(void *self, const struct lab_cell *cell,
                   const char *verdict, const char *line)
{
    struct output *o = self;
    char id[LAB_ID_MAX];

    o->done++;
    count(&o->all, verdict);
    count(counts_of(o, cell->client, cell->server), verdict);
    if (o->json != NULL) {
        (void)fputs(line, o->json);
        (void)fflush(o->json); /* an interrupted run leaves its results */
    }
    if (is_news(verdict) || o->options->run.verbose) {
        lab_cell_id(id, cell);
        (void)printf("%s%-8s %s\n", o->live ? "\r\033[K" : "", verdict, id);
        print_member(line, "reason");
        if (is_news(verdict)) {
            print_member(line, "replay");
        }
        print_member(line, "capture");
    }
    if (o->options->run.verbose) {
        print_array(line, "wire");
        print_array(line, "client");
        print_array(line, "server");
    }
    if (o->live) {
        print_progress(o);
    } else if (o->done % 250 == 0) {
        (void)printf("%zu/%zu\n", o->done, o->total);
    }
}

/* Makes the width of a column large enough for every driver's name. */
static void widen(int *width)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    for (size_t i = 0; i < num; i++) {
        int len = (int)strlen(entries[i].name);

        *width = len > *width ? len : *width;
    }
}

static void print_matrix(FILE *out, const struct output *o)
{
    static const char corner[] = "client > server";
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    int first = sizeof corner; /* with a space */
    int rest = 9;

    widen(&first);
    widen(&rest);
    (void)fprintf(out, "%-*s", first, corner);
    for (size_t s = 0; s < num; s++) {
        (void)fprintf(out, " %*s", rest, entries[s].name);
    }
    for (size_t c = 0; c < num; c++) {
        (void)fprintf(out, "\n%-*s", first, entries[c].name);
        for (size_t s = 0; s < num; s++) {
            const struct counts *n = counts_of(o, &entries[c], &entries[s]);
            unsigned all =
                n->passed + n->failed + n->accepted + n->inconclusive;
            char text[24] = "-";

            if (all != 0) {
                (void)snprintf(text, sizeof text, "%u/%u", n->passed, all);
            }
            (void)fprintf(out, " %*s", rest, text);
        }
    }
    (void)fputs("\n", out);
}

static FILE *open_output(const char *option, const char *path)
{
    FILE *out = path == NULL ? NULL : fopen(path, "w");

    if (path != NULL && out == NULL) {
        lab_bad_input("--%s %s: %s", option, path, strerror(errno));
    }
    return out;
}

static int list(const struct lab_cells *cells)
{
    char id[LAB_ID_MAX];

    for (size_t i = 0; i < cells->num; i++) {
        if (cells->cells[i].refused == NULL) {
            lab_cell_id(id, &cells->cells[i]);
            (void)printf("%s\n", id);
        }
    }
    return 0;
}

static void finish(struct output *o, double seconds)
{
    (void)printf("%s\n", o->live ? "\r\033[K" : "");
    print_matrix(stdout, o);
    (void)printf("\n%u pass, %u fail, %u inconclusive, %u accepted, "
                 "%u not-applicable; seed %llu; %.1f s\n",
                 o->all.passed, o->all.failed, o->all.inconclusive,
                 o->all.accepted, o->all.not_applicable,
                 (unsigned long long)o->options->run.seed, seconds);
    if (o->matrix != NULL) {
        print_matrix(o->matrix, o);
        (void)fclose(o->matrix);
    }
    if (o->json != NULL) {
        (void)fclose(o->json);
    }
}

/* Does this run play every cell that can show a limit? */
static bool is_whole(const struct lab_options *o)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    for (size_t i = 0; i < num; i++) {
        if (entries[i].driver == NULL) {
            return false;
        }
    }
    return o->num_filters == 0 && o->cover != LAB_COVER_EACH;
}

/* A limit that no cell shows any more must be removed: it could hide a new
 * fault. */
static void check_limits(struct output *o, const unsigned *met)
{
    for (int i = 0; i < lab_num_limits; i++) {
        const char *why = lab_limit_why(i);

        if (!lab_limit_is_idle(i, met[i])) {
            continue;
        }
        o->all.failed++;
        (void)printf("fail     no cell shows this limit any more: %s\n", why);
        if (o->json != NULL) {
            (void)fprintf(o->json,
                          "{\"area\": \"%s\", \"id\": \"limits/%d\", "
                          "\"verdict\": \"fail\", \"reason\": "
                          "\"no cell shows this limit any more: ",
                          o->options->run.area, i);
            (void)fprintf(o->json, "%s\", \"seconds\": 0}\n", why);
        }
    }
}

static double now_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int play(const struct lab_options *options,
                const struct lab_cells *cells)
{
    static struct output o;
    double start = now_seconds();
    size_t num;
    unsigned *limits = calloc((size_t)lab_num_limits, sizeof *limits);
    struct lab_jobs jobs = {
        .run = &options->run,
        .cells = cells,
        .processes = options->jobs,
        .repeat = options->repeat,
        .self = &o,
        .report = report,
        .limits = limits,
        .stop = &command_interrupted,
    };
    bool finished;

    (void)sut_drivers(&num);
    o.by_pair = calloc(num * num, sizeof *o.by_pair);
    assert(limits != NULL && o.by_pair != NULL);
    o.options = options;
    o.json = open_output("json", options->json);
    o.matrix = open_output("matrix", options->matrix);
    o.total = cells->num;
    o.live = isatty(STDOUT_FILENO) && !options->run.verbose;
    finished = lab_jobs_run(&jobs);
    if (finished && is_whole(options)) {
        check_limits(&o, limits);
    }
    finish(&o, now_seconds() - start);
    free(limits);
    free(o.by_pair);
    if (!finished) {
        (void)fputs("nxdtls interop: interrupted\n", stderr);
        return INTERRUPTED;
    }
    return o.all.failed == 0 ? 0 : 1;
}

static void check_folders(const struct lab_options *o)
{
    struct stat about;

    if (stat(o->run.pki, &about) != 0) {
        lab_bad_input("--pki %s: %s", o->run.pki, strerror(errno));
    }
    if (o->run.captures != NULL && mkdir(o->run.captures, 0777) != 0 &&
        errno != EEXIST) {
        lab_bad_input("--captures %s: %s", o->run.captures, strerror(errno));
    }
}

int main(int argc, char **argv)
{
    struct lab_options options;
    struct lab_cells cells;
    int status;

    lab_options_parse(&options, argc, argv);
    if (options.fates != NULL) {
        return lab_fates(&options);
    }
    check_folders(&options);
    command_watch_signals();
    if (options.curves) {
        return lab_curves(&options, &command_interrupted);
    }
    lab_select(&cells, &options);
    status = options.list ? list(&cells) : play(&options, &cells);
    lab_cells_free(&cells);
    return status;
}
