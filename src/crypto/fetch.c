/* SPDX-License-Identifier: MIT */
/* The objects that are fetched from libcrypto once: ciphers, curves, and one
 * key per bare group that holds its parameters.  A fetch per use would cost
 * more than a short record. */
#include "crypto/libcrypto_internal.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    enum dtls_cipher_alg alg;
    uint8_t key_len;
    const char *name;
} cipher_names[] = {
    {DTLS_CIPHER_GCM, 16, "AES-128-GCM"},
    {DTLS_CIPHER_GCM, 32, "AES-256-GCM"},
    {DTLS_CIPHER_CCM, 16, "AES-128-CCM"},
    {DTLS_CIPHER_CCM, 32, "AES-256-CCM"},
    {DTLS_CIPHER_CCM_8, 16, "AES-128-CCM"},
    {DTLS_CIPHER_CCM_8, 32, "AES-256-CCM"},
    {DTLS_CIPHER_CHACHA20, 32, "ChaCha20-Poly1305"},
    {DTLS_CIPHER_CBC, 16, "AES-128-CBC"},
    {DTLS_CIPHER_CBC, 32, "AES-256-CBC"},
};

static const struct {
    uint16_t id;
    const char *name;
} group_names[] = {
    {DTLS_GROUP_SECP256R1, SN_X9_62_prime256v1},
    {DTLS_GROUP_SECP384R1, SN_secp384r1},
    {DTLS_GROUP_SECP521R1, SN_secp521r1},
    {DTLS_GROUP_X25519, SN_X25519},
    {DTLS_GROUP_X448, SN_X448},
    {DTLS_GROUP_SECP224R1, SN_secp224r1},
    {DTLS_GROUP_SECP192R1, SN_X9_62_prime192v1},
};

/* Written once, under `once`; only read afterwards. */
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static EVP_CIPHER *ciphers[LEN(cipher_names)];
static EC_GROUP *curves[LEN(group_names)];
static EVP_PKEY *bares[LEN(group_names)];

/* A bare group has no parameters; any public value will do, and a small number
 * costs no random bytes. */
static EVP_PKEY *make_bare(const char *name, size_t len)
{
    static const uint8_t value[DTLS_POINT_MAX] = {9};

    return EVP_PKEY_new_raw_public_key_ex(NULL, name, NULL, value, len);
}

/* An algorithm that libcrypto does not have stays NULL, and only its users
 * fail. */
static void fetch_all(void)
{
    for (size_t i = 0; i < LEN(cipher_names); i++) {
        ciphers[i] = EVP_CIPHER_fetch(NULL, cipher_names[i].name, NULL);
    }
    for (size_t i = 0; i < LEN(group_names); i++) {
        uint16_t id = group_names[i].id;

        if (dtls_group_is_bare(id)) {
            bares[i] =
                make_bare(group_names[i].name, dtls_group_point_len(id));
        } else {
            curves[i] =
                EC_GROUP_new_by_curve_name(OBJ_sn2nid(group_names[i].name));
        }
    }
    ERR_clear_error();
}

const EVP_CIPHER *dtls_fetch_cipher(const struct dtls_suite *suite)
{
    if (CRYPTO_THREAD_run_once(&once, fetch_all) != 1) {
        return NULL;
    }
    for (size_t i = 0; i < LEN(cipher_names); i++) {
        if (cipher_names[i].alg == suite->cipher &&
            cipher_names[i].key_len == suite->key_len) {
            return ciphers[i];
        }
    }
    return NULL;
}

/* Returns the row of a group, after everything was fetched, or LEN. */
static size_t find_group(uint16_t group)
{
    size_t i = 0;

    if (CRYPTO_THREAD_run_once(&once, fetch_all) != 1) {
        return LEN(group_names);
    }
    while (i < LEN(group_names) && group_names[i].id != group) {
        i++;
    }
    return i;
}

const EC_GROUP *dtls_fetch_curve(uint16_t group)
{
    size_t i = find_group(group);

    return i < LEN(group_names) ? curves[i] : NULL;
}

EVP_PKEY *dtls_fetch_bare(uint16_t group)
{
    size_t i = find_group(group);

    return i < LEN(group_names) ? bares[i] : NULL;
}

const char *dtls_fetch_group_name(uint16_t group)
{
    for (size_t i = 0; i < LEN(group_names); i++) {
        if (group_names[i].id == group) {
            return group_names[i].name;
        }
    }
    return NULL;
}
