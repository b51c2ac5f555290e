/* SPDX-License-Identifier: MIT */
/* Target: dtls_record_next, until it refuses.
 * Input:  a datagram.
 * Oracle: each step makes progress; each header, written again, is the bytes
 *         it came from; a body never leaves the datagram; a refusal changes
 *         nothing and has its reason. */
#include "fuzzers/kit/fuzz.h"
#include "record/header.h"

#include <stdlib.h>

static void check_header(const struct dtls_record *record,
                         struct dtls_bytes from)
{
    uint8_t bytes[DTLS_RECORD_HEADER_LEN];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    FUZZ_CHECK(dtls_record_put_header(&out, record->type, record->version,
                                      record->epoch, record->seq,
                                      record->body.len));
    fuzz_same(dtls_buf_bytes(&out), from);
}

static void check_refusal(struct dtls_bytes rest)
{
    struct dtls_bytes number;
    uint16_t length;

    if (dtls_get_bytes(&rest, 11, &number) && dtls_get_u16(&rest, &length)) {
        FUZZ_CHECK(length > rest.len || length > DTLS_CIPHERTEXT_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *datagram = fuzz_exact(dtls_bytes_of(data, size));
    struct dtls_span rest = {datagram, size};
    struct dtls_span before = rest;
    struct dtls_record record;

    fuzz_mark(&record, sizeof record);
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        FUZZ_CHECK(rest.len ==
                   before.len - DTLS_RECORD_HEADER_LEN - record.body.len);
        fuzz_inside(dtls_span_bytes(record.body), dtls_span_bytes(before));
        check_header(&record,
                     dtls_bytes_of(before.data, DTLS_RECORD_HEADER_LEN));
        before = rest;
        fuzz_mark(&record, sizeof record);
    }
    fuzz_untouched(&record, sizeof record);
    FUZZ_CHECK(rest.data == before.data && rest.len == before.len);
    check_refusal(dtls_span_bytes(rest));
    free(datagram);
    return 0;
}
