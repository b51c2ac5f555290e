/* SPDX-License-Identifier: MIT */
/* Every DTLS service from where it is not to be called: outside a thread, by a
 * timer, in the IP thread, on what was never created, before and after the
 * module is there.  Each says so, and nothing else happens. */
#include "association_kit.h"

#define WAIT 300

static NX_SECURE_X509_CERT cert;

/* What the session has in every place that takes one. */
static VOID call_session_services(NX_SECURE_DTLS_SESSION *s, UINT wanted)
{
    NX_PACKET packet = {0};
    NX_PACKET *out = NX_NULL;
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    UINT port;
    UINT local;

    expect_eq(
        nx_secure_dtls_client_session_start(s, &net_a.socket, &to, PORT, WAIT),
        wanted);
    expect_eq(nx_secure_dtls_session_start(s, &net_a.socket, 1, WAIT), wanted);
    expect_eq(nx_secure_dtls_session_start(s, &net_a.socket, 0, WAIT), wanted);
    expect_eq(nx_secure_dtls_server_session_start(s, WAIT), wanted);
    expect_eq(nx_secure_dtls_packet_allocate(s, &net_a.pool, &out, NX_NO_WAIT),
              wanted);
    expect_eq(nx_secure_dtls_psk_add(s, psk, sizeof psk, psk_identity, 6,
                                     NX_NULL, 0),
              wanted);
    expect_eq(nx_secure_dtls_server_session_send(s, &packet), wanted);
    expect_eq(nx_secure_dtls_client_session_send(s, &packet), wanted);
    expect_eq(nx_secure_dtls_session_send(s, &packet, &to, PORT), wanted);
    expect_eq(nx_secure_dtls_session_receive(s, &out, WAIT), wanted);
    expect_eq(nx_secure_dtls_session_end(s, WAIT), wanted);
    expect_eq(nx_secure_dtls_session_reset(s), wanted);
    /* The reference has no other status for it. */
    expect_eq(nx_secure_dtls_session_delete(s),
              wanted == NX_SECURE_TLS_SESSION_UNINITIALIZED ? NX_PTR_ERROR
                                                            : wanted);
    expect_eq(nx_secure_dtls_session_client_info_get(s, &to, &port, &local),
              wanted);
    expect_eq(nx_secure_dtls_session_local_certificate_add(s, &cert, 1),
              wanted);
    expect_eq(
        nx_secure_dtls_session_local_certificate_remove(s, NX_NULL, 0, 1),
        wanted);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(s, &cert, 1),
              wanted);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_remove(s, NX_NULL, 0, 1),
        wanted);
    expect_eq(nx_secure_dtls_ecc_initialize(s, nx_crypto_ecc_supported_groups,
                                            1, nx_crypto_ecc_curves),
              wanted);
    expect_eq(nx_secure_dtls_client_protocol_version_override(
                  s, NX_SECURE_DTLS_VERSION_1_2),
              wanted);
    expect(out == NX_NULL);
}

static VOID call_server_services(NX_SECURE_DTLS_SERVER *s, UINT wanted)
{
    expect_eq(nx_secure_dtls_server_start(s), wanted);
    expect_eq(nx_secure_dtls_server_stop(s), wanted);
    expect_eq(nx_secure_dtls_server_delete(s), wanted);
    expect_eq(nx_secure_dtls_server_notify_set(s, NX_NULL, NX_NULL), wanted);
    expect_eq(nx_secure_dtls_server_psk_add(s, psk, sizeof psk, psk_identity,
                                            6, NX_NULL, 0),
              wanted);
    expect_eq(nx_secure_dtls_server_local_certificate_add(s, &cert, 1),
              wanted);
    expect_eq(nx_secure_dtls_server_local_certificate_remove(s, NX_NULL, 0, 1),
              wanted);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(s, &cert, 1),
              wanted);
    expect_eq(
        nx_secure_dtls_server_trusted_certificate_remove(s, NX_NULL, 0, 1),
        wanted);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  s, CERTS, (UCHAR *)server_certs, sizeof server_certs),
              wanted == NX_PTR_ERROR && s != NX_NULL ? NX_INVALID_PARAMETERS
                                                     : wanted);
    expect_eq(nx_secure_dtls_server_x509_client_verify_disable(s), wanted);
    expect_eq(nx_secure_dtls_server_ecc_initialize(
                  s, nx_crypto_ecc_supported_groups, 1, nx_crypto_ecc_curves),
              wanted);
    expect_eq(nx_secure_dtls_server_protocol_version_override(
                  s, NX_SECURE_DTLS_VERSION_1_2),
              wanted);
}

/* The services of nxdtls.h that take the lock and change what it guards. */
static VOID call_own_services(VOID)
{
    static NXDTLS_SAVED_SESSION saved;
    static UCHAR exported[NXDTLS_EXPORTED_SESSION_SIZE];
    static ALIGN_TYPE memory[NXDTLS_KEPT_SESSION_SIZE];
    const UCHAR key[32] = {1};
    NXD_ADDRESS address = net_v4(CLIENT_ADDRESS);
    NX_SECURE_DTLS_SESSION *session = &client;
    ULONG length = 77;

    expect_eq(nxdtls_session_renegotiate(&client, NX_NO_WAIT),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_server_session_begin(&sessions[0]), NX_CALLER_ERROR);
    expect_eq(nxdtls_session_export(&client, exported, 8, "EXPORTER of a test",
                                    NX_NULL, 0),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_saved_session_clear(&saved), NX_CALLER_ERROR);
    expect_eq(nxdtls_saved_session_export(&saved, key, exported,
                                          sizeof exported, &length),
              NX_CALLER_ERROR);
    expect_eq(length, 0);
    expect_eq(nxdtls_saved_session_import(&saved, key, exported, 8),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_server_resumption_set(&server, memory, sizeof memory, 0),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_session_hand_over(&client, key, exported, sizeof exported,
                                       &length),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_session_take_over(&client, &net_a.socket, &address, PORT,
                                       key, exported, 8),
              NX_CALLER_ERROR);
    expect_eq(nxdtls_server_take_over(&server, &address, PORT, key, exported,
                                      8, &session),
              NX_CALLER_ERROR);
    expect(session == NX_NULL);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, 0), NX_CALLER_ERROR);
    expect_eq(nxdtls_server_reserve_set(&server, NX_TRUE), NX_CALLER_ERROR);
    expect_eq(nxdtls_server_admission_set(&server, NX_TRUE, 0),
              NX_CALLER_ERROR);
}

/* Outside of threads, whatever there is. */
static VOID call_from_nowhere(VOID)
{
    static NX_SECURE_DTLS_SESSION session;
    static NX_SECURE_DTLS_SERVER another;
    ULONG size = 77;

    call_session_services(&client, NX_CALLER_ERROR);
    call_session_services(&sessions[0], NX_CALLER_ERROR);
    call_server_services(&server, NX_CALLER_ERROR);
    call_own_services();
    expect_eq(nx_secure_dtls_session_create(
                  &session, &nxdtls_ciphers_all, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_CALLER_ERROR);
    expect_eq(nx_secure_dtls_server_create(
                  &another, &net_b.ip, PORT, 100, &session, sizeof session,
                  &nxdtls_ciphers_all, server_metadata, sizeof server_metadata,
                  server_reassembly, sizeof server_reassembly, on_connect,
                  ignore_data),
              NX_CALLER_ERROR);
    expect_eq(
        nx_secure_tls_metadata_size_calculate(&nxdtls_ciphers_all, &size),
        NX_CALLER_ERROR);
    expect_eq(size, 77);
}

static UINT calls;

static VOID timer_function(ULONG input)
{
    (void)input;
    call_from_nowhere();
    calls++;
}

static VOID timer_body(ULONG input)
{
    static TX_TIMER timer;
    static CHAR name[] = "callers";

    (void)input;
    calls = 0;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(tx_timer_create(&timer, name, timer_function, 0, 5, 0,
                              TX_AUTO_ACTIVATE),
              TX_SUCCESS);
    tx_thread_sleep(10);
    expect_eq(calls, 1);
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
    /* The session has not noticed. */
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_data(connecting, WAIT, net_bytes, 21);
    end_association();
}

static void a_timer_may_call_no_service(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, timer_body);
}

/* A thread of the process that is none of the kernel's: this one. */
static VOID create_body(ULONG input)
{
    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    nxdtls_port_stop();
}

static VOID delete_body(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(nx_secure_dtls_session_delete(&sessions[i]), NX_SUCCESS);
    }
}

static void no_service_works_outside_of_threads(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, create_body);
    call_from_nowhere();
    assert_string_equal(kit_failure, "");
    kit_run(NXDTLS_PORT_VIRTUAL, delete_body);
}

/* In the IP thread nothing comes while it waits: a handshake begins there and
 * goes on alone. */
static UINT wait_in_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                            UINT port)
{
    (void)ip;
    (void)port;
    calls++;
    expect_eq(nx_secure_dtls_server_session_start(session, NX_WAIT_FOREVER),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_session_start(session, WAIT),
              NX_IN_PROGRESS);
    return NX_SUCCESS;
}

static UINT wait_in_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet = NX_NULL;

    calls++;
    expect_eq(nx_secure_dtls_session_receive(session, &packet, WAIT),
              NX_SUCCESS); /* it is here */
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(session, &packet, WAIT),
              NX_CALLER_ERROR);
    expect_eq(nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT),
              NX_NO_PACKET);
    expect_eq(nxdtls_session_renegotiate(session, WAIT), NX_CALLER_ERROR);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_STILL_BOUND);
    return NX_SUCCESS;
}

static VOID notification_body(ULONG input)
{
    ULONG before;

    (void)input;
    calls = 0;
    start_psk(&nxdtls_ciphers_all, wait_in_receive);
    server.nx_dtls_server_connect_notify = wait_in_connect;
    before = tx_time_get();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(calls, 1);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_eq(calls, 2);
    expect_eq(tx_time_get(), before); /* nobody has waited */
    end_association();
}

static void the_ip_thread_waits_for_no_peer(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, notification_body);
}

/* What is asked of the server in its own notification: it may stop there, and
 * is deleted elsewhere. */
static UINT stop_in_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                            UINT port)
{
    (void)ip;
    (void)port;
    calls++;
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(session, WAIT),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_CALLER_ERROR);
    return NX_SUCCESS;
}

static VOID stop_body(ULONG input)
{
    (void)input;
    calls = 0;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = stop_in_connect;
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), WAIT), NX_NO_PACKET);
    expect_eq(calls, 1);
    server.nx_dtls_server_connect_notify = on_connect;
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void a_server_may_be_stopped_in_its_notification(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, stop_body);
}

/* Its own session, in receive_notify: ended or reset at once. */
static UINT end_in_receive(NX_SECURE_DTLS_SESSION *session)
{
    calls++;
    expect_eq(nx_secure_dtls_session_end(session, WAIT), NX_CALLER_ERROR);
    expect_eq(session->nx_secure_dtls_session_in_use, NX_FALSE);
    expect_eq(nx_secure_dtls_session_reset(session), NX_SUCCESS);
    return NX_SUCCESS;
}

static VOID end_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    calls = 0;
    start_psk(&nxdtls_ciphers_all, end_in_receive);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_eq(calls, 1);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, WAIT),
              NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void a_session_may_be_ended_in_its_notification(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, end_body);
}

static VOID never_created_body(ULONG input)
{
    static NX_SECURE_DTLS_SESSION no_session;
    static NX_SECURE_DTLS_SERVER no_server;

    (void)input;
    memset(&net_a, 0, sizeof net_a);
    call_session_services(&no_session, NX_SECURE_TLS_SESSION_UNINITIALIZED);
    call_server_services(&no_server, NX_PTR_ERROR);
    call_server_services(NX_NULL, NX_PTR_ERROR);
}

static void what_was_never_created_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, never_created_body);
}

/* A client whose server is silent: the module is there, or not. */
static VOID start_and_give_up(VOID)
{
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    add_client_psk(psk);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), WAIT), NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_end(&client, WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
}

static VOID no_module_body(ULONG input)
{
    (void)input;
    memset(&_nx_secure_tls_protection, 0, sizeof _nx_secure_tls_protection);
    net_start(&net_a, _nx_ram_network_driver_1500, CLIENT_ADDRESS, CLIENT_V6,
              20);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    start_and_give_up();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    start_and_give_up();
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    start_and_give_up();
    net_finish(&net_a);
}

static void a_client_without_the_module_does_no_harm(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_module_body);
}

/* A control block that is on the list is not created again; after
 * nx_secure_dtls_initialize nothing is on the list. */
static VOID twice_body(ULONG input)
{
    (void)input;
    start_nets();
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &sessions[1], &nxdtls_ciphers_all, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_create(
                  &sessions[1], &nxdtls_ciphers_all, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_PTR_ERROR);
    nx_secure_dtls_initialize();
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    end_nets();
}

static void what_is_created_is_not_created_again(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, twice_body);
}

/* The unchecked form knows as well that nobody is there to talk to. */
static VOID no_client_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(_nx_secure_dtls_server_session_start(&sessions[0], WAIT),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(sessions[0].nx_secure_dtls_session_started, NX_FALSE);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(_nx_secure_dtls_server_session_start(connecting, WAIT),
              NX_IN_PROGRESS);
    end_association();
}

static void a_slot_without_a_client_is_not_started(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_client_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_may_call_no_service),
        cmocka_unit_test(no_service_works_outside_of_threads),
        cmocka_unit_test(the_ip_thread_waits_for_no_peer),
        cmocka_unit_test(a_server_may_be_stopped_in_its_notification),
        cmocka_unit_test(a_session_may_be_ended_in_its_notification),
        cmocka_unit_test(what_was_never_created_is_refused),
        cmocka_unit_test(a_client_without_the_module_does_no_harm),
        cmocka_unit_test(what_is_created_is_not_created_again),
        cmocka_unit_test(a_slot_without_a_client_is_not_started),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
