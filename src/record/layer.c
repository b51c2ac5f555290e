/* SPDX-License-Identifier: MIT */
/* The record layer of one association (record/layer.h). */
#include "record/layer.h"

#include "base/secret.h"

#include <string.h>

void dtls_record_layer_init(struct dtls_record_layer *layer,
                            const struct dtls_crypto *crypto,
                            struct dtls_counters *counters)
{
    *layer =
        (struct dtls_record_layer){.crypto = crypto, .counters = counters};
    layer->read[0].usable = true;
    layer->write[0].usable = true;
}

void dtls_record_layer_set_window(struct dtls_record_layer *layer,
                                  uint16_t size)
{
    layer->window_size = size < DTLS_WINDOW_MAX ? size : DTLS_WINDOW_MAX;
    layer->read[layer->read_epoch & 1].window.size = layer->window_size;
}

static void end_protection(struct dtls_record_layer *layer,
                           struct dtls_protection *protection)
{
    layer->crypto->cipher_free(layer->crypto->self, &protection->cipher);
    dtls_wipe(protection, sizeof *protection);
}

static void end_read(struct dtls_record_layer *layer,
                     struct dtls_read_epoch *read)
{
    end_protection(layer, &read->protection);
    *read = (struct dtls_read_epoch){0};
}

static void end_write(struct dtls_record_layer *layer,
                      struct dtls_write_epoch *write)
{
    end_protection(layer, &write->protection);
    *write = (struct dtls_write_epoch){0};
}

void dtls_record_layer_free(struct dtls_record_layer *layer)
{
    for (size_t i = 0; i < 2; i++) {
        end_read(layer, &layer->read[i]);
        end_write(layer, &layer->write[i]);
    }
}

/* An alert to a peer that may not know DTLS 1.2 takes the version of that
 * peer's own records (D7507-3-3). */
static uint16_t version_for(const struct dtls_record_layer *layer,
                            uint8_t type)
{
    return type == DTLS_ALERT && !layer->version_known &&
                   layer->peer_version != 0
               ? layer->peer_version
               : DTLS_VERSION_1_2;
}

static bool header_is_good(const struct dtls_record_layer *layer,
                           const struct dtls_record *record)
{
    if (record->type < DTLS_CHANGE_CIPHER_SPEC ||
        record->type > DTLS_APPLICATION_DATA) {
        return false;
    }
    /* Before ServerHello a peer may send fe ff (RFC 6347, 4.2.1). */
    return record->version == DTLS_VERSION_1_2 ||
           (record->version == DTLS_VERSION_1_0 && !layer->version_known &&
            record->epoch == 0);
}

enum dtls_status dtls_record_layer_open(struct dtls_record_layer *layer,
                                        struct dtls_record *record)
{
    struct dtls_read_epoch *read = &layer->read[record->epoch & 1];

    if (!header_is_good(layer, record)) {
        return dtls_discard(&layer->counters->discarded_header);
    }
    if (!read->usable || read->epoch != record->epoch) {
        return dtls_discard(&layer->counters->discarded_epoch);
    }
    if (!dtls_window_fresh(&read->window, record->seq)) {
        return dtls_discard(&layer->counters->discarded_replay);
    }
    if (dtls_protect_open(layer->crypto, &read->protection, record,
                          &record->body) != DTLS_OK) {
        read->protection.used++;
        return dtls_discard(&layer->counters->discarded_mac);
    }
    dtls_window_mark(&read->window, record->seq);
    layer->counters->records_received++;
    if (!layer->version_known) {
        layer->peer_version = record->version;
    }
    return DTLS_OK;
}

bool dtls_record_layer_is_too_long(const struct dtls_record_layer *layer,
                                   const struct dtls_record *record)
{
    const struct dtls_read_epoch *read = &layer->read[record->epoch & 1];

    return record->epoch != 0 &&
           record->body.len > dtls_protect_limit(&read->protection);
}

bool dtls_record_layer_is_forged_at(const struct dtls_record_layer *layer,
                                    uint16_t epoch)
{
    const struct dtls_read_epoch *read = &layer->read[epoch & 1];

    return read->usable && read->epoch == epoch &&
           read->protection.used >=
               dtls_protect_endurance(&read->protection).forged;
}

/* Tells whether the epoch's keys may seal one more record of this type and a
 * number is left for it (D6347-4.1-20, D9325-4.4-1). */
static bool can_seal(const struct dtls_write_epoch *write, uint8_t type)
{
    uint64_t most = dtls_protect_endurance(&write->protection).sealed;

    if (type == DTLS_APPLICATION_DATA) {
        most -= DTLS_SEAL_RESERVE;
    }
    return write->next_seq <= DTLS_SEQ_MAX && write->protection.used < most;
}

enum dtls_status dtls_record_layer_seal(struct dtls_record_layer *layer,
                                        struct dtls_buf *out, uint16_t epoch,
                                        uint8_t type, struct dtls_bytes plain)
{
    struct dtls_write_epoch *write = &layer->write[epoch & 1];
    enum dtls_status status;

    if (!write->usable || write->epoch != epoch) {
        return DTLS_INTERNAL_ERROR;
    }
    if (!can_seal(write, type)) {
        return DTLS_TOO_LATE;
    }
    status = dtls_protect_seal(layer->crypto, &write->protection, out, type,
                               version_for(layer, type), epoch,
                               write->next_seq, plain);
    if (status == DTLS_OK) {
        write->next_seq++;
        write->protection.used++;
        layer->counters->records_sent++;
    }
    return status;
}

uint64_t dtls_record_layer_next_seq(const struct dtls_record_layer *layer)
{
    return layer->write[layer->write_epoch & 1].next_seq;
}

void dtls_record_layer_limit(struct dtls_record_layer *layer, uint16_t limit)
{
    struct dtls_protection *p =
        &layer->write[layer->write_epoch & 1].protection;

    if (limit < dtls_protect_limit(p)) {
        p->limit = limit;
    }
}

struct dtls_buf dtls_record_layer_body(const struct dtls_record_layer *layer,
                                       const struct dtls_buf *out,
                                       uint16_t epoch)
{
    const struct dtls_protection *p = &layer->write[epoch & 1].protection;

    return dtls_buf_tail(out, dtls_protect_prefix(p),
                         dtls_protect_fit(p, out->cap - out->len));
}

struct dtls_protection *dtls_record_layer_next_read(
    struct dtls_record_layer *layer)
{
    struct dtls_read_epoch *next = &layer->read[(layer->read_epoch + 1) & 1];

    if (layer->read_epoch == UINT16_MAX) {
        return NULL;
    }
    end_read(layer, next);
    next->epoch = (uint16_t)(layer->read_epoch + 1);
    next->window.size = layer->window_size;
    return &next->protection;
}

struct dtls_protection *dtls_record_layer_next_write(
    struct dtls_record_layer *layer)
{
    struct dtls_write_epoch *next =
        &layer->write[(layer->write_epoch + 1) & 1];

    if (layer->write_epoch == UINT16_MAX) {
        return NULL;
    }
    end_write(layer, next);
    next->epoch = (uint16_t)(layer->write_epoch + 1);
    return &next->protection;
}

void dtls_record_layer_switch_read(struct dtls_record_layer *layer)
{
    layer->read_epoch++;
    layer->read[layer->read_epoch & 1].usable = true;
}

void dtls_record_layer_switch_write(struct dtls_record_layer *layer)
{
    layer->write_epoch++;
    layer->write[layer->write_epoch & 1].usable = true;
}

void dtls_record_layer_retire_read(struct dtls_record_layer *layer)
{
    end_read(layer, &layer->read[(layer->read_epoch + 1) & 1]);
}

void dtls_record_layer_retire_write(struct dtls_record_layer *layer)
{
    end_write(layer, &layer->write[(layer->write_epoch + 1) & 1]);
}
