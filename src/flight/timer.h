/* SPDX-License-Identifier: MIT */
/* The retransmission timer (RFC 6347, 4.2.4.1).  Times are milliseconds. */
#ifndef DTLS_FLIGHT_TIMER_H
#define DTLS_FLIGHT_TIMER_H

#include "base/status.h"

#include <stdint.h>

#define DTLS_NEVER UINT64_MAX /* no deadline                               */

struct dtls_timer_config {
    uint32_t initial;     /* first timeout; 1000 by default                */
    uint32_t maximum;     /* 60000 by default                              */
    uint32_t max_retries; /* retransmissions of one flight; 10 by default  */
    /* Each expiry shifts the timeout left by this many bits, below 32.  The
     * default, 1, doubles it; 0 leaves it as it is. */
    uint8_t shift;
    /* Each flight begins with `initial`.  The default, false, keeps a raised
     * timeout until a flight gets through without loss (D6347-4.2.4.1-4). */
    bool begins_anew;
};

/* dtls_timer_patience returns the longest time, in milliseconds, for which a
 * flight can wait for its answer. */
uint64_t dtls_timer_patience(const struct dtls_timer_config *config);

struct dtls_timer {
    uint64_t deadline;   /* DTLS_NEVER: not armed                            */
    uint32_t timeout;    /* of the current flight, or of the next one        */
    uint32_t retries;    /* of the current flight                            */
    bool lost;           /* the current flight had to be sent again          */
    uint64_t idle_since; /* when it stopped; DTLS_NEVER: not yet           */
};

/* dtls_timer_init makes a timer that is not armed, with the initial
 * timeout. */
void dtls_timer_init(struct dtls_timer *timer,
                     const struct dtls_timer_config *config);

/* dtls_timer_start arms the timer for a flight that is being sent.  If it was
 * idle for ten timeouts, a raised timeout falls back to the initial value. */
void dtls_timer_start(struct dtls_timer *timer,
                      const struct dtls_timer_config *config, uint64_t now);

/* dtls_timer_restart arms the timer again after a resend that the peer asked
 * for.  The timeout does not grow and no retry is used. */
void dtls_timer_restart(struct dtls_timer *timer, uint64_t now);

/* dtls_timer_expire is called at the deadline: it raises the timeout and arms
 * the timer again.  If the retries are used up, it disarms the timer and
 * returns DTLS_TOO_LATE. */
DTLS_MUST_USE enum dtls_status dtls_timer_expire(
    struct dtls_timer *timer, const struct dtls_timer_config *config,
    uint64_t now);

/* dtls_timer_stop disarms the timer because the peer's next flight has come.
 * A raised timeout stays, if the configuration says so. */
void dtls_timer_stop(struct dtls_timer *timer,
                     const struct dtls_timer_config *config, uint64_t now);

#endif
