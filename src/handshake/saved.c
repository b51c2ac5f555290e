/* SPDX-License-Identifier: MIT */
/* A session that can be resumed, as bytes: in the clear, and sealed
 * (handshake/resumption.h). */
#include "handshake/resumption.h"

#include "base/secret.h"

#include <string.h>

#define TIME_MAX ((INT64_C(1) << 48) - 1) /* in 48 bits */

enum {
    FORMAT = 1, /* counts up when these bytes change their meaning */
    HAS_PEER_LEAF = 1,
    SERVER_NAME_KNOWN = 2
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
                  (saved->server_name_known ? SERVER_NAME_KNOWN : 0));

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
        (flags & ~(HAS_PEER_LEAF | SERVER_NAME_KNOWN)) != 0 ||
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
    /* ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, of which the cipher counts: it is
     * as strong as that of any suite (RFC 9325, 3.4). */
    const struct dtls_suite *suite = dtls_suite_find(0xc02c);
    struct dtls_cipher_keys keys = {
        .key = dtls_bytes_of(key, DTLS_SAVED_KEY_LEN)};

    return crypto->cipher_key(crypto->self, cipher, suite, &keys, seal);
}

/* Begins a sealed session: its nonce and its bytes. */
static enum dtls_status begin(const struct dtls_crypto *crypto,
                              struct dtls_buf *out, struct dtls_span *nonce,
                              const struct dtls_saved *saved, uint64_t origin)
{
    enum dtls_status status;

    if (!dtls_put_room(out, DTLS_NONCE_LEN, nonce)) {
        return DTLS_NO_ROOM;
    }
    status = crypto->random(crypto->self, nonce->data, nonce->len);
    if (status != DTLS_OK) {
        return status;
    }
    return put(out, saved, origin) ? DTLS_OK : DTLS_NO_ROOM;
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

/* Seals what stands behind the nonce. */
static enum dtls_status finish(const struct dtls_crypto *crypto,
                               struct dtls_cipher *cipher,
                               struct dtls_buf *out, struct dtls_span nonce,
                               const uint8_t purpose[DTLS_AAD_LEN])
{
    uint8_t *begun = nonce.data + nonce.len;
    struct dtls_span state = {begun, (size_t)(&out->data[out->len] - begun)};
    struct dtls_span tag;

    return dtls_put_room(out, DTLS_SAVED_TAG_LEN, &tag)
               ? crypto->aead_seal(crypto->self, cipher, nonce.data, purpose,
                                   state, tag.data)
               : DTLS_NO_ROOM;
}

enum dtls_status dtls_saved_seal(const struct dtls_crypto *crypto,
                                 struct dtls_cipher *cipher,
                                 struct dtls_buf *out,
                                 const struct dtls_saved *saved,
                                 const uint8_t purpose[DTLS_AAD_LEN])
{
    struct dtls_buf copy = *out;
    struct dtls_span nonce;
    enum dtls_status status = begin(crypto, &copy, &nonce, saved, 0);

    if (status == DTLS_OK) {
        status = finish(crypto, cipher, &copy, nonce, purpose);
    }
    return conclude(out, &copy, status);
}

/* Opens `sealed` into `room`, and sets `state` to what was sealed. */
static bool open_into(const struct dtls_crypto *crypto,
                      struct dtls_cipher *cipher, struct dtls_span room,
                      struct dtls_bytes sealed,
                      const uint8_t purpose[DTLS_AAD_LEN],
                      struct dtls_bytes *state)
{
    struct dtls_bytes nonce;

    if (!dtls_get_bytes(&sealed, DTLS_NONCE_LEN, &nonce) ||
        sealed.len < DTLS_SAVED_TAG_LEN ||
        sealed.len - DTLS_SAVED_TAG_LEN > room.len ||
        !dtls_get_bytes(&sealed, sealed.len - DTLS_SAVED_TAG_LEN, state)) {
        return false;
    }
    memcpy(room.data, state->data, state->len);
    state->data = room.data;
    return crypto->aead_open(crypto->self, cipher, nonce.data, purpose,
                             (struct dtls_span){room.data, state->len},
                             sealed.data) == DTLS_OK;
}

bool dtls_saved_open(const struct dtls_crypto *crypto,
                     struct dtls_cipher *cipher, struct dtls_saved *saved,
                     struct dtls_bytes sealed,
                     const uint8_t purpose[DTLS_AAD_LEN])
{
    uint8_t bytes[DTLS_SAVED_MAX];
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

/* What the application keeps: a version, then nonce, session, how long the
 * ticket may yet be offered, the ticket, tag. */
enum { EXPORT_VERSION = 1 };
static const uint8_t for_export[DTLS_AAD_LEN] = "nxdtls export";

static enum dtls_status put_export(const struct dtls_crypto *crypto,
                                   struct dtls_cipher *cipher,
                                   struct dtls_buf *out,
                                   const struct dtls_client_session *own,
                                   uint64_t now)
{
    struct dtls_span nonce;
    uint64_t left = own->ticket_until > now ? own->ticket_until - now : 0;
    enum dtls_status status = DTLS_NO_ROOM;

    if (dtls_put_u8(out, EXPORT_VERSION)) {
        status = begin(crypto, out, &nonce, &own->saved, now);
    }
    if (status == DTLS_OK) {
        status =
            dtls_put_u48(out, left < TIME_MAX ? left : TIME_MAX) &&
                    dtls_put_vec16(out, dtls_bytes_of(own->tickets[own->which],
                                                      own->ticket_len))
                ? finish(crypto, cipher, out, nonce, for_export)
                : DTLS_NO_ROOM;
    }
    return status;
}

enum dtls_status dtls_client_session_export(
    const struct dtls_crypto *crypto, struct dtls_buf *out,
    const struct dtls_client_session *own,
    const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now)
{
    struct dtls_cipher cipher = {0};
    struct dtls_buf copy = *out;
    enum dtls_status status;

    if (own->saved.suite == 0) {
        return DTLS_NOT_NOW;
    }
    status = dtls_saved_key(crypto, &cipher, key, true);
    if (status == DTLS_OK) {
        status = put_export(crypto, &cipher, &copy, own, now);
    }
    crypto->cipher_free(crypto->self, &cipher);
    return conclude(out, &copy, status);
}

/* The place of both tickets is the room to open in.  The ticket then moves to
 * the first. */
static bool get_export(const struct dtls_crypto *crypto,
                       struct dtls_cipher *cipher,
                       struct dtls_client_session *own, struct dtls_bytes in,
                       uint64_t now)
{
    struct dtls_span room = {own->tickets[0], sizeof own->tickets};
    struct dtls_bytes state;
    struct dtls_bytes ticket;
    uint64_t left;
    uint8_t version;

    if (!dtls_get_u8(&in, &version) || version != EXPORT_VERSION ||
        !open_into(crypto, cipher, room, in, for_export, &state) ||
        !get(&state, &own->saved, now) || !dtls_get_u48(&state, &left) ||
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
    struct dtls_cipher cipher = {0};
    enum dtls_status status = dtls_saved_key(crypto, &cipher, key, false);

    dtls_wipe(own, sizeof *own);
    if (status == DTLS_OK && !get_export(crypto, &cipher, own, in, now)) {
        status = DTLS_DISCARD;
        dtls_wipe(own, sizeof *own);
    }
    crypto->cipher_free(crypto->self, &cipher);
    return status;
}
