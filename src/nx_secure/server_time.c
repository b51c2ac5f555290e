/* SPDX-License-Identifier: MIT */
/* A server's own time: one timer, set to what is due first in any session.  It
 * only pokes the IP thread, which does all of a server's work
 * (server_receive.c), whether a thread waits on the session or not.  A
 * client's timers fire in the thread that waits on it (wait.c). */
#include "nx_secure/internal.h"

#include <assert.h>

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

uint64_t dtls_nx_due(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);

    if (!session->nx_secure_dtls_session_in_use ||
        dtls_nx_is_calling(session)) {
        return DTLS_NEVER;
    }
    if (!session->nx_secure_dtls_session_started) {
        return s->admitted + DTLS_NX_UNSTARTED_MS;
    }
    return dtls_nx_has_untold_end(session) || s->question == DTLS_NX_ANSWERED
               ? 0
               : dtls_session_deadline(&s->engine);
}

/* A deadline may be further away than a timer can be set to.  The timer is
 * then set to this time, and the round in which nothing is due sets it again.
 */
#define DAY_MS (UINT64_C(24) * 3600 * 1000)

/* Sets the timer to what is due first, unless it fires before that anyway.
 * Activating a timer fails if it is active, or has no ticks left; this one has
 * been stopped and given ticks.  So no service can fail while the timer
 * exists, and once it is deleted no session of the server is due. */
static VOID set_timer(struct dtls_nx_server *v)
{
    uint64_t due = dtls_deadlines_next(&v->deadlines);
    uint64_t now = dtls_nx_now();
    UINT status;

    if (due >= v->due) {
        return;
    }
    v->due = due < now + DAY_MS ? due : now + DAY_MS;
    status = tx_timer_deactivate(&v->timer);
    assert(status == TX_SUCCESS);
    status = tx_timer_change(&v->timer, dtls_nx_ticks(v->due, now), 0);
    assert(status == TX_SUCCESS);
    status = tx_timer_activate(&v->timer);
    assert(status == TX_SUCCESS);
    (void)status;
}

/* A deadline that has moved away keeps its place until that has come: each
 * record moves an idle limit. */
static bool is_soon_enough(uint64_t seen, uint64_t due)
{
    return due != DTLS_NEVER && seen <= due && dtls_nx_now() < seen;
}

VOID dtls_nx_watch(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;
    uint64_t due = dtls_nx_due(session);
    struct dtls_nx_server *v;
    UINT number;

    if (server == NX_NULL) {
        return;
    }
    v = dtls_nx_server(server);
    number = dtls_nx_server_number(server, session);
    if (!is_soon_enough(dtls_deadlines_of(&v->deadlines, number), due)) {
        dtls_deadlines_set(&v->deadlines, number, due);
        set_timer(v);
    }
}

NX_SECURE_DTLS_SESSION *dtls_nx_next_due(NX_SECURE_DTLS_SERVER *server,
                                         uint64_t now)
{
    struct dtls_nx_server *v = dtls_nx_server(server);

    if (now < v->due) {
        return NX_NULL;
    }
    if (dtls_deadlines_next(&v->deadlines) <= now) {
        v->due = 0; /* The end of the round sets the timer, no one before. */
        return dtls_nx_server_session(server,
                                      dtls_deadlines_first(&v->deadlines));
    }
    v->due = DTLS_NEVER;
    set_timer(v);
    return NX_NULL;
}

#endif
