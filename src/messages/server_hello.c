/* SPDX-License-Identifier: MIT */
/* ServerHello (RFC 5246, 7.4.1.3). */
#include "messages/messages.h"

enum dtls_status dtls_server_hello_parse(struct dtls_server_hello *out,
                                         struct dtls_bytes body)
{
    struct dtls_server_hello m = {0};

    if (!dtls_get_u16(&body, &m.version) ||
        !dtls_get_bytes(&body, DTLS_RANDOM_LEN, &m.random) ||
        !dtls_get_vec8(&body, &m.session_id) ||
        m.session_id.len > DTLS_SESSION_ID_MAX ||
        !dtls_get_u16(&body, &m.suite) ||
        !dtls_get_u8(&body, &m.compression)) {
        return DTLS_DECODE_ERROR;
    }
    if (body.len != 0 &&
        (!dtls_get_vec16(&body, &m.extensions) || body.len != 0)) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_server_hello_put(struct dtls_buf *out,
                           const struct dtls_server_hello *m)
{
    return dtls_put_u16(out, m->version) && dtls_put_bytes(out, m->random) &&
           dtls_put_vec8(out, m->session_id) && dtls_put_u16(out, m->suite) &&
           dtls_put_u8(out, m->compression);
}
