/* SPDX-License-Identifier: MIT */
/* Method objects: AES-CBC and the AEAD ciphers (nx_crypto/methods.h). */
#include "nx_crypto/methods.h"

#include "base/secret.h"
#include "crypto/stream.h"

_Static_assert(sizeof(struct dtls_stream) <= sizeof(NX_CRYPTO_AES),
               "NX_CRYPTO_AES is too small");

/* Returns the cipher of a method, or DTLS_CIPHER_NULL for an algorithm that is
 * no cipher of ours. */
static enum dtls_cipher_alg alg_of(const NX_CRYPTO_METHOD *method)
{
    switch (method->nx_crypto_algorithm) {
    case NX_CRYPTO_ENCRYPTION_AES_CBC:
        return DTLS_CIPHER_CBC;
    case NX_CRYPTO_ENCRYPTION_AES_GCM_16:
        return DTLS_CIPHER_GCM;
    case NX_CRYPTO_ENCRYPTION_AES_CCM_16:
        return DTLS_CIPHER_CCM;
    case NX_CRYPTO_ENCRYPTION_AES_CCM_8:
        return DTLS_CIPHER_CCM_8;
    case NX_CRYPTO_NONE: /* NetX has no number for ChaCha20. */
        return DTLS_CIPHER_CHACHA20;
    default:
        return DTLS_CIPHER_NULL;
    }
}

static DTLS_NX_INIT(cipher_init)
{
    struct dtls_stream stream;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (key == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (alg_of(method) == DTLS_CIPHER_NULL) {
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    if (key_size != method->nx_crypto_key_size_in_bits) {
        return NX_CRYPTO_UNSUPPORTED_KEY_SIZE;
    }
    status = dtls_nx_crypto_status(dtls_stream_make(
        &stream, alg_of(method), dtls_bytes_of(key, key_size / 8)));
    NX_SECURE_MEMCPY(metadata, &stream, sizeof stream);
    dtls_wipe(&stream, sizeof stream);
    return status;
}

static UINT cipher_cleanup(VOID *metadata)
{
    struct dtls_stream stream;

    if (metadata == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    NX_SECURE_MEMCPY(&stream, metadata, sizeof stream);
    dtls_stream_free(&stream);
    dtls_wipe(metadata, sizeof stream);
    return NX_CRYPTO_SUCCESS;
}

static bool is_cbc(const struct dtls_nx_io *io)
{
    return alg_of(io->method) == DTLS_CIPHER_CBC;
}

/* CBC's IV is 16 bytes as they are.  An AEAD's nonce has its length before it,
 * which must be 12. */
static UINT begin(struct dtls_stream *stream, const struct dtls_nx_io *io,
                  bool encrypt)
{
    if (io->iv == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (is_cbc(io)) {
        return dtls_nx_crypto_status(dtls_stream_begin(
            stream, encrypt, io->iv, (struct dtls_bytes){0}, 0));
    }
    if (io->iv[0] != DTLS_NONCE_LEN || io->input.len > DTLS_STREAM_AAD_MAX) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    return dtls_nx_crypto_status(dtls_stream_begin(stream, encrypt, io->iv + 1,
                                                   io->input, io->output_len));
}

static UINT update(struct dtls_stream *stream, const struct dtls_nx_io *io)
{
    if (io->input.data == NX_NULL || io->output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (io->output_len < io->input.len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    return dtls_nx_crypto_status(
        dtls_stream_update(stream, io->output, io->input.data, io->input.len));
}

static UINT put_tag(struct dtls_stream *stream, const struct dtls_nx_io *io)
{
    if (is_cbc(io)) {
        return NX_CRYPTO_SUCCESS;
    }
    if (io->output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (io->output_len < io->method->nx_crypto_ICV_size_in_bits / 8u) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    return dtls_nx_crypto_status(dtls_stream_tag(stream, io->output));
}

static UINT check_tag(struct dtls_stream *stream, const struct dtls_nx_io *io)
{
    if (is_cbc(io)) {
        return NX_CRYPTO_SUCCESS;
    }
    if (io->input.data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return dtls_nx_crypto_status(dtls_stream_check(stream, io->input));
}

/* Runs CBC in one operation. */
static UINT run_whole(struct dtls_stream *stream, const struct dtls_nx_io *io,
                      bool encrypt)
{
    UINT status =
        is_cbc(io) ? begin(stream, io, encrypt) : NX_CRYPTO_INVALID_ALGORITHM;

    if (status == NX_CRYPTO_SUCCESS && io->input.len % DTLS_CBC_BLOCK != 0) {
        status = NX_CRYPTO_PTR_ERROR; /* NetX returns this for it */
    }
    return status == NX_CRYPTO_SUCCESS ? update(stream, io) : status;
}

static UINT run(struct dtls_stream *stream, const struct dtls_nx_io *io)
{
    switch (io->op) {
    case NX_CRYPTO_ENCRYPT_INITIALIZE:
        return begin(stream, io, true);
    case NX_CRYPTO_DECRYPT_INITIALIZE:
        return begin(stream, io, false);
    case NX_CRYPTO_ENCRYPT_UPDATE:
    case NX_CRYPTO_DECRYPT_UPDATE:
        return update(stream, io);
    case NX_CRYPTO_ENCRYPT_CALCULATE:
        return put_tag(stream, io);
    case NX_CRYPTO_DECRYPT_CALCULATE:
        return check_tag(stream, io);
    case NX_CRYPTO_ENCRYPT:
        return run_whole(stream, io, true);
    case NX_CRYPTO_DECRYPT:
        return run_whole(stream, io, false);
    default:
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
}

static DTLS_NX_OPERATION(cipher_operation)
{
    const struct dtls_nx_io io = {op, method, {0},       {input, input_len},
                                  iv, output, output_len};
    struct dtls_stream stream;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)key;
    (void)key_size;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&stream, metadata, sizeof stream);
    status = run(&stream, &io);
    NX_SECURE_MEMCPY(metadata, &stream, sizeof stream);
    dtls_wipe(&stream, sizeof stream);
    return status;
}

DTLS_NX_NAMED(aes, cipher_init, cipher_cleanup, cipher_operation);
DTLS_NX_OPERATION_NAMED(aes_cbc, cipher_operation);
DTLS_NX_OPERATION_NAMED(aes_ccm, cipher_operation);
DTLS_NX_OPERATION_NAMED(aes_gcm, cipher_operation);
