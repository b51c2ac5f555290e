/* SPDX-License-Identifier: MIT */
/* NetX for client and server. */
#include "programs/netx_instance.h"

#include "programs/lines.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

/* A datagram up to the usual MTU fits one packet; larger ones are chains. */
#define PAYLOAD 1536

static CHAR pool_name[] = "packets";
static CHAR ip_name[] = "ip";

static UINT create_pool(struct network *net, ULONG num_packets)
{
    ULONG size = num_packets * (ULONG)(PAYLOAD + sizeof(NX_PACKET) + 8);

    net->pool_memory = malloc(size);
    if (net->pool_memory == NULL) {
        return NX_POOL_ERROR;
    }
    return nx_packet_pool_create(&net->pool, pool_name, PAYLOAD,
                                 net->pool_memory, size);
}

/* An instance always has an IPv4 socket; next to IPv6 it is on loopback. */
static UINT create_ip(struct network *net, const NXD_ADDRESS *local)
{
    bool v6 = local->nxd_ip_version == NX_IP_VERSION_V6;
    ULONG v4 = v6 ? NX_IP_LOOPBACK_FIRST + 1 : local->nxd_ip_address.v4;
    NXD_ADDRESS address = *local;
    UINT status = nx_ip_create(&net->ip, ip_name, v4, 0xFFFFFF00u, &net->pool,
                               _nxdtls_udp_network_driver, net->ip_stack,
                               sizeof net->ip_stack, IP_PRIORITY);

    if (status == NX_SUCCESS) {
        status = nx_udp_enable(&net->ip);
    }
    if (status == NX_SUCCESS && v6) {
        status = nxd_ipv6_enable(&net->ip);
    }
    if (status == NX_SUCCESS && v6) {
        status = nxd_ipv6_address_set(&net->ip, 0, &address, 64, NX_NULL);
    }
    return status;
}

UINT network_start(struct network *net, const NXD_ADDRESS *local,
                   ULONG num_packets)
{
    UINT status;

    nx_system_initialize();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    status = create_pool(net, num_packets);
    return status == NX_SUCCESS ? create_ip(net, local) : status;
}

ULONG network_stop(struct network *net)
{
    ULONG total = 0;
    ULONG available = 0;
    ULONG other;

    (void)nx_ip_delete(&net->ip);
    (void)nx_packet_pool_info_get(&net->pool, &total, &available, &other,
                                  &other, &other);
    (void)nx_packet_pool_delete(&net->pool);
    free(net->pool_memory);
    net->pool_memory = NULL;
    return total - available;
}

UINT network_send(struct network *net, NX_SECURE_DTLS_SESSION *session,
                  const VOID *data, size_t len)
{
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_packet_allocate(session, &net->pool, &packet,
                                                 NX_NO_WAIT);

    if (status != NX_SUCCESS) {
        return status;
    }
    if (len != 0) {
        /* NetX only reads the data, and takes no const. */
        status = nx_packet_data_append(packet, (VOID *)(ALIGN_TYPE)data,
                                       (ULONG)len, &net->pool, NX_NO_WAIT);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_client_session_send(session, packet);
    }
    if (status != NX_SUCCESS) {
        (void)nx_packet_release(packet);
    }
    return status;
}

size_t network_take(NX_PACKET *packet, UCHAR out[RECORD_MAX])
{
    ULONG len = 0;

    (void)nx_packet_data_extract_offset(packet, 0, out, RECORD_MAX, &len);
    (void)nx_packet_release(packet);
    return len;
}

bool network_was_closed(UINT status)
{
    return status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED ||
           status == NXDTLS_IDLE_LIMIT || status == NXDTLS_LIFE_LIMIT;
}

void network_print(const UCHAR *data, size_t len)
{
    static bool told;

    if ((fwrite(data, 1, len, stdout) != len || fflush(stdout) != 0) &&
        !told) {
        told = true;
        line("stdout: %s", strerror(errno));
    }
}

ULONG network_clock(VOID)
{
    return (ULONG)time(NULL);
}
