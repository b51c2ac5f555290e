/* SPDX-License-Identifier: MIT */
/* Tests of UDP over the RAM wire, in virtual time. */

#include "net_kit.h"

#define ADDRESS_A IP_ADDRESS(10, 23, 45, 67)
#define ADDRESS_B IP_ADDRESS(10, 23, 45, 89)

static void start(ULONG queue_maximum)
{
    net_start(&net_a, _nx_ram_network_driver_1500, ADDRESS_A,
              net_v6(0x20010db8, 0xa1), queue_maximum);
    net_start(&net_b, _nx_ram_network_driver_1500, ADDRESS_B,
              net_v6(0x20010db8, 0xb2), queue_maximum);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, 4433, NX_NO_WAIT), NX_SUCCESS);
}

static void finish(void)
{
    net_finish(&net_a);
    net_finish(&net_b);
}

static UINT port_of(struct net_host *h)
{
    UINT port = 0;

    expect_eq(nx_udp_socket_port_get(&h->socket, &port), NX_SUCCESS);
    return port;
}

static VOID exchange(ULONG input)
{
    const ULONG lengths[] = {0, 1, 500, 1452};
    UINT i;

    (void)input;
    start(5);
    for (i = 0; i < 4; i++) {
        kit_row("%u bytes", lengths[i]);
        expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, lengths[i]),
                  NX_SUCCESS);
        net_expect(&net_b, lengths[i], net_v4(ADDRESS_A), port_of(&net_a));
        expect_eq(net_send(&net_b, net_v6(0x20010db8, 0xa1), port_of(&net_a),
                           lengths[i]),
                  NX_SUCCESS);
        net_expect(&net_a, lengths[i], net_v6(0x20010db8, 0xb2), 4433);
    }
    if (nxdtls_port_mode_get() == NXDTLS_PORT_VIRTUAL) {
        expect_eq(tx_time_get(), 0);
    }
    expect_eq(net_b.ip.nx_ip_udp_packets_received, 4);
    finish();
}

static void datagrams_of_both_families_arrive_with_their_source(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, exchange);
    kit_run(NXDTLS_PORT_REAL, exchange);
}

static VOID too_long(ULONG input)
{
    (void)input;
    start(5);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 1473), NX_SIZE_ERROR);
    expect_eq(nx_ip_fragment_enable(&net_a.ip), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 1473), NX_SUCCESS);
    expect_eq(net_b.socket.nx_udp_socket_receive_count, 0);
    expect_eq(nx_ip_fragment_enable(&net_b.ip), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 65507), NX_SUCCESS);
    net_expect(&net_b, 65507, net_v4(ADDRESS_A), port_of(&net_a));
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 65508), NX_SIZE_ERROR);
    finish();
}

static void a_long_datagram_needs_fragments_at_both_ends(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, too_long);
}

static VOID overflow(ULONG input)
{
    ULONG length;

    (void)input;
    start(3);
    for (length = 1; length <= 5; length++) {
        kit_row("%u bytes", length);
        expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, length),
                  NX_SUCCESS);
    }
    expect_eq(net_b.socket.nx_udp_socket_receive_count, 3);
    expect_eq(net_b.socket.nx_udp_socket_packets_dropped, 2);
    expect_eq(nx_udp_socket_bytes_available(&net_b.socket, &length),
              NX_SUCCESS);
    expect_eq(length, 3 + 4 + 5);
    net_expect(&net_b, 3, net_v4(ADDRESS_A), port_of(&net_a));
    finish(); /* two are still in the queue */
}

static void a_full_queue_drops_the_oldest(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, overflow);
}

static UINT num_hooked;

/* Drops the first datagram, passes the second twice, changes the third. */
static VOID hook(NX_IP *ip, NX_PACKET *packet)
{
    const UCHAR *udp = packet->nx_packet_prepend_ptr;
    NX_PACKET *copy;

    expect_eq(udp[2] << 8 | udp[3], 4433);
    expect_eq(udp[4] << 8 | udp[5], packet->nx_packet_length);
    expect_eq(packet->nx_packet_ip_version, NX_IP_VERSION_V4);
    switch (++num_hooked) {
    case 1:
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    case 2:
        expect_eq(nx_packet_copy(packet, &copy, &net_b.pool, NX_NO_WAIT),
                  NX_SUCCESS);
        _nx_udp_packet_receive(ip, copy);
        break;
    default:
        packet->nx_packet_prepend_ptr[8] ^= 0xff;
        break;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID use_hook(ULONG input)
{
    NX_PACKET *p;

    (void)input;
    start(5);
    num_hooked = 0;
    expect(net_b.ip.nx_ip_udp_packet_receive == _nx_udp_packet_receive);
    net_b.ip.nx_ip_udp_packet_receive = hook;
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 11), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 22), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 33), NX_SUCCESS);
    net_expect(&net_b, 22, net_v4(ADDRESS_A), port_of(&net_a));
    net_expect(&net_b, 22, net_v4(ADDRESS_A), port_of(&net_a));
    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(p->nx_packet_prepend_ptr[0], net_bytes[0] ^ 0xff);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, 100), NX_NO_PACKET);
    expect_eq(tx_time_get(), 100);
    finish();
}

static void a_hook_may_drop_copy_and_change_packets(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, use_hook);
}

static VOID on_receive(NX_UDP_SOCKET *socket)
{
    expect(socket == &net_b.socket);
    expect(tx_thread_identify() == &net_b.ip.nx_ip_thread);
    kit_note('n');
}

static VOID notify(ULONG input)
{
    (void)input;
    start(5);
    expect_eq(nx_udp_socket_receive_notify(&net_b.socket, on_receive),
              NX_SUCCESS);
    kit_note('1');
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 5), NX_SUCCESS);
    kit_note('2');
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4434, 5), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B + 1), 4433, 5), NX_SUCCESS);
    expect_eq(net_b.ip.nx_ip_udp_no_port_for_delivery, 1);
    kit_note('3');
    finish();
}

static void notify_runs_in_the_ip_thread_for_each_datagram(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, notify);
    assert_string_equal(kit_log, "1n23");
}

static VOID receive_until_unbound(ULONG wanted)
{
    NX_PACKET *p;

    expect_eq(nx_udp_socket_receive(&net_b.socket, &p, NX_WAIT_FOREVER),
              wanted);
    kit_note('r');
}

static VOID take_port(ULONG input)
{
    (void)input;
    expect_eq(nx_udp_socket_bind(&net_a.socket, 5000, 200), NX_SUCCESS);
    kit_note('b');
}

static VOID statuses(ULONG input)
{
    NX_UDP_SOCKET other;
    NX_PACKET *p;
    UINT port;

    (void)input;
    start(5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, 9, 0), NX_ALREADY_BOUND);
    expect_eq(nxdtls_port_udp_unreachable_notify(&net_a.socket, NX_NULL),
              NX_NOT_SUPPORTED);
    expect_eq(nx_udp_socket_delete(&net_a.socket), NX_STILL_BOUND);
    expect_eq(nx_udp_socket_create(&net_a.ip, &other, net_name, 0, 0, 64, 5),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&other, port_of(&net_a), 0),
              NX_PORT_UNAVAILABLE);
    expect_eq(nx_udp_socket_receive(&other, &p, 0), NX_NOT_BOUND);
    expect_eq(nx_udp_free_port_find(&net_a.ip, port_of(&net_a), &port),
              NX_SUCCESS);
    expect_eq(port, port_of(&net_a) + 1);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_NOT_BOUND);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 5), NX_NOT_BOUND);
    expect_eq(nx_udp_socket_bind(&other, 5000, 0), NX_SUCCESS);
    (void)kit_spawn(take_port, 0, 5); /* waits */
    kit_note('a');
    expect_eq(nx_udp_socket_unbind(&other), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&other), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&other), NX_NOT_CREATED);
    expect_eq(net_send(&net_a, net_v4(0), 4433, 5), NX_IP_ADDRESS_ERROR);
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 0, 5), NX_INVALID_PORT);
    (void)kit_spawn(receive_until_unbound, NX_SOCKET_UNBOUND, 5);
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
    expect_eq(tx_thread_wait_abort(
                  (nx_udp_socket_bind(&net_b.socket, 4433, 0),
                   kit_spawn(receive_until_unbound, NX_WAIT_ABORTED, 5))),
              NX_SUCCESS);
    finish();
}

static void each_misuse_has_its_status(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, statuses);
    assert_string_equal(kit_log, "abrr");
}

static VOID no_room(ULONG input)
{
    NX_PACKET *p[NET_PACKETS];
    UINT i;

    (void)input;
    start(5);
    for (i = 0; i < NET_PACKETS; i++) {
        kit_row("packet %u", i);
        expect_eq(nx_packet_allocate(&net_b.pool, &p[i], 0, 0), NX_SUCCESS);
    }
    expect_eq(net_send(&net_a, net_v4(ADDRESS_B), 4433, 5), NX_SUCCESS);
    expect_eq(net_b.ip.nx_ip_receive_packets_dropped, 1);
    for (i = 0; i < NET_PACKETS; i++) {
        kit_row("packet %u", i);
        expect_eq(nx_packet_release(p[i]), NX_SUCCESS);
    }
    finish();
}

static void a_datagram_without_a_packet_is_lost_and_counted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_room);
}

/* A packet must have room for the headers; its pool rounds up to 8 bytes. */
static VOID small_packets(ULONG input)
{
    const struct {
        NXD_ADDRESS to;
        ULONG payload;
        bool arrives;
    } rows[] = {
        {net_v4(ADDRESS_B), NX_PHYSICAL_HEADER + 20 + 4, false},
        {net_v4(ADDRESS_B), NX_PHYSICAL_HEADER + 20 + 12, true},
        {net_v6(0x20010db8, 0xb2), NX_PHYSICAL_HEADER + 40, false},
        {net_v6(0x20010db8, 0xb2), NX_PHYSICAL_HEADER + 40 + 8, true},
    };
    static ALIGN_TYPE memory[64 * (sizeof(NX_PACKET) + 64) / 8];

    (void)input;
    for (UINT i = 0; i < 4; i++) {
        NX_PACKET_POOL pool;
        NX_PACKET *packet = NULL;

        kit_row("row %u", i);
        start(5);
        expect_eq(nx_packet_pool_create(&pool, net_name, rows[i].payload,
                                        memory, sizeof memory),
                  NX_SUCCESS);
        net_b.ip.nx_ip_default_packet_pool = &pool;
        expect_eq(net_send(&net_a, rows[i].to, 4433, 5), NX_SUCCESS);
        expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, 5),
                  rows[i].arrives ? NX_SUCCESS : NX_NO_PACKET);
        expect_eq(net_b.ip.nx_ip_receive_packets_dropped, !rows[i].arrives);
        if (packet != NULL) {
            expect_eq(packet->nx_packet_length, 5);
            expect_eq(nx_packet_release(packet), NX_SUCCESS);
        }
        finish();
        expect_eq(pool.nx_packet_pool_available, pool.nx_packet_pool_total);
        expect_eq(nx_packet_pool_delete(&pool), NX_SUCCESS);
    }
    nxdtls_port_stop();
}

static void a_packet_without_room_for_headers_is_no_room(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, small_packets);
}

/* An application's driver calls ours, and did not set the status. */
static VOID chained(ULONG input)
{
    NX_IP_DRIVER request = {.nx_ip_driver_command = NX_LINK_ENABLE,
                            .nx_ip_driver_status = NX_NOT_SUCCESSFUL};

    (void)input;
    start(5);
    request.nx_ip_driver_ptr = &net_a.ip;
    request.nx_ip_driver_interface = &net_a.ip.nx_ip_interface[0];
    _nx_ram_network_driver_1500(&request);
    expect_eq(request.nx_ip_driver_status, NX_SUCCESS);
    finish();
    nxdtls_port_stop();
}

static void a_driver_says_that_it_has_done_it(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, chained);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_of_both_families_arrive_with_their_source),
        cmocka_unit_test(a_long_datagram_needs_fragments_at_both_ends),
        cmocka_unit_test(a_full_queue_drops_the_oldest),
        cmocka_unit_test(a_hook_may_drop_copy_and_change_packets),
        cmocka_unit_test(notify_runs_in_the_ip_thread_for_each_datagram),
        cmocka_unit_test(each_misuse_has_its_status),
        cmocka_unit_test(a_datagram_without_a_packet_is_lost_and_counted),
        cmocka_unit_test(a_packet_without_room_for_headers_is_no_room),
        cmocka_unit_test(a_driver_says_that_it_has_done_it),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
