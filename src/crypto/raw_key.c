/* SPDX-License-Identifier: MIT */
/* The numbers of a key (crypto/raw_key.h). */
#include "crypto/raw_key.h"

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

/* Writes a number of the key in `len` bytes, in as many as it has if `len` is
 * 0; returns how many, 0 if the key has no such number or it does not fit. */
static size_t put_number(uint8_t *out, size_t cap, size_t len,
                         const EVP_PKEY *key, const char *name)
{
    BIGNUM *number = NULL;
    size_t written = 0;

    if (EVP_PKEY_get_bn_param(key, name, &number) == 1) {
        size_t size = (size_t)BN_num_bytes(number);

        len = len == 0 ? size : len;
        if (len <= cap && size <= len &&
            BN_bn2binpad(number, out, (int)len) == (int)len) {
            written = len;
        }
    }
    BN_clear_free(number);
    return written;
}

/* CRT needs exactly two primes; a key without them is used without CRT. */
static void put_primes(struct dtls_raw_key *out, const EVP_PKEY *key)
{
    BIGNUM *third = NULL;

    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR3, &third) == 1) {
        BN_clear_free(third);
        return;
    }
    out->p_len =
        put_number(out->p, sizeof out->p, 0, key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    out->q_len =
        put_number(out->q, sizeof out->q, 0, key, OSSL_PKEY_PARAM_RSA_FACTOR2);
}

static bool export_rsa(struct dtls_raw_key *out, const EVP_PKEY *key)
{
    out->public_len = put_number(out->public, sizeof out->public, 0, key,
                                 OSSL_PKEY_PARAM_RSA_N);
    out->secret_len = put_number(out->secret, sizeof out->secret,
                                 out->public_len, key, OSSL_PKEY_PARAM_RSA_D);
    out->e_len =
        put_number(out->e, sizeof out->e, 0, key, OSSL_PKEY_PARAM_RSA_E);
    put_primes(out, key);
    return out->public_len != 0 && out->secret_len != 0 && out->e_len != 0;
}

static bool export_ec(struct dtls_raw_key *out, const EVP_PKEY *key)
{
    size_t point_len = dtls_group_point_len(out->group);

    out->secret_len =
        put_number(out->secret, sizeof out->secret, (point_len - 1) / 2, key,
                   OSSL_PKEY_PARAM_PRIV_KEY);
    return EVP_PKEY_get_octet_string_param(
               key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, out->public,
               sizeof out->public, &out->public_len) == 1 &&
           out->public_len == point_len && out->secret_len != 0;
}

enum dtls_status dtls_raw_key_export(struct dtls_raw_key *out,
                                     const struct dtls_private_key *key)
{
    bool is_done = false;

    memset(out, 0, sizeof *out);
    out->type = key->type;
    out->group = key->group;
    if (key->context != NULL && key->type == DTLS_KEY_RSA) {
        is_done = export_rsa(out, key->context);
    } else if (key->context != NULL && key->type == DTLS_KEY_EC) {
        is_done = export_ec(out, key->context);
    }
    ERR_clear_error();
    if (!is_done) {
        dtls_wipe(out, sizeof *out);
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

bool dtls_raw_key_is_usable(const struct dtls_public_key *key)
{
    EVP_PKEY *made = NULL;

    if (key->type == DTLS_KEY_RSA) {
        made = dtls_public_rsa(key->n, key->e);
    } else if (key->type == DTLS_KEY_EC) {
        made = dtls_public_point(key->group, key->point);
    }
    EVP_PKEY_free(made);
    return made != NULL;
}
