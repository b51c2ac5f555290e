/* SPDX-License-Identifier: MIT */
/* Target: private_key of struct dtls_crypto, on libcrypto.
 * Input:  a private key: PKCS#1, SEC1 or PKCS#8, DER.
 * Oracle: a key that is taken has a type and, for EC, a group of ours, and can
 *         be asked for a signature; one that is refused leaves all zero; the
 *         error queue stays empty. */
#include "crypto.h"
#include "fuzz.h"

#include <openssl/err.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_crypto crypto;
    struct dtls_private_key key;
    enum dtls_status status;

    fuzz_crypto_init(&crypto, 0x2345);
    fuzz_mark(&key, sizeof key);
    status = crypto.crypto.private_key(crypto.crypto.self, &key,
                                       dtls_bytes_of(data, size));
    if (status == DTLS_OK) {
        check_key(&crypto, &key);
        crypto.crypto.private_key_free(crypto.crypto.self, &key);
    } else {
        FUZZ_CHECK(status == DTLS_DECODE_ERROR);
    }
    fuzz_zero(&key, sizeof key);
    FUZZ_CHECK(ERR_peek_error() == 0);
    return 0;
}
