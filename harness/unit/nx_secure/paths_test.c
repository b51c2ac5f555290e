/* SPDX-License-Identifier: MIT */
/* The path between two ends: how large a datagram of a handshake is over IPv4
 * and IPv6, and from which address a server answers. */
#define NET_PAYLOAD 1536u /* a datagram in one packet */
#include "association_kit.h"

#include <stdbool.h>

/* What every link carries (RFC 8200, 5), less the headers of IP and UDP. */
#define IPV4_PAYLOAD (1280 - 20 - 8)
#define IPV6_PAYLOAD (1280 - 40 - 8)

enum side { CLIENT, SERVER };
static NX_SECURE_X509_CERT above[4]; /* the certificates above the leaves */
static ULONG largest[2];             /* datagram that each side has sent */
static bool v6;
static UINT setting[2]; /* of the MTU; 0: none */
static ULONG mtu[2];    /* that each side is to have */

static VOID measure(NX_IP *ip, NX_PACKET *packet)
{
    ULONG *most = &largest[ip == &net_a.ip ? SERVER : CLIENT];
    ULONG length = packet->nx_packet_length - NX_UDP_HEADER_SIZE;

    *most = length > *most ? length : *most;
    _nx_udp_packet_receive(ip, packet);
}

/* The rest of a chain, with the ids 11 and 12. */
static VOID add_above(enum side side)
{
    static const char *const names[] = {"ca2.der", "ca1.der"};

    for (UINT i = 0; i < 2; i++) {
        NX_SECURE_X509_CERT *cert = &above[2 * side + i];

        cert_init(cert, names[i], NULL, 0);
        expect_eq(side == CLIENT
                      ? nx_secure_dtls_session_local_certificate_add(
                            &client, cert, 11 + i)
                      : nx_secure_dtls_server_local_certificate_add(
                            &server, cert, 11 + i),
                  NX_SUCCESS);
    }
}

/* Both ends have a flight that is longer than a datagram. */
static VOID sizes_body(ULONG input)
{
    (void)input;
    start_association(&nxdtls_ciphers_default, &nxdtls_ciphers_default,
                      ignore_data);
    net_a.ip.nx_ip_udp_packet_receive = measure;
    net_b.ip.nx_ip_udp_packet_receive = measure;
    set_all_curves();
    add_server_identity("rsa-2.der", "rsa-2.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    add_client_identity("client-rsa-2.der", "client-rsa-2.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    add_above(CLIENT);
    add_above(SERVER);
    trust("root.der");
    demand_client_identity();
    if (setting[CLIENT] != 0) {
        expect_eq(nxdtls_session_mtu_set(&client, setting[CLIENT]),
                  NX_SUCCESS);
    }
    if (setting[SERVER] != 0) {
        expect_eq(nxdtls_server_mtu_set(&server, setting[SERVER]), NX_SUCCESS);
    }
    expect_eq(info_of(&client).mtu,
              setting[CLIENT] != 0 ? setting[CLIENT] : IPV6_PAYLOAD);
    start_server(start_sessions);
    /* Over the one family and then over the other. */
    for (UINT i = 0; i < 2; i++) {
        NXD_ADDRESS to = v6 ? SERVER_V6 : net_v4(SERVER_ADDRESS);
        ULONG usual = v6 ? IPV6_PAYLOAD : IPV4_PAYLOAD;

        largest[CLIENT] = 0;
        largest[SERVER] = 0;
        expect_eq(connect_to(to, 1000), NX_SUCCESS);
        for (enum side side = CLIENT; side <= SERVER; side++) {
            mtu[side] = setting[side] != 0 ? setting[side] : usual;
            expect_eq(largest[side], mtu[side]);
        }
        expect_eq(info_of(&client).mtu, mtu[CLIENT]);
        expect_eq(info_of(connecting).mtu, mtu[SERVER]);
        expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
        expect_eq(info_of(&client).mtu, mtu[CLIENT]);
        expect_eq(info_of(connecting).mtu, mtu[SERVER]);
        expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_end(connecting, NX_NO_WAIT),
                  NX_SUCCESS);
        v6 = !v6;
    }
    end_association();
}

static void a_datagram_of_a_handshake_fits_a_path_of_1280_bytes(void **state)
{
    static const UINT settings[] = {0, 256, IPV6_PAYLOAD, IPV4_PAYLOAD, 1400};

    (void)state;
    proves("D6347-4.1.1-2");
    for (UINT first = 0; first < 2; first++) {
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
            for (size_t j = 0; j < sizeof settings / sizeof *settings; j++) {
                kit_row("%s first, client %u, server %u",
                        first == 0 ? "IPv4" : "IPv6", settings[i],
                        settings[j]);
                v6 = first;
                setting[CLIENT] = settings[i];
                setting[SERVER] = settings[j];
                kit_run(NXDTLS_PORT_VIRTUAL, sizes_body);
            }
        }
    }
}

#define SECOND_V6 net_v6(0x20010db8, 0xb3)

static NXD_ADDRESS asked; /* the server's address in this handshake */
static UINT answers;

static VOID check_source(NX_IP *ip, NX_PACKET *packet)
{
    NXD_ADDRESS source;
    UINT port;

    expect_eq(nxd_udp_source_extract(packet, &source, &port), NX_SUCCESS);
    expect(net_same(source, asked));
    answers++;
    _nx_udp_packet_receive(ip, packet);
}

/* The client's packets come to nothing. */
static VOID drop(NX_IP *ip, NX_PACKET *packet)
{
    (void)ip;
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

/* A server with several addresses; every datagram that it sends is checked. */
static VOID start_server_of_many(VOID)
{
    NXD_ADDRESS second = SECOND_V6;

    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    expect_eq(nxd_ipv6_address_set(&net_b.ip, 0, &second, 64, NULL),
              NX_SUCCESS);
    add_client_psk(psk);
    add_server_psk();
    start_server(start_sessions);
}

static VOID say(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(nx_secure_dtls_server_session_send(
                  session, packet_of(session, &net_b.pool, net_bytes, 20)),
              NX_SUCCESS);
}

/* Everything that a server says in a life: HelloVerifyRequest, handshake,
 * data, renegotiation, what its timer repeats, its alert. */
static VOID answers_body(ULONG input)
{
    NXD_ADDRESS addresses[] = {net_v4(SERVER_ADDRESS), SERVER_V6, SECOND_V6};

    (void)input;
    start_server_of_many();
    net_a.ip.nx_ip_udp_packet_receive = check_source;
    for (UINT i = 0; i < 3; i++) {
        UINT before;

        kit_row("address %u", i);
        asked = addresses[i];
        answers = 0;
        expect_eq(connect_to(asked, 1000), NX_SUCCESS);
        expect_eq(answers, 3);
        say(connecting);
        expect_data(&client, 100, net_bytes, 20);
        expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
        net_b.ip.nx_ip_udp_packet_receive = drop;
        before = answers;
        expect_eq(nxdtls_session_renegotiate(connecting, NX_NO_WAIT),
                  NX_NO_PACKET);
        tx_thread_sleep(400); /* after 1 s and 2 more it is repeated */
        expect_eq(answers, before + 3);
        net_b.ip.nx_ip_udp_packet_receive = _nx_udp_packet_receive;
        before = answers;
        expect_eq(nx_secure_dtls_session_end(connecting, 10), NX_NO_PACKET);
        expect_eq(answers, before + 1);
        expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    }
    end_association();
}

static void a_server_answers_from_the_address_that_was_asked(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, answers_body);
}

/* One port of a client, two addresses of a server: two associations, and the
 * later one does not replace the earlier one (RFC 6347, 4.2.8). */
static VOID two_body(ULONG input)
{
    static NX_SECURE_DTLS_SESSION other;
    static ALIGN_TYPE metadata[METADATA / 8];
    static UCHAR reassembly[REASSEMBLY];
    NX_SECURE_DTLS_SESSION *older;
    NXD_ADDRESS second = SECOND_V6;

    (void)input;
    start_server_of_many();
    expect_eq(nx_secure_dtls_session_create(
                  &other, &nxdtls_ciphers_all, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&other, psk, sizeof psk, psk_identity,
                                     sizeof psk_identity - 1, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(connect_to(SERVER_V6, 1000), NX_SUCCESS);
    older = connecting;
    expect_eq(nx_secure_dtls_client_session_start(&other, &net_a.socket,
                                                  &second, PORT, 1000),
              NX_SUCCESS);
    expect(connecting != older);
    say(older);
    expect_data(&client, 100, net_bytes, 20);
    say(connecting);
    expect_data(&other, 100, net_bytes, 20);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(30)),
              NX_SUCCESS);
    expect_data(older, 100, net_bytes, 30);
    expect_eq(nx_secure_dtls_session_end(&other, 10), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&other), NX_SUCCESS);
    say(older);
    expect_data(&client, 100, net_bytes, 20);
    end_association();
}

static void a_client_has_an_association_with_each_address(void **state)
{
    (void)state;
    proves("D6347-4.1.1-8");
    kit_run(NXDTLS_PORT_VIRTUAL, two_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_answers_from_the_address_that_was_asked),
        cmocka_unit_test(a_client_has_an_association_with_each_address),
        cmocka_unit_test(a_datagram_of_a_handshake_fits_a_path_of_1280_bytes),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
