/* SPDX-License-Identifier: MIT */
/* record/layer.c: epochs, sequence numbers and what is dropped. */
#include "kit/kit.h"

#include "record/layer.h"

/* Two layers that talk to each other: what `a` seals, `b` opens. */
struct talk {
    struct kit_crypto k;
    struct dtls_counters counters_a;
    struct dtls_counters counters_b;
    struct dtls_record_layer a;
    struct dtls_record_layer b;
    struct dtls_record_room rooms[2];
};

static void begin(struct talk *t)
{
    t->counters_a = t->counters_b = (struct dtls_counters){0};
    kit_crypto_count(&t->k, 0xa0);
    dtls_record_layer_init(&t->a, &t->k.crypto, &t->counters_a);
    dtls_record_layer_init(&t->b, &t->k.crypto, &t->counters_b);
    dtls_record_layer_lend(&t->a, &t->rooms[0]);
    dtls_record_layer_lend(&t->b, &t->rooms[1]);
}

static void end(struct talk *t)
{
    dtls_record_layer_free(&t->a);
    dtls_record_layer_free(&t->b);
}

/* GCM keys that differ from epoch to epoch. */
static void key(struct talk *t, struct dtls_protection *p, uint16_t epoch,
                bool seal)
{
    uint8_t bytes[16];
    uint8_t salt[4];

    assert_non_null(p);
    memset(bytes, 0x11 * epoch, sizeof bytes);
    memset(salt, epoch, sizeof salt);
    assert_int_equal(
        t->k.crypto.cipher_key(
            t->k.crypto.self, &p->cipher, dtls_suite_find(0x00a8),
            &(struct dtls_cipher_keys){.key = dtls_bytes_of(bytes, 16),
                                       .salt = dtls_bytes_of(salt, 4)},
            seal),
        DTLS_OK);
}

/* Keys the next epoch of `a`'s writing and `b`'s reading; the switch is the
 * test's. */
static void key_next(struct talk *t)
{
    uint16_t epoch = (uint16_t)(t->a.write_epoch + 1);

    key(t, dtls_record_layer_next_write(&t->a), epoch, true);
    key(t, dtls_record_layer_next_read(&t->b), epoch, false);
}

static void switch_both(struct talk *t)
{
    dtls_record_layer_switch_write(&t->a);
    dtls_record_layer_switch_read(&t->b);
}

/* A record on its way. */
struct wire {
    uint8_t data[128];
    size_t len;
};

static struct wire sealed(struct talk *t, uint16_t epoch, const char *text)
{
    struct wire w;
    struct dtls_buf out = {w.data, 0, sizeof w.data};

    assert_int_equal(dtls_record_layer_seal(&t->a, &out, epoch,
                                            DTLS_APPLICATION_DATA,
                                            dtls_bytes_of(text, strlen(text))),
                     DTLS_OK);
    w.len = out.len;
    return w;
}

/* Opens a copy, and has use for it. */
static enum dtls_status opened(struct talk *t, struct wire w)
{
    struct dtls_span datagram = {w.data, w.len};
    struct dtls_record record;

    enum dtls_status status;

    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    status = dtls_record_layer_open(&t->b, &record);
    if (status == DTLS_OK) {
        dtls_record_layer_accept(&t->b, &record);
    }
    return status;
}

/* Counters of `b`: header, epoch, replay, mac, state. */
static void counted(const struct talk *t, uint32_t header, uint32_t epoch,
                    uint32_t replay, uint32_t mac)
{
    assert_int_equal(t->counters_b.discarded_header, header);
    assert_int_equal(t->counters_b.discarded_epoch, epoch);
    assert_int_equal(t->counters_b.discarded_replay, replay);
    assert_int_equal(t->counters_b.discarded_mac, mac);
    assert_int_equal(t->counters_b.discarded_state, 0);
}

static void numbers_begin_at_0_and_grow_by_1_in_each_epoch(void **state)
{
    struct talk t;
    struct wire w;

    (void)state;
    proves("D6347-4.1-5");
    proves("D6347-4.1-6");
    proves("D6347-4.1-7");
    begin(&t);
    for (uint8_t i = 0; i < 3; i++) {
        kit_row("record %u of epoch 0", i);
        w = sealed(&t, 0, "x");
        kit_assert_hex(dtls_bytes_of(w.data, 10), "17 fefd 0000 0000000000");
        assert_int_equal(w.data[10], i);
    }
    key_next(&t);
    switch_both(&t);
    for (uint8_t i = 0; i < 3; i++) {
        kit_row("record %u of epoch 1", i);
        w = sealed(&t, 1, "x");
        kit_assert_hex(dtls_bytes_of(w.data, 10), "17 fefd 0001 0000000000");
        assert_int_equal(w.data[10], i);
    }
    w = sealed(&t, 0, "x");
    assert_int_equal(w.data[4], 0);
    assert_int_equal(w.data[10], 3);
    end(&t);
}

static void a_record_is_opened_in_place_once(void **state)
{
    struct talk t;
    struct wire w;
    struct dtls_record record;
    struct dtls_span datagram;

    (void)state;
    proves("D6347-4.1.2.6-3");
    begin(&t);
    key_next(&t);
    switch_both(&t);
    w = sealed(&t, 1, "once");
    assert_int_equal(opened(&t, w), DTLS_OK);
    assert_int_equal(opened(&t, w), DTLS_DISCARD);
    counted(&t, 0, 0, 1, 0);
    w = sealed(&t, 1, "body");
    datagram = (struct dtls_span){w.data, w.len};
    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    assert_int_equal(dtls_record_layer_open(&t.b, &record), DTLS_OK);
    assert_ptr_equal(record.body.data, w.data + 13 + 8);
    kit_assert_hex(dtls_span_bytes(record.body), "626f6479");
    end(&t);
}

static void a_replay_is_dropped_before_any_cryptography(void **state)
{
    struct talk t;
    struct wire w;

    (void)state;
    proves("D6347-4.1.2.6-4");
    begin(&t);
    key_next(&t);
    switch_both(&t);
    w = sealed(&t, 1, "text");
    assert_int_equal(opened(&t, w), DTLS_OK);
    w.data[w.len - 1] ^= 1;
    assert_int_equal(opened(&t, w), DTLS_DISCARD);
    counted(&t, 0, 0, 1, 0);
    end(&t);
}

static void a_forgery_does_not_move_the_window(void **state)
{
    struct talk t;
    struct wire early;
    struct wire late;
    struct wire forged;

    (void)state;
    proves("D6347-4.1.2.6-10");
    proves("D6347-4.1.2.6-12");
    proves("D6347-4.1.2.1-3");
    begin(&t);
    key_next(&t);
    switch_both(&t);
    early = sealed(&t, 1, "early");
    t.a.write[1].next_seq = 1000;
    late = sealed(&t, 1, "late");
    forged = late;
    forged.data[20] ^= 0x40;
    assert_int_equal(opened(&t, forged), DTLS_DISCARD);
    counted(&t, 0, 0, 0, 1);
    assert_int_equal(opened(&t, early), DTLS_OK);
    assert_int_equal(opened(&t, late), DTLS_OK);
    end(&t);
}

static void the_window_of_each_epoch_is_its_own(void **state)
{
    struct talk t;
    struct wire zero[2];
    struct wire one[2];

    (void)state;
    proves("D6347-4.1.2.6-13");
    proves("D6347-4.1-12");
    proves("D6347-4.1-13");
    begin(&t);
    zero[0] = sealed(&t, 0, "0");
    zero[1] = sealed(&t, 0, "1");
    key_next(&t);
    switch_both(&t);
    one[0] = sealed(&t, 1, "0");
    one[1] = sealed(&t, 1, "1");
    assert_int_equal(opened(&t, zero[1]), DTLS_OK);
    assert_int_equal(opened(&t, one[1]), DTLS_OK);
    assert_int_equal(opened(&t, one[0]), DTLS_OK);
    assert_int_equal(opened(&t, zero[0]), DTLS_OK);
    assert_int_equal(opened(&t, one[0]), DTLS_DISCARD);
    assert_int_equal(opened(&t, zero[0]), DTLS_DISCARD);
    counted(&t, 0, 0, 2, 0);
    end(&t);
}

static void an_epoch_is_read_from_its_switch_to_its_retirement(void **state)
{
    struct talk t;
    struct wire early;

    (void)state;
    proves("D6347-4.1-10");
    proves("D6347-4.1-14");
    begin(&t);
    key_next(&t);
    dtls_record_layer_switch_write(&t.a);
    early = sealed(&t, 1, "early");
    assert_int_equal(opened(&t, early), DTLS_DISCARD);
    counted(&t, 0, 1, 0, 0);
    dtls_record_layer_switch_read(&t.b);
    assert_int_equal(opened(&t, early), DTLS_OK);
    assert_int_equal(opened(&t, sealed(&t, 0, "old")), DTLS_OK);
    dtls_record_layer_retire_read(&t.b);
    assert_int_equal(opened(&t, sealed(&t, 0, "old")), DTLS_DISCARD);
    counted(&t, 0, 2, 0, 0);
    end(&t);
}

static void an_epoch_that_is_not_live_is_dropped_and_moves_nothing(void **s)
{
    static const uint16_t others[] = {0, 1, 4, 5, 0x8002, 0xffff};
    struct talk t;

    (void)s;
    proves("D6347-4.1-22");
    begin(&t);
    for (int i = 0; i < 3; i++) {
        kit_row("epoch %d", i + 1);
        key_next(&t);
        switch_both(&t);
        dtls_record_layer_retire_read(&t.b);
        dtls_record_layer_retire_write(&t.a);
    }
    for (size_t i = 0; i < LEN(others); i++) {
        kit_row("epoch %04x", others[i]);
        struct wire w = sealed(&t, 3, "now");

        w.data[3] = (uint8_t)(others[i] >> 8);
        w.data[4] = (uint8_t)others[i];
        assert_int_equal(opened(&t, w), DTLS_DISCARD);
        counted(&t, 0, (uint32_t)i + 1, 0, 0);
        assert_int_equal(t.b.read_epoch, 3);
    }
    assert_int_equal(opened(&t, sealed(&t, 3, "now")), DTLS_OK);
    end(&t);
}

/* Two epochs at a time: a kept one is never ended by keying the next, nor a
 * keyed one by retiring a kept one. */
static void an_epoch_ends_only_by_its_own_name(void **state)
{
    struct talk t;

    (void)state;
    begin(&t);
    key_next(&t); /* 1 */
    dtls_record_layer_retire_read(&t.b);
    dtls_record_layer_retire_write(&t.a); /* there is none before 0 */
    switch_both(&t);
    assert_int_equal(opened(&t, sealed(&t, 1, "now")), DTLS_OK);
    assert_int_equal(opened(&t, sealed(&t, 0, "kept")), DTLS_OK);
    assert_null(dtls_record_layer_next_write(&t.a));
    assert_null(dtls_record_layer_next_read(&t.b));
    assert_int_equal(opened(&t, sealed(&t, 0, "kept")), DTLS_OK);
    dtls_record_layer_retire_read(&t.b);
    dtls_record_layer_retire_write(&t.a);
    key_next(&t); /* 2, and once more: the first keys are ended */
    key_next(&t);
    dtls_record_layer_forget_next_read(&t.b);
    dtls_record_layer_forget_next_write(&t.a);
    assert_int_equal(opened(&t, sealed(&t, 1, "now")), DTLS_OK);
    end(&t);
}

/* Epoch 0: a record that was dropped moves nothing, and one far to the right
 * pushes nothing out. */
static void in_epoch_0_only_a_marked_number_is_old(void **state)
{
    struct talk t;
    struct wire first;
    struct wire last;

    (void)state;
    begin(&t);
    first = sealed(&t, 0, "first");
    dtls_record_layer_raise_seq(&t.a, DTLS_SEQ_MAX - 1);
    last = sealed(&t, 0, "last");
    for (int i = 0; i < 2; i++) {
        struct dtls_span datagram = {last.data, last.len};
        struct dtls_record record;

        kit_row("copy %d", i);
        assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
        assert_int_equal(dtls_record_layer_open(&t.b, &record), DTLS_OK);
    }
    assert_int_equal(opened(&t, last), DTLS_OK);
    assert_int_equal(opened(&t, last), DTLS_DISCARD);
    assert_int_equal(opened(&t, first), DTLS_OK);
    end(&t);
}

/* A body of every length, under every suite: a forgery is one whose MAC or tag
 * was tried, which takes as many bytes as the shortest record has. */
static void only_what_was_tried_is_a_forgery(void **state)
{
    static const uint8_t key_bytes[DTLS_MAC_MAX] = {0x23};
    const struct dtls_suite *suite;

    (void)state;
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        for (int etm = 0; etm <= (suite->cipher == DTLS_CIPHER_CBC); etm++) {
            struct talk t;
            struct dtls_protection *p;
            struct wire least;

            kit_row("suite %04x%s", suite->id,
                    etm ? ", encrypt-then-MAC" : "");
            begin(&t);
            for (int seal = 0; seal < 2; seal++) {
                p = seal ? dtls_record_layer_next_write(&t.a)
                         : dtls_record_layer_next_read(&t.b);
                assert_int_equal(
                    t.k.crypto.cipher_key(
                        t.k.crypto.self, &p->cipher, suite,
                        &(struct dtls_cipher_keys){
                            .mac = dtls_bytes_of(key_bytes,
                                                 dtls_suite_mac_len(suite)),
                            .key = dtls_bytes_of(key_bytes, suite->key_len),
                            .salt = dtls_bytes_of(key_bytes, suite->salt_len)},
                        seal != 0),
                    DTLS_OK);
                p->encrypt_then_mac = etm;
            }
            switch_both(&t);
            least = sealed(&t, 1, "");
            p = &t.b.read[1].protection;
            for (size_t len = 0; len <= least.len; len++) {
                uint8_t body[128] = {0};
                struct dtls_record record = {.type = 23,
                                             .version = DTLS_VERSION_1_2,
                                             .epoch = 1,
                                             .seq = 7 + len,
                                             .body = {body, len}};
                uint64_t used = p->used;

                assert_int_equal(dtls_record_layer_open(&t.b, &record),
                                 DTLS_DISCARD);
                assert_true(p->used == used ||
                            len >= least.len - DTLS_RECORD_HEADER_LEN);
                if (len == least.len - DTLS_RECORD_HEADER_LEN) {
                    assert_true(p->used == used + 1);
                }
            }
            end(&t);
        }
    }
}

static void writing_in_an_epoch_that_is_not_live_is_an_error(void **state)
{
    struct talk t;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes nothing = {0};

    (void)state;
    begin(&t);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 1, 22, nothing),
                     DTLS_INTERNAL_ERROR);
    key_next(&t);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 1, 22, nothing),
                     DTLS_INTERNAL_ERROR);
    switch_both(&t);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 2, 22, nothing),
                     DTLS_INTERNAL_ERROR);
    dtls_record_layer_retire_write(&t.a);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 22, nothing),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(out.len, 0);
    end(&t);
}

static void the_last_sequence_number_is_used_and_none_after_it(void **state)
{
    struct talk t;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes text = {(const uint8_t *)"x", 1};

    (void)state;
    proves("D6347-4.1-20");
    begin(&t);
    dtls_record_layer_raise_seq(&t.a, DTLS_SEQ_MAX - 1);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 23, text), DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out), "17 fefd 0000 fffffffffffe 0001 78");
    /* The last one is for an alert, as far as the number may be raised. */
    dtls_record_layer_raise_seq(&t.a, UINT64_MAX);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 23, text),
                     DTLS_TOO_LATE);
    assert_int_equal(out.len, 14);
    out.len = 0;
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 21, text), DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out), "15 fefd 0000 ffffffffffff 0001 78");
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 21, text),
                     DTLS_TOO_LATE);
    /* Raised once more, it must not come again. */
    dtls_record_layer_raise_seq(&t.a, UINT64_MAX);
    assert_int_equal(dtls_record_layer_seal(&t.a, &out, 0, 21, text),
                     DTLS_TOO_LATE);
    assert_int_equal(out.len, 14);
    end(&t);
}

static void what_does_not_fit_uses_no_number(void **state)
{
    struct talk t;
    uint8_t bytes[13];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    begin(&t);
    assert_int_equal(
        dtls_record_layer_seal(&t.a, &out, 0, 23,
                               dtls_bytes_of((const uint8_t *)"x", 1)),
        DTLS_NO_ROOM);
    assert_int_equal(out.len, 0);
    assert_true(t.a.write[0].next_seq == 0);
    end(&t);
}

static void epoch_65535_is_the_last(void **state)
{
    struct talk t;

    (void)state;
    proves("D6347-4.1-21");
    begin(&t);
    t.a.write_epoch = 65533;
    t.a.write[0].epoch = 65533;
    t.b.read_epoch = 65533;
    t.b.read[0].epoch = 65533;
    key_next(&t); /* 65534 */
    switch_both(&t);
    dtls_record_layer_retire_write(&t.a);
    dtls_record_layer_retire_read(&t.b);
    key_next(&t); /* 65535 */
    switch_both(&t);
    assert_int_equal(opened(&t, sealed(&t, 65535, "last")), DTLS_OK);
    assert_null(dtls_record_layer_next_write(&t.a));
    assert_null(dtls_record_layer_next_read(&t.b));
    assert_int_equal(opened(&t, sealed(&t, 65535, "last")), DTLS_OK);
    end(&t);
}

/* A record of epoch `epoch` with this type and version; the MAC does not
 * matter, as long as the reason that is counted is not "header". */
static bool header_is_taken(struct talk *t, uint16_t epoch, uint8_t type,
                            uint16_t version)
{
    uint8_t body[40] = {0};
    uint32_t before = t->counters_b.discarded_header;
    struct dtls_record record = {.type = type,
                                 .version = version,
                                 .epoch = epoch,
                                 .seq = t->k.calls++,
                                 .body = {body, sizeof body}};

    if (dtls_record_layer_open(&t->b, &record) == DTLS_OK) {
        return true;
    }
    return t->counters_b.discarded_header == before;
}

static void four_types_are_known_and_all_others_dropped(void **state)
{
    struct talk t;

    (void)state;
    proves("D6347-4.1.2.7-1");
    begin(&t);
    for (unsigned type = 0; type < 256; type++) {
        kit_row("type %u", type);
        assert_int_equal(header_is_taken(&t, 0, (uint8_t)type, 0xfefd),
                         type >= 20 && type <= 23);
    }
    end(&t);
}

static void version_1_0_is_taken_in_epoch_0_until_the_version_is_known(
    void **state)
{
    struct talk t;

    (void)state;
    proves("D6347-4.1-29");
    proves("D6347-4.1-2");
    begin(&t);
    key_next(&t);
    switch_both(&t);
    assert_true(header_is_taken(&t, 0, 22, 0xfeff));
    assert_true(header_is_taken(&t, 0, 22, 0xfefd));
    assert_false(header_is_taken(&t, 1, 22, 0xfeff));
    assert_true(header_is_taken(&t, 1, 22, 0xfefd));
    t.b.version_known = true;
    assert_false(header_is_taken(&t, 0, 22, 0xfeff));
    assert_true(header_is_taken(&t, 0, 22, 0xfefd));
    assert_true(header_is_taken(&t, 1, 22, 0xfefd));
    end(&t);
}

static void no_other_version_is_taken(void **state)
{
    struct talk t;

    (void)state;
    proves("D6347-4.1.2.7-1");
    begin(&t);
    for (unsigned version = 0; version <= 0xffff; version++) {
        kit_row("version %04x", version);
        assert_int_equal(header_is_taken(&t, 0, 22, (uint16_t)version),
                         version == 0xfeff || version == 0xfefd);
    }
    end(&t);
}

static void the_body_place_is_where_nothing_has_to_move(void **state)
{
    struct talk t;
    uint8_t bytes[100];
    struct dtls_buf out = {bytes, 10, sizeof bytes};
    struct dtls_buf body;

    (void)state;
    begin(&t);
    body = dtls_record_layer_body(&t.a, &out, 0);
    assert_ptr_equal(body.data, bytes + 10 + 13);
    assert_int_equal(body.cap, 90 - 13);
    key_next(&t);
    switch_both(&t);
    body = dtls_record_layer_body(&t.a, &out, 1);
    assert_ptr_equal(body.data, bytes + 10 + 13 + 8);
    assert_int_equal(body.cap, 90 - 13 - 8 - 16);
    body.len = body.cap;
    memset(body.data, 'x', body.len);
    assert_int_equal(
        dtls_record_layer_seal(&t.a, &out, 1, 23, dtls_buf_bytes(&body)),
        DTLS_OK);
    assert_int_equal(out.len, sizeof bytes);
    body = dtls_record_layer_body(&t.a, &out, 1);
    assert_int_equal(body.cap, 0);
    end(&t);
}

static void freeing_ends_every_key(void **state)
{
    struct talk t;

    (void)state;
    begin(&t);
    key_next(&t);
    switch_both(&t);
    end(&t);
    for (size_t i = 0; i < 2; i++) {
        kit_row("keys %zu", i);
        assert_null(t.a.write[i].protection.cipher.context);
        assert_null(t.b.read[i].protection.cipher.context);
        assert_false(t.a.write[i].usable || t.b.read[i].usable);
    }
    end(&t); /* again: harmless */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_begin_at_0_and_grow_by_1_in_each_epoch),
        cmocka_unit_test(a_record_is_opened_in_place_once),
        cmocka_unit_test(a_replay_is_dropped_before_any_cryptography),
        cmocka_unit_test(a_forgery_does_not_move_the_window),
        cmocka_unit_test(the_window_of_each_epoch_is_its_own),
        cmocka_unit_test(an_epoch_is_read_from_its_switch_to_its_retirement),
        cmocka_unit_test(
            an_epoch_that_is_not_live_is_dropped_and_moves_nothing),
        cmocka_unit_test(an_epoch_ends_only_by_its_own_name),
        cmocka_unit_test(in_epoch_0_only_a_marked_number_is_old),
        cmocka_unit_test(only_what_was_tried_is_a_forgery),
        cmocka_unit_test(writing_in_an_epoch_that_is_not_live_is_an_error),
        cmocka_unit_test(the_last_sequence_number_is_used_and_none_after_it),
        cmocka_unit_test(what_does_not_fit_uses_no_number),
        cmocka_unit_test(epoch_65535_is_the_last),
        cmocka_unit_test(four_types_are_known_and_all_others_dropped),
        cmocka_unit_test(
            version_1_0_is_taken_in_epoch_0_until_the_version_is_known),
        cmocka_unit_test(no_other_version_is_taken),
        cmocka_unit_test(the_body_place_is_where_nothing_has_to_move),
        cmocka_unit_test(freeing_ends_every_key),
    };

    return kit_run(tests);
}
