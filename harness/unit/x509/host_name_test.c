/* SPDX-License-Identifier: MIT */
/* Names of a host: src/x509/host_name.c and the common name in name.c. */
#include "make.h"

/* A row: what the certificate says, whom we wanted, is it him? */
struct row {
    const char *common_name;
    const char *alt_names; /* NULL: none */
    const char *host;
    bool matches;
    bool stricter; /* libcrypto may say yes */
};

static const struct row rows[] = {
    /* A subjectAltName is compared without regard to case. */
    {"x", "DNS:localhost", "localhost", true, false},
    {"x", "DNS:LocalHost", "lOCALhost", true, false},
    {"x", "DNS:localhost", "localhos", false, false},
    {"x", "DNS:localhost", "localhosts", false, false},
    {"x", "DNS:a.example,DNS:b.example", "b.example", true, false},
    {"x", "DNS:a.example", "example", false, false},
    {"x", "DNS:a.example", "b.a.example", false, false},
    {"x", "DNS:[.example", "{.example", false, false},
    /* The common name counts only if no DNS-ID, URI-ID or SRV-ID does. */
    {"localhost", NULL, "localhost", true, false},
    {"LOCALHOST", NULL, "localhost", true, false},
    {"localhost", "DNS:other.example", "localhost", false, false},
    {"localhost", "IP:127.0.0.1", "localhost", true, false},
    {"localhost", "email:a@b.example", "localhost", true, false},
    {"localhost", "URI:coap://other.example", "localhost", false, true},
    {"localhost", "otherName:1.2.3.4;UTF8:x", "localhost", false, true},
    {"*.b.example", NULL, "a.b.example", true, false},
    {"127.0.0.1", NULL, "127.0.0.1", false, true},
    {"x", "DNS:127.0.0.1", "127.0.0.1", false, true},
    /* A wildcard is the whole first label, and one label only. */
    {"x", "DNS:*.b.example", "a.b.example", true, false},
    {"x", "DNS:*.B.example", "A.b.EXAMPLE", true, false},
    {"x", "DNS:*.b.example", "b.example", false, false},
    {"x", "DNS:*.b.example", "a.a.b.example", false, false},
    {"x", "DNS:*.b.example", ".b.example", false, true},
    {"x", "DNS:*.b.example", "a.c.example", false, false},
    {"x", "DNS:*.example", "a.example", false, false},
    {"x", "DNS:*", "localhost", false, false},
    {"x", "DNS:*.", "localhost.", false, false},
    {"x", "DNS:a*.b.example", "ab.b.example", false, true},
    {"x", "DNS:*a.b.example", "ba.b.example", false, true},
    {"x", "DNS:a.*.example", "a.b.example", false, false},
    {"x", "DNS:*.*.example", "a.b.example", false, false},
    {"x", "DNS:*.b.example", "*.b.example", false, true},
    {"x", "DNS:*.b.example", "xn--a.b.example", true, false},
    /* Addresses. */
    {"x", "IP:127.0.0.1", "127.0.0.1", true, false},
    {"x", "IP:127.0.0.1", "127.0.0.2", false, false},
    {"x", "IP:127.0.0.1", "127.0.0.01", false, true},
    {"x", "IP:127.0.0.1", "127.0.1", false, false},
    {"x", "IP:127.0.0.1", "127.0.0.1.", false, false},
    {"x", "IP:127.0.0.1", "127.0.0.257", false, false},
    {"x", "IP:127.0.0.1", "::ffff:127.0.0.1", false, false},
    {"x", "IP:35.69.103.137", "35.69.103.137", true, false},
    {"x", "IP:255.255.255.255", "255.255.255.255", true, false},
    {"x", "IP:0.0.0.0", "0.0.0.0", true, false},
    {"x", "IP:0.0.0.0", "256.0.0.0", false, false},
    {"x", "IP:::1", "::1", true, false},
    {"x", "IP:::1", "0:0:0:0:0:0:0:1", true, false},
    {"x", "IP:::1", "0:0::0:1", true, false},
    {"x", "IP:::1", "0000:0000::0001", true, false},
    {"x", "IP:::1", "::00001", false, false},
    {"x", "IP:::1", "::0.0.0.1", true, false},
    {"x", "IP:::1", ":1", false, false},
    {"x", "IP:::1", "::1%lo", false, false},
    {"x", "IP:::1", "[::1]", false, false},
    {"x", "IP:::1", "::1:", false, false},
    {"x", "IP:::1", "::0::1", false, false},
    {"x", "IP:::1", ":::1", false, false},
    {"x", "IP:::1", "0:0:0:0:0:0:0:0:1", false, false},
    {"x", "IP:::1", "0:0:0:0:0:0:0:1::", false, false},
    {"x", "IP:::1", "0:0:0:0:0:0:0::1", false, true},
    {"x", "IP:::1", "0:0:0:0:0:0:1", false, false},
    {"x", "IP:::", "::", true, false},
    {"x", "IP:2345:6789:abcd:ef01:1:203:405:607",
     "2345:6789:ABCD:ef01:1:203:405:607", true, false},
    {"x", "IP:2345:6789:abcd:ef01:1:203:4.5.6.7",
     "2345:6789:abcd:ef01:1:203:405:607", true, false},
    {"x", "IP:2345:6789:abcd:ef01:1:203:405:607",
     "2345:6789:abcd:ef01:1:203:4.5.6.7", true, false},
    {"x", "IP:2345:6789:abcd:ef01:1:203:405:607",
     "2345:6789:abcd:ef01:1:203:405:4.5.6.7", false, false},
    {"x", "IP:2345::6789", "2345::6789", true, false},
    {"x", "IP:2345::6789", "2345:0:0::0:6789", true, false},
    {"x", "IP:2345::", "2345::", true, false},
    {"x", "IP:2345::", "2345:", false, false},
    {"x", "IP:2345::", "234g::", false, false},
    /* What is no name of a host matches nothing. */
    {"x", "DNS:localhost", "", false, true},
    {"", NULL, "", false, true},
    {"x", "DNS:a..example", "a..example", false, true},
    {"x", "DNS:a.example.", "a.example.", false, true},
    {"x", "DNS:a b.example", "a b.example", false, true},
    {"x", "DNS:a_b-c.example", "a_b-c.example", true, false},
};

static bool libcrypto_matches(X509 *x509, const char *host)
{
    return X509_check_host(x509, host, strlen(host), 0, NULL) == 1 ||
           X509_check_ip_asc(x509, host, 0) == 1;
}

static void names_match_as_rfc_6125_says(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.2-T5i");
    proves("FCS_DTLSC_EXT.1.2-T5ii-b");
    proves("FCS_DTLSC_EXT.1.2-T5ii-c");
    proves("FCS_DTLSC_EXT.1.2-T1");
    proves("FCS_DTLSC_EXT.1.2-T2");
    proves("FCS_DTLSC_EXT.1.2-T3");
    proves("FCS_DTLSC_EXT.1.2-T4");
    proves("FCS_DTLSC_EXT.1.2-T5ii-a");
    proves("FCS_DTLSC_EXT.1.2-T6");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        kit_row("%s, %s, host %s", row->common_name,
                row->alt_names != NULL ? row->alt_names : "no subjectAltName",
                row->host);
        char alt[256];
        struct wish wish = {.name = row->common_name, .key = make_ec(0)};
        struct made *m;
        bool judge;

        snprintf(alt, sizeof alt, "subjectAltName=%s",
                 row->alt_names ? row->alt_names : "");
        wish.extensions[0] = row->alt_names ? alt : NULL;
        m = make_cert(wish);
        if (dtls_name_matches(&m->cert,
                              dtls_bytes_of(row->host, strlen(row->host))) !=
            row->matches) {
            fail_msg("%s, %s: is it \"%s\"?", row->common_name, alt,
                     row->host);
        }
        judge = libcrypto_matches(m->x509, row->host);
        if (row->matches ? !judge : judge && !row->stricter) {
            fail_msg("%s, %s: libcrypto on \"%s\"", row->common_name, alt,
                     row->host);
        }
        if (make_num > 32) {
            make_end(NULL);
        }
    }
}

static void a_host_in_an_exact_block_is_not_overrun(void **state)
{
    struct made *m = make_load("rsa.der");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t len = 0; len <= strlen(rows[i].host); len++) {
            char *host = malloc(len);

            memcpy(host, rows[i].host, len);
            (void)dtls_name_matches(&m->cert, dtls_bytes_of(host, len));
            free(host);
        }
    }
}

static void a_zero_byte_ends_no_name(void **state)
{
    static const char host[] = "localhost\0.evil.example";
    struct made *m = make_load("rsa.der");
    struct made *evil;

    (void)state;
    assert_true(dtls_name_matches(&m->cert, dtls_bytes_of(host, 9)));
    assert_false(
        dtls_name_matches(&m->cert, dtls_bytes_of(host, sizeof host - 1)));
    evil =
        make_cert((struct wish){.name = "x",
                                .key = make_ec(0),
                                /* SEQUENCE { [2] "localhost\0.a" } */
                                .extensions = {"subjectAltName=DER:300e820c"
                                               "6c6f63616c686f7374002e61"}});
    assert_int_equal(evil->cert.alt_names.len, 14);
    assert_false(dtls_name_matches(&evil->cert, dtls_bytes_of(host, 9)));
}

static void a_host_has_at_most_253_characters(void **state)
{
    char host[260];
    char alt[300];
    struct made *m;

    (void)state;
    for (size_t i = 0; i < sizeof host; i++) {
        host[i] = i % 60 == 59 ? '.' : 'a';
    }
    for (size_t len = 253; len <= 254; len++) {
        kit_row("%zu characters", len);
        snprintf(alt, sizeof alt, "subjectAltName=DNS:%.*s", (int)len, host);
        m = make_cert((struct wish){
            .name = "x", .key = make_ec(0), .extensions = {alt}});
        assert_int_equal(dtls_name_matches(&m->cert, dtls_bytes_of(host, len)),
                         len == 253);
    }
}

static void the_last_common_name_counts(void **state)
{
    struct wish wish = {.name = "first", .key = make_ec(0)};
    static const unsigned char bmp[] = {0, 'b'};
    struct made *m;
    X509 *x509;
    struct dtls_bytes found;

    (void)state;
    m = make_cert(wish);
    found = dtls_cert_common_name(&m->cert);
    assert_true(dtls_bytes_equal(found, dtls_bytes_of("first", 5)));

    x509 = make_unsigned(&wish);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN",
                               V_ASN1_PRINTABLESTRING,
                               (const unsigned char *)"second", 6, -1, 0);
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    found = dtls_cert_common_name(&m->cert);
    assert_true(dtls_bytes_equal(found, dtls_bytes_of("second", 6)));
    assert_true(dtls_name_matches(&m->cert, dtls_bytes_of("second", 6)));
    assert_false(dtls_name_matches(&m->cert, dtls_bytes_of("first", 5)));

    /* One that has two bytes per character hides the others. */
    x509 = make_unsigned(&wish);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN",
                               V_ASN1_BMPSTRING, bmp, 2, -1, 0);
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    assert_int_equal(dtls_cert_common_name(&m->cert).len, 0);
}

static void without_a_common_name_it_is_empty(void **state)
{
    struct wish wish = {.name = "x", .key = make_ec(0)};
    X509 *x509 = make_unsigned(&wish);
    struct made *m;

    (void)state;
    X509_NAME_ENTRY_free(
        X509_NAME_delete_entry(X509_get_subject_name(x509), 1));
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    assert_int_equal(dtls_cert_common_name(&m->cert).len, 0);
    assert_false(dtls_name_matches(&m->cert, dtls_bytes_of("", 0)));
}

#define TEST(name) cmocka_unit_test_teardown(name, make_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_match_as_rfc_6125_says),
        TEST(a_host_in_an_exact_block_is_not_overrun),
        TEST(a_zero_byte_ends_no_name),
        TEST(a_host_has_at_most_253_characters),
        TEST(the_last_common_name_counts),
        TEST(without_a_common_name_it_is_empty),
    };

    return kit_run(tests);
}
