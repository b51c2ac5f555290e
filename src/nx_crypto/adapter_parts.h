/* SPDX-License-Identifier: MIT */
/* The types and functions that the parts of the adapter share
 * (nx_crypto/adapter.h).  A part fills members of struct dtls_crypto;
 * adapter.c puts the parts together. */
#ifndef DTLS_NX_CRYPTO_ADAPTER_PARTS_H
#define DTLS_NX_CRYPTO_ADAPTER_PARTS_H

#include "nx_crypto/adapter.h"
#include "nx_crypto/method_use.h"
#include "nx_crypto/table_reader.h"

/* Two epochs live at a time, each in two directions (record/layer.h). */
#define DTLS_NX_CIPHERS 4

/* One direction of one epoch in which a foreign method does a part. */
struct dtls_nx_cipher {
    const struct dtls_cipher *owner; /* NULL: free */
    struct dtls_nx_use cipher;       /* none: libcrypto's */
    const NX_CRYPTO_METHOD *mac;     /* NULL: libcrypto's */
    uint8_t mac_key[DTLS_MAC_MAX];
};

#define DTLS_NX_SCALAR_MAX 68 /* bytes of an exported private scalar */

struct dtls_nx_adapter {
    struct dtls_crypto crypto; /* for the engine; its self is this adapter */
    const struct dtls_crypto *base; /* does all that no foreign method does */
    const NX_SECURE_TLS_SESSION *tls;
    const struct dtls_suite *const *suite; /* the engine's; NULL at first */
    const NX_SECURE_TLS_CRYPTO *table;

    struct dtls_nx_cipher ciphers[DTLS_NX_CIPHERS];
    struct dtls_nx_area cipher_areas[DTLS_NX_CIPHERS];
    struct dtls_nx_area mac_area;
    struct dtls_nx_area prf_area;
    struct dtls_nx_area transcript_area;
    struct dtls_nx_area clone_area; /* a copy of the transcript */
    struct dtls_nx_area hash_area;
    struct dtls_nx_area public_area; /* RSA, ECDSA, ECDH: one at a time */

    struct dtls_nx_use transcript;
    bool transcript_failed;   /* PRFs and signatures must then fail */
    struct dtls_nx_use share; /* client: between its two steps */
    uint8_t share_secret[DTLS_NX_SCALAR_MAX]; /* server: the same */
    size_t share_secret_len;
};

/* The choice of methods: adapter_choice.c. */

/* dtls_nx_adapter_row returns the table's row of the suite in use, or NULL. */
const NX_SECURE_TLS_CIPHERSUITE_INFO *dtls_nx_adapter_row(
    const struct dtls_nx_adapter *a);

/* dtls_nx_exchange_method returns the suite's method for its key exchange, or
 * NULL if that is not foreign. */
const NX_CRYPTO_METHOD *dtls_nx_exchange_method(
    const struct dtls_nx_adapter *a);

/* dtls_nx_x509_method returns the foreign method of the first row of the
 * certificate table that is for signatures with this hash by this type of key:
 * its public-key method, or its hash if `key` is DTLS_KEY_NONE.  It returns
 * NULL if there is none. */
const NX_CRYPTO_METHOD *dtls_nx_x509_method(const NX_SECURE_TLS_CRYPTO *table,
                                            enum dtls_key_type key,
                                            enum dtls_hash_alg hash);

/* Key shares: adapter_share.c. */

/* dtls_nx_use_set_curve names the group with EC_CURVE_SET, whose input is the
 * curve's method itself.  It returns DTLS_INTERNAL_ERROR if there is no such
 * method or the operation fails. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_set_curve(
    const struct dtls_nx_adapter *a, struct dtls_nx_use *use, uint16_t group);

/* dtls_nx_share_is_open tells whether a client's key share is between its two
 * steps; nothing else may use its area then. */
bool dtls_nx_share_is_open(const struct dtls_nx_adapter *a);

/* Each part sets the members of struct dtls_crypto that it implements. */
VOID dtls_nx_adapter_fill_hashes(struct dtls_crypto *crypto);
VOID dtls_nx_adapter_fill_keys(struct dtls_crypto *crypto);
VOID dtls_nx_adapter_fill_shares(struct dtls_crypto *crypto);
VOID dtls_nx_adapter_fill_record(struct dtls_crypto *crypto);

#endif
