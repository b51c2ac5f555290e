/* SPDX-License-Identifier: MIT */
/* packet_headers.c: the IP and UDP header before a received datagram.
 *
 * The networks of this port carry no such headers.  Received packets have them
 * all the same, as an application that looks at nx_packet_ip_header or
 * replaces nx_ip_udp_packet_receive expects: the IP header in host order, as
 * NetX leaves it, the UDP header in network order. */

#include "net.h"

static ULONG ip_header_length(ULONG version)
{
    return (ULONG)(version == NX_IP_VERSION_V4 ? sizeof(NX_IPV4_HEADER)
                                               : sizeof(NX_IPV6_HEADER));
}

bool net_packet_frame(NX_PACKET *packet, ULONG version)
{
    ULONG header = ip_header_length(version);
    size_t room =
        (size_t)(packet->nx_packet_data_end - packet->nx_packet_data_start);

    if (room < NX_PHYSICAL_HEADER + header + NX_UDP_HEADER_SIZE) {
        return false;
    }
    packet->nx_packet_ip_version = (UCHAR)version;
    packet->nx_packet_ip_header =
        packet->nx_packet_data_start + NX_PHYSICAL_HEADER;
    packet->nx_packet_ip_header_length = (USHORT)header;
    packet->nx_packet_prepend_ptr = packet->nx_packet_ip_header + header;
    packet->nx_packet_append_ptr =
        packet->nx_packet_prepend_ptr + NX_UDP_HEADER_SIZE;
    packet->nx_packet_length = NX_UDP_HEADER_SIZE;
    return true;
}

static void put_u16(UCHAR *at, ULONG value)
{
    at[0] = (UCHAR)(value >> 8);
    at[1] = (UCHAR)value;
}

static UINT get_u16(const UCHAR *at)
{
    return (UINT)at[0] << 8 | at[1];
}

static void write_v4(NX_PACKET *packet, const struct net_path *path)
{
    NX_IPV4_HEADER h = {
        .nx_ip_header_word_0 =
            0x45000000u | (packet->nx_packet_length + (ULONG)sizeof h),
        .nx_ip_header_word_2 = NX_IP_TIME_TO_LIVE << 24 | NX_PROTOCOL_UDP
                                                              << 16,
        .nx_ip_header_source_ip = path->from.nxd_ip_address.v4,
        .nx_ip_header_destination_ip = path->to.nxd_ip_address.v4,
    };

    (void)memcpy(packet->nx_packet_ip_header, &h, sizeof h);
}

static void write_v6(NX_PACKET *packet, const struct net_path *path)
{
    NX_IPV6_HEADER h = {
        .nx_ip_header_word_0 = 0x60000000u,
        .nx_ip_header_word_1 = packet->nx_packet_length << 16 |
                               NX_PROTOCOL_UDP << 8 | NX_IP_TIME_TO_LIVE,
    };

    (void)memcpy(h.nx_ip_header_source_ip, path->from.nxd_ip_address.v6,
                 sizeof h.nx_ip_header_source_ip);
    (void)memcpy(h.nx_ip_header_destination_ip, path->to.nxd_ip_address.v6,
                 sizeof h.nx_ip_header_destination_ip);
    (void)memcpy(packet->nx_packet_ip_header, &h, sizeof h);
}

/* find_v6 returns the entry of the address that a packet went to, or the first
 * entry if none fits. */
static NXD_IPV6_ADDRESS *find_v6(NX_IP *ip, const NXD_ADDRESS *to)
{
    UINT i;

    for (i = 0; i < NX_MAX_IPV6_ADDRESSES; i++) {
        if (ip->nx_ipv6_address[i].nxd_ipv6_address_valid &&
            memcmp(ip->nx_ipv6_address[i].nxd_ipv6_address,
                   to->nxd_ip_address.v6, sizeof to->nxd_ip_address.v6) == 0) {
            return &ip->nx_ipv6_address[i];
        }
    }
    return &ip->nx_ipv6_address[0];
}

void net_packet_address(NX_IP *ip, NX_PACKET *packet,
                        const struct net_path *path)
{
    UCHAR *udp = packet->nx_packet_prepend_ptr;

    if (path->from.nxd_ip_version == NX_IP_VERSION_V4) {
        write_v4(packet, path);
        packet->nx_packet_address.nx_packet_interface_ptr =
            &ip->nx_ip_interface[0];
    } else {
        write_v6(packet, path);
        packet->nx_packet_address.nx_packet_ipv6_address_ptr =
            find_v6(ip, &path->to);
    }
    put_u16(udp, path->from_port);
    put_u16(udp + 2, path->to_port);
    put_u16(udp + 4, packet->nx_packet_length);
    put_u16(udp + 6, 0);
}

static void read_v4(const NX_PACKET *packet, struct net_path *out)
{
    NX_IPV4_HEADER h;

    (void)memcpy(&h, packet->nx_packet_ip_header, sizeof h);
    out->from.nxd_ip_address.v4 = h.nx_ip_header_source_ip;
    out->to.nxd_ip_address.v4 = h.nx_ip_header_destination_ip;
}

static void read_v6(const NX_PACKET *packet, struct net_path *out)
{
    NX_IPV6_HEADER h;

    (void)memcpy(&h, packet->nx_packet_ip_header, sizeof h);
    (void)memcpy(out->from.nxd_ip_address.v6, h.nx_ip_header_source_ip,
                 sizeof h.nx_ip_header_source_ip);
    (void)memcpy(out->to.nxd_ip_address.v6, h.nx_ip_header_destination_ip,
                 sizeof h.nx_ip_header_destination_ip);
}

bool net_packet_path(const NX_PACKET *packet, struct net_path *out)
{
    const UCHAR *udp;

    if (packet->nx_packet_ip_header == NULL) {
        return false;
    }
    (void)memset(out, 0, sizeof *out);
    out->from.nxd_ip_version = packet->nx_packet_ip_version;
    out->to.nxd_ip_version = packet->nx_packet_ip_version;
    if (packet->nx_packet_ip_version == NX_IP_VERSION_V4) {
        read_v4(packet, out);
    } else {
        read_v6(packet, out);
    }
    udp = packet->nx_packet_ip_header + packet->nx_packet_ip_header_length;
    out->from_port = get_u16(udp);
    out->to_port = get_u16(udp + 2);
    return true;
}
