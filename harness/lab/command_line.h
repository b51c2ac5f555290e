/* SPDX-License-Identifier: MIT */
/* The command lines of the lab's programs: each has one table of options, of
 * which getopt's tables and --help are made. */
#ifndef LAB_COMMAND_LINE_H
#define LAB_COMMAND_LINE_H

#include "base/bytes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct command_row {
    const char *name;
    const char *argument; /* NULL: none */
    void (*take)(void *options, const char *value);
    const char *help; /* '\n' ends a line of it */
};

struct command_line {
    const char *program; /* "nxdtls check": what messages begin with */
    const struct command_row *rows;
    size_t num; /* at most COMMAND_ROWS_MAX */
    /* Short forms: "vh" lets -v and -h stand for the first options without an
     * argument whose names begin so. */
    const char *letters;
};

#define COMMAND_ROWS_MAX 64

/* command_parse gives each option to its row and returns the index of the
 * first word that is none.  What getopt does not know ends the program with
 * status 2, after a line that says so. */
int command_parse(const struct command_line *line, void *options, int argc,
                  char **argv);

/* command_print_rows prints each option, with its help below it. */
void command_print_rows(const struct command_line *line);

/* command_end ends the program after a line on stderr. */
_Noreturn void command_end(const char *program, int status, const char *format,
                           va_list more) __attribute__((format(printf, 3, 0)));

/* command_number reads a number in any of C's notations; another text ends the
 * program with status 2. */
uint64_t command_number(const char *program, const char *option,
                        const char *text, uint64_t least, uint64_t most);

/* command_read_file returns the bytes of a file, on the heap.  If it cannot be
 * read, or has `most` bytes or more, it ends the program with status 2 and a
 * line on stderr; `option`, with its dashes, has named the file. */
#define COMMAND_FILE_BYTES (1 << 20) /* of a file that people write */
struct dtls_span command_read_file(const char *program, const char *option,
                                   const char *path, size_t most);

/* command_open_file returns a stream of such a file's bytes, which the caller
 * closes. */
FILE *command_open_file(const char *program, const char *option,
                        const char *path, size_t most);

/* command_warn_of_key prints a line on stderr if a pre-shared key has less
 * than the 128 bits that RFC 9257, 6, asks for; `whose` names it. */
void command_warn_of_key(const char *program, const char *whose,
                         size_t key_len);

/* command_psk reads --psk's ID:HEXKEY: an identity of 1 to `identity_size`
 * bytes, a key of 1 to `key_size`; another text ends the program with status
 * 2.  It warns of a short key. */
void command_psk(const char *program, const char *text, uint8_t *identity,
                 size_t identity_size, size_t *identity_len, uint8_t *key,
                 size_t key_size, size_t *key_len);

/* command_watch_signals sets command_interrupted when SIGINT or SIGTERM comes,
 * which then end nothing. */
extern volatile int command_interrupted;
void command_watch_signals(void);

/* command_jobs is how many pieces of work the machine does at a time by
 * default: the cores, from 1 to `most`. */
unsigned command_jobs(unsigned most);

/* command_pki returns the folder of the certificates that the lab brings
 * along: ../share/nxdtls/pki, seen from an installed program, or else the one
 * of the build. */
const char *command_pki(void);

#endif
