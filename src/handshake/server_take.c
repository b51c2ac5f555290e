/* SPDX-License-Identifier: MIT */
/* The server takes flight 5, in which a client authenticates, and makes the
 * last: flight 6. */
#include "handshake/server_steps.h"

#include "base/secret.h"

enum dtls_status dtls_server_take_certificate(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    enum dtls_status status = dtls_auth_take_certificate(h, message);

    if (status == DTLS_OK && h->peer_key.type == DTLS_KEY_NONE &&
        h->config->client_auth == DTLS_CLIENT_AUTH_REQUIRED) {
        return DTLS_NO_PEER_CERTIFICATE;
    }
    return status;
}

/* Sets `*key` for `identity`.  `room` has DTLS_PSK_MAX bytes: for a key that
 * is looked up, or for a random one in place of an unknown identity that must
 * be hidden (RFC 4279, 2). */
static enum dtls_status key_of(struct dtls_handshake *h,
                               struct dtls_bytes identity,
                               struct dtls_buf *room, struct dtls_bytes *key)
{
    const struct dtls_config *config = h->config;
    enum dtls_status status = DTLS_UNKNOWN_PSK_IDENTITY;

    h->psk = dtls_config_find_psk(config, identity);
    dtls_handshake_keep_psk_id(h, identity);
    if (h->psk == NULL && config->look_up_psk != NULL) {
        status = config->look_up_psk(config->self, room, identity);
    }
    if (status != DTLS_UNKNOWN_PSK_IDENTITY) {
        *key = dtls_buf_bytes(room);
        return status;
    }
    if (!config->hide_unknown_identity) {
        *key = h->psk != NULL ? h->psk->key : (struct dtls_bytes){0};
        return h->psk != NULL ? DTLS_OK : DTLS_UNKNOWN_PSK_IDENTITY;
    }
    /* The decoy is drawn for a known identity, too: the time does not tell. */
    *key = h->psk != NULL ? h->psk->key
                          : dtls_bytes_of(room->data, DTLS_MASTER_LEN);
    return h->crypto->random(h->crypto->self, room->data, DTLS_MASTER_LEN);
}

/* Makes the secret that our share (ephemeral or the certificate's) and the
 * client's share agree on. */
static enum dtls_status agree(struct dtls_handshake *h,
                              struct dtls_bytes point, struct dtls_buf *shared)
{
    const struct dtls_crypto *crypto = h->crypto;
    struct dtls_share share = h->suite->kx == DTLS_KX_ECDH
                                  ? dtls_private_key_share(&h->credential->key)
                                  : h->share;
    enum dtls_status status;

    shared->len = shared->cap;
    status = crypto->share_agree(crypto->self, &share, shared->data,
                                 &shared->len, point);
    crypto->share_free(crypto->self, &h->share);
    return status;
}

/* Makes the premaster of plain PSK or, with `point`, of ECDHE_PSK. */
static enum dtls_status exchange_psk(struct dtls_handshake *h,
                                     struct dtls_bytes identity,
                                     const struct dtls_bytes *point,
                                     struct dtls_buf *premaster)
{
    uint8_t found[DTLS_PSK_MAX];
    struct dtls_buf room = {found, 0, sizeof found};
    uint8_t secret[DTLS_SHARED_MAX];
    struct dtls_buf shared = {secret, 0, sizeof secret};
    struct dtls_bytes key = {0};
    /* Before the identity is looked up: known and unknown ones get the same
     * answer if the last handshake had another. */
    enum dtls_status status = dtls_renegotiation_note_psk(h, identity);
    bool ok;

    if (status == DTLS_OK) {
        status = key_of(h, identity, &room, &key);
    }
    if (status == DTLS_OK && point != NULL) {
        status = agree(h, *point, &shared);
    }
    if (status == DTLS_OK) {
        ok = point == NULL ? dtls_keys_psk_premaster(premaster, key)
                           : dtls_keys_shared_psk_premaster(
                                 premaster, dtls_buf_bytes(&shared), key);
        status = ok ? DTLS_OK : DTLS_INTERNAL_ERROR;
    }
    dtls_wipe(found, sizeof found);
    dtls_wipe(secret, sizeof secret);
    return status;
}

static enum dtls_status exchange_field(struct dtls_handshake *h,
                                       struct dtls_bytes field,
                                       struct dtls_buf *premaster)
{
    const struct dtls_crypto *crypto = h->crypto;

    if (h->suite->kx == DTLS_KX_PSK) {
        return exchange_psk(h, field, NULL, premaster);
    }
    if (h->suite->kx == DTLS_KX_RSA) {
        premaster->len = DTLS_MASTER_LEN;
        return crypto->premaster_open(crypto->self, &h->credential->key,
                                      h->client_version, premaster->data,
                                      field);
    }
    return agree(h, field, premaster);
}

/* Reads ClientKeyExchange and makes the premaster secret. */
static enum dtls_status exchange(struct dtls_handshake *h,
                                 struct dtls_bytes body,
                                 struct dtls_buf *premaster)
{
    struct dtls_bytes field;
    struct dtls_bytes point;
    enum dtls_status status;

    if (h->suite->kx == DTLS_KX_ECJPAKE) {
        return dtls_password_exchange_server(h, body, premaster);
    }
    if (h->suite->kx == DTLS_KX_ECDHE_PSK) {
        status = dtls_cke_ecdhe_psk_parse(&field, &point, body);
        return status == DTLS_OK ? exchange_psk(h, field, &point, premaster)
                                 : status;
    }
    status = dtls_cke_parse(&field, h->suite->kx, body);
    return status == DTLS_OK ? exchange_field(h, field, premaster) : status;
}

enum dtls_status dtls_server_take_client_key_exchange(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    uint8_t secret[DTLS_PREMASTER_MAX];
    struct dtls_buf premaster = {secret, 0, sizeof secret};
    enum dtls_status status = exchange(h, message->body, &premaster);

    h->key_awaited = status == DTLS_NOT_NOW;
    if (status == DTLS_OK) {
        /* Not before: a message whose key is awaited is taken again. */
        dtls_transcript_add(&h->area->transcript, message->type, message->seq,
                            &message->body, 1);
        status = dtls_keys_derive(h, dtls_buf_bytes(&premaster));
    }
    dtls_wipe(secret, sizeof secret);
    return status;
}

/* Tells whether the client has done as it was asked, and our room for the
 * messages that its signature is over has run out since. */
static bool lacks_room(const struct dtls_handshake *h, uint16_t sigalg)
{
    return sigalg == DTLS_SIGALG_ED25519 && h->ed25519_requested &&
           h->peer_key.type == DTLS_KEY_ED25519 &&
           h->area->transcript.messages.cap == 0;
}

enum dtls_status dtls_server_take_certificate_verify(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    uint8_t digest[DTLS_HASH_MAX];
    struct dtls_signed m;
    const struct dtls_sigalg *alg;
    enum dtls_status status = dtls_signed_parse(&m, message->body);

    if (status != DTLS_OK) {
        return status;
    }
    alg = dtls_auth_take_sigalg(h, m.sigalg, &h->area->transcript);
    if (alg == NULL) {
        return lacks_room(h, m.sigalg) ? DTLS_MESSAGE_TOO_LONG
                                       : DTLS_ILLEGAL_PARAMETER;
    }
    return h->crypto->verify(
        h->crypto->self, &h->peer_key, alg,
        dtls_transcript_input(&h->area->transcript, alg, digest), m.signature);
}

/* Makes flight 6.  Our Finished covers the client's.  If a session is resumed,
 * it went out before. */
enum dtls_status dtls_server_take_finished(struct dtls_handshake *h,
                                           const struct dtls_message *message)
{
    enum dtls_status status = dtls_handshake_check_finished(h, message);

    if (status != DTLS_OK || h->resumed) {
        return status;
    }
    dtls_transcript_add(&h->area->transcript, message->type, message->seq,
                        &message->body, 1);
    dtls_handshake_flight_begin(h);
    status = dtls_resumption_send_ticket(h, (struct dtls_bytes){0});
    return status == DTLS_OK ? dtls_handshake_send_finished(h) : status;
}
