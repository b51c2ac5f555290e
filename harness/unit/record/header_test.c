/* SPDX-License-Identifier: MIT */
/* record/header.c: the 13 bytes before every record. */
#include "kit/kit.h"

#include "record/header.h"

/* Every byte of every integer differs from its neighbours. */
static const char header[] = "16 fefd 1234 23456789abcd 0003";

static struct kit_hex two_records(void)
{
    return kit_hex("16 fefd 1234 23456789abcd 0003 a1a2a3"
                   "17 fefc 5678 3456789abcde 0002 b1b2");
}

static void records_of_a_datagram_are_taken_one_by_one(void **state)
{
    struct kit_hex wire = two_records();
    struct dtls_span datagram = kit_hex_span(&wire);
    struct dtls_record r;

    (void)state;
    proves("D6347-4.1-1");
    proves("D6347-4.1.1-3");
    proves("D6347-4.1.1-5");
    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_OK);
    assert_int_equal(r.type, 0x16);
    assert_int_equal(r.version, 0xfefd);
    assert_int_equal(r.epoch, 0x1234);
    assert_true(r.seq == 0x23456789abcd);
    assert_ptr_equal(r.body.data, wire.data + 13);
    kit_assert_hex(dtls_span_bytes(r.body), "a1a2a3");

    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_OK);
    assert_int_equal(r.type, 0x17);
    assert_int_equal(r.version, 0xfefc);
    assert_int_equal(r.epoch, 0x5678);
    assert_true(r.seq == 0x3456789abcde);
    kit_assert_hex(dtls_span_bytes(r.body), "b1b2");
    assert_int_equal(datagram.len, 0);
    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_DISCARD);
}

/* A refused datagram changes neither itself nor the output. */
static void refuse(struct dtls_bytes wire)
{
    uint8_t *block = kit_exact(wire);
    struct dtls_span datagram = {block, wire.len};
    struct dtls_record r;
    struct dtls_record before;

    memset(&r, 0x5a, sizeof r);
    memset(&before, 0x5a, sizeof before);
    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_DISCARD);
    assert_memory_equal(&r, &before, sizeof r);
    assert_ptr_equal(datagram.data, block);
    assert_int_equal(datagram.len, wire.len);
    free(block);
}

static void refuse_prefix(void *context, struct dtls_bytes prefix)
{
    (void)context;
    refuse(prefix);
}

static void a_record_that_is_cut_anywhere_is_discarded(void **state)
{
    struct kit_hex wire = kit_hex("16 fefd 1234 23456789abcd 0003 a1a2a3");

    (void)state;
    proves("D6347-4.1.1-6");
    proves("D6347-4.1.1-7");
    kit_each_prefix(kit_hex_bytes(&wire), refuse_prefix, NULL);
}

static void a_body_may_have_2_to_the_14_plus_2048_bytes_and_no_more(void **s)
{
    static uint8_t wire[13 + 18433];
    struct kit_hex head = kit_hex(header);
    struct dtls_span datagram = {wire, sizeof wire};
    struct dtls_record r;

    (void)s;
    proves("D5246-6.2.3-1");
    memcpy(wire, head.data, head.len);
    wire[11] = 0x48; /* 18432 */
    wire[12] = 0x00;
    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_OK);
    assert_int_equal(r.body.len, 18432);
    assert_int_equal(datagram.len, 1);
    wire[12] = 0x01;
    refuse(dtls_bytes_of(wire, sizeof wire));
    wire[11] = 0xff;
    wire[12] = 0xff;
    refuse(dtls_bytes_of(wire, sizeof wire));
}

static void a_record_may_be_empty(void **state)
{
    struct kit_hex wire = kit_hex("17 fefd 1234 23456789abcd 0000");
    struct dtls_span datagram = kit_hex_span(&wire);
    struct dtls_record r;

    (void)state;
    assert_int_equal(dtls_record_next(&datagram, &r), DTLS_OK);
    assert_int_equal(r.body.len, 0);
    assert_int_equal(datagram.len, 0);
}

static void type_version_and_epoch_are_not_judged_by_the_parser(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        kit_row("value %02x", value);
        struct kit_hex wire = kit_hex(header);
        struct dtls_span datagram;
        struct dtls_record r;

        wire.data[0] = (uint8_t)value;
        wire.data[1] = (uint8_t)value;
        wire.data[2] = (uint8_t)~value;
        wire.data[3] = (uint8_t)value;
        wire.data[12] = 0;
        datagram = kit_hex_span(&wire);
        assert_int_equal(dtls_record_next(&datagram, &r), DTLS_OK);
        assert_int_equal(r.type, value);
    }
}

static void a_header_is_put_as_it_is_parsed(void **state)
{
    uint8_t bytes[14];
    struct dtls_buf out = {bytes, 1, sizeof bytes};

    (void)state;
    proves("D6347-4.1-1");
    assert_true(dtls_record_put_header(&out, 0x16, 0xfefd, 0x1234,
                                       0x23456789abcd, 0x4567 & 0x3fff));
    assert_int_equal(out.len, 14);
    kit_assert_hex(dtls_bytes_of(bytes + 1, 13),
                   "16 fefd 1234 23456789abcd 0567");
}

static void a_header_that_does_not_fit_is_not_put(void **state)
{
    (void)state;
    for (size_t cap = 0; cap <= 13; cap++) {
        uint8_t *block = malloc(cap + 1);
        struct dtls_buf out = {block, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_non_null(block);
        assert_int_equal(
            dtls_record_put_header(&out, 22, 0xfefd, 0, DTLS_SEQ_MAX, 7),
            cap == 13);
        assert_int_equal(out.len, cap == 13 ? 13 : 0);
        free(block);
    }
}

static void a_header_never_announces_what_no_receiver_takes(void **state)
{
    uint8_t bytes[13];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_false(dtls_record_put_header(&out, 22, 0xfefd, 0, 0, 18433));
    assert_false(
        dtls_record_put_header(&out, 22, 0xfefd, 0, 0, (size_t)1 << 16 | 7));
    assert_false(
        dtls_record_put_header(&out, 22, 0xfefd, 0, (uint64_t)1 << 48, 7));
    assert_int_equal(out.len, 0);
    assert_true(
        dtls_record_put_header(&out, 22, 0xfefd, 0, DTLS_SEQ_MAX, 18432));
    kit_assert_hex(dtls_buf_bytes(&out), "16 fefd 0000 ffffffffffff 4800");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_a_datagram_are_taken_one_by_one),
        cmocka_unit_test(a_record_that_is_cut_anywhere_is_discarded),
        cmocka_unit_test(
            a_body_may_have_2_to_the_14_plus_2048_bytes_and_no_more),
        cmocka_unit_test(a_record_may_be_empty),
        cmocka_unit_test(type_version_and_epoch_are_not_judged_by_the_parser),
        cmocka_unit_test(a_header_is_put_as_it_is_parsed),
        cmocka_unit_test(a_header_that_does_not_fit_is_not_put),
        cmocka_unit_test(a_header_never_announces_what_no_receiver_takes),
    };

    return kit_run(tests);
}
