/* SPDX-License-Identifier: MIT */
/* Certificate (RFC 5246, 7.4.2; RFC 7250, 3). */
#include "messages/messages.h"

bool dtls_certificate_next(struct dtls_bytes *list, struct dtls_bytes *der)
{
    return dtls_get_vec24(list, der);
}

enum dtls_status dtls_certificate_parse(struct dtls_certificate *out,
                                        struct dtls_bytes body)
{
    struct dtls_certificate m;
    struct dtls_bytes rest;
    struct dtls_bytes der;

    if (!dtls_get_vec24(&body, &m.list) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    rest = m.list;
    while (rest.len != 0) {
        /* opaque ASN.1Cert <1..2^24-1> */
        if (!dtls_certificate_next(&rest, &der) || der.len == 0) {
            return DTLS_DECODE_ERROR;
        }
    }
    *out = m;
    return DTLS_OK;
}

/* opaque SubjectPublicKeyInfo<1..2^24-1>; a client that has no key sends an
 * empty one. */
enum dtls_status dtls_raw_certificate_parse(struct dtls_certificate *out,
                                            struct dtls_bytes body)
{
    struct dtls_bytes rest = body;
    struct dtls_bytes key;

    if (!dtls_get_vec24(&rest, &key) || rest.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = (struct dtls_certificate){
        .list = key.len == 0 ? key : body,
    };
    return DTLS_OK;
}
