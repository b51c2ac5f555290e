/* SPDX-License-Identifier: MIT */
/* The reader of tables of crypto methods (nx_crypto/table_reader.h). */
#include "nx_crypto/table_reader.h"

#include "nx_crypto/own_methods.h"
#include "nxdtls.h"

/* The meaning of each row of the certificate table.  An RSA row means PKCS#1
 * and PSS, because a certificate's key serves both. */
static const struct {
    USHORT type;
    enum dtls_key_type key;
    enum dtls_hash_alg hash;
} x509_types[] = {
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_1, DTLS_KEY_RSA, DTLS_HASH_SHA1},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, DTLS_KEY_RSA, DTLS_HASH_SHA256},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_384, DTLS_KEY_RSA, DTLS_HASH_SHA384},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_512, DTLS_KEY_RSA, DTLS_HASH_SHA512},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1, DTLS_KEY_EC, DTLS_HASH_SHA1},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, DTLS_KEY_EC, DTLS_HASH_SHA256},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, DTLS_KEY_EC, DTLS_HASH_SHA384},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512, DTLS_KEY_EC, DTLS_HASH_SHA512},
    {NXDTLS_X509_TYPE_ED25519, DTLS_KEY_ED25519, DTLS_HASH_NONE},
};

bool dtls_nx_x509_row_is(const NX_SECURE_X509_CRYPTO *row,
                         enum dtls_key_type key, enum dtls_hash_alg hash)
{
    for (size_t i = 0; i < sizeof x509_types / sizeof *x509_types; i++) {
        if (x509_types[i].type == row->nx_secure_x509_crypto_identifier &&
            x509_types[i].hash == hash &&
            (key == DTLS_KEY_NONE || x509_types[i].key == key)) {
            return true;
        }
    }
    return false;
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

static bool has_sigalg(const NX_SECURE_TLS_CRYPTO *table,
                       const struct dtls_sigalg *alg)
{
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < num; i++) {
        if (dtls_nx_x509_row_is(&x509[i], alg->key, alg->hash)) {
            return true;
        }
    }
    return false;
}

size_t dtls_nx_sigalgs(const NX_SECURE_TLS_CRYPTO *table,
                       uint16_t out[DTLS_NX_SIGALGS])
{
    const struct dtls_sigalg *alg;
    USHORT num_rows;
    size_t num = 0;

    for (size_t i = 0;
         (alg = dtls_sigalg_at(i)) != NULL && num < DTLS_NX_SIGALGS; i++) {
#ifndef NX_SECURE_ENABLE_ECC_CIPHERSUITE
        if (alg->key != DTLS_KEY_RSA) {
            continue;
        }
#endif
        if (has_sigalg(table, alg)) {
            out[num++] = alg->id;
        }
    }
    (void)dtls_nx_x509_rows(table, &num_rows);
    if (num == 0 && num_rows != 0) {
        out[num++] = 0; /* no pair's number: an empty list means the default */
    }
    return num;
}

/* Tells whether a method that has work to do can be called. */
static bool is_callable(const NX_CRYPTO_METHOD *method)
{
    return dtls_nx_is_own(method) || method->nx_crypto_operation != NX_NULL;
}

/* NetX takes it for granted that a PRF, unlike other methods, has an init
 * (Finished). */
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

/* EC-JPAKE is ours alone. */
static UINT check_password(const NX_CRYPTO_METHOD *method)
{
    if (!is_callable(method)) {
        return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
    }
    return dtls_nx_is_own(method) ? NX_SUCCESS
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
    if (suite->kx == DTLS_KX_ECJPAKE) {
        return check_password(row->nx_secure_tls_public_auth);
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

/* A switch that removes certificates, curves or keys also removes the services
 * that set them, so such suites are never offered or chosen.  Only ciphers
 * need a check here. */
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
