/* SPDX-License-Identifier: MIT */
/* ip_config.c: the features of an IP instance, and its addresses. */

#include "net.h"

/* turn_on sets a switch.  It returns NX_ALREADY_ENABLED if it was set. */
static UINT turn_on(UINT *what)
{
    if (*what) {
        return NX_ALREADY_ENABLED;
    }
    *what = NX_TRUE;
    return NX_SUCCESS;
}

/* The services that turn something on. */
UINT _nx_udp_enable(NX_IP *ip_ptr)
{
    return turn_on(&ip_ptr->nx_ip_udp_enabled);
}

UINT _nxe_udp_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_udp_enable(ip_ptr) : NX_PTR_ERROR;
}

UINT _nx_icmp_enable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_icmp_enabled = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxe_icmp_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_icmp_enable(ip_ptr) : NX_PTR_ERROR;
}

UINT _nxd_icmp_enable(NX_IP *ip_ptr)
{
    return _nx_icmp_enable(ip_ptr);
}

UINT _nxde_icmp_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nxd_icmp_enable(ip_ptr) : NX_PTR_ERROR;
}

UINT _nx_ip_fragment_enable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_fragment_enabled = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxe_ip_fragment_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_ip_fragment_enable(ip_ptr) : NX_PTR_ERROR;
}

UINT _nxd_ipv6_enable(NX_IP *ip_ptr)
{
    NX_INTERFACE *loopback =
        &ip_ptr->nx_ip_interface[NX_MAX_PHYSICAL_INTERFACES];

    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ipv6_address[(size_t)NX_LOOPBACK_IPV6_SOURCE_INDEX] =
        (NXD_IPV6_ADDRESS){
            .nxd_ipv6_address_valid = NX_TRUE,
            .nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID,
            .nxd_ipv6_address_prefix_length = 128,
            .nxd_ipv6_address_attached = loopback,
            .nxd_ipv6_address_index = NX_LOOPBACK_IPV6_SOURCE_INDEX,
            .nxd_ipv6_address = {0, 0, 0, 1},
        };
    return turn_on(&ip_ptr->nx_ip_ipv6_enabled);
}

UINT _nxde_ipv6_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nxd_ipv6_enable(ip_ptr) : NX_PTR_ERROR;
}

/* status_of returns the conditions that hold. */
static ULONG status_of(const NX_IP *ip_ptr)
{
    ULONG now = NX_IP_INITIALIZE_DONE;

    if (ip_ptr->nx_ip_interface[0].nx_interface_link_up) {
        now |= NX_IP_LINK_ENABLED | NX_IP_INTERFACE_LINK_ENABLED;
    }
    if (ip_ptr->nx_ip_interface[0].nx_interface_ip_address != 0) {
        now |= NX_IP_ADDRESS_RESOLVED;
    }
    now |= ip_ptr->nx_ip_arp_enabled ? NX_IP_ARP_ENABLED : 0;
    now |= ip_ptr->nx_ip_udp_enabled ? NX_IP_UDP_ENABLED : 0;
    now |= ip_ptr->nx_ip_igmp_enabled ? NX_IP_IGMP_ENABLED : 0;
    return now;
}

/* _nx_ip_status_check sets `*actual_status` to the conditions that hold, and
 * waits up to `wait_option` for all of `needed_status`.  It returns
 * NX_NOT_SUCCESSFUL if they do not come.  It looks once a tick, as NetX
 * does. */
UINT _nx_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                         ULONG *actual_status, ULONG wait_option)
{
    ULONG64 start = nxdtls_port_time_get();

    *actual_status = status_of(ip_ptr);
    while ((*actual_status & needed_status) != needed_status) {
        if ((wait_option != NX_WAIT_FOREVER &&
             nxdtls_port_time_get() - start >= wait_option) ||
            tx_thread_sleep(1) != TX_SUCCESS) {
            return NX_NOT_SUCCESSFUL;
        }
        *actual_status = status_of(ip_ptr);
    }
    return NX_SUCCESS;
}

UINT _nxe_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                          ULONG *actual_status, ULONG wait_option)
{
    if (!net_is_ip(ip_ptr) || actual_status == NULL) {
        return NX_PTR_ERROR;
    }
    if (needed_status == 0) {
        return NX_OPTION_ERROR;
    }
    return _nx_ip_status_check(ip_ptr, needed_status, actual_status,
                               wait_option);
}

UINT _nx_ip_interface_status_check(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG needed_status, ULONG *actual_status,
                                   ULONG wait_option)
{
    (void)interface_index;
    return _nx_ip_status_check(ip_ptr, needed_status, actual_status,
                               wait_option);
}

UINT _nxe_ip_interface_status_check(NX_IP *ip_ptr, UINT interface_index,
                                    ULONG needed_status, ULONG *actual_status,
                                    ULONG wait_option)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return net_has_interface(ip_ptr, interface_index)
               ? _nxe_ip_status_check(ip_ptr, needed_status, actual_status,
                                      wait_option)
               : NX_INVALID_INTERFACE;
}

/* _nx_ip_address_get gives address and mask of the first interface. */
UINT _nx_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask)
{
    if (!net_speaks(NX_IP_VERSION_V4)) {
        return NX_NOT_SUPPORTED;
    }
    *ip_address = ip_ptr->nx_ip_interface[0].nx_interface_ip_address;
    *network_mask = ip_ptr->nx_ip_interface[0].nx_interface_ip_network_mask;
    return NX_SUCCESS;
}

UINT _nxe_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask)
{
    if (!net_is_ip(ip_ptr) || ip_address == NULL || network_mask == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_ip_address_get(ip_ptr, ip_address, network_mask);
}

/* _nx_ip_address_set changes address and mask of the first interface. */
UINT _nx_ip_address_set(NX_IP *ip_ptr, ULONG ip_address, ULONG network_mask)
{
    return _nx_ip_interface_address_set(ip_ptr, 0, ip_address, network_mask);
}

UINT _nxe_ip_address_set(NX_IP *ip_ptr, ULONG ip_address, ULONG network_mask)
{
    return net_is_ip(ip_ptr)
               ? _nx_ip_address_set(ip_ptr, ip_address, network_mask)
               : NX_PTR_ERROR;
}

/* _nx_ip_gateway_address_set only records a gateway; the host has the
 * routes. */
UINT _nx_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address)
{
    if (!net_speaks(NX_IP_VERSION_V4)) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ip_gateway_address = ip_address;
    return NX_SUCCESS;
}

UINT _nxe_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    if (ip_address == 0) {
        return NX_IP_ADDRESS_ERROR;
    }
    return _nx_ip_gateway_address_set(ip_ptr, ip_address);
}
