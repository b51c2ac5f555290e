/* SPDX-License-Identifier: MIT */
/* The TLS services, and those that create, with what they cannot use: no
 * session, one that was not created, a pointer that is missing, a number out
 * of range. */
#include "association_kit.h"

static NX_SECURE_X509_CERT certificate;
static NX_SECURE_X509_CERT *found;
static NX_SECURE_X509_DNS_NAME dns_name;
static UCHAR word[4] = "name";
static UINT number[2];
static ULONG size;

static ULONG no_time(VOID)
{
    return 0;
}

static ULONG any_certificate(NX_SECURE_TLS_SESSION *s, NX_SECURE_X509_CERT *c)
{
    (void)s;
    (void)c;
    return NX_SUCCESS;
}

static ULONG any_renegotiation(NX_SECURE_TLS_SESSION *s)
{
    (void)s;
    return NX_SUCCESS;
}

/* Every checked service of a session, with pointers that are right. */
static void refuse_all(NX_SECURE_TLS_SESSION *s, UINT wanted)
{
    NX_SECURE_TLS_HELLO_EXTENSION extension = {0};

    expect_eq(
        nx_secure_tls_session_renegotiate_callback_set(s, any_renegotiation),
        wanted);
    expect_eq(nx_secure_tls_session_time_function_set(s, no_time), wanted);
    expect_eq(nx_secure_tls_session_alert_value_get(s, &number[0], &number[1]),
              wanted);
    expect_eq(nx_secure_tls_session_packet_pool_set(s, &net_a.pool), wanted);
    expect_eq(nx_secure_tls_session_client_callback_set(s, refuse_hello),
              wanted);
    expect_eq(nx_secure_tls_session_server_callback_set(s, refuse_hello),
              wanted);
    expect_eq(nx_secure_tls_session_sni_extension_set(s, &dns_name), wanted);
    expect_eq(
        nx_secure_tls_session_sni_extension_parse(s, &extension, 1, &dns_name),
        wanted);
    expect_eq(
        nx_secure_tls_session_certificate_callback_set(s, any_certificate),
        wanted);
    expect_eq(nx_secure_tls_active_certificate_set(s, &certificate), wanted);
    expect_eq(nx_secure_tls_client_psk_set(s, psk, sizeof psk, psk_identity, 6,
                                           NX_NULL, 0),
              wanted);
    expect_eq(nx_secure_tls_session_protocol_version_override(
                  s, NX_SECURE_TLS_VERSION_TLS_1_2),
              wanted);
    expect_eq(nx_secure_tls_session_packet_buffer_set(s, client_reassembly,
                                                      REASSEMBLY),
              wanted);
    expect_eq(nx_secure_tls_session_reset(s), wanted);
    expect_eq(
        nx_secure_tls_psk_add(s, psk, sizeof psk, psk_identity, 6, NX_NULL, 0),
        wanted);
    expect_eq(nx_secure_tls_local_certificate_add(s, &certificate), wanted);
    expect_eq(nx_secure_tls_trusted_certificate_add(s, &certificate), wanted);
    expect_eq(nx_secure_tls_server_certificate_add(s, &certificate, 1),
              wanted);
    expect_eq(nx_secure_tls_local_certificate_remove(s, word, 4), wanted);
    expect_eq(nx_secure_tls_trusted_certificate_remove(s, word, 4), wanted);
    expect_eq(nx_secure_tls_server_certificate_remove(s, 1), wanted);
    expect_eq(nx_secure_tls_local_certificate_find(s, &found, word, 4),
              wanted);
    expect_eq(nx_secure_tls_server_certificate_find(s, &found, 1), wanted);
    expect_eq(nx_secure_tls_remote_certificate_buffer_allocate(
                  s, 1, client_certs, sizeof client_certs),
              wanted);
    expect_eq(nx_secure_tls_session_client_verify_enable(s), wanted);
    expect_eq(nx_secure_tls_session_client_verify_disable(s), wanted);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(
                  s, 1, client_certs, sizeof client_certs),
              wanted);
}

static VOID no_session(ULONG input)
{
    static NX_SECURE_TLS_SESSION blank;

    (void)input;
    refuse_all(NX_NULL, NX_PTR_ERROR);
    refuse_all(&blank, NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

static void a_tls_service_needs_a_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_session);
}

static UINT create(const NX_SECURE_TLS_CRYPTO *table, VOID *metadata,
                   UCHAR *reassembly, UINT certs, UCHAR *buffer)
{
    return nx_secure_dtls_session_create(
        &client, table, metadata, sizeof client_metadata, reassembly,
        sizeof client_reassembly, certs, buffer, sizeof client_certs);
}

static VOID missing(ULONG input)
{
    NX_SECURE_TLS_SESSION *s = &client.nx_secure_dtls_tls_session;
    NX_SECURE_TLS_HELLO_EXTENSION extension = {0};

    (void)input;
    expect_eq(create(&nxdtls_ciphers_all, client_metadata, client_reassembly,
                     0, NX_NULL),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_alert_value_get(s, NX_NULL, &number[1]),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_alert_value_get(s, &number[0], NX_NULL),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_packet_pool_set(s, NX_NULL), NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_session_sni_extension_parse(s, NX_NULL, 1, &dns_name),
        NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_session_sni_extension_parse(s, &extension, 1, NX_NULL),
        NX_PTR_ERROR);
    expect_eq(nx_secure_tls_client_psk_set(s, NX_NULL, 6, psk_identity, 6,
                                           NX_NULL, 0),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_client_psk_set(s, psk, 0, psk_identity, 6, NX_NULL, 0),
        NX_PTR_ERROR);
    expect_eq(nx_secure_tls_client_psk_set(s, psk, 6, NX_NULL, 6, NX_NULL, 0),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_client_psk_set(s, psk, 6, psk_identity, 6, NX_NULL, 3),
        NX_PTR_ERROR);
    expect_eq(nx_secure_tls_client_psk_set(s, psk, 6, psk_identity, 6, word,
                                           sizeof word),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_packet_buffer_set(s, NX_NULL, REASSEMBLY),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_local_certificate_add(s, NX_NULL), NX_PTR_ERROR);
    expect_eq(nx_secure_tls_trusted_certificate_add(s, NX_NULL), NX_PTR_ERROR);
    expect_eq(nx_secure_tls_server_certificate_add(s, NX_NULL, 1),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_local_certificate_find(s, NX_NULL, word, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_local_certificate_find(s, &found, NX_NULL, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_server_certificate_find(s, NX_NULL, 1),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_remote_certificate_buffer_allocate(
                  s, 1, NX_NULL, sizeof client_certs),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_session_x509_client_verify_configure(s, 1, NX_NULL, 0),
        NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(
                  s, 0, NX_NULL, sizeof client_certs),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_session_x509_client_verify_configure(s, 0, NX_NULL, 0),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(
                  s, 0, client_certs, sizeof client_certs),
              NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_remote_certificate_buffer_allocate(
                  s, 0, client_certs, sizeof client_certs),
              NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_remote_certificate_allocate(s, &certificate,
                                                        NX_NULL, 100),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_remote_certificate_allocate(s, NX_NULL, word, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_x509_common_name_dns_check(NX_NULL, word, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_x509_common_name_dns_check(&certificate, NX_NULL, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_x509_dns_name_initialize(NX_NULL, word, 4),
              NX_PTR_ERROR);
    expect_eq(nx_secure_x509_dns_name_initialize(&dns_name, NX_NULL, 4),
              NX_PTR_ERROR);
    for (UINT missing_one = 0; missing_one < 3; missing_one++) {
        NX_SECURE_X509_CERTIFICATE_STORE store = {0};

        kit_row("store, certificate, location: %u is missing", missing_one);
        expect_eq(_nx_secure_x509_store_certificate_find(
                      missing_one == 0 ? NX_NULL : &store, NX_NULL, 1,
                      missing_one == 1 ? NX_NULL : &found,
                      missing_one == 2 ? NX_NULL : &number[0]),
                  NX_PTR_ERROR);
    }
    expect_eq(nx_secure_tls_metadata_size_calculate(NX_NULL, &size),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_metadata_size_calculate(&nxdtls_ciphers_all, NX_NULL),
        NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, NX_NULL, 1, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_ecc_initialize(
                  &client, nx_crypto_ecc_supported_groups, 1, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, NX_NULL, 0, NX_NULL),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
}

static VOID ports(ULONG input)
{
    static const UINT refused[] = {0, 65536, 65537 + 4433};
    NXD_ADDRESS to = net_v4(0x0a010203);

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        kit_row("port %u", refused[i]);
        expect_eq(nx_secure_dtls_client_session_start(
                      &client, &net_a.socket, &to, refused[i], NX_NO_WAIT),
                  NX_INVALID_PORT);
        expect_eq(client.nx_secure_dtls_session_in_use, NX_FALSE);
    }
    expect_eq(
        nx_secure_dtls_psk_add(&client, psk, 0, psk_identity, 6, NX_NULL, 0),
        NX_PTR_ERROR);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void a_port_has_sixteen_bits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ports);
}

static void a_tls_service_needs_its_pointers(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, missing);
}

static VOID versions(ULONG input)
{
    static const USHORT refused[] = {NX_SECURE_TLS_VERSION_TLS_1_0,
                                     NX_SECURE_TLS_VERSION_TLS_1_1, 0x7777};
    NX_SECURE_TLS_SESSION *s = &client.nx_secure_dtls_tls_session;

    (void)input;
    expect_eq(create(&nxdtls_ciphers_all, client_metadata, client_reassembly,
                     0, NX_NULL),
              NX_SUCCESS);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        kit_row("%04x", refused[i]);
        expect(nx_secure_tls_session_protocol_version_override(
                   s, refused[i]) != NX_SUCCESS);
    }
    expect_eq(nx_secure_tls_session_protocol_version_override(
                  s, NX_SECURE_TLS_VERSION_TLS_1_2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
}

static void an_old_version_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, versions);
}

/* ---- Creating ---- */

static VOID sessions_of_nothing(ULONG input)
{
    (void)input;
    expect_eq(create(NX_NULL, client_metadata, client_reassembly, 0, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(
        create(&nxdtls_ciphers_all, NX_NULL, client_reassembly, 0, NX_NULL),
        NX_PTR_ERROR);
    expect_eq(
        create(&nxdtls_ciphers_all, client_metadata, NX_NULL, 0, NX_NULL),
        NX_PTR_ERROR);
    expect_eq(create(&nxdtls_ciphers_all, client_metadata, client_reassembly,
                     CERTS, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(create(&nxdtls_ciphers_all, client_metadata, client_reassembly,
                     CERTS, (UCHAR *)client_certs),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
}

static void a_session_needs_its_parts(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sessions_of_nothing);
}

/* The server that the parts would make; NX_NULL for the one that is missing.
 */
struct parts {
    NX_SECURE_DTLS_SERVER *server;
    NX_IP *ip;
    VOID *sessions;
    const NX_SECURE_TLS_CRYPTO *table;
    VOID *metadata;
    UCHAR *reassembly;
    UINT (*connect)(NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT);
    UINT (*receive)(NX_SECURE_DTLS_SESSION *);
};

static UINT make_server(const struct parts *p)
{
    return nx_secure_dtls_server_create(
        p->server, p->ip, PORT, 100, p->sessions, sizeof sessions, p->table,
        p->metadata, sizeof server_metadata, p->reassembly,
        sizeof server_reassembly, p->connect, p->receive);
}

static VOID servers_of_nothing(ULONG input)
{
    const struct parts whole = {
        &server,         &net_b.ip,         sessions,   &nxdtls_ciphers_all,
        server_metadata, server_reassembly, on_connect, ignore_data};
    struct parts p;

    (void)input;
    net_start(&net_b, _nx_ram_network_driver_1500, SERVER_ADDRESS, SERVER_V6,
              5);
#define WITHOUT(part)                                                         \
    p = whole;                                                                \
    p.part = NX_NULL;                                                         \
    expect_eq(make_server(&p), NX_PTR_ERROR)
    WITHOUT(server);
    WITHOUT(ip);
    WITHOUT(sessions);
    WITHOUT(table);
    WITHOUT(metadata);
    WITHOUT(reassembly);
    WITHOUT(connect);
    WITHOUT(receive);
#undef WITHOUT
    expect_eq(make_server(&whole), NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_ecc_initialize(&server, NX_NULL, 1, NX_NULL),
        NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_server_ecc_initialize(
                  &server, nx_crypto_ecc_supported_groups, 1, NX_NULL),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_dtls_server_ecc_initialize(&server, NX_NULL, 0, NX_NULL),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    net_finish(&net_b);
}

static void a_server_needs_its_parts(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, servers_of_nothing);
}

/* ---- Texts ---- */

static void whatever_has_no_name_is_called_so(void **state)
{
    (void)state;
    assert_string_equal(nxdtls_status_text(0xfffe), "unknown status");
    assert_string_not_equal(nxdtls_status_text(NX_SUCCESS), "unknown status");
    assert_ptr_equal(nxdtls_suite_name(0x1c02b), nxdtls_suite_name(0xfffe));
    assert_ptr_not_equal(nxdtls_suite_name(0xc02b), nxdtls_suite_name(0xfffe));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tls_service_needs_a_session),
        cmocka_unit_test(a_tls_service_needs_its_pointers),
        cmocka_unit_test(a_port_has_sixteen_bits),
        cmocka_unit_test(an_old_version_is_refused),
        cmocka_unit_test(a_session_needs_its_parts),
        cmocka_unit_test(a_server_needs_its_parts),
        cmocka_unit_test(whatever_has_no_name_is_called_so),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
