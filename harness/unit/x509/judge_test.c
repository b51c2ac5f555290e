/* SPDX-License-Identifier: MIT */
/* Nothing is accepted that libcrypto refuses: every byte of certificates
 * changed, the signature left alone or made anew, and both asked.
 */
#include "make.h"

static const char *const rich[] = {
    "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,email:a@b,URI:c:d",
    "issuerAltName=RID:1.2.3,otherName:1.2.3.4;UTF8:e",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=serverAuth,clientAuth",
    "basicConstraints=CA:FALSE",
    "crlDistributionPoints=URI:http://f/g,RID:1.2.3",
    "certificatePolicies=DER:300c300406022a03300406025304",
    "authorityInfoAccess=OCSP;URI:http://h/i",
};

/* How often the two agreed, and how often we were the stricter one. */
struct tally {
    unsigned accepted;
    unsigned refused;
    unsigned stricter;
};

/* Asks both about `der` as the leaf under `root`. */
static void ask_about(struct tally *tally, struct made *root,
                      const uint8_t *der, size_t len, size_t at)
{
    uint8_t *copy = malloc(len);
    const uint8_t *p = copy;
    struct made leaf = {.der = {copy, len}};
    struct question q = {.peer = {&leaf}, .anchors = {root}};
    enum dtls_status ours;
    int judge = X509_V_ERR_UNSPECIFIED;

    memcpy(copy, der, len);
    ours = dtls_cert_parse(&leaf.cert, leaf.der);
    if (ours == DTLS_OK) {
        ours = ask_ours(&q);
    }
    /* What is not the whole block is not the certificate that came. */
    leaf.x509 = d2i_X509(NULL, &p, (long)len);
    if (leaf.x509 != NULL && p == copy + len) {
        judge = ask_libcrypto(&q);
    }
    if (ours == DTLS_OK && judge != X509_V_OK) {
        fail_msg("byte %zu = %02x: accepted, but libcrypto says: %s", at,
                 der[at], X509_verify_cert_error_string(judge));
    }
    tally->accepted += ours == DTLS_OK;
    tally->refused += ours != DTLS_OK && judge != X509_V_OK;
    tally->stricter += ours != DTLS_OK && judge == X509_V_OK;
    X509_free(leaf.x509);
    ERR_clear_error();
    free(copy);
}

static void mutate_each_byte(struct made *root, struct dtls_bytes der,
                             struct tally *tally)
{
    uint8_t *copy = malloc(der.len);

    memcpy(copy, der.data, der.len);
    for (size_t i = 0; i < der.len; i++) {
        kit_row("byte %zu", i);
        for (unsigned n = 0; n < make_num_values(); n++) {
            kit_row("value %u", n);
            copy[i] = make_other_value(der.data[i], n);
            ask_about(tally, root, copy, der.len, i);
        }
        copy[i] = der.data[i];
    }
    free(copy);
}

static void no_changed_byte_leaves_a_certificate_good(void **state)
{
    static const char *const names[] = {"rsa.der", "ec.der"};
    struct made *root = make_load("root.der");

    (void)state;
    proves("D5246-7.4.2-15");
    for (size_t i = 0; i < 2; i++) {
        struct tally tally = {0};

        kit_row("%s", names[i]);
        mutate_each_byte(root, make_load(names[i])->der, &tally);
        print_message("%s: %u accepted, %u refused, %u by us alone\n",
                      names[i], tally.accepted, tally.refused, tally.stricter);
        assert_int_equal(tally.accepted, 0);
        assert_true(tally.refused > 1000);
    }
}

/* Changes each byte of the TBSCertificate and signs the result anew: only
 * what is inside can be a reason to refuse. */
static void mutate_and_sign(struct made *root, struct made *leaf,
                            struct tally *tally)
{
    struct dtls_bytes tbs = leaf->cert.tbs;
    uint8_t *copy = malloc(tbs.len);
    uint8_t *der = malloc(tbs.len + 200);

    memcpy(copy, tbs.data, tbs.len);
    for (size_t i = 0; i < tbs.len; i++) {
        kit_row("byte %zu", i);
        for (unsigned n = 0; n < make_num_values(); n++) {
            size_t len;

            kit_row("value %u", n);
            copy[i] = make_other_value(tbs.data[i], n);
            len = make_sign_tbs(der, copy, tbs.len, root->key);
            ask_about(tally, root, der, len, i + 4);
        }
        copy[i] = tbs.data[i];
    }
    free(copy);
    free(der);
}

static void a_changed_byte_under_a_new_signature_is_judged_alike(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct wish wish = {.name = "leaf", .issuer = root, .key = make_ec(1)};
    struct tally tally = {0};

    (void)state;
    memcpy(wish.extensions, rich, sizeof rich);
    mutate_and_sign(root, make_cert(wish), &tally);
    print_message("rich: %u accepted, %u refused, %u by us alone\n",
                  tally.accepted, tally.refused, tally.stricter);
    assert_true(tally.accepted > 300);
    assert_true(tally.refused > 300);

    memset(&tally, 0, sizeof tally);
    wish.key = make_rsa(0);
    memset(wish.extensions, 0, sizeof wish.extensions);
    /* A policy with both kinds of qualifier. */
    wish.extensions[0] = "certificatePolicies=DER:"
                         "3036303406022a03302e300f06082b06010505070201"
                         "1603613a62301b06082b06010505070202300f30090c"
                         "02636430030201231a026566";
    wish.extensions[1] = "subjectAltName=RID:1.2.3,otherName:1.2.3.4;UTF8:e";
    wish.extensions[2] = "keyUsage=keyEncipherment";
    mutate_and_sign(root, make_cert(wish), &tally);
    print_message("rsa: %u accepted, %u refused, %u by us alone\n",
                  tally.accepted, tally.refused, tally.stricter);
    assert_true(tally.accepted > 300);
}

/* The same for what an issuer says: the leaf stays, the CA changes. */
static void a_changed_byte_of_an_intermediate_is_judged_alike(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *one = make_cert(
        (struct wish){.name = "one",
                      .issuer = root,
                      .key = make_ec(1),
                      .extensions = {"basicConstraints=CA:TRUE,pathlen:0",
                                     "keyUsage=keyCertSign",
                                     "extendedKeyUsage=serverAuth"}});
    struct made *leaf = make_leaf(one);
    struct dtls_bytes tbs = one->cert.tbs;
    uint8_t *copy = malloc(tbs.len);
    unsigned num_good = 0;

    (void)state;
    memcpy(copy, tbs.data, tbs.len);
    for (size_t i = 0; i < tbs.len; i++) {
        kit_row("byte %zu", i);
        for (unsigned n = 0; n < make_num_values(); n++) {
            uint8_t *der = malloc(tbs.len + 200);
            const uint8_t *p = der;
            struct made changed = {.der = {der, 0}};
            struct question q = {.peer = {leaf, &changed}, .anchors = {root}};

            kit_row("value %u", n);
            copy[i] = make_other_value(tbs.data[i], n);
            changed.der.len = make_sign_tbs(der, copy, tbs.len, root->key);
            changed.x509 = d2i_X509(NULL, &p, (long)changed.der.len);
            if (dtls_cert_parse(&changed.cert, changed.der) == DTLS_OK &&
                ask_ours(&q) == DTLS_OK) {
                num_good++;
                assert_non_null(changed.x509);
                assert_int_equal(ask_libcrypto(&q), X509_V_OK);
            }
            X509_free(changed.x509);
            ERR_clear_error();
            free(der);
        }
        copy[i] = tbs.data[i];
    }
    print_message("intermediate: %u accepted\n", num_good);
    assert_true(num_good > 50);
    free(copy);
}

/* Contents of an extension: each is of another type, or malformed. */
static const char *const contents[] = {
    "0500",       /* NULL                                       */
    "020123",     /* INTEGER                                    */
    "3000",       /* an empty SEQUENCE                          */
    "3003820161", /* GeneralNames: a DNS name                   */
    "03020780",   /* BIT STRING: the first bit                  */
    "040123",     /* OCTET STRING                               */
    "300a06082b06010505070301", /* a list of identifiers: serverAuth */
    "30038201", /* cut short                                  */
};

/* An arc whose extensions are tried, and bits for those that we use, or that
 * libcrypto obeys and we refuse. */
struct arc {
    const char *name;
    unsigned last;
    uint64_t used;
};

#define BIT(n) (UINT64_C(1) << (n))

static void ask_about_extension(struct made *root, const struct arc *arc,
                                unsigned number, const char *content,
                                bool is_critical, unsigned num[2])
{
    struct wish wish = {.name = "leaf",
                        .issuer = root,
                        .key = make_ec(1),
                        .no_extensions = true};
    X509 *x509 = make_unsigned(&wish);
    struct made *leaf;
    struct question q = {.anchors = {root}};
    enum dtls_status ours;
    char line[128];
    int judge;

    snprintf(line, sizeof line, "%s.%u=%sDER:%s", arc->name, number,
             is_critical ? "critical," : "", content);
    make_extension(x509, x509, line);
    make_sign(x509, root->key, &wish);
    leaf = make_keep(x509, wish.key);
    q.peer[0] = leaf;
    ours = dtls_cert_parse(&leaf->cert, leaf->der);
    ours = ours == DTLS_OK ? ask_ours(&q) : ours;
    judge = ask_libcrypto(&q);
    if (ours == DTLS_OK && judge != X509_V_OK) {
        fail_msg("%s: accepted, but libcrypto says: %s", line,
                 X509_verify_cert_error_string(judge));
    }
    if (ours != DTLS_OK && judge == X509_V_OK && !is_critical &&
        (arc->used & BIT(number)) == 0) {
        fail_msg("%s: not used, and refused", line);
    }
    num[ours == DTLS_OK] += is_critical;
}

static void an_extension_that_is_not_used_does_not_matter(void **state)
{
    static const struct arc arcs[] = {
        {"2.5.29", 63,
         BIT(14) | BIT(15) | BIT(17) | BIT(19) | BIT(30) | BIT(33) | BIT(35) |
             BIT(36) | BIT(37) | BIT(54)},
        {"1.3.6.1.5.5.7.1", 32, BIT(7) | BIT(8) | BIT(14)},
        {"2.16.840.1.113730.1", 13, BIT(1)},
        {"1.3.6.1.4.1.11129.2.4", 5, 0},
    };
    unsigned num[2] = {0}; /* critical: refused, accepted */

    (void)state;
    for (size_t i = 0; i < LEN(arcs); i++) {
        kit_row("%s", arcs[i].name);
        for (unsigned number = 1; number <= arcs[i].last; number++) {
            struct made *root;

            kit_row("extension %u", number);
            root = make_ca("root", NULL, 0);
            for (size_t c = 0; c < 2 * LEN(contents); c++) {
                kit_row("case %zu", c);
                ask_about_extension(root, &arcs[i], number, contents[c / 2],
                                    c % 2 != 0, num);
            }
            make_forget();
        }
    }
    print_message("critical: %u accepted, %u refused\n", num[1], num[0]);
    /* keyUsage, subjectAltName, basicConstraints, extKeyUsage, each once */
    assert_int_equal(num[1], 4);
}

#define TEST(name) cmocka_unit_test_teardown(name, make_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_changed_byte_leaves_a_certificate_good),
        TEST(a_changed_byte_under_a_new_signature_is_judged_alike),
        TEST(a_changed_byte_of_an_intermediate_is_judged_alike),
        TEST(an_extension_that_is_not_used_does_not_matter),
    };

    return kit_run(tests);
}
