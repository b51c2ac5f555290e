/* SPDX-License-Identifier: MIT */
/* switches_kit.h: is a service there; and two hosts for what is.  The kit of
 * associations needs more than these libraries have. */
#ifndef API_SWITCHES_KIT_H
#define API_SWITCHES_KIT_H

#include "unit/port/net_kit.h"

#include "nx_secure_dtls_api.h"

#define PORT 4433
#define CLIENT_ADDRESS IP_ADDRESS(10, 1, 2, 3)
#define SERVER_ADDRESS IP_ADDRESS(10, 1, 2, 4)

/* A name that nothing defines is NULL, and no error of the linker. */
#define SWITCHED(name) extern char name[] __attribute__((weak))
#define expect_absent(name) assert_null(name)

/* Both hosts on the RAM wire, the client's socket bound, the module there. */
static inline VOID start_hosts(NXD_ADDRESS client_v6, NXD_ADDRESS server_v6)
{
    net_start(&net_a, _nx_ram_network_driver_1500, CLIENT_ADDRESS, client_v6,
              20);
    net_start(&net_b, _nx_ram_network_driver_1500, SERVER_ADDRESS, server_v6,
              20);
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

static inline VOID finish_hosts(VOID)
{
    net_finish(&net_a);
    net_finish(&net_b);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
static TX_SEMAPHORE connected; /* one for each client that has come */

static inline UINT on_connect(NX_SECURE_DTLS_SESSION *dtls, NXD_ADDRESS *ip,
                              UINT port)
{
    (void)dtls;
    (void)ip;
    (void)port;
    return tx_semaphore_put(&connected);
}

/* Both hosts with an IPv6 address, for a server of on_connect. */
static inline VOID start_server_hosts(VOID)
{
    static CHAR name[] = "connected";

    start_hosts(net_v6(0x20010db8, 0xa1), net_v6(0x20010db8, 0xb2));
    expect_eq(tx_semaphore_create(&connected, name, 0), TX_SUCCESS);
}

/* The thread that serves asks the session itself. */
static inline UINT on_receive(NX_SECURE_DTLS_SESSION *dtls)
{
    (void)dtls;
    return NX_SUCCESS;
}
#endif

#endif
