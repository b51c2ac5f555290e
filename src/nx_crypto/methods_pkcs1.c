/* SPDX-License-Identifier: MIT */
/* Method object: signatures RSASSA-PKCS1-v1_5 (RFC 8017, 8.2;
 * nx_crypto/methods.h). */
#include "nx_crypto/methods.h"

#include "base/secret.h"
#include "crypto/raw_key.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* The metadata: the modulus, and the options that were set. */
struct pkcs1 {
    struct dtls_nx_kept modulus;
    NX_CRYPTO_PKCS1_OPTIONS options;
};

_Static_assert(sizeof(struct pkcs1) <= sizeof(NX_CRYPTO_PKCS1),
               "NX_CRYPTO_PKCS1 is too small");

/* The key is the modulus.  It stays the caller's. */
static DTLS_NX_INIT(pkcs1_init)
{
    const struct pkcs1 p = {.modulus = {key, key_size / 8}};
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    if (status == NX_CRYPTO_SUCCESS && key == NX_NULL) {
        status = NX_CRYPTO_PTR_ERROR;
    }
    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(metadata, &p, sizeof p);
    }
    return status;
}

static UINT pkcs1_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct pkcs1));
    return NX_CRYPTO_SUCCESS;
}

/* Calls the RSA method of the options: out = in ^ exponent mod modulus. */
static UINT raise(const struct pkcs1 *p, UCHAR *out, const UCHAR *in,
                  struct dtls_bytes exponent)
{
    const NX_CRYPTO_PKCS1_OPTIONS *o = &p->options;
    NX_CRYPTO_METHOD *rsa = o->public_cipher_method;
    VOID *handler = NX_NULL;
    ULONG len = (ULONG)p->modulus.len;
    UINT status = NX_CRYPTO_SUCCESS;

    if (rsa->nx_crypto_init != NX_NULL) {
        status = rsa->nx_crypto_init(rsa, p->modulus.at, 8 * len, &handler,
                                     o->public_cipher_metadata,
                                     o->public_cipher_metadata_size);
    }
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    status = rsa->nx_crypto_operation(
        NX_CRYPTO_DECRYPT, handler, rsa, (UCHAR *)(ALIGN_TYPE)exponent.data,
        8 * (NX_CRYPTO_KEY_SIZE)exponent.len, (UCHAR *)(ALIGN_TYPE)in, len,
        NX_NULL, out, len, o->public_cipher_metadata,
        o->public_cipher_metadata_size, NX_NULL, NX_NULL);
    if (rsa->nx_crypto_cleanup != NX_NULL) {
        (VOID) rsa->nx_crypto_cleanup(o->public_cipher_metadata);
    }
    return status;
}

/* Returns the PKCS#1 pair of the options' hash, or NULL. */
static const struct dtls_sigalg *pair_of(const struct pkcs1 *p)
{
    enum dtls_hash_alg hash = dtls_nx_hash_of(p->options.hash_method);
    const struct dtls_sigalg *alg;
    size_t i = 0;

    while ((alg = dtls_sigalg_at(i)) != NULL &&
           (alg->key != DTLS_KEY_RSA || alg->pss || alg->hash != hash)) {
        i++;
    }
    return alg;
}

/* Makes the signature of io->input, or checks the one in io->output. */
static UINT run(const struct pkcs1 *p, const struct dtls_nx_io *io)
{
    static const uint8_t any_exponent[] = {1, 0, 1}; /* unused by a padding */
    const struct dtls_public_key key = {
        .type = DTLS_KEY_RSA,
        .n = dtls_bytes_of(p->modulus.at, p->modulus.len),
        .e = dtls_bytes_of(any_exponent, sizeof any_exponent)};
    const struct dtls_sigalg *alg = pair_of(p);
    uint8_t digest[DTLS_HASH_MAX];
    uint8_t em[DTLS_RSA_MAX];
    UINT status;

    if (alg == NULL || key.n.len > sizeof em) {
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    if (io->output_len < key.n.len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    status = dtls_nx_crypto_status(
        crypto->digest(NULL, digest, alg->hash, &io->input, 1));
    if (status == NX_CRYPTO_SUCCESS && io->op == NX_CRYPTO_AUTHENTICATE) {
        status = dtls_nx_crypto_status(dtls_rsa_pad_digest(
            em, &key, alg, dtls_bytes_of(digest, dtls_hash_len(alg->hash))));
        return status == NX_CRYPTO_SUCCESS ? raise(p, io->output, em, io->key)
                                           : status;
    }
    if (status == NX_CRYPTO_SUCCESS) {
        status = raise(p, em, io->output, io->key);
    }
    return status == NX_CRYPTO_SUCCESS
               ? dtls_nx_crypto_status(dtls_rsa_check_digest(
                     em, &key, alg,
                     dtls_bytes_of(digest, dtls_hash_len(alg->hash))))
               : status;
}

static UINT set_options(struct pkcs1 *p, const struct dtls_nx_io *io)
{
    if (io->input.len != sizeof p->options) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    NX_SECURE_MEMCPY(&p->options, io->input.data, sizeof p->options);
    return p->options.public_cipher_method == NX_NULL ||
                   p->options.hash_method == NX_NULL
               ? NX_CRYPTO_PTR_ERROR
               : NX_CRYPTO_SUCCESS;
}

/* SET_ADDITIONAL_DATA brings NX_CRYPTO_PKCS1_OPTIONS.  AUTHENTICATE signs the
 * input with the private exponent as its key; VERIFY checks the signature that
 * stands in the output, with the public exponent. */
static DTLS_NX_OPERATION(pkcs1_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct pkcs1 p;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (input == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    NX_SECURE_MEMCPY(&p, metadata, sizeof p);
    if (op == NX_CRYPTO_SET_ADDITIONAL_DATA) {
        status = set_options(&p, &io);
        if (status == NX_CRYPTO_SUCCESS) {
            NX_SECURE_MEMCPY(metadata, &p, sizeof p);
        }
        return status;
    }
    if (op != NX_CRYPTO_AUTHENTICATE && op != NX_CRYPTO_VERIFY) {
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    if (key == NX_NULL || output == NX_NULL ||
        p.options.hash_method == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return run(&p, &io);
}

DTLS_NX_NAMED(pkcs1_v1_5, pkcs1_init, pkcs1_cleanup, pkcs1_operation);
