/* SPDX-License-Identifier: MIT */
/* What a voice says (learn/voice.h). */
#include "learn/voice.h"

#include "base/secret.h"
#include "flight/fragment.h"
#include "kit/kit.h"

#define COOKIE_LEN 16  /* bytes of a server's cookie */
#define HELLO_MAX 1024 /* bytes of a ClientHello */
#define ECDSA_SHA256 0x0403
#define RSA_SHA256 0x0401
#define EXT_SESSION_TICKET 35
#define OTHER_SUITE 0x00a9 /* PSK_WITH_AES_256_GCM_SHA384 */
#define ANOTHER_SUITE 0xc02c
#define FAR 20 /* numbers: a future that no target keeps messages of */
#define TICKET_LIFETIME 3600 /* seconds */

/* ---- records ---- */

bool voice_seals(struct voice *v, struct dtls_buf *out,
                 const struct dtls_record *record)
{
    const bool has_keys = record->epoch != 0 && record->epoch < VOICE_EPOCHS &&
                          record->epoch <= v->write_epoch;

    return has_keys &&
           dtls_protect_seal(&v->crypto, &v->write[record->epoch], out,
                             record->type, record->version, record->epoch,
                             record->seq,
                             dtls_span_bytes(record->body)) == DTLS_OK;
}

static void say_record(struct voice *v, uint16_t epoch, uint8_t type,
                       struct dtls_bytes content)
{
    if (v->unsealed) {
        assert_true(dtls_record_put_header(&v->out, type, DTLS_VERSION_1_2,
                                           epoch, v->record_seq[epoch]++,
                                           content.len) &&
                    dtls_put_bytes(&v->out, content));
        return;
    }
    assert_int_equal(dtls_protect_seal(&v->crypto, &v->write[epoch], &v->out,
                                       type, DTLS_VERSION_1_2, epoch,
                                       v->record_seq[epoch]++, content),
                     DTLS_OK);
}

static void say_at(struct voice *v, uint16_t epoch, uint8_t type, uint16_t seq,
                   struct dtls_bytes body)
{
    static uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + VOICE_BODY_MAX];
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    const struct dtls_fragment whole = {.type = type,
                                        .message_len = (uint32_t)body.len,
                                        .seq = seq,
                                        .body = body};

    assert_true(dtls_fragment_put_header(&content, &whole) &&
                dtls_put_bytes(&content, body));
    say_record(v, epoch, DTLS_HANDSHAKE, dtls_buf_bytes(&content));
}

/* Says the next message of the handshake.  What a client says before the
 * server's hello, other than its own hello, belongs to no handshake. */
static void say(struct voice *v, uint8_t type, struct dtls_bytes body)
{
    const uint16_t seq = v->next_seq;

    if (v->setup->role == DTLS_CLIENT && !v->has_hello &&
        type != DTLS_CLIENT_HELLO) {
        say_at(v, v->write_epoch, type, seq, body);
        return;
    }
    v->next_seq++;
    if (voice_hashes(type)) {
        dtls_transcript_add(&v->transcript, type, seq, &body, 1);
    }
    say_at(v, v->write_epoch, type, seq, body);
}

/* ---- hellos ---- */

static const struct dtls_suite *suite_of_kx(const struct voice *v, size_t *at)
{
    const struct dtls_suite *suite;

    while ((suite = dtls_suite_at((*at)++)) != NULL) {
        if (suite->kx == v->setup->suite->kx && suite->mac == DTLS_HASH_NONE) {
            return suite;
        }
    }
    return NULL;
}

/* The suites of the key exchange with authenticated encryption. */
static bool put_suites(const struct voice *v, struct dtls_buf *out,
                       bool one_more)
{
    const struct dtls_suite *suite;
    size_t at = 0;

    while ((suite = suite_of_kx(v, &at)) != NULL) {
        if (!dtls_put_u16(out, suite->id)) {
            return false;
        }
    }
    return !one_more || dtls_put_u16(out, 0x0a0a); /* RFC 8701: no suite */
}

static void extend(struct dtls_extensions *ext, enum dtls_extension which,
                   struct dtls_bytes data)
{
    ext->present[which] = true;
    ext->data[which] = data;
}

static bool put_extensions(const struct voice *v, struct dtls_buf *out,
                           bool has_info)
{
    static const uint8_t groups[] = {0, DTLS_GROUP_SECP256R1,
                                     0, DTLS_GROUP_X25519,
                                     0, DTLS_GROUP_SECP384R1};
    static const uint8_t pairs[] = {4, 3, 5, 3, 4, 1, 5, 1, 8, 4};
    struct dtls_extensions ext = {0};

    extend(&ext, DTLS_EXT_EXTENDED_MASTER_SECRET, (struct dtls_bytes){0});
    if (has_info) {
        extend(&ext, DTLS_EXT_RENEGOTIATION_INFO,
               dtls_bytes_of(v->bond, v->write_epoch != 0 && v->has_bond
                                          ? DTLS_VERIFY_DATA_LEN
                                          : 0));
    }
    if (dtls_suite_has_curve(v->setup->suite)) {
        extend(&ext, DTLS_EXT_SUPPORTED_GROUPS,
               dtls_bytes_of(groups, sizeof groups));
        extend(&ext, DTLS_EXT_EC_POINT_FORMATS, dtls_bytes_of("", 1));
    }
    if (dtls_suite_has_certificate(v->setup->suite)) {
        extend(&ext, DTLS_EXT_SIGNATURE_ALGORITHMS,
               dtls_bytes_of(pairs, sizeof pairs));
    }
    return dtls_extensions_put(out, &ext, false);
}

static struct dtls_bytes cookie_of(const struct voice *v, enum voice_hello odd)
{
    static const uint8_t foreign[32] = "a cookie that no server gave out";

    switch (odd) {
    case VOICE_NO_COOKIE:
        return (struct dtls_bytes){0};
    case VOICE_FOREIGN_COOKIE:
        return dtls_bytes_of(foreign, sizeof foreign);
    case VOICE_RIGHT_COOKIE:
    case VOICE_OTHER_RANDOM:
    case VOICE_OTHER_SUITES:
    case VOICE_NO_INFO:
        break;
    }
    return dtls_bytes_of(v->cookie, v->cookie_len);
}

static void put_client_hello(const struct voice *v, struct dtls_buf *body,
                             enum voice_hello odd)
{
    uint8_t list[64];
    struct dtls_buf suites = {list, 0, sizeof list};
    struct dtls_client_hello hello = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(v->client_random, DTLS_RANDOM_LEN),
        .cookie = cookie_of(v, odd),
        .compression = dtls_bytes_of("", 1)};

    assert_true(put_suites(v, &suites, odd == VOICE_OTHER_SUITES));
    hello.suites = dtls_buf_bytes(&suites);
    assert_true(dtls_client_hello_put(body, &hello) &&
                put_extensions(v, body, odd != VOICE_NO_INFO));
}

/* A hello behind a complete handshake begins the next one.  Before the
 * server's hello, it has the number of an honest one. */
void voice_say_client_hello(struct voice *v, enum voice_hello odd)
{
    uint8_t bytes[HELLO_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    if (voice_is_done(v)) {
        voice_begins(v);
    }
    if (odd == VOICE_OTHER_RANDOM) {
        assert_int_equal(v->crypto.random(v->crypto.self, v->client_random,
                                          DTLS_RANDOM_LEN),
                         DTLS_OK);
    }
    put_client_hello(v, &body, odd);
    assert_int_equal(dtls_transcript_start(&v->transcript, &v->crypto, 0),
                     DTLS_OK);
    if (!v->has_hello) {
        v->next_seq = v->write_epoch == 0 && cookie_of(v, odd).len != 0;
    }
    say(v, DTLS_CLIENT_HELLO, dtls_buf_bytes(&body));
}

void voice_try_hello_skipped(struct voice *v)
{
    uint8_t bytes[HELLO_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    put_client_hello(v, &body, VOICE_NO_COOKIE);
    say_at(v, v->write_epoch, DTLS_CLIENT_HELLO, FAR, dtls_buf_bytes(&body));
}

/* The record numbers of epoch 0 go on: the target may have seen them. */
void voice_say_new_hello(struct voice *v)
{
    struct voice *before = malloc(sizeof *before);

    assert_non_null(before);
    *before = *v;
    v->before = before;
    v->share = (struct dtls_share){0};
    v->write_epoch = 0;
    v->read_epoch = 0;
    v->cookie_len = 0;
    v->num_seen = 0;
    voice_begins(v);
    voice_say_client_hello(v, VOICE_NO_COOKIE);
}

void voice_say_hello_verify(struct voice *v)
{
    uint8_t cookie[COOKIE_LEN];
    uint8_t bytes[64];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    const struct dtls_hello_verify m = {.version = DTLS_VERSION_1_0,
                                        .cookie =
                                            dtls_bytes_of(cookie, COOKIE_LEN)};

    memset(cookie, 0x5a + (int)v->num_cookies++, sizeof cookie);
    assert_true(dtls_hello_verify_put(&body, &m));
    say(v, DTLS_HELLO_VERIFY_REQUEST, dtls_buf_bytes(&body));
}

/* A client has no right to this message: it goes on as if it had not been
 * said. */
void voice_say_hello_request(struct voice *v)
{
    if (v->setup->role == DTLS_CLIENT) {
        say_at(v, v->write_epoch, DTLS_HELLO_REQUEST, v->next_seq,
               (struct dtls_bytes){0});
        return;
    }
    if (voice_is_done(v)) {
        voice_begins(v);
        v->asked = true;
    }
    say(v, DTLS_HELLO_REQUEST, (struct dtls_bytes){0});
}

static bool put_server_extensions(const struct voice *v, struct dtls_buf *out,
                                  bool ticket)
{
    struct dtls_extensions ext = {0};
    size_t mark = out->len;
    size_t len;
    bool ok;

    if (v->ems) {
        extend(&ext, DTLS_EXT_EXTENDED_MASTER_SECRET, (struct dtls_bytes){0});
    }
    if (v->signals) {
        extend(&ext, DTLS_EXT_RENEGOTIATION_INFO,
               dtls_bytes_of(v->bond, v->write_epoch != 0 && v->has_bond
                                          ? sizeof v->bond
                                          : 0));
    }
    ok = dtls_extensions_put(out, &ext, true);
    if (!ok || !ticket) {
        return ok;
    }
    if (out->len == mark && !dtls_put_u16(out, 0)) {
        return false;
    }
    ok = dtls_put_u16(out, EXT_SESSION_TICKET) && dtls_put_u16(out, 0);
    len = out->len - mark - 2;
    out->data[mark] = (uint8_t)(len >> 8);
    out->data[mark + 1] = (uint8_t)len;
    return ok;
}

void voice_say_server_hello(struct voice *v, bool other, bool ticket)
{
    static const uint8_t session_id[] = "a session that was never before";
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_server_hello hello = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(v->server_random, DTLS_RANDOM_LEN),
        .session_id = dtls_bytes_of(session_id, sizeof session_id),
        .suite = v->suite->id};

    if (other) {
        hello.suite =
            v->suite->id == OTHER_SUITE ? ANOTHER_SUITE : OTHER_SUITE;
    }
    assert_true(dtls_server_hello_put(&body, &hello) &&
                put_server_extensions(v, &body, ticket));
    say(v, DTLS_SERVER_HELLO, dtls_buf_bytes(&body));
}

/* ---- certificates ---- */

static bool put_certificate(struct dtls_buf *out,
                            const struct sim_identity *id)
{
    const uint32_t len = id == NULL ? 0 : (uint32_t)id->cert_der.len;

    return dtls_put_u24(out, len == 0 ? 0 : len + 3) &&
           (len == 0 ||
            (dtls_put_u24(out, len) &&
             dtls_put_bytes(out, dtls_bytes_of(id->cert_der.bytes, len))));
}

void voice_say_certificate(struct voice *v, const struct sim_identity *own)
{
    static uint8_t bytes[SIM_DER_MAX + 6];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    assert_true(put_certificate(&body, own));
    say(v, DTLS_CERTIFICATE, dtls_buf_bytes(&body));
}

/* Without a key, the signature is empty. */
static void sign(struct voice *v, struct dtls_buf *out, bool over_transcript,
                 struct dtls_bytes params)
{
    const struct sim_identity *own = v->setup->own;
    const bool is_ec = own != NULL && own->credential.key.type == DTLS_KEY_EC;
    const struct dtls_sigalg *alg =
        dtls_sigalg_find(is_ec ? ECDSA_SHA256 : RSA_SHA256);
    const struct dtls_bytes parts[] = {
        dtls_bytes_of(v->client_random, DTLS_RANDOM_LEN),
        dtls_bytes_of(v->server_random, DTLS_RANDOM_LEN), params};
    uint8_t digest[DTLS_HASH_MAX];
    uint8_t signature[DTLS_SIGNATURE_MAX];
    struct dtls_signed m = {.sigalg = alg->id};
    size_t len = sizeof signature;
    struct dtls_bytes input = {digest, dtls_hash_len(alg->hash)};

    if (over_transcript) {
        input = dtls_transcript_input(&v->transcript, alg, digest);
    } else {
        assert_int_equal(
            v->crypto.digest(v->crypto.self, digest, alg->hash, parts, 3),
            DTLS_OK);
    }
    if (own != NULL) {
        assert_int_equal(v->crypto.sign(v->crypto.self, &own->credential.key,
                                        alg, signature, &len, input),
                         DTLS_OK);
        m.signature = dtls_bytes_of(signature, len);
    }
    assert_true(dtls_signed_put(out, &m));
}

void voice_say_certificate_verify(struct voice *v)
{
    uint8_t bytes[DTLS_SIGNATURE_MAX + 4];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    sign(v, &body, true, (struct dtls_bytes){0});
    say(v, DTLS_CERTIFICATE_VERIFY, dtls_buf_bytes(&body));
}

void voice_say_certificate_request(struct voice *v, bool other)
{
    static const uint8_t types[] = {DTLS_TYPE_ECDSA_SIGN, DTLS_TYPE_RSA_SIGN};
    static const uint8_t pairs[] = {4, 3, 4, 1};
    const struct sim_identity *own = v->setup->own;
    const bool is_ec = own == NULL || own->credential.key.type == DTLS_KEY_EC;
    const size_t first = other && is_ec ? 1 : 0;
    const size_t num = other ? 1 : 2;
    uint8_t bytes[32];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    assert_true(
        dtls_put_vec8(&body, dtls_bytes_of(&types[first], num)) &&
        dtls_put_vec16(&body, dtls_bytes_of(&pairs[2 * first], 2 * num)) &&
        dtls_put_u16(&body, 0));
    say(v, DTLS_CERTIFICATE_REQUEST, dtls_buf_bytes(&body));
}

/* ---- key exchange ---- */

/* ECDHE's parameters are signed, those of ECDHE_PSK have a hint before them,
 * and plain PSK has the hint alone. */
void voice_say_server_key_exchange(struct voice *v)
{
    uint8_t point[DTLS_POINT_MAX];
    uint8_t bytes[DTLS_POINT_MAX + DTLS_SIGNATURE_MAX + 16];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    const bool is_psk = dtls_suite_is_psk(v->suite);
    size_t from;

    if (is_psk) {
        assert_true(dtls_put_u16(&body, 0));
    }
    from = body.len;
    if (v->suite->kx != DTLS_KX_PSK) {
        voice_make_share(v, point);
        assert_true(dtls_ske_ecdhe_put_params(
            &body, v->group,
            dtls_bytes_of(point, dtls_group_point_len(v->group))));
    }
    if (!is_psk) {
        sign(v, &body, false, dtls_bytes_of(&bytes[from], body.len - from));
    }
    say(v, DTLS_SERVER_KEY_EXCHANGE, dtls_buf_bytes(&body));
}

void voice_say_ticket(struct voice *v)
{
    uint8_t bytes[32];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    assert_true(dtls_put_u32(&body, TICKET_LIFETIME) &&
                dtls_put_vec16(&body, dtls_bytes_of("ticket", 6)));
    say(v, DTLS_NEW_SESSION_TICKET, dtls_buf_bytes(&body));
}

void voice_say_server_hello_done(struct voice *v)
{
    say(v, DTLS_SERVER_HELLO_DONE, (struct dtls_bytes){0});
}

/* The premaster of an RSA key exchange: without the server's key, what is
 * sealed is nothing. */
static void seal_premaster(struct voice *v, struct dtls_buf *body,
                           uint8_t premaster[DTLS_MASTER_LEN])
{
    uint8_t sealed[DTLS_SIGNATURE_MAX];
    size_t len = sizeof sealed;

    assert_int_equal(
        v->crypto.random(v->crypto.self, premaster, DTLS_MASTER_LEN), DTLS_OK);
    premaster[0] = DTLS_VERSION_1_2 >> 8;
    premaster[1] = DTLS_VERSION_1_2 & 0xff;
    if (v->leaf_key.type != DTLS_KEY_RSA ||
        v->crypto.premaster_seal(v->crypto.self, &v->leaf_key, sealed, &len,
                                 premaster) != DTLS_OK) {
        len = 0;
    }
    assert_true(dtls_cke_put(body, DTLS_KX_RSA, dtls_bytes_of(sealed, len)));
}

static void put_client_key_exchange(struct voice *v, struct dtls_buf *body)
{
    const enum dtls_kx kx = v->suite->kx;
    uint8_t bytes[DTLS_POINT_MAX];
    struct dtls_bytes point = {0};
    bool ok;

    if (dtls_suite_is_ecdhe(v->suite)) {
        voice_make_share(v, bytes);
        point = dtls_bytes_of(bytes, dtls_group_point_len(v->group));
    }
    if (kx == DTLS_KX_ECDHE_PSK) {
        ok = dtls_cke_ecdhe_psk_put(body, v->setup->psk_identity, point);
    } else {
        ok = dtls_cke_put(body, kx,
                          kx == DTLS_KX_PSK ? v->setup->psk_identity : point);
    }
    assert_true(ok);
}

/* RFC 7627: the message is part of the session hash. */
void voice_say_client_key_exchange(struct voice *v)
{
    uint8_t bytes[VOICE_BODY_MAX];
    uint8_t premaster[DTLS_MASTER_LEN];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    if (v->suite->kx == DTLS_KX_RSA) {
        seal_premaster(v, &body, premaster);
        say(v, DTLS_CLIENT_KEY_EXCHANGE, dtls_buf_bytes(&body));
        voice_derive(v, dtls_bytes_of(premaster, sizeof premaster));
        dtls_wipe(premaster, sizeof premaster);
        return;
    }
    put_client_key_exchange(v, &body);
    say(v, DTLS_CLIENT_KEY_EXCHANGE, dtls_buf_bytes(&body));
    voice_agree(v);
}

/* ---- the end of the handshake ---- */

static void say_ccs_in(struct voice *v, uint16_t epoch)
{
    say_record(v, epoch, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of("\1", 1));
}

/* Behind the handshake's own one it is a late copy, in the epoch of that. */
void voice_try_ccs_early(struct voice *v)
{
    say_ccs_in(v, v->first_epoch);
}

/* A word that would need more epochs stays in the last one. */
void voice_say_ccs(struct voice *v)
{
    say_ccs_in(v, v->write_epoch);
    if (v->write_epoch + 1 < VOICE_EPOCHS) {
        struct dtls_protection *next = &v->write[++v->write_epoch];

        v->crypto.cipher_free(v->crypto.self, &next->cipher);
        voice_key(v, next, true);
        v->record_seq[v->write_epoch] = 0;
    }
}

void voice_say_finished(struct voice *v)
{
    voice_verify_data(v, v->setup->role, v->own_verify_data);
    memcpy(v->finished, v->own_verify_data, sizeof v->finished);
    v->finished_seq = v->next_seq;
    say(v, DTLS_FINISHED,
        dtls_bytes_of(v->own_verify_data, DTLS_VERIFY_DATA_LEN));
    v->said_finished = v->has_hello && v->write_epoch > v->first_epoch;
    voice_note_bond(v);
}

static void try_finished(struct voice *v, uint16_t epoch, uint16_t seq)
{
    uint8_t verify_data[DTLS_VERIFY_DATA_LEN];

    voice_verify_data(v, v->setup->role, verify_data);
    say_at(v, epoch, DTLS_FINISHED, seq,
           dtls_bytes_of(verify_data, sizeof verify_data));
}

void voice_try_finished_clear(struct voice *v)
{
    try_finished(v, 0, v->next_seq);
}

void voice_try_finished_skipped(struct voice *v)
{
    try_finished(v, v->write_epoch, (uint16_t)(v->next_seq + FAR));
}

void voice_say_finished_again(struct voice *v)
{
    say_at(v, v->write_epoch, DTLS_FINISHED, v->finished_seq,
           dtls_bytes_of(v->finished, sizeof v->finished));
}

void voice_say_data(struct voice *v, bool in_the_clear)
{
    say_record(v, in_the_clear ? 0 : v->write_epoch, DTLS_APPLICATION_DATA,
               dtls_bytes_of("learn", 5));
}

void voice_say_alert(struct voice *v, uint8_t level, uint8_t description)
{
    const uint8_t alert[2] = {level, description};

    say_record(v, v->write_epoch, DTLS_ALERT,
               dtls_bytes_of(alert, sizeof alert));
}
