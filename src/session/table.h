/* SPDX-License-Identifier: MIT */
/* Which association belongs to an address: an intrusive hash over the
 * caller's array.  Element i also holds the head of bucket i, so there is no
 * other memory, and finding costs the same with 1 and with 100,000. */
#ifndef DTLS_SESSION_TABLE_H
#define DTLS_SESSION_TABLE_H

#include "crypto/crypto.h"

/* A peer, as bytes to be compared: family, address, port. */
#define DTLS_ADDRESS_MAX 20
struct dtls_address {
    uint8_t len;
    uint8_t bytes[DTLS_ADDRESS_MAX];
};

/* The part of an element that is the table's.  Links are index + 1, so that
 * all zero is empty. */
struct dtls_slot {
    bool taken;
    uint32_t bucket; /* head of the bucket with this element's number */
    uint32_t next;   /* in its bucket, or among the free ones */
    struct dtls_address peer;
};

struct dtls_table {
    const struct dtls_crypto *crypto;
    struct dtls_slot *first; /* the slot of element 0 */
    size_t stride;           /* bytes from one element's slot to the next */
    uint32_t count;
    uint32_t taken;
    uint32_t free;            /* first free element, index + 1 */
    struct dtls_hmac_key key; /* nobody outside can choose collisions */
};

/* dtls_table_init takes over `count` slots, `stride` bytes apart. */
DTLS_MUST_USE enum dtls_status dtls_table_init(
    struct dtls_table *table, const struct dtls_crypto *crypto,
    struct dtls_slot *first, size_t stride, uint32_t count);

/* dtls_table_find returns the slot of `peer` that was taken last, or NULL;
 * dtls_table_find_older the one that the same peer took before `slot`. */
struct dtls_slot *dtls_table_find(const struct dtls_table *table,
                                  const struct dtls_address *peer);
struct dtls_slot *dtls_table_find_older(const struct dtls_table *table,
                                        const struct dtls_slot *slot);

/* dtls_table_take gives a free slot to `peer`; NULL if none is free. */
struct dtls_slot *dtls_table_take(struct dtls_table *table,
                                  const struct dtls_address *peer);

/* dtls_table_give takes a slot back. */
void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot);

#endif
