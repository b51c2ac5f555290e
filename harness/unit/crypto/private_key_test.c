/* SPDX-License-Identifier: MIT */
/* crypto/private_key.c: what is read and what is refused. */
#include <stddef.h>
#include <stdlib.h>

#include "kit/proves.h"

#include "key_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* Reads `len` bytes in a block of that size. */
static enum dtls_status read_key(struct dtls_private_key *out,
                                 const uint8_t *der, size_t len)
{
    uint8_t *block = malloc(len != 0 ? len : 1);
    enum dtls_status status;

    assert_non_null(block);
    memcpy(block, der, len);
    status = crypto->private_key(NULL, out, dtls_bytes_of(block, len));
    free(block);
    assert_no_errors_left();
    return status;
}

static void assert_refused(EVP_PKEY *key)
{
    static const struct dtls_private_key none;
    struct dtls_private_key out;
    uint8_t der[8192];
    size_t len;

    assert_non_null(key);
    len = key_encode(der, sizeof der, key, KEY_PKCS8);
    assert_int_equal(read_key(&out, der, len), DTLS_DECODE_ERROR);
    assert_memory_equal(&out, &none, sizeof none);
    crypto->private_key_free(NULL, &out);
    EVP_PKEY_free(key);
}

static void each_form_of_each_type_is_read(void **state)
{
    static const struct {
        const char *curve; /* NULL: RSA */
        uint16_t group;
    } kinds[] = {{NULL, 0},
                 {"P-256", DTLS_GROUP_SECP256R1},
                 {"P-384", DTLS_GROUP_SECP384R1},
                 {"P-521", DTLS_GROUP_SECP521R1}};
    static const char *const forms[] = {KEY_PKCS8, KEY_OLDER};

    (void)state;
    for (size_t i = 0; i < LEN(kinds) * LEN(forms); i++) {
        const char *curve = kinds[i / 2].curve;
        EVP_PKEY *made = curve ? EVP_EC_gen(curve) : EVP_RSA_gen(2048);
        uint8_t der[4096];
        size_t len = key_encode(der, sizeof der, made, forms[i % 2]);
        struct dtls_private_key key;

        kit_row("%s, %s", curve ? curve : "RSA", forms[i % 2]);
        assert_int_equal(read_key(&key, der, len), DTLS_OK);
        assert_int_equal(key.type, curve ? DTLS_KEY_EC : DTLS_KEY_RSA);
        assert_int_equal(key.group, kinds[i / 2].group);
        assert_int_equal(EVP_PKEY_eq(key.context, made), 1);
        crypto->private_key_free(NULL, &key);
        assert_int_equal(key.type, DTLS_KEY_NONE);
        crypto->private_key_free(NULL, &key);
        EVP_PKEY_free(made);
    }
}

static void an_ed25519_key_has_one_form(void **state)
{
    EVP_PKEY *made = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    struct dtls_private_key key = key_private(made, KEY_PKCS8);

    (void)state;
    assert_int_equal(key.type, DTLS_KEY_ED25519);
    assert_int_equal(key.group, 0);
    assert_int_equal(EVP_PKEY_eq(key.context, made), 1);
    crypto->private_key_free(NULL, &key);
    EVP_PKEY_free(made);
}

static void a_key_cut_anywhere_or_too_long_is_refused(void **state)
{
    static const char *const forms[] = {KEY_PKCS8, KEY_OLDER};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        kit_row("%s, %s", i < 2 ? "P-256" : "RSA", forms[i % 2]);
        EVP_PKEY *made = i < 2 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
        uint8_t der[4096] = {0};
        size_t len = key_encode(der, sizeof der - 1, made, forms[i % 2]);
        struct dtls_private_key key;

        for (size_t cut = 0; cut < len; cut++) {
            kit_row("cut to %zu bytes", cut);
            assert_int_equal(read_key(&key, der, cut), DTLS_DECODE_ERROR);
        }
        assert_int_equal(read_key(&key, der, len + 1), DTLS_DECODE_ERROR);
        EVP_PKEY_free(made);
    }
}

static void a_key_that_is_of_no_use_here_is_refused(void **state)
{
    (void)state;
    assert_refused(EVP_RSA_gen(1024));
    assert_refused(EVP_RSA_gen(2040));
    assert_refused(EVP_EC_gen("secp256k1"));
    assert_refused(EVP_EC_gen("P-224"));
    assert_refused(EVP_PKEY_Q_keygen(NULL, NULL, "X25519"));
    assert_refused(EVP_PKEY_Q_keygen(NULL, NULL, "ED448"));
}

static void rubbish_is_refused(void **state)
{
    uint8_t der[64];
    struct dtls_private_key key;
    uint64_t seed = 13;

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        kit_row("rubbish %zu", i);
        fill_random(&seed, der, sizeof der);
        der[0] = 0x30;
        der[1] = 62;
        assert_int_equal(read_key(&key, der, sizeof der), DTLS_DECODE_ERROR);
    }
}

static void an_ec_key_with_the_point_of_another_is_refused(void **state)
{
    EVP_PKEY *one = EVP_EC_gen("P-256");
    EVP_PKEY *other = EVP_EC_gen("P-256");
    uint8_t der[512];
    size_t len = key_encode(der, sizeof der, one, KEY_PKCS8);
    struct key_numbers numbers;
    struct dtls_private_key key;

    (void)state;
    key_public_ec(&numbers, other, DTLS_GROUP_SECP256R1);
    /* The point is what the encoding ends with. */
    memcpy(der + len - 65, numbers.point, 65);
    assert_int_equal(read_key(&key, der, len), DTLS_DECODE_ERROR);
    key_public_ec(&numbers, one, DTLS_GROUP_SECP256R1);
    memcpy(der + len - 65, numbers.point, 65);
    assert_int_equal(read_key(&key, der, len), DTLS_OK);
    crypto->private_key_free(NULL, &key);
    EVP_PKEY_free(one);
    EVP_PKEY_free(other);
}

/* RFC 5915, 3: the point is OPTIONAL.  It is found again, and is another's for
 * another number. */
static void an_ec_key_without_its_point_is_completed(void **state)
{
    static const char *const curves[] = {"P-256", "P-384", "P-521"};

    (void)state;
    for (size_t i = 0; i < LEN(curves); i++) {
        EVP_PKEY *made = EVP_EC_gen(curves[i]);
        struct dtls_private_key key;
        uint8_t der[512];
        size_t len;

        kit_row("%s", curves[i]);
        assert_int_equal(
            EVP_PKEY_set_int_param(made, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0),
            1);
        len = key_encode(der, sizeof der, made, KEY_OLDER);
        assert_int_equal(read_key(&key, der, len), DTLS_OK);
        assert_int_equal(EVP_PKEY_eq(key.context, made), 1);
        crypto->private_key_free(NULL, &key);
        /* No number of the group; its length stands before it. */
        memset(der + 7, 0xff, der[6]);
        assert_int_equal(read_key(&key, der, len), DTLS_DECODE_ERROR);
        EVP_PKEY_free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_each_type_is_read),
        cmocka_unit_test(an_ed25519_key_has_one_form),
        cmocka_unit_test(a_key_cut_anywhere_or_too_long_is_refused),
        cmocka_unit_test(a_key_that_is_of_no_use_here_is_refused),
        cmocka_unit_test(rubbish_is_refused),
        cmocka_unit_test(an_ec_key_with_the_point_of_another_is_refused),
        cmocka_unit_test(an_ec_key_without_its_point_is_completed),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
