/* SPDX-License-Identifier: MIT */
/* The server's steps (RFC 5246, 7.3).  The cookie exchange is over when they
 * begin: session/listener.c.  Their handlers are in server_choice.c,
 * server_answer.c and server_take.c. */
#include "handshake/server_steps.h"

static enum dtls_when required(const struct dtls_handshake *h)
{
    (void)h;
    return DTLS_REQUIRED;
}

/* A resumed session has its keys already. */
static enum dtls_when unless_resumed(const struct dtls_handshake *h)
{
    return h->resumed ? DTLS_ABSENT : DTLS_REQUIRED;
}

static enum dtls_when if_requested(const struct dtls_handshake *h)
{
    return h->certificate_requested ? DTLS_REQUIRED : DTLS_ABSENT;
}

static enum dtls_when if_certified(const struct dtls_handshake *h)
{
    return h->peer_key.type != DTLS_KEY_NONE ? DTLS_REQUIRED : DTLS_ABSENT;
}

const struct dtls_hs_step dtls_server_steps[DTLS_SERVER_END] = {
    /* clang-format off */
    [DTLS_SERVER_CLIENT_HELLO] =
        {required, dtls_server_take_client_hello, DTLS_CLIENT_HELLO,
         DTLS_SERVER_CERTIFICATE, DTLS_HASH_NOT},
    [DTLS_SERVER_CERTIFICATE] =
        {if_requested, dtls_server_take_certificate, DTLS_CERTIFICATE,
         DTLS_SERVER_CLIENT_KEY_EXCHANGE, DTLS_HASH_BEFORE},
    [DTLS_SERVER_CLIENT_KEY_EXCHANGE] =
        {unless_resumed, dtls_server_take_client_key_exchange,
         DTLS_CLIENT_KEY_EXCHANGE, DTLS_SERVER_CERTIFICATE_VERIFY,
         DTLS_HASH_NOT},
    [DTLS_SERVER_CERTIFICATE_VERIFY] =
        {if_certified, dtls_server_take_certificate_verify,
         DTLS_CERTIFICATE_VERIFY, DTLS_SERVER_FINISHED, DTLS_HASH_AFTER},
    [DTLS_SERVER_FINISHED] =
        {required, dtls_server_take_finished, DTLS_FINISHED,
         DTLS_SERVER_END, DTLS_HASH_NOT},
    /* clang-format on */
};
