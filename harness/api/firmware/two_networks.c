/* SPDX-License-Identifier: MIT */
/* A bridge with an IP instance in each of two networks: what comes in on the
 * one, as a DTLS server, goes out on the other, as a DTLS client. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE field, inner, outer, centre;
static FIRMWARE_CLIENT sensor, uplink;
static FIRMWARE_SERVER bridge, cloud;
static UCHAR key[] = {0x41, 0x52, 0x63, 0x74};
static UCHAR identity[] = "bridge";
static TX_QUEUE readings;
static ULONG queue_memory[16 * TX_1_ULONG];
static CHAR name[] = "bridge";
static UINT at_cloud;

static UINT to_queue(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    ULONG reading = 0;
    ULONG copied;

    if (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) !=
        NX_SUCCESS) {
        return nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
    FIRMWARE_OK(nx_packet_data_extract_offset(packet, 0, &reading,
                                              sizeof reading, &copied));
    FIRMWARE_OK(nx_packet_release(packet));
    return tx_queue_send(&readings, &reading, TX_NO_WAIT);
}

static UINT count(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;

    if (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) !=
        NX_SUCCESS) {
        return nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
    at_cloud++;
    return nx_packet_release(packet);
}

static VOID add_keys(FIRMWARE_SERVER *server, FIRMWARE_CLIENT *client)
{
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server->server, key, sizeof key,
                                              identity, 6, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client->session, key, sizeof key,
                                       identity, 6, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server->server));
}

static VOID forward(VOID)
{
    ULONG reading;
    char text[5] = {0};

    while (tx_queue_receive(&readings, &reading, 20) == TX_SUCCESS) {
        memcpy(text, &reading, 4);
        firmware_send(&outer, &uplink.session, text);
    }
    tx_thread_sleep(5);
}

VOID firmware(VOID)
{
    FIRMWARE_IS(tx_queue_create(&readings, name, TX_1_ULONG, queue_memory,
                                sizeof queue_memory),
                TX_SUCCESS);
    firmware_node_start(&field, 1);
    firmware_node_start(&inner, 2);
    firmware_node_start(&outer, 3);
    firmware_node_start(&centre, 4);
    firmware_server_create(&bridge, &inner, &nx_crypto_tls_ciphers, to_queue);
    firmware_server_create(&cloud, &centre, &nx_crypto_tls_ciphers, count);
    firmware_client_create(&sensor, &field, &nx_crypto_tls_ciphers);
    firmware_client_create(&uplink, &outer, &nx_crypto_tls_ciphers);
    add_keys(&bridge, &sensor);
    add_keys(&cloud, &uplink);
    FIRMWARE_OK(firmware_client_connect(&uplink, 4));
    FIRMWARE_OK(firmware_client_connect(&sensor, 2));
    firmware_send(&field, &sensor.session, "0021");
    firmware_send(&field, &sensor.session, "0022");
    firmware_send(&field, &sensor.session, "0023");
    forward();
    FIRMWARE_IS(at_cloud, 3);
    firmware_client_delete(&sensor);
    firmware_client_delete(&uplink);
    firmware_server_delete(&bridge);
    firmware_server_delete(&cloud);
    firmware_node_stop(&field);
    firmware_node_stop(&inner);
    firmware_node_stop(&outer);
    firmware_node_stop(&centre);
}
