/* SPDX-License-Identifier: MIT */
/* ClientKeyExchange (RFC 5246, 7.4.7; RFC 8422, 5.7; RFC 4279, 2; RFC 5489, 2;
 * draft-cragie-tls-ecjpake-01). */
#include "messages/messages.h"

enum dtls_status dtls_cke_parse(struct dtls_bytes *field, enum dtls_kx kx,
                                struct dtls_bytes body)
{
    struct dtls_bytes value = {0};
    bool ok = false;

    switch (kx) {
    case DTLS_KX_RSA: /* EncryptedPreMasterSecret */
    case DTLS_KX_PSK: /* psk_identity             */
        ok = dtls_get_vec16(&body, &value);
        break;
    case DTLS_KX_ECDHE_ECDSA: /* ecdh_Yc, explicit */
    case DTLS_KX_ECDHE_RSA:
    case DTLS_KX_ECDH:
        ok = dtls_get_vec8(&body, &value) && value.len != 0;
        break;
    case DTLS_KX_ECDHE_PSK: /* has two fields */
    case DTLS_KX_ECJPAKE:   /* has three      */
        break;
    }
    if (!ok || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *field = value;
    return DTLS_OK;
}

bool dtls_cke_put(struct dtls_buf *out, enum dtls_kx kx,
                  struct dtls_bytes field)
{
    if (kx == DTLS_KX_RSA || kx == DTLS_KX_PSK) {
        return dtls_put_vec16(out, field);
    }
    return dtls_put_vec8(out, field);
}

enum dtls_status dtls_cke_ecdhe_psk_parse(struct dtls_bytes *identity,
                                          struct dtls_bytes *point,
                                          struct dtls_bytes body)
{
    struct dtls_bytes name;
    struct dtls_bytes value;

    if (!dtls_get_vec16(&body, &name) || !dtls_get_vec8(&body, &value) ||
        value.len == 0 || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *identity = name;
    *point = value;
    return DTLS_OK;
}

bool dtls_cke_ecdhe_psk_put(struct dtls_buf *out, struct dtls_bytes identity,
                            struct dtls_bytes point)
{
    return dtls_put_vec16(out, identity) && dtls_put_vec8(out, point);
}

enum dtls_status dtls_cke_ecjpake_parse(struct dtls_key_kp *key,
                                        struct dtls_bytes body)
{
    struct dtls_key_kp kp;

    if (!dtls_key_kp_get(&body, &kp) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *key = kp;
    return DTLS_OK;
}
