/* SPDX-License-Identifier: MIT */
/* Target: dtls_server_hello_parse.
 * Input:  a ServerHello's body.
 * Oracle: what is parsed, built again, is the input; fields lie inside the
 *         body; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_server_hello m;
    struct dtls_buf out;

    fuzz_mark(&m, sizeof m);
    if (dtls_server_hello_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    fuzz_inside(m.random, body);
    fuzz_inside(m.session_id, body);
    fuzz_inside(m.extensions, body);
    FUZZ_CHECK(m.random.len == DTLS_RANDOM_LEN &&
               m.session_id.len <= DTLS_SESSION_ID_MAX);
    out = (struct dtls_buf){malloc(size), 0, size};
    FUZZ_CHECK(out.data != NULL && dtls_server_hello_put(&out, &m));
    if (out.len != size) {
        FUZZ_CHECK(dtls_put_vec16(&out, m.extensions));
    }
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
