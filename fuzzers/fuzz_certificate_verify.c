/* SPDX-License-Identifier: MIT */
/* Target: dtls_signed_parse.
 * Input:  a CertificateVerify's body.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_signed m;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_signed_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    fuzz_inside(m.signature, body);
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_signed_put(&out, &m));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
