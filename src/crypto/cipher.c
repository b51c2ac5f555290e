/* SPDX-License-Identifier: MIT */
/* Record protection with EVP (RFC 5246, 6.2.3).  A context is made and keyed
 * once per direction and epoch.  A record sets its IV and nothing else, and
 * allocates nothing. */
#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

static bool is_ccm(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CCM ||
           suite->cipher == DTLS_CIPHER_CCM_8;
}

static bool is_aead(const struct dtls_cipher *cipher)
{
    return cipher->context != NULL && cipher->suite->cipher != DTLS_CIPHER_CBC;
}

static size_t tag_len(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CCM_8 ? 8 : 16;
}

/* Returns the parameter of the tag: its length while the context is keyed, its
 * value to open, its place to seal. */
static OSSL_PARAM tag_param(const struct dtls_suite *suite, uint8_t *tag)
{
    return OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag,
                                             tag_len(suite));
}

/* CCM needs the lengths of nonce and tag before its key. */
static bool set_ccm_lengths(EVP_CIPHER_CTX *context,
                            const struct dtls_suite *suite)
{
    size_t iv_len = DTLS_NONCE_LEN;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_len),
        tag_param(suite, NULL),
        OSSL_PARAM_construct_end(),
    };

    return EVP_CIPHER_CTX_set_params(context, params) == 1;
}

static EVP_CIPHER_CTX *make_context(const struct dtls_suite *suite,
                                    struct dtls_bytes key, bool seal)
{
    const EVP_CIPHER *algorithm = dtls_fetch_cipher(suite);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

    if (algorithm == NULL || context == NULL ||
        EVP_CipherInit_ex2(context, algorithm, NULL, NULL, seal ? 1 : 0,
                           NULL) != 1 ||
        (is_ccm(suite) && !set_ccm_lengths(context, suite)) ||
        EVP_CipherInit_ex2(context, NULL, key.data, NULL, -1, NULL) != 1 ||
        EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
        EVP_CIPHER_CTX_free(context);
        ERR_clear_error();
        return NULL;
    }
    return context;
}

enum dtls_status dtls_cipher_set_key(void *self, struct dtls_cipher *cipher,
                                     const struct dtls_suite *suite,
                                     const struct dtls_cipher_keys *keys,
                                     bool seal)
{
    size_t mac_len = dtls_suite_mac_len(suite);

    memset(cipher, 0, sizeof *cipher);
    if (keys->mac.len != mac_len || keys->key.len != suite->key_len) {
        return DTLS_INTERNAL_ERROR;
    }
    if (mac_len != 0 && dtls_hmac_prepare(self, &cipher->mac, suite->mac,
                                          keys->mac) != DTLS_OK) {
        return DTLS_INTERNAL_ERROR;
    }
    cipher->suite = suite;
    if (suite->cipher == DTLS_CIPHER_NULL) {
        return DTLS_OK;
    }
    cipher->context = make_context(suite, keys->key, seal);
    return cipher->context != NULL ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

void dtls_cipher_free(void *self, struct dtls_cipher *cipher)
{
    (void)self;
    EVP_CIPHER_CTX_free(cipher->context); /* wipes its keys */
    dtls_wipe(cipher, sizeof *cipher);
}

/* CCM needs the text's length, then the AAD, then all text in one call, which
 * also computes or verifies the tag.  That call is EVP_Cipher:
 * EVP_CipherUpdate reports a forgery to the error queue, which puts two
 * strings on the heap for it. */
static bool run_ccm(EVP_CIPHER_CTX *context, const uint8_t *aad, uint8_t *text,
                    int text_len)
{
    int len = 0;

    return EVP_CipherUpdate(context, NULL, &len, NULL, text_len) == 1 &&
           EVP_CipherUpdate(context, NULL, &len, aad, DTLS_AAD_LEN) == 1 &&
           EVP_Cipher(context, text, text, (unsigned)text_len) == text_len;
}

/* Seals or opens one AEAD record; all but the tag of a sealed one. */
static bool run_aead(EVP_CIPHER_CTX *context, const struct dtls_suite *suite,
                     const uint8_t *nonce, const uint8_t *aad,
                     struct dtls_span data, const OSSL_PARAM *params)
{
    uint8_t nothing[1]; /* EVP takes a NULL output for more aad */
    uint8_t *text = data.len != 0 ? data.data : nothing;
    int len = 0;

    if (data.len > INT_MAX ||
        EVP_CipherInit_ex2(context, NULL, NULL, nonce, -1, params) != 1) {
        return false;
    }
    if (is_ccm(suite)) {
        return run_ccm(context, aad, text, (int)data.len);
    }
    return EVP_CipherUpdate(context, NULL, &len, aad, DTLS_AAD_LEN) == 1 &&
           EVP_CipherUpdate(context, text, &len, text, (int)data.len) == 1 &&
           EVP_CipherFinal_ex(context, nothing, &len) == 1;
}

enum dtls_status dtls_cipher_mac(void *self, struct dtls_cipher *cipher,
                                 uint8_t *out, const struct dtls_bytes *parts,
                                 size_t num_parts)
{
    dtls_hmac_parts(self, &cipher->mac, out, parts, num_parts);
    return DTLS_OK;
}

enum dtls_status dtls_cipher_aead_seal(void *self, struct dtls_cipher *cipher,
                                       const uint8_t nonce[DTLS_NONCE_LEN],
                                       const uint8_t aad[DTLS_AAD_LEN],
                                       struct dtls_span data, uint8_t *tag)
{
    OSSL_PARAM params[2];

    (void)self;
    if (!is_aead(cipher)) {
        return DTLS_INTERNAL_ERROR;
    }
    params[0] = tag_param(cipher->suite, tag);
    params[1] = OSSL_PARAM_construct_end();
    if (!run_aead(cipher->context, cipher->suite, nonce, aad, data, NULL) ||
        EVP_CIPHER_CTX_get_params(cipher->context, params) != 1) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

enum dtls_status dtls_cipher_aead_open(void *self, struct dtls_cipher *cipher,
                                       const uint8_t nonce[DTLS_NONCE_LEN],
                                       const uint8_t aad[DTLS_AAD_LEN],
                                       struct dtls_span data,
                                       const uint8_t *tag)
{
    OSSL_PARAM params[2];
    uint8_t expected[16];

    (void)self;
    if (!is_aead(cipher)) {
        return DTLS_INTERNAL_ERROR;
    }
    memcpy(expected, tag, tag_len(cipher->suite)); /* params are writable */
    params[0] = tag_param(cipher->suite, expected);
    params[1] = OSSL_PARAM_construct_end();
    if (!run_aead(cipher->context, cipher->suite, nonce, aad, data, params)) {
        dtls_wipe(data.data, data.len);
        ERR_clear_error();
        return DTLS_DISCARD;
    }
    return DTLS_OK;
}

/* Works on whole blocks only: with padding off EVP holds nothing back. */
static bool run_cbc(struct dtls_cipher *cipher, const uint8_t *iv,
                    struct dtls_span data)
{
    int len = 0;

    if (cipher->context == NULL || is_aead(cipher) || data.len > INT_MAX ||
        data.len % DTLS_CBC_BLOCK != 0) {
        return false;
    }
    if (data.len == 0) {
        return true;
    }
    if (EVP_CipherInit_ex2(cipher->context, NULL, NULL, iv, -1, NULL) != 1 ||
        EVP_CipherUpdate(cipher->context, data.data, &len, data.data,
                         (int)data.len) != 1) {
        ERR_clear_error();
        return false;
    }
    return true;
}

enum dtls_status dtls_cipher_cbc_encrypt(void *self,
                                         struct dtls_cipher *cipher,
                                         const uint8_t iv[DTLS_CBC_BLOCK],
                                         struct dtls_span data)
{
    (void)self;
    return run_cbc(cipher, iv, data) ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

enum dtls_status dtls_cipher_cbc_decrypt(void *self,
                                         struct dtls_cipher *cipher,
                                         const uint8_t iv[DTLS_CBC_BLOCK],
                                         struct dtls_span data)
{
    (void)self;
    return run_cbc(cipher, iv, data) ? DTLS_OK : DTLS_DISCARD;
}
