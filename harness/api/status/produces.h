/* SPDX-License-Identifier: MIT */
/* produces.h: for the tests that produce every status value of the reference.
 *
 * The programs are built twice, with error checking and without: every value
 * stands in bold in the reference, which means that both builds return it. */

#ifndef NXDTLS_HARNESS_API_STATUS_PRODUCES_H
#define NXDTLS_HARNESS_API_STATUS_PRODUCES_H

#define NET_PAYLOAD 1536u /* a datagram made by hand is one packet */
#include "../../unit/nx_secure/association_kit.h"

/* produces(status, call): the call returns that status.  Only then it prints
 *
 *     produces: nx_secure_dtls_psk_add NX_PTR_ERROR
 *
 * which status_codes.py joins with values.tsv. */
#define produces(status, call)                                                \
    produces_at((status), (call), #status, #call, __FILE__, __LINE__)

static inline void produces_at(UINT wanted, UINT got, const char *status,
                               const char *call, const char *file, int line)
{
    if (got != wanted) {
        kit_failed(file, line, call, got);
        return;
    }
    if (strcmp(nxdtls_status_text(got), "unknown status") == 0) {
        kit_failed(file, line, "the status has words", got);
    }
    printf("produces: %.*s %s\n", (int)strcspn(call, "("), call, status);
    (void)fflush(stdout);
}

static NX_PACKET *drained[NET_PACKETS];
static UINT num_drained;

/* drain takes all packets out of a pool, refill gives them back. */
static inline VOID drain(NX_PACKET_POOL *pool)
{
    num_drained = 0;
    while (num_drained < NET_PACKETS &&
           nx_packet_allocate(pool, &drained[num_drained], NX_UDP_PACKET,
                              NX_NO_WAIT) == NX_SUCCESS) {
        num_drained++;
    }
    expect(num_drained > 0);
}

static inline VOID refill(VOID)
{
    while (num_drained > 0) {
        expect_eq(nx_packet_release(drained[--num_drained]), NX_SUCCESS);
    }
}

#endif
