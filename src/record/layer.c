/* SPDX-License-Identifier: MIT */
/* The record layer of one association (record/layer.h). */
#include "record/layer.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

void dtls_record_layer_init(struct dtls_record_layer *layer,
                            const struct dtls_crypto *crypto,
                            struct dtls_counters *counters)
{
    *layer =
        (struct dtls_record_layer){.crypto = crypto, .counters = counters};
    layer->read[0] = (struct dtls_read_epoch){.taken = true, .usable = true};
    layer->write[0] = (struct dtls_write_epoch){.taken = true, .usable = true};
}

/* The object of an epoch; NULL if it has none.  The casts only take const
 * off again: the object belongs to the caller's layer. */
static struct dtls_read_epoch *find_read(const struct dtls_record_layer *layer,
                                         uint16_t epoch)
{
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if (layer->read[i].taken && layer->read[i].epoch == epoch) {
            return (struct dtls_read_epoch *)(uintptr_t)&layer->read[i];
        }
    }
    return NULL;
}

static struct dtls_write_epoch *find_write(
    const struct dtls_record_layer *layer, uint16_t epoch)
{
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if (layer->write[i].taken && layer->write[i].epoch == epoch) {
            return (struct dtls_write_epoch *)(uintptr_t)&layer->write[i];
        }
    }
    return NULL;
}

const struct dtls_read_epoch *dtls_record_layer_reading(
    const struct dtls_record_layer *layer, uint16_t epoch)
{
    const struct dtls_read_epoch *read = find_read(layer, epoch);

    return read != NULL && read->usable ? read : NULL;
}

const struct dtls_write_epoch *dtls_record_layer_writing(
    const struct dtls_record_layer *layer, uint16_t epoch)
{
    const struct dtls_write_epoch *write = find_write(layer, epoch);

    return write != NULL && write->usable ? write : NULL;
}

void dtls_record_layer_lend(struct dtls_record_layer *layer,
                            struct dtls_record_room *room)
{
    layer->room = room;
}

void dtls_record_layer_set_window(struct dtls_record_layer *layer,
                                  uint16_t size)
{
    layer->window_size = size < DTLS_WINDOW_MAX ? size : DTLS_WINDOW_MAX;
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        layer->read[i].window.size = layer->window_size;
    }
}

void dtls_record_layer_set_cid(struct dtls_record_layer *layer,
                               struct dtls_bytes cid)
{
    assert(cid.len <= sizeof layer->cid);
    memcpy(layer->cid, cid.data, cid.len);
    layer->cid_len = (uint8_t)cid.len;
}

/* The id of the current epoch stays where it is.  Another may be overwritten:
 * an epoch before the current one that is still kept is epoch 0, which has
 * none, because no handshake but the first ends with a flight that is kept
 * beyond the next hello. */
void dtls_record_layer_agree_cids(struct dtls_record_layer *layer, bool in,
                                  struct dtls_bytes out)
{
    const uint8_t *in_use = dtls_record_layer_protection_out(layer)->cid;
    uint8_t *place = NULL;

    assert(out.len <= DTLS_CID_MAX);
    if (out.len != 0) {
        place = layer->room->peer_cids[in_use == layer->room->peer_cids[0]];
        memcpy(place, out.data, out.len);
    }
    layer->cid_in = in && layer->cid_len != 0;
    layer->cid_out = place;
    layer->cid_out_len = (uint8_t)out.len;
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
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
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

/* Tells whether this is a type that has no record in the clear. */
static bool is_only_protected(const struct dtls_record *record)
{
    return record->epoch != 0 && (record->type == DTLS_TLS12_CID ||
                                  record->type == DTLS_ROUTABILITY_CHECK);
}

/* Tells whether a record has the connection id of its epoch.  An empty one is
 * none: its records have their true type (D9146-3-8). */
static bool cid_is_right(const struct dtls_read_epoch *read,
                         const struct dtls_record *record)
{
    return read->protection.cid_len != 0 ? record->cid_is_ours
                                         : record->type != DTLS_TLS12_CID;
}

/* Makes content and true type of an opened record with a connection id.  No
 * other record may be inside (D9146-4-5). */
static bool unwrap(struct dtls_record *record)
{
    return dtls_protect_unwrap(record) &&
           ((record->type >= DTLS_CHANGE_CIPHER_SPEC &&
             record->type <= DTLS_APPLICATION_DATA) ||
            record->type == DTLS_ROUTABILITY_CHECK);
}

static bool header_is_good(const struct dtls_record_layer *layer,
                           const struct dtls_record *record)
{
    if ((record->type < DTLS_CHANGE_CIPHER_SPEC ||
         record->type > DTLS_APPLICATION_DATA) &&
        !is_only_protected(record)) {
        return false;
    }
    /* Before ServerHello a peer may send fe ff (RFC 6347, 4.2.1). */
    return record->version == DTLS_VERSION_1_2 ||
           (record->version == DTLS_VERSION_1_0 && !layer->version_known &&
            record->epoch == 0);
}

/* Nobody vouches for the numbers of epoch 0: whoever can send one record could
 * push all others out of the window.  So only a number that is marked is old
 * there, and dtls_record_layer_accept marks it once the record was of use. */
static bool is_old(const struct dtls_read_epoch *read, uint64_t seq)
{
    return read->epoch == 0 ? dtls_window_seen(&read->window, seq)
                            : !dtls_window_fresh(&read->window, seq);
}

enum dtls_status dtls_record_layer_open(struct dtls_record_layer *layer,
                                        struct dtls_record *record)
{
    struct dtls_read_epoch *read = find_read(layer, record->epoch);

    if (!header_is_good(layer, record)) {
        return dtls_discard(&layer->counters->discarded_header);
    }
    if (read == NULL || !read->usable) {
        return dtls_discard(&layer->counters->discarded_epoch);
    }
    if (!cid_is_right(read, record)) {
        return dtls_discard(&layer->counters->discarded_header);
    }
    if (is_old(read, record->seq)) {
        return dtls_discard(&layer->counters->discarded_replay);
    }
    if (dtls_protect_open(layer->crypto, &read->protection, record,
                          &record->body) != DTLS_OK) {
        return dtls_discard(&layer->counters->discarded_mac);
    }
    if (read->epoch != 0) {
        dtls_window_mark(&read->window, record->seq);
    }
    if (record->cid_is_ours && !unwrap(record)) {
        return dtls_discard(&layer->counters->discarded_header);
    }
    layer->counters->records_received++;
    if (!layer->version_known) {
        layer->peer_version = record->version;
    }
    return DTLS_OK;
}

void dtls_record_layer_accept(struct dtls_record_layer *layer,
                              const struct dtls_record *record)
{
    struct dtls_read_epoch *read = find_read(layer, record->epoch);

    if (record->epoch == 0 && read != NULL) {
        dtls_window_mark(&read->window, record->seq);
    }
}

bool dtls_record_layer_is_too_long(const struct dtls_record_layer *layer,
                                   const struct dtls_record *record)
{
    const struct dtls_read_epoch *read = find_read(layer, record->epoch);

    return record->epoch != 0 && read != NULL &&
           record->body.len > dtls_protect_limit(&read->protection);
}

bool dtls_record_layer_is_forged_at(const struct dtls_record_layer *layer,
                                    uint16_t epoch)
{
    const struct dtls_read_epoch *read =
        dtls_record_layer_reading(layer, epoch);

    return read != NULL &&
           read->protection.used >=
               dtls_protect_endurance(&read->protection).forged;
}

/* Tells whether the epoch's keys may seal one more record of this type and a
 * number is left for it (D6347-4.1-20, D9325-4.4-1).  Data leaves the last
 * number to a close_notify. */
static bool can_seal(const struct dtls_write_epoch *write, uint8_t type)
{
    uint64_t most = dtls_protect_endurance(&write->protection).sealed;
    uint64_t last = DTLS_SEQ_MAX;

    if (type == DTLS_APPLICATION_DATA) {
        most -= DTLS_SEAL_RESERVE;
        last--;
    }
    return write->next_seq <= last && write->protection.used < most;
}

enum dtls_status dtls_record_layer_seal(struct dtls_record_layer *layer,
                                        struct dtls_buf *out, uint16_t epoch,
                                        uint8_t type, struct dtls_bytes plain)
{
    struct dtls_write_epoch *write = find_write(layer, epoch);
    enum dtls_status status;

    if (write == NULL || !write->usable) {
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

enum dtls_status dtls_record_layer_seal_padded(struct dtls_record_layer *layer,
                                               struct dtls_buf *out,
                                               uint8_t type,
                                               struct dtls_bytes plain,
                                               size_t size)
{
    struct dtls_write_epoch *write = find_write(layer, layer->write_epoch);
    enum dtls_status status;
    uint16_t pad_to;

    if (write == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    pad_to = write->protection.pad_to;
    if (size != 0) {
        write->protection.pad_to = 0;
        /* What is encrypted: the plaintext that fits, and its type.  It is not
         * longer than DTLS_PLAINTEXT_MAX. */
        write->protection.pad_to =
            (uint16_t)(dtls_protect_fit(&write->protection, size) + 1);
    }
    status =
        dtls_record_layer_seal(layer, out, layer->write_epoch, type, plain);
    write->protection.pad_to = pad_to;
    return status;
}

uint64_t dtls_record_layer_next_seq(const struct dtls_record_layer *layer)
{
    const struct dtls_write_epoch *write =
        find_write(layer, layer->write_epoch);

    return write == NULL ? 0 : write->next_seq;
}

void dtls_record_layer_raise_seq(struct dtls_record_layer *layer, uint64_t seq)
{
    struct dtls_write_epoch *write = find_write(layer, layer->write_epoch);

    if (seq > DTLS_SEQ_MAX) {
        seq = DTLS_SEQ_MAX;
    }
    if (write != NULL && seq > write->next_seq) {
        write->next_seq = seq; /* After the last number it stays behind it. */
    }
}

uint64_t dtls_record_layer_last_read(const struct dtls_record_layer *layer)
{
    const struct dtls_read_epoch *read = find_read(layer, layer->read_epoch);

    return read == NULL ? 0 : read->window.right;
}

/* What an idle layer has. */
static const struct dtls_protection nothing;

const struct dtls_protection *dtls_record_layer_protection_out(
    const struct dtls_record_layer *layer)
{
    const struct dtls_write_epoch *write =
        find_write(layer, layer->write_epoch);

    return write == NULL ? &nothing : &write->protection;
}

const struct dtls_protection *dtls_record_layer_protection_in(
    const struct dtls_record_layer *layer)
{
    const struct dtls_read_epoch *read = find_read(layer, layer->read_epoch);

    return read == NULL ? &nothing : &read->protection;
}

void dtls_record_layer_limit(struct dtls_record_layer *layer, uint16_t limit)
{
    struct dtls_write_epoch *write = find_write(layer, layer->write_epoch);

    if (write != NULL && limit < dtls_protect_limit(&write->protection)) {
        write->protection.limit = limit;
    }
}

struct dtls_buf dtls_record_layer_body(const struct dtls_record_layer *layer,
                                       const struct dtls_buf *out,
                                       uint16_t epoch)
{
    const struct dtls_write_epoch *write = find_write(layer, epoch);

    if (write == NULL) {
        return (struct dtls_buf){0};
    }
    return dtls_buf_tail(
        out, dtls_protect_prefix(&write->protection),
        dtls_protect_fit(&write->protection, out->cap - out->len));
}

struct dtls_protection *dtls_record_layer_next_read(
    struct dtls_record_layer *layer)
{
    uint16_t epoch = (uint16_t)(layer->read_epoch + 1);

    if (layer->read_epoch == UINT16_MAX) {
        return NULL;
    }
    dtls_record_layer_forget_next_read(layer);
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if (!layer->read[i].taken) {
            layer->read[i].taken = true;
            layer->read[i].epoch = epoch;
            layer->read[i].window.size = layer->window_size;
            layer->read[i].protection.cid = layer->cid;
            layer->read[i].protection.cid_len =
                layer->cid_in ? layer->cid_len : 0;
            layer->read[i].protection.cipher.mac =
                layer->room != NULL ? &layer->room->read_macs[i] : NULL;
            return &layer->read[i].protection;
        }
    }
    return NULL;
}

struct dtls_protection *dtls_record_layer_next_write(
    struct dtls_record_layer *layer)
{
    uint16_t epoch = (uint16_t)(layer->write_epoch + 1);

    if (layer->write_epoch == UINT16_MAX) {
        return NULL;
    }
    dtls_record_layer_forget_next_write(layer);
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if (!layer->write[i].taken) {
            layer->write[i].taken = true;
            layer->write[i].epoch = epoch;
            layer->write[i].protection.cid = layer->cid_out;
            layer->write[i].protection.cid_len = layer->cid_out_len;
            layer->write[i].protection.pad_to = layer->pad_to;
            layer->write[i].protection.cipher.mac =
                layer->room != NULL ? &layer->room->write_macs[i] : NULL;
            return &layer->write[i].protection;
        }
    }
    return NULL;
}

void dtls_record_layer_switch_read(struct dtls_record_layer *layer)
{
    struct dtls_read_epoch *next =
        find_read(layer, (uint16_t)(layer->read_epoch + 1));

    assert(next != NULL); /* The handshake has keyed it: keys_ready. */
    next->usable = true;
    layer->read_epoch++;
}

void dtls_record_layer_switch_write(struct dtls_record_layer *layer)
{
    struct dtls_write_epoch *next =
        find_write(layer, (uint16_t)(layer->write_epoch + 1));

    assert(next != NULL); /* as above */
    next->usable = true;
    layer->write_epoch++;
}

static void forget_read(struct dtls_record_layer *layer, uint16_t epoch)
{
    struct dtls_read_epoch *read = find_read(layer, epoch);

    if (read != NULL) {
        end_read(layer, read);
    }
}

static void forget_write(struct dtls_record_layer *layer, uint16_t epoch)
{
    struct dtls_write_epoch *write = find_write(layer, epoch);

    if (write != NULL) {
        end_write(layer, write);
    }
}

void dtls_record_layer_retire_read(struct dtls_record_layer *layer)
{
    forget_read(layer, (uint16_t)(layer->read_epoch - 1));
}

void dtls_record_layer_retire_write(struct dtls_record_layer *layer)
{
    forget_write(layer, (uint16_t)(layer->write_epoch - 1));
}

void dtls_record_layer_forget_next_read(struct dtls_record_layer *layer)
{
    forget_read(layer, (uint16_t)(layer->read_epoch + 1));
}

void dtls_record_layer_forget_next_write(struct dtls_record_layer *layer)
{
    forget_write(layer, (uint16_t)(layer->write_epoch + 1));
}

bool dtls_record_layer_is_newest(const struct dtls_record_layer *layer,
                                 const struct dtls_record *record)
{
    const struct dtls_read_epoch *read = find_read(layer, record->epoch);

    return read != NULL && record->epoch == layer->read_epoch &&
           dtls_window_is_new_right(&read->window, record->seq);
}

struct dtls_record_position dtls_record_layer_position(
    const struct dtls_record_layer *layer)
{
    return (struct dtls_record_position){
        .epoch = layer->write_epoch,
        .next_seq = dtls_record_layer_next_seq(layer),
        .right = dtls_record_layer_last_read(layer),
        .sealed = dtls_record_layer_protection_out(layer)->used,
        .forged = dtls_record_layer_protection_in(layer)->used,
    };
}

void dtls_record_layer_begin_at(struct dtls_record_layer *layer,
                                uint16_t epoch)
{
    assert(epoch != 0);
    layer->version_known = true;
    layer->read_epoch = layer->write_epoch = (uint16_t)(epoch - 1);
    layer->read[0].epoch = layer->write[0].epoch = layer->read_epoch;
}

void dtls_record_layer_go_on(struct dtls_record_layer *layer,
                             const struct dtls_record_position *position)
{
    struct dtls_read_epoch *read;
    struct dtls_write_epoch *write;

    dtls_record_layer_switch_read(layer);
    dtls_record_layer_switch_write(layer);
    dtls_record_layer_retire_read(layer);
    dtls_record_layer_retire_write(layer);
    read = find_read(layer, layer->read_epoch);
    write = find_write(layer, layer->write_epoch);
    assert(read != NULL && write != NULL); /* They were keyed. */
    dtls_window_close(&read->window, position->right);
    read->protection.used = position->forged;
    write->next_seq = position->next_seq;
    write->protection.used = position->sealed;
}
