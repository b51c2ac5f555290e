/* SPDX-License-Identifier: MIT */
/* Cookies (session/cookie.h). */
#include "session/cookie.h"

#include "base/secret.h"

#include <string.h>

enum {
    FRONT_LEN = 32, /* bytes that HMAC-SHA256 makes */
    KEY_AT = FRONT_LEN - DTLS_COOKIE_LIST_LEN /* of the list MAC's key */
};

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

/* Returns how many bytes of a cookie are the list MAC if there is one. */
static size_t list_len(const struct dtls_cookie_jar *jar)
{
    return jar->len / 3u;
}

/* Makes the bytes that begin with the front MAC, with the bit in it.  Unless
 * `seen` is true, a whole cookie is cut from them.  Otherwise they end with
 * the key of the list MAC, and no cookie shows that end. */
static void make_front(const struct dtls_cookie_jar *jar,
                       const struct dtls_hmac_key *key, uint8_t out[FRONT_LEN],
                       struct dtls_bytes place,
                       const struct dtls_client_hello *hello, bool seen)
{
    /* The lengths of all parts of variable length come first, so that no two
     * hellos give the same string. */
    uint8_t lengths[] = {
        seen,
        (uint8_t)place.len,
        (uint8_t)hello->session_id.len,
        (uint8_t)(hello->version >> 8),
        (uint8_t)hello->version,
    };
    struct dtls_bytes parts[] = {
        dtls_bytes_of(lengths, sizeof lengths),
        place,
        hello->random,
        hello->session_id,
    };

    jar->crypto->hmac(jar->crypto->self, key, out, parts,
                      sizeof parts / sizeof *parts);
    out[0] &= (uint8_t)~DTLS_COOKIE_SEEN;
    out[0] |= seen ? DTLS_COOKIE_SEEN : 0;
}

_Static_assert(DTLS_COOKIE_LEN - DTLS_COOKIE_LEN / 3 <= KEY_AT,
               "the longest front MAC ends before the key");

/* Makes the bytes that begin with the list MAC. */
static enum dtls_status make_list(const struct dtls_crypto *crypto,
                                  uint8_t out[FRONT_LEN], const uint8_t *key,
                                  const struct dtls_client_hello *hello)
{
    struct dtls_hmac_key hmac;
    uint8_t lengths[] = {
        (uint8_t)(hello->suites.len >> 8),
        (uint8_t)hello->suites.len,
        (uint8_t)hello->compression.len,
    };
    struct dtls_bytes parts[] = {
        dtls_bytes_of(lengths, sizeof lengths),
        hello->suites,
        hello->compression,
    };
    enum dtls_status status =
        crypto->hmac_key(crypto->self, &hmac, DTLS_HASH_SHA256,
                         dtls_bytes_of(key, DTLS_COOKIE_LIST_LEN));

    if (status == DTLS_OK) {
        crypto->hmac(crypto->self, &hmac, out, parts,
                     sizeof parts / sizeof *parts);
    }
    dtls_wipe(&hmac, sizeof hmac);
    return status;
}

enum dtls_status dtls_cookie_make(const struct dtls_cookie_jar *jar,
                                  uint8_t out[DTLS_COOKIE_LEN],
                                  struct dtls_bytes place,
                                  const struct dtls_client_hello *hello)
{
    bool seen = hello->suites.len != 0;
    size_t front_len = jar->len - (seen ? list_len(jar) : 0);
    uint8_t cookie[FRONT_LEN];
    uint8_t list[FRONT_LEN] = {0};
    enum dtls_status status = DTLS_OK;

    make_front(jar, &jar->current, cookie, place, hello, seen);
    if (seen) {
        status = make_list(jar->crypto, list, &cookie[KEY_AT], hello);
        memcpy(&cookie[front_len], list, jar->len - front_len);
    }
    if (status == DTLS_OK) {
        memcpy(out, cookie, jar->len);
    }
    dtls_wipe(cookie, sizeof cookie);
    return status;
}

bool dtls_cookie_check(const struct dtls_cookie_jar *jar,
                       struct dtls_cookie_bond *bond, struct dtls_bytes place,
                       const struct dtls_client_hello *hello)
{
    const uint8_t *cookie = hello->cookie.data;
    struct dtls_cookie_bond made = {0};
    uint8_t current[FRONT_LEN];
    uint8_t previous[FRONT_LEN];
    size_t front_len;
    bool is_current;
    bool is_previous;

    if (hello->cookie.len != jar->len) {
        return false;
    }
    made.seen = (cookie[0] & DTLS_COOKIE_SEEN) != 0;
    made.len = made.seen ? (uint8_t)list_len(jar) : 0;
    front_len = jar->len - made.len;
    make_front(jar, &jar->current, current, place, hello, made.seen);
    make_front(jar, &jar->previous, previous, place, hello, made.seen);
    is_current = dtls_ct_equal(current, cookie, front_len);
    is_previous = dtls_ct_equal(previous, cookie, front_len);
    if (made.seen) {
        memcpy(made.key, &(is_current ? current : previous)[KEY_AT],
               sizeof made.key);
        memcpy(made.mac, &cookie[front_len], made.len);
    }
    if (is_current | is_previous) {
        *bond = made;
    }
    dtls_wipe(current, sizeof current);
    dtls_wipe(previous, sizeof previous);
    dtls_wipe(&made, sizeof made);
    return is_current | is_previous;
}

enum dtls_status dtls_cookie_holds(const struct dtls_crypto *crypto,
                                   const struct dtls_cookie_bond *bond,
                                   const struct dtls_client_hello *hello)
{
    uint8_t list[FRONT_LEN];
    enum dtls_status status;

    if (!bond->seen) {
        return DTLS_OK;
    }
    status = make_list(crypto, list, bond->key, hello);
    if (status != DTLS_OK) {
        return status;
    }
    return dtls_ct_equal(list, bond->mac, bond->len) ? DTLS_OK
                                                     : DTLS_ILLEGAL_PARAMETER;
}
