/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls probe` (probe/probe_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "probe/probe_options.h"

#include "lab/command_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls probe"

void probe_end(int status, const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(PROGRAM, status, format, more);
}

static void take_listen(void *self, const char *value)
{
    struct probe_options *o = self;

    o->listen = value;
}

static void take_json(void *self, const char *value)
{
    struct probe_options *o = self;

    o->json = value;
}

static void take_ics(void *self, const char *value)
{
    struct probe_options *o = self;

    o->ics = value;
}

static void take_psk(void *self, const char *value)
{
    struct probe_options *o = self;

    given_psk(&o->given, value);
}

static void take_cert(void *self, const char *value)
{
    struct probe_options *o = self;

    given_certificate(&o->given, value);
}

static void take_key(void *self, const char *value)
{
    struct probe_options *o = self;

    given_key(&o->given, value);
    o->has_key = true;
}

static void take_ca(void *self, const char *value)
{
    struct probe_options *o = self;

    given_roots(&o->given, value);
}

static void take_quick(void *self, const char *value)
{
    struct probe_options *o = self;

    (void)value;
    o->quick = true;
}

static void take_slow(void *self, const char *value)
{
    struct probe_options *o = self;

    (void)value;
    o->slow = true;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    {"listen", "PORT", take_listen,
     "probe the client that comes to this port in the next minute"},
    {"json", "FILE", take_json, "write what was found as one JSON document"},
    {"ics", "FILE", take_ics,
     "write the draft of an ICS, which nxdtls check --ics reads"},
    {"psk", "ID:HEXKEY", take_psk,
     "a pre-shared key: without one, such a server tells less"},
    {"cert", "FILE", take_cert,
     "our certificates, PEM or DER, for a server that asks for them"},
    {"key", "FILE", take_key, "the private key of the first one"},
    {"ca", "FILE", take_ca,
     "trusted certificates: does the server's chain verify? repeatable"},
    {"quick", NULL, take_quick,
     "do not wait for repeated flights and another cookie"},
    {"slow", NULL, take_slow,
     "wait up to five minutes for another cookie, and two for repeats"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf("usage: nxdtls probe [options] HOST:PORT\n"
                 "       nxdtls probe [options] --listen PORT\n\n"
                 "Finds out what a DTLS server or client is, from outside, "
                 "and prints a page.\n\n");
    command_print_rows(&line);
    (void)printf(
        "\nExit status: 0 the page is printed, 2 wrong usage, 3 no "
        "DTLS server answers\nor no client comes,\n130 interrupted.\n");
    exit(0);
}

static void take_target(struct probe_options *out, int num, char **words)
{
    if (num == 0 && out->listen == NULL) {
        probe_end(2, "HOST:PORT is missing; see --help");
    }
    if (num + (out->listen != NULL) > 1) {
        probe_end(2, "%s: one HOST:PORT or --listen PORT is enough",
                  words[num - 1]);
    }
    out->where = num == 0 ? NULL : words[0];
}

void probe_options_parse(struct probe_options *out, int argc, char **argv)
{
    int at;

    memset(out, 0, sizeof *out);
    at = command_parse(&line, out, argc, argv);
    take_target(out, argc - at, argv + at);
    if (out->has_key != (out->given.num_certificates != 0)) {
        probe_end(2, "--cert and --key belong together");
    }
}
