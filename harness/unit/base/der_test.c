/* SPDX-License-Identifier: MIT */
/* The DER reader: src/base/der.c. */
#include "kit/kit.h"

#include "base/der.h"

#define DER(text) dtls_bytes_of(text, sizeof(text) - 1)

/* An element of `len` bytes after a header; to be freed. */
static struct dtls_bytes element(const char *header, size_t header_len,
                                 size_t len)
{
    uint8_t *data = calloc(1, header_len + len);

    assert_non_null(data);
    memcpy(data, header, header_len);
    return (struct dtls_bytes){data, header_len + len};
}

#define ELEMENT(header, len) element(header, sizeof(header) - 1, len)

static void lengths_have_one_form(void **state)
{
    const struct {
        struct dtls_bytes der;
        bool good;
        size_t len;
    } rows[] = {
        {ELEMENT("\x30\x00", 0), true, 0},
        {ELEMENT("\x30\x7f", 0x7f), true, 0x7f},
        {ELEMENT("\x30\x81\x80", 0x80), true, 0x80},
        {ELEMENT("\x30\x81\xff", 0xff), true, 0xff},
        {ELEMENT("\x30\x82\x01\x00", 0x100), true, 0x100},
        {ELEMENT("\x30\x82\xff\xff", 0xffff), true, 0xffff},
        {ELEMENT("\x30\x83\x01\x00\x00", 0x10000), true, 0x10000},
        {ELEMENT("\x30\x83\x02\x34\x56", 0x23456), true, 0x23456},
        {ELEMENT("\x30\x81\x7f", 0x7f), false, 0},
        {ELEMENT("\x30\x82\x00\xff", 0xff), false, 0},
        {ELEMENT("\x30\x83\x00\xff\xff", 0xffff), false, 0},
        {ELEMENT("\x30\x84\x01\x00\x00\x00", 0x1000000), false, 0},
        {ELEMENT("\x30\x84\x00\x00\x00\x01", 1), false, 0},
        {ELEMENT("\x30\x80", 2), false, 0},
        {ELEMENT("\x30\xff", 255), false, 0},
        {ELEMENT("\x30", 0), false, 0},
        {ELEMENT("\x30\x02", 1), false, 0},
        {ELEMENT("\x30\x81", 0), false, 0},
        {ELEMENT("\x30\x82\x01", 0), false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dtls_bytes in = rows[i].der;
        struct dtls_bytes contents = {NULL, 0x2345};
        struct dtls_bytes whole = {NULL, 0x2345};

        kit_row("row %zu, %zu bytes", i, rows[i].der.len);
        assert_int_equal(dtls_der_get(&in, DER_SEQUENCE, &contents),
                         rows[i].good);
        if (rows[i].good) {
            assert_int_equal(contents.len, rows[i].len);
            assert_int_equal(in.len, 0);
            in = rows[i].der;
            assert_true(dtls_der_get_element(&in, DER_SEQUENCE, &whole));
            assert_true(dtls_bytes_equal(whole, rows[i].der));
        } else {
            assert_int_equal(contents.len, 0x2345);
            assert_ptr_equal(in.data, rows[i].der.data);
            assert_int_equal(in.len, rows[i].der.len);
            assert_false(dtls_der_get_element(&in, DER_SEQUENCE, &whole));
        }
        free((void *)(uintptr_t)rows[i].der.data);
    }
}

static void a_tag_must_be_the_one_asked_for_and_short(void **state)
{
    struct dtls_bytes contents;
    uint8_t tag;
    struct dtls_bytes in = DER("\x31\x01\x23");

    (void)state;
    assert_false(dtls_der_get(&in, DER_SEQUENCE, &contents));
    assert_true(dtls_der_get_any(&in, &tag, &contents));
    assert_int_equal(tag, DER_SET);
    in = DER("\x00\x00");
    assert_false(dtls_der_get_any(&in, &tag, &contents));
    in = DER("\x1f\x01\x23");
    assert_false(dtls_der_get_any(&in, &tag, &contents));
    in = DER("\xbf\x01\x23");
    assert_false(dtls_der_get_any(&in, &tag, &contents));
    in = DER("");
    assert_false(dtls_der_get_any(&in, &tag, &contents));
}

static void values_have_one_form(void **state)
{
    static const struct {
        uint8_t tag;
        struct dtls_bytes contents;
        bool good;
    } rows[] = {
        {DER_BOOLEAN, {(const uint8_t *)"\x00", 1}, true},
        {DER_BOOLEAN, {(const uint8_t *)"\xff", 1}, true},
        {DER_BOOLEAN, {(const uint8_t *)"\x01", 1}, false},
        {DER_BOOLEAN, {(const uint8_t *)"", 0}, false},
        {DER_BOOLEAN, {(const uint8_t *)"\xff\xff", 2}, false},
        {DER_INTEGER, {(const uint8_t *)"", 0}, false},
        {DER_INTEGER, {(const uint8_t *)"\x00", 1}, true},
        {DER_INTEGER, {(const uint8_t *)"\xff", 1}, true},
        {DER_INTEGER, {(const uint8_t *)"\x00\x80", 2}, true},
        {DER_INTEGER, {(const uint8_t *)"\x00\x7f", 2}, false},
        {DER_INTEGER, {(const uint8_t *)"\xff\x7f", 2}, true},
        {DER_INTEGER, {(const uint8_t *)"\xff\x80", 2}, false},
        {DER_NULL, {(const uint8_t *)"", 0}, true},
        {DER_NULL, {(const uint8_t *)"\x00", 1}, false},
        {DER_OID, {(const uint8_t *)"", 0}, false},
        {DER_OID, {(const uint8_t *)"\x2a\x86\x48", 3}, true},
        {DER_OID, {(const uint8_t *)"\x2a\x86", 2}, false},
        {DER_OID, {(const uint8_t *)"\x2a\x80\x48", 3}, false},
        {DER_OID, {(const uint8_t *)"\x80\x01", 2}, false},
        {DER_OID, {(const uint8_t *)"\x2a\x86\x80\x01", 4}, true},
        {DER_BIT_STRING, {(const uint8_t *)"", 0}, false},
        {DER_BIT_STRING, {(const uint8_t *)"\x00", 1}, true},
        {DER_BIT_STRING, {(const uint8_t *)"\x01", 1}, false},
        {DER_BIT_STRING, {(const uint8_t *)"\x07\x80", 2}, true},
        {DER_BIT_STRING, {(const uint8_t *)"\x07\xc0", 2}, false},
        {DER_BIT_STRING, {(const uint8_t *)"\x08\x00", 2}, false},
        {DER_BIT_STRING, {(const uint8_t *)"\x04\x23\x50", 3}, true},
        {DER_BIT_STRING, {(const uint8_t *)"\x04\x23\x58", 3}, false},
        {DER_BMP_STRING, {(const uint8_t *)"\x00", 1}, false},
        {DER_BMP_STRING, {(const uint8_t *)"\x00\x41", 2}, true},
        {DER_UNIVERSAL_STRING, {(const uint8_t *)"\x00\x41", 2}, false},
        {0x24, {(const uint8_t *)"", 0}, false}, /* constructed string */
        {0x10, {(const uint8_t *)"", 0}, false}, /* primitive SEQUENCE */
        {0x85, {(const uint8_t *)"\x23", 1}, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_row("row %zu, tag %02x", i, rows[i].tag);
        assert_int_equal(dtls_der_is_value(rows[i].tag, rows[i].contents),
                         rows[i].good);
    }
}

static void an_unsigned_integer_loses_its_zero_byte(void **state)
{
    struct dtls_bytes number = {NULL, 0x2345};
    struct dtls_bytes in = DER("\x02\x03\x00\x89\x67\x02\x01\x00");

    (void)state;
    assert_true(dtls_der_get_unsigned(&in, &number));
    assert_true(dtls_bytes_equal(number, DER("\x89\x67")));
    assert_true(dtls_der_get_unsigned(&in, &number));
    assert_true(dtls_bytes_equal(number, DER("\x00")));
    assert_int_equal(in.len, 0);
    in = DER("\x02\x01\x80");
    number.len = 0x2345;
    assert_false(dtls_der_get_unsigned(&in, &number));
    assert_int_equal(number.len, 0x2345);
    assert_int_equal(in.len, 3);
    in = DER("\x02\x02\x00\x67");
    assert_false(dtls_der_get_unsigned(&in, &number));
    assert_false(dtls_der_get_integer(&in, &number));
    assert_int_equal(number.len, 0x2345);
}

static void named_bits_are_the_first_sixteen(void **state)
{
    uint16_t flags = 0x2345;
    struct dtls_bytes in = DER("\x03\x02\x05\xa0"
                               "\x03\x03\x07\x23\x80"
                               "\x03\x01\x00"
                               "\x03\x04\x00\x23\x45\x67");

    (void)state;
    assert_true(dtls_der_get_flags(&in, &flags));
    assert_int_equal(flags, 0xa000);
    assert_true(dtls_der_get_flags(&in, &flags));
    assert_int_equal(flags, 0x2380);
    assert_true(dtls_der_get_flags(&in, &flags));
    assert_int_equal(flags, 0);
    assert_true(dtls_der_get_flags(&in, &flags));
    assert_int_equal(flags, 0x2345);
    assert_int_equal(in.len, 0);
    in = DER("\x03\x02\x05\xa1");
    assert_false(dtls_der_get_flags(&in, &flags));
    assert_int_equal(in.len, 4);
}

static void whole_bytes_leave_no_bit_unused(void **state)
{
    struct dtls_bytes bits = {NULL, 0x2345};
    struct dtls_bytes in = DER("\x03\x03\x00\x23\x45");

    (void)state;
    assert_true(dtls_der_get_bits(&in, &bits));
    assert_true(dtls_bytes_equal(bits, DER("\x23\x45")));
    in = DER("\x03\x03\x01\x23\x44");
    bits.len = 0x2345;
    assert_false(dtls_der_get_bits(&in, &bits));
    assert_int_equal(bits.len, 0x2345);
    assert_int_equal(in.len, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_have_one_form),
        cmocka_unit_test(a_tag_must_be_the_one_asked_for_and_short),
        cmocka_unit_test(values_have_one_form),
        cmocka_unit_test(an_unsigned_integer_loses_its_zero_byte),
        cmocka_unit_test(named_bits_are_the_first_sixteen),
        cmocka_unit_test(whole_bytes_leave_no_bit_unused),
    };

    return kit_run(tests);
}
