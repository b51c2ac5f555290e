/* SPDX-License-Identifier: MIT */
/* net_kit.h: two NX_IP instances with a pool each, for tests of UDP. */

#ifndef NXDTLS_HARNESS_UNIT_PORT_NET_KIT_H
#define NXDTLS_HARNESS_UNIT_PORT_NET_KIT_H

#include "port_kit.h"

#include <stdbool.h>

/* A test may have others. */
#ifndef NET_PAYLOAD
#define NET_PAYLOAD 1024u
#endif
#ifndef NET_PACKETS
#define NET_PACKETS 80u
#endif

struct net_host {
    NX_IP ip;
    NX_PACKET_POOL pool;
    NX_UDP_SOCKET socket;
    ALIGN_TYPE memory[NET_PACKETS * (sizeof(NX_PACKET) + NET_PAYLOAD) / 8];
};

static struct net_host net_a;
static struct net_host net_b;
static CHAR net_name[] = "net";
static UCHAR net_bytes[65535];

static inline NXD_ADDRESS net_v4(ULONG address)
{
    NXD_ADDRESS a = {.nxd_ip_version = NX_IP_VERSION_V4};

    a.nxd_ip_address.v4 = address;
    return a;
}

static inline NXD_ADDRESS net_v6(ULONG w0, ULONG w3)
{
    NXD_ADDRESS a = {.nxd_ip_version = NX_IP_VERSION_V6};

    a.nxd_ip_address.v6[0] = w0;
    a.nxd_ip_address.v6[3] = w3;
    return a;
}

/* net_same tells whether two addresses are the same. */
static inline bool net_same(NXD_ADDRESS a, NXD_ADDRESS b)
{
    if (a.nxd_ip_version != b.nxd_ip_version) {
        return false;
    }
    return a.nxd_ip_version == NX_IP_VERSION_V4
               ? a.nxd_ip_address.v4 == b.nxd_ip_address.v4
               : memcmp(a.nxd_ip_address.v6, b.nxd_ip_address.v6,
                        sizeof a.nxd_ip_address.v6) == 0;
}

/* net_start makes the instance with both addresses and an unbound socket. */
static inline void net_start(struct net_host *h,
                             VOID (*driver)(NX_IP_DRIVER *), ULONG v4,
                             NXD_ADDRESS v6, ULONG queue_maximum)
{
    size_t i;

    for (i = 0; i < sizeof net_bytes; i++) {
        net_bytes[i] = (UCHAR)(i * 31 + i / 251 + 1);
    }
    kit_ip_start(&h->ip, &h->pool, NET_PAYLOAD, h->memory, sizeof h->memory,
                 driver, v4);
#ifdef FEATURE_NX_IPV6
    expect_eq(nxd_ipv6_enable(&h->ip), NX_SUCCESS);
    expect_eq(nxd_ipv6_address_set(&h->ip, 0, &v6, 64, NULL), NX_SUCCESS);
#else
    (void)v6;
#endif
    expect_eq(nx_udp_socket_create(&h->ip, &h->socket, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                   queue_maximum),
              NX_SUCCESS);
}

/* net_finish ends it again and checks that every packet came back. */
static inline void net_finish(struct net_host *h)
{
    UINT status = nx_udp_socket_unbind(&h->socket);

    expect(status == NX_SUCCESS || status == NX_NOT_BOUND);
    expect_eq(nx_ip_delete(&h->ip), NX_SOCKETS_BOUND);
    expect_eq(nx_udp_socket_delete(&h->socket), NX_SUCCESS);
    expect_eq(h->pool.nx_packet_pool_total, NET_PACKETS);
    kit_ip_finish(&h->ip, &h->pool);
}

/* net_start_pair starts net_a and net_b with the addresses NET_A and NET_B,
 * and each with one of IPv6; net_bind_pair binds their sockets to ports 1111
 * and 2222; net_finish_pair ends both. */
#define NET_A IP_ADDRESS(10, 1, 2, 3)
#define NET_B IP_ADDRESS(10, 1, 2, 4)
static inline void net_start_pair(VOID (*driver_a)(NX_IP_DRIVER *),
                                  VOID (*driver_b)(NX_IP_DRIVER *))
{
    net_start(&net_a, driver_a, NET_A, net_v6(0x20010db8, 0xa1), 5);
    net_start(&net_b, driver_b, NET_B, net_v6(0x20010db8, 0xb2), 5);
}

static inline void net_bind_pair(void)
{
    expect_eq(nx_udp_socket_bind(&net_a.socket, 1111, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, 2222, NX_NO_WAIT), NX_SUCCESS);
}

static inline void net_finish_pair(void)
{
    net_finish(&net_a);
    net_finish(&net_b);
}

/* net_send sends `length` bytes and returns the status; what was not sent is
 * released. */
static inline UINT net_send(struct net_host *h, NXD_ADDRESS to, UINT port,
                            ULONG length)
{
    NX_PACKET *p;
    UINT status;

    expect_eq(nx_packet_allocate(&h->pool, &p, NX_UDP_PACKET, NX_NO_WAIT),
              NX_SUCCESS);
    if (length > 0) {
        expect_eq(
            nx_packet_data_append(p, net_bytes, length, &h->pool, NX_NO_WAIT),
            NX_SUCCESS);
    }
    status = nxd_udp_socket_send(&h->socket, p, &to, port);
    if (status != NX_SUCCESS) {
        expect_eq(nx_packet_release(p), NX_SUCCESS);
    }
    return status;
}

/* net_expect receives those bytes and checks where they came from. */
static inline void net_expect(struct net_host *h, ULONG length,
                              NXD_ADDRESS from, UINT from_port)
{
    static UCHAR out[sizeof net_bytes];
    NX_PACKET *p = NULL;
    NXD_ADDRESS source;
    UINT port;
    ULONG copied;

    memset(&source, 0, sizeof source);
    expect_eq(nx_udp_socket_receive(&h->socket, &p, 300), NX_SUCCESS);
    if (p == NULL) {
        return;
    }
    expect_eq(p->nx_packet_length, length);
    expect_eq(nxd_udp_source_extract(p, &source, &port), NX_SUCCESS);
    expect_eq(port, from_port);
    expect(net_same(source, from));
    expect_eq(nx_packet_data_retrieve(p, out, &copied), NX_SUCCESS);
    expect_eq(copied, length);
    expect(memcmp(out, net_bytes, length) == 0);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
}

#endif
