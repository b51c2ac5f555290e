/* SPDX-License-Identifier: MIT */
/* hosts.h: for the tests that produce every status value of the reference: two
 * NX_IP instances, a client session and a server of two sessions.
 *
 * The programs are built twice, with error checking and without: every value
 * stands in bold in the reference, which means that both builds return it. */

#ifndef NXDTLS_HARNESS_API_STATUS_HOSTS_H
#define NXDTLS_HARNESS_API_STATUS_HOSTS_H

#include "../../unit/port/kit.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"

#include <stdbool.h>
#include <stdlib.h>

#define PAYLOAD 1536u
#define PORT 4433u
#ifndef SESSIONS
#define SESSIONS 2u
#endif
#ifndef PACKETS
#define PACKETS 64u
#endif
#define CLIENT_ADDRESS IP_ADDRESS(10, 0, 0, 1)
#define SERVER_ADDRESS IP_ADDRESS(10, 0, 0, 2)
#define CERT_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)

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

struct host {
    NX_IP ip;
    NX_PACKET_POOL pool;
    ALIGN_TYPE memory[PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
};

static struct host client_host;
static struct host server_host;
static NX_UDP_SOCKET socket_a; /* the client's */
static NX_SECURE_DTLS_SESSION client;
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static ALIGN_TYPE client_metadata[9000 / 8];
static ALIGN_TYPE server_metadata[SESSIONS * 9000 / 8];
static UCHAR client_reassembly[4000];
static UCHAR server_reassembly[SESSIONS * 4000];
static ALIGN_TYPE client_certs[3 * CERT_SLOT / 8];
static NX_PACKET *drained[PACKETS];
static UINT num_drained;
static UCHAR psk_key[] = {0x10, 0x21, 0x32, 0x43};
static UCHAR identity[] = "client";
static CHAR name[] = "status";
static NX_SECURE_DTLS_SESSION *connecting;
static TX_SEMAPHORE connects;
static VOID (*when_connecting)(VOID); /* in the IP thread, if not NULL */

static inline NXD_ADDRESS v4(ULONG address)
{
    NXD_ADDRESS a;

    memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V4;
    a.nxd_ip_address.v4 = address;
    return a;
}

static inline VOID start_host(struct host *h, ULONG address)
{
    expect_eq(nx_packet_pool_create(&h->pool, name, PAYLOAD, h->memory,
                                    sizeof h->memory),
              NX_SUCCESS);
    expect_eq(nx_ip_create(&h->ip, name, address, 0xFF000000u, &h->pool,
                           _nx_ram_network_driver_1500, kit_stack,
                           sizeof kit_stack, 1),
              NX_SUCCESS);
    expect_eq(nx_udp_enable(&h->ip), NX_SUCCESS);
}

static inline VOID make_socket(struct host *h, NX_UDP_SOCKET *s, UINT port)
{
    expect_eq(nx_udp_socket_create(&h->ip, s, name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(s, port, NX_NO_WAIT), NX_SUCCESS);
}

static inline VOID end_socket(NX_UDP_SOCKET *s)
{
    (void)nx_udp_socket_unbind(s);
    expect_eq(nx_udp_socket_delete(s), NX_SUCCESS);
}

/* Every packet is back where it came from. */
static inline VOID end_host(struct host *h)
{
    expect_eq(nx_ip_delete(&h->ip), NX_SUCCESS);
    expect_eq(h->pool.nx_packet_pool_available, PACKETS);
    expect_eq(h->pool.nx_packet_pool_invalid_releases, 0);
}

static inline VOID start_hosts(VOID)
{
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    start_host(&client_host, CLIENT_ADDRESS);
    start_host(&server_host, SERVER_ADDRESS);
    make_socket(&client_host, &socket_a, NX_ANY_PORT);
    when_connecting = NULL;
    connecting = NX_NULL;
    expect_eq(tx_semaphore_create(&connects, name, 0), TX_SUCCESS);
}

static inline VOID end_hosts(VOID)
{
    end_socket(&socket_a);
    end_host(&client_host);
    end_host(&server_host);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static inline VOID drain(NX_PACKET_POOL *pool)
{
    num_drained = 0;
    while (num_drained < PACKETS &&
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

static inline UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                              UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    if (when_connecting != NULL) {
        when_connecting();
    }
    return tx_semaphore_put(&connects);
}

static inline UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    return NX_SUCCESS;
}

static inline UINT create_client(const NX_SECURE_TLS_CRYPTO *table)
{
    return nx_secure_dtls_session_create(
        &client, table, client_metadata, sizeof client_metadata,
        client_reassembly, sizeof client_reassembly, 3, (UCHAR *)client_certs,
        sizeof client_certs);
}

static inline UINT create_server(const NX_SECURE_TLS_CRYPTO *table)
{
    return nx_secure_dtls_server_create(
        &server, &server_host.ip, PORT, 100, sessions, sizeof sessions, table,
        server_metadata, sizeof server_metadata, server_reassembly,
        sizeof server_reassembly, on_connect, on_receive);
}

static inline UINT connect_to(ULONG address, UINT wait)
{
    NXD_ADDRESS to = v4(address);

    return nx_secure_dtls_client_session_start(&client, &socket_a, &to, PORT,
                                               wait);
}

#endif
