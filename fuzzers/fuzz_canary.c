/* SPDX-License-Identifier: MIT */
/* Target: a copy of dtls_fragment_next with a planted bug: it does not notice
 *         that a fragment runs past the end of its message.
 * Input:  the plaintext of one handshake record.
 * Oracle: that of fuzz_fragment.  A fuzzer that does not find this bug within
 *         seconds finds nothing at all, so scripts/fuzz-quick fails without
 *         it. */
#include "flight/fragment.h"
#include "fuzzers/kit/fuzz.h"

static bool next_with_a_bug(struct dtls_bytes *payload,
                            struct dtls_fragment *out)
{
    struct dtls_bytes in = *payload;
    uint32_t body_len;

    if (!dtls_get_u8(&in, &out->type) ||
        !dtls_get_u24(&in, &out->message_len) ||
        !dtls_get_u16(&in, &out->seq) || !dtls_get_u24(&in, &out->offset) ||
        !dtls_get_u24(&in, &body_len) ||
        !dtls_get_bytes(&in, body_len, &out->body)) {
        return false;
    }
    /* The bug: nothing compares offset + body_len with message_len; only a
     * fragment that is longer than its message is refused. */
    if (body_len > out->message_len) {
        return false;
    }
    *payload = in;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes rest = {data, size};
    struct dtls_fragment fragment;

    while (next_with_a_bug(&rest, &fragment)) {
        FUZZ_CHECK(fragment.offset <= fragment.message_len &&
                   fragment.body.len <=
                       fragment.message_len - fragment.offset);
    }
    return 0;
}
