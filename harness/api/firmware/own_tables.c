/* SPDX-License-Identifier: MIT */
/* An application that brings its crypto tables itself, under NetX's names and
 * without const, as a port to a chip with an AES unit does: table, groups and
 * one method are its own, the other methods the library's. */
#include "nx_secure_tls.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern NX_CRYPTO_METHOD crypto_method_null;
extern NX_CRYPTO_METHOD crypto_method_auth_psk;
extern NX_CRYPTO_METHOD crypto_method_aes_cbc_256;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha256;
extern NX_CRYPTO_METHOD crypto_method_hmac_md5;
extern NX_CRYPTO_METHOD crypto_method_tls_prf_sha256;
extern NX_CRYPTO_METHOD crypto_method_sha256;

extern const UINT _nx_crypto_ciphersuite_lookup_table_size;
extern const UINT _nx_crypto_x509_cipher_lookup_table_size;
extern NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static ULONG aes_calls;

/* The chip's AES: here it is the library's, which the object below does not
 * name. */
static UINT aes_init(struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key,
                     NX_CRYPTO_KEY_SIZE bits, VOID **handler, VOID *metadata,
                     ULONG metadata_size)
{
    return crypto_method_aes_cbc_256.nx_crypto_init(method, key, bits, handler,
                                                    metadata, metadata_size);
}

static UINT aes_cleanup(VOID *metadata)
{
    return crypto_method_aes_cbc_256.nx_crypto_cleanup(metadata);
}

static UINT aes_operation(UINT op, VOID *handler,
                          struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key,
                          NX_CRYPTO_KEY_SIZE bits, UCHAR *input,
                          ULONG input_length, UCHAR *iv, UCHAR *output,
                          ULONG output_length, VOID *metadata,
                          ULONG metadata_size, VOID *packet,
                          VOID (*callback)(VOID *, UINT))
{
    aes_calls++;
    return crypto_method_aes_cbc_256.nx_crypto_operation(
        op, handler, method, key, bits, input, input_length, iv, output,
        output_length, metadata, metadata_size, packet, callback);
}

/* An object of NetX's name: the library's own gives way. */
NX_CRYPTO_METHOD crypto_method_aes_cbc_128 = {
    NX_CRYPTO_ENCRYPTION_AES_CBC,
    128,
    128,
    0,
    16,
    1024,
    aes_init,
    aes_cleanup,
    aes_operation,
};

/* The second row names MD5, which no session uses. */
NX_SECURE_TLS_CIPHERSUITE_INFO _nx_crypto_ciphersuite_lookup_table[] = {
    {TLS_PSK_WITH_AES_128_CBC_SHA256, &crypto_method_null,
     &crypto_method_auth_psk, &crypto_method_aes_cbc_128, 16, 16,
     &crypto_method_hmac_sha256, 32, &crypto_method_tls_prf_sha256},
    {TLS_RSA_WITH_NULL_MD5, &crypto_method_null, &crypto_method_null,
     &crypto_method_null, 0, 0, &crypto_method_hmac_md5, 16,
     &crypto_method_tls_prf_sha256},
};
const UINT _nx_crypto_ciphersuite_lookup_table_size =
    sizeof(_nx_crypto_ciphersuite_lookup_table) /
    sizeof(NX_SECURE_TLS_CIPHERSUITE_INFO);

NX_SECURE_X509_CRYPTO _nx_crypto_x509_cipher_lookup_table[] = {
    {NX_SECURE_TLS_X509_TYPE_RSA_MD5, &crypto_method_rsa, &crypto_method_md5},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_224, &crypto_method_ecdsa,
     &crypto_method_sha224},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, &crypto_method_rsa,
     &crypto_method_sha256},
};
const UINT _nx_crypto_x509_cipher_lookup_table_size = 3;

NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers = {
    _nx_crypto_ciphersuite_lookup_table,
    sizeof(_nx_crypto_ciphersuite_lookup_table) /
        sizeof(NX_SECURE_TLS_CIPHERSUITE_INFO),
    _nx_crypto_x509_cipher_lookup_table,
    3,
    &crypto_method_sha256,
    &crypto_method_tls_prf_sha256,
};

const USHORT nx_crypto_ecc_supported_groups[] = {
    (USHORT)NX_CRYPTO_EC_SECP256R1};
const UINT nx_crypto_ecc_supported_groups_size = 1;

static FIRMWARE_NODE sensor, gateway;
static NX_UDP_SOCKET socket_of_sensor;
static NX_SECURE_DTLS_SESSION client, slot;
static NX_SECURE_DTLS_SERVER server;
static ALIGN_TYPE metadata[2][FIRMWARE_METADATA / sizeof(ALIGN_TYPE)];
static UCHAR reassembly[2][FIRMWARE_REASSEMBLY];
static UCHAR key[] = {0x31, 0x42, 0x53, 0x64, 0x75, 0x86};
static UCHAR identity[] = "sensor";
static TX_THREAD server_thread;
static TX_SEMAPHORE connected;
static CHAR name[] = "own tables";

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    NX_PARAMETER_NOT_USED(session);
    NX_PARAMETER_NOT_USED(ip);
    NX_PARAMETER_NOT_USED(port);
    tx_semaphore_put(&connected);
    return NX_SUCCESS;
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PARAMETER_NOT_USED(session);
    return NX_SUCCESS;
}

static VOID serve(ULONG input)
{
    NX_PARAMETER_NOT_USED(input);
    tx_semaphore_get(&connected, TX_WAIT_FOREVER);
    FIRMWARE_OK(nx_secure_dtls_server_session_start(&slot, 500));
    firmware_receive(&slot, "21 degrees");
    firmware_send(&gateway, &slot, "thank you");
}

VOID firmware(VOID)
{
    NXD_ADDRESS address = firmware_address(2);
    ULONG size = 0;

    firmware_node_start(&sensor, 1);
    firmware_node_start(&gateway, 2);
    FIRMWARE_OK(tx_semaphore_create(&connected, name, 0));
    FIRMWARE_OK(
        nx_secure_tls_metadata_size_calculate(&nx_crypto_tls_ciphers, &size));
    FIRMWARE_TRUE(size > 0 && size <= sizeof metadata[0]);
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server, &gateway.ip, FIRMWARE_PORT, 500, &slot, sizeof slot,
        &nx_crypto_tls_ciphers, metadata[0], sizeof metadata[0], reassembly[0],
        sizeof reassembly[0], on_connect, on_receive));
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server, key, sizeof key,
                                              identity, 6, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server));
    firmware_thread(&server_thread, serve);

    firmware_socket_open(&sensor, &socket_of_sensor, NX_ANY_PORT);
    FIRMWARE_OK(nx_secure_dtls_session_create(
        &client, &nx_crypto_tls_ciphers, metadata[1], sizeof metadata[1],
        reassembly[1], sizeof reassembly[1], 0, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client, key, sizeof key, identity, 6,
                                       NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &client, &socket_of_sensor, &address, FIRMWARE_PORT, 500));
    firmware_send(&sensor, &client, "21 degrees");
    firmware_receive(&client, "thank you");
    FIRMWARE_TRUE(aes_calls > 8);

    FIRMWARE_OK(nx_secure_dtls_session_end(&client, 100));
    FIRMWARE_OK(nx_secure_dtls_session_delete(&client));
    firmware_socket_close(&socket_of_sensor);
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server));
    firmware_node_stop(&sensor);
    firmware_node_stop(&gateway);
}
