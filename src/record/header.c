/* SPDX-License-Identifier: MIT */
/* The record header (record/header.h). */
#include "record/header.h"

enum dtls_status dtls_record_next(struct dtls_span *datagram,
                                  struct dtls_record *out)
{
    struct dtls_bytes in = dtls_span_bytes(*datagram);
    struct dtls_span rest = *datagram;
    struct dtls_span header;
    struct dtls_record r;
    uint16_t length;

    if (!dtls_get_u8(&in, &r.type) ||     /* ContentType type           */
        !dtls_get_u16(&in, &r.version) || /* ProtocolVersion version    */
        !dtls_get_u16(&in, &r.epoch) ||   /* uint16 epoch               */
        !dtls_get_u48(&in, &r.seq) ||     /* uint48 sequence_number     */
        !dtls_get_u16(&in, &length) ||    /* uint16 length              */
        length > DTLS_CIPHERTEXT_MAX ||
        !dtls_take(&rest, DTLS_RECORD_HEADER_LEN, &header) ||
        !dtls_take(&rest, length, &r.body)) {
        return DTLS_DISCARD;
    }
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
