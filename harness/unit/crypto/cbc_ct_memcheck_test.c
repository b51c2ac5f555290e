/* SPDX-License-Identifier: MIT */
/* crypto/cbc_ct.c takes constant time: its secrets are marked undefined, and
 * memcheck then reports every branch and every memory index that depends on
 * one.  The program starts itself once more under valgrind; without valgrind,
 * or under a sanitizer, it says so and skips. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crypto_test.h"

#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_RUN_VALGRIND 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||    \
    __has_feature(memory_sanitizer)
#define CAN_RUN_VALGRIND 0
#endif
#endif

#if !defined(CAN_RUN_VALGRIND)
#if __has_include(<valgrind/memcheck.h>)
#define CAN_RUN_VALGRIND 1
#else
#define CAN_RUN_VALGRIND 0
#endif
#endif

#if CAN_RUN_VALGRIND

#include <valgrind/memcheck.h>

/* What the program under valgrind exits with; all else is valgrind's. */
#define PASSED 42
#define FAILED 43

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static const enum dtls_hash_alg algs[] = {DTLS_HASH_SHA1, DTLS_HASH_SHA256,
                                          DTLS_HASH_SHA384};

static const uint8_t header[DTLS_AAD_LEN] = {
    0x00, 0x01, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78, 0x17, 0xfe, 0xfd};

/* A right record of `plain_len` bytes of text, or with `damage` a wrong one:
 * in the text, in the MAC, in the padding, in the last byte. */
enum damage { NONE, TEXT, MAC, PADDING, LAST_BYTE, NUM_DAMAGES };

static size_t build(uint8_t *out, const struct dtls_hmac_key *key,
                    size_t plain_len, size_t pad_len, enum damage damage)
{
    size_t mac_len = dtls_hash_len(key->alg);
    size_t len = plain_len + mac_len + pad_len + 1;
    uint8_t filled[DTLS_AAD_LEN];
    struct dtls_bytes parts[] = {{filled, sizeof filled}, {out, plain_len}};

    memcpy(filled, header, sizeof filled);
    filled[11] = (uint8_t)(plain_len >> 8);
    filled[12] = (uint8_t)plain_len;
    memset(out, 0x61, plain_len);
    crypto->hmac(NULL, key, out + plain_len, parts, 2);
    memset(out + plain_len + mac_len, (int)pad_len, pad_len + 1);
    out[0] ^= damage == TEXT;
    out[plain_len + 3] ^= damage == MAC;
    out[plain_len + mac_len] ^= damage == PADDING;
    out[len - 1] ^= damage == LAST_BYTE ? 0x80 : 0;
    return len;
}

static void check_one(enum dtls_hash_alg alg, size_t plain_len, size_t pad_len,
                      enum damage damage)
{
    static const struct dtls_suite suite = {0xff01,
                                            "CBC",
                                            DTLS_KX_PSK,
                                            DTLS_CIPHER_CBC,
                                            DTLS_HASH_SHA256,
                                            DTLS_HASH_SHA256,
                                            16,
                                            0};
    static const uint8_t secret[32] = {0x3c, 0x4d};
    struct dtls_cipher cipher = {&suite, NULL, {0}};
    uint8_t data[1024];
    size_t len;
    size_t out_len = 0;
    enum dtls_status status;
    unsigned long before;

    assert_int_equal(
        crypto->hmac_key(NULL, &cipher.mac, alg, dtls_bytes_of(secret, 32)),
        DTLS_OK);
    len = build(data, &cipher.mac, plain_len, pad_len, damage);
    before = VALGRIND_COUNT_ERRORS;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(data, len);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(cipher.mac.inner,
                                      sizeof cipher.mac.inner);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(cipher.mac.outer,
                                      sizeof cipher.mac.outer);
    status = crypto->cbc_check(NULL, &cipher, header, dtls_bytes_of(data, len),
                               &out_len);
    /* What the caller learns is no secret any more. */
    (void)VALGRIND_MAKE_MEM_DEFINED(&status, sizeof status);
    (void)VALGRIND_MAKE_MEM_DEFINED(&out_len, sizeof out_len);
    assert_int_equal(VALGRIND_COUNT_ERRORS, before);
    assert_int_equal(status, damage == NONE ? DTLS_OK : DTLS_DISCARD);
    assert_int_equal(out_len, damage == NONE ? plain_len : 0);
}

/* D5246-6.2.3.2-8, -9 */
static void nothing_depends_on_the_content_of_a_record(void **state)
{
    static const size_t plains[] = {1, 16, 55, 100, 400};
    static const size_t pads[] = {1, 14, 64, 255};

    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        for (size_t j = 0; j < LEN(plains) * LEN(pads); j++) {
            for (int damage = NONE; damage < NUM_DAMAGES; damage++) {
                check_one(algs[i], plains[j / LEN(pads)], pads[j % LEN(pads)],
                          (enum damage)damage);
            }
        }
    }
}

/* A loop that stops at the first difference, which is what must not be. */
static bool leaky_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (((const volatile uint8_t *)a)[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static void memcheck_would_have_noticed(void **state)
{
    static const uint8_t table[256] = {1, 2, 3};
    uint8_t a[16] = {1, 2, 3};
    uint8_t b[16] = {1, 2, 4};
    unsigned long before = VALGRIND_COUNT_ERRORS;
    volatile bool equal;
    volatile uint8_t looked_up;

    (void)state;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(a, sizeof a);
    equal = leaky_equal(a, b, sizeof a);
    (void)equal;
    assert_true(VALGRIND_COUNT_ERRORS > before);

    before = VALGRIND_COUNT_ERRORS;
    looked_up = ((const volatile uint8_t *)table)[a[1]];
    (void)looked_up;
    assert_true(VALGRIND_COUNT_ERRORS > before);
}

/* Runs this program again under valgrind and returns its verdict. */
static int run_under_valgrind(const char *program)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        (void)execlp("valgrind", "valgrind", "-q", program, (char *)NULL);
        _exit(EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child ||
        !WIFEXITED(status)) {
        return EXIT_FAILURE;
    }
    if (WEXITSTATUS(status) != PASSED && WEXITSTATUS(status) != FAILED) {
        print_message("skipped: valgrind is not installed or cannot read this "
                      "program (clang 14's debug information needs "
                      "-gdwarf-4)\n");
        return EXIT_SUCCESS;
    }
    return WEXITSTATUS(status) == PASSED ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcheck_would_have_noticed),
        cmocka_unit_test(nothing_depends_on_the_content_of_a_record),
    };

    if (!RUNNING_ON_VALGRIND) {
        return run_under_valgrind(argc > 0 ? argv[0] : "");
    }
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? PASSED : FAILED;
}

#else

int main(void)
{
    print_message("skipped: built without valgrind's header, or with a "
                  "sanitizer\n");
    return 0;
}

#endif
