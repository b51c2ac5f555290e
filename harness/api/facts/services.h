/* SPDX-License-Identifier: MIT */
/* The services of the API and their types.
 *
 * BOTH(result, prefix, name, arguments): nx_x maps to _nxe_x, which checks its
 * arguments, or to _nx_x; all three have this type.  ONE is for a service that
 * has nothing to check, PLAIN for one without another spelling. */
/* One row a line, however long. */
/* clang-format off */

/* DTLS: the services that the documents describe. */
BOTH(UINT, nx, secure_dtls_client_session_start, (NX_SECURE_DTLS_SESSION *, NX_UDP_SOCKET *, NXD_ADDRESS *, UINT, UINT))
BOTH(UINT, nx, secure_dtls_packet_allocate, (NX_SECURE_DTLS_SESSION *, NX_PACKET_POOL *, NX_PACKET **, ULONG))
BOTH(UINT, nx, secure_dtls_psk_add, (NX_SECURE_DTLS_SESSION *, UCHAR *, UINT, UCHAR *, UINT, UCHAR *, UINT))
BOTH(UINT, nx, secure_dtls_server_create,
     (NX_SECURE_DTLS_SERVER *, NX_IP *, UINT, ULONG, VOID *, UINT, const NX_SECURE_TLS_CRYPTO *, VOID *, ULONG, UCHAR *, UINT,
      UINT (*)(NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT), UINT (*)(NX_SECURE_DTLS_SESSION *)))
BOTH(UINT, nx, secure_dtls_server_delete, (NX_SECURE_DTLS_SERVER *))
BOTH(UINT, nx, secure_dtls_server_local_certificate_add, (NX_SECURE_DTLS_SERVER *, NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_dtls_server_local_certificate_remove, (NX_SECURE_DTLS_SERVER *, UCHAR *, UINT, UINT))
BOTH(UINT, nx, secure_dtls_server_notify_set,
     (NX_SECURE_DTLS_SERVER *, UINT (*)(NX_SECURE_DTLS_SESSION *), UINT (*)(NX_SECURE_DTLS_SESSION *, UINT)))
BOTH(UINT, nx, secure_dtls_server_psk_add, (NX_SECURE_DTLS_SERVER *, UCHAR *, UINT, UCHAR *, UINT, UCHAR *, UINT))
BOTH(UINT, nx, secure_dtls_server_session_send, (NX_SECURE_DTLS_SESSION *, NX_PACKET *))
BOTH(UINT, nx, secure_dtls_server_session_start, (NX_SECURE_DTLS_SESSION *, UINT))
BOTH(UINT, nx, secure_dtls_server_start, (NX_SECURE_DTLS_SERVER *))
BOTH(UINT, nx, secure_dtls_server_stop, (NX_SECURE_DTLS_SERVER *))
BOTH(UINT, nx, secure_dtls_server_trusted_certificate_add, (NX_SECURE_DTLS_SERVER *, NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_dtls_server_trusted_certificate_remove, (NX_SECURE_DTLS_SERVER *, UCHAR *, UINT, UINT))
BOTH(UINT, nx, secure_dtls_server_x509_client_verify_configure, (NX_SECURE_DTLS_SERVER *, UINT, UCHAR *, ULONG))
BOTH(UINT, nx, secure_dtls_server_x509_client_verify_disable, (NX_SECURE_DTLS_SERVER *))
BOTH(UINT, nx, secure_dtls_session_client_info_get, (NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT *, UINT *))
BOTH(UINT, nx, secure_dtls_session_create,
     (NX_SECURE_DTLS_SESSION *, const NX_SECURE_TLS_CRYPTO *, VOID *, ULONG, UCHAR *, UINT, UINT, UCHAR *, ULONG))
BOTH(UINT, nx, secure_dtls_session_delete, (NX_SECURE_DTLS_SESSION *))
BOTH(UINT, nx, secure_dtls_session_end, (NX_SECURE_DTLS_SESSION *, UINT))
BOTH(UINT, nx, secure_dtls_session_local_certificate_add, (NX_SECURE_DTLS_SESSION *, NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_dtls_session_local_certificate_remove, (NX_SECURE_DTLS_SESSION *, UCHAR *, UINT, UINT))
BOTH(UINT, nx, secure_dtls_session_receive, (NX_SECURE_DTLS_SESSION *, NX_PACKET **, UINT))
BOTH(UINT, nx, secure_dtls_session_reset, (NX_SECURE_DTLS_SESSION *))
BOTH(UINT, nx, secure_dtls_session_send, (NX_SECURE_DTLS_SESSION *, NX_PACKET *, NXD_ADDRESS *, UINT))
BOTH(UINT, nx, secure_dtls_session_trusted_certificate_add, (NX_SECURE_DTLS_SESSION *, NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_dtls_session_trusted_certificate_remove, (NX_SECURE_DTLS_SESSION *, UCHAR *, UINT, UINT))

/* DTLS, TLS and X.509: the services beside them. */
ONE(VOID, nx, secure_dtls_initialize, (VOID))
ONE(VOID, nx, secure_tls_initialize, (VOID))
ONE(UINT, nx, secure_tls_shutdown, (VOID))
BOTH(UINT, nx, secure_dtls_session_start, (NX_SECURE_DTLS_SESSION *, NX_UDP_SOCKET *, UINT, UINT))
BOTH(UINT, nx, secure_dtls_ecc_initialize, (NX_SECURE_DTLS_SESSION *, const USHORT *, USHORT, const NX_CRYPTO_METHOD **))
BOTH(UINT, nx, secure_dtls_server_ecc_initialize, (NX_SECURE_DTLS_SERVER *, const USHORT *, USHORT, const NX_CRYPTO_METHOD **))
BOTH(UINT, nx, secure_dtls_client_protocol_version_override, (NX_SECURE_DTLS_SESSION *, USHORT))
BOTH(UINT, nx, secure_dtls_server_protocol_version_override, (NX_SECURE_DTLS_SERVER *, USHORT))
BOTH(UINT, nx, secure_tls_metadata_size_calculate, (const NX_SECURE_TLS_CRYPTO *, ULONG *))
BOTH(UINT, nx, secure_tls_session_certificate_callback_set,
     (NX_SECURE_TLS_SESSION *, ULONG (*)(NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT *)))
BOTH(UINT, nx, secure_tls_session_time_function_set, (NX_SECURE_TLS_SESSION *, ULONG (*)(VOID)))
BOTH(UINT, nx, secure_tls_session_alert_value_get, (NX_SECURE_TLS_SESSION *, UINT *, UINT *))
BOTH(UINT, nx, secure_tls_session_sni_extension_set, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_DNS_NAME *))
BOTH(UINT, nx, secure_tls_session_client_callback_set,
     (NX_SECURE_TLS_SESSION *, ULONG (*)(NX_SECURE_TLS_SESSION *, NX_SECURE_TLS_HELLO_EXTENSION *, UINT)))
BOTH(UINT, nx, secure_tls_session_server_callback_set,
     (NX_SECURE_TLS_SESSION *, ULONG (*)(NX_SECURE_TLS_SESSION *, NX_SECURE_TLS_HELLO_EXTENSION *, UINT)))
BOTH(UINT, nx, secure_tls_session_sni_extension_parse,
     (NX_SECURE_TLS_SESSION *, NX_SECURE_TLS_HELLO_EXTENSION *, UINT, NX_SECURE_X509_DNS_NAME *))
BOTH(UINT, nx, secure_tls_active_certificate_set, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT *))
BOTH(UINT, nx, secure_tls_client_psk_set, (NX_SECURE_TLS_SESSION *, UCHAR *, UINT, UCHAR *, UINT, UCHAR *, UINT))
BOTH(UINT, nx, secure_tls_session_packet_pool_set, (NX_SECURE_TLS_SESSION *, NX_PACKET_POOL *))
BOTH(UINT, nx, secure_x509_certificate_initialize,
     (NX_SECURE_X509_CERT *, UCHAR *, USHORT, UCHAR *, USHORT, const UCHAR *, USHORT, UINT))
BOTH(UINT, nx, secure_x509_common_name_dns_check, (NX_SECURE_X509_CERT *, const UCHAR *, UINT))
BOTH(UINT, nx, secure_x509_dns_name_initialize, (NX_SECURE_X509_DNS_NAME *, const UCHAR *, USHORT))
BOTH(UINT, nx, secure_x509_crl_revocation_check,
     (const UCHAR *, UINT, NX_SECURE_X509_CERTIFICATE_STORE *, NX_SECURE_X509_CERT *))
BOTH(UINT, nx, secure_x509_key_usage_extension_parse, (NX_SECURE_X509_CERT *, USHORT *))
BOTH(UINT, nx, secure_x509_extended_key_usage_extension_parse, (NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_x509_extension_find, (NX_SECURE_X509_CERT *, NX_SECURE_X509_EXTENSION *, USHORT))

/* TLS and X.509: services on the TLS session inside a DTLS session. */
ONE(UINT, nx, secure_tls_ecc_initialize, (NX_SECURE_TLS_SESSION *, const USHORT *, USHORT, const NX_CRYPTO_METHOD **))
BOTH(UINT, nx, secure_tls_psk_add, (NX_SECURE_TLS_SESSION *, UCHAR *, UINT, UCHAR *, UINT, UCHAR *, UINT))
BOTH(UINT, nx, secure_tls_local_certificate_add, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT *))
BOTH(UINT, nx, secure_tls_trusted_certificate_add, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT *))
BOTH(UINT, nx, secure_tls_server_certificate_add, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT *, UINT))
BOTH(UINT, nx, secure_tls_local_certificate_remove, (NX_SECURE_TLS_SESSION *, UCHAR *, UINT))
BOTH(UINT, nx, secure_tls_trusted_certificate_remove, (NX_SECURE_TLS_SESSION *, UCHAR *, UINT))
BOTH(UINT, nx, secure_tls_server_certificate_remove, (NX_SECURE_TLS_SESSION *, UINT))
BOTH(UINT, nx, secure_tls_local_certificate_find, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT **, UCHAR *, UINT))
BOTH(UINT, nx, secure_tls_server_certificate_find, (NX_SECURE_TLS_SESSION *, NX_SECURE_X509_CERT **, UINT))
BOTH(UINT, nx, secure_tls_remote_certificate_buffer_allocate, (NX_SECURE_TLS_SESSION *, UINT, VOID *, ULONG))
BOTH(UINT, nx, secure_tls_session_client_verify_enable, (NX_SECURE_TLS_SESSION *))
BOTH(UINT, nx, secure_tls_session_client_verify_disable, (NX_SECURE_TLS_SESSION *))
BOTH(UINT, nx, secure_tls_session_x509_client_verify_configure, (NX_SECURE_TLS_SESSION *, UINT, VOID *, ULONG))
BOTH(UINT, nx, secure_tls_session_packet_buffer_set, (NX_SECURE_TLS_SESSION *, UCHAR *, ULONG))
BOTH(UINT, nx, secure_tls_session_protocol_version_override, (NX_SECURE_TLS_SESSION *, USHORT))
BOTH(UINT, nx, secure_tls_session_reset, (NX_SECURE_TLS_SESSION *))
ONE(UINT, nx, crypto_initialize, (VOID))

/* UDP, packets, instances. */
BOTH(UINT, nx, udp_socket_create, (NX_IP *, NX_UDP_SOCKET *, CHAR *, ULONG, ULONG, UINT, ULONG))
BOTH(UINT, nx, udp_socket_bind, (NX_UDP_SOCKET *, UINT, ULONG))
BOTH(UINT, nx, udp_socket_unbind, (NX_UDP_SOCKET *))
BOTH(UINT, nx, udp_socket_delete, (NX_UDP_SOCKET *))
BOTH(UINT, nx, udp_socket_receive, (NX_UDP_SOCKET *, NX_PACKET **, ULONG))
BOTH(UINT, nx, udp_socket_receive_notify, (NX_UDP_SOCKET *, VOID (*)(NX_UDP_SOCKET *)))
BOTH(UINT, nx, udp_socket_port_get, (NX_UDP_SOCKET *, UINT *))
BOTH(UINT, nx, udp_socket_send, (NX_UDP_SOCKET *, NX_PACKET *, ULONG, UINT))
BOTH(UINT, nxd, udp_socket_send, (NX_UDP_SOCKET *, NX_PACKET *, NXD_ADDRESS *, UINT))
BOTH(UINT, nxd, udp_socket_source_send, (NX_UDP_SOCKET *, NX_PACKET *, NXD_ADDRESS *, UINT, UINT))
BOTH(UINT, nxd, udp_source_extract, (NX_PACKET *, NXD_ADDRESS *, UINT *))
BOTH(UINT, nx, udp_enable, (NX_IP *))
BOTH(UINT, nx, packet_pool_create, (NX_PACKET_POOL *, CHAR *, ULONG, VOID *, ULONG))
BOTH(UINT, nx, packet_allocate, (NX_PACKET_POOL *, NX_PACKET **, ULONG, ULONG))
BOTH(UINT, nx, packet_data_append, (NX_PACKET *, VOID *, ULONG, NX_PACKET_POOL *, ULONG))
BOTH(UINT, nx, packet_data_retrieve, (NX_PACKET *, VOID *, ULONG *))
BOTH(UINT, nx, packet_data_extract_offset, (NX_PACKET *, ULONG, VOID *, ULONG, ULONG *))
BOTH(UINT, nx, packet_length_get, (NX_PACKET *, ULONG *))
BOTH(UINT, nx, packet_copy, (NX_PACKET *, NX_PACKET **, NX_PACKET_POOL *, ULONG))
BOTH(UINT, nx, packet_release, (NX_PACKET *))
BOTH(UINT, nx, ip_create, (NX_IP *, CHAR *, ULONG, ULONG, NX_PACKET_POOL *, VOID (*)(NX_IP_DRIVER *), VOID *, ULONG, UINT))
BOTH(UINT, nx, ip_fragment_enable, (NX_IP *))
BOTH(UINT, nx, ip_status_check, (NX_IP *, ULONG, ULONG *, ULONG))
BOTH(UINT, nx, arp_enable, (NX_IP *, VOID *, ULONG))
BOTH(UINT, nxd, ipv6_enable, (NX_IP *))
BOTH(UINT, nxd, ipv6_address_set, (NX_IP *, UINT, NXD_ADDRESS *, ULONG, UINT *))
BOTH(UINT, nxd, icmp_enable, (NX_IP *))

/* ThreadX. */
BOTH(UINT, tx, thread_create, (TX_THREAD *, CHAR *, VOID (*)(ULONG), ULONG, VOID *, ULONG, UINT, UINT, ULONG, UINT))
ONE(UINT, tx, thread_sleep, (ULONG))
BOTH(UINT, tx, thread_suspend, (TX_THREAD *))
BOTH(UINT, tx, thread_resume, (TX_THREAD *))
BOTH(UINT, tx, semaphore_create, (TX_SEMAPHORE *, CHAR *, ULONG))
BOTH(UINT, tx, semaphore_get, (TX_SEMAPHORE *, ULONG))
BOTH(UINT, tx, semaphore_put, (TX_SEMAPHORE *))
BOTH(UINT, tx, mutex_get, (TX_MUTEX *, ULONG))
BOTH(UINT, tx, mutex_put, (TX_MUTEX *))
ONE(ULONG, tx, time_get, (VOID))
PLAIN(VOID, tx, kernel_enter, (VOID))
PLAIN(VOID, tx, application_define, (VOID *))
