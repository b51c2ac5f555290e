/* SPDX-License-Identifier: MIT */
/* Our current flight (flight/flight.h). */
#include "flight/flight.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

/* A fragment of fewer body bytes is not worth its headers, unless it is the
 * last one of its message. */
#define WORTH_SENDING 32

struct dtls_flight_block {
    struct dtls_flight_block *next;
    size_t size; /* of data */
    size_t used;
    uint8_t data[];
};

void dtls_flight_init(struct dtls_flight *flight,
                      const struct dtls_store *store)
{
    *flight = (struct dtls_flight){.store = store};
}

void dtls_flight_clear(struct dtls_flight *flight)
{
    struct dtls_flight_block *block = flight->first;

    while (block != NULL) {
        struct dtls_flight_block *next = block->next;

        /* A flight holds nothing more secret than the encrypted premaster and
         * Finished, yet the block goes back to a pool that others use. */
        dtls_wipe(block->data, block->used);
        flight->store->give(flight->store->self, block);
        block = next;
    }
    dtls_flight_init(flight, flight->store);
}

/* Appends one more block.  Returns NULL if the store has none.  The first one
 * is where a new flight is written from, without a rewind. */
static struct dtls_flight_block *add_block(struct dtls_flight *flight)
{
    size_t size;
    struct dtls_flight_block *block =
        flight->store->take(flight->store->self, &size);

    if (block == NULL) {
        return NULL;
    }
    assert(size >= DTLS_BLOCK_MIN);
    block->next = NULL;
    block->size = size - sizeof *block;
    block->used = 0;
    if (flight->last != NULL) {
        flight->last->next = block;
    } else {
        flight->first = block;
        flight->block = block;
    }
    flight->last = block;
    return block;
}

static enum dtls_status keep(struct dtls_flight *flight,
                             struct dtls_bytes bytes)
{
    while (bytes.len != 0) {
        struct dtls_flight_block *block = flight->last;
        struct dtls_bytes part;
        size_t room;

        if (block == NULL || block->used == block->size) {
            block = add_block(flight);
        }
        if (block == NULL) {
            return DTLS_STORE_EMPTY;
        }
        room = block->size - block->used;
        if (!dtls_get_bytes(&bytes, room < bytes.len ? room : bytes.len,
                            &part)) {
            return DTLS_INTERNAL_ERROR;
        }
        memcpy(&block->data[block->used], part.data, part.len);
        block->used += part.len;
    }
    return DTLS_OK;
}

static struct dtls_flight_message *add_message(struct dtls_flight *flight)
{
    /* The handshake's steps bound the messages of a flight. */
    assert(flight->num_messages < DTLS_FLIGHT_MESSAGES);
    return &flight->messages[flight->num_messages++];
}

enum dtls_status dtls_flight_add(struct dtls_flight *flight, uint8_t type,
                                 uint16_t seq, uint16_t epoch,
                                 const struct dtls_bytes *parts,
                                 size_t num_parts)
{
    struct dtls_flight_message *message = add_message(flight);
    size_t len = 0;

    for (size_t i = 0; i < num_parts; i++) {
        enum dtls_status status = keep(flight, parts[i]);

        if (status != DTLS_OK) {
            return status;
        }
        len += parts[i].len;
    }
    if (len > 0xffffff) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    *message = (struct dtls_flight_message){
        .record_type = DTLS_HANDSHAKE,
        .type = type,
        .seq = seq,
        .epoch = epoch,
        .len = (uint32_t)len,
    };
    return DTLS_OK;
}

enum dtls_status dtls_flight_add_ccs(struct dtls_flight *flight,
                                     uint16_t epoch)
{
    struct dtls_flight_message *message = add_message(flight);

    *message = (struct dtls_flight_message){
        .record_type = DTLS_CHANGE_CIPHER_SPEC,
        .epoch = epoch,
        .len = 1,
    };
    return keep(flight, dtls_bytes_of((const uint8_t[]){1}, 1));
}

void dtls_flight_rewind(struct dtls_flight *flight)
{
    flight->message = 0;
    flight->offset = 0;
    flight->block = flight->first;
    flight->block_offset = 0;
}

/* Moves `len` bytes of the flight, in order, into `out`, which has room. */
static void pour(struct dtls_flight *flight, struct dtls_buf *out, size_t len)
{
    while (len != 0) {
        const struct dtls_flight_block *block = flight->block;
        size_t part = block->used - flight->block_offset;
        bool ok;

        part = part < len ? part : len;
        ok = dtls_put_bytes(
            out, dtls_bytes_of(&block->data[flight->block_offset], part));
        assert(ok); /* The caller has measured. */
        (void)ok;
        len -= part;
        flight->block_offset += part;
        if (flight->block_offset == block->used && block->next != NULL) {
            flight->block = block->next;
            flight->block_offset = 0;
        }
    }
}

/* Sets `*out` to how many bytes of the current message go into `room` bytes of
 * body now.  Returns false if they should rather start the next datagram. */
static bool portion(const struct dtls_flight *flight, size_t room,
                    bool datagram_is_empty, size_t *out)
{
    const struct dtls_flight_message *message =
        &flight->messages[flight->message];
    size_t left = message->len - flight->offset;

    if (left <= room) {
        *out = left;
        return true;
    }
    *out = room;
    return message->record_type == DTLS_HANDSHAKE && room != 0 &&
           (datagram_is_empty || room >= WORTH_SENDING);
}

/* Writes one record.  `*wrote` is false if nothing more fits. */
static enum dtls_status write_record(struct dtls_flight *flight,
                                     struct dtls_record_layer *layer,
                                     struct dtls_buf *out, bool *wrote)
{
    const struct dtls_flight_message *message =
        &flight->messages[flight->message];
    bool handshake = message->record_type == DTLS_HANDSHAKE;
    size_t header = handshake ? DTLS_FRAGMENT_HEADER_LEN : 0;
    struct dtls_buf body = dtls_record_layer_body(layer, out, message->epoch);
    struct dtls_fragment fragment = {
        .type = message->type,
        .message_len = message->len,
        .seq = message->seq,
        .offset = flight->offset,
    };

    *wrote = false;
    if (body.cap < header || !portion(flight, body.cap - header, out->len == 0,
                                      &fragment.body.len)) {
        return DTLS_OK;
    }
    if (handshake && !dtls_fragment_put_header(&body, &fragment)) {
        return DTLS_OK;
    }
    pour(flight, &body, fragment.body.len);
    *wrote = true;
    flight->offset += (uint32_t)fragment.body.len;
    if (flight->offset == message->len) {
        flight->message++;
        flight->offset = 0;
    }
    return dtls_record_layer_seal(layer, out, message->epoch,
                                  message->record_type, dtls_buf_bytes(&body));
}

enum dtls_status dtls_flight_write(struct dtls_flight *flight,
                                   struct dtls_record_layer *layer,
                                   struct dtls_buf *out)
{
    bool wrote = true;

    while (wrote && !dtls_flight_is_sent(flight)) {
        enum dtls_status status = write_record(flight, layer, out, &wrote);

        if (status != DTLS_OK) {
            return status;
        }
    }
    return out->len == 0 && !dtls_flight_is_sent(flight) ? DTLS_NO_ROOM
                                                         : DTLS_OK;
}
