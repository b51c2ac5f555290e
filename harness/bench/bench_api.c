/* SPDX-License-Identifier: MIT */
/* The library behind the API (bench/bench_api.h).  Each measurement is a
 * kernel of its own, on the real clock. */
#include "bench/bench_api.h"

#include "bench/bench.h"
#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include <string.h>

#define PACKETS 512
#define PAYLOAD 1536
#define METADATA 4096
#define REASSEMBLY 2048
#define CLIENTS BENCH_API_CLIENTS_MAX
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

static struct client {
    NX_UDP_SOCKET socket;
    NX_SECURE_DTLS_SESSION session;
    ALIGN_TYPE metadata[METADATA / 8];
    UCHAR reassembly[REASSEMBLY];
} clients[CLIENTS];

static NX_SECURE_DTLS_SERVER server;
static UINT port; /* the server's */
static NX_SECURE_DTLS_SESSION sessions[CLIENTS];
static ALIGN_TYPE server_metadata[CLIENTS * METADATA / 8];
static UCHAR server_reassembly[CLIENTS * REASSEMBLY];

static UCHAR identity[] = BENCH_PSK_IDENTITY;
static UCHAR key[] = BENCH_PSK;
static CHAR name[] = "bench";

/* The one suite of both ends. */
static NX_SECURE_TLS_CIPHERSUITE_INFO suite;
static NX_SECURE_TLS_CRYPTO table;

/* What is measured, and the result. */
static struct {
    double (*body)(void);
    size_t clients;
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
                          UINT from)
{
    (void)ip;
    (void)from;
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
             &server, &server_host.ip, NX_ANY_PORT, NX_WAIT_FOREVER, sessions,
             sizeof sessions, &table, server_metadata, sizeof server_metadata,
             server_reassembly, sizeof server_reassembly, begin_session, echo),
         "a server");
    need(nx_secure_dtls_server_notify_set(&server, end_session, NX_NULL),
         "its notification");
    need(nx_secure_dtls_server_psk_add(&server, key, BENCH_PSK_LEN, identity,
                                       sizeof identity - 1, NX_NULL, 0),
         "its key");
    need(nx_secure_dtls_server_start(&server), "its start");
    need(nx_udp_socket_port_get(&server.nx_dtls_server_udp_socket, &port),
         "its port");
}

static void start_client(struct client *c)
{
    need(nx_udp_socket_create(&client_host.ip, &c->socket, name, NX_IP_NORMAL,
                              NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 16),
         "a socket");
    need(nx_udp_socket_bind(&c->socket, NX_ANY_PORT, NX_NO_WAIT), "its port");
    need(nx_secure_dtls_session_create(&c->session, &table, c->metadata,
                                       sizeof c->metadata, c->reassembly,
                                       sizeof c->reassembly, 0, NX_NULL, 0),
         "a client");
    need(nx_secure_dtls_psk_add(&c->session, key, BENCH_PSK_LEN, identity,
                                sizeof identity - 1, NX_NULL, 0),
         "its key");
}

static void run(ULONG input)
{
    (void)input;
    start_host(&server_host);
    start_host(&client_host);
    start_server();
    for (size_t i = 0; i < work.clients; i++) {
        start_client(&clients[i]);
    }
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

static double measure(double (*body)(void), USHORT number)
{
    choose_suite(number);
    work.body = body;
    need(nxdtls_port_mode_set(NXDTLS_PORT_REAL), "the mode");
    tx_kernel_enter();
    return work.result;
}

static void connect_client(struct client *c)
{
    NXD_ADDRESS to = {.nxd_ip_version = NX_IP_VERSION_V4};

    to.nxd_ip_address.v4 = HERE;
    need(nx_secure_dtls_client_session_start(&c->session, &c->socket, &to,
                                             port, WAIT),
         "a handshake");
}

static void come_and_go(struct client *c)
{
    connect_client(c);
    need(nx_secure_dtls_session_end(&c->session, WAIT), "an end");
}

static double handshakes(void)
{
    unsigned num = 0;
    double start;
    double spent;

    come_and_go(&clients[0]); /* What is made once is made here. */
    start = bench_cpu();
    do {
        come_and_go(&clients[0]);
        num++;
        spent = bench_cpu() - start;
    } while (spent < work.seconds);
    return 1e6 * spent / num;
}

static void say(struct client *c)
{
    static UCHAR bytes[DTLS_PLAINTEXT_MAX];
    NX_PACKET *packet;

    need(nx_secure_dtls_packet_allocate(&c->session, &client_host.pool,
                                        &packet, NX_NO_WAIT),
         "a packet");
    need(nx_packet_data_append(packet, bytes, (ULONG)work.len,
                               &client_host.pool, NX_NO_WAIT),
         "its data");
    need(nx_secure_dtls_client_session_send(&c->session, packet), "a send");
}

static void hear(struct client *c)
{
    NX_PACKET *packet;

    need(nx_secure_dtls_session_receive(&c->session, &packet, WAIT),
         "a receive");
    need(nx_packet_release(packet), "a release");
}

static void exchange(void)
{
    for (size_t i = 0; i < work.clients; i++) {
        say(&clients[i]);
    }
    for (size_t i = 0; i < work.clients; i++) {
        hear(&clients[i]);
    }
}

static double records(void)
{
    size_t num = 0;
    double start;
    double spent;

    for (size_t i = 0; i < work.clients; i++) {
        connect_client(&clients[i]);
    }
    exchange();
    start = bench_cpu();
    do {
        exchange();
        num += 2 * work.clients;
        spent = bench_cpu() - start;
    } while (spent < work.seconds);
    return 1e6 * spent / (double)num;
}

double bench_api_handshake(double seconds)
{
    work.clients = 1;
    work.seconds = seconds;
    return measure(handshakes, 0xc0a8);
}

double bench_api_record(size_t num_clients, size_t len, double seconds)
{
    work.clients = num_clients;
    work.len = len;
    work.seconds = seconds;
    return measure(records, 0x00a8);
}
