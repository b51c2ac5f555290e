/* SPDX-License-Identifier: MIT */
/* The virtual-time kernel in which NetX ends run, and the wires between them
 * and the simulated network.
 *
 * The caller's function runs in the thread of the lowest priority, so every
 * other thread waits while it runs.  Time passes in sut_kernel_sleep only. */
#ifndef SUT_NETX_KERNEL_H
#define SUT_NETX_KERNEL_H

#include "sut/sut.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#define SUT_KERNEL_MS_PER_TICK (1000 / NX_IP_PERIODIC_RATE)
#define SUT_KERNEL_PACKETS 256
#define SUT_KERNEL_PAYLOAD 1536

/* One NX_IP and its pool. */
struct sut_host_ip {
    NX_PACKET_POOL pool;
    NX_IP ip;
    ALIGN_TYPE memory[SUT_KERNEL_PACKETS *
                      (sizeof(NX_PACKET) + SUT_KERNEL_PAYLOAD) /
                      sizeof(ALIGN_TYPE)];
};

/* Two instances for each end: its own, and one that stands for the rest of the
 * world.  The sockets of the world are the other end's addresses: the first
 * one, and the one that it moves to. */
struct sut_wires {
    struct sut_host_ip own;
    struct sut_host_ip world;
    NX_UDP_SOCKET sockets[2];
    NXD_ADDRESS own_address;
    NXD_ADDRESS world_address;
    UINT own_port; /* the end's own */
    struct sut *sut;
};

#define SUT_SERVER_PORT 4433
#define SUT_CLIENT_PORT 40000 /* and one more, after a move */

/* sut_wires_open makes both instances.  If no other end is open, it sets the
 * time to `now`, rounded down to a tick.  sut_wires_close deletes them and
 * returns how many packets the end has not given back to its own pool. */
void sut_wires_open(struct sut_wires *wires, struct sut *sut, uint64_t now);
unsigned sut_wires_close(struct sut_wires *wires);

/* sut_wires_deliver hands the end a datagram from address 0 or 1. */
void sut_wires_deliver(struct sut_wires *wires, struct dtls_bytes datagram,
                       uint32_t address);

/* sut_wires_flush hands the host what the end has sent since the last call. */
void sut_wires_flush(struct sut_wires *wires);

/* in_kernel, sleep and flush of struct sut_driver. */
uint64_t sut_kernel_sleep(struct sut *sut, uint64_t until);
void sut_kernel_flush(struct sut *sut);
void sut_kernel_run(void (*run)(void *self), void *self);

#endif
