/* SPDX-License-Identifier: MIT */
/* How a thread waits on a session.  A client's thread reads the session's
 * socket and lets the engine's timers fire; a server's thread is woken by the
 * IP thread, which does both (server_time.c).  The thread that ends the
 * session dismisses the waiting one and does not wait until it has left. */
#include "nx_secure/internal.h"

#define LONGEST_WAIT (NX_WAIT_FOREVER - 1) /* ticks */

ULONG dtls_nx_ticks(uint64_t deadline, uint64_t now)
{
    uint64_t ms = deadline - now;
    uint64_t ticks;

    if (deadline == DTLS_NEVER) {
        return NX_WAIT_FOREVER;
    }
    if (deadline <= now) {
        return 1;
    }
    if (ms / 1000 >= LONGEST_WAIT / TX_TIMER_TICKS_PER_SECOND) {
        return LONGEST_WAIT;
    }
    /* Below 1000 * LONGEST_WAIT: it cannot wrap. */
    ticks = (ms * TX_TIMER_TICKS_PER_SECOND + 999) / 1000;
    return (ULONG)ticks;
}

static bool is_from_peer(const NX_SECURE_DTLS_SESSION *session,
                         NX_PACKET *packet)
{
    NXD_ADDRESS ip;
    UINT port;

    return nxd_udp_source_extract(packet, &ip, &port) == NX_SUCCESS &&
           dtls_nx_is_peer(session, &ip, port);
}

bool dtls_nx_may_wait(VOID)
{
    const TX_THREAD *self = tx_thread_identify();

    return self != TX_NULL && !self->tx_thread_may_not_wait;
}

bool dtls_nx_cannot_wait_on(const NX_UDP_SOCKET *socket)
{
    const NX_IP *ip =
        socket == NX_NULL ? NX_NULL : socket->nx_udp_socket_ip_ptr;

    return !dtls_nx_may_wait() ||
           (ip != NX_NULL && tx_thread_identify() == &ip->nx_ip_thread);
}

TX_THREAD *dtls_nx_waiting(NX_SECURE_DTLS_SESSION *session)
{
    TX_THREAD *thread = session->nx_secure_dtls_thread_suspended;

    if (thread != NX_NULL &&
        !nxdtls_port_thread_lives(session->nx_secure_dtls_thread_serial)) {
        session->nx_secure_dtls_thread_suspended = NX_NULL;
        return NX_NULL;
    }
    return thread;
}

VOID dtls_nx_wake(NX_SECURE_DTLS_SESSION *session)
{
    if (dtls_nx_waiting(session) != NX_NULL) {
        tx_semaphore_put(&session->nx_secure_dtls_semaphore);
    }
}

/* The thread waits, sends, or has yet to take the lock after either: it cannot
 * be about to wait (wait_undisturbed). */
VOID dtls_nx_dismiss(NX_SECURE_DTLS_SESSION *session)
{
    TX_THREAD *thread = dtls_nx_waiting(session);

    if (thread == NX_NULL || thread == tx_thread_identify()) {
        return;
    }
    *dtls_nx_session(session)->dismissed = true;
    session->nx_secure_dtls_thread_suspended = NX_NULL;
    if (!dtls_nx_is_calling(session)) { /* or the wait may be the callback's */
        (void)tx_thread_wait_abort(thread);
    }
}

/* Waits until a datagram has come (to a client, in *packet), the IP thread has
 * taken one (for a server), or the ticks are over. */
static UINT wait_for_input(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet,
                           ULONG ticks)
{
    UINT status;

    if (session->nx_secure_dtls_server_parent == NX_NULL) {
        return nx_udp_socket_receive(session->nx_secure_dtls_udp_socket,
                                     packet, ticks);
    }
    status = tx_semaphore_get(&session->nx_secure_dtls_semaphore, ticks);
    return status == TX_NO_INSTANCE ? NX_NO_PACKET : status;
}

static VOID take(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    if (dtls_nx_session(session)->listener != NULL) {
        dtls_nx_standalone_take(session, packet);
    } else if (is_from_peer(session, packet)) {
        (void)dtls_nx_feed(session, packet);
    } else {
        nx_packet_release(packet);
    }
}

/* Waits without the lock. */
static UINT wait_unlocked(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet,
                          ULONG ticks)
{
    UINT status;

    dtls_nx_unlock();
    status = wait_for_input(session, packet, ticks);
    return dtls_nx_lock() ? status : NX_WAIT_ABORTED;
}

/* Does the same, and lets no other thread run between the lock and the wait,
 * so that none can wake or dismiss this one too early. */
static UINT wait_undisturbed(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET **packet, ULONG ticks)
{
    TX_THREAD *self = tx_thread_identify();
    UINT threshold;
    UINT status;

    if (ticks == 0 ||
        tx_thread_preemption_change(self, 0, &threshold) != TX_SUCCESS) {
        return wait_unlocked(session, packet, ticks);
    }
    status = wait_unlocked(session, packet, ticks);
    (void)tx_thread_preemption_change(self, threshold, &threshold);
    return status;
}

/* Waits for input and takes it.  After DTLS_NX_GONE the session is not
 * touched. */
static UINT take_input(NX_SECURE_DTLS_SESSION *session, ULONG ticks,
                       const bool *dismissed)
{
    NX_PACKET *packet = NX_NULL;
    UINT status = wait_undisturbed(session, &packet, ticks);

    if (packet != NX_NULL && status == NX_SUCCESS && !*dismissed) {
        take(session, packet);
    } else if (packet != NX_NULL) {
        nx_packet_release(packet);
    }
    return *dismissed ? DTLS_NX_GONE : status;
}

/* So much later than the IP thread would have, a server's thread lets a timer
 * fire itself: the application may have unbound the server's socket, and no
 * wait may last for ever. */
#define BACKSTOP_MS 1000

/* Returns when the waiting thread lets the session's timers fire. */
static uint64_t own_deadline(const NX_SECURE_DTLS_SESSION *session,
                             const struct dtls_session *e)
{
    uint64_t deadline = dtls_session_deadline(e);

    return session->nx_secure_dtls_server_parent == NX_NULL ||
                   deadline > DTLS_NEVER - BACKSTOP_MS
               ? deadline
               : deadline + BACKSTOP_MS;
}

static VOID expire(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_session *e = &dtls_nx_session(session)->engine;
    uint64_t now = dtls_nx_now();

    if (now >= own_deadline(session, e) && !dtls_nx_is_calling(session) &&
        dtls_session_expire(e, now) != DTLS_EVENT_NONE) {
        dtls_nx_notice(session);
    }
}

UINT dtls_nx_see_time(NX_SECURE_DTLS_SESSION *session)
{
    expire(session);
    return dtls_nx_flush(session);
}

/* Makes one round: output, the condition, input or a timer.  NX_CONTINUE means
 * that the wait goes on. */
static UINT wait_round(NX_SECURE_DTLS_SESSION *session,
                       bool (*done)(NX_SECURE_DTLS_SESSION *session),
                       ULONG ticks_left, const bool *dismissed)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    ULONG ticks;
    UINT status;

    status = dtls_nx_see_time(session);
    if (*dismissed || status == DTLS_NX_GONE) {
        return DTLS_NX_GONE;
    }
    if (done(session)) {
        return NX_SUCCESS;
    }
    if (status != NX_SUCCESS) {
        return status;
    }
    if (ticks_left != 0 &&
        dtls_nx_cannot_wait_on(session->nx_secure_dtls_udp_socket)) {
        return NX_CALLER_ERROR;
    }
    ticks = dtls_nx_ticks(own_deadline(session, &s->engine), dtls_nx_now());
    ticks = ticks < ticks_left ? ticks : ticks_left;
    status = take_input(session, ticks, dismissed);
    if (status == NX_NO_PACKET && ticks_left == 0) {
        return NX_NO_PACKET;
    }
    return status == NX_SUCCESS || status == NX_NO_PACKET ? NX_CONTINUE
                                                          : status;
}

ULONG dtls_nx_ticks_left(ULONG64 begun, ULONG wait_option)
{
    ULONG64 elapsed = nxdtls_port_time_get() - begun;

    if (wait_option == NX_WAIT_FOREVER) {
        return NX_WAIT_FOREVER;
    }
    return elapsed < wait_option ? wait_option - (ULONG)elapsed : 0;
}

UINT dtls_nx_wait(NX_SECURE_DTLS_SESSION *session,
                  bool (*done)(NX_SECURE_DTLS_SESSION *session),
                  ULONG wait_option)
{
    TX_THREAD *self = tx_thread_identify();
    ULONG64 start = nxdtls_port_time_get();
    ULONG left = wait_option;
    bool dismissed = false;
    UINT status;

    if (dtls_nx_waiting(session) != NX_NULL) {
        /* A caller that would not block (its condition already holds, or
         * NX_NO_WAIT) does not count as a second waiter: the handshake's
         * thread may have been woken and not have run yet when the first data
         * is announced. */
        if (done(session)) {
            return NX_SUCCESS;
        }
        return wait_option == NX_NO_WAIT ? NX_NO_PACKET : NX_ALREADY_SUSPENDED;
    }
    session->nx_secure_dtls_thread_suspended = self;
    session->nx_secure_dtls_thread_serial =
        self == TX_NULL ? 0 : self->tx_thread_serial;
    dtls_nx_session(session)->dismissed = &dismissed;
    dtls_nx_watch(session);
    do {
        status = wait_round(session, done, left, &dismissed);
        left = dtls_nx_ticks_left(start, wait_option);
    } while (status == NX_CONTINUE);
    if (status == DTLS_NX_GONE) {
        return status;
    }
    session->nx_secure_dtls_thread_suspended = NX_NULL;
    dtls_nx_watch(session);
    return status;
}
