/* SPDX-License-Identifier: MIT */
/* Calls an application's NX_CRYPTO_METHOD as NetX does: init, operations,
 * cleanup, each with the method's own piece of the metadata area. */
#ifndef DTLS_NX_CRYPTO_METHOD_USE_H
#define DTLS_NX_CRYPTO_METHOD_USE_H

#include "base/bytes.h"
#include "nx_secure_dtls_api.h"

/* A piece of the metadata area. */
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

/* The arguments of an operation.  A member that is left out is NULL or 0. */
struct dtls_nx_args {
    struct dtls_bytes key;
    size_t key_size; /* in the unit of the operation: bits but for PRF */
    struct dtls_bytes input;
    const uint8_t *iv;
    VOID *output;
    size_t output_len;
};

/* dtls_nx_is_foreign tells whether the application's code does this method's
 * work: the method is not NULL, not the library's own, and has an operation.
 */
bool dtls_nx_is_foreign(const NX_CRYPTO_METHOD *method);

/* dtls_nx_use_begin calls the method's init.  If init fails, it wipes the area
 * and returns DTLS_INTERNAL_ERROR. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_begin(
    struct dtls_nx_use *use, const NX_CRYPTO_METHOD *method,
    struct dtls_nx_area area, struct dtls_bytes key, size_t key_size);

/* dtls_nx_use_op calls the method's operation.  Any status but success is
 * DTLS_INTERNAL_ERROR. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_op(struct dtls_nx_use *use, UINT op,
                                              struct dtls_nx_args args);

/* dtls_nx_use_op_on does the same with another area than the use's own, such
 * as a copy of it. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_op_on(struct dtls_nx_use *use,
                                                 UINT op,
                                                 struct dtls_nx_area area,
                                                 struct dtls_nx_args args);

/* dtls_nx_use_op_extended calls an operation that tells the length of its
 * output.  On entry *out_len is the room in bytes. */
DTLS_MUST_USE enum dtls_status dtls_nx_use_op_extended(
    struct dtls_nx_use *use, UINT op, struct dtls_nx_args args, uint8_t *out,
    size_t *out_len);

/* dtls_nx_use_end calls the method's cleanup and wipes the area.  After a
 * begin that failed, and for a use that is all zero, there is no cleanup. */
VOID dtls_nx_use_end(struct dtls_nx_use *use);

#endif
