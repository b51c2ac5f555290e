/* SPDX-License-Identifier: MIT */
/* Many sessions through the API, in virtual time: a thousand at once on one
 * server, and a hundred one after the other on two slots. */
#define SESSIONS 1000u
#define PACKETS 16384u
#include "status/hosts.h"

#define ROUNDS 100u
#define WAIT 300

static NX_SECURE_DTLS_SESSION clients[SESSIONS];
static NX_UDP_SOCKET sockets[SESSIONS];
static ALIGN_TYPE metadata[SESSIONS * 9000 / 8];
static UCHAR reassembly[SESSIONS][1024];
static NX_SECURE_DTLS_SESSION *peers[SESSIONS]; /* of clients[i] */
static UINT starts;

static VOID start_sessions(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connects, TX_WAIT_FOREVER) == TX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_session_start(connecting, WAIT),
                  NX_SUCCESS);
        starts++;
    }
}

static VOID start_server(UINT num)
{
    starts = 0;
    start_hosts();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &server_host.ip, PORT, 100, sessions,
                  num * (UINT)sizeof *sessions, &nx_crypto_tls_ciphers,
                  server_metadata, sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly, on_connect, on_receive),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_psk_add(&server, psk_key, sizeof psk_key,
                                            identity, 6, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    (void)kit_spawn(start_sessions, 0, 10);
}

static VOID end_server(VOID)
{
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
}

static VOID make_client(UINT i)
{
    make_socket(&client_host, &sockets[i], NX_ANY_PORT);
    expect_eq(nx_secure_dtls_session_create(
                  &clients[i], &nx_crypto_tls_ciphers,
                  metadata + (size_t)i * 9000 / 8, 9000, reassembly[i],
                  sizeof reassembly[i], 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&clients[i], psk_key, sizeof psk_key,
                                     identity, 6, NX_NULL, 0),
              NX_SUCCESS);
}

static VOID connect_client(UINT i)
{
    NXD_ADDRESS to = v4(SERVER_ADDRESS);

    expect_eq(nx_secure_dtls_client_session_start(&clients[i], &sockets[i],
                                                  &to, PORT, WAIT),
              NX_SUCCESS);
    peers[i] = connecting;
}

/* The number of the client, to its own session and to no other. */
static VOID tell(UINT i)
{
    NX_PACKET *packet = NX_NULL;
    UINT got = ~i;
    ULONG len = 0;

    expect_eq(nx_secure_dtls_packet_allocate(&clients[i], &client_host.pool,
                                             &packet, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, &i, sizeof i, &client_host.pool,
                                    NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&clients[i], packet),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(peers[i], &packet, WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_data_retrieve(packet, &got, &len), NX_SUCCESS);
    expect_eq(got, i);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

static VOID end_client(UINT i)
{
    expect_eq(nx_secure_dtls_session_end(&clients[i], WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(peers[i], NX_NO_WAIT), NX_SUCCESS);
}

static VOID delete_client(UINT i)
{
    expect_eq(nx_secure_dtls_session_delete(&clients[i]), NX_SUCCESS);
    end_socket(&sockets[i]);
}

static VOID thousand_body(ULONG input)
{
    (void)input;
    start_server(SESSIONS);
    for (UINT i = 0; i < SESSIONS; i++) {
        make_client(i);
        connect_client(i);
    }
    /* Backwards: none depends on when it came. */
    for (UINT i = SESSIONS; i-- > 0;) {
        tell(i);
    }
    for (UINT i = 0; i < SESSIONS; i++) {
        expect(sessions[i].nx_secure_dtls_session_in_use);
    }
    for (UINT i = 0; i < SESSIONS; i++) {
        end_client(i);
        delete_client(i);
    }
    expect_eq(starts, SESSIONS);
    end_server();
    end_hosts();
}

static void a_thousand_sessions_at_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, thousand_body);
}

static VOID reconnect_body(ULONG input)
{
    (void)input;
    start_server(2);
    make_client(0);
    for (UINT i = 0; i < ROUNDS; i++) {
        connect_client(0);
        tell(0);
        end_client(0);
    }
    expect_eq(starts, ROUNDS);
    expect(!sessions[0].nx_secure_dtls_session_in_use);
    expect(!sessions[1].nx_secure_dtls_session_in_use);
    delete_client(0);
    end_server();
    end_hosts();
}

static void a_hundred_reconnects_on_two_slots(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, reconnect_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_sessions_at_once),
        cmocka_unit_test(a_hundred_reconnects_on_two_slots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
