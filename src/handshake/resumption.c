/* SPDX-License-Identifier: MIT */
/* Which session is kept, offered and resumed (handshake/resumption.h). */
#include "handshake/handshake.h"

#include "base/secret.h"
#include "handshake/tickets.h"

#include <string.h>

/* Returns for how many milliseconds a new session can be resumed. */
static uint64_t limit_of(const struct dtls_handshake *h)
{
    uint32_t limit = h->config->resumption_limit;

    if (h->role == DTLS_SERVER && h->ticket_announced) {
        return h->config->tickets->period;
    }
    return 1000u * (uint64_t)(limit == 0 || limit > DTLS_RESUMPTION_LIMIT_S
                                  ? DTLS_RESUMPTION_LIMIT_S
                                  : limit);
}

/* Tells whether this end keeps sessions at all. */
static bool is_on(const struct dtls_handshake *h)
{
    return h->role == DTLS_CLIENT
               ? h->config->resume != NULL
               : h->config->cache != NULL || h->config->tickets != NULL;
}

/* Notes in `h->scope` what is known with the hellos: the name, and how the
 * peer is authenticated. */
static enum dtls_status note_scope(struct dtls_handshake *h,
                                   struct dtls_bytes name)
{
    const struct dtls_config *config = h->config;
    uint8_t ways[] = {
        (uint8_t)h->role,
        (uint8_t)config->client_auth,
        config->verify_chain != NULL,
        config->verify_peer != NULL,
        config->raw_keys,
        config->judge_raw_key != NULL,
    };
    struct dtls_bytes parts[] = {dtls_bytes_of(ways, sizeof ways), name};

    return h->crypto->digest(h->crypto->self, h->scope, DTLS_HASH_SHA256,
                             parts, 2);
}

/* Adds the pins, and the anchors, each in a digest of its own. */
static enum dtls_status add_anchors(const struct dtls_handshake *h,
                                    uint8_t scope[DTLS_LEAF_LEN])
{
    const struct dtls_cert_item *anchor = h->config->anchors;
    struct dtls_bytes pins[] = {dtls_bytes_of(scope, DTLS_LEAF_LEN),
                                h->config->pins};
    enum dtls_status status =
        h->crypto->digest(h->crypto->self, scope, DTLS_HASH_SHA256, pins, 2);

    for (; anchor != NULL && status == DTLS_OK; anchor = anchor->next) {
        struct dtls_bytes parts[] = {dtls_bytes_of(scope, DTLS_LEAF_LEN),
                                     anchor->cert->der};

        status = h->crypto->digest(h->crypto->self, scope, DTLS_HASH_SHA256,
                                   parts, 2);
    }
    return status;
}

/* Adds the PSK. */
static enum dtls_status add_psk(const struct dtls_handshake *h,
                                const struct dtls_psk *psk,
                                uint8_t scope[DTLS_LEAF_LEN])
{
    uint8_t len = (uint8_t)psk->identity.len;
    struct dtls_bytes parts[] = {dtls_bytes_of(scope, DTLS_LEAF_LEN),
                                 dtls_bytes_of(&len, 1), psk->identity,
                                 psk->key};

    return h->crypto->digest(h->crypto->self, scope, DTLS_HASH_SHA256, parts,
                             4);
}

/* Makes the scope of a session: what is noted, and what authenticates the
 * peer under this suite. */
static enum dtls_status make_scope(const struct dtls_handshake *h,
                                   const struct dtls_suite *suite,
                                   const struct dtls_psk *psk,
                                   uint8_t out[DTLS_LEAF_LEN])
{
    memcpy(out, h->scope, DTLS_LEAF_LEN);
    if (dtls_suite_is_psk(suite)) {
        return add_psk(h, psk, out);
    }
    return h->role == DTLS_CLIENT ||
                   h->config->client_auth != DTLS_CLIENT_AUTH_NONE
               ? add_anchors(h, out)
               : DTLS_OK;
}

/* Tells whether the configuration still has what authenticates the peer of
 * this session, and nothing else in its place. */
static bool is_in_scope(const struct dtls_handshake *h,
                        const struct dtls_suite *suite,
                        const struct dtls_saved *saved)
{
    uint8_t scope[DTLS_LEAF_LEN];
    const struct dtls_psk *psk = dtls_config_find_psk(
        h->config, dtls_bytes_of(saved->identity, saved->identity_len));
    const struct dtls_config *config = h->config;

    if (dtls_suite_is_psk(suite) && psk == NULL) {
        return false;
    }
    if (saved->has_peer_leaf && config->unix_time != NULL &&
        config->unix_time(config->self) > saved->peer_until) {
        return false;
    }
    return make_scope(h, suite, psk, scope) == DTLS_OK &&
           dtls_ct_equal(scope, saved->scope, sizeof scope);
}

/* Returns the suite of a session that may be resumed here and now, or NULL. */
static const struct dtls_suite *usable_suite(const struct dtls_handshake *h,
                                             const struct dtls_saved *saved)
{
    const struct dtls_suite *suite = dtls_suite_find(saved->suite);

    return suite != NULL && dtls_options_has_suite(h->config, saved->suite) &&
                   h->now < saved->until && is_in_scope(h, suite, saved)
               ? suite
               : NULL;
}

/* Makes the session that of this handshake. */
static void adopt(struct dtls_handshake *h, const struct dtls_suite *suite,
                  const struct dtls_saved *saved)
{
    h->resumed = true;
    h->suite = suite;
    memcpy(h->master, saved->master, DTLS_MASTER_LEN);
    memcpy(h->peer_leaf, saved->peer_leaf, DTLS_LEAF_LEN);
    h->has_peer_leaf = saved->has_peer_leaf;
    h->server_name_known = saved->server_name_known;
    h->peer_is_raw = saved->peer_is_raw;
    if (h->role == DTLS_SERVER) {
        dtls_handshake_keep_psk_id(
            h, dtls_bytes_of(saved->identity, saved->identity_len));
    }
    if (saved->fragment_length != 0) {
        dtls_options_limit_fragments(h, saved->fragment_length);
    }
}

/* Tells whether there is a session that the server may resume.  Its
 * max_fragment_length would stay in force, so it must be ours. */
static bool may_offer(const struct dtls_handshake *h)
{
    const struct dtls_client_session *own = h->config->resume;
    uint16_t length = own->saved.fragment_length;

    return (length == 0 || length == h->config->max_fragment_length) &&
           (own->ticket_len == 0 || h->now < own->ticket_until) &&
           usable_suite(h, &own->saved) != NULL;
}

/* Offers the session.  The server returns the id that stands beside a ticket
 * only if it accepts the ticket (RFC 5077, 3.4). */
static enum dtls_status offer(struct dtls_handshake *h)
{
    struct dtls_client_session *own = h->config->resume;
    enum dtls_status status = DTLS_OK;

    if (own->ticket_len != 0) {
        h->offers_ticket = true;
        h->session_id_len = DTLS_SESSION_ID_MAX;
        status = h->crypto->random(h->crypto->self, h->session_id,
                                   sizeof h->session_id);
    } else {
        memcpy(h->session_id, own->saved.id, own->saved.id_len);
        h->session_id_len = own->saved.id_len;
    }
    own->is_unanswered = status == DTLS_OK && h->session_id_len != 0;
    return status;
}

enum dtls_status dtls_resumption_offer(struct dtls_handshake *h)
{
    enum dtls_status status;

    if (!is_on(h) || dtls_handshake_is_renegotiation(h)) {
        return DTLS_OK;
    }
    status = note_scope(h, h->config->server_name);
    if (status != DTLS_OK) {
        return status;
    }
    h->asks_for_ticket = true;
    if (h->config->resume->is_unanswered) {
        /* The offer may be why nothing came: a server that drops a ClientHello
         * in parts cannot read one with a long ticket. */
        h->config->resume->is_unanswered = false;
        return DTLS_OK;
    }
    return may_offer(h) ? offer(h) : DTLS_OK;
}

void dtls_resumption_answered(const struct dtls_handshake *h)
{
    if (is_on(h)) {
        h->config->resume->is_unanswered = false;
    }
}

struct dtls_bytes dtls_resumption_ticket(const struct dtls_handshake *h)
{
    const struct dtls_client_session *own = h->config->resume;

    return h->offers_ticket
               ? dtls_bytes_of(own->tickets[own->which], own->ticket_len)
               : (struct dtls_bytes){0};
}

enum dtls_status dtls_resumption_accept(struct dtls_handshake *h)
{
    const struct dtls_saved *saved = &h->config->resume->saved;

    if (h->suite->id != saved->suite) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    adopt(h, h->suite, saved);
    h->is_kept = true;
    return DTLS_OK;
}

/* Tells whether the hellos agree on what every session that is resumed has:
 * the extended master secret and, under CBC, encrypt-then-MAC. */
static bool is_strong(const struct dtls_handshake *h)
{
    return h->extended_master_secret &&
           (h->suite->cipher != DTLS_CIPHER_CBC || h->encrypt_then_mac);
}

enum dtls_status dtls_resumption_check_answer(const struct dtls_handshake *h)
{
    return h->resumed && !is_strong(h) ? DTLS_HANDSHAKE_FAILURE : DTLS_OK;
}

/* Finds the session that a ClientHello names.  The id beside a ticket names
 * none, whatever becomes of the ticket (RFC 5077, 3.4). */
static bool find(struct dtls_handshake *h,
                 const struct dtls_client_hello *hello,
                 const struct dtls_extensions *asked, struct dtls_saved *out,
                 bool *ticket_is_old)
{
    const struct dtls_config *config = h->config;
    struct dtls_bytes ticket = asked->data[DTLS_EXT_SESSION_TICKET];
    const struct dtls_saved *kept;

    if (config->tickets != NULL && ticket.len != 0) {
        return dtls_tickets_open(config->tickets, out, ticket_is_old, ticket,
                                 h->now);
    }
    kept = config->cache != NULL
               ? dtls_cache_find(config->cache, hello->session_id)
               : NULL;
    if (kept != NULL) {
        *out = *kept;
        h->is_kept = true;
    }
    return kept != NULL;
}

/* Resumes the session if it fits. */
static enum dtls_status resume(struct dtls_handshake *h,
                               const struct dtls_client_hello *hello,
                               const struct dtls_extensions *asked,
                               const struct dtls_saved *saved)
{
    const struct dtls_suite *suite = usable_suite(h, saved);

    if (suite == NULL || !dtls_client_hello_offers(hello, suite->id) ||
        (suite->cipher == DTLS_CIPHER_CBC &&
         !asked->present[DTLS_EXT_ENCRYPT_THEN_MAC])) {
        return DTLS_OK;
    }
    if (!h->extended_master_secret) {
        return DTLS_HANDSHAKE_FAILURE;
    }
    adopt(h, suite, saved);
    memcpy(h->session_id, hello->session_id.data, hello->session_id.len);
    h->session_id_len = (uint8_t)hello->session_id.len;
    return DTLS_OK;
}

enum dtls_status dtls_resumption_choose(struct dtls_handshake *h,
                                        const struct dtls_client_hello *hello,
                                        const struct dtls_extensions *asked)
{
    struct dtls_saved saved = {0};
    bool ticket_is_old = false;
    enum dtls_status status;

    if (!is_on(h) || dtls_handshake_is_renegotiation(h)) {
        return DTLS_OK;
    }
    status = note_scope(h, asked->data[DTLS_EXT_SERVER_NAME]);
    if (status == DTLS_OK && find(h, hello, asked, &saved, &ticket_is_old)) {
        status = resume(h, hello, asked, &saved);
    }
    h->is_kept &= h->resumed;
    h->ticket_announced = h->resumed && ticket_is_old;
    dtls_wipe(&saved, sizeof saved);
    return status;
}

/* Tells whether the session of this handshake can be resumed later.  One made
 * with a password is not: nothing but the password says who the peer is, and
 * that may be changed (decision 30). */
static bool can_keep(const struct dtls_handshake *h)
{
    return is_on(h) && !h->resumed && !dtls_handshake_is_renegotiation(h) &&
           is_strong(h) && h->suite->kx != DTLS_KX_ECJPAKE;
}

enum dtls_status dtls_resumption_name(struct dtls_handshake *h,
                                      const struct dtls_extensions *asked)
{
    if (!can_keep(h)) {
        return DTLS_OK;
    }
    h->ticket_announced =
        h->config->tickets != NULL && asked->present[DTLS_EXT_SESSION_TICKET];
    if (h->ticket_announced || h->config->cache == NULL) {
        return DTLS_OK;
    }
    h->session_id_len = DTLS_SESSION_ID_MAX;
    return h->crypto->random(h->crypto->self, h->session_id,
                             sizeof h->session_id);
}

/* Fills `out` with the session of a handshake whose peer is authenticated.
 * Returns false if cryptography fails. */
static bool save(const struct dtls_handshake *h, struct dtls_saved *out)
{
    /* A hidden identity has no key (RFC 4279, 2). */
    if (dtls_suite_is_psk(h->suite) && h->psk == NULL) {
        return false;
    }
    *out = (struct dtls_saved){
        .suite = h->suite->id,
        .id_len = h->session_id_len,
        .has_peer_leaf = h->has_peer_leaf,
        .peer_is_raw = h->has_peer_leaf && h->peer_is_raw,
        .peer_until = h->peer_until,
        .server_name_known = h->server_name_known,
        .fragment_length = h->limits_at_once ? h->send_limit : 0,
        .until = h->now + limit_of(h),
    };
    memcpy(out->id, h->session_id, sizeof out->id);
    memcpy(out->master, h->master, DTLS_MASTER_LEN);
    memcpy(out->peer_leaf, h->peer_leaf, DTLS_LEAF_LEN);
    if (dtls_suite_is_psk(h->suite)) {
        out->identity_len = (uint8_t)h->psk->identity.len;
        memcpy(out->identity, h->psk->identity.data, out->identity_len);
    }
    return make_scope(h, h->suite, h->psk, out->scope) == DTLS_OK;
}

/* Makes the ticket that is announced: with the new session, or with the one
 * in the client's own ticket. */
static enum dtls_status make_ticket(struct dtls_handshake *h,
                                    struct dtls_buf *out,
                                    struct dtls_bytes offered, uint32_t *hint)
{
    struct dtls_saved saved = {0};
    enum dtls_status status = DTLS_INTERNAL_ERROR;
    bool is_old;
    bool ok = h->resumed ? dtls_tickets_open(h->config->tickets, &saved,
                                             &is_old, offered, h->now)
                         : save(h, &saved);

    if (ok) {
        status = dtls_tickets_seal(h->config->tickets, out, &saved, h->now);
        *hint = (uint32_t)((saved.until - h->now) / 1000);
    }
    dtls_wipe(&saved, sizeof saved);
    return status;
}

enum dtls_status dtls_resumption_send_ticket(struct dtls_handshake *h,
                                             struct dtls_bytes offered)
{
    uint8_t ticket_bytes[DTLS_TICKET_MADE_MAX];
    uint8_t bytes[6 + DTLS_TICKET_MADE_MAX];
    struct dtls_buf ticket = {ticket_bytes, 0, sizeof ticket_bytes};
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_new_session_ticket m = {0};

    if (!h->ticket_announced) {
        return DTLS_OK;
    }
    if (make_ticket(h, &ticket, offered, &m.lifetime_hint) != DTLS_OK) {
        m.lifetime_hint = 0;
    }
    m.ticket = dtls_buf_bytes(&ticket);
    return dtls_new_session_ticket_put(&body, &m)
               ? dtls_handshake_send_buf(h, DTLS_NEW_SESSION_TICKET, &body)
               : DTLS_MESSAGE_TOO_LONG;
}

enum dtls_status dtls_resumption_take_ticket(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_client_session *own = h->config->resume;
    struct dtls_new_session_ticket m;
    enum dtls_status status = dtls_new_session_ticket_parse(&m, message->body);

    /* One that is too long for us is as good as none. */
    if (status == DTLS_OK && m.ticket.len <= DTLS_TICKET_MAX) {
        memcpy(own->tickets[!own->which], m.ticket.data, m.ticket.len);
        h->ticket_len = (uint16_t)m.ticket.len;
        h->ticket_hint = m.lifetime_hint;
    }
    return status;
}

static void keep_at_server(struct dtls_handshake *h)
{
    struct dtls_saved saved;

    if (!can_keep(h) || h->session_id_len == 0) {
        return;
    }
    if (save(h, &saved)) {
        dtls_cache_put(h->config->cache, &saved);
        h->is_kept = true;
    }
    dtls_wipe(&saved, sizeof saved);
}

/* Exchanges the ticket for the new one. */
static void keep_ticket(struct dtls_handshake *h)
{
    struct dtls_client_session *own = h->config->resume;

    own->which = !own->which;
    own->ticket_len = h->ticket_len;
    own->ticket_until = h->ticket_hint == 0
                            ? DTLS_NEVER
                            : h->now + 1000u * (uint64_t)h->ticket_hint;
}

/* A session with a ticket has no id (RFC 5077, 3.4). */
static void keep_at_client(struct dtls_handshake *h)
{
    struct dtls_client_session *own = h->config->resume;
    struct dtls_saved saved;

    if (h->resumed && h->ticket_len != 0) {
        keep_ticket(h);
    }
    if (!can_keep(h) || (h->session_id_len == 0 && h->ticket_len == 0)) {
        return;
    }
    if (save(h, &saved)) {
        saved.id_len = h->ticket_len != 0 ? 0 : saved.id_len;
        keep_ticket(h);
        own->saved = saved;
        h->is_kept = true;
    }
    dtls_wipe(&saved, sizeof saved);
}

void dtls_resumption_keep(struct dtls_handshake *h)
{
    if (h->role == DTLS_SERVER) {
        keep_at_server(h);
    } else {
        keep_at_client(h);
    }
}

void dtls_resumption_forget(struct dtls_handshake *h)
{
    const struct dtls_agreed *agreed = &h->agreed;
    bool is_first = agreed->suite == NULL;

    if (!(is_first ? h->is_kept : agreed->is_kept)) {
        return;
    }
    if (h->role == DTLS_CLIENT) {
        dtls_wipe(h->config->resume, sizeof *h->config->resume);
        return;
    }
    dtls_cache_remove(
        h->config->cache,
        is_first ? dtls_bytes_of(h->session_id, h->session_id_len)
                 : dtls_bytes_of(agreed->session_id, agreed->session_id_len));
}
