/* SPDX-License-Identifier: MIT */
/* A DTLS server at a UDP address, in a process that is not ours.  Each end has
 * a socket of its own, so for the server each is another client. */
#include "sut/sut_socket.h"

#include <assert.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *refuses(const struct sut_setup *setup)
{
    return setup->role == SUT_SERVER ? NULL
                                     : "a UDP address is that of a server";
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
    struct addrinfo *found;
    const char *problem = sut_socket_find(e->sut.setup.where, &found);

    if (problem != NULL) {
        sut_fail(&e->sut, "%s: %s", e->sut.setup.where, problem);
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
