/* SPDX-License-Identifier: MIT */
/* A network that is one seeded event queue on a virtual clock: delay, loss,
 * duplication, reordering, or a script that says which datagram is lost.
 * The same seed and the same calls give the same deliveries, byte for byte. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "base/bytes.h"

#define SIM_DATAGRAM_MAX 65507
#define SIM_NO_EVENT UINT64_MAX

/* What happens to datagrams; chances are in percent. */
struct sim_conditions {
    uint32_t delay;  /* milliseconds, of every datagram                   */
    uint32_t jitter; /* up to so many more, drawn for each: reorders      */
    uint32_t loss;
    uint32_t duplication;
    /* Asked before chance is: true drops datagram `number` (from 0, in the
     * order of sending, both ways together).  NULL: no script. */
    bool (*script)(void *self, unsigned number, int from,
                   struct dtls_bytes datagram);
    void *self;
};

struct sim_datagram {
    uint64_t due;
    uint64_t order; /* breaks ties: first sent, first delivered */
    int from;
    int to;
    size_t len;
    uint8_t *bytes;
};

/* Per endpoint: the ledger. */
struct sim_ledger {
    uint64_t datagrams_sent;
    uint64_t bytes_sent;
    uint64_t datagrams_received;
    uint64_t bytes_received;
    size_t largest_sent;
};

#define SIM_ENDPOINTS 64

struct sim_network {
    uint64_t now; /* milliseconds */
    uint64_t random;
    uint64_t order;
    unsigned sent;
    struct sim_conditions conditions;
    struct sim_datagram *queue; /* a heap by (due, order) */
    size_t num_queued;
    size_t cap;
    struct sim_ledger ledger[SIM_ENDPOINTS];
};

void sim_network_init(struct sim_network *net, uint64_t seed);
void sim_network_free(struct sim_network *net);

/* sim_random is the network's own seeded generator. */
uint64_t sim_random(struct sim_network *net);

/* sim_send puts a datagram on its way, or does not, as conditions say. */
void sim_send(struct sim_network *net, int from, int to,
              struct dtls_bytes datagram);

/* sim_next_due is when the next datagram arrives; SIM_NO_EVENT: none. */
uint64_t sim_next_due(const struct sim_network *net);

/* sim_deliver takes the datagram that is due next; its bytes are the caller's
 * to free.  There must be one. */
struct sim_datagram sim_deliver(struct sim_network *net);

#endif
