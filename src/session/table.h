/* SPDX-License-Identifier: MIT */
/* The table from a peer's address to its association, and from a connection id
 * of ours to the same, over the caller's array and, if there is one, a
 * reserve: one more element that stands elsewhere.
 *
 * The index stands apart from the elements, in one piece: two chained hashes,
 * of 12 bytes for each element and key.  A link has a part of its key's hash,
 * so a search looks at no element but the one that it finds, and costs the
 * same with 1 and with 100,000 associations.
 *
 * The reserve is taken if no other slot is free. */
#ifndef DTLS_SESSION_TABLE_H
#define DTLS_SESSION_TABLE_H

#include "base/siphash.h"
#include "crypto/crypto.h"

/* struct dtls_address is a peer, as bytes to be compared: family, address,
 * port; and behind them our own address that the peer speaks to, if we have
 * several. */
#define DTLS_ADDRESS_MAX 36
struct dtls_address {
    uint8_t len;
    uint8_t bytes[DTLS_ADDRESS_MAX];
};

/* struct dtls_source is where a peer comes from, as one network counts: an
 * IPv4 address or the first 64 bits of an IPv6 address, behind its family. */
struct dtls_source {
    uint8_t bytes[9];
};

/* struct dtls_crowd holds the half-open associations of one source, and
 * struct dtls_seat what the admission policy knows of an association and what
 * else it keeps in this element (session/admission.h).  Here and in the index
 * an element's number is index + 1, and 0 ends a chain. */
struct dtls_crowd {
    struct dtls_source source;
    uint32_t size;
    uint32_t oldest;
    uint32_t newest;
    uint32_t next;   /* in its bucket, or among the unused ones */
    uint32_t before; /* among the crowds of its size, in a circle */
    uint32_t behind;
};

struct dtls_seat {
    struct dtls_source source;
    bool second;    /* its peer has an older association */
    bool half_open; /* it is not established */
    uint64_t since; /* when it was admitted, or what it replaced */
    uint32_t crowd; /* it belongs to; 0: it is a second one */
    uint32_t older; /* in its crowd, or among the second ones */
    uint32_t newer;
    /* What the element holds for others. */
    uint32_t bucket;  /* the crowds in the bucket of this element's number */
    uint32_t of_size; /* the crowds with (this element's number) + 1 members */
    struct dtls_crowd here;
};

/* struct dtls_link is the place of element i among those of one bucket, and
 * the head of bucket i. */
struct dtls_link {
    uint32_t tag;    /* of its key */
    uint32_t next;   /* in its bucket, or among the free ones */
    uint32_t bucket; /* head of the bucket with this element's number */
};

/* What leads to an element. */
enum dtls_table_key { DTLS_TABLE_PEERS, DTLS_TABLE_IDS, DTLS_TABLE_KEYS };

/* DTLS_INDEX_LINKS is the number of links of an index over `count` slots and a
 * reserve. */
#define DTLS_INDEX_LINKS(count) ((size_t)DTLS_TABLE_KEYS * ((count) + 1))

/* struct dtls_slot is the table's part of an element. */
struct dtls_slot {
    bool taken;
    uint8_t id_len; /* 0: it has no id */
    struct dtls_address peer;
    uint8_t id[DTLS_OWN_CID_MAX];
    struct dtls_seat seat; /* session/admission.h's */
};

struct dtls_table {
    struct dtls_slot *first; /* the slot of element 0; NULL: no table */
    size_t stride;           /* bytes from one element's slot to the next */
    uint32_t count;
    struct dtls_slot *reserve; /* element `count`; NULL: there is none */
    struct dtls_link *index[DTLS_TABLE_KEYS]; /* count + 1 links each */
    uint32_t taken;
    uint32_t free;                     /* first free element, index + 1 */
    uint8_t key[DTLS_SIPHASH_KEY_LEN]; /* no peer can choose collisions */
};

/* dtls_table_init makes an empty table of `count` slots, `stride` bytes apart,
 * and of `reserve`, which may be NULL, with `index`, DTLS_INDEX_LINKS(count)
 * links.  It borrows them all.  If `crypto` fails, it returns that status and
 * leaves the table as it was.  dtls_table_free wipes the key. */
DTLS_MUST_USE enum dtls_status dtls_table_init(
    struct dtls_table *table, const struct dtls_crypto *crypto,
    struct dtls_slot *first, size_t stride, uint32_t count,
    struct dtls_slot *reserve, struct dtls_link *index);
void dtls_table_free(struct dtls_table *table);

/* dtls_table_slots returns the number of slots, with the reserve;
 * dtls_table_is_full returns true if none of them is free.
 * dtls_table_slot returns the one with this index, below that number;
 * dtls_table_index is its inverse. */
uint32_t dtls_table_slots(const struct dtls_table *table);
bool dtls_table_is_full(const struct dtls_table *table);
struct dtls_slot *dtls_table_slot(const struct dtls_table *table,
                                  uint32_t index);
uint32_t dtls_table_index(const struct dtls_table *table,
                          const struct dtls_slot *slot);

/* dtls_table_bucket returns the number of the bucket, below `count`, in which
 * `key` belongs.  No peer can choose keys of one bucket. */
uint32_t dtls_table_bucket(const struct dtls_table *table,
                           struct dtls_bytes key);

/* dtls_table_same_peer returns true if both are one address. */
bool dtls_table_same_peer(const struct dtls_address *a,
                          const struct dtls_address *b);

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

/* dtls_table_move makes `peer` the peer of a taken slot, as if the slot had
 * just been taken for it. */
void dtls_table_move(struct dtls_table *table, struct dtls_slot *slot,
                     const struct dtls_address *peer);

/* dtls_table_name gives a taken slot a connection id of 1 to
 * DTLS_OWN_CID_MAX bytes, which it keeps until it is given back.  It returns
 * false, and does nothing, if another slot has that id.
 *
 * dtls_table_find_id returns the slot with this id, or NULL. */
DTLS_MUST_USE bool dtls_table_name(struct dtls_table *table,
                                   struct dtls_slot *slot,
                                   struct dtls_bytes id);
struct dtls_slot *dtls_table_find_id(const struct dtls_table *table,
                                     struct dtls_bytes id);

/* dtls_table_give makes a taken slot free again. */
void dtls_table_give(struct dtls_table *table, struct dtls_slot *slot);

#endif
