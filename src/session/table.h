/* SPDX-License-Identifier: MIT */
/* The table from a peer's address to its association: an intrusive hash over
 * the caller's array.  Element i also holds the head of bucket i, so the table
 * needs no other memory.  A search costs the same with 1 and with 100,000
 * associations. */
#ifndef DTLS_SESSION_TABLE_H
#define DTLS_SESSION_TABLE_H

#include "crypto/crypto.h"

/* struct dtls_address is a peer, as bytes to be compared: family, address,
 * port; and behind them our own address that the peer speaks to, if we have
 * several. */
#define DTLS_ADDRESS_MAX 36
struct dtls_address {
    uint8_t len;
    uint8_t bytes[DTLS_ADDRESS_MAX];
};

/* struct dtls_slot is the table's part of an element.  Links are index + 1, so
 * that an all-zero slot is empty. */
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
    struct dtls_hmac_key key; /* no peer can choose collisions */
};

/* dtls_table_init makes an empty table of `count` slots, `stride` bytes apart,
 * which it borrows.  If `crypto` fails, it returns that status and leaves the
 * table as it was.  dtls_table_free wipes the key. */
DTLS_MUST_USE enum dtls_status dtls_table_init(
    struct dtls_table *table, const struct dtls_crypto *crypto,
    struct dtls_slot *first, size_t stride, uint32_t count);
void dtls_table_free(struct dtls_table *table);

/* dtls_table_find returns the slot of `peer` that was taken last, or NULL.
 * dtls_table_find_older returns the one that the same peer took before `slot`,
 * or NULL. */
struct dtls_slot *dtls_table_find(const struct dtls_table *table,
                                  const struct dtls_address *peer);
struct dtls_slot *dtls_table_find_older(const struct dtls_table *table,
                                        const struct dtls_slot *slot);

/* dtls_table_take takes a free slot for `peer`.  It returns NULL if no slot is
 * free. */
struct dtls_slot *dtls_table_take(struct dtls_table *table,
                                  const struct dtls_address *peer);

/* dtls_table_give makes a taken slot free again. */
void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot);

#endif
