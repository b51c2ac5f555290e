/* SPDX-License-Identifier: MIT */
/* Ciphers step by step with EVP (crypto/stream.h). */
#include "crypto/stream.h"

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>

#define TAG_LEN 16

static bool is_ccm(const struct dtls_stream *s)
{
    return s->alg == DTLS_CIPHER_CCM || s->alg == DTLS_CIPHER_CCM_8;
}

static int tag_len(const struct dtls_stream *s)
{
    return s->alg == DTLS_CIPHER_CCM_8 ? 8 : TAG_LEN;
}

static const EVP_CIPHER *cipher_of(const struct dtls_stream *s)
{
    const struct dtls_suite suite = {.cipher = s->alg, .key_len = s->key_len};

    return dtls_fetch_cipher(&suite);
}

/* Empties libcrypto's error queue after a failure. */
static enum dtls_status judge(bool is_done)
{
    if (!is_done) {
        ERR_clear_error();
    }
    return is_done ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

enum dtls_status dtls_stream_make(struct dtls_stream *s,
                                  enum dtls_cipher_alg alg,
                                  struct dtls_bytes key)
{
    *s = (struct dtls_stream){.alg = alg, .key_len = (uint8_t)key.len};
    if (key.len > sizeof s->key || cipher_of(s) == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    s->context = EVP_CIPHER_CTX_new();
    if (s->context == NULL) {
        return judge(false); /* No key is left behind. */
    }
    memcpy(s->key, key.data, key.len);
    return DTLS_OK;
}

void dtls_stream_free(struct dtls_stream *s)
{
    EVP_CIPHER_CTX_free(s->context);
    dtls_wipe(s, sizeof *s);
}

/* Sets what CCM must know first: the lengths of nonce, tag and text. */
static bool begin_ccm(const struct dtls_stream *s)
{
    int len;

    return EVP_CipherInit_ex2(s->context, cipher_of(s), NULL, NULL, 1, NULL) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(s->context, EVP_CTRL_AEAD_SET_IVLEN,
                               DTLS_NONCE_LEN, NULL) == 1 &&
           EVP_CIPHER_CTX_ctrl(s->context, EVP_CTRL_AEAD_SET_TAG, tag_len(s),
                               NULL) == 1 &&
           EVP_CipherInit_ex2(s->context, NULL, s->key, s->nonce, -1, NULL) ==
               1 &&
           EVP_CipherUpdate(s->context, NULL, &len, NULL, (int)s->text_len) ==
               1 &&
           EVP_CipherUpdate(s->context, NULL, &len, s->aad, s->aad_len) == 1;
}

enum dtls_status dtls_stream_begin(struct dtls_stream *s, bool encrypt,
                                   const uint8_t *iv, struct dtls_bytes aad,
                                   size_t text_len)
{
    int len;

    if (s->context == NULL || aad.len > sizeof s->aad || text_len > INT_MAX) {
        return DTLS_INTERNAL_ERROR;
    }
    s->encrypt = encrypt;
    s->is_done = false;
    s->text_len = text_len;
    if (is_ccm(s)) {
        memcpy(s->nonce, iv, sizeof s->nonce);
        s->aad_len = (uint8_t)aad.len;
        if (aad.len != 0) {
            memcpy(s->aad, aad.data, aad.len);
        }
        return DTLS_OK;
    }
    return judge(
        EVP_CipherInit_ex2(s->context, cipher_of(s), s->key, iv,
                           encrypt ? 1 : 0, NULL) == 1 &&
        EVP_CIPHER_CTX_set_padding(s->context, 0) == 1 &&
        (aad.len == 0 || EVP_CipherUpdate(s->context, NULL, &len, aad.data,
                                          (int)aad.len) == 1));
}

/* Encrypts the whole text and keeps its tag. */
static bool seal_ccm(struct dtls_stream *s, uint8_t *out, const uint8_t *in)
{
    uint8_t nothing[1]; /* EVP takes a NULL output for more aad */
    int len;

    s->is_done = begin_ccm(s) &&
                 EVP_CipherUpdate(s->context, s->text_len == 0 ? nothing : out,
                                  &len, s->text_len == 0 ? nothing : in,
                                  (int)s->text_len) == 1 &&
                 EVP_CIPHER_CTX_ctrl(s->context, EVP_CTRL_AEAD_GET_TAG,
                                     tag_len(s), s->tag) == 1;
    return s->is_done;
}

/* Encrypts or decrypts CCM's text alone, which is CTR from block 1 on
 * (RFC 3610, 2.3); L = 3. */
static bool run_ctr(const struct dtls_stream *s, uint8_t *out,
                    const uint8_t *in)
{
    uint8_t counter[16] = {2};
    int len;

    memcpy(counter + 1, s->nonce, sizeof s->nonce);
    counter[15] = 1;
    return EVP_CipherInit_ex2(s->context,
                              s->key_len == 16 ? EVP_aes_128_ctr()
                                               : EVP_aes_256_ctr(),
                              s->key, counter, 1, NULL) == 1 &&
           EVP_CipherUpdate(s->context, out, &len, in, (int)s->text_len) == 1;
}

/* libcrypto decrypts CCM only if it knows the tag, but the steps give the tag
 * last.  The text is therefore decrypted, encrypted to make the tag, and
 * decrypted again, all in place. */
static bool open_ccm(struct dtls_stream *s, uint8_t *out, const uint8_t *in)
{
    return run_ctr(s, out, in) && seal_ccm(s, out, out) &&
           run_ctr(s, out, out);
}

enum dtls_status dtls_stream_update(struct dtls_stream *s, uint8_t *out,
                                    const uint8_t *in, size_t len)
{
    int written;

    if (s->context == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    if (len > INT_MAX || (is_ccm(s) && (len != s->text_len || s->is_done)) ||
        (s->alg == DTLS_CIPHER_CBC && len % DTLS_CBC_BLOCK != 0)) {
        return DTLS_NO_ROOM;
    }
    if (len == 0) {
        return DTLS_OK;
    }
    if (is_ccm(s)) {
        return judge(s->encrypt ? seal_ccm(s, out, in) : open_ccm(s, out, in));
    }
    return judge(EVP_CipherUpdate(s->context, out, &written, in, (int)len) ==
                 1);
}

enum dtls_status dtls_stream_tag(struct dtls_stream *s, uint8_t *out)
{
    uint8_t nothing[16];
    int len;

    if (s->context == NULL || s->alg == DTLS_CIPHER_CBC || !s->encrypt) {
        return DTLS_INTERNAL_ERROR;
    }
    if (!is_ccm(s)) {
        return judge(EVP_CipherFinal_ex(s->context, nothing, &len) == 1 &&
                     EVP_CIPHER_CTX_ctrl(s->context, EVP_CTRL_AEAD_GET_TAG,
                                         TAG_LEN, out) == 1);
    }
    if (!s->is_done && (s->text_len != 0 || !seal_ccm(s, NULL, NULL))) {
        return judge(false);
    }
    memcpy(out, s->tag, (size_t)tag_len(s));
    return DTLS_OK;
}

enum dtls_status dtls_stream_check(struct dtls_stream *s,
                                   struct dtls_bytes tag)
{
    uint8_t expected[TAG_LEN];
    uint8_t nothing[16];
    bool is_right;
    int len;

    if (s->context == NULL || s->alg == DTLS_CIPHER_CBC || s->encrypt) {
        return DTLS_INTERNAL_ERROR;
    }
    if (tag.len != (size_t)tag_len(s)) {
        return DTLS_DISCARD;
    }
    if (is_ccm(s)) {
        is_right =
            (s->is_done || (s->text_len == 0 && seal_ccm(s, NULL, NULL))) &&
            dtls_ct_equal(s->tag, tag.data, tag.len);
    } else {
        memcpy(expected, tag.data, tag.len); /* EVP's pointer is writable */
        is_right = EVP_CIPHER_CTX_ctrl(s->context, EVP_CTRL_AEAD_SET_TAG,
                                       TAG_LEN, expected) == 1 &&
                   EVP_CipherFinal_ex(s->context, nothing, &len) == 1;
    }
    ERR_clear_error();
    return is_right ? DTLS_OK : DTLS_DISCARD;
}
