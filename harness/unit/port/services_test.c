/* SPDX-License-Identifier: MIT */
/* Services that applications call around their sockets: addresses, status,
 * the IPv4 names, what is told of a datagram; and what deleting does to those
 * that wait. */
#include "net_kit.h"

#define A NET_A
#define B NET_B
#define MASK IP_ADDRESS(255, 0, 0, 0)

static void start_pair(void)
{
    net_start_pair(_nx_ram_network_driver_1500, _nx_ram_network_driver_512);
    net_bind_pair();
}

static NX_PACKET *make_packet(ULONG length)
{
    NX_PACKET *p = NULL;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &p, NX_IPv4_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(
        nx_packet_data_append(p, net_bytes, length, &net_a.pool, NX_NO_WAIT),
        NX_SUCCESS);
    return p;
}

static VOID ipv4_names(ULONG input)
{
    NX_PACKET *p = NULL;
    ULONG ip = 0;
    UINT port = 0;
    UINT protocol = 0;
    UINT interface = 9;
    NXD_ADDRESS address;
    ULONG sent, bytes, queued;

    (void)input;
    start_pair();
    p = make_packet(7);
    expect_eq(nx_udp_socket_send(&net_a.socket, p, B, 2222), NX_SUCCESS);
    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, 100), NX_SUCCESS);
    expect_eq(nx_udp_source_extract(p, &ip, &port), NX_SUCCESS);
    expect_eq(ip, A);
    expect_eq(port, 1111);
    ip = 0;
    port = 0;
    expect_eq(nx_udp_packet_info_extract(p, &ip, &protocol, &port, &interface),
              NX_SUCCESS);
    expect_eq(ip, A);
    expect_eq(protocol, NX_PROTOCOL_UDP);
    expect_eq(port, 1111);
    expect_eq(interface, 0);
    expect_eq(nx_packet_release(p), NX_SUCCESS);

    p = make_packet(9);
    expect_eq(nx_udp_socket_source_send(&net_a.socket, p, B, 2222, 0),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, 100), NX_SUCCESS);
    expect_eq(
        nxd_udp_packet_info_extract(p, &address, &protocol, &port, &interface),
        NX_SUCCESS);
    expect_eq(address.nxd_ip_version, NX_IP_VERSION_V4);
    expect_eq(address.nxd_ip_address.v4, A);
    expect_eq(nx_packet_transmit_release(p), NX_SUCCESS);

    expect_eq(nx_udp_socket_info_get(&net_a.socket, &sent, &bytes, NULL, NULL,
                                     &queued, NULL, NULL),
              NX_SUCCESS);
    expect_eq(sent, 2);
    expect_eq(bytes, 16);
    expect_eq(queued, 0);
    expect_eq(nx_udp_info_get(&net_b.ip, NULL, NULL, &sent, &bytes, NULL, NULL,
                              NULL),
              NX_SUCCESS);
    expect_eq(sent, 2);
    expect_eq(bytes, 16);
    net_finish_pair();
}

static void the_ipv4_names_send_and_tell(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ipv4_names);
}

static VOID chosen_source(ULONG input)
{
    NXD_ADDRESS second = net_v6(0x20010db8, 0xa9);
    NXD_ADDRESS to = net_v6(0x20010db8, 0xb2);
    NX_PACKET *p = NULL;
    UINT index = 99;

    (void)input;
    start_pair();
    expect_eq(nxd_ipv6_address_set(&net_a.ip, 0, &second, 64, &index),
              NX_SUCCESS);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 5, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(
        nxd_udp_socket_source_send(&net_a.socket, p, &to, 2222, index + 7),
        NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_udp_socket_source_send(&net_a.socket, p, &to, 2222, index),
              NX_SUCCESS);
    net_expect(&net_b, 5, second, 1111);
    net_finish_pair();
}

/* Sends 7 bytes to net B; its status. */
static UINT send_from(NXD_ADDRESS from, NXD_ADDRESS to)
{
    NX_PACKET *p = NULL;
    UINT status;

    expect_eq(nx_packet_allocate(&net_a.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 7, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    status =
        nxdtls_port_udp_socket_send_from(&net_a.socket, p, &from, &to, 2222);
    if (status != NX_SUCCESS) {
        expect_eq(nx_packet_release(p), NX_SUCCESS);
    }
    return status;
}

/* What came to an address is answered from it; `first` is the host's choice.
 */
static VOID sources(ULONG input)
{
    const NXD_ADDRESS none = {0};
    NXD_ADDRESS second = net_v6(0x20010db8, 0xa9);
    NXD_ADDRESS to_v6 = net_v6(0x20010db8, 0xb2);
    NXD_ADDRESS first = net_v6(0x20010db8, 0xa1);
    NXD_ADDRESS came_to;
    NX_PACKET *p = NULL;

    (void)input;
    start_pair();
    expect_eq(nxd_ipv6_address_set(&net_a.ip, 0, &second, 64, NULL),
              NX_SUCCESS);
    expect_eq(send_from(second, to_v6), NX_SUCCESS);
    net_expect(&net_b, 7, second, 1111);
    expect_eq(send_from(none, to_v6), NX_SUCCESS);
    net_expect(&net_b, 7, first, 1111);
    expect_eq(send_from(net_v6(0, 0), to_v6), NX_SUCCESS);
    net_expect(&net_b, 7, first, 1111);
    expect_eq(send_from(net_v4(A), to_v6), NX_SUCCESS);
    net_expect(&net_b, 7, first, 1111);
    expect_eq(send_from(second, net_v4(B)), NX_SUCCESS);
    net_expect(&net_b, 7, net_v4(A), 1111);
    expect_eq(send_from(to_v6, to_v6), NX_IP_ADDRESS_ERROR);
    expect_eq(send_from(net_v4(B), net_v4(B)), NX_IP_ADDRESS_ERROR);
    expect_eq(send_from(second, none), NX_IP_ADDRESS_ERROR);
    expect_eq(net_send(&net_b, second, 1111, 9), NX_SUCCESS);
    expect_eq(nx_udp_socket_receive(&net_a.socket, &p, 300), NX_SUCCESS);
    expect_eq(nxdtls_port_udp_destination_extract(p, &came_to), NX_SUCCESS);
    expect(net_same(came_to, second));
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    net_finish_pair();
}

static void a_datagram_leaves_from_where_it_is_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sources);
}

static void an_ipv6_source_can_be_chosen(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, chosen_source);
}

static VOID turn_on_later(ULONG input)
{
    (void)input;
    tx_thread_sleep(50);
    expect_eq(nx_arp_enable(&net_a.ip, net_bytes, 1024), NX_SUCCESS);
}

static VOID status(ULONG input)
{
    ULONG actual = 0;
    ULONG address = 0;
    ULONG mask = 0;

    (void)input;
    start_pair();
    expect_eq(nx_ip_status_check(&net_a.ip,
                                 NX_IP_LINK_ENABLED | NX_IP_UDP_ENABLED,
                                 &actual, NX_NO_WAIT),
              NX_SUCCESS);
    expect((actual & NX_IP_ADDRESS_RESOLVED) != 0);
    expect_eq(nx_ip_status_check(&net_a.ip, NX_IP_ARP_ENABLED, &actual, 20),
              NX_NOT_SUCCESSFUL);
    expect_eq(tx_time_get(), 20);
    (void)kit_spawn(turn_on_later, 0, 10);
    expect_eq(nx_ip_interface_status_check(&net_a.ip, 0, NX_IP_ARP_ENABLED,
                                           &actual, NX_WAIT_FOREVER),
              NX_SUCCESS);
    expect_eq(tx_time_get(), 70);
    expect_eq(nx_arp_enable(&net_a.ip, net_bytes, 1024), NX_ALREADY_ENABLED);
    expect_eq(nx_ip_interface_status_check(&net_a.ip, 7, NX_IP_ARP_ENABLED,
                                           &actual, NX_NO_WAIT),
              NX_INVALID_INTERFACE);
    expect_eq(nxd_icmp_enable(&net_a.ip), NX_SUCCESS);
    expect_eq(nx_icmp_enable(&net_a.ip), NX_SUCCESS);

    expect_eq(nx_ip_address_get(&net_a.ip, &address, &mask), NX_SUCCESS);
    expect_eq(address, A);
    expect_eq(mask, MASK);
    expect_eq(nx_ip_gateway_address_set(&net_a.ip, B), NX_SUCCESS);
    expect_eq(nx_ip_gateway_address_set(&net_a.ip, 0), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_ip_address_set(&net_a.ip, A + 40, MASK), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 3), NX_SUCCESS);
    net_expect(&net_b, 3, net_v4(A + 40), 1111);
    net_finish_pair();
}

static void status_is_waited_for_and_addresses_change(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, status);
}

static VOID unbind_later(ULONG input)
{
    (void)input;
    tx_thread_sleep(30);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
}

static VOID bind_waits(ULONG input)
{
    static NX_UDP_SOCKET second;

    (void)input;
    start_pair();
    expect_eq(nx_udp_socket_create(&net_a.ip, &second, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 5),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&second, 1111, NX_NO_WAIT),
              NX_PORT_UNAVAILABLE);
    expect_eq(nx_udp_socket_bind(&second, 1111, 10), NX_PORT_UNAVAILABLE);
    expect_eq(tx_time_get(), 10);
    (void)kit_spawn(unbind_later, 0, 10);
    expect_eq(nx_udp_socket_bind(&second, 1111, NX_WAIT_FOREVER), NX_SUCCESS);
    expect_eq(tx_time_get(), 40);
    expect_eq(nx_udp_socket_delete(&second), NX_STILL_BOUND);
    expect_eq(nx_udp_socket_unbind(&second), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&second), NX_SUCCESS);
    net_finish_pair();
}

static void a_bind_waits_for_its_port(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bind_waits);
}

static CHAR name[] = "x";
static TX_SEMAPHORE semaphore;
static TX_MUTEX mutex;
static TX_QUEUE queue;
static TX_EVENT_FLAGS_GROUP flags;
static TX_BLOCK_POOL blocks;
static TX_BYTE_POOL bytes;
static NX_PACKET_POOL packets;
static ALIGN_TYPE memory[4][64];

/* Waits for the input-th object, which has nothing to give. */
static VOID wait_for(ULONG input)
{
    ULONG message = 0;
    VOID *block = NULL;
    NX_PACKET *p = NULL;
    UINT got = 0xffff;

    switch (input) {
    case 0:
        got = tx_semaphore_get(&semaphore, TX_WAIT_FOREVER);
        break;
    case 1:
        got = tx_mutex_get(&mutex, TX_WAIT_FOREVER);
        break;
    case 2:
        got = tx_queue_receive(&queue, &message, TX_WAIT_FOREVER);
        break;
    case 3:
        got = tx_event_flags_get(&flags, 1, TX_OR, &message, TX_WAIT_FOREVER);
        break;
    case 4:
        got = tx_block_allocate(&blocks, &block, TX_WAIT_FOREVER);
        break;
    case 5:
        got = tx_byte_allocate(&bytes, &block, 300, TX_WAIT_FOREVER);
        break;
    default:
        got = nx_packet_allocate(&packets, &p, NX_RECEIVE_PACKET,
                                 TX_WAIT_FOREVER);
        break;
    }
    expect_eq(got, input == 6 ? NX_POOL_DELETED : TX_DELETED);
    kit_note((char)('0' + input));
}

static VOID deletes(ULONG input)
{
    NX_PACKET *taken = NULL;
    VOID *block = NULL;

    (void)input;
    expect_eq(tx_semaphore_create(&semaphore, name, 0), TX_SUCCESS);
    expect_eq(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_queue_create(&queue, name, 1, memory[0], sizeof memory[0]),
              TX_SUCCESS);
    expect_eq(tx_event_flags_create(&flags, name), TX_SUCCESS);
    expect_eq(
        tx_block_pool_create(&blocks, name, 400, memory[1], sizeof memory[1]),
        TX_SUCCESS);
    expect_eq(tx_block_allocate(&blocks, &block, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_byte_pool_create(&bytes, name, memory[2], sizeof memory[2]),
              TX_SUCCESS);
    expect_eq(tx_byte_allocate(&bytes, &block, 300, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(nx_packet_pool_create(&packets, name, 128, memory[3],
                                    sizeof memory[3]),
              NX_SUCCESS);
    while (nx_packet_allocate(&packets, &taken, NX_RECEIVE_PACKET,
                              NX_NO_WAIT) == NX_SUCCESS) {
        /* until the pool is empty */
    }
    for (ULONG i = 0; i <= 6; i++) {
        kit_row("thread %u", i);
        (void)kit_spawn(wait_for, i, 10);
    }
    tx_thread_sleep(5);
    expect_eq(tx_semaphore_delete(&semaphore), TX_SUCCESS);
    expect_eq(tx_mutex_delete(&mutex), TX_SUCCESS);
    expect_eq(tx_queue_delete(&queue), TX_SUCCESS);
    expect_eq(tx_event_flags_delete(&flags), TX_SUCCESS);
    expect_eq(tx_block_pool_delete(&blocks), TX_SUCCESS);
    expect_eq(tx_byte_pool_delete(&bytes), TX_SUCCESS);
    expect_eq(nx_packet_pool_delete(&packets), NX_SUCCESS);
    expect(strcmp(kit_log, "0123456") == 0);
}

static void deleting_an_object_sends_its_threads_on(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, deletes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ipv4_names_send_and_tell),
        cmocka_unit_test(an_ipv6_source_can_be_chosen),
        cmocka_unit_test(a_datagram_leaves_from_where_it_is_told),
        cmocka_unit_test(status_is_waited_for_and_addresses_change),
        cmocka_unit_test(a_bind_waits_for_its_port),
        cmocka_unit_test(deleting_an_object_sends_its_threads_on),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
