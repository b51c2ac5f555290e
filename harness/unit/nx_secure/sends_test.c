/* SPDX-License-Identifier: MIT */
/* The lock is free while a datagram is sent (decision 27): other threads go
 * on, records keep their order, and a session may end meanwhile. */
#include "association_kit.h"

#include "nx_secure/internal.h"

static UINT datagrams;
static UINT sent_under_the_lock;
static VOID (*at_next_datagram)(VOID); /* to the server; once */

static bool sends(const TX_THREAD *thread, const NX_IP *to)
{
    bool is_of_server = thread == &net_b.ip.nx_ip_thread ||
                        thread->tx_thread_priority == 10; /* start_server */

    return to == &net_a.ip ? is_of_server : !is_of_server;
}

/* The receiver's IP thread runs before the sender's thread has left the
 * send. */
static VOID see(NX_IP *ip, NX_PACKET *packet)
{
    const TX_THREAD *owner = _nx_secure_tls_protection.tx_mutex_owner;
    VOID (*run)(VOID) = at_next_datagram;

    datagrams++;
    sent_under_the_lock += owner != NX_NULL && sends(owner, ip);
    if (run != NX_NULL && ip == &net_b.ip) {
        at_next_datagram = NX_NULL;
        run();
    }
    _nx_udp_packet_receive(ip, packet);
}

/* Each instance sees what the other one's threads send. */
static VOID begin(VOID)
{
    UINT old;

    datagrams = 0;
    sent_under_the_lock = 0;
    at_next_datagram = NX_NULL;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    expect_eq(tx_thread_priority_change(&net_a.ip.nx_ip_thread, 0, &old),
              TX_SUCCESS);
    net_a.ip.nx_ip_udp_packet_receive = see;
    net_b.ip.nx_ip_udp_packet_receive = see;
}

static VOID begin_psk(VOID)
{
    begin();
    add_client_psk(psk);
    add_server_psk();
    start_server(start_sessions);
}

/* Handshakes, data, a renegotiation, each end's close, and a client that is
 * refused. */
static VOID every_send_body(ULONG input)
{
    (void)input;
    begin();
    set_all_curves();
    add_server_identity("ec.der", "ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    trust("root.der");
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    exchange(100);
    expect_eq(nxdtls_session_renegotiate(&client, 300), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(connecting, NX_NO_WAIT),
              NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_secure_tls_session_server_callback_set(
                  &sessions[0].nx_secure_dtls_tls_session, refuse_hello),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect(wait_started() != NX_SUCCESS);
    expect(datagrams >= 20);
    expect_eq(sent_under_the_lock, 0);
    end_association();
}

static void no_datagram_is_sent_under_the_lock(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, every_send_body);
}

/* The length tells which record this is. */
static VOID send_one(ULONG len)
{
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(len)),
              NX_SUCCESS);
}

/* Three threads wait for the lock, each more urgent than the one before: each
 * would overtake that one where nothing keeps it back. */
static VOID order_body(ULONG input)
{
    (void)input;
    begin_psk();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(tx_mutex_get(&_nx_secure_tls_protection, TX_NO_WAIT),
              TX_SUCCESS);
    for (UINT i = 1; i <= 3; i++) {
        TX_THREAD *thread = kit_spawn(send_one, i, 10 - i);

        kit_row("thread %u", i);
        expect_eq(thread->tx_thread_state, TX_MUTEX_SUSP);
    }
    expect_eq(tx_mutex_put(&_nx_secure_tls_protection), TX_SUCCESS);
    for (UINT i = 1; i <= 3; i++) {
        kit_row("record %u", i);
        expect_data(&client, 10, net_bytes, i); /* as the server has got it */
    }
    end_association();
}

static void records_are_sent_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, order_body);
}

/* The next client's socket, which is the application's again when its session
 * is deleted. */
static NX_UDP_SOCKET own_socket;
#define REUSED 0xa5

static bool is_reused(const VOID *memory, size_t len)
{
    const UCHAR *bytes = memory;
    size_t at = 0;

    while (at < len && bytes[at] == REUSED) {
        at++;
    }
    return at == len;
}

static VOID delete_all(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&own_socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&own_socket), NX_SUCCESS);
    memset(&client, REUSED, sizeof client);
    memset(&own_socket, REUSED, sizeof own_socket);
}

static UINT connect_through_own_socket(VOID)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    return nx_secure_dtls_client_session_start(&client, &own_socket, &to, PORT,
                                               300);
}

static VOID send_a_record(ULONG input)
{
    (void)input;
    send_one(40); /* It is on its way: no error. */
}

static VOID send_an_end(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_WAIT_ABORTED);
}

static VOID send_a_hello(ULONG input)
{
    (void)input;
    expect_eq(connect_through_own_socket(), NX_WAIT_ABORTED);
}

static VOID (*const in_flight[])(ULONG) = {send_a_record, send_an_end,
                                           send_a_hello};
#define NUM_IN_FLIGHT (sizeof in_flight / sizeof *in_flight)
static size_t row; /* of in_flight, that is played */

/* The session is deleted between the lock and the send: both threads wait for
 * the lock, and the one that has it second is the more urgent one. */
static VOID in_flight_body(ULONG input)
{
    (void)input;
    begin_psk();
    expect_eq(nx_udp_socket_create(&net_a.ip, &own_socket, net_name,
                                   NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                   NX_IP_TIME_TO_LIVE, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&own_socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    if (in_flight[row] != send_a_hello) {
        expect_eq(connect_through_own_socket(), NX_SUCCESS);
        expect_eq(wait_started(), NX_SUCCESS);
    }
    expect_eq(tx_mutex_get(&_nx_secure_tls_protection, TX_NO_WAIT),
              TX_SUCCESS);
    datagrams = 0;
    (void)kit_spawn(in_flight[row], 0, 12);
    (void)kit_spawn(delete_all, 0, 5);
    expect_eq(tx_mutex_put(&_nx_secure_tls_protection), TX_SUCCESS);
    tx_thread_sleep(1);
    expect(datagrams != 0); /* It was sent all the same. */
    expect(is_reused(&client, sizeof client));
    expect(is_reused(&own_socket, sizeof own_socket));
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    end_nets();
}

static void nothing_is_touched_once_a_session_is_deleted(void **state)
{
    (void)state;
    for (row = 0; row < NUM_IN_FLIGHT; row++) {
        kit_row("row %zu", row);
        kit_run(NXDTLS_PORT_VIRTUAL, in_flight_body);
    }
}

/* The thread has sent, and waits for the lock, when its wait is aborted. */
static TX_THREAD *connecting_thread;
static UINT connect_status;

static VOID hold_the_lock(ULONG input)
{
    (void)input;
    expect_eq(tx_mutex_get(&_nx_secure_tls_protection, TX_NO_WAIT),
              TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(connecting_thread->tx_thread_state, TX_MUTEX_SUSP);
    expect_eq(tx_thread_wait_abort(connecting_thread), TX_SUCCESS);
    expect_eq(tx_mutex_put(&_nx_secure_tls_protection), TX_SUCCESS);
}

static VOID hold_meanwhile(VOID)
{
    (void)kit_spawn(hold_the_lock, 0, 5);
}

static VOID connect_in_a_thread(ULONG input)
{
    (void)input;
    connect_status = connect_client();
}

static VOID abort_body(ULONG input)
{
    (void)input;
    begin_psk();
    connect_status = 0xffff;
    at_next_datagram = hold_meanwhile;
    connecting_thread = kit_spawn(connect_in_a_thread, 0, 12);
    tx_thread_sleep(2);
    expect_eq(connect_status, NX_WAIT_ABORTED);
    end_association();
}

static void an_abort_is_not_lost_in_a_send(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, abort_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_datagram_is_sent_under_the_lock),
        cmocka_unit_test(records_are_sent_in_the_order_of_their_numbers),
        cmocka_unit_test(nothing_is_touched_once_a_session_is_deleted),
        cmocka_unit_test(an_abort_is_not_lost_in_a_send),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
