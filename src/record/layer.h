/* SPDX-License-Identifier: MIT */
/* The record layer of one association: epochs, sequence numbers, replay.
 *
 * An epoch is an object of its own in each direction.  At most two are there
 * at a time: the current one, and either the next one, which is keyed and not
 * yet used, or the one before it, which is kept. */
#ifndef DTLS_RECORD_LAYER_H
#define DTLS_RECORD_LAYER_H

#include "base/counters.h"
#include "record/protect.h"
#include "record/window.h"

/* DTLS_EPOCHS is how many epochs one direction has at a time. */
#define DTLS_EPOCHS 2

struct dtls_read_epoch {
    bool taken;  /* this object belongs to `epoch` */
    bool usable; /* records of it may be opened; false: keyed only */
    uint16_t epoch;
    struct dtls_window window;
    struct dtls_protection protection;
};

struct dtls_write_epoch {
    bool taken;  /* this object belongs to `epoch` */
    bool usable; /* records of it may be sealed; false: keyed only */
    uint16_t epoch;
    uint64_t next_seq;
    struct dtls_protection protection;
};

/* struct dtls_record_room is memory for what only some associations have: the
 * keys of suites with a MAC of their own, and the peer's connection ids. */
struct dtls_record_room {
    struct dtls_hmac_key read_macs[DTLS_EPOCHS];
    struct dtls_hmac_key write_macs[DTLS_EPOCHS];
    uint8_t peer_cids[DTLS_EPOCHS][DTLS_CID_MAX];
};

struct dtls_record_layer {
    const struct dtls_crypto *crypto;
    struct dtls_counters *counters; /* borrowed */
    struct dtls_record_room *room;  /* the same; NULL: none */
    bool version_known;    /* from ServerHello on: take only DTLS 1.2        */
    uint16_t peer_version; /* of the peer's last record before that, or 0   */
    uint16_t read_epoch;   /* of the newest records that we take            */
    uint16_t write_epoch;  /* of the records that we send now               */
    uint16_t window_size;  /* of each read epoch's window; 0: default       */
    uint16_t pad_to;       /* of the write epochs to be keyed: protect.h     */
    /* Our own id has cid_len bytes.  The peer puts it into the records of
     * those epochs that are keyed while cid_in is set; ours have cid_out, one
     * of room->peer_cids. */
    bool cid_in;
    uint8_t cid_len;
    uint8_t cid[DTLS_OWN_CID_MAX];
    struct dtls_read_epoch read[DTLS_EPOCHS];
    struct dtls_write_epoch write[DTLS_EPOCHS];
    uint8_t cid_out_len;
    const uint8_t *cid_out;
};

/* dtls_record_layer_init makes both directions ready in epoch 0.  The layer
 * counts its records in `counters`. */
void dtls_record_layer_init(struct dtls_record_layer *layer,
                            const struct dtls_crypto *crypto,
                            struct dtls_counters *counters);

/* dtls_record_layer_lend gives the layer its room, or NULL, before the first
 * epoch is keyed.  Without it no suite with a MAC can be keyed, and the peer
 * can have no connection id. */
void dtls_record_layer_lend(struct dtls_record_layer *layer,
                            struct dtls_record_room *room);

/* dtls_record_layer_set_window sets how many records each replay window holds:
 * at most DTLS_WINDOW_MAX, and DTLS_WINDOW_SIZE for 0.  It is called before
 * the first record. */
void dtls_record_layer_set_window(struct dtls_record_layer *layer,
                                  uint16_t size);

/* dtls_record_layer_set_cid sets our connection id, which is not longer than
 * DTLS_OWN_CID_MAX and stays the same for the layer's life.
 *
 * dtls_record_layer_agree_cids sets what the hellos agree on for the epochs
 * keyed from then on: whether the peer's records have our id, and the id that
 * our records have, at most DTLS_CID_MAX bytes; empty: none.  There must be
 * room for one. */
void dtls_record_layer_set_cid(struct dtls_record_layer *layer,
                               struct dtls_bytes cid);
void dtls_record_layer_agree_cids(struct dtls_record_layer *layer, bool in,
                                  struct dtls_bytes out);

/* dtls_record_layer_next takes the next record off the front of a datagram:
 * see dtls_record_next_of. */
DTLS_MUST_USE static inline enum dtls_status dtls_record_layer_next(
    const struct dtls_record_layer *layer, struct dtls_span *datagram,
    struct dtls_record *out)
{
    return dtls_record_next_of(datagram,
                               dtls_bytes_of(layer->cid, layer->cid_len), out);
}

/* dtls_record_layer_free wipes every key. */
void dtls_record_layer_free(struct dtls_record_layer *layer);

/* dtls_record_layer_open opens `record` in place: its body becomes the
 * plaintext, and its type the true one.  The number of an authentic record is
 * marked in the replay window.
 *
 * It returns DTLS_DISCARD, counted by reason, for anything but a fresh,
 * authentic record of a live epoch that has the connection id agreed on for
 * that epoch, or none.  It returns no status but these two. */
DTLS_MUST_USE enum dtls_status dtls_record_layer_open(
    struct dtls_record_layer *layer, struct dtls_record *record);

/* dtls_record_layer_accept marks the number of an opened record in the clear,
 * which was of use.  A record in the clear that is then dropped moves
 * nothing. */
void dtls_record_layer_accept(struct dtls_record_layer *layer,
                              const struct dtls_record *record);

/* dtls_record_layer_is_too_long returns true if the opened record is longer
 * than this end has agreed to take.  It returns false for every record in the
 * clear, because its sender is not authenticated and so held to no
 * agreement. */
bool dtls_record_layer_is_too_long(const struct dtls_record_layer *layer,
                                   const struct dtls_record *record);

/* dtls_record_layer_is_forged_at returns true if so many records of `epoch`
 * were not authentic that its keys must go (dtls_protect_endurance). */
bool dtls_record_layer_is_forged_at(const struct dtls_record_layer *layer,
                                    uint16_t epoch);

/* dtls_record_layer_seal appends one record in the live write epoch `epoch`.
 *
 * It returns DTLS_NO_ROOM if the record does not fit or is above the limit;
 * DTLS_TOO_LATE if the epoch's sequence numbers are used up or its keys have
 * sealed all they may (dtls_protect_endurance); DTLS_INTERNAL_ERROR if the
 * epoch is not live or cryptography fails.  In all these cases nothing is
 * appended and no number is used.
 *
 * DTLS_SEAL_RESERVE of the records that keys may seal are not for application
 * data, so that a new handshake or an alert can still be sent. */
#define DTLS_SEAL_RESERVE 1024
DTLS_MUST_USE enum dtls_status dtls_record_layer_seal(
    struct dtls_record_layer *layer, struct dtls_buf *out, uint16_t epoch,
    uint8_t type, struct dtls_bytes plain);

/* dtls_record_layer_seal_padded does the same in the current epoch, and pads
 * the record to `size` bytes, or as near as its cipher and its limit allow.
 * With 0, or without a connection id, it is padded as any other. */
DTLS_MUST_USE enum dtls_status dtls_record_layer_seal_padded(
    struct dtls_record_layer *layer, struct dtls_buf *out, uint8_t type,
    struct dtls_bytes plain, size_t size);

/* dtls_record_layer_body returns the best place in `out` for the plaintext of
 * the next record: if it is written there, sealing moves no byte.  Its cap is
 * the longest plaintext whose record in `epoch` still fits. */
struct dtls_buf dtls_record_layer_body(const struct dtls_record_layer *layer,
                                       const struct dtls_buf *out,
                                       uint16_t epoch);

/* dtls_record_layer_limit lowers the longest plaintext of records in the
 * current write epoch to `limit` (D6066-4-5). */
void dtls_record_layer_limit(struct dtls_record_layer *layer, uint16_t limit);

/* dtls_record_layer_next_read and _next_write return the protection of the
 * epoch after the current one, to be keyed; what was keyed for it before ends.
 * They return NULL if the epoch would wrap (RFC 6347, 4.1), or if the epoch
 * before the current one is still kept. */
struct dtls_protection *dtls_record_layer_next_read(
    struct dtls_record_layer *layer);
struct dtls_protection *dtls_record_layer_next_write(
    struct dtls_record_layer *layer);

/* dtls_record_layer_switch_* makes the keyed next epoch the current one. */
void dtls_record_layer_switch_read(struct dtls_record_layer *layer);
void dtls_record_layer_switch_write(struct dtls_record_layer *layer);

/* dtls_record_layer_next_seq returns the number of the next record that we
 * send, and _last_read the highest number that came in the current epoch.
 * dtls_record_layer_raise_seq makes `seq`, or the last number there is, the
 * next number, unless that would use a number twice. */
uint64_t dtls_record_layer_next_seq(const struct dtls_record_layer *layer);
uint64_t dtls_record_layer_last_read(const struct dtls_record_layer *layer);
void dtls_record_layer_raise_seq(struct dtls_record_layer *layer,
                                 uint64_t seq);

/* dtls_record_layer_protection_out and _protection_in return the protection of
 * the current epoch; that of an idle layer protects nothing. */
const struct dtls_protection *dtls_record_layer_protection_out(
    const struct dtls_record_layer *layer);
const struct dtls_protection *dtls_record_layer_protection_in(
    const struct dtls_record_layer *layer);

/* dtls_record_layer_retire_read and _retire_write end the epoch before the
 * current one. */
void dtls_record_layer_retire_read(struct dtls_record_layer *layer);
void dtls_record_layer_retire_write(struct dtls_record_layer *layer);

/* dtls_record_layer_forget_next_read and _forget_next_write end the epoch
 * after the current one, if it was keyed and will not be used. */
void dtls_record_layer_forget_next_read(struct dtls_record_layer *layer);
void dtls_record_layer_forget_next_write(struct dtls_record_layer *layer);

/* dtls_record_layer_reading and _writing return the object of a live epoch, or
 * NULL if its records are neither opened nor sealed. */
const struct dtls_read_epoch *dtls_record_layer_reading(
    const struct dtls_record_layer *layer, uint16_t epoch);
const struct dtls_write_epoch *dtls_record_layer_writing(
    const struct dtls_record_layer *layer, uint16_t epoch);

/* struct dtls_record_position is how far a layer's current epochs are, which
 * have the same number. */
struct dtls_record_position {
    uint16_t epoch;
    uint64_t next_seq; /* of the records that we send */
    uint64_t right;    /* the highest number that came */
    uint64_t sealed;   /* records, with these keys (dtls_protect_endurance) */
    uint64_t forged;
};
struct dtls_record_position dtls_record_layer_position(
    const struct dtls_record_layer *layer);

/* dtls_record_layer_begin_at prepares a layer that has just been initialized
 * for the keys of `epoch`, which is not 0: they are those of its next epoch.
 *
 * dtls_record_layer_go_on makes these keys the current ones, and no other
 * epoch is left.  It goes on at `position`; a record that may have come before
 * is old. */
void dtls_record_layer_begin_at(struct dtls_record_layer *layer,
                                uint16_t epoch);
void dtls_record_layer_go_on(struct dtls_record_layer *layer,
                             const struct dtls_record_position *position);

/* dtls_record_layer_is_newest returns true if a record with this header would
 * be newer than every authentic one before it. */
bool dtls_record_layer_is_newest(const struct dtls_record_layer *layer,
                                 const struct dtls_record *record);

#endif
