/* SPDX-License-Identifier: MIT */
/* How the programs are told a pre-shared key (RFC 4279, 5.4; RFC 8442, 5). */
#include "kit/kit.h"

#include "programs/lines.h"
#include "programs/endpoint_options.h"
#include "programs/weak_keys.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* The library's kernel wants an application; it never starts here. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

static char said[1024]; /* the last line */
static unsigned lines;

/* In place of lines.c. */
void line(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    assert_true(vsnprintf(said, sizeof said, format, arguments) > 0);
    va_end(arguments);
    lines++;
}

void bad_input(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    fail();
    abort();
}

static struct options options;

/* Reads `OPTION=VALUE --cipher=SUITE 127.0.0.1:4433`. */
static void parse(const char *option, const char *value, const char *suite)
{
    char program[] = "client";
    char address[] = "127.0.0.1:4433";
    char key[512];
    char cipher[64];
    char *argv[] = {program, key, cipher, address, NULL};

    assert_true(snprintf(key, sizeof key, "%s=%s", option, value) <
                (int)sizeof key);
    (void)snprintf(cipher, sizeof cipher, "--cipher=%s", suite);
    optind = 0; /* glibc: begin anew */
    options_parse(&options, false, 4, argv);
    assert_int_equal(options.num_psks, 1);
}

/* The key in both forms, and that they are one key. */
static void check_key(const char *text)
{
    char as_text[128];
    char as_hex[256];
    size_t at;
    struct psk psk;

    (void)snprintf(as_text, sizeof as_text, "my:id:%s", text);
    at = (size_t)snprintf(as_hex, sizeof as_hex, "my:id:");
    for (const char *c = text; *c != '\0'; c++) {
        at += (size_t)snprintf(&as_hex[at], sizeof as_hex - at, "%02x",
                               (unsigned char)*c);
    }
    parse("--psk-text", as_text, "c0a8");
    psk = options.psks[0];
    options_free(&options);
    assert_int_equal(psk.key_len, strlen(text));
    assert_memory_equal(psk.key, text, psk.key_len);
    assert_int_equal(psk.identity_len, 5);
    assert_memory_equal(psk.identity, "my:id", 5);
    parse("--psk", as_hex, "c0a8");
    assert_memory_equal(&options.psks[0], &psk, sizeof psk);
    options_free(&options);
}

static void a_key_is_taken_as_ascii_and_as_hex(void **state)
{
    char low[33] = {0};
    char high[63] = {0};

    (void)state;
    proves("D4279-5.4-1");
    for (int i = 0; i < 32; i++) {
        low[i] = (char)(' ' + i);
    }
    low[':' - ' '] = '_'; /* it divides key and identity */
    for (int i = 0; i < 62; i++) {
        high[i] = (char)('@' + i);
    }
    check_key(low);
    check_key(high);
    check_key("a");
    check_key("abcdef"); /* hexadecimal, if it were not text */
    check_key("@name");  /* of a file, if it were not text */
    check_key("0123456789012345678901234567890123456789012345678901234567890"
              "123");
}

/* A key of so many bytes; the bytes that the line asks for, 0: there is none.
 */
static void check_strength(size_t bytes, const char *suite, unsigned asked)
{
    char text[256] = "id:";
    char expected[32];
    const struct psk_file none = {NULL, 0};

    for (size_t i = 0; i < bytes; i++) {
        (void)snprintf(&text[3 + 2 * i], 3, "5a");
    }
    lines = 0;
    parse("--psk", text, suite);
    weak_keys_warn(&options, &none);
    assert_int_equal(lines, asked != 0);
    if (asked != 0) {
        (void)snprintf(expected, sizeof expected, "asks for %u", asked);
        assert_non_null(strstr(said, expected));
        assert_non_null(strstr(said, "warning: the key of id:"));
        assert_null(strstr(said, "5a5a"));
    }
    options_free(&options);
}

static void a_key_that_is_weaker_than_a_suite_is_warned_of(void **state)
{
    static const char *const of_128[] = {"00a8", "d001", "d003", "d005",
                                         "c0a8", "c037", "00ae"};
    static const char *const of_256[] = {"00a9", "d002", "c0a9", "c038"};

    (void)state;
    proves("D8442-5-1");
    for (size_t i = 0; i < LEN(of_128); i++) {
        kit_row("suite %s", of_128[i]);
        check_strength(8, of_128[i], 16);
        check_strength(15, of_128[i], 16);
        check_strength(16, of_128[i], 0);
    }
    for (size_t i = 0; i < LEN(of_256); i++) {
        kit_row("suite %s", of_256[i]);
        check_strength(15, of_256[i], 24);
        check_strength(23, of_256[i], 24);
        check_strength(24, of_256[i], 0);
    }
    check_strength(16, "00a8,d002", 24);
    check_strength(8, "c02f", 0); /* no suite with a PSK */
}

/* The file's keys have these lengths, 0: an empty line.  One line tells the
 * first that is too short, and how many more there are. */
static void check_file(const size_t lengths[], size_t num, const char *told)
{
    char path[] = "/tmp/nxdtls-keys-XXXXXX";
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    char expected[128];
    struct psk_file keys;
    char program[] = "server";
    char cipher[] = "--cipher=00a8,00a9";
    char option[64];
    char address[] = "127.0.0.1:4433";
    char *argv[] = {program, cipher, option, address, NULL};

    assert_non_null(file);
    for (size_t i = 0; i < num; i++) {
        if (lengths[i] != 0) {
            (void)fprintf(file, "%zu:%0*d", num - i, (int)(2 * lengths[i]), 0);
        }
        (void)fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
    (void)snprintf(option, sizeof option, "--psk-file=%s", path);
    lines = 0;
    optind = 0; /* glibc: begin anew */
    options_parse(&options, true, 4, argv);
    psk_file_load(&keys, path);
    weak_keys_warn(&options, &keys);
    assert_int_equal(lines, told != NULL);
    if (told != NULL) {
        (void)snprintf(expected, sizeof expected, "--psk-file %s:%s", path,
                       told);
        assert_non_null(strstr(said, expected));
        assert_null(strstr(said, "0000"));
    }
    psk_file_free(&keys);
    options_free(&options);
    assert_int_equal(remove(path), 0);
}

static void weak_keys_of_a_file_are_one_line(void **state)
{
    static const size_t strong[] = {24, 0, 64};
    static const size_t one[] = {24, 0, 15};
    static const size_t many[] = {64, 1, 16, 24, 6};

    (void)state;
    proves("D8442-5-1");
    check_file(strong, LEN(strong), NULL);
    check_file(one, LEN(one), "3: 15 bytes are weaker");
    check_file(many, LEN(many), "2: 1 bytes are weaker");
    assert_non_null(strstr(said, "2 more keys of the file are too short"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_taken_as_ascii_and_as_hex),
        cmocka_unit_test(a_key_that_is_weaker_than_a_suite_is_warned_of),
        cmocka_unit_test(weak_keys_of_a_file_are_one_line),
    };

    return kit_run(tests);
}
