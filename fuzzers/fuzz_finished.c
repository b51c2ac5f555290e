/* SPDX-License-Identifier: MIT */
/* Target: dtls_finished_parse and dtls_empty_parse.
 * Input:  a body, given to both.
 * Oracle: the body is a Finished if and only if it has 12 bytes, and
 *         verify_data is all of them; it is an empty message if and only if it
 *         has none; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    const uint8_t *verify_data;
    enum dtls_status status;

    fuzz_mark(&verify_data, sizeof verify_data);
    status = dtls_finished_parse(&verify_data, body);
    FUZZ_CHECK((status == DTLS_OK) == (size == DTLS_VERIFY_DATA_LEN));
    if (status == DTLS_OK) {
        FUZZ_CHECK(verify_data == data);
    } else {
        FUZZ_CHECK(status == DTLS_DECODE_ERROR);
        fuzz_untouched(&verify_data, sizeof verify_data);
    }
    FUZZ_CHECK((dtls_empty_parse(body) == DTLS_OK) == (size == 0));
    return 0;
}
