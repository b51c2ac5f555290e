/* SPDX-License-Identifier: MIT */
/* Many sessions through the API, in virtual time: a thousand at once on one
 * server, with a thread that starts them or with none, and a hundred one after
 * the other on two slots. */
#define SESSIONS 1000u
#define NET_PACKETS 16384u
#include "../unit/nx_secure/association_kit.h"

#define ROUNDS 100u
#define WAIT 300

static NX_SECURE_DTLS_SESSION clients[SESSIONS];
static NX_UDP_SOCKET sockets[SESSIONS];
static ALIGN_TYPE metadata[SESSIONS * 9000 / 8];
static UCHAR reassembly[SESSIONS][1024];
static NX_SECURE_DTLS_SESSION *peers[SESSIONS]; /* of clients[i] */

static VOID create_slots(UINT num,
                         UINT (*connect)(NX_SECURE_DTLS_SESSION *,
                                         NXD_ADDRESS *, UINT),
                         UINT (*receive)(NX_SECURE_DTLS_SESSION *))
{
    start_nets();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, sessions,
                  num * (UINT)sizeof *sessions, &nx_crypto_tls_ciphers,
                  server_metadata, sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly, connect, receive),
              NX_SUCCESS);
    add_server_psk();
}

static VOID start_slots(UINT num)
{
    create_slots(num, on_connect, ignore_data);
    start_server(start_sessions);
}

static VOID make_client(UINT i)
{
    expect_eq(nx_udp_socket_create(&net_a.ip, &sockets[i], net_name,
                                   NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                   NX_IP_TIME_TO_LIVE, 8),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&sockets[i], NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &clients[i], &nx_crypto_tls_ciphers,
                  metadata + (size_t)i * 9000 / 8, 9000, reassembly[i],
                  sizeof reassembly[i], 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&clients[i], psk, sizeof psk,
                                     psk_identity, 6, NX_NULL, 0),
              NX_SUCCESS);
}

static VOID connect_one(UINT i)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    expect_eq(nx_secure_dtls_client_session_start(&clients[i], &sockets[i],
                                                  &to, PORT, WAIT),
              NX_SUCCESS);
    peers[i] = connecting;
}

/* The number of the client, to its own session and to no other. */
static VOID tell(UINT i)
{
    expect_eq(
        nx_secure_dtls_client_session_send(
            &clients[i], packet_of(&clients[i], &net_a.pool, &i, sizeof i)),
        NX_SUCCESS);
    expect_data(peers[i], WAIT, &i, sizeof i);
}

static VOID end_client(UINT i)
{
    expect_eq(nx_secure_dtls_session_end(&clients[i], WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(peers[i], NX_NO_WAIT), NX_SUCCESS);
}

static VOID delete_client(UINT i)
{
    expect_eq(nx_secure_dtls_session_delete(&clients[i]), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&sockets[i]), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&sockets[i]), NX_SUCCESS);
}

static VOID thousand_body(ULONG input)
{
    (void)input;
    start_slots(SESSIONS);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        make_client(i);
        connect_one(i);
    }
    /* Backwards: none depends on when it came. */
    for (UINT i = SESSIONS; i-- > 0;) {
        kit_row("client %u", i);
        tell(i);
    }
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        expect(sessions[i].nx_secure_dtls_session_in_use);
    }
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        end_client(i);
        delete_client(i);
    }
    expect_eq(starts, SESSIONS);
    delete_server();
    end_nets();
}

static void a_thousand_sessions_at_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, thousand_body);
}

/* A server without a thread: its notifications do everything. */
static UINT begins;
static UINT pieces;
static UINT ends;

static UINT begin_session(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                          UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    begins++;
    return nxdtls_server_session_begin(session);
}

static UINT take_or_end(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);

    if (status == NX_SUCCESS) {
        pieces++;
        return nx_packet_release(packet);
    }
    expect_eq(status, NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    ends++;
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static VOID expect_slots(UINT in_use)
{
    NXDTLS_STATISTICS n;

    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    expect_eq(n.sessions, in_use);
}

static VOID no_thread_body(ULONG input)
{
    (void)input;
    begins = 0;
    pieces = 0;
    ends = 0;
    create_slots(SESSIONS, begin_session, take_or_end);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        make_client(i);
        connect_one(i);
    }
    expect_slots(SESSIONS);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        expect_eq(nx_secure_dtls_client_session_send(
                      &clients[i],
                      packet_of(&clients[i], &net_a.pool, &i, sizeof i)),
                  NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_end(&clients[i], WAIT), NX_SUCCESS);
        delete_client(i);
    }
    expect_eq(begins, SESSIONS);
    expect_eq(pieces, SESSIONS);
    expect_eq(ends, SESSIONS);
    expect_slots(0);
    delete_server();
    end_nets();
}

static void a_thousand_sessions_without_a_thread(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_thread_body);
}

static VOID reconnect_body(ULONG input)
{
    (void)input;
    start_slots(2);
    make_client(0);
    for (UINT i = 0; i < ROUNDS; i++) {
        kit_row("round %u", i);
        connect_one(0);
        tell(0);
        end_client(0);
    }
    expect_eq(starts, ROUNDS);
    expect(!sessions[0].nx_secure_dtls_session_in_use);
    expect(!sessions[1].nx_secure_dtls_session_in_use);
    delete_client(0);
    delete_server();
    end_nets();
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
        cmocka_unit_test(a_thousand_sessions_without_a_thread),
        cmocka_unit_test(a_hundred_reconnects_on_two_slots),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
