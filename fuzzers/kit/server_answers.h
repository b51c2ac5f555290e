/* SPDX-License-Identifier: MIT */
/* A ClientHello for two servers, and what each answers. */
#ifndef FUZZERS_KIT_SERVER_ANSWERS_H
#define FUZZERS_KIT_SERVER_ANSWERS_H

#include "base/bytes.h"

enum { FUZZ_FLIGHT_BODY = 2048 }; /* the longest body */

/* What a server has said so far. */
struct fuzz_answer {
    uint8_t cookie[255];
    size_t cookie_len;
    bool asks; /* for the cookie */
    bool accepts;
    uint16_t suite;
};

/* fuzz_flight_hear reads a datagram, or several, of a server; `self` is a
 * struct fuzz_answer. */
void fuzz_flight_hear(void *self, struct dtls_bytes datagram);

/* fuzz_flight_put appends the hello as the datagram `number`, with this cookie
 * in place of its own, if it has a place for one. */
void fuzz_flight_put(struct dtls_buf *out, struct dtls_bytes body,
                     struct dtls_bytes cookie, uint16_t number);

/* fuzz_flight_extension gives the value of the first extension of this type;
 * false if there is none. */
bool fuzz_flight_extension(struct dtls_bytes body, uint16_t wanted,
                           struct dtls_bytes *value);

/* Differences that both libraries show: the version is none of DTLS; there is
 * an extension that we do not read. */
bool fuzz_flight_of_no_dtls(struct dtls_bytes body);
bool fuzz_flight_ignored(struct dtls_bytes body);

#endif
