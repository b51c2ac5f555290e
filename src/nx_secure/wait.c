/* SPDX-License-Identifier: MIT */
/* How a thread waits on a session: a client's reads its own socket, a
 * server's is woken by the IP thread; either lets the engine's timers fire. */
#include "nx_secure/internal.h"

ULONG dtls_nx_ticks(uint64_t deadline, uint64_t now)
{
    uint64_t ticks;

    if (deadline == DTLS_NEVER) {
        return NX_WAIT_FOREVER;
    }
    if (deadline <= now) {
        return 1;
    }
    ticks = ((deadline - now) * TX_TIMER_TICKS_PER_SECOND + 999) / 1000;
    return ticks < NX_WAIT_FOREVER ? (ULONG)ticks : NX_WAIT_FOREVER - 1;
}

static bool is_from_peer(const NX_SECURE_DTLS_SESSION *session,
                         NX_PACKET *packet)
{
    NXD_ADDRESS ip;
    UINT port;

    return nxd_udp_source_extract(packet, &ip, &port) == NX_SUCCESS &&
           dtls_nx_is_peer(session, &ip, port);
}

static UINT wait_on_socket(NX_SECURE_DTLS_SESSION *session, ULONG ticks)
{
    NX_PACKET *packet;
    bool data = false;
    UINT status = nx_udp_socket_receive(session->nx_secure_dtls_udp_socket,
                                        &packet, ticks);

    if (status != NX_SUCCESS) {
        return status;
    }
    if (!is_from_peer(session, packet)) {
        nx_packet_release(packet);
        return NX_SUCCESS;
    }
    dtls_nx_lock();
    (void)dtls_nx_feed(session, packet, &data);
    dtls_nx_unlock();
    return NX_SUCCESS;
}

static UINT wait_on_semaphore(NX_SECURE_DTLS_SESSION *session, ULONG ticks)
{
    UINT status = tx_semaphore_get(&session->nx_secure_dtls_semaphore, ticks);

    return status == TX_NO_INSTANCE ? NX_NO_PACKET : status;
}

VOID dtls_nx_wake(NX_SECURE_DTLS_SESSION *session)
{
    if (session->nx_secure_dtls_thread_suspended != NX_NULL) {
        tx_semaphore_put(&session->nx_secure_dtls_semaphore);
    }
}

/* One round: output, the condition, input or a timer.  NX_CONTINUE: go on. */
static UINT wait_round(NX_SECURE_DTLS_SESSION *session,
                       bool (*done)(NX_SECURE_DTLS_SESSION *session),
                       ULONG ticks_left)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    ULONG ticks;
    UINT status;
    bool is_done;

    dtls_nx_lock();
    if (dtls_session_expire(&s->engine, dtls_nx_now()) != DTLS_EVENT_NONE) {
        dtls_nx_notice(session);
    }
    dtls_nx_flush(session);
    is_done = done(session);
    ticks = dtls_nx_ticks(dtls_session_deadline(&s->engine), dtls_nx_now());
    dtls_nx_unlock();
    if (is_done) {
        return NX_SUCCESS;
    }
    ticks = ticks < ticks_left ? ticks : ticks_left;
    status = session->nx_secure_dtls_server_parent == NX_NULL
                 ? wait_on_socket(session, ticks)
                 : wait_on_semaphore(session, ticks);
    if (status == NX_NO_PACKET && ticks_left == 0) {
        return NX_NO_PACKET;
    }
    return status == NX_SUCCESS || status == NX_NO_PACKET ? NX_CONTINUE
                                                          : status;
}

/* Another thread waits.  Who need not wait, because what it is after is there
 * or because it will not, is no second waiter: the handshake's thread may have
 * been woken and not have run yet when the first data is announced. */
static UINT look(NX_SECURE_DTLS_SESSION *session,
                 bool (*done)(NX_SECURE_DTLS_SESSION *session),
                 ULONG wait_option)
{
    bool is_done;

    dtls_nx_lock();
    is_done = done(session);
    dtls_nx_unlock();
    if (is_done) {
        return NX_SUCCESS;
    }
    return wait_option == NX_NO_WAIT ? NX_NO_PACKET : NX_ALREADY_SUSPENDED;
}

UINT dtls_nx_wait(NX_SECURE_DTLS_SESSION *session,
                  bool (*done)(NX_SECURE_DTLS_SESSION *session),
                  ULONG wait_option)
{
    ULONG start = tx_time_get();
    ULONG left = wait_option;
    UINT status;

    if (session->nx_secure_dtls_thread_suspended != NX_NULL) {
        return look(session, done, wait_option);
    }
    session->nx_secure_dtls_thread_suspended = tx_thread_identify();
    do {
        status = wait_round(session, done, left);
        if (wait_option != NX_WAIT_FOREVER) {
            ULONG elapsed = tx_time_get() - start;

            left = elapsed < wait_option ? wait_option - elapsed : 0;
        }
    } while (status == NX_CONTINUE);
    session->nx_secure_dtls_thread_suspended = NX_NULL;
    dtls_nx_lock();
    dtls_nx_watch(session);
    dtls_nx_unlock();
    return status;
}
