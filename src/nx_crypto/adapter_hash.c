/* SPDX-License-Identifier: MIT */
/* Hashes and the PRF by methods of the application
 * (nx_crypto/adapter_parts.h). */
#include "nx_crypto/adapter_parts.h"

#include "base/secret.h"

/* NetX gives a method a certificate, which is one piece, in one operation, and
 * the pieces of a key exchange's signature one by one. */
static enum dtls_status digest_with(struct dtls_nx_use *use, uint8_t *out,
                                    size_t out_len,
                                    const struct dtls_bytes *parts,
                                    size_t num_parts)
{
    struct dtls_nx_args result = {.output = out, .output_len = out_len};
    enum dtls_status status;

    if (num_parts == 1) {
        result.input = parts[0];
        return dtls_nx_use_op(use, NX_CRYPTO_VERIFY, result);
    }
    status = dtls_nx_use_op(use, NX_CRYPTO_HASH_INITIALIZE,
                            (struct dtls_nx_args){0});
    for (size_t i = 0; i < num_parts && status == DTLS_OK; i++) {
        status = dtls_nx_use_op(use, NX_CRYPTO_HASH_UPDATE,
                                (struct dtls_nx_args){.input = parts[i]});
    }
    return status == DTLS_OK
               ? dtls_nx_use_op(use, NX_CRYPTO_HASH_CALCULATE, result)
               : status;
}

static enum dtls_status digest(void *self, uint8_t *out,
                               enum dtls_hash_alg alg,
                               const struct dtls_bytes *parts,
                               size_t num_parts)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method =
        dtls_nx_x509_method(a->table, DTLS_KEY_NONE, alg);
    uint8_t made[DTLS_HASH_MAX] = {0};
    struct dtls_nx_use use;
    enum dtls_status status;

    if (method == NX_NULL) {
        return a->base->digest(a->base->self, out, alg, parts, num_parts);
    }
    status = dtls_nx_use_begin(&use, method, a->hash_area,
                               (struct dtls_bytes){0}, 0);
    if (status == DTLS_OK) {
        status = digest_with(&use, made, sizeof made, parts, num_parts);
        dtls_nx_use_end(&use);
    }
    NX_SECURE_MEMCPY(out, made, dtls_hash_len(alg));
    return status;
}

/* The transcript: NetX has a method for SHA-256 alone. */

static bool is_foreign_transcript(const struct dtls_nx_adapter *a,
                                  enum dtls_hash_alg alg)
{
    return alg == DTLS_HASH_SHA256 &&
           dtls_nx_is_foreign(
               a->table->nx_secure_tls_handshake_hash_sha256_method);
}

static enum dtls_status hash_start(void *self, struct dtls_hash *hash,
                                   enum dtls_hash_alg alg)
{
    struct dtls_nx_adapter *a = self;
    enum dtls_status status;

    if (!is_foreign_transcript(a, alg)) {
        return a->base->hash_start(a->base->self, hash, alg);
    }
    dtls_nx_use_end(&a->transcript);
    a->transcript_failed = false;
    *hash = (struct dtls_hash){.alg = alg};
    status = dtls_nx_use_begin(
        &a->transcript, a->table->nx_secure_tls_handshake_hash_sha256_method,
        a->transcript_area, (struct dtls_bytes){0}, 0);
    if (status == DTLS_OK) {
        status = dtls_nx_use_op(&a->transcript, NX_CRYPTO_HASH_INITIALIZE,
                                (struct dtls_nx_args){0});
    }
    return status;
}

/* hash_update and hash_digest cannot report a failure.  Only a PRF or a
 * signature asks for the transcript's digest, and both can. */
static void hash_update(void *self, struct dtls_hash *hash,
                        struct dtls_bytes data)
{
    struct dtls_nx_adapter *a = self;

    if (!is_foreign_transcript(a, hash->alg)) {
        a->base->hash_update(a->base->self, hash, data);
        return;
    }
    if (a->transcript_failed ||
        dtls_nx_use_op(&a->transcript, NX_CRYPTO_HASH_UPDATE,
                       (struct dtls_nx_args){.input = data}) != DTLS_OK) {
        a->transcript_failed = true;
    }
}

/* Finishes a copy of the running hash, with the original's handler. */
static void hash_digest(void *self, const struct dtls_hash *hash, uint8_t *out)
{
    struct dtls_nx_adapter *a = self;
    uint8_t made[DTLS_HASH_MAX] = {0};
    struct dtls_nx_args args = {.output = made, .output_len = sizeof made};

    if (!is_foreign_transcript(a, hash->alg)) {
        a->base->hash_digest(a->base->self, hash, out);
        return;
    }
    if (a->clone_area.size != 0) {
        NX_SECURE_HASH_METADATA_CLONE(a->clone_area.at, a->transcript_area.at,
                                      a->clone_area.size);
    }
    if (a->transcript_failed ||
        dtls_nx_use_op_on(&a->transcript, NX_CRYPTO_HASH_CALCULATE,
                          a->clone_area, args) != DTLS_OK) {
        a->transcript_failed = true;
    }
    if (a->clone_area.size != 0) {
        NX_SECURE_HASH_CLONE_CLEANUP(a->clone_area.at, a->clone_area.size);
        dtls_wipe(a->clone_area.at, a->clone_area.size);
    }
    NX_SECURE_MEMCPY(out, made, dtls_hash_len(hash->alg));
}

/* Both of the PRF's key sizes are in bytes. */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    struct dtls_nx_adapter *a = self;
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);
    uint8_t bytes[DTLS_PRF_SEED_MAX];
    struct dtls_buf seed = {bytes, 0, sizeof bytes};
    struct dtls_nx_use use;
    enum dtls_status status;

    if (a->transcript_failed) {
        return DTLS_INTERNAL_ERROR;
    }
    if (row == NX_NULL || !dtls_nx_is_foreign(row->nx_secure_tls_prf)) {
        return a->base->prf(a->base->self, out, out_len, alg, secret, label,
                            seed1, seed2);
    }
    if (!dtls_put_bytes(&seed, seed1) || !dtls_put_bytes(&seed, seed2)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_nx_use_begin(&use, row->nx_secure_tls_prf, a->prf_area,
                               secret, secret.len);
    if (status == DTLS_OK) {
        status = dtls_nx_use_op(
            &use, NX_CRYPTO_PRF,
            (struct dtls_nx_args){.key = dtls_bytes_of(label, strlen(label)),
                                  .key_size = strlen(label),
                                  .input = dtls_buf_bytes(&seed),
                                  .output = out,
                                  .output_len = out_len});
        dtls_nx_use_end(&use);
    }
    dtls_wipe(bytes, sizeof bytes);
    return status;
}

VOID dtls_nx_adapter_fill_hashes(struct dtls_crypto *crypto)
{
    crypto->digest = digest;
    crypto->hash_start = hash_start;
    crypto->hash_update = hash_update;
    crypto->hash_digest = hash_digest;
    crypto->prf = prf;
}
