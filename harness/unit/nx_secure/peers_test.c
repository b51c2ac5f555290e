/* SPDX-License-Identifier: MIT */
/* Which peers are let in, and what they have shown: keys that are looked up,
 * fingerprints, the peer's certificate (nxdtls.h). */
#include "association_kit.h"

#include "kit/rows.h"

#include <openssl/sha.h>
#include <openssl/x509.h>

#include <time.h>

#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER

static UINT lookups;
static UINT lookup_status;
static UINT lookup_length;

/* Knows every identity; its key is psk, followed by zeros. */
static UINT look_up(NX_SECURE_DTLS_SESSION *session, const UCHAR *identity,
                    UINT identity_length, UCHAR *key, UINT *key_length)
{
    lookups++;
    expect_eq(nxdtls_session_number(session), 0);
    expect_eq(identity_length, sizeof psk_identity - 1);
    expect(memcmp(identity, psk_identity, identity_length) == 0);
    /* It runs without the lock: a service may be called. */
    expect_eq(nxdtls_session_reason(session) == NX_NULL, 0);
    memcpy(key, psk, sizeof psk);
    *key_length = lookup_length;
    return lookup_status;
}

/* A server whose only keys are those that are looked up. */
static void create_lookup(UINT status, UINT length)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    lookups = 0;
    lookup_status = status;
    lookup_length = length;
    expect_eq(nxdtls_server_psk_lookup_set(&server, look_up), NX_SUCCESS);
    add_client_psk(psk);
}

/* Such a session is not resumed, though both ends would resume others: each
 * client's key is looked up. */
static VOID lookup_body(ULONG input)
{
    static NXDTLS_SAVED_SESSION saved;
    static ALIGN_TYPE memory[1000];

    (void)input;
    create_lookup(NX_SUCCESS, sizeof psk);
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_server_resumption_set(&server, (UCHAR *)memory,
                                           sizeof memory, 0),
              NX_SUCCESS);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, 0), NX_SUCCESS);
    start_server(start_sessions);
    for (UINT i = 1; i <= 2; i++) {
        kit_row("connection %u", i);
        expect_eq(connect_client(), NX_SUCCESS);
        expect_eq(wait_started(), NX_SUCCESS);
        expect_eq(lookups, i);
        expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT),
                  NX_SUCCESS);
    }
    end_association();
}

static void a_key_is_looked_up(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, lookup_body);
}

static VOID added_body(ULONG input)
{
    (void)input;
    create_lookup(NX_SUCCESS, sizeof psk);
    add_server_psk();
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(lookups, 0);
    end_association();
}

static void an_added_key_comes_first(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, added_body);
}

/* A refusal, and keys of lengths that no key has. */
static VOID refused_body(ULONG input)
{
    static const struct {
        UINT status;
        UINT length;
    } rows[] = {
        {NX_NOT_SUCCESSFUL, sizeof psk}, {NX_SUCCESS, 0}, {NX_SUCCESS, 65}};

    (void)input;
    create_lookup(NX_SUCCESS, sizeof psk);
    start_server(start_sessions);
    for (UINT i = 0; i < sizeof rows / sizeof *rows; i++) {
        kit_row("row %u", i);
        lookup_status = rows[i].status;
        lookup_length = rows[i].length;
        expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
        expect_alert(&client, NX_SECURE_TLS_ALERT_LEVEL_FATAL, 115);
        expect_eq(wait_started(), NX_SECURE_TLS_NO_MATCHING_PSK);
        expect_eq(lookups, i + 1);
    }
    end_association();
}

static void a_lookup_may_refuse(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

/* The SHA-256 of a certificate's key, as libcrypto computes it. */
static void fingerprint(UCHAR out[NXDTLS_FINGERPRINT_SIZE], const char *name)
{
    const unsigned char *der = pki(name)->bytes;
    X509 *cert = d2i_X509(NULL, &der, pki(name)->len);
    unsigned char *info = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &info);

    expect(cert != NULL && len > 0);
    (void)SHA256(info, (size_t)len, out);
    OPENSSL_free(info);
    X509_free(cert);
}

/* The certificate that the session's peer has shown is this file's. */
static void expect_shown(NX_SECURE_DTLS_SESSION *session, const char *name)
{
    const UCHAR *shown = NX_NULL;
    UINT length = 0;

    expect_eq(nxdtls_session_peer_certificate_get(session, &shown, &length),
              NX_SUCCESS);
    expect_eq(length, pki(name)->len);
    expect(shown != NX_NULL && memcmp(shown, pki(name)->bytes, length) == 0);
}

static ULONG clock_of_today(VOID)
{
    return (ULONG)time(NULL);
}

/* A server that shows `name`, and a client that trusts nobody. */
static void create_certificates(const char *name, const char *key)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    add_server_identity(name, key, RSA);
    expect_eq(nx_secure_tls_session_time_function_set(
                  &client.nx_secure_dtls_tls_session, clock_of_today),
              NX_SUCCESS);
}

static NX_SECURE_X509_DNS_NAME asked;

static void ask_for(const char *name)
{
    expect_eq(nx_secure_x509_dns_name_initialize(&asked, (const UCHAR *)name,
                                                 (USHORT)strlen(name)),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_sni_extension_set(
                  &client.nx_secure_dtls_tls_session, &asked),
              NX_SUCCESS);
}

/* A certificate that nothing else would accept: it has expired, and its name
 * is not the one that is asked for.  The right fingerprint is the second. */
static VOID fingerprint_body(ULONG input)
{
    UCHAR pins[2 * NXDTLS_FINGERPRINT_SIZE];

    (void)input;
    create_certificates("expired.der", "expired.key.der");
    ask_for("elsewhere");
    fingerprint(pins, "root.der");
    fingerprint(pins + NXDTLS_FINGERPRINT_SIZE, "expired.der");
    expect_eq(nxdtls_session_fingerprints_set(&client, pins, 2), NX_SUCCESS);
    expect_eq(nxdtls_session_fingerprints_set(&client, pins, 1001),
              NX_SIZE_ERROR);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_shown(&client, "expired.der");
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    end_association();
}

static void a_fingerprint_is_trust(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, fingerprint_body);
}

/* Also where a trusted certificate would do.  Without fingerprints it does. */
static VOID other_key_body(ULONG input)
{
    UCHAR pin[NXDTLS_FINGERPRINT_SIZE];
    NXDTLS_SESSION_INFO info;

    (void)input;
    create_certificates("rsa.der", "rsa.key.der");
    trust("root.der");
    fingerprint(pin, "rsa.der");
    pin[NXDTLS_FINGERPRINT_SIZE - 1] ^= 1;
    expect_eq(nxdtls_session_fingerprints_set(&client, pin, 1), NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SECURE_TLS_INVALID_CERTIFICATE);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.alert_sent, 46);
    expect_eq(info.peer_certificate, NX_FALSE);
    expect(strstr(nxdtls_session_reason(&client), "fingerprints") != NULL);
    expect_shown(&client, "rsa.der");
    expect_eq(wait_started(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(nxdtls_session_fingerprints_set(&client, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void another_key_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, other_key_body);
}

/* A server knows its clients by their keys alone. */
static VOID clients_body(ULONG input)
{
    UCHAR pin[NXDTLS_FINGERPRINT_SIZE];

    (void)input;
    create_certificates("rsa.der", "rsa.key.der");
    trust("root.der");
    add_client_identity("other-client.der", "other-client.key.der", RSA);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  &server, CERTS, (UCHAR *)server_certs, sizeof server_certs),
              NX_SUCCESS);
    fingerprint(pin, "other-client.der");
    expect_eq(nxdtls_server_fingerprints_set(&server, pin, 1), NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_shown(&sessions[0], "other-client.der");
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    pin[0] ^= 1;
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&client, NX_SECURE_TLS_ALERT_LEVEL_FATAL, 46);
    expect_eq(wait_started(), NX_SECURE_TLS_INVALID_CERTIFICATE);
    expect_shown(&sessions[1], "other-client.der"); /* after a failure, too */
    end_association();
}

static void a_server_knows_clients_by_their_keys(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, clients_body);
}

static VOID none_shown_body(ULONG input)
{
    const UCHAR *shown = NX_NULL;
    UINT length = 0;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nxdtls_session_peer_certificate_get(&client, &shown, &length),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_peer_certificate_get(&client, &shown, &length),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    end_association();
}

static void without_certificates_none_is_shown(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, none_shown_body);
}

/* A session that was made under other fingerprints is not resumed. */
static VOID resumption_body(ULONG input)
{
    static NXDTLS_SAVED_SESSION saved;
    static ALIGN_TYPE memory[1000];
    UCHAR pins[2 * NXDTLS_FINGERPRINT_SIZE];
    NXDTLS_SESSION_INFO info;

    (void)input;
    create_certificates("rsa.der", "rsa.key.der");
    expect_eq(nxdtls_server_resumption_set(&server, (UCHAR *)memory,
                                           sizeof memory, 0),
              NX_SUCCESS);
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    fingerprint(pins, "rsa.der");
    fingerprint(pins + NXDTLS_FINGERPRINT_SIZE, "root.der");
    expect_eq(nxdtls_session_fingerprints_set(&client, pins, 1), NX_SUCCESS);
    start_server(start_sessions);
    for (UINT i = 0; i < 3; i++) {
        kit_row("connection %u", i);
        if (i == 2) {
            expect_eq(nxdtls_session_fingerprints_set(&client, pins, 2),
                      NX_SUCCESS);
        }
        expect_eq(connect_client(), NX_SUCCESS);
        expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
        expect_eq(info.resumed, i == 1);
        expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT),
                  NX_SUCCESS);
    }
    end_association();
}

static void other_fingerprints_are_another_scope(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, resumption_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_looked_up),
        cmocka_unit_test(an_added_key_comes_first),
        cmocka_unit_test(a_lookup_may_refuse),
        cmocka_unit_test(a_fingerprint_is_trust),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(a_server_knows_clients_by_their_keys),
        cmocka_unit_test(without_certificates_none_is_shown),
        cmocka_unit_test(other_fingerprints_are_another_scope),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
