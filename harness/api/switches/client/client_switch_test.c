/* SPDX-License-Identifier: MIT */
/* A library without servers, CRLs, curves, AEAD and IPv6 (nx_user.h). */
#include "../switches_kit.h"

#include "nxdtls.h"
#include "unit/nx_secure/pki_kit.h"

#include <stdbool.h>

#if defined(nx_secure_dtls_server_create) ||                                  \
    defined(nx_secure_dtls_server_session_start) ||                           \
    defined(nx_secure_tls_session_server_callback_set) ||                     \
    defined(nx_secure_x509_crl_revocation_check) ||                           \
    defined(NX_SECURE_ENABLE_AEAD_CIPHER) ||                                  \
    !defined(nx_secure_dtls_client_session_send)
#error "the headers are not those of nx_user.h"
#endif

SWITCHED(_nx_secure_dtls_server_create);
SWITCHED(_nxe_secure_dtls_server_create);
SWITCHED(_nx_secure_dtls_server_session_start);
SWITCHED(_nx_secure_tls_session_server_callback_set);
SWITCHED(_nx_secure_tls_session_sni_extension_parse);
SWITCHED(_nx_secure_x509_crl_revocation_check);
SWITCHED(nxdtls_server_mtu_set);

static void what_needs_a_server_or_a_crl_is_not_there(void **state)
{
    (void)state;
    expect_absent(_nx_secure_dtls_server_create);
    expect_absent(_nxe_secure_dtls_server_create);
    expect_absent(_nx_secure_dtls_server_session_start);
    expect_absent(_nx_secure_tls_session_server_callback_set);
    expect_absent(_nx_secure_tls_session_sni_extension_parse);
    expect_absent(_nx_secure_x509_crl_revocation_check);
    expect_absent(nxdtls_server_mtu_set);
}

static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE metadata[9000 / 8];
static UCHAR reassembly[4000];
static ALIGN_TYPE certs[(sizeof(NX_SECURE_X509_CERT) + 2000) / 8];
static NX_SECURE_X509_CERT root;
static UCHAR identity[] = "sensor";
static UCHAR key[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};

/* Net B has a socket that only listens. */
static void create(void)
{
    start_hosts(net_v6(0, 0), net_v6(0, 0));
    expect_eq(nx_secure_dtls_session_create(&client, &nxdtls_ciphers_all,
                                            metadata, sizeof metadata,
                                            reassembly, sizeof reassembly, 1,
                                            (UCHAR *)certs, sizeof certs),
              NX_SUCCESS);
    cert_init(&root, "root.der", NULL, 0);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_add(&client, &root, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&client, key, sizeof key, identity, 6,
                                     NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_b.socket, PORT, NX_NO_WAIT), NX_SUCCESS);
}

static void destroy(void)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    finish_hosts();
}

/* Is the number in a list that begins with its length in bytes? */
static bool has(const UCHAR *list, UINT number)
{
    UINT len = (UINT)list[0] << 8 | list[1];

    for (UINT i = 2; i < 2 + len; i += 2) {
        if (((UINT)list[i] << 8 | list[i + 1]) == number) {
            return true;
        }
    }
    return false;
}

/* Finds the list of signature_algorithms, after the suites, null compression
 * and other extensions. */
static const UCHAR *pairs_of(const UCHAR *suites, const UCHAR *end)
{
    const UCHAR *at = &suites[2 + (suites[0] << 8) + suites[1] + 2 + 2];

    while (at + 4 < end &&
           (at[0] != 0 ||
            at[1] != NX_SECURE_TLS_EXTENSION_SIGNATURE_ALGORITHMS)) {
        at += 4 + (at[2] << 8) + at[3];
    }
    return at + 4;
}

static void check_hello(void)
{
    static UCHAR hello[2000];
    const UCHAR *suites = &hello[13 + 12 + 2 + 32 + 1 + 1];
    NX_PACKET *packet = NX_NULL;
    ULONG len = 0;

    expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, NX_NO_WAIT),
              NX_SUCCESS);
    if (packet == NX_NULL) {
        return;
    }
    expect_eq(nx_packet_data_retrieve(packet, hello, &len), NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect(has(suites, 0x00AE));
    expect(has(suites, 0x003C));
    expect(!has(suites, 0x00A8)); /* GCM */
    expect(!has(suites, 0xC0A8)); /* CCM */
    expect(!has(suites, 0xCCAB)); /* ChaCha20-Poly1305 */
    expect(!has(suites, 0xC027)); /* ECDHE */
    expect(has(pairs_of(suites, &hello[len]), 0x0401));
    expect(!has(pairs_of(suites, &hello[len]), 0x0403)); /* ECDSA */
}

static VOID connect_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    ULONG before;

    (void)input;
    create();
    before = tx_time_get();
    expect_eq(nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                  PORT, NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(tx_time_get() - before, 100 * (1 + 4 + 16 + 60 + 60));
    for (UINT i = 0; i < 5; i++) {
        kit_row("hello %u", i);
        check_hello();
    }
    destroy();
}

static void a_client_asks_for_what_is_left(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, connect_body);
}

static VOID refusals_body(ULONG input)
{
    NXD_ADDRESS to = net_v6(0x20010db8, 0xb2);
    NX_SECURE_X509_CERT ec;

    (void)input;
    create();
    expect_eq(nx_secure_dtls_session_start(&client, &net_a.socket, NX_FALSE,
                                           NX_NO_WAIT),
              NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_enable(&net_a.ip), NX_NOT_SUPPORTED);
    expect_eq(nxd_ipv6_address_set(&net_a.ip, 0, &to, 64, NX_NULL),
              NX_NOT_SUPPORTED);
    expect_eq(net_send(&net_a, to, PORT, 1), NX_NOT_SUPPORTED);
    expect_eq(NX_UDP_PACKET, NX_IPv4_UDP_PACKET);
    expect_eq(nx_secure_x509_certificate_initialize(
                  &ec, pki("ec.der")->bytes, pki("ec.der")->len, NX_NULL, 0,
                  pki("ec.key.der")->bytes, pki("ec.key.der")->len,
                  NX_SECURE_X509_KEY_TYPE_EC_DER),
              NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    destroy();
}

static void a_server_s_start_ipv6_and_ec_keys_are_not_supported(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refusals_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_a_server_or_a_crl_is_not_there),
        cmocka_unit_test(a_client_asks_for_what_is_left),
        cmocka_unit_test(a_server_s_start_ipv6_and_ec_keys_are_not_supported),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
