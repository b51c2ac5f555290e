/* SPDX-License-Identifier: MIT */
/* Certificates for the tests of x509, made with libcrypto's X509 API, and
 * libcrypto as the judge of chains.
 *
 * Every certificate that is made is kept until make_end; a test that fails
 * leaks and does not care. */
#ifndef UNIT_X509_MAKE_H
#define UNIT_X509_MAKE_H

#include "kit/kit.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "x509/chain.h"

/* 2026-01-01: within the validity of all that says nothing else. */
#define MAKE_NOW INT64_C(1767225600)

enum { MAKE_MAX = 64, MAKE_KEYS = 16 };

struct made {
    X509 *x509;
    EVP_PKEY *key;
    struct dtls_bytes der;
    struct dtls_cert cert;
};

/* What to make.  Whatever is zero has a useful default. */
struct wish {
    const char *name;          /* CN of the subject                        */
    const struct made *issuer; /* NULL: self-signed                        */
    EVP_PKEY *key;
    EVP_PKEY *signer;  /* another key than the issuer's            */
    const EVP_MD *md;  /* SHA-256                                  */
    const char *from;  /* "20200101000000Z"                        */
    const char *until; /* "20491231235959Z"                        */
    bool pss;
    const EVP_MD *mgf1_md; /* of PSS; NULL: md */
    int salt_len;          /* of PSS; 0: as long as the hash           */
    bool no_extensions;
    bool no_key_ids;
    const char *extensions[8]; /* "basicConstraints=critical,CA:TRUE"      */
};

static struct made *make_all[MAKE_MAX];
static size_t make_num;
static EVP_PKEY *make_keys[MAKE_KEYS];
static EVP_PKEY *make_rsa_keys[2];

/* make_forget frees the certificates and keeps the keys. */
static inline void make_forget(void)
{
    while (make_num > 0) {
        struct made *m = make_all[--make_num];

        X509_free(m->x509);
        EVP_PKEY_free(m->key);
        free((void *)(uintptr_t)m->der.data);
        free(m);
    }
}

static inline int make_end(void **state)
{
    (void)state;
    make_forget();
    for (size_t i = 0; i < MAKE_KEYS; i++) {
        EVP_PKEY_free(make_keys[i]);
        make_keys[i] = NULL;
    }
    for (size_t i = 0; i < 2; i++) {
        EVP_PKEY_free(make_rsa_keys[i]);
        make_rsa_keys[i] = NULL;
    }
    return 0;
}

/* P-256 keys by number. */
static inline EVP_PKEY *make_ec(size_t number)
{
    assert_true(number < MAKE_KEYS);
    if (make_keys[number] == NULL) {
        make_keys[number] = EVP_EC_gen("P-256");
        assert_non_null(make_keys[number]);
    }
    return make_keys[number];
}

static inline FILE *make_open(const char *name)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", NXDTLS_PKI_DIR, name);
    f = fopen(path, "rb");
    if (f == NULL) {
        fail_msg("no %s", path);
    }
    return f;
}

/* RSA-2048 keys by number, from the PKI: making one takes long. */
static inline EVP_PKEY *make_rsa(size_t number)
{
    static const char *const names[2] = {"rsa.key", "client-rsa.key"};

    assert_true(number < 2);
    if (make_rsa_keys[number] == NULL) {
        FILE *f = make_open(names[number]);

        make_rsa_keys[number] = PEM_read_PrivateKey(f, NULL, NULL, NULL);
        fclose(f);
        assert_non_null(make_rsa_keys[number]);
    }
    return make_rsa_keys[number];
}

static inline struct made *make_keep(X509 *x509, EVP_PKEY *key)
{
    struct made *m = calloc(1, sizeof *m);
    uint8_t *der = NULL;
    int len = i2d_X509(x509, &der);

    assert_true(m != NULL && len > 0 && make_num < MAKE_MAX);
    make_all[make_num++] = m;
    m->x509 = x509;
    m->key = key;
    if (key != NULL) {
        EVP_PKEY_up_ref(key);
    }
    /* An own block of the exact size, so that sanitizers see an overrun. */
    m->der = (struct dtls_bytes){malloc((size_t)len), (size_t)len};
    memcpy((void *)(uintptr_t)m->der.data, der, (size_t)len);
    OPENSSL_free(der);
    return m;
}

static inline void make_extension(X509 *x509, X509 *issuer, const char *line)
{
    char name[512];
    char *value;
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    snprintf(name, sizeof name, "%s", line);
    value = strchr(name, '=');
    assert_non_null(value);
    *value++ = 0;
    X509V3_set_ctx(&ctx, issuer, x509, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&ctx);
    ext = X509V3_EXT_conf(NULL, &ctx, name, value);
    if (ext == NULL) {
        fail_msg("libcrypto does not understand %s", line);
    }
    assert_int_equal(X509_add_ext(x509, ext, -1), 1);
    X509_EXTENSION_free(ext);
}

static inline void make_sign(X509 *x509, EVP_PKEY *key,
                             const struct wish *wish)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pctx;
    const EVP_MD *md = wish->md != NULL ? wish->md : EVP_sha256();

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ||
        EVP_PKEY_get_base_id(key) == EVP_PKEY_ED448) {
        md = NULL;
    }
    assert_int_equal(EVP_DigestSignInit(ctx, &pctx, md, NULL, key), 1);
    if (wish->pss) {
        EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING);
        if (wish->mgf1_md != NULL) {
            EVP_PKEY_CTX_set_rsa_mgf1_md(pctx, wish->mgf1_md);
        }
        EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, wish->salt_len != 0
                                                   ? wish->salt_len
                                                   : RSA_PSS_SALTLEN_DIGEST);
    }
    assert_true(X509_sign_ctx(x509, ctx) > 0);
    EVP_MD_CTX_free(ctx);
}

static inline X509 *make_unsigned(const struct wish *wish)
{
    static long serial = 0x23456789;
    X509 *x509 = X509_new();
    X509_NAME *name = X509_NAME_new();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                               (const unsigned char *)"nxdtls", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               (const unsigned char *)wish->name, -1, -1, 0);
    X509_set_subject_name(x509, name);
    X509_set_issuer_name(x509, wish->issuer == NULL ? name
                                                    : X509_get_subject_name(
                                                          wish->issuer->x509));
    X509_NAME_free(name);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(x509),
                              wish->from ? wish->from : "20200101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(x509),
                              wish->until ? wish->until : "20491231235959Z");
    X509_set_pubkey(x509, wish->key);
    if (!wish->no_extensions) {
        X509 *issuer = wish->issuer == NULL ? x509 : wish->issuer->x509;

        if (!wish->no_key_ids) {
            make_extension(x509, issuer, "subjectKeyIdentifier=hash");
        }
        if (!wish->no_key_ids && issuer != x509 &&
            X509_get0_subject_key_id(issuer) != NULL) {
            make_extension(x509, issuer, "authorityKeyIdentifier=keyid");
        }
        for (size_t i = 0; i < 8 && wish->extensions[i] != NULL; i++) {
            make_extension(x509, issuer, wish->extensions[i]);
        }
    }
    return x509;
}

static inline EVP_PKEY *make_signer(const struct wish *wish)
{
    if (wish->signer != NULL) {
        return wish->signer;
    }
    return wish->issuer == NULL ? wish->key : wish->issuer->key;
}

/* make_cert makes what was wished for and reads it with the code under
 * test. */
static inline struct made *make_cert(struct wish wish)
{
    X509 *x509 = make_unsigned(&wish);
    struct made *m;

    make_sign(x509, make_signer(&wish), &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    return m;
}

#define MAKE_CA "basicConstraints=critical,CA:TRUE"
#define MAKE_CA_USE "keyUsage=critical,keyCertSign,cRLSign"

/* make_ca and make_leaf: what a usual CA issues; `number` is that of the EC
 * key. */
static inline struct made *make_ca(const char *name, const struct made *issuer,
                                   size_t number)
{
    return make_cert((struct wish){.name = name,
                                   .issuer = issuer,
                                   .key = make_ec(number),
                                   .extensions = {MAKE_CA, MAKE_CA_USE}});
}

static inline struct made *make_leaf(const struct made *issuer)
{
    return make_cert(
        (struct wish){.name = "leaf",
                      .issuer = issuer,
                      .key = make_ec(15),
                      .extensions = {"subjectAltName=DNS:localhost",
                                     "keyUsage=critical,digitalSignature",
                                     "extendedKeyUsage=serverAuth"}});
}

/* make_load takes a certificate of the PKI. */
static inline struct made *make_load(const char *name)
{
    FILE *f = make_open(name);
    X509 *x509 = d2i_X509_fp(f, NULL);
    struct made *m;

    fclose(f);
    assert_non_null(x509);
    m = make_keep(x509, NULL);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    return m;
}

/* make_sign_tbs makes a certificate or CRL of `tbs`, signed by an EC key:
 * ecdsa-with-SHA256.  At most 200 bytes longer than `tbs`. */
static inline size_t make_sign_tbs(uint8_t *out, const uint8_t *tbs,
                                   size_t tbs_len, EVP_PKEY *key)
{
    static const uint8_t algorithm[] = {0x30, 0x0a, 6,    8, 0x2a, 0x86,
                                        0x48, 0xce, 0x3d, 4, 3,    2};
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t signature[80];
    size_t signature_len = sizeof signature;
    size_t len;

    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key);
    assert_int_equal(
        EVP_DigestSign(ctx, signature, &signature_len, tbs, tbs_len), 1);
    EVP_MD_CTX_free(ctx);
    len = tbs_len + sizeof algorithm + 3 + signature_len;
    assert_true(len >= 0x100 && len < 0x10000);
    *out++ = 0x30;
    *out++ = 0x82;
    *out++ = (uint8_t)(len >> 8);
    *out++ = (uint8_t)len;
    memcpy(out, tbs, tbs_len);
    out += tbs_len;
    memcpy(out, algorithm, sizeof algorithm);
    out += sizeof algorithm;
    *out++ = 3;
    *out++ = (uint8_t)(signature_len + 1);
    *out++ = 0;
    memcpy(out, signature, signature_len);
    return len + 4;
}

/* How many other values of a byte to try: all, for the night, if the
 * environment has NXDTLS_JUDGE_ALL; without it three. */
static inline unsigned make_num_values(void)
{
    return getenv("NXDTLS_JUDGE_ALL") != NULL ? 255 : 3;
}

/* The n-th other value of a byte; the first three are the likeliest to
 * matter. */
static inline uint8_t make_other_value(uint8_t byte, unsigned n)
{
    static const uint8_t first[3] = {0x01, 0x80, 0xff};

    return make_num_values() == 3 ? byte ^ first[n % 3]
                                  : (uint8_t)(byte + n + 1);
}

/* A question for both: is this chain good?  Lists end with NULL. */
struct question {
    struct made *peer[16];
    struct made *anchors[8];
    enum dtls_purpose purpose;
    int64_t now;      /* 0: MAKE_NOW */
    const char **why; /* takes the reason of a refusal by ask_ours, or NULL */
};

/* ask_ours is the verdict of the code under test. */
static inline enum dtls_status ask_ours(const struct question *q)
{
    struct dtls_cert_item items[8];
    struct dtls_cert peer[16];
    struct dtls_verify verify = {.crypto = &dtls_libcrypto,
                                 .purpose = q->purpose,
                                 .check_time = true,
                                 .unix_time = q->now ? q->now : MAKE_NOW,
                                 .why = q->why};
    size_t num_peer = 0;

    for (size_t i = 0; i < 8 && q->anchors[i] != NULL; i++) {
        items[i] =
            (struct dtls_cert_item){&q->anchors[i]->cert, verify.anchors};
        verify.anchors = &items[i];
    }
    for (; num_peer < 16 && q->peer[num_peer] != NULL; num_peer++) {
        peer[num_peer] = q->peer[num_peer]->cert;
    }
    return dtls_chain_verify(&verify, peer, num_peer);
}

/* ask_libcrypto is the judge's: X509_V_OK, or why not. */
static inline int ask_libcrypto(const struct question *q)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *others = sk_X509_new_null();
    X509_VERIFY_PARAM *param;
    int verdict;

    for (size_t i = 0; i < 8 && q->anchors[i] != NULL; i++) {
        X509_STORE_add_cert(store, q->anchors[i]->x509);
    }
    for (size_t i = 1; i < 16 && q->peer[0] && q->peer[i] != NULL; i++) {
        sk_X509_push(others, q->peer[i]->x509);
    }
    assert_int_equal(X509_STORE_CTX_init(ctx, store, q->peer[0]->x509, others),
                     1);
    X509_STORE_CTX_set_purpose(ctx, q->purpose == DTLS_PURPOSE_SERVER
                                        ? X509_PURPOSE_SSL_SERVER
                                        : X509_PURPOSE_SSL_CLIENT);
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(param, (time_t)(q->now ? q->now : MAKE_NOW));
    X509_verify_cert(ctx);
    verdict = X509_STORE_CTX_get_error(ctx);
    sk_X509_free(others);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    ERR_clear_error();
    return verdict;
}

/* ask gives our verdict and fails if libcrypto refuses what we accept. */
static inline enum dtls_status ask(struct question q)
{
    enum dtls_status ours = ask_ours(&q);
    int judge = ask_libcrypto(&q);

    if (ours == DTLS_OK && judge != X509_V_OK) {
        fail_msg("accepted, but libcrypto says: %s",
                 X509_verify_cert_error_string(judge));
    }
    return ours;
}

/* ask_both is for what both must accept. */
static inline void ask_both(struct question q)
{
    int judge = ask_libcrypto(&q);

    assert_string_equal(X509_verify_cert_error_string(judge),
                        X509_verify_cert_error_string(X509_V_OK));
    assert_int_equal(ask_ours(&q), DTLS_OK);
}

#endif
