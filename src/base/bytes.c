/* SPDX-License-Identifier: MIT */
/* Bytes in, bytes out (base/bytes.h). */
#include "base/bytes.h"

#include <string.h>

/* Reads an integer of `size` bytes, 1 to 6. */
static bool get_integer(struct dtls_bytes *in, size_t size, uint64_t *out)
{
    uint64_t value = 0;

    if (in->len < size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | in->data[i];
    }
    in->data += size;
    in->len -= size;
    *out = value;
    return true;
}

bool dtls_get_u8(struct dtls_bytes *in, uint8_t *out)
{
    uint64_t value;

    if (!get_integer(in, 1, &value)) {
        return false;
    }
    *out = (uint8_t)value;
    return true;
}

bool dtls_get_u16(struct dtls_bytes *in, uint16_t *out)
{
    uint64_t value;

    if (!get_integer(in, 2, &value)) {
        return false;
    }
    *out = (uint16_t)value;
    return true;
}

bool dtls_get_u24(struct dtls_bytes *in, uint32_t *out)
{
    uint64_t value;

    if (!get_integer(in, 3, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

bool dtls_get_u32(struct dtls_bytes *in, uint32_t *out)
{
    uint64_t value;

    if (!get_integer(in, 4, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

bool dtls_get_u48(struct dtls_bytes *in, uint64_t *out)
{
    return get_integer(in, 6, out);
}

bool dtls_get_bytes(struct dtls_bytes *in, size_t len, struct dtls_bytes *out)
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

/* Takes a byte string whose length stands before it in `prefix` bytes. */
static bool get_vector(struct dtls_bytes *in, size_t prefix,
                       struct dtls_bytes *out)
{
    struct dtls_bytes rest = *in;
    uint64_t len;

    if (!get_integer(&rest, prefix, &len) ||
        !dtls_get_bytes(&rest, (size_t)len, out)) {
        return false;
    }
    *in = rest;
    return true;
}

bool dtls_get_vec8(struct dtls_bytes *in, struct dtls_bytes *out)
{
    return get_vector(in, 1, out);
}

bool dtls_get_vec16(struct dtls_bytes *in, struct dtls_bytes *out)
{
    return get_vector(in, 2, out);
}

bool dtls_get_vec24(struct dtls_bytes *in, struct dtls_bytes *out)
{
    return get_vector(in, 3, out);
}

bool dtls_u16_list_has(struct dtls_bytes list, uint16_t value)
{
    uint16_t item;

    while (dtls_get_u16(&list, &item)) {
        if (item == value) {
            return true;
        }
    }
    return false;
}

bool dtls_take(struct dtls_span *span, size_t len, struct dtls_span *out)
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

/* Writes an integer of `size` bytes at `at`, which must be inside `cap`. */
static void write_integer(struct dtls_buf *buf, size_t at, size_t size,
                          uint64_t value)
{
    for (size_t i = 0; i < size; i++) {
        buf->data[at + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static bool put_integer(struct dtls_buf *buf, size_t size, uint64_t value)
{
    if (buf->cap - buf->len < size || value >> (8 * size) != 0) {
        return false;
    }
    write_integer(buf, buf->len, size, value);
    buf->len += size;
    return true;
}

bool dtls_put_u8(struct dtls_buf *buf, uint8_t value)
{
    return put_integer(buf, 1, value);
}

bool dtls_put_u16(struct dtls_buf *buf, uint16_t value)
{
    return put_integer(buf, 2, value);
}

bool dtls_put_u24(struct dtls_buf *buf, uint32_t value)
{
    return put_integer(buf, 3, value);
}

bool dtls_put_u32(struct dtls_buf *buf, uint32_t value)
{
    return put_integer(buf, 4, value);
}

bool dtls_put_u48(struct dtls_buf *buf, uint64_t value)
{
    return put_integer(buf, 6, value);
}

bool dtls_put_bytes(struct dtls_buf *buf, struct dtls_bytes bytes)
{
    if (buf->cap - buf->len < bytes.len) {
        return false;
    }
    if (bytes.len != 0) {
        memmove(buf->data + buf->len, bytes.data, bytes.len);
    }
    buf->len += bytes.len;
    return true;
}

struct dtls_buf dtls_buf_tail(const struct dtls_buf *buf, size_t skip,
                              size_t cap)
{
    size_t room = buf->cap - buf->len;

    if (room < skip) {
        return (struct dtls_buf){0};
    }
    room -= skip;
    return (struct dtls_buf){buf->data + buf->len + skip, 0,
                             room < cap ? room : cap};
}

bool dtls_put_room(struct dtls_buf *buf, size_t len, struct dtls_span *out)
{
    if (buf->cap - buf->len < len) {
        return false;
    }
    *out = (struct dtls_span){buf->data + buf->len, len};
    buf->len += len;
    return true;
}

static bool put_vector(struct dtls_buf *buf, size_t prefix,
                       struct dtls_bytes bytes)
{
    struct dtls_buf copy = *buf;

    if (!put_integer(&copy, prefix, bytes.len) ||
        !dtls_put_bytes(&copy, bytes)) {
        return false;
    }
    *buf = copy;
    return true;
}

bool dtls_put_vec8(struct dtls_buf *buf, struct dtls_bytes bytes)
{
    return put_vector(buf, 1, bytes);
}

bool dtls_put_vec16(struct dtls_buf *buf, struct dtls_bytes bytes)
{
    return put_vector(buf, 2, bytes);
}

bool dtls_put_open16(struct dtls_buf *buf, size_t *mark)
{
    *mark = buf->len;
    return dtls_put_u16(buf, 0);
}

bool dtls_put_close16_with(struct dtls_buf *buf, size_t mark, size_t more)
{
    size_t len = buf->len - mark - 2;

    if (len > 0xffff || more > 0xffff - len) {
        return false;
    }
    write_integer(buf, mark, 2, len + more);
    return true;
}

bool dtls_put_close16(struct dtls_buf *buf, size_t mark)
{
    return dtls_put_close16_with(buf, mark, 0);
}

bool dtls_bytes_equal(struct dtls_bytes a, struct dtls_bytes b)
{
    return a.len == b.len &&
           (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
