/* SPDX-License-Identifier: MIT */
/* Our private keys: read once, used by many sessions, never changed.
 *
 * The reader is ours (crypto/key_der.h): libcrypto's decoders try every form
 * and take a hundred times as long. */
#include "crypto/libcrypto_internal.h"

#include "crypto/key_der.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

/* Makes a key of these parameters.  Returns NULL if they make none. */
static EVP_PKEY *from_parameters(const char *type, OSSL_PARAM_BLD *builder)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (params != NULL && context != NULL &&
        EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return key;
}

/* The order is that of struct dtls_key_der. */
static EVP_PKEY *make_rsa(const struct dtls_bytes numbers[DTLS_RSA_NUMBERS])
{
    static const char *const names[DTLS_RSA_NUMBERS] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *made[DTLS_RSA_NUMBERS] = {NULL};
    EVP_PKEY *key = NULL;
    bool ok = builder != NULL;

    for (size_t i = 0; i < DTLS_RSA_NUMBERS && ok; i++) {
        /* A secure number is wiped with the parameters that hold it. */
        made[i] = BN_secure_new();
        ok =
            made[i] != NULL && numbers[i].len <= DTLS_RSA_BITS_MAX / 8 &&
            BN_bin2bn(numbers[i].data, (int)numbers[i].len, made[i]) != NULL &&
            OSSL_PARAM_BLD_push_BN(builder, names[i], made[i]) == 1;
    }
    if (ok) {
        key = from_parameters("RSA", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    for (size_t i = 0; i < DTLS_RSA_NUMBERS; i++) {
        BN_clear_free(made[i]);
    }
    return key;
}

EVP_PKEY *dtls_private_ec(uint16_t group, struct dtls_bytes secret,
                          struct dtls_bytes point)
{
    const char *name = dtls_fetch_group_name(group);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *number = BN_secure_new();
    EVP_PKEY *key = NULL;

    if (number != NULL && builder != NULL && name != NULL &&
        BN_bin2bn(secret.data, (int)secret.len, number) != NULL &&
        !BN_is_zero(number) &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
                                        name, 0) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) ==
            1 &&
        (point.len == 0 ||
         OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
                                          point.data, point.len) == 1)) {
        key = from_parameters("EC", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(number);
    return key;
}

/* Writes the point that belongs to a private number.  Returns its length, or 0
 * if the number is not one of the group. */
static size_t find_point(uint8_t out[DTLS_POINT_MAX], uint16_t id,
                         struct dtls_bytes secret)
{
    const char *name = dtls_fetch_group_name(id);
    EC_GROUP *group =
        name == NULL ? NULL : EC_GROUP_new_by_curve_name(OBJ_sn2nid(name));
    EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    BIGNUM *number = BN_secure_new();
    size_t len = 0;

    if (point != NULL && number != NULL &&
        BN_bin2bn(secret.data, (int)secret.len, number) != NULL &&
        BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
        EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1) {
        len = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
                                 out, DTLS_POINT_MAX, NULL);
    }
    BN_clear_free(number);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return len;
}

/* Tells whether the public point belongs to the private number.  The file may
 * say otherwise. */
static bool is_pair(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool is_good = context != NULL && EVP_PKEY_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    return is_good;
}

/* Makes an EC key.  The file need not contain the point. */
static EVP_PKEY *make_ec(const struct dtls_key_der *der)
{
    uint8_t found[DTLS_POINT_MAX];
    struct dtls_bytes point = der->point;
    EVP_PKEY *key;

    if (point.len == 0) {
        point =
            dtls_bytes_of(found, find_point(found, der->group, der->secret));
    }
    key = point.len != 0 ? dtls_private_ec(der->group, der->secret, point)
                         : NULL;
    if (key != NULL && !is_pair(key)) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static EVP_PKEY *make_key(const struct dtls_key_der *der)
{
    EVP_PKEY *key = NULL;

    switch (der->type) {
    case DTLS_KEY_RSA:
        key = make_rsa(der->numbers);
        if (key != NULL && EVP_PKEY_get_bits(key) < DTLS_RSA_BITS_MIN) {
            EVP_PKEY_free(key);
            key = NULL;
        }
        break;
    case DTLS_KEY_EC:
        key = make_ec(der);
        break;
    case DTLS_KEY_ED25519:
        key = EVP_PKEY_new_raw_private_key_ex(
            NULL, SN_ED25519, NULL, der->secret.data, der->secret.len);
        break;
    case DTLS_KEY_NONE:
        break;
    }
    return key;
}

enum dtls_status dtls_private_key_read(void *self,
                                       struct dtls_private_key *key,
                                       struct dtls_bytes der)
{
    struct dtls_key_der found;

    (void)self;
    memset(key, 0, sizeof *key);
    if (!dtls_key_der_parse(&found, der)) {
        return DTLS_DECODE_ERROR;
    }
    key->context = make_key(&found);
    ERR_clear_error();
    if (key->context == NULL) {
        return DTLS_DECODE_ERROR;
    }
    key->type = found.type;
    key->group = found.group;
    return DTLS_OK;
}

void dtls_private_key_free(void *self, struct dtls_private_key *key)
{
    (void)self;
    EVP_PKEY_free(key->context); /* wipes the private number */
    memset(key, 0, sizeof *key);
}
