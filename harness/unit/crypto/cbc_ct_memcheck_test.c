/* SPDX-License-Identifier: MIT */
/* crypto/cbc_ct.c takes constant time (kit/memcheck.h). */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crypto_test.h"
#include "kit/memcheck.h"

#if CAN_RUN_VALGRIND

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
    const struct dtls_suite suite = {.cipher = DTLS_CIPHER_CBC, .mac = alg};
    static const uint8_t secret[32] = {0x3c, 0x4d};
    struct dtls_hmac_key mac;
    struct dtls_cipher cipher = {.suite = &suite, .mac = &mac};
    uint8_t data[1024];
    size_t len;
    size_t out_len = 0;
    enum dtls_status status;
    unsigned long before;

    assert_int_equal(
        crypto->hmac_key(NULL, &mac, alg, dtls_bytes_of(secret, 32)), DTLS_OK);
    len = build(data, &mac, plain_len, pad_len, damage);
    before = VALGRIND_COUNT_ERRORS;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(data, len);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(mac.inner, sizeof mac.inner);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(mac.outer, sizeof mac.outer);
    status = crypto->cbc_check(NULL, &cipher, header, dtls_bytes_of(data, len),
                               &out_len);
    /* What the caller learns is no secret any more. */
    (void)VALGRIND_MAKE_MEM_DEFINED(&status, sizeof status);
    (void)VALGRIND_MAKE_MEM_DEFINED(&out_len, sizeof out_len);
    assert_int_equal(VALGRIND_COUNT_ERRORS, before);
    assert_int_equal(status, damage == NONE ? DTLS_OK : DTLS_DISCARD);
    assert_int_equal(out_len, damage == NONE ? plain_len : 0);
}

static void nothing_depends_on_the_content_of_a_record(void **state)
{
    static const size_t plains[] = {1, 16, 55, 100, 400};
    static const size_t pads[] = {1, 14, 64, 255};

    (void)state;
    proves("D5246-6.2.3.2-8");
    proves("D5246-6.2.3.2-9");
    proves("D6347-4.1.2.1-6");
    for (size_t i = 0; i < LEN(algs); i++) {
        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        for (size_t j = 0; j < LEN(plains) * LEN(pads); j++) {
            kit_row("%zu bytes, padding of %zu", plains[j / LEN(pads)],
                    pads[j % LEN(pads)]);
            for (int damage = NONE; damage < NUM_DAMAGES; damage++) {
                kit_row("damage %d", damage);
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

/* What cbc_check would be if nobody minded its time: the padding's end decides
 * how much is compared, and where. */
static bool leaky_check(const struct dtls_hmac_key *key,
                        struct dtls_bytes data)
{
    size_t mac_len = dtls_hash_len(key->alg);
    size_t behind = data.data[data.len - 1] + 1u + mac_len;
    uint8_t mac[DTLS_MAC_MAX];
    struct dtls_bytes text = {data.data, data.len - behind};

    if (behind > data.len) {
        return false;
    }
    crypto->hmac(NULL, key, mac, &text, 1);
    return leaky_equal(mac, data.data + text.len, mac_len);
}

static void a_check_that_stops_early_is_noticed(void **state)
{
    static const uint8_t secret[32] = {0x3c, 0x4d};
    struct dtls_hmac_key key;
    uint8_t data[1024];
    volatile bool good;
    unsigned long before;
    size_t len;

    (void)state;
    assert_int_equal(crypto->hmac_key(NULL, &key, DTLS_HASH_SHA256,
                                      dtls_bytes_of(secret, 32)),
                     DTLS_OK);
    len = build(data, &key, 100, 14, NONE);
    before = VALGRIND_COUNT_ERRORS;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(data, len);
    good = leaky_check(&key, dtls_bytes_of(data, len));
    (void)good;
    assert_true(VALGRIND_COUNT_ERRORS > before);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(memcheck_would_have_noticed),
    cmocka_unit_test(a_check_that_stops_early_is_noticed),
    cmocka_unit_test(nothing_depends_on_the_content_of_a_record),
};

MEMCHECK_MAIN(tests)

#else

MEMCHECK_SKIPPED

#endif
