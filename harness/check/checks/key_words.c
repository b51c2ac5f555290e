/* SPDX-License-Identifier: MIT */
/* Words for key exchanges (check/checks/key_words.h). */
#include "check/checks/key_words.h"

#include "crypto/libcrypto_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- suites ---- */

bool suite_is_ecdhe(const struct dtls_suite *suite)
{
    return suite_signs_rsa(suite) || suite_signs_ec(suite);
}

bool suite_signs_rsa(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_RSA;
}

bool suite_signs_ec(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA;
}

bool suite_is_rsa(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_RSA;
}

bool suite_is_psk(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_PSK;
}

bool suite_is_ecdhe_psk(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_PSK;
}

/* ---- of scripts ---- */

void key_only_group(struct scene *s, uint16_t group)
{
    static uint16_t only;
    uint16_t claimed[HELLO_TYPES_MAX];

    if (!key_has(claimed, key_list(s, ICS_groups, 10, claimed), group)) {
        scene_stop(s, "the target does not claim group %u", group);
    }
    only = group;
    s->peer.config.groups = &only;
    s->peer.config.num_groups = 1;
}

static enum dtls_status believe_chain(void *self,
                                      const struct dtls_cert *chain,
                                      size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_OK;
}

/* A pair of a client binds chains, too; here they do not matter. */
void key_only_pair(struct scene *s, uint16_t pair)
{
    static uint16_t only;

    only = pair;
    if (s->peer.role == DTLS_CLIENT) {
        s->peer.config.sigalgs = &only;
        s->peer.config.num_sigalgs = 1;
        s->peer.config.verify_chain = believe_chain;
    } else {
        s->identities[0].credential.sigalgs = &only;
        s->identities[0].credential.num_sigalgs = 1;
    }
}

void key_is_refused(struct scene *s, struct peer_message *m)
{
    scene_say(s, m);
    hello_is_refused(s);
}

void key_say_params(struct scene *s, struct dtls_bytes params)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    const struct dtls_handshake *h = &s->peer.session.hs;
    const struct dtls_crypto *crypto = &s->peer.crypto;
    const struct dtls_bytes parts[] = {
        dtls_bytes_of(h->client_random, DTLS_RANDOM_LEN),
        dtls_bytes_of(h->server_random, DTLS_RANDOM_LEN), params};
    struct dtls_buf body = {m->body, 0, sizeof m->body};
    uint8_t digest[DTLS_HASH_MAX];
    uint8_t signature[DTLS_SIGNATURE_MAX];
    struct dtls_signed sig = {h->sigalg->id, {signature, sizeof signature}};
    size_t digest_len = dtls_hash_len(h->sigalg->hash);

    if (crypto->digest(crypto->self, digest, h->sigalg->hash, parts, 3) !=
            DTLS_OK ||
        crypto->sign(crypto->self, &h->credential->key, h->sigalg, signature,
                     &sig.signature.len,
                     dtls_bytes_of(digest, digest_len)) != DTLS_OK ||
        !dtls_put_bytes(&body, params) || !dtls_signed_put(&body, &sig)) {
        scene_stop(s, "the peer cannot sign");
    }
    m->len = body.len;
    key_is_refused(s, m);
}

void key_say_share(struct scene *s, uint16_t group, struct dtls_bytes point)
{
    uint8_t bytes[300];
    struct dtls_buf params = {bytes, 0, sizeof bytes};

    if (!dtls_ske_ecdhe_put_params(&params, group, point)) {
        scene_stop(s, "the point is too long");
    }
    key_say_params(s, dtls_buf_bytes(&params));
}

uint8_t *key_pair(struct peer_message *m)
{
    return &m->body[4 + m->body[3]];
}

struct dtls_ecdhe_params key_hear_params(struct scene *s)
{
    const struct heard_message *m = scene_hear(s, DTLS_SERVER_KEY_EXCHANGE, 1);
    struct dtls_ecdhe_params params;

    if (dtls_ske_ecdhe_parse(&params, dtls_span_bytes(m->body)) != DTLS_OK) {
        scene_stop(s, "a ServerKeyExchange that cannot be read");
    }
    return params;
}

void key_insert(struct scene *s, struct peer_message *m, uint8_t type,
                struct dtls_bytes body)
{
    static struct peer_message extra;

    assert(body.len <= sizeof extra.body);
    extra.record_type = DTLS_HANDSHAKE;
    extra.type = type;
    extra.seq = m->seq++;
    extra.epoch = 0;
    extra.len = body.len;
    memcpy(extra.body, body.data, body.len);
    scene_say(s, &extra);
}

enum dtls_status key_zero_secret(void *self, struct dtls_share *share,
                                 uint8_t *out, size_t *out_len,
                                 struct dtls_bytes peer)
{
    (void)self;
    (void)share;
    (void)peer;
    memset(out, 0, 32);
    *out_len = 32;
    return DTLS_OK;
}

struct key_kept key_kept;

enum dtls_status key_keep(void *self, struct dtls_cipher *cipher,
                          const struct dtls_suite *suite,
                          const struct dtls_cipher_keys *keys, bool seal)
{
    if (seal) {
        key_kept.suite = suite;
        memcpy(key_kept.mac, keys->mac.data, keys->mac.len);
        memcpy(key_kept.key, keys->key.data, keys->key.len);
        memcpy(key_kept.salt, keys->salt.data, keys->salt.len);
    }
    return dtls_libcrypto.cipher_key(self, cipher, suite, keys, seal);
}

size_t key_list(const struct scene *s, enum ics_key which, int base,
                uint16_t out[HELLO_TYPES_MAX])
{
    const char *at = s->setup->ics->values[which];
    size_t num = 0;
    char *end;

    while (num < HELLO_TYPES_MAX) {
        unsigned long value = strtoul(at, &end, base);

        if (end == at) {
            break;
        }
        out[num++] = (uint16_t)value;
        at = end + strspn(end, " ,");
    }
    return num;
}

bool key_has(const uint16_t *list, size_t num, uint16_t value)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i] == value) {
            return true;
        }
    }
    return false;
}

void key_expect_list(struct scene *s, const char *name, struct dtls_bytes data,
                     enum ics_key which, int base)
{
    uint16_t claimed[HELLO_TYPES_MAX];
    uint16_t said[HELLO_TYPES_MAX];
    size_t num_claimed = key_list(s, which, base, claimed);
    size_t num = hello_numbers(data, said);
    char text[160];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < num && len < sizeof text - 8; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                base == 16 ? " %04x" : " %u", said[i]);
    }
    scene_expect(s,
                 num == num_claimed &&
                     memcmp(said, claimed, num * sizeof *said) == 0,
                 "%s is not the list of the ICS:%s", name, text);
}

/* ---- of wrong targets ---- */

static enum dtls_status agree_anyway(void *self, struct dtls_share *share,
                                     uint8_t *out, size_t *out_len,
                                     struct dtls_bytes peer)
{
    enum dtls_status status =
        dtls_libcrypto.share_agree(self, share, out, out_len, peer);

    if (status != DTLS_OK && peer.len != dtls_group_point_len(share->group)) {
        return DTLS_INTERNAL_ERROR;
    }
    return status == DTLS_OK
               ? status
               : key_zero_secret(self, share, out, out_len, peer);
}

static bool is_point(const struct dtls_ecdhe_params *m)
{
    EVP_PKEY *key = dtls_public_point(m->group, m->point);

    EVP_PKEY_free(key);
    return key != NULL;
}

/* Reads a share of secp256r1, whose signature is not right. */
static bool read_own_share(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t zeros[8];
    uint8_t point[DTLS_POINT_MAX];
    uint8_t bytes[200];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_signed sig = {
        suite_signs_rsa(w->sut.setup.suite) ? 0x0401 : 0x0403, {zeros, 8}};
    struct dtls_share share = {0};
    bool ok = dtls_libcrypto.share_make(NULL, &share, DTLS_GROUP_SECP256R1,
                                        point) == DTLS_OK &&
              dtls_ske_ecdhe_put_params(&body, DTLS_GROUP_SECP256R1,
                                        dtls_bytes_of(point, 65)) &&
              dtls_signed_put(&body, &sig);

    assert(ok);
    dtls_libcrypto.share_free(NULL, &share);
    wrong_believes_signatures(w);
    return wrong_reads_message(w, r, DTLS_SERVER_KEY_EXCHANGE,
                               dtls_buf_bytes(&body));
}

static bool read_own_group(struct wrong *w, struct wrong_record *r)
{
    struct dtls_ecdhe_params m;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) &&
           suite_is_ecdhe(w->sut.setup.suite) &&
           (dtls_ske_ecdhe_parse(&m, f.body) != DTLS_OK ||
            !dtls_config_has_group(&w->peer.config, m.group)) &&
           read_own_share(w, r);
}

void wrong_takes_any_group(struct wrong *w)
{
    w->hears = read_own_group;
}

static bool read_own_point(struct wrong *w, struct wrong_record *r)
{
    struct dtls_ecdhe_params m;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) &&
           suite_is_ecdhe(w->sut.setup.suite) &&
           dtls_ske_ecdhe_parse(&m, f.body) == DTLS_OK &&
           dtls_config_has_group(&w->peer.config, m.group) && !is_point(&m) &&
           read_own_share(w, r);
}

void wrong_takes_any_point(struct wrong *w)
{
    w->hears = read_own_point;
    if (w->peer.role == DTLS_SERVER) {
        w->peer.crypto.share_agree = agree_anyway;
    }
}

static enum dtls_status agree_on_zero(void *self, struct dtls_share *share,
                                      uint8_t *out, size_t *out_len,
                                      struct dtls_bytes peer)
{
    return share->group == DTLS_GROUP_X25519
               ? agree_anyway(self, share, out, out_len, peer)
               : dtls_libcrypto.share_agree(self, share, out, out_len, peer);
}

void wrong_takes_low_order(struct wrong *w)
{
    w->peer.crypto.share_agree = agree_on_zero;
}

bool wrong_skips(struct wrong *w, const struct wrong_record *r, uint8_t type)
{
    struct dtls_fragment f;
    uint8_t *seq;

    if (r->wire.epoch != 0 || !wrong_fragment(r, &f)) {
        return false;
    }
    if (f.type == type) {
        w->num = 1;
        return true;
    }
    if (w->num == 1) {
        seq = r->wire.body.data + 4;
        seq[0] = (uint8_t)((f.seq - 1) >> 8);
        seq[1] = (uint8_t)(f.seq - 1);
    }
    return false;
}
