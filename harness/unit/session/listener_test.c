/* SPDX-License-Identifier: MIT */
/* session/listener.c: what is let through before anything is kept. */
#include "kit/kit.h"

#include "session/listener.h"

#define RANDOM                                                                \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* A first ClientHello: record sequence number 0x123456789abc, message_seq
 * 0x0203. */
#define CH1                                                                   \
    "16 fefd 0000 123456789abc 003c"                                          \
    "01 000030 0203 000000 000030"                                            \
    "fefd" RANDOM "00 00 0002c0a8 0100 000400170000"

/* The bytes of CH1 up to its end, by place. */
enum {
    RECORD_TYPE = 0,
    RECORD_VERSION = 1,
    RECORD_EPOCH = 3,
    RECORD_LENGTH = 11,
    MESSAGE_TYPE = 13,
    MESSAGE_OFFSET = 19,
    FRAGMENT_LENGTH = 22,
    BODY = 25,
    COOKIE = 25 + 35
};

struct work {
    struct kit_crypto k;
    struct dtls_counters counters;
    struct dtls_listener listener;
    struct dtls_address peer;
    uint8_t reply[200];
    struct dtls_buf out;
    struct dtls_gate_pass pass;
};

static void begin(struct work *w)
{
    memset(w, 0, sizeof *w);
    kit_crypto_seed(&w->k, 0x11572e);
    w->peer = (struct dtls_address){7, {4, 192, 0, 2, 1, 0x12, 0x34}};
    w->pass =
        (struct dtls_gate_pass){.message_seq = 0x5a5a, .record_seq = 0x5a5a5a};
    assert_int_equal(
        dtls_listener_init(&w->listener, &w->k.crypto, &w->counters, 0),
        DTLS_OK);
}

/* Shows a copy of `wire` to the gate. */
static enum dtls_gate gate(struct work *w, const struct kit_hex *wire)
{
    uint8_t *block = kit_exact(kit_hex_bytes(wire));
    enum dtls_gate answer;

    w->out = (struct dtls_buf){w->reply, 0, sizeof w->reply};
    answer = dtls_listener_gate(&w->listener, &w->out, &w->pass, &w->peer,
                                (struct dtls_span){block, wire->len}, 5);
    free(block);
    return answer;
}

/* CH1 with a cookie in it. */
static struct kit_hex with_cookie(const uint8_t *cookie, uint8_t len)
{
    struct kit_hex wire = kit_hex(CH1);

    memmove(&wire.data[COOKIE + 1 + len], &wire.data[COOKIE + 1],
            wire.len - COOKIE - 1);
    wire.data[COOKIE] = len;
    memcpy(&wire.data[COOKIE + 1], cookie, len);
    wire.len += len;
    wire.data[RECORD_LENGTH + 1] = (uint8_t)(0x3c + len);
    wire.data[MESSAGE_TYPE + 3] = (uint8_t)(0x30 + len);
    wire.data[FRAGMENT_LENGTH + 2] = (uint8_t)(0x30 + len);
    return wire;
}

/* Cuts bytes off the end of a fragment, and of its record. */
static void cut(struct kit_hex *wire, size_t bytes)
{
    wire->len -= bytes;
    wire->data[RECORD_LENGTH + 1] -= (uint8_t)bytes;
    wire->data[FRAGMENT_LENGTH + 2] -= (uint8_t)bytes;
}

/* The ClientHello that answers the reply to CH1. */
static struct kit_hex second_hello(struct work *w)
{
    struct kit_hex first = kit_hex(CH1);

    assert_int_equal(gate(w, &first), DTLS_GATE_REPLY);
    return with_cookie(w->reply + 28, 32);
}

static void a_first_hello_is_answered_with_its_own_numbers(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    proves("D6347-4.2.1-1");
    proves("D6347-4.2.1-8");
    proves("D6347-4.2.1-16");
    proves("D6347-4.2.1-90");
    begin(&w);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    kit_assert_hex(dtls_bytes_of(w.reply, 28), "16 feff 0000 123456789abc 002f"
                                               "03 000023 0203 000000 000023"
                                               "feff 20");
    assert_int_equal(w.out.len, 60);
    assert_int_equal(w.counters.cookies_sent, 1);
    assert_int_equal(w.counters.discarded_no_session, 0);
    assert_int_equal(w.pass.message_seq, 0x5a5a);
}

static void the_reply_is_a_hello_verify_request_that_parses(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);
    struct dtls_span datagram;
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment fragment;
    struct dtls_hello_verify m;

    (void)state;
    begin(&w);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    datagram = (struct dtls_span){w.reply, w.out.len};
    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    assert_int_equal(datagram.len, 0);
    payload = dtls_span_bytes(record.body);
    assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
    assert_int_equal(payload.len, 0);
    assert_true(dtls_fragment_is_whole(&fragment));
    assert_int_equal(dtls_hello_verify_parse(&m, fragment.body), DTLS_OK);
    assert_int_equal(m.cookie.len, 32);
}

static void the_cookie_that_comes_back_opens_the_gate(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    proves("D6347-4.2.1-3");
    proves("D6347-4.2.1-19");
    proves("D6347-4.2.1-33");
    begin(&w);
    second = second_hello(&w);
    second.data[10] = 0xbd; /* the next record */
    second.data[18] = 0x04; /* the next message */
    assert_int_equal(gate(&w, &second), DTLS_GATE_ACCEPT);
    assert_int_equal(w.out.len, 0);
    assert_int_equal(w.pass.message_seq, 0x0204);
    assert_true(w.pass.record_seq == 0x123456789abd);
}

static void a_cookie_opens_only_from_its_own_address(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    proves("D6347-4.2.1-13");
    begin(&w);
    second = second_hello(&w);
    for (size_t i = 0; i < w.peer.len; i++) {
        kit_row("byte %zu of the address", i);
        w.peer.bytes[i] ^= 0x10;
        assert_int_equal(gate(&w, &second), DTLS_GATE_REPLY);
        w.peer.bytes[i] ^= 0x10;
    }
    w.peer.len--;
    assert_int_equal(gate(&w, &second), DTLS_GATE_REPLY);
    w.peer.len++;
    assert_int_equal(gate(&w, &second), DTLS_GATE_ACCEPT);
}

static void a_cookie_opens_only_its_own_server(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    begin(&w);
    second = second_hello(&w);
    w.listener.instance[7] ^= 1;
    assert_int_equal(gate(&w, &second), DTLS_GATE_REPLY);
}

static void a_wrong_cookie_is_no_cookie(void **state)
{
    struct work w;
    struct kit_hex right;
    uint8_t cookie[DTLS_COOKIE_MAX] = {1, 2, 3};

    (void)state;
    proves("FCS_DTLSS_EXT.1.3-cookie");
    proves("D6347-4.2.1-29");
    begin(&w);
    right = second_hello(&w);
    for (size_t i = 0; i < 32; i++) {
        struct kit_hex wrong = right;

        kit_row("byte %zu of the cookie", i);
        wrong.data[COOKIE + 1 + i] ^= 0x20;
        assert_int_equal(gate(&w, &wrong), DTLS_GATE_REPLY);
    }
    for (uint8_t len = 0; len < 190; len++) {
        kit_row("a cookie of %u bytes", len);
        struct kit_hex wrong = with_cookie(cookie, len);

        assert_int_equal(gate(&w, &wrong), DTLS_GATE_REPLY);
        assert_true(w.out.len <= 60 && w.out.len <= wrong.len);
    }
}

static void a_reply_is_never_longer_than_what_it_answers(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    proves("D6347-4.2.1-31");
    begin(&w);
    /* The shortest hello that is answered: cut after the cookie. */
    cut(&wire, wire.len - COOKIE - 1);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    assert_true(w.out.len <= wire.len);
    cut(&wire, 1);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
}

/* Our records go on from the hello's number, and need room behind it. */
static void a_hello_at_the_end_of_the_numbers_is_discarded(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    begin(&w);
    memcpy(&wire.data[RECORD_EPOCH + 2], "\xff\xff\xff\xff\x00\x00", 6);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    memcpy(&wire.data[RECORD_EPOCH + 2], "\xff\xff\xff\xff\x00\x01", 6);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
}

static void a_first_fragment_up_to_the_cookie_is_enough(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    proves("D6347-4.2.1-32");
    begin(&w);
    second = second_hello(&w);
    for (uint8_t bytes = 1; bytes < 70; bytes++) {
        struct kit_hex shorter = second;

        kit_row("%u bytes less", bytes);
        cut(&shorter, bytes);
        /* Two lists and six bytes of extensions follow the cookie. */
        assert_int_equal(gate(&w, &shorter),
                         bytes <= 12 ? DTLS_GATE_ACCEPT : DTLS_GATE_DISCARD);
        assert_true(bytes > 12 || w.pass.bond.seen);
    }
}

/* The lists that the second hello shows are compared at the gate. */
static void other_lists_get_another_cookie(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    proves("D6347-4.2.1-12");
    begin(&w);
    second = second_hello(&w);
    for (size_t at = COOKIE + 33 + 2; at < second.len - 6; at++) {
        struct kit_hex other = second;

        kit_row("byte %zu", at);
        other.data[at] ^= 0x01;
        /* Byte 4 is the length of the compression methods. */
        assert_int_equal(gate(&w, &other), at == COOKIE + 33 + 4
                                               ? DTLS_GATE_DISCARD
                                               : DTLS_GATE_REPLY);
    }
    assert_int_equal(gate(&w, &second), DTLS_GATE_ACCEPT);
}

/* The first hello was cut before its lists, so the second may have any. */
static void lists_that_the_first_fragment_lacks_are_not_bound(void **state)
{
    struct work w;
    struct kit_hex first = kit_hex(CH1);
    struct kit_hex second;

    (void)state;
    begin(&w);
    cut(&first, 12);
    assert_int_equal(gate(&w, &first), DTLS_GATE_REPLY);
    second = with_cookie(w.reply + 28, 32);
    second.data[COOKIE + 33 + 2] ^= 0x01;
    assert_int_equal(gate(&w, &second), DTLS_GATE_ACCEPT);
    assert_false(w.pass.bond.seen);
    second.data[COOKIE - 2] ^= 0x01; /* the random is bound */
    assert_int_equal(gate(&w, &second), DTLS_GATE_REPLY);
}

/* CH1 in a record of `len` bytes: zeros follow it. */
static enum dtls_gate gate_long(struct work *w, const struct kit_hex *hello,
                                size_t len)
{
    uint8_t *block = calloc(1, DTLS_RECORD_HEADER_LEN + len);
    enum dtls_gate answer;

    assert_non_null(block);
    memcpy(block, hello->data, hello->len);
    block[RECORD_LENGTH] = (uint8_t)(len >> 8);
    block[RECORD_LENGTH + 1] = (uint8_t)len;
    w->out = (struct dtls_buf){w->reply, 0, sizeof w->reply};
    answer = dtls_listener_gate(
        &w->listener, &w->out, &w->pass, &w->peer,
        (struct dtls_span){block, DTLS_RECORD_HEADER_LEN + len}, 5);
    free(block);
    return answer;
}

/* No record in the clear is longer than 2^14 bytes; a session would not read
 * it. */
static void a_record_above_2_14_is_discarded(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    begin(&w);
    second = second_hello(&w);
    assert_int_equal(gate_long(&w, &second, 16384), DTLS_GATE_ACCEPT);
    for (size_t len = 16385; len <= 18433; len++) {
        kit_row("%zu bytes", len);
        assert_int_equal(gate_long(&w, &second, len), DTLS_GATE_DISCARD);
    }
}

/* Both ends count on from the hello's number. */
static void a_message_seq_that_would_wrap_is_discarded(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    begin(&w);
    for (unsigned seq = 0xfef0; seq <= 0xffff; seq++) {
        kit_row("message_seq %u", seq);
        wire.data[MESSAGE_TYPE + 4] = (uint8_t)(seq >> 8);
        wire.data[MESSAGE_TYPE + 5] = (uint8_t)seq;
        assert_int_equal(gate(&w, &wire),
                         seq <= 0xff00 ? DTLS_GATE_REPLY : DTLS_GATE_DISCARD);
    }
}

static void only_the_first_record_counts(void **state)
{
    struct work w;
    struct kit_hex second;

    (void)state;
    begin(&w);
    second = second_hello(&w);
    memset(&second.data[second.len], 0xff, 100);
    second.len += 100;
    assert_int_equal(gate(&w, &second), DTLS_GATE_ACCEPT);
}

/* One byte of CH1 changed so that it cannot be answered. */
static void discarded_with(size_t at, uint8_t value)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    begin(&w);
    wire.data[at] = value;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
    assert_int_equal(w.out.len, 0);
    assert_int_equal(w.pass.message_seq, 0x5a5a);
    assert_true(w.pass.record_seq == 0x5a5a5a);
    assert_int_equal(w.counters.discarded_no_session, 1);
    assert_int_equal(w.counters.cookies_sent, 0);
}

static void what_is_not_a_client_hello_in_the_clear_is_discarded(void **state)
{
    (void)state;
    proves("D6347-4.1.2.7-1");
    proves("D6347-4.1.2.7-4");
    for (unsigned value = 0; value < 256; value++) {
        kit_row("value %02x", value);
        if (value != 22) {
            discarded_with(RECORD_TYPE, (uint8_t)value);
        }
        if (value != 1) {
            discarded_with(MESSAGE_TYPE, (uint8_t)value);
        }
        if (value != 0xfe) {
            discarded_with(RECORD_VERSION, (uint8_t)value);
        }
        if (value != 0xff && value != 0xfd) {
            discarded_with(RECORD_VERSION + 1, (uint8_t)value);
        }
        if (value != 0) {
            discarded_with(RECORD_EPOCH, (uint8_t)value);
            discarded_with(RECORD_EPOCH + 1, (uint8_t)value);
            discarded_with(MESSAGE_OFFSET, (uint8_t)value);
            discarded_with(MESSAGE_OFFSET + 1, (uint8_t)value);
            discarded_with(MESSAGE_OFFSET + 2, (uint8_t)value);
        }
    }
}

/* Even if its bytes look like the beginning of a ClientHello. */
static void a_later_fragment_is_discarded(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    begin(&w);
    wire.data[MESSAGE_TYPE + 3] = 0x60;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    wire.data[MESSAGE_OFFSET + 2] = 0x30;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
}

static void discard_prefix(void *context, struct dtls_bytes prefix)
{
    struct work *w = context;
    struct kit_hex wire = {.len = prefix.len};

    if (prefix.len != 0) {
        memcpy(wire.data, prefix.data, prefix.len);
    }
    assert_int_equal(gate(w, &wire), DTLS_GATE_DISCARD);
}

static void a_datagram_that_is_cut_anywhere_is_discarded(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    proves("D6347-4.1.1-6");
    proves("D6347-4.1.1-7");
    begin(&w);
    kit_each_prefix(kit_hex_bytes(&wire), discard_prefix, &w);
    assert_int_equal(w.counters.discarded_no_session, wire.len);
}

static void version_1_0_in_the_record_is_taken(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    begin(&w);
    wire.data[RECORD_VERSION + 1] = 0xff;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
}

static void the_exchange_is_on_until_it_is_switched_off(void **state)
{
    struct work w;
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    proves("D6347-4.2.1-23");
    proves("D6347-5-1");
    proves("D6347-4.2.1-24");
    proves("D6347-4.2.1-25");
    begin(&w);
    assert_int_equal(gate(&w, &wire), DTLS_GATE_REPLY);
    w.listener.without_cookies = true;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
    w.pass.message_seq = 1;
    wire.data[MESSAGE_TYPE + 4] = 0;
    wire.data[MESSAGE_TYPE + 5] = 0;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_ACCEPT);
    assert_int_equal(w.pass.message_seq, 0);
    assert_false(w.pass.bond.seen);
    wire.data[RECORD_TYPE] = 23;
    assert_int_equal(gate(&w, &wire), DTLS_GATE_DISCARD);
}

/* Any piece of a first ClientHello begins a session, if there is no cookie to
 * wait for (RFC 6347, 4.2.3).  A whole one must be one. */
static void without_cookies_any_fragment_will_do(void **state)
{
    struct work w;
    struct kit_hex whole = kit_hex(CH1);

    (void)state;
    proves("D6347-4.2.3-6");
    begin(&w);
    w.listener.without_cookies = true;
    whole.data[MESSAGE_TYPE + 4] = 0;
    whole.data[MESSAGE_TYPE + 5] = 0;
    for (uint8_t from = 0; from <= 0x30; from++) {
        for (uint8_t to = from; to <= 0x30; to++) {
            struct kit_hex piece = whole;

            kit_row("bytes %u to %u", from, to);
            cut(&piece, 0x30u - to + from);
            memcpy(&piece.data[BODY], &whole.data[BODY + from],
                   (size_t)to - from);
            piece.data[MESSAGE_OFFSET + 2] = from;
            assert_int_equal(gate(&w, &piece), DTLS_GATE_ACCEPT);
            piece.data[MESSAGE_TYPE + 5] = 1;
            assert_int_equal(gate(&w, &piece), DTLS_GATE_DISCARD);
        }
    }
    whole.data[COOKIE + 5] = 0; /* no compression method */
    assert_int_equal(gate(&w, &whole), DTLS_GATE_DISCARD);
}

static void without_room_for_the_reply_nothing_is_written(void **state)
{
    struct kit_hex wire = kit_hex(CH1);

    (void)state;
    for (size_t cap = 0; cap <= 60; cap++) {
        struct work w;
        uint8_t *block = malloc(cap + 1);

        kit_row("room for %zu bytes", cap);
        assert_non_null(block);
        begin(&w);
        w.out = (struct dtls_buf){block, 0, cap};
        assert_int_equal(dtls_listener_gate(&w.listener, &w.out, &w.pass,
                                            &w.peer, kit_hex_span(&wire), 0),
                         cap == 60 ? DTLS_GATE_REPLY : DTLS_GATE_DISCARD);
        assert_int_equal(w.out.len, cap == 60 ? 60 : 0);
        free(block);
    }
}

static void cookies_grow_old_while_the_gate_is_used(void **state)
{
    struct work w;
    struct kit_hex second;
    uint64_t now = 0;

    (void)state;
    proves("D6347-4.2.1-21");
    proves("D6347-4.2.1-22");
    begin(&w);
    second = second_hello(&w);
    for (int period = 0; period < 3; period++) {
        kit_row("period %d", period);
        w.out = (struct dtls_buf){w.reply, 0, sizeof w.reply};
        assert_int_equal(dtls_listener_gate(&w.listener, &w.out, &w.pass,
                                            &w.peer, kit_hex_span(&second),
                                            now),
                         period < 2 ? DTLS_GATE_ACCEPT : DTLS_GATE_REPLY);
        now += DTLS_COOKIE_PERIOD_MS;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_hello_is_answered_with_its_own_numbers),
        cmocka_unit_test(a_hello_at_the_end_of_the_numbers_is_discarded),
        cmocka_unit_test(the_reply_is_a_hello_verify_request_that_parses),
        cmocka_unit_test(the_cookie_that_comes_back_opens_the_gate),
        cmocka_unit_test(a_cookie_opens_only_from_its_own_address),
        cmocka_unit_test(a_cookie_opens_only_its_own_server),
        cmocka_unit_test(a_wrong_cookie_is_no_cookie),
        cmocka_unit_test(a_reply_is_never_longer_than_what_it_answers),
        cmocka_unit_test(a_first_fragment_up_to_the_cookie_is_enough),
        cmocka_unit_test(other_lists_get_another_cookie),
        cmocka_unit_test(lists_that_the_first_fragment_lacks_are_not_bound),
        cmocka_unit_test(a_record_above_2_14_is_discarded),
        cmocka_unit_test(a_message_seq_that_would_wrap_is_discarded),
        cmocka_unit_test(only_the_first_record_counts),
        cmocka_unit_test(what_is_not_a_client_hello_in_the_clear_is_discarded),
        cmocka_unit_test(a_later_fragment_is_discarded),
        cmocka_unit_test(a_datagram_that_is_cut_anywhere_is_discarded),
        cmocka_unit_test(version_1_0_in_the_record_is_taken),
        cmocka_unit_test(the_exchange_is_on_until_it_is_switched_off),
        cmocka_unit_test(without_cookies_any_fragment_will_do),
        cmocka_unit_test(without_room_for_the_reply_nothing_is_written),
        cmocka_unit_test(cookies_grow_old_while_the_gate_is_used),
    };

    return kit_run(tests);
}
