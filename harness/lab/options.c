/* SPDX-License-Identifier: MIT */
/* Command line (lab/options.h). */
#include "lab/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: nxdtls interop [options]          libraries in this process, on "
    "a\n"
    "                                         simulated network, in virtual "
    "time\n"
    "       nxdtls interop --stock [options]  stock programs over real UDP\n"
    "\n"
    "  --only KEY=WORD[,WORD...]  only matching cells; may be repeated, all "
    "must\n"
    "                             hold; words may hold * and ?\n"
    "  --cover HOW      each: every scenario with every pair of ends, and "
    "every\n"
    "                   suite; pairs (the default): every two values of two "
    "axes\n"
    "                   that can meet; all\n"
    "  --seed N         decides everything that is random (default 1)\n"
    "  --jobs N         cells at a time (default: the cores)\n"
    "  --repeat N       play each cell so often; its traces must be the same\n"
    "  --list           print the cells and play none\n"
    "  --json FILE      one JSON line per result "
    "(reports/schema/result.json)\n"
    "  --matrix FILE    write the matrix there, too\n"
    "  --captures DIR   a pcapng with its secrets for every cell that fails; "
    "with\n"
    "                   -v, for every cell\n"
    "  --curves         instead of the matrix: how long a handshake takes "
    "under\n"
    "                   0 to 50 % loss, ours and each library's own pair\n"
    "  --fates SCENARIO  instead of the matrix: for lines FROM LENGTH (0 is "
    "the\n"
    "                   client) the milliseconds until each copy arrives, "
    "empty\n"
    "                   if lost; SCENARIO-N: play N of a sweep\n"
    "  --area NAME      the name of the run in its JSON lines (default "
    "interop)\n"
    "  --pki DIR        made by scripts/pki (default: that of the build)\n"
    "  -v, --verbose    print what passed and what the ends said\n"
    "\n"
    "Exit status: 0 nothing failed, 1 a cell failed or a library is missing, "
    "2\n"
    "wrong usage, 130 interrupted.  Keys: ";

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

static void print_keys(FILE *out)
{
    for (size_t i = 0; lab_keys[i] != NULL; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : ", ", lab_keys[i]);
    }
    (void)fputs("\n", out);
}

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

static enum lab_cover cover(const char *text)
{
    if (strcmp(text, "each") == 0) {
        return LAB_COVER_EACH;
    }
    if (strcmp(text, "pairs") == 0) {
        return LAB_COVER_PAIRS;
    }
    if (strcmp(text, "all") == 0) {
        return LAB_COVER_ALL;
    }
    lab_bad_input("--cover %s: not each, pairs or all", text);
}

enum {
    ONLY = 256,
    COVER,
    SEED,
    JOBS,
    REPEAT,
    LIST,
    JSON,
    MATRIX,
    CAPTURES,
    CURVES,
    FATES,
    AREA,
    PKI
};

static const struct option longs[] = {
    {"only", required_argument, NULL, ONLY},
    {"cover", required_argument, NULL, COVER},
    {"seed", required_argument, NULL, SEED},
    {"jobs", required_argument, NULL, JOBS},
    {"repeat", required_argument, NULL, REPEAT},
    {"list", no_argument, NULL, LIST},
    {"json", required_argument, NULL, JSON},
    {"matrix", required_argument, NULL, MATRIX},
    {"captures", required_argument, NULL, CAPTURES},
    {"curves", no_argument, NULL, CURVES},
    {"fates", required_argument, NULL, FATES},
    {"area", required_argument, NULL, AREA},
    {"pki", required_argument, NULL, PKI},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static void take(struct lab_options *o, int option, const char *value)
{
    switch (option) {
    case ONLY:
        if (o->num_filters == LAB_FILTERS_MAX) {
            lab_bad_input("--only: more than %d", LAB_FILTERS_MAX);
        }
        o->filters[o->num_filters++] = value;
        break;
    case COVER:
        o->cover = cover(value);
        break;
    case SEED:
        o->run.seed = number("seed", value, 0, UINT64_MAX);
        break;
    case JOBS:
        o->jobs = (unsigned)number("jobs", value, 1, 64);
        break;
    case REPEAT:
        o->repeat = (unsigned)number("repeat", value, 1, 1000000);
        break;
    case LIST:
        o->list = true;
        break;
    case JSON:
        o->json = value;
        break;
    case MATRIX:
        o->matrix = value;
        break;
    case CAPTURES:
        o->run.captures = value;
        break;
    case CURVES:
        o->curves = true;
        break;
    case FATES:
        o->fates = value;
        break;
    case AREA:
        o->run.area = value;
        break;
    case PKI:
        o->run.pki = value;
        break;
    case 'v':
        o->run.verbose = true;
        break;
    case 'h':
        (void)fputs(usage, stdout);
        print_keys(stdout);
        exit(0);
    default:
        exit(2); /* getopt has said why */
    }
}

void lab_options_parse(struct lab_options *out, int argc, char **argv)
{
    static char name[] = "nxdtls interop";
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int option;

    *out = (struct lab_options){
        .run = {.pki = NXDTLS_PKI_DIR, .area = "interop", .seed = 1},
        .cover = LAB_COVER_PAIRS,
        .jobs = cores < 1    ? 1
                : cores > 64 ? 64
                             : (unsigned)cores,
        .repeat = 1,
    };
    argv[0] = name;
    while ((option = getopt_long(argc, argv, "vh", longs, NULL)) != -1) {
        take(out, option, optarg);
    }
    if (optind != argc) {
        lab_bad_input("%s: not an option; cells are chosen with --only",
                      argv[optind]);
    }
}

/* ---- filters ---- */

/* The key of KEY=WORD[,WORD...] in `out`; what follows it. */
static const char *split(char out[LAB_ID_MAX], const char *text)
{
    const char *equals = strchr(text, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - text);

    for (size_t i = 0; lab_keys[i] != NULL && equals != NULL; i++) {
        if (strlen(lab_keys[i]) == len &&
            strncmp(lab_keys[i], text, len) == 0) {
            (void)snprintf(out, LAB_ID_MAX, "%s", lab_keys[i]);
            return equals + 1;
        }
    }
    (void)fprintf(
        stderr, "nxdtls interop: --only %s: not KEY=WORD[,WORD...]; keys are ",
        text);
    print_keys(stderr);
    exit(2);
}

static bool passes(void *self, const struct lab_cell *cell)
{
    return lab_cell_passes(cell, self);
}

/* What a key's words can be: the different values of one axis. */
static void print_choices(const char *key)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    const struct dtls_suite *suite;

    if (strcmp(key, "client") == 0 || strcmp(key, "server") == 0 ||
        strcmp(key, "peer") == 0) {
        for (size_t i = 0; i < num; i++) {
            (void)fprintf(stderr, " %s", entries[i].name);
        }
    } else if (strcmp(key, "scenario") == 0) {
        for (size_t i = 0; i < lab_num_scenarios; i++) {
            (void)fprintf(stderr, " %s", lab_scenarios[i].name);
        }
    } else if (strcmp(key, "variant") == 0) {
        for (size_t i = 0; i < lab_num_variants; i++) {
            (void)fprintf(stderr, " %s", lab_variants[i].name);
        }
    } else if (strcmp(key, "auth") == 0) {
        for (int i = 0; i < SUT_NUM_AUTH; i++) {
            (void)fprintf(stderr, " %s", lab_auth_name((enum sut_auth)i));
        }
    } else if (strcmp(key, "kx") == 0) {
        for (size_t i = 0; lab_kx_name(i) != NULL; i++) {
            (void)fprintf(stderr, " %s", lab_kx_name(i));
        }
    } else if (strcmp(key, "cookie") == 0) {
        (void)fputs(" cookie no-cookie", stderr);
    } else if (strcmp(key, "suite") == 0) {
        for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
            (void)fprintf(stderr, " %04x", suite->id);
        }
    } else {
        (void)fputs(
            " CLIENT-SERVER/SUITE/AUTH/COOKIE/SCENARIO[/VARIANT], see --list",
            stderr);
    }
    (void)fputs("\n", stderr);
}

/* Every word must mean something by itself. */
static void check_words(const struct lab_cells *all, const char *text)
{
    char key[LAB_ID_MAX];
    char word[LAB_ID_MAX];
    const char *at = split(key, text);

    while (lab_next_word(word, &at)) {
        size_t i = 0;

        while (i < all->num && !lab_cell_has(&all->cells[i], key, word)) {
            i++;
        }
        if (i == all->num) {
            (void)fprintf(stderr,
                          "nxdtls interop: --only %s: no %s is %s; there are:",
                          text, key, word);
            print_choices(key);
            exit(2);
        }
    }
}

/* Marks what cannot be played; there must be something that can. */
static void mark_refused(struct lab_cells *cells, const char *pki)
{
    size_t refused = 0;

    for (size_t i = 0; i < cells->num; i++) {
        struct lab_cell *cell = &cells->cells[i];

        cell->refused = lab_cell_refused(cell, pki);
        refused += cell->refused != NULL;
    }
    if (refused == cells->num) {
        lab_bad_input("unsupported: %s", cells->cells[0].refused);
    }
}

void lab_select(struct lab_cells *out, const struct lab_options *options)
{
    lab_cells_all(out);
    for (size_t i = 0; i < options->num_filters; i++) {
        check_words(out, options->filters[i]);
    }
    for (size_t i = 0; i < options->num_filters; i++) {
        lab_cells_keep(out, passes, (void *)(uintptr_t)options->filters[i]);
    }
    if (out->num == 0) {
        lab_bad_input("no cell is all that the --only options say");
    }
    mark_refused(out, options->run.pki);
    lab_cells_thin(out, options->cover);
}
