/* SPDX-License-Identifier: MIT */
/* This library's method objects, called as an application would call them. */
#include "methods_kit.h"

#include <openssl/evp.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>

static NX_CRYPTO_METHOD *const hashes[] = {
    &crypto_method_sha1,   &crypto_method_sha256, &crypto_method_sha384,
    &crypto_method_sha512, &crypto_method_md5,    &crypto_method_sha224};
static const char *const hash_names[] = {"SHA1",   "SHA256", "SHA384",
                                         "SHA512", "MD5",    "SHA224"};

static void hashes_work_in_steps_in_copies_and_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(hashes); i++) {
        ULONG len = hashes[i]->nx_crypto_ICV_size_in_bits / 8u;
        UCHAR expected[64];
        UCHAR out[64];
        struct use use;
        struct use copy;

        kit_row("%s", hash_names[i]);
        assert_int_equal(
            EVP_Q_digest(NULL, hash_names[i], NULL, "abc", 3, expected, NULL),
            1);
        OK(begin(&use, hashes[i], NULL, 0));
        OK(op(&use, NX_CRYPTO_HASH_INITIALIZE, (struct args){0}));
        OK(op(&use, NX_CRYPTO_HASH_UPDATE,
              (struct args){.input = "ab", .input_len = 2}));
        copy = use;
        OK(op(&copy, NX_CRYPTO_HASH_CALCULATE,
              (struct args){.output = out, .output_len = 64}));
        assert_memory_not_equal(out, expected, len);
        OK(op(&use, NX_CRYPTO_HASH_UPDATE,
              (struct args){.input = "c", .input_len = 1}));
        OK(op(&use, NX_CRYPTO_HASH_CALCULATE,
              (struct args){.output = out, .output_len = len}));
        assert_memory_equal(out, expected, len);
        memset(out, 0, sizeof out);
        OK(op(&use, NX_CRYPTO_VERIFY,
              (struct args){.input = "abc",
                            .input_len = 3,
                            .output = out,
                            .output_len = 64}));
        assert_memory_equal(out, expected, len);
        assert_int_equal(
            op(&use, NX_CRYPTO_HASH_CALCULATE,
               (struct args){.output = out, .output_len = len - 1}),
            NX_CRYPTO_INVALID_BUFFER_SIZE);
        assert_int_equal(op(&use, NX_CRYPTO_HASH_CALCULATE, (struct args){0}),
                         NX_CRYPTO_PTR_ERROR);
        assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT,
                            (struct args){.output = out, .output_len = 64}),
                         NX_CRYPTO_INVALID_ALGORITHM);
        end(&use);
        assert_int_equal(op(&use, NX_CRYPTO_HASH_UPDATE,
                            (struct args){.input = "c", .input_len = 1}),
                         NX_CRYPTO_NOT_SUCCESSFUL);
    }
}

static NX_CRYPTO_METHOD *const macs[] = {
    &crypto_method_hmac_sha1,   &crypto_method_hmac_sha256,
    &crypto_method_hmac_sha384, &crypto_method_hmac_md5,
    &crypto_method_hmac_sha224, &crypto_method_hmac_sha512};
static const char *const mac_names[] = {"SHA1", "SHA256", "SHA384",
                                        "MD5",  "SHA224", "SHA512"};

static void macs_are_keyed_with_each_message(void **state)
{
    static const UCHAR text[] = {'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'};
    UCHAR keys[2][200];

    (void)state;
    memset(keys[0], 0x0b, sizeof keys[0]); /* longer than any block */
    memset(keys[1], 0x23, sizeof keys[1]);
    for (size_t i = 0; i < 2 * LEN(macs); i++) {
        NX_CRYPTO_METHOD *method = macs[i / 2];
        ULONG key_len = i % 2 == 0 ? 200 : 20;
        ULONG len = method->nx_crypto_ICV_size_in_bits / 8u;
        UCHAR expected[64];
        UCHAR out[64] = {0};
        struct use use;

        kit_row("%s, a key of %u bytes", mac_names[i / 2], key_len);
        assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, mac_names[i / 2], NULL,
                                  keys[i % 2], key_len, text, sizeof text,
                                  expected, sizeof expected, NULL));
        /* As for a record: neither init nor cleanup. */
        memset(&use, 0xa5, sizeof use);
        use.method = method;
        OK(op(&use, NX_CRYPTO_HASH_INITIALIZE,
              (struct args){.key = keys[i % 2], .key_size = 8 * key_len}));
        OK(op(&use, NX_CRYPTO_HASH_UPDATE,
              (struct args){.input = "Hi ", .input_len = 3}));
        OK(op(&use, NX_CRYPTO_HASH_UPDATE,
              (struct args){.input = "There", .input_len = 5}));
        OK(op(&use, NX_CRYPTO_HASH_CALCULATE,
              (struct args){.output = out, .output_len = 64}));
        assert_memory_equal(out, expected, len);
        assert_true(len == sizeof out || out[len] == 0);

        /* In one, cut short, input and output the same. */
        memcpy(out, text, sizeof text);
        memset(out + 8, 0x5a, sizeof out - 8);
        OK(begin(&use, method, keys[i % 2], 8 * key_len));
        OK(op(&use, NX_CRYPTO_AUTHENTICATE,
              (struct args){.key = keys[i % 2],
                            .key_size = 8 * key_len,
                            .input = out,
                            .input_len = 8,
                            .output = out,
                            .output_len = 12}));
        assert_memory_equal(out, expected, 12);
        assert_int_equal(out[12], 0x5a);
        end(&use);
    }
}

static NX_CRYPTO_METHOD *const ciphers[] = {
    &crypto_method_aes_cbc_128,      &crypto_method_aes_cbc_256,
    &crypto_method_aes_ccm_8,        &crypto_method_aes_ccm_16,
    &crypto_method_aes_256_ccm_8,    &crypto_method_aes_256_ccm_16,
    &crypto_method_aes_128_gcm_16,   &crypto_method_aes_256_gcm_16,
    &crypto_method_chacha20_poly1305};
static const char *const cipher_names[] = {
    "AES-128-CBC", "AES-256-CBC", "AES-128-CCM",
    "AES-128-CCM", "AES-256-CCM", "AES-256-CCM",
    "AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305"};

static bool is_ccm(const NX_CRYPTO_METHOD *method)
{
    return method->nx_crypto_algorithm == NX_CRYPTO_ENCRYPTION_AES_CCM_8 ||
           method->nx_crypto_algorithm == NX_CRYPTO_ENCRYPTION_AES_CCM_16;
}

static const UCHAR key_bytes[32] = {0x23, 0x45, 0x67, 0x89, 0xab};
static const UCHAR iv_bytes[17] = {12, 0x31, 0x42, 0x53, 0x64, 0x75, 0x86};
static const UCHAR aad[13] = {0, 1, 0, 0, 0, 0, 0, 7, 23, 0xfe, 0xfd, 0, 80};

/* libcrypto's own ciphertext and tag. */
static void evp_encrypt(UCHAR *out, UCHAR *tag, size_t i, const UCHAR *text,
                        int text_len)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, cipher_names[i], NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int tag_len = ciphers[i]->nx_crypto_ICV_size_in_bits / 8;
    int len;

    assert_int_equal(EVP_EncryptInit_ex(c, cipher, NULL, NULL, NULL), 1);
    if (is_ccm(ciphers[i])) {
        (void)EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL);
        (void)EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag_len, NULL);
    }
    assert_int_equal(EVP_EncryptInit_ex(c, NULL, NULL, key_bytes,
                                        iv_bytes + (tag_len != 0)),
                     1);
    (void)EVP_CIPHER_CTX_set_padding(c, 0);
    if (is_ccm(ciphers[i])) {
        (void)EVP_EncryptUpdate(c, NULL, &len, NULL, text_len);
    }
    if (tag_len != 0) {
        (void)EVP_EncryptUpdate(c, NULL, &len, aad, sizeof aad);
    }
    assert_int_equal(EVP_EncryptUpdate(c, out, &len, text, text_len), 1);
    assert_int_equal(EVP_EncryptFinal_ex(c, out + len, &len), 1);
    if (tag_len != 0) {
        (void)EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, tag_len, tag);
    }
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(cipher);
}

static struct args start_args(const NX_CRYPTO_METHOD *method, ULONG text_len)
{
    if (method->nx_crypto_ICV_size_in_bits == 0) {
        return (struct args){.iv = iv_bytes};
    }
    return (struct args){.input = aad,
                         .input_len = sizeof aad,
                         .iv = iv_bytes,
                         .output_len = text_len};
}

/* One message of 80 bytes; pieces of 32 and 48, but CCM takes it whole. */
static void turn(struct use *use, UINT initialize, UINT update, UCHAR *out,
                 const UCHAR *in)
{
    ULONG first = is_ccm(use->method) ? 80 : 32;

    OK(op(use, initialize, start_args(use->method, 80)));
    OK(op(use, update,
          (struct args){.input = in,
                        .input_len = first,
                        .output = out,
                        .output_len = first}));
    if (first != 80) {
        OK(op(use, update,
              (struct args){.input = in + first,
                            .input_len = 80 - first,
                            .output = out + first,
                            .output_len = 80 - first}));
    }
}

static void ciphers_agree_with_evp_both_ways_and_refuse_a_wrong_tag(
    void **state)
{
    UCHAR text[80];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (UCHAR)(i * 7 + 1);
    }
    for (size_t i = 0; i < LEN(ciphers); i++) {
        ULONG tag_len = ciphers[i]->nx_crypto_ICV_size_in_bits / 8u;
        UCHAR expected[80];
        UCHAR expected_tag[16];
        UCHAR out[80];
        UCHAR tag[17] = {0};
        struct use use;

        kit_row("%s, a tag of %u bytes", cipher_names[i], tag_len);
        evp_encrypt(expected, expected_tag, i, text, sizeof text);
        OK(begin(&use, ciphers[i], key_bytes,
                 ciphers[i]->nx_crypto_key_size_in_bits));
        /* Twice: a message leaves nothing behind for the next. */
        for (int round = 0; round < 2; round++) {
            kit_row("round %d", round);
            turn(&use, NX_CRYPTO_ENCRYPT_INITIALIZE, NX_CRYPTO_ENCRYPT_UPDATE,
                 out, text);
            OK(op(&use, NX_CRYPTO_ENCRYPT_CALCULATE,
                  (struct args){.output = tag_len == 0 ? NULL : tag,
                                .output_len = tag_len}));
            assert_memory_equal(out, expected, sizeof out);
            assert_memory_equal(tag, expected_tag, tag_len);
            turn(&use, NX_CRYPTO_DECRYPT_INITIALIZE, NX_CRYPTO_DECRYPT_UPDATE,
                 out, out);
            OK(op(&use, NX_CRYPTO_DECRYPT_CALCULATE,
                  (struct args){.input = tag, .input_len = tag_len}));
            assert_memory_equal(out, text, sizeof out);
        }
        for (ULONG at = 0; at < tag_len; at++) {
            kit_row("byte %u of the tag", at);
            tag[at] ^= 1;
            turn(&use, NX_CRYPTO_DECRYPT_INITIALIZE, NX_CRYPTO_DECRYPT_UPDATE,
                 out, expected);
            assert_int_equal(
                op(&use, NX_CRYPTO_DECRYPT_CALCULATE,
                   (struct args){.input = tag, .input_len = tag_len}),
                NX_CRYPTO_AUTHENTICATION_FAILED);
            tag[at] ^= 1;
        }
        end(&use);
    }
}

static void an_empty_message_has_a_tag_too(void **state)
{
    (void)state;
    for (size_t i = 2; i < LEN(ciphers); i++) {
        ULONG tag_len = ciphers[i]->nx_crypto_ICV_size_in_bits / 8u;
        UCHAR expected[16];
        UCHAR nothing[1];
        UCHAR tag[16];
        struct use use;

        kit_row("%s, a tag of %u bytes", cipher_names[i], tag_len);
        evp_encrypt(nothing, expected, i, nothing, 0);
        OK(begin(&use, ciphers[i], key_bytes,
                 ciphers[i]->nx_crypto_key_size_in_bits));
        OK(op(&use, NX_CRYPTO_ENCRYPT_INITIALIZE, start_args(ciphers[i], 0)));
        OK(op(&use, NX_CRYPTO_ENCRYPT_CALCULATE,
              (struct args){.output = tag, .output_len = tag_len}));
        assert_memory_equal(tag, expected, tag_len);
        OK(op(&use, NX_CRYPTO_DECRYPT_INITIALIZE, start_args(ciphers[i], 0)));
        OK(op(&use, NX_CRYPTO_DECRYPT_CALCULATE,
              (struct args){.input = tag, .input_len = tag_len}));
        end(&use);
    }
}

static void ciphers_name_what_is_wrong(void **state)
{
    UCHAR bytes[80] = {0};
    UCHAR short_iv[8] = {7};
    struct use use;
    NX_CRYPTO_METHOD *gcm = &crypto_method_aes_128_gcm_16;

    (void)state;
    assert_int_equal(begin(&use, gcm, key_bytes, 256),
                     NX_CRYPTO_UNSUPPORTED_KEY_SIZE);
    assert_int_equal(begin(&use, gcm, NULL, 128), NX_CRYPTO_PTR_ERROR);
    assert_int_equal(
        gcm->nx_crypto_init(gcm, bytes, 128, NX_NULL, area_of(&use),
                            gcm->nx_crypto_metadata_area_size / 2),
        NX_CRYPTO_INVALID_BUFFER_SIZE);
    OK(begin(&use, gcm, key_bytes, 128));
    assert_int_equal(
        op(&use, NX_CRYPTO_ENCRYPT_INITIALIZE, (struct args){.iv = short_iv}),
        NX_CRYPTO_SIZE_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_PRF, (struct args){0}),
                     NX_CRYPTO_INVALID_ALGORITHM);
    end(&use);
    /* CCM in pieces, CBC in parts of blocks. */
    OK(begin(&use, &crypto_method_aes_ccm_8, key_bytes, 128));
    OK(op(&use, NX_CRYPTO_ENCRYPT_INITIALIZE, start_args(use.method, 80)));
    assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT_UPDATE,
                        (struct args){.input = bytes,
                                      .input_len = 64,
                                      .output = bytes,
                                      .output_len = 64}),
                     NX_CRYPTO_SIZE_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT_CALCULATE,
                        (struct args){.output = bytes, .output_len = 8}),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    end(&use);
    OK(begin(&use, &crypto_method_aes_cbc_128, key_bytes, 128));
    OK(op(&use, NX_CRYPTO_ENCRYPT_INITIALIZE, start_args(use.method, 0)));
    assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT_UPDATE,
                        (struct args){.input = bytes,
                                      .input_len = 15,
                                      .output = bytes,
                                      .output_len = 15}),
                     NX_CRYPTO_SIZE_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_DECRYPT,
                        (struct args){.input = bytes,
                                      .input_len = 15,
                                      .iv = iv_bytes,
                                      .output = bytes,
                                      .output_len = 15}),
                     NX_CRYPTO_PTR_ERROR);
    end(&use);
}

static NX_CRYPTO_METHOD *const curves[] = {
    &crypto_method_ec_secp256, &crypto_method_ec_secp384,
    &crypto_method_ec_secp521, &crypto_method_ec_x25519};

static UINT set_curve(struct use *use, NX_CRYPTO_METHOD *curve)
{
    return op(use, NX_CRYPTO_EC_CURVE_SET,
              (struct args){.input = curve, .input_len = sizeof curve});
}

/* An operation with an extended output. */
static UINT op_out(struct use *use, UINT number, struct args a, UCHAR *out,
                   ULONG *len)
{
    NX_CRYPTO_EXTENDED_OUTPUT result = {out, *len, 0};
    UINT status;

    a.output = &result;
    a.output_len = sizeof result;
    status = op(use, number, a);
    *len = result.nx_crypto_extended_output_actual_size;
    return status;
}

static void a_curve_needs_a_method_and_a_place(void **state)
{
    const NX_CRYPTO_EC *curve = NULL;
    UCHAR *out = (UCHAR *)&curve;

    (void)state;
    for (size_t i = 0; i < LEN(curves); i++) {
        kit_row("curve %x", curves[i]->nx_crypto_algorithm);
        for (UINT given = 0; given < 4; given++) {
            kit_row("given %u", given);
            assert_int_equal(curves[i]->nx_crypto_operation(
                                 NX_CRYPTO_EC_CURVE_GET, NULL,
                                 (given & 1) != 0 ? curves[i] : NULL, NULL, 0,
                                 NULL, 0, NULL, (given & 2) != 0 ? out : NULL,
                                 sizeof curve, NULL, 0, NULL, NULL),
                             given == 3 ? NX_CRYPTO_SUCCESS
                                        : NX_CRYPTO_PTR_ERROR);
        }
        assert_int_equal(curve->nx_crypto_ec_id,
                         curves[i]->nx_crypto_algorithm);
    }
}

static void two_sides_agree_on_every_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(curves); i++) {
        UCHAR points[2][133];
        UCHAR scalar[68];
        UCHAR shared[2][66];
        ULONG point_len[2] = {133, 133};
        ULONG scalar_len = 68;
        ULONG len[2] = {66, 66};
        struct use use[2];

        kit_row("curve %x", curves[i]->nx_crypto_algorithm);
        for (size_t k = 0; k < 2; k++) {
            kit_row("side %zu", k);
            OK(begin(&use[k], &crypto_method_ecdhe, NULL, 0));
            assert_int_equal(op_out(&use[k], NX_CRYPTO_DH_SETUP,
                                    (struct args){0}, points[k],
                                    &point_len[k]),
                             NX_CRYPTO_PTR_ERROR); /* no curve yet */
            point_len[k] = 133;
            OK(set_curve(&use[k], curves[i]));
            OK(op_out(&use[k], NX_CRYPTO_DH_SETUP, (struct args){0}, points[k],
                      &point_len[k]));
        }
        /* One of them goes on in another use, by its private number. */
        OK(op_out(&use[1], NX_CRYPTO_DH_PRIVATE_KEY_EXPORT, (struct args){0},
                  scalar, &scalar_len));
        end(&use[1]);
        OK(begin(&use[1], &crypto_method_ecdh, NULL, 0));
        OK(set_curve(&use[1], curves[i]));
        OK(op(&use[1], NX_CRYPTO_DH_KEY_PAIR_IMPORT,
              (struct args){.key = scalar, .key_size = 8 * scalar_len}));
        for (size_t k = 0; k < 2; k++) {
            kit_row("side %zu", k);
            OK(op_out(&use[k], NX_CRYPTO_DH_CALCULATE,
                      (struct args){.input = points[1 - k],
                                    .input_len = point_len[1 - k]},
                      shared[k], &len[k]));
        }
        assert_int_equal(len[0], len[1]);
        assert_true(len[0] >= 32);
        assert_memory_equal(shared[0], shared[1], len[0]);

        len[1] = len[0] - 1; /* of room */
        memset(shared[1], 0x5a, sizeof shared[1]);
        assert_int_equal(op_out(&use[1], NX_CRYPTO_DH_CALCULATE,
                                (struct args){.input = points[0],
                                              .input_len = point_len[0]},
                                shared[1], &len[1]),
                         NX_CRYPTO_INVALID_BUFFER_SIZE);
        assert_int_equal(shared[1][0], 0x5a);
        assert_int_equal(shared[1][len[0] - 1], 0x5a);

        points[0][point_len[0] - 1] ^= 1; /* off a curve; x25519 has no off */
        len[1] = 66;
        assert_int_equal(op_out(&use[1], NX_CRYPTO_DH_CALCULATE,
                                (struct args){.input = points[0],
                                              .input_len = point_len[0]},
                                shared[1], &len[1]),
                         i == 3 ? NX_CRYPTO_SUCCESS : NX_CRYPTO_INVALID_KEY);
        len[1] = 66;
        assert_int_equal(op_out(&use[1], NX_CRYPTO_DH_CALCULATE,
                                (struct args){.input = points[0],
                                              .input_len = point_len[0] - 1},
                                shared[1], &len[1]),
                         NX_CRYPTO_SIZE_ERROR);
        end(&use[0]);
        end(&use[1]);
    }
}

static void a_signature_verifies_and_no_other(void **state)
{
    static const ULONG digest_lens[] = {20, 32, 48, 64};
    UCHAR digest[64] = {0x23, 0x45};

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        NX_CRYPTO_METHOD *curve = curves[i / 4];
        ULONG digest_len = digest_lens[i % 4];
        UCHAR point[133];
        UCHAR scalar[68];
        UCHAR signature[160];
        ULONG point_len = sizeof point;
        ULONG scalar_len = sizeof scalar;
        ULONG len = sizeof signature;
        struct args verify;
        struct use pair;
        struct use use;

        kit_row("curve %x, a digest of %u bytes", curve->nx_crypto_algorithm,
                digest_len);
        OK(begin(&pair, &crypto_method_ecdhe, NULL, 0));
        OK(set_curve(&pair, curve));
        OK(op_out(&pair, NX_CRYPTO_DH_SETUP, (struct args){0}, point,
                  &point_len));
        OK(op_out(&pair, NX_CRYPTO_DH_PRIVATE_KEY_EXPORT, (struct args){0},
                  scalar, &scalar_len));
        end(&pair);

        OK(begin(&use, &crypto_method_ecdsa, point, 8 * point_len));
        OK(set_curve(&use, curve));
        OK(op_out(&use, NX_CRYPTO_AUTHENTICATE,
                  (struct args){.key = scalar,
                                .key_size = 8 * scalar_len,
                                .input = digest,
                                .input_len = digest_len},
                  signature, &len));
        verify = (struct args){.key = point,
                               .key_size = 8 * point_len,
                               .input = digest,
                               .input_len = digest_len,
                               .output = signature,
                               .output_len = len};
        OK(op(&use, NX_CRYPTO_VERIFY, verify));
        digest[digest_len - 1] ^= 0x80;
        digest[0] ^= 1; /* a curve may look at the front of it only */
        assert_int_equal(op(&use, NX_CRYPTO_VERIFY, verify),
                         NX_CRYPTO_AUTHENTICATION_FAILED);
        verify.input_len = 21;
        assert_int_equal(op(&use, NX_CRYPTO_VERIFY, verify),
                         NX_CRYPTO_SIZE_ERROR);
        len = 32;
        assert_int_equal(op_out(&use, NX_CRYPTO_AUTHENTICATE,
                                (struct args){.key = scalar,
                                              .key_size = 8 * scalar_len,
                                              .input = digest,
                                              .input_len = digest_len},
                                signature, &len),
                         NX_CRYPTO_INVALID_BUFFER_SIZE);
        end(&use);
    }
}

static void curves_give_themselves(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(curves); i++) {
        const NX_CRYPTO_EC *curve = NX_NULL;
        UINT status = curves[i]->nx_crypto_operation(
            NX_CRYPTO_EC_CURVE_GET, NX_NULL, curves[i], NX_NULL, 0, NX_NULL, 0,
            NX_NULL, (UCHAR *)&curve, sizeof curve, NX_NULL, 0, NX_NULL,
            NX_NULL);

        kit_row("curve %x", curves[i]->nx_crypto_algorithm);
        assert_int_equal(status, NX_CRYPTO_SUCCESS);
        assert_non_null(curve);
        assert_int_equal(curve->nx_crypto_ec_id,
                         curves[i]->nx_crypto_algorithm);
    }
}

/* 7 ^ 11 mod n and back would need a key: small numbers will do, and what
 * they give is known.  2 ^ 10 = 1024 mod 1001 = 23. */
static void rsa_raises_to_a_power(void **state)
{
    static const UCHAR n[] = {0x03, 0xe9}; /* 1001 */
    static const UCHAR exponent[] = {10};
    static const UCHAR two[] = {2};
    UCHAR out[3] = {0xff, 0xff, 0xff};
    struct use use;

    (void)state;
    OK(begin(&use, &crypto_method_rsa, n, 16));
    OK(op(&use, NX_CRYPTO_SET_PRIME_P,
          (struct args){.input = n, .input_len = 1}));
    OK(op(&use, NX_CRYPTO_DECRYPT,
          (struct args){.key = exponent,
                        .key_size = 8,
                        .input = two,
                        .input_len = 1,
                        .output = out,
                        .output_len = 3}));
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 23);
    assert_int_equal(out[2], 0xff); /* never more than the modulus has */
    assert_int_equal(op(&use, NX_CRYPTO_DECRYPT,
                        (struct args){.key = exponent,
                                      .key_size = 8,
                                      .input = out,
                                      .input_len = 3,
                                      .output = out,
                                      .output_len = 3}),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(op(&use, NX_CRYPTO_DECRYPT,
                        (struct args){.key = exponent,
                                      .key_size = 8,
                                      .input = two,
                                      .input_len = 1,
                                      .output = out,
                                      .output_len = 1}),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    end(&use);
}

/* The test vectors of P_SHA256 and P_SHA384 that implementers exchanged when
 * TLS 1.2 was new; both begin with this. */
static void the_prf_gives_known_bytes(void **state)
{
    static const UCHAR secret[] = {0x9b, 0xbe, 0x43, 0x6b, 0xa9, 0x40,
                                   0xf0, 0x17, 0xb1, 0x76, 0x52, 0x84,
                                   0x9a, 0x71, 0xdb, 0x35};
    static const UCHAR seed[] = {0xa0, 0xba, 0x9f, 0x93, 0x6c, 0xda,
                                 0x31, 0x18, 0x27, 0xa6, 0xf7, 0x96,
                                 0xff, 0xd5, 0x19, 0x8c};
    static const UCHAR expected[] = {0xe3, 0xf2, 0x29, 0xba, 0x72, 0x7b,
                                     0xe1, 0x7b, 0x8d, 0x12, 0x26, 0x20,
                                     0x55, 0x7c, 0xd4, 0x53};
    UCHAR out[100];
    struct use use;

    (void)state;
    OK(begin(&use, &crypto_method_tls_prf_sha256, secret, sizeof secret));
    OK(op(&use, NX_CRYPTO_PRF,
          (struct args){.key = "test label",
                        .key_size = 10,
                        .input = seed,
                        .input_len = sizeof seed,
                        .output = out,
                        .output_len = sizeof out}));
    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(op(&use, NX_CRYPTO_ENCRYPT, (struct args){0}),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    end(&use);
}

/* Each PRF of TLS 1.2, beside libcrypto's. */
static void evp_derive(const char *kdf, OSSL_PARAM *parameters, UCHAR *out,
                       size_t out_len);

static void each_prf_agrees_with_libcrypto(void **state)
{
    static const struct {
        NX_CRYPTO_METHOD *method;
        char digest[8];
    } rows[] = {{&crypto_method_tls_prf_sha256, "SHA256"},
                {&crypto_method_tls_prf_sha384, "SHA384"},
                {&crypto_method_tls_prf_sha512, "SHA512"}};
    UCHAR secret[] = {0x23, 0x45, 0x67};
    UCHAR label[] = {0x91, 0x82};
    UCHAR seed[] = {0x31, 0x42, 0x53, 0x64};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        char digest[sizeof rows[i].digest];
        OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, secret,
                                              sizeof secret),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, label,
                                              sizeof label),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed,
                                              sizeof seed),
            OSSL_PARAM_construct_end()};
        UCHAR expected[70];
        UCHAR out[70];
        struct use use;

        kit_row("%s", rows[i].digest);
        memcpy(digest, rows[i].digest, sizeof digest);
        parameters[0].data_size = strlen(digest);
        evp_derive("TLS1-PRF", parameters, expected, sizeof expected);
        OK(begin(&use, rows[i].method, secret, sizeof secret));
        OK(op(&use, NX_CRYPTO_PRF,
              (struct args){.key = label,
                            .key_size = sizeof label,
                            .input = seed,
                            .input_len = sizeof seed,
                            .output = out,
                            .output_len = sizeof out}));
        assert_memory_equal(out, expected, sizeof expected);
        end(&use);
    }
}

/* An operation that brings another method in place of the use's own. */
static UINT op_with(struct use *use, UINT number, NX_CRYPTO_METHOD *other)
{
    return use->method->nx_crypto_operation(
        number, NX_NULL, other, NX_NULL, 0, NX_NULL, 0, NX_NULL, NX_NULL, 0,
        area_of(use), use->method->nx_crypto_metadata_area_size, NX_NULL,
        NX_NULL);
}

static void the_hash_of_an_hmac_can_be_set(void **state)
{
    UCHAR out[64];
    UCHAR expected[64];
    struct use use;

    (void)state;
    for (size_t i = 0; i < LEN(hashes); i++) {
        ULONG len = hashes[i]->nx_crypto_ICV_size_in_bits / 8u;
        struct args whole = {.key = "key",
                             .key_size = 24,
                             .input = "text",
                             .input_len = 4,
                             .output = out,
                             .output_len = sizeof out};

        kit_row("%s", hash_names[i]);
        assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, hash_names[i], NULL,
                                  "key", 3, (const UCHAR *)"text", 4, expected,
                                  sizeof expected, NULL));
        OK(begin(&use, &crypto_method_hmac, "key", 24));
        assert_int_equal(op(&use, NX_CRYPTO_AUTHENTICATE, whole),
                         NX_CRYPTO_NOT_SUCCESSFUL);
        assert_int_equal(
            op_with(&use, NX_CRYPTO_HMAC_SET_HASH, &crypto_method_rsa),
            NX_CRYPTO_INVALID_ALGORITHM);
        OK(op_with(&use, NX_CRYPTO_HMAC_SET_HASH, hashes[i]));
        OK(op(&use, NX_CRYPTO_AUTHENTICATE, whole));
        assert_memory_equal(out, expected, len);
        OK(op(&use, NX_CRYPTO_HASH_INITIALIZE,
              (struct args){.key = "key", .key_size = 24}));
        OK(op(&use, NX_CRYPTO_HASH_UPDATE,
              (struct args){.input = "text", .input_len = 4}));
        memset(out, 0, sizeof out);
        OK(op(&use, NX_CRYPTO_HASH_CALCULATE,
              (struct args){.output = out, .output_len = len}));
        assert_memory_equal(out, expected, len);
        end(&use);
    }
}

/* What libcrypto derives; `parameters` end it. */
static void evp_derive(const char *kdf, OSSL_PARAM *parameters, UCHAR *out,
                       size_t out_len)
{
    EVP_KDF *found = EVP_KDF_fetch(NULL, kdf, NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(found);

    assert_int_equal(EVP_KDF_derive(context, out, out_len, parameters), 1);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(found);
}

static char sha256_name[] = "SHA256";
static UCHAR ikm[] = {0x23, 0x45, 0x67, 0x89, 0xab};
static UCHAR salt[] = {0x31, 0x42, 0x53};
static UCHAR info[] = {0x91, 0x82, 0x73, 0x64};

static void hkdf_agrees_with_libcrypto(void **state)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256_name,
                                         0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, ikm, sizeof ikm),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt,
                                          sizeof salt),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info,
                                          sizeof info),
        OSSL_PARAM_construct_end()};
    struct args expand = {.key = info, .key_size = 8 * sizeof info};
    UCHAR expected[100];
    UCHAR out[100];
    UCHAR prk[32];
    UCHAR kept[32];
    struct use use;

    (void)state;
    evp_derive("HKDF", parameters, expected, sizeof expected);
    expand.output = out;
    expand.output_len = sizeof out;
    OK(begin(&use, &crypto_method_hkdf, ikm, 8 * sizeof ikm));
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXPAND, expand),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    OK(op_with(&use, NX_CRYPTO_HKDF_SET_HMAC, &crypto_method_hmac));
    OK(op_with(&use, NX_CRYPTO_HKDF_SET_HASH, &crypto_method_sha256));
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXPAND, expand),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    OK(op(&use, NX_CRYPTO_HKDF_EXTRACT,
          (struct args){.key = salt,
                        .key_size = 8 * sizeof salt,
                        .output = prk,
                        .output_len = sizeof prk}));
    OK(op(&use, NX_CRYPTO_HKDF_EXPAND, expand));
    assert_memory_equal(out, expected, sizeof expected);

    /* The same from a pseudorandom key that was kept. */
    memcpy(kept, prk, sizeof kept);
    end(&use);
    OK(begin(&use, &crypto_method_hkdf, NX_NULL, 0));
    OK(op_with(&use, NX_CRYPTO_HKDF_SET_HASH, &crypto_method_sha256));
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXTRACT, (struct args){0}),
                     NX_CRYPTO_PTR_ERROR);
    OK(op(&use, NX_CRYPTO_HKDF_SET_PRK,
          (struct args){.key = kept, .key_size = 8 * sizeof kept}));
    memset(out, 0, sizeof out);
    OK(op(&use, NX_CRYPTO_HKDF_EXPAND, expand));
    assert_memory_equal(out, expected, sizeof expected);
    parameters[3].data_size = 0;
    evp_derive("HKDF", parameters, expected, sizeof expected);
    expand.key = NULL;
    expand.key_size = 0;
    OK(op(&use, NX_CRYPTO_HKDF_EXPAND, expand));
    assert_memory_equal(out, expected, sizeof expected);
    expand.output_len = 255 * 32 + 1;
    assert_int_equal(op(&use, NX_CRYPTO_HKDF_EXPAND, expand),
                     NX_CRYPTO_SIZE_ERROR);
    end(&use);
}

static void the_prf_of_tls_1_0_agrees_with_libcrypto(void **state)
{
    static char both[] = "MD5-SHA1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, both, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, ikm,
                                          sizeof ikm),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, info,
                                          sizeof info),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, salt,
                                          sizeof salt),
        OSSL_PARAM_construct_end()};
    UCHAR expected[70];
    UCHAR out[70];
    struct use use;

    (void)state; /* the secret has an odd length: its middle counts twice */
    evp_derive("TLS1-PRF", parameters, expected, sizeof expected);
    OK(begin(&use, &crypto_method_tls_prf_1, ikm, sizeof ikm));
    OK(op(&use, NX_CRYPTO_PRF,
          (struct args){.key = info,
                        .key_size = sizeof info,
                        .input = salt,
                        .input_len = sizeof salt,
                        .output = out,
                        .output_len = sizeof out}));
    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(op(&use, NX_CRYPTO_PRF,
                        (struct args){.key = info,
                                      .key_size = sizeof info,
                                      .input = salt,
                                      .input_len = sizeof salt,
                                      .output = out,
                                      .output_len = 513}),
                     NX_CRYPTO_SIZE_ERROR);
    end(&use);
}

/* The bytes of one number of a key. */
static ULONG number_of(const EVP_PKEY *key, const char *name, UCHAR *out)
{
    BIGNUM *n = NULL;
    int len;

    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
    len = BN_bn2bin(n, out);
    BN_free(n);
    return (ULONG)len;
}

static bool evp_verifies(EVP_PKEY *key, const UCHAR *signature, size_t len)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_good;

    assert_int_equal(
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
    is_good = EVP_DigestVerify(context, signature, len, (const UCHAR *)"text",
                               4) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}

static void pkcs1_signs_with_any_rsa_and_hash_method(void **state)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    ULONG rsa_area[8];
    NX_CRYPTO_PKCS1_OPTIONS options = {
        .public_cipher_method = &crypto_method_rsa,
        .public_cipher_metadata = (UCHAR *)rsa_area,
        .public_cipher_metadata_size = sizeof rsa_area,
        .hash_method = &crypto_method_sha256};
    UCHAR n[256];
    UCHAR e[8];
    UCHAR d[256];
    UCHAR signature[256];
    ULONG e_len = number_of(key, OSSL_PKEY_PARAM_RSA_E, e);
    ULONG d_len = number_of(key, OSSL_PKEY_PARAM_RSA_D, d);
    struct args sign = {.key = d,
                        .key_size = 8 * d_len,
                        .input = "text",
                        .input_len = 4,
                        .output = signature,
                        .output_len = sizeof signature};
    struct use use;

    (void)state;
    assert_int_equal(number_of(key, OSSL_PKEY_PARAM_RSA_N, n), sizeof n);
    OK(begin(&use, &crypto_method_pkcs1, n, 8 * sizeof n));
    assert_int_equal(op(&use, NX_CRYPTO_AUTHENTICATE, sign),
                     NX_CRYPTO_PTR_ERROR);
    OK(op(&use, NX_CRYPTO_SET_ADDITIONAL_DATA,
          (struct args){.input = &options, .input_len = sizeof options}));
    OK(op(&use, NX_CRYPTO_AUTHENTICATE, sign));
    assert_true(evp_verifies(key, signature, sizeof signature));
    sign.key = e;
    sign.key_size = 8 * e_len;
    OK(op(&use, NX_CRYPTO_VERIFY, sign));
    sign.input = "tesT";
    assert_int_equal(op(&use, NX_CRYPTO_VERIFY, sign),
                     NX_CRYPTO_AUTHENTICATION_FAILED);
    sign.output_len = sizeof signature - 1;
    assert_int_equal(op(&use, NX_CRYPTO_VERIFY, sign),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    options.hash_method = &crypto_method_md5; /* no padding of ours has it */
    OK(op(&use, NX_CRYPTO_SET_ADDITIONAL_DATA,
          (struct args){.input = &options, .input_len = sizeof options}));
    sign.output_len = sizeof signature;
    assert_int_equal(op(&use, NX_CRYPTO_VERIFY, sign),
                     NX_CRYPTO_INVALID_ALGORITHM);
    end(&use);
    EVP_PKEY_free(key);
}

static void an_area_is_large_enough_and_keys_are_there(void **state)
{
    static const struct {
        NX_CRYPTO_METHOD *method;
        NX_CRYPTO_KEY_SIZE key_size; /* 0: none */
    } rows[] = {
        {&crypto_method_sha256, 0},
        {&crypto_method_hmac_sha256, 256},
        {&crypto_method_tls_prf_sha256, 32},
        {&crypto_method_rsa, 256},
        {&crypto_method_pkcs1, 256},
        {&crypto_method_tls_prf_1, 32},
        {&crypto_method_hmac, 256},
        {&crypto_method_hkdf, 0},
        {&crypto_method_md5, 0},
        {&crypto_method_ecdsa, 0},
        {&crypto_method_ecdhe, 0},
        {&crypto_method_aes_cbc_128, 128},
        {&crypto_method_aes_256_gcm_16, 256},
    };
    UCHAR key[32];
    struct use use;

    (void)state;
    memset(key, 0x23, sizeof key);
    for (size_t i = 0; i < LEN(rows); i++) {
        NX_CRYPTO_METHOD *m = rows[i].method;
        ULONG size = m->nx_crypto_metadata_area_size;

        kit_row("row %zu, method %x", i, m->nx_crypto_algorithm);
        assert_int_equal(m->nx_crypto_init(m, key, rows[i].key_size, NX_NULL,
                                           area_of(&use), size - 1),
                         NX_CRYPTO_INVALID_BUFFER_SIZE);
        assert_int_equal(m->nx_crypto_init(m, key, rows[i].key_size, NX_NULL,
                                           NX_NULL, size),
                         NX_CRYPTO_PTR_ERROR);
        if (rows[i].key_size != 0) {
            assert_int_equal(begin(&use, m, NX_NULL, rows[i].key_size),
                             NX_CRYPTO_PTR_ERROR);
        }
        OK(begin(&use, m, key, rows[i].key_size));
        end(&use);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_work_in_steps_in_copies_and_at_once),
        cmocka_unit_test(macs_are_keyed_with_each_message),
        cmocka_unit_test(
            ciphers_agree_with_evp_both_ways_and_refuse_a_wrong_tag),
        cmocka_unit_test(an_empty_message_has_a_tag_too),
        cmocka_unit_test(ciphers_name_what_is_wrong),
        cmocka_unit_test(a_curve_needs_a_method_and_a_place),
        cmocka_unit_test(two_sides_agree_on_every_curve),
        cmocka_unit_test(a_signature_verifies_and_no_other),
        cmocka_unit_test(curves_give_themselves),
        cmocka_unit_test(rsa_raises_to_a_power),
        cmocka_unit_test(the_prf_gives_known_bytes),
        cmocka_unit_test(each_prf_agrees_with_libcrypto),
        cmocka_unit_test(the_hash_of_an_hmac_can_be_set),
        cmocka_unit_test(hkdf_agrees_with_libcrypto),
        cmocka_unit_test(the_prf_of_tls_1_0_agrees_with_libcrypto),
        cmocka_unit_test(pkcs1_signs_with_any_rsa_and_hash_method),
        cmocka_unit_test(an_area_is_large_enough_and_keys_are_there),
    };

    return kit_run(tests);
}
