/* SPDX-License-Identifier: MIT */
/* Chains of certificates, made for a play (check/checks/chain_words.h). */
#include "check/checks/chain_words.h"

#include "check/cases.h"
#include "sut/virtual_clock.h"
#include "x509/chain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define PATH_SIZE 512
#define WHOLE_MAX 1100 /* bytes of a message that every target takes whole */

/* ---- from the PKI ---- */

static bool read_file(struct sim_der *der, const char *folder,
                      const char *name, const char *suffix)
{
    char path[PATH_SIZE];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    der->len = fread(der->bytes, 1, sizeof der->bytes, f);
    (void)fclose(f);
    return true;
}

static void load(struct scene *s, struct sim_der *der, const char *name,
                 const char *suffix)
{
    if (!read_file(der, s->setup->target.pki, name, suffix)) {
        scene_stop(s, "the PKI has no %s%s", name, suffix);
    }
}

static X509 *load_cert(struct scene *s, const char *name)
{
    struct sim_der der;
    const unsigned char *at = der.bytes;
    X509 *cert;

    load(s, &der, name, ".der");
    cert = d2i_X509(NULL, &at, (long)der.len);
    assert(cert != NULL);
    return cert;
}

static EVP_PKEY *load_key(struct scene *s, const char *name)
{
    struct sim_der der;
    const unsigned char *at = der.bytes;
    EVP_PKEY *key;

    load(s, &der, name, ".key.der");
    key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
    assert(key != NULL);
    return key;
}

/* The certificate that an end of the other role shows; NULL: none. */
static const char *shown_to(const struct sut_setup *target)
{
    struct sut_setup other = *target;

    other.role = target->role == SUT_CLIENT ? SUT_SERVER : SUT_CLIENT;
    return sut_identity(&other);
}

static const char *own_name(struct scene *s)
{
    const char *name = shown_to(&s->setup->target);

    if (name == NULL) {
        scene_stop(s, "the target asks for no certificate");
    }
    return name;
}

/* ---- one certificate ---- */

/* What is known when certificate `at` of a list is made. */
struct making {
    struct scene *s;
    const struct chain_cert *certs;
    size_t num;
    const char *root;
    X509 *above; /* the certificate that issues it */
};

static bool is_leaf(const struct making *m, const struct chain_cert *c)
{
    return c == m->certs;
}

static const char *key_name(const struct making *m, const struct chain_cert *c)
{
    static const char *const usual[] = {"ca2", "ca1"};

    if (c->key != NULL) {
        return c->key;
    }
    return is_leaf(m, c) ? own_name(m->s) : usual[(c - m->certs) % 2];
}

static const char *signer_name(const struct making *m,
                               const struct chain_cert *c)
{
    if (c->signer != NULL) {
        return c->signer;
    }
    if (c->is_root) {
        return key_name(m, c);
    }
    return c == m->certs + m->num - 1 ? m->root : key_name(m, c + 1);
}

static X509_NAME *name_of(const char *common_name)
{
    X509_NAME *name = X509_NAME_new();
    int ok = X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                        (const unsigned char *)common_name, -1,
                                        -1, 0);

    assert(ok == 1);
    return name;
}

static void set_names(const struct making *m, X509 *made,
                      const struct chain_cert *c)
{
    char usual[32];
    X509_NAME *subject;
    X509_NAME *issuer;

    (void)snprintf(usual, sizeof usual, "certificate %u of the chain",
                   (unsigned)(c - m->certs));
    subject = name_of(c->name != NULL ? c->name : usual);
    (void)X509_set_subject_name(made, subject);
    if (c->issuer != NULL) {
        issuer = name_of(c->issuer);
        (void)X509_set_issuer_name(made, issuer);
        X509_NAME_free(issuer);
    } else {
        (void)X509_set_issuer_name(
            made, c->is_root ? subject : X509_get_subject_name(m->above));
    }
    X509_NAME_free(subject);
}

int64_t chain_now(const struct scene *s)
{
    return s->setup->driver->real_time ? (int64_t)time(NULL) : SUT_EPOCH;
}

/* The target's clock, and `days` more. */
static void write_day(const struct scene *s, int days, char out[16])
{
    time_t now = (time_t)(chain_now(s) + (int64_t)days * 86400);
    struct tm parts;

    (void)strftime(out, 16, "%Y%m%d%H%M%SZ", gmtime_r(&now, &parts));
}

static void set_dates(const struct making *m, X509 *made,
                      const struct chain_cert *c)
{
    const char *from = c->from != NULL ? c->from : "20200101000000Z";
    const char *until = c->until != NULL ? c->until : "20491231235959Z";
    char day[16];
    int ok;

    write_day(m->s, c->days, day);
    ok = ASN1_TIME_set_string_X509(X509_getm_notBefore(made),
                                   c->days > 0 ? day : from) &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(made),
                                   c->days < 0 ? day : until);
    assert(ok == 1);
}

/* Empty text: no such extension. */
static void add_extension(const struct making *m, X509 *made,
                          const struct chain_cert *c, const char *name,
                          const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *ext;
    int ok;

    if (*value == '\0') {
        return;
    }
    X509V3_set_ctx(&ctx, c->is_root ? made : m->above, made, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&ctx);
    ext = X509V3_EXT_conf(NULL, &ctx, name, value);
    assert(ext != NULL);
    ok = X509_add_ext(made, ext, -1);
    assert(ok == 1);
    X509_EXTENSION_free(ext);
}

static const char *either(const char *said, const char *usual)
{
    return said != NULL ? said : usual;
}

static const char *usual_usage(const struct making *m)
{
    const struct sut_setup *target = &m->s->setup->target;

    if (target->role == SUT_SERVER) {
        return "critical,digitalSignature";
    }
    if (target->suite->kx == DTLS_KX_ECDH) {
        return "critical,keyAgreement";
    }
    return target->suite->kx == DTLS_KX_ECDHE_ECDSA
               ? "critical,digitalSignature"
               : "critical,digitalSignature,keyEncipherment";
}

static void extend_leaf(const struct making *m, X509 *made,
                        const struct chain_cert *c)
{
    bool is_server = m->s->setup->target.role == SUT_CLIENT;

    add_extension(m, made, c, "basicConstraints", either(c->basic, ""));
    add_extension(m, made, c, "keyUsage", either(c->usage, usual_usage(m)));
    add_extension(
        m, made, c, "extendedKeyUsage",
        either(c->purposes, is_server ? "serverAuth" : "clientAuth"));
    add_extension(m, made, c, "subjectAltName",
                  either(c->names, is_server ? "DNS:localhost,IP:127.0.0.1,"
                                               "IP:::1"
                                             : ""));
}

static void extend_ca(const struct making *m, X509 *made,
                      const struct chain_cert *c)
{
    add_extension(m, made, c, "basicConstraints",
                  either(c->basic, "critical,CA:TRUE"));
    add_extension(m, made, c, "keyUsage",
                  either(c->usage, "critical,keyCertSign,cRLSign"));
    add_extension(m, made, c, "extendedKeyUsage", either(c->purposes, ""));
    add_extension(m, made, c, "subjectAltName", either(c->names, ""));
}

static void extend(const struct making *m, X509 *made,
                   const struct chain_cert *c)
{
    char more[PATH_SIZE];
    char *value;

    /* Two CAs may have the same key, and must not look like one. */
    (void)snprintf(more, sizeof more, "%08lx",
                   ASN1_INTEGER_get(X509_get0_serialNumber(made)));
    add_extension(m, made, c, "subjectKeyIdentifier", more);
    if (!c->is_root && c->signer == NULL &&
        X509_get0_subject_key_id(m->above) != NULL) {
        add_extension(m, made, c, "authorityKeyIdentifier", "keyid");
    }
    (is_leaf(m, c) ? extend_leaf : extend_ca)(m, made, c);
    if (c->more != NULL) {
        (void)snprintf(more, sizeof more, "%s", c->more);
        value = strchr(more, '=');
        assert(value != NULL);
        *value = '\0';
        add_extension(m, made, c, more, value + 1);
    }
}

static void set_key(const struct making *m, X509 *made,
                    const struct chain_cert *c)
{
    X509 *of = load_cert(m->s, key_name(m, c));
    int ok = X509_set_pubkey(made, X509_get0_pubkey(of));

    assert(ok == 1);
    X509_free(of);
}

static void sign(const struct making *m, X509 *made,
                 const struct chain_cert *c)
{
    EVP_PKEY *key = load_key(m->s, signer_name(m, c));
    const EVP_MD *md = EVP_get_digestbyname(either(c->digest, "SHA256"));
    int len = X509_sign(made, key, md);

    assert(len > 0);
    EVP_PKEY_free(key);
}

static void set_serial(const struct making *m, X509 *made,
                       const struct chain_cert *c)
{
    static long serial = 0x234567;

    if (c->serial != NULL) {
        X509 *of = load_cert(m->s, c->serial);

        (void)X509_set_serialNumber(made, X509_get_serialNumber(of));
        X509_free(of);
        return;
    }
    (void)ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
}

static X509 *make_one(const struct making *m, const struct chain_cert *c)
{
    X509 *made = X509_new();

    assert(made != NULL);
    (void)X509_set_version(made, c->is_v1 ? X509_VERSION_1 : X509_VERSION_3);
    set_serial(m, made, c);
    set_names(m, made, c);
    set_dates(m, made, c);
    set_key(m, made, c);
    if (!c->is_v1) {
        extend(m, made, c);
    }
    sign(m, made, c);
    return made;
}

static void write_der(struct sim_der *out, X509 *cert)
{
    unsigned char *at = out->bytes;
    int len = i2d_X509(cert, NULL);

    assert(len > 0 && len <= (int)sizeof out->bytes);
    out->len = (size_t)i2d_X509(cert, &at);
}

/* ---- chains ---- */

void chain_make(struct scene *s, struct chain *chain, const char *root,
                const struct chain_cert *certs, size_t num)
{
    struct making m = {.s = s, .certs = certs, .num = num, .root = root};

    assert(num <= CHAIN_MAX);
    m.above = load_cert(s, root);
    for (size_t i = num; i-- > 0;) {
        X509 *made = make_one(&m, &certs[i]);

        write_der(&chain->certs[i], made);
        X509_free(m.above);
        m.above = made;
    }
    X509_free(m.above);
    chain->num = num;
}

void chain_add(struct scene *s, struct chain *chain, const char *name)
{
    assert(chain->num < CHAIN_MAX);
    load(s, &chain->certs[chain->num++], name, ".der");
}

void chain_add_root(struct scene *s, struct chain *chain, const char *digest)
{
    X509 *root = load_cert(s, "root");
    EVP_PKEY *key = load_key(s, "root");
    int len = X509_sign(root, key, EVP_get_digestbyname(digest));

    assert(len > 0 && chain->num < CHAIN_MAX);
    write_der(&chain->certs[chain->num++], root);
    EVP_PKEY_free(key);
    X509_free(root);
}

/* The peer's engine puts a chain together by names; these are made up, and
 * say nothing about those in the certificates. */
void chain_show(struct scene *s, const struct chain *chain)
{
    static struct dtls_credential shown[DTLS_CHAIN_MAX];
    static const uint8_t names[DTLS_CHAIN_MAX + 1] = {0, 1, 2, 3, 4, 5,
                                                      6, 7, 8, 9, 10};

    size_t len = 0;

    assert(chain->num <= DTLS_CHAIN_MAX);
    (void)own_name(s);
    for (size_t i = 0; i < chain->num; i++) {
        struct dtls_credential *c = &shown[i];

        *c = s->identities[0].credential;
        c->cert.der =
            dtls_bytes_of(chain->certs[i].bytes, chain->certs[i].len);
        c->cert.subject = dtls_bytes_of(&names[i], 1);
        c->cert.issuer = dtls_bytes_of(&names[i + 1], 1);
        c->cert.authority_key_id = (struct dtls_bytes){0};
        c->next = i + 1 < chain->num ? &shown[i + 1] : NULL;
        len += c->cert.der.len;
    }
    if (len > WHOLE_MAX && s->pieces == 0) {
        s->pieces = WHOLE_MAX;
    }
    s->peer.config.credentials = shown;
    s->peer.config.active = shown;
}

void chain_use(struct scene *s, const struct chain_cert *certs, size_t num)
{
    static struct chain chain;

    chain_make(s, &chain, "root", certs, num);
    chain_show(s, &chain);
}

/* ---- Certificate messages ---- */

void chain_put(struct dtls_buf *list, struct dtls_bytes der)
{
    bool ok =
        dtls_put_u24(list, (uint32_t)der.len) && dtls_put_bytes(list, der);

    assert(ok);
}

void chain_say(struct scene *s, struct dtls_bytes list, int more)
{
    struct peer_message *m = scene_come_to(s, DTLS_CERTIFICATE);
    struct dtls_buf body = {m->body, 0, sizeof m->body};
    bool ok = dtls_put_u24(&body, (uint32_t)((int)list.len + more)) &&
              dtls_put_bytes(&body, list);

    assert(ok);
    m->len = body.len;
    scene_say(s, m);
}

void chain_is_refused(struct scene *s, const char *phrases, const char *what)
{
    (void)scene_connects(s);
    scene_expect(s, phrase_is_in(phrases, s->heard.phrase), "%s after %s",
                 s->heard.phrase[0] == '\0' ? "no alert" : s->heard.phrase,
                 what);
}

/* ---- wrong targets ---- */

static enum dtls_status (*judge)(struct wrong *w, struct dtls_cert *chain,
                                 size_t num);

static enum dtls_status verify(void *self, const struct dtls_cert *chain,
                               size_t num)
{
    struct wrong *w = self;
    const struct dtls_config *config = &w->peer.config;
    const struct dtls_verify usual = {
        .crypto = &w->peer.crypto,
        .anchors = config->anchors,
        .purpose = w->peer.role == DTLS_CLIENT ? DTLS_PURPOSE_SERVER
                                               : DTLS_PURPOSE_CLIENT,
        .check_time = true,
        .unix_time = SUT_EPOCH,
    };
    /* The engine's own array: only its interface says const. */
    enum dtls_status status =
        judge(w, (struct dtls_cert *)(uintptr_t)chain, num);

    return status == DTLS_DISCARD ? dtls_chain_verify(&usual, chain, num)
                                  : status;
}

void wrong_judges(struct wrong *w,
                  enum dtls_status (*how)(struct wrong *w,
                                          struct dtls_cert *chain, size_t num))
{
    judge = how;
    w->peer.config.self = w;
    w->peer.config.verify_chain = verify;
}

static bool is_readable(struct dtls_bytes body)
{
    struct dtls_certificate m;
    struct dtls_cert cert;
    struct dtls_bytes der;

    if (dtls_certificate_parse(&m, body) != DTLS_OK || m.list.len == 0) {
        return false;
    }
    while (dtls_certificate_next(&m.list, &der)) {
        if (dtls_cert_parse(&cert, der) != DTLS_OK) {
            return false;
        }
    }
    return m.list.len == 0;
}

static bool read_usual_list(struct wrong *w, struct wrong_record *r)
{
    const struct sut_setup *setup = &w->sut.setup;
    uint8_t bytes[SIM_DER_MAX + 6];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_fragment f;
    struct sim_der der;
    bool ok;

    if (!wrong_message(r, DTLS_CERTIFICATE, &f) || is_readable(f.body) ||
        shown_to(setup) == NULL) {
        return false;
    }
    ok = read_file(&der, setup->pki, shown_to(setup), ".der") &&
         dtls_put_u24(&body, (uint32_t)der.len + 3);
    assert(ok);
    chain_put(&body, dtls_bytes_of(der.bytes, der.len));
    return wrong_reads_message(w, r, DTLS_CERTIFICATE, dtls_buf_bytes(&body));
}

void wrong_takes_other_lists(struct wrong *w)
{
    w->hears = read_usual_list;
}

bool chain_has(const struct dtls_cert *cert, struct dtls_bytes bytes)
{
    for (size_t i = 0; i + bytes.len <= cert->der.len; i++) {
        if (memcmp(cert->der.data + i, bytes.data, bytes.len) == 0) {
            return true;
        }
    }
    return false;
}

void chain_read_usual(struct wrong *w, struct dtls_cert *out)
{
    static struct sim_der der;
    bool ok =
        read_file(&der, w->sut.setup.pki, shown_to(&w->sut.setup), ".der");
    enum dtls_status status =
        dtls_cert_parse(out, dtls_bytes_of(der.bytes, der.len));

    assert(ok && status == DTLS_OK);
    (void)ok;
    (void)status;
}
