/* SPDX-License-Identifier: MIT */
/* nx_secure_dtls.h: DTLS 1.2 for NetX applications.
 *
 * What holds for every service:
 *
 * - It is called from a thread; elsewhere (a timer's function,
 *   tx_application_define) the checked form returns 0x11.
 * - It returns NX_SUCCESS (0) or says what went wrong; nothing is half done.
 * - Times are ticks, NX_IP_PERIODIC_RATE per second; NX_NO_WAIT and
 *   NX_WAIT_FOREVER as everywhere.
 * - Control blocks, buffers, certificates and names are the caller's and must
 *   stay where they are until the session or server is deleted.
 * - The checked form (_nxe_) returns 0x07 for a NULL pointer and 0x101 for a
 *   session that was never created; the other form trusts its caller.
 * - One thread at a time may wait on a session; another gets 0x40.
 * - A wait ends with 0x1A when another thread ends, resets or deletes the
 *   session or stops its server, which come back once the waiting thread has
 *   left; with 0x26 when the socket is unbound.  A timer's function, and the
 *   IP thread in a notification, cannot wait: 0x11.
 * - A thread that is terminated while it waits no longer counts; its session
 *   is for the application to end or reset.  The TX_THREAD must stay until
 *   then, as that thread or, reset or created again, as another. */

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

#define NX_SECURE_DTLS_MAX_COOKIE_LENGTH 255 /* of what a client returns */

/* Retransmission, in ticks. */
#ifndef NX_SECURE_DTLS_RETRANSMIT_TIMEOUT
#define NX_SECURE_DTLS_RETRANSMIT_TIMEOUT NX_IP_PERIODIC_RATE
#endif
#ifndef NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT
#define NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT 1 /* each time twice as long */
#endif
#ifndef NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT
#define NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT (60 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES
#define NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES 10
#endif

/* Bytes of a server's cookies: 16 to 32. */
#ifndef NX_SECURE_DTLS_COOKIE_LENGTH
#define NX_SECURE_DTLS_COOKIE_LENGTH 32
#endif

/* 64-bit words that the library keeps for itself. */
#define NX_SECURE_DTLS_SESSION_PRIVATE_WORDS 520
#define NX_SECURE_DTLS_SERVER_PRIVATE_WORDS 120

struct NX_SECURE_DTLS_SERVER_STRUCT;

typedef struct NX_SECURE_DTLS_SESSION_STRUCT {
    NX_SECURE_TLS_SESSION nx_secure_dtls_tls_session; /* must stay first */
    NX_UDP_SOCKET *nx_secure_dtls_udp_socket;
    UINT nx_secure_dtls_local_port;
    NXD_ADDRESS nx_secure_dtls_remote_ip_address;
    UINT nx_secure_dtls_remote_port;
    UINT nx_secure_dtls_session_in_use;  /* a server's slot has a client */
    UINT nx_secure_dtls_session_started; /* its handshake has begun */
    struct NX_SECURE_DTLS_SERVER_STRUCT *nx_secure_dtls_server_parent;
    NX_PACKET *nx_secure_dtls_receive_queue_head;
    NX_PACKET *nx_secure_dtls_receive_queue_tail;
    UINT nx_secure_dtls_receive_queue_count;
    TX_THREAD *nx_secure_dtls_thread_suspended; /* that waits on it */
    ULONG nx_secure_dtls_thread_serial;         /* of that thread's start */
    TX_SEMAPHORE nx_secure_dtls_semaphore;
    UINT nx_secure_dtls_callback_status; /* what a callback refused with */
    ULONG nx_secure_dtls_generation;     /* of nx_secure_dtls_initialize */
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
    USHORT nx_dtls_server_protocol_version_override; /* 0: none was set */
    VOID *nx_dtls_server_reserved_ptr;               /* the application's */
    ULONG nx_dtls_server_id; /* NX_SECURE_DTLS_SERVER_ID once created */
    UINT nx_dtls_server_bound;
    ULONG nx_dtls_server_generation; /* of nx_secure_dtls_initialize */
    ALIGN_TYPE nx_dtls_server_private[NX_SECURE_DTLS_SERVER_PRIVATE_WORDS];
} NX_SECURE_DTLS_SERVER;

#define NX_SECURE_DTLS_SERVER_ID ((ULONG)0x44544C53)

/* nx_secure_dtls_initialize forgets every session and server: once, after
 * nx_secure_tls_initialize.  Their memory may be created in again. */
VOID _nx_secure_dtls_initialize(VOID);
#define nx_secure_dtls_initialize _nx_secure_dtls_initialize

#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define NX_SECURE_DTLS_MAP(name) _nx_secure_dtls_##name
#else
#define NX_SECURE_DTLS_MAP(name) _nxe_secure_dtls_##name
#endif

/* nx_secure_dtls_session_start is the older name of both starts: as a client
 * (is_client not 0) to the address and port that stand in the session's
 * nx_secure_dtls_remote_ip_address and _port, over this socket; as a server
 * without regard to the socket.  Returns what they return. */
UINT _nx_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NX_UDP_SOCKET *udp_socket, UINT is_client,
                                   UINT wait_option);
UINT _nxe_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                    NX_UDP_SOCKET *udp_socket, UINT is_client,
                                    UINT wait_option);

/* nx_secure_dtls_packet_allocate allocates a packet with room for a record's
 * header in front and gives it to the caller.  0x111 if the pool has none. */
UINT _nx_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                     NX_PACKET_POOL *pool_ptr,
                                     NX_PACKET **packet_ptr,
                                     ULONG wait_option);
UINT _nxe_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                      NX_PACKET_POOL *pool_ptr,
                                      NX_PACKET **packet_ptr,
                                      ULONG wait_option);

/* nx_secure_dtls_server_session_send sends one record to the session's peer.
 * On success the packet is consumed, else it stays the caller's.  0x09 if the
 * record is too big for the path, 0x153 while keys change
 * (nxdtls_session_renegotiate). */
UINT _nx_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                         NX_PACKET *packet_ptr);
UINT _nxe_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                          NX_PACKET *packet_ptr);

/* nx_secure_dtls_session_create prepares a session that does not belong to a
 * server.  0x4D if a buffer is too small. */
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

/* nx_secure_dtls_session_delete ends the session at once and frees what it
 * holds. */
UINT _nx_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session);
UINT _nxe_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session);

/* nx_secure_dtls_session_end sends close_notify and waits for the peer's, up
 * to wait_option ticks: 0 if it came, else the status of the wait.  The
 * session is then reset. */
UINT _nx_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                 UINT wait_option);
UINT _nxe_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                  UINT wait_option);

/* nx_secure_dtls_session_receive waits for application data; the packet is the
 * caller's to release. 0x127 after the peer's close_notify, 0x114 after
 * another alert of its. */
UINT _nx_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                     NX_PACKET **packet_ptr_ptr,
                                     UINT wait_option);
UINT _nxe_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                      NX_PACKET **packet_ptr_ptr,
                                      UINT wait_option);

/* nx_secure_dtls_session_reset wipes what a connection left; certificates and
 * keys stay. */
UINT _nx_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session);
UINT _nxe_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session);

/* nx_secure_dtls_session_send sends one record.  0x122 if the address is not
 * the session's peer.  On success the packet is consumed, else it stays the
 * caller's. */
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
/* nx_secure_dtls_client_session_start connects: the whole handshake, within
 * wait_option ticks.  The session then speaks to this address and port over
 * this socket, which the caller has bound and must not receive from meanwhile;
 * what it holds already is dropped. */
UINT _nx_secure_dtls_client_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                          NX_UDP_SOCKET *udp_socket,
                                          NXD_ADDRESS *ip_address, UINT port,
                                          UINT wait_option);
UINT _nxe_secure_dtls_client_session_start(
    NX_SECURE_DTLS_SESSION *dtls_session, NX_UDP_SOCKET *udp_socket,
    NXD_ADDRESS *ip_address, UINT port, UINT wait_option);

/* nx_secure_dtls_client_protocol_version_override takes 0xFEFD; any other
 * version is 0x110. */
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
/* nx_secure_dtls_server_create divides the session, metadata and reassembly
 * buffers among as many sessions as the session buffer holds, and creates the
 * server's socket. 0x4D if a share is too small. */
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

/* nx_secure_dtls_server_delete deletes the socket and every session.  0x42
 * while it is bound, 0x11 from a notification of this server. */
UINT _nx_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_server_notify_set sets the optional callbacks; they run in
 * the IP thread. */
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
 * connect_notify gave, within wait_option ticks.  If it fails, the slot is
 * free again. */
UINT _nx_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                          UINT wait_option);
UINT _nxe_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                           UINT wait_option);

/* nx_secure_dtls_server_start binds the port and begins to answer clients. */
UINT _nx_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_server_stop unbinds the port and resets every session. */
UINT _nx_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr);
UINT _nxe_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr);

/* nx_secure_dtls_session_client_info_get tells who is at the other end of a
 * server's session. 0x13: no socket; 0x38: no client. */
UINT _nx_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port);
UINT _nxe_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port);

/* nx_secure_dtls_server_protocol_version_override the same for a server. */
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
/* nx_secure_dtls_session_local_certificate_add adds an identity certificate,
 * or one that completes its chain. */
UINT _nx_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_session_local_certificate_remove removes by id, or by common
 * name if cert_id is 0. 0x119 if there is none. */
UINT _nx_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_session_trusted_certificate_add adds a CA against which the
 * peer's certificates are verified. */
UINT _nx_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_session_trusted_certificate_remove removes by id, or by
 * common name if cert_id is 0.  0x119 if there is none. */
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
/* nx_secure_dtls_server_local_certificate_add adds an identity certificate, or
 * one that completes its chain, to all sessions. */
UINT _nx_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_server_local_certificate_remove removes by id, or by common
 * name if cert_id is 0. 0x119 if there is none. */
UINT _nx_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_server_trusted_certificate_add adds a CA against which client
 * certificates are verified. */
UINT _nx_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);
UINT _nxe_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id);

/* nx_secure_dtls_server_trusted_certificate_remove removes by id, or by common
 * name if cert_id is 0.  0x119 if there is none. */
UINT _nx_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);
UINT _nxe_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id);

/* nx_secure_dtls_server_x509_client_verify_configure makes clients show
 * certificates; the buffer is divided among the sessions. */
UINT _nx_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size);
UINT _nxe_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size);

/* nx_secure_dtls_server_x509_client_verify_disable goes back to not asking. */
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
/* nx_secure_dtls_psk_add copies a pre-shared key (1 to 64 bytes), its identity
 * and its hint (to 128 bytes each).  0x125 if there is no more space or one is
 * longer. */
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
/* nx_secure_dtls_server_psk_add as nx_secure_dtls_psk_add, for every session
 * of the server. */
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
/* nx_secure_dtls_ecc_initialize registers the groups that the session may use,
 * in order of preference, each with its curve method.  Without it elliptic
 * curves are not used.  0x07 if a count comes without its tables. */
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
/* nx_secure_dtls_server_ecc_initialize the same for every session of a server.
 */
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

/* To the stored peer: the same for clients. */
#define nx_secure_dtls_client_session_send nx_secure_dtls_server_session_send

#ifdef __cplusplus
}
#endif

#endif
