/* SPDX-License-Identifier: MIT */
/* Records with connection ids (RFC 9146): record/protect.c against vectors
 * that cid_vectors.py computes, record/layer.c against records of the wrong
 * form. */
#include "kit/kit.h"

#include "record/layer.h"

#include "cid_vectors.h"

/* The keys of one vector, both ways. */
struct pair {
    struct kit_crypto k;
    struct kit_hex cid;
    struct dtls_protection seal;
    struct dtls_protection open;
    struct dtls_hmac_key macs[2];
};

static void key_vector(struct pair *p, const struct vector *v)
{
    const struct dtls_crypto *crypto = &p->k.crypto;
    struct kit_hex mac = kit_hex(v->mac);
    struct kit_hex key = kit_hex(v->key);
    struct kit_hex salt = kit_hex(v->salt);
    struct dtls_cipher_keys keys = {kit_hex_bytes(&mac), kit_hex_bytes(&key),
                                    kit_hex_bytes(&salt)};
    const struct dtls_suite *suite = dtls_suite_find(v->suite);

    *p = (struct pair){.k = {.calls = 0}};
    kit_crypto_count(&p->k, 0xa0);
    p->seal.cipher.mac = &p->macs[0];
    p->open.cipher.mac = &p->macs[1];
    p->cid = kit_hex(v->cid);
    p->seal.cid = p->open.cid = p->cid.data;
    p->seal.cid_len = p->open.cid_len = (uint8_t)p->cid.len;
    p->seal.pad_to = v->pad_to;
    p->seal.encrypt_then_mac = v->encrypt_then_mac;
    p->open.encrypt_then_mac = v->encrypt_then_mac;
    assert_int_equal(
        crypto->cipher_key(crypto->self, &p->seal.cipher, suite, &keys, true),
        DTLS_OK);
    assert_int_equal(
        crypto->cipher_key(crypto->self, &p->open.cipher, suite, &keys, false),
        DTLS_OK);
}

static void end(struct pair *p)
{
    const struct dtls_crypto *crypto = &p->k.crypto;

    crypto->cipher_free(crypto->self, &p->seal.cipher);
    crypto->cipher_free(crypto->self, &p->open.cipher);
}

static enum dtls_status seal(struct pair *p, const struct vector *v,
                             struct dtls_buf *out, struct dtls_bytes plain)
{
    return dtls_protect_seal(&p->k.crypto, &p->seal, out, v->type,
                             DTLS_VERSION_1_2, v->epoch, v->seq, plain);
}

/* Takes the record of a datagram and opens it, type and padding and all. */
static enum dtls_status open_wire(struct pair *p, struct dtls_span wire,
                                  struct dtls_record *record)
{
    if (dtls_record_next_of(&wire, dtls_protect_cid(&p->open), record) !=
            DTLS_OK ||
        !record->cid_is_ours) {
        return DTLS_DISCARD;
    }
    return dtls_protect_open(&p->k.crypto, &p->open, record, &record->body);
}

static void each_class_seals_to_its_vector(void **state)
{
    (void)state;
    proves("D9146-4-1");
    proves("D9146-4-2");
    proves("D9146-4-12");
    proves("D9146-5.1-1");
    proves("D9146-5.2-1");
    proves("D9146-5.2-2");
    proves("D9146-5.3-1");
    for (size_t i = 0; i < LEN(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct kit_hex content = kit_hex(v->content);
        struct pair p;
        uint8_t wire[700];
        struct dtls_buf out = {wire, 0, sizeof wire};

        kit_row("%s, id of %zu", v->name, strlen(v->cid) / 2);
        key_vector(&p, v);
        assert_int_equal(seal(&p, v, &out, kit_hex_bytes(&content)), DTLS_OK);
        kit_assert_hex(dtls_buf_bytes(&out), v->record);
        end(&p);
    }
}

static void each_class_opens_its_vector(void **state)
{
    (void)state;
    proves("D9146-3-9");
    proves("D9146-4-2");
    proves("D9146-4-3");
    for (size_t i = 0; i < LEN(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct kit_hex wire = kit_hex(v->record);
        struct dtls_record record;
        struct pair p;

        kit_row("%s, id of %zu", v->name, strlen(v->cid) / 2);
        key_vector(&p, v);
        assert_int_equal(open_wire(&p, kit_hex_span(&wire), &record), DTLS_OK);
        assert_true(dtls_protect_unwrap(&record));
        assert_int_equal(record.type, v->type);
        kit_assert_hex(dtls_span_bytes(record.body), v->content);
        assert_ptr_equal(record.body.data,
                         wire.data + dtls_protect_prefix(&p.open));
        end(&p);
    }
}

static void no_other_form_is_authentic(void **state)
{
    (void)state;
    proves("D9146-5-3");
    proves("D9146-5.2-2");
    for (size_t i = 0; i < LEN(wrong_forms); i++) {
        const struct vector *v = &wrong_forms[i];
        struct kit_hex wire = kit_hex(v->record);
        struct dtls_record record;
        struct pair p;

        kit_row("%s, row %zu", v->name, i);
        key_vector(&p, v);
        assert_int_equal(open_wire(&p, kit_hex_span(&wire), &record),
                         DTLS_DISCARD);
        assert_int_equal(p.open.used, 1); /* It came to the MAC. */
        end(&p);
    }
}

static void every_flipped_bit_is_discarded(void **state)
{
    (void)state;
    proves("D9146-5.1-1");
    proves("D9146-5.2-1");
    proves("D9146-5.3-1");
    proves("D9146-6-5");
    for (size_t i = 0; i < LEN(vectors); i += LEN(vectors) / 7) {
        struct kit_hex good = kit_hex(vectors[i].record);
        struct pair p;

        kit_row("%s", vectors[i].name);
        key_vector(&p, &vectors[i]);
        for (size_t bit = 8; bit < 8 * good.len; bit++) {
            struct kit_hex wire = good;
            struct dtls_record record;

            kit_row("bit %zu", bit);
            wire.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(open_wire(&p, kit_hex_span(&wire), &record),
                             DTLS_DISCARD);
        }
        end(&p);
    }
}

static void a_header_ends_behind_the_id(void **state)
{
    struct kit_hex wire = kit_hex("19 fefd 0001 000000000002 c1d2e3f4 0003 "
                                  "a5a6a7 17 fefd 0001 000000000003 0000");
    struct dtls_span rest = kit_hex_span(&wire);
    struct kit_hex cid = kit_hex("c1d2e3f4");
    struct kit_hex other = kit_hex("c1d2e3f5");
    struct dtls_record r;
    struct dtls_record before;

    (void)state;
    proves("D9146-4-1");
    proves("D9146-4-7");
    proves("D9146-4-9");
    proves("D9146-4-10");
    assert_int_equal(dtls_record_next_of(&rest, kit_hex_bytes(&other), &r),
                     DTLS_OK);
    assert_false(r.cid_is_ours);
    rest = kit_hex_span(&wire);
    assert_int_equal(dtls_record_next_of(&rest, kit_hex_bytes(&cid), &r),
                     DTLS_OK);
    assert_true(r.cid_is_ours);
    kit_assert_hex(dtls_span_bytes(r.body), "a5a6a7");
    assert_int_equal(dtls_record_next_of(&rest, kit_hex_bytes(&cid), &r),
                     DTLS_OK);
    assert_int_equal(r.type, 23);
    assert_false(r.cid_is_ours);
    assert_int_equal(rest.len, 0);
    /* One byte fewer than the record says, and fewer than id and length. */
    before = r;
    for (size_t len = 19; len-- > 0;) {
        kit_row("%zu bytes", len);
        rest = (struct dtls_span){wire.data, len};
        assert_int_equal(dtls_record_next_of(&rest, kit_hex_bytes(&cid), &r),
                         DTLS_DISCARD);
        assert_int_equal(rest.len, len);
        assert_int_equal(r.seq, before.seq);
    }
}

/* Every length of id and plaintext: what fits, fits exactly, and CBC's check
 * in constant time counts the header right. */
static void records_of_every_length_come_back(void **state)
{
    static const uint8_t cids[] = {1, 8, 20, 32, 105, 106, 255};
    static uint8_t cid[255];
    static uint8_t text[700];
    static uint8_t bytes[1200];

    (void)state;
    proves("D9146-3-4");
    proves("D9146-4-8");
    proves("D9146-5.1-1");
    kit_fill(&(uint64_t){0x456789}, cid, sizeof cid);
    for (size_t i = 0; i < LEN(vectors); i += LEN(vectors) / 7) {
        struct pair p;

        kit_row("%s", vectors[i].name);
        key_vector(&p, &vectors[i]);
        p.seal.pad_to = 0;
        for (size_t j = 0; j < LEN(cids); j++) {
            p.seal.cid = p.open.cid = cid;
            p.seal.cid_len = p.open.cid_len = cids[j];
            for (size_t len = 0; len < 600; len += len < 280 ? 1 : 37) {
                struct dtls_buf out = {bytes, 0, sizeof bytes};
                struct dtls_record record;

                kit_row("id of %u, %zu bytes", cids[j], len);
                kit_fill(&(uint64_t){0x2345 + len}, text, sizeof text);
                assert_int_equal(
                    seal(&p, &vectors[i], &out, dtls_bytes_of(text, len)),
                    DTLS_OK);
                assert_true(out.len <=
                            13 + len + dtls_protect_expansion(&p.seal));
                assert_int_equal(
                    open_wire(&p, (struct dtls_span){bytes, out.len}, &record),
                    DTLS_OK);
                assert_true(dtls_protect_unwrap(&record));
                assert_int_equal(record.body.len, len);
                assert_memory_equal(record.body.data, text, len);
            }
        }
        end(&p);
    }
}

/* What fits into `room` bytes fits, and one byte more does not. */
static void check_fit(struct pair *p, const struct vector *v, size_t room)
{
    static uint8_t text[17000];
    static uint8_t bytes[17000];
    size_t fit = dtls_protect_fit(&p->seal, room);
    struct dtls_buf out = {bytes, 0, room};

    if (fit != 0) {
        assert_int_equal(seal(p, v, &out, dtls_bytes_of(text, fit)), DTLS_OK);
        assert_true(out.len <= room);
    }
    out.len = 0;
    assert_int_equal(seal(p, v, &out, dtls_bytes_of(text, fit + 1)),
                     DTLS_NO_ROOM);
    assert_int_equal(out.len, 0);
}

static void padding_hides_lengths_and_keeps_to_the_limit(void **state)
{
    static const uint16_t pads[] = {0, 1, 16, 100, 5000};

    (void)state;
    proves("D9146-4-11");
    proves("D9146-5-2");
    for (size_t i = 0; i < LEN(vectors); i += LEN(vectors) / 7) {
        struct pair p;

        kit_row("%s", vectors[i].name);
        key_vector(&p, &vectors[i]);
        for (size_t j = 0; j < LEN(pads); j++) {
            p.seal.pad_to = pads[j];
            for (size_t limit = 0; limit <= 600; limit += 600) {
                p.seal.limit = (uint16_t)limit;
                for (size_t room = 90; room < 1000; room++) {
                    kit_row("pad to %u, limit %zu, room %zu", pads[j], limit,
                            room);
                    check_fit(&p, &vectors[i], room);
                }
            }
        }
        /* |inner| is at most 2^14 without any other limit. */
        p.seal.limit = 0;
        p.seal.pad_to = 100;
        assert_int_equal(dtls_protect_fit(&p.seal, 17000), 16383);
        check_fit(&p, &vectors[i], 17000);
        end(&p);
    }
}

/* Two layers under GCM: what `a` seals, `b` opens. */
struct talk {
    struct kit_crypto k;
    struct dtls_counters counters_a;
    struct dtls_counters counters_b;
    struct dtls_record_layer a;
    struct dtls_record_layer b;
    struct dtls_record_room rooms[2];
};

/* GCM keys that differ from epoch to epoch. */
static void key(struct talk *t, struct dtls_protection *p, uint8_t epoch,
                bool to_seal)
{
    uint8_t bytes[16];

    assert_non_null(p);
    memset(bytes, 0x11 * epoch, sizeof bytes);
    assert_int_equal(
        t->k.crypto.cipher_key(
            t->k.crypto.self, &p->cipher, dtls_suite_find(0x00a8),
            &(struct dtls_cipher_keys){.key = dtls_bytes_of(bytes, 16),
                                       .salt = dtls_bytes_of(bytes, 4)},
            to_seal),
        DTLS_OK);
}

/* Goes on to the next epoch, in which a's records have `cid` of b's. */
static void next_epoch(struct talk *t, const char *cid)
{
    struct kit_hex id = kit_hex(cid);
    uint8_t epoch = (uint8_t)(t->a.write_epoch + 1);

    dtls_record_layer_retire_write(&t->a);
    dtls_record_layer_retire_read(&t->b);
    dtls_record_layer_agree_cids(&t->a, false, kit_hex_bytes(&id));
    dtls_record_layer_agree_cids(&t->b, id.len != 0, (struct dtls_bytes){0});
    key(t, dtls_record_layer_next_write(&t->a), epoch, true);
    key(t, dtls_record_layer_next_read(&t->b), epoch, false);
    dtls_record_layer_switch_write(&t->a);
    dtls_record_layer_switch_read(&t->b);
}

/* Begins with an epoch 1 under `cid`, which is b's. */
static void begin(struct talk *t, const char *cid)
{
    struct kit_hex id = kit_hex(cid);

    t->counters_a = t->counters_b = (struct dtls_counters){0};
    kit_crypto_count(&t->k, 0xa0);
    dtls_record_layer_init(&t->a, &t->k.crypto, &t->counters_a);
    dtls_record_layer_init(&t->b, &t->k.crypto, &t->counters_b);
    dtls_record_layer_lend(&t->a, &t->rooms[0]);
    dtls_record_layer_lend(&t->b, &t->rooms[1]);
    dtls_record_layer_set_cid(&t->b, kit_hex_bytes(&id));
    next_epoch(t, cid);
}

static void end_talk(struct talk *t)
{
    dtls_record_layer_free(&t->a);
    dtls_record_layer_free(&t->b);
}

/* Opens a datagram of one record, and counts with `b`. */
static enum dtls_status hear(struct talk *t, const struct dtls_buf *wire,
                             struct dtls_record *record)
{
    struct dtls_span datagram = {wire->data, wire->len};

    if (dtls_record_layer_next(&t->b, &datagram, record) != DTLS_OK) {
        return DTLS_DISCARD;
    }
    return dtls_record_layer_open(&t->b, record);
}

static void say(struct talk *t, struct dtls_buf *out, uint16_t epoch,
                uint8_t type, const char *text)
{
    out->len = 0;
    assert_int_equal(dtls_record_layer_seal(&t->a, out, epoch, type,
                                            dtls_bytes_of(text, strlen(text))),
                     DTLS_OK);
}

static void each_direction_has_its_form_and_its_type_back(void **state)
{
    static const uint8_t types[] = {20, 21, 22, 23, 27};
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_record record;
    struct talk t;

    (void)state;
    proves("D9146-3-6");
    proves("D9146-3-7");
    proves("D9146-3-16");
    proves("D9146-4-5");
    proves("D9853-4-3");
    begin(&t, "c1d2e3f4");
    say(&t, &out, 0, 22, "clear");
    assert_int_equal(bytes[0], 22);
    assert_int_equal(hear(&t, &out, &record), DTLS_OK);
    for (size_t i = 0; i < LEN(types); i++) {
        kit_row("type %u", types[i]);
        say(&t, &out, 1, types[i], "text");
        assert_int_equal(bytes[0], 25);
        kit_assert_hex(dtls_bytes_of(&bytes[11], 4), "c1d2e3f4");
        assert_int_equal(hear(&t, &out, &record), DTLS_OK);
        assert_int_equal(record.type, types[i]);
        kit_assert_hex(dtls_span_bytes(record.body), "74657874");
    }
    end_talk(&t);
}

static void an_empty_id_is_the_plain_form(void **state)
{
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_record record;
    struct talk t;

    (void)state;
    proves("D9146-3-5");
    proves("D9146-3-10");
    proves("D9146-5-1");
    proves("D9853-4-3");
    begin(&t, "");
    say(&t, &out, 1, 27, "text");
    assert_int_equal(bytes[0], 27);
    assert_int_equal(out.len, 13 + 8 + 4 + 16);
    assert_int_equal(hear(&t, &out, &record), DTLS_OK);
    assert_int_equal(record.type, 27);
    end_talk(&t);
}

/* Tells whether a record that `b` does not open is counted as one with a bad
 * header, and leaves the next good one alone. */
static void refused(struct talk *t, const struct dtls_buf *wire)
{
    uint32_t before = t->counters_b.discarded_header;
    uint8_t bytes[200];
    struct dtls_buf good = {bytes, 0, sizeof bytes};
    struct dtls_record record;

    assert_int_equal(hear(t, wire, &record), DTLS_DISCARD);
    assert_int_equal(t->counters_b.discarded_header, before + 1);
    say(t, &good, 1, 23, "good");
    assert_int_equal(hear(t, &good, &record), DTLS_OK);
}

static void a_record_of_the_wrong_form_is_dropped(void **state)
{
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct talk t;

    (void)state;
    proves("D9146-3-8");
    proves("D9146-4-6");
    begin(&t, "c1d2e3f4");
    /* The plain form, well sealed, where an id is due. */
    t.a.write[1].protection.cid_len = 0;
    say(&t, &out, 1, 23, "text");
    t.a.write[1].protection.cid_len = 4;
    refused(&t, &out);
    /* Another id, well sealed with it. */
    t.a.room->peer_cids[0][2] ^= 0x40;
    say(&t, &out, 1, 23, "text");
    t.a.room->peer_cids[0][2] ^= 0x40;
    refused(&t, &out);
    /* The form with an id in the clear. */
    say(&t, &out, 1, 23, "text");
    bytes[3] = bytes[4] = 0;
    refused(&t, &out);
    end_talk(&t);

    begin(&t, "");
    /* An id of no bytes is none. */
    say(&t, &out, 1, 23, "text");
    bytes[0] = 25;
    refused(&t, &out);
    /* A routability check in the clear. */
    say(&t, &out, 0, 23, "text");
    bytes[0] = 27;
    refused(&t, &out);
    end_talk(&t);
}

static void the_true_type_rules_and_zeros_are_padding(void **state)
{
    static const struct {
        uint8_t type;
        uint16_t pad_to;
        bool taken;
    } rows[] = {{23, 0, true},    {23, 2, true},  {21, 100, true},
                {22, 1000, true}, {0, 50, false}, {1, 0, false},
                {19, 0, false},   {24, 0, false}, {25, 0, false},
                {26, 7, false},   {28, 0, false}, {99, 0, false},
                {255, 1, false}};
    uint8_t bytes[1200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_record record;
    struct talk t;

    (void)state;
    proves("D9146-4-3");
    proves("D9146-4-4");
    proves("D9146-4-5");
    begin(&t, "c1d2e3f4");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("type %u, pad to %u", rows[i].type, rows[i].pad_to);
        t.a.write[1].protection.pad_to = rows[i].pad_to;
        say(&t, &out, 1, rows[i].type, rows[i].type == 0 ? "" : "x");
        if (rows[i].taken) {
            assert_int_equal(hear(&t, &out, &record), DTLS_OK);
            assert_int_equal(record.type, rows[i].type);
            kit_assert_hex(dtls_span_bytes(record.body), "78");
        } else {
            t.a.write[1].protection.pad_to = 0;
            refused(&t, &out);
        }
    }
    end_talk(&t);
}

static void each_epoch_has_the_id_that_was_agreed_for_it(void **state)
{
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct kit_hex other = kit_hex("d5e6");
    struct dtls_record record;
    struct talk t;

    (void)state;
    proves("D9146-3-11");
    proves("D9146-3-19");
    proves("D9146-3-20");
    begin(&t, "c1d2e3f4");
    next_epoch(&t, "c1d2e3f4");
    /* The next ids are known, and the epoch goes on with its own. */
    dtls_record_layer_agree_cids(&t.a, false, kit_hex_bytes(&other));
    say(&t, &out, 2, 23, "old");
    kit_assert_hex(dtls_bytes_of(bytes, 15),
                   "19 fefd 0002 000000000000 c1d2e3f4");
    assert_int_equal(hear(&t, &out, &record), DTLS_OK);
    dtls_record_layer_retire_write(&t.a);
    key(&t, dtls_record_layer_next_write(&t.a), 3, true);
    dtls_record_layer_switch_write(&t.a);
    say(&t, &out, 3, 23, "new");
    kit_assert_hex(dtls_bytes_of(bytes, 13), "19 fefd 0003 000000000000 d5e6");
    say(&t, &out, 2, 23, "old");
    kit_assert_hex(dtls_bytes_of(bytes, 15),
                   "19 fefd 0002 000000000001 c1d2e3f4");
    end_talk(&t);

    begin(&t, "c1d2e3f4");
    next_epoch(&t, "");
    say(&t, &out, 2, 23, "none");
    assert_int_equal(bytes[0], 23);
    assert_int_equal(hear(&t, &out, &record), DTLS_OK);
    end_talk(&t);
}

static void newest_is_above_all_that_were_authentic(void **state)
{
    struct talk t;
    struct dtls_record record = {.epoch = 1};
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D9146-6-6");
    begin(&t, "c1");
    assert_true(dtls_record_layer_is_newest(&t.b, &record));
    t.a.write[1].next_seq = 5;
    say(&t, &out, 1, 23, "text");
    assert_int_equal(hear(&t, &out, &record), DTLS_OK);
    for (uint64_t seq = 0; seq < 10; seq++) {
        kit_row("number %u", (unsigned)seq);
        record = (struct dtls_record){.epoch = 1, .seq = seq};
        assert_int_equal(dtls_record_layer_is_newest(&t.b, &record), seq > 5);
        record.epoch = 0;
        assert_false(dtls_record_layer_is_newest(&t.b, &record));
        record.epoch = 2;
        assert_false(dtls_record_layer_is_newest(&t.b, &record));
    }
    end_talk(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_seals_to_its_vector),
        cmocka_unit_test(each_class_opens_its_vector),
        cmocka_unit_test(no_other_form_is_authentic),
        cmocka_unit_test(every_flipped_bit_is_discarded),
        cmocka_unit_test(a_header_ends_behind_the_id),
        cmocka_unit_test(records_of_every_length_come_back),
        cmocka_unit_test(padding_hides_lengths_and_keeps_to_the_limit),
        cmocka_unit_test(each_direction_has_its_form_and_its_type_back),
        cmocka_unit_test(an_empty_id_is_the_plain_form),
        cmocka_unit_test(a_record_of_the_wrong_form_is_dropped),
        cmocka_unit_test(the_true_type_rules_and_zeros_are_padding),
        cmocka_unit_test(each_epoch_has_the_id_that_was_agreed_for_it),
        cmocka_unit_test(newest_is_above_all_that_were_authentic),
    };

    return kit_run(tests);
}
