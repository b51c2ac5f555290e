/* SPDX-License-Identifier: MIT */
/* A session that can be resumed, as bytes: in the clear, and sealed
 * (handshake/resumption.h). */
#include "handshake/resumption.h"

#include "base/secret.h"

#include <string.h>

#define TIME_MAX ((INT64_C(1) << 48) - 1) /* in 48 bits */

enum {
    NUMBER_LEN = 8,
    FORMAT = 1, /* counts up when these bytes change their meaning */
    HAS_PEER_LEAF = 1,
    SERVER_NAME_KNOWN = 2,
    PEER_IS_RAW = 4
};

/* A time that is too early or too late for 48 bits is the first or the last
 * one: not_after of a certificate may be anything. */
static uint64_t to_u48(int64_t value)
{
    const int64_t last = TIME_MAX;

    return (uint64_t)(value < 0 ? 0 : value > last ? last : value);
}

/* Writes the bytes.  `until` counts from `origin`. */
static bool put(struct dtls_buf *out, const struct dtls_saved *saved,
                uint64_t origin)
{
    uint8_t flags =
        (uint8_t)((saved->has_peer_leaf ? HAS_PEER_LEAF : 0) |
                  (saved->server_name_known ? SERVER_NAME_KNOWN : 0) |
                  (saved->peer_is_raw ? PEER_IS_RAW : 0));

    return dtls_put_u8(out, FORMAT) && dtls_put_u16(out, saved->suite) &&
           dtls_put_u8(out, flags) &&
           dtls_put_u16(out, saved->fragment_length) &&
           dtls_put_u48(out,
                        saved->until > origin ? saved->until - origin : 0) &&
           dtls_put_u48(out, to_u48(saved->peer_until)) &&
           dtls_put_bytes(out, dtls_bytes_of(saved->scope, DTLS_LEAF_LEN)) &&
           dtls_put_bytes(out,
                          dtls_bytes_of(saved->peer_leaf, DTLS_LEAF_LEN)) &&
           dtls_put_bytes(out,
                          dtls_bytes_of(saved->master, DTLS_MASTER_LEN)) &&
           dtls_put_vec8(
               out, dtls_bytes_of(saved->identity, saved->identity_len)) &&
           dtls_put_vec8(out, dtls_bytes_of(saved->id, saved->id_len));
}

/* Takes what `put` has written off the front of `in`.  Only authentic bytes
 * come here. */
static bool get(struct dtls_bytes *in, struct dtls_saved *out, uint64_t origin)
{
    uint8_t format;
    uint8_t flags;
    uint64_t until;
    uint64_t peer_until;
    struct dtls_bytes scope;
    struct dtls_bytes peer_leaf;
    struct dtls_bytes master;
    struct dtls_bytes identity;
    struct dtls_bytes id;

    *out = (struct dtls_saved){0};
    if (!dtls_get_u8(in, &format) || format != FORMAT ||
        !dtls_get_u16(in, &out->suite) || !dtls_get_u8(in, &flags) ||
        (flags & ~(HAS_PEER_LEAF | SERVER_NAME_KNOWN | PEER_IS_RAW)) != 0 ||
        !dtls_get_u16(in, &out->fragment_length) ||
        !dtls_get_u48(in, &until) || !dtls_get_u48(in, &peer_until) ||
        !dtls_get_bytes(in, DTLS_LEAF_LEN, &scope) ||
        !dtls_get_bytes(in, DTLS_LEAF_LEN, &peer_leaf) ||
        !dtls_get_bytes(in, DTLS_MASTER_LEN, &master) ||
        !dtls_get_vec8(in, &identity) ||
        identity.len > DTLS_PSK_IDENTITY_MAX || !dtls_get_vec8(in, &id) ||
        id.len > DTLS_SESSION_ID_MAX) {
        return false;
    }
    out->has_peer_leaf = (flags & HAS_PEER_LEAF) != 0;
    out->server_name_known = (flags & SERVER_NAME_KNOWN) != 0;
    out->peer_is_raw = (flags & PEER_IS_RAW) != 0;
    out->until = origin + until;
    out->peer_until = (int64_t)peer_until;
    memcpy(out->scope, scope.data, scope.len);
    memcpy(out->peer_leaf, peer_leaf.data, peer_leaf.len);
    memcpy(out->master, master.data, master.len);
    memcpy(out->identity, identity.data, identity.len);
    out->identity_len = (uint8_t)identity.len;
    memcpy(out->id, id.data, id.len);
    out->id_len = (uint8_t)id.len;
    return true;
}

enum dtls_status dtls_saved_key(const struct dtls_crypto *crypto,
                                struct dtls_cipher *cipher,
                                const uint8_t key[DTLS_SAVED_KEY_LEN],
                                bool seal)
{
    static const uint8_t salt[4]; /* The number alone makes a nonce its own. */
    /* ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, of which the cipher counts: it is
     * as strong as that of any suite (RFC 9325, 3.4). */
    const struct dtls_suite *suite = dtls_suite_find(0xc02c);
    struct dtls_cipher_keys keys = {
        .key = dtls_bytes_of(key, DTLS_SAVED_KEY_LEN),
        .salt = dtls_bytes_of(salt, sizeof salt),
    };

    return crypto->cipher_key(crypto->self, cipher, suite, &keys, seal);
}

/* Makes the additional data: the number, and in the place of a record's type
 * and version what the bytes are for. */
static void make_aad(uint8_t aad[DTLS_AAD_LEN], const uint8_t *number,
                     const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN])
{
    memset(aad, 0, DTLS_AAD_LEN);
    memcpy(aad, number, NUMBER_LEN);
    memcpy(&aad[NUMBER_LEN], purpose, DTLS_SAVED_PURPOSE_LEN);
}

/* Begins a sealed session: the room for its number, and its bytes. */
static enum dtls_status begin(struct dtls_buf *out, struct dtls_span *number,
                              const struct dtls_saved *saved, uint64_t origin)
{
    return dtls_put_room(out, NUMBER_LEN, number) && put(out, saved, origin)
               ? DTLS_OK
               : DTLS_NO_ROOM;
}

/* Appends what was made in `copy`, or wipes the room for it. */
static enum dtls_status conclude(struct dtls_buf *out,
                                 const struct dtls_buf *copy,
                                 enum dtls_status status)
{
    if (status == DTLS_OK) {
        *out = *copy;
    } else {
        dtls_wipe(&out->data[out->len], out->cap - out->len);
    }
    return status;
}

/* Seals what stands behind the number, which has not been used with this key
 * before. */
static enum dtls_status finish(const struct dtls_crypto *crypto,
                               struct dtls_cipher *cipher,
                               struct dtls_buf *out, struct dtls_span number,
                               uint64_t value,
                               const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN])
{
    uint8_t aad[DTLS_AAD_LEN];
    struct dtls_span tag;

    if (!dtls_put_room(out, DTLS_SAVED_TAG_LEN, &tag)) {
        return DTLS_NO_ROOM;
    }
    for (size_t i = 0; i < number.len; i++) {
        number.data[i] = (uint8_t)(value >> (8 * (number.len - 1 - i)));
    }
    make_aad(aad, number.data, purpose);
    return crypto->aead_seal(
        crypto->self, cipher, aad,
        (struct dtls_span){number.data,
                           (size_t)(&out->data[out->len] - number.data)});
}

enum dtls_status dtls_saved_seal(const struct dtls_crypto *crypto,
                                 struct dtls_cipher *cipher,
                                 struct dtls_buf *out,
                                 const struct dtls_saved *saved,
                                 uint64_t number,
                                 const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN])
{
    struct dtls_buf copy = *out;
    struct dtls_span place;
    enum dtls_status status = begin(&copy, &place, saved, 0);

    if (status == DTLS_OK) {
        status = finish(crypto, cipher, &copy, place, number, purpose);
    }
    return conclude(out, &copy, status);
}

/* Opens `sealed` into `room`, and sets `state` to what was sealed. */
static bool open_into(const struct dtls_crypto *crypto,
                      struct dtls_cipher *cipher, struct dtls_span room,
                      struct dtls_bytes sealed,
                      const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN],
                      struct dtls_bytes *state)
{
    uint8_t aad[DTLS_AAD_LEN];

    if (sealed.len < NUMBER_LEN + DTLS_SAVED_TAG_LEN ||
        sealed.len > room.len) {
        return false;
    }
    make_aad(aad, sealed.data, purpose);
    memcpy(room.data, sealed.data, sealed.len);
    *state = dtls_bytes_of(&room.data[NUMBER_LEN],
                           sealed.len - NUMBER_LEN - DTLS_SAVED_TAG_LEN);
    return crypto->aead_open(crypto->self, cipher, aad,
                             (struct dtls_span){room.data, sealed.len}) ==
           DTLS_OK;
}

bool dtls_saved_open(const struct dtls_crypto *crypto,
                     struct dtls_cipher *cipher, struct dtls_saved *saved,
                     struct dtls_bytes sealed,
                     const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN])
{
    uint8_t bytes[NUMBER_LEN + DTLS_SAVED_MAX + DTLS_SAVED_TAG_LEN];
    struct dtls_span room = {bytes, sizeof bytes};
    struct dtls_bytes state;
    struct dtls_saved out = {0};
    bool ok = open_into(crypto, cipher, room, sealed, purpose, &state) &&
              get(&state, &out, 0) && state.len == 0;

    if (ok) {
        *saved = out;
    }
    dtls_wipe(bytes, sizeof bytes);
    dtls_wipe(&out, sizeof out);
    return ok;
}

enum { SALT_LEN = DTLS_EXPORT_SALT_LEN };

/* Makes the key of one export, of the application's key and the salt. */
static enum dtls_status export_key(const struct dtls_crypto *crypto,
                                   struct dtls_cipher *cipher,
                                   const uint8_t key[DTLS_SAVED_KEY_LEN],
                                   const uint8_t *salt, bool seal)
{
    struct dtls_bytes part = {salt, SALT_LEN};
    struct dtls_hmac_key hmac;
    uint8_t own[DTLS_SAVED_KEY_LEN];
    enum dtls_status status =
        crypto->hmac_key(crypto->self, &hmac, DTLS_HASH_SHA256,
                         dtls_bytes_of(key, DTLS_SAVED_KEY_LEN));

    if (status == DTLS_OK) {
        crypto->hmac(crypto->self, &hmac, own, &part, 1);
        status = dtls_saved_key(crypto, cipher, own, seal);
    }
    dtls_wipe(&hmac, sizeof hmac);
    dtls_wipe(own, sizeof own);
    return status;
}

enum dtls_status dtls_export_begin(const struct dtls_crypto *crypto,
                                   struct dtls_export *e,
                                   const struct dtls_buf *out,
                                   const uint8_t key[DTLS_SAVED_KEY_LEN],
                                   uint8_t version)
{
    struct dtls_span salt;
    enum dtls_status status;

    *e = (struct dtls_export){.out = *out};
    status = dtls_put_u8(&e->out, version) &&
                     dtls_put_room(&e->out, SALT_LEN, &salt)
                 ? crypto->random(crypto->self, salt.data, salt.len)
                 : DTLS_NO_ROOM;
    if (status == DTLS_OK) {
        status = export_key(crypto, &e->cipher, key, salt.data, true);
    }
    if (status == DTLS_OK && !dtls_put_room(&e->out, NUMBER_LEN, &e->number)) {
        status = DTLS_NO_ROOM;
    }
    return status;
}

enum dtls_status dtls_export_end(const struct dtls_crypto *crypto,
                                 struct dtls_export *e, struct dtls_buf *out,
                                 uint64_t number,
                                 const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN],
                                 enum dtls_status status)
{
    if (status == DTLS_OK) {
        status =
            finish(crypto, &e->cipher, &e->out, e->number, number, purpose);
    }
    crypto->cipher_free(crypto->self, &e->cipher);
    return conclude(out, &e->out, status);
}

enum dtls_status dtls_export_open(
    const struct dtls_crypto *crypto, struct dtls_span room,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN],
    uint8_t version, const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN],
    struct dtls_bytes *state)
{
    struct dtls_cipher cipher = {0};
    struct dtls_bytes salt;
    enum dtls_status status = DTLS_DISCARD;
    uint8_t written;

    if (dtls_get_u8(&in, &written) && written == version &&
        dtls_get_bytes(&in, SALT_LEN, &salt)) {
        status = export_key(crypto, &cipher, key, salt.data, false);
    }
    if (status == DTLS_OK &&
        !open_into(crypto, &cipher, room, in, purpose, state)) {
        status = DTLS_DISCARD;
    }
    crypto->cipher_free(crypto->self, &cipher);
    return status;
}

/* What a client's application keeps: the session, how long the ticket may yet
 * be offered, the ticket.  The key is of its salt alone, so the number is
 * always 0. */
enum { EXPORT_VERSION = 1 };
static const uint8_t for_export[DTLS_SAVED_PURPOSE_LEN] = {'e', 'x', 'p'};

static bool put_export(struct dtls_buf *out,
                       const struct dtls_client_session *own, uint64_t now)
{
    uint64_t left = own->ticket_until > now ? own->ticket_until - now : 0;

    return put(out, &own->saved, now) &&
           dtls_put_u48(out, left < TIME_MAX ? left : TIME_MAX) &&
           dtls_put_vec16(
               out, dtls_bytes_of(own->tickets[own->which], own->ticket_len));
}

enum dtls_status dtls_client_session_export(
    const struct dtls_crypto *crypto, struct dtls_buf *out,
    const struct dtls_client_session *own,
    const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now)
{
    struct dtls_export e;
    enum dtls_status status;

    if (own->saved.suite == 0 || own->is_unanswered) {
        return DTLS_NOT_NOW;
    }
    status = dtls_export_begin(crypto, &e, out, key, EXPORT_VERSION);
    if (status == DTLS_OK && !put_export(&e.out, own, now)) {
        status = DTLS_NO_ROOM;
    }
    return dtls_export_end(crypto, &e, out, 0, for_export, status);
}

/* The place of both tickets is the room to open in.  The ticket then moves to
 * the first. */
static bool get_export(struct dtls_client_session *own,
                       struct dtls_bytes state, uint64_t now)
{
    struct dtls_span room = {own->tickets[0], sizeof own->tickets};
    struct dtls_bytes ticket;
    uint64_t left;

    if (!get(&state, &own->saved, now) || !dtls_get_u48(&state, &left) ||
        !dtls_get_vec16(&state, &ticket) || state.len != 0 ||
        ticket.len > DTLS_TICKET_MAX) {
        return false;
    }
    memmove(own->tickets[0], ticket.data, ticket.len);
    own->ticket_len = (uint16_t)ticket.len;
    own->ticket_until = left == TIME_MAX ? DTLS_NEVER : now + left;
    dtls_wipe(&own->tickets[0][ticket.len], room.len - ticket.len);
    return true;
}

enum dtls_status dtls_client_session_import(
    const struct dtls_crypto *crypto, struct dtls_client_session *own,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now)
{
    struct dtls_bytes state;
    enum dtls_status status;

    dtls_wipe(own, sizeof *own);
    status = dtls_export_open(
        crypto, (struct dtls_span){own->tickets[0], sizeof own->tickets}, in,
        key, EXPORT_VERSION, for_export, &state);
    if (status == DTLS_OK && !get_export(own, state, now)) {
        status = DTLS_DISCARD;
    }
    if (status != DTLS_OK) {
        dtls_wipe(own, sizeof *own);
    }
    return status;
}
