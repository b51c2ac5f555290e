/* SPDX-License-Identifier: MIT */
/* Target: dtls_extensions_parse_client and dtls_extensions_parse_server.
 * Input:  a u16: bits 0 to 14 are what the client offered, each for every
 *         15th extension, bit 15 means a ServerHello; then the block.
 * Oracle: what is parsed, built and parsed again, has the same values; values
 *         lie inside the block; an accepted ServerHello has only extensions
 *         that were offered; a failure changes nothing and has one of the
 *         documented reasons. */
#include "fuzzers/kit/fuzz.h"
#include "messages/hello_extensions.h"

#include <stdlib.h>

#define OFFER_BITS 15

struct question {
    bool server;
    bool offered[DTLS_EXT_COUNT];
};

static enum dtls_status parse(const struct question *q,
                              struct dtls_extensions *out,
                              struct dtls_bytes block)
{
    return q->server ? dtls_extensions_parse_server(out, q->offered, block)
                     : dtls_extensions_parse_client(out, block);
}

/* A list of names without a host name can be read but not written. */
static bool can_be_built(const struct question *q,
                         const struct dtls_extensions *ext)
{
    return q->server || !ext->present[DTLS_EXT_SERVER_NAME] ||
           ext->data[DTLS_EXT_SERVER_NAME].len != 0;
}

static void check_build(const struct question *q,
                        const struct dtls_extensions *ext, size_t len)
{
    struct dtls_extensions again = {0};
    struct dtls_buf out = {malloc(len + 2), 0, len + 2};
    struct dtls_bytes in;
    struct dtls_bytes block = {0};

    FUZZ_CHECK(out.data != NULL && dtls_extensions_put(&out, ext, q->server));
    in = dtls_buf_bytes(&out);
    if (in.len != 0) {
        FUZZ_CHECK(dtls_get_vec16(&in, &block) && in.len == 0 &&
                   block.len != 0);
    }
    FUZZ_CHECK(parse(q, &again, block) == DTLS_OK);
    for (size_t i = 0; i < DTLS_EXT_COUNT; i++) {
        FUZZ_CHECK(again.present[i] == ext->present[i]);
        fuzz_same(again.data[i], ext->data[i]);
    }
    free(out.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes block = {data, size};
    uint16_t bits = fuzz_u16(&block);
    struct question q = {.server = bits >> 15 != 0};
    struct dtls_extensions ext;
    enum dtls_status status;

    if (block.len > 0xffff) {
        return 0;
    }
    for (size_t i = 0; i < DTLS_EXT_COUNT; i++) {
        q.offered[i] = (bits >> i % OFFER_BITS & 1) != 0;
    }
    fuzz_mark(&ext, sizeof ext);
    status = parse(&q, &ext, block);
    if (status != DTLS_OK) {
        fuzz_untouched(&ext, sizeof ext);
        FUZZ_CHECK(status == DTLS_DECODE_ERROR ||
                   status == DTLS_ILLEGAL_PARAMETER ||
                   (status == DTLS_UNSUPPORTED_EXTENSION && q.server));
        return 0;
    }
    for (size_t i = 0; i < DTLS_EXT_COUNT; i++) {
        fuzz_inside(ext.data[i], block);
        FUZZ_CHECK(!q.server || !ext.present[i] || q.offered[i]);
    }
    if (can_be_built(&q, &ext)) {
        check_build(&q, &ext, block.len);
    }
    return 0;
}
