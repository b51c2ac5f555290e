/* SPDX-License-Identifier: MIT */
/* Functions on certificate stores that programs call by their names. */
#include "nx_secure/internal.h"

#ifndef NX_SECURE_DISABLE_X509

struct dtls_cert *dtls_nx_gather(const NX_SECURE_X509_CERTIFICATE_STORE *store,
                                 const struct dtls_cert *cert, size_t *num)
{
    /* Too many for a thread's stack. */
    static struct dtls_cert path[DTLS_CHAIN_MAX + 1];
    NX_SECURE_X509_CERT *remote = store->nx_secure_x509_remote_certificates;
    size_t n = 0;

    path[n++] = *cert;
    for (; remote != NX_NULL && n <= DTLS_CHAIN_MAX;
         remote = remote->nx_secure_x509_next_certificate) {
        path[n++] = dtls_nx_cert(remote)->credential.cert;
    }
    *num = n;
    return path;
}

/* What these functions return for what a service of a session does. */
static UINT x509_status(UINT status)
{
    switch (status) {
    case NX_SECURE_TLS_CERTIFICATE_NOT_FOUND:
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    case NX_SECURE_TLS_CERT_ID_DUPLICATE:
        return NX_SECURE_X509_CERT_ID_DUPLICATE;
    case NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED:
        return NX_SECURE_X509_NO_CERT_SPACE_ALLOCATED;
    default:
        return status;
    }
}

/* Finds a list of nodes; the remote one is none. */
static bool is_list(UINT location, enum dtls_nx_list *which)
{
    *which = location == NX_SECURE_X509_CERT_LOCATION_LOCAL ? DTLS_NX_LOCAL
                                                            : DTLS_NX_TRUSTED;
    return location == NX_SECURE_X509_CERT_LOCATION_LOCAL ||
           location == NX_SECURE_X509_CERT_LOCATION_TRUSTED;
}

/* The remote list of a session is the handshake's. */
static bool has_remote_list(const NX_SECURE_X509_CERTIFICATE_STORE *store,
                            UINT location)
{
    return location == NX_SECURE_X509_CERT_LOCATION_REMOTE &&
           dtls_nx_store_owner(store) == NX_NULL;
}

/* Returns the place of `cert` in the remote list, or the end. */
static NX_SECURE_X509_CERT **place_of(NX_SECURE_X509_CERTIFICATE_STORE *store,
                                      const NX_SECURE_X509_CERT *cert)
{
    NX_SECURE_X509_CERT **link = &store->nx_secure_x509_remote_certificates;

    while (*link != NX_NULL && *link != cert) {
        link = &(*link)->nx_secure_x509_next_certificate;
    }
    return link;
}

static UINT add_remote(NX_SECURE_X509_CERTIFICATE_STORE *store,
                       NX_SECURE_X509_CERT *cert)
{
    NX_SECURE_X509_CERT **link = place_of(store, cert);
    UINT status;

    if (*link != NX_NULL) {
        return NX_INVALID_PARAMETERS;
    }
    if (!dtls_nx_cert_is_initialized(cert)) {
        return NX_SECURE_X509_INVALID_CERTIFICATE;
    }
    status = dtls_nx_cert_use(cert);
    if (status == NX_SUCCESS) {
        cert->nx_secure_x509_next_certificate = NX_NULL;
        *link = cert;
    }
    return status;
}

UINT _nx_secure_x509_store_certificate_add(
    NX_SECURE_X509_CERT *certificate, NX_SECURE_X509_CERTIFICATE_STORE *store,
    UINT location)
{
    UINT status = NX_INVALID_PARAMETERS;
    enum dtls_nx_list which;

    if (certificate == NX_NULL || store == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (is_list(location, &which)) {
        status =
            dtls_nx_store_append(store, which, certificate,
                                 certificate->nx_secure_x509_cert_identifier);
    } else if (has_remote_list(store, location)) {
        dtls_nx_lock();
        status = add_remote(store, certificate);
        dtls_nx_unlock();
    }
    return x509_status(status);
}

static UINT remove_remote(NX_SECURE_X509_CERTIFICATE_STORE *store,
                          NX_SECURE_X509_DISTINGUISHED_NAME *name)
{
    NX_SECURE_X509_CERT *cert =
        name == NX_NULL ? NX_NULL : dtls_nx_find_remote(store, name);

    if (cert == NX_NULL) {
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    }
    *place_of(store, cert) = cert->nx_secure_x509_next_certificate;
    cert->nx_secure_x509_next_certificate = NX_NULL;
    dtls_nx_cert_drop(cert);
    return NX_SUCCESS;
}

UINT _nx_secure_x509_store_certificate_remove(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT location, UINT cert_id)
{
    struct dtls_bytes common_name = {0};
    UINT status = NX_INVALID_PARAMETERS;
    enum dtls_nx_list which;

    if (store == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (name == NX_NULL && cert_id == 0) {
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    }
    if (name != NX_NULL) {
        common_name = dtls_bytes_of(name->nx_secure_x509_common_name,
                                    name->nx_secure_x509_common_name_length);
        cert_id = 0;
    }
    if (is_list(location, &which)) {
        status = dtls_nx_store_remove(store, which, common_name, cert_id);
    } else if (has_remote_list(store, location)) {
        dtls_nx_lock();
        status = remove_remote(store, name);
        dtls_nx_unlock();
    }
    return x509_status(status);
}

static UINT chain_status(enum dtls_status status)
{
    switch ((UINT)status) {
    case DTLS_UNKNOWN_CA:
        return NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND;
    case DTLS_UNSUPPORTED_CERTIFICATE:
        return NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER;
    case DTLS_BAD_CERTIFICATE:
    case DTLS_MESSAGE_TOO_LONG:
        return NX_SECURE_X509_CHAIN_VERIFY_FAILURE;
    default:
        return dtls_nx_status(status);
    }
}

UINT _nx_secure_x509_certificate_chain_verify(
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate,
    ULONG current_time)
{
    struct dtls_verify verify = {
        .crypto = dtls_nx_crypto,
        .purpose = DTLS_PURPOSE_ANY,
        .check_time = current_time != 0,
        .unix_time = (int64_t)current_time,
    };
    struct dtls_cert *path;
    struct dtls_nx_node *local;
    enum dtls_status status;
    size_t num;

    if (!dtls_nx_cert_is_initialized(certificate)) {
        return NX_SECURE_X509_CHAIN_VERIFY_FAILURE;
    }
    dtls_nx_lock(); /* the lists must not change */
    verify.anchors = dtls_nx_anchors(store);
    path = dtls_nx_gather(store, &dtls_nx_cert(certificate)->credential.cert,
                          &num);
    for (local = dtls_nx_locals(store); local != NULL && num <= DTLS_CHAIN_MAX;
         local = local->next) {
        path[num++] = *local->item.cert;
    }
    status = dtls_chain_verify(&verify, path, num);
    dtls_nx_unlock();
    return chain_status(status);
}
#endif
