/* SPDX-License-Identifier: MIT */
/* The method object of PKCS#1 with RSA methods of an application: what it
 * calls them with, and what it does when they fail. */
#include "methods_kit.h"

/* How an application's RSA method is called, and what it answers. */
static struct {
    UINT init;
    UINT operation;
    UINT num_inits;
    UINT num_operations;
    UINT num_cleanups;
    ULONG modulus_len;
    UCHAR input[600];
} rsa;

static UCHAR modulus[600];
static UCHAR exponent[3] = {1, 0, 1};
static UCHAR output[600];

static UINT rsa_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                     NX_CRYPTO_KEY_SIZE key_size, VOID **handler,
                     VOID *metadata, ULONG metadata_size)
{
    (void)method;
    (void)handler;
    (void)metadata;
    (void)metadata_size;
    assert_ptr_equal(key, modulus);
    rsa.modulus_len = key_size / 8;
    rsa.num_inits++;
    return rsa.init;
}

static UINT rsa_cleanup(VOID *metadata)
{
    (void)metadata;
    rsa.num_cleanups++;
    return NX_CRYPTO_SUCCESS;
}

/* Gives its input back, as the exponent 1 would. */
static UINT rsa_operation(UINT number, VOID *handler, NX_CRYPTO_METHOD *method,
                          UCHAR *key, NX_CRYPTO_KEY_SIZE key_size,
                          UCHAR *input, ULONG input_len, UCHAR *iv_ptr,
                          UCHAR *out, ULONG out_len, VOID *metadata,
                          ULONG metadata_size, VOID *packet,
                          VOID (*callback)(VOID *, UINT))
{
    (void)handler;
    (void)method;
    (void)iv_ptr;
    (void)metadata;
    (void)metadata_size;
    (void)packet;
    (void)callback;
    assert_int_equal(number, NX_CRYPTO_DECRYPT);
    assert_int_equal(key_size, 8 * sizeof exponent);
    assert_memory_equal(key, exponent, sizeof exponent);
    assert_int_equal(input_len, out_len);
    memcpy(rsa.input, input, input_len);
    memcpy(out, input, input_len);
    rsa.num_operations++;
    return rsa.operation;
}

static NX_CRYPTO_METHOD method = {.nx_crypto_init = rsa_init,
                                  .nx_crypto_cleanup = rsa_cleanup,
                                  .nx_crypto_operation = rsa_operation};
static NX_CRYPTO_PKCS1_OPTIONS options;
static struct use use;

static void start(ULONG modulus_len)
{
    memset(&rsa, 0, sizeof rsa);
    memset(modulus, 0xff, sizeof modulus);
    memset(output, 0, sizeof output);
    options = (NX_CRYPTO_PKCS1_OPTIONS){.public_cipher_method = &method,
                                        .hash_method = &crypto_method_sha256};
    OK(begin(&use, &crypto_method_pkcs1, modulus, 8 * modulus_len));
}

static UINT set(void)
{
    return op(&use, NX_CRYPTO_SET_ADDITIONAL_DATA,
              (struct args){.input = &options, .input_len = sizeof options});
}

static UINT run(UINT number, ULONG room)
{
    return op(&use, number,
              (struct args){.key = exponent,
                            .key_size = 8 * sizeof exponent,
                            .input = "text",
                            .input_len = 4,
                            .output = output,
                            .output_len = room});
}

/* 0, 1, 0xff ..., 0, DigestInfo (RFC 8017, 9.2). */
static void expect_padded(ULONG len, ULONG info_len)
{
    ULONG zero = len - info_len - 1;

    assert_int_equal(rsa.input[0], 0);
    assert_int_equal(rsa.input[1], 1);
    for (ULONG i = 2; i < zero; i++) {
        kit_row("byte %u", i);
        assert_int_equal(rsa.input[i], 0xff);
    }
    assert_int_equal(rsa.input[zero], 0);
    assert_int_equal(rsa.input[zero + 1], 0x30);
}

static void an_application_has_its_own_rsa(void **state)
{
    (void)state;
    start(256);
    OK(set());
    OK(run(NX_CRYPTO_AUTHENTICATE, 256));
    assert_int_equal(rsa.modulus_len, 256);
    expect_padded(256, 51);
    assert_memory_equal(output, rsa.input, 256);
    OK(run(NX_CRYPTO_VERIFY, 256));
    assert_int_equal(rsa.num_inits, 2);
    assert_int_equal(rsa.num_operations, 2);
    assert_int_equal(rsa.num_cleanups, 2);
    output[200] ^= 1;
    assert_int_equal(run(NX_CRYPTO_VERIFY, 256),
                     NX_CRYPTO_AUTHENTICATION_FAILED);
    end(&use);
}

static void an_rsa_needs_neither_init_nor_cleanup(void **state)
{
    (void)state;
    for (UINT has = 0; has < 4; has++) {
        kit_row("init %u, cleanup %u", has & 1, has >> 1);
        method.nx_crypto_init = (has & 1) != 0 ? rsa_init : NX_NULL;
        method.nx_crypto_cleanup = (has & 2) != 0 ? rsa_cleanup : NX_NULL;
        start(256);
        OK(set());
        OK(run(NX_CRYPTO_AUTHENTICATE, 256));
        expect_padded(256, 51);
        OK(run(NX_CRYPTO_VERIFY, 256));
        assert_int_equal(rsa.num_inits, 2 * (has & 1));
        assert_int_equal(rsa.num_operations, 2);
        assert_int_equal(rsa.num_cleanups, 2 * (has >> 1));
        end(&use);
    }
}

static void an_rsa_that_fails_gives_its_status(void **state)
{
    static const UINT numbers[] = {NX_CRYPTO_AUTHENTICATE, NX_CRYPTO_VERIFY};

    (void)state;
    for (size_t i = 0; i < LEN(numbers); i++) {
        kit_row("operation %u", numbers[i]);
        start(256);
        OK(set());
        rsa.init = 0x2345;
        assert_int_equal(run(numbers[i], 256), 0x2345);
        assert_int_equal(rsa.num_operations, 0);
        assert_int_equal(rsa.num_cleanups, 0);
        rsa.init = NX_CRYPTO_SUCCESS;
        rsa.operation = 0x2346;
        assert_int_equal(run(numbers[i], 256), 0x2346);
        assert_int_equal(rsa.num_cleanups, 1);
        end(&use);
    }
}

static void options_need_both_methods(void **state)
{
    (void)state;
    start(256);
    options.hash_method = NX_NULL;
    assert_int_equal(set(), NX_CRYPTO_PTR_ERROR);
    options.hash_method = &crypto_method_sha256;
    options.public_cipher_method = NX_NULL;
    assert_int_equal(set(), NX_CRYPTO_PTR_ERROR);
    assert_int_equal(run(NX_CRYPTO_AUTHENTICATE, 256), NX_CRYPTO_PTR_ERROR);
    assert_int_equal(rsa.num_inits, 0);
    end(&use);
}

/* A modulus is an odd number of 2048 to 4096 bits. */
static void a_modulus_has_its_bounds(void **state)
{
    static const struct {
        ULONG len;
        UCHAR first;
        UCHAR last;
        UINT expected;
    } rows[] = {{255, 0xff, 0xff, NX_CRYPTO_NOT_SUCCESSFUL},
                {256, 0x7f, 0xff, NX_CRYPTO_NOT_SUCCESSFUL},
                {256, 0x80, 0xff, NX_CRYPTO_SUCCESS},
                {256, 0xff, 0xfe, NX_CRYPTO_NOT_SUCCESSFUL},
                {257, 0x00, 0xff, NX_CRYPTO_NOT_SUCCESSFUL},
                {257, 0x01, 0xff, NX_CRYPTO_SUCCESS},
                {512, 0xff, 0xff, NX_CRYPTO_SUCCESS},
                {513, 0x01, 0xff, NX_CRYPTO_INVALID_ALGORITHM}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%u bytes, row %zu", rows[i].len, i);
        start(rows[i].len);
        modulus[0] = rows[i].first;
        modulus[rows[i].len - 1] = rows[i].last;
        OK(set());
        assert_int_equal(run(NX_CRYPTO_AUTHENTICATE, sizeof output),
                         rows[i].expected);
        assert_int_equal(rsa.num_operations,
                         rows[i].expected == NX_CRYPTO_SUCCESS);
        end(&use);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_has_its_own_rsa),
        cmocka_unit_test(an_rsa_needs_neither_init_nor_cleanup),
        cmocka_unit_test(an_rsa_that_fails_gives_its_status),
        cmocka_unit_test(options_need_both_methods),
        cmocka_unit_test(a_modulus_has_its_bounds),
    };

    return kit_run(tests);
}
