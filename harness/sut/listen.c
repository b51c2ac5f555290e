/* SPDX-License-Identifier: MIT */
/* A DTLS client that comes by itself, again and again, to a port of ours.
 *
 * The port stays open from the first end on, in this process and in those that
 * it begets, so that a client is not refused between two ends.  An end takes
 * the first ClientHello whose random is not that of the end before; nothing
 * else starts it, and from then on it hears this client alone.  So there is
 * one end at a time, and a client that hangs in the end before must give up
 * before it can come again. */
#include "sut/sut_socket.h"

#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define RANDOM_LEN 32
#define ADDRESS_MAX 256

/* One port in a program.  `last` is shared with the processes that it
 * begets. */
static int port_fd = -1;
static uint8_t *last;

struct end {
    struct sut_socket socket;
    struct sockaddr_storage client;
    socklen_t client_len;
};

static const char *refuses(const struct sut_setup *setup)
{
    return setup->role == SUT_CLIENT ? NULL
                                     : "what comes to a port is a client";
}

static int bind_to(const struct addrinfo *own)
{
    int fd = socket(own->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && bind(fd, own->ai_addr, own->ai_addrlen) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* A PORT alone is that of every IPv4 address of ours. */
static void open_port(struct sut *sut)
{
    const char *where = sut->setup.where;
    char any[ADDRESS_MAX];
    struct addrinfo *found;
    const char *problem;

    (void)snprintf(any, sizeof any, "0.0.0.0:%s", where);
    problem =
        sut_socket_find(strchr(where, ':') == NULL ? any : where, &found);
    if (problem != NULL) {
        sut_fail(sut, "%s: %s", where, problem);
        return;
    }
    port_fd = bind_to(found);
    freeaddrinfo(found);
    if (port_fd < 0) {
        sut_fail(sut, "%s: cannot listen there", where);
        return;
    }
    last = mmap(NULL, RANDOM_LEN, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(last != MAP_FAILED);
}

/* Returns the random of a ClientHello that begins an association; NULL: it is
 * another datagram.
 *
 * struct { ContentType; ProtocolVersion; uint16 epoch; uint48 number; uint16
 *          length; } then
 * struct { HandshakeType; uint24 length; uint16 message_seq; uint24
 *          fragment_offset; uint24 fragment_length; ProtocolVersion; Random; }
 */
static const uint8_t *first_hello(struct dtls_bytes in)
{
    struct dtls_bytes number;
    struct dtls_bytes lengths;
    struct dtls_bytes random;
    uint8_t type;
    uint8_t message;
    uint16_t version;
    uint16_t epoch;
    uint16_t len;
    uint16_t seq;
    uint32_t offset;

    if (!dtls_get_u8(&in, &type) || !dtls_get_u16(&in, &version) ||
        !dtls_get_u16(&in, &epoch) || !dtls_get_bytes(&in, 6, &number) ||
        !dtls_get_u16(&in, &len) || !dtls_get_u8(&in, &message) ||
        !dtls_get_bytes(&in, 3, &lengths) || !dtls_get_u16(&in, &seq) ||
        !dtls_get_u24(&in, &offset) || !dtls_get_bytes(&in, 3, &lengths) ||
        !dtls_get_u16(&in, &version) ||
        !dtls_get_bytes(&in, RANDOM_LEN, &random)) {
        return NULL;
    }
    return type == 22 && epoch == 0 && message == 1 && seq == 0 && offset == 0
               ? random.data
               : NULL;
}

static bool is_for(struct sut_socket *socket, struct dtls_bytes datagram,
                   const struct sockaddr_storage *from, socklen_t from_len)
{
    struct end *e = (struct end *)socket;
    const uint8_t *random;

    if (socket->has_peer) {
        return from_len == e->client_len &&
               memcmp(from, &e->client, from_len) == 0;
    }
    random = first_hello(datagram);
    if (random == NULL || memcmp(random, last, RANDOM_LEN) == 0) {
        return false;
    }
    memcpy(last, random, RANDOM_LEN);
    memcpy(&e->client, from, from_len);
    e->client_len = from_len;
    return true;
}

/* Lets the port hear everybody; an error that waits there is the last
 * client's, and goes with it. */
static void forget_client(void)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int error;
    socklen_t len = sizeof error;

    (void)connect(port_fd, &nobody, sizeof nobody);
    (void)getsockopt(port_fd, SOL_SOCKET, SO_ERROR, &error, &len);
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);

    (void)now;
    assert(e != NULL);
    e->socket.sut.setup = *setup;
    e->socket.is_for = is_for;
    if (port_fd < 0) {
        open_port(&e->socket.sut);
    } else {
        forget_client(); /* of an end whose process died */
    }
    e->socket.fd = port_fd;
    return &e->socket.sut;
}

/* Does a client wait at the port?  Anything else that waits is lost. */
static bool client_waits(void)
{
    uint8_t bytes[2048]; /* the beginning is enough */
    const uint8_t *random;
    ssize_t len;

    while ((len = recv(port_fd, bytes, sizeof bytes,
                       MSG_PEEK | MSG_DONTWAIT)) >= 0) {
        random = first_hello(dtls_bytes_of(bytes, (size_t)len));
        if (random != NULL && memcmp(random, last, RANDOM_LEN) != 0) {
            return true;
        }
        (void)recv(port_fd, bytes, sizeof bytes, MSG_DONTWAIT);
    }
    return false;
}

/* The client begins when it likes: what the caller then waits for is an answer
 * of a client that is there. */
static void start(struct sut *sut, uint64_t now)
{
    uint64_t until = sut_real_now() + sut->setup.live_ms;

    (void)now;
    while (sut->state != SUT_FAILED && !client_waits()) {
        if (sut_socket_sleep(sut, until) >= until) {
            sut_fail(sut, "no client has come in %u ms", sut->setup.live_ms);
        }
    }
}

static unsigned destroy(struct sut *sut)
{
    if (port_fd >= 0) {
        forget_client();
    }
    free(sut);
    return 0;
}

const struct sut_driver sut_listen = {
    .library = "a client that comes by itself",
    .real_time = true,
    .one_end = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = start,
    .receive = sut_socket_receive,
    .deadline = sut_socket_deadline,
    .expire = sut_socket_expire,
    .sleep = sut_socket_sleep,
    .flush = sut_socket_flush,
};
