/* SPDX-License-Identifier: MIT */
/* Command lines (lab/command_line.h). */
#include "lab/command_line.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_LONG = 256 }; /* what getopt returns for the first row */

void command_end(const char *program, int status, const char *format,
                 va_list more)
{
    (void)fprintf(stderr, "%s: ", program);
    /* The caller has started the list; clang-tidy 14 does not see it here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vfprintf(stderr, format, more);
    (void)fputs("\n", stderr);
    exit(status);
}

/* Ends the program as command_end does, with status 2. */
static _Noreturn void refuse(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void refuse(const char *program, const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(program, 2, format, more);
}

struct dtls_span command_read_file(const char *program, const char *option,
                                   const char *path, size_t most)
{
    FILE *in = fopen(path, "r");
    struct dtls_span text = {NULL, 0};
    size_t room = 0;
    size_t len;

    if (in == NULL) {
        refuse(program, "%s %s: %s", option, path, strerror(errno));
    }
    do {
        room = room * 2 + 65536;
        text.data = realloc(text.data, room);
        assert(text.data != NULL);
        len = fread(text.data + text.len, 1, room - text.len, in);
        text.len += len;
    } while (text.len == room && text.len < most);
    if (ferror(in) != 0 || text.len >= most) {
        refuse(program, "%s %s: it cannot be read, or is too long", option,
               path);
    }
    (void)fclose(in);
    return text;
}

FILE *command_open_file(const char *program, const char *option,
                        const char *path, size_t most)
{
    struct dtls_span text = command_read_file(program, option, path, most);
    FILE *out = fmemopen(NULL, text.len + 1, "w+");
    size_t len;

    assert(out != NULL);
    len = fwrite(text.data, 1, text.len, out);
    assert(len == text.len);
    (void)len;
    rewind(out);
    free(text.data);
    return out;
}

const char *command_pki(void)
{
    static const char below[] = "/../share/nxdtls/pki";
    static char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    char *slash;

    path[len < 0 ? 0 : len] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL || (size_t)(slash - path) + sizeof below > sizeof path) {
        return NXDTLS_PKI_DIR;
    }
    (void)memcpy(slash, below, sizeof below);
    return access(path, R_OK) == 0 ? path : NXDTLS_PKI_DIR;
}

uint64_t command_number(const char *program, const char *option,
                        const char *text, uint64_t least, uint64_t most)
{
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(text, &end, 0);
    if (errno != 0 || *end != '\0' || *text == '\0' || *text == '-' ||
        value < least || value > most) {
        (void)fprintf(stderr, "%s: --%s %s: not a number from %llu to %llu\n",
                      program, option, text, (unsigned long long)least,
                      (unsigned long long)most);
        exit(2);
    }
    return value;
}

void command_warn_of_key(const char *program, const char *whose,
                         size_t key_len)
{
    if (key_len < 16) {
        (void)fprintf(
            stderr,
            "%s: warning: %s: %zu bytes are weaker than any suite with "
            "a PSK, which asks for 16 (RFC 9257, 6)\n",
            program, whose, key_len);
    }
}

void command_psk(const char *program, const char *text, uint8_t *identity,
                 size_t identity_size, size_t *identity_len, uint8_t *key,
                 size_t key_size, size_t *key_len)
{
    const char *colon = strrchr(text, ':'); /* an identity may have colons */
    char whose[512];

    if (colon == NULL || colon == text ||
        (size_t)(colon - text) > identity_size) {
        refuse(program, "--psk: not ID:HEXKEY with an ID of 1 to %zu bytes",
               identity_size);
    }
    *identity_len = (size_t)(colon - text);
    memcpy(identity, text, *identity_len);
    if (OPENSSL_hexstr2buf_ex(key, key_size, key_len, colon + 1, '\0') != 1 ||
        *key_len == 0) {
        refuse(program,
               "--psk %.*s: not a key in hexadecimal of 1 to %zu bytes",
               (int)*identity_len, text, key_size);
    }
    (void)snprintf(whose, sizeof whose, "the key of %.*s", (int)*identity_len,
                   text);
    command_warn_of_key(program, whose, *key_len);
}

volatile int command_interrupted;

static void interrupt(int number)
{
    (void)number;
    command_interrupted = 1;
}

void command_watch_signals(void)
{
    const struct sigaction action = {.sa_handler = interrupt};

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

unsigned command_jobs(unsigned most)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > (long)most ? most : (unsigned)cores;
}

static void make_table(struct option *out, const struct command_line *line)
{
    assert(line->num <= COMMAND_ROWS_MAX);
    for (size_t i = 0; i < line->num; i++) {
        const struct command_row *row = &line->rows[i];

        assert(row->take != NULL && row->help != NULL && *row->help != '\0');
        out[i] = (struct option){
            .name = row->name,
            .has_arg = row->argument == NULL ? no_argument : required_argument,
            .val = FIRST_LONG + (int)i,
        };
    }
}

static const struct command_row *row_of(const struct command_line *line,
                                        int option)
{
    for (size_t i = 0; i < line->num; i++) {
        const struct command_row *row = &line->rows[i];

        if (option == FIRST_LONG + (int)i ||
            (option == row->name[0] && row->argument == NULL)) {
            return row;
        }
    }
    exit(2); /* getopt has said why */
}

int command_parse(const struct command_line *line, void *options, int argc,
                  char **argv)
{
    struct option longs[COMMAND_ROWS_MAX + 1] = {{0}};
    char *first = argv[0];
    char name[32]; /* getopt's messages begin with it */
    int option;

    (void)snprintf(name, sizeof name, "%s", line->program);
    make_table(longs, line);
    argv[0] = name;
    while ((option = getopt_long(argc, argv, line->letters, longs, NULL)) !=
           -1) {
        row_of(line, option)->take(options, optarg);
    }
    argv[0] = first;
    return optind;
}

void command_print_rows(const struct command_line *line)
{
    for (size_t i = 0; i < line->num; i++) {
        const struct command_row *row = &line->rows[i];

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
}
