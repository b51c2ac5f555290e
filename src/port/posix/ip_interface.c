/* SPDX-License-Identifier: MIT */
/* ip_interface.c: the interfaces of an instance: what is asked of them, and
 * what is told when they change. */

#include "net.h"

/* _nx_ip_interface_address_get gives address and mask of an interface. */
UINT _nx_ip_interface_address_get(NX_IP *ip_ptr, UINT interface_index,
                                  ULONG *ip_address, ULONG *network_mask)
{
    const NX_INTERFACE *i = &ip_ptr->nx_ip_interface[interface_index];

    if (!net_speaks(NX_IP_VERSION_V4)) {
        return NX_NOT_SUPPORTED;
    }
    *ip_address = i->nx_interface_ip_address;
    *network_mask = i->nx_interface_ip_network_mask;
    return NX_SUCCESS;
}

/* _nx_ip_interface_address_set changes them, for sockets that are bound
 * afterwards, and calls the function of nx_ip_address_change_notify. */
UINT _nx_ip_interface_address_set(NX_IP *ip_ptr, UINT interface_index,
                                  ULONG ip_address, ULONG network_mask)
{
    NX_INTERFACE *i = &ip_ptr->nx_ip_interface[interface_index];
    bool changed = i->nx_interface_ip_address != ip_address ||
                   i->nx_interface_ip_network_mask != network_mask;

    if (!net_speaks(NX_IP_VERSION_V4)) {
        return NX_NOT_SUPPORTED;
    }
    i->nx_interface_ip_address = ip_address;
    i->nx_interface_ip_network_mask = network_mask;
    i->nx_interface_ip_network = ip_address & network_mask;
    if (changed && ip_ptr->nx_ip_address_change_notify_function != NULL) {
        ip_ptr->nx_ip_address_change_notify_function(
            ip_ptr, ip_ptr->nx_ip_address_change_notify_additional_info);
    }
    return NX_SUCCESS;
}

/* _nx_ip_address_change_notify sets the function that is called, in the thread
 * that changes it, after an IPv4 address or mask has changed; NULL ends
 * that. */
UINT _nx_ip_address_change_notify(NX_IP *ip_ptr,
                                  VOID (*ip_address_change_notify)(NX_IP *,
                                                                   VOID *),
                                  VOID *additional_info)
{
    ip_ptr->nx_ip_address_change_notify_function = ip_address_change_notify;
    ip_ptr->nx_ip_address_change_notify_additional_info = additional_info;
    return NX_SUCCESS;
}

/* _nx_ip_gateway_address_get gives the gateway that was set.  It returns
 * NX_NOT_FOUND if there is none. */
UINT _nx_ip_gateway_address_get(NX_IP *ip_ptr, ULONG *ip_address)
{
    if (ip_ptr->nx_ip_gateway_address == 0) {
        return NX_NOT_FOUND;
    }
    *ip_address = ip_ptr->nx_ip_gateway_address;
    return NX_SUCCESS;
}

UINT _nx_ip_gateway_address_clear(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_gateway_address = 0;
    return NX_SUCCESS;
}

/* _nx_ip_interface_info_get writes each value whose pointer is not NULL. */
UINT _nx_ip_interface_info_get(NX_IP *ip_ptr, UINT interface_index,
                               CHAR **interface_name, ULONG *ip_address,
                               ULONG *network_mask, ULONG *mtu_size,
                               ULONG *phsyical_address_msw,
                               ULONG *physical_address_lsw)
{
    const NX_INTERFACE *i = &ip_ptr->nx_ip_interface[interface_index];

    if (interface_name != NULL) {
        *interface_name = i->nx_interface_name;
    }
    port_tell(ip_address, i->nx_interface_ip_address);
    port_tell(network_mask, i->nx_interface_ip_network_mask);
    port_tell(mtu_size, i->nx_interface_ip_mtu_size);
    port_tell(phsyical_address_msw, i->nx_interface_physical_address_msw);
    port_tell(physical_address_lsw, i->nx_interface_physical_address_lsw);
    return NX_SUCCESS;
}

/* _nx_ip_info_get writes each value whose pointer is not NULL.  The networks
 * of this port check no checksums and cut no fragments, so those are 0. */
UINT _nx_ip_info_get(
    NX_IP *ip_ptr, ULONG *ip_total_packets_sent, ULONG *ip_total_bytes_sent,
    ULONG *ip_total_packets_received, ULONG *ip_total_bytes_received,
    ULONG *ip_invalid_packets, ULONG *ip_receive_packets_dropped,
    ULONG *ip_receive_checksum_errors, ULONG *ip_send_packets_dropped,
    ULONG *ip_total_fragments_sent, ULONG *ip_total_fragments_received)
{
    port_enter();
    port_tell(ip_total_packets_sent, ip_ptr->nx_ip_total_packets_sent);
    port_tell(ip_total_bytes_sent, ip_ptr->nx_ip_total_bytes_sent);
    port_tell(ip_total_packets_received, ip_ptr->nx_ip_total_packets_received);
    port_tell(ip_total_bytes_received, ip_ptr->nx_ip_total_bytes_received);
    port_tell(ip_invalid_packets, ip_ptr->nx_ip_invalid_packets);
    port_tell(ip_receive_packets_dropped,
              ip_ptr->nx_ip_receive_packets_dropped);
    port_tell(ip_receive_checksum_errors, 0);
    port_tell(ip_send_packets_dropped, ip_ptr->nx_ip_send_packets_dropped);
    port_tell(ip_total_fragments_sent, 0);
    port_tell(ip_total_fragments_received, 0);
    port_leave();
    return NX_SUCCESS;
}

/* _nx_ip_interface_attach adds an interface with the driver of another
 * network.  It returns NX_DUPLICATED_ENTRY if an interface has the address,
 * NX_NO_MORE_ENTRIES if all NX_MAX_PHYSICAL_INTERFACES are there, and
 * NX_NOT_SUPPORTED if that is not a driver of this port. */
UINT _nx_ip_interface_attach(NX_IP *ip_ptr, CHAR *interface_name,
                             ULONG ip_address, ULONG network_mask,
                             VOID (*ip_link_driver)(NX_IP_DRIVER *))
{
    UINT n = 0;
    UINT i;

    for (i = 0; i < NX_MAX_PHYSICAL_INTERFACES; i++) {
        const NX_INTERFACE *interface = &ip_ptr->nx_ip_interface[i];

        if (interface->nx_interface_valid) {
            n = i + 1;
            if (ip_address != 0 &&
                interface->nx_interface_ip_address == ip_address) {
                return NX_DUPLICATED_ENTRY;
            }
        }
    }
    return n == NX_MAX_PHYSICAL_INTERFACES
               ? NX_NO_MORE_ENTRIES
               : net_attach(ip_ptr, n, interface_name, ip_address,
                            network_mask, ip_link_driver);
}

UINT _nx_ip_interface_mtu_set(NX_IP *ip_ptr, UINT interface_index,
                              ULONG mtu_size)
{
    ip_ptr->nx_ip_interface[interface_index].nx_interface_ip_mtu_size =
        mtu_size;
    return NX_SUCCESS;
}

UINT _nx_ip_interface_physical_address_get(NX_IP *ip_ptr, UINT interface_index,
                                           ULONG *physical_msw,
                                           ULONG *physical_lsw)
{
    return _nx_ip_interface_info_get(ip_ptr, interface_index, NULL, NULL, NULL,
                                     NULL, physical_msw, physical_lsw);
}

/* _nx_ip_link_status_change_notify_set sets the function that the IP thread
 * calls after a link went up or down (nx_ip_driver_direct_command). */
UINT _nx_ip_link_status_change_notify_set(
    NX_IP *ip_ptr, VOID (*link_status_change_notify)(NX_IP *, UINT, UINT))
{
    ip_ptr->nx_ip_link_status_change_callback = link_status_change_notify;
    return NX_SUCCESS;
}

/* _nx_ip_driver_interface_direct_command gives a command to the driver of an
 * interface and returns what the driver says: NX_UNHANDLED_COMMAND for one
 * that it does not have.  NX_LINK_GET_STATUS gives NX_TRUE if the link is up;
 * NX_LINK_DISABLE and NX_LINK_ENABLE take the link down and up. */
UINT _nx_ip_driver_interface_direct_command(NX_IP *ip_ptr, UINT command,
                                            UINT interface_index,
                                            ULONG *return_value_ptr)
{
    NX_INTERFACE *interface = &ip_ptr->nx_ip_interface[interface_index];
    UCHAR before = interface->nx_interface_link_up;
    NX_IP_DRIVER request = {
        .nx_ip_driver_command = command,
        .nx_ip_driver_ptr = ip_ptr,
        .nx_ip_driver_interface = interface,
        .nx_ip_driver_return_ptr = return_value_ptr,
    };

    if (!net_has_interface(ip_ptr, interface_index)) {
        return NX_INVALID_INTERFACE;
    }
    interface->nx_interface_link_driver_entry(&request);
    if (interface->nx_interface_link_up != before) {
        interface->nx_interface_link_status_change = NX_TRUE;
        (void)_tx_event_flags_set(&ip_ptr->nx_ip_events, NET_EVENT_LINK,
                                  TX_OR);
    }
    return request.nx_ip_driver_status;
}

UINT _nx_ip_driver_direct_command(NX_IP *ip_ptr, UINT command,
                                  ULONG *return_value_ptr)
{
    return _nx_ip_driver_interface_direct_command(ip_ptr, command, 0,
                                                  return_value_ptr);
}

void net_tell_links(NX_IP *ip)
{
    UINT i;

    for (i = 0; i < NX_MAX_PHYSICAL_INTERFACES; i++) {
        NX_INTERFACE *interface = &ip->nx_ip_interface[i];

        if (interface->nx_interface_link_status_change) {
            interface->nx_interface_link_status_change = NX_FALSE;
            if (ip->nx_ip_link_status_change_callback != NULL) {
                ip->nx_ip_link_status_change_callback(
                    ip, i, interface->nx_interface_link_up);
            }
        }
    }
}

/* path_mtu returns the interface's MTU, or the path's if that is smaller. */
static ULONG path_mtu(const NX_IP *ip, UINT if_index, const NXD_ADDRESS *to)
{
    const struct net_link *link = net_link_of(ip);
    ULONG mtu = ip->nx_ip_interface[if_index].nx_interface_ip_mtu_size;
    ULONG known =
        link != NULL && link->path_mtu != NULL ? link->path_mtu(to) : 0;

    return known != 0 && known < mtu ? known : mtu;
}

/* _nx_ip_max_payload_size_find gives the headroom before the payload, and the
 * largest payload that goes to an address in one piece.  It returns
 * NX_NOT_SUPPORTED for a protocol other than UDP. */
UINT _nx_ip_max_payload_size_find(NX_IP *ip_ptr, NXD_ADDRESS *dest_address,
                                  UINT if_index, UINT src_port, UINT dest_port,
                                  ULONG protocol, ULONG *start_offset_ptr,
                                  ULONG *payload_length_ptr)
{
    ULONG headers =
        NX_UDP_HEADER_SIZE +
        (dest_address->nxd_ip_version == NX_IP_VERSION_V4 ? 20 : 40);
    ULONG mtu = path_mtu(ip_ptr, if_index, dest_address);

    (void)src_port;
    (void)dest_port;
    if (protocol != NX_PROTOCOL_UDP ||
        !net_speaks(dest_address->nxd_ip_version)) {
        return NX_NOT_SUPPORTED;
    }
    *start_offset_ptr = NX_PHYSICAL_HEADER + headers;
    *payload_length_ptr = mtu > headers ? mtu - headers : 0;
    return NX_SUCCESS;
}

UINT _nx_ip_fragment_disable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_fragment_enabled = NX_FALSE;
    return NX_SUCCESS;
}

UINT _nxd_ipv6_disable(NX_IP *ip_ptr)
{
    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ip_ipv6_enabled = NX_FALSE;
    return NX_SUCCESS;
}

/* check_interface checks the arguments of a service for one interface. */
static UINT check_interface(const NX_IP *ip, UINT interface_index,
                            bool has_pointers)
{
    if (!net_is_ip(ip) || !has_pointers) {
        return NX_PTR_ERROR;
    }
    return interface_index < NX_MAX_IP_INTERFACES &&
                   ip->nx_ip_interface[interface_index].nx_interface_valid
               ? NX_SUCCESS
               : NX_INVALID_INTERFACE;
}

UINT _nxe_ip_interface_address_get(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG *ip_address, ULONG *network_mask)
{
    UINT status = check_interface(ip_ptr, interface_index,
                                  ip_address != NULL && network_mask != NULL);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_interface_address_get(ip_ptr, interface_index,
                                              ip_address, network_mask);
}

UINT _nxe_ip_interface_address_set(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG ip_address, ULONG network_mask)
{
    UINT status = check_interface(ip_ptr, interface_index, true);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_interface_address_set(ip_ptr, interface_index,
                                              ip_address, network_mask);
}

UINT _nxe_ip_address_change_notify(NX_IP *ip_ptr,
                                   VOID (*ip_address_change_notify)(NX_IP *,
                                                                    VOID *),
                                   VOID *additional_info)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_address_change_notify(ip_ptr, ip_address_change_notify,
                                        additional_info);
}

UINT _nxe_ip_gateway_address_get(NX_IP *ip_ptr, ULONG *ip_address)
{
    if (!net_is_ip(ip_ptr) || ip_address == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_gateway_address_get(ip_ptr, ip_address);
}

UINT _nxe_ip_gateway_address_clear(NX_IP *ip_ptr)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_gateway_address_clear(ip_ptr);
}

UINT _nxe_ip_interface_info_get(NX_IP *ip_ptr, UINT interface_index,
                                CHAR **interface_name, ULONG *ip_address,
                                ULONG *network_mask, ULONG *mtu_size,
                                ULONG *phsyical_address_msw,
                                ULONG *physical_address_lsw)
{
    UINT status = check_interface(ip_ptr, interface_index, true);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_interface_info_get(
                     ip_ptr, interface_index, interface_name, ip_address,
                     network_mask, mtu_size, phsyical_address_msw,
                     physical_address_lsw);
}

UINT _nxe_ip_info_get(
    NX_IP *ip_ptr, ULONG *ip_total_packets_sent, ULONG *ip_total_bytes_sent,
    ULONG *ip_total_packets_received, ULONG *ip_total_bytes_received,
    ULONG *ip_invalid_packets, ULONG *ip_receive_packets_dropped,
    ULONG *ip_receive_checksum_errors, ULONG *ip_send_packets_dropped,
    ULONG *ip_total_fragments_sent, ULONG *ip_total_fragments_received)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_info_get(ip_ptr, ip_total_packets_sent, ip_total_bytes_sent,
                           ip_total_packets_received, ip_total_bytes_received,
                           ip_invalid_packets, ip_receive_packets_dropped,
                           ip_receive_checksum_errors, ip_send_packets_dropped,
                           ip_total_fragments_sent,
                           ip_total_fragments_received);
}

UINT _nxe_ip_interface_attach(NX_IP *ip_ptr, CHAR *interface_name,
                              ULONG ip_address, ULONG network_mask,
                              VOID (*ip_link_driver)(NX_IP_DRIVER *))
{
    if (!net_is_ip(ip_ptr) || ip_link_driver == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_interface_attach(ip_ptr, interface_name, ip_address,
                                   network_mask, ip_link_driver);
}

UINT _nxe_ip_interface_mtu_set(NX_IP *ip_ptr, UINT interface_index,
                               ULONG mtu_size)
{
    UINT status = check_interface(ip_ptr, interface_index, true);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_interface_mtu_set(ip_ptr, interface_index, mtu_size);
}

UINT _nxe_ip_interface_physical_address_get(NX_IP *ip_ptr,
                                            UINT interface_index,
                                            ULONG *physical_msw,
                                            ULONG *physical_lsw)
{
    UINT status = check_interface(
        ip_ptr, interface_index, physical_msw != NULL && physical_lsw != NULL);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_interface_physical_address_get(
                     ip_ptr, interface_index, physical_msw, physical_lsw);
}

UINT _nxe_ip_link_status_change_notify_set(
    NX_IP *ip_ptr, VOID (*link_status_change_notify)(NX_IP *, UINT, UINT))
{
    if (!net_is_ip(ip_ptr) || link_status_change_notify == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_link_status_change_notify_set(ip_ptr,
                                                link_status_change_notify);
}

UINT _nxe_ip_driver_direct_command(NX_IP *ip_ptr, UINT command,
                                   ULONG *return_value_ptr)
{
    if (!net_is_ip(ip_ptr) || return_value_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_driver_direct_command(ip_ptr, command, return_value_ptr);
}

UINT _nxe_ip_driver_interface_direct_command(NX_IP *ip_ptr, UINT command,
                                             UINT interface_index,
                                             ULONG *return_value_ptr)
{
    UINT status =
        check_interface(ip_ptr, interface_index, return_value_ptr != NULL);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_driver_interface_direct_command(
                     ip_ptr, command, interface_index, return_value_ptr);
}

UINT _nxe_ip_max_payload_size_find(NX_IP *ip_ptr, NXD_ADDRESS *dest_address,
                                   UINT if_index, UINT src_port,
                                   UINT dest_port, ULONG protocol,
                                   ULONG *start_offset_ptr,
                                   ULONG *payload_length_ptr)
{
    UINT status =
        check_interface(ip_ptr, if_index,
                        dest_address != NULL && start_offset_ptr != NULL &&
                            payload_length_ptr != NULL);

    return status != NX_SUCCESS
               ? status
               : _nx_ip_max_payload_size_find(
                     ip_ptr, dest_address, if_index, src_port, dest_port,
                     protocol, start_offset_ptr, payload_length_ptr);
}

UINT _nxe_ip_fragment_disable(NX_IP *ip_ptr)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_fragment_disable(ip_ptr);
}

UINT _nxde_ipv6_disable(NX_IP *ip_ptr)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nxd_ipv6_disable(ip_ptr);
}
