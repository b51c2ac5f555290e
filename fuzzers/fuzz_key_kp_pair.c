/* SPDX-License-Identifier: MIT */
/* Target: dtls_key_kp_pair_parse.
 * Input:  the value of a hello's ecjpake_key_kp_pair: two KeyKP.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/message_oracles.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes value = {data, size};
    struct dtls_key_kp pair[2];
    struct dtls_buf out;

    fuzz_mark(pair, sizeof pair);
    if (dtls_key_kp_pair_parse(pair, value) != DTLS_OK) {
        fuzz_untouched(pair, sizeof pair);
        return 0;
    }
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL);
    fuzz_key_kp(&out, &pair[0]);
    fuzz_key_kp(&out, &pair[1]);
    fuzz_same(dtls_buf_bytes(&out), value);
    free(out.data);
    return 0;
}
