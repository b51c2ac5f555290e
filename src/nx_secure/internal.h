/* SPDX-License-Identifier: MIT */
/* The functions and types that the services share: the engine's place in the
 * public control blocks, the lock, and the way of datagrams between packets
 * and engine. */
#ifndef DTLS_NX_SECURE_INTERNAL_H
#define DTLS_NX_SECURE_INTERNAL_H

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include "nx_crypto/adapter.h"
#include "nx_crypto/table_reader.h"
#include "handshake/tickets.h"
#include "nx_secure/session_crypto.h"
#include "session/admission.h"
#include "session/deadlines.h"
#include "session/listener.h"

#include <stddef.h>

/* UDP payload of a handshake, by default: what every link carries (RFC 8200,
 * 5), less the headers of IP and UDP. */
#define DTLS_NX_MTU_IPV4 (1280 - 20 - 8)
#define DTLS_NX_MTU_IPV6 (1280 - 40 - 8)

#define DTLS_NX_MTU_MIN 256        /* a ClientHello's front in one piece */
#define DTLS_NX_MTU_MAX 65507      /* the most that UDP carries over IPv4 */
#define DTLS_NX_NO_ALERT 256       /* no description: those have a byte */
#define DTLS_NX_HELD_PACKETS 16    /* kept for a session that is not started */
#define DTLS_NX_UNREAD_PACKETS 32  /* of data, kept for receive; default */
#define DTLS_NX_HELD_ALWAYS 4      /* of these, even if the pool is short */
#define DTLS_NX_UNSTARTED_MS 30000 /* then its slot is free again */

/* struct dtls_nx_options holds what the application has set with the services
 * of nxdtls.h, for a session or for all sessions of a server. */
struct dtls_nx_options {
    struct dtls_bytes protocols; /* the application's memory */
    uint16_t max_fragment_length;
    uint16_t record_size_limit;
    uint16_t unread; /* records of data that may wait for receive */
    bool refuse_unknown_name;
    bool timeout_anew;      /* each flight begins with the first timeout */
    uint32_t first_timeout; /* milliseconds; 0: NetX's three */
    uint32_t longest_timeout;
    uint32_t retries;
    bool drops_old_cookie;       /* in a client's renegotiation */
    struct dtls_bytes pins;      /* the application's memory */
    const USHORT *srtp_profiles; /* the application's memory */
    uint8_t num_srtp_profiles;
    struct dtls_bytes srtp_mki; /* the same */
    UINT (*judge_staple)(NX_SECURE_DTLS_SESSION *, const UCHAR *, ULONG);
    struct dtls_bytes password; /* the same */
    bool raw_keys;
    UINT (*judge_raw_key)(NX_SECURE_DTLS_SESSION *, const UCHAR *, UINT);
    UINT(*psk_lookup)
    (NX_SECURE_DTLS_SESSION *, const UCHAR *, UINT, UCHAR *, UINT *);
    ULONG handshake_limit; /* seconds; 0: the engine's */
    ULONG idle_limit;      /* seconds; 0: none */
    ULONG life_limit;
    struct dtls_cache *cache;           /* the server's, once it is set */
    struct dtls_tickets *tickets;       /* the same */
    struct dtls_client_session *resume; /* the application's memory */
    uint32_t resumption_limit;          /* seconds; 0: the engine's */
    bool connection_ids;
    uint8_t cid_len; /* of our id */
    UINT (*make_cid)(NX_SECURE_DTLS_SESSION *session, UCHAR *id, UINT length);
    uint16_t pad_to;
    ULONG keepalive; /* seconds; 0: nothing is asked */
    uint8_t questions;
    uint16_t path_search;
};

/* struct dtls_nx_where is where a peer is, and where of ours it speaks to. */
struct dtls_nx_where {
    NXD_ADDRESS ip;
    UINT port;
    NXD_ADDRESS local;
};

/* struct dtls_nx_node is a certificate's place in a list of a session or a
 * server. */
struct dtls_nx_node {
    struct dtls_cert_item item; /* first; its `next` is in the next node */
    NX_SECURE_X509_CERT *cert;  /* NX_NULL: the node is free */
    struct dtls_nx_node *next;
    UINT id;
};

/* Certificates of a session's lists that are in other lists, too. */
#define DTLS_NX_SHARED_CERTS 8

/* enum dtls_nx_question is what has become of the question for a key that
 * psk_lookup has not answered at once. */
enum dtls_nx_question {
    DTLS_NX_NOT_ASKED,
    DTLS_NX_ASKED,
    DTLS_NX_ANSWERED, /* the IP thread is to go on */
    DTLS_NX_TAKEN     /* it does */
};

/* The private words of a session. */
struct dtls_nx_session {
    struct dtls_slot slot; /* first: the server's table strides over it */
    struct dtls_session engine;
    struct dtls_areas areas; /* of the handshakes: one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_config config;
    struct dtls_psk psks[NX_SECURE_TLS_MAX_PSK_KEYS];
    struct dtls_store store;
    struct dtls_counters counters;
    struct dtls_gate_pass pass;
    /* Of a stand-alone server session: the gate while it awaits a client, and
     * how the client's handshake began. */
    struct dtls_listener *listener;
    UINT begin_status;
    struct dtls_nx_adapter *adapter; /* NULL: no method is foreign */
    uint16_t sigalgs[DTLS_NX_SIGALGS];
    NXD_ADDRESS local; /* where a server's client asked; version 0: any */
    struct dtls_nx_where candidate; /* session/route.h */
    /* Of the datagram that is read, if it was found by its connection id. */
    const struct dtls_nx_where *sender;
    uint64_t admitted;   /* when the slot was taken */
    uint32_t life;       /* resets so far; a wait of an older life is over */
    UINT send_status;    /* of the last datagram that the engine made */
    uint16_t mtu;        /* that was set; 0: see dtls_nx_mtu */
    uint16_t alert_sent; /* description, or DTLS_NX_NO_ALERT */
    uint16_t alert_received;
    const CHAR *reason; /* of the last association that is over; NULL */
    struct dtls_bytes peer_list; /* that its peer showed */
    bool no_renegotiation;
    bool lacks_packets;    /* the pool had none when it was last asked */
    bool shortage_is_told; /* and the application knows */
    bool end_is_told;      /* the application knows that it has ended */
    uint32_t awaited;      /* the handshake of this number is to be told to
                              handshake_notify; 0: none */
    bool calling;          /* the application, in the midst of a handshake */
    bool reset_waits;      /* until that call is over */
    uint8_t question;      /* enum dtls_nx_question */
    uint8_t answer_len;    /* 0: there is no such key */
    uint8_t answer[NX_SECURE_TLS_MAX_PSK_SIZE];
    bool *dismissed; /* of the thread that waits, on its stack */
    ULONG caller;    /* with `calling`: its tx_thread_serial; 0: no thread's */
    struct dtls_nx_options options;
    struct dtls_nx_node nodes[DTLS_NX_SHARED_CERTS];
};

/* The private words of a server. */
struct dtls_nx_server {
    struct dtls_listener listener;
    struct dtls_table table;
    struct dtls_admission admission;
    bool has_reserve;
    TX_TIMER timer;
    NX_SECURE_DTLS_SERVER *next;     /* the next server that has a timer */
    struct dtls_deadlines deadlines; /* of its sessions */
    uint64_t due;   /* when the timer fires, or DTLS_NEVER; 0 in a round */
    bool receiving; /* the IP thread is in dtls_nx_server_receive */
    struct dtls_counters counters; /* the gate's, and of ended sessions */
    uint16_t mtu;                  /* that was set; 0: none */
    bool no_renegotiation;
    struct dtls_nx_options options;
    UINT (*handshake_notify)(NX_SECURE_DTLS_SESSION *session, UINT status);
    UINT(*moved_notify)
    (NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT);
    struct dtls_cache cache; /* in the application's memory */
    struct dtls_tickets tickets;
};

/* The private words of a certificate. */
struct dtls_nx_cert {
    struct dtls_credential credential;
    struct dtls_nx_held_key held; /* for a key that libcrypto cannot use */
    struct dtls_nx_node node;     /* for the first list */
    const NX_SECURE_X509_CERT *used_as; /* itself, while lists hold it */
    ULONG generation;                   /* with used_as */
};

static inline struct dtls_nx_session *dtls_nx_session(
    NX_SECURE_DTLS_SESSION *session)
{
    return (struct dtls_nx_session *)(VOID *)session->nx_secure_dtls_private;
}

/* dtls_nx_is_created returns true if a session was created and not deleted. */
static inline bool dtls_nx_is_created(const NX_SECURE_DTLS_SESSION *session)
{
    return session->nx_secure_dtls_tls_session.nx_secure_tls_id ==
           NX_SECURE_TLS_ID;
}

/* dtls_nx_session_at returns the session whose private words have `member` at
 * this offset. */
static inline NX_SECURE_DTLS_SESSION *dtls_nx_session_at(const VOID *member,
                                                         size_t offset)
{
    const UCHAR *at = (const UCHAR *)member - offset -
                      offsetof(NX_SECURE_DTLS_SESSION, nx_secure_dtls_private);

    return (NX_SECURE_DTLS_SESSION *)(ALIGN_TYPE)at;
}

/* dtls_nx_is_server returns true if a server was created and not deleted. */
static inline bool dtls_nx_is_server(const NX_SECURE_DTLS_SERVER *server_ptr)
{
    return server_ptr->nx_dtls_server_id == NX_SECURE_DTLS_SERVER_ID;
}

static inline struct dtls_nx_server *dtls_nx_server(NX_SECURE_DTLS_SERVER *s)
{
    return (struct dtls_nx_server *)(VOID *)s->nx_dtls_server_private;
}

/* dtls_nx_server_places returns the number of a server's sessions, with the
 * reserve; dtls_nx_server_session returns the one with this number, and
 * dtls_nx_server_number is its inverse.  The reserve is the last one. */
static inline UINT dtls_nx_server_places(NX_SECURE_DTLS_SERVER *s)
{
    return s->nx_dtls_server_sessions_count + dtls_nx_server(s)->has_reserve;
}

static inline NX_SECURE_DTLS_SESSION *dtls_nx_server_session(
    NX_SECURE_DTLS_SERVER *s, UINT number)
{
    return number == s->nx_dtls_server_sessions_count
               ? &s->nx_dtls_server_reserve
               : &s->nx_dtls_server_sessions[number];
}

static inline UINT dtls_nx_server_number(const NX_SECURE_DTLS_SERVER *s,
                                         const NX_SECURE_DTLS_SESSION *session)
{
    return session == &s->nx_dtls_server_reserve
               ? s->nx_dtls_server_sessions_count
               : (UINT)(session - s->nx_dtls_server_sessions);
}

/* dtls_nx_gap returns the number of bytes from `at` to the next address at
 * which an ALIGN_TYPE may stand. */
static inline size_t dtls_nx_gap(const VOID *at)
{
    return -(ALIGN_TYPE)at % sizeof(ALIGN_TYPE);
}

/* dtls_nx_certs_fit returns true if a buffer of this size has room for so many
 * certificates of the peer, which are not 0. */
static inline bool dtls_nx_certs_fit(ULONG size, UINT certs_number)
{
    return size / certs_number >= sizeof(NX_SECURE_X509_CERT) +
                                      NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE;
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

/* dtls_nx_lock and dtls_nx_unlock take and free the one lock over all sessions
 * and servers.  It is never held across a wait, a send or a notification of
 * the application.
 *
 * The caller has the lock when dtls_nx_lock returns.  It returns false if
 * another thread has aborted the wait for the lock, which means the wait that
 * the caller comes from. */
bool dtls_nx_lock(VOID);
VOID dtls_nx_unlock(VOID);

/* dtls_nx_way_out_take exchanges the lock for the way out, which a thread has
 * while it sends; threads get it in the order in which they had the lock.  It
 * returns what dtls_nx_lock returns.  dtls_nx_way_out_give gives the way out
 * back; dtls_nx_lock_again takes the lock to it, and dtls_nx_unlock then gives
 * both back.
 *
 * dtls_nx_unlock_behind_sends frees the lock, and returns when each thread
 * that had a datagram to send has sent it and has seen whether its session is
 * over.  After that, memory and socket of a session that was reset are the
 * application's. */
bool dtls_nx_way_out_take(VOID);
VOID dtls_nx_way_out_give(VOID);
bool dtls_nx_lock_again(VOID);
VOID dtls_nx_unlock_behind_sends(VOID);

/* struct dtls_nx_scratch is room for the longest record, in one piece.  There
 * is one, guarded by the lock.
 *
 * dtls_nx_scratch_take returns it, or NULL if it is in use: then a callback of
 * the application, which runs while a record is read, has led here again.  A
 * thread that has ended in such a callback does not use it any more.
 * dtls_nx_scratch_give wipes its first `len` bytes and gives it back. */
struct dtls_nx_scratch {
    UCHAR bytes[DTLS_RECORD_HEADER_LEN + DTLS_CIPHERTEXT_MAX];
};
struct dtls_nx_scratch *dtls_nx_scratch_take(VOID);
VOID dtls_nx_scratch_give(struct dtls_nx_scratch *scratch, size_t len);

/* dtls_nx_generation returns the number of calls to nx_secure_dtls_initialize.
 * Sessions and servers of an earlier generation are forgotten; others may be
 * created in their memory. */
ULONG dtls_nx_generation(VOID);

/* dtls_nx_now returns the time of the engine's clock: milliseconds since the
 * kernel started.  It never goes back.  tx_time_get would: it wraps, and the
 * application may set it. */
uint64_t dtls_nx_now(VOID);

/* dtls_nx_ticks returns the number of ticks until `deadline`: at least 1,
 * NX_WAIT_FOREVER for DTLS_NEVER.  If the deadline is further away than a wait
 * may last, it returns the longest wait; the caller then waits again. */
ULONG dtls_nx_ticks(uint64_t deadline, uint64_t now);

/* dtls_nx_status maps a status of the engine to one that a service returns. */
UINT dtls_nx_status(enum dtls_status status);

/* Certificates: x509.c. */

/* dtls_nx_cert_use begins a use of a certificate; the first use loads its
 * private key, if there is one.  It returns the status of a key that is not
 * usable.  dtls_nx_cert_drop ends a use; the last one frees the key. */
DTLS_MUST_USE UINT dtls_nx_cert_use(NX_SECURE_X509_CERT *cert);
VOID dtls_nx_cert_drop(NX_SECURE_X509_CERT *cert);

/* dtls_nx_cert_is_used returns true while there is a use.  The memory of a
 * certificate that was never initialized may hold anything. */
bool dtls_nx_cert_is_used(NX_SECURE_X509_CERT *cert);

/* dtls_nx_cert_is_initialized returns true if the certificate has been
 * parsed. */
bool dtls_nx_cert_is_initialized(NX_SECURE_X509_CERT *cert);

/* dtls_nx_cert_check_size returns 0x14A for an RSA key above 4096 bits, 0x1A1
 * for one below 2048. */
DTLS_MUST_USE UINT dtls_nx_cert_check_size(NX_SECURE_X509_CERT *cert);

/* dtls_nx_cert_wrap makes a NetX certificate of a certificate of the peer that
 * has been parsed before. */
VOID dtls_nx_cert_wrap(NX_SECURE_X509_CERT *out, struct dtls_bytes der);

/* dtls_nx_cert_show fills the members that an application may read from the
 * certificate that has been parsed: x509_members.c. */
VOID dtls_nx_cert_show(NX_SECURE_X509_CERT *certificate);

/* Certificate lists: store.c. */
enum dtls_nx_list { DTLS_NX_LOCAL, DTLS_NX_TRUSTED };

/* dtls_nx_list_add and dtls_nx_list_remove do what the services of that name
 * do, for one of a session's lists.  They check their arguments for what no
 * application should pass.  Without a name (NULL or of length 0) the id must
 * not be 0.  They take the lock.  The lists of a server are those of its first
 * session; all others share them.
 *
 * dtls_nx_list_clear empties both lists of a session; the caller holds the
 * lock. */
DTLS_MUST_USE UINT dtls_nx_list_add(NX_SECURE_DTLS_SESSION *session,
                                    enum dtls_nx_list which,
                                    NX_SECURE_X509_CERT *cert, UINT cert_id);
/* dtls_nx_list_append does the same for id 0, too: it refuses then a common
 * name that the list has, with NX_INVALID_PARAMETERS. */
DTLS_MUST_USE UINT dtls_nx_list_append(NX_SECURE_DTLS_SESSION *session,
                                       enum dtls_nx_list which,
                                       NX_SECURE_X509_CERT *cert,
                                       UINT cert_id);
/* dtls_nx_list_find returns the first certificate with this id; if the id is
 * 0, with this common name; or NULL.  The caller holds the lock. */
NX_SECURE_X509_CERT *dtls_nx_list_find(NX_SECURE_DTLS_SESSION *session,
                                       enum dtls_nx_list which,
                                       struct dtls_bytes common_name,
                                       UINT cert_id);
DTLS_MUST_USE UINT dtls_nx_list_remove(NX_SECURE_DTLS_SESSION *session,
                                       enum dtls_nx_list which,
                                       const UCHAR *common_name,
                                       UINT common_name_length, UINT cert_id);
VOID dtls_nx_list_clear(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_store_append and dtls_nx_store_remove are dtls_nx_list_append and
 * dtls_nx_list_remove for a store, which may be the application's own.
 * dtls_nx_store_owner returns the session whose store it is, or NX_NULL. */
DTLS_MUST_USE UINT dtls_nx_store_append(
    NX_SECURE_X509_CERTIFICATE_STORE *store, enum dtls_nx_list which,
    NX_SECURE_X509_CERT *cert, UINT cert_id);
DTLS_MUST_USE UINT dtls_nx_store_remove(
    NX_SECURE_X509_CERTIFICATE_STORE *store, enum dtls_nx_list which,
    struct dtls_bytes name, UINT cert_id);
NX_SECURE_DTLS_SESSION *dtls_nx_store_owner(
    const NX_SECURE_X509_CERTIFICATE_STORE *store);

/* dtls_nx_find_remote returns the first remote certificate of this common
 * name, or NX_NULL.  The caller holds the lock. */
NX_SECURE_X509_CERT *dtls_nx_find_remote(
    const NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name);

/* dtls_nx_gather gives a certificate and, behind it, the remote certificates
 * of a store: what a path to a trusted one may be made of.  They stand in one
 * array of `*num`, with room for DTLS_CHAIN_MAX + 1, that the lock guards:
 * x509_store.c. */
struct dtls_cert *dtls_nx_gather(const NX_SECURE_X509_CERTIFICATE_STORE *store,
                                 const struct dtls_cert *cert, size_t *num);

/* dtls_nx_locals returns a store's list of local certificates. */
struct dtls_nx_node *dtls_nx_locals(
    const NX_SECURE_X509_CERTIFICATE_STORE *store);

/* dtls_nx_anchors returns a store's trusted certificates for the engine.
 *
 * dtls_nx_first_credential returns the first of a store's local certificates,
 * or NULL; dtls_nx_next_credential is that of struct dtls_config. */
const struct dtls_cert_item *dtls_nx_anchors(
    const NX_SECURE_X509_CERTIFICATE_STORE *store);
const struct dtls_credential *dtls_nx_first_credential(
    const NX_SECURE_X509_CERTIFICATE_STORE *store);
const struct dtls_credential *dtls_nx_next_credential(
    void *session, const struct dtls_credential *credential);

/* dtls_nx_is_local returns true if a session's local list has the certificate.
 *
 * dtls_nx_active returns the one local certificate to show; NULL: any.  The
 * caller of both holds the lock. */
bool dtls_nx_is_local(NX_SECURE_TLS_SESSION *tls,
                      const NX_SECURE_X509_CERT *cert);
const struct dtls_credential *dtls_nx_active(NX_SECURE_TLS_SESSION *tls);

/* Sessions: session_services.c. */

/* dtls_nx_configure builds the engine's configuration from the application's
 * settings, and fills `room` with what a session needs beside it. */
DTLS_MUST_USE UINT dtls_nx_configure(NX_SECURE_DTLS_SESSION *session,
                                     struct dtls_session_room *room);

/* dtls_nx_mtu returns the MTU for a handshake with the session's peer: the one
 * that was set, or else the default for the peer's family.  Before there is a
 * peer, that is the smaller one. */
uint16_t dtls_nx_mtu(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_may_renegotiate returns true if the session's setting and the
 * application's callback allow a renegotiation; it has then built the
 * configuration anew.  For struct dtls_config. */
bool dtls_nx_may_renegotiate(void *session);

/* dtls_nx_see_message shows a hello's extensions to the application:
 * hello_callbacks.c.  For struct dtls_config. */
enum dtls_status dtls_nx_see_message(void *session,
                                     const struct dtls_message *message);

/* Keys that are looked up: psk_lookup.c.  The caller holds the lock. */

/* dtls_nx_look_up_psk asks the application for a key, or takes the answer that
 * dtls_nx_go_on has.  For struct dtls_config. */
enum dtls_status dtls_nx_look_up_psk(void *session, struct dtls_buf *out,
                                     struct dtls_bytes identity);

/* dtls_nx_go_on goes on with a handshake whose key the application has given,
 * or refused, since it was asked (DTLS_NX_ANSWERED). */
VOID dtls_nx_go_on(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_forget_answer wipes an answer and forgets the question. */
VOID dtls_nx_forget_answer(struct dtls_nx_session *s);

/* Calls of the application's functions during a handshake: calling.c. */

/* dtls_nx_call_begin frees the lock for such a call; dtls_nx_call_end takes it
 * again.  It returns false if the session is to be reset: the handshake must
 * fail.
 *
 * dtls_nx_is_calling returns true in between, and for good if the thread has
 * been terminated meanwhile: the engine is in the midst of a message, and the
 * caller must not let it work.  dtls_nx_call_runs returns true as long as
 * there is that thread: the session must not be ended either, and a service
 * that would do so returns NX_IN_PROGRESS.  dtls_nx_call_of_server_runs asks
 * for all sessions of a server.  The caller of these holds the lock. */
VOID dtls_nx_call_begin(NX_SECURE_DTLS_SESSION *session);
bool dtls_nx_call_end(NX_SECURE_DTLS_SESSION *session);
bool dtls_nx_is_calling(NX_SECURE_DTLS_SESSION *session);
bool dtls_nx_call_runs(NX_SECURE_DTLS_SESSION *session);
bool dtls_nx_call_of_server_runs(NX_SECURE_DTLS_SERVER *server);

/* A notification that a thread other than the IP thread runs, without the
 * lock; on its stack. */
struct dtls_nx_telling {
    NX_SECURE_DTLS_SERVER *server;
    struct dtls_nx_telling *outer; /* or NULL */
};
VOID dtls_nx_telling_begin(struct dtls_nx_telling *out,
                           NX_SECURE_DTLS_SERVER *server);
VOID dtls_nx_telling_end(struct dtls_nx_telling *telling);

/* dtls_nx_is_told_of returns true if a thread that has not ended stands in
 * such a notification of the server. */
bool dtls_nx_is_told_of(const NX_SECURE_DTLS_SERVER *server);

/* dtls_nx_setting_begin takes the lock, for a change of what such a call goes
 * by.  It returns false, without the lock, if the session is calling. */
DTLS_MUST_USE bool dtls_nx_setting_begin(NX_SECURE_TLS_SESSION *tls);

/* dtls_nx_delete deletes a session, which may be one of a server's.  It
 * returns NX_IN_PROGRESS if a call runs. */
UINT dtls_nx_delete(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_reset ends the association: it frees engine, packets and slot, and
 * dismisses a thread that waits.  If a call runs, that happens when the engine
 * has ended the handshake: dtls_nx_reset_late returns true if it was so. */
VOID dtls_nx_reset(NX_SECURE_DTLS_SESSION *session);
bool dtls_nx_reset_late(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_end_life does the same, unless the session has been reset since its
 * `life` was `life`: a server's session may have another client by now. */
VOID dtls_nx_end_life(NX_SECURE_DTLS_SESSION *session, uint32_t life);

/* dtls_nx_reason returns why the association is not connected, in words, or
 * "": reason.c. */
const CHAR *dtls_nx_reason(const struct dtls_nx_session *s);

/* Public members: mirror.c. */

/* dtls_nx_local_address sets `out` to the address of this version that an
 * instance has at `index`; with NX_SECURE_DTLS_ANY_ADDRESS, to version 0.  It
 * returns false if there is none.  dtls_nx_local_index is the inverse. */
DTLS_MUST_USE bool dtls_nx_local_address(NXD_ADDRESS *out, const NX_IP *ip,
                                         ULONG version, UINT index);
UINT dtls_nx_local_index(const NX_IP *ip, const NXD_ADDRESS *address);

/* dtls_nx_aim gives a client's session its socket and its server, and the
 * address of its own that it has chosen.  It returns false, and nothing has
 * changed but `local`, if there is no such address: association.c. */
DTLS_MUST_USE bool dtls_nx_aim(NX_SECURE_DTLS_SESSION *session,
                               NX_UDP_SOCKET *socket,
                               const NXD_ADDRESS *ip_address, UINT port);

/* dtls_nx_follow_counter takes over a record number that the application has
 * set. */
VOID dtls_nx_follow_counter(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_notice mirrors the engine's state into the public members;
 * dtls_nx_notice_handshake mirrors of it what the peers have agreed, and how
 * far the handshake is. */
VOID dtls_nx_notice(NX_SECURE_DTLS_SESSION *session);
VOID dtls_nx_notice_handshake(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_show_peer shows the peer's certificates in the session's store from
 * the end of a handshake to the reset or the next handshake, if there is room
 * for them.  dtls_nx_hide_peer takes them back. */
VOID dtls_nx_show_peer(NX_SECURE_DTLS_SESSION *session);
VOID dtls_nx_hide_peer(NX_SECURE_TLS_SESSION *tls);

/* dtls_nx_address makes the table's key of a peer's address and port and of
 * the address of ours that it speaks to: an association belongs to both ends
 * (RFC 6347, 4.2.8).  NULL: ours does not matter. */
VOID dtls_nx_address(struct dtls_address *out, const NXD_ADDRESS *ip,
                     UINT port, const NXD_ADDRESS *local);

/* dtls_nx_is_peer returns true if the session speaks to this address. */
bool dtls_nx_is_peer(const NX_SECURE_DTLS_SESSION *session,
                     const NXD_ADDRESS *ip, UINT port);

/* dtls_nx_ending returns why an association is no more, or NX_SUCCESS if it is
 * connected: association.c. */
UINT dtls_nx_ending(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_has_untold_end returns true if an association is over and the
 * application does not know yet. */
bool dtls_nx_has_untold_end(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_was_connected returns true if a handshake of the session has been
 * complete since its start. */
bool dtls_nx_was_connected(NX_SECURE_DTLS_SESSION *session);

/* A server's own time: server_time.c. */

/* dtls_nx_time_create and dtls_nx_time_delete create and delete the timer of a
 * server.  dtls_nx_time_stop keeps it from firing until something new is
 * watched.  dtls_nx_time_forget forgets all servers. */
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

/* dtls_nx_due returns the time at which a server's session needs the IP
 * thread, or DTLS_NEVER: for a timer, a start that does not come, a key that
 * has come, or an end that the application does not know. */
uint64_t dtls_nx_due(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_next_due returns a session of the server whose deadline may have
 * come by `now`: the deadline may have moved since the session was last
 * watched. The caller does what is due, watches the session and asks again.
 * After the last one it returns NX_NULL, and the timer is set to what is due
 * next.  The caller holds the lock. */
NX_SECURE_DTLS_SESSION *dtls_nx_next_due(NX_SECURE_DTLS_SERVER *server,
                                         uint64_t now);

/* dtls_nx_watch puts the session's deadline among those of its server, unless
 * a nearer one is there for the session, and sets the server's timer if it is
 * the first.  It is called when the deadline may have come nearer.  It does
 * nothing for a client's session.  The caller holds the lock. */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session);
#else
static inline VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
}
#endif

/* Packets: packets.c.  The caller holds the lock. */

/* dtls_nx_send sends the packet that the engine has just made to where it is
 * to go (dtls_session_goes_to), from the address that the peer has asked.  It
 * releases the packet if `*sent`, the status of that, is
 * NX_SUCCESS.  Meanwhile the lock is free (decision 27).  It returns
 * DTLS_NX_GONE if the session was reset by then: the caller must not touch it;
 * NX_WAIT_ABORTED if another thread has aborted a wait of this one.
 *
 * dtls_nx_send_and_unlock does not take the lock again, and returns `*sent`.
 * If that is NX_SUCCESS it has released `data` as well, before a service that
 * ends the session can return.  The caller must not touch the session after
 * it.
 *
 * dtls_nx_flush does what dtls_nx_send does with each datagram that the engine
 * has to send. */
UINT dtls_nx_send(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                  UINT *sent);
UINT dtls_nx_send_and_unlock(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET *packet, NX_PACKET *data);
UINT dtls_nx_flush(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_feed gives a packet, which it consumes, to the engine, and puts data
 * into the receive queue.  It returns the number of pieces that it has put
 * there, or DTLS_NX_GONE if a reset has waited for a call that ran. */
UINT dtls_nx_feed(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet);

/* dtls_nx_answer sends bytes that belong to no session: to the sender of
 * `question`, from the address at which that packet came.  Meanwhile the lock
 * is free. */
VOID dtls_nx_answer(NX_UDP_SOCKET *socket, NX_PACKET *question,
                    struct dtls_bytes datagram);

/* dtls_nx_queue_pop takes the first packet off the receive queue.  It returns
 * NX_NULL if the queue is empty.  dtls_nx_queue_push appends a packet. */
NX_PACKET *dtls_nx_queue_pop(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_may_keep returns true if `packet` may be put into the receive queue,
 * which is to have `most` packets at most.  Beyond the first few, and for a
 * chain, a quarter of the pool must be free, so that no session can take the
 * last packets from the others. */
bool dtls_nx_may_keep(const NX_SECURE_DTLS_SESSION *session,
                      const NX_PACKET *packet, ULONG most);
VOID dtls_nx_queue_push(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet);

/* dtls_nx_store_init backs a flight with packets of the session's pool. */
VOID dtls_nx_store_init(struct dtls_store *store,
                        NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_pool returns the pool of a session's packets. */
NX_PACKET_POOL *dtls_nx_pool(const NX_SECURE_DTLS_SESSION *session);

/* Waiting: wait.c. */

/* dtls_nx_may_wait returns true if the caller is a thread, other than that of
 * the timers.
 *
 * dtls_nx_cannot_wait_on returns true if the caller is no such thread, or is
 * the IP thread that brings the datagrams of this socket. */
bool dtls_nx_may_wait(VOID);
bool dtls_nx_cannot_wait_on(const NX_UDP_SOCKET *socket);

/* dtls_nx_see_time does what is due in a session and is the caller's to do: in
 * a client's session, as no thread may be waiting on it; in a server's if the
 * IP thread has not done it.  It sends, and returns what dtls_nx_flush
 * returns.  The caller holds the lock. */
UINT dtls_nx_see_time(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_wait lets the session work until `done` returns true, or for at most
 * `wait_option` ticks.
 *
 * The caller holds the lock, and holds it again afterwards: dtls_nx_wait frees
 * it only for the wait itself and for each send.  So a thread that holds the
 * lock and sees no waiting thread (dtls_nx_waiting) knows that none will touch
 * the session, but one that sends, which looks whether it is over.
 *
 *   0      done
 *   0x01   time is up
 *   0x11   it would have to wait, but the caller cannot: a timer, or the IP
 *          thread that brings the datagrams
 *   0x40   it would have to wait, and another thread does already
 *   DTLS_NX_GONE
 *          another thread has ended the session.  The session may have been
 *          deleted, so the caller must not touch it.  A service returns 0x1A
 *          (dtls_nx_result)
 *   other  the wait was ended: 0x1A aborted; or the socket's own status */
#define DTLS_NX_GONE 0xFFFFu
static inline UINT dtls_nx_result(UINT status)
{
    return status == DTLS_NX_GONE ? NX_WAIT_ABORTED : status;
}
DTLS_MUST_USE UINT dtls_nx_wait(NX_SECURE_DTLS_SESSION *session,
                                bool (*done)(NX_SECURE_DTLS_SESSION *session),
                                ULONG wait_option);

/* dtls_nx_waiting returns the thread that waits on the session, or NULL.  A
 * thread that was terminated meanwhile does not count. */
TX_THREAD *dtls_nx_waiting(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_dismiss ends the wait of another thread that waits on the session.
 * It does not wait for that thread, whose dtls_nx_wait returns DTLS_NX_GONE
 * whenever it runs.  The caller holds the lock. */
VOID dtls_nx_dismiss(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_wake wakes the thread that waits on a server's session, if there is
 * one. */
VOID dtls_nx_wake(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_await lets handshake_notify tell how the present handshake of a
 * server's session ends, because no thread waits for it. */
VOID dtls_nx_await(NX_SECURE_DTLS_SESSION *session);

/* dtls_nx_ticks_left returns what is left of a wait that began at the time
 * `begun` of the port. */
ULONG dtls_nx_ticks_left(ULONG64 begun, ULONG wait_option);

/* dtls_nx_handshake waits until the handshake is over and returns its result.
 * It frees the lock as dtls_nx_wait does. */
DTLS_MUST_USE UINT dtls_nx_handshake(NX_SECURE_DTLS_SESSION *session,
                                     ULONG wait_option);

/* Servers: server_services.c, server_receive.c. */

/* dtls_nx_sessions_in returns the number of sessions that a buffer has room
 * for, and gives the first: the buffer may begin at any address.  It gives
 * none if there is no buffer. */
UINT dtls_nx_sessions_in(NX_SECURE_DTLS_SESSION **first, VOID *buffer,
                         UINT size);

/* dtls_nx_use_reserve switches a server's reserve on, if it has one, or off.
 * No session of the server is in use. */
VOID dtls_nx_use_reserve(NX_SECURE_DTLS_SERVER *server, bool used);

/* dtls_nx_inherit gives a session what has been set for all sessions of its
 * server.  dtls_nx_newcomer makes a newcomer of a peer's address. */
VOID dtls_nx_inherit(NX_SECURE_DTLS_SESSION *session);
struct dtls_newcomer dtls_nx_newcomer(const struct dtls_address *key,
                                      const NXD_ADDRESS *ip);

/* dtls_nx_server_receive is the receive notification of a server's socket. */
VOID dtls_nx_server_receive(NX_UDP_SOCKET *socket);

/* dtls_nx_ask_the_gate shows a datagram to a gate: server_receive.c. */
DTLS_MUST_USE enum dtls_gate dtls_nx_ask_the_gate(
    struct dtls_listener *listener, struct dtls_buf *reply,
    struct dtls_gate_pass *pass, const struct dtls_address *key,
    NX_PACKET *packet);

/* Stand-alone server sessions: standalone.c. */

/* dtls_nx_standalone_start waits for a client on the socket and then for its
 * handshake, both within wait_option ticks.
 *
 * dtls_nx_standalone_take takes a datagram, which it consumes, for a session
 * that has a listener: it answers it, or begins the handshake, and then the
 * session has none. */
#ifndef NX_SECURE_TLS_SERVER_DISABLED
DTLS_MUST_USE UINT dtls_nx_standalone_start(NX_SECURE_DTLS_SESSION *session,
                                            NX_UDP_SOCKET *socket,
                                            ULONG wait_option);
VOID dtls_nx_standalone_take(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET *packet);
#else
static inline UINT dtls_nx_standalone_start(NX_SECURE_DTLS_SESSION *session,
                                            NX_UDP_SOCKET *socket,
                                            ULONG wait_option)
{
    (void)session;
    (void)socket;
    (void)wait_option;
    return NX_NOT_SUPPORTED;
}
static inline VOID dtls_nx_standalone_take(NX_SECURE_DTLS_SESSION *session,
                                           NX_PACKET *packet)
{
    (void)session;
    nx_packet_release(packet);
}
#endif

/* Stand-ins for the services of a role that a switch takes away: other code
 * still calls them. */
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
