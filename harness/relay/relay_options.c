/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls relay` (relay/relay_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "relay/relay_options.h"

#include "lab/command_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_SECONDS 120

#define PROGRAM "nxdtls relay"

void relay_bad_input(const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(PROGRAM, 2, format, more);
}

static void take_scenario(void *self, const char *value)
{
    struct relay_options *o = self;

    o->scenario = lab_scenario_of(value, &o->play);
    if (o->scenario == NULL) {
        relay_bad_input("--scenario %s: no such scenario, or no such play of "
                        "a sweep; see --list",
                        value);
    }
}

static void take_seed(void *self, const char *value)
{
    struct relay_options *o = self;

    o->seed = command_number(PROGRAM, "seed", value, 0, UINT64_MAX);
}

static void take_idle(void *self, const char *value)
{
    struct relay_options *o = self;

    o->idle = command_number(PROGRAM, "idle", value, 1, 86400) * 1000;
}

static void take_verbose(void *self, const char *value)
{
    struct relay_options *o = self;

    (void)value;
    o->verbose = true;
}

static void take_list(void *self, const char *value)
{
    (void)self;
    (void)value;
    for (size_t i = 0; i < lab_num_scenarios; i++) {
        const struct lab_scenario *s = &lab_scenarios[i];
        char name[64];

        (void)snprintf(name, sizeof name, "%s", s->name);
        if (s->sweep != LAB_ONCE) {
            (void)snprintf(name, sizeof name, "%s-0 to -%u", s->name,
                           lab_sweep_size(s) - 1);
        }
        (void)printf("%-16s %s\n", name, s->what);
    }
    exit(0);
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    {"scenario", "NAME", take_scenario,
     "what the network does; NAME-N is play N of a sweep"},
    {"list", NULL, take_list, "print the scenarios"},
    {"seed", "N", take_seed, "decides what is random (default 1)"},
    {"idle", "SECONDS", take_idle,
     "forget a client that is silent for so long (default 120)"},
    {"verbose", NULL, take_verbose,
     "print each datagram, and what became of it"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf(
        "usage: nxdtls relay --scenario NAME [options] LISTEN TARGET\n\n"
        "Passes datagrams between the clients of LISTEN and the UDP service "
        "at TARGET,\nthrough a network of the lab's simulator, in real time.  "
        "LISTEN and TARGET are\nHOST:PORT; with port 0 the host chooses, and "
        "the first line says which.\n\n");
    for (int i = 0; i < NUM_ROWS; i++) {
        char option[32];

        (void)snprintf(option, sizeof option, "--%s %s", rows[i].name,
                       rows[i].argument == NULL ? "" : rows[i].argument);
        (void)printf("  %-17s %s\n", option, rows[i].help);
    }
    (void)printf(
        "\nThe nth datagram of a client has the fate that the seed, the "
        "direction and n\ngive it, as in `nxdtls interop`.  The first client "
        "meets the network of --seed\nN, the next ones those of N + 2, N + 4 "
        "and so on.  What a scenario does \"once\nconnected\" begins with "
        "the first record of DTLS application data.\n\n"
        "SIGINT and SIGTERM end it.  The last line counts datagrams: those "
        "sent to an\nend (copies, too), lost, doubled and changed by the "
        "scenario, dropped for want\nof room, and refused by the host or "
        "the other end.  Exit status: 0, or 2 for\nwrong usage.\n");
    exit(0);
}

static void take_addresses(struct relay_options *o, int num, char **words)
{
    if (num != 2) {
        relay_bad_input("LISTEN and TARGET are to be named; see --help");
    }
    o->listen = words[0];
    o->target = words[1];
    if (o->scenario == NULL) {
        relay_bad_input("--scenario is missing; --list names them");
    }
}

void relay_options_parse(struct relay_options *out, int argc, char **argv)
{
    int at;

    *out = (struct relay_options){.seed = 1, .idle = IDLE_SECONDS * 1000};
    at = command_parse(&line, out, argc, argv);
    take_addresses(out, argc - at, argv + at);
}
