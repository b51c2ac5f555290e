/* SPDX-License-Identifier: MIT */
/* Tests of UDP over sockets of the host, on its loopback addresses. */

#include "net_kit.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOCALHOST IP_ADDRESS(127, 0, 0, 1)

/* Some containers have no ::1; then the IPv6 half is skipped. */
static int has_v6(void)
{
    struct sockaddr_in6 a = {.sin6_family = AF_INET6,
                             .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    int good = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static void start(ULONG v4)
{
    net_start(&net_a, _nxdtls_udp_network_driver, v4, net_v6(0, 1), 5);
    net_start(&net_b, _nxdtls_udp_network_driver, v4, net_v6(0, 1), 5);
    if (!has_v6()) {
        net_a.ip.nx_ip_ipv6_enabled = NX_FALSE;
        net_b.ip.nx_ip_ipv6_enabled = NX_FALSE;
    }
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
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

static VOID exchange(ULONG v4)
{
    const ULONG lengths[] = {0, 1, 972, 973, 1452, 65507};
    UINT i;

    start(LOCALHOST);
    (void)v4;
    for (i = 0; i < 6; i++) {
        kit_row("%u bytes", lengths[i]);
        expect_eq(
            net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), lengths[i]),
            NX_SUCCESS);
        net_expect(&net_b, lengths[i], net_v4(LOCALHOST), port_of(&net_a));
        if (net_a.ip.nx_ip_ipv6_enabled) {
            expect_eq(
                net_send(&net_b, net_v6(0, 1), port_of(&net_a), lengths[i]),
                NX_SUCCESS);
            net_expect(&net_a, lengths[i], net_v6(0, 1), port_of(&net_b));
        }
    }
    finish();
}

static void datagrams_cross_real_sockets_of_both_families(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, exchange);
    kit_run(NXDTLS_PORT_REAL, exchange);
}

/* Loopback carries 65536 bytes: with IPv6 headers these are more. */
static void send_whole(NX_UDP_SOCKET *socket)
{
    NXD_ADDRESS to = net_v6(0, 1);
    NX_PACKET *p;

    if (!net_b.ip.nx_ip_ipv6_enabled) {
        return;
    }
    expect_eq(nx_packet_allocate(&net_b.pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(p, net_bytes, 65520, &net_b.pool, 0),
              NX_SUCCESS);
    expect_eq(nxd_udp_socket_send(socket, p, &to, 9), NX_SIZE_ERROR);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
}

static VOID errors(ULONG input)
{
    NX_UDP_SOCKET other;
    UINT dead;
    UINT i;

    (void)input;
    start(LOCALHOST);
    expect_eq(nx_udp_socket_create(&net_b.ip, &other, net_name, 0,
                                   NX_DONT_FRAGMENT, 64, 5),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&other, port_of(&net_a), 0),
              NX_PORT_UNAVAILABLE); /* the host says so */
    expect_eq(nx_udp_socket_bind(&other, NX_ANY_PORT, 0), NX_SUCCESS);
    expect_eq(nx_udp_socket_port_get(&other, &dead), NX_SUCCESS);
    send_whole(&other);
    expect_eq(nx_udp_socket_unbind(&other), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&other), NX_SUCCESS);
    for (i = 0; i < 3; i++) { /* nobody there: ICMP says, we do not care */
        kit_row("time %u", i);
        expect_eq(net_send(&net_a, net_v4(LOCALHOST), dead, 9), NX_SUCCESS);
        expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 9),
                  NX_SUCCESS);
        net_expect(&net_b, 9, net_v4(LOCALHOST), port_of(&net_a));
    }
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 65508),
              NX_SIZE_ERROR);
    expect_eq(net_send(&net_a, net_v4(IP_ADDRESS(255, 255, 255, 255)), 9, 9),
              NX_IP_ADDRESS_ERROR);
    finish();
}

static void errors_of_the_host_have_their_status(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, errors);
}

static VOID bind_fails(ULONG wanted)
{
    (void)wanted;
    net_start(&net_a, _nxdtls_udp_network_driver, LOCALHOST, net_v6(0, 1), 5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, 0),
              NX_NOT_SUPPORTED);
    net_finish(&net_a);
}

static VOID bind_elsewhere(ULONG input)
{
    (void)input;
    net_start(&net_a, _nxdtls_udp_network_driver, IP_ADDRESS(192, 0, 2, 1),
              net_v6(0, 1), 5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, 0),
              NX_IP_ADDRESS_ERROR);
    net_finish(&net_a);
}

static void a_bind_that_cannot_work_says_why(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bind_fails);
    kit_run(NXDTLS_PORT_REAL, bind_elsewhere);
}

static VOID idle(ULONG input)
{
    NX_PACKET *p;

    (void)input;
    start(0);
    expect_eq(nx_udp_socket_receive(&net_a.socket, &p, 30), NX_NO_PACKET);
    nxdtls_port_stop(); /* with open sockets */
}

static void waiting_for_a_datagram_uses_no_processor(void **state)
{
    struct timespec before;
    struct timespec after;

    (void)state;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    kit_run(NXDTLS_PORT_REAL, idle);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    assert_true((after.tv_sec - before.tv_sec) * 1000 +
                    (after.tv_nsec - before.tv_nsec) / 1000000 <
                200);
}

/* Nobody reads: the queue drops the oldest, and every other thread still
 * runs. */
static VOID flood(ULONG input)
{
    UINT burst;
    UINT i;

    (void)input;
    start(LOCALHOST);
    for (burst = 1; burst <= 20; burst++) {
        kit_row("burst %u", burst);
        for (i = 0; i < 100; i++) {
            kit_row("datagram %u", i);
            expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 20),
                      NX_SUCCESS);
        }
        for (i = 0; i < 300 &&
                    net_b.socket.nx_udp_socket_packets_received < burst * 100;
             i++) {
            tx_thread_sleep(1);
        }
    }
    expect_eq(net_b.socket.nx_udp_socket_packets_received, 2000);
    expect_eq(net_b.socket.nx_udp_socket_packets_dropped, 1995);
    finish();
}

static void a_flood_is_dropped_at_the_queue(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, flood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_cross_real_sockets_of_both_families),
        cmocka_unit_test(errors_of_the_host_have_their_status),
        cmocka_unit_test(a_bind_that_cannot_work_says_why),
        cmocka_unit_test(waiting_for_a_datagram_uses_no_processor),
        cmocka_unit_test(a_flood_is_dropped_at_the_queue),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
