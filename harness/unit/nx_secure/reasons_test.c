/* SPDX-License-Identifier: MIT */
/* Why a session is not connected, in words; alerts by name; retransmission set
 * at run time (nxdtls.h). */
#include "association_kit.h"

#include "kit/rows.h"

#define SILENT_ADDRESS IP_ADDRESS(10, 1, 2, 99)

static UCHAR wrong_key[] = {0x11, 0x21, 0x32, 0x43, 0x54, 0x65};

/* Both ends with a key of their own; the server is started. */
static void create(UCHAR *key_of_client)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(key_of_client);
    add_server_psk();
    start_server(start_sessions);
}

static void expect_reason(NX_SECURE_DTLS_SESSION *session, const char *words)
{
    const CHAR *reason = nxdtls_session_reason(session);

    expect(*words == '\0' ? *reason == '\0' : strstr(reason, words) != NULL);
}

static VOID connected_body(ULONG input)
{
    (void)input;
    create(psk);
    expect_reason(&client, "");
    expect_eq(connect_client(), NX_SUCCESS);
    expect_reason(&client, "");
    expect_reason(&sessions[0], "");
    expect_eq(info_of(&client).alert_received, 256);
    expect_eq(info_of(&client).group, 0);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_connected_session_has_no_reason(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, connected_body);
}

static VOID silence_body(ULONG input)
{
    (void)input;
    create(psk);
    expect_eq(connect_to(net_v4(SILENT_ADDRESS), 500), NX_NO_PACKET);
    expect_reason(&client, "nothing has come from the peer");
    expect_eq(connect_to(net_v4(SILENT_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_reason(&client, "nothing has come from the peer");
    /* The next handshake has no part in it. */
    expect_eq(connect_client(), NX_SUCCESS);
    expect_reason(&client, "");
    end_association();
}

static void silence_has_a_likely_cause(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, silence_body);
}

static VOID wrong_key_body(ULONG input)
{
    (void)input;
    create(wrong_key);
    expect_eq(nxdtls_session_retransmission_set(&client, 100, 100, 2),
              NX_SUCCESS);
    expect_eq(nxdtls_server_retransmission_set(&server, 100, 100, 2),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_NOT_CONNECTED);
    expect_reason(&client, "does not answer our Finished: wrong key?");
    expect_eq(wait_started(), NX_NOT_SUCCESSFUL);
    expect_reason(&sessions[0], "the peer's records do not open: wrong key?");
    end_association();
}

static void a_wrong_key_is_suspected(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wrong_key_body);
}

static VOID alert_body(ULONG input)
{
    UCHAR other[] = "nobody";

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    expect_eq(nx_secure_dtls_psk_add(&client, psk, sizeof psk, other,
                                     sizeof other - 1, NX_NULL, 0),
              NX_SUCCESS);
    add_server_psk();
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(info_of(&client).alert_received, 115);
    expect_reason(&client, "the peer does not know our PSK identity");
    /* Our own status says it all. */
    expect_eq(wait_started(), NX_SECURE_TLS_NO_MATCHING_PSK);
    expect_reason(&sessions[0], "");
    end_association();
}

static void an_alert_says_what_it_means(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, alert_body);
}

/* The server's certificate is a client's. */
static VOID certificate_body(ULONG input)
{
    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    add_server_identity("client-rsa.der", "client-rsa.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    trust("root.der");
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SECURE_TLS_INVALID_SERVER_CERT);
    expect_reason(&client, "does not allow it for a server");
    (void)wait_started();
    end_association();
}

static void a_refused_certificate_has_a_reason(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, certificate_body);
}

static VOID group_body(ULONG input)
{
    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    add_server_identity("ec.der", "ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    trust("root.der");
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(info_of(&client).group, nx_crypto_ecc_supported_groups[0]);
    expect_eq(info_of(&sessions[0]).group, info_of(&client).group);
    end_association();
}

static void the_group_is_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, group_body);
}

/* 200 + 3 x 400 ms; then the same with what was refused left out. */
static VOID retransmission_body(ULONG input)
{
    ULONG before;

    (void)input;
    create(psk);
    expect_eq(nxdtls_session_retransmission_set(&client, 200, 400, 3),
              NX_SUCCESS);
    expect_eq(nxdtls_session_retransmission_set(&client, 0, 400, 3),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_retransmission_set(&client, 60001, 60001, 3),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_retransmission_set(&client, 200, 199, 3),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_retransmission_set(&client, 200, 600001, 3),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_retransmission_set(&client, 200, 400, 101),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_retransmission_set(&server, 0, 400, 3),
              NX_SIZE_ERROR);
    before = tx_time_get();
    expect_eq(connect_to(net_v4(SILENT_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(tx_time_get() - before, 140);
    expect_eq(nxdtls_session_retransmission_set(&client, 60000, 600000, 0),
              NX_SUCCESS);
    before = tx_time_get();
    expect_eq(connect_to(net_v4(SILENT_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(tx_time_get() - before, 6000);
    end_association();
}

static void timeouts_and_retries_are_the_session_s(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, retransmission_body);
}

/* RFC 5246, 7.2.2; RFC 4279, 6; RFC 6066, 9; RFC 7301, 3.2; RFC 7507, 3;
 * RFC 8446, 6. */
static void every_alert_of_the_rfcs_has_a_name(void **state)
{
    static const struct {
        UINT number;
        const char *name;
    } some[] = {{0, "close_notify"},
                {20, "bad_record_mac"},
                {40, "handshake_failure"},
                {70, "protocol_version"},
                {86, "inappropriate_fallback"},
                {112, "unrecognized_name"},
                {115, "unknown_psk_identity"},
                {116, "certificate_required"},
                {120, "no_application_protocol"}};
    UINT named = 0;

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        kit_row("%s", some[i].name);
        assert_string_equal(nxdtls_alert_name(some[i].number), some[i].name);
    }
    for (UINT i = 0; i <= 256; i++) {
        named += nxdtls_alert_name(i) != NULL;
    }
    assert_int_equal(named, 34);
    assert_null(nxdtls_alert_name(1));
    assert_null(nxdtls_alert_name(256));
}

static void a_suite_has_the_name_of_the_registry(void **state)
{
    (void)state;
    assert_string_equal(nxdtls_suite_name(0xc02b),
                        "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    assert_null(nxdtls_suite_name(0));
    assert_null(nxdtls_suite_name(0xc02a));
    assert_null(nxdtls_suite_name(0x1c02b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connected_session_has_no_reason),
        cmocka_unit_test(silence_has_a_likely_cause),
        cmocka_unit_test(a_wrong_key_is_suspected),
        cmocka_unit_test(an_alert_says_what_it_means),
        cmocka_unit_test(a_refused_certificate_has_a_reason),
        cmocka_unit_test(the_group_is_told),
        cmocka_unit_test(timeouts_and_retries_are_the_session_s),
        cmocka_unit_test(every_alert_of_the_rfcs_has_a_name),
        cmocka_unit_test(a_suite_has_the_name_of_the_registry),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
