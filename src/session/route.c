/* SPDX-License-Identifier: MIT */
/* Where the peer is (session/route.h). */
#include "session/route.h"

#include "base/secret.h"
#include "session/session.h"

#include <string.h>

/* enum { path_challenge(0), path_response(1), path_drop(2), (255) } (RFC 9853,
 * 4).  We never leave a path on purpose, so we never say the third. */
enum { PATH_CHALLENGE, PATH_RESPONSE };

#define CHECK_LEN (1 + DTLS_ROUTE_COOKIE_LEN)

/* A size that every record exceeds: none is padded to it. */
#define NO_PADDING 1

void dtls_route_init(struct dtls_route *route)
{
    *route =
        (struct dtls_route){.next_challenge = DTLS_NEVER, .until = DTLS_NEVER};
}

void dtls_route_end(struct dtls_route *route)
{
    route->checking = false;
    route->challenge_due = false;
    route->credit = 0;
    route->num_challenges = 0;
    route->next_challenge = DTLS_NEVER;
    route->until = DTLS_NEVER;
}

void dtls_session_hear_from(struct dtls_session *s, enum dtls_where from)
{
    s->route.from = (uint8_t)from;
}

static bool take_flag(bool *flag)
{
    bool was = *flag;

    *flag = false;
    return was;
}

bool dtls_session_takes_candidate(struct dtls_session *s)
{
    return take_flag(&s->route.new_candidate);
}

bool dtls_session_moves(struct dtls_session *s)
{
    return take_flag(&s->route.moved);
}

static bool may_check(const struct dtls_session *s)
{
    return s->hs.agreed.routability_checks && dtls_session_is_connected(s);
}

void dtls_route_hear(struct dtls_session *s, bool newest, size_t len,
                     uint64_t now)
{
    struct dtls_route *route = &s->route;

    if (route->from == DTLS_AT_OTHER && newest && !route->checking &&
        may_check(s)) {
        route->checking = true;
        route->new_candidate = true;
        route->from = DTLS_AT_CANDIDATE;
        route->challenge_due = true;
        route->until = now + DTLS_ROUTE_CHECK_MS;
        route->next_challenge =
            now + DTLS_ROUTE_CHECK_MS / DTLS_ROUTE_CHALLENGES;
    }
    if (route->from == DTLS_AT_CANDIDATE && route->checking) {
        /* No sum of records within a second comes near 2^32. */
        route->credit += (uint32_t)(DTLS_ROUTE_FACTOR * len);
    }
}

/* Tells whether the response is to a challenge of this check, and comes from
 * where that went (D9853-5.1-1). */
static bool answers(const struct dtls_route *route, struct dtls_bytes cookie)
{
    bool answers = false;

    for (size_t i = 0; i < route->num_challenges; i++) {
        answers |= dtls_ct_equal(route->cookies[i], cookie.data,
                                 DTLS_ROUTE_COOKIE_LEN);
    }
    return answers && route->checking && route->from == DTLS_AT_CANDIDATE;
}

bool dtls_route_take(struct dtls_session *s, struct dtls_bytes content,
                     uint64_t now)
{
    struct dtls_route *route = &s->route;
    struct dtls_bytes cookie;
    uint8_t type;

    if (!may_check(s) || content.len != CHECK_LEN ||
        !dtls_get_u8(&content, &type) ||
        !dtls_get_bytes(&content, DTLS_ROUTE_COOKIE_LEN, &cookie)) {
        return false;
    }
    if (type == PATH_CHALLENGE) {
        memcpy(route->response, cookie.data, cookie.len);
        route->response_due = true;
        route->response_to = route->from;
        return true;
    }
    if (type != PATH_RESPONSE) {
        return false;
    }
    if (!answers(route, cookie)) {
        return dtls_probe_take(s, cookie, now);
    }
    dtls_route_end(route);
    route->moved = true;
    route->from = DTLS_AT_PEER;
    s->counters->moves++;
    dtls_probe_begin(s, now); /* The path is another one. */
    return true;
}

static enum dtls_status seal(struct dtls_session *s, struct dtls_buf *out,
                             uint8_t type, const uint8_t *cookie, size_t size)
{
    uint8_t content[CHECK_LEN] = {type};

    memcpy(&content[1], cookie, DTLS_ROUTE_COOKIE_LEN);
    return dtls_record_layer_seal_padded(
        &s->records, out, DTLS_ROUTABILITY_CHECK,
        dtls_bytes_of(content, sizeof content), size);
}

/* Each challenge has random bytes of its own (D9853-5.3-2). */
enum dtls_status dtls_route_challenge(struct dtls_session *s,
                                      struct dtls_buf *out, uint8_t *cookie,
                                      size_t size)
{
    enum dtls_status status = s->hs.crypto->random(s->hs.crypto->self, cookie,
                                                   DTLS_ROUTE_COOKIE_LEN);

    return status == DTLS_OK ? seal(s, out, PATH_CHALLENGE, cookie, size)
                             : status;
}

/* A challenge goes out only within the limit for the candidate
 * (D9853-5-1). */
static enum dtls_status write_challenge(struct dtls_session *s,
                                        struct dtls_buf *out)
{
    struct dtls_route *route = &s->route;
    uint8_t *cookie = route->cookies[route->num_challenges];
    struct dtls_buf room = dtls_buf_tail(out, 0, route->credit);
    enum dtls_status status;

    route->challenge_due = false;
    status = dtls_route_challenge(s, &room, cookie, 0);
    if (status == DTLS_OK) {
        out->len = room.len;
        route->num_challenges++;
        route->credit -= (uint32_t)room.len;
        route->written_to = DTLS_AT_CANDIDATE;
    }
    return status == DTLS_NO_ROOM ? DTLS_OK : status;
}

/* A response is not padded, so that nowhere goes more than has come from
 * there.  To the candidate it counts like anything else (D9853-5-1). */
static enum dtls_status write_response(struct dtls_session *s,
                                       struct dtls_buf *out)
{
    struct dtls_route *route = &s->route;
    bool is_limited =
        route->checking && route->response_to == DTLS_AT_CANDIDATE;
    struct dtls_buf room =
        dtls_buf_tail(out, 0, is_limited ? route->credit : out->cap);
    enum dtls_status status;

    route->response_due = false;
    status = seal(s, &room, PATH_RESPONSE, route->response, NO_PADDING);
    if (status == DTLS_OK) {
        out->len = room.len;
        route->credit -= is_limited ? (uint32_t)room.len : 0;
        route->written_to = route->response_to;
    }
    return status == DTLS_NO_ROOM ? DTLS_OK : status;
}

enum dtls_status dtls_route_write(struct dtls_session *s, struct dtls_buf *out)
{
    struct dtls_route *route = &s->route;

    return route->response_due ? write_response(s, out)
                               : write_challenge(s, out);
}

enum dtls_where dtls_session_goes_to(struct dtls_session *s, size_t len)
{
    struct dtls_route *route = &s->route;
    enum dtls_where to = (enum dtls_where)route->written_to;

    route->written_to = DTLS_AT_PEER;
    if (to == DTLS_AT_PEER && route->checking && len <= route->credit) {
        route->credit -= (uint32_t)len;
        return DTLS_AT_BOTH;
    }
    return to;
}

uint64_t dtls_route_deadline(const struct dtls_route *route)
{
    return route->next_challenge < route->until ? route->next_challenge
                                                : route->until;
}

void dtls_route_expire(struct dtls_session *s, uint64_t now)
{
    struct dtls_route *route = &s->route;

    if (now >= route->until) {
        dtls_route_end(route);
        s->counters->moves_refused++;
        return;
    }
    if (now >= route->next_challenge) {
        bool last = route->num_challenges + 1 >= DTLS_ROUTE_CHALLENGES;

        route->challenge_due = true;
        route->next_challenge =
            last ? DTLS_NEVER
                 : now + DTLS_ROUTE_CHECK_MS / DTLS_ROUTE_CHALLENGES;
    }
}
