/* SPDX-License-Identifier: MIT */
/* CertificateVerify and every other digitally-signed struct (RFC 5246, 4.7,
 * 7.4.8). */
#include "messages/messages.h"

enum dtls_status dtls_signed_parse(struct dtls_signed *out,
                                   struct dtls_bytes body)
{
    struct dtls_signed m;

    if (!dtls_get_u16(&body, &m.sigalg) ||      /* hash, signature      */
        !dtls_get_vec16(&body, &m.signature) || /* opaque <0..2^16-1>   */
        body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_signed_put(struct dtls_buf *out, const struct dtls_signed *m)
{
    return dtls_put_u16(out, m->sigalg) && dtls_put_vec16(out, m->signature);
}
