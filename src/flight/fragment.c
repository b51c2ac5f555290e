/* SPDX-License-Identifier: MIT */
/* The handshake header and fragments (flight/fragment.h). */
#include "flight/fragment.h"

enum dtls_status dtls_fragment_next(struct dtls_bytes *payload,
                                    struct dtls_fragment *out)
{
    struct dtls_bytes in = *payload;
    struct dtls_fragment f;
    uint32_t body_len;

    if (!dtls_get_u8(&in, &f.type) ||         /* HandshakeType msg_type    */
        !dtls_get_u24(&in, &f.message_len) || /* uint24 length             */
        !dtls_get_u16(&in, &f.seq) ||         /* uint16 message_seq        */
        !dtls_get_u24(&in, &f.offset) ||      /* uint24 fragment_offset    */
        !dtls_get_u24(&in, &body_len) ||      /* uint24 fragment_length    */
        !dtls_get_bytes(&in, body_len, &f.body)) {
        return DTLS_DECODE_ERROR;
    }
    /* Both are below 2^24, so the sum cannot wrap. */
    if (f.offset + body_len > f.message_len) {
        return DTLS_DECODE_ERROR;
    }

    *out = f;
    *payload = in;
    return DTLS_OK;
}

bool dtls_fragment_put_header(struct dtls_buf *out,
                              const struct dtls_fragment *fragment)
{
    struct dtls_buf copy = *out;

    if (fragment->body.len > 0xffffff || !dtls_put_u8(&copy, fragment->type) ||
        !dtls_put_u24(&copy, fragment->message_len) ||
        !dtls_put_u16(&copy, fragment->seq) ||
        !dtls_put_u24(&copy, fragment->offset) ||
        !dtls_put_u24(&copy, (uint32_t)fragment->body.len)) {
        return false;
    }
    *out = copy;
    return true;
}
