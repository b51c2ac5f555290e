/* SPDX-License-Identifier: MIT */
/* Target: options_parse of the programs, and the key file of --psk.
 * Input:  a byte: bit 0 server, bit 1 one more --psk whose key is in a file;
 *         length u8, that file; then the words of the command line, with a
 *         zero byte after each.
 * Oracle: the result is a complaint of one line, or every option is within the
 *         bounds that the help text names. */
#include "fuzzers/kit/fuzz.h"
#include "programs/lines.h"
#include "programs/endpoint_options.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORDS = 32, SERVER = 1, KEY_FILE = 2 };

static jmp_buf complained;

/* The library's kernel calls this; it never starts here. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

/* In the programs this ends the process (lines.c); here it ends the input. */
_Noreturn void bad_input(const char *format, ...)
{
    char text[4096];
    va_list arguments;

    va_start(arguments, format);
    FUZZ_CHECK(vsnprintf(text, sizeof text, format, arguments) > 0);
    va_end(arguments);
    longjmp(complained, 1);
}

static char *key_file(struct dtls_bytes text)
{
    static char option[64];
    static int file = -1;

    if (file < 0) {
        file = memfd_create("key", 0);
        (void)snprintf(option, sizeof option, "--psk=id:@/proc/self/fd/%d",
                       file);
    }
    FUZZ_CHECK(file >= 0 && ftruncate(file, 0) == 0 &&
               pwrite(file, text.data, text.len, 0) == (ssize_t)text.len);
    return option;
}

static void check(const struct options *o)
{
    FUZZ_CHECK(o->num_psks <= NX_SECURE_TLS_MAX_PSK_KEYS);
    for (size_t i = 0; i < o->num_psks; i++) {
        FUZZ_CHECK(o->psks[i].key_len >= 1 &&
                   o->psks[i].key_len <= sizeof o->psks[i].key);
        FUZZ_CHECK(o->psks[i].identity_len >= 1 &&
                   o->psks[i].identity_len <= sizeof o->psks[i].identity);
        FUZZ_CHECK(o->psks[i].hint_len <= sizeof o->psks[i].hint);
    }
    FUZZ_CHECK(o->mtu == 0 || (o->mtu >= 256 && o->mtu <= 65507));
    FUZZ_CHECK(o->sessions >= 1 && o->sessions <= 65535);
    FUZZ_CHECK(o->timeout >= 1 && o->port <= 65535);
    FUZZ_CHECK(o->is_server || o->port != 0);
    FUZZ_CHECK(memchr(o->host, '\0', sizeof o->host) != NULL);
    FUZZ_CHECK(o->retries <= 100 && o->first_timeout >= 1 &&
               o->first_timeout <= 60000);
    FUZZ_CHECK(o->host[0] != '\0' ||
               o->address.nxd_ip_version == NX_IP_VERSION_V4 ||
               o->address.nxd_ip_version == NX_IP_VERSION_V6);
    FUZZ_CHECK(o->num_certs == o->num_keys);
    FUZZ_CHECK(o->num_crls == 0 || o->num_cas != 0);
}

static void parse(bool is_server, int argc, char **argv)
{
    static struct options options;

    options = (struct options){0};
    optind = 0; /* glibc: start over */
    if (setjmp(complained) == 0) {
        options_parse(&options, is_server, argc, argv);
        check(&options);
    }
    options_free(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char program[] = "nxdtls";
    struct dtls_bytes in = {data, size};
    uint8_t how = fuzz_u8(&in);
    struct dtls_bytes key = fuzz_some(&in, fuzz_u8(&in));
    char *words = calloc(in.len + 1, 1);
    char *argv[WORDS + 3] = {program};
    int argc = 1;

    FUZZ_CHECK(words != NULL);
    if (in.len != 0) {
        memcpy(words, in.data, in.len);
    }
    if ((how & KEY_FILE) != 0) {
        argv[argc++] = key_file(key);
    }
    for (size_t at = 0; at < in.len && argc < WORDS;
         at += strlen(&words[at]) + 1) {
        /* --help ends the process; there is nothing else to check. */
        if (strncmp(&words[at], "--he", 4) != 0) {
            argv[argc++] = &words[at];
        }
    }
    parse((how & SERVER) != 0, argc, argv);
    free(words);
    return 0;
}
