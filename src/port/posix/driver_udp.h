/* SPDX-License-Identifier: MIT */
/* driver_udp.h: the five parts of the driver for sockets of the host: links
 * and datagrams (driver_udp.c), opening (driver_socket.c), addresses
 * (driver_address.c), watching (driver_io.c), ICMP (driver_loss.c). */

#ifndef NXDTLS_SRC_PORT_POSIX_DRIVER_UDP_H
#define NXDTLS_SRC_PORT_POSIX_DRIVER_UDP_H

#include "net.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* One bound NX_UDP_SOCKET: a socket per family, -1 where there is none. */
struct udp_link {
    NX_UDP_SOCKET *socket;
    NX_IP *ip;
    struct udp_link *next;
    int fd[2];
    bool readable[2];
    VOID (*unreachable)(NX_UDP_SOCKET *, NXD_ADDRESS *, UINT, UINT);
};
enum { UDP_V4, UDP_V6 };

union udp_name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* udp_name_put writes an address and port in the host's form and returns the
 * length.  udp_name_get reads the address and returns the port. */
socklen_t udp_name_put(union udp_name *out, const NXD_ADDRESS *address,
                       UINT port);
UINT udp_name_get(const union udp_name *name, NXD_ADDRESS *out);

/* Room for the control data that tells a datagram's address of the host. */
union udp_control {
    struct cmsghdr align;
    UCHAR bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* udp_local_put makes `message` leave from the address `from` of the host; it
 * writes control data into `room`.  udp_local_get reads from a received
 * message the address of the host that it came to; the version is 0 if the
 * host does not tell. */
void udp_local_put(struct msghdr *message, union udp_control *room,
                   const NXD_ADDRESS *from);
void udp_local_get(struct msghdr *message, NXD_ADDRESS *out);

/* udp_open opens the sockets of `link` on `port`, 0 for a free one, and sets
 * `*out` to the port.
 *
 * If that fails, nothing is open and it returns NX_PORT_UNAVAILABLE,
 * NX_NO_FREE_PORTS, NX_IP_ADDRESS_ERROR or NX_NOT_SUPPORTED. */
UINT udp_open(struct udp_link *link, UINT port, UINT *out);

/* udp_path_mtu returns the MTU of the path to an address, or 0 if the host
 * does not know it. */
ULONG udp_path_mtu(const NXD_ADDRESS *to);

/* udp_arrived is called when `fd` has something to read.  It marks the link
 * and tells the link's IP thread.  The caller holds the mutex. */
void udp_arrived(int fd);

/* struct udp_loss is what ICMP tells of a datagram that was sent. */
struct udp_loss {
    NXD_ADDRESS to;
    UINT port;
    UINT why; /* NXDTLS_PORT_NO_LISTENER, NXDTLS_PORT_NO_ROUTE */
};

/* udp_losses_tell makes the host tell of losses, or no more. */
void udp_losses_tell(const struct udp_link *link, bool tell);

/* udp_loss_get reads what ICMP has told next of this socket.  It returns false
 * if that is nothing about a datagram that did not arrive. */
bool udp_loss_get(int fd, struct udp_loss *out);

/* io_start prepares waiting for sockets (port_io_wait), if it is not.  It
 * returns false if that fails. */
bool io_start(void);

/* io_watch makes udp_arrived be called for what arrives at `fd` from now on.
 * It returns false if that fails. */
bool io_watch(int fd);

/* io_again makes it be called once more if `fd` has something to read. */
void io_again(int fd);

/* io_close ends the watch and closes `fd`. */
void io_close(int fd);

/* io_stop ends all that.  No thread waits any more. */
void io_stop(void);

#endif
