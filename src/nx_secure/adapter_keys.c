/* SPDX-License-Identifier: MIT */
/* RSA, ECDSA and ECDHE by methods of the application (nx_secure/adapter.h). */
#include "nx_secure/adapter.h"

#include "base/secret.h"
#include "crypto/raw_key.h"

#include <string.h>

/* Can this method sign and verify with such a key? */
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

/* The suite's own method for our signatures; the certificate table's where
 * the suite has none for such a key, which a client may hold. */
static const NX_CRYPTO_METHOD *signing_method(const struct dtls_nx_adapter *a,
                                              const struct dtls_sigalg *alg)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);

    if (row != NX_NULL && fits(row->nx_secure_tls_public_auth, alg->key)) {
        return row->nx_secure_tls_public_auth;
    }
    return dtls_nx_x509_method(a->table, alg->key, alg->hash);
}

/* The same the other way round for the peer's signatures and certificates. */
static const NX_CRYPTO_METHOD *verifying_method(
    const struct dtls_nx_adapter *a, const struct dtls_sigalg *alg)
{
    const NX_CRYPTO_METHOD *method =
        dtls_nx_x509_method(a->table, alg->key, alg->hash);

    return method != NX_NULL ? method : signing_method(a, alg);
}

/* The curve that the application registered for the group, else ours. */
static const NX_CRYPTO_METHOD *curve_of(const struct dtls_nx_adapter *a,
                                        uint16_t group)
{
    const NX_SECURE_TLS_SESSION *tls = &a->session->nx_secure_dtls_tls_session;

    for (USHORT i = 0; tls->nx_secure_tls_ecc_curves != NX_NULL &&
                       i < tls->nx_secure_tls_ecc_group_count;
         i++) {
        if (tls->nx_secure_tls_ecc_groups[i] == group) {
            return tls->nx_secure_tls_ecc_curves[i];
        }
    }
    return dtls_nx_own_curve(group);
}

/* EC_CURVE_SET takes the curve's method itself as its input. */
static enum dtls_status set_curve(const struct dtls_nx_adapter *a,
                                  struct dtls_nx_use *use, uint16_t group)
{
    const NX_CRYPTO_METHOD *curve = curve_of(a, group);

    if (curve == NX_NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    return dtls_nx_use_op(
        use, NX_CRYPTO_EC_CURVE_SET,
        (struct dtls_nx_args){.input = dtls_bytes_of(curve, sizeof curve)});
}

/* An operation that says itself how long its output is. */
static enum dtls_status op_extended(struct dtls_nx_use *use, UINT op,
                                    struct dtls_nx_args args, uint8_t *out,
                                    size_t *out_len)
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

/* number ^ exponent mod n; both numbers and `out` have n.len bytes.  `primes`
 * is NULL, or the key whose primes NetX gives with an encrypted premaster. */
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

/* RSA takes numbers below the modulus alone (RFC 8017, 5.1.2, 5.2.2). */
static bool is_below(struct dtls_bytes number, struct dtls_bytes n)
{
    return number.len == n.len && memcmp(number.data, n.data, n.len) < 0;
}

static enum dtls_status sign_rsa(struct dtls_nx_adapter *a,
                                 const NX_CRYPTO_METHOD *method,
                                 const struct dtls_raw_key *key,
                                 const struct dtls_sigalg *alg, uint8_t *out,
                                 size_t *out_len, struct dtls_bytes digest)
{
    struct dtls_public_key public = public_rsa(key);
    uint8_t em[DTLS_RSA_MAX];
    enum dtls_status status;

    if (*out_len < key->public_len) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_rsa_pad_digest(em, &public, alg, digest);
    if (status == DTLS_OK) {
        status = rsa_apply(a, method, public.n,
                           dtls_bytes_of(key->secret, key->secret_len), NULL,
                           em, out);
    }
    *out_len = key->public_len;
    return status;
}

static enum dtls_status sign_ec(struct dtls_nx_adapter *a,
                                const NX_CRYPTO_METHOD *method,
                                const struct dtls_raw_key *key, uint8_t *out,
                                size_t *out_len, struct dtls_bytes digest)
{
    struct dtls_nx_use use;
    enum dtls_status status = dtls_nx_use_begin(
        &use, method, a->public_area,
        dtls_bytes_of(key->public, key->public_len), 8 * key->public_len);

    if (status == DTLS_OK) {
        status = set_curve(a, &use, key->group);
    }
    if (status == DTLS_OK) {
        status = op_extended(
            &use, NX_CRYPTO_AUTHENTICATE,
            (struct dtls_nx_args){.key = {key->secret, key->secret_len},
                                  .key_size = 8 * key->secret_len,
                                  .input = digest},
            out, out_len);
    }
    dtls_nx_use_end(&use);
    return status;
}

/* The area of a client's key share, which is between its two steps, is not
 * for anybody else. */
static bool is_busy(const struct dtls_nx_adapter *a)
{
    return a->share.method != NX_NULL;
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes digest)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = signing_method(a, alg);
    struct dtls_raw_key raw;
    enum dtls_status status;

    if (a->transcript_failed || is_busy(a)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (method == NX_NULL) {
        return a->base->sign(a->base->self, key, alg, out, out_len, digest);
    }
    status = dtls_raw_key_export(&raw, key);
    if (status == DTLS_OK) {
        status = alg->key != raw.type ? DTLS_INTERNAL_ERROR
                 : raw.type == DTLS_KEY_RSA
                     ? sign_rsa(a, method, &raw, alg, out, out_len, digest)
                     : sign_ec(a, method, &raw, out, out_len, digest);
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
        status = set_curve(a, &use, key->group);
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

    if (a->transcript_failed || is_busy(a)) {
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

/* The suite's method for its key exchange, NULL if it is not foreign. */
static const NX_CRYPTO_METHOD *exchange_method(const struct dtls_nx_adapter *a)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);

    return row != NX_NULL &&
                   dtls_nx_is_foreign(row->nx_secure_tls_public_cipher)
               ? row->nx_secure_tls_public_cipher
               : NX_NULL;
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = exchange_method(a);
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

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = exchange_method(a);
    uint8_t em[DTLS_RSA_MAX] = {0};
    struct dtls_raw_key raw;
    struct dtls_bytes n;
    enum dtls_status status;

    if (method == NX_NULL) {
        return a->base->premaster_open(a->base->self, key, version, out,
                                       encrypted);
    }
    status = a->base->random(a->base->self, out, DTLS_MASTER_LEN);
    if (status == DTLS_OK) {
        status = dtls_raw_key_export(&raw, key);
    }
    if (status != DTLS_OK) {
        return status;
    }
    n = dtls_bytes_of(raw.public, raw.public_len);
    /* What is not below the modulus, the sender knows as well. */
    if (is_below(encrypted, n)) {
        status =
            rsa_apply(a, method, n, dtls_bytes_of(raw.secret, raw.secret_len),
                      &raw, encrypted.data, em);
        dtls_rsa_unpad_premaster(out, em, n.len, version);
    }
    out[0] = (uint8_t)(version >> 8);
    out[1] = (uint8_t)version;
    dtls_wipe(em, sizeof em);
    dtls_wipe(&raw, sizeof raw);
    return status;
}

/* Ends a key share: on success too, where its secret is exported. */
static enum dtls_status end_share(struct dtls_nx_use *use,
                                  enum dtls_status status)
{
    dtls_nx_use_end(use);
    return status;
}

/* A server's area is used for its signature before the client's answer comes:
 * the private scalar waits here, as in NetX. */
static enum dtls_status keep_secret(struct dtls_nx_adapter *a)
{
    a->share_secret_len = sizeof a->share_secret;
    return end_share(&a->share,
                     op_extended(&a->share, NX_CRYPTO_DH_PRIVATE_KEY_EXPORT,
                                 (struct dtls_nx_args){0}, a->share_secret,
                                 &a->share_secret_len));
}

static bool is_server(const struct dtls_nx_adapter *a)
{
    return a->session->nx_secure_dtls_tls_session.nx_secure_tls_socket_type ==
           NX_SECURE_TLS_SESSION_TYPE_SERVER;
}

/* init and EC_CURVE_SET. */
static enum dtls_status begin_share(struct dtls_nx_adapter *a, uint16_t group,
                                    const NX_CRYPTO_METHOD *method)
{
    enum dtls_status status;

    if (is_busy(a)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_nx_use_begin(&a->share, method, a->public_area,
                               (struct dtls_bytes){0}, 0);
    return status == DTLS_OK ? set_curve(a, &a->share, group) : status;
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = exchange_method(a);
    size_t len = dtls_group_point_len(group);
    enum dtls_status status;

    *share = (struct dtls_share){0};
    if (method == NX_NULL) {
        return a->base->share_make(a->base->self, share, group, out);
    }
    status = begin_share(a, group, method);
    if (status == DTLS_OK) {
        status = op_extended(&a->share, NX_CRYPTO_DH_SETUP,
                             (struct dtls_nx_args){0}, out, &len);
    }
    if (status != DTLS_OK || len != dtls_group_point_len(group)) {
        return end_share(&a->share, DTLS_INTERNAL_ERROR);
    }
    share->group = group;
    share->context = a;
    return is_server(a) ? keep_secret(a) : DTLS_OK;
}

/* The shared secret is a coordinate; of x25519 and its like, whose public
 * values have no byte before them, as long as those. */
static size_t shared_len(uint16_t group)
{
    size_t point_len = dtls_group_point_len(group);

    return point_len % 2 == 1 ? (point_len - 1) / 2 : point_len;
}

/* init, EC_CURVE_SET and the private scalar. */
static enum dtls_status import_scalar(struct dtls_nx_adapter *a,
                                      uint16_t group, struct dtls_bytes scalar)
{
    enum dtls_status status = begin_share(a, group, exchange_method(a));

    if (status != DTLS_OK) {
        return status;
    }
    return dtls_nx_use_op(
        &a->share, NX_CRYPTO_DH_KEY_PAIR_IMPORT,
        (struct dtls_nx_args){.key = scalar, .key_size = 8 * scalar.len});
}

/* Makes a share of ours ready for its second step: static ECDH takes the
 * certificate's key, a server the scalar that it has kept. */
static enum dtls_status resume_share(struct dtls_nx_adapter *a,
                                     const struct dtls_share *share)
{
    const struct dtls_private_key key = {DTLS_KEY_EC, share->group,
                                         share->context};
    struct dtls_raw_key raw;
    enum dtls_status status;

    if (share->context == a) {
        return is_server(a) ? import_scalar(a, share->group,
                                            dtls_bytes_of(a->share_secret,
                                                          a->share_secret_len))
                            : DTLS_OK;
    }
    status = dtls_raw_key_export(&raw, &key);
    if (status == DTLS_OK) {
        status = import_scalar(a, share->group,
                               dtls_bytes_of(raw.secret, raw.secret_len));
        dtls_wipe(&raw, sizeof raw);
    }
    return status;
}

/* RFC 7748, 6.1: all zero if the peer's value has small order. */
static bool is_zero(const uint8_t *secret, size_t len)
{
    static const uint8_t zero[DTLS_SHARED_MAX];

    return dtls_ct_equal(secret, zero, len);
}

static enum dtls_status share_agree(void *self, struct dtls_share *share,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes peer)
{
    struct dtls_nx_adapter *a = self;
    const struct dtls_public_key peer_key = {
        .type = DTLS_KEY_EC, .group = share->group, .point = peer};
    size_t len = shared_len(share->group);
    enum dtls_status status;

    if (exchange_method(a) == NX_NULL) {
        return a->base->share_agree(a->base->self, share, out, out_len, peer);
    }
    if (!dtls_raw_key_is_usable(&peer_key)) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    status = resume_share(a, share);
    if (status == DTLS_OK) {
        status = op_extended(&a->share, NX_CRYPTO_DH_CALCULATE,
                             (struct dtls_nx_args){.input = peer}, out, &len);
    }
    dtls_nx_use_end(&a->share);
    if (status != DTLS_OK || len != shared_len(share->group)) {
        dtls_wipe(out, shared_len(share->group));
        return DTLS_INTERNAL_ERROR;
    }
    *out_len = len;
    return is_zero(out, len) ? DTLS_ILLEGAL_PARAMETER : DTLS_OK;
}

static void share_free(void *self, struct dtls_share *share)
{
    struct dtls_nx_adapter *a = self;

    if (share->context != a) {
        a->base->share_free(a->base->self, share);
        return;
    }
    dtls_nx_use_end(&a->share);
    dtls_wipe(a->share_secret, sizeof a->share_secret);
    *share = (struct dtls_share){0};
}

VOID dtls_nx_adapter_fill_keys(struct dtls_crypto *crypto)
{
    crypto->sign = sign;
    crypto->verify = verify;
    crypto->premaster_seal = premaster_seal;
    crypto->premaster_open = premaster_open;
    crypto->share_make = share_make;
    crypto->share_agree = share_agree;
    crypto->share_free = share_free;
}
