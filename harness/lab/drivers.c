/* SPDX-License-Identifier: MIT */
/* Which libraries this build has (harness/lab/CMakeLists.txt decides). */
#include "lab/peer.h"

#ifdef LAB_HAS_OPENSSL
#define OPENSSL &lab_openssl, NULL
#else
#define OPENSSL NULL, "libssl was not found when this was built (libssl-dev)"
#endif
#ifdef LAB_HAS_GNUTLS
#define GNUTLS &lab_gnutls, NULL
#else
#define GNUTLS                                                                \
    NULL, "GnuTLS was not found when this was built (libgnutls28-dev)"
#endif
#ifdef LAB_HAS_MBEDTLS
#define MBEDTLS &lab_mbedtls, NULL
#else
#define MBEDTLS                                                               \
    NULL, "Mbed TLS 2 was not found when this was built (libmbedtls-dev)"
#endif
#ifdef LAB_HAS_WOLFSSL
#define WOLFSSL &lab_wolfssl, NULL
#else
#define WOLFSSL                                                               \
    NULL, "wolfSSL was not found when this was built (libwolfssl-dev)"
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
