/* SPDX-License-Identifier: MIT */
/* CertificateRequest (RFC 5246, 7.4.4). */
#include "messages/messages.h"

static bool names_are_whole(struct dtls_bytes authorities)
{
    struct dtls_bytes name;

    while (authorities.len != 0) {
        /* opaque DistinguishedName <1..2^16-1> */
        if (!dtls_get_vec16(&authorities, &name) || name.len == 0) {
            return false;
        }
    }
    return true;
}

enum dtls_status dtls_certificate_request_parse(
    struct dtls_certificate_request *out, struct dtls_bytes body)
{
    struct dtls_certificate_request m;

    if (!dtls_get_vec8(&body, &m.types) || /* <1..2^8-1>      */
        m.types.len == 0 ||
        !dtls_get_vec16(&body, &m.sigalgs) || /* <2..2^16-2>     */
        m.sigalgs.len < 2 || m.sigalgs.len % 2 != 0 ||
        !dtls_get_vec16(&body, &m.authorities) || /* <0..2^16-1>     */
        !names_are_whole(m.authorities) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}
