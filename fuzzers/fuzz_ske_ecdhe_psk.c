/* SPDX-License-Identifier: MIT */
/* Target: dtls_ske_ecdhe_psk_parse.
 * Input:  a ServerKeyExchange's body, ECDHE_PSK: a hint, and no signature.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_ecdhe_params m;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_ske_ecdhe_psk_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    FUZZ_CHECK(m.point.len != 0 && m.signature.len == 0);
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_put_vec16(&out, m.hint) &&
               dtls_ske_ecdhe_put_params(&out, m.group, m.point));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
