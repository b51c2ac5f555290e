/* SPDX-License-Identifier: MIT */
/* ClientHello (RFC 5246, 7.4.1.2; RFC 6347, 4.2.1). */
#include "messages/messages.h"

/* Takes the fields up to the cookie off the front of `in`. */
static bool take_front(struct dtls_bytes *in, struct dtls_client_hello *m)
{
    return dtls_get_u16(in, &m->version) &&
           dtls_get_bytes(in, DTLS_RANDOM_LEN, &m->random) &&
           dtls_get_vec8(in, &m->session_id) &&
           m->session_id.len <= DTLS_SESSION_ID_MAX &&
           dtls_get_vec8(in, &m->cookie); /* opaque <0..2^8-1>  */
}

/* Takes the two lists behind the cookie. */
static bool take_lists(struct dtls_bytes *in, struct dtls_client_hello *m)
{
    return dtls_get_vec16(in, &m->suites) && /* <2..2^16-2>, pairs */
           m->suites.len >= 2 && m->suites.len % 2 == 0 &&
           dtls_get_vec8(in, &m->compression) && /* <1..2^8-1>         */
           m->compression.len >= 1;
}

enum dtls_status dtls_client_hello_parse_front(struct dtls_client_hello *out,
                                               struct dtls_bytes front,
                                               bool whole)
{
    struct dtls_client_hello m = {0};

    if (!take_front(&front, &m)) {
        return DTLS_DECODE_ERROR;
    }
    if (!take_lists(&front, &m)) {
        if (whole) {
            return DTLS_DECODE_ERROR;
        }
        m.suites = (struct dtls_bytes){0};
        m.compression = (struct dtls_bytes){0};
    }
    *out = m;
    return DTLS_OK;
}

enum dtls_status dtls_client_hello_parse(struct dtls_client_hello *out,
                                         struct dtls_bytes body)
{
    struct dtls_client_hello m = {0};

    if (!take_front(&body, &m) || !take_lists(&body, &m)) {
        return DTLS_DECODE_ERROR;
    }
    /* The extension block may be absent altogether (RFC 5246, 7.4.1.2). */
    if (body.len != 0 &&
        (!dtls_get_vec16(&body, &m.extensions) || body.len != 0)) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_client_hello_put(struct dtls_buf *out,
                           const struct dtls_client_hello *m)
{
    return dtls_put_u16(out, m->version) && dtls_put_bytes(out, m->random) &&
           dtls_put_vec8(out, m->session_id) &&
           dtls_put_vec8(out, m->cookie) && dtls_put_vec16(out, m->suites) &&
           dtls_put_vec8(out, m->compression);
}
