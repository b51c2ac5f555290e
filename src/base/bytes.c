/* SPDX-License-Identifier: MIT */
/* Bytes in, bytes out (base/bytes.h). */
#include "base/bytes.h"

#include <string.h>

bool dtls_get_vec8(struct dtls_bytes *in, struct dtls_bytes *out)
{
    struct dtls_bytes rest = *in;
    uint8_t len;

    if (!dtls_get_u8(&rest, &len) || !dtls_get_bytes(&rest, len, out)) {
        return false;
    }
    *in = rest;
    return true;
}

bool dtls_get_vec16(struct dtls_bytes *in, struct dtls_bytes *out)
{
    struct dtls_bytes rest = *in;
    uint16_t len;

    if (!dtls_get_u16(&rest, &len) || !dtls_get_bytes(&rest, len, out)) {
        return false;
    }
    *in = rest;
    return true;
}

bool dtls_get_vec24(struct dtls_bytes *in, struct dtls_bytes *out)
{
    struct dtls_bytes rest = *in;
    uint32_t len;

    if (!dtls_get_u24(&rest, &len) || !dtls_get_bytes(&rest, len, out)) {
        return false;
    }
    *in = rest;
    return true;
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

bool dtls_put_vec8(struct dtls_buf *buf, struct dtls_bytes bytes)
{
    struct dtls_buf copy = *buf;

    if (bytes.len > UINT8_MAX || !dtls_put_u8(&copy, (uint8_t)bytes.len) ||
        !dtls_put_bytes(&copy, bytes)) {
        return false;
    }
    *buf = copy;
    return true;
}

bool dtls_put_vec16(struct dtls_buf *buf, struct dtls_bytes bytes)
{
    struct dtls_buf copy = *buf;

    if (bytes.len > UINT16_MAX || !dtls_put_u16(&copy, (uint16_t)bytes.len) ||
        !dtls_put_bytes(&copy, bytes)) {
        return false;
    }
    *buf = copy;
    return true;
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
    dtls_store_u16(buf->data + mark, (uint16_t)(len + more));
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
