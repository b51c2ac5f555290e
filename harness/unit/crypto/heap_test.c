/* SPDX-License-Identifier: MIT */
/* No record touches the heap: libcrypto's allocator is counted. */
#include <stddef.h>
#include <stdlib.h>

#include "kit/proves.h"

#include "crypto_test.h"

#include <openssl/crypto.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static size_t num_calls;

static void *count_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    num_calls++;
    return malloc(len);
}

static void *count_realloc(void *block, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    num_calls++;
    return realloc(block, len);
}

static void count_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    num_calls += block != NULL;
    free(block);
}

struct record {
    uint8_t iv[DTLS_CBC_BLOCK];
    uint8_t aad[DTLS_AAD_LEN];
    uint8_t data[1408];
};

static struct dtls_span span_of(struct record *r)
{
    return (struct dtls_span){r->data, sizeof r->data};
}

static void seal_and_open(struct dtls_cipher *writer,
                          struct dtls_cipher *reader, struct record *r)
{
    size_t len;

    if (writer->suite->cipher == DTLS_CIPHER_NULL) {
        struct dtls_bytes text = {r->data, sizeof r->data};
        uint8_t mac[DTLS_HASH_MAX];

        crypto->hmac(NULL, writer->mac, mac, &text, 1);
        return;
    }
    if (writer->suite->cipher != DTLS_CIPHER_CBC) {
        assert_int_equal(crypto->aead_seal(NULL, writer, r->aad, span_of(r)),
                         DTLS_OK);
        assert_int_equal(crypto->aead_open(NULL, reader, r->aad, span_of(r)),
                         DTLS_OK);
        return;
    }
    assert_int_equal(crypto->random(NULL, r->iv, sizeof r->iv), DTLS_OK);
    assert_int_equal(crypto->cbc_encrypt(NULL, writer, r->iv, span_of(r)),
                     DTLS_OK);
    assert_int_equal(crypto->cbc_decrypt(NULL, reader, r->iv, span_of(r)),
                     DTLS_OK);
    assert_int_equal(crypto->cbc_check(NULL, reader, r->aad,
                                       dtls_bytes_of(r->data, 1408), &len),
                     DTLS_DISCARD); /* it has no MAC; the work is the same */
}

static void no_record_of_any_suite_calls_the_allocator(void **state)
{
    static const uint8_t bytes[DTLS_MAC_MAX] = {0x44};

    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *suite = dtls_suite_at(i);
        struct dtls_cipher_keys keys = {{bytes, dtls_suite_mac_len(suite)},
                                        {bytes, suite->key_len},
                                        {bytes, suite->salt_len}};
        struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
        struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};
        struct record r = {{0}, {0}, {0}};

        kit_row("%s", suite->name);
        num_calls = 0;
        assert_int_equal(crypto->cipher_key(NULL, &writer, suite, &keys, true),
                         DTLS_OK);
        assert_int_equal(
            crypto->cipher_key(NULL, &reader, suite, &keys, false), DTLS_OK);
        /* The counter counts. */
        assert_true(num_calls >= 2 || suite->cipher == DTLS_CIPHER_NULL);
        /* Once, for what a thread gets with its first random bytes. */
        assert_int_equal(crypto->random(NULL, r.iv, 1), DTLS_OK);

        num_calls = 0;
        for (int j = 0; j < 100; j++) {
            kit_row("record %d", j);
            r.aad[7]++;
            seal_and_open(&writer, &reader, &r);
        }
        assert_int_equal(num_calls, 0);
        crypto->cipher_free(NULL, &writer);
        crypto->cipher_free(NULL, &reader);
    }
}

static void no_forged_record_calls_the_allocator_either(void **state)
{
    static const uint8_t bytes[DTLS_KEY_MAX] = {0x44};

    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *suite = dtls_suite_at(i);
        struct dtls_cipher_keys keys = {
            {NULL, 0}, {bytes, suite->key_len}, {bytes, suite->salt_len}};
        struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};
        struct record r = {{0}, {0}, {0}};

        kit_row("%s", suite->name);
        if (suite->mac != DTLS_HASH_NONE) {
            continue;
        }
        assert_int_equal(
            crypto->cipher_key(NULL, &reader, suite, &keys, false), DTLS_OK);
        /* Once, for the thread's error queue. */
        assert_int_equal(crypto->aead_open(NULL, &reader, r.aad, span_of(&r)),
                         DTLS_DISCARD);
        num_calls = 0;
        for (int j = 0; j < 100; j++) {
            kit_row("record %d", j);
            assert_int_equal(
                crypto->aead_open(NULL, &reader, r.aad, span_of(&r)),
                DTLS_DISCARD);
        }
        assert_int_equal(num_calls, 0);
        crypto->cipher_free(NULL, &reader);
    }
}

static void no_hash_mac_or_prf_calls_the_allocator(void **state)
{
    static const enum dtls_hash_alg algs[] = {
        DTLS_HASH_SHA1, DTLS_HASH_SHA256, DTLS_HASH_SHA384, DTLS_HASH_SHA512};
    struct dtls_bytes text = dtls_bytes_of("text", 4);

    (void)state;
    num_calls = 0;
    for (size_t i = 0; i < LEN(algs); i++) {
        struct dtls_hash hash;
        struct dtls_hmac_key key;
        uint8_t out[256];

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(crypto->hash_start(NULL, &hash, algs[i]), DTLS_OK);
        crypto->hash_update(NULL, &hash, text);
        crypto->hash_digest(NULL, &hash, out);
        assert_int_equal(crypto->hmac_key(NULL, &key, algs[i], text), DTLS_OK);
        crypto->hmac(NULL, &key, out, &text, 1);
        assert_int_equal(crypto->prf(NULL, out, sizeof out, algs[i], text,
                                     "label", text, text),
                         DTLS_OK);
    }
    assert_int_equal(num_calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_record_of_any_suite_calls_the_allocator),
        cmocka_unit_test(no_forged_record_calls_the_allocator_either),
        cmocka_unit_test(no_hash_mac_or_prf_calls_the_allocator),
    };

    /* Before anything else asks libcrypto for memory. */
    if (CRYPTO_set_mem_functions(count_malloc, count_realloc, count_free) !=
        1) {
        return EXIT_FAILURE;
    }
    return kit_run_named(__FILE__, tests, LEN(tests));
}
