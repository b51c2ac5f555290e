/* SPDX-License-Identifier: MIT */
/* Certificates and signatures, the same for both roles (RFC 5246, 7.4.2,
 * 7.4.1.4.1, 4.7; RFC 7250, 3). */
#include "handshake/handshake.h"

#include <string.h>

static const struct dtls_sigalg *asked_for(const struct dtls_config *config,
                                           uint16_t id)
{
    return dtls_sigalg_find_listed(config->sigalgs, config->num_sigalgs, id);
}

static bool can_sign(const struct dtls_transcript *transcript,
                     const struct dtls_sigalg *alg)
{
    return transcript == NULL || dtls_transcript_can_sign(transcript, alg);
}

bool dtls_auth_put_sigalgs(struct dtls_buf *out,
                           const struct dtls_config *config,
                           const struct dtls_transcript *transcript)
{
    const struct dtls_sigalg *alg;

    for (size_t i = 0; (alg = dtls_sigalg_in_list(
                            config->sigalgs, config->num_sigalgs, i)) != NULL;
         i++) {
        if (can_sign(transcript, alg) && !dtls_put_u16(out, alg->id)) {
            return false;
        }
    }
    return true;
}

/* Returns pair `index` of those that a credential may sign with, or NULL.  The
 * key may be of another type. */
static const struct dtls_sigalg *own_sigalg(const struct dtls_credential *c,
                                            size_t index)
{
    return c->num_sigalgs == 0
               ? dtls_sigalg_at(index)
               : dtls_sigalg_in_list(c->sigalgs, c->num_sigalgs, index);
}

/* Tells whether a credential signs with this pair, if the peer takes it. */
static bool signs_with(const struct dtls_config *config,
                       const struct dtls_credential *c,
                       const struct dtls_sigalg *alg)
{
    bool wanted = c->num_sigalgs != 0 || alg->hash != DTLS_HASH_SHA1 ||
                  asked_for(config, alg->id) != NULL;

    return wanted && alg->key == c->key.type;
}

const struct dtls_sigalg *dtls_auth_choose_sigalg(
    const struct dtls_config *config, const struct dtls_credential *c,
    struct dtls_bytes offered, const struct dtls_transcript *transcript)
{
    const struct dtls_sigalg *alg;

    for (size_t i = 0; (alg = own_sigalg(c, i)) != NULL; i++) {
        if (signs_with(config, c, alg) && can_sign(transcript, alg) &&
            dtls_u16_list_has(offered, alg->id)) {
            return alg;
        }
    }
    return NULL;
}

const struct dtls_sigalg *dtls_auth_take_sigalg(
    struct dtls_handshake *h, uint16_t id,
    const struct dtls_transcript *transcript)
{
    const struct dtls_sigalg *alg = asked_for(h->config, id);

    h->peer_sigalg = id;
    return alg != NULL && alg->key == h->peer_key.type &&
                   can_sign(transcript, alg)
               ? alg
               : NULL;
}

/* Tells whether a CertificateVerify over the messages themselves may be
 * needed. */
static bool needs_messages(const struct dtls_handshake *h)
{
    const struct dtls_config *config = h->config;
    const struct dtls_credential *c = config->credentials;

    if (h->role == DTLS_SERVER) {
        return config->client_auth != DTLS_CLIENT_AUTH_NONE &&
               asked_for(config, DTLS_SIGALG_ED25519) != NULL;
    }
    while (c != NULL && c->key.type != DTLS_KEY_ED25519) {
        c = dtls_config_next(config, c);
    }
    return c != NULL;
}

/* Returns the hashes, a bit for each, that the client's CertificateVerify may
 * be over: those of the pairs that a server asks for, or that a client's
 * credentials sign with. */
static unsigned verify_hashes(const struct dtls_handshake *h)
{
    const struct dtls_config *config = h->config;
    const struct dtls_credential *c = config->credentials;
    const struct dtls_sigalg *alg;
    unsigned hashes = 0;

    if (h->role == DTLS_SERVER) {
        for (size_t i = 0;
             config->client_auth != DTLS_CLIENT_AUTH_NONE &&
             (alg = dtls_sigalg_in_list(config->sigalgs, config->num_sigalgs,
                                        i)) != NULL;
             i++) {
            hashes |= DTLS_HASH_BIT(alg->hash);
        }
        return hashes;
    }
    for (; c != NULL; c = dtls_config_next(config, c)) {
        for (size_t i = 0; (alg = own_sigalg(c, i)) != NULL; i++) {
            hashes |=
                signs_with(config, c, alg) ? DTLS_HASH_BIT(alg->hash) : 0;
        }
    }
    return hashes;
}

enum dtls_status dtls_auth_start_transcript(struct dtls_handshake *h)
{
    enum dtls_status status = dtls_transcript_start(
        &h->area->transcript, h->crypto, verify_hashes(h));

    if (status == DTLS_OK && needs_messages(h)) {
        dtls_transcript_remember(&h->area->transcript, h->peer_certs);
    }
    return status;
}

void dtls_auth_narrow_transcript(struct dtls_handshake *h)
{
    if (!dtls_suite_has_certificate(h->suite) || verify_hashes(h) == 0) {
        dtls_transcript_keep(&h->area->transcript, h->suite->prf);
    }
}

enum dtls_status dtls_auth_params_input(struct dtls_handshake *h,
                                        const struct dtls_sigalg *alg,
                                        struct dtls_bytes params,
                                        struct dtls_buf *out)
{
    const struct dtls_bytes parts[] = {
        dtls_bytes_of(h->client_random, DTLS_RANDOM_LEN),
        dtls_bytes_of(h->server_random, DTLS_RANDOM_LEN),
        params,
    };

    if (alg->hash != DTLS_HASH_NONE) {
        out->len = dtls_hash_len(alg->hash);
        return h->crypto->digest(h->crypto->self, out->data, alg->hash, parts,
                                 3);
    }
    return dtls_put_bytes(out, parts[0]) && dtls_put_bytes(out, parts[1]) &&
                   dtls_put_bytes(out, parts[2])
               ? DTLS_OK
               : DTLS_MESSAGE_TOO_LONG;
}

enum dtls_status dtls_auth_send_certificate(struct dtls_handshake *h)
{
    const struct dtls_cert *chain[DTLS_CHAIN_MAX];
    uint8_t prefixes[3 * (DTLS_CHAIN_MAX + 1)];
    struct dtls_buf prefix = {prefixes, 3, sizeof prefixes};
    struct dtls_buf total = {prefixes, 0, 3};
    struct dtls_bytes parts[1 + 2 * DTLS_CHAIN_MAX];
    size_t num = dtls_identity_chain(h->config, h->credential, chain);
    size_t num_parts = 1;
    size_t list_len = 0;

    for (size_t i = 0; i < num; i++) {
        parts[num_parts++] = dtls_bytes_of(&prefixes[prefix.len], 3);
        parts[num_parts++] = chain[i]->der;
        if (!dtls_put_u24(&prefix, (uint32_t)chain[i]->der.len)) {
            return DTLS_MESSAGE_TOO_LONG;
        }
        list_len += 3 + chain[i]->der.len;
    }
    if (list_len > 0xffffff || !dtls_put_u24(&total, (uint32_t)list_len)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    parts[0] = dtls_bytes_of(prefixes, 3);
    if (num != 0 && dtls_cert_is_raw(chain[0])) {
        /* Without a list around it (RFC 7250, 3). */
        return dtls_handshake_send(h, DTLS_CERTIFICATE, &parts[1], 2);
    }
    return dtls_handshake_send(h, DTLS_CERTIFICATE, parts, num_parts);
}

/* Moves the list to where it outlives the message: alone into the caller's
 * room, unless the transcript has just put the whole message there. */
static bool keep_list(struct dtls_handshake *h, struct dtls_bytes *list)
{
    const struct dtls_buf *messages = &h->area->transcript.messages;

    if (messages->cap != 0) {
        list->data = &messages->data[messages->len - list->len];
        return true;
    }
    if (list->len > h->peer_certs.len) {
        return false;
    }
    memcpy(h->peer_certs.data, list->data, list->len);
    list->data = h->peer_certs.data;
    return true;
}

/* Keeps the list, and parses it there. */
static enum dtls_status keep_chain(struct dtls_handshake *h,
                                   struct dtls_bytes list, size_t *num)
{
    struct dtls_bytes der;

    if (!keep_list(h, &list)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    h->peer_list = list;
    *num = 0;
    while (dtls_certificate_next(&list, &der)) {
        enum dtls_status status;

        if (*num == DTLS_CHAIN_MAX) {
            return DTLS_MESSAGE_TOO_LONG;
        }
        status = dtls_cert_parse(&h->chain[*num], der);
        if (status != DTLS_OK) {
            return status;
        }
        ++*num;
    }
    return *num != 0 ? DTLS_OK : DTLS_DECODE_ERROR;
}

/* RFC 5246, 7.4.2 */
bool dtls_auth_allows_suite(const struct dtls_cert *cert,
                            const struct dtls_suite *suite)
{
    uint16_t wanted = DTLS_KU_DIGITAL_SIGNATURE;

    if (suite->kx == DTLS_KX_RSA) {
        wanted = DTLS_KU_KEY_ENCIPHERMENT;
    } else if (suite->kx == DTLS_KX_ECDH) {
        wanted = DTLS_KU_KEY_AGREEMENT;
    }
    return !cert->has_key_usage || (cert->key_usage & wanted) != 0;
}

/* Tells whether the server's key may be used for this key exchange (RFC 5246,
 * 7.4.2). */
static bool server_key_fits(const struct dtls_handshake *h,
                            const struct dtls_cert *leaf)
{
    if (!dtls_suite_takes_key(h->suite, leaf->key.type)) {
        return false;
    }
    /* supported_groups limits the curve too (RFC 8422, 5.1). */
    if (leaf->key.type == DTLS_KEY_EC &&
        !dtls_config_has_group(h->config, leaf->key.group)) {
        return false;
    }
    return dtls_auth_allows_suite(leaf, h->suite);
}

static int64_t unix_time(const struct dtls_config *config)
{
    return config->unix_time != NULL ? config->unix_time(config->self) : 0;
}

enum dtls_status dtls_auth_judge_key(const struct dtls_handshake *h,
                                     const struct dtls_cert *leaf)
{
    struct dtls_bytes rest = h->config->pins;
    struct dtls_bytes pin;
    struct dtls_bytes info = dtls_cert_key_info(leaf);
    uint8_t digest[DTLS_PIN_LEN];
    enum dtls_status status =
        h->crypto->digest(h->crypto->self, digest, DTLS_HASH_SHA256, &info, 1);

    if (status != DTLS_OK) {
        return status;
    }
    while (dtls_get_bytes(&rest, DTLS_PIN_LEN, &pin)) {
        if (dtls_bytes_equal(pin, dtls_bytes_of(digest, sizeof digest))) {
            return DTLS_OK;
        }
    }
    return DTLS_CERTIFICATE_UNKNOWN;
}

static enum dtls_status judge_chain(struct dtls_handshake *h,
                                    const struct dtls_cert *chain, size_t num,
                                    int64_t now)
{
    const struct dtls_config *config = h->config;
    struct dtls_verify verify = {
        .crypto = h->crypto,
        .anchors = config->anchors,
        .sigalgs = config->sigalgs,
        .num_sigalgs = config->num_sigalgs,
        .purpose =
            h->role == DTLS_CLIENT ? DTLS_PURPOSE_SERVER : DTLS_PURPOSE_CLIENT,
        .check_time = config->unix_time != NULL,
        .unix_time = now,
        .why = &h->refusal,
    };

    if (config->pins.len != 0) {
        return dtls_auth_judge_key(h, chain);
    }
    return config->verify_chain != NULL
               ? config->verify_chain(config->self, chain, num)
               : dtls_chain_verify(&verify, chain, num);
}

/* Verifies the chain and gives its leaf.  verify_peer, which comes last, may
 * use the room for the chain in another session. */
static enum dtls_status verify_chain(struct dtls_handshake *h, size_t num,
                                     struct dtls_cert *leaf, int64_t now)
{
    const struct dtls_config *config = h->config;
    const struct dtls_cert *chain = h->chain;
    enum dtls_status status = judge_chain(h, chain, num, now);

    if (status != DTLS_OK) {
        return status;
    }
    *leaf = chain[0];
    if (h->role == DTLS_CLIENT && config->verify_chain == NULL &&
        config->pins.len == 0 && !dtls_options_name_is_shown(h, &chain[0])) {
        return DTLS_CERTIFICATE_NAME; /* D9325-3.7-2 */
    }
    if (h->role == DTLS_CLIENT && !server_key_fits(h, &chain[0])) {
        return DTLS_UNSUPPORTED_KEY;
    }
    return config->verify_peer == NULL
               ? DTLS_OK
               : config->verify_peer(config->self, chain, num);
}

/* Notes the peer's certificate, so that the next handshake can compare it. */
static enum dtls_status note_leaf(struct dtls_handshake *h,
                                  const struct dtls_cert *leaf)
{
    enum dtls_status status = h->crypto->digest(
        h->crypto->self, h->peer_leaf, DTLS_HASH_SHA256, &leaf->der, 1);

    if (status != DTLS_OK) {
        return status;
    }
    h->peer_key = leaf->key;
    h->has_peer_leaf = true;
    h->peer_until = leaf->not_after;
    return dtls_renegotiation_check_peer(h);
}

static enum dtls_status take_chain(struct dtls_handshake *h,
                                   struct dtls_bytes body)
{
    struct dtls_certificate m;
    struct dtls_cert leaf;
    size_t num;
    int64_t now;
    enum dtls_status status = dtls_certificate_parse(&m, body);

    if (status != DTLS_OK || m.list.len == 0) {
        return status;
    }
    if (dtls_raw_keys_only(h->config)) {
        h->refusal = "the peer has a certificate and no raw public key";
        return DTLS_UNSUPPORTED_CERTIFICATE; /* D7250-4.2-7 */
    }
    /* Before the chain is in its room, which is shared. */
    now = unix_time(h->config);
    status = keep_chain(h, m.list, &num);
    if (status != DTLS_OK) {
        return status;
    }
    status = verify_chain(h, num, &leaf, now);
    return status == DTLS_OK ? note_leaf(h, &leaf) : status;
}

static enum dtls_status take_raw_key(struct dtls_handshake *h,
                                     struct dtls_bytes body)
{
    struct dtls_certificate m;
    struct dtls_bytes info = {0};
    struct dtls_cert key;
    enum dtls_status status = dtls_raw_certificate_parse(&m, body);

    if (status != DTLS_OK || m.list.len == 0) {
        return status;
    }
    if (!keep_list(h, &m.list)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    h->peer_list = m.list;
    if (!dtls_certificate_next(&m.list, &info)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_cert_parse_raw(&key, info);
    if (status == DTLS_OK) {
        status = dtls_raw_keys_verify(h, &key);
    }
    if (status == DTLS_OK && h->role == DTLS_CLIENT &&
        !server_key_fits(h, &key)) {
        return DTLS_UNSUPPORTED_KEY;
    }
    return status == DTLS_OK ? note_leaf(h, &key) : status;
}

enum dtls_status dtls_auth_take_certificate(struct dtls_handshake *h,
                                            const struct dtls_message *message)
{
    return h->peer_is_raw ? take_raw_key(h, message->body)
                          : take_chain(h, message->body);
}
