/* SPDX-License-Identifier: MIT */
/* The checked form of the TLS services. */
#include "nx_secure/internal.h"

UINT _nxe_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate))
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_certificate_callback_set(tls_session,
                                                           func_ptr);
}

UINT _nxe_secure_tls_session_renegotiate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session))
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_renegotiate_callback_set(tls_session,
                                                           func_ptr);
}

UINT _nxe_secure_tls_session_time_function_set(
    NX_SECURE_TLS_SESSION *tls_session, ULONG (*time_func_ptr)(VOID))
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_time_function_set(tls_session,
                                                    time_func_ptr);
}

UINT _nxe_secure_tls_session_alert_value_get(
    NX_SECURE_TLS_SESSION *tls_session, UINT *alert_level, UINT *alert_value)
{
    if (tls_session == NX_NULL || alert_level == NX_NULL ||
        alert_value == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_alert_value_get(tls_session, alert_level,
                                                  alert_value);
}

UINT _nxe_secure_tls_session_sni_extension_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_DNS_NAME *dns_name)
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_sni_extension_set(tls_session, dns_name);
}

UINT _nxe_secure_tls_active_certificate_set(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate)
{
    if (tls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_active_certificate_set(tls_session, certificate);
}

UINT _nxe_secure_tls_client_psk_set(NX_SECURE_TLS_SESSION *tls_session,
                                    UCHAR *pre_shared_key, UINT psk_length,
                                    UCHAR *psk_identity, UINT identity_length,
                                    UCHAR *hint, UINT hint_length)
{
    if (tls_session == NX_NULL || pre_shared_key == NX_NULL ||
        psk_length == 0 || psk_identity == NX_NULL ||
        (hint_length != 0 && hint == NX_NULL)) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_client_psk_set(tls_session, pre_shared_key,
                                         psk_length, psk_identity,
                                         identity_length, hint, hint_length);
}

UINT _nxe_secure_tls_session_packet_pool_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_PACKET_POOL *packet_pool)
{
    if (tls_session == NX_NULL || packet_pool == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (tls_session->nx_secure_tls_id != NX_SECURE_TLS_ID) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_tls_session_packet_pool_set(tls_session, packet_pool);
}
