/* SPDX-License-Identifier: MIT */
/* RSA's paddings without its arithmetic (RFC 8017, 7.2, 9.1, 9.2). */

/* libcrypto 3 has the paddings under deprecated names only. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/raw_key.h"

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

/* DigestInfo up to its digest (RFC 8017, 9.2, note 1): SEQUENCE { SEQUENCE {
 * hash, NULL }, OCTET STRING }. */
#define INFO_MAX 19
#define NULL_LEN 2
#define STRING_LEN 2 /* the beginning of the OCTET STRING */
static const uint8_t info_1[] = {0x30, 0x21, 0x30, 0x09, 0x06,
                                 0x05, 0x2b, 0x0e, 0x03, 0x02,
                                 0x1a, 0x05, 0x00, 0x04, 0x14};
static const uint8_t info_256[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                   0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                   0x01, 0x05, 0x00, 0x04, 0x20};
static const uint8_t info_384[] = {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                   0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                   0x02, 0x05, 0x00, 0x04, 0x30};
static const uint8_t info_512[] = {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                   0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                   0x03, 0x05, 0x00, 0x04, 0x40};

#define INFO(info)                                                            \
    {                                                                         \
        info, sizeof(info)                                                    \
    }

/* The data of a hash for PKCS#1 v1.5 and PSS. */
struct scheme {
    struct dtls_bytes info;
    const EVP_MD *md;
};

static struct scheme scheme_of(enum dtls_hash_alg alg)
{
    switch (alg) {
    case DTLS_HASH_SHA256:
        return (struct scheme){INFO(info_256), EVP_sha256()};
    case DTLS_HASH_SHA384:
        return (struct scheme){INFO(info_384), EVP_sha384()};
    case DTLS_HASH_SHA512:
        return (struct scheme){INFO(info_512), EVP_sha512()};
    case DTLS_HASH_SHA1:
        return (struct scheme){INFO(info_1), EVP_sha1()};
    case DTLS_HASH_MD5:
    case DTLS_HASH_SHA224:
    case DTLS_HASH_NONE:
        break;
    }
    return (struct scheme){{NULL, 0}, NULL};
}

static void drop_null(struct dtls_buf *info)
{
    size_t end = info->len - STRING_LEN;

    info->data[1] -= NULL_LEN;
    info->data[3] -= NULL_LEN;
    memmove(&info->data[end - NULL_LEN], &info->data[end], STRING_LEN);
    info->len -= NULL_LEN;
}

/* 00 01 ff .. ff 00 DigestInfo */
static bool pad_v15(uint8_t *em, size_t em_len, const struct scheme *scheme,
                    struct dtls_bytes digest, bool with_null)
{
    uint8_t bytes[INFO_MAX + DTLS_HASH_MAX];
    struct dtls_buf info = {bytes, 0, sizeof bytes};
    bool is_put = dtls_put_bytes(&info, scheme->info);

    if (!with_null) {
        drop_null(&info);
    }
    return is_put && dtls_put_bytes(&info, digest) &&
           RSA_padding_add_PKCS1_type_1(em, (int)em_len, bytes,
                                        (int)info.len) == 1;
}

/* Two paddings are right, with and without NULL (D5246-4.7-3): each is made
 * and compared. */
static bool check_v15(const uint8_t *em, size_t em_len,
                      const struct scheme *scheme, struct dtls_bytes digest)
{
    uint8_t expected[DTLS_RSA_MAX];

    return (pad_v15(expected, em_len, scheme, digest, true) &&
            memcmp(expected, em, em_len) == 0) ||
           (pad_v15(expected, em_len, scheme, digest, false) &&
            memcmp(expected, em, em_len) == 0);
}

/* Returns a usable RSA key, from which libcrypto takes the size, or NULL. */
static EVP_PKEY *begin(struct scheme *scheme,
                       const struct dtls_public_key *key,
                       const struct dtls_sigalg *alg, struct dtls_bytes digest)
{
    *scheme = scheme_of(alg->hash);
    if (key->type != DTLS_KEY_RSA || alg->key != DTLS_KEY_RSA ||
        scheme->md == NULL || digest.len != dtls_hash_len(alg->hash)) {
        return NULL;
    }
    return dtls_public_rsa(key->n, key->e);
}

enum dtls_status dtls_rsa_pad_digest(uint8_t *em,
                                     const struct dtls_public_key *key,
                                     const struct dtls_sigalg *alg,
                                     struct dtls_bytes digest)
{
    struct scheme scheme;
    EVP_PKEY *made = begin(&scheme, key, alg, digest);
    RSA *rsa;
    bool is_done;

    if (made == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    rsa = EVP_PKEY_get1_RSA(made);
    is_done = rsa != NULL &&
              (alg->pss ? RSA_padding_add_PKCS1_PSS_mgf1(
                              rsa, em, digest.data, scheme.md, scheme.md,
                              RSA_PSS_SALTLEN_DIGEST) == 1
                        : pad_v15(em, key->n.len, &scheme, digest, true));
    RSA_free(rsa);
    EVP_PKEY_free(made);
    ERR_clear_error();
    return is_done ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

enum dtls_status dtls_rsa_check_digest(const uint8_t *em,
                                       const struct dtls_public_key *key,
                                       const struct dtls_sigalg *alg,
                                       struct dtls_bytes digest)
{
    struct scheme scheme;
    EVP_PKEY *made = begin(&scheme, key, alg, digest);
    RSA *rsa;
    bool is_right;

    if (made == NULL) {
        return DTLS_DECRYPT_ERROR;
    }
    rsa = EVP_PKEY_get1_RSA(made);
    is_right =
        rsa != NULL && (alg->pss ? RSA_verify_PKCS1_PSS_mgf1(
                                       rsa, digest.data, scheme.md, scheme.md,
                                       em, RSA_PSS_SALTLEN_DIGEST) == 1
                                 : check_v15(em, key->n.len, &scheme, digest));
    RSA_free(rsa);
    EVP_PKEY_free(made);
    ERR_clear_error();
    return is_right ? DTLS_OK : DTLS_DECRYPT_ERROR;
}

enum dtls_status dtls_rsa_pad_premaster(
    uint8_t *em, const struct dtls_public_key *key,
    const uint8_t premaster[DTLS_MASTER_LEN])
{
    bool is_done;

    if (key->type != DTLS_KEY_RSA || !dtls_raw_key_is_usable(key)) {
        return DTLS_BAD_CERTIFICATE;
    }
    is_done = RSA_padding_add_PKCS1_type_2(em, (int)key->n.len, premaster,
                                           DTLS_MASTER_LEN) == 1;
    ERR_clear_error();
    return is_done ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

/* Returns all ones if `byte` is zero, else zero; without a branch. */
static unsigned mask_zero(unsigned byte)
{
    return 0u - (((byte & 0xff) - 1) >> 31);
}

/* Checks for 00 02, no zero byte, then 00 and the 48 bytes of which the first
 * two are the version.  The secret's length is known, so every byte has one
 * place. */
void dtls_rsa_unpad_premaster(uint8_t out[DTLS_MASTER_LEN], const uint8_t *em,
                              size_t em_len, uint16_t version)
{
    const size_t separator = em_len - DTLS_MASTER_LEN - 1;
    const uint8_t *secret = em + separator + 1;
    unsigned good = mask_zero(em[0]) & mask_zero(em[1] ^ 2u) &
                    mask_zero(em[separator]) &
                    mask_zero(secret[0] ^ (unsigned)version >> 8) &
                    mask_zero(secret[1] ^ (version & 0xffu));

    for (size_t i = 2; i < separator; i++) {
        good &= ~mask_zero(em[i]);
    }
    for (size_t i = 0; i < DTLS_MASTER_LEN; i++) {
        out[i] = (uint8_t)((secret[i] & good) | (out[i] & ~good));
    }
}
