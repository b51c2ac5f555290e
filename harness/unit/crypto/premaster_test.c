/* SPDX-License-Identifier: MIT */
/* crypto/premaster.c: what is sealed opens; what is wrong looks the same. */
#include "kit/proves.h"

#include "key_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

#define VERSION 0xfefd

static EVP_PKEY *made;
static struct dtls_private_key private_key;
static struct key_numbers numbers;

static void make_key(void)
{
    made = EVP_RSA_gen(2048);
    private_key = key_private(made, KEY_OLDER);
    key_public_rsa(&numbers, made);
}

static void free_key(void)
{
    crypto->private_key_free(NULL, &private_key);
    EVP_PKEY_free(made);
}

static void fill_premaster(uint8_t out[DTLS_MASTER_LEN])
{
    for (size_t i = 0; i < DTLS_MASTER_LEN; i++) {
        out[i] = (uint8_t)(0x30 + i);
    }
    out[0] = VERSION >> 8;
    out[1] = VERSION & 0xff;
}

/* Encrypts a whole encoded block, padding and all. */
static void encrypt_raw(uint8_t out[256], const uint8_t block[256])
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(made, NULL);
    size_t len = 256;

    assert_int_equal(EVP_PKEY_encrypt_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), 1);
    assert_int_equal(EVP_PKEY_encrypt(context, out, &len, block, 256), 1);
    EVP_PKEY_CTX_free(context);
}

/* 00 02 nonzero... 00 premaster */
static void encode(uint8_t block[256])
{
    memset(block, 0x5d, 256);
    block[0] = 0;
    block[1] = 2;
    block[256 - 49] = 0;
    fill_premaster(block + 256 - 48);
}

static void open_it(uint8_t out[DTLS_MASTER_LEN], const uint8_t *encrypted,
                    size_t len)
{
    assert_int_equal(crypto->premaster_open(NULL, &private_key, VERSION, out,
                                            dtls_bytes_of(encrypted, len)),
                     DTLS_OK);
    assert_no_errors_left();
}

/* It opens, twice, to different bytes that begin with the version and have
 * nothing of the premaster secret. */
static void assert_replaced(const uint8_t *encrypted, size_t len)
{
    uint8_t right[DTLS_MASTER_LEN];
    uint8_t first[DTLS_MASTER_LEN];
    uint8_t second[DTLS_MASTER_LEN];

    fill_premaster(right);
    open_it(first, encrypted, len);
    open_it(second, encrypted, len);
    assert_memory_equal(first, right, 2);
    assert_memory_equal(second, right, 2);
    assert_true(memcmp(first + 2, second + 2, 46) != 0);
    for (size_t i = 2; i + 8 <= DTLS_MASTER_LEN; i++) {
        kit_row("byte %zu", i);
        assert_true(memcmp(first + i, right + i, 8) != 0);
    }
}

static void a_sealed_premaster_opens(void **state)
{
    uint8_t premaster[DTLS_MASTER_LEN];
    uint8_t out[DTLS_MASTER_LEN];
    uint8_t encrypted[DTLS_SIGNATURE_MAX];
    size_t len = sizeof encrypted;

    (void)state;
    fill_premaster(premaster);
    assert_int_equal(crypto->premaster_seal(NULL, &numbers.public, encrypted,
                                            &len, premaster),
                     DTLS_OK);
    assert_int_equal(len, 256);
    open_it(out, encrypted, len);
    assert_memory_equal(out, premaster, sizeof out);
}

static void the_block_the_tests_build_opens(void **state)
{
    uint8_t block[256];
    uint8_t encrypted[256];
    uint8_t out[DTLS_MASTER_LEN];

    (void)state;
    encode(block);
    encrypt_raw(encrypted, block);
    open_it(out, encrypted, 256);
    assert_memory_equal(out, block + 256 - 48, 48);
}

/* D5246-7.4.7.1-2 */
static void a_wrong_version_is_replaced(void **state)
{
    static const uint16_t versions[] = {0xfefe, 0xfeff, 0xfefc,
                                        0xfcfd, 0x0303, 0x0000};

    (void)state;
    for (size_t i = 0; i < LEN(versions); i++) {
        uint8_t block[256];
        uint8_t encrypted[256];

        kit_row("version %04x", versions[i]);
        encode(block);
        block[256 - 48] = (uint8_t)(versions[i] >> 8);
        block[256 - 47] = (uint8_t)versions[i];
        encrypt_raw(encrypted, block);
        assert_replaced(encrypted, 256);
    }
}

/* D5246-7.4.7.1-3, -4, -5: every byte of the padding, one after the other. */
static void wrong_padding_is_replaced(void **state)
{
    (void)state;
    for (size_t at = 0; at < 256 - 48; at++) {
        uint8_t block[256];
        uint8_t encrypted[256];

        kit_row("byte %zu", at);
        encode(block);
        /* Nonzero bytes become zero, which ends the padding too early; the
         * zero bytes become one. */
        block[at] = block[at] == 0 ? 1 : 0;
        encrypt_raw(encrypted, block);
        assert_replaced(encrypted, 256);
    }
}

static void a_premaster_of_a_wrong_length_is_replaced(void **state)
{
    (void)state;
    for (size_t len = 0; len < 100; len++) {
        uint8_t block[256];
        uint8_t encrypted[256];

        kit_row("%zu bytes", len);
        if (len == 48) {
            continue;
        }
        encode(block);
        memset(block + 2, 0x5d, 254);
        block[255 - len] = 0;
        if (len >= 2) {
            block[256 - len] = VERSION >> 8;
            block[257 - len] = VERSION & 0xff;
        }
        encrypt_raw(encrypted, block);
        assert_replaced(encrypted, 256);
    }
}

static void a_ciphertext_of_a_wrong_length_or_size_is_replaced(void **state)
{
    uint8_t block[256];
    uint8_t encrypted[257] = {0};

    (void)state;
    encode(block);
    encrypt_raw(encrypted, block);
    assert_replaced(encrypted, 0);
    assert_replaced(encrypted, 1);
    assert_replaced(encrypted, 48);
    assert_replaced(encrypted, 255);
    assert_replaced(encrypted, 257);
    memset(encrypted, 0xff, sizeof encrypted); /* not below the modulus */
    assert_replaced(encrypted, 256);
    memset(encrypted, 0, sizeof encrypted);
    assert_replaced(encrypted, 256);
}

static void only_an_rsa_key_opens(void **state)
{
    static const struct dtls_private_key none;
    EVP_PKEY *curve = EVP_EC_gen("P-256");
    struct dtls_private_key key = key_private(curve, KEY_OLDER);
    uint8_t out[DTLS_MASTER_LEN];
    uint8_t encrypted[256] = {0};

    (void)state;
    assert_int_equal(crypto->premaster_open(NULL, &key, VERSION, out,
                                            dtls_bytes_of(encrypted, 256)),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->premaster_open(NULL, &none, VERSION, out,
                                            dtls_bytes_of(encrypted, 256)),
                     DTLS_INTERNAL_ERROR);
    crypto->private_key_free(NULL, &key);
    EVP_PKEY_free(curve);
}

static void a_key_that_cannot_encrypt_is_a_bad_certificate(void **state)
{
    static const char *const exponents[] = {
        "",     "01",   "03",       "010000", "010002",
        "ffff", "fffe", "00010000", "02",     "010000000000010001"};
    uint8_t premaster[DTLS_MASTER_LEN];
    uint8_t out[DTLS_SIGNATURE_MAX];
    size_t len = sizeof out;
    struct dtls_public_key bad = numbers.public;

    (void)state;
    fill_premaster(premaster);
    for (size_t i = 0; i < LEN(exponents); i++) {
        kit_row("exponent \"%s\"", exponents[i]);
        struct hex e = hex(exponents[i]);

        bad.e = hex_bytes(&e);
        assert_int_equal(
            crypto->premaster_seal(NULL, &bad, out, &len, premaster),
            DTLS_BAD_CERTIFICATE);
    }
    bad = numbers.public;
    bad.type = DTLS_KEY_EC;
    assert_int_equal(crypto->premaster_seal(NULL, &bad, out, &len, premaster),
                     DTLS_BAD_CERTIFICATE);
    len = 255;
    assert_int_equal(
        crypto->premaster_seal(NULL, &numbers.public, out, &len, premaster),
        DTLS_INTERNAL_ERROR);
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_premaster_opens),
        cmocka_unit_test(the_block_the_tests_build_opens),
        cmocka_unit_test(a_wrong_version_is_replaced),
        cmocka_unit_test(wrong_padding_is_replaced),
        cmocka_unit_test(a_premaster_of_a_wrong_length_is_replaced),
        cmocka_unit_test(a_ciphertext_of_a_wrong_length_or_size_is_replaced),
        cmocka_unit_test(only_an_rsa_key_opens),
        cmocka_unit_test(a_key_that_cannot_encrypt_is_a_bad_certificate),
    };
    int failed;

    make_key();
    failed = kit_run_named(__FILE__, tests, LEN(tests));
    free_key();
    return failed;
}
