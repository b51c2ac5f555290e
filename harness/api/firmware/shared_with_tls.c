/* SPDX-License-Identifier: MIT */
/* An application whose set-up is shared with a product on TLS: it knows only
 * the TLS session, and calls the services of TLS.  Both ends show
 * certificates.
 */
#include "nx_secure_tls_api.h"
#include "nx_secure_dtls_api.h"
#include "nx_crypto_rsa.h"
#include "nx_crypto_aes.h"
#include "nx_crypto_sha2.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_SECURE_X509_CERT server_identity, client_identity, root;
static UCHAR buffer[NX_SECURE_TLS_MINIMUM_MESSAGE_BUFFER_SIZE];

/* The part that is shared. */
static VOID set_up(NX_SECURE_TLS_SESSION *session, NX_SECURE_X509_CERT *own)
{
    NX_SECURE_X509_CERT *found = NX_NULL;
    NX_SECURE_X509_DISTINGUISHED_NAME *name =
        &own->nx_secure_x509_distinguished_name;

    FIRMWARE_OK(nx_secure_tls_ecc_initialize(
        session, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_tls_local_certificate_add(session, own));
    FIRMWARE_IS(nx_secure_tls_local_certificate_add(session, own),
                NX_INVALID_PARAMETERS);
    FIRMWARE_OK(nx_secure_tls_trusted_certificate_add(session, &root));
    FIRMWARE_OK(nx_secure_tls_local_certificate_find(
        session, &found, (UCHAR *)(ALIGN_TYPE)name->nx_secure_x509_common_name,
        name->nx_secure_x509_common_name_length));
    FIRMWARE_TRUE(found == own);
    FIRMWARE_OK(nx_secure_tls_session_protocol_version_override(
        session, NX_SECURE_TLS_VERSION_TLS_1_2));
}

VOID firmware(VOID)
{
    NX_SECURE_TLS_SESSION *slot = &server.slots[0].nx_secure_dtls_tls_session;
    NX_SECURE_TLS_SESSION *tls = &client.session.nx_secure_dtls_tls_session;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_certificate(&server_identity, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&client_identity, "client-rsa.der",
                         "client-rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers_ecc,
                           firmware_server_echo);
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers_ecc);
    set_up(slot, &server_identity);
    set_up(tls, &client_identity);
    FIRMWARE_OK(nx_secure_tls_session_x509_client_verify_configure(
        slot, 2, server.certificates, sizeof server.certificates / 3));
    FIRMWARE_OK(
        nx_secure_tls_session_packet_buffer_set(tls, buffer, sizeof buffer));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    FIRMWARE_IS(
        tls->nx_secure_tls_session_ciphersuite->nx_secure_tls_ciphersuite,
        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    FIRMWARE_IS(tls->nx_secure_tls_protocol_version,
                NX_SECURE_DTLS_VERSION_1_2);
    firmware_client_echo(&client, "same code as over TCP");
    FIRMWARE_IS(slot->nx_secure_tls_received_remote_credentials, 1);
    FIRMWARE_IS(slot->nx_secure_tls_server_state,
                NX_SECURE_TLS_SERVER_STATE_HANDSHAKE_FINISHED);
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
