/* SPDX-License-Identifier: MIT */
/* A scenario of the lab before any UDP service, in real time.
 *
 * Each client address has a simulated network of its own, and a socket of its
 * own towards the target, so that the target sees two clients as two.  What
 * waits is bounded in number and bytes: what is too much is dropped, counted,
 * and no datagram of the network. */
#ifndef RELAY_RELAY_H
#define RELAY_RELAY_H

#include "relay/relay_options.h"

struct relay;

/* relay_open binds LISTEN, looks up TARGET and prints where it listens.  Bad
 * addresses end the program with status 2.  `options` must outlive the relay,
 * which is the caller's to close. */
struct relay *relay_open(const struct relay_options *options);

/* relay_run passes datagrams on until SIGINT or SIGTERM comes. */
void relay_run(struct relay *relay);

/* relay_close prints the counters and frees everything. */
void relay_close(struct relay *relay);

#endif
