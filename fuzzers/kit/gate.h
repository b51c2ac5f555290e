/* SPDX-License-Identifier: MIT */
/* The cookie gate, asked a second time: an oracle for what it accepts, and the
 * fuzzer's way to a valid cookie. */
#ifndef FUZZERS_KIT_GATE_H
#define FUZZERS_KIT_GATE_H

#include "session/listener.h"

/* The ClientHello at the front of a datagram. */
struct fuzz_hello {
    struct dtls_record record;
    struct dtls_fragment fragment;
    struct dtls_client_hello hello; /* its lists are empty if they are not in
                                       the fragment */
};

/* fuzz_fragment_read returns false if the datagram does not begin with a
 * fragment of a ClientHello that a session may read.  fuzz_hello_read returns
 * false also if the fragment does not hold what the gate needs to answer it;
 * fuzz_fragment_read leaves `hello` alone. */
DTLS_MUST_USE bool fuzz_fragment_read(struct fuzz_hello *out,
                                      struct dtls_span datagram);
DTLS_MUST_USE bool fuzz_hello_read(struct fuzz_hello *out,
                                   struct dtls_span datagram);

/* fuzz_cookie_is_seen returns true if the cookie says that the suites and
 * compression methods were seen when it was made. */
bool fuzz_cookie_is_seen(struct dtls_bytes cookie);

/* fuzz_hello_ask shows the gate the same hello without a cookie, demands an
 * answer, and writes the answer's cookie.  The question ends before the lists
 * unless `seen` is true; if the hello has no lists, it then has lists of its
 * own. */
void fuzz_hello_ask(struct dtls_listener *listener,
                    uint8_t cookie[DTLS_COOKIE_LEN],
                    const struct dtls_address *peer,
                    const struct fuzz_hello *hello, bool seen, uint64_t now);

/* fuzz_cookie_patch overwrites a cookie of the right length in the datagram
 * with a valid one, made as the cookie says (fuzz_cookie_is_seen).  It returns
 * false if there is no such cookie. */
bool fuzz_cookie_patch(struct dtls_listener *listener,
                       const struct dtls_address *peer,
                       struct dtls_span datagram, uint64_t now);

/* fuzz_cookie_bound returns how much of the cookie the gate has checked: all
 * of it, or what stands before a list MAC whose lists are not here. */
size_t fuzz_cookie_bound(const struct fuzz_hello *hello);

/* fuzz_check_reply demands that `reply` is a HelloVerifyRequest, no longer
 * than the first record of the hello that it answers, and returns its
 * cookie. */
struct dtls_bytes fuzz_check_reply(struct dtls_bytes reply,
                                   const struct fuzz_hello *hello);

#endif
