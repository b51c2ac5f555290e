/* SPDX-License-Identifier: MIT */
/* udp.c: UDP sockets: create, bind, unbind, delete. */

#include "net.h"

static bool is_socket(const NX_UDP_SOCKET *s)
{
    return s != NULL && s->nx_udp_socket_id == NX_UDP_ID;
}

NX_UDP_SOCKET *net_socket_at(const NX_IP *ip, UINT port)
{
    NX_UDP_SOCKET *s = ip->nx_ip_udp_created_sockets_ptr;
    ULONG i;

    for (i = 0; i < ip->nx_ip_udp_created_sockets_count; i++) {
        if (s->nx_udp_socket_bound && s->nx_udp_socket_port == port) {
            return s;
        }
        s = s->nx_udp_socket_created_next;
    }
    return NULL;
}

UINT net_port_find(const NX_IP *ip, UINT start)
{
    /* A bit for each port.  The thread that runs has them to itself. */
    static UCHAR used[NX_MAX_PORT / 8 + 1];
    const NX_UDP_SOCKET *s = ip->nx_ip_udp_created_sockets_ptr;
    ULONG i;
    UINT tried;
    UINT port = start;

    memset(used, 0, sizeof used);
    used[0] = 1; /* no port */
    for (i = 0; i < ip->nx_ip_udp_created_sockets_count; i++) {
        if (s->nx_udp_socket_bound) {
            used[s->nx_udp_socket_port / 8] |=
                (UCHAR)(1u << s->nx_udp_socket_port % 8);
        }
        s = s->nx_udp_socket_created_next;
    }
    for (tried = 0; tried < NX_MAX_PORT; tried++) {
        if ((used[port / 8] >> port % 8 & 1) == 0) {
            return port;
        }
        port = port == NX_MAX_PORT ? 1 : port + 1;
    }
    return 0;
}

static bool is_created(const NX_IP *ip, const NX_UDP_SOCKET *socket)
{
    const NX_UDP_SOCKET *s = ip->nx_ip_udp_created_sockets_ptr;
    ULONG i;

    for (i = 0; i < ip->nx_ip_udp_created_sockets_count; i++) {
        if (s == socket) {
            return true;
        }
        s = s->nx_udp_socket_created_next;
    }
    return false;
}

static void add_created(NX_IP *ip, NX_UDP_SOCKET *s)
{
    NX_UDP_SOCKET *first = ip->nx_ip_udp_created_sockets_ptr;

    if (first == NULL) {
        s->nx_udp_socket_created_next = s;
        s->nx_udp_socket_created_previous = s;
        ip->nx_ip_udp_created_sockets_ptr = s;
    } else {
        s->nx_udp_socket_created_next = first;
        s->nx_udp_socket_created_previous =
            first->nx_udp_socket_created_previous;
        first->nx_udp_socket_created_previous->nx_udp_socket_created_next = s;
        first->nx_udp_socket_created_previous = s;
    }
    ip->nx_ip_udp_created_sockets_count++;
}

static void remove_created(NX_IP *ip, NX_UDP_SOCKET *s)
{
    NX_UDP_SOCKET *next = s->nx_udp_socket_created_next;

    next->nx_udp_socket_created_previous = s->nx_udp_socket_created_previous;
    s->nx_udp_socket_created_previous->nx_udp_socket_created_next = next;
    if (ip->nx_ip_udp_created_sockets_ptr == s) {
        ip->nx_ip_udp_created_sockets_ptr = next == s ? NULL : next;
    }
    ip->nx_ip_udp_created_sockets_count--;
}

/* _nx_udp_socket_create makes an unbound socket that holds up to
 * `queue_maximum` received datagrams.  One more drops the oldest. */
UINT _nx_udp_socket_create(NX_IP *ip_ptr, NX_UDP_SOCKET *socket_ptr,
                           CHAR *name, ULONG type_of_service, ULONG fragment,
                           UINT time_to_live, ULONG queue_maximum)
{
    *socket_ptr = (NX_UDP_SOCKET){
        .nx_udp_socket_id = NX_UDP_ID,
        .nx_udp_socket_name = name,
        .nx_udp_socket_ip_ptr = ip_ptr,
        .nx_udp_socket_type_of_service = type_of_service,
        .nx_udp_socket_time_to_live = time_to_live,
        .nx_udp_socket_fragment_enable = fragment,
        .nx_udp_socket_queue_maximum = queue_maximum,
        .nx_udp_socket_ip_interface = &ip_ptr->nx_ip_interface[0],
    };
    port_enter();
    add_created(ip_ptr, socket_ptr);
    port_leave();
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_create(NX_IP *ip_ptr, NX_UDP_SOCKET *socket_ptr,
                            CHAR *name, ULONG type_of_service, ULONG fragment,
                            UINT time_to_live, ULONG queue_maximum,
                            UINT control_block_size)
{
    if (control_block_size != sizeof(NX_UDP_SOCKET)) {
        return NX_PTR_ERROR;
    }
    if (!net_is_ip(ip_ptr) || socket_ptr == NULL ||
        is_created(ip_ptr, socket_ptr)) {
        return NX_PTR_ERROR;
    }
    if (!ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    if ((fragment != NX_FRAGMENT_OKAY && fragment != NX_DONT_FRAGMENT) ||
        time_to_live == 0 || time_to_live > 255) {
        return NX_OPTION_ERROR;
    }
    return _nx_udp_socket_create(ip_ptr, socket_ptr, name, type_of_service,
                                 fragment, time_to_live, queue_maximum);
}

/* bind_once binds, or waits for the socket that has the port to give it up. */
static UINT bind_once(NX_UDP_SOCKET *s, UINT port, ULONG wait)
{
    NX_IP *ip = s->nx_udp_socket_ip_ptr;
    NX_UDP_SOCKET *other =
        port == NX_ANY_PORT ? NULL : net_socket_at(ip, port);
    UINT status;

    if (other == NULL) {
        status = net_link_of(ip)->bind(s, port, &s->nx_udp_socket_port);
        s->nx_udp_socket_bound = status == NX_SUCCESS;
        return status;
    }
    if (!port_may_wait(wait)) {
        return NX_PORT_UNAVAILABLE;
    }
    status = port_wait(&other->nx_udp_socket_bind_suspension_list,
                       &other->nx_udp_socket_bind_suspended_count, TX_TCP_IP,
                       wait, NX_PORT_UNAVAILABLE);
    return status == NX_SUCCESS ? NX_CONTINUE : status;
}

/* _nx_udp_socket_bind gives the socket a port, NX_ANY_PORT for a free one.  If
 * another socket of the instance has the port, it waits up to `wait_option`.
 *
 * It returns NX_ALREADY_BOUND; NX_PORT_UNAVAILABLE; NX_NO_FREE_PORTS;
 * NX_IP_ADDRESS_ERROR if the host does not have the instance's address;
 * NX_NOT_SUPPORTED for a socket of the host in virtual time;
 * NX_WAIT_ABORTED. */
UINT _nx_udp_socket_bind(NX_UDP_SOCKET *socket_ptr, UINT port,
                         ULONG wait_option)
{
    UINT status = NX_CONTINUE;
    uint64_t start;

    port_enter();
    start = port_clock_now();
    if (socket_ptr->nx_udp_socket_bound) {
        status = NX_ALREADY_BOUND;
    }
    while (status == NX_CONTINUE) {
        status =
            bind_once(socket_ptr, port, port_clock_left(start, wait_option));
    }
    port_leave();
    return status;
}

UINT _nxe_udp_socket_bind(NX_UDP_SOCKET *socket_ptr, UINT port,
                          ULONG wait_option)
{
    if (!is_socket(socket_ptr)) {
        return NX_PTR_ERROR;
    }
    if (port > NX_MAX_PORT) {
        return NX_INVALID_PORT;
    }
    if (port_self() == NULL) {
        return NX_CALLER_ERROR;
    }
    if (!socket_ptr->nx_udp_socket_ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    return _nx_udp_socket_bind(socket_ptr, port, wait_option);
}

/* _nx_udp_socket_unbind gives the port up.  It releases received datagrams;
 * threads that wait for one get NX_SOCKET_UNBOUND.  It returns NX_NOT_BOUND if
 * the socket is not bound. */
UINT _nx_udp_socket_unbind(NX_UDP_SOCKET *socket_ptr)
{
    NX_PACKET *p;

    port_enter();
    if (!socket_ptr->nx_udp_socket_bound) {
        port_leave();
        return NX_NOT_BOUND;
    }
    net_link_of(socket_ptr->nx_udp_socket_ip_ptr)->unbind(socket_ptr);
    socket_ptr->nx_udp_socket_bound = NX_FALSE;
    socket_ptr->nx_udp_socket_port = 0;
    p = socket_ptr->nx_udp_socket_receive_head;
    socket_ptr->nx_udp_socket_receive_head = NULL;
    socket_ptr->nx_udp_socket_receive_tail = NULL;
    socket_ptr->nx_udp_socket_receive_count = 0;
    port_wake_all(&socket_ptr->nx_udp_socket_receive_suspension_list,
                  NX_SOCKET_UNBOUND);
    port_wake_all(&socket_ptr->nx_udp_socket_bind_suspension_list, NX_SUCCESS);
    port_exit();
    while (p != NULL) {
        NX_PACKET *next = p->nx_packet_queue_next;

        (void)_nx_packet_release(p);
        p = next;
    }
    port_enter();
    port_leave();
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_unbind(NX_UDP_SOCKET *socket_ptr)
{
    if (!is_socket(socket_ptr)) {
        return NX_PTR_ERROR;
    }
    if (port_self() == NULL) {
        return NX_CALLER_ERROR;
    }
    return _nx_udp_socket_unbind(socket_ptr);
}

/* _nx_udp_socket_delete ends a socket.  It returns NX_STILL_BOUND if the
 * socket is bound. */
UINT _nx_udp_socket_delete(NX_UDP_SOCKET *socket_ptr)
{
    if (socket_ptr->nx_udp_socket_bound) {
        return NX_STILL_BOUND;
    }
    port_enter();
    remove_created(socket_ptr->nx_udp_socket_ip_ptr, socket_ptr);
    socket_ptr->nx_udp_socket_id = 0;
    port_leave();
    return NX_SUCCESS;
}

UINT _nxe_udp_socket_delete(NX_UDP_SOCKET *socket_ptr)
{
    if (socket_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    if (!is_socket(socket_ptr)) {
        return NX_NOT_CREATED;
    }
    if (port_self() == NULL) {
        return NX_CALLER_ERROR;
    }
    return _nx_udp_socket_delete(socket_ptr);
}

/* _nx_udp_free_port_find gives a port without a socket of the instance, `port`
 * or a later one.  It returns NX_NO_FREE_PORTS if there is none. */
UINT _nx_udp_free_port_find(NX_IP *ip_ptr, UINT port, UINT *free_port_ptr)
{
    UINT found;

    port_enter();
    found = net_port_find(ip_ptr, port == 0 ? NX_SEARCH_PORT_START : port);
    port_leave();
    if (found == 0) {
        return NX_NO_FREE_PORTS;
    }
    *free_port_ptr = found;
    return NX_SUCCESS;
}

UINT _nxe_udp_free_port_find(NX_IP *ip_ptr, UINT port, UINT *free_port_ptr)
{
    if (!net_is_ip(ip_ptr) || free_port_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    if (port > NX_MAX_PORT) {
        return NX_INVALID_PORT;
    }
    if (!ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    return _nx_udp_free_port_find(ip_ptr, port, free_port_ptr);
}
