/* SPDX-License-Identifier: MIT */
/* Ephemeral elliptic-curve key exchange (RFC 8422, 5; RFC 7748, 6.1). */
#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>

/* Makes a key pair in the group of `parameters`. */
static EVP_PKEY *generate(EVP_PKEY *parameters)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    EVP_PKEY *key = NULL;

    if (context == NULL || EVP_PKEY_keygen_init(context) != 1 ||
        EVP_PKEY_generate(context, &key) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

enum dtls_status dtls_share_make(void *self, struct dtls_share *share,
                                 uint16_t group, uint8_t *out)
{
    EVP_PKEY *parameters = dtls_fetch_group(group);
    EVP_PKEY *key;
    size_t len = 0;

    (void)self;
    memset(share, 0, sizeof *share);
    if (parameters == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    key = generate(parameters);
    if (key == NULL ||
        EVP_PKEY_get_octet_string_param(
            key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, out,
            dtls_group_point_len(group), &len) != 1 ||
        len != dtls_group_point_len(group)) {
        EVP_PKEY_free(key);
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    share->group = group;
    share->context = key;
    return DTLS_OK;
}

/* Returns the length of the shared secret: one coordinate. */
static size_t shared_len(uint16_t group)
{
    size_t point_len = dtls_group_point_len(group);

    return dtls_group_is_bare(group) ? point_len : (point_len - 1) / 2;
}

/* A peer's value of small order makes the X25519 or X448 secret zero whatever
 * ours is (RFC 8422, 5.11).  libcrypto refuses it too, but an engine or
 * provider in its place may not.  On the other curves a coordinate of zero is
 * one like any other. */
static bool is_zero(const uint8_t *secret, size_t len)
{
    static const uint8_t zero[DTLS_SHARED_MAX];

    return dtls_ct_equal(secret, zero, len);
}

enum dtls_status dtls_share_agree(void *self, struct dtls_share *share,
                                  uint8_t *out, size_t *out_len,
                                  struct dtls_bytes peer)
{
    EVP_PKEY *peer_key;
    EVP_PKEY_CTX *context;
    size_t len;
    bool agreed;

    (void)self;
    if (share->context == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    peer_key = dtls_public_point(share->group, peer);
    if (peer_key == NULL) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    len = shared_len(share->group);
    context = EVP_PKEY_CTX_new_from_pkey(NULL, share->context, NULL);
    /* dtls_public_point has checked that the point is on the curve. */
    agreed = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
             EVP_PKEY_derive_set_peer_ex(context, peer_key, 0) == 1 &&
             EVP_PKEY_derive(context, out, &len) == 1 &&
             len == shared_len(share->group) &&
             !(dtls_group_is_bare(share->group) && is_zero(out, len));
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(peer_key);
    if (!agreed) {
        dtls_wipe(out, shared_len(share->group));
        ERR_clear_error();
        return DTLS_ILLEGAL_PARAMETER;
    }
    *out_len = len;
    return DTLS_OK;
}

void dtls_share_free(void *self, struct dtls_share *share)
{
    (void)self;
    EVP_PKEY_free(share->context);
    memset(share, 0, sizeof *share);
}
