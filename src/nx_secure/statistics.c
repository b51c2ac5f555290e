/* SPDX-License-Identifier: MIT */
/* What has happened, as nxdtls.h tells it.  The engine counts, each event
 * where it happens; here the counts of a server's sessions are added up. */
#include "nx_secure/internal.h"

VOID dtls_nx_add_statistics(NXDTLS_STATISTICS *sum,
                            NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);
    const struct dtls_session *e = &s->engine;
    const uint32_t *dropped = e->records.discarded;

    sum->handshakes += e->handshakes;
    sum->retransmissions += e->retransmissions;
    sum->records_sent += e->records.sealed;
    sum->records_received += e->records.opened;
    sum->data_sent += e->data_sent;
    sum->data_received += e->data_received;
    sum->alerts_sent += e->alerts_sent;
    sum->alerts_received += e->alerts_received;
    sum->discarded_header += dropped[DTLS_DISCARD_HEADER];
    sum->discarded_epoch += dropped[DTLS_DISCARD_EPOCH];
    sum->discarded_replay += dropped[DTLS_DISCARD_REPLAY];
    sum->discarded_mac += dropped[DTLS_DISCARD_MAC];
    sum->discarded_state += dropped[DTLS_DISCARD_STATE];
    sum->discarded_no_room += s->no_room;
}

UINT nxdtls_session_statistics_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_STATISTICS *statistics)
{
    *statistics = (NXDTLS_STATISTICS){0};
    dtls_nx_lock();
    statistics->sessions = dtls_session->nx_secure_dtls_session_in_use;
    dtls_nx_add_statistics(statistics, dtls_session);
    dtls_nx_unlock();
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_statistics_get(NX_SECURE_DTLS_SERVER *server_ptr,
                                  NXDTLS_STATISTICS *statistics)
{
    const struct dtls_nx_server *v = dtls_nx_server(server_ptr);
    const struct dtls_listener *gate = &v->listener;

    dtls_nx_lock();
    *statistics = v->ended;
    statistics->sessions = v->table.taken;
    statistics->cookies_sent = gate->verify_requests;
    statistics->cookies_accepted = gate->accepted;
    statistics->cookies_refused = gate->cookies_refused;
    statistics->discarded_no_session = gate->discarded;
    statistics->refused = v->refused;
    for (UINT i = 0; i < server_ptr->nx_dtls_server_sessions_count; i++) {
        dtls_nx_add_statistics(statistics,
                               &server_ptr->nx_dtls_server_sessions[i]);
    }
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif
