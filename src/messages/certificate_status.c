/* SPDX-License-Identifier: MIT */
/* CertificateStatus (RFC 6066, 8). */
#include "messages/messages.h"

#include "messages/hello_extensions.h"

/* struct { CertificateStatusType; opaque OCSPResponse<1..2^24-1>; } */
enum dtls_status dtls_certificate_status_parse(struct dtls_bytes *response,
                                               struct dtls_bytes body)
{
    struct dtls_bytes der;
    uint8_t type;

    if (!dtls_get_u8(&body, &type) || type != DTLS_STATUS_OCSP ||
        !dtls_get_vec24(&body, &der) || der.len == 0 || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *response = der;
    return DTLS_OK;
}

bool dtls_certificate_status_head(struct dtls_buf *out, size_t response_len)
{
    return response_len <= 0xffffff && dtls_put_u8(out, DTLS_STATUS_OCSP) &&
           dtls_put_u24(out, (uint32_t)response_len);
}
