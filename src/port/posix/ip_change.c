/* SPDX-License-Identifier: MIT */
/* ip_change.c: changes of an interface that is there, and of what an instance
 * does with routers. */

#include "net.h"

/* forget_addresses deletes the addresses and groups of an interface. */
static void forget_addresses(NX_IP *ip, UINT n)
{
    UINT i;

    for (i = 0; i < NX_MAX_IPV6_ADDRESSES; i++) {
        if (ip->nx_ipv6_address[i].nxd_ipv6_address_valid &&
            ip->nx_ipv6_address[i].nxd_ipv6_address_attached ==
                &ip->nx_ip_interface[n]) {
            (void)_nxd_ipv6_address_delete(ip, i);
        }
    }
    (void)memset(ip->nx_ip_igmp_groups, 0, sizeof ip->nx_ip_igmp_groups);
    ip->nx_ip_gateway_address = 0;
    (void)_nx_ip_interface_address_set(ip, n, 0, 0);
}

/* _nx_ip_interface_detach takes an interface away, with its addresses.  What
 * is sent then returns NX_NO_INTERFACE_ADDRESS, and nothing arrives, until
 * nx_ip_interface_attach brings another.  Sockets stay bound. */
UINT _nx_ip_interface_detach(NX_IP *ip_ptr, UINT index)
{
    net_command(ip_ptr, index, NX_LINK_INTERFACE_DETACH);
    ip_ptr->nx_ip_interface[index].nx_interface_valid = NX_FALSE;
    forget_addresses(ip_ptr, index);
    return NX_SUCCESS;
}

/* _nx_ip_interface_physical_address_set changes the hardware address that
 * nx_ip_interface_info_get gives.  With `update_driver` it also asks the
 * driver, and returns what that says: the RAM wire takes any address, the
 * host's network returns NX_UNHANDLED_COMMAND. */
UINT _nx_ip_interface_physical_address_set(NX_IP *ip_ptr, UINT interface_index,
                                           ULONG physical_msw,
                                           ULONG physical_lsw,
                                           UINT update_driver)
{
    NX_INTERFACE *i = &ip_ptr->nx_ip_interface[interface_index];

    i->nx_interface_physical_address_msw = physical_msw;
    i->nx_interface_physical_address_lsw = physical_lsw;
    return update_driver ? net_command(ip_ptr, interface_index,
                                       NX_LINK_SET_PHYSICAL_ADDRESS)
                         : NX_SUCCESS;
}

/* _nx_ip_interface_address_mapping_configure records whether the interface
 * needs ARP.  Neither network here does: it decides nothing. */
UINT _nx_ip_interface_address_mapping_configure(NX_IP *ip_ptr,
                                                UINT interface_index,
                                                UINT mapping_needed)
{
    ip_ptr->nx_ip_interface[interface_index]
        .nx_interface_address_mapping_needed = mapping_needed != NX_FALSE;
    return NX_SUCCESS;
}

/* _nx_ip_forwarding_enable returns NX_NOT_SUPPORTED: an instance has one
 * interface, and the host routes. */
UINT _nx_ip_forwarding_enable(NX_IP *ip_ptr)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    return NX_NOT_SUPPORTED;
}

UINT _nx_ip_forwarding_disable(NX_IP *ip_ptr)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    return NX_SUCCESS;
}

/* _nxd_icmpv6_ra_flag_callback_set keeps the function and never calls it: the
 * host takes the advertisements of routers, and the RAM wire has none. */
UINT _nxd_icmpv6_ra_flag_callback_set(NX_IP *ip_ptr,
                                      VOID (*icmpv6_ra_flag_callback)(NX_IP *,
                                                                      UINT))
{
    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ip_icmpv6_ra_flag_callback = icmpv6_ra_flag_callback;
    return NX_SUCCESS;
}

/* check_interface checks the arguments of a service that changes an interface.
 * The loopback cannot be changed. */
static UINT check_interface(const NX_IP *ip, UINT index)
{
    if (!net_is_ip(ip)) {
        return NX_PTR_ERROR;
    }
    return net_has_interface(ip, index) ? NX_SUCCESS : NX_INVALID_INTERFACE;
}

UINT _nxe_ip_interface_detach(NX_IP *ip_ptr, UINT index)
{
    UINT status = check_interface(ip_ptr, index);

    return status != NX_SUCCESS ? status
                                : _nx_ip_interface_detach(ip_ptr, index);
}

UINT _nxe_ip_interface_physical_address_set(NX_IP *ip_ptr,
                                            UINT interface_index,
                                            ULONG physical_msw,
                                            ULONG physical_lsw,
                                            UINT update_driver)
{
    UINT status = check_interface(ip_ptr, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_ip_interface_physical_address_set(
                                      ip_ptr, interface_index, physical_msw,
                                      physical_lsw, update_driver);
}

UINT _nxe_ip_interface_address_mapping_configure(NX_IP *ip_ptr,
                                                 UINT interface_index,
                                                 UINT mapping_needed)
{
    UINT status = check_interface(ip_ptr, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_ip_interface_address_mapping_configure(
                                      ip_ptr, interface_index, mapping_needed);
}

UINT _nxe_ip_forwarding_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_ip_forwarding_enable(ip_ptr) : NX_PTR_ERROR;
}

UINT _nxe_ip_forwarding_disable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_ip_forwarding_disable(ip_ptr)
                             : NX_PTR_ERROR;
}

UINT _nxde_icmpv6_ra_flag_callback_set(NX_IP *ip_ptr,
                                       VOID (*icmpv6_ra_flag_callback)(NX_IP *,
                                                                       UINT))
{
    return net_is_ip(ip_ptr) ? _nxd_icmpv6_ra_flag_callback_set(
                                   ip_ptr, icmpv6_ra_flag_callback)
                             : NX_PTR_ERROR;
}
