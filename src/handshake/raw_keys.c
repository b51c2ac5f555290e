/* SPDX-License-Identifier: MIT */
/* Raw public keys in place of certificates (RFC 7250): which type each end
 * shows, and whether the peer's key is trusted. */
#include "handshake/handshake.h"

#include "x509/issuer.h"

#include <string.h>

static uint8_t type_of(const struct dtls_credential *c)
{
    return dtls_cert_is_raw(&c->cert) ? (uint8_t)DTLS_CERTIFICATE_RAW
                                      : (uint8_t)DTLS_CERTIFICATE_X509;
}

static bool has_type(struct dtls_bytes types, uint8_t type)
{
    return memchr(types.data, type, types.len) != NULL;
}

/* Tells whether we can show this credential. */
static bool is_ours(const struct dtls_config *config,
                    const struct dtls_credential *c)
{
    return c->key.type != DTLS_KEY_NONE &&
           (config->active == NULL || c == config->active);
}

/* Tells whether we can verify certificates. */
static bool takes_certificates(const struct dtls_config *config)
{
    const struct dtls_cert_item *anchor = config->anchors;

    while (anchor != NULL && dtls_cert_is_raw(anchor->cert)) {
        anchor = anchor->next;
    }
    return anchor != NULL || config->pins.len != 0 ||
           config->verify_chain != NULL;
}

static bool takes_type(const struct dtls_config *config, uint8_t type)
{
    if (type == DTLS_CERTIFICATE_RAW) {
        return config->raw_keys;
    }
    return type == DTLS_CERTIFICATE_X509 && takes_certificates(config);
}

static void add_type(struct dtls_buf *list, uint8_t type)
{
    if (list->len < list->cap && !has_type(dtls_buf_bytes(list), type)) {
        list->data[list->len++] = type;
    }
}

/* Says a list, unless certificates are all there is to say (D7250-4.1-1). */
static void say(struct dtls_extensions *ext, enum dtls_extension which,
                const struct dtls_buf *list)
{
    ext->data[which] = dtls_buf_bytes(list);
    ext->present[which] = has_type(ext->data[which], DTLS_CERTIFICATE_RAW);
}

void dtls_raw_keys_ask(const struct dtls_config *config,
                       struct dtls_extensions *ext,
                       struct dtls_options_room *room)
{
    struct dtls_buf own = {room->own_types, 0, sizeof room->own_types};
    struct dtls_buf peers = {room->peer_types, 0, sizeof room->peer_types};

    for (const struct dtls_credential *c = config->credentials; c != NULL;
         c = dtls_config_next(config, c)) {
        if (is_ours(config, c)) {
            add_type(&own, type_of(c));
        }
    }
    if (takes_type(config, DTLS_CERTIFICATE_RAW)) {
        add_type(&peers, DTLS_CERTIFICATE_RAW);
    }
    if (takes_type(config, DTLS_CERTIFICATE_X509)) {
        add_type(&peers, DTLS_CERTIFICATE_X509);
    }
    say(ext, DTLS_EXT_CLIENT_CERTIFICATE_TYPE, &own);
    say(ext, DTLS_EXT_SERVER_CERTIFICATE_TYPE, &peers);
}

bool dtls_raw_keys_allow(const struct dtls_extensions *asked,
                         const struct dtls_credential *c)
{
    return asked->present[DTLS_EXT_SERVER_CERTIFICATE_TYPE]
               ? has_type(asked->data[DTLS_EXT_SERVER_CERTIFICATE_TYPE],
                          type_of(c))
               : !dtls_cert_is_raw(&c->cert);
}

bool dtls_raw_keys_differ(struct dtls_handshake *h,
                          const struct dtls_extensions *asked)
{
    const struct dtls_credential *c = h->config->credentials;
    bool has_any = false;

    for (; c != NULL; c = dtls_config_next(h->config, c)) {
        if (is_ours(h->config, c) && dtls_raw_keys_allow(asked, c)) {
            return false;
        }
        has_any |= is_ours(h->config, c);
    }
    if (has_any) {
        h->refusal = "the client takes no certificate or raw public key of "
                     "the type that we have";
    }
    return has_any;
}

/* Chooses the first type of the client's that we can verify.  With none, the
 * client may show certificates (D7250-4.2-9). */
static struct dtls_bytes choose_peer_type(const struct dtls_config *config,
                                          struct dtls_bytes asked)
{
    struct dtls_bytes type;

    while (dtls_get_bytes(&asked, 1, &type)) {
        if (takes_type(config, type.data[0])) {
            return type;
        }
    }
    return (struct dtls_bytes){0};
}

void dtls_raw_keys_answer(struct dtls_handshake *h,
                          const struct dtls_extensions *asked,
                          struct dtls_extensions *answer)
{
    enum dtls_extension own = DTLS_EXT_SERVER_CERTIFICATE_TYPE;
    enum dtls_extension peers = DTLS_EXT_CLIENT_CERTIFICATE_TYPE;
    struct dtls_bytes type;

    /* Without a certificate, as with a PSK or in a session that is resumed,
     * there is nothing to say (D7250-4.2-11). */
    if (h->credential == NULL) {
        return;
    }
    if (asked->present[own]) {
        static const uint8_t types[] = {DTLS_CERTIFICATE_X509,
                                        DTLS_CERTIFICATE_RAW};

        answer->present[own] = true;
        answer->data[own] =
            dtls_bytes_of(&types[dtls_cert_is_raw(&h->credential->cert)], 1);
    }
    if (asked->present[peers] &&
        h->config->client_auth != DTLS_CLIENT_AUTH_NONE) {
        type = choose_peer_type(h->config, asked->data[peers]);
        answer->present[peers] = type.len != 0;
        answer->data[peers] = type;
        h->peer_is_raw = type.len != 0 && type.data[0] == DTLS_CERTIFICATE_RAW;
    }
}

/* Reads the answer to a list of ours, which may have no other type; `is_raw`
 * stays if there is none. */
static bool take_answer(bool *is_raw, const struct dtls_extensions *asked,
                        const struct dtls_extensions *answer,
                        enum dtls_extension which)
{
    if (!answer->present[which]) {
        return true;
    }
    *is_raw = answer->data[which].data[0] == DTLS_CERTIFICATE_RAW;
    return has_type(asked->data[which], answer->data[which].data[0]);
}

enum dtls_status dtls_raw_keys_accept(struct dtls_handshake *h,
                                      const struct dtls_extensions *asked,
                                      const struct dtls_extensions *answer)
{
    return take_answer(&h->own_is_raw, asked, answer,
                       DTLS_EXT_CLIENT_CERTIFICATE_TYPE) &&
                   take_answer(&h->peer_is_raw, asked, answer,
                               DTLS_EXT_SERVER_CERTIFICATE_TYPE)
               ? DTLS_OK
               : DTLS_ILLEGAL_PARAMETER;
}

bool dtls_raw_keys_only(const struct dtls_config *config)
{
    return config->raw_keys && !takes_certificates(config);
}

static bool is_key(const struct dtls_cert *trusted,
                   const struct dtls_cert *key)
{
    return dtls_cert_is_raw(trusted) &&
           dtls_bytes_equal(trusted->der, key->der);
}

static bool is_anchor(const struct dtls_config *config,
                      const struct dtls_cert *key)
{
    const struct dtls_cert_item *anchor = config->anchors;

    while (anchor != NULL && !is_key(anchor->cert, key)) {
        anchor = anchor->next;
    }
    return anchor != NULL;
}

/* Tells whether the key is trusted: by itself, by its hash, or by the
 * application.  Nothing else makes a key trusted (D7250-6-1). */
static enum dtls_status judge(const struct dtls_handshake *h,
                              const struct dtls_cert *key)
{
    const struct dtls_config *config = h->config;
    enum dtls_status status;

    if (is_anchor(config, key)) {
        return DTLS_OK;
    }
    status = dtls_auth_judge_key(h, key);
    return status == DTLS_CERTIFICATE_UNKNOWN && config->judge_raw_key != NULL
               ? config->judge_raw_key(config->self, key->der)
               : status;
}

enum dtls_status dtls_raw_keys_verify(struct dtls_handshake *h,
                                      const struct dtls_cert *key)
{
    enum dtls_status status;

    if (!dtls_issuer_is_strong(&key->key)) {
        h->refusal = "the raw public key is too short, or of a kind that is "
                     "not supported";
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    status = h->crypto->check_key(h->crypto->self, &key->key);
    if (status == DTLS_OK) {
        status = judge(h, key);
    }
    if (status == DTLS_CERTIFICATE_UNKNOWN) {
        h->refusal = "the peer's raw public key is not trusted";
    }
    return status;
}
