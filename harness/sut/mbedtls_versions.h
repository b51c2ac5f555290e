/* SPDX-License-Identifier: MIT */
/* Where Mbed TLS 2.28 and 3.6 want the same said otherwise: the driver and the
 * benchmark say it with these functions, named like the library's own. */
#ifndef SUT_MBEDTLS_VERSIONS_H
#define SUT_MBEDTLS_VERSIONS_H

#include <mbedtls/ssl.h>
#include <mbedtls/version.h>

#include <stdint.h>

/* A random source, as Mbed TLS calls it. */
typedef int mbed_random(void *self, unsigned char *out, size_t len);

#if MBEDTLS_VERSION_MAJOR < 3

/* A list of groups ends with MBED_NO_GROUP. */
typedef mbedtls_ecp_group_id mbed_group;
#define MBED_NO_GROUP MBEDTLS_ECP_DP_NONE

static inline mbed_group mbed_group_of(uint16_t group)
{
    return mbedtls_ecp_curve_info_from_tls_id(group)->grp_id;
}

static inline void mbed_conf_groups(mbedtls_ssl_config *c,
                                    const mbed_group *groups)
{
    mbedtls_ssl_conf_curves(c, groups);
}

static inline void mbed_conf_dtls_1_2(mbedtls_ssl_config *c)
{
    mbedtls_ssl_conf_min_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_max_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
}

static inline int mbed_load_key(mbedtls_pk_context *key, const char *path,
                                mbed_random *rng, void *self)
{
    (void)rng;
    (void)self;
    return mbedtls_pk_parse_keyfile(key, path, NULL);
}

#else

typedef uint16_t mbed_group;
#define MBED_NO_GROUP MBEDTLS_SSL_IANA_TLS_GROUP_NONE

static inline mbed_group mbed_group_of(uint16_t group)
{
    return group;
}

static inline void mbed_conf_groups(mbedtls_ssl_config *c,
                                    const mbed_group *groups)
{
    mbedtls_ssl_conf_groups(c, groups);
}

static inline void mbed_conf_dtls_1_2(mbedtls_ssl_config *c)
{
    mbedtls_ssl_conf_min_tls_version(c, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(c, MBEDTLS_SSL_VERSION_TLS1_2);
}

static inline int mbed_load_key(mbedtls_pk_context *key, const char *path,
                                mbed_random *rng, void *self)
{
    return mbedtls_pk_parse_keyfile(key, path, NULL, rng, self);
}

#endif

#endif
