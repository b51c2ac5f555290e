/* SPDX-License-Identifier: MIT */
/* The X.509 services. */
#include "nx_secure/internal.h"

#include "base/der.h"
#include "crypto/raw_key.h"
#include "x509/issuer.h"

#include <assert.h>

/* Tells whether only a method of the application knows such a key. */
static bool is_held(UINT type)
{
    return type == NX_SECURE_X509_KEY_TYPE_HARDWARE ||
           (type & NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK) != 0;
}

/* Takes over the certificate's public key, which is all that we know of such a
 * key. */
static UINT hold_key(NX_SECURE_X509_CERT *cert, struct dtls_private_key *key)
{
    struct dtls_nx_cert *c = dtls_nx_cert(cert);
    const struct dtls_public_key *public = &c->credential.cert.key;

    if ((public->type != DTLS_KEY_RSA && public->type != DTLS_KEY_EC) ||
        dtls_nx_crypto->check_key(dtls_nx_crypto->self, public) != DTLS_OK) {
        return NX_SECURE_PKCS1_INVALID_PRIVATE_KEY;
    }
    c->held = (struct dtls_nx_held_key){.cert = cert, .public = public};
    *key = (struct dtls_private_key){
        .type = public->type, .group = public->group, .handle = &c->held};
    return NX_SUCCESS;
}

UINT dtls_nx_cert_check_size(NX_SECURE_X509_CERT *cert)
{
    const struct dtls_public_key *key =
        &dtls_nx_cert(cert)->credential.cert.key;

    if (key->n.len > DTLS_RSA_MAX) {
        return NX_SECURE_TLS_CRYPTO_KEYS_TOO_LARGE;
    }
    return key->type != DTLS_KEY_RSA || dtls_issuer_is_strong(key)
               ? NX_SUCCESS
               : NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER;
}

/* Tells whether a private key is the certificate's: it signs, and the
 * certificate's key verifies. */
static bool fits(const struct dtls_private_key *key,
                 const struct dtls_public_key *public)
{
    static const uint8_t text[DTLS_HASH_MAX] = "is this its key?";
    const struct dtls_crypto *crypto = dtls_nx_crypto;
    const struct dtls_sigalg *alg;
    struct dtls_bytes input = {text, sizeof text};
    uint8_t signature[DTLS_RSA_MAX];
    size_t len = sizeof signature;
    size_t i = 0;

    do {
        alg = dtls_sigalg_at(i++);
    } while (alg != NULL && alg->key != key->type);
    if (alg == NULL || key->type != public->type) {
        return false;
    }
    if (alg->hash != DTLS_HASH_NONE) {
        input.len = dtls_hash_len(alg->hash);
    }
    return crypto->sign(crypto->self, key, alg, signature, &len, input) ==
               DTLS_OK &&
           crypto->verify(crypto->self, public, alg, input,
                          dtls_bytes_of(signature, len)) == DTLS_OK;
}

/* Loads the key, which the caller frees.  If that fails, there is none. */
static UINT load_key(NX_SECURE_X509_CERT *cert, struct dtls_private_key *key)
{
    struct dtls_bytes der = {cert->nx_secure_x509_private_key_data,
                             cert->nx_secure_x509_private_key_data_length};
    bool rsa = cert->nx_secure_x509_private_key_type ==
               NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER;

    if (is_held(cert->nx_secure_x509_private_key_type)) {
        return hold_key(cert, key);
    }
    if (dtls_nx_crypto->private_key(dtls_nx_crypto->self, key, der) !=
            DTLS_OK ||
        rsa != (key->type == DTLS_KEY_RSA)) {
        dtls_nx_crypto->private_key_free(dtls_nx_crypto->self, key);
        return NX_SECURE_PKCS1_INVALID_PRIVATE_KEY;
    }
    return NX_SUCCESS;
}

/* Loads the key of a certificate that is to be used. */
static UINT load_own_key(NX_SECURE_X509_CERT *cert)
{
    struct dtls_credential *c = &dtls_nx_cert(cert)->credential;
    UINT status = load_key(cert, &c->key);

    if (status == NX_SUCCESS && c->key.handle == NULL &&
        !fits(&c->key, &c->cert.key)) {
        dtls_nx_crypto->private_key_free(dtls_nx_crypto->self, &c->key);
        return NX_SECURE_PKCS1_INVALID_PRIVATE_KEY;
    }
    return status;
}

bool dtls_nx_cert_is_initialized(NX_SECURE_X509_CERT *cert)
{
    return dtls_nx_cert(cert)->credential.cert.der.data != NULL;
}

bool dtls_nx_cert_is_used(NX_SECURE_X509_CERT *cert)
{
    const struct dtls_nx_cert *c = dtls_nx_cert(cert);

    return c->used_as == cert && c->generation == dtls_nx_generation() &&
           cert->nx_secure_x509_users != 0;
}

UINT dtls_nx_cert_use(NX_SECURE_X509_CERT *cert)
{
    struct dtls_nx_cert *c = dtls_nx_cert(cert);
    UINT status = NX_SUCCESS;

    if (!dtls_nx_cert_is_used(cert)) {
        /* It may be a copy of a certificate that is used. */
        c->node = (struct dtls_nx_node){0};
        c->credential.key = (struct dtls_private_key){0};
        c->used_as = cert;
        c->generation = dtls_nx_generation();
        cert->nx_secure_x509_users = 0;
        if (cert->nx_secure_x509_private_key_type !=
            NX_SECURE_X509_KEY_TYPE_NONE) {
            status = load_own_key(cert);
        }
    }
    cert->nx_secure_x509_users += status == NX_SUCCESS;
    return status;
}

VOID dtls_nx_cert_drop(NX_SECURE_X509_CERT *cert)
{
    struct dtls_nx_cert *c = dtls_nx_cert(cert);

    cert->nx_secure_x509_users--;
    if (cert->nx_secure_x509_users == 0) {
        dtls_nx_crypto->private_key_free(dtls_nx_crypto->self,
                                         &c->credential.key);
    }
}

/* dtls_cert_parse, or dtls_cert_parse_raw. */
typedef enum dtls_status (*parser)(struct dtls_cert *out,
                                   struct dtls_bytes der);

static UINT parse_into(NX_SECURE_X509_CERT *certificate, parser parse,
                       struct dtls_bytes der)
{
    struct dtls_nx_cert *c = dtls_nx_cert(certificate);

    NX_SECURE_MEMSET(certificate, 0, sizeof *certificate);
    if (parse(&c->credential.cert, der) != DTLS_OK) {
        return NX_SECURE_X509_INVALID_CERTIFICATE;
    }
    dtls_nx_cert_show(certificate);
    return NX_SUCCESS;
}

VOID dtls_nx_cert_wrap(NX_SECURE_X509_CERT *out, struct dtls_bytes der)
{
    UINT status = parse_into(out, dtls_cert_parse, der);

    assert(status == NX_SUCCESS); /* It has been parsed before. */
    (void)status;
}

#ifndef NX_SECURE_DISABLE_X509

static bool is_known_key_type(UINT type)
{
#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
    if (type == NX_SECURE_X509_KEY_TYPE_EC_DER) {
        return true;
    }
#endif
    return is_held(type) || type == NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER;
}

/* Loads the key once now, so that a bad key is known here and not later. */
static UINT add_key(NX_SECURE_X509_CERT *certificate, const UCHAR *private_key,
                    USHORT length, UINT private_key_type)
{
    struct dtls_private_key key = {0};
    UINT status = dtls_nx_cert_check_size(certificate);

    certificate->nx_secure_x509_private_key_data = private_key;
    certificate->nx_secure_x509_private_key_data_length = length;
    certificate->nx_secure_x509_private_key_type = private_key_type;
    certificate->nx_secure_x509_certificate_is_identity_cert = NX_TRUE;
    if (status == NX_SUCCESS) {
        status = load_key(certificate, &key);
    }
    dtls_nx_crypto->private_key_free(dtls_nx_crypto->self, &key);
    return status;
}

static bool is_known_key(const UCHAR *private_key, UINT private_key_type)
{
    return private_key_type == NX_SECURE_X509_KEY_TYPE_NONE
               ? private_key == NX_NULL
               : is_known_key_type(private_key_type) && private_key != NX_NULL;
}

/* Initializes a certificate, or a raw public key. */
static UINT initialize(NX_SECURE_X509_CERT *certificate, parser parse,
                       struct dtls_bytes der, const UCHAR *private_key,
                       USHORT priv_len, UINT private_key_type)
{
    UINT status = parse_into(certificate, parse, der);

    return status != NX_SUCCESS ||
                   private_key_type == NX_SECURE_X509_KEY_TYPE_NONE
               ? status
               : add_key(certificate, private_key, priv_len, private_key_type);
}

UINT _nx_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type)
{
    if (dtls_nx_cert_is_used(certificate)) {
        return NX_IN_PROGRESS;
    }
    if (!is_known_key(private_key, private_key_type)) {
        return NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE;
    }
    if (raw_data_buffer != NX_NULL) {
        if (length > buffer_size) {
            return NX_SECURE_X509_INSUFFICIENT_CERT_SPACE;
        }
        NX_SECURE_MEMCPY(raw_data_buffer, certificate_data, length);
        certificate_data = raw_data_buffer;
    }
    return initialize(certificate, dtls_cert_parse,
                      dtls_bytes_of(certificate_data, length), private_key,
                      priv_len, private_key_type);
}

UINT _nx_secure_x509_certificate_parse(const UCHAR *buffer, UINT length,
                                       UINT *bytes_processed,
                                       NX_SECURE_X509_CERT *cert)
{
    struct dtls_bytes rest = dtls_bytes_of(buffer, length);
    struct dtls_bytes in;

    if (dtls_nx_cert_is_used(cert)) {
        return NX_IN_PROGRESS;
    }
    if (!dtls_der_next_is(rest, DER_SEQUENCE)) {
        return NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE;
    }
    if (!dtls_der_get(&rest, DER_SEQUENCE, &in)) {
        return NX_SECURE_X509_ASN1_LENGTH_TOO_LONG;
    }
    length -= (UINT)rest.len;
    if (parse_into(cert, dtls_cert_parse, dtls_bytes_of(buffer, length)) !=
        NX_SUCCESS) {
        return NX_SECURE_X509_INVALID_CERTIFICATE_DATA;
    }
    *bytes_processed = length;
    return NX_SUCCESS;
}

UINT nxdtls_raw_key_initialize(NX_SECURE_X509_CERT *raw_key,
                               const UCHAR *key_info, USHORT length,
                               const UCHAR *private_key, USHORT priv_len,
                               UINT private_key_type)
{
    UINT status;

    if (dtls_nx_cert_is_used(raw_key)) {
        return NX_IN_PROGRESS;
    }
    if (!is_known_key(private_key, private_key_type)) {
        return NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE;
    }
    status = initialize(raw_key, dtls_cert_parse_raw,
                        dtls_bytes_of(key_info, length), private_key, priv_len,
                        private_key_type);
    if (status == NX_SUCCESS) {
        status = dtls_nx_cert_check_size(raw_key);
    }
    return status == NX_SUCCESS &&
                   dtls_nx_cert(raw_key)->credential.cert.key.type ==
                       DTLS_KEY_NONE
               ? NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER
               : status;
}

UINT _nxe_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type)
{
    if (certificate == NX_NULL || certificate_data == NX_NULL || length == 0) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_certificate_initialize(
        certificate, certificate_data, length, raw_data_buffer, buffer_size,
        private_key, priv_len, private_key_type);
}

UINT _nx_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                           const UCHAR *dns_tld,
                                           UINT dns_tld_length)
{
    return dtls_name_matches(&dtls_nx_cert(certificate)->credential.cert,
                             dtls_bytes_of(dns_tld, dns_tld_length))
               ? NX_SUCCESS
               : NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH;
}

UINT _nxe_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                            const UCHAR *dns_tld,
                                            UINT dns_tld_length)
{
    if (certificate == NX_NULL || dns_tld == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_common_name_dns_check(certificate, dns_tld,
                                                 dns_tld_length);
}
#endif

UINT _nx_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                         const UCHAR *name_string,
                                         USHORT length)
{
    if (length > NX_SECURE_X509_DNS_NAME_MAX) {
        return NX_SECURE_X509_NAME_STRING_TOO_LONG;
    }
    NX_SECURE_MEMCPY(dns_name->nx_secure_x509_dns_name, name_string, length);
    dns_name->nx_secure_x509_dns_name_length = length;
    dns_name->nx_secure_x509_dns_name_next = NX_NULL;
    return NX_SUCCESS;
}

UINT _nxe_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                          const UCHAR *name_string,
                                          USHORT length)
{
    if (dns_name == NX_NULL || name_string == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_dns_name_initialize(dns_name, name_string, length);
}
