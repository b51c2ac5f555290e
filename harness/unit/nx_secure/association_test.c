/* SPDX-License-Identifier: MIT */
/* Associations through the NetX Secure DTLS API, over the RAM wire in virtual
 * time: a client and a server of several sessions in one process. */
#define SESSIONS 3
#include "association_kit.h"

#include "base/counters.h"
#include "kit/proves.h"

#define EC NX_SECURE_X509_KEY_TYPE_EC_DER

static TX_QUEUE arrived;
static UINT disconnects;
static UINT errors;
static UINT last_error;
static UCHAR wrong_key[] = {0x11, 0x21, 0x32, 0x43, 0x54, 0x65};

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(tx_queue_send(&arrived, &session, TX_NO_WAIT), TX_SUCCESS);
    return NX_SUCCESS;
}

static UINT on_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    disconnects++;
    expect_eq(tx_queue_send(&arrived, &session, TX_NO_WAIT), TX_SUCCESS);
    return NX_SUCCESS;
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    (void)session;
    errors++;
    last_error = error_code;
    return NX_SUCCESS;
}

/* Echoes what arrives; ends what the peer has closed. */
static VOID echo_sessions(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session;
    NX_PACKET *packet;

    (void)input;
    while (tx_queue_receive(&arrived, &session, TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        UINT status =
            nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);

        if (status == NX_SUCCESS) {
            status = nx_secure_dtls_server_session_send(session, packet);
            if (status != NX_SUCCESS) {
                (void)nx_packet_release(packet);
            }
        } else if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
            expect_eq(nx_secure_dtls_session_end(session, NX_NO_WAIT),
                      NX_SUCCESS);
        }
    }
}

/* Both ends without credentials; the server echoes. */
static void create(void)
{
    static CHAR name[] = "arrived";
    static ALIGN_TYPE memory[SESSIONS * 4];

    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, on_receive);
    disconnects = 0;
    errors = 0;
    last_error = 0;
    expect_eq(tx_queue_create(&arrived, name, 2, memory, sizeof memory),
              TX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, on_disconnect, on_error),
        NX_SUCCESS);
    (void)kit_spawn(echo_sessions, 0, 11);
}

static void create_psk(UCHAR *client_side_key)
{
    create();
    add_server_psk();
    add_client_psk(client_side_key);
    start_server(start_sessions);
}

static void check_exporters(void)
{
    const UCHAR context[] = {0xc1, 0xc2};
    UCHAR ours[20];
    UCHAR theirs[20];

    expect_eq(nxdtls_session_export(&client, ours, sizeof ours, "EXPORTER-x",
                                    context, sizeof context),
              NX_SUCCESS);
    expect_eq(nxdtls_session_export(&sessions[0], theirs, sizeof theirs,
                                    "EXPORTER-x", context, sizeof context),
              NX_SUCCESS);
    expect(memcmp(ours, theirs, sizeof ours) == 0);
    expect_eq(nxdtls_session_export(&client, ours, sizeof ours,
                                    "key expansion", NX_NULL, 0),
              NX_INVALID_PARAMETERS);
    expect_eq(nxdtls_session_export(&sessions[1], ours, sizeof ours,
                                    "EXPORTER-x", NX_NULL, 0),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

static VOID psk_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    create_psk(psk);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(start_status, NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0x00a8);
    expect_eq(info.extended_master_secret, 1);
    expect_eq(
        client.nx_secure_dtls_tls_session.nx_secure_tls_local_session_active,
        1);
    check_exporters();
    exchange(1);
    exchange(500);
    exchange(1200);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(disconnects, 1);
    /* The same session again, and this time over IPv6. */
    expect_eq(connect_to(SERVER_V6, 1000), NX_SUCCESS);
    exchange(77);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(errors, 0);
    end_association();
}

static void psk_connects_echoes_and_ends(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, psk_body);
}

static VOID wrong_key_body(ULONG input)
{
    NXDTLS_STATISTICS info;
    ULONG before;

    (void)input;
    create_psk(wrong_key);
    before = tx_time_get();
    expect_eq(connect_client(), NX_NO_PACKET);
    expect_eq(tx_time_get() - before, 1000);
    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    expect(info.discarded_mac > 0);
    expect_eq(info.sessions, 1);
    tx_thread_sleep(3000);
    /* The server's own wait is over: the slot is free again. */
    expect_eq(start_status, NX_NO_PACKET);
    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    expect_eq(info.sessions, 0);
    expect(info.discarded_mac > 0);
    end_association();
}

static void a_wrong_key_is_silence_and_frees_its_slot(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wrong_key_body);
}

static VOID silent_server_body(ULONG input)
{
    ULONG before;

    (void)input;
    create_psk(psk);
    before = tx_time_get();
    /* Nobody is at this address: 1 + 2 + 4 + ... + 32 + 5 * 60 seconds. */
    expect_eq(connect_to(net_v4(IP_ADDRESS(10, 1, 2, 99)), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(tx_time_get() - before, 36300);
    end_association();
}

static void waiting_forever_ends_with_the_retries(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, silent_server_body);
}

static ULONG check_name(NX_SECURE_TLS_SESSION *session,
                        NX_SECURE_X509_CERT *certificate)
{
    (void)session;
    return nx_secure_x509_common_name_dns_check(certificate,
                                                (const UCHAR *)"localhost", 9);
}

static ULONG refuse(NX_SECURE_TLS_SESSION *session,
                    NX_SECURE_X509_CERT *certificate)
{
    (void)session;
    (void)certificate;
    return NX_SECURE_X509_CRL_CERTIFICATE_REVOKED;
}

/* Certificates on both sides; `trusted` is what the client trusts. */
static void create_certified(const char *trusted)
{
    create();
    set_all_curves();
    add_server_identity("ec.der", "ec.key.der", EC);
    demand_client_identity();
    trust(trusted);
    start_server(start_sessions);
}

static void show_client_certificate(void)
{
    add_client_identity("client-ec.der", "client-ec.key.der", EC);
}

static VOID mutual_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    create_certified("root.der");
    show_client_certificate();
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  &client.nx_secure_dtls_tls_session, check_name),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0xcca9);
    expect_eq(info.peer_certificate, 1);
    expect_eq(nxdtls_session_info_get(&sessions[0], &info), NX_SUCCESS);
    expect_eq(info.peer_certificate, 1);
    exchange(321);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void both_ends_show_certificates(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, mutual_body);
}

/* The peer's certificate in a session's store is the one of this common name;
 * with NULL, there is none. */
static VOID expect_peer(NX_SECURE_DTLS_SESSION *session, const char *name)
{
    NX_SECURE_X509_CERT *cert =
        session->nx_secure_dtls_tls_session.nx_secure_tls_credentials
            .nx_secure_tls_certificate_store
            .nx_secure_x509_remote_certificates;
    NX_SECURE_X509_DISTINGUISHED_NAME *subject;

    expect((cert == NX_NULL) == (name == NULL));
    if (cert != NX_NULL && name != NULL) {
        subject = &cert->nx_secure_x509_distinguished_name;
        expect_eq(subject->nx_secure_x509_common_name_length, strlen(name));
        expect(memcmp(subject->nx_secure_x509_common_name, name,
                      strlen(name)) == 0);
        expect(cert->nx_secure_x509_next_certificate == NX_NULL);
    }
}

/* The client's store finds its three certificates by name, and its own by id.
 */
static VOID find_all(VOID)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &client.nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERT *peer = store->nx_secure_x509_remote_certificates;
    NX_SECURE_X509_CERT *expected[] = {&client_cert, peer, &client_root};
    NX_SECURE_X509_CERT *found = NX_NULL;
    UINT location = 0;

    for (UINT i = 0; i < 3; i++) {
        kit_row("list %u", i + 1);
        expect_eq(_nx_secure_x509_store_certificate_find(
                      store, &expected[i]->nx_secure_x509_distinguished_name,
                      0, &found, &location),
                  NX_SUCCESS);
        expect(found == expected[i]);
        expect_eq(location, NX_SECURE_X509_CERT_LOCATION_LOCAL + i);
    }
    expect_eq(_nx_secure_x509_store_certificate_find(store, NX_NULL, 2, &found,
                                                     &location),
              NX_SUCCESS);
    expect(found == &client_root);
    expect_eq(_nx_secure_x509_store_certificate_find(store, NX_NULL, 3, &found,
                                                     &location),
              NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(
        _nx_secure_x509_store_certificate_find(
            store, &server_cert.nx_secure_x509_issuer, 0, &found, NX_NULL),
        NX_PTR_ERROR);
}

static VOID shown_body(ULONG input)
{
    (void)input;
    create_certified("root.der");
    show_client_certificate();
    expect_peer(&client, NULL);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(32);
    expect_peer(&client, "ec");
    find_all();
    expect_peer(&sessions[0], "client-ec");
    expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
    exchange(32);
    expect_peer(&client, "ec");
    expect_peer(&sessions[0], "client-ec");
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_peer(&sessions[0], NULL);
    expect_peer(&client, "ec");
    expect_eq(nxdtls_session_renegotiate(&client, NX_NO_WAIT), NX_NO_PACKET);
    expect_peer(&client, NULL);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_peer(&client, "ec");
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_peer(&client, NULL);

    /* Room for the certificate, but not for its control block as well. */
    expect_eq(nx_secure_tls_remote_certificate_buffer_allocate(
                  &client.nx_secure_dtls_tls_session, 1, client_certs,
                  sizeof(NX_SECURE_X509_CERT) + 256),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(32);
    expect_peer(&client, NULL);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void the_peer_s_certificates_stand_until_the_reset(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, shown_body);
}

/* A client whose room for certificates is two slots, each of which holds the
 * whole chain. */
static VOID slots_body(ULONG input)
{
    static UCHAR raw[2][1500];
    static NX_SECURE_X509_CERT slots[2];
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;
    const NX_SECURE_X509_CERTIFICATE_STORE *store =
        &tls->nx_secure_tls_credentials.nx_secure_tls_certificate_store;

    (void)input;
    start_nets();
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nxdtls_ciphers_default, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(create_server(&nxdtls_ciphers_default, echo_data), NX_SUCCESS);
    set_all_curves();
    add_server_identity("ec.der", "ec.key.der", EC);
    trust("root.der");
    start_server(start_sessions);
    expect_eq(
        nx_secure_tls_remote_certificate_allocate(tls, &slots[0], raw[0], 0),
        NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE);
    for (UINT i = 0; i < 2; i++) {
        kit_row("slot %u", i);
        expect_eq(nx_secure_tls_remote_certificate_allocate(
                      tls, &slots[i], raw[i], sizeof raw[i]),
                  NX_SUCCESS);
        expect_eq(nx_secure_tls_remote_certificate_allocate(
                      tls, &slots[i], raw[i], sizeof raw[i]),
                  NX_INVALID_PARAMETERS);
    }
    expect_eq(nx_secure_tls_session_certificate_callback_set(tls, check_name),
              NX_SUCCESS);
    for (UINT i = 0; i < 3; i++) {
        kit_row("session %u", i);
        expect_eq(connect_client(), NX_SUCCESS);
        exchange(32);
        expect_peer(&client, "ec");
        expect(store->nx_secure_x509_remote_certificates == &slots[0] ||
               store->nx_secure_x509_remote_certificates == &slots[1]);
        expect_eq(nx_secure_tls_remote_certificate_allocate(
                      tls, store->nx_secure_x509_remote_certificates, raw[0],
                      sizeof raw[0]),
                  NX_INVALID_PARAMETERS);
        expect_eq(nx_secure_tls_remote_certificate_free_all(tls), NX_SUCCESS);
        exchange(32);
        expect_peer(&client, NULL);
        expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
        tx_thread_sleep(100);
    }
    expect(store->nx_secure_x509_free_certificates != NX_NULL &&
           store->nx_secure_x509_free_certificates
                   ->nx_secure_x509_next_certificate != NX_NULL);
    end_association();
}

static void slots_hold_the_peer_s_certificates(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, slots_body);
}

/* A client that forgets its sessions, each from a port of its own. */
static VOID all_verify_body(ULONG input)
{
    NXDTLS_STATISTICS statistics;
    NXDTLS_SESSION_INFO info;

    (void)input;
    create_certified("root.der");
    show_client_certificate();
    for (ULONG i = 1; i <= SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(connect_client(), NX_SUCCESS);
        expect_eq(nxdtls_session_info_get(connecting, &info), NX_SUCCESS);
        expect_eq(info.peer_certificate, 1);
        expect_eq(nxdtls_server_statistics_get(&server, &statistics),
                  NX_SUCCESS);
        expect_eq(statistics.sessions, i);
        expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
        expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
                  NX_SUCCESS);
    }
    end_association();
}

static void all_sessions_of_a_server_verify_clients(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, all_verify_body);
}

static VOID unknown_ca_body(ULONG input)
{

    (void)input;
    create_certified("other-root.der");
    show_client_certificate();
    expect_eq(connect_client(), NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    tx_thread_sleep(100);
    expect_eq(start_status, NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&sessions[0], 2, NX_SECURE_TLS_ALERT_UNKNOWN_CA);
    expect_eq(last_error, NX_SECURE_TLS_ALERT_RECEIVED);
    end_association();
}

static void an_unknown_ca_is_told_to_the_server(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unknown_ca_body);
}

static VOID callback_body(ULONG input)
{
    (void)input;
    create_certified("root.der");
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  &client.nx_secure_dtls_tls_session, refuse),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SECURE_X509_CRL_CERTIFICATE_REVOKED);
    end_association();
}

static void the_callback_s_status_is_the_handshake_s(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, callback_body);
}

static UINT remote_certificates;

/* Every certificate that the peer has sent, as an application does it. */
static ULONG check_crl(NX_SECURE_TLS_SESSION *session,
                       NX_SECURE_X509_CERT *certificate)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
    const struct pki_file *crl = pki("root.crl");
    UINT status = NX_SUCCESS;

    expect(store->nx_secure_x509_remote_certificates == certificate);
    for (remote_certificates = 0;
         certificate != NX_NULL && status == NX_SUCCESS;
         certificate = certificate->nx_secure_x509_next_certificate) {
        remote_certificates++;
        status = nx_secure_x509_crl_revocation_check(crl->bytes, crl->len,
                                                     store, certificate);
    }
    return status;
}

static NX_SECURE_X509_CERT revoked_cert, ca_cert;

static VOID revoked_body(ULONG input)
{
    (void)input;
    create_certified("root.der");
    show_client_certificate();
    cert_init(&revoked_cert, "revoked.der", "revoked.key.der", EC);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &revoked_cert, 3),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  &client.nx_secure_dtls_tls_session, check_crl),
              NX_SUCCESS);
    /* The first certificate that fits is the good one. */
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(remote_certificates, 1);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    tx_thread_sleep(100);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(nx_secure_tls_active_certificate_set(
                      &sessions[i].nx_secure_dtls_tls_session, &revoked_cert),
                  NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SECURE_X509_CRL_CERTIFICATE_REVOKED);
    tx_thread_sleep(100);
    expect_alert(&sessions[0], 2, NX_SECURE_TLS_ALERT_CERTIFICATE_REVOKED);
    end_association();
}

/* D5246-F.1.1-1, D9325-7.5-1 */
static void a_revoked_certificate_is_alert_44(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, revoked_body);
}

static VOID active_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    (void)input;
    create_certified("root.der");
    cert_init(&revoked_cert, "revoked.der", "revoked.key.der", EC);
    expect_eq(nx_secure_tls_active_certificate_set(NX_NULL, &client_cert),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_active_certificate_set(tls, &client_cert),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    show_client_certificate();
    cert_init(&ca_cert, "root.der", NULL, 0);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&client, &ca_cert, 8),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_active_certificate_set(tls, &ca_cert),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_dtls_session_local_certificate_add(&client,
                                                           &revoked_cert, 9),
              NX_SUCCESS);
    /* A server's certificate: the server refuses it, and no other goes. */
    expect_eq(nx_secure_tls_active_certificate_set(tls, &revoked_cert),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    /* One that is removed is no longer the one to show. */
    expect_eq(nx_secure_dtls_session_local_certificate_remove(&client, NX_NULL,
                                                              0, 9),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(nx_secure_tls_active_certificate_set(tls, NX_NULL), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void the_active_certificate_is_the_only_one_to_show(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, active_body);
}

/* Room for a key, an identity and a hint of the greatest length and one. */
static UCHAR long_bytes[NX_SECURE_TLS_MAX_PSK_ID_SIZE + 1];

/* An identity is bytes: it may hold NUL, or nothing. */
static UCHAR odd[] = {'a', 0, 'b'};

static VOID long_psk_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;

    (void)input;
    for (size_t i = 0; i < sizeof long_bytes; i++) {
        long_bytes[i] = (UCHAR)(0x80 + i);
    }
    create();
    add_server_psk();
    expect_eq(nx_secure_dtls_server_psk_add(&server, long_bytes, 64,
                                            long_bytes, 128, long_bytes, 128),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_psk_add(&server, long_bytes, 65,
                                            long_bytes, 128, long_bytes, 128),
              NX_SECURE_TLS_NO_MORE_PSK_SPACE);
    expect_eq(nx_secure_dtls_server_psk_add(&server, long_bytes, 64,
                                            long_bytes, 129, long_bytes, 128),
              NX_SECURE_TLS_NO_MORE_PSK_SPACE);
    expect_eq(nx_secure_dtls_server_psk_add(&server, long_bytes, 64,
                                            long_bytes, 128, long_bytes, 129),
              NX_SECURE_TLS_NO_MORE_PSK_SPACE);
    expect_eq(nx_secure_dtls_server_psk_add(&server, psk, sizeof psk, odd, 0,
                                            NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_psk_add(&server, psk, sizeof psk, odd, 3,
                                            NX_NULL, 0),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(nx_secure_dtls_psk_add(&client, wrong_key, sizeof wrong_key,
                                     long_bytes, 128, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_client_psk_set(tls, long_bytes, 65, long_bytes,
                                           128, NX_NULL, 0),
              NX_SECURE_TLS_NO_MORE_PSK_SPACE);
    expect_eq(nx_secure_tls_client_psk_set(tls, long_bytes, 0, long_bytes, 128,
                                           NX_NULL, 0),
              NX_PTR_ERROR);
    /* In place of the one that was added. */
    expect_eq(nx_secure_tls_client_psk_set(tls, long_bytes, 64, long_bytes,
                                           128, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(321);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    for (UINT len = 0; len <= sizeof odd; len += sizeof odd) {
        kit_row("an odd identity of %u bytes", len);
        expect_eq(nx_secure_tls_client_psk_set(tls, psk, sizeof psk, odd, len,
                                               NX_NULL, 0),
                  NX_SUCCESS);
        expect_eq(connect_client(), NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    }
    expect_eq(nx_secure_tls_client_psk_set(tls, psk, sizeof psk, psk_identity,
                                           6, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

/* D4279-5.3-1, D4279-5.3-2 */
static void the_longest_psk_connects_and_a_client_s_own_comes_first(
    void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, long_psk_body);
}

static VOID missing_certificate_body(ULONG input)
{

    (void)input;
    create_certified("root.der");
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(start_status, NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED);
    expect_alert(&client, 2, NX_SECURE_TLS_ALERT_HANDSHAKE_FAILURE);
    end_association();
}

static void a_client_without_certificate_gets_alert_40(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, missing_certificate_body);
}

/* Drops every second datagram to the server. */
static UINT dropped;

static VOID drop_every_second(NX_IP *ip, NX_PACKET *packet)
{
    if (dropped++ % 2 == 0) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID loss_body(ULONG input)
{
    (void)input;
    dropped = 0;
    create_psk(psk);
    net_b.ip.nx_ip_udp_packet_receive = drop_every_second;
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 6000), NX_SUCCESS);
    expect(dropped > 3);
    net_b.ip.nx_ip_udp_packet_receive = _nx_udp_packet_receive;
    exchange(100);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void half_of_all_datagrams_may_be_lost(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, loss_body);
}

/* The client forgets its session without a word and begins anew from the same
 * port. */
static VOID reconnect_body(ULONG input)
{
    NXDTLS_STATISTICS info;

    (void)input;
    create_psk(psk);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(10);
    for (int i = 1; i <= 3; i++) {
        kit_row("reset %d", i);
        expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
        expect_eq(connect_client(), NX_SUCCESS);
        exchange(20);
        /* The old session has ended and given its slot back. */
        expect_eq(disconnects, i);
        expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
        expect_eq(info.sessions, 1);
        /* What the ended ones have counted stays. */
        expect_eq(info.handshakes, (ULONG)i + 1);
        expect_eq(info.cookies_accepted, (ULONG)i + 1);
        expect_eq(info.cookies_sent, (ULONG)i + 1);
        expect_eq(info.cookies_refused, 0);
        expect_eq(info.data_received, (ULONG)i + 1);
        expect_eq(info.data_sent, (ULONG)i + 1);
        expect_eq(nxdtls_session_statistics_get(&client, &info), NX_SUCCESS);
        expect_eq(info.handshakes, 1);
        expect_eq(info.data_sent, 1);
        expect_eq(info.data_received, 1);
        expect_eq(info.sessions, 1);
    }
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(nxdtls_session_statistics_get(&client, &info), NX_SUCCESS);
    expect_eq(info.sessions, 0);
    expect_eq(info.handshakes, 0);
    end_association();
}

static void a_client_may_begin_anew_from_its_port(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, reconnect_body);
}

/* Somebody else begins anew in the client's name, with a cookie and without
 * the key: the live session must not notice. */
static VOID impostor_body(ULONG input)
{
    static NX_SECURE_DTLS_SESSION impostor;
    static ALIGN_TYPE metadata[9000 / 8];
    static UCHAR reassembly[4000];
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    (void)input;
    create_psk(psk);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &impostor, &nxdtls_ciphers_all, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&impostor, wrong_key, sizeof wrong_key,
                                     psk_identity, 6, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_start(&impostor, &net_a.socket,
                                                  &to, PORT, 500),
              NX_NO_PACKET);
    exchange(30); /* while the server still waits for the impostor */
    tx_thread_sleep(3500);
    exchange(40);
    expect_eq(disconnects, 0);
    expect_eq(nx_secure_dtls_session_delete(&impostor), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void nobody_without_the_key_replaces_a_session(void **state)
{
    (void)state;
    proves("D6347-4.2.8-2");
    proves("D6347-4.2.8-4");
    kit_run(NXDTLS_PORT_VIRTUAL, impostor_body);
}

static VOID unstarted_body(ULONG input)
{
    NXDTLS_STATISTICS info;

    (void)input;
    create_psk(psk);
    server.nx_dtls_server_connect_notify = ignore_connect;
    for (int i = 0; i < SESSIONS; i++) {
        kit_row("session %d", i);
        expect_eq(connect_client(), NX_NO_PACKET);
        expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
                  NX_SUCCESS);
    }
    /* Each wait took 10 s: the first slot was 30 s old and is free again. */
    server.nx_dtls_server_connect_notify = on_connect;
    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    expect_eq(info.sessions, SESSIONS - 1);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    expect_eq(info.refused, 0);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

/* Sixteen datagrams wait for a session that is not started; what comes above
 * that is dropped and counted, and stays counted when the session is no
 * more. */
static VOID no_room_body(ULONG input)
{
    NXDTLS_STATISTICS n;

    (void)input;
    create_psk(psk);
    server.nx_dtls_server_connect_notify = ignore_connect;
    /* The ClientHello with its cookie, and again after 1, 3 and 7 s. */
    expect_eq(connect_client(), NX_NO_PACKET);
    /* What else comes from the same port is the same session's. */
    for (int i = 4; i < 20; i++) {
        expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
        expect_eq(n.sessions, 1);
        expect_eq(n.discarded_no_room, i < 16 ? 0 : (ULONG)i - 16);
        expect_eq(net_send(&net_a, net_v4(SERVER_ADDRESS), PORT, 100),
                  NX_SUCCESS);
        tx_thread_sleep(1);
    }
    expect_eq(nxdtls_session_statistics_get(&sessions[0], &n), NX_SUCCESS);
    expect_eq(n.discarded_no_room, 4);
    tx_thread_sleep(2100); /* 30 s are over */
    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    expect_eq(n.sessions, 0);
    expect_eq(n.discarded_no_room, 4);
    expect_eq(nxdtls_session_statistics_get(&sessions[0], &n), NX_SUCCESS);
    expect_eq(n.discarded_no_room, 0);
    end_association();
}

static void datagrams_above_sixteen_are_counted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_room_body);
}

/* Every counter that a session has, by the one list: after a reset all are 0,
 * and a server's are the sum of its sessions', of those that have ended, too.
 */
static VOID sum_body(ULONG input)
{
    NXDTLS_STATISTICS of_session;
    NXDTLS_STATISTICS sum = {0};
    NXDTLS_STATISTICS n;

    (void)input;
    create_psk(psk);
    for (int i = 0; i < 2; i++) {
        expect_eq(connect_client(), NX_SUCCESS);
        exchange(20);
        expect_eq(nxdtls_session_statistics_get(&sessions[0], &of_session),
                  NX_SUCCESS);
        expect(of_session.handshakes == 1 && of_session.data_sent == 1);
        expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
#define CHECK_SUM(name)                                                       \
    sum.name += of_session.name;                                              \
    expect_eq(n.name, sum.name);
        DTLS_SESSION_COUNTERS(CHECK_SUM)
        expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
        expect_eq(nxdtls_session_statistics_get(&sessions[0], &n), NX_SUCCESS);
#define CHECK_ZERO(name) expect_eq(n.name, 0);
        DTLS_COUNTERS(CHECK_ZERO)
        expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
#define CHECK_KEPT(name) expect_eq(n.name, sum.name);
        DTLS_SESSION_COUNTERS(CHECK_KEPT)
        expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
        expect_eq(nxdtls_session_statistics_get(&client, &n), NX_SUCCESS);
        DTLS_COUNTERS(CHECK_ZERO)
    }
    end_association();
}

static void counters_are_zeroed_and_summed_as_one(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sum_body);
}

static VOID refused_body(ULONG input)
{
    NXDTLS_STATISTICS n;

    (void)input;
    create_psk(psk);
    server.nx_dtls_server_connect_notify = ignore_connect;
    expect_eq(nxdtls_server_admission_set(&server, NX_FALSE, 0), NX_SUCCESS);
    for (ULONG i = 0; i <= SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(connect_to(net_v4(SERVER_ADDRESS), 50), NX_NO_PACKET);
        expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
        expect_eq(n.cookies_sent, i + 1);
        expect_eq(n.cookies_accepted, i + 1);
        expect_eq(n.refused, i / SESSIONS);
    }
    expect_eq(n.sessions, SESSIONS);
    end_association();
}

static void a_client_without_a_session_is_counted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

static void slots_that_nobody_starts_are_reclaimed(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unstarted_body);
}

/* The server speaks first, and again: every record has a number of its own,
 * and one that the application sets too low is not used again. */
static VOID server_first_body(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session = &sessions[0];
    NX_PACKET *packet;
    UINT port;
    UINT local_port;
    NXD_ADDRESS address;

    (void)input;
    create_psk(psk);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_client_info_get(session, &address, &port,
                                                     &local_port),
              NX_SUCCESS);
    expect_eq(local_port, PORT);
    for (UCHAR i = 0; i < 5; i++) {
        kit_row("packet %u", i);
        session->nx_secure_dtls_tls_session
            .nx_secure_tls_local_sequence_number[0] = i < 3 ? i : 100u + i;
        expect_eq(nx_secure_dtls_packet_allocate(session, &net_b.pool, &packet,
                                                 NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(
            nx_packet_data_append(packet, &i, 1, &net_b.pool, NX_NO_WAIT),
            NX_SUCCESS);
        expect_eq(nx_secure_dtls_server_session_send(session, packet),
                  NX_SUCCESS);
        packet = NX_NULL;
        expect_eq(nx_secure_dtls_session_receive(&client, &packet, 100),
                  NX_SUCCESS);
        if (packet != NX_NULL) {
            expect_eq(*packet->nx_packet_prepend_ptr, i);
            expect_eq(nx_packet_release(packet), NX_SUCCESS);
        }
    }
    expect_eq(client.nx_secure_dtls_tls_session
                  .nx_secure_tls_remote_sequence_number[1],
              htonl(104));
    /* At the end of the numbers a send fails and keeps the packet. */
    session->nx_secure_dtls_tls_session
        .nx_secure_tls_local_sequence_number[0] = 0;
    session->nx_secure_dtls_tls_session
        .nx_secure_tls_local_sequence_number[1] = 0x10000;
    expect_eq(nx_secure_dtls_packet_allocate(session, &net_b.pool, &packet,
                                             NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_session_send(session, packet),
              NX_NOT_SUCCESSFUL);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    end_association();
}

static void every_record_has_a_number_of_its_own(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, server_first_body);
}

static VOID any_port_body(ULONG input)
{
    (void)input;
    create();
    server.nx_dtls_server_listen_port = NX_ANY_PORT;
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect(server.nx_dtls_server_udp_socket.nx_udp_socket_port != 0);
    expect_eq(sessions[SESSIONS - 1].nx_secure_dtls_local_port,
              server.nx_dtls_server_udp_socket.nx_udp_socket_port);
    end_association();
}

static void sessions_know_the_port_that_was_chosen(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, any_port_body);
}

static UINT waiter_status;

static VOID wait_for_data(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    waiter_status =
        nx_secure_dtls_session_receive(&client, &packet, NX_WAIT_FOREVER);
}

static VOID second_waiter_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create_psk(psk);
    expect_eq(connect_client(), NX_SUCCESS);
    (void)kit_spawn(wait_for_data, 0, 5);
    tx_thread_sleep(10);
    expect(client.nx_secure_dtls_thread_suspended != NX_NULL);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 10),
              NX_ALREADY_SUSPENDED);
    /* Ending the session ends the other thread's wait. */
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    expect_eq(waiter_status, NX_WAIT_ABORTED);
    end_association();
}

static void a_session_has_one_waiter_and_end_aborts_it(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, second_waiter_body);
}

/* A name for a certificate names one, and a list has each only once. */
static VOID once_body(ULONG input)
{
    UCHAR root_name[] = "root";

    (void)input;
    create_certified("root.der");
    cert_init(&ca_cert, "root.der", NULL, 0);
    expect_eq(
        nx_secure_dtls_session_trusted_certificate_add(&client, &ca_cert, 2),
        NX_SECURE_TLS_CERT_ID_DUPLICATE);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(&client,
                                                             &client_root, 3),
              NX_SECURE_TLS_CERT_ID_DUPLICATE);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &ca_cert, 1),
        NX_SECURE_TLS_CERT_ID_DUPLICATE);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &server_cert, 3),
        NX_SECURE_TLS_CERT_ID_DUPLICATE);
    /* Neither has taken the place of the other. */
    show_client_certificate();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    /* To remove one takes an id or a whole name. */
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(
                  &client, root_name, 0, 0),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(&client,
                                                                NX_NULL, 4, 0),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(
                  &client, root_name, 4, 0),
              NX_SUCCESS);
    end_association();
}

static void a_certificate_is_in_a_list_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, once_body);
}

static VOID wrong_arguments_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NXD_ADDRESS other = net_v4(IP_ADDRESS(10, 1, 2, 5));
    NX_PACKET *packet;

    (void)input;
    create_psk(psk);
    expect_eq(create_client(&nxdtls_ciphers_all), NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_client_session_start(NX_NULL, &net_a.socket, &to,
                                                  PORT, 10),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, NX_NO_WAIT),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&client, &client_root, 0),
        NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(&client,
                                                                NX_NULL, 0, 9),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_dtls_server_session_start(&sessions[1], NX_NO_WAIT),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_packet_allocate(&client, &net_a.pool, &packet,
                                             NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_send(&client, packet, &other, PORT),
              NX_SECURE_TLS_SEND_ADDRESS_MISMATCH);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void wrong_arguments_are_named(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wrong_arguments_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(psk_connects_echoes_and_ends),
        cmocka_unit_test(a_wrong_key_is_silence_and_frees_its_slot),
        cmocka_unit_test(waiting_forever_ends_with_the_retries),
        cmocka_unit_test(both_ends_show_certificates),
        cmocka_unit_test(the_peer_s_certificates_stand_until_the_reset),
        cmocka_unit_test(slots_hold_the_peer_s_certificates),
        cmocka_unit_test(all_sessions_of_a_server_verify_clients),
        cmocka_unit_test(an_unknown_ca_is_told_to_the_server),
        cmocka_unit_test(the_callback_s_status_is_the_handshake_s),
        cmocka_unit_test(a_revoked_certificate_is_alert_44),
        cmocka_unit_test(the_active_certificate_is_the_only_one_to_show),
        cmocka_unit_test(
            the_longest_psk_connects_and_a_client_s_own_comes_first),
        cmocka_unit_test(a_client_without_certificate_gets_alert_40),
        cmocka_unit_test(half_of_all_datagrams_may_be_lost),
        cmocka_unit_test(every_record_has_a_number_of_its_own),
        cmocka_unit_test(sessions_know_the_port_that_was_chosen),
        cmocka_unit_test(slots_that_nobody_starts_are_reclaimed),
        cmocka_unit_test(datagrams_above_sixteen_are_counted),
        cmocka_unit_test(counters_are_zeroed_and_summed_as_one),
        cmocka_unit_test(a_client_without_a_session_is_counted),
        cmocka_unit_test(a_client_may_begin_anew_from_its_port),
        cmocka_unit_test(nobody_without_the_key_replaces_a_session),
        cmocka_unit_test(a_session_has_one_waiter_and_end_aborts_it),
        cmocka_unit_test(a_certificate_is_in_a_list_once),
        cmocka_unit_test(wrong_arguments_are_named),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
