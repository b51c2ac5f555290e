/* SPDX-License-Identifier: MIT */
/* udp_info.c: the services that describe a UDP socket. */

#include "net.h"

static bool is_socket(const NX_UDP_SOCKET *s)
{
    return s != NULL && s->nx_udp_socket_id == NX_UDP_ID;
}

/* _nx_udp_socket_port_get gives the port of a bound socket.  It returns
 * NX_NOT_BOUND if the socket is not bound. */
UINT _nx_udp_socket_port_get(NX_UDP_SOCKET *socket_ptr, UINT *port_ptr)
{
    if (!socket_ptr->nx_udp_socket_bound) {
        return NX_NOT_BOUND;
    }
    *port_ptr = socket_ptr->nx_udp_socket_port;
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_port_get(NX_UDP_SOCKET *socket_ptr, UINT *port_ptr)
{
    if (!is_socket(socket_ptr) || port_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_socket_port_get(socket_ptr, port_ptr);
}

/* _nx_udp_socket_bytes_available gives the number of bytes that wait to be
 * received.  It returns NX_NOT_SUCCESSFUL if the socket is not bound. */
UINT _nx_udp_socket_bytes_available(NX_UDP_SOCKET *socket_ptr,
                                    ULONG *bytes_available)
{
    const NX_PACKET *p;

    *bytes_available = 0;
    if (!socket_ptr->nx_udp_socket_bound) {
        return NX_NOT_SUCCESSFUL;
    }
    for (p = socket_ptr->nx_udp_socket_receive_head; p != NULL;
         p = p->nx_packet_queue_next) {
        *bytes_available += p->nx_packet_length;
    }
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_bytes_available(NX_UDP_SOCKET *socket_ptr,
                                     ULONG *bytes_available)
{
    if (!is_socket(socket_ptr) || bytes_available == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_socket_bytes_available(socket_ptr, bytes_available);
}

/* _nx_udp_socket_checksum_disable only records the switch: the host makes the
 * checksum. */
UINT _nx_udp_socket_checksum_disable(NX_UDP_SOCKET *socket_ptr)
{
    socket_ptr->nx_udp_socket_disable_checksum = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_checksum_disable(NX_UDP_SOCKET *socket_ptr)
{
    return is_socket(socket_ptr) ? _nx_udp_socket_checksum_disable(socket_ptr)
                                 : NX_PTR_ERROR;
}

UINT _nx_udp_socket_checksum_enable(NX_UDP_SOCKET *socket_ptr)
{
    socket_ptr->nx_udp_socket_disable_checksum = NX_FALSE;
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_checksum_enable(NX_UDP_SOCKET *socket_ptr)
{
    return is_socket(socket_ptr) ? _nx_udp_socket_checksum_enable(socket_ptr)
                                 : NX_PTR_ERROR;
}

/* _nx_udp_socket_info_get writes each value whose pointer is not NULL. */
UINT _nx_udp_socket_info_get(NX_UDP_SOCKET *socket_ptr,
                             ULONG *udp_packets_sent, ULONG *udp_bytes_sent,
                             ULONG *udp_packets_received,
                             ULONG *udp_bytes_received,
                             ULONG *udp_packets_queued,
                             ULONG *udp_receive_packets_dropped,
                             ULONG *udp_checksum_errors)
{
    port_tell(udp_packets_sent, socket_ptr->nx_udp_socket_packets_sent);
    port_tell(udp_bytes_sent, socket_ptr->nx_udp_socket_bytes_sent);
    port_tell(udp_packets_received,
              socket_ptr->nx_udp_socket_packets_received);
    port_tell(udp_bytes_received, socket_ptr->nx_udp_socket_bytes_received);
    port_tell(udp_packets_queued, socket_ptr->nx_udp_socket_receive_count);
    port_tell(udp_receive_packets_dropped,
              socket_ptr->nx_udp_socket_packets_dropped);
    port_tell(udp_checksum_errors, socket_ptr->nx_udp_socket_checksum_errors);
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_info_get(NX_UDP_SOCKET *socket_ptr,
                              ULONG *udp_packets_sent, ULONG *udp_bytes_sent,
                              ULONG *udp_packets_received,
                              ULONG *udp_bytes_received,
                              ULONG *udp_packets_queued,
                              ULONG *udp_receive_packets_dropped,
                              ULONG *udp_checksum_errors)
{
    if (!is_socket(socket_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_socket_info_get(
        socket_ptr, udp_packets_sent, udp_bytes_sent, udp_packets_received,
        udp_bytes_received, udp_packets_queued, udp_receive_packets_dropped,
        udp_checksum_errors);
}

/* _nx_udp_info_get does the same for a whole instance. */
UINT _nx_udp_info_get(NX_IP *ip_ptr, ULONG *udp_packets_sent,
                      ULONG *udp_bytes_sent, ULONG *udp_packets_received,
                      ULONG *udp_bytes_received, ULONG *udp_invalid_packets,
                      ULONG *udp_receive_packets_dropped,
                      ULONG *udp_checksum_errors)
{
    port_tell(udp_packets_sent, ip_ptr->nx_ip_udp_packets_sent);
    port_tell(udp_bytes_sent, ip_ptr->nx_ip_udp_bytes_sent);
    port_tell(udp_packets_received, ip_ptr->nx_ip_udp_packets_received);
    port_tell(udp_bytes_received, ip_ptr->nx_ip_udp_bytes_received);
    port_tell(udp_invalid_packets, ip_ptr->nx_ip_udp_invalid_packets);
    port_tell(udp_receive_packets_dropped,
              ip_ptr->nx_ip_udp_receive_packets_dropped);
    port_tell(udp_checksum_errors, 0);
    return NX_SUCCESS;
}

UINT _nxe_udp_info_get(NX_IP *ip_ptr, ULONG *udp_packets_sent,
                       ULONG *udp_bytes_sent, ULONG *udp_packets_received,
                       ULONG *udp_bytes_received, ULONG *udp_invalid_packets,
                       ULONG *udp_receive_packets_dropped,
                       ULONG *udp_checksum_errors)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_info_get(ip_ptr, udp_packets_sent, udp_bytes_sent,
                            udp_packets_received, udp_bytes_received,
                            udp_invalid_packets, udp_receive_packets_dropped,
                            udp_checksum_errors);
}
