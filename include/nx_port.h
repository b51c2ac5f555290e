/* SPDX-License-Identifier: MIT */
/* nx_port.h: the constants of the NetX Duo API on a POSIX host. */

#ifndef NX_PORT_H
#define NX_PORT_H

#ifdef NX_INCLUDE_USER_DEFINE_FILE
#include "nx_user.h"
#endif

#include "tx_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
#define NX_MAX_MULTICAST_GROUPS 7
#define NX_LOOPBACK_INTERFACE 1
#define NX_LOOPBACK_IPV6_ENABLED 1
#define NX_LOOPBACK_IPV6_SOURCE_INDEX NX_MAX_IPV6_ADDRESSES
#define NX_PACKET_ALIGNMENT ((ULONG)sizeof(ULONG))
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

#ifndef NX_PARAMETER_NOT_USED
#define NX_PARAMETER_NOT_USED(p) ((void)(p))
#endif

#define NX_LOWER_16_MASK ((ULONG)0xFFFF)
#define NX_SHIFT_BY_16 16
#define NX_CARRY_BIT ((ULONG)0x10000)
#define NX_MAX_STRING_LENGTH 1024
#define NX_FOREVER 1
#define NX_UCHAR_POINTER_ADD(a, b) TX_UCHAR_POINTER_ADD(a, b)

/* NX_LITTLE_ENDIAN is defined if the host is. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NX_LITTLE_ENDIAN 1
#endif

/* Values between the host's order and the network's.  The names of the host's
 * own functions stand for these unless a header of the host came first. */
#ifdef __cplusplus
extern "C" {
#endif
#if !defined(__cplusplus)
#define NXDTLS_NOTHROW
#elif __cplusplus >= 201103L
#define NXDTLS_NOTHROW noexcept
#else
#define NXDTLS_NOTHROW throw()
#endif
static inline ULONG __attribute__((const))
__SWAP32__(ULONG value) NXDTLS_NOTHROW
{
#ifdef NX_LITTLE_ENDIAN
    return value << 24 | (value & 0xFF00u) << 8 | (value >> 8 & 0xFF00u) |
           value >> 24;
#else
    return value;
#endif
}
static inline USHORT __attribute__((const))
__SWAP16__(USHORT value) NXDTLS_NOTHROW
{
#ifdef NX_LITTLE_ENDIAN
    return (USHORT)(value << 8 | value >> 8);
#else
    return value;
#endif
}
#undef NXDTLS_NOTHROW
#ifdef __cplusplus
}
#endif
#ifndef htonl
#define htonl __SWAP32__
#endif
#ifndef ntohl
#define ntohl __SWAP32__
#endif
#ifndef htons
#define htons __SWAP16__
#endif
#ifndef ntohs
#define ntohs __SWAP16__
#endif

/* They change the variable `a` in place. */
#define NX_CHANGE_ULONG_ENDIAN(a) ((a) = __SWAP32__((ULONG)(a)))
#define NX_CHANGE_USHORT_ENDIAN(a) ((a) = __SWAP16__((USHORT)(a)))

/* NX_ASSERT stops its thread for ever if `s` is false. */
#ifdef NX_DISABLE_ASSERT
#define NX_ASSERT(s)
#else
#ifndef NX_ASSERT_FAIL
#define NX_ASSERT_FAIL                                                        \
    for (;;) {                                                                \
        (void)tx_thread_sleep(TX_WAIT_FOREVER);                               \
    }
#endif
#define NX_ASSERT(s)                                                          \
    if (!(s)) {                                                               \
        NX_ASSERT_FAIL                                                        \
    }
#endif

/* A pointer for the entry function of a thread, or for the function of a
 * timer: SET stores it beside the control block `a`, GET reads it in that
 * function into `a`, a pointer to `b`.  If nothing was stored, GET takes `c`,
 * the function's input, as the pointer, as on a device; a host's pointers fit
 * into a ULONG only in a program that is linked with -no-pie. */
#ifdef __cplusplus
extern "C" {
#endif
VOID *_nxdtls_thread_extension(ULONG input);
VOID *_nxdtls_timer_extension(ULONG input);
#ifdef __cplusplus
}
#endif
#define TX_THREAD_EXTENSION_PTR_SET(a, b)                                     \
    (((TX_THREAD *)(a))->tx_thread_extension_ptr = (VOID *)(b))
#define TX_TIMER_EXTENSION_PTR_SET(a, b)                                      \
    (((TX_TIMER *)(a))->tx_timer_internal.tx_timer_internal_extension_ptr =   \
         (VOID *)(b))
#define TX_THREAD_EXTENSION_PTR_GET(a, b, c)                                  \
    {                                                                         \
        (a) = (b *)_nxdtls_thread_extension(c);                               \
    }
#define TX_TIMER_EXTENSION_PTR_GET(a, b, c)                                   \
    {                                                                         \
        (a) = (b *)_nxdtls_timer_extension(c);                                \
    }
#define NX_THREAD_EXTENSION_PTR_SET TX_THREAD_EXTENSION_PTR_SET
#define NX_TIMER_EXTENSION_PTR_SET TX_TIMER_EXTENSION_PTR_SET
#define NX_THREAD_EXTENSION_PTR_GET TX_THREAD_EXTENSION_PTR_GET
#define NX_TIMER_EXTENSION_PTR_GET TX_TIMER_EXTENSION_PTR_GET

/* For services that an application defines itself: each statement returns
 * NX_CALLER_ERROR if the caller is not one that the service allows.  The last
 * one reads a variable `wait_option`. */
#define NX_CALLER_CHECKING_EXTERNS
#define NX_THREADS_ONLY_CALLER_CHECKING                                       \
    if (tx_thread_identify() == TX_NULL ||                                    \
        tx_thread_identify()->tx_thread_may_not_wait) {                       \
        return (NX_CALLER_ERROR);                                             \
    }
#define NX_INIT_AND_THREADS_CALLER_CHECKING                                   \
    if (tx_thread_identify() != TX_NULL &&                                    \
        tx_thread_identify()->tx_thread_may_not_wait) {                       \
        return (NX_CALLER_ERROR);                                             \
    }
#define NX_NOT_ISR_CALLER_CHECKING /* a host has no interrupts */
#define NX_THREAD_WAIT_CALLER_CHECKING                                        \
    if (wait_option != 0) {                                                   \
        NX_THREADS_ONLY_CALLER_CHECKING                                       \
    }
#define NX_CLEANUP_PARAMETER , ULONG suspension_sequence
#define NX_CLEANUP_ARGUMENT , 0
#define NX_CLEANUP_EXTENSION TX_PARAMETER_NOT_USED(suspension_sequence);

/* This port has no trace. */
#define NX_PACKET_DEBUG(f, l, p)
#define NX_TRACE_OBJECT_REGISTER(t, p, n, a, b)
#define NX_TRACE_OBJECT_UNREGISTER(o)
#define NX_TRACE_IN_LINE_INSERT(i, a, b, c, d, f, g, h)
#define NX_TRACE_EVENT_UPDATE(e, t, i, a, b, c, d)

#endif
