/* SPDX-License-Identifier: MIT */
/* A DTLS server at a UDP address, in a process that is not ours.  Each end has
 * a socket of its own, so for the server each is another client. */
#include "sut/sut_socket.h"

#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADDRESS_MAX 256

static const char *refuses(const struct sut_setup *setup)
{
    return setup->role == SUT_SERVER ? NULL
                                     : "a UDP address is that of a server";
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

static int connect_to(const struct addrinfo *to)
{
    int fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void open_socket(struct sut_socket *e)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    char copy[ADDRESS_MAX];
    const char *host;
    const char *port;
    struct addrinfo *found;
    int error;

    if (!split(copy, &host, &port, e->sut.setup.where)) {
        sut_fail(&e->sut, "%s: not HOST:PORT", e->sut.setup.where);
        return;
    }
    error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        sut_fail(&e->sut, "%s: %s", e->sut.setup.where, gai_strerror(error));
        return;
    }
    e->fd = connect_to(found);
    e->has_peer = e->fd >= 0;
    freeaddrinfo(found);
    if (!e->has_peer) {
        sut_fail(&e->sut, "%s: cannot connect a socket", e->sut.setup.where);
    }
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct sut_socket *e = calloc(1, sizeof *e);

    (void)now;
    assert(e != NULL);
    e->sut.setup = *setup;
    e->fd = -1;
    open_socket(e);
    return &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct sut_socket *e = (struct sut_socket *)sut;

    if (e->fd >= 0) {
        (void)close(e->fd);
    }
    free(e);
    return 0;
}

const struct sut_driver sut_udp_server = {
    .library = "a server at a UDP address",
    .knows_addresses = true,
    .real_time = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .receive = sut_socket_receive,
    .deadline = sut_socket_deadline,
    .expire = sut_socket_expire,
    .sleep = sut_socket_sleep,
    .flush = sut_socket_flush,
};
