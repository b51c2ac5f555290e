/* SPDX-License-Identifier: MIT */
/* The library behind the API (bench/bench_api.h).  Each measurement is a
 * kernel of its own, on the real clock. */
#include "bench/bench_api.h"

#include "bench/bench.h"
#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include <string.h>

#define PACKETS 64
#define PAYLOAD 1536
#define PORT 24433
#define METADATA 4096
#define REASSEMBLY 2048
#define SESSIONS 2
#define WAIT 500 /* ticks: nothing takes as long */
#define HERE IP_ADDRESS(127, 0, 0, 1)

/* One end of the network. */
struct host {
    NX_IP ip;
    NX_PACKET_POOL pool;
    ALIGN_TYPE stack[512];
    ALIGN_TYPE memory[PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
};
static struct host client_host;
static struct host server_host;

static NX_UDP_SOCKET socket;
static NX_SECURE_DTLS_SESSION client;
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static ALIGN_TYPE client_metadata[METADATA / 8];
static ALIGN_TYPE server_metadata[SESSIONS * METADATA / 8];
static UCHAR client_reassembly[REASSEMBLY];
static UCHAR server_reassembly[SESSIONS * REASSEMBLY];

static UCHAR identity[] = BENCH_PSK_IDENTITY;
static UCHAR key[] = BENCH_PSK;
static CHAR name[] = "bench";

/* The one suite of both ends. */
static NX_SECURE_TLS_CIPHERSUITE_INFO suite;
static NX_SECURE_TLS_CRYPTO table;

/* What is measured, and the result. */
static struct {
    double (*body)(void);
    size_t len;
    double seconds;
    double result;
} work;

static void need(UINT status, const char *what)
{
    if (status != NX_SUCCESS) {
        bench_die("the API", what);
    }
}

static void choose_suite(USHORT number)
{
    table = nxdtls_ciphers_all;
    for (UINT i = 0;
         i < nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        suite = nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table[i];
        if (suite.nx_secure_tls_ciphersuite == number) {
            table.nx_secure_tls_ciphersuite_lookup_table = &suite;
            table.nx_secure_tls_ciphersuite_lookup_table_size = 1;
            return;
        }
    }
    bench_die("the API", "the suite");
}

/* The server: all in the IP thread. */

static UINT begin_session(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                          UINT port)
{
    (void)ip;
    (void)port;
    return nxdtls_server_session_begin(session);
}

static UINT echo(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;

    if (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) ==
        NX_SUCCESS) {
        need(nx_secure_dtls_server_session_send(session, packet), "an echo");
    }
    return NX_SUCCESS;
}

static UINT end_session(NX_SECURE_DTLS_SESSION *session)
{
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static void start_host(struct host *host)
{
    need(nx_packet_pool_create(&host->pool, name, PAYLOAD, host->memory,
                               sizeof host->memory),
         "a pool");
    need(nx_ip_create(&host->ip, name, HERE, 0xFF000000u, &host->pool,
                      _nxdtls_udp_network_driver, host->stack,
                      sizeof host->stack, 1),
         "an IP instance");
    need(nx_udp_enable(&host->ip), "UDP");
}

static void start_server(void)
{
    need(nx_secure_dtls_server_create(
             &server, &server_host.ip, PORT, NX_WAIT_FOREVER, sessions,
             sizeof sessions, &table, server_metadata, sizeof server_metadata,
             server_reassembly, sizeof server_reassembly, begin_session, echo),
         "a server");
    need(nx_secure_dtls_server_notify_set(&server, end_session, NX_NULL),
         "its notification");
    need(nx_secure_dtls_server_psk_add(&server, key, BENCH_PSK_LEN, identity,
                                       sizeof identity - 1, NX_NULL, 0),
         "its key");
    need(nx_secure_dtls_server_start(&server), "its start");
}

static void start_client(void)
{
    need(nx_udp_socket_create(&client_host.ip, &socket, name, NX_IP_NORMAL,
                              NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 16),
         "a socket");
    need(nx_udp_socket_bind(&socket, NX_ANY_PORT, NX_NO_WAIT), "its port");
    need(nx_secure_dtls_session_create(
             &client, &table, client_metadata, sizeof client_metadata,
             client_reassembly, REASSEMBLY, 0, NX_NULL, 0),
         "a client");
    need(nx_secure_dtls_psk_add(&client, key, BENCH_PSK_LEN, identity,
                                sizeof identity - 1, NX_NULL, 0),
         "its key");
}

static void run(ULONG input)
{
    (void)input;
    start_host(&server_host);
    start_host(&client_host);
    start_server();
    start_client();
    work.result = work.body();
    nxdtls_port_stop();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    static TX_THREAD thread;
    static ALIGN_TYPE stack[512];

    (void)first_unused_memory;
    nx_system_initialize();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    need(tx_thread_create(&thread, name, run, 0, stack, sizeof stack, 5, 5,
                          TX_NO_TIME_SLICE, TX_AUTO_START),
         "a thread");
}

static double measure(double (*body)(void), USHORT number, size_t len,
                      double seconds)
{
    choose_suite(number);
    work.body = body;
    work.len = len;
    work.seconds = seconds;
    need(nxdtls_port_mode_set(NXDTLS_PORT_REAL), "the mode");
    tx_kernel_enter();
    return work.result;
}

static void connect_client(void)
{
    NXD_ADDRESS to = {.nxd_ip_version = NX_IP_VERSION_V4};

    to.nxd_ip_address.v4 = HERE;
    need(
        nx_secure_dtls_client_session_start(&client, &socket, &to, PORT, WAIT),
        "a handshake");
}

static double handshakes(void)
{
    unsigned num = 0;
    double start;
    double spent;

    connect_client(); /* What is made once is made here. */
    need(nx_secure_dtls_session_end(&client, WAIT), "an end");
    start = bench_cpu();
    do {
        connect_client();
        need(nx_secure_dtls_session_end(&client, WAIT), "an end");
        num++;
        spent = bench_cpu() - start;
    } while (spent < work.seconds);
    return 1e6 * spent / num;
}

static void exchange(void)
{
    static UCHAR bytes[DTLS_PLAINTEXT_MAX];
    NX_PACKET *packet;

    need(nx_secure_dtls_packet_allocate(&client, &client_host.pool, &packet,
                                        NX_NO_WAIT),
         "a packet");
    need(nx_packet_data_append(packet, bytes, (ULONG)work.len,
                               &client_host.pool, NX_NO_WAIT),
         "its data");
    need(nx_secure_dtls_client_session_send(&client, packet), "a send");
    need(nx_secure_dtls_session_receive(&client, &packet, WAIT), "a receive");
    need(nx_packet_release(packet), "a release");
}

static double records(void)
{
    unsigned num = 0;
    double start;
    double spent;

    connect_client();
    exchange();
    start = bench_cpu();
    do {
        exchange();
        num += 2;
        spent = bench_cpu() - start;
    } while (spent < work.seconds);
    return 1e6 * spent / num;
}

double bench_api_handshake(double seconds)
{
    return measure(handshakes, 0xc0a8, 0, seconds);
}

double bench_api_record(size_t len, double seconds)
{
    return measure(records, 0x00a8, len, seconds);
}
