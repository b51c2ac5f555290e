/* SPDX-License-Identifier: MIT */
/* adapter_kit.h: certificates of the test PKI and curves for sessions with
 * methods of the application. */
#ifndef UNIT_ADAPTER_KIT_H
#define UNIT_ADAPTER_KIT_H

#include "../port/net_kit.h"

#include "foreign/foreign.h"
#include "pki_file.h"

#define CERTS 4
#define CERT_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)
#define METADATA 16000

static inline void cert_init(NX_SECURE_X509_CERT *cert, struct file *der,
                             struct file *key_file, UINT type)
{
    expect_eq(nx_secure_x509_certificate_initialize(
                  cert, der->bytes, der->len, NX_NULL, 0,
                  key_file == NULL ? NX_NULL : key_file->bytes,
                  key_file == NULL ? 0 : key_file->len, type),
              NX_SUCCESS);
}

/* The curves that the foreign ECDHE knows, one of them the application's. */
static const USHORT groups[] = {NX_CRYPTO_EC_SECP256R1 & NX_CRYPTO_EC_MASK,
                                NX_CRYPTO_EC_SECP384R1 &NX_CRYPTO_EC_MASK};
static const NX_CRYPTO_METHOD *curves[] = {&foreign_p256,
                                           &crypto_method_ec_secp384};

/* Once all sessions are gone: every method was called as NetX calls it, and
 * nothing that an init has made is left. */
static inline void expect_convention(void)
{
    if (foreign.breach != NX_NULL) {
        kit_failed(__FILE__, __LINE__, foreign.breach, foreign.breaches);
    }
    expect_eq(foreign.live, 0);
}

#endif
