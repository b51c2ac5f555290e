/* SPDX-License-Identifier: MIT */
/* The table from a peer's address to its association (session/table.h). */
#include "session/table.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

static struct dtls_slot *slot_at(const struct dtls_table *table,
                                 uint32_t index)
{
    unsigned char *base = (unsigned char *)(void *)table->first;

    return (struct dtls_slot *)(void *)(base + index * table->stride);
}

static uint32_t index_of(const struct dtls_table *table,
                         const struct dtls_slot *slot)
{
    const unsigned char *base = (const unsigned char *)table->first;
    const unsigned char *at = (const unsigned char *)slot;

    return (uint32_t)((size_t)(at - base) / table->stride);
}

static struct dtls_slot *bucket_of(const struct dtls_table *table,
                                   const struct dtls_address *peer)
{
    uint8_t digest[DTLS_HASH_MAX];
    struct dtls_bytes bytes = {peer->bytes, peer->len};
    struct dtls_bytes in = {digest, sizeof digest};
    uint32_t number = 0;
    bool ok;

    table->crypto->hmac(table->crypto->self, &table->key, digest, &bytes, 1);
    ok = dtls_get_u32(&in, &number);
    assert(ok);
    (void)ok;
    return slot_at(table, number % table->count);
}

enum dtls_status dtls_table_init(struct dtls_table *table,
                                 const struct dtls_crypto *crypto,
                                 struct dtls_slot *first, size_t stride,
                                 uint32_t count)
{
    struct dtls_table made = {
        .crypto = crypto, .first = first, .stride = stride, .count = count};
    uint8_t secret[32];
    enum dtls_status status =
        crypto->random(crypto->self, secret, sizeof secret);

    if (status == DTLS_OK) {
        status = crypto->hmac_key(crypto->self, &made.key, DTLS_HASH_SHA256,
                                  dtls_bytes_of(secret, sizeof secret));
    }
    for (uint32_t i = count; i > 0 && status == DTLS_OK; i--) {
        *slot_at(&made, i - 1) = (struct dtls_slot){.next = made.free};
        made.free = i;
    }
    if (status == DTLS_OK) {
        *table = made;
    }
    dtls_wipe(secret, sizeof secret);
    dtls_wipe(&made, sizeof made);
    return status;
}

void dtls_table_free(struct dtls_table *table)
{
    dtls_wipe(table, sizeof *table);
}

static bool same_peer(const struct dtls_address *a,
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
        struct dtls_slot *slot = slot_at(table, link - 1);

        if (same_peer(&slot->peer, peer)) {
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

struct dtls_slot *dtls_table_take(struct dtls_table *table,
                                  const struct dtls_address *peer)
{
    struct dtls_slot *bucket = bucket_of(table, peer);
    uint32_t link = table->free;
    struct dtls_slot *slot;

    if (link == 0) {
        return NULL;
    }
    slot = slot_at(table, link - 1);
    table->free = slot->next;
    slot->taken = true;
    slot->peer = *peer;
    slot->next = bucket->bucket;
    bucket->bucket = link;
    table->taken++;
    return slot;
}

void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot)
{
    uint32_t link = index_of(table, slot) + 1;
    uint32_t *from = &bucket_of(table, &slot->peer)->bucket;

    assert(slot->taken);
    while (*from != link) {
        from = &slot_at(table, *from - 1)->next;
    }
    *from = slot->next;
    slot->taken = false;
    slot->next = table->free;
    table->free = link;
    table->taken--;
}
