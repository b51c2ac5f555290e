/* SPDX-License-Identifier: MIT */
/* Rows and tables of crypto methods in NetX's members.  Private to the two
 * files that define such tables. */
#ifndef DTLS_NX_CRYPTO_TABLE_ROWS_H
#define DTLS_NX_CRYPTO_TABLE_ROWS_H

#include "crypto/suite_rows.h"
#include "nx_crypto/own_methods.h"

/* A row of crypto/suite_rows.h in NetX's members: the pieces of its names
 * stand for methods and lengths.  NetX counts the IV of CBC, which is a block,
 * though DTLS 1.2 takes none of it from the key block. */
#define KX_RSA &crypto_method_rsa, &crypto_method_rsa
#define KX_ECDHE_ECDSA &crypto_method_ecdhe, &crypto_method_ecdsa
#define KX_ECDHE_RSA &crypto_method_ecdhe, &crypto_method_rsa
#define KX_ECDH_ECDSA &crypto_method_ecdh, &crypto_method_ecdsa
#define KX_ECDH_RSA &crypto_method_ecdh, &crypto_method_rsa
#define KX_PSK &crypto_method_null, &crypto_method_auth_psk
#define KX_ECJPAKE &crypto_method_null, &crypto_method_auth_ecjpake
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

#define X509_ROW(type, cipher, hash)                                          \
    {                                                                         \
        NX_SECURE_TLS_X509_TYPE_##type, &crypto_method_##cipher,              \
            &crypto_method_##hash                                             \
    }

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

#endif
