/* SPDX-License-Identifier: MIT */
/* A strict reader of DER (ITU-T X.690, 8 and 10).
 *
 * Like dtls_get_*, each dtls_der_get* takes one element off the front of `in`
 * and returns true, or returns false and changes nothing.  All refuse
 * indefinite and non-minimal lengths, tag numbers above 30, and elements of
 * 2^24 bytes and more. */
#ifndef DTLS_BASE_DER_H
#define DTLS_BASE_DER_H

#include "base/bytes.h"

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_T61_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_VISIBLE_STRING = 0x1a,
    DER_UNIVERSAL_STRING = 0x1c,
    DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};

/* DER_CONTEXT is the tag [number] with contents of its own, DER_CONTEXT_IN the
 * one around other elements. */
#define DER_CONTEXT(number) (0x80 | (number))
#define DER_CONTEXT_IN(number) (0xa0 | (number))

/* struct der_oid is an encoded OBJECT IDENTIFIER, as a constant. */
struct der_oid {
    uint8_t len;
    uint8_t bytes[11];
};

/* dtls_der_get takes an element with this tag and gives its contents.
 * dtls_der_get_element gives the element with its tag and length. */
DTLS_MUST_USE bool dtls_der_get(struct dtls_bytes *in, unsigned tag,
                                struct dtls_bytes *contents);
DTLS_MUST_USE bool dtls_der_get_element(struct dtls_bytes *in, unsigned tag,
                                        struct dtls_bytes *element);

/* dtls_der_get_any takes the next element, whatever its tag. */
DTLS_MUST_USE bool dtls_der_get_any(struct dtls_bytes *in, uint8_t *tag,
                                    struct dtls_bytes *contents);

/* dtls_der_next_is returns true if `in` begins with this tag. */
bool dtls_der_next_is(struct dtls_bytes in, unsigned tag);

/* dtls_der_get_bool takes a BOOLEAN, 00 or ff. */
DTLS_MUST_USE bool dtls_der_get_bool(struct dtls_bytes *in, bool *out);

/* dtls_der_get_integer takes an INTEGER of minimal length.
 * dtls_der_get_unsigned takes one that is not negative, and leaves out the
 * zero byte in front. */
DTLS_MUST_USE bool dtls_der_get_integer(struct dtls_bytes *in,
                                        struct dtls_bytes *contents);
DTLS_MUST_USE bool dtls_der_get_unsigned(struct dtls_bytes *in,
                                         struct dtls_bytes *magnitude);

/* dtls_der_get_oid takes an OBJECT IDENTIFIER of minimal components. */
DTLS_MUST_USE bool dtls_der_get_oid(struct dtls_bytes *in,
                                    struct dtls_bytes *oid);

/* dtls_der_get_bits takes a BIT STRING that is whole bytes. */
DTLS_MUST_USE bool dtls_der_get_bits(struct dtls_bytes *in,
                                     struct dtls_bytes *bytes);

/* dtls_der_get_flags takes a BIT STRING of named bits.  `flags` gets the first
 * 16, bit 0 on top; any others are dropped.
 *
 * Zero bits at the end are tolerated: X.690, 11.2.2 forbids them, but
 * libcrypto accepts them. */
DTLS_MUST_USE bool dtls_der_get_flags(struct dtls_bytes *in, uint16_t *flags);

/* dtls_der_is_value returns true if `contents` may follow `tag`.  It judges
 * every universal primitive type that this code knows, strings of characters
 * by their form alone.  It does not judge SEQUENCE, SET and tags of other
 * classes, and refuses every other type. */
DTLS_MUST_USE bool dtls_der_is_value(uint8_t tag, struct dtls_bytes contents);

/* dtls_oid_is returns true if the encoded OBJECT IDENTIFIER is the constant
 * `wanted`. */
bool dtls_oid_is(struct dtls_bytes oid, const struct der_oid *wanted);

#endif
