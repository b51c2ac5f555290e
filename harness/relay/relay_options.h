/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls relay`. */
#ifndef RELAY_RELAY_OPTIONS_H
#define RELAY_RELAY_OPTIONS_H

#include "lab/scenario.h"

struct relay_options {
    const char *listen; /* HOST:PORT; port 0: the host chooses */
    const char *target; /* HOST:PORT */
    const struct lab_scenario *scenario;
    unsigned play; /* of a sweep */
    uint64_t seed;
    uint64_t idle; /* milliseconds after which a silent client is forgotten */
    bool verbose;
};

/* relay_options_parse reads the command line.  --help and --list end the
 * program with status 0, bad input ends it with 2 and a line that says what is
 * wrong. */
void relay_options_parse(struct relay_options *out, int argc, char **argv);

/* relay_bad_input prints the line and ends the program with status 2. */
_Noreturn void relay_bad_input(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
