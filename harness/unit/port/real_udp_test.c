/* SPDX-License-Identifier: MIT */
/* Tests of UDP over sockets of the host, on its loopback addresses. */

#include "net_kit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
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

/* As a socket has in a process that was started without a standard input. */
static VOID number_0(ULONG input)
{
    int standard_input = dup(0);

    (void)input;
    start(LOCALHOST);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    (void)close(0);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect(fcntl(0, F_GETFD) >= 0); /* it is the socket's */
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 5),
              NX_SUCCESS);
    net_expect(&net_b, 5, net_v4(LOCALHOST), port_of(&net_a));
    finish();
    expect(fcntl(0, F_GETFD) < 0);
    (void)dup2(standard_input, 0);
    (void)close(standard_input);
}

static void a_socket_of_the_host_may_have_the_number_0(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, number_0);
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

/* An address of this host, in both forms. */
struct own_address {
    const char *text;
    NXD_ADDRESS nx;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name;
    socklen_t len;
};

static struct own_address own_v4(const char *text)
{
    struct own_address a = {
        .text = text, .name.v4.sin_family = AF_INET, .len = sizeof a.name.v4};

    expect_eq(inet_pton(AF_INET, text, &a.name.v4.sin_addr), 1);
    a.nx = net_v4(ntohl(a.name.v4.sin_addr.s_addr));
    return a;
}

static struct own_address own_v6(void)
{
    return (struct own_address){
        .text = "::1",
        .nx = net_v6(0, 1),
        .name.v6 = {.sin6_family = AF_INET6,
                    .sin6_addr = IN6ADDR_LOOPBACK_INIT},
        .len = sizeof(struct sockaddr_in6)};
}

/* A socket that hears `port` of that address and nothing else. */
static int connect_to(struct own_address a, UINT port)
{
    int fd = socket(a.name.any.sa_family, SOCK_DGRAM, 0);

    if (a.name.any.sa_family == AF_INET) {
        a.name.v4.sin_port = htons((uint16_t)port);
    } else {
        a.name.v6.sin6_port = htons((uint16_t)port);
    }
    expect(fd >= 0 && connect(fd, &a.name.any, a.len) == 0);
    return fd;
}

/* Does `fd` hear `length` bytes soon? */
static bool hears(int fd, ULONG length)
{
    static UCHAR got[sizeof net_bytes];
    ssize_t n = -1;

    for (UINT i = 0; i < 20 && n < 0; i++) {
        n = recv(fd, got, sizeof got, MSG_DONTWAIT);
        if (n < 0) {
            tx_thread_sleep(1);
        }
    }
    return n == (ssize_t)length && memcmp(got, net_bytes, length) == 0;
}

/* What came is sent back from `from`; NULL: as nxd_udp_socket_send does. */
static VOID answer(NX_PACKET *packet, const NXD_ADDRESS *from)
{
    NXD_ADDRESS source;
    UINT port;

    expect_eq(nxd_udp_source_extract(packet, &source, &port), NX_SUCCESS);
    expect_eq(from == NULL
                  ? nxd_udp_socket_send(&net_b.socket, packet, &source, port)
                  : nxdtls_port_udp_socket_send_from(&net_b.socket, packet,
                                                     from, &source, port),
              NX_SUCCESS);
}

/* Asks at `asked`, and has it answered from `from`; NULL: from the address at
 * which it came. */
static bool is_answered(const struct own_address *asked, ULONG length,
                        const NXD_ADDRESS *from)
{
    int fd = connect_to(*asked, port_of(&net_b));
    NXD_ADDRESS came_to;
    NX_PACKET *packet;
    bool heard;

    memset(&came_to, 0, sizeof came_to);
    expect(send(fd, net_bytes, length, 0) == (ssize_t)length);
    expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, 300), NX_SUCCESS);
    expect_eq(packet->nx_packet_length, length);
    expect_eq(nxdtls_port_udp_destination_extract(packet, &came_to),
              NX_SUCCESS);
    expect(net_same(came_to, asked->nx));
    answer(packet, from == NULL ? &came_to : from);
    heard = hears(fd, length);
    (void)close(fd);
    return heard;
}

static VOID answers(ULONG v4)
{
    const ULONG lengths[] = {0, 1, 1452, 9000}; /* the last one is a chain */
    struct own_address own[] = {own_v4("127.0.0.1"), own_v4("127.0.0.2"),
                                own_v4("127.0.0.3"), own_v6()};
    NXD_ADDRESS nowhere = {0};
    NXD_ADDRESS all = net_v4(0);
    NXD_ADDRESS foreign[] = {net_v4(IP_ADDRESS(198, 51, 100, 1)),
                             net_v6(0x20010db8, 9)};
    NXD_ADDRESS to[] = {net_v4(LOCALHOST), net_v6(0, 1)};
    NX_PACKET *packet;
    UINT num;

    net_start(&net_b, _nxdtls_udp_network_driver, v4, net_v6(0, 0), 5);
    if (!has_v6()) {
        net_b.ip.nx_ip_ipv6_enabled = NX_FALSE;
    }
    num = net_b.ip.nx_ip_ipv6_enabled ? 4 : 3;
    expect_eq(nx_udp_socket_bind(&net_b.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    for (UINT i = 0; i < num; i++) {
        kit_row("%s", own[i].text);
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            kit_row("%u bytes", lengths[j]);
            expect(is_answered(&own[i], lengths[j], NULL));
        }
    }
    /* An answer from another address is not heard. */
    expect(!is_answered(&own[1], 5, &own[2].nx));
    expect(!is_answered(&own[1], 5, &nowhere));
    expect(!is_answered(&own[1], 5, &all));
    /* Without an address of that family, the host chooses. */
    expect(is_answered(&own[0], 5, &nowhere));
    expect(is_answered(&own[0], 5, &all));
    expect(is_answered(&own[0], 5, &own[3].nx));
    packet = NULL;
    expect_eq(nx_packet_allocate(&net_b.pool, &packet, NX_UDP_PACKET, 0),
              NX_SUCCESS);
    expect_eq(nxdtls_port_udp_destination_extract(packet, &nowhere),
              NX_INVALID_PACKET);
    for (UINT i = 0; i < num - 2; i++) {
        kit_row("address %u", i);
        expect_eq(nxdtls_port_udp_socket_send_from(&net_b.socket, packet,
                                                   &foreign[i], &to[i], 9),
                  NX_IP_ADDRESS_ERROR);
    }
    expect_eq(nxdtls_port_udp_socket_send_from(&net_b.socket, packet,
                                               &own[0].nx, &to[0], 0),
              NX_INVALID_PORT);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    net_finish(&net_b);
}

static void an_answer_comes_from_the_address_that_was_asked(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, answers);
}

/* A socket on one address: that is the one. */
static VOID answers_of_one(ULONG input)
{
    struct own_address second = own_v4("127.0.0.2");

    (void)input;
    net_start(&net_b, _nxdtls_udp_network_driver, second.nx.nxd_ip_address.v4,
              net_v6(0, 1), 5);
    if (!has_v6()) {
        net_b.ip.nx_ip_ipv6_enabled = NX_FALSE;
    }
    expect_eq(nx_udp_socket_bind(&net_b.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect(is_answered(&second, 5, NULL));
    if (net_b.ip.nx_ip_ipv6_enabled) {
        struct own_address v6 = own_v6();

        expect(is_answered(&v6, 6, NULL));
    }
    net_finish(&net_b);
}

static void a_socket_on_one_address_answers_from_it(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, answers_of_one);
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

static TX_SEMAPHORE losses;
static NXD_ADDRESS lost_to;
static UINT lost_port;
static UINT lost_why;

static VOID on_loss(NX_UDP_SOCKET *socket, NXD_ADDRESS *address, UINT port,
                    UINT why)
{
    expect(socket == &net_a.socket);
    lost_to = *address;
    lost_port = port;
    lost_why = why;
    expect_eq(tx_semaphore_put(&losses), TX_SUCCESS);
}

/* A datagram from `h` to a closed port, and one to the other host's. */
static void send_to_nobody(struct net_host *h, NXD_ADDRESS to, UINT dead)
{
    expect_eq(net_send(h, to, dead, 10), NX_SUCCESS);
    expect_eq(tx_semaphore_get(&losses, 1000), TX_SUCCESS);
    expect_eq(lost_why, NXDTLS_PORT_NO_LISTENER);
    expect_eq(lost_port, dead);
    expect_eq(lost_to.nxd_ip_version, to.nxd_ip_version);
    expect(memcmp(&lost_to.nxd_ip_address, &to.nxd_ip_address,
                  to.nxd_ip_version == NX_IP_VERSION_V4 ? 4 : 16) == 0);
}

static VOID loss(ULONG input)
{
    static CHAR name[] = "losses";
    UINT dead;

    (void)input;
    start(LOCALHOST);
    dead = port_of(&net_b);
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
    expect_eq(nxdtls_port_udp_unreachable_notify(&net_b.socket, on_loss),
              NX_NOT_BOUND);
    expect_eq(nx_udp_socket_bind(&net_b.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(tx_semaphore_create(&losses, name, 0), TX_SUCCESS);
    expect_eq(nxdtls_port_udp_unreachable_notify(&net_a.socket, on_loss),
              NX_SUCCESS);
    send_to_nobody(&net_a, net_v4(LOCALHOST), dead);
    if (net_a.ip.nx_ip_ipv6_enabled) {
        send_to_nobody(&net_a, net_v6(0, 1), dead);
    }
    /* A loss spoils no other datagram. */
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), dead, 10), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 20),
              NX_SUCCESS);
    net_expect(&net_b, 20, net_v4(LOCALHOST), port_of(&net_a));
    expect_eq(tx_semaphore_get(&losses, 1000), TX_SUCCESS);
    /* Nobody asks any more. */
    expect_eq(nxdtls_port_udp_unreachable_notify(&net_a.socket, NX_NULL),
              NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), dead, 10), NX_SUCCESS);
    expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 30),
              NX_SUCCESS);
    net_expect(&net_b, 30, net_v4(LOCALHOST), port_of(&net_a));
    expect_eq(tx_semaphore_get(&losses, NX_NO_WAIT), TX_NO_INSTANCE);
    finish();
}

static void a_socket_can_learn_that_nobody_listens(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, loss);
}

/* Sends what the other thread waits for, as the last one that can run. */
static VOID send_and_end(ULONG input)
{
    (void)input;
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
              NX_SUCCESS);
}

static VOID last_words(ULONG input)
{
    (void)input;
    start(LOCALHOST);
    (void)kit_spawn(send_and_end, 0, KIT_MAIN_PRIORITY + 1);
    net_expect(&net_a, 10, net_v4(LOCALHOST), port_of(&net_b));
    finish();
}

static void a_datagram_arrives_after_its_sender_has_ended(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, last_words);
}

static VOID wait_for_ever(ULONG input)
{
    TX_SEMAPHORE never;

    (void)input;
    expect_eq(tx_semaphore_create(&never, net_name, 0), TX_SUCCESS);
    (void)tx_semaphore_get(&never, TX_WAIT_FOREVER);
}

/* While the first thread sleeps, the other one is the last to wait: it is the
 * one that watches the sockets. */
static VOID watcher_is_terminated(ULONG input)
{
    TX_THREAD *watcher;

    (void)input;
    start(LOCALHOST);
    watcher = kit_spawn(wait_for_ever, 0, KIT_MAIN_PRIORITY + 1);
    expect_eq(tx_thread_sleep(1), TX_SUCCESS);
    expect_eq(tx_thread_terminate(watcher), TX_SUCCESS);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
              NX_SUCCESS);
    net_expect(&net_a, 10, net_v4(LOCALHOST), port_of(&net_b));
    finish();
}

static void a_datagram_arrives_after_a_waiting_thread_was_terminated(
    void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, watcher_is_terminated);
}

static TX_THREAD *received_in; /* the thread of the last packet */

static VOID receive_by_hand(NX_IP *ip, NX_PACKET *packet)
{
    received_in = tx_thread_identify();
    _nx_udp_packet_receive(ip, packet);
}

static VOID note_thread(NX_UDP_SOCKET *socket)
{
    (void)socket;
    received_in = tx_thread_identify();
}

/* A thread that waits for the sockets takes a datagram to its socket itself,
 * but only if that runs no function of the application. */
static VOID where_functions_run(ULONG input)
{
    (void)input;
    start(LOCALHOST);
    for (UINT i = 0; i < 3; i++) {
        kit_row("function %u", i);
        received_in = NULL;
        net_a.ip.nx_ip_udp_packet_receive =
            i == 1 ? receive_by_hand : _nx_udp_packet_receive;
        expect_eq(nx_udp_socket_receive_notify(&net_a.socket,
                                               i == 2 ? note_thread : NULL),
                  NX_SUCCESS);
        expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
                  NX_SUCCESS);
        net_expect(&net_a, 10, net_v4(LOCALHOST), port_of(&net_b));
        expect(received_in == (i == 0 ? NULL : &net_a.ip.nx_ip_thread));
    }
    finish();
}

static void functions_of_the_application_run_in_the_ip_thread(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, where_functions_run);
}

/* The application has all packets of the pool: what comes then is dropped, and
 * counted. */
#define WAIT_TICKS 500u /* a busy machine may take its time */

static VOID no_packets(ULONG input)
{
    NX_PACKET *all[NET_PACKETS];
    UINT num = 0;

    (void)input;
    start(LOCALHOST);
    while (num < NET_PACKETS &&
           nx_packet_allocate(&net_a.pool, &all[num], NX_RECEIVE_PACKET,
                              NX_NO_WAIT) == NX_SUCCESS) {
        num++;
    }
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
              NX_SUCCESS);
    for (UINT i = 0;
         i < WAIT_TICKS && net_a.ip.nx_ip_receive_packets_dropped == 0; i++) {
        (void)tx_thread_sleep(1);
    }
    expect_eq(net_a.ip.nx_ip_receive_packets_dropped, 1);
    while (num > 0) {
        expect_eq(nx_packet_release(all[--num]), NX_SUCCESS);
    }
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
              NX_SUCCESS);
    net_expect(&net_a, 10, net_v4(LOCALHOST), port_of(&net_b));
    finish();
}

static void a_datagram_without_a_packet_is_dropped_and_counted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, no_packets);
}

/* More calls than it takes, of a thread that never waits. */
#define BUSY_CALLS 100000u

static VOID busy(ULONG input)
{
    ULONG received = 0;
    UINT i;

    (void)input;
    start(LOCALHOST);
    expect_eq(net_send(&net_b, net_v4(LOCALHOST), port_of(&net_a), 10),
              NX_SUCCESS);
    for (i = 0; i < BUSY_CALLS && received == 0; i++) {
        (void)tx_time_get();
        received = net_a.socket.nx_udp_socket_packets_received;
    }
    expect_eq(received, 1);
    net_expect(&net_a, 10, net_v4(LOCALHOST), port_of(&net_b));
    finish();
}

static void a_datagram_arrives_while_a_thread_never_waits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, busy);
}

ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

static int pending; /* the host's error, 0 if there is none */
static UINT times;  /* that the host returns it */

/* The host sends nothing and returns what ICMP has told of another
 * datagram. */
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (times == 0) {
        return __real_sendmsg(fd, message, flags);
    }
    times--;
    errno = pending;
    return -1;
}

/* What Linux makes of ICMP and ICMPv6, and what a lost datagram returns. */
static const struct {
    int error;
    UINT status; /* if the error is the datagram's own */
} sendings[] = {
    {ECONNREFUSED, NX_SUCCESS},         {EHOSTUNREACH, NX_IP_ADDRESS_ERROR},
    {ENETUNREACH, NX_IP_ADDRESS_ERROR}, {EACCES, NX_IP_ADDRESS_ERROR},
    {EMSGSIZE, NX_SIZE_ERROR},          {ENOPROTOOPT, NX_NOT_SUCCESSFUL},
    {EOPNOTSUPP, NX_NOT_SUCCESSFUL},    {EHOSTDOWN, NX_NOT_SUCCESSFUL},
    {ENONET, NX_NOT_SUCCESSFUL},        {EPROTO, NX_NOT_SUCCESSFUL},
};

static VOID losses_of_others(ULONG input)
{
    (void)input;
    start(LOCALHOST);
    for (size_t i = 0; i < sizeof sendings / sizeof *sendings; i++) {
        kit_row("%s", strerror(sendings[i].error));
        pending = sendings[i].error;
        times = 2;
        expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 20),
                  NX_SUCCESS);
        net_expect(&net_b, 20, net_v4(LOCALHOST), port_of(&net_a));
        times = UINT_MAX;
        expect_eq(net_send(&net_a, net_v4(LOCALHOST), port_of(&net_b), 20),
                  sendings[i].status);
        times = 0;
    }
    finish();
}

static void a_datagram_is_sent_after_the_losses_of_others(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, losses_of_others);
}

int __real_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *len);
int __wrap_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *len);

static int path_mtu; /* the host's; -1: it does not know it */

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    bool is_mtu = (level == IPPROTO_IP && name == IP_MTU) ||
                  (level == IPPROTO_IPV6 && name == IPV6_MTU);

    if (!is_mtu) {
        return __real_getsockopt(fd, level, name, value, len);
    }
    (void)memcpy(value, &path_mtu, sizeof path_mtu);
    return path_mtu < 0 ? -1 : 0;
}

/* The interface's MTU is 1500. */
static const struct {
    int path;
    ULONG least;
} paths[] = {{900, 900}, {1499, 1499}, {1500, 1500}, {65536, 1500},
             {552, 552}, {-1, 1500},   {0, 1500},    {20, 28}};

static VOID payloads(ULONG input)
{
    NXD_ADDRESS to = net_v4(LOCALHOST);

    (void)input;
    start(LOCALHOST);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ULONG begin = 0;
        ULONG size = 1;

        kit_row("the path has %d", paths[i].path);
        path_mtu = paths[i].path;
        expect_eq(nx_ip_max_payload_size_find(&net_a.ip, &to, 0, 1111, 2222,
                                              NX_PROTOCOL_UDP, &begin, &size),
                  NX_SUCCESS);
        expect_eq(size, paths[i].least - 28);
    }
    finish();
}

/* What the host has learnt of the path from ICMP counts, too. */
static void the_largest_payload_is_that_of_the_path(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, payloads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_cross_real_sockets_of_both_families),
        cmocka_unit_test(a_socket_of_the_host_may_have_the_number_0),
        cmocka_unit_test(errors_of_the_host_have_their_status),
        cmocka_unit_test(a_bind_that_cannot_work_says_why),
        cmocka_unit_test(an_answer_comes_from_the_address_that_was_asked),
        cmocka_unit_test(a_socket_on_one_address_answers_from_it),
        cmocka_unit_test(waiting_for_a_datagram_uses_no_processor),
        cmocka_unit_test(a_flood_is_dropped_at_the_queue),
        cmocka_unit_test(a_socket_can_learn_that_nobody_listens),
        cmocka_unit_test(a_datagram_arrives_after_its_sender_has_ended),
        cmocka_unit_test(
            a_datagram_arrives_after_a_waiting_thread_was_terminated),
        cmocka_unit_test(a_datagram_arrives_while_a_thread_never_waits),
        cmocka_unit_test(functions_of_the_application_run_in_the_ip_thread),
        cmocka_unit_test(a_datagram_without_a_packet_is_dropped_and_counted),
        cmocka_unit_test(a_datagram_is_sent_after_the_losses_of_others),
        cmocka_unit_test(the_largest_payload_is_that_of_the_path),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
