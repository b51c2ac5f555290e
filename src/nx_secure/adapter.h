/* SPDX-License-Identifier: MIT */
/* A session's cryptography when its table names methods of the application:
 * those are called, in NetX's convention, and libcrypto does the rest.
 *
 * Everything lies in the metadata area that the application gave the session.
 * A foreign method has one area of it for each thing that it does, as large as
 * the largest of its kind in the table asks for. */
#ifndef DTLS_NX_SECURE_ADAPTER_H
#define DTLS_NX_SECURE_ADAPTER_H

#include "nx_secure/internal.h"

struct dtls_nx_area {
    UCHAR *at;
    ULONG size; /* bytes */
};

/* One use of a method, from its init to its cleanup.  All zero: none. */
struct dtls_nx_use {
    const NX_CRYPTO_METHOD *method;
    VOID *handler;
    struct dtls_nx_area area;
};

/* Two epochs live at a time, each in two directions (record/layer.h). */
#define DTLS_NX_CIPHERS 4

/* One direction of one epoch of which a foreign method does a part. */
struct dtls_nx_cipher {
    const struct dtls_cipher *owner; /* NULL: free */
    struct dtls_nx_use cipher;       /* none: libcrypto's */
    const NX_CRYPTO_METHOD *mac;     /* NULL: libcrypto's */
    uint8_t mac_key[DTLS_MAC_MAX];
};

#define DTLS_NX_SCALAR_MAX 68 /* bytes of an exported private scalar */

struct dtls_nx_adapter {
    struct dtls_crypto crypto; /* for the engine; its self is this adapter */
    const struct dtls_crypto *base; /* does what no foreign method does */
    NX_SECURE_DTLS_SESSION *session;
    const NX_SECURE_TLS_CRYPTO *table;

    struct dtls_nx_cipher ciphers[DTLS_NX_CIPHERS];
    struct dtls_nx_area cipher_areas[DTLS_NX_CIPHERS];
    struct dtls_nx_area mac_area;
    struct dtls_nx_area prf_area;
    struct dtls_nx_area transcript_area;
    struct dtls_nx_area clone_area; /* a transcript that is digested */
    struct dtls_nx_area hash_area;
    struct dtls_nx_area public_area; /* RSA, ECDSA, ECDH: one at a time */

    struct dtls_nx_use transcript;
    bool transcript_failed;   /* nothing that needs it may succeed */
    struct dtls_nx_use share; /* client: between its two steps */
    uint8_t share_secret[DTLS_NX_SCALAR_MAX]; /* server: the same */
    size_t share_secret_len;
};

/* The arguments of an operation; what is left out is NULL or 0. */
struct dtls_nx_args {
    struct dtls_bytes key;
    size_t key_size; /* in the unit of the operation: bits but for PRF */
    struct dtls_bytes input;
    const uint8_t *iv;
    VOID *output;
    size_t output_len;
};

/* dtls_nx_is_foreign: does the application's own code do this one's work? */
bool dtls_nx_is_foreign(const NX_CRYPTO_METHOD *method);

/* dtls_nx_use_begin calls init, dtls_nx_use_op operation; any status but
 * success is DTLS_INTERNAL_ERROR.  dtls_nx_use_end calls cleanup and wipes
 * the area; after a begin that failed, and on no use at all, it does nothing
 * but that.
 * dtls_nx_use_op_extended is an operation that says itself how long its output
 * is: *out_len is the room on entry.  dtls_nx_use_set_curve names the group
 * with EC_CURVE_SET, whose input is the curve's method itself. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_begin(
    struct dtls_nx_use *use, const NX_CRYPTO_METHOD *method,
    struct dtls_nx_area area, struct dtls_bytes key, size_t key_size);
DTLS_MUST_USE enum dtls_status dtls_nx_use_op(struct dtls_nx_use *use, UINT op,
                                              struct dtls_nx_args args);
DTLS_MUST_USE enum dtls_status dtls_nx_use_op_extended(
    struct dtls_nx_use *use, UINT op, struct dtls_nx_args args, uint8_t *out,
    size_t *out_len);
DTLS_MUST_USE enum dtls_status dtls_nx_use_set_curve(
    const struct dtls_nx_adapter *a, struct dtls_nx_use *use, uint16_t group);
VOID dtls_nx_use_end(struct dtls_nx_use *use);

/* dtls_nx_exchange_method is the suite's method for its key exchange, NULL if
 * it is not foreign. */
const NX_CRYPTO_METHOD *dtls_nx_exchange_method(
    const struct dtls_nx_adapter *a);

/* dtls_nx_share_is_open: the area of a client's key share, which is between
 * its two steps, is not for anybody else. */
bool dtls_nx_share_is_open(const struct dtls_nx_adapter *a);

/* dtls_nx_adapter_row is the table's row of the suite in use. */
const NX_SECURE_TLS_CIPHERSUITE_INFO *dtls_nx_adapter_row(
    const struct dtls_nx_adapter *a);

/* dtls_nx_x509_row is the first row of the certificate table for this
 * signature's key and hash whose method is foreign, either may be any
 * (DTLS_KEY_NONE, DTLS_HASH_NONE); `hash` says which of the two it is about.
 * NULL if there is none. */
const NX_CRYPTO_METHOD *dtls_nx_x509_method(const NX_SECURE_TLS_CRYPTO *table,
                                            enum dtls_key_type key,
                                            enum dtls_hash_alg hash);

/* What adapter_keys.c, adapter_share.c and adapter_record.c put into struct
 * dtls_crypto. */
VOID dtls_nx_adapter_fill_keys(struct dtls_crypto *crypto);
VOID dtls_nx_adapter_fill_shares(struct dtls_crypto *crypto);
VOID dtls_nx_adapter_fill_record(struct dtls_crypto *crypto);

#endif
