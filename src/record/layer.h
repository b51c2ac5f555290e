/* SPDX-License-Identifier: MIT */
/* The record layer of one association: epochs, sequence numbers, replay.
 *
 * Two epochs live at a time in each direction, n and n + 1 (or n - 1, kept for
 * a flight that may have to be resent): epoch e stands at index e & 1. */
#ifndef DTLS_RECORD_LAYER_H
#define DTLS_RECORD_LAYER_H

#include "base/counters.h"
#include "record/protect.h"
#include "record/window.h"

struct dtls_read_epoch {
    bool usable;
    uint16_t epoch;
    struct dtls_window window;
    struct dtls_protection protection;
};

struct dtls_write_epoch {
    bool usable;
    uint16_t epoch;
    uint64_t next_seq;
    struct dtls_protection protection;
};

struct dtls_record_layer {
    const struct dtls_crypto *crypto;
    bool version_known;    /* from ServerHello on only DTLS 1.2 is taken     */
    uint16_t peer_version; /* of the peer's last record before that, or 0   */
    uint16_t read_epoch;   /* of the newest record that may be read         */
    uint16_t write_epoch;  /* of what we send now                           */
    uint16_t window_size;  /* of every read epoch's window; 0: the usual    */
    struct dtls_read_epoch read[2];
    struct dtls_write_epoch write[2];
    struct dtls_counters *counters; /* borrowed */
};

/* dtls_record_layer_init makes both directions ready in epoch 0.  Records are
 * counted in `counters`. */
void dtls_record_layer_init(struct dtls_record_layer *layer,
                            const struct dtls_crypto *crypto,
                            struct dtls_counters *counters);

/* dtls_record_layer_set_window: records that each replay window holds, cut to
 * DTLS_WINDOW_MAX; 0: DTLS_WINDOW_SIZE.  Before the first record. */
void dtls_record_layer_set_window(struct dtls_record_layer *layer,
                                  uint16_t size);

/* dtls_record_layer_free ends every key. */
void dtls_record_layer_free(struct dtls_record_layer *layer);

/* dtls_record_layer_open opens a record of `datagram` in place: `out` has its
 * header, its plaintext as body.  DTLS_DISCARD, counted by reason, for
 * anything that is not a fresh authentic record of a live epoch; nothing else
 * is ever returned but DTLS_OK.  The window moves here. */
DTLS_MUST_USE enum dtls_status dtls_record_layer_open(
    struct dtls_record_layer *layer, struct dtls_record *record);

/* dtls_record_layer_is_too_long: is an opened record longer than this end has
 * agreed to take?  Never true of one in the clear: nothing was agreed on that
 * its sender could be held to. */
bool dtls_record_layer_is_too_long(const struct dtls_record_layer *layer,
                                   const struct dtls_record *record);

/* dtls_record_layer_is_forged_at: have so many records of `epoch` not been
 * authentic that its keys must go (dtls_protect_endurance)? */
bool dtls_record_layer_is_forged_at(const struct dtls_record_layer *layer,
                                    uint16_t epoch);

/* dtls_record_layer_seal appends one record in a live write epoch.
 *
 * DTLS_TOO_LATE if the epoch's sequence numbers are used up, or its keys have
 * sealed all they may (dtls_protect_endurance); DTLS_SEAL_RESERVE of these are
 * not for application data, so that what renews or ends the session can still
 * be said.  DTLS_NO_ROOM if the record does not fit or is above the
 * limit.  In all cases nothing is appended and no number is used. */
#define DTLS_SEAL_RESERVE 1024
DTLS_MUST_USE enum dtls_status dtls_record_layer_seal(
    struct dtls_record_layer *layer, struct dtls_buf *out, uint16_t epoch,
    uint8_t type, struct dtls_bytes plain);

/* dtls_record_layer_body is where the plaintext of the next record in `out`
 * is best written before it is sealed: no byte has to move then.  Its cap is
 * the longest plaintext whose record in `epoch` still fits. */
struct dtls_buf dtls_record_layer_body(const struct dtls_record_layer *layer,
                                       const struct dtls_buf *out,
                                       uint16_t epoch);

/* dtls_record_layer_limit: from now on no record of the current write epoch
 * has a longer plaintext (D6066-4-5). */
void dtls_record_layer_limit(struct dtls_record_layer *layer, uint16_t limit);

/* dtls_record_layer_next_read and _next_write hand out the protection of the
 * epoch after the current one to be keyed; whatever stood at its place is
 * ended first.  NULL if the epoch would wrap (RFC 6347, 4.1). */
struct dtls_protection *dtls_record_layer_next_read(
    struct dtls_record_layer *layer);
struct dtls_protection *dtls_record_layer_next_write(
    struct dtls_record_layer *layer);

/* dtls_record_layer_switch_* makes the keyed next epoch the current one. */
void dtls_record_layer_switch_read(struct dtls_record_layer *layer);
void dtls_record_layer_switch_write(struct dtls_record_layer *layer);

/* dtls_record_layer_next_seq is the number of the next record that we send. */
uint64_t dtls_record_layer_next_seq(const struct dtls_record_layer *layer);

/* dtls_record_layer_retire_read and _retire_write end the epoch before the
 * current one. */
void dtls_record_layer_retire_read(struct dtls_record_layer *layer);
void dtls_record_layer_retire_write(struct dtls_record_layer *layer);

#endif
