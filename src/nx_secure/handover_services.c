/* SPDX-License-Identifier: MIT */
/* Live associations as bytes, as services see them (nxdtls.h). */
#include "nx_secure/internal.h"

#include "session/handover.h"

#include <stddef.h>

_Static_assert(DTLS_HANDOVER_MAX <= NXDTLS_HANDOVER_SIZE,
               "NXDTLS_HANDOVER_SIZE is too small");

/* What an application gives back. */
struct handed {
    const UCHAR *key;
    struct dtls_bytes bytes;
};

static UINT status_of(enum dtls_status status)
{
    if (status == DTLS_NOT_NOW) {
        return NXDTLS_NO_SESSION;
    }
    if (status == DTLS_NO_ROOM) {
        return NX_SIZE_ERROR;
    }
    return status == DTLS_DISCARD ? NXDTLS_BAD_SESSION
                                  : dtls_nx_status(status);
}

/* Tells whether the session is one that take_over can make again. */
static bool has_a_home(const NX_SECURE_DTLS_SESSION *session)
{
    return session->nx_secure_dtls_server_parent != NX_NULL ||
           session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type ==
               NX_SECURE_TLS_SESSION_TYPE_CLIENT;
}

static UINT hand_over(NX_SECURE_DTLS_SESSION *session, const UCHAR *key,
                      struct dtls_buf *out)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    UINT status;

    if (!has_a_home(session)) {
        return NXDTLS_NO_SESSION;
    }
    if (dtls_nx_is_calling(session) || dtls_nx_waiting(session) != NX_NULL ||
        session->nx_secure_dtls_receive_queue_head != NX_NULL) {
        return NX_IN_PROGRESS;
    }
    dtls_nx_follow_counter(session);
    status = status_of(dtls_session_hand_over(&s->engine, dtls_nx_crypto, out,
                                              key, dtls_nx_now()));
    if (status == NX_SUCCESS) {
        s->end_is_told = true; /* The caller ends it. */
        dtls_nx_notice(session);
    }
    return status;
}

UINT nxdtls_session_hand_over(NX_SECURE_DTLS_SESSION *dtls_session,
                              const UCHAR *key, UCHAR *buffer, ULONG size,
                              ULONG *length)
{
    struct dtls_buf out = {buffer, 0, size};
    UINT status;

    *length = 0;
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = hand_over(dtls_session, key, &out);
    dtls_nx_unlock_behind_sends();
    *length = (ULONG)out.len;
    return status;
}

/* Makes the idle session, which has its peer's address, the association. */
static UINT take_over(NX_SECURE_DTLS_SESSION *session, enum dtls_role role,
                      const struct handed *handed)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_session_room room;
    UINT status = dtls_nx_configure(session, &room);

    if (status == NX_SUCCESS) {
        status = status_of(dtls_session_take_over(&s->engine, dtls_nx_crypto,
                                                  role, &room, handed->bytes,
                                                  handed->key, dtls_nx_now()));
    }
    if (status == NX_SUCCESS) {
        session->nx_secure_dtls_session_in_use = NX_TRUE;
        session->nx_secure_dtls_session_started = NX_TRUE;
        dtls_nx_notice(session);
    }
    return status;
}

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
static UINT take_over_client(NX_SECURE_DTLS_SESSION *session,
                             NX_UDP_SOCKET *socket, const NXD_ADDRESS *ip,
                             UINT port, const struct handed *handed)
{
    UINT local = session->nx_secure_dtls_local_ip_address_index;
    UINT status;

    if (dtls_nx_session(session)->engine.phase != DTLS_PHASE_IDLE) {
        return NX_IN_PROGRESS;
    }
    if (!dtls_nx_aim(session, socket, ip, port)) {
        return NX_INVALID_INTERFACE;
    }
    status = take_over(session, DTLS_CLIENT, handed);
    if (status != NX_SUCCESS) {
        dtls_nx_reset(session);
        session->nx_secure_dtls_local_ip_address_index = local;
    }
    return status;
}

UINT nxdtls_session_take_over(NX_SECURE_DTLS_SESSION *dtls_session,
                              NX_UDP_SOCKET *udp_socket,
                              NXD_ADDRESS *ip_address, UINT port,
                              const UCHAR *key, const UCHAR *buffer,
                              ULONG length)
{
    const struct handed handed = {key, dtls_bytes_of(buffer, length)};
    UINT status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (!dtls_nx_is_created(dtls_session)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    if (dtls_session->nx_secure_dtls_server_parent != NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!udp_socket->nx_udp_socket_bound) {
        return NX_NOT_BOUND;
    }
    dtls_nx_lock();
    status =
        take_over_client(dtls_session, udp_socket, ip_address, port, &handed);
    dtls_nx_unlock();
    return status;
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
/* Takes a free slot that the application has given the server; the reserve is
 * for clients that come.  NX_NULL: there is none. */
static NX_SECURE_DTLS_SESSION *take_slot(NX_SECURE_DTLS_SERVER *server,
                                         const struct dtls_newcomer *newcomer)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    struct dtls_slot *slot =
        dtls_table_is_full(&v->table)
            ? NULL
            : dtls_admission_enter(&v->admission, newcomer, NULL,
                                   dtls_nx_now());

    if (slot == NULL) {
        return NX_NULL;
    }
    if (slot == v->table.reserve) {
        dtls_admission_leave(&v->admission, slot);
        return NX_NULL;
    }
    return dtls_nx_session_at(slot, offsetof(struct dtls_nx_session, slot));
}

/* Tells whether the association's id leads to the session: it is as long as
 * the server's are, and no other session has it. */
static bool is_named(NX_SECURE_DTLS_SERVER *server,
                     NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    const struct dtls_record_layer *r = &s->engine.records;

    return r->cid_len == dtls_nx_server(server)->options.cid_len &&
           dtls_table_name(&dtls_nx_server(server)->table, &s->slot,
                           dtls_bytes_of(r->cid, r->cid_len));
}

/* Which address of ours the client speaks to is known when it speaks: then it
 * counts as one that has moved. */
static UINT take_over_slot(NX_SECURE_DTLS_SERVER *server,
                           const NXD_ADDRESS *ip, UINT port,
                           const struct handed *handed,
                           NX_SECURE_DTLS_SESSION **out)
{
    static const NXD_ADDRESS any;
    struct dtls_nx_server *v = dtls_nx_server(server);
    NX_SECURE_DTLS_SESSION *session;
    struct dtls_newcomer newcomer;
    struct dtls_address key;
    UINT status;

    if (!server->nx_dtls_server_bound) {
        return NX_NOT_BOUND;
    }
    dtls_nx_address(&key, ip, port, &any);
    newcomer = dtls_nx_newcomer(&key, ip);
    session = take_slot(server, &newcomer);
    if (session == NX_NULL) {
        return NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS;
    }
    session->nx_secure_dtls_remote_ip_address = *ip;
    session->nx_secure_dtls_remote_port = port;
    session->nx_secure_dtls_session_in_use = NX_TRUE;
    dtls_nx_session(session)->local = any;
    dtls_nx_inherit(session);
    status = take_over(session, DTLS_SERVER, handed);
    if (status == NX_SUCCESS && !is_named(server, session)) {
        status = NX_IN_PROGRESS;
    }
    if (status != NX_SUCCESS) {
        dtls_nx_reset(session);
        return status;
    }
    dtls_admission_establish(&v->admission, &dtls_nx_session(session)->slot);
    dtls_nx_watch(session);
    *out = session;
    return NX_SUCCESS;
}

UINT nxdtls_server_take_over(NX_SECURE_DTLS_SERVER *server_ptr,
                             NXD_ADDRESS *ip_address, UINT port,
                             const UCHAR *key, const UCHAR *buffer,
                             ULONG length,
                             NX_SECURE_DTLS_SESSION **dtls_session)
{
    const struct handed handed = {key, dtls_bytes_of(buffer, length)};
    UINT status;

    *dtls_session = NX_NULL;
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (!dtls_nx_is_server(server_ptr)) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    status =
        take_over_slot(server_ptr, ip_address, port, &handed, dtls_session);
    dtls_nx_unlock();
    return status;
}
#endif

ULONG nxdtls_handover_serial(const UCHAR *buffer, ULONG length)
{
    return (ULONG)dtls_handover_serial(dtls_bytes_of(buffer, length));
}
