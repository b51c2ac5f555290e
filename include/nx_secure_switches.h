/* SPDX-License-Identifier: MIT */
/* nx_secure_switches.h: what is built of NetX Secure, and how large.
 *
 * Library and application must agree: give the definitions to the library's
 * build (NXDTLS_SWITCHES in CMake), and its package hands them on.  What a
 * switch does: docs/porting.md. */

#ifndef NX_SECURE_SWITCHES_H
#define NX_SECURE_SWITCHES_H

#include "nx_port.h"

/* What NetX must be told to turn on is on. */
#ifndef NX_SECURE_ENABLE_DTLS
#define NX_SECURE_ENABLE_DTLS
#endif
#ifndef NX_SECURE_TLS_TLS_1_2_ENABLED
#define NX_SECURE_TLS_TLS_1_2_ENABLED 1
#endif

#undef NX_SECURE_ENABLE_PSK_CIPHERSUITES
#ifndef NX_SECURE_DISABLE_PSK_CIPHERSUITES
#define NX_SECURE_ENABLE_PSK_CIPHERSUITES
#endif

#undef NX_SECURE_ENABLE_ECC_CIPHERSUITE
#ifndef NX_SECURE_DISABLE_ECC_CIPHERSUITE
#define NX_SECURE_ENABLE_ECC_CIPHERSUITE
#endif

#undef NX_SECURE_ENABLE_AEAD_CIPHER
#ifndef NX_SECURE_DISABLE_AEAD_CIPHER
#define NX_SECURE_ENABLE_AEAD_CIPHER
#endif

#undef NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY
#if !defined(NX_SECURE_DISABLE_X509) && !defined(NX_SECURE_TLS_SERVER_DISABLED)
#define NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY
#endif

/* What cannot be. */
#ifdef NX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE
#error "nxdtls has no EC-JPAKE: leave NX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE out"
#endif
#ifdef NX_SECURE_CUSTOM_SECRET_GENERATION
#error "nxdtls makes its secrets itself: no NX_SECURE_CUSTOM_SECRET_GENERATION"
#endif
#if defined(NX_SECURE_DISABLE_X509) &&                                        \
    defined(NX_SECURE_DISABLE_PSK_CIPHERSUITES)
#error "neither certificates nor pre-shared keys: nobody could connect"
#endif
#if defined(NX_SECURE_TLS_CLIENT_DISABLED) &&                                 \
    defined(NX_SECURE_TLS_SERVER_DISABLED)
#error "neither clients nor servers: nobody could connect"
#endif

#endif
