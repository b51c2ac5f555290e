/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls probe`. */
#ifndef PROBE_PROBE_OPTIONS_H
#define PROBE_PROBE_OPTIONS_H

#include "probe/given.h"

#include <stdbool.h>

/* Strings are those of argv. */
struct probe_options {
    const char *where;  /* HOST:PORT; NULL: a client is to come ... */
    const char *listen; /* ... to this port */
    const char *json;
    const char *ics;
    bool has_key; /* --key was there */
    bool quick;
    bool slow;
    struct given given; /* to be freed */
};

/* probe_options_parse ends the program with status 2 after a message of one
 * line if the arguments are wrong, and with 0 after --help. */
void probe_options_parse(struct probe_options *out, int argc, char **argv);

/* probe_end ends the program with a message of one line: status 2 for wrong
 * usage, 3 for a server that cannot be probed. */
_Noreturn void probe_end(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
