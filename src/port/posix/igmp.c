/* SPDX-License-Identifier: MIT */
/* igmp.c: the groups of an instance on the RAM wire. */

#include "net.h"

bool net_address_is_group(const NXD_ADDRESS *a)
{
    return a->nxd_ip_version == NX_IP_VERSION_V4 &&
           (a->nxd_ip_address.v4 & NX_IP_CLASS_D_MASK) == NX_IP_CLASS_D_TYPE;
}

/* place returns where a group stands, 0 where none does, or NULL. */
static ULONG *place(NX_IP *ip, ULONG group)
{
    UINT i;

    for (i = 0; i < NX_MAX_MULTICAST_GROUPS; i++) {
        if (ip->nx_ip_igmp_groups[i] == group) {
            return &ip->nx_ip_igmp_groups[i];
        }
    }
    return NULL;
}

bool net_is_member(NX_IP *ip, const NXD_ADDRESS *group)
{
    return group->nxd_ip_address.v4 == NX_ALL_HOSTS_ADDRESS ||
           place(ip, group->nxd_ip_address.v4) != NULL;
}

UINT _nx_igmp_enable(NX_IP *ip_ptr)
{
    if (ip_ptr->nx_ip_igmp_enabled) {
        return NX_ALREADY_ENABLED;
    }
    ip_ptr->nx_ip_igmp_enabled = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxe_igmp_enable(NX_IP *ip_ptr)
{
    return net_is_ip(ip_ptr) ? _nx_igmp_enable(ip_ptr) : NX_PTR_ERROR;
}

/* _nx_ipv4_multicast_interface_join joins a group; a group that the instance
 * is in already is joined once.  It returns NX_NO_MORE_ENTRIES if the instance
 * is in as many as it can be, and NX_NOT_SUPPORTED on the host's network. */
UINT _nx_ipv4_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                       UINT interface_index)
{
    ULONG *at = place(ip_ptr, group_address);

    (void)interface_index;
    if (net_link_of(ip_ptr)->owner == NULL) {
        return NX_NOT_SUPPORTED;
    }
    if (at == NULL) {
        at = place(ip_ptr, 0);
    }
    if (at == NULL) {
        return NX_NO_MORE_ENTRIES;
    }
    *at = group_address;
    return NX_SUCCESS;
}

/* _nx_ipv4_multicast_interface_leave returns NX_ENTRY_NOT_FOUND if the
 * instance is not in the group. */
UINT _nx_ipv4_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index)
{
    ULONG *at = place(ip_ptr, group_address);

    (void)interface_index;
    if (at == NULL) {
        return NX_ENTRY_NOT_FOUND;
    }
    *at = 0;
    return NX_SUCCESS;
}

/* The services of IGMP do the same: on the RAM wire no report is needed. */
UINT _nx_igmp_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                       UINT interface_index)
{
    return _nx_ipv4_multicast_interface_join(ip_ptr, group_address,
                                             interface_index);
}

UINT _nx_igmp_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index)
{
    return _nx_ipv4_multicast_interface_leave(ip_ptr, group_address,
                                              interface_index);
}

UINT _nx_igmp_multicast_join(NX_IP *ip_ptr, ULONG group_address)
{
    return _nx_ipv4_multicast_interface_join(ip_ptr, group_address, 0);
}

UINT _nx_igmp_multicast_leave(NX_IP *ip_ptr, ULONG group_address)
{
    return _nx_ipv4_multicast_interface_leave(ip_ptr, group_address, 0);
}

UINT _nx_igmp_loopback_enable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_igmp_loopback = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nx_igmp_loopback_disable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_igmp_loopback = NX_FALSE;
    return NX_SUCCESS;
}

/* _nx_igmp_info_get writes each value whose pointer is not NULL; no message of
 * IGMP was ever sent or received. */
UINT _nx_igmp_info_get(NX_IP *ip_ptr, ULONG *igmp_reports_sent,
                       ULONG *igmp_queries_received,
                       ULONG *igmp_checksum_errors,
                       ULONG *current_groups_joined)
{
    ULONG joined = 0;
    UINT i;

    for (i = 0; i < NX_MAX_MULTICAST_GROUPS; i++) {
        joined += ip_ptr->nx_ip_igmp_groups[i] != 0;
    }
    port_tell(igmp_reports_sent, 0);
    port_tell(igmp_queries_received, 0);
    port_tell(igmp_checksum_errors, 0);
    port_tell(current_groups_joined, joined);
    return NX_SUCCESS;
}

/* check_group checks instance, group and interface. */
static UINT check_group(const NX_IP *ip, ULONG group, UINT interface_index)
{
    NXD_ADDRESS address = {.nxd_ip_version = NX_IP_VERSION_V4};

    address.nxd_ip_address.v4 = group;
    if (!net_is_ip(ip)) {
        return NX_PTR_ERROR;
    }
    if (!net_address_is_group(&address)) {
        return NX_IP_ADDRESS_ERROR;
    }
    return net_has_interface(ip, interface_index) ? NX_SUCCESS
                                                  : NX_INVALID_INTERFACE;
}

static UINT check_enabled(const NX_IP *ip)
{
    if (!net_is_ip(ip)) {
        return NX_PTR_ERROR;
    }
    return ip->nx_ip_igmp_enabled ? NX_SUCCESS : NX_NOT_ENABLED;
}

static UINT check_igmp(const NX_IP *ip, ULONG group, UINT interface_index)
{
    UINT status = check_enabled(ip);

    return status != NX_SUCCESS ? status
                                : check_group(ip, group, interface_index);
}

UINT _nxe_ipv4_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index)
{
    UINT status = check_group(ip_ptr, group_address, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_ipv4_multicast_interface_join(
                                      ip_ptr, group_address, interface_index);
}

UINT _nxe_ipv4_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                         UINT interface_index)
{
    UINT status = check_group(ip_ptr, group_address, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_ipv4_multicast_interface_leave(
                                      ip_ptr, group_address, interface_index);
}

UINT _nxe_igmp_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index)
{
    UINT status = check_igmp(ip_ptr, group_address, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_igmp_multicast_interface_join(
                                      ip_ptr, group_address, interface_index);
}

UINT _nxe_igmp_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                         UINT interface_index)
{
    UINT status = check_igmp(ip_ptr, group_address, interface_index);

    return status != NX_SUCCESS ? status
                                : _nx_igmp_multicast_interface_leave(
                                      ip_ptr, group_address, interface_index);
}

UINT _nxe_igmp_multicast_join(NX_IP *ip_ptr, ULONG group_address)
{
    return _nxe_igmp_multicast_interface_join(ip_ptr, group_address, 0);
}

UINT _nxe_igmp_multicast_leave(NX_IP *ip_ptr, ULONG group_address)
{
    return _nxe_igmp_multicast_interface_leave(ip_ptr, group_address, 0);
}

UINT _nxe_igmp_loopback_enable(NX_IP *ip_ptr)
{
    UINT status = check_enabled(ip_ptr);

    return status != NX_SUCCESS ? status : _nx_igmp_loopback_enable(ip_ptr);
}

UINT _nxe_igmp_loopback_disable(NX_IP *ip_ptr)
{
    UINT status = check_enabled(ip_ptr);

    return status != NX_SUCCESS ? status : _nx_igmp_loopback_disable(ip_ptr);
}

UINT _nxe_igmp_info_get(NX_IP *ip_ptr, ULONG *igmp_reports_sent,
                        ULONG *igmp_queries_received,
                        ULONG *igmp_checksum_errors,
                        ULONG *current_groups_joined)
{
    UINT status = check_enabled(ip_ptr);

    return status != NX_SUCCESS
               ? status
               : _nx_igmp_info_get(ip_ptr, igmp_reports_sent,
                                   igmp_queries_received, igmp_checksum_errors,
                                   current_groups_joined);
}
