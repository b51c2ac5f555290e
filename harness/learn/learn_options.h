/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls learn`. */
#ifndef LEARN_LEARN_OPTIONS_H
#define LEARN_LEARN_OPTIONS_H

#include "learn/aim_options.h"

struct learn_options {
    struct aim_options aim;
    const char *dot; /* files; NULL: none */
    const char *svg;
    const char *json;
    const char *compare;
    const char *answers;
    const char *evidence; /* a folder */
    unsigned words;
    unsigned extra;
    unsigned jobs;
    bool has_words;
    bool has_extra;
    bool verbose;
};

/* learn_options_parse ends the program with status 2 for what is wrong. */
void learn_options_parse(struct learn_options *out, int argc, char **argv);

#endif
