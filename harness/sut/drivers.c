/* SPDX-License-Identifier: MIT */
/* The drivers, in the order of the matrix (sut/sut.h).
 *
 * CMakeLists.txt defines SUT_HAS_X as 1 or 0: whether this build has what the
 * driver needs. */
#include "sut/sut.h"

extern const struct sut_driver sut_engine;
extern const struct sut_driver sut_netx;
extern const struct sut_driver sut_openssl;
extern const struct sut_driver sut_gnutls;
extern const struct sut_driver sut_mbedtls;
extern const struct sut_driver sut_wolfssl;

/* The end of a row of a foreign library. */
#define IF(has, driver, needs)                                                \
    (has) ? &(driver) : NULL, (has) ? NULL : "this build has no " needs

static const struct sut_entry entries[] = {
    {"engine", true, &sut_engine, NULL},
    {"netx", true, &sut_netx, NULL},
    {"openssl", false,
     IF(SUT_HAS_OPENSSL, sut_openssl,
        "libssl (libssl-dev, NXDTLS_LAB_OPENSSL)")},
    {"gnutls", false,
     IF(SUT_HAS_GNUTLS, sut_gnutls,
        "GnuTLS (libgnutls28-dev, NXDTLS_LAB_GNUTLS)")},
    {"mbedtls", false,
     IF(SUT_HAS_MBEDTLS, sut_mbedtls,
        "Mbed TLS (libmbedtls-dev, NXDTLS_LAB_MBEDTLS)")},
    {"wolfssl", false,
     IF(SUT_HAS_WOLFSSL, sut_wolfssl,
        "wolfSSL (libwolfssl-dev, NXDTLS_LAB_WOLFSSL)")},
};

const struct sut_entry *sut_drivers(size_t *num)
{
    *num = sizeof entries / sizeof *entries;
    return entries;
}
