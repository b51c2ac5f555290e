/* SPDX-License-Identifier: MIT */
/* What a service of packets, instances or sockets is given and cannot use:
 * each has its status, and the service has then done nothing. */
#include "net_kit.h"

#define A NET_A
#define B NET_B
#define GROUP IP_ADDRESS(224, 0, 0, 251)

static ULONG number[10];
static UINT small[2];
static UCHAR buffer[64];
static NX_PACKET *told_packet;
static NXD_ADDRESS told_address;
static bool timer_ran;

static void start(void)
{
    net_start(&net_a, _nx_ram_network_driver_1500, A, net_v6(0x20010db8, 0xa1),
              5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, 1111, NX_NO_WAIT), NX_SUCCESS);
}

/* A packet with 7 bytes. */
static NX_PACKET *make_packet(void)
{
    NX_PACKET *p = NULL;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &p, NX_IPv4_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 7, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    return p;
}

/* ---- Packets and pools ---- */

static VOID pools(ULONG input)
{
    NX_PACKET_POOL none = {0};
    NX_PACKET *p = NULL;

    (void)input;
    start();
    expect_eq(nx_packet_pool_create(NULL, net_name, 64, net_b.memory, 1024),
              NX_PTR_ERROR);
    expect_eq(_nxe_packet_pool_create(&net_b.pool, net_name, 64, net_b.memory,
                                      1024, 1),
              NX_PTR_ERROR);
    expect_eq(nx_packet_pool_create(&net_b.pool, net_name, 64, NULL, 1024),
              NX_PTR_ERROR);
    expect_eq(
        nx_packet_pool_create(&net_b.pool, net_name, 0, net_b.memory, 1024),
        NX_SIZE_ERROR);
    expect_eq(
        nx_packet_pool_create(&net_b.pool, net_name, 1025, net_b.memory, 1024),
        NX_SIZE_ERROR);
    expect_eq(nx_packet_pool_delete(NULL), NX_PTR_ERROR);
    expect_eq(nx_packet_pool_delete(&none), NX_PTR_ERROR);
    expect_eq(nx_packet_pool_info_get(NULL, number, NULL, NULL, NULL, NULL),
              NX_PTR_ERROR);
    expect_eq(nx_packet_allocate(NULL, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_allocate(&none, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_allocate(&net_a.pool, NULL, NX_UDP_PACKET, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, 3, NX_NO_WAIT),
              NX_OPTION_ERROR);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, NET_PAYLOAD + sizeof(ULONG),
                                 NX_NO_WAIT),
              NX_INVALID_PARAMETERS);
    expect(p == NULL);
    net_finish(&net_a);
}

static void a_pool_gives_only_what_it_has(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, pools);
}

static VOID packets(ULONG input)
{
    NX_PACKET_POOL none = {0};
    NX_PACKET stray = {.nx_packet_pool_owner = &none};
    NX_PACKET *p = NULL;
    NX_PACKET *copy = NULL;
    UCHAR *kept;

    (void)input;
    start();
    expect_eq(nx_packet_length_get(NULL, number), NX_PTR_ERROR);
    expect_eq(nx_packet_data_retrieve(NULL, buffer, number), NX_PTR_ERROR);
    expect_eq(nx_packet_data_extract_offset(NULL, 0, buffer, 8, number),
              NX_PTR_ERROR);
    expect_eq(nx_packet_release(p), NX_PTR_ERROR);
    expect_eq(_nxe_packet_release(NULL), NX_PTR_ERROR);
    p = &stray;
    expect_eq(nx_packet_release(p), NX_PTR_ERROR);
    stray.nx_packet_pool_owner = NULL;
    p = &stray;
    expect_eq(nx_packet_release(p), NX_PTR_ERROR);
    expect_eq(nx_packet_length_get(&stray, number), NX_PTR_ERROR);

    p = make_packet();
    expect_eq(nx_packet_length_get(p, NULL), NX_PTR_ERROR);
    expect_eq(nx_packet_data_retrieve(p, NULL, number), NX_PTR_ERROR);
    expect_eq(nx_packet_data_retrieve(p, buffer, NULL), NX_PTR_ERROR);
    expect_eq(nx_packet_data_extract_offset(p, 0, NULL, 8, number),
              NX_PTR_ERROR);
    expect_eq(nx_packet_data_extract_offset(p, 0, buffer, 8, NULL),
              NX_PTR_ERROR);
    expect_eq(nx_packet_data_append(NULL, buffer, 8, &net_a.pool, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_data_append(p, NULL, 8, &net_a.pool, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_data_append(p, buffer, 8, NULL, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_data_append(p, buffer, 0, &net_a.pool, NX_NO_WAIT),
              NX_SIZE_ERROR);
    expect_eq(nx_packet_copy(NULL, &copy, &net_a.pool, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_packet_copy(p, NULL, &net_a.pool, NX_NO_WAIT), NX_PTR_ERROR);
    expect_eq(nx_packet_copy(p, &copy, &none, NX_NO_WAIT), NX_PTR_ERROR);
    expect_eq(p->nx_packet_length, 7);

    kept = p->nx_packet_prepend_ptr;
    p->nx_packet_prepend_ptr = p->nx_packet_data_start - 1;
    expect_eq(nx_packet_data_append(p, buffer, 8, &net_a.pool, NX_NO_WAIT),
              NX_UNDERFLOW);
    p->nx_packet_prepend_ptr = kept;
    kept = p->nx_packet_append_ptr;
    p->nx_packet_append_ptr = p->nx_packet_data_end + 1;
    expect_eq(nx_packet_data_append(p, buffer, 8, &net_a.pool, NX_NO_WAIT),
              NX_OVERFLOW);
    p->nx_packet_append_ptr = kept;
    expect_eq(nx_packet_release(p), NX_SUCCESS);

    expect_eq(
        nx_packet_allocate(&net_a.pool, &p, NX_IPv4_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_copy(p, &copy, &net_a.pool, NX_NO_WAIT),
              NX_INVALID_PACKET);
    expect(copy == NULL);
    expect_eq(nx_packet_transmit_release(p), NX_SUCCESS);
    net_finish(&net_a);
}

static void a_packet_is_not_read_without_its_pointers(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, packets);
}

static VOID wait_in_timer(ULONG input)
{
    NX_PACKET *p = told_packet;
    NX_PACKET *copy;

    (void)input;
    expect_eq(nx_packet_allocate(&net_a.pool, &copy, NX_UDP_PACKET, 1),
              NX_WAIT_ERROR);
    expect_eq(nx_packet_data_append(p, buffer, 8, &net_a.pool, 1),
              NX_WAIT_ERROR);
    expect_eq(nx_packet_copy(p, &copy, &net_a.pool, 1), NX_WAIT_ERROR);
    expect_eq(nx_udp_socket_receive(&net_a.socket, &copy, 1), NX_CALLER_ERROR);
    expect_eq(nx_icmp_ping(&net_a.ip, B, (CHAR *)buffer, 8, &copy, NX_NO_WAIT),
              NX_CALLER_ERROR);
    timer_ran = true;
}

static VOID a_timer(ULONG input)
{
    TX_TIMER timer;

    (void)input;
    start();
    expect_eq(nx_icmp_enable(&net_a.ip), NX_SUCCESS);
    told_packet = make_packet();
    timer_ran = false;
    expect_eq(tx_timer_create(&timer, net_name, wait_in_timer, 0, 1, 0,
                              TX_AUTO_ACTIVATE),
              TX_SUCCESS);
    (void)tx_thread_sleep(3);
    expect(timer_ran);
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
    expect_eq(nx_packet_release(told_packet), NX_SUCCESS);
    net_finish(&net_a);
}

static void a_function_of_a_timer_does_not_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, a_timer);
}

/* ---- Instances ---- */

static UINT make_ip(NX_IP *ip, NX_PACKET_POOL *pool,
                    VOID (*driver)(NX_IP_DRIVER *), VOID *stack, ULONG size,
                    UINT priority)
{
    return nx_ip_create(ip, net_name, B, 0xFF000000u, pool, driver, stack,
                        size, priority);
}

static VOID instances(ULONG input)
{
    NX_PACKET_POOL none = {0};
    NX_PACKET_POOL *pool = &net_a.pool;
    NX_IP *ip = &net_b.ip;
    VOID (*ram)(NX_IP_DRIVER *) = _nx_ram_network_driver_1500;

    (void)input;
    start();
    expect_eq(make_ip(NULL, pool, ram, kit_stack, sizeof kit_stack, 1),
              NX_PTR_ERROR);
    expect_eq(_nxe_ip_create(ip, net_name, B, 0xFF000000u, pool, ram,
                             kit_stack, sizeof kit_stack, 1, 1),
              NX_PTR_ERROR);
    expect_eq(make_ip(ip, pool, NULL, kit_stack, sizeof kit_stack, 1),
              NX_PTR_ERROR);
    expect_eq(make_ip(ip, pool, ram, NULL, sizeof kit_stack, 1), NX_PTR_ERROR);
    expect_eq(make_ip(ip, NULL, ram, kit_stack, sizeof kit_stack, 1),
              NX_PTR_ERROR);
    expect_eq(make_ip(ip, &none, ram, kit_stack, sizeof kit_stack, 1),
              NX_PTR_ERROR);
    expect_eq(make_ip(&net_a.ip, pool, ram, kit_stack, sizeof kit_stack, 1),
              NX_PTR_ERROR);
    expect_eq(make_ip(ip, pool, ram, kit_stack, TX_MINIMUM_STACK - 1, 1),
              NX_SIZE_ERROR);
    expect_eq(
        make_ip(ip, pool, ram, kit_stack, sizeof kit_stack, TX_MAX_PRIORITIES),
        NX_OPTION_ERROR);
    expect_eq(nx_ip_delete(NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_delete(ip), NX_PTR_ERROR);
    net_finish(&net_a);
}

static void an_instance_needs_its_parts(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, instances);
}

static VOID on_link_change(NX_IP *ip, UINT index, UINT up)
{
    (void)ip;
    (void)index;
    (void)up;
}

/* Every service of an instance, without one. */
static VOID no_instance(ULONG input)
{
    static NX_IP blank;
    NX_IP *const wrong[] = {NULL, &blank};
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xb1);
    CHAR *data = (CHAR *)buffer;

    (void)input;
    start();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        NX_IP *ip = wrong[i];

        kit_row("%s", ip == NULL ? "NULL" : "not created");
        expect_eq(nx_udp_enable(ip), NX_PTR_ERROR);
        expect_eq(nx_icmp_enable(ip), NX_PTR_ERROR);
        expect_eq(nxd_icmp_enable(ip), NX_PTR_ERROR);
        expect_eq(nx_ip_fragment_enable(ip), NX_PTR_ERROR);
        expect_eq(nx_ip_fragment_disable(ip), NX_PTR_ERROR);
        expect_eq(nxd_ipv6_enable(ip), NX_PTR_ERROR);
        expect_eq(nxd_ipv6_disable(ip), NX_PTR_ERROR);
        expect_eq(nx_arp_enable(ip, buffer, sizeof buffer), NX_PTR_ERROR);
        expect_eq(nx_ip_status_check(ip, NX_IP_LINK_ENABLED, number, 1),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_address_get(ip, &number[0], &number[1]), NX_PTR_ERROR);
        expect_eq(nx_ip_address_set(ip, B, 0xFF000000u), NX_PTR_ERROR);
        expect_eq(nx_ip_gateway_address_set(ip, B), NX_PTR_ERROR);
        expect_eq(nx_ip_gateway_address_get(ip, number), NX_PTR_ERROR);
        expect_eq(nx_ip_gateway_address_clear(ip), NX_PTR_ERROR);
        expect_eq(nx_ip_address_change_notify(ip, NULL, NULL), NX_PTR_ERROR);
        expect_eq(nx_ip_info_get(ip, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                 NULL, NULL, NULL),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_interface_attach(ip, net_name, B, 0xFF000000u,
                                         _nx_ram_network_driver_1500),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_interface_address_get(ip, 0, &number[0], &number[1]),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_interface_address_set(ip, 0, B, 0xFF000000u),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_interface_info_get(ip, 0, NULL, NULL, NULL, NULL, NULL,
                                           NULL),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_interface_mtu_set(ip, 0, 1280), NX_PTR_ERROR);
        expect_eq(nx_ip_interface_physical_address_get(ip, 0, &number[0],
                                                       &number[1]),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_driver_direct_command(ip, NX_LINK_GET_STATUS, number),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_driver_interface_direct_command(ip, NX_LINK_GET_STATUS,
                                                        0, number),
                  NX_PTR_ERROR);
        expect_eq(nx_ip_max_payload_size_find(ip, &v6, 0, 1, 2,
                                              NX_PROTOCOL_UDP, &number[0],
                                              &number[1]),
                  NX_PTR_ERROR);
        expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 64, NULL), NX_PTR_ERROR);
        expect_eq(nxd_ipv6_address_get(ip, 0, &told_address, number, small),
                  NX_PTR_ERROR);
        expect_eq(nxd_ipv6_address_delete(ip, 0), NX_PTR_ERROR);
        expect_eq(nx_udp_free_port_find(ip, 1, small), NX_PTR_ERROR);
        expect_eq(
            nx_udp_info_get(ip, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            NX_PTR_ERROR);
        expect_eq(nx_udp_socket_create(ip, &net_b.socket, net_name,
                                       NX_IP_NORMAL, NX_FRAGMENT_OKAY, 1, 1),
                  NX_PTR_ERROR);
        expect_eq(nx_icmp_info_get(ip, NULL, NULL, NULL, NULL, NULL, NULL),
                  NX_PTR_ERROR);
        expect_eq(nx_igmp_enable(ip), NX_PTR_ERROR);
        expect_eq(nx_igmp_multicast_join(ip, GROUP), NX_PTR_ERROR);
        expect_eq(nx_igmp_multicast_leave(ip, GROUP), NX_PTR_ERROR);
        expect_eq(nx_igmp_multicast_interface_join(ip, GROUP, 0),
                  NX_PTR_ERROR);
        expect_eq(nx_igmp_multicast_interface_leave(ip, GROUP, 0),
                  NX_PTR_ERROR);
        expect_eq(nx_ipv4_multicast_interface_join(ip, GROUP, 0),
                  NX_PTR_ERROR);
        expect_eq(nx_ipv4_multicast_interface_leave(ip, GROUP, 0),
                  NX_PTR_ERROR);
        expect_eq(nx_igmp_loopback_enable(ip), NX_PTR_ERROR);
        expect_eq(nx_igmp_loopback_disable(ip), NX_PTR_ERROR);
        expect_eq(nx_igmp_info_get(ip, NULL, NULL, NULL, NULL), NX_PTR_ERROR);
        expect_eq(nx_ip_link_status_change_notify_set(ip, on_link_change),
                  NX_PTR_ERROR);
        expect_eq(nx_icmp_ping(ip, B, data, 8, &told_packet, NX_NO_WAIT),
                  NX_PTR_ERROR);
        expect_eq(nxd_icmp_ping(ip, &v6, data, 8, &told_packet, NX_NO_WAIT),
                  NX_PTR_ERROR);
        expect_eq(nxd_icmp_source_ping(ip, &v6, 0, data, 8, &told_packet,
                                       NX_NO_WAIT),
                  NX_PTR_ERROR);
    }
    net_finish(&net_a);
}

static void without_an_instance_nothing_is_done(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_instance);
}

/* IGMP is not on yet: only the groups of IPv4 are there. */
static VOID without_igmp(ULONG input)
{
    NX_IP *ip = &net_a.ip;
    ULONG status = 0;

    (void)input;
    start();
    expect_eq(nx_igmp_multicast_join(ip, GROUP), NX_NOT_ENABLED);
    expect_eq(nx_igmp_multicast_leave(ip, GROUP), NX_NOT_ENABLED);
    expect_eq(nx_igmp_multicast_interface_join(ip, GROUP, 0), NX_NOT_ENABLED);
    expect_eq(nx_igmp_multicast_interface_leave(ip, GROUP, 0), NX_NOT_ENABLED);
    expect_eq(nx_igmp_loopback_enable(ip), NX_NOT_ENABLED);
    expect_eq(nx_igmp_loopback_disable(ip), NX_NOT_ENABLED);
    expect_eq(nx_igmp_info_get(ip, NULL, NULL, NULL, NULL), NX_NOT_ENABLED);
    expect_eq(nx_ipv4_multicast_interface_join(ip, A, 0), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_ipv4_multicast_interface_leave(ip, GROUP,
                                                NX_MAX_PHYSICAL_INTERFACES),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ipv4_multicast_interface_join(ip, GROUP, 0), NX_SUCCESS);
    expect_eq(nx_ip_status_check(ip, NX_IP_IGMP_ENABLED, &status, NX_NO_WAIT),
              NX_NOT_SUCCESSFUL);
    expect_eq(nx_igmp_enable(ip), NX_SUCCESS);
    expect_eq(nx_ip_status_check(ip, NX_IP_IGMP_ENABLED, &status, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(status, NX_IP_INITIALIZE_DONE | NX_IP_ADDRESS_RESOLVED |
                          NX_IP_LINK_ENABLED | NX_IP_INTERFACE_LINK_ENABLED |
                          NX_IP_UDP_ENABLED | NX_IP_IGMP_ENABLED);
    expect_eq(nx_igmp_multicast_leave(ip, GROUP), NX_SUCCESS);
    net_finish(&net_a);
}

static void igmp_is_turned_on_first(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, without_igmp);
}

/* What an instance that is there cannot use. */
static VOID bad_values(ULONG input)
{
    NX_IP *ip = &net_a.ip;
    NXD_ADDRESS v4 = net_v4(B);
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xb1);
    NXD_ADDRESS none = {0};
    const UINT far = NX_MAX_IP_INTERFACES;

    (void)input;
    start();
    expect_eq(nx_arp_enable(ip, NULL, 64), NX_PTR_ERROR);
    expect_eq(nx_arp_enable(ip, buffer, 0), NX_SIZE_ERROR);
    expect_eq(nx_ip_status_check(ip, NX_IP_LINK_ENABLED, NULL, 1),
              NX_PTR_ERROR);
    expect_eq(nx_ip_status_check(ip, 0, number, 1), NX_OPTION_ERROR);
    expect_eq(
        nx_ip_interface_status_check(ip, 0, NX_IP_LINK_ENABLED, number, 1),
        NX_SUCCESS);
    expect_eq(
        nx_ip_interface_status_check(ip, far, NX_IP_LINK_ENABLED, number, 1),
        NX_INVALID_INTERFACE);
    expect_eq(nx_ip_address_get(ip, NULL, number), NX_PTR_ERROR);
    expect_eq(nx_ip_address_get(ip, number, NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_gateway_address_set(ip, 0), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_ip_gateway_address_get(ip, NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_interface_attach(ip, net_name, B, 0xFF000000u, NULL),
              NX_PTR_ERROR);
    expect_eq(nx_ip_link_status_change_notify_set(ip, NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_driver_direct_command(ip, NX_LINK_GET_STATUS, NULL),
              NX_PTR_ERROR);
    expect_eq(nx_ip_driver_interface_direct_command(ip, NX_LINK_GET_STATUS,
                                                    far, number),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_address_get(ip, 0, NULL, number), NX_PTR_ERROR);
    expect_eq(nx_ip_interface_address_get(ip, 0, number, NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_driver_interface_direct_command(
                  ip, NX_LINK_GET_STATUS, NX_LOOPBACK_INTERFACE, number),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_address_set(ip, far, B, 0),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_mtu_set(ip, far, 1280), NX_INVALID_INTERFACE);
    expect_eq(
        nx_ip_interface_info_get(ip, far, NULL, NULL, NULL, NULL, NULL, NULL),
        NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_physical_address_get(ip, 0, NULL, number),
              NX_PTR_ERROR);
    expect_eq(nx_ip_interface_physical_address_get(ip, 0, number, NULL),
              NX_PTR_ERROR);
    expect_eq(nx_ip_max_payload_size_find(ip, NULL, 0, 1, 2, NX_PROTOCOL_UDP,
                                          &number[0], &number[1]),
              NX_PTR_ERROR);
    expect_eq(nx_ip_max_payload_size_find(ip, &v4, 0, 1, 2, NX_PROTOCOL_UDP,
                                          NULL, &number[1]),
              NX_PTR_ERROR);
    expect_eq(nx_ip_max_payload_size_find(ip, &v4, 0, 1, 2, NX_PROTOCOL_UDP,
                                          &number[0], NULL),
              NX_PTR_ERROR);
    expect_eq(nx_ip_max_payload_size_find(ip, &v4, 0, 1, 2,
                                          NX_PROTOCOL_UDP + 1, &number[0],
                                          &number[1]),
              NX_NOT_SUPPORTED);
    expect_eq(nx_ip_max_payload_size_find(ip, &none, 0, 1, 2, NX_PROTOCOL_UDP,
                                          &number[0], &number[1]),
              NX_NOT_SUPPORTED);

    expect_eq(nxd_ipv6_address_set(ip, far, &v6, 64, NULL),
              NX_INVALID_INTERFACE);
    expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 129, NULL),
              NX_IP_ADDRESS_ERROR);
    expect_eq(nxd_ipv6_address_set(ip, 0, NULL, 64, NULL),
              NX_IP_ADDRESS_ERROR);
    expect_eq(nxd_ipv6_address_set(ip, 0, &v4, 64, NULL), NX_IP_ADDRESS_ERROR);
    expect_eq(nxd_ipv6_address_get(ip, 0, NULL, number, small), NX_PTR_ERROR);
    expect_eq(nxd_ipv6_address_get(ip, 0, &told_address, NULL, small),
              NX_PTR_ERROR);
    expect_eq(nxd_ipv6_address_get(ip, 0, &told_address, number, NULL),
              NX_PTR_ERROR);
    expect_eq(nxd_ipv6_address_get(ip, 1, &told_address, number, small),
              NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_get(ip, 99, &told_address, number, small),
              NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_delete(ip, 1), NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_delete(ip, 99), NX_NO_INTERFACE_ADDRESS);
    net_finish(&net_a);
}

static void an_instance_refuses_what_it_cannot_use(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_values);
}

/* A second interface, and every IPv6 address that there is room for. */
static VOID addresses(ULONG input)
{
    NX_IP *ip = &net_a.ip;
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xb1);
    NXD_ADDRESS local;
    UINT i;

    (void)input;
    start();
    expect_eq(nxd_ipv6_address_set(ip, 0, NULL, 10, small), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_get(ip, small[0], &local, number, &small[1]),
              NX_SUCCESS);
    expect_eq(local.nxd_ip_address.v6[0], 0xFE800000u);
    expect_eq(number[0], 10);
    expect_eq(nxd_ipv6_address_set(ip, 0, NULL, 10, small),
              NX_DUPLICATED_ENTRY);
    for (i = 2; i < NX_MAX_IPV6_ADDRESSES; i++) {
        kit_row("%u", i);
        v6.nxd_ip_address.v6[3] = 0xb1 + i;
        expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 64, NULL), NX_SUCCESS);
    }
    v6.nxd_ip_address.v6[3]++;
    expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 64, NULL), NX_NO_MORE_ENTRIES);
    expect_eq(nxd_ipv6_address_delete(ip, 1), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 64, small), NX_SUCCESS);
    expect_eq(small[0], 1);
    expect_eq(
        nx_ip_interface_physical_address_get(ip, 0, &number[0], &number[1]),
        NX_SUCCESS);
    expect_eq(nx_ip_fragment_disable(ip), NX_SUCCESS);
    expect_eq(nx_udp_socket_checksum_disable(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_checksum_enable(&net_a.socket), NX_SUCCESS);
    expect_eq(nxd_ipv6_disable(ip), NX_SUCCESS);
    net_finish(&net_a);
}

static void an_instance_has_room_for_so_many_addresses(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, addresses);
}

/* ---- Sockets ---- */

static VOID no_socket(ULONG input)
{
    static NX_UDP_SOCKET blank;
    NX_UDP_SOCKET *const wrong[] = {NULL, &blank};
    NXD_ADDRESS to = net_v4(B);
    NX_PACKET *p;

    (void)input;
    start();
    p = make_packet();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        NX_UDP_SOCKET *s = wrong[i];

        kit_row("%s", s == NULL ? "NULL" : "not created");
        expect_eq(nx_udp_socket_bind(s, 7, NX_NO_WAIT), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_unbind(s), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_delete(s),
                  s == NULL ? NX_PTR_ERROR : NX_NOT_CREATED);
        expect_eq(nx_udp_socket_port_get(s, small), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_bytes_available(s, number), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_checksum_disable(s), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_checksum_enable(s), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_info_get(s, NULL, NULL, NULL, NULL, NULL, NULL,
                                         NULL),
                  NX_PTR_ERROR);
        expect_eq(nx_udp_socket_receive(s, &told_packet, NX_NO_WAIT),
                  NX_PTR_ERROR);
        expect_eq(nx_udp_socket_receive_notify(s, NULL), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_send(s, p, B, 7), NX_PTR_ERROR);
        expect_eq(nxd_udp_socket_send(s, p, &to, 7), NX_PTR_ERROR);
        expect_eq(nx_udp_socket_source_send(s, p, B, 7, 0), NX_PTR_ERROR);
        expect_eq(nxd_udp_socket_source_send(s, p, &to, 7, 0), NX_PTR_ERROR);
    }
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    net_finish(&net_a);
}

static void without_a_socket_nothing_is_done(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_socket);
}

static UINT make_socket(NX_UDP_SOCKET *s, ULONG fragment, UINT live)
{
    return nx_udp_socket_create(&net_a.ip, s, net_name, NX_IP_NORMAL, fragment,
                                live, 5);
}

static VOID bad_sockets(ULONG input)
{
    NX_UDP_SOCKET *s = &net_a.socket;
    NX_UDP_SOCKET *other = &net_b.socket;
    NXD_ADDRESS to = net_v4(B);
    NXD_ADDRESS none = {0};
    NX_PACKET *p;
    UCHAR *kept;

    (void)input;
    start();
    expect_eq(make_socket(NULL, NX_FRAGMENT_OKAY, 9), NX_PTR_ERROR);
    expect_eq(make_socket(s, NX_FRAGMENT_OKAY, 9), NX_PTR_ERROR);
    expect_eq(_nxe_udp_socket_create(&net_a.ip, other, net_name, NX_IP_NORMAL,
                                     NX_FRAGMENT_OKAY, 9, 5, 1),
              NX_PTR_ERROR);
    expect_eq(make_socket(other, 3, 9), NX_OPTION_ERROR);
    expect_eq(make_socket(other, NX_FRAGMENT_OKAY, 0), NX_OPTION_ERROR);
    expect_eq(make_socket(other, NX_FRAGMENT_OKAY, 256), NX_OPTION_ERROR);
    expect_eq(make_socket(other, NX_DONT_FRAGMENT, 255), NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(other, small), NX_NOT_BOUND);
    expect_eq(nx_udp_socket_bytes_available(other, number), NX_NOT_SUCCESSFUL);
    expect_eq(nx_udp_socket_bind(other, NX_MAX_PORT + 1, NX_NO_WAIT),
              NX_INVALID_PORT);
    expect_eq(nx_udp_socket_delete(other), NX_SUCCESS);

    expect_eq(nx_udp_free_port_find(&net_a.ip, 1, NULL), NX_PTR_ERROR);
    expect_eq(nx_udp_free_port_find(&net_a.ip, NX_MAX_PORT + 1, small),
              NX_INVALID_PORT);
    expect_eq(nx_udp_socket_port_get(s, NULL), NX_PTR_ERROR);
    expect_eq(nx_udp_socket_bytes_available(s, NULL), NX_PTR_ERROR);
    expect_eq(nx_udp_socket_receive(s, NULL, NX_NO_WAIT), NX_PTR_ERROR);

    expect_eq(_nxde_udp_socket_send(s, NULL, &to, 7), NX_PTR_ERROR);
    expect_eq(_nxe_udp_socket_source_send(s, NULL, B, 7, 0), NX_PTR_ERROR);
    p = NULL;
    expect_eq(nxd_udp_socket_send(s, p, &to, 7), NX_PTR_ERROR);
    p = make_packet();
    expect_eq(nxd_udp_socket_send(s, p, NULL, 7), NX_PTR_ERROR);
    expect_eq(nxd_udp_socket_send(s, p, &none, 7), NX_IP_ADDRESS_ERROR);
    expect_eq(nxd_udp_socket_send(s, p, &to, 0), NX_INVALID_PORT);
    expect_eq(nxd_udp_socket_send(s, p, &to, NX_MAX_PORT + 1),
              NX_INVALID_PORT);
    expect_eq(nxd_udp_socket_source_send(s, p, &to, NX_MAX_PORT + 1, 0),
              NX_INVALID_PORT);
    expect_eq(nxd_udp_socket_source_send(s, p, &to, 7, NX_MAX_IP_INTERFACES),
              NX_INVALID_INTERFACE);
    kept = p->nx_packet_prepend_ptr;
    p->nx_packet_prepend_ptr = p->nx_packet_data_start - 1;
    expect_eq(nxd_udp_socket_send(s, p, &to, 7), NX_UNDERFLOW);
    p->nx_packet_prepend_ptr = kept;
    kept = p->nx_packet_append_ptr;
    p->nx_packet_append_ptr = p->nx_packet_data_end + 1;
    expect_eq(nxd_udp_socket_send(s, p, &to, 7), NX_OVERFLOW);
    p->nx_packet_append_ptr = kept;
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_ENQUEUED;
    expect_eq(nxd_udp_socket_send(s, p, &to, 7), NX_INVALID_PACKET);
    expect_eq(nx_packet_release(p), NX_INVALID_PACKET);
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_ALLOCATED;
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    expect_eq(net_a.pool.nx_packet_pool_invalid_releases, 1);
    net_a.pool.nx_packet_pool_invalid_releases = 0;
    net_finish(&net_a);
}

static void a_socket_refuses_what_it_cannot_use(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_sockets);
}

/* ---- What came ---- */

static VOID came(ULONG input)
{
    NX_PACKET *p = NULL;
    NX_PACKET *own;

    (void)input;
    start();
    own = make_packet();
    expect_eq(net_send(&net_a, net_v4(A), 1111, 7), NX_SUCCESS);
    expect_eq(nx_udp_socket_receive(&net_a.socket, &p, 300), NX_SUCCESS);
    expect_eq(nx_udp_source_extract(NULL, number, small), NX_PTR_ERROR);
    expect_eq(nx_udp_source_extract(p, NULL, small), NX_PTR_ERROR);
    expect_eq(nx_udp_source_extract(p, number, NULL), NX_PTR_ERROR);
    expect_eq(nx_udp_source_extract(own, number, small), NX_INVALID_PACKET);
    expect_eq(nxd_udp_source_extract(NULL, &told_address, small),
              NX_PTR_ERROR);
    expect_eq(nxd_udp_source_extract(p, NULL, small), NX_PTR_ERROR);
    expect_eq(nxd_udp_source_extract(p, &told_address, NULL), NX_PTR_ERROR);
    expect_eq(nxd_udp_source_extract(own, &told_address, small),
              NX_INVALID_PACKET);
    expect_eq(nx_udp_packet_info_extract(NULL, number, NULL, NULL, NULL),
              NX_PTR_ERROR);
    expect_eq(
        nxd_udp_packet_info_extract(NULL, &told_address, NULL, NULL, NULL),
        NX_PTR_ERROR);
    expect_eq(nx_udp_packet_info_extract(own, number, NULL, NULL, NULL),
              NX_INVALID_PACKET);
    expect_eq(nx_udp_packet_info_extract(p, NULL, NULL, NULL, NULL),
              NX_SUCCESS);
    expect_eq(nxd_udp_packet_info_extract(p, NULL, NULL, NULL, NULL),
              NX_SUCCESS);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    expect_eq(nx_packet_release(own), NX_SUCCESS);
    net_finish(&net_a);
}

static void only_what_came_has_a_source(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, came);
}

/* No kernel runs here. */
static void outside_of_a_thread_no_socket_is_touched(void **state)
{
    NX_UDP_SOCKET s = {.nx_udp_socket_id = NX_UDP_ID};
    NXD_ADDRESS to = net_v4(B);
    NX_PACKET packet;
    NX_PACKET *p = &packet;

    (void)state;
    assert_int_equal(nx_udp_socket_bind(&s, 7, NX_NO_WAIT), NX_CALLER_ERROR);
    assert_int_equal(nx_udp_socket_unbind(&s), NX_CALLER_ERROR);
    assert_int_equal(nx_udp_socket_delete(&s), NX_CALLER_ERROR);
    assert_int_equal(nxd_udp_socket_send(&s, p, &to, 7), NX_CALLER_ERROR);
    assert_ptr_equal(p, &packet);
}

/* ---- ARP, ICMP, numbers ---- */

#define MSW 0x23
#define LSW 0x456789abu

static void arp_is_not_enabled(NX_IP *ip)
{
    ULONG found = 0;

    expect_eq(nx_arp_dynamic_entry_set(ip, B, MSW, LSW), NX_NOT_ENABLED);
    expect_eq(nx_arp_static_entry_create(ip, B, MSW, LSW), NX_NOT_ENABLED);
    expect_eq(nx_arp_static_entry_delete(ip, B, MSW, LSW), NX_NOT_ENABLED);
    expect_eq(nx_arp_static_entries_delete(ip), NX_NOT_ENABLED);
    expect_eq(nx_arp_dynamic_entries_invalidate(ip), NX_NOT_ENABLED);
    expect_eq(nx_arp_entry_delete(ip, B), NX_NOT_ENABLED);
    expect_eq(nx_arp_hardware_address_find(ip, B, &number[0], &number[1]),
              NX_NOT_ENABLED);
    expect_eq(nx_arp_ip_address_find(ip, &found, MSW, LSW), NX_NOT_ENABLED);
    expect_eq(nx_arp_gratuitous_send(ip, NULL), NX_NOT_ENABLED);
    expect_eq(found, 0);
}

static void arp_needs_addresses(NX_IP *ip)
{
    ULONG found = 0;

    expect_eq(nx_arp_dynamic_entry_set(ip, 0, MSW, LSW), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_arp_static_entry_delete(ip, 0, MSW, LSW),
              NX_IP_ADDRESS_ERROR);
    expect_eq(nx_arp_static_entry_delete(ip, B, 0, 0), NX_INVALID_PARAMETERS);
    expect_eq(nx_arp_entry_delete(ip, 0), NX_IP_ADDRESS_ERROR);
    expect_eq(nx_arp_hardware_address_find(ip, B, NULL, &number[1]),
              NX_PTR_ERROR);
    expect_eq(nx_arp_hardware_address_find(ip, B, &number[0], NULL),
              NX_PTR_ERROR);
    expect_eq(nx_arp_hardware_address_find(ip, 0, &number[0], &number[1]),
              NX_IP_ADDRESS_ERROR);
    expect_eq(nx_arp_ip_address_find(ip, NULL, MSW, LSW), NX_PTR_ERROR);
    expect_eq(nx_arp_ip_address_find(ip, &found, 0, 0), NX_INVALID_PARAMETERS);
}

/* Half of an address is another address, and a question makes no entry. */
static void arp_compares_whole_addresses(NX_IP *ip)
{
    ULONG found = 0;

    expect_eq(nx_arp_dynamic_entry_set(ip, B, 0, 0), NX_SUCCESS);
    expect_eq(nx_arp_entry_delete(ip, B), NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_dynamic_entry_set(ip, B, 0, LSW), NX_SUCCESS);
    expect_eq(nx_arp_hardware_address_find(ip, B, &number[0], &number[1]),
              NX_SUCCESS);
    expect_eq(number[0], 0);
    expect_eq(number[1], LSW);
    expect_eq(nx_arp_static_entry_delete(ip, B, 0, LSW), NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_static_entry_create(ip, A, 0, LSW), NX_SUCCESS);
    expect_eq(nx_arp_static_entry_delete(ip, A, 0, LSW), NX_SUCCESS);
    expect_eq(nx_arp_dynamic_entry_set(ip, B, MSW, 0), NX_SUCCESS);
    expect_eq(nx_arp_hardware_address_find(ip, B, &number[0], &number[1]),
              NX_SUCCESS);
    expect_eq(number[0], MSW);
    expect_eq(number[1], 0);
    expect_eq(nx_arp_entry_delete(ip, B), NX_SUCCESS);
    expect_eq(nx_arp_static_entry_create(ip, B, MSW, LSW), NX_SUCCESS);
    expect_eq(nx_arp_ip_address_find(ip, &found, MSW, LSW + 1),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_ip_address_find(ip, &found, MSW + 1, LSW),
              NX_ENTRY_NOT_FOUND);
    expect_eq(found, 0);
    expect_eq(nx_arp_static_entry_delete(ip, B + 1, MSW, LSW),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_static_entry_delete(ip, B, MSW + 1, LSW),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_static_entry_delete(ip, B, MSW, LSW + 1),
              NX_ENTRY_NOT_FOUND);
    expect_eq(nx_arp_ip_address_find(ip, &found, MSW, LSW), NX_SUCCESS);
    expect_eq(found, B);
    expect_eq(nx_arp_static_entry_delete(ip, B, MSW, LSW), NX_SUCCESS);
}

static void icmp_needs_an_address(NX_IP *ip)
{
    NXD_ADDRESS v4 = net_v4(B);
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xb1);
    CHAR data[8] = {0};

    expect_eq(nx_icmp_info_get(ip, NULL, NULL, NULL, NULL, NULL, NULL),
              NX_NOT_ENABLED);
    expect_eq(nx_icmp_enable(ip), NX_SUCCESS);
    expect_eq(nxd_icmp_ping(ip, NULL, data, 8, &told_packet, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(nxd_icmp_ping(ip, &v4, data, 8, NULL, NX_NO_WAIT), NX_PTR_ERROR);
    expect_eq(
        nxd_icmp_source_ping(ip, NULL, 0, data, 8, &told_packet, NX_NO_WAIT),
        NX_PTR_ERROR);
    expect_eq(nxd_icmp_source_ping(ip, &v4, 0, data, 8, NULL, NX_NO_WAIT),
              NX_PTR_ERROR);
    expect_eq(
        nxd_icmp_source_ping(ip, &v4, 99, data, 8, &told_packet, NX_NO_WAIT),
        NX_INVALID_INTERFACE);
    expect_eq(
        nxd_icmp_source_ping(ip, &v6, 99, data, 8, &told_packet, NX_NO_WAIT),
        NX_INVALID_INTERFACE);
}

static VOID bad_neighbours(ULONG input)
{
    static NX_ARP cache[3];

    (void)input;
    start();
    arp_is_not_enabled(&net_a.ip);
    expect_eq(nx_arp_enable(&net_a.ip, cache, sizeof cache), NX_SUCCESS);
    arp_needs_addresses(&net_a.ip);
    arp_compares_whole_addresses(&net_a.ip);
    icmp_needs_an_address(&net_a.ip);
    net_finish(&net_a);
}

static void arp_and_icmp_refuse_what_they_cannot_use(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_neighbours);
}

static void a_number_is_of_digits(void **state)
{
    static CHAR one[] = "1", before[] = "5/", behind[] = "5:";
    CHAR room[8];
    UINT value = 7;

    (void)state;
    assert_int_equal(_nx_utility_string_to_uint(NULL, 1, &value),
                     NX_PTR_ERROR);
    assert_int_equal(_nx_utility_string_to_uint(one, 1, NULL), NX_PTR_ERROR);
    assert_int_equal(_nx_utility_string_to_uint(one, 0, &value),
                     NX_SIZE_ERROR);
    assert_int_equal(_nx_utility_string_to_uint(before, 2, &value),
                     NX_INVALID_PARAMETERS);
    assert_int_equal(_nx_utility_string_to_uint(behind, 2, &value),
                     NX_INVALID_PARAMETERS);
    assert_int_equal(value, 7);
    assert_int_equal(_nx_utility_uint_to_string(255, 16, NULL, 8), 0);
    assert_int_equal(_nx_utility_uint_to_string(255, 1, room, 8), 0);
    assert_int_equal(_nx_utility_uint_to_string(255, 17, room, 8), 0);
    assert_int_equal(_nx_utility_uint_to_string(255, 16, room, 2), 0);
    assert_int_equal(_nx_utility_uint_to_string(255, 16, room, 3), 2);
    assert_string_equal(room, "ff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pool_gives_only_what_it_has),
        cmocka_unit_test(a_packet_is_not_read_without_its_pointers),
        cmocka_unit_test(a_function_of_a_timer_does_not_wait),
        cmocka_unit_test(an_instance_needs_its_parts),
        cmocka_unit_test(without_an_instance_nothing_is_done),
        cmocka_unit_test(igmp_is_turned_on_first),
        cmocka_unit_test(an_instance_refuses_what_it_cannot_use),
        cmocka_unit_test(an_instance_has_room_for_so_many_addresses),
        cmocka_unit_test(without_a_socket_nothing_is_done),
        cmocka_unit_test(a_socket_refuses_what_it_cannot_use),
        cmocka_unit_test(only_what_came_has_a_source),
        cmocka_unit_test(outside_of_a_thread_no_socket_is_touched),
        cmocka_unit_test(arp_and_icmp_refuse_what_they_cannot_use),
        cmocka_unit_test(a_number_is_of_digits),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
