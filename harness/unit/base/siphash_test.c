/* SPDX-License-Identifier: MIT */
/* base/siphash.c: the vectors that its authors published, and libcrypto's
 * implementation beside it. */
#include "kit/kit.h"

#include "base/siphash.h"

#include <openssl/evp.h>

static const uint8_t counting[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* The key and the inputs count up from 0.  The last one is the example of the
 * paper, appendix A. */
static void the_published_vectors_come_out(void **state)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd},
        {2, 0x0d6c8009d9a94f5a},  {3, 0x85676696d7fb7e2d},
        {7, 0xab0200f58b01d137},  {8, 0x93f5f5799a932462},
        {15, 0xa129ca6149be45e5},
    };

    (void)state;
    for (size_t i = 0; i < LEN(vectors); i++) {
        kit_row("%zu bytes", vectors[i].len);
        assert_true(
            dtls_siphash(counting, dtls_bytes_of(counting, vectors[i].len)) ==
            vectors[i].hash);
    }
}

static void libcrypto_has_the_same_for_every_length_and_key(void **state)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    size_t size = 8;
    OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t("size", &size),
                           OSSL_PARAM_construct_end()};
    uint64_t seed = 41;

    (void)state;
    assert_non_null(context);
    for (size_t len = 0; len <= 100; len++) {
        uint8_t key[DTLS_SIPHASH_KEY_LEN];
        uint8_t in[100];
        uint8_t expected[8];
        size_t written;
        uint64_t hash;

        kit_row("%zu bytes", len);
        kit_fill(&seed, key, sizeof key);
        kit_fill(&seed, in, sizeof in);
        assert_int_equal(EVP_MAC_init(context, key, sizeof key, params), 1);
        assert_int_equal(EVP_MAC_update(context, in, len), 1);
        assert_int_equal(
            EVP_MAC_final(context, expected, &written, sizeof expected), 1);
        hash = dtls_siphash(key, dtls_bytes_of(in, len));
        for (size_t i = 0; i < 8; i++) {
            assert_int_equal(expected[i], hash >> (8 * i) & 0xff);
        }
    }
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_come_out),
        cmocka_unit_test(libcrypto_has_the_same_for_every_length_and_key),
    };

    return kit_run(tests);
}
