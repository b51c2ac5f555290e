/* SPDX-License-Identifier: MIT */
/* Name and GeneralNames (RFC 5280, 4.1.2.4 and 4.2.1.6). */
#include "x509/name.h"
#include "x509/cert.h"

static const struct der_oid oid_common_name = {3, {0x55, 4, 3}};

static bool is_character(uint32_t c)
{
    return c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
}

/* Takes a character in its shortest form (RFC 3629). */
static bool get_utf8(struct dtls_bytes *text, uint32_t *out)
{
    static const uint32_t smallest[4] = {0, 0x80, 0x800, 0x10000};
    uint8_t byte;
    unsigned more;
    uint32_t c;

    if (!dtls_get_u8(text, &byte)) {
        return false;
    }
    more = byte < 0x80             ? 0
           : (byte & 0xe0) == 0xc0 ? 1
           : (byte & 0xf0) == 0xe0 ? 2
           : (byte & 0xf8) == 0xf0 ? 3
                                   : 4;
    if (more == 4) {
        return false;
    }
    c = more == 0 ? byte : byte & (0x3fu >> more);
    for (unsigned i = 0; i < more; i++) {
        if (!dtls_get_u8(text, &byte) || (byte & 0xc0) != 0x80) {
            return false;
        }
        c = c << 6 | (byte & 0x3f);
    }
    *out = c;
    return c >= smallest[more] && is_character(c);
}

static bool is_utf8(struct dtls_bytes text)
{
    uint32_t c;

    while (text.len != 0) {
        if (!get_utf8(&text, &c)) {
            return false;
        }
    }
    return true;
}

/* BMPString is UCS-2, so a surrogate is no character. */
static bool is_bmp(struct dtls_bytes text)
{
    uint16_t c;

    while (dtls_get_u16(&text, &c)) {
        if (!is_character(c)) {
            return false;
        }
    }
    return text.len == 0;
}

static bool is_universal(struct dtls_bytes text)
{
    uint32_t c;

    while (dtls_get_u32(&text, &c)) {
        if (!is_character(c)) {
            return false;
        }
    }
    return text.len == 0;
}

static bool is_text(uint8_t tag, struct dtls_bytes text)
{
    switch (tag) {
    case DER_UTF8_STRING:
        return is_utf8(text);
    case DER_BMP_STRING:
        return is_bmp(text);
    case DER_UNIVERSAL_STRING:
        return is_universal(text);
    case DER_PRINTABLE_STRING:
    case DER_NUMERIC_STRING:
    case DER_IA5_STRING:
    case DER_T61_STRING:
        return true;
    default:
        return false;
    }
}

/* AttributeTypeAndValue ::= SEQUENCE { type OID, value } */
static bool get_attribute(struct dtls_bytes *in, struct dtls_bytes *type,
                          uint8_t *tag, struct dtls_bytes *value)
{
    struct dtls_bytes body;

    return dtls_der_get(in, DER_SEQUENCE, &body) &&
           dtls_der_get_oid(&body, type) &&
           dtls_der_get_any(&body, tag, value) && body.len == 0;
}

/* Tells whether two elements of a SET OF are in order (X.690, 11.6). */
static bool is_ordered(struct dtls_bytes first, struct dtls_bytes second)
{
    uint8_t a;
    uint8_t b;

    while (dtls_get_u8(&first, &a)) {
        if (!dtls_get_u8(&second, &b) || a > b) {
            return false;
        }
        if (a < b) {
            return true;
        }
    }
    return true;
}

bool dtls_name_is_rdn(struct dtls_bytes set)
{
    struct dtls_bytes before = {NULL, 0};
    struct dtls_bytes element;
    struct dtls_bytes attribute;
    struct dtls_bytes type;
    struct dtls_bytes value;
    uint8_t tag;

    if (set.len == 0) {
        return false;
    }
    while (set.len > 0) {
        if (!dtls_der_get_element(&set, DER_SEQUENCE, &element) ||
            !is_ordered(before, element)) {
            return false;
        }
        attribute = element;
        if (!get_attribute(&attribute, &type, &tag, &value) ||
            !is_text(tag, value)) {
            return false;
        }
        before = element;
    }
    return true;
}

bool dtls_name_get(struct dtls_bytes *in, struct dtls_bytes *name)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes rdns;
    struct dtls_bytes set;

    if (!dtls_der_get(&rest, DER_SEQUENCE, &rdns)) {
        return false;
    }
    while (rdns.len > 0) {
        if (!dtls_der_get(&rdns, DER_SET, &set) || !dtls_name_is_rdn(set)) {
            return false;
        }
    }
    return dtls_get_bytes(in, in->len - rest.len, name);
}

/* A string of a Name, character by character. */
struct text {
    uint8_t tag;
    struct dtls_bytes rest;
};

static bool next_character(struct text *t, uint32_t *c)
{
    uint16_t two;
    uint8_t one;

    switch (t->tag) {
    case DER_UTF8_STRING:
        return get_utf8(&t->rest, c);
    case DER_UNIVERSAL_STRING:
        return dtls_get_u32(&t->rest, c);
    case DER_BMP_STRING:
        if (!dtls_get_u16(&t->rest, &two)) {
            return false;
        }
        *c = two;
        return true;
    default:
        if (!dtls_get_u8(&t->rest, &one)) {
            return false;
        }
        *c = one;
        return true;
    }
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_spaces(struct text *t)
{
    struct text ahead = *t;
    uint32_t c;

    while (next_character(&ahead, &c) && is_space(c)) {
        *t = ahead;
    }
}

/* Takes the next character as names are compared.  Returns false at the end.
 * Spaces at the end are left out. */
static bool next_folded(struct text *t, uint32_t *c)
{
    if (!next_character(t, c)) {
        return false;
    }
    if (is_space(*c)) {
        skip_spaces(t);
        *c = ' ';
        return t->rest.len != 0;
    }
    *c += *c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0;
    return true;
}

static bool is_same_text(struct text a, struct text b)
{
    uint32_t c;
    uint32_t d;

    if (a.tag == DER_NUMERIC_STRING || b.tag == DER_NUMERIC_STRING) {
        return a.tag == b.tag && dtls_bytes_equal(a.rest, b.rest);
    }
    skip_spaces(&a);
    skip_spaces(&b);
    while (next_folded(&a, &c)) {
        if (!next_folded(&b, &d) || c != d) {
            return false;
        }
    }
    return !next_folded(&b, &d);
}

static bool is_same_rdn(struct dtls_bytes a, struct dtls_bytes b)
{
    struct dtls_bytes type_a;
    struct dtls_bytes type_b;
    struct text text_a;
    struct text text_b;

    while (a.len != 0) {
        if (!get_attribute(&a, &type_a, &text_a.tag, &text_a.rest) ||
            !get_attribute(&b, &type_b, &text_b.tag, &text_b.rest) ||
            !dtls_bytes_equal(type_a, type_b) ||
            !is_same_text(text_a, text_b)) {
            return false;
        }
    }
    return b.len == 0;
}

bool dtls_name_equal(struct dtls_bytes a, struct dtls_bytes b)
{
    struct dtls_bytes rdns_a;
    struct dtls_bytes rdns_b;
    struct dtls_bytes set_a;
    struct dtls_bytes set_b;

    if (dtls_bytes_equal(a, b)) {
        return true;
    }
    if (!dtls_der_get(&a, DER_SEQUENCE, &rdns_a) ||
        !dtls_der_get(&b, DER_SEQUENCE, &rdns_b)) {
        return false;
    }
    while (rdns_a.len != 0) {
        if (!dtls_der_get(&rdns_a, DER_SET, &set_a) ||
            !dtls_der_get(&rdns_b, DER_SET, &set_b) ||
            !is_same_rdn(set_a, set_b)) {
            return false;
        }
    }
    return rdns_b.len == 0;
}

struct dtls_bytes dtls_cert_common_name(const struct dtls_cert *cert)
{
    struct dtls_bytes found = {NULL, 0};
    struct dtls_bytes subject = cert->subject;
    struct dtls_bytes rdns;
    struct dtls_bytes set;
    struct dtls_bytes type;
    struct dtls_bytes value;
    uint8_t tag;

    if (!dtls_der_get(&subject, DER_SEQUENCE, &rdns)) {
        return found;
    }
    while (dtls_der_get(&rdns, DER_SET, &set)) {
        while (get_attribute(&set, &type, &tag, &value)) {
            if (dtls_oid_is(type, &oid_common_name)) {
                /* Only one byte per ASCII character is of use here. */
                found = tag == DER_BMP_STRING || tag == DER_UNIVERSAL_STRING
                            ? (struct dtls_bytes){NULL, 0}
                            : value;
            }
        }
    }
    return found;
}

bool dtls_cert_is_self_issued(const struct dtls_cert *cert)
{
    return dtls_name_equal(cert->issuer, cert->subject);
}

static bool is_ascii(struct dtls_bytes text)
{
    uint8_t byte;

    while (dtls_get_u8(&text, &byte)) {
        if (byte >= 0x80) {
            return false;
        }
    }
    return true;
}

/* OtherName ::= SEQUENCE { type-id OID, value [0] EXPLICIT ANY } */
static bool is_other_name(struct dtls_bytes body)
{
    struct dtls_bytes type;
    struct dtls_bytes outer;
    struct dtls_bytes value;
    uint8_t tag;

    return dtls_der_get_oid(&body, &type) &&
           dtls_der_get(&body, DER_CONTEXT_IN(0), &outer) && body.len == 0 &&
           dtls_der_get_any(&outer, &tag, &value) && outer.len == 0 &&
           dtls_der_is_value(tag, value);
}

/* [number] EXPLICIT DirectoryString */
static bool get_directory_string(struct dtls_bytes *in, unsigned number)
{
    struct dtls_bytes outer;
    struct dtls_bytes text;
    uint8_t tag;

    return dtls_der_get(in, DER_CONTEXT_IN(number), &outer) &&
           dtls_der_get_any(&outer, &tag, &text) && outer.len == 0 &&
           is_text(tag, text);
}

/* EDIPartyName ::= SEQUENCE {
 *     nameAssigner [0] DirectoryString OPTIONAL,
 *     partyName    [1] DirectoryString } */
static bool is_edi_party_name(struct dtls_bytes body)
{
    return (!dtls_der_next_is(body, DER_CONTEXT_IN(0)) ||
            get_directory_string(&body, 0)) &&
           get_directory_string(&body, 1) && body.len == 0;
}

static bool is_general_name(uint8_t tag, struct dtls_bytes value)
{
    struct dtls_bytes name;

    switch (tag) {
    case GENERAL_OTHER_NAME:
        return is_other_name(value);
    case GENERAL_RFC822_NAME:
    case GENERAL_DNS_NAME:
    case GENERAL_URI:
        return is_ascii(value);
    case GENERAL_DIRECTORY_NAME: /* EXPLICIT: Name is a CHOICE */
        return dtls_name_get(&value, &name) && value.len == 0;
    case GENERAL_EDI_PARTY_NAME:
        return is_edi_party_name(value);
    case GENERAL_X400_ADDRESS:
    case GENERAL_IP_ADDRESS:
        return true;
    case GENERAL_REGISTERED_ID:
        return dtls_der_is_value(DER_OID, value);
    default:
        return false;
    }
}

bool dtls_name_are_general(struct dtls_bytes contents)
{
    struct dtls_bytes value;
    uint8_t tag;

    if (contents.len == 0) {
        return false;
    }
    while (contents.len > 0) {
        if (!dtls_der_get_any(&contents, &tag, &value) ||
            !is_general_name(tag, value)) {
            return false;
        }
    }
    return true;
}

bool dtls_name_addresses_fit(struct dtls_bytes names)
{
    struct dtls_bytes value;
    uint8_t tag;

    while (dtls_der_get_any(&names, &tag, &value)) {
        if (tag == GENERAL_IP_ADDRESS && value.len != 4 && value.len != 16) {
            return false;
        }
    }
    return true;
}
