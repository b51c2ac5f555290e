/* SPDX-License-Identifier: MIT */
/* A network that is one seeded event queue on a virtual clock.
 *
 * Chance (struct sim_conditions) draws a fate for every datagram: delayed,
 * lost alone or in a burst, doubled, held back, damaged, cut, too large for
 * the path.  A script may change it: sim/script.h has those that the lab uses.
 * What is drawn for the nth datagram of an endpoint follows from the seed, the
 * endpoint and n: it is the same whatever the other endpoint does meanwhile.
 * The same seed and the same calls give the same deliveries, byte for byte;
 * `trace` is a hash of them all. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "base/bytes.h"

#define SIM_DATAGRAM_MAX 65507
#define SIM_NO_EVENT UINT64_MAX

/* What becomes of one datagram. */
struct sim_fate {
    bool lost;
    const char *cause; /* why it is lost, for people; NULL: not known       */
    uint32_t delay;    /* milliseconds until it arrives                      */
    uint32_t copies;   /* how often it arrives                               */
    size_t len;        /* bytes that arrive, from the front                  */
    size_t flip_at;    /* the byte of them ...                               */
    uint8_t flip;      /* ... in which these bits change; 0: none            */
    uint32_t address;  /* where it seems to come from: 0 unless a script
                          moves its sender                                   */
};

/* A datagram as it is sent. */
struct sim_sent {
    unsigned number; /* from 0, in the order of sending, both ways together */
    uint64_t at;     /* milliseconds                                        */
    int from;
    struct dtls_bytes bytes;
};

/* What happens to datagrams; chances are in percent. */
struct sim_conditions {
    uint32_t delay;  /* milliseconds, of every datagram                   */
    uint32_t jitter; /* up to so many more, drawn for each: reorders      */
    uint32_t loss;
    uint32_t duplication;
    uint32_t burst;      /* begins a burst: it and what follows is lost ...  */
    uint32_t burst_ends; /* ... until this chance ends it                    */
    uint32_t reordering; /* held back for `hold` milliseconds                */
    uint32_t hold;
    uint32_t corruption; /* bits of one byte change                          */
    uint32_t truncation; /* the end is missing, not all */
    uint32_t mtu;        /* larger ones vanish; 0: none does                 */
    /* A script: has the last word on a fate, before the bytes are copied.
     * NULL: there is none. */
    void (*decide)(void *self, const struct sim_sent *sent,
                   struct sim_fate *fate);
    void *self;
};

struct sim_datagram {
    uint64_t due;
    uint64_t order; /* breaks ties: first sent, first delivered */
    int from;
    int to;
    uint32_t address; /* of the sender, as sim_fate has it */
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
    uint64_t seed;
    uint64_t random; /* sim_random's */
    uint64_t order;
    unsigned sent;
    struct sim_conditions conditions;
    /* Of what one endpoint sends, if it is not as above; NULL: it is. */
    const struct sim_conditions *one_way[SIM_ENDPOINTS];
    bool in_burst[SIM_ENDPOINTS];
    /* Is shown everything that is sent, with its fate.  NULL: nobody looks. */
    void (*watch)(void *watcher, const struct sim_sent *sent,
                  const struct sim_fate *fate);
    void *watcher;
    uint64_t trace; /* a hash of times, ways, bytes and fates (FNV-1a) */
    struct sim_datagram *queue; /* a heap by (due, order) */
    size_t num_queued;
    size_t cap;
    struct sim_ledger ledger[SIM_ENDPOINTS];
};

void sim_network_init(struct sim_network *net, uint64_t seed);
void sim_network_free(struct sim_network *net);

/* sim_random is a seeded generator for the ends; fates do not use it. */
uint64_t sim_random(struct sim_network *net);

/* sim_send puts a datagram on its way, or does not, as conditions say. */
void sim_send(struct sim_network *net, int from, int to,
              struct dtls_bytes datagram);

/* sim_inject delivers bytes `delay` milliseconds from now, past all
 * conditions: a replay, or a third party. */
void sim_inject(struct sim_network *net, int from, int to,
                struct dtls_bytes datagram, uint32_t delay);

/* sim_next_due is when the next datagram arrives; SIM_NO_EVENT: none. */
uint64_t sim_next_due(const struct sim_network *net);

/* sim_deliver takes the datagram that is due next; its bytes are the caller's
 * to free.  There must be one. */
struct sim_datagram sim_deliver(struct sim_network *net);

#endif
