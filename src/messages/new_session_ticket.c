/* SPDX-License-Identifier: MIT */
/* NewSessionTicket (RFC 5077, 3.3). */
#include "messages/messages.h"

enum dtls_status dtls_new_session_ticket_parse(
    struct dtls_new_session_ticket *out, struct dtls_bytes body)
{
    struct dtls_new_session_ticket m;

    if (!dtls_get_u32(&body, &m.lifetime_hint) ||
        !dtls_get_vec16(&body, &m.ticket) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_new_session_ticket_put(struct dtls_buf *out,
                                 const struct dtls_new_session_ticket *m)
{
    struct dtls_buf copy = *out;

    if (!dtls_put_u32(&copy, m->lifetime_hint) ||
        !dtls_put_vec16(&copy, m->ticket)) {
        return false;
    }
    *out = copy;
    return true;
}
