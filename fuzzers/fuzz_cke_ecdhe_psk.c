/* SPDX-License-Identifier: MIT */
/* Target: dtls_cke_ecdhe_psk_parse.
 * Input:  a ClientKeyExchange's body: a PSK identity and a point.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_bytes m[2]; /* identity, point */
    struct dtls_buf out;

    fuzz_mark(m, sizeof m);
    if (dtls_cke_ecdhe_psk_parse(&m[0], &m[1], body) != DTLS_OK) {
        fuzz_untouched(m, sizeof m);
        return 0;
    }
    fuzz_inside(m[0], body);
    fuzz_inside(m[1], body);
    FUZZ_CHECK(m[1].len != 0);
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_cke_ecdhe_psk_put(&out, m[0], m[1]));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
