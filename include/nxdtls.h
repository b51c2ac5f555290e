/* SPDX-License-Identifier: MIT */
/* nxdtls.h: what this library adds to the NetX Secure DTLS API.
 *
 * The services of this header have no checked form: they rely on their caller
 * for pointers that are not NULL and for a session or server that has been
 * created.  On one of zero memory they do not crash.  A service that returns
 * UINT returns NX_SUCCESS (0) or a value that its comment lists.
 *
 * These sixteen are for threads, as they take the library's lock and change
 * what it guards: outside of a thread, or in a timer's function, they return
 * NX_CALLER_ERROR (0x11) and change nothing: nxdtls_session_renegotiate,
 * nxdtls_session_export, nxdtls_session_srtp_get,
 * nxdtls_certificate_staple_set, nxdtls_server_session_begin,
 * nxdtls_saved_session_*, nxdtls_session_hand_over, nxdtls_session_take_over,
 * nxdtls_server_take_over, nxdtls_server_resumption_set,
 * nxdtls_server_tickets_set, nxdtls_server_reserve_set,
 * nxdtls_server_admission_set and nxdtls_server_connection_id_set.
 *
 * A setting of a session holds from its next handshake on.  A setting of a
 * server holds for all its sessions, from the next client on.  Where a comment
 * says otherwise, that holds. */

#ifndef NXDTLS_H
#define NXDTLS_H

#include "nx_secure_dtls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NXDTLS_X509_TYPE_ED25519 identifies Ed25519 (RFC 8422) in a table of
 * certificate algorithms.  NetX has no name for it.
 *
 * SHA-1 signatures are accepted only if the application's own table has a row
 * for them (NX_SECURE_TLS_X509_TYPE_RSA_SHA_1, ..._ECDSA_SHA_1).  No table of
 * this library has such a row. */
#define NXDTLS_X509_TYPE_ED25519 100

/* The status values of a session that has come to one of its limits, or whose
 * peer does not answer any more.  NetX has none for it. */
#define NXDTLS_IDLE_LIMIT 0x1F0 /* nxdtls_session_idle_limit_set */
#define NXDTLS_LIFE_LIMIT 0x1F1 /* nxdtls_session_life_limit_set */
#define NXDTLS_PEER_GONE 0x1F4  /* nxdtls_session_keepalive_set */

/* The status value of a session that has been exported live. */
#define NXDTLS_HANDED_OVER 0x1F5 /* nxdtls_session_hand_over */

/* The status values of a session that is to be exported or imported. */
#define NXDTLS_NO_SESSION 0x1F2  /* nxdtls_saved_session_export */
#define NXDTLS_BAD_SESSION 0x1F3 /* nxdtls_saved_session_import */

/* nxdtls_ciphers_default lists the default suites, AEAD first. */
extern const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_default;

/* nxdtls_ciphers_all lists every suite of this library: first the default
 * suites, then those with CBC and SHA-1, static ECDH or a NULL cipher.
 *
 * Use a suite of the second part only on purpose.  With static ECDH, the
 * private key of the certificate decrypts every session that was ever
 * recorded.  A NULL cipher authenticates data and does not encrypt it. */
extern const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_all;

/* nxdtls_suite_name returns the name of a suite in IANA's registry, without
 * "TLS_".  It returns NULL for a number that is no suite of this library. */
const CHAR *nxdtls_suite_name(UINT number);

/* nxdtls_session_mtu_set and nxdtls_server_mtu_set set the largest UDP payload
 * that a handshake sends: 256 to 65507 bytes.  The default lets each datagram
 * pass a path of 1280 bytes, which every IPv6 path is: 1232 bytes over IPv6,
 * 1252 over IPv4.
 *
 * A flight that has no answer, or whose datagrams the IP layer refuses as too
 * big, is repeated in smaller ones: from its third transmission on in 508
 * bytes, from its fifth on in 256 (then 508 and 256 in turn).  The flights
 * that follow begin with the size that was answered; a handshake ten minutes
 * later tries the largest again.  NXDTLS_SESSION_INFO tells what is known.
 *
 *   0x09   mtu is outside that range; nothing has changed */
UINT nxdtls_session_mtu_set(NX_SECURE_DTLS_SESSION *dtls_session, UINT mtu);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_mtu_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT mtu);
#endif

/* nxdtls_session_timeout_kept_set and nxdtls_server_timeout_kept_set decide
 * about the timeout after a loss.  With NX_TRUE, the default, a raised timeout
 * is kept until a flight gets through without loss (RFC 6347, 4.2.4.1), which
 * spares a network that is congested.  With NX_FALSE each flight begins with
 * the first timeout again, which is faster where datagrams are lost for other
 * reasons, as on a radio link.  In both cases a timeout grows while its own
 * flight is repeated.
 *
 * They always succeed. */
UINT nxdtls_session_timeout_kept_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     UINT kept);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_timeout_kept_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UINT kept);
#endif

/* nxdtls_session_retransmission_set and nxdtls_server_retransmission_set set
 * how a flight of a handshake that has no answer is repeated: first after
 * `first` milliseconds, then after a timeout that grows each time, up to
 * `longest` milliseconds, and at most `retries` times.  Each timeout is 2 to
 * the power of NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT times the one before:
 * twice as long by default.  The defaults come from NetX's macros: 1000, 60000
 * and 10.
 *
 * RFC 6347, 4.2.4.1, asks for a first timeout of at least a second, unless the
 * network is known.
 *
 *   0x09   `first` is not 1 to 60000, `longest` is less than `first` or more
 *          than 600000, or `retries` is more than 100; nothing has changed */
UINT nxdtls_session_retransmission_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                       ULONG first, ULONG longest,
                                       UINT retries);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_retransmission_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                      ULONG first, ULONG longest,
                                      UINT retries);
#endif

/* nxdtls_session_handshake_limit_set and nxdtls_server_handshake_limit_set set
 * the longest time for a whole handshake, in seconds, whatever has come
 * meanwhile.  With 0, the default, it is the longest time for which one flight
 * can wait for its answer: eleven times the longest timeout, 660 seconds.
 *
 * The time begins with the client's first ClientHello, with the server's
 * admission of the client, or with the request for a renegotiation.  A
 * handshake that is not complete in time has failed as one whose
 * retransmissions were not answered: the start of a client returns 0x38, that
 * of a server 0x43.  A wait_option ends only the wait of a start.
 *
 * They always succeed. */
UINT nxdtls_session_handshake_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                        ULONG seconds);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_handshake_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                       ULONG seconds);
#endif

/* nxdtls_session_idle_limit_set and nxdtls_server_idle_limit_set set how long
 * a connected session may be idle, in seconds; with 0, the default, without
 * end. A session is idle while no authentic record of the peer comes and no
 * data is sent.  Repeats of a handshake's messages are not data.
 *
 * nxdtls_session_life_limit_set and nxdtls_server_life_limit_set set how long
 * a session may live after its first handshake was complete, in seconds; with
 * 0, the default, without end.  A renegotiation does not renew it.
 *
 * At a limit the session sends close_notify and is over, and does not wait for
 * an answer: receive and send return 0x1F0 (idle) or 0x1F1 (life), receive
 * after the data that has come before.  The application ends the session with
 * nx_secure_dtls_session_end, which returns 0.  A server calls its
 * disconnect_notify.  A client's session comes to its limit while a thread
 * waits on it, or in its next service.
 *
 * They always succeed. */
UINT nxdtls_session_idle_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   ULONG seconds);
UINT nxdtls_session_life_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   ULONG seconds);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_idle_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  ULONG seconds);
UINT nxdtls_server_life_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  ULONG seconds);
#endif

/* nxdtls_session_keepalive_set and nxdtls_server_keepalive_set make a session
 * ask its peer whether it is there; with `seconds` 0, the default, it never
 * asks.
 *
 * Where both ends have agreed on checks of addresses (RFC 9853, with
 * connection ids; `routability_checks` of NXDTLS_SESSION_INFO), a question is
 * a path_challenge, which the peer's library answers at once.  It goes out
 * when no authentic record of the peer has come for `seconds`, and again each
 * time after so many; `questions` of them without any record, and the peer
 * counts as gone (`questions` + 1) times `seconds` after its last record.  The
 * session is then over as at a limit, with 0x1F4.  An answer shows that the
 * peer was there, with the session's keys, after it was asked.
 *
 * Elsewhere DTLS 1.2 knows no question: an empty record of data goes out when
 * the session has sent nothing for `seconds`.  It holds the mapping of a NAT;
 * the peer need not answer it, so nothing follows from silence, and the
 * session is never ended.
 *
 * Answers are records, so a session that asks is not idle.  A client asks
 * while a thread waits on the session, or in its next service.
 *
 *   0x09   `seconds` is above 86400 or `questions` is not 1 to 100 (whatever
 *          it is if `seconds` is 0); nothing has changed */
UINT nxdtls_session_keepalive_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                  ULONG seconds, UINT questions);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_keepalive_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                 ULONG seconds, UINT questions);
#endif

/* nxdtls_session_path_search_set and nxdtls_server_path_search_set make a
 * connected session find out how large a datagram the path takes (RFC 8899),
 * up to a UDP payload of `most` bytes; with 0, the default, it does not.
 * `path_mtu` of NXDTLS_SESSION_INFO is what it has found so far; data of
 * `path_mtu` less `record_overhead` bytes fits.
 *
 * It asks with padded path challenges, so both ends must have agreed on checks
 * of addresses, and the peer must want a connection id: a client can search
 * wherever its server has ids.  A probe without an answer is repeated twice,
 * 16 seconds apart.  Ten minutes after a search the next one begins, with the
 * size that was found, if the session has sent data meanwhile: so a path that
 * has become narrower is noticed, too.
 *
 * A probe stands in one packet of the session's pool, whose payload bounds the
 * search, too.  Only a UDP socket that does not fragment (NX_DONT_FRAGMENT)
 * shows what the path takes in one piece.
 *
 *   0x09   `most` is not 0 and not 1200 to 65507; nothing has changed */
UINT nxdtls_session_path_search_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                    UINT most);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_path_search_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                   UINT most);
#endif

/* nxdtls_session_renegotiate makes another handshake in a connected session,
 * with the session's present settings.  A client begins it; a server asks its
 * client to begin.  If the peer has begun one already, the service waits for
 * that one.
 *
 * Data is sent and received meanwhile, with one exception: between its own
 * Finished and the server's, a client cannot send.  A send then returns 0x153
 * and leaves the packet to its caller.
 *
 * It returns 0 once the handshake is complete, and else:
 *
 *   0x01   the handshake is not complete within wait_option ticks (with
 *          NX_NO_WAIT: it has begun); it goes on whenever a thread waits on
 *          the session, and in a server's session also without one
 *   0x40   another thread waits on the session; no handshake has begun
 *   0x43   no epoch is left (after 65535), or the peer did not answer; if it
 *          stopped answering after a key had changed, the session has failed
 *   0x111  no packet was free for the first message
 *   0x12F  the peer refused
 *   0x134  the session is not connected
 *   0x13A  the first handshake was not bound by RFC 5746, or an earlier
 *          renegotiation was given up without an answer: this session cannot
 *          renegotiate any more
 *
 * After the other values of this list the session is as it was.
 *
 * Any value that is not listed is one that every service may return
 * (nx_secure_dtls.h), one with which a start refuses the session's settings,
 * or the status with which the session has failed. */
UINT nxdtls_session_renegotiate(NX_SECURE_DTLS_SESSION *dtls_session,
                                ULONG wait_option);

/* nxdtls_session_renegotiation_set and nxdtls_server_renegotiation_set allow
 * the peer to renegotiate (NX_TRUE, the default) or forbid it (NX_FALSE).  If
 * it is forbidden, every request is refused with a no_renegotiation warning.
 *
 * The setting of a session holds at once.  See also
 * nx_secure_tls_session_renegotiate_callback_set. */
UINT nxdtls_session_renegotiation_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                      UINT allowed);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_renegotiation_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT allowed);
#endif

/* nxdtls_session_old_cookie_set sets whether a client's first ClientHello of a
 * renegotiation has the cookie of the handshake before (NX_TRUE, the default)
 * or none (NX_FALSE).
 *
 * No RFC says which it is.  OpenSSL's server needs the old cookie, Mbed TLS's
 * refuses any.  A HelloVerifyRequest is answered with either setting, which
 * holds from the next renegotiation on. */
UINT nxdtls_session_old_cookie_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   UINT sent);

/* nxdtls_server_session_begin begins the handshake of a session that
 * connect_notify announced, and returns at once.  No thread waits for it: the
 * IP thread and the server's timer go on with it.  It may be called in
 * connect_notify or later, in any thread.  Cryptography runs in the caller's
 * thread up to the server's first flight, and then in the IP thread.
 *
 * handshake_notify tells when the handshake is complete or has failed.  If it
 * has failed, error_notify comes as well and the session is then reset: the
 * application need not end it.
 *
 *   0      the handshake has begun
 *   0x37   the session has been started already
 *   0x101  the session has no client, or has lost it
 *   other  the session's settings are refused, as by
 *          nx_secure_dtls_server_session_start; the session has been reset
 *
 * nxdtls_server_handshake_notify_set sets handshake_notify; NX_NULL, the
 * default, is none.  It is called once for each handshake that goes on without
 * a waiting thread, in the IP thread and under no lock, and must not wait:
 *
 * - one of nxdtls_server_session_begin, or of
 *   nx_secure_dtls_server_session_start in the IP thread
 * - one of nxdtls_session_renegotiate, if that has returned 0x01 for a
 *   server's session
 *
 * `status` is 0, or what the service would have returned to a thread that
 * waits.  It always succeeds. */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_session_begin(NX_SECURE_DTLS_SESSION *dtls_session);
UINT nxdtls_server_handshake_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*handshake_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                             UINT status));
#endif

/* Resumption: a later handshake of the same two ends does without key exchange
 * and certificates, and is one flight shorter (RFC 5246, 7.3).  It is off by
 * default, as NetX has none.
 *
 * Only a session with the extended master secret (RFC 7627) is kept, and one
 * of a CBC suite only if it has encrypt-then-MAC.  It can be resumed for a day
 * after its full handshake, or less, and not after the peer's certificate has
 * ended.  Everything else that made it must be the same: the suite is still
 * offered, the server's name, the PSK with its key or the trusted
 * certificates, and whether the client is authenticated.  Otherwise the
 * handshake is a full one, which the peer does not see fail.  A start whose
 * offer got no ServerHello is followed by one that offers no session: servers
 * that drop a ClientHello in parts cannot read a long ticket.
 *
 * The certificate of the peer does not travel again, so the application's
 * certificate callback is not called; `peer_certificate` of
 * NXDTLS_SESSION_INFO is that of the full handshake.  A fatal alert that is
 * authentic makes an end forget the session.  A renegotiation neither resumes
 * a session nor makes one. */

/* NXDTLS_SAVED_SESSION holds the one session that a client may resume, with
 * its secret and its ticket of up to 2048 bytes, if it has one.  It is the
 * application's memory.  All zero means that it holds none. */
#define NXDTLS_SAVED_SESSION_WORDS 568
typedef struct NXDTLS_SAVED_SESSION_STRUCT {
    ALIGN_TYPE nxdtls_saved_private[NXDTLS_SAVED_SESSION_WORDS];
} NXDTLS_SAVED_SESSION;

/* nxdtls_session_resumption_set lets a client resume the session that `saved`
 * holds, and keep there the session that its next full handshake makes.
 *
 * `saved` is borrowed until the session is deleted, or set anew; NX_NULL, the
 * default, switches resumption off.  It belongs to one server, and serves one
 * session at a time.  `seconds`, at most 86400, limits the time after a full
 * handshake for which its session may be resumed; 0 stands for 86400.
 *
 *   0x09   `seconds` is above 86400; nothing has changed
 *   0x37   the session has been started, and has neither ended nor failed;
 *          nothing has changed */
UINT nxdtls_session_resumption_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_SAVED_SESSION *saved, ULONG seconds);

/* nxdtls_saved_session_clear forgets the session in `saved`, and wipes its
 * secret.  It succeeds in any thread. */
UINT nxdtls_saved_session_clear(NXDTLS_SAVED_SESSION *saved);

/* nxdtls_saved_session_export writes the session in `saved` to `buffer`, to be
 * kept in flash or in a file, and sets `length` to the number of bytes, at
 * most NXDTLS_EXPORTED_SESSION_SIZE.  They are sealed with AES-256-GCM under a
 * key that is made of the application's `key`, 32 bytes, and a random salt.
 * The session stays in `saved`.
 *
 *   0x09   `size` is too small
 *   0x1F2  there is no session in `saved`, or the last start offered it and
 *          got no ServerHello
 *   other  the status of cryptography that fails
 *
 * With each of these `length` is 0.
 *
 * nxdtls_saved_session_import is the inverse, in any process.  Whatever was in
 * `saved` is forgotten.  A session ages only while a process has it, so the
 * server may find it too old; the handshake is then a full one.
 *
 *   0x1F3  these bytes are no session that was exported under this key by this
 *          version of the format; `saved` has no session */
#define NXDTLS_EXPORTED_SESSION_SIZE 2416
UINT nxdtls_saved_session_export(const NXDTLS_SAVED_SESSION *saved,
                                 const UCHAR *key, UCHAR *buffer, ULONG size,
                                 ULONG *length);
UINT nxdtls_saved_session_import(NXDTLS_SAVED_SESSION *saved, const UCHAR *key,
                                 const UCHAR *buffer, ULONG length);

/* nxdtls_session_hand_over takes a connected session out of its control block,
 * as bytes with which it goes on later, in any process and from any address:
 * no handshake, one or no round trip.  A device writes its session to flash
 * and switches itself off; a host hands its clients to another one.
 *
 * The peer finds the session again by its connection id (RFC 9146): that of
 * the server, whose sessions have ids of their own; a server's client needs
 * none.  With the routability check of RFC 9853 at both ends, a server learns
 * its client's new address by the first record from there.
 *
 * The bytes, at most NXDTLS_HANDOVER_SIZE, are sealed under the application's
 * key as those of nxdtls_saved_session_export are.  `length` is their number.
 * They hold the session's secrets, so `key` must be kept as safe as these.
 *
 * The session has then ended.  Nothing is sent for it, no close_notify either;
 * what the peer sends to it is dropped; receive and send return 0x1F5.  It is
 * the application's to end, reset or delete, as any session that is over; a
 * server's keeps its place until then.
 *
 *   0x09   `size` is too small
 *   0x37   data waits to be received, a thread waits on the session, or a
 *          function of the application runs for a handshake
 *   0x43   too few record numbers are left
 *   0x1F2  it is no session that can leave: it is not connected; a handshake,
 *          a close, an alert or a check of the peer's address is under way; it
 *          has no connection id by which it is found; a server's client may
 *          still miss the end of the handshake (it has sent no data yet, or
 *          got a ticket less than four minutes ago); or it is a stand-alone
 *          server session
 *   other  the status of cryptography that fails
 *
 * With each of these nothing has changed, and `length` is 0.
 *
 * nxdtls_session_take_over goes on with a client's session in a control block
 * that was created, and has no association or was reset.  `udp_socket` is
 * bound; ip_address and port are those of the server.
 *
 * nxdtls_server_take_over goes on with a server's session, in a free one of a
 * server that has been started, to which `dtls_session` is set; else it is set
 * to NX_NULL.  ip_address and port are those of the client when its session
 * was handed over (nx_secure_dtls_session_client_info_get).  The server needs
 * connection ids of the same length.  No notification tells it.  The first
 * record of the client counts as one from a new address, since it may come to
 * another one of the server's: it is checked, and moved_notify tells it.
 *
 * Suites and ALPN must be set as they were for the session.  Its record
 * numbers go on 65536 further, no record from before is taken again, and its
 * life limit counts on.  The peer's certificates stay behind.
 *
 *   0x07   a server's session; a server that was never created
 *   0x24   the socket is not bound, or the server not started
 *   0x37   the session has an association; a session of the server has that
 *          connection id already, or ids of the server have another length
 *   0x4C   a client has no address of the index that it has set
 *   0x101  the session was never created
 *   0x123  the server has no free session (the reserve does not count)
 *   0x1F3  the bytes were not made so, under this key, for this role, or the
 *          session has no such suite or protocol
 *   other  the status of nx_secure_dtls_client_session_start for the settings
 *
 * With each of these no session has changed.
 *
 * TAKE THE SAME BYTES OVER ONLY ONCE.  A second session that goes on with them
 * seals other records under the same keys and numbers, which gives the keys
 * away with AES-GCM and ChaCha20.  Nothing in the bytes can prevent it: the
 * application must erase them, or mark them as used, and be sure of that
 * before it calls take_over; and never go back to a backup.
 * nxdtls_handover_serial returns what helps: how often the session has been
 * handed over, with these bytes, from 1.  An application that keeps the last
 * serial of each session in a counter that cannot be set back takes only
 * bytes with the next one.  The serial is authentic once the bytes have been
 * accepted; it is 0 for bytes of another form. */
#define NXDTLS_HANDOVER_SIZE 1024
UINT nxdtls_session_hand_over(NX_SECURE_DTLS_SESSION *dtls_session,
                              const UCHAR *key, UCHAR *buffer, ULONG size,
                              ULONG *length);
#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT nxdtls_session_take_over(NX_SECURE_DTLS_SESSION *dtls_session,
                              NX_UDP_SOCKET *udp_socket,
                              NXD_ADDRESS *ip_address, UINT port,
                              const UCHAR *key, const UCHAR *buffer,
                              ULONG length);
#endif
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_take_over(NX_SECURE_DTLS_SERVER *server_ptr,
                             NXD_ADDRESS *ip_address, UINT port,
                             const UCHAR *key, const UCHAR *buffer,
                             ULONG length,
                             NX_SECURE_DTLS_SESSION **dtls_session);
#endif
ULONG nxdtls_handover_serial(const UCHAR *buffer, ULONG length);

/* nxdtls_server_resumption_set lets a server keep sessions that clients may
 * resume by their ids, in `size` bytes of the application's memory: one for
 * each NXDTLS_KEPT_SESSION_SIZE.  The newest session takes the place of the
 * oldest.
 *
 * `memory` may begin anywhere.  It is borrowed, and wiped when the server is
 * deleted, or set anew; NX_NULL, the default, switches this off.  Sessions
 * that were kept before are forgotten.  `seconds` is as for a client.
 *
 *   0x07   the server was never created, or is deleted
 *   0x09   no session fits into `memory`, or `seconds` is above 86400; nothing
 *          has changed */
#define NXDTLS_KEPT_SESSION_SIZE 352
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_resumption_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  VOID *memory, ULONG size, ULONG seconds);

/* nxdtls_server_tickets_set lets a server give its clients tickets (RFC 5077)
 * with NX_TRUE, and not with NX_FALSE, the default.  A ticket holds the
 * session itself, sealed under a key of the server's (AES-256-GCM), so the
 * server needs no memory for it.  A client without tickets may still use an
 * id.
 *
 * A session can be resumed for `seconds` after its full handshake, at most
 * 86400; 0 stands for 86400.  The key is random and changes after that time;
 * the one before it still opens tickets, which are then renewed.  No key is
 * ever stored, and each call makes a new one, so that no earlier ticket is of
 * use.
 *
 *   0x07   the server was never created, or is deleted
 *   0x09   `seconds` is above 86400; nothing has changed */
UINT nxdtls_server_tickets_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT used,
                               ULONG seconds);
#endif

/* nxdtls_server_admission_set sets which clients get a session of a server
 * whose sessions are all taken.  It holds at once.
 *
 * A client that begins anew replaces its own half-open session at once, and
 * its established one with its verified Finished (RFC 6347, 4.2.8); for that
 * the server has one session in reserve.  An established session makes room
 * for nobody.
 *
 * With `yields` NX_TRUE, the default, a half-open session (its handshake is
 * not complete) makes room for a new client that has returned a cookie: the
 * oldest one of the source that has most of them.  A source is an IPv4 address
 * or an IPv6 prefix of 64 bits; the new client counts with its own.  Among
 * sources that have equally many, only a session that is a second old makes
 * room.  A source with `source_cap` half-open sessions or more makes room
 * itself; 0, the default, stands for a quarter of the server's sessions, at
 * least 1.  With NX_FALSE no session makes room, and the cap does not matter.
 *
 * While half-open sessions are the reason, a client that gets no session hears
 * nothing: it gets in when it asks again.  If every session is established, it
 * gets the alert internal_error, but no more than ten such alerts are sent in
 * a second.
 *
 *   0x07   the server was never created, or is deleted */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_admission_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                 UINT yields, ULONG source_cap);
#endif

/* nxdtls_server_reserve_set sets whether a server uses its session in reserve:
 * NX_TRUE, the default, or NX_FALSE.
 *
 * The reserve stands in NX_SECURE_DTLS_SERVER.  It is taken only while every
 * session of session_buffer is: for a client that begins anew, or in place of
 * a half-open session that makes room.  So a notification may bring a session
 * that is NOT in session_buffer.  An application that computes an index from a
 * session's address must use nxdtls_session_number instead, and have room for
 * one number more; or it must switch the reserve off.
 *
 * When the reserve is taken, before connect_notify, it gets the settings of
 * the session that its client had, or of the one that makes room, or else of
 * the first one: certificates, keys, curves, callbacks.  Its own are its
 * buffers.  If the table's methods need more metadata than the reserve has
 * (NX_SECURE_DTLS_RESERVE_METADATA_SIZE), a server has no reserve.
 *
 *   0x42   the server has been started; nothing has changed */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_reserve_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT used);
#endif

/* nxdtls_session_number returns the number of a server's session: its place in
 * session_buffer, from 0, and their count for the one in reserve.  For a
 * client's session it returns 0. */
ULONG nxdtls_session_number(const NX_SECURE_DTLS_SESSION *dtls_session);

/* Contents of the hellos that NetX has no service for. */

/* nxdtls_session_alpn_set and nxdtls_server_alpn_set set the protocols that
 * may be spoken above the session (RFC 7301), in order of preference.
 *
 * `names` holds each name behind one byte with its length: `length` bytes, at
 * most 255.  It is borrowed.  With length 0, the default, a client offers no
 * protocol and a server ignores the client's offer.
 *
 * A server takes the first of its own protocols that the client offers.  If
 * the client offers none of them, the server refuses it with alert 120.  If
 * the server does not answer the offer, the client goes on without a protocol.
 *
 *   0x09   `names` is not such a list; nothing has changed */
UINT nxdtls_session_alpn_set(NX_SECURE_DTLS_SESSION *dtls_session,
                             const UCHAR *names, ULONG length);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_alpn_set(NX_SECURE_DTLS_SERVER *server_ptr,
                            const UCHAR *names, ULONG length);
#endif

/* nxdtls_session_max_fragment_length_set sets the length of records that a
 * client asks for (RFC 6066, 4): at most 512, 1024, 2048 or 4096 bytes of data
 * each, both ways.  With 0, the default, it does not ask.  A server grants
 * every request, unless a record_size_limit takes its place.
 *
 *   0x09   any other number; nothing has changed */
UINT nxdtls_session_max_fragment_length_set(
    NX_SECURE_DTLS_SESSION *dtls_session, UINT length);

/* nxdtls_session_record_size_limit_set and nxdtls_server_record_size_limit_set
 * set the most data that this end accepts in one record (RFC 8449): 64 to
 * 16384 bytes, by default 16384.  With 0 this end does not use the extension.
 *
 * A peer that knows the extension keeps to the limit.  A server then ignores
 * the peer's max_fragment_length.
 *
 *   0x09   any other number; nothing has changed */
UINT nxdtls_session_record_size_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                          UINT limit);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_record_size_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                         UINT limit);
#endif

/* nxdtls_session_unread_limit_set and nxdtls_server_unread_limit_set set how
 * many records of data may wait for nx_secure_dtls_session_receive: 1 to 65535
 * for each session, by default 32.  Beyond four, and if they came in more
 * than one packet, they wait only while a quarter of the packet pool is free,
 * so that no peer can take the last packets from the others.  What comes above
 * that is dropped, as if it had been lost, and counted as discarded_no_room;
 * no notification tells it.
 *
 * The setting of a session holds at once.
 *
 *   0x09   any other number; nothing has changed */
UINT nxdtls_session_unread_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     UINT records);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_unread_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UINT records);
#endif

/* Connection ids (RFC 9146): records that say which session they belong to, so
 * that it survives a change of the peer's address, above all of a client
 * behind a NAT that forgets.  They are off by default, as NetX has none.
 *
 * Each end says in its hello which id it wants to receive, of 0 to 32 bytes;
 * with none it can send the peer's, and receives records as ever.  Usually a
 * client, which has one socket for one server, wants none, and a server wants
 * one: 8 bytes are enough.  A record that has an id is longer by the id and
 * one byte.  Ids make a client recognizable that changes its network.
 *
 * A server finds a session by its id alone, and drops a record whose id it
 * does not know.  If a record that is newer than all before comes from another
 * address, the server asks the client there whether it is (RFC 9853), three
 * times within a second, and follows when it answers.  Meanwhile what it sends
 * goes to the old address, and up to three times the bytes that came from the
 * new one also there.  Where the client does not know RFC 9853, its address
 * never changes: its records are taken, and the answers go where they went.
 *
 * nxdtls_session_connection_id_set and nxdtls_server_connection_id_set switch
 * them on (NX_TRUE) or off.  `length` is that of the id that this end wants.
 * For a server's session `make`, if it is not NX_NULL, writes the id, for
 * example with the number of the server that a load balancer is to choose,
 * encrypted; else the id is random.  It is called in the thread that drives
 * the session, without a lock of the library; from inside, the session cannot
 * be reset, ended or deleted (NX_IN_PROGRESS).  If it does not return
 * NX_SUCCESS, or has returned ids eight times that other sessions have, the
 * handshake fails.
 *
 *   0x09   `length` is above 32; nothing has changed
 *   0x42   the server has been started; nothing has changed */
UINT nxdtls_session_connection_id_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                      UINT used, UINT length);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_connection_id_set(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT used, UINT length,
    UINT (*make)(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *id,
                 UINT length));

/* nxdtls_server_moved_notify_set sets moved_notify; NX_NULL, the default, is
 * none.  It is called when a client's address has changed, in the IP thread
 * and under no lock, and must not wait.  The session has the new address in
 * its members, the old one is given.  It always succeeds. */
UINT nxdtls_server_moved_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*moved_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         NXD_ADDRESS *old_ip_address, UINT old_port));
#endif

/* nxdtls_session_padding_set and nxdtls_server_padding_set hide the lengths of
 * what is sent in records that have a connection id: data and one byte are
 * padded with zeros to a multiple of `multiple` bytes, or to the record's
 * limit.  With 0, the default, nothing is padded.
 *
 *   0x09   above 16384; nothing has changed */
UINT nxdtls_session_padding_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                UINT multiple);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_padding_set(NX_SECURE_DTLS_SERVER *server_ptr,
                               UINT multiple);
#endif

/* nxdtls_server_psk_lookup_set sets a function that knows the keys of clients
 * beside those that were added, any number of them; NX_NULL, the default:
 * there are no others.  It holds from the next client on.
 *
 * `lookup` is called when a client's ClientKeyExchange has named an identity
 * that no added key has: `identity_length` bytes, at most 128, which stand
 * there until it returns.  It writes the key to `key`, which has room for
 * NX_SECURE_TLS_MAX_PSK_SIZE bytes, sets `*key_length` to 1 or more, and
 * returns NX_SUCCESS.  If it returns NX_IN_PROGRESS, the handshake waits for
 * nxdtls_session_psk_answer, but no longer than its limit
 * (nxdtls_server_handshake_limit_set).  With any other status or length the
 * client is refused with alert unknown_psk_identity, and its session has
 * failed with 0x126.
 *
 * The library wipes its copy of the key.  Such a session is not resumed.
 *
 * It is called in the thread that drives the session, without a lock of the
 * library.  From inside, the session cannot be reset, ended or deleted
 * (NX_IN_PROGRESS).
 *
 * nxdtls_session_psk_answer gives the key of the identity that the session
 * waits for, which the library copies; of length 0, it refuses the client, on
 * the wire as `lookup` would have.  Any thread may call it, from the moment at
 * which `lookup` is called.  The handshake goes on in the IP thread, a tick
 * later.
 *
 *   0x09   the key is longer than NX_SECURE_TLS_MAX_PSK_SIZE
 *   0x11   the caller is no thread
 *   0x4D   the session does not wait for the key of this identity: it has been
 *          answered, is over, or has another client by now */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_psk_lookup_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*lookup)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *identity,
                   UINT identity_length, UCHAR *key, UINT *key_length));
UINT nxdtls_session_psk_answer(NX_SECURE_DTLS_SESSION *dtls_session,
                               const UCHAR *identity, UINT identity_length,
                               const UCHAR *key, UINT key_length);
#endif

/* nxdtls_session_password_set and nxdtls_server_password_set set a password
 * that both ends know, for EC-JPAKE (suite 0xC0FF, which the table of methods
 * must have; nxdtls_ciphers_all has it).  It is 1 to
 * NX_SECURE_TLS_MAX_PSK_SIZE bytes, which are borrowed; of length 0, the
 * default, there is none.
 *
 * The password may be short: whoever listens or takes part learns nothing
 * about it but whether one guess for each handshake was right.  That holds
 * only while it is no key of a PSK suite, too.  With another password the
 * peer's Finished does not open, and the handshake fails when its time is
 * over (0x10B for a client that waits).  An application that lets peers try
 * without end should slow them down.
 *
 * Such an association is not resumed and does not renegotiate.
 *
 *   0x09   it is longer
 *   0x4D   as a number it is 0 modulo the order of secp256r1, or libcrypto has
 *          no memory; nothing has changed */
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
UINT nxdtls_session_password_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                 const UCHAR *password, UINT length);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_password_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                const UCHAR *password, UINT length);
#endif
#endif

/* nxdtls_session_fingerprints_set and nxdtls_server_fingerprints_set set the
 * keys that a peer may have: `count` fingerprints of NXDTLS_FINGERPRINT_SIZE
 * bytes, each the SHA-256 of the SubjectPublicKeyInfo of a certificate, or of
 * a raw public key
 * (`openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER |
 * sha256sum`).  They are borrowed.  With 0, the default, certificates are
 * judged by those that are trusted.
 *
 * With fingerprints, a peer is accepted if it proves the key of its first
 * certificate and that key is one of them.  Who issued the certificate, its
 * dates and its names do not matter, and trusted certificates are not asked.
 * A certificate callback still has the last word.  A server asks for
 * certificates only after nx_secure_dtls_server_x509_client_verify_configure.
 * A peer with another key is refused with alert certificate_unknown, and the
 * session has failed with 0x112.
 *
 *   0x09   more than 1000; nothing has changed */
#define NXDTLS_FINGERPRINT_SIZE 32
UINT nxdtls_session_fingerprints_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     const UCHAR *fingerprints, ULONG count);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_fingerprints_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    const UCHAR *fingerprints, ULONG count);
#endif

/* Raw public keys (RFC 7250): an end shows its public key, as a
 * SubjectPublicKeyInfo, in place of a certificate.  A key of P-256 has 91
 * bytes and needs no clock, no issuer and no name; both ends must know each
 * other's key, or its hash, beforehand.  They are off by default, as NetX has
 * none.
 *
 * nxdtls_raw_key_initialize makes a raw public key of `key_info`, a
 * SubjectPublicKeyInfo in DER, which is borrowed.  It is used like a
 * certificate of nx_secure_x509_certificate_initialize, with an id:
 *
 * - With its private key, which is borrowed, too, it is added to the local
 *   certificates, and is shown to a peer that takes raw public keys.  Local
 *   certificates may stand beside it: those of the first entry's type come
 *   first.
 * - Without one (NX_NULL, 0 and NX_SECURE_X509_KEY_TYPE_NONE) it is added to
 *   the trusted certificates, and the peer may have this key.
 *
 *   0x37   a session or server has `raw_key` in a list; nothing has changed
 *   0x14A  an RSA key is above 4096 bits
 *   0x18A  the private key is unusable, or of another type
 *   0x19D  private_key_type is unknown
 *   0x1A1  a key of a kind that the library has not, or RSA below 2048 bits
 *   0x1A2  key_info is not one SubjectPublicKeyInfo in DER */
#ifndef NX_SECURE_DISABLE_X509
UINT nxdtls_raw_key_initialize(NX_SECURE_X509_CERT *raw_key,
                               const UCHAR *key_info, USHORT length,
                               const UCHAR *private_key, USHORT priv_len,
                               UINT private_key_type);
#endif

/* nxdtls_session_raw_keys_set and nxdtls_server_raw_keys_set let the peer show
 * a raw public key (NX_TRUE), or not (NX_FALSE, the default).  The peer must
 * prove the key, and it must be a raw public key among the trusted
 * certificates, or have one of the fingerprints
 * (nxdtls_session_fingerprints_set), or be accepted by `judge`.  Otherwise the
 * peer is refused with alert certificate_unknown, and the session has failed
 * with 0x112.  A server asks for a key only after
 * nx_secure_dtls_server_x509_client_verify_configure.
 *
 * `judge`, if it is not NX_NULL, is called for a key that is neither trusted
 * nor has a fingerprint; it returns NX_SUCCESS for one that it accepts.  With
 * any other status the peer is refused, and the session has failed with that.
 * `key_info` stands there until it returns.  It is called in the thread that
 * drives the session, without a lock of the library; from inside, the session
 * cannot be reset, ended or deleted (NX_IN_PROGRESS).  A certificate callback
 * is not called for a raw public key, and a host's name is not checked.
 *
 * A peer that does not know RFC 7250 shows a certificate, which is judged as
 * ever.  Where nothing but raw public keys can be accepted, it is refused with
 * alert unsupported_certificate.  They always succeed. */
UINT nxdtls_session_raw_keys_set(
    NX_SECURE_DTLS_SESSION *dtls_session, UINT accepted,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *key_info,
                  UINT length));
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_raw_keys_set(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT accepted,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *key_info,
                  UINT length));
#endif

/* nxdtls_server_name_required_set decides about a client that asks for a name
 * which the chosen certificate does not have.  With NX_TRUE it is refused with
 * alert 112.  With NX_FALSE, the default, the handshake goes on and the server
 * does not acknowledge the name. */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_name_required_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT required);
#endif

/* NXDTLS_SESSION_INFO describes a session as its last complete handshake has
 * left it; NXDTLS_STATISTICS counts what has happened in it.  A member that
 * answers yes or no is NX_TRUE or NX_FALSE.  `alert_sent` is the description
 * of the fatal alert that this end has sent since the start, 256 if none. */
typedef struct NXDTLS_SESSION_INFO_STRUCT {
    USHORT suite;                /* 0 before ServerHello */
    const CHAR *suite_name;      /* a constant; "none" before ServerHello */
    UINT extended_master_secret; /* agreed on (RFC 7627) */
    UINT secure_renegotiation;   /* agreed on (RFC 5746) */
    UINT resumed;                /* its first handshake resumed a session */
    ULONG renegotiations;        /* complete handshakes after the first */
    UINT peer_certificate;       /* the peer showed one and proved its key */
    UINT server_name_known;      /* the server acknowledged the name */
    const UCHAR *alpn;      /* the protocol, inside the list that was set */
    UINT alpn_length;       /* bytes; 0: no protocol was agreed on */
    ULONG send_limit;       /* bytes of data that a record may carry, out */
    ULONG receive_limit;    /* and in */
    ULONG mtu;              /* bytes: largest UDP payload of a handshake; while
                               no peer is known, the default for IPv6 */
    ULONG path_mtu;         /* bytes: largest UDP payload that the peer has
                               been seen to get; 0: none yet */
    ULONG record_overhead;  /* bytes that a record adds to data, at most */
    UINT alert_sent;        /* see above */
    UINT alert_received;    /* the description of the peer's last alert since
                               the start, 256 if none */
    USHORT group;           /* of the key exchange, in IANA's registry; 0: it
                               had none, or it has not been chosen yet */
    UINT receive_id_length; /* bytes of the connection id that the peer's
                               records have now; 0: they have none */
    UINT send_id_length;    /* the same of our records */
    UINT routability_checks; /* agreed on (RFC 9853) */
    UINT peer_raw_key;       /* the peer's certificate is a raw public key */
    UINT clear_answers; /* of a client: alerts and HelloVerifyRequests in the
                           clear since the peer's last authentic record, after
                           this end has sent data; at most 255.  A server that
                           has lost the session may have sent them, and so may
                           anybody: a hint that a new start would help.  They
                           never touch the session */
} NXDTLS_SESSION_INFO;

/* nxdtls_session_info_get fills `info`.  It may be called at any time in a
 * session's life, and always succeeds. */
UINT nxdtls_session_info_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SESSION_INFO *info);

/* nxdtls_session_peer_certificate_get sets `*certificate` to the certificate,
 * or the raw public key's SubjectPublicKeyInfo (DER), that the peer has shown
 * in the last handshake, whether it was accepted or not, and `*length` to its
 * bytes.  They stand in the session's buffer for
 * certificates until its next handshake; a server's session may have another
 * client soon after a failure.
 *
 *   0x119  the peer has shown none; nothing is set */
UINT nxdtls_session_peer_certificate_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                         const UCHAR **certificate,
                                         UINT *length);

/* nxdtls_session_export writes `length` bytes of keying material for a
 * protocol above the session to `out` (RFC 5705).  Both ends get the same
 * bytes for the same label, context and length.
 *
 * `length` is at most 16384.  `label` is a string.  `context` has at most 512
 * bytes; NULL means no context, which is not the same as an empty one.
 *
 *   0x101  the session is not connected, or has no extended master secret
 *          (RFC 7627, 5.4)
 *   0x4D   a length is above its maximum, or the label is one of TLS itself */
UINT nxdtls_session_export(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *out,
                           ULONG length, const CHAR *label,
                           const UCHAR *context, ULONG context_length);

/* OCSP stapling (RFC 6066, 8): a client asks the server for what an OCSP
 * responder says about its certificate, and the server sends it with the
 * handshake.  It is off by default.  Neither end reads such a response: that
 * is for the application, which knows the responder.
 *
 * nxdtls_session_staple_judge_set lets a client ask; NX_NULL, the default:
 * it does not.  `judge` is called once in each handshake in which the server
 * shows certificates, after they were accepted: with the OCSPResponse in DER,
 * while the server's certificates are in the session's store
 * (nx_secure_x509_remote_certificates), or with a length of 0 if the server
 * has sent none.  It returns NX_SUCCESS to go on.  With any other status the
 * handshake ends with alert bad_certificate_status_response, and the session
 * has failed with that status.  It is called in the thread that waits on the
 * session, without a lock of the library; from inside, the session cannot be
 * reset, ended or deleted (NX_IN_PROGRESS).  It is not called for a session
 * that is resumed, nor for a raw public key.
 *
 * nxdtls_certificate_staple_set gives a server's certificate its response,
 * `length` bytes, which are borrowed until the next call or while the
 * certificate is in a list; 0: none.  It holds from the next handshake on, so
 * the application can renew it at any time: the memory of the one before must
 * stay until the handshakes that have begun are over.
 *
 *   0x09   it has more than NXDTLS_STAPLE_SIZE bytes; nothing has changed
 *   0x11   the caller is no thread */
#define NXDTLS_STAPLE_SIZE 16384
UINT nxdtls_session_staple_judge_set(
    NX_SECURE_DTLS_SESSION *dtls_session,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *response,
                  ULONG length));
UINT nxdtls_certificate_staple_set(NX_SECURE_X509_CERT *certificate,
                                   const UCHAR *response, ULONG length);

/* Keys for SRTP (RFC 5764): both ends agree on a protection profile for media
 * beside the session, and take its keys from the handshake.  It is off by
 * default.  Media never goes through the session: its packets travel on the
 * same port, and the first byte tells them apart (20 to 63: DTLS, 128 to 191:
 * RTP and RTCP).
 *
 * nxdtls_session_srtp_set and nxdtls_server_srtp_set set the profiles, in
 * order of preference, of which the server's decides: `count` of
 * NXDTLS_SRTP_*, which are borrowed.  0, the default, switches it off.  A
 * client may offer an MKI of up to NXDTLS_SRTP_MKI_SIZE bytes, which is
 * borrowed, too; a server takes the client's, or none if it is longer.  A peer
 * that has no profile in common is still connected: nxdtls_session_srtp_get
 * tells.
 *
 *   0x09   more than four profiles, one that is no NXDTLS_SRTP_*, or an MKI
 *          that is longer; nothing has changed */
#define NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80 0x0001
#define NXDTLS_SRTP_AES128_CM_HMAC_SHA1_32 0x0002
#define NXDTLS_SRTP_AEAD_AES_128_GCM 0x0007
#define NXDTLS_SRTP_AEAD_AES_256_GCM 0x0008
#define NXDTLS_SRTP_MKI_SIZE 32
UINT nxdtls_session_srtp_set(NX_SECURE_DTLS_SESSION *dtls_session,
                             const USHORT *profiles, UINT count,
                             const UCHAR *mki, UINT mki_length);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_srtp_set(NX_SECURE_DTLS_SERVER *server_ptr,
                            const USHORT *profiles, UINT count);
#endif

/* NXDTLS_SRTP is what both ends have agreed on for SRTP.  `send` is what this
 * end protects with, `receive` what its peer does. */
typedef struct NXDTLS_SRTP_STRUCT {
    USHORT profile;   /* NXDTLS_SRTP_* */
    UINT key_length;  /* bytes of a master key */
    UINT salt_length; /* bytes of a master salt */
    ULONG packets;    /* that one master key may protect */
    UINT mki_length;  /* bytes; 0: packets have no MKI */
    UCHAR mki[NXDTLS_SRTP_MKI_SIZE];
    UCHAR send_key[32];
    UCHAR send_salt[14];
    UCHAR receive_key[32];
    UCHAR receive_salt[14];
} NXDTLS_SRTP;

/* nxdtls_session_srtp_get fills `srtp`, whose keys the application wipes.  A
 * renegotiation and a resumed session have other keys.  If it fails, `srtp` is
 * untouched.
 *
 *   0x101  the session is not connected, has no extended master secret
 *          (RFC 7627, 5.4), or both ends have no profile in common */
UINT nxdtls_session_srtp_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SRTP *srtp);

/* NXDTLS_STATISTICS counts events, for operators and auditors.  Each event is
 * counted once, where it happens.  A number wraps at 2^32.
 *
 * The numbers of a session are 0 after it is created and after each reset; the
 * start of a client resets it.  The numbers of a server are the sums over all
 * its sessions since it was created, ended sessions included. */
typedef struct NXDTLS_STATISTICS_STRUCT {
    ULONG sessions;         /* in use now; one more than the server's buffers
                               hold while a client of a full one begins anew */
    ULONG handshakes;       /* complete ones, renegotiations included */
    ULONG retransmissions;  /* of a flight: by timer, or for a repeat */
    ULONG records_sent;     /* of every type */
    ULONG records_received; /* authentic ones; in the clear where allowed */
    ULONG data_sent;        /* records of application data */
    ULONG data_received;
    ULONG alerts_sent; /* warnings and close_notify included */
    ULONG alerts_received;
    ULONG discarded_header;  /* records: malformed, or of unknown type */
    ULONG discarded_epoch;   /* records of an epoch without keys */
    ULONG discarded_replay;  /* records seen before, or too old to tell */
    ULONG discarded_mac;     /* not authentic; wrong padding included */
    ULONG discarded_state;   /* out of place: records, messages, fragments */
    ULONG discarded_no_room; /* data without a free packet, or above the limit
                                of unread records; datagrams above the limit
                                before a session's start */
    ULONG moves;             /* times that the peer's address has changed */
    ULONG moves_refused;     /* checks of another address that had no answer */
    /* Of a server only: events before there is a session. */
    ULONG cookies_sent;         /* HelloVerifyRequests */
    ULONG cookies_accepted;     /* ClientHellos that were let through */
    ULONG cookies_refused;      /* ClientHellos with a cookie that is wrong,
                                   too old, or another client's */
    ULONG discarded_no_session; /* datagrams without a usable ClientHello */
    ULONG refused;              /* clients for which no session was free */
    ULONG given_up; /* half-open sessions that made room for another client,
                       or whose client began anew */
} NXDTLS_STATISTICS;

/* nxdtls_session_statistics_get and nxdtls_server_statistics_get fill
 * `statistics`.  They always succeed. */
UINT nxdtls_session_statistics_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_STATISTICS *statistics);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_statistics_get(NX_SECURE_DTLS_SERVER *server_ptr,
                                  NXDTLS_STATISTICS *statistics);
#endif

/* nxdtls_alert_name returns the name of an alert's description in RFC 5246 or
 * a later one, as "handshake_failure": a constant string, or NULL if the
 * number has no name. */
const CHAR *nxdtls_alert_name(UINT description);

/* nxdtls_session_reason returns a sentence for people about why a session is
 * not connected, as far as this end can know: what the peer's alert means,
 * what is wrong with its certificates, or the likely cause of its silence.  It
 * is a constant string, "" if the status of the failure says all that is
 * known.
 *
 * It may be called from the start of a handshake until the next one.  A server
 * frees a session whose handshake has failed; its reason stays until the
 * session has another client, so ask for it in error_notify, or where the
 * start has failed. */
const CHAR *nxdtls_session_reason(NX_SECURE_DTLS_SESSION *dtls_session);

/* nxdtls_status_text returns a few words, for people, about a status value: a
 * constant string.  For a value that it does not know it returns "unknown
 * status". */
const CHAR *nxdtls_status_text(UINT status);

#ifdef __cplusplus
}
#endif

#endif
