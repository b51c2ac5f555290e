/* SPDX-License-Identifier: MIT */
/* Method objects: hashes, HMAC and PRF (nx_crypto/methods.h). */
#include "nx_crypto/methods.h"

#include "base/secret.h"
#include "crypto/stream.h"

/* libcrypto's functions, not the wrapper that sessions may have. */
static const struct dtls_crypto *const crypto = &dtls_libcrypto;

UINT dtls_nx_crypto_status(enum dtls_status status)
{
    switch ((unsigned)status) {
    case DTLS_OK:
        return NX_CRYPTO_SUCCESS;
    case DTLS_DISCARD:
    case DTLS_DECRYPT_ERROR:
        return NX_CRYPTO_AUTHENTICATION_FAILED;
    case DTLS_NO_ROOM:
        return NX_CRYPTO_SIZE_ERROR;
    case DTLS_ILLEGAL_PARAMETER:
        return NX_CRYPTO_INVALID_KEY;
    default:
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
}

enum dtls_hash_alg dtls_nx_hash_of(const NX_CRYPTO_METHOD *method)
{
    switch (method->nx_crypto_algorithm) {
    case NX_CRYPTO_HASH_MD5:
    case NX_CRYPTO_AUTHENTICATION_HMAC_MD5_128:
        return DTLS_HASH_MD5;
    case NX_CRYPTO_HASH_SHA1:
    case NX_CRYPTO_AUTHENTICATION_HMAC_SHA1_160:
        return DTLS_HASH_SHA1;
    case NX_CRYPTO_HASH_SHA224:
    case NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_224:
        return DTLS_HASH_SHA224;
    case NX_CRYPTO_HASH_SHA256:
    case NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256:
    case NX_CRYPTO_PRF_HMAC_SHA2_256:
        return DTLS_HASH_SHA256;
    case NX_CRYPTO_HASH_SHA384:
    case NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_384:
    case NX_CRYPTO_PRF_HMAC_SHA2_384:
        return DTLS_HASH_SHA384;
    case NX_CRYPTO_HASH_SHA512:
    case NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_512:
    case NX_CRYPTO_PRF_HMAC_SHA2_512:
        return DTLS_HASH_SHA512;
    default:
        return DTLS_HASH_NONE;
    }
}

UINT dtls_nx_check_room(const NX_CRYPTO_METHOD *method, const VOID *metadata,
                        ULONG metadata_size, size_t needed)
{
    if (method == NX_NULL || metadata == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return metadata_size < needed ? NX_CRYPTO_INVALID_BUFFER_SIZE
                                  : NX_CRYPTO_SUCCESS;
}

UINT dtls_nx_check_area(const NX_CRYPTO_METHOD *method, const VOID *metadata,
                        ULONG metadata_size)
{
    size_t needed =
        method == NX_NULL ? 0 : method->nx_crypto_metadata_area_size;

    return dtls_nx_check_room(method, metadata, metadata_size, needed);
}

_Static_assert(sizeof(struct dtls_hash) <= sizeof(NX_CRYPTO_SHA256),
               "NX_CRYPTO_SHA256 is too small");

static DTLS_NX_INIT(hash_init)
{
    (void)key;
    (void)key_size;
    (void)handler;
    return dtls_nx_check_area(method, metadata, metadata_size);
}

static UINT hash_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct dtls_hash));
    return NX_CRYPTO_SUCCESS;
}

static UINT hash_step(struct dtls_hash *hash, const struct dtls_nx_io *io)
{
    if (io->op == NX_CRYPTO_HASH_INITIALIZE) {
        return dtls_nx_crypto_status(
            crypto->hash_start(NULL, hash, dtls_nx_hash_of(io->method)));
    }
    if (hash->alg != dtls_nx_hash_of(io->method)) {
        return NX_CRYPTO_NOT_SUCCESSFUL; /* It was not initialized. */
    }
    if (io->op == NX_CRYPTO_HASH_UPDATE) {
        crypto->hash_update(NULL, hash, io->input);
    } else {
        crypto->hash_digest(NULL, hash, io->output);
    }
    return NX_CRYPTO_SUCCESS;
}

static bool is_hash_step(UINT op)
{
    return op == NX_CRYPTO_HASH_INITIALIZE || op == NX_CRYPTO_HASH_UPDATE ||
           op == NX_CRYPTO_HASH_CALCULATE;
}

/* An operation with an output needs room for `len` bytes of it. */
static UINT check_output(const struct dtls_nx_io *io, size_t len)
{
    if (io->op == NX_CRYPTO_HASH_INITIALIZE ||
        io->op == NX_CRYPTO_HASH_UPDATE) {
        return NX_CRYPTO_SUCCESS;
    }
    if (io->output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return io->output_len < len ? NX_CRYPTO_INVALID_BUFFER_SIZE
                                : NX_CRYPTO_SUCCESS;
}

static UINT check_input(const struct dtls_nx_io *io)
{
    return io->input.data == NX_NULL && io->input.len != 0
               ? NX_CRYPTO_PTR_ERROR
               : NX_CRYPTO_SUCCESS;
}

/* HASH_INITIALIZE, _UPDATE and _CALCULATE are steps; AUTHENTICATE and VERIFY
 * make the digest in one operation. */
static DTLS_NX_OPERATION(hash_operation)
{
    const struct dtls_nx_io io = {op, method, {0},       {input, input_len},
                                  iv, output, output_len};
    struct dtls_hash hash;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)key;
    (void)key_size;
    (void)packet;
    (void)callback;
    if (status == NX_CRYPTO_SUCCESS) {
        status = check_output(&io, dtls_hash_len(dtls_nx_hash_of(method)));
    }
    if (status == NX_CRYPTO_SUCCESS) {
        status = check_input(&io);
    }
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (!is_hash_step(op)) {
        return op == NX_CRYPTO_VERIFY || op == NX_CRYPTO_AUTHENTICATE
                   ? dtls_nx_crypto_status(crypto->digest(
                         NULL, output, dtls_nx_hash_of(method), &io.input, 1))
                   : NX_CRYPTO_INVALID_ALGORITHM;
    }
    NX_SECURE_MEMCPY(&hash, metadata, sizeof hash);
    status = hash_step(&hash, &io);
    NX_SECURE_MEMCPY(metadata, &hash, sizeof hash);
    dtls_wipe(&hash, sizeof hash);
    return status;
}

DTLS_NX_NAMED(md5, hash_init, hash_cleanup, hash_operation);
DTLS_NX_NAMED(sha1, hash_init, hash_cleanup, hash_operation);
DTLS_NX_NAMED(sha256, hash_init, hash_cleanup, hash_operation);
DTLS_NX_NAMED(sha512, hash_init, hash_cleanup, hash_operation);

struct hmac {
    struct dtls_hmac_key key;
    struct dtls_hash hash;
};

_Static_assert(sizeof(struct hmac) <= sizeof(NX_CRYPTO_SHA256_HMAC),
               "NX_CRYPTO_SHA256_HMAC is too small");

static DTLS_NX_INIT(hmac_init)
{
    (void)handler;
    if (key == NX_NULL && key_size != 0) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return dtls_nx_check_area(method, metadata, metadata_size);
}

static UINT hmac_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct hmac));
    return NX_CRYPTO_SUCCESS;
}

/* The MAC may be cut to the output's length (RFC 2104, 5). */
static void put_mac(const struct dtls_nx_io *io, const uint8_t *mac,
                    size_t len)
{
    NX_SECURE_MEMCPY(io->output, mac,
                     len < io->output_len ? len : io->output_len);
}

static UINT hmac_step(struct hmac *h, enum dtls_hash_alg alg,
                      const struct dtls_nx_io *io)
{
    uint8_t mac[DTLS_HASH_MAX];

    if (io->op == NX_CRYPTO_HASH_INITIALIZE ||
        io->op == NX_CRYPTO_AUTHENTICATE) {
        if (crypto->hmac_key(NULL, &h->key, alg, io->key) != DTLS_OK) {
            return NX_CRYPTO_NOT_SUCCESSFUL;
        }
        dtls_hmac_begin(&h->hash, &h->key);
    }
    if (h->hash.alg != alg) {
        return NX_CRYPTO_NOT_SUCCESSFUL; /* It was not initialized. */
    }
    if (io->op == NX_CRYPTO_HASH_UPDATE || io->op == NX_CRYPTO_AUTHENTICATE) {
        crypto->hash_update(NULL, &h->hash, io->input);
    }
    if (io->op == NX_CRYPTO_HASH_CALCULATE ||
        io->op == NX_CRYPTO_AUTHENTICATE) {
        dtls_hmac_end(&h->hash, &h->key, mac);
        put_mac(io, mac, dtls_hash_len(alg));
        dtls_wipe(mac, sizeof mac);
    }
    return NX_CRYPTO_SUCCESS;
}

static UINT check_hmac(const struct dtls_nx_io *io)
{
    UINT status = check_output(io, 1);

    if (status == NX_CRYPTO_SUCCESS) {
        status = check_input(io);
    }
    if (status == NX_CRYPTO_SUCCESS && !is_hash_step(io->op) &&
        io->op != NX_CRYPTO_AUTHENTICATE) {
        status = NX_CRYPTO_INVALID_ALGORITHM;
    }
    return status;
}

/* HASH_INITIALIZE, _UPDATE and _CALCULATE are steps, of which the first brings
 * the key; AUTHENTICATE makes the MAC in one operation.  Input and output may
 * be the same. */
static DTLS_NX_OPERATION(hmac_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct hmac h;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)packet;
    (void)callback;
    if (status == NX_CRYPTO_SUCCESS) {
        status = check_hmac(&io);
    }
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&h, metadata, sizeof h);
    status = hmac_step(&h, dtls_nx_hash_of(method), &io);
    NX_SECURE_MEMCPY(metadata, &h, sizeof h);
    dtls_wipe(&h, sizeof h);
    return status;
}

DTLS_NX_NAMED(hmac_md5, hmac_init, hmac_cleanup, hmac_operation);
DTLS_NX_NAMED(hmac_sha1, hmac_init, hmac_cleanup, hmac_operation);
DTLS_NX_NAMED(hmac_sha256, hmac_init, hmac_cleanup, hmac_operation);
DTLS_NX_NAMED(hmac_sha512, hmac_init, hmac_cleanup, hmac_operation);

/* The metadata of the HMAC whose hash is set by an operation. */
struct any_hmac {
    enum dtls_hash_alg alg; /* DTLS_HASH_NONE: not set */
    struct hmac h;
};

_Static_assert(sizeof(struct any_hmac) <= sizeof(NX_CRYPTO_HMAC),
               "NX_CRYPTO_HMAC is too small");

static DTLS_NX_INIT(any_hmac_init)
{
    const struct any_hmac none = {0};
    UINT status =
        hmac_init(method, key, key_size, handler, metadata, metadata_size);

    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(metadata, &none, sizeof none);
    }
    return status;
}

static UINT any_hmac_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct any_hmac));
    return NX_CRYPTO_SUCCESS;
}

static UINT run_any_hmac(struct any_hmac *any, const struct dtls_nx_io *io)
{
    UINT status;

    if (io->op == NX_CRYPTO_HMAC_SET_HASH) {
        any->alg = dtls_nx_hash_of(io->method);
        return any->alg != DTLS_HASH_NONE ? NX_CRYPTO_SUCCESS
                                          : NX_CRYPTO_INVALID_ALGORITHM;
    }
    status = check_hmac(io);
    if (status == NX_CRYPTO_SUCCESS && any->alg == DTLS_HASH_NONE) {
        status = NX_CRYPTO_NOT_SUCCESSFUL;
    }
    return status == NX_CRYPTO_SUCCESS ? hmac_step(&any->h, any->alg, io)
                                       : status;
}

/* HMAC_SET_HASH brings the method of a hash in place of its own. */
static DTLS_NX_OPERATION(any_hmac_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct any_hmac any;
    UINT status;

    (void)handler;
    (void)packet;
    (void)callback;
    status = dtls_nx_check_room(method, metadata, metadata_size, sizeof any);
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&any, metadata, sizeof any);
    status = run_any_hmac(&any, &io);
    NX_SECURE_MEMCPY(metadata, &any, sizeof any);
    dtls_wipe(&any, sizeof any);
    return status;
}

DTLS_NX_NAMED(hmac, any_hmac_init, any_hmac_cleanup, any_hmac_operation);

_Static_assert(sizeof(struct dtls_nx_kept) <= sizeof(NX_CRYPTO_TLS_PRF_SHA256),
               "NX_CRYPTO_TLS_PRF_SHA256 is too small");

UINT dtls_nx_kept_init(const NX_CRYPTO_METHOD *method, UCHAR *key, size_t len,
                       VOID *metadata, ULONG metadata_size)
{
    const struct dtls_nx_kept kept = {key, len};
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (key == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    NX_SECURE_MEMCPY(metadata, &kept, sizeof kept);
    return NX_CRYPTO_SUCCESS;
}

UINT dtls_nx_kept_end(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct dtls_nx_kept));
    return NX_CRYPTO_SUCCESS;
}

/* Sizes of a PRF's keys are in bytes. */
static DTLS_NX_INIT(prf_init)
{
    (void)handler;
    return dtls_nx_kept_init(method, key, key_size, metadata, metadata_size);
}

static UINT prf_cleanup(VOID *metadata)
{
    return dtls_nx_kept_end(metadata);
}

/* Bytes that the PRF of TLS 1.0 gives, at most: a key block has 160. */
#define BOTH_MAX 512

/* PRF of TLS 1.0 (RFC 2246, 5): that of MD5 with the secret's first half, XOR
 * that of SHA-1 with its last half; a byte in the middle belongs to both. */
static UINT prf_of_both(UCHAR *output, ULONG output_len,
                        const struct dtls_nx_kept *secret,
                        struct dtls_bytes label, struct dtls_bytes seed)
{
    size_t half = (secret->len + 1) / 2;
    uint8_t other[BOTH_MAX];
    enum dtls_status status = DTLS_NO_ROOM;

    if (output_len <= sizeof other) {
        status = crypto->prf(NULL, output, output_len, DTLS_HASH_MD5,
                             dtls_bytes_of(secret->at, half), "", label, seed);
    }
    if (status == DTLS_OK) {
        status =
            crypto->prf(NULL, other, output_len, DTLS_HASH_SHA1,
                        dtls_bytes_of(secret->at + secret->len - half, half),
                        "", label, seed);
    }
    for (ULONG i = 0; i < output_len && status == DTLS_OK; i++) {
        output[i] ^= other[i];
    }
    dtls_wipe(other, sizeof other);
    return dtls_nx_crypto_status(status);
}

/* The PRF hashes the label and the seed one after the other, so the label can
 * be the first of two seeds. */
static DTLS_NX_OPERATION(prf_operation)
{
    struct dtls_nx_kept secret;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)iv;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (op != NX_CRYPTO_PRF) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (key == NX_NULL || input == NX_NULL || output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (output_len > DTLS_PRF_OUT_MAX) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    NX_SECURE_MEMCPY(&secret, metadata, sizeof secret);
    if (method->nx_crypto_algorithm == NX_CRYPTO_PRF_HMAC_SHA1) {
        return prf_of_both(output, output_len, &secret,
                           dtls_bytes_of(key, key_size),
                           dtls_bytes_of(input, input_len));
    }
    return dtls_nx_crypto_status(crypto->prf(
        NULL, output, output_len, dtls_nx_hash_of(method),
        dtls_bytes_of(secret.at, secret.len), "", dtls_bytes_of(key, key_size),
        dtls_bytes_of(input, input_len)));
}

DTLS_NX_NAMED(prf_1, prf_init, prf_cleanup, prf_operation);
DTLS_NX_NAMED(prf_sha_256, prf_init, prf_cleanup, prf_operation);
DTLS_NX_NAMED(prf_sha384, prf_init, prf_cleanup, prf_operation);
DTLS_NX_NAMED(prf_sha512, prf_init, prf_cleanup, prf_operation);

/* The method that does nothing, for a slot that must not be empty. */
static DTLS_NX_INIT(null_init)
{
    (void)method;
    (void)key;
    (void)key_size;
    (void)handler;
    (void)metadata;
    (void)metadata_size;
    return NX_CRYPTO_SUCCESS;
}

static UINT null_cleanup(VOID *metadata)
{
    (void)metadata;
    return NX_CRYPTO_SUCCESS;
}

static DTLS_NX_OPERATION(null_operation)
{
    (void)op;
    (void)handler;
    (void)method;
    (void)key;
    (void)key_size;
    (void)input;
    (void)input_len;
    (void)iv;
    (void)output;
    (void)output_len;
    (void)metadata;
    (void)metadata_size;
    (void)packet;
    (void)callback;
    return NX_CRYPTO_SUCCESS;
}

DTLS_NX_NAMED(null, null_init, null_cleanup, null_operation);
