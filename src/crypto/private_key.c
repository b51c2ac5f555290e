/* SPDX-License-Identifier: MIT */
/* Our private keys: read once, used by many sessions, never changed. */
#include "crypto/libcrypto_internal.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>

/* Takes PKCS#1, SEC1 or PKCS#8, whichever it is; NULL if it is none, or if
 * bytes are left over. */
static EVP_PKEY *decode(struct dtls_bytes der)
{
    const unsigned char *at = der.data;
    EVP_PKEY *key;

    if (der.len == 0 || der.len > LONG_MAX) {
        return NULL;
    }
    key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
    if (key != NULL && at != der.data + der.len) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static bool is_usable_rsa(const EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key);

    return bits >= DTLS_RSA_BITS_MIN && bits <= DTLS_RSA_BITS_MAX;
}

/* Is the public point the private number's?  The file may say otherwise. */
static bool is_pair(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool is_good = context != NULL && EVP_PKEY_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    return is_good;
}

/* Finds out what the key is; false if it is of no use here. */
static bool classify(struct dtls_private_key *out, EVP_PKEY *key)
{
    struct dtls_private_key found = {.context = key};

    if (EVP_PKEY_is_a(key, "RSA") && is_usable_rsa(key)) {
        found.type = DTLS_KEY_RSA;
    } else if (EVP_PKEY_is_a(key, "EC") && is_pair(key)) {
        found.type = DTLS_KEY_EC;
        found.group = dtls_fetch_group_id(key);
    }
    /* Certificates have none of the smaller curves (x509/algorithm.h). */
    if (found.type == DTLS_KEY_EC && found.group < DTLS_GROUP_SECP256R1) {
        return false;
    }
    if (EVP_PKEY_is_a(key, SN_ED25519)) {
        found.type = DTLS_KEY_ED25519;
    }
    if (found.type == DTLS_KEY_NONE ||
        (found.type == DTLS_KEY_EC && found.group == 0)) {
        return false;
    }
    *out = found;
    return true;
}

enum dtls_status dtls_private_key_read(void *self,
                                       struct dtls_private_key *key,
                                       struct dtls_bytes der)
{
    EVP_PKEY *decoded = decode(der);
    bool is_useful;

    (void)self;
    memset(key, 0, sizeof *key);
    is_useful = decoded != NULL && classify(key, decoded);
    /* Also on success: the decoders that did not fit have complained. */
    ERR_clear_error();
    if (!is_useful) {
        EVP_PKEY_free(decoded);
        return DTLS_DECODE_ERROR;
    }
    return DTLS_OK;
}

void dtls_private_key_free(void *self, struct dtls_private_key *key)
{
    (void)self;
    EVP_PKEY_free(key->context); /* wipes the private number */
    memset(key, 0, sizeof *key);
}
