/* SPDX-License-Identifier: MIT */
/* A client: no server, no CRLs, no curves, no AEAD, IPv4 alone, and a timer
 * that backs off in large steps. */
#ifndef NX_USER_H
#define NX_USER_H

#define NX_SECURE_TLS_SERVER_DISABLED
#define NX_SECURE_X509_DISABLE_CRL
#define NX_SECURE_DISABLE_ECC_CIPHERSUITE
#define NX_SECURE_DISABLE_AEAD_CIPHER
#define NX_DISABLE_IPV6
#define NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT 2
#define NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES 4

#endif
