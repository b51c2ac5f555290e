/* SPDX-License-Identifier: MIT */
/* base/secret.c: wiping and comparing. */
#include "base/secret.h"

#include <string.h>

#include "kit/kit.h"

static void wiping_clears_every_byte_and_no_more(void **state)
{
    uint8_t block[10];
    static const uint8_t expected[10] = {0x5a, 0, 0, 0, 0, 0, 0, 0, 0, 0x5a};

    (void)state;
    memset(block, 0x5a, sizeof block);
    dtls_wipe(block + 1, 8);
    assert_memory_equal(block, expected, sizeof block);
}

static void wiping_nothing_is_allowed(void **state)
{
    uint8_t byte = 0x5a;

    (void)state;
    dtls_wipe(NULL, 0);
    dtls_wipe(&byte, 0);
    assert_int_equal(byte, 0x5a);
}

static void equal_secrets_are_equal(void **state)
{
    static const uint8_t a[] = {0x12, 0x23, 0x34};
    static const uint8_t b[] = {0x12, 0x23, 0x34};

    (void)state;
    assert_true(dtls_ct_equal(a, b, sizeof a));
    assert_true(dtls_ct_equal(a, b, 0));
    assert_true(dtls_ct_equal(NULL, NULL, 0));
}

static void one_different_bit_anywhere_is_noticed(void **state)
{
    uint8_t a[48] = {0};
    uint8_t b[48] = {0};

    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        kit_row("bit %zu", bit);
        b[bit / 8] = (uint8_t)(1 << bit % 8);
        assert_false(dtls_ct_equal(a, b, sizeof a));
        assert_false(dtls_ct_equal(b, a, sizeof a));
        b[bit / 8] = 0;
    }
    b[47] = 1;
    assert_true(dtls_ct_equal(a, b, 47));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wiping_clears_every_byte_and_no_more),
        cmocka_unit_test(wiping_nothing_is_allowed),
        cmocka_unit_test(equal_secrets_are_equal),
        cmocka_unit_test(one_different_bit_anywhere_is_noticed),
    };

    return kit_run(tests);
}
