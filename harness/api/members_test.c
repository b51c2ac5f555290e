/* SPDX-License-Identifier: MIT */
/* What applications read from certificates and sessions, and the services on
 * the TLS session inside a DTLS session. */
#include "../unit/nx_secure/association_kit.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define LEN(array) (sizeof(array) / sizeof *(array))
#define TLS (&client.nx_secure_dtls_tls_session)

static UINT echo(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet = NX_NULL;

    if (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) !=
        NX_SUCCESS) {
        return NX_SUCCESS;
    }
    return nx_secure_dtls_server_session_send(session, packet);
}

/* Compares a part of a certificate with what libcrypto reads. */
static void expect_part(const char *what, const UCHAR *is, size_t len,
                        const UCHAR *expected, size_t expected_len)
{
    kit_row("%s", what);
    assert_int_equal(len, expected_len);
    assert_true((is == NULL) == (expected_len == 0));
    if (len != 0) {
        assert_memory_equal(is, expected, len);
    }
}

/* The first value of an attribute, as it is encoded. */
static void expect_attribute(const X509_NAME *name, int nid, const UCHAR *is,
                             USHORT len)
{
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    const ASN1_STRING *value =
        at < 0 ? NULL
               : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));

    expect_part(OBJ_nid2sn(nid), is, len,
                value == NULL ? NULL : ASN1_STRING_get0_data(value),
                value == NULL ? 0 : (size_t)ASN1_STRING_length(value));
}

static void expect_name(const X509_NAME *name,
                        const NX_SECURE_X509_DISTINGUISHED_NAME *is)
{
#define EXPECT(nid, part)                                                     \
    expect_attribute(name, nid, is->nx_secure_x509_##part,                    \
                     is->nx_secure_x509_##part##_length)
    EXPECT(NID_countryName, country);
    EXPECT(NID_organizationName, organization);
    EXPECT(NID_organizationalUnitName, org_unit);
    EXPECT(NID_dnQualifier, distinguished_name_qualifier);
    EXPECT(NID_stateOrProvinceName, state);
    EXPECT(NID_commonName, common_name);
    EXPECT(NID_serialNumber, serial_number);
#undef EXPECT
}

static void expect_asn1(const char *what, const UCHAR *is, size_t len,
                        const ASN1_STRING *s)
{
    expect_part(what, is, len, s == NULL ? NULL : ASN1_STRING_get0_data(s),
                s == NULL ? 0 : (size_t)ASN1_STRING_length(s));
}

static void expect_key(const NX_SECURE_X509_CERT *cert, EVP_PKEY *key)
{
    UCHAR bytes[600];
    size_t len = 0;
    BIGNUM *n = NULL;

    kit_row("key");
    if (EVP_PKEY_is_a(key, "RSA")) {
        const NX_SECURE_RSA_PUBLIC_KEY *rsa =
            &cert->nx_secure_x509_public_key.rsa_public_key;

        assert_int_equal(cert->nx_secure_x509_public_algorithm,
                         NX_SECURE_TLS_X509_TYPE_RSA);
        assert_int_equal(EVP_PKEY_get_bn_param(key, "n", &n), 1);
        len = (size_t)BN_bn2bin(n, bytes);
        expect_part("modulus", rsa->nx_secure_rsa_public_modulus,
                    rsa->nx_secure_rsa_public_modulus_length, bytes, len);
        assert_int_equal(EVP_PKEY_get_bn_param(key, "e", &n), 1);
        len = (size_t)BN_bn2bin(n, bytes);
        expect_part("exponent", rsa->nx_secure_rsa_public_exponent,
                    rsa->nx_secure_rsa_public_exponent_length, bytes, len);
        BN_free(n);
    } else if (EVP_PKEY_is_a(key, "EC")) {
        const NX_SECURE_EC_PUBLIC_KEY *ec =
            &cert->nx_secure_x509_public_key.ec_public_key;

        assert_int_equal(cert->nx_secure_x509_public_algorithm,
                         NX_SECURE_TLS_X509_TYPE_EC);
        assert_int_equal(
            EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", bytes,
                                            sizeof bytes, &len),
            1);
        expect_part("point", ec->nx_secure_ec_public_key,
                    ec->nx_secure_ec_public_key_length, bytes, len);
        assert_true(ec->nx_secure_ec_named_curve == NX_CRYPTO_EC_SECP256R1 ||
                    ec->nx_secure_ec_named_curve == NX_CRYPTO_EC_SECP384R1);
    } else {
        assert_int_equal(cert->nx_secure_x509_public_algorithm,
                         NX_SECURE_TLS_X509_TYPE_UNKNOWN);
    }
}

static void expect_cert(const NX_SECURE_X509_CERT *cert, X509 *x)
{
    const ASN1_BIT_STRING *signature;
    const AUTHORITY_KEYID *authority =
        X509_get_ext_d2i(x, NID_authority_key_identifier, NULL, NULL);
    const UCHAR *extensions = cert->nx_secure_x509_extensions_data;
    const UCHAR *end = extensions;
    const UCHAR *tbs = cert->nx_secure_x509_certificate_data;
    STACK_OF(X509_EXTENSION) *parsed = NULL;

    kit_row("version");
    assert_int_equal(cert->nx_secure_x509_version, X509_get_version(x));
    expect_asn1("serial", cert->nx_secure_x509_serial_number,
                cert->nx_secure_x509_serial_number_length,
                X509_get0_serialNumber(x));
    expect_asn1("not before", cert->nx_secure_x509_not_before,
                cert->nx_secure_x509_not_before_length,
                X509_get0_notBefore(x));
    expect_asn1("not after", cert->nx_secure_x509_not_after,
                cert->nx_secure_x509_not_after_length, X509_get0_notAfter(x));
    assert_int_equal(cert->nx_secure_x509_validity_format,
                     ASN1_STRING_type(X509_get0_notBefore(x)));
    X509_get0_signature(&signature, NULL, x);
    expect_asn1("signature", cert->nx_secure_x509_signature_data,
                cert->nx_secure_x509_signature_data_length, signature);
    expect_asn1("subject id", cert->nx_secure_x509_subject_identifier,
                cert->nx_secure_x509_subject_identifier_length,
                X509_get0_subject_key_id(x));
    expect_asn1("authority id", cert->nx_secure_x509_issuer_identifier,
                cert->nx_secure_x509_issuer_identifier_length,
                authority == NULL ? NULL : authority->keyid);
    expect_name(X509_get_subject_name(x),
                &cert->nx_secure_x509_distinguished_name);
    expect_name(X509_get_issuer_name(x), &cert->nx_secure_x509_issuer);
    expect_key(cert, X509_get0_pubkey(x));
    kit_row("extensions");
    if (extensions != NULL) {
        parsed = d2i_X509_EXTENSIONS(
            NULL, &end, (long)cert->nx_secure_x509_extensions_data_length);
        assert_non_null(parsed);
        assert_ptr_equal(end,
                         tbs + cert->nx_secure_x509_certificate_data_length);
        sk_X509_EXTENSION_pop_free(parsed, X509_EXTENSION_free);
    }
    assert_int_equal(sk_X509_EXTENSION_num(X509_get0_extensions(x)) > 0,
                     extensions != NULL);
    AUTHORITY_KEYID_free((AUTHORITY_KEYID *)(uintptr_t)authority);
}

static const struct {
    const char *der;
    UINT signature;
} certs[] = {
    {"root.der", 4},
    {"rsa.der", 4},
    {"ec-1.der", 0},
    {"client-rsa.der", 4},
    {"client-ed25519.der", 0},
    {"chain-leaf.der", 0},
    {"ca1.der", 0},
};

/* Every certificate of the test PKI, judged by libcrypto. */
static void members_are_what_libcrypto_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(certs); i++) {
        struct pki_file *f = pki(certs[i].der);
        const UCHAR *at = f->bytes;
        X509 *x = d2i_X509(NULL, &at, f->len);
        NX_SECURE_X509_CERT cert;

        kit_row("%s", certs[i].der);
        assert_non_null(x);
        assert_int_equal(nx_secure_x509_certificate_initialize(
                             &cert, f->bytes, f->len, NX_NULL, 0, NX_NULL, 0,
                             NX_SECURE_X509_KEY_TYPE_NONE),
                         NX_SUCCESS);
        expect_cert(&cert, x);
        kit_row("%s", certs[i].der);
        assert_ptr_equal(cert.nx_secure_x509_certificate_raw_data, f->bytes);
        assert_int_equal(cert.nx_secure_x509_certificate_raw_data_length,
                         f->len);
        assert_false(cert.nx_secure_x509_certificate_is_identity_cert);
        if (certs[i].signature != 0) {
            assert_int_equal(cert.nx_secure_x509_signature_algorithm,
                             certs[i].signature);
        }
        assert_int_equal(_nx_secure_x509_expiration_check(&cert, 0),
                         NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID);
        assert_int_equal(_nx_secure_x509_expiration_check(&cert, 0xffffffffu),
                         NX_SECURE_X509_CERTIFICATE_EXPIRED);
        X509_free(x);
    }
}

static UCHAR seen_name[64];
static USHORT seen_name_len;
static UINT seen_remote;

static ULONG see_peer(NX_SECURE_TLS_SESSION *tls, NX_SECURE_X509_CERT *cert)
{
    NX_SECURE_X509_CERT *peer = NX_NULL;
    const NX_SECURE_X509_DISTINGUISHED_NAME *name =
        &cert->nx_secure_x509_distinguished_name;

    seen_remote = _nx_secure_x509_remote_endpoint_certificate_get(
        &tls->nx_secure_tls_credentials.nx_secure_tls_certificate_store,
        &peer);
    expect(peer == cert);
    seen_name_len = name->nx_secure_x509_common_name_length;
    memcpy(seen_name, name->nx_secure_x509_common_name, seen_name_len);
    return NX_SUCCESS;
}

/* The states of a session that has ended, or has not begun. */
static void expect_idle(const NX_SECURE_TLS_SESSION *tls)
{
    expect_eq(tls->nx_secure_tls_protocol_version, 0);
    expect(tls->nx_secure_tls_session_ciphersuite == NX_NULL);
    expect_eq(tls->nx_secure_tls_client_state,
              NX_SECURE_TLS_CLIENT_STATE_IDLE);
    expect_eq(tls->nx_secure_tls_server_state,
              NX_SECURE_TLS_SERVER_STATE_IDLE);
    expect_eq(tls->nx_secure_tls_received_remote_credentials, 0);
    expect_eq(tls->nx_secure_tls_credentials.nx_secure_tls_remote_psk_id_size,
              0);
}

static void expect_connected(const NX_SECURE_TLS_SESSION *tls, USHORT suite)
{
    expect_eq(tls->nx_secure_tls_protocol_version, 0xFEFD);
    expect(tls->nx_secure_tls_session_ciphersuite != NX_NULL);
    expect_eq(
        tls->nx_secure_tls_session_ciphersuite->nx_secure_tls_ciphersuite,
        suite);
    expect_eq(tls->nx_secure_tls_client_state +
                  tls->nx_secure_tls_server_state,
              10); /* HANDSHAKE_FINISHED of its role, the other's is 0 */
}

static UCHAR hint[] = "which";

static VOID psk_members_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *peer;
    const NX_SECURE_TLS_CREDENTIALS *c = &TLS->nx_secure_tls_credentials;

    (void)input;
    start_association(&nx_crypto_tls_ciphers, &nx_crypto_tls_ciphers, echo);
    add_client_psk(psk);
    expect_eq(nx_secure_dtls_server_psk_add(&server, psk, sizeof psk,
                                            psk_identity, 6, hint, 5),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_idle(TLS);
    expect_eq(c->nx_secure_tls_psk_count, 1);
    expect(memcmp(c->nx_secure_tls_psk_store[0].nx_secure_tls_psk_id, "client",
                  6) == 0);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    peer = &connecting->nx_secure_dtls_tls_session;
    expect_connected(TLS, TLS_PSK_WITH_AES_128_CBC_SHA256);
    expect_connected(peer, TLS_PSK_WITH_AES_128_CBC_SHA256);
    expect_eq(TLS->nx_secure_tls_client_state,
              NX_SECURE_TLS_CLIENT_STATE_HANDSHAKE_FINISHED);
    expect_eq(peer->nx_secure_tls_server_state,
              NX_SECURE_TLS_SERVER_STATE_HANDSHAKE_FINISHED);
    expect_eq(c->nx_secure_tls_remote_psk_id_size, 5);
    expect(memcmp(c->nx_secure_tls_remote_psk_id, hint, 5) == 0);
    c = &peer->nx_secure_tls_credentials;
    expect_eq(c->nx_secure_tls_remote_psk_id_size, 6);
    expect(memcmp(c->nx_secure_tls_remote_psk_id, "client", 6) == 0);
    expect_eq(TLS->nx_secure_tls_received_remote_credentials, 1);
    expect_eq(peer->nx_secure_tls_received_remote_credentials, 1);

    /* Records 1 to 7 of epoch 1 follow Finished, number 0. */
    for (UINT i = 0; i < 7; i++) {
        kit_row("record %u", i + 1);
        exchange(1);
    }
    expect_eq(peer->nx_secure_tls_remote_sequence_number[0], 0);
    expect_eq(peer->nx_secure_tls_remote_sequence_number[1], 0x07000000);
    expect_eq(peer->nx_secure_tls_local_sequence_number[0], 8);
    expect_eq(nx_secure_tls_session_reset(TLS), NX_SUCCESS);
    expect_idle(TLS);
    end_association();
}

static void a_session_shows_what_was_agreed(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, psk_members_body);
}

/* What callbacks see in the midst of a handshake, in their order. */
static struct glance {
    const NX_SECURE_TLS_SESSION *tls;
    USHORT version;
    USHORT suite; /* 0: none yet */
    USHORT state; /* of its role */
} glances[8];
static UINT num_glances;

static VOID glance(const NX_SECURE_TLS_SESSION *tls)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
        tls->nx_secure_tls_session_ciphersuite;

    expect(num_glances < LEN(glances));
    glances[num_glances++ % LEN(glances)] = (struct glance){
        tls, tls->nx_secure_tls_protocol_version,
        row == NX_NULL ? (USHORT)0 : row->nx_secure_tls_ciphersuite,
        (USHORT)(tls->nx_secure_tls_client_state +
                 tls->nx_secure_tls_server_state)};
}

static ULONG glance_at_hello(NX_SECURE_TLS_SESSION *tls,
                             NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                             UINT num)
{
    (void)extensions;
    (void)num;
    glance(tls);
    return NX_SUCCESS;
}

static ULONG glance_at_certificate(NX_SECURE_TLS_SESSION *tls,
                                   NX_SECURE_X509_CERT *cert)
{
    (void)cert;
    glance(tls);
    return NX_SUCCESS;
}

static VOID expect_glance(UINT n, const NX_SECURE_TLS_SESSION *tls,
                          USHORT suite, UINT at)
{
    kit_row("glance %u", n);
    expect(glances[n].tls == tls);
    expect_eq(glances[n].version, 0xFEFD);
    expect_eq(glances[n].suite, suite);
    expect_eq(glances[n].state, at);
}

static VOID glances_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *peer = &sessions[0].nx_secure_dtls_tls_session;

    (void)input;
    num_glances = 0;
    start_association(&nx_crypto_tls_ciphers_ecc, &nx_crypto_tls_ciphers_ecc,
                      echo);
    add_server_identity("rsa.der", "rsa.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    demand_client_identity();
    add_client_identity("client-rsa.der", "client-rsa.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    trust("root.der");
    expect_eq(nx_secure_tls_session_client_callback_set(TLS, glance_at_hello),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_server_callback_set(peer, glance_at_hello),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  TLS, glance_at_certificate),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  peer, glance_at_certificate),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect(connecting == &sessions[0]);
    expect_eq(num_glances, 4);
    expect_glance(0, peer, 0, NX_SECURE_TLS_SERVER_STATE_SEND_HELLO);
    /* The state changes after the message: this one has come in place of a
     * HelloVerifyRequest. */
    expect_glance(1, TLS, TLS_RSA_WITH_AES_128_GCM_SHA256,
                  NX_SECURE_TLS_CLIENT_STATE_HELLO_VERIFY);
    expect_glance(2, TLS, TLS_RSA_WITH_AES_128_GCM_SHA256,
                  NX_SECURE_TLS_CLIENT_STATE_SERVER_CERTIFICATE);
    expect_glance(3, peer, TLS_RSA_WITH_AES_128_GCM_SHA256,
                  NX_SECURE_TLS_SERVER_STATE_CLIENT_CERTIFICATE);
    end_association();
}

static void a_callback_sees_how_far_the_handshake_is(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, glances_body);
}

static NX_SECURE_X509_CERT other;

/* A name of the test PKI's certificate. */
static UINT named(NX_SECURE_X509_CERT *cert, UCHAR **name)
{
    static UCHAR bytes[64];
    const NX_SECURE_X509_DISTINGUISHED_NAME *n =
        &cert->nx_secure_x509_distinguished_name;

    memcpy(bytes, n->nx_secure_x509_common_name,
           n->nx_secure_x509_common_name_length);
    *name = bytes;
    return n->nx_secure_x509_common_name_length;
}

static VOID check_lists(VOID)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &TLS->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERT *found = NX_NULL;
    UCHAR *name;
    UINT len;

    cert_init(&client_cert, "client-rsa.der", "client-rsa.key.der",
              NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    cert_init(&other, "client-rsa.der", NULL, 0);
    expect(client_cert.nx_secure_x509_certificate_is_identity_cert);
    expect_eq(
        _nx_secure_x509_local_device_certificate_get(store, NX_NULL, &found),
        NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_tls_local_certificate_add(TLS, &client_cert),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_local_certificate_add(TLS, &client_cert),
              NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_local_certificate_add(TLS, &other),
              NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_server_certificate_add(TLS, &other, 0),
              NX_SECURE_TLS_CERT_ID_INVALID);
    expect_eq(nx_secure_tls_server_certificate_add(TLS, &other, 7),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_server_certificate_add(TLS, &client_root, 7),
              NX_SECURE_TLS_CERT_ID_DUPLICATE);
    expect_eq(nx_secure_tls_server_certificate_find(TLS, &found, 7),
              NX_SUCCESS);
    expect(found == &other);
    expect_eq(nx_secure_tls_server_certificate_find(TLS, &found, 8),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_tls_server_certificate_find(TLS, &found, 0),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    len = named(&client_cert, &name);
    expect_eq(nx_secure_tls_local_certificate_find(TLS, &found, name, len),
              NX_SUCCESS);
    expect(found == &client_cert);
    expect_eq(nx_secure_tls_local_certificate_find(TLS, &found, name, len - 1),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(
        _nx_secure_x509_local_device_certificate_get(store, NX_NULL, &found),
        NX_SUCCESS);
    expect(found == &client_cert);
    expect_eq(nx_secure_tls_server_certificate_remove(TLS, 7), NX_SUCCESS);
    expect_eq(nx_secure_tls_server_certificate_remove(TLS, 7),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_tls_local_certificate_remove(TLS, name, len),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_local_certificate_remove(TLS, name, len),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    cert_init(&other, "root.der", NULL, 0);
    expect_eq(nx_secure_tls_trusted_certificate_add(TLS, &other), NX_SUCCESS);
    expect_eq(nx_secure_tls_trusted_certificate_add(TLS, &client_root),
              NX_INVALID_PARAMETERS);
    len = named(&other, &name);
    expect_eq(nx_secure_tls_trusted_certificate_remove(TLS, name, len),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_trusted_certificate_remove(TLS, name, len),
              NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(nx_secure_tls_trusted_certificate_remove(TLS, name, 0),
              NX_PTR_ERROR);
}

static VOID check_arguments(VOID)
{
    static UCHAR small[3999];
    static const struct {
        USHORT version;
        UINT status;
    } versions[] = {
        {0x0303, NX_SUCCESS}, {0xFEFF, 0x110}, {0xFEFD, 0x110},
        {0x0300, 0x110},      {0x0304, 0x110}, {0x0305, 0x10F},
        {0, 0x10F},
    };

    for (size_t i = 0; i < LEN(versions); i++) {
        kit_row("version %x", versions[i].version);
        expect_eq(nx_secure_tls_session_protocol_version_override(
                      TLS, versions[i].version),
                  versions[i].status);
    }
    expect_eq(
        nx_secure_tls_session_packet_buffer_set(TLS, small, sizeof small),
        NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_session_packet_buffer_set(TLS, NX_NULL, 4000),
              NX_PTR_ERROR);
    expect_eq(
        nx_secure_tls_remote_certificate_buffer_allocate(
            TLS, 3, client_certs, 3 * (sizeof(NX_SECURE_X509_CERT) + 256) - 1),
        NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_tls_session_reset(NX_NULL), NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_client_verify_enable(
                  &sessions[1].nx_secure_dtls_tls_session),
              NX_SUCCESS);
    expect_eq(sessions[1]
                  .nx_secure_dtls_tls_session
                  .nx_secure_tls_verify_client_certificate,
              NX_TRUE);
    expect_eq(nx_secure_tls_session_client_verify_disable(
                  &sessions[1].nx_secure_dtls_tls_session),
              NX_SUCCESS);
    expect_eq(sessions[1]
                  .nx_secure_dtls_tls_session
                  .nx_secure_tls_verify_client_certificate,
              NX_FALSE);
}

/* A client that is set up with services of TLS alone, and a server that asks
 * for its certificate in one of its sessions. */
static VOID tls_services_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *slot = &sessions[0].nx_secure_dtls_tls_session;
    static UCHAR buffer[REASSEMBLY];

    (void)input;
    start_nets();
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nx_crypto_tls_ciphers_ecc, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect(TLS->nx_secure_tls_metadata_area == client_metadata);
    expect_eq(TLS->nx_secure_tls_metadata_size, sizeof client_metadata);
    expect_eq(create_server(&nx_crypto_tls_ciphers_ecc, echo), NX_SUCCESS);
    cert_init(&client_root, "root.der", NULL, 0);
    check_lists();
    check_arguments();
    expect_eq(nx_secure_tls_ecc_initialize(
                  TLS, nx_crypto_ecc_supported_groups,
                  (USHORT)nx_crypto_ecc_supported_groups_size,
                  nx_crypto_ecc_curves),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_ecc_initialize(
                  &server, nx_crypto_ecc_supported_groups,
                  (USHORT)nx_crypto_ecc_supported_groups_size,
                  nx_crypto_ecc_curves),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_psk_add(TLS, psk, sizeof psk, psk_identity, 6,
                                    NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(
        nx_secure_tls_session_packet_buffer_set(TLS, buffer, sizeof buffer),
        NX_SUCCESS);
    expect_eq(nx_secure_tls_remote_certificate_buffer_allocate(
                  TLS, CERTS, client_certs, sizeof client_certs),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_trusted_certificate_add(TLS, &client_root),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_local_certificate_add(TLS, &client_cert),
              NX_SUCCESS);
    add_server_identity("rsa.der", "rsa.key.der",
                        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    cert_init(&server_root, "root.der", NULL, 0);
    expect_eq(nx_secure_tls_trusted_certificate_add(slot, &server_root),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(slot, CERTS,
                                                                 NX_NULL, 0),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(
                  slot, 0, NX_NULL, sizeof server_certs / SESSIONS),
              NX_PTR_ERROR);
    expect_eq(nx_secure_tls_session_x509_client_verify_configure(
                  slot, CERTS, server_certs, sizeof server_certs / SESSIONS),
              NX_SUCCESS);
    expect_eq(nx_secure_tls_session_certificate_callback_set(slot, see_peer),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect(connecting == &sessions[0]);
    exchange(20);
    expect_eq(seen_remote, NX_SUCCESS);
    expect(seen_name_len == client_cert.nx_secure_x509_distinguished_name
                                .nx_secure_x509_common_name_length &&
           memcmp(seen_name,
                  client_cert.nx_secure_x509_distinguished_name
                      .nx_secure_x509_common_name,
                  seen_name_len) == 0);
    expect_eq(TLS->nx_secure_tls_received_remote_credentials, 1);
    expect_eq(slot->nx_secure_tls_received_remote_credentials, 1);
    end_association();
}

static void tls_services_set_up_a_dtls_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, tls_services_body);
}

/* Rows of an application's own under NetX's name, fewer than the library's. */
extern NX_SECURE_TLS_CIPHERSUITE_INFO
    _nx_crypto_ciphersuite_lookup_table_ecc[2];
NX_SECURE_TLS_CIPHERSUITE_INFO _nx_crypto_ciphersuite_lookup_table_ecc[2];
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

static void rows_alone_do_not_change_the_librarys_table(void **state)
{
    const NX_SECURE_TLS_CRYPTO *table = &nx_crypto_tls_ciphers_ecc;
    const NX_SECURE_TLS_CIPHERSUITE_INFO *rows =
        table->nx_secure_tls_ciphersuite_lookup_table;

    (void)state;
    assert_true(table->nx_secure_tls_ciphersuite_lookup_table_size >
                LEN(_nx_crypto_ciphersuite_lookup_table_ecc));
    assert_ptr_not_equal(rows, _nx_crypto_ciphersuite_lookup_table_ecc);
    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        kit_row("suite %u", i);
        assert_non_null(rows[i].nx_secure_tls_session_cipher);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_alone_do_not_change_the_librarys_table),
        cmocka_unit_test(members_are_what_libcrypto_reads),
        cmocka_unit_test(a_session_shows_what_was_agreed),
        cmocka_unit_test(a_callback_sees_how_far_the_handshake_is),
        cmocka_unit_test(tls_services_set_up_a_dtls_session),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
