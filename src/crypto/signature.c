/* SPDX-License-Identifier: MIT */
/* Signatures: ECDSA, RSASSA-PKCS1-v1_5 and RSASSA-PSS over a digest, Ed25519
 * over the message (RFC 5246, 4.7; RFC 8422, 5.10; RFC 8446, 4.2.3). */

/* ECDSA_verify, RSA_verify and what gives them a key are deprecated, but EVP
 * copies a key of public_key.c to its own layer for each signature. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/libcrypto_internal.h"
#include "crypto/raw_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#define PARAMS_MAX 4

static OSSL_PARAM text_param(const char *key, const char *value)
{
    /* The parameter is set, not got: libcrypto does not write through the
     * pointer. */
    return OSSL_PARAM_construct_utf8_string(key, (char *)(uintptr_t)value, 0);
}

/* libcrypto's name and number of a digest: NULL and NID_undef for one that
 * signs nothing. */
struct digest {
    const char *name;
    int nid;
};

static struct digest digest_of(enum dtls_hash_alg alg)
{
    switch (alg) {
    case DTLS_HASH_SHA256:
        return (struct digest){OSSL_DIGEST_NAME_SHA2_256, NID_sha256};
    case DTLS_HASH_SHA384:
        return (struct digest){OSSL_DIGEST_NAME_SHA2_384, NID_sha384};
    case DTLS_HASH_SHA512:
        return (struct digest){OSSL_DIGEST_NAME_SHA2_512, NID_sha512};
    case DTLS_HASH_SHA1:
        return (struct digest){OSSL_DIGEST_NAME_SHA1, NID_sha1};
    case DTLS_HASH_MD5:
    case DTLS_HASH_SHA224:
    case DTLS_HASH_NONE:
        break;
    }
    return (struct digest){NULL, NID_undef};
}

/* ECDSA takes the digest as it is.  RSA names the hash, in the DigestInfo or
 * in PSS; MGF1 then uses the same hash, and the salt is as long (RFC 8446). */
static void fill_params(OSSL_PARAM params[PARAMS_MAX],
                        const struct dtls_sigalg *alg)
{
    size_t i = 0;

    if (alg->key == DTLS_KEY_RSA) {
        params[i++] =
            text_param(OSSL_SIGNATURE_PARAM_DIGEST, digest_of(alg->hash).name);
        params[i++] = text_param(OSSL_SIGNATURE_PARAM_PAD_MODE,
                                 alg->pss ? OSSL_PKEY_RSA_PAD_MODE_PSS
                                          : OSSL_PKEY_RSA_PAD_MODE_PKCSV15);
        if (alg->pss) {
            params[i++] = text_param(OSSL_SIGNATURE_PARAM_PSS_SALTLEN,
                                     OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
        }
    }
    params[i] = OSSL_PARAM_construct_end();
}

static bool is_usable(const struct dtls_sigalg *alg, enum dtls_key_type type,
                      struct dtls_bytes input)
{
    return alg->key == type && (alg->hash == DTLS_HASH_NONE ||
                                input.len == dtls_hash_len(alg->hash));
}

static bool sign_digest(EVP_PKEY *key, const struct dtls_sigalg *alg,
                        uint8_t *out, size_t *out_len,
                        struct dtls_bytes digest)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    OSSL_PARAM params[PARAMS_MAX];
    bool is_signed;

    fill_params(params, alg);
    is_signed =
        context != NULL && EVP_PKEY_sign_init_ex(context, params) == 1 &&
        EVP_PKEY_sign(context, out, out_len, digest.data, digest.len) == 1;
    EVP_PKEY_CTX_free(context);
    return is_signed;
}

static bool sign_message(EVP_PKEY *key, uint8_t *out, size_t *out_len,
                         struct dtls_bytes message)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed =
        context != NULL &&
        EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) ==
            1 &&
        EVP_DigestSign(context, out, out_len, message.data, message.len) == 1;

    EVP_MD_CTX_free(context);
    return is_signed;
}

enum dtls_status dtls_signature_sign(void *self,
                                     const struct dtls_private_key *key,
                                     const struct dtls_sigalg *alg,
                                     uint8_t *out, size_t *out_len,
                                     struct dtls_bytes input)
{
    bool is_signed;

    (void)self;
    if (key->context == NULL || !is_usable(alg, key->type, input)) {
        return DTLS_INTERNAL_ERROR;
    }
    is_signed = alg->hash == DTLS_HASH_NONE
                    ? sign_message(key->context, out, out_len, input)
                    : sign_digest(key->context, alg, out, out_len, input);
    if (!is_signed) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

static EVP_PKEY *make_key(const struct dtls_public_key *key)
{
    switch (key->type) {
    case DTLS_KEY_RSA:
        return dtls_public_rsa(key->n, key->e);
    case DTLS_KEY_EC:
        return dtls_group_is_bare(key->group)
                   ? NULL
                   : dtls_public_point(key->group, key->point);
    case DTLS_KEY_ED25519:
        return dtls_public_ed25519(key->point);
    case DTLS_KEY_NONE:
        break;
    }
    return NULL;
}

static bool verify_ecdsa(EVP_PKEY *key, struct dtls_bytes digest,
                         struct dtls_bytes signature)
{
    EC_KEY *ec = EVP_PKEY_get1_EC_KEY(key);
    bool is_right = ec != NULL &&
                    ECDSA_verify(0, digest.data, (int)digest.len,
                                 signature.data, (int)signature.len, ec) == 1;

    EC_KEY_free(ec);
    return is_right;
}

static bool verify_pkcs1(EVP_PKEY *key, enum dtls_hash_alg alg,
                         struct dtls_bytes digest, struct dtls_bytes signature)
{
    RSA *rsa = EVP_PKEY_get1_RSA(key);
    bool is_right =
        rsa != NULL &&
        RSA_verify(digest_of(alg).nid, digest.data, (unsigned)digest.len,
                   signature.data, (unsigned)signature.len, rsa) == 1;

    RSA_free(rsa);
    return is_right;
}

static bool verify_pss(EVP_PKEY *key, const struct dtls_sigalg *alg,
                       struct dtls_bytes digest, struct dtls_bytes signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    OSSL_PARAM params[PARAMS_MAX];
    bool is_right;

    fill_params(params, alg);
    is_right = context != NULL &&
               EVP_PKEY_verify_init_ex(context, params) == 1 &&
               EVP_PKEY_verify(context, signature.data, signature.len,
                               digest.data, digest.len) == 1;
    EVP_PKEY_CTX_free(context);
    return is_right;
}

static bool verify_digest(EVP_PKEY *key, const struct dtls_sigalg *alg,
                          struct dtls_bytes digest,
                          struct dtls_bytes signature)
{
    if (alg->key == DTLS_KEY_EC) {
        return verify_ecdsa(key, digest, signature);
    }
    return alg->pss ? verify_pss(key, alg, digest, signature)
                    : verify_pkcs1(key, alg->hash, digest, signature);
}

/* Verifies a DigestInfo without parameters, which MUST be accepted, too
 * (D5246-4.7-3): libcrypto's own verification accepts only one with NULL. */
static bool verify_digest_info(EVP_PKEY *made,
                               const struct dtls_public_key *key,
                               const struct dtls_sigalg *alg,
                               struct dtls_bytes digest,
                               struct dtls_bytes signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, made, NULL);
    OSSL_PARAM params[] = {
        text_param(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_NONE),
        OSSL_PARAM_construct_end()};
    uint8_t em[DTLS_RSA_MAX];
    size_t len = sizeof em;
    bool is_right = context != NULL && key->n.len <= sizeof em &&
                    signature.len == key->n.len &&
                    EVP_PKEY_verify_recover_init_ex(context, params) == 1 &&
                    EVP_PKEY_verify_recover(context, em, &len, signature.data,
                                            signature.len) == 1 &&
                    len == key->n.len &&
                    dtls_rsa_check_digest(em, key, alg, digest) == DTLS_OK;

    EVP_PKEY_CTX_free(context);
    return is_right;
}

static bool verify_message(EVP_PKEY *key, struct dtls_bytes message,
                           struct dtls_bytes signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_right = context != NULL &&
                    EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL,
                                            key, NULL) == 1 &&
                    EVP_DigestVerify(context, signature.data, signature.len,
                                     message.data, message.len) == 1;

    EVP_MD_CTX_free(context);
    return is_right;
}

enum dtls_status dtls_signature_verify(void *self,
                                       const struct dtls_public_key *key,
                                       const struct dtls_sigalg *alg,
                                       struct dtls_bytes input,
                                       struct dtls_bytes signature)
{
    EVP_PKEY *made;
    bool is_right;

    (void)self;
    if (signature.len == 0 || signature.len > DTLS_SIGNATURE_MAX ||
        !is_usable(alg, key->type, input)) {
        return DTLS_DECRYPT_ERROR;
    }
    made = make_key(key);
    if (made == NULL) {
        return DTLS_DECRYPT_ERROR;
    }
    is_right =
        alg->hash == DTLS_HASH_NONE
            ? verify_message(made, input, signature)
            : verify_digest(made, alg, input, signature) ||
                  (alg->key == DTLS_KEY_RSA && !alg->pss &&
                   verify_digest_info(made, key, alg, input, signature));
    EVP_PKEY_free(made);
    if (!is_right) {
        ERR_clear_error();
        return DTLS_DECRYPT_ERROR;
    }
    return DTLS_OK;
}

enum dtls_status dtls_signature_check_key(void *self,
                                          const struct dtls_public_key *key)
{
    EVP_PKEY *made = make_key(key);

    (void)self;
    if (made == NULL) {
        return DTLS_BAD_CERTIFICATE;
    }
    EVP_PKEY_free(made);
    return DTLS_OK;
}
