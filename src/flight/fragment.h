/* SPDX-License-Identifier: MIT */
/* The handshake header and fragments (RFC 6347, 4.2.2, 4.2.3). */
#ifndef DTLS_FLIGHT_FRAGMENT_H
#define DTLS_FLIGHT_FRAGMENT_H

#include "base/bytes.h"

#define DTLS_FRAGMENT_HEADER_LEN 12

struct dtls_fragment {
    uint8_t type;
    uint32_t message_len; /* of the whole message body */
    uint16_t seq;
    uint32_t offset;
    struct dtls_bytes body;
};

/* dtls_fragment_next takes the next fragment off the front of `payload`, the
 * plaintext of one handshake record, which may hold several.
 *
 * On DTLS_OK `out` is complete and `payload` is what follows it.  It returns
 * DTLS_DECODE_ERROR, and changes neither, if the fragment runs past the
 * record or past the end of its own message (RFC 6347, 4.2.2).
 *
 * It keeps no state and does not judge `message_len`: whether the message
 * fits, and whether an error is worth an alert, is for the session, which
 * knows if this record was authenticated. */
DTLS_MUST_USE enum dtls_status dtls_fragment_next(struct dtls_bytes *payload,
                                                  struct dtls_fragment *out);

/* dtls_fragment_put_header appends the header of `fragment`; the caller
 * appends the body.  It returns false, and changes nothing, if there is no
 * room or the body has 2^24 bytes or more. */
DTLS_MUST_USE bool dtls_fragment_put_header(
    struct dtls_buf *out, const struct dtls_fragment *fragment);

/* dtls_fragment_is_whole returns true if the fragment is the whole message. */
static inline bool dtls_fragment_is_whole(const struct dtls_fragment *fragment)
{
    return fragment->offset == 0 &&
           fragment->body.len == fragment->message_len;
}

#endif
