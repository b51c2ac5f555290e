/* SPDX-License-Identifier: MIT */
/* Target: dtls_ske_psk_parse.
 * Input:  a ServerKeyExchange's body, plain PSK: a hint.
 * Oracle: the hint is all of the input but its length; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_bytes hint;

    fuzz_mark(&hint, sizeof hint);
    if (dtls_ske_psk_parse(&hint, body) != DTLS_OK) {
        fuzz_untouched(&hint, sizeof hint);
        return 0;
    }
    FUZZ_CHECK(hint.len + 2 == size);
    FUZZ_CHECK(hint.len == 0 || hint.data == data + 2);
    return 0;
}
