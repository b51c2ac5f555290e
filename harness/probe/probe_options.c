/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls probe` (probe/probe_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "probe/probe_options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void probe_end(int status, const char *format, ...)
{
    va_list more;

    (void)fputs("nxdtls probe: ", stderr);
    va_start(more, format);
    (void)vfprintf(stderr, format, more);
    va_end(more);
    (void)fputs("\n", stderr);
    exit(status);
}

static void take_json(struct probe_options *o, const char *value)
{
    o->json = value;
}

static void take_ics(struct probe_options *o, const char *value)
{
    o->ics = value;
}

static void take_help(struct probe_options *o, const char *value);

static const struct row {
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(struct probe_options *o, const char *value);
    const char *help;
} rows[] = {
    {"json", "FILE", take_json, "write what was found as one JSON document"},
    {"ics", "FILE", take_ics,
     "write the draft of an ICS, which nxdtls check --ics reads"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static void print_row(const struct row *row)
{
    (void)printf("  --%s %s\n      ", row->name,
                 row->argument == NULL ? "" : row->argument);
    for (const char *at = row->help; *at != '\0'; at++) {
        (void)putchar(*at);
        if (*at == '\n') {
            (void)printf("      ");
        }
    }
    (void)printf("\n");
}

static void take_help(struct probe_options *o, const char *value)
{
    (void)o;
    (void)value;
    (void)printf("usage: nxdtls probe [options] HOST:PORT\n\n"
                 "Finds out what a DTLS server is, from outside, and prints a "
                 "page.\n\n");
    for (int i = 0; i < NUM_ROWS; i++) {
        print_row(&rows[i]);
    }
    (void)printf("\nExit status: 0 the page is printed, 2 wrong usage, 3 no "
                 "DTLS server answers,\n130 interrupted.\n");
    exit(0);
}

void probe_options_parse(struct probe_options *out, int argc, char **argv)
{
    static char name[] = "nxdtls probe";
    struct option longs[NUM_ROWS + 1] = {{0}};
    int at;

    *out = (struct probe_options){0};
    for (int i = 0; i < NUM_ROWS; i++) {
        longs[i] = (struct option){
            .name = rows[i].name,
            .has_arg =
                rows[i].argument == NULL ? no_argument : required_argument,
            .val = i,
        };
    }
    argv[0] = name;
    while ((at = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (at < 0 || at >= NUM_ROWS) {
            exit(2); /* getopt has said why */
        }
        rows[at].take(out, optarg);
    }
    if (optind == argc) {
        probe_end(2, "HOST:PORT is missing; see --help");
    }
    if (optind + 1 != argc) {
        probe_end(2, "%s: one HOST:PORT is enough", argv[optind + 1]);
    }
    out->where = argv[optind];
}
