/* SPDX-License-Identifier: MIT */
/* The server's handlers, one for each message that a client sends: for the
 * table in server_steps.c.  A handler returns DTLS_OK, or the status that ends
 * the handshake; it does not set the step. */
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

/* struct dtls_wishes is a ClientHello and its extensions, parsed. */
struct dtls_wishes {
    struct dtls_client_hello hello;
    struct dtls_extensions ext;
};

/* dtls_server_read_hello parses and checks a ClientHello, and notes in `h`
 * what does not depend on the suite.  It returns the status to refuse the
 * hello with. */
DTLS_MUST_USE enum dtls_status dtls_server_read_hello(struct dtls_handshake *h,
                                                      struct dtls_bytes body,
                                                      struct dtls_wishes *w);

/* dtls_server_choose_suite chooses the first of our suites that the client
 * offers and that can work, with its certificate, group and pair.  It returns
 * DTLS_NO_COMMON_SUITE if there is none. */
DTLS_MUST_USE enum dtls_status dtls_server_choose_suite(
    struct dtls_handshake *h, const struct dtls_wishes *w);

#endif
