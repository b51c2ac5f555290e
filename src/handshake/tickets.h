/* SPDX-License-Identifier: MIT */
/* Tickets: sessions that a server seals and gives to its clients, so that it
 * keeps none itself (RFC 5077).  A ticket is
 *
 *     key name   16 bytes
 *     number     8 bytes: how many tickets the key has sealed before
 *     state      the session, under AES-256-GCM (handshake/saved.c)
 *     tag        16 bytes
 *
 * The key is random, of this use alone, and lives for two periods: in the
 * first, tickets are sealed with it; in the second, they are only opened.  It
 * is then wiped (RFC 5077, 5.5; RFC 9325, 3.4), at the next call of
 * dtls_tickets_seal or dtls_tickets_open: a server whom no client asks keeps
 * its last keys in memory, of no more use, until then or until
 * dtls_tickets_free. */
#ifndef DTLS_HANDSHAKE_TICKETS_H
#define DTLS_HANDSHAKE_TICKETS_H

#include "handshake/resumption.h"

#define DTLS_TICKET_NAME_LEN 16
/* Bytes of the longest ticket that we make. */
#define DTLS_TICKET_MADE_MAX                                                  \
    (DTLS_TICKET_NAME_LEN + 8 + DTLS_SAVED_MAX + DTLS_SAVED_TAG_LEN)

struct dtls_ticket_key {
    uint8_t name[DTLS_TICKET_NAME_LEN];
    struct dtls_cipher seal;
    struct dtls_cipher open;
    uint64_t sealed; /* so many tickets: the number of the next one */
};

struct dtls_tickets {
    const struct dtls_crypto *crypto;
    struct dtls_ticket_key current;
    struct dtls_ticket_key previous; /* all zero in the first period */
    uint64_t made;                   /* when `current` was */
    uint64_t period;                 /* milliseconds */
};

/* dtls_tickets_init makes the first key.  A session can be resumed for at most
 * `period` milliseconds after its full handshake, so that its ticket does not
 * outlive its key.  If `crypto` fails, it returns that status and leaves
 * `tickets` as it was.
 *
 * dtls_tickets_free wipes the keys; `tickets` is then all zero, seals nothing
 * and opens nothing. */
DTLS_MUST_USE enum dtls_status dtls_tickets_init(
    struct dtls_tickets *tickets, const struct dtls_crypto *crypto,
    uint64_t period, uint64_t now);
void dtls_tickets_free(struct dtls_tickets *tickets);

/* dtls_tickets_seal appends a ticket with this session, sealed under the
 * current key, to `out`.  It returns DTLS_NO_ROOM if the ticket does not fit,
 * or the status of cryptography that fails; `out` is then as it was. */
DTLS_MUST_USE enum dtls_status dtls_tickets_seal(
    struct dtls_tickets *tickets, struct dtls_buf *out,
    const struct dtls_saved *saved, uint64_t now);

/* dtls_tickets_open opens a ticket.  It sets `*is_old` if the key is no longer
 * the one that seals.  It returns false, and changes neither, for anything
 * that is no ticket of the two keys. */
DTLS_MUST_USE bool dtls_tickets_open(struct dtls_tickets *tickets,
                                     struct dtls_saved *saved, bool *is_old,
                                     struct dtls_bytes ticket, uint64_t now);

#endif
