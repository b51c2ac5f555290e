/* SPDX-License-Identifier: MIT */
/* A server with two names, each with a certificate of its own, which it
 * chooses by the name that the client asks for; a client that asks for one,
 * checks the certificate's names and dates itself, and prints who it is. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "nx_secure_x509.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_SECURE_X509_CERT hosts[2], root;
static NX_SECURE_X509_DNS_NAME wanted;
static const char *const names[] = {"localhost", "elsewhere.example"};
static UINT named, unnamed, judged;
static ULONG now;

static ULONG real_time(VOID)
{
    return now;
}

/* The server's choice. */
static ULONG on_client_hello(NX_SECURE_TLS_SESSION *session,
                             NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                             UINT num_extensions)
{
    NX_SECURE_X509_DNS_NAME name;
    UINT status = nx_secure_tls_session_sni_extension_parse(
        session, extensions, num_extensions, &name);
    UINT i;

    if (status == NX_SECURE_TLS_EXTENSION_NOT_FOUND) {
        unnamed++;
        return NX_SUCCESS;
    }
    FIRMWARE_OK(status);
    for (i = 0; i < 2; i++) {
        if (strlen(names[i]) == name.nx_secure_x509_dns_name_length &&
            memcmp(names[i], name.nx_secure_x509_dns_name,
                   name.nx_secure_x509_dns_name_length) == 0) {
            named++;
            return nx_secure_tls_active_certificate_set(session, &hosts[i]);
        }
    }
    return NX_SECURE_TLS_SNI_EXTENSION_INVALID;
}

/* The client's own look. */
static ULONG on_certificate(NX_SECURE_TLS_SESSION *session,
                            NX_SECURE_X509_CERT *certificate)
{
    NX_SECURE_X509_DISTINGUISHED_NAME *who =
        &certificate->nx_secure_x509_distinguished_name;
    USHORT usage = 0;

    NX_PARAMETER_NOT_USED(session);
    judged++;
    printf("%.*s of %.*s\n", (int)who->nx_secure_x509_common_name_length,
           (const char *)who->nx_secure_x509_common_name,
           (int)who->nx_secure_x509_organization_length,
           (const char *)who->nx_secure_x509_organization);
    FIRMWARE_OK(nx_secure_x509_key_usage_extension_parse(certificate, &usage));
    FIRMWARE_TRUE((usage & NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE) != 0);
    FIRMWARE_OK(nx_secure_x509_extended_key_usage_extension_parse(
        certificate, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH));
    FIRMWARE_OK(_nx_secure_x509_expiration_check(certificate, now));
    return nx_secure_x509_common_name_dns_check(
        certificate, wanted.nx_secure_x509_dns_name,
        wanted.nx_secure_x509_dns_name_length);
}

static VOID create(VOID)
{
    UINT i;

    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_certificate(&hosts[0], "ec.der", "ec.key.der",
                         NX_SECURE_X509_KEY_TYPE_EC_DER);
    firmware_certificate(&hosts[1], "wrong-host.der", "wrong-host.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers_ecc,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_ecc_initialize(
        &server.server, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    for (i = 0; i < 2; i++) {
        FIRMWARE_OK(nx_secure_dtls_server_local_certificate_add(
            &server.server, &hosts[i], i + 1));
    }
    for (i = 0; i < 3; i++) {
        FIRMWARE_OK(nx_secure_tls_session_server_callback_set(
            &server.slots[i].nx_secure_dtls_tls_session, on_client_hello));
    }
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers_ecc);
    FIRMWARE_OK(nx_secure_dtls_ecc_initialize(
        &client.session, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    FIRMWARE_OK(nx_secure_dtls_session_trusted_certificate_add(&client.session,
                                                               &root, 1));
}

/* Asks for one name and looks for another. */
static UINT connect(const char *asked, const char *looked_for)
{
    NX_SECURE_TLS_SESSION *tls = &client.session.nx_secure_dtls_tls_session;
    static NX_SECURE_X509_DNS_NAME name;
    UINT status;

    FIRMWARE_OK(nx_secure_dtls_session_reset(&client.session));
    FIRMWARE_OK(nx_secure_tls_session_time_function_set(tls, real_time));
    FIRMWARE_OK(
        nx_secure_tls_session_certificate_callback_set(tls, on_certificate));
    FIRMWARE_OK(nx_secure_x509_dns_name_initialize(&name, (const UCHAR *)asked,
                                                   (USHORT)strlen(asked)));
    FIRMWARE_OK(nx_secure_x509_dns_name_initialize(
        &wanted, (const UCHAR *)looked_for, (USHORT)strlen(looked_for)));
    FIRMWARE_OK(nx_secure_tls_session_sni_extension_set(tls, &name));
    status = firmware_client_connect(&client, 2);
    if (status == NX_SUCCESS) {
        firmware_client_echo(&client, asked);
        FIRMWARE_OK(nx_secure_dtls_session_end(&client.session, 100));
    }
    tx_thread_sleep(NX_IP_PERIODIC_RATE);
    return status;
}

VOID firmware(VOID)
{
    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    now = 1800000000u; /* 2027 */
    create();
    FIRMWARE_OK(connect(names[0], names[0]));
    FIRMWARE_OK(connect(names[1], names[1]));
    FIRMWARE_IS(judged, 2);
    FIRMWARE_IS(connect(names[0], names[1]),
                NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
    FIRMWARE_TRUE(connect("nobody.example", names[0]) != NX_SUCCESS);
    now = 0xF0000000u; /* 2097 */
    FIRMWARE_TRUE(connect(names[0], names[0]) != NX_SUCCESS);
    now = 1800000000u;
    FIRMWARE_OK(connect(names[1], names[1]));
    FIRMWARE_IS(named, 5);
    FIRMWARE_IS(unnamed, 0);
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
