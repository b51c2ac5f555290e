/* SPDX-License-Identifier: MIT */
/* net.h: what the NetX half of this folder shares: links, received packets. */

#ifndef NXDTLS_SRC_PORT_POSIX_NET_H
#define NXDTLS_SRC_PORT_POSIX_NET_H

#include "port.h"

#define NET_LENGTH_MAX 65535u /* of an IP payload */

/* What the IP thread is told. */
#define NET_EVENT_RECEIVE 1u /* deferred packets wait */
#define NET_EVENT_POLL 2u    /* the link has something to read */
#define NET_EVENT_POKE 4u    /* sockets want their notification called */
#define NET_EVENT_ALL 7u

/* A link is the network behind a driver.  The driver puts its address into
 * nx_interface_port_link at NX_LINK_INITIALIZE. */
struct net_link {
    /* bind opens `socket` at `port`, 0 for any free one, and tells which.
     * NX_PORT_UNAVAILABLE, NX_NO_FREE_PORTS, NX_IP_ADDRESS_ERROR or
     * NX_NOT_SUPPORTED.  Mutex held. */
    UINT (*bind)(NX_UDP_SOCKET *socket, UINT port, UINT *out);

    /* unbind undoes bind.  Mutex held. */
    void (*unbind)(NX_UDP_SOCKET *socket);

    /* send puts a datagram on the network and leaves `packet` as it is.
     * `from` has version 0 if the NX_IP has no address of that family.
     * NX_SIZE_ERROR if it is too long for the path, NX_IP_ADDRESS_ERROR if
     * there is no way to `to`, NX_NO_INTERFACE_ADDRESS. */
    UINT(*send)
    (NX_UDP_SOCKET *socket, NX_PACKET *packet, const NXD_ADDRESS *from,
     const NXD_ADDRESS *to, UINT port);

    /* poll reads what has arrived, in the IP thread; NULL if nothing ever
     * does without net_defer. */
    void (*poll)(NX_IP *ip);
};

/* Where a received datagram came from and went. */
struct net_path {
    NXD_ADDRESS from;
    NXD_ADDRESS to;
    UINT from_port;
    UINT to_port;
};

/* net_packet_frame makes an empty packet a received one: room for the headers
 * of that IP version, prepend_ptr at the UDP header, length 8.  false if its
 * pool's payload is too small for headers. */
bool net_packet_frame(NX_PACKET *packet, ULONG version);

/* net_packet_address writes the headers of a framed packet that has its data.
 */
void net_packet_address(NX_IP *ip, NX_PACKET *packet,
                        const struct net_path *path);

/* net_packet_path reads them again: source and destination.  false if `packet`
 * was not received. */
bool net_packet_path(const NX_PACKET *packet, struct net_path *out);

/* net_defer has the IP thread of `ip` take `packet` as received. */
void net_defer(NX_IP *ip, NX_PACKET *packet);

/* net_receive passes a packet to nx_ip_udp_packet_receive, in the IP thread.
 */
void net_receive(NX_IP *ip, NX_PACKET *packet);

/* net_notify_poked calls the notifications that were asked for, in the IP
 * thread. */
void net_notify_poked(const NX_IP *ip);

/* net_ip_first is the first NX_IP created; follow nx_ip_created_next, NULL at
 * the end. */
NX_IP *net_ip_first(void);

/* net_ip_is_created tells whether `ip` is on that list. */
bool net_ip_is_created(const NX_IP *ip);

/* net_link_of is the link of an NX_IP. */
const struct net_link *net_link_of(const NX_IP *ip);

/* net_socket_at finds the socket bound to `port`, NULL if there is none. */
NX_UDP_SOCKET *net_socket_at(const NX_IP *ip, UINT port);

/* net_port_find finds a port without a socket, `start` or after; 0: none. */
UINT net_port_find(const NX_IP *ip, UINT start);

/* net_speaks: is this version of IP built (NX_DISABLE_IPV4, _IPV6)?  Services
 * of one that is not return NX_NOT_SUPPORTED. */
static inline bool net_speaks(ULONG version)
{
#ifdef NX_DISABLE_IPV4
    return version == NX_IP_VERSION_V6;
#elif defined(NX_DISABLE_IPV6)
    return version == NX_IP_VERSION_V4;
#else
    return version == NX_IP_VERSION_V4 || version == NX_IP_VERSION_V6;
#endif
}

/* net_source chooses the address that a datagram to `to` comes from; version 0
 * if there is none. */
void net_source(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *out);

/* net_address_is_loopback: 127.0.0.0/8 or ::1. */
bool net_address_is_loopback(const NXD_ADDRESS *a);

/* net_drive answers what nx_ip_create asks of a driver: its link and its MTU,
 * up and down. */
void net_drive(NX_IP_DRIVER *request, const struct net_link *link, ULONG mtu);

#endif
