/* SPDX-License-Identifier: MIT */
/* The retransmission timer (flight/timer.h). */
#include "flight/timer.h"

uint64_t dtls_timer_patience(const struct dtls_timer_config *config)
{
    return (uint64_t)config->maximum * (config->max_retries + UINT64_C(1));
}

void dtls_timer_init(struct dtls_timer *timer,
                     const struct dtls_timer_config *config)
{
    *timer = (struct dtls_timer){
        .deadline = DTLS_NEVER,
        .timeout = config->initial,
        .idle_since = DTLS_NEVER,
    };
}

#define IDLE_TIMEOUTS 10 /* D6347-4.2.4.1-5 */

void dtls_timer_start(struct dtls_timer *timer,
                      const struct dtls_timer_config *config, uint64_t now)
{
    if (timer->idle_since != DTLS_NEVER &&
        (now - timer->idle_since) / IDLE_TIMEOUTS >= timer->timeout) {
        timer->timeout = config->initial;
    }
    timer->retries = 0;
    timer->lost = false;
    timer->deadline = now + timer->timeout;
}

void dtls_timer_restart(struct dtls_timer *timer, uint64_t now)
{
    timer->lost = true;
    timer->deadline = now + timer->timeout;
}

enum dtls_status dtls_timer_expire(struct dtls_timer *timer,
                                   const struct dtls_timer_config *config,
                                   uint64_t now)
{
    if (timer->retries == config->max_retries) {
        timer->deadline = DTLS_NEVER;
        return DTLS_TOO_LATE;
    }
    timer->retries++;
    timer->lost = true;
    timer->timeout = timer->timeout > config->maximum >> config->shift
                         ? config->maximum
                         : timer->timeout << config->shift;
    timer->deadline = now + timer->timeout;
    return DTLS_OK;
}

void dtls_timer_stop(struct dtls_timer *timer,
                     const struct dtls_timer_config *config, uint64_t now)
{
    /* D6347-4.2.4.1-4 */
    if (!timer->lost || config->begins_anew) {
        timer->timeout = config->initial;
    }
    timer->deadline = DTLS_NEVER;
    timer->idle_since = now;
}
