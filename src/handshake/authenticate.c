/* SPDX-License-Identifier: MIT */
/* Certificates and signatures, the same for both roles (RFC 5246, 7.4.2,
 * 7.4.1.4.1, 4.7). */
#include "handshake/handshake.h"

#include <string.h>

/* The hashes that the transcript runs. */
static bool is_transcript_hash(enum dtls_hash_alg alg)
{
    return alg == DTLS_HASH_SHA256 || alg == DTLS_HASH_SHA384;
}

bool dtls_auth_put_sigalgs(struct dtls_buf *out, bool transcript)
{
    const struct dtls_sigalg *alg;

    for (size_t i = 0; (alg = dtls_sigalg_at(i)) != NULL; i++) {
        if ((!transcript || is_transcript_hash(alg->hash)) &&
            !dtls_put_u16(out, alg->id)) {
            return false;
        }
    }
    return true;
}

const struct dtls_sigalg *dtls_auth_choose_sigalg(
    const struct dtls_private_key *key, struct dtls_bytes offered,
    bool transcript)
{
    const struct dtls_sigalg *alg;

    for (size_t i = 0; (alg = dtls_sigalg_at(i)) != NULL; i++) {
        if (alg->key == key->type && dtls_u16_list_has(offered, alg->id) &&
            (!transcript || is_transcript_hash(alg->hash))) {
            return alg;
        }
    }
    return NULL;
}

const struct dtls_sigalg *dtls_auth_take_sigalg(const struct dtls_handshake *h,
                                                uint16_t id, bool transcript)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(id);

    if (alg == NULL || alg->key != h->peer_key.type ||
        (transcript && !is_transcript_hash(alg->hash))) {
        return NULL;
    }
    return alg;
}

enum dtls_status dtls_auth_params_digest(struct dtls_handshake *h,
                                         enum dtls_hash_alg alg,
                                         struct dtls_bytes params,
                                         uint8_t out[DTLS_HASH_MAX])
{
    const struct dtls_bytes parts[] = {
        dtls_bytes_of(h->client_random, DTLS_RANDOM_LEN),
        dtls_bytes_of(h->server_random, DTLS_RANDOM_LEN),
        params,
    };

    return h->crypto->digest(h->crypto->self, out, alg, parts, 3);
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
    return dtls_handshake_send(h, DTLS_CERTIFICATE, parts, num_parts);
}

/* Brings the list to where it outlives the message, and parses it there. */
static enum dtls_status keep_chain(struct dtls_handshake *h,
                                   struct dtls_bytes list,
                                   struct dtls_cert *chain, size_t *num)
{
    struct dtls_bytes der;

    if (list.len > h->peer_certs.len) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    memcpy(h->peer_certs.data, list.data, list.len);
    list.data = h->peer_certs.data;
    *num = 0;
    while (dtls_certificate_next(&list, &der)) {
        enum dtls_status status;

        if (*num == DTLS_CHAIN_MAX) {
            return DTLS_MESSAGE_TOO_LONG;
        }
        status = dtls_cert_parse(&chain[*num], der);
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

/* A key that may not be used for this key exchange (RFC 5246, 7.4.2). */
static bool server_key_fits(const struct dtls_handshake *h,
                            const struct dtls_cert *leaf)
{
    if (leaf->key.type != dtls_suite_key_type(h->suite)) {
        return false;
    }
    /* supported_groups limits the curve too (RFC 8422, 5.1). */
    if (leaf->key.type == DTLS_KEY_EC &&
        !dtls_config_has_group(h->config, leaf->key.group)) {
        return false;
    }
    return dtls_auth_allows_suite(leaf, h->suite);
}

static enum dtls_status judge_chain(const struct dtls_handshake *h,
                                    const struct dtls_cert *chain, size_t num)
{
    const struct dtls_config *config = h->config;
    struct dtls_verify verify = {
        .crypto = h->crypto,
        .anchors = config->anchors,
        .purpose =
            h->role == DTLS_CLIENT ? DTLS_PURPOSE_SERVER : DTLS_PURPOSE_CLIENT,
        .check_time = config->unix_time != NULL,
        .unix_time =
            config->unix_time != NULL ? config->unix_time(config->self) : 0,
    };

    return config->verify_chain != NULL
               ? config->verify_chain(config->self, chain, num)
               : dtls_chain_verify(&verify, chain, num);
}

static enum dtls_status verify_chain(struct dtls_handshake *h,
                                     const struct dtls_cert *chain, size_t num)
{
    const struct dtls_config *config = h->config;
    enum dtls_status status = judge_chain(h, chain, num);

    if (status != DTLS_OK) {
        return status;
    }
    if (h->role == DTLS_CLIENT && !server_key_fits(h, &chain[0])) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    return config->verify_peer == NULL
               ? DTLS_OK
               : config->verify_peer(config->self, chain, num);
}

/* Notes who the peer is, for the next handshake to compare. */
static enum dtls_status note_leaf(struct dtls_handshake *h,
                                  const struct dtls_cert *leaf)
{
    enum dtls_status status = h->crypto->digest(
        h->crypto->self, h->peer_leaf, DTLS_HASH_SHA256, &leaf->der, 1);

    if (status != DTLS_OK) {
        return status;
    }
    h->peer_key = leaf->key;
    return dtls_renegotiation_check_peer(h);
}

enum dtls_status dtls_auth_take_certificate(struct dtls_handshake *h,
                                            const struct dtls_message *message)
{
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    struct dtls_certificate m;
    size_t num;
    enum dtls_status status = dtls_certificate_parse(&m, message->body);

    if (status != DTLS_OK || m.list.len == 0) {
        return status;
    }
    status = keep_chain(h, m.list, chain, &num);
    if (status == DTLS_OK) {
        status = verify_chain(h, chain, num);
    }
    return status == DTLS_OK ? note_leaf(h, &chain[0]) : status;
}
