/* SPDX-License-Identifier: MIT */
/* Crypto methods by name, and the cipher suite tables made of them. */
#include "nx_secure/methods.h"

/* Members in their order: algorithm, key bits, IV bits, ICV bits, block bytes,
 * metadata bytes, init, cleanup, operation (nx_secure/methods.h). */
#define METHOD(name, ...) NX_CRYPTO_METHOD crypto_method_##name = {__VA_ARGS__}
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
#define CURVE 0, NX_NULL, NX_NULL, dtls_nx_curve_operation

METHOD(null, NX_CRYPTO_ENCRYPTION_NULL, 0, 0, 0, 4, NOTHING);
METHOD(none, NX_CRYPTO_NONE, 0, 0, 0, 0, NOTHING);
METHOD(auth_psk, NX_CRYPTO_KEY_EXCHANGE_PSK, 0, 0, 0, 0, NOTHING);
METHOD(rsa, NX_CRYPTO_KEY_EXCHANGE_RSA, 0, 0, 0, 0, RSA);
METHOD(ecdsa, NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA, 0, 0, 0, 0, ECDSA);
METHOD(ecdhe, NX_CRYPTO_KEY_EXCHANGE_ECDHE, 0, 0, 0, 0, ECDH);
METHOD(ecdh, NX_CRYPTO_KEY_EXCHANGE_ECDH, 0, 0, 0, 0, ECDH);
METHOD(aes_cbc_128, NX_CRYPTO_ENCRYPTION_AES_CBC, 128, 128, 0, 16, CIPHER);
METHOD(aes_cbc_256, NX_CRYPTO_ENCRYPTION_AES_CBC, 256, 128, 0, 16, CIPHER);
METHOD(aes_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 128, 32, 64, 16, CIPHER);
METHOD(aes_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 128, 32, 128, 16, CIPHER);
METHOD(aes_256_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 256, 32, 64, 16, CIPHER);
METHOD(aes_256_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 256, 32, 128, 16,
       CIPHER);
METHOD(aes_128_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 128, 32, 128, 16,
       CIPHER);
METHOD(aes_256_gcm_16, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 256, 32, 128, 16,
       CIPHER);
METHOD(chacha20_poly1305, NX_CRYPTO_NONE, 256, 96, 128, 64, CIPHER);
METHOD(hmac_sha1, NX_CRYPTO_AUTHENTICATION_HMAC_SHA1_160, 0, 0, 160, 64, HMAC);
METHOD(hmac_sha256, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256, 0, 0, 256, 64,
       HMAC);
METHOD(hmac_sha384, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_384, 0, 0, 384, 128,
       HMAC);
METHOD(sha1, NX_CRYPTO_HASH_SHA1, 0, 0, 160, 64, HASH);
METHOD(sha256, NX_CRYPTO_HASH_SHA256, 0, 0, 256, 64, HASH);
METHOD(sha384, NX_CRYPTO_HASH_SHA384, 0, 0, 384, 128, HASH);
METHOD(sha512, NX_CRYPTO_HASH_SHA512, 0, 0, 512, 128, HASH);
METHOD(tls_prf_sha256, NX_CRYPTO_PRF_HMAC_SHA2_256, 0, 0, 0, 0, PRF);
METHOD(tls_prf_sha384, NX_CRYPTO_PRF_HMAC_SHA2_384, 0, 0, 0, 0, PRF);
METHOD(ec_secp256, NX_CRYPTO_EC_SECP256R1, 256, 0, 0, 0, CURVE);
METHOD(ec_secp384, NX_CRYPTO_EC_SECP384R1, 384, 0, 0, 0, CURVE);
METHOD(ec_secp521, NX_CRYPTO_EC_SECP521R1, 521, 0, 0, 0, CURVE);
METHOD(ec_x25519, NX_CRYPTO_EC_X25519, 256, 0, 0, 0, CURVE);
METHOD(ec_x448, NX_CRYPTO_EC_X448, 448, 0, 0, 0, CURVE);
METHOD(ec_secp192, NX_CRYPTO_EC_SECP192R1, 192, 0, 0, 0, CURVE);
METHOD(ec_secp224, NX_CRYPTO_EC_SECP224R1, 224, 0, 0, 0, CURVE);

static const NX_CRYPTO_METHOD *const own[] = {
    &crypto_method_null,           &crypto_method_none,
    &crypto_method_auth_psk,       &crypto_method_rsa,
    &crypto_method_ecdsa,          &crypto_method_ecdhe,
    &crypto_method_ecdh,           &crypto_method_aes_cbc_128,
    &crypto_method_aes_cbc_256,    &crypto_method_aes_ccm_8,
    &crypto_method_aes_ccm_16,     &crypto_method_aes_256_ccm_8,
    &crypto_method_aes_256_ccm_16, &crypto_method_aes_128_gcm_16,
    &crypto_method_aes_256_gcm_16, &crypto_method_chacha20_poly1305,
    &crypto_method_hmac_sha1,      &crypto_method_hmac_sha256,
    &crypto_method_hmac_sha384,    &crypto_method_sha256,
    &crypto_method_sha384,         &crypto_method_sha512,
    &crypto_method_tls_prf_sha256, &crypto_method_tls_prf_sha384,
    &crypto_method_ec_secp256,     &crypto_method_ec_secp384,
    &crypto_method_ec_secp521,     &crypto_method_ec_x25519,
    &crypto_method_ec_x448,        &crypto_method_ec_secp224,
    &crypto_method_ec_secp192,     &crypto_method_sha1,
};

/* One row: number, key exchange, authentication, cipher, IV bytes, key bytes,
 * MAC, MAC bytes. */
#define ROW(number, kx, auth, cipher, iv, key, mac, mac_len)                  \
    {                                                                         \
        number, &crypto_method_##kx, &crypto_method_##auth,                   \
            &crypto_method_##cipher, iv, key, &crypto_method_##mac, mac_len,  \
            &crypto_method_tls_prf_sha256                                     \
    }

/* The same where Finished and the PRF use SHA-384. */
#define ROW_384(number, kx, auth, cipher, iv, key, mac, mac_len)              \
    {                                                                         \
        number, &crypto_method_##kx, &crypto_method_##auth,                   \
            &crypto_method_##cipher, iv, key, &crypto_method_##mac, mac_len,  \
            &crypto_method_tls_prf_sha384                                     \
    }

#define ECDHE_AEAD                                                            \
    ROW(0xC02B, ecdhe, ecdsa, aes_128_gcm_16, 4, 16, null, 0),                \
        ROW(0xC02F, ecdhe, rsa, aes_128_gcm_16, 4, 16, null, 0)
#define ECDHE_CBC                                                             \
    ROW(0xC023, ecdhe, ecdsa, aes_cbc_128, 16, 16, hmac_sha256, 32),          \
        ROW(0xC027, ecdhe, rsa, aes_cbc_128, 16, 16, hmac_sha256, 32)
#define RSA_AEAD ROW(0x009C, rsa, rsa, aes_128_gcm_16, 4, 16, null, 0)
#define RSA_CBC                                                               \
    ROW(0x003D, rsa, rsa, aes_cbc_256, 16, 32, hmac_sha256, 32),              \
        ROW(0x003C, rsa, rsa, aes_cbc_128, 16, 16, hmac_sha256, 32)
#define PSK_CBC                                                               \
    ROW(0x00AE, null, auth_psk, aes_cbc_128, 16, 16, hmac_sha256, 32)
#define PSK_CCM_8 ROW(0xC0A8, null, auth_psk, aes_ccm_8, 4, 16, null, 0)
#define MANDATORY ROW(0x002F, rsa, rsa, aes_cbc_128, 16, 16, hmac_sha1, 20)

static NX_SECURE_TLS_CIPHERSUITE_INFO rows[] = {
    RSA_AEAD, RSA_CBC, PSK_CBC, PSK_CCM_8, MANDATORY,
};
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
static NX_SECURE_TLS_CIPHERSUITE_INFO rows_ecc[] = {
    ECDHE_AEAD, ECDHE_CBC, RSA_AEAD, RSA_CBC, PSK_CBC, PSK_CCM_8, MANDATORY,
};
#endif
/* What is on by default comes first: no NULL cipher, no static ECDH, and of
 * CBC with SHA-1 only the suite that RFC 5246, 9, makes mandatory. */
#define NUM_ROWS_DEFAULT 39
static NX_SECURE_TLS_CIPHERSUITE_INFO rows_all[] = {
    ROW(0xCCA9, ecdhe, ecdsa, chacha20_poly1305, 12, 32, null, 0),
    ROW(0xCCA8, ecdhe, rsa, chacha20_poly1305, 12, 32, null, 0),
    ROW(0xC02B, ecdhe, ecdsa, aes_128_gcm_16, 4, 16, null, 0),
    ROW(0xC02F, ecdhe, rsa, aes_128_gcm_16, 4, 16, null, 0),
    ROW_384(0xC02C, ecdhe, ecdsa, aes_256_gcm_16, 4, 32, null, 0),
    ROW_384(0xC030, ecdhe, rsa, aes_256_gcm_16, 4, 32, null, 0),
    ROW(0xC0AC, ecdhe, ecdsa, aes_ccm_16, 4, 16, null, 0),
    ROW(0xC0AD, ecdhe, ecdsa, aes_256_ccm_16, 4, 32, null, 0),
    ROW(0xC0AE, ecdhe, ecdsa, aes_ccm_8, 4, 16, null, 0),
    ROW(0xC0AF, ecdhe, ecdsa, aes_256_ccm_8, 4, 32, null, 0),
    ROW(0x009C, rsa, rsa, aes_128_gcm_16, 4, 16, null, 0),
    ROW_384(0x009D, rsa, rsa, aes_256_gcm_16, 4, 32, null, 0),
    ROW(0xC09C, rsa, rsa, aes_ccm_16, 4, 16, null, 0),
    ROW(0xC09D, rsa, rsa, aes_256_ccm_16, 4, 32, null, 0),
    ROW(0xC0A0, rsa, rsa, aes_ccm_8, 4, 16, null, 0),
    ROW(0xC0A1, rsa, rsa, aes_256_ccm_8, 4, 32, null, 0),
    ROW(0xD001, ecdhe, auth_psk, aes_128_gcm_16, 4, 16, null, 0),
    ROW(0xCCAC, ecdhe, auth_psk, chacha20_poly1305, 12, 32, null, 0),
    ROW_384(0xD002, ecdhe, auth_psk, aes_256_gcm_16, 4, 32, null, 0),
    ROW(0xD005, ecdhe, auth_psk, aes_ccm_16, 4, 16, null, 0),
    ROW(0xD003, ecdhe, auth_psk, aes_ccm_8, 4, 16, null, 0),
    ROW(0x00A8, null, auth_psk, aes_128_gcm_16, 4, 16, null, 0),
    ROW(0xCCAB, null, auth_psk, chacha20_poly1305, 12, 32, null, 0),
    ROW_384(0x00A9, null, auth_psk, aes_256_gcm_16, 4, 32, null, 0),
    ROW(0xC0A4, null, auth_psk, aes_ccm_16, 4, 16, null, 0),
    ROW(0xC0A5, null, auth_psk, aes_256_ccm_16, 4, 32, null, 0),
    ROW(0xC0A8, null, auth_psk, aes_ccm_8, 4, 16, null, 0),
    ROW(0xC0A9, null, auth_psk, aes_256_ccm_8, 4, 32, null, 0),
    ROW(0xC023, ecdhe, ecdsa, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW_384(0xC024, ecdhe, ecdsa, aes_cbc_256, 16, 32, hmac_sha384, 48),
    ROW(0xC027, ecdhe, rsa, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW_384(0xC028, ecdhe, rsa, aes_cbc_256, 16, 32, hmac_sha384, 48),
    ROW(0x003D, rsa, rsa, aes_cbc_256, 16, 32, hmac_sha256, 32),
    ROW(0x003C, rsa, rsa, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW(0xC037, ecdhe, auth_psk, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW_384(0xC038, ecdhe, auth_psk, aes_cbc_256, 16, 32, hmac_sha384, 48),
    ROW(0x00AE, null, auth_psk, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW_384(0x00AF, null, auth_psk, aes_cbc_256, 16, 32, hmac_sha384, 48),
    ROW(0x002F, rsa, rsa, aes_cbc_128, 16, 16, hmac_sha1, 20),
    /* From here on only by name. */
    ROW(0xC009, ecdhe, ecdsa, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0xC00A, ecdhe, ecdsa, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0xC013, ecdhe, rsa, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0xC014, ecdhe, rsa, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0x0035, rsa, rsa, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0xC035, ecdhe, auth_psk, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0xC036, ecdhe, auth_psk, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0x008C, null, auth_psk, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0x008D, null, auth_psk, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0xC02D, ecdh, ecdsa, aes_128_gcm_16, 4, 16, null, 0),
    ROW(0xC031, ecdh, rsa, aes_128_gcm_16, 4, 16, null, 0),
    ROW(0xC025, ecdh, ecdsa, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW(0xC029, ecdh, rsa, aes_cbc_128, 16, 16, hmac_sha256, 32),
    ROW(0xC004, ecdh, ecdsa, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0xC005, ecdh, ecdsa, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0xC00E, ecdh, rsa, aes_cbc_128, 16, 16, hmac_sha1, 20),
    ROW(0xC00F, ecdh, rsa, aes_cbc_256, 16, 32, hmac_sha1, 20),
    ROW(0xC006, ecdhe, ecdsa, null, 0, 0, hmac_sha1, 20),
    ROW(0xC010, ecdhe, rsa, null, 0, 0, hmac_sha1, 20),
    ROW(0x003B, rsa, rsa, null, 0, 0, hmac_sha256, 32),
    ROW(0x0002, rsa, rsa, null, 0, 0, hmac_sha1, 20),
    ROW(0xC03A, ecdhe, auth_psk, null, 0, 0, hmac_sha256, 32),
    ROW_384(0xC03B, ecdhe, auth_psk, null, 0, 0, hmac_sha384, 48),
    ROW(0xC039, ecdhe, auth_psk, null, 0, 0, hmac_sha1, 20),
    ROW(0x00B0, null, auth_psk, null, 0, 0, hmac_sha256, 32),
    ROW_384(0x00B1, null, auth_psk, null, 0, 0, hmac_sha384, 48),
    ROW(0x002C, null, auth_psk, null, 0, 0, hmac_sha1, 20),
};

#define X509_ROW(type, cipher, hash)                                          \
    {                                                                         \
        NX_SECURE_TLS_X509_TYPE_##type, &crypto_method_##cipher,              \
            &crypto_method_##hash                                             \
    }

#ifndef NX_SECURE_DISABLE_X509
static NX_SECURE_X509_CRYPTO x509_rows[] = {
    X509_ROW(RSA_SHA_256, rsa, sha256),
    X509_ROW(RSA_SHA_384, rsa, sha384),
    X509_ROW(RSA_SHA_512, rsa, sha512),
};
static NX_SECURE_X509_CRYPTO x509_rows_all[] = {
    X509_ROW(ECDSA_SHA_256, ecdsa, sha256),
    X509_ROW(ECDSA_SHA_384, ecdsa, sha384),
    X509_ROW(ECDSA_SHA_512, ecdsa, sha512),
    {NXDTLS_X509_TYPE_ED25519, &crypto_method_none, &crypto_method_none},
    X509_ROW(RSA_SHA_256, rsa, sha256),
    X509_ROW(RSA_SHA_384, rsa, sha384),
    X509_ROW(RSA_SHA_512, rsa, sha512),
};
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
static NX_SECURE_X509_CRYPTO x509_rows_ecc[] = {
    X509_ROW(ECDSA_SHA_256, ecdsa, sha256),
    X509_ROW(ECDSA_SHA_384, ecdsa, sha384),
    X509_ROW(ECDSA_SHA_512, ecdsa, sha512),
    X509_ROW(RSA_SHA_256, rsa, sha256),
    X509_ROW(RSA_SHA_384, rsa, sha384),
    X509_ROW(RSA_SHA_512, rsa, sha512),
};
#endif
#endif

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#ifdef NX_SECURE_DISABLE_X509
#define CERTIFICATES(rows)
#else
#define CERTIFICATES(rows)                                                    \
    .nx_secure_tls_x509_cipher_table = (rows),                                \
    .nx_secure_tls_x509_cipher_table_size = LENGTH(rows),
#endif
#define TABLE_OF(suites, num, certificates)                                   \
    {                                                                         \
        .nx_secure_tls_ciphersuite_lookup_table = (suites),                   \
        .nx_secure_tls_ciphersuite_lookup_table_size = (num),                 \
        CERTIFICATES(certificates)                                            \
            .nx_secure_tls_handshake_hash_sha256_method =                     \
            &crypto_method_sha256,                                            \
        .nx_secure_tls_prf_sha256_method = &crypto_method_tls_prf_sha256,     \
    }
#define TABLE(suites, certificates)                                           \
    TABLE_OF(suites, LENGTH(suites), certificates)

const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers = TABLE(rows, x509_rows);
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc =
    TABLE(rows_ecc, x509_rows_ecc);
#endif
const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_all = TABLE(rows_all, x509_rows_all);
const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_default =
    TABLE_OF(rows_all, NUM_ROWS_DEFAULT, x509_rows_all);

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
const USHORT nx_crypto_ecc_supported_groups[] = {
    NX_CRYPTO_EC_X25519 & NX_CRYPTO_EC_MASK,
    NX_CRYPTO_EC_SECP256R1 &NX_CRYPTO_EC_MASK,
    NX_CRYPTO_EC_SECP384R1 &NX_CRYPTO_EC_MASK,
    NX_CRYPTO_EC_SECP521R1 &NX_CRYPTO_EC_MASK,
    NX_CRYPTO_EC_X448 &NX_CRYPTO_EC_MASK,
};
const UINT nx_crypto_ecc_supported_groups_size =
    LENGTH(nx_crypto_ecc_supported_groups);
const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[] = {
    &crypto_method_ec_x25519,  &crypto_method_ec_secp256,
    &crypto_method_ec_secp384, &crypto_method_ec_secp521,
    &crypto_method_ec_x448,
};
#endif

bool dtls_nx_is_own(const NX_CRYPTO_METHOD *method)
{
    for (size_t i = 0; i < LENGTH(own); i++) {
        if (method == own[i]) {
            return true;
        }
    }
    return false;
}

const NX_CRYPTO_METHOD *dtls_nx_own_curve(uint16_t group)
{
    for (size_t i = 0; i < LENGTH(own); i++) {
        UINT algorithm = own[i]->nx_crypto_algorithm;

        if (algorithm >> 16 == NX_CRYPTO_EC_SECP256R1 >> 16 &&
            (algorithm & NX_CRYPTO_EC_MASK) == group) {
            return own[i];
        }
    }
    return NX_NULL;
}

/* The row that a table must have for a pair.  An RSA row means PKCS#1 and PSS,
 * as a certificate's key serves either. */
static USHORT x509_type(const struct dtls_sigalg *alg)
{
    bool is_rsa = alg->key == DTLS_KEY_RSA;

    switch (alg->hash) {
    case DTLS_HASH_SHA1:
        return is_rsa ? NX_SECURE_TLS_X509_TYPE_RSA_SHA_1
                      : NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1;
    case DTLS_HASH_SHA256:
        return is_rsa ? NX_SECURE_TLS_X509_TYPE_RSA_SHA_256
                      : NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256;
    case DTLS_HASH_SHA384:
        return is_rsa ? NX_SECURE_TLS_X509_TYPE_RSA_SHA_384
                      : NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384;
    case DTLS_HASH_SHA512:
        return is_rsa ? NX_SECURE_TLS_X509_TYPE_RSA_SHA_512
                      : NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512;
    case DTLS_HASH_NONE:
        break;
    }
    return NXDTLS_X509_TYPE_ED25519;
}

const NX_SECURE_X509_CRYPTO *dtls_nx_x509_rows(
    const NX_SECURE_TLS_CRYPTO *table, USHORT *num)
{
#ifdef NX_SECURE_DISABLE_X509
    (void)table;
    *num = 0;
    return NX_NULL;
#else
    *num = table->nx_secure_tls_x509_cipher_table_size;
    return table->nx_secure_tls_x509_cipher_table;
#endif
}

static bool has_x509_type(const NX_SECURE_TLS_CRYPTO *table, USHORT type)
{
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < num; i++) {
        if (x509[i].nx_secure_x509_crypto_identifier == type) {
            return true;
        }
    }
    return false;
}

size_t dtls_nx_sigalgs(const NX_SECURE_TLS_CRYPTO *table,
                       uint16_t out[DTLS_NX_SIGALGS])
{
    const struct dtls_sigalg *alg;
    size_t num = 0;

    for (size_t i = 0;
         (alg = dtls_sigalg_at(i)) != NULL && num < DTLS_NX_SIGALGS; i++) {
#ifndef NX_SECURE_ENABLE_ECC_CIPHERSUITE
        if (alg->key != DTLS_KEY_RSA) {
            continue;
        }
#endif
        if (has_x509_type(table, x509_type(alg))) {
            out[num++] = alg->id;
        }
    }
    return num;
}

/* May this method, which has to do something, be called? */
static bool is_callable(const NX_CRYPTO_METHOD *method)
{
    return dtls_nx_is_own(method) || method->nx_crypto_operation != NX_NULL;
}

/* NetX takes a PRF alone to have an init (Finished). */
static bool is_prf_callable(const NX_CRYPTO_METHOD *method)
{
    return is_callable(method) &&
           (dtls_nx_is_own(method) || method->nx_crypto_init != NX_NULL);
}

static UINT check_signature(const NX_CRYPTO_METHOD *method)
{
    if (!is_callable(method)) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    return dtls_nx_is_own(method) ||
                   method->nx_crypto_algorithm == NX_CRYPTO_KEY_EXCHANGE_RSA ||
                   method->nx_crypto_algorithm ==
                       NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA
               ? NX_SUCCESS
               : NX_NOT_SUPPORTED; /* docs/limits.md */
}

static UINT check_row(const NX_SECURE_TLS_CIPHERSUITE_INFO *row)
{
    const struct dtls_suite *suite =
        dtls_suite_find(row->nx_secure_tls_ciphersuite);

    if (row->nx_secure_tls_public_cipher == NX_NULL ||
        row->nx_secure_tls_public_auth == NX_NULL ||
        row->nx_secure_tls_session_cipher == NX_NULL ||
        row->nx_secure_tls_hash == NX_NULL ||
        row->nx_secure_tls_prf == NX_NULL) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    if (suite == NULL) {
        return NX_SUCCESS; /* It is not offered. */
    }
    if ((suite->kx != DTLS_KX_PSK &&
         !is_callable(row->nx_secure_tls_public_cipher)) ||
        (suite->cipher != DTLS_CIPHER_NULL &&
         !is_callable(row->nx_secure_tls_session_cipher)) ||
        (suite->mac != DTLS_HASH_NONE &&
         !is_callable(row->nx_secure_tls_hash)) ||
        !is_prf_callable(row->nx_secure_tls_prf)) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    return dtls_suite_has_certificate(suite)
               ? check_signature(row->nx_secure_tls_public_auth)
               : NX_SUCCESS;
}

static UINT check_x509_row(const NX_SECURE_X509_CRYPTO *row)
{
    if (row->nx_secure_x509_public_cipher_method == NX_NULL ||
        row->nx_secure_x509_hash_method == NX_NULL ||
        !is_callable(row->nx_secure_x509_hash_method)) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    return check_signature(row->nx_secure_x509_public_cipher_method);
}

UINT dtls_nx_check_table(const NX_SECURE_TLS_CRYPTO *table)
{
    const NX_CRYPTO_METHOD *hash =
        table->nx_secure_tls_handshake_hash_sha256_method;
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);
    UINT status = NX_SUCCESS;

    if (hash == NX_NULL || !is_callable(hash) ||
        table->nx_secure_tls_prf_sha256_method == NX_NULL) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    for (USHORT i = 0;
         i < table->nx_secure_tls_ciphersuite_lookup_table_size &&
         status == NX_SUCCESS;
         i++) {
        status = check_row(&table->nx_secure_tls_ciphersuite_lookup_table[i]);
    }
    for (USHORT i = 0; i < num && status == NX_SUCCESS; i++) {
        status = check_x509_row(&x509[i]);
    }
    return status;
}

/* Certificates, curves and keys that a switch takes away nobody can give to a
 * session, and without them no suite of theirs is offered or chosen.  A cipher
 * comes with the suite alone. */
static bool is_built(const struct dtls_suite *suite)
{
#ifdef NX_SECURE_ENABLE_AEAD_CIPHER
    return suite != NULL;
#else
    return suite != NULL && (suite->cipher == DTLS_CIPHER_CBC ||
                             suite->cipher == DTLS_CIPHER_NULL);
#endif
}

size_t dtls_nx_suites(const NX_SECURE_TLS_CRYPTO *table, uint16_t *out)
{
    size_t num = 0;

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        USHORT id = table->nx_secure_tls_ciphersuite_lookup_table[i]
                        .nx_secure_tls_ciphersuite;

        if (is_built(dtls_suite_find(id))) {
            out[num++] = id;
        }
    }
    return num;
}

UINT _nx_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size)
{
    uint64_t bytes = dtls_nx_metadata_size(crypto_table);

    /* A need that no ULONG can say is not met by any area, either. */
    *metadata_size = bytes < 0xFFFFFFFFu ? (ULONG)bytes : 0xFFFFFFFFu;
    return NX_SUCCESS;
}

UINT _nxe_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size)
{
    if (crypto_table == NX_NULL || metadata_size == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_tls_metadata_size_calculate(crypto_table, metadata_size);
}
