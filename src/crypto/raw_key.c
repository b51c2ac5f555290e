/* SPDX-License-Identifier: MIT */
/* The numbers of a key (crypto/raw_key.h). */

/* EC_KEY is deprecated, but an EC key may be one of public_key.c's, of which
 * EVP tells no number. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/raw_key.h"

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

/* Writes a number of the key in `len` bytes, or in as many as it has if `len`
 * is 0.  Returns how many; 0 if the key has no such number or it does not
 * fit. */
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
    const EC_KEY *ec = EVP_PKEY_get0_EC_KEY(key);
    const EC_POINT *point = ec == NULL ? NULL : EC_KEY_get0_public_key(ec);
    const BIGNUM *number = ec == NULL ? NULL : EC_KEY_get0_private_key(ec);

    if (point == NULL || number == NULL) {
        return false;
    }
    out->public_len = dtls_group_point_len(out->group);
    out->secret_len = (out->public_len - 1) / 2;
    return EC_POINT_point2oct(EC_KEY_get0_group(ec), point,
                              POINT_CONVERSION_UNCOMPRESSED, out->public,
                              sizeof out->public, NULL) == out->public_len &&
           BN_bn2binpad(number, out->secret, (int)out->secret_len) ==
               (int)out->secret_len;
}

/* Exports a key whose public value has no form byte.  The private value is
 * bytes, too. */
static bool export_x(struct dtls_raw_key *out, const EVP_PKEY *key)
{
    out->public_len = sizeof out->public;
    out->secret_len = sizeof out->secret;
    return EVP_PKEY_get_raw_public_key(key, out->public, &out->public_len) ==
               1 &&
           EVP_PKEY_get_raw_private_key(key, out->secret, &out->secret_len) ==
               1;
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
        is_done = key->group == DTLS_GROUP_X25519
                      ? export_x(out, key->context)
                      : export_ec(out, key->context);
    }
    ERR_clear_error();
    if (!is_done) {
        dtls_wipe(out, sizeof *out);
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

enum dtls_status dtls_raw_key_import(struct dtls_private_key *out,
                                     uint16_t group, struct dtls_bytes secret)
{
    EVP_PKEY *key = NULL;

    /* The key gets no public value: neither a signature nor an agreement needs
     * one. */
    if (dtls_group_point_len(group) != 0 && secret.len <= DTLS_SHARED_MAX) {
        key = group == DTLS_GROUP_X25519
                  ? EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL,
                                                    secret.data, secret.len)
                  : dtls_private_ec(group, secret, (struct dtls_bytes){0});
    }
    *out = (struct dtls_private_key){
        .type = DTLS_KEY_EC, .group = group, .context = key};
    if (key == NULL) {
        memset(out, 0, sizeof *out);
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

enum dtls_status dtls_rsa_power(uint8_t *out, struct dtls_bytes n,
                                struct dtls_bytes exponent,
                                const uint8_t *number)
{
    BN_CTX *context = BN_CTX_secure_new();
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.len, NULL);
    BIGNUM *e = BN_bin2bn(exponent.data, (int)exponent.len, NULL);
    BIGNUM *x = BN_bin2bn(number, (int)n.len, NULL);
    bool is_done = false;

    if (context != NULL && modulus != NULL && e != NULL && x != NULL &&
        n.len <= DTLS_RSA_MAX && exponent.len <= DTLS_RSA_MAX &&
        BN_is_odd(modulus)) {
        is_done =
            BN_nnmod(x, x, modulus, context) == 1 &&
            BN_mod_exp_mont_consttime(x, x, e, modulus, context, NULL) == 1 &&
            BN_bn2binpad(x, out, (int)n.len) == (int)n.len;
    }
    BN_clear_free(x);
    BN_clear_free(e);
    BN_free(modulus);
    BN_CTX_free(context);
    ERR_clear_error();
    return is_done ? DTLS_OK : DTLS_INTERNAL_ERROR;
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
