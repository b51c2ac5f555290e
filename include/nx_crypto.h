/* SPDX-License-Identifier: MIT */
/* nx_crypto.h: crypto methods: their type, and those of this library.
 *
 * In a row of a cipher suite table, a method object of this library names an
 * algorithm; the library then computes it without calling the object.
 *
 * An application may call the functions of such an object: init with the key
 * and a metadata area of nx_crypto_metadata_area_size bytes, then operation as
 * often as needed, then cleanup.  They need no handler, and have finished when
 * they return. */

#ifndef NX_CRYPTO_H
#define NX_CRYPTO_H

#include "nx_api.h"
#include "nx_crypto_const.h"
#include "nx_secure_switches.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef NX_CRYPTO_PARAMETER_NOT_USED
#define NX_CRYPTO_PARAMETER_NOT_USED(p) ((void)(p))
#endif
#define NX_CRYPTO_CONST const
#define NX_CRYPTO_KEEP
#define NX_CRYPTO_INTEGRITY_TEST
#define NX_CRYPTO_STATE_CHECK
#define NX_CRYPTO_MEMCPY memcpy
#define NX_CRYPTO_MEMSET memset
#define NX_CRYPTO_MEMMOVE memmove
#define NX_CRYPTO_MEMCMP memcmp
#define NX_CRYPTO_SRAND NX_SRAND
#define NX_CRYPTO_CHANGE_ULONG_ENDIAN NX_CHANGE_ULONG_ENDIAN
#define NX_CRYPTO_CHANGE_USHORT_ENDIAN NX_CHANGE_USHORT_ENDIAN
#define NX_CRYPTO_ALIGN8(len) (((len) + 7) & ~7)
#define NX_CRYPTO_OFFSET(a, b) ((ULONG)offsetof(a, b))

typedef UINT NX_CRYPTO_KEY_SIZE;

typedef struct NX_CRYPTO_METHOD_STRUCT {
    UINT nx_crypto_algorithm;
    NX_CRYPTO_KEY_SIZE nx_crypto_key_size_in_bits;
    USHORT nx_crypto_IV_size_in_bits;
    USHORT nx_crypto_ICV_size_in_bits;
    ULONG nx_crypto_block_size_in_bytes;
    ULONG nx_crypto_metadata_area_size;
    UINT(*nx_crypto_init)
    (struct NX_CRYPTO_METHOD_STRUCT *method, UCHAR *key,
     NX_CRYPTO_KEY_SIZE key_size_in_bits, VOID **handler,
     VOID *crypto_metadata, ULONG crypto_metadata_size);
    UINT (*nx_crypto_cleanup)(VOID *crypto_metadata);
    UINT(*nx_crypto_operation)
    (UINT op, VOID *handler, struct NX_CRYPTO_METHOD_STRUCT *method,
     UCHAR *key, NX_CRYPTO_KEY_SIZE key_size_in_bits, UCHAR *input,
     ULONG input_length_in_byte, UCHAR *iv_ptr, UCHAR *output,
     ULONG output_length_in_byte, VOID *crypto_metadata,
     ULONG crypto_metadata_size, VOID *packet_ptr,
     VOID (*nx_crypto_hw_process_callback)(VOID *, UINT));
} NX_CRYPTO_METHOD;

/* The output of an operation that decides how long its output is.  The
 * operation's `output` points to this structure, and its output length is the
 * size of this structure. */
typedef struct NX_CRYPTO_EXTENDED_OUTPUT_STRUCT {
    UCHAR *nx_crypto_extended_output_data;
    ULONG nx_crypto_extended_output_length_in_byte; /* capacity */
    ULONG nx_crypto_extended_output_actual_size;    /* set by the method */
} NX_CRYPTO_EXTENDED_OUTPUT;

/* The methods with which crypto_method_pkcs1 works: RSA with its metadata
 * area, and a hash.  Its operation NX_CRYPTO_SET_ADDITIONAL_DATA takes them;
 * the hash's area is not used. */
typedef struct NX_CRYPTO_PKCS1_OPTIONS_STRUCT {
    NX_CRYPTO_METHOD *public_cipher_method;
    UCHAR *public_cipher_metadata;
    ULONG public_cipher_metadata_size;
    NX_CRYPTO_METHOD *hash_method;
    UCHAR *hash_metadata;
    ULONG hash_metadata_size;
} NX_CRYPTO_PKCS1_OPTIONS;

/* A suite as a list of methods with roles, for programs that name the types.
 * DTLS sessions take tables (nx_secure_tls.h). */
typedef struct NX_CRYPTO_ROLE_ENTRY_STRUCT {
    UINT nx_crypto_role_cipher_id;
    UINT nx_crypto_role_id; /* NX_CRYPTO_ROLE_* */
} NX_CRYPTO_ROLE_ENTRY;

typedef struct NX_CRYPTO_CIPHERSUITE_STRUCT {
    USHORT nx_crypto_ciphersuite_id;
    USHORT nx_crypto_internal_id;
    UINT nx_crypto_symmetric_key_size; /* bytes */
    NX_CRYPTO_ROLE_ENTRY nx_crypto_ciphers[NX_CRYPTO_MAX_CIPHER_ROLES];
    UINT nx_crypto_version;
} NX_CRYPTO_CIPHERSUITE;

/* A curve, as the operation NX_CRYPTO_EC_CURVE_GET of its method returns it.
 */
typedef struct NX_CRYPTO_EC_STRUCT {
    const CHAR *nx_crypto_ec_name;
    UINT nx_crypto_ec_id; /* NX_CRYPTO_EC_* */
    UINT nx_crypto_ec_bits;
} NX_CRYPTO_EC;

extern NX_CRYPTO_METHOD crypto_method_null;
extern NX_CRYPTO_METHOD crypto_method_none;
extern NX_CRYPTO_METHOD crypto_method_public_null;
extern NX_CRYPTO_METHOD crypto_method_auth_psk;
extern NX_CRYPTO_METHOD crypto_method_auth_ecjpake;
extern NX_CRYPTO_METHOD crypto_method_rsa;
extern NX_CRYPTO_METHOD crypto_method_ecdsa;
extern NX_CRYPTO_METHOD crypto_method_ecdhe;
extern NX_CRYPTO_METHOD crypto_method_ecdh;
extern NX_CRYPTO_METHOD crypto_method_aes_cbc_128;
extern NX_CRYPTO_METHOD crypto_method_aes_cbc_256;
extern NX_CRYPTO_METHOD crypto_method_aes_ccm_8;
extern NX_CRYPTO_METHOD crypto_method_aes_ccm_16;
extern NX_CRYPTO_METHOD crypto_method_aes_256_ccm_8;
extern NX_CRYPTO_METHOD crypto_method_aes_256_ccm_16;
extern NX_CRYPTO_METHOD crypto_method_aes_128_gcm_16;
extern NX_CRYPTO_METHOD crypto_method_aes_256_gcm_16;
extern NX_CRYPTO_METHOD crypto_method_chacha20_poly1305;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha1;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha256;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha384;
extern NX_CRYPTO_METHOD crypto_method_sha1;
extern NX_CRYPTO_METHOD crypto_method_sha256;
extern NX_CRYPTO_METHOD crypto_method_sha384;
extern NX_CRYPTO_METHOD crypto_method_sha512;
extern NX_CRYPTO_METHOD crypto_method_tls_prf_sha256;
extern NX_CRYPTO_METHOD crypto_method_tls_prf_sha384;
extern NX_CRYPTO_METHOD crypto_method_ec_secp256;
extern NX_CRYPTO_METHOD crypto_method_ec_secp384;
extern NX_CRYPTO_METHOD crypto_method_ec_secp521;
extern NX_CRYPTO_METHOD crypto_method_ec_x25519;
extern NX_CRYPTO_METHOD crypto_method_ec_x448;
extern NX_CRYPTO_METHOD crypto_method_ec_secp192;
extern NX_CRYPTO_METHOD crypto_method_ec_secp224;
extern NX_CRYPTO_METHOD crypto_method_md5;
extern NX_CRYPTO_METHOD crypto_method_sha224;
extern NX_CRYPTO_METHOD crypto_method_hmac_md5;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha224;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha512;
extern NX_CRYPTO_METHOD crypto_method_hmac;
extern NX_CRYPTO_METHOD crypto_method_hkdf;
extern NX_CRYPTO_METHOD crypto_method_tls_prf_1;
extern NX_CRYPTO_METHOD crypto_method_tls_prf_sha512;
extern NX_CRYPTO_METHOD crypto_method_pkcs1;
#define crypto_method_tls_prf_sha_256 crypto_method_tls_prf_sha256

/* nx_crypto_initialize has nothing to prepare and returns 0. */
UINT _nx_crypto_initialize(VOID);
#define nx_crypto_initialize _nx_crypto_initialize

/* The functions of these objects, for method objects of the application's own,
 * as in a copy of those of NetX.  An object of any name that has
 * all the functions and numbers of one of the library's is taken for it.  One
 * that differs, if only in its init, is the application's, and is called. */
typedef UINT NXDTLS_METHOD_INIT(NX_CRYPTO_METHOD *method, UCHAR *key,
                                NX_CRYPTO_KEY_SIZE key_size, VOID **handler,
                                VOID *metadata, ULONG metadata_size);
typedef UINT NXDTLS_METHOD_CLEANUP(VOID *metadata);
typedef UINT NXDTLS_METHOD_OPERATION(UINT op, VOID *handler,
                                     NX_CRYPTO_METHOD *method, UCHAR *key,
                                     NX_CRYPTO_KEY_SIZE key_size, UCHAR *input,
                                     ULONG input_len, UCHAR *iv, UCHAR *output,
                                     ULONG output_len, VOID *metadata,
                                     ULONG metadata_size, VOID *packet,
                                     VOID (*callback)(VOID *, UINT));

/* Each algorithm has an init, a cleanup and an operation. */
extern NXDTLS_METHOD_INIT _nx_crypto_method_null_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_null_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_null_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_rsa_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_rsa_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_rsa_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_pkcs1_v1_5_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_pkcs1_v1_5_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_pkcs1_v1_5_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_ecdsa_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_ecdsa_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ecdsa_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_ecdh_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_ecdh_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ecdh_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_ecjpake_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_ecjpake_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ecjpake_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_md5_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_md5_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_md5_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_sha1_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_sha1_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_sha1_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_sha256_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_sha256_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_sha256_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_sha512_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_sha512_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_sha512_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hmac_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hmac_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hmac_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hmac_md5_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hmac_md5_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hmac_md5_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hmac_sha1_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hmac_sha1_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hmac_sha1_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hmac_sha256_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hmac_sha256_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hmac_sha256_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hmac_sha512_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hmac_sha512_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hmac_sha512_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_hkdf_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_hkdf_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_hkdf_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_prf_1_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_prf_1_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_prf_1_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_prf_sha_256_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_prf_sha_256_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_prf_sha_256_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_prf_sha384_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_prf_sha384_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_prf_sha384_operation;
extern NXDTLS_METHOD_INIT _nx_crypto_method_prf_sha512_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_prf_sha512_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_prf_sha512_operation;

/* The ciphers have one init and one cleanup.  Each operation is the same and
 * does what its method's algorithm says. */
extern NXDTLS_METHOD_INIT _nx_crypto_method_aes_init;
extern NXDTLS_METHOD_CLEANUP _nx_crypto_method_aes_cleanup;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_aes_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_aes_cbc_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_aes_ccm_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_aes_gcm_operation;

/* A curve has an operation alone. */
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_secp192r1_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_secp224r1_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_secp256r1_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_secp384r1_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_secp521r1_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_x25519_operation;
extern NXDTLS_METHOD_OPERATION _nx_crypto_method_ec_x448_operation;

/* The metadata areas, for sizeof in a method object. */
#define NXDTLS_METHOD_AREA(type, bytes)                                       \
    typedef struct type##_STRUCT {                                            \
        ULONG nx_crypto_private[(bytes) / sizeof(ULONG)];                     \
    } type
NXDTLS_METHOD_AREA(NX_CRYPTO_SHA256, 240); /* every hash */
NXDTLS_METHOD_AREA(NX_CRYPTO_SHA256_HMAC, 376);
NXDTLS_METHOD_AREA(NX_CRYPTO_HMAC, 384); /* of any hash */
NXDTLS_METHOD_AREA(NX_CRYPTO_HKDF, 96);
NXDTLS_METHOD_AREA(NX_CRYPTO_PKCS1, 72);
NXDTLS_METHOD_AREA(NX_CRYPTO_AES, 160);
NXDTLS_METHOD_AREA(NX_CRYPTO_RSA, 16);
NXDTLS_METHOD_AREA(NX_CRYPTO_ECDH, 80);
NXDTLS_METHOD_AREA(NX_CRYPTO_ECJPAKE, 432);
NXDTLS_METHOD_AREA(NX_CRYPTO_TLS_PRF_SHA256, 16);
typedef NX_CRYPTO_SHA256 NX_CRYPTO_MD5;
typedef NX_CRYPTO_SHA256 NX_CRYPTO_SHA1;
typedef NX_CRYPTO_SHA256 NX_CRYPTO_SHA512;
typedef NX_CRYPTO_SHA256_HMAC NX_CRYPTO_MD5_HMAC;
typedef NX_CRYPTO_SHA256_HMAC NX_CRYPTO_SHA1_HMAC;
typedef NX_CRYPTO_SHA256_HMAC NX_CRYPTO_SHA512_HMAC;
typedef NX_CRYPTO_ECDH NX_CRYPTO_ECDSA;
typedef NX_CRYPTO_TLS_PRF_SHA256 NX_CRYPTO_TLS_PRF_1;
typedef NX_CRYPTO_TLS_PRF_SHA256 NX_CRYPTO_TLS_PRF_SHA384;
typedef NX_CRYPTO_TLS_PRF_SHA256 NX_CRYPTO_TLS_PRF_SHA512;

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
/* The groups, their number, and their curve methods: the tables that
 * applications pass to nx_secure_dtls_ecc_initialize. */
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size; /* entries */
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];
#endif

#ifdef __cplusplus
}
#endif

#endif
