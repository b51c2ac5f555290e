/* SPDX-License-Identifier: MIT */
/* The record header (record/header.h). */
#include "record/header.h"

static inline bool get_front(struct dtls_bytes *in, struct dtls_record *out)
{
    return dtls_get_u8(in, &out->type) &&     /* ContentType type           */
           dtls_get_u16(in, &out->version) && /* ProtocolVersion version    */
           dtls_get_u16(in, &out->epoch) &&   /* uint16 epoch               */
           dtls_get_u48(in, &out->seq);       /* uint48 sequence_number     */
}

enum dtls_status dtls_record_next(struct dtls_span *datagram,
                                  struct dtls_record *out)
{
    struct dtls_bytes in = dtls_span_bytes(*datagram);
    struct dtls_span rest = *datagram;
    struct dtls_span header;
    struct dtls_record r;
    uint16_t length;

    if (!get_front(&in, &r) ||
        !dtls_get_u16(&in, &length) || /* uint16 length              */
        length > DTLS_CIPHERTEXT_MAX ||
        !dtls_take(&rest, DTLS_RECORD_HEADER_LEN, &header) ||
        !dtls_take(&rest, length, &r.body)) {
        return DTLS_DISCARD;
    }
    r.cid_is_ours = false;
    *out = r;
    *datagram = rest;
    return DTLS_OK;
}

enum dtls_status dtls_record_next_with_cid(struct dtls_span *datagram,
                                           struct dtls_bytes cid,
                                           struct dtls_record *out)
{
    struct dtls_bytes in = dtls_span_bytes(*datagram);
    struct dtls_span rest = *datagram;
    struct dtls_span header;
    struct dtls_bytes seen;
    struct dtls_record r;
    uint16_t length;

    if (!get_front(&in, &r) ||
        !dtls_get_bytes(&in, cid.len, &seen) || /* opaque cid[cid_length] */
        !dtls_get_u16(&in, &length) ||          /* uint16 length          */
        length > DTLS_CIPHERTEXT_MAX ||
        !dtls_take(&rest, DTLS_RECORD_HEADER_LEN + cid.len, &header) ||
        !dtls_take(&rest, length, &r.body)) {
        return DTLS_DISCARD;
    }
    r.cid_is_ours = dtls_bytes_equal(seen, cid);
    *out = r;
    *datagram = rest;
    return DTLS_OK;
}

bool dtls_record_put_header(struct dtls_buf *out, uint8_t type,
                            uint16_t version, uint16_t epoch, uint64_t seq,
                            size_t body_len)
{
    struct dtls_buf copy = *out;

    if (body_len > DTLS_CIPHERTEXT_MAX || !dtls_put_u8(&copy, type) ||
        !dtls_put_u16(&copy, version) || !dtls_put_u16(&copy, epoch) ||
        !dtls_put_u48(&copy, seq) ||
        !dtls_put_u16(&copy, (uint16_t)body_len)) {
        return false;
    }
    *out = copy;
    return true;
}

bool dtls_record_put_with_cid(struct dtls_buf *out, uint16_t version,
                              uint16_t epoch, uint64_t seq,
                              struct dtls_bytes cid, size_t body_len)
{
    struct dtls_buf copy = *out;

    if (!dtls_record_put_header(&copy, DTLS_TLS12_CID, version, epoch, seq,
                                body_len)) {
        return false;
    }
    copy.len -= 2; /* The id stands before the length. */
    if (!dtls_put_bytes(&copy, cid) ||
        !dtls_put_u16(&copy, (uint16_t)body_len)) {
        return false;
    }
    *out = copy;
    return true;
}
