/* SPDX-License-Identifier: MIT */
/* Target: dtls_ske_ecdhe_parse, dtls_ske_ecdhe_psk_parse, dtls_ske_psk_parse.
 * Input:  a ServerKeyExchange's body, given to each.
 * Oracle: what is parsed, built again, is the input; what is signed is the
 *         front of it; a failure changes nothing. */
#include "fuzz.h"
#include "handshake/messages.h"

#include <stdlib.h>

static void check_ecdhe(struct dtls_bytes body)
{
    struct dtls_ecdhe_params m;
    struct dtls_signed s;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_ske_ecdhe_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return;
    }
    FUZZ_CHECK(m.point.len != 0);
    out = (struct dtls_buf){malloc(body.len), 0, body.len};
    FUZZ_CHECK(out.data != NULL &&
               dtls_ske_ecdhe_put_params(&out, m.group, m.point));
    FUZZ_CHECK(m.signed_part.data == body.data);
    fuzz_same(dtls_buf_bytes(&out), m.signed_part);
    s = (struct dtls_signed){m.sigalg, m.signature};
    FUZZ_CHECK(dtls_signed_put(&out, &s));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
}

static void check_ecdhe_psk(struct dtls_bytes body)
{
    struct dtls_ecdhe_params m;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_ske_ecdhe_psk_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return;
    }
    FUZZ_CHECK(m.point.len != 0 && m.signature.len == 0);
    out = (struct dtls_buf){malloc(body.len), 0, body.len};
    FUZZ_CHECK(out.data != NULL && dtls_put_vec16(&out, m.hint) &&
               dtls_ske_ecdhe_put_params(&out, m.group, m.point));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
}

static void check_psk(struct dtls_bytes body)
{
    struct dtls_bytes hint;

    fuzz_mark(&hint, sizeof hint);
    if (dtls_ske_psk_parse(&hint, body) != DTLS_OK) {
        fuzz_untouched(&hint, sizeof hint);
        return;
    }
    fuzz_inside(hint, body);
    FUZZ_CHECK(hint.len + 2 == body.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_ecdhe(dtls_bytes_of(data, size));
    check_ecdhe_psk(dtls_bytes_of(data, size));
    check_psk(dtls_bytes_of(data, size));
    return 0;
}
