/* SPDX-License-Identifier: MIT */
/* crypto/hash.c: the running hash against FIPS 180-4's examples and EVP. */
#include "kit/proves.h"

#include "crypto_test.h"

#include <openssl/evp.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static const enum dtls_hash_alg algs[] = {DTLS_HASH_SHA1, DTLS_HASH_SHA256,
                                          DTLS_HASH_SHA384, DTLS_HASH_SHA512};

static void hash_all(uint8_t *out, enum dtls_hash_alg alg,
                     struct dtls_bytes data)
{
    struct dtls_hash hash;

    assert_int_equal(crypto->hash_start(crypto->self, &hash, alg), DTLS_OK);
    crypto->hash_update(crypto->self, &hash, data);
    crypto->hash_digest(crypto->self, &hash, out);
}

static void evp_digest(uint8_t *out, enum dtls_hash_alg alg,
                       struct dtls_bytes data)
{
    static const char *const names[] = {[DTLS_HASH_SHA1] = "SHA1",
                                        [DTLS_HASH_SHA256] = "SHA256",
                                        [DTLS_HASH_SHA384] = "SHA384",
                                        [DTLS_HASH_SHA512] = "SHA512"};

    assert_int_equal(
        EVP_Q_digest(NULL, names[alg], NULL, data.data, data.len, out, NULL),
        1);
}

static void abc_has_the_digests_of_fips_180(void **state)
{
    static const char *const digests[] = {
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
        "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"};

    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        struct hex expected = hex(digests[i]);
        uint8_t out[DTLS_HASH_MAX];

        hash_all(out, algs[i], dtls_bytes_of("abc", 3));
        assert_memory_equal(out, expected.data, expected.len);
        assert_int_equal(expected.len, dtls_hash_len(algs[i]));
    }
}

static void every_length_in_two_pieces_gives_what_evp_gives(void **state)
{
    uint8_t data[300];
    uint64_t seed = 1;

    (void)state;
    fill_random(&seed, data, sizeof data);
    for (size_t i = 0; i < LEN(algs); i++) {
        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        for (size_t len = 0; len <= sizeof data; len++) {
            size_t cut = next_random(&seed) % (len + 1);
            uint8_t expected[DTLS_HASH_MAX];
            uint8_t out[DTLS_HASH_MAX];
            struct dtls_hash hash;

            kit_row("%zu bytes", len);
            evp_digest(expected, algs[i], dtls_bytes_of(data, len));
            assert_int_equal(crypto->hash_start(NULL, &hash, algs[i]),
                             DTLS_OK);
            crypto->hash_update(NULL, &hash, dtls_bytes_of(data, cut));
            crypto->hash_update(NULL, &hash,
                                dtls_bytes_of(data + cut, len - cut));
            crypto->hash_digest(NULL, &hash, out);
            assert_memory_equal(out, expected, dtls_hash_len(algs[i]));
        }
    }
}

static void a_digest_leaves_the_hash_running(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        uint8_t first[DTLS_HASH_MAX];
        uint8_t again[DTLS_HASH_MAX];
        uint8_t expected[DTLS_HASH_MAX];
        struct dtls_hash hash;

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(crypto->hash_start(NULL, &hash, algs[i]), DTLS_OK);
        crypto->hash_update(NULL, &hash, dtls_bytes_of("ab", 2));
        crypto->hash_digest(NULL, &hash, first);
        crypto->hash_digest(NULL, &hash, again);
        assert_memory_equal(first, again, dtls_hash_len(algs[i]));
        crypto->hash_update(NULL, &hash, dtls_bytes_of("c", 1));
        crypto->hash_digest(NULL, &hash, again);
        evp_digest(expected, algs[i], dtls_bytes_of("abc", 3));
        assert_memory_equal(again, expected, dtls_hash_len(algs[i]));
    }
}

static void an_assigned_hash_goes_its_own_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        uint8_t out[DTLS_HASH_MAX];
        uint8_t expected[DTLS_HASH_MAX];
        struct dtls_hash hash;
        struct dtls_hash copy;

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(crypto->hash_start(NULL, &hash, algs[i]), DTLS_OK);
        crypto->hash_update(NULL, &hash, dtls_bytes_of("a", 1));
        copy = hash;
        crypto->hash_update(NULL, &hash, dtls_bytes_of("xyz", 3));
        crypto->hash_update(NULL, &copy, dtls_bytes_of("bc", 2));
        crypto->hash_digest(NULL, &copy, out);
        evp_digest(expected, algs[i], dtls_bytes_of("abc", 3));
        assert_memory_equal(out, expected, dtls_hash_len(algs[i]));
    }
}

static void parts_have_the_digest_of_their_concatenation(void **state)
{
    const struct dtls_bytes parts[] = {
        {(const uint8_t *)"ab", 2}, {NULL, 0}, {(const uint8_t *)"c", 1}};

    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        uint8_t out[DTLS_HASH_MAX];
        uint8_t expected[DTLS_HASH_MAX];

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(crypto->digest(NULL, out, algs[i], parts, 3),
                         DTLS_OK);
        evp_digest(expected, algs[i], dtls_bytes_of("abc", 3));
        assert_memory_equal(out, expected, dtls_hash_len(algs[i]));
        assert_int_equal(crypto->digest(NULL, out, algs[i], parts, 0),
                         DTLS_OK);
        evp_digest(expected, algs[i], dtls_bytes_of("", 0));
        assert_memory_equal(out, expected, dtls_hash_len(algs[i]));
    }
}

static void nothing_is_hashed_without_an_algorithm(void **state)
{
    uint8_t out[DTLS_HASH_MAX];
    struct dtls_hash hash;

    (void)state;
    assert_int_equal(crypto->hash_start(NULL, &hash, DTLS_HASH_NONE),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->digest(NULL, out, DTLS_HASH_NONE, NULL, 0),
                     DTLS_INTERNAL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abc_has_the_digests_of_fips_180),
        cmocka_unit_test(every_length_in_two_pieces_gives_what_evp_gives),
        cmocka_unit_test(a_digest_leaves_the_hash_running),
        cmocka_unit_test(an_assigned_hash_goes_its_own_way),
        cmocka_unit_test(parts_have_the_digest_of_their_concatenation),
        cmocka_unit_test(nothing_is_hashed_without_an_algorithm),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
