/* SPDX-License-Identifier: MIT */
/* Certificate lists. */
#include "nx_secure/internal.h"

UINT dtls_nx_list_add(NX_SECURE_X509_CERT **list, NX_SECURE_X509_CERT *cert,
                      UINT cert_id)
{
    NX_SECURE_X509_CERT **end = list;
    UINT status;

    for (; *end != NX_NULL; end = &(*end)->nx_secure_x509_next_certificate) {
        if (*end == cert ||
            (*end)->nx_secure_x509_cert_identifier == cert_id) {
            return NX_SECURE_TLS_CERT_ID_DUPLICATE;
        }
    }
    status = dtls_nx_cert_use(cert);
    if (status != NX_SUCCESS) {
        return status;
    }
    cert->nx_secure_x509_cert_identifier = cert_id;
    cert->nx_secure_x509_next_certificate = NX_NULL;
    *end = cert;
    return NX_SUCCESS;
}

static bool is_meant(NX_SECURE_X509_CERT *cert, struct dtls_bytes common_name,
                     UINT cert_id)
{
    if (cert_id != 0) {
        return cert->nx_secure_x509_cert_identifier == cert_id;
    }
    return dtls_bytes_equal(
        dtls_cert_common_name(&dtls_nx_cert(cert)->credential.cert),
        common_name);
}

UINT dtls_nx_list_remove(NX_SECURE_X509_CERT **list, const UCHAR *common_name,
                         UINT common_name_length, UINT cert_id)
{
    struct dtls_bytes name = {common_name, common_name_length};

    for (; *list != NX_NULL;
         list = &(*list)->nx_secure_x509_next_certificate) {
        NX_SECURE_X509_CERT *cert = *list;

        if (is_meant(cert, name, cert_id)) {
            *list = cert->nx_secure_x509_next_certificate;
            cert->nx_secure_x509_next_certificate = NX_NULL;
            dtls_nx_cert_drop(cert);
            return NX_SUCCESS;
        }
    }
    return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
}

VOID dtls_nx_list_clear(NX_SECURE_X509_CERT **list)
{
    while (*list != NX_NULL) {
        NX_SECURE_X509_CERT *cert = *list;

        *list = cert->nx_secure_x509_next_certificate;
        cert->nx_secure_x509_next_certificate = NX_NULL;
        dtls_nx_cert_drop(cert);
    }
}
