/* SPDX-License-Identifier: MIT */
/* The order of messages as data: one table per role says which message may
 * come next (RFC 5246, 7.3). */
#ifndef DTLS_HANDSHAKE_STEPS_H
#define DTLS_HANDSHAKE_STEPS_H

#include "flight/reassembly.h"

struct dtls_handshake;

enum dtls_when { DTLS_ABSENT, DTLS_OPTIONAL, DTLS_REQUIRED };

/* enum dtls_hashed says when the transcript takes a message in. */
enum dtls_hashed {
    DTLS_HASH_NOT,    /* never, or the handler does it itself              */
    DTLS_HASH_BEFORE, /* before the handler                                */
    DTLS_HASH_AFTER   /* after it: the handler needs the hash before       */
};

struct dtls_hs_step {
    enum dtls_when (*when)(const struct dtls_handshake *h);
    DTLS_MUST_USE enum dtls_status (*handler)(
        struct dtls_handshake *h, const struct dtls_message *message);
    uint8_t type; /* enum dtls_hs_type */
    uint8_t next; /* step after this message */
    uint8_t hashed;
};

/* The messages that a client waits for. */
enum {
    DTLS_CLIENT_HELLO_VERIFY,
    DTLS_CLIENT_SERVER_HELLO,
    DTLS_CLIENT_CERTIFICATE,
    DTLS_CLIENT_CERTIFICATE_STATUS,
    DTLS_CLIENT_SERVER_KEY_EXCHANGE,
    DTLS_CLIENT_CERTIFICATE_REQUEST,
    DTLS_CLIENT_SERVER_HELLO_DONE,
    DTLS_CLIENT_NEW_SESSION_TICKET,
    DTLS_CLIENT_FINISHED,
    DTLS_CLIENT_END
};

/* The messages that a server waits for. */
enum {
    DTLS_SERVER_CLIENT_HELLO,
    DTLS_SERVER_CERTIFICATE,
    DTLS_SERVER_CLIENT_KEY_EXCHANGE,
    DTLS_SERVER_CERTIFICATE_VERIFY,
    DTLS_SERVER_FINISHED,
    DTLS_SERVER_END
};

extern const struct dtls_hs_step dtls_client_steps[DTLS_CLIENT_END];
extern const struct dtls_hs_step dtls_server_steps[DTLS_SERVER_END];

/* dtls_steps_find returns the step at which `type` is right, from step `at` on
 * over steps that may be left out.  It returns NULL if `type` is unexpected
 * there or `at` is `end`. */
const struct dtls_hs_step *dtls_steps_find(const struct dtls_hs_step *steps,
                                           size_t at, size_t end,
                                           const struct dtls_handshake *h,
                                           uint8_t type);

#endif
