/* SPDX-License-Identifier: MIT */
/* driver_udp.c: the network of the host, through its UDP sockets. */

#include "driver_udp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define MTU 1500  /* what nx_ip_create gets; the host fragments */
#define BATCH 64  /* datagrams read before other threads run */
#define AT_ONCE 4 /* of them with one call of the host */
#define MAX_PIECES 64

static struct udp_link *links;
static UINT polling; /* IP threads that have packets to pass on */

static void close_link(struct udp_link *link)
{
    UINT i;

    for (i = UDP_V4; i <= UDP_V6; i++) {
        if (link->fd[i] >= 0) {
            io_close(link->fd[i]);
        }
    }
    free(link);
}

/* stop ends the driver at the end of the kernel. */
static void stop(void)
{
    io_stop();
    polling = 0; /* An IP thread may have been deleted meanwhile. */
    while (links != NULL) {
        struct udp_link *link = links;

        links = link->next;
        close_link(link);
    }
}

static bool watch(const struct udp_link *link)
{
    return io_watch(link->fd[UDP_V4]) &&
           (link->fd[UDP_V6] < 0 || io_watch(link->fd[UDP_V6]));
}

static UINT udp_bind(NX_UDP_SOCKET *socket, UINT port, UINT *out)
{
    struct udp_link *link;
    UINT status;

    if (port_kernel.mode == NXDTLS_PORT_VIRTUAL) {
        return NX_NOT_SUPPORTED;
    }
    link = calloc(1, sizeof *link);
    if (link == NULL || !io_start()) {
        free(link);
        return NX_NOT_SUCCESSFUL;
    }
    port_at_stop(stop);
    link->socket = socket;
    link->ip = socket->nx_udp_socket_ip_ptr;
    status = udp_open(link, port, out);
    if (status != NX_SUCCESS) {
        free(link);
        return status;
    }
    if (!watch(link)) {
        close_link(link);
        return NX_NOT_SUCCESSFUL;
    }
    link->next = links;
    links = link;
    socket->nx_udp_socket_port_link = link;
    return NX_SUCCESS;
}

static void udp_unbind(NX_UDP_SOCKET *socket)
{
    struct udp_link **at = &links;

    while (*at != NULL && (*at)->socket != socket) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        struct udp_link *link = *at;

        *at = link->next;
        close_link(link);
    }
    socket->nx_udp_socket_port_link = NULL;
}

static UINT status_of(int error)
{
    switch (error) {
    case EMSGSIZE:
        return NX_SIZE_ERROR;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
    case EINVAL:
    case EACCES: /* a broadcast address */
        return NX_IP_ADDRESS_ERROR;
    case EAGAIN:
    case EINTR:
    case ECONNREFUSED: /* again and again */
    case ENOBUFS:
    case ENOMEM:
    case EPERM:            /* a packet filter */
        return NX_SUCCESS; /* lost on the way, as datagrams are */
    default:
        return NX_NOT_SUCCESSFUL;
    }
}

/* transmit tries up to eight times: on a host that tells of losses, a send may
 * return the error of an earlier datagram, to anyone, and send nothing.  The
 * datagram's own error comes back each time. */
static UINT transmit(int fd, const struct msghdr *message)
{
    UINT attempt;

    for (attempt = 0; attempt < 8; attempt++) {
        if (sendmsg(fd, message, MSG_NOSIGNAL) >= 0) {
            return NX_SUCCESS;
        }
    }
    return status_of(errno);
}

/* in_pieces lists the packets of a chain.  It returns false if there are too
 * many. */
static bool in_pieces(NX_PACKET *packet, struct iovec *out, size_t *num)
{
    NX_PACKET *p;

    *num = 0;
    for (p = packet; p != NULL; p = p->nx_packet_next) {
        if (*num == MAX_PIECES) {
            return false;
        }
        out[*num].iov_base = p->nx_packet_prepend_ptr;
        out[*num].iov_len =
            (size_t)(p->nx_packet_append_ptr - p->nx_packet_prepend_ptr);
        (*num)++;
    }
    return true;
}

/* is_up returns false after NX_LINK_DISABLE: the host's network stays as it
 * is, and the instance has no part in it. */
static bool is_up(const NX_IP *ip)
{
    return ip->nx_ip_interface[0].nx_interface_link_up;
}

static UINT udp_send(NX_UDP_SOCKET *socket, NX_PACKET *packet,
                     const NXD_ADDRESS *from, const NXD_ADDRESS *to, UINT port)
{
    const struct udp_link *link = socket->nx_udp_socket_port_link;
    int fd =
        link->fd[to->nxd_ip_version == NX_IP_VERSION_V4 ? UDP_V4 : UDP_V6];
    UCHAR whole[NET_LENGTH_MAX];
    struct iovec pieces[MAX_PIECES];
    union udp_name name;
    union udp_control control;
    struct msghdr message = {.msg_name = &name, .msg_iov = pieces};
    ULONG len;

    if (fd < 0) {
        return NX_NO_INTERFACE_ADDRESS;
    }
    if (!is_up(link->ip)) {
        link->ip->nx_ip_send_packets_dropped++;
        return NX_SUCCESS; /* a wire does not report a loss */
    }
    message.msg_namelen = udp_name_put(&name, to, port);
    if (from != NULL) {
        udp_local_put(&message, &control, from);
    }
    if (!in_pieces(packet, pieces, &message.msg_iovlen)) {
        (void)_nx_packet_data_retrieve(packet, whole, &len);
        pieces[0] = (struct iovec){.iov_base = whole, .iov_len = len};
        message.msg_iovlen = 1;
    }
    return transmit(fd, &message);
}

/* next_readable returns a socket of `ip` to read from, or NULL. */
static struct udp_link *next_readable(const NX_IP *ip, UINT *family)
{
    struct udp_link *link;

    for (link = links; link != NULL; link = link->next) {
        for (*family = UDP_V4; *family <= UDP_V6; (*family)++) {
            if (link->ip == ip && link->readable[*family]) {
                return link;
            }
        }
    }
    return NULL;
}

/* The datagrams that were read with one call of the host.  They become packets
 * before the mutex is given back. */
static struct arrival {
    UCHAR bytes[NET_LENGTH_MAX];
    struct iovec piece;
    union udp_name from;
    union udp_control control;
} arrivals[AT_ONCE];
static struct mmsghdr heads[AT_ONCE];

static void make_room(void)
{
    UINT i;

    for (i = 0; i < AT_ONCE; i++) {
        struct arrival *a = &arrivals[i];

        a->piece.iov_base = a->bytes;
        a->piece.iov_len = sizeof a->bytes;
        heads[i].msg_hdr = (struct msghdr){
            .msg_name = &a->from,
            .msg_namelen = sizeof a->from,
            .msg_iov = &a->piece,
            .msg_iovlen = 1,
            .msg_control = &a->control,
            .msg_controllen = sizeof a->control,
        };
    }
}

/* append copies bytes to the end of a packet, and chains others of its pool to
 * it.  It returns false if the pool has none. */
static bool append(NX_PACKET *packet, const UCHAR *bytes, ULONG len)
{
    NX_PACKET *last = packet;

    packet->nx_packet_length += len;
    for (;;) {
        ULONG here = net_packet_fill(last, bytes, len);

        bytes += here;
        len -= here;
        if (len == 0) {
            return true;
        }
        last->nx_packet_next =
            net_packet_take(packet->nx_packet_pool_owner, NX_RECEIVE_PACKET);
        last = last->nx_packet_next;
        if (last == NULL) {
            return false;
        }
        packet->nx_packet_last = last;
    }
}

/* Makes a received packet of a datagram.  It returns NULL if the link is down
 * or the pool has no packets for it. */
static NX_PACKET *in_packet(NX_IP *ip, struct mmsghdr *head, UINT port)
{
    struct net_path path = {.to_port = port};
    NX_PACKET *packet =
        net_packet_take(ip->nx_ip_default_packet_pool, NX_RECEIVE_PACKET);

    path.from_port = udp_name_get(head->msg_hdr.msg_name, &path.from);
    udp_local_get(&head->msg_hdr, &path.to);
    if (!is_up(ip) || packet == NULL ||
        !net_packet_frame(packet, path.from.nxd_ip_version) ||
        !append(packet, head->msg_hdr.msg_iov->iov_base, head->msg_len)) {
        ip->nx_ip_receive_packets_dropped++;
        (void)net_packet_give(packet);
        return NULL;
    }
    if (path.to.nxd_ip_version == 0) { /* The host does not tell. */
        net_source(ip, &path.from, &path.to);
        path.to.nxd_ip_version = path.from.nxd_ip_version;
    }
    net_packet_address(ip, packet, &path);
    return packet;
}

/* What one look at a socket finds. */
struct found {
    NX_PACKET *packets[AT_ONCE];
    UINT num;
    struct udp_loss loss; /* why 0: none was told of */
};

/* read_some reads datagrams, or of a loss if there are none.  It knows that
 * nothing more is there when fewer datagrams come than it has room for; if
 * losses are told of, too, that shows only when there are none. */
static void read_some(struct udp_link *link, UINT family, struct found *out)
{
    int fd = link->fd[family];
    int i;
    int n;

    make_room();
    n = recvmmsg(fd, heads, AT_ONCE, MSG_DONTWAIT, NULL);
    if (n < 0 && link->unreachable != NULL && udp_loss_get(fd, &out->loss)) {
        return;
    }
    if (n < 0 || (n < AT_ONCE && link->unreachable == NULL)) {
        link->readable[family] = false;
    }
    if (n < 0 && errno != EAGAIN) {
        io_again(fd); /* It was the error of another datagram. */
    }
    for (i = 0; i < n; i++) {
        NX_PACKET *packet =
            in_packet(link->ip, &heads[i], link->socket->nx_udp_socket_port);

        if (packet != NULL) {
            out->packets[out->num++] = packet;
        }
    }
}

static void leave_rest(struct udp_link *link, UINT family)
{
    link->readable[family] = false;
    io_again(link->fd[family]);
}

/* A thread that sees a datagram takes it to the socket itself, as an interrupt
 * would, if no code of the application runs for it.  While an IP thread has
 * earlier datagrams to pass on, that is left to the IP thread. */
static bool may_deliver(const struct udp_link *link)
{
    return polling == 0 && link->unreachable == NULL &&
           net_may_deliver(link->socket);
}

static void deliver(struct udp_link *link, UINT family)
{
    UINT left = BATCH / AT_ONCE;

    while (link->readable[family] && left-- > 0) {
        struct found found = {.num = 0};
        UINT i;

        read_some(link, family, &found);
        for (i = 0; i < found.num; i++) {
            net_deliver(link->ip, found.packets[i]);
        }
    }
    if (link->readable[family]) {
        leave_rest(link, family);
    }
}

void udp_arrived(int fd)
{
    struct udp_link *link;
    UINT i;

    for (link = links; link != NULL; link = link->next) {
        for (i = UDP_V4; i <= UDP_V6; i++) {
            if (link->fd[i] == fd) {
                link->readable[i] = true;
                if (may_deliver(link)) {
                    deliver(link, i);
                } else {
                    port_event_set(&link->ip->nx_ip_events, NET_EVENT_POLL);
                }
                return;
            }
        }
    }
}

/* tell calls the application's notification of a loss. */
static void tell(struct udp_link *link, struct udp_loss *loss)
{
    if (loss->why != 0 && link->unreachable != NULL) {
        link->unreachable(link->socket, &loss->to, loss->port, loss->why);
    }
}

/* poll_one looks at one socket, and passes on what it finds.  It returns false
 * if no socket is readable. */
static bool poll_one(NX_IP *ip)
{
    struct found found = {.num = 0};
    struct udp_link *link;
    UINT family;
    UINT i;

    port_enter();
    link = next_readable(ip, &family);
    if (link != NULL) {
        read_some(link, family, &found);
        polling++;
    }
    port_exit(); /* `link` stays until its notification has been called */
    if (link == NULL) {
        return false;
    }
    tell(link, &found.loss);
    for (i = 0; i < found.num; i++) {
        net_receive(ip, found.packets[i]);
    }
    port_enter();
    polling--;
    port_exit();
    return true;
}

/* udp_poll reads a batch.  The rest is told of again, so that a flood does not
 * keep threads below the IP thread from running. */
static void udp_poll(NX_IP *ip)
{
    struct udp_link *link;
    UINT family;
    UINT i;

    for (i = 0; i < BATCH / AT_ONCE; i++) {
        if (!poll_one(ip)) {
            return;
        }
    }
    port_enter();
    while ((link = next_readable(ip, &family)) != NULL) {
        leave_rest(link, family);
    }
    port_leave();
}

UINT nxdtls_port_udp_unreachable_notify(
    NX_UDP_SOCKET *socket_ptr,
    VOID (*notify)(NX_UDP_SOCKET *socket_ptr, NXD_ADDRESS *ip_address,
                   UINT port, UINT why))
{
    struct udp_link *link;
    UINT status =
        socket_ptr->nx_udp_socket_bound ? NX_NOT_SUPPORTED : NX_NOT_BOUND;

    port_enter();
    for (link = links; link != NULL; link = link->next) {
        if (link->socket == socket_ptr) {
            link->unreachable = notify;
            udp_losses_tell(link, notify != NULL);
            status = NX_SUCCESS;
        }
    }
    port_leave();
    return status;
}

static const struct net_link udp_link = {
    .bind = udp_bind,
    .unbind = udp_unbind,
    .send = udp_send,
    .poll = udp_poll,
    .path_mtu = udp_path_mtu,
};

VOID _nxdtls_udp_network_driver(NX_IP_DRIVER *driver_req_ptr)
{
    net_drive(driver_req_ptr, &udp_link, MTU);
}
