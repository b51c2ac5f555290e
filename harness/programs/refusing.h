/* SPDX-License-Identifier: MIT */
/* Services and memory that are refused to the programs, at one place of their
 * code.
 *
 * A build of src/programs that includes this file before each source asks, at
 * each place that calls one of these functions, which function to call. */
#ifndef PROGRAMS_REFUSING_H
#define PROGRAMS_REFUSING_H

#include "nx_secure_dtls.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include <stdlib.h>

typedef void refusable(void);

/* refusing_service returns `service`, or at the place that is refused a
 * function that returns REFUSED; refusing_memory one that returns NULL. */
#define REFUSED NX_NOT_SUCCESSFUL
refusable *refusing_service(const char *file, int line, const char *name,
                            refusable *service);
refusable *refusing_memory(const char *file, int line, const char *name,
                           refusable *allocator);

#ifdef PROGRAMS_REFUSING

/* The type of the function does not tell that it is another one: what that
 * returns is where a caller looks for it, and it reads no argument. */
#define REFUSABLE(name)                                                       \
    ((__typeof__(&(name)))refusing_service(__FILE__, __LINE__, #name,         \
                                           (refusable *)&(name)))
#define REFUSABLE_MEMORY(name)                                                \
    ((__typeof__(&(name)))refusing_memory(__FILE__, __LINE__, #name,          \
                                          (refusable *)&(name)))

#define malloc REFUSABLE_MEMORY(malloc)
#define calloc REFUSABLE_MEMORY(calloc)
#define realloc REFUSABLE_MEMORY(realloc)

#define _nxe_packet_pool_create REFUSABLE(_nxe_packet_pool_create)
#define _nxe_ip_create REFUSABLE(_nxe_ip_create)
#define _nxe_udp_enable REFUSABLE(_nxe_udp_enable)
#define _nxde_ipv6_enable REFUSABLE(_nxde_ipv6_enable)
#define _nxde_ipv6_address_set REFUSABLE(_nxde_ipv6_address_set)
#define _nxe_secure_tls_metadata_size_calculate                               \
    REFUSABLE(_nxe_secure_tls_metadata_size_calculate)
#define _nxe_secure_tls_session_time_function_set                             \
    REFUSABLE(_nxe_secure_tls_session_time_function_set)
#define _nxe_secure_tls_session_certificate_callback_set                      \
    REFUSABLE(_nxe_secure_tls_session_certificate_callback_set)
#define _nxe_secure_x509_certificate_initialize                               \
    REFUSABLE(_nxe_secure_x509_certificate_initialize)
#define _txe_queue_create REFUSABLE(_txe_queue_create)
#define _nxe_secure_dtls_server_create                                        \
    REFUSABLE(_nxe_secure_dtls_server_create)
#define _nxe_secure_dtls_server_notify_set                                    \
    REFUSABLE(_nxe_secure_dtls_server_notify_set)
#define nxdtls_server_handshake_notify_set                                    \
    REFUSABLE(nxdtls_server_handshake_notify_set)
#define _nxe_secure_dtls_server_ecc_initialize                                \
    REFUSABLE(_nxe_secure_dtls_server_ecc_initialize)
#define nxdtls_server_alpn_set REFUSABLE(nxdtls_server_alpn_set)
#define nxdtls_server_record_size_limit_set                                   \
    REFUSABLE(nxdtls_server_record_size_limit_set)
#define nxdtls_server_name_required_set                                       \
    REFUSABLE(nxdtls_server_name_required_set)
#define nxdtls_server_connection_id_set                                       \
    REFUSABLE(nxdtls_server_connection_id_set)
#define nxdtls_server_padding_set REFUSABLE(nxdtls_server_padding_set)
#define nxdtls_server_moved_notify_set                                        \
    REFUSABLE(nxdtls_server_moved_notify_set)
#define _nxe_secure_dtls_server_psk_add                                       \
    REFUSABLE(_nxe_secure_dtls_server_psk_add)
#define nxdtls_server_psk_lookup_set REFUSABLE(nxdtls_server_psk_lookup_set)
#define nxdtls_server_password_set REFUSABLE(nxdtls_server_password_set)
#define _nxe_secure_dtls_server_local_certificate_add                         \
    REFUSABLE(_nxe_secure_dtls_server_local_certificate_add)
#define _nxe_secure_dtls_server_trusted_certificate_add                       \
    REFUSABLE(_nxe_secure_dtls_server_trusted_certificate_add)
#define _nxe_secure_dtls_server_x509_client_verify_configure                  \
    REFUSABLE(_nxe_secure_dtls_server_x509_client_verify_configure)
#define nxdtls_server_fingerprints_set                                        \
    REFUSABLE(nxdtls_server_fingerprints_set)
#define nxdtls_server_raw_keys_set REFUSABLE(nxdtls_server_raw_keys_set)
#define nxdtls_server_mtu_set REFUSABLE(nxdtls_server_mtu_set)
#define nxdtls_server_timeout_kept_set                                        \
    REFUSABLE(nxdtls_server_timeout_kept_set)
#define nxdtls_server_handshake_limit_set                                     \
    REFUSABLE(nxdtls_server_handshake_limit_set)
#define nxdtls_server_retransmission_set                                      \
    REFUSABLE(nxdtls_server_retransmission_set)
#define nxdtls_server_idle_limit_set REFUSABLE(nxdtls_server_idle_limit_set)
#define nxdtls_server_life_limit_set REFUSABLE(nxdtls_server_life_limit_set)
#define nxdtls_server_keepalive_set REFUSABLE(nxdtls_server_keepalive_set)
#define nxdtls_server_resumption_set REFUSABLE(nxdtls_server_resumption_set)
#define nxdtls_server_tickets_set REFUSABLE(nxdtls_server_tickets_set)
#define nxdtls_server_renegotiation_set                                       \
    REFUSABLE(nxdtls_server_renegotiation_set)
#define _nxe_secure_dtls_server_start REFUSABLE(_nxe_secure_dtls_server_start)
#define _nxe_udp_socket_create REFUSABLE(_nxe_udp_socket_create)
#define _nxe_udp_socket_bind REFUSABLE(_nxe_udp_socket_bind)
#define nxdtls_port_udp_unreachable_notify                                    \
    REFUSABLE(nxdtls_port_udp_unreachable_notify)
#define _nxe_secure_dtls_session_create                                       \
    REFUSABLE(_nxe_secure_dtls_session_create)
#define _nxe_secure_dtls_ecc_initialize                                       \
    REFUSABLE(_nxe_secure_dtls_ecc_initialize)
#define nxdtls_session_mtu_set REFUSABLE(nxdtls_session_mtu_set)
#define nxdtls_session_renegotiation_set                                      \
    REFUSABLE(nxdtls_session_renegotiation_set)
#define nxdtls_session_old_cookie_set REFUSABLE(nxdtls_session_old_cookie_set)
#define nxdtls_session_resumption_set REFUSABLE(nxdtls_session_resumption_set)
#define nxdtls_session_timeout_kept_set                                       \
    REFUSABLE(nxdtls_session_timeout_kept_set)
#define nxdtls_session_retransmission_set                                     \
    REFUSABLE(nxdtls_session_retransmission_set)
#define nxdtls_session_idle_limit_set REFUSABLE(nxdtls_session_idle_limit_set)
#define nxdtls_session_life_limit_set REFUSABLE(nxdtls_session_life_limit_set)
#define nxdtls_session_keepalive_set REFUSABLE(nxdtls_session_keepalive_set)
#define nxdtls_session_path_search_set                                        \
    REFUSABLE(nxdtls_session_path_search_set)
#define nxdtls_session_alpn_set REFUSABLE(nxdtls_session_alpn_set)
#define nxdtls_session_max_fragment_length_set                                \
    REFUSABLE(nxdtls_session_max_fragment_length_set)
#define nxdtls_session_record_size_limit_set                                  \
    REFUSABLE(nxdtls_session_record_size_limit_set)
#define nxdtls_session_connection_id_set                                      \
    REFUSABLE(nxdtls_session_connection_id_set)
#define nxdtls_session_padding_set REFUSABLE(nxdtls_session_padding_set)
#define _nxe_secure_dtls_psk_add REFUSABLE(_nxe_secure_dtls_psk_add)
#define nxdtls_session_password_set REFUSABLE(nxdtls_session_password_set)
#define _nxe_secure_dtls_session_local_certificate_add                        \
    REFUSABLE(_nxe_secure_dtls_session_local_certificate_add)
#define _nxe_secure_dtls_session_trusted_certificate_add                      \
    REFUSABLE(_nxe_secure_dtls_session_trusted_certificate_add)
#define nxdtls_session_fingerprints_set                                       \
    REFUSABLE(nxdtls_session_fingerprints_set)
#define nxdtls_session_raw_keys_set REFUSABLE(nxdtls_session_raw_keys_set)
#define _nxe_secure_x509_dns_name_initialize                                  \
    REFUSABLE(_nxe_secure_x509_dns_name_initialize)
#define _nxe_secure_tls_session_sni_extension_set                             \
    REFUSABLE(_nxe_secure_tls_session_sni_extension_set)
#define _nxe_secure_dtls_client_session_start                                 \
    REFUSABLE(_nxe_secure_dtls_client_session_start)

#endif

#endif
