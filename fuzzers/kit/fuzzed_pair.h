/* SPDX-License-Identifier: MIT */
/* Our client and our server with a queue between them that the target works
 * off as it likes.  Each end has the oracles of association.h. */
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
    struct fuzz_in_flight queue[FUZZ_PAIR_QUEUE]; /* what is on its way */
    size_t num_queued;
    unsigned num_sent[2]; /* datagrams, by sender */
};

/* fuzz_pair_begin: both ends with the same setup; what does not fit into the
 * queue is lost.  The client has said nothing yet: its configuration may
 * still be changed.  The struct must not move. */
void fuzz_pair_begin(struct fuzz_pair *pair, bool null, uint8_t kind,
                     uint8_t knobs);

/* fuzz_pair_hello sends the client's first flight and lets the server have
 * it. */
void fuzz_pair_hello(struct fuzz_pair *pair);

/* fuzz_pair_deliver gives datagram `index` of the queue to its reader;
 * fuzz_pair_drop loses it.  There must be one. */
void fuzz_pair_deliver(struct fuzz_pair *pair, size_t index);
void fuzz_pair_drop(struct fuzz_pair *pair, size_t index);

/* fuzz_pair_settle delivers in order until nothing is on its way. */
void fuzz_pair_settle(struct fuzz_pair *pair);

/* fuzz_pair_put appends a record that `to` takes for its peer's: in the
 * clear with number `seq`, or under the peer's newest keys. */
void fuzz_pair_put(struct fuzz_pair *pair, struct dtls_buf *out, int to,
                   uint8_t type, struct dtls_bytes plain);
void fuzz_pair_put_clear(struct dtls_buf *out, uint8_t type, uint64_t seq,
                         struct dtls_bytes plain);

void fuzz_pair_free(struct fuzz_pair *pair);

#endif
