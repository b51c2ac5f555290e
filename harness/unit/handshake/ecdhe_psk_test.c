/* SPDX-License-Identifier: MIT */
/* ECDHE_PSK suites that no packaged library has, against handshakes that
 * ecdhe_psk_vectors.py computed: every secret, both Finished and a record of
 * data each way, byte by byte and from both ends. */
#include "kit/kit.h"

#include "handshake/handshake.h"

#include "ecdhe_psk_vectors.h"

#include <openssl/evp.h>

/* One end, as far as keys.c looks at it. */
struct side {
    struct kit_crypto k;
    struct dtls_counters counters;
    struct dtls_record_layer records;
    struct dtls_handshake h;
    struct dtls_area area;
    struct dtls_record_room room;
};

static void begin(struct side *s, enum dtls_role role, const struct vector *v)
{
    memset(s, 0, sizeof *s);
    s->h.area = &s->area;
    kit_crypto_count(&s->k, 0xa0);
    dtls_record_layer_init(&s->records, &s->k.crypto, &s->counters);
    dtls_record_layer_lend(&s->records, &s->room);
    s->h.crypto = &s->k.crypto;
    s->h.records = &s->records;
    s->h.role = role;
    s->h.suite = dtls_suite_find(v->suite);
    s->h.extended_master_secret = true;
    assert_int_equal(
        dtls_transcript_start(&s->h.area->transcript, &s->k.crypto, 0),
        DTLS_OK);
}

static void hash(struct side *s, uint8_t type, uint16_t seq, const char *text)
{
    struct kit_hex body = kit_hex(text);
    struct dtls_bytes bytes = kit_hex_bytes(&body);

    dtls_transcript_add(&s->h.area->transcript, type, seq, &bytes, 1);
}

/* The messages up to ClientKeyExchange; the randoms are those of the hellos.
 */
static void hear(struct side *s, const struct vector *v)
{
    struct kit_hex client = kit_hex(v->client_hello);
    struct kit_hex server = kit_hex(v->server_hello);
    struct dtls_client_hello ch;
    struct dtls_server_hello sh;

    assert_int_equal(dtls_client_hello_parse(&ch, kit_hex_bytes(&client)),
                     DTLS_OK);
    assert_int_equal(dtls_server_hello_parse(&sh, kit_hex_bytes(&server)),
                     DTLS_OK);
    assert_int_equal(sh.suite, v->suite);
    memcpy(s->h.client_random, ch.random.data, DTLS_RANDOM_LEN);
    memcpy(s->h.server_random, sh.random.data, DTLS_RANDOM_LEN);
    hash(s, DTLS_CLIENT_HELLO, 1, v->client_hello);
    hash(s, DTLS_SERVER_HELLO, 1, v->server_hello);
    hash(s, DTLS_SERVER_KEY_EXCHANGE, 2, v->server_key_exchange);
    hash(s, DTLS_SERVER_HELLO_DONE, 3, v->server_hello_done);
    hash(s, DTLS_CLIENT_KEY_EXCHANGE, 2, v->client_key_exchange);
}

/* The peer's point, as the message that carries it says; hint and identity
 * are what they should be. */
static struct dtls_bytes peer_point(enum dtls_role role,
                                    const struct kit_hex *body)
{
    struct dtls_ecdhe_params params;
    struct dtls_bytes identity;
    struct dtls_bytes point;

    if (role == DTLS_CLIENT) {
        assert_int_equal(
            dtls_ske_ecdhe_psk_parse(&params, kit_hex_bytes(body)), DTLS_OK);
        assert_int_equal(params.group, DTLS_GROUP_X25519);
        kit_assert_hex(params.hint, VECTOR_HINT);
        return params.point;
    }
    assert_int_equal(
        dtls_cke_ecdhe_psk_parse(&identity, &point, kit_hex_bytes(body)),
        DTLS_OK);
    kit_assert_hex(identity, VECTOR_IDENTITY);
    return point;
}

static void agree(struct side *s, const struct vector *v,
                  struct dtls_buf *shared)
{
    bool is_client = s->h.role == DTLS_CLIENT;
    struct kit_hex secret =
        kit_hex(is_client ? VECTOR_CLIENT_KEY : VECTOR_SERVER_KEY);
    struct kit_hex body =
        kit_hex(is_client ? v->server_key_exchange : v->client_key_exchange);
    struct dtls_share share = {
        .group = DTLS_GROUP_X25519,
        .context = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
                                                secret.data, secret.len)};

    assert_non_null(share.context);
    shared->len = shared->cap;
    assert_int_equal(s->k.crypto.share_agree(s->k.crypto.self, &share,
                                             shared->data, &shared->len,
                                             peer_point(s->h.role, &body)),
                     DTLS_OK);
    s->k.crypto.share_free(s->k.crypto.self, &share);
}

static void derive(struct side *s, const struct vector *v)
{
    struct kit_hex psk = kit_hex(VECTOR_PSK);
    uint8_t secret[DTLS_SHARED_MAX];
    uint8_t bytes[DTLS_PREMASTER_MAX];
    struct dtls_buf shared = {secret, 0, sizeof secret};
    struct dtls_buf premaster = {bytes, 0, sizeof bytes};

    agree(s, v, &shared);
    assert_true(dtls_keys_shared_psk_premaster(
        &premaster, dtls_buf_bytes(&shared), kit_hex_bytes(&psk)));
    kit_assert_hex(dtls_buf_bytes(&premaster), v->premaster);
    assert_int_equal(dtls_keys_derive(&s->h, dtls_buf_bytes(&premaster)),
                     DTLS_OK);
    kit_assert_hex(dtls_bytes_of(s->h.master, DTLS_MASTER_LEN), v->master);
    dtls_record_layer_switch_write(&s->records);
    dtls_record_layer_switch_read(&s->records);
}

static void seals_to(struct side *s, uint8_t type, const char *plain,
                     const char *expected)
{
    struct kit_hex text = kit_hex(plain);
    uint8_t wire[128];
    struct dtls_buf out = {wire, 0, sizeof wire};

    assert_int_equal(dtls_record_layer_seal(&s->records, &out, 1, type,
                                            kit_hex_bytes(&text)),
                     DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out), expected);
}

static void opens_to(struct side *s, const char *wire, const char *expected)
{
    struct kit_hex hex = kit_hex(wire);
    struct dtls_span datagram = kit_hex_span(&hex);
    struct dtls_record record;

    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    assert_int_equal(dtls_record_layer_open(&s->records, &record), DTLS_OK);
    kit_assert_hex(dtls_span_bytes(record.body), expected);
}

/* Compares verify_data with the body of a Finished message, which then counts
 * as said. */
static void check_finished(struct side *s, enum dtls_role sender, uint16_t seq,
                           const char *message)
{
    const char *body = message + 2 * (size_t)DTLS_FRAGMENT_HEADER_LEN;
    uint8_t verify_data[DTLS_VERIFY_DATA_LEN];

    assert_int_equal(dtls_keys_verify_data(&s->h, sender, verify_data),
                     DTLS_OK);
    kit_assert_hex(dtls_bytes_of(verify_data, sizeof verify_data), body);
    hash(s, DTLS_FINISHED, seq, body);
}

static void check_end(enum dtls_role role, const struct vector *v)
{
    bool is_client = role == DTLS_CLIENT;
    struct side s;

    begin(&s, role, v);
    hear(&s, v);
    derive(&s, v);
    check_finished(&s, DTLS_CLIENT, 3, v->client_finished);
    check_finished(&s, DTLS_SERVER, 4, v->server_finished);
    seals_to(&s, DTLS_HANDSHAKE,
             is_client ? v->client_finished : v->server_finished,
             is_client ? v->client_finished_record
                       : v->server_finished_record);
    seals_to(&s, DTLS_APPLICATION_DATA, VECTOR_TEXT,
             is_client ? v->client_data_record : v->server_data_record);
    opens_to(&s,
             is_client ? v->server_finished_record : v->client_finished_record,
             is_client ? v->server_finished : v->client_finished);
    opens_to(&s, is_client ? v->server_data_record : v->client_data_record,
             VECTOR_TEXT);
    dtls_record_layer_free(&s.records);
}

static void both_ends_say_what_the_vectors_say(void **state)
{
    (void)state;
    proves("D5489-2-1");
    proves("D5489-2-3");
    proves("D8442-3-4");
    for (size_t i = 0; i < LEN(vectors); i++) {
        kit_row("vector %zu", i);
        check_end(DTLS_CLIENT, &vectors[i]);
        check_end(DTLS_SERVER, &vectors[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_say_what_the_vectors_say),
    };

    return kit_run(tests);
}
