/* SPDX-License-Identifier: MIT */
/* Status values that need no peer: arguments, buffers, stores, ports. */
#include "produces.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static UCHAR common_name[] = "root";
static UCHAR no_name[] = "nobody";

static UINT client_in(ULONG metadata, UINT reassembly, UINT slots,
                      ULONG certs_size)
{
    return nx_secure_dtls_session_create(&client, &nx_crypto_tls_ciphers,
                                         client_metadata, metadata,
                                         client_reassembly, reassembly, slots,
                                         (UCHAR *)client_certs, certs_size);
}

static VOID session_life(VOID)
{
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_create(
                 NX_NULL, &nx_crypto_tls_ciphers, client_metadata,
                 sizeof client_metadata, client_reassembly,
                 sizeof client_reassembly, 0, NX_NULL, 0));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_create(
                 &client, &nx_crypto_tls_ciphers, client_metadata,
                 sizeof client_metadata, NX_NULL, sizeof client_reassembly, 0,
                 NX_NULL, 0));
    /* Each of the three buffers is too small once. */
    expect_eq(client_in(16, 4000, CERTS, sizeof client_certs),
              NX_INVALID_PARAMETERS);
    expect_eq(client_in(9000, 100, CERTS, sizeof client_certs),
              NX_INVALID_PARAMETERS);
    expect_eq(client_in(9000, 4000, CERTS, 1000), NX_INVALID_PARAMETERS);
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_session_create(
                 &client, &nx_crypto_tls_ciphers, client_metadata, 16,
                 client_reassembly, sizeof client_reassembly, 0, NX_NULL, 0));
    produces(NX_SUCCESS, nx_secure_dtls_session_create(
                             &client, &nx_crypto_tls_ciphers, client_metadata,
                             sizeof client_metadata, client_reassembly,
                             sizeof client_reassembly, 0, NX_NULL, 0));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_reset(NX_NULL));
    produces(NX_SUCCESS, nx_secure_dtls_session_reset(&client));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_end(NX_NULL, NX_NO_WAIT));
    produces(NX_SUCCESS, nx_secure_dtls_session_end(&client, NX_NO_WAIT));
}

static VOID session_certificates(VOID)
{
    produces(NX_PTR_ERROR, nx_secure_dtls_session_local_certificate_add(
                               NX_NULL, &server_cert, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_local_certificate_add(
                               &client, NX_NULL, 1));
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_session_local_certificate_add(&client,
                                                          &server_cert, 0));
    produces(NX_SUCCESS, nx_secure_dtls_session_local_certificate_add(
                             &client, &server_cert, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_local_certificate_remove(
                               NX_NULL, NX_NULL, 0, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_local_certificate_remove(
                               &client, NX_NULL, 0, 0));
    produces(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
             nx_secure_dtls_session_local_certificate_remove(&client, NX_NULL,
                                                             0, 2));
    produces(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
             nx_secure_dtls_session_local_certificate_remove(
                 &client, no_name, sizeof no_name - 1, 0));
    produces(NX_SUCCESS, nx_secure_dtls_session_local_certificate_remove(
                             &client, common_name, sizeof common_name - 1, 0));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_trusted_certificate_add(
                               NX_NULL, &server_cert, 1));
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_session_trusted_certificate_add(&client,
                                                            &server_cert, 0));
    produces(NX_SUCCESS, nx_secure_dtls_session_trusted_certificate_add(
                             &client, &server_cert, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_trusted_certificate_remove(
                               NX_NULL, NX_NULL, 0, 1));
    produces(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
             nx_secure_dtls_session_trusted_certificate_remove(&client,
                                                               NX_NULL, 0, 2));
    produces(NX_SUCCESS, nx_secure_dtls_session_trusted_certificate_remove(
                             &client, NX_NULL, 0, 1));
}

static VOID session_keys_and_packets(VOID)
{
    NX_PACKET *packet = NX_NULL;

    produces(NX_PTR_ERROR,
             nx_secure_dtls_psk_add(NX_NULL, psk, sizeof psk, psk_identity, 6,
                                    NX_NULL, 0));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_psk_add(&client, NX_NULL, 4, psk_identity, 6,
                                    NX_NULL, 0));
    for (int i = 0; i < NX_SECURE_TLS_MAX_PSK_KEYS; i++) {
        kit_row("key %d", i);
        produces(NX_SUCCESS,
                 nx_secure_dtls_psk_add(&client, psk, sizeof psk, psk_identity,
                                        6, NX_NULL, 0));
    }
    produces(NX_SECURE_TLS_NO_MORE_PSK_SPACE,
             nx_secure_dtls_psk_add(&client, psk, sizeof psk, psk_identity, 6,
                                    NX_NULL, 0));
    drain(&net_a.pool);
    produces(NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
             nx_secure_dtls_packet_allocate(&client, &net_a.pool, &packet,
                                            NX_NO_WAIT));
    refill();
    produces(NX_SUCCESS, nx_secure_dtls_packet_allocate(&client, &net_a.pool,
                                                        &packet, NX_NO_WAIT));
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

static VOID traffic_arguments(VOID)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NX_PACKET *packet;
    UINT port, local;

    produces(NX_PTR_ERROR, nx_secure_dtls_client_session_start(
                               NX_NULL, &net_a.socket, &to, PORT, NX_NO_WAIT));
    produces(NX_PTR_ERROR, nx_secure_dtls_client_session_start(
                               &client, NX_NULL, &to, PORT, NX_NO_WAIT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_client_session_start(&client, &net_a.socket,
                                                 NX_NULL, PORT, NX_NO_WAIT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_session_start(NX_NULL, NX_NO_WAIT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_receive(NX_NULL, &packet, NX_NO_WAIT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_receive(&client, NX_NULL, NX_NO_WAIT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_send(NX_NULL, NX_NULL, NX_NULL, PORT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_session_send(&client, NX_NULL, &to, PORT));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_session_send(NX_NULL, NX_NULL));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_session_send(&client, NX_NULL));
    produces(NX_PTR_ERROR, nx_secure_dtls_session_client_info_get(
                               NX_NULL, &to, &port, &local));
    produces(NX_INVALID_SOCKET, nx_secure_dtls_session_client_info_get(
                                    &client, &to, &port, &local));
}

static VOID session_body(ULONG input)
{
    NX_PACKET *packet = NX_NULL;

    (void)input;
    memset(&client, 0, sizeof client);
    start_nets();
    cert_init(&server_cert, "root.der", NULL, 0);
    produces(NX_SECURE_TLS_SESSION_UNINITIALIZED,
             nx_secure_dtls_packet_allocate(&client, &net_a.pool, &packet,
                                            NX_NO_WAIT));
    session_life();
    session_certificates();
    session_keys_and_packets();
    traffic_arguments();
    produces(NX_PTR_ERROR, nx_secure_dtls_session_delete(NX_NULL));
    produces(NX_SUCCESS, nx_secure_dtls_session_delete(&client));
    end_nets();
}

static void a_session_without_a_peer(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, session_body);
}

static UINT server_in(UINT size, ULONG metadata, UINT reassembly)
{
    return nx_secure_dtls_server_create(
        &server, &net_b.ip, PORT, 100, sessions, size, &nx_crypto_tls_ciphers,
        server_metadata, metadata, server_reassembly, reassembly, on_connect,
        ignore_data);
}

static VOID server_creation(VOID)
{
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_create(
                 NX_NULL, &net_b.ip, PORT, 100, sessions, sizeof sessions,
                 &nx_crypto_tls_ciphers, server_metadata,
                 sizeof server_metadata, server_reassembly,
                 sizeof server_reassembly, on_connect, ignore_data));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_create(
                 &server, &net_b.ip, PORT, 100, sessions, sizeof sessions,
                 &nx_crypto_tls_ciphers, server_metadata,
                 sizeof server_metadata, server_reassembly,
                 sizeof server_reassembly, NX_NULL, ignore_data));
    /* Room for less than a session, then each of the other buffers too small.
     */
    expect_eq(server_in(sizeof *sessions - 1, 18000, 8000),
              NX_INVALID_PARAMETERS);
    expect_eq(server_in(sizeof sessions, 16, 8000), NX_INVALID_PARAMETERS);
    expect_eq(server_in(sizeof sessions, 18000, 100), NX_INVALID_PARAMETERS);
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_server_create(
                 &server, &net_b.ip, PORT, 100, sessions, 1,
                 &nx_crypto_tls_ciphers, server_metadata,
                 sizeof server_metadata, server_reassembly,
                 sizeof server_reassembly, on_connect, ignore_data));
    produces(NX_SUCCESS,
             nx_secure_dtls_server_create(
                 &server, &net_b.ip, PORT, 100, sessions, sizeof sessions,
                 &nx_crypto_tls_ciphers, server_metadata,
                 sizeof server_metadata, server_reassembly,
                 sizeof server_reassembly, on_connect, ignore_data));
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_notify_set(NX_NULL, NX_NULL, NX_NULL));
    produces(NX_SUCCESS,
             nx_secure_dtls_server_notify_set(&server, ignore_data, NX_NULL));
}

static VOID server_certificates(VOID)
{
    produces(NX_PTR_ERROR, nx_secure_dtls_server_local_certificate_add(
                               NX_NULL, &server_cert, 1));
    produces(
        NX_INVALID_PARAMETERS,
        nx_secure_dtls_server_local_certificate_add(&server, &server_cert, 0));
    produces(NX_SUCCESS, nx_secure_dtls_server_local_certificate_add(
                             &server, &server_cert, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_local_certificate_remove(
                               NX_NULL, NX_NULL, 0, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_local_certificate_remove(
                               &server, common_name, 0, 0));
    produces(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
             nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL,
                                                            0, 2));
    produces(NX_SUCCESS, nx_secure_dtls_server_local_certificate_remove(
                             &server, common_name, sizeof common_name - 1, 0));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_trusted_certificate_add(
                               NX_NULL, &server_cert, 1));
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_server_trusted_certificate_add(&server,
                                                           &server_cert, 0));
    produces(NX_SUCCESS, nx_secure_dtls_server_trusted_certificate_add(
                             &server, &server_cert, 1));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_trusted_certificate_remove(
                               NX_NULL, NX_NULL, 0, 1));
    produces(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
             nx_secure_dtls_server_trusted_certificate_remove(&server, no_name,
                                                              6, 0));
    produces(NX_SUCCESS, nx_secure_dtls_server_trusted_certificate_remove(
                             &server, NX_NULL, 0, 1));
}

static VOID server_settings(VOID)
{
    UCHAR *buffer = (UCHAR *)server_certs;

    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_psk_add(NX_NULL, psk, sizeof psk,
                                           psk_identity, 6, NX_NULL, 0));
    for (int i = 0; i < NX_SECURE_TLS_MAX_PSK_KEYS; i++) {
        kit_row("key %d", i);
        produces(NX_SUCCESS,
                 nx_secure_dtls_server_psk_add(&server, psk, sizeof psk,
                                               psk_identity, 6, NX_NULL, 0));
    }
    /* All sessions have the keys. */
    expect_eq(sessions[SESSIONS - 1]
                  .nx_secure_dtls_tls_session.nx_secure_tls_credentials
                  .nx_secure_tls_psk_count,
              NX_SECURE_TLS_MAX_PSK_KEYS);
    produces(NX_SECURE_TLS_NO_MORE_PSK_SPACE,
             nx_secure_dtls_server_psk_add(&server, psk, sizeof psk,
                                           psk_identity, 6, NX_NULL, 0));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_x509_client_verify_configure(
                               NX_NULL, 3, buffer, sizeof server_certs));
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_server_x509_client_verify_configure(
                 &server, 0, buffer, sizeof server_certs));
    produces(NX_INVALID_PARAMETERS,
             nx_secure_dtls_server_x509_client_verify_configure(&server, 3,
                                                                buffer, 3000));
    produces(NX_SUCCESS, nx_secure_dtls_server_x509_client_verify_configure(
                             &server, 3, buffer, sizeof server_certs));
    /* Each session has its part of the buffer. */
    expect(sessions[1]
               .nx_secure_dtls_tls_session
               .nx_secure_tls_remote_certificate_buffer >=
           buffer + 3 * CERT_SLOT - 8);
    produces(NX_PTR_ERROR,
             nx_secure_dtls_server_x509_client_verify_disable(NX_NULL));
    produces(NX_SUCCESS,
             nx_secure_dtls_server_x509_client_verify_disable(&server));
}

static VOID server_body(ULONG input)
{
    NXD_ADDRESS ip;
    UINT port, local;

    (void)input;
    start_nets();
    cert_init(&server_cert, "root.der", NULL, 0);
    server_creation();
    server_certificates();
    server_settings();
    produces(NX_NOT_CONNECTED, nx_secure_dtls_session_client_info_get(
                                   &sessions[0], &ip, &port, &local));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_start(NX_NULL));
    produces(NX_SUCCESS, nx_secure_dtls_server_start(&server));
    produces(NX_ALREADY_BOUND, nx_secure_dtls_server_start(&server));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_delete(NX_NULL));
    produces(NX_STILL_BOUND, nx_secure_dtls_server_delete(&server));
    produces(NX_PTR_ERROR, nx_secure_dtls_server_stop(NX_NULL));
    produces(NX_SUCCESS, nx_secure_dtls_server_stop(&server));
    expect_eq(nx_udp_socket_bind(&net_b.socket, PORT, NX_NO_WAIT), NX_SUCCESS);
    produces(NX_PORT_UNAVAILABLE, nx_secure_dtls_server_start(&server));
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
    produces(NX_SUCCESS, nx_secure_dtls_server_delete(&server));
    end_nets();
}

static void a_server_without_clients(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, server_body);
}

static UINT create_at(NX_IP *ip, UINT port)
{
    return nx_secure_dtls_server_create(
        &server, ip, port, 100, sessions, sizeof sessions,
        &nx_crypto_tls_ciphers, server_metadata, sizeof server_metadata,
        server_reassembly, sizeof server_reassembly, on_connect, ignore_data);
}

/* Makes a socket for every port.  Binding each of them would compare it with
 * all others. */
static VOID take_all_ports(NX_UDP_SOCKET *all)
{
    for (UINT i = 0; i < NX_MAX_PORT; i++) {
        kit_row("port %u", i + 1);
        expect_eq(_nx_udp_socket_create(&net_b.ip, &all[i], net_name,
                                        NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                        NX_IP_TIME_TO_LIVE, 1),
                  NX_SUCCESS);
        all[i].nx_udp_socket_port = i + 1;
        all[i].nx_udp_socket_bound = NX_TRUE;
    }
}

static VOID give_all_ports(NX_UDP_SOCKET *all)
{
    for (UINT i = 0; i < NX_MAX_PORT; i++) {
        kit_row("port %u", i + 1);
        all[i].nx_udp_socket_bound = NX_FALSE;
        expect_eq(_nx_udp_socket_delete(&all[i]), NX_SUCCESS);
    }
}

static VOID ports_body(ULONG input)
{
    NX_UDP_SOCKET *all = calloc(NX_MAX_PORT, sizeof *all);
    static NX_IP without_udp;

    (void)input;
    expect(all != NULL);
    if (all == NULL) {
        nxdtls_port_stop();
    }
    start_nets();
    expect_eq(create_at(&net_b.ip, 0x10000), NX_SUCCESS);
    produces(NX_INVALID_PORT, nx_secure_dtls_server_start(&server));
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);

    expect_eq(nx_ip_create(&without_udp, net_name, IP_ADDRESS(10, 0, 0, 3),
                           0xFF000000u, &net_b.pool,
                           _nx_ram_network_driver_1500, kit_stack,
                           sizeof kit_stack, 1),
              NX_SUCCESS);
    expect_eq(create_at(&without_udp, PORT), NX_SUCCESS);
    produces(NX_NOT_ENABLED, nx_secure_dtls_server_start(&server));
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect_eq(nx_ip_delete(&without_udp), NX_SUCCESS);

    take_all_ports(all);
    expect_eq(create_at(&net_b.ip, NX_ANY_PORT), NX_SUCCESS);
    produces(NX_NO_FREE_PORTS, nx_secure_dtls_server_start(&server));
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    give_all_ports(all);
    free(all);
    end_nets();
}

static void a_server_without_a_port(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ports_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_without_a_peer),
        cmocka_unit_test(a_server_without_clients),
        cmocka_unit_test(a_server_without_a_port),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
