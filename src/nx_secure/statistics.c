/* SPDX-License-Identifier: MIT */
/* The counters (base/counters.h) as nxdtls.h shows them. */
#include "nx_secure/internal.h"

/* One member of NXDTLS_STATISTICS is no counter: `sessions`. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): the counters' ones are a sum */
#define COUNT(name) +1
_Static_assert(sizeof(NXDTLS_STATISTICS) ==
                   (1 DTLS_COUNTERS(COUNT)) * sizeof(ULONG),
               "a member of NXDTLS_STATISTICS is not in DTLS_COUNTERS");

static NXDTLS_STATISTICS tell(const struct dtls_counters *counters,
                              ULONG sessions)
{
#define TELL(name) .name = counters->name,
    return (NXDTLS_STATISTICS){.sessions = sessions, DTLS_COUNTERS(TELL)};
}

UINT nxdtls_session_statistics_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                   NXDTLS_STATISTICS *statistics)
{
    dtls_nx_lock();
    *statistics = tell(&dtls_nx_session(dtls_session)->counters,
                       dtls_session->nx_secure_dtls_session_in_use);
    dtls_nx_unlock();
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_statistics_get(NX_SECURE_DTLS_SERVER *server_ptr,
                                  NXDTLS_STATISTICS *statistics)
{
    const struct dtls_nx_server *v = dtls_nx_server(server_ptr);
    struct dtls_counters sum;

    dtls_nx_lock();
    sum = v->counters;
    for (UINT i = 0; i < dtls_nx_server_places(server_ptr); i++) {
        dtls_counters_add(
            &sum,
            &dtls_nx_session(dtls_nx_server_session(server_ptr, i))->counters);
    }
    *statistics = tell(&sum, v->table.taken);
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif
