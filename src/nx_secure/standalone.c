/* SPDX-License-Identifier: MIT */
/* A stand-alone server session: one that the application has created itself,
 * on a socket of its own, for one client at a time.  The thread that starts it
 * reads the socket, as a client's does. */
#include "nx_secure/internal.h"

#ifndef NX_SECURE_TLS_SERVER_DISABLED

/* Begins the handshake with the client whose ClientHello this is. */
static VOID accept(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                   const NXD_ADDRESS *peer, UINT port,
                   const struct dtls_gate_pass *pass)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_session_room room;

    session->nx_secure_dtls_remote_ip_address = *peer;
    session->nx_secure_dtls_remote_port = port;
    s->listener = NULL;
    s->begin_status = dtls_nx_configure(session, &room);
    if (s->begin_status != NX_SUCCESS) {
        nx_packet_release(packet);
        return;
    }
    dtls_session_accept(&s->engine, &room, pass, dtls_nx_now());
    session->nx_secure_dtls_session_in_use = NX_TRUE;
    session->nx_secure_dtls_session_started = NX_TRUE;
    (void)dtls_nx_feed(session, packet);
}

VOID dtls_nx_standalone_take(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET *packet)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    struct dtls_address key;
    NXD_ADDRESS peer;
    UINT port;
    enum dtls_gate gate = DTLS_GATE_DISCARD;

    if (nxd_udp_source_extract(packet, &peer, &port) == NX_SUCCESS &&
        nxdtls_port_udp_destination_extract(packet, &s->local) == NX_SUCCESS) {
        dtls_nx_address(&key, &peer, port, &s->local);
        gate = dtls_nx_ask_the_gate(s->listener, &reply, &pass, &key, packet);
    }
    if (gate == DTLS_GATE_ACCEPT) {
        accept(session, packet, &peer, port, &pass);
        return;
    }
    if (gate == DTLS_GATE_REPLY) {
        dtls_nx_answer(session->nx_secure_dtls_udp_socket, packet,
                       dtls_buf_bytes(&reply));
    }
    nx_packet_release(packet);
}

static bool has_client(NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_session(session)->listener == NULL;
}

/* Waits for a client that returns its cookie. */
static UINT await_client(NX_SECURE_DTLS_SESSION *session, ULONG wait_option)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_listener listener = {0};
    UINT status = dtls_nx_status(dtls_listener_init(
        &listener, dtls_nx_crypto, &s->counters, dtls_nx_now()));

    if (status == NX_SUCCESS) {
        s->listener = &listener;
        s->begin_status = NX_SUCCESS;
        status = dtls_nx_wait(session, has_client, wait_option);
    }
    dtls_listener_free(&listener);
    if (status == DTLS_NX_GONE) {
        return status;
    }
    s->listener = NULL;
    return status == NX_SUCCESS ? s->begin_status : status;
}

static UINT start(NX_SECURE_DTLS_SESSION *session, NX_UDP_SOCKET *socket,
                  ULONG wait_option)
{
    const ULONG64 begun = nxdtls_port_time_get();
    uint32_t life;
    UINT status;

    if (dtls_nx_waiting(session) != NX_NULL) {
        return NX_ALREADY_SUSPENDED;
    }
    if (session->nx_secure_dtls_session_started) {
        return NX_IN_PROGRESS;
    }
    dtls_nx_reset(session);
    life = dtls_nx_session(session)->life;
    session->nx_secure_dtls_udp_socket = socket;
    session->nx_secure_dtls_local_port = socket->nx_udp_socket_port;
    session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type =
        NX_SECURE_TLS_SESSION_TYPE_SERVER;
    status = await_client(session, wait_option);
    if (status == NX_SUCCESS) {
        status =
            dtls_nx_handshake(session, dtls_nx_ticks_left(begun, wait_option));
    }
    if (status != NX_SUCCESS && status != DTLS_NX_GONE) {
        dtls_nx_end_life(session, life);
    }
    return status;
}

UINT dtls_nx_standalone_start(NX_SECURE_DTLS_SESSION *session,
                              NX_UDP_SOCKET *socket, ULONG wait_option)
{
    UINT status;

    if (socket == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_is_created(session)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    if (wait_option != NX_NO_WAIT && dtls_nx_cannot_wait_on(socket)) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = start(session, socket, wait_option);
    dtls_nx_unlock_behind_sends();
    return dtls_nx_result(status);
}

#endif
