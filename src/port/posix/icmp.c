/* SPDX-License-Identifier: MIT */
/* icmp.c: echo requests on the RAM wire.  On the host's network it is the host
 * that answers them, and none can be sent. */

#include "net.h"

/* _nx_icmp_info_get writes each value whose pointer is not NULL. */
UINT _nx_icmp_info_get(NX_IP *ip_ptr, ULONG *pings_sent, ULONG *ping_timeouts,
                       ULONG *ping_threads_suspended,
                       ULONG *ping_responses_received,
                       ULONG *icmp_checksum_errors,
                       ULONG *icmp_unhandled_messages)
{
    port_tell(pings_sent, ip_ptr->nx_ip_pings_sent);
    port_tell(ping_timeouts, ip_ptr->nx_ip_ping_timeouts);
    port_tell(ping_threads_suspended, 0);
    port_tell(ping_responses_received, ip_ptr->nx_ip_ping_responses_received);
    port_tell(icmp_checksum_errors, 0);
    port_tell(icmp_unhandled_messages, 0);
    return NX_SUCCESS;
}

/* answers returns true if the instance at `to` answers echo requests, and
 * counts the request there. */
static bool answers(NX_IP *ip, const NXD_ADDRESS *to)
{
    NX_IP *owner = net_link_of(ip)->owner(ip, to);

    if (owner == NULL || !owner->nx_ip_icmp_enabled) {
        return false;
    }
    owner->nx_ip_pings_received++;
    owner->nx_ip_pings_responded_to++;
    return true;
}

/* await lets the time of a wait pass in which no answer comes. */
static UINT await(NX_IP *ip, ULONG wait)
{
    if (wait != NX_NO_WAIT) {
        (void)_tx_thread_sleep(wait);
    }
    ip->nx_ip_ping_timeouts++;
    return NX_NO_RESPONSE;
}

/* ping makes the answer, a packet with the data of the request.  The wire
 * takes no time, so an answer is there at once or does not come. */
static UINT ping(NX_IP *ip, const NXD_ADDRESS *to, CHAR *data, ULONG size,
                 NX_PACKET **response, ULONG wait)
{
    NX_PACKET_POOL *pool = ip->nx_ip_default_packet_pool;
    NX_PACKET *packet;
    UINT status;

    if (net_link_of(ip)->owner == NULL) {
        return NX_NOT_SUPPORTED;
    }
    status = _nx_packet_allocate(pool, &packet, NX_ICMP_PACKET, wait);
    if (status != NX_SUCCESS) {
        return NX_NO_PACKET;
    }
    if (size >
        (ULONG)(packet->nx_packet_data_end - packet->nx_packet_prepend_ptr)) {
        status = NX_OVERFLOW;
    } else if (size != 0) {
        status = _nx_packet_data_append(packet, data, size, pool, NX_NO_WAIT);
    }
    ip->nx_ip_pings_sent++;
    if (status == NX_SUCCESS && (wait == NX_NO_WAIT || !answers(ip, to))) {
        status = await(ip, wait);
    }
    if (status != NX_SUCCESS) {
        (void)_nx_packet_release(packet);
        return status;
    }
    ip->nx_ip_ping_responses_received++;
    *response = packet;
    return NX_SUCCESS;
}

/* _nxd_icmp_ping sends an echo request and gives the packet that answers it,
 * which the caller releases.
 *
 * It returns NX_NO_RESPONSE if no answer came within `wait_option`, also for
 * NX_NO_WAIT; NX_NO_PACKET if the default pool is empty; NX_OVERFLOW if the
 * data does not fit a packet; NX_IP_ADDRESS_ERROR for an address that is none;
 * NX_NO_INTERFACE_ADDRESS if the instance has none of that version;
 * NX_NOT_SUPPORTED on the host's network. */
UINT _nxd_icmp_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address, CHAR *data_ptr,
                    ULONG data_size, NX_PACKET **response_ptr,
                    ULONG wait_option)
{
    NXD_ADDRESS from;

    if (!net_speaks(ip_address->nxd_ip_version)) {
        return NX_NOT_SUPPORTED;
    }
    if (ip_address->nxd_ip_version == NX_IP_VERSION_V4 &&
        ip_address->nxd_ip_address.v4 == 0) {
        return NX_IP_ADDRESS_ERROR;
    }
    if (ip_address->nxd_ip_version == NX_IP_VERSION_V6 &&
        !ip_ptr->nx_ip_ipv6_enabled) {
        return NX_NOT_ENABLED;
    }
    net_source(ip_ptr, ip_address, &from);
    if (from.nxd_ip_version == 0) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    return ping(ip_ptr, ip_address, data_ptr, data_size, response_ptr,
                wait_option);
}

/* _nxd_icmp_source_ping does the same from an interface, or from an IPv6
 * address.  It returns NX_INVALID_INTERFACE if there is none at
 * `address_index`. */
UINT _nxd_icmp_source_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address,
                           UINT address_index, CHAR *data_ptr, ULONG data_size,
                           NX_PACKET **response_ptr, ULONG wait_option)
{
    bool v4 = ip_address->nxd_ip_version == NX_IP_VERSION_V4;

    if (address_index >=
            (v4 ? NX_MAX_IP_INTERFACES
                : NX_MAX_IPV6_ADDRESSES + NX_LOOPBACK_IPV6_ENABLED) ||
        !(v4 ? ip_ptr->nx_ip_interface[address_index].nx_interface_valid
             : ip_ptr->nx_ipv6_address[address_index]
                   .nxd_ipv6_address_valid)) {
        return NX_INVALID_INTERFACE;
    }
    return _nxd_icmp_ping(ip_ptr, ip_address, data_ptr, data_size,
                          response_ptr, wait_option);
}

/* _nx_icmp_ping does the same for IPv4. */
UINT _nx_icmp_ping(NX_IP *ip_ptr, ULONG ip_address, CHAR *data,
                   ULONG data_size, NX_PACKET **response_ptr,
                   ULONG wait_option)
{
    NXD_ADDRESS to = {.nxd_ip_version = NX_IP_VERSION_V4};

    to.nxd_ip_address.v4 = ip_address;
    return _nxd_icmp_ping(ip_ptr, &to, data, data_size, response_ptr,
                          wait_option);
}

UINT _nxe_icmp_info_get(NX_IP *ip_ptr, ULONG *pings_sent, ULONG *ping_timeouts,
                        ULONG *ping_threads_suspended,
                        ULONG *ping_responses_received,
                        ULONG *icmp_checksum_errors,
                        ULONG *icmp_unhandled_messages)
{
    if (!net_is_ip(ip_ptr)) {
        return NX_PTR_ERROR;
    }
    if (!ip_ptr->nx_ip_icmp_enabled) {
        return NX_NOT_ENABLED;
    }
    return _nx_icmp_info_get(ip_ptr, pings_sent, ping_timeouts,
                             ping_threads_suspended, ping_responses_received,
                             icmp_checksum_errors, icmp_unhandled_messages);
}

/* check checks the arguments and the caller of a service that may wait for an
 * answer. */
static UINT check(const NX_IP *ip, bool has_pointers)
{
    if (!net_is_ip(ip) || !has_pointers) {
        return NX_PTR_ERROR;
    }
    if (!ip->nx_ip_icmp_enabled) {
        return NX_NOT_ENABLED;
    }
    return port_may_wait(NX_WAIT_FOREVER) ? NX_SUCCESS : NX_CALLER_ERROR;
}

UINT _nxe_icmp_ping(NX_IP *ip_ptr, ULONG ip_address, CHAR *data,
                    ULONG data_size, NX_PACKET **response_ptr,
                    ULONG wait_option)
{
    UINT status = check(ip_ptr, response_ptr != NULL);

    return status != NX_SUCCESS
               ? status
               : _nx_icmp_ping(ip_ptr, ip_address, data, data_size,
                               response_ptr, wait_option);
}

UINT _nxde_icmp_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address, CHAR *data_ptr,
                     ULONG data_size, NX_PACKET **response_ptr,
                     ULONG wait_option)
{
    UINT status = check(ip_ptr, ip_address != NULL && response_ptr != NULL);

    return status != NX_SUCCESS
               ? status
               : _nxd_icmp_ping(ip_ptr, ip_address, data_ptr, data_size,
                                response_ptr, wait_option);
}

UINT _nxde_icmp_source_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address,
                            UINT address_index, CHAR *data_ptr,
                            ULONG data_size, NX_PACKET **response_ptr,
                            ULONG wait_option)
{
    UINT status = check(ip_ptr, ip_address != NULL && response_ptr != NULL);

    return status != NX_SUCCESS
               ? status
               : _nxd_icmp_source_ping(ip_ptr, ip_address, address_index,
                                       data_ptr, data_size, response_ptr,
                                       wait_option);
}
