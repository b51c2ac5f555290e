/* SPDX-License-Identifier: MIT */
/* Puts handshake messages together from fragments: byte ranges in any order,
 * several messages at a time, in one bounded arena (RFC 6347, 4.2.2 to
 * 4.2.3). */
#ifndef DTLS_FLIGHT_REASSEMBLY_H
#define DTLS_FLIGHT_REASSEMBLY_H

#include "flight/fragment.h"

#define DTLS_REASSEMBLY_SLOTS 8 /* messages from next_seq on that are kept */

/* struct dtls_reassembly_slot is a message that is being put together.  The
 * arena holds its body at `at`, then one bit for each byte: "received". */
struct dtls_reassembly_slot {
    bool used;
    uint8_t type;
    uint16_t seq;
    uint16_t epoch;
    uint32_t len;
    uint32_t missing; /* bytes not yet received */
    size_t at;
};

struct dtls_reassembly {
    struct dtls_span arena; /* the caller's */
    size_t arena_used;
    uint16_t next_seq; /* of the message to be processed next */
    struct dtls_reassembly_slot slots[DTLS_REASSEMBLY_SLOTS];
};

/* struct dtls_message is a whole message, borrowed from a record or from the
 * arena. */
struct dtls_message {
    uint8_t type;
    uint16_t seq;
    uint16_t epoch; /* of the records that it came in */
    struct dtls_bytes body;
};

/* dtls_reassembly_init starts at message_seq `next_seq` with nothing kept.  It
 * borrows `arena`. */
void dtls_reassembly_init(struct dtls_reassembly *r, struct dtls_span arena,
                          uint16_t next_seq);

/* dtls_reassembly_add keeps a fragment that came in a record of `epoch`.
 *
 *   DTLS_OK       kept
 *   DTLS_DISCARD  its message is before next_seq or too far ahead of it, or
 *                 there is no room for it now
 *   DTLS_NO_ROOM  its message is the next one, and longer than the arena can
 *                 ever hold
 *
 * If a fragment contradicts the kept part of its message (type, length,
 * epoch), that part is dropped, so that a clean retransmission gets through,
 * whichever of the two was forged.
 *
 * The next message may push out later ones. */
DTLS_MUST_USE enum dtls_status dtls_reassembly_add(
    struct dtls_reassembly *r, const struct dtls_fragment *fragment,
    uint16_t epoch);

/* dtls_reassembly_next returns true if the next message is complete.  `out`
 * then borrows it from the arena until dtls_reassembly_done. */
DTLS_MUST_USE bool dtls_reassembly_next(const struct dtls_reassembly *r,
                                        struct dtls_message *out);

/* dtls_reassembly_done ends the next message, whether or not it came through
 * the arena, and moves on to the one after it. */
void dtls_reassembly_done(struct dtls_reassembly *r);

/* dtls_reassembly_seek moves on, or back, to the message `next_seq`.  It drops
 * the messages that are then out of reach. */
void dtls_reassembly_seek(struct dtls_reassembly *r, uint16_t next_seq);

/* dtls_reassembly_keep_epoch drops what is kept of other epochs than
 * `epoch`.  A message that was borrowed is then no longer there. */
void dtls_reassembly_keep_epoch(struct dtls_reassembly *r, uint16_t epoch);

#endif
