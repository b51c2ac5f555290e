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

static ULONG mtu_of(NX_SECURE_DTLS_SESSION *session)
{
    NXDTLS_SESSION_INFO info;

    expect_eq(nxdtls_session_info_get(session, &info), NX_SUCCESS);
    return info.mtu;
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
    expect_eq(mtu_of(&client),
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
        expect_eq(mtu_of(&client), mtu[CLIENT]);
        expect_eq(mtu_of(connecting), mtu[SERVER]);
        expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
        expect_eq(mtu_of(&client), mtu[CLIENT]);
        expect_eq(mtu_of(connecting), mtu[SERVER]);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_of_a_handshake_fits_a_path_of_1280_bytes),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
