/* SPDX-License-Identifier: MIT */
/* The functions behind this library's method objects, which an application may
 * call like any NX_CRYPTO_METHOD's.
 *
 * A method keeps its state in the caller's metadata area, at any address that
 * is a multiple of 4.  It copies the state in and out, so an area may be
 * copied byte by byte.  Only a cipher and EC-JPAKE have a context of
 * libcrypto's between init and cleanup; all others leave nothing behind if
 * cleanup is not called.
 *
 * They return NX_CRYPTO_INVALID_BUFFER_SIZE for an area or an output that is
 * too small, NX_CRYPTO_INVALID_ALGORITHM for an operation that the method does
 * not have, and NX_CRYPTO_PTR_ERROR for a NULL pointer to something that is
 * needed. */
#ifndef DTLS_NX_CRYPTO_METHODS_H
#define DTLS_NX_CRYPTO_METHODS_H

#include "crypto/crypto.h"
#include "nx_secure_dtls_api.h"

/* The arguments of an operation, as NetX has them. */
struct dtls_nx_io {
    UINT op;
    const NX_CRYPTO_METHOD *method;
    struct dtls_bytes key; /* bytes, whatever the method's unit was */
    struct dtls_bytes input;
    UCHAR *iv;
    UCHAR *output;
    ULONG output_len;
};

/* The functions for NX_CRYPTO_METHOD's members: methods.c has hashes, HMAC and
 * PRF, methods_hkdf.c HKDF, methods_cipher.c the ciphers, methods_keys.c RSA,
 * ECDSA, ECDH and curves, methods_pkcs1.c signatures with RSA,
 * methods_ecjpake.c EC-JPAKE. */
#define DTLS_NX_INIT(name)                                                    \
    UINT name(NX_CRYPTO_METHOD *method, UCHAR *key,                           \
              NX_CRYPTO_KEY_SIZE key_size, VOID **handler, VOID *metadata,    \
              ULONG metadata_size)
#define DTLS_NX_OPERATION(name)                                               \
    UINT name(UINT op, VOID *handler, NX_CRYPTO_METHOD *method, UCHAR *key,   \
              NX_CRYPTO_KEY_SIZE key_size, UCHAR *input, ULONG input_len,     \
              UCHAR *iv, UCHAR *output, ULONG output_len, VOID *metadata,     \
              ULONG metadata_size, VOID *packet,                              \
              VOID (*callback)(VOID *, UINT))

/* DTLS_NX_NAMED gives three static functions of a file the names that the API
 * has for those of one algorithm; DTLS_NX_OPERATION_NAMED one operation. */
#define DTLS_NX_ALIAS(type, name, function)                                   \
    type name __attribute__((alias(#function)))
#define DTLS_NX_OPERATION_NAMED(name, function)                               \
    DTLS_NX_ALIAS(NXDTLS_METHOD_OPERATION,                                    \
                  _nx_crypto_method_##name##_operation, function)
#define DTLS_NX_NAMED(name, init, cleanup, operation)                         \
    DTLS_NX_ALIAS(NXDTLS_METHOD_INIT, _nx_crypto_method_##name##_init, init); \
    DTLS_NX_ALIAS(NXDTLS_METHOD_CLEANUP, _nx_crypto_method_##name##_cleanup,  \
                  cleanup);                                                   \
    DTLS_NX_OPERATION_NAMED(name, operation)

/* struct dtls_nx_kept is the metadata of a method whose key the caller keeps:
 * the key's place and length.  dtls_nx_kept_init refuses a NULL key,
 * dtls_nx_kept_end wipes the area. */
struct dtls_nx_kept {
    UCHAR *at;
    size_t len;
};

UINT dtls_nx_kept_init(const NX_CRYPTO_METHOD *method, UCHAR *key, size_t len,
                       VOID *metadata, ULONG metadata_size);
UINT dtls_nx_kept_end(VOID *metadata);

/* dtls_nx_hash_of returns the hash of a hash's, HMAC's or PRF's method, or
 * DTLS_HASH_NONE. */
enum dtls_hash_alg dtls_nx_hash_of(const NX_CRYPTO_METHOD *method);

/* dtls_nx_check_room returns NX_CRYPTO_PTR_ERROR if there is no method or no
 * metadata area, and NX_CRYPTO_INVALID_BUFFER_SIZE if the area is smaller than
 * `needed` bytes.  dtls_nx_check_area does the same with the size that the
 * method says that it needs. */
UINT dtls_nx_check_room(const NX_CRYPTO_METHOD *method, const VOID *metadata,
                        ULONG metadata_size, size_t needed);
UINT dtls_nx_check_area(const NX_CRYPTO_METHOD *method, const VOID *metadata,
                        ULONG metadata_size);

/* dtls_nx_begin_output finds the output of an operation that decides how long
 * its output is.  It returns NX_CRYPTO_INVALID_BUFFER_SIZE if there is no room
 * for `needed` bytes. */
UINT dtls_nx_begin_output(const struct dtls_nx_io *io,
                          NX_CRYPTO_EXTENDED_OUTPUT **out, size_t needed);

/* dtls_nx_crypto_status maps a status of the engine to one that a method
 * returns. */
UINT dtls_nx_crypto_status(enum dtls_status status);

#endif
