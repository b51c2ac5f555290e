/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls learn` (learn/learn_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "learn/learn_options.h"
#include "learn/ahead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls learn"
#define WORDS_HERE 10000   /* random words at a target in this process */
#define WORDS_OUTSIDE 1000 /* and at any other, whose time is real */

/* ---- what an option takes ---- */

static void take_dot(void *self, const char *value)
{
    struct learn_options *o = self;

    o->dot = value;
}

static void take_svg(void *self, const char *value)
{
    struct learn_options *o = self;

    o->svg = value;
}

static void take_json(void *self, const char *value)
{
    struct learn_options *o = self;

    o->json = value;
}

static void take_compare(void *self, const char *value)
{
    struct learn_options *o = self;

    o->compare = value;
}

static void take_answers(void *self, const char *value)
{
    struct learn_options *o = self;

    o->answers = value;
}

static void take_evidence(void *self, const char *value)
{
    struct learn_options *o = self;

    o->evidence = value;
}

static void take_words(void *self, const char *value)
{
    struct learn_options *o = self;

    o->words = (unsigned)command_number(PROGRAM, "words", value, 0, 100000000);
    o->has_words = true;
}

static void take_extra(void *self, const char *value)
{
    struct learn_options *o = self;

    o->extra = (unsigned)command_number(PROGRAM, "extra", value, 0, 2);
    o->has_extra = true;
}

static void take_jobs(void *self, const char *value)
{
    struct learn_options *o = self;

    o->jobs =
        (unsigned)command_number(PROGRAM, "jobs", value, 1, AHEAD_WORKERS);
}

static void take_verbose(void *self, const char *value)
{
    struct learn_options *o = self;

    (void)value;
    o->verbose = true;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    AIM_ROWS("20"),
    {"dot", "FILE", take_dot, "write the machine for graphviz"},
    {"svg", "FILE", take_svg, "write it as a picture, with graphviz's dot"},
    {"json", "FILE", take_json, "write it as JSON"},
    {"compare", "FILE", take_compare,
     "tell how it differs from the machine that --json has written"},
    {"answers", "FILE", take_answers,
     "keep the target's answers there, and go on from those that are there:\n"
     "an interrupted run goes on where it was"},
    {"evidence", "DIR", take_evidence,
     "a folder in DIR for each fault, with a capture and its secrets"},
    {"words", "N", take_words,
     "random and edited words that try to refute a machine\n"
     "(default: 10000, of a target outside 1000)"},
    {"extra", "N", take_extra,
     "states more than were found, with which the target would still be\n"
     "found out (default: 1, of a target outside 0)"},
    {"jobs", "N", take_jobs,
     "ask a library in so many processes at a time (default: one for each\n"
     "core); what is learned does not depend on it"},
    {"verbose", NULL, take_verbose, "tell each hypothesis on stderr"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf("usage: nxdtls learn [--sut NAME | --server HOST:PORT |\n"
                 "                     --client-command COMMAND] "
                 "[options]\n\n"
                 "Learns the state machine of a DTLS 1.2 target, prints it "
                 "and what is wrong\nwith it.\n\n");
    command_print_rows(&line);
    (void)printf(
        "\nExit status: 0 the machine was learned and nothing is wrong "
        "with it, 1 it has a\nfault or differs from that of --compare, "
        "2 wrong usage, 3 it could not be\nlearned, 130 interrupted.\n");
    exit(0);
}

void learn_options_parse(struct learn_options *o, int argc, char **argv)
{
    int at;

    memset(o, 0, sizeof *o);
    aim_options_init(&o->aim, PROGRAM, 20);
    o->jobs = command_jobs(AHEAD_WORKERS);
    at = command_parse(&line, o, argc, argv);
    if (at != argc) {
        aim_end(&o->aim, 2, "%s: not an option; see --help", argv[at]);
    }
    aim_options_check(&o->aim);
    if (!o->has_words) {
        o->words = o->aim.sut != NULL ? WORDS_HERE : WORDS_OUTSIDE;
    }
    if (!o->has_extra) {
        o->extra = o->aim.sut != NULL ? 1 : 0;
    }
}
