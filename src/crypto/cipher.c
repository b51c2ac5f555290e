/* SPDX-License-Identifier: MIT */
/* Record protection with EVP (RFC 5246, 6.2.3).  A context is made and keyed
 * once per direction and epoch.  A record sets the AAD or the IV and nothing
 * else, and allocates nothing. */
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

/* CCM needs the lengths of nonce and tag before its key. */
static bool set_ccm_lengths(EVP_CIPHER_CTX *context,
                            const struct dtls_suite *suite)
{
    size_t iv_len = DTLS_NONCE_LEN;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_len),
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL,
                                          dtls_suite_tag_len(suite)),
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
        EVP_CipherInit_ex2(context, NULL, key.data, NULL, -1, NULL) != 1) {
        EVP_CIPHER_CTX_free(context);
        ERR_clear_error();
        return NULL;
    }
    return context;
}

/* libcrypto's own path for records of TLS takes the part of the nonce that is
 * not sent once, with the key.  GCM gets all 12 bytes, which a length of
 * SIZE_MAX says: of 4 alone it would draw the others at random. */
static OSSL_PARAM iv_param(const struct dtls_suite *suite, uint8_t *iv)
{
    return OSSL_PARAM_construct_octet_string(
        OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, iv,
        suite->cipher == DTLS_CIPHER_GCM ? SIZE_MAX : suite->salt_len);
}

static bool set_salt(struct dtls_cipher *cipher, struct dtls_bytes salt)
{
    OSSL_PARAM params[] = {
        iv_param(cipher->suite, cipher->salt),
        OSSL_PARAM_construct_end(),
    };

    if (!is_aead(cipher)) {
        return true;
    }
    memcpy(cipher->salt, salt.data, salt.len);
    return EVP_CIPHER_CTX_set_params(cipher->context, params) == 1;
}

enum dtls_status dtls_cipher_set_key(void *self, struct dtls_cipher *cipher,
                                     const struct dtls_suite *suite,
                                     const struct dtls_cipher_keys *keys,
                                     bool seal)
{
    size_t mac_len = dtls_suite_mac_len(suite);

    *cipher = (struct dtls_cipher){.mac = mac_len != 0 ? cipher->mac : NULL};
    if (keys->mac.len != mac_len || keys->key.len != suite->key_len ||
        keys->salt.len != suite->salt_len) {
        return DTLS_INTERNAL_ERROR;
    }
    if (mac_len != 0 && (cipher->mac == NULL ||
                         dtls_hmac_prepare(self, cipher->mac, suite->mac,
                                           keys->mac) != DTLS_OK)) {
        return DTLS_INTERNAL_ERROR;
    }
    cipher->suite = suite;
    if (suite->cipher == DTLS_CIPHER_NULL) {
        return DTLS_OK;
    }
    cipher->context = make_context(suite, keys->key, seal);
    if (cipher->context == NULL || !set_salt(cipher, keys->salt)) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

void dtls_cipher_free(void *self, struct dtls_cipher *cipher)
{
    (void)self;
    EVP_CIPHER_CTX_free(cipher->context); /* wipes its keys */
    if (cipher->mac != NULL) {
        dtls_wipe(cipher->mac, sizeof *cipher->mac);
    }
    dtls_wipe(cipher, sizeof *cipher);
}

enum dtls_status dtls_cipher_mac(void *self, struct dtls_cipher *cipher,
                                 uint8_t *out, const struct dtls_bytes *parts,
                                 size_t num_parts)
{
    dtls_hmac_parts(self, cipher->mac, out, parts, num_parts);
    return DTLS_OK;
}

/* Seals or opens the body of a record.  libcrypto's own path for records of
 * TLS is two calls, where nonce, AAD, text and tag in steps are five.  It
 * wants the length of what it will find in the record and takes off itself
 * what is not text: `len` bytes.
 *
 * CCM and ChaCha20 take seq_num from the AAD, GCM has to be told to seal with
 * it. */
static bool run_aead_at_once(struct dtls_cipher *cipher, const uint8_t *aad,
                             struct dtls_span body, bool seal)
{
    size_t len =
        seal ? body.len - dtls_suite_tag_len(cipher->suite) : body.len;
    uint8_t header[DTLS_AAD_LEN];
    uint8_t iv[DTLS_NONCE_LEN];
    OSSL_PARAM params[3];
    size_t i = 0;

    memcpy(header, aad, sizeof header);
    header[11] = (uint8_t)(len >> 8);
    header[12] = (uint8_t)len;
    if (seal && cipher->suite->cipher == DTLS_CIPHER_GCM) {
        memcpy(iv, cipher->salt, 4);
        memcpy(iv + 4, aad, 8);
        params[i++] = iv_param(cipher->suite, iv);
    }
    params[i++] = OSSL_PARAM_construct_octet_string(
        OSSL_CIPHER_PARAM_AEAD_TLS1_AAD, header, sizeof header);
    params[i] = OSSL_PARAM_construct_end();
    return EVP_CIPHER_CTX_set_params(cipher->context, params) == 1 &&
           EVP_Cipher(cipher->context, body.data, body.data,
                      (unsigned)body.len) >= 0;
}

/* The parts of a body, and its nonce. */
struct aead_parts {
    struct dtls_span explicit_nonce;
    struct dtls_span text;
    struct dtls_span tag;
    uint8_t nonce[DTLS_NONCE_LEN];
};

/* Cuts a body that has room for all parts.  The nonce is salt || explicit for
 * GCM and CCM, whose explicit part seal writes: seq_num.  For ChaCha20 it is
 * salt XOR (0^4 || seq_num). */
static void cut_body(struct aead_parts *out, const struct dtls_cipher *cipher,
                     const uint8_t *seq_num, struct dtls_span body, bool seal)
{
    size_t before = dtls_suite_explicit_len(cipher->suite);
    size_t behind = dtls_suite_tag_len(cipher->suite);
    size_t text_len = body.len - before - behind;

    out->explicit_nonce = (struct dtls_span){body.data, before};
    out->text = (struct dtls_span){body.data + before, text_len};
    out->tag = (struct dtls_span){body.data + before + text_len, behind};
    if (seal && before != 0) {
        memcpy(body.data, seq_num, before);
    }
    memcpy(out->nonce, cipher->salt, sizeof out->nonce);
    for (size_t i = 0; i < 8; i++) {
        out->nonce[4 + i] =
            before != 0 ? body.data[i] : out->nonce[4 + i] ^ seq_num[i];
    }
}

static bool move_tag(EVP_CIPHER_CTX *context, struct dtls_span tag, bool get)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag.data,
                                          tag.len),
        OSSL_PARAM_construct_end(),
    };

    return get ? EVP_CIPHER_CTX_get_params(context, params) == 1
               : EVP_CIPHER_CTX_set_params(context, params) == 1;
}

/* Does the same in the general steps, which take additional data of any
 * length: that of a record with a connection id.  CCM must know the text's
 * length, and to open also the tag, before the text; it has no last step. */
static bool run_aead_in_steps(struct dtls_cipher *cipher, const uint8_t *aad,
                              struct dtls_span body, bool seal)
{
    EVP_CIPHER_CTX *context = cipher->context;
    struct aead_parts p;
    uint8_t none[1];
    int len;

    cut_body(&p, cipher, dtls_aad_seq_num(aad), body, seal);
    if (EVP_CipherInit_ex2(context, NULL, NULL, p.nonce, -1, NULL) != 1 ||
        (!seal && !move_tag(context, p.tag, false)) ||
        (is_ccm(cipher->suite) &&
         EVP_CipherUpdate(context, NULL, &len, NULL, (int)p.text.len) != 1) ||
        EVP_CipherUpdate(context, NULL, &len, aad, (int)dtls_aad_len(aad)) !=
            1 ||
        EVP_CipherUpdate(context, p.text.data, &len, p.text.data,
                         (int)p.text.len) != 1 ||
        (!is_ccm(cipher->suite) &&
         EVP_CipherFinal_ex(context, none, &len) != 1)) {
        return false;
    }
    return !seal || move_tag(context, p.tag, true);
}

static bool run_aead(struct dtls_cipher *cipher, const uint8_t *aad,
                     struct dtls_span body, bool seal)
{
    return dtls_aad_len(aad) == DTLS_AAD_LEN
               ? run_aead_at_once(cipher, aad, body, seal)
               : run_aead_in_steps(cipher, aad, body, seal);
}

/* Tells whether the body has room for nonce and tag, and the header can tell
 * its length. */
static bool is_body(const struct dtls_suite *suite, struct dtls_span body)
{
    return body.len <= UINT16_MAX &&
           body.len >=
               dtls_suite_explicit_len(suite) + dtls_suite_tag_len(suite);
}

enum dtls_status dtls_cipher_aead_seal(void *self, struct dtls_cipher *cipher,
                                       const uint8_t *aad,
                                       struct dtls_span body)
{
    (void)self;
    if (!is_aead(cipher) || !is_body(cipher->suite, body) ||
        !run_aead(cipher, aad, body, true)) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

enum dtls_status dtls_cipher_aead_open(void *self, struct dtls_cipher *cipher,
                                       const uint8_t *aad,
                                       struct dtls_span body)
{
    (void)self;
    if (!is_aead(cipher)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (!is_body(cipher->suite, body)) {
        return DTLS_DISCARD;
    }
    if (!run_aead(cipher, aad, body, false)) {
        size_t before = dtls_suite_explicit_len(cipher->suite);

        dtls_wipe(body.data + before,
                  body.len - before - dtls_suite_tag_len(cipher->suite));
        ERR_clear_error();
        return DTLS_DISCARD;
    }
    return DTLS_OK;
}

/* Works on whole blocks only: EVP_Cipher neither pads nor holds anything
 * back. */
static bool run_cbc(struct dtls_cipher *cipher, const uint8_t *iv,
                    struct dtls_span data)
{
    if (cipher->context == NULL || is_aead(cipher) || data.len > INT_MAX ||
        data.len % DTLS_CBC_BLOCK != 0) {
        return false;
    }
    if (data.len == 0) {
        return true;
    }
    if (EVP_CipherInit_ex2(cipher->context, NULL, NULL, iv, -1, NULL) != 1 ||
        EVP_Cipher(cipher->context, data.data, data.data,
                   (unsigned)data.len) != (int)data.len) {
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
