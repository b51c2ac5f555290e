/* SPDX-License-Identifier: MIT */
/* The services without their checks, as an application has them that defines
 * NX_DISABLE_ERROR_CHECKING and TX_DISABLE_ERROR_CHECKING. */
#define NX_DISABLE_ERROR_CHECKING
#define TX_DISABLE_ERROR_CHECKING
#include "net_kit.h"

#define A NET_A
#define B NET_B
#define GROUP IP_ADDRESS(224, 0, 0, 251)

static CHAR name[] = "mutex";
static TX_MUTEX mutex;

static void start_pair(void)
{
    net_start_pair(_nx_ram_network_driver_1500, _nx_ram_network_driver_1500);
    net_bind_pair();
}

/* A packet of A's pool with the first 7 bytes. */
static NX_PACKET *make_packet(void)
{
    NX_PACKET *p = NULL;

    expect_eq(nx_packet_allocate(&net_a.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 7, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    return p;
}

static VOID refuse(ULONG input)
{
    NXD_ADDRESS group = net_v6(0xff020000, 0xfb);
    ULONG flags = 9;
    NX_PACKET *packet;
    NX_IP *ip = &net_a.ip;

    (void)input;
    start_pair();
    expect_eq(nx_ip_static_route_add(ip, 0x0a010000, 0xffff0000, A),
              NX_NOT_SUPPORTED);
    expect_eq(nx_ip_static_route_delete(ip, 0x0a010000, 0xffff0000),
              NX_NOT_SUPPORTED);
    expect_eq(nx_ip_auxiliary_packet_pool_set(ip, &net_a.pool),
              NX_NOT_SUPPORTED);
    expect_eq(nx_ip_interface_capability_get(ip, 0, &flags), NX_NOT_SUPPORTED);
    expect_eq(flags, 9);
    expect_eq(nx_ip_interface_capability_set(ip, 0, 1), NX_NOT_SUPPORTED);
    expect_eq(nx_ip_raw_packet_filter_set(ip, NX_NULL), NX_NOT_SUPPORTED);
    expect_eq(nx_packet_pool_low_watermark_set(&net_a.pool, 3),
              NX_NOT_SUPPORTED);
    expect_eq(nx_udp_socket_vlan_priority_set(&net_a.socket, 1),
              NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_multicast_interface_join(ip, &group, 0),
              NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_multicast_interface_leave(ip, &group, 0),
              NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_stateless_address_autoconfig_enable(ip, 0),
              NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_stateless_address_autoconfig_disable(ip, 0),
              NX_NOT_SUPPORTED);
    packet = make_packet();
    expect_eq(nx_packet_vlan_priority_set(packet, 1), NX_NOT_SUPPORTED);
    expect_eq(nx_packet_transmit_release(packet), NX_SUCCESS);
    expect_eq(nx_packet_transmit_release(packet), NX_ALREADY_RELEASED);
    net_a.pool.nx_packet_pool_invalid_releases = 0;
    net_finish_pair();
}

static void what_a_switch_would_turn_on_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refuse);
}

static VOID send_by_ipv4(ULONG input)
{
    NX_PACKET *packet;
    ULONG status = 0;

    (void)input;
    start_pair();
    expect_eq(nx_udp_socket_send(&net_a.socket, make_packet(), B, 2222),
              NX_SUCCESS);
    net_expect(&net_b, 7, net_v4(A), 1111);
    expect_eq(
        nx_udp_socket_source_send(&net_a.socket, make_packet(), B, 2222, 0),
        NX_SUCCESS);
    net_expect(&net_b, 7, net_v4(A), 1111);
    packet = make_packet();
    expect_eq(nx_udp_socket_source_send(&net_a.socket, packet, B, 2222,
                                        NX_MAX_IP_INTERFACES),
              NX_INVALID_INTERFACE);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_ip_interface_status_check(&net_a.ip, 0, NX_IP_UDP_ENABLED,
                                           &status, NX_NO_WAIT),
              NX_SUCCESS);
    expect(status & NX_IP_UDP_ENABLED);
    expect_eq(nx_ip_interface_status_check(&net_a.ip, 0, NX_IP_ARP_ENABLED,
                                           &status, 3),
              NX_NOT_SUCCESSFUL);
    expect_eq(tx_time_get(), 3);
    net_finish_pair();
}

static void the_ipv4_names_send_and_tell(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, send_by_ipv4);
}

/* Whether B gets a datagram that A sends to the group. */
static UINT send_to_group(void)
{
    NX_PACKET *packet = NULL;
    UINT status;

    expect_eq(nx_udp_socket_send(&net_a.socket, make_packet(), GROUP, 2222),
              NX_SUCCESS);
    status = nx_udp_socket_receive(&net_b.socket, &packet, 2);
    if (status == NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

static VOID join_and_leave(ULONG input)
{
    (void)input;
    start_pair();
    expect_eq(send_to_group(), NX_NO_PACKET);
    expect_eq(nx_igmp_multicast_join(&net_b.ip, GROUP), NX_SUCCESS);
    expect_eq(send_to_group(), NX_SUCCESS);
    expect_eq(nx_igmp_multicast_leave(&net_b.ip, GROUP), NX_SUCCESS);
    expect_eq(send_to_group(), NX_NO_PACKET);
    expect_eq(nx_igmp_multicast_leave(&net_b.ip, GROUP), NX_ENTRY_NOT_FOUND);
    net_finish_pair();
}

static void a_group_reaches_its_members(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, join_and_leave);
}

/* Gives an instance a datagram as a driver of the application does: a UDP
 * header whose length says `told`, and `len` bytes in all. */
static void give(UCHAR told, ULONG len)
{
    UCHAR datagram[12] = {0x11, 0x22, 2222 >> 8, 2222 & 0xff, 0, told};
    NX_PACKET *p = NULL;

    expect_eq(
        nx_packet_allocate(&net_b.pool, &p, NX_RECEIVE_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, datagram, len, &net_b.pool, NX_NO_WAIT),
              NX_SUCCESS);
    _nx_udp_packet_receive(&net_b.ip, p);
}

/* A chain cannot be cut shorter than it is: the length ends in another packet.
 */
static void give_chain(ULONG told)
{
    UCHAR header[8] = {
        0x11, 0x22, 2222 >> 8, 2222 & 0xff, (UCHAR)(told >> 8), (UCHAR)told};
    NX_PACKET *p = NULL;

    expect_eq(
        nx_packet_allocate(&net_b.pool, &p, NX_RECEIVE_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, header, 8, &net_b.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, NET_PAYLOAD, &net_b.pool,
                                    NX_NO_WAIT),
              NX_SUCCESS);
    expect(p->nx_packet_next != NULL);
    _nx_udp_packet_receive(&net_b.ip, p);
}

static VOID receive_by_hand(ULONG input)
{
    static const struct {
        UCHAR told;
        ULONG len;
        bool good;
    } rows[] = {{12, 12, true}, {11, 12, true},   {8, 12, true},
                {8, 8, true},   {13, 12, false},  {7, 12, false},
                {8, 7, false},  {255, 12, false}, {0, 12, false}};
    NX_PACKET *chain = NULL;
    UINT invalid = 0;

    (void)input;
    start_pair();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        NX_PACKET *p = NULL;

        kit_row("%u bytes that say %u", rows[i].len, rows[i].told);
        give(rows[i].told, rows[i].len);
        invalid += !rows[i].good;
        expect_eq(net_b.ip.nx_ip_udp_invalid_packets, invalid);
        expect_eq(nx_udp_socket_receive(&net_b.socket, &p, NX_NO_WAIT),
                  rows[i].good ? NX_SUCCESS : NX_NO_PACKET);
        if (p != NULL) {
            expect_eq(p->nx_packet_length, rows[i].told - 8u);
            expect_eq(nx_packet_release(p), NX_SUCCESS);
        }
    }
    kit_row("a chain");
    give_chain(8 + NET_PAYLOAD - 1);
    expect_eq(net_b.ip.nx_ip_udp_invalid_packets, invalid + 1);
    give_chain(8 + NET_PAYLOAD);
    expect_eq(net_b.ip.nx_ip_udp_invalid_packets, invalid + 1);
    expect_eq(nx_udp_socket_receive(&net_b.socket, &chain, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(chain->nx_packet_length, NET_PAYLOAD);
    expect_eq(nx_packet_release(chain), NX_SUCCESS);
    net_finish_pair();
}

static void a_udp_header_fits_its_datagram(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, receive_by_hand);
}

static VOID want_mutex(ULONG input)
{
    expect_eq(tx_mutex_get(&mutex, TX_WAIT_FOREVER), TX_SUCCESS);
    kit_note((char)input);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
}

static VOID serve_the_first_best(ULONG input)
{
    (void)input;
    expect_eq(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    (void)kit_spawn(want_mutex, 'a', 9);
    (void)kit_spawn(want_mutex, 'b', 8);
    (void)kit_spawn(want_mutex, 'c', 5);
    expect_eq(tx_mutex_prioritize(&mutex), TX_SUCCESS);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
    kit_note('-');
}

static void a_mutex_serves_the_highest_thread_if_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, serve_the_first_best);
    assert_string_equal(kit_log, "cab-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_switch_would_turn_on_is_refused),
        cmocka_unit_test(the_ipv4_names_send_and_tell),
        cmocka_unit_test(a_group_reaches_its_members),
        cmocka_unit_test(a_udp_header_fits_its_datagram),
        cmocka_unit_test(a_mutex_serves_the_highest_thread_if_told),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
