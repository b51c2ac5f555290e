/* SPDX-License-Identifier: MIT */
/* ServerKeyExchange (RFC 8422, 5.4; RFC 4279, 2;
 * draft-cragie-tls-ecjpake-01). */
#include "messages/messages.h"

#define NAMED_CURVE 3 /* ECCurveType */

/* Takes ServerECDHParams off the front of `in`. */
static bool take_params(struct dtls_bytes *in, struct dtls_ecdhe_params *m)
{
    struct dtls_bytes all = *in;
    uint8_t curve_type;

    return dtls_get_u8(in, &curve_type) && /* ECCurveType curve_type     */
           curve_type == NAMED_CURVE &&
           dtls_get_u16(in, &m->group) &&  /* NamedCurve namedcurve      */
           dtls_get_vec8(in, &m->point) && /* opaque point <1..2^8-1>    */
           m->point.len != 0 &&
           dtls_get_bytes(&all, all.len - in->len, &m->signed_part);
}

enum dtls_status dtls_ske_ecdhe_parse(struct dtls_ecdhe_params *out,
                                      struct dtls_bytes body)
{
    struct dtls_ecdhe_params m = {0};
    struct dtls_signed s;

    if (!take_params(&body, &m) || dtls_signed_parse(&s, body) != DTLS_OK) {
        return DTLS_DECODE_ERROR;
    }
    m.sigalg = s.sigalg;
    m.signature = s.signature;
    *out = m;
    return DTLS_OK;
}

enum dtls_status dtls_ske_ecdhe_psk_parse(struct dtls_ecdhe_params *out,
                                          struct dtls_bytes body)
{
    struct dtls_ecdhe_params m = {0};

    if (!dtls_get_vec16(&body, &m.hint) || !take_params(&body, &m) ||
        body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *out = m;
    return DTLS_OK;
}

bool dtls_ske_put_curve(struct dtls_buf *out, uint16_t group)
{
    return dtls_put_u8(out, NAMED_CURVE) && dtls_put_u16(out, group);
}

bool dtls_ske_ecdhe_put_params(struct dtls_buf *out, uint16_t group,
                               struct dtls_bytes point)
{
    return dtls_ske_put_curve(out, group) && dtls_put_vec8(out, point);
}

enum dtls_status dtls_ske_ecjpake_parse(uint16_t *group,
                                        struct dtls_key_kp *key,
                                        struct dtls_bytes body)
{
    uint8_t curve_type;
    uint16_t curve;
    struct dtls_key_kp kp;

    if (!dtls_get_u8(&body, &curve_type) || /* ECCurveType curve_type */
        curve_type != NAMED_CURVE ||
        !dtls_get_u16(&body, &curve) || /* NamedCurve namedcurve  */
        !dtls_key_kp_get(&body, &kp) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *group = curve;
    *key = kp;
    return DTLS_OK;
}

enum dtls_status dtls_ske_psk_parse(struct dtls_bytes *hint,
                                    struct dtls_bytes body)
{
    struct dtls_bytes value;

    if (!dtls_get_vec16(&body, &value) || body.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    *hint = value;
    return DTLS_OK;
}
