/* SPDX-License-Identifier: MIT */
/* kit/kit.c: a test that fails is said to fail, with its requirement and the
 * row that it was in. */
#include "kit/kit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void good(void **state)
{
    (void)state;
    proves("D6347-1-1");
    proves("D6347-1-1"); /* said twice, printed once */
    proves("D6347-1-2");
}

static void bad(void **state)
{
    (void)state;
    proves("D6347-1-3");
    fail();
}

static char after_bad[] = "after bad";

static int torn_down(void **state)
{
    print_message("torn down %s\n", (const char *)*state);
    return 0;
}

static void skipped(void **state)
{
    (void)state;
    proves("D6347-1-4");
    kit_skip();
}

/* Runs the tests in a child process; returns its exit status, or -1 if a
 * signal ended it, and its output. */
static int run_child(const struct CMUnitTest *tests, size_t num_tests,
                     char *output, size_t cap)
{
    int ends[2];
    int status = 0;
    size_t len = 0;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        _exit(kit_run_named("inner", tests, num_tests));
    }
    close(ends[1]);
    for (;;) {
        ssize_t got = read(ends[0], output + len, cap - 1 - len);

        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    output[len] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static size_t count(const char *text, const char *what)
{
    size_t found = 0;

    while ((text = strstr(text, what)) != NULL) {
        found++;
        text++;
    }
    return found;
}

static void each_requirement_stands_with_the_verdict_of_its_test(void **state)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),
        {"bad", bad, NULL, torn_down, after_bad},
        cmocka_unit_test(skipped),
    };
    char output[8192];

    (void)state;
    assert_int_equal(run_child(tests, LEN(tests), output, sizeof output), 1);
    assert_int_equal(count(output, "proves: "), 4);
    assert_int_equal(count(output, "proves: pass D6347-1-1 good\n"), 1);
    assert_int_equal(count(output, "proves: pass D6347-1-2 good\n"), 1);
    assert_int_equal(count(output, "proves: fail D6347-1-3 bad\n"), 1);
    assert_int_equal(count(output, "proves: skip D6347-1-4 skipped\n"), 1);
    assert_int_equal(count(output, "torn down after bad\n"), 1);
}

static const unsigned numbers[] = {2, 4, 5, 6};

static void even(unsigned number)
{
    for (unsigned bit = 0; bit < 2; bit++) {
        kit_row("bit %u", bit);
        assert_true(bit != 0 || number % 2 == 0);
    }
}

static void fails_in_the_third_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(numbers); i++) {
        kit_row("number %u", numbers[i]);
        even(numbers[i]);
    }
}

static void fails_in_no_row(void **state)
{
    (void)state;
    even(2);
    fail();
}

static void fails_on_the_way_out(void **state)
{
    (void)state;
    kit_row("the whole test");
    for (size_t i = 0; i < LEN(numbers); i++) {
        kit_row("never seen");
        if (numbers[i] == 4) {
            break;
        }
    }
    fail();
}

static void is_skipped_in_a_row(void **state)
{
    (void)state;
    kit_row("never seen");
    kit_skip();
}

static void passes_in_a_row(void **state)
{
    (void)state;
    kit_row("never seen");
    even(2);
}

static void a_failed_test_says_in_which_row_it_was(void **state)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_in_a_row),
        cmocka_unit_test(fails_in_the_third_row),
        cmocka_unit_test(fails_in_no_row),
        cmocka_unit_test(is_skipped_in_a_row),
        cmocka_unit_test(fails_on_the_way_out),
    };
    char output[8192];

    (void)state;
    assert_int_equal(run_child(tests, LEN(tests), output, sizeof output), 3);
    assert_int_equal(count(output, "[   ROW    ]"), 2);
    assert_int_equal(count(output, "[   ROW    ] --- number 5, bit 0\n"), 1);
    assert_int_equal(count(output, "[   ROW    ] --- the whole test\n"), 1);
}

static void aborts_in_a_row(void **state)
{
    (void)state;
    kit_row("the last words");
    abort();
}

static void an_abort_says_in_which_row_it_was(void **state)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(aborts_in_a_row)};
    char output[8192];

    (void)state;
    assert_int_equal(run_child(tests, LEN(tests), output, sizeof output), -1);
    assert_int_equal(count(output, "[   ROW    ] --- the last words\n"), 1);
}

#ifdef __SANITIZE_ADDRESS__
static void reads_a_byte_too_many_in_a_row(void **state)
{
    uint8_t *one = malloc(1);
    uint8_t two[2];
    volatile size_t len = 2; /* what the compiler must not know */

    (void)state;
    kit_row("one byte of two");
    memcpy(two, one, len);
    free(one);
}

static void addresssanitizer_says_in_which_row_it_was(void **state)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_byte_too_many_in_a_row),
    };
    char output[8192];

    (void)state;
    assert_int_not_equal(run_child(tests, LEN(tests), output, sizeof output),
                         0);
    assert_int_equal(count(output, "[   ROW    ] --- one byte of two\n"), 1);
}
#endif

static void a_row_that_is_too_long_is_cut(void **state)
{
    const char *rows = kit_rows();

    (void)state;
    assert_string_equal(rows, "");
    for (int i = 0; i < 3; i++) {
        kit_row("%500s", "first");
        kit_row("second");
        kit_row("third");
        assert_int_equal(strlen(rows), 511);
        assert_string_equal(rows + 495, "first, second, t");
    }
    assert_string_equal(rows, "");
}

static size_t expected_len;

static void next_prefix(void *context, struct dtls_bytes prefix)
{
    assert_ptr_equal(context, &expected_len);
    assert_int_equal(prefix.len, expected_len++);
    for (size_t i = 0; i < prefix.len; i++) {
        kit_row("byte %zu", i);
        assert_int_equal(prefix.data[i], 0xa1 + i);
    }
}

static void each_prefix_is_shorter_than_the_whole(void **state)
{
    struct kit_hex whole = kit_hex("a1a2 a3a4a5");

    (void)state;
    expected_len = 0;
    kit_each_prefix(kit_hex_bytes(&whole), next_prefix, &expected_len);
    assert_int_equal(expected_len, 5);
}

static void random_bytes_count_or_follow_the_seed_or_fail(void **state)
{
    struct kit_crypto k;
    uint8_t a[3];
    uint8_t b[3];

    (void)state;
    kit_crypto_count(&k, 0xfe);
    assert_int_equal(k.crypto.random(k.crypto.self, a, 3), DTLS_OK);
    kit_assert_hex(dtls_bytes_of(a, 3), "feff00");
    kit_crypto_seed(&k, 77);
    assert_int_equal(k.crypto.random(k.crypto.self, a, 3), DTLS_OK);
    kit_crypto_seed(&k, 77);
    assert_int_equal(k.crypto.random(k.crypto.self, b, 3), DTLS_OK);
    assert_memory_equal(a, b, 3);
    k.fail_at = 3;
    assert_int_equal(k.crypto.random(k.crypto.self, b, 3), DTLS_OK);
    assert_memory_not_equal(a, b, 3);
    assert_int_equal(k.crypto.random(k.crypto.self, b, 3),
                     DTLS_INTERNAL_ERROR);
}

static void a_store_says_no_at_its_limit_until_a_block_is_back(void **state)
{
    struct kit_store s;
    void *blocks[2];
    size_t size = 0;

    (void)state;
    kit_store_init(&s, 100, 2);
    blocks[0] = s.store.take(s.store.self, &size);
    assert_int_equal(size, 100);
    blocks[1] = s.store.take(s.store.self, &size);
    assert_null(s.store.take(s.store.self, &size));
    s.store.give(s.store.self, blocks[0]);
    blocks[0] = s.store.take(s.store.self, &size);
    assert_non_null(blocks[0]);
    s.store.give(s.store.self, blocks[0]);
    s.store.give(s.store.self, blocks[1]);
    kit_store_end(&s);
    assert_int_equal(s.takes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_requirement_stands_with_the_verdict_of_its_test),
        cmocka_unit_test(a_failed_test_says_in_which_row_it_was),
        cmocka_unit_test(an_abort_says_in_which_row_it_was),
#ifdef __SANITIZE_ADDRESS__
        cmocka_unit_test(addresssanitizer_says_in_which_row_it_was),
#endif
        cmocka_unit_test(a_row_that_is_too_long_is_cut),
        cmocka_unit_test(each_prefix_is_shorter_than_the_whole),
        cmocka_unit_test(random_bytes_count_or_follow_the_seed_or_fail),
        cmocka_unit_test(a_store_says_no_at_its_limit_until_a_block_is_back),
    };

    return kit_run(tests);
}
