/* SPDX-License-Identifier: MIT */
/* A device that pings its server before it connects, learns of a broken link
 * by the notification, and connects again once the link is back. */
#include "nx_api.h"
#include "nx_icmp.h"
#include "nx_ip.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define LINK_DOWN 1u
#define LINK_UP 2u

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static TX_EVENT_FLAGS_GROUP events;
static UCHAR key[] = {0x15, 0x26, 0x37, 0x48};
static UCHAR identity[] = "device";
static CHAR name[] = "link";
static CHAR data[] = "are you there?";

static VOID on_link(NX_IP *ip_ptr, UINT interface_index, UINT link_up)
{
    FIRMWARE_TRUE(ip_ptr == &device.ip);
    FIRMWARE_IS(interface_index, 0);
    tx_event_flags_set(&events, link_up ? LINK_UP : LINK_DOWN, TX_OR);
}

static VOID expect_ping(UINT status)
{
    NX_PACKET *response = NX_NULL;

    FIRMWARE_IS(nx_icmp_ping(&device.ip, IP_ADDRESS(10, 0, 0, 2), data,
                             sizeof data, &response, NX_IP_PERIODIC_RATE),
                status);
    if (status == NX_SUCCESS) {
        FIRMWARE_IS(response->nx_packet_length, sizeof data);
        FIRMWARE_OK(nx_packet_release(response));
        FIRMWARE_TRUE(response == NX_NULL);
    }
}

static VOID await(ULONG event)
{
    ULONG actual = 0;

    FIRMWARE_IS(tx_event_flags_get(&events, event, TX_OR_CLEAR, &actual, 100),
                TX_SUCCESS);
}

VOID firmware(VOID)
{
    ULONG value;
    ULONG mtu;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    FIRMWARE_IS(tx_event_flags_create(&events, name), TX_SUCCESS);
    FIRMWARE_OK(nx_icmp_enable(&device.ip));
    FIRMWARE_OK(nx_icmp_enable(&host.ip));
    FIRMWARE_OK(nx_ip_link_status_change_notify_set(&device.ip, on_link));
    FIRMWARE_OK(nx_ip_interface_info_get(&device.ip, 0, NX_NULL, NX_NULL,
                                         NX_NULL, &mtu, NX_NULL, NX_NULL));
    FIRMWARE_IS(mtu, device.ip.nx_ip_driver_mtu);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof key,
                                              identity, 6, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, key, sizeof key,
                                       identity, 6, NX_NULL, 0));
    expect_ping(NX_SUCCESS);
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    firmware_client_echo(&client, "before");
    FIRMWARE_OK(
        nx_ip_driver_direct_command(&device.ip, NX_LINK_DISABLE, &value));
    await(LINK_DOWN);
    expect_ping(NX_NO_RESPONSE);
    FIRMWARE_OK(nx_secure_dtls_session_reset(&client.session));
    FIRMWARE_OK(
        nx_ip_driver_direct_command(&device.ip, NX_LINK_ENABLE, &value));
    await(LINK_UP);
    expect_ping(NX_SUCCESS);
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    firmware_client_echo(&client, "after");
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
