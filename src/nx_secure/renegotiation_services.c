/* SPDX-License-Identifier: MIT */
/* Renegotiation as services see it (nxdtls.h). */
#include "nx_secure/internal.h"

UINT _nx_secure_tls_session_renegotiate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session))
{
    if (!dtls_nx_setting_begin(tls_session)) {
        return NX_IN_PROGRESS;
    }
    tls_session->nx_secure_tls_session_renegotiation_callback = func_ptr;
    dtls_nx_unlock();
    return NX_SUCCESS;
}

UINT nxdtls_session_renegotiation_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                      UINT allowed)
{
    dtls_nx_session(dtls_session)->no_renegotiation = !allowed;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_renegotiation_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT allowed)
{
    dtls_nx_server(server_ptr)->no_renegotiation = !allowed;
    return NX_SUCCESS;
}
#endif

UINT nxdtls_session_old_cookie_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   UINT sent)
{
    dtls_nx_session(dtls_session)->options.drops_old_cookie = sent == NX_FALSE;
    return NX_SUCCESS;
}

/* Configures the session again: certificates and keys may have been added or
 * removed since the last handshake, and what was removed may be gone. */
static UINT configure_again(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_session_room room; /* the session has it already */

    return dtls_nx_configure(session, &room);
}

/* Asks the application, if it wants to be asked. */
static bool is_allowed(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    UINT status;

    if (tls->nx_secure_tls_session_renegotiation_callback == NX_NULL) {
        return true;
    }
    dtls_nx_call_begin(session);
    status = tls->nx_secure_tls_session_renegotiation_callback(tls);
    return dtls_nx_call_end(session) && status == NX_SUCCESS;
}

bool dtls_nx_may_renegotiate(void *session)
{
    NX_SECURE_DTLS_SESSION *s = session;

    return !dtls_nx_session(s)->no_renegotiation && is_allowed(s) &&
           configure_again(s) == NX_SUCCESS;
}

static UINT begin(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_session *e = &dtls_nx_session(session)->engine;
    UINT status = dtls_nx_ending(session);
    enum dtls_status begun;

    if (status != NX_SUCCESS) {
        return NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE;
    }
    if (dtls_nx_is_calling(session)) {
        return NX_IN_PROGRESS;
    }
    if (e->phase != DTLS_PHASE_RENEGOTIATING) {
        status = configure_again(session);
    }
    if (status != NX_SUCCESS) {
        return status;
    }
    begun = dtls_session_renegotiate(e, dtls_nx_now());
    status = dtls_nx_flush(session);
    if (status == DTLS_NX_GONE) {
        return status;
    }
    dtls_nx_watch(session);
    if (begun == DTLS_REFUSED) {
        return NX_SECURE_TLS_RENEGOTIATION_FAILURE;
    }
    return begun == DTLS_OK ? status : dtls_nx_status(begun);
}

static bool is_over(NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_session(session)->engine.phase != DTLS_PHASE_RENEGOTIATING;
}

UINT nxdtls_session_renegotiate(NX_SECURE_DTLS_SESSION *dtls_session,
                                ULONG wait_option)
{
    UINT status = NX_ALREADY_SUSPENDED;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    if (dtls_nx_waiting(dtls_session) == NX_NULL) {
        status = begin(dtls_session);
    }
    if (status == NX_SUCCESS) {
        status = dtls_nx_wait(dtls_session, is_over, wait_option);
    }
    if (status == NX_NO_PACKET) {
        dtls_nx_await(dtls_session);
    }
    if (status == NX_SUCCESS) {
        status = dtls_nx_ending(dtls_session);
    }
    if (status == NX_SUCCESS) {
        status =
            dtls_nx_status(dtls_nx_session(dtls_session)->engine.renegotiated);
    }
    dtls_nx_unlock();
    return dtls_nx_result(status);
}
