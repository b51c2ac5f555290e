/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls probe` (probe/probe_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "probe/probe_options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void take_listen(struct probe_options *o, const char *value)
{
    o->listen = value;
}

static void take_json(struct probe_options *o, const char *value)
{
    o->json = value;
}

static void take_ics(struct probe_options *o, const char *value)
{
    o->ics = value;
}

static void take_psk(struct probe_options *o, const char *value)
{
    given_psk(&o->given, value);
}

static void take_cert(struct probe_options *o, const char *value)
{
    given_certificate(&o->given, value);
}

static void take_key(struct probe_options *o, const char *value)
{
    given_key(&o->given, value);
    o->has_key = true;
}

static void take_ca(struct probe_options *o, const char *value)
{
    given_roots(&o->given, value);
}

static void take_quick(struct probe_options *o, const char *value)
{
    (void)value;
    o->quick = true;
}

static void take_slow(struct probe_options *o, const char *value)
{
    (void)value;
    o->slow = true;
}

static void take_help(struct probe_options *o, const char *value);

static const struct row {
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(struct probe_options *o, const char *value);
    const char *help;
} rows[] = {
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
    (void)printf("usage: nxdtls probe [options] HOST:PORT\n"
                 "       nxdtls probe [options] --listen PORT\n\n"
                 "Finds out what a DTLS server or client is, from outside, "
                 "and prints a page.\n\n");
    for (int i = 0; i < NUM_ROWS; i++) {
        print_row(&rows[i]);
    }
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
    static char name[] = "nxdtls probe";
    struct option longs[NUM_ROWS + 1] = {{0}};
    int at;

    memset(out, 0, sizeof *out);
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
    take_target(out, argc - optind, argv + optind);
    if (out->has_key != (out->given.num_certificates != 0)) {
        probe_end(2, "--cert and --key belong together");
    }
}
