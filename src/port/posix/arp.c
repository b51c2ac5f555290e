/* SPDX-License-Identifier: MIT */
/* arp.c: the ARP cache, which this port keeps for the application and does not
 * use. */

#include "net.h"

/* _nx_arp_enable takes the application's memory for the cache. */
UINT _nx_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory,
                    ULONG arp_cache_size)
{
    ULONG gap = (ULONG)(-(ALIGN_TYPE)arp_cache_memory % sizeof(ULONG));

    if (!net_speaks(NX_IP_VERSION_V4)) {
        return NX_NOT_SUPPORTED;
    }
    if (ip_ptr->nx_ip_arp_enabled) {
        return NX_ALREADY_ENABLED;
    }
    ip_ptr->nx_ip_arp_cache =
        (NX_ARP *)(VOID *)((UCHAR *)arp_cache_memory + gap);
    ip_ptr->nx_ip_arp_cache_entries =
        arp_cache_size < gap ? 0
                             : (arp_cache_size - gap) / (ULONG)sizeof(NX_ARP);
    (void)memset(ip_ptr->nx_ip_arp_cache, 0,
                 ip_ptr->nx_ip_arp_cache_entries * sizeof(NX_ARP));
    ip_ptr->nx_ip_arp_enabled = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxe_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory,
                     ULONG arp_cache_size)
{
    if (!net_is_ip(ip_ptr) || arp_cache_memory == NULL) {
        return NX_PTR_ERROR;
    }
    if (arp_cache_size == 0) {
        return NX_SIZE_ERROR;
    }
    return _nx_arp_enable(ip_ptr, arp_cache_memory, arp_cache_size);
}

/* find returns the entry of an address, of 0 a free one, or NULL. */
static NX_ARP *find(const NX_IP *ip, ULONG address)
{
    ULONG i;

    for (i = 0; i < ip->nx_ip_arp_cache_entries; i++) {
        if (ip->nx_ip_arp_cache[i].nx_arp_ip_address == address) {
            return &ip->nx_ip_arp_cache[i];
        }
    }
    return NULL;
}

/* set makes or changes an entry.  It returns NX_NO_MORE_ENTRIES if the cache
 * is full. */
static UINT set(NX_IP *ip, ULONG address, ULONG msw, ULONG lsw, UINT is_static)
{
    NX_ARP *entry = find(ip, address);

    if (entry == NULL) {
        entry = find(ip, 0);
    }
    if (entry == NULL) {
        return NX_NO_MORE_ENTRIES;
    }
    *entry = (NX_ARP){address, msw, lsw, is_static};
    return NX_SUCCESS;
}

/* forget frees the entries of this kind. */
static void forget(NX_IP *ip, UINT is_static)
{
    ULONG i;

    for (i = 0; i < ip->nx_ip_arp_cache_entries; i++) {
        if (ip->nx_ip_arp_cache[i].nx_arp_route_static == is_static) {
            ip->nx_ip_arp_cache[i] = (NX_ARP){0};
        }
    }
}

static ULONG count(const NX_IP *ip, UINT is_static)
{
    ULONG n = 0;
    ULONG i;

    for (i = 0; i < ip->nx_ip_arp_cache_entries; i++) {
        const NX_ARP *entry = &ip->nx_ip_arp_cache[i];

        n += entry->nx_arp_ip_address != 0 &&
             entry->nx_arp_route_static == is_static;
    }
    return n;
}

/* _nx_arp_dynamic_entry_set makes an entry, but leaves a lasting one alone
 * (NX_DUPLICATED_ENTRY).  Hardware address 0 asks for it, which is known
 * here. */
UINT _nx_arp_dynamic_entry_set(NX_IP *ip_ptr, ULONG ip_address,
                               ULONG physical_msw, ULONG physical_lsw)
{
    const NX_ARP *entry = find(ip_ptr, ip_address);

    if (entry != NULL && entry->nx_arp_route_static) {
        return NX_DUPLICATED_ENTRY;
    }
    if (physical_msw == 0 && physical_lsw == 0) {
        return NX_SUCCESS;
    }
    return set(ip_ptr, ip_address, physical_msw, physical_lsw, NX_FALSE);
}

/* _nx_arp_static_entry_create makes a lasting entry.  It returns
 * NX_NO_MORE_ENTRIES if the cache is full. */
UINT _nx_arp_static_entry_create(NX_IP *ip_ptr, ULONG ip_address,
                                 ULONG physical_msw, ULONG physical_lsw)
{
    return set(ip_ptr, ip_address, physical_msw, physical_lsw, NX_TRUE);
}

/* _nx_arp_static_entry_delete returns NX_ENTRY_NOT_FOUND if there is no such
 * lasting entry. */
UINT _nx_arp_static_entry_delete(NX_IP *ip_ptr, ULONG ip_address,
                                 ULONG physical_msw, ULONG physical_lsw)
{
    NX_ARP *entry = find(ip_ptr, ip_address);

    if (entry == NULL || !entry->nx_arp_route_static ||
        entry->nx_arp_physical_address_msw != physical_msw ||
        entry->nx_arp_physical_address_lsw != physical_lsw) {
        return NX_ENTRY_NOT_FOUND;
    }
    *entry = (NX_ARP){0};
    return NX_SUCCESS;
}

UINT _nx_arp_static_entries_delete(NX_IP *ip_ptr)
{
    forget(ip_ptr, NX_TRUE);
    return NX_SUCCESS;
}

UINT _nx_arp_dynamic_entries_invalidate(NX_IP *ip_ptr)
{
    forget(ip_ptr, NX_FALSE);
    return NX_SUCCESS;
}

/* _nx_arp_entry_delete returns NX_ENTRY_NOT_FOUND if there is no entry. */
UINT _nx_arp_entry_delete(NX_IP *ip_ptr, ULONG ip_address)
{
    NX_ARP *entry = find(ip_ptr, ip_address);

    if (entry == NULL) {
        return NX_ENTRY_NOT_FOUND;
    }
    *entry = (NX_ARP){0};
    return NX_SUCCESS;
}

/* _nx_arp_hardware_address_find looks into the cache, and then on the wire. It
 * returns NX_ENTRY_NOT_FOUND if neither knows the address. */
UINT _nx_arp_hardware_address_find(NX_IP *ip_ptr, ULONG ip_address,
                                   ULONG *physical_msw, ULONG *physical_lsw)
{
    const struct net_link *link = net_link_of(ip_ptr);
    const NX_ARP *entry = find(ip_ptr, ip_address);
    NXD_ADDRESS to = {.nxd_ip_version = NX_IP_VERSION_V4};
    const NX_IP *owner = NULL;

    to.nxd_ip_address.v4 = ip_address;
    if (entry != NULL) {
        *physical_msw = entry->nx_arp_physical_address_msw;
        *physical_lsw = entry->nx_arp_physical_address_lsw;
        return NX_SUCCESS;
    }
    if (link->owner != NULL) {
        owner = link->owner(ip_ptr, &to);
    }
    if (owner == NULL) {
        return NX_ENTRY_NOT_FOUND;
    }
    *physical_msw = owner->nx_ip_arp_physical_address_msw;
    *physical_lsw = owner->nx_ip_arp_physical_address_lsw;
    return NX_SUCCESS;
}

/* on_wire returns the instance with this hardware address, or NULL. */
static const NX_IP *on_wire(const NX_IP *ip, ULONG msw, ULONG lsw)
{
    const NX_IP *at;

    for (at = net_ip_first(); at != NULL; at = at->nx_ip_created_next) {
        if (net_link_of(at) == net_link_of(ip) &&
            net_link_of(at)->owner != NULL &&
            at->nx_ip_arp_physical_address_msw == msw &&
            at->nx_ip_arp_physical_address_lsw == lsw) {
            return at;
        }
    }
    return NULL;
}

/* _nx_arp_ip_address_find is the inverse. */
UINT _nx_arp_ip_address_find(NX_IP *ip_ptr, ULONG *ip_address,
                             ULONG physical_msw, ULONG physical_lsw)
{
    const NX_IP *owner;
    ULONG i;

    for (i = 0; i < ip_ptr->nx_ip_arp_cache_entries; i++) {
        const NX_ARP *entry = &ip_ptr->nx_ip_arp_cache[i];

        if (entry->nx_arp_ip_address != 0 &&
            entry->nx_arp_physical_address_msw == physical_msw &&
            entry->nx_arp_physical_address_lsw == physical_lsw) {
            *ip_address = entry->nx_arp_ip_address;
            return NX_SUCCESS;
        }
    }
    owner = on_wire(ip_ptr, physical_msw, physical_lsw);
    if (owner == NULL) {
        return NX_ENTRY_NOT_FOUND;
    }
    *ip_address = owner->nx_ip_address;
    return NX_SUCCESS;
}

/* _nx_arp_gratuitous_send announces nothing: nobody asks.  The function would
 * be called for an answer of another owner of the address. */
UINT _nx_arp_gratuitous_send(NX_IP *ip_ptr,
                             VOID (*response_handler)(NX_IP *, NX_PACKET *))
{
    (void)ip_ptr;
    (void)response_handler;
    return NX_SUCCESS;
}

/* _nx_arp_info_get writes each value whose pointer is not NULL; no message was
 * ever sent or received. */
UINT _nx_arp_info_get(NX_IP *ip_ptr, ULONG *arp_requests_sent,
                      ULONG *arp_requests_received, ULONG *arp_responses_sent,
                      ULONG *arp_responses_received,
                      ULONG *arp_dynamic_entries, ULONG *arp_static_entries,
                      ULONG *arp_aged_entries, ULONG *arp_invalid_messages)
{
    port_tell(arp_requests_sent, 0);
    port_tell(arp_requests_received, 0);
    port_tell(arp_responses_sent, 0);
    port_tell(arp_responses_received, 0);
    port_tell(arp_dynamic_entries, count(ip_ptr, NX_FALSE));
    port_tell(arp_static_entries, count(ip_ptr, NX_TRUE));
    port_tell(arp_aged_entries, 0);
    port_tell(arp_invalid_messages, 0);
    return NX_SUCCESS;
}

/* check checks what every checked service does. */
static UINT check(const NX_IP *ip, bool has_pointers)
{
    if (!net_is_ip(ip) || !has_pointers) {
        return NX_PTR_ERROR;
    }
    return ip->nx_ip_arp_enabled ? NX_SUCCESS : NX_NOT_ENABLED;
}

static UINT check_address(const NX_IP *ip, ULONG address)
{
    UINT status = check(ip, true);

    return status == NX_SUCCESS && address == 0 ? NX_IP_ADDRESS_ERROR : status;
}

/* check_pair also refuses hardware address 0. */
static UINT check_pair(const NX_IP *ip, ULONG address, ULONG msw, ULONG lsw)
{
    UINT status = check_address(ip, address);

    return status == NX_SUCCESS && msw == 0 && lsw == 0 ? NX_INVALID_PARAMETERS
                                                        : status;
}

UINT _nxe_arp_dynamic_entry_set(NX_IP *ip_ptr, ULONG ip_address,
                                ULONG physical_msw, ULONG physical_lsw)
{
    UINT status = check_address(ip_ptr, ip_address);

    return status != NX_SUCCESS
               ? status
               : _nx_arp_dynamic_entry_set(ip_ptr, ip_address, physical_msw,
                                           physical_lsw);
}

UINT _nxe_arp_static_entry_create(NX_IP *ip_ptr, ULONG ip_address,
                                  ULONG physical_msw, ULONG physical_lsw)
{
    UINT status = check_pair(ip_ptr, ip_address, physical_msw, physical_lsw);

    return status != NX_SUCCESS
               ? status
               : _nx_arp_static_entry_create(ip_ptr, ip_address, physical_msw,
                                             physical_lsw);
}

UINT _nxe_arp_static_entry_delete(NX_IP *ip_ptr, ULONG ip_address,
                                  ULONG physical_msw, ULONG physical_lsw)
{
    UINT status = check_pair(ip_ptr, ip_address, physical_msw, physical_lsw);

    return status != NX_SUCCESS
               ? status
               : _nx_arp_static_entry_delete(ip_ptr, ip_address, physical_msw,
                                             physical_lsw);
}

UINT _nxe_arp_static_entries_delete(NX_IP *ip_ptr)
{
    UINT status = check(ip_ptr, true);

    return status != NX_SUCCESS ? status
                                : _nx_arp_static_entries_delete(ip_ptr);
}

UINT _nxe_arp_dynamic_entries_invalidate(NX_IP *ip_ptr)
{
    UINT status = check(ip_ptr, true);

    return status != NX_SUCCESS ? status
                                : _nx_arp_dynamic_entries_invalidate(ip_ptr);
}

UINT _nxe_arp_entry_delete(NX_IP *ip_ptr, ULONG ip_address)
{
    UINT status = check_address(ip_ptr, ip_address);

    return status != NX_SUCCESS ? status
                                : _nx_arp_entry_delete(ip_ptr, ip_address);
}

UINT _nxe_arp_hardware_address_find(NX_IP *ip_ptr, ULONG ip_address,
                                    ULONG *physical_msw, ULONG *physical_lsw)
{
    UINT status = check(ip_ptr, physical_msw != NULL && physical_lsw != NULL);

    if (status == NX_SUCCESS) {
        status = check_address(ip_ptr, ip_address);
    }
    return status != NX_SUCCESS
               ? status
               : _nx_arp_hardware_address_find(ip_ptr, ip_address,
                                               physical_msw, physical_lsw);
}

UINT _nxe_arp_ip_address_find(NX_IP *ip_ptr, ULONG *ip_address,
                              ULONG physical_msw, ULONG physical_lsw)
{
    UINT status = check(ip_ptr, ip_address != NULL);

    if (status == NX_SUCCESS) {
        status = check_pair(ip_ptr, 1, physical_msw, physical_lsw);
    }
    return status != NX_SUCCESS
               ? status
               : _nx_arp_ip_address_find(ip_ptr, ip_address, physical_msw,
                                         physical_lsw);
}

UINT _nxe_arp_gratuitous_send(NX_IP *ip_ptr,
                              VOID (*response_handler)(NX_IP *, NX_PACKET *))
{
    UINT status = check(ip_ptr, true);

    return status != NX_SUCCESS
               ? status
               : _nx_arp_gratuitous_send(ip_ptr, response_handler);
}

UINT _nxe_arp_info_get(NX_IP *ip_ptr, ULONG *arp_requests_sent,
                       ULONG *arp_requests_received, ULONG *arp_responses_sent,
                       ULONG *arp_responses_received,
                       ULONG *arp_dynamic_entries, ULONG *arp_static_entries,
                       ULONG *arp_aged_entries, ULONG *arp_invalid_messages)
{
    UINT status = check(ip_ptr, true);

    return status != NX_SUCCESS
               ? status
               : _nx_arp_info_get(ip_ptr, arp_requests_sent,
                                  arp_requests_received, arp_responses_sent,
                                  arp_responses_received, arp_dynamic_entries,
                                  arp_static_entries, arp_aged_entries,
                                  arp_invalid_messages);
}
