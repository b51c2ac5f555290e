/* SPDX-License-Identifier: MIT */
/* Cookies: a stateless proof that a client receives at its address (RFC 6347,
 * 4.2.1).  A cookie is
 *
 *     seen        the first bit: the suites and compression methods were seen
 *                 when the cookie was made
 *     front MAC   over `seen`, the place, version, random and session_id
 *     list MAC    over suites and compression methods: if `seen`, the last
 *                 third of the cookie
 *
 * The key of the list MAC is the end of what HMAC makes for the front MAC.  No
 * cookie shows it.  A session that has it can check the lists later, without
 * the jar and however old the jar's secrets are by then. */
#ifndef DTLS_SESSION_COOKIE_H
#define DTLS_SESSION_COOKIE_H

#include "crypto/crypto.h"
#include "messages/messages.h"

#define DTLS_COOKIE_LEN 32      /* DTLS 1.0 clients accept no more */
#define DTLS_COOKIE_SEEN 0x80   /* in the first byte */
#define DTLS_COOKIE_LIST_LEN 10 /* bytes of the longest list MAC */

/* DTLS_COOKIE_PERIOD_MS is the time for which a secret is the current one.  It
 * is then the previous one for as long again. */
#define DTLS_COOKIE_PERIOD_MS 120000

struct dtls_cookie_jar {
    const struct dtls_crypto *crypto;
    struct dtls_hmac_key current;
    struct dtls_hmac_key previous;
    uint64_t renewed; /* when `current` was made */
    uint8_t len;      /* of a cookie; DTLS_COOKIE_LEN, the most, by default */
};

/* dtls_cookie_init makes a jar with two secrets.  If a secret cannot be made,
 * it returns the status of `crypto` and leaves the jar as it was. */
DTLS_MUST_USE enum dtls_status dtls_cookie_init(
    struct dtls_cookie_jar *jar, const struct dtls_crypto *crypto,
    uint64_t now);
void dtls_cookie_free(struct dtls_cookie_jar *jar);

/* dtls_cookie_renew makes a new secret if the current one has served for its
 * period.
 *
 * If the secret cannot be made, it returns the status of `crypto` and leaves
 * the jar as it was.  The jar's cookies must then not be used, because its
 * secrets are too old. */
DTLS_MUST_USE enum dtls_status dtls_cookie_renew(struct dtls_cookie_jar *jar,
                                                 uint64_t now);

/* struct dtls_cookie_bond is what a valid cookie says about the suites and
 * compression methods.  If it is all zero, the cookie says nothing.  The key
 * is of use for the hello that the cookie was made for, and for no other. */
struct dtls_cookie_bond {
    bool seen;
    uint8_t len; /* of `mac` */
    uint8_t key[DTLS_COOKIE_LIST_LEN];
    uint8_t mac[DTLS_COOKIE_LIST_LEN];
};

/* dtls_cookie_make writes a cookie of jar->len bytes that binds the fields of
 * `hello` that must not change to `place`.  `place` is the client's address
 * and port, and bytes that tell this server from another that shares a secret
 * by accident.  If `hello` has no suites, they were not seen.
 *
 * If cryptography fails, it returns that status and writes nothing. */
DTLS_MUST_USE enum dtls_status dtls_cookie_make(
    const struct dtls_cookie_jar *jar, uint8_t out[DTLS_COOKIE_LEN],
    struct dtls_bytes place, const struct dtls_client_hello *hello);

/* dtls_cookie_check returns true if the cookie in `hello` is one of ours for
 * `place`, version, random and session_id.  It always tries both secrets, in
 * constant time.  It then sets `bond`, with which dtls_cookie_holds checks
 * the rest. */
DTLS_MUST_USE bool dtls_cookie_check(const struct dtls_cookie_jar *jar,
                                     struct dtls_cookie_bond *bond,
                                     struct dtls_bytes place,
                                     const struct dtls_client_hello *hello);

/* dtls_cookie_holds returns DTLS_OK if the suites and compression methods of
 * `hello` are those that were seen when the cookie was made, or none were
 * seen.  Otherwise it returns DTLS_ILLEGAL_PARAMETER, or the status of
 * cryptography that fails. */
DTLS_MUST_USE enum dtls_status dtls_cookie_holds(
    const struct dtls_crypto *crypto, const struct dtls_cookie_bond *bond,
    const struct dtls_client_hello *hello);

#endif
