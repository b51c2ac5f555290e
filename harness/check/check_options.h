/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls check`. */
#ifndef CHECK_CHECK_OPTIONS_H
#define CHECK_CHECK_OPTIONS_H

#include "check/combination.h"

#define CHECK_FILES_MAX 4

struct check_options {
    const char *sut;                    /* a driver in this process; or ... */
    const char *server;                 /* ... HOST:PORT; or ... */
    const char *client_command;         /* ... a command */
    const char *server_command;         /* ... another one; or ... */
    const char *listen;                 /* ... a port of ours */
    const char *files[CHECK_FILES_MAX]; /* ICS and IXIT */
    unsigned num_files;
    const char *only;
    const char *json;
    const char *baseline;
    const char *evidence; /* a folder */
    const char *pki;
    const char *init;               /* a folder to write, and nothing else */
    unsigned strength;              /* of the combinations */
    const struct combination *with; /* NULL: as `strength` says */
    bool list;
    bool claims; /* print them, and nothing else */
    bool slow;
    bool resume;
    bool prove;
    bool verbose;
    unsigned jobs;
    unsigned others; /* of --prove; 0: all */
    uint64_t seed;
};

/* check_options_parse ends the program after --help, and with status 2 and a
 * line on stderr if the command line is wrong. */
void check_options_parse(struct check_options *out, int argc, char **argv);

/* check_read_file is command_read_file for this program. */
struct dtls_span check_read_file(const char *option, const char *path,
                                 size_t most);

/* check_bad_input says a line on stderr and ends the program with status
 * 2. */
_Noreturn void check_bad_input(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
