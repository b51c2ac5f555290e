/* SPDX-License-Identifier: MIT */
/* The client takes Certificate, ServerKeyExchange and CertificateRequest
 * (flight 4). */
#include "handshake/client_steps.h"

#include <string.h>

const struct dtls_psk *dtls_client_choose_psk(const struct dtls_config *config,
                                              struct dtls_bytes hint)
{
    for (size_t i = 0; i < config->num_psks; i++) {
        if (dtls_bytes_equal(config->psks[i].hint, hint)) {
            return &config->psks[i];
        }
    }
    return config->psks;
}

/* Keeps the server's share, if we asked for its group. */
static enum dtls_status keep_share(struct dtls_handshake *h, uint16_t group,
                                   struct dtls_bytes point)
{
    if (!dtls_config_has_group(h->config, group) ||
        point.len != dtls_group_point_len(group)) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    h->group = group;
    memcpy(h->area->peer_point, point.data, point.len);
    return DTLS_OK;
}

enum dtls_status dtls_client_take_certificate(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    enum dtls_status status = dtls_auth_take_certificate(h, message);

    if (status == DTLS_OK && h->peer_key.type == DTLS_KEY_NONE) {
        return DTLS_DECODE_ERROR; /* Only a client may show none. */
    }
    return status == DTLS_OK && h->suite->kx == DTLS_KX_ECDH
               ? keep_share(h, h->peer_key.group, h->peer_key.point)
               : status;
}

static enum dtls_status take_ecdhe_params(struct dtls_handshake *h,
                                          const struct dtls_message *message)
{
    uint8_t input_bytes[DTLS_PARAMS_INPUT_MAX];
    struct dtls_buf input = {input_bytes, 0, sizeof input_bytes};
    struct dtls_ecdhe_params m;
    const struct dtls_sigalg *alg;
    enum dtls_status status = dtls_ske_ecdhe_parse(&m, message->body);

    if (status != DTLS_OK) {
        return status;
    }
    alg = dtls_auth_take_sigalg(h, m.sigalg, NULL);
    if (alg == NULL) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    status = dtls_auth_params_input(h, alg, m.signed_part, &input);
    if (status == DTLS_OK) {
        status = h->crypto->verify(h->crypto->self, &h->peer_key, alg,
                                   dtls_buf_bytes(&input), m.signature);
    }
    return status == DTLS_OK ? keep_share(h, m.group, m.point) : status;
}

static enum dtls_status take_ecdhe_psk_params(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_ecdhe_params m;
    enum dtls_status status = dtls_ske_ecdhe_psk_parse(&m, message->body);

    if (status != DTLS_OK) {
        return status;
    }
    dtls_handshake_keep_psk_id(h, m.hint);
    h->psk = dtls_client_choose_psk(h->config, m.hint);
    return keep_share(h, m.group, m.point);
}

enum dtls_status dtls_client_take_server_key_exchange(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_bytes hint;
    enum dtls_status status;

    if (h->suite->kx == DTLS_KX_ECDHE_PSK) {
        return take_ecdhe_psk_params(h, message);
    }
    if (h->suite->kx == DTLS_KX_ECJPAKE) {
        return dtls_password_take_params(h, message->body);
    }
    if (dtls_suite_is_ecdhe(h->suite)) {
        return take_ecdhe_params(h, message);
    }
    status = dtls_ske_psk_parse(&hint, message->body);
    if (status == DTLS_OK) {
        dtls_handshake_keep_psk_id(h, hint);
        h->psk = dtls_client_choose_psk(h->config, hint);
    }
    return status;
}

static bool type_is_asked(struct dtls_bytes types, enum dtls_key_type key)
{
    uint8_t wanted = key == DTLS_KEY_RSA
                         ? (uint8_t)DTLS_TYPE_RSA_SIGN
                         : (uint8_t)DTLS_TYPE_ECDSA_SIGN; /* RFC 8422, 5.5 */
    uint8_t type;

    while (dtls_get_u8(&types, &type)) {
        if (type == wanted) {
            return true;
        }
    }
    return false;
}

static bool may_sign(const struct dtls_cert *cert)
{
    return !cert->has_key_usage ||
           (cert->key_usage & DTLS_KU_DIGITAL_SIGNATURE) != 0;
}

/* Returns how well a certificate suits the request; 0: not at all.  The server
 * must be able to verify our signature (D5246-7.4.4-3, D5246-7.4.8-4).  A
 * certificate suits better if the server lists an issuer of it, and if it
 * lists every pair in its chain (D5246-7.4.4-2); without either, the server
 * may decide. */
static unsigned suits(const struct dtls_handshake *h,
                      const struct dtls_credential *c,
                      const struct dtls_certificate_request *m)
{
    const struct dtls_config *config = h->config;
    bool named = dtls_identity_has_issuer(config, c, m->authorities);

    if ((config->active != NULL && c != config->active) ||
        dtls_cert_is_raw(&c->cert) != h->own_is_raw ||
        !type_is_asked(m->types, c->key.type) ||
        dtls_auth_choose_sigalg(config, c, m->sigalgs, &h->area->transcript) ==
            NULL ||
        !may_sign(&c->cert) || (c->must_match_issuer && !named)) {
        return 0;
    }
    /* An empty list names every issuer (D5246-7.4.4-6). */
    named = named || m->authorities.len == 0;
    return 1 + 2u * named +
           dtls_identity_is_signed_with(config, c, m->sigalgs);
}

/* Chooses the first of the credentials that suit best. */
static void choose_credential(struct dtls_handshake *h,
                              const struct dtls_certificate_request *m)
{
    const struct dtls_credential *c;
    unsigned best = 0;

    for (c = h->config->credentials; c != NULL;
         c = dtls_config_next(h->config, c)) {
        unsigned how_well = suits(h, c, m);

        if (how_well > best) {
            best = how_well;
            h->credential = c;
            h->sigalg = dtls_auth_choose_sigalg(h->config, c, m->sigalgs,
                                                &h->area->transcript);
        }
    }
}

enum dtls_status dtls_client_take_certificate_request(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_certificate_request m;
    enum dtls_status status =
        dtls_certificate_request_parse(&m, message->body);

    if (status != DTLS_OK) {
        return status;
    }
    h->certificate_requested = true;
    choose_credential(h, &m);
    return DTLS_OK;
}
