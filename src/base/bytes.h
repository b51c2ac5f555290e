/* SPDX-License-Identifier: MIT */
/* Bytes in, bytes out: the only place with pointer arithmetic on wire bytes.
 * All integers are big-endian (RFC 5246, 4.1). */
#ifndef DTLS_BASE_BYTES_H
#define DTLS_BASE_BYTES_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* struct dtls_bytes borrows bytes.  If it is empty, data may be NULL. */
struct dtls_bytes {
    const uint8_t *data;
    size_t len;
};

/* struct dtls_span borrows writable bytes, such as a datagram that is opened
 * in place. */
struct dtls_span {
    uint8_t *data;
    size_t len;
};

/* struct dtls_buf is a buffer that is filled from the front: `len` of `cap`
 * bytes are used. */
struct dtls_buf {
    uint8_t *data;
    size_t len;
    size_t cap;
};

/* dtls_load_* and dtls_store_* read and write an integer at a pointer, for the
 * functions below. */
static inline uint16_t dtls_load_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t dtls_load_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static inline void dtls_store_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void dtls_store_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

/* What a record is read and written with is inline here, the rest in
 * bytes.c.
 *
 * dtls_get_* takes a value off the front of `in`.  It returns false, and
 * changes neither, if `in` is too short.  dtls_get_vec* takes a byte string
 * with a length prefix of that many bits. */
DTLS_MUST_USE static inline bool dtls_get_bytes(struct dtls_bytes *in,
                                                size_t len,
                                                struct dtls_bytes *out)
{
    if (in->len < len) {
        return false;
    }
    *out = (struct dtls_bytes){in->data, len};
    if (len != 0) {
        in->data += len;
        in->len -= len;
    }
    return true;
}

DTLS_MUST_USE static inline bool dtls_get_u8(struct dtls_bytes *in,
                                             uint8_t *out)
{
    struct dtls_bytes b;

    if (!dtls_get_bytes(in, 1, &b)) {
        return false;
    }
    *out = b.data[0];
    return true;
}

DTLS_MUST_USE static inline bool dtls_get_u16(struct dtls_bytes *in,
                                              uint16_t *out)
{
    struct dtls_bytes b;

    if (!dtls_get_bytes(in, 2, &b)) {
        return false;
    }
    *out = dtls_load_u16(b.data);
    return true;
}

DTLS_MUST_USE static inline bool dtls_get_u24(struct dtls_bytes *in,
                                              uint32_t *out)
{
    struct dtls_bytes b;

    if (!dtls_get_bytes(in, 3, &b)) {
        return false;
    }
    *out = (uint32_t)b.data[0] << 16 | dtls_load_u16(b.data + 1);
    return true;
}

DTLS_MUST_USE static inline bool dtls_get_u32(struct dtls_bytes *in,
                                              uint32_t *out)
{
    struct dtls_bytes b;

    if (!dtls_get_bytes(in, 4, &b)) {
        return false;
    }
    *out = dtls_load_u32(b.data);
    return true;
}

DTLS_MUST_USE static inline bool dtls_get_u48(struct dtls_bytes *in,
                                              uint64_t *out)
{
    struct dtls_bytes b;

    if (!dtls_get_bytes(in, 6, &b)) {
        return false;
    }
    *out = (uint64_t)dtls_load_u16(b.data) << 32 | dtls_load_u32(b.data + 2);
    return true;
}

DTLS_MUST_USE bool dtls_get_vec8(struct dtls_bytes *in,
                                 struct dtls_bytes *out);
DTLS_MUST_USE bool dtls_get_vec16(struct dtls_bytes *in,
                                  struct dtls_bytes *out);
DTLS_MUST_USE bool dtls_get_vec24(struct dtls_bytes *in,
                                  struct dtls_bytes *out);

/* dtls_u16_list_has returns true if `value` is in a list of 16-bit numbers. */
bool dtls_u16_list_has(struct dtls_bytes list, uint16_t value);

/* dtls_take splits `len` bytes off the front of a writable span.  It returns
 * false, and changes nothing, if the span is shorter. */
DTLS_MUST_USE static inline bool dtls_take(struct dtls_span *span, size_t len,
                                           struct dtls_span *out)
{
    if (span->len < len) {
        return false;
    }
    *out = (struct dtls_span){span->data, len};
    if (len != 0) {
        span->data += len;
        span->len -= len;
    }
    return true;
}

/* dtls_put_room appends `len` bytes for the caller to fill in.  It returns
 * false, and changes nothing, if there is no room. */
DTLS_MUST_USE static inline bool dtls_put_room(struct dtls_buf *buf,
                                               size_t len,
                                               struct dtls_span *out)
{
    if (buf->cap - buf->len < len) {
        return false;
    }
    *out = (struct dtls_span){buf->data + buf->len, len};
    buf->len += len;
    return true;
}

/* dtls_put_* appends a value.  It returns false, and changes nothing, if the
 * value does not fit, or if a vector is longer than its prefix can say.
 * dtls_put_bytes also takes bytes that stand in the same buffer already. */
DTLS_MUST_USE static inline bool dtls_put_u8(struct dtls_buf *buf,
                                             uint8_t value)
{
    struct dtls_span room;

    if (!dtls_put_room(buf, 1, &room)) {
        return false;
    }
    room.data[0] = value;
    return true;
}

DTLS_MUST_USE static inline bool dtls_put_u16(struct dtls_buf *buf,
                                              uint16_t value)
{
    struct dtls_span room;

    if (!dtls_put_room(buf, 2, &room)) {
        return false;
    }
    dtls_store_u16(room.data, value);
    return true;
}

DTLS_MUST_USE static inline bool dtls_put_u24(struct dtls_buf *buf,
                                              uint32_t value)
{
    struct dtls_span room;

    if (value >> 24 != 0 || !dtls_put_room(buf, 3, &room)) {
        return false;
    }
    room.data[0] = (uint8_t)(value >> 16);
    dtls_store_u16(room.data + 1, (uint16_t)value);
    return true;
}

DTLS_MUST_USE static inline bool dtls_put_u32(struct dtls_buf *buf,
                                              uint32_t value)
{
    struct dtls_span room;

    if (!dtls_put_room(buf, 4, &room)) {
        return false;
    }
    dtls_store_u32(room.data, value);
    return true;
}

DTLS_MUST_USE static inline bool dtls_put_u48(struct dtls_buf *buf,
                                              uint64_t value)
{
    struct dtls_span room;

    if (value >> 48 != 0 || !dtls_put_room(buf, 6, &room)) {
        return false;
    }
    dtls_store_u16(room.data, (uint16_t)(value >> 32));
    dtls_store_u32(room.data + 2, (uint32_t)value);
    return true;
}

DTLS_MUST_USE bool dtls_put_bytes(struct dtls_buf *buf,
                                  struct dtls_bytes bytes);
DTLS_MUST_USE bool dtls_put_vec8(struct dtls_buf *buf,
                                 struct dtls_bytes bytes);
DTLS_MUST_USE bool dtls_put_vec16(struct dtls_buf *buf,
                                  struct dtls_bytes bytes);

/* dtls_buf_tail returns the room behind the used bytes and `skip` bytes more,
 * as a buffer of its own of at most `cap` bytes.  The buffer has no room if
 * `buf` has fewer than `skip` bytes left. */
static inline struct dtls_buf dtls_buf_tail(const struct dtls_buf *buf,
                                            size_t skip, size_t cap)
{
    size_t room = buf->cap - buf->len;

    if (room < skip) {
        return (struct dtls_buf){0};
    }
    room -= skip;
    return (struct dtls_buf){buf->data + buf->len + skip, 0,
                             room < cap ? room : cap};
}

/* dtls_put_open16 leaves room for a 16-bit length; dtls_put_close16 fills it
 * with the number of bytes put since.  Only dtls_put_close16 uses `mark`.
 * dtls_put_close16_with counts `more` bytes, too, which will follow elsewhere.
 *
 * All return false if there is no room or the length is too great. */
DTLS_MUST_USE bool dtls_put_open16(struct dtls_buf *buf, size_t *mark);
DTLS_MUST_USE bool dtls_put_close16(struct dtls_buf *buf, size_t mark);
DTLS_MUST_USE bool dtls_put_close16_with(struct dtls_buf *buf, size_t mark,
                                         size_t more);

/* dtls_bytes_equal compares public values; dtls_ct_equal (base/secret.h) is
 * for all others. */
bool dtls_bytes_equal(struct dtls_bytes a, struct dtls_bytes b);

/* dtls_buf_bytes returns the bytes put so far. */
static inline struct dtls_bytes dtls_buf_bytes(const struct dtls_buf *buf)
{
    return (struct dtls_bytes){buf->data, buf->len};
}

static inline struct dtls_bytes dtls_span_bytes(struct dtls_span span)
{
    return (struct dtls_bytes){span.data, span.len};
}

static inline struct dtls_bytes dtls_bytes_of(const void *data, size_t len)
{
    return (struct dtls_bytes){data, len};
}

#endif
