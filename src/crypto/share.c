/* SPDX-License-Identifier: MIT */
/* Ephemeral elliptic-curve key exchange (RFC 8422, 5; RFC 7748, 6.1). */

/* EC_KEY and ECDH_compute_key are deprecated, but EVP around them takes a
 * fifth of the time of a handshake's two key pairs and agreements. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#include <openssl/ecdh.h>
#include <openssl/err.h>

/* Makes a key pair in a bare group, like `parameters`, and writes its public
 * value. */
static EVP_PKEY *make_bare(EVP_PKEY *parameters, uint8_t *out, size_t len)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    EVP_PKEY *key = NULL;
    size_t written = len;

    if (context == NULL || EVP_PKEY_keygen_init(context) != 1 ||
        EVP_PKEY_generate(context, &key) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    if (key != NULL && (EVP_PKEY_get_raw_public_key(key, out, &written) != 1 ||
                        written != len)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* Does the same on a curve. */
static EVP_PKEY *make_point(const EC_GROUP *curve, uint8_t *out, size_t len)
{
    EC_KEY *key = EC_KEY_new();

    if (key == NULL || EC_KEY_set_group(key, curve) != 1 ||
        EC_KEY_generate_key(key) != 1 ||
        EC_POINT_point2oct(curve, EC_KEY_get0_public_key(key),
                           POINT_CONVERSION_UNCOMPRESSED, out, len,
                           NULL) != len) {
        EC_KEY_free(key);
        return NULL;
    }
    return dtls_wrap_ec(key);
}

enum dtls_status dtls_share_make(void *self, struct dtls_share *share,
                                 uint16_t group, uint8_t *out)
{
    const EC_GROUP *curve = dtls_fetch_curve(group);
    EVP_PKEY *bare = dtls_fetch_bare(group);
    size_t len = dtls_group_point_len(group);
    EVP_PKEY *key = NULL;

    (void)self;
    memset(share, 0, sizeof *share);
    if (bare != NULL) {
        key = make_bare(bare, out, len);
    } else if (curve != NULL) {
        key = make_point(curve, out, len);
    }
    if (key == NULL) {
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

static bool agree_bare(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *out, size_t len)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    size_t written = len;
    bool agreed = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
                  EVP_PKEY_derive_set_peer_ex(context, peer, 0) == 1 &&
                  EVP_PKEY_derive(context, out, &written) == 1 &&
                  written == len && !is_zero(out, len);

    EVP_PKEY_CTX_free(context);
    return agreed;
}

/* dtls_public_point has checked that the peer's point is on the curve. */
static bool agree_point(const EVP_PKEY *own, const EVP_PKEY *peer,
                        uint8_t *out, size_t len)
{
    const EC_KEY *peer_key = EVP_PKEY_get0_EC_KEY(peer);
    const EC_KEY *own_key = EVP_PKEY_get0_EC_KEY(own);

    return peer_key != NULL && own_key != NULL &&
           ECDH_compute_key(out, len, EC_KEY_get0_public_key(peer_key),
                            own_key, NULL) == (int)len;
}

enum dtls_status dtls_share_agree(void *self, struct dtls_share *share,
                                  uint8_t *out, size_t *out_len,
                                  struct dtls_bytes peer)
{
    size_t len = shared_len(share->group);
    EVP_PKEY *peer_key;
    bool agreed;

    (void)self;
    if (share->context == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    peer_key = dtls_public_point(share->group, peer);
    if (peer_key == NULL) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    agreed = dtls_group_is_bare(share->group)
                 ? agree_bare(share->context, peer_key, out, len)
                 : agree_point(share->context, peer_key, out, len);
    EVP_PKEY_free(peer_key);
    if (!agreed) {
        dtls_wipe(out, len);
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
