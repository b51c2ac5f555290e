/* SPDX-License-Identifier: MIT */
/* Target: dtls_certificate_status_parse.
 * Input:  a CertificateStatus' body.
 * Oracle: the response, behind the head that is made for it, is the input; a
 *         failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[DTLS_STATUS_HEAD_LEN];
    struct dtls_bytes body = {data, size};
    struct dtls_buf head = {bytes, 0, sizeof bytes};
    struct dtls_bytes response;

    fuzz_mark(&response, sizeof response);
    if (dtls_certificate_status_parse(&response, body) != DTLS_OK) {
        fuzz_untouched(&response, sizeof response);
        return 0;
    }
    fuzz_inside(response, body);
    FUZZ_CHECK(response.len != 0 && response.len == size - sizeof bytes);
    FUZZ_CHECK(dtls_certificate_status_head(&head, response.len));
    fuzz_same(dtls_buf_bytes(&head), dtls_bytes_of(data, sizeof bytes));
    return 0;
}
