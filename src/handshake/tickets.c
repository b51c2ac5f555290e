/* SPDX-License-Identifier: MIT */
/* Tickets (handshake/tickets.h). */
#include "handshake/tickets.h"

#include "base/secret.h"

#include <string.h>

/* No other use of such a key has this additional data. */
static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'t', 'k', 't'};

static void free_key(const struct dtls_crypto *crypto,
                     struct dtls_ticket_key *key)
{
    crypto->cipher_free(crypto->self, &key->seal);
    crypto->cipher_free(crypto->self, &key->open);
    dtls_wipe(key, sizeof *key);
}

/* Fills an all-zero key. */
static enum dtls_status make_key(const struct dtls_crypto *crypto,
                                 struct dtls_ticket_key *key)
{
    uint8_t secret[DTLS_SAVED_KEY_LEN];
    enum dtls_status status =
        crypto->random(crypto->self, secret, sizeof secret);

    if (status == DTLS_OK) {
        status = crypto->random(crypto->self, key->name, sizeof key->name);
    }
    if (status == DTLS_OK) {
        status = dtls_saved_key(crypto, &key->seal, secret, true);
    }
    if (status == DTLS_OK) {
        status = dtls_saved_key(crypto, &key->open, secret, false);
    }
    dtls_wipe(secret, sizeof secret);
    if (status != DTLS_OK) {
        free_key(crypto, key);
    }
    return status;
}

enum dtls_status dtls_tickets_init(struct dtls_tickets *tickets,
                                   const struct dtls_crypto *crypto,
                                   uint64_t period, uint64_t now)
{
    struct dtls_tickets made = {
        .crypto = crypto, .made = now, .period = period};
    enum dtls_status status = make_key(crypto, &made.current);

    if (status == DTLS_OK) {
        *tickets = made;
    }
    dtls_wipe(&made, sizeof made);
    return status;
}

void dtls_tickets_free(struct dtls_tickets *tickets)
{
    if (tickets->crypto != NULL) {
        free_key(tickets->crypto, &tickets->current);
        free_key(tickets->crypto, &tickets->previous);
    }
    dtls_wipe(tickets, sizeof *tickets);
}

/* Wipes the keys that are too old, and makes a new one if the current one has
 * served for its period.  Returns false if that fails, because no key may then
 * be used, or if there are no keys. */
static bool renew(struct dtls_tickets *tickets, uint64_t now)
{
    const struct dtls_crypto *crypto = tickets->crypto;
    uint64_t age = now - tickets->made;
    struct dtls_ticket_key next = {0};

    if (crypto == NULL) {
        return false;
    }
    if (age < tickets->period) {
        return true;
    }
    free_key(crypto, &tickets->previous);
    if (age >= 2 * tickets->period) {
        free_key(crypto, &tickets->current);
    }
    if (make_key(crypto, &next) != DTLS_OK) {
        return false;
    }
    tickets->previous = tickets->current;
    tickets->current = next;
    tickets->made = now;
    dtls_wipe(&next, sizeof next);
    return true;
}

enum dtls_status dtls_tickets_seal(struct dtls_tickets *tickets,
                                   struct dtls_buf *out,
                                   const struct dtls_saved *saved,
                                   uint64_t now)
{
    struct dtls_buf copy = *out;
    enum dtls_status status;

    if (!renew(tickets, now)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (!dtls_put_bytes(&copy, dtls_bytes_of(tickets->current.name,
                                             DTLS_TICKET_NAME_LEN))) {
        return DTLS_NO_ROOM;
    }
    status = dtls_saved_seal(tickets->crypto, &tickets->current.seal, &copy,
                             saved, tickets->current.sealed, purpose);
    if (status == DTLS_OK) {
        tickets->current.sealed++;
        *out = copy;
    }
    return status;
}

static bool has_name(const struct dtls_ticket_key *key, struct dtls_bytes name)
{
    return key->open.context != NULL &&
           memcmp(key->name, name.data, DTLS_TICKET_NAME_LEN) == 0;
}

bool dtls_tickets_open(struct dtls_tickets *tickets, struct dtls_saved *saved,
                       bool *is_old, struct dtls_bytes ticket, uint64_t now)
{
    struct dtls_ticket_key *key;
    struct dtls_bytes name;

    if (!dtls_get_bytes(&ticket, DTLS_TICKET_NAME_LEN, &name) ||
        !renew(tickets, now)) {
        return false;
    }
    key = has_name(&tickets->current, name) ? &tickets->current
                                            : &tickets->previous;
    if (!has_name(key, name) || !dtls_saved_open(tickets->crypto, &key->open,
                                                 saved, ticket, purpose)) {
        return false;
    }
    *is_old = key == &tickets->previous;
    return true;
}
