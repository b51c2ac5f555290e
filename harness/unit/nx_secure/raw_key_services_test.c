/* SPDX-License-Identifier: MIT */
/* Raw public keys through the API (nxdtls.h): what can be one, both ends with
 * one, and how one comes to be trusted. */
#include "association_kit.h"

#include "kit/rows.h"

#include "crypto/crypto.h"

#define EC NX_SECURE_X509_KEY_TYPE_EC_DER
#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER
#define NONE NX_SECURE_X509_KEY_TYPE_NONE

/* A private key 0102..20 of P-256 and its public key. */
static UCHAR vector[] = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
    0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
    0x42, 0x00, 0x04, 0x51, 0x5c, 0x3d, 0x6e, 0xb9, 0xe3, 0x96, 0xb9, 0x04,
    0xd3, 0xfe, 0xca, 0x7f, 0x54, 0xfd, 0xcd, 0x0c, 0xc1, 0xe9, 0x97, 0xbf,
    0x37, 0x5d, 0xca, 0x51, 0x5a, 0xd0, 0xa6, 0xc3, 0xb4, 0x03, 0x5f, 0x45,
    0x36, 0xbe, 0x3a, 0x50, 0xf3, 0x18, 0xfb, 0xf9, 0xa5, 0x47, 0x59, 0x02,
    0xa2, 0x21, 0x50, 0x2b, 0xef, 0x0d, 0x57, 0xe0, 0x8c, 0x53, 0xb2, 0xcc,
    0x0a, 0x56, 0xf1, 0x7d, 0x9f, 0x93, 0x54};
static UCHAR vector_key[] = {
    0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, 0x01, 0x02, 0x03, 0x04,
    0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a,
    0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0xa0, 0x0a, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

/* The public key of a certificate of the PKI, as it stands in there. */
static struct dtls_bytes key_of(const char *name)
{
    NX_SECURE_X509_CERT cert;
    const struct pki_file *file = pki(name);
    struct dtls_bytes key = {NX_NULL, 0};

    cert_init(&cert, name, NULL, 0);
    for (USHORT at = 0; at + 4 < file->len && key.data == NX_NULL; at++) {
        const UCHAR *info = &file->bytes[at];
        ULONG len =
            info[1] == 0x82 ? 4u + info[2] * 256u + info[3] : 2u + info[1];

        if (info[0] == 0x30 && at + len <= file->len &&
            nxdtls_raw_key_initialize(&cert, info, (USHORT)len, NX_NULL, 0,
                                      NONE) == NX_SUCCESS) {
            key = (struct dtls_bytes){info, len};
        }
    }
    expect(key.data != NX_NULL);
    return key;
}

static NX_SECURE_X509_CERT server_key, client_key, trusted_server,
    trusted_client;

static void init(NX_SECURE_X509_CERT *raw, const char *name, const char *key,
                 UINT type)
{
    struct dtls_bytes info = key_of(name);

    expect_eq(nxdtls_raw_key_initialize(
                  raw, info.data, (USHORT)info.len,
                  key == NULL ? NX_NULL : pki(key)->bytes,
                  key == NULL ? 0 : pki(key)->len, key == NULL ? NONE : type),
              NX_SUCCESS);
}

static VOID refused_body(ULONG input)
{
    static UCHAR copy[sizeof vector];
    NX_SECURE_X509_CERT raw = {0};

    (void)input;
    nx_secure_tls_initialize();
    expect_eq(nxdtls_raw_key_initialize(&raw, vector, sizeof vector,
                                        vector_key, sizeof vector_key, EC),
              NX_SUCCESS);
    expect_eq(raw.nx_secure_x509_certificate_raw_data_length, sizeof vector);
    expect_eq(nxdtls_raw_key_initialize(&raw, vector, sizeof vector, NX_NULL,
                                        0, NONE),
              NX_SUCCESS);
    for (size_t len = 0; len < sizeof vector; len++) {
        kit_row("%zu bytes", len);
        expect_eq(nxdtls_raw_key_initialize(&raw, vector, (USHORT)len, NX_NULL,
                                            0, NONE),
                  NX_SECURE_X509_INVALID_CERTIFICATE);
    }
    expect_eq(nxdtls_raw_key_initialize(&raw, pki("ec.der")->bytes,
                                        pki("ec.der")->len, NX_NULL, 0, NONE),
              NX_SECURE_X509_INVALID_CERTIFICATE);
    expect_eq(nxdtls_raw_key_initialize(&raw, vector, sizeof vector,
                                        vector_key, sizeof vector_key, RSA),
              NX_SECURE_PKCS1_INVALID_PRIVATE_KEY);
    expect_eq(nxdtls_raw_key_initialize(&raw, vector, sizeof vector,
                                        vector_key, sizeof vector_key, 77),
              NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    expect_eq(
        nxdtls_raw_key_initialize(&raw, vector, sizeof vector, NX_NULL, 0, EC),
        NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    expect_eq(nxdtls_raw_key_initialize(&raw, vector, sizeof vector,
                                        vector_key, sizeof vector_key, NONE),
              NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    memcpy(copy, vector, sizeof copy);
    copy[22] = 0x08; /* another curve */
    expect_eq(
        nxdtls_raw_key_initialize(&raw, copy, sizeof copy, NX_NULL, 0, NONE),
        NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static void only_a_key_with_its_private_key_is_one(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

/* Sets the server up with a raw key, and the client with a raw key that the
 * server demands and trusts. */
static void create_mutual(void)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    set_all_curves();
    init(&server_key, "ec.der", "ec.key.der", EC);
    init(&client_key, "client-rsa.der", "client-rsa.key.der", RSA);
    init(&trusted_client, "client-rsa.der", NULL, 0);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &server_key, 1),
        NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&client, &client_key, 1),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(
                  &server, &trusted_client, 2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  &server, CERTS, (UCHAR *)server_certs, sizeof server_certs),
              NX_SUCCESS);
    expect_eq(nxdtls_server_raw_keys_set(&server, NX_TRUE, NX_NULL),
              NX_SUCCESS);
}

static void expect_raw(NX_SECURE_DTLS_SESSION *session, const char *name)
{
    const UCHAR *shown = NX_NULL;
    UINT length = 0;
    struct dtls_bytes key = key_of(name);
    NXDTLS_SESSION_INFO info;

    expect_eq(nxdtls_session_info_get(session, &info), NX_SUCCESS);
    expect_eq(info.peer_certificate, NX_TRUE);
    expect_eq(info.peer_raw_key, NX_TRUE);
    expect_eq(nxdtls_session_peer_certificate_get(session, &shown, &length),
              NX_SUCCESS);
    expect(dtls_bytes_equal((struct dtls_bytes){shown, length}, key));
    /* It is no certificate: the list of those is empty. */
    expect(session->nx_secure_dtls_tls_session.nx_secure_tls_credentials
               .nx_secure_tls_certificate_store
               .nx_secure_x509_remote_certificates == NX_NULL);
}

static UINT judged;
static UINT verdict;
static UCHAR seen[600];
static UINT seen_length;

static UINT judge(NX_SECURE_DTLS_SESSION *session, const UCHAR *key_info,
                  UINT length)
{
    judged++;
    /* It runs without the lock, and cannot end its own session. */
    expect_eq(nx_secure_dtls_session_reset(session), NX_IN_PROGRESS);
    seen_length = length;
    expect(length <= sizeof seen);
    memcpy(seen, key_info, length);
    return verdict;
}

static enum way { BY_KEY, BY_HASH, BY_FUNCTION, WAYS } way;

static void trust_server(UCHAR pin[NXDTLS_FINGERPRINT_SIZE])
{
    struct dtls_bytes key = key_of("ec.der");

    expect_eq(nxdtls_session_raw_keys_set(
                  &client, NX_TRUE, way == BY_FUNCTION ? judge : NX_NULL),
              NX_SUCCESS);
    if (way == BY_KEY) {
        init(&trusted_server, "ec.der", NULL, 0);
        expect_eq(nx_secure_dtls_session_trusted_certificate_add(
                      &client, &trusted_server, 2),
                  NX_SUCCESS);
    } else if (way == BY_HASH) {
        expect_eq(dtls_libcrypto.digest(dtls_libcrypto.self, pin,
                                        DTLS_HASH_SHA256, &key, 1),
                  DTLS_OK);
        expect_eq(nxdtls_session_fingerprints_set(&client, pin, 1),
                  NX_SUCCESS);
    }
}

static VOID mutual_body(ULONG input)
{
    UCHAR pin[NXDTLS_FINGERPRINT_SIZE];
    struct dtls_bytes key = key_of("ec.der");

    (void)input;
    create_mutual();
    judged = 0;
    verdict = NX_SUCCESS;
    trust_server(pin);
    start_server(start_sessions);
    for (UINT i = 1; i <= 2; i++) {
        kit_row("connection %u", i);
        expect_eq(connect_client(), NX_SUCCESS);
        expect_eq(wait_started(), NX_SUCCESS);
        expect_raw(&client, "ec.der");
        expect_raw(connecting, "client-rsa.der");
        expect_eq(judged, way == BY_FUNCTION);
        if (way == BY_FUNCTION) {
            expect(
                dtls_bytes_equal((struct dtls_bytes){seen, seen_length}, key));
        }
        expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
        expect_raw(&client, "ec.der");
        expect_eq(judged, way == BY_FUNCTION ? 2 : 0);
        judged = 0;
        expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    }
    end_association();
}

static void both_ends_have_raw_keys(void **state)
{
    (void)state;
    for (way = BY_KEY; way < WAYS; way++) {
        kit_row("way %d", (int)way);
        kit_run(NXDTLS_PORT_VIRTUAL, mutual_body);
    }
}

/* The client has refused the server with certificate_unknown. */
static void expect_refusal(void)
{
    NXDTLS_SESSION_INFO info;

    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.alert_sent, 46);
    expect_eq(info.peer_certificate, NX_FALSE);
    expect_eq(info.peer_raw_key, NX_FALSE);
    expect_eq(wait_started(), NX_SECURE_TLS_ALERT_RECEIVED);
}

/* Not trusted; then refused by the application, with its own status. */
static VOID distrust_body(ULONG input)
{
    (void)input;
    create_mutual();
    judged = 0;
    expect_eq(nxdtls_session_raw_keys_set(&client, NX_TRUE, NX_NULL),
              NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SECURE_TLS_INVALID_CERTIFICATE);
    expect(strstr(nxdtls_session_reason(&client), "raw public key") != NULL);
    expect_refusal();
    verdict = 0x7777;
    expect_eq(nxdtls_session_raw_keys_set(&client, NX_TRUE, judge),
              NX_SUCCESS);
    expect_eq(connect_client(), 0x7777);
    expect_eq(judged, 1);
    expect_refusal();

    /* The switch is off again: there is nothing in common. */
    expect_eq(nxdtls_session_raw_keys_set(&client, NX_FALSE, NX_NULL),
              NX_SUCCESS);
    trust("root.der");
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&client, NX_SECURE_TLS_ALERT_LEVEL_FATAL, 43);
    expect_eq(wait_started(), NX_SECURE_TLS_INVALID_CERTIFICATE);
    end_association();
}

static void a_raw_key_is_refused_unless_it_is_trusted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, distrust_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_key_with_its_private_key_is_one),
        cmocka_unit_test(both_ends_have_raw_keys),
        cmocka_unit_test(a_raw_key_is_refused_unless_it_is_trusted),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
