/* SPDX-License-Identifier: MIT */
/* Callbacks for the extensions of hellos, over the RAM wire in virtual time.
 * The server has two certificates, and its callback may choose. */
#include "../port/net_kit.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "pki_file.h"

#include <stdbool.h>

#define PORT 4433
#define CERTS 4
#define REFUSAL 0x7777
#define EXTENDED_MASTER_SECRET 23

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION session; /* the only one of the server */
static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE server_metadata[9000 / 8];
static ALIGN_TYPE client_metadata[9000 / 8];
static UCHAR server_reassembly[4000];
static UCHAR client_reassembly[4000];
static ALIGN_TYPE
    client_certs[CERTS * (sizeof(NX_SECURE_X509_CERT) + 2000) / 8];
static TX_SEMAPHORE connected;
static UINT server_status;
static UINT last_error;

static struct file root_der, here_der, here_key, there_der, there_key;
static NX_SECURE_X509_CERT root, here, there;
static NX_SECURE_X509_DNS_NAME wanted;

/* What the callbacks have seen, the server's and the client's. */
struct seen {
    UINT calls;
    UINT answer; /* what the callback is to return */
    UINT num;
    NX_SECURE_TLS_HELLO_EXTENSION list[NX_SECURE_TLS_HELLO_EXTENSIONS_MAX];
    UINT name_status;
    NX_SECURE_X509_DNS_NAME name;
};
static struct seen by_server, by_client;

static int load_pki(void **state)
{
    (void)state;
    load(&root_der, "root.der");
    load(&here_der, "rsa.der");
    load(&here_key, "rsa.key.der");
    load(&there_der, "wrong-host.der");
    load(&there_key, "wrong-host.key.der");
    return 0;
}

static VOID note(struct seen *seen, NX_SECURE_TLS_SESSION *tls,
                 NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num)
{
    seen->calls++;
    seen->num = num;
    memcpy(seen->list, extensions, num * sizeof *extensions);
    seen->name_status = nx_secure_tls_session_sni_extension_parse(
        tls, extensions, num, &seen->name);
}

static ULONG see_client_hello(NX_SECURE_TLS_SESSION *tls,
                              NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                              UINT num)
{
    expect(tls == &session.nx_secure_dtls_tls_session);
    note(&by_server, tls, extensions, num);
    return by_server.answer;
}

static ULONG see_server_hello(NX_SECURE_TLS_SESSION *tls,
                              NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                              UINT num)
{
    expect(tls == &client.nx_secure_dtls_tls_session);
    note(&by_client, tls, extensions, num);
    return by_client.answer;
}

/* As an application with several names does it. */
static ULONG choose_certificate(NX_SECURE_TLS_SESSION *tls,
                                NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                                UINT num)
{
    NX_SECURE_X509_CERT *chosen = &here;
    NX_SECURE_X509_DNS_NAME name;

    note(&by_server, tls, extensions, num);
    if (nx_secure_tls_session_sni_extension_parse(tls, extensions, num,
                                                  &name) == NX_SUCCESS &&
        nx_secure_x509_common_name_dns_check(
            &there, name.nx_secure_x509_dns_name,
            name.nx_secure_x509_dns_name_length) == NX_SUCCESS) {
        chosen = &there;
    }
    return nx_secure_tls_active_certificate_set(tls, chosen);
}

/* The length of the one with this number, -1 if it is not there. */
static int length_of(const struct seen *seen, USHORT id)
{
    for (UINT i = 0; i < seen->num; i++) {
        if (seen->list[i].nx_secure_tls_extension_id == id) {
            return seen->list[i].nx_secure_tls_extension_data_length;
        }
    }
    return -1;
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *dtls, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)dtls;
    (void)ip;
    (void)port;
    expect_eq(by_server.calls, 0);
    expect_eq(tx_semaphore_put(&connected), TX_SUCCESS);
    return NX_SUCCESS;
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *dtls)
{
    (void)dtls;
    return NX_SUCCESS;
}

static UINT on_disconnect(NX_SECURE_DTLS_SESSION *dtls)
{
    return nx_secure_dtls_session_end(dtls, NX_NO_WAIT);
}

static UINT on_error(NX_SECURE_DTLS_SESSION *dtls, UINT error_code)
{
    (void)dtls;
    last_error = error_code;
    return NX_SUCCESS;
}

static VOID start_sessions(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connected, TX_WAIT_FOREVER) == TX_SUCCESS) {
        server_status = nx_secure_dtls_server_session_start(&session, 3000);
    }
}

static void cert_init(NX_SECURE_X509_CERT *cert, struct file *der,
                      struct file *key)
{
    expect_eq(nx_secure_x509_certificate_initialize(
                  cert, der->bytes, der->len, NX_NULL, 0,
                  key == NULL ? NX_NULL : key->bytes,
                  key == NULL ? 0 : key->len,
                  key == NULL ? NX_SECURE_X509_KEY_TYPE_NONE
                              : NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER),
              NX_SUCCESS);
}

static void create_server(void)
{
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, &session, sizeof session,
                  &nxdtls_ciphers_all, server_metadata, sizeof server_metadata,
                  server_reassembly, sizeof server_reassembly, on_connect,
                  on_receive),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, on_disconnect, on_error),
        NX_SUCCESS);
    cert_init(&here, &here_der, &here_key);
    cert_init(&there, &there_der, &there_key);
    expect_eq(nx_secure_dtls_server_local_certificate_add(&server, &here, 1),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_local_certificate_add(&server, &there, 2),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_server_callback_set(
                  &session.nx_secure_dtls_tls_session, see_client_hello),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

/* `name` is what the client asks for; NULL: nothing. */
static void create(const char *name)
{
    static CHAR semaphore_name[] = "connected";
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    by_server = (struct seen){0};
    by_client = (struct seen){0};
    last_error = 0;
    server_status = 0xffff;
    net_start(&net_a, _nx_ram_network_driver_1500, IP_ADDRESS(10, 1, 2, 3),
              net_v6(0x20010db8, 0xa1), 20);
    net_start(&net_b, _nx_ram_network_driver_1500, IP_ADDRESS(10, 1, 2, 4),
              net_v6(0x20010db8, 0xb2), 20);
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    expect_eq(tx_semaphore_create(&connected, semaphore_name, 0), TX_SUCCESS);
    create_server();
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nxdtls_ciphers_all, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, CERTS, (UCHAR *)client_certs,
                  sizeof client_certs),
              NX_SUCCESS);
    cert_init(&root, &root_der, NULL);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_add(&client, &root, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_session_client_callback_set(tls, see_server_hello),
              NX_SUCCESS);
    if (name != NULL) {
        expect_eq(nx_secure_x509_dns_name_initialize(
                      &wanted, (const UCHAR *)name, (USHORT)strlen(name)),
                  NX_SUCCESS);
        expect_eq(nx_secure_tls_session_sni_extension_set(tls, &wanted),
                  NX_SUCCESS);
    }
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

static VOID both_see_body(ULONG input)
{
    (void)input;
    create("localhost");
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(by_server.calls, 1);
    expect_eq(by_server.name_status, NX_SUCCESS);
    expect_eq(by_server.name.nx_secure_x509_dns_name_length, 9);
    expect(memcmp(by_server.name.nx_secure_x509_dns_name, "localhost", 9) ==
           0);
    expect(length_of(&by_server,
                     NX_SECURE_TLS_EXTENSION_SIGNATURE_ALGORITHMS) > 2);
    expect(length_of(&by_server, EXTENDED_MASTER_SECRET) == 0);
    /* What a server says of the name is empty: no name. */
    expect_eq(by_client.calls, 1);
    expect(length_of(&by_client,
                     NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION) == 0);
    expect_eq(by_client.name_status, NX_SECURE_TLS_SNI_EXTENSION_INVALID);
    expect(length_of(&by_client, EXTENDED_MASTER_SECRET) == 0);
    expect(length_of(&by_client,
                     NX_SECURE_TLS_EXTENSION_SIGNATURE_ALGORITHMS) == -1);
    /* The next handshake of the same session: both ends are asked again, and
     * renegotiation_info says what it is bound to (RFC 5746, 3.2). */
    expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
    expect_eq(by_server.calls, 2);
    expect_eq(by_client.calls, 2);
    expect(length_of(&by_server,
                     NX_SECURE_TLS_EXTENSION_SECURE_RENEGOTIATION) == 1 + 12);
    expect(length_of(&by_client,
                     NX_SECURE_TLS_EXTENSION_SECURE_RENEGOTIATION) == 1 + 24);
    destroy();
}

static void each_end_sees_the_other_s_extensions(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, both_see_body);
}

static UINT arrived;

/* The first flight 4 is lost: the server hears the ClientHello again. */
static VOID drop_second(NX_IP *ip, NX_PACKET *packet)
{
    arrived++;
    if (arrived == 2) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID lossy_body(ULONG input)
{
    NXDTLS_STATISTICS statistics;

    (void)input;
    create(NULL);
    arrived = 0;
    net_a.ip.nx_ip_udp_packet_receive = drop_second;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_statistics_get(&session, &statistics),
              NX_SUCCESS);
    expect(statistics.retransmissions != 0);
    expect_eq(by_server.calls, 1);
    expect_eq(by_server.name_status, NX_SECURE_TLS_EXTENSION_NOT_FOUND);
    expect_eq(by_client.calls, 1);
    destroy();
}

static void a_hello_that_comes_again_is_seen_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, lossy_body);
}

/* One end's callback says no: its own start returns that, and the other end
 * gets the alert. */
static void check_refusal(struct seen *who, UINT answer, UINT alert)
{
    NX_SECURE_TLS_SESSION *tls = &session.nx_secure_dtls_tls_session;
    UINT level;
    UINT value;

    create("localhost");
    who->answer = answer;
    if (who == &by_server) {
        expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
        tls = &client.nx_secure_dtls_tls_session;
    } else {
        expect_eq(connect_client(), answer);
    }
    tx_thread_sleep(10);
    expect_eq(server_status,
              who == &by_server ? answer : NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(nx_secure_tls_session_alert_value_get(tls, &level, &value),
              NX_SUCCESS);
    expect_eq(level, NX_SECURE_TLS_ALERT_LEVEL_FATAL);
    expect_eq(value, alert);
    expect_eq(by_client.calls, who == &by_client);
    destroy();
}

static VOID server_refuses_body(ULONG input)
{
    (void)input;
    check_refusal(&by_server, REFUSAL, NX_SECURE_TLS_ALERT_HANDSHAKE_FAILURE);
}

static VOID server_unknown_name_body(ULONG input)
{
    (void)input;
    check_refusal(&by_server, NX_SECURE_TLS_SNI_EXTENSION_INVALID, 112);
}

static VOID client_refuses_body(ULONG input)
{
    (void)input;
    check_refusal(&by_client, REFUSAL, NX_SECURE_TLS_ALERT_HANDSHAKE_FAILURE);
}

static void a_refusal_is_the_handshake_s_status_and_an_alert(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, server_refuses_body);
    kit_run(NXDTLS_PORT_VIRTUAL, server_unknown_name_body);
    kit_run(NXDTLS_PORT_VIRTUAL, client_refuses_body);
}

static VOID second_refusal_body(ULONG input)
{
    (void)input;
    create("localhost");
    expect_eq(connect_client(), NX_SUCCESS);
    by_server.answer = REFUSAL;
    expect_eq(nxdtls_session_renegotiate(&client, 500),
              NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(last_error, REFUSAL);
    destroy();
}

static void a_refused_renegotiation_is_told_to_the_server(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, second_refusal_body);
}

static const char *asked; /* by choosing_body's client */
static UINT name_known;

static VOID choosing_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    create(asked);
    expect_eq(nx_secure_tls_session_server_callback_set(
                  &session.nx_secure_dtls_tls_session, choose_certificate),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&session, &info), NX_SUCCESS);
    expect_eq(info.server_name_known, name_known);
    destroy();
}

/* D6066-3-3 */
static void a_server_s_callback_chooses_its_certificate(void **state)
{
    (void)state;
    asked = "elsewhere.example";
    name_known = 1;
    kit_run(NXDTLS_PORT_VIRTUAL, choosing_body);
    asked = "localhost";
    kit_run(NXDTLS_PORT_VIRTUAL, choosing_body);
    asked = "nowhere.example";
    name_known = 0;
    kit_run(NXDTLS_PORT_VIRTUAL, choosing_body);
}

/* struct { NameType name_type; HostName name<1..2^16-1>; } in a list */
static const UCHAR two_letters[] = {0, 5, 0, 0, 2, 'a', 'b'};
static const UCHAR other_type[] = {0, 5, 7, 0, 2, 'a', 'b'};

static UINT parse_name(const UCHAR *data, USHORT len)
{
    NX_SECURE_TLS_HELLO_EXTENSION list[] = {
        {23, 0, data},
        {NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION, len, data}};

    return _nx_secure_tls_session_sni_extension_parse(
        &client.nx_secure_dtls_tls_session, list, 2, &by_server.name);
}

static VOID names_body(ULONG input)
{
    UCHAR longest[5 + NX_SECURE_X509_DNS_NAME_MAX + 1] = {
        0, NX_SECURE_X509_DNS_NAME_MAX + 3, 0, 0, NX_SECURE_X509_DNS_NAME_MAX};
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;
    NX_SECURE_TLS_HELLO_EXTENSION none = {0};

    (void)input;
    create(NULL);
    expect_eq(parse_name(two_letters, sizeof two_letters), NX_SUCCESS);
    expect_eq(by_server.name.nx_secure_x509_dns_name_length, 2);
    for (USHORT len = 0; len < sizeof two_letters; len++) {
        expect_eq(parse_name(two_letters, len),
                  NX_SECURE_TLS_SNI_EXTENSION_INVALID);
    }
    expect_eq(parse_name(other_type, sizeof other_type),
              NX_SECURE_TLS_SNI_EXTENSION_INVALID);
    expect_eq(parse_name(longest, sizeof longest - 1), NX_SUCCESS);
    longest[1]++;
    longest[4]++;
    expect_eq(parse_name(longest, sizeof longest),
              NX_SECURE_TLS_SNI_EXTENSION_INVALID);
    expect_eq(nx_secure_tls_session_sni_extension_parse(tls, &none, 0,
                                                        &by_server.name),
              NX_SECURE_TLS_EXTENSION_NOT_FOUND);
    expect_eq(nx_secure_tls_session_sni_extension_parse(tls, NX_NULL, 1,
                                                        &by_server.name),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_session_sni_extension_parse(tls, &none, 1, NX_NULL),
        NX_PTR_ERROR);
    destroy();
}

static void the_name_is_read_strictly(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, names_body);
}

static VOID arguments_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    (void)input;
    create(NULL);
    expect_eq(nx_secure_tls_session_client_callback_set(NX_NULL, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_server_callback_set(NX_NULL, NX_NULL),
              NX_PTR_ERROR);
    tls->nx_secure_tls_id = 0;
    expect_eq(nx_secure_tls_session_client_callback_set(tls, NX_NULL),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(nx_secure_tls_session_server_callback_set(tls, NX_NULL),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    tls->nx_secure_tls_id = NX_SECURE_TLS_ID;
    expect_eq(_nx_secure_tls_session_client_callback_set(tls, NX_NULL),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(by_client.calls, 0);
    expect_eq(by_server.calls, 1);
    destroy();
}

static void a_callback_can_be_taken_away(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, arguments_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_end_sees_the_other_s_extensions),
        cmocka_unit_test(a_hello_that_comes_again_is_seen_once),
        cmocka_unit_test(a_refusal_is_the_handshake_s_status_and_an_alert),
        cmocka_unit_test(a_refused_renegotiation_is_told_to_the_server),
        cmocka_unit_test(a_server_s_callback_chooses_its_certificate),
        cmocka_unit_test(the_name_is_read_strictly),
        cmocka_unit_test(a_callback_can_be_taken_away),
    };

    return cmocka_run_group_tests(tests, load_pki, NULL);
}
