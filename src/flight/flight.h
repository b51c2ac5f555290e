/* SPDX-License-Identifier: MIT */
/* The flight that is out: kept as message bodies, cut into records anew
 * whenever it is sent (RFC 6347, 4.2.3, 4.2.4). */
#ifndef DTLS_FLIGHT_FLIGHT_H
#define DTLS_FLIGHT_FLIGHT_H

#include "base/store.h"
#include "flight/fragment.h"
#include "record/layer.h"

/* Certificate, CertificateVerify, ... : no flight has more messages. */
#define DTLS_FLIGHT_MESSAGES 8

struct dtls_flight_message {
    uint8_t record_type; /* DTLS_HANDSHAKE or DTLS_CHANGE_CIPHER_SPEC */
    uint8_t type;
    uint16_t seq;
    uint16_t epoch; /* that it was made in, and is always sent in */
    uint32_t len;
};

struct dtls_flight_block; /* a block of the store, see flight.c */

struct dtls_flight {
    const struct dtls_store *store;
    struct dtls_flight_block *first;
    struct dtls_flight_block *last;
    struct dtls_flight_message messages[DTLS_FLIGHT_MESSAGES];
    size_t num_messages;

    /* What is sent next; message == num_messages: nothing. */
    size_t message;
    uint32_t offset;
    struct dtls_flight_block *block;
    size_t block_offset;
};

/* dtls_flight_init: empty. */
void dtls_flight_init(struct dtls_flight *flight,
                      const struct dtls_store *store);

/* dtls_flight_clear gives every block back. */
void dtls_flight_clear(struct dtls_flight *flight);

/* dtls_flight_add appends a handshake message whose body is `num_parts` byte
 * strings one after the other; they are copied.  DTLS_STORE_EMPTY if the
 * store says no: the flight must then be cleared. */
DTLS_MUST_USE enum dtls_status dtls_flight_add(struct dtls_flight *flight,
                                               uint8_t type, uint16_t seq,
                                               uint16_t epoch,
                                               const struct dtls_bytes *parts,
                                               size_t num_parts);

/* dtls_flight_add_ccs appends a ChangeCipherSpec in the epoch that it ends. */
DTLS_MUST_USE enum dtls_status dtls_flight_add_ccs(struct dtls_flight *flight,
                                                   uint16_t epoch);

/* dtls_flight_rewind: send it from the start. */
void dtls_flight_rewind(struct dtls_flight *flight);

/* dtls_flight_is_sent: is there nothing left to send? */
static inline bool dtls_flight_is_sent(const struct dtls_flight *flight)
{
    return flight->message == flight->num_messages;
}

/* dtls_flight_write fills one datagram: as many records of the flight as fit
 * into the room of `out`, messages cut where they must be.
 *
 * DTLS_NO_ROOM if not even a byte of the next message fits into an empty
 * `out`; otherwise what dtls_record_layer_seal says. */
DTLS_MUST_USE enum dtls_status dtls_flight_write(
    struct dtls_flight *flight, struct dtls_record_layer *layer,
    struct dtls_buf *out);

#endif
