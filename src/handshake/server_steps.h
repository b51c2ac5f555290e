/* SPDX-License-Identifier: MIT */
/* The server's handlers, one for each message that a client sends: for the
 * table in server_steps.c.  What a handler does is struct dtls_hs_step's
 * contract.
 */
#ifndef DTLS_HANDSHAKE_SERVER_STEPS_H
#define DTLS_HANDSHAKE_SERVER_STEPS_H

#include "handshake/handshake.h"

DTLS_MUST_USE enum dtls_status dtls_server_take_client_hello(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_server_take_certificate(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_server_take_client_key_exchange(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_server_take_certificate_verify(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_server_take_finished(
    struct dtls_handshake *h, const struct dtls_message *message);

/* What the ClientHello offers, as far as the choices need it. */
struct dtls_wishes {
    struct dtls_client_hello hello;
    struct dtls_extensions ext;
};

/* dtls_server_read_hello parses the hello and notes what does not depend on
 * the suite. */
DTLS_MUST_USE enum dtls_status dtls_server_read_hello(struct dtls_handshake *h,
                                                      struct dtls_bytes body,
                                                      struct dtls_wishes *w);

/* dtls_server_choose_suite takes the first of our suites that the client
 * offers and that can work, and with it certificate, group and pair. */
DTLS_MUST_USE enum dtls_status dtls_server_choose_suite(
    struct dtls_handshake *h, const struct dtls_wishes *w);

#endif
