/* SPDX-License-Identifier: MIT */
/* What the RAM wire carries, and what it loses: drivers, addresses, groups,
 * links that are down, instances that do not listen. */
#include "net_kit.h"

#define A NET_A
#define B NET_B
#define LOOPBACK IP_ADDRESS(127, 0, 0, 1)
#define GROUP IP_ADDRESS(224, 0, 0, 251)

static ULONG number;

static void start_with(VOID (*driver)(NX_IP_DRIVER *))
{
    net_start_pair(driver, driver);
    net_bind_pair();
}

static void start(void)
{
    start_with(_nx_ram_network_driver_1500);
}

/* B gets nothing. */
static void expect_nothing(void)
{
    NX_PACKET *p = NULL;

    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, 2), NX_NO_PACKET);
    expect(p == NULL);
}

static VOID each_driver(ULONG input)
{
    static const struct {
        VOID (*driver)(NX_IP_DRIVER *);
        ULONG mtu;
    } rows[] = {
        {_nx_ram_network_driver, 1500},
        {_nx_ram_network_driver_256, 256},
        {_nx_ram_network_driver_512, 512},
        {_nx_ram_network_driver_1024, 1024},
        {_nx_ram_network_driver_1500, 1500},
        {_nx_ram_network_driver_3000, 3000},
    };

    (void)input;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ULONG most = rows[i].mtu - 28;

        kit_row("an MTU of %u", rows[i].mtu);
        start_with(rows[i].driver);
        expect_eq(net_send(&net_a, net_v4(B), 2222, most), NX_SUCCESS);
        net_expect(&net_b, most, net_v4(A), 1111);
        expect_eq(net_send(&net_a, net_v6(0x20010db8, 0xb2), 2222, most - 20),
                  NX_SUCCESS);
        net_expect(&net_b, most - 20, net_v6(0x20010db8, 0xa1), 1111);
        expect_eq(net_send(&net_a, net_v4(B), 2222, most + 1), NX_SIZE_ERROR);
        expect_eq(
            net_send(&net_a, net_v6(0x20010db8, 0xb2), 2222, most - 20 + 1),
            NX_SIZE_ERROR);
        net_finish_pair();
    }
}

static void each_driver_has_its_mtu(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, each_driver);
}

static VOID whole(ULONG input)
{
    NX_UDP_SOCKET socket;
    NX_PACKET *p = NULL;

    (void)input;
    start();
    expect_eq(nx_ip_fragment_enable(&net_a.ip), NX_SUCCESS);
    expect_eq(nx_ip_fragment_enable(&net_b.ip), NX_SUCCESS);
    expect_eq(nx_udp_socket_create(&net_a.ip, &socket, net_name, NX_IP_NORMAL,
                                   NX_DONT_FRAGMENT, 1, 1),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&socket, NX_MAX_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(
        nx_packet_data_append(p, net_bytes, 1473, &net_a.pool, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_udp_socket_send(&socket, p, B, 2222), NX_SIZE_ERROR);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 1473), NX_SUCCESS);
    net_expect(&net_b, 1473, net_v4(A), 1111);
    expect_eq(nx_udp_socket_unbind(&socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&socket), NX_SUCCESS);
    net_finish_pair();
}

static void a_socket_may_forbid_fragments(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, whole);
}

/* Whether A answers a ping of its own to an address. */
static UINT ping_self(ULONG w0, ULONG w1, ULONG w2, ULONG w3)
{
    static CHAR text[] = "ping";
    NXD_ADDRESS to = net_v6(w0, w3);
    NX_PACKET *p = NULL;
    UINT status;

    to.nxd_ip_address.v6[1] = w1;
    to.nxd_ip_address.v6[2] = w2;
    status = nxd_icmp_ping(&net_a.ip, &to, text, 4, &p, 1);
    if (status == NX_SUCCESS) {
        expect_eq(nx_packet_release(p), NX_SUCCESS);
    }
    return status;
}

static VOID loopback(ULONG input)
{
    NXD_ADDRESS to = net_v4(LOOPBACK);
    NX_PACKET *p = NULL;

    (void)input;
    start();
    expect_eq(nx_icmp_enable(&net_a.ip), NX_SUCCESS);
    expect_eq(ping_self(0, 0, 0, 1), NX_SUCCESS);
    expect_eq(ping_self(0x23, 0, 0, 1), NX_NO_RESPONSE);
    expect_eq(ping_self(0, 0x23, 0, 1), NX_NO_RESPONSE);
    expect_eq(ping_self(0, 0, 0x23, 1), NX_NO_RESPONSE);
    expect_eq(ping_self(0, 0, 0, 2), NX_NO_RESPONSE);
    expect_eq(net_send(&net_a, to, 1111, 9), NX_SUCCESS);
    net_expect(&net_a, 9, to, 1111);
    expect_eq(net_send(&net_a, net_v6(0, 1), 1111, 9), NX_SUCCESS);
    net_expect(&net_a, 9, net_v6(0, 1), 1111);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 9, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nxd_udp_socket_source_send(&net_a.socket, p, &to, 1111,
                                         NX_LOOPBACK_INTERFACE),
              NX_SUCCESS);
    net_expect(&net_a, 9, to, 1111);
    net_finish_pair();
}

static void loopback_leads_to_the_sender(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, loopback);
}

/* A sends to each address of B and to the group; B gets all or none. */
static void expect_all(bool arrives)
{
    const NXD_ADDRESS to[] = {net_v4(B), net_v6(0x20010db8, 0xb2),
                              net_v4(GROUP)};
    const NXD_ADDRESS from[] = {net_v4(A), net_v6(0x20010db8, 0xa1),
                                net_v4(A)};

    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        kit_row("address %zu", i);
        expect_eq(net_send(&net_a, to[i], 2222, 9), NX_SUCCESS);
        if (arrives) {
            net_expect(&net_b, 9, from[i], 1111);
        } else {
            expect_nothing();
        }
    }
}

static void set_link(struct net_host *h, UINT what)
{
    expect_eq(nx_ip_driver_direct_command(&h->ip, what, &number), NX_SUCCESS);
}

static VOID links(ULONG input)
{
    (void)input;
    start();
    expect_eq(nx_ipv4_multicast_interface_join(&net_b.ip, GROUP, 0),
              NX_SUCCESS);
    expect_all(true);
    set_link(&net_b, NX_LINK_DISABLE);
    expect_all(false);
    set_link(&net_b, NX_LINK_ENABLE);
    expect_all(true);
    set_link(&net_a, NX_LINK_DISABLE);
    expect_all(false);
    expect_eq(net_send(&net_a, net_v4(LOOPBACK), 1111, 9), NX_SUCCESS);
    net_expect(&net_a, 9, net_v4(LOOPBACK), 1111);
    set_link(&net_a, NX_LINK_ENABLE);
    expect_all(true);
    net_finish_pair();
}

static void a_link_that_is_down_carries_nothing(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, links);
}

static VOID all_hosts(ULONG input)
{
    (void)input;
    start();
    expect_eq(net_send(&net_a, net_v4(NX_ALL_HOSTS_ADDRESS), 2222, 9),
              NX_SUCCESS);
    net_expect(&net_b, 9, net_v4(A), 1111);
    expect_eq(net_send(&net_a, net_v4(GROUP), 2222, 9), NX_SUCCESS);
    expect_nothing();
    net_finish_pair();
}

static void all_hosts_are_a_group_that_none_joins(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, all_hosts);
}

static VOID without_udp(ULONG input)
{
    NX_UDP_SOCKET socket;
    UINT port = 0;

    (void)input;
    net_start(&net_a, _nx_ram_network_driver_1500, A, net_v6(0x20010db8, 0xa1),
              5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, 1111, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_packet_pool_create(&net_b.pool, net_name, NET_PAYLOAD,
                                    net_b.memory, sizeof net_b.memory),
              NX_SUCCESS);
    expect_eq(nx_ip_create(&net_b.ip, net_name, B, 0xFF000000u, &net_b.pool,
                           _nx_ram_network_driver_1500, kit_stack,
                           sizeof kit_stack, 1),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_create(&net_b.ip, &socket, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, 1, 1),
              NX_NOT_ENABLED);
    expect_eq(nx_udp_free_port_find(&net_b.ip, 5, &port), NX_NOT_ENABLED);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 9), NX_SUCCESS);
    (void)tx_thread_sleep(1);
    expect_eq(net_b.ip.nx_ip_receive_packets_dropped, 1);
    expect_eq(net_b.ip.nx_ip_udp_packets_received, 0);
    expect_eq(nx_udp_enable(&net_b.ip), NX_SUCCESS);
    expect_eq(nx_udp_free_port_find(&net_b.ip, 5, &port), NX_SUCCESS);
    expect_eq(port, 5);
    expect_eq(nx_udp_free_port_find(&net_b.ip, 0, &port), NX_SUCCESS);
    expect_eq(port, NX_SEARCH_PORT_START);
    kit_ip_finish(&net_b.ip, &net_b.pool);
    net_finish(&net_a);
}

static void an_instance_without_udp_drops_what_comes(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, without_udp);
}

/* B's thread is below ours, so what comes waits for it. */
static VOID late(ULONG input)
{
    UINT old;

    (void)input;
    start();
    expect_eq(tx_thread_priority_change(&net_b.ip.nx_ip_thread,
                                        KIT_MAIN_PRIORITY + 1, &old),
              TX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 9), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 9), NX_SUCCESS);
    expect_eq(net_b.pool.nx_packet_pool_available, NET_PACKETS - 2);
    net_finish_pair(); /* no packet is missing */
}

static void what_an_instance_has_not_read_goes_with_it(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, late);
}

static VOID no_driver_of_ours(NX_IP_DRIVER *request)
{
    request->nx_ip_driver_status = NX_SUCCESS;
}

static VOID foreign(ULONG input)
{
    (void)input;
    expect_eq(nx_packet_pool_create(&net_b.pool, net_name, NET_PAYLOAD,
                                    net_b.memory, sizeof net_b.memory),
              NX_SUCCESS);
    expect_eq(nx_ip_create(&net_b.ip, net_name, B, 0xFF000000u, &net_b.pool,
                           no_driver_of_ours, kit_stack, sizeof kit_stack, 1),
              NX_NOT_SUPPORTED);
    expect_eq(net_b.ip.nx_ip_interface[0].nx_interface_valid, NX_FALSE);
    expect_eq(nx_ip_delete(&net_b.ip), NX_PTR_ERROR);
    expect_eq(nx_packet_pool_delete(&net_b.pool), NX_SUCCESS);
}

static void another_driver_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, foreign);
}

static NX_IP bare_ip;
static NX_PACKET_POOL bare_pool;
static ALIGN_TYPE bare_memory[2 * (sizeof(NX_PACKET) + 256) / 8];

/* An instance that has IPv4 but no address of it. */
static VOID ping_without(ULONG input)
{
    static CHAR text[] = "ping";
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xb2);
    NX_PACKET *p[3] = {NULL, NULL, NULL};

    (void)input;
    kit_ip_start(&bare_ip, &bare_pool, 256, bare_memory, sizeof bare_memory,
                 _nx_ram_network_driver_1500, 0);
    expect_eq(nx_icmp_enable(&bare_ip), NX_SUCCESS);
    expect_eq(nx_icmp_ping(&bare_ip, B, text, 4, &p[0], 1),
              NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_icmp_ping(&bare_ip, &v6, text, 4, &p[0], 1), NX_NOT_ENABLED);
    expect_eq(nxd_ipv6_enable(&bare_ip), NX_SUCCESS);
    expect_eq(nxd_icmp_ping(&bare_ip, &v6, text, 4, &p[0], 1),
              NX_NO_INTERFACE_ADDRESS);
    expect_eq(nx_packet_allocate(&bare_pool, &p[0], 0, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_allocate(&bare_pool, &p[1], 0, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_icmp_ping(&bare_ip, LOOPBACK, text, 4, &p[2], 1),
              NX_NO_PACKET);
    expect_eq(bare_ip.nx_ip_pings_sent, 0);
    expect_eq(nx_packet_release(p[0]), NX_SUCCESS);
    expect_eq(nx_icmp_ping(&bare_ip, LOOPBACK, text, 4, &p[2], 1), NX_SUCCESS);
    expect_eq(bare_ip.nx_ip_pings_sent, 1);
    expect_eq(nx_packet_release(p[1]), NX_SUCCESS);
    expect_eq(nx_packet_release(p[2]), NX_SUCCESS);
    kit_ip_finish(&bare_ip, &bare_pool);
}

static void a_ping_needs_an_address_and_a_packet(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ping_without);
}

/* Sends to an address and tells which of A's was the source. */
static void expect_source(NXD_ADDRESS to, NXD_ADDRESS from)
{
    expect_eq(net_send(&net_a, to, 2222, 9), NX_SUCCESS);
    net_expect(&net_b, 9, from, 1111);
}

static VOID choose(ULONG input)
{
    NXD_ADDRESS local_a = net_v6(0xFE800000u, 0xa2);
    NXD_ADDRESS local_b = net_v6(0xFE800000u, 0xb3);
    NXD_ADDRESS global_a = net_v6(0x20010db8, 0xa1);
    NXD_ADDRESS global_b = net_v6(0x20010db8, 0xb2);
    UINT index = 9;

    (void)input;
    start();
    expect_eq(nxd_ipv6_address_set(&net_b.ip, 0, &local_b, 64, NULL),
              NX_SUCCESS);
    expect_source(local_b, global_a); /* A has no other */
    expect_eq(nxd_ipv6_address_set(&net_a.ip, 0, &local_a, 64, &index),
              NX_SUCCESS);
    expect_source(local_b, local_a);
    expect_source(global_b, global_a);
    expect_eq(nxd_ipv6_address_delete(&net_a.ip, 0), NX_SUCCESS);
    expect_source(global_b, local_a);
    expect_eq(nxd_ipv6_address_delete(&net_a.ip, index), NX_SUCCESS);
    expect_eq(net_send(&net_a, global_b, 2222, 9), NX_NO_INTERFACE_ADDRESS);
    expect_nothing();
    net_finish_pair();
}

static void an_address_of_the_same_scope_is_the_source(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, choose);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_driver_has_its_mtu),
        cmocka_unit_test(a_socket_may_forbid_fragments),
        cmocka_unit_test(loopback_leads_to_the_sender),
        cmocka_unit_test(a_link_that_is_down_carries_nothing),
        cmocka_unit_test(all_hosts_are_a_group_that_none_joins),
        cmocka_unit_test(an_instance_without_udp_drops_what_comes),
        cmocka_unit_test(what_an_instance_has_not_read_goes_with_it),
        cmocka_unit_test(another_driver_is_refused),
        cmocka_unit_test(a_ping_needs_an_address_and_a_packet),
        cmocka_unit_test(an_address_of_the_same_scope_is_the_source),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
