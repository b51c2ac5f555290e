/* SPDX-License-Identifier: MIT */
/* The server's answer to a ClientHello: flight 4. */
#include "handshake/server_steps.h"

#define AUTHORITIES_MAX 16 /* names in a CertificateRequest */

static enum dtls_status send_server_hello(struct dtls_handshake *h,
                                          const struct dtls_wishes *w)
{
    static const uint8_t uncompressed[] = {0};
    uint8_t info[DTLS_RENEGOTIATION_INFO_MAX];
    uint8_t bytes[512 + DTLS_JPAKE_HELLO_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_options_room room;
    struct dtls_extensions ext = {0};
    struct dtls_server_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(h->server_random, DTLS_RANDOM_LEN),
        .session_id = dtls_bytes_of(h->session_id, DTLS_SESSION_ID_MAX),
        .suite = h->suite->id,
    };
    enum dtls_status status =
        h->crypto->random(h->crypto->self, h->server_random, DTLS_RANDOM_LEN);

    if (status == DTLS_OK) {
        status = dtls_options_answer(h, &w->ext, &ext, &room);
    }
    if (status != DTLS_OK) {
        return status;
    }
    dtls_raw_keys_answer(h, &w->ext, &ext);
    dtls_staple_answer(h, &w->ext, &ext);
    ext.present[DTLS_EXT_RENEGOTIATION_INFO] = h->secure_renegotiation;
    ext.data[DTLS_EXT_RENEGOTIATION_INFO] =
        dtls_renegotiation_info(h, true, info);
    ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET] = h->extended_master_secret;
    h->encrypt_then_mac = w->ext.present[DTLS_EXT_ENCRYPT_THEN_MAC] &&
                          h->suite->cipher == DTLS_CIPHER_CBC;
    ext.present[DTLS_EXT_ENCRYPT_THEN_MAC] = h->encrypt_then_mac;
    status = dtls_renegotiation_check_hellos(h);
    if (status != DTLS_OK) {
        return status;
    }
    status = dtls_resumption_name(h, &w->ext);
    if (status != DTLS_OK) {
        return status;
    }
    m.session_id.len = h->session_id_len;
    dtls_password_say(h, &ext);
    ext.present[DTLS_EXT_SESSION_TICKET] = h->ticket_announced;
    ext.present[DTLS_EXT_EC_POINT_FORMATS] =
        !h->resumed && dtls_suite_has_curve(h->suite) &&
        w->ext.present[DTLS_EXT_EC_POINT_FORMATS];
    ext.data[DTLS_EXT_EC_POINT_FORMATS] = dtls_bytes_of(uncompressed, 1);
    if (!dtls_server_hello_put(&body, &m) ||
        !dtls_extensions_put(&body, &ext, true)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    return dtls_handshake_send_buf(h, DTLS_SERVER_HELLO, &body);
}

static enum dtls_status sign_params(struct dtls_handshake *h,
                                    struct dtls_buf *body)
{
    uint8_t input_bytes[DTLS_PARAMS_INPUT_MAX];
    struct dtls_buf input = {input_bytes, 0, sizeof input_bytes};
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sizeof signature;
    struct dtls_signed m = {.sigalg = h->sigalg->id};
    enum dtls_status status =
        dtls_auth_params_input(h, h->sigalg, dtls_buf_bytes(body), &input);

    if (status == DTLS_OK) {
        status =
            h->crypto->sign(h->crypto->self, &h->credential->key, h->sigalg,
                            signature, &len, dtls_buf_bytes(&input));
    }
    if (status != DTLS_OK) {
        return status;
    }
    m.signature = dtls_bytes_of(signature, len);
    return dtls_signed_put(body, &m) ? DTLS_OK : DTLS_MESSAGE_TOO_LONG;
}

/* The hint is the first key's. */
static struct dtls_bytes psk_hint(const struct dtls_config *config)
{
    return config->num_psks == 0 ? (struct dtls_bytes){0}
                                 : config->psks[0].hint;
}

/* Sends the parameters, with a PSK's hint before or a signature behind
 * them. */
static enum dtls_status send_ecdhe_params(struct dtls_handshake *h)
{
    uint8_t bytes[8 + DTLS_POINT_MAX + DTLS_SIGNATURE_MAX];
    uint8_t point[DTLS_POINT_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    bool psk = h->suite->kx == DTLS_KX_ECDHE_PSK;
    enum dtls_status status =
        h->crypto->share_make(h->crypto->self, &h->share, h->group, point);

    if (status != DTLS_OK) {
        return status;
    }
    if ((psk && !dtls_put_vec16(&body, psk_hint(h->config))) ||
        !dtls_ske_ecdhe_put_params(
            &body, h->group,
            dtls_bytes_of(point, dtls_group_point_len(h->group)))) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    if (!psk) {
        status = sign_params(h, &body);
    }
    return status == DTLS_OK
               ? dtls_handshake_send_buf(h, DTLS_SERVER_KEY_EXCHANGE, &body)
               : status;
}

/* Sends a hint only if the application has one (RFC 4279, 2). */
static enum dtls_status send_psk_hint(struct dtls_handshake *h)
{
    uint8_t bytes[2 + DTLS_PSK_IDENTITY_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_bytes hint = psk_hint(h->config);

    if (hint.len == 0) {
        return DTLS_OK;
    }
    if (!dtls_put_vec16(&body, hint)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    return dtls_handshake_send_buf(h, DTLS_SERVER_KEY_EXCHANGE, &body);
}

DTLS_OWN_FRAME static enum dtls_status send_key_exchange(
    struct dtls_handshake *h)
{
    switch (h->suite->kx) {
    case DTLS_KX_RSA:
    case DTLS_KX_ECDH:
        return DTLS_OK;
    case DTLS_KX_PSK:
        return send_psk_hint(h);
    case DTLS_KX_ECJPAKE:
        return dtls_password_send_params(h);
    case DTLS_KX_ECDHE_ECDSA:
    case DTLS_KX_ECDHE_RSA:
    case DTLS_KX_ECDHE_PSK:
        break;
    }
    return send_ecdhe_params(h);
}

/* Puts the part of a CertificateRequest before the authorities' names. */
static bool put_request_head(const struct dtls_handshake *h,
                             struct dtls_buf *out, size_t authorities_len)
{
    static const uint8_t types[] = {DTLS_TYPE_RSA_SIGN, DTLS_TYPE_ECDSA_SIGN};
    size_t mark;

    return dtls_put_vec8(out, dtls_bytes_of(types, sizeof types)) &&
           dtls_put_open16(out, &mark) &&
           dtls_auth_put_sigalgs(out, h->config, &h->area->transcript) &&
           dtls_put_close16(out, mark) && authorities_len <= 0xffff &&
           dtls_put_u16(out, (uint16_t)authorities_len);
}

/* Lists the names of the CAs.  A shorter or empty list only means fewer
 * hints. */
static size_t list_authorities(const struct dtls_config *config,
                               struct dtls_bytes out[AUTHORITIES_MAX])
{
    const struct dtls_cert_item *anchor = config->anchors;
    size_t num = 0;

    if (config->authorities != NULL) {
        while (num < AUTHORITIES_MAX && num < config->num_authorities) {
            out[num] = config->authorities[num];
            num++;
        }
        return num;
    }
    for (; anchor != NULL && num < AUTHORITIES_MAX; anchor = anchor->next) {
        if (!dtls_cert_is_raw(anchor->cert)) {
            out[num++] = anchor->cert->subject;
        }
    }
    return num;
}

/* Tells whether there is a pair to ask for: a buffer without room refuses the
 * first one. */
static bool has_sigalgs(const struct dtls_handshake *h)
{
    struct dtls_buf none = {NULL, 0, 0};

    return !dtls_auth_put_sigalgs(&none, h->config, &h->area->transcript);
}

DTLS_OWN_FRAME static enum dtls_status send_certificate_request(
    struct dtls_handshake *h)
{
    struct dtls_bytes names[AUTHORITIES_MAX];
    size_t num_names = list_authorities(h->config, names);
    uint8_t prefixes[2 * AUTHORITIES_MAX];
    struct dtls_buf prefix = {prefixes, 0, sizeof prefixes};
    uint8_t head_bytes[64];
    struct dtls_buf head = {head_bytes, 0, sizeof head_bytes};
    struct dtls_bytes parts[1 + 2 * AUTHORITIES_MAX];
    size_t num_parts = 1;
    size_t len = 0;

    for (size_t i = 0; i < num_names; i++) {
        parts[num_parts++] = dtls_bytes_of(&prefixes[prefix.len], 2);
        parts[num_parts++] = names[i];
        if (names[i].len > 0xffff ||
            !dtls_put_u16(&prefix, (uint16_t)names[i].len)) {
            return DTLS_MESSAGE_TOO_LONG;
        }
        len += 2 + names[i].len;
    }
    if (!has_sigalgs(h)) {
        return DTLS_NO_SIGALGS;
    }
    if (!put_request_head(h, &head, len)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    parts[0] = dtls_buf_bytes(&head);
    h->certificate_requested = true;
    h->ed25519_requested = dtls_transcript_can_sign(
        &h->area->transcript, dtls_sigalg_find(DTLS_SIGALG_ED25519));
    return dtls_handshake_send(h, DTLS_CERTIFICATE_REQUEST, parts, num_parts);
}

/* Makes the flight that resumes a session.  Our Finished comes first. */
static enum dtls_status resume(struct dtls_handshake *h,
                               const struct dtls_wishes *w)
{
    enum dtls_status status = send_server_hello(h, w);

    if (status == DTLS_OK) {
        status = dtls_resumption_send_ticket(
            h, w->ext.data[DTLS_EXT_SESSION_TICKET]);
    }
    if (status == DTLS_OK) {
        status = dtls_keys_expand(h);
    }
    return status == DTLS_OK ? dtls_handshake_send_finished(h) : status;
}

/* Makes flight 4. */
static enum dtls_status answer_hello(struct dtls_handshake *h,
                                     const struct dtls_wishes *w)
{
    bool certificate = dtls_suite_has_certificate(h->suite);
    enum dtls_status status = send_server_hello(h, w);

    if (status == DTLS_OK && certificate) {
        status = dtls_auth_send_certificate(h);
    }
    if (status == DTLS_OK) {
        status = dtls_staple_send(h);
    }
    if (status == DTLS_OK) {
        status = send_key_exchange(h);
    }
    if (status == DTLS_OK && certificate &&
        h->config->client_auth != DTLS_CLIENT_AUTH_NONE) {
        status = send_certificate_request(h);
    }
    if (status != DTLS_OK) {
        return status;
    }
    return dtls_handshake_send(h, DTLS_SERVER_HELLO_DONE, NULL, 0);
}

enum dtls_status dtls_server_take_client_hello(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_wishes w;
    enum dtls_status status = dtls_auth_start_transcript(h);

    if (status == DTLS_OK) {
        status = dtls_server_read_hello(h, message->body, &w);
    }
    if (status == DTLS_OK) {
        status = dtls_handshake_show(h, message);
    }
    if (status == DTLS_OK) {
        status = dtls_resumption_choose(h, &w.hello, &w.ext);
    }
    if (status == DTLS_OK && !h->resumed) {
        status = dtls_server_choose_suite(h, &w);
    }
    if (status == DTLS_OK) {
        status =
            dtls_password_answer(h, w.ext.data[DTLS_EXT_ECJPAKE_KEY_KP_PAIR]);
    }
    if (status != DTLS_OK) {
        return status;
    }
    dtls_auth_narrow_transcript(h);
    dtls_transcript_add(&h->area->transcript, message->type, message->seq,
                        &message->body, 1);
    h->records->version_known = true;
    dtls_handshake_flight_begin(h);
    status = h->resumed ? resume(h, &w) : answer_hello(h, &w);
    if (status == DTLS_OK) {
        dtls_options_take_effect(h);
    }
    return status;
}
