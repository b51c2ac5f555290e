/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls interop`: one table (interop_options.c). */
#ifndef LAB_INTEROP_OPTIONS_H
#define LAB_INTEROP_OPTIONS_H

#include "lab/report.h"

#define LAB_FILTERS_MAX 32

struct lab_options {
    struct lab_run run;
    const char *filters[LAB_FILTERS_MAX]; /* KEY=WORD[,WORD...] */
    size_t num_filters;
    enum lab_cover cover;
    unsigned jobs;
    unsigned repeat;
    const char *json;   /* NULL: none */
    const char *matrix; /* NULL: none */
    const char *fates;  /* a scenario; NULL: play */
    bool list;
    bool curves;
};

/* lab_options_parse reads the arguments.  --help ends the program with status
 * 0, bad input with status 2. */
void lab_options_parse(struct lab_options *out, int argc, char **argv);

/* lab_print_keys prints the keys of --only in one line. */
void lab_print_keys(FILE *out);

/* lab_bad_input prints one line and ends the program with status 2. */
_Noreturn void lab_bad_input(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
