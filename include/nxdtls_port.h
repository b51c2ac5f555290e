/* SPDX-License-Identifier: MIT */
/* nxdtls_port.h: what this port of ThreadX and NetX Duo adds to their API.
 *
 * A host is not a device, and these are the differences an application can
 * see:
 *
 * - A thread is preempted only inside tx_ and nx_ calls.  Time slices are
 *   recorded, not obeyed.  A thread that runs for 5 s of real time without
 * such a call is named on stderr, once.
 * - tx_kernel_enter returns: see nxdtls_port_stop.
 * - The stack given to tx_thread_create is recorded and not used.
 * - There is no IP stack.  A network driver is one of those declared here; a
 *   driver written for a device makes nx_ip_create fail with NX_NOT_SUPPORTED.
 *   ICMP, ARP and IPv6 neighbours are the host's; their services succeed.
 * - A send that does not fit the path returns NX_SIZE_ERROR and leaves the
 *   packet to the caller, where NetX Duo would drop it and report success.
 *   No headroom is needed in a packet that is sent.
 * - An IPv6 address is valid as soon as nxd_ipv6_address_set returns. */

#ifndef NXDTLS_PORT_H
#define NXDTLS_PORT_H

#include "nx_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NXDTLS_PORT_REAL 0u
#define NXDTLS_PORT_VIRTUAL 1u

/* nxdtls_port_mode_set chooses where the next kernel takes its time from.
 *
 * NXDTLS_PORT_REAL (the default): ticks follow the host's monotonic clock.
 * NXDTLS_PORT_VIRTUAL: whenever no thread is ready, time jumps to the next
 * timeout; the only network is the RAM wire, binding a real socket returns
 * NX_NOT_SUPPORTED, and a run is the same each time.
 *
 * Returns TX_SUCCESS, TX_OPTION_ERROR for another mode, or TX_CALLER_ERROR
 * while a kernel runs.  The choice stays until changed. */
UINT nxdtls_port_mode_set(UINT mode);

/* nxdtls_port_mode_get returns the mode in force. */
UINT nxdtls_port_mode_get(VOID);

/* nxdtls_port_stop ends the kernel: every thread ends where it stands, as by
 * tx_thread_terminate, and tx_kernel_enter returns once the last one has.
 * Called by a thread of the kernel it does not return; any other thread of the
 * process may call it too, a signal handler may not.  The kernel also ends by
 * itself when no application thread is left that has neither completed nor
 * been terminated.
 *
 * Afterwards sockets of the host are closed, nothing the port allocated is
 * left, and tx_kernel_enter may be called again.  Control blocks and packets
 * of the ended kernel are plain memory of the application again. */
VOID nxdtls_port_stop(VOID);

/* nxdtls_port_stalled says why the last kernel ended: TX_TRUE if it was in
 * virtual time, every thread waited and no timeout was left, so that nothing
 * could ever happen again.  The waiting threads were named on stderr. */
UINT nxdtls_port_stalled(VOID);

/* nxdtls_port_watchdog_set changes the 5000 ms after which a thread that makes
 * no call is named; 0 turns it off. */
VOID nxdtls_port_watchdog_set(ULONG milliseconds);

/* nxdtls_port_udp_socket_poke has the IP thread call the receive notification
 * of a bound socket once, as for a datagram, though none has come.  It does
 * not wait: a timer's function may call it. */
VOID nxdtls_port_udp_socket_poke(NX_UDP_SOCKET *socket_ptr);

/* Drivers for nx_ip_create.
 *
 * _nxdtls_udp_network_driver: sockets of the host.  A bound NX_UDP_SOCKET is
 * an IPv4 socket on the address of the NX_IP (0.0.0.0 for all) and, if
 * nxd_ipv6_enable was called before the bind, an IPv6 socket on the same port
 * and the first address set (:: if none was).
 *
 * _nx_ram_network_driver*: a wire inside the process.  A datagram reaches the
 * NX_IP that owns the destination address, in the order of sending; without
 * one it is lost.  The number is the MTU, 1500 if there is none: one datagram
 * may be larger only between instances that both called nx_ip_fragment_enable.
 */
VOID _nxdtls_udp_network_driver(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver_256(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver_512(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver_1024(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver_1500(NX_IP_DRIVER *driver_req_ptr);
VOID _nx_ram_network_driver_3000(NX_IP_DRIVER *driver_req_ptr);

#ifdef __cplusplus
}
#endif

#endif
