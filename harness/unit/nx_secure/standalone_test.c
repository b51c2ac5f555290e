/* SPDX-License-Identifier: MIT */
/* A stand-alone server session: created by the application, on a socket of its
 * own, for one client at a time (chapter 4, session_create, note 7). */
#include "association_kit.h"

#define SOCKET_PORT 5684u
#define EC NX_SECURE_X509_KEY_TYPE_EC_DER

static NX_SECURE_DTLS_SESSION alone;
static ALIGN_TYPE alone_metadata[METADATA / 8];
static UCHAR alone_reassembly[REASSEMBLY];
static NX_SECURE_X509_CERT alone_cert;

static UINT start_alone(ULONG wait)
{
    return nx_secure_dtls_session_start(&alone, &net_b.socket, NX_FALSE, wait);
}

/* Both ends with a PSK and a certificate of the server. */
static VOID begin(VOID)
{
    start_nets();
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    add_client_psk(psk);
    expect_eq(nx_secure_dtls_session_create(
                  &alone, &nxdtls_ciphers_all, alone_metadata,
                  sizeof alone_metadata, alone_reassembly,
                  sizeof alone_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&alone, psk, sizeof psk, psk_identity,
                                     sizeof psk_identity - 1, NX_NULL, 0),
              NX_SUCCESS);
    cert_init(&alone_cert, "ec.der", "ec.key.der", EC);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&alone, &alone_cert, 1),
        NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, SOCKET_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

static VOID end(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&alone), NX_SUCCESS);
    end_nets();
}

static UINT connect_alone(ULONG wait)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    return nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                               SOCKET_PORT, wait);
}

/* The server's thread: serves one client after the other, and echoes. */
static VOID serve(ULONG input)
{
    NX_PACKET *packet;
    UINT status;

    for (ULONG i = 0; i < input; i++) {
        kit_row("start %u", i);
        start_status = start_alone(500);
        expect_eq(tx_semaphore_put(&started), TX_SUCCESS);
        while (start_status == NX_SUCCESS &&
               nx_secure_dtls_session_receive(&alone, &packet, 500) ==
                   NX_SUCCESS) {
            NX_PACKET *copy = NX_NULL;

            expect_eq(nx_packet_copy(packet, &copy, &net_b.pool, NX_NO_WAIT),
                      NX_SUCCESS);
            expect_eq(nx_packet_release(packet), NX_SUCCESS);
            status = nx_secure_dtls_server_session_send(&alone, copy);
            expect_eq(status, NX_SUCCESS);
        }
        /* A start that failed leaves nothing to end. */
        if (start_status == NX_SUCCESS) {
            expect_eq(nx_secure_dtls_session_end(&alone, 100), NX_SUCCESS);
        }
    }
}

static VOID client_body(ULONG input)
{
    NXD_ADDRESS peer;
    UINT port;
    UINT local;
    ULONG length;

    (void)input;
    begin();
    (void)kit_spawn(serve, 2, 10);
    for (UINT i = 0; i < 2; i++) {
        kit_row("client %u", i);
        expect_eq(connect_alone(500), NX_SUCCESS);
        expect_eq(wait_started(), NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_client_info_get(&alone, &peer, &port,
                                                         &local),
                  NX_SUCCESS);
        expect_eq(peer.nxd_ip_address.v4, CLIENT_ADDRESS);
        expect_eq(port, net_a.socket.nx_udp_socket_port);
        expect_eq(local, SOCKET_PORT);
        exchange(200);
        expect_eq(start_alone(10), NX_ALREADY_SUSPENDED);
        expect_eq(nxdtls_session_hand_over(&alone, psk, alone_reassembly, 0,
                                           &length),
                  NXDTLS_NO_SESSION);
        expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    }
    end();
}

static void one_client_is_served_after_the_other(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, client_body);
}

static VOID certificate_body(ULONG input)
{
    (void)input;
    begin();
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    trust("root.der");
    set_session_curves(&client);
    set_session_curves(&alone);
    (void)kit_spawn(serve, 1, 10);
    expect_eq(connect_alone(500), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    exchange(21);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    end();
}

static void its_certificate_goes_out(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, certificate_body);
}

/* What comes from others, before and while there is a client. */
static VOID strangers_body(ULONG input)
{
    static NX_UDP_SOCKET stranger;
    NX_PACKET *packet;

    (void)input;
    begin();
    expect_eq(nx_udp_socket_create(&net_a.ip, &stranger, net_name,
                                   NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                   NX_IP_TIME_TO_LIVE, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&stranger, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    (void)kit_spawn(serve, 1, 10);
    for (UINT i = 0; i < 2; i++) {
        NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

        kit_row("round %u", i);
        expect_eq(nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET,
                                     NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nx_packet_data_append(packet, net_bytes, 77, &net_a.pool,
                                        NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nxd_udp_socket_send(&stranger, packet, &to, SOCKET_PORT),
                  NX_SUCCESS);
        if (i == 0) {
            expect_eq(connect_alone(500), NX_SUCCESS);
        }
        exchange(21);
    }
    expect_eq(nx_udp_socket_receive(&stranger, &packet, 10), NX_NO_PACKET);
    expect_eq(nx_udp_socket_unbind(&stranger), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&stranger), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    end();
}

static void others_disturb_neither_the_wait_nor_the_client(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, strangers_body);
}

static VOID reset_alone(ULONG input)
{
    tx_thread_sleep(input);
    expect_eq(start_alone(10), NX_ALREADY_SUSPENDED);
    expect_eq(nx_secure_dtls_session_reset(&alone), NX_SUCCESS);
}

static VOID waits_body(ULONG input)
{
    static UCHAR other_key[] = {0x42, 0x53, 0x64, 0x75, 0x86, 0x97};
    ULONG before = tx_time_get();

    (void)input;
    begin();
    /* Nobody comes. */
    expect_eq(start_alone(70), NX_NO_PACKET);
    expect_eq(tx_time_get() - before, 70);
    expect_eq(start_alone(NX_NO_WAIT), NX_NO_PACKET);
    /* Another thread ends the wait. */
    (void)kit_spawn(reset_alone, 20, 10);
    expect_eq(start_alone(NX_WAIT_FOREVER), NX_WAIT_ABORTED);
    /* The socket is not bound. */
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
    expect_eq(start_alone(70), NX_NOT_BOUND);
    expect_eq(nx_udp_socket_bind(&net_b.socket, SOCKET_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    /* A client that does not know the key takes the rest of the wait, and the
     * next one comes in. */
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    add_client_psk(other_key);
    (void)kit_spawn(serve, 2, 10);
    expect_eq(connect_alone(400), NX_NO_PACKET);
    expect_eq(wait_started(), NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    add_client_psk(psk);
    expect_eq(connect_alone(400), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    end();
}

static void a_start_ends_with_its_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, waits_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_client_is_served_after_the_other),
        cmocka_unit_test(its_certificate_goes_out),
        cmocka_unit_test(others_disturb_neither_the_wait_nor_the_client),
        cmocka_unit_test(a_start_ends_with_its_wait),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
