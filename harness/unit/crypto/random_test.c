/* SPDX-License-Identifier: MIT */
/* crypto/random.c: whose bytes they are, and how many. */
/* RAND_set_rand_method is deprecated, but is how a simulation makes random
 * bytes repeatable: it must go on working. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "kit/proves.h"

#include "crypto_test.h"

#include <openssl/rand.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static void every_byte_asked_for_is_filled_and_no_more(void **state)
{
    (void)state;
    for (size_t len = 0; len < 100; len++) {
        uint8_t seen[100] = {0};
        uint8_t out[101];

        kit_row("%zu bytes", len);
        /* A byte stays zero by chance, but not eight times in a row. */
        for (int i = 0; i < 8; i++) {
            kit_row("time %d", i);
            memset(out, 0, sizeof out);
            out[len] = 0x99;
            assert_int_equal(crypto->random(NULL, out, len), DTLS_OK);
            assert_int_equal(out[len], 0x99);
            for (size_t j = 0; j < len; j++) {
                seen[j] |= out[j];
            }
        }
        for (size_t j = 0; j < len; j++) {
            kit_row("byte %zu", j);
            assert_true(seen[j] != 0);
        }
    }
}

static int give_counted_bytes(unsigned char *out, int len)
{
    for (int i = 0; i < len; i++) {
        out[i] = (unsigned char)(i + 1);
    }
    return 1;
}

static int give_nothing(unsigned char *out, int len)
{
    (void)out;
    (void)len;
    return 0;
}

static void a_method_in_libcryptos_place_is_asked(void **state)
{
    static const RAND_METHOD counted = {.bytes = give_counted_bytes};
    static const RAND_METHOD broken = {.bytes = give_nothing};
    uint8_t out[4] = {0};

    (void)state;
    assert_int_equal(RAND_set_rand_method(&counted), 1);
    assert_int_equal(crypto->random(NULL, out, 4), DTLS_OK);
    assert_memory_equal(out, "\1\2\3\4", 4);
    assert_int_equal(RAND_set_rand_method(&broken), 1);
    assert_int_equal(crypto->random(NULL, out, 4), DTLS_INTERNAL_ERROR);
    assert_int_equal(RAND_set_rand_method(NULL), 1);
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_asked_for_is_filled_and_no_more),
        cmocka_unit_test(a_method_in_libcryptos_place_is_asked),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
