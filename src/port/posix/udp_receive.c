/* SPDX-License-Identifier: MIT */
/* udp_receive.c: a received datagram's way from the IP thread to the reader,
 * and its source. */

#include "net.h"

static bool is_socket(const NX_UDP_SOCKET *s)
{
    return s != NULL && s->nx_udp_socket_id == NX_UDP_ID;
}

static UINT get_u16(const UCHAR *at)
{
    return (UINT)at[0] << 8 | at[1];
}

/* strip takes the UDP header off.  It returns false if the header does not fit
 * the packet. */
static bool strip(NX_PACKET *p, UINT *port)
{
    const UCHAR *udp = p->nx_packet_prepend_ptr;
    ULONG length;

    if (p->nx_packet_append_ptr - udp < NX_UDP_HEADER_SIZE) {
        return false;
    }
    length = get_u16(udp + 4);
    if (length < NX_UDP_HEADER_SIZE || length > p->nx_packet_length ||
        (length < p->nx_packet_length && p->nx_packet_next != NULL)) {
        return false;
    }
    *port = get_u16(udp + 2);
    p->nx_packet_append_ptr -= p->nx_packet_length - length;
    p->nx_packet_length = length - NX_UDP_HEADER_SIZE;
    p->nx_packet_prepend_ptr += NX_UDP_HEADER_SIZE;
    return true;
}

static NX_PACKET *dequeue(NX_UDP_SOCKET *s)
{
    NX_PACKET *p = s->nx_udp_socket_receive_head;

    if (p != NULL) {
        s->nx_udp_socket_receive_head = p->nx_packet_queue_next;
        s->nx_udp_socket_receive_count--;
        p->nx_packet_queue_next = NULL;
        p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_ALLOCATED;
    }
    return p;
}

static void enqueue(NX_UDP_SOCKET *s, NX_PACKET *p)
{
    p->nx_packet_queue_next = NULL;
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_ENQUEUED;
    if (s->nx_udp_socket_receive_head == NULL) {
        s->nx_udp_socket_receive_head = p;
    } else {
        s->nx_udp_socket_receive_tail->nx_packet_queue_next = p;
    }
    s->nx_udp_socket_receive_tail = p;
    s->nx_udp_socket_receive_count++;
}

/* accept gives `p` to the thread that waits for it, or to the queue.  It
 * returns the packet that had to give way, or NULL. */
static NX_PACKET *accept(NX_UDP_SOCKET *s, NX_PACKET *p)
{
    TX_THREAD *thread = s->nx_udp_socket_receive_suspension_list;

    s->nx_udp_socket_packets_received++;
    s->nx_udp_socket_bytes_received += p->nx_packet_length;
    s->nx_udp_socket_ip_ptr->nx_ip_udp_packets_received++;
    s->nx_udp_socket_ip_ptr->nx_ip_udp_bytes_received += p->nx_packet_length;
    if (thread != NULL) {
        *(NX_PACKET **)thread->tx_thread_additional_suspend_info = p;
        port_wake(thread, NX_SUCCESS);
        return NULL;
    }
    enqueue(s, p);
    if (s->nx_udp_socket_receive_count <= s->nx_udp_socket_queue_maximum) {
        return NULL;
    }
    s->nx_udp_socket_packets_dropped++;
    s->nx_udp_socket_ip_ptr->nx_ip_udp_receive_packets_dropped++;
    return dequeue(s);
}

NX_UDP_SOCKET *net_udp_take(NX_IP *ip, NX_PACKET *packet)
{
    NX_PACKET *victim = packet;
    NX_UDP_SOCKET *s = NULL;
    UINT port;

    if (!strip(packet, &port)) {
        ip->nx_ip_udp_invalid_packets++;
    } else {
        s = net_socket_at(ip, port);
        if (s == NULL) {
            ip->nx_ip_udp_no_port_for_delivery++;
        } else {
            victim = accept(s, packet);
        }
    }
    (void)net_packet_give(victim);
    return s;
}

/* _nx_udp_packet_receive takes a received packet, prepend_ptr at its UDP
 * header, to the socket bound to its destination port, then calls the socket's
 * notify function.  It releases and counts a packet for a port without a
 * socket.
 *
 * An application that has replaced nx_ip_udp_packet_receive may call it later,
 * or with a copy. */
VOID _nx_udp_packet_receive(NX_IP *ip_ptr, NX_PACKET *packet_ptr)
{
    VOID (*notify)(NX_UDP_SOCKET *) = NULL;
    NX_UDP_SOCKET *s;

    port_enter();
    s = net_udp_take(ip_ptr, packet_ptr);
    if (s != NULL) {
        notify = s->nx_udp_receive_callback;
    }
    port_exit(); /* `s` stays bound until its notify function runs */
    if (notify != NULL) {
        notify(s);
    }
    port_enter();
    port_leave();
}

VOID nxdtls_port_udp_socket_poke(NX_UDP_SOCKET *socket_ptr)
{
    socket_ptr->nx_udp_socket_port_poked = NX_TRUE;
    (void)_tx_event_flags_set(&socket_ptr->nx_udp_socket_ip_ptr->nx_ip_events,
                              NET_EVENT_POKE, TX_OR);
}

static NX_UDP_SOCKET *take_poked(const NX_IP *ip)
{
    NX_UDP_SOCKET *s = ip->nx_ip_udp_created_sockets_ptr;
    NX_UDP_SOCKET *found = NULL;
    ULONG i;

    port_enter();
    for (i = 0; i < ip->nx_ip_udp_created_sockets_count && found == NULL;
         i++) {
        if (s->nx_udp_socket_port_poked) {
            s->nx_udp_socket_port_poked = NX_FALSE;
            found = s;
        }
        s = s->nx_udp_socket_created_next;
    }
    port_exit();
    return found;
}

void net_notify_poked(const NX_IP *ip)
{
    NX_UDP_SOCKET *s;

    while ((s = take_poked(ip)) != NULL) {
        if (s->nx_udp_socket_bound && s->nx_udp_receive_callback != NULL) {
            s->nx_udp_receive_callback(s);
        }
    }
}

/* _nx_udp_socket_receive takes the oldest datagram, and waits for one up to
 * `wait_option`.  It returns NX_NO_PACKET if none came, NX_NOT_BOUND,
 * NX_SOCKET_UNBOUND if the socket was unbound meanwhile, or
 * NX_WAIT_ABORTED. */
UINT _nx_udp_socket_receive(NX_UDP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                            ULONG wait_option)
{
    UINT status = NX_SUCCESS;

    *packet_ptr = NULL;
    port_enter();
    if (!socket_ptr->nx_udp_socket_bound) {
        status = NX_NOT_BOUND;
    } else if (socket_ptr->nx_udp_socket_receive_head != NULL) {
        *packet_ptr = dequeue(socket_ptr);
    } else if (port_may_wait(wait_option)) {
        port_self()->tx_thread_additional_suspend_info = packet_ptr;
        status = port_wait(&socket_ptr->nx_udp_socket_receive_suspension_list,
                           &socket_ptr->nx_udp_socket_receive_suspended_count,
                           TX_TCP_IP, wait_option, NX_NO_PACKET);
    } else {
        status = NX_NO_PACKET;
    }
    port_leave();
    return status;
}

UINT _nxe_udp_socket_receive(NX_UDP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                             ULONG wait_option)
{
    if (!is_socket(socket_ptr) || packet_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    if (!socket_ptr->nx_udp_socket_ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    if (wait_option != NX_NO_WAIT && !port_may_wait(wait_option)) {
        return NX_CALLER_ERROR;
    }
    return _nx_udp_socket_receive(socket_ptr, packet_ptr, wait_option);
}

/* _nx_udp_socket_receive_notify makes the IP thread call `udp_receive_notify`
 * for each datagram; NULL ends that. */
UINT _nx_udp_socket_receive_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*udp_receive_notify)(NX_UDP_SOCKET *socket_ptr))
{
    socket_ptr->nx_udp_receive_callback = udp_receive_notify;
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_receive_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*udp_receive_notify)(NX_UDP_SOCKET *socket_ptr))
{
    if (!is_socket(socket_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_socket_receive_notify(socket_ptr, udp_receive_notify);
}

/* _nxd_udp_source_extract gives the source of a received packet.  It returns
 * NX_INVALID_PACKET if the packet was not received. */
UINT _nxd_udp_source_extract(NX_PACKET *packet_ptr, NXD_ADDRESS *ip_address,
                             UINT *port)
{
    struct net_path path;

    if (!net_packet_path(packet_ptr, &path)) {
        return NX_INVALID_PACKET;
    }
    *ip_address = path.from;
    *port = path.from_port;
    return NX_SUCCESS;
}

UINT nxdtls_port_udp_destination_extract(NX_PACKET *packet_ptr,
                                         NXD_ADDRESS *ip_address)
{
    struct net_path path;

    if (!net_packet_path(packet_ptr, &path)) {
        return NX_INVALID_PACKET;
    }
    *ip_address = path.to;
    return NX_SUCCESS;
}

UINT _nxde_udp_source_extract(NX_PACKET *packet_ptr, NXD_ADDRESS *ip_address,
                              UINT *port)
{
    if (packet_ptr == NULL || ip_address == NULL || port == NULL) {
        return NX_PTR_ERROR;
    }
    return _nxd_udp_source_extract(packet_ptr, ip_address, port);
}

/* _nx_udp_source_extract does the same for IPv4.  It returns NX_INVALID_PACKET
 * for IPv6. */
UINT _nx_udp_source_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                            UINT *port)
{
    struct net_path path;

    if (!net_packet_path(packet_ptr, &path) ||
        path.from.nxd_ip_version != NX_IP_VERSION_V4) {
        return NX_INVALID_PACKET;
    }
    *ip_address = path.from.nxd_ip_address.v4;
    *port = path.from_port;
    return NX_SUCCESS;
}

UINT _nxe_udp_source_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                             UINT *port)
{
    if (packet_ptr == NULL || ip_address == NULL || port == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_source_extract(packet_ptr, ip_address, port);
}

/* _nxd_udp_packet_info_extract also gives protocol and interface.  It writes
 * each value whose pointer is not NULL. */
UINT _nxd_udp_packet_info_extract(NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT *protocol,
                                  UINT *port, UINT *interface_index)
{
    struct net_path path;

    if (!net_packet_path(packet_ptr, &path)) {
        return NX_INVALID_PACKET;
    }
    if (ip_address != NULL) {
        *ip_address = path.from;
    }
    if (protocol != NULL) {
        *protocol = NX_PROTOCOL_UDP;
    }
    if (port != NULL) {
        *port = path.from_port;
    }
    if (interface_index != NULL) {
        *interface_index = 0;
    }
    return NX_SUCCESS;
}

UINT _nxde_udp_packet_info_extract(NX_PACKET *packet_ptr,
                                   NXD_ADDRESS *ip_address, UINT *protocol,
                                   UINT *port, UINT *interface_index)
{
    if (packet_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    return _nxd_udp_packet_info_extract(packet_ptr, ip_address, protocol, port,
                                        interface_index);
}

UINT _nx_udp_packet_info_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                                 UINT *protocol, UINT *port,
                                 UINT *interface_index)
{
    NXD_ADDRESS from;
    UINT status;

    status = _nxd_udp_packet_info_extract(packet_ptr, &from, protocol, port,
                                          interface_index);
    if (status == NX_SUCCESS && ip_address != NULL) {
        *ip_address = from.nxd_ip_address.v4;
    }
    return status;
}

UINT _nxe_udp_packet_info_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                                  UINT *protocol, UINT *port,
                                  UINT *interface_index)
{
    if (packet_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_udp_packet_info_extract(packet_ptr, ip_address, protocol, port,
                                       interface_index);
}
