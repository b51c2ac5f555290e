/* SPDX-License-Identifier: MIT */
/* The settings of a session: certificates, keys, groups, callbacks. */
#include "nx_secure/internal.h"

#ifndef NX_SECURE_DISABLE_X509
/* A session of a server has the server's lists, and a change there would be
 * one for all sessions of the server. */
static bool has_servers_lists(const NX_SECURE_DTLS_SESSION *session)
{
    return session != NX_NULL &&
           session->nx_secure_dtls_server_parent != NX_NULL;
}

static UINT add(NX_SECURE_DTLS_SESSION *session, enum dtls_nx_list which,
                NX_SECURE_X509_CERT *certificate, UINT cert_id)
{
    return has_servers_lists(session)
               ? NX_PTR_ERROR
               : dtls_nx_list_add(session, which, certificate, cert_id);
}

static UINT take_out(NX_SECURE_DTLS_SESSION *session, enum dtls_nx_list which,
                     const UCHAR *common_name, UINT common_name_length,
                     UINT cert_id)
{
    return has_servers_lists(session)
               ? NX_PTR_ERROR
               : dtls_nx_list_remove(session, which, common_name,
                                     common_name_length, cert_id);
}

UINT _nx_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    return add(session_ptr, DTLS_NX_LOCAL, certificate, cert_id);
}

UINT _nx_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    return add(session_ptr, DTLS_NX_TRUSTED, certificate, cert_id);
}

UINT _nx_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    return take_out(session_ptr, DTLS_NX_LOCAL, common_name,
                    common_name_length, cert_id);
}

UINT _nx_secure_dtls_session_trusted_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    return take_out(session_ptr, DTLS_NX_TRUSTED, common_name,
                    common_name_length, cert_id);
}
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
static bool psk_fits(UINT psk_length, UINT identity_length, UINT hint_length)
{
    return psk_length <= NX_SECURE_TLS_MAX_PSK_SIZE &&
           identity_length <= NX_SECURE_TLS_MAX_PSK_ID_SIZE &&
           hint_length <= NX_SECURE_TLS_MAX_PSK_ID_SIZE;
}

static VOID psk_fill(NX_SECURE_TLS_PSK_STORE *psk, const UCHAR *pre_shared_key,
                     UINT psk_length, const UCHAR *psk_identity,
                     UINT identity_length, const UCHAR *hint, UINT hint_length)
{
    NX_SECURE_MEMCPY(psk->nx_secure_tls_psk_data, pre_shared_key, psk_length);
    psk->nx_secure_tls_psk_data_size = psk_length;
    NX_SECURE_MEMCPY(psk->nx_secure_tls_psk_id, psk_identity, identity_length);
    psk->nx_secure_tls_psk_id_size = identity_length;
    if (hint_length != 0) {
        NX_SECURE_MEMCPY(psk->nx_secure_tls_psk_id_hint, hint, hint_length);
    }
    psk->nx_secure_tls_psk_id_hint_size = hint_length;
}

UINT _nx_secure_dtls_psk_add(NX_SECURE_DTLS_SESSION *session_ptr,
                             UCHAR *pre_shared_key, UINT psk_length,
                             UCHAR *psk_identity, UINT identity_length,
                             UCHAR *hint, UINT hint_length)
{
    NX_SECURE_TLS_SESSION *tls;
    UINT count;

    if (session_ptr == NX_NULL || pre_shared_key == NX_NULL ||
        psk_length == 0 || psk_identity == NX_NULL ||
        (hint_length != 0 && hint == NX_NULL)) {
        return NX_PTR_ERROR;
    }
    tls = &session_ptr->nx_secure_dtls_tls_session;
    count = tls->nx_secure_tls_credentials.nx_secure_tls_psk_count;
    if (count == NX_SECURE_TLS_MAX_PSK_KEYS ||
        !psk_fits(psk_length, identity_length, hint_length)) {
        return NX_SECURE_TLS_NO_MORE_PSK_SPACE;
    }
    psk_fill(&tls->nx_secure_tls_credentials.nx_secure_tls_psk_store[count],
             pre_shared_key, psk_length, psk_identity, identity_length, hint,
             hint_length);
    tls->nx_secure_tls_credentials.nx_secure_tls_psk_count = count + 1;
    return NX_SUCCESS;
}
#endif

#if !defined(NX_SECURE_TLS_CLIENT_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
UINT _nx_secure_tls_client_psk_set(NX_SECURE_TLS_SESSION *tls_session,
                                   UCHAR *pre_shared_key, UINT psk_length,
                                   UCHAR *psk_identity, UINT identity_length,
                                   UCHAR *hint, UINT hint_length)
{
    if (!psk_fits(psk_length, identity_length, hint_length)) {
        return NX_SECURE_TLS_NO_MORE_PSK_SPACE;
    }
    psk_fill(&tls_session->nx_secure_tls_credentials.nx_secure_tls_client_psk,
             pre_shared_key, psk_length, psk_identity, identity_length, hint,
             hint_length);
    return NX_SUCCESS;
}
#endif

#ifndef NX_SECURE_DISABLE_X509
static UINT set_active(NX_SECURE_TLS_SESSION *tls_session,
                       NX_SECURE_X509_CERT *certificate)
{
    if (certificate != NX_NULL &&
        (!dtls_nx_is_local(tls_session, certificate) ||
         certificate->nx_secure_x509_private_key_type ==
             NX_SECURE_X509_KEY_TYPE_NONE)) {
        return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    }
    tls_session->nx_secure_tls_credentials.nx_secure_tls_active_certificate =
        certificate;
    /* A TLS session is the first member of a DTLS session.  A change from a
     * callback of a handshake counts at once. */
    dtls_nx_session((NX_SECURE_DTLS_SESSION *)(VOID *)tls_session)
        ->config.active = dtls_nx_active(tls_session);
    return NX_SUCCESS;
}

UINT _nx_secure_tls_active_certificate_set(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate)
{
    UINT status;

    dtls_nx_lock();
    status = set_active(tls_session, certificate);
    dtls_nx_unlock();
    return status;
}
#endif

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
UINT _nx_secure_dtls_ecc_initialize(NX_SECURE_DTLS_SESSION *dtls_session,
                                    const USHORT *supported_groups,
                                    USHORT supported_group_count,
                                    const NX_CRYPTO_METHOD **curves)
{
    NX_SECURE_TLS_SESSION *tls = &dtls_session->nx_secure_dtls_tls_session;

    tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups =
        supported_groups;
    tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups_count =
        supported_group_count;
    tls->nx_secure_tls_ecc.nx_secure_tls_ecc_curves = curves;
    return NX_SUCCESS;
}
#endif

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT _nx_secure_dtls_client_protocol_version_override(
    NX_SECURE_DTLS_SESSION *dtls_session, USHORT protocol_version)
{
    (void)dtls_session;
    return protocol_version == NX_SECURE_DTLS_VERSION_1_2
               ? NX_SUCCESS
               : NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION;
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT _nx_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port)
{
    if (session_ptr == NX_NULL || client_ip_address == NX_NULL ||
        client_port == NX_NULL || local_port == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (session_ptr->nx_secure_dtls_udp_socket == NX_NULL) {
        return NX_INVALID_SOCKET;
    }
    if (!session_ptr->nx_secure_dtls_session_in_use) {
        return NX_NOT_CONNECTED;
    }
    *client_ip_address = session_ptr->nx_secure_dtls_remote_ip_address;
    *client_port = session_ptr->nx_secure_dtls_remote_port;
    *local_port = session_ptr->nx_secure_dtls_local_port;
    return NX_SUCCESS;
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nx_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate))
{
    if (!dtls_nx_setting_begin(tls_session)) {
        return NX_IN_PROGRESS;
    }
    tls_session->nx_secure_tls_session_certificate_callback = func_ptr;
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif

UINT _nx_secure_tls_session_time_function_set(
    NX_SECURE_TLS_SESSION *tls_session, ULONG (*time_func_ptr)(VOID))
{
    if (!dtls_nx_setting_begin(tls_session)) {
        return NX_IN_PROGRESS;
    }
    tls_session->nx_secure_tls_session_time_function = time_func_ptr;
    dtls_nx_certificates(tls_session)->nx_secure_x509_time_function =
        time_func_ptr;
    dtls_nx_unlock();
    return NX_SUCCESS;
}

UINT _nx_secure_tls_session_alert_value_get(NX_SECURE_TLS_SESSION *tls_session,
                                            UINT *alert_level,
                                            UINT *alert_value)
{
    *alert_level = tls_session->nx_secure_tls_received_alert_level;
    *alert_value = tls_session->nx_secure_tls_received_alert_value;
    return NX_SUCCESS;
}

UINT _nx_secure_tls_session_packet_pool_set(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_PACKET_POOL *packet_pool)
{
    tls_session->nx_secure_tls_packet_pool = packet_pool;
    return NX_SUCCESS;
}
