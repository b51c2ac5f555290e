/* SPDX-License-Identifier: MIT */
/* Our client and our server on the engine, with the simulated network between
 * them. */
#ifndef SIM_PAIR_H
#define SIM_PAIR_H

#include "session/listener.h"
#include "sim/network.h"

enum { SIM_CLIENT, SIM_SERVER };

#define SIM_ARENA 20000
#define SIM_BLOCKS 64
#define SIM_BLOCK_SIZE 512

/* A store of so many blocks; `left` can be lowered to see it say no. */
struct sim_store {
    struct dtls_store store;
    unsigned left;
    unsigned taken;
};

struct sim_end {
    struct dtls_session session;
    struct dtls_config config;
    struct sim_store store;
    uint8_t arena[SIM_ARENA];
    uint8_t peer_certs[SIM_ARENA];
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct dtls_counters counters;
    bool connected; /* DTLS_EVENT_CONNECTED was seen */
    bool ended;
    unsigned renegotiations; /* DTLS_EVENT_RENEGOTIATED was seen so often */
    uint32_t peer_at;        /* the peer's address, as sim_fate has it ... */
    uint32_t candidate;      /* ... the one that is checked, ... */
    uint32_t sender;         /* ... and the one of the last datagram */
    uint8_t data[SIM_ARENA]; /* application data received, one after another */
    size_t data_len;
    unsigned num_data;
};

struct sim_pair {
    struct sim_network net;
    struct dtls_crypto crypto; /* libcrypto with the network's randomness */
    struct dtls_listener listener;
    struct dtls_address client_address;
    struct sim_end ends[2];
    /* Where the client is; what the server sends elsewhere is lost, but shown
     * to `stray`, unless that is NULL. */
    uint32_t client_at;
    void (*stray)(struct sim_pair *pair, uint32_t to, struct dtls_bytes what);
    uint8_t *read; /* the datagram that an end reads now */
    bool accepted; /* the server has a session */
    unsigned sessions_taken;
};

/* sim_pair_init sets both ends up alike: one PSK, a password, suite PSK_CCM_8,
 * default timers, MTU 1400.  Change the configurations before sim_pair_start.
 */
void sim_pair_init(struct sim_pair *pair, uint64_t seed);
void sim_pair_free(struct sim_pair *pair);

/* sim_pair_start lets the client connect. */
void sim_pair_start(struct sim_pair *pair);

/* sim_pair_step does the next thing that happens: sends what waits to be
 * sent, then delivers a datagram or lets a timer fire.  False if nothing will
 * ever happen again or `until` (milliseconds) is reached first. */
bool sim_pair_step(struct sim_pair *pair, uint64_t until);

/* sim_pair_run steps until both ends are connected, an end has failed, or
 * `until`; true if both are connected. */
bool sim_pair_run(struct sim_pair *pair, uint64_t until);

/* sim_pair_drain steps until nothing happens before `until`. */
void sim_pair_drain(struct sim_pair *pair, uint64_t until);

/* sim_pair_say sends application data from one end, after what waits to be
 * sent. */
enum dtls_status sim_pair_say(struct sim_pair *pair, int from,
                              struct dtls_bytes data);

#endif
