/* SPDX-License-Identifier: MIT */
/* switched_off.c: the services that NetX refuses unless a switch is set. */

#include "net.h"

static UINT refuse(bool exists)
{
    return exists ? NX_NOT_SUPPORTED : NX_PTR_ERROR;
}

UINT _nx_ip_auxiliary_packet_pool_set(NX_IP *ip_ptr,
                                      NX_PACKET_POOL *auxiliary_pool)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(auxiliary_pool);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_auxiliary_packet_pool_set(NX_IP *ip_ptr,
                                       NX_PACKET_POOL *auxiliary_pool)
{
    NX_PARAMETER_NOT_USED(auxiliary_pool);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_ip_interface_capability_get(NX_IP *ip_ptr, UINT interface_index,
                                     ULONG *interface_capability_flag)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(interface_index);
    NX_PARAMETER_NOT_USED(interface_capability_flag);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_interface_capability_get(NX_IP *ip_ptr, UINT interface_index,
                                      ULONG *interface_capability_flag)
{
    NX_PARAMETER_NOT_USED(interface_index);
    NX_PARAMETER_NOT_USED(interface_capability_flag);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_ip_interface_capability_set(NX_IP *ip_ptr, UINT interface_index,
                                     ULONG interface_capability_flag)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(interface_index);
    NX_PARAMETER_NOT_USED(interface_capability_flag);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_interface_capability_set(NX_IP *ip_ptr, UINT interface_index,
                                      ULONG interface_capability_flag)
{
    NX_PARAMETER_NOT_USED(interface_index);
    NX_PARAMETER_NOT_USED(interface_capability_flag);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_ip_raw_packet_filter_set(
    NX_IP *ip_ptr, UINT (*raw_packet_filter)(NX_IP *ip_ptr, ULONG protocol,
                                             NX_PACKET *packet_ptr))
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(raw_packet_filter);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_raw_packet_filter_set(
    NX_IP *ip_ptr, UINT (*raw_packet_filter)(NX_IP *ip_ptr, ULONG protocol,
                                             NX_PACKET *packet_ptr))
{
    NX_PARAMETER_NOT_USED(raw_packet_filter);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_ip_static_route_add(NX_IP *ip_ptr, ULONG network_address,
                             ULONG net_mask, ULONG next_hop)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(network_address);
    NX_PARAMETER_NOT_USED(net_mask);
    NX_PARAMETER_NOT_USED(next_hop);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_static_route_add(NX_IP *ip_ptr, ULONG network_address,
                              ULONG net_mask, ULONG next_hop)
{
    NX_PARAMETER_NOT_USED(network_address);
    NX_PARAMETER_NOT_USED(net_mask);
    NX_PARAMETER_NOT_USED(next_hop);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_ip_static_route_delete(NX_IP *ip_ptr, ULONG network_address,
                                ULONG net_mask)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(network_address);
    NX_PARAMETER_NOT_USED(net_mask);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_ip_static_route_delete(NX_IP *ip_ptr, ULONG network_address,
                                 ULONG net_mask)
{
    NX_PARAMETER_NOT_USED(network_address);
    NX_PARAMETER_NOT_USED(net_mask);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nx_packet_pool_low_watermark_set(NX_PACKET_POOL *pool_ptr,
                                       ULONG low_watermark)
{
    NX_PARAMETER_NOT_USED(pool_ptr);
    NX_PARAMETER_NOT_USED(low_watermark);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_packet_pool_low_watermark_set(NX_PACKET_POOL *pool_ptr,
                                        ULONG low_watermark)
{
    NX_PARAMETER_NOT_USED(low_watermark);
    return refuse(pool_ptr != NULL &&
                  pool_ptr->nx_packet_pool_id == NX_PACKET_POOL_ID);
}

UINT _nx_packet_vlan_priority_set(NX_PACKET *packet_ptr, UINT vlan_priority)
{
    NX_PARAMETER_NOT_USED(packet_ptr);
    NX_PARAMETER_NOT_USED(vlan_priority);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_packet_vlan_priority_set(NX_PACKET *packet_ptr, UINT vlan_priority)
{
    NX_PARAMETER_NOT_USED(vlan_priority);
    return refuse(packet_ptr != NULL);
}

UINT _nx_udp_socket_vlan_priority_set(NX_UDP_SOCKET *socket_ptr,
                                      UINT vlan_priority)
{
    NX_PARAMETER_NOT_USED(socket_ptr);
    NX_PARAMETER_NOT_USED(vlan_priority);
    return NX_NOT_SUPPORTED;
}

UINT _nxe_udp_socket_vlan_priority_set(NX_UDP_SOCKET *socket_ptr,
                                       UINT vlan_priority)
{
    NX_PARAMETER_NOT_USED(vlan_priority);
    return refuse(socket_ptr != NULL &&
                  socket_ptr->nx_udp_socket_id == NX_UDP_ID);
}

UINT _nxd_ipv6_multicast_interface_join(NX_IP *ip_ptr,
                                        NXD_ADDRESS *group_address,
                                        UINT interface_index)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(group_address);
    NX_PARAMETER_NOT_USED(interface_index);
    return NX_NOT_SUPPORTED;
}

UINT _nxde_ipv6_multicast_interface_join(NX_IP *ip_ptr,
                                         NXD_ADDRESS *group_address,
                                         UINT interface_index)
{
    NX_PARAMETER_NOT_USED(group_address);
    NX_PARAMETER_NOT_USED(interface_index);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nxd_ipv6_multicast_interface_leave(NX_IP *ip_ptr,
                                         NXD_ADDRESS *group_address,
                                         UINT interface_index)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(group_address);
    NX_PARAMETER_NOT_USED(interface_index);
    return NX_NOT_SUPPORTED;
}

UINT _nxde_ipv6_multicast_interface_leave(NX_IP *ip_ptr,
                                          NXD_ADDRESS *group_address,
                                          UINT interface_index)
{
    NX_PARAMETER_NOT_USED(group_address);
    NX_PARAMETER_NOT_USED(interface_index);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nxd_ipv6_stateless_address_autoconfig_disable(NX_IP *ip_ptr,
                                                    UINT interface_index)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(interface_index);
    return NX_NOT_SUPPORTED;
}

UINT _nxde_ipv6_stateless_address_autoconfig_disable(NX_IP *ip_ptr,
                                                     UINT interface_index)
{
    NX_PARAMETER_NOT_USED(interface_index);
    return refuse(net_is_ip(ip_ptr));
}

UINT _nxd_ipv6_stateless_address_autoconfig_enable(NX_IP *ip_ptr,
                                                   UINT interface_index)
{
    NX_PARAMETER_NOT_USED(ip_ptr);
    NX_PARAMETER_NOT_USED(interface_index);
    return NX_NOT_SUPPORTED;
}

UINT _nxde_ipv6_stateless_address_autoconfig_enable(NX_IP *ip_ptr,
                                                    UINT interface_index)
{
    NX_PARAMETER_NOT_USED(interface_index);
    return refuse(net_is_ip(ip_ptr));
}
