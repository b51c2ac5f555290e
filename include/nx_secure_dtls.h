/* SPDX-License-Identifier: MIT */
/* nx_secure_dtls.h: DTLS 1.2 for NetX applications.
 *
 * The following holds for every service nx_secure_dtls_*, except
 * nx_secure_dtls_initialize.
 *
 * Results.  A service returns NX_SUCCESS (0), or another value that says what
 * went wrong.  A service that fails leaves nothing half done.
 *
 * Forms.  The checked form (_nxe_) returns 0x07 for a pointer that must not be
 * NULL and for a server that was never created, 0x101 for a session that was
 * never created, and 0x11 if its caller is no thread: in a timer's function or
 * in tx_application_define.  The form without checks (_nx_) relies on its
 * caller for these.  Both forms return the values that the reference lists for
 * the service (docs/status-codes.md).
 *
 * Time.  A wait_option is in ticks, of which there are NX_IP_PERIODIC_RATE in
 * a second; or it is NX_NO_WAIT or NX_WAIT_FOREVER.  No wait and no timeout
 * depends on tx_time_get: it may wrap, and the application may set it.
 *
 * Ownership.  Control blocks, buffers, certificates and names are borrowed.
 * They must stay where they are until the session or server is deleted.
 *
 * Waiting.  One thread at a time can wait on a session.  A second one gets
 * 0x40 if it would have to wait.  A timer's function cannot wait, nor can the
 * IP thread in a notification: they get 0x11.
 *
 * A wait ends with 0x1A if another thread ends, resets or deletes the session
 * or stops its server.  The service that does this does not wait for the
 * waiting thread, whose own service returns 0x1A whenever it runs.  A wait
 * ends with 0x26 if the socket is unbound.
 *
 * A thread that is terminated while it waits no longer counts as waiting.  The
 * application must then end or reset the session.  Until it has done so, the
 * TX_THREAD must stay in place; it may be reset or created again meanwhile. */

#ifndef NX_SECURE_DTLS_H
#define NX_SECURE_DTLS_H

#include "nx_secure_tls.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NX_SECURE_DTLS_VERSION_1_0 0xFEFF
#define NX_SECURE_DTLS_VERSION_1_2 0xFEFD
#define NX_SECURE_DTLS_RECORD_HEADER_SIZE 13
#define NX_SECURE_DTLS_HANDSHAKE_HEADER_SIZE 12

/* Bytes of the longest cookie that a client returns. */
#define NX_SECURE_DTLS_MAX_COOKIE_LENGTH 255

/* Retransmission of a flight: the first timeout in ticks, the shift by which a
 * timeout grows (1 doubles it), the longest timeout in ticks, the number of
 * retransmissions. */
#ifndef NX_SECURE_DTLS_RETRANSMIT_TIMEOUT
#define NX_SECURE_DTLS_RETRANSMIT_TIMEOUT NX_IP_PERIODIC_RATE
#endif
#ifndef NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT
#define NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT 1
#endif
#ifndef NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT
#define NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT (60 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES
#define NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES 10
#endif

/* Bytes of a server's cookies, 16 to 32. */
#ifndef NX_SECURE_DTLS_COOKIE_LENGTH
#define NX_SECURE_DTLS_COOKIE_LENGTH 32
#endif

/* Bytes of the buffers of a server's reserve: see
 * nx_secure_dtls_server_create. */
#ifndef NX_SECURE_DTLS_RESERVE_METADATA_SIZE
#define NX_SECURE_DTLS_RESERVE_METADATA_SIZE 8192
#endif
#ifndef NX_SECURE_DTLS_RESERVE_REASSEMBLY_SIZE
#define NX_SECURE_DTLS_RESERVE_REASSEMBLY_SIZE 8192
#endif
#ifndef NX_SECURE_DTLS_RESERVE_CERTIFICATES_SIZE
#define NX_SECURE_DTLS_RESERVE_CERTIFICATES_SIZE 8192
#endif

/* The private parts of a session and of a server, in words of 64 bits. */
#define NX_SECURE_DTLS_SESSION_PRIVATE_WORDS 885
#define NX_SECURE_DTLS_SERVER_PRIVATE_WORDS 208

struct NX_SECURE_DTLS_SERVER_STRUCT;

#define NX_SECURE_DTLS_ANY_ADDRESS 0xFFFFFFFFu

typedef struct NX_SECURE_DTLS_SESSION_STRUCT {
    NX_SECURE_TLS_SESSION nx_secure_dtls_tls_session; /* must stay first */
    NX_UDP_SOCKET *nx_secure_dtls_udp_socket;
    /* The own address: an interface for IPv4, an index for IPv6;
     * NX_SECURE_DTLS_ANY_ADDRESS until the first packet has come.  A client
     * that sets it before a start sends from that address. */
    UINT nx_secure_dtls_local_ip_address_index;
    UINT nx_secure_dtls_local_port;
    NXD_ADDRESS nx_secure_dtls_remote_ip_address;
    UINT nx_secure_dtls_remote_port;
    UINT nx_secure_dtls_session_in_use;  /* it has a peer */
    UINT nx_secure_dtls_session_started; /* its handshake has begun */
    struct NX_SECURE_DTLS_SERVER_STRUCT *nx_secure_dtls_server_parent;
    NX_PACKET *nx_secure_dtls_receive_queue_head;
    NX_PACKET *nx_secure_dtls_receive_queue_tail;
    UINT nx_secure_dtls_receive_queue_count;
    TX_THREAD *nx_secure_dtls_thread_suspended; /* it waits; or NX_NULL */
    ULONG nx_secure_dtls_thread_serial;         /* its tx_thread_serial */
    TX_SEMAPHORE nx_secure_dtls_semaphore;
    UINT nx_secure_dtls_callback_status; /* of the callback that refused */
    ULONG nx_secure_dtls_generation;     /* nx_secure_dtls_initialize calls */
    ALIGN_TYPE nx_secure_dtls_private[NX_SECURE_DTLS_SESSION_PRIVATE_WORDS];
} NX_SECURE_DTLS_SESSION;

typedef struct NX_SECURE_DTLS_SERVER_STRUCT {
    NX_IP *nx_dtls_server_ip_ptr;
    NX_UDP_SOCKET nx_dtls_server_udp_socket;
    NX_SECURE_DTLS_SESSION *nx_dtls_server_sessions;
    UINT nx_dtls_server_sessions_count;
    UINT nx_dtls_server_listen_port;
    ULONG nx_dtls_server_timeout;
    UINT(*nx_dtls_server_connect_notify)
    (NX_SECURE_DTLS_SESSION *dtls_session, NXD_ADDRESS *ip_address, UINT port);
    UINT(*nx_dtls_server_receive_notify)
    (NX_SECURE_DTLS_SESSION *dtls_session);
    UINT(*nx_dtls_server_disconnect_notify)
    (NX_SECURE_DTLS_SESSION *dtls_session);
    UINT(*nx_dtls_server_error_notify)
    (NX_SECURE_DTLS_SESSION *dtls_session, UINT error_code);
    USHORT nx_dtls_server_protocol_version_override; /* 0: not set */
    VOID *nx_dtls_server_reserved_ptr;               /* for the application */
    ULONG nx_dtls_server_id; /* NX_SECURE_DTLS_SERVER_ID once created */
    UINT nx_dtls_server_bound;
    ULONG nx_dtls_server_generation; /* nx_secure_dtls_initialize calls */
    ALIGN_TYPE nx_dtls_server_private[NX_SECURE_DTLS_SERVER_PRIVATE_WORDS];
    NX_SECURE_DTLS_SESSION nx_dtls_server_reserve;
    ALIGN_TYPE
    nx_dtls_server_reserve_metadata[NX_SECURE_DTLS_RESERVE_METADATA_SIZE /
                                    sizeof(ALIGN_TYPE)];
    UCHAR nx_dtls_server_reserve_reassembly
        [NX_SECURE_DTLS_RESERVE_REASSEMBLY_SIZE];
    UCHAR nx_dtls_server_reserve_certificates
        [NX_SECURE_DTLS_RESERVE_CERTIFICATES_SIZE];
} NX_SECURE_DTLS_SERVER;

#define NX_SECURE_DTLS_SERVER_ID ((ULONG)0x44544C53)

/* NetX's names of the four notifications. */
#define nx_secure_dtls_connect_notify nx_dtls_server_connect_notify
#define nx_secure_dtls_receive_notify nx_dtls_server_receive_notify
#define nx_secure_dtls_disconnect_notify nx_dtls_server_disconnect_notify
#define nx_secure_dtls_error_notify nx_dtls_server_error_notify

/* nx_secure_dtls_initialize initializes the module.  Call it once in each run
 * of the kernel, after nx_secure_tls_initialize.
 *
 * It forgets the sessions and servers of an earlier run; others may be created
 * in their memory. */
VOID _nx_secure_dtls_initialize(VOID);
#define nx_secure_dtls_initialize _nx_secure_dtls_initialize

#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define NX_SECURE_DTLS_MAP(name) _nx_secure_dtls_##name
#else
#define NX_SECURE_DTLS_MAP(name) _nxe_secure_dtls_##name
#endif

/* nx_secure_dtls_session_start is the older name of
 * nx_secure_dtls_client_session_start and nx_secure_dtls_server_session_start,
 * and returns what they return.
 *
 * If is_client is not 0, it starts a client over `udp_socket`.  The address
 * and port of the server must stand in nx_secure_dtls_remote_ip_address and
 * nx_secure_dtls_remote_port of the session.  If is_client is 0, it starts a
 * session of a server and ignores `udp_socket`.
 *
 * If is_client is 0 and nx_secure_dtls_session_create has made the session, it
 * is a stand-alone server session: it waits on `udp_socket`, which is bound,
 * for a client that returns its cookie, and then for the handshake, within
 * wait_option ticks for both.  The session has this client until it is reset
 * or ended, and can then be started again.  Datagrams from other addresses are
 * dropped.
 *
 *   0x07   a stand-alone server session without a socket
 *   0x4B   the library was built without this role */
UINT _nx_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NX_UDP_SOCKET *udp_socket, UINT is_client,
                                   UINT wait_option);
UINT _nxe_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                    NX_UDP_SOCKET *udp_socket, UINT is_client,
                                    UINT wait_option);

/* nx_secure_dtls_packet_allocate allocates a packet with room for the header
 * of a record before its data.  The packet is the caller's.
 *
 *   0x111  no packet was free within wait_option ticks, or the pool's packets
 *          are too small for the header; *packet_ptr is unchanged */
UINT _nx_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                     NX_PACKET_POOL *pool_ptr,
                                     NX_PACKET **packet_ptr,
                                     ULONG wait_option);
UINT _nxe_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                      NX_PACKET_POOL *pool_ptr,
                                      NX_PACKET **packet_ptr,
                                      ULONG wait_option);

/* nx_secure_dtls_server_session_send sends the data of a packet to the
 * session's peer, as one record.  It does not wait.  On success the packet is
 * released; else it stays the caller's, unchanged.
 *
 *   0x09   the datagram is too large for the path
 *   0x43   the record numbers are used up
 *   0x101  the session is not connected
 *   0x109  the datagram could not be sent
 *   0x111  no packet was free for the record
 *   0x127  the peer has sent close_notify
 *   0x151  the data is longer than a record may be
 *   0x153  a renegotiation is changing the keys (nxdtls_session_renegotiate)
 *   other  the status with which the session has failed */
UINT _nx_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                         NX_PACKET *packet_ptr);
UINT _nxe_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                          NX_PACKET *packet_ptr);

/* nx_secure_dtls_session_create creates a session that does not belong to a
 * server.
 *
 * `metadata_buffer` has the size that nx_secure_tls_metadata_size_calculate
 * gives for the table.  `packet_reassembly_buffer` has at least 512 bytes and
 * bounds the length of a handshake message.  `remote_certificate_buffer` holds
 * the peer's certificates: at least sizeof(NX_SECURE_X509_CERT) + 256 bytes
 * for each of certs_number.  It may be NULL if certs_number is 0.  All sizes
 * are in bytes.
 *
 *   0x07   a NULL pointer; in the checked form also a session that exists
 *   0x4D   a buffer is too small */
UINT _nx_secure_dtls_session_create(NX_SECURE_DTLS_SESSION *dtls_session,
                                    const NX_SECURE_TLS_CRYPTO *crypto_table,
                                    VOID *metadata_buffer, ULONG metadata_size,
                                    UCHAR *packet_reassembly_buffer,
                                    UINT packet_reassembly_buffer_size,
                                    UINT certs_number,
                                    UCHAR *remote_certificate_buffer,
                                    ULONG remote_certificate_buffer_size);
UINT _nxe_secure_dtls_session_create(
    NX_SECURE_DTLS_SESSION *dtls_session,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *metadata_buffer,
    ULONG metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size, UINT certs_number,
    UCHAR *remote_certificate_buffer, ULONG remote_certificate_buffer_size);

/* nx_secure_dtls_session_delete ends the session without a close_notify, wipes
 * its keys and frees what it holds.  Its certificates and buffers are then the
 * application's alone.  A session of a server is only reset: it goes with the
 * server.
 *
 *   0x07   there is no such session
 *   0x37   a function of the application runs for a handshake of the session
 */
UINT _nx_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session);
UINT _nxe_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session);

/* nx_secure_dtls_session_end sends close_notify, waits up to wait_option ticks
 * for the peer's, and resets the session whatever the result.  It waits no
 * longer than 30 s, even with NX_WAIT_FOREVER: a peer need not answer (RFC
 * 5246, 7.2.1).
 *
 * Another thread that waits on the session is woken; its service returns 0x1A
 * whenever that thread runs.  Nothing waits for that thread, here and in
 * reset, delete and nx_secure_dtls_server_stop.
 *
 * It returns 0 if the peer's close_notify came, or if the session was not
 * connected.
 *
 *   0x01   the peer did not answer in time
 *   0x37   a function of the application runs for a handshake of the session;
 *          it is not reset
 *   0x101  a server's session has no client (checked form only)
 *
 * If close_notify could not be sent, it does not wait and returns the reason:
 *
 *   0x21   there is no such address
 *   0x24   the socket is not bound
 *   0x46   there is no such port
 *   0x111  no packet was free
 *   0x109  any other reason */
UINT _nx_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                 UINT wait_option);
UINT _nxe_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                  UINT wait_option);

/* nx_secure_dtls_session_receive waits up to wait_option ticks for a record of
 * application data.  On success the packet with the data is the caller's.
 *
 *   0x01   no data came in time
 *   0x14   UDP is not enabled
 *   0x24   the client's socket is not bound
 *   0x101  the session is not connected
 *   0x114  the peer has sent a fatal alert
 *   0x127  the peer has sent close_notify
 *   other  the status with which the session has failed */
UINT _nx_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                     NX_PACKET **packet_ptr_ptr,
                                     UINT wait_option);
UINT _nxe_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                      NX_PACKET **packet_ptr_ptr,
                                      UINT wait_option);

/* nx_secure_dtls_session_reset ends the connection without a close_notify and
 * wipes what it left: keys, state, packets that were not received.  The
 * settings of the session stay, its certificates and pre-shared keys among
 * them.
 *
 *   0x37   a function of the application runs for a handshake of the session
 */
UINT _nx_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session);
UINT _nxe_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session);

/* nx_secure_dtls_session_send does the same as
 * nx_secure_dtls_server_session_send, if `ip_address` and `port` are those of
 * the session's peer.
 *
 *   0x122  they are not; nothing is sent */
UINT _nx_secure_dtls_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                  NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT port);
UINT _nxe_secure_dtls_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                   NX_PACKET *packet_ptr,
                                   NXD_ADDRESS *ip_address, UINT port);

#define nx_secure_dtls_packet_allocate NX_SECURE_DTLS_MAP(packet_allocate)
#define nx_secure_dtls_server_session_send                                    \
    NX_SECURE_DTLS_MAP(server_session_send)
#define nx_secure_dtls_session_create NX_SECURE_DTLS_MAP(session_create)
#define nx_secure_dtls_session_delete NX_SECURE_DTLS_MAP(session_delete)
#define nx_secure_dtls_session_end NX_SECURE_DTLS_MAP(session_end)
#define nx_secure_dtls_session_receive NX_SECURE_DTLS_MAP(session_receive)
#define nx_secure_dtls_session_reset NX_SECURE_DTLS_MAP(session_reset)
#define nx_secure_dtls_session_send NX_SECURE_DTLS_MAP(session_send)
#define nx_secure_dtls_session_start NX_SECURE_DTLS_MAP(session_start)

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
/* nx_secure_dtls_client_session_start resets the session and runs the
 * handshake of a client, within wait_option ticks.
 *
 * The session speaks to `ip_address` and `port` over `udp_socket`, which its
 * caller has bound.  Datagrams that the socket holds already are dropped.  As
 * long as the session is in use, no other code may receive from this socket.
 *
 *   0x01   the handshake was not complete in time
 *   0x07   a NULL pointer, or a session of a server
 *   0x38   the server answered no retransmission
 *   0x46   port is not from 1 to 65535 (checked form only)
 *   0x4B   a signature method of the table is neither RSA nor ECDSA
 *   0x105  the table has no suite of this library
 *   0x109  a datagram could not be sent
 *   0x10E  no suite of the table has its key, its trusted certificate or its
 *          curve
 *   0x111  no packet was free
 *   0x13B  a method of the table, or a function that it needs, is NULL; or no
 *          method can use a private key that the library cannot read
 *   0x14B  none of the session's curves is supported, and a suite needs one
 *   0x14D  none of the session's signature algorithms is supported, and a
 * suite needs one other  the status with which the handshake failed */
UINT _nx_secure_dtls_client_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                          NX_UDP_SOCKET *udp_socket,
                                          NXD_ADDRESS *ip_address, UINT port,
                                          UINT wait_option);
UINT _nxe_secure_dtls_client_session_start(
    NX_SECURE_DTLS_SESSION *dtls_session, NX_UDP_SOCKET *udp_socket,
    NXD_ADDRESS *ip_address, UINT port, UINT wait_option);

/* nx_secure_dtls_client_protocol_version_override accepts 0xFEFD, DTLS 1.2,
 * which a client offers in any case.
 *
 *   0x110  any other version */
UINT _nx_secure_dtls_client_protocol_version_override(
    NX_SECURE_DTLS_SESSION *dtls_session, USHORT protocol_version);
UINT _nxe_secure_dtls_client_protocol_version_override(
    NX_SECURE_DTLS_SESSION *dtls_session, USHORT protocol_version);

#define nx_secure_dtls_client_session_start                                   \
    NX_SECURE_DTLS_MAP(client_session_start)
#define nx_secure_dtls_client_protocol_version_override                       \
    NX_SECURE_DTLS_MAP(client_protocol_version_override)
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
/* nx_secure_dtls_server_create creates a server with as many sessions as
 * `session_buffer` has room for.  Each session gets an equal share of the
 * metadata and reassembly buffers; nx_secure_dtls_session_create tells what a
 * share must hold.  The metadata also has the index of the sessions, which
 * nx_secure_tls_metadata_size_calculate counts.  All sizes are in bytes.
 *
 * `port` is the UDP port of nx_secure_dtls_server_start; with NX_ANY_PORT a
 * free one is chosen there.  `timeout` is in ticks: so long
 * nx_secure_dtls_server_start waits for the port (docs/differences.md).  The
 * buffers may begin at any address; what stands before the first boundary of 8
 * bytes is not used.
 *
 * connect_notify is called for each new client, once it has returned its
 * cookie.  receive_notify is called once for each piece of data that a session
 * has received, and once when an established session is over: then
 * nx_secure_dtls_session_receive returns the reason.  Both run in the IP
 * thread, under no lock, and must not wait.  docs/notifications.md lists the
 * events.
 *
 * The control block holds one session in reserve, with its own buffers: see
 * nxdtls_server_reserve_set.  nxdtls_server_admission_set tells which clients
 * get a session.
 *
 *   0x07   a NULL pointer; in the checked form also a server or a session that
 *          exists
 *   0x4D   there is no room for a session, or a share is too small */
UINT _nx_secure_dtls_server_create(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_IP *ip_ptr, UINT port, ULONG timeout,
    VOID *session_buffer, UINT session_buffer_size,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *crypto_metadata_buffer,
    ULONG crypto_metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size,
    UINT (*connect_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                           NXD_ADDRESS *ip_address, UINT port),
    UINT (*receive_notify)(NX_SECURE_DTLS_SESSION *dtls_session));
UINT _nxe_secure_dtls_server_create(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_IP *ip_ptr, UINT port, ULONG timeout,
    VOID *session_buffer, UINT session_buffer_size,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *crypto_metadata_buffer,
    ULONG crypto_metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size,
    UINT (*connect_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                           NXD_ADDRESS *ip_address, UINT port),
    UINT (*receive_notify)(NX_SECURE_DTLS_SESSION *dtls_session));

/* nx_secure_dtls_server_delete deletes the server's socket and every session.
 *
 *   0x11   the caller is in a notification of this server
 *   0x37   a callback of a handshake runs, or a notification of this server
 *          has not returned for 10 s; nothing has been deleted
 *   0x42   the server has not been stopped */
UINT _nx_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_server_notify_set sets two optional callbacks, NX_NULL for
 * none.  They run in the IP thread and must not wait.
 *
 * disconnect_notify is called when a peer has closed its session, when a limit
 * has ended it, and when a newer session of the same client has replaced it.
 *
 * error_notify is called once with the status of each session that has failed,
 * with NX_NULL and 0x123 when no session was free for a client, and with 0x111
 * when the session's pool had no packet and something was lost; that session
 * goes on.  If the thread in nx_secure_dtls_server_session_start finds that
 * its wait is over, or that the handshake cannot begin, error_notify is called
 * in that thread.
 *
 * error_notify is also called with a session that has lost its client before
 * its handshake was complete: with 0x123 if it has made room for another
 * client, with 0x38 if its client began anew, with 0x101 if the application
 * has not started it within 30 s.  That session is free already; the
 * application must not end it. */
UINT _nx_secure_dtls_server_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*disconnect_notify)(NX_SECURE_DTLS_SESSION *dtls_session),
    UINT (*error_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         UINT error_code));
UINT _nxe_secure_dtls_server_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*disconnect_notify)(NX_SECURE_DTLS_SESSION *dtls_session),
    UINT (*error_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         UINT error_code));

/* nx_secure_dtls_server_session_start runs the handshake of a session that
 * connect_notify announced, within wait_option ticks.  If the handshake fails
 * or is not complete in time, the session is reset and its slot is free.
 *
 * It succeeds once the handshake was complete, even if the client has closed
 * the session meanwhile: nx_secure_dtls_session_receive then gives the data
 * that the client has sent, and after it the end.
 *
 * In the IP thread, in connect_notify for example, it does not wait: it begins
 * the handshake as nxdtls_server_session_begin does, whatever wait_option is,
 * and returns 0.
 *
 *   0x01   the handshake was not complete in time
 *   0x37   the session has been started already
 *   0x43   the client did not answer
 *   0x1A   another thread has ended the session, or it has lost its client
 *          during the handshake (see nxdtls_server_admission_set)
 *   0x101  the session has no client, or has lost it before the start
 *   0x4B, 0x105, 0x109, 0x111, 0x13B
 *          see nx_secure_dtls_client_session_start
 *   0x14D  a certificate was to be requested, and none of the session's
 *          signature algorithms can be verified in CertificateVerify
 *   other  the status with which the handshake failed */
UINT _nx_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                          UINT wait_option);
UINT _nxe_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                           UINT wait_option);

/* nx_secure_dtls_server_start binds the port and begins to answer clients.  If
 * another socket has the port, it waits for the timeout of
 * nx_secure_dtls_server_create; with NX_WAIT_FOREVER there, or in a thread
 * that cannot wait, it does not.  If the port cannot be bound, it returns the
 * status of nx_udp_socket_bind. */
UINT _nx_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_server_stop unbinds the port and resets every session,
 * without a close_notify.
 *
 *   0x37   a function of the application runs for a handshake of a session */
UINT _nx_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_session_client_info_get tells the address and port of the
 * client of a server's session, and the server's own port.
 *
 *   0x13   the session has no socket
 *   0x38   the session has no client */
UINT _nx_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port);
UINT _nxe_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port);

/* nx_secure_dtls_server_protocol_version_override accepts 0xFEFD, DTLS 1.2,
 * which is the only version that a server speaks.
 *
 *   0x110  any other version */
UINT _nx_secure_dtls_server_protocol_version_override(
    NX_SECURE_DTLS_SERVER *server_ptr, USHORT protocol_version);
UINT _nxe_secure_dtls_server_protocol_version_override(
    NX_SECURE_DTLS_SERVER *server_ptr, USHORT protocol_version);

#define nx_secure_dtls_server_create NX_SECURE_DTLS_MAP(server_create)
#define nx_secure_dtls_server_delete NX_SECURE_DTLS_MAP(server_delete)
#define nx_secure_dtls_server_notify_set NX_SECURE_DTLS_MAP(server_notify_set)
#define nx_secure_dtls_server_session_start                                   \
    NX_SECURE_DTLS_MAP(server_session_start)
#define nx_secure_dtls_server_start NX_SECURE_DTLS_MAP(server_start)
#define nx_secure_dtls_server_stop NX_SECURE_DTLS_MAP(server_stop)
#define nx_secure_dtls_session_client_info_get                                \
    NX_SECURE_DTLS_MAP(session_client_info_get)
#define nx_secure_dtls_server_protocol_version_override                       \
    NX_SECURE_DTLS_MAP(server_protocol_version_override)
#endif

#ifndef NX_SECURE_DISABLE_X509
/* nx_secure_dtls_session_local_certificate_add adds a certificate of the
 * session's own: an identity with its private key, or a certificate that
 * completes the chain of one.  cert_id is the application's number for it.
 *
 *   0x07   the session is one of a server's, which has the server's lists
 *   0x4D   cert_id is 0
 *   0x129  eight certificates of the session are in other lists, too
 *   0x139  the list has this certificate, or one with this number
 *   0x18A  the private key cannot be used, or is not the certificate's
 *   0x1A2  the certificate was never initialized */
UINT _nx_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_session_local_certificate_remove removes the local
 * certificate with the number cert_id or, if that is 0, the first one with
 * this common name.
 *
 *   0x07   cert_id is 0 and there is no name; or the session is one of a
 *          server's, which has the server's lists
 *   0x37   a handshake that uses the list is going on
 *   0x119  the list has no such certificate */
UINT _nx_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_session_trusted_certificate_add adds a CA certificate, with
 * which the peer's chain is verified.  cert_id is the application's number for
 * it.
 *
 *   0x07   the session is one of a server's, which has the server's lists
 *   0x4D   cert_id is 0
 *   0x129  eight certificates of the session are in other lists, too
 *   0x139  the list has this certificate, or one with this number
 *   0x14A  the certificate has an RSA key of more than 4096 bits
 *   0x18A  the private key cannot be used, or is not the certificate's
 *   0x1A1  the certificate has an RSA key of less than 2048 bits
 *   0x1A2  the certificate was never initialized */
UINT _nx_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_session_trusted_certificate_remove removes the trusted
 * certificate with the number cert_id or, if that is 0, the first one with
 * this common name.
 *
 *   0x07   cert_id is 0 and there is no name; or the session is one of a
 *          server's, which has the server's lists
 *   0x37   a handshake that uses the list is going on
 *   0x119  the list has no such certificate */
UINT _nx_secure_dtls_session_trusted_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_session_trusted_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

#define nx_secure_dtls_session_local_certificate_add                          \
    NX_SECURE_DTLS_MAP(session_local_certificate_add)
#define nx_secure_dtls_session_local_certificate_remove                       \
    NX_SECURE_DTLS_MAP(session_local_certificate_remove)
#define nx_secure_dtls_session_trusted_certificate_add                        \
    NX_SECURE_DTLS_MAP(session_trusted_certificate_add)
#define nx_secure_dtls_session_trusted_certificate_remove                     \
    NX_SECURE_DTLS_MAP(session_trusted_certificate_remove)
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) && !defined(NX_SECURE_DISABLE_X509)
/* nx_secure_dtls_server_local_certificate_add does the same as
 * nx_secure_dtls_session_local_certificate_add, for all sessions of a server.
 */
UINT _nx_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_server_local_certificate_remove does the same as
 * nx_secure_dtls_session_local_certificate_remove, for all sessions of a
 * server. */
UINT _nx_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_server_trusted_certificate_add does the same as
 * nx_secure_dtls_session_trusted_certificate_add, for all sessions of a
 * server. */
UINT _nx_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_server_trusted_certificate_remove does the same as
 * nx_secure_dtls_session_trusted_certificate_remove, for all sessions of a
 * server. */
UINT _nx_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_server_x509_client_verify_configure makes the server require
 * a certificate of every client.
 *
 * `certs_buffer` holds the clients' certificates.  Each session gets an equal
 * share of its buffer_size bytes: at least sizeof(NX_SECURE_X509_CERT) + 256
 * bytes for each of certs_per_session.
 *
 *   0x4D   certs_per_session or buffer_size is 0, a share is too small, or the
 *          server was never created */
UINT _nx_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size);
UINT _nxe_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size);

/* nx_secure_dtls_server_x509_client_verify_disable makes the server accept
 * clients without asking for a certificate, as after its creation. */
UINT _nx_secure_dtls_server_x509_client_verify_disable(
    NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_x509_client_verify_disable(
    NX_SECURE_DTLS_SERVER *server_ptr);

#define nx_secure_dtls_server_local_certificate_add                           \
    NX_SECURE_DTLS_MAP(server_local_certificate_add)
#define nx_secure_dtls_server_local_certificate_remove                        \
    NX_SECURE_DTLS_MAP(server_local_certificate_remove)
#define nx_secure_dtls_server_trusted_certificate_add                         \
    NX_SECURE_DTLS_MAP(server_trusted_certificate_add)
#define nx_secure_dtls_server_trusted_certificate_remove                      \
    NX_SECURE_DTLS_MAP(server_trusted_certificate_remove)
#define nx_secure_dtls_server_x509_client_verify_configure                    \
    NX_SECURE_DTLS_MAP(server_x509_client_verify_configure)
#define nx_secure_dtls_server_x509_client_verify_disable                      \
    NX_SECURE_DTLS_MAP(server_x509_client_verify_disable)
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
/* nx_secure_dtls_psk_add copies a pre-shared key, its identity and its hint
 * into the session: a key of 1 to NX_SECURE_TLS_MAX_PSK_SIZE bytes, identity
 * and hint of at most NX_SECURE_TLS_MAX_PSK_ID_SIZE bytes each.
 *
 * A server finds the key by the client's identity and sends the hint of its
 * first key.  A client takes the first key with the server's hint, else its
 * first key.
 *
 *   0x07   a NULL pointer, or a key of length 0
 *   0x125  the session has NX_SECURE_TLS_MAX_PSK_KEYS keys already, or a
 *          length is above its maximum */
UINT _nx_secure_dtls_psk_add(NX_SECURE_DTLS_SESSION *session_ptr,
                             UCHAR *pre_shared_key, UINT psk_length,
                             UCHAR *psk_identity, UINT identity_length,
                             UCHAR *hint, UINT hint_length);
UINT _nxe_secure_dtls_psk_add(NX_SECURE_DTLS_SESSION *session_ptr,
                              UCHAR *pre_shared_key, UINT psk_length,
                              UCHAR *psk_identity, UINT identity_length,
                              UCHAR *hint, UINT hint_length);

#define nx_secure_dtls_psk_add NX_SECURE_DTLS_MAP(psk_add)
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
/* nx_secure_dtls_server_psk_add does the same as nx_secure_dtls_psk_add, for
 * all sessions of a server. */
UINT _nx_secure_dtls_server_psk_add(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UCHAR *pre_shared_key, UINT psk_length,
                                    UCHAR *psk_identity, UINT identity_length,
                                    UCHAR *hint, UINT hint_length);
UINT _nxe_secure_dtls_server_psk_add(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UCHAR *pre_shared_key, UINT psk_length,
                                     UCHAR *psk_identity, UINT identity_length,
                                     UCHAR *hint, UINT hint_length);

#define nx_secure_dtls_server_psk_add NX_SECURE_DTLS_MAP(server_psk_add)
#endif

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
/* nx_secure_dtls_ecc_initialize sets the groups that the session may use, in
 * order of preference, and the curve method of each.  Both tables are
 * borrowed.  A session without this call uses no elliptic curves.
 *
 *   0x07   the session is NULL, or supported_group_count is not 0 and a table
 *          is NULL (checked form only) */
UINT _nx_secure_dtls_ecc_initialize(NX_SECURE_DTLS_SESSION *dtls_session,
                                    const USHORT *supported_groups,
                                    USHORT supported_group_count,
                                    const NX_CRYPTO_METHOD **curves);
UINT _nxe_secure_dtls_ecc_initialize(NX_SECURE_DTLS_SESSION *dtls_session,
                                     const USHORT *supported_groups,
                                     USHORT supported_group_count,
                                     const NX_CRYPTO_METHOD **curves);

#define nx_secure_dtls_ecc_initialize NX_SECURE_DTLS_MAP(ecc_initialize)
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_ECC_CIPHERSUITE)
/* nx_secure_dtls_server_ecc_initialize does the same as
 * nx_secure_dtls_ecc_initialize, for all sessions of a server. */
UINT _nx_secure_dtls_server_ecc_initialize(NX_SECURE_DTLS_SERVER *server_ptr,
                                           const USHORT *supported_groups,
                                           USHORT supported_group_count,
                                           const NX_CRYPTO_METHOD **curves);
UINT _nxe_secure_dtls_server_ecc_initialize(NX_SECURE_DTLS_SERVER *server_ptr,
                                            const USHORT *supported_groups,
                                            USHORT supported_group_count,
                                            const NX_CRYPTO_METHOD **curves);

#define nx_secure_dtls_server_ecc_initialize                                  \
    NX_SECURE_DTLS_MAP(server_ecc_initialize)
#endif

/* nx_secure_dtls_client_session_send is the client's name for
 * nx_secure_dtls_server_session_send. */
#define nx_secure_dtls_client_session_send nx_secure_dtls_server_session_send

#ifdef __cplusplus
}
#endif

#endif
