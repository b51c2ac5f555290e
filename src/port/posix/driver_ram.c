/* SPDX-License-Identifier: MIT */
/* driver_ram.c: a wire between the NX_IP instances of one process.
 *
 * A datagram is copied into the receiver's pool when it is sent.  The
 * receiver's IP thread takes the datagrams in order.  No time passes on the
 * wire. */

#include "net.h"

static UINT ram_bind(NX_UDP_SOCKET *socket, UINT port, UINT *out)
{
    NX_IP *ip = socket->nx_udp_socket_ip_ptr;
    UINT found = port;

    if (port == NX_ANY_PORT) {
        found = net_port_find(ip, ip->nx_ip_udp_port_search_start);
        if (found == 0) {
            return NX_NO_FREE_PORTS;
        }
        ip->nx_ip_udp_port_search_start =
            found == NX_MAX_PORT ? NX_SEARCH_PORT_START : found + 1;
    }
    *out = found;
    return NX_SUCCESS;
}

static void ram_unbind(NX_UDP_SOCKET *socket)
{
    (void)socket;
}

static bool owns(const NX_IP *ip, const NXD_ADDRESS *address)
{
    UINT i;

    if (address->nxd_ip_version == NX_IP_VERSION_V4) {
        for (i = 0; i < NX_MAX_PHYSICAL_INTERFACES; i++) {
            if (ip->nx_ip_interface[i].nx_interface_valid &&
                ip->nx_ip_interface[i].nx_interface_ip_address ==
                    address->nxd_ip_address.v4) {
                return true;
            }
        }
        return false;
    }
    for (i = 0; i < NX_MAX_IPV6_ADDRESSES; i++) {
        if (ip->nx_ipv6_address[i].nxd_ipv6_address_valid &&
            memcmp(ip->nx_ipv6_address[i].nxd_ipv6_address,
                   address->nxd_ip_address.v6,
                   sizeof address->nxd_ip_address.v6) == 0) {
            return true;
        }
    }
    return false;
}

static NX_IP *find(NX_IP *sender, const NXD_ADDRESS *to)
{
    NX_IP *ip;

    if (net_address_is_loopback(to)) {
        return sender;
    }
    if (!sender->nx_ip_interface[0].nx_interface_link_up) {
        return NULL;
    }
    for (ip = net_ip_first(); ip != NULL; ip = ip->nx_ip_created_next) {
        if (net_link_of(ip) == net_link_of(sender) && owns(ip, to) &&
            ip->nx_ip_interface[0].nx_interface_link_up) {
            return ip;
        }
    }
    return NULL;
}

/* deliver copies `packet` into the pool of `ip`.  The packet is lost if there
 * is no room. */
static void deliver(NX_IP *ip, const NX_PACKET *packet,
                    const struct net_path *path)
{
    NX_PACKET_POOL *pool = ip->nx_ip_default_packet_pool;
    const NX_PACKET *p;
    NX_PACKET *copy;
    bool good;

    if (_nx_packet_allocate(pool, &copy, NX_RECEIVE_PACKET, NX_NO_WAIT) !=
        NX_SUCCESS) {
        ip->nx_ip_receive_packets_dropped++;
        return;
    }
    good = net_packet_frame(copy, path->to.nxd_ip_version);
    for (p = packet; good && p != NULL; p = p->nx_packet_next) {
        good = _nx_packet_data_append(
                   copy, p->nx_packet_prepend_ptr,
                   (ULONG)(p->nx_packet_append_ptr - p->nx_packet_prepend_ptr),
                   pool, NX_NO_WAIT) == NX_SUCCESS;
    }
    if (!good) {
        ip->nx_ip_receive_packets_dropped++;
        (void)_nx_packet_release(copy);
        return;
    }
    net_packet_address(ip, copy, path);
    net_defer(ip, copy);
}

/* deliver_to_group returns false if no instance is in the group. */
static bool deliver_to_group(NX_IP *sender, const NX_PACKET *packet,
                             const struct net_path *path)
{
    bool found = false;
    NX_IP *ip;

    for (ip = net_ip_first(); ip != NULL; ip = ip->nx_ip_created_next) {
        if (net_link_of(ip) == net_link_of(sender) &&
            (ip != sender || sender->nx_ip_igmp_loopback) &&
            ip->nx_ip_interface[0].nx_interface_link_up &&
            net_is_member(ip, &path->to)) {
            deliver(ip, packet, path);
            found = true;
        }
    }
    return found;
}

static UINT ram_send(NX_UDP_SOCKET *socket, NX_PACKET *packet,
                     const NXD_ADDRESS *from, const NXD_ADDRESS *to, UINT port)
{
    NX_IP *ip = socket->nx_udp_socket_ip_ptr;
    struct net_path path = {
        .to = *to,
        .from_port = socket->nx_udp_socket_port,
        .to_port = port,
    };
    ULONG header = to->nxd_ip_version == NX_IP_VERSION_V4 ? 20 : 40;
    bool fits = header + NX_UDP_HEADER_SIZE + packet->nx_packet_length <=
                ip->nx_ip_interface[0].nx_interface_ip_mtu_size;
    NX_IP *receiver;

    if (from != NULL) {
        if (!owns(ip, from) && !net_address_is_loopback(from)) {
            return NX_IP_ADDRESS_ERROR;
        }
        path.from = *from;
    } else {
        net_source(ip, to, &path.from);
    }
    if (path.from.nxd_ip_version == 0) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    if (!fits && (!ip->nx_ip_fragment_enabled ||
                  socket->nx_udp_socket_fragment_enable != NX_FRAGMENT_OKAY)) {
        return NX_SIZE_ERROR;
    }
    if (net_address_is_group(to) && fits &&
        ip->nx_ip_interface[0].nx_interface_link_up &&
        deliver_to_group(ip, packet, &path)) {
        return NX_SUCCESS;
    }
    receiver = find(ip, to);
    if (receiver == NULL || (!fits && !receiver->nx_ip_fragment_enabled)) {
        ip->nx_ip_send_packets_dropped++;
        return NX_SUCCESS; /* a wire does not report a loss */
    }
    deliver(receiver, packet, &path);
    return NX_SUCCESS;
}

static const struct net_link ram_link = {
    .bind = ram_bind,
    .unbind = ram_unbind,
    .send = ram_send,
    .owner = find,
};

VOID _nx_ram_network_driver(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 1500);
}

VOID _nx_ram_network_driver_256(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 256);
}

VOID _nx_ram_network_driver_512(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 512);
}

VOID _nx_ram_network_driver_1024(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 1024);
}

VOID _nx_ram_network_driver_1500(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 1500);
}

VOID _nx_ram_network_driver_3000(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &ram_link, 3000);
}
