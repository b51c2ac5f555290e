/* SPDX-License-Identifier: MIT */
/* Connection ids through the API (nxdtls.h): clients whose ports change, swap
 * and are taken over, over the RAM wire in virtual time. */
#include "association_kit.h"

#include "kit/proves.h"
#include "kit/rows.h"

#include <stdbool.h>

#define ID_LEN 8u

static NX_SECURE_DTLS_SESSION other; /* a second client */
static NX_UDP_SOCKET other_socket;
static ALIGN_TYPE other_metadata[METADATA / 8];
static UCHAR other_reassembly[REASSEMBLY];
static UCHAR other_identity[] = "other";

static UINT moves;
static UINT old_port;

static UINT on_move(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *old_ip,
                    UINT port)
{
    expect_eq(old_ip->nxd_ip_address.v4, CLIENT_ADDRESS);
    expect(session->nx_secure_dtls_remote_port != port);
    moves++;
    old_port = port;
    return NX_SUCCESS;
}

/* A server with ids, which knows both clients, and the first client. */
static void create(void)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    add_client_psk(psk);
    add_server_psk();
    expect_eq(
        nx_secure_dtls_server_psk_add(&server, psk, sizeof psk, other_identity,
                                      sizeof other_identity - 1, NX_NULL, 0),
        NX_SUCCESS);
    moves = 0;
    old_port = 0;
    expect_eq(
        nxdtls_server_connection_id_set(&server, NX_TRUE, ID_LEN, NX_NULL),
        NX_SUCCESS);
    expect_eq(nxdtls_server_moved_notify_set(&server, on_move), NX_SUCCESS);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 0),
              NX_SUCCESS);
}

/* The second client, with `identity`, on a port of its own. */
static void create_other(UCHAR *identity, UINT length, UINT port)
{
    static CHAR name[] = "other";

    expect_eq(nx_udp_socket_create(&net_a.ip, &other_socket, name,
                                   NX_IP_NORMAL, NX_FRAGMENT_OKAY, 0x80, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&other_socket, port, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &other, &nxdtls_ciphers_all, other_metadata,
                  sizeof other_metadata, other_reassembly,
                  sizeof other_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&other, psk, sizeof psk, identity, length,
                                     NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nxdtls_session_connection_id_set(&other, NX_TRUE, 0),
              NX_SUCCESS);
}

static UINT connect_other(void)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    return nx_secure_dtls_client_session_start(&other, &other_socket, &to,
                                               PORT, 1000);
}

static void delete_other(void)
{
    expect_eq(nx_secure_dtls_session_delete(&other), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&other_socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&other_socket), NX_SUCCESS);
}

/* A client's socket gets another port. */
static void rebind(NX_UDP_SOCKET *socket, UINT port)
{
    expect_eq(nx_udp_socket_unbind(socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(socket, port, NX_NO_WAIT), NX_SUCCESS);
}

/* Sends data, which comes back; then what a check needs goes both ways. */
static void exchange_of(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(nx_secure_dtls_client_session_send(
                  session, packet_of(session, &net_a.pool, net_bytes, 40)),
              NX_SUCCESS);
    expect_data(session, 300, net_bytes, 40);
}

static NX_SECURE_DTLS_SESSION *session_at(UINT port)
{
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        if (sessions[i].nx_secure_dtls_session_in_use &&
            sessions[i].nx_secure_dtls_remote_port == port) {
            return &sessions[i];
        }
    }
    return NX_NULL;
}

static VOID new_ports_body(ULONG input)
{
    NXDTLS_STATISTICS counts;
    NX_PACKET *packet;

    (void)input;
    create();
    rebind(&net_a.socket, 5000);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(info_of(&client).send_id_length, ID_LEN);
    expect_eq(info_of(&client).receive_id_length, 0);
    expect_eq(info_of(&client).routability_checks, NX_TRUE);
    for (UINT i = 1; i <= 50; i++) {
        kit_row("port %u", 5000 + i);
        rebind(&net_a.socket, 5000 + i);
        exchange_of(&client); /* nothing is lost */
        /* The client answers the challenge when it reads. */
        expect_eq(nx_secure_dtls_session_receive(&client, &packet, 5),
                  NX_NO_PACKET);
        expect_eq(moves, i);
        expect_eq(old_port, 5000 + i - 1);
        expect_eq(sessions[0].nx_secure_dtls_remote_port, 5000 + i);
        exchange_of(&client);
    }
    expect_eq(nxdtls_server_statistics_get(&server, &counts), NX_SUCCESS);
    expect_eq(counts.moves, 50);
    expect_eq(counts.moves_refused, 0);
    expect_eq(counts.handshakes, 1);
    end_association();
}

static void a_session_survives_new_ports(void **state)
{
    (void)state;
    proves("D9146-6-7");
    proves("D9146-6-9");
    kit_run(NXDTLS_PORT_VIRTUAL, new_ports_body);
}

static VOID swap_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create();
    rebind(&net_a.socket, 5001);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    create_other(other_identity, sizeof other_identity - 1, 5002);
    expect_eq(connect_other(), NX_SUCCESS);
    rebind(&net_a.socket, 5003);
    rebind(&other_socket, 5001);
    rebind(&net_a.socket, 5002);
    for (UINT i = 0; i < 3; i++) {
        kit_row("round %u", i);
        exchange_of(&client);
        exchange_of(&other);
        (void)nx_secure_dtls_session_receive(&client, &packet, 5);
        (void)nx_secure_dtls_session_receive(&other, &packet, 5);
    }
    expect_eq(moves, 2);
    expect_eq(sessions[0].nx_secure_dtls_remote_port, 5002);
    expect_eq(sessions[1].nx_secure_dtls_remote_port, 5001);
    delete_other();
    end_association();
}

static void two_clients_may_swap_their_ports(void **state)
{
    (void)state;
    proves("D9146-3-21");
    proves("D9146-6-10");
    kit_run(NXDTLS_PORT_VIRTUAL, swap_body);
}

/* Another client has the port that the first one had; or the same one, as its
 * identity says. */
static VOID take_over(bool same)
{
    NX_PACKET *packet;

    create();
    rebind(&net_a.socket, 5001);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    rebind(&net_a.socket, 5003);
    create_other(same ? psk_identity : other_identity,
                 same ? sizeof psk_identity - 1 : sizeof other_identity - 1,
                 5001);
    expect_eq(connect_other(), NX_SUCCESS);
    exchange_of(&other);
    if (same) { /* It is the same client, which has begun anew. */
        expect_eq(
            nx_secure_dtls_client_session_send(&client, client_packet(40)),
            NX_SUCCESS);
        expect(nx_secure_dtls_session_receive(&client, &packet, 50) !=
               NX_SUCCESS);
    } else {
        exchange_of(&client);
        exchange_of(&other);
        expect(session_at(5001) != NX_NULL);
    }
    delete_other();
    end_association();
}

static VOID taken_over_body(ULONG input)
{
    (void)input;
    take_over(false);
}

static VOID begun_anew_body(ULONG input)
{
    (void)input;
    take_over(true);
}

static void another_client_may_get_the_port(void **state)
{
    (void)state;
    proves("D9146-6-10");
    kit_run(NXDTLS_PORT_VIRTUAL, taken_over_body);
}

static void a_client_that_begins_anew_replaces_its_session(void **state)
{
    (void)state;
    proves("D6347-4.2.8-1");
    kit_run(NXDTLS_PORT_VIRTUAL, begun_anew_body);
}

static VOID unknown_body(ULONG input)
{
    static UCHAR record[60] = {25, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 9,
                               1,  2,    3,    4, 5, 6, 7, 8, 0, 39};
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NXDTLS_STATISTICS before;
    NXDTLS_STATISTICS counts;
    NX_PACKET *packet;

    (void)input;
    create();
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_server_statistics_get(&server, &before), NX_SUCCESS);
    create_other(other_identity, sizeof other_identity - 1, 5002);
    for (ULONG len = 1; len <= sizeof record; len++) {
        kit_row("%u bytes", (UINT)len);
        packet = NX_NULL;
        expect_eq(nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET,
                                     NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nx_packet_data_append(packet, record, len, &net_a.pool,
                                        NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nxd_udp_socket_send(&other_socket, packet, &to, PORT),
                  NX_SUCCESS);
    }
    expect_eq(nx_udp_socket_receive(&other_socket, &packet, 300),
              NX_NO_PACKET);
    expect_eq(nxdtls_server_statistics_get(&server, &counts), NX_SUCCESS);
    expect_eq(counts.discarded_no_session,
              before.discarded_no_session + sizeof record);
    exchange_of(&client);
    delete_other();
    end_association();
}

static void an_unknown_id_is_silence(void **state)
{
    (void)state;
    proves("D9146-4-6");
    kit_run(NXDTLS_PORT_VIRTUAL, unknown_body);
}

static UINT made;

/* The same id for every session. */
static UINT make_id(NX_SECURE_DTLS_SESSION *session, UCHAR *id, UINT length)
{
    expect_eq(nx_secure_dtls_session_reset(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_end(session, 100), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_delete(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_IN_PROGRESS);
    expect_eq(length, ID_LEN);
    memset(id, 0x5a, length);
    made++;
    return NX_SUCCESS;
}

static UINT make_none(NX_SECURE_DTLS_SESSION *session, UCHAR *id, UINT length)
{
    (void)session;
    (void)id;
    (void)length;
    made++;
    return NX_NOT_SUPPORTED;
}

static VOID make_body(ULONG input)
{
    (void)input;
    create();
    made = 0;
    expect_eq(
        nxdtls_server_connection_id_set(&server, NX_TRUE, ID_LEN, make_id),
        NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(made, 1);
    exchange_of(&client);
    /* No second session may have it; a session that has ended gives it
     * back. */
    create_other(other_identity, sizeof other_identity - 1, 5002);
    expect(connect_other() != NX_SUCCESS);
    expect_eq(made, 1 + 8);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    tx_thread_sleep(10);
    expect_eq(nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(connect_other(), NX_SUCCESS);
    expect_eq(made, 1 + 8 + 1);
    exchange_of(&other);
    delete_other();
    end_association();
}

static void the_application_may_make_the_ids(void **state)
{
    (void)state;
    proves("D9146-3-21");
    kit_run(NXDTLS_PORT_VIRTUAL, make_body);
}

static VOID settings_body(ULONG input)
{
    (void)input;
    create();
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 33),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_connection_id_set(&server, NX_TRUE, 33, NX_NULL),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_padding_set(&client, 16385), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_padding_set(&server, 16385), NX_SIZE_ERROR);
    expect_eq(nxdtls_session_padding_set(&client, 64), NX_SUCCESS);
    expect_eq(nxdtls_server_padding_set(&server, 128), NX_SUCCESS);
    expect_eq(nxdtls_server_connection_id_set(&server, NX_TRUE, 32, make_none),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(nxdtls_server_connection_id_set(&server, NX_FALSE, 0, NX_NULL),
              NX_STILL_BOUND);
    made = 0;
    expect(connect_client() != NX_SUCCESS);
    expect_eq(made, 1);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nxdtls_server_connection_id_set(&server, NX_TRUE, 32, NX_NULL),
              NX_SUCCESS);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 5),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(info_of(&client).send_id_length, 32);
    expect_eq(info_of(&client).receive_id_length, 5);
    exchange(1000);
    end_association();
}

static void what_may_be_set_is_bounded(void **state)
{
    (void)state;
    proves("D9146-8-1");
    kit_run(NXDTLS_PORT_VIRTUAL, settings_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_survives_new_ports),
        cmocka_unit_test(two_clients_may_swap_their_ports),
        cmocka_unit_test(another_client_may_get_the_port),
        cmocka_unit_test(a_client_that_begins_anew_replaces_its_session),
        cmocka_unit_test(an_unknown_id_is_silence),
        cmocka_unit_test(the_application_may_make_the_ids),
        cmocka_unit_test(what_may_be_set_is_bounded),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
