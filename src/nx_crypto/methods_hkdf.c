/* SPDX-License-Identifier: MIT */
/* Method object: HKDF (RFC 5869; nx_crypto/methods.h). */
#include "nx_crypto/methods.h"

#include "base/secret.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* The metadata: the hash, and the pseudorandom key of Extract or SET_PRK. */
struct hkdf {
    struct dtls_nx_kept ikm; /* of init; at NULL: none */
    enum dtls_hash_alg alg;  /* DTLS_HASH_NONE: not set */
    uint8_t prk_len;
    uint8_t prk[DTLS_HASH_MAX];
};

_Static_assert(sizeof(struct hkdf) <= sizeof(NX_CRYPTO_HKDF),
               "NX_CRYPTO_HKDF is too small");

/* The key is the input keying material, or NULL if EXTRACT brings it. */
static DTLS_NX_INIT(hkdf_init)
{
    struct hkdf kdf = {.ikm = {key, key_size / 8}};
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(metadata, &kdf, sizeof kdf);
    }
    return status;
}

static UINT hkdf_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct hkdf));
    return NX_CRYPTO_SUCCESS;
}

static UINT mac(uint8_t *out, enum dtls_hash_alg alg, struct dtls_bytes secret,
                const struct dtls_bytes *parts, size_t num_parts)
{
    struct dtls_hmac_key key;
    UINT status =
        dtls_nx_crypto_status(crypto->hmac_key(NULL, &key, alg, secret));

    if (status == NX_CRYPTO_SUCCESS) {
        crypto->hmac(NULL, &key, out, parts, num_parts);
    }
    dtls_wipe(&key, sizeof key);
    return status;
}

static UINT set_prk(struct hkdf *kdf, struct dtls_bytes prk)
{
    if (prk.data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (prk.len > sizeof kdf->prk) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    NX_SECURE_MEMCPY(kdf->prk, prk.data, prk.len);
    kdf->prk_len = (uint8_t)prk.len;
    return NX_CRYPTO_SUCCESS;
}

/* PRK = HMAC(salt, IKM).  No salt is a salt of zeros, which HMAC pads an empty
 * key to. */
static UINT extract(struct hkdf *kdf, const struct dtls_nx_io *io)
{
    struct dtls_bytes ikm = io->input.data != NX_NULL
                                ? io->input
                                : dtls_bytes_of(kdf->ikm.at, kdf->ikm.len);
    size_t len = dtls_hash_len(kdf->alg);
    struct dtls_bytes salt = io->key;
    UINT status;

    if (ikm.data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (io->output != NX_NULL && io->output_len < len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    if (salt.data == NX_NULL) {
        salt.len = 0;
    }
    status = mac(kdf->prk, kdf->alg, salt, &ikm, 1);
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    kdf->prk_len = (uint8_t)len;
    if (io->output != NX_NULL) {
        NX_SECURE_MEMCPY(io->output, kdf->prk, len);
    }
    return NX_CRYPTO_SUCCESS;
}

/*   T(0) = empty,  T(i) = HMAC(PRK, T(i-1) | info | i)                     */
static UINT expand(struct hkdf *kdf, const struct dtls_nx_io *io)
{
    size_t len = dtls_hash_len(kdf->alg);
    UCHAR *out = io->output;
    ULONG left = io->output_len;
    uint8_t block[DTLS_HASH_MAX];
    uint8_t number = 0;
    UINT status = NX_CRYPTO_SUCCESS;

    if (out == NX_NULL || (io->key.data == NX_NULL && io->key.len != 0)) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (kdf->prk_len == 0) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (left > 255 * len) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    while (left > 0 && status == NX_CRYPTO_SUCCESS) {
        const struct dtls_bytes parts[] = {
            {block, number == 0 ? 0 : len}, io->key, {&number, 1}};
        size_t n = left < len ? left : len;

        number++;
        status = mac(block, kdf->alg, dtls_bytes_of(kdf->prk, kdf->prk_len),
                     parts, 3);
        NX_SECURE_MEMCPY(out, block, n);
        out += n;
        left -= (ULONG)n;
    }
    dtls_wipe(block, sizeof block);
    return status;
}

static UINT run(struct hkdf *kdf, const struct dtls_nx_io *io)
{
    switch (io->op) {
    case NX_CRYPTO_HKDF_SET_HMAC:
        return NX_CRYPTO_SUCCESS; /* Every HMAC is the same here. */
    case NX_CRYPTO_HKDF_SET_HASH:
        kdf->alg = dtls_nx_hash_of(io->method);
        return kdf->alg != DTLS_HASH_NONE ? NX_CRYPTO_SUCCESS
                                          : NX_CRYPTO_INVALID_ALGORITHM;
    case NX_CRYPTO_HKDF_SET_PRK:
        return set_prk(kdf, io->key);
    case NX_CRYPTO_HKDF_EXTRACT:
    case NX_CRYPTO_HKDF_EXPAND:
        break;
    default:
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    if (kdf->alg == DTLS_HASH_NONE) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    return io->op == NX_CRYPTO_HKDF_EXTRACT ? extract(kdf, io)
                                            : expand(kdf, io);
}

/* SET_HMAC and SET_HASH bring those methods in place of HKDF's own.  Sizes of
 * keys are in bits. */
static DTLS_NX_OPERATION(hkdf_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct hkdf kdf;
    UINT status;

    (void)handler;
    (void)packet;
    (void)callback;
    status = dtls_nx_check_room(method, metadata, metadata_size, sizeof kdf);
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&kdf, metadata, sizeof kdf);
    status = run(&kdf, &io);
    NX_SECURE_MEMCPY(metadata, &kdf, sizeof kdf);
    dtls_wipe(&kdf, sizeof kdf);
    return status;
}

DTLS_NX_NAMED(hkdf, hkdf_init, hkdf_cleanup, hkdf_operation);
