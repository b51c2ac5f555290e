/* SPDX-License-Identifier: MIT */
/* A server's own time.  A thread that waits on a session lets the session's
 * timers fire (wait.c).  For all other sessions the server has one timer, set
 * to what is due first.  It only pokes the IP thread, which does all of a
 * server's work: server_receive.c. */
#include "nx_secure/internal.h"

#ifndef NX_SECURE_TLS_SERVER_DISABLED

static CHAR timer_name[] = "DTLS server";

/* A timer's function gets a number, not a pointer: it finds its server
 * here. */
static NX_SECURE_DTLS_SERVER *servers;
static ULONG last_number;

static VOID fire(ULONG number)
{
    NX_SECURE_DTLS_SERVER *server = servers;

    while (server != NX_NULL &&
           dtls_nx_server(server)->timer.tx_timer_expiration_input != number) {
        server = dtls_nx_server(server)->next;
    }
    if (server != NX_NULL) {
        nxdtls_port_udp_socket_poke(&server->nx_dtls_server_udp_socket);
    }
}

UINT dtls_nx_time_create(NX_SECURE_DTLS_SERVER *server)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    UINT status;

    v->due = DTLS_NEVER;
    status = tx_timer_create(&v->timer, timer_name, fire, ++last_number, 1, 0,
                             TX_NO_ACTIVATE);
    if (status == TX_SUCCESS) {
        v->next = servers;
        servers = server;
    }
    return status;
}

VOID dtls_nx_time_delete(NX_SECURE_DTLS_SERVER *server)
{
    NX_SECURE_DTLS_SERVER **at = &servers;

    while (*at != NX_NULL && *at != server) {
        at = &dtls_nx_server(*at)->next;
    }
    if (*at != NX_NULL) {
        *at = dtls_nx_server(server)->next;
        tx_timer_delete(&dtls_nx_server(server)->timer);
    }
}

VOID dtls_nx_time_stop(NX_SECURE_DTLS_SERVER *server)
{
    tx_timer_deactivate(&dtls_nx_server(server)->timer);
    dtls_nx_server(server)->due = DTLS_NEVER;
}

VOID dtls_nx_time_forget(VOID)
{
    servers = NX_NULL;
}

/* Last flights are given back together, every ten seconds, because each round
 * goes through all sessions. */
#define BATCH_MS 10000

static uint64_t batched(uint64_t deadline)
{
    return deadline > DTLS_NEVER - BATCH_MS
               ? deadline
               : (deadline + BATCH_MS - 1) / BATCH_MS * BATCH_MS;
}

uint64_t dtls_nx_due(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);
    const struct dtls_session *e = &s->engine;

    if (!session->nx_secure_dtls_session_in_use) {
        return DTLS_NEVER;
    }
    if (!session->nx_secure_dtls_session_started) {
        return s->admitted + DTLS_NX_UNSTARTED_MS;
    }
    if (dtls_nx_waiting(session) != NX_NULL) {
        return DTLS_NEVER;
    }
    return e->phase == DTLS_PHASE_CONNECTED ? batched(dtls_session_deadline(e))
                                            : dtls_session_deadline(e);
}

/* A deadline may be further away than a timer can be set to.  The timer is
 * then set to this time, and the round in which nothing is due sets it again.
 */
#define DAY_MS (UINT64_C(24) * 3600 * 1000)

VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;
    uint64_t due = dtls_nx_due(session);
    uint64_t now = dtls_nx_now();
    struct dtls_nx_server *v;

    if (server == NX_NULL || due >= dtls_nx_server(server)->due) {
        return;
    }
    v = dtls_nx_server(server);
    v->due = due < now + DAY_MS ? due : now + DAY_MS;
    tx_timer_deactivate(&v->timer);
    tx_timer_change(&v->timer, dtls_nx_ticks(v->due, now), 0);
    tx_timer_activate(&v->timer);
}

#endif
