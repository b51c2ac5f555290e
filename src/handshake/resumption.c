/* SPDX-License-Identifier: MIT */
/* Which session is kept, offered and resumed (handshake/resumption.h). */
#include "handshake/handshake.h"

#include "base/secret.h"

#include <string.h>

static uint64_t limit_of(const struct dtls_config *config)
{
    uint32_t limit = config->resumption_limit;

    return 1000u * (uint64_t)(limit == 0 || limit > DTLS_RESUMPTION_LIMIT_S
                                  ? DTLS_RESUMPTION_LIMIT_S
                                  : limit);
}

/* Tells whether this end keeps sessions at all. */
static bool is_on(const struct dtls_handshake *h)
{
    return h->role == DTLS_CLIENT ? h->config->resume != NULL
                                  : h->config->cache != NULL;
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

static bool has_suite(const struct dtls_config *config, uint16_t id)
{
    for (size_t i = 0; i < config->num_suites; i++) {
        if (config->suites[i] == id) {
            return true;
        }
    }
    return false;
}

/* Returns the suite of a session that may be resumed here and now, or NULL. */
static const struct dtls_suite *usable_suite(const struct dtls_handshake *h,
                                             const struct dtls_saved *saved)
{
    const struct dtls_suite *suite = dtls_suite_find(saved->suite);

    return suite != NULL && has_suite(h->config, saved->suite) &&
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
    h->extended_master_secret = true;
    h->encrypt_then_mac = suite->cipher == DTLS_CIPHER_CBC;
    if (saved->fragment_length != 0) {
        dtls_options_limit_fragments(h, saved->fragment_length);
    }
}

enum dtls_status dtls_resumption_offer(struct dtls_handshake *h)
{
    const struct dtls_config *config = h->config;
    const struct dtls_saved *saved;
    enum dtls_status status;

    if (!is_on(h) || dtls_handshake_is_renegotiation(h)) {
        return DTLS_OK;
    }
    status = note_scope(h, config->server_name);
    if (status != DTLS_OK) {
        return status;
    }
    saved = &config->resume->saved;
    if ((saved->fragment_length == 0 ||
         saved->fragment_length == config->max_fragment_length) &&
        usable_suite(h, saved) != NULL) {
        memcpy(h->session_id, saved->id, saved->id_len);
        h->session_id_len = saved->id_len;
    }
    return DTLS_OK;
}

enum dtls_status dtls_resumption_accept(struct dtls_handshake *h,
                                        const struct dtls_server_hello *hello)
{
    const struct dtls_saved *saved = &h->config->resume->saved;

    if (hello->suite != saved->suite) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    adopt(h, h->suite, saved);
    return DTLS_OK;
}

enum dtls_status dtls_resumption_check_answer(const struct dtls_handshake *h)
{
    return h->resumed && (!h->extended_master_secret ||
                          (h->suite->cipher == DTLS_CIPHER_CBC &&
                           !h->encrypt_then_mac))
               ? DTLS_HANDSHAKE_FAILURE
               : DTLS_OK;
}

enum dtls_status dtls_resumption_choose(struct dtls_handshake *h,
                                        const struct dtls_client_hello *hello,
                                        const struct dtls_extensions *asked)
{
    const struct dtls_saved *saved;
    const struct dtls_suite *suite;
    enum dtls_status status;

    if (!is_on(h) || dtls_handshake_is_renegotiation(h)) {
        return DTLS_OK;
    }
    status = note_scope(h, asked->data[DTLS_EXT_SERVER_NAME]);
    saved = dtls_cache_find(h->config->cache, hello->session_id);
    if (status != DTLS_OK || saved == NULL) {
        return status;
    }
    suite = usable_suite(h, saved);
    if (suite == NULL || !dtls_client_hello_offers(hello, suite->id) ||
        (suite->cipher == DTLS_CIPHER_CBC &&
         !asked->present[DTLS_EXT_ENCRYPT_THEN_MAC])) {
        return DTLS_OK;
    }
    if (!h->extended_master_secret) {
        return DTLS_HANDSHAKE_FAILURE;
    }
    adopt(h, suite, saved);
    memcpy(h->session_id, saved->id, saved->id_len);
    h->session_id_len = saved->id_len;
    return DTLS_OK;
}

/* Tells whether the session of this handshake can be resumed later. */
static bool can_keep(const struct dtls_handshake *h)
{
    return is_on(h) && !h->resumed && !dtls_handshake_is_renegotiation(h) &&
           h->extended_master_secret &&
           (h->suite->cipher != DTLS_CIPHER_CBC || h->encrypt_then_mac);
}

enum dtls_status dtls_resumption_name(struct dtls_handshake *h)
{
    if (!can_keep(h)) {
        return DTLS_OK;
    }
    h->session_id_len = DTLS_SESSION_ID_MAX;
    return h->crypto->random(h->crypto->self, h->session_id,
                             sizeof h->session_id);
}

/* Fills `out` with the session of a complete handshake.  Returns false if
 * cryptography fails. */
static bool save(const struct dtls_handshake *h, struct dtls_saved *out)
{
    *out = (struct dtls_saved){
        .suite = h->suite->id,
        .id_len = h->session_id_len,
        .has_peer_leaf = h->has_peer_leaf,
        .peer_until = h->peer_until,
        .server_name_known = h->server_name_known,
        .fragment_length = h->limits_at_once ? h->send_limit : 0,
        .until = h->now + limit_of(h->config),
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

void dtls_resumption_keep(struct dtls_handshake *h)
{
    struct dtls_saved saved;

    if (!can_keep(h) || h->session_id_len == 0 ||
        (dtls_suite_is_psk(h->suite) && h->psk == NULL)) {
        return;
    }
    if (save(h, &saved)) {
        if (h->role == DTLS_SERVER) {
            dtls_cache_put(h->config->cache, &saved);
        } else {
            h->config->resume->saved = saved;
        }
    }
    dtls_wipe(&saved, sizeof saved);
}

void dtls_resumption_forget(struct dtls_handshake *h)
{
    const struct dtls_agreed *agreed = &h->agreed;
    struct dtls_bytes id =
        agreed->suite != NULL
            ? dtls_bytes_of(agreed->session_id, agreed->session_id_len)
            : dtls_bytes_of(h->session_id, h->session_id_len);

    if (!is_on(h)) {
        return;
    }
    if (h->role == DTLS_SERVER) {
        dtls_cache_remove(h->config->cache, id);
        return;
    }
    if (dtls_bytes_equal(id, dtls_bytes_of(h->config->resume->saved.id,
                                           h->config->resume->saved.id_len))) {
        dtls_wipe(h->config->resume, sizeof *h->config->resume);
    }
}
