/* SPDX-License-Identifier: MIT */
/* Calls of the application's functions in the midst of a handshake.  They run
 * without the lock, so that they may take locks of the application.  Meanwhile
 * nothing else may enter the session's engine. */
#include "nx_secure/internal.h"

bool dtls_nx_is_calling(NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_session(session)->calling;
}

bool dtls_nx_call_runs(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);

    return s->calling &&
           (s->caller == 0 || nxdtls_port_thread_lives(s->caller));
}

bool dtls_nx_call_of_server_runs(NX_SECURE_DTLS_SERVER *server)
{
    for (UINT i = 0; i < dtls_nx_server_places(server); i++) {
        if (dtls_nx_call_runs(dtls_nx_server_session(server, i))) {
            return true;
        }
    }
    return false;
}

VOID dtls_nx_call_begin(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    const TX_THREAD *self = tx_thread_identify();

    dtls_nx_notice_handshake(session);
    s->calling = true;
    s->caller = self == TX_NULL ? 0 : self->tx_thread_serial;
    dtls_nx_unlock();
}

bool dtls_nx_call_end(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    dtls_nx_lock();
    s->calling = false;
    dtls_nx_watch(session);
    return !s->reset_waits;
}

static VOID *told_outside; /* by a caller that is no thread */

static VOID **innermost(VOID)
{
    TX_THREAD *self = tx_thread_identify();

    return self == TX_NULL ? &told_outside : &self->tx_thread_telling;
}

VOID dtls_nx_telling_begin(struct dtls_nx_telling *out,
                           NX_SECURE_DTLS_SERVER *server)
{
    VOID **place = innermost();

    *out = (struct dtls_nx_telling){server, *place};
    *place = out;
}

VOID dtls_nx_telling_end(struct dtls_nx_telling *telling)
{
    *innermost() = telling->outer;
}

static bool tells(const struct dtls_nx_telling *at,
                  const NX_SECURE_DTLS_SERVER *server)
{
    while (at != NULL && at->server != server) {
        at = at->outer;
    }
    return at != NULL;
}

/* A thread that has ended is in no notification, and has no stack.  Where no
 * thread asks, none runs. */
bool dtls_nx_is_told_of(const NX_SECURE_DTLS_SERVER *server)
{
    const TX_THREAD *self = tx_thread_identify();
    const TX_THREAD *thread = self;

    while (thread != TX_NULL) {
        if (nxdtls_port_thread_lives(thread->tx_thread_serial) &&
            tells(thread->tx_thread_telling, server)) {
            return true;
        }
        thread = thread->tx_thread_created_next;
        thread = thread == self ? TX_NULL : thread;
    }
    return tells(told_outside, server);
}

bool dtls_nx_setting_begin(NX_SECURE_TLS_SESSION *tls)
{
    /* A TLS session is the first member of a DTLS session. */
    NX_SECURE_DTLS_SESSION *session = (NX_SECURE_DTLS_SESSION *)(VOID *)tls;

    dtls_nx_lock();
    if (dtls_nx_call_runs(session)) {
        dtls_nx_unlock();
        return false;
    }
    return true;
}
