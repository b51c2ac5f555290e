/* SPDX-License-Identifier: MIT */
/* The record header (RFC 6347, 4.1). */
#ifndef DTLS_RECORD_HEADER_H
#define DTLS_RECORD_HEADER_H

#include "base/bytes.h"

#define DTLS_RECORD_HEADER_LEN 13
#define DTLS_PLAINTEXT_MAX 16384 /* 2^14 bytes                             */
#define DTLS_CIPHERTEXT_MAX (DTLS_PLAINTEXT_MAX + 2048)
#define DTLS_SEQ_MAX 0xffffffffffffu /* 2^48 - 1 */

#define DTLS_VERSION_1_0 0xfeff
#define DTLS_VERSION_1_2 0xfefd

enum {
    DTLS_CHANGE_CIPHER_SPEC = 20,
    DTLS_ALERT = 21,
    DTLS_HANDSHAKE = 22,
    DTLS_APPLICATION_DATA = 23,
    DTLS_TLS12_CID = 25,        /* the true type is inside (RFC 9146, 4)  */
    DTLS_ROUTABILITY_CHECK = 27 /* RFC 9853, 4                            */
};

struct dtls_record {
    uint8_t type;
    bool cid_is_ours; /* it has a connection id: the one that was expected */
    uint16_t version;
    uint16_t epoch;
    uint64_t seq;          /* 48 bits */
    struct dtls_span body; /* as on the wire, inside the datagram */
};

/* dtls_record_next takes the next record off the front of `datagram`, whose
 * records have no connection ids.  It does not judge type, version and epoch.
 *
 * It returns DTLS_DISCARD, and changes nothing, if the bytes left are not a
 * whole record or claim more than DTLS_CIPHERTEXT_MAX bytes.  The rest of the
 * datagram is then of no use. */
DTLS_MUST_USE enum dtls_status dtls_record_next(struct dtls_span *datagram,
                                                struct dtls_record *out);

/* dtls_record_next_with_cid does the same for a record whose connection id is
 * as long as `cid`: no record tells how long its id is.
 *
 * dtls_record_next_of does the one or the other: a record of type
 * DTLS_TLS12_CID has an id if `cid` is not empty. */
DTLS_MUST_USE enum dtls_status dtls_record_next_with_cid(
    struct dtls_span *datagram, struct dtls_bytes cid,
    struct dtls_record *out);
DTLS_MUST_USE static inline enum dtls_status dtls_record_next_of(
    struct dtls_span *datagram, struct dtls_bytes cid, struct dtls_record *out)
{
    return cid.len != 0 && datagram->len != 0 &&
                   datagram->data[0] == DTLS_TLS12_CID
               ? dtls_record_next_with_cid(datagram, cid, out)
               : dtls_record_next(datagram, out);
}

/* dtls_record_put_header appends a header for `body_len` bytes to come.  It
 * returns false, and changes nothing, if there is no room or `body_len` is
 * above DTLS_CIPHERTEXT_MAX.  dtls_record_put_with_cid does the same for the
 * header of a record of type DTLS_TLS12_CID. */
DTLS_MUST_USE bool dtls_record_put_header(struct dtls_buf *out, uint8_t type,
                                          uint16_t version, uint16_t epoch,
                                          uint64_t seq, size_t body_len);
DTLS_MUST_USE bool dtls_record_put_with_cid(struct dtls_buf *out,
                                            uint16_t version, uint16_t epoch,
                                            uint64_t seq,
                                            struct dtls_bytes cid,
                                            size_t body_len);

#endif
