/* SPDX-License-Identifier: MIT */
/* nx_api.h: the NetX Duo services that an application of datagrams needs.
 *
 * `nx_x` is `_nxe_x`, which checks its arguments.  If
 * NX_DISABLE_ERROR_CHECKING is defined, it is `_nx_x`, which does not.
 *
 * A successful send consumes its packet.  A failed one leaves the packet to
 * its caller.  The checked forms of nx_packet_release,
 * nx_packet_transmit_release, nx_udp_socket_send, nx_udp_socket_source_send
 * and nxd_udp_socket_send then set the caller's pointer to NX_NULL;
 * nxd_udp_socket_source_send does not.  nxdtls_port.h tells the other
 * differences between this port and NetX Duo on a device. */

#ifndef NX_API_H
#define NX_API_H

#include "nx_port.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NETXDUO_MAJOR_VERSION 6
#define NETXDUO_MINOR_VERSION 4
#define NETXDUO_PATCH_VERSION 2
#define AZURE_RTOS_NETXDUO
#define EL_PRODUCT_NETXDUO
#define __NETXDUO_MAJOR_VERSION__ NETXDUO_MAJOR_VERSION
#define __NETXDUO_MINOR_VERSION__ NETXDUO_MINOR_VERSION
#define __PRODUCT_NETXDUO__

#define NX_TRUE 1
#define NX_FALSE 0
#define NX_NULL 0

#define NX_NO_WAIT ((ULONG)0)
#define NX_WAIT_FOREVER ((ULONG)0xFFFFFFFF)

#define NX_ANY_PORT 0
#define NX_MAX_PORT 0xFFFF
#define NX_SEARCH_PORT_START 49152
#define NX_PROTOCOL_ICMP 1
#define NX_PROTOCOL_TCP 6
#define NX_PROTOCOL_UDP 17
#define NX_PROTOCOL_ICMPV6 58
#define NX_IP_VERSION_V4 0x4
#define NX_IP_VERSION_V6 0x6

#define NX_IP_NORMAL ((ULONG)0x00000000)
#define NX_IP_MIN_DELAY ((ULONG)0x00100000)
#define NX_IP_MAX_DATA ((ULONG)0x00080000)
#define NX_IP_MAX_RELIABLE ((ULONG)0x00040000)
#define NX_IP_MIN_COST ((ULONG)0x00020000)
#define NX_FRAGMENT_OKAY ((ULONG)0x00000000)
#define NX_DONT_FRAGMENT ((ULONG)0x00004000)
#define NX_IP_TIME_TO_LIVE 0x00000080u

#define IP_ADDRESS(a, b, c, d)                                                \
    ((((ULONG)(a)) << 24) | (((ULONG)(b)) << 16) | (((ULONG)(c)) << 8) |      \
     ((ULONG)(d)))
#define NX_IP_LIMITED_BROADCAST 0xFFFFFFFFu
#define NX_IP_LOOPBACK_FIRST 0x7F000000u
#define NX_IP_LOOPBACK_LAST 0x7FFFFFFFu

/* Numbers of protocols, in a packet's header and in the word of an IPv4
 * header; parts of that word. */
#define NX_PROTOCOL_IGMP 2
#define NX_PROTOCOL_IPV4 4
#define NX_PROTOCOL_IPV6 41
#define NX_PROTOCOL_NEXT_HEADER_HOP_BY_HOP 0
#define NX_PROTOCOL_NEXT_HEADER_ROUTING 43
#define NX_PROTOCOL_NEXT_HEADER_FRAGMENT 44
#define NX_PROTOCOL_NEXT_HEADER_ENCAP_SECURITY 50
#define NX_PROTOCOL_NEXT_HEADER_AUTHENTICATION 51
#define NX_PROTOCOL_NO_NEXT_HEADER 59
#define NX_PROTOCOL_NEXT_HEADER_DESTINATION 60
#define NX_PROTOCOL_NEXT_HEADER_MOBILE 135
#define NX_IP_ICMP 0x00010000u
#define NX_IP_IGMP 0x00020000u
#define NX_IP_TCP 0x00060000u
#define NX_IP_UDP 0x00110000u
#define NX_IP_ESP 0x00320000u
#define NX_IP_AH 0x00330000u
#define NX_IP_RAW 0x00FF0000u
#define NX_IP_PROTOCOL_MASK 0x00FF0000u
#define NX_IP_TOS_MASK 0x00FF0000u
#define NX_IP_PACKET_SIZE_MASK 0xffff
#define NX_IP_TIME_TO_LIVE_MASK 0xFF000000u
#define NX_IP_TIME_TO_LIVE_SHIFT 0x18
#define NX_IP_VERSION 0x45000000u
#define NX_IP_NORMAL_LENGTH 5
#define NX_IP_DONT_FRAGMENT 0x4000
#define NX_IP_MORE_FRAGMENT 0x2000
#define NX_IP_FRAGMENT_MASK 0x3fff
#define NX_IP_OFFSET_MASK 0x1fff
#define NX_IP_LENGTH_MASK 0x0F000000u
#define NX_MORE_FRAGMENTS 0x2000
#define NX_FRAG_OFFSET_MASK 0x1fff

/* Classes of IPv4 addresses. */
#define NX_IP_CLASS_A_MASK 0x80000000u
#define NX_IP_CLASS_A_TYPE 0
#define NX_IP_CLASS_A_NETID 0x7F000000u
#define NX_IP_CLASS_A_HOSTID 0x00FFFFFFu
#define NX_IP_CLASS_B_MASK 0xC0000000u
#define NX_IP_CLASS_B_TYPE 0x80000000u
#define NX_IP_CLASS_B_NETID 0x3FFF0000u
#define NX_IP_CLASS_B_HOSTID 0xffff
#define NX_IP_CLASS_C_MASK 0xE0000000u
#define NX_IP_CLASS_C_TYPE 0xC0000000u
#define NX_IP_CLASS_C_NETID 0x1FFFFF00u
#define NX_IP_CLASS_C_HOSTID 0xff
#define NX_IP_CLASS_D_MASK 0xF0000000u
#define NX_IP_CLASS_D_TYPE 0xE0000000u
#define NX_IP_CLASS_D_GROUP 0x0FFFFFFFu
#define NX_IP_CLASS_D_HOSTID 0
#define NX_IP_MULTICAST_UPPER 0x100
#define NX_IP_MULTICAST_LOWER 0x5E000000u
#define NX_IP_MULTICAST_MASK 0x007FFFFFu
#define NX_ALL_HOSTS_ADDRESS 0xE0000001u
#define NX_ALL_ROUTERS_ADDRESS 0xE0000002u

/* ICMP (RFC 792, RFC 4443). */
#define NX_ICMP_ECHO_REPLY_TYPE 0
#define NX_ICMP_DEST_UNREACHABLE_TYPE 3
#define NX_ICMP_ECHO_REQUEST_TYPE 8
#define NX_ICMP_TIME_EXCEEDED_TYPE 11
#define NX_ICMP_PORT_UNREACH_CODE 3
#define NX_ICMP_HEADER_SIZE 8
#define NX_ICMPV6_DEST_UNREACHABLE_TYPE 1
#define NX_ICMPV6_PACKET_TOO_BIG_TYPE 2
#define NX_ICMPV6_TIME_EXCEED_TYPE 3
#define NX_ICMPV6_PARAMETER_PROBLEM_TYPE 4
#define NX_ICMPV6_ECHO_REQUEST_TYPE 128
#define NX_ICMPV6_ECHO_REPLY_TYPE 129
#define NX_ICMPV6_ROUTER_SOLICITATION_TYPE 133
#define NX_ICMPV6_ROUTER_ADVERTISEMENT_TYPE 134
#define NX_ICMPV6_NEIGHBOR_SOLICITATION_TYPE 135
#define NX_ICMPV6_NEIGHBOR_ADVERTISEMENT_TYPE 136
#define NX_MINIMUM_IPV6_PATH_MTU 1280

/* IPv6: states and origins of an address, kinds of routers and addresses. */
#define NX_IPV6_ADDR_STATE_TENTATIVE 1
#define NX_IPV6_ADDR_STATE_PREFERRED 2
#define NX_IPV6_ADDR_STATE_DEPRECATED 3
#define NX_IPV6_ADDRESS_NOT_CONFIGURED 0
#define NX_IPV6_ADDRESS_MANUAL_CONFIG 1
#define NX_IPV6_ADDRESS_BASED_ON_INTERFACE 4
#define NX_IPV6_ADDRESS_MANUAL_DELETE 5
#define NX_IPV6_ROUTE_TYPE_NOT_ROUTER 0
#define NX_IPV6_ROUTE_TYPE_SOLICITATED 1
#define NX_IPV6_ROUTE_TYPE_UNSOLICITATED 2
#define NX_IPV6_ROUTE_TYPE_STATIC 4
#define NX_IPV6_ROUTE_TYPE_DEFAULT 0x40
#define NX_IPV6_ROUTE_TYPE_VALID 0x80
#define NX_IPV6_HOST_ID_LENGTH 64
#define IPV6_ADDRESS_LINKLOCAL 1
#define IPV6_ADDRESS_GLOBAL 4
#define IPV6_ADDRESS_LOOPBACK 0x10000000u
#define IPV6_ADDRESS_UNSPECIFIED 0x20000000u
#define IPV6_ADDRESS_MULTICAST 0x40000000u
#define IPV6_ADDRESS_UNICAST 0x80000000u

/* Other commands to a driver; kinds of interfaces. */
#define NX_LINK_PACKET_BROADCAST 4
#define NX_LINK_ARP_SEND 5
#define NX_LINK_ARP_RESPONSE_SEND 6
#define NX_LINK_RARP_SEND 7
#define NX_LINK_MULTICAST_JOIN 8
#define NX_LINK_MULTICAST_LEAVE 9
#define NX_LINK_GET_SPEED 11
#define NX_LINK_GET_DUPLEX_TYPE 12
#define NX_LINK_GET_ERROR_COUNT 13
#define NX_LINK_GET_RX_COUNT 14
#define NX_LINK_GET_TX_COUNT 15
#define NX_LINK_GET_ALLOC_ERRORS 16
#define NX_LINK_DEFERRED_PROCESSING 18
#define NX_LINK_SET_PHYSICAL_ADDRESS 20
#define NX_LINK_INTERFACE_DETACH 23
#define NX_LINK_FACTORY_ADDRESS_GET 24
#define NX_LINK_RX_ENABLE 25
#define NX_LINK_RX_DISABLE 26
#define NX_LINK_6LOWPAN_COMMAND 27
#define NX_LINK_GET_INTERFACE_TYPE 28
#define NX_LINK_RAW_PACKET_SEND 29
#define NX_LINK_USER_COMMAND 50
#define NX_INTERFACE_CAPABILITY_GET 21
#define NX_INTERFACE_CAPABILITY_SET 22
#define NX_INTERFACE_TYPE_UNKNOWN 0
#define NX_INTERFACE_TYPE_OTHER 1
#define NX_INTERFACE_TYPE_ETHERNET 2
#define NX_INTERFACE_TYPE_WIFI 3
#define NX_INTERFACE_TYPE_CELLULAR 4
#define NX_INTERFACE_TYPE_BLUETOOTH 5
#define NX_INTERFACE_TYPE_LORAWAN 6
#define NX_INTERFACE_TYPE_MAX 7

/* Tables and timers of NetX Duo, for programs that size theirs by them. */
#define NX_UDP_PORT_TABLE_SIZE 32
#define NX_UDP_PORT_TABLE_MASK 31
#define NX_TCP_PORT_TABLE_SIZE 32
#define NX_TCP_PORT_TABLE_MASK 31
#define NX_ARP_TABLE_SIZE 32
#define NX_ARP_TABLE_MASK 31
#define NX_ROUTE_TABLE_SIZE 32
#define NX_ARP_EXPIRATION_RATE 0
#define NX_ARP_UPDATE_RATE 10
#define NX_ARP_MAXIMUM_RETRIES 18
#define NX_ARP_MAX_QUEUE_DEPTH 4
#define NX_ND_MAX_QUEUE_DEPTH 4
#define NX_IP_ROUTING_TABLE_SIZE 8
#define NX_IP_RAW_MAX_QUEUE_DEPTH 20
#define NX_IPV4_MAX_REASSEMBLY_TIME 15
#define NX_IPV6_MAX_REASSEMBLY_TIME 60
#define NX_IPV6_NEIGHBOR_CACHE_SIZE 16
#define NX_IPV6_DESTINATION_TABLE_SIZE 8
#define NX_IPV6_DEFAULT_ROUTER_TABLE_SIZE 8
#define NX_IPV6_PREFIX_LIST_TABLE_SIZE 8
#define NX_IPV6_DAD_TRANSMITS 3
#define NX_MAX_LISTEN_REQUESTS 10
#define NX_PATH_MTU_INCREASE_WAIT_INTERVAL 600
#define NX_VLAN_PRIORITY_MAX 7
#define NX_VLAN_PRIORITY_INVALID 255

/* Packet types: bytes of headroom before the payload. */
#define NX_UDP_HEADER_SIZE 8
#define NX_IPv4_PACKET (NX_PHYSICAL_HEADER + 20)
#define NX_IPv6_PACKET (NX_PHYSICAL_HEADER + 40)
#define NX_IPv4_UDP_PACKET (NX_IPv4_PACKET + 8)
#define NX_IPv6_UDP_PACKET (NX_IPv6_PACKET + 8)
#define NX_IPv4_TCP_PACKET (NX_IPv4_PACKET + 20)
#define NX_IPv6_TCP_PACKET (NX_IPv6_PACKET + 20)
#define NX_IPv4_ICMP_PACKET NX_IPv4_PACKET
#define NX_IPv6_ICMP_PACKET NX_IPv6_PACKET
#define NX_IGMP_PACKET NX_IPv4_PACKET
#define NX_RECEIVE_PACKET 0
#ifdef FEATURE_NX_IPV6
#define NX_IP_PACKET NX_IPv6_PACKET
#define NX_ICMP_PACKET NX_IPv6_PACKET
#define NX_UDP_PACKET NX_IPv6_UDP_PACKET
#define NX_TCP_PACKET NX_IPv6_TCP_PACKET
#else
#define NX_IP_PACKET NX_IPv4_PACKET
#define NX_ICMP_PACKET NX_IPv4_PACKET
#define NX_UDP_PACKET NX_IPv4_UDP_PACKET
#define NX_TCP_PACKET NX_IPv4_TCP_PACKET
#endif

/* Conditions that nx_ip_status_check waits for. */
#define NX_IP_INITIALIZE_DONE ((ULONG)0x0001)
#define NX_IP_ADDRESS_RESOLVED ((ULONG)0x0002)
#define NX_IP_LINK_ENABLED ((ULONG)0x0004)
#define NX_IP_ARP_ENABLED ((ULONG)0x0008)
#define NX_IP_UDP_ENABLED ((ULONG)0x0010)
#define NX_IP_TCP_ENABLED ((ULONG)0x0020)
#define NX_IP_IGMP_ENABLED ((ULONG)0x0040)
#define NX_IP_RARP_COMPLETE ((ULONG)0x0080)
#define NX_IP_INTERFACE_LINK_ENABLED ((ULONG)0x0100)

/* Status values of services. */
#define NX_SUCCESS 0x00
#define NX_NO_PACKET 0x01
#define NX_UNDERFLOW 0x02
#define NX_OVERFLOW 0x03
#define NX_NO_MAPPING 0x04
#define NX_DELETED 0x05
#define NX_POOL_ERROR 0x06
#define NX_PTR_ERROR 0x07
#define NX_WAIT_ERROR 0x08
#define NX_SIZE_ERROR 0x09
#define NX_OPTION_ERROR 0x0A
#define NX_DELETE_ERROR 0x10
#define NX_CALLER_ERROR 0x11
#define NX_INVALID_PACKET 0x12
#define NX_INVALID_SOCKET 0x13
#define NX_NOT_ENABLED 0x14
#define NX_ALREADY_ENABLED 0x15
#define NX_ENTRY_NOT_FOUND 0x16
#define NX_NO_MORE_ENTRIES 0x17
#define NX_ARP_TIMER_ERROR 0x18
#define NX_RESERVED_CODE0 0x19
#define NX_WAIT_ABORTED 0x1A
#define NX_IP_INTERNAL_ERROR 0x20
#define NX_IP_ADDRESS_ERROR 0x21
#define NX_ALREADY_BOUND 0x22
#define NX_PORT_UNAVAILABLE 0x23
#define NX_NOT_BOUND 0x24
#define NX_RESERVED_CODE1 0x25
#define NX_SOCKET_UNBOUND 0x26
#define NX_NOT_CREATED 0x27
#define NX_SOCKETS_BOUND 0x28
#define NX_NO_RESPONSE 0x29
#define NX_POOL_DELETED 0x30
#define NX_ALREADY_RELEASED 0x31
#define NX_RESERVED_CODE2 0x32
#define NX_MAX_LISTEN 0x33
#define NX_DUPLICATE_LISTEN 0x34
#define NX_NOT_CLOSED 0x35
#define NX_NOT_LISTEN_STATE 0x36
#define NX_IN_PROGRESS 0x37
#define NX_NOT_CONNECTED 0x38
#define NX_WINDOW_OVERFLOW 0x39
#define NX_ALREADY_SUSPENDED 0x40
#define NX_DISCONNECT_FAILED 0x41
#define NX_STILL_BOUND 0x42
#define NX_NOT_SUCCESSFUL 0x43
#define NX_UNHANDLED_COMMAND 0x44
#define NX_NO_FREE_PORTS 0x45
#define NX_INVALID_PORT 0x46
#define NX_INVALID_RELISTEN 0x47
#define NX_CONNECTION_PENDING 0x48
#define NX_TX_QUEUE_DEPTH 0x49
#define NX_NOT_IMPLEMENTED 0x4A
#define NX_NOT_SUPPORTED 0x4B
#define NX_INVALID_INTERFACE 0x4C
#define NX_INVALID_PARAMETERS 0x4D
#define NX_NOT_FOUND 0x4E
#define NX_CANNOT_START 0x4F
#define NX_NO_INTERFACE_ADDRESS 0x50
#define NX_INVALID_MTU_DATA 0x51
#define NX_DUPLICATED_ENTRY 0x52
#define NX_PACKET_OFFSET_ERROR 0x53
#define NX_OPTION_HEADER_ERROR 0x54
#define NX_CONTINUE 0x55
#define NX_TCPIP_OFFLOAD_ERROR 0x56

typedef struct NX_IP_STRUCT NX_IP;
typedef struct NX_PACKET_STRUCT NX_PACKET;
typedef struct NX_PACKET_POOL_STRUCT NX_PACKET_POOL;
typedef struct NX_UDP_SOCKET_STRUCT NX_UDP_SOCKET;
typedef struct NX_INTERFACE_STRUCT NX_INTERFACE;
typedef struct NX_IP_DRIVER_STRUCT NX_IP_DRIVER;
/* There is no TCP; programs name the type. */
typedef struct NX_TCP_SOCKET_STRUCT NX_TCP_SOCKET;

/* An address of either family, its words in host order. */
typedef struct NXD_ADDRESS_STRUCT {
    ULONG nxd_ip_version;
    union {
        ULONG v4;
        ULONG v6[4];
    } nxd_ip_address;
} NXD_ADDRESS;

typedef struct NXD_IPV6_ADDRESS_STRUCT {
    UCHAR nxd_ipv6_address_valid;
    UCHAR nxd_ipv6_address_type;
    UCHAR nxd_ipv6_address_state;
    UCHAR nxd_ipv6_address_prefix_length;
    NX_INTERFACE *nxd_ipv6_address_attached;
    ULONG nxd_ipv6_address[4];
    struct NXD_IPV6_ADDRESS_STRUCT *nxd_ipv6_address_next;
    UCHAR nxd_ipv6_address_index;
} NXD_IPV6_ADDRESS;

#define NX_IPV6_ADDR_STATE_UNKNOWN 0x00
#define NX_IPV6_ADDR_STATE_VALID 0x04

struct NX_PACKET_STRUCT {
    NX_PACKET_POOL *nx_packet_pool_owner;
#ifndef NX_DISABLE_PACKET_CHAIN
    NX_PACKET *nx_packet_next;
#endif
    UCHAR *nx_packet_prepend_ptr;
    UCHAR *nx_packet_append_ptr;
    UCHAR *nx_packet_data_start;
    UCHAR *nx_packet_data_end;
#ifndef NX_DISABLE_PACKET_CHAIN
    NX_PACKET *nx_packet_last;
#endif
    NX_PACKET *nx_packet_queue_next;
    union {
        NX_PACKET *nx_packet_tcp_queue_next;
        NX_PACKET *nx_packet_fragment_next;
    } nx_packet_union_next;
    ULONG nx_packet_length; /* bytes in the whole chain */
    ULONG nx_packet_reassembly_time;
    USHORT nx_packet_option_offset;
    UCHAR nx_packet_option_state;
    UCHAR nx_packet_destination_header;
    UCHAR nx_packet_ip_version;
    UCHAR nx_packet_identical_copy;
    USHORT nx_packet_ip_header_length;
    ULONG nx_packet_reserved;
    union {
        NX_INTERFACE *nx_packet_interface_ptr;
        NXD_IPV6_ADDRESS *nx_packet_ipv6_address_ptr;
    } nx_packet_address;
    UCHAR *nx_packet_ip_header;
};
#define nx_packet_ip_interface nx_packet_address.nx_packet_interface_ptr

/* Values of nx_packet_union_next.nx_packet_tcp_queue_next: they tell where a
 * packet is. */
#define NX_PACKET_ALLOCATED ((NX_PACKET *)(ALIGN_TYPE)0xAAAAAAAA)
#define NX_PACKET_READY ((NX_PACKET *)(ALIGN_TYPE)0xBBBBBBBB)
#define NX_DRIVER_TX_DONE ((NX_PACKET *)(ALIGN_TYPE)0xDDDDDDDD)
#define NX_PACKET_ENQUEUED ((NX_PACKET *)(ALIGN_TYPE)0xEEEEEEEE)
#define NX_PACKET_FREE ((NX_PACKET *)(ALIGN_TYPE)0xFFFFFFFF)

#define NX_PACKET_POOL_ID ((ULONG)0x5041434B)
#define NX_UDP_ID ((ULONG)0x55445020)
#define NX_IP_ID ((ULONG)0x49502020)

struct NX_PACKET_POOL_STRUCT {
    ULONG nx_packet_pool_id;
    CHAR *nx_packet_pool_name;
    ULONG nx_packet_pool_available;
    ULONG nx_packet_pool_total;
    ULONG nx_packet_pool_empty_requests;
    ULONG nx_packet_pool_empty_suspensions;
    ULONG nx_packet_pool_invalid_releases;
    NX_PACKET *nx_packet_pool_available_list;
    CHAR *nx_packet_pool_start;
    ULONG nx_packet_pool_size;
    ULONG nx_packet_pool_payload_size;
    TX_THREAD *nx_packet_pool_suspension_list;
    ULONG nx_packet_pool_suspended_count;
};

struct NX_INTERFACE_STRUCT {
    UCHAR nx_interface_valid;
    UCHAR nx_interface_address_mapping_needed;
    UCHAR nx_interface_link_up;
    UCHAR nx_interface_link_status_change; /* not told yet */
    UCHAR nx_interface_index;
    NX_IP *nx_interface_ip_instance;
    ULONG nx_interface_physical_address_msw;
    ULONG nx_interface_physical_address_lsw;
    ULONG nx_interface_ip_address;
    ULONG nx_interface_ip_network_mask;
    ULONG nx_interface_ip_network;
    NXD_IPV6_ADDRESS *nxd_interface_ipv6_address_list_head;
    VOID *nx_interface_additional_link_info;
    VOID (*nx_interface_link_driver_entry)(NX_IP_DRIVER *);
    ULONG nx_interface_ip_mtu_size;
    CHAR *nx_interface_name;
    const VOID *nx_interface_port_link; /* the driver's services */
};

struct NX_IP_DRIVER_STRUCT {
    UINT nx_ip_driver_command;
    UINT nx_ip_driver_status;
    ULONG nx_ip_driver_physical_address_msw;
    ULONG nx_ip_driver_physical_address_lsw;
    NX_PACKET *nx_ip_driver_packet;
    ULONG *nx_ip_driver_return_ptr;
    NX_IP *nx_ip_driver_ptr;
    NX_INTERFACE *nx_ip_driver_interface;
};

#define NX_LINK_PACKET_SEND 0
#define NX_LINK_INITIALIZE 1
#define NX_LINK_ENABLE 2
#define NX_LINK_DISABLE 3
#define NX_LINK_GET_STATUS 10
#define NX_LINK_UNINITIALIZE 17
#define NX_LINK_INTERFACE_ATTACH 19

struct NX_UDP_SOCKET_STRUCT {
    ULONG nx_udp_socket_id;
    CHAR *nx_udp_socket_name;
    UINT nx_udp_socket_port;
    NX_IP *nx_udp_socket_ip_ptr;
    ULONG nx_udp_socket_packets_sent;
    ULONG nx_udp_socket_bytes_sent;
    ULONG nx_udp_socket_packets_received;
    ULONG nx_udp_socket_bytes_received;
    ULONG nx_udp_socket_invalid_packets;
    ULONG nx_udp_socket_packets_dropped;
    ULONG nx_udp_socket_checksum_errors;
    ULONG nx_udp_socket_type_of_service;
    UINT nx_udp_socket_time_to_live;
    ULONG nx_udp_socket_fragment_enable;
    UINT nx_udp_socket_disable_checksum;
    ULONG nx_udp_socket_receive_count;
    ULONG nx_udp_socket_queue_maximum;
    NX_PACKET *nx_udp_socket_receive_head;
    NX_PACKET *nx_udp_socket_receive_tail;
    UINT nx_udp_socket_bound; /* NX_TRUE: nx_udp_socket_port is valid */
    TX_THREAD *nx_udp_socket_receive_suspension_list;
    ULONG nx_udp_socket_receive_suspended_count;
    TX_THREAD *nx_udp_socket_bind_suspension_list;
    ULONG nx_udp_socket_bind_suspended_count;
    NX_UDP_SOCKET *nx_udp_socket_created_next;
    NX_UDP_SOCKET *nx_udp_socket_created_previous;
    VOID (*nx_udp_receive_callback)(NX_UDP_SOCKET *socket_ptr);
    UINT nx_udp_socket_port_poked;    /* nxdtls_port_udp_socket_poke */
    VOID *nx_udp_socket_reserved_ptr; /* for the application */
    NX_INTERFACE *nx_udp_socket_ip_interface;
    VOID *nx_udp_socket_port_link; /* for the driver */
};

/* An entry of the ARP cache; with address 0 it is free. */
typedef struct NX_ARP_STRUCT {
    ULONG nx_arp_ip_address;
    ULONG nx_arp_physical_address_msw;
    ULONG nx_arp_physical_address_lsw;
    UINT nx_arp_route_static;
} NX_ARP;

struct NX_IP_STRUCT {
    ULONG nx_ip_id;
    CHAR *nx_ip_name;
    ULONG nx_ip_total_packets_sent;
    ULONG nx_ip_total_bytes_sent;
    ULONG nx_ip_total_packets_received;
    ULONG nx_ip_total_bytes_received;
    ULONG nx_ip_invalid_packets;
    ULONG nx_ip_receive_packets_dropped;
    ULONG nx_ip_send_packets_dropped;
    ULONG nx_ip_udp_packets_sent;
    ULONG nx_ip_udp_bytes_sent;
    ULONG nx_ip_udp_packets_received;
    ULONG nx_ip_udp_bytes_received;
    ULONG nx_ip_udp_invalid_packets;
    ULONG nx_ip_udp_no_port_for_delivery;
    ULONG nx_ip_udp_receive_packets_dropped;
    ULONG nx_ip_pings_sent;
    ULONG nx_ip_ping_timeouts;
    ULONG nx_ip_ping_responses_received;
    ULONG nx_ip_pings_received;
    ULONG nx_ip_pings_responded_to;
    VOID (*nx_ip_address_change_notify_function)(NX_IP *, VOID *);
    VOID *nx_ip_address_change_notify_additional_info;
    VOID (*nx_ipv6_address_change_notify)(NX_IP *, UINT, UINT, UINT, ULONG *);
    VOID (*nx_ip_link_status_change_callback)(NX_IP *, UINT, UINT);
    VOID (*nx_ip_icmpv6_ra_flag_callback)(NX_IP *, UINT);
    ULONG nx_ip_gateway_address;
    NX_PACKET_POOL *nx_ip_default_packet_pool;
    TX_MUTEX nx_ip_protection;
    UINT nx_ip_initialize_done;
    UINT nx_ip_arp_enabled;
    NX_ARP *nx_ip_arp_cache; /* in the application's memory */
    ULONG nx_ip_arp_cache_entries;
    UINT nx_ip_igmp_enabled;
    UINT nx_ip_igmp_loopback;
    ULONG nx_ip_igmp_groups[NX_MAX_MULTICAST_GROUPS]; /* 0: free */
    UINT nx_ip_icmp_enabled;
    UINT nx_ip_udp_enabled;
    UINT nx_ip_ipv6_enabled;
    UINT nx_ip_fragment_enabled;
    TX_THREAD nx_ip_thread;
    TX_EVENT_FLAGS_GROUP nx_ip_events;
    NX_PACKET *nx_ip_deferred_received_packet_head;
    NX_PACKET *nx_ip_deferred_received_packet_tail;
    /* Called for every received datagram, with nx_packet_prepend_ptr at its
     * UDP header (network order); by default _nx_udp_packet_receive. */
    VOID (*nx_ip_udp_packet_receive)(NX_IP *, NX_PACKET *);
    NX_UDP_SOCKET *nx_ip_udp_created_sockets_ptr;
    ULONG nx_ip_udp_created_sockets_count;
    UINT nx_ip_udp_port_search_start;
    NX_INTERFACE nx_ip_interface[NX_MAX_IP_INTERFACES];
    /* The last one is the loopback's. */
    NXD_IPV6_ADDRESS
    nx_ipv6_address[NX_MAX_IPV6_ADDRESSES + NX_LOOPBACK_IPV6_ENABLED];
    struct NX_IP_STRUCT *nx_ip_created_next;
    struct NX_IP_STRUCT *nx_ip_created_previous;
};

/* Older names of members: those of the first interface. */
#define nx_ip_address nx_ip_interface[0].nx_interface_ip_address
#define nx_ip_network_mask nx_ip_interface[0].nx_interface_ip_network_mask
#define nx_ip_network nx_ip_interface[0].nx_interface_ip_network
#define nx_ip_driver_mtu nx_ip_interface[0].nx_interface_ip_mtu_size
#define nx_ip_driver_link_up nx_ip_interface[0].nx_interface_link_up
#define nx_ip_driver_mapping_needed                                           \
    nx_ip_interface[0].nx_interface_address_mapping_needed
#define nx_ip_arp_physical_address_msw                                        \
    nx_ip_interface[0].nx_interface_physical_address_msw
#define nx_ip_arp_physical_address_lsw                                        \
    nx_ip_interface[0].nx_interface_physical_address_lsw
#define nx_ip_link_driver_entry                                               \
    nx_ip_interface[0].nx_interface_link_driver_entry
#define nx_ip_additional_link_info                                            \
    nx_ip_interface[0].nx_interface_additional_link_info

/* The IP header that stands before the UDP header of a received datagram, its
 * words in host order. */
typedef struct NX_IPV4_HEADER_STRUCT {
    ULONG nx_ip_header_word_0;
    ULONG nx_ip_header_word_1;
    ULONG nx_ip_header_word_2;
    ULONG nx_ip_header_source_ip;
    ULONG nx_ip_header_destination_ip;
} NX_IPV4_HEADER;

typedef struct NX_IPV6_HEADER_STRUCT {
    ULONG nx_ip_header_word_0;
    ULONG nx_ip_header_word_1;
    ULONG nx_ip_header_source_ip[4];
    ULONG nx_ip_header_destination_ip[4];
} NX_IPV6_HEADER;

/* The header of a UDP datagram: source port << 16 | destination port, length
 * << 16 | checksum; in network order in a packet. */
typedef struct NX_UDP_HEADER_STRUCT {
    ULONG nx_udp_header_word_0;
    ULONG nx_udp_header_word_1;
} NX_UDP_HEADER;

/* Headers of ICMP: the first 8 bytes, in network order in a packet. */
typedef struct NX_ICMP_HEADER_STRUCT {
    ULONG nx_icmp_header_word_0;
    ULONG nx_icmp_header_word_1;
} NX_ICMP_HEADER;

typedef struct NX_ICMPV4_HEADER_STRUCT {
    UCHAR nx_icmpv4_header_type;
    UCHAR nx_icmpv4_header_code;
    USHORT nx_icmpv4_header_checksum;
} NX_ICMPV4_HEADER;

typedef struct NX_ICMPV4_ECHO_STRUCT {
    NX_ICMPV4_HEADER nx_icmpv4_echo_header;
    USHORT nx_icmpv4_echo_identifier;
    USHORT nx_icmpv4_echo_sequence_num;
} NX_ICMPV4_ECHO;

typedef struct NX_ICMPV6_HEADER_STRUCT {
    UCHAR nx_icmpv6_header_type;
    UCHAR nx_icmpv6_header_code;
    USHORT nx_icmpv6_header_checksum;
} NX_ICMPV6_HEADER;

typedef struct NX_ICMPV6_ECHO_STRUCT {
    NX_ICMPV6_HEADER nx_icmpv6_echo_header;
    USHORT nx_icmpv6_echo_identifier;
    USHORT nx_icmpv6_echo_sequence_num;
} NX_ICMPV6_ECHO;

/* _nx_udp_packet_receive is the default of nx_ip_udp_packet_receive.  It puts
 * the packet into the queue of the socket that is bound to its port and calls
 * the socket's receive notification.  It releases a packet without such a
 * socket. */
VOID _nx_udp_packet_receive(NX_IP *ip_ptr, NX_PACKET *packet_ptr);

#define nx_system_initialize _nx_system_initialize
VOID _nx_system_initialize(VOID);

#ifdef NX_DISABLE_ERROR_CHECKING
#define nx_ip_address_get _nx_ip_address_get
#define nx_ip_address_set _nx_ip_address_set
#define nx_ip_create _nx_ip_create
#define nx_ip_delete _nx_ip_delete
#define nx_ip_fragment_enable _nx_ip_fragment_enable
#define nx_ip_gateway_address_set _nx_ip_gateway_address_set
#define nx_ip_interface_status_check _nx_ip_interface_status_check
#define nx_ip_status_check _nx_ip_status_check
#define nx_ip_interface_address_get _nx_ip_interface_address_get
#define nx_ip_interface_address_set _nx_ip_interface_address_set
#define nx_ip_address_change_notify _nx_ip_address_change_notify
#define nx_ip_gateway_address_get _nx_ip_gateway_address_get
#define nx_ip_gateway_address_clear _nx_ip_gateway_address_clear
#define nx_ip_interface_info_get _nx_ip_interface_info_get
#define nx_ip_info_get _nx_ip_info_get
#define nx_ip_interface_attach _nx_ip_interface_attach
#define nx_ip_interface_mtu_set _nx_ip_interface_mtu_set
#define nx_ip_interface_physical_address_get                                  \
    _nx_ip_interface_physical_address_get
#define nx_ip_link_status_change_notify_set                                   \
    _nx_ip_link_status_change_notify_set
#define nx_ip_driver_direct_command _nx_ip_driver_direct_command
#define nx_ip_driver_interface_direct_command                                 \
    _nx_ip_driver_interface_direct_command
#define nx_ip_max_payload_size_find _nx_ip_max_payload_size_find
#define nx_ip_fragment_disable _nx_ip_fragment_disable
#define nx_ip_interface_detach _nx_ip_interface_detach
#define nx_ip_interface_physical_address_set                                  \
    _nx_ip_interface_physical_address_set
#define nx_ip_interface_address_mapping_configure                             \
    _nx_ip_interface_address_mapping_configure
#define nx_ip_forwarding_enable _nx_ip_forwarding_enable
#define nx_ip_forwarding_disable _nx_ip_forwarding_disable
#define nxd_icmpv6_ra_flag_callback_set _nxd_icmpv6_ra_flag_callback_set
#define nx_icmp_info_get _nx_icmp_info_get
#define nx_icmp_ping _nx_icmp_ping
#define nxd_icmp_ping _nxd_icmp_ping
#define nxd_icmp_source_ping _nxd_icmp_source_ping
#define nxd_ipv6_address_change_notify _nxd_ipv6_address_change_notify
#define nxd_ipv6_address_delete _nxd_ipv6_address_delete
#define nxd_ipv6_disable _nxd_ipv6_disable
#define nx_ip_auxiliary_packet_pool_set _nx_ip_auxiliary_packet_pool_set
#define nx_ip_interface_capability_get _nx_ip_interface_capability_get
#define nx_ip_interface_capability_set _nx_ip_interface_capability_set
#define nx_ip_raw_packet_filter_set _nx_ip_raw_packet_filter_set
#define nx_ip_static_route_add _nx_ip_static_route_add
#define nx_ip_static_route_delete _nx_ip_static_route_delete
#define nx_packet_pool_low_watermark_set _nx_packet_pool_low_watermark_set
#define nx_packet_vlan_priority_set _nx_packet_vlan_priority_set
#define nx_udp_socket_vlan_priority_set _nx_udp_socket_vlan_priority_set
#define nxd_ipv6_multicast_interface_join _nxd_ipv6_multicast_interface_join
#define nxd_ipv6_multicast_interface_leave _nxd_ipv6_multicast_interface_leave
#define nxd_ipv6_stateless_address_autoconfig_disable                         \
    _nxd_ipv6_stateless_address_autoconfig_disable
#define nxd_ipv6_stateless_address_autoconfig_enable                          \
    _nxd_ipv6_stateless_address_autoconfig_enable
#define nx_arp_enable _nx_arp_enable
#define nx_arp_dynamic_entry_set _nx_arp_dynamic_entry_set
#define nx_arp_static_entry_create _nx_arp_static_entry_create
#define nx_arp_static_entry_delete _nx_arp_static_entry_delete
#define nx_arp_static_entries_delete _nx_arp_static_entries_delete
#define nx_arp_dynamic_entries_invalidate _nx_arp_dynamic_entries_invalidate
#define nx_arp_entry_delete _nx_arp_entry_delete
#define nx_arp_hardware_address_find _nx_arp_hardware_address_find
#define nx_arp_ip_address_find _nx_arp_ip_address_find
#define nx_arp_gratuitous_send _nx_arp_gratuitous_send
#define nx_arp_info_get _nx_arp_info_get
#define nx_igmp_enable _nx_igmp_enable
#define nx_igmp_multicast_join _nx_igmp_multicast_join
#define nx_igmp_multicast_leave _nx_igmp_multicast_leave
#define nx_igmp_multicast_interface_join _nx_igmp_multicast_interface_join
#define nx_igmp_multicast_interface_leave _nx_igmp_multicast_interface_leave
#define nx_ipv4_multicast_interface_join _nx_ipv4_multicast_interface_join
#define nx_ipv4_multicast_interface_leave _nx_ipv4_multicast_interface_leave
#define nx_igmp_loopback_enable _nx_igmp_loopback_enable
#define nx_igmp_loopback_disable _nx_igmp_loopback_disable
#define nx_igmp_info_get _nx_igmp_info_get
#define nx_icmp_enable _nx_icmp_enable
#define nxd_icmp_enable _nxd_icmp_enable
#define nxd_ipv6_address_get _nxd_ipv6_address_get
#define nxd_ipv6_address_set _nxd_ipv6_address_set
#define nxd_ipv6_enable _nxd_ipv6_enable
#define nx_packet_allocate _nx_packet_allocate
#define nx_packet_copy _nx_packet_copy
#define nx_packet_data_append _nx_packet_data_append
#define nx_packet_data_extract_offset _nx_packet_data_extract_offset
#define nx_packet_data_retrieve _nx_packet_data_retrieve
#define nx_packet_length_get _nx_packet_length_get
#define nx_packet_pool_create _nx_packet_pool_create
#define nx_packet_pool_delete _nx_packet_pool_delete
#define nx_packet_pool_info_get _nx_packet_pool_info_get
#define nx_packet_release _nx_packet_release
#define nx_packet_transmit_release _nx_packet_transmit_release
#define nx_udp_enable _nx_udp_enable
#define nx_udp_free_port_find _nx_udp_free_port_find
#define nx_udp_info_get _nx_udp_info_get
#define nx_udp_packet_info_extract _nx_udp_packet_info_extract
#define nx_udp_socket_bind _nx_udp_socket_bind
#define nx_udp_socket_bytes_available _nx_udp_socket_bytes_available
#define nx_udp_socket_checksum_disable _nx_udp_socket_checksum_disable
#define nx_udp_socket_checksum_enable _nx_udp_socket_checksum_enable
#define nx_udp_socket_create _nx_udp_socket_create
#define nx_udp_socket_delete _nx_udp_socket_delete
#define nx_udp_socket_info_get _nx_udp_socket_info_get
#define nx_udp_socket_port_get _nx_udp_socket_port_get
#define nx_udp_socket_receive _nx_udp_socket_receive
#define nx_udp_socket_receive_notify _nx_udp_socket_receive_notify
#define nx_udp_socket_send _nx_udp_socket_send
#define nx_udp_socket_source_send _nx_udp_socket_source_send
#define nx_udp_socket_unbind _nx_udp_socket_unbind
#define nx_udp_source_extract _nx_udp_source_extract
#define nxd_udp_packet_info_extract _nxd_udp_packet_info_extract
#define nxd_udp_socket_send _nxd_udp_socket_send
#define nxd_udp_socket_source_send _nxd_udp_socket_source_send
#define nxd_udp_source_extract _nxd_udp_source_extract
#else
#define nx_ip_address_get _nxe_ip_address_get
#define nx_ip_address_set _nxe_ip_address_set
#define nx_ip_create(i, n, a, m, d, l, p, s, y)                               \
    _nxe_ip_create((i), (n), (a), (m), (d), (l), (p), (s), (y), sizeof(NX_IP))
#define nx_ip_delete _nxe_ip_delete
#define nx_ip_fragment_enable _nxe_ip_fragment_enable
#define nx_ip_gateway_address_set _nxe_ip_gateway_address_set
#define nx_ip_interface_status_check _nxe_ip_interface_status_check
#define nx_ip_status_check _nxe_ip_status_check
#define nx_ip_interface_address_get _nxe_ip_interface_address_get
#define nx_ip_interface_address_set _nxe_ip_interface_address_set
#define nx_ip_address_change_notify _nxe_ip_address_change_notify
#define nx_ip_gateway_address_get _nxe_ip_gateway_address_get
#define nx_ip_gateway_address_clear _nxe_ip_gateway_address_clear
#define nx_ip_interface_info_get _nxe_ip_interface_info_get
#define nx_ip_info_get _nxe_ip_info_get
#define nx_ip_interface_attach _nxe_ip_interface_attach
#define nx_ip_interface_mtu_set _nxe_ip_interface_mtu_set
#define nx_ip_interface_physical_address_get                                  \
    _nxe_ip_interface_physical_address_get
#define nx_ip_link_status_change_notify_set                                   \
    _nxe_ip_link_status_change_notify_set
#define nx_ip_driver_direct_command _nxe_ip_driver_direct_command
#define nx_ip_driver_interface_direct_command                                 \
    _nxe_ip_driver_interface_direct_command
#define nx_ip_max_payload_size_find _nxe_ip_max_payload_size_find
#define nx_ip_fragment_disable _nxe_ip_fragment_disable
#define nx_ip_interface_detach _nxe_ip_interface_detach
#define nx_ip_interface_physical_address_set                                  \
    _nxe_ip_interface_physical_address_set
#define nx_ip_interface_address_mapping_configure                             \
    _nxe_ip_interface_address_mapping_configure
#define nx_ip_forwarding_enable _nxe_ip_forwarding_enable
#define nx_ip_forwarding_disable _nxe_ip_forwarding_disable
#define nxd_icmpv6_ra_flag_callback_set _nxde_icmpv6_ra_flag_callback_set
#define nx_icmp_info_get _nxe_icmp_info_get
#define nx_icmp_ping _nxe_icmp_ping
#define nxd_icmp_ping _nxde_icmp_ping
#define nxd_icmp_source_ping _nxde_icmp_source_ping
#define nxd_ipv6_address_change_notify _nxde_ipv6_address_change_notify
#define nxd_ipv6_address_delete _nxde_ipv6_address_delete
#define nxd_ipv6_disable _nxde_ipv6_disable
#define nx_ip_auxiliary_packet_pool_set _nxe_ip_auxiliary_packet_pool_set
#define nx_ip_interface_capability_get _nxe_ip_interface_capability_get
#define nx_ip_interface_capability_set _nxe_ip_interface_capability_set
#define nx_ip_raw_packet_filter_set _nxe_ip_raw_packet_filter_set
#define nx_ip_static_route_add _nxe_ip_static_route_add
#define nx_ip_static_route_delete _nxe_ip_static_route_delete
#define nx_packet_pool_low_watermark_set _nxe_packet_pool_low_watermark_set
#define nx_packet_vlan_priority_set _nxe_packet_vlan_priority_set
#define nx_udp_socket_vlan_priority_set _nxe_udp_socket_vlan_priority_set
#define nxd_ipv6_multicast_interface_join _nxde_ipv6_multicast_interface_join
#define nxd_ipv6_multicast_interface_leave _nxde_ipv6_multicast_interface_leave
#define nxd_ipv6_stateless_address_autoconfig_disable                         \
    _nxde_ipv6_stateless_address_autoconfig_disable
#define nxd_ipv6_stateless_address_autoconfig_enable                          \
    _nxde_ipv6_stateless_address_autoconfig_enable
#define nx_arp_enable _nxe_arp_enable
#define nx_arp_dynamic_entry_set _nxe_arp_dynamic_entry_set
#define nx_arp_static_entry_create _nxe_arp_static_entry_create
#define nx_arp_static_entry_delete _nxe_arp_static_entry_delete
#define nx_arp_static_entries_delete _nxe_arp_static_entries_delete
#define nx_arp_dynamic_entries_invalidate _nxe_arp_dynamic_entries_invalidate
#define nx_arp_entry_delete _nxe_arp_entry_delete
#define nx_arp_hardware_address_find _nxe_arp_hardware_address_find
#define nx_arp_ip_address_find _nxe_arp_ip_address_find
#define nx_arp_gratuitous_send _nxe_arp_gratuitous_send
#define nx_arp_info_get _nxe_arp_info_get
#define nx_igmp_enable _nxe_igmp_enable
#define nx_igmp_multicast_join _nxe_igmp_multicast_join
#define nx_igmp_multicast_leave _nxe_igmp_multicast_leave
#define nx_igmp_multicast_interface_join _nxe_igmp_multicast_interface_join
#define nx_igmp_multicast_interface_leave _nxe_igmp_multicast_interface_leave
#define nx_ipv4_multicast_interface_join _nxe_ipv4_multicast_interface_join
#define nx_ipv4_multicast_interface_leave _nxe_ipv4_multicast_interface_leave
#define nx_igmp_loopback_enable _nxe_igmp_loopback_enable
#define nx_igmp_loopback_disable _nxe_igmp_loopback_disable
#define nx_igmp_info_get _nxe_igmp_info_get
#define nx_icmp_enable _nxe_icmp_enable
#define nxd_icmp_enable _nxde_icmp_enable
#define nxd_ipv6_address_get _nxde_ipv6_address_get
#define nxd_ipv6_address_set _nxde_ipv6_address_set
#define nxd_ipv6_enable _nxde_ipv6_enable
#define nx_packet_allocate _nxe_packet_allocate
#define nx_packet_copy _nxe_packet_copy
#define nx_packet_data_append _nxe_packet_data_append
#define nx_packet_data_extract_offset _nxe_packet_data_extract_offset
#define nx_packet_data_retrieve _nxe_packet_data_retrieve
#define nx_packet_length_get _nxe_packet_length_get
#define nx_packet_pool_create(p, n, l, m, s)                                  \
    _nxe_packet_pool_create((p), (n), (l), (m), (s), sizeof(NX_PACKET_POOL))
#define nx_packet_pool_delete _nxe_packet_pool_delete
#define nx_packet_pool_info_get _nxe_packet_pool_info_get
#define nx_packet_release(p) _nxe_packet_release(&(p))
#define nx_packet_transmit_release(p) _nxe_packet_transmit_release(&(p))
#define nx_udp_enable _nxe_udp_enable
#define nx_udp_free_port_find _nxe_udp_free_port_find
#define nx_udp_info_get _nxe_udp_info_get
#define nx_udp_packet_info_extract _nxe_udp_packet_info_extract
#define nx_udp_socket_bind _nxe_udp_socket_bind
#define nx_udp_socket_bytes_available _nxe_udp_socket_bytes_available
#define nx_udp_socket_checksum_disable _nxe_udp_socket_checksum_disable
#define nx_udp_socket_checksum_enable _nxe_udp_socket_checksum_enable
#define nx_udp_socket_create(i, s, n, t, f, l, q)                             \
    _nxe_udp_socket_create((i), (s), (n), (t), (f), (l), (q),                 \
                           sizeof(NX_UDP_SOCKET))
#define nx_udp_socket_delete _nxe_udp_socket_delete
#define nx_udp_socket_info_get _nxe_udp_socket_info_get
#define nx_udp_socket_port_get _nxe_udp_socket_port_get
#define nx_udp_socket_receive _nxe_udp_socket_receive
#define nx_udp_socket_receive_notify _nxe_udp_socket_receive_notify
#define nx_udp_socket_send(s, p, i, t)                                        \
    _nxe_udp_socket_send((s), &(p), (i), (t))
#define nx_udp_socket_source_send(s, p, i, t, a)                              \
    _nxe_udp_socket_source_send((s), &(p), (i), (t), (a))
#define nx_udp_socket_unbind _nxe_udp_socket_unbind
#define nx_udp_source_extract _nxe_udp_source_extract
#define nxd_udp_packet_info_extract _nxde_udp_packet_info_extract
#define nxd_udp_socket_send(s, p, i, t)                                       \
    _nxde_udp_socket_send((s), &(p), (i), (t))
#define nxd_udp_socket_source_send _nxde_udp_socket_source_send
#define nxd_udp_source_extract _nxde_udp_source_extract
#endif

UINT _nx_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask);
UINT _nxe_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address,
                         ULONG *network_mask);
UINT _nx_ip_address_set(NX_IP *ip_ptr, ULONG ip_address, ULONG network_mask);
UINT _nxe_ip_address_set(NX_IP *ip_ptr, ULONG ip_address, ULONG network_mask);
UINT _nx_ip_create(NX_IP *ip_ptr, CHAR *name, ULONG ip_address,
                   ULONG network_mask, NX_PACKET_POOL *default_pool,
                   VOID (*ip_network_driver)(NX_IP_DRIVER *), VOID *memory_ptr,
                   ULONG memory_size, UINT priority);
UINT _nxe_ip_create(NX_IP *ip_ptr, CHAR *name, ULONG ip_address,
                    ULONG network_mask, NX_PACKET_POOL *default_pool,
                    VOID (*ip_network_driver)(NX_IP_DRIVER *),
                    VOID *memory_ptr, ULONG memory_size, UINT priority,
                    UINT control_block_size);
UINT _nx_ip_delete(NX_IP *ip_ptr);
UINT _nxe_ip_delete(NX_IP *ip_ptr);
UINT _nx_ip_fragment_enable(NX_IP *ip_ptr);
UINT _nxe_ip_fragment_enable(NX_IP *ip_ptr);
UINT _nx_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address);
UINT _nxe_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address);
UINT _nx_ip_interface_status_check(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG needed_status, ULONG *actual_status,
                                   ULONG wait_option);
UINT _nxe_ip_interface_status_check(NX_IP *ip_ptr, UINT interface_index,
                                    ULONG needed_status, ULONG *actual_status,
                                    ULONG wait_option);
UINT _nx_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                         ULONG *actual_status, ULONG wait_option);
UINT _nxe_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                          ULONG *actual_status, ULONG wait_option);
UINT _nx_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory,
                    ULONG arp_cache_size);
UINT _nxe_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory,
                     ULONG arp_cache_size);

/* The ARP cache.  The networks of this port need no ARP: an entry is found
 * again and decides nothing.  The hardware address of another instance on the
 * RAM wire is known without an entry; no message is sent for it. */
UINT _nx_arp_dynamic_entry_set(NX_IP *ip_ptr, ULONG ip_address,
                               ULONG physical_msw, ULONG physical_lsw);
UINT _nxe_arp_dynamic_entry_set(NX_IP *ip_ptr, ULONG ip_address,
                                ULONG physical_msw, ULONG physical_lsw);
UINT _nx_arp_static_entry_create(NX_IP *ip_ptr, ULONG ip_address,
                                 ULONG physical_msw, ULONG physical_lsw);
UINT _nxe_arp_static_entry_create(NX_IP *ip_ptr, ULONG ip_address,
                                  ULONG physical_msw, ULONG physical_lsw);
UINT _nx_arp_static_entry_delete(NX_IP *ip_ptr, ULONG ip_address,
                                 ULONG physical_msw, ULONG physical_lsw);
UINT _nxe_arp_static_entry_delete(NX_IP *ip_ptr, ULONG ip_address,
                                  ULONG physical_msw, ULONG physical_lsw);
UINT _nx_arp_static_entries_delete(NX_IP *ip_ptr);
UINT _nxe_arp_static_entries_delete(NX_IP *ip_ptr);
UINT _nx_arp_dynamic_entries_invalidate(NX_IP *ip_ptr);
UINT _nxe_arp_dynamic_entries_invalidate(NX_IP *ip_ptr);
UINT _nx_arp_entry_delete(NX_IP *ip_ptr, ULONG ip_address);
UINT _nxe_arp_entry_delete(NX_IP *ip_ptr, ULONG ip_address);
UINT _nx_arp_hardware_address_find(NX_IP *ip_ptr, ULONG ip_address,
                                   ULONG *physical_msw, ULONG *physical_lsw);
UINT _nxe_arp_hardware_address_find(NX_IP *ip_ptr, ULONG ip_address,
                                    ULONG *physical_msw, ULONG *physical_lsw);
UINT _nx_arp_ip_address_find(NX_IP *ip_ptr, ULONG *ip_address,
                             ULONG physical_msw, ULONG physical_lsw);
UINT _nxe_arp_ip_address_find(NX_IP *ip_ptr, ULONG *ip_address,
                              ULONG physical_msw, ULONG physical_lsw);
UINT _nx_arp_gratuitous_send(NX_IP *ip_ptr,
                             VOID (*response_handler)(NX_IP *, NX_PACKET *));
UINT _nxe_arp_gratuitous_send(NX_IP *ip_ptr,
                              VOID (*response_handler)(NX_IP *, NX_PACKET *));
UINT _nx_arp_info_get(NX_IP *ip_ptr, ULONG *arp_requests_sent,
                      ULONG *arp_requests_received, ULONG *arp_responses_sent,
                      ULONG *arp_responses_received,
                      ULONG *arp_dynamic_entries, ULONG *arp_static_entries,
                      ULONG *arp_aged_entries, ULONG *arp_invalid_messages);
UINT _nxe_arp_info_get(NX_IP *ip_ptr, ULONG *arp_requests_sent,
                       ULONG *arp_requests_received, ULONG *arp_responses_sent,
                       ULONG *arp_responses_received,
                       ULONG *arp_dynamic_entries, ULONG *arp_static_entries,
                       ULONG *arp_aged_entries, ULONG *arp_invalid_messages);

/* Groups on the RAM wire, of which an instance has NX_MAX_MULTICAST_GROUPS:
 * what another instance sends to one is received, and with the loopback what
 * this instance sends.  On the host's network a join returns
 * NX_NOT_SUPPORTED. */
UINT _nx_igmp_enable(NX_IP *ip_ptr);
UINT _nxe_igmp_enable(NX_IP *ip_ptr);
UINT _nx_igmp_multicast_join(NX_IP *ip_ptr, ULONG group_address);
UINT _nxe_igmp_multicast_join(NX_IP *ip_ptr, ULONG group_address);
UINT _nx_igmp_multicast_leave(NX_IP *ip_ptr, ULONG group_address);
UINT _nxe_igmp_multicast_leave(NX_IP *ip_ptr, ULONG group_address);
UINT _nx_igmp_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                       UINT interface_index);
UINT _nxe_igmp_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index);
UINT _nx_igmp_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index);
UINT _nxe_igmp_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                         UINT interface_index);
UINT _nx_ipv4_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                       UINT interface_index);
UINT _nxe_ipv4_multicast_interface_join(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index);
UINT _nx_ipv4_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                        UINT interface_index);
UINT _nxe_ipv4_multicast_interface_leave(NX_IP *ip_ptr, ULONG group_address,
                                         UINT interface_index);
UINT _nx_igmp_loopback_enable(NX_IP *ip_ptr);
UINT _nxe_igmp_loopback_enable(NX_IP *ip_ptr);
UINT _nx_igmp_loopback_disable(NX_IP *ip_ptr);
UINT _nxe_igmp_loopback_disable(NX_IP *ip_ptr);
UINT _nx_igmp_info_get(NX_IP *ip_ptr, ULONG *igmp_reports_sent,
                       ULONG *igmp_queries_received,
                       ULONG *igmp_checksum_errors,
                       ULONG *current_groups_joined);
UINT _nxe_igmp_info_get(NX_IP *ip_ptr, ULONG *igmp_reports_sent,
                        ULONG *igmp_queries_received,
                        ULONG *igmp_checksum_errors,
                        ULONG *current_groups_joined);
UINT _nx_icmp_enable(NX_IP *ip_ptr);
UINT _nxe_icmp_enable(NX_IP *ip_ptr);
UINT _nxd_icmp_enable(NX_IP *ip_ptr);
UINT _nxde_icmp_enable(NX_IP *ip_ptr);
UINT _nxd_ipv6_address_get(NX_IP *ip_ptr, UINT address_index,
                           NXD_ADDRESS *ip_address, ULONG *prefix_length,
                           UINT *interface_index);
UINT _nxde_ipv6_address_get(NX_IP *ip_ptr, UINT address_index,
                            NXD_ADDRESS *ip_address, ULONG *prefix_length,
                            UINT *interface_index);
UINT _nxd_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                           NXD_ADDRESS *ip_address, ULONG prefix_length,
                           UINT *address_index);
UINT _nxde_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                            NXD_ADDRESS *ip_address, ULONG prefix_length,
                            UINT *address_index);
UINT _nxd_ipv6_enable(NX_IP *ip_ptr);
UINT _nxde_ipv6_enable(NX_IP *ip_ptr);
UINT _nx_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                         ULONG packet_type, ULONG wait_option);
UINT _nxe_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                          ULONG packet_type, ULONG wait_option);
UINT _nx_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                     NX_PACKET_POOL *pool_ptr, ULONG wait_option);
UINT _nxe_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                      NX_PACKET_POOL *pool_ptr, ULONG wait_option);
UINT _nx_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                            ULONG data_size, NX_PACKET_POOL *pool_ptr,
                            ULONG wait_option);
UINT _nxe_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                             ULONG data_size, NX_PACKET_POOL *pool_ptr,
                             ULONG wait_option);
UINT _nx_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                    VOID *buffer_start, ULONG buffer_length,
                                    ULONG *bytes_copied);
UINT _nxe_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                     VOID *buffer_start, ULONG buffer_length,
                                     ULONG *bytes_copied);
UINT _nx_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                              ULONG *bytes_copied);
UINT _nxe_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                               ULONG *bytes_copied);
UINT _nx_packet_length_get(NX_PACKET *packet_ptr, ULONG *length);
UINT _nxe_packet_length_get(NX_PACKET *packet_ptr, ULONG *length);
UINT _nx_packet_pool_create(NX_PACKET_POOL *pool_ptr, CHAR *name_ptr,
                            ULONG payload_size, VOID *memory_start,
                            ULONG memory_size);
UINT _nxe_packet_pool_create(NX_PACKET_POOL *pool_ptr, CHAR *name_ptr,
                             ULONG payload_size, VOID *memory_start,
                             ULONG memory_size, UINT control_block_size);
UINT _nx_packet_pool_delete(NX_PACKET_POOL *pool_ptr);
UINT _nxe_packet_pool_delete(NX_PACKET_POOL *pool_ptr);
UINT _nx_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                              ULONG *free_packets, ULONG *empty_pool_requests,
                              ULONG *empty_pool_suspensions,
                              ULONG *invalid_packet_releases);
UINT _nxe_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                               ULONG *free_packets, ULONG *empty_pool_requests,
                               ULONG *empty_pool_suspensions,
                               ULONG *invalid_packet_releases);
UINT _nx_packet_release(NX_PACKET *packet_ptr);
UINT _nxe_packet_release(NX_PACKET **packet_ptr_ptr);
UINT _nx_packet_transmit_release(NX_PACKET *packet_ptr);
UINT _nxe_packet_transmit_release(NX_PACKET **packet_ptr_ptr);
UINT _nx_udp_enable(NX_IP *ip_ptr);
UINT _nxe_udp_enable(NX_IP *ip_ptr);
UINT _nx_udp_free_port_find(NX_IP *ip_ptr, UINT port, UINT *free_port_ptr);
UINT _nxe_udp_free_port_find(NX_IP *ip_ptr, UINT port, UINT *free_port_ptr);
UINT _nx_udp_info_get(NX_IP *ip_ptr, ULONG *udp_packets_sent,
                      ULONG *udp_bytes_sent, ULONG *udp_packets_received,
                      ULONG *udp_bytes_received, ULONG *udp_invalid_packets,
                      ULONG *udp_receive_packets_dropped,
                      ULONG *udp_checksum_errors);
UINT _nxe_udp_info_get(NX_IP *ip_ptr, ULONG *udp_packets_sent,
                       ULONG *udp_bytes_sent, ULONG *udp_packets_received,
                       ULONG *udp_bytes_received, ULONG *udp_invalid_packets,
                       ULONG *udp_receive_packets_dropped,
                       ULONG *udp_checksum_errors);
UINT _nx_udp_packet_info_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                                 UINT *protocol, UINT *port,
                                 UINT *interface_index);
UINT _nxe_udp_packet_info_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                                  UINT *protocol, UINT *port,
                                  UINT *interface_index);
UINT _nx_udp_socket_bind(NX_UDP_SOCKET *socket_ptr, UINT port,
                         ULONG wait_option);
UINT _nxe_udp_socket_bind(NX_UDP_SOCKET *socket_ptr, UINT port,
                          ULONG wait_option);
UINT _nx_udp_socket_bytes_available(NX_UDP_SOCKET *socket_ptr,
                                    ULONG *bytes_available);
UINT _nxe_udp_socket_bytes_available(NX_UDP_SOCKET *socket_ptr,
                                     ULONG *bytes_available);
UINT _nx_udp_socket_checksum_disable(NX_UDP_SOCKET *socket_ptr);
UINT _nxe_udp_socket_checksum_disable(NX_UDP_SOCKET *socket_ptr);
UINT _nx_udp_socket_checksum_enable(NX_UDP_SOCKET *socket_ptr);
UINT _nxe_udp_socket_checksum_enable(NX_UDP_SOCKET *socket_ptr);
UINT _nx_udp_socket_create(NX_IP *ip_ptr, NX_UDP_SOCKET *socket_ptr,
                           CHAR *name, ULONG type_of_service, ULONG fragment,
                           UINT time_to_live, ULONG queue_maximum);
UINT _nxe_udp_socket_create(NX_IP *ip_ptr, NX_UDP_SOCKET *socket_ptr,
                            CHAR *name, ULONG type_of_service, ULONG fragment,
                            UINT time_to_live, ULONG queue_maximum,
                            UINT control_block_size);
UINT _nx_udp_socket_delete(NX_UDP_SOCKET *socket_ptr);
UINT _nxe_udp_socket_delete(NX_UDP_SOCKET *socket_ptr);
UINT _nx_udp_socket_info_get(NX_UDP_SOCKET *socket_ptr,
                             ULONG *udp_packets_sent, ULONG *udp_bytes_sent,
                             ULONG *udp_packets_received,
                             ULONG *udp_bytes_received,
                             ULONG *udp_packets_queued,
                             ULONG *udp_receive_packets_dropped,
                             ULONG *udp_checksum_errors);
UINT _nxe_udp_socket_info_get(NX_UDP_SOCKET *socket_ptr,
                              ULONG *udp_packets_sent, ULONG *udp_bytes_sent,
                              ULONG *udp_packets_received,
                              ULONG *udp_bytes_received,
                              ULONG *udp_packets_queued,
                              ULONG *udp_receive_packets_dropped,
                              ULONG *udp_checksum_errors);
UINT _nx_udp_socket_port_get(NX_UDP_SOCKET *socket_ptr, UINT *port_ptr);
UINT _nxe_udp_socket_port_get(NX_UDP_SOCKET *socket_ptr, UINT *port_ptr);
UINT _nx_udp_socket_receive(NX_UDP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                            ULONG wait_option);
UINT _nxe_udp_socket_receive(NX_UDP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                             ULONG wait_option);
UINT _nx_udp_socket_receive_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*udp_receive_notify)(NX_UDP_SOCKET *socket_ptr));
UINT _nxe_udp_socket_receive_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*udp_receive_notify)(NX_UDP_SOCKET *socket_ptr));
UINT _nx_udp_socket_send(NX_UDP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                         ULONG ip_address, UINT port);
UINT _nxe_udp_socket_send(NX_UDP_SOCKET *socket_ptr,
                          NX_PACKET **packet_ptr_ptr, ULONG ip_address,
                          UINT port);
UINT _nx_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                NX_PACKET *packet_ptr, ULONG ip_address,
                                UINT port, UINT address_index);
UINT _nxe_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                 NX_PACKET **packet_ptr_ptr, ULONG ip_address,
                                 UINT port, UINT address_index);
UINT _nx_udp_socket_unbind(NX_UDP_SOCKET *socket_ptr);
UINT _nxe_udp_socket_unbind(NX_UDP_SOCKET *socket_ptr);
UINT _nx_udp_source_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                            UINT *port);
UINT _nxe_udp_source_extract(NX_PACKET *packet_ptr, ULONG *ip_address,
                             UINT *port);
UINT _nxd_udp_packet_info_extract(NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT *protocol,
                                  UINT *port, UINT *interface_index);
UINT _nxde_udp_packet_info_extract(NX_PACKET *packet_ptr,
                                   NXD_ADDRESS *ip_address, UINT *protocol,
                                   UINT *port, UINT *interface_index);
UINT _nxd_udp_socket_send(NX_UDP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                          NXD_ADDRESS *ip_address, UINT port);
UINT _nxde_udp_socket_send(NX_UDP_SOCKET *socket_ptr,
                           NX_PACKET **packet_ptr_ptr, NXD_ADDRESS *ip_address,
                           UINT port);
UINT _nxd_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                 NX_PACKET *packet_ptr,
                                 NXD_ADDRESS *ip_address, UINT port,
                                 UINT address_index);
UINT _nxde_udp_socket_source_send(NX_UDP_SOCKET *socket_ptr,
                                  NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT port,
                                  UINT address_index);
UINT _nxd_udp_source_extract(NX_PACKET *packet_ptr, NXD_ADDRESS *ip_address,
                             UINT *port);
UINT _nxde_udp_source_extract(NX_PACKET *packet_ptr, NXD_ADDRESS *ip_address,
                              UINT *port);

UINT _nx_ip_interface_address_get(NX_IP *ip_ptr, UINT interface_index,
                                  ULONG *ip_address, ULONG *network_mask);
UINT _nxe_ip_interface_address_get(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG *ip_address, ULONG *network_mask);
UINT _nx_ip_interface_address_set(NX_IP *ip_ptr, UINT interface_index,
                                  ULONG ip_address, ULONG network_mask);
UINT _nxe_ip_interface_address_set(NX_IP *ip_ptr, UINT interface_index,
                                   ULONG ip_address, ULONG network_mask);
UINT _nx_ip_address_change_notify(NX_IP *ip_ptr,
                                  VOID (*ip_address_change_notify)(NX_IP *,
                                                                   VOID *),
                                  VOID *additional_info);
UINT _nxe_ip_address_change_notify(NX_IP *ip_ptr,
                                   VOID (*ip_address_change_notify)(NX_IP *,
                                                                    VOID *),
                                   VOID *additional_info);
UINT _nx_ip_gateway_address_get(NX_IP *ip_ptr, ULONG *ip_address);
UINT _nxe_ip_gateway_address_get(NX_IP *ip_ptr, ULONG *ip_address);
UINT _nx_ip_gateway_address_clear(NX_IP *ip_ptr);
UINT _nxe_ip_gateway_address_clear(NX_IP *ip_ptr);
UINT _nx_ip_interface_info_get(NX_IP *ip_ptr, UINT interface_index,
                               CHAR **interface_name, ULONG *ip_address,
                               ULONG *network_mask, ULONG *mtu_size,
                               ULONG *phsyical_address_msw,
                               ULONG *physical_address_lsw);
UINT _nxe_ip_interface_info_get(NX_IP *ip_ptr, UINT interface_index,
                                CHAR **interface_name, ULONG *ip_address,
                                ULONG *network_mask, ULONG *mtu_size,
                                ULONG *phsyical_address_msw,
                                ULONG *physical_address_lsw);
UINT _nx_ip_info_get(
    NX_IP *ip_ptr, ULONG *ip_total_packets_sent, ULONG *ip_total_bytes_sent,
    ULONG *ip_total_packets_received, ULONG *ip_total_bytes_received,
    ULONG *ip_invalid_packets, ULONG *ip_receive_packets_dropped,
    ULONG *ip_receive_checksum_errors, ULONG *ip_send_packets_dropped,
    ULONG *ip_total_fragments_sent, ULONG *ip_total_fragments_received);
UINT _nxe_ip_info_get(
    NX_IP *ip_ptr, ULONG *ip_total_packets_sent, ULONG *ip_total_bytes_sent,
    ULONG *ip_total_packets_received, ULONG *ip_total_bytes_received,
    ULONG *ip_invalid_packets, ULONG *ip_receive_packets_dropped,
    ULONG *ip_receive_checksum_errors, ULONG *ip_send_packets_dropped,
    ULONG *ip_total_fragments_sent, ULONG *ip_total_fragments_received);
UINT _nx_ip_interface_attach(NX_IP *ip_ptr, CHAR *interface_name,
                             ULONG ip_address, ULONG network_mask,
                             VOID (*ip_link_driver)(NX_IP_DRIVER *));
UINT _nxe_ip_interface_attach(NX_IP *ip_ptr, CHAR *interface_name,
                              ULONG ip_address, ULONG network_mask,
                              VOID (*ip_link_driver)(NX_IP_DRIVER *));
UINT _nx_ip_interface_mtu_set(NX_IP *ip_ptr, UINT interface_index,
                              ULONG mtu_size);
UINT _nxe_ip_interface_mtu_set(NX_IP *ip_ptr, UINT interface_index,
                               ULONG mtu_size);
UINT _nx_ip_interface_physical_address_get(NX_IP *ip_ptr, UINT interface_index,
                                           ULONG *physical_msw,
                                           ULONG *physical_lsw);
UINT _nxe_ip_interface_physical_address_get(NX_IP *ip_ptr,
                                            UINT interface_index,
                                            ULONG *physical_msw,
                                            ULONG *physical_lsw);
UINT _nx_ip_link_status_change_notify_set(
    NX_IP *ip_ptr, VOID (*link_status_change_notify)(NX_IP *, UINT, UINT));
UINT _nxe_ip_link_status_change_notify_set(
    NX_IP *ip_ptr, VOID (*link_status_change_notify)(NX_IP *, UINT, UINT));
UINT _nx_ip_driver_direct_command(NX_IP *ip_ptr, UINT command,
                                  ULONG *return_value_ptr);
UINT _nxe_ip_driver_direct_command(NX_IP *ip_ptr, UINT command,
                                   ULONG *return_value_ptr);
UINT _nx_ip_driver_interface_direct_command(NX_IP *ip_ptr, UINT command,
                                            UINT interface_index,
                                            ULONG *return_value_ptr);
UINT _nxe_ip_driver_interface_direct_command(NX_IP *ip_ptr, UINT command,
                                             UINT interface_index,
                                             ULONG *return_value_ptr);
UINT _nx_ip_max_payload_size_find(NX_IP *ip_ptr, NXD_ADDRESS *dest_address,
                                  UINT if_index, UINT src_port, UINT dest_port,
                                  ULONG protocol, ULONG *start_offset_ptr,
                                  ULONG *payload_length_ptr);
UINT _nxe_ip_max_payload_size_find(NX_IP *ip_ptr, NXD_ADDRESS *dest_address,
                                   UINT if_index, UINT src_port,
                                   UINT dest_port, ULONG protocol,
                                   ULONG *start_offset_ptr,
                                   ULONG *payload_length_ptr);
UINT _nx_ip_fragment_disable(NX_IP *ip_ptr);
UINT _nxe_ip_fragment_disable(NX_IP *ip_ptr);
UINT _nx_ip_interface_detach(NX_IP *ip_ptr, UINT index);
UINT _nxe_ip_interface_detach(NX_IP *ip_ptr, UINT index);
UINT _nx_ip_interface_physical_address_set(NX_IP *ip_ptr, UINT interface_index,
                                           ULONG physical_msw,
                                           ULONG physical_lsw,
                                           UINT update_driver);
UINT _nxe_ip_interface_physical_address_set(NX_IP *ip_ptr,
                                            UINT interface_index,
                                            ULONG physical_msw,
                                            ULONG physical_lsw,
                                            UINT update_driver);
UINT _nx_ip_interface_address_mapping_configure(NX_IP *ip_ptr,
                                                UINT interface_index,
                                                UINT mapping_needed);
UINT _nxe_ip_interface_address_mapping_configure(NX_IP *ip_ptr,
                                                 UINT interface_index,
                                                 UINT mapping_needed);
UINT _nx_ip_forwarding_enable(NX_IP *ip_ptr);
UINT _nxe_ip_forwarding_enable(NX_IP *ip_ptr);
UINT _nx_ip_forwarding_disable(NX_IP *ip_ptr);
UINT _nxe_ip_forwarding_disable(NX_IP *ip_ptr);
UINT _nxd_icmpv6_ra_flag_callback_set(NX_IP *ip_ptr,
                                      VOID (*icmpv6_ra_flag_callback)(NX_IP *,
                                                                      UINT));
UINT _nxde_icmpv6_ra_flag_callback_set(NX_IP *ip_ptr,
                                       VOID (*icmpv6_ra_flag_callback)(NX_IP *,
                                                                       UINT));

/* _nx_ip_checksum_compute returns the one's complement sum (RFC 1071) of
 * data_length bytes of a packet from nx_packet_prepend_ptr on and, with both
 * addresses, of the pseudo header; the caller complements it.  `protocol` is
 * NX_IP_UDP for IPv4, NX_PROTOCOL_UDP for IPv6. */
USHORT _nx_ip_checksum_compute(NX_PACKET *packet_ptr, ULONG protocol,
                               UINT data_length, ULONG *_src_ip_addr,
                               ULONG *_dest_ip_addr);
UINT _nx_icmp_info_get(NX_IP *ip_ptr, ULONG *pings_sent, ULONG *ping_timeouts,
                       ULONG *ping_threads_suspended,
                       ULONG *ping_responses_received,
                       ULONG *icmp_checksum_errors,
                       ULONG *icmp_unhandled_messages);
UINT _nxe_icmp_info_get(NX_IP *ip_ptr, ULONG *pings_sent, ULONG *ping_timeouts,
                        ULONG *ping_threads_suspended,
                        ULONG *ping_responses_received,
                        ULONG *icmp_checksum_errors,
                        ULONG *icmp_unhandled_messages);
UINT _nx_icmp_ping(NX_IP *ip_ptr, ULONG ip_address, CHAR *data,
                   ULONG data_size, NX_PACKET **response_ptr,
                   ULONG wait_option);
UINT _nxe_icmp_ping(NX_IP *ip_ptr, ULONG ip_address, CHAR *data,
                    ULONG data_size, NX_PACKET **response_ptr,
                    ULONG wait_option);
UINT _nxd_icmp_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address, CHAR *data_ptr,
                    ULONG data_size, NX_PACKET **response_ptr,
                    ULONG wait_option);
UINT _nxde_icmp_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address, CHAR *data_ptr,
                     ULONG data_size, NX_PACKET **response_ptr,
                     ULONG wait_option);
UINT _nxd_icmp_source_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address,
                           UINT address_index, CHAR *data_ptr, ULONG data_size,
                           NX_PACKET **response_ptr, ULONG wait_option);
UINT _nxde_icmp_source_ping(NX_IP *ip_ptr, NXD_ADDRESS *ip_address,
                            UINT address_index, CHAR *data_ptr,
                            ULONG data_size, NX_PACKET **response_ptr,
                            ULONG wait_option);
UINT _nxd_ipv6_address_change_notify(
    NX_IP *ip_ptr,
    VOID (*ipv6_address_change_notify)(NX_IP *ip_ptr, UINT method,
                                       UINT interface_index,
                                       UINT address_index, ULONG *ip_address));
UINT _nxde_ipv6_address_change_notify(
    NX_IP *ip_ptr,
    VOID (*ipv6_address_change_notify)(NX_IP *ip_ptr, UINT method,
                                       UINT interface_index,
                                       UINT address_index, ULONG *ip_address));
UINT _nxd_ipv6_address_delete(NX_IP *ip_ptr, UINT address_index);
UINT _nxde_ipv6_address_delete(NX_IP *ip_ptr, UINT address_index);
UINT _nxd_ipv6_disable(NX_IP *ip_ptr);
UINT _nxde_ipv6_disable(NX_IP *ip_ptr);

/* What NetX refuses unless its library was built with a switch (static routes,
 * VLANs, watched and auxiliary packet pools, capabilities of an interface,
 * filters of raw packets, IPv6 groups and autoconfiguration).  This library
 * has no such switch, so they return NX_NOT_SUPPORTED. */
UINT _nx_ip_auxiliary_packet_pool_set(NX_IP *ip_ptr,
                                      NX_PACKET_POOL *auxiliary_pool);
UINT _nxe_ip_auxiliary_packet_pool_set(NX_IP *ip_ptr,
                                       NX_PACKET_POOL *auxiliary_pool);
UINT _nx_ip_interface_capability_get(NX_IP *ip_ptr, UINT interface_index,
                                     ULONG *interface_capability_flag);
UINT _nxe_ip_interface_capability_get(NX_IP *ip_ptr, UINT interface_index,
                                      ULONG *interface_capability_flag);
UINT _nx_ip_interface_capability_set(NX_IP *ip_ptr, UINT interface_index,
                                     ULONG interface_capability_flag);
UINT _nxe_ip_interface_capability_set(NX_IP *ip_ptr, UINT interface_index,
                                      ULONG interface_capability_flag);
UINT _nx_ip_raw_packet_filter_set(
    NX_IP *ip_ptr, UINT (*raw_packet_filter)(NX_IP *ip_ptr, ULONG protocol,
                                             NX_PACKET *packet_ptr));
UINT _nxe_ip_raw_packet_filter_set(
    NX_IP *ip_ptr, UINT (*raw_packet_filter)(NX_IP *ip_ptr, ULONG protocol,
                                             NX_PACKET *packet_ptr));
UINT _nx_ip_static_route_add(NX_IP *ip_ptr, ULONG network_address,
                             ULONG net_mask, ULONG next_hop);
UINT _nxe_ip_static_route_add(NX_IP *ip_ptr, ULONG network_address,
                              ULONG net_mask, ULONG next_hop);
UINT _nx_ip_static_route_delete(NX_IP *ip_ptr, ULONG network_address,
                                ULONG net_mask);
UINT _nxe_ip_static_route_delete(NX_IP *ip_ptr, ULONG network_address,
                                 ULONG net_mask);
UINT _nx_packet_pool_low_watermark_set(NX_PACKET_POOL *pool_ptr,
                                       ULONG low_watermark);
UINT _nxe_packet_pool_low_watermark_set(NX_PACKET_POOL *pool_ptr,
                                        ULONG low_watermark);
UINT _nx_packet_vlan_priority_set(NX_PACKET *packet_ptr, UINT vlan_priority);
UINT _nxe_packet_vlan_priority_set(NX_PACKET *packet_ptr, UINT vlan_priority);
UINT _nx_udp_socket_vlan_priority_set(NX_UDP_SOCKET *socket_ptr,
                                      UINT vlan_priority);
UINT _nxe_udp_socket_vlan_priority_set(NX_UDP_SOCKET *socket_ptr,
                                       UINT vlan_priority);
UINT _nxd_ipv6_multicast_interface_join(NX_IP *ip_ptr,
                                        NXD_ADDRESS *group_address,
                                        UINT interface_index);
UINT _nxde_ipv6_multicast_interface_join(NX_IP *ip_ptr,
                                         NXD_ADDRESS *group_address,
                                         UINT interface_index);
UINT _nxd_ipv6_multicast_interface_leave(NX_IP *ip_ptr,
                                         NXD_ADDRESS *group_address,
                                         UINT interface_index);
UINT _nxde_ipv6_multicast_interface_leave(NX_IP *ip_ptr,
                                          NXD_ADDRESS *group_address,
                                          UINT interface_index);
UINT _nxd_ipv6_stateless_address_autoconfig_disable(NX_IP *ip_ptr,
                                                    UINT interface_index);
UINT _nxde_ipv6_stateless_address_autoconfig_disable(NX_IP *ip_ptr,
                                                     UINT interface_index);
UINT _nxd_ipv6_stateless_address_autoconfig_enable(NX_IP *ip_ptr,
                                                   UINT interface_index);
UINT _nxde_ipv6_stateless_address_autoconfig_enable(NX_IP *ip_ptr,
                                                    UINT interface_index);

/* Helpers for strings and numbers, which programs call by these names. */
UINT _nx_utility_string_length_check(CHAR *input_string, UINT *string_length,
                                     UINT max_string_length);
UINT _nx_utility_string_to_uint(CHAR *input_string, UINT string_length,
                                UINT *number);
UINT _nx_utility_uint_to_string(UINT number, UINT base, CHAR *string_buffer,
                                UINT string_buffer_size);

/* Other names of services. */
#define nx_udp_socket_interface_send nx_udp_socket_source_send
#define nxd_udp_socket_interface_send nxd_udp_socket_source_send
#define nxd_icmp_interface_ping nxd_icmp_source_ping
#define nxd_ipv6_global_address_set(i, a, p)                                  \
    nxd_ipv6_address_set(i, 0, a, p, NX_NULL)
#define nxd_ipv6_linklocal_address_set(i, a)                                  \
    nxd_ipv6_address_set(i, 0, a, 10, NX_NULL)

/* The names and versions of ThreadX and NetX Duo whose API this is. */
extern CHAR _tx_version_id[];
extern CHAR _nx_version_id[];

#ifdef __cplusplus
}
#endif

#endif
