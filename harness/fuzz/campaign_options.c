/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls fuzz` (fuzz/campaign_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "fuzz/campaign_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls fuzz"
#define HOURS_MAX 1000

static void take_server_command(void *self, const char *value)
{
    struct campaign_options *o = self;

    o->server_command = value;
}

static void take_ics(void *self, const char *value)
{
    struct campaign_options *o = self;
    char problem[300];
    struct dtls_span text =
        command_read_file(PROGRAM, "--ics", value, COMMAND_FILE_BYTES);

    if (!ics_read(&o->ics, value, dtls_span_bytes(text), problem,
                  sizeof problem)) {
        aim_end(&o->aim, 2, "--ics: %s", problem);
    }
    free(text.data);
}

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
    AIM_ROWS("5"),
    {"server-command", "COMMAND", take_server_command,
     "a server that the command starts, and starts anew when it has ended;\n"
     "it is to listen at {host} and {port}, and is watched from outside"},
    {"ics", "FILE", take_ics,
     "how the target is reached, and how fast (nxdtls check --init); an\n"
     "option goes before it"},
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
                 "                    --server-command COMMAND |\n"
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

/* The value of the IXIT, or NULL if it says nothing. */
static const char *said_by_ics(const struct campaign_options *o,
                               enum ics_key key)
{
    const char *value = o->ics.values[key];

    return *value == '\0' ? NULL : value;
}

/* Takes from the IXIT what no option has said. */
static void obey_ics(struct campaign_options *o)
{
    struct aim_options *aim = &o->aim;
    const bool is_named = aim->sut != NULL || aim->server != NULL ||
                          aim->client_command != NULL ||
                          o->server_command != NULL;

    if (!is_named) {
        o->server_command = said_by_ics(o, ICS_server_command);
    }
    if (!is_named && o->server_command == NULL) {
        aim->server = said_by_ics(o, ICS_server);
        aim->client_command = said_by_ics(o, ICS_client_command);
    }
    if (aim->pki == NULL) {
        aim->pki = said_by_ics(o, ICS_pki);
    }
    if (!aim->has_psk) {
        char psk[2 * ICS_VALUE_MAX + 2];

        (void)snprintf(psk, sizeof psk, "%s:%s",
                       o->ics.values[ICS_psk_identity],
                       o->ics.values[ICS_psk_key]);
        aim_take_psk(o, psk);
    }
}

void campaign_options_parse(struct campaign_options *o, int argc, char **argv)
{
    int at;

    memset(o, 0, sizeof *o);
    aim_options_init(&o->aim, PROGRAM, 5);
    ics_init(&o->ics);
    o->folder = "nxdtls-fuzz";
    o->hours = 8;
    o->trials = UINT64_MAX;
    at = command_parse(&line, o, argc, argv);
    if (at != argc) {
        aim_end(&o->aim, 2, "%s: not an option; see --help", argv[at]);
    }
    obey_ics(o);
    if (o->server_command != NULL && o->aim.server == NULL) {
        o->aim.server = ""; /* until the command has started it */
    } else if (o->server_command != NULL) {
        aim_end(&o->aim, 2, "only one of --server and --server-command");
    }
    aim_options_check(&o->aim);
}
