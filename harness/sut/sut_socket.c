/* SPDX-License-Identifier: MIT */
/* A UDP socket to an end in another process (sut/sut_socket.h). */
#include "sut/sut_socket.h"

#include "sim/network.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* One flush takes no more, so that an end that floods cannot hold it. */
#define FLUSH_MAX 64

#define ADDRESS_MAX 256 /* bytes of HOST:PORT, with the 0 at the end */

static struct sut_socket *socket_of(struct sut *sut)
{
    return (struct sut_socket *)sut;
}

/* Cuts HOST:PORT in two, both in `copy`; [HOST]:PORT for IPv6. */
static bool split(char copy[ADDRESS_MAX], const char **host, const char **port,
                  const char *where)
{
    int len = snprintf(copy, ADDRESS_MAX, "%s", where);
    char *colon = strrchr(copy, ':');

    if (len < 0 || len >= ADDRESS_MAX || colon == NULL || colon[1] == '\0') {
        return false;
    }
    *colon = '\0';
    *port = colon + 1;
    *host = copy;
    if (copy[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        *host = copy + 1;
    }
    return **host != '\0';
}

const char *sut_socket_find(const char *where, struct addrinfo **found)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    char copy[ADDRESS_MAX];
    const char *host;
    const char *port;
    int error;

    if (!split(copy, &host, &port, where)) {
        return "not HOST:PORT";
    }
    error = getaddrinfo(host, port, &hints, found);
    return error == 0 ? NULL : gai_strerror(error);
}

uint64_t sut_real_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* An answer of ICMP to an earlier datagram comes back as this error. */
static void note_error(struct sut *sut, int error)
{
    if (error == ECONNREFUSED) {
        sut_fail(sut, "nothing listens at its address");
    }
}

void sut_socket_receive(struct sut *sut, struct dtls_span datagram,
                        uint32_t address, uint64_t now)
{
    struct sut_socket *e = socket_of(sut);

    (void)address;
    (void)now;
    if (e->has_peer && send(e->fd, datagram.data, datagram.len, 0) < 0) {
        note_error(sut, errno);
    }
}

uint64_t sut_socket_sleep_on(const int *fds, size_t num, uint64_t until)
{
    uint64_t now = sut_real_now();
    uint64_t left = until > now ? until - now : 0;
    struct pollfd inputs[SUT_NUM_ADDRESSES];

    for (size_t i = 0; i < num; i++) {
        /* poll passes over a negative one. */
        inputs[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    }
    (void)poll(inputs, num, left < INT_MAX ? (int)left : INT_MAX);
    return sut_real_now();
}

uint64_t sut_socket_sleep(struct sut *sut, uint64_t until)
{
    return sut_socket_sleep_on(&socket_of(sut)->fd, 1, until);
}

/* Returns false if there is nothing more. */
static bool take_one(struct sut_socket *e)
{
    static uint8_t bytes[SIM_DATAGRAM_MAX];
    const struct sut_host *host = &e->sut.setup.host;
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    ssize_t len = recvfrom(e->fd, bytes, sizeof bytes, MSG_DONTWAIT,
                           (struct sockaddr *)&from, &from_len);

    if (len < 0) {
        /* Such an error stands before datagrams that came earlier. */
        note_error(&e->sut, errno);
        return errno == ECONNREFUSED;
    }
    if (e->is_for != NULL &&
        !e->is_for(e, dtls_bytes_of(bytes, (size_t)len), &from, from_len)) {
        return true;
    }
    if (!e->has_peer) {
        e->has_peer = connect(e->fd, (struct sockaddr *)&from, from_len) == 0;
    }
    host->send(host->self, dtls_bytes_of(bytes, (size_t)len));
    return true;
}

void sut_socket_flush(struct sut *sut)
{
    for (int i = 0; i < FLUSH_MAX && take_one(socket_of(sut)); i++) {
    }
}

uint64_t sut_socket_deadline(struct sut *sut, uint64_t now)
{
    (void)sut;
    (void)now;
    return SIM_NO_EVENT;
}

void sut_socket_expire(struct sut *sut, uint64_t now)
{
    (void)sut;
    (void)now;
}
