/* SPDX-License-Identifier: MIT */
/* One client of the relay: its network, and its sockets to the target. */
#ifndef RELAY_RELAY_CLIENT_H
#define RELAY_RELAY_CLIENT_H

#include "relay/relay_options.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum relay_from { RELAY_CLIENT, RELAY_TARGET }; /* ends of the network */

#define RELAY_SOCKETS 2 /* a script moves a client to one other address */
#define RELAY_KEPT_MAX 64

/* What happened to datagrams; the names are those of the last line. */
#define RELAY_COUNTS(X)                                                       \
    X(clients)      /* addresses that sent something                  */      \
    X(from_clients) /* datagrams                                      */      \
    X(from_target)                                                            \
    X(sent) /* to either end */                                               \
    X(lost) /* by the scenario                                   */           \
    X(doubled)                                                                \
    X(changed) /* in a bit or in length                               */      \
    X(dropped) /* no room for them here                               */      \
    X(refused) /* nothing listens there, or the host did not send it */

struct relay_counts {
#define RELAY_COUNT(name) uint64_t name;
    RELAY_COUNTS(RELAY_COUNT)
#undef RELAY_COUNT
};

/* What all clients share. */
struct relay_shared {
    const struct relay_options *options;
    struct sockaddr_storage target;
    socklen_t target_len;
    int front; /* the socket of LISTEN */
    struct relay_counts counts;
    size_t held; /* bytes that wait, of all clients */
};

/* A datagram of a handshake that is to arrive again. */
struct relay_kept {
    int from;
    size_t len;
    uint8_t *bytes;
};

struct relay_client {
    struct relay_shared *shared;
    struct sockaddr_storage address;
    socklen_t address_len;
    unsigned number;            /* from 0, in the order of arrival */
    int sockets[RELAY_SOCKETS]; /* to the target, by address; -1: not open */
    uint64_t heard;             /* ms, the last datagram of either end */
    bool connected;
    struct sim_network net;
    struct sim_conditions one_way[2];
    struct sim_script script;
    struct relay_kept kept[RELAY_KEPT_MAX];
    size_t num_kept;
};

/* relay_client_new returns the client `number` of this address, or NULL if the
 * host has no socket for it.  It is the caller's to free. */
struct relay_client *relay_client_new(struct relay_shared *shared,
                                      unsigned number,
                                      const struct sockaddr_storage *address,
                                      socklen_t address_len);
void relay_client_free(struct relay_client *client);

/* relay_client_take gives a datagram of this end to the network, or drops it
 * if too much waits.  `now` is in milliseconds, as below. */
void relay_client_take(struct relay_client *client, enum relay_from from,
                       struct dtls_bytes datagram, uint64_t now);

/* relay_client_refused counts a datagram that the host did not send, or that
 * nothing listens for; `error` is that of errno. */
void relay_client_refused(struct relay_client *client, int error);

/* relay_client_deliver sends what is due. */
void relay_client_deliver(struct relay_client *client, uint64_t now);

#endif
