/* SPDX-License-Identifier: MIT */
/* Target: dtls_certificate_request_parse.
 * Input:  a CertificateRequest's body.
 * Oracle: the three fields, put together again, are the input; there is at
 *         least one type and one signature algorithm; every authority has a
 *         name; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_certificate_request m;
    struct dtls_bytes name;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_certificate_request_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    FUZZ_CHECK(m.types.len != 0 && m.sigalgs.len >= 2 &&
               m.sigalgs.len % 2 == 0);
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_put_vec8(&out, m.types) &&
               dtls_put_vec16(&out, m.sigalgs) &&
               dtls_put_vec16(&out, m.authorities));
    fuzz_same(dtls_buf_bytes(&out), body);
    while (dtls_get_vec16(&m.authorities, &name)) {
        FUZZ_CHECK(name.len != 0);
    }
    FUZZ_CHECK(m.authorities.len == 0);
    free(out.data);
    return 0;
}
