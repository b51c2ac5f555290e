/* SPDX-License-Identifier: MIT */
/* Target: dtls_new_session_ticket_parse.
 * Input:  a NewSessionTicket's body.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_buf out = {NULL, 0, size};
    struct dtls_new_session_ticket m;

    fuzz_mark(&m, sizeof m);
    if (dtls_new_session_ticket_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    fuzz_inside(m.ticket, body);
    out.data = malloc(size);
    FUZZ_CHECK(out.data != NULL);
    FUZZ_CHECK(dtls_new_session_ticket_put(&out, &m));
    fuzz_same(dtls_buf_bytes(&out), body);
    free(out.data);
    return 0;
}
