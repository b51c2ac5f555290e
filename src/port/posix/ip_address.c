/* SPDX-License-Identifier: MIT */
/* ip_address.c: the IPv6 addresses of an instance, and the choice of the
 * address to send from. */

#include "net.h"

static bool is_v6_loopback(const ULONG *a)
{
    return a[0] == 0 && a[1] == 0 && a[2] == 0 && a[3] == 1;
}

bool net_address_is_loopback(const NXD_ADDRESS *a)
{
    if (a->nxd_ip_version == NX_IP_VERSION_V4) {
        return a->nxd_ip_address.v4 >> 24 == 127;
    }
    return is_v6_loopback(a->nxd_ip_address.v6);
}

static bool is_link_local(const ULONG *a)
{
    return (a[0] & 0xFFC00000u) == 0xFE800000u;
}

static void source_v6(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *out)
{
    const NXD_IPV6_ADDRESS *found = NULL;
    UINT i;

    for (i = 0; i < NX_MAX_IPV6_ADDRESSES; i++) {
        const NXD_IPV6_ADDRESS *a = &ip->nx_ipv6_address[i];

        if (a->nxd_ipv6_address_valid &&
            (found == NULL || (is_link_local(a->nxd_ipv6_address) ==
                                   is_link_local(to->nxd_ip_address.v6) &&
                               is_link_local(found->nxd_ipv6_address) !=
                                   is_link_local(to->nxd_ip_address.v6)))) {
            found = a;
        }
    }
    if (found != NULL) {
        out->nxd_ip_version = NX_IP_VERSION_V6;
        (void)memcpy(out->nxd_ip_address.v6, found->nxd_ipv6_address,
                     sizeof out->nxd_ip_address.v6);
    }
}

void net_source(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *out)
{
    (void)memset(out, 0, sizeof *out);
    if (net_address_is_loopback(to)) {
        *out = *to;
        return;
    }
    if (to->nxd_ip_version == NX_IP_VERSION_V6) {
        source_v6(ip, to, out);
        return;
    }
    out->nxd_ip_address.v4 = ip->nx_ip_interface[0].nx_interface_ip_address;
    out->nxd_ip_version = out->nxd_ip_address.v4 == 0 ? 0 : NX_IP_VERSION_V4;
}

/* make_link_local makes fe80::/10 with a number that differs per instance. */
static void make_link_local(const NX_IP *ip, ULONG *out)
{
    const NX_IP *at;
    ULONG n = 1;

    for (at = net_ip_first(); at != NULL && at != ip;
         at = at->nx_ip_created_next) {
        n++;
    }
    out[0] = 0xFE800000u;
    out[1] = 0;
    out[2] = 0x021122FFu;
    out[3] = 0xFE334400u + n;
}

/* tell calls the application's function for an address that was set or
 * deleted. */
static void tell(NX_IP *ip, UINT method, const NXD_IPV6_ADDRESS *a)
{
    ULONG address[4];

    if (ip->nx_ipv6_address_change_notify != NULL) {
        (void)memcpy(address, a->nxd_ipv6_address, sizeof address);
        ip->nx_ipv6_address_change_notify(
            ip, method, a->nxd_ipv6_address_attached->nx_interface_index,
            a->nxd_ipv6_address_index, address);
    }
}

/* _nxd_ipv6_address_change_notify sets the function that is called, in the
 * thread that changes it, after an IPv6 address was set or deleted
 * (NX_IPV6_ADDRESS_*); NULL ends that. */
UINT _nxd_ipv6_address_change_notify(
    NX_IP *ip_ptr,
    VOID (*ipv6_address_change_notify)(NX_IP *, UINT, UINT, UINT, ULONG *))
{
    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    ip_ptr->nx_ipv6_address_change_notify = ipv6_address_change_notify;
    return NX_SUCCESS;
}

UINT _nxde_ipv6_address_change_notify(
    NX_IP *ip_ptr,
    VOID (*ipv6_address_change_notify)(NX_IP *, UINT, UINT, UINT, ULONG *))
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return ip_ptr->nx_ip_ipv6_enabled ? _nxd_ipv6_address_change_notify(
                                            ip_ptr, ipv6_address_change_notify)
                                      : NX_NOT_ENABLED;
}

/* _nxd_ipv6_address_set gives the instance one more IPv6 address, valid at
 * once, and sets `*address_index` to its index.  A NULL address with prefix 10
 * makes a link-local one.  It returns NX_NO_MORE_ENTRIES if the table is full,
 * and NX_DUPLICATED_ENTRY if the address is there. */
UINT _nxd_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                           NXD_ADDRESS *ip_address, ULONG prefix_length,
                           UINT *address_index)
{
    ULONG address[4];
    UINT free_index = NX_MAX_IPV6_ADDRESSES;
    UINT i;

    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    if (ip_address == NULL) {
        make_link_local(ip_ptr, address);
    } else {
        (void)memcpy(address, ip_address->nxd_ip_address.v6, sizeof address);
    }
    for (i = NX_MAX_IPV6_ADDRESSES; i-- > 0;) {
        const NXD_IPV6_ADDRESS *a = &ip_ptr->nx_ipv6_address[i];

        if (!a->nxd_ipv6_address_valid) {
            free_index = i;
        } else if (memcmp(a->nxd_ipv6_address, address, sizeof address) == 0) {
            return NX_DUPLICATED_ENTRY;
        }
    }
    if (free_index == NX_MAX_IPV6_ADDRESSES) {
        return NX_NO_MORE_ENTRIES;
    }
    ip_ptr->nx_ipv6_address[free_index] = (NXD_IPV6_ADDRESS){
        .nxd_ipv6_address_valid = NX_TRUE,
        .nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID,
        .nxd_ipv6_address_prefix_length = (UCHAR)prefix_length,
        .nxd_ipv6_address_attached = &ip_ptr->nx_ip_interface[interface_index],
        .nxd_ipv6_address_index = (UCHAR)free_index,
        .nxd_ipv6_address = {address[0], address[1], address[2], address[3]},
    };
    if (address_index != NULL) {
        *address_index = free_index;
    }
    tell(ip_ptr,
         ip_address == NULL ? NX_IPV6_ADDRESS_BASED_ON_INTERFACE
                            : NX_IPV6_ADDRESS_MANUAL_CONFIG,
         &ip_ptr->nx_ipv6_address[free_index]);
    return NX_SUCCESS;
}

UINT _nxde_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                            NXD_ADDRESS *ip_address, ULONG prefix_length,
                            UINT *address_index)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    if (!net_has_interface(ip_ptr, interface_index)) {
        return NX_INVALID_INTERFACE;
    }
    if (prefix_length > 128 || (ip_address == NULL && prefix_length != 10) ||
        (ip_address != NULL &&
         ip_address->nxd_ip_version != NX_IP_VERSION_V6)) {
        return NX_IP_ADDRESS_ERROR;
    }
    return _nxd_ipv6_address_set(ip_ptr, interface_index, ip_address,
                                 prefix_length, address_index);
}

/* _nxd_ipv6_address_delete forgets the address at an index.  It returns
 * NX_NO_INTERFACE_ADDRESS if there is none. */
UINT _nxd_ipv6_address_delete(NX_IP *ip_ptr, UINT address_index)
{
    NXD_IPV6_ADDRESS old;

    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    if (address_index >= NX_MAX_IPV6_ADDRESSES ||
        !ip_ptr->nx_ipv6_address[address_index].nxd_ipv6_address_valid) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    old = ip_ptr->nx_ipv6_address[address_index];
    ip_ptr->nx_ipv6_address[address_index] = (NXD_IPV6_ADDRESS){0};
    tell(ip_ptr, NX_IPV6_ADDRESS_MANUAL_DELETE, &old);
    return NX_SUCCESS;
}

UINT _nxde_ipv6_address_delete(NX_IP *ip_ptr, UINT address_index)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nxd_ipv6_address_delete(ip_ptr, address_index);
}

/* _nxd_ipv6_address_get gives the address at `address_index`.  It returns
 * NX_NO_INTERFACE_ADDRESS if there is none. */
UINT _nxd_ipv6_address_get(NX_IP *ip_ptr, UINT address_index,
                           NXD_ADDRESS *ip_address, ULONG *prefix_length,
                           UINT *interface_index)
{
    const NXD_IPV6_ADDRESS *a;

    if (!net_speaks(NX_IP_VERSION_V6)) {
        return NX_NOT_SUPPORTED;
    }
    if (address_index > NX_LOOPBACK_IPV6_SOURCE_INDEX ||
        !ip_ptr->nx_ipv6_address[address_index].nxd_ipv6_address_valid) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    a = &ip_ptr->nx_ipv6_address[address_index];
    ip_address->nxd_ip_version = NX_IP_VERSION_V6;
    (void)memcpy(ip_address->nxd_ip_address.v6, a->nxd_ipv6_address,
                 sizeof ip_address->nxd_ip_address.v6);
    *prefix_length = a->nxd_ipv6_address_prefix_length;
    *interface_index = a->nxd_ipv6_address_attached->nx_interface_index;
    return NX_SUCCESS;
}

UINT _nxde_ipv6_address_get(NX_IP *ip_ptr, UINT address_index,
                            NXD_ADDRESS *ip_address, ULONG *prefix_length,
                            UINT *interface_index)
{
    if (!net_is_ip(ip_ptr) || ip_address == NULL || prefix_length == NULL ||
        interface_index == NULL) {
        return NX_PTR_ERROR;
    }
    return _nxd_ipv6_address_get(ip_ptr, address_index, ip_address,
                                 prefix_length, interface_index);
}
