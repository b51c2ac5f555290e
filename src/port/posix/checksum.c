/* SPDX-License-Identifier: MIT */
/* checksum.c: the sum of the Internet checksum (RFC 1071), over a packet and,
 * for UDP, its pseudo header (RFC 768; RFC 8200, 8.1). */

#include "net.h"

/* A sum, and whether an odd number of bytes has gone into it. */
struct sum {
    ULONG value;
    bool odd;
};

static void add_byte(struct sum *sum, UCHAR byte)
{
    sum->value += sum->odd ? byte : (ULONG)byte << NX_SHIFT_BY_16 / 2;
    sum->value = (sum->value & NX_LOWER_16_MASK) +
                 (sum->value >> NX_SHIFT_BY_16); /* the end-around carry */
    sum->odd = !sum->odd;
}

static void add_word(struct sum *sum, ULONG word)
{
    add_byte(sum, (UCHAR)(word >> 24));
    add_byte(sum, (UCHAR)(word >> 16));
    add_byte(sum, (UCHAR)(word >> 8));
    add_byte(sum, (UCHAR)word);
}

/* add_packet adds up to `length` bytes of a chain. */
static void add_packet(struct sum *sum, const NX_PACKET *packet, UINT length)
{
    const UCHAR *at;

    for (; packet != NULL; packet = packet->nx_packet_next) {
        for (at = packet->nx_packet_prepend_ptr;
             at != packet->nx_packet_append_ptr; at++) {
            if (length-- == 0) {
                return;
            }
            add_byte(sum, *at);
        }
    }
}

/* is_v4 tells how long the addresses are: `protocol` is NX_IP_UDP for IPv4,
 * and the number alone for IPv6 or for a packet that is one of IPv4. */
static bool is_v4(const NX_PACKET *packet, ULONG protocol)
{
    return protocol > NX_LOWER_16_MASK ||
           packet->nx_packet_ip_version == NX_IP_VERSION_V4;
}

/* _nx_ip_checksum_compute adds up `data_length` bytes from prepend_ptr on and,
 * if both addresses are given, the pseudo header.  It returns the 16 bits of
 * the one's complement sum, in the host's order: the caller complements it
 * before it is sent, and a datagram that has its checksum gives 0xFFFF. */
USHORT _nx_ip_checksum_compute(NX_PACKET *packet_ptr, ULONG protocol,
                               UINT data_length, ULONG *_src_ip_addr,
                               ULONG *_dest_ip_addr)
{
    struct sum sum = {0, false};
    UINT words = is_v4(packet_ptr, protocol) ? 1 : 4;
    UINT i;

    if (_src_ip_addr != NULL && _dest_ip_addr != NULL) {
        for (i = 0; i < words; i++) {
            add_word(&sum, _src_ip_addr[i]);
            add_word(&sum, _dest_ip_addr[i]);
        }
        add_word(&sum, data_length);
        add_word(&sum, protocol > NX_LOWER_16_MASK ? protocol >> NX_SHIFT_BY_16
                                                   : protocol);
    }
    add_packet(&sum, packet_ptr, data_length);
    return (USHORT)sum.value;
}
