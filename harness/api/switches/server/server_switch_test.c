/* SPDX-License-Identifier: MIT */
/* A library without clients, pre-shared keys and IPv4, with cookies of 16
 * bytes (nx_user.h).  Its peer is a UDP socket with bytes of the test. */
#include "../switches_kit.h"
#include "unit/nx_secure/pki_kit.h"

#include "nxdtls.h"

#define COOKIE 16

#if defined(nx_secure_dtls_client_session_start) ||                           \
    defined(nx_secure_tls_session_client_callback_set) ||                     \
    defined(nx_secure_dtls_psk_add) ||                                        \
    defined(nx_secure_dtls_server_psk_add) ||                                 \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
#error "the headers are not those of nx_user.h"
#endif

SWITCHED(_nx_secure_dtls_client_session_start);
SWITCHED(_nxe_secure_dtls_client_session_start);
SWITCHED(_nx_secure_tls_session_client_callback_set);
SWITCHED(_nx_secure_tls_session_sni_extension_set);
SWITCHED(_nx_secure_dtls_psk_add);
SWITCHED(_nxe_secure_dtls_server_psk_add);
SWITCHED(_nx_secure_tls_client_psk_set);

static void what_needs_a_client_or_a_pre_shared_key_is_not_there(void **state)
{
    (void)state;
    expect_absent(_nx_secure_dtls_client_session_start);
    expect_absent(_nxe_secure_dtls_client_session_start);
    expect_absent(_nx_secure_tls_session_client_callback_set);
    expect_absent(_nx_secure_tls_session_sni_extension_set);
    expect_absent(_nx_secure_dtls_psk_add);
    expect_absent(_nxe_secure_dtls_server_psk_add);
    expect_absent(_nx_secure_tls_client_psk_set);
}

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION session;
static ALIGN_TYPE metadata[9000 / 8];
static UCHAR reassembly[4000];
static NX_SECURE_X509_CERT certificate;

static UINT on_connect_v6(NX_SECURE_DTLS_SESSION *dtls, NXD_ADDRESS *ip,
                          UINT port)
{
    expect_eq(ip->nxd_ip_version, NX_IP_VERSION_V6);
    return on_connect(dtls, ip, port);
}

/* The client does not answer the server's flight, so its wait ends. */
static VOID serve(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connected, TX_WAIT_FOREVER) == TX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_session_start(&session, 10),
                  NX_NO_PACKET);
    }
}

static void create(void)
{
    start_server_hosts();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, &session, sizeof session,
                  &nxdtls_ciphers_all, metadata, sizeof metadata, reassembly,
                  sizeof reassembly, on_connect_v6, on_receive),
              NX_SUCCESS);
    cert_init(&certificate, "rsa.der", "rsa.key.der",
              NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &certificate, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    (void)kit_spawn(serve, 0, 10);
}

static void destroy(void)
{
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    finish_hosts();
}

/* A ClientHello that offers a PSK suite before an RSA suite. */
static ULONG put_hello(UCHAR out[128], UCHAR seq, const UCHAR *cookie,
                       UCHAR cookie_len)
{
    static const UCHAR rest[] = {0, 4, 0x00, 0xAE, 0x00, 0x3C, 1, 0};
    UCHAR body_len = (UCHAR)(2 + 32 + 1 + 1 + cookie_len + sizeof rest);
    const UCHAR head[] = {22,
                          0xfe,
                          0xfd,
                          0,
                          0,
                          0,
                          0,
                          0,
                          0,
                          0,
                          seq,
                          0,
                          (UCHAR)(12 + body_len),
                          1,
                          0,
                          0,
                          body_len,
                          0,
                          seq,
                          0,
                          0,
                          0,
                          0,
                          0,
                          body_len,
                          0xfe,
                          0xfd};
    ULONG len = sizeof head;

    memcpy(out, head, sizeof head);
    memset(&out[len], 0x5c, 32); /* random */
    len += 32;
    out[len++] = 0; /* session_id */
    out[len++] = cookie_len;
    for (UCHAR i = 0; i < cookie_len; i++) {
        out[len++] = cookie[i];
    }
    memcpy(&out[len], rest, sizeof rest);
    return len + (ULONG)sizeof rest;
}

/* Sends the hello and reads the first datagram of the answer.  Returns its
 * length, 0 if there is none. */
static ULONG ask(const UCHAR *hello, ULONG hello_len, UCHAR *answer)
{
    NXD_ADDRESS to = net_v6(0x20010db8, 0xb2);
    NX_PACKET *packet = NX_NULL;
    ULONG len = 0;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, (VOID *)(ALIGN_TYPE)hello,
                                    hello_len, &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nxd_udp_socket_send(&net_a.socket, packet, &to, PORT),
              NX_SUCCESS);
    packet = NX_NULL;
    expect_eq(nx_udp_socket_receive(&net_a.socket, &packet, 100), NX_SUCCESS);
    if (packet != NX_NULL) {
        expect_eq(nx_packet_data_retrieve(packet, answer, &len), NX_SUCCESS);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return len;
}

static VOID serve_body(ULONG input)
{
    static UCHAR answer[2000];
    UCHAR hello[128];
    const UCHAR *at = &answer[13 + 12 + 2];

    (void)input;
    create();
    /* HelloVerifyRequest: version, and the cookie behind its length. */
    expect_eq(ask(hello, put_hello(hello, 0, NX_NULL, 0), answer),
              13 + 12 + 2 + 1 + COOKIE);
    expect_eq(answer[13], 3);
    expect_eq(at[0], COOKIE);
    /* ServerHello: version, random, no session id, suite. */
    expect(ask(hello, put_hello(hello, 1, &at[1], COOKIE), answer) > 100);
    expect_eq(answer[13], 2);
    expect_eq(at[32], 0);
    expect_eq(at[33], 0x00);
    expect_eq(at[34], 0x3C);
    tx_thread_sleep(20); /* until the start gives up */
    destroy();
}

static void a_server_takes_what_is_left_behind_a_short_cookie(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, serve_body);
}

static VOID refusals_body(ULONG input)
{
    ULONG address;
    ULONG mask;

    (void)input;
    create();
    expect_eq(nx_secure_dtls_session_start(&session, &net_a.socket, NX_TRUE,
                                           NX_NO_WAIT),
              NX_NOT_SUPPORTED);
    expect_eq(nx_ip_address_get(&net_a.ip, &address, &mask), NX_NOT_SUPPORTED);
    expect_eq(net_send(&net_a, net_v4(SERVER_ADDRESS), PORT, 1),
              NX_NOT_SUPPORTED);
    destroy();
}

static void a_client_s_start_and_ipv4_are_not_supported(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refusals_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_a_client_or_a_pre_shared_key_is_not_there),
        cmocka_unit_test(a_server_takes_what_is_left_behind_a_short_cookie),
        cmocka_unit_test(a_client_s_start_and_ipv4_are_not_supported),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
