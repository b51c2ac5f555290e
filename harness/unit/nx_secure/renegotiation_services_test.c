/* SPDX-License-Identifier: MIT */
/* Renegotiation through the API, and a server's timers, over the RAM wire in
 * virtual time.  No thread waits on the server's sessions. */
#include "association_kit.h"
#include "kit/proves.h"

#include <stdbool.h>

static UINT errors;
static UINT last_error;

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    (void)session;
    errors++;
    last_error = error_code;
    return NX_SUCCESS;
}

static void notify_me(void)
{
    errors = 0;
    last_error = 0;
    expect_eq(nx_secure_dtls_server_notify_set(&server, end_in_turn, on_error),
              NX_SUCCESS);
}

static void create_psk(void)
{
    start_psk(&nxdtls_ciphers_all, echo_data);
    notify_me();
}

static void connect_psk(void)
{
    create_psk();
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(1);
}

static void check_renegotiations(ULONG times)
{
    NXDTLS_SESSION_INFO info;
    UCHAR secret[2][16];

    for (int i = 0; i < 2; i++) {
        NX_SECURE_DTLS_SESSION *session = i == 0 ? &client : &sessions[0];

        kit_row("the %s", kit_role(i));
        expect_eq(nxdtls_session_info_get(session, &info), NX_SUCCESS);
        expect_eq(info.renegotiations, times);
        expect_eq(info.suite, 0x00a8);
        expect_eq(info.secure_renegotiation, 1);
        expect_eq(nxdtls_session_export(session, secret[i], 16, "EXPORTER-x",
                                        NX_NULL, 0),
                  NX_SUCCESS);
    }
    expect(memcmp(secret[0], secret[1], 16) == 0);
}

static VOID client_begins_body(ULONG input)
{
    (void)input;
    create_psk();
    expect_eq(nxdtls_session_renegotiate(&client, 100),
              NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE);
    expect_eq(connect_client(), NX_SUCCESS);
    check_renegotiations(0);
    for (ULONG i = 1; i <= 3; i++) {
        kit_row("renegotiation %u", i);
        exchange(10 * i);
        expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
        exchange(11 * i);
        check_renegotiations(i);
    }
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 100),
              NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE);
    expect_eq(errors, 0);
    end_association();
}

static VOID without_old_cookie_body(ULONG input)
{
    (void)input;
    connect_psk();
    expect_eq(nxdtls_session_old_cookie_set(&client, NX_FALSE), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    check_renegotiations(1);
    expect_eq(nxdtls_session_old_cookie_set(&client, NX_TRUE), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    check_renegotiations(2);
    exchange(40);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_client_renegotiates_with_and_without_the_old_cookie(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, without_old_cookie_body);
}

static void a_client_renegotiates_and_data_goes_on(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, client_begins_body);
}

static UINT server_status;

static VOID ask_client(ULONG input)
{
    (void)input;
    server_status = nxdtls_session_renegotiate(&sessions[0], 1000);
}

static VOID server_asks_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    connect_psk();
    server_status = 0xffff;
    (void)kit_spawn(ask_client, 0, 9);
    /* A client answers while it waits for data. */
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
              NX_NO_PACKET);
    expect_eq(server_status, NX_SUCCESS);
    check_renegotiations(1);
    exchange(40);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_server_asks_its_client(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, server_asks_body);
}

static UINT questions;

static ULONG say_no(NX_SECURE_TLS_SESSION *session)
{
    expect(session == &client.nx_secure_dtls_tls_session);
    questions++;
    return NX_NOT_SUCCESSFUL;
}

static VOID refusal_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create_psk();
    questions = 0;
    expect_eq(nxdtls_server_renegotiation_set(&server, NX_FALSE), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 500),
              NX_SECURE_TLS_NO_RENEGOTIATION_ERROR);
    expect_alert(&client, 1, NX_SECURE_TLS_ALERT_NO_RENEGOTIATION);
    exchange(50);
    /* Now the client refuses: first in its callback, then by its setting. */
    expect_eq(nx_secure_tls_session_renegotiate_callback_set(
                  &client.nx_secure_dtls_tls_session, say_no),
              NX_SUCCESS);
    for (int i = 0; i < 2; i++) {
        kit_row("question %d", i);
        server_status = 0xffff;
        (void)kit_spawn(ask_client, 0, 9);
        expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
                  NX_NO_PACKET);
        expect_eq(server_status, NX_SECURE_TLS_NO_RENEGOTIATION_ERROR);
        expect_eq(questions, 1);
        expect_eq(nxdtls_session_renegotiation_set(&client, NX_FALSE),
                  NX_SUCCESS);
    }
    check_renegotiations(0);
    exchange(60);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void whoever_is_asked_may_say_no(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refusal_body);
}

static UINT arrived;
static bool deaf;

/* Net A counts packets and drops them. */
static VOID count_and_drop(NX_IP *ip, NX_PACKET *packet)
{
    arrived++;
    if (deaf) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID own_time_body(ULONG input)
{
    (void)input;
    connect_psk();
    exchange(10);
    arrived = 0;
    deaf = true;
    net_a.ip.nx_ip_udp_packet_receive = count_and_drop;
    expect_eq(nxdtls_session_renegotiate(&client, NX_NO_WAIT), NX_NO_PACKET);
    tx_thread_sleep(50);
    expect_eq(arrived, 1);
    tx_thread_sleep(350); /* the server repeats it after 1 s and 2 more */
    expect_eq(arrived, 3);
    deaf = false;
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    check_renegotiations(1);
    exchange(20);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_server_repeats_its_flight_though_nobody_waits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, own_time_body);
}

/* A thread gives up its call in the middle of a handshake; the server
 * continues. */
static VOID let_go_body(ULONG input)
{
    (void)input;
    connect_psk();
    exchange(10);
    arrived = 0;
    deaf = true;
    net_a.ip.nx_ip_udp_packet_receive = count_and_drop;
    expect_eq(nxdtls_session_renegotiate(&sessions[0], 150), NX_NO_PACKET);
    expect_eq(arrived, 2); /* HelloRequest, and again after 1 s */
    tx_thread_sleep(250);
    expect_eq(arrived, 3);
    deaf = false;
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_server_goes_on_when_its_thread_has_left(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, let_go_body);
}

/* Is this the server's ChangeCipherSpec in epoch 1? */
static VOID drop_change(NX_IP *ip, NX_PACKET *packet)
{
    if (deaf && packet->nx_packet_prepend_ptr[NX_UDP_HEADER_SIZE] == 20) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID between_keys_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    connect_psk();
    exchange(10);
    deaf = true;
    net_a.ip.nx_ip_udp_packet_receive = drop_change;
    expect_eq(nxdtls_session_renegotiate(&client, 20), NX_NO_PACKET);
    packet = client_packet(5);
    expect_eq(nx_secure_dtls_client_session_send(&client, packet),
              NX_SECURE_TLS_TRANSMIT_LOCKED);
    deaf = false;
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    check_renegotiations(1);
    expect_eq(nx_secure_dtls_client_session_send(&client, packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
              NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void between_the_keys_a_send_keeps_its_packet(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, between_keys_body);
}

static ULONG in_use(void)
{
    NXDTLS_STATISTICS info;

    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    return info.sessions;
}

static VOID unstarted_body(ULONG input)
{
    (void)input;
    create_psk();
    server.nx_dtls_server_connect_notify = ignore_connect;
    expect_eq(connect_client(), NX_NO_PACKET); /* 10 s */
    expect_eq(in_use(), 1);
    tx_thread_sleep(1990);
    expect_eq(in_use(), 1);
    tx_thread_sleep(20);
    expect_eq(in_use(), 0);
    expect_eq(net_b.pool.nx_packet_pool_available, NET_PACKETS);
    server.nx_dtls_server_connect_notify = on_connect;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_slot_that_nobody_starts_is_free_after_30_s(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unstarted_body);
}

static VOID kept_flight_body(ULONG input)
{
    (void)input;
    connect_psk();
    /* Eleven times 60 s. */
    tx_thread_sleep(65900);
    expect(net_b.pool.nx_packet_pool_available < NET_PACKETS);
    tx_thread_sleep(1100);
    expect_eq(net_b.pool.nx_packet_pool_available, NET_PACKETS);
    exchange(30);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void an_idle_server_gives_its_last_flight_back(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, kept_flight_body);
}

static NX_PACKET *held;

/* Net B holds the next packet back. */
static VOID hold_one(NX_IP *ip, NX_PACKET *packet)
{
    if (held == NX_NULL) {
        held = packet;
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

/* A record of the old session arrives after its client has started again. */
static VOID old_keys_body(ULONG input)
{
    NXDTLS_STATISTICS before;
    NXDTLS_STATISTICS after;
    NX_PACKET *packet;

    (void)input;
    connect_psk();
    held = NX_NULL;
    net_b.ip.nx_ip_udp_packet_receive = hold_one;
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(50)),
              NX_SUCCESS);
    tx_thread_sleep(1);
    expect(held != NX_NULL);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(in_use(), 1);
    expect_eq(nxdtls_server_statistics_get(&server, &before), NX_SUCCESS);
    _nx_udp_packet_receive(&net_b.ip, held);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 10),
              NX_NO_PACKET);
    expect_eq(nxdtls_server_statistics_get(&server, &after), NX_SUCCESS);
    expect_eq(after.discarded_mac, before.discarded_mac + 1);
    exchange(20);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void what_was_said_under_the_old_keys_is_dropped(void **state)
{
    (void)state;
    proves("D6347-4.2.8-1");
    proves("D6347-4.2.8-3");
    kit_run(NXDTLS_PORT_VIRTUAL, old_keys_body);
}

static void create_certified(void)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    notify_me();
    set_all_curves();
    add_server_identity("rsa.der", "rsa.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    trust("root.der");
    start_server(start_sessions);
}

/* The next handshake does not use a certificate that the application has
 * removed. */
static VOID removed_body(ULONG input)
{
    (void)input;
    create_certified();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL, 0, 1),
        NX_SUCCESS);
    memset(&server_cert, 0xa5, sizeof server_cert);
    expect_eq(nxdtls_session_renegotiate(&client, 500),
              NX_SECURE_TLS_ALERT_RECEIVED);
    tx_thread_sleep(1);
    expect_eq(errors, 1);
    expect_eq(last_error, NX_SECURE_TLS_NO_SUPPORTED_CIPHERS);
    expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
    end_association();
}

static void settings_are_those_of_the_moment(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, removed_body);
}

/* The path takes 700 bytes; the MTU's default is made for 1280.  The flight
 * with the certificate is sent again at once in records that fit; the
 * application must handle data itself. */
static VOID too_big_body(ULONG input)
{
    NXDTLS_STATISTICS statistics;
    NXDTLS_SESSION_INFO info;
    NX_PACKET *packet;
    ULONG before;

    (void)input;
    create_certified();
    net_a.ip.nx_ip_interface[0].nx_interface_ip_mtu_size = 700;
    net_b.ip.nx_ip_interface[0].nx_interface_ip_mtu_size = 700;
    before = tx_time_get();
    expect_eq(connect_client(), NX_SUCCESS);
    expect(tx_time_get() - before < 50); /* no timer fired */
    expect_eq(nxdtls_session_statistics_get(&sessions[0], &statistics),
              NX_SUCCESS);
    expect_eq(statistics.retransmissions, 0);
    expect_eq(nxdtls_session_info_get(&sessions[0], &info), NX_SUCCESS);
    expect_eq(info.mtu, 700 - 28);
    expect(info.path_mtu > 508 && info.path_mtu <= info.mtu);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.mtu, 1252);
    expect(info.record_overhead >= 13 + 16 && info.record_overhead < 60);
    exchange(600);
    packet = client_packet(700);
    expect_eq(nx_secure_dtls_client_session_send(&client, packet),
              NX_SIZE_ERROR);
    expect_eq(packet->nx_packet_length, 700);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    exchange(80);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void what_is_too_big_for_the_path_is_not_lost_in_silence(void **state)
{
    (void)state;
    proves("D6347-4.1.1.1-1");
    proves("D6347-4.1.1.1-3");
    kit_run(NXDTLS_PORT_VIRTUAL, too_big_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_renegotiates_and_data_goes_on),
        cmocka_unit_test(
            a_client_renegotiates_with_and_without_the_old_cookie),
        cmocka_unit_test(a_server_asks_its_client),
        cmocka_unit_test(whoever_is_asked_may_say_no),
        cmocka_unit_test(a_server_repeats_its_flight_though_nobody_waits),
        cmocka_unit_test(a_server_goes_on_when_its_thread_has_left),
        cmocka_unit_test(between_the_keys_a_send_keeps_its_packet),
        cmocka_unit_test(a_slot_that_nobody_starts_is_free_after_30_s),
        cmocka_unit_test(an_idle_server_gives_its_last_flight_back),
        cmocka_unit_test(what_was_said_under_the_old_keys_is_dropped),
        cmocka_unit_test(settings_are_those_of_the_moment),
        cmocka_unit_test(what_is_too_big_for_the_path_is_not_lost_in_silence),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
