/* SPDX-License-Identifier: MIT */
/* The tables that applications name: suites, certificate algorithms, groups.
 */
#include "crypto/suite_rows.h"
#include "nx_crypto/own_methods.h"
#include "nxdtls.h"

/* A row of crypto/suite_rows.h in NetX's members: the pieces of its names
 * stand for methods and lengths.  NetX counts the IV of CBC, which is a block,
 * though DTLS 1.2 takes none of it from the key block. */
#define KX_RSA &crypto_method_rsa, &crypto_method_rsa
#define KX_ECDHE_ECDSA &crypto_method_ecdhe, &crypto_method_ecdsa
#define KX_ECDHE_RSA &crypto_method_ecdhe, &crypto_method_rsa
#define KX_ECDH_ECDSA &crypto_method_ecdh, &crypto_method_ecdsa
#define KX_ECDH_RSA &crypto_method_ecdh, &crypto_method_rsa
#define KX_PSK &crypto_method_null, &crypto_method_auth_psk
#define KX_ECDHE_PSK &crypto_method_ecdhe, &crypto_method_auth_psk

#define CIPHER_NULL_0 &crypto_method_null, 0
#define CIPHER_CBC_16 &crypto_method_aes_cbc_128, 16
#define CIPHER_CBC_32 &crypto_method_aes_cbc_256, 16
#define CIPHER_GCM_16 &crypto_method_aes_128_gcm_16, 4
#define CIPHER_GCM_32 &crypto_method_aes_256_gcm_16, 4
#define CIPHER_CCM_16 &crypto_method_aes_ccm_16, 4
#define CIPHER_CCM_32 &crypto_method_aes_256_ccm_16, 4
#define CIPHER_CCM_8_16 &crypto_method_aes_ccm_8, 4
#define CIPHER_CCM_8_32 &crypto_method_aes_256_ccm_8, 4
#define CIPHER_CHACHA20_32 &crypto_method_chacha20_poly1305, 12

#define MAC_NONE &crypto_method_null, 0
#define MAC_SHA1 &crypto_method_hmac_sha1, 20
#define MAC_SHA256 &crypto_method_hmac_sha256, 32
#define MAC_SHA384 &crypto_method_hmac_sha384, 48

#define PRF_SHA256 &crypto_method_tls_prf_sha256
#define PRF_SHA384 &crypto_method_tls_prf_sha384

#define ROW(number, name, kx, cipher, key, mac, prf)                          \
    {number, KX_##kx, CIPHER_##cipher##_##key, key, MAC_##mac, PRF_##prf},

/* NetX's own two tables; the second is the first with ECDHE in front. */
#define ROWS_WITHOUT_ECC                                                      \
    DTLS_SUITE_009C(ROW)                                                      \
    DTLS_SUITE_003D(ROW)                                                      \
    DTLS_SUITE_003C(ROW)                                                      \
    DTLS_SUITE_00AE(ROW)                                                      \
    DTLS_SUITE_C0A8(ROW)                                                      \
    DTLS_SUITE_002F(ROW)

static NX_SECURE_TLS_CIPHERSUITE_INFO rows[] = {ROWS_WITHOUT_ECC};
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
static NX_SECURE_TLS_CIPHERSUITE_INFO rows_ecc[] = {
    DTLS_SUITE_C02B(ROW) DTLS_SUITE_C02F(ROW) DTLS_SUITE_C023(ROW)
        DTLS_SUITE_C027(ROW) ROWS_WITHOUT_ECC};
#endif

/* The default suites come first in the table of all suites. */
static NX_SECURE_TLS_CIPHERSUITE_INFO rows_all[] = {DTLS_SUITES(ROW)};
/* NOLINTNEXTLINE(bugprone-macro-parentheses): the rows' ones are a sum */
#define ONE(number, name, kx, cipher, key, mac, prf) +1
enum { NUM_ROWS_DEFAULT = DTLS_SUITES_DEFAULT(ONE) };

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
    (USHORT)NX_CRYPTO_EC_X25519,    (USHORT)NX_CRYPTO_EC_SECP256R1,
    (USHORT)NX_CRYPTO_EC_SECP384R1, (USHORT)NX_CRYPTO_EC_SECP521R1,
    (USHORT)NX_CRYPTO_EC_X448,
};
const UINT nx_crypto_ecc_supported_groups_size =
    LENGTH(nx_crypto_ecc_supported_groups);
const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[] = {
    &crypto_method_ec_x25519,  &crypto_method_ec_secp256,
    &crypto_method_ec_secp384, &crypto_method_ec_secp521,
    &crypto_method_ec_x448,
};
#endif
