/* SPDX-License-Identifier: MIT */
/* The kernel in virtual time that ends on the NetX API live in, and the wires
 * between them and the simulated network.
 *
 * A play runs in the thread of the lowest priority: whenever it runs, every
 * other thread waits.  Time passes in lab_kernel_sleep only. */
#ifndef LAB_NETX_KERNEL_H
#define LAB_NETX_KERNEL_H

#include "lab/peer.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#define LAB_KERNEL_MS_PER_TICK (1000 / NX_IP_PERIODIC_RATE)
#define LAB_KERNEL_PACKETS 256
#define LAB_KERNEL_PAYLOAD 1536

/* One NX_IP with its pool. */
struct lab_host_ip {
    NX_PACKET_POOL pool;
    NX_IP ip;
    ALIGN_TYPE memory[LAB_KERNEL_PACKETS *
                      (sizeof(NX_PACKET) + LAB_KERNEL_PAYLOAD) /
                      sizeof(ALIGN_TYPE)];
};

/* An end's own instance, and the one that stands for the rest of the world:
 * its sockets are the other end's addresses, the first one and the one that it
 * moves to. */
struct lab_wires {
    struct lab_host_ip own;
    struct lab_host_ip world;
    NX_UDP_SOCKET sockets[2];
    NXD_ADDRESS own_address;
    NXD_ADDRESS world_address;
    UINT own_port; /* where datagrams go */
    struct lab_peer *peer;
};

#define LAB_SERVER_PORT 4433
#define LAB_CLIENT_PORT 40000 /* and the next one */

/* lab_wires_open makes both instances, and with the first end of a play sets
 * the time to 0; lab_wires_close ends them and returns
 * how many packets of the own pool have not come back. */
void lab_wires_open(struct lab_wires *wires, struct lab_peer *peer);
unsigned lab_wires_close(struct lab_wires *wires);

/* lab_wires_deliver hands the end a datagram from address 0 or 1. */
void lab_wires_deliver(struct lab_wires *wires, struct dtls_bytes datagram,
                       uint32_t address);

/* lab_wires_flush tells the host what the end has sent since. */
void lab_wires_flush(struct lab_wires *wires);

/* Of lab_netx, see struct lab_driver. */
uint64_t lab_kernel_sleep(uint64_t until);
void lab_kernel_flush(void);
void lab_kernel_run(void (*run)(void *self), void *self);

#endif
