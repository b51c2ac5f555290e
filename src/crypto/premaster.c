/* SPDX-License-Identifier: MIT */
/* The encrypted premaster secret of RSA key exchange (RFC 5246, 7.4.7.1). */

/* RSA_public_encrypt is deprecated, but EVP copies a key of public_key.c to
 * its own layer first. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

enum dtls_status dtls_premaster_seal(void *self,
                                     const struct dtls_public_key *key,
                                     uint8_t *out, size_t *out_len,
                                     const uint8_t premaster[DTLS_MASTER_LEN])
{
    EVP_PKEY *made;
    RSA *rsa;
    int len = -1;

    (void)self;
    made = key->type == DTLS_KEY_RSA ? dtls_public_rsa(key->n, key->e) : NULL;
    if (made == NULL) {
        return DTLS_BAD_CERTIFICATE;
    }
    rsa = EVP_PKEY_get1_RSA(made);
    if (rsa != NULL && *out_len >= key->n.len) {
        len = RSA_public_encrypt(DTLS_MASTER_LEN, premaster, out, rsa,
                                 RSA_PKCS1_PADDING);
    }
    RSA_free(rsa);
    EVP_PKEY_free(made);
    if (len < 0) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    *out_len = (size_t)len;
    return DTLS_OK;
}

/* Decrypts into `out`.  With this padding libcrypto itself replaces a
 * malformed premaster secret by random bytes, in constant time.  It fails only
 * for reasons that the sender knows as well, such as a number that is not
 * below the modulus. */
static bool decrypt(EVP_PKEY *key, uint16_t version,
                    uint8_t out[DTLS_MASTER_LEN], struct dtls_bytes encrypted)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    unsigned client_version = version;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_uint(OSSL_ASYM_CIPHER_PARAM_TLS_CLIENT_VERSION,
                                  &client_version),
        OSSL_PARAM_construct_end(),
    };
    size_t len = DTLS_MASTER_LEN;
    bool is_done =
        context != NULL && EVP_PKEY_decrypt_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_WITH_TLS_PADDING) ==
            1 &&
        EVP_PKEY_CTX_set_params(context, params) == 1 &&
        EVP_PKEY_decrypt(context, out, &len, encrypted.data, encrypted.len) ==
            1 &&
        len == DTLS_MASTER_LEN;

    EVP_PKEY_CTX_free(context);
    return is_done;
}

enum dtls_status dtls_premaster_open(void *self,
                                     const struct dtls_private_key *key,
                                     uint16_t version,
                                     uint8_t out[DTLS_MASTER_LEN],
                                     struct dtls_bytes encrypted)
{
    uint8_t opened[DTLS_MASTER_LEN] = {0};

    if (key->type != DTLS_KEY_RSA || key->context == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    /* The random bytes come first, so that no failure below needs to draw
     * them. */
    if (dtls_random_fill(self, out, DTLS_MASTER_LEN) != DTLS_OK) {
        return DTLS_INTERNAL_ERROR;
    }
    if (encrypted.len == (size_t)EVP_PKEY_get_size(key->context) &&
        decrypt(key->context, version, opened, encrypted)) {
        memcpy(out, opened, DTLS_MASTER_LEN);
    }
    ERR_clear_error();
    out[0] = (uint8_t)(version >> 8);
    out[1] = (uint8_t)version;
    dtls_wipe(opened, sizeof opened);
    return DTLS_OK;
}
