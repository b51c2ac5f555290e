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

static uint64_t hash_of(const struct dtls_table *table, struct dtls_bytes key)
{
    return dtls_siphash(table->key, key);
}

/* The upper half of a hash is the tag, the lower one decides on the bucket. */
static uint32_t bucket_of(const struct dtls_table *table, uint64_t hash)
{
    return (uint32_t)((hash & UINT32_MAX) * table->count >> 32);
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

uint32_t dtls_table_bucket(const struct dtls_table *table,
                           struct dtls_bytes key)
{
    return bucket_of(table, hash_of(table, key));
}

static struct dtls_bytes key_of(const struct dtls_slot *slot,
                                enum dtls_table_key by)
{
    return by == DTLS_TABLE_PEERS
               ? dtls_bytes_of(slot->peer.bytes, slot->peer.len)
               : dtls_bytes_of(slot->id, slot->id_len);
}

/* Puts the slot before the other free ones.  The reserve is not among
 * them. */
static void set_free(struct dtls_table *table, struct dtls_slot *slot)
{
    slot->taken = false;
    if (slot != table->reserve) {
        uint32_t i = dtls_table_index(table, slot);

        table->index[DTLS_TABLE_PEERS][i].next = table->free;
        table->free = i + 1;
    }
}

enum dtls_status dtls_table_init(struct dtls_table *table,
                                 const struct dtls_crypto *crypto,
                                 struct dtls_slot *first, size_t stride,
                                 uint32_t count, struct dtls_slot *reserve,
                                 struct dtls_link *index)
{
    struct dtls_table made = {.first = first,
                              .stride = stride,
                              .count = count,
                              .reserve = reserve,
                              .index = {index, index + count + 1}};
    enum dtls_status status =
        crypto->random(crypto->self, made.key, sizeof made.key);

    if (status == DTLS_OK) {
        memset(index, 0, DTLS_INDEX_LINKS(count) * sizeof *index);
    }
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

/* Returns the first slot with this key from element number `at` on, along its
 * bucket, or NULL. */
static struct dtls_slot *find_from(const struct dtls_table *table,
                                   enum dtls_table_key by, uint32_t at,
                                   uint32_t tag, struct dtls_bytes key)
{
    while (at != 0) {
        const struct dtls_link *link = &table->index[by][at - 1];
        struct dtls_slot *slot = dtls_table_slot(table, at - 1);

        if (link->tag == tag && dtls_bytes_equal(key_of(slot, by), key)) {
            return slot;
        }
        at = link->next;
    }
    return NULL;
}

static struct dtls_slot *find(const struct dtls_table *table,
                              enum dtls_table_key by, struct dtls_bytes key)
{
    uint64_t hash = hash_of(table, key);

    return find_from(table, by,
                     table->index[by][bucket_of(table, hash)].bucket,
                     tag_of(hash), key);
}

struct dtls_slot *dtls_table_find(const struct dtls_table *table,
                                  const struct dtls_address *peer)
{
    return find(table, DTLS_TABLE_PEERS,
                dtls_bytes_of(peer->bytes, peer->len));
}

struct dtls_slot *dtls_table_find_id(const struct dtls_table *table,
                                     struct dtls_bytes id)
{
    return find(table, DTLS_TABLE_IDS, id);
}

struct dtls_slot *dtls_table_find_older(const struct dtls_table *table,
                                        const struct dtls_slot *slot)
{
    const struct dtls_link *link =
        &table->index[DTLS_TABLE_PEERS][dtls_table_index(table, slot)];

    /* A slot goes to the front of its bucket when it is taken. */
    return find_from(table, DTLS_TABLE_PEERS, link->next, link->tag,
                     key_of(slot, DTLS_TABLE_PEERS));
}

/* Puts the slot to the front of its key's bucket. */
static void enter(struct dtls_table *table, const struct dtls_slot *slot,
                  enum dtls_table_key by)
{
    uint64_t hash = hash_of(table, key_of(slot, by));
    uint32_t *head = &table->index[by][bucket_of(table, hash)].bucket;
    uint32_t i = dtls_table_index(table, slot);

    table->index[by][i].tag = tag_of(hash);
    table->index[by][i].next = *head;
    *head = i + 1;
}

/* Takes it out of the bucket again. */
static void leave(struct dtls_table *table, const struct dtls_slot *slot,
                  enum dtls_table_key by)
{
    uint64_t hash = hash_of(table, key_of(slot, by));
    uint32_t *from = &table->index[by][bucket_of(table, hash)].bucket;
    uint32_t i = dtls_table_index(table, slot);

    while (*from != i + 1) {
        from = &table->index[by][*from - 1].next;
    }
    *from = table->index[by][i].next;
}

bool dtls_table_name(struct dtls_table *table, struct dtls_slot *slot,
                     struct dtls_bytes id)
{
    assert(slot->taken && slot->id_len == 0 && id.len != 0 &&
           id.len <= sizeof slot->id);
    if (dtls_table_find_id(table, id) != NULL) {
        return false;
    }
    memcpy(slot->id, id.data, id.len);
    slot->id_len = (uint8_t)id.len;
    enter(table, slot, DTLS_TABLE_IDS);
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
        table->free = table->index[DTLS_TABLE_PEERS][table->free - 1].next;
    }
    slot->taken = true;
    slot->peer = *peer;
    enter(table, slot, DTLS_TABLE_PEERS);
    table->taken++;
    return slot;
}

void dtls_table_move(struct dtls_table *table, struct dtls_slot *slot,
                     const struct dtls_address *peer)
{
    assert(slot->taken);
    leave(table, slot, DTLS_TABLE_PEERS);
    slot->peer = *peer;
    enter(table, slot, DTLS_TABLE_PEERS);
}

void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot)
{
    assert(slot->taken);
    leave(table, slot, DTLS_TABLE_PEERS);
    if (slot->id_len != 0) {
        leave(table, slot, DTLS_TABLE_IDS);
        slot->id_len = 0;
    }
    set_free(table, slot);
    table->taken--;
}
