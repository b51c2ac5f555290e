/* SPDX-License-Identifier: MIT */
/* Lists of certificates: a certificate may be in several, each list stays what
 * it was made, and what a handshake uses stays where it is. */
#include "association_kit.h"

#include <openssl/param_build.h>
#include <openssl/x509.h>

#define EC NX_SECURE_X509_KEY_TYPE_EC_DER
#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER

static NX_SECURE_DTLS_SESSION second;
static ALIGN_TYPE second_metadata[METADATA / 8];
static UCHAR second_reassembly[REASSEMBLY];
static NX_SECURE_X509_CERT other_root, ca1, ca2;

/* A session beside the client, with lists of its own. */
static VOID create_second(VOID)
{
    expect_eq(nx_secure_dtls_session_create(
                  &second, &nxdtls_ciphers_all, second_metadata,
                  sizeof second_metadata, second_reassembly,
                  sizeof second_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
}

static VOID begin(VOID)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    create_second();
}

static VOID end(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&second), NX_SUCCESS);
    end_association();
}

static UINT trust_in(NX_SECURE_DTLS_SESSION *session,
                     NX_SECURE_X509_CERT *cert, UINT id)
{
    return nx_secure_dtls_session_trusted_certificate_add(session, cert, id);
}

static UINT distrust_in(NX_SECURE_DTLS_SESSION *session, UINT id)
{
    return nx_secure_dtls_session_trusted_certificate_remove(session, NX_NULL,
                                                             0, id);
}

static VOID stores_body(ULONG input)
{
    (void)input;
    begin();
    add_server_identity("ec.der", "ec.key.der", EC);
    start_server(start_sessions);
    cert_init(&other_root, "other-root.der", NULL, 0);
    cert_init(&client_root, "root.der", NULL, 0);
    expect_eq(trust_in(&client, &other_root, 1), NX_SUCCESS);
    expect_eq(trust_in(&second, &other_root, 7), NX_SUCCESS);
    expect_eq(trust_in(&second, &client_root, 8), NX_SUCCESS);
    /* The client was never given the server's root. */
    expect_eq(connect_client(), NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    (void)wait_started();
    /* Each list has numbers of its own, and goes without the other. */
    expect_eq(distrust_in(&client, 7), NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    expect_eq(distrust_in(&second, 7), NX_SUCCESS);
    expect_eq(trust_in(&client, &client_root, 2), NX_SUCCESS);
    expect_eq(distrust_in(&second, 8), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    end();
}

static void two_trust_stores_with_one_certificate_stay_two(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, stores_body);
}

static VOID chains_body(ULONG input)
{
    (void)input;
    begin();
    add_server_identity("chain-leaf.der", "chain-leaf.key.der", RSA);
    cert_init(&ca1, "ca1.der", NULL, 0);
    cert_init(&ca2, "ca2.der", NULL, 0);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&second, &server_cert, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_local_certificate_add(&second, &ca2, 2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_local_certificate_add(&second, &ca1, 3),
              NX_SUCCESS);
    trust("root.der");
    start_server(start_sessions);
    /* The server has no issuer to send. */
    expect_eq(connect_client(), NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    (void)wait_started();
    expect_eq(nx_secure_dtls_server_local_certificate_add(&server, &ca1, 2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_local_certificate_add(&server, &ca2, 3),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    end();
}

static void two_local_lists_with_one_identity_stay_two(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, chains_body);
}

static VOID room_body(ULONG input)
{
    static NX_SECURE_X509_CERT certs[10];
    UINT i;

    (void)input;
    begin();
    for (i = 0; i < 10; i++) {
        kit_row("certificate %u", i);
        cert_init(&certs[i], "root.der", NULL, 0);
        expect_eq(trust_in(&second, &certs[i], 100 + i), NX_SUCCESS);
    }
    for (i = 0; i < 8; i++) {
        kit_row("shared certificate %u", i);
        expect_eq(trust_in(&client, &certs[i], 1 + i), NX_SUCCESS);
    }
    expect_eq(trust_in(&client, &certs[8], 9),
              NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED);
    /* One that is in no other list has a place, and so has one again. */
    expect_eq(distrust_in(&second, 109), NX_SUCCESS);
    expect_eq(trust_in(&client, &certs[9], 10), NX_SUCCESS);
    expect_eq(distrust_in(&client, 3), NX_SUCCESS);
    expect_eq(trust_in(&client, &certs[8], 9), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&second), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    for (i = 0; i < 10; i++) {
        kit_row("certificate %u, again", i);
        cert_init(&certs[i], "root.der", NULL, 0);
    }
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    end_nets();
}

static void a_list_has_room_for_eight_certificates_of_others(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, room_body);
}

/* Initializes a certificate anew. */
static UINT anew(NX_SECURE_X509_CERT *cert)
{
    struct pki_file *der = pki("root.der");

    return nx_secure_x509_certificate_initialize(cert, der->bytes, der->len,
                                                 NX_NULL, 0, NX_NULL, 0,
                                                 NX_SECURE_X509_KEY_TYPE_NONE);
}

static VOID objects_body(ULONG input)
{
    static NX_SECURE_X509_CERT empty, copy;

    (void)input;
    begin();
    cert_init(&other_root, "other-root.der", NULL, 0);
    expect_eq(trust_in(&client, &empty, 1),
              NX_SECURE_X509_INVALID_CERTIFICATE);
    expect_eq(trust_in(&client, &other_root, 1), NX_SUCCESS);
    expect_eq(trust_in(&second, &other_root, 1), NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_trusted_certificate_add(&server, &other_root, 1),
        NX_SUCCESS);
    /* Whoever copies a certificate has another one. */
    copy = other_root;
    expect_eq(trust_in(&client, &copy, 2), NX_SUCCESS);
    expect_eq(distrust_in(&client, 2), NX_SUCCESS);
    expect_eq(anew(&copy), NX_SUCCESS);
    expect_eq(anew(&other_root), NX_IN_PROGRESS);
    expect_eq(distrust_in(&client, 1), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&second), NX_SUCCESS);
    expect_eq(anew(&other_root), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect_eq(anew(&other_root), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    end_nets();
}

static void a_listed_certificate_is_not_initialized_anew(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, objects_body);
}

static VOID slots_body(ULONG input)
{
    (void)input;
    begin();
    cert_init(&other_root, "other-root.der", NULL, 0);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(trust_in(&sessions[i], &other_root, 1), NX_PTR_ERROR);
        expect_eq(distrust_in(&sessions[i], 1), NX_PTR_ERROR);
        expect_eq(nx_secure_dtls_session_local_certificate_add(&sessions[i],
                                                               &other_root, 1),
                  NX_PTR_ERROR);
        expect_eq(nx_secure_dtls_session_local_certificate_remove(
                      &sessions[i], NX_NULL, 0, 1),
                  NX_PTR_ERROR);
    }
    start_server(start_sessions);
    end();
}

static void the_sessions_of_a_server_have_no_lists_of_their_own(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, slots_body);
}

static UINT in_handshake; /* calls of the callback below */

/* Every way in which a certificate of the running handshake could go. */
static ULONG take_certificates_away(NX_SECURE_TLS_SESSION *session,
                                    NX_SECURE_X509_CERT *certificate)
{
    (void)session;
    (void)certificate;
    in_handshake++;
    expect_eq(distrust_in(&client, 2), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_local_certificate_remove(&client, NX_NULL,
                                                              0, 1),
              NX_IN_PROGRESS);
    expect_eq(
        nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL, 0, 1),
        NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_remove(&server,
                                                               NX_NULL, 0, 2),
              NX_IN_PROGRESS);
    expect_eq(anew(&client_cert), NX_IN_PROGRESS);
    expect_eq(anew(&server_root), NX_IN_PROGRESS);
    return NX_SUCCESS;
}

static VOID handshake_body(ULONG input)
{
    (void)input;
    in_handshake = 0;
    begin();
    add_server_identity("ec.der", "ec.key.der", EC);
    add_client_identity("client-rsa.der", "client-rsa.key.der", RSA);
    trust("root.der");
    demand_client_identity();
    start_server(start_sessions);
    expect_eq(nx_secure_tls_session_certificate_callback_set(
                  &client.nx_secure_dtls_tls_session, take_certificates_away),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(in_handshake, 1);
    /* A connected session needs none of them. */
    expect_eq(distrust_in(&client, 2), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_local_certificate_remove(&client, NX_NULL,
                                                              0, 1),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL, 0, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_remove(&server,
                                                               NX_NULL, 0, 2),
              NX_SUCCESS);
    expect_eq(anew(&client_cert), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    end();
}

static void a_certificate_in_use_by_a_handshake_stays(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, handshake_body);
}

/* A certificate, its private key, and the statuses of its initialization and
 * of the local and the trusted list. */
static const struct {
    const char *der;
    const char *key;
    UINT type;
    UINT initialized;
    UINT local;
} fits[] = {
    {"ec.der", "ec.key.der", EC, NX_SUCCESS, NX_SUCCESS},
    {"ec.der", "revoked.key.der", EC, NX_SUCCESS,
     NX_SECURE_PKCS1_INVALID_PRIVATE_KEY},
    {"ec.der", "rsa.key.der", RSA, NX_SUCCESS,
     NX_SECURE_PKCS1_INVALID_PRIVATE_KEY},
    {"rsa.der", "rsa.key.der", RSA, NX_SUCCESS, NX_SUCCESS},
    {"rsa.der", "client-rsa.key.der", RSA, NX_SUCCESS,
     NX_SECURE_PKCS1_INVALID_PRIVATE_KEY},
    {"rsa.der", "ec.key.der", EC, NX_SUCCESS,
     NX_SECURE_PKCS1_INVALID_PRIVATE_KEY},
    /* A key of another type than the one said, and what is no key. */
    {"ec.der", "rsa.key.der", EC, NX_SECURE_PKCS1_INVALID_PRIVATE_KEY, 0},
    {"rsa.der", "ec.key.der", RSA, NX_SECURE_PKCS1_INVALID_PRIVATE_KEY, 0},
    {"ec.der", "ec.der", EC, NX_SECURE_PKCS1_INVALID_PRIVATE_KEY, 0},
    {"weak.der", "weak.key.der", RSA, NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER,
     0},
};

static VOID fits_body(ULONG input)
{
    static NX_SECURE_X509_CERT cert;

    (void)input;
    begin();
    for (UINT i = 0; i < sizeof fits / sizeof *fits; i++) {
        struct pki_file *der = pki(fits[i].der);
        struct pki_file *key = pki(fits[i].key);
        UINT status;

        kit_row("%s with %s", fits[i].der, fits[i].key);
        status = nx_secure_x509_certificate_initialize(
            &cert, der->bytes, der->len, NX_NULL, 0, key->bytes, key->len,
            fits[i].type);
        expect_eq(status, fits[i].initialized);
        if (status != NX_SUCCESS) {
            continue;
        }
        expect_eq(
            nx_secure_dtls_session_local_certificate_add(&client, &cert, 1),
            fits[i].local);
        expect_eq(
            nx_secure_dtls_server_local_certificate_add(&server, &cert, 1),
            fits[i].local);
        (void)nx_secure_dtls_session_local_certificate_remove(&client, NX_NULL,
                                                              0, 1);
        (void)nx_secure_dtls_server_local_certificate_remove(&server, NX_NULL,
                                                             0, 1);
    }
    start_server(start_sessions);
    end();
}

static void a_key_that_is_not_the_certificate_s_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, fits_body);
}

/* Makes rsa.der's modulus longer: no key, but a certificate that parses. */
static USHORT with_long_key(UCHAR *out, USHORT size)
{
    const struct pki_file *file = pki("rsa.der");
    const UCHAR *at = file->bytes;
    X509 *cert = d2i_X509(NULL, &at, file->len);
    BIGNUM *n = BN_new();
    BIGNUM *e = BN_new();
    OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params;
    int len;

    expect(BN_set_bit(n, 4096) == 1 && BN_set_bit(n, 0) == 1 &&
           BN_set_word(e, 65537) == 1);
    expect(OSSL_PARAM_BLD_push_BN(list, "n", n) == 1 &&
           OSSL_PARAM_BLD_push_BN(list, "e", e) == 1);
    params = OSSL_PARAM_BLD_to_param(list);
    expect(EVP_PKEY_fromdata_init(context) == 1 &&
           EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) == 1);
    expect(X509_set_pubkey(cert, key) == 1);
    len = i2d_re_X509_tbs(cert, NULL) > 0 ? i2d_X509(cert, NULL) : 0;
    expect(len > 0 && len <= size && i2d_X509(cert, &out) == len);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(list);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    BN_free(n);
    BN_free(e);
    X509_free(cert);
    return (USHORT)len;
}

static VOID sizes_body(ULONG input)
{
    static UCHAR der[4096];
    static NX_SECURE_X509_CERT weak, large;

    (void)input;
    begin();
    cert_init(&weak, "weak.der", NULL, 0);
    expect_eq(trust_in(&client, &weak, 1),
              NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(&server, &weak, 1),
              NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER);
    expect_eq(nx_secure_x509_certificate_initialize(
                  &large, der, with_long_key(der, sizeof der), NX_NULL, 0,
                  NX_NULL, 0, NX_SECURE_X509_KEY_TYPE_NONE),
              NX_SUCCESS);
    expect_eq(trust_in(&client, &large, 1),
              NX_SECURE_TLS_CRYPTO_KEYS_TOO_LARGE);
    start_server(start_sessions);
    end();
}

static void a_trusted_key_has_a_size_that_can_be_used(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sizes_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_trust_stores_with_one_certificate_stay_two),
        cmocka_unit_test(two_local_lists_with_one_identity_stay_two),
        cmocka_unit_test(a_list_has_room_for_eight_certificates_of_others),
        cmocka_unit_test(a_listed_certificate_is_not_initialized_anew),
        cmocka_unit_test(the_sessions_of_a_server_have_no_lists_of_their_own),
        cmocka_unit_test(a_certificate_in_use_by_a_handshake_stays),
        cmocka_unit_test(a_key_that_is_not_the_certificate_s_is_refused),
        cmocka_unit_test(a_trusted_key_has_a_size_that_can_be_used),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
