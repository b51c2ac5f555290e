/* SPDX-License-Identifier: MIT */
/* A gateway with more clients than sessions.  It keeps a record per session,
 * found by the session's place in the session buffer, ends sessions that were
 * idle too long from a housekeeping thread, and tells a client that finds no
 * place.  The clients live in a byte pool. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "tx_byte_pool.h"
#include "tx_mutex.h"
#include "firmware.h"

#define SESSIONS 4
#define CLIENTS 7
#define IDLE (10 * NX_IP_PERIODIC_RATE)

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

typedef struct PEER_STRUCT {
    NX_SECURE_DTLS_SESSION *session; /* NX_NULL: the place is free */
    ULONG last_heard;
    ULONG address;
    UINT port;
    UINT messages;
} PEER;

static FIRMWARE_NODE gateway, street;
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static UCHAR metadata[SESSIONS * 9000];
static UCHAR buffer[SESSIONS * 4000];
static PEER peers[SESSIONS + 1];
static TX_MUTEX peers_lock;
static TX_THREAD housekeeper;
static TX_BYTE_POOL heap;
static UCHAR heap_memory[CLIENTS * (sizeof(FIRMWARE_CLIENT) + 64) + 1024];
static FIRMWARE_CLIENT *clients[CLIENTS];
static UINT idle_ends, disconnects, full;
static UCHAR key[] = "0123456789abcdef";
static UCHAR id[] = "meter";
static CHAR name[] = "gateway";

/* A peer by its session; the reserve session is not in the buffer. */
static PEER *peer_of(NX_SECURE_DTLS_SESSION *session)
{
    UINT i;

    for (i = 0; i < SESSIONS; i++) {
        if (session == &server.nx_dtls_server_sessions[i]) {
            break;
        }
    }
    return &peers[i];
}

static VOID lock(VOID)
{
    FIRMWARE_IS(tx_mutex_get(&peers_lock, TX_WAIT_FOREVER), TX_SUCCESS);
}

static VOID unlock(VOID)
{
    FIRMWARE_IS(tx_mutex_put(&peers_lock), TX_SUCCESS);
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    PEER *peer = peer_of(session);

    lock();
    peer->session = session;
    peer->last_heard = tx_time_get();
    peer->address = ip->nxd_ip_address.v4;
    peer->port = port;
    peer->messages = 0;
    unlock();
    return nx_secure_dtls_server_session_start(session, NX_IP_PERIODIC_RATE);
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    PEER *peer = peer_of(session);
    NXD_ADDRESS from;
    UINT port = 0;
    UINT local = 0;

    FIRMWARE_OK(
        nx_secure_dtls_session_client_info_get(session, &from, &port, &local));
    lock();
    FIRMWARE_IS(peer->address, from.nxd_ip_address.v4);
    FIRMWARE_IS(peer->port, port);
    FIRMWARE_IS(local, FIRMWARE_PORT);
    peer->last_heard = tx_time_get();
    peer->messages++;
    unlock();
    return firmware_server_echo(session);
}

static UINT on_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    lock();
    peer_of(session)->session = NX_NULL;
    unlock();
    disconnects++;
    return NX_SUCCESS;
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    if (session == NX_NULL &&
        error_code == NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS) {
        full++;
    }
    return NX_SUCCESS;
}

/* Ends one session that is idle, if there is one. */
static NX_SECURE_DTLS_SESSION *next_idle(VOID)
{
    NX_SECURE_DTLS_SESSION *session = NX_NULL;
    UINT i;

    lock();
    for (i = 0; i <= SESSIONS && session == NX_NULL; i++) {
        if (peers[i].session != NX_NULL &&
            tx_time_get() - peers[i].last_heard >= IDLE) {
            session = peers[i].session;
            peers[i].session = NX_NULL;
        }
    }
    unlock();
    return session;
}

static VOID keep_house(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session;

    NX_PARAMETER_NOT_USED(input);
    while (NX_FOREVER) {
        tx_thread_sleep(NX_IP_PERIODIC_RATE);
        while ((session = next_idle()) != NX_NULL) {
            (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
            (void)nx_secure_dtls_session_reset(session);
            idle_ends++;
        }
    }
}

static UINT connect_client(UINT i)
{
    VOID *memory = NX_NULL;

    FIRMWARE_IS(
        tx_byte_allocate(&heap, &memory, sizeof(FIRMWARE_CLIENT), TX_NO_WAIT),
        TX_SUCCESS);
    clients[i] = (FIRMWARE_CLIENT *)memory;
    memset(clients[i], 0, sizeof(FIRMWARE_CLIENT));
    firmware_client_create(clients[i], &street, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&clients[i]->session, key, 16, id, 5,
                                       NX_NULL, 0));
    return firmware_client_connect(clients[i], 9);
}

static VOID delete_client(UINT i)
{
    firmware_client_delete(clients[i]);
    FIRMWARE_IS(tx_byte_release(clients[i]), TX_SUCCESS);
}

static VOID start_gateway(VOID)
{
    FIRMWARE_IS(tx_mutex_create(&peers_lock, name, TX_INHERIT), TX_SUCCESS);
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server, &gateway.ip, FIRMWARE_PORT, NX_IP_PERIODIC_RATE, sessions,
        sizeof(sessions), &nx_crypto_tls_ciphers, metadata, sizeof(metadata),
        buffer, sizeof(buffer), on_connect, on_receive));
    FIRMWARE_OK(
        nx_secure_dtls_server_notify_set(&server, on_disconnect, on_error));
    FIRMWARE_OK(
        nx_secure_dtls_server_psk_add(&server, key, 16, id, 5, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server));
    firmware_thread(&housekeeper, keep_house);
}

static UINT num_live(VOID)
{
    UINT live = 0;
    UINT i;

    for (i = 0; i < SESSIONS; i++) {
        live += sessions[i].nx_secure_dtls_session_in_use;
    }
    return live;
}

VOID firmware(VOID)
{
    ULONG fragments = 0;
    ULONG available = 0;
    ULONG all = 0;
    UINT i;

    firmware_node_start(&gateway, 9);
    firmware_node_start(&street, 1);
    FIRMWARE_IS(
        tx_byte_pool_create(&heap, name, heap_memory, sizeof(heap_memory)),
        TX_SUCCESS);
    FIRMWARE_IS(tx_byte_pool_info_get(&heap, TX_NULL, &all, &fragments,
                                      TX_NULL, TX_NULL, TX_NULL),
                TX_SUCCESS);
    start_gateway();
    for (i = 0; i < SESSIONS; i++) {
        FIRMWARE_OK(connect_client(i));
        firmware_client_echo(clients[i], "first");
    }
    FIRMWARE_IS(num_live(), SESSIONS);
    FIRMWARE_TRUE(connect_client(SESSIONS) != NX_SUCCESS);
    FIRMWARE_TRUE(full >= 1);
    delete_client(SESSIONS);

    /* One stays, the others fall silent. */
    for (i = 0; i < 15; i++) {
        tx_thread_sleep(NX_IP_PERIODIC_RATE);
        firmware_client_echo(clients[0], "still here");
    }
    FIRMWARE_IS(idle_ends, SESSIONS - 1);
    FIRMWARE_IS(num_live(), 1);
    FIRMWARE_IS(peers[0].messages, 16);
    for (i = SESSIONS; i < CLIENTS; i++) {
        FIRMWARE_OK(connect_client(i));
        firmware_client_echo(clients[i], "in their place");
    }
    FIRMWARE_IS(num_live(), SESSIONS);
    for (i = 0; i < CLIENTS; i++) {
        delete_client(i);
    }
    tx_thread_sleep(NX_IP_PERIODIC_RATE);
    FIRMWARE_IS(disconnects, SESSIONS);
    FIRMWARE_IS(tx_byte_pool_info_get(&heap, TX_NULL, &available, TX_NULL,
                                      TX_NULL, TX_NULL, TX_NULL),
                TX_SUCCESS);
    FIRMWARE_TRUE(available <= all && available + 512 >= all);
    FIRMWARE_IS(tx_thread_terminate(&housekeeper), TX_SUCCESS);
    FIRMWARE_IS(tx_thread_delete(&housekeeper), TX_SUCCESS);
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server));
    FIRMWARE_IS(tx_mutex_delete(&peers_lock), TX_SUCCESS);
    FIRMWARE_IS(tx_byte_pool_delete(&heap), TX_SUCCESS);
    firmware_node_stop(&gateway);
    firmware_node_stop(&street);
}
