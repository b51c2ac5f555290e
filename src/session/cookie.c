/* SPDX-License-Identifier: MIT */
/* Cookies (session/cookie.h). */
#include "session/cookie.h"

#include "base/secret.h"

static enum dtls_status new_secret(struct dtls_cookie_jar *jar,
                                   struct dtls_hmac_key *key)
{
    const struct dtls_crypto *crypto = jar->crypto;
    uint8_t secret[DTLS_COOKIE_LEN];
    enum dtls_status status =
        crypto->random(crypto->self, secret, sizeof secret);

    if (status == DTLS_OK) {
        status = crypto->hmac_key(crypto->self, key, DTLS_HASH_SHA256,
                                  dtls_bytes_of(secret, sizeof secret));
    }
    dtls_wipe(secret, sizeof secret);
    return status;
}

enum dtls_status dtls_cookie_init(struct dtls_cookie_jar *jar,
                                  const struct dtls_crypto *crypto,
                                  uint64_t now)
{
    struct dtls_cookie_jar made = {
        .crypto = crypto, .renewed = now, .len = DTLS_COOKIE_LEN};
    enum dtls_status status = new_secret(&made, &made.current);

    if (status == DTLS_OK) {
        status = new_secret(&made, &made.previous);
    }
    if (status == DTLS_OK) {
        *jar = made;
    }
    dtls_wipe(&made, sizeof made);
    return status;
}

void dtls_cookie_free(struct dtls_cookie_jar *jar)
{
    dtls_wipe(jar, sizeof *jar);
}

/* Makes the secrets that are due at `now` in `next`, a copy of the jar. */
static enum dtls_status renew(struct dtls_cookie_jar *next, uint64_t now)
{
    uint8_t len = next->len;
    enum dtls_status status;

    if (now - next->renewed < 2 * (uint64_t)DTLS_COOKIE_PERIOD_MS) {
        next->previous = next->current;
        next->renewed = now;
        return new_secret(next, &next->current);
    }
    /* After two periods without a call the current secret is as stale as the
     * previous one. */
    status = dtls_cookie_init(next, next->crypto, now);
    next->len = len;
    return status;
}

enum dtls_status dtls_cookie_renew(struct dtls_cookie_jar *jar, uint64_t now)
{
    struct dtls_cookie_jar next;
    enum dtls_status status;

    if (now - jar->renewed < DTLS_COOKIE_PERIOD_MS) {
        return DTLS_OK;
    }
    next = *jar;
    status = renew(&next, now);
    if (status == DTLS_OK) {
        *jar = next;
    }
    dtls_wipe(&next, sizeof next);
    return status;
}

static void make_with(const struct dtls_cookie_jar *jar,
                      const struct dtls_hmac_key *key,
                      uint8_t out[DTLS_COOKIE_LEN], struct dtls_bytes place,
                      const struct dtls_client_hello *hello)
{
    /* The lengths of all parts of variable length come first, so that no two
     * hellos give the same string. */
    uint8_t lengths[] = {
        (uint8_t)place.len,
        (uint8_t)hello->session_id.len,
        (uint8_t)(hello->suites.len >> 8),
        (uint8_t)hello->suites.len,
        (uint8_t)hello->compression.len,
        (uint8_t)(hello->version >> 8),
        (uint8_t)hello->version,
    };
    struct dtls_bytes parts[] = {
        dtls_bytes_of(lengths, sizeof lengths),
        place,
        hello->random,
        hello->session_id,
        hello->suites,
        hello->compression,
    };

    jar->crypto->hmac(jar->crypto->self, key, out, parts,
                      sizeof parts / sizeof *parts);
}

void dtls_cookie_make(const struct dtls_cookie_jar *jar,
                      uint8_t out[DTLS_COOKIE_LEN], struct dtls_bytes place,
                      const struct dtls_client_hello *hello)
{
    make_with(jar, &jar->current, out, place, hello);
}

bool dtls_cookie_check(const struct dtls_cookie_jar *jar,
                       struct dtls_bytes place,
                       const struct dtls_client_hello *hello)
{
    uint8_t current[DTLS_COOKIE_LEN];
    uint8_t previous[DTLS_COOKIE_LEN];
    bool is_current;
    bool is_previous;

    if (hello->cookie.len != jar->len) {
        return false;
    }
    make_with(jar, &jar->current, current, place, hello);
    make_with(jar, &jar->previous, previous, place, hello);
    is_current = dtls_ct_equal(current, hello->cookie.data, jar->len);
    is_previous = dtls_ct_equal(previous, hello->cookie.data, jar->len);
    return is_current | is_previous;
}
