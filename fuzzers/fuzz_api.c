/* SPDX-License-Identifier: MIT */
/* Target: the NetX Secure DTLS services of a server and two clients, over the
 *         RAM wire in virtual time.
 * Input:  {service u8, its arguments}*.  Arguments may be right or wrong:
 *         missing pointers, sessions that were never created, sizes, ports,
 *         addresses.  One service sends raw datagrams to the server.
 * Oracle: every status is one that the documents name; no call waits for ever;
 *         a client receives only what it sent; when everything is deleted,
 *         every packet is back in its pool. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/repeatable_crypto.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include <stdlib.h>
#include <string.h>

enum {
    CLIENTS = 2,
    SESSIONS = 2,
    PORT = 4433,
    PACKETS = 60,
    PAYLOAD = 1536,
    METADATA = 9000,
    REASSEMBLY = 4000,
    CERTS = 2,
    CERT_ROOM = CERTS * (sizeof(NX_SECURE_X509_CERT) + 2000),
    CALLS = 48,
    TICKS = 8 /* to wait, for each unit of an argument */
};

struct host {
    NX_IP ip;
    NX_PACKET_POOL pool;
    ALIGN_TYPE
    memory[PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / sizeof(ALIGN_TYPE)];
};

struct client {
    NX_SECURE_DTLS_SESSION session;
    NX_UDP_SOCKET socket;
    ALIGN_TYPE metadata[METADATA / sizeof(ALIGN_TYPE)];
    ALIGN_TYPE certs[CERT_ROOM / sizeof(ALIGN_TYPE)];
    UCHAR reassembly[REASSEMBLY];
};

static struct {
    struct dtls_bytes input;
    struct host hosts[2]; /* the clients', the server's */
    struct client clients[CLIENTS];
    NX_SECURE_DTLS_SERVER server;
    NX_SECURE_DTLS_SESSION sessions[SESSIONS];
    ALIGN_TYPE metadata[METADATA / sizeof(ALIGN_TYPE) * SESSIONS];
    UCHAR reassembly[SESSIONS * REASSEMBLY];
    TX_THREAD threads[3];
    TX_QUEUE queues[2]; /* sessions that connect; sessions with data */
    ALIGN_TYPE queue_memory[2][32];
    UCHAR stack[TX_MINIMUM_STACK];
} world;

static CHAR name[] = "fuzz";
static UCHAR identity[] = "client";
static UCHAR key[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};

static UINT known(UINT status)
{
    FUZZ_CHECK(strcmp(nxdtls_status_text(status), "unknown status") != 0);
    return status;
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)ip;
    (void)port;
    (void)tx_queue_send(&world.queues[0], &session, TX_NO_WAIT);
    return NX_SUCCESS;
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    (void)tx_queue_send(&world.queues[1], &session, TX_NO_WAIT);
    return NX_SUCCESS;
}

static VOID start_sessions(ULONG unused)
{
    NX_SECURE_DTLS_SESSION *session;

    (void)unused;
    while (tx_queue_receive(&world.queues[0], &session, TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        (void)known(nx_secure_dtls_server_session_start(session, 500));
    }
}

static VOID echo_sessions(ULONG unused)
{
    NX_SECURE_DTLS_SESSION *session;
    NX_PACKET *packet;

    (void)unused;
    while (tx_queue_receive(&world.queues[1], &session, TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        if (known(nx_secure_dtls_session_receive(session, &packet,
                                                 NX_NO_WAIT)) == NX_SUCCESS &&
            known(nx_secure_dtls_server_session_send(session, packet)) !=
                NX_SUCCESS) {
            (void)nx_packet_release(packet);
        }
    }
}

static NX_SECURE_DTLS_SESSION *a_session(void)
{
    uint8_t which = fuzz_u8(&world.input);

    if (which == 0xff) {
        return NX_NULL;
    }
    return (which & 0x10) != 0 ? &world.sessions[which % SESSIONS]
                               : &world.clients[which % CLIENTS].session;
}

static ULONG a_wait(void)
{
    return (ULONG)fuzz_u8(&world.input) * TICKS;
}

/* The server's address, one that nobody has, or none. */
static NXD_ADDRESS an_address(uint8_t what)
{
    NXD_ADDRESS address = {.nxd_ip_version = NX_IP_VERSION_V4};

    address.nxd_ip_address.v4 = IP_ADDRESS(10, 1, 2, (what & 7) == 7 ? 9 : 4);
    address.nxd_ip_version = (what & 0x38) == 0x38 ? 5 : NX_IP_VERSION_V4;
    return address;
}

static void create_session(struct client *client)
{
    uint8_t wrong = fuzz_u8(&world.input);

    (void)known(nx_secure_dtls_session_create(
        wrong == 1 ? NX_NULL : &client->session,
        wrong == 2 ? NX_NULL : &nxdtls_ciphers_all,
        wrong == 3 ? NX_NULL : client->metadata,
        wrong == 4 ? fuzz_u16(&world.input) : sizeof client->metadata,
        wrong == 5 ? NX_NULL : client->reassembly,
        wrong == 6 ? fuzz_u8(&world.input) : sizeof client->reassembly,
        wrong == 7 ? fuzz_u8(&world.input) % (2 * CERTS) : CERTS,
        wrong == 8 ? NX_NULL : (UCHAR *)client->certs, sizeof client->certs));
}

static void add_psk(void)
{
    NX_SECURE_DTLS_SESSION *session = a_session();
    uint8_t wrong = fuzz_u8(&world.input);
    UCHAR bytes[255] = {0};

    if (wrong == 0) {
        (void)known(nx_secure_dtls_psk_add(session, key, sizeof key, identity,
                                           6, NX_NULL, 0));
        return;
    }
    (void)known(nx_secure_dtls_psk_add(
        session, wrong == 1 ? NX_NULL : bytes, fuzz_u8(&world.input),
        wrong == 2 ? NX_NULL : bytes, fuzz_u8(&world.input), bytes,
        fuzz_u8(&world.input)));
}

static void start_client(struct client *client)
{
    uint8_t what = fuzz_u8(&world.input);
    NXD_ADDRESS to = an_address(what);

    (void)known(nx_secure_dtls_client_session_start(
        &client->session, (what & 0x40) != 0 ? NX_NULL : &client->socket,
        (what & 0x80) != 0 ? NX_NULL : &to, what == 0x39 ? 0 : PORT,
        a_wait()));
}

static void send_data(void)
{
    static UCHAR bytes[PAYLOAD];
    NX_SECURE_DTLS_SESSION *session = a_session();
    ULONG len = fuzz_u16(&world.input) % sizeof bytes;
    NX_PACKET *packet = NX_NULL;

    if (known(nx_secure_dtls_packet_allocate(session, &world.hosts[0].pool,
                                             &packet, NX_NO_WAIT)) !=
        NX_SUCCESS) {
        return;
    }
    memset(bytes, 0x5a, sizeof bytes);
    if (nx_packet_data_append(packet, bytes, len, &world.hosts[0].pool,
                              NX_NO_WAIT) != NX_SUCCESS ||
        known(nx_secure_dtls_client_session_send(session, packet)) !=
            NX_SUCCESS) {
        FUZZ_CHECK(nx_packet_release(packet) == NX_SUCCESS);
    }
}

static void receive_data(void)
{
    NX_SECURE_DTLS_SESSION *session = a_session();
    NX_PACKET *packet = NX_NULL;

    if (known(nx_secure_dtls_session_receive(session, &packet, a_wait())) !=
        NX_SUCCESS) {
        return;
    }
    for (UCHAR *at = packet->nx_packet_prepend_ptr;
         at < packet->nx_packet_append_ptr; at++) {
        FUZZ_CHECK(*at == 0x5a);
    }
    FUZZ_CHECK(nx_packet_release(packet) == NX_SUCCESS);
}

/* A datagram that no session made. */
static void send_raw(struct client *client)
{
    NXD_ADDRESS to = an_address(0);
    struct dtls_bytes datagram =
        fuzz_some(&world.input, fuzz_u16(&world.input) % PAYLOAD);
    NX_PACKET *packet;

    if (nx_packet_allocate(&world.hosts[0].pool, &packet, NX_UDP_PACKET,
                           NX_NO_WAIT) != NX_SUCCESS) {
        return;
    }
    if ((datagram.len != 0 &&
         nx_packet_data_append(packet, (VOID *)(uintptr_t)datagram.data,
                               (ULONG)datagram.len, &world.hosts[0].pool,
                               NX_NO_WAIT) != NX_SUCCESS) ||
        nxd_udp_socket_send(&client->socket, packet, &to, PORT) !=
            NX_SUCCESS) {
        FUZZ_CHECK(nx_packet_release(packet) == NX_SUCCESS);
    }
}

static void ask(void)
{
    NX_SECURE_DTLS_SESSION *session = a_session();
    NXDTLS_SESSION_INFO info;
    NXDTLS_STATISTICS counters;
    NXD_ADDRESS address;
    UCHAR out[32];
    UINT port;
    UINT local_port;

    /* The services that nxdtls.h adds check no pointer. */
    if (session != NX_NULL) {
        (void)known(nxdtls_session_info_get(session, &info));
        (void)known(nxdtls_session_statistics_get(session, &counters));
        (void)known(nxdtls_session_export(session, out, sizeof out,
                                          "EXPORTER-x", NX_NULL, 0));
    }
    (void)known(nx_secure_dtls_session_client_info_get(session, &address,
                                                       &port, &local_port));
    FUZZ_CHECK(known(nxdtls_server_statistics_get(&world.server, &counters)) ==
               NX_SUCCESS);
    /* One more while a client of a full server begins anew: the reserve. */
    FUZZ_CHECK(counters.sessions <= SESSIONS + 1);
}

static void call(void)
{
    uint8_t service = fuzz_u8(&world.input);
    struct client *client = &world.clients[service >> 7];

    switch (service % 13) {
    case 0:
        create_session(client);
        break;
    case 1:
        add_psk();
        break;
    case 2:
        start_client(client);
        break;
    case 3:
        send_data();
        break;
    case 4:
        receive_data();
        break;
    case 5:
        (void)known(nx_secure_dtls_session_end(a_session(), a_wait()));
        break;
    case 6:
        (void)known(nx_secure_dtls_session_reset(a_session()));
        break;
    case 7:
        (void)known(nx_secure_dtls_session_delete(&client->session));
        break;
    case 8:
        send_raw(client);
        break;
    case 9:
        tx_thread_sleep(a_wait() + 1);
        break;
    case 10:
        (void)known(nx_secure_dtls_server_stop(&world.server));
        break;
    case 11:
        (void)known(nx_secure_dtls_server_start(&world.server));
        break;
    default:
        ask();
        break;
    }
}

static void begin_host(struct host *host, ULONG address)
{
    FUZZ_CHECK(nx_packet_pool_create(&host->pool, name, PAYLOAD, host->memory,
                                     sizeof host->memory) == NX_SUCCESS);
    FUZZ_CHECK(nx_ip_create(&host->ip, name, address, 0xFF000000u, &host->pool,
                            _nx_ram_network_driver_1500, world.stack,
                            sizeof world.stack, 1) == NX_SUCCESS);
    FUZZ_CHECK(nx_udp_enable(&host->ip) == NX_SUCCESS);
}

static void end_host(struct host *host)
{
    FUZZ_CHECK(nx_ip_delete(&host->ip) == NX_SUCCESS);
    FUZZ_CHECK(host->pool.nx_packet_pool_available ==
               host->pool.nx_packet_pool_total);
    FUZZ_CHECK(host->pool.nx_packet_pool_invalid_releases == 0);
    FUZZ_CHECK(nx_packet_pool_delete(&host->pool) == NX_SUCCESS);
}

static void spawn(TX_THREAD *thread, VOID (*entry)(ULONG), UINT priority)
{
    FUZZ_CHECK(tx_thread_create(thread, name, entry, 0, world.stack,
                                sizeof world.stack, priority, priority,
                                TX_NO_TIME_SLICE,
                                TX_AUTO_START) == TX_SUCCESS);
}

static void begin_world(void)
{
    begin_host(&world.hosts[0], IP_ADDRESS(10, 1, 2, 3));
    begin_host(&world.hosts[1], IP_ADDRESS(10, 1, 2, 4));
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    for (int i = 0; i < 2; i++) {
        FUZZ_CHECK(
            tx_queue_create(&world.queues[i], name, 2, world.queue_memory[i],
                            sizeof world.queue_memory[i]) == TX_SUCCESS);
        FUZZ_CHECK(nx_udp_socket_create(&world.hosts[0].ip,
                                        &world.clients[i].socket, name,
                                        NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                        NX_IP_TIME_TO_LIVE, 10) == NX_SUCCESS);
        FUZZ_CHECK(nx_udp_socket_bind(&world.clients[i].socket, NX_ANY_PORT,
                                      NX_NO_WAIT) == NX_SUCCESS);
    }
    FUZZ_CHECK(nx_secure_dtls_server_create(
                   &world.server, &world.hosts[1].ip, PORT, 100,
                   world.sessions, sizeof world.sessions, &nxdtls_ciphers_all,
                   world.metadata, sizeof world.metadata, world.reassembly,
                   sizeof world.reassembly, on_connect,
                   on_receive) == NX_SUCCESS);
    FUZZ_CHECK(nx_secure_dtls_server_psk_add(&world.server, key, sizeof key,
                                             identity, 6, NX_NULL,
                                             0) == NX_SUCCESS);
    FUZZ_CHECK(nx_secure_dtls_server_start(&world.server) == NX_SUCCESS);
    spawn(&world.threads[1], start_sessions, 10);
    spawn(&world.threads[2], echo_sessions, 11);
}

static void end_world(void)
{
    for (int i = 0; i < CLIENTS; i++) {
        (void)known(nx_secure_dtls_session_delete(&world.clients[i].session));
        (void)nx_udp_socket_unbind(&world.clients[i].socket);
        FUZZ_CHECK(nx_udp_socket_delete(&world.clients[i].socket) ==
                   NX_SUCCESS);
    }
    (void)known(nx_secure_dtls_server_stop(&world.server));
    FUZZ_CHECK(known(nx_secure_dtls_server_delete(&world.server)) ==
               NX_SUCCESS);
    end_host(&world.hosts[0]);
    end_host(&world.hosts[1]);
    (void)known(nx_secure_tls_shutdown());
    nxdtls_port_stop();
}

static VOID run(ULONG unused)
{
    (void)unused;
    begin_world();
    for (unsigned i = 0; i < CALLS && world.input.len != 0; i++) {
        call();
    }
    end_world();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    nx_system_initialize();
    spawn(&world.threads[0], run, 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_crypto crypto;

    fuzz_crypto_init(&crypto, 0x2345); /* libcrypto repeats itself */
    memset(&world, 0, sizeof world);
    world.input = dtls_bytes_of(data, size);
    FUZZ_CHECK(nxdtls_port_mode_set(NXDTLS_PORT_VIRTUAL) == TX_SUCCESS);
    tx_kernel_enter();
    FUZZ_CHECK(nxdtls_port_stalled() == TX_FALSE);
    return 0;
}
