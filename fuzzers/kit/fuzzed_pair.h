/* SPDX-License-Identifier: MIT */
/* Our client and our server with a queue of datagrams between them; the
 * target decides what becomes of each.  Both ends have the oracles of
 * fuzzed_end.h. */
#ifndef FUZZERS_KIT_FUZZED_PAIR_H
#define FUZZERS_KIT_FUZZED_PAIR_H

#include "fuzzers/kit/fuzzed_end.h"

enum { FUZZ_PAIR_QUEUE = 32, FUZZ_PAIR_DATAGRAM = 2048 };

struct fuzz_in_flight {
    int to;
    size_t len;
    uint8_t bytes[FUZZ_PAIR_DATAGRAM];
};

struct fuzz_pair {
    struct fuzz_association ends[2];              /* by enum dtls_role */
    struct fuzz_in_flight queue[FUZZ_PAIR_QUEUE]; /* on their way */
    size_t num_queued;
    unsigned num_sent[2]; /* datagrams, by sender */
};

/* fuzz_pair_begin prepares both ends with the same setup; the struct must not
 * move afterwards.  fuzz_pair_begin_with takes the whole setup but the role.
 * The client has sent nothing yet, so its configuration may still be changed.
 * A datagram that does not fit into the queue is lost. */
void fuzz_pair_begin(struct fuzz_pair *pair, bool null, uint8_t kind,
                     uint8_t knobs);
void fuzz_pair_begin_with(struct fuzz_pair *pair,
                          const struct fuzz_setup *common);

/* fuzz_pair_hello lets the client send its first flight and delivers the first
 * datagram. */
void fuzz_pair_hello(struct fuzz_pair *pair);

/* fuzz_pair_deliver hands datagram `index` of the queue, which must exist, to
 * its receiver; fuzz_pair_drop loses it. */
void fuzz_pair_deliver(struct fuzz_pair *pair, size_t index);
void fuzz_pair_drop(struct fuzz_pair *pair, size_t index);

/* fuzz_pair_settle delivers in order until the queue is empty. */
void fuzz_pair_settle(struct fuzz_pair *pair);

/* fuzz_pair_recover lets the network behave until both ends are connected or
 * one is over.  It returns false if neither has happened in 80 seconds. */
bool fuzz_pair_recover(struct fuzz_pair *pair);

/* fuzz_pair_is_renegotiating returns true between two handshakes of one
 * association: what the ends have agreed on may then differ. */
bool fuzz_pair_is_renegotiating(const struct fuzz_pair *pair);

/* fuzz_pair_put appends a record for `to`, sealed with its peer's newest keys.
 * fuzz_pair_put_clear appends one in the clear, with number `seq`. */
void fuzz_pair_put(struct fuzz_pair *pair, struct dtls_buf *out, int to,
                   uint8_t type, struct dtls_bytes plain);
void fuzz_pair_put_clear(struct dtls_buf *out, uint8_t type, uint64_t seq,
                         struct dtls_bytes plain);

void fuzz_pair_free(struct fuzz_pair *pair);

#endif
