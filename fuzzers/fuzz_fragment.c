/* SPDX-License-Identifier: MIT */
/* Target: dtls_fragment_next, until it refuses.
 * Input:  the plaintext of one handshake record.
 * Oracle: each step makes progress; each header, written again, is the bytes
 *         it came from; a fragment never leaves its message; a refusal changes
 *         nothing. */
#include "flight/fragment.h"
#include "fuzzers/kit/fuzz.h"

static void check_header(const struct dtls_fragment *fragment,
                         struct dtls_bytes from)
{
    uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    FUZZ_CHECK(dtls_fragment_put_header(&out, fragment));
    fuzz_same(dtls_buf_bytes(&out), from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes rest = {data, size};
    struct dtls_bytes before = rest;
    struct dtls_fragment fragment;

    fuzz_mark(&fragment, sizeof fragment);
    while (dtls_fragment_next(&rest, &fragment) == DTLS_OK) {
        FUZZ_CHECK(rest.len ==
                   before.len - DTLS_FRAGMENT_HEADER_LEN - fragment.body.len);
        FUZZ_CHECK(fragment.offset <= fragment.message_len &&
                   fragment.body.len <=
                       fragment.message_len - fragment.offset);
        fuzz_inside(fragment.body, before);
        check_header(&fragment,
                     dtls_bytes_of(before.data, DTLS_FRAGMENT_HEADER_LEN));
        before = rest;
        fuzz_mark(&fragment, sizeof fragment);
    }
    fuzz_untouched(&fragment, sizeof fragment);
    FUZZ_CHECK(rest.data == before.data && rest.len == before.len);
    return 0;
}
