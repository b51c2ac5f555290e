/* SPDX-License-Identifier: MIT */
/* Crypto methods of the application: sessions whose table names them against
 * ordinary ones, in virtual time. */
#include "adapter_kit.h"

#include <stdbool.h>

#define EC NX_SECURE_X509_KEY_TYPE_EC_DER
#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER

enum { CLIENT = 1, SERVER = 2, BOTH = 3 };

static UINT client_status;

/* What the next run is about. */
static const NX_SECURE_TLS_CRYPTO *client_table;
static const NX_SECURE_TLS_CRYPTO *server_table;
static bool with_certificates;
static bool with_rsa_client;
static UINT fail_at;
static UINT held_type; /* of a key that only a method knows; 0: it is shown */
static UINT held_by;   /* this role's certificate has it */

/* One client after the other, each echoed until it closes. */
static VOID serve(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session;
    NX_PACKET *packet;

    (void)input;
    for (;;) {
        session = next_connect(TX_WAIT_FOREVER);
        start_status = nx_secure_dtls_server_session_start(session, 3000);
        while (start_status == NX_SUCCESS &&
               nx_secure_dtls_session_receive(session, &packet, 3000) ==
                   NX_SUCCESS) {
            if (nx_secure_dtls_server_session_send(session, packet) !=
                NX_SUCCESS) {
                (void)nx_packet_release(packet);
            }
        }
        (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
}

static USHORT suite_in_use(void)
{
    const NX_SECURE_TLS_CRYPTO *table =
        server_table->nx_secure_tls_ciphersuite_lookup_table_size == 1
            ? server_table
            : client_table;

    return table->nx_secure_tls_ciphersuite_lookup_table
        ->nx_secure_tls_ciphersuite;
}

/* A certificate of ours, its key in the file or with the foreign methods. */
static void own_init(NX_SECURE_X509_CERT *cert, const char *der,
                     const char *key, UINT type, UINT role)
{
    if (held_type == 0 || held_by != role) {
        cert_init(cert, der, key, type);
        return;
    }
    expect(foreign_keep(pki(key)->bytes, pki(key)->len, held_type));
    expect_eq(nx_secure_x509_certificate_initialize(
                  cert, pki(der)->bytes, pki(der)->len, NX_NULL, 0,
                  foreign_handle, FOREIGN_HANDLE_LEN, held_type),
              NX_SUCCESS);
}

static void show_server(const char *der, const char *key, UINT type)
{
    own_init(&server_cert, der, key, type, SERVER);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &server_cert, 1),
        NX_SUCCESS);
}

static void show_client(const char *der, const char *key, UINT type)
{
    own_init(&client_cert, der, key, type, CLIENT);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&client, &client_cert, 1),
        NX_SUCCESS);
}

/* The one certificate that fits the suite: libcrypto takes longer to read a
 * key than a session to use it. */
static void add_fitting_certificate(void)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *of =
        nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table;

    while (of->nx_secure_tls_ciphersuite != suite_in_use()) {
        of++;
    }
    if (of->nx_secure_tls_public_cipher == &crypto_method_ecdh) {
        show_server("ecdh.der", "ecdh.key.der", EC);
    } else if (of->nx_secure_tls_public_auth == &crypto_method_ecdsa) {
        show_server("ec.der", "ec.key.der", EC);
    } else {
        show_server("rsa.der", "rsa.key.der", RSA);
    }
}

static void add_client_certificates(void)
{
    if (with_rsa_client) {
        show_client("client-rsa.der", "client-rsa.key.der", RSA);
    } else {
        show_client("client-ec.der", "client-ec.key.der", EC);
    }
    trust("root.der");
}

static void create(void)
{
    start_association(client_table, server_table, ignore_data);
    set_curves(groups, 2, curves);
    if (with_certificates) {
        add_fitting_certificate();
        demand_client_identity();
        add_client_certificates();
    } else {
        add_server_psk();
        add_client_psk(psk);
    }
    start_server(serve);
}

static VOID talk_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;
    USHORT suite = suite_in_use();

    (void)input;
    foreign_reset(0);
    create();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(start_status, NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, suite);
    exchange(1);
    exchange(500);
    exchange(1200);
    /* Keys of two epochs live beside each other. */
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    exchange(30);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    exchange(31);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    /* The same session again. */
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(77);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

/* One suite: with certificates of both sides or with a PSK; the client's key
 * an RSA key or an EC one; and what either side then has to call. */
struct sample {
    USHORT suite;
    bool certificates;
    bool rsa_client;
    UINT kinds; /* 1 << each */
};

#define K(kind) (1u << FOREIGN_##kind)
#define PSK (K(HASH) | K(PRF))
#define CERTIFICATES (PSK | K(RSA)) /* the root's key is an RSA key */

static const struct sample samples[] = {
    {0xC02B, true, false, CERTIFICATES | K(ECDHE) | K(ECDSA) | K(GCM)},
    {0xC02F, true, false, CERTIFICATES | K(ECDHE) | K(ECDSA) | K(GCM)},
    {0xC02F, true, true, CERTIFICATES | K(ECDHE) | K(GCM)},
    {0xC0AE, true, false, CERTIFICATES | K(ECDHE) | K(ECDSA) | K(CCM)},
    {0xC023, true, false,
     CERTIFICATES | K(ECDHE) | K(ECDSA) | K(CBC) | K(HMAC)},
    /* Its MAC is longer than NetX's own could be. */
    {0xC024, true, false,
     CERTIFICATES | K(ECDHE) | K(ECDSA) | K(CBC) | K(HMAC)},
    {0xC02D, true, false, CERTIFICATES | K(ECDHE) | K(ECDSA) | K(GCM)},
    {0x009C, true, false, CERTIFICATES | K(ECDSA) | K(GCM)},
    {0x003C, true, true, CERTIFICATES | K(CBC) | K(HMAC)},
    {0x00AE, false, false, PSK | K(CBC) | K(HMAC)},
    {0xC0A8, false, false, PSK | K(CCM)},
    {0xC0A4, false, false, PSK | K(CCM)},
    {0xD005, false, false, PSK | K(ECDHE) | K(CCM)},
};
#define NUM_SAMPLES (sizeof samples / sizeof *samples)

static NX_SECURE_TLS_CIPHERSUITE_INFO row;
static NX_SECURE_TLS_CRYPTO one_suite;

/* The side that is not foreign has this library's own methods. */
static void prepare(const struct sample *s, UINT roles)
{
    one_suite = foreign_table(&row, s->suite);
    assert_int_equal(one_suite.nx_secure_tls_ciphersuite_lookup_table_size, 1);
    client_table = (roles & CLIENT) != 0 ? &one_suite : &nxdtls_ciphers_all;
    server_table = (roles & SERVER) != 0 ? &one_suite : &nxdtls_ciphers_all;
    with_certificates = s->certificates;
    with_rsa_client = s->rsa_client;
}

/* The method makes the key pair of each foreign side; the server of an ECDH
 * suite has that of its certificate. */
static UINT num_key_pairs(const struct sample *s, UINT roles)
{
    if ((s->kinds & K(ECDHE)) == 0) {
        return 0;
    }
    return (UINT)((roles & CLIENT) != 0) +
           (UINT)((roles & SERVER) != 0 && s->suite != 0xC02D);
}

static void every_foreign_method_is_called_in_every_role(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SAMPLES; i++) {
        kit_row("suite %04x", samples[i].suite);
        for (UINT roles = CLIENT; roles <= BOTH; roles++) {
            const struct sample *s = &samples[i];
            UINT seen = 0;

            kit_row("foreign roles %u", roles);
            prepare(s, roles);
            run(NXDTLS_PORT_VIRTUAL, talk_body);
            for (UINT k = 0; k < FOREIGN_KINDS; k++) {
                seen |= foreign.operations[k] != 0 ? 1u << k : 0;
            }
            if (seen != s->kinds) {
                fail_msg("suite %04x, roles %u: kinds %03x, not %03x",
                         s->suite, roles, seen, s->kinds);
            }
            assert_true(foreign.key_pairs >= num_key_pairs(s, roles));
        }
    }
}

/* This library's own methods with an init of ours: foreign, and called. */
#define COPIES_MAX 16
static NX_CRYPTO_METHOD copies[COPIES_MAX];
static const NX_CRYPTO_METHOD *originals[COPIES_MAX];
static size_t num_copies;
static UINT inits_of_copies;

static UINT init_of_copy(NX_CRYPTO_METHOD *method, UCHAR *key,
                         NX_CRYPTO_KEY_SIZE bits, VOID **handler,
                         VOID *metadata, ULONG metadata_size)
{
    inits_of_copies++;
    return originals[method - copies]->nx_crypto_init(
        method, key, bits, handler, metadata, metadata_size);
}

static const NX_CRYPTO_METHOD *copy_of(const NX_CRYPTO_METHOD *method)
{
    assert_true(num_copies < COPIES_MAX);
    originals[num_copies] = method;
    copies[num_copies] = *method;
    if (method->nx_crypto_init != NX_NULL) {
        copies[num_copies].nx_crypto_init = init_of_copy;
    }
    return &copies[num_copies++];
}

static void copy_x509_rows(void)
{
    static NX_SECURE_X509_CRYPTO rows[8];
    const NX_SECURE_TLS_CRYPTO *own = &nxdtls_ciphers_all;
    USHORT num = own->nx_secure_tls_x509_cipher_table_size;
    const NX_CRYPTO_METHOD *ecdsa = copy_of(&crypto_method_ecdsa);
    const NX_CRYPTO_METHOD *rsa = copy_of(&crypto_method_rsa);

    assert_true(num <= 8);
    memcpy(rows, own->nx_secure_tls_x509_cipher_table, num * sizeof *rows);
    for (USHORT i = 0; i < num; i++) {
        kit_row("row %u", i);
        if (rows[i].nx_secure_x509_public_cipher_method ==
            &crypto_method_none) {
            continue; /* Ed25519: NetX has no method for it */
        }
        rows[i].nx_secure_x509_public_cipher_method =
            rows[i].nx_secure_x509_public_cipher_method == &crypto_method_rsa
                ? rsa
                : ecdsa;
        rows[i].nx_secure_x509_hash_method =
            copy_of(rows[i].nx_secure_x509_hash_method);
    }
    one_suite.nx_secure_tls_x509_cipher_table = rows;
}

static void copy_row(USHORT i)
{
    one_suite = nxdtls_ciphers_all;
    row = one_suite.nx_secure_tls_ciphersuite_lookup_table[i];
    num_copies = 0;
    row.nx_secure_tls_public_cipher = copy_of(row.nx_secure_tls_public_cipher);
    row.nx_secure_tls_public_auth = copy_of(row.nx_secure_tls_public_auth);
    row.nx_secure_tls_session_cipher =
        copy_of(row.nx_secure_tls_session_cipher);
    row.nx_secure_tls_hash = copy_of(row.nx_secure_tls_hash);
    row.nx_secure_tls_prf = copy_of(row.nx_secure_tls_prf);
    one_suite.nx_secure_tls_ciphersuite_lookup_table = &row;
    one_suite.nx_secure_tls_ciphersuite_lookup_table_size = 1;
    one_suite.nx_secure_tls_handshake_hash_sha256_method =
        copy_of(&crypto_method_sha256);
    copy_x509_rows();
}

static void copies_of_our_own_methods_speak_every_suite(void **state)
{
    USHORT num =
        nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table_size;

    (void)state;
    for (USHORT i = 0; i < num; i++) {
        kit_row("suite %u", i);
        if (nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table[i]
                .nx_secure_tls_public_auth == &crypto_method_auth_ecjpake) {
            continue; /* docs/limits.md */
        }
        with_certificates =
            nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table[i]
                .nx_secure_tls_public_auth != &crypto_method_auth_psk;
        with_rsa_client = i % 2 == 0;
        copy_row(i);
        client_table = &one_suite;
        server_table = &one_suite;
        if (i % 3 != 2) {
            /* One of the two is an ordinary session. */
            *(i % 3 == 0 ? &client_table : &server_table) =
                &nxdtls_ciphers_all;
        }
        inits_of_copies = 0;
        run(NXDTLS_PORT_VIRTUAL, talk_body);
        assert_true(inits_of_copies > 0);
    }
}

/* A status that the seeds name for a session start whose cryptography fails,
 * by the operation that did. */
static bool is_named(UINT status, UINT last)
{
    /* Updates of a transcript that nobody asks for a digest any more: of a
     * client's first ClientHello, which a cookie makes void, of a server's
     * Finished, which it only seals and sends after that. */
    if (foreign.failed_kind == FOREIGN_HASH &&
        foreign.failed_op == NX_CRYPTO_HASH_UPDATE && status == NX_SUCCESS) {
        return fail_at <= 5 || fail_at + 12 > last;
    }
    /* A record's MAC, on its way out or in: see the next. */
    if (foreign.failed_kind == FOREIGN_HMAC && status == NX_SUCCESS) {
        return true;
    }
    switch (foreign.failed_op) {
    case NX_CRYPTO_DECRYPT_INITIALIZE:
    case NX_CRYPTO_DECRYPT_UPDATE:
    case NX_CRYPTO_DECRYPT_CALCULATE:
        /* The record is lost, and comes again. */
        return status == NX_SUCCESS;
    case NX_CRYPTO_VERIFY:
        return status == NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR ||
               status == NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED ||
               status == NX_SECURE_TLS_HANDSHAKE_FAILURE;
    default:
        return status == NX_SECURE_TLS_HANDSHAKE_FAILURE ||
               status == NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR ||
               status == NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED;
    }
}

static UINT handshake_calls;

static VOID fail_body(ULONG input)
{
    (void)input;
    create();
    foreign_reset(fail_at);
    client_status = connect_client();
    handshake_calls = foreign.calls;
    /* Whatever a failure has left behind, the next handshake succeeds. */
    if (client_status == NX_SUCCESS) {
        expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    }
    tx_thread_sleep(4000);
    foreign.fail_at = 0;
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(100);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static UINT failing_status;

static void fail_at_each_call(const struct sample *s, UINT role)
{
    UINT last;

    prepare(s, role);
    fail_at = 0;
    run(NXDTLS_PORT_VIRTUAL, fail_body);
    assert_int_equal(client_status, NX_SUCCESS);
    last = handshake_calls;
    assert_true(last > 10);
    for (fail_at = 1; fail_at <= last; fail_at++) {
        kit_row("call %u of %u", fail_at, last);
        run(NXDTLS_PORT_VIRTUAL, fail_body);
        failing_status = role == CLIENT ? client_status : start_status;
        if (role == SERVER && client_status != NX_SUCCESS) {
            /* Its peer hears of it, or gives up. */
            assert_true(client_status == NX_SECURE_TLS_ALERT_RECEIVED ||
                        client_status == NX_NO_PACKET);
            continue;
        }
        if (!is_named(failing_status, last)) {
            fail_msg("suite %04x, role %u, call %u of %u (kind %d, op %u): "
                     "0x%x",
                     s->suite, role, fail_at, last, (int)foreign.failed_kind,
                     foreign.failed_op, failing_status);
        }
    }
}

static void a_method_that_fails_at_any_call_ends_the_handshake(void **state)
{
    /* Between them they call every kind of method. */
    static const struct {
        USHORT suite;
        UINT role;
    } chosen[] = {{0xC02B, CLIENT},
                  {0xC02B, SERVER},
                  {0x003C, SERVER},
                  {0xC0A8, CLIENT}};

    (void)state;
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        const struct sample *s = samples;

        kit_row("suite %04x, role %u", chosen[i].suite, chosen[i].role);
        while (s->suite != chosen[i].suite) {
            s++;
        }
        fail_at_each_call(s, chosen[i].role);
    }
}

static VOID refused_send_body(ULONG input)
{
    NX_PACKET *packet = NX_NULL;

    (void)input;
    foreign_reset(0);
    create();
    expect_eq(connect_client(), NX_SUCCESS);
    /* The three calls of a record's encryption, one after the other. */
    for (UINT call = 1; call <= 3; call++) {
        kit_row("call %u", call);
        packet = client_packet(10);
        foreign.calls = 0;
        foreign.fail_at = call;
        expect_eq(nx_secure_dtls_client_session_send(&client, packet),
                  NX_SECURE_TLS_HANDSHAKE_FAILURE);
        expect_eq(packet->nx_packet_length, 10);
        expect(memcmp(packet->nx_packet_prepend_ptr, net_bytes, 10) == 0);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    exchange(10);
    end_association();
}

static void a_send_that_cannot_be_encrypted_keeps_its_packet(void **state)
{
    (void)state;
    prepare(&samples[10], CLIENT); /* CCM_8: no other method while sending */
    run(NXDTLS_PORT_VIRTUAL, refused_send_body);
}

/* Changes the last byte of what comes in as application data. */
static bool forging;

static VOID forge(NX_IP *ip, NX_PACKET *packet)
{
    const UCHAR *record = packet->nx_packet_prepend_ptr + 8;

    if (forging && *record == NX_SECURE_TLS_APPLICATION_DATA) {
        packet->nx_packet_append_ptr[-1] ^= 1;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID forged_body(ULONG input)
{
    NXDTLS_STATISTICS statistics;
    NX_PACKET *packet = NX_NULL;

    (void)input;
    foreign_reset(0);
    create();
    net_b.ip.nx_ip_udp_packet_receive = forge;
    expect_eq(connect_client(), NX_SUCCESS);
    forging = true;
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(10)),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 300),
              NX_NO_PACKET);
    forging = false;
    expect_eq(nxdtls_server_statistics_get(&server, &statistics), NX_SUCCESS);
    expect_eq(statistics.discarded_mac, 1);
    exchange(10);
    end_association();
}

static void a_forged_record_is_dropped(void **state)
{
    static const USHORT suites[] = {0xC02B, 0xC0A8, 0xC0A4, 0x00AE};

    (void)state;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        const struct sample *s = samples;

        kit_row("suite %04x", suites[i]);
        while (s->suite != suites[i]) {
            s++;
        }
        prepare(s, SERVER);
        run(NXDTLS_PORT_VIRTUAL, forged_body);
    }
}

static VOID wrong_signature_body(ULONG input)
{
    (void)input;
    foreign_reset(0);
    create();
    expect_eq(connect_client(), NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED);
    end_association();
}

/* The root's RSA signature under the server's certificate: its last byte. */
static void a_certificate_with_a_wrong_signature_is_refused(void **state)
{
    struct pki_file *der = pki("ec.der");
    UCHAR *last = &der->bytes[der->len - 1];

    (void)state;
    *last ^= 1;
    prepare(&samples[0], CLIENT);
    run(NXDTLS_PORT_VIRTUAL, wrong_signature_body);
    *last ^= 1;
}

/* Every table with every kind of need. */
static const NX_SECURE_TLS_CRYPTO *all_tables(size_t i)
{
    static NX_SECURE_TLS_CRYPTO every;

    every = foreign_table(NX_NULL, 0);
    switch (i) {
    case 0:
        return &every;
    case 1:
        return &nx_crypto_tls_ciphers;
    case 2:
        return &nx_crypto_tls_ciphers_ecc;
    case 3:
        return &nxdtls_ciphers_all;
    default:
        return NX_NULL;
    }
}

static UINT create_with(const NX_SECURE_TLS_CRYPTO *table, VOID *metadata,
                        ULONG size)
{
    UINT status = nx_secure_dtls_session_create(
        &client, table, metadata, size, client_reassembly,
        sizeof client_reassembly, CERTS, (UCHAR *)client_certs,
        sizeof client_certs);

    if (status == NX_SUCCESS) {
        expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    }
    return status;
}

/* A server of three sessions, in three times the size. */
static UINT create_server_with(const NX_SECURE_TLS_CRYPTO *table, ULONG size)
{
    static NX_SECURE_DTLS_SESSION three[3];
    static UCHAR metadata[3 * METADATA];
    static UCHAR reassembly[3 * 4000];
    UINT status = nx_secure_dtls_server_create(
        &server, &net_b.ip, PORT, 100, three, sizeof three, table, metadata,
        size, reassembly, sizeof reassembly, on_connect, ignore_data);

    if (status == NX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    }
    return status;
}

/* A session's share of its server's index is a part of the size that a session
 * alone does not need, and of which many need less. */
#define SHARE 96

static VOID size_body(ULONG input)
{
    const NX_SECURE_TLS_CRYPTO *table;
    ULONG size;

    (void)input;
    start_nets();
    for (size_t i = 0; (table = all_tables(i)) != NX_NULL; i++) {
        kit_row("table %zu", i);
        expect_eq(nx_secure_tls_metadata_size_calculate(table, &size),
                  NX_SUCCESS);
        expect(size <= (i == 1 || i == 2 ? 9000u : 11196u));
        expect_eq(create_with(table, client_metadata, size), NX_SUCCESS);
        expect_eq(create_with(table, client_metadata, size - SHARE),
                  NX_INVALID_PARAMETERS);
        expect_eq(create_server_with(table, 3 * size), NX_SUCCESS);
        expect_eq(create_server_with(table, 3 * (size - SHARE)),
                  NX_INVALID_PARAMETERS);
    }
    end_nets();
}

static void the_calculated_size_is_what_a_session_asks_for(void **state)
{
    (void)state;
    run(NXDTLS_PORT_VIRTUAL, size_body);
}

/* The same session talks in an area of exactly that size at any address. */
static UCHAR *exact_area;
static ULONG exact_size;

static VOID exact_body(ULONG input)
{
    (void)input;
    foreign_reset(0);
    create();
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &client, client_table, exact_area, exact_size,
                  client_reassembly, sizeof client_reassembly, CERTS,
                  (UCHAR *)client_certs, sizeof client_certs),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, groups, 2, curves),
              NX_SUCCESS);
    add_client_certificates();
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(100);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void the_calculated_size_suffices_at_any_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SAMPLES; i++) {
        kit_row("suite %04x", samples[i].suite);
        if (!samples[i].certificates) {
            continue;
        }
        for (size_t shift = i; shift <= 16; shift += 7) {
            UCHAR area[METADATA];

            kit_row("shift %zu", shift);
            prepare(&samples[i], CLIENT);
            assert_int_equal(_nx_secure_tls_metadata_size_calculate(
                                 client_table, &exact_size),
                             NX_SUCCESS);
            assert_true(shift + exact_size + 16 <= sizeof area);
            memset(area, 0xa5, sizeof area);
            exact_area = area + shift;
            run(NXDTLS_PORT_VIRTUAL, exact_body);
            for (size_t at = 0; at < sizeof area; at++) {
                kit_row("byte %zu", at);
                if (at < shift || at >= shift + exact_size) {
                    assert_int_equal(area[at], 0xa5);
                }
            }
        }
    }
}

/* What a NULL stands in. */
static NX_SECURE_X509_CRYPTO x509_rows[8];
static NX_SECURE_TLS_CRYPTO broken;
static UINT expected_status;

static VOID null_body(ULONG input)
{
    (void)input;
    foreign_reset(0);
    create();
    expect_eq(connect_client(), expected_status);
    if (expected_status == NX_SUCCESS) {
        exchange(10);
        expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    }
    end_association();
}

/* A table like one_suite that a test can break. */
static void prepare_broken(UINT expected)
{
    prepare(&samples[4], CLIENT);
    assert_true(foreign_num_x509_rows <= 8);
    memcpy(x509_rows, foreign_x509_rows,
           foreign_num_x509_rows * sizeof *x509_rows);
    broken = one_suite;
    broken.nx_secure_tls_x509_cipher_table = x509_rows;
    client_table = &broken;
    expected_status = expected;
}

static void a_null_method_is_a_missing_routine(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        const NX_CRYPTO_METHOD **methods[] = {
            &row.nx_secure_tls_public_cipher,
            &row.nx_secure_tls_public_auth,
            &row.nx_secure_tls_session_cipher,
            &row.nx_secure_tls_hash,
            &row.nx_secure_tls_prf,
            &x509_rows[1].nx_secure_x509_public_cipher_method,
            &x509_rows[1].nx_secure_x509_hash_method,
            &broken.nx_secure_tls_handshake_hash_sha256_method,
            &broken.nx_secure_tls_prf_sha256_method,
        };

        kit_row("method %d", i);
        prepare_broken(NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE);
        *methods[i] = NX_NULL;
        run(NXDTLS_PORT_VIRTUAL, null_body);
    }
}

static void a_null_operation_is_a_missing_routine(void **state)
{
    NX_CRYPTO_METHOD *methods[] = {
        &foreign_ecdhe,       &foreign_ecdsa,      &foreign_aes_128_cbc,
        &foreign_hmac_sha256, &foreign_prf_sha256, &foreign_sha256,
        &foreign_rsa,
    };

    (void)state;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        NX_CRYPTO_METHOD whole = *methods[i];

        kit_row("method %zu", i);
        prepare_broken(NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE);
        methods[i]->nx_crypto_operation = NX_NULL;
        run(NXDTLS_PORT_VIRTUAL, null_body);
        *methods[i] = whole;
    }
}

/* Of all inits only the PRF's has to be there (Finished asks for it). */
static void a_null_init_or_cleanup_is_left_out(void **state)
{
    NX_CRYPTO_METHOD whole = foreign_sha256;

    (void)state;
    prepare_broken(NX_SUCCESS);
    foreign_sha256.nx_crypto_init = NX_NULL;
    foreign_sha256.nx_crypto_cleanup = NX_NULL;
    run(NXDTLS_PORT_VIRTUAL, null_body);
    foreign_sha256 = whole;

    whole = foreign_prf_sha256;
    prepare_broken(NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE);
    foreign_prf_sha256.nx_crypto_init = NX_NULL;
    run(NXDTLS_PORT_VIRTUAL, null_body);
    foreign_prf_sha256 = whole;
}

/* A method that pads and hashes itself is none that a session could drive. */
static void a_signature_method_of_another_kind_is_not_supported(void **state)
{
    NX_CRYPTO_METHOD other = foreign_ecdsa;

    (void)state;
    other.nx_crypto_algorithm = NX_CRYPTO_DIGITAL_SIGNATURE_RSA;
    prepare_broken(NX_NOT_SUPPORTED);
    row.nx_secure_tls_public_auth = &other;
    run(NXDTLS_PORT_VIRTUAL, null_body);
}

/* Suite and role of each use of a private key: signing ServerKeyExchange and
 * CertificateVerify, opening a premaster secret.  `lost` is what the client's
 * start returns if the method does not find the key.  That a premaster secret
 * was not opened is never told: the server goes on with a random one, and the
 * client's Finished does not open. */
static const struct {
    size_t sample;
    UINT role;
    UINT lost;
} held_uses[] = {
    {0, SERVER, NX_SECURE_TLS_ALERT_RECEIVED},
    {1, SERVER, NX_SECURE_TLS_ALERT_RECEIVED},
    {8, SERVER, NX_NO_PACKET},
    {0, CLIENT, NX_SECURE_TLS_HANDSHAKE_FAILURE},
    {2, CLIENT, NX_SECURE_TLS_HANDSHAKE_FAILURE},
};

static VOID held_body(ULONG input)
{
    (void)input;
    foreign_reset(0);
    create();
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(foreign.held, 1);
    exchange(40);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    expect_eq(foreign.held, 2);
    exchange(41);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

static void a_key_that_only_its_method_knows(void **state)
{
    static const UINT types[] = {NX_SECURE_X509_KEY_TYPE_HARDWARE, 0x00010000,
                                 0x7abc0001};

    (void)state;
    for (size_t i = 0; i < sizeof held_uses / sizeof *held_uses; i++) {
        kit_row("suite %04x, role %u", samples[held_uses[i].sample].suite,
                held_uses[i].role);
        for (size_t j = 0; j < sizeof types / sizeof *types; j++) {
            kit_row("type %#x", types[j]);
            prepare(&samples[held_uses[i].sample], held_uses[i].role);
            held_by = held_uses[i].role;
            held_type = types[j];
            kit_run(NXDTLS_PORT_VIRTUAL, held_body);
        }
    }
    held_type = 0;
    (void)foreign_keep(NULL, 0, 0);
}

static UINT spoiling;            /* the role whose method makes ... */
static enum foreign_spoil spoil; /* ... signatures that are none */

static VOID spoiled_body(ULONG input)
{
    UINT level = 0;
    UINT alert = 0;

    (void)input;
    create();
    foreign_reset(0);
    foreign.spoil = spoil;
    client_status = connect_client();
    failing_status = spoiling == CLIENT ? client_status : start_status;
    expect_eq(failing_status, NX_SECURE_TLS_HANDSHAKE_FAILURE);
    /* A client that saw the signature would refuse it by itself. */
    if (spoiling == SERVER) {
        expect_eq(client_status, NX_SECURE_TLS_ALERT_RECEIVED);
        expect_eq(nx_secure_tls_session_alert_value_get(
                      &client.nx_secure_dtls_tls_session, &level, &alert),
                  NX_SUCCESS);
        expect_eq(alert, NX_SECURE_TLS_ALERT_INTERNAL_ERROR);
    }
    foreign.spoil = FOREIGN_WHOLE;
    tx_thread_sleep(4000);
    expect_eq(connect_client(), NX_SUCCESS);
    exchange(100);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    end_association();
}

/* The key in the file, or with the method: of each kind, in each role. */
static void a_signature_that_is_none_does_not_go_out(void **state)
{
    static const UINT types[] = {0, NX_SECURE_X509_KEY_TYPE_HARDWARE, 0x10000};
    static const struct {
        size_t sample;
        UINT role;
        bool rsa;
    } uses[] = {{0, SERVER, false},
                {1, SERVER, true},
                {0, CLIENT, false},
                {2, CLIENT, true}};

    (void)state;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        kit_row("suite %04x, role %u", samples[uses[i].sample].suite,
                uses[i].role);
        for (size_t j = 0; j < sizeof types / sizeof *types; j++) {
            for (spoil = FOREIGN_OTHER_BIT;
                 spoil < (uses[i].rsa ? FOREIGN_NO_BYTES : FOREIGN_SPOILS);
                 spoil = (enum foreign_spoil)(spoil + 1)) {
                kit_row("type %#x, spoil %u", types[j], spoil);
                prepare(&samples[uses[i].sample], uses[i].role);
                spoiling = uses[i].role;
                held_by = uses[i].role;
                held_type = types[j];
                kit_run(NXDTLS_PORT_VIRTUAL, spoiled_body);
            }
        }
    }
    held_type = 0;
    (void)foreign_keep(NULL, 0, 0);
}

static UINT held_lost; /* `lost` of the use that is tested */

static VOID lost_key_body(ULONG input)
{
    (void)input;
    foreign_reset(0);
    create();
    (void)foreign_keep(NULL, 0, held_type);
    expect_eq(connect_client(), held_lost);
    expect_eq(foreign.held, 1);
    end_association();
}

static void a_key_that_its_method_does_not_find(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof held_uses / sizeof *held_uses; i++) {
        kit_row("suite %04x, role %u", samples[held_uses[i].sample].suite,
                held_uses[i].role);
        prepare(&samples[held_uses[i].sample], held_uses[i].role);
        held_by = held_uses[i].role;
        held_lost = held_uses[i].lost;
        held_type = NX_SECURE_X509_KEY_TYPE_HARDWARE;
        kit_run(NXDTLS_PORT_VIRTUAL, lost_key_body);
        held_type = 0x00010000;
        kit_run(NXDTLS_PORT_VIRTUAL, lost_key_body);
    }
    held_type = 0;
}

/* Whoever has the key cannot start. */
static void expect_no_start(UINT expected)
{
    UINT status;

    foreign_reset(0);
    create();
    status = connect_client();
    expect_eq(held_by == CLIENT ? status : start_status, expected);
    expect_eq(foreign.held, 0);
    end_association();
}

static VOID no_method_body(ULONG input)
{
    (void)input;
    expect_no_start(NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE);
}

static VOID static_ecdh_body(ULONG input)
{
    (void)input;
    expect_no_start(NX_SECURE_TLS_NO_SUPPORTED_CIPHERS);
}

static void a_held_key_needs_a_method_and_a_suite_that_signs(void **state)
{
    (void)state;
    held_type = NX_SECURE_X509_KEY_TYPE_HARDWARE;
    prepare(&samples[0], SERVER);
    held_by = CLIENT; /* whose table has our own methods alone */
    kit_run(NXDTLS_PORT_VIRTUAL, no_method_body);
    prepare(&samples[6], SERVER); /* static ECDH */
    held_by = SERVER;
    kit_run(NXDTLS_PORT_VIRTUAL, static_ecdh_body);
    held_type = 0;
    (void)foreign_keep(NULL, 0, 0);
}

static UINT init_held(const char *der, const UCHAR *handle, UINT type)
{
    return nx_secure_x509_certificate_initialize(
        &server_cert, pki(der)->bytes, pki(der)->len, NX_NULL, 0, handle,
        FOREIGN_HANDLE_LEN, type);
}

static void a_held_key_s_certificate_and_type_are_checked(void **state)
{
    (void)state;
    assert_int_equal(init_held("rsa.der", foreign_handle, 0x10000),
                     NX_SUCCESS);
    assert_int_equal(init_held("rsa.der", NULL, 0x10000),
                     NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    for (UINT type = NX_SECURE_X509_KEY_TYPE_HARDWARE + 1; type <= 0xffff;
         type++) {
        kit_row("type %#x", type);
        assert_int_equal(init_held("rsa.der", foreign_handle, type),
                         NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    }
    /* No method of NetX signs with such a key. */
    assert_int_equal(init_held("ed25519.der", foreign_handle, 0x10000),
                     NX_SECURE_PKCS1_INVALID_PRIVATE_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_foreign_method_is_called_in_every_role),
        cmocka_unit_test(copies_of_our_own_methods_speak_every_suite),
        cmocka_unit_test(a_method_that_fails_at_any_call_ends_the_handshake),
        cmocka_unit_test(a_send_that_cannot_be_encrypted_keeps_its_packet),
        cmocka_unit_test(a_forged_record_is_dropped),
        cmocka_unit_test(a_certificate_with_a_wrong_signature_is_refused),
        cmocka_unit_test(the_calculated_size_is_what_a_session_asks_for),
        cmocka_unit_test(the_calculated_size_suffices_at_any_address),
        cmocka_unit_test(a_null_method_is_a_missing_routine),
        cmocka_unit_test(a_null_operation_is_a_missing_routine),
        cmocka_unit_test(a_null_init_or_cleanup_is_left_out),
        cmocka_unit_test(a_signature_method_of_another_kind_is_not_supported),
        cmocka_unit_test(a_key_that_only_its_method_knows),
        cmocka_unit_test(a_signature_that_is_none_does_not_go_out),
        cmocka_unit_test(a_key_that_its_method_does_not_find),
        cmocka_unit_test(a_held_key_needs_a_method_and_a_suite_that_signs),
        cmocka_unit_test(a_held_key_s_certificate_and_type_are_checked),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
