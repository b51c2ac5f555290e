/* SPDX-License-Identifier: MIT */
/* A server's certificates in words.  They are read, not verified. */
#include "probe/questions.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* What is written about the chains. */
struct words {
    BIO *lines;
    BIO *keys;
    BIO *hashes;
    BIO *trust;
};

static void print_names(BIO *out, const X509 *cert)
{
    GENERAL_NAMES *names =
        X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        (void)BIO_puts(out, i == 0 ? ", names " : " ");
        (void)GENERAL_NAME_print(out, sk_GENERAL_NAME_value(names, i));
    }
    GENERAL_NAMES_free(names);
}

static const char *kind_of(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "rsa";
    case EVP_PKEY_RSA_PSS:
        return "rsa_pss";
    case EVP_PKEY_EC:
        return "ec";
    case EVP_PKEY_ED25519:
        return "ed25519";
    case EVP_PKEY_ED448:
        return "ed448";
    default:
        return "other";
    }
}

static void print_day(BIO *out, const ASN1_TIME *time)
{
    struct tm day;

    if (ASN1_TIME_to_tm(time, &day) == 1) {
        (void)BIO_printf(out, "%04d-%02d-%02d", day.tm_year + 1900,
                         day.tm_mon + 1, day.tm_mday);
    }
}

static void print_hash(const struct words *w, X509 *cert)
{
    int hash = NID_undef;

    (void)X509_get_signature_info(cert, &hash, NULL, NULL, NULL);
    (void)BIO_printf(w->hashes, "%s ",
                     hash == NID_undef ? "none" : OBJ_nid2sn(hash));
}

static void print_certificate(const struct words *w, X509 *cert, bool is_leaf)
{
    const EVP_PKEY *key = X509_get0_pubkey(cert);
    const char *kind = key == NULL ? "unknown" : kind_of(key);
    int bits = key == NULL ? 0 : EVP_PKEY_get_bits(key);
    bool is_root = X509_self_signed(cert, 0) == 1;

    (void)BIO_puts(w->lines, is_leaf ? "" : "  above it ");
    (void)X509_NAME_print_ex(w->lines, X509_get_subject_name(cert), 0,
                             XN_FLAG_ONELINE);
    (void)BIO_printf(w->lines, ": %s %d bits, ", kind, bits);
    print_day(w->lines, X509_get0_notBefore(cert));
    (void)BIO_puts(w->lines, " to ");
    print_day(w->lines, X509_get0_notAfter(cert));
    print_names(w->lines, cert);
    (void)BIO_printf(w->lines, "\n  signed with %s by ",
                     OBJ_nid2ln(X509_get_signature_nid(cert)));
    (void)X509_NAME_print_ex(w->lines, X509_get_issuer_name(cert), 0,
                             XN_FLAG_ONELINE);
    (void)BIO_puts(w->lines, is_root ? " (itself)\n" : "\n");
    if (is_leaf) {
        (void)BIO_printf(w->keys, "%s:%d ", kind, bits);
    }
    if (!is_root) {
        print_hash(w, cert);
    }
}

/* The certificates that libcrypto can read; the caller frees them. */
static STACK_OF(X509) *
    read_chain(const struct words *w, struct dtls_bytes list)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    struct dtls_bytes der;

    while (dtls_certificate_next(&list, &der)) {
        const unsigned char *at = der.data;
        X509 *cert = d2i_X509(NULL, &at, (long)der.len);

        if (cert == NULL || sk_X509_push(chain, cert) == 0) {
            (void)BIO_puts(w->lines, "one that libcrypto cannot read\n");
            X509_free(cert);
        }
    }
    return chain;
}

static void verify(const struct words *w, X509_STORE *roots,
                   STACK_OF(X509) * chain)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool holds;

    if (context == NULL ||
        X509_STORE_CTX_init(context, roots, sk_X509_value(chain, 0), chain) !=
            1) {
        (void)BIO_puts(w->trust, "cannot be verified, ");
    } else {
        holds = X509_verify_cert(context) == 1;
        (void)BIO_printf(w->trust, "%s, ",
                         holds ? "yes"
                               : X509_verify_cert_error_string(
                                     X509_STORE_CTX_get_error(context)));
    }
    X509_STORE_CTX_free(context);
}

static void print_chain(const struct probe *p, const struct words *w,
                        struct dtls_bytes list)
{
    STACK_OF(X509) *chain = read_chain(w, list);

    for (int i = 0; i < sk_X509_num(chain); i++) {
        print_certificate(w, sk_X509_value(chain, i), i == 0);
    }
    if (p->roots != NULL && sk_X509_num(chain) != 0) {
        verify(w, p->roots, chain);
    }
    sk_X509_pop_free(chain, X509_free);
}

/* ---- asking ---- */

static void ask_for_chain(const struct probe *p, const struct ask_hello *h,
                          const struct words *w, struct ask **out)
{
    const struct heard_message *m;
    struct dtls_certificate certificate;

    *out = ask_new(p, h);
    m = heard_message(&(*out)->heard, DTLS_CERTIFICATE);
    if (m != NULL && dtls_certificate_parse(
                         &certificate, dtls_span_bytes(m->body)) == DTLS_OK) {
        print_chain(p, w, certificate.list);
    }
}

/* What stands between two members is left out behind the last. */
static void tell(const struct probe *p, enum fact_key key, BIO *from,
                 long between)
{
    char *text;
    long len = BIO_get_mem_data(from, &text);

    if (len > between) {
        facts_tell(p->facts, key, "%.*s", (int)(len - between), text);
    } else {
        facts_cannot(p->facts, key, "it shows no certificate");
    }
}

/* A server may have a certificate for each kind of suite. */
void question_chains(const struct probe *p)
{
    static struct ask_hello h;
    const struct words words = {BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()),
                                BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())};
    struct ask *asked[2] = {NULL, NULL};

    ask_defaults(&h, p);
    if (ask_only_found(&h, p, "ECDSA_") != 0) {
        ask_for_chain(p, &h, &words, &asked[0]);
    }
    (void)ask_only_found(&h, p, "RSA_");
    ask_drop(&h, "PSK");
    if (h.num_suites != 0) {
        ask_for_chain(p, &h, &words, &asked[1]);
    }
    tell(p, FACT_chains, words.lines, 1);
    tell(p, FACT_keys, words.keys, 1);
    tell(p, FACT_chain_hashes, words.hashes, 1);
    tell(p, FACT_trust, words.trust, 2);
    if (p->roots == NULL) {
        facts_cannot(p->facts, FACT_trust, "no --ca was given");
    }
    for (int i = 0; i < 2; i++) {
        if (asked[i] != NULL) {
            ask_close(asked[i]);
        }
    }
    (void)BIO_free(words.lines);
    (void)BIO_free(words.keys);
    (void)BIO_free(words.hashes);
    (void)BIO_free(words.trust);
}
