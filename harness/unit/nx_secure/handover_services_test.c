/* SPDX-License-Identifier: MIT */
/* Live sessions that leave one control block and go on in another (nxdtls.h),
 * of clients and of servers, over the RAM wire in virtual time. */
#include "association_kit.h"

#include "kit/proves.h"
#include "kit/rows.h"

#include <stdbool.h>

#define ID_LEN 8u

static const UCHAR key[32] = {0x17, 0x28, 0x39};
static const UCHAR other_key[32] = {0x17, 0x28, 0x3a};
static UCHAR bytes[NXDTLS_HANDOVER_SIZE];
static ULONG length;

static VOID set_ids(UINT id_length)
{
    expect_eq(
        nxdtls_server_connection_id_set(&server, NX_TRUE, id_length, NX_NULL),
        NX_SUCCESS);
}

static VOID connect_with(UINT id_length)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    add_client_psk(psk);
    add_server_psk();
    set_ids(id_length);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 0),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(33);
}

static UINT hand_over(NX_SECURE_DTLS_SESSION *session)
{
    return nxdtls_session_hand_over(session, key, bytes, sizeof bytes,
                                    &length);
}

static UINT take_over_client(const UCHAR *with)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    return nxdtls_session_take_over(&client, &net_a.socket, &to, PORT, with,
                                    bytes, length);
}

static UINT take_over_server(NX_SECURE_DTLS_SESSION **session)
{
    NXD_ADDRESS from = net_v4(CLIENT_ADDRESS);

    return nxdtls_server_take_over(&server, &from,
                                   net_a.socket.nx_udp_socket_port, key, bytes,
                                   length, session);
}

/* What a session does that was handed over: nothing, and it says why. */
static VOID expect_dead(NX_SECURE_DTLS_SESSION *session, NX_PACKET_POOL *pool)
{
    NX_PACKET *packet = packet_of(session, pool, net_bytes, 4);
    NX_PACKET *received = NX_NULL;
    ULONG sent = pool->nx_packet_pool_available;

    expect_eq(nx_secure_dtls_server_session_send(session, packet),
              NXDTLS_HANDED_OVER);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(session, &received, 20),
              NXDTLS_HANDED_OVER);
    expect_eq(hand_over(session), NXDTLS_NO_SESSION);
    expect_eq(length, 0);
    expect_eq(pool->nx_packet_pool_available, sent + 1);
    expect(strcmp(nxdtls_status_text(NXDTLS_HANDED_OVER),
                  "the session was exported and goes on elsewhere") == 0);
}

static VOID client_body(ULONG input)
{
    NXDTLS_STATISTICS counts;

    (void)input;
    connect_with(ID_LEN);
    for (UINT round = 1; round <= 4; round++) {
        ULONG kept;

        kit_row("round %u", round);
        expect_eq(hand_over(&client), NX_SUCCESS);
        kept = length;
        expect(kept != 0 && kept < NXDTLS_HANDOVER_SIZE / 2);
        expect_eq(nxdtls_handover_serial(bytes, kept), round);
        expect_dead(&client, &net_a.pool);
        length = kept;
        expect_eq(take_over_client(key), NX_IN_PROGRESS);
        if (round % 2 == 0) {
            expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
        } else {
            expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
        }
        /* It sleeps, and wakes behind another port. */
        tx_thread_sleep(3600 * NX_IP_PERIODIC_RATE);
        expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
        expect_eq(take_over_client(key), NX_NOT_BOUND);
        expect_eq(nx_udp_socket_bind(&net_a.socket, 6000 + round, NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(take_over_client(other_key), NXDTLS_BAD_SESSION);
        expect_eq(take_over_client(key), NX_SUCCESS);
        exchange(40 + round);
        exchange(50 + round);
        expect_eq(sessions[0].nx_secure_dtls_remote_port, 6000 + round);
    }
    expect_eq(nxdtls_server_statistics_get(&server, &counts), NX_SUCCESS);
    expect_eq(counts.handshakes, 1);
    expect_eq(counts.alerts_received, 0);
    expect_eq(counts.discarded_mac, 0);
    expect_eq(counts.moves, 4);
    end_association();
}

static void a_client_goes_on_from_another_port(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, client_body);
}

static VOID server_body(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session = &client;
    ULONG kept;

    (void)input;
    connect_with(ID_LEN);
    expect_eq(hand_over(&sessions[0]), NX_SUCCESS);
    kept = length;
    expect_dead(&sessions[0], &net_b.pool);
    length = kept;
    kit_row("beside the session that it has left");
    expect_eq(take_over_server(&session), NX_IN_PROGRESS);
    expect(session == NX_NULL);
    expect_eq(nx_secure_dtls_session_end(&sessions[0], 10), NX_SUCCESS);
    kit_row("in the same server");
    expect_eq(take_over_server(&session), NX_SUCCESS);
    expect(session != NX_NULL);
    exchange(41);
    kit_row("a second time");
    expect_eq(take_over_server(&session), NX_IN_PROGRESS);
    expect(session == NX_NULL);
    exchange(42);
    kit_row("in another server");
    for (UINT i = 0; i < SESSIONS; i++) {
        session =
            sessions[i].nx_secure_dtls_session_in_use ? &sessions[i] : session;
    }
    expect_eq(hand_over(session), NX_SUCCESS);
    expect_eq(nxdtls_handover_serial(bytes, length), 2);
    delete_server();
    expect_eq(create_server(&nxdtls_ciphers_all, echo_data), NX_SUCCESS);
    add_server_psk();
    set_ids(ID_LEN);
    expect_eq(take_over_server(&session), NX_NOT_BOUND);
    set_ids(ID_LEN + 1);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(take_over_server(&session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    set_ids(ID_LEN);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(take_over_server(&session), NX_SUCCESS);
    exchange(43);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

/* Over IPv6, in a server whose first address is gone: the one that the client
 * speaks to is found when it speaks. */
static VOID other_address_body(ULONG input)
{
    NXD_ADDRESS second = net_v6(0x20010db8, 0xb7);
    NXD_ADDRESS from = CLIENT_V6;
    NX_SECURE_DTLS_SESSION *session;
    NX_PACKET *packet;

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    expect_eq(nxd_ipv6_address_set(&net_b.ip, 0, &second, 64, NULL),
              NX_SUCCESS);
    expect_eq(nxd_ipv6_address_delete(&net_b.ip, 0), NX_SUCCESS);
    add_client_psk(psk);
    add_server_psk();
    set_ids(ID_LEN);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 0),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_to(second, 1000), NX_SUCCESS);
    exchange(33);
    expect_eq(hand_over(&sessions[0]), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&sessions[0], 10), NX_SUCCESS);
    expect_eq(nxdtls_server_take_over(&server, &from,
                                      net_a.socket.nx_udp_socket_port, key,
                                      bytes, length, &session),
              NX_SUCCESS);
    for (ULONG i = 1; i < 4; i++) {
        kit_row("%lu", (unsigned long)i);
        exchange(40 + i);
        /* The client answers the challenge when it reads. */
        expect_eq(nx_secure_dtls_session_receive(&client, &packet, 5),
                  NX_NO_PACKET);
    }
    expect(session != NX_NULL &&
           net_same(session->nx_secure_dtls_remote_ip_address, from));
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_server_answers_from_the_address_that_is_asked(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, other_address_body);
}

static void a_server_s_session_goes_on_in_another_server(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, server_body);
}

static VOID refused_body(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session;
    static NX_SECURE_DTLS_SESSION never;
    static NX_SECURE_DTLS_SERVER no_server;
    NXD_ADDRESS from = net_v4(CLIENT_ADDRESS);

    (void)input;
    connect_with(ID_LEN);
    kit_row("too small");
    expect_eq(nxdtls_session_hand_over(&client, key, bytes, 100, &length),
              NX_SIZE_ERROR);
    expect_eq(length, 0);
    exchange(41);
    kit_row("data waits");
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    tx_thread_sleep(2);
    /* The client's own socket holds the echo; it is read first. */
    expect_data(&client, 100, net_bytes, 21);
    server.nx_dtls_server_receive_notify = ignore_data;
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(22)),
              NX_SUCCESS);
    expect_eq(hand_over(&sessions[0]), NX_IN_PROGRESS);
    expect_eq(length, 0);
    expect_data(&sessions[0], 100, net_bytes, 22);
    server.nx_dtls_server_receive_notify = echo_data;
    exchange(23);
    kit_row("the other role");
    expect_eq(hand_over(&client), NX_SUCCESS);
    expect_eq(take_over_server(&session), NXDTLS_BAD_SESSION);
    expect(session == NX_NULL);
    kit_row("of a server, never created");
    expect_eq(nxdtls_session_take_over(&sessions[1], &net_a.socket, &from,
                                       PORT, key, bytes, length),
              NX_PTR_ERROR);
    expect_eq(nxdtls_session_take_over(&never, &net_a.socket, &from, PORT, key,
                                       bytes, length),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(nxdtls_server_take_over(&no_server, &from, PORT, key, bytes,
                                      length, &session),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(take_over_client(key), NX_SUCCESS);
    exchange(24);
    kit_row("not connected");
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    expect_eq(hand_over(&client), NXDTLS_NO_SESSION);
    expect_eq(hand_over(&sessions[1]), NXDTLS_NO_SESSION);
    kit_row("without ids");
    tx_thread_sleep(100);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_FALSE, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(25);
    expect_eq(hand_over(&client), NXDTLS_NO_SESSION);
    exchange(26);
    end_association();
}

static void what_cannot_be_handed_over_goes_on(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_goes_on_from_another_port),
        cmocka_unit_test(a_server_s_session_goes_on_in_another_server),
        cmocka_unit_test(a_server_answers_from_the_address_that_is_asked),
        cmocka_unit_test(what_cannot_be_handed_over_goes_on),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
