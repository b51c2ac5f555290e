/* SPDX-License-Identifier: MIT */
/* The retransmission timer (RFC 6347, 4.2.4.1).  Times are milliseconds. */
#ifndef DTLS_FLIGHT_TIMER_H
#define DTLS_FLIGHT_TIMER_H

#include "base/status.h"

#include <stdint.h>

#define DTLS_NEVER UINT64_MAX /* a deadline that does not come             */

struct dtls_timer_config {
    uint32_t initial;     /* first timeout; 1000 by default                */
    uint32_t maximum;     /* 60000 by default                              */
    uint32_t max_retries; /* retransmissions of one flight; 10 by default  */
    uint8_t shift;        /* by which a timeout grows each time, below 32: 1
                             doubles it, the default; 0 leaves it as it is  */
};

struct dtls_timer {
    uint64_t deadline;   /* DTLS_NEVER: not armed                            */
    uint32_t timeout;    /* of the flight that is out, or of the next one    */
    uint32_t retries;    /* of the flight that is out                        */
    bool lost;           /* the flight that is out had to be sent again      */
    uint64_t idle_since; /* it was stopped; DTLS_NEVER: not yet            */
};

/* dtls_timer_init: not armed, timeout at its initial value. */
void dtls_timer_init(struct dtls_timer *timer,
                     const struct dtls_timer_config *config);

/* dtls_timer_start arms it for a flight that is being sent.  After idleness
 * of ten timeouts a raised one falls back to the initial value. */
void dtls_timer_start(struct dtls_timer *timer,
                      const struct dtls_timer_config *config, uint64_t now);

/* dtls_timer_restart arms it again after a resend that the peer asked for:
 * the timeout does not grow and no retry is used. */
void dtls_timer_restart(struct dtls_timer *timer, uint64_t now);

/* dtls_timer_expire is called at the deadline: the timeout grows and the
 * timer is armed again.  DTLS_TOO_LATE if the retries are used up. */
DTLS_MUST_USE enum dtls_status dtls_timer_expire(
    struct dtls_timer *timer, const struct dtls_timer_config *config,
    uint64_t now);

/* dtls_timer_stop: the next flight came.  A timeout that was raised stays
 * until a flight got through without loss. */
void dtls_timer_stop(struct dtls_timer *timer,
                     const struct dtls_timer_config *config, uint64_t now);

/* dtls_timer_rescale goes on, from `before` to `after`, as if its initial
 * timeout had always been the new one; an armed deadline moves by the
 * difference. */
void dtls_timer_rescale(struct dtls_timer *timer,
                        const struct dtls_timer_config *before,
                        const struct dtls_timer_config *after);

#endif
