/* SPDX-License-Identifier: MIT */
/* The application's functions that a handshake calls: what they may do, and
 * what others may do meanwhile. */
#include "association_kit.h"

#include "nx_secure/internal.h"

#define EC NX_SECURE_X509_KEY_TYPE_EC_DER
#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER
#define IN_2026 1767225600u

static NX_SECURE_TLS_SESSION *tls_of(NX_SECURE_DTLS_SESSION *session)
{
    return &session->nx_secure_dtls_tls_session;
}

static ULONG row; /* of the test that runs */

static void run_with(VOID (*body)(ULONG), ULONG number)
{
    row = number;
    kit_run(NXDTLS_PORT_VIRTUAL, body);
}

/* What a callback does when it runs. */
static VOID (*in_callback)(NX_SECURE_DTLS_SESSION *session);
static UINT calls;

static VOID call(NX_SECURE_TLS_SESSION *tls)
{
    calls++;
    if (in_callback != NX_NULL) {
        in_callback((NX_SECURE_DTLS_SESSION *)(VOID *)tls);
    }
}

static ULONG on_certificate(NX_SECURE_TLS_SESSION *session,
                            NX_SECURE_X509_CERT *certificate)
{
    (void)certificate;
    call(session);
    return NX_SUCCESS;
}

static ULONG on_hello(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num)
{
    (void)extensions;
    (void)num;
    call(session);
    return NX_SUCCESS;
}

static ULONG on_renegotiation(NX_SECURE_TLS_SESSION *session)
{
    call(session);
    return NX_SUCCESS;
}

static ULONG on_time(VOID)
{
    call(tls_of(&client));
    return IN_2026;
}

/* Both ends show certificates. */
static VOID begin(VOID)
{
    calls = 0;
    in_callback = NX_NULL;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    add_server_identity("ec.der", "ec.key.der", EC);
    add_client_identity("client-rsa.der", "client-rsa.key.der", RSA);
    trust("root.der");
    demand_client_identity();
    start_server(start_sessions);
}

/* Every service that would end the session, or change what the call goes
 * by. */
static VOID end_in_every_way(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = tls_of(session);
    NX_SECURE_DTLS_SERVER *parent = session->nx_secure_dtls_server_parent;

    expect_eq(nx_secure_dtls_session_reset(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_end(session, NX_NO_WAIT), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_end(session, 100), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_delete(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_tls_session_certificate_callback_set(tls, NX_NULL),
              NX_IN_PROGRESS);
    expect_eq(nx_secure_tls_session_client_callback_set(tls, NX_NULL),
              NX_IN_PROGRESS);
    expect_eq(nx_secure_tls_session_server_callback_set(tls, NX_NULL),
              NX_IN_PROGRESS);
    expect_eq(nx_secure_tls_session_renegotiate_callback_set(tls, NX_NULL),
              NX_IN_PROGRESS);
    expect_eq(nx_secure_tls_session_time_function_set(tls, NX_NULL),
              NX_IN_PROGRESS);
    if (parent != NX_NULL) {
        expect_eq(nx_secure_dtls_server_stop(parent), NX_IN_PROGRESS);
        expect_eq(nx_secure_dtls_server_delete(parent), NX_STILL_BOUND);
    }
}

/* A function that a handshake calls. */
enum place { CERTIFICATE, HELLO, RENEGOTIATION, CLOCK, NUM_PLACES };

static VOID set_callback(NX_SECURE_DTLS_SESSION *session, enum place place)
{
    NX_SECURE_TLS_SESSION *tls = tls_of(session);
    bool is_client = session == &client;

    switch (place) {
    case CERTIFICATE:
        expect_eq(nx_secure_tls_session_certificate_callback_set(
                      tls, on_certificate),
                  NX_SUCCESS);
        break;
    case HELLO:
        expect_eq(
            is_client
                ? nx_secure_tls_session_client_callback_set(tls, on_hello)
                : nx_secure_tls_session_server_callback_set(tls, on_hello),
            NX_SUCCESS);
        break;
    case RENEGOTIATION:
        expect_eq(nx_secure_tls_session_renegotiate_callback_set(
                      tls, on_renegotiation),
                  NX_SUCCESS);
        break;
    case CLOCK:
    case NUM_PLACES:
        expect_eq(nx_secure_tls_session_time_function_set(tls, on_time),
                  NX_SUCCESS);
        break;
    }
}

static VOID ends_body(ULONG input)
{
    const enum place place = (enum place)(row / 2);
    const bool is_client = row % 2 == 0;
    NX_PACKET *packet = NX_NULL;

    (void)input;
    begin();
    set_callback(is_client ? &client : &sessions[0], place);
    in_callback = end_in_every_way;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    if (place == RENEGOTIATION && is_client) {
        expect_eq(nxdtls_session_renegotiate(&sessions[0], NX_NO_WAIT),
                  NX_NO_PACKET);
        expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
                  NX_NO_PACKET);
    } else if (place == RENEGOTIATION) {
        expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    }
    expect(calls != 0);
    in_callback = NX_NULL;
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_data(&sessions[0], 300, net_bytes, 21);
    end_association();
}

static void nothing_ends_a_session_while_it_calls(void **state)
{
    (void)state;
    for (ULONG i = 0; i < 2 * CLOCK + 1; i++) {
        kit_row("row %u", i);
        run_with(ends_body, i);
    }
}

/* An application's mutex, held by a thread that then calls a service. */
static TX_MUTEX mutex;
static TX_SEMAPHORE callback_runs;

static VOID call_with_the_mutex(ULONG input)
{
    (void)input;
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&callback_runs, TX_WAIT_FOREVER), TX_SUCCESS);
    expect_eq(nx_secure_dtls_session_reset(&sessions[1]), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_IN_PROGRESS);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
}

static VOID want_the_mutex(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    in_callback = NX_NULL;
    expect_eq(tx_semaphore_put(&callback_runs), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, 200), TX_SUCCESS);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
}

static VOID mutex_body(ULONG input)
{
    static CHAR name[] = "of the application";

    (void)input;
    begin();
    set_callback(&client, (enum place)row);
    expect_eq(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    expect_eq(tx_semaphore_create(&callback_runs, name, 0), TX_SUCCESS);
    (void)kit_spawn(call_with_the_mutex, 0, 5);
    tx_thread_sleep(1);
    in_callback = want_the_mutex;
    expect_eq(connect_client(), NX_SUCCESS);
    expect(calls != 0);
    end_association();
}

static void a_mutex_of_the_application_stops_nobody(void **state)
{
    (void)state;
    run_with(mutex_body, CERTIFICATE);
    run_with(mutex_body, HELLO);
    run_with(mutex_body, CLOCK);
}

/* A second client of the same server. */
static NX_SECURE_DTLS_SESSION second;
static UINT second_status;

static VOID connect_second(ULONG input)
{
    static ALIGN_TYPE metadata[METADATA / 8];
    static UCHAR reassembly[REASSEMBLY];
    static ALIGN_TYPE certs[CERTS * CERT_SLOT / 8];
    static NX_UDP_SOCKET socket;
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    (void)input;
    expect_eq(nx_secure_dtls_session_create(
                  &second, &nxdtls_ciphers_all, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, CERTS, (UCHAR *)certs,
                  sizeof certs),
              NX_SUCCESS);
    set_session_curves(&second);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&second, &client_cert, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(&second,
                                                             &client_root, 2),
              NX_SUCCESS);
    set_callback(&second, CERTIFICATE);
    expect_eq(nx_udp_socket_create(&net_a.ip, &socket, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    second_status =
        nx_secure_dtls_client_session_start(&second, &socket, &to, PORT, 500);
    expect_eq(nx_secure_dtls_session_delete(&second), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&socket), NX_SUCCESS);
}

static VOID let_another_connect(NX_SECURE_DTLS_SESSION *session)
{
    ULONG before = tx_time_get();

    (void)session;
    in_callback = NX_NULL;
    (void)kit_spawn(connect_second, 0, 8);
    expect_eq(tx_thread_sleep(50), TX_SUCCESS);
    expect_eq(tx_time_get(), before + 50);
    expect_eq(second_status, NX_SUCCESS);
}

static VOID others_body(ULONG input)
{
    (void)input;
    second_status = 0xffff;
    begin();
    (void)kit_spawn(start_sessions, 0, 10);
    set_callback(&client, (enum place)row);
    in_callback = let_another_connect;
    expect_eq(connect_client(), NX_SUCCESS);
    /* Its own once, or twice with two clocks, and that of the other. */
    expect_eq(calls, 2);
    end_association();
}

static void others_shake_hands_while_one_calls(void **state)
{
    (void)state;
    run_with(others_body, CERTIFICATE);
    run_with(others_body, HELLO);
    run_with(others_body, CLOCK);
}

static VOID sleep_long(NX_SECURE_DTLS_SESSION *session)
{
    in_callback = NX_NULL;
    expect_eq(tx_thread_sleep(4000), TX_SUCCESS);
    /* Its thread has given up, but the session is still this one. */
    expect_eq(start_status, NX_NO_PACKET);
    expect_eq(session->nx_secure_dtls_session_in_use, NX_TRUE);
}

static VOID late_body(ULONG input)
{
    (void)input;
    begin();
    set_callback(&sessions[0], CERTIFICATE);
    in_callback = sleep_long;
    expect_eq(connect_client(), NX_NO_PACKET);
    expect_eq(wait_started(), NX_NO_PACKET);
    tx_thread_sleep(4000);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_FALSE);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    end_association();
}

static void a_session_that_is_given_up_ends_after_its_call(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, late_body);
}

static VOID sleep_for_ever(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    tx_thread_suspend(tx_thread_identify());
}

static VOID connect_in_vain(ULONG input)
{
    (void)input;
    (void)connect_client();
    expect(false);
}

static VOID terminated_body(ULONG input)
{
    TX_THREAD *thread;

    (void)input;
    begin();
    set_callback(&client, CERTIFICATE);
    in_callback = sleep_for_ever;
    thread = kit_spawn(connect_in_vain, 0, 8);
    tx_thread_sleep(10);
    expect_eq(calls, 1);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_IN_PROGRESS);
    expect_eq(tx_thread_terminate(thread), TX_SUCCESS);
    in_callback = NX_NULL;
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    (void)wait_started();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    delete_server();
    nxdtls_port_stop(); /* The packet that the thread had is lost. */
}

static void a_thread_that_is_terminated_calls_no_more(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, terminated_body);
}

static UINT tell_for_ever(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)session;
    expect_eq(status, NX_NO_PACKET);
    calls++;
    tx_thread_suspend(tx_thread_identify());
    return NX_SUCCESS;
}

/* The client hears of the cookie and of nothing else. */
static VOID deliver_one(NX_IP *ip, NX_PACKET *packet)
{
    if (row++ == 0) {
        _nx_udp_packet_receive(ip, packet);
    } else {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static VOID start_briefly(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session = NX_NULL;

    (void)input;
    expect_eq(tx_queue_receive(&connects, &session, TX_WAIT_FOREVER),
              TX_SUCCESS);
    (void)nx_secure_dtls_server_session_start(session, 2);
    expect(false);
}

static VOID told_body(ULONG input)
{
    TX_THREAD *thread;

    (void)input;
    calls = 0;
    row = 0;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, NX_NULL, tell_for_ever),
        NX_SUCCESS);
    net_a.ip.nx_ip_udp_packet_receive = deliver_one;
    thread = kit_spawn(start_briefly, 0, 8);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 50), NX_NO_PACKET);
    expect_eq(calls, 1);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_IN_PROGRESS);
    expect_eq(tx_thread_terminate(thread), TX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    end_nets();
}

static void a_thread_that_is_terminated_tells_no_more(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, told_body);
}

static VOID receive_for_ever(ULONG input)
{
    NX_PACKET *packet = NX_NULL;

    (void)input;
    (void)nx_secure_dtls_session_receive(connecting, &packet, NX_WAIT_FOREVER);
    expect(false);
}

/* The control block of a thread that waited on a session is other memory. */
static VOID freed_body(ULONG input)
{
    NX_PACKET *packet = NX_NULL;
    TX_THREAD *thread;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    thread = kit_spawn(receive_for_ever, 0, 8);
    tx_thread_sleep(1);
    expect_eq(tx_thread_terminate(thread), TX_SUCCESS);
    expect_eq(tx_thread_delete(thread), TX_SUCCESS);
    thread->tx_thread_state = TX_READY; /* or whatever */
    expect_eq(nx_secure_dtls_session_receive(connecting, &packet, 5),
              NX_NO_PACKET);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_data(connecting, 1000, net_bytes, 21);
    end_association();
}

static void a_control_block_is_not_read_once_its_thread_ended(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, freed_body);
}

/* Each datagram of the server comes to the client as a chain. */
static NX_PACKET_POOL short_packets;

static VOID receive_in_pieces(NX_IP *ip, NX_PACKET *packet)
{
    NX_PACKET *chain;

    expect_eq(nx_packet_copy(packet, &chain, &short_packets, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    _nx_udp_packet_receive(ip, chain);
}

static VOID terminated_in_a_chain_body(ULONG input)
{
    static CHAR name[] = "short";
    static ALIGN_TYPE memory[2048];
    struct dtls_nx_scratch *room;
    TX_THREAD *thread;

    (void)input;
    begin();
    expect_eq(nx_packet_pool_create(&short_packets, name, 128, memory,
                                    sizeof memory),
              NX_SUCCESS);
    net_a.ip.nx_ip_udp_packet_receive = receive_in_pieces;
    set_callback(&client, CERTIFICATE);
    in_callback = sleep_for_ever;
    thread = kit_spawn(connect_in_vain, 0, 8);
    tx_thread_sleep(10);
    expect_eq(calls, 1);
    expect(dtls_nx_lock());
    expect(dtls_nx_scratch_take() == NULL); /* A thread that lives has it. */
    expect_eq(tx_thread_terminate(thread), TX_SUCCESS);
    room = dtls_nx_scratch_take();
    expect(room != NULL);
    if (room != NULL) {
        expect_eq(room->bytes[0], 0); /* It was wiped. */
        dtls_nx_scratch_give(room, 0);
    }
    dtls_nx_unlock();
    in_callback = NX_NULL;
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    (void)wait_started();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(calls, 2);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    delete_server();
    nxdtls_port_stop(); /* The packet that the thread had is lost. */
}

static void a_terminated_thread_keeps_no_room_for_records(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, terminated_in_a_chain_body);
}

/* The certificates that a callback sees stand in the session's own room. */
static VOID room_body(ULONG input)
{
    /* A list of one certificate, on no boundary. */
    const ULONG list = 3 + pki("ec.der")->len;
    const ULONG gap = (8 - (1 + list) % 8) % 8;
    const ULONG needed = list + gap + sizeof(NX_SECURE_X509_CERT);

    (void)input;
    begin();
    set_callback(&client, CERTIFICATE);
    tls_of(&client)->nx_secure_tls_remote_certificate_buffer =
        (UCHAR *)client_certs + 1;
    tls_of(&client)->nx_secure_tls_remote_certificate_buffer_size = needed - 1;
    expect_eq(connect_client(), NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL);
    expect_eq(calls, 0);
    (void)wait_started();
    tls_of(&client)->nx_secure_tls_remote_certificate_buffer_size = needed;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(calls, 1);
    end_association();
}

static void a_callback_s_certificates_need_room(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, room_body);
}

/* While one end's hello function runs, the other end is in its handshake and
 * loses its functions. */
static VOID clear_the_other(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls =
        tls_of(session == &client ? &sessions[0] : &client);

    in_callback = NX_NULL;
    expect_eq(nx_secure_tls_session_certificate_callback_set(tls, NX_NULL),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_time_function_set(tls, NX_NULL),
              NX_SUCCESS);
}

static VOID cleared_body(ULONG input)
{
    const bool is_client = row % 2 == 0;
    const enum place place = row / 2 == 0 ? CERTIFICATE : CLOCK;

    (void)input;
    begin();
    set_callback(is_client ? &sessions[0] : &client, HELLO);
    set_callback(is_client ? &client : &sessions[0], place);
    in_callback = clear_the_other;
    (void)connect_client();
    expect(wait_started() != NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    /* The next handshake begins without the function. */
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    end_association();
}

static void a_handshake_that_loses_its_function_fails(void **state)
{
    (void)state;
    for (ULONG i = 0; i < 4; i++) {
        kit_row("row %lu", (unsigned long)i);
        run_with(cleared_body, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_ends_a_session_while_it_calls),
        cmocka_unit_test(a_mutex_of_the_application_stops_nobody),
        cmocka_unit_test(others_shake_hands_while_one_calls),
        cmocka_unit_test(a_session_that_is_given_up_ends_after_its_call),
        cmocka_unit_test(a_thread_that_is_terminated_calls_no_more),
        cmocka_unit_test(a_thread_that_is_terminated_tells_no_more),
        cmocka_unit_test(a_control_block_is_not_read_once_its_thread_ended),
        cmocka_unit_test(a_terminated_thread_keeps_no_room_for_records),
        cmocka_unit_test(a_callback_s_certificates_need_room),
        cmocka_unit_test(a_handshake_that_loses_its_function_fails),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
