/* SPDX-License-Identifier: MIT */
/* The adapter: its place in the metadata area, calls of methods, hashes and
 * PRF (nx_secure/adapter.h). */
#include "nx_secure/adapter.h"

#include "base/secret.h"

#define ALIGNMENT 16u /* bytes; whatever a method puts into its area */

bool dtls_nx_is_foreign(const NX_CRYPTO_METHOD *method)
{
    return method != NX_NULL && !dtls_nx_is_own(method) &&
           method->nx_crypto_operation != NX_NULL;
}

/* The table as the methods' areas see it: the largest of each kind. */
struct needs {
    bool adapter;
    ULONG cipher;
    ULONG mac;
    ULONG prf;
    ULONG transcript;
    ULONG hash;
    ULONG public;
};

static VOID need(struct needs *needs, ULONG *size,
                 const NX_CRYPTO_METHOD *method)
{
    if (dtls_nx_is_foreign(method)) {
        needs->adapter = true;
        if (*size < method->nx_crypto_metadata_area_size) {
            *size = method->nx_crypto_metadata_area_size;
        }
    }
}

static struct needs needs_of(const NX_SECURE_TLS_CRYPTO *table)
{
    struct needs n = {0};
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &table->nx_secure_tls_ciphersuite_lookup_table[i];

        need(&n, &n.public, row->nx_secure_tls_public_cipher);
        need(&n, &n.public, row->nx_secure_tls_public_auth);
        need(&n, &n.cipher, row->nx_secure_tls_session_cipher);
        need(&n, &n.mac, row->nx_secure_tls_hash);
        need(&n, &n.prf, row->nx_secure_tls_prf);
    }
    for (USHORT i = 0; i < num; i++) {
        need(&n, &n.public, x509[i].nx_secure_x509_public_cipher_method);
        need(&n, &n.hash, x509[i].nx_secure_x509_hash_method);
    }
    need(&n, &n.transcript, table->nx_secure_tls_handshake_hash_sha256_method);
    return n;
}

/* Hands out the metadata area from its front; without an area it only
 * counts. */
struct room {
    UCHAR *area;
    uint64_t used;
};

/* Where `size` bytes begin, counted from the front. */
static uint64_t take(struct room *room, uint64_t size)
{
    uint64_t at = room->used;

    room->used += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

static struct dtls_nx_area take_area(struct room *room, ULONG size)
{
    uint64_t at = take(room, size);

    return (struct dtls_nx_area){
        room->area == NX_NULL ? NX_NULL : room->area + at, size};
}

/* The one place that knows which areas there are. */
static VOID take_areas(struct room *room, const struct needs *n,
                       struct dtls_nx_adapter *a)
{
    for (size_t i = 0; i < DTLS_NX_CIPHERS; i++) {
        a->cipher_areas[i] = take_area(room, n->cipher);
    }
    a->mac_area = take_area(room, n->mac);
    a->prf_area = take_area(room, n->prf);
    a->transcript_area = take_area(room, n->transcript);
    a->clone_area = take_area(room, n->transcript);
    a->hash_area = take_area(room, n->hash);
    a->public_area = take_area(room, n->public);
}

static uint64_t suites_size(const NX_SECURE_TLS_CRYPTO *table)
{
    return sizeof(uint16_t) *
           (uint64_t)table->nx_secure_tls_ciphersuite_lookup_table_size;
}

uint64_t dtls_nx_metadata_size(const NX_SECURE_TLS_CRYPTO *table)
{
    struct needs n = needs_of(table);
    struct room room = {NX_NULL, 0};
    struct dtls_nx_adapter counted;

    (void)take(&room, suites_size(table));
    if (n.adapter) {
        (void)take(&room, sizeof counted);
        take_areas(&room, &n, &counted);
    }
    /* The area may begin at any address; a server's sessions each get a
     * multiple of 8 bytes of what it was given. */
    return room.used + ALIGNMENT;
}

static UCHAR *aligned(VOID *area)
{
    UCHAR *at = area;
    size_t over = (ALIGN_TYPE)at % ALIGNMENT;

    return over == 0 ? at : at + (ALIGNMENT - over);
}

enum dtls_status dtls_nx_use_begin(struct dtls_nx_use *use,
                                   const NX_CRYPTO_METHOD *method,
                                   struct dtls_nx_area area,
                                   struct dtls_bytes key, size_t key_size)
{
    *use = (struct dtls_nx_use){.area = area};
    if (method->nx_crypto_init != NX_NULL &&
        method->nx_crypto_init(
            (NX_CRYPTO_METHOD *)(ALIGN_TYPE)method, /* NetX knows no const */
            (UCHAR *)(ALIGN_TYPE)key.data, (NX_CRYPTO_KEY_SIZE)key_size,
            &use->handler, area.at, area.size) != NX_CRYPTO_SUCCESS) {
        dtls_wipe(area.at, area.size);
        return DTLS_INTERNAL_ERROR;
    }
    use->method = method;
    return DTLS_OK;
}

static UINT operate(struct dtls_nx_use *use, UINT op, struct dtls_nx_area area,
                    const struct dtls_nx_args *args)
{
    return use->method->nx_crypto_operation(
        op, use->handler, (NX_CRYPTO_METHOD *)(ALIGN_TYPE)use->method,
        (UCHAR *)(ALIGN_TYPE)args->key.data,
        (NX_CRYPTO_KEY_SIZE)args->key_size,
        (UCHAR *)(ALIGN_TYPE)args->input.data, (ULONG)args->input.len,
        (UCHAR *)(ALIGN_TYPE)args->iv, args->output, (ULONG)args->output_len,
        area.at, area.size, NX_NULL, NX_NULL);
}

enum dtls_status dtls_nx_use_op(struct dtls_nx_use *use, UINT op,
                                struct dtls_nx_args args)
{
    return operate(use, op, use->area, &args) == NX_CRYPTO_SUCCESS
               ? DTLS_OK
               : DTLS_INTERNAL_ERROR;
}

enum dtls_status dtls_nx_use_op_extended(struct dtls_nx_use *use, UINT op,
                                         struct dtls_nx_args args,
                                         uint8_t *out, size_t *out_len)
{
    NX_CRYPTO_EXTENDED_OUTPUT result = {
        .nx_crypto_extended_output_data = out,
        .nx_crypto_extended_output_length_in_byte = (ULONG)*out_len,
    };
    enum dtls_status status;

    args.output = &result;
    args.output_len = sizeof result;
    status = dtls_nx_use_op(use, op, args);
    if (status != DTLS_OK ||
        result.nx_crypto_extended_output_actual_size > *out_len) {
        return DTLS_INTERNAL_ERROR;
    }
    *out_len = result.nx_crypto_extended_output_actual_size;
    return DTLS_OK;
}

VOID dtls_nx_use_end(struct dtls_nx_use *use)
{
    if (use->method != NX_NULL && use->method->nx_crypto_cleanup != NX_NULL) {
        (void)use->method->nx_crypto_cleanup(use->area.at);
    }
    if (use->area.size != 0) {
        dtls_wipe(use->area.at, use->area.size);
    }
    *use = (struct dtls_nx_use){0};
}

const NX_SECURE_TLS_CIPHERSUITE_INFO *dtls_nx_adapter_row(
    const struct dtls_nx_adapter *a)
{
    const struct dtls_suite *suite =
        dtls_nx_session(a->session)->engine.hs.suite;

    for (USHORT i = 0;
         suite != NULL &&
         i < a->table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &a->table->nx_secure_tls_ciphersuite_lookup_table[i];

        if (row->nx_secure_tls_ciphersuite == suite->id) {
            return row;
        }
    }
    return NX_NULL;
}

/* What a row of the certificate table is about. */
static const struct {
    USHORT type;
    enum dtls_key_type key;
    enum dtls_hash_alg hash;
} x509_types[] = {
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_1, DTLS_KEY_RSA, DTLS_HASH_SHA1},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, DTLS_KEY_RSA, DTLS_HASH_SHA256},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_384, DTLS_KEY_RSA, DTLS_HASH_SHA384},
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_512, DTLS_KEY_RSA, DTLS_HASH_SHA512},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1, DTLS_KEY_EC, DTLS_HASH_SHA1},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, DTLS_KEY_EC, DTLS_HASH_SHA256},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, DTLS_KEY_EC, DTLS_HASH_SHA384},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512, DTLS_KEY_EC, DTLS_HASH_SHA512},
};

/* Is this row about signatures with this hash, by this type of key? */
static bool is_about(const NX_SECURE_X509_CRYPTO *row, enum dtls_key_type key,
                     enum dtls_hash_alg hash)
{
    for (size_t i = 0; i < sizeof x509_types / sizeof *x509_types; i++) {
        if (x509_types[i].type == row->nx_secure_x509_crypto_identifier &&
            x509_types[i].hash == hash &&
            (key == DTLS_KEY_NONE || x509_types[i].key == key)) {
            return true;
        }
    }
    return false;
}

const NX_CRYPTO_METHOD *dtls_nx_x509_method(const NX_SECURE_TLS_CRYPTO *table,
                                            enum dtls_key_type key,
                                            enum dtls_hash_alg hash)
{
    USHORT num;
    const NX_SECURE_X509_CRYPTO *row = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < num; i++, row++) {
        const NX_CRYPTO_METHOD *method =
            key == DTLS_KEY_NONE ? row->nx_secure_x509_hash_method
                                 : row->nx_secure_x509_public_cipher_method;

        if (is_about(row, key, hash) && dtls_nx_is_foreign(method)) {
            return method;
        }
    }
    return NX_NULL;
}

/* A certificate in one piece is what NetX asks of a method in one operation;
 * the pieces of a key exchange's signature come one by one. */
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

/* hash_update and hash_digest cannot say that they have failed.  What asks for
 * the transcript's digest is a PRF or a signature, and both can. */
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

/* A copy of the running hash is finished, with the original's handler. */
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
        operate(&a->transcript, NX_CRYPTO_HASH_CALCULATE, a->clone_area,
                &args) != NX_CRYPTO_SUCCESS) {
        a->transcript_failed = true;
    }
    if (a->clone_area.size != 0) {
        NX_SECURE_HASH_CLONE_CLEANUP(a->clone_area.at, a->clone_area.size);
        dtls_wipe(a->clone_area.at, a->clone_area.size);
    }
    NX_SECURE_MEMCPY(out, made, dtls_hash_len(hash->alg));
}

#define SEED_MAX (2 * DTLS_RANDOM_LEN + 2 + DTLS_EXPORT_CONTEXT_MAX)

/* Both of the PRF's key sizes are in bytes. */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    struct dtls_nx_adapter *a = self;
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);
    uint8_t bytes[SEED_MAX];
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

/* What is in no list here stays the base's, which needs no self of its own
 * (dtls_nx_crypto). */
static VOID fill(struct dtls_nx_adapter *a)
{
    a->crypto = *a->base;
    a->crypto.self = a;
    a->crypto.digest = digest;
    a->crypto.hash_start = hash_start;
    a->crypto.hash_update = hash_update;
    a->crypto.hash_digest = hash_digest;
    a->crypto.prf = prf;
    dtls_nx_adapter_fill_record(&a->crypto);
    dtls_nx_adapter_fill_keys(&a->crypto);
    dtls_nx_adapter_fill_shares(&a->crypto);
}

const struct dtls_crypto *dtls_nx_metadata_use(NX_SECURE_DTLS_SESSION *session,
                                               uint16_t **suites)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const NX_SECURE_TLS_CRYPTO *table = tls->nx_secure_tls_crypto_table;
    struct needs n = needs_of(table);
    struct room room = {aligned(tls->nx_secure_tls_metadata_area), 0};
    struct dtls_nx_adapter *a;

    *suites =
        (uint16_t *)(VOID *)(room.area + take(&room, suites_size(table)));
    if (!n.adapter) {
        return dtls_nx_crypto;
    }
    if (dtls_nx_session(session)->adapter != NULL) {
        /* A renegotiation: the keys of the session are in use. */
        return &dtls_nx_session(session)->adapter->crypto;
    }
    a = (struct dtls_nx_adapter *)(VOID *)(room.area + take(&room, sizeof *a));
    *a = (struct dtls_nx_adapter){
        .base = dtls_nx_crypto, .session = session, .table = table};
    take_areas(&room, &n, a);
    fill(a);
    dtls_nx_session(session)->adapter = a;
    return &a->crypto;
}

VOID dtls_nx_metadata_end(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_adapter *a = dtls_nx_session(session)->adapter;

    if (a == NULL) {
        return;
    }
    dtls_nx_use_end(&a->transcript);
    dtls_nx_use_end(&a->share);
    dtls_wipe(a, sizeof *a);
    dtls_nx_session(session)->adapter = NULL;
}
