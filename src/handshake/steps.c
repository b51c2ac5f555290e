/* SPDX-License-Identifier: MIT */
/* The order of messages as data (handshake/steps.h). */
#include "handshake/steps.h"

const struct dtls_hs_step *dtls_steps_find(const struct dtls_hs_step *steps,
                                           size_t at, size_t end,
                                           const struct dtls_handshake *h,
                                           uint8_t type)
{
    for (; at < end; at++) {
        enum dtls_when when = steps[at].when(h);

        if (steps[at].type == type && when != DTLS_ABSENT) {
            return &steps[at];
        }
        if (when == DTLS_REQUIRED) {
            return NULL;
        }
    }
    return NULL;
}
