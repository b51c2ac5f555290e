/* SPDX-License-Identifier: MIT */
/* The parts that every method shares, hashes, HMAC and PRF, and the tables
 * (foreign.h). */

/* An application that must survive a plain copy of a hash's context, as NetX
 * makes one, uses the hashes without a heap. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "foreign_internal.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>

struct foreign_record foreign;

void foreign_reset(UINT fail_at)
{
    foreign = (struct foreign_record){.fail_at = fail_at};
}

bool foreign_called(enum foreign_kind kind, UINT op)
{
    foreign.calls++;
    if (op != 0) {
        foreign.operations[kind]++;
    }
    if (foreign.calls == foreign.fail_at) {
        foreign.failed_kind = kind;
        foreign.failed_op = op;
        return false;
    }
    return true;
}

bool foreign_expect(bool holds, const CHAR *what)
{
    if (!holds) {
        foreign.breaches++;
        foreign.breach = foreign.breach == NX_NULL ? what : foreign.breach;
    }
    return holds;
}

bool foreign_area(const VOID *metadata, ULONG size, ULONG needed)
{
    return foreign_expect(metadata != NX_NULL && size >= needed &&
                              (ALIGN_TYPE)metadata % 4 == 0,
                          "metadata is there, large enough and aligned");
}

/* SHA-256 or SHA-384, and what HMAC keeps beside it. */
struct hash {
    union {
        SHA256_CTX narrow;
        SHA512_CTX wide;
    } inner;
    UCHAR outer_key[SHA512_CBLOCK];
};

static bool is_wide(const NX_CRYPTO_METHOD *method)
{
    return method->nx_crypto_ICV_size_in_bits == 384;
}

static void hash_begin(struct hash *h, const NX_CRYPTO_METHOD *method)
{
    if (is_wide(method)) {
        (void)SHA384_Init(&h->inner.wide);
    } else {
        (void)SHA256_Init(&h->inner.narrow);
    }
}

static void hash_add(struct hash *h, const NX_CRYPTO_METHOD *method,
                     const UCHAR *data, ULONG len)
{
    if (is_wide(method)) {
        (void)SHA384_Update(&h->inner.wide, data, len);
    } else {
        (void)SHA256_Update(&h->inner.narrow, data, len);
    }
}

static void hash_finish(struct hash *h, const NX_CRYPTO_METHOD *method,
                        UCHAR *out)
{
    if (is_wide(method)) {
        (void)SHA384_Final(out, &h->inner.wide);
    } else {
        (void)SHA256_Final(out, &h->inner.narrow);
    }
}

static UINT hash_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                      NX_CRYPTO_KEY_SIZE key_bits, VOID **handler,
                      VOID *metadata, ULONG size)
{
    (void)method;
    (void)handler;
    foreign_expect(key == NX_NULL && key_bits == 0, "a hash has no key");
    if (!foreign_called(FOREIGN_HASH, 0) ||
        !foreign_area(metadata, size, sizeof(struct hash))) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    foreign.live++;
    return NX_CRYPTO_SUCCESS;
}

static UINT hash_cleanup(VOID *metadata)
{
    (void)metadata;
    foreign.live--;
    return NX_CRYPTO_SUCCESS;
}

static UINT hash_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                           UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                           UCHAR *input, ULONG input_len, UCHAR *iv,
                           UCHAR *output, ULONG output_len, VOID *metadata,
                           ULONG size, VOID *packet,
                           VOID (*callback)(VOID *, UINT))
{
    ULONG digest_len = method->nx_crypto_ICV_size_in_bits / 8u;
    struct hash h;

    (void)handler;
    (void)key_bits;
    foreign_expect(key == NX_NULL && iv == NX_NULL && packet == NX_NULL &&
                       callback == NX_NULL,
                   "a hash takes input and output alone");
    if (!foreign_called(FOREIGN_HASH, op) ||
        !foreign_area(metadata, size, sizeof h)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (op != NX_CRYPTO_HASH_UPDATE && op != NX_CRYPTO_HASH_INITIALIZE &&
        output_len < digest_len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    memcpy(&h, metadata, sizeof h);
    switch (op) {
    case NX_CRYPTO_HASH_INITIALIZE:
        hash_begin(&h, method);
        break;
    case NX_CRYPTO_HASH_UPDATE:
        hash_add(&h, method, input, input_len);
        break;
    case NX_CRYPTO_HASH_CALCULATE:
        hash_finish(&h, method, output);
        break;
    case NX_CRYPTO_VERIFY:
        hash_begin(&h, method);
        hash_add(&h, method, input, input_len);
        hash_finish(&h, method, output);
        break;
    default:
        foreign_expect(false, "an operation of hashes");
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    memcpy(metadata, &h, sizeof h);
    return NX_CRYPTO_SUCCESS;
}

#define HASH(name, algorithm, bits, block)                                    \
    NX_CRYPTO_METHOD foreign_##name = {algorithm,                             \
                                       0,                                     \
                                       0,                                     \
                                       bits,                                  \
                                       block,                                 \
                                       sizeof(struct hash),                   \
                                       hash_init,                             \
                                       hash_cleanup,                          \
                                       hash_operation}

HASH(sha256, NX_CRYPTO_HASH_SHA256, 256, 64);
HASH(sha384, NX_CRYPTO_HASH_SHA384, 384, 128);

/* Keys a MAC: RFC 2104. */
static void hmac_begin(struct hash *h, const NX_CRYPTO_METHOD *method,
                       const UCHAR *key, ULONG key_len)
{
    UCHAR inner_key[SHA512_CBLOCK];
    ULONG block = method->nx_crypto_block_size_in_bytes;

    for (ULONG i = 0; i < block; i++) {
        UCHAR byte = i < key_len ? key[i] : 0;

        inner_key[i] = byte ^ 0x36;
        h->outer_key[i] = byte ^ 0x5c;
    }
    hash_begin(h, method);
    hash_add(h, method, inner_key, block);
}

static void hmac_finish(struct hash *h, const NX_CRYPTO_METHOD *method,
                        UCHAR *output, ULONG output_len)
{
    UCHAR digest[SHA512_DIGEST_LENGTH];
    ULONG len = method->nx_crypto_ICV_size_in_bits / 8u;

    hash_finish(h, method, digest);
    hash_begin(h, method);
    hash_add(h, method, h->outer_key, method->nx_crypto_block_size_in_bytes);
    hash_add(h, method, digest, len);
    hash_finish(h, method, digest);
    memcpy(output, digest, len < output_len ? len : output_len);
}

static UINT hmac_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                           UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                           UCHAR *input, ULONG input_len, UCHAR *iv,
                           UCHAR *output, ULONG output_len, VOID *metadata,
                           ULONG size, VOID *packet,
                           VOID (*callback)(VOID *, UINT))
{
    struct hash h;

    foreign_expect(handler == NX_NULL && iv == NX_NULL && packet == NX_NULL &&
                       callback == NX_NULL,
                   "a record MAC has no handler");
    if (!foreign_called(FOREIGN_HMAC, op) ||
        !foreign_area(metadata, size, sizeof h)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(&h, metadata, sizeof h);
    switch (op) {
    case NX_CRYPTO_HASH_INITIALIZE:
        foreign_expect(key_bits == method->nx_crypto_ICV_size_in_bits,
                       "the MAC key is as long as the MAC, in bits");
        hmac_begin(&h, method, key, key_bits / 8);
        break;
    case NX_CRYPTO_HASH_UPDATE:
        hash_add(&h, method, input, input_len);
        break;
    case NX_CRYPTO_HASH_CALCULATE:
        foreign_expect(output_len >= 32, "32 bytes of room for a MAC");
        hmac_finish(&h, method, output, output_len);
        break;
    default:
        foreign_expect(false, "an operation of MACs");
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    memcpy(metadata, &h, sizeof h);
    return NX_CRYPTO_SUCCESS;
}

/* NetX never calls a DTLS record MAC's init: a method may do without. */
#define HMAC_METHOD(name, algorithm, bits, block)                             \
    NX_CRYPTO_METHOD foreign_##name = {                                       \
        algorithm,           0,       0,       bits,          block,          \
        sizeof(struct hash), NX_NULL, NX_NULL, hmac_operation}

HMAC_METHOD(hmac_sha256, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256, 256, 64);
HMAC_METHOD(hmac_sha384, NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_384, 384, 128);

/* The PRF keeps where its secret is, as NetX's own does. */
struct prf {
    UCHAR *secret;
    ULONG secret_len;
};

static UINT prf_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                     NX_CRYPTO_KEY_SIZE key_bytes, VOID **handler,
                     VOID *metadata, ULONG size)
{
    struct prf prf = {key, key_bytes};

    (void)method;
    (void)handler;
    if (!foreign_called(FOREIGN_PRF, 0) ||
        !foreign_area(metadata, size, sizeof prf)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(metadata, &prf, sizeof prf);
    foreign.live++;
    return NX_CRYPTO_SUCCESS;
}

static UINT prf_cleanup(VOID *metadata)
{
    memset(metadata, 0, sizeof(struct prf));
    foreign.live--;
    return NX_CRYPTO_SUCCESS;
}

static bool derive(UCHAR *out, ULONG out_len, const CHAR *digest,
                   const struct prf *prf, UCHAR *label, ULONG label_len,
                   UCHAR *seed, ULONG seed_len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
                                         (CHAR *)(ALIGN_TYPE)digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, prf->secret,
                                          prf->secret_len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, label,
                                          label_len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed, seed_len),
        OSSL_PARAM_construct_end(),
    };
    bool is_done = EVP_KDF_derive(context, out, out_len, params) == 1;

    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return is_done;
}

static UINT prf_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                          UCHAR *key, NX_CRYPTO_KEY_SIZE key_bytes,
                          UCHAR *input, ULONG input_len, UCHAR *iv,
                          UCHAR *output, ULONG output_len, VOID *metadata,
                          ULONG size, VOID *packet,
                          VOID (*callback)(VOID *, UINT))
{
    struct prf prf;

    (void)handler;
    foreign_expect(op == NX_CRYPTO_PRF && iv == NX_NULL && packet == NX_NULL &&
                       callback == NX_NULL,
                   "the one operation of a PRF");
    if (!foreign_called(FOREIGN_PRF, op) ||
        !foreign_area(metadata, size, sizeof prf)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(&prf, metadata, sizeof prf);
    return derive(output, output_len,
                  method->nx_crypto_algorithm == NX_CRYPTO_PRF_HMAC_SHA2_384
                      ? "SHA384"
                      : "SHA256",
                  &prf, key, key_bytes, input, input_len)
               ? NX_CRYPTO_SUCCESS
               : NX_CRYPTO_SIZE_ERROR;
}

#define PRF(name, algorithm)                                                  \
    NX_CRYPTO_METHOD foreign_##name = {                                       \
        algorithm,    0, 0, 0, 0, sizeof(struct prf), prf_init, prf_cleanup,  \
        prf_operation}

PRF(prf_sha256, NX_CRYPTO_PRF_HMAC_SHA2_256);
PRF(prf_sha384, NX_CRYPTO_PRF_HMAC_SHA2_384);

#define ROW(number, kx, auth, cipher, iv, key, mac, mac_len, prf)             \
    {                                                                         \
        number, &(kx), &(auth), &foreign_##cipher, iv, key, &(mac), mac_len,  \
            &foreign_##prf                                                    \
    }
#define NONE crypto_method_null
#define MAC foreign_hmac_sha256
#define MAC_384 foreign_hmac_sha384

NX_SECURE_TLS_CIPHERSUITE_INFO foreign_rows[] = {
    ROW(0xC02B, foreign_ecdhe, foreign_ecdsa, aes_128_gcm, 4, 16, NONE, 0,
        prf_sha256),
    ROW(0xC02F, foreign_ecdhe, foreign_rsa, aes_128_gcm, 4, 16, NONE, 0,
        prf_sha256),
    ROW(0xC0AE, foreign_ecdhe, foreign_ecdsa, aes_128_ccm_8, 4, 16, NONE, 0,
        prf_sha256),
    ROW(0xC023, foreign_ecdhe, foreign_ecdsa, aes_128_cbc, 16, 16, MAC, 32,
        prf_sha256),
    ROW(0xC024, foreign_ecdhe, foreign_ecdsa, aes_256_cbc, 16, 32, MAC_384, 48,
        prf_sha384),
    ROW(0xC02D, foreign_ecdhe, foreign_ecdsa, aes_128_gcm, 4, 16, NONE, 0,
        prf_sha256),
    ROW(0x009C, foreign_rsa, foreign_rsa, aes_128_gcm, 4, 16, NONE, 0,
        prf_sha256),
    ROW(0x003C, foreign_rsa, foreign_rsa, aes_128_cbc, 16, 16, MAC, 32,
        prf_sha256),
    ROW(0x00AE, crypto_method_null, crypto_method_auth_psk, aes_128_cbc, 16,
        16, MAC, 32, prf_sha256),
    ROW(0xC0A8, crypto_method_null, crypto_method_auth_psk, aes_128_ccm_8, 4,
        16, NONE, 0, prf_sha256),
    ROW(0xC0A4, crypto_method_null, crypto_method_auth_psk, aes_128_ccm_16, 4,
        16, NONE, 0, prf_sha256),
    ROW(0xD005, foreign_ecdhe, crypto_method_auth_psk, aes_128_ccm_16, 4, 16,
        NONE, 0, prf_sha256),
};
const USHORT foreign_num_rows = sizeof foreign_rows / sizeof *foreign_rows;

NX_SECURE_X509_CRYPTO foreign_x509_rows[] = {
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, &foreign_rsa, &foreign_sha256},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_384, &foreign_rsa, &foreign_sha384},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &foreign_ecdsa, &foreign_sha256},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, &foreign_ecdsa, &foreign_sha384},
};
const USHORT foreign_num_x509_rows =
    sizeof foreign_x509_rows / sizeof *foreign_x509_rows;

NX_SECURE_TLS_CRYPTO foreign_table(NX_SECURE_TLS_CIPHERSUITE_INFO *row,
                                   USHORT number)
{
    NX_SECURE_TLS_CRYPTO table = {
        .nx_secure_tls_ciphersuite_lookup_table = foreign_rows,
        .nx_secure_tls_ciphersuite_lookup_table_size = foreign_num_rows,
        .nx_secure_tls_x509_cipher_table = foreign_x509_rows,
        .nx_secure_tls_x509_cipher_table_size = foreign_num_x509_rows,
        .nx_secure_tls_handshake_hash_sha256_method = &foreign_sha256,
        .nx_secure_tls_prf_sha256_method = &foreign_prf_sha256,
    };

    for (USHORT i = 0; i < foreign_num_rows; i++) {
        if (foreign_rows[i].nx_secure_tls_ciphersuite == number) {
            *row = foreign_rows[i];
            table.nx_secure_tls_ciphersuite_lookup_table = row;
            table.nx_secure_tls_ciphersuite_lookup_table_size = 1;
        }
    }
    return table;
}
