/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls check` (check/check_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "check/check_options.h"

#include "check/covering.h"
#include "lab/children.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void check_bad_input(const char *format, ...)
{
    va_list more;

    (void)fputs("nxdtls check: ", stderr);
    va_start(more, format);
    (void)vfprintf(stderr, format, more);
    va_end(more);
    (void)fputs("\n", stderr);
    exit(2);
}

struct dtls_span check_read_file(const char *option, const char *path,
                                 size_t most)
{
    FILE *in = fopen(path, "r");
    struct dtls_span text = {NULL, 0};
    size_t room = 0;
    size_t len;

    if (in == NULL) {
        check_bad_input("%s %s: %s", option, path, strerror(errno));
    }
    do {
        room = room * 2 + 65536;
        text.data = realloc(text.data, room);
        assert(text.data != NULL);
        len = fread(text.data + text.len, 1, room - text.len, in);
        text.len += len;
    } while (text.len == room && text.len < most);
    if (ferror(in) != 0 || text.len >= most) {
        check_bad_input("%s %s: it cannot be read, or is too long", option,
                        path);
    }
    (void)fclose(in);
    return text;
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
        check_bad_input("--%s %s: not a number from %llu to %llu", option,
                        text, (unsigned long long)least,
                        (unsigned long long)most);
    }
    return value;
}

static void take_sut(struct check_options *o, const char *value)
{
    o->sut = value;
}

static void take_server(struct check_options *o, const char *value)
{
    o->server = value;
}

static void take_client_command(struct check_options *o, const char *value)
{
    o->client_command = value;
}

static void take_server_command(struct check_options *o, const char *value)
{
    o->server_command = value;
}

static void take_listen(struct check_options *o, const char *value)
{
    o->listen = value;
}

static void take_ics(struct check_options *o, const char *value)
{
    if (o->num_files == CHECK_FILES_MAX) {
        check_bad_input("--ics: more than %d files", CHECK_FILES_MAX);
    }
    o->files[o->num_files++] = value;
}

static void take_only(struct check_options *o, const char *value)
{
    o->only = value;
}

static void take_strength(struct check_options *o, const char *value)
{
    o->strength =
        (unsigned)number("strength", value, 1, COVERING_STRENGTH_MAX);
}

static void take_with(struct check_options *o, const char *value)
{
    static struct combination with;
    char problem[512];

    if (!combination_read(&with, value, problem, sizeof problem)) {
        check_bad_input("--with %s: %s", value, problem);
    }
    o->with = &with;
}

static void take_list(struct check_options *o, const char *value)
{
    (void)value;
    o->list = true;
}

static void take_slow(struct check_options *o, const char *value)
{
    (void)value;
    o->slow = true;
}

static void take_prove(struct check_options *o, const char *value)
{
    (void)value;
    o->prove = true;
}

static void take_json(struct check_options *o, const char *value)
{
    o->json = value;
}

static void take_baseline(struct check_options *o, const char *value)
{
    o->baseline = value;
}

static void take_evidence(struct check_options *o, const char *value)
{
    o->evidence = value;
}

static void take_resume(struct check_options *o, const char *value)
{
    (void)value;
    o->resume = true;
}

static void take_others(struct check_options *o, const char *value)
{
    o->others = (unsigned)number("others", value, 1, 100000);
}

static void take_jobs(struct check_options *o, const char *value)
{
    o->jobs = (unsigned)number("jobs", value, 1, CHILDREN_MAX);
}

static void take_seed(struct check_options *o, const char *value)
{
    o->seed = number("seed", value, 0, UINT64_MAX);
}

static void take_pki(struct check_options *o, const char *value)
{
    o->pki = value;
}

static void take_init(struct check_options *o, const char *value)
{
    o->init = value;
}

static void take_verbose(struct check_options *o, const char *value)
{
    (void)value;
    o->verbose = true;
}

static void take_help(struct check_options *o, const char *value);

static const struct row {
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(struct check_options *o, const char *value);
    const char *help;
} rows[] = {
    {"sut", "NAME", take_sut, "a library in this process: engine, netx, ..."},
    {"server", "HOST:PORT", take_server, "a server at a UDP address"},
    {"client-command", "COMMAND", take_client_command,
     "a client that the command starts; {host} and {port} in it\n"
     "become the address to which it is to connect"},
    {"server-command", "COMMAND", take_server_command,
     "a server that the command starts for each handshake anew, at\n"
     "{host} and {port}"},
    {"listen", "PORT", take_listen,
     "a client that comes by itself to this port, or HOST:PORT, of the\n"
     "lab, again and again"},
    {"ics", "FILE", take_ics,
     "what the target claims, and how it is reached; repeatable"},
    {"only", "PATTERN", take_only, "only these checks or cases; * and ? work"},
    {"strength", "N", take_strength,
     "each choice of values of N parameters that matter to a check\n"
     "stands in one of its cases, N from 1 to 3 (default 1)"},
    {"with", "NAME=VALUE,...", take_with,
     "only this combination of the parameters below, else as usual"},
    {"list", NULL, take_list, "print what would run, and what not, and why"},
    {"slow", NULL, take_slow,
     "play slow checks, too, before a target outside"},
    {"json", "FILE", take_json,
     "one JSON line per result; scripts/check-report makes a page,\n"
     "JUnit's XML or SARIF of them"},
    {"evidence", "DIR", take_evidence,
     "a folder in DIR for each case that fails or is inconclusive, with a\n"
     "capture and its secrets, the peer's log, the target's, the result"},
    {"resume", NULL, take_resume,
     "keep the results that an interrupted run has left in --json FILE"},
    {"baseline", "FILE", take_baseline,
     "reviewed fails, which are then accepted: a table with the columns\n"
     "check, parameters, clause and reason"},
    {"jobs", "N", take_jobs, "checks at a time (default: the cores)"},
    {"seed", "N", take_seed, "decides what is random (default 1)"},
    {"prove", NULL, take_prove,
     "give each check the wrong target that it must fail"},
    {"others", "N", take_others,
     "with --prove: each wrong target plays only about N of the other\n"
     "cases of both roles (default: all)"},
    {"pki", "DIR", take_pki,
     "made by scripts/pki or --init (default: that of the build)"},
    {"init", "DIR", take_init,
     "write an ICS, an IXIT and certificates to begin with"},
    {"verbose", NULL, take_verbose, "print every verdict, and the datagrams"},
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

static void take_help(struct check_options *o, const char *value)
{
    (void)o;
    (void)value;
    (void)printf("usage: nxdtls check [--sut NAME | --server HOST:PORT |\n"
                 "                     --client-command COMMAND | "
                 "--server-command COMMAND |\n"
                 "                     --listen PORT] [options]\n\n"
                 "Plays conformance checks before a DTLS 1.2 target and "
                 "gives verdicts.\n\n");
    for (int i = 0; i < NUM_ROWS; i++) {
        print_row(&rows[i]);
    }
    (void)printf("\nParameters of a combination, and their values, the usual "
                 "one first:\n");
    combination_help(stdout);
    (void)printf("\nExit status: 0 something passed, nothing failed and "
                 "nothing was inconclusive,\n1 a check failed, 2 wrong "
                 "usage, 3 inconclusive, 130 interrupted.\n");
    exit(0);
}

static void check_target(const struct check_options *o)
{
    int named = (o->sut != NULL) + (o->server != NULL) +
                (o->client_command != NULL) + (o->server_command != NULL) +
                (o->listen != NULL);

    if (named > 1) {
        check_bad_input("only one of --sut, --server, --client-command, "
                        "--server-command and --listen");
    }
    if (o->prove && named != 0) {
        check_bad_input("--prove brings its own targets");
    }
    if (o->prove && (o->baseline != NULL || o->resume || o->with != NULL ||
                     o->evidence != NULL)) {
        check_bad_input("--baseline, --evidence, --resume and --with are not "
                        "for --prove");
    }
    if (o->resume && o->json == NULL) {
        check_bad_input("--resume needs --json FILE");
    }
}

void check_options_parse(struct check_options *out, int argc, char **argv)
{
    static char name[] = "nxdtls check";
    struct option longs[NUM_ROWS + 1] = {{0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int at;

    *out = (struct check_options){
        .jobs = cores < 1              ? 1
                : cores > CHILDREN_MAX ? CHILDREN_MAX
                                       : (unsigned)cores,
        .seed = 1,
        .strength = 1,
    };
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
    if (optind != argc) {
        check_bad_input("%s: not an option; see --help", argv[optind]);
    }
    check_target(out);
}
