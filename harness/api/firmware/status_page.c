/* SPDX-License-Identifier: MIT */
/* A device with a status page: ping, addresses, interfaces, gateway, counters
 * of IP, UDP, ARP, ICMP and of every ThreadX object; its address changes while
 * it runs. */
#include "tx_api.h"
#include "tx_thread.h"
#include "nx_api.h"
#include "nx_arp.h"
#include "nx_icmpv4.h"
#include "nx_ip.h"
#include "nx_udp.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static UCHAR key[] = {0x31, 0x32, 0x33, 0x34};
static UCHAR id[] = "panel";
static CHAR ping_data[] = "0123456789";
static UINT address_changes;
static CHAR page[2048];
static UINT page_length;

static VOID on_address(NX_IP *ip_ptr, VOID *additional_info)
{
    UINT *counter = (UINT *)additional_info;

    FIRMWARE_TRUE(ip_ptr == &device.ip);
    (*counter)++;
}

static VOID print_number(const CHAR *what, ULONG value)
{
    CHAR digits[12];
    UINT n = _nx_utility_uint_to_string(value, 10, digits, sizeof(digits));
    UINT length = 0;

    FIRMWARE_TRUE(n > 0);
    FIRMWARE_OK(_nx_utility_string_length_check(digits, &length,
                                                NX_MAX_STRING_LENGTH));
    FIRMWARE_IS(length, n);
    page_length +=
        (UINT)snprintf(page + page_length, sizeof(page) - page_length,
                       "%s=%s\n", what, digits);
}

static VOID show_addresses(VOID)
{
    CHAR *interface_name = NX_NULL;
    ULONG address, mask, mtu, msw, lsw, gateway;
    ULONG status = 0;

    FIRMWARE_OK(nx_ip_status_check(&device.ip, NX_IP_INITIALIZE_DONE, &status,
                                   NX_IP_PERIODIC_RATE));
    FIRMWARE_OK(nx_ip_interface_status_check(&device.ip, 0, NX_IP_LINK_ENABLED,
                                             &status, NX_NO_WAIT));
    FIRMWARE_OK(nx_ip_address_get(&device.ip, &address, &mask));
    FIRMWARE_IS(address, IP_ADDRESS(10, 0, 0, 1));
    FIRMWARE_OK(nx_ip_interface_address_get(&device.ip, 0, &address, &mask));
    FIRMWARE_IS(mask, 0xFFFFFF00);
    FIRMWARE_OK(nx_ip_interface_info_get(&device.ip, 0, &interface_name,
                                         &address, &mask, &mtu, &msw, &lsw));
    FIRMWARE_OK(
        nx_ip_interface_physical_address_get(&device.ip, 0, &address, &mask));
    FIRMWARE_IS(address, msw);
    FIRMWARE_IS(mask, lsw);
    print_number("mtu", mtu);
    FIRMWARE_IS(nx_ip_interface_address_get(&device.ip, NX_MAX_IP_INTERFACES,
                                            &address, &mask),
                NX_INVALID_INTERFACE);
    FIRMWARE_IS(nx_ip_gateway_address_get(&device.ip, &gateway), NX_NOT_FOUND);
    FIRMWARE_OK(
        nx_ip_gateway_address_set(&device.ip, IP_ADDRESS(10, 0, 0, 254)));
    FIRMWARE_OK(nx_ip_gateway_address_get(&device.ip, &gateway));
    FIRMWARE_IS(gateway, IP_ADDRESS(10, 0, 0, 254));
    FIRMWARE_OK(nx_ip_gateway_address_clear(&device.ip));
}

static VOID show_neighbours(VOID)
{
    ULONG msw = 0;
    ULONG lsw = 0;
    ULONG address = 0;
    ULONG requests, responses, entries;

    FIRMWARE_OK(nx_arp_hardware_address_find(
        &device.ip, IP_ADDRESS(10, 0, 0, 2), &msw, &lsw));
    FIRMWARE_IS(msw, host.ip.nx_ip_arp_physical_address_msw);
    FIRMWARE_IS(lsw, host.ip.nx_ip_arp_physical_address_lsw);
    FIRMWARE_OK(nx_arp_ip_address_find(&device.ip, &address, msw, lsw));
    FIRMWARE_IS(address, IP_ADDRESS(10, 0, 0, 2));
    FIRMWARE_OK(nx_arp_info_get(&device.ip, &requests, NX_NULL, NX_NULL,
                                &responses, &entries, NX_NULL, NX_NULL,
                                NX_NULL));
    print_number("arp.requests", requests);
    print_number("arp.responses", responses);
    FIRMWARE_OK(nx_arp_dynamic_entries_invalidate(&device.ip));
    FIRMWARE_OK(nx_arp_static_entry_create(
        &device.ip, IP_ADDRESS(10, 0, 0, 77), 0x0011, 0x22334455));
    FIRMWARE_OK(nx_arp_hardware_address_find(
        &device.ip, IP_ADDRESS(10, 0, 0, 77), &msw, &lsw));
    FIRMWARE_IS(lsw, 0x22334455);
    FIRMWARE_OK(nx_arp_static_entries_delete(&device.ip));
    FIRMWARE_IS(nx_arp_hardware_address_find(
                    &device.ip, IP_ADDRESS(10, 0, 0, 77), &msw, &lsw),
                NX_ENTRY_NOT_FOUND);
    FIRMWARE_OK(nx_arp_gratuitous_send(&device.ip, NX_NULL));
}

static VOID show_traffic(VOID)
{
    ULONG sent, received, bytes, dropped, pings, timeouts, responses;

    FIRMWARE_OK(nx_ip_info_get(&device.ip, &sent, &bytes, &received, NX_NULL,
                               NX_NULL, &dropped, NX_NULL, NX_NULL, NX_NULL,
                               NX_NULL));
    FIRMWARE_TRUE(sent > 0 && received > 0 && bytes > 0);
    print_number("ip.sent", sent);
    print_number("ip.dropped", dropped);
    FIRMWARE_OK(nx_udp_info_get(&device.ip, &sent, &bytes, &received, NX_NULL,
                                NX_NULL, NX_NULL, NX_NULL));
    FIRMWARE_TRUE(sent > 0 && received > 0);
    print_number("udp.sent", sent);
    FIRMWARE_OK(nx_udp_socket_info_get(&client.socket, &sent, NX_NULL,
                                       &received, NX_NULL, NX_NULL, &dropped,
                                       NX_NULL));
    print_number("socket.sent", sent);
    FIRMWARE_OK(nx_icmp_info_get(&device.ip, &pings, &timeouts, NX_NULL,
                                 &responses, NX_NULL, NX_NULL));
    FIRMWARE_IS(pings, 2);
    FIRMWARE_IS(timeouts, 1);
    FIRMWARE_IS(responses, 1);
}

static VOID show_objects(VOID)
{
    CHAR *thread_name;
    UINT state, priority, threshold;
    ULONG runs, slice, total, free_packets, empty, invalid;
    TX_THREAD *next;

    FIRMWARE_IS(tx_thread_info_get(tx_thread_identify(), &thread_name, &state,
                                   &runs, &priority, &threshold, &slice, &next,
                                   TX_NULL),
                TX_SUCCESS);
    FIRMWARE_IS(state, TX_READY);
    FIRMWARE_IS(priority, 8);
    print_number("thread.runs", runs);
    FIRMWARE_OK(nx_packet_pool_info_get(&device.pool, &total, &free_packets,
                                        &empty, NX_NULL, &invalid));
    FIRMWARE_IS(total, free_packets);
    FIRMWARE_IS(empty, 0);
    FIRMWARE_IS(invalid, 0);
}

static VOID ping(ULONG address, UINT status)
{
    NX_PACKET *response = NX_NULL;

    FIRMWARE_IS(nx_icmp_ping(&device.ip, address, ping_data, sizeof(ping_data),
                             &response, NX_IP_PERIODIC_RATE),
                status);
    if (status == NX_SUCCESS) {
        FIRMWARE_TRUE(memcmp(response->nx_packet_prepend_ptr, ping_data,
                             sizeof(ping_data)) == 0);
        nx_packet_release(response);
    }
}

static VOID connect_and_talk(VOID)
{
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, key, sizeof(key), id,
                                       5, NX_NULL, 0));
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    firmware_client_echo(&client, "status");
}

VOID firmware(VOID)
{
    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    FIRMWARE_OK(nx_icmp_enable(&device.ip));
    FIRMWARE_OK(nx_icmp_enable(&host.ip));
    FIRMWARE_OK(
        nx_ip_address_change_notify(&device.ip, on_address, &address_changes));
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof(key),
                                              id, 5, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    ping(IP_ADDRESS(10, 0, 0, 2), NX_SUCCESS);
    ping(IP_ADDRESS(10, 0, 0, 99), NX_NO_RESPONSE);
    connect_and_talk();
    show_addresses();
    show_neighbours();
    show_traffic();
    show_objects();
    FIRMWARE_TRUE(strstr(page, "mtu=1500\n") != NX_NULL);
    FIRMWARE_TRUE(strstr(page, "udp.sent=") != NX_NULL);
    firmware_client_delete(&client);

    /* The network gives the device another address. */
    FIRMWARE_OK(nx_ip_interface_address_set(
        &device.ip, 0, IP_ADDRESS(10, 0, 0, 3), 0xFFFFFF00));
    FIRMWARE_IS(address_changes, 1);
    connect_and_talk();
    FIRMWARE_IS(
        server.slots[0].nx_secure_dtls_remote_ip_address.nxd_ip_address.v4,
        IP_ADDRESS(10, 0, 0, 3));
    firmware_client_delete(&client);
    FIRMWARE_OK(nx_ip_address_change_notify(&device.ip, NX_NULL, NX_NULL));
    FIRMWARE_OK(
        nx_ip_address_set(&device.ip, IP_ADDRESS(10, 0, 0, 1), 0xFFFFFF00));
    FIRMWARE_IS(address_changes, 1);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
