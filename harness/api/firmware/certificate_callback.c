/* SPDX-License-Identifier: MIT */
/* A client that looks at its server's certificate in the callback: common
 * name, issuer, dates, key, purpose.  It connects as often as it is asked to;
 * a wrong expectation refuses the server. */
#include "nx_api.h"
#include "nx_secure_x509.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define NOW 1800000000u /* 2027-01-15 */

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_SECURE_X509_CERT identity, root;
static const char *wanted;
static UINT looks;

static UINT is_name(const NX_SECURE_X509_DISTINGUISHED_NAME *name,
                    const char *text)
{
    return name->nx_secure_x509_common_name_length == strlen(text) &&
           memcmp(name->nx_secure_x509_common_name, text, strlen(text)) == 0;
}

static ULONG look(NX_SECURE_TLS_SESSION *session, NX_SECURE_X509_CERT *cert)
{
    NX_SECURE_X509_CERT *peer = NX_NULL;
    USHORT usage = 0;

    looks++;
    FIRMWARE_OK(_nx_secure_x509_remote_endpoint_certificate_get(
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store,
        &peer));
    FIRMWARE_TRUE(peer == cert);
    FIRMWARE_IS(cert->nx_secure_x509_version, NX_SECURE_X509_VERSION_3);
    FIRMWARE_IS(cert->nx_secure_x509_public_algorithm,
                NX_SECURE_TLS_X509_TYPE_RSA);
    FIRMWARE_IS(cert->nx_secure_x509_validity_format,
                NX_SECURE_ASN_TAG_UTC_TIME);
    FIRMWARE_IS(cert->nx_secure_x509_not_after_length, 13);
    FIRMWARE_TRUE(cert->nx_secure_x509_serial_number_length > 0);
    FIRMWARE_IS(_nx_secure_x509_distinguished_name_compare(
                    &cert->nx_secure_x509_issuer,
                    &root.nx_secure_x509_distinguished_name,
                    NX_SECURE_X509_NAME_ALL_FIELDS),
                0);
    FIRMWARE_OK(_nx_secure_x509_expiration_check(cert, NOW));
    FIRMWARE_OK(nx_secure_x509_key_usage_extension_parse(cert, &usage));
    FIRMWARE_TRUE(usage & NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE);
    FIRMWARE_OK(nx_secure_x509_extended_key_usage_extension_parse(
        cert, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH));
    return is_name(&cert->nx_secure_x509_distinguished_name, wanted)
               ? NX_SUCCESS
               : NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH;
}

static ULONG now(VOID)
{
    return NOW;
}

VOID firmware(VOID)
{
    NX_SECURE_TLS_SESSION *tls = &client.session.nx_secure_dtls_tls_session;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_certificate(&identity, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_local_certificate_add(&server.server,
                                                            &identity, 1));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(&client.session,
                                                               &root, 1));
    FIRMWARE_OK(nx_secure_tls_session_time_function_set(tls, now));
    FIRMWARE_OK(nx_secure_tls_session_certificate_callback_set(tls, look));
    wanted = "somebody else";
    FIRMWARE_IS(firmware_client_connect(&client, 2),
                NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
    FIRMWARE_OK(nx_secure_dtls_session_reset(&client.session));
    wanted = "rsa";
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    FIRMWARE_IS(looks, 2);
    FIRMWARE_IS(
        tls->nx_secure_tls_session_ciphersuite->nx_secure_tls_ciphersuite,
        TLS_RSA_WITH_AES_128_GCM_SHA256);
    firmware_client_echo(&client, "hello");
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
