/* SPDX-License-Identifier: MIT */
/* Keys for tests, made by libcrypto: as DER, and as a certificate would state
 * them.  cmocka.h comes first. */
#ifndef UNIT_KEY_TEST_H
#define UNIT_KEY_TEST_H

#include "crypto_test.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

/* How a private key is written: PKCS#8, or the older form of its type. */
#define KEY_PKCS8 "PrivateKeyInfo"
#define KEY_OLDER "type-specific"

static inline size_t key_encode(uint8_t *out, size_t cap, EVP_PKEY *key,
                                const char *structure)
{
    OSSL_ENCODER_CTX *encoder = OSSL_ENCODER_CTX_new_for_pkey(
        key, OSSL_KEYMGMT_SELECT_ALL, "DER", structure, NULL);
    size_t room = cap;

    assert_int_equal(OSSL_ENCODER_to_data(encoder, &out, &room), 1);
    OSSL_ENCODER_CTX_free(encoder);
    return cap - room;
}

static inline struct dtls_private_key key_private(EVP_PKEY *key,
                                                  const char *structure)
{
    struct dtls_private_key out;
    uint8_t der[4096];
    size_t len = key_encode(der, sizeof der, key, structure);

    assert_int_equal(
        dtls_libcrypto.private_key(NULL, &out, dtls_bytes_of(der, len)),
        DTLS_OK);
    return out;
}

/* The numbers of a public key, which `public` borrows. */
struct key_numbers {
    uint8_t n[512 + 8];
    uint8_t e[64];
    uint8_t point[DTLS_POINT_MAX];
    struct dtls_public_key public;
};

static inline void key_public_rsa(struct key_numbers *out, EVP_PKEY *key)
{
    BIGNUM *n = NULL;
    BIGNUM *e = NULL;

    memset(out, 0, sizeof *out);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e), 1);
    out->public.type = DTLS_KEY_RSA;
    out->public.n = dtls_bytes_of(out->n, (size_t)BN_bn2bin(n, out->n));
    out->public.e = dtls_bytes_of(out->e, (size_t)BN_bn2bin(e, out->e));
    BN_free(n);
    BN_free(e);
}

static inline void key_public_ec(struct key_numbers *out, EVP_PKEY *key,
                                 uint16_t group)
{
    size_t len = 0;

    memset(out, 0, sizeof *out);
    assert_int_equal(EVP_PKEY_get_octet_string_param(
                         key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, out->point,
                         sizeof out->point, &len),
                     1);
    out->public.type = DTLS_KEY_EC;
    out->public.group = group;
    out->public.point = dtls_bytes_of(out->point, len);
}

static inline void key_public_ed25519(struct key_numbers *out, EVP_PKEY *key)
{
    size_t len = DTLS_ED25519_LEN;

    memset(out, 0, sizeof *out);
    assert_int_equal(EVP_PKEY_get_raw_public_key(key, out->point, &len), 1);
    out->public.type = DTLS_KEY_ED25519;
    out->public.point = dtls_bytes_of(out->point, len);
}

#endif
