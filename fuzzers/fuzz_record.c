/* SPDX-License-Identifier: MIT */
/* Target: dtls_record_next_of, until it refuses, for a receiver without a
 *         connection id and for some with one.
 * Input:  a datagram.  The ids are the first bytes of c1 c2 c3 ...
 * Oracle: each step makes progress; each header, written again, is the bytes
 *         it came from; a body never leaves the datagram; an id is ours if it
 *         is, byte for byte; a refusal changes nothing and has its reason. */
#include "fuzzers/kit/fuzz.h"
#include "record/header.h"

#include <stdlib.h>

enum { CID_MAX = 32, CID_AT = 11 /* in a header: behind the number */ };

/* Does the record at the front have an id, for this receiver? */
static bool has_cid(struct dtls_bytes at, struct dtls_bytes cid)
{
    return cid.len != 0 && at.len != 0 && at.data[0] == DTLS_TLS12_CID;
}

static void check_header(const struct dtls_record *record,
                         struct dtls_bytes from, struct dtls_bytes cid)
{
    uint8_t bytes[DTLS_RECORD_HEADER_LEN + CID_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes seen = {from.data + CID_AT, cid.len};

    if (has_cid(from, cid)) {
        FUZZ_CHECK(record->type == DTLS_TLS12_CID &&
                   record->cid_is_ours == dtls_bytes_equal(seen, cid));
        FUZZ_CHECK(dtls_record_put_with_cid(&out, record->version,
                                            record->epoch, record->seq, seen,
                                            record->body.len));
    } else {
        FUZZ_CHECK(!record->cid_is_ours);
        FUZZ_CHECK(dtls_record_put_header(&out, record->type, record->version,
                                          record->epoch, record->seq,
                                          record->body.len));
    }
    fuzz_same(dtls_buf_bytes(&out), from);
}

static void check_refusal(struct dtls_bytes rest, struct dtls_bytes cid)
{
    size_t len = CID_AT + (has_cid(rest, cid) ? cid.len : 0);
    struct dtls_bytes front;
    uint16_t length;

    if (dtls_get_bytes(&rest, len, &front) && dtls_get_u16(&rest, &length)) {
        FUZZ_CHECK(length > rest.len || length > DTLS_CIPHERTEXT_MAX);
    }
}

static void walk(struct dtls_span rest, struct dtls_bytes cid)
{
    struct dtls_span before = rest;
    struct dtls_record record;

    fuzz_mark(&record, sizeof record);
    while (dtls_record_next_of(&rest, cid, &record) == DTLS_OK) {
        size_t header = before.len - record.body.len - rest.len;

        FUZZ_CHECK(header ==
                   DTLS_RECORD_HEADER_LEN +
                       (has_cid(dtls_span_bytes(before), cid) ? cid.len : 0));
        fuzz_inside(dtls_span_bytes(record.body), dtls_span_bytes(before));
        check_header(&record, dtls_bytes_of(before.data, header), cid);
        before = rest;
        fuzz_mark(&record, sizeof record);
    }
    fuzz_untouched(&record, sizeof record);
    FUZZ_CHECK(rest.data == before.data && rest.len == before.len);
    check_refusal(dtls_span_bytes(rest), cid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t lens[] = {0, 1, 8, CID_MAX};
    uint8_t *datagram = fuzz_exact(dtls_bytes_of(data, size));
    uint8_t cid[CID_MAX];

    for (size_t i = 0; i < sizeof cid; i++) {
        cid[i] = (uint8_t)(0xc1 + i);
    }
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        walk((struct dtls_span){datagram, size}, dtls_bytes_of(cid, lens[i]));
    }
    free(datagram);
    return 0;
}
