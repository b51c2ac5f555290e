/* SPDX-License-Identifier: MIT */
/* nxdtls.h: what this library adds to the NetX Secure DTLS API. */

#ifndef NXDTLS_H
#define NXDTLS_H

#include "nx_secure_dtls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an application without a wish of its own takes, AEAD first. */
extern const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_default;

/* Every suite there is: behind those of the default table come CBC with SHA-1,
 * static ECDH, whose key in the certificate opens all that was ever recorded,
 * and the NULL cipher, which authenticates and does not encrypt.  An
 * application takes rows of these only if it means them. */
extern const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_all;

/* nxdtls_suite_name: a suite's name in the registry without TLS_, or NULL if
 * it is not one of this library's. */
const CHAR *nxdtls_suite_name(UINT number);

/* nxdtls_session_mtu_set, nxdtls_server_mtu_set: the largest UDP payload, in
 * bytes, that a handshake sends; 256 to 65507, 1280 by default.  From the next
 * handshake on.  NX_SIZE_ERROR outside that range. */
UINT nxdtls_session_mtu_set(NX_SECURE_DTLS_SESSION *dtls_session, UINT mtu);
UINT nxdtls_server_mtu_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT mtu);

/* What a session is and has seen.  Counters begin with its handshake. */
typedef struct NXDTLS_SESSION_INFO_STRUCT {
    USHORT suite; /* 0 until ServerHello */
    const CHAR *suite_name;
    UINT extended_master_secret;
    UINT secure_renegotiation;
    UINT peer_certificate; /* the peer has shown and proved one */
    ULONG retransmissions;
    ULONG discarded_header; /* records dropped: malformed */
    ULONG discarded_epoch;  /* no keys for their epoch */
    ULONG discarded_replay; /* seen before, or too old */
    ULONG discarded_mac;    /* not authentic */
    ULONG discarded_state;  /* out of place */
    UINT alert_sent;        /* description of our fatal alert, or 256 */
} NXDTLS_SESSION_INFO;

UINT nxdtls_session_info_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SESSION_INFO *info);

/* nxdtls_session_export makes `length` bytes (to 256) of keying material for a
 * protocol above the session, from a label and a context (to 512 bytes; NULL:
 * none, which is not the same as an empty one) (RFC 5705).  Both ends get the
 * same.
 *
 *   0x101  the session is not connected
 *   0x4D   longer than that, or a label that TLS uses itself */
UINT nxdtls_session_export(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *out,
                           ULONG length, const CHAR *label,
                           const UCHAR *context, ULONG context_length);

/* The same over all sessions of a server, those that ended included, and what
 * was dropped or answered before there was a session. */
typedef struct NXDTLS_SERVER_INFO_STRUCT {
    ULONG sessions_in_use;
    ULONG verify_requests;      /* HelloVerifyRequests sent */
    ULONG refused;              /* clients for whom no session was free */
    ULONG discarded_no_session; /* datagrams that were no ClientHello */
    ULONG discarded_mac;
    ULONG discarded_other;
} NXDTLS_SERVER_INFO;

UINT nxdtls_server_info_get(NX_SECURE_DTLS_SERVER *server_ptr,
                            NXDTLS_SERVER_INFO *info);

/* nxdtls_status_text names a status value of this library in a few words, for
 * people; "unknown status" if it is none of them. */
const CHAR *nxdtls_status_text(UINT status);

#ifdef __cplusplus
}
#endif

#endif
