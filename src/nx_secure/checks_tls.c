/* SPDX-License-Identifier: MIT */
/* The checked form of the TLS services. */
#include "nx_secure/internal.h"

static UINT check(const NX_SECURE_TLS_SESSION *tls_session)
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return tls_session->nx_secure_tls_id == NX_SECURE_TLS_ID
               ? NX_SUCCESS
               : NX_SECURE_TLS_SESSION_UNINITIALIZED;
}

/* Checks a session, and a pointer that must not be NX_NULL. */
static UINT check_with(const NX_SECURE_TLS_SESSION *tls_session,
                       const VOID *pointer)
{
    UINT status = check(tls_session);

    return status == NX_SUCCESS && pointer == NX_NULL ? NX_PTR_ERROR : status;
}

UINT _nxe_secure_tls_session_renegotiate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session))
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_renegotiate_callback_set(tls_session,
                                                                 func_ptr);
}

UINT _nxe_secure_tls_session_time_function_set(
    NX_SECURE_TLS_SESSION *tls_session, ULONG (*time_func_ptr)(VOID))
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_time_function_set(
                                      tls_session, time_func_ptr);
}

UINT _nxe_secure_tls_session_alert_value_get(
    NX_SECURE_TLS_SESSION *tls_session, UINT *alert_level, UINT *alert_value)
{
    UINT status = check(tls_session);

    if (status == NX_SUCCESS &&
        (alert_level == NX_NULL || alert_value == NX_NULL)) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_alert_value_get(
                                      tls_session, alert_level, alert_value);
}

UINT _nxe_secure_tls_session_packet_pool_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_PACKET_POOL *packet_pool)
{
    UINT status = check_with(tls_session, packet_pool);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_packet_pool_set(
                                      tls_session, packet_pool);
}

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT _nxe_secure_tls_session_client_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions))
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_client_callback_set(
                                      tls_session, func_ptr);
}

UINT _nxe_secure_tls_session_sni_extension_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_DNS_NAME *dns_name)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_sni_extension_set(
                                      tls_session, dns_name);
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT _nxe_secure_tls_session_server_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions))
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_server_callback_set(
                                      tls_session, func_ptr);
}

UINT _nxe_secure_tls_session_sni_extension_parse(
    NX_SECURE_TLS_SESSION *tls_session,
    NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions,
    NX_SECURE_X509_DNS_NAME *dns_name)
{
    UINT status = check(tls_session);

    if (status == NX_SUCCESS &&
        (extensions == NX_NULL || dns_name == NX_NULL)) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_sni_extension_parse(
                     tls_session, extensions, num_extensions, dns_name);
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nxe_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate))
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_certificate_callback_set(tls_session,
                                                                 func_ptr);
}

UINT _nxe_secure_tls_active_certificate_set(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_active_certificate_set(
                                      tls_session, certificate);
}
#endif

#if !defined(NX_SECURE_TLS_CLIENT_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
UINT _nxe_secure_tls_client_psk_set(NX_SECURE_TLS_SESSION *tls_session,
                                    UCHAR *pre_shared_key, UINT psk_length,
                                    UCHAR *psk_identity, UINT identity_length,
                                    UCHAR *hint, UINT hint_length)
{
    UINT status = check(tls_session);

    if (status == NX_SUCCESS &&
        (pre_shared_key == NX_NULL || psk_length == 0 ||
         psk_identity == NX_NULL || (hint_length != 0 && hint == NX_NULL))) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_client_psk_set(
                     tls_session, pre_shared_key, psk_length, psk_identity,
                     identity_length, hint, hint_length);
}
#endif

UINT _nxe_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size)
{
    if (crypto_table == NX_NULL || metadata_size == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_tls_metadata_size_calculate(crypto_table, metadata_size);
}

UINT _nxe_secure_tls_session_protocol_version_override(
    NX_SECURE_TLS_SESSION *tls_session, USHORT protocol_version)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_protocol_version_override(
                     tls_session, protocol_version);
}

UINT _nxe_secure_tls_session_packet_buffer_set(
    NX_SECURE_TLS_SESSION *session_ptr, UCHAR *buffer_ptr, ULONG buffer_size)
{
    UINT status = check_with(session_ptr, buffer_ptr);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_packet_buffer_set(
                                      session_ptr, buffer_ptr, buffer_size);
}

UINT _nxe_secure_tls_session_reset(NX_SECURE_TLS_SESSION *tls_session)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_session_reset(tls_session);
}

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
UINT _nxe_secure_tls_psk_add(NX_SECURE_TLS_SESSION *tls_session,
                             UCHAR *pre_shared_key, UINT psk_length,
                             UCHAR *psk_identity, UINT identity_length,
                             UCHAR *hint, UINT hint_length)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_psk_add(tls_session, pre_shared_key,
                                        psk_length, psk_identity,
                                        identity_length, hint, hint_length);
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nxe_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate)
{
    UINT status = check_with(tls_session, certificate);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_local_certificate_add(
                                      tls_session, certificate);
}

UINT _nxe_secure_tls_trusted_certificate_add(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate)
{
    UINT status = check_with(tls_session, certificate);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_trusted_certificate_add(
                                      tls_session, certificate);
}

UINT _nxe_secure_tls_server_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate,
                                            UINT cert_id)
{
    UINT status = check_with(tls_session, certificate);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_server_certificate_add(
                                      tls_session, certificate, cert_id);
}

UINT _nxe_secure_tls_local_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_local_certificate_remove(
                     tls_session, common_name, common_name_length);
}

UINT _nxe_secure_tls_trusted_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_trusted_certificate_remove(
                     tls_session, common_name, common_name_length);
}

UINT _nxe_secure_tls_server_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UINT cert_id)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_server_certificate_remove(
                                      tls_session, cert_id);
}

UINT _nxe_secure_tls_local_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT **certificate,
                                            UCHAR *common_name,
                                            UINT name_length)
{
    UINT status = check(tls_session);

    if (status == NX_SUCCESS &&
        (certificate == NX_NULL || common_name == NX_NULL)) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_local_certificate_find(
                     tls_session, certificate, common_name, name_length);
}

UINT _nxe_secure_tls_server_certificate_find(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT **certificate,
    UINT cert_id)
{
    UINT status = check_with(tls_session, certificate);

    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_server_certificate_find(
                                      tls_session, certificate, cert_id);
}

UINT _nxe_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size)
{
    UINT status = check_with(tls_session, certificate);

    if (status == NX_SUCCESS && raw_certificate_buffer == NX_NULL) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS ? status
                                : _nx_secure_tls_remote_certificate_allocate(
                                      tls_session, certificate,
                                      raw_certificate_buffer, buffer_size);
}

UINT _nxe_secure_tls_remote_certificate_free_all(
    NX_SECURE_TLS_SESSION *tls_session)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_remote_certificate_free_all(tls_session);
}

UINT _nxe_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size)
{
    UINT status = check_with(tls_session, certificate_buffer);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_remote_certificate_buffer_allocate(
                     tls_session, certs_number, certificate_buffer,
                     buffer_size);
}
#endif

#ifdef NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY
UINT _nxe_secure_tls_session_client_verify_enable(
    NX_SECURE_TLS_SESSION *tls_session)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_client_verify_enable(tls_session);
}

UINT _nxe_secure_tls_session_client_verify_disable(
    NX_SECURE_TLS_SESSION *tls_session)
{
    UINT status = check(tls_session);

    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_client_verify_disable(tls_session);
}

UINT _nxe_secure_tls_session_x509_client_verify_configure(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size)
{
    UINT status = check(tls_session);

    if (status == NX_SUCCESS && certificate_buffer == NX_NULL &&
        (certs_number != 0 || buffer_size != 0)) {
        status = NX_PTR_ERROR;
    }
    return status != NX_SUCCESS
               ? status
               : _nx_secure_tls_session_x509_client_verify_configure(
                     tls_session, certs_number, certificate_buffer,
                     buffer_size);
}
#endif
