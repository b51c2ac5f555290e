/* SPDX-License-Identifier: MIT */
/* The cookie gate asked a second time: an oracle for what it lets through,
 * and a way for the fuzzer to get a right cookie. */
#ifndef FUZZERS_KIT_GATE_H
#define FUZZERS_KIT_GATE_H

#include "session/listener.h"

/* The ClientHello at the front of a datagram. */
struct fuzz_hello {
    struct dtls_record record;
    struct dtls_fragment fragment;
    struct dtls_client_hello hello;
};

/* fuzz_hello_read is false if there is none that the gate could answer. */
DTLS_MUST_USE bool fuzz_hello_read(struct fuzz_hello *out,
                                   struct dtls_span datagram);

/* fuzz_hello_ask shows the gate the same hello without a cookie; it must be
 * answered, and the answer's cookie is written. */
void fuzz_hello_ask(struct dtls_listener *listener,
                    uint8_t cookie[DTLS_COOKIE_LEN],
                    const struct dtls_address *peer,
                    const struct fuzz_hello *hello, uint64_t now);

/* fuzz_cookie_patch overwrites a cookie of the right length in the datagram
 * with a right one; false if there is none. */
bool fuzz_cookie_patch(struct dtls_listener *listener,
                       const struct dtls_address *peer,
                       struct dtls_span datagram, uint64_t now);

/* fuzz_check_reply demands a HelloVerifyRequest that is no longer than the
 * first record of what it answers, and gives its cookie. */
struct dtls_bytes fuzz_check_reply(struct dtls_bytes reply,
                                   const struct fuzz_hello *hello);

#endif
