/* SPDX-License-Identifier: MIT */
/* A product that keeps copies of NetX's two crypto files, its method objects
 * and its tables, with the suites that the product has: the functions are the
 * library's, everything else is here.  One object counts its calls. */
#include "nx_secure_tls.h"
#include "nx_secure_dtls_api.h"
#include "nx_crypto_aes.h"
#include "nx_crypto_ec.h"
#include "nx_crypto_ecdh.h"
#include "nx_crypto_ecdsa.h"
#include "nx_crypto_hmac_sha1.h"
#include "nx_crypto_hmac_sha2.h"
#include "nx_crypto_null.h"
#include "nx_crypto_rsa.h"
#include "nx_crypto_sha1.h"
#include "nx_crypto_sha2.h"
#include "nx_crypto_sha5.h"
#include "nx_crypto_tls_prf_sha256.h"
#include "nx_crypto_method_self_test.h"
#include "nx_secure_crypto_table_self_test.h"
#include "firmware.h"

extern const UINT _nx_crypto_ciphersuite_lookup_table_ecc_size;
extern const UINT _nx_crypto_x509_cipher_lookup_table_ecc_size;

static ULONG hashes;

/* The library's function, watched. */
static UINT watched_hash(UINT op, VOID *handler,
                         struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key,
                         NX_CRYPTO_KEY_SIZE bits, UCHAR *input,
                         ULONG input_length, UCHAR *iv, UCHAR *output,
                         ULONG output_length, VOID *metadata,
                         ULONG metadata_size, VOID *packet,
                         VOID (*callback)(VOID *, UINT))
{
    hashes++;
    return _nx_crypto_method_sha256_operation(
        op, handler, method, key, bits, input, input_length, iv, output,
        output_length, metadata, metadata_size, packet, callback);
}

/* The method objects. */
NX_CRYPTO_METHOD crypto_method_none = {
    NX_CRYPTO_NONE, 0, 0, 0, 0, 0, NX_CRYPTO_NULL, NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
};

NX_CRYPTO_METHOD crypto_method_null = {
    NX_CRYPTO_ENCRYPTION_NULL,
    0,
    0,
    0,
    4,
    0,
    NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
};

NX_CRYPTO_METHOD crypto_method_public_null = {
    NX_CRYPTO_ENCRYPTION_NULL,
    0,
    0,
    0,
    1,
    0,
    _nx_crypto_method_null_init,
    _nx_crypto_method_null_cleanup,
    _nx_crypto_method_null_operation,
};

NX_CRYPTO_METHOD crypto_method_aes_cbc_128 = {
    NX_CRYPTO_ENCRYPTION_AES_CBC,
    NX_CRYPTO_AES_128_KEY_LEN_IN_BITS,
    NX_CRYPTO_AES_IV_LEN_IN_BITS,
    0,
    (NX_CRYPTO_AES_BLOCK_SIZE_IN_BITS >> 3),
    sizeof(NX_CRYPTO_AES),
    _nx_crypto_method_aes_init,
    _nx_crypto_method_aes_cleanup,
    _nx_crypto_method_aes_cbc_operation,
};

NX_CRYPTO_METHOD crypto_method_aes_128_gcm_16 = {
    NX_CRYPTO_ENCRYPTION_AES_GCM_16,
    NX_CRYPTO_AES_128_KEY_LEN_IN_BITS,
    32,
    128,
    (NX_CRYPTO_AES_BLOCK_SIZE_IN_BITS >> 3),
    sizeof(NX_CRYPTO_AES),
    _nx_crypto_method_aes_init,
    _nx_crypto_method_aes_cleanup,
    _nx_crypto_method_aes_gcm_operation,
};

NX_CRYPTO_METHOD crypto_method_aes_ccm_8 = {
    NX_CRYPTO_ENCRYPTION_AES_CCM_8,
    NX_CRYPTO_AES_128_KEY_LEN_IN_BITS,
    32,
    64,
    (NX_CRYPTO_AES_BLOCK_SIZE_IN_BITS >> 3),
    sizeof(NX_CRYPTO_AES),
    _nx_crypto_method_aes_init,
    _nx_crypto_method_aes_cleanup,
    _nx_crypto_method_aes_ccm_operation,
};

NX_CRYPTO_METHOD crypto_method_hmac_sha1 = {
    NX_CRYPTO_AUTHENTICATION_HMAC_SHA1_160,
    0,
    0,
    NX_CRYPTO_HMAC_SHA1_ICV_FULL_LEN_IN_BITS,
    NX_CRYPTO_SHA1_BLOCK_SIZE_IN_BYTES,
    sizeof(NX_CRYPTO_SHA1_HMAC),
    _nx_crypto_method_hmac_sha1_init,
    _nx_crypto_method_hmac_sha1_cleanup,
    _nx_crypto_method_hmac_sha1_operation,
};

NX_CRYPTO_METHOD crypto_method_hmac_sha256 = {
    NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256,
    0,
    0,
    NX_CRYPTO_HMAC_SHA256_ICV_FULL_LEN_IN_BITS,
    NX_CRYPTO_SHA2_BLOCK_SIZE_IN_BYTES,
    sizeof(NX_CRYPTO_SHA256_HMAC),
    _nx_crypto_method_hmac_sha256_init,
    _nx_crypto_method_hmac_sha256_cleanup,
    _nx_crypto_method_hmac_sha256_operation,
};

NX_CRYPTO_METHOD crypto_method_ecdsa = {
    NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA,
    0,
    0,
    0,
    0,
    sizeof(NX_CRYPTO_ECDSA),
    _nx_crypto_method_ecdsa_init,
    _nx_crypto_method_ecdsa_cleanup,
    _nx_crypto_method_ecdsa_operation,
};

NX_CRYPTO_METHOD crypto_method_ecdhe = {
    NX_CRYPTO_KEY_EXCHANGE_ECDHE,
    0,
    0,
    0,
    0,
    sizeof(NX_CRYPTO_ECDH),
    _nx_crypto_method_ecdh_init,
    _nx_crypto_method_ecdh_cleanup,
    _nx_crypto_method_ecdh_operation,
};

NX_CRYPTO_METHOD crypto_method_rsa = {
    NX_CRYPTO_KEY_EXCHANGE_RSA,
    0,
    0,
    0,
    0,
    sizeof(NX_CRYPTO_RSA),
    _nx_crypto_method_rsa_init,
    _nx_crypto_method_rsa_cleanup,
    _nx_crypto_method_rsa_operation,
};

NX_CRYPTO_METHOD crypto_method_auth_psk = {
    NX_CRYPTO_KEY_EXCHANGE_PSK,
    0,
    0,
    0,
    0,
    0,
    NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
};

NX_CRYPTO_METHOD crypto_method_ec_secp256 = {
    NX_CRYPTO_EC_SECP256R1,
    256,
    0,
    0,
    0,
    0,
    NX_CRYPTO_NULL,
    NX_CRYPTO_NULL,
    _nx_crypto_method_ec_secp256r1_operation,
};

NX_CRYPTO_METHOD crypto_method_sha1 = {
    NX_CRYPTO_HASH_SHA1,
    0,
    0,
    NX_CRYPTO_SHA1_ICV_LEN_IN_BITS,
    NX_CRYPTO_SHA1_BLOCK_SIZE_IN_BYTES,
    sizeof(NX_CRYPTO_SHA1),
    _nx_crypto_method_sha1_init,
    _nx_crypto_method_sha1_cleanup,
    _nx_crypto_method_sha1_operation,
};

NX_CRYPTO_METHOD crypto_method_sha256 = {
    NX_CRYPTO_HASH_SHA256,
    0,
    0,
    NX_CRYPTO_SHA256_ICV_LEN_IN_BITS,
    NX_CRYPTO_SHA2_BLOCK_SIZE_IN_BYTES,
    sizeof(NX_CRYPTO_SHA256),
    _nx_crypto_method_sha256_init,
    _nx_crypto_method_sha256_cleanup,
    watched_hash,
};

NX_CRYPTO_METHOD crypto_method_sha384 = {
    NX_CRYPTO_HASH_SHA384,
    0,
    0,
    NX_CRYPTO_SHA384_ICV_LEN_IN_BITS,
    NX_CRYPTO_SHA512_BLOCK_SIZE_IN_BYTES,
    sizeof(NX_CRYPTO_SHA512),
    _nx_crypto_method_sha512_init,
    _nx_crypto_method_sha512_cleanup,
    _nx_crypto_method_sha512_operation,
};

NX_CRYPTO_METHOD crypto_method_tls_prf_sha256 = {
    NX_CRYPTO_PRF_HMAC_SHA2_256,
    0,
    0,
    0,
    0,
    sizeof(NX_CRYPTO_TLS_PRF_SHA256),
    _nx_crypto_method_prf_sha_256_init,
    _nx_crypto_method_prf_sha_256_cleanup,
    _nx_crypto_method_prf_sha_256_operation,
};

/* The tables. */
NX_SECURE_TLS_CIPHERSUITE_INFO _nx_crypto_ciphersuite_lookup_table_ecc[] = {
    {TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, &crypto_method_ecdhe,
     &crypto_method_ecdsa, &crypto_method_aes_128_gcm_16, 16, 16,
     &crypto_method_null, 0, &crypto_method_tls_prf_sha256},
    {TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, &crypto_method_ecdhe,
     &crypto_method_rsa, &crypto_method_aes_cbc_128, 16, 16,
     &crypto_method_hmac_sha256, 32, &crypto_method_tls_prf_sha256},
    {TLS_RSA_WITH_AES_128_CBC_SHA, &crypto_method_rsa, &crypto_method_rsa,
     &crypto_method_aes_cbc_128, 16, 16, &crypto_method_hmac_sha1, 20,
     &crypto_method_tls_prf_sha256},
    {TLS_PSK_WITH_AES_128_CCM_8, &crypto_method_public_null,
     &crypto_method_auth_psk, &crypto_method_aes_ccm_8, 16, 16,
     &crypto_method_null, 0, &crypto_method_tls_prf_sha256},
};
const UINT _nx_crypto_ciphersuite_lookup_table_ecc_size =
    sizeof(_nx_crypto_ciphersuite_lookup_table_ecc) /
    sizeof(NX_SECURE_TLS_CIPHERSUITE_INFO);

NX_SECURE_X509_CRYPTO _nx_crypto_x509_cipher_lookup_table_ecc[] = {
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &crypto_method_ecdsa,
     &crypto_method_sha256},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, &crypto_method_ecdsa,
     &crypto_method_sha384},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, &crypto_method_rsa,
     &crypto_method_sha256},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_1, &crypto_method_rsa,
     &crypto_method_sha1},
};
const UINT _nx_crypto_x509_cipher_lookup_table_ecc_size =
    sizeof(_nx_crypto_x509_cipher_lookup_table_ecc) /
    sizeof(NX_SECURE_X509_CRYPTO);

const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc = {
    _nx_crypto_ciphersuite_lookup_table_ecc,
    sizeof(_nx_crypto_ciphersuite_lookup_table_ecc) /
        sizeof(NX_SECURE_TLS_CIPHERSUITE_INFO),
#ifndef NX_SECURE_DISABLE_X509
    _nx_crypto_x509_cipher_lookup_table_ecc,
    sizeof(_nx_crypto_x509_cipher_lookup_table_ecc) /
        sizeof(NX_SECURE_X509_CRYPTO),
#endif
#if (NX_SECURE_TLS_TLS_1_0_ENABLED || NX_SECURE_TLS_TLS_1_1_ENABLED)
    &crypto_method_md5,
    &crypto_method_sha1,
    &crypto_method_tls_prf_1,
#endif
#if (NX_SECURE_TLS_TLS_1_2_ENABLED)
    &crypto_method_sha256,
    &crypto_method_tls_prf_sha256,
#endif
#if (NX_SECURE_TLS_TLS_1_3_ENABLED)
    &crypto_method_hkdf,
    &crypto_method_hmac,
    &crypto_method_ecdhe,
#endif
};

const USHORT nx_crypto_ecc_supported_groups[] = {
    (USHORT)NX_CRYPTO_EC_SECP256R1};
const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[] = {&crypto_method_ec_secp256};
const UINT nx_crypto_ecc_supported_groups_size =
    sizeof(nx_crypto_ecc_supported_groups) / sizeof(USHORT);

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_SECURE_X509_CERT rsa, ec, root;
static UCHAR key[] = {0x71, 0x72, 0x73, 0x74};
static UCHAR id[] = "product";

/* Connects with the suites of the table from row `first` on. */
static VOID connect_from(UINT first, USHORT suite)
{
    NX_SECURE_TLS_CRYPTO table = nx_crypto_tls_ciphers_ecc;

    table.nx_secure_tls_ciphersuite_lookup_table += first;
    table.nx_secure_tls_ciphersuite_lookup_table_size =
        (USHORT)(table.nx_secure_tls_ciphersuite_lookup_table_size - first);
    hashes = 0;
    firmware_client_create(&client, &device, &table);
    FIRMWARE_OK(nx_secure_dtls_ecc_initialize(
        &client.session, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(&client.session,
                                                               &root, 1));
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, key, sizeof(key), id,
                                       7, NX_NULL, 0));
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    FIRMWARE_IS(
        client.session.nx_secure_dtls_tls_session
            .nx_secure_tls_session_ciphersuite->nx_secure_tls_ciphersuite,
        suite);
    firmware_client_echo(&client, "the product's own tables");
    FIRMWARE_TRUE(hashes > 0);
    firmware_client_delete(&client);
}

VOID firmware(VOID)
{
    static UCHAR self_test[20000];

    FIRMWARE_OK(nx_secure_crypto_table_self_test(
        &nx_crypto_tls_ciphers_ecc, self_test, sizeof(self_test)));
    FIRMWARE_OK(nx_secure_crypto_rng_self_test());
    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_certificate(&rsa, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&ec, "ec.der", "ec.key.der",
                         NX_SECURE_X509_KEY_TYPE_EC_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers_ecc,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_ecc_initialize(
        &server.server, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(
        nx_secure_dtls_server_local_certificate_add(&server.server, &rsa, 1));
    FIRMWARE_OK(
        nx_secure_dtls_server_local_certificate_add(&server.server, &ec, 2));
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof(key),
                                              id, 7, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    connect_from(0, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
    connect_from(1, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256);
    connect_from(2, TLS_RSA_WITH_AES_128_CBC_SHA);
    connect_from(3, TLS_PSK_WITH_AES_128_CCM_8);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
