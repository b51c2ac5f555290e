/* SPDX-License-Identifier: MIT */
/* crypto/hmac.c: RFC 4231, and EVP for every key length. */
#include "kit/proves.h"

#include "crypto_test.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* RFC 4231, 4.2, 4.3 and 4.7; SHA-1 from RFC 2202, 3, cases 1, 2 and 6. */
static void the_examples_of_rfc_4231_come_out(void **state)
{
    static const struct {
        enum dtls_hash_alg alg;
        uint8_t key_byte; /* repeated; 0: the key is "Jefe" */
        size_t key_len;
        const char *data;
        const char *mac;
    } cases[] = {
        {DTLS_HASH_SHA1, 0x0b, 20, "Hi There",
         "b617318655057264e28bc0b6fb378c8ef146be00"},
        {DTLS_HASH_SHA1, 0, 4, "what do ya want for nothing?",
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {DTLS_HASH_SHA1, 0xaa, 80,
         "Test Using Larger Than Block-Size Key - Hash Key First",
         "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
        {DTLS_HASH_SHA256, 0x0b, 20, "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {DTLS_HASH_SHA384, 0x0b, 20, "Hi There",
         "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
         "faea9ea9076ede7f4af152e8b2fa9cb6"},
        {DTLS_HASH_SHA512, 0x0b, 20, "Hi There",
         "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
         "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
        {DTLS_HASH_SHA256, 0, 4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {DTLS_HASH_SHA384, 0, 4, "what do ya want for nothing?",
         "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
         "8e2240ca5e69e2c78b3239ecfab21649"},
        {DTLS_HASH_SHA512, 0, 4, "what do ya want for nothing?",
         "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
        {DTLS_HASH_SHA256, 0xaa, 131,
         "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {DTLS_HASH_SHA384, 0xaa, 131,
         "Test Using Larger Than Block-Size Key - Hash Key First",
         "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
         "0c2ef6ab4030fe8296248df163f44952"},
        {DTLS_HASH_SHA512, 0xaa, 131,
         "Test Using Larger Than Block-Size Key - Hash Key First",
         "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
         "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("case %zu: %s", i, cases[i].data);
        struct hex expected = hex(cases[i].mac);
        uint8_t secret[131];
        uint8_t out[DTLS_HASH_MAX];
        struct dtls_hmac_key key;
        struct dtls_bytes part =
            dtls_bytes_of(cases[i].data, strlen(cases[i].data));

        memset(secret, cases[i].key_byte, sizeof secret);
        if (cases[i].key_byte == 0) {
            memcpy(secret, "Jefe", 4);
        }
        assert_int_equal(
            crypto->hmac_key(NULL, &key, cases[i].alg,
                             dtls_bytes_of(secret, cases[i].key_len)),
            DTLS_OK);
        crypto->hmac(NULL, &key, out, &part, 1);
        assert_memory_equal(out, expected.data, expected.len);
    }
}

static void every_key_length_in_any_parts_gives_what_evp_gives(void **state)
{
    static const struct {
        enum dtls_hash_alg alg;
        const char *name;
    } algs[] = {{DTLS_HASH_SHA1, "SHA1"},
                {DTLS_HASH_SHA256, "SHA256"},
                {DTLS_HASH_SHA384, "SHA384"},
                {DTLS_HASH_SHA512, "SHA512"}};
    uint8_t data[300];
    uint8_t secret[300];
    uint64_t seed = 2;

    (void)state;
    fill_random(&seed, data, sizeof data);
    fill_random(&seed, secret, sizeof secret);
    for (size_t i = 0; i < LEN(algs); i++) {
        kit_row("%s", algs[i].name);
        for (size_t len = 0; len <= sizeof data; len++) {
            size_t a = next_random(&seed) % (len + 1);
            struct dtls_bytes parts[] = {
                {data, a}, {NULL, 0}, {data + a, len - a}};
            size_t key_len = sizeof secret - len;
            struct dtls_hmac_key key;
            uint8_t expected[DTLS_HASH_MAX];
            uint8_t out[DTLS_HASH_MAX];

            kit_row("%zu bytes", len);
            assert_non_null(HMAC(EVP_get_digestbyname(algs[i].name), secret,
                                 (int)key_len, data, len, expected, NULL));
            assert_int_equal(crypto->hmac_key(NULL, &key, algs[i].alg,
                                              dtls_bytes_of(secret, key_len)),
                             DTLS_OK);
            crypto->hmac(NULL, &key, out, parts, 3);
            assert_memory_equal(out, expected, dtls_hash_len(algs[i].alg));
            /* The key is not used up. */
            memset(out, 0, sizeof out);
            crypto->hmac(NULL, &key, out, parts, 3);
            assert_memory_equal(out, expected, dtls_hash_len(algs[i].alg));
        }
    }
}

static void there_is_no_key_without_an_algorithm(void **state)
{
    uint8_t secret[200] = {0};
    struct dtls_hmac_key key;

    (void)state;
    assert_int_equal(crypto->hmac_key(NULL, &key, DTLS_HASH_NONE,
                                      dtls_bytes_of(secret, 20)),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->hmac_key(NULL, &key, DTLS_HASH_NONE,
                                      dtls_bytes_of(secret, 200)),
                     DTLS_INTERNAL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_rfc_4231_come_out),
        cmocka_unit_test(every_key_length_in_any_parts_gives_what_evp_gives),
        cmocka_unit_test(there_is_no_key_without_an_algorithm),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
