/* SPDX-License-Identifier: MIT */
/* The table from addresses and connection ids to associations
 * (session/table.h). */
#include "session/table.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

uint32_t dtls_table_slots(const struct dtls_table *table)
{
    return table->count + (table->reserve != NULL);
}

bool dtls_table_is_full(const struct dtls_table *table)
{
    return table->taken == dtls_table_slots(table);
}

struct dtls_slot *dtls_table_slot(const struct dtls_table *table,
                                  uint32_t index)
{
    unsigned char *base = (unsigned char *)(void *)table->first;

    return index == table->count
               ? table->reserve
               : (struct dtls_slot *)(void *)(base + index * table->stride);
}

uint32_t dtls_table_index(const struct dtls_table *table,
                          const struct dtls_slot *slot)
{
    const unsigned char *base = (const unsigned char *)table->first;
    const unsigned char *at = (const unsigned char *)slot;

    return slot == table->reserve
               ? table->count
               : (uint32_t)((size_t)(at - base) / table->stride);
}

uint32_t dtls_table_bucket(const struct dtls_table *table,
                           struct dtls_bytes key)
{
    return (uint32_t)(dtls_siphash(table->key, key) % table->count);
}

/* Returns the slot that holds the head of the bucket of `peer`. */
static struct dtls_slot *bucket_of(const struct dtls_table *table,
                                   const struct dtls_address *peer)
{
    return dtls_table_slot(
        table,
        dtls_table_bucket(table, dtls_bytes_of(peer->bytes, peer->len)));
}

/* Puts the slot before the other free ones.  The reserve is not among
 * them. */
static void set_free(struct dtls_table *table, struct dtls_slot *slot)
{
    slot->taken = false;
    if (slot != table->reserve) {
        slot->next = table->free;
        table->free = dtls_table_index(table, slot) + 1;
    }
}

enum dtls_status dtls_table_init(struct dtls_table *table,
                                 const struct dtls_crypto *crypto,
                                 struct dtls_slot *first, size_t stride,
                                 uint32_t count, struct dtls_slot *reserve)
{
    struct dtls_table made = {
        .first = first, .stride = stride, .count = count, .reserve = reserve};
    enum dtls_status status =
        crypto->random(crypto->self, made.key, sizeof made.key);

    for (uint32_t i = dtls_table_slots(&made); i > 0 && status == DTLS_OK;
         i--) {
        *dtls_table_slot(&made, i - 1) = (struct dtls_slot){0};
        set_free(&made, dtls_table_slot(&made, i - 1));
    }
    if (status == DTLS_OK) {
        *table = made;
    }
    dtls_wipe(&made, sizeof made);
    return status;
}

void dtls_table_free(struct dtls_table *table)
{
    dtls_wipe(table, sizeof *table);
}

bool dtls_table_same_peer(const struct dtls_address *a,
                          const struct dtls_address *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Returns the first slot of `peer` from `link` on, along its bucket. */
static struct dtls_slot *find_from(const struct dtls_table *table,
                                   uint32_t link,
                                   const struct dtls_address *peer)
{
    while (link != 0) {
        struct dtls_slot *slot = dtls_table_slot(table, link - 1);

        if (dtls_table_same_peer(&slot->peer, peer)) {
            return slot;
        }
        link = slot->next;
    }
    return NULL;
}

struct dtls_slot *dtls_table_find(const struct dtls_table *table,
                                  const struct dtls_address *peer)
{
    return find_from(table, bucket_of(table, peer)->bucket, peer);
}

struct dtls_slot *dtls_table_find_older(const struct dtls_table *table,
                                        const struct dtls_slot *slot)
{
    /* A slot goes to the front of its bucket when it is taken. */
    return find_from(table, slot->next, &slot->peer);
}

/* Puts the slot to the front of its peer's bucket. */
static void enter(struct dtls_table *table, struct dtls_slot *slot,
                  const struct dtls_address *peer)
{
    struct dtls_slot *bucket = bucket_of(table, peer);

    slot->peer = *peer;
    slot->next = bucket->bucket;
    bucket->bucket = dtls_table_index(table, slot) + 1;
}

/* Takes it out of the bucket again. */
static void leave(struct dtls_table *table, const struct dtls_slot *slot)
{
    uint32_t link = dtls_table_index(table, slot) + 1;
    uint32_t *from = &bucket_of(table, &slot->peer)->bucket;

    while (*from != link) {
        from = &dtls_table_slot(table, *from - 1)->next;
    }
    *from = slot->next;
}

static struct dtls_slot *id_bucket_of(const struct dtls_table *table,
                                      struct dtls_bytes id)
{
    return dtls_table_slot(table, dtls_table_bucket(table, id));
}

static void leave_id(struct dtls_table *table, struct dtls_slot *slot)
{
    uint32_t link = dtls_table_index(table, slot) + 1;
    uint32_t *from =
        &id_bucket_of(table, dtls_bytes_of(slot->id, slot->id_len))->id_bucket;

    while (*from != link) {
        from = &dtls_table_slot(table, *from - 1)->id_next;
    }
    *from = slot->id_next;
    slot->id_len = 0;
}

struct dtls_slot *dtls_table_find_id(const struct dtls_table *table,
                                     struct dtls_bytes id)
{
    uint32_t link = id_bucket_of(table, id)->id_bucket;

    while (link != 0) {
        struct dtls_slot *slot = dtls_table_slot(table, link - 1);

        if (dtls_bytes_equal(dtls_bytes_of(slot->id, slot->id_len), id)) {
            return slot;
        }
        link = slot->id_next;
    }
    return NULL;
}

bool dtls_table_name(struct dtls_table *table, struct dtls_slot *slot,
                     struct dtls_bytes id)
{
    struct dtls_slot *bucket = id_bucket_of(table, id);

    assert(slot->taken && slot->id_len == 0 && id.len != 0 &&
           id.len <= sizeof slot->id);
    if (dtls_table_find_id(table, id) != NULL) {
        return false;
    }
    memcpy(slot->id, id.data, id.len);
    slot->id_len = (uint8_t)id.len;
    slot->id_next = bucket->id_bucket;
    bucket->id_bucket = dtls_table_index(table, slot) + 1;
    return true;
}

struct dtls_slot *dtls_table_take(struct dtls_table *table,
                                  const struct dtls_address *peer)
{
    struct dtls_slot *slot = table->reserve;

    if (dtls_table_is_full(table)) {
        return NULL;
    }
    if (table->free != 0) {
        slot = dtls_table_slot(table, table->free - 1);
        table->free = slot->next;
    }
    slot->taken = true;
    enter(table, slot, peer);
    table->taken++;
    return slot;
}

void dtls_table_move(struct dtls_table *table, struct dtls_slot *slot,
                     const struct dtls_address *peer)
{
    assert(slot->taken);
    leave(table, slot);
    enter(table, slot, peer);
}

void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot)
{
    assert(slot->taken);
    leave(table, slot);
    if (slot->id_len != 0) {
        leave_id(table, slot);
    }
    set_free(table, slot);
    table->taken--;
}
