/* SPDX-License-Identifier: MIT */
/* A live association as bytes: it leaves this session, and goes on in another
 * one, in whatever process, from whatever address.  Its connection id lets the
 * peer, or whoever shares datagrams out, find it there (RFC 9146). */
#ifndef DTLS_SESSION_HANDOVER_H
#define DTLS_SESSION_HANDOVER_H

#include "session/session.h"

/* DTLS_HANDOVER_JUMP is how many record numbers an import leaves out, so that
 * none is used twice even if the exporting end has sent more than it knew. */
#define DTLS_HANDOVER_JUMP 65536

/* DTLS_HANDOVER_MAX bounds the bytes of an export. */
#define DTLS_HANDOVER_MAX                                                     \
    (DTLS_EXPORT_EXTRA + 6 + 3 * DTLS_RANDOM_LEN + DTLS_MASTER_LEN +          \
     2 * DTLS_VERIFY_DATA_LEN + DTLS_LEAF_LEN + 1 + DTLS_SESSION_ID_MAX + 2 + \
     1 + DTLS_SRTP_MKI_MAX + 1 + 255 + 2 + 4 * 6 + 8 + 1 + DTLS_OWN_CID_MAX + \
     1 + DTLS_CID_MAX + 6)

/* dtls_session_hand_over appends the association to `out`, sealed under the
 * application's key by `crypto`, which need not be the one that the
 * association has.  The session has then ended, with DTLS_HANDED_OVER as its
 * failure: its keys are wiped, and nothing goes out, no close_notify either.
 *
 * It returns DTLS_NOT_NOW unless
 *   - the session is connected, with no handshake and no close_notify on the
 *     way, nothing to be written, and no last flight that its peer may miss:
 *     a server's until data of its client has come, and with a ticket in it
 *     for DTLS_KEEP_FLIGHT_MS;
 *   - no address of the peer's is being checked;
 *   - the association has the connection id by which it is found: a server's
 *     own, in its client's records; a server's, in a client's.
 * It returns DTLS_TOO_LATE if too few record numbers are left, DTLS_NO_ROOM if
 * `out` is too small (DTLS_HANDOVER_MAX bytes always suffice), or the status
 * of cryptography that fails.  Nothing has changed then.
 *
 * dtls_session_take_over is the inverse, into an all-zero or freed session; it
 * is connected.  It goes on DTLS_HANDOVER_JUMP record numbers further, with
 * the time of its life so far.  A record that may have come before is old.
 * Certificates that the peer showed, and what is known of the path, are left
 * behind.
 *
 * It returns DTLS_DISCARD, and leaves a session that is all zero, if the bytes
 * were not made so under this key, have another version, are of the other
 * role, or of a suite or an application protocol that the configuration does
 * not have; DTLS_TOO_LATE if the numbers are used up; or the status of
 * cryptography that fails.
 *
 * The same bytes can be taken over again, and two sessions with one nonce give
 * their keys away: the caller must see to it that they are not.
 * dtls_handover_serial tells what can help: how often the association has been
 * exported, with the export in question, from 1.  It stands in the clear, and
 * is authentic once an import has accepted the bytes.  It returns 0 for bytes
 * that are too short or have another version. */
DTLS_MUST_USE enum dtls_status dtls_session_hand_over(
    struct dtls_session *s, const struct dtls_crypto *crypto,
    struct dtls_buf *out, const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now);
DTLS_MUST_USE enum dtls_status dtls_session_take_over(
    struct dtls_session *s, const struct dtls_crypto *crypto,
    enum dtls_role role, const struct dtls_session_room *room,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now);
uint64_t dtls_handover_serial(struct dtls_bytes in);

#endif
