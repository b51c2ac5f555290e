/* SPDX-License-Identifier: MIT */
/* For targets that show one ClientHello to two servers: writes the hello's
 * datagram, and reads what each server answers. */
#ifndef FUZZERS_KIT_SERVER_ANSWERS_H
#define FUZZERS_KIT_SERVER_ANSWERS_H

#include "base/bytes.h"

enum { FUZZ_FLIGHT_BODY = 2048 }; /* bytes of the longest body */

/* What a server has answered so far. */
struct fuzz_answer {
    uint8_t cookie[255];
    size_t cookie_len;
    bool asks; /* for a cookie */
    bool accepts;
    uint16_t suite;
};

/* fuzz_flight_hear reads one or more datagrams of a server; `self` is a struct
 * fuzz_answer. */
void fuzz_flight_hear(void *self, struct dtls_bytes datagram);

/* fuzz_flight_put appends the hello as datagram `number`.  `cookie` takes the
 * place of the hello's own cookie, if the body has the field. */
void fuzz_flight_put(struct dtls_buf *out, struct dtls_bytes body,
                     struct dtls_bytes cookie, uint16_t number);

/* fuzz_flight_extension finds the value of the first extension of type
 * `wanted`; false if there is none. */
bool fuzz_flight_extension(struct dtls_bytes body, uint16_t wanted,
                           struct dtls_bytes *value);

/* Differences: the version is one of SSL, TLS or DTLS before RFC 4347; the
 * hello has an extension that we do not read.  OpenSSL and GnuTLS show both.
 */
bool fuzz_flight_of_no_dtls(struct dtls_bytes body);
bool fuzz_flight_ignored(struct dtls_bytes body);

/* A client that takes no X.509 certificate: server_certificate_type lists
 * other types.  Neither OpenSSL 3.0 nor GnuTLS, as it is set up here, heeds
 * it. */
#define FUZZ_SERVER_CERTIFICATE_TYPE 20
bool fuzz_flight_without_x509(struct dtls_bytes body);

#endif
