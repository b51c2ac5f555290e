/* SPDX-License-Identifier: MIT */
/* ip.c: IP instances: create, delete, and the thread that receives. */

#include "net.h"

static NX_IP *first; /* first of the created instances */

static ULONG num_hardware; /* interfaces that have got an address */

static void forget_all(void)
{
    first = NULL;
    num_hardware = 0;
}

NX_IP *net_ip_first(void)
{
    return first;
}

bool net_ip_is_created(const NX_IP *ip)
{
    const NX_IP *at;

    for (at = first; at != NULL; at = at->nx_ip_created_next) {
        if (at == ip) {
            return true;
        }
    }
    return false;
}

const struct net_link *net_link_of(const NX_IP *ip)
{
    return ip->nx_ip_interface[0].nx_interface_port_link;
}

/* _nx_system_initialize has nothing to prepare here. */
VOID _nx_system_initialize(VOID)
{
}

static NX_PACKET *take_deferred(NX_IP *ip)
{
    NX_PACKET *p;

    port_enter();
    p = ip->nx_ip_deferred_received_packet_head;
    if (p != NULL) {
        ip->nx_ip_deferred_received_packet_head = p->nx_packet_queue_next;
        p->nx_packet_queue_next = NULL;
    }
    port_exit();
    return p;
}

void net_defer(NX_IP *ip, NX_PACKET *packet)
{
    port_enter();
    packet->nx_packet_queue_next = NULL;
    if (ip->nx_ip_deferred_received_packet_head == NULL) {
        ip->nx_ip_deferred_received_packet_head = packet;
    } else {
        ip->nx_ip_deferred_received_packet_tail->nx_packet_queue_next = packet;
    }
    ip->nx_ip_deferred_received_packet_tail = packet;
    port_event_set(&ip->nx_ip_events, NET_EVENT_RECEIVE);
    port_exit(); /* the sender hands over when its own packet is released */
}

static void count(NX_IP *ip, const NX_PACKET *packet)
{
    ip->nx_ip_total_packets_received++;
    ip->nx_ip_total_bytes_received += packet->nx_packet_length;
}

bool net_may_deliver(const NX_UDP_SOCKET *socket)
{
    const NX_IP *ip = socket->nx_udp_socket_ip_ptr;

    return ip->nx_ip_udp_enabled && socket->nx_udp_receive_callback == NULL &&
           ip->nx_ip_udp_packet_receive == _nx_udp_packet_receive;
}

void net_deliver(NX_IP *ip, NX_PACKET *packet)
{
    count(ip, packet);
    (void)net_udp_take(ip, packet);
}

void net_receive(NX_IP *ip, NX_PACKET *packet)
{
    count(ip, packet);
    if (!ip->nx_ip_udp_enabled) {
        ip->nx_ip_receive_packets_dropped++;
        (void)_nx_packet_release(packet);
        return;
    }
    ip->nx_ip_udp_packet_receive(ip, packet);
}

/* ip_thread receives datagrams and runs notify functions.  It finds its
 * instance by its thread, because a pointer does not fit into a ULONG. */
static VOID ip_thread(ULONG unused)
{
    NX_IP *ip = first;
    NX_PACKET *p;
    ULONG events;

    (void)unused;
    while (&ip->nx_ip_thread != port_self()) {
        ip = ip->nx_ip_created_next;
    }
    for (;;) {
        (void)_tx_event_flags_get(&ip->nx_ip_events, NET_EVENT_ALL,
                                  TX_OR_CLEAR, &events, TX_WAIT_FOREVER);
        while ((p = take_deferred(ip)) != NULL) {
            net_receive(ip, p);
        }
        if ((events & NET_EVENT_POLL) != 0 && net_link_of(ip)->poll != NULL) {
            net_link_of(ip)->poll(ip);
        }
        if ((events & NET_EVENT_POKE) != 0) {
            net_notify_poked(ip);
        }
        if ((events & NET_EVENT_LINK) != 0) {
            net_tell_links(ip);
        }
    }
}

void net_drive(NX_IP_DRIVER *request, const struct net_link *link, ULONG mtu)
{
    NX_INTERFACE *interface = request->nx_ip_driver_interface;

    request->nx_ip_driver_status = NX_SUCCESS;
    switch (request->nx_ip_driver_command) {
    case NX_LINK_INITIALIZE:
        interface->nx_interface_port_link = link;
        interface->nx_interface_ip_mtu_size = mtu;
        break;
    case NX_LINK_ENABLE:
        interface->nx_interface_link_up = NX_TRUE;
        break;
    case NX_LINK_GET_STATUS:
        *request->nx_ip_driver_return_ptr = interface->nx_interface_link_up;
        break;
    case NX_LINK_DISABLE:
    case NX_LINK_UNINITIALIZE:
    case NX_LINK_INTERFACE_DETACH:
        interface->nx_interface_link_up = NX_FALSE;
        break;
    case NX_LINK_SET_PHYSICAL_ADDRESS: /* on a wire of our own */
        request->nx_ip_driver_status =
            link->owner != NULL ? NX_SUCCESS : NX_UNHANDLED_COMMAND;
        break;
    default:
        request->nx_ip_driver_status = NX_UNHANDLED_COMMAND;
        break;
    }
}

UINT net_command(NX_IP *ip, UINT n, UINT what)
{
    NX_INTERFACE *interface = &ip->nx_ip_interface[n];
    NX_IP_DRIVER request = {
        .nx_ip_driver_command = what,
        .nx_ip_driver_ptr = ip,
        .nx_ip_driver_interface = interface,
    };

    interface->nx_interface_link_driver_entry(&request);
    return request.nx_ip_driver_status;
}

/* name_hardware gives each interface of the process another address, as
 * the RAM driver of NetX does. */
static void name_hardware(NX_INTERFACE *interface)
{
    num_hardware++;
    interface->nx_interface_physical_address_msw = 0x0011;
    interface->nx_interface_physical_address_lsw = 0x22334455 + num_hardware;
}

static bool has_bound_sockets(const NX_IP *ip)
{
    const NX_UDP_SOCKET *s = ip->nx_ip_udp_created_sockets_ptr;
    ULONG i;

    for (i = 0; i < ip->nx_ip_udp_created_sockets_count; i++) {
        if (s->nx_udp_socket_bound) {
            return true;
        }
        s = s->nx_udp_socket_created_next;
    }
    return false;
}

UINT net_attach(NX_IP *ip, UINT n, CHAR *name, ULONG address, ULONG mask,
                VOID (*driver)(NX_IP_DRIVER *))
{
    NX_INTERFACE before = ip->nx_ip_interface[n];
    const VOID *link;

    ip->nx_ip_interface[n] = (NX_INTERFACE){
        .nx_interface_valid = NX_TRUE,
        .nx_interface_index = (UCHAR)n,
        .nx_interface_ip_instance = ip,
        .nx_interface_ip_address = address,
        .nx_interface_ip_network_mask = mask,
        .nx_interface_ip_network = address & mask,
        .nx_interface_link_driver_entry = driver,
        .nx_interface_name = name,
    };
    name_hardware(&ip->nx_ip_interface[n]);
    (void)net_command(ip, n, NX_LINK_INITIALIZE);
    link = ip->nx_ip_interface[n].nx_interface_port_link;
    if (link == NULL ||
        (link != before.nx_interface_port_link && has_bound_sockets(ip))) {
        ip->nx_ip_interface[n] = before;
        return NX_NOT_SUPPORTED;
    }
    (void)net_command(ip, n, NX_LINK_ENABLE);
    return NX_SUCCESS;
}

static void set_up_loopback(NX_IP *ip)
{
    static CHAR name[] = "Loopback";

    ip->nx_ip_interface[NX_MAX_PHYSICAL_INTERFACES] = (NX_INTERFACE){
        .nx_interface_valid = NX_TRUE,
        .nx_interface_link_up = NX_TRUE,
        .nx_interface_index = NX_MAX_PHYSICAL_INTERFACES,
        .nx_interface_ip_instance = ip,
        .nx_interface_ip_address = IP_ADDRESS(127, 0, 0, 1),
        .nx_interface_ip_network_mask = 0xFF000000u,
        .nx_interface_ip_network = NX_IP_LOOPBACK_FIRST,
        .nx_interface_ip_mtu_size = 65535,
        .nx_interface_name = name,
    };
}

/* add puts `ip` last on the list and starts its thread. */
static UINT add(NX_IP *ip, CHAR *name, UINT priority)
{
    NX_IP **link = &first;
    UINT status;

    port_enter();
    port_at_stop(forget_all);
    status = port_thread_create(&ip->nx_ip_thread, name, ip_thread, 0,
                                priority, true);
    if (status == TX_SUCCESS) {
        while (*link != NULL) {
            ip->nx_ip_created_previous = *link;
            link = &(*link)->nx_ip_created_next;
        }
        *link = ip;
        ip->nx_ip_id = NX_IP_ID;
        port_ready(&ip->nx_ip_thread);
    }
    port_leave();
    return status == TX_SUCCESS ? NX_SUCCESS : NX_IP_INTERNAL_ERROR;
}

/* _nx_ip_create makes an instance on the network of `ip_network_driver`, with
 * its own thread.  It returns NX_NOT_SUPPORTED if that is not a driver of this
 * port, and NX_IP_INTERNAL_ERROR if the host has no thread left or no kernel
 * runs. */
UINT _nx_ip_create(NX_IP *ip_ptr, CHAR *name, ULONG ip_address,
                   ULONG network_mask, NX_PACKET_POOL *default_pool,
                   VOID (*ip_network_driver)(NX_IP_DRIVER *), VOID *memory_ptr,
                   ULONG memory_size, UINT priority)
{
    static CHAR interface_name[] = "PRI IF";

    (void)memset(ip_ptr, 0, sizeof *ip_ptr);
    ip_ptr->nx_ip_name = name;
    ip_ptr->nx_ip_default_packet_pool = default_pool;
    ip_ptr->nx_ip_udp_packet_receive = _nx_udp_packet_receive;
    ip_ptr->nx_ip_udp_port_search_start = NX_SEARCH_PORT_START;
    set_up_loopback(ip_ptr);
    if (net_attach(ip_ptr, 0, interface_name, ip_address, network_mask,
                   ip_network_driver) != NX_SUCCESS) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ip_initialize_done = NX_TRUE;
    (void)_tx_event_flags_create(&ip_ptr->nx_ip_events, name);
    (void)_tx_mutex_create(&ip_ptr->nx_ip_protection, name, TX_NO_INHERIT);
    (void)memory_ptr; /* the thread has a stack of the host */
    (void)memory_size;
    return add(ip_ptr, name, priority);
}

UINT _nxe_ip_create(NX_IP *ip_ptr, CHAR *name, ULONG ip_address,
                    ULONG network_mask, NX_PACKET_POOL *default_pool,
                    VOID (*ip_network_driver)(NX_IP_DRIVER *),
                    VOID *memory_ptr, ULONG memory_size, UINT priority,
                    UINT control_block_size)
{
    if (control_block_size != sizeof(NX_IP)) {
        return NX_PTR_ERROR;
    }
    if (ip_ptr == NULL || ip_network_driver == NULL || memory_ptr == NULL ||
        default_pool == NULL ||
        default_pool->nx_packet_pool_id != NX_PACKET_POOL_ID ||
        net_ip_is_created(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    if (memory_size < TX_MINIMUM_STACK) {
        return NX_SIZE_ERROR;
    }
    if (priority >= TX_MAX_PRIORITIES) {
        return NX_OPTION_ERROR;
    }
    return _nx_ip_create(ip_ptr, name, ip_address, network_mask, default_pool,
                         ip_network_driver, memory_ptr, memory_size, priority);
}

static void drop_deferred(NX_IP *ip)
{
    NX_PACKET *p;

    while ((p = take_deferred(ip)) != NULL) {
        (void)_nx_packet_release(p);
    }
}

/* _nx_ip_delete ends an instance and its thread.  It returns NX_SOCKETS_BOUND
 * if there are sockets on it. */
UINT _nx_ip_delete(NX_IP *ip_ptr)
{
    NX_IP **link = &first;

    if (ip_ptr->nx_ip_udp_created_sockets_count != 0) {
        return NX_SOCKETS_BOUND;
    }
    port_enter();
    while (*link != ip_ptr) {
        link = &(*link)->nx_ip_created_next;
    }
    *link = ip_ptr->nx_ip_created_next;
    if (*link != NULL) {
        (*link)->nx_ip_created_previous = ip_ptr->nx_ip_created_previous;
    }
    ip_ptr->nx_ip_id = 0;
    port_exit();
    port_thread_delete(&ip_ptr->nx_ip_thread);
    drop_deferred(ip_ptr);
    (void)net_command(ip_ptr, 0, NX_LINK_UNINITIALIZE);
    (void)_tx_event_flags_delete(&ip_ptr->nx_ip_events);
    (void)_tx_mutex_delete(&ip_ptr->nx_ip_protection);
    return NX_SUCCESS;
}

UINT _nxe_ip_delete(NX_IP *ip_ptr)
{
    if (ip_ptr == NULL || !net_ip_is_created(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    if (port_self() == NULL) {
        return NX_CALLER_ERROR;
    }
    return _nx_ip_delete(ip_ptr);
}
