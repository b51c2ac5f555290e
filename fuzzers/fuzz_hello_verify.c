/* SPDX-License-Identifier: MIT */
/* Target: dtls_hello_verify_parse.
 * Input:  a HelloVerifyRequest's body.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    uint8_t bytes[3 + DTLS_COOKIE_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_hello_verify m;

    fuzz_mark(&m, sizeof m);
    if (dtls_hello_verify_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    fuzz_inside(m.cookie, body);
    FUZZ_CHECK(dtls_hello_verify_put(&out, &m));
    fuzz_same(dtls_buf_bytes(&out), body);
    return 0;
}
