/* SPDX-License-Identifier: MIT */
/* Renegotiation through the API, and what a server does in its own time, over
 * the RAM wire in virtual time.  No thread waits on the server's sessions. */
#include "../port/net_kit.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "pki_file.h"

#include <stdbool.h>

#define SESSIONS 2
#define PORT 4433
#define CERT_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)
#define CERTS 4

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE server_metadata[SESSIONS * 9000 / 8];
static ALIGN_TYPE client_metadata[9000 / 8];
static UCHAR server_reassembly[SESSIONS * 4000];
static UCHAR client_reassembly[4000];
static ALIGN_TYPE client_certs[CERTS * CERT_SLOT / 8];
static TX_SEMAPHORE connected;
static bool start_them;
static UINT errors;
static UINT last_error;

static UCHAR identity[] = "client";
static UCHAR key[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)session;
    (void)ip;
    (void)port;
    expect_eq(tx_semaphore_put(&connected), TX_SUCCESS);
    return NX_SUCCESS;
}

static VOID start_sessions(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connected, TX_WAIT_FOREVER) == TX_SUCCESS) {
        for (UINT i = 0; i < SESSIONS && start_them; i++) {
            if (sessions[i].nx_secure_dtls_session_in_use &&
                !sessions[i].nx_secure_dtls_session_started) {
                (void)nx_secure_dtls_server_session_start(&sessions[i], 3000);
            }
        }
    }
}

/* Echoes, in the IP thread. */
static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;

    while (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) ==
           NX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_session_send(session, packet),
                  NX_SUCCESS);
    }
    return NX_SUCCESS;
}

static UINT on_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    (void)session;
    errors++;
    last_error = error_code;
    return NX_SUCCESS;
}

static void create(void)
{
    static CHAR name[] = "connected";

    net_start(&net_a, _nx_ram_network_driver_1500, IP_ADDRESS(10, 1, 2, 3),
              net_v6(0x20010db8, 0xa1), 20);
    net_start(&net_b, _nx_ram_network_driver_1500, IP_ADDRESS(10, 1, 2, 4),
              net_v6(0x20010db8, 0xb2), 20);
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    start_them = true;
    errors = 0;
    last_error = 0;
    expect_eq(tx_semaphore_create(&connected, name, 0), TX_SUCCESS);
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, sessions, sizeof sessions,
                  &nxdtls_ciphers_all, server_metadata, sizeof server_metadata,
                  server_reassembly, sizeof server_reassembly, on_connect,
                  on_receive),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, on_disconnect, on_error),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nxdtls_ciphers_all, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, CERTS, (UCHAR *)client_certs,
                  sizeof client_certs),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    (void)kit_spawn(start_sessions, 0, 10);
}

static UINT connect_client(void)
{
    NXD_ADDRESS to = net_v4(IP_ADDRESS(10, 1, 2, 4));

    return nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                               PORT, 1000);
}

static void create_psk(void)
{
    create();
    expect_eq(nx_secure_dtls_server_psk_add(&server, key, sizeof key, identity,
                                            6, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&client, key, sizeof key, identity, 6,
                                     NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

static void connect_psk(void)
{
    create_psk();
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(1);
}

/* Everything ends, and every packet is back. */
static void destroy(void)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    net_finish(&net_a);
    net_finish(&net_b);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static NX_PACKET *packet_of(ULONG len)
{
    NX_PACKET *packet = NX_NULL;

    expect_eq(nx_secure_dtls_packet_allocate(&client, &net_a.pool, &packet,
                                             NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(
        nx_packet_data_append(packet, net_bytes, len, &net_a.pool, NX_NO_WAIT),
        NX_SUCCESS);
    return packet;
}

/* Sends `len` bytes and expects them back. */
static void exchange(ULONG len)
{
    NX_PACKET *packet = packet_of(len);

    expect_eq(nx_secure_dtls_client_session_send(&client, packet), NX_SUCCESS);
    packet = NX_NULL;
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 300),
              NX_SUCCESS);
    if (packet != NX_NULL) {
        expect_eq(packet->nx_packet_length, len);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static void check_renegotiations(ULONG times)
{
    NXDTLS_SESSION_INFO info;
    UCHAR secret[2][16];

    for (int i = 0; i < 2; i++) {
        NX_SECURE_DTLS_SESSION *session = i == 0 ? &client : &sessions[0];

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
        exchange(10 * i);
        expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
        exchange(11 * i);
        check_renegotiations(i);
    }
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 100),
              NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE);
    expect_eq(errors, 0);
    destroy();
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
    /* A client listens when it waits for data. */
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
              NX_NO_PACKET);
    expect_eq(server_status, NX_SUCCESS);
    check_renegotiations(1);
    exchange(40);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
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
    UINT level;
    UINT value;

    (void)input;
    create_psk();
    questions = 0;
    expect_eq(nxdtls_server_renegotiation_set(&server, NX_FALSE), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 500),
              NX_SECURE_TLS_NO_RENEGOTIATION_ERROR);
    expect_eq(nx_secure_tls_session_alert_value_get(
                  &client.nx_secure_dtls_tls_session, &level, &value),
              NX_SUCCESS);
    expect_eq(level, 1);
    expect_eq(value, NX_SECURE_TLS_ALERT_NO_RENEGOTIATION);
    exchange(50);
    /* Now the client says no: to a question, and then always. */
    expect_eq(nx_secure_tls_session_renegotiate_callback_set(
                  &client.nx_secure_dtls_tls_session, say_no),
              NX_SUCCESS);
    for (int i = 0; i < 2; i++) {
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
    destroy();
}

static void whoever_is_asked_may_say_no(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refusal_body);
}

static UINT arrived;
static bool deaf;

/* Net A hears nothing but counts. */
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
    destroy();
}

static void a_server_repeats_its_flight_though_nobody_waits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, own_time_body);
}

/* A thread lets go of a session in the middle: the server goes on. */
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
    destroy();
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
    packet = packet_of(5);
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
    destroy();
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
    start_them = false;
    expect_eq(connect_client(), NX_NO_PACKET); /* 10 s */
    expect_eq(in_use(), 1);
    tx_thread_sleep(1990);
    expect_eq(in_use(), 1);
    tx_thread_sleep(20);
    expect_eq(in_use(), 0);
    expect_eq(net_b.pool.nx_packet_pool_available, NET_PACKETS);
    start_them = true;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
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
    destroy();
}

static void an_idle_server_gives_its_last_flight_back(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, kept_flight_body);
}

static NX_PACKET *held;

/* Net B keeps the next packet for later. */
static VOID hold_one(NX_IP *ip, NX_PACKET *packet)
{
    if (held == NX_NULL) {
        held = packet;
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

/* A record of the old session comes when its client has begun anew. */
static VOID old_keys_body(ULONG input)
{
    NXDTLS_STATISTICS before;
    NXDTLS_STATISTICS after;
    NX_PACKET *packet;

    (void)input;
    connect_psk();
    held = NX_NULL;
    net_b.ip.nx_ip_udp_packet_receive = hold_one;
    expect_eq(nx_secure_dtls_client_session_send(&client, packet_of(50)),
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
    destroy();
}

static void what_was_said_under_the_old_keys_is_dropped(void **state)
{
    (void)state; /* D6347-4.2.8-1, D6347-4.2.8-3 */
    kit_run(NXDTLS_PORT_VIRTUAL, old_keys_body);
}

/* Files of the test PKI. */
static struct file root_der, rsa_der, rsa_key;
static NX_SECURE_X509_CERT root, identity_cert;

static int load_pki(void **state)
{
    (void)state;
    load(&root_der, "root.der");
    load(&rsa_der, "rsa.der");
    load(&rsa_key, "rsa.key.der");
    return 0;
}

static void create_certified(void)
{
    create();
    expect_eq(nx_secure_x509_certificate_initialize(
                  &identity_cert, rsa_der.bytes, rsa_der.len, NX_NULL, 0,
                  rsa_key.bytes, rsa_key.len,
                  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER),
              NX_SUCCESS);
    expect_eq(nx_secure_x509_certificate_initialize(
                  &root, root_der.bytes, root_der.len, NX_NULL, 0, NX_NULL, 0,
                  NX_SECURE_X509_KEY_TYPE_NONE),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_ecc_initialize(
                  &server, nx_crypto_ecc_supported_groups,
                  (USHORT)nx_crypto_ecc_supported_groups_size,
                  nx_crypto_ecc_curves),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(
                  &client, nx_crypto_ecc_supported_groups,
                  (USHORT)nx_crypto_ecc_supported_groups_size,
                  nx_crypto_ecc_curves),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_local_certificate_add(&server,
                                                          &identity_cert, 1),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_add(&client, &root, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

/* A certificate that was removed is the application's again: the next
 * handshake does not know it. */
static VOID removed_body(ULONG input)
{
    (void)input;
    create_certified();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL, 0, 1),
        NX_SUCCESS);
    memset(&identity_cert, 0xa5, sizeof identity_cert);
    expect_eq(nxdtls_session_renegotiate(&client, 500),
              NX_SECURE_TLS_ALERT_RECEIVED);
    tx_thread_sleep(1);
    expect_eq(errors, 1);
    expect_eq(last_error, NX_SECURE_TLS_NO_SUPPORTED_CIPHERS);
    expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
    destroy();
}

static void settings_are_those_of_the_moment(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, removed_body);
}

/* A path of 700 bytes, and 1280 believed possible: the flight with the
 * certificate is sent again at once, smaller; data is the application's. */
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
    expect_eq(info.mtu, 508);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.mtu, 1280);
    expect(info.record_overhead >= 13 + 16 && info.record_overhead < 60);
    exchange(600);
    packet = packet_of(700);
    expect_eq(nx_secure_dtls_client_session_send(&client, packet),
              NX_SIZE_ERROR);
    expect_eq(packet->nx_packet_length, 700);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    exchange(80);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
}

static void what_is_too_big_for_the_path_is_not_lost_in_silence(void **state)
{
    (void)state; /* D6347-4.1.1.1-1, -2, -3, -5 */
    kit_run(NXDTLS_PORT_VIRTUAL, too_big_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_renegotiates_and_data_goes_on),
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

    return cmocka_run_group_tests(tests, load_pki, NULL);
}
