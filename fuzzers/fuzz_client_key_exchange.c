/* SPDX-License-Identifier: MIT */
/* Target: dtls_cke_parse for every key exchange, dtls_cke_ecdhe_psk_parse.
 * Input:  a ClientKeyExchange's body, given to each.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzz.h"
#include "handshake/messages.h"

#include <stdlib.h>

static void check(enum dtls_kx kx, struct dtls_bytes body)
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

static void check_ecdhe_psk(struct dtls_bytes body)
{
    struct dtls_bytes m[2];
    struct dtls_buf out;

    fuzz_mark(m, sizeof m);
    if (dtls_cke_ecdhe_psk_parse(&m[0], &m[1], body) != DTLS_OK) {
        fuzz_untouched(m, sizeof m);
        return;
    }
    fuzz_inside(m[0], body);
    fuzz_inside(m[1], body);
    FUZZ_CHECK(m[1].len != 0);
    out = (struct dtls_buf){malloc(body.len), 0, body.len};
    FUZZ_CHECK(out.data != NULL && dtls_cke_ecdhe_psk_put(&out, m[0], m[1]));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};

    check(DTLS_KX_RSA, body);
    check(DTLS_KX_PSK, body);
    check(DTLS_KX_ECDHE_ECDSA, body);
    check(DTLS_KX_ECDHE_RSA, body);
    check(DTLS_KX_ECDH, body);
    check_ecdhe_psk(body);
    return 0;
}
