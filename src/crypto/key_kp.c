/* SPDX-License-Identifier: MIT */
/* ECJPAKEKeyKP on the wire (crypto/key_kp.h). */
#include "crypto/key_kp.h"

bool dtls_key_kp_get(struct dtls_bytes *in, struct dtls_key_kp *out)
{
    struct dtls_bytes rest = *in;
    struct dtls_key_kp kp;

    if (!dtls_get_vec8(&rest, &kp.x) || kp.x.len == 0 || /* ECPoint X        */
        !dtls_get_vec8(&rest, &kp.v) || kp.v.len == 0 || /* ECPoint V        */
        !dtls_get_vec8(&rest, &kp.r) || kp.r.len == 0) { /* opaque r<1..255> */
        return false;
    }
    *out = kp;
    *in = rest;
    return true;
}

enum dtls_status dtls_key_kp_pair_parse(struct dtls_key_kp out[2],
                                        struct dtls_bytes in)
{
    struct dtls_key_kp pair[2];

    if (!dtls_key_kp_get(&in, &pair[0]) || !dtls_key_kp_get(&in, &pair[1]) ||
        in.len != 0) {
        return DTLS_DECODE_ERROR;
    }
    out[0] = pair[0];
    out[1] = pair[1];
    return DTLS_OK;
}
