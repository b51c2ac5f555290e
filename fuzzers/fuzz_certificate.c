/* SPDX-License-Identifier: MIT */
/* Target: dtls_certificate_parse, and dtls_certificate_next to the end.
 * Input:  a Certificate's body.
 * Oracle: the certificates, put together again, are the list, and the list is
 *         the body without its length; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_certificate m;
    struct dtls_bytes der;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_certificate_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_put_u24(&out, (uint32_t)m.list.len));
    while (dtls_certificate_next(&m.list, &der)) {
        fuzz_inside(der, body);
        FUZZ_CHECK(der.len != 0 && dtls_put_u24(&out, (uint32_t)der.len) &&
                   dtls_put_bytes(&out, der));
    }
    FUZZ_CHECK(m.list.len == 0);
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
