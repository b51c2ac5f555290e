/* SPDX-License-Identifier: MIT */
/* The services of nxdtls.h that set times, in virtual time: what follows a
 * loss, how long a handshake may take, how long a session may be idle and may
 * live, when its peer is asked; and what the search for the path's MTU finds
 * meanwhile. */
#define NET_PAYLOAD 1600 /* a probe is one packet */
#include "association_kit.h"

#include <stdbool.h>

/* When the datagrams of an end have come, and which of them are lost. */
struct tape {
    ULONG64 at[64];
    UINT num;
    uint64_t lost; /* a bit for each, from the lowest on */
};
static struct tape of_client;
static struct tape of_server;

static VOID carry(NX_IP *ip, NX_PACKET *packet)
{
    struct tape *tape = ip == &net_b.ip ? &of_client : &of_server;
    bool lost;

    expect(tape->num < sizeof tape->at / sizeof *tape->at);
    lost = (tape->lost >> tape->num % 64 & 1) != 0;
    tape->at[tape->num++ % 64] = nxdtls_port_time_get();
    if (lost) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    } else {
        _nx_udp_packet_receive(ip, packet);
    }
}

static VOID record(uint64_t lost_of_client, uint64_t lost_of_server)
{
    of_client = (struct tape){.lost = lost_of_client};
    of_server = (struct tape){.lost = lost_of_server};
    net_a.ip.nx_ip_udp_packet_receive = carry;
    net_b.ip.nx_ip_udp_packet_receive = carry;
}

static VOID begin(uint64_t lost_of_client, uint64_t lost_of_server)
{
    start_psk(&nxdtls_ciphers_all, ignore_data);
    record(lost_of_client, lost_of_server);
}

static UINT kept; /* the setting under test; 2: none is made */

static VOID after_a_loss_body(ULONG input)
{
    (void)input;
    begin(0x5, 0); /* the first ClientHello, and the first with a cookie */
    if (kept <= NX_TRUE) {
        expect_eq(nxdtls_session_timeout_kept_set(&client, kept), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(of_client.num, 5);
    expect_eq(of_client.at[1] - of_client.at[0], 100);
    expect_eq(of_client.at[3] - of_client.at[2], kept == NX_FALSE ? 100 : 200);
    end_association();
}

/* The server's first flight is lost in the handshake and in the renegotiation.
 * The client's repeats are, too, or they would be answered sooner. */
static VOID after_a_loss_of_the_server_body(ULONG input)
{
    (void)input;
    begin(0x24, 0x12);
    if (kept <= NX_TRUE) {
        expect_eq(nxdtls_server_timeout_kept_set(&server, kept), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(of_server.num, 4);
    expect_eq(of_server.at[2] - of_server.at[1], 100);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    expect_eq(of_server.at[5] - of_server.at[4], kept == NX_FALSE ? 100 : 200);
    end_association();
}

static void after_a_loss_the_timeout_is_kept_or_not(void **state)
{
    (void)state;
    for (kept = NX_FALSE; kept <= 2; kept++) {
        kit_row("kept: %u", kept);
        kit_run(NXDTLS_PORT_VIRTUAL, after_a_loss_body);
        kit_run(NXDTLS_PORT_VIRTUAL, after_a_loss_of_the_server_body);
    }
}

/* ---- the limit of a handshake ---- */

#define ALL ~UINT64_C(0)

/* The client hears nothing. */
static VOID limited_client_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(ALL, 0);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 5), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(nxdtls_port_time_get() - start, 500);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 0), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(nxdtls_port_time_get() - start, 36300);
    end_association();
}

/* The server hears two ClientHellos and no more.  Its setting is that of the
 * next client. */
static VOID limited_server_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(ALL << 2, 0);
    expect_eq(nxdtls_server_handshake_limit_set(&server, 7), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 100), NX_NO_PACKET);
    expect_eq(wait_started(), NX_NOT_SUCCESSFUL);
    expect_eq(nxdtls_port_time_get() - start, 700);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_FALSE);
    end_association();
}

/* A renegotiation that is asked for has the same limit. */
static VOID limited_renegotiation_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(0, 0);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 5), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(300);
    of_client.lost = ALL;
    start = nxdtls_port_time_get();
    expect_eq(nxdtls_session_renegotiate(&client, NX_WAIT_FOREVER),
              NX_NOT_SUCCESSFUL);
    expect_eq(nxdtls_port_time_get() - start, 500);
    end_association();
}

static void a_handshake_ends_at_its_limit(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, limited_client_body);
    kit_run(NXDTLS_PORT_VIRTUAL, limited_server_body);
    kit_run(NXDTLS_PORT_VIRTUAL, limited_renegotiation_body);
}

/* ---- the limits of a session ---- */

#define LIMIT 50 /* seconds */

static bool is_life; /* the limit under test: of life, else of idleness */
static UINT disconnects;
static NX_SECURE_DTLS_SESSION *disconnected;

static UINT note_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    disconnects++;
    disconnected = session;
    return NX_SUCCESS;
}

static UINT status_of_limit(VOID)
{
    return is_life ? NXDTLS_LIFE_LIMIT : NXDTLS_IDLE_LIMIT;
}

static VOID limit_client(VOID)
{
    expect_eq(is_life ? nxdtls_session_life_limit_set(&client, LIMIT)
                      : nxdtls_session_idle_limit_set(&client, LIMIT),
              NX_SUCCESS);
}

static VOID limit_server(VOID)
{
    expect_eq(is_life ? nxdtls_server_life_limit_set(&server, LIMIT)
                      : nxdtls_server_idle_limit_set(&server, LIMIT),
              NX_SUCCESS);
}

/* Connects.  Returns the time. */
static ULONG64 connect_now(VOID)
{
    disconnects = 0;
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, note_disconnect, NX_NULL),
        NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    return nxdtls_port_time_get();
}

static UINT receive(NX_SECURE_DTLS_SESSION *session, ULONG wait)
{
    NX_PACKET *packet = NX_NULL;
    UINT status = nx_secure_dtls_session_receive(session, &packet, wait);

    if (status == NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

static UINT send(NX_SECURE_DTLS_SESSION *session, NX_PACKET_POOL *pool)
{
    NX_PACKET *packet = packet_of(session, pool, net_bytes, 20);
    UINT status = nx_secure_dtls_client_session_send(session, packet);

    if (status != NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

/* A client's receive waits until the limit.  Its close_notify ends the
 * server's session. */
static VOID client_waits_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(0, 0);
    limit_client();
    start = connect_now();
    expect_eq(receive(&client, NX_WAIT_FOREVER), status_of_limit());
    expect_eq(nxdtls_port_time_get() - start, LIMIT * 100);
    expect_eq(receive(&client, NX_WAIT_FOREVER), status_of_limit());
    expect_eq(send(&client, &net_a.pool), status_of_limit());
    expect_eq(disconnects, 1);
    expect_eq(receive(&sessions[0], 0), NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    end_association();
}

/* No thread waits on the client's session: the next service sees the limit. */
static VOID client_sends_body(ULONG input)
{
    (void)input;
    begin(0, 0);
    limit_client();
    (void)connect_now();
    tx_thread_sleep(LIMIT * 100 - 10);
    expect_eq(disconnects, 0);
    tx_thread_sleep(20);
    expect_eq(disconnects, 0);
    expect_eq(send(&client, &net_a.pool), status_of_limit());
    expect_eq(disconnects, 1);
    end_association();
}

/* No thread waits on the server's session; data that has come is still
 * there. */
static VOID server_alone_body(ULONG input)
{
    (void)input;
    begin(0, 0);
    limit_server();
    (void)connect_now();
    expect_eq(send(&client, &net_a.pool), NX_SUCCESS);
    tx_thread_sleep(LIMIT * 100 - 10);
    expect_eq(disconnects, 0);
    tx_thread_sleep(20);
    expect_eq(disconnects, 1);
    expect(disconnected == &sessions[0]);
    expect_eq(receive(&client, 0), NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    expect_eq(send(&sessions[0], &net_b.pool), status_of_limit());
    expect_eq(receive(&sessions[0], 0), NX_SUCCESS);
    expect_eq(receive(&sessions[0], 0), status_of_limit());
    expect_eq(nx_secure_dtls_session_end(&sessions[0], 0), NX_SUCCESS);
    end_association();
}

static UINT received; /* by wait_for_data */

static VOID wait_for_data(ULONG input)
{
    (void)input;
    received = receive(&sessions[0], NX_WAIT_FOREVER);
}

/* A thread waits on the server's session: it is told, and disconnect_notify is
 * called, too. */
static VOID server_waits_body(ULONG input)
{
    (void)input;
    begin(0, 0);
    limit_server();
    (void)connect_now();
    received = 0xffff;
    (void)kit_spawn(wait_for_data, 0, 12);
    tx_thread_sleep(LIMIT * 100 - 10);
    expect_eq(received, 0xffff);
    tx_thread_sleep(20);
    expect_eq(received, status_of_limit());
    expect_eq(disconnects, 1);
    end_association();
}

/* Data keeps a session that must not be idle, whichever way it goes, and no
 * other. */
static VOID busy_body(ULONG input)
{
    (void)input;
    begin(0, 0);
    limit_server();
    (void)connect_now();
    for (UINT i = 0; i < 6; i++) {
        kit_row("record %u", i);
        tx_thread_sleep(LIMIT * 40);
        if (i >= 3) {
            (void)send(&client, &net_a.pool);
        } else {
            (void)send(&sessions[0], &net_b.pool);
        }
    }
    expect_eq(disconnects, is_life ? 1 : 0);
    end_association();
}

static void a_session_ends_at_its_limits(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        is_life = i != 0;
        kit_row("%s", is_life ? "life" : "idle");
        kit_run(NXDTLS_PORT_VIRTUAL, client_waits_body);
        kit_run(NXDTLS_PORT_VIRTUAL, client_sends_body);
        kit_run(NXDTLS_PORT_VIRTUAL, server_alone_body);
        kit_run(NXDTLS_PORT_VIRTUAL, server_waits_body);
        kit_run(NXDTLS_PORT_VIRTUAL, busy_body);
    }
}

/* ---- questions to the peer ---- */

#define EVERY 20 /* seconds */

/* Both ends have connection ids, and so checks of addresses, or neither. */
static VOID begin_asking(UINT can_ask)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    expect_eq(nxdtls_session_connection_id_set(&client, can_ask, 0),
              NX_SUCCESS);
    expect_eq(nxdtls_server_connection_id_set(&server, can_ask, 8, NX_NULL),
              NX_SUCCESS);
    start_server(start_sessions);
    record(0, 0);
}

/* The server is gone.  The client's receive waits until that is certain. */
static VOID client_asks_body(ULONG input)
{
    ULONG64 start;
    UINT asked;

    (void)input;
    begin_asking(NX_TRUE);
    expect_eq(nxdtls_session_keepalive_set(&client, EVERY, 3), NX_SUCCESS);
    start = connect_now();
    expect_eq(receive(&client, 30 * EVERY * 100), NX_NO_PACKET);
    expect(of_server.num >= 25 && of_client.num >= 25); /* still asking */
    asked = of_client.num;
    of_client.lost = ALL;
    start = nxdtls_port_time_get();
    expect_eq(receive(&client, 10 * EVERY * 100), NXDTLS_PEER_GONE);
    expect(nxdtls_port_time_get() - start <= 4 * EVERY * 100);
    expect(nxdtls_port_time_get() - start >= 3 * EVERY * 100);
    expect_eq(of_client.num - asked, 4); /* three questions, close_notify */
    expect_eq(send(&client, &net_a.pool), NXDTLS_PEER_GONE);
    end_association();
}

/* No thread waits on the server's session. */
static VOID server_asks_body(ULONG input)
{
    (void)input;
    begin_asking(NX_TRUE);
    expect_eq(nxdtls_server_keepalive_set(&server, EVERY, 2), NX_SUCCESS);
    (void)connect_now();
    tx_thread_sleep(3 * EVERY * 100 - 20);
    expect_eq(disconnects, 0); /* no thread of the client's answers */
    tx_thread_sleep(40);
    expect_eq(disconnects, 1);
    expect_eq(receive(&sessions[0], 0), NXDTLS_PEER_GONE);
    expect_eq(nx_secure_dtls_session_end(&sessions[0], 0), NX_SUCCESS);
    end_association();
}

/* There is nothing to ask: empty records hold the mapping, and nothing
 * follows. */
static VOID holding_body(ULONG input)
{
    UINT before;

    (void)input;
    begin_asking(NX_FALSE);
    expect_eq(nxdtls_session_keepalive_set(&client, EVERY, 1), NX_SUCCESS);
    (void)connect_now();
    before = of_client.num;
    of_server.lost = ALL;
    expect_eq(receive(&client, 10 * EVERY * 100 + 50), NX_NO_PACKET);
    expect_eq(of_client.num - before, 10);
    expect_eq(receive(&sessions[0], 0), NX_NO_PACKET);
    end_association();
}

static VOID asking_bounds_body(ULONG input)
{
    (void)input;
    begin(0, 0);
    expect_eq(nxdtls_session_keepalive_set(&client, 86400, 100), NX_SUCCESS);
    expect_eq(nxdtls_session_keepalive_set(&client, 86401, 1), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_keepalive_set(&server, 1, 0), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_keepalive_set(&server, 1, 101), NX_SIZE_ERROR);
    expect_eq(nxdtls_session_keepalive_set(&client, 0, 0), NX_SUCCESS);
    expect_eq(nxdtls_session_path_search_set(&client, 1199), NX_SIZE_ERROR);
    expect_eq(nxdtls_session_path_search_set(&client, 65508), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_path_search_set(&server, 65507), NX_SUCCESS);
    expect_eq(nxdtls_server_path_search_set(&server, 0), NX_SUCCESS);
    end_association();
}

static void a_peer_is_asked_whether_it_is_there(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, client_asks_body);
    kit_run(NXDTLS_PORT_VIRTUAL, server_asks_body);
    kit_run(NXDTLS_PORT_VIRTUAL, holding_body);
    kit_run(NXDTLS_PORT_VIRTUAL, asking_bounds_body);
}

static ULONG path_mtu_of(NX_SECURE_DTLS_SESSION *session)
{
    NXDTLS_SESSION_INFO info;

    expect_eq(nxdtls_session_info_get(session, &info), NX_SUCCESS);
    expect_eq(info.clear_answers, 0);
    return info.path_mtu;
}

/* The wire takes 1300 bytes, and says so. */
static VOID search_body(ULONG input)
{
    (void)input;
    begin_asking(NX_TRUE);
    net_a.ip.nx_ip_interface[0].nx_interface_ip_mtu_size = 1300;
    expect_eq(nxdtls_session_path_search_set(&client, 1472), NX_SUCCESS);
    expect_eq(path_mtu_of(&client), 0);
    (void)connect_now();
    expect(path_mtu_of(&client) > 100 && path_mtu_of(&client) < 1000);
    expect_eq(receive(&client, 200), NX_NO_PACKET);
    expect(path_mtu_of(&client) <= 1300 - 28);
    expect(path_mtu_of(&client) >= 1300 - 28 - 16);
    end_association();
}

static void the_mtu_of_a_path_is_found(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, search_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_loss_the_timeout_is_kept_or_not),
        cmocka_unit_test(a_handshake_ends_at_its_limit),
        cmocka_unit_test(a_session_ends_at_its_limits),
        cmocka_unit_test(a_peer_is_asked_whether_it_is_there),
        cmocka_unit_test(the_mtu_of_a_path_is_found),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
