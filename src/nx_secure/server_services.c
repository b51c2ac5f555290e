/* SPDX-License-Identifier: MIT */
/* Servers: create, start, stop, delete; settings for all sessions. */
#include "nx_secure/internal.h"

#ifndef NX_SECURE_TLS_SERVER_DISABLED

static CHAR socket_name[] = "DTLS server";

#define LEAVE_MAX (10 * TX_TIMER_TICKS_PER_SECOND)
#define RECEIVE_QUEUE_MAX 2000 /* datagrams that wait for the IP thread */

/* What a session works with. */
struct buffers {
    VOID *metadata;
    ULONG metadata_size;
    UCHAR *reassembly;
    UINT reassembly_size;
};

static UINT create_session(NX_SECURE_DTLS_SERVER *server,
                           NX_SECURE_DTLS_SESSION *session,
                           const NX_SECURE_TLS_CRYPTO *crypto_table,
                           const struct buffers *buffers)
{
    UINT status = _nx_secure_dtls_session_create(
        session, crypto_table, buffers->metadata, buffers->metadata_size,
        buffers->reassembly, buffers->reassembly_size, 0, NX_NULL, 0);

    if (status != NX_SUCCESS) {
        return status;
    }
    session->nx_secure_dtls_server_parent = server;
    session->nx_secure_dtls_udp_socket = &server->nx_dtls_server_udp_socket;
    session->nx_secure_dtls_local_port = server->nx_dtls_server_listen_port;
    session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type =
        NX_SECURE_TLS_SESSION_TYPE_SERVER;
    return NX_SUCCESS;
}

/* Takes `len` bytes off the front of a server's metadata.  Returns NULL if
 * there is no room for them. */
static VOID *take_front(struct buffers *all, uint64_t len)
{
    UCHAR *at = all->metadata;
    uint64_t gap = dtls_nx_gap(at);

    if (gap + len > all->metadata_size) {
        return NULL;
    }
    all->metadata = at + gap + len;
    all->metadata_size -= (ULONG)(gap + len);
    return at + gap;
}

/* Takes the index of a server's sessions and, apart from that, their
 * deadlines.  Returns false if there is no room for both. */
static bool take_index(struct buffers *all, UINT count,
                       struct dtls_link **index,
                       struct dtls_deadline **deadlines)
{
    *index = take_front(all, DTLS_INDEX_LINKS(count) * sizeof **index);
    *deadlines = take_front(all, ((uint64_t)count + 1) * sizeof **deadlines);
    return *index != NULL && *deadlines != NULL;
}

/* Creates session i with its share of `all` buffers; the reserve has its
 * own. */
static UINT create_session_at(NX_SECURE_DTLS_SERVER *server, UINT i,
                              const NX_SECURE_TLS_CRYPTO *crypto_table,
                              const struct buffers *all)
{
    const UINT count = server->nx_dtls_server_sessions_count;
    struct buffers share = {
        .metadata_size = all->metadata_size / count / 8 * 8,
        .reassembly_size = all->reassembly_size / count,
    };

    if (i == count) {
        share =
            (struct buffers){server->nx_dtls_server_reserve_metadata,
                             sizeof server->nx_dtls_server_reserve_metadata,
                             server->nx_dtls_server_reserve_reassembly,
                             sizeof server->nx_dtls_server_reserve_reassembly};
    } else {
        share.metadata =
            (UCHAR *)all->metadata + (size_t)i * share.metadata_size;
        share.reassembly = all->reassembly + (size_t)i * share.reassembly_size;
    }
    return create_session(server, dtls_nx_server_session(server, i),
                          crypto_table, &share);
}

static VOID delete_sessions(NX_SECURE_DTLS_SERVER *server, UINT count)
{
    /* The lists are shared: session 0 holds the uses of their certificates. */
    for (UINT i = count; i > 0; i--) {
        NX_SECURE_DTLS_SESSION *session =
            dtls_nx_server_session(server, i - 1);

        if (i > 1) {
            *dtls_nx_certificates(&session->nx_secure_dtls_tls_session) =
                (NX_SECURE_X509_CERTIFICATE_STORE){0};
        }
        (void)dtls_nx_delete(session);
    }
}

VOID dtls_nx_use_reserve(NX_SECURE_DTLS_SERVER *server, bool used)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    const struct dtls_admission before = v->admission;

    v->table.reserve =
        used && v->has_reserve
            ? &dtls_nx_session(&server->nx_dtls_server_reserve)->slot
            : NULL;
    dtls_admission_init(&v->admission, &v->table);
    dtls_admission_set(&v->admission, !before.never_yields, before.cap);
}

static UINT create_engine(NX_SECURE_DTLS_SERVER *server,
                          struct dtls_link *index)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    enum dtls_status status;

    v->options.record_size_limit = DTLS_PLAINTEXT_MAX;
    v->options.unread = DTLS_NX_UNREAD_PACKETS;
    status = dtls_listener_init(&v->listener, dtls_nx_crypto, &v->counters,
                                dtls_nx_now());
    if (status == DTLS_OK) {
        v->listener.jar.len = NX_SECURE_DTLS_COOKIE_LENGTH;
        status = dtls_table_init(
            &v->table, dtls_nx_crypto,
            &dtls_nx_session(server->nx_dtls_server_sessions)->slot,
            sizeof(NX_SECURE_DTLS_SESSION),
            server->nx_dtls_server_sessions_count,
            v->has_reserve
                ? &dtls_nx_session(&server->nx_dtls_server_reserve)->slot
                : NULL,
            index);
    }
    if (status == DTLS_OK) {
        dtls_admission_init(&v->admission, &v->table);
    }
    return dtls_nx_status(status);
}

/* Wipes the server's secrets, also of an engine that was made by half. */
static VOID free_engine(NX_SECURE_DTLS_SERVER *server)
{
    struct dtls_nx_server *v = dtls_nx_server(server);

    dtls_listener_free(&v->listener);
    dtls_table_free(&v->table);
    dtls_cache_free(&v->cache);
    dtls_tickets_free(&v->tickets);
}

UINT dtls_nx_sessions_in(NX_SECURE_DTLS_SESSION **first, VOID *buffer,
                         UINT size)
{
    UCHAR *at = buffer;
    size_t gap = dtls_nx_gap(at);

    if (at == NX_NULL || gap > size) {
        return 0;
    }
    *first = (NX_SECURE_DTLS_SESSION *)(VOID *)(at + gap);
    return (size - (UINT)gap) / (UINT)sizeof **first;
}

UINT _nx_secure_dtls_server_create(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_IP *ip_ptr, UINT port, ULONG timeout,
    VOID *session_buffer, UINT session_buffer_size,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *crypto_metadata_buffer,
    ULONG crypto_metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size,
    UINT (*connect_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                           NXD_ADDRESS *ip_address, UINT port),
    UINT (*receive_notify)(NX_SECURE_DTLS_SESSION *dtls_session))
{
    struct buffers all = {crypto_metadata_buffer, crypto_metadata_size,
                          packet_reassembly_buffer,
                          packet_reassembly_buffer_size};
    NX_SECURE_DTLS_SESSION *sessions = NX_NULL;
    struct dtls_link *index;
    struct dtls_deadline *deadlines;
    UINT count =
        dtls_nx_sessions_in(&sessions, session_buffer, session_buffer_size);
    UINT created = 0;
    UINT status = NX_SUCCESS;

    if (server_ptr == NX_NULL || ip_ptr == NX_NULL ||
        session_buffer == NX_NULL || crypto_table == NX_NULL ||
        crypto_metadata_buffer == NX_NULL ||
        packet_reassembly_buffer == NX_NULL || connect_notify == NX_NULL ||
        receive_notify == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (count == 0) {
        return NX_INVALID_PARAMETERS;
    }
    if (!take_index(&all, count, &index, &deadlines)) {
        return NX_INVALID_PARAMETERS;
    }
    NX_SECURE_MEMSET(server_ptr, 0, sizeof *server_ptr);
    dtls_deadlines_init(&dtls_nx_server(server_ptr)->deadlines, deadlines,
                        count + 1);
    server_ptr->nx_dtls_server_ip_ptr = ip_ptr;
    server_ptr->nx_dtls_server_listen_port = port;
    server_ptr->nx_dtls_server_timeout = timeout;
    server_ptr->nx_dtls_server_sessions = sessions;
    server_ptr->nx_dtls_server_sessions_count = count;
    server_ptr->nx_dtls_server_connect_notify = connect_notify;
    server_ptr->nx_dtls_server_receive_notify = receive_notify;
    dtls_nx_server(server_ptr)->has_reserve =
        dtls_nx_adapter_size(crypto_table) <=
        sizeof server_ptr->nx_dtls_server_reserve_metadata;
    while (status == NX_SUCCESS &&
           created < dtls_nx_server_places(server_ptr)) {
        status = create_session_at(server_ptr, created, crypto_table, &all);
        created += status == NX_SUCCESS;
    }
    if (status == NX_SUCCESS) {
        status = create_engine(server_ptr, index);
    }
    if (status == NX_SUCCESS) {
        status = dtls_nx_time_create(server_ptr);
    }
    if (status == NX_SUCCESS) {
        /* The checked form would be wrong: UDP may be enabled later, before
         * the start. */
        status = _nx_udp_socket_create(
            ip_ptr, &server_ptr->nx_dtls_server_udp_socket, socket_name,
            NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
            RECEIVE_QUEUE_MAX);
    }
    if (status != NX_SUCCESS) {
        dtls_nx_time_delete(server_ptr);
        delete_sessions(server_ptr, created);
        free_engine(server_ptr);
        return status;
    }
    server_ptr->nx_dtls_server_udp_socket.nx_udp_socket_reserved_ptr =
        server_ptr;
    server_ptr->nx_dtls_server_id = NX_SECURE_DTLS_SERVER_ID;
    server_ptr->nx_dtls_server_generation = dtls_nx_generation();
    return NX_SUCCESS;
}

static bool is_notifying(NX_SECURE_DTLS_SERVER *server)
{
    return dtls_nx_server(server)->receiving || dtls_nx_is_told_of(server);
}

/* Waits until each thread has left the notifications of this server, in which
 * it may stand, but not for ever: it may wait for the caller, or be it. */
static UINT leave_notifications(NX_SECURE_DTLS_SERVER *server)
{
    if (tx_thread_identify() == &server->nx_dtls_server_ip_ptr->nx_ip_thread) {
        return is_notifying(server) ? NX_CALLER_ERROR : NX_SUCCESS;
    }
    for (ULONG ticks = 0; is_notifying(server) && ticks < LEAVE_MAX; ticks++) {
        (void)tx_thread_sleep(1);
    }
    return is_notifying(server) ? NX_IN_PROGRESS : NX_SUCCESS;
}

static bool call_runs(NX_SECURE_DTLS_SERVER *server)
{
    bool is;

    dtls_nx_lock();
    is = dtls_nx_call_of_server_runs(server);
    dtls_nx_unlock();
    return is;
}

UINT _nx_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT status;

    if (server_ptr == NX_NULL || !dtls_nx_is_server(server_ptr)) {
        return NX_PTR_ERROR;
    }
    if (server_ptr->nx_dtls_server_bound) {
        return NX_STILL_BOUND;
    }
    status = leave_notifications(server_ptr);
    if (status != NX_SUCCESS) {
        return status;
    }
    if (call_runs(server_ptr)) {
        return NX_IN_PROGRESS;
    }
    dtls_nx_time_delete(server_ptr);
    nx_udp_socket_delete(&server_ptr->nx_dtls_server_udp_socket);
    delete_sessions(server_ptr, dtls_nx_server_places(server_ptr));
    free_engine(server_ptr);
    server_ptr->nx_dtls_server_id = 0;
    return NX_SUCCESS;
}

/* Notes the port that was bound, if the application left the choice. */
static VOID note_port(NX_SECURE_DTLS_SERVER *server)
{
    UINT port;

    if (nx_udp_socket_port_get(&server->nx_dtls_server_udp_socket, &port) !=
        NX_SUCCESS) {
        return;
    }
    for (UINT i = 0; i < dtls_nx_server_places(server); i++) {
        dtls_nx_server_session(server, i)->nx_secure_dtls_local_port = port;
    }
}

/* Returns how long the start may wait for the port.  A server without a
 * timeout gets it at once or not at all, as its application can do nothing
 * about a start that hangs. */
static ULONG patience(const NX_SECURE_DTLS_SERVER *server)
{
    return server->nx_dtls_server_timeout == NX_WAIT_FOREVER ||
                   dtls_nx_cannot_wait_on(&server->nx_dtls_server_udp_socket)
               ? NX_NO_WAIT
               : server->nx_dtls_server_timeout;
}

UINT _nx_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr)
{
    NX_UDP_SOCKET *socket;
    UINT status;

    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    socket = &server_ptr->nx_dtls_server_udp_socket;
    status = nx_udp_socket_bind(socket, server_ptr->nx_dtls_server_listen_port,
                                patience(server_ptr));
    if (status != NX_SUCCESS) {
        return status;
    }
    server_ptr->nx_dtls_server_bound = NX_TRUE;
    note_port(server_ptr);
    nx_udp_socket_receive_notify(socket, dtls_nx_server_receive);
    return NX_SUCCESS;
}

/* Nothing comes in between: no session begins a call or is admitted. */
UINT _nx_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT was_bound;

    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    if (dtls_nx_call_of_server_runs(server_ptr)) {
        dtls_nx_unlock();
        return NX_IN_PROGRESS;
    }
    was_bound = server_ptr->nx_dtls_server_bound;
    server_ptr->nx_dtls_server_bound = NX_FALSE;
    for (UINT i = 0; i < dtls_nx_server_places(server_ptr); i++) {
        dtls_nx_reset(dtls_nx_server_session(server_ptr, i));
    }
    dtls_nx_time_stop(server_ptr);
    dtls_nx_unlock_behind_sends();
    if (was_bound) {
        nx_udp_socket_unbind(&server_ptr->nx_dtls_server_udp_socket);
    }
    return NX_SUCCESS;
}

UINT _nx_secure_dtls_server_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*disconnect_notify)(NX_SECURE_DTLS_SESSION *dtls_session),
    UINT (*error_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         UINT error_code))
{
    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    server_ptr->nx_dtls_server_disconnect_notify = disconnect_notify;
    server_ptr->nx_dtls_server_error_notify = error_notify;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_DISABLE_X509
/* Session 0 holds the lists; the others share them. */
static NX_SECURE_DTLS_SESSION *first(NX_SECURE_DTLS_SERVER *server)
{
    return server == NX_NULL ? NX_NULL : server->nx_dtls_server_sessions;
}

UINT _nx_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    return dtls_nx_list_add(first(server_ptr), DTLS_NX_LOCAL, certificate,
                            cert_id);
}

UINT _nx_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    return dtls_nx_list_add(first(server_ptr), DTLS_NX_TRUSTED, certificate,
                            cert_id);
}

UINT _nx_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    return dtls_nx_list_remove(first(server_ptr), DTLS_NX_LOCAL, common_name,
                               common_name_length, cert_id);
}

UINT _nx_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    return dtls_nx_list_remove(first(server_ptr), DTLS_NX_TRUSTED, common_name,
                               common_name_length, cert_id);
}
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
UINT _nx_secure_dtls_server_psk_add(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UCHAR *pre_shared_key, UINT psk_length,
                                    UCHAR *psk_identity, UINT identity_length,
                                    UCHAR *hint, UINT hint_length)
{
    UINT status = NX_SUCCESS;

    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    /* The sessions are alike: the first one refuses, or all accept. */
    for (UINT i = 0;
         i < dtls_nx_server_places(server_ptr) && status == NX_SUCCESS; i++) {
        status = _nx_secure_dtls_psk_add(
            dtls_nx_server_session(server_ptr, i), pre_shared_key, psk_length,
            psk_identity, identity_length, hint, hint_length);
    }
    return status;
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nx_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size)
{
    UINT count;
    ULONG share;

    if (server_ptr == NX_NULL || certs_buffer == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (certs_per_session == 0 || buffer_size == 0 ||
        server_ptr->nx_dtls_server_id != NX_SECURE_DTLS_SERVER_ID) {
        return NX_INVALID_PARAMETERS;
    }
    count = server_ptr->nx_dtls_server_sessions_count;
    share = buffer_size / count / 8 * 8;
    if (!dtls_nx_certs_fit(share, certs_per_session)) {
        return NX_INVALID_PARAMETERS;
    }
    for (UINT i = 0; i < dtls_nx_server_places(server_ptr); i++) {
        NX_SECURE_TLS_SESSION *tls =
            &dtls_nx_server_session(server_ptr, i)->nx_secure_dtls_tls_session;

        tls->nx_secure_tls_remote_certificate_count = certs_per_session;
        tls->nx_secure_tls_remote_certificate_buffer =
            i == count ? server_ptr->nx_dtls_server_reserve_certificates
                       : certs_buffer + (size_t)i * share;
        tls->nx_secure_tls_remote_certificate_buffer_size =
            i == count ? sizeof server_ptr->nx_dtls_server_reserve_certificates
                       : share;
        tls->nx_secure_tls_verify_client_certificate = NX_TRUE;
    }
    return NX_SUCCESS;
}

UINT _nx_secure_dtls_server_x509_client_verify_disable(
    NX_SECURE_DTLS_SERVER *server_ptr)
{
    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    for (UINT i = 0; i < dtls_nx_server_places(server_ptr); i++) {
        dtls_nx_server_session(server_ptr, i)
            ->nx_secure_dtls_tls_session
            .nx_secure_tls_verify_client_certificate = NX_FALSE;
    }
    return NX_SUCCESS;
}
#endif

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
UINT _nx_secure_dtls_server_ecc_initialize(NX_SECURE_DTLS_SERVER *server_ptr,
                                           const USHORT *supported_groups,
                                           USHORT supported_group_count,
                                           const NX_CRYPTO_METHOD **curves)
{
    UINT status = NX_SUCCESS;

    /* The sessions are alike: the first refuses or all accept. */
    for (UINT i = 0;
         i < dtls_nx_server_places(server_ptr) && status == NX_SUCCESS; i++) {
        status = _nx_secure_dtls_ecc_initialize(
            dtls_nx_server_session(server_ptr, i), supported_groups,
            supported_group_count, curves);
    }
    return status;
}
#endif

UINT _nx_secure_dtls_server_protocol_version_override(
    NX_SECURE_DTLS_SERVER *server_ptr, USHORT protocol_version)
{
    if (protocol_version != NX_SECURE_DTLS_VERSION_1_2) {
        return NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION;
    }
    server_ptr->nx_dtls_server_protocol_version_override = protocol_version;
    return NX_SUCCESS;
}

#endif
