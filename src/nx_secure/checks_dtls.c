/* SPDX-License-Identifier: MIT */
/* The checked form of every DTLS service: it checks what the reference does
 * not list for the service, then calls the service.
 * NX_SECURE_DISABLE_ERROR_CHECKING leaves it out of an application.  The
 * reference prints its own values in bold, which means that both builds return
 * them, so the services themselves check for those. */
#include "nx_secure/internal.h"

/* Tells whether the session is on the list of created sessions.  A session
 * that was created before the last nx_secure_dtls_initialize is not. */
static bool is_listed(const NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_is_created(session) &&
           session->nx_secure_dtls_generation == dtls_nx_generation();
}

/* Makes the check that every service makes first.  The service itself refuses
 * a NULL pointer. */
static UINT check_session(const NX_SECURE_DTLS_SESSION *session)
{
    if (session != NX_NULL && !dtls_nx_is_created(session)) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return dtls_nx_may_wait() ? NX_SUCCESS : NX_CALLER_ERROR;
}

UINT _nxe_secure_dtls_packet_allocate(NX_SECURE_DTLS_SESSION *session_ptr,
                                      NX_PACKET_POOL *pool_ptr,
                                      NX_PACKET **packet_ptr,
                                      ULONG wait_option)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_packet_allocate(session_ptr, pool_ptr, packet_ptr,
                                           wait_option);
}

UINT _nxe_secure_dtls_server_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                          NX_PACKET *packet_ptr)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_session_send(session_ptr, packet_ptr);
}

UINT _nxe_secure_dtls_session_create(
    NX_SECURE_DTLS_SESSION *dtls_session,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *metadata_buffer,
    ULONG metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size, UINT certs_number,
    UCHAR *remote_certificate_buffer, ULONG remote_certificate_buffer_size)
{
    if (dtls_session != NX_NULL && is_listed(dtls_session)) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_dtls_session_create(
        dtls_session, crypto_table, metadata_buffer, metadata_size,
        packet_reassembly_buffer, packet_reassembly_buffer_size, certs_number,
        remote_certificate_buffer, remote_certificate_buffer_size);
}

/* The reference lists 0x07 for it, and not 0x101. */
UINT _nxe_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session)
{
    if (dtls_session != NX_NULL && !dtls_nx_is_created(dtls_session)) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_dtls_session_delete(dtls_session);
}

UINT _nxe_secure_dtls_session_end(NX_SECURE_DTLS_SESSION *dtls_session,
                                  UINT wait_option)
{
    UINT status = check_session(dtls_session);

    if (status != NX_SUCCESS) {
        return status;
    }
    if (dtls_session != NX_NULL &&
        dtls_session->nx_secure_dtls_server_parent != NX_NULL &&
        !dtls_session->nx_secure_dtls_session_in_use) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    return _nx_secure_dtls_session_end(dtls_session, wait_option);
}

UINT _nxe_secure_dtls_session_receive(NX_SECURE_DTLS_SESSION *dtls_session,
                                      NX_PACKET **packet_ptr_ptr,
                                      UINT wait_option)
{
    UINT status = check_session(dtls_session);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_receive(dtls_session, packet_ptr_ptr,
                                           wait_option);
}

UINT _nxe_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session)
{
    UINT status = check_session(dtls_session);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_reset(dtls_session);
}

UINT _nxe_secure_dtls_session_send(NX_SECURE_DTLS_SESSION *session_ptr,
                                   NX_PACKET *packet_ptr,
                                   NXD_ADDRESS *ip_address, UINT port)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_send(session_ptr, packet_ptr, ip_address,
                                        port);
}

UINT _nxe_secure_dtls_session_start(NX_SECURE_DTLS_SESSION *dtls_session,
                                    NX_UDP_SOCKET *udp_socket, UINT is_client,
                                    UINT wait_option)
{
    NXD_ADDRESS peer;
    UINT status;

    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!is_client) {
        status = check_session(dtls_session);
        return status != NX_SUCCESS
                   ? status
                   : _nx_secure_dtls_session_start(dtls_session, udp_socket,
                                                   is_client, wait_option);
    }
    peer = dtls_session->nx_secure_dtls_remote_ip_address;
    return _nxe_secure_dtls_client_session_start(
        dtls_session, udp_socket, &peer,
        dtls_session->nx_secure_dtls_remote_port, wait_option);
}

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT _nxe_secure_dtls_client_session_start(
    NX_SECURE_DTLS_SESSION *dtls_session, NX_UDP_SOCKET *udp_socket,
    NXD_ADDRESS *ip_address, UINT port, UINT wait_option)
{
    UINT status;

    if (dtls_session == NX_NULL || udp_socket == NX_NULL ||
        ip_address == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = check_session(dtls_session);
    if (status != NX_SUCCESS) {
        return status;
    }
    /* A server's session is refused whatever the port. */
    if (dtls_session->nx_secure_dtls_server_parent == NX_NULL &&
        (port == 0 || port > NX_MAX_PORT)) {
        return NX_INVALID_PORT;
    }
    return _nx_secure_dtls_client_session_start(dtls_session, udp_socket,
                                                ip_address, port, wait_option);
}

UINT _nxe_secure_dtls_client_protocol_version_override(
    NX_SECURE_DTLS_SESSION *dtls_session, USHORT protocol_version)
{
    UINT status;

    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = check_session(dtls_session);
    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_client_protocol_version_override(dtls_session,
                                                            protocol_version);
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED

static UINT check_server(const NX_SECURE_DTLS_SERVER *server)
{
    if (server != NX_NULL && !dtls_nx_is_server(server)) {
        return NX_PTR_ERROR;
    }
    return dtls_nx_may_wait() ? NX_SUCCESS : NX_CALLER_ERROR;
}

/* Tells whether one of the sessions in the buffer is created already. */
static bool holds_created(VOID *buffer, UINT size)
{
    NX_SECURE_DTLS_SESSION *sessions = NX_NULL;
    UINT count = dtls_nx_sessions_in(&sessions, buffer, size);

    for (UINT i = 0; i < count; i++) {
        if (is_listed(&sessions[i])) {
            return true;
        }
    }
    return false;
}

UINT _nxe_secure_dtls_server_create(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_IP *ip_ptr, UINT port, ULONG timeout,
    VOID *session_buffer, UINT session_buffer_size,
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *crypto_metadata_buffer,
    ULONG crypto_metadata_size, UCHAR *packet_reassembly_buffer,
    UINT packet_reassembly_buffer_size,
    UINT (*connect_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                           NXD_ADDRESS *ip_address, UINT port),
    UINT (*receive_notify)(NX_SECURE_DTLS_SESSION *dtls_session))
{
    if ((server_ptr != NX_NULL && dtls_nx_is_server(server_ptr) &&
         server_ptr->nx_dtls_server_generation == dtls_nx_generation()) ||
        holds_created(session_buffer, session_buffer_size)) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_dtls_server_create(
        server_ptr, ip_ptr, port, timeout, session_buffer, session_buffer_size,
        crypto_table, crypto_metadata_buffer, crypto_metadata_size,
        packet_reassembly_buffer, packet_reassembly_buffer_size,
        connect_notify, receive_notify);
}

UINT _nxe_secure_dtls_server_delete(NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_delete(server_ptr);
}

UINT _nxe_secure_dtls_server_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*disconnect_notify)(NX_SECURE_DTLS_SESSION *dtls_session),
    UINT (*error_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         UINT error_code))
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_notify_set(server_ptr, disconnect_notify,
                                             error_notify);
}

UINT _nxe_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                           UINT wait_option)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_session_start(session_ptr, wait_option);
}

UINT _nxe_secure_dtls_server_start(NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_start(server_ptr);
}

UINT _nxe_secure_dtls_server_stop(NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_stop(server_ptr);
}

UINT _nxe_secure_dtls_session_client_info_get(
    NX_SECURE_DTLS_SESSION *session_ptr, NXD_ADDRESS *client_ip_address,
    UINT *client_port, UINT *local_port)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_client_info_get(
        session_ptr, client_ip_address, client_port, local_port);
}

UINT _nxe_secure_dtls_server_protocol_version_override(
    NX_SECURE_DTLS_SERVER *server_ptr, USHORT protocol_version)
{
    UINT status;

    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = check_server(server_ptr);
    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_protocol_version_override(server_ptr,
                                                            protocol_version);
}
#endif

#ifndef NX_SECURE_DISABLE_X509
UINT _nxe_secure_dtls_session_local_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_local_certificate_add(session_ptr,
                                                         certificate, cert_id);
}

UINT _nxe_secure_dtls_session_local_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_local_certificate_remove(
        session_ptr, common_name, common_name_length, cert_id);
}

UINT _nxe_secure_dtls_session_trusted_certificate_add(
    NX_SECURE_DTLS_SESSION *session_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_trusted_certificate_add(
        session_ptr, certificate, cert_id);
}

UINT _nxe_secure_dtls_session_trusted_certificate_remove(
    NX_SECURE_DTLS_SESSION *session_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_session_trusted_certificate_remove(
        session_ptr, common_name, common_name_length, cert_id);
}
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) && !defined(NX_SECURE_DISABLE_X509)
UINT _nxe_secure_dtls_server_local_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_local_certificate_add(server_ptr,
                                                        certificate, cert_id);
}

UINT _nxe_secure_dtls_server_local_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_local_certificate_remove(
        server_ptr, common_name, common_name_length, cert_id);
}

UINT _nxe_secure_dtls_server_trusted_certificate_add(
    NX_SECURE_DTLS_SERVER *server_ptr, NX_SECURE_X509_CERT *certificate,
    UINT cert_id)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_trusted_certificate_add(
        server_ptr, certificate, cert_id);
}

UINT _nxe_secure_dtls_server_trusted_certificate_remove(
    NX_SECURE_DTLS_SERVER *server_ptr, UCHAR *common_name,
    UINT common_name_length, UINT cert_id)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_trusted_certificate_remove(
        server_ptr, common_name, common_name_length, cert_id);
}

UINT _nxe_secure_dtls_server_x509_client_verify_configure(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT certs_per_session,
    UCHAR *certs_buffer, ULONG buffer_size)
{
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    return _nx_secure_dtls_server_x509_client_verify_configure(
        server_ptr, certs_per_session, certs_buffer, buffer_size);
}

UINT _nxe_secure_dtls_server_x509_client_verify_disable(
    NX_SECURE_DTLS_SERVER *server_ptr)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_x509_client_verify_disable(server_ptr);
}
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
UINT _nxe_secure_dtls_psk_add(NX_SECURE_DTLS_SESSION *session_ptr,
                              UCHAR *pre_shared_key, UINT psk_length,
                              UCHAR *psk_identity, UINT identity_length,
                              UCHAR *hint, UINT hint_length)
{
    UINT status = check_session(session_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_psk_add(session_ptr, pre_shared_key, psk_length,
                                   psk_identity, identity_length, hint,
                                   hint_length);
}
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
UINT _nxe_secure_dtls_server_psk_add(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UCHAR *pre_shared_key, UINT psk_length,
                                     UCHAR *psk_identity, UINT identity_length,
                                     UCHAR *hint, UINT hint_length)
{
    UINT status = check_server(server_ptr);

    if (status != NX_SUCCESS) {
        return status;
    }
    return _nx_secure_dtls_server_psk_add(server_ptr, pre_shared_key,
                                          psk_length, psk_identity,
                                          identity_length, hint, hint_length);
}
#endif

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
UINT _nxe_secure_dtls_ecc_initialize(NX_SECURE_DTLS_SESSION *dtls_session,
                                     const USHORT *supported_groups,
                                     USHORT supported_group_count,
                                     const NX_CRYPTO_METHOD **curves)
{
    UINT status;

    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = check_session(dtls_session);
    if (status != NX_SUCCESS) {
        return status;
    }
    if (supported_group_count != 0 &&
        (supported_groups == NX_NULL || curves == NX_NULL)) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_dtls_ecc_initialize(dtls_session, supported_groups,
                                          supported_group_count, curves);
}
#endif

#if !defined(NX_SECURE_TLS_SERVER_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_ECC_CIPHERSUITE)
UINT _nxe_secure_dtls_server_ecc_initialize(NX_SECURE_DTLS_SERVER *server_ptr,
                                            const USHORT *supported_groups,
                                            USHORT supported_group_count,
                                            const NX_CRYPTO_METHOD **curves)
{
    UINT status;

    if (server_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    status = check_server(server_ptr);
    if (status != NX_SUCCESS) {
        return status;
    }
    if (supported_group_count != 0 &&
        (supported_groups == NX_NULL || curves == NX_NULL)) {
        return NX_PTR_ERROR;
    }
    return _nx_secure_dtls_server_ecc_initialize(
        server_ptr, supported_groups, supported_group_count, curves);
}
#endif
