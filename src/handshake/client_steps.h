/* SPDX-License-Identifier: MIT */
/* The client's handlers, one for each message that a server sends: for the
 * table in client_steps.c.  A handler returns DTLS_OK, or the status that ends
 * the handshake; it does not set the step. */
#ifndef DTLS_HANDSHAKE_CLIENT_STEPS_H
#define DTLS_HANDSHAKE_CLIENT_STEPS_H

#include "handshake/handshake.h"

DTLS_MUST_USE enum dtls_status dtls_client_take_hello_verify(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_server_hello(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_certificate(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_server_key_exchange(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_certificate_request(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_server_hello_done(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_client_take_finished(
    struct dtls_handshake *h, const struct dtls_message *message);

/* dtls_client_choose_psk returns the first PSK with this hint or, if none has
 * it, the first of all (RFC 4279, 5.2: an unknown hint is ignored). */
const struct dtls_psk *dtls_client_choose_psk(const struct dtls_config *config,
                                              struct dtls_bytes hint);

#endif
