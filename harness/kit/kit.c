/* SPDX-License-Identifier: MIT */
/* Requirement ids, truncations, hex and numbers for tests (kit/kit.h). */
#include "kit/kit.h"

#include <stdio.h>

#define IDS_MAX 32 /* requirements that one test may prove */

/* A test with what it has said so far. */
struct kit_case {
    const struct CMUnitTest *test;
    void *state; /* the test's own */
    const char *ids[IDS_MAX];
    size_t num_ids;
    const char *verdict;
};

static struct kit_case *running;

void proves(const char *id)
{
    if (running == NULL) {
        return;
    }
    for (size_t i = 0; i < running->num_ids; i++) {
        if (strcmp(running->ids[i], id) == 0) {
            return;
        }
    }
    assert_true(running->num_ids < IDS_MAX);
    running->ids[running->num_ids++] = id;
}

void kit_skip_at(const char *file, int line)
{
    if (running != NULL) {
        running->verdict = "skip";
    }
    _skip(file, line);
}

/* cmocka leaves a failed or skipped test with longjmp, so only one that came
 * to its end has passed. */
static void run_case(void **state)
{
    struct kit_case *one = *state;

    running = one;
    one->test->test_func(&one->state);
    one->verdict = "pass";
}

static int set_case_up(void **state)
{
    struct kit_case *one = *state;

    return one->test->setup_func != NULL ? one->test->setup_func(&one->state)
                                         : 0;
}

/* A failed test has jumped here out of its rows. */
static int report_case(void **state)
{
    struct kit_case *one = *state;
    int result = 0;

    if (strcmp(one->verdict, "fail") == 0) {
        kit_rows_print();
    }
    kit_rows_forget();
    for (size_t i = 0; i < one->num_ids; i++) {
        printf("proves: %s %s %s\n", one->verdict, one->ids[i],
               one->test->name);
    }
    fflush(stdout);
    if (one->test->teardown_func != NULL) {
        result = one->test->teardown_func(&one->state);
    }
    running = NULL;
    return result;
}

int kit_run_named(const char *name, const struct CMUnitTest *tests,
                  size_t num_tests)
{
    struct CMUnitTest *wrapped = calloc(num_tests, sizeof *wrapped);
    struct kit_case *cases = calloc(num_tests, sizeof *cases);
    int failed;

    if (wrapped == NULL || cases == NULL) {
        abort();
    }
    for (size_t i = 0; i < num_tests; i++) {
        cases[i].test = &tests[i];
        cases[i].state = tests[i].initial_state;
        cases[i].verdict = "fail";
        wrapped[i] = (struct CMUnitTest){
            .name = tests[i].name,
            .test_func = run_case,
            .setup_func = set_case_up,
            .teardown_func = report_case,
            .initial_state = &cases[i],
        };
    }
    kit_rows_at_death();
    failed = _cmocka_run_group_tests(name, wrapped, num_tests, NULL, NULL);
    free(wrapped);
    free(cases);
    return failed;
}

uint8_t *kit_exact(struct dtls_bytes bytes)
{
    uint8_t *block = malloc(bytes.len != 0 ? bytes.len : 1);

    assert_non_null(block);
    if (bytes.len != 0) {
        memcpy(block, bytes.data, bytes.len);
    }
    return block;
}

void kit_each_prefix(struct dtls_bytes whole,
                     void (*check)(void *context, struct dtls_bytes prefix),
                     void *context)
{
    for (size_t len = 0; len < whole.len; len++) {
        kit_row("cut to %zu bytes", len);
        struct dtls_bytes prefix = {whole.data, len};
        uint8_t *block = kit_exact(prefix);

        check(context, dtls_bytes_of(block, len));
        free(block);
    }
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

struct kit_hex kit_hex(const char *text)
{
    struct kit_hex hex = {.len = 0};

    for (; *text != '\0'; text++) {
        int high;
        int low;

        if (*text == ' ') {
            continue;
        }
        high = digit(*text);
        low = high >= 0 ? digit(*++text) : -1;
        if (high < 0 || low < 0 || hex.len == sizeof hex.data) {
            fail_msg("not hex, or too long: %s", text);
        }
        hex.data[hex.len++] = (uint8_t)(high << 4 | low);
    }
    return hex;
}

struct dtls_bytes kit_hex_bytes(const struct kit_hex *hex)
{
    return dtls_bytes_of(hex->data, hex->len);
}

struct dtls_span kit_hex_span(struct kit_hex *hex)
{
    return (struct dtls_span){hex->data, hex->len};
}

static void print_hex(const char *what, struct dtls_bytes bytes)
{
    fprintf(stderr, "%s: ", what);
    for (size_t i = 0; i < bytes.len; i++) {
        fprintf(stderr, "%02x", bytes.data[i]);
    }
    fprintf(stderr, "\n");
}

void kit_assert_hex_at(struct dtls_bytes bytes, const char *text,
                       const char *file, int line)
{
    struct kit_hex expected = kit_hex(text);

    if (!dtls_bytes_equal(bytes, kit_hex_bytes(&expected))) {
        print_hex("got     ", bytes);
        print_hex("expected", kit_hex_bytes(&expected));
        _fail(file, line);
    }
}

uint64_t kit_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1d;
}

size_t kit_below(uint64_t *seed, size_t bound)
{
    return (size_t)(kit_next(seed) >> 32) % bound;
}

void kit_fill(uint64_t *seed, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(kit_next(seed) >> 33);
    }
}
