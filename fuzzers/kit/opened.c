/* SPDX-License-Identifier: MIT */
/* Opened records (opened.h). */
#include "fuzzers/kit/opened.h"
#include "fuzzers/kit/null_crypto.h"

#include <string.h>

static const uint8_t null_tag[FUZZ_TAG_LEN] = {
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE,
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE,
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE,
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE};

bool fuzz_opened_get(struct fuzz_opened *out, struct dtls_bytes body)
{
    struct dtls_bytes in = body;
    struct fuzz_opened found;

    if (body.len < FUZZ_NONCE_LEN + FUZZ_TAG_LEN ||
        !dtls_get_bytes(&in, FUZZ_NONCE_LEN, &found.nonce) ||
        !dtls_get_bytes(&in, in.len - FUZZ_TAG_LEN, &found.plain) ||
        memcmp(in.data, null_tag, FUZZ_TAG_LEN) != 0) {
        return false;
    }
    *out = found;
    return true;
}

bool fuzz_opened_put(struct dtls_buf *out, const struct fuzz_opened *opened)
{
    return dtls_put_bytes(out, opened->nonce) &&
           dtls_put_bytes(out, opened->plain) &&
           dtls_put_bytes(out, dtls_bytes_of(null_tag, sizeof null_tag));
}
