/* SPDX-License-Identifier: MIT */
/* Compares, and the choice of an RSA premaster secret, take constant time
 * (kit/memcheck.h).  Beside each stands the function that one would write
 * first, which memcheck reports. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/secret.h"
#include "crypto/raw_key.h"
#include "crypto_test.h"
#include "kit/memcheck.h"

#if CAN_RUN_VALGRIND

#define EM_LEN 256 /* bytes of a padded premaster secret: RSA-2048 */
#define VERSION 0xfefd

static bool leaky_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (((const volatile uint8_t *)a)[i] != b[i]) {
            return false;
        }
    }
    return true;
}

/* How many errors does comparing secrets make, equal or different at `at`? */
static unsigned long errors_of(bool (*equal)(const uint8_t *a,
                                             const uint8_t *b, size_t len),
                               size_t len, size_t at)
{
    uint8_t a[64] = {0x12, 0x23, 0x34};
    uint8_t b[64] = {0x12, 0x23, 0x34};
    unsigned long before = VALGRIND_COUNT_ERRORS;
    bool same;

    if (at < len) {
        b[at] ^= 0x80;
    }
    (void)VALGRIND_MAKE_MEM_UNDEFINED(a, sizeof a);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(b, sizeof b);
    same = equal(a, b, len);
    /* The verdict is no secret any more. */
    (void)VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same);
    assert_int_equal(same, at >= len);
    return VALGRIND_COUNT_ERRORS - before;
}

static void a_compare_depends_on_its_length_alone(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 64; len++) {
        kit_row("%zu bytes", len);
        for (size_t at = 0; at <= len; at++) {
            kit_row("the difference at %zu", at);
            assert_int_equal(errors_of(dtls_ct_equal, len, at), 0);
        }
    }
}

static void a_compare_that_stops_early_is_noticed(void **state)
{
    (void)state;
    assert_true(errors_of(leaky_equal, 16, 3) > 0);
}

/* Right, or wrong where `spoil` says: first byte, type, padding, separator,
 * either byte of the version. */
static void build(uint8_t em[EM_LEN], size_t spoil)
{
    const size_t separator = EM_LEN - DTLS_MASTER_LEN - 1;

    memset(em, 0x5a, EM_LEN);
    em[0] = 0;
    em[1] = 2;
    em[separator] = 0;
    em[separator + 1] = VERSION >> 8;
    em[separator + 2] = VERSION & 0xff;
    if (spoil < EM_LEN) {
        em[spoil] = em[spoil] == 0x5a ? 0 : em[spoil] ^ 0x11;
    }
}

static void leaky_unpad(uint8_t out[DTLS_MASTER_LEN], const uint8_t *em,
                        size_t em_len, uint16_t version)
{
    size_t at = 2;

    (void)version;
    if (em[0] != 0 || em[1] != 2) {
        return;
    }
    while (at < em_len && em[at] != 0) {
        at++;
    }
    if (at + 1 + DTLS_MASTER_LEN == em_len) {
        memcpy(out, em + at + 1, DTLS_MASTER_LEN);
    }
}

static unsigned long unpad_errors(void (*unpad)(uint8_t *out,
                                                const uint8_t *em,
                                                size_t em_len,
                                                uint16_t version),
                                  size_t spoil, bool is_right)
{
    static const uint8_t random[DTLS_MASTER_LEN] = {0x71, 0x82};
    uint8_t out[DTLS_MASTER_LEN];
    uint8_t em[EM_LEN];
    uint8_t sent[DTLS_MASTER_LEN];
    unsigned long before = VALGRIND_COUNT_ERRORS;

    build(em, spoil);
    memcpy(sent, em + EM_LEN - DTLS_MASTER_LEN, sizeof sent);
    memcpy(out, random, sizeof out);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(em, sizeof em);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(out, sizeof out);
    unpad(out, em, EM_LEN, VERSION);
    before = VALGRIND_COUNT_ERRORS - before;
    (void)VALGRIND_MAKE_MEM_DEFINED(out, sizeof out);
    assert_memory_equal(out, is_right ? sent : random, sizeof out);
    return before;
}

/* RFC 5246, 7.4.7.1 */
static void a_premaster_secret_is_chosen_without_a_branch(void **state)
{
    static const size_t spoils[] = {0, 1, 2, 100, 206, 207, 208, 209};

    (void)state;
    assert_int_equal(unpad_errors(dtls_rsa_unpad_premaster, EM_LEN, true), 0);
    for (size_t i = 0; i < LEN(spoils); i++) {
        kit_row("byte %zu", spoils[i]);
        assert_int_equal(
            unpad_errors(dtls_rsa_unpad_premaster, spoils[i], false), 0);
    }
}

static void a_choice_with_branches_is_noticed(void **state)
{
    (void)state;
    assert_true(unpad_errors(leaky_unpad, EM_LEN, true) > 0);
    assert_true(unpad_errors(leaky_unpad, 100, false) > 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_compare_that_stops_early_is_noticed),
    cmocka_unit_test(a_compare_depends_on_its_length_alone),
    cmocka_unit_test(a_choice_with_branches_is_noticed),
    cmocka_unit_test(a_premaster_secret_is_chosen_without_a_branch),
};

MEMCHECK_MAIN(tests)

#else

MEMCHECK_SKIPPED

#endif
