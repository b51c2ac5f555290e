/* SPDX-License-Identifier: MIT */
/* driver_socket.c: opening the host's sockets for a NetX one. */

#include "driver_udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* While a server signs, its buffer holds the datagrams of 200 clients and
 * their attackers. */
#define BUFFER_BYTES (8 << 20)
#define MAX_ATTEMPTS 32

static void set(int fd, int level, int option, int value)
{
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

/* configure ignores failures: a host that refuses an option still carries
 * datagrams. */
static void configure(int fd, int family, const NX_UDP_SOCKET *s)
{
    bool whole = s->nx_udp_socket_fragment_enable == NX_DONT_FRAGMENT;
    int ttl = (int)s->nx_udp_socket_time_to_live;
    int tos = (int)(s->nx_udp_socket_type_of_service >> 16 & 0xFF);

    set(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
    set(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES);
    set(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
    if (family == AF_INET) {
        set(fd, IPPROTO_IP, IP_PKTINFO, 1);
        set(fd, IPPROTO_IP, IP_TTL, ttl);
        set(fd, IPPROTO_IP, IP_TOS, tos);
        set(fd, IPPROTO_IP, IP_MTU_DISCOVER,
            whole ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
        return;
    }
    set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
    set(fd, IPPROTO_IPV6, IPV6_TCLASS, tos);
    set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER,
        whole ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT);
    set(fd, IPPROTO_IPV6, IPV6_DONTFRAG, whole ? 1 : 0);
}

static UINT status_of(int error)
{
    return error == EADDRNOTAVAIL ? NX_IP_ADDRESS_ERROR : NX_PORT_UNAVAILABLE;
}

/* open_one opens a socket bound to `address` and sets `*port` to its port. */
static UINT open_one(const NX_UDP_SOCKET *s, const NXD_ADDRESS *address,
                     UINT *port, int *out)
{
    union udp_name name;
    socklen_t len = udp_name_put(&name, address, *port);
    NXD_ADDRESS got;
    int fd = socket(name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return NX_NOT_SUPPORTED;
    }
    configure(fd, name.any.sa_family, s);
    if (bind(fd, &name.any, len) != 0 ||
        getsockname(fd, &name.any, &len) != 0) {
        UINT status = status_of(errno);

        (void)close(fd);
        return status;
    }
    *port = udp_name_get(&name, &got);
    *out = fd;
    return NX_SUCCESS;
}

static NXD_ADDRESS v4_of(const NX_IP *ip)
{
    NXD_ADDRESS a;

    (void)memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V4;
    a.nxd_ip_address.v4 = ip->nx_ip_interface[0].nx_interface_ip_address;
    return a;
}

/* v6_of returns the first address that is set, or :: if none is. */
static NXD_ADDRESS v6_of(const NX_IP *ip)
{
    NXD_ADDRESS a;
    UINT i;

    (void)memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V6;
    for (i = 0; i < NX_MAX_IPV6_ADDRESSES; i++) {
        if (ip->nx_ipv6_address[i].nxd_ipv6_address_valid) {
            (void)memcpy(a.nxd_ip_address.v6,
                         ip->nx_ipv6_address[i].nxd_ipv6_address,
                         sizeof a.nxd_ip_address.v6);
            break;
        }
    }
    return a;
}

static UINT open_both(struct udp_link *link, UINT *port)
{
    NXD_ADDRESS v4 = v4_of(link->ip);
    NXD_ADDRESS v6 = v6_of(link->ip);
    UINT status = NX_SUCCESS;

    if (net_speaks(NX_IP_VERSION_V4)) {
        status = open_one(link->socket, &v4, port, &link->fd[UDP_V4]);
    }
    if (status != NX_SUCCESS || !link->ip->nx_ip_ipv6_enabled) {
        return status;
    }
    status = open_one(link->socket, &v6, port, &link->fd[UDP_V6]);
    if (status == NX_NOT_SUPPORTED && net_speaks(NX_IP_VERSION_V4)) {
        return NX_SUCCESS; /* a host without IPv6 */
    }
    if (status != NX_SUCCESS && link->fd[UDP_V4] >= 0) {
        (void)close(link->fd[UDP_V4]);
        link->fd[UDP_V4] = -1;
    }
    return status;
}

UINT udp_open(struct udp_link *link, UINT port, UINT *out)
{
    UINT status = NX_PORT_UNAVAILABLE;
    UINT attempt;

    link->fd[UDP_V4] = -1;
    link->fd[UDP_V6] = -1;
    for (attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        *out = port;
        status = open_both(link, out);
        if (port != NX_ANY_PORT || status != NX_PORT_UNAVAILABLE) {
            return status;
        }
    }
    return NX_NO_FREE_PORTS;
}

/* The host believes an ICMP message about its paths only if that quotes a
 * datagram of one of its sockets. */
ULONG udp_path_mtu(const NXD_ADDRESS *to)
{
    union udp_name name;
    socklen_t len = udp_name_put(&name, to, 1); /* any port */
    bool v4 = to->nxd_ip_version == NX_IP_VERSION_V4;
    int fd = socket(name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int mtu = 0;
    socklen_t size = sizeof mtu;

    if (fd < 0) {
        return 0;
    }
    if (connect(fd, &name.any, len) != 0 ||
        getsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MTU : IPV6_MTU,
                   &mtu, &size) != 0 ||
        mtu < 0) {
        mtu = 0;
    }
    (void)close(fd);
    return (ULONG)mtu;
}
