/* SPDX-License-Identifier: MIT */
/* Certificate lists. */
#include "nx_secure/internal.h"

static NX_SECURE_X509_CERT **head(NX_SECURE_DTLS_SESSION *session,
                                  enum dtls_nx_list which)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        dtls_nx_certificates(&session->nx_secure_dtls_tls_session);

    return which == DTLS_NX_LOCAL
               ? &store->nx_secure_x509_local_certificates
               : &store->nx_secure_x509_trusted_certificates;
}

UINT dtls_nx_list_add(NX_SECURE_DTLS_SESSION *session, enum dtls_nx_list which,
                      NX_SECURE_X509_CERT *cert, UINT cert_id)
{
    NX_SECURE_X509_CERT **end;
    UINT status;

    if (session == NX_NULL || cert == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (cert_id == 0) {
        return NX_INVALID_PARAMETERS;
    }
    for (end = head(session, which); *end != NX_NULL;
         end = &(*end)->nx_secure_x509_next_certificate) {
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

bool dtls_nx_list_has(const NX_SECURE_X509_CERT *list,
                      const NX_SECURE_X509_CERT *cert)
{
    while (list != NX_NULL && list != cert) {
        list = list->nx_secure_x509_next_certificate;
    }
    return list != NX_NULL;
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

UINT dtls_nx_list_remove(NX_SECURE_DTLS_SESSION *session,
                         enum dtls_nx_list which, const UCHAR *common_name,
                         UINT common_name_length, UINT cert_id)
{
    struct dtls_bytes name = {common_name, common_name_length};
    NX_SECURE_X509_CERT **list;

    if (session == NX_NULL || (cert_id == 0 && (common_name == NX_NULL ||
                                                common_name_length == 0))) {
        return NX_PTR_ERROR;
    }
    for (list = head(session, which); *list != NX_NULL;
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

const struct dtls_cert_item *dtls_nx_anchors(NX_SECURE_X509_CERT *list)
{
    const struct dtls_cert_item *first =
        list == NX_NULL ? NULL : &dtls_nx_cert(list)->anchor;

    for (; list != NX_NULL; list = list->nx_secure_x509_next_certificate) {
        NX_SECURE_X509_CERT *next = list->nx_secure_x509_next_certificate;

        dtls_nx_cert(list)->anchor.next =
            next == NX_NULL ? NULL : &dtls_nx_cert(next)->anchor;
    }
    return first;
}

const struct dtls_credential *dtls_nx_active(const NX_SECURE_TLS_SESSION *tls)
{
    NX_SECURE_X509_CERT *active =
        tls->nx_secure_tls_credentials.nx_secure_tls_active_certificate;

    return dtls_nx_list_has(
               tls->nx_secure_tls_credentials.nx_secure_tls_certificate_store
                   .nx_secure_x509_local_certificates,
               active)
               ? &dtls_nx_cert(active)->credential
               : NULL;
}
