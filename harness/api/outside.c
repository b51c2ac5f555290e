/* SPDX-License-Identifier: MIT */
/* An application as somebody outside writes it: two sessions in one process
 * over the RAM wire.  scripts/check-api builds it, as C and as C++, against
 * an installed copy of the library and runs it; it says "hello" and ends 0. */
#include "nx_secure_dtls_api.h"
#include "nxdtls_port.h"

#include <stdio.h>
#include <string.h>

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define PAYLOAD 1536
#define PACKETS 32
#define ADDRESS(n) IP_ADDRESS(10, 0, 0, n)

static NX_PACKET_POOL pool;
static NX_IP ip_a, ip_b;
static NX_UDP_SOCKET socket_a;
static TX_THREAD thread;
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION server_session, client_session;
static NX_SECURE_DTLS_SESSION *connected;
static TX_SEMAPHORE connect_semaphore;
static TX_THREAD server_thread;
static ALIGN_TYPE pool_memory[PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
static ALIGN_TYPE metadata[2][9000 / 8];
static UCHAR reassembly[2][4000];
static UCHAR stack[4][4096];
static UCHAR key[] = {0x1a, 0x2b, 0x3c, 0x4d};
static UCHAR identity[] = "psk_1";
static CHAR name[] = "outside";
static int failures;

static void must(const char *what, UINT status)
{
    if (status != NX_SUCCESS) {
        printf("%s: 0x%x\n", what, status);
        failures++;
    }
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)ip;
    (void)port;
    connected = session;
    return tx_semaphore_put(&connect_semaphore);
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    return NX_SUCCESS;
}

static VOID serve(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    must("wait", tx_semaphore_get(&connect_semaphore, TX_WAIT_FOREVER));
    must("session start",
         nx_secure_dtls_server_session_start(connected, 1000));
    must("receive", nx_secure_dtls_session_receive(connected, &packet, 1000));
    must("send", nx_secure_dtls_server_session_send(connected, packet));
}

static void start_server(void)
{
    must("server create",
         nx_secure_dtls_server_create(
             &server, &ip_b, 4433, 100, &server_session, sizeof server_session,
             &nx_crypto_tls_ciphers, metadata[0], sizeof metadata[0],
             reassembly[0], sizeof reassembly[0], on_connect, on_receive));
    must("server psk", nx_secure_dtls_server_psk_add(&server, key, sizeof key,
                                                     identity, 5, NULL, 0));
    must("server start", nx_secure_dtls_server_start(&server));
    must("thread", tx_thread_create(&server_thread, name, serve, 0, stack[3],
                                    sizeof stack[3], 5, 5, TX_NO_TIME_SLICE,
                                    TX_AUTO_START));
}

static void run_client(void)
{
    NXD_ADDRESS to;
    NX_PACKET *packet;
    UCHAR text[] = "hello";
    UCHAR back[16] = {0};
    ULONG copied = 0;

    to.nxd_ip_version = NX_IP_VERSION_V4;
    to.nxd_ip_address.v4 = ADDRESS(2);
    must("session create", nx_secure_dtls_session_create(
                               &client_session, &nx_crypto_tls_ciphers,
                               metadata[1], sizeof metadata[1], reassembly[1],
                               sizeof reassembly[1], 0, NULL, 0));
    must("client psk", nx_secure_dtls_psk_add(&client_session, key, sizeof key,
                                              identity, 5, NULL, 0));
    must("connect", nx_secure_dtls_client_session_start(
                        &client_session, &socket_a, &to, 4433, 1000));
    must("allocate", nx_secure_dtls_packet_allocate(&client_session, &pool,
                                                    &packet, NX_NO_WAIT));
    must("append", nx_packet_data_append(packet, text, 5, &pool, NX_NO_WAIT));
    must("send",
         nx_secure_dtls_session_send(&client_session, packet, &to, 4433));
    must("receive",
         nx_secure_dtls_session_receive(&client_session, &packet, 1000));
    must("retrieve", nx_packet_data_retrieve(packet, back, &copied));
    must("release", nx_packet_release(packet));
    must("same", memcmp(back, text, 5) == 0 ? NX_SUCCESS : 1);
    printf("%s\n", (const char *)back);
    must("end", nx_secure_dtls_session_end(&client_session, 100));
    must("delete", nx_secure_dtls_session_delete(&client_session));
}

static VOID run(ULONG input)
{
    (void)input;
    must("pool", nx_packet_pool_create(&pool, name, PAYLOAD, pool_memory,
                                       sizeof pool_memory));
    must("ip a", nx_ip_create(&ip_a, name, ADDRESS(1), 0xFFFFFF00, &pool,
                              _nx_ram_network_driver_1500, stack[1],
                              sizeof stack[1], 1));
    must("ip b", nx_ip_create(&ip_b, name, ADDRESS(2), 0xFFFFFF00, &pool,
                              _nx_ram_network_driver_1500, stack[2],
                              sizeof stack[2], 1));
    must("udp a", nx_udp_enable(&ip_a));
    must("udp b", nx_udp_enable(&ip_b));
    must("socket",
         nx_udp_socket_create(&ip_a, &socket_a, name, NX_IP_NORMAL,
                              NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8));
    must("bind", nx_udp_socket_bind(&socket_a, NX_ANY_PORT, NX_NO_WAIT));
    start_server();
    run_client();
    must("stop", nx_secure_dtls_server_stop(&server));
    must("server delete", nx_secure_dtls_server_delete(&server));
    must("packets", pool.nx_packet_pool_available == pool.nx_packet_pool_total
                        ? NX_SUCCESS
                        : 1);
    nxdtls_port_stop();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    nx_system_initialize();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    must("semaphore", tx_semaphore_create(&connect_semaphore, name, 0));
    must("main thread",
         tx_thread_create(&thread, name, run, 0, stack[0], sizeof stack[0], 10,
                          10, TX_NO_TIME_SLICE, TX_AUTO_START));
}

int main(void)
{
    if (nxdtls_port_mode_set(NXDTLS_PORT_VIRTUAL) != TX_SUCCESS) {
        return 1;
    }
    tx_kernel_enter();
    return failures != 0;
}
