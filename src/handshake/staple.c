/* SPDX-License-Identifier: MIT */
/* What an OCSP responder says about the server's certificate, stapled to the
 * handshake (RFC 6066, 8).  The application judges it. */
#include "handshake/handshake.h"

void dtls_staple_ask(const struct dtls_config *config,
                     struct dtls_extensions *ext)
{
    static const uint8_t ocsp[] = {DTLS_STATUS_OCSP};

    ext->present[DTLS_EXT_STATUS_REQUEST] = config->judge_staple != NULL;
    ext->data[DTLS_EXT_STATUS_REQUEST] = dtls_bytes_of(ocsp, sizeof ocsp);
}

void dtls_staple_answer(struct dtls_handshake *h,
                        const struct dtls_extensions *asked,
                        struct dtls_extensions *answer)
{
    h->staple_announced =
        h->credential != NULL && h->credential->staple.len != 0 &&
        !dtls_cert_is_raw(&h->credential->cert) &&
        asked->present[DTLS_EXT_STATUS_REQUEST] &&
        asked->data[DTLS_EXT_STATUS_REQUEST].data[0] == DTLS_STATUS_OCSP;
    answer->present[DTLS_EXT_STATUS_REQUEST] = h->staple_announced;
}

enum dtls_status dtls_staple_send(struct dtls_handshake *h)
{
    uint8_t bytes[DTLS_STATUS_HEAD_LEN];
    struct dtls_buf head = {bytes, 0, sizeof bytes};
    struct dtls_bytes parts[2];

    if (!h->staple_announced) {
        return DTLS_OK;
    }
    if (!dtls_certificate_status_head(&head, h->credential->staple.len)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    parts[0] = dtls_buf_bytes(&head);
    parts[1] = h->credential->staple;
    return dtls_handshake_send(h, DTLS_CERTIFICATE_STATUS, parts, 2);
}

enum dtls_status dtls_staple_take(struct dtls_handshake *h,
                                  const struct dtls_message *message)
{
    struct dtls_bytes response;
    enum dtls_status status =
        dtls_certificate_status_parse(&response, message->body);

    h->staple_came = status == DTLS_OK;
    return status == DTLS_OK
               ? h->config->judge_staple(h->config->self, response)
               : status;
}

enum dtls_status dtls_staple_miss(const struct dtls_handshake *h)
{
    return h->config->judge_staple == NULL || h->staple_came ||
                   h->peer_is_raw || !h->has_peer_leaf
               ? DTLS_OK
               : h->config->judge_staple(h->config->self,
                                         (struct dtls_bytes){0});
}
