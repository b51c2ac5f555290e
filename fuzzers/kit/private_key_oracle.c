/* SPDX-License-Identifier: MIT */
/* The oracle of the three targets for private keys (private_key_oracle.h). */
#include "fuzzers/kit/private_key_oracle.h"
#include "fuzzers/kit/fuzz.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static void check_key(const struct fuzz_crypto *crypto,
                      const struct dtls_private_key *key)
{
    uint8_t digest[32] = {0x23, 0x45, 0x67};
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sizeof signature;
    uint16_t pair = key->type == DTLS_KEY_EC ? 0x0403 : 0x0401;
    enum dtls_status status;

    FUZZ_CHECK(key->context != NULL);
    FUZZ_CHECK(
        key->type == DTLS_KEY_RSA ||
        (key->type == DTLS_KEY_EC && dtls_group_point_len(key->group) != 0));
    status = crypto->crypto.sign(crypto->crypto.self, key,
                                 dtls_sigalg_find(pair), signature, &len,
                                 dtls_bytes_of(digest, sizeof digest));
    FUZZ_CHECK(status == DTLS_INTERNAL_ERROR ||
               (status == DTLS_OK && len <= sizeof signature));
}

/* Writes the key in `form`: returns `*len` bytes that the caller frees with
 * OPENSSL_free, or NULL. */
static unsigned char *encode(EVP_PKEY *key, enum fuzz_key_form form, int *len)
{
    unsigned char *der = NULL;
    PKCS8_PRIV_KEY_INFO *info;

    if (form == FUZZ_PKCS8) {
        info = EVP_PKEY2PKCS8(key);
        *len = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
        PKCS8_PRIV_KEY_INFO_free(info);
    } else if (EVP_PKEY_is_a(key, "RSA") == (form == FUZZ_PKCS1)) {
        *len = i2d_PrivateKey(key, &der);
    } else {
        *len = -1;
    }
    return *len > 0 ? der : NULL;
}

static void check_again(const struct fuzz_crypto *crypto,
                        const struct dtls_private_key *key,
                        enum fuzz_key_form form)
{
    struct dtls_private_key again;
    int len;
    unsigned char *der = encode(key->context, form, &len);

    ERR_clear_error();
    if (der == NULL) {
        return;
    }
    FUZZ_CHECK(crypto->crypto.private_key(crypto->crypto.self, &again,
                                          dtls_bytes_of(der, (size_t)len)) ==
               DTLS_OK);
    FUZZ_CHECK(again.type == key->type && again.group == key->group);
    FUZZ_CHECK(EVP_PKEY_eq(again.context, key->context) == 1);
    crypto->crypto.private_key_free(crypto->crypto.self, &again);
    OPENSSL_free(der);
}

void fuzz_private_key(enum fuzz_key_form form, struct dtls_bytes der)
{
    struct fuzz_crypto crypto;
    struct dtls_private_key key;
    enum dtls_status status;

    fuzz_crypto_init(&crypto, 0x2345);
    fuzz_mark(&key, sizeof key);
    status = crypto.crypto.private_key(crypto.crypto.self, &key, der);
    if (status == DTLS_OK) {
        check_key(&crypto, &key);
        check_again(&crypto, &key, form);
        crypto.crypto.private_key_free(crypto.crypto.self, &key);
    } else {
        FUZZ_CHECK(status == DTLS_DECODE_ERROR);
    }
    fuzz_zero(&key, sizeof key);
    FUZZ_CHECK(ERR_peek_error() == 0);
}
