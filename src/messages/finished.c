/* SPDX-License-Identifier: MIT */
/* Finished, and the messages with an empty body (RFC 5246, 7.4.9). */
#include "messages/messages.h"

enum dtls_status dtls_finished_parse(const uint8_t **verify_data,
                                     struct dtls_bytes body)
{
    if (body.len != DTLS_VERIFY_DATA_LEN) {
        return DTLS_DECODE_ERROR;
    }
    *verify_data = body.data;
    return DTLS_OK;
}

enum dtls_status dtls_empty_parse(struct dtls_bytes body)
{
    return body.len == 0 ? DTLS_OK : DTLS_DECODE_ERROR;
}
