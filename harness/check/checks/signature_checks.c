/* SPDX-License-Identifier: MIT */
/* Pairs of hash and signature, signatures, and ServerKeyExchange, which
 * carries them (RFC 5246, 4.7 and 7.4.3; RFC 8422, 5.4). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include "crypto/libcrypto_internal.h"

#include <assert.h>
#include <openssl/rsa.h>
#include <string.h>

#define EXT_PAIRS 13
#define EXT_PAIRS_CERT 50

/* ---- P-SIG-1: the pairs that a client lists ---- */

static void read_pairs(struct scene *s)
{
    uint16_t listed[HELLO_TYPES_MAX];
    struct dtls_bytes data = {0};
    struct hello offer;
    size_t num;

    hello_hear(s, &offer);
    scene_expect(s, hello_has(&offer, EXT_PAIRS, &data),
                 "no signature_algorithms");
    num = hello_numbers(data, listed);
    scene_expect(s, num != 0 && data.len == 2 + 2 * num,
                 "signature_algorithms of %zu bytes", data.len);
    for (size_t i = 0; i < num; i++) {
        uint8_t hash = (uint8_t)(listed[i] >> 8);
        uint8_t key = (uint8_t)listed[i];

        /* Neither MD5 nor SHA-224, nor DSA. */
        scene_expect(
            s, hash != 0 && hash != 1 && hash != 3 && key != 0 && key != 2,
            "pair %04x", listed[i]);
    }
    key_expect_list(s, "signature_algorithms", data, ICS_sigs, 16);
}

static void md5_pair(struct hello *hello)
{
    hello_drop(hello, EXT_PAIRS);
    hello_add(hello, EXT_PAIRS, "\0\6\4\3\4\1\1\1", 8);
}

static bool say_md5_pair(struct wrong *w, struct peer_message *m)
{
    return !suite_signs_ec(w->sut.setup.suite) ||
           wrong_says_hello(w, m, md5_pair);
}

static void list_md5(struct wrong *w)
{
    w->says = say_md5_pair;
}

/* ---- P-SIG-2, P-SIG-9: each pair alone ---- */

/* The claimed pairs with which the suite's key can sign; `rsa` or not. */
static size_t usable_pairs(struct scene *s, uint16_t out[HELLO_TYPES_MAX])
{
    uint16_t claimed[HELLO_TYPES_MAX];
    bool is_rsa = suite_signs_rsa(s->setup->target.suite);
    size_t num = key_list(s, ICS_sigs, 16, claimed);
    size_t used = 0;

    for (size_t i = 0; i < num; i++) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(claimed[i]);

        if (alg != NULL && alg->key == (is_rsa ? DTLS_KEY_RSA : DTLS_KEY_EC)) {
            out[used++] = claimed[i];
        }
    }
    if (used == 0) {
        scene_stop(s, "its ICS claims no pair that fits the suite");
    }
    return used;
}

static void use_each_pair(struct scene *s)
{
    uint16_t pairs[HELLO_TYPES_MAX];
    size_t num = usable_pairs(s, pairs);

    for (size_t i = 0; i < num; i++) {
        if (i != 0) {
            scene_again(s);
        }
        key_only_pair(s, pairs[i]);
        scene_expect(s, scene_connects(s), "no handshake with pair %04x",
                     pairs[i]);
    }
}

static void offer_each_pair(struct scene *s)
{
    uint16_t pairs[HELLO_TYPES_MAX];
    size_t num = usable_pairs(s, pairs);

    for (size_t i = 0; i < num; i++) {
        struct dtls_ecdhe_params params;

        if (i != 0) {
            scene_again(s);
        }
        key_only_pair(s, pairs[i]);
        if (!scene_connects(s)) {
            scene_expect(s, false, "no handshake with pair %04x", pairs[i]);
            return;
        }
        params = key_hear_params(s);
        scene_expect(s, params.sigalg == pairs[i], "pair %04x, not %04x",
                     params.sigalg, pairs[i]);
    }
}

static bool is_for_sha384(const struct wrong_record *r)
{
    struct dtls_ecdhe_params m;
    struct dtls_bytes list;
    struct dtls_fragment f;

    if (wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f)) {
        return dtls_ske_ecdhe_parse(&m, f.body) == DTLS_OK &&
               m.sigalg >> 8 == 5;
    }
    return wrong_hello_has(r, EXT_PAIRS, &list) && list.len == 4 &&
           list.data[2] == 5;
}

static bool refuse_sha384(struct wrong *w, struct wrong_record *r)
{
    return is_for_sha384(r) && wrong_alert(w, 47);
}

static void know_no_sha384(struct wrong *w)
{
    w->hears = refuse_sha384;
}

/* ---- P-SIG-3, P-SIG-4: pairs that are not allowed ---- */

static void use_pair(struct scene *s, uint16_t pair)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    uint8_t *at = key_pair(m);

    at[0] = (uint8_t)(pair >> 8);
    at[1] = (uint8_t)pair;
    key_is_refused(s, m);
}

static bool is_rsa_scene(const struct scene *s)
{
    return suite_signs_rsa(s->setup->target.suite);
}

/* A good signature with SHA-1, for which a wish is not needed. */
static void use_sha1(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    struct dtls_handshake *h = &s->peer.session.hs;
    size_t len = (size_t)(key_pair(m) - m->body);
    uint8_t params[300];
    struct hello offer;
    struct dtls_bytes data;
    uint16_t listed[HELLO_TYPES_MAX];
    uint16_t sha1 = is_rsa_scene(s) ? 0x0201 : 0x0203;

    hello_hear(s, &offer);
    if (hello_has(&offer, EXT_PAIRS, &data) &&
        key_has(listed, hello_numbers(data, listed), sha1)) {
        scene_stop(s, "the target lists pair %04x", sha1);
    }
    memcpy(params, m->body, len);
    h->sigalg = dtls_sigalg_find(sha1);
    key_say_params(s, dtls_bytes_of(params, len));
}

static void use_md5(struct scene *s)
{
    use_pair(s, is_rsa_scene(s) ? 0x0101 : 0x0103);
}

static void use_grease_pair(struct scene *s)
{
    use_pair(s, 0x3a3a);
}

static void use_pair_0(struct scene *s)
{
    use_pair(s, 0);
}

/* The certificate's key is an rsaEncryption one. */
static void use_pair_of_pss_keys(struct scene *s)
{
    use_pair(s, 0x0809);
}

static void use_other_kind(struct scene *s)
{
    use_pair(s, is_rsa_scene(s) ? 0x0403 : 0x0401);
}

static void use_ed25519(struct scene *s)
{
    use_pair(s, 0x0807);
}

/* Reads a pair that is the target's own in place of another, and believes the
 * signature. */
static bool read_own_pair(struct wrong *w, struct wrong_record *r)
{
    bool is_rsa = suite_signs_rsa(w->sut.setup.suite);
    struct dtls_fragment f;
    uint8_t *at;
    uint16_t pair;
    const struct dtls_sigalg *alg;

    if (!wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) ||
        !suite_is_ecdhe(w->sut.setup.suite) || f.body.len < 75 ||
        f.body.len < 6u + f.body.data[3]) {
        return false;
    }
    at = wrong_at(r, f.body.data + 4 + f.body.data[3]);
    pair = (uint16_t)(at[0] << 8 | at[1]);
    alg = dtls_sigalg_find_listed(NULL, 0, pair);
    if (alg == NULL || alg->key != (is_rsa ? DTLS_KEY_RSA : DTLS_KEY_EC)) {
        at[0] = 4;
        at[1] = is_rsa ? 1 : 3;
        wrong_believes_signatures(w);
    }
    return false;
}

static void take_any_pair(struct wrong *w)
{
    w->hears = read_own_pair;
}

/* ---- P-SIG-5: RSA-PSS with other parameters; P-CAU-9 ---- */

/* A server's signature is refused at once, a client's after its flight. */
static void signature_is_refused(struct scene *s)
{
    if (s->peer.role == DTLS_SERVER) {
        key_is_refused(s, scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE));
    }
}

/* The peer's own signature has this pair. */
static void sign_with_pair(struct scene *s, uint16_t pair)
{
    static uint16_t only;

    only = pair;
    s->identities[0].credential.sigalgs = &only;
    s->identities[0].credential.num_sigalgs = 1;
}

static int pss_salt;           /* bytes */
static const EVP_MD *pss_mask; /* hash of MGF1 */

static enum dtls_status sign_other_pss(void *self,
                                       const struct dtls_private_key *key,
                                       const struct dtls_sigalg *alg,
                                       uint8_t *out, size_t *out_len,
                                       struct dtls_bytes input)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->context, NULL);
    bool ok = EVP_PKEY_sign_init(ctx) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
              EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, pss_salt) == 1 &&
              EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, pss_mask) == 1 &&
              EVP_PKEY_sign(ctx, out, out_len, input.data, input.len) == 1;

    (void)self;
    (void)alg;
    EVP_PKEY_CTX_free(ctx);
    return ok ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

static void sign_pss(struct scene *s, int salt, const EVP_MD *mask)
{
    pss_salt = salt;
    pss_mask = mask;
    sign_with_pair(s, 0x0804);
    s->peer.crypto.sign = sign_other_pss;
    signature_is_refused(s);
}

static void sign_without_salt(struct scene *s)
{
    sign_pss(s, 0, EVP_sha256());
}

static void sign_with_longer_salt(struct scene *s)
{
    sign_pss(s, 33, EVP_sha256());
}

static void sign_with_sha1_mask(struct scene *s)
{
    sign_pss(s, 32, EVP_sha1());
}

/* ---- P-SIG-6, P-SIG-7: blocks of PKCS#1 v1.5 ---- */

/* DigestInfo of SHA-256, with parameters NULL, and without. */
static const uint8_t with_null[] = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01"
                                   "\x65\x03\x04\x02\x01\x05\x00\x04\x20";
static const uint8_t without_null[] = "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48"
                                      "\x01\x65\x03\x04\x02\x01\x04\x20";

static struct {
    const uint8_t *info; /* NULL: no DigestInfo, but 36 bytes */
    size_t info_len;
    size_t padding;  /* bytes of ff; 0: as many as it takes */
    size_t trailing; /* bytes behind the digest */
} block;

static enum dtls_status sign_block(void *self,
                                   const struct dtls_private_key *key,
                                   const struct dtls_sigalg *alg, uint8_t *out,
                                   size_t *out_len, struct dtls_bytes input)
{
    size_t size = (size_t)EVP_PKEY_get_size(key->context);
    size_t content = block.info == NULL ? 36 : block.info_len + input.len;
    size_t padding = block.padding != 0 ? block.padding
                                        : size - 3 - content - block.trailing;
    uint8_t bytes[DTLS_SIGNATURE_MAX] = {0, 1};
    uint8_t *at = bytes + 2;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->context, NULL);
    bool ok;

    (void)self;
    (void)alg;
    memset(at, 0xff, padding);
    at += padding + 1;
    if (block.info != NULL) {
        memcpy(at, block.info, block.info_len);
        at += block.info_len;
    }
    memcpy(at, input.data, input.len);
    ok = EVP_PKEY_sign_init(ctx) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
         EVP_PKEY_sign(ctx, out, out_len, bytes, size) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

static void sign_pkcs1(struct scene *s, const uint8_t *info, size_t info_len,
                       size_t padding, size_t trailing)
{
    block.info = info;
    block.info_len = info_len;
    block.padding = padding;
    block.trailing = trailing;
    sign_with_pair(s, 0x0401);
    s->peer.crypto.sign = sign_block;
}

static void sign_without_info(struct scene *s)
{
    sign_pkcs1(s, NULL, 0, 0, 0);
    signature_is_refused(s);
}

static void sign_with_trailing(struct scene *s)
{
    sign_pkcs1(s, with_null, sizeof with_null - 1, 0, 16);
    signature_is_refused(s);
}

static void sign_with_short_padding(struct scene *s)
{
    sign_pkcs1(s, with_null, sizeof with_null - 1, 8, 0);
    signature_is_refused(s);
}

static void sign_without_null(struct scene *s)
{
    sign_pkcs1(s, without_null, sizeof without_null - 1, 0, 0);
}

/* ---- P-SIG-8: numbers of ECDSA ---- */

static const char *ec_signature;
static size_t ec_signature_len;

static enum dtls_status sign_nonsense(void *self,
                                      const struct dtls_private_key *key,
                                      const struct dtls_sigalg *alg,
                                      uint8_t *out, size_t *out_len,
                                      struct dtls_bytes input)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)input;
    memcpy(out, ec_signature, ec_signature_len);
    *out_len = ec_signature_len;
    return DTLS_OK;
}

static void sign_ec(struct scene *s, const char *signature, size_t len)
{
    ec_signature = signature;
    ec_signature_len = len;
    s->peer.crypto.sign = sign_nonsense;
    signature_is_refused(s);
}

static void sign_with_r_0(struct scene *s)
{
    sign_ec(s, "\x30\6\2\1\0\2\1\1", 8);
}

static void sign_with_s_0(struct scene *s)
{
    sign_ec(s, "\x30\6\2\1\1\2\1\0", 8);
}

static void sign_with_negative(struct scene *s)
{
    sign_ec(s, "\x30\6\2\1\xff\2\1\1", 8);
}

static void sign_with_set(struct scene *s)
{
    sign_ec(s, "\x31\6\2\1\1\2\1\1", 8);
}

static void sign_with_nothing(struct scene *s)
{
    sign_ec(s, "", 0);
}

/* Good signatures that are spoiled afterwards. */
static void (*spoil)(uint8_t *out, size_t *len);

static enum dtls_status sign_and_spoil(void *self,
                                       const struct dtls_private_key *key,
                                       const struct dtls_sigalg *alg,
                                       uint8_t *out, size_t *out_len,
                                       struct dtls_bytes input)
{
    enum dtls_status status =
        dtls_libcrypto.sign(self, key, alg, out, out_len, input);

    spoil(out, out_len);
    return status;
}

static void trail_zero(uint8_t *out, size_t *len)
{
    out[(*len)++] = 0;
}

/* A zero byte in front of r, which it does not need: it is no longer DER. */
static void pad_r(uint8_t *out, size_t *len)
{
    memmove(out + 5, out + 4, *len - 4);
    out[4] = 0;
    out[3]++;
    out[1]++;
    (*len)++;
}

static void sign_spoiled(struct scene *s,
                         void (*how)(uint8_t *out, size_t *len))
{
    spoil = how;
    s->peer.crypto.sign = sign_and_spoil;
    signature_is_refused(s);
}

static void sign_with_trailing_byte(struct scene *s)
{
    sign_spoiled(s, trail_zero);
}

static void sign_with_padded_r(struct scene *s)
{
    sign_spoiled(s, pad_r);
}

/* ---- P-CAU-8: the signature of a client ---- */

static void flip_bit(uint8_t *out, size_t *len)
{
    out[*len - 3] ^= 1;
}

static void cut_last(uint8_t *out, size_t *len)
{
    (void)out;
    --*len;
}

static void sign_with_other_bit(struct scene *s)
{
    sign_spoiled(s, flip_bit);
}

static void sign_too_short(struct scene *s)
{
    sign_spoiled(s, cut_last);
}

static struct scene *signing;
static const struct dtls_private_key *other_key;

static enum dtls_status sign_with_other(void *self,
                                        const struct dtls_private_key *key,
                                        const struct dtls_sigalg *alg,
                                        uint8_t *out, size_t *out_len,
                                        struct dtls_bytes input)
{
    (void)key;
    return dtls_libcrypto.sign(self, other_key, alg, out, out_len, input);
}

static void sign_with_other_key(struct scene *s)
{
    struct sim_identity *id = &s->identities[s->num_identities++];

    assert(s->num_identities <= SCENE_CERTIFICATES);
    sim_identity_load(id, s->setup->target.pki,
                      suite_signs_ec(s->setup->target.suite) ? "ec" : "rsa",
                      true);
    other_key = &id->credential.key;
    s->peer.crypto.sign = sign_with_other;
}

static enum dtls_status sign_other_input(void *self,
                                         const struct dtls_private_key *key,
                                         const struct dtls_sigalg *alg,
                                         uint8_t *out, size_t *out_len,
                                         struct dtls_bytes input)
{
    uint8_t other[DTLS_HASH_MAX];

    memcpy(other, input.data, input.len);
    other[0] ^= 1;
    return dtls_libcrypto.sign(self, key, alg, out, out_len,
                               dtls_bytes_of(other, input.len));
}

static void sign_other_transcript(struct scene *s)
{
    s->peer.crypto.sign = sign_other_input;
}

/* The messages as TLS hashes them: message_seq, fragment_offset and
 * fragment_length are left out. */
static enum dtls_status sign_short_headers(void *self,
                                           const struct dtls_private_key *key,
                                           const struct dtls_sigalg *alg,
                                           uint8_t *out, size_t *out_len,
                                           struct dtls_bytes input)
{
    static uint8_t bytes[PEER_BODY_MAX];
    struct dtls_buf shorter = {bytes, 0, sizeof bytes};
    struct dtls_bytes all =
        dtls_buf_bytes(&signing->peer.session.hs.area->transcript.messages);
    struct dtls_fragment f;
    struct dtls_bytes text;
    uint8_t digest[DTLS_HASH_MAX];
    bool ok = input.len == dtls_hash_len(alg->hash) && all.len != 0;

    while (ok && dtls_fragment_next(&all, &f) == DTLS_OK) {
        ok = dtls_put_u8(&shorter, f.type) &&
             dtls_put_u24(&shorter, f.message_len) &&
             dtls_put_bytes(&shorter, f.body);
    }
    text = dtls_buf_bytes(&shorter);
    return ok && dtls_libcrypto.digest(self, digest, alg->hash, &text, 1) ==
                       DTLS_OK
               ? dtls_libcrypto.sign(self, key, alg, out, out_len,
                                     dtls_bytes_of(digest, input.len))
               : DTLS_INTERNAL_ERROR;
}

/* A peer that may need the messages themselves keeps them: one with an Ed25519
 * key does. */
static void keep_messages(struct scene *s)
{
    static struct dtls_credential reason;

    reason.key.type = DTLS_KEY_ED25519;
    s->identities[0].credential.next = &reason;
    s->peer.config.active = &s->identities[0].credential;
    signing = s;
}

static void sign_as_tls(struct scene *s)
{
    keep_messages(s);
    s->peer.crypto.sign = sign_short_headers;
}

/* ---- P-CAU-7: pairs that the server does not list ---- */

static const struct {
    uint8_t hash;
    const char *digest;
} old_hashes[] = {{2, "SHA1"}, {3, "SHA224"}, {1, "MD5"}};
static size_t old_hash; /* the one that is used */

static enum dtls_status sign_old_hash(void *self,
                                      const struct dtls_private_key *key,
                                      const struct dtls_sigalg *alg,
                                      uint8_t *out, size_t *out_len,
                                      struct dtls_bytes input)
{
    struct dtls_bytes all =
        dtls_buf_bytes(&signing->peer.session.hs.area->transcript.messages);
    const EVP_MD *md = EVP_get_digestbyname(old_hashes[old_hash].digest);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = EVP_DigestSignInit(ctx, NULL, md, NULL, key->context) == 1 &&
              EVP_DigestSign(ctx, out, out_len, all.data, all.len) == 1;

    (void)self;
    (void)alg;
    (void)input;
    EVP_MD_CTX_free(ctx);
    return ok ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

/* Takes the first old pair that the server does not list; the peer's engine
 * then says its number. */
static enum dtls_status choose_old_pair(void *self,
                                        const struct dtls_message *message)
{
    static struct dtls_sigalg alg;
    struct dtls_handshake *h = &signing->peer.session.hs;
    struct dtls_certificate_request m;

    (void)self;
    if (message->type != DTLS_CERTIFICATE_REQUEST ||
        dtls_certificate_request_parse(&m, message->body) != DTLS_OK) {
        return DTLS_OK;
    }
    alg = *h->sigalg;
    do {
        alg.id = (uint16_t)(old_hashes[old_hash].hash << 8 |
                            (alg.key == DTLS_KEY_EC ? 3 : 1));
    } while (dtls_u16_list_has(m.sigalgs, alg.id) &&
             ++old_hash < sizeof old_hashes / sizeof *old_hashes);
    h->sigalg = &alg;
    return DTLS_OK;
}

static void use_unlisted_pair(struct scene *s)
{
    old_hash = 0;
    keep_messages(s);
    s->peer.crypto.sign = sign_old_hash;
    s->peer.config.see_message = choose_old_pair;
    (void)scene_come_to(s, DTLS_CERTIFICATE_VERIFY);
    if (old_hash == sizeof old_hashes / sizeof *old_hashes) {
        scene_stop(s, "the target lists every old pair");
    }
}

/* Takes CertificateVerify as it is. */
static bool read_over_verify(struct wrong *w, struct wrong_record *r)
{
    struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    if (!wrong_message(r, DTLS_CERTIFICATE_VERIFY, &f) || f.body.len < 2 ||
        f.body.data[0] > 3) {
        return false;
    }
    dtls_transcript_add(&h->area->transcript, f.type, f.seq, &f.body, 1);
    h->step = DTLS_SERVER_FINISHED;
    return wrong_forgets(w, f.seq);
}

static void take_old_pairs(struct wrong *w)
{
    w->hears = read_over_verify;
}

static bool is_sha256_block(const struct wrong_record *r)
{
    struct dtls_ecdhe_params m;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) &&
           dtls_ske_ecdhe_parse(&m, f.body) == DTLS_OK && m.sigalg == 0x0401;
}

static bool refuse_sha256_block(struct wrong *w, struct wrong_record *r)
{
    return is_sha256_block(r) && wrong_alert(w, 50);
}

static void insist_on_null(struct wrong *w)
{
    w->hears = refuse_sha256_block;
}

/* ---- wrong clients that believe signatures of one kind ---- */

static enum dtls_status believe_if(bool believes,
                                   const struct dtls_public_key *key,
                                   const struct dtls_sigalg *alg,
                                   struct dtls_bytes input,
                                   struct dtls_bytes signature)
{
    enum dtls_status status =
        dtls_libcrypto.verify(NULL, key, alg, input, signature);

    return believes ? DTLS_OK : status;
}

static enum dtls_status verify_no_pss(void *self,
                                      const struct dtls_public_key *key,
                                      const struct dtls_sigalg *alg,
                                      struct dtls_bytes input,
                                      struct dtls_bytes signature)
{
    (void)self;
    return believe_if(alg->pss, key, alg, input, signature);
}

static void believe_pss(struct wrong *w)
{
    w->peer.crypto.verify = verify_no_pss;
}

static enum dtls_status verify_no_pkcs1(void *self,
                                        const struct dtls_public_key *key,
                                        const struct dtls_sigalg *alg,
                                        struct dtls_bytes input,
                                        struct dtls_bytes signature)
{
    (void)self;
    return believe_if(alg->key == DTLS_KEY_RSA && !alg->pss, key, alg, input,
                      signature);
}

static void believe_pkcs1(struct wrong *w)
{
    w->peer.crypto.verify = verify_no_pkcs1;
}

static enum dtls_status verify_no_ec(void *self,
                                     const struct dtls_public_key *key,
                                     const struct dtls_sigalg *alg,
                                     struct dtls_bytes input,
                                     struct dtls_bytes signature)
{
    (void)self;
    return believe_if(alg->key == DTLS_KEY_EC, key, alg, input, signature);
}

static void believe_ecdsa(struct wrong *w)
{
    w->peer.crypto.verify = verify_no_ec;
}

/* ---- P-SIG-10 to P-SIG-14: lists of a client ---- */

static void offer_pairs(struct scene *s, const void *list, size_t len)
{
    hello_say_with(s, EXT_PAIRS, list, len);
}

static void offer_unknown_pairs(struct scene *s)
{
    offer_pairs(s, "\0\6\xfe\xdc\x3a\x3a\xee\xe1", 8);
    hello_is_refused(s);
}

static void offer_md5_only(struct scene *s)
{
    offer_pairs(s, "\0\4\1\1\1\3", 6);
    hello_is_refused(s);
}

static void offer_other_kind(struct scene *s)
{
    offer_pairs(s, is_rsa_scene(s) ? "\0\2\4\3" : "\0\2\4\1", 4);
    hello_is_refused(s);
}

/* Reads its own pairs in place of a short list that has none of them. */
static bool read_own_list(struct wrong *w, struct wrong_record *r)
{
    uint16_t listed[HELLO_TYPES_MAX];
    struct dtls_bytes list;
    struct hello hello;
    bool is_rsa = suite_signs_rsa(w->sut.setup.suite);
    size_t num;

    if (!suite_is_ecdhe(w->sut.setup.suite) ||
        !wrong_hello_has(r, EXT_PAIRS, &list) || list.len > 8 ||
        !wrong_hello(r, &hello)) {
        return false;
    }
    num = hello_numbers(list, listed);
    for (size_t i = 0; i < num; i++) {
        const struct dtls_sigalg *alg =
            dtls_sigalg_find_listed(NULL, 0, listed[i]);

        if (alg != NULL && alg->key == (is_rsa ? DTLS_KEY_RSA : DTLS_KEY_EC)) {
            return false;
        }
    }
    hello_drop(&hello, EXT_PAIRS);
    hello_add(&hello, EXT_PAIRS, "\0\4\4\1\4\3", 6);
    return wrong_reads_hello(w, r, &hello);
}

static void sign_with_own_pairs(struct wrong *w)
{
    w->hears = read_own_list;
}

static void offer_many_pairs(struct scene *s)
{
    static uint8_t list[2 + 2 * 500];
    struct dtls_buf out = {list, 0, sizeof list};
    uint16_t own = is_rsa_scene(s) ? 0x0401 : 0x0403;
    bool ok = dtls_put_u16(&out, 2 * 500);

    for (unsigned i = 0; i < 499; i++) {
        ok = ok && dtls_put_u16(&out, (uint16_t)(0xe000 + i));
    }
    ok = ok && dtls_put_u16(&out, own);
    if (!ok) {
        scene_stop(s, "the list is too long");
    }
    offer_pairs(s, list, out.len);
}

static bool refuse_many_pairs(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_PAIRS, &list) && list.len > 500 &&
           wrong_alert(w, 47);
}

static void take_few_pairs(struct wrong *w)
{
    w->hears = refuse_many_pairs;
}

/* The pair must then be that of SHA-1, which our peer takes for once. */
static void offer_no_pairs(struct scene *s)
{
    static const uint16_t sha1_too[] = {0x0403, 0x0401, 0x0201, 0x0203};
    struct dtls_ecdhe_params params;

    s->peer.config.sigalgs = sha1_too;
    s->peer.config.num_sigalgs = 4;
    hello_say_without(s, EXT_PAIRS);
    if (!scene_await(s, DTLS_SERVER_KEY_EXCHANGE, 1)) {
        return;
    }
    params = key_hear_params(s);
    scene_expect(s, params.sigalg == (is_rsa_scene(s) ? 0x0201 : 0x0203),
                 "pair %04x", params.sigalg);
}

static bool assume_own_pairs(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (!suite_is_ecdhe(w->sut.setup.suite) || !wrong_hello(r, &hello) ||
        wrong_hello_has(r, EXT_PAIRS, NULL)) {
        return false;
    }
    hello_add(&hello, EXT_PAIRS, "\0\4\4\1\4\3", 6);
    return wrong_reads_hello(w, r, &hello);
}

static void assume_sha256(struct wrong *w)
{
    w->hears = assume_own_pairs;
}

static void offer_pairs_of_chains(struct scene *s)
{
    hello_say_with(s, EXT_PAIRS_CERT, "\0\2\x08\x05", 4);
}

static void offer_odd_pairs_of_chains(struct scene *s)
{
    hello_say_with(s, EXT_PAIRS_CERT, "\0\3\x08\x05\x04", 5);
}

static void offer_no_pairs_of_chains(struct scene *s)
{
    hello_say_with(s, EXT_PAIRS_CERT, "\0\0", 2);
}

static bool die_of_pairs(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_PAIRS_CERT, &data) &&
           (data.len < 4 || data.len % 2 != 0) && wrong_dies(w);
}

static void die_of_bad_pairs(struct wrong *w)
{
    w->hears = die_of_pairs;
}

static void look_for_pairs_of_chains(struct scene *s)
{
    struct hello answer;
    struct dtls_bytes data;

    offer_pairs_of_chains(s);
    if (heard_message(&s->heard, DTLS_SERVER_HELLO) != NULL) {
        hello_hear(s, &answer);
        scene_expect(s, !hello_has(&answer, EXT_PAIRS_CERT, &data),
                     "signature_algorithms_cert in ServerHello");
    }
}

static bool note_pairs_of_chains(struct wrong *w, struct wrong_record *r)
{
    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER &&
        wrong_hello_has(r, EXT_PAIRS_CERT, NULL)) {
        w->num = 1;
    }
    return false;
}

static void add_pairs_of_chains(struct hello *hello)
{
    hello_add(hello, EXT_PAIRS_CERT, "\0\2\x08\x05", 4);
}

static bool say_pairs_of_chains(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 || wrong_says_hello(w, m, add_pairs_of_chains);
}

static void answer_pairs_of_chains(struct wrong *w)
{
    w->hears = note_pairs_of_chains;
    w->says = say_pairs_of_chains;
}

static bool refuse_pairs_of_chains(struct wrong *w, struct wrong_record *r)
{
    return wrong_hello_has(r, EXT_PAIRS_CERT, NULL) && wrong_alert(w, 50);
}

static void know_one_list_of_pairs(struct wrong *w)
{
    w->hears = refuse_pairs_of_chains;
}

static void look_for_pairs(struct scene *s)
{
    struct hello answer;
    struct dtls_bytes data;

    offer_pairs(s, "\0\6\4\3\4\1\x08\4", 8);
    hello_hear(s, &answer);
    scene_expect(s, !hello_has(&answer, EXT_PAIRS, &data),
                 "signature_algorithms in ServerHello");
}

static bool note_three_pairs(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;
    struct hello hello;

    if (wrong_hello(r, &hello)) {
        w->num = wrong_hello_has(r, EXT_PAIRS, &list) && list.len == 8;
    }
    return false;
}

static void add_pairs(struct hello *hello)
{
    hello_add(hello, EXT_PAIRS, "\0\2\4\3", 4);
}

static bool say_pairs_back(struct wrong *w, struct peer_message *m)
{
    return w->num != 1 || wrong_says_hello(w, m, add_pairs);
}

static void echo_pairs(struct wrong *w)
{
    w->hears = note_three_pairs;
    w->says = say_pairs_back;
}

/* ---- P-SKE-2, P-SKE-3: signatures that are not for this handshake ---- */

static void sign_stale(struct scene *s)
{
    static uint8_t body[2048];
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    size_t len = m->len;

    if (len > sizeof body) {
        scene_stop(s, "the signature is too long");
    }
    memcpy(body, m->body, len);
    scene_again(s);
    m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    memcpy(m->body, body, len);
    m->len = len;
    key_is_refused(s, m);
}

static void cut_signature(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);

    m->len = (size_t)(key_pair(m) - m->body);
    key_is_refused(s, m);
}

static void empty_signature(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    uint8_t *at = key_pair(m);

    at[2] = at[3] = 0;
    m->len = (size_t)(at + 4 - m->body);
    key_is_refused(s, m);
}

static void anonymous_signature(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    uint8_t *at = key_pair(m);

    memset(at, 0, 4);
    m->len = (size_t)(at + 4 - m->body);
    key_is_refused(s, m);
}

/* Reads a signature of its own where there is none, and believes it. */
static bool read_missing_signature(struct wrong *w, struct wrong_record *r)
{
    uint8_t bytes[400];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_fragment f;
    size_t len;
    bool ok;

    if (!wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f) ||
        !suite_is_ecdhe(w->sut.setup.suite) || f.body.len < 5) {
        return false;
    }
    len = 4u + f.body.data[3];
    if (f.body.len > len + 4 || f.body.len < len) {
        return false;
    }
    ok = dtls_put_bytes(&body, dtls_bytes_of(f.body.data, len)) &&
         dtls_put_u16(&body,
                      suite_signs_rsa(w->sut.setup.suite) ? 0x0401 : 0x0403) &&
         dtls_put_vec16(&body, dtls_bytes_of(bytes, 4));
    wrong_believes_signatures(w);
    return ok && wrong_reads_message(w, r, DTLS_SERVER_KEY_EXCHANGE,
                                     dtls_buf_bytes(&body));
}

static void need_no_signature(struct wrong *w)
{
    w->hears = read_missing_signature;
}

/* ---- P-SKE-4, P-SKE-6: none with static RSA ---- */

static void say_key_exchange_of_rsa(struct scene *s)
{
    static const char body[] = "\3\0\x1d\x20 thirty-two bytes of some share";
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO_DONE);

    key_insert(s, m, DTLS_SERVER_KEY_EXCHANGE,
               dtls_bytes_of((const uint8_t *)body, sizeof body - 1));
    hello_is_refused(s);
}

static bool skip_key_exchange(struct wrong *w, struct wrong_record *r)
{
    return suite_is_rsa(w->sut.setup.suite) &&
           wrong_skips(w, r, DTLS_SERVER_KEY_EXCHANGE);
}

static void ignore_key_exchange(struct wrong *w)
{
    w->hears = skip_key_exchange;
}

static void look_for_key_exchange(struct scene *s)
{
    hello_say(s, hello_signal_fallback);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_SERVER_KEY_EXCHANGE) == 0,
                 "ServerKeyExchange");
}

/* The wrong server says it when it is offered the signal of fallbacks. */
static bool say_key_exchange(struct wrong *w, struct peer_message *m)
{
    if (w->num == 1 && m->type == DTLS_SERVER_HELLO_DONE) {
        m->type = DTLS_SERVER_KEY_EXCHANGE;
    }
    return true;
}

static bool note_fallback(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (suite_is_rsa(w->sut.setup.suite) && wrong_hello(r, &hello)) {
        w->num = dtls_client_hello_offers(&hello.client, DTLS_SCSV_FALLBACK);
    }
    return false;
}

static void send_key_exchange(struct wrong *w)
{
    w->hears = note_fallback;
    w->says = say_key_exchange;
}

/* ---- P-SKE-5: the signature of a server ---- */

static void read_signature(struct scene *s)
{
    struct dtls_ecdhe_params params;
    uint16_t offered[HELLO_TYPES_MAX];
    const struct dtls_sigalg *alg;
    size_t num = 0;

    while ((alg = dtls_sigalg_in_list(s->peer.config.sigalgs,
                                      s->peer.config.num_sigalgs, num)) !=
           NULL) {
        offered[num++] = alg->id;
    }
    if (!scene_connects(s)) {
        return;
    }
    params = key_hear_params(s);
    scene_expect(s, key_has(offered, num, params.sigalg),
                 "pair %04x was not offered", params.sigalg);
}

static bool spoil_signature(struct wrong *w, struct peer_message *m)
{
    if (m->type == DTLS_SERVER_KEY_EXCHANGE &&
        m->record_type == DTLS_HANDSHAKE &&
        suite_signs_rsa(w->sut.setup.suite)) {
        m->body[m->len - 1] ^= 1;
    }
    return true;
}

static void sign_wrongly(struct wrong *w)
{
    w->says = spoil_signature;
}

static const struct check checks[] = {
    {.id = "P-SIG-1",
     .rows = "D5246-7.4.1.4.1-2 D5246-7.4.1.4.1-1 D9325-4.5-4 "
             "D8446-4.2.3-2",
     .suits = suite_signs_ec,
     .play = read_pairs,
     .strict = "data",
     .wrong = list_md5,
     .shows = "pair 0101"},
    {.id = "P-SIG-2.rsa",
     .rows = "D8446-9.3-1 D8446-4.2.3-3",
     .suits = suite_signs_rsa,
     .play = use_each_pair,
     .strict = "data",
     .wrong = know_no_sha384,
     .shows = "no handshake with pair 0*"},
    {.id = "P-SIG-2.ec",
     .rows = "D8446-9.3-1",
     .suits = suite_signs_ec,
     .play = use_each_pair,
     .strict = "data",
     .wrong = know_no_sha384,
     .shows = "no handshake with pair 0503"},
    {.id = "P-SIG-3.sha1",
     .when = "!sigs=0201, !sigs=0203",
     .rows = "D5246-7.4.3-5 D9325-4.5-4",
     .suits = suite_is_ecdhe,
     .play = use_sha1,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-3.md5",
     .rows = "D5246-7.4.3-5",
     .suits = suite_is_ecdhe,
     .play = use_md5,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-3.grease",
     .rows = "D5246-7.4.3-5 D8701-3.1-5",
     .suits = suite_is_ecdhe,
     .play = use_grease_pair,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-3.zero",
     .rows = "D5246-7.4.3-5",
     .suits = suite_is_ecdhe,
     .play = use_pair_0,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-4.rsa",
     .rows = "D5246-7.4.3-8",
     .suits = suite_signs_rsa,
     .play = use_other_kind,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-4.ec",
     .rows = "D5246-7.4.3-8",
     .suits = suite_signs_ec,
     .play = use_other_kind,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-4.pss",
     .rows = "D8446-4.2.3-91",
     .suits = suite_signs_rsa,
     .play = use_pair_of_pss_keys,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 43 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-4.ed25519",
     .rows = "D8422-5.9-1",
     .suits = suite_signs_ec,
     .play = use_ed25519,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_any_pair,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-5.no_salt",
     .rows = "D5246-7.4.3-10",
     .suits = suite_signs_rsa,
     .play = sign_without_salt,
     .strict = "alert 51",
     .tolerated = "alert 47",
     .wrong = believe_pss,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-5.salt",
     .rows = "D5246-7.4.3-10",
     .suits = suite_signs_rsa,
     .play = sign_with_longer_salt,
     .strict = "alert 51",
     .tolerated = "alert 47",
     .wrong = believe_pss,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-5.mask",
     .rows = "D5246-7.4.3-10",
     .suits = suite_signs_rsa,
     .play = sign_with_sha1_mask,
     .strict = "alert 51",
     .tolerated = "alert 47",
     .wrong = believe_pss,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-6.no_info",
     .rows = "D5246-4.7-1 D5246-D.4-3",
     .suits = suite_signs_rsa,
     .play = sign_without_info,
     .strict = "alert 51",
     .wrong = believe_pkcs1,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-6.trailing",
     .rows = "D5246-4.7-1 D5246-D.4-3",
     .suits = suite_signs_rsa,
     .play = sign_with_trailing,
     .strict = "alert 51",
     .wrong = believe_pkcs1,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-6.padding",
     .rows = "D5246-4.7-1 D5246-D.4-3",
     .suits = suite_signs_rsa,
     .play = sign_with_short_padding,
     .strict = "alert 51",
     .wrong = believe_pkcs1,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-7",
     .rows = "D5246-4.7-3",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_rsa,
     .play = sign_without_null,
     .strict = "data",
     .wrong = insist_on_null,
     .shows = "alert 50"},
    {.id = "P-SIG-8.r_0",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_r_0,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.s_0",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_s_0,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.negative",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_negative,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.tag",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_set,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.empty",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_nothing,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.trailing",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_trailing_byte,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-8.padded",
     .rows = "D8422-5.4-3 D5246-7.4.3-10",
     .roles = CHECK_CLIENT,
     .suits = suite_signs_ec,
     .play = sign_with_padded_r,
     .strict = "alert 51",
     .tolerated = "alert 50",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SIG-9.rsa",
     .rows = "D5246-7.4.3-4 D5246-7.4.1.4.1-6",
     .suits = suite_signs_rsa,
     .play = offer_each_pair,
     .strict = "data",
     .wrong = know_no_sha384,
     .shows = "no handshake with pair 0*"},
    {.id = "P-SIG-9.ec",
     .rows = "D5246-7.4.3-4 D5246-7.4.3-6",
     .suits = suite_signs_ec,
     .play = offer_each_pair,
     .strict = "data",
     .wrong = know_no_sha384,
     .shows = "no handshake with pair 0503"},
    {.id = "P-SIG-10.unknown",
     .rows = "D5246-7.4.3-6 D5246-7.4.3-7",
     .suits = suite_is_ecdhe,
     .play = offer_unknown_pairs,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = sign_with_own_pairs,
     .shows = "ServerHello"},
    {.id = "P-SIG-10.md5",
     .rows = "D5246-7.4.3-6 D5246-7.4.3-7",
     .suits = suite_is_ecdhe,
     .play = offer_md5_only,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = sign_with_own_pairs,
     .shows = "ServerHello"},
    {.id = "P-SIG-10.other",
     .rows = "D5246-7.4.3-6 D5246-7.4.3-7",
     .suits = suite_is_ecdhe,
     .play = offer_other_kind,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = sign_with_own_pairs,
     .shows = "ServerHello"},
    {.id = "P-SIG-11",
     .rows = "D8446-9.3-2",
     .suits = suite_is_ecdhe,
     .play = offer_many_pairs,
     .strict = "data",
     .wrong = take_few_pairs,
     .shows = "alert 47"},
    {.id = "P-SIG-12",
     .rows = "D5246-7.4.1.4.1-3 D9325-4.5-4",
     .suits = suite_is_ecdhe,
     .play = offer_no_pairs,
     .strict = "data | alert 40",
     .wrong = assume_sha256,
     .shows = "pair 0*"},
    {.id = "P-SIG-13",
     .rows = "D8446-4.2.3-1",
     .suits = suite_is_ecdhe,
     .play = offer_pairs_of_chains,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = know_one_list_of_pairs,
     .shows = "alert 50"},
    {.id = "P-SIG-13.odd",
     .rows = "D8446-4.2.3-95",
     .suits = suite_is_ecdhe,
     .play = offer_odd_pairs_of_chains,
     .strict = "alert 50 | data",
     .tolerated = "alert 47 | alert 40",
     .wrong = die_of_bad_pairs,
     .shows = "dead"},
    {.id = "P-SIG-13.empty",
     .rows = "D8446-4.2.3-95",
     .suits = suite_is_ecdhe,
     .play = offer_no_pairs_of_chains,
     .strict = "alert 50 | data",
     .tolerated = "alert 47 | alert 40",
     .wrong = die_of_bad_pairs,
     .shows = "dead"},
    {.id = "P-SIG-13.answer",
     .rows = "D8446-4.2.3-96",
     .suits = suite_is_ecdhe,
     .play = look_for_pairs_of_chains,
     .strict = "data | alert 40",
     .wrong = answer_pairs_of_chains,
     .shows = "signature_algorithms_cert in ServerHello"},
    {.id = "P-SIG-14",
     .rows = "D5246-7.4.1.4.1-5",
     .suits = suite_is_ecdhe,
     .play = look_for_pairs,
     .strict = "data",
     .wrong = echo_pairs,
     .shows = "signature_algorithms in ServerHello"},
    {.id = "P-SKE-2",
     .rows = "D5246-7.4.3-9",
     .suits = suite_signs_ec,
     .play = sign_stale,
     .strict = "alert 51",
     .wrong = believe_ecdsa,
     .shows = "ClientKeyExchange"},
    {.id = "P-SKE-3.none",
     .rows = "D5246-7.4.3-5 D5246-7.4.1.2-12",
     .suits = suite_is_ecdhe,
     .play = cut_signature,
     .strict = "alert 50 | alert 47 | alert 51",
     .wrong = need_no_signature,
     .shows = "ClientKeyExchange"},
    {.id = "P-SKE-3.empty",
     .rows = "D5246-7.4.3-5 D5246-7.4.1.2-12",
     .suits = suite_is_ecdhe,
     .play = empty_signature,
     .strict = "alert 50 | alert 47 | alert 51",
     .wrong = need_no_signature,
     .shows = "ClientKeyExchange"},
    {.id = "P-SKE-3.anonymous",
     .rows = "D5246-7.4.3-5 D5246-7.4.1.2-12",
     .suits = suite_is_ecdhe,
     .play = anonymous_signature,
     .strict = "alert 50 | alert 47 | alert 51",
     .wrong = need_no_signature,
     .shows = "ClientKeyExchange"},
    {.id = "P-SKE-4",
     .rows = "D5246-7.4.3-3",
     .suits = suite_is_rsa,
     .play = say_key_exchange_of_rsa,
     .strict = "alert 10",
     .wrong = ignore_key_exchange,
     .shows = "ClientKeyExchange"},
    {.id = "P-SKE-5",
     .rows = "D8422-5.4-1 D8422-5.4-3 D5246-7.4.3-1 D8422-2.1-2",
     .suits = suite_is_ecdhe,
     .matters = CHECK_EACH_KX | CHECK_EACH_KEY,
     .is_honest = true,
     .play = read_signature,
     .strict = "data",
     .wrong = sign_wrongly,
     .shows = "refused 51*"},
    {.id = "P-SKE-6",
     .rows = "D5246-7.4.3-2",
     .suits = suite_is_rsa,
     .play = look_for_key_exchange,
     .strict = "data",
     .wrong = send_key_exchange,
     .shows = "ServerKeyExchange"},
    {.id = "P-CAU-7",
     .rows = "D5246-7.4.8-5",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = use_unlisted_pair,
     .strict = "alert 47",
     .tolerated = "alert 40 | alert 51",
     .wrong = take_old_pairs,
     .shows = "data"},
    {.id = "P-CAU-8.bit",
     .rows = "D5246-7.4.8-6",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_with_other_bit,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.short",
     .rows = "D5246-7.4.8-6 D5246-7.4.1.2-12",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_too_short,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.long",
     .rows = "D5246-7.4.8-6 D5246-7.4.1.2-12",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_with_trailing_byte,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.empty",
     .rows = "D5246-7.4.8-6 D5246-7.4.1.2-12",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_with_nothing,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.key",
     .rows = "D5246-7.4.8-6",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_with_other_key,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.transcript",
     .rows = "D5246-7.4.8-6",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_other_transcript,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.headers",
     .rows = "D5246-7.4.8-6",
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = sign_as_tls,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-8.old",
     .rows = "D5246-7.4.8-6 D5246-4.7-1",
     .suits = suite_signs_rsa,
     .mutual = true,
     .play = sign_without_info,
     .strict = "alert 51",
     .tolerated = "alert 50 | alert 47",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CAU-9.no_salt",
     .rows = "D8446-4.2.3-90",
     .suits = suite_signs_rsa,
     .mutual = true,
     .play = sign_without_salt,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_pss,
     .shows = "data"},
    {.id = "P-CAU-9.salt",
     .rows = "D8446-4.2.3-90",
     .suits = suite_signs_rsa,
     .mutual = true,
     .play = sign_with_longer_salt,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_pss,
     .shows = "data"},
    {.id = "P-CAU-9.mask",
     .rows = "D8446-4.2.3-92",
     .suits = suite_signs_rsa,
     .mutual = true,
     .play = sign_with_sha1_mask,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_pss,
     .shows = "data"},
    {.id = "P-CAU-9.r_0",
     .rows = "D8422-5.4-3",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = sign_with_r_0,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_ecdsa,
     .shows = "data"},
    {.id = "P-CAU-9.s_0",
     .rows = "D8422-5.4-3",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = sign_with_s_0,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_ecdsa,
     .shows = "data"},
    {.id = "P-CAU-9.negative",
     .rows = "D8422-5.4-3",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = sign_with_negative,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_ecdsa,
     .shows = "data"},
    {.id = "P-CAU-9.set",
     .rows = "D8422-5.4-3",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = sign_with_set,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_ecdsa,
     .shows = "data"},
    {.id = "P-CAU-9.padded_r",
     .rows = "D8422-5.4-3",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = sign_with_padded_r,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = believe_ecdsa,
     .shows = "data"},
};

CHECK_FILE(signature)
