/* SPDX-License-Identifier: MIT */
/* flight/flight.c: a flight is cut to any MTU and is the same flight again. */
#include "kit/kit.h"

#include "flight/flight.h"
#include "flight/reassembly.h"

/* A flight like a client's flight 5: Certificate, ClientKeyExchange and
 * CertificateVerify in epoch 0, ChangeCipherSpec, Finished in epoch 1. */
struct part {
    uint8_t type;
    uint16_t epoch;
    uint32_t len;
};

#define CCS 0xff /* as a type here: not a handshake message */

static const struct part parts[] = {
    {11, 0, 1234}, {16, 0, 66}, {15, 0, 260}, {CCS, 0, 1}, {20, 1, 12},
};

#define FIRST_SEQ 0x0203
#define NUM_HANDSHAKE 4
#define BODY_MAX 1300

static uint8_t body_byte(size_t message, size_t at)
{
    return (uint8_t)(101 * message + 7 * at + 3);
}

struct work {
    struct kit_crypto k;
    struct kit_store store;
    struct dtls_flight flight;
    struct dtls_counters counters;
    struct dtls_record_layer ours;
    struct dtls_record_layer theirs;
};

static void key(struct work *w, struct dtls_protection *p, bool seal)
{
    static const uint8_t zeros[16];

    assert_non_null(p);
    assert_int_equal(
        w->k.crypto.cipher_key(
            w->k.crypto.self, &p->cipher, dtls_suite_find(0x00a8),
            &(struct dtls_cipher_keys){.key = dtls_bytes_of(zeros, 16),
                                       .salt = dtls_bytes_of(zeros, 4)},
            seal),
        DTLS_OK);
}

static void begin(struct work *w, size_t block_size, size_t limit)
{
    kit_crypto_count(&w->k, 0);
    kit_store_init(&w->store, block_size, limit);
    dtls_flight_init(&w->flight, &w->store.store);
    dtls_record_layer_init(&w->ours, &w->k.crypto, &w->counters);
    dtls_record_layer_init(&w->theirs, &w->k.crypto, &w->counters);
    key(w, dtls_record_layer_next_write(&w->ours), true);
    key(w, dtls_record_layer_next_read(&w->theirs), false);
    dtls_record_layer_switch_write(&w->ours);
    dtls_record_layer_switch_read(&w->theirs);
}

static void end(struct work *w)
{
    dtls_flight_clear(&w->flight);
    dtls_record_layer_free(&w->ours);
    dtls_record_layer_free(&w->theirs);
    kit_store_end(&w->store);
}

/* Adds message `i`, its body in two byte strings. */
static enum dtls_status add_part(struct work *w, size_t i, uint16_t seq)
{
    uint8_t body[BODY_MAX];
    size_t cut = parts[i].len / 3;
    struct dtls_bytes two[] = {{body, cut}, {body + cut, parts[i].len - cut}};

    for (size_t at = 0; at < parts[i].len; at++) {
        body[at] = body_byte(i, at);
    }
    if (parts[i].type == CCS) {
        return dtls_flight_add_ccs(&w->flight, parts[i].epoch);
    }
    return dtls_flight_add(&w->flight, parts[i].type, seq, parts[i].epoch, two,
                           2);
}

static enum dtls_status add_all(struct work *w)
{
    uint16_t seq = FIRST_SEQ;
    enum dtls_status status = DTLS_OK;

    for (size_t i = 0; i < LEN(parts) && status == DTLS_OK; i++) {
        status = add_part(w, i, seq);
        seq = (uint16_t)(seq + (parts[i].type == CCS ? 0 : 1));
    }
    return status;
}

static enum dtls_status make(struct work *w)
{
    enum dtls_status status = add_all(w);

    dtls_flight_rewind(&w->flight);
    return status;
}

/* What the other side has understood so far. */
struct receiver {
    struct dtls_reassembly in;
    uint8_t arena[2000];
    size_t next; /* index in parts of the next message                     */
    size_t num_ccs;
    size_t num_records;
    uint32_t end_of_last; /* where the last fragment ended */
    size_t smallest_cut;  /* shortest fragment that is not a message's last */
};

static void receiver_begin(struct receiver *r)
{
    *r = (struct receiver){.smallest_cut = SIZE_MAX};
    dtls_reassembly_init(&r->in, (struct dtls_span){r->arena, sizeof r->arena},
                         FIRST_SEQ);
}

static void check_message(struct receiver *r, const struct dtls_message *m)
{
    if (parts[r->next].type == CCS) {
        assert_int_equal(r->num_ccs, 1);
        r->next++;
    }
    assert_true(r->next < LEN(parts));
    kit_row("message %zu", r->next);
    assert_int_equal(m->type, parts[r->next].type);
    assert_int_equal(m->epoch, parts[r->next].epoch);
    assert_int_equal(m->body.len, parts[r->next].len);
    for (size_t at = 0; at < m->body.len; at++) {
        assert_int_equal(m->body.data[at], body_byte(r->next, at));
    }
    r->next++;
}

static void receive_handshake(struct receiver *r,
                              const struct dtls_record *record)
{
    struct dtls_bytes payload = dtls_span_bytes(record->body);
    struct dtls_fragment f;
    struct dtls_message m;

    while (payload.len != 0) {
        assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_OK);
        assert_int_equal(f.offset, r->end_of_last); /* no gap, no overlap */
        r->end_of_last = f.offset + (uint32_t)f.body.len;
        if (r->end_of_last == f.message_len) {
            r->end_of_last = 0;
        } else if (f.body.len < r->smallest_cut) {
            r->smallest_cut = f.body.len;
        }
        assert_int_equal(dtls_reassembly_add(&r->in, &f, record->epoch),
                         DTLS_OK);
        while (dtls_reassembly_next(&r->in, &m)) {
            check_message(r, &m);
            dtls_reassembly_done(&r->in);
        }
    }
}

static void receive(struct work *w, struct receiver *r,
                    struct dtls_span datagram)
{
    struct dtls_record record;

    while (datagram.len != 0) {
        assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
        assert_int_equal(dtls_record_layer_open(&w->theirs, &record), DTLS_OK);
        r->num_records++;
        if (record.type == DTLS_CHANGE_CIPHER_SPEC) {
            kit_assert_hex(dtls_span_bytes(record.body), "01");
            assert_int_equal(record.epoch, 0);
            r->num_ccs++;
        } else {
            assert_int_equal(record.type, DTLS_HANDSHAKE);
            receive_handshake(r, &record);
        }
    }
}

/* Sends the whole flight in datagrams of at most `mtu`; returns how many. */
static size_t carry(struct work *w, struct receiver *r, size_t mtu)
{
    size_t datagrams = 0;

    while (!dtls_flight_is_sent(&w->flight)) {
        uint8_t *block = malloc(mtu);
        struct dtls_buf out = {block, 0, mtu};

        assert_non_null(block);
        assert_int_equal(dtls_flight_write(&w->flight, &w->ours, &out),
                         DTLS_OK);
        assert_true(out.len != 0 && out.len <= mtu);
        receive(w, r, (struct dtls_span){block, out.len});
        free(block);
        datagrams++;
    }
    return datagrams;
}

/* One byte of Finished in epoch 1: header 13, nonce 8, header 12, tag 16. */
#define SMALLEST_MTU (13 + 8 + 12 + 1 + 16)

static void a_flight_cut_to_any_mtu_is_the_same_flight_again(void **state)
{
    (void)state;
    proves("D6347-4.1.1-1");
    proves("D6347-4.1.1-2");
    proves("D6347-4.2.3-1");
    proves("D6347-4.2.3-2");
    proves("D6347-4.2.3-3");
    proves("D6347-4.2.3-4");
    proves("D6347-4.2.3-17");
    for (size_t mtu = SMALLEST_MTU; mtu <= 1800; mtu++) {
        struct receiver r;
        struct work w;

        kit_row("MTU %zu", mtu);
        receiver_begin(&r);
        begin(&w, 256, KIT_STORE_MAX);
        assert_int_equal(make(&w), DTLS_OK);
        (void)carry(&w, &r, mtu);
        assert_int_equal(r.next, LEN(parts));
        assert_int_equal(r.num_ccs, 1);
        end(&w);
    }
}

static void a_large_mtu_takes_the_flight_in_one_datagram(void **state)
{
    struct receiver r;
    struct work w;
    /* Four records with their headers and one fragment header each; CCS. */
    size_t whole = 1234 + 66 + 260 + 3 * 25 + 14 + 13 + 8 + 12 + 12 + 16;

    (void)state;
    proves("D6347-4.1.1-3");
    receiver_begin(&r);
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    assert_int_equal(carry(&w, &r, whole), 1);
    assert_int_equal(r.num_records, LEN(parts));
    end(&w);
    receiver_begin(&r);
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    assert_int_equal(carry(&w, &r, whole - 1), 2);
    end(&w);
}

static void a_new_flight_is_written_without_a_rewind(void **state)
{
    struct receiver r;
    struct work w;

    (void)state;
    receiver_begin(&r);
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(add_all(&w), DTLS_OK);
    assert_int_equal(carry(&w, &r, 4000), 1);
    assert_int_equal(r.num_records, LEN(parts));
    end(&w);
}

static void no_sliver_is_cut_off_at_the_end_of_a_datagram(void **state)
{
    (void)state;
    for (size_t mtu = 100; mtu <= 1500; mtu++) {
        struct receiver r;
        struct work w;

        kit_row("MTU %zu", mtu);
        receiver_begin(&r);
        begin(&w, 256, KIT_STORE_MAX);
        assert_int_equal(make(&w), DTLS_OK);
        (void)carry(&w, &r, mtu);
        assert_true(r.smallest_cut >= 32);
        end(&w);
    }
}

static void a_datagram_too_small_for_one_byte_is_no_room(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    for (size_t mtu = 0; mtu <= 25; mtu++) {
        uint8_t bytes[26];
        struct dtls_buf out = {bytes, 0, mtu};

        kit_row("room for %zu bytes", mtu);
        assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out),
                         DTLS_NO_ROOM);
        assert_int_equal(out.len, 0);
        assert_true(w.ours.write[0].next_seq == 0);
    }
    end(&w);
}

static void change_cipher_spec_is_never_cut_and_waits_for_room(void **state)
{
    struct work w;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, 13};

    (void)state;
    proves("D6347-4.2.5-1");
    proves("D5246-7.1-1");
    proves("D5246-7.1-3");
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(dtls_flight_add_ccs(&w.flight, 0), DTLS_OK);
    dtls_flight_rewind(&w.flight);
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out),
                     DTLS_NO_ROOM);
    out.cap = 14;
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out), DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out), "14 fefd 0000 000000000000 0001 01");
    assert_true(dtls_flight_is_sent(&w.flight));
    end(&w);
}

static void a_message_without_a_body_is_a_header(void **state)
{
    struct work w;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D6347-4.2.3-13");
    begin(&w, 256, 0); /* no block is needed */
    assert_int_equal(dtls_flight_add(&w.flight, 14, 0x1234, 0, NULL, 0),
                     DTLS_OK);
    dtls_flight_rewind(&w.flight);
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out), DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out), "16 fefd 0000 000000000000 000c"
                                         "0e 000000 1234 000000 000000");
    end(&w);
}

static void a_resent_flight_has_new_numbers_and_the_same_messages(void **state)
{
    struct receiver r;
    struct work w;
    uint64_t numbers[2];

    (void)state;
    proves("D6347-4.1-7");
    proves("D6347-4.1-8");
    proves("D6347-4.2.2-6");
    proves("D6347-4.2.2-7");
    proves("D6347-4.2.5-1");
    begin(&w, 256, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    receiver_begin(&r);
    (void)carry(&w, &r, 1400);
    numbers[0] = w.ours.write[0].next_seq;
    numbers[1] = w.ours.write[1].next_seq;
    assert_true(numbers[0] != 0 && numbers[1] == 1);
    for (int again = 0; again < 3; again++) {
        kit_row("time %d", again);
        dtls_flight_rewind(&w.flight);
        assert_false(dtls_flight_is_sent(&w.flight));
        receiver_begin(&r); /* their windows go on: every number is new */
        (void)carry(&w, &r, again == 0 ? 1400 : 200);
        assert_int_equal(r.next, LEN(parts));
        assert_true(w.ours.write[0].next_seq > numbers[0]);
        assert_true(w.ours.write[1].next_seq > numbers[1]);
        numbers[0] = w.ours.write[0].next_seq;
        numbers[1] = w.ours.write[1].next_seq;
    }
    end(&w);
}

static void a_rewind_in_the_middle_begins_again(void **state)
{
    struct receiver r;
    struct work w;
    uint8_t bytes[300];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    begin(&w, 64, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out), DTLS_OK);
    dtls_flight_rewind(&w.flight);
    receiver_begin(&r);
    (void)carry(&w, &r, 300);
    assert_int_equal(r.next, LEN(parts));
    end(&w);
}

static void every_block_size_holds_the_same_flight(void **state)
{
    (void)state;
    for (size_t size = DTLS_BLOCK_MIN; size <= 1700; size += 31) {
        struct receiver r;
        struct work w;

        kit_row("blocks of %zu bytes", size);
        receiver_begin(&r);
        begin(&w, size, KIT_STORE_MAX);
        assert_int_equal(make(&w), DTLS_OK);
        (void)carry(&w, &r, 500);
        assert_int_equal(r.next, LEN(parts));
        end(&w);
    }
}

static void a_store_that_says_no_gets_every_block_back(void **state)
{
    size_t needed;
    struct work w;

    (void)state;
    begin(&w, 128, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    needed = w.store.out;
    assert_true(needed > 10);
    end(&w);
    for (size_t limit = 0; limit < needed; limit++) {
        kit_row("%zu blocks", limit);
        begin(&w, 128, limit);
        assert_int_equal(make(&w), DTLS_STORE_EMPTY);
        assert_int_equal(w.store.out, limit);
        dtls_flight_clear(&w.flight);
        assert_int_equal(w.store.out, 0);
        w.store.limit = KIT_STORE_MAX; /* and can be used again */
        assert_int_equal(make(&w), DTLS_OK);
        end(&w);
    }
    begin(&w, 128, needed);
    assert_int_equal(make(&w), DTLS_OK);
    end(&w);
}

/* A store that remembers what its blocks held when they came back. */
static uint8_t given_back[128];

static void remember_give(void *self, void *block)
{
    struct kit_store *s = self;

    memcpy(given_back, block, s->block_size);
    for (size_t i = 0; i < KIT_STORE_MAX; i++) {
        if (s->blocks[i] == block) {
            s->blocks[i] = NULL;
            s->out--;
        }
    }
    free(block);
}

static void blocks_come_back_without_what_they_held(void **state)
{
    static const char secret[] = "SECRETSECRET";
    struct work w;

    (void)state;
    begin(&w, sizeof given_back, KIT_STORE_MAX);
    w.store.store.give = remember_give;
    assert_int_equal(
        dtls_flight_add(&w.flight, 20, 0, 0,
                        &(struct dtls_bytes){(const uint8_t *)secret, 12}, 1),
        DTLS_OK);
    dtls_flight_clear(&w.flight);
    for (size_t i = 0; i + 6 <= sizeof given_back; i++) {
        kit_row("byte %zu", i);
        assert_memory_not_equal(given_back + i, secret, 6);
    }
    end(&w);
}

static void an_empty_flight_is_sent_and_writes_nothing(void **state)
{
    struct work w;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    begin(&w, 128, 0);
    dtls_flight_rewind(&w.flight);
    assert_true(dtls_flight_is_sent(&w.flight));
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out), DTLS_OK);
    assert_int_equal(out.len, 0);
    end(&w);
}

static void without_sequence_numbers_the_record_layer_is_heard(void **state)
{
    struct work w;
    uint8_t bytes[2000];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D6347-4.1-20");
    begin(&w, 128, KIT_STORE_MAX);
    assert_int_equal(make(&w), DTLS_OK);
    w.ours.write[0].next_seq = DTLS_SEQ_MAX;
    assert_int_equal(dtls_flight_write(&w.flight, &w.ours, &out),
                     DTLS_TOO_LATE);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flight_cut_to_any_mtu_is_the_same_flight_again),
        cmocka_unit_test(a_large_mtu_takes_the_flight_in_one_datagram),
        cmocka_unit_test(a_new_flight_is_written_without_a_rewind),
        cmocka_unit_test(no_sliver_is_cut_off_at_the_end_of_a_datagram),
        cmocka_unit_test(a_datagram_too_small_for_one_byte_is_no_room),
        cmocka_unit_test(change_cipher_spec_is_never_cut_and_waits_for_room),
        cmocka_unit_test(a_message_without_a_body_is_a_header),
        cmocka_unit_test(
            a_resent_flight_has_new_numbers_and_the_same_messages),
        cmocka_unit_test(a_rewind_in_the_middle_begins_again),
        cmocka_unit_test(every_block_size_holds_the_same_flight),
        cmocka_unit_test(a_store_that_says_no_gets_every_block_back),
        cmocka_unit_test(blocks_come_back_without_what_they_held),
        cmocka_unit_test(an_empty_flight_is_sent_and_writes_nothing),
        cmocka_unit_test(without_sequence_numbers_the_record_layer_is_heard),
    };

    return kit_run(tests);
}
