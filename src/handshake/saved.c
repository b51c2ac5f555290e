/* SPDX-License-Identifier: MIT */
/* A session that can be resumed, as bytes: in the clear, and sealed
 * (handshake/resumption.h). */
#include "handshake/resumption.h"

#include "base/secret.h"

#include <string.h>

enum {
    FORMAT = 1, /* counts up when these bytes change their meaning */
    HAS_PEER_LEAF = 1,
    SERVER_NAME_KNOWN = 2
};

/* A time that is too early or too late for 48 bits is the first or the last
 * one: not_after of a certificate may be anything. */
static uint64_t to_u48(int64_t value)
{
    const int64_t last = (INT64_C(1) << 48) - 1;

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

/* Reads what `put` has written.  Only authentic bytes come here. */
static bool get(struct dtls_bytes in, struct dtls_saved *out, uint64_t origin)
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
    if (!dtls_get_u8(&in, &format) || format != FORMAT ||
        !dtls_get_u16(&in, &out->suite) || !dtls_get_u8(&in, &flags) ||
        (flags & ~(HAS_PEER_LEAF | SERVER_NAME_KNOWN)) != 0 ||
        !dtls_get_u16(&in, &out->fragment_length) ||
        !dtls_get_u48(&in, &until) || !dtls_get_u48(&in, &peer_until) ||
        !dtls_get_bytes(&in, DTLS_LEAF_LEN, &scope) ||
        !dtls_get_bytes(&in, DTLS_LEAF_LEN, &peer_leaf) ||
        !dtls_get_bytes(&in, DTLS_MASTER_LEN, &master) ||
        !dtls_get_vec8(&in, &identity) ||
        identity.len > DTLS_PSK_IDENTITY_MAX || !dtls_get_vec8(&in, &id) ||
        id.len > DTLS_SESSION_ID_MAX || in.len != 0) {
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

enum dtls_status dtls_saved_seal(const struct dtls_crypto *crypto,
                                 struct dtls_cipher *cipher,
                                 struct dtls_buf *out,
                                 const struct dtls_saved *saved,
                                 uint64_t origin,
                                 const uint8_t purpose[DTLS_AAD_LEN])
{
    struct dtls_buf copy = *out;
    struct dtls_span nonce;
    struct dtls_span state;
    struct dtls_span tag;
    size_t mark;
    enum dtls_status status;

    if (!dtls_put_room(&copy, DTLS_NONCE_LEN, &nonce)) {
        return DTLS_NO_ROOM;
    }
    status = crypto->random(crypto->self, nonce.data, nonce.len);
    if (status != DTLS_OK) {
        return status;
    }
    mark = copy.len;
    if (!put(&copy, saved, origin)) {
        return DTLS_NO_ROOM;
    }
    state = (struct dtls_span){&copy.data[mark], copy.len - mark};
    status = dtls_put_room(&copy, DTLS_SAVED_TAG_LEN, &tag)
                 ? crypto->aead_seal(crypto->self, cipher, nonce.data, purpose,
                                     state, tag.data)
                 : DTLS_NO_ROOM;
    if (status == DTLS_OK) {
        *out = copy;
        return status;
    }
    dtls_wipe(state.data, state.len);
    return status;
}

bool dtls_saved_open(const struct dtls_crypto *crypto,
                     struct dtls_cipher *cipher, struct dtls_saved *saved,
                     struct dtls_bytes sealed, uint64_t origin,
                     const uint8_t purpose[DTLS_AAD_LEN])
{
    uint8_t bytes[DTLS_SAVED_MAX];
    const size_t tag_len = DTLS_SAVED_TAG_LEN;
    struct dtls_saved out = {0};
    struct dtls_bytes nonce;
    struct dtls_bytes state;
    bool ok;

    if (!dtls_get_bytes(&sealed, DTLS_NONCE_LEN, &nonce) ||
        sealed.len < tag_len || sealed.len - tag_len > sizeof bytes ||
        !dtls_get_bytes(&sealed, sealed.len - tag_len, &state)) {
        return false;
    }
    memcpy(bytes, state.data, state.len);
    ok = crypto->aead_open(crypto->self, cipher, nonce.data, purpose,
                           (struct dtls_span){bytes, state.len},
                           sealed.data) == DTLS_OK &&
         get(dtls_bytes_of(bytes, state.len), &out, origin);
    if (ok) {
        *saved = out;
    }
    dtls_wipe(bytes, sizeof bytes);
    dtls_wipe(&out, sizeof out);
    return ok;
}
