/* SPDX-License-Identifier: MIT */
/* Public keys from the numbers on the wire, without libcrypto's decoders,
 * which cost more than the operations that the key is for. */

/* RSA_set0_key and EC_KEY are deprecated, but take a tenth of the time of
 * their replacement, EVP_PKEY_fromdata, and a chain needs one key per
 * certificate. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/libcrypto_internal.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

/* Tells whether the point is uncompressed (RFC 8422, 5.4.1), or bare. */
static bool is_well_formed(uint16_t group, struct dtls_bytes point)
{
    if (point.len == 0 || point.len != dtls_group_point_len(group)) {
        return false;
    }
    return dtls_group_is_bare(group) || point.data[0] == 4;
}

EVP_PKEY *dtls_wrap_ec(EC_KEY *key)
{
    EVP_PKEY *wrapped = EVP_PKEY_new();

    if (key == NULL || wrapped == NULL ||
        EVP_PKEY_assign_EC_KEY(wrapped, key) != 1) {
        EVP_PKEY_free(wrapped);
        EC_KEY_free(key);
        return NULL;
    }
    return wrapped;
}

/* libcrypto refuses coordinates that are out of range or off the curve. */
static EC_KEY *make_point(const EC_GROUP *curve, struct dtls_bytes value)
{
    EC_KEY *key = EC_KEY_new();
    EC_POINT *point = EC_POINT_new(curve);

    if (key == NULL || point == NULL || EC_KEY_set_group(key, curve) != 1 ||
        EC_POINT_oct2point(curve, point, value.data, value.len, NULL) != 1 ||
        EC_KEY_set_public_key(key, point) != 1) {
        EC_KEY_free(key);
        key = NULL;
    }
    EC_POINT_free(point);
    return key;
}

/* A copy of parameters takes half the time of EVP's way to a raw key. */
static EVP_PKEY *make_bare(EVP_PKEY *parameters, struct dtls_bytes value)
{
    EVP_PKEY *key = EVP_PKEY_new();

    if (key == NULL || EVP_PKEY_copy_parameters(key, parameters) != 1 ||
        EVP_PKEY_set1_encoded_public_key(key, value.data, value.len) != 1) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

EVP_PKEY *dtls_public_point(uint16_t group, struct dtls_bytes point)
{
    const EC_GROUP *curve = dtls_fetch_curve(group);
    EVP_PKEY *bare = dtls_fetch_bare(group);
    EVP_PKEY *key = NULL;

    if (!is_well_formed(group, point)) {
        return NULL;
    }
    if (bare != NULL) {
        key = make_bare(bare, point);
    } else if (curve != NULL) {
        key = dtls_wrap_ec(make_point(curve, point));
    }
    if (key == NULL) {
        ERR_clear_error();
    }
    return key;
}

EVP_PKEY *dtls_public_ed25519(struct dtls_bytes key)
{
    return EVP_PKEY_new_raw_public_key_ex(NULL, SN_ED25519, NULL, key.data,
                                          key.len);
}

/* An exponent is odd and above 2^16 (FIPS 186-4, B.3.1).  The upper bound is
 * ours, so that no peer makes a verification slow: 64 bits, as in libcrypto
 * for long moduli. */
static bool is_good_exponent(struct dtls_bytes e)
{
    uint64_t value = 0;

    if (e.len == 0 || e.len > sizeof value) {
        return false;
    }
    for (size_t i = 0; i < e.len; i++) {
        value = value << 8 | e.data[i];
    }
    return value > 1 << 16 && (value & 1) == 1;
}

static bool is_good_modulus(struct dtls_bytes n)
{
    size_t bits;

    if (n.len == 0 || n.len > DTLS_RSA_BITS_MAX / 8 || n.data[0] == 0) {
        return false;
    }
    bits = 8 * n.len;
    for (unsigned top = n.data[0]; top < 0x80; top <<= 1) {
        bits--;
    }
    return bits >= DTLS_RSA_BITS_MIN && (n.data[n.len - 1] & 1) == 1;
}

static RSA *make_rsa(struct dtls_bytes n, struct dtls_bytes e)
{
    RSA *rsa = RSA_new();
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.len, NULL);
    BIGNUM *exponent = BN_bin2bn(e.data, (int)e.len, NULL);

    if (rsa == NULL || modulus == NULL || exponent == NULL ||
        RSA_set0_key(rsa, modulus, exponent, NULL) != 1) {
        BN_free(modulus);
        BN_free(exponent);
        RSA_free(rsa);
        return NULL;
    }
    return rsa;
}

EVP_PKEY *dtls_public_rsa(struct dtls_bytes n, struct dtls_bytes e)
{
    EVP_PKEY *key;
    RSA *rsa;

    if (!is_good_modulus(n) || !is_good_exponent(e)) {
        return NULL;
    }
    key = EVP_PKEY_new();
    rsa = make_rsa(n, e);
    if (key == NULL || rsa == NULL || EVP_PKEY_assign_RSA(key, rsa) != 1) {
        RSA_free(rsa);
        EVP_PKEY_free(key);
        ERR_clear_error();
        return NULL;
    }
    return key;
}
