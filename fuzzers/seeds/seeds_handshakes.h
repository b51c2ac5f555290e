/* SPDX-License-Identifier: MIT */
/* Seeds that are recorded handshakes: whole associations, and their messages
 * one by one. */
#ifndef FUZZERS_SEEDS_SEEDS_HANDSHAKES_H
#define FUZZERS_SEEDS_SEEDS_HANDSHAKES_H

void seeds_write_handshakes(void);

/* seeds_check_handshakes replays the recorded associations of the corpus,
 * names those that no longer connect, and returns how many they are. */
int seeds_check_handshakes(void);

#endif
