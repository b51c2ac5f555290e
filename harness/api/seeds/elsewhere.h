/* SPDX-License-Identifier: MIT */
/* elsewhere.h: what the documents' examples take from the application around
 * them.  It is included before each example (docs/seed-errata.md); an example
 * that defines one of these things itself has its own.
 *
 * The seed_* functions are what stands where an example has an ellipsis. */

#ifndef NXDTLS_SEEDS_ELSEWHERE_H
#define NXDTLS_SEEDS_ELSEWHERE_H

#include <stdio.h>

#include "nx_secure_dtls_api.h"
#include "seed_der.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define LOCAL_SERVER_PORT 4443

/* Of client and server. */
extern NX_SECURE_X509_CERT certificate;

/* Of a client. */
#define SEED_CERTIFICATES 3
extern NX_UDP_SOCKET udp_socket;
extern NX_SECURE_DTLS_SESSION client_dtls_session;
extern NX_SECURE_X509_CERT trusted_certificate;
#ifdef SEED_IDENTITY_CLIENT
#define REMOTE_CERT_NUMBER SEED_CERTIFICATES
extern UCHAR trusted_cert_der[];
extern USHORT trusted_cert_der_len;
extern UCHAR crypto_metadata[9000];
extern UCHAR packet_buffer[4000];
extern UCHAR remote_certs_buffer[(sizeof(NX_SECURE_X509_CERT) + 2000) *
                                 SEED_CERTIFICATES];
#endif

/* Of a server with three sessions. */
#define tls_crypto_table nx_crypto_tls_ciphers
extern NX_IP ip_instance;
extern NX_PACKET_POOL packet_pool;
extern NX_SECURE_DTLS_SERVER dtls_server;
extern UINT connect_flag;
extern NX_SECURE_DTLS_SESSION *new_dtls_session;
extern UCHAR device_cert_der[];
extern USHORT device_cert_der_len;
extern UCHAR device_cert_key_der[];
extern USHORT device_cert_key_der_len;
UINT dtls_server_connect_notify(NX_SECURE_DTLS_SESSION *dtls_session,
                                NXD_ADDRESS *ip_address, UINT port);
UINT dtls_server_receive_notify(NX_SECURE_DTLS_SESSION *dtls_session);
#ifdef SEED_SERVER
extern UCHAR dtls_server_session_buffer[sizeof(NX_SECURE_DTLS_SESSION) * 3];
extern UCHAR crypto_metadata_buffer[9000 * 3];
extern UCHAR packet_buffer[4000 * 3];
#endif

/* Of the fragments, which are statements: they stand in a function. */
extern NX_PACKET_POOL pool_0;
extern NX_SECURE_DTLS_SESSION dtls_session;

/* seed_request makes a packet with a request. */
NX_PACKET *seed_request(NX_SECURE_DTLS_SESSION *session);
/* seed_check_answer, seed_check_request read and release a packet. */
VOID seed_check_answer(NX_PACKET *packet);
VOID seed_check_request(NX_PACKET *packet);
/* seed_append_answer puts the answer into a packet. */
VOID seed_append_answer(NX_PACKET *packet);
/* seed_converse sends a request, gets the answer and ends the session. */
VOID seed_converse(NX_SECURE_DTLS_SESSION *session);
/* seed_add_identity gives the server a certificate. */
VOID seed_add_identity(NX_SECURE_DTLS_SERVER *server);
/* seed_serve serves so many clients, one after the other. */
VOID seed_serve(UINT clients);
/* Set when a server's loop is to end. */
extern UINT seed_done;

#endif
