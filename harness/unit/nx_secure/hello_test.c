/* SPDX-License-Identifier: MIT */
/* Callbacks for the extensions of hellos, over the RAM wire in virtual time.
 * The server has two certificates, and its callback may choose. */
#define SESSIONS 1u
#include "association_kit.h"
#include "kit/proves.h"

#include <stdbool.h>

#define REFUSAL 0x7777
#define EXTENDED_MASTER_SECRET 23
#define RECORD_SIZE_LIMIT 28
#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER

static UINT last_error;
static NX_SECURE_X509_CERT elsewhere; /* beside server_cert, for localhost */
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
    expect(tls == &sessions[0].nx_secure_dtls_tls_session);
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
    NX_SECURE_X509_CERT *chosen = &server_cert;
    NX_SECURE_X509_DNS_NAME name;

    note(&by_server, tls, extensions, num);
    if (nx_secure_tls_session_sni_extension_parse(tls, extensions, num,
                                                  &name) == NX_SUCCESS &&
        nx_secure_x509_common_name_dns_check(
            &elsewhere, name.nx_secure_x509_dns_name,
            name.nx_secure_x509_dns_name_length) == NX_SUCCESS) {
        chosen = &elsewhere;
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

static UINT on_error(NX_SECURE_DTLS_SESSION *dtls, UINT error_code)
{
    (void)dtls;
    last_error = error_code;
    return NX_SUCCESS;
}

/* `name` is what the client asks for; NULL: nothing. */
static void create(const char *name)
{
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    by_server = (struct seen){0};
    by_client = (struct seen){0};
    last_error = 0;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    expect_eq(nx_secure_dtls_server_notify_set(&server, end_in_turn, on_error),
              NX_SUCCESS);
    add_server_identity("rsa.der", "rsa.key.der", RSA);
    cert_init(&elsewhere, "wrong-host.der", "wrong-host.key.der", RSA);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &elsewhere, 2),
        NX_SUCCESS);
    trust("root.der");
    expect_eq(nx_secure_tls_session_server_callback_set(
                  &sessions[0].nx_secure_dtls_tls_session, see_client_hello),
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
    start_server(start_sessions);
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
    expect(length_of(&by_server, RECORD_SIZE_LIMIT) == 2);
    /* What a server says of the name is empty: no name. */
    expect_eq(by_client.calls, 1);
    expect(length_of(&by_client,
                     NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION) == 0);
    expect_eq(by_client.name_status, NX_SECURE_TLS_SNI_EXTENSION_INVALID);
    expect(length_of(&by_client, EXTENDED_MASTER_SECRET) == 0);
    expect(length_of(&by_client, RECORD_SIZE_LIMIT) == 2);
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
    end_association();
}

/* Nobody has asked for a record_size_limit; both ends say theirs. */
static void each_end_sees_the_other_s_extensions(void **state)
{
    (void)state;
    proves("D8449-4-9");
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
    expect_eq(nxdtls_session_statistics_get(&sessions[0], &statistics),
              NX_SUCCESS);
    expect(statistics.retransmissions != 0);
    expect_eq(by_server.calls, 1);
    expect_eq(by_server.name_status, NX_SECURE_TLS_EXTENSION_NOT_FOUND);
    expect_eq(by_client.calls, 1);
    end_association();
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
    bool is_server = who == &by_server;

    create("localhost");
    who->answer = answer;
    expect_eq(connect_client(),
              is_server ? NX_SECURE_TLS_ALERT_RECEIVED : answer);
    expect_eq(wait_started(),
              is_server ? answer : NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(is_server ? &client : &sessions[0],
                 NX_SECURE_TLS_ALERT_LEVEL_FATAL, alert);
    expect_eq(by_client.calls, !is_server);
    end_association();
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
    end_association();
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
                  &sessions[0].nx_secure_dtls_tls_session, choose_certificate),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&sessions[0], &info), NX_SUCCESS);
    expect_eq(info.server_name_known, name_known);
    end_association();
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
    for (size_t len = 0; len < sizeof two_letters; len++) {
        kit_row("cut to %zu bytes", len);
        expect_eq(parse_name(two_letters, (USHORT)len), /* at most 7 */
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
    end_association();
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
    end_association();
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

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
