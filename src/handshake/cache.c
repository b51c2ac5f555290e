/* SPDX-License-Identifier: MIT */
/* A server's sessions that can be resumed by their ids
 * (handshake/resumption.h): a ring of entries, which is also a hash table. */
#include "handshake/resumption.h"

#include "base/secret.h"

#include <string.h>

static struct dtls_bytes id_of(const struct dtls_saved *saved)
{
    return dtls_bytes_of(saved->id, saved->id_len);
}

/* The ids are random and our own, so a few bytes of an id are a hash that a
 * client cannot choose. */
static uint32_t bucket_of(const struct dtls_cache *cache, struct dtls_bytes id)
{
    uint32_t hash = 0;

    return dtls_get_u32(&id, &hash) ? hash % cache->num : 0;
}

/* Returns the link that leads to the session with this id, or the last one of
 * its bucket, which is 0. */
static uint32_t *link_to(const struct dtls_cache *cache, struct dtls_bytes id)
{
    uint32_t *link = &cache->entries[bucket_of(cache, id)].head;

    while (*link != 0 &&
           !dtls_bytes_equal(id_of(&cache->entries[*link - 1].saved), id)) {
        link = &cache->entries[*link - 1].next;
    }
    return link;
}

void dtls_cache_init(struct dtls_cache *cache,
                     struct dtls_cache_entry *entries, uint32_t num)
{
    memset(entries, 0, num * sizeof *entries);
    *cache = (struct dtls_cache){.entries = entries, .num = num};
}

void dtls_cache_free(struct dtls_cache *cache)
{
    if (cache->entries != NULL) {
        dtls_wipe(cache->entries, cache->num * sizeof *cache->entries);
    }
    *cache = (struct dtls_cache){0};
}

const struct dtls_saved *dtls_cache_find(const struct dtls_cache *cache,
                                         struct dtls_bytes id)
{
    uint32_t link = cache->num != 0 && id.len != 0 ? *link_to(cache, id) : 0;

    return link != 0 ? &cache->entries[link - 1].saved : NULL;
}

void dtls_cache_remove(struct dtls_cache *cache, struct dtls_bytes id)
{
    uint32_t *link =
        cache->num != 0 && id.len != 0 ? link_to(cache, id) : NULL;
    struct dtls_cache_entry *entry;

    if (link == NULL || *link == 0) {
        return;
    }
    entry = &cache->entries[*link - 1];
    *link = entry->next;
    entry->next = 0;
    dtls_wipe(&entry->saved, sizeof entry->saved);
}

void dtls_cache_put(struct dtls_cache *cache, const struct dtls_saved *saved)
{
    struct dtls_cache_entry *entry;
    uint32_t *link;

    if (cache->num == 0) {
        return;
    }
    entry = &cache->entries[cache->oldest];
    dtls_cache_remove(cache, id_of(&entry->saved));
    link = &cache->entries[bucket_of(cache, id_of(saved))].head;
    entry->saved = *saved;
    entry->next = *link;
    *link = cache->oldest + 1;
    cache->oldest = (cache->oldest + 1) % cache->num;
}
