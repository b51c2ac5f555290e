/* SPDX-License-Identifier: MIT */
/* Puts handshake messages together from fragments (flight/reassembly.h). */
#include "flight/reassembly.h"

#include <string.h>

void dtls_reassembly_init(struct dtls_reassembly *r, struct dtls_span arena,
                          uint16_t next_seq)
{
    *r = (struct dtls_reassembly){.arena = arena, .next_seq = next_seq};
}

/* Returns the bytes of arena for a message of `len`: its body and one bit per
 * byte. */
static size_t footprint(uint32_t len)
{
    return (size_t)len + (len + 7u) / 8u;
}

static struct dtls_reassembly_slot *find_slot(struct dtls_reassembly *r,
                                              uint16_t seq)
{
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        if (r->slots[i].used && r->slots[i].seq == seq) {
            return &r->slots[i];
        }
    }
    return NULL;
}

/* Frees a slot's bytes; the bytes behind them move up. */
static void end_slot(struct dtls_reassembly *r,
                     struct dtls_reassembly_slot *slot)
{
    size_t size = footprint(slot->len);
    size_t end = slot->at + size;

    memmove(&r->arena.data[slot->at], &r->arena.data[end],
            r->arena_used - end);
    r->arena_used -= size;
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        if (r->slots[i].used && r->slots[i].at > slot->at) {
            r->slots[i].at -= size;
        }
    }
    slot->used = false;
}

/* Drops the kept message that is furthest ahead.  Returns false if there is
 * none. */
static bool push_one_out(struct dtls_reassembly *r)
{
    struct dtls_reassembly_slot *furthest = NULL;

    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        struct dtls_reassembly_slot *slot = &r->slots[i];

        if (slot->used && slot->seq != r->next_seq &&
            (furthest == NULL ||
             (uint16_t)(slot->seq - r->next_seq) >
                 (uint16_t)(furthest->seq - r->next_seq))) {
            furthest = slot;
        }
    }
    if (furthest == NULL) {
        return false;
    }
    end_slot(r, furthest);
    return true;
}

static enum dtls_status start_slot(struct dtls_reassembly *r,
                                   const struct dtls_fragment *fragment,
                                   uint16_t epoch,
                                   struct dtls_reassembly_slot **out)
{
    size_t size = footprint(fragment->message_len);
    bool is_next = fragment->seq == r->next_seq;
    struct dtls_reassembly_slot *slot = r->slots;

    if (size > r->arena.len) {
        return is_next ? DTLS_NO_ROOM : DTLS_DISCARD;
    }
    while (r->arena.len - r->arena_used < size) {
        if (!is_next || !push_one_out(r)) {
            return DTLS_DISCARD;
        }
    }
    /* There are as many slots as messages in reach, and no message out of
     * reach is kept, so a slot is free. */
    while (slot->used) {
        slot++;
    }
    *slot = (struct dtls_reassembly_slot){
        .used = true,
        .type = fragment->type,
        .seq = fragment->seq,
        .epoch = epoch,
        .len = fragment->message_len,
        .missing = fragment->message_len,
        .at = r->arena_used,
    };
    if (size != 0) {
        memset(&r->arena.data[slot->at], 0, size);
    }
    r->arena_used += size;
    *out = slot;
    return DTLS_OK;
}

/* Copies the fragment's bytes and marks them received. */
static void fill_slot(struct dtls_reassembly *r,
                      struct dtls_reassembly_slot *slot,
                      const struct dtls_fragment *fragment)
{
    uint8_t *body = &r->arena.data[slot->at];
    uint8_t *bits = &body[slot->len];

    for (size_t i = 0; i < fragment->body.len; i++) {
        size_t at = fragment->offset + i;
        uint8_t bit = (uint8_t)(1u << (at & 7));

        body[at] = fragment->body.data[i];
        if ((bits[at >> 3] & bit) == 0) {
            bits[at >> 3] |= bit;
            slot->missing--;
        }
    }
}

/* Tells whether a message with this number is kept if it comes now. */
static bool in_reach(const struct dtls_reassembly *r, uint16_t seq)
{
    return seq >= r->next_seq && seq - r->next_seq < DTLS_REASSEMBLY_SLOTS;
}

enum dtls_status dtls_reassembly_add(struct dtls_reassembly *r,
                                     const struct dtls_fragment *fragment,
                                     uint16_t epoch)
{
    struct dtls_reassembly_slot *slot = find_slot(r, fragment->seq);
    enum dtls_status status;

    if (!in_reach(r, fragment->seq)) {
        return DTLS_DISCARD;
    }
    if (slot != NULL &&
        (slot->type != fragment->type || slot->len != fragment->message_len ||
         slot->epoch != epoch)) {
        end_slot(r, slot);
        slot = NULL;
    }
    if (slot == NULL) {
        status = start_slot(r, fragment, epoch, &slot);
        if (status != DTLS_OK) {
            return status;
        }
    }
    fill_slot(r, slot, fragment);
    return DTLS_OK;
}

bool dtls_reassembly_next(const struct dtls_reassembly *r,
                          struct dtls_message *out)
{
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        const struct dtls_reassembly_slot *slot = &r->slots[i];

        if (slot->used && slot->seq == r->next_seq && slot->missing == 0) {
            *out = (struct dtls_message){
                .type = slot->type,
                .seq = slot->seq,
                .epoch = slot->epoch,
                .body = dtls_bytes_of(&r->arena.data[slot->at], slot->len),
            };
            return true;
        }
    }
    return false;
}

void dtls_reassembly_done(struct dtls_reassembly *r)
{
    struct dtls_reassembly_slot *slot = find_slot(r, r->next_seq);

    if (slot != NULL) {
        end_slot(r, slot);
    }
    r->next_seq++;
}

void dtls_reassembly_seek(struct dtls_reassembly *r, uint16_t next_seq)
{
    r->next_seq = next_seq;
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        if (r->slots[i].used && !in_reach(r, r->slots[i].seq)) {
            end_slot(r, &r->slots[i]);
        }
    }
}

void dtls_reassembly_keep_epoch(struct dtls_reassembly *r, uint16_t epoch)
{
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        if (r->slots[i].used && r->slots[i].epoch != epoch) {
            end_slot(r, &r->slots[i]);
        }
    }
}
