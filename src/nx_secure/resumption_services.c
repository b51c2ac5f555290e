/* SPDX-License-Identifier: MIT */
/* Resumption as services see it (nxdtls.h). */
#include "nx_secure/internal.h"

#include "base/secret.h"

_Static_assert(sizeof(struct dtls_cache_entry) <= NXDTLS_KEPT_SESSION_SIZE,
               "NXDTLS_KEPT_SESSION_SIZE is too small");
_Static_assert(sizeof(struct dtls_client_session) <=
                   sizeof(NXDTLS_SAVED_SESSION),
               "NXDTLS_SAVED_SESSION_WORDS is too small");

static UINT set_limit(struct dtls_nx_options *options, ULONG seconds)
{
    if (seconds > DTLS_RESUMPTION_LIMIT_S) {
        return NX_SIZE_ERROR;
    }
    options->resumption_limit = (uint32_t)seconds;
    return NX_SUCCESS;
}

/* The engine holds the address from the start of a session to its end. */
UINT nxdtls_session_resumption_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_SAVED_SESSION *saved, ULONG seconds)
{
    struct dtls_nx_session *s = dtls_nx_session(dtls_session);
    UINT status = NX_IN_PROGRESS;

    if (!dtls_nx_setting_begin(&dtls_session->nx_secure_dtls_tls_session)) {
        return NX_IN_PROGRESS;
    }
    if (!dtls_session_is_alive(&s->engine)) {
        status = set_limit(&s->options, seconds);
    }
    if (status == NX_SUCCESS) {
        s->options.resume = (struct dtls_client_session *)(VOID *)saved;
    }
    dtls_nx_unlock();
    return status;
}

UINT nxdtls_saved_session_clear(NXDTLS_SAVED_SESSION *saved)
{
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    dtls_wipe(saved, sizeof *saved);
    dtls_nx_unlock();
    return NX_SUCCESS;
}

_Static_assert(DTLS_EXPORTED_MAX <= NXDTLS_EXPORTED_SESSION_SIZE,
               "NXDTLS_EXPORTED_SESSION_SIZE is too small");

UINT nxdtls_saved_session_export(const NXDTLS_SAVED_SESSION *saved,
                                 const UCHAR *key, UCHAR *buffer, ULONG size,
                                 ULONG *length)
{
    struct dtls_buf out = {buffer, 0, size};
    enum dtls_status status;

    *length = 0;
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = dtls_client_session_export(
        dtls_nx_crypto, &out,
        (const struct dtls_client_session *)(const VOID *)
            saved->nxdtls_saved_private,
        key, dtls_nx_now());
    dtls_nx_unlock();
    *length = (ULONG)out.len;
    if (status == DTLS_NO_ROOM) {
        return NX_SIZE_ERROR;
    }
    return status == DTLS_NOT_NOW ? NXDTLS_NO_SESSION : dtls_nx_status(status);
}

UINT nxdtls_saved_session_import(NXDTLS_SAVED_SESSION *saved, const UCHAR *key,
                                 const UCHAR *buffer, ULONG length)
{
    enum dtls_status status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = dtls_client_session_import(
        dtls_nx_crypto,
        (struct dtls_client_session *)(VOID *)saved->nxdtls_saved_private,
        dtls_bytes_of(buffer, length), key, dtls_nx_now());
    dtls_nx_unlock();
    return status == DTLS_DISCARD ? NXDTLS_BAD_SESSION
                                  : dtls_nx_status(status);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
/* The first address in `memory` at which an entry may stand. */
static VOID *align(VOID *memory, ULONG *size)
{
    ULONG skip = (ULONG)dtls_nx_gap(memory);

    *size = skip < *size ? *size - skip : 0;
    return (UCHAR *)memory + skip;
}

UINT nxdtls_server_resumption_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  VOID *memory, ULONG size, ULONG seconds)
{
    struct dtls_nx_server *v = dtls_nx_server(server_ptr);
    UINT status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (!dtls_nx_is_server(server_ptr)) {
        return NX_PTR_ERROR;
    }
    if (memory != NX_NULL) {
        memory = align(memory, &size);
        if (size < NXDTLS_KEPT_SESSION_SIZE) {
            return NX_SIZE_ERROR;
        }
    }
    dtls_nx_lock();
    status = set_limit(&v->options, seconds);
    if (status == NX_SUCCESS) {
        dtls_cache_free(&v->cache);
        v->options.cache = memory != NX_NULL ? &v->cache : NULL;
    }
    if (status == NX_SUCCESS && memory != NX_NULL) {
        dtls_cache_init(&v->cache, memory,
                        (uint32_t)(size / NXDTLS_KEPT_SESSION_SIZE));
    }
    dtls_nx_unlock();
    return status;
}

UINT nxdtls_server_tickets_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT used,
                               ULONG seconds)
{
    struct dtls_nx_server *v = dtls_nx_server(server_ptr);
    struct dtls_tickets made = {0};
    enum dtls_status status = DTLS_OK;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (!dtls_nx_is_server(server_ptr)) {
        return NX_PTR_ERROR;
    }
    if (seconds > DTLS_RESUMPTION_LIMIT_S) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_lock();
    if (used != NX_FALSE) {
        status = dtls_tickets_init(
            &made, dtls_nx_crypto,
            1000u *
                (uint64_t)(seconds == 0 ? DTLS_RESUMPTION_LIMIT_S : seconds),
            dtls_nx_now());
    }
    if (status == DTLS_OK) {
        dtls_tickets_free(&v->tickets);
        v->tickets = made;
        v->options.tickets = used != NX_FALSE ? &v->tickets : NULL;
    }
    dtls_nx_unlock();
    dtls_wipe(&made, sizeof made);
    return dtls_nx_status(status);
}
#endif
