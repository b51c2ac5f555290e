/* SPDX-License-Identifier: MIT */
/* What the services share: where the engine stands in the public control
 * blocks, the lock, and the way of datagrams between packets and engine. */
#ifndef DTLS_NX_SECURE_INTERNAL_H
#define DTLS_NX_SECURE_INTERNAL_H

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include "nx_crypto/adapter.h"
#include "nx_crypto/table_reader.h"
#include "nx_secure/session_crypto.h"
#include "session/listener.h"

#define DTLS_NX_MTU 1280           /* UDP payload of a handshake, unless set */
#define DTLS_NX_MTU_MIN 256        /* a ClientHello's front in one piece */
#define DTLS_NX_MTU_MAX 65507      /* what UDP carries over IPv4 */
#define DTLS_NX_HELD_PACKETS 4     /* kept for a session that is not started */
#define DTLS_NX_UNSTARTED_MS 30000 /* then its slot is free again */

/* What the application has set with the services of nxdtls.h; the same for a
 * session and for all of a server. */
struct dtls_nx_options {
    struct dtls_bytes protocols; /* the application's memory */
    uint16_t max_fragment_length;
    uint16_t record_size_limit;
    bool refuse_unknown_name;
};

/* The private words of a session. */
struct dtls_nx_session {
    struct dtls_slot slot; /* first: the server's table strides over it */
    struct dtls_session engine;
    struct dtls_config config;
    struct dtls_psk psks[NX_SECURE_TLS_MAX_PSK_KEYS];
    struct dtls_store store;
    struct dtls_counters counters;
    struct dtls_gate_pass pass;
    struct dtls_nx_adapter *adapter; /* NULL: no method is foreign */
    uint16_t sigalgs[DTLS_NX_SIGALGS];
    uint64_t admitted; /* when the slot was taken */
    uint32_t life;     /* resets, so far: who waits for another is late */
    UINT send_status;  /* of the last datagram that the engine made */
    uint16_t mtu;
    uint16_t alert_sent; /* description, or 256 */
    bool no_renegotiation;
    struct dtls_nx_options options;
};

/* The private words of a server. */
struct dtls_nx_server {
    struct dtls_listener listener;
    struct dtls_table table;
    TX_TIMER timer;
    NX_SECURE_DTLS_SERVER *next; /* of those that have a timer */
    uint64_t due;                /* when the timer fires; DTLS_NEVER */
    bool receiving; /* the IP thread is in dtls_nx_server_receive */
    struct dtls_counters counters; /* the gate's; of sessions that ended */
    uint16_t mtu;
    bool no_renegotiation;
    struct dtls_nx_options options;
};

/* The private words of a certificate. */
struct dtls_nx_cert {
    struct dtls_credential credential;
    struct dtls_nx_held_key held; /* for a key that libcrypto cannot use */
    struct dtls_cert_item anchor;
};

static inline struct dtls_nx_session *dtls_nx_session(
    NX_SECURE_DTLS_SESSION *session)
{
    return (struct dtls_nx_session *)(VOID *)session->nx_secure_dtls_private;
}

static inline struct dtls_nx_server *dtls_nx_server(NX_SECURE_DTLS_SERVER *s)
{
    return (struct dtls_nx_server *)(VOID *)s->nx_dtls_server_private;
}

static inline struct dtls_nx_cert *dtls_nx_cert(NX_SECURE_X509_CERT *cert)
{
    return (struct dtls_nx_cert *)(VOID *)cert->nx_secure_x509_private;
}

static inline NX_SECURE_X509_CERTIFICATE_STORE *dtls_nx_certificates(
    NX_SECURE_TLS_SESSION *tls)
{
    return &tls->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
}

/* dtls_nx_lock, dtls_nx_unlock: one lock over all sessions and servers.  It
 * is never held across a wait or a notification of the application.  The lock
 * is there when dtls_nx_lock returns; false: somebody has aborted the wait for
 * it, which means the wait that the caller comes from. */
bool dtls_nx_lock(VOID);
VOID dtls_nx_unlock(VOID);

/* dtls_nx_generation counts nx_secure_dtls_initialize: sessions and servers
 * of an earlier one are forgotten, their memory may be created in again. */
ULONG dtls_nx_generation(VOID);

/* dtls_nx_now is the engine's clock: milliseconds of ThreadX time. */
uint64_t dtls_nx_now(VOID);

/* dtls_nx_ticks is how many ticks there are until `deadline`: at least 1,
 * NX_WAIT_FOREVER for DTLS_NEVER. */
ULONG dtls_nx_ticks(uint64_t deadline, uint64_t now);

/* dtls_nx_status maps what the engine says to what a service returns. */
UINT dtls_nx_status(enum dtls_status status);

/* Certificates: x509.c. */

/* dtls_nx_cert_use loads the private key, if there is one and it is not;
 * dtls_nx_cert_drop ends one use. */
DTLS_MUST_USE UINT dtls_nx_cert_use(NX_SECURE_X509_CERT *cert);
VOID dtls_nx_cert_drop(NX_SECURE_X509_CERT *cert);

/* dtls_nx_cert_wrap makes a NetX certificate of a verified one of the peer's,
 * for the application's callback. */
VOID dtls_nx_cert_wrap(NX_SECURE_X509_CERT *out, const struct dtls_cert *cert);

/* Certificate lists: store.c. */
enum dtls_nx_list { DTLS_NX_LOCAL, DTLS_NX_TRUSTED };

/* dtls_nx_list_add and dtls_nx_list_remove are the services of that name, for
 * one of a session's lists; any argument may be what no application should
 * pass.  Without a name (NULL or of length 0) the id must not be 0. */
DTLS_MUST_USE UINT dtls_nx_list_add(NX_SECURE_DTLS_SESSION *session,
                                    enum dtls_nx_list which,
                                    NX_SECURE_X509_CERT *cert, UINT cert_id);
DTLS_MUST_USE UINT dtls_nx_list_remove(NX_SECURE_DTLS_SESSION *session,
                                       enum dtls_nx_list which,
                                       const UCHAR *common_name,
                                       UINT common_name_length, UINT cert_id);
VOID dtls_nx_list_clear(NX_SECURE_X509_CERT **list);
bool dtls_nx_list_has(const NX_SECURE_X509_CERT *list,
                      const NX_SECURE_X509_CERT *cert);

/* dtls_nx_anchors chains the engine's nodes in the order of a NetX list. */
const struct dtls_cert_item *dtls_nx_anchors(NX_SECURE_X509_CERT *list);

/* dtls_nx_active is the one local certificate to show; NULL: any. */
const struct dtls_credential *dtls_nx_active(const NX_SECURE_TLS_SESSION *tls);

/* Sessions: session_services.c. */

/* dtls_nx_configure builds the engine's configuration from what the
 * application has set, and what a session needs beside it. */
DTLS_MUST_USE UINT dtls_nx_configure(NX_SECURE_DTLS_SESSION *session,
                                     struct dtls_session_room *room);

/* dtls_nx_may_renegotiate asks whoever has a say; on a yes the configuration
 * is built anew.  For struct dtls_config. */
bool dtls_nx_may_renegotiate(void *session);

/* dtls_nx_see_message shows a hello's extensions to the application:
 * hello_callbacks.c. For struct dtls_config. */
enum dtls_status dtls_nx_see_message(void *session,
                                     const struct dtls_message *message);

/* dtls_nx_reset ends the association: engine, packets, slot. */
VOID dtls_nx_reset(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_end_life the same, unless it has been done since the session's
 * `life` was that: a server's may have another client by now. */
VOID dtls_nx_end_life(NX_SECURE_DTLS_SESSION *session, uint32_t life);

/* Public members: mirror.c. */

/* dtls_nx_notice mirrors the engine's state into the public members. */
VOID dtls_nx_notice(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_address makes the table's key of an address. */
VOID dtls_nx_address(struct dtls_address *out, const NXD_ADDRESS *ip,
                     UINT port);

/* dtls_nx_is_peer: is this the address that the session speaks to? */
bool dtls_nx_is_peer(const NX_SECURE_DTLS_SESSION *session,
                     const NXD_ADDRESS *ip, UINT port);

/* dtls_nx_ending tells why an association is no more; NX_SUCCESS if it is
 * connected: association.c. */
UINT dtls_nx_ending(NX_SECURE_DTLS_SESSION *session);

/* A server's own time: server_time.c. */

/* dtls_nx_time_create, dtls_nx_time_delete: the timer of a server.
 * dtls_nx_time_stop: it fires no more until something new is watched.
 * dtls_nx_time_forget: there are no servers any more. */
DTLS_MUST_USE UINT dtls_nx_time_create(NX_SECURE_DTLS_SERVER *server);
VOID dtls_nx_time_delete(NX_SECURE_DTLS_SERVER *server);
VOID dtls_nx_time_stop(NX_SECURE_DTLS_SERVER *server);
#ifndef NX_SECURE_TLS_SERVER_DISABLED
VOID dtls_nx_time_forget(VOID);
#else
static inline VOID dtls_nx_time_forget(VOID)
{
}
#endif

/* dtls_nx_due is when a server's session needs the IP thread: a handshake that
 * no thread waits for, a last flight to be given back, a start that does not
 * come.  DTLS_NEVER: not at all. */
uint64_t dtls_nx_due(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_watch has the session seen to when it is due; nothing for a
 * client's.  Under the lock. */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session);
#else
static inline VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
}
#endif

/* Packets: packets.c.  All of them under the lock. */

/* dtls_nx_flush sends what the engine has to send. */
VOID dtls_nx_flush(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_feed gives a packet, which it consumes, to the engine; data goes to
 * the receive queue.  It returns the last event that is not DTLS_EVENT_DATA,
 * and tells through *data whether there was data. */
enum dtls_event dtls_nx_feed(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET *packet, bool *data);

/* dtls_nx_send_datagram sends bytes that are no session's. */
VOID dtls_nx_send_datagram(NX_UDP_SOCKET *socket, NX_PACKET_POOL *pool,
                           NXD_ADDRESS *address, UINT port,
                           struct dtls_bytes datagram);

/* dtls_nx_queue_pop takes the first packet off the receive queue. */
NX_PACKET *dtls_nx_queue_pop(NX_SECURE_DTLS_SESSION *session);
VOID dtls_nx_queue_push(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet);

/* dtls_nx_store_init backs a flight with packets of the session's pool. */
VOID dtls_nx_store_init(struct dtls_store *store,
                        NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_pool is where a session's packets come from. */
NX_PACKET_POOL *dtls_nx_pool(const NX_SECURE_DTLS_SESSION *session);

/* Waiting: wait.c. */

/* dtls_nx_may_wait: is the caller a thread, other than that of the timers?
 * dtls_nx_cannot_wait_on: it is not, or it is the IP thread that would bring
 * what comes to this socket. */
bool dtls_nx_may_wait(VOID);
bool dtls_nx_cannot_wait_on(const NX_UDP_SOCKET *socket);

/* dtls_nx_wait lets the session work until `done` says so, or for at most
 * `wait_option` ticks.  It is called under the lock, comes back under it and
 * frees it only for the wait itself: whoever has the lock and sees no thread
 * that waits (dtls_nx_waiting) knows that none will touch the session.
 *
 *   0      done
 *   0x01   time is up
 *   0x11   it would have to wait, and is called where nobody can: by a timer,
 *          or by the IP thread that brings the datagrams
 *   0x40   it would have to wait, and another thread does already
 *   other  the wait was ended: 0x1A aborted, or the session has been reset and
 *          may be another's; or the socket's own status */
DTLS_MUST_USE UINT dtls_nx_wait(NX_SECURE_DTLS_SESSION *session,
                                bool (*done)(NX_SECURE_DTLS_SESSION *session),
                                ULONG wait_option);

/* dtls_nx_waiting is the thread that waits on the session, NULL if none.  One
 * that was terminated meanwhile does not. */
TX_THREAD *dtls_nx_waiting(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_send_home aborts another thread's wait and comes back when it has
 * left.  Not under the lock. */
VOID dtls_nx_send_home(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_wake ends the wait of a server's session, if there is one. */
VOID dtls_nx_wake(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_handshake waits until the handshake is over and says how.  As
 * dtls_nx_wait, under the lock. */
DTLS_MUST_USE UINT dtls_nx_handshake(NX_SECURE_DTLS_SESSION *session,
                                     ULONG wait_option);

/* Servers: server_receive.c. */

/* dtls_nx_server_receive is the receive notification of a server's socket. */
VOID dtls_nx_server_receive(NX_UDP_SOCKET *socket);

/* A role that a switch takes away, where the rest asks for it. */
#ifdef NX_SECURE_TLS_CLIENT_DISABLED
static inline UINT _nx_secure_dtls_client_session_start(
    NX_SECURE_DTLS_SESSION *dtls_session, NX_UDP_SOCKET *udp_socket,
    NXD_ADDRESS *ip_address, UINT port, UINT wait_option)
{
    (void)dtls_session;
    (void)udp_socket;
    (void)ip_address;
    (void)port;
    (void)wait_option;
    return NX_NOT_SUPPORTED;
}
#define _nxe_secure_dtls_client_session_start                                 \
    _nx_secure_dtls_client_session_start
#endif
#ifdef NX_SECURE_TLS_SERVER_DISABLED
static inline UINT _nx_secure_dtls_server_session_start(
    NX_SECURE_DTLS_SESSION *session_ptr, UINT wait_option)
{
    (void)session_ptr;
    (void)wait_option;
    return NX_NOT_SUPPORTED;
}
#define _nxe_secure_dtls_server_session_start                                 \
    _nx_secure_dtls_server_session_start
#endif

#endif
