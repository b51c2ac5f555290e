/* SPDX-License-Identifier: MIT */
/* nxdtls_port.h: what this port of ThreadX and NetX Duo adds to their API.
 *
 * An application can see these differences between this port and a device:
 *
 * - A thread is preempted only inside tx_ and nx_ calls.  Time slices are
 *   recorded and not obeyed.  A thread that runs for 5 s of real time without
 *   such a call is named on stderr, once.
 * - tx_kernel_enter returns: see nxdtls_port_stop.
 * - The stack given to tx_thread_create is recorded and not used.
 * - There is no IP stack.  nx_ip_create takes one of the network drivers that
 *   are declared here; with a driver written for a device it returns
 *   NX_NOT_SUPPORTED.  On the host's network the host does ICMP, ARP and
 *   neighbour discovery; nx_arp_enable only records that it was called, and a
 *   ping returns NX_NOT_SUPPORTED.  On the RAM wire nx_icmp_enable makes an
 *   instance answer pings.
 * - A send of a datagram that is too large for the path returns NX_SIZE_ERROR
 *   and leaves the packet to its caller.  NetX Duo drops the packet and
 *   reports success.
 * - A packet that is sent needs no headroom.
 * - An IPv6 address is valid as soon as nxd_ipv6_address_set returns. */

#ifndef NXDTLS_PORT_H
#define NXDTLS_PORT_H

#include "nx_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NXDTLS_PORT_REAL 0u
#define NXDTLS_PORT_VIRTUAL 1u

/* nxdtls_port_mode_set chooses the clock of the next kernel.  The choice holds
 * until it is changed.
 *
 * With NXDTLS_PORT_REAL, the default, ticks follow the host's monotonic clock.
 *
 * With NXDTLS_PORT_VIRTUAL, time jumps to the next timeout whenever no thread
 * is ready.  The RAM wire is then the only network, and binding a socket of
 * the host returns NX_NOT_SUPPORTED.  Threads and timers run in the same order
 * each time.
 *
 * It returns TX_SUCCESS, TX_OPTION_ERROR for any other mode, or
 * TX_CALLER_ERROR while a kernel runs. */
UINT nxdtls_port_mode_set(UINT mode);

/* nxdtls_port_mode_get returns the present mode. */
UINT nxdtls_port_mode_get(VOID);

/* nxdtls_port_time_get returns the ticks since the kernel started.  Unlike
 * tx_time_get, it never wraps, and tx_time_set does not change it.  Every
 * timeout of the library is measured by it. */
ULONG64 nxdtls_port_time_get(VOID);

/* nxdtls_port_thread_lives returns TX_TRUE if a thread with this
 * tx_thread_serial has not ended.  It reads no control block, which may be
 * other memory by then.  No thread has the serial 0, and 2^32 threads begin
 * before a serial comes again. */
UINT nxdtls_port_thread_lives(ULONG serial);

/* nxdtls_port_stop ends the kernel.  Every thread ends where it stands, as
 * with tx_thread_terminate.  tx_kernel_enter returns once the last thread has
 * ended.
 *
 * Any thread of the process may call it; a signal handler may not.  In a
 * thread of the kernel it does not return.  The kernel also ends by itself
 * once every application thread has completed or been terminated.
 *
 * When tx_kernel_enter has returned, the sockets of the host are closed, the
 * memory that the port allocated is freed, and tx_kernel_enter may be called
 * again.  Control blocks and packets of the ended kernel are then plain memory
 * of the application. */
VOID nxdtls_port_stop(VOID);

/* nxdtls_port_stalled returns TX_TRUE if the last kernel ended because nothing
 * could happen any more: it ran in virtual time, every thread waited and no
 * timeout was left.  The waiting threads were named on stderr.  Else it
 * returns TX_FALSE. */
UINT nxdtls_port_stalled(VOID);

/* nxdtls_port_watchdog_set sets the time without a tx_ or nx_ call after which
 * a thread is named on stderr: `milliseconds` of real time, by default 5000.
 * With 0 no thread is named. */
VOID nxdtls_port_watchdog_set(ULONG milliseconds);

/* nxdtls_port_udp_socket_poke makes the IP thread call the receive
 * notification of a bound socket once, as if a datagram had come.  It does not
 * wait, so a timer's function may call it. */
VOID nxdtls_port_udp_socket_poke(NX_UDP_SOCKET *socket_ptr);

/* nxdtls_port_udp_destination_extract tells to which address of this host a
 * received packet came: nxd_udp_source_extract for the other end.  It returns
 * NX_SUCCESS, or NX_INVALID_PACKET if the packet was not received. */
UINT nxdtls_port_udp_destination_extract(NX_PACKET *packet_ptr,
                                         NXD_ADDRESS *ip_address);

/* nxdtls_port_udp_socket_send_from is nxd_udp_socket_send from the address
 * `from` of this host, so that a socket on all addresses can answer from the
 * address at which it was asked.  If `from` is no address of the destination's
 * family (version 0, or all zero), the host chooses, as it does in
 * nxd_udp_socket_send.  It returns NX_IP_ADDRESS_ERROR if this host does not
 * have the address. */
UINT nxdtls_port_udp_socket_send_from(NX_UDP_SOCKET *socket_ptr,
                                      NX_PACKET *packet_ptr,
                                      const NXD_ADDRESS *from,
                                      NXD_ADDRESS *ip_address, UINT port);

/* nxdtls_port_udp_unreachable_notify makes `notify` be called, in the IP
 * thread, when the network has told the host (ICMP) that a datagram of this
 * bound socket did not arrive at `ip_address` and `port`.  `why` is one of the
 * values below.  The notification may call services that do not wait.  NX_NULL
 * ends it, and so does unbinding the socket.
 *
 * Nothing authenticates ICMP: anybody who knows addresses and ports can send
 * it, so it may end an attempt to connect, and never a session.  Without this
 * service, ICMP is ignored, as NetX ignores it.
 *
 * It returns NX_SUCCESS, NX_NOT_BOUND, or NX_NOT_SUPPORTED if the network of
 * the socket is not that of the host. */
#define NXDTLS_PORT_NO_LISTENER 1 /* the port is closed */
#define NXDTLS_PORT_NO_ROUTE 2    /* host or network cannot be reached */
UINT nxdtls_port_udp_unreachable_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*notify)(NX_UDP_SOCKET *socket_ptr, NXD_ADDRESS *ip_address,
                   UINT port, UINT why));

/* Network drivers for nx_ip_create.
 *
 * _nxdtls_udp_network_driver uses UDP sockets of the host.  A bound
 * NX_UDP_SOCKET is an IPv4 socket on the address of the NX_IP (0.0.0.0 for
 * all addresses).  If nxd_ipv6_enable was called before the bind, it is also
 * an IPv6 socket on the same port, on the first IPv6 address that was set (::
 * if none was).  A DTLS server on all addresses answers each client from the
 * address that the client asked.
 *
 * _nx_ram_network_driver and its variants are a wire inside the process.  The
 * NX_IP that owns the destination address receives each datagram, in the
 * order of sending.  A datagram to any other address is lost.
 *
 * A link can be taken down and up with nx_ip_driver_direct_command; on the
 * wire all datagrams to and from an instance whose link is down are lost.
 *
 * The number in a variant's name is its MTU in bytes; _nx_ram_network_driver
 * has 1500.  A larger datagram passes only between two instances that both
 * called nx_ip_fragment_enable. */
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
