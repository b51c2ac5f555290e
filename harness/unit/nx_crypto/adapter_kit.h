/* SPDX-License-Identifier: MIT */
/* adapter_kit.h: associations whose ends have methods of the application. */
#ifndef NXDTLS_HARNESS_UNIT_NX_SECURE_ADAPTER_KIT_H
#define NXDTLS_HARNESS_UNIT_NX_SECURE_ADAPTER_KIT_H

#define SESSIONS 1u
#define METADATA 16000u
#include "unit/nx_secure/association_kit.h"

#include "foreign/foreign.h"

/* The curves that the foreign ECDHE knows, one of them the application's. */
static const USHORT groups[] = {(USHORT)NX_CRYPTO_EC_SECP256R1,
                                (USHORT)NX_CRYPTO_EC_SECP384R1};
static const NX_CRYPTO_METHOD *curves[] = {&foreign_p256,
                                           &crypto_method_ec_secp384};

/* run is kit_run for a body that ends all its sessions: every method was
 * called as NetX calls it, and nothing that an init has made is left. */
static inline void run(UINT mode, VOID (*body)(ULONG))
{
    kit_run(mode, body);
    if (foreign.breach != NX_NULL) {
        fail_msg("%s, %u times", foreign.breach, foreign.breaches);
    }
    assert_int_equal(foreign.live, 0);
}

#endif
