/* SPDX-License-Identifier: MIT */
/* A server that asks its clients for certificates, checks them against a CRL
 * in the certificate callback, and keeps what the last client showed. */
#include "nx_api.h"
#include "nx_secure_tls_api.h"
#include "nx_secure_dtls_api.h"
#include "nx_secure_x509.h"
#include "firmware.h"

#define SESSIONS 2
#define CERTS_PER_SESSION 3
#define CERT_SIZE (sizeof(NX_SECURE_X509_CERT) + 2000)

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static NX_SECURE_DTLS_SERVER server;
static UCHAR sessions[SESSIONS * sizeof(NX_SECURE_DTLS_SESSION)];
static UCHAR metadata[SESSIONS * 16000];
static UCHAR buffer[SESSIONS * 4000];
static UCHAR certs[SESSIONS * CERTS_PER_SESSION * CERT_SIZE];
static NX_SECURE_X509_CERT server_cert, root, good, revoked, stranger;
static UCHAR *crl;
static UINT crl_length;
static UINT last_error, checks;
static UCHAR last_serial[32];
static USHORT last_serial_length;
static CHAR last_name[NX_SECURE_X509_DNS_NAME_MAX + 1];

static ULONG now(VOID)
{
    return 1700000000;
}

/* Keeps name and serial number, and looks into the CRL. */
static ULONG check_client(NX_SECURE_TLS_SESSION *session,
                          NX_SECURE_X509_CERT *certificate)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
    NX_SECURE_X509_DISTINGUISHED_NAME *name =
        &certificate->nx_secure_x509_distinguished_name;

    checks++;
    FIRMWARE_IS(session->nx_secure_tls_socket_type,
                NX_SECURE_TLS_SESSION_TYPE_SERVER);
    last_serial_length = certificate->nx_secure_x509_serial_number_length;
    FIRMWARE_TRUE(last_serial_length <= sizeof(last_serial));
    memcpy(last_serial, certificate->nx_secure_x509_serial_number,
           last_serial_length);
    memcpy(last_name, name->nx_secure_x509_common_name,
           name->nx_secure_x509_common_name_length);
    last_name[name->nx_secure_x509_common_name_length] = 0;
    return nx_secure_x509_crl_revocation_check(crl, crl_length, store,
                                               certificate);
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;

    NX_PARAMETER_NOT_USED(ip);
    NX_PARAMETER_NOT_USED(port);
    nx_secure_tls_session_time_function_set(tls, now);
    nx_secure_tls_session_certificate_callback_set(tls, check_client);
    return nx_secure_dtls_server_session_start(session, NX_WAIT_FOREVER);
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    NX_PARAMETER_NOT_USED(session);
    last_error = error_code;
    return NX_SUCCESS;
}

static VOID start_server(VOID)
{
    NX_SECURE_X509_CERT *found = NX_NULL;
    UINT location = 0;

    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server, &host.ip, FIRMWARE_PORT, NX_IP_PERIODIC_RATE, sessions,
        sizeof(sessions), &nx_crypto_tls_ciphers_ecc, metadata,
        sizeof(metadata), buffer, sizeof(buffer), on_connect,
        firmware_server_echo));
    FIRMWARE_OK(nx_secure_dtls_server_notify_set(&server, NX_NULL, on_error));
    FIRMWARE_OK(nx_secure_dtls_server_ecc_initialize(
        &server, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(
        nx_secure_dtls_server_local_certificate_add(&server, &server_cert, 1));
    FIRMWARE_OK(
        nx_secure_dtls_server_trusted_certificate_add(&server, &root, 2));
    FIRMWARE_OK(nx_secure_dtls_server_x509_client_verify_configure(
        &server, CERTS_PER_SESSION, certs, sizeof(certs)));
    FIRMWARE_OK(_nx_secure_x509_store_certificate_find(
        &server.nx_dtls_server_sessions[0]
             .nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store,
        NX_NULL, 2, &found, &location));
    FIRMWARE_TRUE(found == &root);
    FIRMWARE_IS(location, NX_SECURE_X509_CERT_LOCATION_TRUSTED);
    FIRMWARE_OK(nx_secure_dtls_server_start(&server));
}

/* Connects with a certificate, or without one, and returns the status. */
static UINT try_with(NX_SECURE_X509_CERT *certificate)
{
    UINT status;

    last_error = 0;
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers_ecc);
    FIRMWARE_OK(nx_secure_dtls_ecc_initialize(
        &client.session, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(&client.session,
                                                               &root, 1));
    if (certificate != NX_NULL) {
        FIRMWARE_OK(nx_secure_dtls_session_local_certificate_add(
            &client.session, certificate, 2));
    }
    status = firmware_client_connect(&client, 2);
    if (status == NX_SUCCESS) {
        firmware_client_echo(&client, "authenticated");
    }
    firmware_client_delete(&client);
    tx_thread_sleep(NX_IP_PERIODIC_RATE);
    return status;
}

VOID firmware(VOID)
{
    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    crl = firmware_file("root.crl", &crl_length);
    firmware_certificate(&server_cert, "ec.der", "ec.key.der",
                         NX_SECURE_X509_KEY_TYPE_EC_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_certificate(&good, "client-rsa.der", "client-rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&revoked, "revoked-client.der",
                         "revoked-client.key.der",
                         NX_SECURE_X509_KEY_TYPE_EC_DER);
    start_server();

    FIRMWARE_OK(try_with(&good));
    FIRMWARE_TRUE(strcmp(last_name, "client-rsa") == 0);
    FIRMWARE_IS(last_serial_length, good.nx_secure_x509_serial_number_length);
    FIRMWARE_TRUE(memcmp(last_serial, good.nx_secure_x509_serial_number,
                         last_serial_length) == 0);
    FIRMWARE_IS(last_error, 0);

    FIRMWARE_IS(try_with(&revoked), NX_SECURE_TLS_ALERT_RECEIVED);
    FIRMWARE_IS(last_error, NX_SECURE_X509_CRL_CERTIFICATE_REVOKED);
    FIRMWARE_IS(checks, 2);

    FIRMWARE_IS(try_with(NX_NULL), NX_SECURE_TLS_ALERT_RECEIVED);
    FIRMWARE_IS(last_error, NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED);
    firmware_certificate(&stranger, "other-client.der", "other-client.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    FIRMWARE_IS(try_with(&stranger), NX_SECURE_TLS_ALERT_RECEIVED);
    FIRMWARE_IS(last_error, NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    FIRMWARE_IS(checks, 2);

    /* Another policy, without a restart of the device. */
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server));
    FIRMWARE_OK(nx_secure_dtls_server_x509_client_verify_disable(&server));
    FIRMWARE_OK(nx_secure_dtls_server_trusted_certificate_remove(
        &server, NX_NULL, 0, 2));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server));
    FIRMWARE_OK(try_with(NX_NULL));
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server));
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
