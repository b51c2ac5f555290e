/* SPDX-License-Identifier: MIT */
/* A DTLS server at a UDP address, in a process that is not ours.  Each end has
 * a socket of its own, so for the server each is another client.
 *
 * A port serves one end of a run only, in whichever process: what a server
 * still has to say to that end must not come to another.  A run counts the
 * ports up, and begins where the time says, so that the run behind it has
 * other ports, too. */
#include "sut/sut_socket.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PORT 20000
#define PORTS (65536 - FIRST_PORT)
#define PORTS_PER_SECOND 300 /* more than a run uses */

/* `socket` has the one of `fds` from which it sends, or reads, now. */
struct end {
    struct sut_socket socket;
    int fds[SUT_NUM_ADDRESSES]; /* -1: not used yet */
};

static atomic_uint *next_port; /* of all processes that share it */

void sut_share_ports(void)
{
    if (next_port != NULL) {
        return;
    }
    next_port = mmap(NULL, sizeof *next_port, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(next_port != MAP_FAILED);
    atomic_init(next_port, (unsigned)time(NULL) % PORTS * PORTS_PER_SECOND);
}

static const char *refuses(const struct sut_setup *setup)
{
    return setup->role == SUT_SERVER ? NULL
                                     : "a UDP address is that of a server";
}

/* Binds the socket to the next free port of our address `own`. */
static bool bind_next(int fd, const struct addrinfo *own)
{
    /* The port stands at the same place for both families. */
    struct sockaddr_in *address = (struct sockaddr_in *)(void *)own->ai_addr;

    for (int i = 0; i < PORTS; i++) {
        unsigned port = FIRST_PORT + atomic_fetch_add(next_port, 1) % PORTS;

        address->sin_port = htons((uint16_t)port);
        if (bind(fd, own->ai_addr, own->ai_addrlen) == 0) {
            return true;
        }
        if (errno != EADDRINUSE) {
            return false;
        }
    }
    return false;
}

/* Returns a socket from our address `own`, NULL for any, to `to`; -1 if that
 * cannot be. */
static int connect_from(const char *own, const struct addrinfo *to)
{
    const struct addrinfo hints = {.ai_family = to->ai_family,
                                   .ai_socktype = SOCK_DGRAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICHOST |
                                               AI_NUMERICSERV};
    struct addrinfo *found;
    int fd;

    if (getaddrinfo(own, "0", &hints, &found) != 0) {
        return -1;
    }
    fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && (!bind_next(fd, found) ||
                    connect(fd, to->ai_addr, to->ai_addrlen) != 0)) {
        (void)close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void open_socket(struct end *e, uint32_t address)
{
    struct sut *sut = &e->socket.sut;
    const char *own = address == SUT_OTHER_HOST ? sut->setup.second : NULL;
    const char *where =
        address == SUT_IPV6 ? sut->setup.ipv6 : sut->setup.where;
    struct addrinfo *found;
    const char *problem = sut_socket_find(where, &found);

    if (problem != NULL) {
        sut_fail(sut, "%s: %s", where, problem);
        return;
    }
    e->fds[address] = connect_from(own, found);
    freeaddrinfo(found);
    if (e->fds[address] < 0) {
        sut_fail(sut, "%s: cannot connect a socket%s%s", where,
                 own == NULL ? "" : " from ", own == NULL ? "" : own);
    }
}

/* Takes the socket of an address, once it has one. */
static void use_address(struct end *e, uint32_t address)
{
    e->socket.fd = e->fds[address];
    e->socket.has_peer = e->socket.fd >= 0;
    e->socket.sut.to = address;
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);

    (void)now;
    assert(e != NULL);
    e->socket.sut.setup = *setup;
    for (int i = 0; i < SUT_NUM_ADDRESSES; i++) {
        e->fds[i] = -1;
    }
    sut_share_ports();
    open_socket(e, SUT_HOME);
    use_address(e, SUT_HOME);
    return &e->socket.sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = (struct end *)sut;

    for (int i = 0; i < SUT_NUM_ADDRESSES; i++) {
        if (e->fds[i] >= 0) {
            (void)close(e->fds[i]);
        }
    }
    free(e);
    return 0;
}

static void receive(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    struct end *e = (struct end *)sut;

    if (e->fds[address] < 0) {
        open_socket(e, address);
    }
    use_address(e, address);
    sut_socket_receive(sut, datagram, address, now);
}

static uint64_t sleep_until(struct sut *sut, uint64_t until)
{
    return sut_socket_sleep_on(((struct end *)sut)->fds, SUT_NUM_ADDRESSES,
                               until);
}

/* The server may still send to an address that the client has left. */
static void flush(struct sut *sut)
{
    struct end *e = (struct end *)sut;

    for (uint32_t i = 0; i < SUT_NUM_ADDRESSES; i++) {
        if (e->fds[i] >= 0) {
            use_address(e, i);
            sut_socket_flush(sut);
        }
    }
}

const struct sut_driver sut_udp_server = {
    .library = "a server at a UDP address",
    .knows_addresses = true,
    .serves_many = true,
    .real_time = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .receive = receive,
    .deadline = sut_socket_deadline,
    .expire = sut_socket_expire,
    .sleep = sleep_until,
    .flush = flush,
};
