/* SPDX-License-Identifier: MIT */
/* The services that read a certificate's extensions (RFC 5280, 4.2.1). */
#include "nx_secure/internal.h"

#include "x509/cert_extensions.h"
#include "x509/name.h"

#ifndef NX_SECURE_DISABLE_X509

/* The last arc of an object identifier, for each of NetX's numbers from the
 * first one of its kind on; 0: the number means something else. */
#define FIRST_EXTENSION NX_SECURE_TLS_X509_TYPE_DIRECTORY_ATTRIBUTES
static const UCHAR id_ce[] = {
    [NX_SECURE_TLS_X509_TYPE_DIRECTORY_ATTRIBUTES - FIRST_EXTENSION] = 9,
    [NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID - FIRST_EXTENSION] = 14,
    [NX_SECURE_TLS_X509_TYPE_KEY_USAGE - FIRST_EXTENSION] = 15,
    [NX_SECURE_TLS_X509_TYPE_SUBJECT_ALT_NAME - FIRST_EXTENSION] = 17,
    [NX_SECURE_TLS_X509_TYPE_ISSUER_ALT_NAME - FIRST_EXTENSION] = 18,
    [NX_SECURE_TLS_X509_TYPE_BASIC_CONSTRAINTS - FIRST_EXTENSION] = 19,
    [NX_SECURE_TLS_X509_TYPE_NAME_CONSTRAINTS - FIRST_EXTENSION] = 30,
    [NX_SECURE_TLS_X509_TYPE_CRL_DISTRIBUTION - FIRST_EXTENSION] = 31,
    [NX_SECURE_TLS_X509_TYPE_CERTIFICATE_POLICIES - FIRST_EXTENSION] = 32,
    [NX_SECURE_TLS_X509_TYPE_CERT_POLICY_MAPPINGS - FIRST_EXTENSION] = 33,
    [NX_SECURE_TLS_X509_TYPE_AUTHORITY_KEY_ID - FIRST_EXTENSION] = 35,
    [NX_SECURE_TLS_X509_TYPE_POLICY_CONSTRAINTS - FIRST_EXTENSION] = 36,
    [NX_SECURE_TLS_X509_TYPE_EXTENDED_KEY_USAGE - FIRST_EXTENSION] = 37,
    [NX_SECURE_TLS_X509_TYPE_FRESHEST_CRL - FIRST_EXTENSION] = 46,
    [NX_SECURE_TLS_X509_TYPE_INHIBIT_ANYPOLICY - FIRST_EXTENSION] = 54,
};
#define FIRST_PURPOSE NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH
static const UCHAR id_kp[] = {
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH - FIRST_PURPOSE] = 1,
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH - FIRST_PURPOSE] = 2,
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_CODE_SIGNING - FIRST_PURPOSE] = 3,
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_EMAIL_PROTECT - FIRST_PURPOSE] = 4,
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_TIME_STAMPING - FIRST_PURPOSE] = 8,
    [NX_SECURE_TLS_X509_TYPE_PKIX_KP_OCSP_SIGNING - FIRST_PURPOSE] = 9,
};

/* Tells whether `oid` is the front and the arc that `list` has for `number`.
 */
static bool is_listed(struct dtls_bytes oid, struct dtls_bytes front,
                      struct dtls_bytes list, UINT first, UINT number)
{
    struct dtls_bytes begin;
    uint8_t last;

    /* A number below the first one makes the difference wrap. */
    return number - first < list.len && list.data[number - first] != 0 &&
           dtls_get_bytes(&oid, front.len, &begin) &&
           dtls_bytes_equal(begin, front) && dtls_get_u8(&oid, &last) &&
           oid.len == 0 && last == list.data[number - first];
}

/* Tells whether `oid` is the extension 2.5.29.n that the number stands for. */
static bool is_id_ce(struct dtls_bytes oid, UINT number)
{
    static const UCHAR front[] = {0x55, 0x1d};

    return is_listed(oid, dtls_bytes_of(front, sizeof front),
                     dtls_bytes_of(id_ce, sizeof id_ce), FIRST_EXTENSION,
                     number);
}

UINT _nx_secure_x509_extension_find(NX_SECURE_X509_CERT *certificate,
                                    NX_SECURE_X509_EXTENSION *extension,
                                    USHORT extension_id)
{
    struct dtls_bytes list =
        dtls_nx_cert(certificate)->credential.cert.extensions;
    struct dtls_x509_extension e;

    while (dtls_extensions_next(&list, &e)) {
        if (is_id_ce(e.oid, extension_id)) {
            *extension = (NX_SECURE_X509_EXTENSION){
                .nx_secure_x509_extension_id = extension_id,
                .nx_secure_x509_extension_critical = e.critical,
                .nx_secure_x509_extension_data = e.value.data,
                .nx_secure_x509_extension_data_length = (ULONG)e.value.len,
            };
            return NX_SUCCESS;
        }
    }
    return NX_SECURE_X509_EXTENSION_NOT_FOUND;
}

UINT _nxe_secure_x509_extension_find(NX_SECURE_X509_CERT *certificate,
                                     NX_SECURE_X509_EXTENSION *extension,
                                     USHORT extension_id)
{
    if (certificate == NX_NULL || extension == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_extension_find(certificate, extension,
                                          extension_id);
}

/* Tells whether a GeneralName is the one that is looked for. */
static bool is_name(uint8_t tag, struct dtls_bytes value, USHORT name_type,
                    struct dtls_bytes name)
{
    if (tag != 0x80u + name_type) { /* primitive, of the context */
        return false;
    }
    return tag == GENERAL_DNS_NAME
               ? dtls_name_is_dns(name) && dtls_name_dns_matches(value, name)
               : dtls_bytes_equal(value, name);
}

UINT _nx_secure_x509_subject_alt_names_find(
    NX_SECURE_X509_EXTENSION *extension, const UCHAR *name, UINT name_length,
    USHORT name_type)
{
    struct dtls_bytes in =
        dtls_bytes_of(extension->nx_secure_x509_extension_data,
                      extension->nx_secure_x509_extension_data_length);
    struct dtls_bytes names;
    struct dtls_bytes value;
    uint8_t tag;

    if (!dtls_der_get(&in, DER_SEQUENCE, &names)) {
        return NX_SECURE_X509_INVALID_EXTENSION_SEQUENCE;
    }
    while (dtls_der_get_any(&names, &tag, &value)) {
        if (is_name(tag, value, name_type, dtls_bytes_of(name, name_length))) {
            return NX_SUCCESS;
        }
    }
    return NX_SECURE_X509_ALT_NAME_NOT_FOUND;
}

UINT _nx_secure_x509_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, USHORT *bitfield)
{
    const struct dtls_cert *cert = &dtls_nx_cert(certificate)->credential.cert;

    if (!cert->has_key_usage) {
        return NX_SECURE_X509_EXTENSION_NOT_FOUND;
    }
    *bitfield = cert->key_usage;
    return NX_SUCCESS;
}

UINT _nxe_secure_x509_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, USHORT *bitfield)
{
    if (certificate == NX_NULL || bitfield == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_key_usage_extension_parse(certificate, bitfield);
}

/* Tells whether `oid` is the purpose 1.3.6.1.5.5.7.3.n that the number stands
 * for, or anyExtendedKeyUsage 2.5.29.37.0. */
static bool is_purpose(struct dtls_bytes oid, UINT usage)
{
    static const UCHAR front[] = {0x2b, 6, 1, 5, 5, 7, 3};
    static const UCHAR any[] = {0x55, 0x1d, 37, 0};

    if (usage == NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE) {
        return dtls_bytes_equal(oid, dtls_bytes_of(any, sizeof any));
    }
    return is_listed(oid, dtls_bytes_of(front, sizeof front),
                     dtls_bytes_of(id_kp, sizeof id_kp), FIRST_PURPOSE, usage);
}

/* The extension's form was checked when the certificate was parsed. */
UINT _nx_secure_x509_extended_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, UINT key_usage)
{
    NX_SECURE_X509_EXTENSION extension;
    struct dtls_bytes value;
    struct dtls_bytes list;
    struct dtls_bytes oid;

    if (_nx_secure_x509_extension_find(
            certificate, &extension,
            NX_SECURE_TLS_X509_TYPE_EXTENDED_KEY_USAGE) != NX_SUCCESS) {
        return NX_SECURE_X509_EXTENSION_NOT_FOUND;
    }
    value = dtls_bytes_of(extension.nx_secure_x509_extension_data,
                          extension.nx_secure_x509_extension_data_length);
    if (!dtls_der_get(&value, DER_SEQUENCE, &list)) {
        return NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND;
    }
    while (dtls_der_get_oid(&list, &oid)) {
        if (is_purpose(oid, key_usage)) {
            return NX_SUCCESS;
        }
    }
    return NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND;
}

UINT _nxe_secure_x509_extended_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, UINT key_usage)
{
    if (certificate == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_x509_extended_key_usage_extension_parse(certificate,
                                                              key_usage);
}

#endif
