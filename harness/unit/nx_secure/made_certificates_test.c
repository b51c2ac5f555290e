/* SPDX-License-Identifier: MIT */
/* The X.509 services on certificates and CRLs that no PKI has: names,
 * extensions and issuers that are rare. */
#include "unit/x509/make.h"

#undef kit_run /* here it is that of the port */
#include "unit/port/port_kit.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"

/* A certificate as an application has it. */
static NX_SECURE_X509_CERT take(const struct made *m)
{
    NX_SECURE_X509_CERT cert;

    assert_int_equal(nx_secure_x509_certificate_initialize(
                         &cert, (UCHAR *)(ALIGN_TYPE)m->der.data,
                         (USHORT)m->der.len, NX_NULL, 0, NX_NULL, 0,
                         NX_SECURE_X509_KEY_TYPE_NONE),
                     NX_SUCCESS);
    return cert;
}

/* ---- Extensions ---- */

static void an_extension_is_found_by_its_whole_identifier(void **state)
{
    static const struct {
        const char *extension;
        USHORT number;
        UINT expected;
    } rows[] = {
        {"2.5.29.14=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SUCCESS},
        {"2.5.29.9=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.30.14=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.29.14.1=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.29=DER:0401AA", NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.29.9=DER:0401AA", NX_SECURE_TLS_X509_TYPE_DIRECTORY_ATTRIBUTES,
         NX_SUCCESS},
        /* Numbers that are of no extension. */
        {"2.5.29.9=DER:0401AA", 16, NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.29.0=DER:0401AA", NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE,
         NX_SECURE_X509_EXTENSION_NOT_FOUND},
        {"2.5.29.54=DER:020100", NX_SECURE_TLS_X509_TYPE_INHIBIT_ANYPOLICY,
         NX_SUCCESS},
        {"2.5.29.54=DER:020100", 33, NX_SECURE_X509_EXTENSION_NOT_FOUND},
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct made *m =
            make_cert((struct wish){.name = "leaf",
                                    .key = make_ec(0),
                                    .no_key_ids = true,
                                    .extensions = {rows[i].extension}});
        NX_SECURE_X509_CERT cert = take(m);
        NX_SECURE_X509_EXTENSION found = {0};

        kit_row("%s, number %u", rows[i].extension, rows[i].number);
        assert_int_equal(
            nx_secure_x509_extension_find(&cert, &found, rows[i].number),
            rows[i].expected);
        assert_int_equal(found.nx_secure_x509_extension_data_length,
                         rows[i].expected == NX_SUCCESS ? 3 : 0);
        make_forget();
    }
}

static void a_purpose_is_its_whole_identifier(void **state)
{
    static const struct {
        const char *purposes;
        UINT number;
        UINT expected;
    } rows[] = {
#define KP "extendedKeyUsage=1.3.6.1.5.5.7.3"
        {KP ".1", NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH, NX_SUCCESS},
        {KP ".9", NX_SECURE_TLS_X509_TYPE_PKIX_KP_OCSP_SIGNING, NX_SUCCESS},
        {KP, NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {KP ".1.1", NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {KP ".2,1.3.6.1.5.5.7.3.1",
         NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH, NX_SUCCESS},
        {"extendedKeyUsage=1.3.6.1.5.5.8.3.1",
         NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {"extendedKeyUsage=1.3.6", NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
         NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {KP ".1", 50, NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {KP ".1", 57, NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND},
        {"extendedKeyUsage=anyExtendedKeyUsage",
         NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE, NX_SUCCESS},
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct made *m =
            make_cert((struct wish){.name = "leaf",
                                    .key = make_ec(0),
                                    .extensions = {rows[i].purposes}});
        NX_SECURE_X509_CERT cert = take(m);

        kit_row("%s, number %u", rows[i].purposes, rows[i].number);
        assert_int_equal(nx_secure_x509_extended_key_usage_extension_parse(
                             &cert, rows[i].number),
                         rows[i].expected);
        make_forget();
    }
}

/* A list of purposes holds identifiers and nothing else, not even a byte. */
static void a_list_of_purposes_has_no_byte_too_many(void **state)
{
    static const struct {
        const char *extension;
        bool good;
    } rows[] = {
        {"2.5.29.37=DER:300A06082B06010505070301", true},
        {"2.5.29.37=DER:300B06082B0601050507030106", false},
        {"2.5.29.37=DER:300C06082B060105050703010500", false},
        {"2.5.29.37=DER:3000", false},
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct wish wish = {.name = "leaf",
                            .key = make_ec(0),
                            .extensions = {rows[i].extension}};
        X509 *x509 = make_unsigned(&wish);
        NX_SECURE_X509_CERT cert;
        struct made *m;

        kit_row("%s", rows[i].extension);
        make_sign(x509, wish.key, &wish);
        m = make_keep(x509, NULL);
        assert_int_equal(nx_secure_x509_certificate_initialize(
                             &cert, (UCHAR *)(ALIGN_TYPE)m->der.data,
                             (USHORT)m->der.len, NX_NULL, 0, NX_NULL, 0,
                             NX_SECURE_X509_KEY_TYPE_NONE) == NX_SUCCESS,
                         rows[i].good);
        make_forget();
    }
}

/* ---- Members ---- */

static void add_to_name(X509_NAME *name, const char *type, const char *value)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
                                                (const unsigned char *)value,
                                                -1, -1, 0),
                     1);
}

static void the_first_part_of_a_name_counts(void **state)
{
    struct wish wish = {.name = "first", .key = make_ec(0)};
    X509 *x509 = make_unsigned(&wish);
    X509_NAME *name = X509_NAME_dup(X509_get_subject_name(x509));
    NX_SECURE_X509_DISTINGUISHED_NAME *shown;
    NX_SECURE_X509_CERT cert;

    (void)state;
    add_to_name(name, "CN", "second");
    add_to_name(name, "emailAddress", "a@b.example");
    add_to_name(name, "2.5.4.6.1", "XX");
    add_to_name(name, "2.5.5.6", "YY");
    add_to_name(name, "ST", "state");
    X509_set_subject_name(x509, name);
    X509_NAME_free(name);
    make_sign(x509, wish.key, &wish);
    cert = take(make_keep(x509, NULL));
    shown = &cert.nx_secure_x509_distinguished_name;
    assert_int_equal(shown->nx_secure_x509_common_name_length, 5);
    assert_memory_equal(shown->nx_secure_x509_common_name, "first", 5);
    assert_int_equal(shown->nx_secure_x509_state_length, 5);
    assert_memory_equal(shown->nx_secure_x509_state, "state", 5);
    assert_int_equal(shown->nx_secure_x509_country_length, 0);
    make_forget();
}

static void a_certificate_need_not_have_extensions(void **state)
{
    struct made *m = make_cert((struct wish){
        .name = "bare", .key = make_ec(0), .no_extensions = true});
    NX_SECURE_X509_CERT cert = take(m);

    (void)state;
    assert_null(cert.nx_secure_x509_extensions_data);
    assert_int_equal(cert.nx_secure_x509_extensions_data_length, 0);
    assert_null(cert.nx_secure_x509_subject_identifier);
    assert_null(cert.nx_secure_x509_issuer_identifier);
    make_forget();
}

/* The data begins with the tag of the SEQUENCE, however long its length is,
 * and ends the signed part. */
static void extensions_come_with_their_header(void **state)
{
    static const char *const longer[] = {
        NULL, "2.5.29.99=DER:0460" /* and 96 bytes */,
        "nsComment=a comment that is as long as it has to be so that the list "
        "of extensions needs two bytes for its length, and one more sentence "
        "that says nothing at all but takes a lot of room, as does this one, "
        "which goes on and on until there are more than enough bytes in it."};
    static char with_bytes[256] = "2.5.29.99=DER:0460";

    (void)state;
    memset(with_bytes + strlen(with_bytes), 'A', 192);
    for (size_t i = 0; i < LEN(longer); i++) {
        struct made *m = make_cert(
            (struct wish){.name = "leaf",
                          .key = make_ec(0),
                          .extensions = {i == 1 ? with_bytes : longer[i]}});
        NX_SECURE_X509_CERT cert = take(m);
        const UCHAR *at = cert.nx_secure_x509_extensions_data;
        ULONG len = cert.nx_secure_x509_extensions_data_length;

        kit_row("%s", longer[i] != NULL ? longer[i] : "key ids alone");
        assert_int_equal(at[0], 0x30);
        assert_int_equal(at[1], i == 0 ? len - 2 : i == 1 ? 0x81 : 0x82);
        assert_ptr_equal(at + len,
                         cert.nx_secure_x509_certificate_data +
                             cert.nx_secure_x509_certificate_data_length);
        make_forget();
    }
}

/* An authority may be named by its name and serial number alone. */
static void an_issuer_without_a_key_id_has_none(void **state)
{
    struct made *root = make_ca("root", NULL, 1);
    struct made *by_id = make_leaf(root);
    struct made *by_name = make_cert(
        (struct wish){.name = "leaf",
                      .issuer = root,
                      .key = make_ec(0),
                      .no_key_ids = true,
                      .extensions = {"authorityKeyIdentifier=issuer:always"}});
    NX_SECURE_X509_CERT first = take(by_id);
    NX_SECURE_X509_CERT second = take(by_name);

    (void)state;
    assert_int_equal(first.nx_secure_x509_issuer_identifier_length, 20);
    assert_int_equal(second.nx_secure_x509_issuer_identifier_length, 0);
    assert_null(second.nx_secure_x509_subject_identifier);
    make_forget();
}

/* ---- CRLs ---- */

static struct {
    NX_SECURE_X509_CERT trusted;
    NX_SECURE_X509_CERT asked;
    NX_SECURE_X509_CERT remote[DTLS_CHAIN_MAX + 3];
    size_t num_remote;
    UCHAR *crl;
    int len;
    UINT expected;
} question;

static VOID ask_service(ULONG input)
{
    static NX_SECURE_DTLS_SESSION session;
    static ALIGN_TYPE metadata[9000 / 8];
    static UCHAR reassembly[4000];
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &session.nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;

    (void)input;
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    expect_eq(nx_secure_dtls_session_create(
                  &session, &nxdtls_ciphers_all, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(
                  &session, &question.trusted, 1),
              NX_SUCCESS);
    for (size_t i = question.num_remote; i-- > 0;) {
        question.remote[i].nx_secure_x509_next_certificate =
            store->nx_secure_x509_remote_certificates;
        store->nx_secure_x509_remote_certificates = &question.remote[i];
    }
    expect_eq(nx_secure_x509_crl_revocation_check(
                  question.crl, (UINT)question.len, store, &question.asked),
              question.expected);
    store->nx_secure_x509_remote_certificates = NX_NULL;
    expect_eq(nx_secure_dtls_session_delete(&session), NX_SUCCESS);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

/* A CRL of `issuer` without entries, under its key or `signer`; `extension`
 * is one of a CRL, or NULL. */
static void make_list(const struct made *issuer, EVP_PKEY *signer,
                      const char *extension, bool is_critical)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *time = ASN1_TIME_new();
    bool is_pure = EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED448;

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->x509));
    ASN1_TIME_set_string_X509(time, "20251201000000Z");
    X509_CRL_set1_lastUpdate(crl, time);
    ASN1_TIME_set_string_X509(time, "20260201000000Z");
    X509_CRL_set1_nextUpdate(crl, time);
    ASN1_TIME_free(time);
    if (extension != NULL) {
        ASN1_OBJECT *type = OBJ_txt2obj(extension, 1);
        ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
        X509_EXTENSION *made;

        ASN1_OCTET_STRING_set(value, (const UCHAR *)"\5\0", 2);
        made = X509_EXTENSION_create_by_OBJ(NULL, type, is_critical, value);
        X509_CRL_add_ext(crl, made, -1);
        X509_EXTENSION_free(made);
        ASN1_OCTET_STRING_free(value);
        ASN1_OBJECT_free(type);
    }
    assert_true(X509_CRL_sign(crl, signer, is_pure ? NULL : EVP_sha256()) > 0);
    question.crl = NULL;
    question.len = i2d_X509_CRL(crl, &question.crl);
    X509_CRL_free(crl);
}

static void answer(const struct made *trusted, const struct made *asked,
                   UINT expected)
{
    question.trusted = take(trusted);
    question.asked = take(asked);
    question.expected = expected;
    kit_run(NXDTLS_PORT_VIRTUAL, ask_service);
    OPENSSL_free(question.crl);
    question.num_remote = 0;
}

static void a_crl_says_why_it_is_not_used(void **state)
{
    struct made *root = make_ca("root", NULL, 1);
    struct made *mute = make_cert((struct wish){
        .name = "mute",
        .key = make_ec(2),
        .extensions = {MAKE_CA, "keyUsage=critical,keyCertSign"}});
    struct made *of_root = make_leaf(root);
    struct made *of_mute = make_leaf(mute);
    EVP_PKEY *ed448 = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");

    (void)state;
    make_list(root, root->key, NULL, false);
    answer(root, of_root, NX_SUCCESS);
    make_list(root, root->key, "1.2.3.4", false);
    answer(root, of_root, NX_SUCCESS);
    make_list(root, root->key, "1.2.3.4", true);
    answer(root, of_root, NX_SECURE_X509_INVALID_EXTENSIONS);
    make_list(root, mute->key, NULL, false);
    answer(root, of_root, NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED);
    make_list(root, ed448, NULL, false);
    answer(root, of_root, NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM);
    make_list(mute, mute->key, NULL, false);
    answer(mute, of_mute, NX_SECURE_X509_KEY_USAGE_ERROR);
    EVP_PKEY_free(ed448);
    make_forget();
}

/* What is trusted itself needs no path, and so there is no issuer to ask. */
static void a_trusted_leaf_leaves_its_issuer_unknown(void **state)
{
    struct made *root = make_ca("root", NULL, 1);
    struct made *leaf = make_leaf(root);

    (void)state;
    make_list(root, root->key, NULL, false);
    answer(leaf, leaf, NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
    make_list(root, root->key, NULL, false);
    answer(root, root, NX_SUCCESS);
    make_forget();
}

/* A peer may send many certificates: those that fit a path are looked at. */
static void only_so_many_certificates_of_a_peer_are_looked_at(void **state)
{
    (void)state;
    for (size_t before = DTLS_CHAIN_MAX - 1; before < DTLS_CHAIN_MAX + 2;
         before++) {
        struct made *root = make_ca("root", NULL, 1);
        struct made *ca = make_ca("ca", root, 2);
        struct made *leaf = make_leaf(ca);
        struct made *other = make_ca("other", NULL, 3);

        kit_row("%zu others before the issuer", before);
        for (size_t i = 0; i < before; i++) {
            question.remote[i] = take(other);
        }
        question.remote[before] = take(ca);
        question.num_remote = before + 1;
        make_list(ca, ca->key, NULL, false);
        answer(root, leaf,
               before < DTLS_CHAIN_MAX
                   ? NX_SUCCESS
                   : NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND);
        make_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extension_is_found_by_its_whole_identifier),
        cmocka_unit_test(a_purpose_is_its_whole_identifier),
        cmocka_unit_test(a_list_of_purposes_has_no_byte_too_many),
        cmocka_unit_test(the_first_part_of_a_name_counts),
        cmocka_unit_test(a_certificate_need_not_have_extensions),
        cmocka_unit_test(extensions_come_with_their_header),
        cmocka_unit_test(an_issuer_without_a_key_id_has_none),
        cmocka_unit_test(a_crl_says_why_it_is_not_used),
        cmocka_unit_test(a_trusted_leaf_leaves_its_issuer_unknown),
        cmocka_unit_test(only_so_many_certificates_of_a_peer_are_looked_at),
    };
    int failed = kit_run_named(__FILE__, tests, LEN(tests));

    (void)make_end(NULL);
    return failed;
}
