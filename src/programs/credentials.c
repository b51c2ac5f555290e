/* SPDX-License-Identifier: MIT */
/* Certificates and keys from files (pem.h). */
#include "programs/credentials.h"

#include "programs/lines.h"
#include "programs/pem.h"

#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <errno.h>
#include <stdio.h>

#define FILE_MAX (4 << 20) /* bytes */

/* The whole file, to be freed with OPENSSL_clear_free. */
static UCHAR *read_file(const char *option, const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    UCHAR *data = OPENSSL_malloc(FILE_MAX);

    if (file == NULL || data == NULL) {
        bad_input("%s %s: %s", option, path, strerror(errno));
    }
    *len = fread(data, 1, FILE_MAX, file);
    if (ferror(file)) {
        bad_input("%s %s: %s", option, path, strerror(errno));
    }
    (void)fclose(file);
    if (*len == FILE_MAX) {
        bad_input("%s %s: longer than %d bytes", option, path, FILE_MAX - 1);
    }
    return data;
}

static void keep(struct der *out, const char *option, const char *path,
                 const UCHAR *data, size_t len)
{
    if (len == 0 || len > 0xffff) {
        bad_input("%s %s: not PEM or DER, or longer than 65535 bytes", option,
                  path);
    }
    out->data = OPENSSL_memdup(data, len);
    out->len = (USHORT)len;
    if (out->data == NULL) {
        bad_input("%s %s: no memory", option, path);
    }
}

static void add_cert(struct cert_list *list, const char *option,
                     const char *path, const UCHAR *data, size_t len,
                     size_t number)
{
    size_t n = list->num + 1;

    /* Pointers into the arrays are taken later, when they are complete. */
    list->certs = realloc(list->certs, n * sizeof *list->certs);
    list->ders = realloc(list->ders, n * sizeof *list->ders);
    if (list->certs == NULL || list->ders == NULL) {
        bad_input("%s %s: no memory", option, path);
    }
    keep(&list->ders[list->num], option, path, data, len);
    list->ders[list->num].path = path;
    list->ders[list->num].number = number;
    list->num = n;
}

static void read_certs(struct cert_list *list, const char *option,
                       const char *path)
{
    size_t len;
    UCHAR *data = read_file(option, path, &len);
    struct pem_reader reader;
    const UCHAR *der;
    size_t der_len;
    size_t number = 0;

    pem_begin(&reader, PEM_CERTIFICATES, data, len);
    while (pem_next(&reader, &der, &der_len)) {
        add_cert(list, option, path, der, der_len, ++number);
    }
    pem_end(&reader);
    if (number == 0) {
        bad_input("%s %s: the file has no certificate", option, path);
    }
    OPENSSL_clear_free(data, FILE_MAX);
}

/* The first private key; what stands around it (parameters, certificates) is
 * passed over. */
static void read_key(struct der *out, const char *path)
{
    size_t len;
    UCHAR *data = read_file("--key", path, &len);
    struct pem_reader reader;
    const UCHAR *der;
    size_t der_len;

    pem_begin(&reader, PEM_PRIVATE_KEYS, data, len);
    if (!pem_next(&reader, &der, &der_len)) {
        bad_input("--key %s: %s", path,
                  reader.passed_encrypted
                      ? "the key is encrypted"
                      : "the file has no RSA, EC or Ed25519 private key");
    }
    keep(out, "--key", path, der, der_len);
    pem_end(&reader);
    OPENSSL_clear_free(data, FILE_MAX);
}

static UINT initialize(struct cert_list *list, size_t i, const struct der *key,
                       UINT type)
{
    return nx_secure_x509_certificate_initialize(
        &list->certs[i], list->ders[i].data, list->ders[i].len, NX_NULL, 0,
        key == NULL ? NX_NULL : key->data, key == NULL ? 0 : key->len, type);
}

static void initialize_all(struct cert_list *list, const char *option)
{
    for (size_t i = 0; i < list->num; i++) {
        UINT status = initialize(list, i, NULL, NX_SECURE_X509_KEY_TYPE_NONE);

        if (status != NX_SUCCESS) {
            bad_input("%s %s: certificate %zu: %s", option, list->ders[i].path,
                      list->ders[i].number, nxdtls_status_text(status));
        }
    }
}

/* Makes the raw public key of a private key. */
static UINT initialize_raw(struct cert_list *list, size_t i,
                           const struct der *key, UINT type)
{
    return nxdtls_raw_key_initialize(&list->certs[i], list->ders[i].data,
                                     list->ders[i].len, key->data, key->len,
                                     type);
}

static bool is_pair(const struct der *cert, const struct der *key)
{
    const unsigned char *at = cert->data;
    X509 *x509 = d2i_X509(NULL, &at, cert->len);
    EVP_PKEY *pkey;
    bool good;

    at = key->data;
    pkey = d2i_AutoPrivateKey(NULL, &at, key->len);
    good = x509 != NULL && pkey != NULL &&
           X509_check_private_key(x509, pkey) == 1;
    X509_free(x509);
    EVP_PKEY_free(pkey);
    return good;
}

/* Joins the key with the certificate, or the raw public key, at `at`. */
static void join(UINT (*with)(struct cert_list *list, size_t i,
                              const struct der *key, UINT type),
                 struct cert_list *list, size_t at, const struct der *key,
                 const char *key_path)
{
    UINT status = with(list, at, key, NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);

    if (status != NX_SUCCESS) {
        status = with(list, at, key, NX_SECURE_X509_KEY_TYPE_EC_DER);
    }
    if (status != NX_SUCCESS) {
        bad_input("--key %s: not a usable RSA, EC or Ed25519 private key",
                  key_path);
    }
}

/* `at` is where the certificates of this --cert begin. */
static void load_key(struct credentials *out, size_t at, struct der *key,
                     const char *cert_path, const char *key_path)
{
    read_key(key, key_path);
    join(initialize, &out->chain, at, key, key_path);
    if (!is_pair(&out->chain.ders[at], key)) {
        bad_input("--key %s: not the key of the certificate in %s", key_path,
                  cert_path);
    }
}

/* A raw public key is made of the private one. */
static void load_raw_key(struct cert_list *list, struct der *key,
                         const char *path)
{
    const unsigned char *at;
    UCHAR *info = NULL;
    EVP_PKEY *pkey;
    int len;

    read_key(key, path);
    at = key->data;
    pkey = d2i_AutoPrivateKey(NULL, &at, key->len);
    len = i2d_PUBKEY(pkey, &info);
    if (pkey == NULL || len <= 0) {
        bad_input("--key %s: not a usable RSA, EC or Ed25519 private key",
                  path);
    }
    add_cert(list, "--key", path, info, (size_t)len, 1);
    OPENSSL_free(info);
    EVP_PKEY_free(pkey);
}

static void load_raw_keys(struct credentials *out, const struct options *o)
{
    for (size_t i = o->num_certs; i < o->num_keys; i++) {
        load_raw_key(&out->raw, &out->keys[i], o->keys[i]);
    }
    for (size_t i = 0; i < out->raw.num; i++) {
        join(initialize_raw, &out->raw, i, &out->keys[o->num_certs + i],
             o->keys[o->num_certs + i]);
    }
}

/* `at` is where the certificates of its --cert begin. */
static void load_staple(struct credentials *out, size_t at, const char *path)
{
    size_t len;
    UCHAR *data = read_file("--staple", path, &len);
    const unsigned char *end = data;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &end, (long)len);

    if (response == NULL || end != data + len || len > NXDTLS_STAPLE_SIZE) {
        bad_input("--staple %s: no OCSP response in DER, or longer than %d "
                  "bytes",
                  path, NXDTLS_STAPLE_SIZE);
    }
    OCSP_RESPONSE_free(response);
    keep(&out->staples[out->num_staples], "--staple", path, data, len);
    out->staple_at[out->num_staples++] = at;
    OPENSSL_clear_free(data, FILE_MAX);
}

UINT credentials_staple(const struct credentials *credentials)
{
    UINT status = NX_SUCCESS;

    for (size_t i = 0; i < credentials->num_staples && status == NX_SUCCESS;
         i++) {
        status = nxdtls_certificate_staple_set(
            &credentials->chain.certs[credentials->staple_at[i]],
            credentials->staples[i].data, credentials->staples[i].len);
    }
    return status;
}

static void load_identities(struct credentials *out, const struct options *o)
{
    size_t *first = calloc(o->num_certs + 1, sizeof *first);

    out->keys = calloc(o->num_keys + 1, sizeof *out->keys);
    out->staples = calloc(o->num_certs + 1, sizeof *out->staples);
    out->staple_at = calloc(o->num_certs + 1, sizeof *out->staple_at);
    if (first == NULL || out->keys == NULL || out->staples == NULL ||
        out->staple_at == NULL) {
        bad_input("--cert: no memory");
    }
    for (size_t i = 0; i < o->num_certs; i++) {
        first[i] = out->chain.num;
        read_certs(&out->chain, "--cert", o->certs[i]);
    }
    initialize_all(&out->chain, "--cert");
    out->num_keys = o->num_keys;
    for (size_t i = 0; i < o->num_certs; i++) {
        load_key(out, first[i], &out->keys[i], o->certs[i], o->keys[i]);
        if (o->staples[i] != NULL) {
            load_staple(out, first[i], o->staples[i]);
        }
    }
    free(first);
    load_raw_keys(out, o);
}

static void read_crl(struct der *out, const char *path)
{
    size_t len;
    UCHAR *data = read_file("--crl", path, &len);
    struct pem_reader reader;
    const UCHAR *der;
    size_t der_len;

    pem_begin(&reader, PEM_CRLS, data, len);
    if (!pem_next(&reader, &der, &der_len)) {
        bad_input("--crl %s: the file has no CRL", path);
    }
    keep(out, "--crl", path, der, der_len);
    pem_end(&reader);
    OPENSSL_clear_free(data, FILE_MAX);
}

static void load_crls(struct credentials *out, const struct options *o)
{
    out->crls = calloc(o->num_crls + 1, sizeof *out->crls);
    if (out->crls == NULL) {
        bad_input("--crl: no memory");
    }
    out->num_crls = o->num_crls;
    for (size_t i = 0; i < o->num_crls; i++) {
        read_crl(&out->crls[i], o->crls[i]);
    }
}

UINT credentials_check_crls(const struct credentials *credentials,
                            NX_SECURE_TLS_SESSION *session)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERT *cert = store->nx_secure_x509_remote_certificates;

    for (; cert != NX_NULL; cert = cert->nx_secure_x509_next_certificate) {
        for (size_t i = 0; i < credentials->num_crls; i++) {
            UINT status = nx_secure_x509_crl_revocation_check(
                credentials->crls[i].data, credentials->crls[i].len, store,
                cert);

            if (status != NX_SUCCESS &&
                status != NX_SECURE_X509_CRL_ISSUER_MISMATCH) {
                return status;
            }
        }
    }
    return NX_SUCCESS;
}

void credentials_load(struct credentials *out, const struct options *options)
{
    *out = (struct credentials){0};
    load_identities(out, options);
    for (size_t i = 0; i < options->num_cas; i++) {
        read_certs(&out->cas, "--ca", options->cas[i]);
    }
    initialize_all(&out->cas, "--ca");
    load_crls(out, options);
    if (options->psk_file != NULL) {
        psk_file_load(&out->keys_by_id, options->psk_file);
    }
}

static void free_list(struct cert_list *list)
{
    for (size_t i = 0; i < list->num; i++) {
        OPENSSL_free(list->ders[i].data);
    }
    free(list->certs);
    free(list->ders);
}

void credentials_free(struct credentials *credentials)
{
    free_list(&credentials->chain);
    free_list(&credentials->cas);
    free_list(&credentials->raw);
    for (size_t i = 0; i < credentials->num_keys; i++) {
        OPENSSL_clear_free(credentials->keys[i].data,
                           credentials->keys[i].len);
    }
    free(credentials->keys);
    for (size_t i = 0; i < credentials->num_crls; i++) {
        OPENSSL_free(credentials->crls[i].data);
    }
    free(credentials->crls);
    for (size_t i = 0; i < credentials->num_staples; i++) {
        OPENSSL_free(credentials->staples[i].data);
    }
    free(credentials->staples);
    free(credentials->staple_at);
    psk_file_free(&credentials->keys_by_id);
    *credentials = (struct credentials){0};
}
