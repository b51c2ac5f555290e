/* SPDX-License-Identifier: MIT */
/* A strict reader of DER (base/der.h; X.690). */
#include "base/der.h"

/* Takes a length in its only DER form (X.690, 10.1). */
static bool get_length(struct dtls_bytes *in, size_t *out)
{
    uint8_t first;
    uint8_t one;
    uint16_t two;
    uint32_t three;

    if (!dtls_get_u8(in, &first)) {
        return false;
    }
    if (first < 0x80) {
        *out = first;
        return true;
    }
    if (first == 0x81) {
        if (!dtls_get_u8(in, &one) || one < 0x80) {
            return false;
        }
        *out = one;
        return true;
    }
    if (first == 0x82) {
        if (!dtls_get_u16(in, &two) || two < 0x100) {
            return false;
        }
        *out = two;
        return true;
    }
    if (first == 0x83) {
        if (!dtls_get_u24(in, &three) || three < 0x10000) {
            return false;
        }
        *out = three;
        return true;
    }
    return false; /* indefinite, or longer than any certificate */
}

bool dtls_der_get_any(struct dtls_bytes *in, uint8_t *tag,
                      struct dtls_bytes *contents)
{
    struct dtls_bytes rest = *in;
    uint8_t t;
    size_t len;

    if (!dtls_get_u8(&rest, &t) || t == 0 || (t & 0x1f) == 0x1f ||
        !get_length(&rest, &len) || !dtls_get_bytes(&rest, len, contents)) {
        return false;
    }
    *tag = t;
    *in = rest;
    return true;
}

bool dtls_der_next_is(struct dtls_bytes in, unsigned tag)
{
    uint8_t next;

    return dtls_get_u8(&in, &next) && next == tag;
}

bool dtls_der_get(struct dtls_bytes *in, unsigned tag,
                  struct dtls_bytes *contents)
{
    uint8_t got;

    return dtls_der_next_is(*in, tag) && dtls_der_get_any(in, &got, contents);
}

bool dtls_der_get_element(struct dtls_bytes *in, unsigned tag,
                          struct dtls_bytes *element)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes contents;

    /* The length of the rest tells how long the element was. */
    return dtls_der_get(&rest, tag, &contents) &&
           dtls_get_bytes(in, in->len - rest.len, element);
}

static bool is_boolean(struct dtls_bytes contents)
{
    uint8_t value;

    return dtls_get_u8(&contents, &value) && contents.len == 0 &&
           (value == 0 || value == 0xff);
}

static bool is_integer(struct dtls_bytes contents)
{
    uint8_t first;
    uint8_t second;

    if (!dtls_get_u8(&contents, &first)) {
        return false;
    }
    if (!dtls_get_u8(&contents, &second)) {
        return true; /* one byte is always minimal */
    }
    return !(first == 0x00 && second < 0x80) &&
           !(first == 0xff && second >= 0x80);
}

static bool is_oid(struct dtls_bytes contents)
{
    bool first_of_component = true;
    uint8_t byte = 0x80;

    while (dtls_get_u8(&contents, &byte)) {
        if (first_of_component && byte == 0x80) {
            return false;
        }
        first_of_component = byte < 0x80;
    }
    return byte < 0x80; /* not empty, and the last component ends */
}

/* The count of unused bits is there and at most seven, and these bits are zero
 * (X.690, 11.2.1). */
static bool is_bit_string(struct dtls_bytes contents)
{
    uint8_t unused;
    uint8_t last = 0;
    struct dtls_bytes skipped;

    if (!dtls_get_u8(&contents, &unused) || unused > 7) {
        return false;
    }
    if (contents.len == 0) {
        return unused == 0;
    }
    return dtls_get_bytes(&contents, contents.len - 1, &skipped) &&
           dtls_get_u8(&contents, &last) && (last & ((1u << unused) - 1)) == 0;
}

bool dtls_der_is_value(uint8_t tag, struct dtls_bytes contents)
{
    if ((tag & 0xc0) != 0) {
        return true; /* [number]: only its definition can tell */
    }
    switch (tag) {
    case DER_BOOLEAN:
        return is_boolean(contents);
    case DER_INTEGER:
    case 0x0a: /* ENUMERATED */
        return is_integer(contents);
    case DER_BIT_STRING:
        return is_bit_string(contents);
    case DER_NULL:
        return contents.len == 0;
    case DER_OID:
        return is_oid(contents);
    case DER_BMP_STRING:
        return contents.len % 2 == 0;
    case DER_UNIVERSAL_STRING:
        return contents.len % 4 == 0;
    case DER_OCTET_STRING:
    case DER_UTF8_STRING:
    case DER_NUMERIC_STRING:
    case DER_PRINTABLE_STRING:
    case DER_T61_STRING:
    case DER_IA5_STRING:
    case DER_UTC_TIME:
    case DER_GENERALIZED_TIME:
    case DER_VISIBLE_STRING:
    case DER_SEQUENCE:
    case DER_SET:
        return true;
    default:
        return false; /* a type not used here, or a constructed string */
    }
}

/* Takes an element of a universal type that dtls_der_is_value can judge. */
static bool get_value(struct dtls_bytes *in, unsigned tag,
                      struct dtls_bytes *contents)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes value;

    if (!dtls_der_get(&rest, tag, &value) ||
        !dtls_der_is_value((uint8_t)tag, value)) {
        return false;
    }
    *contents = value;
    *in = rest;
    return true;
}

bool dtls_der_get_bool(struct dtls_bytes *in, bool *out)
{
    struct dtls_bytes contents;
    uint8_t value;

    if (!get_value(in, DER_BOOLEAN, &contents) ||
        !dtls_get_u8(&contents, &value)) {
        return false;
    }
    *out = value != 0;
    return true;
}

bool dtls_der_get_integer(struct dtls_bytes *in, struct dtls_bytes *contents)
{
    return get_value(in, DER_INTEGER, contents);
}

bool dtls_der_get_unsigned(struct dtls_bytes *in, struct dtls_bytes *magnitude)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes contents;
    struct dtls_bytes tail;
    uint8_t first;

    if (!get_value(&rest, DER_INTEGER, &contents)) {
        return false;
    }
    tail = contents;
    if (!dtls_get_u8(&tail, &first) || first >= 0x80) {
        return false; /* negative */
    }
    if (first == 0 && tail.len > 0) {
        contents = tail;
    }
    *magnitude = contents;
    *in = rest;
    return true;
}

bool dtls_der_get_oid(struct dtls_bytes *in, struct dtls_bytes *oid)
{
    return get_value(in, DER_OID, oid);
}

bool dtls_der_get_bits(struct dtls_bytes *in, struct dtls_bytes *bytes)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes contents;
    uint8_t unused;

    if (!get_value(&rest, DER_BIT_STRING, &contents) ||
        !dtls_get_u8(&contents, &unused) || unused != 0) {
        return false;
    }
    *bytes = contents;
    *in = rest;
    return true;
}

bool dtls_der_get_flags(struct dtls_bytes *in, uint16_t *flags)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes contents;
    uint8_t unused;
    uint8_t high = 0;
    uint8_t low = 0;

    if (!get_value(&rest, DER_BIT_STRING, &contents) ||
        !dtls_get_u8(&contents, &unused)) {
        return false;
    }
    if (contents.len > 0 && !dtls_get_u8(&contents, &high)) {
        return false;
    }
    if (contents.len > 0 && !dtls_get_u8(&contents, &low)) {
        return false;
    }
    *flags = (uint16_t)(high << 8 | low);
    *in = rest;
    return true;
}

bool dtls_oid_is(struct dtls_bytes oid, const struct der_oid *wanted)
{
    return dtls_bytes_equal(oid, dtls_bytes_of(wanted->bytes, wanted->len));
}
