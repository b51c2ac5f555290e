/* SPDX-License-Identifier: MIT */
/* net.h: the types and functions that the NetX half of this folder shares:
 * links, received packets. */

#ifndef NXDTLS_SRC_PORT_POSIX_NET_H
#define NXDTLS_SRC_PORT_POSIX_NET_H

#include "port.h"

#define NET_LENGTH_MAX 65535u /* of an IP payload */

/* The events that the IP thread waits for. */
#define NET_EVENT_RECEIVE 1u /* deferred packets wait */
#define NET_EVENT_POLL 2u    /* the link has something to read */
#define NET_EVENT_POKE 4u    /* sockets want their notification called */
#define NET_EVENT_LINK 8u    /* links went up or down */
#define NET_EVENT_ALL 15u

/* A link is the network behind a driver.  The driver puts its address into
 * nx_interface_port_link at NX_LINK_INITIALIZE. */
struct net_link {
    /* bind opens `socket` at `port`, 0 for any free one, and sets `*out` to
     * the port.  It returns NX_PORT_UNAVAILABLE, NX_NO_FREE_PORTS,
     * NX_IP_ADDRESS_ERROR or NX_NOT_SUPPORTED if that fails.  The caller holds
     * the mutex. */
    UINT (*bind)(NX_UDP_SOCKET *socket, UINT port, UINT *out);

    /* unbind undoes bind.  The caller holds the mutex. */
    void (*unbind)(NX_UDP_SOCKET *socket);

    /* send puts a datagram on the network and leaves `packet` as it is.
     * `from` is the address to send from; NULL: the link chooses it.
     *
     * It returns NX_SIZE_ERROR if the datagram is too long for the path,
     * NX_IP_ADDRESS_ERROR if there is no way to `to`, and
     * NX_NO_INTERFACE_ADDRESS if there is no address to send from. */
    UINT(*send)
    (NX_UDP_SOCKET *socket, NX_PACKET *packet, const NXD_ADDRESS *from,
     const NXD_ADDRESS *to, UINT port);

    /* poll reads the datagrams that have arrived, in the IP thread.  NULL:
     * they all come through net_defer. */
    void (*poll)(NX_IP *ip);

    /* owner returns the instance that a datagram of `ip` to this address would
     * reach, or NULL if there is none.  NULL: instances are not known. */
    NX_IP *(*owner)(NX_IP *ip, const NXD_ADDRESS *to);

    /* path_mtu returns the MTU of the path to `to`, as the host knows it from
     * its interfaces and from ICMP, or 0.  NULL: it is the interface's. */
    ULONG (*path_mtu)(const NXD_ADDRESS *to);
};

/* The source and the destination of a received datagram. */
struct net_path {
    NXD_ADDRESS from;
    NXD_ADDRESS to;
    UINT from_port;
    UINT to_port;
};

/* net_packet_frame makes an empty packet a received one: room for the headers
 * of that IP version, prepend_ptr at the UDP header, length 8.  It returns
 * false if the payload of its pool is too small for headers. */
bool net_packet_frame(NX_PACKET *packet, ULONG version);

/* net_packet_address writes the headers of a framed packet that has its data.
 */
void net_packet_address(NX_IP *ip, NX_PACKET *packet,
                        const struct net_path *path);

/* net_packet_path reads source and destination from the headers.  It returns
 * false if `packet` was not received. */
bool net_packet_path(const NX_PACKET *packet, struct net_path *out);

/* net_packet_take does what nx_packet_allocate with NX_NO_WAIT does, and
 * net_packet_give what nx_packet_release does, with the mutex held.
 * net_packet_take returns NULL if there is no packet; the headroom must be
 * below the pool's payload. */
NX_PACKET *net_packet_take(NX_PACKET_POOL *pool, ULONG headroom);
UINT net_packet_give(NX_PACKET *packet);

/* net_packet_fill adds bytes to the last packet of a chain, and returns how
 * many it had room for.  The length of the chain is the caller's to count. */
ULONG net_packet_fill(NX_PACKET *last, const UCHAR *bytes, ULONG len);

/* net_defer makes the IP thread of `ip` take `packet` as received. */
void net_defer(NX_IP *ip, NX_PACKET *packet);

/* net_receive passes a packet to nx_ip_udp_packet_receive, in the IP thread.
 */
void net_receive(NX_IP *ip, NX_PACKET *packet);

/* net_may_deliver returns true if no code of the application runs for a packet
 * of this socket.  net_deliver then takes the packet to the socket as
 * net_receive does, in any thread, with the mutex held. */
bool net_may_deliver(const NX_UDP_SOCKET *socket);
void net_deliver(NX_IP *ip, NX_PACKET *packet);

/* net_udp_take takes a received packet, prepend_ptr at its UDP header, to the
 * socket bound to its destination port, with the mutex held, and returns that
 * socket.  If there is none, it gives the packet back, counts it and returns
 * NULL. */
NX_UDP_SOCKET *net_udp_take(NX_IP *ip, NX_PACKET *packet);

/* net_notify_poked calls, in the IP thread, the notifications of the sockets
 * that were poked. */
void net_notify_poked(const NX_IP *ip);

/* net_ip_first returns the first NX_IP created.  The others follow in
 * nx_ip_created_next; NULL ends the list. */
NX_IP *net_ip_first(void);

/* net_is_ip returns true if `ip` is not NULL and has the id of an instance
 * that was created. */
static inline bool net_is_ip(const NX_IP *ip)
{
    return ip != NULL && ip->nx_ip_id == NX_IP_ID;
}

/* net_ip_is_created returns true if `ip` is on that list. */
bool net_ip_is_created(const NX_IP *ip);

/* net_attach makes interface `n` of `ip`, with its driver.  It returns
 * NX_NOT_SUPPORTED, and there is no such interface, if that is not a driver of
 * this port, or if sockets are bound on the network of an interface that was
 * detached and this is another network. */
UINT net_attach(NX_IP *ip, UINT n, CHAR *name, ULONG address, ULONG mask,
                VOID (*driver)(NX_IP_DRIVER *));

/* net_has_interface returns true if `index` is an interface of `ip` that is
 * attached, and not the loopback. */
static inline bool net_has_interface(const NX_IP *ip, UINT index)
{
    return index < NX_MAX_PHYSICAL_INTERFACES &&
           ip->nx_ip_interface[index].nx_interface_valid;
}

/* net_command gives a command to the driver of interface `n` and returns what
 * the driver says. */
UINT net_command(NX_IP *ip, UINT n, UINT what);

/* net_tell_links calls, in the IP thread, the application's function for the
 * links that went up or down. */
void net_tell_links(NX_IP *ip);

/* net_link_of returns the link of an NX_IP. */
const struct net_link *net_link_of(const NX_IP *ip);

/* net_socket_at returns the socket bound to `port`, or NULL. */
NX_UDP_SOCKET *net_socket_at(const NX_IP *ip, UINT port);

/* net_port_find returns a port without a socket, `start` or a later one, or
 * 0. */
UINT net_port_find(const NX_IP *ip, UINT start);

/* net_speaks returns true if this version of IP is built (NX_DISABLE_IPV4,
 * _IPV6).  Services of a version that is not built return NX_NOT_SUPPORTED. */
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

/* net_source sets `out` to the address that a datagram to `to` comes from.
 * Its version is 0 if there is none. */
void net_source(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *out);

/* net_address_is_loopback returns true for 127.0.0.0/8 and ::1. */
bool net_address_is_loopback(const NXD_ADDRESS *a);

/* net_address_is_group returns true for an IPv4 group.  net_is_member tells
 * whether an instance receives what is sent to it. */
bool net_address_is_group(const NXD_ADDRESS *a);
bool net_is_member(NX_IP *ip, const NXD_ADDRESS *group);

/* net_drive does what nx_ip_create asks of a driver: it sets link and MTU, and
 * turns the link up or down. */
void net_drive(NX_IP_DRIVER *request, const struct net_link *link, ULONG mtu);

#endif
