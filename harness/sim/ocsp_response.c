/* SPDX-License-Identifier: MIT */
/* OCSP responses about certificates of the test PKI (sim/ocsp_response.h). */
#include "sim/ocsp_response.h"

#include "sim/pki.h"

#include <assert.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <stdio.h>

#define HOUR 3600
#define DAY (24 * HOUR)

static X509 *load_certificate(const char *folder, const char *name)
{
    FILE *f = sim_pki_open(folder, name, ".pem");
    X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);

    (void)fclose(f);
    assert(cert != NULL);
    return cert;
}

static EVP_PKEY *load_key(const char *folder, const char *name)
{
    FILE *f = sim_pki_open(folder, name, ".key");
    EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);

    (void)fclose(f);
    assert(key != NULL);
    return key;
}

static X509 *read_certificate(struct dtls_bytes der)
{
    const uint8_t *at = der.data;

    return d2i_X509(NULL, &at, (long)der.len);
}

/* The name under which the issuer knows the certificate; NULL: none. */
static OCSP_CERTID *name_of(const char *folder, struct dtls_bytes leaf)
{
    X509 *cert = read_certificate(leaf);
    X509 *issuer = load_certificate(folder, "root");
    OCSP_CERTID *id =
        cert == NULL ? NULL : OCSP_cert_to_id(EVP_sha1(), cert, issuer);

    X509_free(cert);
    X509_free(issuer);
    return id;
}

static void add_status(OCSP_BASICRESP *basic, OCSP_CERTID *id,
                       enum sim_ocsp what, int64_t now)
{
    const bool revoked = what == SIM_OCSP_REVOKED;
    const int64_t until = what == SIM_OCSP_OLD ? now - DAY : now + DAY;
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(until - 2 * DAY));
    ASN1_TIME *to = ASN1_TIME_set(NULL, (time_t)until);
    const OCSP_SINGLERESP *added = OCSP_basic_add1_status(
        basic, id,
        revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
        revoked ? OCSP_REVOKED_STATUS_KEYCOMPROMISE : 0, revoked ? from : NULL,
        from, to);

    assert(added != NULL);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
}

static void sign(OCSP_BASICRESP *basic, const char *folder, const char *name)
{
    X509 *signer = load_certificate(folder, name);
    EVP_PKEY *key = load_key(folder, name);
    int signed_ok =
        OCSP_basic_sign(basic, signer, key, EVP_sha256(), NULL, OCSP_NOCERTS);

    assert(signed_ok == 1);
    X509_free(signer);
    EVP_PKEY_free(key);
}

size_t sim_ocsp_make(uint8_t out[SIM_OCSP_MAX], const char *folder,
                     struct dtls_bytes leaf, enum sim_ocsp what, int64_t now)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = name_of(folder, leaf);
    OCSP_RESPONSE *response;
    int len;

    assert(basic != NULL && id != NULL);
    add_status(basic, id, what, now);
    sign(basic, folder, what == SIM_OCSP_FOREIGN ? "other-root" : "root");
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    len = i2d_OCSP_RESPONSE(response, NULL);
    assert(len > 0 && len <= SIM_OCSP_MAX);
    len = i2d_OCSP_RESPONSE(response, &out);
    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    return (size_t)len;
}

static bool is_of_root(OCSP_BASICRESP *basic, const char *folder)
{
    X509 *root = load_certificate(folder, "root");
    STACK_OF(X509) *trusted = sk_X509_new_null();
    bool good = trusted != NULL && sk_X509_push(trusted, root) == 1 &&
                OCSP_basic_verify(basic, trusted, NULL, OCSP_TRUSTOTHER) == 1;

    sk_X509_free(trusted);
    X509_free(root);
    return good;
}

/* Before it or later: ASN1_TIME_cmp_time_t, which fails with -2. */
static bool says_good(OCSP_BASICRESP *basic, OCSP_CERTID *id, int64_t now)
{
    ASN1_GENERALIZEDTIME *from = NULL;
    ASN1_GENERALIZEDTIME *to = NULL;
    int status = -1;
    int found =
        OCSP_resp_find_status(basic, id, &status, NULL, NULL, &from, &to);
    int begins = from == NULL ? 1 : ASN1_TIME_cmp_time_t(from, (time_t)now);

    return found == 1 && status == V_OCSP_CERTSTATUS_GOOD &&
           (begins == -1 || begins == 0) && to != NULL &&
           ASN1_TIME_cmp_time_t(to, (time_t)now) >= 0;
}

bool sim_ocsp_is_good(struct dtls_bytes response, const char *folder,
                      struct dtls_bytes leaf, int64_t now)
{
    const uint8_t *at = response.data;
    OCSP_RESPONSE *read = d2i_OCSP_RESPONSE(NULL, &at, (long)response.len);
    OCSP_BASICRESP *basic =
        read == NULL ? NULL : OCSP_response_get1_basic(read);
    OCSP_CERTID *id = name_of(folder, leaf);
    bool good = basic != NULL && id != NULL && is_of_root(basic, folder) &&
                says_good(basic, id, now);

    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(read);
    return good;
}
