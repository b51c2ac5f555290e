/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls check` (check/check_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "check/check_options.h"

#include "check/covering.h"
#include "lab/children.h"

#include "lab/command_line.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls check"

void check_bad_input(const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(PROGRAM, 2, format, more);
}

struct dtls_span check_read_file(const char *option, const char *path,
                                 size_t most)
{
    return command_read_file(PROGRAM, option, path, most);
}

static void take_sut(void *self, const char *value)
{
    struct check_options *o = self;

    o->sut = value;
}

static void take_server(void *self, const char *value)
{
    struct check_options *o = self;

    o->server = value;
}

static void take_client_command(void *self, const char *value)
{
    struct check_options *o = self;

    o->client_command = value;
}

static void take_server_command(void *self, const char *value)
{
    struct check_options *o = self;

    o->server_command = value;
}

static void take_listen(void *self, const char *value)
{
    struct check_options *o = self;

    o->listen = value;
}

static void take_ics(void *self, const char *value)
{
    struct check_options *o = self;

    if (o->num_files == CHECK_FILES_MAX) {
        check_bad_input("--ics: more than %d files", CHECK_FILES_MAX);
    }
    o->files[o->num_files++] = value;
}

static void take_only(void *self, const char *value)
{
    struct check_options *o = self;

    o->only = value;
}

static void take_strength(void *self, const char *value)
{
    struct check_options *o = self;

    o->strength = (unsigned)command_number(PROGRAM, "strength", value, 1,
                                           COVERING_STRENGTH_MAX);
}

static void take_with(void *self, const char *value)
{
    struct check_options *o = self;

    static struct combination with;
    char problem[512];

    if (!combination_read(&with, value, problem, sizeof problem)) {
        check_bad_input("--with %s: %s", value, problem);
    }
    o->with = &with;
}

static void take_list(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->list = true;
}

static void take_claims(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->claims = true;
}

static void take_slow(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->slow = true;
}

static void take_prove(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->prove = true;
}

static void take_json(void *self, const char *value)
{
    struct check_options *o = self;

    o->json = value;
}

static void take_baseline(void *self, const char *value)
{
    struct check_options *o = self;

    o->baseline = value;
}

static void take_evidence(void *self, const char *value)
{
    struct check_options *o = self;

    o->evidence = value;
}

static void take_resume(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->resume = true;
}

static void take_others(void *self, const char *value)
{
    struct check_options *o = self;

    o->others = (unsigned)command_number(PROGRAM, "others", value, 1, 100000);
}

static void take_jobs(void *self, const char *value)
{
    struct check_options *o = self;

    o->jobs =
        (unsigned)command_number(PROGRAM, "jobs", value, 1, CHILDREN_MAX);
}

static void take_seed(void *self, const char *value)
{
    struct check_options *o = self;

    o->seed = command_number(PROGRAM, "seed", value, 0, UINT64_MAX);
}

static void take_pki(void *self, const char *value)
{
    struct check_options *o = self;

    o->pki = value;
}

static void take_init(void *self, const char *value)
{
    struct check_options *o = self;

    o->init = value;
}

static void take_verbose(void *self, const char *value)
{
    struct check_options *o = self;

    (void)value;
    o->verbose = true;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
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
    {"claims", NULL, take_claims,
     "print what the target claims: an ICS and an IXIT for --ics"},
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

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf("usage: nxdtls check [--sut NAME | --server HOST:PORT |\n"
                 "                     --client-command COMMAND | "
                 "--server-command COMMAND |\n"
                 "                     --listen PORT] [options]\n\n"
                 "Plays conformance checks before a DTLS 1.2 target and "
                 "gives verdicts.\n\n");
    command_print_rows(&line);
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
    int at;

    *out = (struct check_options){
        .jobs = command_jobs(CHILDREN_MAX),
        .seed = 1,
        .strength = 1,
    };
    at = command_parse(&line, out, argc, argv);
    if (at != argc) {
        check_bad_input("%s: not an option; see --help", argv[at]);
    }
    check_target(out);
}
