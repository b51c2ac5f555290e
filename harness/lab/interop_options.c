/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls interop` (lab/interop_options.h).
 *
 * One table has every option.  getopt's tables and the text of --help are made
 * from it, so an option without a line of help cannot exist. */
#include "lab/interop_options.h"

#include "lab/jobs.h"

#include "lab/command_line.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls interop"

void lab_bad_input(const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(PROGRAM, 2, format, more);
}

void lab_print_keys(FILE *out)
{
    for (size_t i = 0; lab_keys[i] != NULL; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : ", ", lab_keys[i]);
    }
    (void)fputs("\n", out);
}

/* ---- what takes each option ---- */

static void take_only(void *self, const char *value)
{
    struct lab_options *o = self;

    if (o->num_filters == LAB_FILTERS_MAX) {
        lab_bad_input("--only: more than %d", LAB_FILTERS_MAX);
    }
    o->filters[o->num_filters++] = value;
}

static void take_cover(void *self, const char *value)
{
    struct lab_options *o = self;

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

static void take_seed(void *self, const char *value)
{
    struct lab_options *o = self;

    o->run.seed = command_number(PROGRAM, "seed", value, 0, UINT64_MAX);
}

static void take_jobs(void *self, const char *value)
{
    struct lab_options *o = self;

    o->jobs =
        (unsigned)command_number(PROGRAM, "jobs", value, 1, CHILDREN_MAX);
}

static void take_repeat(void *self, const char *value)
{
    struct lab_options *o = self;

    o->repeat = (unsigned)command_number(PROGRAM, "repeat", value, 1, 1000000);
}

static void take_list(void *self, const char *value)
{
    struct lab_options *o = self;

    (void)value;
    o->list = true;
}

static void take_json(void *self, const char *value)
{
    struct lab_options *o = self;

    o->json = value;
}

static void take_matrix(void *self, const char *value)
{
    struct lab_options *o = self;

    o->matrix = value;
}

static void take_captures(void *self, const char *value)
{
    struct lab_options *o = self;

    o->run.captures = value;
}

static void take_curves(void *self, const char *value)
{
    struct lab_options *o = self;

    (void)value;
    o->curves = true;
}

static void take_fates(void *self, const char *value)
{
    struct lab_options *o = self;

    o->fates = value;
}

/* The name goes into JSON as it is. */
static void take_area(void *self, const char *value)
{
    struct lab_options *o = self;

    static const char good[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    if (*value == '\0' || value[strspn(value, good)] != '\0') {
        lab_bad_input("--area %s: not letters, digits, '-', '_' and '.'",
                      value);
    }
    o->run.area = value;
}

static void take_pki(void *self, const char *value)
{
    struct lab_options *o = self;

    o->run.pki = value;
}

static void take_verbose(void *self, const char *value)
{
    struct lab_options *o = self;

    (void)value;
    o->run.verbose = true;
}

static void take_help(void *self, const char *value);

/* ---- the table ---- */

static const struct command_row rows[] = {
    {"only", "KEY=WORD[,WORD...]", take_only,
     "only matching cells; may be repeated, all must hold; words may hold * "
     "and ?"},
    {"cover", "HOW", take_cover,
     "each: every scenario with every pair of ends, and every suite; pairs "
     "(the default): every two values of two axes that can meet; all"},
    {"seed", "N", take_seed, "decides everything that is random (default 1)"},
    {"jobs", "N", take_jobs, "cells at a time (default: the cores)"},
    {"repeat", "N", take_repeat,
     "play each cell N times; its traces must be the same"},
    {"list", NULL, take_list, "print the cells and play none"},
    {"json", "FILE", take_json,
     "one JSON line per result (reports/schema/result.json)"},
    {"matrix", "FILE", take_matrix, "write the matrix there, too"},
    {"captures", "DIR", take_captures,
     "a pcapng with its secrets for every cell that fails; with -v, for every "
     "cell"},
    {"curves", NULL, take_curves,
     "instead of the matrix: how long a handshake takes under 0 to 50 % loss, "
     "ours and each library's own pair"},
    {"fates", "SCENARIO", take_fates,
     "instead of the matrix: for each line FROM LENGTH of standard input (0 "
     "is the client) print the milliseconds until each copy arrives, nothing "
     "if it is lost; SCENARIO-N: play N of a sweep"},
    {"area", "NAME", take_area,
     "the name of the run in its JSON lines (default interop)"},
    {"pki", "DIR", take_pki,
     "made by scripts/pki (default: that of the build)"},
    {"verbose", NULL, take_verbose,
     "print what passed and what the ends said"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, "vh"};

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

static void print_row(const struct command_row *row)
{
    int column = printf("  ");

    if (strchr(line.letters, row->name[0]) != NULL) {
        column += printf("-%c, ", row->name[0]);
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

static void take_help(void *self, const char *value)
{
    (void)self;
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

void lab_options_parse(struct lab_options *out, int argc, char **argv)
{
    int at;

    *out = (struct lab_options){
        .run = {.pki = command_pki(), .area = "interop", .seed = 1},
        .cover = LAB_COVER_PAIRS,
        .jobs = command_jobs(CHILDREN_MAX),
        .repeat = 1,
    };
    at = command_parse(&line, out, argc, argv);
    if (at != argc) {
        lab_bad_input("%s: not an option; cells are chosen with --only",
                      argv[at]);
    }
}
