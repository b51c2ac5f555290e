/* SPDX-License-Identifier: MIT */
/* The relay (relay/relay.h). */
#include "relay/relay.h"

#include "relay/relay_client.h"
#include "sut/sut_socket.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CLIENTS_MAX 256
#define ROUND_MAX                                                             \
    64 /* datagrams of one socket before the next has its turn                \
        */
#define RECEIVE_BUFFER (1 << 20)

struct relay {
    struct relay_shared shared;
    struct relay_client *clients[CLIENTS_MAX];
    size_t num_clients;
    uint64_t began; /* by the real clock */
    int signals;
};

static uint64_t elapsed(const struct relay *r)
{
    return sut_real_now() - r->began;
}

/* ---- addresses ---- */

/* The first address of HOST:PORT; the program ends if there is none. */
static void find(const char *what, const char *where,
                 struct sockaddr_storage *out, socklen_t *len)
{
    struct addrinfo *found;
    const char *problem = sut_socket_find(where, &found);

    if (problem != NULL) {
        relay_bad_input("%s %s: %s", what, where, problem);
    }
    memset(out, 0, sizeof *out);
    memcpy(out, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
}

static void print_address(const struct sockaddr_storage *address,
                          socklen_t len)
{
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];

    if (getnameinfo((const struct sockaddr *)address, len, host, sizeof host,
                    port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
        (void)printf(address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s",
                     host, port);
    }
}

/* ---- its life ---- */

static void open_front(struct relay *r)
{
    const char *where = r->shared.options->listen;
    struct sockaddr_storage own;
    socklen_t len;
    int room = RECEIVE_BUFFER;
    int fd;

    find("LISTEN", where, &own, &len);
    fd = socket(own.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&own, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&own, &len) != 0) {
        relay_bad_input("LISTEN %s: %s", where, strerror(errno));
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    r->shared.front = fd;
    (void)printf("nxdtls relay: listening on ");
    print_address(&own, len);
}

static void find_target(struct relay *r)
{
    struct relay_shared *s = &r->shared;
    int fd;

    find("TARGET", s->options->target, &s->target, &s->target_len);
    fd = socket(s->target.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 ||
        connect(fd, (const struct sockaddr *)&s->target, s->target_len) != 0) {
        relay_bad_input("TARGET %s: %s", s->options->target, strerror(errno));
    }
    (void)close(fd);
}

/* The two signals are read from a socket, so that none comes too early. */
static int open_signals(void)
{
    sigset_t ends;
    int fd;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    fd = signalfd(-1, &ends, SFD_CLOEXEC);
    if (fd < 0) {
        relay_bad_input("signals: %s", strerror(errno));
    }
    return fd;
}

struct relay *relay_open(const struct relay_options *options)
{
    struct relay *r = calloc(1, sizeof *r);

    assert(r != NULL);
    r->shared.options = options;
    r->began = sut_real_now();
    find_target(r);
    r->signals = open_signals();
    open_front(r);
    (void)printf(", to ");
    print_address(&r->shared.target, r->shared.target_len);
    (void)printf(", scenario %s (%s), seed %llu\n", options->scenario->name,
                 options->scenario->what, (unsigned long long)options->seed);
    if (options->scenario->mtu != LAB_MTU) {
        (void)printf("nxdtls relay: have the ends send at most %u bytes; a "
                     "relay cannot\n",
                     options->scenario->mtu);
    }
    (void)fflush(stdout);
    return r;
}

void relay_close(struct relay *r)
{
    (void)printf("nxdtls relay:");
#define PRINT(name)                                                           \
    (void)printf(" " #name "=%llu", (unsigned long long)r->shared.counts.name);
    RELAY_COUNTS(PRINT)
#undef PRINT
    (void)printf("\n");
    for (size_t i = 0; i < r->num_clients; i++) {
        relay_client_free(r->clients[i]);
    }
    (void)close(r->shared.front);
    (void)close(r->signals);
    free(r);
}

/* ---- in ---- */

/* The client of an address, a new one if it is not known; NULL: no room. */
static struct relay_client *client_of(struct relay *r,
                                      const struct sockaddr_storage *address,
                                      socklen_t len)
{
    struct relay_client *c;

    for (size_t i = 0; i < r->num_clients; i++) {
        c = r->clients[i];
        if (c->address_len == len && memcmp(&c->address, address, len) == 0) {
            return c;
        }
    }
    if (r->num_clients == CLIENTS_MAX) {
        return NULL;
    }
    c = relay_client_new(&r->shared, (unsigned)r->shared.counts.clients,
                         address, len);
    if (c != NULL) {
        r->shared.counts.clients++;
        r->clients[r->num_clients++] = c;
    }
    return c;
}

/* One byte more than a datagram of the network may have, to tell. */
static uint8_t datagram[SIM_DATAGRAM_MAX + 1];

static void receive_front(struct relay *r)
{
    for (int i = 0; i < ROUND_MAX; i++) {
        struct sockaddr_storage from = {0};
        socklen_t len = sizeof from;
        ssize_t got = recvfrom(r->shared.front, datagram, sizeof datagram, 0,
                               (struct sockaddr *)&from, &len);
        struct relay_client *c;

        if (got < 0) {
            return;
        }
        r->shared.counts.from_clients++;
        c = client_of(r, &from, len);
        if (c == NULL) {
            r->shared.counts.dropped++;
            continue;
        }
        relay_client_take(c, RELAY_CLIENT,
                          dtls_bytes_of(datagram, (size_t)got), elapsed(r));
    }
}

static void receive_target(struct relay *r, struct relay_client *c, int fd)
{
    for (int i = 0; i < ROUND_MAX; i++) {
        ssize_t got = recv(fd, datagram, sizeof datagram, 0);

        if (got < 0) {
            if (errno == ECONNREFUSED) {
                relay_client_refused(c, errno);
            }
            return;
        }
        r->shared.counts.from_target++;
        relay_client_take(c, RELAY_TARGET,
                          dtls_bytes_of(datagram, (size_t)got), elapsed(r));
    }
}

/* ---- time ---- */

static void forget(struct relay *r, size_t i)
{
    if (r->shared.options->verbose) {
        (void)printf("client %u is forgotten\n", r->clients[i]->number);
        (void)fflush(stdout);
    }
    relay_client_free(r->clients[i]);
    r->clients[i] = r->clients[--r->num_clients];
}

/* Sends what is due and forgets clients that are silent; returns the
 * milliseconds until there is something to do again, -1 if nothing waits. */
static int serve(struct relay *r)
{
    uint64_t now = elapsed(r);
    uint64_t next = UINT64_MAX;

    for (size_t i = r->num_clients; i-- != 0;) {
        struct relay_client *c = r->clients[i];
        uint64_t end = c->heard + r->shared.options->idle;
        uint64_t due;

        relay_client_deliver(c, now);
        if (end <= now) {
            forget(r, i);
            continue;
        }
        due = sim_next_due(&c->net);
        due = due < end ? due : end;
        next = due < next ? due : next;
    }
    if (next == UINT64_MAX) {
        return -1;
    }
    return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

enum { FRONT, SIGNALS, FIRST_CLIENT };

/* A socket that is not open (-1) is passed over by poll. */
static size_t watch(const struct relay *r, struct pollfd *out)
{
    size_t num = FIRST_CLIENT;

    out[FRONT] = (struct pollfd){r->shared.front, POLLIN, 0};
    out[SIGNALS] = (struct pollfd){r->signals, POLLIN, 0};
    for (size_t i = 0; i < r->num_clients; i++) {
        for (int k = 0; k < RELAY_SOCKETS; k++) {
            out[num++] = (struct pollfd){r->clients[i]->sockets[k], POLLIN, 0};
        }
    }
    return num;
}

void relay_run(struct relay *r)
{
    static struct pollfd fds[FIRST_CLIENT + CLIENTS_MAX * RELAY_SOCKETS];

    for (;;) {
        int wait = serve(r);
        size_t num = watch(r, fds);

        if (poll(fds, num, wait) < 0 && errno != EINTR) {
            relay_bad_input("poll: %s", strerror(errno));
        }
        if (fds[SIGNALS].revents != 0) {
            return;
        }
        for (size_t i = FIRST_CLIENT; i < num; i++) {
            if (fds[i].revents != 0) {
                receive_target(r,
                               r->clients[(i - FIRST_CLIENT) / RELAY_SOCKETS],
                               fds[i].fd);
            }
        }
        receive_front(r); /* last: it adds clients */
    }
}
