/* SPDX-License-Identifier: MIT */
/* Seeds that are written by hand, or need no handshake. */
#ifndef FUZZERS_SEEDS_SEEDS_BY_HAND_H
#define FUZZERS_SEEDS_SEEDS_BY_HAND_H

void seeds_write_by_hand(void);

#endif
