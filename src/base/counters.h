/* SPDX-License-Identifier: MIT */
/* Counters of events; each event is counted where it happens.
 *
 * One struct holds every counter of a session, and another one those of a
 * server.  Its owner zeroes it as a whole.  DTLS_COUNTERS lists the members;
 * whatever adds or prints counters goes through that list.  NXDTLS_STATISTICS
 * (include/nxdtls.h) has a member of each name and says what it counts. */
#ifndef DTLS_BASE_COUNTERS_H
#define DTLS_BASE_COUNTERS_H

#include "base/status.h"

#include <stdint.h>

/* X(name): counters of a session. */
#define DTLS_SESSION_COUNTERS(X)                                              \
    X(handshakes)                                                             \
    X(retransmissions)                                                        \
    X(records_sent)                                                           \
    X(records_received)                                                       \
    X(data_sent)                                                              \
    X(data_received)                                                          \
    X(alerts_sent)                                                            \
    X(alerts_received)                                                        \
    X(discarded_header)                                                       \
    X(discarded_epoch)                                                        \
    X(discarded_replay)                                                       \
    X(discarded_mac)                                                          \
    X(discarded_state)                                                        \
    X(discarded_no_room)                                                      \
    X(moves)                                                                  \
    X(moves_refused)

/* X(name): counters of a server alone, before there is a session. */
#define DTLS_GATE_COUNTERS(X)                                                 \
    X(cookies_sent)                                                           \
    X(cookies_accepted)                                                       \
    X(cookies_refused)                                                        \
    X(discarded_no_session)                                                   \
    X(refused)                                                                \
    X(given_up)

#define DTLS_COUNTERS(X) DTLS_SESSION_COUNTERS(X) DTLS_GATE_COUNTERS(X)

struct dtls_counters {
#define DTLS_COUNTER(name) uint32_t name;
    DTLS_COUNTERS(DTLS_COUNTER)
#undef DTLS_COUNTER
};

/* dtls_counters_add adds `more` to `sum`, member by member.  Counters wrap at
 * 2^32. */
static inline void dtls_counters_add(struct dtls_counters *sum,
                                     const struct dtls_counters *more)
{
#define DTLS_COUNTER(name) sum->name += more->name;
    DTLS_COUNTERS(DTLS_COUNTER)
#undef DTLS_COUNTER
}

/* dtls_discard counts a dropped record, message or datagram in `*counter`, and
 * returns DTLS_DISCARD. */
static inline enum dtls_status dtls_discard(uint32_t *counter)
{
    (*counter)++;
    return DTLS_DISCARD;
}

#endif
