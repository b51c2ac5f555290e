/* SPDX-License-Identifier: MIT */
/* Changes of an interface that is there, and the checksum that programs make
 * over a packet. */
#include "../unit/port/net_kit.h"

#define A NET_A
#define B NET_B
#define LATER IP_ADDRESS(10, 1, 2, 9)
#define MASK 0xFF000000u
#define LONGEST 500 /* ticks: five seconds */
#define LOCALHOST IP_ADDRESS(127, 0, 0, 1)

static CHAR name[] = "interface";
static UINT calls;

static VOID start_pair(VOID)
{
    calls = 0;
    net_start_pair(_nx_ram_network_driver_1500, _nx_ram_network_driver_1500);
    net_bind_pair();
}

static VOID end_pair(VOID)
{
    net_finish_pair();
    nxdtls_port_stop();
}

static VOID expect_nothing(VOID)
{
    NX_PACKET *packet = NULL;

    expect_eq(nx_udp_socket_receive(&net_a.socket, &packet, 10), NX_NO_PACKET);
}

static VOID on_address(NX_IP *ip, VOID *info)
{
    expect(ip == &net_a.ip && info == &calls);
    calls++;
}

/* What is left of an instance without its interface. */
static VOID expect_no_interface(VOID)
{
    NX_IP *ip = &net_a.ip;
    NXD_ADDRESS v6 = net_v6(0x20010db8, 0xa9);
    ULONG address = 0, value = 0, mtu = 0;
    UINT index = 0;

    expect_eq(nx_ip_interface_address_get(ip, 0, &address, &mtu),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_status_check(ip, 0, NX_IP_LINK_ENABLED, &value,
                                           NX_NO_WAIT),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_status_check(ip, NX_IP_LINK_ENABLED, &value, NX_NO_WAIT),
              NX_NOT_SUCCESSFUL);
    expect_eq(value & (NX_IP_LINK_ENABLED | NX_IP_ADDRESS_RESOLVED), 0);
    expect_eq(nx_ip_driver_direct_command(ip, NX_LINK_ENABLE, &value),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_detach(ip, 0), NX_INVALID_INTERFACE);
    expect_eq(nxd_ipv6_address_get(ip, 0, &v6, &value, &index),
              NX_NO_INTERFACE_ADDRESS);
    expect_eq(nxd_ipv6_address_set(ip, 0, &v6, 64, NULL),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_gateway_address_get(ip, &address), NX_NOT_FOUND);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 8), NX_NO_INTERFACE_ADDRESS);
    expect_eq(net_send(&net_b, net_v4(A), 1111, 8), NX_SUCCESS);
    expect_nothing();
}

static VOID detach_body(ULONG input)
{
    NX_IP *ip = &net_a.ip;

    (void)input;
    start_pair();
    expect_eq(nx_ip_address_change_notify(ip, on_address, &calls), NX_SUCCESS);
    expect_eq(nx_ip_gateway_address_set(ip, B), NX_SUCCESS);
    expect_eq(nx_ip_interface_detach(ip, NX_LOOPBACK_INTERFACE),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_detach(ip, 7), NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_detach(NULL, 0), NX_PTR_ERROR);
    expect_eq(calls, 0);
    expect_eq(
        nx_ip_interface_attach(ip, name, 0, MASK, _nx_ram_network_driver_1500),
        NX_NO_MORE_ENTRIES); /* there is room for one */
    expect_eq(nx_ip_interface_detach(ip, 0), NX_SUCCESS);
    expect_eq(calls, 1);
    expect_no_interface();

    /* The socket is bound on the wire: it cannot go on in another network. */
    expect_eq(nx_ip_interface_attach(ip, name, LATER, MASK,
                                     _nxdtls_udp_network_driver),
              NX_NOT_SUPPORTED);
    expect_no_interface();
    expect_eq(nx_ip_interface_attach(ip, name, LATER, MASK,
                                     _nx_ram_network_driver_512),
              NX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LATER), 1111, 8), NX_SUCCESS);
    net_expect(&net_a, 8, net_v4(B), 2222);
    expect_eq(net_send(&net_a, net_v4(B), 2222, 8), NX_SUCCESS);
    net_expect(&net_b, 8, net_v4(LATER), 1111);
    end_pair();
}

static void an_interface_is_taken_away_and_comes_back(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, detach_body);
}

static VOID other_network_body(ULONG input)
{
    (void)input;
    start_pair();
    expect_eq(nx_ip_interface_detach(&net_a.ip, 0), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_ip_interface_attach(&net_a.ip, name, LOCALHOST, MASK,
                                     _nxdtls_udp_network_driver),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_NOT_SUPPORTED); /* in virtual time: the host's network */
    end_pair();
}

static void without_bound_sockets_another_network_may_come(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, other_network_body);
}

static VOID settings_body(ULONG input)
{
    NX_IP *ip = &net_a.ip;
    ULONG msw = 0, lsw = 0;

    (void)input;
    start_pair();
    for (UINT update = 0; update <= 1; update++) {
        kit_row("update_driver %u", update);
        expect_eq(nx_ip_interface_physical_address_set(
                      ip, 0, 0x1234 + update, 0x56789abc + update, update),
                  NX_SUCCESS);
        expect_eq(nx_ip_interface_physical_address_get(ip, 0, &msw, &lsw),
                  NX_SUCCESS);
        expect_eq(msw, 0x1234 + update);
        expect_eq(lsw, 0x56789abc + update);
    }
    expect_eq(nx_ip_interface_physical_address_set(ip, NX_LOOPBACK_INTERFACE,
                                                   1, 2, 0),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_physical_address_set(NULL, 0, 1, 2, 0),
              NX_PTR_ERROR);
    expect_eq(nx_ip_interface_address_mapping_configure(ip, 0, 2), NX_SUCCESS);
    expect_eq(ip->nx_ip_driver_mapping_needed, NX_TRUE);
    expect_eq(nx_ip_interface_address_mapping_configure(ip, 0, NX_FALSE),
              NX_SUCCESS);
    expect_eq(ip->nx_ip_driver_mapping_needed, NX_FALSE);
    expect_eq(nx_ip_interface_address_mapping_configure(ip, 9, NX_TRUE),
              NX_INVALID_INTERFACE);
    expect_eq(nx_ip_interface_address_mapping_configure(NULL, 0, NX_TRUE),
              NX_PTR_ERROR);
    end_pair();
}

static void an_interface_keeps_what_is_set(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, settings_body);
}

static VOID on_router(NX_IP *ip, UINT flags)
{
    (void)ip;
    (void)flags;
}

static VOID routers_body(ULONG input)
{
    (void)input;
    start_pair();
    expect_eq(nx_ip_forwarding_enable(&net_a.ip), NX_NOT_SUPPORTED);
    expect_eq(nx_ip_forwarding_disable(&net_a.ip), NX_SUCCESS);
    expect_eq(nxd_icmpv6_ra_flag_callback_set(&net_a.ip, on_router),
              NX_SUCCESS);
    expect(net_a.ip.nx_ip_icmpv6_ra_flag_callback == on_router);
    expect_eq(nx_ip_forwarding_enable(NULL), NX_PTR_ERROR);
    expect_eq(nx_ip_forwarding_disable(NULL), NX_PTR_ERROR);
    expect_eq(nxd_icmpv6_ra_flag_callback_set(NULL, on_router), NX_PTR_ERROR);
    end_pair();
}

static void an_instance_is_no_router(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, routers_body);
}

/* On the host's network the link is the instance's part in it. */
static VOID host_body(ULONG input)
{
    UINT port = 0;
    ULONG value = 0;

    (void)input;
    net_start(&net_a, _nxdtls_udp_network_driver, LOCALHOST, net_v6(0, 1), 5);
    net_a.ip.nx_ip_ipv6_enabled = NX_FALSE;
    net_start(&net_b, _nxdtls_udp_network_driver, LOCALHOST, net_v6(0, 1), 5);
    net_b.ip.nx_ip_ipv6_enabled = NX_FALSE;
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(&net_a.socket, &port), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_ip_interface_physical_address_set(&net_a.ip, 0, 1, 2, 1),
              NX_UNHANDLED_COMMAND);

    expect_eq(nx_ip_driver_direct_command(&net_b.ip, NX_LINK_DISABLE, &value),
              NX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port, 8), NX_SUCCESS);
    expect_eq(net_b.ip.nx_ip_send_packets_dropped, 1);
    expect_eq(nx_ip_driver_direct_command(&net_b.ip, NX_LINK_ENABLE, &value),
              NX_SUCCESS);
    expect_eq(nx_ip_driver_direct_command(&net_a.ip, NX_LINK_DISABLE, &value),
              NX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port, 8), NX_SUCCESS);
    for (UINT i = 0;
         net_a.ip.nx_ip_receive_packets_dropped == 0 && i < LONGEST; i++) {
        (void)tx_thread_sleep(1); /* until it has come and is dropped */
    }
    expect_eq(net_a.ip.nx_ip_receive_packets_dropped, 1);
    expect_eq(nx_ip_driver_direct_command(&net_a.ip, NX_LINK_ENABLE, &value),
              NX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port, 9), NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(&net_b.socket, &port), NX_SUCCESS);
    net_expect(&net_a, 9, net_v4(LOCALHOST), port); /* the only one */
    expect_eq(nx_ip_interface_detach(&net_b.ip, 0), NX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port, 8),
              NX_NO_INTERFACE_ADDRESS);
    end_pair();
}

static void a_link_of_the_host_goes_down_and_up(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, host_body);
}

/* ---- Checksums ---- */

static NX_PACKET *packet_of(const UCHAR *bytes, ULONG len, ULONG first)
{
    NX_PACKET *p = NULL;
    UCHAR copy[64];
    ULONG copied = 0;

    memcpy(copy, bytes, len);
    expect_eq(nx_packet_allocate(&net_a.pool, &p, 0, NX_NO_WAIT), NX_SUCCESS);
    /* The first packet of the chain has only `first` bytes. */
    p->nx_packet_prepend_ptr = p->nx_packet_data_end - first;
    p->nx_packet_append_ptr = p->nx_packet_prepend_ptr;
    expect_eq(nx_packet_data_append(p, copy, len, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_retrieve(p, copy, &copied), NX_SUCCESS);
    expect(copied == len && memcmp(copy, bytes, len) == 0);
    return p;
}

/* RFC 1071, 3: the sum of these bytes. */
static VOID example_of_rfc_1071(VOID)
{
    static const UCHAR bytes[] = {0x00, 0x01, 0xf2, 0x03,
                                  0xf4, 0xf5, 0xf6, 0xf7};

    for (ULONG first = 0; first <= sizeof bytes; first++) {
        NX_PACKET *p = packet_of(bytes, sizeof bytes, first);

        kit_row("%u bytes in the first packet", (unsigned)first);
        expect_eq(
            _nx_ip_checksum_compute(p, NX_IP_ICMP, sizeof bytes, NULL, NULL),
            0xddf2);
        expect_eq(_nx_ip_checksum_compute(p, NX_IP_ICMP, 2, NULL, NULL), 1);
        expect_eq(_nx_ip_checksum_compute(p, NX_IP_ICMP, 3, NULL, NULL),
                  0xf201); /* a byte at the end counts as the upper one */
        expect_eq(_nx_ip_checksum_compute(p, NX_IP_ICMP, 100, NULL, NULL),
                  0xddf2);
        expect_eq(nx_packet_release(p), NX_SUCCESS);
    }
}

/* Its sums were made by another program. */
static VOID a_datagram(VOID)
{
    UCHAR udp[] = {0x12, 0x34, 0x56, 0x78, 0,   13, 0,
                   0,    'h',  'e',  'l',  'l', 'o'};
    ULONG from[] = {0x20010db8, 0, 0, 0xa1};
    ULONG to[] = {0x20010db8, 0, 0, 0xb2};
    ULONG a = A, b = B;
    USHORT sum;
    NX_PACKET *p = packet_of(udp, sizeof udp, 5);

    expect_eq(_nx_ip_checksum_compute(p, NX_IP_UDP, sizeof udp, &a, &b),
              0xc4b2);
    expect_eq(
        _nx_ip_checksum_compute(p, NX_PROTOCOL_UDP, sizeof udp, from, to),
        0x096f);
    expect_eq(_nx_ip_checksum_compute(p, NX_IP_UDP, sizeof udp, &a, NULL),
              0xac8b); /* no pseudo header without both addresses */
    p->nx_packet_ip_version = NX_IP_VERSION_V4;
    expect_eq(_nx_ip_checksum_compute(p, NX_PROTOCOL_UDP, sizeof udp, &a, &b),
              0xc4b2);
    expect_eq(nx_packet_release(p), NX_SUCCESS);

    udp[6] = (UCHAR)(~0xc4b2u >> 8);
    udp[7] = (UCHAR)~0xc4b2u;
    p = packet_of(udp, sizeof udp, 5);
    sum = _nx_ip_checksum_compute(p, NX_IP_UDP, sizeof udp, &a, &b);
    expect_eq(~(ULONG)sum & NX_LOWER_16_MASK, 0); /* it is right */
    expect_eq(nx_packet_release(p), NX_SUCCESS);
}

static VOID checksum_body(ULONG input)
{
    (void)input;
    start_pair();
    example_of_rfc_1071();
    a_datagram();
    end_pair();
}

static void a_sum_is_that_of_rfc_1071(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, checksum_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interface_is_taken_away_and_comes_back),
        cmocka_unit_test(without_bound_sockets_another_network_may_come),
        cmocka_unit_test(an_interface_keeps_what_is_set),
        cmocka_unit_test(an_instance_is_no_router),
        cmocka_unit_test(a_link_of_the_host_goes_down_and_up),
        cmocka_unit_test(a_sum_is_that_of_rfc_1071),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
