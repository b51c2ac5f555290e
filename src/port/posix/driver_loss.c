/* SPDX-License-Identifier: MIT */
/* driver_loss.c: what ICMP tells the host of datagrams that did not arrive. */

#include "driver_udp.h"

#include <errno.h>
#include <linux/errqueue.h>

/* The room for the control data of an error, behind that of a datagram. */
union loss_control {
    struct cmsghdr align;
    UCHAR bytes[sizeof(union udp_control) +
                CMSG_SPACE(sizeof(struct sock_extended_err) +
                           sizeof(struct sockaddr_in6))];
};

void udp_losses_tell(const struct udp_link *link, bool tell)
{
    int on = tell ? 1 : 0;

    (void)setsockopt(link->fd[UDP_V4], IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    (void)setsockopt(link->fd[UDP_V6], IPPROTO_IPV6, IPV6_RECVERR, &on,
                     sizeof on);
}

static bool is_error(const struct cmsghdr *c)
{
    if (c->cmsg_len < CMSG_LEN(sizeof(struct sock_extended_err))) {
        return false; /* The host had to cut it. */
    }
    return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
           (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
}

/* why_of returns 0 for an error that is no loss, as a path with a smaller
 * MTU. */
static UINT why_of(struct msghdr *message)
{
    struct cmsghdr *c;
    struct sock_extended_err error;

    for (c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (is_error(c)) {
            (void)memcpy(&error, CMSG_DATA(c), sizeof error);
            return error.ee_errno == ECONNREFUSED ? NXDTLS_PORT_NO_LISTENER
                   : error.ee_errno == EHOSTUNREACH ||
                           error.ee_errno == ENETUNREACH
                       ? NXDTLS_PORT_NO_ROUTE
                       : 0;
        }
    }
    return 0;
}

bool udp_loss_get(int fd, struct udp_loss *out)
{
    union udp_name to;
    union loss_control control;

    for (;;) {
        struct msghdr message = {
            .msg_name = &to,
            .msg_namelen = sizeof to,
            .msg_control = &control,
            .msg_controllen = sizeof control,
        };

        if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
            return false;
        }
        out->why = why_of(&message);
        if (out->why != 0) {
            out->port = udp_name_get(&to, &out->to);
            return true;
        }
    }
}
