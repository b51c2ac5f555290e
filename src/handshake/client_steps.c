/* SPDX-License-Identifier: MIT */
/* The client's steps (RFC 5246, 7.3).  Their handlers are in client_offer.c,
 * client_take.c and client_answer.c. */
#include "handshake/client_steps.h"

static enum dtls_when required(const struct dtls_handshake *h)
{
    (void)h;
    return DTLS_REQUIRED;
}

static enum dtls_when optional(const struct dtls_handshake *h)
{
    (void)h;
    return DTLS_OPTIONAL;
}

/* A resumed session has its keys and its peer already. */
static enum dtls_when unless_resumed(const struct dtls_handshake *h)
{
    return h->resumed ? DTLS_ABSENT : DTLS_REQUIRED;
}

static enum dtls_when if_announced(const struct dtls_handshake *h)
{
    return h->ticket_announced ? DTLS_REQUIRED : DTLS_ABSENT;
}

static bool has_certificate(const struct dtls_handshake *h)
{
    return !h->resumed && dtls_suite_has_certificate(h->suite);
}

static enum dtls_when with_certificate(const struct dtls_handshake *h)
{
    return has_certificate(h) ? DTLS_REQUIRED : DTLS_ABSENT;
}

static enum dtls_when with_certificate_optional(const struct dtls_handshake *h)
{
    return has_certificate(h) ? DTLS_OPTIONAL : DTLS_ABSENT;
}

/* It may stay away, though it was announced (D6066-8-90). */
static enum dtls_when with_staple(const struct dtls_handshake *h)
{
    return has_certificate(h) && h->staple_announced && !h->peer_is_raw
               ? DTLS_OPTIONAL
               : DTLS_ABSENT;
}

static enum dtls_when by_key_exchange(const struct dtls_handshake *h)
{
    if (h->resumed) {
        return DTLS_ABSENT;
    }
    switch (h->suite->kx) {
    case DTLS_KX_RSA:
    case DTLS_KX_ECDH:
        return DTLS_ABSENT;
    case DTLS_KX_PSK:
        return DTLS_OPTIONAL;
    case DTLS_KX_ECDHE_ECDSA:
    case DTLS_KX_ECDHE_RSA:
    case DTLS_KX_ECDHE_PSK:
    case DTLS_KX_ECJPAKE:
        break;
    }
    return DTLS_REQUIRED;
}

const struct dtls_hs_step dtls_client_steps[DTLS_CLIENT_END] = {
    /* clang-format off */
    [DTLS_CLIENT_HELLO_VERIFY] =
        {optional, dtls_client_take_hello_verify, DTLS_HELLO_VERIFY_REQUEST,
         DTLS_CLIENT_HELLO_VERIFY, DTLS_HASH_NOT},
    [DTLS_CLIENT_SERVER_HELLO] =
        {required, dtls_client_take_server_hello, DTLS_SERVER_HELLO,
         DTLS_CLIENT_CERTIFICATE, DTLS_HASH_BEFORE},
    [DTLS_CLIENT_CERTIFICATE] =
        {with_certificate, dtls_client_take_certificate, DTLS_CERTIFICATE,
         DTLS_CLIENT_CERTIFICATE_STATUS, DTLS_HASH_BEFORE},
    [DTLS_CLIENT_CERTIFICATE_STATUS] =
        {with_staple, dtls_staple_take, DTLS_CERTIFICATE_STATUS,
         DTLS_CLIENT_SERVER_KEY_EXCHANGE, DTLS_HASH_AFTER},
    [DTLS_CLIENT_SERVER_KEY_EXCHANGE] =
        {by_key_exchange, dtls_client_take_server_key_exchange,
         DTLS_SERVER_KEY_EXCHANGE, DTLS_CLIENT_CERTIFICATE_REQUEST,
         DTLS_HASH_BEFORE},
    [DTLS_CLIENT_CERTIFICATE_REQUEST] =
        {with_certificate_optional, dtls_client_take_certificate_request,
         DTLS_CERTIFICATE_REQUEST, DTLS_CLIENT_SERVER_HELLO_DONE,
         DTLS_HASH_BEFORE},
    [DTLS_CLIENT_SERVER_HELLO_DONE] =
        {unless_resumed, dtls_client_take_server_hello_done,
         DTLS_SERVER_HELLO_DONE, DTLS_CLIENT_NEW_SESSION_TICKET,
         DTLS_HASH_BEFORE},
    [DTLS_CLIENT_NEW_SESSION_TICKET] =
        {if_announced, dtls_resumption_take_ticket, DTLS_NEW_SESSION_TICKET,
         DTLS_CLIENT_FINISHED, DTLS_HASH_BEFORE},
    [DTLS_CLIENT_FINISHED] =
        {required, dtls_client_take_finished, DTLS_FINISHED, DTLS_CLIENT_END,
         DTLS_HASH_NOT},
    /* clang-format on */
};
