/* SPDX-License-Identifier: MIT */
/* The services of NetX Secure TLS on the TLS session inside a DTLS session. */
#include "nx_secure/internal.h"

/* A TLS session is the first member of a DTLS session. */
static NX_SECURE_DTLS_SESSION *session_of(NX_SECURE_TLS_SESSION *tls_session)
{
    return (NX_SECURE_DTLS_SESSION *)(VOID *)tls_session;
}

UINT _nx_secure_tls_session_protocol_version_override(
    NX_SECURE_TLS_SESSION *tls_session, USHORT protocol_version)
{
    (void)tls_session;
    switch (protocol_version) {
    case NX_SECURE_TLS_VERSION_TLS_1_2:
        return NX_SUCCESS;
    case NX_SECURE_TLS_VERSION_SSL_3_0:
    case NX_SECURE_TLS_VERSION_TLS_1_0:
    case NX_SECURE_TLS_VERSION_TLS_1_1:
    case NX_SECURE_TLS_VERSION_TLS_1_3:
    case NX_SECURE_DTLS_VERSION_1_0:
    case NX_SECURE_DTLS_VERSION_1_2:
        return NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION;
    default:
        return NX_SECURE_TLS_UNKNOWN_TLS_VERSION;
    }
}

UINT _nx_secure_tls_session_packet_buffer_set(
    NX_SECURE_TLS_SESSION *session_ptr, UCHAR *buffer_ptr, ULONG buffer_size)
{
    if (buffer_size < NX_SECURE_TLS_MINIMUM_MESSAGE_BUFFER_SIZE) {
        return NX_INVALID_PARAMETERS;
    }
    session_ptr->nx_secure_tls_packet_buffer = buffer_ptr;
    session_ptr->nx_secure_tls_packet_buffer_size = buffer_size;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_session_reset(NX_SECURE_TLS_SESSION *tls_session)
{
    return _nx_secure_dtls_session_reset(session_of(tls_session));
}

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
UINT _nx_secure_tls_ecc_initialize(NX_SECURE_TLS_SESSION *tls_session,
                                   const USHORT *supported_groups,
                                   USHORT supported_group_count,
                                   const NX_CRYPTO_METHOD **curves)
{
    return _nx_secure_dtls_ecc_initialize(session_of(tls_session),
                                          supported_groups,
                                          supported_group_count, curves);
}
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
UINT _nx_secure_tls_psk_add(NX_SECURE_TLS_SESSION *tls_session,
                            UCHAR *pre_shared_key, UINT psk_length,
                            UCHAR *psk_identity, UINT identity_length,
                            UCHAR *hint, UINT hint_length)
{
    return _nx_secure_dtls_psk_add(session_of(tls_session), pre_shared_key,
                                   psk_length, psk_identity, identity_length,
                                   hint, hint_length);
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nx_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                          NX_SECURE_X509_CERT *certificate)
{
    return dtls_nx_list_append(session_of(tls_session), DTLS_NX_LOCAL,
                               certificate, 0);
}

UINT _nx_secure_tls_trusted_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate)
{
    return dtls_nx_list_append(session_of(tls_session), DTLS_NX_TRUSTED,
                               certificate, 0);
}

UINT _nx_secure_tls_server_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate,
                                           UINT cert_id)
{
    return cert_id == 0
               ? NX_SECURE_TLS_CERT_ID_INVALID
               : dtls_nx_list_append(session_of(tls_session), DTLS_NX_LOCAL,
                                     certificate, cert_id);
}

UINT _nx_secure_tls_local_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length)
{
    return dtls_nx_list_remove(session_of(tls_session), DTLS_NX_LOCAL,
                               common_name, common_name_length, 0);
}

UINT _nx_secure_tls_trusted_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length)
{
    return dtls_nx_list_remove(session_of(tls_session), DTLS_NX_TRUSTED,
                               common_name, common_name_length, 0);
}

UINT _nx_secure_tls_server_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UINT cert_id)
{
    return cert_id == 0
               ? NX_SECURE_TLS_CERTIFICATE_NOT_FOUND
               : dtls_nx_list_remove(session_of(tls_session), DTLS_NX_LOCAL,
                                     NX_NULL, 0, cert_id);
}

static UINT find(NX_SECURE_TLS_SESSION *tls_session,
                 NX_SECURE_X509_CERT **certificate, struct dtls_bytes name,
                 UINT cert_id)
{
    NX_SECURE_X509_CERT *found;

    dtls_nx_lock();
    found = dtls_nx_list_find(session_of(tls_session), DTLS_NX_LOCAL, name,
                              cert_id);
    dtls_nx_unlock();
    if (found == NX_NULL) {
        return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    }
    *certificate = found;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_local_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT **certificate,
                                           UCHAR *common_name,
                                           UINT name_length)
{
    return find(tls_session, certificate,
                dtls_bytes_of(common_name, name_length), 0);
}

UINT _nx_secure_tls_server_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT **certificate,
                                            UINT cert_id)
{
    return cert_id == 0 ? NX_SECURE_TLS_CERTIFICATE_NOT_FOUND
                        : find(tls_session, certificate,
                               (struct dtls_bytes){0}, cert_id);
}

UINT _nx_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size)
{
    if (certs_number == 0 || !dtls_nx_certs_fit(buffer_size, certs_number)) {
        return NX_INVALID_PARAMETERS;
    }
    tls_session->nx_secure_tls_remote_certificate_count = certs_number;
    tls_session->nx_secure_tls_remote_certificate_buffer = certificate_buffer;
    tls_session->nx_secure_tls_remote_certificate_buffer_size = buffer_size;
    return NX_SUCCESS;
}

static bool is_listed(const NX_SECURE_X509_CERT *list,
                      const NX_SECURE_X509_CERT *cert)
{
    while (list != NX_NULL && list != cert) {
        list = list->nx_secure_x509_next_certificate;
    }
    return list != NX_NULL;
}

static UINT add_slot(NX_SECURE_TLS_SESSION *tls, NX_SECURE_X509_CERT *cert)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store = dtls_nx_certificates(tls);

    if (is_listed(store->nx_secure_x509_free_certificates, cert) ||
        is_listed(store->nx_secure_x509_remote_certificates, cert)) {
        return NX_INVALID_PARAMETERS;
    }
    if (dtls_nx_cert_is_used(cert)) {
        return NX_IN_PROGRESS;
    }
    NX_SECURE_MEMSET(cert, 0, sizeof *cert);
    cert->nx_secure_x509_user_allocated_cert = NX_TRUE;
    cert->nx_secure_x509_next_certificate =
        store->nx_secure_x509_free_certificates;
    store->nx_secure_x509_free_certificates = cert;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size)
{
    NX_SECURE_TLS_SESSION *tls = tls_session;
    UINT status;

    if (buffer_size == 0) {
        return NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE;
    }
    dtls_nx_lock();
    status = add_slot(tls, certificate);
    if (status == NX_SUCCESS) {
        tls->nx_secure_tls_remote_certificate_count++;
        if (buffer_size > tls->nx_secure_tls_remote_certificate_buffer_size) {
            tls->nx_secure_tls_remote_certificate_buffer =
                raw_certificate_buffer;
            tls->nx_secure_tls_remote_certificate_buffer_size = buffer_size;
        }
    }
    dtls_nx_unlock();
    return status;
}

UINT _nx_secure_tls_remote_certificate_free_all(
    NX_SECURE_TLS_SESSION *tls_session)
{
    /* A TLS session is the first member of a DTLS session. */
    NX_SECURE_DTLS_SESSION *session =
        (NX_SECURE_DTLS_SESSION *)(VOID *)tls_session;
    UINT status = NX_IN_PROGRESS;

    dtls_nx_lock();
    if (!dtls_nx_call_runs(session)) {
        dtls_nx_session(session)->engine.hs.peer_list = (struct dtls_bytes){0};
        dtls_nx_hide_peer(tls_session);
        status = NX_SUCCESS;
    }
    dtls_nx_unlock();
    return status;
}
#endif

#ifdef NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY
UINT _nx_secure_tls_session_client_verify_enable(
    NX_SECURE_TLS_SESSION *tls_session)
{
    tls_session->nx_secure_tls_verify_client_certificate = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_session_client_verify_disable(
    NX_SECURE_TLS_SESSION *tls_session)
{
    tls_session->nx_secure_tls_verify_client_certificate = NX_FALSE;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_session_x509_client_verify_configure(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size)
{
    UINT status = NX_SUCCESS;

    if (certs_number != 0 || certificate_buffer != NX_NULL) {
        status = _nx_secure_tls_remote_certificate_buffer_allocate(
            tls_session, certs_number, certificate_buffer, buffer_size);
    }
    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_client_verify_enable(tls_session);
}
#endif
