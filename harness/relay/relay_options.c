/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls relay` (relay/relay_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "relay/relay_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_SECONDS 120

void relay_bad_input(const char *format, ...)
{
    va_list more;

    (void)fputs("nxdtls relay: ", stderr);
    va_start(more, format);
    (void)vfprintf(stderr, format, more);
    va_end(more);
    (void)fputs("\n", stderr);
    exit(2);
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
        relay_bad_input("--%s %s: not a number from %llu to %llu", option,
                        text, (unsigned long long)least,
                        (unsigned long long)most);
    }
    return value;
}

static void take_scenario(struct relay_options *o, const char *value)
{
    o->scenario = lab_scenario_of(value, &o->play);
    if (o->scenario == NULL) {
        relay_bad_input("--scenario %s: no such scenario, or no such play of "
                        "a sweep; see --list",
                        value);
    }
}

static void take_seed(struct relay_options *o, const char *value)
{
    o->seed = number("seed", value, 0, UINT64_MAX);
}

static void take_idle(struct relay_options *o, const char *value)
{
    o->idle = number("idle", value, 1, 86400) * 1000;
}

static void take_verbose(struct relay_options *o, const char *value)
{
    (void)value;
    o->verbose = true;
}

static void take_list(struct relay_options *o, const char *value)
{
    (void)o;
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

static void take_help(struct relay_options *o, const char *value);

static const struct row {
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(struct relay_options *o, const char *value);
    const char *help;
} rows[] = {
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

static void take_help(struct relay_options *o, const char *value)
{
    (void)o;
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
    static char name[] = "nxdtls relay";
    struct option longs[NUM_ROWS + 1] = {{0}};
    int at;

    *out = (struct relay_options){.seed = 1, .idle = IDLE_SECONDS * 1000};
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
    take_addresses(out, argc - optind, argv + optind);
}
