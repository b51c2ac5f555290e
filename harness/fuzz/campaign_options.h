/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls fuzz`. */
#ifndef FUZZ_CAMPAIGN_OPTIONS_H
#define FUZZ_CAMPAIGN_OPTIONS_H

#include "check/ics.h"
#include "learn/aim_options.h"

struct campaign_options {
    struct aim_options aim;
    const char *server_command; /* NULL: the server is not ours */
    struct ics ics;             /* the defaults, or what --ics has said */
    const char *machine;        /* a file; NULL: none */
    const char *folder;
    const char *replay; /* a file; NULL: none */
    double hours;
    uint64_t trials; /* UINT64_MAX: until the time is over */
    bool anew;
};

/* campaign_options_parse ends the program with status 2 for what is wrong. */
void campaign_options_parse(struct campaign_options *out, int argc,
                            char **argv);

#endif
