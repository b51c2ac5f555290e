/* SPDX-License-Identifier: MIT */
/* This library's method objects, with what they cannot use: each has its
 * status, and what was there before goes on. */
#include "methods_kit.h"

static UCHAR bytes[600]; /* any */
static UCHAR out[600];
static UCHAR iv[17] = {12, 0x31, 0x42, 0x53, 0x64};
static UCHAR long_iv[17] = {13};
static NX_CRYPTO_EXTENDED_OUTPUT room = {out, sizeof out, 0};
static NX_CRYPTO_EXTENDED_OUTPUT little = {out, 1, 0};
static NX_CRYPTO_EXTENDED_OUTPUT nowhere = {NX_NULL, sizeof out, 0};

#define OUT .output = out, .output_len = sizeof out
#define IN .input = bytes, .input_len = 32
#define KEY .key = bytes, .key_size = 256
#define EXTENDED(which) .output = &(which), .output_len = sizeof(which)

struct row {
    const char *what;
    UINT operation;
    struct args args;
    UINT expected;
};

/* Plays the rows, one after the other, in one use of a method. */
static void play(NX_CRYPTO_METHOD *method, NX_CRYPTO_KEY_SIZE key_size,
                 const struct row *rows, size_t num)
{
    struct use use;

    OK(begin(&use, method, bytes, key_size));
    for (size_t i = 0; i < num; i++) {
        kit_row("%s", rows[i].what);
        assert_int_equal(op(&use, rows[i].operation, rows[i].args),
                         rows[i].expected);
    }
    end(&use);
}

static void a_method_needs_its_area(void **state)
{
    static NX_CRYPTO_METHOD *const all[] = {
        &crypto_method_sha256,      &crypto_method_hmac_sha256,
        &crypto_method_hmac,        &crypto_method_tls_prf_sha256,
        &crypto_method_tls_prf_1,   &crypto_method_rsa,
        &crypto_method_ecdsa,       &crypto_method_ecdhe,
        &crypto_method_aes_cbc_128, &crypto_method_hkdf,
        &crypto_method_pkcs1};

    (void)state;
    for (size_t i = 0; i < LEN(all); i++) {
        NX_CRYPTO_METHOD *m = all[i];
        ULONG size = m->nx_crypto_metadata_area_size;
        struct use use = {.method = m};

        kit_row("method %zu", i);
        assert_int_equal(
            m->nx_crypto_operation(NX_CRYPTO_ENCRYPT, NX_NULL, NX_NULL, bytes,
                                   256, bytes, 32, iv, out, sizeof out,
                                   area_of(&use), size, NX_NULL, NX_NULL),
            NX_CRYPTO_PTR_ERROR);
        assert_int_equal(m->nx_crypto_operation(NX_CRYPTO_ENCRYPT, NX_NULL, m,
                                                bytes, 256, bytes, 32, iv, out,
                                                sizeof out, NX_NULL, size,
                                                NX_NULL, NX_NULL),
                         NX_CRYPTO_PTR_ERROR);
        assert_int_equal(m->nx_crypto_operation(NX_CRYPTO_ENCRYPT, NX_NULL, m,
                                                bytes, 256, bytes, 32, iv, out,
                                                sizeof out, area_of(&use), 1,
                                                NX_NULL, NX_NULL),
                         NX_CRYPTO_INVALID_BUFFER_SIZE);
    }
    assert_int_equal(crypto_method_aes_cbc_128.nx_crypto_cleanup(NX_NULL),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(crypto_method_hmac_sha256.nx_crypto_init(
                         &crypto_method_hmac_sha256, NX_NULL, 256, NX_NULL,
                         out, sizeof out),
                     NX_CRYPTO_PTR_ERROR);
}

static void hashes(void **state)
{
    static const struct row rows[] = {
        {"calculate before initialize",
         NX_CRYPTO_HASH_CALCULATE,
         {OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"update before initialize",
         NX_CRYPTO_HASH_UPDATE,
         {IN},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"initialize", NX_CRYPTO_HASH_INITIALIZE, {0}, NX_CRYPTO_SUCCESS},
        {"update with no bytes",
         NX_CRYPTO_HASH_UPDATE,
         {.input_len = 3},
         NX_CRYPTO_PTR_ERROR},
        {"calculate to nowhere",
         NX_CRYPTO_HASH_CALCULATE,
         {0},
         NX_CRYPTO_PTR_ERROR},
        {"calculate to 31 bytes",
         NX_CRYPTO_HASH_CALCULATE,
         {.output = out, .output_len = 31},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {IN, OUT},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"at once", NX_CRYPTO_AUTHENTICATE, {IN, OUT}, NX_CRYPTO_SUCCESS},
    };

    (void)state;
    play(&crypto_method_sha256, 0, rows, LEN(rows));
}

static void macs(void **state)
{
    static const struct row rows[] = {
        {"calculate before initialize",
         NX_CRYPTO_HASH_CALCULATE,
         {OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"update with no bytes",
         NX_CRYPTO_HASH_UPDATE,
         {.input_len = 3},
         NX_CRYPTO_PTR_ERROR},
        {"calculate to nowhere",
         NX_CRYPTO_HASH_CALCULATE,
         {0},
         NX_CRYPTO_PTR_ERROR},
        {"calculate to no byte",
         NX_CRYPTO_HASH_CALCULATE,
         {.output = out},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"verify",
         NX_CRYPTO_VERIFY,
         {KEY, IN, OUT},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"at once", NX_CRYPTO_AUTHENTICATE, {KEY, IN, OUT}, NX_CRYPTO_SUCCESS},
    };
    static const struct row without_hash[] = {
        {"at once",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"no hash's method",
         NX_CRYPTO_HMAC_SET_HASH,
         {0},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"to nowhere", NX_CRYPTO_AUTHENTICATE, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
    };

    (void)state;
    play(&crypto_method_hmac_sha256, 256, rows, LEN(rows));
    play(&crypto_method_hmac, 256, without_hash, LEN(without_hash));
}

static void prfs(void **state)
{
    static const struct row rows[] = {
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"no label", NX_CRYPTO_PRF, {IN, OUT}, NX_CRYPTO_PTR_ERROR},
        {"no seed", NX_CRYPTO_PRF, {KEY, OUT}, NX_CRYPTO_PTR_ERROR},
        {"nowhere", NX_CRYPTO_PRF, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
        {"16385 bytes",
         NX_CRYPTO_PRF,
         {KEY, IN, .output = out, .output_len = 16385},
         NX_CRYPTO_SIZE_ERROR},
    };

    (void)state;
    play(&crypto_method_tls_prf_sha256, 32, rows, LEN(rows));
}

static void ciphers(void **state)
{
    static const struct row gcm[] = {
        {"no nonce", NX_CRYPTO_ENCRYPT_INITIALIZE, {IN}, NX_CRYPTO_PTR_ERROR},
        {"a nonce of 13 bytes",
         NX_CRYPTO_ENCRYPT_INITIALIZE,
         {IN, .iv = long_iv},
         NX_CRYPTO_SIZE_ERROR},
        {"aad of 600 bytes",
         NX_CRYPTO_ENCRYPT_INITIALIZE,
         {.input = bytes, .input_len = sizeof bytes, .iv = iv},
         NX_CRYPTO_SIZE_ERROR},
        {"initialize",
         NX_CRYPTO_ENCRYPT_INITIALIZE,
         {IN, .iv = iv},
         NX_CRYPTO_SUCCESS},
        {"no text", NX_CRYPTO_ENCRYPT_UPDATE, {OUT}, NX_CRYPTO_PTR_ERROR},
        {"nowhere", NX_CRYPTO_ENCRYPT_UPDATE, {IN}, NX_CRYPTO_PTR_ERROR},
        {"little room",
         NX_CRYPTO_ENCRYPT_UPDATE,
         {IN, .output = out, .output_len = 31},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"update", NX_CRYPTO_ENCRYPT_UPDATE, {IN, OUT}, NX_CRYPTO_SUCCESS},
        {"a tag to nowhere",
         NX_CRYPTO_ENCRYPT_CALCULATE,
         {0},
         NX_CRYPTO_PTR_ERROR},
        {"a tag to 15 bytes",
         NX_CRYPTO_ENCRYPT_CALCULATE,
         {.output = out, .output_len = 15},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"a tag", NX_CRYPTO_ENCRYPT_CALCULATE, {OUT}, NX_CRYPTO_SUCCESS},
        {"decrypt",
         NX_CRYPTO_DECRYPT_INITIALIZE,
         {IN, .iv = iv},
         NX_CRYPTO_SUCCESS},
        {"no tag", NX_CRYPTO_DECRYPT_CALCULATE, {0}, NX_CRYPTO_PTR_ERROR},
        {"all at once",
         NX_CRYPTO_ENCRYPT,
         {IN, OUT, .iv = iv},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"no operation",
         NX_CRYPTO_PRF,
         {IN, OUT, .iv = iv},
         NX_CRYPTO_INVALID_ALGORITHM},
    };
    static const struct row cbc[] = {
        {"a byte less than two blocks",
         NX_CRYPTO_ENCRYPT,
         {.input = bytes, .input_len = 31, .iv = iv, OUT},
         NX_CRYPTO_PTR_ERROR},
        {"no IV", NX_CRYPTO_ENCRYPT, {IN, OUT}, NX_CRYPTO_PTR_ERROR},
        {"encrypt", NX_CRYPTO_ENCRYPT, {IN, OUT, .iv = iv}, NX_CRYPTO_SUCCESS},
        {"decrypt", NX_CRYPTO_DECRYPT, {IN, OUT, .iv = iv}, NX_CRYPTO_SUCCESS},
        {"no tag out", NX_CRYPTO_ENCRYPT_CALCULATE, {0}, NX_CRYPTO_SUCCESS},
        {"no tag in", NX_CRYPTO_DECRYPT_CALCULATE, {0}, NX_CRYPTO_SUCCESS},
    };
    NX_CRYPTO_METHOD stranger = crypto_method_aes_cbc_128;
    struct use use;

    (void)state;
    play(&crypto_method_aes_128_gcm_16, 128, gcm, LEN(gcm));
    play(&crypto_method_aes_cbc_128, 128, cbc, LEN(cbc));
    stranger.nx_crypto_algorithm = NX_CRYPTO_ENCRYPTION_DES_CBC;
    assert_int_equal(begin(&use, &stranger, bytes, 128),
                     NX_CRYPTO_INVALID_ALGORITHM);
    assert_int_equal(begin(&use, &crypto_method_aes_cbc_128, bytes, 256),
                     NX_CRYPTO_UNSUPPORTED_KEY_SIZE);
}

static void rsa(void **state)
{
    static const struct row rows[] = {
        {"no prime", NX_CRYPTO_SET_PRIME_P, {0}, NX_CRYPTO_PTR_ERROR},
        {"a prime", NX_CRYPTO_SET_PRIME_Q, {IN}, NX_CRYPTO_SUCCESS},
        {"no exponent", NX_CRYPTO_DECRYPT, {IN, OUT}, NX_CRYPTO_PTR_ERROR},
        {"no number", NX_CRYPTO_DECRYPT, {KEY, OUT}, NX_CRYPTO_PTR_ERROR},
        {"nowhere", NX_CRYPTO_DECRYPT, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
        {"a number longer than the modulus",
         NX_CRYPTO_DECRYPT,
         {KEY, .input = bytes, .input_len = 33, OUT},
         NX_CRYPTO_PTR_ERROR},
        {"little room",
         NX_CRYPTO_DECRYPT,
         {KEY, IN, .output = out, .output_len = 31},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"a modulus that is even",
         NX_CRYPTO_DECRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
    };
    static const struct row too_long[] = {
        {"a modulus of 513 bytes",
         NX_CRYPTO_DECRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_PTR_ERROR},
    };

    (void)state;
    play(&crypto_method_rsa, 256, rows, LEN(rows));
    play(&crypto_method_rsa, 8 * 513, too_long, LEN(too_long));
}

static void ecdsa(void **state)
{
    static const struct row rows[] = {
        {"before a curve",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, EXTENDED(room)},
         NX_CRYPTO_PTR_ERROR},
        {"no curve", NX_CRYPTO_EC_CURVE_SET, {0}, NX_CRYPTO_PTR_ERROR},
        {"a curve",
         NX_CRYPTO_EC_CURVE_SET,
         {.input = &crypto_method_ec_secp256},
         NX_CRYPTO_SUCCESS},
        {"no digest",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, EXTENDED(room)},
         NX_CRYPTO_PTR_ERROR},
        {"to nowhere", NX_CRYPTO_AUTHENTICATE, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
        {"to an output that is too short",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, .output = &room, .output_len = 1},
         NX_CRYPTO_PTR_ERROR},
        {"to an output at nowhere",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, EXTENDED(nowhere)},
         NX_CRYPTO_PTR_ERROR},
        {"to little room",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, EXTENDED(little)},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"a digest of no hash",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, .input = bytes, .input_len = 31, EXTENDED(room)},
         NX_CRYPTO_SIZE_ERROR},
        {"a key of zero",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, EXTENDED(room)},
         NX_CRYPTO_INVALID_KEY},
        {"verify without a key",
         NX_CRYPTO_VERIFY,
         {IN, OUT},
         NX_CRYPTO_PTR_ERROR},
        {"verify nothing", NX_CRYPTO_VERIFY, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
        {"verify a digest of no hash",
         NX_CRYPTO_VERIFY,
         {KEY, .input = bytes, .input_len = 31, OUT},
         NX_CRYPTO_SIZE_ERROR},
        {"verify under no point",
         NX_CRYPTO_VERIFY,
         {KEY, IN, OUT},
         NX_CRYPTO_AUTHENTICATION_FAILED},
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"no curve of ours",
         NX_CRYPTO_EC_CURVE_SET,
         {.input = &crypto_method_sha256},
         NX_CRYPTO_INVALID_PARAMETER},
    };

    (void)state;
    play(&crypto_method_ecdsa, 0, rows, LEN(rows));
}

static void ecdh(void **state)
{
    static const struct row rows[] = {
        {"before a curve",
         NX_CRYPTO_DH_SETUP,
         {EXTENDED(room)},
         NX_CRYPTO_PTR_ERROR},
        {"a curve",
         NX_CRYPTO_EC_CURVE_SET,
         {.input = &crypto_method_ec_secp256},
         NX_CRYPTO_SUCCESS},
        {"to nowhere", NX_CRYPTO_DH_SETUP, {0}, NX_CRYPTO_PTR_ERROR},
        {"calculate to nowhere",
         NX_CRYPTO_DH_CALCULATE,
         {IN},
         NX_CRYPTO_PTR_ERROR},
        {"calculate with no number",
         NX_CRYPTO_DH_CALCULATE,
         {.input = bytes, .input_len = 65, EXTENDED(room)},
         NX_CRYPTO_INVALID_KEY},
        {"a pair", NX_CRYPTO_DH_SETUP, {EXTENDED(room)}, NX_CRYPTO_SUCCESS},
        {"a number to little room",
         NX_CRYPTO_DH_PRIVATE_KEY_EXPORT,
         {EXTENDED(little)},
         NX_CRYPTO_INVALID_BUFFER_SIZE},
        {"no number", NX_CRYPTO_DH_KEY_PAIR_IMPORT, {0}, NX_CRYPTO_PTR_ERROR},
        {"a number of 67 bytes",
         NX_CRYPTO_DH_KEY_PAIR_IMPORT,
         {.key = bytes, .key_size = 8 * 67},
         NX_CRYPTO_SIZE_ERROR},
        {"a point of 64 bytes",
         NX_CRYPTO_DH_CALCULATE,
         {.input = bytes, .input_len = 64, EXTENDED(room)},
         NX_CRYPTO_SIZE_ERROR},
        {"a point off the curve",
         NX_CRYPTO_DH_CALCULATE,
         {.input = bytes, .input_len = 65, EXTENDED(room)},
         NX_CRYPTO_INVALID_KEY},
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {IN, OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"no curve of ours",
         NX_CRYPTO_EC_CURVE_SET,
         {.input = &crypto_method_sha256},
         NX_CRYPTO_INVALID_PARAMETER},
        {"a pair on it",
         NX_CRYPTO_DH_SETUP,
         {EXTENDED(room)},
         NX_CRYPTO_NOT_SUCCESSFUL},
    };

    (void)state;
    play(&crypto_method_ecdhe, 0, rows, LEN(rows));
}

static void curves(void **state)
{
    NX_CRYPTO_METHOD *m = &crypto_method_ec_secp256;
    NX_CRYPTO_METHOD stranger = *m;
    struct use use = {.method = m};

    (void)state;
    assert_int_equal(op(&use, NX_CRYPTO_EC_CURVE_GET, (struct args){0}),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT, (struct args){OUT}),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    OK(op(&use, NX_CRYPTO_EC_CURVE_GET, (struct args){OUT}));
    stranger.nx_crypto_algorithm = 0x1234;
    use.method = &stranger;
    assert_int_equal(op(&use, NX_CRYPTO_EC_CURVE_GET, (struct args){OUT}),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(m->nx_crypto_operation(NX_CRYPTO_EC_CURVE_GET, NX_NULL,
                                            NX_NULL, NX_NULL, 0, NX_NULL, 0,
                                            NX_NULL, out, sizeof out, NX_NULL,
                                            0, NX_NULL, NX_NULL),
                     NX_CRYPTO_PTR_ERROR);
}

static void hkdf(void **state)
{
    static const struct row rows[] = {
        {"before a hash",
         NX_CRYPTO_HKDF_EXTRACT,
         {KEY, IN, OUT},
         NX_CRYPTO_NOT_SUCCESSFUL},
        {"a method that is no hash",
         NX_CRYPTO_HKDF_SET_HASH,
         {0},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"no key", NX_CRYPTO_HKDF_SET_PRK, {0}, NX_CRYPTO_PTR_ERROR},
        {"a key of 65 bytes",
         NX_CRYPTO_HKDF_SET_PRK,
         {.key = bytes, .key_size = 8 * 65},
         NX_CRYPTO_SIZE_ERROR},
    };
    NX_CRYPTO_METHOD *m = &crypto_method_hkdf;
    struct use use;

    (void)state;
    play(m, 0, rows, LEN(rows));
    OK(begin(&use, m, NX_NULL, 0));
    use.method = &crypto_method_sha256;
    OK(m->nx_crypto_operation(
        NX_CRYPTO_HKDF_SET_HASH, NX_NULL, &crypto_method_sha256, NX_NULL, 0,
        NX_NULL, 0, NX_NULL, NX_NULL, 0, area_of(&use),
        m->nx_crypto_metadata_area_size, NX_NULL, NX_NULL));
    use.method = m;
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXTRACT, (struct args){KEY, OUT}),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXPAND, (struct args){KEY, OUT}),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(
        op(&use, NX_CRYPTO_HKDF_EXTRACT,
           (struct args){KEY, IN, .output = out, .output_len = 31}),
        NX_CRYPTO_INVALID_BUFFER_SIZE);
    OK(op(&use, NX_CRYPTO_HKDF_EXTRACT, (struct args){IN, .key_size = 8}));
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXPAND, (struct args){KEY}),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(
        op(&use, NX_CRYPTO_HKDF_EXPAND, (struct args){OUT, .key_size = 8}),
        NX_CRYPTO_PTR_ERROR);
    assert_int_equal(
        op(&use, NX_CRYPTO_HKDF_EXPAND,
           (struct args){KEY, .output = out, .output_len = 255 * 32 + 1}),
        NX_CRYPTO_SIZE_ERROR);
    OK(op(&use, NX_CRYPTO_HKDF_EXPAND, (struct args){KEY, OUT}));
    end(&use);
}

static void pkcs1(void **state)
{
    static NX_CRYPTO_PKCS1_OPTIONS none;
    static const struct row rows[] = {
        {"no input", NX_CRYPTO_AUTHENTICATE, {KEY, OUT}, NX_CRYPTO_PTR_ERROR},
        {"before the options",
         NX_CRYPTO_AUTHENTICATE,
         {KEY, IN, OUT},
         NX_CRYPTO_PTR_ERROR},
        {"options that are too short",
         NX_CRYPTO_SET_ADDITIONAL_DATA,
         {.input = &none, .input_len = sizeof none - 1},
         NX_CRYPTO_SIZE_ERROR},
        {"options without methods",
         NX_CRYPTO_SET_ADDITIONAL_DATA,
         {.input = &none, .input_len = sizeof none},
         NX_CRYPTO_PTR_ERROR},
        {"no operation",
         NX_CRYPTO_ENCRYPT,
         {KEY, IN, OUT},
         NX_CRYPTO_INVALID_ALGORITHM},
        {"no key", NX_CRYPTO_VERIFY, {IN, OUT}, NX_CRYPTO_PTR_ERROR},
        {"nowhere", NX_CRYPTO_VERIFY, {KEY, IN}, NX_CRYPTO_PTR_ERROR},
    };

    (void)state;
    play(&crypto_method_pkcs1, 2048, rows, LEN(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_needs_its_area),
        cmocka_unit_test(hashes),
        cmocka_unit_test(macs),
        cmocka_unit_test(prfs),
        cmocka_unit_test(ciphers),
        cmocka_unit_test(rsa),
        cmocka_unit_test(ecdsa),
        cmocka_unit_test(ecdh),
        cmocka_unit_test(curves),
        cmocka_unit_test(hkdf),
        cmocka_unit_test(pkcs1),
    };

    return kit_run(tests);
}
