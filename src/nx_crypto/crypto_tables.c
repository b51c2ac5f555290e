/* SPDX-License-Identifier: MIT */
/* The tables that applications name: suites, certificate algorithms, groups.
 */
#include "nx_crypto/own_methods.h"

#include "nxdtls.h"

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
