/* SPDX-License-Identifier: MIT */
/* What the drivers of ends in other processes share: a UDP socket and real
 * time.  Nothing here waits longer than its caller says. */
#ifndef SUT_SUT_SOCKET_H
#define SUT_SUT_SOCKET_H

#include "sut/sut.h"

#include <sys/socket.h>

/* sut_real_now returns the milliseconds of a clock that does not go back. */
uint64_t sut_real_now(void);

struct addrinfo;

/* sut_socket_find looks up HOST:PORT; an IPv6 address stands in brackets.
 *
 * It returns NULL, and `found` is the caller's to free with freeaddrinfo, or
 * it returns why there is no such address. */
const char *sut_socket_find(const char *where, struct addrinfo **found);

/* An end that is reached through a UDP socket. */
struct sut_socket {
    struct sut sut;
    int fd;        /* -1: none */
    bool has_peer; /* the socket is connected to the end's address */
    /* Does the end take the datagram?  If not, it is lost, and does not give
     * the socket its peer.  NULL: every one. */
    bool (*is_for)(struct sut_socket *socket, struct dtls_bytes datagram,
                   const struct sockaddr_storage *from, socklen_t from_len);
};

/* sut_socket_receive sends a datagram to the end.  If the host says that
 * nothing listens at the address, the end is SUT_FAILED.  While the socket has
 * no peer, nothing is sent. */
void sut_socket_receive(struct sut *sut, struct dtls_span datagram,
                        uint32_t address, uint64_t now);

/* sut_socket_sleep and sut_socket_flush are a driver's `sleep` and `flush`.
 * The first datagram that arrives gives a socket without a peer its peer.
 *
 * sut_socket_sleep_on is the sleep of an end with `num` sockets, at most
 * SUT_NUM_ADDRESSES; -1 in the place of one is none. */
uint64_t sut_socket_sleep(struct sut *sut, uint64_t until);
uint64_t sut_socket_sleep_on(const int *fds, size_t num, uint64_t until);
void sut_socket_flush(struct sut *sut);

/* sut_socket_deadline: the end needs no call of ours. */
uint64_t sut_socket_deadline(struct sut *sut, uint64_t now);
void sut_socket_expire(struct sut *sut, uint64_t now);

#endif
