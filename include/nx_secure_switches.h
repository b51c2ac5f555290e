/* SPDX-License-Identifier: MIT */
/* nx_secure_switches.h: the parts of NetX Secure that are built.
 *
 * The library and the application must be built with the same switches.  Give
 * them to the build of the library (NXDTLS_SWITCHES in CMake); its package
 * hands them on.  docs/porting.md tells the effect of each switch. */

#ifndef NX_SECURE_SWITCHES_H
#define NX_SECURE_SWITCHES_H

#include "nx_port.h"

#ifdef NX_SECURE_INCLUDE_USER_DEFINE_FILE
#include "nx_secure_user.h"
#endif

/* Features that are off in NetX unless they are turned on are on here. */
#ifndef NX_SECURE_ENABLE_DTLS
#define NX_SECURE_ENABLE_DTLS
#endif
#ifndef NX_SECURE_TLS_TLS_1_2_ENABLED
#define NX_SECURE_TLS_TLS_1_2_ENABLED 1
#endif

/* Other versions are 0 in every `#if` unless their switch asks for their
 * members of NX_SECURE_TLS_CRYPTO. */
#define NX_SECURE_TLS_SSL_3_0_ENABLED 0
#ifdef NX_SECURE_TLS_ENABLE_TLS_1_0
#define NX_SECURE_TLS_TLS_1_0_ENABLED 1
#else
#define NX_SECURE_TLS_TLS_1_0_ENABLED 0
#endif
#ifdef NX_SECURE_TLS_ENABLE_TLS_1_1
#define NX_SECURE_TLS_TLS_1_1_ENABLED 1
#else
#define NX_SECURE_TLS_TLS_1_1_ENABLED 0
#endif
#ifdef NX_SECURE_TLS_ENABLE_TLS_1_3
#define NX_SECURE_TLS_TLS_1_3_ENABLED 1
#else
#define NX_SECURE_TLS_TLS_1_3_ENABLED 0
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

/* Switches that nxdtls does not support, and combinations that leave no usable
 * suite. */
#if defined(NX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE) &&                          \
    (defined(NX_SECURE_DISABLE_PSK_CIPHERSUITES) ||                           \
     defined(NX_SECURE_DISABLE_ECC_CIPHERSUITE) ||                            \
     defined(NX_SECURE_DISABLE_AEAD_CIPHER))
#error "EC-JPAKE needs pre-shared keys, curves and AEAD ciphers"
#endif
#ifdef NX_SECURE_CUSTOM_SECRET_GENERATION
#error "nxdtls makes its secrets itself: NX_SECURE_CUSTOM_SECRET_GENERATION"
#endif
#if defined(NX_SECURE_DISABLE_X509) &&                                        \
    defined(NX_SECURE_DISABLE_PSK_CIPHERSUITES)
#error "neither certificates nor pre-shared keys: no suite is left"
#endif
#if defined(NX_SECURE_TLS_CLIENT_DISABLED) &&                                 \
    defined(NX_SECURE_TLS_SERVER_DISABLED)
#error "neither clients nor servers: no session could be started"
#endif

#endif
