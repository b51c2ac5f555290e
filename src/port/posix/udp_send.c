/* SPDX-License-Identifier: MIT */
/* udp_send.c: a datagram's way out. */

#include "net.h"

static bool is_socket(const NX_UDP_SOCKET *s)
{
    return s != NULL && s->nx_udp_socket_id == NX_UDP_ID;
}

static bool is_nowhere(const NXD_ADDRESS *a)
{
    const ULONG *v6 = a->nxd_ip_address.v6;

    switch (a->nxd_ip_version) {
    case NX_IP_VERSION_V4:
        return a->nxd_ip_address.v4 == 0;
    case NX_IP_VERSION_V6:
        return (v6[0] | v6[1] | v6[2] | v6[3]) == 0;
    default:
        return true;
    }
}

/* send passes a packet to the link, and releases it if the link took it.  It
 * leaves the choice of an address to the link if `from` names none. */
static UINT send(NX_UDP_SOCKET *s, NX_PACKET *packet, const NXD_ADDRESS *from,
                 const NXD_ADDRESS *to, UINT port)
{
    NX_IP *ip = s->nx_udp_socket_ip_ptr;
    ULONG header = to->nxd_ip_version == NX_IP_VERSION_V4 ? 20 : 0;
    UINT status;

    if (!s->nx_udp_socket_bound) {
        return NX_NOT_BOUND;
    }
    if (!net_speaks(to->nxd_ip_version)) {
        return NX_NOT_SUPPORTED;
    }
    if (!net_has_interface(ip, 0)) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    if (packet->nx_packet_length >
        NET_LENGTH_MAX - NX_UDP_HEADER_SIZE - header) {
        return NX_SIZE_ERROR;
    }
    if (from != NULL && is_nowhere(from)) {
        from = NULL;
    }
    status = net_link_of(ip)->send(s, packet, from, to, port);
    if (status != NX_SUCCESS) {
        return status;
    }
    s->nx_udp_socket_packets_sent++;
    s->nx_udp_socket_bytes_sent += packet->nx_packet_length;
    ip->nx_ip_udp_packets_sent++;
    ip->nx_ip_udp_bytes_sent += packet->nx_packet_length;
    ip->nx_ip_total_packets_sent++;
    ip->nx_ip_total_bytes_sent += packet->nx_packet_length;
    return _nx_packet_release(packet);
}

/* _nxd_udp_socket_send sends `packet_ptr`, and releases it if it returns
 * NX_SUCCESS.  Otherwise the packet stays the caller's.
 *
 * It returns NX_NOT_BOUND; NX_IP_ADDRESS_ERROR if there is no way there;
 * NX_NO_INTERFACE_ADDRESS if the instance has no address of that family;
 * NX_SIZE_ERROR if the datagram does not fit the path. */
UINT _nxd_udp_socket_send(NX_UDP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                          NXD_ADDRESS *ip_address, UINT port)
{
    return send(socket_ptr, packet_ptr, NULL, ip_address, port);
}

static UINT check(const NX_UDP_SOCKET *s, const NX_PACKET *p,
                  const NXD_ADDRESS *to, UINT port)
{
    if (!is_socket(s) || p == NULL || to == NULL) {
        return NX_PTR_ERROR;
    }
    if (port_self() == NULL) {
        return NX_CALLER_ERROR;
    }
    if (!s->nx_udp_socket_ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    if (is_nowhere(to)) {
        return NX_IP_ADDRESS_ERROR;
    }
    if (port == 0 || port > NX_MAX_PORT) {
        return NX_INVALID_PORT;
    }
    if (p->nx_packet_union_next.nx_packet_tcp_queue_next !=
        NX_PACKET_ALLOCATED) {
        return NX_INVALID_PACKET;
    }
    if (p->nx_packet_prepend_ptr < p->nx_packet_data_start) {
        return NX_UNDERFLOW;
    }
    if (p->nx_packet_append_ptr > p->nx_packet_data_end) {
        return NX_OVERFLOW;
    }
    return NX_SUCCESS;
}

/* spent sets the caller's pointer to a packet that was sent to NULL. */
static UINT spent(NX_PACKET **packet, UINT status)
{
    if (status == NX_SUCCESS) {
        *packet = NULL;
    }
    return status;
}

UINT _nxde_udp_socket_send(NX_UDP_SOCKET *socket_ptr,
                           NX_PACKET **packet_ptr_ptr, NXD_ADDRESS *ip_address,
                           UINT port)
{
    UINT status = packet_ptr_ptr == NULL
                      ? NX_PTR_ERROR
                      : check(socket_ptr, *packet_ptr_ptr, ip_address, port);

    return status != NX_SUCCESS
               ? status
               : spent(packet_ptr_ptr,
                       _nxd_udp_socket_send(socket_ptr, *packet_ptr_ptr,
                                            ip_address, port));
}

UINT nxdtls_port_udp_socket_send_from(NX_UDP_SOCKET *socket_ptr,
                                      NX_PACKET *packet_ptr,
                                      const NXD_ADDRESS *from,
                                      NXD_ADDRESS *ip_address, UINT port)
{
    UINT status = check(socket_ptr, packet_ptr, ip_address, port);

    if (status != NX_SUCCESS) {
        return status;
    }
    return send(socket_ptr, packet_ptr,
                from->nxd_ip_version == ip_address->nxd_ip_version ? from
                                                                   : NULL,
                ip_address, port);
}

static NXD_ADDRESS v4(ULONG ip_address)
{
    NXD_ADDRESS a;

    (void)memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V4;
    a.nxd_ip_address.v4 = ip_address;
    return a;
}

UINT _nx_udp_socket_send(NX_UDP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                         ULONG ip_address, UINT port)
{
    NXD_ADDRESS to = v4(ip_address);

    return _nxd_udp_socket_send(socket_ptr, packet_ptr, &to, port);
}

UINT _nxe_udp_socket_send(NX_UDP_SOCKET *socket_ptr,
                          NX_PACKET **packet_ptr_ptr, ULONG ip_address,
                          UINT port)
{
    NXD_ADDRESS to = v4(ip_address);

    return _nxde_udp_socket_send(socket_ptr, packet_ptr_ptr, &to, port);
}

/* _nxd_udp_socket_source_send does the same from a chosen address: of an
 * interface for IPv4, of the instance's table for IPv6.  It returns
 * NX_INVALID_INTERFACE or NX_NO_INTERFACE_ADDRESS if there is none at
 * `address_index`. */
UINT _nxd_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                 NX_PACKET *packet_ptr,
                                 NXD_ADDRESS *ip_address, UINT port,
                                 UINT address_index)
{
    NX_IP *ip = socket_ptr->nx_udp_socket_ip_ptr;
    NXD_ADDRESS from;

    if (ip_address->nxd_ip_version == NX_IP_VERSION_V4) {
        if (address_index >= NX_MAX_IP_INTERFACES ||
            !ip->nx_ip_interface[address_index].nx_interface_valid) {
            return NX_INVALID_INTERFACE;
        }
        from = v4(ip->nx_ip_interface[address_index].nx_interface_ip_address);
    } else {
        ULONG prefix;
        UINT interface;
        UINT status = _nxd_ipv6_address_get(ip, address_index, &from, &prefix,
                                            &interface);

        if (status != NX_SUCCESS) {
            return status;
        }
    }
    return send(socket_ptr, packet_ptr, &from, ip_address, port);
}

UINT _nxde_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                  NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT port,
                                  UINT address_index)
{
    UINT status = check(socket_ptr, packet_ptr, ip_address, port);

    return status != NX_SUCCESS
               ? status
               : _nxd_udp_socket_source_send(socket_ptr, packet_ptr,
                                             ip_address, port, address_index);
}

UINT _nx_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                NX_PACKET *packet_ptr, ULONG ip_address,
                                UINT port, UINT address_index)
{
    NXD_ADDRESS to = v4(ip_address);

    return _nxd_udp_socket_source_send(socket_ptr, packet_ptr, &to, port,
                                       address_index);
}

UINT _nxe_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                 NX_PACKET **packet_ptr_ptr, ULONG ip_address,
                                 UINT port, UINT address_index)
{
    NXD_ADDRESS to = v4(ip_address);

    return packet_ptr_ptr == NULL
               ? NX_PTR_ERROR
               : spent(packet_ptr_ptr, _nxde_udp_socket_source_send(
                                           socket_ptr, *packet_ptr_ptr, &to,
                                           port, address_index));
}
