/* SPDX-License-Identifier: MIT */
/* ECDH and ECDHE by methods of the application
 * (nx_crypto/adapter_parts.h). */
#include "nx_crypto/adapter_parts.h"

#include "base/secret.h"
#include "crypto/raw_key.h"
#include "nx_crypto/own_methods.h"

/* Returns the curve that the application registered for the group, else
 * ours. */
static const NX_CRYPTO_METHOD *curve_of(const struct dtls_nx_adapter *a,
                                        uint16_t group)
{
    const NX_SECURE_TLS_SESSION *tls = a->tls;

    for (USHORT i = 0;
         tls->nx_secure_tls_ecc.nx_secure_tls_ecc_curves != NX_NULL &&
         i < tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups_count;
         i++) {
        if (tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups[i] ==
            group) {
            return tls->nx_secure_tls_ecc.nx_secure_tls_ecc_curves[i];
        }
    }
    return dtls_nx_own_curve(group);
}

enum dtls_status dtls_nx_use_set_curve(const struct dtls_nx_adapter *a,
                                       struct dtls_nx_use *use, uint16_t group)
{
    const NX_CRYPTO_METHOD *curve = curve_of(a, group);

    if (curve == NX_NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    return dtls_nx_use_op(
        use, NX_CRYPTO_EC_CURVE_SET,
        (struct dtls_nx_args){.input = dtls_bytes_of(curve, sizeof curve)});
}

bool dtls_nx_share_is_open(const struct dtls_nx_adapter *a)
{
    return a->share.method != NX_NULL;
}

/* Ends a key share.  This is so on success, too, once its secret is
 * exported. */
static enum dtls_status end_share(struct dtls_nx_use *use,
                                  enum dtls_status status)
{
    dtls_nx_use_end(use);
    return status;
}

/* Keeps a server's private scalar here, as NetX does: the area is used for the
 * signature before the client's answer comes. */
static enum dtls_status keep_secret(struct dtls_nx_adapter *a)
{
    a->share_secret_len = sizeof a->share_secret;
    return end_share(&a->share, dtls_nx_use_op_extended(
                                    &a->share, NX_CRYPTO_DH_PRIVATE_KEY_EXPORT,
                                    (struct dtls_nx_args){0}, a->share_secret,
                                    &a->share_secret_len));
}

static bool is_server(const struct dtls_nx_adapter *a)
{
    return a->tls->nx_secure_tls_socket_type ==
           NX_SECURE_TLS_SESSION_TYPE_SERVER;
}

/* Calls init and EC_CURVE_SET. */
static enum dtls_status begin_share(struct dtls_nx_adapter *a, uint16_t group,
                                    const NX_CRYPTO_METHOD *method)
{
    enum dtls_status status;

    if (dtls_nx_share_is_open(a)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_nx_use_begin(&a->share, method, a->public_area,
                               (struct dtls_bytes){0}, 0);
    return status == DTLS_OK ? dtls_nx_use_set_curve(a, &a->share, group)
                             : status;
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    struct dtls_nx_adapter *a = self;
    const NX_CRYPTO_METHOD *method = dtls_nx_exchange_method(a);
    size_t len = dtls_group_point_len(group);
    enum dtls_status status;

    *share = (struct dtls_share){0};
    if (method == NX_NULL) {
        return a->base->share_make(a->base->self, share, group, out);
    }
    status = begin_share(a, group, method);
    if (status == DTLS_OK) {
        status = dtls_nx_use_op_extended(&a->share, NX_CRYPTO_DH_SETUP,
                                         (struct dtls_nx_args){0}, out, &len);
    }
    if (status != DTLS_OK || len != dtls_group_point_len(group)) {
        return end_share(&a->share, DTLS_INTERNAL_ERROR);
    }
    share->group = group;
    share->context = a;
    return is_server(a) ? keep_secret(a) : DTLS_OK;
}

/* Returns the length of the shared secret: one coordinate.  For x25519 and its
 * like, whose public values have no form byte, it is as long as those. */
static size_t shared_len(uint16_t group)
{
    size_t point_len = dtls_group_point_len(group);

    return point_len % 2 == 1 ? (point_len - 1) / 2 : point_len;
}

/* Calls init and EC_CURVE_SET and imports the private scalar. */
static enum dtls_status import_scalar(struct dtls_nx_adapter *a,
                                      uint16_t group, struct dtls_bytes scalar)
{
    enum dtls_status status =
        begin_share(a, group, dtls_nx_exchange_method(a));

    if (status != DTLS_OK) {
        return status;
    }
    return dtls_nx_use_op(
        &a->share, NX_CRYPTO_DH_KEY_PAIR_IMPORT,
        (struct dtls_nx_args){.key = scalar, .key_size = 8 * scalar.len});
}

/* Makes a share of ours ready for its second step: static ECDH takes the
 * certificate's key, a server the scalar that it has kept. */
static enum dtls_status resume_share(struct dtls_nx_adapter *a,
                                     const struct dtls_share *share)
{
    const struct dtls_private_key key = {
        .type = DTLS_KEY_EC,
        .group = share->group,
        .context = share->context,
    };
    struct dtls_raw_key raw;
    enum dtls_status status;

    if (share->context == a) {
        return is_server(a) ? import_scalar(a, share->group,
                                            dtls_bytes_of(a->share_secret,
                                                          a->share_secret_len))
                            : DTLS_OK;
    }
    status = dtls_raw_key_export(&raw, &key);
    if (status == DTLS_OK) {
        status = import_scalar(a, share->group,
                               dtls_bytes_of(raw.secret, raw.secret_len));
        dtls_wipe(&raw, sizeof raw);
    }
    return status;
}

/* The secret is all zero if the peer's value has small order (RFC 7748,
 * 6.1). */
static bool is_zero(const uint8_t *secret, size_t len)
{
    static const uint8_t zero[DTLS_SHARED_MAX];

    return dtls_ct_equal(secret, zero, len);
}

static enum dtls_status share_agree(void *self, struct dtls_share *share,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes peer)
{
    struct dtls_nx_adapter *a = self;
    const struct dtls_public_key peer_key = {
        .type = DTLS_KEY_EC, .group = share->group, .point = peer};
    size_t len = shared_len(share->group);
    enum dtls_status status;

    if (dtls_nx_exchange_method(a) == NX_NULL) {
        return a->base->share_agree(a->base->self, share, out, out_len, peer);
    }
    if (!dtls_raw_key_is_usable(&peer_key)) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    status = resume_share(a, share);
    if (status == DTLS_OK) {
        status = dtls_nx_use_op_extended(&a->share, NX_CRYPTO_DH_CALCULATE,
                                         (struct dtls_nx_args){.input = peer},
                                         out, &len);
    }
    dtls_nx_use_end(&a->share);
    if (status != DTLS_OK || len != shared_len(share->group)) {
        dtls_wipe(out, shared_len(share->group));
        return DTLS_INTERNAL_ERROR;
    }
    *out_len = len;
    return is_zero(out, len) ? DTLS_ILLEGAL_PARAMETER : DTLS_OK;
}

static void share_free(void *self, struct dtls_share *share)
{
    struct dtls_nx_adapter *a = self;

    if (share->context != a) {
        a->base->share_free(a->base->self, share);
        return;
    }
    dtls_nx_use_end(&a->share);
    dtls_wipe(a->share_secret, sizeof a->share_secret);
    *share = (struct dtls_share){0};
}

VOID dtls_nx_adapter_fill_shares(struct dtls_crypto *crypto)
{
    crypto->share_make = share_make;
    crypto->share_agree = share_agree;
    crypto->share_free = share_free;
}
