/* SPDX-License-Identifier: MIT */
/* The NetX part that client and server share: packets, an instance on the
 * host's sockets, records in packets. */
#ifndef NXDTLS_PROGRAMS_NETX_INSTANCE_H
#define NXDTLS_PROGRAMS_NETX_INSTANCE_H

#include "nxdtls_port.h"
#include "programs/endpoint_options.h"

/* Certificates of a peer's chain, and the bytes of a session's buffers. */
#define CERTS_PER_CHAIN 10
#define CERTS_BUFFER (CERTS_PER_CHAIN * (sizeof(NX_SECURE_X509_CERT) + 2048))
#define REASSEMBLY_BUFFER 16384

/* The longest timeout of a flight, in milliseconds. */
#define LONGEST_TIMEOUT 60000

/* The stack of a TX_THREAD, in bytes; this port only records it. */
#define STACK_SIZE 1024
#define IP_PRIORITY 1

struct network {
    NX_PACKET_POOL pool;
    VOID *pool_memory;
    NX_IP ip;
    UCHAR ip_stack[STACK_SIZE];
};

/* network_start creates a pool of `num_packets` packets and an instance with
 * the address `local`.  network_stop deletes both and returns how many packets
 * are missing from the pool. */
UINT network_start(struct network *net, const NXD_ADDRESS *local,
                   ULONG num_packets);
ULONG network_stop(struct network *net);

/* network_send sends one record to the session's peer. */
UINT network_send(struct network *net, NX_SECURE_DTLS_SESSION *session,
                  const VOID *data, size_t len);

/* network_take copies the bytes of a received packet, releases the packet and
 * returns how many bytes it had. */
size_t network_take(NX_PACKET *packet, UCHAR out[RECORD_MAX]);

/* network_was_closed returns true if this status of a session says that it
 * ended without a failure: the peer has closed it, or one of its own limits
 * has come. */
bool network_was_closed(UINT status);

/* network_print writes to stdout at once. */
void network_print(const UCHAR *data, size_t len);

/* network_clock returns the time for sessions: seconds since 1970. */
ULONG network_clock(VOID);

#endif
