/* SPDX-License-Identifier: MIT */
/* Members of the API's structures: types, and order where initialisers or
 * casts depend on it.  Included by facts.h, which says what the rows mean. */
/* One row a line, however long. */
/* clang-format off */

typedef ULONG facts_words[4];
typedef ULONG facts_number[2];
typedef UCHAR facts_name[NX_SECURE_X509_DNS_NAME_MAX];
typedef UINT (*facts_init)(struct NX_CRYPTO_METHOD_STRUCT *, UCHAR *, NX_CRYPTO_KEY_SIZE, VOID **, VOID *, ULONG);
typedef UINT (*facts_cleanup)(VOID *);
typedef UINT (*facts_operation)(UINT, VOID *, struct NX_CRYPTO_METHOD_STRUCT *, UCHAR *, NX_CRYPTO_KEY_SIZE, UCHAR *, ULONG, UCHAR *,
                                UCHAR *, ULONG, VOID *, ULONG, VOID *, VOID (*)(VOID *, UINT));
typedef VOID (*facts_udp_receive)(NX_IP *, NX_PACKET *);
typedef UINT (*facts_connect)(NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT);
typedef UINT (*facts_notify)(NX_SECURE_DTLS_SESSION *);
typedef UINT (*facts_error)(NX_SECURE_DTLS_SESSION *, UINT);
typedef const NX_CRYPTO_METHOD *facts_method;

MEMBER(NX_CRYPTO_METHOD, UINT, nx_crypto_algorithm);
MEMBER(NX_CRYPTO_METHOD, NX_CRYPTO_KEY_SIZE, nx_crypto_key_size_in_bits);
MEMBER(NX_CRYPTO_METHOD, USHORT, nx_crypto_IV_size_in_bits);
MEMBER(NX_CRYPTO_METHOD, USHORT, nx_crypto_ICV_size_in_bits);
MEMBER(NX_CRYPTO_METHOD, ULONG, nx_crypto_block_size_in_bytes);
MEMBER(NX_CRYPTO_METHOD, ULONG, nx_crypto_metadata_area_size);
MEMBER(NX_CRYPTO_METHOD, facts_init, nx_crypto_init);
MEMBER(NX_CRYPTO_METHOD, facts_cleanup, nx_crypto_cleanup);
MEMBER(NX_CRYPTO_METHOD, facts_operation, nx_crypto_operation);

MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, USHORT, nx_secure_tls_ciphersuite);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, facts_method, nx_secure_tls_public_cipher);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, facts_method, nx_secure_tls_public_auth);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, facts_method, nx_secure_tls_session_cipher);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, USHORT, nx_secure_tls_iv_size);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, UCHAR, nx_secure_tls_session_key_size);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, facts_method, nx_secure_tls_hash);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, USHORT, nx_secure_tls_hash_size);
MEMBER(NX_SECURE_TLS_CIPHERSUITE_INFO, facts_method, nx_secure_tls_prf);

MEMBER(NX_SECURE_TLS_CRYPTO, NX_SECURE_TLS_CIPHERSUITE_INFO *, nx_secure_tls_ciphersuite_lookup_table);
MEMBER(NX_SECURE_TLS_CRYPTO, USHORT, nx_secure_tls_ciphersuite_lookup_table_size);
MEMBER(NX_SECURE_TLS_CRYPTO, NX_SECURE_X509_CRYPTO *, nx_secure_tls_x509_cipher_table);
MEMBER(NX_SECURE_TLS_CRYPTO, USHORT, nx_secure_tls_x509_cipher_table_size);
MEMBER(NX_SECURE_TLS_CRYPTO, facts_method, nx_secure_tls_handshake_hash_sha256_method);
MEMBER(NX_SECURE_TLS_CRYPTO, facts_method, nx_secure_tls_prf_sha256_method);

MEMBER(NX_SECURE_X509_CRYPTO, USHORT, nx_secure_x509_crypto_identifier);
MEMBER(NX_SECURE_X509_CRYPTO, facts_method, nx_secure_x509_public_cipher_method);
MEMBER(NX_SECURE_X509_CRYPTO, facts_method, nx_secure_x509_hash_method);

MEMBER(NX_SECURE_X509_DNS_NAME, facts_name, nx_secure_x509_dns_name);
MEMBER(NX_SECURE_X509_DNS_NAME, USHORT, nx_secure_x509_dns_name_length);
MEMBER(NX_SECURE_X509_DNS_NAME, struct NX_SECURE_X509_DNS_NAME_STRUCT *, nx_secure_x509_dns_name_next);

MEMBER(NX_SECURE_TLS_HELLO_EXTENSION, USHORT, nx_secure_tls_extension_id);
MEMBER(NX_SECURE_TLS_HELLO_EXTENSION, USHORT, nx_secure_tls_extension_data_length);
MEMBER(NX_SECURE_TLS_HELLO_EXTENSION, const UCHAR *, nx_secure_tls_extension_data);

MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_certificate_is_identity_cert);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_version);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_cert_identifier);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_serial_number);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_serial_number_length);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_validity_format);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_not_before);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_not_before_length);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_not_after);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_not_after_length);
MEMBER(NX_SECURE_X509_CERT, UCHAR *, nx_secure_x509_certificate_raw_data);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_certificate_raw_buffer_size);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_certificate_raw_data_length);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_certificate_data);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_certificate_data_length);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_signature_algorithm);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_signature_data);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_signature_data_length);
MEMBER(NX_SECURE_X509_CERT, NX_SECURE_X509_DISTINGUISHED_NAME, nx_secure_x509_issuer);
MEMBER(NX_SECURE_X509_CERT, NX_SECURE_X509_DISTINGUISHED_NAME, nx_secure_x509_distinguished_name);
MEMBER(NX_SECURE_X509_CERT, NX_SECURE_X509_CERT *, nx_secure_x509_next_certificate);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_public_algorithm);
MEMBER(NX_SECURE_X509_CERT, NX_SECURE_RSA_PUBLIC_KEY, nx_secure_x509_public_key.rsa_public_key);
MEMBER(NX_SECURE_X509_CERT, NX_SECURE_EC_PUBLIC_KEY, nx_secure_x509_public_key.ec_public_key);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_private_key_type);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_issuer_identifier);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_issuer_identifier_length);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_subject_identifier);
MEMBER(NX_SECURE_X509_CERT, USHORT, nx_secure_x509_subject_identifier_length);
MEMBER(NX_SECURE_X509_CERT, const UCHAR *, nx_secure_x509_extensions_data);
MEMBER(NX_SECURE_X509_CERT, ULONG, nx_secure_x509_extensions_data_length);
MEMBER(NX_SECURE_X509_CERT, UINT, nx_secure_x509_user_allocated_cert);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_country);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_country_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_organization);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_organization_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_org_unit);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_org_unit_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_distinguished_name_qualifier);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_distinguished_name_qualifier_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_state);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_state_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_common_name);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_common_name_length);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, const UCHAR *, nx_secure_x509_serial_number);
MEMBER(NX_SECURE_X509_DISTINGUISHED_NAME, USHORT, nx_secure_x509_serial_number_length);
MEMBER(NX_SECURE_TLS_SESSION, USHORT, nx_secure_tls_protocol_version);
MEMBER(NX_SECURE_TLS_SESSION, USHORT, nx_secure_tls_supported_versions);
MEMBER(NX_SECURE_TLS_SESSION, const NX_SECURE_TLS_CIPHERSUITE_INFO *, nx_secure_tls_session_ciphersuite);
MEMBER(NX_SECURE_TLS_SESSION, NX_SECURE_TLS_SERVER_STATE, nx_secure_tls_server_state);
MEMBER(NX_SECURE_TLS_SESSION, NX_SECURE_TLS_CLIENT_STATE, nx_secure_tls_client_state);
MEMBER(NX_SECURE_TLS_SESSION, USHORT, nx_secure_tls_received_remote_credentials);
MEMBER(NX_SECURE_TLS_SESSION, NX_SECURE_TLS_CREDENTIALS, nx_secure_tls_credentials);
MEMBER(NX_SECURE_TLS_SESSION, UINT, nx_secure_tls_credentials.nx_secure_tls_remote_psk_id_size);
MEMBER(NX_SECURE_TLS_SESSION, UINT, nx_secure_tls_credentials.nx_secure_tls_psk_count);
MEMBER(NX_SECURE_TLS_SESSION, const USHORT *, nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups);
MEMBER(NX_SECURE_TLS_SESSION, USHORT, nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups_count);
MEMBER(NX_SECURE_TLS_SESSION, UINT, nx_secure_tls_received_alert_level);
MEMBER(NX_SECURE_TLS_SESSION, UINT, nx_secure_tls_received_alert_value);
MEMBER(NX_SECURE_TLS_SESSION, UCHAR, nx_secure_tls_local_session_active);
MEMBER(NX_SECURE_TLS_SESSION, UCHAR, nx_secure_tls_remote_session_active);
MEMBER(NX_SECURE_TLS_SESSION, facts_number, nx_secure_tls_local_sequence_number);
MEMBER(NX_SECURE_TLS_SESSION, facts_number, nx_secure_tls_remote_sequence_number);

/* A session pointer is also one to its TLS session. */
FACT(offsetof(NX_SECURE_DTLS_SESSION, nx_secure_dtls_tls_session) == 0);
MEMBER(NX_SECURE_DTLS_SESSION, NX_SECURE_TLS_SESSION, nx_secure_dtls_tls_session);
MEMBER(NX_SECURE_DTLS_SESSION, NX_UDP_SOCKET *, nx_secure_dtls_udp_socket);
MEMBER(NX_SECURE_DTLS_SESSION, UINT, nx_secure_dtls_local_ip_address_index);
MEMBER(NX_SECURE_DTLS_SESSION, UINT, nx_secure_dtls_local_port);
MEMBER(NX_SECURE_DTLS_SESSION, NXD_ADDRESS, nx_secure_dtls_remote_ip_address);
MEMBER(NX_SECURE_DTLS_SESSION, UINT, nx_secure_dtls_remote_port);
MEMBER(NX_SECURE_DTLS_SESSION, UINT, nx_secure_dtls_session_in_use);
MEMBER(NX_SECURE_DTLS_SESSION, struct NX_SECURE_DTLS_SERVER_STRUCT *, nx_secure_dtls_server_parent);
MEMBER(NX_SECURE_DTLS_SESSION, NX_PACKET *, nx_secure_dtls_receive_queue_head);
MEMBER(NX_SECURE_DTLS_SESSION, TX_THREAD *, nx_secure_dtls_thread_suspended);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_udp_socket, nx_secure_dtls_local_port);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_local_port, nx_secure_dtls_remote_ip_address);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_remote_ip_address, nx_secure_dtls_remote_port);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_remote_port, nx_secure_dtls_session_in_use);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_session_in_use, nx_secure_dtls_server_parent);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_server_parent, nx_secure_dtls_receive_queue_head);
BEFORE(NX_SECURE_DTLS_SESSION, nx_secure_dtls_receive_queue_head, nx_secure_dtls_thread_suspended);

MEMBER(NX_SECURE_DTLS_SERVER, NX_IP *, nx_dtls_server_ip_ptr);
MEMBER(NX_SECURE_DTLS_SERVER, NX_UDP_SOCKET, nx_dtls_server_udp_socket);
MEMBER(NX_SECURE_DTLS_SERVER, NX_SECURE_DTLS_SESSION *, nx_dtls_server_sessions);
MEMBER(NX_SECURE_DTLS_SERVER, UINT, nx_dtls_server_sessions_count);
MEMBER(NX_SECURE_DTLS_SERVER, UINT, nx_dtls_server_listen_port);
MEMBER(NX_SECURE_DTLS_SERVER, ULONG, nx_dtls_server_timeout);
MEMBER(NX_SECURE_DTLS_SERVER, facts_connect, nx_dtls_server_connect_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_notify, nx_dtls_server_receive_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_notify, nx_dtls_server_disconnect_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_error, nx_dtls_server_error_notify);
MEMBER(NX_SECURE_DTLS_SERVER, USHORT, nx_dtls_server_protocol_version_override);
MEMBER(NX_SECURE_DTLS_SERVER, VOID *, nx_dtls_server_reserved_ptr);
FACT(offsetof(NX_SECURE_DTLS_SERVER, nx_dtls_server_ip_ptr) == 0);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_ip_ptr, nx_dtls_server_udp_socket);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_udp_socket, nx_dtls_server_sessions);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_sessions, nx_dtls_server_sessions_count);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_sessions_count, nx_dtls_server_listen_port);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_listen_port, nx_dtls_server_timeout);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_timeout, nx_dtls_server_connect_notify);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_connect_notify, nx_dtls_server_receive_notify);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_receive_notify, nx_dtls_server_disconnect_notify);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_disconnect_notify, nx_dtls_server_error_notify);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_error_notify, nx_dtls_server_protocol_version_override);
BEFORE(NX_SECURE_DTLS_SERVER, nx_dtls_server_protocol_version_override, nx_dtls_server_reserved_ptr);

MEMBER(NXD_ADDRESS, ULONG, nxd_ip_version);
MEMBER(NXD_ADDRESS, ULONG, nxd_ip_address.v4);
MEMBER(NXD_ADDRESS, facts_words, nxd_ip_address.v6);
FACT(sizeof(NXD_ADDRESS) == 20 && offsetof(NXD_ADDRESS, nxd_ip_version) == 0);

MEMBER(NX_PACKET, NX_PACKET_POOL *, nx_packet_pool_owner);
MEMBER(NX_PACKET, NX_PACKET *, nx_packet_next);
MEMBER(NX_PACKET, UCHAR *, nx_packet_prepend_ptr);
MEMBER(NX_PACKET, UCHAR *, nx_packet_append_ptr);
MEMBER(NX_PACKET, UCHAR *, nx_packet_data_start);
MEMBER(NX_PACKET, UCHAR *, nx_packet_data_end);
MEMBER(NX_PACKET, NX_PACKET *, nx_packet_last);
MEMBER(NX_PACKET, NX_PACKET *, nx_packet_queue_next);
MEMBER(NX_PACKET, NX_PACKET *, nx_packet_union_next.nx_packet_tcp_queue_next);
MEMBER(NX_PACKET, ULONG, nx_packet_length);
MEMBER(NX_PACKET, ULONG, nx_packet_reassembly_time);
MEMBER(NX_PACKET, UCHAR, nx_packet_ip_version);
MEMBER(NX_PACKET, UCHAR, nx_packet_identical_copy);
MEMBER(NX_PACKET, USHORT, nx_packet_ip_header_length);
MEMBER(NX_PACKET, ULONG, nx_packet_reserved);
MEMBER(NX_PACKET, NX_INTERFACE *, nx_packet_address.nx_packet_interface_ptr);
MEMBER(NX_PACKET, NXD_IPV6_ADDRESS *, nx_packet_address.nx_packet_ipv6_address_ptr);
MEMBER(NX_PACKET, UCHAR *, nx_packet_ip_header);
FACT(offsetof(NX_PACKET, nx_packet_pool_owner) == 0);
BEFORE(NX_PACKET, nx_packet_pool_owner, nx_packet_next);
BEFORE(NX_PACKET, nx_packet_next, nx_packet_prepend_ptr);
BEFORE(NX_PACKET, nx_packet_prepend_ptr, nx_packet_append_ptr);
BEFORE(NX_PACKET, nx_packet_append_ptr, nx_packet_data_start);
BEFORE(NX_PACKET, nx_packet_data_start, nx_packet_data_end);
BEFORE(NX_PACKET, nx_packet_data_end, nx_packet_last);
BEFORE(NX_PACKET, nx_packet_last, nx_packet_queue_next);
BEFORE(NX_PACKET, nx_packet_queue_next, nx_packet_union_next);
BEFORE(NX_PACKET, nx_packet_union_next, nx_packet_length);
BEFORE(NX_PACKET, nx_packet_length, nx_packet_reassembly_time);
BEFORE(NX_PACKET, nx_packet_reassembly_time, nx_packet_ip_version);
BEFORE(NX_PACKET, nx_packet_ip_version, nx_packet_identical_copy);
BEFORE(NX_PACKET, nx_packet_identical_copy, nx_packet_ip_header_length);
BEFORE(NX_PACKET, nx_packet_ip_header_length, nx_packet_reserved);
BEFORE(NX_PACKET, nx_packet_reserved, nx_packet_address);
BEFORE(NX_PACKET, nx_packet_address, nx_packet_ip_header);

MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_id);
MEMBER(NX_PACKET_POOL, CHAR *, nx_packet_pool_name);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_available);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_total);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_empty_requests);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_empty_suspensions);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_invalid_releases);
MEMBER(NX_PACKET_POOL, NX_PACKET *, nx_packet_pool_available_list);
MEMBER(NX_PACKET_POOL, CHAR *, nx_packet_pool_start);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_size);
MEMBER(NX_PACKET_POOL, ULONG, nx_packet_pool_payload_size);
MEMBER(NX_PACKET_POOL, TX_THREAD *, nx_packet_pool_suspension_list);
FACT(offsetof(NX_PACKET_POOL, nx_packet_pool_id) == 0);
BEFORE(NX_PACKET_POOL, nx_packet_pool_id, nx_packet_pool_name);
BEFORE(NX_PACKET_POOL, nx_packet_pool_name, nx_packet_pool_available);
BEFORE(NX_PACKET_POOL, nx_packet_pool_available, nx_packet_pool_total);
BEFORE(NX_PACKET_POOL, nx_packet_pool_total, nx_packet_pool_empty_requests);
BEFORE(NX_PACKET_POOL, nx_packet_pool_empty_requests, nx_packet_pool_empty_suspensions);
BEFORE(NX_PACKET_POOL, nx_packet_pool_empty_suspensions, nx_packet_pool_invalid_releases);
BEFORE(NX_PACKET_POOL, nx_packet_pool_invalid_releases, nx_packet_pool_available_list);
BEFORE(NX_PACKET_POOL, nx_packet_pool_available_list, nx_packet_pool_start);
BEFORE(NX_PACKET_POOL, nx_packet_pool_start, nx_packet_pool_size);
BEFORE(NX_PACKET_POOL, nx_packet_pool_size, nx_packet_pool_payload_size);
BEFORE(NX_PACKET_POOL, nx_packet_pool_payload_size, nx_packet_pool_suspension_list);

MEMBER(NX_UDP_SOCKET, VOID *, nx_udp_socket_reserved_ptr);
MEMBER(NX_UDP_HEADER, ULONG, nx_udp_header_word_0);
MEMBER(NX_UDP_HEADER, ULONG, nx_udp_header_word_1);
MEMBER(NX_ICMP_HEADER, ULONG, nx_icmp_header_word_0);
MEMBER(NX_ICMP_HEADER, ULONG, nx_icmp_header_word_1);
MEMBER(NX_ICMPV4_ECHO, UCHAR, nx_icmpv4_echo_header.nx_icmpv4_header_type);
MEMBER(NX_ICMPV4_ECHO, USHORT, nx_icmpv4_echo_identifier);
MEMBER(NX_ICMPV6_ECHO, USHORT, nx_icmpv6_echo_header.nx_icmpv6_header_checksum);
MEMBER(NX_ICMPV6_ECHO, USHORT, nx_icmpv6_echo_sequence_num);
FACT(sizeof(NX_UDP_HEADER) == 8 && sizeof(NX_ICMPV4_ECHO) == 8 && sizeof(NX_ICMPV6_ECHO) == 8);
MEMBER(NX_PACKET, NX_INTERFACE *, nx_packet_ip_interface);
MEMBER(NX_IP, ULONG, nx_ip_address);
MEMBER(NX_IP, ULONG, nx_ip_network_mask);
MEMBER(NX_IP, ULONG, nx_ip_network);
MEMBER(NX_IP, ULONG, nx_ip_driver_mtu);
MEMBER(NX_IP, UCHAR, nx_ip_driver_link_up);
MEMBER(NX_IP, UCHAR, nx_ip_driver_mapping_needed);
MEMBER(NX_IP, ULONG, nx_ip_arp_physical_address_msw);
MEMBER(NX_IP, ULONG, nx_ip_arp_physical_address_lsw);
MEMBER(NX_IP, VOID *, nx_ip_additional_link_info);
FACT(sizeof(((NX_IP *)0)->nx_ipv6_address) == 4 * sizeof(NXD_IPV6_ADDRESS));
FACT(sizeof(NX_SECURE_TLS_STATE) == 2 && sizeof(NX_SECURE_TLS_SERVER_STATE) == 2 && sizeof(NX_SECURE_TLS_CLIENT_STATE) == 2);
MEMBER(NX_SECURE_DTLS_SERVER, facts_connect, nx_secure_dtls_connect_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_notify, nx_secure_dtls_receive_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_notify, nx_secure_dtls_disconnect_notify);
MEMBER(NX_SECURE_DTLS_SERVER, facts_error, nx_secure_dtls_error_notify);
MEMBER(NX_IP, facts_udp_receive, nx_ip_udp_packet_receive);
MEMBER(NX_IP, ULONG, nx_ip_interface[0].nx_interface_ip_address);

/* Initialisers, in order: a member in another place does not convert. */
static UINT facts_method_init(struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key, NX_CRYPTO_KEY_SIZE bits, VOID **handler,
                              VOID *metadata, ULONG metadata_size)
{
    (void)method, (void)key, (void)bits, (void)handler, (void)metadata, (void)metadata_size;
    return NX_CRYPTO_SUCCESS;
}
static UINT facts_method_cleanup(VOID *metadata)
{
    (void)metadata;
    return NX_CRYPTO_SUCCESS;
}
static UINT facts_method_operation(UINT op, VOID *handler, struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key, NX_CRYPTO_KEY_SIZE bits,
                                   UCHAR *in, ULONG in_len, UCHAR *iv, UCHAR *out, ULONG out_len, VOID *metadata, ULONG metadata_size,
                                   VOID *packet, VOID (*callback)(VOID *, UINT))
{
    (void)op, (void)handler, (void)method, (void)key, (void)bits, (void)in, (void)in_len, (void)iv, (void)out, (void)out_len;
    (void)metadata, (void)metadata_size, (void)packet, (void)callback;
    return NX_CRYPTO_SUCCESS;
}
static NX_CRYPTO_METHOD facts_one = {NX_CRYPTO_ENCRYPTION_AES_CBC, 256, 128, 64, 16, 608,
                                     facts_method_init, facts_method_cleanup, facts_method_operation};
static NX_SECURE_TLS_CIPHERSUITE_INFO facts_suites[] = {
    {0xC0A8, &crypto_method_null, &crypto_method_auth_psk, &facts_one, 4, 17, &crypto_method_hmac_sha256, 33, &crypto_method_tls_prf_sha256}};
static NX_SECURE_X509_CRYPTO facts_x509[] = {{NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &crypto_method_ecdsa, &crypto_method_sha256}};
static const NX_SECURE_TLS_CRYPTO facts_table = {facts_suites, 1, facts_x509, 2, &crypto_method_sha256, &crypto_method_tls_prf_sha256};
static const UCHAR facts_data[] = {0xd1, 0xd2};
static const NX_SECURE_TLS_HELLO_EXTENSION facts_extension = {0x1a2b, sizeof facts_data, facts_data};
