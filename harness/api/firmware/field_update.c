/* SPDX-License-Identifier: MIT */
/* A server whose certificate is replaced in the field, while clients come and
 * go: by common name and by id, with a second list of trusted roots on the
 * client.  Built with error checking and without, as the product's debug and
 * release images are. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define CHECKED 0
#else
#define CHECKED 1
#endif

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_SECURE_X509_CERT old_cert, new_cert, root, other_root;
static NX_SECURE_DTLS_SERVER never_created;
static NX_SECURE_DTLS_SESSION never_created_session;

static VOID start_client(VOID)
{
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers_ecc);
    FIRMWARE_OK(nx_secure_dtls_ecc_initialize(
        &client.session, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(
        &client.session, &other_root, 1));
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(&client.session,
                                                               &root, 2));
}

/* Connects, and returns the public algorithm of the server's certificate. */
static UINT algorithm_of_server(VOID)
{
    NX_SECURE_X509_CERT *shown = NX_NULL;
    UINT algorithm = 0;

    start_client();
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    firmware_client_echo(&client, "which one?");
    FIRMWARE_OK(_nx_secure_x509_remote_endpoint_certificate_get(
        &client.session.nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store,
        &shown));
    algorithm = shown->nx_secure_x509_public_algorithm;
    firmware_client_delete(&client);
    return algorithm;
}

/* What only the debug image notices. */
static VOID misuse(VOID)
{
#if CHECKED
    NX_PACKET *packet = NX_NULL;

    FIRMWARE_IS(nx_secure_dtls_server_start(NX_NULL), NX_PTR_ERROR);
    FIRMWARE_IS(nx_secure_dtls_server_start(&never_created), NX_PTR_ERROR);
    FIRMWARE_IS(nx_secure_dtls_server_x509_client_verify_configure(
                    &never_created, 1, NX_NULL, 0),
                NX_PTR_ERROR);
    FIRMWARE_IS(nx_secure_dtls_session_receive(&never_created_session, &packet,
                                               NX_NO_WAIT),
                NX_SECURE_TLS_SESSION_UNINITIALIZED);
    FIRMWARE_IS(nx_secure_dtls_server_local_certificate_add(&server.server,
                                                            &new_cert, 0),
                NX_INVALID_PARAMETERS);
    FIRMWARE_IS(nx_packet_release(packet), NX_PTR_ERROR);
#else
    NX_PARAMETER_NOT_USED(never_created);
    NX_PARAMETER_NOT_USED(never_created_session);
#endif
}

VOID firmware(VOID)
{
    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_certificate(&old_cert, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&new_cert, "ec.der", "ec.key.der",
                         NX_SECURE_X509_KEY_TYPE_EC_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_certificate(&other_root, "other-root.der", NX_NULL, 0);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers_ecc,
                           firmware_server_echo);
    misuse();
    FIRMWARE_OK(nx_secure_dtls_server_ecc_initialize(
        &server.server, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_dtls_server_local_certificate_add(&server.server,
                                                            &old_cert, 7));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    FIRMWARE_IS(algorithm_of_server(), NX_SECURE_TLS_X509_TYPE_RSA);

    FIRMWARE_OK(nx_secure_dtls_server_stop(&server.server));
    FIRMWARE_IS(nx_secure_dtls_server_local_certificate_remove(&server.server,
                                                               NX_NULL, 0, 8),
                NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    FIRMWARE_OK(nx_secure_dtls_server_local_certificate_remove(&server.server,
                                                               NX_NULL, 0, 7));
    FIRMWARE_OK(nx_secure_dtls_server_local_certificate_add(&server.server,
                                                            &new_cert, 7));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    FIRMWARE_IS(algorithm_of_server(), NX_SECURE_TLS_X509_TYPE_EC);

    /* The root is removed by its name: no server is trusted any more. */
    start_client();
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_remove(
        &client.session,
        (UCHAR *)(ALIGN_TYPE)
            root.nx_secure_x509_distinguished_name.nx_secure_x509_common_name,
        root.nx_secure_x509_distinguished_name
            .nx_secure_x509_common_name_length,
        0));
    FIRMWARE_IS(firmware_client_connect(&client, 2),
                NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
