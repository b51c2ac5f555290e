/* SPDX-License-Identifier: MIT */
/* The services that read a certificate's extensions (RFC 5280, 4.2.1). */
#include "nx_secure/internal.h"

#include "x509/cert_extensions.h"

#ifndef NX_SECURE_DISABLE_X509

/* Tells whether `oid` is 2.5.29.number, an extension of id-ce. */
static bool is_id_ce(struct dtls_bytes oid, UINT number)
{
    uint16_t arc;
    uint8_t last;

    return dtls_get_u16(&oid, &arc) && arc == 0x551d &&
           dtls_get_u8(&oid, &last) && oid.len == 0 && last == number;
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

/* Tells whether `oid` is id-kp 1.3.6.1.5.5.7.3.usage, or anyExtendedKeyUsage
 * 2.5.29.37.0. */
static bool is_purpose(struct dtls_bytes oid, UINT usage)
{
    static const UCHAR id_kp[] = {0x2b, 6, 1, 5, 5, 7, 3};
    static const UCHAR any[] = {0x55, 0x1d, 37, 0};
    struct dtls_bytes front;
    uint8_t last;

    if (usage == NX_SECURE_TLS_X509_TYPE_PKIX_KP_ANY) {
        return dtls_bytes_equal(oid, dtls_bytes_of(any, sizeof any));
    }
    return dtls_get_bytes(&oid, sizeof id_kp, &front) &&
           dtls_bytes_equal(front, dtls_bytes_of(id_kp, sizeof id_kp)) &&
           dtls_get_u8(&oid, &last) && oid.len == 0 && last == usage;
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
