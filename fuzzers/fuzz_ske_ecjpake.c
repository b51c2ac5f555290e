/* SPDX-License-Identifier: MIT */
/* Target: dtls_ske_ecjpake_parse.
 * Input:  a ServerKeyExchange's body, EC-JPAKE: a curve and a KeyKP.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/message_oracles.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_key_kp key;
    uint16_t group;
    struct dtls_buf out;

    fuzz_mark(&key, sizeof key);
    fuzz_mark(&group, sizeof group);
    if (dtls_ske_ecjpake_parse(&group, &key, body) != DTLS_OK) {
        fuzz_untouched(&key, sizeof key);
        fuzz_untouched(&group, sizeof group);
        return 0;
    }
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_ske_put_curve(&out, group));
    fuzz_key_kp(&out, &key);
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
