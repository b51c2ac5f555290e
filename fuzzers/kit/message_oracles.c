/* SPDX-License-Identifier: MIT */
/* Oracles that several targets for handshake messages share
 * (message_oracles.h). */
#include "fuzzers/kit/message_oracles.h"

#include <stdlib.h>

void fuzz_cke_field(enum dtls_kx kx, struct dtls_bytes body)
{
    struct dtls_bytes field;
    struct dtls_buf out;

    fuzz_mark(&field, sizeof field);
    if (dtls_cke_parse(&field, kx, body) != DTLS_OK) {
        fuzz_untouched(&field, sizeof field);
        return;
    }
    fuzz_inside(field, body);
    out = (struct dtls_buf){malloc(body.len), 0, body.len};
    FUZZ_CHECK(out.data != NULL && dtls_cke_put(&out, kx, field));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
}

void fuzz_key_kp(struct dtls_buf *out, const struct dtls_key_kp *key)
{
    FUZZ_CHECK(key->x.len != 0 && key->v.len != 0 && key->r.len != 0);
    FUZZ_CHECK(dtls_put_vec8(out, key->x) && dtls_put_vec8(out, key->v) &&
               dtls_put_vec8(out, key->r));
}
