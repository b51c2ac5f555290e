/* SPDX-License-Identifier: MIT */
/* Both ends know a password: EC-JPAKE (draft-cragie-tls-ecjpake-01).
 *
 * Round one is in the hellos, round two in the key exchange.  A handshake has
 * one exchange, and so tries one password: its messages are bound to the keys
 * of round one, and no step takes a second one. */
#include "handshake/handshake.h"

static bool lists_suite(const struct dtls_config *config)
{
    for (size_t i = 0; i < config->num_suites; i++) {
        const struct dtls_suite *suite = dtls_suite_find(config->suites[i]);

        if (suite != NULL && suite->kx == DTLS_KX_ECJPAKE) {
            return true;
        }
    }
    return false;
}

bool dtls_password_may_be_used(const struct dtls_handshake *h)
{
    return h->config->password.len != 0 && !dtls_handshake_is_renegotiation(h);
}

/* Draws our keys.  The password is needed with them: it must not be 0. */
static enum dtls_status begin(struct dtls_handshake *h)
{
    return h->crypto->jpake_make(h->crypto->self, &h->area->jpake,
                                 h->role == DTLS_SERVER, h->config->password);
}

static enum dtls_status take_hello(struct dtls_handshake *h,
                                   struct dtls_bytes value)
{
    struct dtls_key_kp pair[2];
    enum dtls_status status = dtls_key_kp_pair_parse(pair, value);

    return status == DTLS_OK ? h->crypto->jpake_take_hello(
                                   h->crypto->self, &h->area->jpake, pair)
                             : status;
}

enum dtls_status dtls_password_offer(struct dtls_handshake *h)
{
    return dtls_password_may_be_used(h) && lists_suite(h->config) ? begin(h)
                                                                  : DTLS_OK;
}

enum dtls_status dtls_password_answer(struct dtls_handshake *h,
                                      struct dtls_bytes offered)
{
    enum dtls_status status;

    if (h->suite->kx != DTLS_KX_ECJPAKE) {
        return DTLS_OK;
    }
    status = begin(h);
    return status == DTLS_OK ? take_hello(h, offered) : status;
}

enum dtls_status dtls_password_accept(struct dtls_handshake *h,
                                      const struct dtls_extensions *answer)
{
    bool answered = answer->present[DTLS_EXT_ECJPAKE_KEY_KP_PAIR];

    if (h->suite->kx != DTLS_KX_ECJPAKE) {
        return answered ? DTLS_ILLEGAL_PARAMETER : DTLS_OK;
    }
    return answered ? take_hello(h, answer->data[DTLS_EXT_ECJPAKE_KEY_KP_PAIR])
                    : DTLS_HANDSHAKE_FAILURE;
}

void dtls_password_say(const struct dtls_handshake *h,
                       struct dtls_extensions *ext)
{
    if (h->area->jpake.hello_len != 0) {
        ext->present[DTLS_EXT_ECJPAKE_KEY_KP_PAIR] = true;
        ext->data[DTLS_EXT_ECJPAKE_KEY_KP_PAIR] =
            h->crypto->jpake_hello(h->crypto->self, &h->area->jpake);
    }
}

enum dtls_status dtls_password_send_params(struct dtls_handshake *h)
{
    uint8_t bytes[3 + DTLS_KEY_KP_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    enum dtls_status status;

    if (!dtls_ske_put_curve(&body, DTLS_GROUP_SECP256R1)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    status = h->crypto->jpake_key(h->crypto->self, &h->area->jpake, &body);
    return status == DTLS_OK
               ? dtls_handshake_send_buf(h, DTLS_SERVER_KEY_EXCHANGE, &body)
               : status;
}

enum dtls_status dtls_password_take_params(struct dtls_handshake *h,
                                           struct dtls_bytes body)
{
    struct dtls_key_kp key;
    uint16_t group;
    enum dtls_status status = dtls_ske_ecjpake_parse(&group, &key, body);

    if (status != DTLS_OK) {
        return status;
    }
    return group == DTLS_GROUP_SECP256R1
               ? h->crypto->jpake_take_key(h->crypto->self, &h->area->jpake,
                                           &key)
               : DTLS_ILLEGAL_PARAMETER;
}

/* Ends the exchange: its secrets are no longer needed. */
static enum dtls_status agree(struct dtls_handshake *h,
                              struct dtls_buf *premaster)
{
    struct dtls_span room;
    enum dtls_status status =
        dtls_put_room(premaster, DTLS_JPAKE_SECRET_LEN, &room)
            ? h->crypto->jpake_agree(h->crypto->self, &h->area->jpake,
                                     room.data)
            : DTLS_INTERNAL_ERROR;

    h->crypto->jpake_free(h->crypto->self, &h->area->jpake);
    return status;
}

enum dtls_status dtls_password_exchange_client(struct dtls_handshake *h,
                                               struct dtls_buf *body,
                                               struct dtls_buf *premaster)
{
    enum dtls_status status =
        h->crypto->jpake_key(h->crypto->self, &h->area->jpake, body);

    return status == DTLS_OK ? agree(h, premaster) : status;
}

enum dtls_status dtls_password_exchange_server(struct dtls_handshake *h,
                                               struct dtls_bytes body,
                                               struct dtls_buf *premaster)
{
    struct dtls_key_kp key;
    enum dtls_status status = dtls_cke_ecjpake_parse(&key, body);

    if (status == DTLS_OK) {
        status =
            h->crypto->jpake_take_key(h->crypto->self, &h->area->jpake, &key);
    }
    return status == DTLS_OK ? agree(h, premaster) : status;
}
