/* SPDX-License-Identifier: MIT */
/* A client and a server that remember sessions, over any number of
 * associations, one after the other. */
#ifndef SIM_RESUMPTION_KIT_H
#define SIM_RESUMPTION_KIT_H

#include "sim/pair_kit.h"

#include "handshake/tickets.h"

#define DAY (24 * HOUR)
#define KEPT 4 /* sessions in the server's cache */

static struct dtls_cache cache;
static struct dtls_cache_entry entries[KEPT];
static struct dtls_client_session memory; /* the client's */
static struct kit_crypto ticket_crypto;
static struct dtls_tickets tickets;
static bool with_tickets; /* the server has these, and no cache */

static inline struct dtls_config *config(int which)
{
    return &pair.ends[which].config;
}

/* The server's keys are those of time 0, which are always the same. */
static inline void reset_keys(void)
{
    kit_crypto_seed(&ticket_crypto, 77);
    dtls_tickets_free(&tickets);
    assert_int_equal(
        dtls_tickets_init(&tickets, &ticket_crypto.crypto, DAY, 0), DTLS_OK);
}

/* Both ends forget every session. */
static inline void forget_all(void)
{
    reset_keys();
    dtls_cache_free(&cache);
    dtls_cache_init(&cache, entries, KEPT);
    memory = (struct dtls_client_session){0};
}

/* Prepares an association that begins at `now`. */
static inline void prepare(uint64_t seed, uint64_t now)
{
    sim_pair_init(&pair, seed);
    pair.net.now = now;
    config(SIM_SERVER)->cache = with_tickets ? NULL : &cache;
    config(SIM_SERVER)->tickets = with_tickets ? &tickets : NULL;
    config(SIM_CLIENT)->resume = &memory;
}

static inline void set_suite(const uint16_t *suite)
{
    for (int i = 0; i < 2; i++) {
        config(i)->suites = suite;
        config(i)->num_suites = 1;
    }
}

static inline bool is_resumed(void)
{
    assert_int_equal(session(SIM_CLIENT)->hs.agreed.resumed,
                     session(SIM_SERVER)->hs.agreed.resumed);
    return session(SIM_CLIENT)->hs.agreed.resumed;
}

/* Connects the pair that is prepared, sends data, and closes.  Returns whether
 * the session was resumed. */
static inline bool connect_and_close(void)
{
    bool resumed;

    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, pair.net.now + HOUR));
    check_alive();
    resumed = is_resumed();
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_true(pair.ends[i].ended);
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    sim_pair_free(&pair);
    return resumed;
}

/* Bit n: the nth datagram is lost. */
static inline void lose_subset(void *self, const struct sim_sent *sent,
                               struct sim_fate *fate)
{
    const unsigned *subset = self;

    fate->lost = sent->number < 10 && (*subset >> sent->number & 1) != 0;
}

/* Wipes what the ends remember, for good. */
static inline void end_all(void)
{
    dtls_cache_free(&cache);
    dtls_tickets_free(&tickets);
}

/* Leaves both ends with one session, from a full handshake of the pair that is
 * prepared. */
static inline void make_session(void)
{
    assert_false(connect_and_close());
}

#endif
