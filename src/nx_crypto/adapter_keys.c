/* SPDX-License-Identifier: MIT */
/* RSA and ECDSA by methods of the application (nx_crypto/adapter_parts.h). */
#include "nx_crypto/adapter_parts.h"

#include "base/secret.h"
#include "crypto/raw_key.h"

/* Tells whether this method can sign and verify with such a key. */
static bool fits(const NX_CRYPTO_METHOD *method, enum dtls_key_type key)
{
    if (!dtls_nx_is_foreign(method)) {
        return false;
    }
    return (key == DTLS_KEY_RSA &&
            method->nx_crypto_algorithm == NX_CRYPTO_KEY_EXCHANGE_RSA) ||
           (key == DTLS_KEY_EC &&
            method->nx_crypto_algorithm == NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA);
}

/* Returns the method for our signatures: the suite's own or, if the suite has
 * none for such a key, which a client may hold, the certificate table's. */
static const NX_CRYPTO_METHOD *signing_method(const struct dtls_nx_adapter *a,
                                              const struct dtls_sigalg *alg)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);

    if (row != NX_NULL && fits(row->nx_secure_tls_public_auth, alg->key)) {
        return row->nx_secure_tls_public_auth;
    }
    return dtls_nx_x509_method(a->table, alg->key, alg->hash);
}

/* Returns the method for the peer's signatures and certificates: the
 * certificate table's or, if it has none, the suite's. */
static const NX_CRYPTO_METHOD *verifying_method(
    const struct dtls_nx_adapter *a, const struct dtls_sigalg *alg)
{
    const NX_CRYPTO_METHOD *method =
        dtls_nx_x509_method(a->table, alg->key, alg->hash);

    return method != NX_NULL ? method : signing_method(a, alg);
}

static struct dtls_public_key public_rsa(const struct dtls_raw_key *key)
{
    return (struct dtls_public_key){
        .type = DTLS_KEY_RSA,
        .n = {key->public, key->public_len},
        .e = {key->e, key->e_len},
    };
}

static enum dtls_status set_primes(struct dtls_nx_use *use,
                                   const struct dtls_raw_key *key)
{
    enum dtls_status status;

    if (key->p_len == 0 || key->q_len == 0) {
        return DTLS_OK;
    }
    status =
        dtls_nx_use_op(use, NX_CRYPTO_SET_PRIME_P,
                       (struct dtls_nx_args){.input = {key->p, key->p_len}});
    return status == DTLS_OK
               ? dtls_nx_use_op(
                     use, NX_CRYPTO_SET_PRIME_Q,
                     (struct dtls_nx_args){.input = {key->q, key->q_len}})
               : status;
}

/* Writes number ^ exponent mod n; `number` and `out` have n.len bytes.
 * `primes` is NULL, or the key whose primes NetX gives with an encrypted
 * premaster. */
static enum dtls_status rsa_apply(struct dtls_nx_adapter *a,
                                  const NX_CRYPTO_METHOD *method,
                                  struct dtls_bytes n,
                                  struct dtls_bytes exponent,
                                  const struct dtls_raw_key *primes,
                                  const uint8_t *number, uint8_t *out)
{
    struct dtls_nx_use use;
    enum dtls_status status =
        dtls_nx_use_begin(&use, method, a->public_area, n, 8 * n.len);

    if (status == DTLS_OK && primes != NULL) {
        status = set_primes(&use, primes);
    }
    if (status == DTLS_OK) {
        status =
            dtls_nx_use_op(&use, NX_CRYPTO_DECRYPT,
                           (struct dtls_nx_args){.key = exponent,
                                                 .key_size = 8 * exponent.len,
                                                 .input = {number, n.len},
                                                 .output = out,
                                                 .output_len = n.len});
    }
    dtls_nx_use_end(&use);
    return status;
}

/* Writes the numbers of a key; for a held key (struct dtls_nx_held_key) those
 * of its certificate. */
static enum dtls_status numbers_of(struct dtls_raw_key *out,
                                   const struct dtls_private_key *key)
{
    const struct dtls_public_key *public;

    if (key->handle == NULL) {
        return dtls_raw_key_export(out, key);
    }
    *out = (struct dtls_raw_key){.type = key->type, .group = key->group};
    public = ((const struct dtls_nx_held_key *)key->handle)->public;
    if (public->point.len > sizeof out->public ||
        public->n.len > sizeof out->public || public->e.len > sizeof out->e) {
        return DTLS_INTERNAL_ERROR;
    }
    if (key->type == DTLS_KEY_EC) {
        NX_SECURE_MEMCPY(out->public, public->point.data, public->point.len);
        out->public_len = public->point.len;
        return DTLS_OK;
    }
    NX_SECURE_MEMCPY(out->public, public->n.data, public->n.len);
    out->public_len = public->n.len;
    NX_SECURE_MEMCPY(out->e, public->e.data, public->e.len);
    out->e_len = public->e.len;
    return DTLS_OK;
}

/* The method of a held key gets what the certificate has: the application's
 * bytes, their length as the application gave it, and the type, which is the
 * number of the one operation.  There is no init and no cleanup. */
static struct dtls_nx_use begin_held(struct dtls_nx_adapter *a,
                                     const NX_CRYPTO_METHOD *method)
{
    return (struct dtls_nx_use){.method = method, .area = a->public_area};
}

static VOID end_held(struct dtls_nx_use *use)
{
    use->method = NX_NULL;
    dtls_nx_use_end(use); /* wipes the area */
}

static struct dtls_nx_args args_held(const struct dtls_private_key *key,
                                     struct dtls_bytes input)
{
    const NX_SECURE_X509_CERT *cert =
        ((const struct dtls_nx_held_key *)key->handle)->cert;

    return (struct dtls_nx_args){
        .key = {cert->nx_secure_x509_private_key_data,
                cert->nx_secure_x509_private_key_data_length},
        .key_size = cert->nx_secure_x509_private_key_data_length,
        .input = input,
    };
}

static UINT op_held(const struct dtls_private_key *key)
{
    const NX_SECURE_X509_CERT *cert =
        ((const struct dtls_nx_held_key *)key->handle)->cert;

    return cert->nx_secure_x509_private_key_type;
}

/* Writes number ^ d mod n. */
static enum dtls_status rsa_private(struct dtls_nx_adapter *a,
                                    const NX_CRYPTO_METHOD *method,
                                    const struct dtls_private_key *key,
                                    const struct dtls_raw_key *raw,
                                    const struct dtls_raw_key *primes,
                                    const uint8_t *number, uint8_t *out)
{
    struct dtls_bytes n = {raw->public, raw->public_len};
    struct dtls_nx_use use;
    struct dtls_nx_args args;
    enum dtls_status status;

    if (key->handle == NULL) {
        return rsa_apply(a, method, n,
                         dtls_bytes_of(raw->secret, raw->secret_len), primes,
                         number, out);
    }
    use = begin_held(a, method);
    args = args_held(key, dtls_bytes_of(number, n.len));
    args.output = out;
    args.output_len = n.len;
    status = dtls_nx_use_op(&use, op_held(key), args);
    end_held(&use);
    return status;
}

/* RSA takes only numbers below the modulus (RFC 8017, 5.1.2, 5.2.2). */
static bool is_below(struct dtls_bytes number, struct dtls_bytes n)
{
    return number.len == n.len &&
           NX_SECURE_MEMCMP(number.data, n.data, n.len) < 0;
}

DTLS_OWN_FRAME static enum dtls_status sign_rsa(
    struct dtls_nx_adapter *a, const NX_CRYPTO_METHOD *method,
    const struct dtls_private_key *key, const struct dtls_raw_key *raw,
    const struct dtls_sigalg *alg, uint8_t *out, size_t *out_len,
    struct dtls_bytes digest)
{
    struct dtls_public_key public = public_rsa(raw);
    uint8_t em[DTLS_RSA_MAX];
    enum dtls_status status;

    if (*out_len < raw->public_len) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_rsa_pad_digest(em, &public, alg, digest);
    if (status == DTLS_OK) {
        status = rsa_private(a, method, key, raw, NULL, em, out);
    }
    *out_len = raw->public_len;
    return status;
}

static enum dtls_status sign_ec_held(struct dtls_nx_adapter *a,
                                     const NX_CRYPTO_METHOD *method,
                                     const struct dtls_private_key *key,
                                     uint8_t *out, size_t *out_len,
                                     struct dtls_bytes digest)
{
    struct dtls_nx_use use = begin_held(a, method);
    enum dtls_status status = dtls_nx_use_op_extended(
        &use, op_held(key), args_held(key, digest), out, out_len);

    end_held(&use);
    return status;
}

/* A key in hardware takes the place of the scalar; NetX has no other operation
 * for it. */
static struct dtls_bytes scalar_of(const struct dtls_private_key *key,
                                   const struct dtls_raw_key *raw)
{
    return key->handle != NULL ? args_held(key, (struct dtls_bytes){0}).key
                               : dtls_bytes_of(raw->secret, raw->secret_len);
}

static enum dtls_status sign_ec(struct dtls_nx_adapter *a,
                                const NX_CRYPTO_METHOD *method,
                                const struct dtls_private_key *key,
                                const struct dtls_raw_key *raw, uint8_t *out,
                                size_t *out_len, struct dtls_bytes digest)
{
    struct dtls_bytes scalar = scalar_of(key, raw);
    struct dtls_nx_use use;
    enum dtls_status status = dtls_nx_use_begin(
        &use, method, a->public_area,
        dtls_bytes_of(raw->public, raw->public_len), 8 * raw->public_len);

    if (status == DTLS_OK) {
        status = dtls_nx_use_set_curve(a, &use, raw->group);
    }
    if (status == DTLS_OK) {
        status = dtls_nx_use_op_extended(
            &use, NX_CRYPTO_AUTHENTICATE,
            (struct dtls_nx_args){
                .key = scalar, .key_size = 8 * scalar.len, .input = digest},
            out, out_len);
    }
    dtls_nx_use_end(&use);
    return status;
}

static bool is_user_defined(const struct dtls_private_key *key)
{
    return key->handle != NULL &&
           (op_held(key) & NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK) != 0;
}

/* Tells whether a method has made a signature that its key's public part
 * verifies.  Another one must not go out: the peer refuses it without a word
 * that helps, and a faulty one of RSA, made with the Chinese remainder
 * theorem, gives the private key away. */
static bool is_signature(struct dtls_nx_adapter *a,
                         const struct dtls_raw_key *raw,
                         const struct dtls_sigalg *alg,
                         struct dtls_bytes digest, struct dtls_bytes signature)
{
    struct dtls_public_key public = {
        .type = raw->type,
        .group = raw->group,
        .point = {raw->public, raw->public_len},
    };

    if (raw->type == DTLS_KEY_RSA) {
        public = public_rsa(raw);
    }
    return a->base->verify(a->base->self, &public, alg, digest, signature) ==
           DTLS_OK;
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes digest)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = signing_method(a, alg);
    struct dtls_raw_key raw;
    enum dtls_status status;

    if (a->transcript_failed || dtls_nx_share_is_open(a)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (method == NX_NULL) {
        return a->base->sign(a->base->self, key, alg, out, out_len, digest);
    }
    status = numbers_of(&raw, key);
    if (status == DTLS_OK) {
        status =
            alg->key != raw.type ? DTLS_INTERNAL_ERROR
            : raw.type == DTLS_KEY_RSA
                ? sign_rsa(a, method, key, &raw, alg, out, out_len, digest)
            : is_user_defined(key)
                ? sign_ec_held(a, method, key, out, out_len, digest)
                : sign_ec(a, method, key, &raw, out, out_len, digest);
    }
    if (status == DTLS_OK &&
        !is_signature(a, &raw, alg, digest, dtls_bytes_of(out, *out_len))) {
        status = DTLS_INTERNAL_ERROR;
    }
    dtls_wipe(&raw, sizeof raw);
    return status;
}

static enum dtls_status verify_rsa(struct dtls_nx_adapter *a,
                                   const NX_CRYPTO_METHOD *method,
                                   const struct dtls_public_key *key,
                                   const struct dtls_sigalg *alg,
                                   struct dtls_bytes digest,
                                   struct dtls_bytes signature)
{
    uint8_t em[DTLS_RSA_MAX];

    if (!is_below(signature, key->n) ||
        rsa_apply(a, method, key->n, key->e, NULL, signature.data, em) !=
            DTLS_OK) {
        return DTLS_DECRYPT_ERROR;
    }
    return dtls_rsa_check_digest(em, key, alg, digest);
}

/* The signature stands where other operations have their output. */
static enum dtls_status verify_ec(struct dtls_nx_adapter *a,
                                  const NX_CRYPTO_METHOD *method,
                                  const struct dtls_public_key *key,
                                  struct dtls_bytes digest,
                                  struct dtls_bytes signature)
{
    struct dtls_nx_use use;
    enum dtls_status status = dtls_nx_use_begin(
        &use, method, a->public_area, key->point, 8 * key->point.len);

    if (status == DTLS_OK) {
        status = dtls_nx_use_set_curve(a, &use, key->group);
    }
    if (status == DTLS_OK) {
        status =
            dtls_nx_use_op(&use, NX_CRYPTO_VERIFY,
                           (struct dtls_nx_args){
                               .key = key->point,
                               .key_size = 8 * key->point.len,
                               .input = digest,
                               .output = (UCHAR *)(ALIGN_TYPE)signature.data,
                               .output_len = signature.len});
    }
    dtls_nx_use_end(&use);
    return status == DTLS_OK ? DTLS_OK : DTLS_DECRYPT_ERROR;
}

static enum dtls_status verify(void *self, const struct dtls_public_key *key,
                               const struct dtls_sigalg *alg,
                               struct dtls_bytes digest,
                               struct dtls_bytes signature)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = verifying_method(a, alg);

    if (a->transcript_failed || dtls_nx_share_is_open(a)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (method == NX_NULL) {
        return a->base->verify(a->base->self, key, alg, digest, signature);
    }
    if (signature.len == 0 || alg->key != key->type ||
        digest.len != dtls_hash_len(alg->hash) ||
        a->base->check_key(a->base->self, key) != DTLS_OK) {
        return DTLS_DECRYPT_ERROR;
    }
    return key->type == DTLS_KEY_RSA
               ? verify_rsa(a, method, key, alg, digest, signature)
               : verify_ec(a, method, key, digest, signature);
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = dtls_nx_exchange_method(a);
    uint8_t em[DTLS_RSA_MAX];
    enum dtls_status status;

    if (method == NX_NULL) {
        return a->base->premaster_seal(a->base->self, key, out, out_len,
                                       premaster);
    }
    if (*out_len < key->n.len) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_rsa_pad_premaster(em, key, premaster);
    if (status == DTLS_OK) {
        status = rsa_apply(a, method, key->n, key->e, NULL, em, out);
    }
    dtls_wipe(em, sizeof em);
    *out_len = key->n.len;
    return status;
}

/* Opens `encrypted` into `out`; leaves `out` as it is if the padding is wrong,
 * or the number is not below the modulus, which the sender knows as well.  A
 * method may look at the padding itself and fail: whatever it returns is a
 * wrong padding here, so that no sender learns of it. */
DTLS_OWN_FRAME static void open_below(struct dtls_nx_adapter *a,
                                      const NX_CRYPTO_METHOD *method,
                                      const struct dtls_private_key *key,
                                      const struct dtls_raw_key *raw,
                                      uint16_t version,
                                      uint8_t out[DTLS_MASTER_LEN],
                                      struct dtls_bytes encrypted)
{
    uint8_t em[DTLS_RSA_MAX] = {0};

    if (!is_below(encrypted, dtls_bytes_of(raw->public, raw->public_len))) {
        return;
    }
    if (rsa_private(a, method, key, raw, raw, encrypted.data, em) != DTLS_OK) {
        dtls_wipe(em, sizeof em);
    }
    dtls_rsa_unpad_premaster(out, em, raw->public_len, version);
    dtls_wipe(em, sizeof em);
}

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = dtls_nx_exchange_method(a);
    struct dtls_raw_key raw;
    enum dtls_status status;

    if (method == NX_NULL) {
        return a->base->premaster_open(a->base->self, key, version, out,
                                       encrypted);
    }
    status = a->base->random(a->base->self, out, DTLS_MASTER_LEN);
    if (status == DTLS_OK) {
        status = numbers_of(&raw, key);
    }
    if (status != DTLS_OK) {
        return status;
    }
    open_below(a, method, key, &raw, version, out, encrypted);
    out[0] = (uint8_t)(version >> 8);
    out[1] = (uint8_t)version;
    dtls_wipe(&raw, sizeof raw);
    return DTLS_OK;
}

bool dtls_nx_adapter_has_method(const NX_SECURE_TLS_CRYPTO *table,
                                enum dtls_key_type key)
{
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &table->nx_secure_tls_ciphersuite_lookup_table[i];

        if (fits(row->nx_secure_tls_public_cipher, key) ||
            fits(row->nx_secure_tls_public_auth, key)) {
            return true;
        }
    }
    for (USHORT i = 0; i < num; i++) {
        if (fits(x509[i].nx_secure_x509_public_cipher_method, key)) {
            return true;
        }
    }
    return false;
}

VOID dtls_nx_adapter_fill_keys(struct dtls_crypto *crypto)
{
    crypto->sign = sign;
    crypto->verify = verify;
    crypto->premaster_seal = premaster_seal;
    crypto->premaster_open = premaster_open;
}
