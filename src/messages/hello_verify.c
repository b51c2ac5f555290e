/* SPDX-License-Identifier: MIT */
/* HelloVerifyRequest (RFC 6347, 4.2.1). */
#include "messages/messages.h"

enum dtls_status dtls_hello_verify_parse(struct dtls_hello_verify *out,
                                         struct dtls_bytes body)
{
    struct dtls_hello_verify m;

    if (!dtls_get_u16(&body, &m.version) || /* ProtocolVersion    */
        !dtls_get_vec8(&body, &m.cookie) || /* opaque <0..2^8-1>  */
        body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_hello_verify_put(struct dtls_buf *out,
                           const struct dtls_hello_verify *m)
{
    return dtls_put_u16(out, m->version) && dtls_put_vec8(out, m->cookie);
}
