/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls interop` (lab/interop_options.h).
 *
 * One table has every option.  getopt's tables and the text of --help are made
 * from it, so an option without a line of help cannot exist. */
#include "lab/interop_options.h"

#include "lab/jobs.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lab_bad_input(const char *format, ...)
{
    va_list more;

    (void)fputs("nxdtls interop: ", stderr);
    va_start(more, format);
    (void)vfprintf(stderr, format, more);
    va_end(more);
    (void)fputs("\n", stderr);
    exit(2);
}

void lab_print_keys(FILE *out)
{
    for (size_t i = 0; lab_keys[i] != NULL; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : ", ", lab_keys[i]);
    }
    (void)fputs("\n", out);
}

/* ---- what takes each option ---- */

static uint64_t number(const char *option, const char *text, uint64_t least,
                       uint64_t most)
{
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(text, &end, 0);
    if (errno != 0 || *end != '\0' || *text == '\0' || *text == '-' ||
        value < least || value > most) {
        lab_bad_input("--%s %s: not a number from %llu to %llu", option, text,
                      (unsigned long long)least, (unsigned long long)most);
    }
    return value;
}

static void take_only(struct lab_options *o, const char *value)
{
    if (o->num_filters == LAB_FILTERS_MAX) {
        lab_bad_input("--only: more than %d", LAB_FILTERS_MAX);
    }
    o->filters[o->num_filters++] = value;
}

static void take_cover(struct lab_options *o, const char *value)
{
    static const char *const names[] = {
        [LAB_COVER_EACH] = "each",
        [LAB_COVER_PAIRS] = "pairs",
        [LAB_COVER_ALL] = "all",
    };
    size_t i = 0;

    while (strcmp(names[i], value) != 0) {
        if (++i == sizeof names / sizeof *names) {
            lab_bad_input("--cover %s: not each, pairs or all", value);
        }
    }
    o->cover = (enum lab_cover)i;
}

static void take_seed(struct lab_options *o, const char *value)
{
    o->run.seed = number("seed", value, 0, UINT64_MAX);
}

static void take_jobs(struct lab_options *o, const char *value)
{
    o->jobs = (unsigned)number("jobs", value, 1, CHILDREN_MAX);
}

static void take_repeat(struct lab_options *o, const char *value)
{
    o->repeat = (unsigned)number("repeat", value, 1, 1000000);
}

static void take_list(struct lab_options *o, const char *value)
{
    (void)value;
    o->list = true;
}

static void take_json(struct lab_options *o, const char *value)
{
    o->json = value;
}

static void take_matrix(struct lab_options *o, const char *value)
{
    o->matrix = value;
}

static void take_captures(struct lab_options *o, const char *value)
{
    o->run.captures = value;
}

static void take_curves(struct lab_options *o, const char *value)
{
    (void)value;
    o->curves = true;
}

static void take_fates(struct lab_options *o, const char *value)
{
    o->fates = value;
}

/* The name goes into JSON as it is. */
static void take_area(struct lab_options *o, const char *value)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    if (*value == '\0' || value[strspn(value, good)] != '\0') {
        lab_bad_input("--area %s: not letters, digits, '-', '_' and '.'",
                      value);
    }
    o->run.area = value;
}

static void take_pki(struct lab_options *o, const char *value)
{
    o->run.pki = value;
}

static void take_verbose(struct lab_options *o, const char *value)
{
    (void)value;
    o->run.verbose = true;
}

static void take_help(struct lab_options *o, const char *value);

/* ---- the table ---- */

struct row {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(struct lab_options *o, const char *value);
    const char *help;
};

static const struct row rows[] = {
    {0, "only", "KEY=WORD[,WORD...]", take_only,
     "only matching cells; may be repeated, all must hold; words may hold * "
     "and ?"},
    {0, "cover", "HOW", take_cover,
     "each: every scenario with every pair of ends, and every suite; pairs "
     "(the default): every two values of two axes that can meet; all"},
    {0, "seed", "N", take_seed,
     "decides everything that is random (default 1)"},
    {0, "jobs", "N", take_jobs, "cells at a time (default: the cores)"},
    {0, "repeat", "N", take_repeat,
     "play each cell N times; its traces must be the same"},
    {0, "list", NULL, take_list, "print the cells and play none"},
    {0, "json", "FILE", take_json,
     "one JSON line per result (reports/schema/result.json)"},
    {0, "matrix", "FILE", take_matrix, "write the matrix there, too"},
    {0, "captures", "DIR", take_captures,
     "a pcapng with its secrets for every cell that fails; with -v, for every "
     "cell"},
    {0, "curves", NULL, take_curves,
     "instead of the matrix: how long a handshake takes under 0 to 50 % loss, "
     "ours and each library's own pair"},
    {0, "fates", "SCENARIO", take_fates,
     "instead of the matrix: for each line FROM LENGTH of standard input (0 "
     "is the client) print the milliseconds until each copy arrives, nothing "
     "if it is lost; SCENARIO-N: play N of a sweep"},
    {0, "area", "NAME", take_area,
     "the name of the run in its JSON lines (default interop)"},
    {0, "pki", "DIR", take_pki,
     "made by scripts/pki (default: that of the build)"},
    {'v', "verbose", NULL, take_verbose,
     "print what passed and what the ends said"},
    {'h', "help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

/* ---- help ---- */

enum { HELP_COLUMN = 19, LAST_COLUMN = 79 };

/* Prints words from column HELP_COLUMN on, where the cursor is. */
static void print_wrapped(const char *text)
{
    int column = HELP_COLUMN;

    while (*text != '\0') {
        int len = (int)strcspn(text, " ");

        if (column != HELP_COLUMN && column + 1 + len > LAST_COLUMN) {
            (void)printf("\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        }
        column +=
            printf("%s%.*s", column == HELP_COLUMN ? "" : " ", len, text);
        text += len + (text[len] == ' ');
    }
    (void)printf("\n");
}

static void print_row(const struct row *row)
{
    int column = printf("  ");

    if (row->letter != 0) {
        column += printf("-%c, ", row->letter);
    }
    column += printf("--%s", row->name);
    if (row->argument != NULL) {
        column += printf(" %s", row->argument);
    }
    if (column + 2 > HELP_COLUMN) {
        (void)printf("\n");
        column = 0;
    }
    (void)printf("%*s", HELP_COLUMN - column, "");
    print_wrapped(row->help);
}

static void take_help(struct lab_options *o, const char *value)
{
    (void)o;
    (void)value;
    (void)printf("usage: nxdtls interop [options]          libraries in this "
                 "process, on a\n"
                 "                                         simulated network, "
                 "in virtual time\n"
                 "       nxdtls interop --stock [options]  stock programs "
                 "over real UDP\n\n");
    for (int i = 0; i < NUM_ROWS; i++) {
        print_row(&rows[i]);
    }
    (void)printf("\nExit status: 0 nothing failed, 1 a cell failed or a "
                 "library is missing, 2\n"
                 "wrong usage, 130 interrupted.  Keys: ");
    lab_print_keys(stdout);
    exit(0);
}

/* ---- getopt ---- */

enum { FIRST_LONG = 256 }; /* what getopt returns for the first row */

struct getopt_tables {
    char letters[NUM_ROWS + 1];
    struct option longs[NUM_ROWS + 1];
};

/* A letter takes no argument here: getopt would need a colon after it. */
static void make_tables(struct getopt_tables *out)
{
    char *letter = out->letters;

    *out = (struct getopt_tables){0};
    for (int i = 0; i < NUM_ROWS; i++) {
        const struct row *row = &rows[i];

        assert(row->take != NULL && row->help != NULL && *row->help != '\0');
        assert(row->letter == 0 || row->argument == NULL);
        out->longs[i] = (struct option){
            .name = row->name,
            .has_arg = row->argument == NULL ? no_argument : required_argument,
            .val = FIRST_LONG + i,
        };
        if (row->letter != 0) {
            *letter++ = row->letter;
        }
    }
}

static const struct row *row_of(int option)
{
    for (int i = 0; i < NUM_ROWS; i++) {
        if (option == FIRST_LONG + i || option == rows[i].letter) {
            return &rows[i];
        }
    }
    exit(2); /* getopt has said why */
}

void lab_options_parse(struct lab_options *out, int argc, char **argv)
{
    static char name[] = "nxdtls interop";
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct getopt_tables tables;
    int option;

    *out = (struct lab_options){
        .run = {.pki = NXDTLS_PKI_DIR, .area = "interop", .seed = 1},
        .cover = LAB_COVER_PAIRS,
        .jobs = cores < 1              ? 1
                : cores > CHILDREN_MAX ? CHILDREN_MAX
                                       : (unsigned)cores,
        .repeat = 1,
    };
    make_tables(&tables);
    argv[0] = name;
    while ((option = getopt_long(argc, argv, tables.letters, tables.longs,
                                 NULL)) != -1) {
        row_of(option)->take(out, optarg);
    }
    if (optind != argc) {
        lab_bad_input("%s: not an option; cells are chosen with --only",
                      argv[optind]);
    }
}
