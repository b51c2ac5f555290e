/* SPDX-License-Identifier: MIT */
/* Certificate stores, and what programs do with certificates beside a
 * session, by the names with an underscore. */
#include "../unit/nx_secure/association_kit.h"

#include <openssl/x509.h>

#define LOCAL NX_SECURE_X509_CERT_LOCATION_LOCAL
#define TRUSTED NX_SECURE_X509_CERT_LOCATION_TRUSTED
#define REMOTE NX_SECURE_X509_CERT_LOCATION_REMOTE
#define NOW 1700000000u

static NX_SECURE_X509_CERTIFICATE_STORE own;
static NX_SECURE_X509_CERTIFICATE_STORE other;
static NX_SECURE_X509_CERT root, ca1, ca2, leaf;

static UINT add(NX_SECURE_X509_CERTIFICATE_STORE *store,
                NX_SECURE_X509_CERT *cert, UINT location)
{
    return _nx_secure_x509_store_certificate_add(cert, store, location);
}

static UINT take(NX_SECURE_X509_CERTIFICATE_STORE *store,
                 NX_SECURE_X509_CERT *cert, UINT location)
{
    return _nx_secure_x509_store_certificate_remove(
        store, &cert->nx_secure_x509_distinguished_name, location, 0);
}

static UINT verify(NX_SECURE_X509_CERT *cert, ULONG now)
{
    return _nx_secure_x509_certificate_chain_verify(&own, cert, now);
}

static VOID start(VOID)
{
    memset(&own, 0, sizeof own);
    memset(&other, 0, sizeof other);
    cert_init(&root, "root.der", NULL, 0);
    cert_init(&ca1, "ca1.der", NULL, 0);
    cert_init(&ca2, "ca2.der", NULL, 0);
    cert_init(&leaf, "chain-leaf.der", NULL, 0);
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nx_crypto_tls_ciphers_ecc, client_metadata,
                  sizeof client_metadata, client_reassembly,
                  sizeof client_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
}

static VOID end(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    nxdtls_port_stop();
}

static VOID expect_found(NX_SECURE_X509_CERTIFICATE_STORE *store,
                         NX_SECURE_X509_CERT *cert, UINT location)
{
    NX_SECURE_X509_CERT *found = NX_NULL;
    UINT where = 0;

    expect_eq(_nx_secure_x509_store_certificate_find(
                  store, &cert->nx_secure_x509_distinguished_name, 0, &found,
                  &where),
              NX_SUCCESS);
    expect(found == cert);
    expect_eq(where, location);
}

/* A path of four certificates, with each of them missing. */
static VOID chains_body(ULONG input)
{
    (void)input;
    start();
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(add(&own, &root, TRUSTED), NX_SUCCESS);
    expect_eq(verify(&root, NOW), NX_SUCCESS);
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(add(&own, &ca2, REMOTE), NX_SUCCESS);
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(add(&own, &ca1, REMOTE), NX_SUCCESS);
    expect_eq(verify(&leaf, NOW), NX_SUCCESS);
    expect_found(&own, &ca1, REMOTE);
    expect_eq(take(&own, &ca2, REMOTE), NX_SUCCESS);
    expect_found(&own, &ca1, REMOTE);
    expect_eq(take(&own, &ca2, REMOTE), NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(add(&own, &ca2, LOCAL), NX_SUCCESS);
    expect_found(&own, &ca2, LOCAL);
    expect_eq(verify(&leaf, NOW), NX_SUCCESS);
    expect_eq(take(&own, &root, TRUSTED), NX_SUCCESS);
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(add(&own, &ca2, TRUSTED),
              NX_SECURE_X509_NO_CERT_SPACE_ALLOCATED);
    expect_eq(take(&own, &ca2, LOCAL), NX_SUCCESS);
    expect_eq(add(&own, &ca2, TRUSTED), NX_SUCCESS);
    expect_eq(verify(&leaf, NOW), NX_SUCCESS);
    expect_eq(take(&own, &ca2, TRUSTED), NX_SUCCESS);
    expect_eq(take(&own, &ca1, REMOTE), NX_SUCCESS);
    end();
}

static void a_path_leads_to_a_trusted_certificate(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, chains_body);
}

/* What is wrong with a certificate, and the status that says it. */
static VOID faults_body(ULONG input)
{
    static const struct {
        const char *der;
        ULONG now;
        UINT status;
    } faults[] = {
        {"rsa.der", NOW, NX_SUCCESS},
        {"ec.der", NOW, NX_SUCCESS},
        {"expired.der", NOW, NX_SECURE_X509_CERTIFICATE_EXPIRED},
        {"expired.der", 0, NX_SUCCESS},
        {"future.der", NOW, NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID},
        {"rsa.der", 1, NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID},
        {"other.der", NOW, NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND},
        {"sha1.der", NOW, NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER},
        {"weak.der", NOW, NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER},
    };
    static NX_SECURE_X509_CERT cert;

    (void)input;
    start();
    expect_eq(add(&own, &root, TRUSTED), NX_SUCCESS);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        kit_row("%s at %u", faults[i].der, (unsigned)faults[i].now);
        cert_init(&cert, faults[i].der, NULL, 0);
        expect_eq(verify(&cert, faults[i].now), faults[i].status);
    }
    /* One byte of the signature is another. */
    cert_init(&leaf, "rsa.der", NULL, 0);
    leaf.nx_secure_x509_certificate_raw_data
        [leaf.nx_secure_x509_certificate_raw_data_length - 1] ^= 1;
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED);
    memset(&leaf, 0, sizeof leaf);
    expect_eq(verify(&leaf, NOW), NX_SECURE_X509_CHAIN_VERIFY_FAILURE);
    expect_eq(take(&own, &root, TRUSTED), NX_SUCCESS);
    end();
}

static void a_fault_of_a_chain_has_its_status(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, faults_body);
}

/* A raw key is a certificate without a name. */
static VOID make_nameless(NX_SECURE_X509_CERT *out)
{
    static UCHAR key[1024];
    const UCHAR *der = leaf.nx_secure_x509_certificate_raw_data;
    UCHAR *at = key;
    X509 *x = d2i_X509(NULL, &der,
                       (long)leaf.nx_secure_x509_certificate_raw_data_length);
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &at);

    X509_free(x);
    expect_eq(nxdtls_raw_key_initialize(out, key, (USHORT)len, NX_NULL, 0,
                                        NX_SECURE_X509_KEY_TYPE_NONE),
              NX_SUCCESS);
}

/* What a store refuses. */
static VOID arguments_body(ULONG input)
{
    static NX_SECURE_X509_CERT blank;
    NX_SECURE_X509_CERT *found = NX_NULL;
    UINT where = 0;

    (void)input;
    start();
    expect_eq(add(&own, NX_NULL, TRUSTED), NX_PTR_ERROR);
    expect_eq(add(NX_NULL, &root, TRUSTED), NX_PTR_ERROR);
    expect_eq(take(NX_NULL, &root, TRUSTED), NX_PTR_ERROR);
    for (UINT location = 0; location <= 7; location++) {
        bool there =
            location == LOCAL || location == TRUSTED || location == REMOTE;

        kit_row("list %u", location);
        expect_eq(add(&own, &root, location),
                  there ? NX_SUCCESS : NX_INVALID_PARAMETERS);
        if (there) {
            expect_eq(add(&own, &root, location), NX_INVALID_PARAMETERS);
            expect_eq(nx_secure_x509_certificate_initialize(
                          &root, root.nx_secure_x509_certificate_raw_data, 9,
                          NX_NULL, 0, NX_NULL, 0,
                          NX_SECURE_X509_KEY_TYPE_NONE),
                      NX_IN_PROGRESS);
            expect_eq(
                _nx_secure_x509_certificate_parse(NX_NULL, 0, &where, &root),
                NX_IN_PROGRESS);
            expect(add(&own, &blank, location) != NX_SUCCESS);
        }
        expect_eq(take(&own, &root, location),
                  there ? NX_SUCCESS : NX_INVALID_PARAMETERS);
        expect_eq(take(&own, &root, location),
                  there ? NX_SECURE_X509_CERTIFICATE_NOT_FOUND
                        : NX_INVALID_PARAMETERS);
    }
    kit_row("ids");
    leaf.nx_secure_x509_cert_identifier = 7;
    ca1.nx_secure_x509_cert_identifier = 7;
    expect_eq(add(&own, &leaf, LOCAL), NX_SUCCESS);
    expect_eq(add(&own, &ca1, LOCAL), NX_SECURE_X509_CERT_ID_DUPLICATE);
    expect_eq(_nx_secure_x509_store_certificate_find(&own, NX_NULL, 7, &found,
                                                     &where),
              NX_SUCCESS);
    expect(found == &leaf);
    expect_eq(
        _nx_secure_x509_store_certificate_remove(&own, NX_NULL, LOCAL, 0),
        NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(
        _nx_secure_x509_store_certificate_remove(&own, NX_NULL, LOCAL, 8),
        NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(
        _nx_secure_x509_store_certificate_remove(&own, NX_NULL, LOCAL, 7),
        NX_SUCCESS);
    make_nameless(&ca2);
    expect_eq(add(&own, &ca2, LOCAL), NX_SUCCESS);
    expect_eq(
        _nx_secure_x509_store_certificate_remove(&own, NX_NULL, LOCAL, 0),
        NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    expect_eq(take(&own, &ca2, LOCAL), NX_SUCCESS);
    expect_eq(
        _nx_secure_x509_store_certificate_remove(&own, NX_NULL, REMOTE, 7),
        NX_SECURE_X509_CERTIFICATE_NOT_FOUND);
    end();
}

static void a_store_refuses_what_it_cannot_hold(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, arguments_body);
}

/* The store of a session is the session's: its lists are the ones that the
 * services change, and a copy of it is a store of its own. */
static VOID session_body(ULONG input)
{
    NX_SECURE_TLS_SESSION *tls = &client.nx_secure_dtls_tls_session;
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &tls->nx_secure_tls_credentials.nx_secure_tls_certificate_store;

    (void)input;
    start();
    expect_eq(add(store, &ca1, REMOTE), NX_INVALID_PARAMETERS);
    expect_eq(take(store, &ca1, REMOTE), NX_INVALID_PARAMETERS);
    expect_eq(add(store, &root, TRUSTED), NX_SUCCESS);
    expect_eq(nx_secure_tls_trusted_certificate_add(tls, &root),
              NX_INVALID_PARAMETERS);
    expect(store->nx_secure_x509_trusted_certificates == &root);
    expect_eq(add(store, &root, LOCAL), NX_SUCCESS); /* it has nodes */
    expect_eq(take(store, &root, LOCAL), NX_SUCCESS);
    other = *store;
    expect_eq(add(&other, &ca1, REMOTE), NX_SUCCESS);
    expect_eq(take(&other, &ca1, REMOTE), NX_SUCCESS);
    expect_eq(take(store, &root, TRUSTED), NX_SUCCESS);
    expect(store->nx_secure_x509_trusted_certificates == NX_NULL);
    end();
}

static void a_store_of_a_session_is_the_sessions(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, session_body);
}

/* ---- subjectAltName ---- */

static UINT find_name(NX_SECURE_X509_EXTENSION *extension, const char *name,
                      UINT len, USHORT type)
{
    return _nx_secure_x509_subject_alt_names_find(
        extension, (const UCHAR *)name, len, type);
}

static UINT find_dns(NX_SECURE_X509_EXTENSION *extension, const char *name)
{
    return find_name(extension, name, (UINT)strlen(name),
                     NX_SECURE_X509_SUB_ALT_NAME_TAG_DNSNAME);
}

static void a_name_is_found_in_its_extension(void **state)
{
    static const UCHAR der[] =
        "\x30\x22\x82\x0d*.example.com\x86\x06http:/\x81\x09me@at.org";
    NX_SECURE_X509_EXTENSION e = {
        .nx_secure_x509_extension_data = der,
        .nx_secure_x509_extension_data_length = sizeof der - 1,
    };
    NX_SECURE_X509_EXTENSION real;

    (void)state;
    assert_int_equal(find_dns(&e, "a.example.com"), NX_SUCCESS);
    assert_int_equal(find_dns(&e, "A.EXAMPLE.com"), NX_SUCCESS);
    assert_int_equal(find_dns(&e, "example.com"),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(find_dns(&e, "a.b.example.com"),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(find_dns(&e, "*.example.com"),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(find_dns(&e, "http:/"),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(find_dns(&e, ""), NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(
        find_name(&e, "http:/", 6,
                  NX_SECURE_X509_SUB_ALT_NAME_TAG_UNIFORMRESOURCEIDENTIFIER),
        NX_SUCCESS);
    assert_int_equal(find_name(&e, "ME@at.org", 9,
                               NX_SECURE_X509_SUB_ALT_NAME_TAG_RFC822NAME),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    assert_int_equal(find_name(&e, "me@at.org", 9, 0x81),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
    for (ULONG len = 0; len < sizeof der - 1; len++) {
        kit_row("%u bytes", (unsigned)len);
        e.nx_secure_x509_extension_data_length = len;
        assert_int_equal(find_dns(&e, "a.example.com"),
                         NX_SECURE_X509_INVALID_EXTENSION_SEQUENCE);
    }
    cert_init(&leaf, "rsa.der", NULL, 0);
    assert_int_equal(
        nx_secure_x509_extension_find(
            &leaf, &real, NX_SECURE_TLS_X509_TYPE_SUBJECT_ALT_NAME),
        NX_SUCCESS);
    assert_int_equal(find_dns(&real, "localhost"), NX_SUCCESS);
    assert_int_equal(find_name(&real, "\x7f\0\0\1", 4,
                               NX_SECURE_X509_SUB_ALT_NAME_TAG_IPADDRESS),
                     NX_SUCCESS);
    assert_int_equal(find_dns(&real, "127.0.0.1"),
                     NX_SECURE_X509_ALT_NAME_NOT_FOUND);
}

/* ---- Parsing ---- */

static void a_certificate_is_parsed_where_it_stands(void **state)
{
    static UCHAR bytes[4096];
    NX_SECURE_X509_CERT *cert = &ca1;
    UINT done = 99;
    UINT len;

    (void)state;
    cert_init(&leaf, "rsa.der", NULL, 0);
    len = leaf.nx_secure_x509_certificate_raw_data_length;
    memcpy(bytes, leaf.nx_secure_x509_certificate_raw_data, len);
    assert_int_equal(
        _nx_secure_x509_certificate_parse(bytes, sizeof bytes, &done, cert),
        NX_SUCCESS);
    assert_int_equal(done, len);
    assert_true(cert->nx_secure_x509_certificate_raw_data == bytes);
    assert_int_equal(cert->nx_secure_x509_certificate_raw_data_length, len);
    assert_true(cert->nx_secure_x509_serial_number > bytes &&
                cert->nx_secure_x509_serial_number < bytes + len);
    assert_int_equal(
        _nx_secure_x509_certificate_parse(bytes, len, &done, cert),
        NX_SUCCESS);
    done = 99;
    for (UINT cut = 0; cut < len; cut++) {
        kit_row("%u bytes", cut);
        assert_int_equal(
            _nx_secure_x509_certificate_parse(bytes, cut, &done, cert),
            cut == 0 ? NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE
                     : NX_SECURE_X509_ASN1_LENGTH_TOO_LONG);
    }
    bytes[4] ^= 1;
    assert_int_equal(
        _nx_secure_x509_certificate_parse(bytes, len, &done, cert),
        NX_SECURE_X509_INVALID_CERTIFICATE_DATA);
    bytes[0] ^= 1;
    assert_int_equal(
        _nx_secure_x509_certificate_parse(bytes, len, &done, cert),
        NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE);
    assert_int_equal(done, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_a_trusted_certificate),
        cmocka_unit_test(a_fault_of_a_chain_has_its_status),
        cmocka_unit_test(a_store_refuses_what_it_cannot_hold),
        cmocka_unit_test(a_store_of_a_session_is_the_sessions),
        cmocka_unit_test(a_name_is_found_in_its_extension),
        cmocka_unit_test(a_certificate_is_parsed_where_it_stands),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
