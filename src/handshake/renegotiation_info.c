/* SPDX-License-Identifier: MIT */
/* The bond between a handshake and the one before it in the same session
 * (RFC 5746; RFC 7627; RFC 7366, 3.1). */
#include "handshake/handshake.h"

#include "base/secret.h"

#include <string.h>

struct dtls_bytes dtls_renegotiation_info(
    const struct dtls_handshake *h, bool server_hello,
    uint8_t room[DTLS_RENEGOTIATION_INFO_MAX])
{
    const struct dtls_agreed *last = &h->agreed;

    if (!dtls_handshake_is_renegotiation(h)) {
        return (struct dtls_bytes){0};
    }
    memcpy(room, last->client_verify_data, DTLS_VERIFY_DATA_LEN);
    memcpy(room + DTLS_VERIFY_DATA_LEN, last->server_verify_data,
           DTLS_VERIFY_DATA_LEN);
    return dtls_bytes_of(room, server_hello ? 2 * DTLS_VERIFY_DATA_LEN
                                            : DTLS_VERIFY_DATA_LEN);
}

/* D5746-3.4-4, D5746-3.5-3, D5746-3.5-4, D5746-3.6-3, D5746-3.7-2,
 * D5746-3.7-3 */
enum dtls_status dtls_renegotiation_check_info(const struct dtls_handshake *h,
                                               bool server_hello,
                                               struct dtls_bytes info)
{
    uint8_t room[DTLS_RENEGOTIATION_INFO_MAX];
    struct dtls_bytes expected =
        dtls_renegotiation_info(h, server_hello, room);

    if (info.len != expected.len ||
        (info.len != 0 &&
         !dtls_ct_equal(info.data, expected.data, expected.len))) {
        return DTLS_RENEGOTIATION_INFO;
    }
    return DTLS_OK;
}

enum dtls_status dtls_renegotiation_check_hellos(
    const struct dtls_handshake *h)
{
    const struct dtls_agreed *last = &h->agreed;

    if (last->extended_master_secret && !h->extended_master_secret) {
        return DTLS_HANDSHAKE_FAILURE;
    }
    /* D7366-3.1-2, D7366-3.1-3 */
    if (last->encrypt_then_mac && !h->encrypt_then_mac &&
        h->suite->cipher == DTLS_CIPHER_CBC) {
        return DTLS_HANDSHAKE_FAILURE;
    }
    return last->has_psk && !dtls_suite_is_psk(h->suite) ? DTLS_PSK_CHANGED
                                                         : DTLS_OK;
}

enum dtls_status dtls_renegotiation_check_peer(const struct dtls_handshake *h)
{
    const struct dtls_agreed *last = &h->agreed;

    if (last->has_peer_leaf &&
        (!h->has_peer_leaf ||
         !dtls_ct_equal(last->peer_leaf, h->peer_leaf, DTLS_LEAF_LEN))) {
        return DTLS_CERTIFICATE_CHANGED;
    }
    if (last->has_psk &&
        (!dtls_suite_is_psk(h->suite) ||
         !dtls_ct_equal(last->peer_leaf, h->peer_leaf, DTLS_LEAF_LEN))) {
        return DTLS_PSK_CHANGED;
    }
    return DTLS_OK;
}

enum dtls_status dtls_renegotiation_note_psk(struct dtls_handshake *h,
                                             struct dtls_bytes identity)
{
    enum dtls_status status = h->crypto->digest(
        h->crypto->self, h->peer_leaf, DTLS_HASH_SHA256, &identity, 1);

    return status == DTLS_OK ? dtls_renegotiation_check_peer(h) : status;
}
