/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls fuzz` (fuzz/campaign_options.h).  getopt's table
 * and
 * --help are made of `rows`. */
#include "fuzz/campaign_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls fuzz"
#define HOURS_MAX 1000

static void take_machine(void *self, const char *value)
{
    struct campaign_options *o = self;

    o->machine = value;
}

static void take_folder(void *self, const char *value)
{
    struct campaign_options *o = self;

    o->folder = value;
}

static void take_replay(void *self, const char *value)
{
    struct campaign_options *o = self;

    o->replay = value;
}

static void take_hours(void *self, const char *value)
{
    struct campaign_options *o = self;
    char *end;

    o->hours = strtod(value, &end);
    if (*value == '\0' || *end != '\0' || !(o->hours > 0) ||
        o->hours > HOURS_MAX) {
        aim_end(&o->aim, 2, "--hours %s: not a number above 0, at most %d",
                value, HOURS_MAX);
    }
}

static void take_trials(void *self, const char *value)
{
    struct campaign_options *o = self;

    o->trials = command_number(PROGRAM, "trials", value, 1, UINT64_MAX - 1);
}

static void take_anew(void *self, const char *value)
{
    struct campaign_options *o = self;

    (void)value;
    o->anew = true;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    AIM_ROWS,
    {"machine", "FILE", take_machine,
     "begin in the states of the machine that nxdtls learn --json has\n"
     "written (default: one that is learned now; of a target outside,\n"
     "the states of honest handshakes)"},
    {"folder", "DIR", take_folder,
     "for finds, and for where an interrupted run goes on\n"
     "(default: nxdtls-fuzz)"},
    {"hours", "N", take_hours, "fuzz for so long (default 8)"},
    {"trials", "N", take_trials, "but play no more than N associations"},
    {"anew", NULL, take_anew, "do not go on where the last run has ended"},
    {"replay", "FILE", take_replay,
     "play the trials of a find three times, and nothing else"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf("usage: nxdtls fuzz [--sut NAME | --server HOST:PORT |\n"
                 "                    --client-command COMMAND] [options]\n\n"
                 "Sends mutated messages to a DTLS 1.2 target, from every "
                 "state of its machine,\nwith real keys, and tells what "
                 "is wrong with its answers or ends it.\n\n");
    command_print_rows(&line);
    (void)printf("\nExit status: 0 nothing was found, 1 something was, "
                 "2 wrong usage, 3 the target\ncannot be fuzzed, "
                 "130 interrupted.\n");
    exit(0);
}

void campaign_options_parse(struct campaign_options *o, int argc, char **argv)
{
    int at;

    memset(o, 0, sizeof *o);
    aim_options_init(&o->aim, PROGRAM);
    o->folder = "nxdtls-fuzz";
    o->hours = 8;
    o->trials = UINT64_MAX;
    at = command_parse(&line, o, argc, argv);
    if (at != argc) {
        aim_end(&o->aim, 2, "%s: not an option; see --help", argv[at]);
    }
    aim_options_check(&o->aim);
}
