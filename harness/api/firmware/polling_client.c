/* SPDX-License-Identifier: MIT */
/* A super-loop client: it never waits for data, but looks for it once in each
 * round of its loop, beside its other work.  The server has a certificate. */
#include "nx_api.h"
#include "nx_secure_tls_api.h"
#include "nx_secure_dtls_api.h"
#include "nx_udp.h"
#include "firmware.h"

#define REPORTS 5

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

static FIRMWARE_NODE device, host;
static NX_UDP_SOCKET socket_of_device;
static NX_SECURE_DTLS_SESSION client, slots[2];
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_X509_CERT identity, root;
static ALIGN_TYPE client_metadata[FIRMWARE_METADATA / sizeof(ALIGN_TYPE)];
static ALIGN_TYPE server_metadata[2 * FIRMWARE_METADATA / sizeof(ALIGN_TYPE)];
static UCHAR client_reassembly[FIRMWARE_REASSEMBLY];
static UCHAR server_reassembly[2 * FIRMWARE_REASSEMBLY];
static ALIGN_TYPE remote_certificates[2 *
                                      (sizeof(NX_SECURE_X509_CERT) + 2000) /
                                      sizeof(ALIGN_TYPE)];
static TX_THREAD server_thread;
static TX_SEMAPHORE connected;
static NX_SECURE_DTLS_SESSION *session_of_server;
static CHAR name[] = "polling";

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    FIRMWARE_IS(ip->nxd_ip_address.v4, IP_ADDRESS(10, 0, 0, 1));
    NX_PARAMETER_NOT_USED(port);
    session_of_server = session;
    return tx_semaphore_put(&connected);
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PARAMETER_NOT_USED(session);
    return NX_SUCCESS;
}

/* Reports come slowly, so that most rounds of the loop find nothing. */
static VOID serve(ULONG input)
{
    UINT i;

    NX_PARAMETER_NOT_USED(input);
    tx_semaphore_get(&connected, TX_WAIT_FOREVER);
    FIRMWARE_OK(nx_secure_dtls_server_session_start(session_of_server, 500));
    for (i = 0; i < REPORTS; i++) {
        tx_thread_sleep(25);
        firmware_send(&host, session_of_server, "report");
    }
}

static VOID start_server(VOID)
{
    FIRMWARE_OK(tx_semaphore_create(&connected, name, 0));
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server, &host.ip, FIRMWARE_PORT, 500, slots, sizeof slots,
        &nx_crypto_tls_ciphers_ecc, server_metadata, sizeof server_metadata,
        server_reassembly, sizeof server_reassembly, on_connect, on_receive));
    FIRMWARE_OK(nx_secure_dtls_server_ecc_initialize(
        &server, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    firmware_certificate(&identity, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    FIRMWARE_OK(
        nx_secure_dtls_server_local_certificate_add(&server, &identity, 1));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server));
    firmware_thread(&server_thread, serve);
}

static VOID start_client(VOID)
{
    NXD_ADDRESS address = firmware_address(2);

    firmware_socket_open(&device, &socket_of_device, NX_ANY_PORT);
    FIRMWARE_OK(nx_secure_dtls_session_create(
        &client, &nx_crypto_tls_ciphers_ecc, client_metadata,
        sizeof client_metadata, client_reassembly, sizeof client_reassembly, 2,
        (UCHAR *)remote_certificates, sizeof remote_certificates));
    FIRMWARE_OK(nx_secure_dtls_ecc_initialize(
        &client, nx_crypto_ecc_supported_groups,
        (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves));
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    FIRMWARE_OK(
        nx_secure_dtls_session_trusted_certificate_add(&client, &root, 1));
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &client, &socket_of_device, &address, FIRMWARE_PORT, 500));
}

VOID firmware(VOID)
{
    UINT rounds = 0;
    UINT reports = 0;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    start_server();
    start_client();
    while (reports < REPORTS && rounds < 1000) {
        NX_PACKET *packet = NX_NULL;
        UINT status =
            nx_secure_dtls_session_receive(&client, &packet, NX_NO_WAIT);

        if (status == NX_SUCCESS) {
            reports++;
            FIRMWARE_IS(packet->nx_packet_length, 6);
            FIRMWARE_OK(nx_packet_release(packet));
        } else {
            FIRMWARE_IS(status, NX_NO_PACKET);
        }
        rounds++;
        tx_thread_sleep(2); /* the other work */
    }
    FIRMWARE_IS(reports, REPORTS);
    FIRMWARE_TRUE(rounds > 40);
    FIRMWARE_OK(nx_secure_dtls_session_end(&client, 100));
    FIRMWARE_OK(nx_secure_dtls_session_delete(&client));
    firmware_socket_close(&socket_of_device);
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server));
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
