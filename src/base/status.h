/* SPDX-License-Identifier: MIT */
/* A status says what happens next.
 *
 * A status below DTLS_FATAL needs no alert.  Any other ends the session, and
 * its low byte is the alert to send (RFC 5246, 7.2).  Bits 9 and up only tell
 * apart failures that share an alert. */
#ifndef DTLS_BASE_STATUS_H
#define DTLS_BASE_STATUS_H

#include <stdbool.h>

#define DTLS_MUST_USE __attribute__((warn_unused_result))

/* DTLS_OWN_FRAME keeps a function out of its caller: what it needs of the
 * stack is free again before the caller goes on. */
#define DTLS_OWN_FRAME __attribute__((noinline))

enum dtls_status {
    DTLS_OK = 0,
    DTLS_DISCARD = 1,       /* drop it: no alert, no state change            */
    DTLS_NO_ROOM = 2,       /* the caller's buffer or store is too small     */
    DTLS_TOO_LATE = 3,      /* retries, sequence numbers or epochs used up   */
    DTLS_NOT_NOW = 4,       /* the session is not in a state that allows it  */
    DTLS_CLOSED = 5,        /* close_notify came or was sent                 */
    DTLS_ALERTED = 6,       /* a fatal alert came from the peer              */
    DTLS_REFUSED = 7,       /* no renegotiation: refused or not safe         */
    DTLS_IDLE_TOO_LONG = 8, /* no record came or went for the limit     */
    DTLS_TOO_OLD = 9,       /* the session has lived for its limit           */
    DTLS_PEER_GONE = 10,    /* the peer has answered no question             */
    DTLS_HANDED_OVER = 11,  /* the session has been exported, live           */

    DTLS_FATAL = 0x100, /* from here up: low byte = alert to send       */
    DTLS_UNEXPECTED_MESSAGE = DTLS_FATAL | 10,
    DTLS_UNKNOWN_MESSAGE = DTLS_FATAL | 1 << 9 | 10,
    DTLS_UNSUPPORTED_MESSAGE = DTLS_FATAL | 2 << 9 | 10,
    DTLS_BAD_RECORD_MAC = DTLS_FATAL | 20,
    DTLS_RECORD_OVERFLOW = DTLS_FATAL | 22,
    DTLS_HANDSHAKE_FAILURE = DTLS_FATAL | 40,
    DTLS_NO_COMMON_SUITE = DTLS_FATAL | 1 << 9 | 40,
    DTLS_NO_PEER_CERTIFICATE = DTLS_FATAL | 2 << 9 | 40,
    DTLS_NO_LOCAL_CERTIFICATE = DTLS_FATAL | 3 << 9 | 40,
    DTLS_RENEGOTIATION_INFO = DTLS_FATAL | 4 << 9 | 40,
    DTLS_NO_MATCHING_PSK = DTLS_FATAL | 5 << 9 | 40,
    DTLS_HELLO_REFUSED = DTLS_FATAL | 6 << 9 | 40,
    DTLS_PSK_CHANGED = DTLS_FATAL | 7 << 9 | 40,
    DTLS_BAD_PROOF = DTLS_FATAL | 8 << 9 | 40,
    DTLS_BAD_CERTIFICATE = DTLS_FATAL | 42,
    DTLS_CERTIFICATE_SIGNATURE = DTLS_FATAL | 1 << 9 | 42,
    DTLS_CERTIFICATE_CHANGED = DTLS_FATAL | 2 << 9 | 42,
    DTLS_CERTIFICATE_NAME = DTLS_FATAL | 3 << 9 | 42,
    DTLS_UNSUPPORTED_CERTIFICATE = DTLS_FATAL | 43,
    DTLS_UNSUPPORTED_KEY = DTLS_FATAL | 1 << 9 | 43,
    DTLS_CERTIFICATE_REVOKED = DTLS_FATAL | 44,
    DTLS_CERTIFICATE_EXPIRED = DTLS_FATAL | 45,
    DTLS_CERTIFICATE_NOT_YET_VALID = DTLS_FATAL | 1 << 9 | 45,
    DTLS_CERTIFICATE_UNKNOWN = DTLS_FATAL | 46,
    DTLS_CERTIFICATE_REFUSED = DTLS_FATAL | 1 << 9 | 46,
    DTLS_ILLEGAL_PARAMETER = DTLS_FATAL | 47,
    DTLS_BAD_COMPRESSION = DTLS_FATAL | 1 << 9 | 47,
    DTLS_SUITE_NOT_OFFERED = DTLS_FATAL | 2 << 9 | 47,
    DTLS_UNKNOWN_CA = DTLS_FATAL | 48,
    DTLS_DECODE_ERROR = DTLS_FATAL | 50,
    DTLS_DECRYPT_ERROR = DTLS_FATAL | 51,
    DTLS_BAD_FINISHED = DTLS_FATAL | 1 << 9 | 51,
    DTLS_PROTOCOL_VERSION = DTLS_FATAL | 70,
    DTLS_UNKNOWN_VERSION = DTLS_FATAL | 1 << 9 | 70,
    DTLS_INTERNAL_ERROR = DTLS_FATAL | 80,
    DTLS_MESSAGE_TOO_LONG = DTLS_FATAL | 1 << 9 | 80,
    DTLS_STORE_EMPTY = DTLS_FATAL | 2 << 9 | 80,
    DTLS_NO_SIGALGS = DTLS_FATAL | 3 << 9 | 80,
    DTLS_NO_GROUPS = DTLS_FATAL | 4 << 9 | 80,
    DTLS_INAPPROPRIATE_FALLBACK = DTLS_FATAL | 86,
    DTLS_UNSUPPORTED_EXTENSION = DTLS_FATAL | 110,
    DTLS_UNRECOGNIZED_NAME = DTLS_FATAL | 112,
    DTLS_BAD_CERTIFICATE_STATUS = DTLS_FATAL | 113,
    DTLS_UNKNOWN_PSK_IDENTITY = DTLS_FATAL | 115,
    DTLS_NO_APPLICATION_PROTOCOL = DTLS_FATAL | 120
};

/* dtls_status_is_fatal returns true if `status` ends the session with an alert
 * of ours; dtls_status_alert returns the description of that alert. */
static inline bool dtls_status_is_fatal(enum dtls_status status)
{
    return (status & DTLS_FATAL) != 0;
}

static inline unsigned char dtls_status_alert(enum dtls_status status)
{
    return (unsigned char)(status & 0xff);
}

#endif
