/* SPDX-License-Identifier: MIT */
/* Services of ThreadX and NetX Duo beside those that datagrams need: ping,
 * what is asked of an instance, notifications, what is asked of objects. */
#include "../unit/port/net_kit.h"

#define A NET_A
#define B NET_B
#define NOWHERE IP_ADDRESS(10, 1, 2, 9)

static CHAR name[] = "object";
static UINT calls;

static VOID start_pair(VOID)
{
    calls = 0;
    net_start_pair(_nx_ram_network_driver_1500, _nx_ram_network_driver_1500);
}

static VOID end_pair(VOID)
{
    net_finish_pair();
    nxdtls_port_stop();
}

static VOID expect_response(NX_PACKET *packet, const char *text)
{
    expect(packet != NULL);
    if (packet != NULL) {
        expect(packet->nx_packet_length == strlen(text) &&
               memcmp(packet->nx_packet_prepend_ptr, text, strlen(text)) == 0);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static CHAR text[] = "ABCDEFGH";

static VOID ping_body(ULONG input)
{
    NXD_ADDRESS to = net_v6(0x20010db8, 0xb2);
    NX_PACKET *packet = NULL;
    ULONG sent = 0, timeouts = 0, answered = 0;
    ULONG before;

    (void)input;
    start_pair();
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 8, &packet, 100),
              NX_NOT_ENABLED);
    expect_eq(nx_icmp_enable(&net_a.ip), NX_SUCCESS);
    before = tx_time_get();
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 8, &packet, 30),
              NX_NO_RESPONSE); /* B does not answer yet */
    expect_eq(tx_time_get() - before, 30);
    expect_eq(nxd_icmp_enable(&net_b.ip), NX_SUCCESS);
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 8, &packet, 30), NX_SUCCESS);
    expect_response(packet, text);
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 8, &packet, NX_NO_WAIT),
              NX_NO_RESPONSE);
    expect_eq(nx_icmp_ping(&net_a.ip, NOWHERE, text, 8, &packet, 10),
              NX_NO_RESPONSE);
    expect_eq(nx_icmp_ping(&net_a.ip, 0, text, 8, &packet, 10),
              NX_IP_ADDRESS_ERROR);
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 60000, &packet, 10),
              NX_OVERFLOW);
    expect_eq(nx_icmp_ping(&net_a.ip, B, text, 8, NULL, 10), NX_PTR_ERROR);
    expect_eq(nxd_icmp_ping(&net_a.ip, &to, text, 8, &packet, 30), NX_SUCCESS);
    expect_response(packet, text);
    expect_eq(nxd_icmp_source_ping(&net_a.ip, &to, 0, text, 0, &packet, 30),
              NX_SUCCESS);
    expect_response(packet, "");
    expect_eq(nxd_icmp_source_ping(&net_a.ip, &to, 2, text, 8, &packet, 30),
              NX_INVALID_INTERFACE);
    expect_eq(nx_icmp_info_get(&net_a.ip, &sent, &timeouts, NULL, &answered,
                               NULL, NULL),
              NX_SUCCESS);
    expect_eq(sent, 7);
    expect_eq(timeouts, 3);
    expect_eq(answered, 3);
    expect_eq(net_b.ip.nx_ip_pings_received, 3);
    end_pair();
}

static void an_instance_answers_ping(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ping_body);
}

static VOID on_address(NX_IP *ip, VOID *info)
{
    expect(ip == &net_a.ip && info == &calls);
    calls++;
}

static ULONG link_is_up;
static UINT link_index = 9;

static VOID on_link(NX_IP *ip, UINT index, UINT up)
{
    expect(ip == &net_b.ip && tx_thread_identify() == &ip->nx_ip_thread);
    link_index = index;
    link_is_up = up;
    calls++;
}

static VOID send_one(VOID)
{
    NX_PACKET *packet = NULL;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, text, 8, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_send(&net_a.socket, packet, B, 2222), NX_SUCCESS);
}

static VOID check_link(VOID)
{
    NX_PACKET *packet = NULL;
    ULONG value = 9;
    ULONG status = 0;

    net_bind_pair();
    expect_eq(nx_ip_link_status_change_notify_set(&net_b.ip, on_link),
              NX_SUCCESS);
    expect_eq(
        nx_ip_driver_direct_command(&net_b.ip, NX_LINK_GET_STATUS, &value),
        NX_SUCCESS);
    expect_eq(value, NX_TRUE);
    expect_eq(
        nx_ip_driver_direct_command(&net_b.ip, NX_LINK_GET_SPEED, &value),
        NX_UNHANDLED_COMMAND);
    calls = 0;
    expect_eq(nx_ip_driver_direct_command(&net_b.ip, NX_LINK_DISABLE, &value),
              NX_SUCCESS);
    expect_eq(calls, 1);
    expect_eq(link_index, 0);
    expect_eq(link_is_up, NX_FALSE);
    expect_eq(nx_ip_status_check(&net_b.ip, NX_IP_LINK_ENABLED, &status, 3),
              NX_NOT_SUCCESSFUL);
    send_one(); /* it is lost */
    expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, 10), NX_NO_PACKET);
    expect_eq(nx_ip_driver_interface_direct_command(&net_b.ip, NX_LINK_ENABLE,
                                                    0, &value),
              NX_SUCCESS);
    expect_eq(calls, 2);
    expect_eq(link_is_up, NX_TRUE);
    send_one();
    expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, 10), NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_ip_driver_interface_direct_command(&net_b.ip, NX_LINK_ENABLE,
                                                    2, &value),
              NX_INVALID_INTERFACE);
}

static VOID check_addresses(VOID)
{
    ULONG address = 0, mask = 0, mtu = 0;
    CHAR *interface_name = NULL;

    expect_eq(nx_ip_address_change_notify(&net_a.ip, on_address, &calls),
              NX_SUCCESS);
    expect_eq(nx_ip_interface_address_get(&net_a.ip, 0, &address, &mask),
              NX_SUCCESS);
    expect_eq(address, A);
    expect_eq(nx_ip_interface_address_get(&net_a.ip, 1, &address, &mask),
              NX_SUCCESS); /* the loopback */
    expect_eq(address, IP_ADDRESS(127, 0, 0, 1));
    expect_eq(nx_ip_interface_address_get(&net_a.ip, 2, &address, &mask),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_address_set(&net_a.ip, 0, NOWHERE, mask),
              NX_SUCCESS);
    expect_eq(calls, 1);
    expect_eq(nx_ip_address_set(&net_a.ip, A, mask), NX_SUCCESS);
    expect_eq(calls, 2);
    expect_eq(nx_ip_address_set(&net_a.ip, A, mask), NX_SUCCESS);
    expect_eq(calls, 2); /* nothing has changed */
    expect_eq(nx_ip_gateway_address_get(&net_a.ip, &address), NX_NOT_FOUND);
    expect_eq(nx_ip_gateway_address_set(&net_a.ip, B), NX_SUCCESS);
    expect_eq(nx_ip_gateway_address_get(&net_a.ip, &address), NX_SUCCESS);
    expect_eq(address, B);
    expect_eq(nx_ip_gateway_address_clear(&net_a.ip), NX_SUCCESS);
    expect_eq(nx_ip_gateway_address_get(&net_a.ip, &address), NX_NOT_FOUND);
    expect_eq(nx_ip_interface_info_get(&net_a.ip, 0, &interface_name, &address,
                                       NULL, &mtu, NULL, NULL),
              NX_SUCCESS);
    expect(interface_name != NULL && strcmp(interface_name, "PRI IF") == 0);
    expect_eq(address, A);
    expect_eq(mtu, 1500);
    expect_eq(nx_ip_interface_attach(&net_a.ip, name, A, mask,
                                     _nx_ram_network_driver_1500),
              NX_DUPLICATED_ENTRY);
    expect_eq(nx_ip_interface_attach(&net_a.ip, name, NOWHERE, mask,
                                     _nx_ram_network_driver_1500),
              NX_NO_MORE_ENTRIES);
}

static VOID queries_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(B);
    ULONG offset = 0, payload = 0, sent = 0, received = 0;
    UINT index;
    ULONG prefix;

    (void)input;
    start_pair();
    check_addresses();
    expect_eq(nx_ip_max_payload_size_find(&net_a.ip, &to, 0, 1111, 2222,
                                          NX_PROTOCOL_UDP, &offset, &payload),
              NX_SUCCESS);
    expect_eq(offset, 44);
    expect_eq(payload, 1472);
    expect_eq(nx_ip_interface_mtu_set(&net_a.ip, 0, 576), NX_SUCCESS);
    expect_eq(nx_ip_max_payload_size_find(&net_a.ip, &to, 0, 1111, 2222,
                                          NX_PROTOCOL_UDP, &offset, &payload),
              NX_SUCCESS);
    expect_eq(payload, 548);
    expect_eq(nx_ip_max_payload_size_find(&net_a.ip, &to, 0, 1111, 2222,
                                          NX_PROTOCOL_TCP, &offset, &payload),
              NX_NOT_SUPPORTED);
    check_link();
    expect_eq(nx_ip_info_get(&net_b.ip, NULL, NULL, &received, NULL, NULL,
                             NULL, NULL, NULL, NULL, NULL),
              NX_SUCCESS);
    expect_eq(received, 1);
    expect_eq(nx_ip_info_get(&net_a.ip, &sent, NULL, NULL, NULL, NULL, NULL,
                             NULL, &offset, NULL, NULL),
              NX_SUCCESS);
    expect_eq(sent, 2);
    expect_eq(offset, 1); /* dropped: the link was down */
    expect_eq(nxd_ipv6_address_delete(&net_a.ip, 0), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_delete(&net_a.ip, 0), NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_get(&net_a.ip, 3, &to, &prefix, &index),
              NX_SUCCESS);
    expect_eq(to.nxd_ip_address.v6[3], 1); /* ::1 */
    expect_eq(nxd_ipv6_disable(&net_a.ip), NX_SUCCESS);
    expect_eq(nxd_ipv6_enable(&net_a.ip), NX_SUCCESS);
    end_pair();
}

static void an_instance_tells_what_it_is(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, queries_body);
}

/* The cache holds two entries; the address of the instance on the wire is
 * known without one. */
static VOID arp_body(ULONG input)
{
    static ULONG cache[2 * sizeof(NX_ARP) / sizeof(ULONG)];
    NX_IP *ip = &net_a.ip;
    ULONG msw = 0, lsw = 0, address = 0, dynamic = 9, lasting = 9;

    (void)input;
    start_pair();
    expect_eq(nx_arp_entry_delete(ip, B), NX_NOT_ENABLED);
    expect_eq(nx_arp_enable(ip, cache, sizeof cache), NX_SUCCESS);
    expect_eq(nx_arp_enable(ip, cache, sizeof cache), NX_ALREADY_ENABLED);
    expect_eq(nx_arp_hardware_address_find(ip, B, &msw, &lsw), NX_SUCCESS);
    expect_eq(msw, net_b.ip.nx_ip_arp_physical_address_msw);
    expect_eq(lsw, net_b.ip.nx_ip_arp_physical_address_lsw);
    expect(lsw != net_a.ip.nx_ip_arp_physical_address_lsw);
    expect_eq(nx_arp_ip_address_find(ip, &address, msw, lsw), NX_SUCCESS);
    expect_eq(address, B);
    expect_eq(nx_arp_hardware_address_find(ip, NOWHERE, &msw, &lsw),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_ip_address_find(ip, &address, 0x23, 0x456789ab),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_dynamic_entry_set(ip, NOWHERE, 0x23, 0x456789ab),
              NX_SUCCESS);
    expect_eq(nx_arp_static_entry_create(ip, B, 0x34, 0x56789abc), NX_SUCCESS);
    expect_eq(nx_arp_dynamic_entry_set(ip, B, 0x45, 0x6789abcd),
              NX_DUPLICATED_ENTRY);
    expect_eq(nx_arp_static_entry_create(ip, A, 0x45, 0x6789abcd),
              NX_NO_MORE_ENTRIES);
    expect_eq(nx_arp_hardware_address_find(ip, B, &msw, &lsw), NX_SUCCESS);
    expect_eq(msw, 0x34);
    expect_eq(lsw, 0x56789abc);
    expect_eq(nx_arp_ip_address_find(ip, &address, 0x23, 0x456789ab),
              NX_SUCCESS);
    expect_eq(address, NOWHERE);
    expect_eq(nx_arp_info_get(ip, NX_NULL, NX_NULL, NX_NULL, NX_NULL, &dynamic,
                              &lasting, NX_NULL, NX_NULL),
              NX_SUCCESS);
    expect_eq(dynamic, 1);
    expect_eq(lasting, 1);
    expect_eq(nx_arp_static_entry_delete(ip, NOWHERE, 0x23, 0x456789ab),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_dynamic_entries_invalidate(ip), NX_SUCCESS);
    expect_eq(nx_arp_entry_delete(ip, NOWHERE), NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_static_entry_delete(ip, B, 0x34, 0x56789abc), NX_SUCCESS);
    expect_eq(nx_arp_static_entry_create(ip, B, 0, 0), NX_INVALID_PARAMETERS);
    expect_eq(nx_arp_static_entry_create(ip, 0, 1, 1), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_arp_static_entry_create(ip, B, 1, 2), NX_SUCCESS);
    expect_eq(nx_arp_static_entries_delete(ip), NX_SUCCESS);
    expect_eq(nx_arp_gratuitous_send(ip, NX_NULL), NX_SUCCESS);
    expect_eq(nx_arp_info_get(NX_NULL, NX_NULL, NX_NULL, NX_NULL, NX_NULL,
                              NX_NULL, NX_NULL, NX_NULL, NX_NULL),
              NX_PTR_ERROR);
    end_pair();
}

static void the_arp_cache_gives_back_what_was_put_in(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, arp_body);
}

/* Calls each service of a kind that NetX refuses unless a switch is set. */
static VOID call_switched_off(NX_IP *ip, NX_PACKET_POOL *pool,
                              NX_UDP_SOCKET *socket, UINT status)
{
    NXD_ADDRESS group = net_v6(0xff020000, 0xfb);
    ULONG flags = 9;

    expect_eq(nx_ip_static_route_add(ip, 0x0a010000, 0xffff0000, 0x0a010203),
              status);
    expect_eq(nx_ip_static_route_delete(ip, 0x0a010000, 0xffff0000), status);
    expect_eq(nx_ip_auxiliary_packet_pool_set(ip, pool), status);
    expect_eq(nx_ip_interface_capability_get(ip, 0, &flags), status);
    expect_eq(flags, 9);
    expect_eq(nx_ip_interface_capability_set(ip, 0, 1), status);
    expect_eq(nx_ip_raw_packet_filter_set(ip, NX_NULL), status);
    expect_eq(nx_packet_pool_low_watermark_set(pool, 3), status);
    expect_eq(nx_udp_socket_vlan_priority_set(socket, 1), status);
    expect_eq(nxd_ipv6_multicast_interface_join(ip, &group, 0), status);
    expect_eq(nxd_ipv6_multicast_interface_leave(ip, &group, 0), status);
    expect_eq(nxd_ipv6_stateless_address_autoconfig_enable(ip, 0), status);
    expect_eq(nxd_ipv6_stateless_address_autoconfig_disable(ip, 0), status);
}

static VOID switched_off_body(ULONG input)
{
    static NX_IP no_ip;
    static NX_PACKET_POOL no_pool;
    static NX_UDP_SOCKET no_socket;
    NX_PACKET *packet;

    (void)input;
    start_pair();
    call_switched_off(&net_a.ip, &net_a.pool, &net_a.socket, NX_NOT_SUPPORTED);
    call_switched_off(NX_NULL, NX_NULL, NX_NULL, NX_PTR_ERROR);
    call_switched_off(&no_ip, &no_pool, &no_socket, NX_PTR_ERROR);
    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_vlan_priority_set(packet, 1), NX_NOT_SUPPORTED);
    expect_eq(nx_packet_vlan_priority_set(NX_NULL, 1), NX_PTR_ERROR);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    end_pair();
}

static void what_a_switch_would_turn_on_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, switched_off_body);
}

static struct {
    UINT calls;
    UINT method;
    UINT interface_index;
    UINT address_index;
    ULONG last_word;
} told;

static VOID on_ipv6_address(NX_IP *ip, UINT method, UINT interface_index,
                            UINT address_index, ULONG *address)
{
    expect(ip == &net_a.ip);
    told.calls++;
    told.method = method;
    told.interface_index = interface_index;
    told.address_index = address_index;
    told.last_word = address[3];
}

static VOID ipv6_notify_body(ULONG input)
{
    NXD_ADDRESS address = net_v6(0x20010db8, 0xc3);
    NX_IP *ip = &net_a.ip;
    ULONG offset = 0, payload = 9;
    UINT index = 9;

    (void)input;
    start_pair();
    expect_eq(nxd_ipv6_address_change_notify(NX_NULL, on_ipv6_address),
              NX_PTR_ERROR);
    expect_eq(nxd_ipv6_disable(ip), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_change_notify(ip, on_ipv6_address),
              NX_NOT_ENABLED);
    expect_eq(nxd_ipv6_enable(ip), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_change_notify(ip, on_ipv6_address), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_set(ip, 0, &address, 64, &index), NX_SUCCESS);
    expect_eq(told.calls, 1);
    expect_eq(told.method, NX_IPV6_ADDRESS_MANUAL_CONFIG);
    expect_eq(told.interface_index, 0);
    expect_eq(told.address_index, index);
    expect_eq(told.last_word, 0xc3);
    expect_eq(nxd_ipv6_address_set(ip, 0, &address, 64, &index),
              NX_DUPLICATED_ENTRY);
    expect_eq(nxd_ipv6_address_set(ip, 0, NX_NULL, 10, NX_NULL), NX_SUCCESS);
    expect_eq(told.calls, 2);
    expect_eq(told.method, NX_IPV6_ADDRESS_BASED_ON_INTERFACE);
    expect_eq(nxd_ipv6_address_delete(ip, index), NX_SUCCESS);
    expect_eq(told.calls, 3);
    expect_eq(told.method, NX_IPV6_ADDRESS_MANUAL_DELETE);
    expect_eq(told.address_index, index);
    expect_eq(told.last_word, 0xc3);
    expect_eq(nxd_ipv6_address_delete(ip, index), NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_change_notify(ip, NX_NULL), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_set(ip, 0, &address, 64, &index), NX_SUCCESS);
    expect_eq(told.calls, 3);

    /* A path that has no room for data. */
    expect_eq(nx_ip_interface_mtu_set(ip, 0, 47), NX_SUCCESS);
    expect_eq(nx_ip_max_payload_size_find(ip, &address, 0, 1, 2,
                                          NX_PROTOCOL_UDP, &offset, &payload),
              NX_SUCCESS);
    expect_eq(payload, 0);
    end_pair();
}

static void an_ipv6_address_that_changes_is_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ipv6_notify_body);
}

#define GROUP IP_ADDRESS(239, 1, 2, 3)

/* B's socket has got `count` datagrams for the group by now. */
static VOID expect_heard(ULONG count)
{
    NX_PACKET *packet;
    ULONG heard = 0;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, text, 8, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_send(&net_a.socket, packet, GROUP, 4433),
              NX_SUCCESS);
    while (nx_udp_socket_receive(&net_b.socket, &packet, 10) == NX_SUCCESS) {
        heard++;
        expect_response(packet, text);
    }
    expect_eq(heard, count);
}

static VOID groups_body(ULONG input)
{
    NX_IP *ip = &net_b.ip;
    ULONG joined = 9;
    ULONG i;

    (void)input;
    start_pair();
    expect_eq(nx_udp_socket_bind(&net_a.socket, 4433, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, 4433, NX_NO_WAIT), NX_SUCCESS);
    expect_heard(0);
    expect_eq(nx_igmp_multicast_join(ip, GROUP), NX_NOT_ENABLED);
    expect_eq(nx_igmp_enable(ip), NX_SUCCESS);
    expect_eq(nx_igmp_enable(ip), NX_ALREADY_ENABLED);
    expect_eq(nx_igmp_multicast_join(ip, A), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_igmp_multicast_interface_join(ip, GROUP,
                                               NX_MAX_PHYSICAL_INTERFACES),
              NX_INVALID_INTERFACE);
    expect_eq(nx_igmp_multicast_join(ip, GROUP), NX_SUCCESS);
    expect_eq(nx_ipv4_multicast_interface_join(ip, GROUP, 0), NX_SUCCESS);
    expect_eq(nx_igmp_info_get(ip, NX_NULL, NX_NULL, NX_NULL, &joined),
              NX_SUCCESS);
    expect_eq(joined, 1);
    expect_heard(1);
    expect_eq(nx_ipv4_multicast_interface_leave(ip, GROUP, 0), NX_SUCCESS);
    expect_heard(0);
    expect_eq(nx_igmp_multicast_interface_leave(ip, GROUP, 0),
              NX_ENTRY_NOT_FOUND);
    for (i = 0; i < NX_MAX_MULTICAST_GROUPS; i++) {
        kit_row("group %u", i);
        expect_eq(nx_igmp_multicast_join(ip, GROUP + i), NX_SUCCESS);
    }
    expect_eq(nx_igmp_multicast_join(ip, GROUP + i), NX_NO_MORE_ENTRIES);

    /* The sender hears itself only if it wants to. */
    expect_eq(nx_igmp_enable(&net_a.ip), NX_SUCCESS);
    expect_eq(nx_igmp_multicast_join(&net_a.ip, GROUP), NX_SUCCESS);
    expect_heard(1);
    expect_eq(net_a.socket.nx_udp_socket_receive_count, 0);
    expect_eq(nx_igmp_loopback_enable(&net_a.ip), NX_SUCCESS);
    expect_heard(1);
    expect_eq(net_a.socket.nx_udp_socket_receive_count, 1);
    expect_eq(nx_igmp_loopback_disable(&net_a.ip), NX_SUCCESS);
    expect_heard(1);
    expect_eq(net_a.socket.nx_udp_socket_receive_count, 1);
    end_pair();
}

static void a_group_is_heard_by_its_members(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, groups_body);
}

static TX_SEMAPHORE semaphore;
static TX_MUTEX mutex;
static TX_QUEUE queue;
static TX_EVENT_FLAGS_GROUP events;
static TX_TIMER timer;
static TX_BLOCK_POOL blocks;
static TX_BYTE_POOL bytes;
static ALIGN_TYPE memory[64];
static ULONG queue_memory[8];

static VOID on_put(TX_SEMAPHORE *s)
{
    expect(s == &semaphore && s->tx_semaphore_count > 0);
    kit_note('p');
}

static VOID on_send(TX_QUEUE *q)
{
    expect(q == &queue && q->tx_queue_enqueued > 0);
    kit_note('s');
}

static VOID on_set(TX_EVENT_FLAGS_GROUP *g)
{
    expect(g == &events);
    kit_note('e');
}

static VOID on_time(ULONG input)
{
    (void)input;
}

static VOID create_all(VOID)
{
    expect_eq(tx_semaphore_create(&semaphore, name, 1), TX_SUCCESS);
    expect_eq(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    expect_eq(tx_queue_create(&queue, name, TX_1_ULONG, queue_memory,
                              sizeof queue_memory),
              TX_SUCCESS);
    expect_eq(tx_event_flags_create(&events, name), TX_SUCCESS);
    expect_eq(
        tx_timer_create(&timer, name, on_time, 0, 50, 20, TX_AUTO_ACTIVATE),
        TX_SUCCESS);
    expect_eq(
        tx_block_pool_create(&blocks, name, 24, memory, sizeof memory / 2),
        TX_SUCCESS);
    expect_eq(
        tx_byte_pool_create(&bytes, name, memory + 32, sizeof memory / 2),
        TX_SUCCESS);
}

static VOID notify_body(ULONG input)
{
    ULONG message = 7;

    (void)input;
    create_all();
    expect_eq(tx_semaphore_put_notify(&semaphore, on_put), TX_SUCCESS);
    expect_eq(tx_queue_send_notify(&queue, on_send), TX_SUCCESS);
    expect_eq(tx_event_flags_set_notify(&events, on_set), TX_SUCCESS);
    expect_eq(tx_semaphore_put(&semaphore), TX_SUCCESS);
    expect_eq(tx_semaphore_ceiling_put(&semaphore, 2), TX_CEILING_EXCEEDED);
    expect_eq(tx_queue_send(&queue, &message, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_queue_front_send(&queue, &message, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_event_flags_set(&events, 5, TX_OR), TX_SUCCESS);
    expect_eq(tx_semaphore_ceiling_put(&semaphore, 9), TX_SUCCESS);
    expect_eq(tx_semaphore_put_notify(&semaphore, TX_NULL), TX_SUCCESS);
    expect_eq(tx_semaphore_put(&semaphore), TX_SUCCESS);
    expect(strcmp(kit_log, "pssep") == 0);
    expect_eq(tx_interrupt_control(TX_INT_DISABLE), TX_INT_ENABLE);
    expect_eq(tx_interrupt_control(TX_INT_ENABLE), TX_INT_DISABLE);
    expect_eq(tx_interrupt_control(TX_INT_ENABLE), TX_INT_ENABLE);
    expect_eq(tx_thread_stack_error_notify(TX_NULL), TX_FEATURE_NOT_ENABLED);
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
    nxdtls_port_stop();
}

static void a_put_a_send_and_a_set_are_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, notify_body);
}

static VOID wait_for_semaphore(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_get(&semaphore, 100), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&semaphore, TX_WAIT_FOREVER), TX_SUCCESS);
}

static VOID info_body(ULONG input)
{
    CHAR *is = NULL;
    TX_THREAD *first = NULL;
    TX_THREAD *owner = NULL;
    TX_THREAD *waiter;
    TX_SEMAPHORE *next = &semaphore;
    ULONG a = 9, b = 9, waiting = 9;
    UINT active = 9;
    VOID *block = NULL;

    (void)input;
    create_all();
    waiter = kit_spawn(wait_for_semaphore, 0, 10);
    expect_eq(
        tx_semaphore_info_get(&semaphore, &is, &a, &first, &waiting, &next),
        TX_SUCCESS);
    expect(is == name && first == waiter && next == TX_NULL);
    expect_eq(a, 0);
    expect_eq(waiting, 1);
    expect_eq(tx_semaphore_info_get(&semaphore, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(
        tx_mutex_info_get(&mutex, &is, &a, &owner, &first, &waiting, NULL),
        TX_SUCCESS);
    expect_eq(a, 2);
    expect(owner == tx_thread_identify() && first == NULL);
    expect_eq(tx_queue_send(&queue, &a, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_queue_info_get(&queue, &is, &a, &b, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(a, 1);
    expect_eq(b, 7);
    expect_eq(tx_event_flags_set(&events, 0x24, TX_OR), TX_SUCCESS);
    expect_eq(tx_event_flags_info_get(&events, &is, &a, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(a, 0x24);
    expect_eq(tx_thread_sleep(30), TX_SUCCESS);
    expect_eq(tx_timer_info_get(&timer, &is, &active, &a, &b, NULL),
              TX_SUCCESS);
    expect_eq(active, TX_TRUE);
    expect_eq(a, 20);
    expect_eq(b, 20);
    expect_eq(tx_timer_deactivate(&timer), TX_SUCCESS);
    expect_eq(tx_timer_info_get(&timer, NULL, &active, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(active, TX_FALSE);
    expect_eq(tx_block_allocate(&blocks, &block, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_block_pool_info_get(&blocks, &is, &a, &b, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(b, 8);
    expect_eq(a, 7);
    expect_eq(tx_byte_pool_info_get(&bytes, &is, &a, &b, NULL, NULL, NULL),
              TX_SUCCESS);
    expect(a > 200 && a <= 256);
    expect_eq(b, bytes.tx_byte_pool_fragments);
    expect_eq(tx_queue_prioritize(&queue), TX_SUCCESS);
    expect_eq(tx_block_pool_prioritize(&blocks), TX_SUCCESS);
    expect_eq(tx_byte_pool_prioritize(&bytes), TX_SUCCESS);
    nxdtls_port_stop();
}

static void objects_tell_their_state(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, info_body);
}

static VOID wrong_objects_body(ULONG input)
{
    static TX_SEMAPHORE no_semaphore;
    static TX_MUTEX no_mutex;
    static TX_QUEUE no_queue;
    static TX_EVENT_FLAGS_GROUP no_events;
    static TX_TIMER no_timer;
    static TX_BLOCK_POOL no_blocks;
    static TX_BYTE_POOL no_bytes;
    static TX_THREAD no_thread;

    (void)input;
    expect_eq(
        tx_semaphore_info_get(&no_semaphore, NULL, NULL, NULL, NULL, NULL),
        TX_SEMAPHORE_ERROR);
    expect_eq(tx_semaphore_put_notify(NULL, on_put), TX_SEMAPHORE_ERROR);
    expect_eq(tx_mutex_info_get(&no_mutex, NULL, NULL, NULL, NULL, NULL, NULL),
              TX_MUTEX_ERROR);
    expect_eq(tx_queue_info_get(&no_queue, NULL, NULL, NULL, NULL, NULL, NULL),
              TX_QUEUE_ERROR);
    expect_eq(tx_queue_send_notify(&no_queue, on_send), TX_QUEUE_ERROR);
    expect_eq(tx_queue_prioritize(&no_queue), TX_QUEUE_ERROR);
    expect_eq(
        tx_event_flags_info_get(&no_events, NULL, NULL, NULL, NULL, NULL),
        TX_GROUP_ERROR);
    expect_eq(tx_event_flags_set_notify(&no_events, on_set), TX_GROUP_ERROR);
    expect_eq(tx_timer_info_get(&no_timer, NULL, NULL, NULL, NULL, NULL),
              TX_TIMER_ERROR);
    expect_eq(
        tx_block_pool_info_get(&no_blocks, NULL, NULL, NULL, NULL, NULL, NULL),
        TX_POOL_ERROR);
    expect_eq(tx_block_pool_prioritize(&no_blocks), TX_POOL_ERROR);
    expect_eq(
        tx_byte_pool_info_get(&no_bytes, NULL, NULL, NULL, NULL, NULL, NULL),
        TX_POOL_ERROR);
    expect_eq(tx_byte_pool_prioritize(&no_bytes), TX_POOL_ERROR);
    expect_eq(tx_thread_entry_exit_notify(&no_thread, NULL), TX_THREAD_ERROR);
    expect_eq(nx_ip_gateway_address_clear(NULL), NX_PTR_ERROR);
    nxdtls_port_stop();
}

static void an_object_that_is_none_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wrong_objects_body);
}

static TX_THREAD worker;
static UCHAR stack[TX_MINIMUM_STACK];

static VOID on_life(TX_THREAD *thread, UINT event)
{
    expect(thread == &worker);
    kit_note(event == TX_THREAD_ENTRY ? '<' : '>');
}

static VOID work(ULONG input)
{
    kit_note('w');
    if (input != 0) {
        (void)tx_thread_sleep(TX_WAIT_FOREVER);
    }
}

static VOID life_body(ULONG input)
{
    (void)input;
    for (ULONG i = 0; i < 2; i++) {
        kit_row("thread %u", i);
        expect_eq(tx_thread_create(&worker, name, work, i, stack, sizeof stack,
                                   5, 5, TX_NO_TIME_SLICE, TX_DONT_START),
                  TX_SUCCESS);
        expect_eq(tx_thread_entry_exit_notify(&worker, on_life), TX_SUCCESS);
        expect_eq(tx_thread_resume(&worker), TX_SUCCESS);
        expect_eq(tx_thread_terminate(&worker), TX_SUCCESS);
        expect_eq(tx_thread_terminate(&worker), TX_SUCCESS);
        expect_eq(tx_thread_delete(&worker), TX_SUCCESS);
    }
    expect(strcmp(kit_log, "<w><w>") == 0);
    nxdtls_port_stop();
}

static void a_thread_tells_when_it_begins_and_ends(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, life_body);
}

static VOID by_address_body(ULONG input)
{
    static UCHAR packets[4096];
    NX_PACKET_POOL other;
    NX_PACKET *packet = NULL;
    NXD_ADDRESS to = net_v4(B);

    (void)input;
    start_pair();
    expect_eq(nx_udp_socket_bind(&net_a.socket, 1111, NX_NO_WAIT), NX_SUCCESS);
    for (UINT i = 0; i < 4; i++) {
        UINT status = NX_SUCCESS;

        kit_row("service %u", i);
        expect_eq(nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET,
                                     NX_NO_WAIT),
                  NX_SUCCESS);
        if (i == 0) {
            status = nx_packet_release(packet);
        } else if (i == 1) {
            status = nx_udp_socket_send(&net_a.socket, packet, B, 2222);
        } else if (i == 2) {
            status = nxd_udp_socket_send(&net_a.socket, packet, &to, 2222);
        } else {
            status = nx_udp_socket_interface_send(&net_a.socket, packet, B,
                                                  2222, 0);
        }
        expect_eq(status, NX_SUCCESS);
        expect(packet == NULL);
        expect_eq(nx_packet_release(packet), NX_PTR_ERROR);
    }
    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_udp_socket_send(&net_a.socket, packet, B, 0),
              NX_INVALID_PORT);
    expect(packet != NULL); /* it is still the caller's */
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(_nxe_packet_pool_create(&other, name, 256, packets,
                                      sizeof packets, sizeof other + 4),
              NX_PTR_ERROR);
    expect_eq(_nxe_udp_socket_create(&net_a.ip, &net_a.socket, name,
                                     NX_IP_NORMAL, NX_FRAGMENT_OKAY, 1, 1, 8),
              NX_PTR_ERROR);
    expect_eq(_txe_semaphore_create(&semaphore, name, 0, 8),
              TX_SEMAPHORE_ERROR);
    expect_eq(_txe_mutex_create(&mutex, name, TX_NO_INHERIT, 8),
              TX_MUTEX_ERROR);
    expect_eq(_txe_queue_create(&queue, name, 1, queue_memory,
                                sizeof queue_memory, 8),
              TX_QUEUE_ERROR);
    expect_eq(_txe_event_flags_create(&events, name, 8), TX_GROUP_ERROR);
    expect_eq(
        _txe_timer_create(&timer, name, on_time, 0, 1, 1, TX_NO_ACTIVATE, 8),
        TX_TIMER_ERROR);
    expect_eq(
        _txe_block_pool_create(&blocks, name, 8, memory, sizeof memory, 8),
        TX_POOL_ERROR);
    expect_eq(_txe_byte_pool_create(&bytes, name, memory, sizeof memory, 8),
              TX_POOL_ERROR);
    end_pair();
}

static void packets_go_by_address_and_blocks_by_size(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, by_address_body);
}

static void strings_and_numbers_become_each_other(void **state)
{
    static CHAR digits[] = "4294967295x";
    static CHAR too_large[] = "4294967296";
    CHAR out[33];
    UINT len = 99;
    UINT number = 99;

    (void)state;
    assert_int_equal(_nx_utility_string_length_check(digits, &len, 11),
                     NX_SUCCESS);
    assert_int_equal(len, 11);
    assert_int_equal(_nx_utility_string_length_check(digits, &len, 10),
                     NX_SIZE_ERROR);
    assert_int_equal(_nx_utility_string_length_check(digits, NULL, 11),
                     NX_SUCCESS);
    assert_int_equal(_nx_utility_string_length_check(NULL, &len, 10),
                     NX_PTR_ERROR);
    assert_int_equal(_nx_utility_string_to_uint(digits, 10, &number),
                     NX_SUCCESS);
    assert_int_equal(number, 0xffffffffu);
    assert_int_equal(_nx_utility_string_to_uint(digits, 11, &number),
                     NX_INVALID_PARAMETERS);
    assert_int_equal(_nx_utility_string_to_uint(digits, 0, &number),
                     NX_SIZE_ERROR);
    assert_int_equal(_nx_utility_string_to_uint(too_large, 10, &number),
                     NX_OVERFLOW);
    assert_int_equal(_nx_utility_string_to_uint(digits, 1, NULL),
                     NX_PTR_ERROR);
    assert_int_equal(number, 0xffffffffu);
    assert_int_equal(_nx_utility_uint_to_string(0xbeef, 16, out, sizeof out),
                     4);
    assert_string_equal(out, "beef");
    assert_int_equal(_nx_utility_uint_to_string(0, 10, out, 2), 1);
    assert_string_equal(out, "0");
    assert_int_equal(
        _nx_utility_uint_to_string(0xffffffffu, 2, out, sizeof out), 32);
    assert_int_equal(_nx_utility_uint_to_string(100, 10, out, 3), 0);
    assert_int_equal(_nx_utility_uint_to_string(1, 1, out, sizeof out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instance_answers_ping),
        cmocka_unit_test(an_instance_tells_what_it_is),
        cmocka_unit_test(the_arp_cache_gives_back_what_was_put_in),
        cmocka_unit_test(what_a_switch_would_turn_on_is_refused),
        cmocka_unit_test(a_group_is_heard_by_its_members),
        cmocka_unit_test(an_ipv6_address_that_changes_is_told),
        cmocka_unit_test(a_put_a_send_and_a_set_are_told),
        cmocka_unit_test(objects_tell_their_state),
        cmocka_unit_test(an_object_that_is_none_is_refused),
        cmocka_unit_test(a_thread_tells_when_it_begins_and_ends),
        cmocka_unit_test(packets_go_by_address_and_blocks_by_size),
        cmocka_unit_test(strings_and_numbers_become_each_other),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
