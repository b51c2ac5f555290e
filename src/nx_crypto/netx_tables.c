/* SPDX-License-Identifier: MIT */
/* The tables that NetX has and applications declare for themselves, or define:
 * suites, certificate algorithms, groups. */
#include "nx_crypto/table_rows.h"

/* No header of the API declares these: applications do so with and without
 * const. */
extern NX_SECURE_TLS_CIPHERSUITE_INFO _nx_crypto_ciphersuite_lookup_table[];
extern const UINT _nx_crypto_ciphersuite_lookup_table_size;
extern NX_SECURE_TLS_CIPHERSUITE_INFO
    _nx_crypto_ciphersuite_lookup_table_ecc[];
extern const UINT _nx_crypto_ciphersuite_lookup_table_ecc_size;
extern NX_SECURE_X509_CRYPTO _nx_crypto_x509_cipher_lookup_table[];
extern const UINT _nx_crypto_x509_cipher_lookup_table_size;
extern NX_SECURE_X509_CRYPTO _nx_crypto_x509_cipher_lookup_table_ecc[];
extern const UINT _nx_crypto_x509_cipher_lookup_table_ecc_size;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

/* The second table is the first with ECDHE in front. */
#define ROWS_WITHOUT_ECC                                                      \
    DTLS_SUITE_009C(ROW)                                                      \
    DTLS_SUITE_003D(ROW)                                                      \
    DTLS_SUITE_003C(ROW)                                                      \
    DTLS_SUITE_00AE(ROW)                                                      \
    DTLS_SUITE_C0A8(ROW)                                                      \
    DTLS_SUITE_002F(ROW)
#define X509_ROWS_WITHOUT_ECC                                                 \
    X509_ROW(RSA_SHA_256, rsa, sha256), X509_ROW(RSA_SHA_384, rsa, sha384),   \
        X509_ROW(RSA_SHA_512, rsa, sha512)

/* Each table with the number of its entries.  The library's own tables hold
 * copies: an application that defines only the rows under NetX's name has
 * another number of them. */
#define COUNTED(type, name, ...)                                              \
    static type own##name[] = {__VA_ARGS__};                                  \
    DTLS_NX_REPLACEABLE type name[] = {__VA_ARGS__};                          \
    DTLS_NX_REPLACEABLE const UINT name##_size = LENGTH(name);

COUNTED(NX_SECURE_TLS_CIPHERSUITE_INFO, _nx_crypto_ciphersuite_lookup_table,
        ROWS_WITHOUT_ECC)
#ifndef NX_SECURE_DISABLE_X509
COUNTED(NX_SECURE_X509_CRYPTO, _nx_crypto_x509_cipher_lookup_table,
        X509_ROWS_WITHOUT_ECC)
#endif
DTLS_NX_REPLACEABLE const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers =
    TABLE(own_nx_crypto_ciphersuite_lookup_table,
          own_nx_crypto_x509_cipher_lookup_table);

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
COUNTED(NX_SECURE_TLS_CIPHERSUITE_INFO,
        _nx_crypto_ciphersuite_lookup_table_ecc,
        DTLS_SUITE_C02B(ROW) DTLS_SUITE_C02F(ROW) DTLS_SUITE_C023(ROW)
            DTLS_SUITE_C027(ROW) ROWS_WITHOUT_ECC)
#ifndef NX_SECURE_DISABLE_X509
COUNTED(NX_SECURE_X509_CRYPTO, _nx_crypto_x509_cipher_lookup_table_ecc,
        X509_ROW(ECDSA_SHA_256, ecdsa, sha256),
        X509_ROW(ECDSA_SHA_384, ecdsa, sha384),
        X509_ROW(ECDSA_SHA_512, ecdsa, sha512), X509_ROWS_WITHOUT_ECC)
#endif
DTLS_NX_REPLACEABLE const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc =
    TABLE(own_nx_crypto_ciphersuite_lookup_table_ecc,
          own_nx_crypto_x509_cipher_lookup_table_ecc);

DTLS_NX_REPLACEABLE const USHORT nx_crypto_ecc_supported_groups[] = {
    (USHORT)NX_CRYPTO_EC_X25519,    (USHORT)NX_CRYPTO_EC_SECP256R1,
    (USHORT)NX_CRYPTO_EC_SECP384R1, (USHORT)NX_CRYPTO_EC_SECP521R1,
    (USHORT)NX_CRYPTO_EC_X448,
};
DTLS_NX_REPLACEABLE const UINT nx_crypto_ecc_supported_groups_size =
    LENGTH(nx_crypto_ecc_supported_groups);
DTLS_NX_REPLACEABLE const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[] = {
    &crypto_method_ec_x25519,  &crypto_method_ec_secp256,
    &crypto_method_ec_secp384, &crypto_method_ec_secp521,
    &crypto_method_ec_x448,
};
#endif
