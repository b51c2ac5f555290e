/* SPDX-License-Identifier: MIT */
/* A gateway: no client, no pre-shared keys, IPv6 alone, short cookies. */
#ifndef NX_USER_H
#define NX_USER_H

#define NX_SECURE_TLS_CLIENT_DISABLED
#define NX_SECURE_DISABLE_PSK_CIPHERSUITES
#define NX_DISABLE_IPV4
#define NX_SECURE_DTLS_COOKIE_LENGTH 16

#endif
