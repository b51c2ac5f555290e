/* SPDX-License-Identifier: MIT */
/* The library's own method objects (nx_crypto/own_methods.h). */
#include "nx_crypto/own_methods.h"

#include "nx_crypto/methods.h"

/* Members in their order: algorithm, key bits, IV bits, ICV bits, block bytes,
 * metadata bytes, init, cleanup, operation (nx_crypto/methods.h). */
#define NOTHING 0, NX_NULL, NX_NULL, NX_NULL
#define HASH                                                                  \
    DTLS_NX_HASH_AREA, dtls_nx_hash_init, dtls_nx_hash_cleanup,               \
        dtls_nx_hash_operation
#define HMAC                                                                  \
    DTLS_NX_HMAC_AREA, dtls_nx_hmac_init, dtls_nx_hmac_cleanup,               \
        dtls_nx_hmac_operation
#define PRF                                                                   \
    DTLS_NX_KEPT_AREA, dtls_nx_prf_init, dtls_nx_kept_cleanup,                \
        dtls_nx_prf_operation
#define CIPHER                                                                \
    DTLS_NX_CIPHER_AREA, dtls_nx_cipher_init, dtls_nx_cipher_cleanup,         \
        dtls_nx_cipher_operation
#define RSA                                                                   \
    DTLS_NX_KEPT_AREA, dtls_nx_rsa_init, dtls_nx_kept_cleanup,                \
        dtls_nx_rsa_operation
#define ECDSA                                                                 \
    DTLS_NX_EC_AREA, dtls_nx_ec_init, dtls_nx_ec_cleanup,                     \
        dtls_nx_ecdsa_operation
#define ECDH                                                                  \
    DTLS_NX_EC_AREA, dtls_nx_ec_init, dtls_nx_ec_cleanup,                     \
        dtls_nx_ecdh_operation
#define ANY_HMAC                                                              \
    DTLS_NX_ANY_HMAC_AREA, dtls_nx_any_hmac_init, dtls_nx_any_hmac_cleanup,   \
        dtls_nx_any_hmac_operation
#define HKDF                                                                  \
    DTLS_NX_HKDF_AREA, dtls_nx_hkdf_init, dtls_nx_hkdf_cleanup,               \
        dtls_nx_hkdf_operation
#define PKCS1                                                                 \
    DTLS_NX_PKCS1_AREA, dtls_nx_pkcs1_init, dtls_nx_pkcs1_cleanup,            \
        dtls_nx_pkcs1_operation
#define CURVE 0, NX_NULL, NX_NULL, dtls_nx_curve_operation

/* clang-format off */
#define METHODS(X) \
    X(null, NX_CRYPTO_ENCRYPTION_NULL, 0, 0, 0, 4, NOTHING) \
    X(none, NX_CRYPTO_NONE, 0, 0, 0, 0, NOTHING) \
    X(auth_psk, NX_CRYPTO_KEY_EXCHANGE_PSK, 0, 0, 0, 0, NOTHING) \
    X(rsa, NX_CRYPTO_KEY_EXCHANGE_RSA, 0, 0, 0, 0, RSA) \
    X(ecdsa, NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA, 0, 0, 0, 0, ECDSA) \
    X(ecdhe, NX_CRYPTO_KEY_EXCHANGE_ECDHE, 0, 0, 0, 0, ECDH) \
    X(ecdh, NX_CRYPTO_KEY_EXCHANGE_ECDH, 0, 0, 0, 0, ECDH) \
    X(aes_cbc_128, NX_CRYPTO_ENCRYPTION_AES_CBC, 128, 128, 0, 16, CIPHER) \
    X(aes_cbc_256, NX_CRYPTO_ENCRYPTION_AES_CBC, 256, 128, 0, 16, CIPHER) \
    X(aes_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 128, 32, 64, 16, CIPHER) \
    X(aes_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 128, 32, 128, 16, CIPHER) \
    X(aes_256_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 256, 32, 64, 16, CIPHER) \
    X(aes_256_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 256, 32, 128, 16, CIPHER) \
    X(aes_128_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 128, 32, 128, 16, CIPHER) \
    X(aes_256_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 256, 32, 128, 16, CIPHER) \
    X(chacha20_poly1305, NX_CRYPTO_NONE, 256, 96, 128, 64, CIPHER) \
    X(hmac_sha1, NX_CRYPTO_AUTHENTICATION_HMAC_SHA1_160, 0, 0, 160, 64, HMAC) \
    X(hmac_sha256, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256, 0, 0, 256, 64, HMAC) \
    X(hmac_sha384, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_384, 0, 0, 384, 128, HMAC) \
    X(sha1, NX_CRYPTO_HASH_SHA1, 0, 0, 160, 64, HASH) \
    X(sha256, NX_CRYPTO_HASH_SHA256, 0, 0, 256, 64, HASH) \
    X(sha384, NX_CRYPTO_HASH_SHA384, 0, 0, 384, 128, HASH) \
    X(sha512, NX_CRYPTO_HASH_SHA512, 0, 0, 512, 128, HASH) \
    X(tls_prf_sha256, NX_CRYPTO_PRF_HMAC_SHA2_256, 0, 0, 0, 0, PRF) \
    X(tls_prf_sha384, NX_CRYPTO_PRF_HMAC_SHA2_384, 0, 0, 0, 0, PRF) \
    X(md5, NX_CRYPTO_HASH_MD5, 0, 0, 128, 64, HASH) \
    X(sha224, NX_CRYPTO_HASH_SHA224, 0, 0, 224, 64, HASH) \
    X(hmac_md5, NX_CRYPTO_AUTHENTICATION_HMAC_MD5_128, 0, 0, 128, 64, HMAC) \
    X(hmac_sha224, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_224, 0, 0, 224, 64, HMAC) \
    X(hmac_sha512, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_512, 0, 0, 512, 128, HMAC) \
    X(hmac, NX_CRYPTO_HASH_HMAC, 0, 0, 0, 0, ANY_HMAC) \
    X(hkdf, NX_CRYPTO_HKDF_METHOD, 0, 0, 0, 0, HKDF) \
    X(tls_prf_1, NX_CRYPTO_PRF_HMAC_SHA1, 0, 0, 0, 0, PRF) \
    X(tls_prf_sha512, NX_CRYPTO_PRF_HMAC_SHA2_512, 0, 0, 0, 0, PRF) \
    X(pkcs1, NX_CRYPTO_DIGITAL_SIGNATURE_RSA, 0, 0, 0, 0, PKCS1) \
    X(ec_secp256, NX_CRYPTO_EC_SECP256R1, 256, 0, 0, 0, CURVE) \
    X(ec_secp384, NX_CRYPTO_EC_SECP384R1, 384, 0, 0, 0, CURVE) \
    X(ec_secp521, NX_CRYPTO_EC_SECP521R1, 521, 0, 0, 0, CURVE) \
    X(ec_x25519, NX_CRYPTO_EC_X25519, 255, 0, 0, 0, CURVE) \
    X(ec_x448, NX_CRYPTO_EC_X448, 448, 0, 0, 0, CURVE) \
    X(ec_secp192, NX_CRYPTO_EC_SECP192R1, 192, 0, 0, 0, CURVE) \
    X(ec_secp224, NX_CRYPTO_EC_SECP224R1, 224, 0, 0, 0, CURVE)
/* clang-format on */

/* An application may define an object of this name itself; it then is the one
 * of the whole program. */
#define DEFINE(name, ...)                                                     \
    DTLS_NX_REPLACEABLE NX_CRYPTO_METHOD crypto_method_##name = {__VA_ARGS__};
METHODS(DEFINE)

/* Each object's address, and the operation that the library gives it. */
#define PAIR_OF(object, alg, key, iv, icv, block, area, init, cleanup, op)    \
    {object, op},
#define PAIR(name, ...) PAIR_OF(&crypto_method_##name, __VA_ARGS__)
static const struct {
    const NX_CRYPTO_METHOD *object;
    DTLS_NX_OPERATION((*operation));
} own[] = {METHODS(PAIR)};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

bool dtls_nx_is_own(const NX_CRYPTO_METHOD *method)
{
    for (size_t i = 0; i < LENGTH(own); i++) {
        if (method == own[i].object) {
            return method->nx_crypto_operation == own[i].operation;
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
