/* SPDX-License-Identifier: MIT */
/* facts.h: what an application compiles against, checked by the compiler
 * alone, in C and in C++: values, types, members and their order, both
 * spellings of every service.  Including it is the test. */

#ifndef NXDTLS_HARNESS_API_FACTS_FACTS_H
#define NXDTLS_HARNESS_API_FACTS_FACTS_H

#include "nx_crypto_ecdh.h"
#include "nx_secure_dtls_api.h"
#include "nx_secure_tls_api.h"
#include "nx_secure_x509.h"

#include <stddef.h>

#ifdef __cplusplus
#define FACT(condition) static_assert(condition, #condition)
#else
#define FACT(condition) _Static_assert(condition, #condition)
#endif

/* MEMBER: the structure has it, and it has exactly this type: only then a
 * pointer to it converts.  BEFORE: the one comes before the other. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define MEMBER(structure, type, member)                                       \
    static inline type *JOIN(member_, __LINE__)(structure * s)                \
    {                                                                         \
        return &s->member;                                                    \
    }                                                                         \
    static inline type *JOIN(member_, __LINE__)(structure * s)
#define BEFORE(structure, one, other)                                         \
    FACT(offsetof(structure, one) < offsetof(structure, other))

/* What NetX must be told to turn on is on. */
#if !defined(NX_SECURE_ENABLE_DTLS) ||                                        \
    !defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES) ||                            \
    !defined(NX_SECURE_ENABLE_ECC_CIPHERSUITE) ||                             \
    !defined(NX_SECURE_ENABLE_AEAD_CIPHER) ||                                 \
    !defined(NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY) ||                   \
    NX_SECURE_TLS_TLS_1_2_ENABLED != 1
#error "an application's #ifdefs would leave out what there is"
#endif

#define VALUE(name, value) FACT((ALIGN_TYPE)(name) == (value));
#include "values.h"
#undef VALUE

/* The address of each, by its type. */
#define PLAIN(result, prefix, name, arguments)                                \
    static result(*const prefix##_##name##_plain) arguments                   \
        __attribute__((used)) = prefix##_##name;
#define ONE(result, prefix, name, arguments)                                  \
    PLAIN(result, prefix, name, arguments)                                    \
    static result(*const prefix##_##name##_is) arguments                      \
        __attribute__((used)) = _##prefix##_##name;
#define BOTH(result, prefix, name, arguments)                                 \
    ONE(result, prefix, name, arguments)                                      \
    static result(*const prefix##_##name##_checks) arguments                  \
        __attribute__((used)) = _##prefix##e_##name;
#define FORMS(result, prefix, name, arguments, checked)                       \
    static result(*const prefix##_##name##_is) arguments                      \
        __attribute__((used)) = _##prefix##_##name;                           \
    static result(*const prefix##_##name##_checks) checked                    \
        __attribute__((used)) = _##prefix##e_##name;
#include "services.h"
#undef FORMS
#undef PLAIN
#undef ONE
#undef BOTH

/* 64-bit hosts: as ThreadX's own port for them. */
FACT(sizeof(ULONG) == 4 && (ULONG)-1 > 0);
FACT(sizeof(LONG) == 4 && (LONG)-1 < 0);
FACT(sizeof(UINT) == 4 && sizeof(USHORT) == 2 && sizeof(UCHAR) == 1);
FACT(sizeof(ALIGN_TYPE) == sizeof(VOID *) && (ALIGN_TYPE)-1 > 0);
FACT(sizeof(NX_CRYPTO_KEY_SIZE) == sizeof(UINT));

#include "shapes.h"

#endif
