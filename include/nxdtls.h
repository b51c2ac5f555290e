/* SPDX-License-Identifier: MIT */
/* nxdtls.h: what this library adds to the NetX Secure DTLS API. */

#ifndef NXDTLS_H
#define NXDTLS_H

#include "nx_secure_dtls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a table's certificate algorithms that NetX has no name for: Ed25519
 * (RFC 8422).  Rows of SHA-1 ask for it, in any table; no table of this
 * library has one. */
#define NXDTLS_X509_TYPE_ED25519 100

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
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_mtu_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT mtu);
#endif

/* nxdtls_session_renegotiate has the session make another handshake, with the
 * settings that it has now: a client begins it, a server asks its client to.
 * Data goes on meanwhile, except that a client can send none between its own
 * Finished and the server's: a send then returns 0x153 and keeps the packet.
 *
 * It returns 0 when that handshake is complete, also if the peer began it.
 *
 *   0x01   not complete within wait_option ticks (NX_NO_WAIT: it has begun);
 *          it goes on whenever a thread waits on the session, a server's also
 *          by itself
 *   0x40   another thread waits on the session; nothing has begun
 *   0x43   the peer did not answer, or there is no next epoch (after 65535)
 *   0x12F  the peer refused
 *   0x134  the session is not connected
 *   0x13A  the first handshake was not bound by RFC 5746, or one was given up
 *          for want of an answer: there will be no other in this session
 *
 * After these the session is as it was.  Any other status is what the session
 * failed with. */
UINT nxdtls_session_renegotiate(NX_SECURE_DTLS_SESSION *dtls_session,
                                ULONG wait_option);

/* nxdtls_session_renegotiation_set, nxdtls_server_renegotiation_set: may a
 * peer renegotiate?  NX_TRUE, as it is at first, or NX_FALSE: every wish is
 * refused with a no_renegotiation warning.  A server's sessions take it over
 * when they start.  See also nx_secure_tls_session_renegotiate_callback_set.
 */
UINT nxdtls_session_renegotiation_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                      UINT allowed);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_renegotiation_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT allowed);
#endif

/* What hellos may say beside what NetX lets an application choose.  A
 * session's settings hold from its next handshake on; those of a server hold
 * for all its sessions, from the next client on. */

/* nxdtls_session_alpn_set, nxdtls_server_alpn_set: the protocols that may be
 * spoken above the session (RFC 7301), in order of preference: each one byte
 * of length, then the name; 255 bytes in all.  The bytes stay the caller's.
 * Length 0, as at first: none is offered, and a client's offer is ignored.
 * Otherwise a server takes the first of its own that the client offers, and
 * refuses one that offers none of them with alert 120; a client that is not
 * answered goes on without.  NX_SIZE_ERROR if it is not such a list. */
UINT nxdtls_session_alpn_set(NX_SECURE_DTLS_SESSION *dtls_session,
                             const UCHAR *names, ULONG length);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_alpn_set(NX_SECURE_DTLS_SERVER *server_ptr,
                            const UCHAR *names, ULONG length);
#endif

/* nxdtls_session_max_fragment_length_set: what a client asks for (RFC 6066,
 * 4): 512, 1024, 2048 or 4096 bytes of data in a record, both ways; 0, as at
 * first: nothing.  A server always grants it.  NX_SIZE_ERROR for any other
 * number. */
UINT nxdtls_session_max_fragment_length_set(
    NX_SECURE_DTLS_SESSION *dtls_session, UINT length);

/* nxdtls_session_record_size_limit_set, nxdtls_server_record_size_limit_set:
 * the most data that this end takes in one record (RFC 8449), 64 to 16384
 * bytes; 16384 at first.  A peer that knows the extension keeps to it; a
 * server then ignores max_fragment_length.  0: this end does not know the
 * extension.  NX_SIZE_ERROR for any other number. */
UINT nxdtls_session_record_size_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                          UINT limit);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_record_size_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                         UINT limit);
#endif

/* nxdtls_server_name_required_set: what becomes of a client that asks for a
 * name which the chosen certificate does not have: alert 112 (NX_TRUE), or a
 * handshake that goes on and does not acknowledge the name (NX_FALSE, as at
 * first). */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_name_required_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT required);
#endif

/* What a session is: of the last handshake that is complete.  What has
 * happened in it is nxdtls_session_statistics_get's. */
typedef struct NXDTLS_SESSION_INFO_STRUCT {
    USHORT suite; /* 0 until ServerHello */
    const CHAR *suite_name;
    UINT extended_master_secret;
    UINT secure_renegotiation;
    ULONG renegotiations;   /* handshakes after the first */
    UINT peer_certificate;  /* the peer has shown and proved one */
    UINT server_name_known; /* the server has acknowledged the name */
    const UCHAR *alpn;      /* the protocol, inside the list that was set */
    UINT alpn_length;       /* 0: none was agreed on */
    ULONG send_limit;       /* the most data that a record carries now, out */
    ULONG receive_limit;    /* and in */
    ULONG mtu;              /* the largest UDP payload of its handshakes now */
    ULONG record_overhead;  /* bytes that a record adds to data, at most */
    UINT alert_sent;        /* description of our fatal alert, or 256 */
} NXDTLS_SESSION_INFO;

/* nxdtls_session_info_get fills `info`, at any time in a session's life. */
UINT nxdtls_session_info_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SESSION_INFO *info);

/* nxdtls_session_export makes `length` bytes (to 256) of keying material for a
 * protocol above the session, from a label and a context (to 512 bytes; NULL:
 * none, which is not the same as an empty one) (RFC 5705).  Both ends get the
 * same.
 *
 *   0x101  the session is not connected, or has no extended master secret
 *          (RFC 7627, 5.4)
 *   0x4D   longer than that, or a label that TLS uses itself */
UINT nxdtls_session_export(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *out,
                           ULONG length, const CHAR *label,
                           const UCHAR *context, ULONG context_length);

/* What has happened, for people who look after a system and for auditors.
 * Each event is counted once, where it happens; numbers wrap at 2^32.  A
 * session's begin with its first handshake and end when it is reset, or is
 * started again; a server's hold all its sessions, those that have ended
 * included, since it was created. */
typedef struct NXDTLS_STATISTICS_STRUCT {
    ULONG sessions;         /* in use now */
    ULONG handshakes;       /* complete, renegotiations as well */
    ULONG retransmissions;  /* of a flight: by timer, or as the peer asked */
    ULONG records_sent;     /* of every type */
    ULONG records_received; /* authentic ones, or in the clear where allowed */
    ULONG data_sent;        /* records of application data */
    ULONG data_received;
    ULONG alerts_sent; /* warnings, close_notify as well */
    ULONG alerts_received;
    ULONG discarded_header;  /* records: malformed, or of no known type */
    ULONG discarded_epoch;   /* no keys for their epoch */
    ULONG discarded_replay;  /* seen before, or too old to tell */
    ULONG discarded_mac;     /* not authentic, wrong padding included */
    ULONG discarded_state;   /* out of place: messages and fragments, too */
    ULONG discarded_no_room; /* records of data for which there was no packet;
                                datagrams above four before a start */
    /* Of a server only, before there is a session. */
    ULONG cookies_sent;         /* HelloVerifyRequests */
    ULONG cookies_accepted;     /* ClientHellos that were let through */
    ULONG cookies_refused;      /* ClientHellos with a cookie that is wrong,
                                   too old, or another client's */
    ULONG discarded_no_session; /* datagrams that were no ClientHello */
    ULONG refused;              /* clients for whom no session was free */
} NXDTLS_STATISTICS;

/* nxdtls_session_statistics_get, nxdtls_server_statistics_get fill
 * `statistics`. */
UINT nxdtls_session_statistics_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_STATISTICS *statistics);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_statistics_get(NX_SECURE_DTLS_SERVER *server_ptr,
                                  NXDTLS_STATISTICS *statistics);
#endif

/* nxdtls_status_text names a status value of this library in a few words, for
 * people; "unknown status" if it is none of them. */
const CHAR *nxdtls_status_text(UINT status);

#ifdef __cplusplus
}
#endif

#endif
