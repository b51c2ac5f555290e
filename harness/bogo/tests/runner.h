/* SPDX-License-Identifier: MIT */
/* A small scripted runner: it starts the shim, speaks BoringSSL's framing with
 * it, and plays a peer that a test makes misbehave (peer/peer.h). */
#ifndef BOGO_TESTS_RUNNER_H
#define BOGO_TESTS_RUNNER_H

#include "peer/peer.h"

#include <sys/types.h>

#define RUNNER_SENT_MAX 64 /* datagrams that the shim sent and nobody read */
#define RUNNER_SHIM_ID 0x2345678923456789u

struct runner_datagram {
    uint8_t *bytes;
    size_t len;
};

struct runner {
    struct peer peer;
    const char *program; /* the shim; NULL: where the build has put it */
    int listener;
    int fd;     /* the shim's connection */
    int alive;  /* hangs up when the shim has ended */
    int errors; /* the shim's stderr, a file */
    pid_t shim;
    struct runner_datagram sent[RUNNER_SENT_MAX]; /* by the shim */
    size_t num_sent;
    uint8_t out_bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out; /* the datagram that the test builds */

    int status;      /* the shim's exit status */
    char text[4096]; /* what it said on stderr */
};

/* runner_start starts the shim with these arguments after -port and -shim-id
 * (a NULL ends them), in the role opposite to the peer's, and waits for its
 * connection.  peer_init must have been called.  runner_end hangs up, waits
 * for the shim and fills in `status` and `text`. */
void runner_start(struct runner *r, const char *const *args);
void runner_end(struct runner *r);

/* runner_send sends the datagram in `out` and empties it. */
void runner_send(struct runner *r);
void runner_send_bytes(struct runner *r, struct dtls_bytes datagram);

/* runner_pass lets time pass and collects what the shim had sent before it
 * heard of that in `sent`; what it sends because of the time comes with the
 * next call.  runner_settle: until the shim has nothing more to say. */
void runner_pass(struct runner *r, uint64_t ms);
void runner_settle(struct runner *r);
void runner_forget(struct runner *r);

/* runner_hand gives the peer everything in `sent`. */
void runner_hand(struct runner *r);

/* runner_exchange settles, hands the shim's datagrams to the peer and takes
 * its flight apart: the next thing to do is the test's. */
void runner_exchange(struct runner *r);

/* runner_say_all sends every message of the flight, each in a datagram of its
 * own. */
void runner_say_all(struct runner *r);

/* runner_handshake goes on honestly until the peer is connected. */
void runner_handshake(struct runner *r);

/* runner_expect_timer, runner_set_mtu, runner_set_timeout: what the runner
 * says of the shim's clock and path. */
#define RUNNER_NO_TIMER UINT64_MAX
void runner_expect_timer(struct runner *r, uint64_t ns);
void runner_set_mtu(struct runner *r, uint32_t mtu);
void runner_set_timeout(struct runner *r, uint32_t ms);

/* runner_check_echo sends a message and demands it back with every bit
 * changed. */
void runner_check_echo(struct runner *r, size_t len);

/* runner_succeeds and runner_fails end the shim and judge it: silence and 0,
 * or another status and `token` on stderr, and an alert from it if `alert` is
 * not 0. */
void runner_succeeds(struct runner *r);
void runner_fails(struct runner *r, const char *token, uint8_t alert);

#endif
