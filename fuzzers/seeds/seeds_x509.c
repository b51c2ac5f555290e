/* SPDX-License-Identifier: MIT */
/* Seeds of fuzz_x509_chain and fuzz_crl: certificates and CRLs without their
 * signatures (signed.h).  All have the same key. */
#include "fuzzers/seeds/seeds_x509.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/seeds/seed.h"

#include <string.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define EXTENSIONS_MAX 4

static EVP_PKEY *the_key(void)
{
    struct dtls_bytes der = fuzz_credential_key(FUZZ_SERVER_EC);
    const unsigned char *at = der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);

    FUZZ_CHECK(key != NULL);
    return key;
}

/* `line` is "name=value", as in a configuration of openssl. */
static X509_EXTENSION *extension(const char *line, X509 *issuer, X509 *subject)
{
    char name[128];
    char *value;
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    FUZZ_CHECK(strlen(line) < sizeof name);
    memcpy(name, line, strlen(line) + 1);
    value = strchr(name, '=');
    FUZZ_CHECK(value != NULL);
    *value++ = '\0';
    X509V3_set_ctx(&ctx, issuer, subject, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&ctx);
    ext = X509V3_EXT_conf(NULL, &ctx, name, value);
    FUZZ_CHECK(ext != NULL);
    return ext;
}

static X509_NAME *name_of(const char *common_name)
{
    X509_NAME *name = X509_NAME_new();

    FUZZ_CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                          (const unsigned char *)common_name,
                                          -1, -1, 0) == 1);
    return name;
}

struct request {
    const char *subject;
    const char *issuer;
    const char *until;
    const char *extensions[EXTENSIONS_MAX];
};

/* It is signed, because libcrypto sets the signature algorithm only then. */
static X509 *certificate(const struct request *r)
{
    static long serial = 0x234567;
    X509 *x509 = X509_new();
    X509_NAME *subject = name_of(r->subject);
    X509_NAME *issuer = name_of(r->issuer);
    EVP_PKEY *key = the_key();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    X509_set_subject_name(x509, subject);
    X509_set_issuer_name(x509, issuer);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), "20200101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), r->until);
    X509_set_pubkey(x509, key);
    for (size_t i = 0; i < EXTENSIONS_MAX && r->extensions[i] != NULL; i++) {
        X509_EXTENSION *ext = extension(r->extensions[i], x509, x509);

        X509_add_ext(x509, ext, -1);
        X509_EXTENSION_free(ext);
    }
    FUZZ_CHECK(X509_sign(x509, key, EVP_sha256()) > 0);
    EVP_PKEY_free(key);
    X509_NAME_free(subject);
    X509_NAME_free(issuer);
    return x509;
}

static void put_tbs(struct seed *s, X509 *x509)
{
    unsigned char *tbs = NULL;
    int len = i2d_re_X509_tbs(x509, &tbs);

    FUZZ_CHECK(len > 0);
    FUZZ_CHECK(dtls_put_vec16(&s->buf, dtls_bytes_of(tbs, (size_t)len)));
    OPENSSL_free(tbs);
}

static void put_certificate(struct seed *s, struct request r)
{
    X509 *x509 = certificate(&r);

    put_tbs(s, x509);
    X509_free(x509);
}

#define NOW "20260101000000Z" /* FUZZ_NOW (signed.h) */
#define LATER "20491231235959Z"
#define CA "basicConstraints=critical,CA:TRUE"
#define CA_USE "keyUsage=critical,keyCertSign,cRLSign"
#define LEAF_USE "keyUsage=critical,digitalSignature"
#define BOTH "extendedKeyUsage=serverAuth,clientAuth"

static const struct request root = {
    "root", "root", LATER, {CA, CA_USE, "subjectKeyIdentifier=hash"}};
static const struct request leaf = {
    "leaf", "root", LATER, {LEAF_USE, BOTH, "subjectAltName=DNS:localhost"}};

static void write_chain(const char *name, unsigned flags,
                        const struct request *requests, size_t num)
{
    static struct seed s;

    seed_begin(&s);
    seed_u8(&s, flags);
    for (size_t i = 0; i < num; i++) {
        put_certificate(&s, requests[i]);
    }
    seed_end(&s, "fuzz_x509_chain", name);
}
#define CHAIN(name, flags, ...)                                               \
    write_chain(name, flags, (const struct request[]){__VA_ARGS__},           \
                sizeof((const struct request[]){__VA_ARGS__}) /               \
                    sizeof(struct request))

static void write_chains(void)
{
    static const struct request one = {
        "one", "root", LATER, {CA, CA_USE, "extendedKeyUsage=serverAuth"}};
    static const struct request two = {
        "two", "one", LATER, {"basicConstraints=CA:TRUE,pathlen:0", CA_USE}};
    static const struct request under_two = {
        "leaf", "two", LATER, {LEAF_USE, BOTH}};
    static const struct request one_by_two = {
        "one", "two", LATER, {CA, CA_USE}};

    CHAIN("leaf_under_root", 0, root, leaf);
    CHAIN("client_under_root", 1, root, leaf);
    CHAIN("leaf_is_the_anchor", 0, leaf, leaf);
    CHAIN("two_intermediates", 0, root, under_two, two, one);
    CHAIN("intermediates_in_another_order", 0, root, under_two, one, two,
          one_by_two);
    CHAIN("unrelated_root", 1, root, leaf, root);
    CHAIN("issuer_by_the_name_of_its_issuer", 0, root,
          {"leaf",
           "root",
           LATER,
           {LEAF_USE, BOTH,
            "authorityKeyIdentifier="
            "DER:3015a113a411300f310d300b06035504030c04726f6f74"}});
    CHAIN("issuer_by_the_name_of_another", 0, root,
          {"leaf",
           "root",
           LATER,
           {LEAF_USE, BOTH,
            "authorityKeyIdentifier="
            "DER:3015a113a411300f310d300b06035504030c04626f6f74"}});
    CHAIN("issuer_by_another_key", 0, root,
          {"leaf",
           "root",
           LATER,
           {LEAF_USE, BOTH, "authorityKeyIdentifier=DER:3006800401020304"}});
    CHAIN("expired_leaf", 0, root,
          {"leaf", "root", "20210101000000Z", {LEAF_USE, BOTH}});
    CHAIN("many_extensions", 0, root,
          {"leaf",
           "root",
           LATER,
           {LEAF_USE, "certificatePolicies=DER:3007300506032a0304",
            "crlDistributionPoints=URI:http://a.example/b",
            "1.2.3.4=ASN1:NULL"}});
    CHAIN("name_constraints", 0,
          {"root",
           "root",
           LATER,
           {CA, CA_USE, "nameConstraints=critical,permitted;DNS:localhost"}},
          leaf);
}

static X509_CRL *revocation_list(X509 *revoked, const char *until)
{
    X509_CRL *crl = X509_CRL_new();
    X509_NAME *issuer = name_of("root");
    ASN1_TIME *time = ASN1_TIME_new();
    EVP_PKEY *key = the_key();

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, issuer);
    ASN1_TIME_set_string_X509(time, "20250101000000Z");
    X509_CRL_set1_lastUpdate(crl, time);
    if (revoked != NULL) {
        X509_REVOKED *entry = X509_REVOKED_new();
        ASN1_ENUMERATED *why = ASN1_ENUMERATED_new();

        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked));
        X509_REVOKED_set_revocationDate(entry, time);
        ASN1_ENUMERATED_set(why, CRL_REASON_KEY_COMPROMISE);
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, why, 0, 0);
        ASN1_ENUMERATED_free(why);
        X509_CRL_add0_revoked(crl, entry);
    }
    ASN1_TIME_set_string_X509(time, until);
    X509_CRL_set1_nextUpdate(crl, time);
    FUZZ_CHECK(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
    EVP_PKEY_free(key);
    ASN1_TIME_free(time);
    X509_NAME_free(issuer);
    return crl;
}

static void write_crl(const char *name, bool lists_leaf, const char *until,
                      const char *line)
{
    static struct seed s;
    X509 *other = certificate(&leaf);
    X509 *x509 = certificate(&leaf);
    X509 *issuer = certificate(&root);
    X509_CRL *crl = revocation_list(lists_leaf ? x509 : other, until);
    unsigned char *tbs = NULL;
    int len;

    if (line != NULL) {
        X509_EXTENSION *ext = extension(line, issuer, x509);
        EVP_PKEY *key = the_key();

        X509_CRL_add_ext(crl, ext, -1);
        FUZZ_CHECK(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
        X509_EXTENSION_free(ext);
        EVP_PKEY_free(key);
    }
    seed_begin(&s);
    put_tbs(&s, issuer);
    put_tbs(&s, x509);
    len = i2d_re_X509_CRL_tbs(crl, &tbs);
    FUZZ_CHECK(len > 0);
    seed_bytes(&s, dtls_bytes_of(tbs, (size_t)len));
    seed_end(&s, "fuzz_crl", name);
    OPENSSL_free(tbs);
    X509_CRL_free(crl);
    X509_free(issuer);
    X509_free(x509);
    X509_free(other);
}

void seeds_write_x509(void)
{
    write_chains();
    write_crl("leaf_is_listed", true, LATER, NULL);
    write_crl("another_is_listed", false, LATER, NULL);
    write_crl("with_a_number", false, LATER, "crlNumber=ASN1:INTEGER:0x2345");
    write_crl("with_a_key_identifier", false, LATER,
              "authorityKeyIdentifier=keyid:always");
    write_crl("of_a_distribution_point", false, LATER,
              "2.5.29.28=critical,DER:30038101ff");
    write_crl("delta", false, LATER, "deltaCRL=critical,ASN1:INTEGER:1");
    CHAIN("leaf_ends_now", 0, root, {"leaf", "root", NOW, {LEAF_USE, BOTH}});
    write_crl("list_ends_now", false, NOW, NULL);
}
