/* SPDX-License-Identifier: MIT */
/* A voice's keys, and what it hears (learn/voice.h). */
#include "learn/voice.h"

#include "base/secret.h"
#include "flight/fragment.h"
#include "kit/kit.h"
#include "learn/spelling.h"

#define KEY_BLOCK_MAX (2 * (DTLS_MAC_MAX + DTLS_KEY_MAX + DTLS_NONCE_LEN))
#define FINISHED_LABEL(role)                                                  \
    ((role) == DTLS_CLIENT ? "client finished" : "server finished")

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    struct voice *v = self;

    kit_fill(&v->random, out, len);
    return DTLS_OK;
}

static void must(enum dtls_status status)
{
    assert_int_equal(status, DTLS_OK);
}

void voice_init(struct voice *v, const struct voice_setup *setup)
{
    memset(v, 0, sizeof *v);
    v->setup = setup;
    v->random = setup->seed * 2 + 1;
    v->crypto = dtls_libcrypto;
    v->crypto.self = v;
    v->crypto.random = random_bytes;
    v->out = (struct dtls_buf){v->out_bytes, 0, sizeof v->out_bytes};
    voice_begins(v);
}

static void free_share(struct voice *v)
{
    v->crypto.share_free(v->crypto.self, &v->share);
}

void voice_free(struct voice *v)
{
    for (size_t i = 0; i < VOICE_EPOCHS; i++) {
        v->crypto.cipher_free(v->crypto.self, &v->write[i].cipher);
    }
    for (size_t i = 0; i < v->num_keys; i++) {
        v->crypto.cipher_free(v->crypto.self, &v->keys[i].protection.cipher);
    }
    free_share(v);
    dtls_wipe(v, sizeof *v);
}

/* What a new hello has left behind counts again, unless the target wants to
 * hear more of the new association. */
void voice_settle(struct voice *v)
{
    struct voice *before = v->before;
    const uint64_t seq = v->record_seq[0];

    if (before == NULL) {
        return;
    }
    v->before = NULL;
    free_share(v->has_hello || v->cookie_len != 0 ? before : v);
    if (!v->has_hello && v->cookie_len == 0) {
        before->heard_fatal = v->heard_fatal;
        *v = *before;
        v->record_seq[0] = seq;
    }
    dtls_wipe(before, sizeof *before);
    free(before);
}

/* ---- the handshake's secrets ---- */

bool voice_is_done(const struct voice *v)
{
    return v->said_finished && v->heard_finished;
}

static struct dtls_bytes random_of(const uint8_t random[DTLS_RANDOM_LEN])
{
    return dtls_bytes_of(random, DTLS_RANDOM_LEN);
}

/* RFC 5746: what the next handshake is bound to. */
void voice_note_bond(struct voice *v)
{
    const bool is_client = v->setup->role == DTLS_CLIENT;

    if (voice_is_done(v)) {
        memcpy(v->bond, is_client ? v->own_verify_data : v->its_verify_data,
               DTLS_VERIFY_DATA_LEN);
        memcpy(v->bond + DTLS_VERIFY_DATA_LEN,
               is_client ? v->its_verify_data : v->own_verify_data,
               DTLS_VERIFY_DATA_LEN);
        v->has_bond = true;
    }
}

void voice_begins(struct voice *v)
{
    uint8_t *own =
        v->setup->role == DTLS_CLIENT ? v->client_random : v->server_random;

    must(v->crypto.random(v->crypto.self, own, DTLS_RANDOM_LEN));
    must(dtls_transcript_start(&v->transcript, &v->crypto, 0));
    free_share(v);
    v->next_seq = 0;
    v->first_epoch = v->write_epoch;
    v->suite = v->setup->suite;
    v->has_hello = v->has_master = false;
    v->said_finished = v->heard_finished = false;
    v->ems = v->signals = v->asked = false;
    v->group = 0;
    v->point_len = 0;
}

static void log_secret(const struct voice *v)
{
    FILE *out = v->setup->keylog;

    if (out == NULL) {
        return;
    }
    (void)fprintf(out, "CLIENT_RANDOM ");
    for (size_t i = 0; i < DTLS_RANDOM_LEN; i++) {
        (void)fprintf(out, "%02x", v->client_random[i]);
    }
    (void)putc(' ', out);
    for (size_t i = 0; i < DTLS_MASTER_LEN; i++) {
        (void)fprintf(out, "%02x", v->master[i]);
    }
    (void)putc('\n', out);
}

void voice_derive(struct voice *v, struct dtls_bytes premaster)
{
    const struct dtls_crypto *c = &v->crypto;
    uint8_t digest[DTLS_HASH_MAX];

    if (v->ems) {
        must(c->prf(
            c->self, v->master, DTLS_MASTER_LEN, v->suite->prf, premaster,
            "extended master secret",
            dtls_transcript_digest(&v->transcript, v->suite->prf, digest),
            (struct dtls_bytes){0}));
    } else {
        must(c->prf(c->self, v->master, DTLS_MASTER_LEN, v->suite->prf,
                    premaster, "master secret", random_of(v->client_random),
                    random_of(v->server_random)));
    }
    v->has_master = true;
    log_secret(v);
}

void voice_verify_data(struct voice *v, enum dtls_role sender,
                       uint8_t out[DTLS_VERIFY_DATA_LEN])
{
    uint8_t digest[DTLS_HASH_MAX];

    if (!v->has_master) {
        voice_derive(v, (struct dtls_bytes){0});
    }
    must(v->crypto.prf(
        v->crypto.self, out, DTLS_VERIFY_DATA_LEN, v->suite->prf,
        dtls_bytes_of(v->master, DTLS_MASTER_LEN), FINISHED_LABEL(sender),
        dtls_transcript_digest(&v->transcript, v->suite->prf, digest),
        (struct dtls_bytes){0}));
}

/* RFC 5246, 6.3: the block has each part of the client before the server's. */
static struct dtls_bytes part_of(const uint8_t **block, size_t len,
                                 bool is_client)
{
    struct dtls_bytes part =
        dtls_bytes_of(*block + (is_client ? 0 : len), len);

    *block += 2 * len;
    return part;
}

void voice_key(struct voice *v, struct dtls_protection *protection,
               bool is_own)
{
    const struct dtls_suite *suite = v->suite;
    const bool is_client = (v->setup->role == DTLS_CLIENT) == is_own;
    const size_t mac_len = dtls_suite_mac_len(suite);
    uint8_t block[KEY_BLOCK_MAX];
    const uint8_t *next = block;
    struct dtls_cipher_keys keys;

    if (!v->has_master) {
        voice_derive(v, (struct dtls_bytes){0});
    }
    must(v->crypto.prf(v->crypto.self, block,
                       2 * (mac_len + suite->key_len + suite->salt_len),
                       suite->prf, dtls_bytes_of(v->master, DTLS_MASTER_LEN),
                       "key expansion", random_of(v->server_random),
                       random_of(v->client_random)));
    keys.mac = part_of(&next, mac_len, is_client);
    keys.key = part_of(&next, suite->key_len, is_client);
    keys.salt = part_of(&next, suite->salt_len, is_client);
    *protection = (struct dtls_protection){0};
    must(v->crypto.cipher_key(v->crypto.self, &protection->cipher, suite,
                              &keys, is_own));
    dtls_wipe(block, sizeof block);
}

/* ---- key exchange ---- */

void voice_make_share(struct voice *v, uint8_t point[DTLS_POINT_MAX])
{
    free_share(v);
    if (v->group == 0 || dtls_group_point_len(v->group) == 0) {
        v->group = DTLS_GROUP_SECP256R1;
    }
    must(v->crypto.share_make(v->crypto.self, &v->share, v->group, point));
}

/* No share, or one that does not fit: an empty secret. */
static size_t shared_secret(struct voice *v, uint8_t out[DTLS_SHARED_MAX])
{
    size_t len = DTLS_SHARED_MAX;

    if (v->share.context == NULL || v->point_len == 0 ||
        v->crypto.share_agree(v->crypto.self, &v->share, out, &len,
                              dtls_bytes_of(v->point, v->point_len)) !=
            DTLS_OK) {
        return 0;
    }
    return len;
}

void voice_agree(struct voice *v)
{
    uint8_t shared[DTLS_SHARED_MAX];
    uint8_t bytes[DTLS_PREMASTER_MAX];
    struct dtls_buf premaster = {bytes, 0, sizeof bytes};
    const struct dtls_bytes key = v->setup->psk_key;
    struct dtls_bytes secret = {shared, 0};
    bool fits = true;

    if (dtls_suite_is_ecdhe(v->suite)) {
        secret.len = shared_secret(v, shared);
    }
    if (v->suite->kx == DTLS_KX_PSK) {
        fits = dtls_keys_psk_premaster(&premaster, key);
        secret = dtls_buf_bytes(&premaster);
    } else if (v->suite->kx == DTLS_KX_ECDHE_PSK) {
        fits = dtls_keys_shared_psk_premaster(&premaster, secret, key);
        secret = dtls_buf_bytes(&premaster);
    }
    assert_true(fits);
    voice_derive(v, secret);
    dtls_wipe(shared, sizeof shared);
    dtls_wipe(bytes, sizeof bytes);
}

/* ---- what comes ---- */

static void tell(char heard[VOICE_HEARD_MAX], const char *word)
{
    spelling_join(heard, VOICE_HEARD_MAX, word);
}

/* What must be protected is told apart if it is not. */
static void tell_in(char heard[VOICE_HEARD_MAX], const char *word,
                    uint16_t epoch)
{
    char text[64];

    (void)snprintf(text, sizeof text, "%s%s", word,
                   epoch == 0 ? "(clear)" : "");
    tell(heard, text);
}

static void take_client_hello(struct voice *v, struct dtls_bytes body)
{
    struct dtls_client_hello hello;
    struct dtls_extensions ext;

    if (dtls_client_hello_parse(&hello, body) != DTLS_OK ||
        dtls_extensions_parse_client(&ext, hello.extensions) != DTLS_OK) {
        return;
    }
    memcpy(v->client_random, hello.random.data, DTLS_RANDOM_LEN);
    v->has_hello = true;
    v->ems = ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET];
    v->signals = ext.present[DTLS_EXT_RENEGOTIATION_INFO] ||
                 dtls_client_hello_offers(&hello, DTLS_SCSV_RENEGOTIATION);
    for (size_t i = 0; dtls_suite_at(i) != NULL &&
                       !dtls_client_hello_offers(&hello, v->suite->id);
         i++) {
        const struct dtls_suite *one = dtls_suite_at(i);

        if (one->kx == v->setup->suite->kx && one->mac == DTLS_HASH_NONE) {
            v->suite = one;
        }
    }
    if (!dtls_get_u16(&ext.data[DTLS_EXT_SUPPORTED_GROUPS], &v->group)) {
        v->group = 0;
    }
}

static void take_server_hello(struct voice *v, struct dtls_bytes body)
{
    bool all[DTLS_EXT_COUNT];
    struct dtls_server_hello hello;
    struct dtls_extensions ext;

    memset(all, true, sizeof all);
    if (dtls_server_hello_parse(&hello, body) != DTLS_OK ||
        dtls_extensions_parse_server(&ext, all, hello.extensions) != DTLS_OK) {
        return;
    }
    memcpy(v->server_random, hello.random.data, DTLS_RANDOM_LEN);
    v->has_hello = true;
    v->ems = ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET];
    if (dtls_suite_find(hello.suite) != NULL) {
        v->suite = dtls_suite_find(hello.suite);
    }
}

static void take_certificate(struct voice *v, struct dtls_bytes body)
{
    struct dtls_certificate m;
    struct dtls_bytes der;
    struct dtls_cert cert;

    if (dtls_certificate_parse(&m, body) != DTLS_OK ||
        !dtls_certificate_next(&m.list, &der) ||
        der.len > sizeof v->leaf.bytes) {
        return;
    }
    memcpy(v->leaf.bytes, der.data, der.len);
    v->leaf.len = der.len;
    if (dtls_cert_parse(&cert, dtls_bytes_of(v->leaf.bytes, der.len)) ==
        DTLS_OK) {
        v->leaf_key = cert.key;
    }
}

static void take_point(struct voice *v, struct dtls_bytes point)
{
    v->point_len = 0;
    if (point.len <= sizeof v->point) {
        memcpy(v->point, point.data, point.len);
        v->point_len = point.len;
    }
}

static void take_server_key_exchange(struct voice *v, struct dtls_bytes body)
{
    struct dtls_ecdhe_params m;
    const enum dtls_status status = v->suite->kx == DTLS_KX_ECDHE_PSK
                                        ? dtls_ske_ecdhe_psk_parse(&m, body)
                                        : dtls_ske_ecdhe_parse(&m, body);

    if (dtls_suite_is_ecdhe(v->suite) && status == DTLS_OK) {
        v->group = m.group;
        take_point(v, m.point);
    }
}

/* The premaster that the target has sealed to our RSA key. */
static void open_premaster(struct voice *v, struct dtls_bytes field)
{
    uint8_t premaster[DTLS_MASTER_LEN];

    if (v->setup->own != NULL &&
        v->crypto.premaster_open(
            v->crypto.self, &v->setup->own->credential.key, DTLS_VERSION_1_2,
            premaster, field) == DTLS_OK) {
        voice_derive(v, dtls_bytes_of(premaster, sizeof premaster));
    }
    dtls_wipe(premaster, sizeof premaster);
}

static void take_client_key_exchange(struct voice *v, struct dtls_bytes body)
{
    const enum dtls_kx kx = v->suite->kx;
    struct dtls_bytes identity;
    struct dtls_bytes field = {0};
    const enum dtls_status status =
        kx == DTLS_KX_ECDHE_PSK
            ? dtls_cke_ecdhe_psk_parse(&identity, &field, body)
            : dtls_cke_parse(&field, kx, body);

    if (status != DTLS_OK) {
        return;
    }
    if (kx == DTLS_KX_RSA) {
        open_premaster(v, field);
        return;
    }
    if (dtls_suite_is_ecdhe(v->suite)) {
        take_point(v, field);
    }
    voice_agree(v);
}

static void take_finished(struct voice *v, struct dtls_bytes body)
{
    const uint8_t *verify_data;

    if (dtls_finished_parse(&verify_data, body) == DTLS_OK) {
        memcpy(v->its_verify_data, verify_data, DTLS_VERIFY_DATA_LEN);
        v->heard_finished = true;
        voice_note_bond(v);
    }
}

static void take_verify_request(struct voice *v, struct dtls_bytes body)
{
    struct dtls_hello_verify m;

    if (dtls_hello_verify_parse(&m, body) == DTLS_OK) {
        memcpy(v->cookie, m.cookie.data, m.cookie.len);
        v->cookie_len = (uint8_t)m.cookie.len;
    }
}

/* Reads what the voice must know; the transcript has the message by then. */
static void take(struct voice *v, uint8_t type, struct dtls_bytes body)
{
    switch (type) {
    case DTLS_CLIENT_HELLO:
        take_client_hello(v, body);
        break;
    case DTLS_SERVER_HELLO:
        take_server_hello(v, body);
        break;
    case DTLS_HELLO_VERIFY_REQUEST:
        take_verify_request(v, body);
        break;
    case DTLS_CERTIFICATE:
        take_certificate(v, body);
        break;
    case DTLS_SERVER_KEY_EXCHANGE:
        take_server_key_exchange(v, body);
        break;
    case DTLS_CLIENT_KEY_EXCHANGE:
        take_client_key_exchange(v, body);
        break;
    case DTLS_FINISHED:
        take_finished(v, body);
        break;
    default:
        break;
    }
}

bool voice_hashes(uint8_t type)
{
    return type != DTLS_HELLO_REQUEST && type != DTLS_HELLO_VERIFY_REQUEST;
}

/* Has this message come before?  Notes it if not.  A HelloVerifyRequest has
 * the number of the ClientHello that it answers. */
static bool is_repeat(struct voice *v, uint16_t epoch,
                      const struct dtls_fragment *f)
{
    const struct voice_seen m = {epoch, f->seq, f->type};

    if (f->type == DTLS_HELLO_VERIFY_REQUEST) {
        return false;
    }
    for (size_t i = 0; i < v->num_seen; i++) {
        const struct voice_seen *s = &v->seen[i];

        if (s->epoch == m.epoch && s->seq == m.seq && s->type == m.type) {
            return true;
        }
    }
    if (v->num_seen < VOICE_SEEN) {
        v->seen[v->num_seen++] = m;
    }
    return false;
}

/* A client's hello begins a handshake, or begins it again with a cookie. */
static void prepare_for_hello(struct voice *v)
{
    if (voice_is_done(v) && !v->asked) {
        voice_begins(v);
    }
    v->asked = false;
    must(dtls_transcript_start(&v->transcript, &v->crypto, 0));
}

static void hear_message(struct voice *v, char heard[VOICE_HEARD_MAX],
                         uint16_t epoch, const struct dtls_fragment *f)
{
    if (is_repeat(v, epoch, f)) {
        tell(heard, "repeat");
        return;
    }
    if (f->type == DTLS_CLIENT_HELLO) {
        prepare_for_hello(v);
    }
    if (voice_hashes(f->type)) {
        dtls_transcript_add(&v->transcript, f->type, f->seq, &f->body, 1);
    }
    take(v, f->type, f->body);
    if (f->type == DTLS_FINISHED) {
        tell_in(heard, "Finished", epoch);
    } else if (f->type == DTLS_CERTIFICATE && f->body.len <= 3) {
        tell(heard, "Certificate(empty)");
    } else {
        tell(heard, spelling_message(f->type));
    }
}

/* Puts fragments together that come in order. */
static void hear_fragment(struct voice *v, char heard[VOICE_HEARD_MAX],
                          uint16_t epoch, const struct dtls_fragment *f)
{
    struct dtls_fragment whole = *f;

    if (dtls_fragment_is_whole(f)) {
        hear_message(v, heard, epoch, f);
        return;
    }
    if (f->offset == 0) {
        v->part = *f;
        v->part_len = 0;
    }
    if (f->seq != v->part.seq || f->type != v->part.type ||
        f->offset != v->part_len ||
        f->body.len > sizeof v->partial - v->part_len) {
        return;
    }
    memcpy(v->partial + v->part_len, f->body.data, f->body.len);
    v->part_len += f->body.len;
    if (v->part_len == f->message_len) {
        whole.offset = 0;
        whole.body = dtls_bytes_of(v->partial, v->part_len);
        hear_message(v, heard, epoch, &whole);
    }
}

static void hear_handshake(struct voice *v, char heard[VOICE_HEARD_MAX],
                           uint16_t epoch, struct dtls_bytes payload)
{
    struct dtls_fragment f;

    while (payload.len != 0) {
        if (dtls_fragment_next(&payload, &f) != DTLS_OK) {
            tell(heard, "garbage");
            return;
        }
        hear_fragment(v, heard, epoch, &f);
    }
}

/* A ChangeCipherSpec behind which nothing new came is a repeated one. */
static void hear_ccs(struct voice *v, char heard[VOICE_HEARD_MAX],
                     uint16_t epoch)
{
    if (epoch != v->read_epoch || v->num_keys == VOICE_KEYS) {
        tell(heard, "repeat");
        return;
    }
    v->read_epoch++;
    v->keys[v->num_keys].epoch = v->read_epoch;
    voice_key(v, &v->keys[v->num_keys].protection, false);
    v->num_keys++;
    tell(heard, "ChangeCipherSpec");
}

static void hear_alert(struct voice *v, char heard[VOICE_HEARD_MAX],
                       struct dtls_bytes body)
{
    char text[64];

    if (body.len != 2) {
        tell(heard, "garbage");
        return;
    }
    v->heard_fatal = v->heard_fatal || body.data[0] == 2;
    spelling_alert(text, sizeof text, body.data[0], body.data[1]);
    tell(heard, text);
}

static void hear_record(struct voice *v, char heard[VOICE_HEARD_MAX],
                        const struct dtls_record *record,
                        struct dtls_bytes plain)
{
    switch (record->type) {
    case DTLS_HANDSHAKE:
        hear_handshake(v, heard, record->epoch, plain);
        break;
    case DTLS_CHANGE_CIPHER_SPEC:
        hear_ccs(v, heard, record->epoch);
        break;
    case DTLS_ALERT:
        hear_alert(v, heard, plain);
        break;
    case DTLS_APPLICATION_DATA:
        tell_in(heard, "Data", record->epoch);
        break;
    default:
        tell(heard, "garbage");
        break;
    }
}

/* Opens a record with the newest keys of its epoch that fit. */
static bool open_record(struct voice *v, const struct dtls_record *record,
                        struct dtls_span *plain)
{
    uint8_t *copy;
    bool opened = record->epoch == 0;

    *plain = record->body;
    copy = kit_exact(dtls_span_bytes(record->body));
    for (size_t i = v->num_keys; i-- > 0 && !opened;) {
        if (v->keys[i].epoch == record->epoch) {
            memcpy(record->body.data, copy, record->body.len);
            opened = dtls_protect_open(&v->crypto, &v->keys[i].protection,
                                       record, plain) == DTLS_OK;
        }
    }
    free(copy);
    return opened;
}

void voice_hears(struct voice *v, char heard[VOICE_HEARD_MAX],
                 struct dtls_bytes datagram)
{
    uint8_t *copy = kit_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    struct dtls_span plain;

    while (rest.len != 0) {
        if (dtls_record_next(&rest, &record) != DTLS_OK) {
            tell(heard, "garbage");
            break;
        }
        if (open_record(v, &record, &plain)) {
            hear_record(v, heard, &record, dtls_span_bytes(plain));
        } else {
            tell(heard, "unreadable");
        }
    }
    free(copy);
}
