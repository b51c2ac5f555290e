/* SPDX-License-Identifier: MIT */
/* What applications of NetX Secure DTLS rely on beside statuses: where
 * notifications run, whose a packet is, what is checked only if it is asked
 * for, what a setting does. */
#include "association_kit.h"

#include <stdbool.h>

#define WAIT 300

static UINT calls;
static UINT last_error;

/* Notifications run in the server's IP thread. */
static UINT connect_in_ip_thread(NX_SECURE_DTLS_SESSION *session,
                                 NXD_ADDRESS *ip, UINT port)
{
    calls++;
    expect(tx_thread_identify() == &net_b.ip.nx_ip_thread);
    expect_eq(ip->nxd_ip_version, NX_IP_VERSION_V4);
    expect_eq(ip->nxd_ip_address.v4,
              net_a.ip.nx_ip_interface[0].nx_interface_ip_address);
    expect_eq(port, net_a.socket.nx_udp_socket_port);
    return on_connect(session, ip, port);
}

static UINT receive_in_ip_thread(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    calls++;
    expect(tx_thread_identify() == &net_b.ip.nx_ip_thread);
    return NX_SUCCESS;
}

static VOID notification_body(ULONG input)
{
    (void)input;
    calls = 0;
    start_psk(&nxdtls_ciphers_all, receive_in_ip_thread);
    server.nx_dtls_server_connect_notify = connect_in_ip_thread;
    expect(server.nx_dtls_server_udp_socket.nx_udp_socket_reserved_ptr ==
           &server);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(calls, 1);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(9)),
              NX_SUCCESS);
    expect_eq(calls, 2);
    end_association();
}

static void notifications_run_in_the_ip_thread(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, notification_body);
}

/* error_notify gets no session when there is none. */
static UINT note_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    expect(session == NX_NULL);
    last_error = error_code;
    return NX_SUCCESS;
}

static VOID full_body(ULONG input)
{
    (void)input;
    last_error = 0;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    expect_eq(nx_secure_dtls_server_notify_set(&server, NX_NULL, note_error),
              NX_SUCCESS);
    for (UINT i = 0; i <= SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(last_error, 0);
        expect_eq(connect_to(net_v4(SERVER_ADDRESS), 10), NX_NO_PACKET);
        expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
                  NX_SUCCESS);
    }
    expect_eq(last_error, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS);
    end_association();
}

static void a_full_server_says_so_without_a_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, full_body);
}

/* A packet with room for a record's header and nothing else: neither an
 * explicit nonce nor padding nor a MAC fits into it. */
static NX_PACKET *narrow_packet(VOID)
{
    NX_PACKET *packet = NX_NULL;
    ULONG len;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    packet->nx_packet_prepend_ptr += NX_SECURE_DTLS_RECORD_HEADER_SIZE;
    packet->nx_packet_append_ptr = packet->nx_packet_prepend_ptr;
    len = (ULONG)(packet->nx_packet_data_end - packet->nx_packet_prepend_ptr);
    expect_eq(
        nx_packet_data_append(packet, net_bytes, len, &net_a.pool, NX_NO_WAIT),
        NX_SUCCESS);
    expect(packet->nx_packet_next == NX_NULL);
    return packet;
}

/* The suite of the association. */
static NX_SECURE_TLS_CIPHERSUITE_INFO only[1];
static NX_SECURE_TLS_CRYPTO one_suite;

static bool choose(USHORT suite)
{
    one_suite = nxdtls_ciphers_all;
    for (USHORT i = 0;
         i < one_suite.nx_secure_tls_ciphersuite_lookup_table_size; i++) {
        only[0] = nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table[i];
        if (only[0].nx_secure_tls_ciphersuite == suite) {
            one_suite.nx_secure_tls_ciphersuite_lookup_table = only;
            one_suite.nx_secure_tls_ciphersuite_lookup_table_size = 1;
            return true;
        }
    }
    return false;
}

static VOID narrow_body(ULONG input)
{
    NX_PACKET *packet;
    ULONG len;
    ULONG available;

    (void)input;
    start_psk(&one_suite, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    available = net_a.pool.nx_packet_pool_available;
    packet = narrow_packet();
    len = packet->nx_packet_length;
    expect_eq(nx_secure_dtls_client_session_send(&client, packet), NX_SUCCESS);
    /* A send that succeeds has consumed the packet. */
    expect_eq(net_a.pool.nx_packet_pool_available, available);
    expect_data(connecting, WAIT, net_bytes, len);
    /* One that fails has not. */
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    available = net_a.pool.nx_packet_pool_available;
    packet = narrow_packet();
    expect_eq(nx_secure_dtls_client_session_send(&client, packet),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(packet->nx_packet_length, len);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(net_a.pool.nx_packet_pool_available, available);
    end_association();
}

static void thirteen_bytes_of_headroom_are_enough(void **state)
{
    static const USHORT suites[] = {0x00ae, 0xc0a8, 0x00a8, 0xccab, 0x008c};

    (void)state;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        kit_row("suite %04x", suites[i]);
        assert_true(choose(suites[i]));
        kit_run(NXDTLS_PORT_VIRTUAL, narrow_body);
    }
}

/* The peer's close_notify has come before: there is nothing to wait for. */
static VOID ended_before_body(ULONG input)
{
    ULONG before;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    /* Not active: it resets and returns 0. */
    expect_eq(nx_secure_dtls_session_end(&client, NX_WAIT_FOREVER),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    before = tx_time_get();
    expect_eq(nx_secure_dtls_session_end(connecting, NX_NO_WAIT),
              NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_end(&client, NX_WAIT_FOREVER),
              NX_SUCCESS);
    expect_eq(tx_time_get(), before);
    /* A slot without a client. */
    expect_eq(nx_secure_dtls_session_end(connecting, NX_NO_WAIT),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    end_association();
}

static void who_was_told_goodbye_need_not_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ended_before_body);
}

static ULONG in_2051(VOID)
{
    return 2556144000u;
}

static ULONG in_1999(VOID)
{
    return 915148800u;
}

/* The server shows an EC certificate that is valid from 2020 to 2049. */
static VOID start_certified(const char *der, const char *key, UINT type)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_server_identity(der, key, type);
    trust("root.der");
    start_server(start_sessions);
}

static UINT connect_at(ULONG (*now)(VOID))
{
    UINT status;

    expect_eq(nx_secure_tls_session_time_function_set(
                  &client.nx_secure_dtls_tls_session, now),
              NX_SUCCESS);
    status = connect_client();
    (void)wait_started();
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
    tx_thread_sleep(1);
    (void)nx_secure_dtls_session_end(connecting, NX_NO_WAIT);
    return status;
}

static VOID dates_body(ULONG input)
{
    (void)input;
    start_certified("ec.der", "ec.key.der", NX_SECURE_X509_KEY_TYPE_EC_DER);
    set_all_curves();
    expect_eq(connect_at(in_2051), NX_SECURE_X509_CERTIFICATE_EXPIRED);
    expect_eq(connect_at(in_1999), NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID);
    expect_eq(connect_at(NX_NULL), NX_SUCCESS);
    end_association();
}

static void dates_are_checked_with_a_time_function_only(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, dates_body);
}

/* Without nx_secure_dtls_ecc_initialize no curve is used. */
static VOID curves_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    start_certified("rsa.der", "rsa.key.der",
                    NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0x009c);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, NX_NULL, 1,
                                            nx_crypto_ecc_curves),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_server_ecc_initialize(
                  &server, nx_crypto_ecc_supported_groups, 1, NX_NULL),
              NX_PTR_ERROR);
    set_all_curves();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0xcca8);
    end_association();
}

static void curves_are_used_when_they_are_registered(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, curves_body);
}

/* The name a client asks for is acknowledged if the certificate has it. */
static VOID ask_for(const char *text, UINT known)
{
    static NX_SECURE_X509_DNS_NAME host;
    NXDTLS_SESSION_INFO info;

    memset(&host, 0x5a, sizeof host);
    expect_eq(nx_secure_x509_dns_name_initialize(&host, (const UCHAR *)text,
                                                 (USHORT)strlen(text)),
              NX_SUCCESS);
    expect(host.nx_secure_x509_dns_name_next == NX_NULL);
    expect_eq(nx_secure_tls_session_sni_extension_set(
                  &client.nx_secure_dtls_tls_session, &host),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.server_name_known, known);
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
}

static VOID name_body(ULONG input)
{
    NX_SECURE_X509_DNS_NAME host;

    (void)input;
    start_certified("ec.der", "ec.key.der", NX_SECURE_X509_KEY_TYPE_EC_DER);
    set_all_curves();
    ask_for("localhost", NX_TRUE);
    ask_for("elsewhere.example", NX_FALSE);
    expect_eq(nx_secure_x509_dns_name_initialize(&host, net_bytes,
                                                 NX_SECURE_X509_DNS_NAME_MAX),
              NX_SUCCESS);
    expect_eq(nx_secure_x509_dns_name_initialize(
                  &host, net_bytes, NX_SECURE_X509_DNS_NAME_MAX + 1),
              NX_SECURE_X509_NAME_STRING_TOO_LONG);
    /* Otherwise the name is the application's to check. */
    expect_eq(nx_secure_x509_common_name_dns_check(
                  &server_cert, (const UCHAR *)"localhost", 9),
              NX_SUCCESS);
    expect_eq(nx_secure_x509_common_name_dns_check(
                  &server_cert, (const UCHAR *)"localhosx", 9),
              NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
    end_association();
}

static void a_name_is_asked_for_and_acknowledged(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, name_body);
}

/* 256 before the first start; the alert that ended the last association until
 * the next start, even if that one is refused. */
static VOID alert_sent_body(ULONG input)
{
    static const NX_SECURE_TLS_CRYPTO nothing;
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    (void)input;
    start_certified("other.der", "other.key.der",
                    NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    expect_eq(info_of(&client).alert_sent, 256);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("slot %u", i);
        expect_eq(info_of(&sessions[i]).alert_sent, 256);
    }
    expect_eq(connect_client(), NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(info_of(&client).alert_sent, NX_SECURE_TLS_ALERT_UNKNOWN_CA);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(info_of(&client).alert_sent, NX_SECURE_TLS_ALERT_UNKNOWN_CA);
    tls->nx_secure_tls_crypto_table = &nothing;
    expect(connect_client() != NX_SUCCESS);
    expect_eq(info_of(&client).alert_sent, 256);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("slot %u", i);
        expect_eq(info_of(&sessions[i]).alert_sent, 256);
    }
    end_association();
}

static void no_alert_has_been_sent_before_a_start(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, alert_sent_body);
}

/* Packets of a session come from the pool that it was given. */
static VOID pool_body(ULONG input)
{
    static NX_PACKET_POOL own;
    static ALIGN_TYPE memory[8 * (sizeof(NX_PACKET) + 1024) / 8];
    NX_PACKET *taken[8];
    ULONG total;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(
        nx_packet_pool_create(&own, net_name, 1024, memory, sizeof memory),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_session_packet_pool_set(
                  &client.nx_secure_dtls_tls_session, &own),
              NX_SUCCESS);
    total = own.nx_packet_pool_total;
    for (ULONG i = 0; i < total; i++) {
        kit_row("packet %u", i);
        expect_eq(
            nx_packet_allocate(&own, &taken[i], NX_UDP_PACKET, NX_NO_WAIT),
            NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SECURE_TLS_ALLOCATE_PACKET_FAILED);
    for (ULONG i = 0; i < total; i++) {
        kit_row("packet %u", i);
        expect_eq(nx_packet_release(taken[i]), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(own.nx_packet_pool_available, total);
    expect_eq(own.nx_packet_pool_invalid_releases, 0);
    end_association();
}

static void handshakes_take_packets_of_their_own_pool(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, pool_body);
}

/* DTLS 1.2 may be asked for, and nothing else. */
static VOID version_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nx_secure_dtls_client_protocol_version_override(
                  &client, NX_SECURE_DTLS_VERSION_1_0),
              NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION);
    expect_eq(nx_secure_dtls_client_protocol_version_override(
                  &client, NX_SECURE_DTLS_VERSION_1_2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_protocol_version_override(
                  &server, NX_SECURE_DTLS_VERSION_1_0),
              NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION);
    expect_eq(server.nx_dtls_server_protocol_version_override, 0);
    expect_eq(nx_secure_dtls_server_protocol_version_override(
                  &server, NX_SECURE_DTLS_VERSION_1_2),
              NX_SUCCESS);
    expect_eq(server.nx_dtls_server_protocol_version_override,
              NX_SECURE_DTLS_VERSION_1_2);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void no_version_but_1_2_can_be_asked_for(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, version_body);
}

/* A server's sessions share the lists of its first. */
static VOID expect_shared(VOID)
{
    const NX_SECURE_X509_CERTIFICATE_STORE *first =
        &sessions[0]
             .nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;
    const NX_SECURE_X509_CERTIFICATE_STORE *last =
        &sessions[SESSIONS - 1]
             .nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;

    expect(first->nx_secure_x509_local_certificates ==
           last->nx_secure_x509_local_certificates);
    expect(first->nx_secure_x509_trusted_certificates ==
           last->nx_secure_x509_trusted_certificates);
}

static VOID lists_body(ULONG input)
{
    static UCHAR common_name[] = "ec";
    const NX_SECURE_X509_CERTIFICATE_STORE *last =
        &sessions[SESSIONS - 1]
             .nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_server_identity("ec.der", "ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    demand_client_identity();
    expect_shared();
    expect(last->nx_secure_x509_local_certificates == &server_cert);
    expect(last->nx_secure_x509_trusted_certificates == &server_root);
    expect_eq(nx_secure_dtls_server_local_certificate_remove(
                  &server, common_name, 2, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_remove(&server,
                                                               NX_NULL, 0, 2),
              NX_SUCCESS);
    expect_shared();
    expect(last->nx_secure_x509_local_certificates == NX_NULL);
    expect(last->nx_secure_x509_trusted_certificates == NX_NULL);
    expect_eq(nx_secure_dtls_server_local_certificate_remove(
                  &server, common_name, 2, 0),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    end_nets();
}

static void a_server_s_sessions_share_its_certificates(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, lists_body);
}

/* What nx_secure_x509_certificate_initialize says. */
static UINT initialize(UCHAR *data, USHORT len, UCHAR *copy, USHORT copy_size,
                       USHORT key_len, UINT type)
{
    static NX_SECURE_X509_CERT cert;
    struct pki_file *key = pki("ec.key.der");
    UINT status = nx_secure_x509_certificate_initialize(
        &cert, data, len, copy, copy_size, key_len == 0 ? NX_NULL : key->bytes,
        key_len, type);

    if (status == NX_SUCCESS) {
        assert_ptr_equal(cert.nx_secure_x509_certificate_raw_data,
                         copy == NX_NULL ? data : copy);
        assert_int_equal(cert.nx_secure_x509_certificate_raw_data_length, len);
    }
    return status;
}

static void a_certificate_is_parsed_in_place_or_copied(void **state)
{
    struct pki_file *der = pki("ec.der");
    USHORT key_len = pki("ec.key.der")->len;
    UCHAR copy[sizeof der->bytes];

    (void)state;
    assert_int_equal(initialize(der->bytes, der->len, NX_NULL, 0, 0,
                                NX_SECURE_X509_KEY_TYPE_NONE),
                     NX_SUCCESS);
    assert_int_equal(initialize(der->bytes, der->len, copy, der->len, key_len,
                                NX_SECURE_X509_KEY_TYPE_EC_DER),
                     NX_SUCCESS);
    assert_memory_equal(copy, der->bytes, der->len);
    assert_int_equal(initialize(der->bytes, der->len, copy,
                                (USHORT)(der->len - 1), key_len,
                                NX_SECURE_X509_KEY_TYPE_EC_DER),
                     NX_SECURE_X509_INSUFFICIENT_CERT_SPACE);
    assert_int_equal(initialize(der->bytes, (USHORT)(der->len - 1), NX_NULL, 0,
                                0, NX_SECURE_X509_KEY_TYPE_NONE),
                     NX_SECURE_X509_INVALID_CERTIFICATE);
    assert_int_equal(initialize(der->bytes, der->len, NX_NULL, 0, key_len,
                                NX_SECURE_X509_KEY_TYPE_NONE),
                     NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    assert_int_equal(initialize(der->bytes, der->len, NX_NULL, 0, key_len, 4),
                     NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    assert_int_equal(initialize(NX_NULL, der->len, NX_NULL, 0, 0, 0),
                     NX_PTR_ERROR);
    assert_int_equal(initialize(der->bytes, 0, NX_NULL, 0, 0, 0),
                     NX_PTR_ERROR);
    assert_int_equal(nx_secure_x509_certificate_initialize(
                         NX_NULL, der->bytes, der->len, NX_NULL, 0, NX_NULL, 0,
                         NX_SECURE_X509_KEY_TYPE_NONE),
                     NX_PTR_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notifications_run_in_the_ip_thread),
        cmocka_unit_test(a_full_server_says_so_without_a_session),
        cmocka_unit_test(thirteen_bytes_of_headroom_are_enough),
        cmocka_unit_test(who_was_told_goodbye_need_not_wait),
        cmocka_unit_test(dates_are_checked_with_a_time_function_only),
        cmocka_unit_test(curves_are_used_when_they_are_registered),
        cmocka_unit_test(a_name_is_asked_for_and_acknowledged),
        cmocka_unit_test(no_alert_has_been_sent_before_a_start),
        cmocka_unit_test(handshakes_take_packets_of_their_own_pool),
        cmocka_unit_test(no_version_but_1_2_can_be_asked_for),
        cmocka_unit_test(a_server_s_sessions_share_its_certificates),
        cmocka_unit_test(a_certificate_is_parsed_in_place_or_copied),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
