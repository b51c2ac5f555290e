/* SPDX-License-Identifier: MIT */
/* The X.509 services, on certificates and CRLs of the test PKI: in a kernel,
 * because a CRL is checked under the module's lock. */
#include "pki_kit.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"

#define IN_2026 1767225600u

enum { ROOT, OTHER, CA1, CA2, LEAF, RSA, REVOKED, CLIENT, NUM_CERTS };

static NX_SECURE_X509_CERT certs[NUM_CERTS];
static NX_SECURE_DTLS_SESSION session;
static NX_SECURE_X509_CERTIFICATE_STORE *const store =
    &session.nx_secure_dtls_tls_session.nx_secure_tls_credentials
         .nx_secure_tls_certificate_store;
static ULONG now;

static void init_certs(void)
{
    static const char *const names[NUM_CERTS] = {
        "root.der",       "other-root.der", "ca1.der",     "ca2.der",
        "chain-leaf.der", "rsa.der",        "revoked.der", "client-rsa.der"};

    for (size_t i = 0; i < NUM_CERTS; i++) {
        struct pki_file *der = pki(names[i]);

        kit_row("%s", names[i]);
        assert_int_equal(nx_secure_x509_certificate_initialize(
                             &certs[i], der->bytes, der->len, NX_NULL, 0,
                             NX_NULL, 0, NX_SECURE_X509_KEY_TYPE_NONE),
                         NX_SUCCESS);
    }
}

static void extensions_are_found_by_number(void **state)
{
    NX_SECURE_X509_EXTENSION found = {0};

    (void)state;
    assert_int_equal(
        nx_secure_x509_extension_find(&certs[RSA], &found,
                                      NX_SECURE_TLS_X509_TYPE_KEY_USAGE),
        NX_SUCCESS);
    assert_int_equal(found.nx_secure_x509_extension_id,
                     NX_SECURE_TLS_X509_TYPE_KEY_USAGE);
    assert_int_equal(found.nx_secure_x509_extension_critical, 1);
    assert_int_equal(found.nx_secure_x509_extension_data_length, 4);
    assert_memory_equal(found.nx_secure_x509_extension_data,
                        "\x03\x02\x05\xa0", 4);
    assert_int_equal(
        nx_secure_x509_extension_find(
            &certs[RSA], &found, NX_SECURE_TLS_X509_TYPE_SUBJECT_ALT_NAME),
        NX_SUCCESS);
    assert_int_equal(found.nx_secure_x509_extension_critical, 0);
    assert_int_equal(
        nx_secure_x509_extension_find(
            &certs[RSA], &found, NX_SECURE_TLS_X509_TYPE_BASIC_CONSTRAINTS),
        NX_SECURE_X509_EXTENSION_NOT_FOUND);
    assert_int_equal(nx_secure_x509_extension_find(&certs[RSA], &found, 271),
                     NX_SECURE_X509_EXTENSION_NOT_FOUND);
    assert_int_equal(nx_secure_x509_extension_find(&certs[RSA], NX_NULL, 15),
                     NX_PTR_ERROR);
    assert_int_equal(nx_secure_x509_extension_find(NX_NULL, &found, 15),
                     NX_PTR_ERROR);
}

static void key_usage_is_a_field_of_bits(void **state)
{
    USHORT bits = 0;

    (void)state;
    assert_int_equal(
        nx_secure_x509_key_usage_extension_parse(&certs[RSA], &bits),
        NX_SUCCESS);
    assert_int_equal(bits, NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE |
                               NX_SECURE_X509_KEY_USAGE_KEY_ENCIPHERMENT);
    assert_int_equal(
        nx_secure_x509_key_usage_extension_parse(&certs[ROOT], &bits),
        NX_SUCCESS);
    assert_int_equal(bits, NX_SECURE_X509_KEY_USAGE_KEY_CERT_SIGN |
                               NX_SECURE_X509_KEY_USAGE_CRL_SIGN);
    assert_int_equal(nx_secure_x509_key_usage_extension_parse(NX_NULL, &bits),
                     NX_PTR_ERROR);
    assert_int_equal(
        nx_secure_x509_key_usage_extension_parse(&certs[RSA], NX_NULL),
        NX_PTR_ERROR);
}

static void extended_key_usage_is_asked_for_by_purpose(void **state)
{
    static const struct {
        size_t cert;
        UINT purpose;
        UINT status;
    } rows[] = {
        {RSA, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH, NX_SUCCESS},
        {RSA, NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {RSA, NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {RSA, 257, NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {CLIENT, NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH, NX_SUCCESS},
        {CLIENT, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {ROOT, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kit_row("row %zu, certificate %zu, purpose %u", i, rows[i].cert,
                rows[i].purpose);
        assert_int_equal(nx_secure_x509_extended_key_usage_extension_parse(
                             &certs[rows[i].cert], rows[i].purpose),
                         rows[i].status);
    }
    assert_int_equal(
        nx_secure_x509_extended_key_usage_extension_parse(NX_NULL, 1),
        NX_PTR_ERROR);
}

static ULONG clock_of_the_test(VOID)
{
    return now;
}

static UINT check(const struct pki_file *crl, size_t cert)
{
    return nx_secure_x509_crl_revocation_check(crl->bytes, crl->len, store,
                                               &certs[cert]);
}

static VOID trust_only(size_t trusted)
{
    (void)nx_secure_dtls_session_trusted_certificate_remove(&session, NX_NULL,
                                                            0, 1);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(
                  &session, &certs[trusted], 1),
              NX_SUCCESS);
}

/* Fills the store with what is trusted and what the peer has sent. */
static void fill_store(size_t trusted, size_t num_remote, const size_t *remote)
{
    static NX_SECURE_X509_CERT copies[4];

    trust_only(trusted);
    store->nx_secure_x509_remote_certificates = NX_NULL;
    store->nx_secure_x509_time_function = NX_NULL;
    for (size_t i = num_remote; i-- > 0;) {
        copies[i] = certs[remote[i]];
        copies[i].nx_secure_x509_next_certificate =
            store->nx_secure_x509_remote_certificates;
        store->nx_secure_x509_remote_certificates = &copies[i];
    }
}

static VOID crl_body(ULONG input)
{
    static const size_t chain[] = {LEAF, CA2, CA1};
    const struct pki_file *root_crl = pki("root.crl");
    const struct pki_file *old_crl = pki("old.crl");
    const struct pki_file *ca2_crl = pki("ca2.crl");
    struct pki_file changed = *root_crl;
    UCHAR *end = &changed.bytes[changed.len];
    static ALIGN_TYPE metadata[9000 / 8];
    static UCHAR reassembly[4000];

    (void)input;
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    expect_eq(nx_secure_dtls_session_create(
                  &session, &nxdtls_ciphers_all, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    fill_store(ROOT, 0, NULL);
    expect_eq(check(root_crl, RSA), NX_SUCCESS);
    expect_eq(check(root_crl, REVOKED),
              NX_SECURE_X509_CRL_CERTIFICATE_REVOKED);
    expect_eq(check(root_crl, ROOT), NX_SUCCESS);
    expect_eq(check(pki("other.crl"), RSA),
              NX_SECURE_X509_CRL_ISSUER_MISMATCH);
    expect_eq(check(root_crl, LEAF), NX_SECURE_X509_CRL_ISSUER_MISMATCH);
    end[-1] ^= 1;
    expect_eq(check(&changed, RSA), NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED);
    changed.len--;
    expect_eq(check(&changed, RSA), NX_SECURE_X509_INVALID_CERTIFICATE_DATA);
    changed.len = 0;
    expect_eq(check(&changed, RSA), NX_SECURE_X509_INVALID_CERTIFICATE_DATA);

    /* Without a clock the dates of a CRL count as little as a
     * certificate's. */
    expect_eq(check(old_crl, RSA), NX_SUCCESS);
    store->nx_secure_x509_time_function = clock_of_the_test;
    now = IN_2026;
    expect_eq(check(root_crl, RSA), NX_SUCCESS);
    expect_eq(check(old_crl, RSA), NX_SECURE_X509_CERTIFICATE_EXPIRED);
    now = 1;
    expect_eq(check(root_crl, RSA), NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID);

    /* The issuer must be trusted, directly or over what the peer has sent. */
    fill_store(OTHER, 0, NULL);
    expect_eq(check(root_crl, RSA),
              NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    fill_store(ROOT, 3, chain);
    expect_eq(check(root_crl, CA1), NX_SUCCESS);
    expect_eq(check(root_crl, CA2), NX_SECURE_X509_CRL_ISSUER_MISMATCH);
    expect_eq(check(ca2_crl, LEAF), NX_SECURE_X509_CRL_CERTIFICATE_REVOKED);
    store->nx_secure_x509_remote_certificates = NX_NULL;
    expect_eq(check(ca2_crl, LEAF),
              NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    fill_store(ROOT, 3, chain);
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(&session,
                                                                NX_NULL, 0, 1),
              NX_SUCCESS);
    expect_eq(check(root_crl, CA1),
              NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);

    expect_eq(
        nx_secure_x509_crl_revocation_check(NX_NULL, 1, store, &certs[RSA]),
        NX_PTR_ERROR);
    expect_eq(nx_secure_x509_crl_revocation_check(root_crl->bytes, 1, NX_NULL,
                                                  &certs[RSA]),
              NX_PTR_ERROR);
    expect_eq(nx_secure_x509_crl_revocation_check(root_crl->bytes, 1, store,
                                                  NX_NULL),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_delete(&session), NX_SUCCESS);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static void a_crl_is_checked_against_its_issuer_in_the_store(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, crl_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extensions_are_found_by_number),
        cmocka_unit_test(key_usage_is_a_field_of_bits),
        cmocka_unit_test(extended_key_usage_is_asked_for_by_purpose),
        cmocka_unit_test(a_crl_is_checked_against_its_issuer_in_the_store),
    };

    init_certs();
    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
