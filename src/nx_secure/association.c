/* SPDX-License-Identifier: MIT */
/* An association's life as services see it: handshake, data, end; the same
 * for clients and for a server's sessions. */
#include "nx_secure/internal.h"

#include "base/secret.h"

/* Tells whether a client's first ClientHello found no way to the server.  A
 * repeat of it would not find one, either. */
static bool has_no_route(const NX_SECURE_DTLS_SESSION *session,
                         const struct dtls_nx_session *s)
{
    return session->nx_secure_dtls_server_parent == NX_NULL &&
           s->send_status == NX_IP_ADDRESS_ERROR &&
           s->counters.records_received == 0;
}

static bool handshake_is_over(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);

    return !dtls_session_is_opening(&s->engine) || has_no_route(session, s);
}

/* Returns the status of a failed handshake.  Some failures have a status of
 * their own at a client, as in the reference. */
static UINT failure_of(NX_SECURE_DTLS_SESSION *session)
{
    enum dtls_status failure = dtls_nx_session(session)->engine.failure;
    bool is_client =
        session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type ==
        NX_SECURE_TLS_SESSION_TYPE_CLIENT;

    if (failure == DTLS_CERTIFICATE_REFUSED || failure == DTLS_HELLO_REFUSED ||
        failure == DTLS_BAD_CERTIFICATE_STATUS) {
        return session->nx_secure_dtls_callback_status;
    }
    if (is_client && failure == DTLS_UNSUPPORTED_CERTIFICATE) {
        return NX_SECURE_TLS_INVALID_SERVER_CERT;
    }
    if (is_client && failure == DTLS_TOO_LATE) {
        return NX_NOT_CONNECTED;
    }
    return dtls_nx_status(failure);
}

/* Tells whether the peer has not answered our close_notify in time. */
static bool is_unanswered(const struct dtls_session *e)
{
    return e->phase == DTLS_PHASE_ENDED && e->failure == DTLS_TOO_LATE;
}

/* Returns why a session has ended that has not failed. */
static UINT end_of(const struct dtls_session *e)
{
    if (is_unanswered(e)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return e->failure == DTLS_OK ? NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED
                                 : dtls_nx_status(e->failure);
}

UINT dtls_nx_ending(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_session *e = &dtls_nx_session(session)->engine;

    switch (e->phase) {
    case DTLS_PHASE_CONNECTED:
    case DTLS_PHASE_RENEGOTIATING:
        return NX_SUCCESS;
    case DTLS_PHASE_ENDED:
        return end_of(e);
    case DTLS_PHASE_FAILED:
        return failure_of(session);
    case DTLS_PHASE_IDLE:
    case DTLS_PHASE_HALF_OPEN:
    case DTLS_PHASE_HANDSHAKING:
    case DTLS_PHASE_CLOSING:
        break;
    }
    return NX_SECURE_TLS_SESSION_UNINITIALIZED;
}

bool dtls_nx_was_connected(NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_session(session)->engine.hs.agreed.suite != NULL;
}

bool dtls_nx_has_untold_end(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);

    return !s->end_is_told && (s->engine.phase == DTLS_PHASE_ENDED ||
                               s->engine.phase == DTLS_PHASE_FAILED);
}

VOID dtls_nx_await(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    s->awaited = s->counters.handshakes + 1;
}

/* A peer may have closed before the waiting thread looks.  The handshake was
 * complete all the same: receive gives the data, and then tells the end. */
UINT dtls_nx_handshake(NX_SECURE_DTLS_SESSION *session, ULONG wait_option)
{
    UINT send_status;
    UINT status = dtls_nx_wait(session, handshake_is_over, wait_option);

    if (status == DTLS_NX_GONE) {
        return status;
    }
    if (status == NX_SUCCESS &&
        has_no_route(session, dtls_nx_session(session))) {
        return NX_SECURE_TLS_TCP_SEND_FAILED;
    }
    if (status == NX_SUCCESS && !dtls_nx_was_connected(session)) {
        status = dtls_nx_ending(session);
    }
    send_status = dtls_nx_session(session)->send_status;
    /* There was no answer because nothing has left. */
    if ((status == NX_NO_PACKET || status == NX_NOT_CONNECTED ||
         status == NX_NOT_SUCCESSFUL) &&
        send_status != NX_SUCCESS && send_status != NX_SIZE_ERROR) {
        return send_status == NX_SECURE_TLS_ALLOCATE_PACKET_FAILED
                   ? send_status
                   : NX_SECURE_TLS_TCP_SEND_FAILED;
    }
    return status;
}

static bool input_is_here(NX_SECURE_DTLS_SESSION *session)
{
    return session->nx_secure_dtls_receive_queue_head != NX_NULL ||
           dtls_nx_ending(session) != NX_SUCCESS;
}

/* Checks the socket of a client: it is the application's and may be gone. */
static UINT check_socket(const NX_SECURE_DTLS_SESSION *session)
{
    const NX_UDP_SOCKET *socket = session->nx_secure_dtls_udp_socket;

    if (socket == NX_NULL ||
        session->nx_secure_dtls_server_parent != NX_NULL) {
        return NX_SUCCESS;
    }
    if (!socket->nx_udp_socket_ip_ptr->nx_ip_udp_enabled) {
        return NX_NOT_ENABLED;
    }
    return socket->nx_udp_socket_bound ? NX_SUCCESS : NX_NOT_BOUND;
}

UINT _nx_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                     NX_PACKET **packet_ptr_ptr,
                                     UINT wait_option)
{
    UINT status;

    if (dtls_session == NX_NULL || packet_ptr_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = dtls_nx_lock() ? check_socket(dtls_session) : NX_WAIT_ABORTED;
    if (status == NX_SUCCESS) {
        status = dtls_nx_wait(dtls_session, input_is_here, wait_option);
    }
    if (status == NX_SUCCESS) {
        *packet_ptr_ptr = dtls_nx_queue_pop(dtls_session);
        status = *packet_ptr_ptr != NX_NULL ? NX_SUCCESS
                                            : dtls_nx_ending(dtls_session);
    }
    dtls_nx_unlock();
    return dtls_nx_result(status);
}

/* Under one key no number is used twice, so a lower one is not taken. */
VOID dtls_nx_follow_counter(NX_SECURE_DTLS_SESSION *session)
{
    const ULONG *number = session->nx_secure_dtls_tls_session
                              .nx_secure_tls_local_sequence_number;
    struct dtls_record_layer *r = &dtls_nx_session(session)->engine.records;

    dtls_record_layer_raise_seq(r, (uint64_t)number[1] << 32 | number[0]);
}

/* Copies the data of `packet` into `out` and seals it there. */
static enum dtls_status seal_into(NX_SECURE_DTLS_SESSION *session,
                                  NX_PACKET *packet, struct dtls_buf *out)
{
    struct dtls_session *e = &dtls_nx_session(session)->engine;
    struct dtls_buf body = dtls_session_body(e, out);
    ULONG copied = 0;

    if (body.cap < packet->nx_packet_length) {
        return DTLS_NO_ROOM;
    }
    if (packet->nx_packet_length != 0 &&
        nx_packet_data_retrieve(packet, body.data, &copied) != NX_SUCCESS) {
        return DTLS_INTERNAL_ERROR;
    }
    dtls_nx_follow_counter(session);
    return dtls_session_send(e, out, dtls_bytes_of(body.data, copied),
                             dtls_nx_now());
}

/* Makes the record in one piece, and appends it to `record`. */
static UINT make_in_pieces(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                           NX_PACKET *record, struct dtls_nx_scratch *scratch)
{
    struct dtls_buf out = {scratch->bytes, 0, sizeof scratch->bytes};
    enum dtls_status status = seal_into(session, packet, &out);

    if (status != DTLS_OK) {
        return dtls_nx_status(status);
    }
    return nx_packet_data_append(record, scratch->bytes, (ULONG)out.len,
                                 dtls_nx_pool(session),
                                 NX_NO_WAIT) == NX_SUCCESS
               ? NX_SUCCESS
               : NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
}

/* Makes the record for `packet` in a packet of its own.  The caller's packet
 * stays as it is until the record has been sent. */
static UINT make_record(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                        NX_PACKET *record)
{
    struct dtls_buf out = {
        record->nx_packet_prepend_ptr, 0,
        (size_t)(record->nx_packet_data_end - record->nx_packet_prepend_ptr)};
    enum dtls_status status = seal_into(session, packet, &out);
    struct dtls_nx_scratch *scratch;
    UINT made;

    if (status == DTLS_OK) {
        record->nx_packet_append_ptr += out.len;
        record->nx_packet_length = (ULONG)out.len;
        return NX_SUCCESS;
    }
    if (status != DTLS_NO_ROOM) {
        return dtls_nx_status(status);
    }
    scratch = dtls_nx_scratch_take();
    if (scratch == NULL) {
        return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    }
    made = make_in_pieces(session, packet, record, scratch);
    dtls_nx_scratch_give(scratch, sizeof scratch->bytes);
    return made;
}

/* Makes the record for `packet`, if the session may send. */
static UINT make_if_connected(NX_SECURE_DTLS_SESSION *session,
                              NX_PACKET *packet, NX_PACKET **record)
{
    UINT status = dtls_nx_ending(session);

    if (status == NX_SUCCESS &&
        (dtls_nx_is_calling(session) ||
         dtls_session_is_changing_keys(&dtls_nx_session(session)->engine))) {
        status = NX_SECURE_TLS_TRANSMIT_LOCKED;
    }
    if (status != NX_SUCCESS) {
        return status;
    }
    if (nx_packet_allocate(dtls_nx_pool(session), record, NX_UDP_PACKET,
                           NX_NO_WAIT) != NX_SUCCESS) {
        return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    }
    status = make_record(session, packet, *record);
    if (status != NX_SUCCESS) {
        nx_packet_release(*record);
    }
    return status;
}

/* Does what is due in the session, and makes the record. */
static UINT make_in_time(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                         NX_PACKET **record)
{
    UINT status;

    if (dtls_nx_see_time(session) == DTLS_NX_GONE) {
        return DTLS_NX_GONE;
    }
    status = make_if_connected(session, packet, record);
    dtls_nx_notice(session);
    if (dtls_nx_has_untold_end(session)) {
        dtls_nx_watch(session);
    }
    return status;
}

UINT _nx_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                         NX_PACKET *packet_ptr)
{
    NX_PACKET *record;
    UINT status;

    if (session_ptr == NX_NULL || packet_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    status = make_in_time(session_ptr, packet_ptr, &record);
    if (status != NX_SUCCESS) {
        dtls_nx_unlock();
        return dtls_nx_result(status);
    }
    status = dtls_nx_send_and_unlock(session_ptr, record, packet_ptr);
    if (status == NX_SUCCESS) {
        return NX_SUCCESS;
    }
    nx_packet_release(record);
    /* The sender must know that a datagram is too big (D6347-4.1.1.1-3). */
    return status == NX_SIZE_ERROR ? status : NX_SECURE_TLS_TCP_SEND_FAILED;
}

UINT _nx_secure_dtls_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                  NX_PACKET *packet_ptr,
                                  NXD_ADDRESS *ip_address, UINT port)
{
    if (session_ptr == NX_NULL || packet_ptr == NX_NULL ||
        ip_address == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_is_peer(session_ptr, ip_address, port)) {
        return NX_SECURE_TLS_SEND_ADDRESS_MISMATCH;
    }
    return _nx_secure_dtls_server_session_send(session_ptr, packet_ptr);
}

UINT _nx_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                     NX_PACKET_POOL *pool_ptr,
                                     NX_PACKET **packet_ptr, ULONG wait_option)
{
    NX_PACKET *packet;
    ULONG room;

    if (session_ptr == NX_NULL || pool_ptr == NX_NULL ||
        packet_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_is_created(session_ptr)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    if (nx_packet_allocate(pool_ptr, &packet, NX_UDP_PACKET, wait_option) !=
        NX_SUCCESS) {
        return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    }
    room = (ULONG)(packet->nx_packet_data_end - packet->nx_packet_prepend_ptr);
    if (room < NX_SECURE_DTLS_RECORD_HEADER_SIZE + DTLS_CBC_BLOCK) {
        nx_packet_release(packet);
        return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    }
    packet->nx_packet_prepend_ptr +=
        NX_SECURE_DTLS_RECORD_HEADER_SIZE + DTLS_CBC_BLOCK;
    packet->nx_packet_append_ptr = packet->nx_packet_prepend_ptr;
    *packet_ptr = packet;
    return NX_SUCCESS;
}

static bool is_ended(NX_SECURE_DTLS_SESSION *session)
{
    return !dtls_session_is_connected(&dtls_nx_session(session)->engine);
}

/* Returns the status of the send: the reference names some failures, and one
 * status for all others. */
static UINT send_close_notify(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    UINT status = dtls_nx_flush(session);

    if (status != NX_SUCCESS) {
        return status;
    }
    if (s->engine.phase == DTLS_PHASE_FAILED) {
        return dtls_nx_status(s->engine.failure); /* It was not sealed. */
    }
    switch (s->send_status) {
    case NX_SUCCESS:
    case NX_SECURE_TLS_ALLOCATE_PACKET_FAILED:
    case NX_IP_ADDRESS_ERROR:
    case NX_NOT_BOUND:
    case NX_INVALID_PORT:
        return s->send_status;
    default:
        return NX_SECURE_TLS_TCP_SEND_FAILED;
    }
}

/* The session is closing before a thread that waits for data is dismissed: if
 * that calls again, it does not wait. */
static UINT close_and_wait(NX_SECURE_DTLS_SESSION *session, UINT wait_option)
{
    struct dtls_session *e = &dtls_nx_session(session)->engine;
    UINT status;

    if (dtls_session_close(e, dtls_nx_now()) != DTLS_OK) {
        return NX_SUCCESS;
    }
    dtls_nx_session(session)->end_is_told = true; /* The caller ends it. */
    dtls_nx_dismiss(session);
    status = send_close_notify(session);
    if (status == NX_SUCCESS) {
        status = dtls_nx_wait(session, is_ended, wait_option);
    }
    return status == NX_SUCCESS && is_unanswered(e) ? NX_NO_PACKET : status;
}

UINT _nx_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                 UINT wait_option)
{
    UINT status = NX_IN_PROGRESS;
    uint32_t life;

    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    if (!dtls_nx_call_runs(dtls_session)) {
        life = dtls_nx_session(dtls_session)->life;
        status = close_and_wait(dtls_session, wait_option);
        if (status != DTLS_NX_GONE) {
            dtls_nx_end_life(dtls_session, life);
        }
    }
    dtls_nx_unlock_behind_sends();
    return dtls_nx_result(status);
}

#ifndef NX_SECURE_TLS_CLIENT_DISABLED

/* Drops what came before the first ClientHello: it answers another one. */
static VOID drain(NX_UDP_SOCKET *socket)
{
    NX_PACKET *packet;

    while (nx_udp_socket_receive(socket, &packet, NX_NO_WAIT) == NX_SUCCESS) {
        nx_packet_release(packet);
    }
}

bool dtls_nx_aim(NX_SECURE_DTLS_SESSION *session, NX_UDP_SOCKET *socket,
                 const NXD_ADDRESS *ip_address, UINT port)
{
    if (!dtls_nx_local_address(
            &dtls_nx_session(session)->local, socket->nx_udp_socket_ip_ptr,
            ip_address->nxd_ip_version,
            session->nx_secure_dtls_local_ip_address_index)) {
        return false;
    }
    session->nx_secure_dtls_udp_socket = socket;
    session->nx_secure_dtls_remote_ip_address = *ip_address;
    session->nx_secure_dtls_remote_port = port;
    session->nx_secure_dtls_local_port = socket->nx_udp_socket_port;
    session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type =
        NX_SECURE_TLS_SESSION_TYPE_CLIENT;
    return true;
}

static UINT start_client(NX_SECURE_DTLS_SESSION *session,
                         NX_UDP_SOCKET *udp_socket, NXD_ADDRESS *ip_address,
                         UINT port)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    UINT local = session->nx_secure_dtls_local_ip_address_index;
    struct dtls_session_room room;
    UINT status;

    dtls_nx_reset(session);
    session->nx_secure_dtls_local_ip_address_index = local;
    if (!dtls_nx_aim(session, udp_socket, ip_address, port)) {
        return NX_INVALID_INTERFACE;
    }
    drain(udp_socket);
    status = dtls_nx_configure(session, &room);
    if (status == NX_SUCCESS) {
        status = dtls_nx_status(
            dtls_session_connect(&s->engine, &room, dtls_nx_now()));
    }
    if (status != NX_SUCCESS) {
        dtls_nx_reset(session);
        return status;
    }
    session->nx_secure_dtls_session_in_use = NX_TRUE;
    session->nx_secure_dtls_session_started = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nx_secure_dtls_client_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                          NX_UDP_SOCKET *udp_socket,
                                          NXD_ADDRESS *ip_address, UINT port,
                                          UINT wait_option)
{
    UINT status = NX_ALREADY_SUSPENDED;

    if (dtls_session == NX_NULL || udp_socket == NX_NULL ||
        ip_address == NX_NULL ||
        dtls_session->nx_secure_dtls_server_parent != NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_is_created(dtls_session)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    if (wait_option != NX_NO_WAIT && dtls_nx_cannot_wait_on(udp_socket)) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    if (dtls_nx_waiting(dtls_session) == NX_NULL) {
        status = start_client(dtls_session, udp_socket, ip_address, port);
    }
    if (status == NX_SUCCESS) {
        status = dtls_nx_handshake(dtls_session, wait_option);
    }
    dtls_nx_unlock();
    return dtls_nx_result(status);
}
#endif

UINT _nx_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NX_UDP_SOCKET *udp_socket, UINT is_client,
                                   UINT wait_option)
{
    NXD_ADDRESS peer;

    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!is_client) {
        return dtls_session->nx_secure_dtls_server_parent != NX_NULL
                   ? _nx_secure_dtls_server_session_start(dtls_session,
                                                          wait_option)
                   : dtls_nx_standalone_start(dtls_session, udp_socket,
                                              wait_option);
    }
    peer = dtls_session->nx_secure_dtls_remote_ip_address;
    return _nx_secure_dtls_client_session_start(
        dtls_session, udp_socket, &peer,
        dtls_session->nx_secure_dtls_remote_port, wait_option);
}
