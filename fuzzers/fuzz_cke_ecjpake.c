/* SPDX-License-Identifier: MIT */
/* Target: dtls_cke_ecjpake_parse.
 * Input:  a ClientKeyExchange's body, EC-JPAKE: a KeyKP.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/message_oracles.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_key_kp key;
    struct dtls_buf out;

    fuzz_mark(&key, sizeof key);
    if (dtls_cke_ecjpake_parse(&key, body) != DTLS_OK) {
        fuzz_untouched(&key, sizeof key);
        return 0;
    }
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL);
    fuzz_key_kp(&out, &key);
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
