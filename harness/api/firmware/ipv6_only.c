/* SPDX-License-Identifier: MIT */
/* Two nodes that speak IPv6 only: link-local and global addresses, ping, and
 * DTLS from an address that the application chooses among its own. */
#include "nx_api.h"
#include "nx_icmpv6.h"
#include "nx_ipv6.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static UCHAR key[] = {0x51, 0x52, 0x53, 0x54, 0x55};
static UCHAR id[] = "node";
static UINT global_index[3], link_index[3];
static CHAR ping_data[] = "echo";

static NXD_ADDRESS global_address(ULONG n)
{
    NXD_ADDRESS a;

    a.nxd_ip_version = NX_IP_VERSION_V6;
    a.nxd_ip_address.v6[0] = 0x20010db8;
    a.nxd_ip_address.v6[1] = 0x00000007;
    a.nxd_ip_address.v6[2] = 0;
    a.nxd_ip_address.v6[3] = n;
    return a;
}

static VOID start_ipv6(FIRMWARE_NODE *node, UINT n)
{
    NXD_ADDRESS address = global_address(n);
    NXD_ADDRESS back;
    ULONG prefix = 0;
    UINT interface_index = 9;

    FIRMWARE_OK(nxd_ipv6_enable(&node->ip));
    FIRMWARE_IS(nxd_ipv6_enable(&node->ip), NX_ALREADY_ENABLED);
    FIRMWARE_OK(nxd_icmp_enable(&node->ip));
    FIRMWARE_OK(
        nxd_ipv6_address_set(&node->ip, 0, NX_NULL, 10, &link_index[n]));
    FIRMWARE_OK(
        nxd_ipv6_address_set(&node->ip, 0, &address, 64, &global_index[n]));
    FIRMWARE_IS(nxd_ipv6_address_set(&node->ip, 0, &address, 64, NX_NULL),
                NX_DUPLICATED_ENTRY);
    tx_thread_sleep(4 * NX_IP_PERIODIC_RATE); /* duplicate address detection */
    FIRMWARE_OK(nxd_ipv6_address_get(&node->ip, link_index[n], &back, &prefix,
                                     &interface_index));
    FIRMWARE_IS(back.nxd_ip_address.v6[0], 0xFE800000);
    FIRMWARE_IS(prefix, 10);
    FIRMWARE_IS(interface_index, 0);
    FIRMWARE_IS(
        node->ip.nx_ipv6_address[global_index[n]].nxd_ipv6_address_state,
        NX_IPV6_ADDR_STATE_VALID);
}

static VOID ping(VOID)
{
    NXD_ADDRESS address = global_address(2);
    NX_PACKET *response = NX_NULL;

    FIRMWARE_OK(nxd_icmp_ping(&device.ip, &address, ping_data,
                              sizeof(ping_data), &response,
                              NX_IP_PERIODIC_RATE));
    FIRMWARE_IS(response->nx_packet_length, sizeof(ping_data));
    nx_packet_release(response);
    FIRMWARE_OK(nxd_icmp_source_ping(&device.ip, &address, global_index[1],
                                     ping_data, sizeof(ping_data), &response,
                                     NX_IP_PERIODIC_RATE));
    nx_packet_release(response);
    address = global_address(77);
    FIRMWARE_IS(nxd_icmp_ping(&device.ip, &address, ping_data,
                              sizeof(ping_data), &response, 10),
                NX_NO_RESPONSE);
}

VOID firmware(VOID)
{
    NXD_ADDRESS address = global_address(0x11);
    NXD_ADDRESS peer;
    UINT second = 9;
    UINT port = 0;
    UINT local = 0;
    ULONG offset = 0;
    ULONG payload = 0;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    start_ipv6(&device, 1);
    start_ipv6(&host, 2);
    ping();
    FIRMWARE_OK(nxd_ipv6_address_set(&device.ip, 0, &address, 64, &second));
    address = global_address(2);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof(key),
                                              id, 4, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, key, sizeof(key), id,
                                       4, NX_NULL, 0));
    FIRMWARE_IS(client.session.nx_secure_dtls_local_ip_address_index,
                0xFFFFFFFF);
    client.session.nx_secure_dtls_local_ip_address_index =
        NX_MAX_IPV6_ADDRESSES + 1;
    FIRMWARE_IS(nx_secure_dtls_client_session_start(
                    &client.session, &client.socket, &address, FIRMWARE_PORT,
                    5 * NX_IP_PERIODIC_RATE),
                NX_INVALID_INTERFACE);
    client.session.nx_secure_dtls_local_ip_address_index = second;
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &client.session, &client.socket, &address, FIRMWARE_PORT,
        5 * NX_IP_PERIODIC_RATE));
    firmware_client_echo(&client, "over six");
    FIRMWARE_OK(nx_secure_dtls_session_client_info_get(
        &server.server.nx_dtls_server_sessions[0], &peer, &port, &local));
    FIRMWARE_IS(peer.nxd_ip_version, NX_IP_VERSION_V6);
    FIRMWARE_IS(peer.nxd_ip_address.v6[0], 0x20010db8);
    FIRMWARE_IS(peer.nxd_ip_address.v6[3], 0x11);
    FIRMWARE_IS(server.server.nx_dtls_server_sessions[0]
                    .nx_secure_dtls_local_ip_address_index,
                global_index[2]);
    FIRMWARE_OK(nx_secure_dtls_session_reset(&client.session));
    FIRMWARE_IS(client.session.nx_secure_dtls_local_ip_address_index,
                0xFFFFFFFF);
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &client.session, &client.socket, &address, FIRMWARE_PORT,
        5 * NX_IP_PERIODIC_RATE));
    FIRMWARE_IS(client.session.nx_secure_dtls_local_ip_address_index,
                global_index[1]);
    FIRMWARE_OK(nx_ip_max_payload_size_find(&device.ip, &address, 0, 5683,
                                            5683, NX_PROTOCOL_UDP, &offset,
                                            &payload));
    FIRMWARE_IS(payload, 1500 - 40 - 8);
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    FIRMWARE_OK(nxd_ipv6_address_delete(&device.ip, global_index[1]));
    FIRMWARE_IS(nxd_ipv6_address_delete(&device.ip, global_index[1]),
                NX_NO_INTERFACE_ADDRESS);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
