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

    return s->calling && (s->caller == TX_NULL ||
                          dtls_nx_is_alive(s->caller, s->caller_serial));
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
    TX_THREAD *self = tx_thread_identify();

    s->calling = true;
    s->caller = self;
    s->caller_serial = self == TX_NULL ? 0 : self->tx_thread_serial;
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
