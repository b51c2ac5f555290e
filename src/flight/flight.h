/* SPDX-License-Identifier: MIT */
/* Our current flight: kept as message bodies, and cut into records anew each
 * time it is sent (RFC 6347, 4.2.3, 4.2.4). */
#ifndef DTLS_FLIGHT_FLIGHT_H
#define DTLS_FLIGHT_FLIGHT_H

#include "base/store.h"
#include "flight/fragment.h"
#include "record/layer.h"

/* DTLS_FLIGHT_MESSAGES: no flight has more messages, ChangeCipherSpec
 * included. */
#define DTLS_FLIGHT_MESSAGES 8

struct dtls_flight_message {
    uint8_t record_type; /* DTLS_HANDSHAKE or DTLS_CHANGE_CIPHER_SPEC */
    uint8_t type;
    uint16_t seq;
    uint16_t epoch; /* in which it was made and is always sent */
    uint32_t len;
};

struct dtls_flight_block; /* a block of the store, see flight.c */

struct dtls_flight {
    const struct dtls_store *store;
    struct dtls_flight_block *first;
    struct dtls_flight_block *last;
    struct dtls_flight_message messages[DTLS_FLIGHT_MESSAGES];
    size_t num_messages;

    /* The place of the next byte to send.  Nothing is left if message ==
     * num_messages. */
    size_t message;
    uint32_t offset;
    struct dtls_flight_block *block;
    size_t block_offset;
};

/* dtls_flight_init makes an empty flight, which takes its blocks from
 * `store`. */
void dtls_flight_init(struct dtls_flight *flight,
                      const struct dtls_store *store);

/* dtls_flight_clear wipes every block and gives it back.  The flight is then
 * empty. */
void dtls_flight_clear(struct dtls_flight *flight);

/* dtls_flight_add appends a handshake message, which then waits to be written.
 * Its body is `num_parts` byte strings one after the other, which are copied.
 *
 * It returns DTLS_STORE_EMPTY if the store has no block, and
 * DTLS_MESSAGE_TOO_LONG if the body has 2^24 bytes or more.  The flight must
 * then be cleared. */
DTLS_MUST_USE enum dtls_status dtls_flight_add(struct dtls_flight *flight,
                                               uint8_t type, uint16_t seq,
                                               uint16_t epoch,
                                               const struct dtls_bytes *parts,
                                               size_t num_parts);

/* dtls_flight_add_ccs appends a ChangeCipherSpec in the epoch that it ends.
 * It fails as dtls_flight_add does. */
DTLS_MUST_USE enum dtls_status dtls_flight_add_ccs(struct dtls_flight *flight,
                                                   uint16_t epoch);

/* dtls_flight_rewind makes dtls_flight_write begin at the start of the
 * flight. */
void dtls_flight_rewind(struct dtls_flight *flight);

/* dtls_flight_is_sent returns true if nothing of the flight is left to
 * send. */
static inline bool dtls_flight_is_sent(const struct dtls_flight *flight)
{
    return flight->message == flight->num_messages;
}

/* dtls_flight_write fills one datagram with as many records of the flight as
 * fit into the room of `out`.  It cuts messages where it must.
 *
 * It returns DTLS_NO_ROOM if not even a byte of the next message fits into an
 * empty `out`; otherwise the status of dtls_record_layer_seal. */
DTLS_MUST_USE enum dtls_status dtls_flight_write(
    struct dtls_flight *flight, struct dtls_record_layer *layer,
    struct dtls_buf *out);

#endif
