/* SPDX-License-Identifier: MIT */
/* Which libraries this build has (harness/lab/CMakeLists.txt decides). */
#include "lab/peer.h"

#ifdef LAB_HAS_OPENSSL
#define OPENSSL &lab_openssl, NULL
#else
#define OPENSSL                                                               \
    NULL, "this build has no libssl (libssl-dev, NXDTLS_LAB_OPENSSL)"
#endif
#ifdef LAB_HAS_GNUTLS
#define GNUTLS &lab_gnutls, NULL
#else
#define GNUTLS                                                                \
    NULL, "this build has no GnuTLS (libgnutls28-dev, NXDTLS_LAB_GNUTLS)"
#endif
#ifdef LAB_HAS_MBEDTLS
#define MBEDTLS &lab_mbedtls, NULL
#else
#define MBEDTLS                                                               \
    NULL, "this build has no Mbed TLS 2 (libmbedtls-dev, NXDTLS_LAB_MBEDTLS)"
#endif
#ifdef LAB_HAS_WOLFSSL
#define WOLFSSL &lab_wolfssl, NULL
#else
#define WOLFSSL                                                               \
    NULL, "this build has no wolfSSL (libwolfssl-dev, NXDTLS_LAB_WOLFSSL)"
#endif

const struct lab_entry *lab_drivers(size_t *num)
{
    static const struct lab_entry entries[] = {
        {"engine", true, &lab_engine, NULL}, {"netx", true, &lab_netx, NULL},
        {"openssl", false, OPENSSL},         {"gnutls", false, GNUTLS},
        {"mbedtls", false, MBEDTLS},         {"wolfssl", false, WOLFSSL},
    };

    *num = sizeof entries / sizeof *entries;
    return entries;
}
