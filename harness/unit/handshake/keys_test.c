/* SPDX-License-Identifier: MIT */
/* handshake/keys.c: from premaster to the bytes of Finished on the wire,
 * against a whole PSK handshake that was computed elsewhere. */
#include "kit/kit.h"

#include "handshake/handshake.h"

#define CH2                                                                   \
    "fefd000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"    \
    "000cc00c1ec00c1ec00c1ec00c1e0002c0a80100000400170000"
#define SH                                                                    \
    "fefd202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"    \
    "00c0a800000400170000"
#define CFIN "1400000c000300000000000c8413a413a6595d473389d733"
#define SFIN "1400000c000300000000000c177e9a60f1c37c950014b95e"

/* One side of a handshake, as far as keys.c looks at it. */
struct side {
    struct kit_crypto k;
    struct dtls_counters counters;
    struct dtls_record_layer records;
    struct dtls_handshake h;
    struct dtls_area area;
    struct dtls_record_room room;
    struct dtls_areas areas;
};

static void begin(struct side *s, enum dtls_role role, uint16_t suite)
{
    static const struct dtls_config config; /* it keeps no session */

    memset(s, 0, sizeof *s);
    s->h.area = &s->area;
    s->h.areas = &s->areas;
    s->h.config = &config;
    kit_crypto_count(&s->k, 0xa0);
    dtls_record_layer_init(&s->records, &s->k.crypto, &s->counters);
    dtls_record_layer_lend(&s->records, &s->room);
    s->h.crypto = &s->k.crypto;
    s->h.records = &s->records;
    s->h.role = role;
    s->h.suite = dtls_suite_find(suite);
    for (uint8_t i = 0; i < DTLS_RANDOM_LEN; i++) {
        s->h.client_random[i] = i;
        s->h.server_random[i] = (uint8_t)(DTLS_RANDOM_LEN + i);
    }
    assert_int_equal(
        dtls_transcript_start(&s->h.area->transcript, &s->k.crypto, 0),
        DTLS_OK);
}

static void end(struct side *s)
{
    dtls_record_layer_free(&s->records);
}

static void hash(struct side *s, uint8_t type, uint16_t seq, const char *text)
{
    struct kit_hex body = kit_hex(text);
    struct dtls_bytes bytes = kit_hex_bytes(&body);

    dtls_transcript_add(&s->h.area->transcript, type, seq, &bytes, 1);
}

static void hash_psk_handshake(struct side *s)
{
    hash(s, DTLS_CLIENT_HELLO, 1, CH2);
    hash(s, DTLS_SERVER_HELLO, 1, SH);
    hash(s, DTLS_SERVER_HELLO_DONE, 2, "");
    hash(s, DTLS_CLIENT_KEY_EXCHANGE, 2, "0006636c69656e74");
}

/* The psk 00..0f; returns what dtls_keys_derive says. */
static void derive(struct side *s)
{
    struct kit_hex psk = kit_hex("000102030405060708090a0b0c0d0e0f");
    uint8_t bytes[DTLS_PREMASTER_MAX];
    struct dtls_buf premaster = {bytes, 0, sizeof bytes};

    assert_true(dtls_keys_psk_premaster(&premaster, kit_hex_bytes(&psk)));
    assert_int_equal(dtls_keys_derive(&s->h, dtls_buf_bytes(&premaster)),
                     DTLS_OK);
    assert_true(s->h.keys_ready);
}

/* Seals in epoch 1 with the next number being `seq`. */
static void seals_to(struct side *s, uint64_t seq, uint8_t type,
                     struct dtls_bytes plain, const char *expected)
{
    uint8_t wire[128];
    struct dtls_buf out = {wire, 0, sizeof wire};

    s->records.write[1].next_seq = seq;
    assert_int_equal(dtls_record_layer_seal(&s->records, &out, 1, type, plain),
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

static void switch_both(struct side *s)
{
    dtls_record_layer_switch_write(&s->records);
    dtls_record_layer_switch_read(&s->records);
}

static void a_psk_premaster_is_zeros_and_the_key(void **state)
{
    struct kit_hex psk = kit_hex("000102030405060708090a0b0c0d0e0f");
    uint8_t bytes[36];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D4279-2-6");
    assert_true(dtls_keys_psk_premaster(&out, kit_hex_bytes(&psk)));
    kit_assert_hex(dtls_buf_bytes(&out),
                   "0010 00000000000000000000000000000000"
                   "0010 000102030405060708090a0b0c0d0e0f");
    for (size_t cap = 0; cap < sizeof bytes; cap++) {
        struct dtls_buf small = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_false(dtls_keys_psk_premaster(&small, kit_hex_bytes(&psk)));
    }
}

static void a_psk_of_any_length_up_to_64_bytes_has_a_premaster(void **state)
{
    uint8_t key[DTLS_PSK_MAX + 1];
    uint8_t bytes[200];

    (void)state;
    proves("D4279-2-7");
    proves("D4279-5.3-2");
    memset(key, 0xa5, sizeof key);
    for (size_t len = 0; len <= DTLS_PSK_MAX; len++) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        kit_row("%zu bytes", len);
        assert_true(dtls_keys_psk_premaster(&out, dtls_bytes_of(key, len)));
        assert_int_equal(out.len, 4 + 2 * len);
        assert_int_equal(bytes[1], len);
        assert_int_equal(bytes[2 + len + 1], len);
    }
    for (size_t len = DTLS_PSK_MAX + 1; len <= sizeof key; len++) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        kit_row("%zu bytes", len);
        assert_false(dtls_keys_psk_premaster(&out, dtls_bytes_of(key, len)));
    }
}

static void the_classic_master_secret_is_that_of_the_vector(void **state)
{
    struct side s;

    (void)state;
    proves("D5246-8.1-1");
    proves("D7627-5.2-6");
    begin(&s, DTLS_CLIENT, 0x00a8);
    derive(&s);
    kit_assert_hex(dtls_bytes_of(s.h.master, DTLS_MASTER_LEN),
                   "deb5ea0aabb5a89d2dbe02561ada3ced3ff6626813425bdd"
                   "aed85718423f4edd0b9ea64c8942ddd47e38d4f3c4ca710c");
    end(&s);
}

static void the_extended_master_secret_is_that_of_the_vector(void **state)
{
    struct side s;

    (void)state;
    proves("D7627-4-1");
    proves("D7627-5.1-3");
    begin(&s, DTLS_CLIENT, 0xc0a8);
    s.h.extended_master_secret = true;
    hash_psk_handshake(&s);
    derive(&s);
    kit_assert_hex(dtls_bytes_of(s.h.master, DTLS_MASTER_LEN),
                   "d7c9dc46301b012ba5c4b2c1d6ea6526e233efed954357a0"
                   "ffaad0d34f2fdf0a0296138ec14e856fb91422032557ddda");
    end(&s);
}

static void the_key_block_is_cut_as_the_record_vectors_say(void **state)
{
    static const struct {
        uint16_t suite;
        const char *record;
    } rows[] = {
        {0xc0a8, "17fefd0001000000000001001a0001000000000001"
                 "b175cf8ac568adc0c935a725bc85be6262f9"},
        {0x00a8, "17fefd000100000000000100220001000000000001"
                 "afb20e0f502bae7fc454007c0834ce299c3663ab12a25b39164a"},
        {0xcca8, "17fefd0001000000000001001a"
                 "7bdf017bde3780d7d41678b082833bbf08cbe3e80430554e864b"},
        {0x00ae, "17fefd000100000000000100405c3169f09226be33ea8c94784f904124"
                 "ae1676946972a79a49965a2fb31fa61fc226567684c586572802f773e5d7"
                 "78740a541d62fb74f174b14079571d01add6"},
    };
    struct dtls_bytes hello = {(const uint8_t *)"hello DTLS", 10};

    (void)state;
    proves("D5246-6.3-1");
    proves("D5246-6.3-2");
    proves("D7905-2-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct side client;
        struct side server;

        kit_row("suite %04x", rows[i].suite);
        begin(&client, DTLS_CLIENT, rows[i].suite);
        begin(&server, DTLS_SERVER, rows[i].suite);
        derive(&client);
        derive(&server);
        switch_both(&client);
        switch_both(&server);
        seals_to(&client, 1, DTLS_APPLICATION_DATA, hello, rows[i].record);
        opens_to(&server, rows[i].record, "68656c6c6f2044544c53");
        end(&client);
        end(&server);
    }
}

static void what_a_server_seals_its_client_opens_and_not_itself(void **state)
{
    const struct dtls_suite *suite;
    struct dtls_bytes hello = {(const uint8_t *)"hello DTLS", 10};

    (void)state;
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        struct side client;
        struct side server;
        uint8_t wire[256];
        struct dtls_buf out = {wire, 0, sizeof wire};
        struct dtls_span datagram;
        struct dtls_record record;
        uint8_t copy[256];

        kit_row("suite %04x", suite->id);
        begin(&client, DTLS_CLIENT, suite->id);
        begin(&server, DTLS_SERVER, suite->id);
        derive(&client);
        derive(&server);
        switch_both(&client);
        switch_both(&server);
        assert_int_equal(
            dtls_record_layer_seal(&server.records, &out, 1, 23, hello),
            DTLS_OK);
        memcpy(copy, wire, out.len);
        datagram = (struct dtls_span){copy, out.len};
        assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
        assert_int_equal(dtls_record_layer_open(&server.records, &record),
                         DTLS_DISCARD);
        datagram = (struct dtls_span){wire, out.len};
        assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
        assert_int_equal(dtls_record_layer_open(&client.records, &record),
                         DTLS_OK);
        assert_true(dtls_bytes_equal(dtls_span_bytes(record.body), hello));
        end(&client);
        end(&server);
    }
}

static void verify_data_and_finished_records_are_those_of_the_vector(void **st)
{
    static const char client_record[] =
        "16fefd0001000000000000002800010000000000008d12b451c305ae8b43790cf7bb"
        "87bdd7df17bc1cee2c3ddbdfa26c86ac7060bd";
    static const char server_record[] =
        "16fefd0001000000000000002800010000000000006f78fc44f8ffb2e925eb4d5f6f"
        "63a93bc747b120710913f4731bd629b82de527";
    static const enum dtls_role roles[] = {DTLS_CLIENT, DTLS_SERVER};

    (void)st;
    proves("D5246-7.4.9-2");
    proves("D5246-7.4.9-5");
    proves("D5246-7.4.9-6");
    proves("D6347-4.2.6-2");
    for (size_t i = 0; i < LEN(roles); i++) {
        kit_row("%s", kit_role(roles[i]));
        struct kit_hex cfin = kit_hex(CFIN);
        struct kit_hex sfin = kit_hex(SFIN);
        uint8_t verify_data[DTLS_VERIFY_DATA_LEN];
        struct side s;

        begin(&s, roles[i], 0xc0a8);
        s.h.extended_master_secret = true;
        hash_psk_handshake(&s);
        derive(&s);
        switch_both(&s);
        assert_int_equal(dtls_keys_verify_data(&s.h, DTLS_CLIENT, verify_data),
                         DTLS_OK);
        kit_assert_hex(dtls_bytes_of(verify_data, 12),
                       "8413a413a6595d473389d733");
        hash(&s, DTLS_FINISHED, 3, "8413a413a6595d473389d733");
        assert_int_equal(dtls_keys_verify_data(&s.h, DTLS_SERVER, verify_data),
                         DTLS_OK);
        kit_assert_hex(dtls_bytes_of(verify_data, 12),
                       "177e9a60f1c37c950014b95e");
        if (roles[i] == DTLS_CLIENT) {
            seals_to(&s, 0, DTLS_HANDSHAKE, kit_hex_bytes(&cfin),
                     client_record);
            opens_to(&s, server_record, SFIN);
        } else {
            seals_to(&s, 0, DTLS_HANDSHAKE, kit_hex_bytes(&sfin),
                     server_record);
            opens_to(&s, client_record, CFIN);
        }
        end(&s);
    }
}

/* Finished of the peer, right or with one bit wrong. */
static enum dtls_status check(struct side *s, const uint8_t *verify_data,
                              size_t len)
{
    struct dtls_message m = {
        .type = DTLS_FINISHED,
        .seq = 3,
        .epoch = 1,
        .body = {verify_data, len},
    };

    return dtls_handshake_check_finished(&s->h, &m);
}

static void every_wrong_bit_of_a_finished_is_noticed(void **state)
{
    struct kit_hex right = kit_hex("8413a413a6595d473389d733");
    struct side s;

    (void)state;
    proves("D5246-7.4.9-2");
    proves("D5246-7.4.9-3");
    begin(&s, DTLS_SERVER, 0xc0a8);
    s.h.extended_master_secret = true;
    hash_psk_handshake(&s);
    derive(&s);
    assert_int_equal(check(&s, right.data, 12), DTLS_OK);
    for (size_t bit = 0; bit < 96; bit++) {
        struct kit_hex wrong = right;

        kit_row("bit %zu", bit);
        wrong.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(check(&s, wrong.data, 12), DTLS_BAD_FINISHED);
    }
    assert_int_equal(check(&s, right.data, 11), DTLS_DECODE_ERROR);
    assert_int_equal(check(&s, right.data, 13), DTLS_DECODE_ERROR);
    assert_int_equal(check(&s, right.data, 0), DTLS_DECODE_ERROR);
    end(&s);
}

static void our_own_finished_sent_back_is_refused(void **state)
{
    struct side s;
    uint8_t ours[DTLS_VERIFY_DATA_LEN];

    (void)state;
    proves("D5246-7.4.9-5");
    begin(&s, DTLS_CLIENT, 0xc0a8);
    hash_psk_handshake(&s);
    derive(&s);
    assert_int_equal(dtls_keys_verify_data(&s.h, DTLS_CLIENT, ours), DTLS_OK);
    assert_int_equal(check(&s, ours, 12), DTLS_BAD_FINISHED);
    end(&s);
}

static void after_epoch_65535_no_keys_are_made(void **state)
{
    struct kit_hex premaster = kit_hex("0102030405");
    struct side s;

    (void)state;
    proves("D6347-4.1-21");
    begin(&s, DTLS_CLIENT, 0x00a8);
    s.records.write_epoch = 65535;
    assert_int_equal(dtls_keys_derive(&s.h, kit_hex_bytes(&premaster)),
                     DTLS_TOO_LATE);
    assert_false(s.h.keys_ready);
    end(&s);
}

static void every_random_and_every_premaster_byte_counts(void **state)
{
    struct kit_hex premaster = kit_hex("0102030405060708090a0b0c");
    uint8_t first[DTLS_MASTER_LEN];

    (void)state;
    for (size_t at = 0; at <= 64 + premaster.len; at++) {
        struct kit_hex changed = premaster;
        struct side s;

        kit_row("byte %zu of randoms and premaster", at);
        begin(&s, DTLS_CLIENT, 0x00a8);
        if (at > 64) {
            changed.data[at - 65] ^= 1;
        } else if (at > 32) {
            s.h.server_random[at - 33] ^= 1;
        } else if (at > 0) {
            s.h.client_random[at - 1] ^= 1;
        }
        assert_int_equal(dtls_keys_derive(&s.h, kit_hex_bytes(&changed)),
                         DTLS_OK);
        if (at == 0) {
            memcpy(first, s.h.master, sizeof first);
        } else {
            assert_memory_not_equal(first, s.h.master, sizeof first);
        }
        end(&s);
    }
}

static void the_shared_secret_stands_before_the_key(void **state)
{
    static const uint8_t shared[] = {0xa1, 0xa2, 0xa3};
    static const uint8_t psk[] = {0xb1, 0xb2};
    uint8_t bytes[9];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_buf small = {bytes, 0, 8};

    (void)state;
    assert_true(dtls_keys_shared_psk_premaster(&out, dtls_bytes_of(shared, 3),
                                               dtls_bytes_of(psk, 2)));
    kit_assert_hex(dtls_buf_bytes(&out), "0003a1a2a3 0002b1b2");
    assert_false(dtls_keys_shared_psk_premaster(
        &small, dtls_bytes_of(shared, 3), dtls_bytes_of(psk, 2)));
}

static void exporters_give_what_was_computed_elsewhere(void **state)
{
    static const struct dtls_bytes nothing = {NULL, 0};
    static const char *const reserved[] = {"client finished",
                                           "server finished", "master secret",
                                           "key expansion"};
    static uint8_t long_context[DTLS_EXPORT_CONTEXT_MAX + 1];
    struct dtls_bytes context = {long_context, DTLS_EXPORT_CONTEXT_MAX};
    static uint8_t out[DTLS_EXPORT_MAX + 1];
    struct side s;

    (void)state;
    proves("D5705-4-1");
    proves("D5705-4-3"); /* labels of TLS itself are refused */
    begin(&s, DTLS_CLIENT, 0xc0a8);
    s.h.extended_master_secret = true;
    hash_psk_handshake(&s);
    derive(&s);
    dtls_handshake_complete(&s.h);
    assert_int_equal(dtls_keys_export(&s.h, out, 20, "EXPORTER-test", NULL),
                     DTLS_OK);
    kit_assert_hex(dtls_bytes_of(out, 20),
                   "eae05e14aef3960a69f6aeab19edb1ad4cf073fc");
    assert_int_equal(
        dtls_keys_export(&s.h, out, 20, "EXPORTER-test", &nothing), DTLS_OK);
    kit_assert_hex(dtls_bytes_of(out, 20),
                   "a6d8889ba8a419a890b7edc5111d1c7daf7c2b56");
    assert_int_equal(
        dtls_keys_export(&s.h, out, DTLS_EXPORT_MAX, "EXPORTER-a", &context),
        DTLS_OK);
    /* The front of a long export is the short one. */
    assert_int_equal(dtls_keys_export(&s.h, out, 1024, "EXPORTER-test", NULL),
                     DTLS_OK);
    kit_assert_hex(dtls_bytes_of(out, 20),
                   "eae05e14aef3960a69f6aeab19edb1ad4cf073fc");
    context.len++;
    assert_int_equal(dtls_keys_export(&s.h, out, 1, "EXPORTER-a", &context),
                     DTLS_NO_ROOM);
    assert_int_equal(
        dtls_keys_export(&s.h, out, DTLS_EXPORT_MAX + 1, "EXPORTER-a", NULL),
        DTLS_NO_ROOM);
    for (size_t i = 0; i < LEN(reserved); i++) {
        kit_row("%s", reserved[i]);
        assert_int_equal(dtls_keys_export(&s.h, out, 12, reserved[i], NULL),
                         DTLS_NO_ROOM);
    }
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exporters_give_what_was_computed_elsewhere),
        cmocka_unit_test(the_shared_secret_stands_before_the_key),
        cmocka_unit_test(a_psk_premaster_is_zeros_and_the_key),
        cmocka_unit_test(a_psk_of_any_length_up_to_64_bytes_has_a_premaster),
        cmocka_unit_test(the_classic_master_secret_is_that_of_the_vector),
        cmocka_unit_test(the_extended_master_secret_is_that_of_the_vector),
        cmocka_unit_test(the_key_block_is_cut_as_the_record_vectors_say),
        cmocka_unit_test(what_a_server_seals_its_client_opens_and_not_itself),
        cmocka_unit_test(
            verify_data_and_finished_records_are_those_of_the_vector),
        cmocka_unit_test(every_wrong_bit_of_a_finished_is_noticed),
        cmocka_unit_test(our_own_finished_sent_back_is_refused),
        cmocka_unit_test(after_epoch_65535_no_keys_are_made),
        cmocka_unit_test(every_random_and_every_premaster_byte_counts),
    };

    return kit_run(tests);
}
