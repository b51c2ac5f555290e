/* SPDX-License-Identifier: MIT */
/* The library's own method objects (nx_crypto/own_methods.h). */
#include "nx_crypto/own_methods.h"

#include "nx_crypto/methods.h"

/* Members in their order: algorithm, key bits, IV bits, ICV bits, block bytes,
 * metadata bytes, init, cleanup, operation (nx_crypto/methods.h). */
#define FUNCTIONS(area, name)                                                 \
    sizeof(area), _nx_crypto_method_##name##_init,                            \
        _nx_crypto_method_##name##_cleanup,                                   \
        _nx_crypto_method_##name##_operation
#define NOTHING 0, NX_NULL, NX_NULL, NX_NULL
#define PUBLIC_NULL                                                           \
    0, _nx_crypto_method_null_init, _nx_crypto_method_null_cleanup,           \
        _nx_crypto_method_null_operation
#define HASH(name) FUNCTIONS(NX_CRYPTO_SHA256, name)
#define HMAC(name) FUNCTIONS(NX_CRYPTO_SHA256_HMAC, hmac_##name)
#define PRF(name) FUNCTIONS(NX_CRYPTO_TLS_PRF_SHA256, prf_##name)
#define CIPHER(mode)                                                          \
    sizeof(NX_CRYPTO_AES), _nx_crypto_method_aes_init,                        \
        _nx_crypto_method_aes_cleanup,                                        \
        _nx_crypto_method_aes_##mode##_operation
#define RSA FUNCTIONS(NX_CRYPTO_RSA, rsa)
#define ECDSA FUNCTIONS(NX_CRYPTO_ECDSA, ecdsa)
#define ECDH FUNCTIONS(NX_CRYPTO_ECDH, ecdh)
#define ECJPAKE FUNCTIONS(NX_CRYPTO_ECJPAKE, ecjpake)
#define CURVE(name)                                                           \
    0, NX_NULL, NX_NULL, _nx_crypto_method_ec_##name##_operation

/* clang-format off */
#define METHODS(X) \
    X(null, NX_CRYPTO_ENCRYPTION_NULL, 0, 0, 0, 4, NOTHING) \
    X(none, NX_CRYPTO_NONE, 0, 0, 0, 0, NOTHING) \
    X(public_null, NX_CRYPTO_ENCRYPTION_NULL, 0, 0, 0, 1, PUBLIC_NULL) \
    X(auth_psk, NX_CRYPTO_KEY_EXCHANGE_PSK, 0, 0, 0, 0, NOTHING) \
    X(rsa, NX_CRYPTO_KEY_EXCHANGE_RSA, 0, 0, 0, 0, RSA) \
    X(ecdsa, NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA, 0, 0, 0, 0, ECDSA) \
    X(ecdhe, NX_CRYPTO_KEY_EXCHANGE_ECDHE, 0, 0, 0, 0, ECDH) \
    X(ecdh, NX_CRYPTO_KEY_EXCHANGE_ECDH, 0, 0, 0, 0, ECDH) \
    X(auth_ecjpake, NX_CRYPTO_KEY_EXCHANGE_ECJPAKE, 0, 0, 0, 0, ECJPAKE) \
    X(aes_cbc_128, NX_CRYPTO_ENCRYPTION_AES_CBC, 128, 128, 0, 16, CIPHER(cbc)) \
    X(aes_cbc_256, NX_CRYPTO_ENCRYPTION_AES_CBC, 256, 128, 0, 16, CIPHER(cbc)) \
    X(aes_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 128, 32, 64, 16, CIPHER(ccm)) \
    X(aes_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 128, 32, 128, 16, CIPHER(ccm)) \
    X(aes_256_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 256, 32, 64, 16, CIPHER(ccm)) \
    X(aes_256_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 256, 32, 128, 16, CIPHER(ccm)) \
    X(aes_128_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 128, 32, 128, 16, CIPHER(gcm)) \
    X(aes_256_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 256, 32, 128, 16, CIPHER(gcm)) \
    X(chacha20_poly1305, NX_CRYPTO_NONE, 256, 96, 128, 64, FUNCTIONS(NX_CRYPTO_AES, aes)) \
    X(hmac_sha1, NX_CRYPTO_AUTHENTICATION_HMAC_SHA1_160, 0, 0, 160, 64, HMAC(sha1)) \
    X(hmac_sha256, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256, 0, 0, 256, 64, HMAC(sha256)) \
    X(hmac_sha384, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_384, 0, 0, 384, 128, HMAC(sha512)) \
    X(sha1, NX_CRYPTO_HASH_SHA1, 0, 0, 160, 64, HASH(sha1)) \
    X(sha256, NX_CRYPTO_HASH_SHA256, 0, 0, 256, 64, HASH(sha256)) \
    X(sha384, NX_CRYPTO_HASH_SHA384, 0, 0, 384, 128, HASH(sha512)) \
    X(sha512, NX_CRYPTO_HASH_SHA512, 0, 0, 512, 128, HASH(sha512)) \
    X(tls_prf_sha256, NX_CRYPTO_PRF_HMAC_SHA2_256, 0, 0, 0, 0, PRF(sha_256)) \
    X(tls_prf_sha384, NX_CRYPTO_PRF_HMAC_SHA2_384, 0, 0, 0, 0, PRF(sha384)) \
    X(md5, NX_CRYPTO_HASH_MD5, 0, 0, 128, 64, HASH(md5)) \
    X(sha224, NX_CRYPTO_HASH_SHA224, 0, 0, 224, 64, HASH(sha256)) \
    X(hmac_md5, NX_CRYPTO_AUTHENTICATION_HMAC_MD5_128, 0, 0, 128, 64, HMAC(md5)) \
    X(hmac_sha224, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_224, 0, 0, 224, 64, HMAC(sha256)) \
    X(hmac_sha512, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_512, 0, 0, 512, 128, HMAC(sha512)) \
    X(hmac, NX_CRYPTO_HASH_HMAC, 0, 0, 0, 0, FUNCTIONS(NX_CRYPTO_HMAC, hmac)) \
    X(hkdf, NX_CRYPTO_HKDF_METHOD, 0, 0, 0, 0, FUNCTIONS(NX_CRYPTO_HKDF, hkdf)) \
    X(tls_prf_1, NX_CRYPTO_PRF_HMAC_SHA1, 0, 0, 0, 0, PRF(1)) \
    X(tls_prf_sha512, NX_CRYPTO_PRF_HMAC_SHA2_512, 0, 0, 0, 0, PRF(sha512)) \
    X(pkcs1, NX_CRYPTO_DIGITAL_SIGNATURE_RSA, 0, 0, 0, 0, FUNCTIONS(NX_CRYPTO_PKCS1, pkcs1_v1_5)) \
    X(ec_secp256, NX_CRYPTO_EC_SECP256R1, 256, 0, 0, 0, CURVE(secp256r1)) \
    X(ec_secp384, NX_CRYPTO_EC_SECP384R1, 384, 0, 0, 0, CURVE(secp384r1)) \
    X(ec_secp521, NX_CRYPTO_EC_SECP521R1, 521, 0, 0, 0, CURVE(secp521r1)) \
    X(ec_x25519, NX_CRYPTO_EC_X25519, 255, 0, 0, 0, CURVE(x25519)) \
    X(ec_x448, NX_CRYPTO_EC_X448, 448, 0, 0, 0, CURVE(x448)) \
    X(ec_secp192, NX_CRYPTO_EC_SECP192R1, 192, 0, 0, 0, CURVE(secp192r1)) \
    X(ec_secp224, NX_CRYPTO_EC_SECP224R1, 224, 0, 0, 0, CURVE(secp224r1))
/* clang-format on */

/* An application may define an object of this name itself; it then is the one
 * of the whole program. */
#define DEFINE(name, ...)                                                     \
    DTLS_NX_REPLACEABLE NX_CRYPTO_METHOD crypto_method_##name = {__VA_ARGS__};
METHODS(DEFINE)

/* Each object, and the members that the library gives it. */
#define PAIR(name, ...) {&crypto_method_##name, {__VA_ARGS__}},
static const struct {
    const NX_CRYPTO_METHOD *object;
    NX_CRYPTO_METHOD members;
} own[] = {METHODS(PAIR)};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* The area of an object of the application's own may be larger. */
static bool has_members(const NX_CRYPTO_METHOD *a, const NX_CRYPTO_METHOD *b)
{
    return a->nx_crypto_algorithm == b->nx_crypto_algorithm &&
           a->nx_crypto_key_size_in_bits == b->nx_crypto_key_size_in_bits &&
           a->nx_crypto_IV_size_in_bits == b->nx_crypto_IV_size_in_bits &&
           a->nx_crypto_ICV_size_in_bits == b->nx_crypto_ICV_size_in_bits &&
           a->nx_crypto_block_size_in_bytes ==
               b->nx_crypto_block_size_in_bytes &&
           a->nx_crypto_init == b->nx_crypto_init &&
           a->nx_crypto_cleanup == b->nx_crypto_cleanup &&
           a->nx_crypto_operation == b->nx_crypto_operation;
}

bool dtls_nx_is_own(const NX_CRYPTO_METHOD *method)
{
    for (size_t i = 0; i < LENGTH(own); i++) {
        if ((method == own[i].object ||
             method->nx_crypto_operation != NX_NULL) &&
            has_members(method, &own[i].members)) {
            return true;
        }
    }
    return false;
}

const NX_CRYPTO_METHOD *dtls_nx_own_curve(uint16_t group)
{
    for (size_t i = 0; i < LENGTH(own); i++) {
        UINT algorithm = own[i].object->nx_crypto_algorithm;

        if (algorithm >> 16 == NX_CRYPTO_EC_MASK >> 16 &&
            (uint16_t)algorithm == group) {
            return own[i].object;
        }
    }
    return NX_NULL;
}

UINT _nx_crypto_initialize(VOID)
{
    return NX_CRYPTO_SUCCESS;
}
