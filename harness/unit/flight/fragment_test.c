/* SPDX-License-Identifier: MIT */
/* flight/fragment.c: the handshake header and what may stand behind it. */
#include "kit/kit.h"

#include "flight/fragment.h"

/* Every byte of every integer differs: length 0x234567, message_seq 0x89ab,
 * offset 0x123456, three bytes of body. */
static const char vector[] = "10 234567 89ab 123456 000003 a1a2a3";

static void a_fragment_is_taken_field_by_field(void **state)
{
    struct kit_hex wire = kit_hex("10 234567 89ab 123456 000003 a1a2a3"
                                  "0e 000000 89ac 000000 000000");
    struct dtls_bytes payload = kit_hex_bytes(&wire);
    struct dtls_fragment f;

    (void)state;
    proves("D6347-4.2.2-1");
    proves("D6347-4.2.3-5");
    proves("D6347-4.2.3-13");
    proves("D6347-4.2.3-15");
    assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_OK);
    assert_int_equal(f.type, 0x10);
    assert_int_equal(f.message_len, 0x234567);
    assert_int_equal(f.seq, 0x89ab);
    assert_int_equal(f.offset, 0x123456);
    kit_assert_hex(f.body, "a1a2a3");
    assert_ptr_equal(f.body.data, wire.data + 12);
    assert_false(dtls_fragment_is_whole(&f));

    assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_OK);
    assert_int_equal(f.type, 14);
    assert_int_equal(f.message_len, 0);
    assert_int_equal(f.seq, 0x89ac);
    assert_int_equal(f.body.len, 0);
    assert_true(dtls_fragment_is_whole(&f));
    assert_int_equal(payload.len, 0);
    assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_DECODE_ERROR);
}

/* A refused payload changes neither itself nor the output. */
static void refuse(void *context, struct dtls_bytes wire)
{
    struct dtls_bytes payload = wire;
    struct dtls_fragment f;
    struct dtls_fragment before;

    (void)context;
    memset(&f, 0x5a, sizeof f);
    memset(&before, 0x5a, sizeof before);
    assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_DECODE_ERROR);
    assert_memory_equal(&f, &before, sizeof f);
    assert_ptr_equal(payload.data, wire.data);
    assert_int_equal(payload.len, wire.len);
}

static void refuse_hex(const char *text)
{
    struct kit_hex wire = kit_hex(text);
    uint8_t *block = kit_exact(kit_hex_bytes(&wire));

    refuse(NULL, dtls_bytes_of(block, wire.len));
    free(block);
}

static void accept_hex(const char *text)
{
    struct kit_hex wire = kit_hex(text);
    struct dtls_bytes payload = kit_hex_bytes(&wire);
    struct dtls_fragment f;

    assert_int_equal(dtls_fragment_next(&payload, &f), DTLS_OK);
    assert_int_equal(payload.len, 0);
}

static void a_fragment_that_is_cut_anywhere_is_refused(void **state)
{
    struct kit_hex wire = kit_hex(vector);

    (void)state;
    proves("D6347-4.2.3-11");
    kit_each_prefix(kit_hex_bytes(&wire), refuse, NULL);
}

static void a_fragment_may_end_where_its_message_ends_and_not_later(void **s)
{
    (void)s;
    proves("D6347-4.2.3-10");
    accept_hex("10 234567 89ab 234564 000003 a1a2a3");
    refuse_hex("10 234567 89ab 234565 000003 a1a2a3");
    refuse_hex("10 234567 89ab ffffff 000003 a1a2a3");
    refuse_hex("10 ffffff 89ab ffffff 000003 a1a2a3");
    accept_hex("10 ffffff 89ab fffffc 000003 a1a2a3");
    refuse_hex("10 000002 89ab 000000 000003 a1a2a3");
    accept_hex("10 000003 89ab 000000 000003 a1a2a3");
}

static void an_empty_fragment_stands_anywhere_inside_its_message(void **state)
{
    (void)state;
    proves("D6347-4.2.3-12");
    accept_hex("10 234567 89ab 000000 000000");
    accept_hex("10 234567 89ab 234567 000000");
    refuse_hex("10 234567 89ab 234568 000000");
    refuse_hex("10 000000 89ab 000001 000000");
}

static void only_all_of_a_message_is_whole(void **state)
{
    struct dtls_fragment f = {.message_len = 3, .body = {NULL, 3}};

    (void)state;
    assert_true(dtls_fragment_is_whole(&f));
    f.body.len = 2;
    assert_false(dtls_fragment_is_whole(&f));
    f.offset = 1;
    assert_false(dtls_fragment_is_whole(&f));
    f.body.len = 3;
    assert_false(dtls_fragment_is_whole(&f));
    f.offset = 3;
    f.body.len = 0;
    assert_false(dtls_fragment_is_whole(&f));
}

static void a_header_is_put_as_it_is_parsed(void **state)
{
    uint8_t bytes[13];
    struct dtls_buf out = {bytes, 1, sizeof bytes};
    struct dtls_fragment f = {.type = 0x10,
                              .message_len = 0x234567,
                              .seq = 0x89ab,
                              .offset = 0x123456,
                              .body = {NULL, 0x0789ab}};

    (void)state;
    proves("D6347-4.2.2-1");
    assert_true(dtls_fragment_put_header(&out, &f));
    kit_assert_hex(dtls_bytes_of(bytes + 1, 12),
                   "10 234567 89ab 123456 0789ab");
    assert_int_equal(out.len, 13);
}

static void a_header_that_does_not_fit_is_not_put(void **state)
{
    struct dtls_fragment f = {.type = 1};

    (void)state;
    for (size_t cap = 0; cap <= 12; cap++) {
        uint8_t *block = malloc(cap + 1);
        struct dtls_buf out = {block, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_non_null(block);
        assert_int_equal(dtls_fragment_put_header(&out, &f), cap == 12);
        assert_int_equal(out.len, cap == 12 ? 12 : 0);
        free(block);
    }
}

static void a_length_that_24_bits_cannot_say_is_not_put(void **state)
{
    uint8_t bytes[12];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment f = {.body = {NULL, 0x1000000}};

    (void)state;
    assert_false(dtls_fragment_put_header(&out, &f));
    f.body.len = (size_t)1 << 32 | 3;
    assert_false(dtls_fragment_put_header(&out, &f));
    f.body.len = 0xffffff;
    f.message_len = 0x1000000;
    assert_false(dtls_fragment_put_header(&out, &f));
    assert_int_equal(out.len, 0);
    f.message_len = 0xffffff;
    assert_true(dtls_fragment_put_header(&out, &f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fragment_is_taken_field_by_field),
        cmocka_unit_test(a_fragment_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(
            a_fragment_may_end_where_its_message_ends_and_not_later),
        cmocka_unit_test(an_empty_fragment_stands_anywhere_inside_its_message),
        cmocka_unit_test(only_all_of_a_message_is_whole),
        cmocka_unit_test(a_header_is_put_as_it_is_parsed),
        cmocka_unit_test(a_header_that_does_not_fit_is_not_put),
        cmocka_unit_test(a_length_that_24_bits_cannot_say_is_not_put),
    };

    return kit_run(tests);
}
