/* SPDX-License-Identifier: MIT */
/* driver_address.c: addresses as the host wants them: of a peer, and of the
 * host itself.  A socket that is bound to all addresses of the host receives
 * and sends the second kind beside each datagram (IP_PKTINFO, and for IPv6
 * RFC 3542, 6). */

#include "driver_udp.h"

#include <arpa/inet.h>

socklen_t udp_name_put(union udp_name *out, const NXD_ADDRESS *address,
                       UINT port)
{
    size_t i;

    (void)memset(out, 0, sizeof *out);
    if (address->nxd_ip_version == NX_IP_VERSION_V4) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        out->v4.sin_addr.s_addr = htonl(address->nxd_ip_address.v4);
        return sizeof out->v4;
    }
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((uint16_t)port);
    for (i = 0; i < 4; i++) {
        uint32_t word = htonl(address->nxd_ip_address.v6[i]);

        (void)memcpy(out->v6.sin6_addr.s6_addr + 4 * i, &word, sizeof word);
    }
    return sizeof out->v6;
}

UINT udp_name_get(const union udp_name *name, NXD_ADDRESS *out)
{
    size_t i;

    (void)memset(out, 0, sizeof *out);
    if (name->any.sa_family == AF_INET) {
        out->nxd_ip_version = NX_IP_VERSION_V4;
        out->nxd_ip_address.v4 = ntohl(name->v4.sin_addr.s_addr);
        return ntohs(name->v4.sin_port);
    }
    out->nxd_ip_version = NX_IP_VERSION_V6;
    for (i = 0; i < 4; i++) {
        uint32_t word;

        (void)memcpy(&word, name->v6.sin6_addr.s6_addr + 4 * i, sizeof word);
        out->nxd_ip_address.v6[i] = ntohl(word);
    }
    return ntohs(name->v6.sin6_port);
}

/* append_control makes `info` the message's only piece of control data. */
static void append_control(struct msghdr *message, union udp_control *room,
                           int level, int type, const void *info, size_t len)
{
    struct cmsghdr *header;

    (void)memset(room, 0, sizeof *room);
    message->msg_control = room;
    message->msg_controllen = CMSG_SPACE(len);
    header = CMSG_FIRSTHDR(message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(len);
    (void)memcpy(CMSG_DATA(header), info, len);
}

void udp_local_put(struct msghdr *message, union udp_control *room,
                   const NXD_ADDRESS *from)
{
    union udp_name name;

    (void)udp_name_put(&name, from, 0);
    if (from->nxd_ip_version == NX_IP_VERSION_V4) {
        struct in_pktinfo v4 = {.ipi_spec_dst = name.v4.sin_addr};

        append_control(message, room, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
    } else {
        struct in6_pktinfo v6 = {.ipi6_addr = name.v6.sin6_addr};

        append_control(message, room, IPPROTO_IPV6, IPV6_PKTINFO, &v6,
                       sizeof v6);
    }
}

/* The host's address for the datagram; for one to many receivers that is not
 * the address to which it was sent. */
static void read_v4(const struct cmsghdr *header, NXD_ADDRESS *out)
{
    union udp_name name = {.v4 = {.sin_family = AF_INET}};
    struct in_pktinfo info;

    (void)memcpy(&info, CMSG_DATA(header), sizeof info);
    if (info.ipi_spec_dst.s_addr != 0) {
        name.v4.sin_addr = info.ipi_spec_dst;
        (void)udp_name_get(&name, out);
    }
}

static void read_v6(const struct cmsghdr *header, NXD_ADDRESS *out)
{
    union udp_name name = {.v6 = {.sin6_family = AF_INET6}};
    struct in6_pktinfo info;

    (void)memcpy(&info, CMSG_DATA(header), sizeof info);
    if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) {
        name.v6.sin6_addr = info.ipi6_addr;
        (void)udp_name_get(&name, out);
    }
}

void udp_local_get(struct msghdr *message, NXD_ADDRESS *out)
{
    struct cmsghdr *header;

    (void)memset(out, 0, sizeof *out);
    for (header = CMSG_FIRSTHDR(message); header != NULL;
         header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == IPPROTO_IP &&
            header->cmsg_type == IP_PKTINFO) {
            read_v4(header, out);
        }
        if (header->cmsg_level == IPPROTO_IPV6 &&
            header->cmsg_type == IPV6_PKTINFO) {
            read_v6(header, out);
        }
    }
}
