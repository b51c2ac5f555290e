/* SPDX-License-Identifier: MIT */
/* nx_port.h: the constants of the NetX Duo API on a POSIX host. */

#ifndef NX_PORT_H
#define NX_PORT_H

#ifdef NX_INCLUDE_USER_DEFINE_FILE
#include "nx_user.h"
#endif

#include "tx_api.h"

#ifndef NX_IP_PERIODIC_RATE
#define NX_IP_PERIODIC_RATE TX_TIMER_TICKS_PER_SECOND
#endif
#ifndef NX_MAX_PHYSICAL_INTERFACES
#define NX_MAX_PHYSICAL_INTERFACES 1
#endif
#define NX_MAX_IP_INTERFACES (NX_MAX_PHYSICAL_INTERFACES + 1)
#ifndef NX_MAX_IPV6_ADDRESSES
#define NX_MAX_IPV6_ADDRESSES (NX_MAX_PHYSICAL_INTERFACES * 3)
#endif
#define NX_PACKET_ALIGNMENT ((ULONG)sizeof(ALIGN_TYPE))
#define NX_PHYSICAL_HEADER 16
#define NX_PHYSICAL_TRAILER 4

#define NX_IP_PERIODIC_PRIORITY 0

#undef FEATURE_NX_IPV6
#ifndef NX_DISABLE_IPV6
#define FEATURE_NX_IPV6
#endif
#if defined(NX_DISABLE_IPV4) && defined(NX_DISABLE_IPV6)
#error "neither IPv4 nor IPv6: no datagram could be sent"
#endif

/* _nxdtls_rand returns a random number, 0 to 2^31 - 1, from the source that
 * sessions use.  The source needs no seed. */
#ifdef __cplusplus
extern "C" int _nxdtls_rand(void);
#else
int _nxdtls_rand(void);
#endif
#ifndef NX_RAND
#define NX_RAND _nxdtls_rand
#define NX_SRAND(seed) ((void)(seed))
#endif
#ifndef NX_CRYPTO_RAND
#define NX_CRYPTO_RAND NX_RAND
#endif

#define NX_CHANGE_ULONG_ENDIAN(a)                                             \
    ((a) = ((ULONG)(a) >> 24) | (((ULONG)(a) >> 8) & 0xFF00u) |               \
           (((ULONG)(a) << 8) & 0xFF0000u) | ((ULONG)(a) << 24))
#define NX_CHANGE_USHORT_ENDIAN(a)                                            \
    ((a) = (USHORT)(((USHORT)(a) >> 8) | (USHORT)((USHORT)(a) << 8)))

#endif
