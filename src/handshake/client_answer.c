/* SPDX-License-Identifier: MIT */
/* The client's answers: to ServerHelloDone with flight 5, or to the Finished
 * that resumes a session with the last one. */
#include "handshake/client_steps.h"

#include "base/secret.h"

/* Makes our share, and the secret that it and the server's share agree on. */
static enum dtls_status agree(struct dtls_handshake *h, struct dtls_buf *field,
                              struct dtls_buf *premaster)
{
    const struct dtls_crypto *crypto = h->crypto;
    size_t point_len = dtls_group_point_len(h->group);
    enum dtls_status status =
        crypto->share_make(crypto->self, &h->share, h->group, field->data);

    if (status != DTLS_OK) {
        return status;
    }
    field->len = point_len;
    premaster->len = premaster->cap;
    status = crypto->share_agree(
        crypto->self, &h->share, premaster->data, &premaster->len,
        dtls_bytes_of(h->area->peer_point, point_len));
    crypto->share_free(crypto->self, &h->share);
    return status;
}

static enum dtls_status exchange_rsa(struct dtls_handshake *h,
                                     struct dtls_buf *field,
                                     struct dtls_buf *premaster)
{
    const struct dtls_crypto *crypto = h->crypto;
    struct dtls_span secret;
    enum dtls_status status;

    if (!dtls_put_u16(premaster, h->client_version) ||
        !dtls_put_room(premaster, DTLS_MASTER_LEN - 2, &secret)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = crypto->random(crypto->self, secret.data, secret.len);
    if (status != DTLS_OK) {
        return status;
    }
    field->len = field->cap;
    return crypto->premaster_seal(crypto->self, &h->peer_key, field->data,
                                  &field->len, premaster->data);
}

static enum dtls_status exchange_psk(struct dtls_handshake *h,
                                     struct dtls_buf *field,
                                     struct dtls_buf *premaster)
{
    enum dtls_status status;

    if (h->psk == NULL) {
        h->psk = dtls_client_choose_psk(h->config, (struct dtls_bytes){0});
    }
    status = dtls_renegotiation_note_psk(h, h->psk->identity);
    if (status != DTLS_OK) {
        return status;
    }
    if (!dtls_put_bytes(field, h->psk->identity) ||
        !dtls_keys_psk_premaster(premaster, h->psk->key)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    return DTLS_OK;
}

/* Makes both for ECDHE_PSK, whose body has two fields. */
static enum dtls_status exchange_ecdhe_psk(struct dtls_handshake *h,
                                           struct dtls_buf *body,
                                           struct dtls_buf *premaster)
{
    uint8_t point_bytes[DTLS_POINT_MAX];
    uint8_t secret[DTLS_SHARED_MAX];
    struct dtls_buf point = {point_bytes, 0, sizeof point_bytes};
    struct dtls_buf shared = {secret, 0, sizeof secret};
    enum dtls_status status = dtls_renegotiation_note_psk(h, h->psk->identity);

    if (status == DTLS_OK) {
        status = agree(h, &point, &shared);
    }
    if (status == DTLS_OK &&
        (!dtls_cke_ecdhe_psk_put(body, h->psk->identity,
                                 dtls_buf_bytes(&point)) ||
         !dtls_keys_shared_psk_premaster(premaster, dtls_buf_bytes(&shared),
                                         h->psk->key))) {
        status = DTLS_MESSAGE_TOO_LONG;
    }
    dtls_wipe(secret, sizeof secret);
    return status;
}

/* Does the same for a body of one field. */
static enum dtls_status exchange_field(struct dtls_handshake *h,
                                       struct dtls_buf *body,
                                       struct dtls_buf *premaster)
{
    uint8_t field_bytes[DTLS_SIGNATURE_MAX];
    struct dtls_buf field = {field_bytes, 0, sizeof field_bytes};
    enum dtls_status status;

    if (h->suite->kx == DTLS_KX_RSA) {
        status = exchange_rsa(h, &field, premaster);
    } else if (h->suite->kx == DTLS_KX_PSK) {
        status = exchange_psk(h, &field, premaster);
    } else {
        status = agree(h, &field, premaster);
    }
    if (status == DTLS_OK &&
        !dtls_cke_put(body, h->suite->kx, dtls_buf_bytes(&field))) {
        status = DTLS_MESSAGE_TOO_LONG;
    }
    return status;
}

/* Makes ClientKeyExchange's body and the premaster secret. */
static enum dtls_status exchange(struct dtls_handshake *h,
                                 struct dtls_buf *body,
                                 struct dtls_buf *premaster)
{
    if (h->suite->kx == DTLS_KX_ECJPAKE) {
        return dtls_password_exchange_client(h, body, premaster);
    }
    return h->suite->kx == DTLS_KX_ECDHE_PSK
               ? exchange_ecdhe_psk(h, body, premaster)
               : exchange_field(h, body, premaster);
}

static enum dtls_status send_key_exchange(struct dtls_handshake *h)
{
    uint8_t secret[DTLS_PREMASTER_MAX];
    uint8_t bytes[2 + DTLS_SIGNATURE_MAX];
    struct dtls_buf premaster = {secret, 0, sizeof secret};
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    enum dtls_status status = exchange(h, &body, &premaster);

    if (status == DTLS_OK) {
        status = dtls_handshake_send_buf(h, DTLS_CLIENT_KEY_EXCHANGE, &body);
    }
    if (status == DTLS_OK) {
        status = dtls_keys_derive(h, dtls_buf_bytes(&premaster));
    }
    dtls_wipe(secret, sizeof secret);
    return status;
}

static enum dtls_status send_certificate_verify(struct dtls_handshake *h)
{
    uint8_t digest[DTLS_HASH_MAX];
    uint8_t signature[DTLS_SIGNATURE_MAX];
    uint8_t bytes[4 + DTLS_SIGNATURE_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    size_t len = sizeof signature;
    struct dtls_signed m = {.sigalg = h->sigalg->id};
    enum dtls_status status;

    if (!dtls_transcript_can_sign(&h->area->transcript, h->sigalg)) {
        /* It could when the pair was chosen; our own messages had no room. */
        return DTLS_MESSAGE_TOO_LONG;
    }
    status = h->crypto->sign(
        h->crypto->self, &h->credential->key, h->sigalg, signature, &len,
        dtls_transcript_input(&h->area->transcript, h->sigalg, digest));
    if (status != DTLS_OK) {
        return status;
    }
    m.signature = dtls_bytes_of(signature, len);
    if (!dtls_signed_put(&body, &m)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    return dtls_handshake_send_buf(h, DTLS_CERTIFICATE_VERIFY, &body);
}

/* Answers the server's flight that resumes a session: with the last one, in
 * which our Finished covers the server's. */
enum dtls_status dtls_client_take_finished(struct dtls_handshake *h,
                                           const struct dtls_message *message)
{
    enum dtls_status status = dtls_handshake_check_finished(h, message);

    if (status != DTLS_OK || !h->resumed) {
        return status;
    }
    dtls_transcript_add(&h->area->transcript, message->type, message->seq,
                        &message->body, 1);
    dtls_handshake_flight_begin(h);
    return dtls_handshake_send_finished(h);
}

/* Makes flight 5. */
enum dtls_status dtls_client_take_server_hello_done(
    struct dtls_handshake *h, const struct dtls_message *m)
{
    enum dtls_status status = dtls_empty_parse(m->body);

    if (status == DTLS_OK) {
        status = dtls_staple_miss(h);
    }
    if (status != DTLS_OK) {
        return status;
    }
    dtls_handshake_flight_begin(h);
    if (h->certificate_requested) {
        status = dtls_auth_send_certificate(h);
    }
    if (status == DTLS_OK) {
        status = send_key_exchange(h);
    }
    if (status == DTLS_OK && h->credential != NULL) {
        status = send_certificate_verify(h);
    }
    return status == DTLS_OK ? dtls_handshake_send_finished(h) : status;
}
